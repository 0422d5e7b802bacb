/*
 * pg_metrics.c
 *		Aggregates that are means over rows: log_loss, brier, rmse, r_squared.
 *
 * The state is a float8[] with the header of ../pg/state.h, where the rules
 * R-STATE-1 to R-STATE-3 are:
 *
 *		[1] [2] [3] header  [4] metric
 *		[5] n  [6] sum of losses  [7] its compensation  [8] infinite losses
 *		[9] [10] mean of the outcome, high and low part
 *		[11] [12] its sum of squared deviations
 */
#include "pg_metrics.h"

#include <math.h>

#include "utils/float.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "../pg/state.h"
#include "metric_loss.h"

#define STATE_METRIC JOURNEY_STATE_HEADER
#define STATE_HEADER (JOURNEY_STATE_HEADER + 1)
#define STATE_LENGTH 12

static const journey_state_kind loss_state = {
	"a metric",
	19530.0,					/* 0x4C4A: "JL" */
	1.0,
	STATE_LENGTH,
	STATE_LENGTH
};

StaticAssertDecl(sizeof(jrn_loss) == (STATE_LENGTH - STATE_HEADER) * sizeof(double),
				 "jrn_loss is the body of the state");

typedef enum loss_metric
{
	LOSS_LOG = 1,
	LOSS_BRIER,
	LOSS_RMSE,
	LOSS_R_SQUARED
} loss_metric;

double
journey_metric_predicted(FunctionCallInfo fcinfo)
{
	double		value = PG_GETARG_FLOAT8(1);

	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("predicted value is %s, it must be a finite number",
						float8out_internal(value))));
	return value;
}

double
journey_metric_observed(FunctionCallInfo fcinfo, journey_observed kind)
{
	double		value;

	if (kind == JOURNEY_OBSERVED_BOOL)
		return PG_GETARG_BOOL(2) ? 1.0 : 0.0;
	value = PG_GETARG_FLOAT8(2);
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("observed value is %s, it must be a finite number",
						float8out_internal(value))));
	if (kind == JOURNEY_OBSERVED_CLASS && value != 0.0 && value != 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("observed value is %s, it must be 0 or 1",
						float8out_internal(value))));
	return value;
}

/*
 * The numbers of a state, NULL for the empty one.  R-STATE-1: shape and header
 * only.  metric 0 accepts any.
 */
static double *
state_numbers(ArrayType *array, loss_metric metric)
{
	int			count;
	double	   *numbers = journey_state_numbers(array, &loss_state, &count);

	if (numbers == NULL)
		return NULL;
	if (numbers[STATE_METRIC] != (double) LOSS_LOG && numbers[STATE_METRIC] != (double) LOSS_BRIER &&
		numbers[STATE_METRIC] != (double) LOSS_RMSE && numbers[STATE_METRIC] != (double) LOSS_R_SQUARED)
		journey_state_refuse(&loss_state, "its metric is unknown");
	if (metric != 0 && numbers[STATE_METRIC] != (double) metric)
		journey_state_refuse(&loss_state, "it belongs to another metric");
	return numbers;
}

/* R-STATE-1, every number. */
static jrn_loss
checked_loss(const double *numbers)
{
	jrn_loss	loss;
	bool		moments = numbers[STATE_METRIC] == (double) LOSS_R_SQUARED;
	int			i;

	for (i = STATE_HEADER; i < STATE_LENGTH; i++)
		if (!isfinite(numbers[i]))
			journey_state_refuse(&loss_state, "a number is not finite");
	memcpy(&loss, numbers + STATE_HEADER, sizeof(loss));
	journey_state_check_rows(&loss_state, loss.n);
	if (loss.infinite < 0.0 || loss.infinite > loss.n ||
		loss.infinite != floor(loss.infinite) ||
		(loss.infinite > 0.0 && numbers[STATE_METRIC] != (double) LOSS_LOG))
		journey_state_refuse(&loss_state, "its count of infinite losses is wrong");
	if (loss.sum.sum < 0.0 || fabs(loss.sum.compensation) > 1e-3 * loss.sum.sum)
		journey_state_refuse(&loss_state, "its sum is wrong");
	if (loss.squares.hi < 0.0 ||
		(!moments && (loss.squares.hi != 0.0 || loss.squares.lo != 0.0 ||
					  loss.mean.hi != 0.0 || loss.mean.lo != 0.0)))
		journey_state_refuse(&loss_state, "its moments are wrong");
	return loss;
}

/* A new state in the current context; the executor moves it to its own. */
static ArrayType *
new_state(loss_metric metric, const jrn_loss *loss)
{
	ArrayType  *array = journey_state_new(&loss_state, STATE_LENGTH);
	double	   *numbers = (double *) ARR_DATA_PTR(array);

	numbers[STATE_METRIC] = (double) metric;
	memcpy(numbers + STATE_HEADER, loss, sizeof(*loss));
	return array;
}

