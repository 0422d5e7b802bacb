/*
 * pg_rfm.c
 *		journey.rfm: purchases of every customer as frequency, recency, age and
 *		mean spend, in periods.
 *
 * Definition: reference/journeys.md 5.7.
 *
 * R-RFM-1	A period has a number: hours and less count from 2000-01-01 00:00
 *			UTC; days and weeks are calendar days of the session TimeZone,
 *			counted from Monday 2000-01-03; months and years are calendar
 *			months.  Purchases of one period are one purchase.
 * R-RFM-2	frequency: distinct periods less one.  recency: last period less
 *			first.  age: period of as_of less first; without as_of, that of the
 *			last event of the whole source.  So recency is 0 exactly when
 *			frequency is, and never above age.
 * R-RFM-3	monetary: sum of value over the repeat periods, the first one left
 *			out, divided by their number; NULL without repeat or without a
 *			column value.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../core/sizes.h"
#include "../events/pg_events.h"
#include "../pg/args.h"
#include "../pg/span.h"

#define VALUE 0
/* Days from 2000-01-01, the server's day 0, to the first Monday. */
#define FIRST_MONDAY 2

typedef struct rfm_customer
{
	const char *key;
	uint32		key_size;
	int64		first;			/* numbers of periods */
	int64		last;
	int64		frequency;
	double		spend;			/* of the repeat periods */
} rfm_customer;

typedef struct rfm_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;
	journey_span period;
	const char *touchpoint;
	bool		has_value;
	bool		ready;			/* label was looked up */
	uint32		label;			/* of purchases; beyond all labels: never occurs */
	TimestampTz latest;			/* event of the source */
	bool		has_latest;
	rfm_customer *customers;
	size_t		count;
	size_t		capacity;
} rfm_call;

static int64
floor_divide(int64 a, int64 b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

/* R-RFM-1 */
static int64
period_number(const journey_span *period, TimestampTz ts)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			tz;

	if (period->fixed)
		return floor_divide(ts, period->microseconds);
	if (timestamp2tm(ts, &tz, &tm, &fsec, NULL, NULL) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	if (period->interval.month != 0)
		return floor_divide((int64) tm.tm_year * 12 + tm.tm_mon - 1, period->interval.month);
	return floor_divide((int64) date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE - FIRST_MONDAY,
						period->interval.day);
}

static void
check_period(const journey_span *period)
{
	int			fields = (period->interval.month != 0) + (period->interval.day != 0) + (period->interval.time != 0);

	if (fields > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"period\" is %s, it must be whole months, whole days, or a time", journey_span_text(period)),
				 errhint("Write '1 day', '7 days', '1 month' or '1 hour'.")));
}

static void
find_label(rfm_call *call)
{
	size_t		size = strlen(call->touchpoint);
	uint32		rank;

	call->ready = true;
	call->label = (uint32) journey_events_label_count(call->events);
	for (rank = 0; rank < journey_events_label_count(call->events); rank++)
	{
		const jrn_label *label = journey_events_label(call->events, rank);

		if (label->size == size && memcmp(label->bytes, call->touchpoint, size) == 0)
			call->label = rank;
	}
}

static double
purchase_value(const rfm_call *call, const jrn_journey *journey, size_t i)
{
	double		value = jrn_journey_column(journey, i, VALUE);

	if (isnan(value))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"value\" is null in a \"%s\" of customer %s", call->touchpoint,
						journey_customer_text(call->events, journey)),
				 errhint("Filter such events, or replace the value in the source query.")));
	return value;
}

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	rfm_call   *call = arg;
	rfm_customer customer;
	bool		found = false;
	char	   *key;
	size_t		i;

	if (!call->ready)
		find_label(call);
	if (!call->has_latest || journey->events[journey->n - 1].ts > call->latest)
		call->latest = journey->events[journey->n - 1].ts;
	call->has_latest = true;
	memset(&customer, 0, sizeof(customer));
	for (i = 0; i < journey->n; i++)
	{
		int64		number;

		if (i % 65536 == 65535)
			JRN_TICK(&call->env);
		if (journey->events[i].label != call->label)
			continue;
		number = period_number(&call->period, journey->events[i].ts);
		if (!found)
			customer.first = number;
		else if (number != customer.last)
			customer.frequency++;
		customer.last = number;
		found = true;
		if (call->has_value && number != customer.first)
			customer.spend += purchase_value(call, journey, i);
		else if (call->has_value)
			(void) purchase_value(call, journey, i);
	}
	if (!found)
		return JRN_OK;
	JRN_TRY(jrn_grow_array(&call->env, call->count, &call->capacity, sizeof(rfm_customer), &call->customers));
	key = MemoryContextAlloc(call->context, Max(journey->key_size, 1));
	memcpy(key, journey->key, journey->key_size);
	customer.key = key;
	customer.key_size = (uint32) journey->key_size;
	call->customers[call->count++] = customer;
	return JRN_OK;
}

static void
read_purchases(rfm_call *call, FunctionCallInfo fcinfo)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	journey_event_request request;

	call->touchpoint = journey_arg_cstring_required(fcinfo, 1, "touchpoint");
	call->period = journey_arg_span(fcinfo, 2, "period");
	check_period(&call->period);
	memset(&request, 0, sizeof(request));
	request.has_as_of = !PG_ARGISNULL(3);
	if (request.has_as_of)
		request.as_of = PG_GETARG_TIMESTAMPTZ(3);
	request.column_count = 1;
	request.columns[VALUE].name = "value";
	call->events = journey_events_read(source, &request, call->context);
	call->has_value = request.columns[VALUE].found;
	journey_events_visit(call->events, add_journey, call, "counting purchases");
	if (request.has_as_of && !TIMESTAMP_NOT_FINITE(request.as_of))
		call->latest = request.as_of;
}

PG_FUNCTION_INFO_V1(journey_rfm);
Datum
journey_rfm(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	rfm_call	call;
	int64		now;
	size_t		i;

	journey_rows_begin(&rows, fcinfo, 5, "rfm");
	memset(&call, 0, sizeof(call));
	call.context = AllocSetContextCreate(CurrentMemoryContext, "journey rfm", ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	read_purchases(&call, fcinfo);
	journey_key_check_target(call.events->key_kind, journey_rows_type(&rows, 0));
	now = call.count > 0 ? period_number(&call.period, call.latest) : 0;
	for (i = 0; i < call.count; i++)
	{
		const rfm_customer *customer = &call.customers[i];

		CHECK_FOR_INTERRUPTS();
		journey_rows_key(&rows, 0, call.events->key_kind, customer->key, customer->key_size);
		journey_rows_bigint(&rows, 1, customer->frequency);
		journey_rows_number(&rows, 2, jrn_apart(customer->first, customer->last));
		journey_rows_number(&rows, 3, jrn_apart(customer->first, now));
		journey_rows_number(&rows, 4, call.has_value && customer->frequency > 0 ?
							customer->spend / (double) customer->frequency : NAN);
		journey_rows_put(&rows);
	}
	journey_events_close(call.events);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
