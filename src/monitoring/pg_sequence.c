/*
 * pg_sequence.c
 *		Aggregate confidence_sequence, and its figures from moments that were
 *		kept: confidence_sequence_bounds, confidence_sequence_e_value
 *		(sequence.h).
 *
 * The state is a float8[] with the header of ../pg/state.h, where the rules
 * R-STATE-1 to R-STATE-3 are:
 *
 *		[1] [2] [3] header  [4] planned  [5] alpha
 *		[6] ... moments of one variable in the flat form of ../models/running.h
 *
 * R-PGS-1	planned and alpha are the same in all rows and states.
 * R-PGS-2	A row with a NULL x is left out before anything else is looked at (its
 *			outcome has not matured yet).
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "utils/float.h"

#include "../metrics/pg_metrics.h"
#include "../models/running.h"
#include "../pg/aggregate.h"
#include "../pg/estimate.h"
#include "../pg/host.h"
#include "../pg/state.h"
#include "sequence.h"

#define DEFAULT_ALPHA 0.05

#define STATE_PLANNED JOURNEY_STATE_HEADER
#define STATE_ALPHA (JOURNEY_STATE_HEADER + 1)
#define STATE_MOMENTS (JOURNEY_STATE_HEADER + 2)
#define STATE_LENGTH (STATE_MOMENTS + JRN_RUNNING_TOTALS + 3)

static const journey_state_kind sequence_state = {
	"a confidence sequence",
	21322.0,					/* 0x534A: "JS" */
	1.0,
	STATE_LENGTH,
	STATE_LENGTH
};

static jrn_sequence_plan
open_plan(double planned, double alpha)
{
	jrn_sequence_plan plan;

	if (!(planned >= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("planned is %.0f, it must be at least 1", planned),
				 errhint("It is the number of customers at which the answer is wanted, fixed before the first look.")));
	if (!(alpha > 0.0 && alpha <= 0.5))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha is %s, it must be above 0 and at most 0.5", float8out_internal(alpha))));
	journey_check(jrn_sequence_open(planned, alpha, &plan), "a confidence sequence");
	return plan;
}

/* R-PGS-1 */
static void
refuse_change(const char *name, double before, double now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s is %s and %s in different rows, it must be the same in all", name,
					float8out_internal(Min(before, now)), float8out_internal(Max(before, now)))));
}

static double *
state_numbers(ArrayType *array)
{
	int			count;

	return journey_state_numbers(array, &sequence_state, &count);
}

/* R-STATE-1, every number. */
static jrn_running
checked_moments(double *numbers)
{
	jrn_running running;

	jrn_running_open(numbers + STATE_MOMENTS, 1, &running);
	if (!(numbers[STATE_PLANNED] >= 1.0) || !isfinite(numbers[STATE_PLANNED]) ||
		!(numbers[STATE_ALPHA] > 0.0 && numbers[STATE_ALPHA] <= 0.5))
		journey_state_refuse(&sequence_state, "its plan is wrong");
	if (jrn_running_check(&running) != JRN_OK)
		journey_state_refuse(&sequence_state, "its moments are wrong");
	return running;
}

/* A plan without rows yet. */
static ArrayType *
new_state(double planned, double alpha)
{
	ArrayType  *array = journey_state_new(&sequence_state, STATE_LENGTH);
	double	   *numbers = (double *) ARR_DATA_PTR(array);

	numbers[STATE_PLANNED] = planned;
	numbers[STATE_ALPHA] = alpha;
	return array;
}

static void
read_plan(FunctionCallInfo fcinfo, double *planned, double *alpha)
{
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("planned must not be null")));
	*planned = (double) PG_GETARG_INT64(2);
	*alpha = PG_NARGS() > 3 ? journey_metric_constant(fcinfo, 3, "alpha", false, 0.0) : DEFAULT_ALPHA;
}

/* (state, x, planned [, alpha]); a state is updated in place. */
PG_FUNCTION_INFO_V1(journey_confidence_sequence_accum);
Datum
journey_confidence_sequence_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	double	   *numbers;
	jrn_running running;
	double		planned,
				alpha,
				x;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		journey_state_refuse(&sequence_state, "it is null");
	array = PG_GETARG_ARRAYTYPE_P(0);
	numbers = state_numbers(array);
	if (PG_ARGISNULL(1))
		PG_RETURN_ARRAYTYPE_P(array);	/* R-PGS-2 */
	x = journey_metric_finite(PG_GETARG_FLOAT8(1), "x");
	read_plan(fcinfo, &planned, &alpha);
	if (numbers == NULL)
	{
		(void) open_plan(planned, alpha);
		array = new_state(planned, alpha);
		numbers = (double *) ARR_DATA_PTR(array);
	}
	if (numbers[STATE_PLANNED] != planned)
		refuse_change("planned", numbers[STATE_PLANNED], planned);
	if (numbers[STATE_ALPHA] != alpha)
		refuse_change("alpha", numbers[STATE_ALPHA], alpha);
	jrn_running_open(numbers + STATE_MOMENTS, 1, &running);
	jrn_running_add(&running, &x, 1.0);
	if (!isfinite(running.mean[0]) || !isfinite(running.low[0]) || !isfinite(running.m[0]))
		float_overflow_error();
	jrn_running_close(&running, numbers + STATE_MOMENTS);
	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(journey_confidence_sequence_combine);
