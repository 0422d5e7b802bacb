/*
 * pg_overlap_report.c
 *		SQL binding of overlap_report(): weights, propensities and balance of
 *		every strategy (overlap.h, overlap_details.h).
 *
 * R-PGO-1	Propensities are those of compare_strategies() with the same
 *			arguments: logged, estimated out of fold, or constant; of the first
 *			repeat.
 */
#include "pg_overlap_report.h"

#include <math.h>

#include "../models/pg_encoding.h"
#include "../pg/rows.h"

PG_FUNCTION_INFO_V1(journey_overlap_report);

enum
{
	OUT_STRATEGY, OUT_N, OUT_N_KEYS, OUT_ESS, OUT_ESS_SHARE, OUT_WEIGHT_MEAN, OUT_MAX_WEIGHT,
	OUT_MAX_WEIGHT_SHARE, OUT_TOP1_SHARE, OUT_PROPENSITY_MIN, OUT_PROPENSITY_P05,
	OUT_PROPENSITY_MEDIAN, OUT_SHARE_BELOW_001, OUT_SHARE_BELOW_005, OUT_MAX_SMD_BEFORE,
	OUT_MAX_SMD_AFTER, OUT_WORST_FEATURE, OUT_STATUS, OUT_SHAPE_AFTER,
	OUT_MAX_KEY_SHARE, OUT_COLUMNS
};

/* ---- shared with strategy_checks() ---- */

/* By how much counts of rows spread more because whole keys were dealt. */
static double
design_effect(const journey_strategy_call *call, const jrn_overlap *overlap)
{
	int64		keys = 0;
	int			a;

	for (a = 0; a < call->arms; a++)
		keys += call->keys_of_arm[a];
	if (call->design_request.key == NULL || keys != call->design->core.clusters)
		return 1.0;				/* rows of one key got several strategies */
	return fmax(1.0, jrn_overlap_design_effect(overlap));
}

void
journey_overlap_look(journey_strategy_call *call, bool quantiles, journey_overlap_answer *answer)
{
	static const char what[] = "overlap of strategies";
	jrn_design *core = &call->design->core;
	jrn_score_models models;
	jrn_overlap_look look;
	int			with_rows = 0;
	int			a;

	for (a = 0; a < call->arms; a++)
		with_rows += call->rows_of_arm[a] > 0;
	if (with_rows < 2 && call->request.propensity == JRN_PROPENSITY_ESTIMATED)
		call->request.propensity = JRN_PROPENSITY_CONSTANT; /* none can be estimated */
	memset(answer, 0, sizeof(*answer));
	memset(&models, 0, sizeof(models));
	answer->report = palloc0((Size) call->arms * sizeof(jrn_overlap_report));
	answer->details = palloc0((Size) call->arms * sizeof(jrn_overlap_details));
	journey_check(jrn_overlap_look_begin(&look, &call->env, call->arms, call->baseline_arm, (size_t) core->p,
										 call->request.propensity, call->method == JOURNEY_METHOD_IPW, call->rows_of_arm, quantiles), what);
	if (call->request.propensity == JRN_PROPENSITY_LOGGED || call->method <= JOURNEY_METHOD_LIN)
		journey_check(jrn_overlap_look_rows(&look, core), what);
	else
	{
		jrn_score_request request = call->request;

		request.outcome_models = false;
		request.repeats = 1;
		journey_check(jrn_scores_run(&call->env, &call->plan, &call->file.file, &request,
									 jrn_overlap_look_visit, &look, &models), what);
	}
	journey_check(jrn_overlap_look_end(&look, answer->report, answer->details), what);
	answer->design_effect = design_effect(call, &look.overlap);
	answer->not_converged = models.not_converged;
}

