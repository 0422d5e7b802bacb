/*
 * asymmetry.c
 *		One negative against many positives (see asymmetry.h).
 */
#include <math.h>

#include "asymmetry.h"

#include "../core/dist.h"
#include "expanded.h"

#define LEVEL 0.95
#define CEILING 0.2
#define LOW_N 50

/* The set where A r^2 + B r + C <= 0 is unbounded: the ray of the estimate. */
static void
unbounded_ray(double a, double b, double c, double disc, jrn_fieller *f)
{
	double		q,
				first,
				second,
				swap;

	if (!(disc > 0.0))
		return;
	if (a == 0.0)
		first = second = -c / b;
	else
	{
		q = -0.5 * (b + (b >= 0.0 ? sqrt(disc) : -sqrt(disc)));
		first = q / a;
		second = q != 0.0 ? c / q : first;
	}
	if (first > second)
	{
		swap = first;
		first = second;
		second = swap;
	}
	if (f->ratio >= second)
	{
		f->low = second;
		f->high = INFINITY;
	}
	else if (f->ratio <= first)
	{
		f->low = -INFINITY;
		f->high = first;
	}
}

/* Powers of 2 that bring all numbers near 1: no unit of an outcome overflows. */
static void
scale_fieller(double *a, double *b, double *v_a, double *v_b, double *v_ab)
{
	double		largest = fmax(fmax(fabs(*a), fabs(*b)), sqrt(fmax(fmax(*v_a, *v_b), 0.0)));
	int			exponent;

	if (!(largest > 0.0) || !isfinite(largest))
		return;
	(void) frexp(largest, &exponent);
	*a = ldexp(*a, -exponent);
	*b = ldexp(*b, -exponent);
	*v_a = ldexp(*v_a, -2 * exponent);
	*v_b = ldexp(*v_b, -2 * exponent);
	*v_ab = ldexp(*v_ab, -2 * exponent);
}

jrn_fieller
jrn_fieller_interval(double a, double b, double v_a, double v_b, double v_ab, double z)
{
	jrn_fieller f = {NAN, NAN, NAN, false};
	double		z2 = z * z;
	double		aa,
				bb,
				cc,
				disc;

	scale_fieller(&a, &b, &v_a, &v_b, &v_ab);
	aa = b * b - z2 * v_b;
	bb = -2.0 * (a * b - z2 * v_ab);
	cc = a * a - z2 * v_a;
	disc = bb * bb - 4.0 * aa * cc;

	if (b != 0.0)
		f.ratio = a / b;
	if (!isfinite(f.ratio) || !isfinite(disc))
		return f;
	if (aa > 0.0)
	{
		double		q = -0.5 * (bb + (bb >= 0.0 ? 1.0 : -1.0) * sqrt(fmax(disc, 0.0)));
		double		first = q / aa;
		double		second = q != 0.0 ? cc / q : first;

		f.low = fmin(first, second);
		f.high = fmax(first, second);
		f.bounded = true;
	}
	else
		unbounded_ray(aa, bb, cc, disc, &f);
	return f;
}

/* ---- share at the bound ---- */

typedef struct bound_count
{
	double		low;
	double		high;
	double		n;
	double		at_low;
	double		at_high;
} bound_count;

static void
count_bound(void *arg, const double *x, double y)
{
	bound_count *count = arg;

	(void) x;
	if (count->n == 0.0 || y < count->low)
	{
		count->low = y;
		count->at_low = 0.0;
	}
	if (count->n == 0.0 || y > count->high)
	{
		count->high = y;
		count->at_high = 0.0;
	}
	count->at_low += y == count->low;
	count->at_high += y == count->high;
	count->n += 1.0;
}

/* R-ASY-3 */
static jrn_status
share_at_bound(const jrn_env *env, jrn_design *design, jrn_family family, double *share)
{
	bound_count count = {0.0, 0.0, 0.0, 0.0, 0.0};

	*share = NAN;
	if (family == JRN_BINOMIAL)
		return JRN_OK;
	JRN_TRY(jrn_design_rows(env, design, count_bound, &count));
	if (count.low < count.high)
		*share = fmax(count.at_low, count.at_high) / count.n;
	return JRN_OK;
}

/* ---- saturation ---- */

static void
make_saturation(void *arg, const double *x, double *extra)
{
	(void) arg;
	extra[0] = x[1] >= 1.0 ? 1.0 : 0.0;
	extra[1] = extra[0] * x[0];
}

static double
variance_of(const jrn_model *model, size_t i, size_t j)
{
	return model->covariance[i >= j ? jrn_packed(i, j) : jrn_packed(j, i)];
}

/* Place of the first column behind the intercept or thresholds. */
static size_t
first_slope(const jrn_model *model)
{
	return model->thresholds > 0 ? (size_t) model->thresholds : 1;
}

