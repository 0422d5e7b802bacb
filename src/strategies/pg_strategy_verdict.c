/*
 * pg_strategy_verdict.c
 *		The sentences of a comparison of strategies (see
 *		pg_strategy_verdict.h).
 */
#include "pg_strategy_verdict.h"

#include <math.h>

#include "lib/stringinfo.h"

#include "../validation/pg_verdict.h"

#define CLEAR_Q 0.05

/* ---- words ---- */

static char *
amount(const journey_strategy_verdict *v, double value)
{
	return journey_spoken_number(v->is_rate ? 100.0 * value : value);
}

static const char *
unit(const journey_strategy_verdict *v)
{
	return v->is_rate ? " points" : "";
}

/* The outcome as a manager says it. */
static char *
kpi(const journey_strategy_verdict *v)
{
	return psprintf(v->is_rate ? "the rate of \"%s\"%s" : "\"%s\"%s", v->outcome,
					v->net_of_cost ? " net of cost" : "");
}

static char *
units(const journey_strategy_verdict *v)
{
	if (v->key == NULL)
		return psprintf(INT64_FORMAT " rows", v->n);
	return psprintf(INT64_FORMAT " distinct %s", v->n_keys, v->key);
}

static char *
percent(double share)
{
	return psprintf("%s %%", journey_spoken_number(100.0 * share));
}

/* An interval of a difference; negated: seen from the baseline. */
static char *
interval(const journey_strategy_verdict *v, double low, double high, bool negated)
{
	return psprintf("95 %% interval %s to %s", amount(v, negated ? -high : low),
					amount(v, negated ? -low : high));
}

/* What the difference is an average over, where it is not all rows. */
static const char *
whom(const journey_strategy_verdict *v)
{
	return v->estimand == JRN_ESTIMAND_TREATED ? " among those who got it" :
		v->estimand == JRN_ESTIMAND_OVERLAP ? " among those who could have got both" : "";
}

/* ---- sentences with figures ---- */

static void
add_checks(const journey_strategy_verdict *v, StringInfo text)
{
	bool		least = !isnan(v->least);

	if (!isnan(v->ratio_p))
		appendStringInfo(text, " Assignment check passed (%s)%s", journey_spoken_probability("p", v->ratio_p),
						 least ? ", overlap" : ".");
	else if (least)
		appendStringInfoString(text, " Overlap");
	if (least)
		appendStringInfo(text, " fine (smallest propensity %s).", percent(v->least));
	if (v->late > 0)
		appendStringInfo(text, " " INT64_FORMAT " of " INT64_FORMAT " rows became eligible only after the decision.",
						 v->late, v->assigned);
	if (v->immature > 0)
		appendStringInfo(text, " " INT64_FORMAT " rows have no mature outcome yet.", v->immature);
	if (v->missing + v->baseline_missing > 0.0)
		appendStringInfo(text, " Outcomes are missing for %s of \"%s\" and %s of \"%s\".",
						 percent(v->missing), v->strategy, percent(v->baseline_missing), v->baseline);
	if (!isnan(v->worst_low) && v->missing + v->baseline_missing > 0.0)
		appendStringInfo(text, " Whatever the missing ones are, the difference lies between %s and %s%s.",
						 amount(v, v->worst_low), amount(v, v->worst_high), unit(v));
	if (v->effect->clipped > 0.0)
		appendStringInfo(text, " Weights of %.0f rows were cut, which may move its value by %s%s.",
						 v->effect->clipped, amount(v, v->effect->clip_bias), unit(v));
	if (v->propensity == JRN_PROPENSITY_ESTIMATED)
		appendStringInfoString(text, " This holds if the features explain who got which strategy.");
	else if (v->propensity == JRN_PROPENSITY_CONSTANT)
		appendStringInfoString(text, " This holds if strategies were dealt at random.");
}

/* R-SVE-1 */
static char *
clear(const journey_strategy_verdict *v)
{
	const jrn_effect *e = v->effect;
	bool		better = e->difference.estimate > 0.0;
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "Strategy \"%s\" %s \"%s\" on %s by %s%s%s (%s; %s; %s).", v->strategy,
					 better ? "beats" : "falls short of", v->baseline, kpi(v),
					 amount(v, fabs(e->difference.estimate)), unit(v), whom(v),
					 interval(v, e->conf_low, e->conf_high, !better),
					 journey_spoken_probability("q", e->q_value), units(v));
	if (v->repeats > 1)
		appendStringInfo(&text, " It was %s in %d of %d repeats.", better ? "better" : "worse",
						 better ? e->wins : v->repeats - e->wins, v->repeats);
	add_checks(v, &text);
	return text.data;
}

