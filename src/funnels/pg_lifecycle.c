/*
 * pg_lifecycle.c
 *		journey.lifecycle: event source to customers per period and status
 *		(lifecycle.h).
 *
 * R-LIFE-1	Every period between the first and the last with an event has four
 *			rows, also with 0 customers.
 * R-LIFE-2	A period is mature when it has ended at as_of, or without it at the
 *			last event of the source.
 */
#include "../pg/compat.h"

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../core/sizes.h"
#include "../events/pg_events.h"
#include "../features/pg_calendar.h"
#include "../pg/args.h"
#include "lifecycle.h"
#include "pg_periods.h"

#define COLUMNS 4
#define MAX_PERIODS (JRN_LEDGER_MAX / JRN_LIFE_COUNT)

static const char *const status_words[JRN_LIFE_COUNT] = {
	"new", "returning", "resurrecting", "dormant"
};

typedef struct lifecycle_call
{
	journey_events *events;
	journey_rows rows;
	journey_calendar calendar;
	journey_span span;
	jrn_period	period;
	jrn_lifecycle life;
} lifecycle_call;

static void
too_many_periods(const lifecycle_call *call)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the events of the source span more than %d periods of %s", MAX_PERIODS,
					journey_span_text(&call->span)),
			 errhint("Use a longer period, or filter events far from the others.")));
}

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	lifecycle_call *call = arg;
	jrn_status	status = jrn_lifecycle_add(&call->life, &call->period,
										   journey_calendar_cover(&call->calendar, journey->events[0].ts,
																  journey->events[journey->n - 1].ts),
										   journey);

	if (status == JRN_LIMIT)
		too_many_periods(call);
	return status;
}

static void
put_rows(lifecycle_call *call, TimestampTz now)
{
	journey_rows *rows = &call->rows;
	int64		number_now = jrn_period_number(&call->period,
											   journey_calendar_cover(&call->calendar, now, now), now);
	int64		number;

	if (jrn_apart(call->life.first, call->life.last) >= MAX_PERIODS)
		too_many_periods(call);
	for (number = call->life.first; number <= call->life.last; number++)
	{
		int			status;

		CHECK_FOR_INTERRUPTS();
		for (status = 0; status < JRN_LIFE_COUNT; status++)
		{
			journey_rows_time(rows, 0, journey_period_moment(&call->period, number));
			journey_rows_cstring(rows, 1, status_words[status]);
			journey_rows_bigint(rows, 2, jrn_lifecycle_customers(&call->life, number, (jrn_life) status));
			journey_rows_boolean(rows, 3, number < number_now);
			journey_rows_put(rows);
		}
	}
}

PG_FUNCTION_INFO_V1(journey_lifecycle);
Datum
journey_lifecycle(PG_FUNCTION_ARGS)
{
	lifecycle_call call;
	journey_event_request request;
	MemoryContext context;
	jrn_env		env;
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");

	memset(&call, 0, sizeof(call));
	memset(&request, 0, sizeof(request));
	call.span = journey_arg_span(fcinfo, 1, "period");
	call.period = journey_period_of(&call.span, "period");
	request.has_as_of = !PG_ARGISNULL(2);
	if (request.has_as_of)
		request.as_of = PG_GETARG_TIMESTAMPTZ(2);
	journey_rows_begin(&call.rows, fcinfo, COLUMNS, "lifecycle");
	context = AllocSetContextCreate(CurrentMemoryContext, "journey lifecycle", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	journey_calendar_init(&call.calendar, context);
	journey_check(jrn_lifecycle_begin(&call.life, &env), "the lifecycle");
	call.events = journey_events_read(source, &request, context);
	journey_events_visit(call.events, add_journey, &call, "the lifecycle");
	if (call.life.any)
		put_rows(&call, request.has_as_of && !TIMESTAMP_NOT_FINITE(request.as_of) ?
				 request.as_of : call.events->core.last_ts);
	journey_events_close(call.events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
