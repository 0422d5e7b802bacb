/*
 * metric_line.c
 *		The calibration line by Newton's method (requirements in metric_line.h).
 */
#include <math.h>
#include <stdbool.h>

#include "../core/dist.h"
#include "../core/sums.h"
#include "metric_influence.h"
#include "metric_line.h"

#define ROWS_PER_TICK 8192
#define MOST_STEPS 60
#define TOLERANCE 1e-12

/* Beyond this slope the likelihood has been rising towards infinity. */
#define MOST_SLOPE 1e6

typedef struct line_fit
{
	const jrn_env *env;
	const jrn_ranks *ranks;
	const double *x;			/* logits */
	bool		joint;			/* slope free, else 1 */
	double		b[2];			/* intercept, slope */
	double		gradient[2];
	double		h[3];			/* Hessian: 00, 01, 11 */
	double		likelihood;
} line_fit;

/* Log likelihood, gradient and Hessian at intercept and slope. */
static jrn_status
evaluate(line_fit *fit, double intercept, double slope)
{
	jrn_acc		sums[6] = {{0.0, 0.0}};
	size_t		i;

	for (i = 0; i < fit->ranks->n; i++)
	{
		double		x = fit->x[i];
		double		eta = intercept + slope * x;
		double		mean = jrn_logistic(eta);
		double		rest = fit->ranks->observed[i] - mean;
		double		curve = mean * jrn_logistic(-eta);

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(fit->env);
		jrn_acc_add(&sums[0], -jrn_log1pexp(fit->ranks->observed[i] == 1.0 ? -eta : eta));
		jrn_acc_add(&sums[1], rest);
		jrn_acc_add(&sums[2], rest * x);
		jrn_acc_add(&sums[3], curve);
		jrn_acc_add(&sums[4], curve * x);
		jrn_acc_add(&sums[5], curve * x * x);
	}
	fit->b[0] = intercept;
	fit->b[1] = slope;
	fit->likelihood = jrn_acc_value(&sums[0]);
	for (i = 0; i < 2; i++)
		fit->gradient[i] = jrn_acc_value(&sums[1 + i]);
	for (i = 0; i < 3; i++)
		fit->h[i] = jrn_acc_value(&sums[3 + i]);
	return JRN_OK;
}

/* The inverse of the Hessian; false where it is singular. */
static bool
invert(const line_fit *fit, double inverse[3])
{
	double		det = fit->h[0] * fit->h[2] - fit->h[1] * fit->h[1];

	inverse[1] = inverse[2] = 0.0;
	inverse[0] = 1.0 / fit->h[0];
	if (!(fit->h[0] > 0.0))
		return false;
	if (!fit->joint)
		return true;
	if (!(det > 1e-13 * fit->h[0] * fit->h[2]))
		return false;
	inverse[0] = fit->h[2] / det;
	inverse[1] = -fit->h[1] / det;
	inverse[2] = fit->h[0] / det;
	return true;
}

/* Newton with halved steps; false in *found when there is no finite maximum. */
static jrn_status
maximise(line_fit *fit, bool *found)
{
	int			step;

	*found = false;
	/* slope 0 starts where the curve is widest, however extreme the logits */
	JRN_TRY(evaluate(fit, 0.0, fit->joint ? 0.0 : 1.0));
	for (step = 0; step < MOST_STEPS; step++)
	{
		double		inverse[3];
		double		d[2];
		line_fit	before = *fit;
		double		scale = 1.0;

		if (!invert(fit, inverse))
			return JRN_OK;
		d[0] = inverse[0] * fit->gradient[0] + inverse[1] * fit->gradient[1];
		d[1] = inverse[1] * fit->gradient[0] + inverse[2] * fit->gradient[1];
		if (fabs(d[0]) <= TOLERANCE * (1.0 + fabs(fit->b[0])) &&
			fabs(d[1]) <= TOLERANCE * (1.0 + fabs(fit->b[1])))
		{
			*found = true;
			return JRN_OK;
		}
		do
		{
			JRN_TRY(evaluate(fit, before.b[0] + scale * d[0], before.b[1] + scale * d[1]));
			scale *= 0.5;
		} while (!(fit->likelihood >= before.likelihood - 1e-12 * fabs(before.likelihood)) && scale > 1e-4);
		if (fabs(fit->b[1]) > MOST_SLOPE || !isfinite(fit->likelihood) ||
			fit->likelihood > -1e-9 * (double) fit->ranks->n)
			return JRN_OK;		/* R-LINE-4: parted by x */
	}
	return JRN_OK;
}

