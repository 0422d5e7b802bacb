/*
 * effect_model.c
 *		Linear effect models by folds (requirements in effect_model.h).
 *
 * Everything is kept per fold: weighted moments of (1, z), and the products of
 * the cluster sums behind the sandwich.  A training set is the total less one
 * fold.
 */
#include "effect_model.h"

#include <math.h>
#include <string.h>

#include "../core/cholesky.h"
#include "../core/sizes.h"
#include "../core/sums.h"

#define MOST_PARTS 2
#define BLOCK JRN_BLOCK_ROWS

/* A variance in the rows fitted below this part of that of all rows is none. */
#define NO_SPREAD 1e-10
#define TOLERANCE 1e-12

/* Doubles that moments of all folds may take. */
#define MOST_NUMBERS ((size_t) 1 << 27)

/* What a row says to one part: x has two, the others one. */
typedef struct part_row
{
	double		weight;
	double		outcome;
	double		share;			/* of the part in the effect of the row */
} part_row;

/* Rows of one fold, by columns. */
typedef struct block
{
	size_t		first;
	size_t		rows;
	int			fold;
	double	   *z;				/* q columns of BLOCK, zeros after rows */
} block;

typedef struct fitter
{
	const jrn_env *env;
	const jrn_score_table *table;
	const jrn_effect_space *space;
	const jrn_effect_request *request;
	size_t		q;				/* p + 1 */
	size_t		packed;			/* q (q + 1)/2 */
	int			parts;
	size_t		m;				/* parts q */
	size_t		folds;

	/* by fold; the last entry is the total */
	double	   *gram;			/* [folds + 1, parts, packed] */
	double	   *moment;			/* [folds + 1, parts, q] */
	double	   *weight;			/* [folds + 1, parts] */
	double	   *meat;			/* [folds + 1, packed]; without x */
	double	   *clusters;		/* [folds + 1] */
	double	   *means;			/* [folds, q] of z, without weights */
	double	   *rows;			/* [folds] */

	/* models without the fold; the last one has all rows */
	double	   *theta;			/* [folds + 1, m]; NaN: there is none */
	double	   *bread;			/* [folds + 1, parts, packed] */
	double	   *pull;			/* [folds + 1, parts, q] R-EFM-10 */
	double	   *covariance;		/* [folds + 1, q q] */

	/* scratch */
	block		block;
	double	   *wz;				/* [q BLOCK] */
	double	   *column;			/* [BLOCK] */
	double	   *eta;			/* [parts BLOCK] */
	double	   *dots;			/* [q] */
	double	   *matrix;			/* [packed] */
	double	   *square;			/* [q q] */
	bool	   *kept;			/* [q] */
	part_row   *part_rows;		/* [parts BLOCK] */
} fitter;

/* ---- columns ---- */

jrn_status
jrn_effect_space_make(const jrn_env *env, const jrn_score_table *table, jrn_effect_space *space)
{
	size_t		p = table->p;
	size_t		i,
				j;

	space->p = p;
	if (p > JRN_EFFECT_COLUMNS)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &space->center));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &space->scale));
	for (i = 0; i < table->n; i++)
	{
		if (i % BLOCK == 0)
			JRN_TICK(env);
		for (j = 0; j < p; j++)
			space->center[j] += (table->x[i * p + j] - space->center[j]) / (double) (i + 1);
	}
	for (i = 0; i < table->n; i++)
	{
		if (i % BLOCK == 0)
			JRN_TICK(env);
		for (j = 0; j < p; j++)
		{
			double		d = table->x[i * p + j] - space->center[j];

			space->scale[j] += d * d;
		}
	}
	for (j = 0; j < p; j++)
	{
		space->scale[j] = sqrt(space->scale[j] / (double) table->n);
		if (!(space->scale[j] > TOLERANCE * fabs(space->center[j])))
			space->scale[j] = 0.0;
	}
	return JRN_OK;
}

