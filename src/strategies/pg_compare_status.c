/*
 * pg_compare_status.c
 *		The gates of compare_strategies(): statuses and verdicts (see
 *		pg_compare_strategies.h).
 */
#include "pg_compare_strategies.h"

#include <math.h>

#include "../core/dist.h"
#include "missing.h"
#include "pg_strategy_verdict.h"
#include "ratio.h"

/* Eligible after the decision: more than this share of rows. */
#define MOST_LATE 0.01

/* Rows of every strategy that a week must expect. */
#define LEAST_EXPECTED 5.0

/* ---- checks of all rows ---- */

/* By how much counts of rows spread more because whole keys were dealt. */
static double
design_effect(const journey_compare_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int64		keys = 0;
	int			a;

	for (a = 0; a < s->arms; a++)
		keys += s->keys_of_arm[a];
	if (s->design_request.key == NULL || keys != s->design->core.clusters)
		return 1.0;				/* rows of one key got several strategies */
	return fmax(1.0, jrn_overlap_design_effect(&call->overlap));
}

static double
ratio_p(const journey_compare_call *call, const int64 *observed, double effect)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_ratio	test;

	journey_check(jrn_ratio_test(&env, observed, call->planned, call->strategies.arms, &test), "testing the sample ratio");
	return jrn_chisq_upper(test.statistic / effect, test.df);
}

/* The smallest p of weeks, times their number. */
static double
weekly_ratio_p(const journey_compare_call *call, double effect)
{
	const jrn_ledger *ledger = &call->strategies.ledger;
	int			arms = call->strategies.arms;
	int64	   *observed = palloc((Size) arms * sizeof(int64));
	double		sum = 0.0;
	double		least_share = INFINITY;
	double		least = INFINITY;
	int			weeks = 0;
	size_t		i = 0;
	int			a;

	for (a = 0; a < arms; a++)
	{
		sum += call->planned[a];
		least_share = fmin(least_share, call->planned[a]);
	}
	while (i < ledger->week_count)
	{
		int64		week = ledger->weeks[i].week;
		int64		n = 0;

		memset(observed, 0, (Size) arms * sizeof(int64));
		for (; i < ledger->week_count && ledger->weeks[i].week == week; i++)
		{
			observed[ledger->weeks[i].arm] += ledger->weeks[i].counts.assigned;
			n += ledger->weeks[i].counts.assigned;
		}
		if ((double) n * least_share / sum < LEAST_EXPECTED)
			continue;
		least = fmin(least, ratio_p(call, observed, effect));
		weeks++;
	}
	pfree(observed);
	return weeks == 0 ? NAN : fmin(1.0, least * weeks);
}

/* R-CST-3 */
static void
check_ratio(journey_compare_call *call, const int64 *assigned, double effect)
{
	const journey_strategy_call *s = &call->strategies;
	double		by_week;

	call->ratio_p = NAN;
	if (call->planned == NULL)
		return;
	call->ratio_p = fmin(ratio_p(call, assigned, effect), ratio_p(call, s->rows_of_arm, effect));
	by_week = weekly_ratio_p(call, effect);
	if (by_week < call->ratio_p)
		call->ratio_p = by_week;
}

void
journey_compare_checks(journey_compare_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int64	   *assigned = palloc((Size) s->arms * sizeof(int64));
	int64	   *missing = palloc((Size) s->arms * sizeof(int64));
	int64	   *due = palloc((Size) s->arms * sizeof(int64));
	double		effect = design_effect(call);
	int			a;

	call->missing = palloc((Size) s->arms * sizeof(double));
	for (a = 0; a < s->arms; a++)
	{
		const jrn_ledger_counts *counts = &s->ledger.of_arm[a];

		assigned[a] = counts->assigned;
		missing[a] = counts->missing;
		due[a] = counts->assigned - counts->immature;
		call->missing[a] = due[a] > 0 ? (double) missing[a] / (double) due[a] : 0.0;
		call->late += counts->late;
		call->immature += counts->immature;
		call->assigned += counts->assigned;
	}
	call->missing_p = jrn_missing_test(missing, due, s->arms, effect);
	check_ratio(call, assigned, effect);
	pfree(assigned);
	pfree(missing);
	pfree(due);
}

void
journey_compare_worst(const journey_compare_call *call, int arm, double *low, double *high)
{
	int			base = call->strategies.baseline_arm;
	double		cost_a = call->costs == NULL ? 0.0 : call->costs[arm];
	double		cost_b = call->costs == NULL ? 0.0 : call->costs[base];

	*low = *high = NAN;
	if (!call->has_bounds || arm == base)
		return;
	jrn_missing_bounds(call->effect[arm].difference.estimate + cost_a - cost_b,
					   call->effect[arm].value.estimate + cost_a, call->missing[arm],
					   call->effect[base].value.estimate + cost_b, call->missing[base],
					   call->low, call->high, low, high);
	*low -= cost_a - cost_b;
	*high -= cost_a - cost_b;
}

