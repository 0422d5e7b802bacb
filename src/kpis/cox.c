/*
 * cox.c
 *		Fitting proportional hazards (see cox.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/sort.h"
#include "cox.h"

#define MOST_STEPS 60
#define ROWS_PER_TICK 256
#define ALIASED 1e-10			/* 1 - R^2 of a column on the ones before it */
#define ENOUGH 1e-10			/* log-likelihood left to gain */
#define RUNS_AWAY 0.05			/* a step of this many standard deviations is no rounding */

/* ---- the likelihood ---- */

typedef struct cox_work
{
	const jrn_env *env;
	const jrn_cox_rows *rows;
	bool		breslow;
	uint32_t   *by_stop;		/* rows, the latest stop first */
	uint32_t   *by_start;		/* the latest start first; NULL without starts */
	double	   *eta;
	double	   *risk;			/* running sums over the risk set: 1 + p + p (p + 1)/2 */
	double	   *dead;			/* the same over the events of one time */
	double	   *mean;			/* p: scratch */
} cox_work;

static bool
stop_later(const jrn_cox_rows *rows, uint32_t a, uint32_t b)
{
	if (rows->stop[a] != rows->stop[b])
		return rows->stop[a] > rows->stop[b];
	return a < b;
}

static bool
start_later(const jrn_cox_rows *rows, uint32_t a, uint32_t b)
{
	if (rows->start[a] != rows->start[b])
		return rows->start[a] > rows->start[b];
	return a < b;
}

JRN_SORT_DEFINE(sort_by_stop, uint32_t, const jrn_cox_rows *, stop_later)
JRN_SORT_DEFINE(sort_by_start, uint32_t, const jrn_cox_rows *, start_later)

static size_t
sums_width(const jrn_cox_rows *rows)
{
	size_t		p = (size_t) rows->p;

	return 1 + p + p * (p + 1) / 2;
}

static jrn_status
prepare(cox_work *work, const jrn_env *env, const jrn_cox_rows *rows, bool breslow)
{
	size_t		i;

	memset(work, 0, sizeof(*work));
	if (rows->n >= UINT32_MAX)
		return JRN_LIMIT;
	work->env = env;
	work->rows = rows;
	work->breslow = breslow;
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(uint32_t), &work->by_stop));
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(double), &work->eta));
	JRN_TRY(jrn_alloc_array(env, sums_width(rows), sizeof(double), &work->risk));
	JRN_TRY(jrn_alloc_array(env, sums_width(rows), sizeof(double), &work->dead));
	JRN_TRY(jrn_alloc_array(env, (size_t) rows->p, sizeof(double), &work->mean));
	for (i = 0; i < rows->n; i++)
		work->by_stop[i] = (uint32_t) i;
	JRN_TRY(sort_by_stop(env, work->by_stop, rows->n, rows));
	if (rows->start == NULL)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, rows->n, sizeof(uint32_t), &work->by_start));
	for (i = 0; i < rows->n; i++)
		work->by_start[i] = (uint32_t) i;
	return sort_by_start(env, work->by_start, rows->n, rows);
}

/* Add factor times a row to sums; second moments only where wanted. */
static void
add_row(const cox_work *work, double *sums, uint32_t row, double factor, bool second)
{
	int			p = work->rows->p;
	const double *x = work->rows->x + (size_t) row * (size_t) p;
	double	   *squares = sums + 1 + p;
	int			i,
				j;

	sums[0] += factor;
	for (i = 0; i < p; i++)
	{
		double		fx = factor * x[i];

		sums[1 + i] += fx;
		if (second)
			for (j = 0; j <= i; j++)
				squares[j] += fx * x[j];
		squares += i + 1;
	}
}