/* R-ASY-4; without a fit of the richer model there are no figures. */
static jrn_status
saturation(const jrn_env *env, jrn_design *design, const jrn_fit_request *request,
		   const jrn_asymmetry_files *files, jrn_asymmetry *result)
{
	jrn_design	richer;
	jrn_model	model;
	size_t		positive,
				product;
	double		variance;

	JRN_TRY(jrn_design_expand(env, design, 2, make_saturation, NULL, files->rows[1], files->tiles[1],
							  files->limit, &richer));
	richer.keep_keys = 0;		/* a fit asks for none */
	JRN_TRY(jrn_fit_design(env, &richer, request, &model));
	jrn_design_end(&richer);
	positive = first_slope(&model);
	product = (size_t) model.terms - 1;
	if (model.covariance == NULL || !jrn_fit_is_usable(model.status))
		return JRN_OK;
	variance = variance_of(&model, positive, positive) + variance_of(&model, product, product) +
		2.0 * variance_of(&model, positive, product);
	result->after = model.coefficients[positive] + model.coefficients[product];
	if (!(variance > 0.0))
		return JRN_OK;
	result->after_low = result->after - jrn_normal_critical(LEVEL) * sqrt(variance);
	result->after_high = result->after + jrn_normal_critical(LEVEL) * sqrt(variance);
	return JRN_OK;
}

/* ---- the ratio ---- */

/* R-ASY-1, R-ASY-2; false when the fit has no figures for it. */
static bool
ratio_of(const jrn_model *model, jrn_asymmetry *result)
{
	const size_t positive = first_slope(model);
	const size_t negative = positive + 1;
	double		v_a,
				v_b,
				v_ab,
				spread;

	result->beta_positive = model->coefficients[positive];
	result->beta_negative = model->coefficients[negative];
	if (model->covariance == NULL || !isfinite(result->beta_positive) || !isfinite(result->beta_negative))
		return false;
	v_b = variance_of(model, positive, positive);
	v_a = variance_of(model, negative, negative);
	v_ab = -variance_of(model, positive, negative); /* a is minus the coefficient */
	result->fieller = jrn_fieller_interval(-result->beta_negative, result->beta_positive,
										   v_a, v_b, v_ab, jrn_normal_critical(LEVEL));
	spread = v_a + v_b - 2.0 * v_ab;
	if (spread > 0.0)
		result->p_value = jrn_normal_cdf((result->beta_positive + result->beta_negative) / sqrt(spread));
	return isfinite(v_a) && isfinite(v_b);
}

/* R-ASY-5 */
static const char *
status_of(const jrn_model *model, bool figures, const jrn_asymmetry *result, jrn_family family)
{
	int64_t		customers = model->n_groups >= 0 ? model->n_groups : model->n;

	if (!figures)
		return model->status == JRN_FIT_OK || customers < 3 ? "too_few" : jrn_fit_status_name(model->status);
	if (!result->fieller.bounded)
		return "unbounded";
	if (family != JRN_ORDINAL && result->share_at_bound > CEILING)
		return "ceiling";
	if (result->beta_positive <= 0.0 || result->beta_negative >= 0.0)
		return "wrong_sign";
	return customers < LOW_N ? "low_n" : "ok";
}

static void
begin_result(jrn_asymmetry *result)
{
	const jrn_fieller none = {NAN, NAN, NAN, false};

	result->beta_positive = result->beta_negative = result->p_value = NAN;
	result->share_at_bound = result->after = result->after_low = result->after_high = NAN;
	result->fieller = none;
	result->n = 0;
	result->status = "too_few";
}

jrn_status
jrn_asymmetry_design(const jrn_env *env, jrn_design *design, jrn_family family,
					 const jrn_asymmetry_files *files, jrn_asymmetry *result)
{
	jrn_fit_request request = {family, JRN_PENALTY_NONE, 0.0, 0.0, JRN_ERRORS_MODEL};
	jrn_design	copy;
	jrn_model	model;
	bool		figures;

	begin_result(result);
	if (design->has_key)
		request.errors = JRN_ERRORS_CLUSTER;
	result->n = design->n;
	if (design->n == 0)
		return JRN_OK;
	JRN_TRY(share_at_bound(env, design, family, &result->share_at_bound));
	result->status = "one_class";
	if (isnan(result->share_at_bound) && family != JRN_BINOMIAL)
		return JRN_OK;
	/* a fit may want the raw rows, which a finished design no longer has */
	JRN_TRY(jrn_design_expand(env, design, 0, NULL, NULL, files->rows[0], files->tiles[0],
							  files->limit, &copy));
	copy.keep_keys = 0;
	JRN_TRY(jrn_fit_design(env, &copy, &request, &model));
	jrn_design_end(&copy);
	figures = ratio_of(&model, result);
	result->status = status_of(&model, figures, result, family);
	return figures ? saturation(env, design, &request, files, result) : JRN_OK;
}
