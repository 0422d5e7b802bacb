/*
 * overlap.c
 *		Weights, propensities and balance by strategy (see overlap.h).
 */
#include "overlap.h"

#include <math.h>
#include <string.h>

#include "../core/sums.h"

/* Columns whose differences are summed together; they stay in the cache. */
#define CHUNK 16

/* R-OVL-7: columns up to which products are made, rows and sums of them. */
#define MOST_FACTORS 32
#define MOST_SHAPE_ROWS 32768
#define LEAST_SHAPE_ROWS 2048
#define MOST_SHAPE_SUMS 50000000

/* R-OVL-4 */
#define LEAST_ESS 50.0
#define WEAK_ESS_SHARE 0.1
#define WEAK_ONE_WEIGHT 0.05
#define WEAK_ONE_KEY 0.2
#define EXTREME 0.01
#define WEAK_EXTREME_SHARE 0.01
#define NO_WEIGHT_MEAN 0.5
#define WEAK_WEIGHT_MEAN 0.9
#define ERRORS_OF_MEAN 3.0
#define WRONG_MEAN 0.02
#define WRONG_BARE_MEAN 0.005
#define ERRORS_OF_BARE_MEAN 4.0
#define NO_SMD 1.0
#define WEAK_SMD 0.25
#define ERRORS_OF_SMD 2.0
#define ERRORS_OF_SHAPE 4.0

/* A spread below this part of the difference is rounding. */
#define NO_SPREAD 1e-12

static jrn_status
begin_balance(jrn_overlap *o, size_t columns, jrn_balance *sums)
{
	size_t		cells = (size_t) o->arms * columns;

	sums->columns = columns;
	JRN_TRY(jrn_alloc_zeroed(o->env, cells, sizeof(double), &sums->x));
	JRN_TRY(jrn_alloc_zeroed(o->env, cells, sizeof(double), &sums->xx));
	JRN_TRY(jrn_alloc_zeroed(o->env, cells, sizeof(double), &sums->own_x));
	return jrn_alloc_zeroed(o->env, cells, sizeof(double), &sums->base_x);
}

static jrn_status
begin_shapes(jrn_overlap *o)
{
	size_t		p = o->p;
	size_t		columns;

	o->products = p <= MOST_FACTORS;
	columns = o->products && p > 0 ? p + p * (p - 1) / 2 : p;
	JRN_TRY(begin_balance(o, columns, &o->shapes));
	o->shape_rows = MOST_SHAPE_SUMS / ((columns + 1) * (size_t) o->arms);
	if (o->shape_rows > MOST_SHAPE_ROWS)
		o->shape_rows = MOST_SHAPE_ROWS;
	if (o->shape_rows < LEAST_SHAPE_ROWS)
		o->shape_rows = LEAST_SHAPE_ROWS;
	JRN_TRY(jrn_alloc_zeroed(o->env, (size_t) o->arms, sizeof(jrn_weight_sums), &o->shape_own));
	JRN_TRY(jrn_alloc_zeroed(o->env, (size_t) o->arms, sizeof(jrn_weight_sums), &o->shape_base));
	o->shapes.own = o->shape_own;
	o->shapes.base = o->shape_base;
	return JRN_OK;
}

