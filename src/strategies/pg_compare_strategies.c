/*
 * pg_compare_strategies.c
 *		SQL binding of compare_strategies(): its arguments, the run of a method,
 *		and a row for every strategy.
 */
#include "pg_compare_strategies.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/rows.h"
#include "randomised.h"

PG_FUNCTION_INFO_V1(journey_compare_strategies);

/* Arguments after the common ones, and result columns. */
enum
{
	ARG_ESTIMAND = 12, ARG_CLIP, ARG_COSTS, ARG_PLANNED, ARG_DECIDED_AT, ARG_MATURED_AT,
	ARG_ELIGIBLE_AT, ARG_AS_OF, ARG_BOUNDS
};

enum
{
	OUT_STRATEGY, OUT_BASELINE, OUT_N, OUT_N_KEYS, OUT_VALUE, OUT_VALUE_SE, OUT_VALUE_LOW,
	OUT_VALUE_HIGH, OUT_DIFFERENCE, OUT_STD_ERROR, OUT_CONF_LOW, OUT_CONF_HIGH, OUT_P_VALUE,
	OUT_Q_VALUE, OUT_WINS, OUT_REPEATS, OUT_ESS, OUT_MAX_WEIGHT, OUT_OVERLAP,
	OUT_MINIMUM_DETECTABLE, OUT_STATUS, OUT_VERDICT, OUT_SIMULTANEOUS_LOW, OUT_SIMULTANEOUS_HIGH,
	OUT_IN_BEST_SET, OUT_OVERLAP_DIFFERENCE, OUT_OVERLAP_LOW, OUT_OVERLAP_HIGH,
	OUT_TRIMMED_DIFFERENCE, OUT_TRIMMED_LOW, OUT_TRIMMED_HIGH, OUT_N_TRIMMED, OUT_WEIGHT_MEAN,
	OUT_MAX_SMD_BEFORE, OUT_MAX_SMD_AFTER, OUT_SHARE_EXTREME, OUT_CLIPPED, OUT_CLIP_BIAS,
	OUT_COST, OUT_N_MISSING, OUT_N_IMMATURE, OUT_SRM_P_VALUE, OUT_ESTIMAND, OUT_METHOD,
	OUT_WORST_LOW, OUT_WORST_HIGH, OUT_COLUMNS
};

static const char *const estimands[] = {"average", "treated", "overlap"};
static const char *const methods[] = {"difference", "cuped", "lin", "aipw", "ipw", "snips"};

static bool
is_randomised(const journey_compare_call *call)
{
	return call->strategies.method <= JOURNEY_METHOD_LIN;
}

/* ---- arguments ---- */

static void
read_clip(FunctionCallInfo fcinfo, journey_compare_call *call)
{
	call->clip = INFINITY;
	if (PG_ARGISNULL(ARG_CLIP))
		return;
	call->clip = PG_GETARG_FLOAT8(ARG_CLIP);
	if (!(call->clip >= 1.0 && isfinite(call->clip)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("clip is %g, it must be finite and at least 1", call->clip),
				 errhint("Weights are 1 over a propensity, and none is below 1.")));
	if (is_randomised(call) || call->estimand != JRN_ESTIMAND_AVERAGE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("clip needs method aipw, ipw or snips and estimand average")));
}

static void
read_bounds(FunctionCallInfo fcinfo, journey_compare_call *call)
{
	double	   *bounds;
	int			count;

	if (PG_ARGISNULL(ARG_BOUNDS))
		return;
	bounds = journey_array_doubles(PG_GETARG_ARRAYTYPE_P(ARG_BOUNDS), "bounds", &count);
	if (count != 2 || !(bounds[0] < bounds[1]))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bounds must be two numbers, the lowest and the highest possible outcome")));
	call->has_bounds = true;
	call->low = bounds[0];
	call->high = bounds[1];
}

