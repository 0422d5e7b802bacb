/*
 * pg_page_hinkley.c
 *		Aggregate page_hinkley (page_hinkley.h), called with an ORDER BY: the
 *		order of rows is part of the answer.
 *
 * R-PGP-1	A row with a NULL x is left out before anything else is looked at, and
 *			is not counted.
 * R-PGP-2	delta, threshold, direction and min_n are the same in all rows.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "../metrics/pg_metrics.h"
#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "page_hinkley.h"

#define WHAT "page_hinkley"
#define DEFAULT_MIN_N 30
#define FIELDS 6

static void
out_of_range(const char *name, double value, const char *must)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s is %s, it must be %s", name, float8out_internal(value), must)));
}

static bool
is_word(const text *word, const char *wanted)
{
	Size		size = strlen(wanted);

	return VARSIZE_ANY_EXHDR(word) == size && memcmp(VARDATA_ANY(word), wanted, size) == 0;
}

/* Called for every row: nothing is copied. */
static jrn_ph_direction
read_direction(FunctionCallInfo fcinfo)
{
	const text *word;

	if (PG_NARGS() <= 4)
		return JRN_PH_BOTH;
	journey_arg_not_null(fcinfo, 4, "direction");
	word = PG_GETARG_TEXT_PP(4);
	if (is_word(word, "up"))
		return JRN_PH_UP;
	if (is_word(word, "down"))
		return JRN_PH_DOWN;
	if (!is_word(word, "both"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("direction is \"%s\", it must be \"up\", \"down\" or \"both\"", text_to_cstring(word))));
	return JRN_PH_BOTH;
}

static int64
read_min_n(FunctionCallInfo fcinfo)
{
	int64		min_n;

	if (PG_NARGS() <= 5)
		return DEFAULT_MIN_N;
	journey_arg_not_null(fcinfo, 5, "min_n");
	min_n = PG_GETARG_INT64(5);
	if (min_n < 1)
		out_of_range("min_n", (double) min_n, "at least 1");
	return min_n;
}

/* (state, x, delta, threshold [, direction [, min_n]]) */
PG_FUNCTION_INFO_V1(journey_page_hinkley_accum);
Datum
journey_page_hinkley_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	jrn_page_hinkley *ph = PG_ARGISNULL(0) ? NULL : (jrn_page_hinkley *) PG_GETARG_POINTER(0);
	bool		first = ph == NULL;
	double		x,
				delta,
				threshold;
	jrn_ph_direction direction;
	int64		min_n;

	if (PG_ARGISNULL(1))		/* R-PGP-1 */
	{
		if (first)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(ph);
	}
	x = journey_metric_finite(PG_GETARG_FLOAT8(1), "x");
	delta = journey_metric_constant(fcinfo, 2, "delta", !first, first ? 0.0 : ph->delta);
	threshold = journey_metric_constant(fcinfo, 3, "threshold", !first, first ? 0.0 : ph->threshold);
	direction = read_direction(fcinfo);
	min_n = read_min_n(fcinfo);
	if (first)
	{
		if (delta < 0.0)
			out_of_range("delta", delta, "0 or more");
		if (threshold <= 0.0)
			out_of_range("threshold", threshold, "above 0");
		ph = MemoryContextAlloc(context, sizeof(jrn_page_hinkley));
		jrn_page_hinkley_open(ph, delta, threshold, direction, min_n);
	}
	if (direction != ph->direction || min_n != ph->min_n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be the same in all rows",
						direction != ph->direction ? "direction" : "min_n")));
	if (jrn_page_hinkley_add(ph, x) != JRN_OK)
		float_overflow_error();
	PG_RETURN_POINTER(ph);
}

PG_FUNCTION_INFO_V1(journey_page_hinkley_final);
Datum
journey_page_hinkley_final(PG_FUNCTION_ARGS)
{
	const jrn_page_hinkley *ph;
	TupleDesc	desc;
	Datum	   *values;
	bool	   *nulls;
	HeapTuple	tuple;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	ph = (const jrn_page_hinkley *) PG_GETARG_POINTER(0);
	desc = lookup_rowtype_tupdesc(get_func_rettype(fcinfo->flinfo->fn_oid), -1);
	if (desc->natts < FIELDS)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("type journey.page_hinkley_alarm has %d attributes, at least %d are expected",
						desc->natts, FIELDS)));
	values = palloc0(sizeof(Datum) * desc->natts);
	nulls = palloc(sizeof(bool) * desc->natts);
	memset(nulls, true, sizeof(bool) * desc->natts);
	memset(nulls, false, sizeof(bool) * FIELDS);
	values[0] = BoolGetDatum(ph->alarm_at != 0);
	values[1] = Int64GetDatum(ph->alarm_at);
	values[2] = Float8GetDatum(jrn_page_hinkley_statistic(ph));
	values[3] = Float8GetDatum(ph->mean);
	values[4] = Int64GetDatum(ph->n);
	nulls[1] = nulls[5] = ph->alarm_at == 0;
	if (ph->alarm_at != 0)
		values[5] = CStringGetTextDatum(ph->alarm == JRN_PH_UP ? "up" : "down");
	tuple = heap_form_tuple(desc, values, nulls);
	ReleaseTupleDesc(desc);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}
