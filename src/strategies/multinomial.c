/*
 * multinomial.c
 *		The multinomial logit on all rows (see multinomial.h).
 */
#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/kernels.h"
#include "multinomial.h"

/* Newton steps before a fit is given up. */
#define MOST_STEPS 50

/* Relative pivot below which a parameter cannot be told from others. */
#define LOGIT_TOLERANCE 1e-12

/* The most memory that Hessians by cell may take. */
#define MOST_HESSIAN_BYTES ((size_t) 256 << 20)

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

static size_t
pairs_of(const jrn_multinomial *logit)
{
	return triangle((size_t) logit->parts);
}

static int64_t
rows_of(const jrn_multinomial *logit, int arm)
{
	int64_t		n = 0;
	int			c;

	for (c = 0; c < logit->plan->cells; c++)
		n += logit->by_arm[arm * logit->plan->cells + c].n;
	return n;
}

/* R-MUL-2 */
static void
make_contrast(jrn_multinomial *logit)
{
	int			d,
				i;

	if (logit->parts == 1)
	{
		logit->contrast[1] = 1.0;
		return;
	}
	for (d = 0; d < logit->parts; d++)
	{
		double		size = sqrt((d + 1.0) * (d + 2.0));

		for (i = 0; i <= d; i++)
			logit->contrast[i * logit->parts + d] = 1.0 / size;
		logit->contrast[(d + 1) * logit->parts + d] = -(d + 1.0) / size;
	}
}

jrn_status
jrn_multinomial_begin(jrn_multinomial *logit, jrn_engine *engine, const jrn_plan *plan,
					  int arms, double lambda, const jrn_moments *by_arm, const jrn_moments *total)
{
	const jrn_env *env = engine->env;
	size_t		each;
	int			a;

	memset(logit, 0, sizeof(*logit));
	logit->engine = engine;
	logit->plan = plan;
	logit->arms = arms;
	logit->lambda = lambda;
	logit->by_arm = by_arm;
	logit->total = total;
	logit->q = engine->q;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) arms, sizeof(int), &logit->arm_of));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) arms, sizeof(int), &logit->place_of));
	for (a = 0; a < arms; a++)
	{
		logit->place_of[a] = rows_of(logit, a) > 0 ? logit->present : -1;
		if (logit->place_of[a] >= 0)
			logit->arm_of[logit->present++] = a;
	}
	if (logit->present < 2)
		return JRN_TOO_FEW;
	if (logit->present > JRN_LOGIT_ARMS)
		return JRN_LIMIT;
	logit->parts = logit->present - 1;
	logit->m = (size_t) logit->parts * logit->q;
	each = pairs_of(logit) * triangle(logit->q) * sizeof(double);
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) (logit->present * logit->parts), sizeof(double), &logit->contrast));
	make_contrast(logit);
	JRN_TRY(jrn_alloc_zeroed(env, logit->m, sizeof(double), &logit->theta));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) plan->cells, logit->m * sizeof(double), &logit->gradient));
	if (each <= MOST_HESSIAN_BYTES / (size_t) plan->cells)
		JRN_TRY(jrn_alloc_zeroed(env, (size_t) plan->cells, each, &logit->hessian));
	JRN_TRY(jrn_alloc_zeroed(env, 1, each, &logit->total_hessian));
	JRN_TRY(jrn_alloc_zeroed(env, logit->m, sizeof(double), &logit->total_gradient));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) logit->present * JRN_BLOCK_ROWS, sizeof(double), &logit->p));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) logit->parts * JRN_BLOCK_ROWS, sizeof(double), &logit->residual));
	JRN_TRY(jrn_alloc_zeroed(env, 3 * JRN_BLOCK_ROWS, sizeof(double), &logit->own));
	logit->weight = logit->own + JRN_BLOCK_ROWS;
	logit->log_sum = logit->own + 2 * JRN_BLOCK_ROWS;
	JRN_TRY(jrn_alloc_zeroed(env, logit->m, sizeof(double), &logit->block_gradient));
	JRN_TRY(jrn_alloc_zeroed(env, 1, each, &logit->block_hessian));
	JRN_TRY(jrn_alloc_zeroed(env, triangle(logit->m), sizeof(double), &logit->work));
	logit->batch = JRN_LOGIT_ARMS / logit->parts < plan->k ? JRN_LOGIT_ARMS / logit->parts : plan->k;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) (logit->batch * logit->parts), JRN_BLOCK_ROWS * sizeof(double),
							 &logit->columns));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) (logit->present + logit->parts), JRN_BLOCK_ROWS * sizeof(double),
							 &logit->base));
	logit->taken = logit->base + (size_t) logit->present * JRN_BLOCK_ROWS;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) logit->batch, logit->m * sizeof(double), &logit->sums));
	return jrn_alloc_zeroed(env, logit->m, sizeof(double), &logit->step);
}