static void
read_arguments(FunctionCallInfo fcinfo, journey_compare_call *call)
{
	journey_strategy_call *s = &call->strategies;

	memset(call, 0, sizeof(*call));
	journey_strategy_args(fcinfo, s);
	call->estimand = (jrn_estimand)
		journey_word_arg(journey_arg_cstring_required(fcinfo, ARG_ESTIMAND, "estimand"), "estimand",
						 estimands, lengthof(estimands));
	if (is_randomised(call) && call->estimand != JRN_ESTIMAND_AVERAGE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("estimand %s needs method aipw, ipw or snips", estimands[call->estimand]),
				 errhint("In a randomised comparison all three estimands agree.")));
	read_clip(fcinfo, call);
	read_bounds(fcinfo, call);
	s->decided_at = journey_arg_cstring(fcinfo, ARG_DECIDED_AT);
	s->matured_at = journey_arg_cstring(fcinfo, ARG_MATURED_AT);
	s->eligible_at = journey_arg_cstring(fcinfo, ARG_ELIGIBLE_AT);
	s->has_as_of = !PG_ARGISNULL(ARG_AS_OF);
	if (s->has_as_of)
		s->as_of = PG_GETARG_TIMESTAMPTZ(ARG_AS_OF);
	if (s->eligible_at != NULL && s->decided_at == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("eligible_at needs decided_at, the time that it is compared with")));
	if (s->has_as_of && s->decided_at == NULL && s->matured_at == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of needs matured_at or decided_at, the times that it is compared with")));
}

/* Strategy to number; NaN where none is given.  NULL: no such argument. */
static double *
named_numbers(FunctionCallInfo fcinfo, int number, const char *argument, const journey_strategy_call *s)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	item;
	Jsonb	   *given;
	double	   *out;
	int			a = 0;

	if (PG_ARGISNULL(number))
		return NULL;
	given = PG_GETARG_JSONB_P(number);
	if (!JB_ROOT_IS_OBJECT(given))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be an object of numbers by strategy, such as {\"%s\": 0.5}", argument, s->names[0])));
	out = palloc((Size) s->arms * sizeof(double));
	for (a = 0; a < s->arms; a++)
		out[a] = NAN;
	iterator = JsonbIteratorInit(&given->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			char	   *name = pnstrdup(item.val.string.val, item.val.string.len);

			for (a = 0; a < s->arms && strcmp(s->names[a], name) != 0; a++)
				;
			if (a == s->arms)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s names the strategy \"%s\", which does not occur in column \"%s\"",
								argument, name, s->strategy)));
		}
		else if (token == WJB_VALUE)
		{
			if (item.type != jbvNumeric)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s of strategy \"%s\" must be a number", argument, s->names[a])));
			out[a] = DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(item.val.numeric)));
			if (!isfinite(out[a]))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s of strategy \"%s\" must be finite", argument, s->names[a])));
		}
	}
	return out;
}

/* costs and planned, once the strategies are known. */
static void
read_by_strategy(FunctionCallInfo fcinfo, journey_compare_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int			a;

	call->costs = named_numbers(fcinfo, ARG_COSTS, "costs", s);
	call->planned = named_numbers(fcinfo, ARG_PLANNED, "planned", s);
	for (a = 0; a < s->arms; a++)
	{
		if (call->costs != NULL && isnan(call->costs[a]))
			call->costs[a] = 0.0;
		if (call->planned != NULL && isnan(call->planned[a]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("planned has no share for the strategy \"%s\"", s->names[a]),
					 errhint("A share of every strategy in the source is needed; leave out rows of others.")));
		if (call->planned != NULL && !(call->planned[a] > 0.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("planned share of strategy \"%s\" is %g, it must be positive", s->names[a], call->planned[a])));
	}
}

/* ---- scores ---- */

static void
refuse_unknown_propensities(const journey_compare_call *call)
{
	const journey_strategy_call *s = &call->strategies;

	if (call->estimand != JRN_ESTIMAND_AVERAGE && s->request.propensity == JRN_PROPENSITY_LOGGED && s->arms > 2)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("estimand %s needs the propensities of strategies not taken, which column \"%s\" does not tell",
						estimands[call->estimand], s->propensity),
				 errhint("Compare two strategies at a time, or leave out propensity to have them estimated.")));
}

/* Two strategies with rows. */
static bool
enough_strategies(const journey_strategy_call *s)
{
	int			with_rows = 0;
	int			a;

	for (a = 0; a < s->arms; a++)
		with_rows += s->rows_of_arm[a] > 0;
	return with_rows >= 2;
}

