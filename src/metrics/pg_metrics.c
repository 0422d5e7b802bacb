/*
 * pg_metrics.c
 *		Aggregates that are means over rows: log_loss, brier, rmse, mae,
 *		r_squared, poisson_deviance.
 *
 * The state is a float8[] with the header of ../pg/state.h, where the rules
 * R-STATE-1 to R-STATE-3 are:
 *
 *		[1] [2] [3] header  [4] metric
 *		[5] n  [6] [7] sum of weights, high and low part
 *		[8] sum of losses  [9] its compensation  [10] infinite losses
 *		[11] [12] mean of the outcome, high and low part
 *		[13] [14] its sum of squared deviations
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
#define STATE_LENGTH 14

static const journey_state_kind loss_state = {
	"a metric",
	19530.0,					/* 0x4C4A: "JL" */
	2.0,
	STATE_LENGTH,
	STATE_LENGTH
};

StaticAssertDecl(sizeof(jrn_loss) == (STATE_LENGTH - STATE_HEADER) * sizeof(double),
				 "jrn_loss is the body of the state");

/*
 * The numbers of a state, NULL for the empty one.  R-STATE-1: shape and header
 * only.  metric 0 accepts any.
 */
static double *
state_numbers(ArrayType *array, jrn_loss_kind metric)
{
	int			count;
	double	   *numbers = journey_state_numbers(array, &loss_state, &count);

	if (numbers == NULL)
		return NULL;
	if (!(numbers[STATE_METRIC] >= (double) JRN_LOSS_LOG &&
		  numbers[STATE_METRIC] <= (double) JRN_LOSS_POISSON) ||
		numbers[STATE_METRIC] != floor(numbers[STATE_METRIC]))
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
	bool		moments = numbers[STATE_METRIC] == (double) JRN_LOSS_VARIANCE;
	int			i;

	for (i = STATE_HEADER; i < STATE_LENGTH; i++)
		if (!isfinite(numbers[i]))
			journey_state_refuse(&loss_state, "a number is not finite");
	memcpy(&loss, numbers + STATE_HEADER, sizeof(loss));
	journey_state_check_rows(&loss_state, loss.n);
	if (loss.infinite < 0.0 || loss.infinite > loss.n ||
		loss.infinite != floor(loss.infinite) ||
		(loss.infinite > 0.0 && numbers[STATE_METRIC] != (double) JRN_LOSS_LOG))
		journey_state_refuse(&loss_state, "its count of infinite losses is wrong");
	if (!(loss.weight.hi > 0.0) || fabs(loss.weight.lo) > 1e-3 * loss.weight.hi)
		journey_state_refuse(&loss_state, "its sum of weights is wrong");
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
new_state(jrn_loss_kind metric, const jrn_loss *loss)
{
	ArrayType  *array = journey_state_new(&loss_state, STATE_LENGTH);
	double	   *numbers = (double *) ARR_DATA_PTR(array);

	numbers[STATE_METRIC] = (double) metric;
	memcpy(numbers + STATE_HEADER, loss, sizeof(*loss));
	return array;
}

/* What predicted and observed of a metric must be. */
static journey_domain
domain_of(jrn_loss_kind metric)
{
	return metric == JRN_LOSS_LOG || metric == JRN_LOSS_BRIER ? JOURNEY_DOMAIN_PROBABILITY :
		metric == JRN_LOSS_POISSON ? JOURNEY_DOMAIN_RATE : JOURNEY_DOMAIN_SCORE;
}

/*
 * Transition; R-PGM-1.  A state is updated in place; the same pointer goes
 * back.
 */
static Datum
accumulate(FunctionCallInfo fcinfo, jrn_loss_kind metric, journey_observed kind, bool weighted)
{
	ArrayType  *array;
	double	   *numbers;
	double		predicted,
				observed,
				weight = 1.0;
	jrn_loss	loss;
	jrn_status	status;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		journey_state_refuse(&loss_state, "it is null");
	array = PG_GETARG_ARRAYTYPE_P(0);
	numbers = state_numbers(array, metric);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_ARRAYTYPE_P(array);
	predicted = journey_metric_predicted(fcinfo, 1, "predicted value");
	observed = journey_metric_observed(fcinfo, 2, kind, "observed value");
	journey_metric_check(domain_of(metric), predicted, observed);
	if (weighted && !journey_metric_weight(fcinfo, 3, &weight))
		PG_RETURN_ARRAYTYPE_P(array);
	if (numbers == NULL)
		memset(&loss, 0, sizeof(loss));
	else
		memcpy(&loss, numbers + STATE_HEADER, sizeof(loss));
	status = jrn_loss_add(&loss, metric, predicted, observed, weight);
	if (status == JRN_NONFINITE)
		float_overflow_error();
	journey_check(status, "a metric");
	if (numbers == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state(metric, &loss));
	memcpy(numbers + STATE_HEADER, &loss, sizeof(loss));
	PG_RETURN_ARRAYTYPE_P(array);
}

/* Final: NULL without rows and where the metric is not defined. */
static Datum
finish(FunctionCallInfo fcinfo, jrn_loss_kind metric, double (*value_of) (const jrn_loss *))
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
		PG_RETURN_ARRAYTYPE_P(new_state((jrn_loss_kind) other[STATE_METRIC], &more));
	if (mine[STATE_METRIC] != other[STATE_METRIC])
		journey_state_refuse(&loss_state, "it belongs to another metric");
	loss = checked_loss(mine);
	jrn_loss_merge(&loss, &more);
	if (!isfinite(loss.sum.sum) || !isfinite(loss.squares.hi) || !isfinite(loss.squares.lo))
		float_overflow_error();
	PG_RETURN_ARRAYTYPE_P(new_state((jrn_loss_kind) mine[STATE_METRIC], &loss));
}

