/*
 * pg_chaos_share.c
 *		journey.chaos_share: event source to chaos shares (share.h).
 *
 * R-CS-1	Touchpoints come out in byte order behind the first touch; what only
 *			the outcome tells, by method model, comes last.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../maps/pg_outcome_journeys.h"
#include "../pg/progress.h"
#include "share.h"

#define COLUMNS 14
#define MAX_REPLICATES 10000

typedef struct chaos_call
{
	journey_outcome_map journeys;
	journey_progress progress;	/* of the bootstrap */
	journey_tempfile row_file;	/* by model */
	journey_tempfile tile_file;
	journey_tempfile fold_file;
} chaos_call;

static jrn_credit
read_credit(const char *credit)
{
	if (strcmp(credit, "fork") == 0)
		return JRN_CREDIT_FORK;
	if (strcmp(credit, "arrival") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"credit\" is \"%s\", it must be \"fork\" or \"arrival\"", credit)));
	return JRN_CREDIT_ARRIVAL;
}

static jrn_share_method
read_method(const char *method)
{
	if (strcmp(method, "markov") == 0)
		return JRN_SHARE_MARKOV;
	if (strcmp(method, "model") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"method\" is \"%s\", it must be \"markov\" or \"model\"", method)));
	return JRN_SHARE_MODEL;
}

/* From the bootstrap on replicates are counted instead of seconds. */
static void
report_progress(void *arg, int32_t done, int32_t total)
{
	chaos_call *call = arg;

	journey_progress_unwatch();
	journey_progress_step(&call->progress, done, total);
}

static void
set_number(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = isnan(value);
	values[column] = Float8GetDatum(value);
}

static void
set_label(const chaos_call *call, Datum *values, bool *nulls, int column, int32_t label)
{
	const jrn_label *bytes;

	nulls[column] = label < 0;
	if (label < 0)
		return;
	bytes = journey_events_label(call->journeys.events, (uint32_t) label);
	values[column] = PointerGetDatum(cstring_to_text_with_len(bytes->bytes, (int) bytes->size));
}

/* Row number row of the result: label row - 1, the first touch, what is unresolved. */
static void
put_row(const chaos_call *call, ReturnSetInfo *rsinfo, const jrn_share_result *result, int32_t number)
{
	const jrn_share_row *row = &result->rows[number];
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	memset(nulls, 0, sizeof(nulls));
	if (number == 0)
		values[0] = CStringGetTextDatum("(first touch)");
	else if (number > result->k)
		values[0] = CStringGetTextDatum("(unresolved)");
	else
		set_label(call, values, nulls, 0, number - 1);
	values[1] = Int64GetDatum(row->customers);
	values[2] = Int64GetDatum(row->visits);
	set_number(values, nulls, 3, row->share);
	set_number(values, nulls, 4, row->low);
	set_number(values, nulls, 5, row->high);
	set_number(values, nulls, 6, row->leverage);
	set_number(values, nulls, 7, row->mean_effect);
	set_label(call, values, nulls, 8, row->best);
	set_label(call, values, nulls, 9, row->worst);
	set_number(values, nulls, 10, row->gain);
	set_number(values, nulls, 11, row->p);
	set_number(values, nulls, 12, row->q);
	values[13] = CStringGetTextDatum(jrn_share_status_word(row->status));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static const jrn_file *
begin_file(journey_tempfile *temp)
{
	journey_tempfile_init(temp);
	return &temp->file;
}

PG_FUNCTION_INFO_V1(journey_chaos_share);
Datum
journey_chaos_share(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *outcome = journey_arg_cstring_required(fcinfo, 1, "outcome");
	jrn_share_options options;
	jrn_share_result result;
	chaos_call	call;
	MemoryContext context;
	jrn_env		env;
	int32_t		row;

	memset(&call, 0, sizeof(call));
	memset(&options, 0, sizeof(options));
	options.method = read_method(journey_arg_cstring_required(fcinfo, 2, "method"));
	options.credit = read_credit(journey_arg_cstring_required(fcinfo, 3, "credit"));
	options.forecast.folds = journey_arg_int(fcinfo, 4, "k", 2, JOURNEY_MAX_FOLDS);
	options.replicates = journey_arg_int(fcinfo, 5, "replicates", 0, MAX_REPLICATES);
	journey_arg_not_null(fcinfo, 6, "seed");
	options.seed = (uint64) PG_GETARG_INT64(6);
	options.permutations = JRN_FORK_PERMUTATIONS;
	options.forecast.seed = options.seed;
	options.forecast.memory_limit = journey_memory_budget();
	options.forecast.row_file = begin_file(&call.row_file);
	options.forecast.tile_file = begin_file(&call.tile_file);
	options.forecast.fold_file = begin_file(&call.fold_file);
	options.progress = report_progress;
	options.progress_arg = &call;

	journey_init_materialized(fcinfo);
	context = AllocSetContextCreate(CurrentMemoryContext, "journey chaos share", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	journey_outcome_map_read(&call.journeys, source, outcome, context, &env);
	journey_progress_begin(&call.progress, "chaos shares", "bootstrap replicates");
	journey_progress_watch(context, "chaos shares");
	journey_check(jrn_share(&env, &call.journeys.map, &options, &result), "chaos shares");
	for (row = 0; row < result.row_count; row++)
		put_row(&call, (ReturnSetInfo *) fcinfo->resultinfo, &result, row);
	journey_tempfile_close(&call.row_file);
	journey_tempfile_close(&call.tile_file);
	journey_tempfile_close(&call.fold_file);
	journey_events_close(call.journeys.events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