static void
run_scores(journey_compare_call *call)
{
	journey_strategy_call *s = &call->strategies;
	jrn_effects effects;
	jrn_effects_request request;
	jrn_score_models models;

	refuse_unknown_propensities(call);
	s->request.outcome_models = s->method == JOURNEY_METHOD_AIPW;
	if (!enough_strategies(s))
		s->request.propensity = JRN_PROPENSITY_CONSTANT;	/* none can be estimated */
	if (!s->request.outcome_models && s->request.propensity == JRN_PROPENSITY_LOGGED)
		s->request.repeats = 1; /* nothing is fitted, so folds change nothing */
	memset(&request, 0, sizeof(request));
	request.arms = s->arms;
	request.baseline = s->baseline_arm;
	request.repeats = s->request.repeats;
	request.p = (size_t) s->design->core.p;
	request.propensity = s->request.propensity;
	request.outcome_models = s->request.outcome_models;
	request.self_normalised = s->method == JOURNEY_METHOD_SNIPS;
	request.independent = s->design_request.key == NULL;
	request.estimand = call->estimand;
	request.clip = call->clip;
	request.costs = call->costs;
	memset(&models, 0, sizeof(models));
	journey_check(jrn_effects_begin(&effects, &s->env, &request), "comparing strategies");
	journey_check(jrn_scores_run(&s->env, &s->plan, &s->file.file, &s->request, jrn_effects_visit,
								 &effects, &models), "comparing strategies");
	journey_check(jrn_effects_end(&effects, s->keys_of_arm, &call->table, call->report), "comparing strategies");
	call->overlap = effects.overlap;
	call->not_converged = models.not_converged;
}

/* ---- randomised comparisons ---- */

/* Weights and balance of all rows, with logged or constant propensities. */
static void
look_at_rows(journey_compare_call *call)
{
	journey_strategy_call *s = &call->strategies;
	jrn_design *core = &s->design->core;
	bool		logged = s->request.propensity == JRN_PROPENSITY_LOGGED;
	double	   *e = palloc((Size) s->arms * JRN_BLOCK_ROWS * sizeof(double));
	jrn_score_block block;
	jrn_cluster_map map;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	jrn_cluster_cells cells;
	size_t		r;
	int			a;

	journey_check(jrn_overlap_begin(&call->overlap, &s->env, s->arms, s->baseline_arm, (size_t) core->p,
									JRN_ESTIMAND_AVERAGE, s->request.propensity, false), "comparing strategies");
	memset(&cells, 0, sizeof(cells));
	memset(&block, 0, sizeof(block));
	block.tile = &tile;
	block.arms = s->arms;
	jrn_tiles_open(core, &core->tiles, &cursor);
	for (;;)
	{
		journey_check(jrn_tiles_next(&cursor, &tile), "comparing strategies");
		if (tile.rows == 0)
			break;
		CHECK_FOR_INTERRUPTS();
		for (a = 0; a < s->arms; a++)
			for (r = 0; r < tile.rows; r++)
				e[(size_t) a * JRN_BLOCK_ROWS + r] = !logged ? (double) s->rows_of_arm[a] / (double) core->n :
					(int) tile.arm[r] == a ? tile.carried[r] : NAN;
		journey_check(jrn_cluster_map_make(&s->env, &cells, tile.cell, tile.cluster, tile.rows, &map),
					  "comparing strategies");
		journey_check(jrn_overlap_add(&call->overlap, &block, e, &map), "comparing strategies");
	}
	jrn_tiles_close(&cursor);
	jrn_overlap_end(&call->overlap, cells.begun, call->report);
}

/* Means without weights are values only where every row had the same chance. */
static void
refuse_uneven_propensities(const journey_compare_call *call)
{
	const journey_strategy_call *s = &call->strategies;
	int			a;

	for (a = 0; a < s->arms; a++)
		if (s->request.propensity == JRN_PROPENSITY_LOGGED && call->report[a].n > 0.0 &&
			!(call->report[a].ess > (1.0 - 1e-9) * call->report[a].n))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("method %s needs the same propensity for all rows of strategy \"%s\", but column \"%s\" differs",
							methods[s->method], s->names[a], s->propensity),
					 errhint("Use method aipw, ipw or snips.")));
}

