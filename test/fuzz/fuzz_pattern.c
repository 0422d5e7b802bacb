/*
 * fuzz_pattern.c
 *		Any text as a sequence pattern, and what compiles against rows.
 *
 * Input: the pattern; behind a zero byte rows of three bytes each, the time
 * since the row before and 16 bits of the mask.  Without rows there are 24.
 */
#include "../../src/funnels/matcher.h"
#include "fuzz.h"

#define SECOND 1000000
#define MOST_ROWS 200

static void
check_graph(const jrn_pattern *pattern, size_t size)
{
	uint32_t	i;
	uint32_t	firsts = 0;
	uint32_t	lasts = 0;

	MUST(pattern->n_positions >= 1 && pattern->n_positions <= JRN_PATTERN_MAX_POSITIONS);
	MUST(pattern->n_edges <= JRN_PATTERN_MAX_EDGES);
	MUST(pattern->highest_condition >= 0 && pattern->highest_condition <= JRN_MAX_CONDITIONS);
	MUST(pattern->highest_condition == 0 || pattern->highest_at < size);
	MUST(pattern->chain_limit >= 0);
	for (i = 0; i < pattern->n_positions; i++)
	{
		const jrn_pattern_position *position = &pattern->positions[i];

		MUST(position->condition >= JRN_PATTERN_ANY && position->condition < pattern->highest_condition);
		MUST(position->in_begin <= position->in_end && position->in_end <= pattern->n_edges);
		MUST(position->out_begin <= position->out_end && position->out_end <= pattern->n_edges);
		firsts += position->first;
		lasts += position->last;
	}
	MUST(firsts > 0 && lasts > 0);	/* R-PAT-3 */
	for (i = 0; i < pattern->n_edges; i++)
	{
		const jrn_pattern_edge *edge = &pattern->edges[i];

		MUST(edge->from < pattern->n_positions && edge->to < pattern->n_positions);
		MUST(pattern->out[i] < pattern->n_edges);
		MUST(edge->kind != JRN_JOIN_TIME || edge->low >= 0);
	}
}

static jrn_status
read_rows(const jrn_env *env, fuzz_input *in, jrn_condition_list *list)
{
	int64_t		ts = 0;
	uint32_t	i;

	jrn_condition_list_init(list);
	if (in->left == 0)
		for (i = 0; i < 24; i++)
			JRN_TRY(jrn_condition_list_add(env, list, (int64_t) i * SECOND, i % 5 == 4 ? 0 : UINT64_C(1) << i % 5));
	for (i = 0; in->left > 0 && i < MOST_ROWS; i++)
	{
		ts += (int64_t) fuzz_byte(in) * SECOND;
		JRN_TRY(jrn_condition_list_add(env, list, ts, fuzz_word(in, 2)));
	}
	return JRN_OK;
}

static jrn_status
match(const jrn_env *env, const jrn_pattern *pattern, fuzz_input *in)
{
	jrn_condition_list list;
	jrn_moments_work work = {NULL, 0};
	const jrn_moment *rows;
	jrn_matcher matcher;
	uint32_t	begin,
				end,
				begin_again,
				end_again,
				n_times,
				i;
	int64_t		count;
	int64_t    *times;

	JRN_TRY(read_rows(env, in, &list));
	JRN_TRY(jrn_condition_list_order(env, &list, &work, &rows));
	JRN_TRY(jrn_matcher_init(env, pattern, &matcher));
	JRN_TRY(jrn_matcher_find(env, &matcher, rows, 0, list.count, &begin, &end));
	JRN_TRY(jrn_matcher_count(env, &matcher, rows, list.count, &count));
	MUST((end == JRN_NO_ROW) == (count == 0));
	MUST(count >= 0 && count <= list.count);
	if (end == JRN_NO_ROW)
		return JRN_OK;
	MUST(begin <= end && end < list.count);
	MUST(rows[end].ts - rows[begin].ts <= pattern->chain_limit);
	JRN_TRY(jrn_alloc_array(env, (size_t) (end - begin) + 1, sizeof(int64_t), &times));
	JRN_TRY(jrn_matcher_show(env, &matcher, rows, begin, end, times, &n_times));
	MUST(n_times <= end - begin + 1);
	for (i = 0; i < n_times; i++)
		MUST(times[i] >= (i == 0 ? rows[begin].ts : times[i - 1]) && times[i] <= rows[end].ts);
	JRN_TRY(jrn_matcher_find(env, &matcher, rows, 0, list.count, &begin_again, &end_again));
	MUST(begin_again == begin && end_again == end);
	return JRN_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	size_t		text = fuzz_text_size(bytes, size);
	fuzz_input	in = {bytes + text, size - text};
	jrn_pattern pattern;
	jrn_pattern_error error = {NULL, 0};
	jrn_status	status;

	(void) fuzz_byte(&in);		/* the zero */
	status = jrn_pattern_compile(&env, (const char *) bytes, text, &pattern, &error);
	if (status == JRN_OK)
	{
		check_graph(&pattern, text);
		status = match(&env, &pattern, &in);
		MUST(status == JRN_OK || fuzz_by_host(status));
	}
	else if (!fuzz_by_host(status))
	{
		MUST(status == JRN_DOMAIN || status == JRN_LIMIT);
		MUST(error.message != NULL && error.at <= text);	/* R-PAT-5 */
	}
	return fuzz_end();
}