#define LOSS_ACCUM(name, metric, kind, weighted) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return accumulate(fcinfo, metric, kind, weighted); }

#define LOSS_FINAL(name, metric, value_of) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return finish(fcinfo, metric, value_of); }

LOSS_ACCUM(log_loss_accum_boolean, JRN_LOSS_LOG, JOURNEY_OBSERVED_BOOL, false)
LOSS_ACCUM(log_loss_accum_float8, JRN_LOSS_LOG, JOURNEY_OBSERVED_CLASS, false)
LOSS_ACCUM(log_loss_accum_boolean_weight, JRN_LOSS_LOG, JOURNEY_OBSERVED_BOOL, true)
LOSS_ACCUM(log_loss_accum_float8_weight, JRN_LOSS_LOG, JOURNEY_OBSERVED_CLASS, true)
LOSS_ACCUM(brier_accum_boolean, JRN_LOSS_BRIER, JOURNEY_OBSERVED_BOOL, false)
LOSS_ACCUM(brier_accum_float8, JRN_LOSS_BRIER, JOURNEY_OBSERVED_CLASS, false)
LOSS_ACCUM(brier_accum_boolean_weight, JRN_LOSS_BRIER, JOURNEY_OBSERVED_BOOL, true)
LOSS_ACCUM(brier_accum_float8_weight, JRN_LOSS_BRIER, JOURNEY_OBSERVED_CLASS, true)
LOSS_ACCUM(rmse_accum_float8, JRN_LOSS_SQUARE, JOURNEY_OBSERVED_NUMBER, false)
LOSS_ACCUM(rmse_accum_float8_weight, JRN_LOSS_SQUARE, JOURNEY_OBSERVED_NUMBER, true)
LOSS_ACCUM(r_squared_accum_float8, JRN_LOSS_VARIANCE, JOURNEY_OBSERVED_NUMBER, false)
LOSS_ACCUM(r_squared_accum_float8_weight, JRN_LOSS_VARIANCE, JOURNEY_OBSERVED_NUMBER, true)
LOSS_ACCUM(mae_accum_float8, JRN_LOSS_ABSOLUTE, JOURNEY_OBSERVED_NUMBER, false)
LOSS_ACCUM(mae_accum_float8_weight, JRN_LOSS_ABSOLUTE, JOURNEY_OBSERVED_NUMBER, true)
LOSS_ACCUM(poisson_deviance_accum_float8, JRN_LOSS_POISSON, JOURNEY_OBSERVED_NUMBER, false)
LOSS_ACCUM(poisson_deviance_accum_float8_weight, JRN_LOSS_POISSON, JOURNEY_OBSERVED_NUMBER, true)
LOSS_FINAL(log_loss_final, JRN_LOSS_LOG, jrn_loss_mean)
LOSS_FINAL(brier_final, JRN_LOSS_BRIER, jrn_loss_mean)
LOSS_FINAL(rmse_final, JRN_LOSS_SQUARE, jrn_loss_root)
LOSS_FINAL(r_squared_final, JRN_LOSS_VARIANCE, jrn_loss_r_squared)
LOSS_FINAL(mae_final, JRN_LOSS_ABSOLUTE, jrn_loss_mean)
LOSS_FINAL(poisson_deviance_final, JRN_LOSS_POISSON, jrn_loss_mean)
