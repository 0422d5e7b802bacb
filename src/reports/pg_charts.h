/*
 * pg_charts.h
 *		What all bindings of charts share: arrays that may hold NULLs, labels
 *		in UTF-8, the width, and the picture as a text of the server.
 *
 * Charts are drawn from the rows of the function they are named after, which
 * arrive as one array per column.  A NULL array is a column of NULLs, the
 * first one has no rows then (what array_agg makes of none).
 */
#ifndef JOURNEY_PG_CHARTS_H
#define JOURNEY_PG_CHARTS_H

#include "../pg/compat.h"

#include "../pg/args.h"
#include "../pg/host.h"

/* Whether other characters than ASCII must be references: the database is not in UTF-8. */
extern bool journey_chart_ascii(void);

/* The argument width, 320 to 4096. */
extern double journey_chart_width(FunctionCallInfo fcinfo, int number);

/*
 * An array argument of *count elements.  When *count is not negative it is
 * the number of elements that the array must have; name is that of the
 * argument.
 */

/* text[] as UTF-8; NULL elements are NULL. */
extern const char *const *journey_chart_labels(FunctionCallInfo fcinfo, int number, const char *name, int *count);

/* float8[]; NULL and what is not finite is NaN. */
extern double *journey_chart_numbers(FunctionCallInfo fcinfo, int number, const char *name, int *count);

/* bigint[] or integer[]; NULL is given as instead. */
extern int64 *journey_chart_integers(FunctionCallInfo fcinfo, int number, const char *name, int *count, int64 instead);

/* boolean[]; NULL is false. */
extern bool *journey_chart_booleans(FunctionCallInfo fcinfo, int number, const char *name, int *count);

/* timestamptz[] as microseconds since 2000-01-01 UTC; NULL or infinite is an error. */
extern int64 *journey_chart_times(FunctionCallInfo fcinfo, int number, const char *name, int *count);

/* A text argument in UTF-8, NULL for NULL. */
extern const char *journey_chart_text(FunctionCallInfo fcinfo, int number);

/* A float8 argument, NaN for NULL. */
extern double journey_chart_number(FunctionCallInfo fcinfo, int number);

/*
 * The picture, once its status is checked.  By pointer, because arguments of
 * a call are evaluated in any order.
 */
extern Datum journey_chart_result(jrn_status status, const char *const *bytes, const size_t *size);

#endif							/* JOURNEY_PG_CHARTS_H */
