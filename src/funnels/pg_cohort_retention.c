/*
 * pg_cohort_retention.c
 *		journey.cohort_retention: event source to a table of cohorts and
 *		periods (cohorts.h).
 *
 * R-RET-1	now is as_of, or without it the last event of the source.
 * R-RET-2	A cell that is not mature counts who has returned so far and has no
 *			rate: a share that will still grow is never shown as low.  The rate
 *			of period 0 is 1 by definition and always shown.
 * R-RET-3	Intervals are Wilson's at 95 %.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../core/dist.h"
#include "../events/pg_events.h"
#include "../features/pg_calendar.h"
#include "../pg/args.h"
#include "cohorts.h"
#include "pg_periods.h"

#define COLUMNS 8
#define DAYS_A_MONTH 30.436875

typedef struct retention_call
{
	journey_events *events;
	journey_rows rows;
	journey_calendar calendar;
	journey_span span;
	jrn_cohort_options options;
	char	   *start_touchpoint;
	char	   *return_touchpoint;
	bool		ready;			/* touchpoints have ranks */
	jrn_cohorts cohorts;
} retention_call;

static int64
add_spans(void *arg, int64 start, int64 times)
{
	return journey_span_slow((const journey_span *) arg, start, times);
}

/* Rank of a touchpoint, -1 when it occurs nowhere. */
static int64
find_rank(const journey_events *events, const char *touchpoint)
{
	size_t		size = strlen(touchpoint);
	size_t		count = journey_events_label_count(events);
	uint32_t	rank;

	for (rank = 0; rank < count; rank++)
	{
		const jrn_label *label = journey_events_label(events, rank);

		if (label->size == size && memcmp(label->bytes, touchpoint, size) == 0)
			return rank;
	}
	return -1;
}

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	retention_call *call = arg;
	jrn_status	status;

	if (!call->ready)
	{
		call->options.start_label = find_rank(call->events, call->start_touchpoint);
		call->options.return_label = find_rank(call->events, call->return_touchpoint);
		call->ready = true;
	}
	status = jrn_cohorts_add(&call->cohorts,
							 journey_calendar_cover(&call->calendar, journey->events[0].ts,
													journey->events[journey->n - 1].ts),
							 journey);
	if (status == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("cohorts of %s with %d cells each make more than %d cells",
						journey_span_text(&call->span), call->cohorts.cells, JRN_LEDGER_MAX),
				 errhint("Use a longer \"period\" or fewer \"periods\".")));
	return status;
}

static void
put_cell(journey_rows *rows, TimestampTz moment, const jrn_cohort_cell *cell)
{
	double		low,
				high;

	journey_rows_time(rows, 0, moment);
	journey_rows_integer(rows, 1, cell->period);
	journey_rows_bigint(rows, 2, cell->size);
	journey_rows_bigint(rows, 3, cell->retained);
	if (cell->mature || cell->period == 0)	/* R-RET-2 */
	{
		jrn_wilson((double) cell->retained, (double) cell->size, 0.95, &low, &high);
		journey_rows_number(rows, 4, (double) cell->retained / (double) cell->size);
		journey_rows_number(rows, 5, low);
		journey_rows_number(rows, 6, high);
	}
	journey_rows_boolean(rows, 7, cell->mature);
	journey_rows_put(rows);
}

static void
put_rows(retention_call *call)
{
	int64		now = call->options.now;
	const jrn_calendar *calendar = journey_calendar_cover(&call->calendar, now, now);
	size_t		cohort;

	journey_check(jrn_cohorts_finish(&call->cohorts, jrn_period_number(&call->options.period, calendar, now)),
				  "cohort retention");
	for (cohort = 0; cohort < call->cohorts.ledger.rows; cohort++)
	{
		TimestampTz moment = journey_period_moment(&call->options.period, call->cohorts.numbers[cohort]);
		int32_t		i;

		CHECK_FOR_INTERRUPTS();
		for (i = 0; i < call->cohorts.cells; i++)
		{
			jrn_cohort_cell cell = jrn_cohorts_cell(&call->cohorts, cohort, i);

			put_cell(&call->rows, moment, &cell);
		}
	}
}

/* ---- arguments ---- */