/* ---- statuses ---- */

bool
journey_compare_is_usable(const journey_compare_call *call, int arm)
{
	return !journey_strategy_is_small(&call->strategies, arm) &&
		call->report[arm].level != JRN_OVERLAP_NONE;
}

/* Why a strategy has no figures; NULL: it has. */
static const char *
without_figures(const journey_compare_call *call, int arm)
{
	bool		average = call->estimand == JRN_ESTIMAND_AVERAGE;

	if (journey_strategy_is_small(&call->strategies, arm))
		return "too_few";
	if (call->report[arm].level == JRN_OVERLAP_NONE)
		return "no_overlap";
	if (average && isnan(call->effect[arm].value.estimate))
		return "too_few";
	return NULL;
}

/* R-CST-2 */
const char *
journey_compare_status(const journey_compare_call *call, int arm)
{
	int			base = call->strategies.baseline_arm;
	bool		average = call->estimand == JRN_ESTIMAND_AVERAGE;
	const jrn_effect *e = &call->effect[arm];
	const char *why = without_figures(call, arm);

	if (why == NULL && arm != base)
		why = without_figures(call, base);
	if (why != NULL)
		return why;
	if (call->ratio_p < JRN_RATIO_THRESHOLD)
		return "sample_ratio";
	if (call->missing_p < JRN_MISSING_THRESHOLD)
		return "unequal_missing";
	if ((double) call->late > MOST_LATE * (double) call->assigned)
		return "late_eligibility";
	if (call->not_converged)
		return "not_converged";
	if (call->report[arm].level == JRN_OVERLAP_WEAK || call->report[base].level == JRN_OVERLAP_WEAK)
		return "weak_overlap";
	if (call->rank_deficient[arm] || (arm != base && call->rank_deficient[base]))
		return "rank_deficient";
	if (call->table.flat[arm] || (arm != base && call->table.flat[base]))
		return "no_spread";
	if (arm == base ? average && isnan(e->value.std_error) : isnan(e->p_value))
		return isnan(arm == base ? call->table.value[arm].std_error : call->table.difference[arm].std_error) ?
			"too_few" : "no_spread";
	return "ok";
}

/* ---- verdicts ---- */

/* The strategy that a status is about: the row's own, or the baseline. */
static int
at_fault(const journey_compare_call *call, int arm, const char *status)
{
	int			base = call->strategies.baseline_arm;

	if (strcmp(status, "rank_deficient") == 0)
		return call->rank_deficient[arm] ? arm : base;
	if (strcmp(status, "no_spread") == 0)
		return call->table.flat[arm] || !call->table.flat[base] ? arm : base;
	if (strcmp(status, "weak_overlap") == 0)
		return call->report[arm].level == JRN_OVERLAP_WEAK ? arm : base;
	return without_figures(call, arm) != NULL || without_figures(call, base) == NULL ? arm : base;
}

char *
journey_compare_verdict(const journey_compare_call *call, int arm, const char *status)
{
	const journey_strategy_call *s = &call->strategies;
	int			base = s->baseline_arm;
	int			fault = at_fault(call, arm, status);
	bool		one = strcmp(status, "too_few") == 0 || strcmp(status, "no_overlap") == 0;
	journey_strategy_verdict v;

	memset(&v, 0, sizeof(v));
	v.status = status;
	v.strategy = s->names[arm];
	v.baseline = s->names[base];
	v.is_baseline = arm == base;
	v.outcome = s->design_request.target;
	v.is_rate = call->overlap.y_binary && call->costs == NULL;
	v.net_of_cost = call->costs != NULL;
	v.key = s->design_request.key;
	v.n = s->rows_of_arm[fault];
	v.n_keys = s->keys_of_arm[fault];
	if (!one && arm != base)
	{
		v.n = s->rows_of_arm[arm] + s->rows_of_arm[base];
		v.n_keys = Min(s->keys_of_arm[arm] + s->keys_of_arm[base], s->design->core.clusters);
	}
	v.folds = s->k;
	v.repeats = call->table.repeats;
	v.comparisons = s->arms - 1;
	v.propensity = s->request.propensity;
	v.estimand = call->estimand;
	v.effect = &call->effect[arm];
	v.at_fault = s->names[fault];
	v.flat = call->table.flat[fault];
	v.report = &call->report[fault];
	v.least = s->request.propensity == JRN_PROPENSITY_CONSTANT ? NAN :
		fmin(call->report[arm].least, call->report[base].least);
	v.ratio_p = call->ratio_p;
	v.missing = call->missing[arm];
	v.baseline_missing = call->missing[base];
	v.missing_p = call->missing_p;
	journey_compare_worst(call, arm, &v.worst_low, &v.worst_high);
	v.late = call->late;
	v.immature = call->immature;
	v.assigned = call->assigned;
	return journey_strategy_verdict_text(&v);
}