static void
run_randomised(journey_compare_call *call)
{
	journey_strategy_call *s = &call->strategies;
	jrn_effect_table *table = &call->table;
	jrn_randomised_result result;
	int			base = s->baseline_arm;
	int			a,
				b;

	if (s->method != JOURNEY_METHOD_DIFFERENCE && s->design->core.p == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s adjusts for features, but there are none", methods[s->method]),
				 errhint("Name columns in features that were known before the decision, or use method difference.")));
	look_at_rows(call);
	refuse_uneven_propensities(call);
	journey_check(jrn_effect_table_begin(&s->env, s->arms, base, true, table), "comparing strategies");
	journey_check(jrn_randomised_run(&s->env, &s->design->core, s->arms, base,
									 (jrn_randomised_method) s->method, &result), "comparing strategies");
	for (a = 0; a < s->arms; a++)
	{
		const jrn_randomised_arm *arm = &result.arm[a];
		double		cost = call->costs == NULL ? 0.0 : call->costs[a];
		double		base_cost = call->costs == NULL ? 0.0 : call->costs[base];

		table->value[a].estimate = arm->value - cost;
		table->value[a].std_error = arm->value_se;
		table->value_df[a] = arm->value_df;
		table->difference[a].estimate = arm->difference - cost + base_cost;
		table->difference[a].std_error = arm->difference_se;
		table->difference_df[a] = arm->difference_df;
		table->flat[a] = call->overlap.y_low[a] == call->overlap.y_high[a];
		call->rank_deficient[a] = arm->value_status == JRN_RANDOMISED_RANK_DEFICIENT ||
			arm->difference_status == JRN_RANDOMISED_RANK_DEFICIENT;
	}
	for (a = 0; a < s->arms; a++)
		for (b = 0; b < s->arms; b++)
		{
			const double *c = result.covariance;
			jrn_effect_point *pair = &table->pair[a * s->arms + b];

			table->covariance[a * s->arms + b] = c[a * s->arms + b];
			pair->estimate = table->value[a].estimate - table->value[b].estimate;
			pair->std_error = sqrt(fmax(0.0, c[a * s->arms + a] + c[b * s->arms + b] - 2.0 * c[a * s->arms + b]));
		}
}

/* ---- the run ---- */

static void
refuse_outside_bounds(const journey_compare_call *call)
{
	double		low = INFINITY;
	double		high = -INFINITY;
	int			a;

	for (a = 0; a < call->strategies.arms; a++)
	{
		low = fmin(low, call->overlap.y_low[a]);
		high = fmax(high, call->overlap.y_high[a]);
	}
	if (call->has_bounds && (low < call->low || high > call->high))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcome \"%s\" has the value %g, outside bounds %g to %g",
						call->strategies.design_request.target, low < call->low ? low : high,
						call->low, call->high)));
}

static void
run(journey_compare_call *call)
{
	journey_strategy_call *s = &call->strategies;
	Size		arms = (Size) s->arms;
	int			a;

	call->report = palloc0(arms * sizeof(jrn_overlap_report));
	call->effect = palloc0(arms * sizeof(jrn_effect));
	call->usable = palloc0(arms * sizeof(bool));
	call->rank_deficient = palloc0(arms * sizeof(bool));
	if (is_randomised(call))
		run_randomised(call);
	else
		run_scores(call);
	refuse_outside_bounds(call);
	for (a = 0; a < s->arms; a++)
		call->usable[a] = journey_compare_is_usable(call, a);
	journey_check(jrn_effects_infer(&s->env, &call->table, call->usable, s->seed, call->effect),
				  "comparing strategies");
	journey_compare_checks(call);
}

/* ---- result ---- */

static void
put_count(journey_rows *rows, int column, double count)
{
	if (!isnan(count))
		journey_rows_bigint(rows, column, (int64) count);
}

static void
put_effect(journey_rows *rows, const jrn_effect *e)
{
	journey_rows_number(rows, OUT_VALUE, e->value.estimate);
	journey_rows_number(rows, OUT_VALUE_SE, e->value.std_error);
	journey_rows_number(rows, OUT_VALUE_LOW, e->value_low);
	journey_rows_number(rows, OUT_VALUE_HIGH, e->value_high);
	journey_rows_number(rows, OUT_DIFFERENCE, e->difference.estimate);
	journey_rows_number(rows, OUT_STD_ERROR, e->difference.std_error);
	journey_rows_number(rows, OUT_CONF_LOW, e->conf_low);
	journey_rows_number(rows, OUT_CONF_HIGH, e->conf_high);
	journey_rows_number(rows, OUT_P_VALUE, e->p_value);
	journey_rows_number(rows, OUT_Q_VALUE, e->q_value);
	if (e->wins >= 0)
		journey_rows_integer(rows, OUT_WINS, e->wins);
	journey_rows_number(rows, OUT_MINIMUM_DETECTABLE, e->minimum_detectable);
	journey_rows_number(rows, OUT_SIMULTANEOUS_LOW, e->simultaneous_low);
	journey_rows_number(rows, OUT_SIMULTANEOUS_HIGH, e->simultaneous_high);
	if (e->in_best_set >= 0)
		journey_rows_boolean(rows, OUT_IN_BEST_SET, e->in_best_set == 1);
	journey_rows_number(rows, OUT_OVERLAP_DIFFERENCE, e->overlap.estimate);
	journey_rows_number(rows, OUT_OVERLAP_LOW, e->overlap_low);
	journey_rows_number(rows, OUT_OVERLAP_HIGH, e->overlap_high);
	journey_rows_number(rows, OUT_TRIMMED_DIFFERENCE, e->trimmed.estimate);
	journey_rows_number(rows, OUT_TRIMMED_LOW, e->trimmed_low);
	journey_rows_number(rows, OUT_TRIMMED_HIGH, e->trimmed_high);
	put_count(rows, OUT_N_TRIMMED, e->n_trimmed);
	put_count(rows, OUT_CLIPPED, e->clipped);
	journey_rows_number(rows, OUT_CLIP_BIAS, e->clip_bias);
}

