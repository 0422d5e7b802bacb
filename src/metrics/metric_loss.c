/*
 * metric_loss.c
 *		Mean-type metrics (requirements in metric_loss.h).
 */
#include <math.h>
#include <string.h>

#include "metric_loss.h"

#define ROWS_PER_TICK 16384

/* R-LOSS-3 of one row. */
static jrn_status
check_row(jrn_loss_kind kind, double predicted, double observed)
{
	if (!isfinite(predicted) || !isfinite(observed))
		return JRN_NONFINITE;
	if (kind == JRN_LOSS_POISSON)
		return predicted > 0.0 && observed >= 0.0 ? JRN_OK : JRN_DOMAIN;
	if (kind != JRN_LOSS_LOG && kind != JRN_LOSS_BRIER)
		return JRN_OK;
	if (predicted < 0.0 || predicted > 1.0 || (observed != 0.0 && observed != 1.0))
		return JRN_DOMAIN;
	return JRN_OK;
}

/* R-LOSS-7; near y = mu the terms cancel, so x - ln(1 + x) is taken of x = (mu - y)/y. */
static double
poisson_loss(double rate, double count)
{
	double		x;

	if (count == 0.0)
		return 2.0 * rate;
	x = (rate - count) / count;
	if (fabs(x) < 1e-3)
		return 2.0 * count * x * x *
			(1.0 / 2.0 - x * (1.0 / 3.0 - x * (1.0 / 4.0 - x * (1.0 / 5.0 - x / 6.0))));
	return 2.0 * (count * log(count / rate) - (count - rate));
}

jrn_status
jrn_loss_of(jrn_loss_kind kind, double predicted, double observed, double *loss)
{
	JRN_TRY(check_row(kind, predicted, observed));
	*loss = NAN;				/* of a kind that is not listed: not finite */
	switch (kind)
	{
		case JRN_LOSS_LOG:
			*loss = observed == 1.0 ? -log(predicted) : -log1p(-predicted);
			return JRN_OK;		/* may be infinite: R-LOSS-2 */
		case JRN_LOSS_BRIER:
		case JRN_LOSS_SQUARE:
		case JRN_LOSS_VARIANCE:
			*loss = (predicted - observed) * (predicted - observed);
			break;
		case JRN_LOSS_ABSOLUTE:
			*loss = fabs(predicted - observed);
			break;
		case JRN_LOSS_POISSON:
			*loss = poisson_loss(predicted, observed);
			break;
	}
	return isfinite(*loss) ? JRN_OK : JRN_NONFINITE;
}

/*
 * West's weighted form of Welford's update in double-double: the deviation
 * from the old mean times that from the new one.
 */
static void
add_moments(jrn_loss *next, double observed, double weight)
{
	jrn_dd		before = jrn_dd_add(jrn_dd_from(observed), jrn_dd_negate(next->mean));
	jrn_dd		after;

	next->mean = jrn_dd_add(next->mean, jrn_dd_div(jrn_dd_mul(before, jrn_dd_from(weight)),
												   next->weight.hi));
	after = jrn_dd_add(jrn_dd_from(observed), jrn_dd_negate(next->mean));
	next->squares = jrn_dd_add(next->squares,
							   jrn_dd_mul(jrn_dd_mul(before, after), jrn_dd_from(weight)));
}

/* JRN_NONFINITE also when a loss or a sum overflows. */
jrn_status
jrn_loss_add(jrn_loss *loss, jrn_loss_kind kind, double predicted, double observed, double weight)
{
	jrn_loss	next = *loss;
	double		term;

	JRN_TRY(jrn_loss_of(kind, predicted, observed, &term));
	if (isinf(term))
		next.infinite += 1.0;	/* R-LOSS-2 */
	else
		jrn_acc_add(&next.sum, weight == 1.0 ? term : weight * term);
	next.weight = jrn_dd_add(next.weight, jrn_dd_from(weight));
	next.n += 1.0;
	if (kind == JRN_LOSS_VARIANCE)
		add_moments(&next, observed, weight);
	if (!isfinite(next.sum.sum) || !isfinite(next.sum.compensation) ||
		!isfinite(next.weight.hi) || !isfinite(next.weight.lo) ||
		!isfinite(next.squares.hi) || !isfinite(next.squares.lo) ||
		!isfinite(next.mean.hi) || !isfinite(next.mean.lo))
		return JRN_NONFINITE;
	*loss = next;
	return JRN_OK;
}

/* Moments by the pairwise formula of Chan, Golub and LeVeque (1983). */
void
jrn_loss_merge(jrn_loss *loss, const jrn_loss *other)
{
	jrn_dd		weight = jrn_dd_add(loss->weight, other->weight);
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
	between = jrn_dd_mul(jrn_dd_mul(delta, delta), loss->weight);
	between = jrn_dd_mul(jrn_dd_div(between, weight.hi), other->weight);
	loss->squares = jrn_dd_add(jrn_dd_add(loss->squares, other->squares), between);
	loss->mean = jrn_dd_add(loss->mean,
							jrn_dd_div(jrn_dd_mul(delta, other->weight), weight.hi));
	loss->weight = weight;
	loss->n += other->n;
}

double
jrn_loss_mean(const jrn_loss *loss)
{
	if (loss->n == 0.0)
		return NAN;				/* R-LOSS-5 */
	if (loss->infinite > 0.0)
		return INFINITY;
	return jrn_acc_value(&loss->sum) / loss->weight.hi;
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

jrn_status
jrn_loss_rows(const jrn_env *env, jrn_loss_kind kind, const double *predicted,
			  const double *observed, size_t n, jrn_loss *loss)
{
	size_t		i;

	memset(loss, 0, sizeof(*loss));
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		JRN_TRY(jrn_loss_add(loss, kind, predicted[i], observed[i], 1.0));
	}
	return JRN_OK;
}
