/*
 * pg_fit_linear.c
 *		Aggregate fit_linear: least squares from running moments.
 *
 * The state is a float8[] with the header of ../pg/state.h, whose rules
 * R-STATE-1 to R-STATE-3 hold here:
 *
 *		[1] [2] [3] header  [4] p  [5...] the flat form of running.h, q = p + 1
 *
 * Its size is fixed by the first row; rows update it in place and hand the
 * same pointer back, so a row costs O(p^2) arithmetic and no copy.
 */
#include "pg_fit_arrays.h"

#include <math.h>

#include "utils/float.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "../pg/state.h"
#include "fit.h"
#include "running.h"

#define STATE_P JOURNEY_STATE_HEADER
#define STATE_BODY (JOURNEY_STATE_HEADER + 1)

/* Deviations of a row of up to this many variables lie on the stack. */
#define SMALL_ROW 64

static const journey_state_kind linear_state = {
	"fit_linear",
	19533.0,					/* 0x4C4D: "LM" */
	1.0,
	STATE_BODY + JRN_RUNNING_TOTALS + 3,	/* p = 0 */
	STATE_BODY + JRN_RUNNING_TOTALS + 2 * (JRN_MAX_COLUMNS + 1) +
	(JRN_MAX_COLUMNS + 1) * (JRN_MAX_COLUMNS + 2) / 2
};

/* The moments in a state; false for the empty one.  R-STATE-1: O(1). */
static bool
open_state(ArrayType *array, jrn_running *running)
{
	int			count;
	double	   *numbers = journey_state_numbers(array, &linear_state, &count);
	double		p;

	if (numbers == NULL)
		return false;
	p = numbers[STATE_P];
	if (!(p >= 0.0 && p <= JRN_MAX_COLUMNS && p == floor(p)) ||
		(size_t) count != STATE_BODY + jrn_running_size((size_t) p + 1))
		journey_state_refuse(&linear_state, "its length does not belong to its number of features");
	jrn_running_open(numbers + STATE_BODY, (size_t) p + 1, running);
	journey_state_check_rows(&linear_state, running->n);
	if (!(running->w > 0.0))
		journey_state_refuse(&linear_state, "its sum of weights is not positive");
	return true;
}

/* R-STATE-1, every number. */
static void
check_state(const jrn_running *running)
{
	switch (jrn_running_check(running))
	{
		case JRN_OK:
			return;
		case JRN_NONFINITE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("moments of fit_linear are out of range"),
					 errhint("Scale the columns so that their squares, summed over the rows, are finite.")));
			break;
		default:
			journey_state_refuse(&linear_state, "a count, weight or variance cannot be");
	}
}

/* A state of no rows yet. */
static ArrayType *
new_state(int p, jrn_running *running)
{
	size_t		q = (size_t) p + 1;
	ArrayType  *array = journey_state_new(&linear_state, (int) (STATE_BODY + jrn_running_size(q)));
	double	   *numbers = (double *) ARR_DATA_PTR(array);

	numbers[STATE_P] = p;
	jrn_running_open(numbers + STATE_BODY, q, running);
	return array;
}

static double *
state_body(ArrayType *array)
{
	return (double *) ARR_DATA_PTR(array) + STATE_BODY;
}

PG_FUNCTION_INFO_V1(journey_fit_linear_accum);
Datum
journey_fit_linear_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	journey_array_row row;
	jrn_running running;
	double		small[SMALL_ROW];
	double	   *z;

	(void) journey_agg_context(fcinfo);
	array = PG_ARGISNULL(0) ? NULL : PG_GETARG_ARRAYTYPE_P(0);
	if (array != NULL && !open_state(array, &running))
		array = NULL;			/* R-STATE-3 */
	if (!journey_array_row_read(fcinfo, false, &row))
	{
		if (array == NULL)
			PG_RETURN_NULL();
		PG_RETURN_ARRAYTYPE_P(array);
	}
	if (array == NULL)
		array = new_state(row.p, &running);
	else
		journey_array_check_length(row.p, (int) running.q - 1);
	z = running.q <= SMALL_ROW ? small : palloc(running.q * sizeof(double));
	memcpy(z, row.x, (size_t) row.p * sizeof(double));
	z[row.p] = row.y;
	jrn_running_add(&running, z, row.weight);
	if (!isfinite(running.w))
		float_overflow_error();
	jrn_running_close(&running, state_body(array));
	PG_RETURN_ARRAYTYPE_P(array);
}

/* Strict: neither state is NULL.  State 1 is the executor's and changes. */
PG_FUNCTION_INFO_V1(journey_fit_linear_combine);
Datum
journey_fit_linear_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	jrn_running into;
	jrn_running from;

	(void) journey_agg_context(fcinfo);
	first = PG_GETARG_ARRAYTYPE_P(0);
	second = PG_GETARG_ARRAYTYPE_P(1);
	if (!open_state(second, &from))
		PG_RETURN_ARRAYTYPE_P(first);
	check_state(&from);
	if (!open_state(first, &into))
		first = new_state((int) from.q - 1, &into);
	else
	{
		check_state(&into);
		journey_array_check_length((int) from.q - 1, (int) into.q - 1);
	}
	jrn_running_merge(&into, &from);
	jrn_running_close(&into, state_body(first));
	PG_RETURN_ARRAYTYPE_P(first);
}

static jrn_status
fit_state(const jrn_env *env, const jrn_running *running, jrn_model *model)
{
	jrn_moments moments;

	JRN_TRY(jrn_running_moments(env, running, &moments));
	return jrn_fit_moments(env, &moments, running->log_w, model);
}

PG_FUNCTION_INFO_V1(journey_fit_linear_final);
Datum
journey_fit_linear_final(PG_FUNCTION_ARGS)
{
	MemoryContext scratch;
	jrn_running running;
	jrn_model	model;
	jrn_env		env;
	Datum		datum;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0) || !open_state(PG_GETARG_ARRAYTYPE_P(0), &running))
		PG_RETURN_NULL();
	check_state(&running);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey fit_linear",
									ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(scratch);
	journey_check(fit_state(&env, &running, &model), "fit_linear");
	datum = journey_array_model(&model);
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(datum);
}
