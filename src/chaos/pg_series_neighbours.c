/*
 * pg_series_neighbours.c
 *		Arrays of a series for measures by neighbours (see
 *		pg_series_neighbours.h), and those measures that are one number or a
 *		row per dimension or lag.
 */
#include "pg_series_neighbours.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "delay_information.h"
#include "false_neighbours.h"
#include "prediction_error.h"
#include "sample_entropy.h"

/* Elements between two looks at interrupts. */
#define ELEMENTS_PER_CHECK 1048576

/* R-SNB-1 */
static void
check_elements(ArrayType *array, int count)
{
	const bits8 *bitmap = ARR_NULLBITMAP(array);
	const double *value = (const double *) ARR_DATA_PTR(array);
	int			i;

	for (i = 0; i < count; i++)
	{
		if (i % ELEMENTS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		if (bitmap != NULL && (bitmap[i / 8] & (1 << (i % 8))) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of array \"x\" is null", i + 1),
					 errhint("A gap must not be closed up: fill it, or pass the longest stretch without one.")));
		if (!isfinite(*value++))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of array \"x\" is not finite", i + 1)));
	}
}

void
journey_neighbours_begin(journey_neighbour_call *call, FunctionCallInfo fcinfo, const char *what)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int			count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" must have one dimension, it has %d", ARR_NDIM(array))));
	if (count > JOURNEY_MAX_ARRAY_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array \"x\" has %d elements, the limit is %d", count, JOURNEY_MAX_ARRAY_ELEMENTS)));
	check_elements(array, count);
	call->x = (const double *) ARR_DATA_PTR(array);
	call->n = (size_t) count;
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey series neighbours", ALLOCSET_DEFAULT_SIZES);
	call->env = journey_host_env(call->context);
	journey_progress_watch(call->context, what);
}

void
journey_neighbours_end(journey_neighbour_call *call)
{
	journey_progress_unwatch();
	MemoryContextDelete(call->context);
}

bool
journey_neighbours_any_null(FunctionCallInfo fcinfo, const int *arguments, int count)
{
	int			i;

	for (i = 0; i < count; i++)
		if (PG_ARGISNULL(arguments[i]))
			return true;
	return false;
}

int32
journey_neighbours_choice(FunctionCallInfo fcinfo, int number, const char *name, int32 low, int32 high)
{
	return PG_ARGISNULL(number) ? JRN_SERIES_DEFAULT : journey_arg_int(fcinfo, number, name, low, high);
}

PG_FUNCTION_INFO_V1(journey_prediction_error);
Datum
journey_prediction_error(PG_FUNCTION_ARGS)
{
	static const int needed[] = {0, 1, 2, 3};
	journey_neighbour_call call;
	jrn_embedding embedding = {0, 1, JRN_SERIES_DEFAULT};
	int			neighbours;
	int			horizon;
	double		error;

	if (journey_neighbours_any_null(fcinfo, needed, lengthof(needed)))
		PG_RETURN_NULL();
	embedding.dimension = journey_arg_int(fcinfo, 1, "dimension", 1, JRN_SERIES_MAX_DIMENSION);
	neighbours = journey_arg_int(fcinfo, 2, "neighbours", 1, JRN_KD_MAX_NEIGHBOURS);
	horizon = journey_arg_int(fcinfo, 3, "horizon", 1, JRN_SERIES_MAX_HORIZON);
	embedding.window = journey_neighbours_choice(fcinfo, 4, "theiler", 0, JOURNEY_MAX_ARRAY_ELEMENTS);
	journey_neighbours_begin(&call, fcinfo, "prediction error");
	journey_check(jrn_prediction_error(&call.env, call.x, call.n, &embedding, neighbours, horizon, &error),
				  "prediction error");
	journey_neighbours_end(&call);
	if (isnan(error))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(error);
}