/* The next rows of one fold; rows is 0 at the end. */
static void
next_block(fitter *f)
{
	const jrn_score_table *table = f->table;
	block	   *b = &f->block;
	size_t		p = f->space->p;
	size_t		j,
				r;

	b->first += b->rows;
	b->rows = 0;
	if (b->first >= table->n)
		return;
	b->fold = table->fold[b->first];
	while (b->rows < BLOCK && b->first + b->rows < table->n && table->fold[b->first + b->rows] == b->fold)
		b->rows++;
	memset(b->z, 0, f->q * BLOCK * sizeof(double));
	for (r = 0; r < b->rows; r++)
	{
		const double *x = table->x + (b->first + r) * p;

		b->z[r] = 1.0;
		for (j = 0; j < p; j++)
			if (f->space->scale[j] > 0.0)
				b->z[(j + 1) * BLOCK + r] = (x[j] - f->space->center[j]) / f->space->scale[j];
	}
}

static void
first_block(fitter *f)
{
	f->block.first = f->block.rows = 0;
	next_block(f);
}

/* ---- what a row says ---- */

static double
propensity_of(const jrn_score_table *table, size_t i, int arm)
{
	const double *e = table->propensity + i * (size_t) table->arms;

	return table->arms == 2 && isnan(e[arm]) ? 1.0 - e[1 - arm] : e[arm];
}

double
jrn_effect_share(const jrn_score_table *table, size_t i, int arm, int baseline)
{
	double		e = propensity_of(table, i, arm);

	return e / (e + propensity_of(table, i, baseline));
}

/* R-EFM-1 to R-EFM-3 */
static void
say(const fitter *f, size_t i, part_row *out)
{
	const jrn_score_table *table = f->table;
	const jrn_effect_request *request = f->request;
	size_t		at = i * (size_t) table->arms;
	size_t		a = at + (size_t) request->arm;
	size_t		b = at + (size_t) request->baseline;
	bool		has_a = table->arm[i] == request->arm;
	bool		has_b = table->arm[i] == request->baseline;
	double		share;
	double		left;

	memset(out, 0, (size_t) f->parts * sizeof(part_row));
	out[0].share = 1.0;
	if (request->learner == JRN_LEARNER_DR)
	{
		out[0].weight = 1.0;
		out[0].outcome = table->score[a] - table->score[b];
		return;
	}
	share = jrn_effect_share(table, i, request->arm, request->baseline);
	if (request->learner == JRN_LEARNER_X)
	{
		out[0].weight = has_a ? 1.0 : 0.0;
		out[0].outcome = has_a ? table->y[i] - table->mu[b] : 0.0;
		out[0].share = 1.0 - share;
		out[1].weight = has_b ? 1.0 : 0.0;
		out[1].outcome = has_b ? table->mu[a] - table->y[i] : 0.0;
		out[1].share = share;
		return;
	}
	left = (has_a ? 1.0 : 0.0) - share;
	if ((has_a || has_b) && left != 0.0)
	{
		out[0].weight = left * left;
		out[0].outcome = (table->y[i] - (share * table->mu[a] + (1.0 - share) * table->mu[b])) / left;
	}
}

static void
say_block(fitter *f)
{
	size_t		r;

	for (r = 0; r < f->block.rows; r++)
		say(f, f->block.first + r, f->part_rows + r * (size_t) f->parts);
}

/* Whether every row has what the learner needs. */
static jrn_status
look_over(fitter *f, bool *known)
{
	const jrn_score_table *table = f->table;
	size_t		i;
	int			part;

	*known = true;
	for (i = 0; i < table->n && *known; i++)
	{
		size_t		at = i * (size_t) table->arms;

		if (i % BLOCK == 0)
			JRN_TICK(f->env);
		say(f, i, f->part_rows);
		for (part = 0; part < f->parts; part++)
			*known = *known && isfinite(f->part_rows[part].outcome) && isfinite(f->part_rows[part].share);
		*known = *known && isfinite(table->score[at + (size_t) f->request->arm]) &&
			isfinite(table->score[at + (size_t) f->request->baseline]);
		if (f->request->learner == JRN_LEARNER_R)
			*known = *known && isfinite(jrn_effect_share(table, i, f->request->arm, f->request->baseline));
	}
	return JRN_OK;
}