Datum
journey_confidence_sequence_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	ArrayType  *array;
	double	   *mine;
	double	   *other;
	double	   *numbers;
	jrn_running into;
	jrn_running from;

	(void) journey_agg_context(fcinfo);
	first = PG_GETARG_ARRAYTYPE_P(0);
	second = PG_GETARG_ARRAYTYPE_P(1);
	mine = state_numbers(first);
	other = state_numbers(second);
	if (other == NULL)
		PG_RETURN_ARRAYTYPE_P(first);
	from = checked_moments(other);
	if (mine == NULL)
		PG_RETURN_ARRAYTYPE_P(second);
	(void) checked_moments(mine);
	if (mine[STATE_PLANNED] != other[STATE_PLANNED])
		refuse_change("planned", mine[STATE_PLANNED], other[STATE_PLANNED]);
	if (mine[STATE_ALPHA] != other[STATE_ALPHA])
		refuse_change("alpha", mine[STATE_ALPHA], other[STATE_ALPHA]);
	array = new_state(mine[STATE_PLANNED], mine[STATE_ALPHA]);
	numbers = (double *) ARR_DATA_PTR(array);
	memcpy(numbers, mine, STATE_LENGTH * sizeof(double));
	jrn_running_open(numbers + STATE_MOMENTS, 1, &into);
	jrn_running_merge(&into, &from);
	if (!isfinite(into.mean[0]) || !isfinite(into.low[0]) || !isfinite(into.m[0]))
		float_overflow_error();
	jrn_running_close(&into, numbers + STATE_MOMENTS);
	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(journey_confidence_sequence_final);
Datum
journey_confidence_sequence_final(PG_FUNCTION_ARGS)
{
	double	   *numbers;
	jrn_running running;
	jrn_sequence_plan plan;
	jrn_sequence_seen seen;
	journey_estimate estimate;
	double		half;

	(void) journey_agg_context(fcinfo);
	numbers = state_numbers(PG_GETARG_ARRAYTYPE_P(0));
	if (numbers == NULL)
		PG_RETURN_NULL();
	running = checked_moments(numbers);
	plan = open_plan(numbers[STATE_PLANNED], numbers[STATE_ALPHA]);
	seen.n = running.n;
	seen.mean = running.mean[0] + running.low[0];
	seen.m2 = running.m[0];
	/* a root of a finite sum of squares: nothing here can overflow */
	half = jrn_sequence_half_width(&plan, &seen);
	estimate.estimate = seen.mean;
	estimate.std_error = jrn_sequence_sd(&seen) / sqrt(seen.n);
	estimate.conf_low = seen.mean - half;
	estimate.conf_high = seen.mean + half;
	estimate.n = (int64) seen.n;
	estimate.method = !isnan(half) ? "confidence_sequence" : seen.n < 2.0 ? "too_few" : "no_spread";
	PG_RETURN_DATUM(journey_estimate_datum(fcinfo, &estimate));
}

/* n, mean, m2: arguments 0 to 2 of the functions over moments. */
static jrn_sequence_seen
read_seen(FunctionCallInfo fcinfo)
{
	jrn_sequence_seen seen;

	seen.n = (double) PG_GETARG_INT64(0);
	seen.mean = journey_metric_finite(PG_GETARG_FLOAT8(1), "mean");
	seen.m2 = journey_metric_finite(PG_GETARG_FLOAT8(2), "m2");
	if (seen.n < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n is %.0f, it must not be negative", seen.n)));
	if (seen.m2 < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("m2 is %s, a sum of squares must not be negative",
						float8out_internal(seen.m2))));
	return seen;
}

/* (n, mean, m2, planned, alpha), STRICT */
PG_FUNCTION_INFO_V1(journey_confidence_sequence_bounds);
Datum
journey_confidence_sequence_bounds(PG_FUNCTION_ARGS)
{
	jrn_sequence_seen seen = read_seen(fcinfo);
	jrn_sequence_plan plan = open_plan((double) PG_GETARG_INT64(3), PG_GETARG_FLOAT8(4));
	double		half = jrn_sequence_half_width(&plan, &seen);
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != 3)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("confidence_sequence_bounds must return a row of 3 columns")));
	values[0] = Float8GetDatum(seen.mean - half);
	values[1] = Float8GetDatum(seen.mean + half);
	values[2] = Float8GetDatum(half);
	nulls[0] = nulls[1] = nulls[2] = isnan(half);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* (n, mean, m2, planned, null_value, alpha), STRICT */
PG_FUNCTION_INFO_V1(journey_confidence_sequence_e_value);
Datum
journey_confidence_sequence_e_value(PG_FUNCTION_ARGS)
{
	jrn_sequence_seen seen = read_seen(fcinfo);
	jrn_sequence_plan plan = open_plan((double) PG_GETARG_INT64(3), PG_GETARG_FLOAT8(5));
	double		null_value = journey_metric_finite(PG_GETARG_FLOAT8(4), "null_value");
	double		e = jrn_e_value(jrn_sequence_log_e(&plan, &seen, null_value));

	if (isnan(e))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(e);
}
