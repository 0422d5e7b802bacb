/*
 * pg_uplift.c
 *		SQL binding of uplift(): the effect of every strategy for every row; and
 *		what its kin share (pg_uplift.h).
 */
#include "pg_uplift.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/dist.h"
#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "effect_groups.h"

PG_FUNCTION_INFO_V1(journey_uplift);

/* The argument after those that calls on strategies share. */
#define ARG_LEARNER 12

enum
{
	UPLIFT_KEY, UPLIFT_ROW_NUMBER, UPLIFT_FOLD, UPLIFT_STRATEGY, UPLIFT_BASELINE, UPLIFT_EFFECT,
	UPLIFT_STD_ERROR, UPLIFT_LOW, UPLIFT_HIGH, UPLIFT_SCORE, UPLIFT_STATUS, UPLIFT_COLUMNS
};

/* ---- shared ---- */

static void
read_arguments(FunctionCallInfo fcinfo, journey_uplift_call *call, const char *what)
{
	static const char *const learners[] = {"dr", "r", "x"};
	const journey_strategy_call *s = &call->strategies;

	memset(call, 0, sizeof(*call));
	journey_strategy_args(fcinfo, &call->strategies);
	call->learner = (jrn_learner)
		journey_word_arg(journey_arg_cstring_required(fcinfo, ARG_LEARNER, "learner"), "learner",
						 learners, JRN_LEARNERS);
	if (s->design_request.feature_count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs at least one feature", what),
				 errhint("Features are what tells customers apart before the decision; the average effect is that of journey.compare_strategies().")));
	if (call->learner == JRN_LEARNER_X && s->method != JOURNEY_METHOD_AIPW)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("learner \"x\" needs outcome models, which only method \"aipw\" has"),
				 errhint("Pass learner => 'dr', or method => 'aipw'.")));
}

/* Learners r and x weigh the propensities of both strategies. */
static void
check_propensities(const journey_uplift_call *call)
{
	if (call->learner != JRN_LEARNER_DR && call->strategies.arms > 2 &&
		call->strategies.request.propensity == JRN_PROPENSITY_LOGGED)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("learner \"%s\" needs the propensities of strategies that were not taken, and column \"%s\" gives that of the one taken",
						call->learner == JRN_LEARNER_R ? "r" : "x", call->strategies.propensity),
				 errhint("Pass learner => 'dr', or only the rows of two strategies.")));
}

/* The rows of the table as a block, for the gate. */
typedef struct table_block
{
	jrn_tile	tile;
	jrn_score_block block;
	double	   *x;				/* p columns of JRN_BLOCK_ROWS */
	double	   *y;
	double	   *arm;
	double	   *propensity;		/* arms columns */
} table_block;

static void
block_begin(const jrn_score_table *table, table_block *b)
{
	memset(b, 0, sizeof(*b));
	b->x = palloc0((Size) (table->p + 1) * JRN_BLOCK_ROWS * sizeof(double));
	b->y = palloc0(JRN_BLOCK_ROWS * sizeof(double));
	b->arm = palloc0(JRN_BLOCK_ROWS * sizeof(double));
	b->propensity = palloc0((Size) table->arms * JRN_BLOCK_ROWS * sizeof(double));
	b->tile.stride = JRN_BLOCK_ROWS;
	b->tile.x = b->x;
	b->tile.y = b->y;
	b->tile.arm = b->arm;
	b->block.tile = &b->tile;
	b->block.arms = table->arms;
	b->block.stride = JRN_BLOCK_ROWS;
	b->block.propensity = b->propensity;
}

static void
block_fill(const jrn_score_table *table, size_t first, table_block *b)
{
	size_t		arms = (size_t) table->arms;
	size_t		r,
				j;

	/* rows of one fold: its clusters come one after the other */
	b->tile.cell = table->fold[first];
	for (r = 0; r < JRN_BLOCK_ROWS && first + r < table->n && table->fold[first + r] == b->tile.cell; r++)
		;
	b->tile.rows = r;
	b->tile.cluster = table->cluster + first;
	for (r = 0; r < b->tile.rows; r++)
	{
		b->y[r] = table->y[first + r];
		b->arm[r] = (double) table->arm[first + r];
		for (j = 0; j < table->p; j++)
			b->x[j * JRN_BLOCK_ROWS + r] = table->x[(first + r) * table->p + j];
		for (j = 0; j < arms; j++)
			b->propensity[j * JRN_BLOCK_ROWS + r] = table->propensity[(first + r) * arms + j];
	}
}