static void
add_row(jrn_loss *loss, loss_metric metric, double predicted, double observed)
{
	jrn_status	status = JRN_OK;

	if ((metric == LOSS_LOG || metric == LOSS_BRIER) && (predicted < 0.0 || predicted > 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("predicted value is %s, it must be a probability between 0 and 1",
						float8out_internal(predicted))));
	switch (metric)
	{
		case LOSS_LOG:
			status = jrn_loss_add_log(loss, predicted, observed);
			break;
		case LOSS_BRIER:
			status = jrn_loss_add_brier(loss, predicted, observed);
			break;
		case LOSS_RMSE:
			status = jrn_loss_add_square(loss, predicted, observed);
			break;
		case LOSS_R_SQUARED:
			status = jrn_loss_add_variance(loss, predicted, observed);
			break;
	}
	if (status == JRN_NONFINITE)
		float_overflow_error();
	journey_check(status, "a metric");
}

/*
 * Transition: the functions are STRICT, so a row with a NULL never arrives.
 * A state is updated in place; the same pointer goes back.
 */
static Datum
accumulate(FunctionCallInfo fcinfo, loss_metric metric, journey_observed kind)
{
	ArrayType  *array;
	double	   *numbers;
	double		predicted,
				observed;
	jrn_loss	loss;

	(void) journey_agg_context(fcinfo);
	array = PG_GETARG_ARRAYTYPE_P(0);
	numbers = state_numbers(array, metric);
	predicted = journey_metric_predicted(fcinfo);
	observed = journey_metric_observed(fcinfo, kind);
	if (numbers == NULL)
		memset(&loss, 0, sizeof(loss));
	else
		memcpy(&loss, numbers + STATE_HEADER, sizeof(loss));
	add_row(&loss, metric, predicted, observed);
	if (numbers == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state(metric, &loss));
	memcpy(numbers + STATE_HEADER, &loss, sizeof(loss));
	PG_RETURN_ARRAYTYPE_P(array);
}

/* Final: NULL without rows and where the metric is not defined. */
static Datum
finish(FunctionCallInfo fcinfo, loss_metric metric, double (*value_of) (const jrn_loss *))
{
	double	   *numbers;
	jrn_loss	loss;
	double		value;

	(void) journey_agg_context(fcinfo);
	numbers = state_numbers(PG_GETARG_ARRAYTYPE_P(0), metric);
	if (numbers == NULL)
		PG_RETURN_NULL();
	loss = checked_loss(numbers);
	value = value_of(&loss);
	if (isnan(value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

PG_FUNCTION_INFO_V1(journey_loss_combine);
Datum
journey_loss_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	double	   *mine;
	double	   *other;
	jrn_loss	loss;
	jrn_loss	more;

	(void) journey_agg_context(fcinfo);
	first = PG_GETARG_ARRAYTYPE_P(0);
	second = PG_GETARG_ARRAYTYPE_P(1);
	mine = state_numbers(first, 0);
	other = state_numbers(second, 0);
	if (other == NULL)
		PG_RETURN_ARRAYTYPE_P(first);
	more = checked_loss(other);
	if (mine == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state((loss_metric) other[STATE_METRIC], &more));
	if (mine[STATE_METRIC] != other[STATE_METRIC])
		journey_state_refuse(&loss_state, "it belongs to another metric");
	loss = checked_loss(mine);
	jrn_loss_merge(&loss, &more);
	if (!isfinite(loss.sum.sum) || !isfinite(loss.squares.hi) || !isfinite(loss.squares.lo))
		float_overflow_error();
	PG_RETURN_ARRAYTYPE_P(new_state((loss_metric) mine[STATE_METRIC], &loss));
}

#define LOSS_ACCUM(name, metric, kind) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return accumulate(fcinfo, metric, kind); }

#define LOSS_FINAL(name, metric, value_of) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return finish(fcinfo, metric, value_of); }

LOSS_ACCUM(log_loss_accum_bool, LOSS_LOG, JOURNEY_OBSERVED_BOOL)
LOSS_ACCUM(log_loss_accum_float8, LOSS_LOG, JOURNEY_OBSERVED_CLASS)
LOSS_ACCUM(brier_accum_bool, LOSS_BRIER, JOURNEY_OBSERVED_BOOL)
LOSS_ACCUM(brier_accum_float8, LOSS_BRIER, JOURNEY_OBSERVED_CLASS)
LOSS_ACCUM(rmse_accum, LOSS_RMSE, JOURNEY_OBSERVED_NUMBER)
LOSS_ACCUM(r_squared_accum, LOSS_R_SQUARED, JOURNEY_OBSERVED_NUMBER)
LOSS_FINAL(log_loss_final, LOSS_LOG, jrn_loss_mean)
LOSS_FINAL(brier_final, LOSS_BRIER, jrn_loss_mean)
LOSS_FINAL(rmse_final, LOSS_RMSE, jrn_loss_root)
LOSS_FINAL(r_squared_final, LOSS_R_SQUARED, jrn_loss_r_squared)
