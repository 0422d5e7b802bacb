/*
 * metric_loss.c
 *		Mean-type metrics (requirements in metric_loss.h).
 */
#include <math.h>
#include <string.h>

#include "metric_loss.h"

#define ROWS_PER_TICK 16384

/* R-LOSS-3 for a probability and a class. */
static jrn_status
check_probability(double predicted, double observed)
{
	if (!isfinite(predicted) || !isfinite(observed))
		return JRN_NONFINITE;
	if (predicted < 0.0 || predicted > 1.0 || (observed != 0.0 && observed != 1.0))
		return JRN_DOMAIN;
	return JRN_OK;
}

jrn_status
jrn_loss_add_log(jrn_loss *loss, double predicted, double observed)
{
	double		term;

	JRN_TRY(check_probability(predicted, observed));
	term = observed == 1.0 ? -log(predicted) : -log1p(-predicted);
	if (isinf(term))
		loss->infinite += 1.0;	/* R-LOSS-2 */
	else
		jrn_acc_add(&loss->sum, term);
	loss->n += 1.0;
	return JRN_OK;
}

jrn_status
jrn_loss_add_brier(jrn_loss *loss, double predicted, double observed)
{
	JRN_TRY(check_probability(predicted, observed));
	return jrn_loss_add_square(loss, predicted, observed);
}

/* JRN_NONFINITE also when a square or the sum overflows. */
jrn_status
jrn_loss_add_square(jrn_loss *loss, double predicted, double observed)
{
	double		error = predicted - observed;
	jrn_acc		sum = loss->sum;

	jrn_acc_add(&sum, error * error);
	if (!isfinite(sum.sum) || !isfinite(sum.compensation))
		return JRN_NONFINITE;
	loss->sum = sum;
	loss->n += 1.0;
	return JRN_OK;
}

/*
 * Welford's update in double-double: the deviation from the old mean times
 * that from the new one.
 */
jrn_status
jrn_loss_add_variance(jrn_loss *loss, double predicted, double observed)
{
	jrn_loss	next = *loss;
	jrn_dd		before,
				after;

	JRN_TRY(jrn_loss_add_square(&next, predicted, observed));
	before = jrn_dd_add(jrn_dd_from(observed), jrn_dd_negate(loss->mean));
	next.mean = jrn_dd_add(loss->mean, jrn_dd_div(before, next.n));
	after = jrn_dd_add(jrn_dd_from(observed), jrn_dd_negate(next.mean));
	next.squares = jrn_dd_add(loss->squares, jrn_dd_mul(before, after));
	if (!isfinite(next.squares.hi) || !isfinite(next.squares.lo) ||
		!isfinite(next.mean.hi) || !isfinite(next.mean.lo))
		return JRN_NONFINITE;
	*loss = next;
	return JRN_OK;
}

/* Moments by the pairwise formula of Chan, Golub and LeVeque (1983). */
void
jrn_loss_merge(jrn_loss *loss, const jrn_loss *other)
{
	double		n = loss->n + other->n;
	jrn_dd		delta = jrn_dd_add(other->mean, jrn_dd_negate(loss->mean));
	jrn_dd		between;

	if (other->n == 0.0)
		return;
	if (loss->n == 0.0)
	{
		*loss = *other;
		return;
	}
	jrn_acc_merge(&loss->sum, &other->sum);
	loss->infinite += other->infinite;
	between = jrn_dd_mul(jrn_dd_mul(delta, delta), jrn_dd_from(loss->n));
	between = jrn_dd_mul(jrn_dd_div(between, n), jrn_dd_from(other->n));
	loss->squares = jrn_dd_add(jrn_dd_add(loss->squares, other->squares), between);
	loss->mean = jrn_dd_add(loss->mean,
							jrn_dd_div(jrn_dd_mul(delta, jrn_dd_from(other->n)), n));
	loss->n = n;
}

double
jrn_loss_mean(const jrn_loss *loss)
{
	if (loss->n == 0.0)
		return NAN;				/* R-LOSS-5 */
	if (loss->infinite > 0.0)
		return INFINITY;
	return jrn_acc_value(&loss->sum) / loss->n;
}

double
jrn_loss_root(const jrn_loss *loss)
{
	return sqrt(jrn_loss_mean(loss));
}

/* R-LOSS-4 */
double
jrn_loss_r_squared(const jrn_loss *loss)
{
	if (loss->n < 2.0 || !(loss->squares.hi > 0.0))
		return NAN;
	return 1.0 - jrn_acc_value(&loss->sum) / loss->squares.hi;
}

static jrn_status
over_rows(const jrn_env *env, jrn_status (*add) (jrn_loss *, double, double),
		  const double *predicted, const double *observed, size_t n, jrn_loss *loss)
{
	size_t		i;

	memset(loss, 0, sizeof(*loss));
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		JRN_TRY(add(loss, predicted[i], observed[i]));
	}
	return JRN_OK;
}

jrn_status
jrn_log_loss(const jrn_env *env, const double *predicted, const double *observed,
			 size_t n, double *value)
{
	jrn_loss	loss;

	JRN_TRY(over_rows(env, jrn_loss_add_log, predicted, observed, n, &loss));
	*value = jrn_loss_mean(&loss);
	return JRN_OK;
}

jrn_status
jrn_brier(const jrn_env *env, const double *predicted, const double *observed,
		  size_t n, double *value)
{
	jrn_loss	loss;

	JRN_TRY(over_rows(env, jrn_loss_add_brier, predicted, observed, n, &loss));
	*value = jrn_loss_mean(&loss);
	return JRN_OK;
}

jrn_status
jrn_rmse(const jrn_env *env, const double *predicted, const double *observed,
		 size_t n, double *value)
{
	jrn_loss	loss;

	JRN_TRY(over_rows(env, jrn_loss_add_square, predicted, observed, n, &loss));
	*value = jrn_loss_root(&loss);
	return JRN_OK;
}

jrn_status
jrn_r_squared(const jrn_env *env, const double *predicted, const double *observed,
			  size_t n, double *value)
{
	jrn_loss	loss;

	JRN_TRY(over_rows(env, jrn_loss_add_variance, predicted, observed, n, &loss));
	*value = jrn_loss_r_squared(&loss);
	return JRN_OK;
}
