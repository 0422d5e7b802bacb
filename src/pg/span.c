/*
 * span.c
 *		Positive intervals as arguments (see span.h).
 */
#include "span.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

char *
journey_span_text(const journey_span *span)
{
	return DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(&span->interval)));
}

journey_span
journey_span_of(const Interval *interval, const char *name)
{
	journey_span span;

	memset(&span, 0, sizeof(span));
	span.interval = *interval;
	/* R-SPAN-2 */
	if (interval->month < 0 || interval->day < 0 || interval->time < 0 ||
		(interval->month == 0 && interval->day == 0 && interval->time == 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %s, it must be greater than zero", name,
						journey_span_text(&span)),
				 errhint("Write a positive interval, such as '7 days'.")));
	span.fixed = interval->month == 0 && interval->day == 0;
	span.microseconds = interval->time;
	return span;
}

journey_span
journey_arg_span(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
	return journey_span_of(PG_GETARG_INTERVAL_P(number), name);
}

/* An interval times a count; false when a field does not fit. */
static bool
multiply(const Interval *interval, int64 times, Interval *product)
{
	int64		month,
				day;

	if (pg_mul_s64_overflow(interval->month, times, &month) ||
		pg_mul_s64_overflow(interval->day, times, &day) ||
		pg_mul_s64_overflow(interval->time, times, &product->time) ||
		month < PG_INT32_MIN || month > PG_INT32_MAX || day < PG_INT32_MIN || day > PG_INT32_MAX)
		return false;
	product->month = (int32) month;
	product->day = (int32) day;
	return true;
}

/*
 * The server raises an error where a sum leaves its range.  Years beyond 290,000
 * are kept from it: a span that long is cut, for which a rough length will do.
 */
static bool
beyond(const Interval *interval, TimestampTz start, bool *high)
{
	double		rough = (double) start + (double) interval->month * 30.0 * (double) USECS_PER_DAY +
		(double) interval->day * (double) USECS_PER_DAY + (double) interval->time;

	*high = rough > 0;
	return rough > 0.98 * (double) END_TIMESTAMP || rough < 0.98 * (double) MIN_TIMESTAMP;
}

TimestampTz
journey_span_slow(const journey_span *span, TimestampTz start, int64 times)
{
	Interval	product;
	bool		high = times > 0;

	if (!multiply(&span->interval, times, &product) || beyond(&product, start, &high))
		return high ? END_TIMESTAMP - 1 : MIN_TIMESTAMP;
	return DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval,
												   TimestampTzGetDatum(start),
												   IntervalPGetDatum(&product)));
}

int64
journey_span_deadline(void *arg, int64 start)
{
	return journey_span_end((const journey_span *) arg, start);
}
