/*
 * pg_strategies.c
 *		Arguments and rows of the calls on strategies (see pg_strategies.h).
 */
#include "pg_strategies.h"

#include <math.h>

#include "utils/timestamp.h"

#include "../models/pg_options.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "missing.h"
#include "pg_propensity.h"

/* ---- arguments ---- */

static void
read_features(FunctionCallInfo fcinfo, int number, journey_strategy_call *call)
{
	journey_design_request *request = &call->design_request;
	int			i;

	if (PG_ARGISNULL(number))
		return;
	request->features = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), "features",
											   &request->feature_count);
	for (i = 0; i < request->feature_count; i++)
		if (strcmp(request->features[i], call->strategy) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the strategy \"%s\" cannot be a feature", call->strategy),
					 errhint("Features are what was known before the strategy was chosen.")));
}

/* What was known to who decided is a feature; with what chance she did so is not. */
static void
refuse_propensity_feature(const journey_strategy_call *call)
{
	int			i;

	for (i = 0; call->propensity != NULL && i < call->design_request.feature_count; i++)
		if (strcmp(call->design_request.features[i], call->propensity) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the propensity \"%s\" cannot be a feature", call->propensity),
					 errhint("Leave it out of features.")));
}

void
journey_strategy_args(FunctionCallInfo fcinfo, journey_strategy_call *call)
{
	static const char *const methods[] = {"difference", "cuped", "lin", "aipw", "ipw", "snips"};

	memset(call, 0, sizeof(*call));
	call->design_request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->design_request.target = journey_arg_cstring_required(fcinfo, 1, "outcome");
	call->strategy = journey_arg_cstring_required(fcinfo, 2, "strategy");
	call->design_request.key = journey_arg_cstring(fcinfo, 3);
	call->design_request.arm = call->strategy;
	if (strcmp(call->strategy, call->design_request.target) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("outcome and strategy are both \"%s\"", call->strategy)));
	read_features(fcinfo, 4, call);
	call->baseline = journey_arg_cstring(fcinfo, 5);
	call->propensity = journey_arg_cstring(fcinfo, 6);
	refuse_propensity_feature(call);
	call->method = (journey_strategy_method)
		journey_word_arg(journey_arg_cstring_required(fcinfo, 7, "method"), "method", methods,
						 JOURNEY_METHODS);
	call->k = journey_arg_int(fcinfo, 8, "k", 2, JOURNEY_MAX_FOLDS);
	call->repeats = journey_arg_int(fcinfo, 9, "repeats", 1, JOURNEY_MAX_REPEATS);
	call->design_request.fold = journey_arg_cstring(fcinfo, 10);
	if (call->design_request.fold != NULL)
		call->repeats = 1;		/* there is one map only */
	journey_arg_not_null(fcinfo, 11, "seed");
	call->seed = (uint64) PG_GETARG_INT64(11);
}

/* ---- rows ---- */

/* What the judge of rows needs. */
typedef struct strategy_judge
{
	journey_strategy_call *call;
	jrn_env		env;
	journey_column outcome;
	journey_column decided_at;
	journey_column matured_at;
	journey_column eligible_at;
	journey_propensity propensity;
} strategy_judge;

static void
open_columns(void *arg, journey_source *source)
{
	strategy_judge *judge = arg;
	const journey_strategy_call *call = judge->call;

	judge->outcome = journey_source_column(source, call->design_request.target, JOURNEY_COLUMN_NUMBER, true);
	if (call->decided_at != NULL)
		judge->decided_at = journey_source_column(source, call->decided_at, JOURNEY_COLUMN_TIME, true);
	if (call->matured_at != NULL)
		judge->matured_at = journey_source_column(source, call->matured_at, JOURNEY_COLUMN_TIME, true);
	if (call->eligible_at != NULL)
		judge->eligible_at = journey_source_column(source, call->eligible_at, JOURNEY_COLUMN_TIME, true);
	if (call->propensity != NULL)
		journey_propensity_open(&judge->propensity, source, call->propensity);
}