/* What one event time adds, once for every l (cox.h). */
static void
take_events(cox_work *work, int events, double *value, double *gradient, double *information)
{
	int			p = work->rows->p;
	int			l;

	for (l = 0; l < events; l++)
	{
		double		part = work->breslow ? 0.0 : (double) l / events;
		double		times = work->breslow ? (double) events : 1.0;
		double		sum = work->risk[0] - part * work->dead[0];
		const double *risk = work->risk + 1 + p;
		const double *dead = work->dead + 1 + p;
		int			i,
					j;

		*value -= times * log(sum);
		for (i = 0; gradient != NULL && i < p; i++)
		{
			work->mean[i] = (work->risk[1 + i] - part * work->dead[1 + i]) / sum;
			gradient[i] -= times * work->mean[i];
		}
		for (i = 0; information != NULL && i < p; i++)
			for (j = 0; j <= i; j++)
			{
				size_t		at = jrn_packed((size_t) i, (size_t) j);

				information[at] += times * ((risk[at] - part * dead[at]) / sum - work->mean[i] * work->mean[j]);
			}
		if (work->breslow)
			break;
	}
}

static jrn_status
likelihood(cox_work *work, const double *b, double *value, double *gradient, double *information)
{
	const jrn_cox_rows *rows = work->rows;
	int			p = rows->p;
	double		shift = -INFINITY;	/* largest eta, so that no weight overflows */
	bool		second = information != NULL;
	size_t		started = 0;
	size_t		begin = 0;
	size_t		i;
	int			j;

	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(work->env);
		work->eta[i] = 0.0;
		for (j = 0; j < p; j++)
			work->eta[i] += b[j] * rows->x[i * (size_t) p + (size_t) j];
		shift = fmax(shift, work->eta[i]);
	}
	memset(work->risk, 0, sums_width(rows) * sizeof(double));
	*value = 0.0;
	if (gradient != NULL)
		memset(gradient, 0, (size_t) p * sizeof(double));
	if (second)
		memset(information, 0, jrn_packed((size_t) p, 0) * sizeof(double));
	while (begin < rows->n)
	{
		double		t = rows->stop[work->by_stop[begin]];
		int			events = 0;
		size_t		end = begin;

		memset(work->dead, 0, sums_width(rows) * sizeof(double));
		for (; end < rows->n && rows->stop[work->by_stop[end]] == t; end++)
		{
			uint32_t	row = work->by_stop[end];
			double		w = exp(work->eta[row] - shift);

			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(work->env);
			add_row(work, work->risk, row, w, second);
			if (rows->event[row] == 0.0)
				continue;
			add_row(work, work->dead, row, w, second);
			events++;
			*value += work->eta[row] - shift;
			for (j = 0; gradient != NULL && j < p; j++)
				gradient[j] += rows->x[(size_t) row * (size_t) p + (size_t) j];
		}
		/* rows that begin at t or later are not at risk at t */
		for (; work->by_start != NULL && started < rows->n && rows->start[work->by_start[started]] >= t; started++)
		{
			if (started % ROWS_PER_TICK == 0)
				JRN_TICK(work->env);
			add_row(work, work->risk, work->by_start[started],
					-exp(work->eta[work->by_start[started]] - shift), second);
		}
		take_events(work, events, value, gradient, information);
		begin = end;
	}
	return JRN_OK;
}

jrn_status
jrn_cox_likelihood(const jrn_env *env, const jrn_cox_rows *rows, bool breslow,
				   const double *b, double *value, double *gradient, double *information)
{
	cox_work	work;

	JRN_TRY(prepare(&work, env, rows, breslow));
	return likelihood(&work, b, value, gradient, information);
}

/* ---- the fit ---- */

typedef struct cox_fit
{
	cox_work	work;
	int			p;
	double	   *b;				/* on the scale of the scaled columns */
	double	   *step;
	double	   *trial;
	double	   *gradient;
	double	   *information;
	double	   *factor;
	double	   *scale;
	bool	   *kept;
	size_t		rank;
	double		value;
} cox_fit;