/* R-LINE-3: influence of each row on a coefficient is (inverse Hessian, score). */
static jrn_status
sandwich(const line_fit *fit, double error[2])
{
	double		inverse[3];
	double		g = (double) fit->ranks->clusters;
	double	   *sums;
	jrn_acc		square[2] = {{0.0, 0.0}, {0.0, 0.0}};
	size_t		i;

	error[0] = error[1] = NAN;
	if (fit->ranks->clusters < 2 || !invert(fit, inverse))
		return JRN_OK;
	JRN_TRY(jrn_alloc_zeroed(fit->env, fit->ranks->clusters, 2 * sizeof(double), &sums));
	for (i = 0; i < fit->ranks->n; i++)
	{
		double		rest = fit->ranks->observed[i] - jrn_logistic(fit->b[0] + fit->b[1] * fit->x[i]);
		size_t		c = 2 * jrn_ranks_cluster(fit->ranks, i);

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(fit->env);
		sums[c] += rest * (inverse[0] + inverse[1] * fit->x[i]);
		sums[c + 1] += rest * (inverse[1] + inverse[2] * fit->x[i]);
	}
	for (i = 0; i < 2 * (size_t) fit->ranks->clusters; i++)
		jrn_acc_add(&square[i % 2], sums[i] * sums[i]);
	for (i = 0; i < 2; i++)
		error[i] = sqrt(g / (g - 1.0) * jrn_acc_value(&square[i]));
	jrn_release(fit->env, sums);
	return JRN_OK;
}

static void
set_figure(const jrn_ranks *ranks, double estimate, double error, jrn_figure *figure)
{
	figure->estimate = estimate;
	figure->std_error = error;
	if (!isnan(error))
		jrn_figure_interval(figure, JRN_SCALE_PLAIN,
							jrn_t_critical(JRN_METRIC_LEVEL, (double) ranks->clusters - 1.0));
}

/* Logits, and what of R-LINE-4 can be seen before a fit. */
static jrn_status
prepare(const jrn_env *env, const jrn_ranks *ranks, double *x, jrn_line *line)
{
	double		positives = 0.0;
	jrn_line_status status = JRN_LINE_OK;
	size_t		i;

	for (i = 0; i < ranks->n; i++)
	{
		double		p = ranks->score[i];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		line->certain += p == 0.0 || p == 1.0;
		positives += ranks->observed[i];
		x[i] = log(p) - log1p(-p);
	}
	if (ranks->n == 0)
		status = JRN_LINE_TOO_FEW;
	else if (line->certain > 0)
		status = JRN_LINE_CERTAIN;
	else if (positives == 0.0 || positives == (double) ranks->n)
		status = JRN_LINE_ONE_CLASS;
	line->large_status = line->joint_status = status;
	if (status == JRN_LINE_OK && ranks->score[0] == ranks->score[ranks->n - 1])
		line->joint_status = JRN_LINE_CONSTANT;
	return JRN_OK;
}

jrn_status
jrn_calibration_line(const jrn_env *env, const jrn_ranks *ranks, jrn_line *line)
{
	const jrn_figure none = {NAN, NAN, NAN, NAN};
	line_fit	fit = {0};
	double		error[2];
	double	   *x;
	bool		found;

	line->large = line->intercept = line->slope = none;
	line->certain = 0;
	JRN_TRY(jrn_alloc_array(env, ranks->n, sizeof(double), &x));
	JRN_TRY(prepare(env, ranks, x, line));
	fit.env = env;
	fit.ranks = ranks;
	fit.x = x;
	if (line->large_status == JRN_LINE_OK)
	{
		JRN_TRY(maximise(&fit, &found));
		JRN_TRY(sandwich(&fit, error));
		set_figure(ranks, found ? fit.b[0] : (double) NAN, found ? error[0] : (double) NAN, &line->large);
		line->large_status = !found ? JRN_LINE_SEPARATED : isnan(error[0]) ? JRN_LINE_TOO_FEW : JRN_LINE_OK;
	}
	if (line->joint_status == JRN_LINE_OK)
	{
		fit.joint = true;
		JRN_TRY(maximise(&fit, &found));
		JRN_TRY(sandwich(&fit, error));
		set_figure(ranks, found ? fit.b[0] : (double) NAN, found ? error[0] : (double) NAN, &line->intercept);
		set_figure(ranks, found ? fit.b[1] : (double) NAN, found ? error[1] : (double) NAN, &line->slope);
		line->joint_status = !found ? JRN_LINE_SEPARATED : isnan(error[0]) ? JRN_LINE_TOO_FEW : JRN_LINE_OK;
	}
	jrn_release(env, x);
	return JRN_OK;
}
