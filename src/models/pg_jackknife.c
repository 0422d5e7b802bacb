/*
 * pg_jackknife.c
 *		SQL binding of jackknife_moments().
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/memutils.h"

#include "../core/dist.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "jackknife.h"
#include "pg_moments.h"

enum
{
	JACK_TERM, JACK_ESTIMATE, JACK_STD_ERROR, JACK_STATISTIC, JACK_P_VALUE, JACK_CONF_LOW,
	JACK_CONF_HIGH, JACK_COLUMNS
};

static double
level_argument(FunctionCallInfo fcinfo, int number)
{
	double		level;

	journey_arg_not_null(fcinfo, number, "level");
	level = PG_GETARG_FLOAT8(number);
	if (!(level > 0.0 && level < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"level\" is %g, it must be greater than 0 and less than 1", level)));
	return level;
}

static void
put_term(journey_rows *rows, const char *term, double estimate, double error, double df, double level)
{
	double		margin = df >= 1.0 ? jrn_t_critical(level, df) * error : NAN;
	bool		spread = error > 0.0;

	journey_rows_cstring(rows, JACK_TERM, term);
	journey_rows_number(rows, JACK_ESTIMATE, estimate);
	journey_rows_number(rows, JACK_STD_ERROR, error);
	journey_rows_number(rows, JACK_STATISTIC, spread ? estimate / error : NAN);
	journey_rows_number(rows, JACK_P_VALUE, spread ? jrn_t_two_sided(estimate / error, df) : NAN);
	journey_rows_number(rows, JACK_CONF_LOW, estimate - margin);
	journey_rows_number(rows, JACK_CONF_HIGH, estimate + margin);
	journey_rows_put(rows);
}

/* jackknife_moments(m, level) */
PG_FUNCTION_INFO_V1(journey_jackknife_moments);
Datum
journey_jackknife_moments(PG_FUNCTION_ARGS)
{
	double		level = level_argument(fcinfo, 1);
	MemoryContext scratch;
	MemoryContext old;
	journey_moments moments;
	journey_rows rows;
	jrn_env		env;
	double	   *estimate;
	double	   *error;
	int			j;

	journey_rows_begin(&rows, fcinfo, JACK_COLUMNS, "jackknife_moments");
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey jackknife", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(scratch);
	journey_moments_read(PG_GETARG_HEAPTUPLEHEADER(0), &moments);
	env = journey_host_env(scratch);
	estimate = palloc((Size) moments.q * sizeof(double));
	error = palloc((Size) moments.q * sizeof(double));
	if (moments.count > 0)
		journey_check(jrn_jackknife(&env, moments.sets, (size_t) moments.count, estimate, error),
					  "jackknife_moments");
	MemoryContextSwitchTo(old);
	for (j = 0; moments.count > 0 && j < moments.q; j++)
		put_term(&rows, j == 0 ? "(intercept)" : moments.terms[j - 1], estimate[j], error[j],
				 moments.count - 1.0, level);
	MemoryContextDelete(scratch);
	return (Datum) 0;
}