jrn_status
jrn_overlap_begin(jrn_overlap *o, const jrn_env *env, int arms, int baseline, size_t p,
				  jrn_estimand estimand, jrn_propensity propensity, bool bare)
{
	size_t		j = (size_t) arms;
	size_t		block = JRN_BLOCK_ROWS * sizeof(double);
	int			a;

	memset(o, 0, sizeof(*o));
	o->env = env;
	o->arms = arms;
	o->baseline = baseline;
	o->p = p;
	o->estimand = estimand;
	o->propensity = propensity;
	o->bare = bare;
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(jrn_weight_sums), &o->own));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(jrn_weight_sums), &o->base));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(double), &o->known));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(double), &o->extreme));
	JRN_TRY(jrn_alloc_array(env, j, sizeof(double), &o->least));
	JRN_TRY(jrn_alloc_array(env, j, sizeof(double), &o->y_low));
	JRN_TRY(jrn_alloc_array(env, j, sizeof(double), &o->y_high));
	for (a = 0; a < arms; a++)
	{
		o->least[a] = INFINITY;
		o->y_low[a] = INFINITY;
		o->y_high[a] = -INFINITY;
	}
	o->y_binary = true;
	JRN_TRY(jrn_cluster_sums_begin(env, j + 1, &o->weights));
	JRN_TRY(jrn_cluster_sums_begin(env, j, &o->counts));
	JRN_TRY(jrn_alloc_zeroed(env, p, sizeof(double), &o->origin));
	JRN_TRY(jrn_alloc_zeroed(env, j, sizeof(double), &o->key_largest));
	JRN_TRY(begin_balance(o, p, &o->features));
	o->features.own = o->own;
	o->features.base = o->base;
	JRN_TRY(begin_shapes(o));
	JRN_TRY(jrn_alloc_array(env, j + 1, block, &o->q));
	JRN_TRY(jrn_alloc_array(env, j + 1, JRN_CLUSTER_PLACES * sizeof(double), &o->places));
	JRN_TRY(jrn_alloc_array(env, j, block, &o->rows_of));
	JRN_TRY(jrn_alloc_array(env, j, block, &o->own_w));
	JRN_TRY(jrn_alloc_array(env, j, block, &o->base_w));
	JRN_TRY(jrn_alloc_array(env, j, sizeof(bool), &o->present));
	JRN_TRY(jrn_alloc_array(env, o->products ? p + CHUNK : CHUNK, block, &o->z));
	JRN_TRY(jrn_alloc_array(env, 2 * CHUNK, block, &o->squares));
	return jrn_alloc_array(env, CHUNK, sizeof(double), &o->dots);
}

/* R-OVL-6 */
bool
jrn_propensities(const jrn_score_block *block, double *e)
{
	size_t		rows = block->tile->rows;
	bool		known = true;
	size_t		r;
	int			a;

	for (a = 0; a < block->arms; a++)
	{
		const double *from = block->propensity + (size_t) a * block->stride;
		double	   *to = e + (size_t) a * JRN_BLOCK_ROWS;

		if (block->arms == 2)
		{
			const double *other = block->propensity + (size_t) (1 - a) * block->stride;

			for (r = 0; r < rows; r++)
				to[r] = isnan(from[r]) ? 1.0 - other[r] : from[r];
		}
		else
			memcpy(to, from, rows * sizeof(double));
		for (r = 0; r < rows; r++)
			known = known && !isnan(to[r]);
	}
	return known;
}

/* ---- weights ---- */

static void
weigh(jrn_weight_sums *sums, double w)
{
	sums->n += 1.0;
	sums->sum += w;
	sums->squares += w * w;
	if (!(w <= sums->largest))
		sums->largest = w;
}

/* The weights of a row of strategy t, in the columns own_w and base_w. */
static void
weigh_row(jrn_overlap *o, const double *e, int t, size_t r)
{
	size_t		at = (size_t) t * JRN_BLOCK_ROWS + r;
	double		e_base = e[(size_t) o->baseline * JRN_BLOCK_ROWS + r];
	double		w;
	int			a;

	if (o->estimand == JRN_ESTIMAND_AVERAGE || t != o->baseline)
	{
		double		share = e[at] / (e[at] + e_base);

		w = o->estimand == JRN_ESTIMAND_AVERAGE ? 1.0 / e[at] :
			o->estimand == JRN_ESTIMAND_TREATED ? 1.0 : 1.0 - share;
		weigh(&o->own[t], w);
		o->own_w[at] = w;
		return;
	}
	weigh(&o->own[t], 1.0);
	o->own_w[at] = 1.0;
	for (a = 0; a < o->arms; a++)
	{
		size_t		of_a = (size_t) a * JRN_BLOCK_ROWS + r;

		if (a == t)
			continue;
		w = o->estimand == JRN_ESTIMAND_TREATED ? e[of_a] / e_base : e[of_a] / (e[of_a] + e_base);
		weigh(&o->base[a], w);
		o->base_w[of_a] = w;
	}
}

static void
count_propensities(jrn_overlap *o, const double *e, size_t rows)
{
	size_t		r;
	int			a;

	for (a = 0; a < o->arms; a++)
	{
		const double *column = e + (size_t) a * JRN_BLOCK_ROWS;
		double		least = o->least[a];
		double		known = 0.0;
		double		extreme = 0.0;

		for (r = 0; r < rows; r++)
		{
			known += column[r] >= 0.0 ? 1.0 : 0.0;	/* not NaN */
			extreme += column[r] < EXTREME ? 1.0 : 0.0;
			least = column[r] < least ? column[r] : least;
		}
		o->known[a] += known;
		o->extreme[a] += extreme;
		o->least[a] = least;
	}
}