/* ---- one block ---- */

/* Predictors of the present strategies, into p, from those of the parts. */
static void
etas(const jrn_multinomial *logit, size_t rows, const double *parts, double *p)
{
	size_t		lanes = jrn_lanes(rows);
	size_t		r;
	int			d,
				i;

	for (i = 0; i < logit->present; i++)
	{
		double	   *eta = p + i * JRN_BLOCK_ROWS;

		memset(eta, 0, lanes * sizeof(double));
		for (d = 0; d < logit->parts; d++)
		{
			double		c = logit->contrast[i * logit->parts + d];
			const double *g = parts + d * JRN_BLOCK_ROWS;

			if (c == 0.0)
				continue;
			for (r = 0; r < lanes; r++)
				eta[r] += c * g[r];
		}
	}
}

static void
predictors(jrn_multinomial *logit, const jrn_tile *tile, const double *theta)
{
	const double *beta[JRN_LOGIT_ARMS] = {NULL};
	int			d;

	for (d = 0; d < logit->parts; d++)
		beta[d] = theta + (size_t) d * logit->q;
	jrn_linear_predictors(logit->engine->z, logit->q, tile->rows, JRN_BLOCK_ROWS, beta,
						  (size_t) logit->parts, logit->residual);
	etas(logit, tile->rows, logit->residual, logit->p);
}

void
jrn_logit_probabilities(jrn_multinomial *logit, const jrn_tile *tile, const double *theta, double *p)
{
	predictors(logit, tile, theta);
	jrn_softmax_rows(logit->p, (size_t) logit->present, tile->rows, JRN_BLOCK_ROWS, NULL);
	memcpy(p, logit->p, (size_t) logit->present * JRN_BLOCK_ROWS * sizeof(double));
}

void
jrn_multinomial_predict(jrn_multinomial *logit, const jrn_tile *tile, const double *theta,
						double *probability)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;
	int			a;

	predictors(logit, tile, theta);
	jrn_softmax_rows(logit->p, (size_t) logit->present, tile->rows, JRN_BLOCK_ROWS, NULL);
	for (a = 0; a < logit->arms; a++)
	{
		double	   *out = probability + a * JRN_BLOCK_ROWS;

		if (logit->place_of[a] >= 0)
			memcpy(out, logit->p + logit->place_of[a] * JRN_BLOCK_ROWS, lanes * sizeof(double));
		else
			for (r = 0; r < lanes; r++)
				out[r] = NAN;	/* R-MUL-5 */
	}
}

void
jrn_logit_taken(const jrn_multinomial *logit, const jrn_tile *tile, double *out)
{
	size_t		r;
	int			d;

	for (d = 0; d < logit->parts; d++, out += JRN_BLOCK_ROWS)
	{
		for (r = 0; r < tile->rows; r++)
			out[r] = logit->contrast[logit->place_of[(int) tile->arm[r]] * logit->parts + d];
		for (; r < jrn_lanes(tile->rows); r++)
			out[r] = 0.0;
	}
}

/* C of the strategy taken less its mean over the probabilities p: a column for each part. */
static void
residuals(const jrn_multinomial *logit, const jrn_tile *tile, const double *p, double *out)
{
	size_t		lanes = jrn_lanes(tile->rows);
	size_t		r;
	int			d,
				i;

	jrn_logit_taken(logit, tile, out);
	for (d = 0; d < logit->parts; d++, out += JRN_BLOCK_ROWS)
	{
		for (i = 0; i < logit->present; i++)
		{
			double		c = logit->contrast[i * logit->parts + d];
			const double *column = p + i * JRN_BLOCK_ROWS;

			for (r = 0; c != 0.0 && r < lanes; r++)
				out[r] -= c * column[r];
		}
		for (r = tile->rows; r < lanes; r++)
			out[r] = 0.0;
	}
}