/* One column to mean 0 and variance 1; a constant one becomes 0, with scale 1. */
static jrn_status
scale_column(const jrn_env *env, jrn_cox_rows *rows, size_t j, double *scale)
{
	const size_t p = (size_t) rows->p;
	double		mean = 0.0;
	double		squares = 0.0;
	bool		varies;
	size_t		i;

	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		mean += (rows->x[i * p + j] - mean) / (double) (i + 1);
	}
	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows->x[i * p + j] -= mean;
		squares += rows->x[i * p + j] * rows->x[i * p + j];
	}
	*scale = sqrt(squares / (double) rows->n);
	varies = *scale > 1e-12 * fabs(mean);
	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows->x[i * p + j] = varies ? rows->x[i * p + j] / *scale : 0.0;
	}
	if (!varies)
		*scale = 1.0;
	return JRN_OK;
}

static jrn_status
allocate(cox_fit *fit, const jrn_env *env, jrn_cox_rows *rows, bool breslow)
{
	size_t		p = (size_t) rows->p;
	size_t		j;

	memset(fit, 0, sizeof(*fit));
	fit->p = rows->p;
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->b));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->step));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->trial));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->gradient));
	JRN_TRY(jrn_alloc_zeroed(env, jrn_packed(p, 0), sizeof(double), &fit->information));
	JRN_TRY(jrn_alloc_zeroed(env, jrn_packed(p, 0), sizeof(double), &fit->factor));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &fit->scale));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(bool), &fit->kept));
	for (j = 0; j < p; j++)
		fit->kept[j] = true;
	for (j = 0; j < p; j++)
		JRN_TRY(scale_column(env, rows, j, &fit->scale[j]));
	return prepare(&fit->work, env, rows, breslow);
}

/* Factor the information; the Newton step and what it would gain. */
static jrn_status
newton_step(cox_fit *fit, double tolerance, double *gain)
{
	int			j;

	memcpy(fit->factor, fit->information, jrn_packed((size_t) fit->p, 0) * sizeof(double));
	JRN_TRY(jrn_cholesky(fit->work.env, fit->factor, (size_t) fit->p, tolerance, fit->kept, &fit->rank));
	memcpy(fit->step, fit->gradient, (size_t) fit->p * sizeof(double));
	jrn_cholesky_solve(fit->factor, (size_t) fit->p, fit->kept, fit->step);
	*gain = 0.0;
	for (j = 0; j < fit->p; j++)
		*gain += 0.5 * fit->step[j] * fit->gradient[j];
	return JRN_OK;
}

/* Go along the step, halved until the likelihood does not fall; false: nowhere. */
static jrn_status
go(cox_fit *fit, bool *moved)
{
	double		length = 1.0;
	double		value;
	int			halvings;
	int			j;

	*moved = false;
	for (halvings = 0; halvings < 40; halvings++, length *= 0.5)
	{
		for (j = 0; j < fit->p; j++)
			fit->trial[j] = fit->b[j] + length * fit->step[j];
		JRN_TRY(likelihood(&fit->work, fit->trial, &value, NULL, NULL));
		if (!(value >= fit->value))
			continue;
		*moved = value > fit->value;
		memcpy(fit->b, fit->trial, (size_t) fit->p * sizeof(double));
		return likelihood(&fit->work, fit->b, &fit->value, fit->gradient, fit->information);
	}
	return JRN_OK;
}

/*
 * The last step where little is left to gain: the gain is quadratic in it, so
 * what is too small to see in the likelihood still moves the sixth digit of a
 * coefficient.
 */
static jrn_status
polish(cox_fit *fit)
{
	double		gain;
	int			j;

	for (j = 0; j < fit->p; j++)
		if (fabs(fit->step[j]) > RUNS_AWAY)
			return JRN_OK;
	for (j = 0; j < fit->p; j++)
		fit->b[j] += fit->step[j];
	JRN_TRY(likelihood(&fit->work, fit->b, &fit->value, fit->gradient, fit->information));
	return newton_step(fit, 0.0, &gain);
}