static void
put_report(journey_rows *rows, const jrn_overlap_report *r)
{
	journey_rows_number(rows, OUT_ESS, r->ess);
	journey_rows_number(rows, OUT_MAX_WEIGHT, r->n > 0.0 ? r->max_weight : NAN);
	journey_rows_cstring(rows, OUT_OVERLAP, jrn_overlap_name(r->level));
	journey_rows_number(rows, OUT_WEIGHT_MEAN, r->weight_mean);
	journey_rows_number(rows, OUT_MAX_SMD_BEFORE, r->smd_before);
	journey_rows_number(rows, OUT_MAX_SMD_AFTER, r->smd_after);
	journey_rows_number(rows, OUT_SHARE_EXTREME, r->share_extreme);
}

static void
put_row(journey_rows *rows, const journey_compare_call *call, int arm)
{
	const journey_strategy_call *s = &call->strategies;
	const char *status = journey_compare_status(call, arm);
	double		worst_low,
				worst_high;

	journey_rows_cstring(rows, OUT_STRATEGY, s->names[arm]);
	journey_rows_cstring(rows, OUT_BASELINE, s->names[s->baseline_arm]);
	journey_rows_bigint(rows, OUT_N, s->rows_of_arm[arm]);
	journey_rows_bigint(rows, OUT_N_KEYS, s->keys_of_arm[arm]);
	put_effect(rows, &call->effect[arm]);
	put_report(rows, &call->report[arm]);
	if (call->table.repeats > 0)
		journey_rows_integer(rows, OUT_REPEATS, call->table.repeats);
	journey_rows_cstring(rows, OUT_STATUS, status);
	journey_rows_cstring(rows, OUT_VERDICT, journey_compare_verdict(call, arm, status));
	journey_rows_number(rows, OUT_COST, call->costs == NULL ? NAN : call->costs[arm]);
	journey_rows_bigint(rows, OUT_N_MISSING, s->ledger.of_arm[arm].missing);
	journey_rows_bigint(rows, OUT_N_IMMATURE, s->ledger.of_arm[arm].immature);
	journey_rows_number(rows, OUT_SRM_P_VALUE, call->ratio_p);
	journey_rows_cstring(rows, OUT_ESTIMAND, estimands[call->estimand]);
	journey_rows_cstring(rows, OUT_METHOD, methods[s->method]);
	journey_compare_worst(call, arm, &worst_low, &worst_high);
	journey_rows_number(rows, OUT_WORST_LOW, worst_low);
	journey_rows_number(rows, OUT_WORST_HIGH, worst_high);
	journey_rows_put(rows);
}

/*
 * compare_strategies(the arguments that the calls share, estimand, clip, costs,
 *	   planned, decided_at, matured_at, eligible_at, as_of, bounds)
 */
Datum
journey_compare_strategies(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	journey_compare_call call;
	int			a;

	journey_rows_begin(&rows, fcinfo, OUT_COLUMNS, "compare_strategies");
	read_arguments(fcinfo, &call);
	journey_strategy_read(&call.strategies);
	read_by_strategy(fcinfo, &call);
	run(&call);
	for (a = 0; a < call.strategies.arms; a++)
		put_row(&rows, &call, a);
	journey_strategy_end(&call.strategies);
	return (Datum) 0;
}