/* Weight of a pair of parts: their covariance under the probabilities. */
static void
pair_weight(jrn_multinomial *logit, const jrn_tile *tile, int d, int e)
{
	size_t		lanes = jrn_lanes(tile->rows);
	double		mean_d[JRN_BLOCK_ROWS];
	double		mean_e[JRN_BLOCK_ROWS];
	size_t		r;
	int			i;

	memset(mean_d, 0, sizeof(mean_d));
	memset(mean_e, 0, sizeof(mean_e));
	memset(logit->weight, 0, lanes * sizeof(double));
	for (i = 0; i < logit->present; i++)
	{
		double		cd = logit->contrast[i * logit->parts + d];
		double		ce = logit->contrast[i * logit->parts + e];
		const double *p = logit->p + i * JRN_BLOCK_ROWS;

		for (r = 0; r < lanes; r++)
		{
			mean_d[r] += cd * p[r];
			mean_e[r] += ce * p[r];
			logit->weight[r] += cd * ce * p[r];
		}
	}
	for (r = 0; r < lanes; r++)
		logit->weight[r] = r < tile->rows ? logit->weight[r] - mean_d[r] * mean_e[r] : 0.0;
}

/*
 * One block's gradient and Hessian into block_gradient and block_hessian;
 * returns its loss.
 */
static double
logit_block(jrn_multinomial *logit, const jrn_tile *tile, const double *theta)
{
	jrn_engine *engine = logit->engine;
	size_t		q = logit->q;
	size_t		r;
	int			d,
				e;

	predictors(logit, tile, theta);
	for (r = 0; r < tile->rows; r++)
		logit->own[r] = logit->p[logit->place_of[(int) tile->arm[r]] * JRN_BLOCK_ROWS + (int) r];
	jrn_softmax_rows(logit->p, (size_t) logit->present, tile->rows, JRN_BLOCK_ROWS, logit->log_sum);
	for (r = 0; r < tile->rows; r++)
		logit->own[r] = logit->log_sum[r] - logit->own[r];
	for (; r < jrn_lanes(tile->rows); r++)
		logit->own[r] = 0.0;
	residuals(logit, tile, logit->p, logit->residual);
	jrn_column_pairs(engine->z, q, logit->residual, (size_t) logit->parts, tile->rows, JRN_BLOCK_ROWS,
					 logit->block_gradient);
	memset(logit->block_hessian, 0, pairs_of(logit) * triangle(q) * sizeof(double));
	for (d = 0; d < logit->parts; d++)
		for (e = 0; e <= d; e++)
		{
			pair_weight(logit, tile, d, e);
			jrn_column_products(engine->z, q, tile->rows, JRN_BLOCK_ROWS, logit->weight, engine->wz);
			jrn_cross_products(engine->wz, engine->z, q, tile->rows, JRN_BLOCK_ROWS,
							   logit->block_hessian + jrn_packed((size_t) d, (size_t) e) * triangle(q));
		}
	return jrn_column_sum(logit->own, tile->rows);
}

/* ---- matrices ---- */

/* Squared standard deviations of the part's rows over the engine's, and their number. */
void
jrn_logit_penalty(const jrn_multinomial *logit, const jrn_logit_part *part, double *penalty)
{
	const jrn_engine *engine = logit->engine;
	size_t		j;
	int			a,
				c,
				d;

	for (j = 0; j < logit->q; j++)
	{
		double		n = 0.0;
		double		mean = 0.0;
		double		m = 0.0;

		for (a = 0; j > 0 && a < logit->arms; a++)
			for (c = 0; c < logit->plan->cells; c++)
			{
				const jrn_moments *cell = &logit->by_arm[a * logit->plan->cells + c];
				double		delta,
							w = cell->w;

				if (cell->n == 0 || !jrn_logit_has(part, c))
					continue;
				delta = cell->mean[j - 1] - mean;
				m += cell->m[jrn_packed(j - 1, j - 1)] + delta * delta * (n * (w / (n + w)));
				mean += delta * (w / (n + w));
				n += w;
			}
		/* lambda times rows times variance over the engine's: n cancels */
		penalty[j] = j > 0 && engine->spread[j - 1] ?
			logit->lambda * m / (engine->scale[j - 1] * engine->scale[j - 1]) : 0.0;
	}
	for (d = 1; d < logit->parts; d++)
		memcpy(penalty + (size_t) d * logit->q, penalty, logit->q * sizeof(double));
}

void
jrn_logit_matrix(const jrn_multinomial *logit, const double *pairs, double factor,
				 const double *penalty, double *packed)
{
	size_t		q = logit->q;
	size_t		i,
				j;
	int			d,
				e;

	for (d = 0; d < logit->parts; d++)
		for (e = 0; e <= d; e++)
		{
			const double *block = pairs + jrn_packed((size_t) d, (size_t) e) * triangle(q);

			for (i = 0; i < q; i++)
				for (j = 0; j < (d == e ? i + 1 : q); j++)
					packed[jrn_packed((size_t) d * q + i, (size_t) e * q + j)] =
						factor * block[i >= j ? jrn_packed(i, j) : jrn_packed(j, i)];
		}
	for (i = 0; i < logit->m; i++)
		packed[jrn_packed(i, i)] += penalty[i];
}