/* ---- moments ---- */

static void
add_moments(fitter *f, int part)
{
	const block *b = &f->block;
	size_t		at = (size_t) b->fold * (size_t) f->parts + (size_t) part;
	double	   *moment = f->moment + at * f->q;
	size_t		j,
				r;

	memset(f->column, 0, BLOCK * sizeof(double));
	for (r = 0; r < b->rows; r++)
	{
		f->column[r] = f->part_rows[r * (size_t) f->parts + (size_t) part].weight;
		f->weight[at] += f->column[r];
	}
	jrn_column_products(b->z, f->q, b->rows, BLOCK, f->column, f->wz);
	jrn_cross_products(b->z, f->wz, f->q, b->rows, BLOCK, f->gram + at * f->packed);
	for (r = 0; r < b->rows; r++)
		f->column[r] = f->part_rows[r * (size_t) f->parts + (size_t) part].outcome;
	jrn_column_dots(f->wz, f->q, b->rows, BLOCK, f->column, f->dots);
	for (j = 0; j < f->q; j++)
		moment[j] += f->dots[j];
}

/* The entry after the last fold becomes the sum of the others. */
static void
add_up(double *by_fold, size_t folds, size_t size)
{
	size_t		fold,
				j;

	for (fold = 0; fold < folds; fold++)
		for (j = 0; j < size; j++)
			by_fold[folds * size + j] += by_fold[fold * size + j];
}

/* Entry j of the rows outside a fold; fold == folds: of all rows. */
static double
outside(const fitter *f, const double *by_fold, size_t size, size_t fold, size_t j)
{
	double		total = by_fold[f->folds * size + j];

	return fold == f->folds ? total : total - by_fold[fold * size + j];
}

/* Running means of z in the fold of the block. */
static void
add_means(fitter *f)
{
	const block *b = &f->block;
	double	   *mean = f->means + (size_t) b->fold * f->q;
	double		rows = (double) b->rows;
	size_t		j;

	f->rows[b->fold] += rows;
	for (j = 0; j < f->q; j++)
		mean[j] += (jrn_column_sum(b->z + j * BLOCK, b->rows) - rows * mean[j]) / f->rows[b->fold];
}

static jrn_status
gather_moments(fitter *f)
{
	int			part;

	for (first_block(f); f->block.rows > 0; next_block(f))
	{
		JRN_TICK(f->env);
		say_block(f);
		add_means(f);
		for (part = 0; part < f->parts; part++)
			add_moments(f, part);
	}
	add_up(f->gram, f->folds, (size_t) f->parts * f->packed);
	add_up(f->moment, f->folds, (size_t) f->parts * f->q);
	add_up(f->weight, f->folds, (size_t) f->parts);
	return JRN_OK;
}

