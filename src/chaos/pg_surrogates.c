/*
 * pg_surrogates.c
 *		journey.permutation_entropy, surrogate_test, zero_one_test: arrays to
 *		figures (permutation_entropy.h, surrogate.h, zero_one.h).
 */
#include "pg_series_tests.h"

#include <math.h>

#include "../pg/args.h"
#include "../pg/host.h"
#include "permutation_entropy.h"
#include "surrogate.h"
#include "zero_one.h"

#define MAX_DELAY 1000000

/* permutation_entropy(x, dimension, delay) */
PG_FUNCTION_INFO_V1(journey_permutation_entropy);
Datum
journey_permutation_entropy(PG_FUNCTION_ARGS)
{
	const int	dimension = journey_arg_int(fcinfo, 1, "dimension", JRN_PE_MIN_DIMENSION, JRN_PE_MAX_DIMENSION);
	const int	delay = journey_arg_int(fcinfo, 2, "delay", 1, MAX_DELAY);
	journey_neighbour_call call;
	double		entropy;

	journey_neighbours_begin(&call, fcinfo, "permutation entropy");
	journey_check(jrn_permutation_entropy(&call.env, call.x, call.n, dimension, (size_t) delay, &entropy),
				  "permutation entropy");
	journey_neighbours_end(&call);
	if (isnan(entropy))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(entropy);
}

static jrn_surrogate_statistic
arg_statistic(FunctionCallInfo fcinfo, int number)
{
	char	   *name = journey_arg_cstring_required(fcinfo, number, "statistic");

	if (strcmp(name, "permutation_entropy") == 0)
		return JRN_STATISTIC_ENTROPY;
	if (strcmp(name, "prediction_error") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"statistic\" is \"%s\", it must be \"permutation_entropy\" or \"prediction_error\"", name)));
	return JRN_STATISTIC_PREDICTION;
}

/* surrogate_test(x, statistic, surrogates, seed) */
PG_FUNCTION_INFO_V1(journey_surrogate_test);
Datum
journey_surrogate_test(PG_FUNCTION_ARGS)
{
	const jrn_surrogate_statistic which = arg_statistic(fcinfo, 1);
	jrn_surrogate_options options;
	jrn_surrogate_result result;
	journey_neighbour_call call;
	journey_series_row row;

	memset(&options, 0, sizeof(options));
	options.wanted[which] = true;
	options.surrogates = journey_arg_int(fcinfo, 2, "surrogates", 1, JRN_SURROGATE_MAX);
	options.seed = (uint64) PG_GETARG_INT64(3);
	journey_neighbours_begin(&call, fcinfo, "surrogate test");
	journey_check(jrn_surrogate_test(&call.env, call.x, call.n, &options, &result), "surrogate test");
	journey_series_row_begin(&row, fcinfo);
	journey_series_row_number(&row, result.observed[which]);
	journey_series_row_number(&row, result.null_median[which]);
	journey_series_row_number(&row, result.p[which]);
	journey_series_row_number(&row, result.part.mismatch);
	journey_series_row_cstring(&row, jrn_series_status_word(result.status));
	journey_series_row_bigint(&row, isnan(result.part.mismatch) ? -1 : (int64) result.part.length);
	journey_neighbours_end(&call);
	PG_RETURN_DATUM(journey_series_row_end(&row));
}

/* zero_one_test(x, frequencies) */
PG_FUNCTION_INFO_V1(journey_zero_one_test);
Datum
journey_zero_one_test(PG_FUNCTION_ARGS)
{
	const int	frequencies = journey_arg_int(fcinfo, 1, "frequencies", 1, JRN_ZERO_ONE_MAX_FREQUENCIES);
	jrn_zero_one_result result;
	journey_neighbour_call call;
	journey_series_row row;

	journey_neighbours_begin(&call, fcinfo, "0-1 test");
	journey_check(jrn_zero_one(&call.env, call.x, call.n, frequencies, JRN_ZERO_ONE_AUTO, &result), "0-1 test");
	journey_neighbours_end(&call);
	journey_series_row_begin(&row, fcinfo);
	journey_series_row_number(&row, result.median);
	journey_series_row_number(&row, result.low);
	journey_series_row_number(&row, result.high);
	journey_series_row_cstring(&row, jrn_series_status_word(result.status));
	PG_RETURN_DATUM(journey_series_row_end(&row));
}