static void
look_at_outcomes(jrn_overlap *o, const jrn_tile *tile)
{
	size_t		r;

	for (r = 0; r < tile->rows; r++)
	{
		double		y = tile->y[r];
		int			a = (int) tile->arm[r];

		o->y_low[a] = y < o->y_low[a] ? y : o->y_low[a];
		o->y_high[a] = y > o->y_high[a] ? y : o->y_high[a];
		o->y_binary = o->y_binary && (y == 0.0 || y == 1.0);
	}
}

/* ---- balance ---- */

/* sums[a columns + first ...] += dots of the columns in z with those of a */
static void
add_dots(jrn_overlap *o, const bool *present, const double *z, size_t first, size_t count,
		 size_t rows, const double *factors, size_t columns, double *sums)
{
	size_t		j;
	int			a;

	for (a = 0; a < o->arms; a++)
	{
		double	   *into = sums + (size_t) a * columns + first;

		if (present != NULL && !present[a])
			continue;
		jrn_column_dots(z, count, rows, JRN_BLOCK_ROWS, factors + (size_t) a * JRN_BLOCK_ROWS, o->dots);
		for (j = 0; j < count; j++)
			into[j] += o->dots[j];
	}
}

/* Up to CHUNK columns at z, which are number first and on of the sums. */
static void
add_chunk(jrn_overlap *o, jrn_balance *sums, const double *z, size_t first, size_t count, size_t rows)
{
	bool		pairs = o->estimand != JRN_ESTIMAND_AVERAGE && o->present[o->baseline];
	size_t		columns = sums->columns;
	size_t		j;

	for (j = 0; j < count; j++)
		jrn_column_products(z + j * JRN_BLOCK_ROWS, 1, rows, JRN_BLOCK_ROWS, z + j * JRN_BLOCK_ROWS,
							o->squares + j * JRN_BLOCK_ROWS);
	add_dots(o, o->present, z, first, count, rows, o->rows_of, columns, sums->x);
	add_dots(o, o->present, o->squares, first, count, rows, o->rows_of, columns, sums->xx);
	add_dots(o, o->present, z, first, count, rows, o->own_w, columns, sums->own_x);
	if (pairs)					/* weights of baseline rows lie in the columns of the others */
		add_dots(o, NULL, z, first, count, rows, o->base_w, columns, sums->base_x);
}

/* Distances of the columns at z from their origin. */
static void
add_distances(jrn_overlap *o, const double *z, size_t first, size_t count, size_t rows)
{
	double	   *made = o->squares + CHUNK * JRN_BLOCK_ROWS;
	size_t		i;

	for (i = 0; i < count * JRN_BLOCK_ROWS; i++)
		made[i] = i % JRN_BLOCK_ROWS < rows ? fabs(z[i]) : 0.0;
	add_chunk(o, &o->shapes, made, first, count, rows);
}

/* Products of every two columns; z holds all of them. */
static void
add_products(jrn_overlap *o, size_t rows)
{
	double	   *made = o->squares + CHUNK * JRN_BLOCK_ROWS;
	size_t		number = o->p;
	size_t		i;
	size_t		first;

	for (i = 1; i < o->p; i++)
		for (first = 0; first < i; first += CHUNK)
		{
			size_t		count = i - first < CHUNK ? i - first : CHUNK;

			jrn_column_products(o->z + first * JRN_BLOCK_ROWS, count, rows, JRN_BLOCK_ROWS,
								o->z + i * JRN_BLOCK_ROWS, made);
			add_chunk(o, &o->shapes, made, number, count, rows);
			number += count;
		}
}

static void
add_columns(jrn_overlap *o, const jrn_tile *tile)
{
	bool		shapes = o->shape_rows > 0;
	size_t		arms = (size_t) o->arms;
	size_t		first;
	size_t		j;

	for (first = 0; first < o->p; first += CHUNK)
	{
		size_t		count = o->p - first < CHUNK ? o->p - first : CHUNK;
		double	   *z = o->products ? o->z + first * JRN_BLOCK_ROWS : o->z;

		for (j = 0; j < count; j++)
		{
			const double *x = tile->x + (first + j) * tile->stride;

			if (!o->begun)
				o->origin[first + j] = jrn_sum(x, tile->rows) / (double) tile->rows;
			jrn_standard_column(x, tile->rows, o->origin[first + j], 0.0, 1.0, z + j * JRN_BLOCK_ROWS);
		}
		add_chunk(o, &o->features, z, first, count, tile->rows);
		if (shapes)
			add_distances(o, z, first, count, tile->rows);
	}
	if (shapes && o->products)
		add_products(o, tile->rows);
	if (shapes)
	{
		o->shape_rows -= o->shape_rows < tile->rows ? o->shape_rows : tile->rows;
		memcpy(o->shape_own, o->own, arms * sizeof(jrn_weight_sums));
		memcpy(o->shape_base, o->base, arms * sizeof(jrn_weight_sums));
	}
	o->begun = true;
}

