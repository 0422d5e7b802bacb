/*
 * pg_early_warning.c
 *		journey.early_warning: a series to trends of its variability and
 *		persistence (early_warning.h).
 */
#include "pg_series_tests.h"

#include <math.h>

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "early_warning.h"

static double
arg_bandwidth(FunctionCallInfo fcinfo, int number)
{
	const double bandwidth = PG_GETARG_FLOAT8(number);

	if (!(bandwidth >= 0.0 && bandwidth <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"bandwidth\" is %.15g, it must be between 0 and 1", bandwidth),
				 errhint("It is a share of the length of the series; 0 takes no trend out.")));
	return bandwidth;
}

/* early_warning(x, window, replicates, seed, bandwidth) */
PG_FUNCTION_INFO_V1(journey_early_warning);
Datum
journey_early_warning(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"variance", "autocorrelation"};
	static const int required[] = {0, 2, 3, 4};
	jrn_warning_options options;
	jrn_warning_result result;
	journey_neighbour_call call;
	journey_rows rows;
	int			which;

	journey_rows_begin(&rows, fcinfo, 4, "early_warning");
	if (journey_neighbours_any_null(fcinfo, required, lengthof(required)))
		return (Datum) 0;
	memset(&options, 0, sizeof(options));
	options.window = PG_ARGISNULL(1) ? JRN_SERIES_DEFAULT :
		journey_arg_int(fcinfo, 1, "window", JRN_WARNING_MIN_WINDOW, PG_INT32_MAX);
	options.replicates = journey_arg_int(fcinfo, 2, "replicates", 0, JRN_WARNING_MAX_REPLICATES);
	options.seed = (uint64) PG_GETARG_INT64(3);
	options.bandwidth = arg_bandwidth(fcinfo, 4);
	journey_neighbours_begin(&call, fcinfo, "early warning");
	journey_check(jrn_early_warning(&call.env, call.x, call.n, &options, &result), "early warning");
	for (which = 0; which < JRN_WARNING_INDICATORS; which++)
	{
		journey_rows_cstring(&rows, 0, names[which]);
		journey_rows_number(&rows, 1, result.tau[which]);
		journey_rows_number(&rows, 2, result.p[which]);
		journey_rows_cstring(&rows, 3, jrn_series_status_word(result.status[which]));
		journey_rows_put(&rows);
	}
	journey_neighbours_end(&call);
	return (Datum) 0;
}