/* R-COX-3: the last step of a coefficient that runs away is no smaller than the one before. */
static bool
runs_away(const cox_fit *fit, int j)
{
	return fit->kept[j] && fabs(fit->step[j]) > RUNS_AWAY;
}

static jrn_status
fill_model(cox_fit *fit, int64_t events, bool converged, double null_value, jrn_model *model)
{
	size_t		p = (size_t) fit->p;
	double	   *inverse;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(fit->work.env, p, sizeof(double), &model->coefficients));
	JRN_TRY(jrn_alloc_array(fit->work.env, jrn_packed(p, 0), sizeof(double), &inverse));
	JRN_TRY(jrn_cholesky_inverse(fit->work.env, fit->factor, p, fit->kept, inverse));
	model->converged = converged;
	model->log_likelihood = fit->value;
	model->deviance = -2.0 * fit->value;
	model->null_deviance = -2.0 * null_value;
	model->df_residual = events - (int64_t) fit->rank;
	for (i = 0; i < p; i++)
	{
		bool		away = converged && runs_away(fit, (int) i);

		model->coefficients[i] = !fit->kept[i] ? NAN : away ? copysign(HUGE_VAL, fit->b[i]) : fit->b[i] / fit->scale[i];
		if (!fit->kept[i] && model->status == JRN_FIT_OK)
			model->status = JRN_FIT_RANK_DEFICIENT;
		if (away)
			model->status = JRN_FIT_SEPARATED;
		for (j = 0; j <= i; j++)
		{
			bool		known = fit->kept[i] && fit->kept[j] && !away && !(converged && runs_away(fit, (int) j));

			inverse[jrn_packed(i, j)] = known ? inverse[jrn_packed(i, j)] / (fit->scale[i] * fit->scale[j]) : NAN;
		}
	}
	if (!converged)
		model->status = JRN_FIT_NOT_CONVERGED;
	else
		model->covariance = inverse;
	return JRN_OK;
}

/* Without an event there is nothing to learn from. */
static jrn_status
nothing_to_fit(const jrn_env *env, jrn_model *model)
{
	int			j;

	JRN_TRY(jrn_alloc_array(env, (size_t) model->terms, sizeof(double), &model->coefficients));
	for (j = 0; j < model->terms; j++)
		model->coefficients[j] = NAN;
	model->deviance = model->null_deviance = model->log_likelihood = NAN;
	model->status = JRN_FIT_TOO_FEW;
	return JRN_OK;
}

jrn_status
jrn_cox_fit(const jrn_env *env, jrn_cox_rows *rows, bool breslow, jrn_model *model)
{
	cox_fit		fit;
	int64_t		events = 0;
	double		null_value;
	double		gain;
	bool		converged = false;
	bool		moved = true;
	size_t		i;

	memset(model, 0, sizeof(*model));
	model->family = JRN_COX;
	model->terms = rows->p;
	model->n = (int64_t) rows->n;
	model->n_groups = -1;
	model->dispersion = NAN;
	model->errors = JRN_ERRORS_MODEL;
	for (i = 0; i < rows->n; i++)
		events += rows->event[i] != 0.0;
	if (events == 0)
		return nothing_to_fit(env, model);
	JRN_TRY(allocate(&fit, env, rows, breslow));
	JRN_TRY(likelihood(&fit.work, fit.b, &fit.value, fit.gradient, fit.information));
	null_value = fit.value;
	JRN_TRY(newton_step(&fit, ALIASED, &gain));	/* R-COX-2: kept from here on */
	for (model->iterations = 0; model->iterations < MOST_STEPS && moved; model->iterations++)
	{
		if (gain < ENOUGH)
		{
			converged = true;
			break;
		}
		JRN_TRY(go(&fit, &moved));
		JRN_TRY(newton_step(&fit, 0.0, &gain));
	}
	converged |= gain < ENOUGH;
	if (converged)
		JRN_TRY(polish(&fit));
	return fill_model(&fit, events, converged, null_value, model);
}
