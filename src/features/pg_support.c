/*
 * pg_support.c
 *		journey.support_metrics: event source to service figures of every case
 *		(support.h).
 *
 * R-SUPM-1	One row per customer_id that has an event before as_of.
 * R-SUPM-2	Open hours are laid out for the time from the first event met to the
 *			last one, or to as_of, and grow as journeys ask for more.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../events/pg_events.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "pg_calendar.h"
#include "pg_support_options.h"

#define COLUMNS 20
#define ACTOR 0					/* number of the only optional column */
#define MARGIN (INT64CONST(366) * USECS_PER_DAY)

typedef struct support_call
{
	journey_events *events;
	journey_rows rows;
	jrn_env		env;
	MemoryContext context;
	journey_roles roles;
	jrn_support_options options;
	jrn_support_work work;
	bool		ready;			/* ranks are known, roles laid out by rank */
	bool		has_actor;
	journey_business_calendar *business;	/* NULL: none */
	journey_calendar zone;
	jrn_open_hours hours;
	bool		has_hours;
	int64		low;			/* range of hours */
	int64		high;
} support_call;

static const char *const status_words[JRN_CASE_STATUS_COUNT] = {
	NULL, "new", "open", "pending", "on_hold", "solved"
};

/* Roles by rank, once ranks exist. */
static void
prepare(support_call *call)
{
	size_t		count = journey_events_label_count(call->events);
	uint8_t    *roles = MemoryContextAllocExtended(call->context, Max(count, 1), MCXT_ALLOC_HUGE);
	uint32_t	rank;

	for (rank = 0; rank < count; rank++)
	{
		const jrn_label *label = journey_events_label(call->events, rank);

		roles[rank] = (uint8_t) journey_roles_find(&call->roles, label->bytes, label->size);
	}
	call->options.roles = roles;
	call->options.actor_column = call->has_actor ? ACTOR : -1;
	call->options.n_actors = call->has_actor ? call->events->core.column_labels[ACTOR]->count : 0;
	journey_check(jrn_support_work_init(&call->env, call->options.n_actors, &call->work),
				  "support metrics");
	call->ready = true;
}

static jrn_status
build_hours(support_call *call, int64 low, int64 high)
{
	call->low = low;
	call->high = high;
	return jrn_open_hours_build(&call->env, &call->business->week,
								journey_calendar_cover_zone(&call->zone, call->business->zone, low, high),
								low, high, &call->hours);
}

/* R-SUPM-2: wider by half each time, so that growing ranges cost little. */
static void
cover(support_call *call, int64 low, int64 high)
{
	int64		margin = MARGIN;
	jrn_status	status;

	if (call->has_hours && low >= call->low && high <= call->high)
		return;
	if (call->has_hours)
	{
		low = Min(low, call->low);
		high = Max(high, call->high);
		margin = Max(margin, call->high / 2 - call->low / 2);
	}
	status = build_hours(call, low < MIN_TIMESTAMP + margin ? MIN_TIMESTAMP : low - margin,
						 high > END_TIMESTAMP - 1 - margin ? END_TIMESTAMP - 1 : high + margin);
	if (status == JRN_LIMIT)
		status = build_hours(call, low, high);
	if (status == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the open hours from %s to %s are more than %d intervals",
						pstrdup(timestamptz_to_str(low)), pstrdup(timestamptz_to_str(high)),
						JRN_OPEN_HOURS_MAX),
				 errhint("Filter events far from the others, or give an earlier \"as_of\".")));
	journey_check(status, "open hours");
	call->has_hours = true;
	call->options.hours = &call->hours;
}

static void
put_durations(journey_rows *rows, int column, const jrn_support_durations *of)
{
	journey_rows_number(rows, column, of->first_reply);
	journey_rows_number(rows, column + 1, of->first_resolution);
	journey_rows_number(rows, column + 2, of->full_resolution);
	journey_rows_number(rows, column + 3, of->requester_wait);
	journey_rows_number(rows, column + 4, of->agent_wait);
	journey_rows_number(rows, column + 5, of->on_hold);
}

/* Of a case that is solved, by its public replies. */
static const char *
touch_class(const jrn_support *figures)
{
	if (figures->status != JRN_CASE_SOLVED || figures->touches == 0)
		return NULL;
	return figures->touches == 1 ? "one_touch" : figures->touches == 2 ? "two_touch" : "multi_touch";
}

static jrn_status
put_case(void *arg, const jrn_journey *journey)
{
	support_call *call = arg;
	journey_rows *rows = &call->rows;
	jrn_support figures;

	if (!call->ready)
		prepare(call);
	if (call->business != NULL)
		cover(call, journey->events[0].ts,
			  call->options.has_as_of ? call->options.as_of : journey->events[journey->n - 1].ts);
	JRN_TRY(jrn_support_compute(&call->env, &call->work, journey, &call->options, &figures));
	journey_rows_key(rows, 0, call->events->key_kind, journey->key, journey->key_size);
	put_durations(rows, 1, &figures.calendar);
	journey_rows_bigint(rows, 7, figures.reopens);
	if (figures.handoffs >= 0)
		journey_rows_bigint(rows, 8, figures.handoffs);
	journey_rows_bigint(rows, 9, figures.touches);
	put_durations(rows, 10, &figures.business);
	journey_rows_bigint(rows, 16, figures.resolutions);
	journey_rows_cstring(rows, 17, touch_class(&figures));
	journey_rows_cstring(rows, 18, status_words[figures.status]);
	if (figures.status != JRN_CASE_UNKNOWN)
		journey_rows_time(rows, 19, figures.status_since);
	journey_rows_put(rows);
	return JRN_OK;
}

static void
read_source(FunctionCallInfo fcinfo, support_call *call)
{
	journey_event_request request;
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");

	memset(&request, 0, sizeof(request));
	request.has_as_of = !PG_ARGISNULL(3);
	if (request.has_as_of)
		request.as_of = PG_GETARG_TIMESTAMPTZ(3);
	request.column_count = 1;
	request.columns[ACTOR].name = "actor";
	request.columns[ACTOR].is_label = true;
	call->options.has_as_of = request.has_as_of && !TIMESTAMP_NOT_FINITE(request.as_of);
	call->options.as_of = request.as_of;
	call->events = journey_events_read(source, &request, call->context);
	call->has_actor = request.columns[ACTOR].found;
	journey_key_check_target(call->events->key_kind, journey_rows_type(&call->rows, 0));
}

PG_FUNCTION_INFO_V1(journey_support_metrics);
Datum
journey_support_metrics(PG_FUNCTION_ARGS)
{
	support_call call;

	memset(&call, 0, sizeof(call));
	journey_rows_begin(&call.rows, fcinfo, COLUMNS, "support_metrics");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "support metrics",
										 ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	journey_calendar_init(&call.zone, call.context);
	journey_arg_not_null(fcinfo, 0, "source");
	journey_arg_not_null(fcinfo, 1, "roles");
	journey_roles_read(PG_GETARG_JSONB_P(1), &call.roles);
	if (!PG_ARGISNULL(2))
	{
		call.business = palloc(sizeof(journey_business_calendar));
		journey_business_calendar_read(PG_GETARG_JSONB_P(2), call.business);
	}
	read_source(fcinfo, &call);
	journey_events_visit(call.events, put_case, &call, "support metrics");
	journey_events_close(call.events);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