/* R-EFM-4 for one part of the model without a fold */
static jrn_status
solve(fitter *f, size_t fold, int part)
{
	size_t		parts = (size_t) f->parts;
	size_t		of_part = (size_t) part;
	double		weight = outside(f, f->weight, parts, fold, of_part);
	double	   *theta = f->theta + fold * f->m + of_part * f->q;
	double	   *bread = f->bread + (fold * parts + of_part) * f->packed;
	double	   *pull = f->pull + (fold * parts + of_part) * f->q;
	size_t		rank;
	size_t		j;

	for (j = 0; j < f->q; j++)
		theta[j] = NAN;
	if (!(weight > 0.0))
		return JRN_OK;
	for (j = 0; j < f->packed; j++)
		f->matrix[j] = outside(f, f->gram, parts * f->packed, fold, of_part * f->packed + j) / weight;
	f->kept[0] = true;
	for (j = 1; j < f->q; j++)
	{
		double	   *row = f->matrix + j * (j + 1) / 2;
		double		variance = row[j] - row[0] * row[0];

		f->kept[j] = f->space->scale[j - 1] > 0.0 && variance > NO_SPREAD;
		pull[j] = f->request->lambda * fmax(variance, 0.0);
		row[j] += pull[j];
	}
	JRN_TRY(jrn_cholesky(f->env, f->matrix, f->q, TOLERANCE, f->kept, &rank));
	for (j = 0; j < f->q; j++)
		theta[j] = outside(f, f->moment, parts * f->q, fold, of_part * f->q + j) / weight;
	jrn_cholesky_solve(f->matrix, f->q, f->kept, theta);
	for (j = 0; j < f->q; j++)
		pull[j] *= theta[j];
	jrn_cholesky_solve(f->matrix, f->q, f->kept, pull);
	JRN_TRY(jrn_cholesky_inverse(f->env, f->matrix, f->q, f->kept, bread));
	for (j = 0; j < f->packed; j++)
		bread[j] /= weight;
	return JRN_OK;
}

/* ---- effects and sandwich ---- */

/* Sums by cluster on their way into the meat of a fold: q columns of BLOCK. */
typedef struct cluster_sums
{
	double	   *sums;
	size_t		used;			/* clusters, the last one still open */
	int64_t		cluster;		/* -1: none yet */
	int			fold;
	bool		counts;			/* the open one has a row of weight */
} cluster_sums;

static void
close_cluster(fitter *f, cluster_sums *c)
{
	if (c->counts)
		f->clusters[c->fold] += 1.0;
	c->counts = false;
}

static void
flush_clusters(fitter *f, cluster_sums *c)
{
	jrn_cross_products(c->sums, c->sums, f->q, c->used, BLOCK, f->meat + (size_t) c->fold * f->packed);
	memset(c->sums, 0, f->q * BLOCK * sizeof(double));
	c->used = 0;
}

static void
open_cluster(fitter *f, cluster_sums *c, int64_t cluster)
{
	if (c->cluster >= 0)
		close_cluster(f, c);
	if (c->used > 0 && (c->used == BLOCK || c->fold != f->block.fold))
		flush_clusters(f, c);
	c->cluster = cluster;
	c->fold = f->block.fold;
	c->used++;
}

static void
add_row_to_cluster(fitter *f, cluster_sums *c, size_t r)
{
	const part_row *says = &f->part_rows[r];
	double		g = says->weight * (says->outcome - f->eta[r]);
	size_t		j;

	if (f->table->cluster[f->block.first + r] != c->cluster)
		open_cluster(f, c, f->table->cluster[f->block.first + r]);
	if (says->weight == 0.0)
		return;
	c->counts = true;
	for (j = 0; j < f->q; j++)
		c->sums[j * BLOCK + c->used - 1] += g * f->block.z[j * BLOCK + r];
}

/* Effects of the rows, and the meat of every fold. */
static jrn_status
apply(fitter *f, jrn_effect_model *model)
{
	const jrn_score_table *table = f->table;
	cluster_sums c = {NULL, 0, -1, 0, false};
	size_t		r;
	int			part;

	JRN_TRY(jrn_alloc_zeroed(f->env, f->q, BLOCK * sizeof(double), &c.sums));
	for (first_block(f); f->block.rows > 0; next_block(f))
	{
		const double *theta = f->theta + (size_t) f->block.fold * f->m;

		JRN_TICK(f->env);
		say_block(f);
		memset(f->eta, 0, (size_t) f->parts * BLOCK * sizeof(double));
		for (part = 0; part < f->parts; part++)
			jrn_linear_predictor(f->block.z, f->q, f->block.rows, BLOCK, theta + (size_t) part * f->q,
								 f->eta + (size_t) part * BLOCK);
		for (r = 0; r < f->block.rows; r++)
		{
			size_t		i = f->block.first + r;
			size_t		at = i * (size_t) table->arms;

			if (f->parts == 1)
				add_row_to_cluster(f, &c, r);
			model->effect[i] = 0.0;
			for (part = 0; part < f->parts; part++)
				model->effect[i] += f->part_rows[r * (size_t) f->parts + (size_t) part].share *
					f->eta[(size_t) part * BLOCK + r];
			model->score[i] = table->score[at + (size_t) f->request->arm] -
				table->score[at + (size_t) f->request->baseline];
		}
	}
	if (c.cluster >= 0)
		close_cluster(f, &c);
	if (c.used > 0)
		flush_clusters(f, &c);
	add_up(f->meat, f->folds, f->packed);
	add_up(f->clusters, f->folds, 1);
	jrn_release(f->env, c.sums);
	return JRN_OK;
}