/* A time of the row; false: there is none. */
static bool
time_of(const journey_column *column, TupleTableSlot *slot, int64 row, TimestampTz *time)
{
	if (column->attribute == 0 || journey_column_is_null(column, slot))
		return false;
	*time = journey_column_time(column, journey_column_datum(column, slot), row);
	return true;
}

/* Whole weeks from Monday, 2000-01-03, rounded down. */
static int64
week_of(TimestampTz time)
{
	int64		since = time - 2 * USECS_PER_DAY;
	int64		week = since / (7 * USECS_PER_DAY);

	return since < week * 7 * USECS_PER_DAY ? week - 1 : week;
}

/* R-STR-2 */
static jrn_ledger_fate
fate_of(const strategy_judge *judge, TupleTableSlot *slot, int64 row)
{
	TimestampTz matured;

	if (judge->matured_at.attribute != 0 &&
		(!time_of(&judge->matured_at, slot, row, &matured) ||
		 (judge->call->has_as_of && matured >= judge->call->as_of)))
		return JRN_FATE_IMMATURE;
	return journey_column_is_null(&judge->outcome, slot) ? JRN_FATE_MISSING : JRN_FATE_ANALYSED;
}

static bool
keep_row(void *arg, TupleTableSlot *slot, int64 row, uint32 arm, const jrn_label *label,
		 double *carried)
{
	strategy_judge *judge = arg;
	journey_strategy_call *call = judge->call;
	TimestampTz decided = 0;
	TimestampTz eligible;
	bool		has_decided = time_of(&judge->decided_at, slot, row, &decided);
	jrn_ledger_fate fate;

	if (call->decided_at != NULL && !has_decided)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source", call->decided_at, row),
				 errhint("Filter rows without a time of decision.")));
	if (has_decided && call->has_as_of && decided >= call->as_of)
		return false;			/* not there yet, as of that moment */
	fate = fate_of(judge, slot, row);
	journey_check(jrn_strategy_ledger_add(&call->ledger, arm, has_decided, week_of(decided), fate,
								 has_decided && time_of(&judge->eligible_at, slot, row, &eligible) &&
								 eligible > decided), "counting rows");
	if (call->propensity != NULL)
		carried[0] = journey_propensity_of(&judge->propensity, slot, row, label);
	return fate == JRN_FATE_ANALYSED;
}

/* ---- checks ---- */

static void
take_names(journey_strategy_call *call)
{
	const jrn_labels *arms = &call->design->core.arms;
	int			a;

	call->arms = (int) arms->count;
	if (call->arms == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the source has no rows to compare strategies on")));
	if (call->arms > JRN_MAX_STRATEGIES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has %d strategies, at most %d can be compared",
						call->strategy, call->arms, JRN_MAX_STRATEGIES),
				 errhint("Group rare strategies in the source query.")));
	call->names = palloc((Size) call->arms * sizeof(char *));
	for (a = 0; a < call->arms; a++)
		call->names[a] = pstrdup(arms->list[arms->code_of_rank[a]].bytes);
	if (call->arms < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" has the single strategy \"%s\", there is nothing to compare it with",
						call->strategy, call->names[0])));
}

static void
find_baseline(journey_strategy_call *call)
{
	StringInfoData list;
	int			a;

	for (a = 0; call->baseline != NULL && a < call->arms; a++)
		if (strcmp(call->names[a], call->baseline) == 0)
			break;
	if (call->baseline == NULL || a < call->arms)
	{
		call->baseline_arm = call->baseline == NULL ? 0 : a;
		return;
	}
	initStringInfo(&list);
	for (a = 0; a < call->arms; a++)
		appendStringInfo(&list, "%s\"%s\"", a > 0 ? ", " : "", call->names[a]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("baseline \"%s\" does not occur in column \"%s\"", call->baseline, call->strategy),
			 errhint("Its strategies are %s.", list.data)));
}