/* The weights of whole clusters, place 0 to last - 1. */
static void
look_at_keys(jrn_overlap *o, const jrn_cluster_map *map)
{
	size_t		r;
	int			a;

	for (a = 0; a < o->arms; a++)
		for (r = 0; r < map->last; r++)
		{
			double		w = o->places[(size_t) a * JRN_CLUSTER_PLACES + r];

			if (w > o->key_largest[a])
				o->key_largest[a] = w;
		}
}

jrn_status
jrn_overlap_add(jrn_overlap *o, const jrn_score_block *block, const double *e,
				const jrn_cluster_map *map)
{
	const jrn_tile *tile = block->tile;
	size_t		columns = (size_t) o->arms * JRN_BLOCK_ROWS;
	size_t		r;
	int			a;

	memset(o->rows_of, 0, columns * sizeof(double));
	memset(o->own_w, 0, columns * sizeof(double));
	memset(o->base_w, 0, columns * sizeof(double));
	memset(o->q, 0, columns * sizeof(double));
	for (a = 0; a < o->arms; a++)
		o->present[a] = false;
	for (r = 0; r < tile->rows; r++)
	{
		int			t = (int) tile->arm[r];
		size_t		at = (size_t) t * JRN_BLOCK_ROWS + r;

		o->present[t] = true;
		o->rows_of[at] = 1.0;
		o->q[at] = 1.0 / e[at];
		o->q[columns + r] = 1.0;
		weigh_row(o, e, t, r);
	}
	count_propensities(o, e, tile->rows);
	look_at_outcomes(o, tile);
	JRN_TRY(jrn_cluster_sums_add(o->env, &o->weights, map, o->q, o->places));
	look_at_keys(o, map);
	JRN_TRY(jrn_cluster_sums_add(o->env, &o->counts, map, o->rows_of, o->places));
	if (o->p > 0)
		add_columns(o, tile);
	return JRN_OK;
}

/* ---- report ---- */

static double
variance(double n, double sum, double squares)
{
	double		centred = squares - sum * sum / n;

	if (n < 2.0)
		return NAN;
	return centred <= NO_SPREAD * squares ? 0.0 : centred / (n - 1.0);	/* rounding is none */
}

/* |difference| over spread; infinite without spread. */
static double
standardised(double difference, double spread, double size)
{
	if (fabs(difference) <= NO_SPREAD * size)
		return 0.0;
	return spread <= NO_SPREAD * fabs(difference) ? INFINITY : fabs(difference) / spread;
}

/* The largest differences of strategy a to the baseline, or of the baseline to all rows. */
static void
balance(const jrn_overlap *o, const jrn_balance *sums, int a, double *before, double *after)
{
	bool		pairs = o->estimand != JRN_ESTIMAND_AVERAGE;
	const jrn_weight_sums *own = &sums->own[a];
	const jrn_weight_sums *other = &sums->own[o->baseline];
	const jrn_weight_sums *other_w = pairs ? &sums->base[a] : other;
	size_t		j;
	int			b;

	*before = NAN;
	*after = NAN;
	if (sums->columns == 0 || (pairs && a == o->baseline) || own->n < 2.0 || other->n < 2.0)
		return;
	*before = 0.0;
	*after = 0.0;
	for (j = 0; j < sums->columns; j++)
	{
		size_t		at = (size_t) a * sums->columns + j;
		size_t		base = (size_t) o->baseline * sums->columns + j;
		double		size = sums == &o->features ? fabs(o->origin[j]) : 0.0;
		double		n = 0.0,
					sum = 0.0,
					squares = 0.0;
		double		mean,
					weighted,
					spread;

		if (a == o->baseline)
		{
			for (b = 0; b < o->arms; b++)
			{
				n += sums->own[b].n;
				sum += sums->x[(size_t) b * sums->columns + j];
				squares += sums->xx[(size_t) b * sums->columns + j];
			}
			mean = weighted = sum / n;
			spread = sqrt(variance(n, sum, squares));
		}
		else
		{
			mean = sums->x[base] / other->n;
			weighted = (pairs ? sums->base_x[at] : sums->own_x[base]) / other_w->sum;
			spread = sqrt(0.5 * (variance(own->n, sums->x[at], sums->xx[at]) +
								 variance(other->n, sums->x[base], sums->xx[base])));
		}
		if (sums == &o->shapes)	/* they have no origin: the rounding of a constant distance is none */
			size = fabs(mean);
		*before = fmax(*before, standardised(sums->x[at] / own->n - mean, spread, size));
		*after = fmax(*after, standardised(sums->own_x[at] / own->sum - weighted, spread, size));
	}
}

