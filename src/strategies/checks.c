/*
 * checks.c
 *		Tests on counts of rows (see checks.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/multiple.h"
#include "../core/sizes.h"
#include "checks.h"
#include "ratio.h"

jrn_status
jrn_check_ratio(const jrn_env *env, const int64_t *observed, const double *planned, int arms,
				double design_effect, jrn_check_test *test)
{
	jrn_ratio	ratio;

	JRN_TRY(jrn_ratio_test(env, observed, planned, arms, &ratio));
	test->statistic = ratio.statistic / design_effect;
	test->p_value = isinf(test->statistic) ? 0.0 : jrn_chisq_upper(test->statistic, ratio.df);
	return JRN_OK;
}

/* Weeks of a settled ledger, one by one. */
static jrn_status
count_weeks(const jrn_env *env, const jrn_ledger *ledger, jrn_check_week **weeks, size_t *count)
{
	size_t		arms = (size_t) ledger->arms;
	size_t		size;
	int64_t    *assigned;
	size_t		i;

	*count = 0;
	for (i = 0; i < ledger->week_count; i++)
		if (i == 0 || ledger->weeks[i].week != ledger->weeks[i - 1].week)
			(*count)++;
	if (!jrn_size_mul(*count, arms, &size))
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(env, *count, sizeof(jrn_check_week), weeks));
	JRN_TRY(jrn_alloc_zeroed(env, size, sizeof(int64_t), &assigned));
	*count = 0;
	for (i = 0; i < ledger->week_count; i++)
	{
		const jrn_ledger_week *entry = &ledger->weeks[i];
		jrn_check_week *week;

		if (i == 0 || entry->week != ledger->weeks[i - 1].week)
		{
			week = &(*weeks)[*count];
			week->week = entry->week;
			week->assigned = assigned + (*count)++ * arms;
			week->test.statistic = week->test.p_value = NAN;
		}
		week = &(*weeks)[*count - 1];
		week->assigned[entry->arm] += entry->counts.assigned;
		week->n += entry->counts.assigned;
	}
	return JRN_OK;
}

static double
least_share(const double *planned, int arms)
{
	double		sum = 0.0;
	double		least = INFINITY;
	int			a;

	for (a = 0; a < arms; a++)
	{
		sum += planned[a];
		least = fmin(least, planned[a]);
	}
	return least / sum;
}

jrn_status
jrn_check_weeks(const jrn_env *env, const jrn_ledger *ledger, const double *planned,
				double design_effect, jrn_check_week **weeks, size_t *count)
{
	double	   *p;
	double	   *q;
	size_t		i;

	JRN_TRY(count_weeks(env, ledger, weeks, count));
	if (planned == NULL || *count == 0)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, *count, 2 * sizeof(double), &p));
	q = p + *count;
	for (i = 0; i < *count; i++)
	{
		jrn_check_week *week = &(*weeks)[i];

		if (i % 64 == 0)
			JRN_TICK(env);
		if ((double) week->n * least_share(planned, ledger->arms) >= JRN_CHECK_EXPECTED)
			JRN_TRY(jrn_check_ratio(env, week->assigned, planned, ledger->arms, design_effect, &week->test));
		p[i] = week->test.p_value;
	}
	JRN_TRY(jrn_false_discovery(env, p, *count, q));	/* NaN does not count */
	for (i = 0; i < *count; i++)
		(*weeks)[i].test.p_value = q[i];
	jrn_release(env, p);
	return JRN_OK;
}

void
jrn_check_shares(const int64_t *part, const int64_t *whole, int arms, double design_effect,
				 jrn_check_test *test)
{
	double		all_part = 0.0;
	double		all = 0.0;
	double		share;
	int			with_rows = 0;
	int			a;

	test->statistic = test->p_value = NAN;
	for (a = 0; a < arms; a++)
	{
		all_part += (double) part[a];
		all += (double) whole[a];
		with_rows += whole[a] > 0;
	}
	if (with_rows < 2)
		return;
	share = all_part / all;
	test->statistic = 0.0;
	for (a = 0; a < arms && share > 0.0 && share < 1.0; a++)
	{
		double		off = (double) part[a] - (double) whole[a] * share;

		if (whole[a] > 0)
			test->statistic += off * off / ((double) whole[a] * share * (1.0 - share));
	}
	test->statistic /= design_effect;
	test->p_value = jrn_chisq_upper(test->statistic, with_rows - 1);
}