PG_FUNCTION_INFO_V1(journey_sample_entropy);
Datum
journey_sample_entropy(PG_FUNCTION_ARGS)
{
	static const int needed[] = {0, 1};
	journey_neighbour_call call;
	jrn_series_status status;
	double		tolerance = NAN;
	double		entropy;
	int			dimension;

	if (journey_neighbours_any_null(fcinfo, needed, lengthof(needed)))
		PG_RETURN_NULL();
	dimension = journey_arg_int(fcinfo, 1, "dimension", 1, JRN_SERIES_MAX_DIMENSION - 1);
	if (!PG_ARGISNULL(2))
	{
		tolerance = PG_GETARG_FLOAT8(2);
		if (!(tolerance >= 0.0) || isinf(tolerance))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"tolerance\" is %g, it must be a finite number from 0", tolerance)));
	}
	journey_neighbours_begin(&call, fcinfo, "sample entropy");
	journey_check(jrn_sample_entropy(&call.env, call.x, call.n, dimension, tolerance, &entropy, &status),
				  "sample entropy");
	journey_neighbours_end(&call);
	if (isnan(entropy))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(entropy);
}

PG_FUNCTION_INFO_V1(journey_delay_information);
Datum
journey_delay_information(PG_FUNCTION_ARGS)
{
	static const int needed[] = {0, 1, 2};
	journey_neighbour_call call;
	jrn_delay_information_row *lags;
	journey_rows rows;
	int			max_lag;
	int			bins;
	int			lag;

	journey_rows_begin(&rows, fcinfo, 4, "delay_information");
	if (journey_neighbours_any_null(fcinfo, needed, lengthof(needed)))
		return (Datum) 0;
	max_lag = journey_arg_int(fcinfo, 1, "max_lag", 1, JRN_DELAY_MAX_LAG);
	bins = journey_arg_int(fcinfo, 2, "bins", 2, JRN_DELAY_MAX_BINS);
	journey_neighbours_begin(&call, fcinfo, "delay information");
	journey_check(jrn_alloc_array(&call.env, (size_t) max_lag, sizeof(jrn_delay_information_row), &lags),
				  "delay information");
	journey_check(jrn_delay_information(&call.env, call.x, call.n, max_lag, bins, lags), "delay information");
	for (lag = 1; lag <= max_lag; lag++)
	{
		journey_rows_integer(&rows, 0, lag);
		journey_rows_number(&rows, 1, lags[lag - 1].information);
		journey_rows_number(&rows, 2, lags[lag - 1].corrected);
		journey_rows_cstring(&rows, 3, jrn_series_status_word(lags[lag - 1].status));
		journey_rows_put(&rows);
	}
	journey_neighbours_end(&call);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_false_neighbours);
Datum
journey_false_neighbours(PG_FUNCTION_ARGS)
{
	static const int needed[] = {0, 1, 2};
	journey_neighbour_call call;
	jrn_false_neighbours_row dimensions[JRN_SERIES_MAX_DIMENSION];
	journey_rows rows;
	int			max_dimension;
	int			delay;
	int			theiler;
	int			m;

	journey_rows_begin(&rows, fcinfo, 4, "false_neighbours");
	if (journey_neighbours_any_null(fcinfo, needed, lengthof(needed)))
		return (Datum) 0;
	max_dimension = journey_arg_int(fcinfo, 1, "max_dimension", 1, JRN_SERIES_MAX_DIMENSION);
	delay = journey_arg_int(fcinfo, 2, "delay", 1, JRN_SERIES_MAX_DELAY);
	theiler = journey_neighbours_choice(fcinfo, 3, "theiler", 0, JOURNEY_MAX_ARRAY_ELEMENTS);
	journey_neighbours_begin(&call, fcinfo, "false neighbours");
	journey_check(jrn_false_neighbours(&call.env, call.x, call.n, max_dimension, delay, theiler, dimensions),
				  "false neighbours");
	for (m = 1; m <= max_dimension; m++)
	{
		journey_rows_integer(&rows, 0, m);
		journey_rows_number(&rows, 1, dimensions[m - 1].fraction);
		journey_rows_bigint(&rows, 2, dimensions[m - 1].used);
		journey_rows_cstring(&rows, 3, jrn_series_status_word(dimensions[m - 1].status));
		journey_rows_put(&rows);
	}
	journey_neighbours_end(&call);
	return (Datum) 0;
}
