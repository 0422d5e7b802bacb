/*
 * pg_kpis.h
 *		What the aggregates of indicators share: their arguments, checked, and
 *		their result.
 */
#ifndef JOURNEY_PG_KPIS_H
#define JOURNEY_PG_KPIS_H

#include "../pg/compat.h"

#include "indicators.h"

/*
 * Arguments 1 (the row's value) and, of csat, 2 (satisfied_from) of a
 * transition function.  False: the value is NULL and the row does not count.
 * The value is the code that indicators.h wants.  from is 0 but for csat.
 */
extern bool journey_kpi_row(FunctionCallInfo fcinfo, jrn_indicator_kind kind,
							double *value, double *from);

/* satisfied_from must be the same in every row of a group. */
extern void journey_kpi_check_from(double before, double now);

/* An error when the number is not finite; name is that of the argument. */
extern double journey_kpi_finite(double value, const char *name);

/* A value of type journey.estimate. */
extern Datum journey_kpi_estimate(FunctionCallInfo fcinfo, const jrn_figure *figure, int64 n,
								  const char *method);

#endif							/* JOURNEY_PG_KPIS_H */