static double
packed_at(const double *packed, size_t i, size_t j)
{
	return i >= j ? packed[i * (i + 1) / 2 + j] : packed[j * (j + 1) / 2 + i];
}

/* out = B in or in B, B the bread of a model. */
static jrn_status
times_bread(fitter *f, size_t fold, const double *in, bool from_left, double *out)
{
	const double *bread = f->bread + fold * f->packed;
	size_t		i,
				j,
				k;

	for (i = 0; i < f->q; i++)
	{
		JRN_TICK(f->env);
		for (j = 0; j < f->q; j++)
		{
			double		sum = 0.0;

			for (k = 0; k < f->q; k++)
				sum += from_left ? packed_at(bread, i, k) * in[k * f->q + j] :
					in[i * f->q + k] * packed_at(bread, k, j);
			out[i * f->q + j] = sum;
		}
	}
	return JRN_OK;
}

/* R-EFM-6, R-EFM-10 */
static jrn_status
sandwich(fitter *f, size_t fold)
{
	double		clusters = outside(f, f->clusters, 1, fold, 0);
	double		factor = clusters > 1.0 ? clusters / (clusters - 1.0) : NAN;
	double	   *covariance = f->covariance + fold * f->q * f->q;
	const double *pull = f->pull + fold * f->q;
	size_t		i,
				j;

	for (i = 0; i < f->q; i++)
		for (j = 0; j < f->q; j++)
		{
			size_t		at = i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;

			covariance[i * f->q + j] = factor * outside(f, f->meat, f->packed, fold, at);
		}
	JRN_TRY(times_bread(f, fold, covariance, true, f->square));
	JRN_TRY(times_bread(f, fold, f->square, false, covariance));
	for (i = 0; i < f->q; i++)
		for (j = 0; j < f->q; j++)
			covariance[i * f->q + j] += pull[i] * pull[j];	/* R-EFM-10 */
	return JRN_OK;
}

/* square[r] = v' Cov v for the rows in columns v. */
static void
quadratic(const fitter *f, const double *v, double *square)
{
	const double *covariance = f->covariance + (size_t) f->block.fold * f->q * f->q;
	size_t		j,
				r;

	memset(square, 0, BLOCK * sizeof(double));
	for (j = 0; j < f->q; j++)
	{
		memset(f->column, 0, BLOCK * sizeof(double));
		jrn_linear_predictor(v, f->q, f->block.rows, BLOCK, covariance + j * f->q, f->column);
		for (r = 0; r < f->block.rows; r++)
			square[r] += v[j * BLOCK + r] * f->column[r];
	}
}

/* z less its means in the fold, into wz. */
static void
center_block(fitter *f)
{
	const double *mean = f->means + (size_t) f->block.fold * f->q;
	size_t		j,
				r;

	memset(f->wz, 0, f->q * BLOCK * sizeof(double));
	for (j = 1; j < f->q; j++)
		for (r = 0; r < f->block.rows; r++)
			f->wz[j * BLOCK + r] = f->block.z[j * BLOCK + r] - mean[j];
}