/* Rows and keys by strategy; rows of a key are adjacent (R-DES-3). */
static void
count_arms(journey_strategy_call *call)
{
	jrn_design *core = &call->design->core;
	int64	   *last = palloc((Size) call->arms * sizeof(int64));
	int64		cluster = -1;
	double		size = 0.0;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		r;
	int			a;

	call->rows_of_arm = palloc0((Size) call->arms * sizeof(int64));
	call->keys_of_arm = palloc0((Size) call->arms * sizeof(int64));
	for (a = 0; a < call->arms; a++)
		last[a] = -1;
	jrn_tiles_open(core, &core->tiles, &cursor);
	for (;;)
	{
		journey_check(jrn_tiles_next(&cursor, &tile), "counting strategies");
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++)
		{
			a = (int) tile.arm[r];
			call->rows_of_arm[a]++;
			call->keys_of_arm[a] += last[a] != tile.cluster[r];
			last[a] = tile.cluster[r];
			if (tile.cluster[r] != cluster)
			{
				call->key_effect += size * size;
				cluster = tile.cluster[r];
				size = 0.0;
			}
			size += 1.0;
		}
	}
	jrn_tiles_close(&cursor);
	call->key_effect = (call->key_effect + size * size) / Max(1.0, (double) core->n);
}

static void
check_rows(const journey_strategy_call *call)
{
	const jrn_design *core = &call->design->core;

	if (core->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no row of the source has a matured outcome \"%s\"", call->design_request.target),
				 errhint("Widen the source query, or wait until outcomes have matured.")));
	if (call->design_request.fold == NULL && call->k > core->clusters)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the source has only " INT64_FORMAT " %s", call->k, core->clusters,
						call->design_request.key != NULL ? "keys" : "rows"),
				 errhint("Pass a smaller k.")));
}

static void
fold_fault(const journey_strategy_call *call, const jrn_plan_fault *fault)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("fold column \"%s\" puts key %s into folds %d and %d",
					call->design_request.fold,
					call->design_request.key == NULL ? "of a row" :
					journey_key_text(call->design->key_kind,
									 call->design->core.cluster_key[fault->cluster],
									 call->design->core.cluster_key_size[fault->cluster]),
					fault->fold_a, fault->fold_b),
			 errdetail("Scores would come from models that have seen the same customer."),
			 errhint("Assign folds by key, or pass key => NULL when rows are independent.")));
}

static void
settle_plan(journey_strategy_call *call)
{
	jrn_plan_fault fault;
	jrn_status	status;

	status = jrn_plan_begin(&call->plan, &call->env, &call->design->core,
							call->design_request.fold != NULL ? JRN_FOLDS_COLUMN : JRN_FOLDS_AUTO,
							call->k, call->seed, &fault);
	if (status == JRN_DOMAIN && fault.cluster >= 0)
		fold_fault(call, &fault);
	journey_check(status, "assigning folds");
	if (call->plan.k < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fold column \"%s\" holds one fold only", call->design_request.fold)));
	call->k = call->plan.k;
}

/* R-SCO-3 */
static void
settle_request(journey_strategy_call *call)
{
	bool		aipw = call->method == JOURNEY_METHOD_AIPW;

	call->request.arms = call->arms;
	call->request.outcome_models = aipw || call->method == JOURNEY_METHOD_LIN ||
		call->method == JOURNEY_METHOD_CUPED;
	call->request.propensity = call->propensity != NULL ? JRN_PROPENSITY_LOGGED :
		aipw && call->design->core.p > 0 ? JRN_PROPENSITY_ESTIMATED : JRN_PROPENSITY_CONSTANT;
	call->request.lambda = JRN_SCORE_LAMBDA;
	call->request.repeats = call->repeats;
}

