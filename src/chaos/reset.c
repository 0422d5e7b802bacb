/*
 * reset.c
 *		Ramsey's test of the functional form (R-NLI-6 in nonlinear.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/sums.h"
#include "expanded.h"
#include "nonlinear.h"

/* Residual over total sum of squares below which nothing is left to explain. */
#define PERFECT 1e-24

/* The linear predictor of a model, and its spread over the rows. */
typedef struct predictor
{
	const jrn_model *model;
	int			p;
	double		mean;
	double		scale;			/* 1 over the standard deviation */
	double		n;
	double		first;			/* moments are taken around it */
	jrn_acc		sum;
	jrn_acc		squares;
} predictor;

/* Slopes only: what is constant goes with the standardisation. */
static double
eta_of(const predictor *p, const double *x)
{
	const double *slopes = p->model->coefficients +
		(p->model->thresholds > 0 ? p->model->thresholds : 1);
	double		eta = 0.0;
	int			j;

	for (j = 0; j < p->p; j++)
		if (!isnan(slopes[j]))
			eta += slopes[j] * x[j];
	return eta;
}

static void
add_eta(void *arg, const double *x, double y)
{
	predictor  *p = arg;
	double		eta = eta_of(p, x);

	(void) y;
	if (p->n == 0.0)
		p->first = eta;
	jrn_acc_add(&p->sum, eta - p->first);
	jrn_acc_add(&p->squares, (eta - p->first) * (eta - p->first));
	p->n += 1.0;
}

static void
make_powers(void *arg, const double *x, double *extra)
{
	predictor  *p = arg;
	double		s = (eta_of(p, x) - p->mean) * p->scale;

	extra[0] = s * s;
	extra[1] = s * s * s;
}

static double
kept_terms(const jrn_model *model)
{
	double		kept = 0.0;
	int			i;

	for (i = 0; i < model->terms; i++)
		kept += !isnan(model->coefficients[i]);
	return kept;
}

static void
compare_fits(const jrn_model *plain, const jrn_model *richer, jrn_family family, jrn_reset *reset)
{
	double		n = (double) plain->n;
	double		lower = plain->deviance - richer->deviance;

	reset->df1 = kept_terms(richer) - kept_terms(plain);
	reset->status = "rank_deficient";
	if (!(reset->df1 > 0.0))
		return;
	reset->status = "ok";
	if (family != JRN_GAUSSIAN)
	{
		reset->statistic = fmax(2.0 * (richer->log_likelihood - plain->log_likelihood), 0.0);
		reset->p_value = jrn_chisq_upper(reset->statistic, reset->df1);
		return;
	}
	reset->df2 = n - kept_terms(richer);
	if (!(reset->df2 > 0.0) || !(richer->deviance > 0.0))
	{
		reset->status = "too_few";
		return;
	}
	/* residuals of rounding alone */
	if (!(plain->deviance > PERFECT * plain->null_deviance))
	{
		reset->status = "perfect_fit";
		return;
	}
	reset->statistic = fmax(lower, 0.0) / reset->df1 / (richer->deviance / reset->df2);
	reset->p_value = jrn_f_upper(reset->statistic, reset->df1, reset->df2);
}

static jrn_status
fit_copy(const jrn_env *env, jrn_design *base, int extra, predictor *p, const jrn_fit_request *request,
		 const jrn_asymmetry_files *files, jrn_model *model)
{
	const int	fit = extra > 0 ? 1 : 0;
	jrn_design	copy;

	JRN_TRY(jrn_design_expand(env, base, extra, extra > 0 ? make_powers : NULL, p, files->rows[fit],
							  files->tiles[fit], files->limit, &copy));
	copy.keep_keys = 0;			/* a fit asks for none */
	JRN_TRY(jrn_fit_design(env, &copy, request, model));
	jrn_design_end(&copy);
	return JRN_OK;
}

jrn_status
jrn_reset_test(const jrn_env *env, jrn_design *base, jrn_family family,
			   const jrn_asymmetry_files *files, jrn_reset *reset)
{
	/* for gaussian robust errors: these look at the rows, not at moments alone */
	jrn_fit_request request = {family, JRN_PENALTY_NONE, 0.0, 0.0,
	family == JRN_GAUSSIAN ? JRN_ERRORS_HC0 : JRN_ERRORS_MODEL};
	predictor	p = {0};
	jrn_model	plain;
	jrn_model	richer;
	double		mean,
				variance;

	reset->statistic = reset->df1 = reset->df2 = reset->p_value = NAN;
	reset->status = "too_few";
	if (base->n < 3)
		return JRN_OK;
	JRN_TRY(fit_copy(env, base, 0, NULL, &request, files, &plain));
	reset->status = jrn_fit_status_name(plain.status);
	if (!jrn_fit_is_usable(plain.status))
		return JRN_OK;
	p.model = &plain;
	p.p = base->p;
	JRN_TRY(jrn_design_rows(env, base, add_eta, &p));
	mean = jrn_acc_value(&p.sum) / p.n;
	variance = jrn_acc_value(&p.squares) / p.n - mean * mean;
	reset->status = "constant";	/* nothing is predicted, so nothing bends */
	if (!(variance > 1e-24 * (p.first * p.first + mean * mean)) || !isfinite(variance))
		return JRN_OK;
	p.mean = p.first + mean;
	p.scale = 1.0 / sqrt(variance);
	JRN_TRY(fit_copy(env, base, 2, &p, &request, files, &richer));
	reset->status = jrn_fit_status_name(richer.status);
	if (jrn_fit_is_usable(richer.status))
		compare_fits(&plain, &richer, family, reset);
	return JRN_OK;
}
