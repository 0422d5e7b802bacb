/*
 * pg_recurring.c
 *		journey.recurring_patterns (recurring.h).
 *
 * R-PGREC-1	A customer is held out when the hash of the customer falls below
 *			the share, whatever the order of rows.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../events/pg_events.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "recurring.h"

#define MAX_PERMUTATIONS 100000

typedef struct recurring_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;
	int			max_length;
	double		holdout;
	uint64		stream;
	bool		ready;
	jrn_recurring core;
} recurring_call;

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	recurring_call *call = arg;
	double		share = (double) (jrn_hash_u64(journey->hash, call->stream) >> 11) * 0x1p-53;

	if (!call->ready)
		JRN_TRY(jrn_recurring_begin(&call->core, &call->env, (uint32_t) journey_events_label_count(call->events), call->max_length,
									journey_memory_budget()));
	call->ready = true;
	return jrn_recurring_add(&call->core, journey->hash, journey->events, journey->n, share < call->holdout);
}

static void
put_pattern(const recurring_call *call, journey_rows *rows, const jrn_recurring_pattern *pattern)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);

	journey_rows_datum(rows, 0, PointerGetDatum(journey_events_label_array(call->events, pattern->labels, pattern->length)));
	MemoryContextSwitchTo(old);
	journey_rows_bigint(rows, 1, pattern->customers);
	journey_rows_number(rows, 2, isinf(pattern->lift) ? NAN : pattern->lift);
	journey_rows_number(rows, 3, pattern->odds_ratio);
	journey_rows_number(rows, 4, pattern->low);
	journey_rows_number(rows, 5, pattern->high);
	journey_rows_number(rows, 6, pattern->p);
	journey_rows_number(rows, 7, pattern->q);
	journey_rows_number(rows, 8, pattern->held_odds_ratio);
	journey_rows_number(rows, 9, pattern->held_p);
	journey_rows_number(rows, 10, pattern->q_dependent);
	if (pattern->adjacent)
		journey_rows_integer(rows, 11, 1);
	journey_rows_cstring(rows, 12, call->core.journeys.found_count < 50 ? "low_n" : isinf(pattern->lift) ? "never_by_chance" : "ok");
	journey_rows_put(rows);
}

static double
read_share(FunctionCallInfo fcinfo, int number, const char *name)
{
	double		share;

	journey_arg_not_null(fcinfo, number, name);
	share = PG_GETARG_FLOAT8(number);
	if (!(share >= 0.0 && share < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %g, it must be from 0 to below 1", name, share)));
	return share;
}

/* recurring_patterns(source, max_length, permutations, min_support, holdout, seed) */
PG_FUNCTION_INFO_V1(journey_recurring_patterns);
Datum
journey_recurring_patterns(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	int			permutations = journey_arg_int(fcinfo, 2, "permutations", 1, MAX_PERMUTATIONS);
	int64		min_support = PG_ARGISNULL(3) ? 0 : journey_arg_int(fcinfo, 3, "min_support", 1, PG_INT32_MAX);
	journey_event_request request;
	journey_rows rows;
	recurring_call call;
	jrn_status	status = JRN_OK;
	uint64		seed;
	size_t		i;

	memset(&call, 0, sizeof(call));
	memset(&request, 0, sizeof(request));
	call.max_length = journey_arg_int(fcinfo, 1, "max_length", 2, JRN_PATTERN_LENGTH);
	call.holdout = read_share(fcinfo, 4, "holdout");
	journey_arg_not_null(fcinfo, 5, "seed");
	seed = (uint64) PG_GETARG_INT64(5);
	call.stream = jrn_seed_derive(seed, "holdout", 0);
	journey_rows_begin(&rows, fcinfo, 13, "recurring_patterns");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "journey recurring patterns", ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	call.events = journey_events_read(source, &request, call.context);
	journey_events_visit(call.events, add_journey, &call, "reading journeys");
	journey_progress_watch(call.context, "recurring patterns");
	if (call.ready)
		status = jrn_recurring_find(&call.core, min_support, permutations, seed);
	if (status == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many patterns, or patterns of too many touchpoints"),
				 errhint("Raise min_support, lower max_length, or group rare touchpoints in the source query.")));
	journey_check(status, "recurring patterns");
	for (i = 0; i < call.core.count; i++)
		put_pattern(&call, &rows, &call.core.list[i]);
	journey_events_close(call.events);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
