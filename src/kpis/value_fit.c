/*
 * value_fit.c
 *		Damped Newton steps for the customer value models (see value_fit.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "value_fit.h"

#define AT(i, j) ((i) * ((i) + 1) / 2 + (j))
#define MOST_STEPS 500
#define LONGEST_STEP 2.0		/* of a logarithm */
#define SAMPLE_ROWS 4096

typedef struct climb
{
	const jrn_env *env;
	jrn_value_model model;
	const jrn_value_row *rows;	/* scaled */
	size_t		n;
	int			k;
	double		place[JRN_VALUE_MAX_PARAMETERS];	/* logarithms */
	jrn_value_score score;		/* at place, derivatives by the logarithms */
	int			steps;
} climb;

/* Score with derivatives by the logarithms of the parameters. */
static jrn_status
score_at(climb *c, const double *place, jrn_value_score *score)
{
	double		th[JRN_VALUE_MAX_PARAMETERS];
	int			i,
				j;

	for (i = 0; i < c->k; i++)
		th[i] = exp(place[i]);
	JRN_TRY(jrn_value_score_all(c->env, c->model, c->rows, c->n, th, score));
	for (i = 0; i < c->k; i++)
	{
		for (j = 0; j <= i; j++)
			score->hessian[AT(i, j)] *= th[i] * th[j];
		score->gradient[i] *= th[i];
		score->hessian[AT(i, i)] += score->gradient[i];
	}
	return JRN_OK;
}

/* Solve (-H + damping * |diagonal|) step = gradient; false where that is not positive definite. */
static jrn_status
solve_step(const climb *c, double damping, double *step, bool *definite)
{
	double		a[10];
	bool		kept[JRN_VALUE_MAX_PARAMETERS] = {true, true, true, true};
	size_t		rank;
	int			i;

	for (i = 0; i < c->k * (c->k + 1) / 2; i++)
		a[i] = -c->score.hessian[i];
	for (i = 0; i < c->k; i++)
	{
		a[AT(i, i)] += damping * (fabs(a[AT(i, i)]) + fabs(c->score.gradient[i]));
		step[i] = c->score.gradient[i];
	}
	JRN_TRY(jrn_cholesky(c->env, a, (size_t) c->k, 1e-14, kept, &rank));
	*definite = rank == (size_t) c->k;
	if (*definite)
		jrn_cholesky_solve(a, (size_t) c->k, kept, step);
	return JRN_OK;
}

static bool
at_bound(const climb *c)
{
	int			i;

	for (i = 0; i < c->k; i++)
		if (fabs(c->place[i]) > JRN_VALUE_BOUND - 1e-6)
			return true;
	return false;
}

/* What a full Newton step would still gain, in log-likelihood; negative: not concave here. */
static jrn_status
gain_left(const climb *c, double *gain)
{
	double		step[JRN_VALUE_MAX_PARAMETERS];
	bool		definite;
	int			i;

	JRN_TRY(solve_step(c, 0.0, step, &definite));
	*gain = definite ? 0.0 : -1.0;
	for (i = 0; definite && i < c->k; i++)
		*gain += 0.5 * step[i] * c->score.gradient[i];
	return JRN_OK;
}

/* One accepted step; *damping adapts.  *moved is false when none was found. */
static jrn_status
one_step(climb *c, double *damping, bool *moved)
{
	for (*moved = false; *damping < 1e14; *damping *= 8.0)
	{
		double		step[JRN_VALUE_MAX_PARAMETERS];
		double		place[JRN_VALUE_MAX_PARAMETERS];
		double		longest = 0.0;
		jrn_value_score score;
		bool		definite;
		int			i;

		JRN_TRY(solve_step(c, *damping, step, &definite));
		if (!definite)
			continue;
		for (i = 0; i < c->k; i++)
			longest = fmax(longest, fabs(step[i]));
		for (i = 0; i < c->k; i++)
		{
			if (longest > LONGEST_STEP)
				step[i] *= LONGEST_STEP / longest;
			place[i] = fmin(fmax(c->place[i] + step[i], -JRN_VALUE_BOUND), JRN_VALUE_BOUND);
		}
		JRN_TRY(score_at(c, place, &score));
		if (!(score.value > c->score.value))
			continue;			/* R-VFIT-1; NaN included */
		memcpy(c->place, place, sizeof(c->place));
		c->score = score;
		*damping = *damping < 1e-12 ? 0.0 : *damping / 16.0;
		*moved = true;
		return JRN_OK;
	}
	return JRN_OK;
}

/* Climb from a start; converged when nothing worth naming is left to gain. */
static jrn_status
climb_from(climb *c, const double *start, bool *converged)
{
	double		damping = 1e-3;
	double		enough;

	*converged = false;
	memcpy(c->place, start, sizeof(c->place));
	JRN_TRY(score_at(c, c->place, &c->score));
	if (!isfinite(c->score.value))
		return JRN_OK;
	for (c->steps = 0; c->steps < MOST_STEPS; c->steps++)
	{
		bool		moved;
		double		gain;

		if (damping == 0.0)
			damping = 1e-12;
		enough = 1e-10 + 1e-15 * fabs(c->score.value);
		JRN_TRY(gain_left(c, &gain));
		if (gain >= 0.0 && gain < enough && !at_bound(c))
		{
			*converged = true;
			return JRN_OK;
		}
		JRN_TRY(one_step(c, &damping, &moved));
		if (!moved)
			return JRN_OK;		/* no way up although the slope is not 0 */
	}
	return JRN_OK;
}