/* R-EFM-7 and R-EFM-9 */
static jrn_status
row_errors(fitter *f, jrn_effect_model *model)
{
	jrn_acc		noise = {0.0, 0.0};
	jrn_acc		all = {0.0, 0.0};
	double		square[BLOCK];
	size_t		r;

	for (first_block(f); f->block.rows > 0; next_block(f))
	{
		JRN_TICK(f->env);
		quadratic(f, f->block.z, square);
		for (r = 0; r < f->block.rows; r++)
		{
			size_t		i = f->block.first + r;

			model->std_error[i] = isnan(model->effect[i]) ? NAN : sqrt(fmax(square[r], 0.0));
		}
		center_block(f);
		quadratic(f, f->wz, square);
		for (r = 0; r < f->block.rows; r++)
			jrn_acc_add(&noise, fmax(square[r], 0.0));
		memset(f->column, 0, BLOCK * sizeof(double));
		jrn_linear_predictor(f->wz, f->q, f->block.rows, BLOCK, f->theta + (size_t) f->block.fold * f->m,
							 f->column);
		for (r = 0; r < f->block.rows; r++)
			jrn_acc_add(&all, f->column[r] * f->column[r]);
	}
	model->noise = jrn_acc_value(&noise) / jrn_acc_value(&all);
	return JRN_OK;
}

/* The model of all rows in units of x. */
static jrn_status
coefficients(const fitter *f, jrn_effect_model *model)
{
	const double *theta = f->theta + f->folds * f->m;
	const double *covariance = f->covariance + f->folds * f->q * f->q;
	double	   *row;			/* of the map from z to x: the intercept's */
	double		variance = 0.0;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_zeroed(f->env, f->q, sizeof(double), &row));
	JRN_TRY(jrn_alloc_zeroed(f->env, f->q, sizeof(double), &model->coefficient));
	JRN_TRY(jrn_alloc_zeroed(f->env, f->q, sizeof(double), &model->coefficient_se));
	row[0] = 1.0;
	model->coefficient[0] = theta[0];
	for (j = 1; j < f->q; j++)
	{
		double		scale = f->space->scale[j - 1];

		model->coefficient[j] = scale > 0.0 ? theta[j] / scale : NAN;
		model->coefficient_se[j] = scale > 0.0 ? sqrt(fmax(covariance[j * f->q + j], 0.0)) / scale : NAN;
		row[j] = scale > 0.0 ? -f->space->center[j - 1] / scale : 0.0;
		model->coefficient[0] += row[j] * theta[j];
	}
	for (i = 0; i < f->q; i++)
		for (j = 0; j < f->q; j++)
			variance += row[i] * covariance[i * f->q + j] * row[j];
	model->coefficient_se[0] = sqrt(fmax(variance, 0.0));
	jrn_release(f->env, row);
	return JRN_OK;
}

/* ---- the call ---- */