/* ---- all rows of a part ---- */

static void
add_to(double *into, const double *from, size_t count)
{
	size_t		i;

	for (i = 0; i < count; i++)
		into[i] += from[i];
}

/* One pass: totals, and with by_cell their parts. */
static jrn_status
full_pass(jrn_multinomial *logit, const jrn_logit_part *part, const double *theta, bool by_cell)
{
	jrn_engine *engine = logit->engine;
	size_t		hessian_size = pairs_of(logit) * triangle(logit->q);
	jrn_tile_cursor cursor;
	jrn_tile	tile;

	logit->passes++;
	logit->total_loss = 0.0;
	memset(logit->total_gradient, 0, logit->m * sizeof(double));
	memset(logit->total_hessian, 0, hessian_size * sizeof(double));
	if (by_cell)
		memset(logit->gradient, 0, (size_t) logit->plan->cells * logit->m * sizeof(double));
	if (by_cell && logit->hessian != NULL)
		memset(logit->hessian, 0, (size_t) logit->plan->cells * hessian_size * sizeof(double));
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		if (!jrn_logit_has(part, tile.cell))
			continue;
		jrn_engine_z(engine, &tile);
		logit->total_loss += logit_block(logit, &tile, theta);
		add_to(logit->total_gradient, logit->block_gradient, logit->m);
		add_to(logit->total_hessian, logit->block_hessian, hessian_size);
		if (by_cell)
			add_to(logit->gradient + (size_t) tile.cell * logit->m, logit->block_gradient, logit->m);
		if (by_cell && logit->hessian != NULL)
			add_to(logit->hessian + (size_t) tile.cell * hessian_size, logit->block_hessian, hessian_size);
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

/* The step from the totals at theta; *decrement is g'H^-1 g. */
static jrn_status
newton_step(jrn_multinomial *logit, const double *penalty, const double *theta, double *decrement)
{
	bool	   *kept;
	size_t		rank;
	size_t		i;

	JRN_TRY(jrn_alloc_array(logit->engine->env, logit->m, sizeof(bool), &kept));
	for (i = 0; i < logit->m; i++)
	{
		kept[i] = true;
		logit->step[i] = logit->total_gradient[i] - penalty[i] * theta[i];
	}
	jrn_logit_matrix(logit, logit->total_hessian, 1.0, penalty, logit->work);
	JRN_TRY(jrn_cholesky(logit->engine->env, logit->work, logit->m, LOGIT_TOLERANCE, kept, &rank));
	jrn_cholesky_solve(logit->work, logit->m, kept, logit->step);
	*decrement = 0.0;
	for (i = 0; i < logit->m; i++)
		*decrement += logit->step[i] * (logit->total_gradient[i] - penalty[i] * theta[i]);
	jrn_release(logit->engine->env, kept);
	return JRN_OK;
}

static double
penalised(const jrn_multinomial *logit, const double *penalty, const double *theta)
{
	double		sum = 0.0;
	size_t		i;

	for (i = 0; i < logit->m; i++)
		sum += penalty[i] * theta[i] * theta[i];
	return logit->total_loss + 0.5 * sum;
}

jrn_status
jrn_logit_newton(jrn_multinomial *logit, const jrn_logit_part *part, double enough,
				 bool by_cell, const double *start, double start_loss, double *theta)
{
	const jrn_env *env = logit->engine->env;
	double	   *penalty;
	double	   *before;
	double		last = start_loss;
	double		decrement;
	int			steps;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, logit->m, sizeof(double), &penalty));
	JRN_TRY(jrn_alloc_zeroed(env, logit->m, sizeof(double), &before));
	jrn_logit_penalty(logit, part, penalty);
	memcpy(before, start, logit->m * sizeof(double));
	for (steps = 0; steps < MOST_STEPS; steps++)
	{
		double		loss;

		JRN_TRY(full_pass(logit, part, theta, by_cell));
		loss = penalised(logit, penalty, theta);
		if (!(loss <= last + 1e-9 * fabs(last)))
		{
			/* too far: half the way back */
			for (i = 0; i < logit->m; i++)
				theta[i] = 0.5 * (theta[i] + before[i]);
			continue;
		}
		last = loss;
		JRN_TRY(newton_step(logit, penalty, theta, &decrement));
		if (decrement < enough)
			break;
		memcpy(before, theta, logit->m * sizeof(double));
		add_to(theta, logit->step, logit->m);
	}
	logit->not_converged = logit->not_converged || steps == MOST_STEPS;
	jrn_release(env, penalty);
	jrn_release(env, before);
	return JRN_OK;
}

