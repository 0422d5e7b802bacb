/*
 * pg_divergence.c
 *		lyapunov and divergence_curve (see divergence.h).
 *
 * R-LYA-1	What no series could satisfy is an error (22023): a fit that ends
 *			before it begins or behind the horizon; what this series is too
 *			short for is a status.
 */
#include "pg_series_neighbours.h"

#include <math.h>

#include "access/htup_details.h"
#include "utils/builtins.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "divergence.h"

#define WHAT "divergence of a series"
#define DEFAULT_HORIZON 20
#define MAX_REPLICATES 10000
#define COLUMNS 11

static void
read_distance(FunctionCallInfo fcinfo, int number, jrn_divergence_options *options)
{
	char	   *distance = journey_arg_cstring_required(fcinfo, number, "distance");

	if (strcmp(distance, "last") == 0)
		options->distance = JRN_DISTANCE_LAST;
	else if (strcmp(distance, "vector") == 0)
		options->distance = JRN_DISTANCE_VECTOR;
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"distance\" is \"%s\", it must be \"last\" or \"vector\"", distance)));
}

/* dimension, delay, theiler, horizon: arguments 1 to 4 of both calls */
static void
read_embedding(FunctionCallInfo fcinfo, jrn_divergence_options *options)
{
	*options = jrn_divergence_defaults();
	options->embedding.dimension = journey_arg_int(fcinfo, 1, "dimension", 1, JRN_SERIES_MAX_DIMENSION);
	options->embedding.delay = journey_arg_int(fcinfo, 2, "delay", 1, JRN_SERIES_MAX_DELAY);
	options->embedding.window = journey_neighbours_choice(fcinfo, 3, "theiler", 0, JOURNEY_MAX_ARRAY_ELEMENTS);
	options->horizon = journey_neighbours_choice(fcinfo, 4, "horizon", 1, JRN_SERIES_MAX_HORIZON);
}

/* Number of neighbours and radius, which exclude each other. */
static void
read_neighbours(FunctionCallInfo fcinfo, int neighbours, int radius, jrn_divergence_options *options)
{
	options->neighbours = journey_arg_int(fcinfo, neighbours, "neighbours", 1, JRN_KD_MAX_NEIGHBOURS);
	if (PG_ARGISNULL(radius))
		return;
	options->radius = PG_GETARG_FLOAT8(radius);
	if (!(options->radius > 0.0) || isinf(options->radius))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"radius\" is %g, it must be a finite number above 0", options->radius)));
	if (options->neighbours != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"neighbours\" and \"radius\" exclude each other")));
}

/* R-LYA-1 */
static void
read_fit(FunctionCallInfo fcinfo, jrn_divergence_options *options)
{
	const int64 horizon = options->horizon == JRN_SERIES_DEFAULT ? DEFAULT_HORIZON : options->horizon;

	options->fit_from = journey_arg_int(fcinfo, 5, "fit_from", 0, JRN_SERIES_MAX_HORIZON - 1);
	options->fit_to = journey_neighbours_choice(fcinfo, 6, "fit_to", 1, JRN_SERIES_MAX_HORIZON);
	if (options->fit_from >= horizon || options->fit_to > horizon)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %d, the horizon is %d",
						options->fit_from >= horizon ? "fit_from" : "fit_to",
						(int) (options->fit_from >= horizon ? options->fit_from : options->fit_to), (int) horizon),
				 errhint("Pass a horizon that reaches to the end of the fit.")));
	if (options->fit_to != JRN_SERIES_DEFAULT && options->fit_to <= options->fit_from)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"fit_to\" is %d, it must be above \"fit_from\", which is %d",
						(int) options->fit_to, (int) options->fit_from)));
}

static void
set_number(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = isnan(value);
	values[column] = Float8GetDatum(value);
}

static Datum
result_row(TupleDesc desc, const jrn_divergence_result *result)
{
	Datum		values[COLUMNS];
	bool		nulls[COLUMNS];

	memset(nulls, 0, sizeof(nulls));
	set_number(values, nulls, 0, result->exponent);
	set_number(values, nulls, 1, result->low);
	set_number(values, nulls, 2, result->high);
	set_number(values, nulls, 3, result->jump);
	set_number(values, nulls, 4, result->noise_excess);
	values[5] = Int32GetDatum((int32) result->fit_from);
	values[6] = Int32GetDatum((int32) result->fit_to);
	nulls[6] = result->fit_to == JRN_SERIES_DEFAULT;
	values[7] = Int64GetDatum(result->n_pairs);
	values[8] = CStringGetTextDatum(jrn_series_status_word(result->status));
	values[9] = Int32GetDatum((int32) result->window);
	values[10] = Int32GetDatum((int32) result->horizon);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

PG_FUNCTION_INFO_V1(journey_lyapunov);
Datum
journey_lyapunov(PG_FUNCTION_ARGS)
{
	static const int needed[] = {0, 1, 2, 5, 7, 8, 9, 11};
	journey_neighbour_call call;
	jrn_divergence_options options;
	jrn_divergence_result result;
	TupleDesc	desc;

	if (journey_neighbours_any_null(fcinfo, needed, lengthof(needed)))
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the result of lyapunov must have %d columns", COLUMNS)));
	read_embedding(fcinfo, &options);
	read_fit(fcinfo, &options);
	read_distance(fcinfo, 7, &options);
	options.seed = (uint64) PG_GETARG_INT64(8);
	read_neighbours(fcinfo, 9, 10, &options);
	options.replicates = journey_arg_int(fcinfo, 11, "replicates", 0, MAX_REPLICATES);
	journey_neighbours_begin(&call, fcinfo, WHAT);
	journey_check(jrn_divergence(&call.env, call.x, call.n, &options, false, &result), WHAT);
	journey_neighbours_end(&call);
	PG_RETURN_DATUM(result_row(desc, &result));
}

PG_FUNCTION_INFO_V1(journey_divergence_curve);
Datum
journey_divergence_curve(PG_FUNCTION_ARGS)
{
	static const int needed[] = {0, 1, 2, 5, 6};
	journey_neighbour_call call;
	jrn_divergence_options options;
	jrn_divergence_result result;
	journey_rows rows;
	int64		k;

	journey_rows_begin(&rows, fcinfo, 4, "divergence_curve");
	if (journey_neighbours_any_null(fcinfo, needed, lengthof(needed)))
		return (Datum) 0;
	read_embedding(fcinfo, &options);
	read_distance(fcinfo, 5, &options);
	read_neighbours(fcinfo, 6, 7, &options);
	journey_neighbours_begin(&call, fcinfo, WHAT);
	journey_check(jrn_divergence(&call.env, call.x, call.n, &options, true, &result), WHAT);
	for (k = 0; k <= (result.curve == NULL ? 0 : result.horizon); k++)
	{
		journey_rows_integer(&rows, 0, (int32) k);
		journey_rows_number(&rows, 1, result.curve == NULL ? NAN : result.curve[k]);
		journey_rows_bigint(&rows, 2, result.curve == NULL ? 0 : result.used[k]);
		journey_rows_cstring(&rows, 3, jrn_series_status_word(result.status));
		journey_rows_put(&rows);
	}
	journey_neighbours_end(&call);
	return (Datum) 0;
}