const char *
journey_overlap_reason(const jrn_overlap_report *report)
{
	switch (report->reason)
	{
		case JRN_OVERLAP_FEW_EFFECTIVE:
			return "few rows carry most of the weight";
		case JRN_OVERLAP_UNREACHABLE:
			return "part of the rows could not have got this strategy";
		case JRN_OVERLAP_UNBALANCED:
			return "features differ even after weighting";
		case JRN_OVERLAP_SHAPE:
			return "features are distributed differently even after weighting";
		case JRN_OVERLAP_ONE_KEY:
			return "one key carries more than 20 % of the weight";
		case JRN_OVERLAP_WRONG_WEIGHTS:
			return "the logged propensities are wrong: the mean weight is not 1";
		case JRN_OVERLAP_ONE_WEIGHT:
			return "one row carries more than 5 % of the weight";
		case JRN_OVERLAP_EXTREME:
			return "more than 1 % of the rows had a propensity below 0.01";
		case JRN_OVERLAP_FINE:
			break;
	}
	return NULL;
}

char *
journey_overlap_column(const journey_strategy_call *call, int column)
{
	const journey_encoding *encoding = &call->design->encoding;
	int64		terms = journey_encoding_terms(encoding);
	char	  **names;

	if (column < 0 || column >= terms)
		return NULL;
	names = palloc((Size) terms * sizeof(char *));
	journey_encoding_names(encoding, names);
	return names[column];
}

/* ---- the call ---- */

static void
put_row(journey_rows *rows, const journey_strategy_call *call, const journey_overlap_answer *answer, int a)
{
	const jrn_overlap_report *r = &answer->report[a];
	const jrn_overlap_details *d = &answer->details[a];
	bool		some = call->rows_of_arm[a] > 0;

	journey_rows_cstring(rows, OUT_STRATEGY, call->names[a]);
	journey_rows_bigint(rows, OUT_N, call->rows_of_arm[a]);
	journey_rows_bigint(rows, OUT_N_KEYS, call->keys_of_arm[a]);
	if (some)
	{
		journey_rows_number(rows, OUT_ESS, r->ess);
		journey_rows_number(rows, OUT_ESS_SHARE, r->ess_share);
		journey_rows_number(rows, OUT_WEIGHT_MEAN, r->weight_mean);
		journey_rows_number(rows, OUT_MAX_WEIGHT, r->max_weight);
		journey_rows_number(rows, OUT_MAX_WEIGHT_SHARE, r->largest_share);
		journey_rows_number(rows, OUT_TOP1_SHARE, d->top1_share);
		journey_rows_number(rows, OUT_PROPENSITY_MIN, r->least);
		journey_rows_number(rows, OUT_PROPENSITY_P05, d->p05);
		journey_rows_number(rows, OUT_PROPENSITY_MEDIAN, d->median);
		journey_rows_number(rows, OUT_SHARE_BELOW_001, r->share_extreme);
		journey_rows_number(rows, OUT_SHARE_BELOW_005, d->share_below_005);
		journey_rows_number(rows, OUT_MAX_SMD_BEFORE, r->smd_before);
		journey_rows_number(rows, OUT_MAX_SMD_AFTER, r->smd_after);
		journey_rows_number(rows, OUT_SHAPE_AFTER, r->shape_after);
		journey_rows_number(rows, OUT_MAX_KEY_SHARE, r->key_share);
		journey_rows_cstring(rows, OUT_WORST_FEATURE, journey_overlap_column(call, d->worst_column));
	}
	journey_rows_cstring(rows, OUT_STATUS, journey_strategy_is_small(call, a) ? "too_few" : jrn_overlap_name(r->level));
	journey_rows_put(rows);
}

/* overlap_report(the arguments that the calls share) */
Datum
journey_overlap_report(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	journey_strategy_call call;
	journey_overlap_answer answer;
	int			a;

	journey_rows_begin(&rows, fcinfo, OUT_COLUMNS, "overlap_report");
	journey_strategy_args(fcinfo, &call);
	journey_strategy_read(&call);
	journey_strategy_warn(&call);
	journey_overlap_look(&call, true, &answer);
	for (a = 0; a < call.arms; a++)
		put_row(&rows, &call, &answer, a);
	journey_strategy_end(&call);
	return (Datum) 0;
}
