/*
 * pg_patterns.c
 *		journey.patterns (patterns.h).
 *
 * R-PGPAT-1	Customers whose outcome is NULL take no part.
 * R-PGPAT-2	A customer is held out when the hash of its key column (without one,
 *			of the customer) falls below the share: customers of one key stay
 *			together, whatever the order of rows.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../events/pg_outcome.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "patterns.h"

#define OUTCOME 0
#define KEY 1
#define LEAST_SUPPORT 20		/* of the default, beside one percent */

typedef struct pattern_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;
	journey_event_column outcome;
	bool		has_key;
	bool		key_is_label;
	double		holdout;
	uint64		stream;
	bool		ready;
	jrn_patterns core;
} pattern_call;

/* What holds customers together: the key column's value, or the customer. */
static uint64
group_hash(const pattern_call *call, const jrn_journey *journey)
{
	double		value = call->has_key ? jrn_journey_column(journey, 0, KEY) + 0.0 : NAN;
	const jrn_label *label;
	uint64		bits;

	if (isnan(value))
		return journey->hash;
	if (call->key_is_label)
	{
		label = journey_events_column_label(call->events, KEY, value);
		return jrn_hash_bytes(label->bytes, label->size, 0);
	}
	memcpy(&bits, &value, sizeof(bits));
	return jrn_hash_u64(bits, 0);
}

/* R-PGPAT-2 */
static bool
is_held(const pattern_call *call, const jrn_journey *journey)
{
	double		share = (double) (jrn_hash_u64(group_hash(call, journey), call->stream) >> 11) * 0x1p-53;

	return share < call->holdout;
}

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	pattern_call *call = arg;
	double		outcome = journey_outcome_read(call->events, &call->outcome, OUTCOME, journey);

	if (!call->ready)
		JRN_TRY(jrn_patterns_begin(&call->core, &call->env, (uint32_t) journey_events_label_count(call->events),
								   journey_memory_budget()));
	call->ready = true;
	if (isnan(outcome))
		return JRN_OK;			/* R-PGPAT-1 */
	return jrn_patterns_add(&call->core, journey->events, journey->n, outcome != 0.0, is_held(call, journey));
}

static void
read_journeys(pattern_call *call, const char *source, const char *outcome, const char *key)
{
	journey_event_request request;

	memset(&request, 0, sizeof(request));
	request.column_count = key == NULL ? 1 : 2;
	request.columns[OUTCOME].name = outcome;
	request.columns[OUTCOME].required = true;
	request.columns[KEY].name = key;
	request.columns[KEY].required = true;
	request.columns[KEY].by_type = true;
	call->events = journey_events_read(source, &request, call->context);
	call->outcome = request.columns[OUTCOME];
	call->has_key = key != NULL;
	call->key_is_label = request.columns[KEY].is_label;
	if (!call->outcome.is_boolean)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is a number, it must be boolean", outcome),
				 errhint("Ask a yes/no question in the source query, such as score >= 9.")));
	journey_events_visit(call->events, add_journey, call, "reading journeys");
}

static void
put_pattern(const pattern_call *call, journey_rows *rows, const jrn_pattern *pattern, const char *status)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);

	journey_rows_datum(rows, 0, PointerGetDatum(journey_events_label_array(call->events, pattern->labels, pattern->length)));
	MemoryContextSwitchTo(old);
	journey_rows_bigint(rows, 1, pattern->customers);
	journey_rows_number(rows, 2, pattern->lift);
	journey_rows_number(rows, 3, pattern->odds_ratio);
	journey_rows_number(rows, 4, pattern->low);
	journey_rows_number(rows, 5, pattern->high);
	journey_rows_number(rows, 6, pattern->p);
	journey_rows_number(rows, 7, pattern->q);
	journey_rows_number(rows, 8, pattern->held_odds_ratio);
	journey_rows_number(rows, 9, pattern->held_p);
	journey_rows_number(rows, 10, pattern->q_dependent);
	journey_rows_number(rows, 11, pattern->stratified_odds_ratio);
	journey_rows_cstring(rows, 12, status);
	journey_rows_put(rows);
}

/* ok; one_class: all outcomes equal; no_contrast: its strata cannot tell. */
static const char *
status_of(const jrn_pattern *pattern)
{
	if (isnan(pattern->lift))
		return "one_class";
	return isnan(pattern->p) ? "no_contrast" : "ok";
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

static void
find(pattern_call *call, int max_length, uint32 max_gap, int64 min_support)
{
	jrn_status	status;

	journey_check(jrn_patterns_divide(&call->core), "finding patterns");
	if (min_support == 0)
		min_support = Max(LEAST_SUPPORT, (call->core.found_count + 99) / 100);
	journey_progress_watch(call->context, "finding patterns");
	status = jrn_patterns_find(&call->core, max_length, max_gap, min_support);
	if (status == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d patterns have " INT64_FORMAT " customers or more", JRN_PATTERNS_MOST, min_support),
				 errhint("Raise min_support, or lower max_length or max_gap.")));
	journey_check(status, "finding patterns");
}

/* patterns(source, outcome, max_length, max_gap, min_support, holdout, key, seed) */
PG_FUNCTION_INFO_V1(journey_patterns);
Datum
journey_patterns(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *outcome = journey_arg_cstring_required(fcinfo, 1, "outcome");
	int			max_length = journey_arg_int(fcinfo, 2, "max_length", 1, JRN_PATTERN_LENGTH);
	int			max_gap = PG_ARGISNULL(3) ? 0 : journey_arg_int(fcinfo, 3, "max_gap", 1, PG_INT32_MAX);
	int64		min_support = PG_ARGISNULL(4) ? 0 : journey_arg_int(fcinfo, 4, "min_support", 1, PG_INT32_MAX);
	journey_rows rows;
	pattern_call call;
	size_t		i;

	memset(&call, 0, sizeof(call));
	call.holdout = read_share(fcinfo, 5, "holdout");
	journey_arg_not_null(fcinfo, 7, "seed");
	call.stream = jrn_seed_derive((uint64) PG_GETARG_INT64(7), "holdout", 0);
	journey_rows_begin(&rows, fcinfo, 13, "patterns");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "journey patterns", ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	read_journeys(&call, source, outcome, journey_arg_cstring(fcinfo, 6));
	if (call.ready && call.core.customer_count > 0)
		find(&call, max_length, (uint32) max_gap, min_support);
	for (i = 0; i < call.core.count; i++)
		put_pattern(&call, &rows, &call.core.list[i], status_of(&call.core.list[i]));
	journey_events_close(call.events);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