/* R-UPL-3 */
static void
gate(journey_uplift_call *call)
{
	const jrn_score_table *table = &call->table;
	const jrn_env *env = &call->strategies.env;
	jrn_overlap overlap;
	jrn_cluster_map map;
	table_block b;
	double	   *e = palloc0((Size) table->arms * JRN_BLOCK_ROWS * sizeof(double));
	jrn_cluster_cells cells;
	size_t		first;

	call->report = palloc0((Size) table->arms * sizeof(jrn_overlap_report));
	block_begin(table, &b);
	journey_check(jrn_overlap_begin(&overlap, env, table->arms, call->strategies.baseline_arm, table->p,
									JRN_ESTIMAND_AVERAGE, call->strategies.request.propensity, false),
				  "overlap of strategies");
	memset(&cells, 0, sizeof(cells));
	for (first = 0; first < table->n; first += b.tile.rows)
	{
		CHECK_FOR_INTERRUPTS();
		block_fill(table, first, &b);
		(void) jrn_propensities(&b.block, e);
		journey_check(jrn_cluster_map_make(env, &cells, b.tile.cell, b.tile.cluster, b.tile.rows, &map),
					  "overlap of strategies");
		journey_check(jrn_overlap_add(&overlap, &b.block, e, &map), "overlap of strategies");
	}
	jrn_overlap_end(&overlap, cells.begun, call->report);
}

void
journey_uplift_read(FunctionCallInfo fcinfo, bool numbers_and_keys, const char *what,
					journey_uplift_call *call)
{
	journey_strategy_call *s = &call->strategies;

	read_arguments(fcinfo, call, what);
	s->row_numbers = numbers_and_keys;
	s->keep_keys = numbers_and_keys;
	journey_strategy_read(s);
	check_propensities(call);
	if (s->design->core.p > JRN_EFFECT_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the features make %d columns, an effect model takes at most %d",
						s->design->core.p, JRN_EFFECT_COLUMNS),
				 errhint("Pass fewer features, or group rare levels.")));
	journey_strategy_warn(s);
	journey_strategy_table(s, true, &call->table);
	journey_progress_watch(s->design->context, "effect models");
	journey_check(jrn_effect_order(&s->env, &call->table), "effect models");
	journey_check(jrn_effect_space_make(&s->env, &call->table, &call->space), "effect models");
	gate(call);
}

/* R-UPL-1 */
static const char *
status_of(const journey_uplift_call *call, int arm)
{
	const journey_strategy_call *s = &call->strategies;
	int			base = s->baseline_arm;
	jrn_overlap_level worse = Max(call->report[arm].level, call->report[base].level);

	if (journey_strategy_is_small(s, arm) || journey_strategy_is_small(s, base))
		return "too_few";
	if (worse == JRN_OVERLAP_NONE)
		return "no_overlap";
	if (journey_strategy_missing_unequal(s))
		return "unequal_missing";
	if (call->table.models.not_converged)
		return "not_converged";
	return jrn_overlap_name(worse);
}

const char *
journey_uplift_model(const journey_uplift_call *call, int arm, jrn_effect_model *model)
{
	const journey_strategy_call *s = &call->strategies;
	const char *status = status_of(call, arm);
	jrn_effect_request request;
	jrn_status	done;

	memset(model, 0, sizeof(*model));
	if (strcmp(status, "too_few") == 0 || strcmp(status, "no_overlap") == 0)
		return status;			/* R-UPL-2 */
	request.learner = call->learner;
	request.arm = arm;
	request.baseline = s->baseline_arm;
	request.lambda = s->request.lambda;
	done = jrn_effect_fit(&s->env, &call->table, &call->space, &request, model);
	if (done == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("effect models of %d folds with %d columns are too large", call->table.folds,
						s->design->core.p),
				 errhint("Pass a smaller k or fewer features.")));
	journey_check(done, "effect models");
	return model->known ? status : "too_few";
}

