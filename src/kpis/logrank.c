/*
 * logrank.c
 *		The log-rank test of any number of groups (see survival.h).
 */
#include "survival.h"

#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/dist.h"
#include "../core/sort.h"

/* relative pivot of the covariance below which a group adds nothing */
#define PIVOT_TOLERANCE 1e-10
#define WORK_PER_TICK 65536

typedef struct logrank_sums
{
	const jrn_env *env;
	size_t		groups;
	double	   *at_risk;		/* [groups] */
	double	   *events;			/* [groups], of the current time */
	double	   *excess;			/* [groups] observed less expected */
	double	   *expected;		/* [groups] */
	double	   *covariance;		/* packed */
	size_t		work;
} logrank_sums;

static inline bool
spell_before(int unused, jrn_spell x, jrn_spell y)
{
	(void) unused;
	return x.time < y.time;
}

JRN_SORT_DEFINE(sort_spells, jrn_spell, int, spell_before)

/* One event time: n at risk, d events, both by group. */
static jrn_status
add_time(logrank_sums *sums, double n, double d)
{
	double		spread = n > 1.0 ? d * (n - d) / (n - 1.0) : 0.0;
	size_t		j,
				k;

	for (j = 0; j < sums->groups; j++)
	{
		double		share = sums->at_risk[j] / n;
		double	   *row = sums->covariance + j * (j + 1) / 2;

		sums->expected[j] += d * share;
		sums->excess[j] += sums->events[j] - d * share;
		sums->events[j] = 0.0;
		if (share == 0.0 || spread == 0.0)
			continue;
		for (k = 0; k < j; k++)
			row[k] -= spread * share * (sums->at_risk[k] / n);
		row[j] += spread * share * ((n - sums->at_risk[j]) / n);
	}
	sums->work += sums->groups * sums->groups;
	if (sums->work >= WORK_PER_TICK)
	{
		sums->work = 0;
		JRN_TICK(sums->env);
	}
	return JRN_OK;
}

static jrn_status
walk(logrank_sums *sums, const jrn_spell *spells, size_t n)
{
	size_t		from,
				to,
				i;

	for (i = 0; i < n; i++)
		sums->at_risk[spells[i].stratum] += 1.0;
	for (from = 0; from < n; from = to)
	{
		double		d = 0.0;

		for (to = from; to < n && spells[to].time == spells[from].time; to++)
		{
			if (to % WORK_PER_TICK == 0)
				JRN_TICK(sums->env);
			sums->events[spells[to].stratum] += (double) spells[to].event;
			d += (double) spells[to].event;
		}
		if (d > 0.0)
			JRN_TRY(add_time(sums, (double) (n - from), d));
		for (i = from; i < to; i++)
			sums->at_risk[spells[i].stratum] -= 1.0;
	}
	return JRN_OK;
}

/* u' V^- u over the groups that count, the last of them left out. */
static jrn_status
solve(logrank_sums *sums, jrn_logrank_result *result)
{
	size_t		groups = sums->groups;
	bool	   *kept;
	double	   *solution;
	size_t		last = groups;
	size_t		rank;
	size_t		j;

	JRN_TRY(jrn_alloc_zeroed(sums->env, groups, sizeof(bool), &kept));
	JRN_TRY(jrn_alloc_array(sums->env, groups, sizeof(double), &solution));
	for (j = 0; j < groups; j++)
		if (sums->expected[j] > 0.0)
		{
			kept[j] = true;
			last = j;
		}
	if (last < groups)
		kept[last] = false;
	memcpy(solution, sums->excess, groups * sizeof(double));
	JRN_TRY(jrn_cholesky(sums->env, sums->covariance, groups, PIVOT_TOLERANCE, kept, &rank));
	jrn_cholesky_solve(sums->covariance, groups, kept, solution);
	result->df = (int) rank;
	if (rank == 0)
		return JRN_OK;
	result->statistic = 0.0;
	for (j = 0; j < groups; j++)
		if (kept[j])
			result->statistic += sums->excess[j] * solution[j];
	result->p_value = jrn_chisq_upper(result->statistic, (double) rank);
	return JRN_OK;
}

jrn_status
jrn_logrank(const jrn_env *env, jrn_spell *spells, size_t n, uint32_t groups,
			jrn_logrank_result *result)
{
	logrank_sums sums;
	size_t		k = groups;

	result->statistic = result->p_value = (double) NAN;
	result->df = 0;
	if (groups > JRN_LOGRANK_GROUPS)
		return JRN_LIMIT;
	memset(&sums, 0, sizeof(sums));
	sums.env = env;
	sums.groups = k;
	JRN_TRY(jrn_alloc_zeroed(env, k, 4 * sizeof(double), &sums.at_risk));
	sums.events = sums.at_risk + k;
	sums.excess = sums.events + k;
	sums.expected = sums.excess + k;
	JRN_TRY(jrn_alloc_zeroed(env, k * (k + 1) / 2, sizeof(double), &sums.covariance));
	JRN_TRY(sort_spells(env, spells, n, 0));
	JRN_TRY(walk(&sums, spells, n));
	return solve(&sums, result);
}