/* R-VFIT-3, and back to the units of the rows. */
static jrn_status
fill_fit(const climb *c, double unit, double log_shift, jrn_value_fit *fit)
{
	double		a[10];
	double		inverse[10];
	bool		kept[JRN_VALUE_MAX_PARAMETERS] = {true, true, true, true};
	size_t		rank;
	int			i;

	for (i = 0; i < c->k * (c->k + 1) / 2; i++)
		a[i] = -c->score.hessian[i];
	JRN_TRY(jrn_cholesky(c->env, a, (size_t) c->k, 1e-14, kept, &rank));
	JRN_TRY(jrn_cholesky_inverse(c->env, a, (size_t) c->k, kept, inverse));
	fit->converged = true;
	fit->iterations = c->steps;
	fit->log_likelihood = c->score.value + log_shift;
	for (i = 0; i < c->k; i++)
	{
		bool		scaled = c->model == JRN_GAMMA_GAMMA ? i == 2 :
			i == 1 || (c->model == JRN_PARETO_NBD && i == 3);

		fit->parameters[i] = exp(c->place[i]) * (scaled ? unit : 1.0);
		fit->std_errors[i] = fit->parameters[i] * sqrt(inverse[AT(i, i)]);
	}
	return JRN_OK;
}

/* R-VFIT-2: scaled rows, the unit, and what the scale adds to the log-likelihood. */
static jrn_status
scale_rows(const jrn_env *env, jrn_value_model model, const jrn_value_row *rows, size_t n,
		   jrn_value_row **scaled, double *unit, double *log_shift)
{
	double		customers = 0.0;
	double		purchases = 0.0;
	double		longest = 0.0;
	double		spend = 0.0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		customers += rows[i].weight;
		purchases += rows[i].weight * rows[i].x;
		spend += rows[i].weight * rows[i].t;
		longest = fmax(longest, rows[i].age);
	}
	if (model == JRN_GAMMA_GAMMA)
	{
		if (customers < JRN_VALUE_MIN_CUSTOMERS)
			return JRN_TOO_FEW;
		*unit = spend / customers;
		*log_shift = -customers * log(*unit);
	}
	else
	{
		if (!(purchases > 0.0 && longest > 0.0) || customers < JRN_VALUE_MIN_CUSTOMERS)
			return JRN_TOO_FEW;
		*unit = longest / 10.0;
		*log_shift = -purchases * log(*unit);
	}
	JRN_TRY(jrn_alloc_array(env, n, sizeof(jrn_value_row), scaled));
	for (i = 0; i < n; i++)
	{
		(*scaled)[i] = rows[i];
		(*scaled)[i].t /= *unit;
		(*scaled)[i].age /= *unit;
	}
	return JRN_OK;
}

/* Where a climb may begin: logarithms of scaled parameters. */
static const double starts[][JRN_VALUE_MAX_PARAMETERS] = {
	{0.0, 0.0, 0.0, 0.0}, {-1.0, 0.0, 0.0, 1.0}, {1.0, 1.0, -1.0, 1.0}, {-2.0, -2.0, -2.0, 0.0},
	{0.5, 2.0, 1.0, 3.0}
};

static jrn_status
climb_from_all(climb *c, bool *converged)
{
	size_t		s;

	*converged = false;
	for (s = 0; s < sizeof(starts) / sizeof(starts[0]) && !*converged; s++)
		JRN_TRY(climb_from(c, starts[s], converged));
	return JRN_OK;
}

/*
 * R-VFIT-4: many rows start where a few thousand of them, spread over their
 * order, have their maximum.
 */
static jrn_status
climb_from_sample(climb *c, bool *converged)
{
	const jrn_value_row *all = c->rows;
	size_t		n = c->n;
	size_t		stride = n / SAMPLE_ROWS;
	jrn_value_row *sample;
	double		start[JRN_VALUE_MAX_PARAMETERS];
	size_t		i;

	*converged = false;
	if (stride < 2)
		return JRN_OK;
	c->n = n / stride;
	JRN_TRY(jrn_alloc_array(c->env, c->n, sizeof(jrn_value_row), &sample));
	for (i = 0; i < c->n; i++)
		sample[i] = all[i * stride];
	c->rows = sample;
	JRN_TRY(climb_from_all(c, converged));
	c->rows = all;
	c->n = n;
	jrn_release(c->env, sample);
	memcpy(start, c->place, sizeof(start));
	return *converged ? climb_from(c, start, converged) : JRN_OK;
}

jrn_status
jrn_value_fit_rows(const jrn_env *env, jrn_value_model model, const jrn_value_row *rows, size_t n,
				   const double *start, jrn_value_fit *fit)
{
	jrn_value_row *scaled;
	double		unit,
				log_shift;
	climb		c;
	bool		converged = false;

	memset(fit, 0, sizeof(*fit));
	memset(&c, 0, sizeof(c));
	JRN_TRY(scale_rows(env, model, rows, n, &scaled, &unit, &log_shift));
	c.env = env;
	c.model = model;
	c.rows = scaled;
	c.n = n;
	c.k = jrn_value_parameters(model);
	if (start != NULL)
		JRN_TRY(climb_from(&c, start, &converged));
	else
	{
		JRN_TRY(climb_from_sample(&c, &converged));
		if (!converged)
			JRN_TRY(climb_from_all(&c, &converged));
	}
	fit->iterations = c.steps;
	if (converged)
		JRN_TRY(fill_fit(&c, unit, log_shift, fit));
	jrn_release(env, scaled);
	return JRN_OK;
}
