/*
 * pg_periods.h
 *		Calendar periods from an interval, in the session's TimeZone.
 *
 * R-PERA-1	Months only ('1 month', '3 months', '1 year'), days only ('1 day',
 *			'1 week') or time only ('6 hours'); a mixture is no period of a
 *			calendar and is refused.
 * R-PERA-2	Hours and less are of fixed length, counted from the midnight of
 *			2000-01-01 in the session's TimeZone.
 * R-PERA-3	A period begins at its local midnight, as date_trunc has it.
 */
#ifndef JOURNEY_PERIODS_H
#define JOURNEY_PERIODS_H

#include "../pg/compat.h"

#include "../pg/span.h"
#include "periods.h"

extern jrn_period journey_period_of(const journey_span *span, const char *name);

/* The moment a period begins at. */
extern TimestampTz journey_period_moment(const jrn_period *period, int64 number);

#endif							/* JOURNEY_PERIODS_H */