/* R-SVE-2 */
static char *
not_clear(const journey_strategy_verdict *v)
{
	const jrn_effect *e = v->effect;
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "Strategy \"%s\" changes %s by %s%s%s%s against \"%s\" (%s; %s; %s).",
					 v->strategy, kpi(v), e->difference.estimate > 0.0 ? "+" : "",
					 amount(v, e->difference.estimate), unit(v), whom(v), v->baseline,
					 interval(v, e->conf_low, e->conf_high, false),
					 journey_spoken_probability("q", e->q_value), units(v));
	if (e->conf_low > 0.0 || e->conf_high < 0.0)
		appendStringInfo(&text, " Counting all %d comparisons, this", v->comparisons);
	else
		appendStringInfoString(&text, " This");
	appendStringInfo(&text, " cannot be told from zero; effects under %s%s would be missed. Keep the simpler strategy.",
					 amount(v, e->minimum_detectable), unit(v));
	add_checks(v, &text);
	return text.data;
}

/* ---- refusals (R-SVE-3) ---- */

/* What is wrong with the overlap. */
static char *
overlap_words(const journey_strategy_verdict *v)
{
	const jrn_overlap_report *r = v->report;
	char	   *ess = psprintf("effective sample %s of %.0f rows", journey_spoken_number(floor(r->ess)), r->n);

	switch (r->reason)
	{
		case JRN_OVERLAP_UNREACHABLE:
			return psprintf("about %s of the rows could not have got it, or its propensities are wrong; mean weight %s instead of 1",
							percent(fmax(0.0, 1.0 - r->weight_mean)), journey_spoken_number(r->weight_mean));
		case JRN_OVERLAP_UNBALANCED:
			if (isinf(r->smd_after))
				return pstrdup("a feature determines the strategy");
			return psprintf("a feature differs by %s standard deviations%s", journey_spoken_number(r->smd_after),
							v->propensity == JRN_PROPENSITY_CONSTANT ? "" : " after weighting");
		case JRN_OVERLAP_SHAPE:
			return psprintf("features are distributed differently: their spread or a product of two differs by %s standard deviations%s",
							journey_spoken_number(r->shape_after),
							v->propensity == JRN_PROPENSITY_CONSTANT ? "" : " after weighting");
		case JRN_OVERLAP_WRONG_WEIGHTS:
			return psprintf("its propensities are wrong: the mean weight is %s instead of 1",
							journey_spoken_number(r->weight_mean));
		case JRN_OVERLAP_ONE_KEY:
			return psprintf("one value of %s carries %s of the weight", v->key, percent(r->key_share));
		case JRN_OVERLAP_ONE_WEIGHT:
			return psprintf("one row carries %s of the weight; %s", percent(r->largest_share), ess);
		case JRN_OVERLAP_EXTREME:
			return psprintf("%s of the rows had a propensity below 1 %%; %s", percent(r->share_extreme), ess);
		default:
			return ess;
	}
}

/* Balance is lost where it was claimed by design. */
static char *
not_random(const journey_strategy_verdict *v)
{
	return psprintf("No %s: strategies were not dealt at random (for \"%s\" %s). Use method => 'aipw' with these features.",
					strcmp(v->status, "no_overlap") == 0 ? "answer" : "decision", v->at_fault, overlap_words(v));
}

static char *
no_overlap(const journey_strategy_verdict *v)
{
	const jrn_overlap_report *r = v->report;

	if (r->reason == JRN_OVERLAP_FEW_EFFECTIVE)
		return psprintf("No answer: only " INT64_FORMAT " past decisions took \"%s\", and they count as %.0f (effective sample). Try it on a random 5 %% first.",
						v->n, v->at_fault, floor(r->ess));
	return psprintf("No answer on \"%s\": %s. Try it on a random 5 %% first.", v->at_fault, overlap_words(v));
}

