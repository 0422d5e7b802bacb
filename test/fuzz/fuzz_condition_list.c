/*
 * fuzz_condition_list.c
 *		Any bytes as the travelling state of window_funnel and its relatives:
 *		valid rows and parameters, which are written as the same bytes, or
 *		JRN_CORRUPT.  What is valid goes through a funnel of every mode.
 */
#include "../../src/funnels/condition_list.h"
#include "fuzz.h"

#define FUNNEL_ROWS 300			/* the row-by-row modes are slow by design */

static int64_t
an_hour_later(void *arg, int64_t start)
{
	(void) arg;
	return start > INT64_MAX - INT64_C(3600000000) ? INT64_MAX : start + INT64_C(3600000000);
}

static jrn_status
funnels(const jrn_env *env, const jrn_condition_parameters *parameters,
		const jrn_moment *rows, uint32_t n)
{
	static const unsigned modes[] = {
		0, JRN_FUNNEL_ONCE, JRN_FUNNEL_INCREASE, JRN_FUNNEL_ORDER,
		JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY, JRN_FUNNEL_DEDUPLICATION,
		JRN_FUNNEL_ADJACENT, JRN_FUNNEL_NO_SKIP, JRN_FUNNEL_ANY_ORDER,
		JRN_FUNNEL_ONCE | JRN_FUNNEL_INCREASE
	};
	jrn_funnel_work work;
	size_t		i;

	jrn_funnel_work_init(&work, env);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
	{
		jrn_funnel	funnel = {parameters->n_conditions, modes[i], an_hour_later, NULL};
		jrn_funnel_wish wish = {NULL, true, false, 0};
		jrn_funnel_chain chain;
		jrn_status	status;
		int			level,
					k;

		status = jrn_funnel_level(&funnel, &work, rows, n, &level);
		if (status == JRN_OK)
			status = jrn_funnel_run(&funnel, &work, rows, n, &wish, &chain);
		if (status == JRN_DOMAIN && modes[i] == JRN_FUNNEL_ANY_ORDER)
			continue;			/* masks overlap: not from names */
		JRN_TRY(status);
		MUST(level >= 0 && level <= funnel.steps && (modes[i] == 0 || modes[i] == JRN_FUNNEL_INCREASE || (uint32_t) level <= n));
		MUST(chain.level == level);
		MUST((chain.completions > 0) == (level == funnel.steps));
		for (k = 0; k < level; k++)
		{
			MUST(chain.row[k] < n);
			MUST(k == 0 || rows[chain.row[k - 1]].ts <= rows[chain.row[k]].ts);
			MUST(modes[i] == JRN_FUNNEL_ANY_ORDER || (rows[chain.row[k]].mask >> k & 1) != 0);
		}
	}
	return JRN_OK;
}

static jrn_status
accepted(const jrn_env *env, const unsigned char *wire, size_t size,
		 const jrn_condition_parameters *parameters, const jrn_condition_list *list)
{
	unsigned char *again;
	jrn_moments_work work = {NULL, 0};
	const jrn_moment *rows;
	jrn_condition_list merged;
	uint32_t	i;

	MUST(jrn_condition_wire_size(parameters, list) == size);
	JRN_TRY(jrn_alloc_array(env, size, 1, &again));
	JRN_TRY(jrn_condition_encode(env, parameters, list, again));
	MUST(memcmp(again, wire, size) == 0);
	JRN_TRY(jrn_condition_list_order(env, list, &work, &rows));
	for (i = 1; i < list->count; i++)
		MUST(!jrn_moment_before(&rows[i], &rows[i - 1]));	/* R-COND-1 */
	jrn_condition_list_init(&merged);
	JRN_TRY(jrn_condition_list_merge(env, &merged, list));
	JRN_TRY(jrn_condition_list_merge(env, &merged, list));
	MUST(merged.count == 2 * list->count);
	return list->count > FUNNEL_ROWS ? JRN_OK : funnels(env, parameters, rows, list->count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	jrn_condition_parameters parameters;
	jrn_condition_list list;
	jrn_status	status = jrn_condition_decode(&env, bytes, size, &parameters, &list);

	if (status == JRN_OK)
	{
		status = accepted(&env, bytes, size, &parameters, &list);
		MUST(status == JRN_OK || fuzz_by_host(status));
	}
	else
		MUST(status == JRN_CORRUPT || fuzz_by_host(status));	/* R-COND-4 */
	return fuzz_end();
}
