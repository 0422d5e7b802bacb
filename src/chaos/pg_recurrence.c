/*
 * pg_recurrence.c
 *		journey.recurrence over a series and over symbols (recurrence.h).
 */
#include "pg_series_tests.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "recurrence.h"

#define MAX_THEILER 1000000

static void
refuse_long(int64 states)
{
	if (states > JRN_RECURRENCE_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("recurrence of " INT64_FORMAT " states, the limit is %d", states, JRN_RECURRENCE_MAX),
				 errhint("Pass a stretch of the series.")));
}

/* The columns both forms share. */
static void
put_figures(journey_series_row *row, const jrn_recurrence_result *r)
{
	journey_series_row_bigint(row, r->n);
	journey_series_row_number(row, r->rate);
	journey_series_row_number(row, r->determinism);
	journey_series_row_number(row, r->mean_line);
	journey_series_row_bigint(row, r->longest_line);
	journey_series_row_number(row, r->line_entropy);
	journey_series_row_number(row, r->divergence);
	journey_series_row_number(row, r->laminarity);
	journey_series_row_number(row, r->trapping_time);
	journey_series_row_number(row, r->mean_time);
	journey_series_row_number(row, r->time_entropy);
	journey_series_row_bigint(row, r->most_frequent);
}

static double
arg_radius(FunctionCallInfo fcinfo, int number)
{
	double		radius;

	if (PG_ARGISNULL(number))
		return NAN;
	radius = PG_GETARG_FLOAT8(number);
	if (!(radius >= 0.0 && isfinite(radius)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"radius\" is %.15g, it must be a number of at least 0", radius)));
	return radius;
}

/* recurrence(x float8[], dimension, delay, radius, theiler, line) */
PG_FUNCTION_INFO_V1(journey_recurrence_series);
Datum
journey_recurrence_series(PG_FUNCTION_ARGS)
{
	static const int required[] = {0, 1, 2, 4, 5};
	jrn_recurrence_options options;
	jrn_recurrence_result result;
	journey_neighbour_call call;
	journey_series_row row;

	if (journey_neighbours_any_null(fcinfo, required, lengthof(required)))
		PG_RETURN_NULL();
	memset(&options, 0, sizeof(options));
	options.dimension = journey_arg_int(fcinfo, 1, "dimension", 1, JRN_SERIES_MAX_DIMENSION);
	options.delay = journey_arg_int(fcinfo, 2, "delay", 1, JRN_SERIES_MAX_DELAY);
	options.radius = arg_radius(fcinfo, 3);
	options.theiler = journey_arg_int(fcinfo, 4, "theiler", 0, MAX_THEILER);
	options.line = journey_arg_int(fcinfo, 5, "line", 1, PG_INT32_MAX);
	journey_neighbours_begin(&call, fcinfo, "recurrence");
	refuse_long((int64) call.n - (int64) (options.dimension - 1) * options.delay);
	journey_check(jrn_recurrence_series(&call.env, call.x, call.n, &options, &result), "recurrence");
	journey_neighbours_end(&call);
	journey_series_row_begin(&row, fcinfo);
	put_figures(&row, &result);
	journey_series_row_number(&row, result.radius);
	journey_series_row_cstring(&row, jrn_series_status_word(result.status));
	PG_RETURN_DATUM(journey_series_row_end(&row));
}

static bool
same_label(const text *a, const text *b)
{
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

/* Symbols as numbers in order of appearance; at most 5,000, so comparing all is fine. */
static uint32 *
number_symbols(ArrayType *array, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	uint32	   *numbers;
	text	  **labels;
	int			i,
				j;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" must have one dimension, it has %d", ARR_NDIM(array))));
	refuse_long(ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0]);
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, count);
	numbers = palloc((Size) (*count + 1) * sizeof(uint32));
	labels = palloc((Size) (*count + 1) * sizeof(text *));
	for (i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of array \"x\" is null", i + 1)));
		labels[i] = DatumGetTextPP(elements[i]);
		for (j = 0; j < i; j++)
			if (numbers[j] == (uint32) j && same_label(labels[i], labels[j]))
				break;
		numbers[i] = (uint32) j;
	}
	return numbers;
}

/* recurrence(x text[], theiler, line, shuffles, seed) */
PG_FUNCTION_INFO_V1(journey_recurrence_symbols);
Datum
journey_recurrence_symbols(PG_FUNCTION_ARGS)
{
	jrn_recurrence_options options;
	jrn_recurrence_result result;
	journey_neighbour_call call;
	journey_series_row row;
	uint32	   *symbols;
	int			count;

	memset(&options, 0, sizeof(options));
	options.theiler = journey_arg_int(fcinfo, 1, "theiler", 0, MAX_THEILER);
	options.line = journey_arg_int(fcinfo, 2, "line", 1, PG_INT32_MAX);
	options.shuffles = journey_arg_int(fcinfo, 3, "shuffles", 0, JRN_RECURRENCE_MAX_SHUFFLES);
	options.seed = (uint64) PG_GETARG_INT64(4);
	symbols = number_symbols(PG_GETARG_ARRAYTYPE_P(0), &count);
	journey_series_open(&call, "recurrence");
	journey_check(jrn_recurrence_symbols(&call.env, symbols, (size_t) count, &options, &result), "recurrence");
	journey_neighbours_end(&call);
	journey_series_row_begin(&row, fcinfo);
	put_figures(&row, &result);
	journey_series_row_number(&row, result.p_determinism);
	journey_series_row_number(&row, result.p_laminarity);
	journey_series_row_cstring(&row, jrn_series_status_word(result.status));
	PG_RETURN_DATUM(journey_series_row_end(&row));
}