static double
effective(const jrn_weight_sums *sums)
{
	double		ess = sums->sum * sums->sum / sums->squares;

	return ess >= 1.0 ? ess : 0.0;	/* none where a weight is infinite */
}

static void
weight_mean(const jrn_overlap *o, int a, int64_t clusters, jrn_overlap_report *out)
{
	size_t		rows = (size_t) o->arms;
	double		n = o->weights.total[rows];
	jrn_influence mean;

	mean.estimate = o->weights.total[a] / n;
	mean.count = 2;
	mean.column[0] = (size_t) a;
	mean.column[1] = rows;
	mean.coefficient[0] = 1.0 / n;
	mean.coefficient[1] = -mean.estimate / n;
	out->weight_mean = mean.estimate;
	out->weight_mean_se = clusters < 2 ? NAN :
		sqrt(fmax(0.0, (double) clusters / (double) (clusters - 1) *
				  jrn_influence_product(&o->weights, &mean, &mean)));
}

/* Below a limit by more than chance; without an error not at all. */
static bool
mean_below(const jrn_overlap_report *r, double limit)
{
	return r->weight_mean + ERRORS_OF_MEAN * r->weight_mean_se < limit;
}

static void
set_level(jrn_overlap_report *r, jrn_overlap_level level, jrn_overlap_reason reason)
{
	r->level = level;
	r->reason = reason;
}

/* Logged propensities whose weights do not add up to the rows. */
static bool
mean_wrong(const jrn_overlap *o, const jrn_overlap_report *r)
{
	double		most = o->bare ? WRONG_BARE_MEAN + ERRORS_OF_BARE_MEAN * r->weight_mean_se :
		WRONG_MEAN + ERRORS_OF_MEAN * r->weight_mean_se;

	return o->propensity == JRN_PROPENSITY_LOGGED && fabs(r->weight_mean - 1.0) > most;
}

/* Errors of standardised differences of a and the other side. */
static double
smd_error(const jrn_overlap *o, const jrn_balance *sums, int a)
{
	bool		pairs = o->estimand != JRN_ESTIMAND_AVERAGE && a != o->baseline;
	const jrn_weight_sums *other = pairs ? &sums->base[a] : &sums->own[o->baseline];

	return sqrt(jrn_overlap_design_effect(o) *
				(1.0 / effective(&sums->own[a]) + (a == o->baseline ? 0.0 : 1.0 / effective(other))));
}

/* R-OVL-4; comparisons are written so that NaN is no pass. */
static void
judge_weights(const jrn_overlap *o, jrn_overlap_report *r)
{
	bool		average = o->estimand == JRN_ESTIMAND_AVERAGE;

	if (!(r->ess >= LEAST_ESS))
		set_level(r, JRN_OVERLAP_NONE, JRN_OVERLAP_FEW_EFFECTIVE);
	else if (average && mean_below(r, NO_WEIGHT_MEAN))
		set_level(r, JRN_OVERLAP_NONE, JRN_OVERLAP_UNREACHABLE);
	else if (!(r->ess_share >= WEAK_ESS_SHARE))
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_FEW_EFFECTIVE);
	else if (!(r->largest_share <= WEAK_ONE_WEIGHT))
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_ONE_WEIGHT);
	else if (average && !(r->share_extreme <= WEAK_EXTREME_SHARE))
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_EXTREME);
	else if (average && mean_below(r, WEAK_WEIGHT_MEAN))
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_UNREACHABLE);
	else if (average && mean_wrong(o, r))
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_WRONG_WEIGHTS);
}

