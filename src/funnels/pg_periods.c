/*
 * pg_periods.c
 *		Calendar periods from an interval (see pg_periods.h).
 */
#include "pg_periods.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

static TimestampTz
moment_of_local(int64 local)
{
	return DatumGetTimestampTz(DirectFunctionCall1(timestamp_timestamptz, TimestampGetDatum(local)));
}

jrn_period
journey_period_of(const journey_span *span, const char *name)
{
	jrn_period	period;
	int			fields = (span->interval.month != 0) + (span->interval.day != 0) +
		(span->interval.time != 0);

	memset(&period, 0, sizeof(period));
	if (fields != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %s, it must consist of months, of days or of hours and less",
						name, journey_span_text(span)),
				 errhint("Periods follow the calendar: '1 day', '1 week', '1 month', '3 months', '1 year', '6 hours'.")));
	if (span->interval.month != 0)
	{
		period.unit = JRN_PERIOD_MONTHS;
		period.length = span->interval.month;
	}
	else if (span->interval.day != 0)
	{
		period.unit = JRN_PERIOD_DAYS;
		period.length = span->interval.day;
	}
	else
	{
		period.unit = JRN_PERIOD_FIXED;
		period.length = span->interval.time;
		period.origin = moment_of_local(0);
	}
	return period;
}

TimestampTz
journey_period_moment(const jrn_period *period, int64 number)
{
	int64		start = jrn_period_start(period, number);

	if (start < MIN_TIMESTAMP || start >= END_TIMESTAMP)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("argument \"period\" makes a period begin outside the range of timestamps"),
				 errhint("Use a shorter period, or filter events far from the others.")));
	return period->unit == JRN_PERIOD_FIXED ? start : moment_of_local(start);
}