/* ---- the first step ---- */

/* Intercepts of the shares; returns the loss there. */
static double
start_intercepts(jrn_multinomial *logit, const double *share)
{
	double		loss = 0.0;
	int			a,
				d;

	memset(logit->theta, 0, logit->m * sizeof(double));
	for (a = 0; a < logit->present; a++)
		loss -= share[a] * (double) logit->total->n * log(share[a]);
	if (logit->parts == 1)
		logit->theta[0] = log(share[1]) - log(share[0]);
	for (d = 0; logit->parts > 1 && d < logit->parts; d++)
		for (a = 0; a < logit->present; a++)
			logit->theta[(size_t) d * logit->q] += logit->contrast[a * logit->parts + d] * log(share[a]);
	return loss;
}

/* Where all probabilities are shares, residuals sum to what the means say. */
static void
start_gradient(jrn_multinomial *logit)
{
	const jrn_engine *engine = logit->engine;
	size_t		j;
	int			a,
				d,
				c;

	memset(logit->total_gradient, 0, logit->m * sizeof(double));
	for (d = 0; d < logit->parts; d++)
		for (a = 0; a < logit->present; a++)
			for (c = 0; c < logit->plan->cells; c++)
			{
				const jrn_moments *cell = &logit->by_arm[logit->arm_of[a] * logit->plan->cells + c];
				double		weight = logit->contrast[a * logit->parts + d] * cell->w;

				for (j = 0; cell->n > 0 && j + 1 < logit->q; j++)
					if (engine->spread[j])
						logit->total_gradient[(size_t) d * logit->q + j + 1] +=
							weight * ((cell->mean[j] - engine->relative[j]) / engine->scale[j]);
			}
}

/* And the weights of all rows are the same, so the Hessian is made of moments. */
static void
start_hessian(jrn_multinomial *logit, const double *share)
{
	const jrn_engine *engine = logit->engine;
	size_t		q = logit->q;
	size_t		i,
				j;
	int			a,
				d,
				e;

	memset(logit->total_hessian, 0, pairs_of(logit) * triangle(q) * sizeof(double));
	for (d = 0; d < logit->parts; d++)
		for (e = 0; e <= d; e++)
		{
			double	   *block = logit->total_hessian + jrn_packed((size_t) d, (size_t) e) * triangle(q);
			double		both = 0.0;
			double		mean_d = 0.0;
			double		mean_e = 0.0;

			for (a = 0; a < logit->present; a++)
			{
				double		cd = logit->contrast[a * logit->parts + d];
				double		ce = logit->contrast[a * logit->parts + e];

				both += cd * ce * share[a];
				mean_d += cd * share[a];
				mean_e += ce * share[a];
			}
			both -= mean_d * mean_e;
			block[0] = both * (double) logit->total->n;
			for (i = 1; i < q; i++)
				for (j = 1; j <= i; j++)
					if (engine->spread[i - 1] && engine->spread[j - 1])
						block[jrn_packed(i, j)] = both * (logit->total->m[jrn_packed(i - 1, j - 1)] /
														  engine->scale[i - 1] / engine->scale[j - 1]);
		}
}

jrn_status
jrn_multinomial_full(jrn_multinomial *logit)
{
	const jrn_env *env = logit->engine->env;
	jrn_logit_part all = {NULL, 0};
	double	   *share;
	double	   *penalty;
	double	   *start;
	double		decrement;
	double		loss;
	int			a;

	JRN_TRY(jrn_alloc_array(env, (size_t) logit->present, sizeof(double), &share));
	JRN_TRY(jrn_alloc_array(env, logit->m, sizeof(double), &penalty));
	JRN_TRY(jrn_alloc_array(env, logit->m, sizeof(double), &start));
	for (a = 0; a < logit->present; a++)
		share[a] = (double) rows_of(logit, logit->arm_of[a]) / (double) logit->total->n;
	loss = start_intercepts(logit, share);
	start_gradient(logit);
	start_hessian(logit, share);
	memcpy(start, logit->theta, logit->m * sizeof(double));
	jrn_logit_penalty(logit, &all, penalty);
	JRN_TRY(newton_step(logit, penalty, logit->theta, &decrement));
	add_to(logit->theta, logit->step, logit->m);
	JRN_TRY(jrn_logit_newton(logit, &all, 0.5, true, start, loss, logit->theta));
	jrn_release(env, share);
	jrn_release(env, penalty);
	jrn_release(env, start);
	return JRN_OK;
}