static void
judge_balance(const jrn_overlap *o, int a, jrn_overlap_report *r)
{
	double		more = o->propensity == JRN_PROPENSITY_ESTIMATED ? 0.0 :
		ERRORS_OF_SMD * smd_error(o, &o->features, a);
	double		shape_more = ERRORS_OF_SHAPE * smd_error(o, &o->shapes, a);

	if (r->level == JRN_OVERLAP_NONE && !isinf(r->smd_after))
		return;
	if (isinf(r->smd_after) || r->smd_after > NO_SMD + more)
		set_level(r, JRN_OVERLAP_NONE, JRN_OVERLAP_UNBALANCED);
	else if (r->shape_after > NO_SMD + shape_more)
		set_level(r, JRN_OVERLAP_NONE, JRN_OVERLAP_SHAPE);
	else if (r->level == JRN_OVERLAP_WEAK)
		return;
	else if (r->smd_after > WEAK_SMD + more)
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_UNBALANCED);
	else if (r->shape_after > WEAK_SMD + shape_more)
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_SHAPE);
	else if (r->key_share > WEAK_ONE_KEY)
		set_level(r, JRN_OVERLAP_WEAK, JRN_OVERLAP_ONE_KEY);
}

/* Weights by key; without any key of several rows there is nothing to tell. */
static void
report_keys(const jrn_overlap *o, int a, int64_t clusters, jrn_overlap_report *r)
{
	size_t		k = (size_t) a;
	double		total = o->weights.total[a];

	r->keys = NAN;
	if ((double) clusters >= o->weights.total[o->arms])
		return;
	r->key_share = o->key_largest[a] / total;
	r->keys = r->n * r->n / o->counts.cross[k * (k + 1) / 2 + k];
}

/* One side of a comparison: the report keeps the worse figures. */
static void
report_side(const jrn_weight_sums *side, jrn_overlap_report *r)
{
	double		ess = effective(side);

	r->ess = ess < r->ess ? ess : r->ess;
	r->ess_share = fmin(r->ess_share, ess / side->n);
	r->max_weight = fmax(r->max_weight, side->largest);
	r->largest_share = fmax(r->largest_share, side->largest / side->sum);
}

static void
report_arm(const jrn_overlap *o, int a, int64_t clusters, jrn_overlap_report *r)
{
	bool		pairs = o->estimand != JRN_ESTIMAND_AVERAGE && a != o->baseline;
	const jrn_weight_sums *own = &o->own[a];
	const jrn_weight_sums *other = pairs ? &o->base[a] : &o->own[o->baseline];
	double		shape_before;

	memset(r, 0, sizeof(*r));
	r->n = own->n;
	r->ess = INFINITY;
	r->ess_share = 1.0;
	report_side(own, r);
	if (pairs)
		report_side(other, r);
	r->share_extreme = o->extreme[a] / o->known[a];
	r->least = o->known[a] > 0.0 ? o->least[a] : NAN;
	weight_mean(o, a, clusters, r);
	report_keys(o, a, clusters, r);
	balance(o, &o->features, a, &r->smd_before, &r->smd_after);
	balance(o, &o->shapes, a, &shape_before, &r->shape_after);
	if (o->propensity == JRN_PROPENSITY_CONSTANT)
		r->ess = r->n;			/* R-OVL-5 */
	else
		judge_weights(o, r);
	judge_balance(o, a, r);
}

void
jrn_overlap_end(jrn_overlap *o, int64_t clusters, jrn_overlap_report *report)
{
	size_t		cell;
	int			a;

	for (cell = 0; cell < o->weights.cells; cell++)
		for (a = 0; a < o->arms; a++)
			o->key_largest[a] = fmax(o->key_largest[a], o->weights.open[cell * o->weights.columns + (size_t) a]);
	jrn_cluster_sums_end(&o->weights);
	jrn_cluster_sums_end(&o->counts);
	for (a = 0; a < o->arms; a++)
		report_arm(o, a, clusters, &report[a]);
}

double
jrn_overlap_design_effect(const jrn_overlap *o)
{
	size_t		rows = (size_t) o->arms;

	return o->weights.cross[rows * (rows + 1) / 2 + rows] / o->weights.total[rows];
}

const char *
jrn_overlap_name(jrn_overlap_level level)
{
	return level == JRN_OVERLAP_NONE ? "no_overlap" : level == JRN_OVERLAP_WEAK ? "weak_overlap" : "ok";
}