void
journey_strategy_read(journey_strategy_call *call)
{
	journey_design_request *request = &call->design_request;
	MemoryContext own = AllocSetContextCreate(CurrentMemoryContext, "journey ledger", ALLOCSET_DEFAULT_SIZES);
	const char *taken[] = {call->propensity, call->decided_at, call->matured_at, call->eligible_at};
	const char *given[lengthof(taken)];
	strategy_judge judge;
	journey_row_judge rows = {open_columns, keep_row, &judge, call->propensity != NULL ? 1 : 0};
	int			i;

	memset(&judge, 0, sizeof(judge));
	judge.call = call;
	judge.env = journey_host_env(own);
	journey_check(jrn_strategy_ledger_begin(&call->ledger, &judge.env), "counting rows");
	for (i = 0; i < (int) lengthof(taken); i++)
		if (taken[i] != NULL)
			given[request->taken_count++] = taken[i];
	request->taken = given;
	request->judge = &rows;
	request->finish = true;
	request->row_numbers = call->row_numbers;
	/* ntile deals keys; a fold column names the key that it splits */
	request->keep_keys = call->keep_keys || call->k > JRN_CELLS / 4 || request->fold != NULL ?
		PG_INT64_MAX : JRN_BUCKET_KEYS;
	call->design = journey_design_read(request, CurrentMemoryContext);
	request->taken = NULL;
	request->judge = NULL;
	call->env = journey_host_env(call->design->context);
	journey_tempfile_init(&call->file);
	take_names(call);
	journey_check(jrn_strategy_ledger_settle(&call->ledger, call->design->core.arms.rank_of_code, call->arms),
				  "counting rows");
	call->ledger.env = NULL;
	find_baseline(call);
	check_rows(call);
	count_arms(call);
	settle_plan(call);
	settle_request(call);
	journey_progress_watch(call->design->context, "comparing strategies");
}

void
journey_strategy_table(journey_strategy_call *call, bool with_x, jrn_score_table *table)
{
	journey_check(jrn_score_table_make(&call->env, &call->plan, &call->file.file, &call->request,
									   with_x, table), "scores of strategies");
}

bool
journey_strategy_is_small(const journey_strategy_call *call, int arm)
{
	return call->keys_of_arm[arm] < call->k;
}

bool
journey_strategy_missing_unequal(const journey_strategy_call *call)
{
	int64	   *missing = palloc((Size) call->arms * sizeof(int64));
	int64	   *due = palloc((Size) call->arms * sizeof(int64));
	int64		keys = 0;
	double		p;
	int			a;

	for (a = 0; a < call->arms; a++)
	{
		missing[a] = call->ledger.of_arm[a].missing;
		due[a] = call->ledger.of_arm[a].assigned - call->ledger.of_arm[a].immature;
		keys += call->keys_of_arm[a];
	}
	/* keys that have one strategy each were dealt as a whole */
	p = jrn_missing_test(missing, due, call->arms,
						 keys == call->design->core.clusters ? Max(1.0, call->key_effect) : 1.0);
	return p < JRN_MISSING_THRESHOLD;
}

void
journey_strategy_warn(const journey_strategy_call *call)
{
	int64		missing = 0;
	int64		immature = 0;
	int			a;

	for (a = 0; a < call->arms; a++)
	{
		missing += call->ledger.of_arm[a].missing;
		immature += call->ledger.of_arm[a].immature;
	}
	if (missing + immature > 0)
		ereport(WARNING,
				(errmsg(INT64_FORMAT " rows are left out: " INT64_FORMAT " without outcome \"%s\", "
						INT64_FORMAT " not matured", missing + immature, missing,
						call->design_request.target, immature),
				 errhint("See journey.strategy_checks() for how they spread over the strategies.")));
}

void
journey_strategy_end(journey_strategy_call *call)
{
	journey_tempfile_close(&call->file);
	journey_design_close(call->design);
}