static char *
weak_overlap(const journey_strategy_verdict *v)
{
	const jrn_effect *e = v->effect;
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "No decision: past decisions hardly tell about \"%s\" (%s).", v->at_fault, overlap_words(v));
	if (!v->is_baseline && !isnan(e->overlap.std_error))
		appendStringInfo(&text, " Among rows that could have got \"%s\" or \"%s\" the difference is %s%s (%s)%s",
						 v->strategy, v->baseline, amount(v, e->overlap.estimate), unit(v),
						 interval(v, e->overlap_low, e->overlap_high, false),
						 isnan(e->trimmed.std_error) ? "." : ", ");
	if (!v->is_baseline && !isnan(e->overlap.std_error) && !isnan(e->trimmed.std_error))
		appendStringInfo(&text, "with propensities from 5 to 95 %% %s%s (%s).",
						 amount(v, e->trimmed.estimate), unit(v),
						 interval(v, e->trimmed_low, e->trimmed_high, false));
	appendStringInfo(&text, " Try it on a random 5 %% first.");
	return text.data;
}

static char *
unequal_missing(const journey_strategy_verdict *v)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "No decision: strategies lack outcomes unequally (");
	if (!v->is_baseline)
		appendStringInfo(&text, "%s of \"%s\", ", percent(v->missing), v->strategy);
	appendStringInfo(&text, "%s of \"%s\"; %s), so the known ones cannot be compared.",
					 percent(v->baseline_missing), v->baseline, journey_spoken_probability("p", v->missing_p));
	if (!isnan(v->worst_low) && v->missing + v->baseline_missing > 0.0)
		appendStringInfo(&text, " Whatever the missing ones are, the difference lies between %s and %s%s.",
						 amount(v, v->worst_low), amount(v, v->worst_high), unit(v));
	appendStringInfoString(&text, " Complete the outcomes, or use one that everybody has.");
	return text.data;
}

static char *
refused(const journey_strategy_verdict *v)
{
	if (strcmp(v->status, "no_overlap") == 0 || strcmp(v->status, "weak_overlap") == 0)
	{
		if (v->propensity == JRN_PROPENSITY_CONSTANT && v->report->reason != JRN_OVERLAP_ONE_KEY)
			return not_random(v);
		return strcmp(v->status, "no_overlap") == 0 ? no_overlap(v) : weak_overlap(v);
	}
	if (strcmp(v->status, "sample_ratio") == 0)
		return psprintf("No decision: rows were not dealt to the strategies as planned (%s). Find out which ones are missing before reading the figures.",
						journey_spoken_probability("p", v->ratio_p));
	if (strcmp(v->status, "unequal_missing") == 0)
		return unequal_missing(v);
	if (strcmp(v->status, "late_eligibility") == 0)
		return psprintf("No decision: " INT64_FORMAT " of " INT64_FORMAT " rows became eligible only after the decision, which the strategy may have caused. Leave out what happened after the decision.",
						v->late, v->assigned);
	if (strcmp(v->status, "too_few") == 0)
		return psprintf("No answer: %s %s too few for \"%s\". Collect more, or use fewer folds.",
						units(v), (v->key == NULL ? v->n : v->n_keys) == 1 ? "is" : "are", v->at_fault);
	if (strcmp(v->status, "no_spread") == 0 && v->flat)
		return psprintf("No answer: all outcomes of \"%s\" are the same, which leaves nothing to judge chance by. Collect more.",
						v->at_fault);
	if (strcmp(v->status, "no_spread") == 0)
		return psprintf("No answer: \"%s\" and \"%s\" differ by the same amount everywhere, which leaves nothing to judge chance by.",
						v->strategy, v->baseline);
	if (strcmp(v->status, "not_converged") == 0)
		return pstrdup("No decision: the propensities could not be fitted. Use fewer or simpler features, or logged propensities.");
	if (strcmp(v->status, "rank_deficient") == 0)
		return psprintf("No decision: features do not vary enough within \"%s\" to adjust for them. Leave them out.", v->at_fault);
	return psprintf("No decision on \"%s\" (%s).", v->strategy, v->status);
}

char *
journey_strategy_verdict_text(const journey_strategy_verdict *v)
{
	const jrn_effect *e = v->effect;

	if (strcmp(v->status, "ok") != 0)
		return refused(v);
	if (v->is_baseline)
		return psprintf("Baseline: the other strategies are compared with \"%s\".", v->strategy);
	if (isnan(e->p_value))
		return psprintf("No answer on \"%s\": there is no difference to judge.", v->strategy);
	if (e->q_value < CLEAR_Q && (e->conf_low > 0.0 || e->conf_high < 0.0))
		return clear(v);
	return not_clear(v);
}