static jrn_status
allocate(fitter *f)
{
	const jrn_env *env = f->env;
	size_t		models = f->folds + 1;
	size_t		parts = (size_t) f->parts;
	size_t		numbers;

	if (!jrn_size_mul(models * parts, f->q * f->q, &numbers) || numbers > MOST_NUMBERS)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(env, models * parts, f->packed * sizeof(double), &f->gram));
	JRN_TRY(jrn_alloc_zeroed(env, models * parts, f->q * sizeof(double), &f->moment));
	JRN_TRY(jrn_alloc_zeroed(env, models * parts, sizeof(double), &f->weight));
	JRN_TRY(jrn_alloc_zeroed(env, models, f->packed * sizeof(double), &f->meat));
	JRN_TRY(jrn_alloc_zeroed(env, models, sizeof(double), &f->clusters));
	JRN_TRY(jrn_alloc_zeroed(env, models, f->q * sizeof(double), &f->means));
	JRN_TRY(jrn_alloc_zeroed(env, models, sizeof(double), &f->rows));
	JRN_TRY(jrn_alloc_zeroed(env, models, f->m * sizeof(double), &f->theta));
	JRN_TRY(jrn_alloc_zeroed(env, models * parts, f->packed * sizeof(double), &f->bread));
	JRN_TRY(jrn_alloc_zeroed(env, models * parts, f->q * sizeof(double), &f->pull));
	JRN_TRY(jrn_alloc_zeroed(env, models, f->q * f->q * sizeof(double), &f->covariance));
	JRN_TRY(jrn_alloc_zeroed(env, f->q, BLOCK * sizeof(double), &f->block.z));
	JRN_TRY(jrn_alloc_zeroed(env, f->q, BLOCK * sizeof(double), &f->wz));
	JRN_TRY(jrn_alloc_zeroed(env, BLOCK, sizeof(double), &f->column));
	JRN_TRY(jrn_alloc_zeroed(env, parts, BLOCK * sizeof(double), &f->eta));
	JRN_TRY(jrn_alloc_zeroed(env, f->q, sizeof(double), &f->dots));
	JRN_TRY(jrn_alloc_zeroed(env, f->packed, sizeof(double), &f->matrix));
	JRN_TRY(jrn_alloc_zeroed(env, f->q, f->q * sizeof(double), &f->square));
	JRN_TRY(jrn_alloc_zeroed(env, f->q, sizeof(bool), &f->kept));
	return jrn_alloc_zeroed(env, parts, BLOCK * sizeof(part_row), &f->part_rows);
}

static void
give_back(const fitter *f)
{
	void	   *const all[] = {f->gram, f->moment, f->weight, f->meat, f->clusters, f->means, f->rows, f->theta, f->bread,
		f->pull, f->covariance, f->block.z, f->wz, f->column, f->eta, f->dots, f->matrix, f->square, f->kept,
	f->part_rows};
	size_t		i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		jrn_release(f->env, all[i]);
}

static jrn_status
fit_folds(fitter *f, jrn_effect_model *model)
{
	size_t		fold;
	int			part;

	JRN_TRY(gather_moments(f));
	for (fold = 0; fold <= f->folds; fold++)
		for (part = 0; part < f->parts; part++)
		{
			JRN_TICK(f->env);
			JRN_TRY(solve(f, fold, part));
		}
	JRN_TRY(apply(f, model));
	if (f->parts > 1)
		return JRN_OK;			/* R-EFM-8 */
	for (fold = 0; fold <= f->folds; fold++)
		JRN_TRY(sandwich(f, fold));
	JRN_TRY(row_errors(f, model));
	return coefficients(f, model);
}

jrn_status
jrn_effect_fit(const jrn_env *env, const jrn_score_table *table, const jrn_effect_space *space,
			   const jrn_effect_request *request, jrn_effect_model *model)
{
	fitter		f;
	size_t		i;

	memset(model, 0, sizeof(*model));
	model->noise = NAN;
	memset(&f, 0, sizeof(f));
	f.env = env;
	f.table = table;
	f.space = space;
	f.request = request;
	f.q = space->p + 1;
	f.packed = f.q * (f.q + 1) / 2;
	f.parts = request->learner == JRN_LEARNER_X ? MOST_PARTS : 1;
	f.m = (size_t) f.parts * f.q;
	f.folds = (size_t) table->folds;
	JRN_TRY(jrn_alloc_array(env, table->n, sizeof(double), &model->effect));
	JRN_TRY(jrn_alloc_array(env, table->n, sizeof(double), &model->std_error));
	JRN_TRY(jrn_alloc_array(env, table->n, sizeof(double), &model->score));
	JRN_TRY(allocate(&f));
	for (i = 0; i < table->n; i++)
		model->std_error[i] = NAN;
	JRN_TRY(look_over(&f, &model->known));
	if (model->known)
		JRN_TRY(fit_folds(&f, model));
	for (i = 0; i < table->n && !model->known; i++)
		model->effect[i] = model->score[i] = NAN;
	give_back(&f);
	return JRN_OK;
}