static void
read_words(FunctionCallInfo fcinfo, jrn_cohort_options *options)
{
	char	   *basis = journey_arg_cstring_required(fcinfo, 5, "basis");
	char	   *kind = journey_arg_cstring_required(fcinfo, 6, "kind");

	if (strcmp(basis, "rolling") == 0)
		options->rolling = true;
	else if (strcmp(basis, "calendar") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"basis\" is \"%s\", it must be \"calendar\" or \"rolling\"", basis)));
	if (strcmp(kind, "on") == 0)
		options->kind = JRN_COHORT_ON;
	else if (strcmp(kind, "on_or_after") == 0)
		options->kind = JRN_COHORT_ON_OR_AFTER;
	else if (strcmp(kind, "bracket") == 0)
		options->kind = JRN_COHORT_BRACKET;
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"kind\" is \"%s\", it must be \"on\", \"on_or_after\" or \"bracket\"", kind)));
}

/* First periods of the brackets; without them one bracket of all periods. */
static void
read_brackets(FunctionCallInfo fcinfo, jrn_cohort_options *options)
{
	static const int32_t all[1] = {1};
	ArrayType  *array;
	Datum	   *elements;
	bool	   *nulls;
	int32_t    *brackets;
	int			i;

	options->brackets = all;
	options->n_brackets = 1;
	if (PG_ARGISNULL(9))
		return;
	if (options->kind != JRN_COHORT_BRACKET)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"brackets\" needs kind \"bracket\""),
				 errhint("Leave out brackets, or pass kind => 'bracket'.")));
	array = PG_GETARG_ARRAYTYPE_P(9);
	if (ARR_NDIM(array) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("argument \"brackets\" must be a one-dimensional array of at least one element")));
	deconstruct_array(array, ARR_ELEMTYPE(array), 4, true, 'i', &elements, &nulls, &options->n_brackets);
	brackets = palloc(sizeof(int32_t) * options->n_brackets);
	for (i = 0; i < options->n_brackets; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"brackets\" contains a null at position %d", i + 1)));
		brackets[i] = DatumGetInt32(elements[i]);
		if (brackets[i] < 1 || brackets[i] > options->periods || (i > 0 && brackets[i] <= brackets[i - 1]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"brackets\" is %d at position %d, it must ascend from 1 to at most %d, which is \"periods\"",
							brackets[i], i + 1, options->periods),
					 errhint("Give the first period of each bracket; the last one ends with the last period.")));
	}
	options->brackets = brackets;
}

static void
read_arguments(FunctionCallInfo fcinfo, retention_call *call)
{
	jrn_cohort_options *options = &call->options;
	const Interval *interval;

	call->start_touchpoint = journey_arg_cstring_required(fcinfo, 1, "start_touchpoint");
	call->return_touchpoint = journey_arg_cstring_required(fcinfo, 2, "return_touchpoint");
	call->span = journey_arg_span(fcinfo, 3, "period");
	options->period = journey_period_of(&call->span, "period");
	options->periods = journey_arg_int(fcinfo, 4, "periods", 1, JRN_COHORT_MAX_PERIODS);
	read_words(fcinfo, options);
	journey_arg_not_null(fcinfo, 8, "recurring");
	options->recurring = PG_GETARG_BOOL(8);
	read_brackets(fcinfo, options);
	options->min_events = journey_arg_int(fcinfo, 10, "min_events", 1, PG_INT32_MAX);
	interval = &call->span.interval;
	options->add_spans = add_spans;
	options->add_spans_arg = &call->span;
	options->span_length = ((double) interval->month * DAYS_A_MONTH + (double) interval->day) *
		(double) USECS_PER_DAY + (double) interval->time;
}

PG_FUNCTION_INFO_V1(journey_cohort_retention);
Datum
journey_cohort_retention(PG_FUNCTION_ARGS)
{
	retention_call call;
	journey_event_request request;
	MemoryContext context;
	jrn_env		env;
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");

	memset(&call, 0, sizeof(call));
	memset(&request, 0, sizeof(request));
	read_arguments(fcinfo, &call);
	request.has_as_of = !PG_ARGISNULL(7);
	if (request.has_as_of)
		request.as_of = PG_GETARG_TIMESTAMPTZ(7);
	journey_rows_begin(&call.rows, fcinfo, COLUMNS, "cohort_retention");
	context = AllocSetContextCreate(CurrentMemoryContext, "cohort retention", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	journey_calendar_init(&call.calendar, context);
	call.events = journey_events_read(source, &request, context);
	call.options.now = request.has_as_of && !TIMESTAMP_NOT_FINITE(request.as_of) ?
		request.as_of : call.events->core.last_ts;	/* R-RET-1 */
	journey_check(jrn_cohorts_begin(&call.cohorts, &env, &call.options), "cohort retention");
	journey_events_visit(call.events, add_journey, &call, "cohort retention");
	if (call.cohorts.ledger.rows > 0)
		put_rows(&call);
	journey_events_close(call.events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