void
journey_uplift_forget(const journey_uplift_call *call, jrn_effect_model *model)
{
	const jrn_env *env = &call->strategies.env;

	jrn_release(env, model->effect);
	jrn_release(env, model->std_error);
	jrn_release(env, model->score);
	jrn_release(env, model->coefficient);
	jrn_release(env, model->coefficient_se);
}

void
journey_uplift_end(journey_uplift_call *call)
{
	journey_strategy_end(&call->strategies);
}

/* ---- uplift ---- */

/* Numbers of a row; NaN is NULL. */
static void
set_number(Datum *values, bool *nulls, int column, double number)
{
	values[column] = Float8GetDatum(number);
	nulls[column] = isnan(number);
}

static void
put_strategy(ReturnSetInfo *rsinfo, const journey_uplift_call *call, int arm)
{
	const journey_strategy_call *s = &call->strategies;
	const jrn_design *core = &s->design->core;
	const jrn_score_table *table = &call->table;
	MemoryContext key_context = AllocSetContextCreate(CurrentMemoryContext, "journey key",
													  ALLOCSET_SMALL_SIZES);
	double		critical = jrn_t_critical(JRN_EFFECT_LEVEL,
										  jrn_effect_df(s->keys_of_arm[arm], s->keys_of_arm[s->baseline_arm]));
	Datum		values[UPLIFT_COLUMNS] = {0};
	bool		nulls[UPLIFT_COLUMNS] = {0};
	jrn_effect_model model;
	int64		last = -1;
	size_t		i;

	values[UPLIFT_STATUS] = CStringGetTextDatum(journey_uplift_model(call, arm, &model));
	values[UPLIFT_STRATEGY] = CStringGetTextDatum(s->names[arm]);
	values[UPLIFT_BASELINE] = CStringGetTextDatum(s->names[s->baseline_arm]);
	nulls[UPLIFT_KEY] = s->design_request.key == NULL;
	for (i = 0; i < table->n; i++)
	{
		int64		cluster = table->cluster[i];
		double		effect = model.known ? model.effect[i] : NAN;
		double		std_error = model.known ? model.std_error[i] : NAN;

		if (i % 256 == 0)
			CHECK_FOR_INTERRUPTS();
		if (!nulls[UPLIFT_KEY] && cluster != last)
		{
			MemoryContext old;

			MemoryContextReset(key_context);
			old = MemoryContextSwitchTo(key_context);
			values[UPLIFT_KEY] = CStringGetTextDatum(journey_key_text(s->design->key_kind, core->cluster_key[cluster],
																	  core->cluster_key_size[cluster]));
			MemoryContextSwitchTo(old);
			last = cluster;
		}
		values[UPLIFT_ROW_NUMBER] = Int64GetDatum(table->number[i]);
		values[UPLIFT_FOLD] = Int32GetDatum(table->fold[i] + 1);
		set_number(values, nulls, UPLIFT_EFFECT, effect);
		set_number(values, nulls, UPLIFT_STD_ERROR, std_error);
		set_number(values, nulls, UPLIFT_LOW, effect - critical * std_error);
		set_number(values, nulls, UPLIFT_HIGH, effect + critical * std_error);
		set_number(values, nulls, UPLIFT_SCORE, model.known ? model.score[i] : NAN);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	journey_uplift_forget(call, &model);
	MemoryContextDelete(key_context);
}

/* uplift(the arguments that calls on strategies share, learner) */
Datum
journey_uplift(PG_FUNCTION_ARGS)
{
	journey_uplift_call call;
	int			a;

	journey_init_materialized(fcinfo);
	journey_uplift_read(fcinfo, true, "uplift", &call);
	for (a = 0; a < call.strategies.arms; a++)
		if (a != call.strategies.baseline_arm)
			put_strategy((ReturnSetInfo *) fcinfo->resultinfo, &call, a);
	journey_uplift_end(&call);
	return (Datum) 0;
}
