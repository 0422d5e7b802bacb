/*
 * divergence.c
 *		Divergence of neighbours in a series (see divergence.h).
 */
#include <math.h>
#include <string.h>

#include "divergence.h"

#include "../core/kernels.h"
#include "../core/multiple.h"
#include "../core/random.h"
#include "../core/sums.h"

#define SATURATION_PAIRS 4096
#define SATURATION_SHARE 0.8
#define FIT_POINTS 4
#define TIED_ABOVE 0.1
#define BLOCK_LEAST 25
#define REPLICATES_MIN 20

/* Neighbours within a radius, in all. */
#define WITHIN_LIMIT ((size_t) 200 * 1000 * 1000)

/* Vectors that are followed together, so that their neighbourhoods stay in cache. */
#define BLOCK 256

/* Draws of blocks whose memory is asked for at a time. */
#define AHEAD 32

/* A smaller distance, of values of size 1, is none. */
#define LEAST_DISTANCE 1e-290

#ifdef __GNUC__
#define FETCH(pointer) __builtin_prefetch(pointer)
#else
#define FETCH(pointer) ((void) (pointer))
#endif

/* What the parts of one call share. */
typedef struct divergence
{
	const jrn_env *env;
	const jrn_divergence_options *options;
	jrn_divergence_result *result;
	jrn_series	series;
	jrn_embedding embedding;
	size_t		nv;
	int32_t    *neighbours;		/* of vector i: [i * k ...], or by start */
	size_t	   *start;			/* with a radius */
	double		logs[BLOCK];	/* of some vectors at one step: sum of logarithms */
	int32_t		counts[BLOCK];	/* and how many they are */
} divergence;

const char *
jrn_series_status_word(jrn_series_status status)
{
	switch (status)
	{
		case JRN_SERIES_OK:
			return "ok";
		case JRN_SERIES_TOO_SHORT:
			return "too_short";
		case JRN_SERIES_CONSTANT:
			return "constant";
		case JRN_SERIES_NO_NEIGHBOURS:
			return "no_neighbours";
		case JRN_SERIES_DISCRETE:
			return "discrete_data";
		case JRN_SERIES_NO_SCALING:
			return "no_scaling_region";
		case JRN_SERIES_NO_EMBEDDING:
			return "no_finite_embedding";
		case JRN_SERIES_NO_MATCH:
			return "no_match";
	}
	return "ok";
}

jrn_divergence_options
jrn_divergence_defaults(void)
{
	jrn_divergence_options options;

	memset(&options, 0, sizeof(options));
	options.embedding.dimension = 3;
	options.embedding.delay = 1;
	options.embedding.window = JRN_SERIES_DEFAULT;
	options.horizon = JRN_SERIES_DEFAULT;
	options.fit_from = 1;
	options.fit_to = JRN_SERIES_DEFAULT;
	options.distance = JRN_DISTANCE_LAST;
	options.neighbours = 1;
	options.replicates = JRN_DIVERGENCE_REPLICATES;
	return options;
}

/* ---- neighbours and curves ---- */

/* Neighbours of all vectors, how many pairs, and how many vectors are tied. */
static jrn_status
find_neighbours(divergence *d, int64_t *tied)
{
	const jrn_divergence_options *options = d->options;
	const jrn_kd_points points = jrn_embedding_points(&d->embedding, &d->series, d->nv);
	const jrn_kd_rule rule = {d->embedding.window, true};
	jrn_kdtree	tree;
	size_t		i;

	JRN_TRY(jrn_kdtree_build(d->env, &points, &tree));
	if (options->radius > 0.0)
	{
		JRN_TRY(jrn_alloc_array(d->env, d->nv + 1, sizeof(size_t), &d->start));
		JRN_TRY(jrn_kdtree_within(d->env, &tree, &rule, options->radius * exp(-d->series.log_scale),
								  WITHIN_LIMIT, d->start, &d->neighbours));
		d->result->n_pairs = (int64_t) d->start[d->nv];
	}
	else
	{
		const size_t all = d->nv * (size_t) options->neighbours;

		JRN_TRY(jrn_alloc_array(d->env, d->nv, sizeof(int32_t) * (size_t) options->neighbours, &d->neighbours));
		JRN_TRY(jrn_kdtree_nearest(d->env, &tree, &rule, options->neighbours, d->neighbours, NULL));
		for (i = 0; i < all; i++)
			d->result->n_pairs += d->neighbours[i] >= 0;
	}
	JRN_TRY(jrn_kdtree_count_tied(d->env, &tree, rule.window, tied));
	jrn_release(d->env, tree.points);
	jrn_release(d->env, tree.numbers);
	jrn_release(d->env, tree.nodes);
	jrn_release(d->env, tree.boxes);
	return JRN_OK;
}

/* R-DIV-1: the distance of two vectors as it is followed. */
static double
distance(const divergence *d, size_t a, size_t b)
{
	const double *x = d->series.x;
	const size_t delay = (size_t) d->embedding.delay;
	double		sum = 0.0;
	int			c;

	if (d->options->distance == JRN_DISTANCE_LAST)
	{
		const size_t newest = (size_t) (d->embedding.dimension - 1) * delay;

		return fabs(x[a + newest] - x[b + newest]);
	}
	for (c = 0; c < d->embedding.dimension; c++)
	{
		const double apart = x[a + (size_t) c * delay] - x[b + (size_t) c * delay];

		sum += apart * apart;
	}
	return sqrt(sum);
}

/* Mean distance after k steps to the neighbours of vector i within the radius. */
static double
mean_distance(const divergence *d, size_t i, size_t k)
{
	double		sum = 0.0;
	size_t		j;

	for (j = d->start[i]; j < d->start[i + 1]; j++)
		sum += distance(d, i + k, (size_t) d->neighbours[j] + k);
	return j == d->start[i] ? 0.0 : sum / (double) (j - d->start[i]);
}

/*
 * Distances after k steps of the vectors from i0 to i1 to their neighbours of
 * a rank; 0 where there is none.
 */
static void
distances(const divergence *d, size_t i0, size_t i1, size_t k, size_t rank, double *apart)
{
	const size_t each = (size_t) d->options->neighbours;
	const int32_t *neighbours = d->start != NULL ? NULL : d->neighbours + i0 * each + rank;
	const double *newest = d->series.x + (size_t) (d->embedding.dimension - 1) * (size_t) d->embedding.delay + k;
	size_t		i;

	if (d->start != NULL)
		for (i = i0; i < i1; i++)
			apart[i - i0] = mean_distance(d, i, k);
	else if (d->options->distance == JRN_DISTANCE_LAST)
		for (i = i0; i < i1; i++, neighbours += each)
			apart[i - i0] = *neighbours < 0 ? 0.0 : fabs(newest[i] - newest[*neighbours]);
	else
		for (i = i0; i < i1; i++, neighbours += each)
			apart[i - i0] = *neighbours < 0 ? 0.0 : distance(d, i + k, (size_t) *neighbours + k);
}

/* Fill in logs and counts of the vectors from i0 to i1, at most BLOCK, for step k. */
static void
follow(divergence *d, size_t i0, size_t i1, size_t k)
{
	const size_t ranks = d->start != NULL ? 1 : (size_t) d->options->neighbours;
	const size_t count = i1 - i0;
	double		apart[BLOCK];
	size_t		rank,
				i;

	for (rank = 0; rank < ranks; rank++)
	{
		distances(d, i0, i1, k, rank, apart);
		for (i = 0; i < count; i++)
		{
			const int32_t used = apart[i] > LEAST_DISTANCE;

			d->counts[i] = rank == 0 ? used : d->counts[i] + used;
			apart[i] = used ? apart[i] : 1.0;
		}
		for (; i < jrn_lanes(count); i++)
			apart[i] = 1.0;
		jrn_log_rows(apart, count, rank == 0 ? d->logs : apart);
		for (i = 0; rank > 0 && i < count; i++)
			d->logs[i] += apart[i];
	}
}

/* Ask for what the vectors of the block behind one will be followed to. */
static void
fetch(const divergence *d, size_t i0, int64_t steps)
{
	const size_t newest = (size_t) (d->embedding.dimension - 1) * (size_t) d->embedding.delay;
	size_t		i;
	int64_t		k;

	if (d->start != NULL || d->options->neighbours != 1)
		return;
	for (i = i0; i < i0 + BLOCK && i < d->nv; i++)
		for (k = 0; k < steps && k < 64; k += 8)
			if (d->neighbours[i] >= 0)
				FETCH(d->series.x + newest + (size_t) d->neighbours[i] + k);
}

/* Whether the block from i0 at some step begins about a millisecond of following. */
static bool
is_time_to_tick(const divergence *d, size_t i0, size_t step)
{
	if (d->start != NULL || d->options->neighbours > 16)
		return true;
	return step % 64 == 0 && (d->options->neighbours > 1 || (i0 / BLOCK) % 8 == 0);
}

static jrn_status
make_curve(divergence *d)
{
	jrn_divergence_result *result = d->result;
	const size_t steps = (size_t) result->horizon + 1;
	jrn_acc    *sums;
	size_t		i0,
				i1,
				k,
				i;

	JRN_TRY(jrn_alloc_array(d->env, steps, sizeof(double), &result->curve));
	JRN_TRY(jrn_alloc_zeroed(d->env, steps, sizeof(int64_t), &result->used));
	JRN_TRY(jrn_alloc_zeroed(d->env, steps, sizeof(jrn_acc), &sums));
	for (i0 = 0; i0 < d->nv; i0 = i1)
	{
		i1 = i0 + BLOCK < d->nv ? i0 + BLOCK : d->nv;
		fetch(d, i1, result->horizon + 8);
		for (k = 0; k < steps; k++)
		{
			if (is_time_to_tick(d, i0, k))
				JRN_TICK(d->env);
			follow(d, i0, i1, k);
			jrn_acc_add(&sums[k], jrn_sum(d->logs, i1 - i0));
			for (i = 0; i < i1 - i0; i++)
				result->used[k] += d->counts[i];
		}
	}
	for (k = 0; k < steps; k++)
		result->curve[k] = result->used[k] == 0 ? NAN :
			jrn_acc_value(&sums[k]) / (double) result->used[k] + d->series.log_scale;
	result->jump = result->curve[1] - result->curve[0];
	return JRN_OK;
}

/* ---- the fit ---- */

/* R-DIV-3: mean log distance of random pairs outside the window. */
static jrn_status
saturation(divergence *d)
{
	const uint64_t stream = jrn_seed_derive(d->options->seed, "saturation", 0);
	const int64_t count = (int64_t) d->nv + d->result->horizon;
	const int64_t window = d->embedding.window;
	jrn_acc		sum = {0.0, 0.0};
	int64_t		used = 0;
	uint64_t	pair;

	JRN_TICK(d->env);
	for (pair = 0; pair < SATURATION_PAIRS; pair++)
	{
		const int64_t a = (int64_t) jrn_random_below(stream, 2 * pair, (uint64_t) count);
		const int64_t low = a > window ? a - window : 0;
		const int64_t high = a + window < count ? a + window : count - 1;
		const int64_t outside = count - (high - low + 1);
		int64_t		b;
		double		apart;

		if (outside == 0)
			continue;
		b = (int64_t) jrn_random_below(stream, 2 * pair + 1, (uint64_t) outside);
		b = b < low ? b : b + (high - low + 1);
		apart = distance(d, (size_t) a, (size_t) b);
		if (apart > 0.0)
		{
			jrn_acc_add(&sum, log(apart));
			used++;
		}
	}
	d->result->saturation = used == 0 ? NAN : jrn_acc_value(&sum) / (double) used + d->series.log_scale;
	return JRN_OK;
}

/* R-DIV-3 */
static void
choose_fit(divergence *d)
{
	jrn_divergence_result *result = d->result;
	const double *s = result->curve;
	int64_t		from = d->options->fit_from;
	double		most = s[from] + SATURATION_SHARE * (result->saturation - s[from]);
	int64_t		k;

	for (k = result->horizon; k >= from; k--)
		if (s[k] <= most)
			break;
	if (k - from + 1 >= FIT_POINTS)
		result->fit_to = k;
}

/* Weight of step k in the least squares slope over [from, to]. */
static double
slope_weight(int64_t k, int64_t from, int64_t to)
{
	const double points = (double) (to - from + 1);
	const double centre = (double) (from + to) / 2.0;

	return ((double) k - centre) * 12.0 / (points * (points * points - 1.0));
}

/* R-DIV-2 */
static void
fit_slope(jrn_divergence_result *result)
{
	jrn_acc		sum = {0.0, 0.0};
	int64_t		k;

	for (k = result->fit_from; k <= result->fit_to; k++)
		jrn_acc_add(&sum, slope_weight(k, result->fit_from, result->fit_to) *
					(result->curve[k] - result->curve[result->fit_from]));
	result->exponent = jrn_acc_value(&sum);
	result->noise_excess = result->jump - result->exponent;
}

/*
 * R-DIV-5: what every vector adds to the slope when it is drawn once more, to
 * first order in the shares of zeros; where no distance of the fit is zero,
 * the slope is linear in the draws and this is all of it.  Summed up: before[i]
 * is the sum over the vectors before i.
 */
static jrn_status
influence_before(divergence *d, double *before)
{
	const jrn_divergence_result *result = d->result;
	size_t		i0,
				i1,
				i;
	int64_t		k;

	for (i0 = 0; i0 < d->nv; i0 = i1)
	{
		i1 = i0 + BLOCK < d->nv ? i0 + BLOCK : d->nv;
		fetch(d, i1, result->fit_to + 8);
		for (k = result->fit_from; k <= result->fit_to; k++)
		{
			const double weight = slope_weight(k, result->fit_from, result->fit_to) / (double) result->used[k];
			const double mean = result->curve[k] - d->series.log_scale;

			if (is_time_to_tick(d, i0, (size_t) (k - result->fit_from)))
				JRN_TICK(d->env);
			follow(d, i0, i1, (size_t) k);
			for (i = i0; i < i1; i++)
				before[i + 1] += weight * (d->logs[i - i0] - mean * (double) d->counts[i - i0]);
		}
	}
	for (i = 0; i < d->nv; i++)
		before[i + 1] += before[i];
	return JRN_OK;
}

/*
 * What the blocks of every replicate add to the slope.  Blocks are drawn until
 * nv vectors are, the last one is cut; sums over whole blocks replace the sums
 * before their first vectors, so that a block costs one look into memory.
 */
static jrn_status
replicate_slopes(divergence *d, double *before, size_t block, double *slopes)
{
	const size_t whole = d->nv / block;
	const size_t rest = d->nv % block;
	const size_t per_tick = 1 + (1 << 16) / (1 + whole);
	const uint64_t places = (uint64_t) (d->nv - block + 1);
	const double *ahead[AHEAD];
	size_t		b,
				i;

	for (b = 0; b < (size_t) d->options->replicates; b++)
	{
		const uint64_t stream = jrn_seed_derive(d->options->seed, "blocks", b);
		const double *from = before + jrn_random_below(stream, whole, places);

		slopes[b] = d->result->exponent + (from[rest] - from[0]);
	}
	for (i = 0; i + block <= d->nv; i++)
		before[i] = before[i + block] - before[i];
	for (b = 0; b < (size_t) d->options->replicates; b++)
	{
		const uint64_t stream = jrn_seed_derive(d->options->seed, "blocks", b);
		double		sum = 0.0;

		if (b % per_tick == 0)
			JRN_TICK(d->env);
		for (i = 0; i < whole; i++)
		{
			/* drawn some draws ahead, so that the memory has time to answer */
			const double *drawn = before + jrn_random_below(stream, i, places);

			FETCH(drawn);
			sum += i < AHEAD ? 0.0 : *ahead[i % AHEAD];
			ahead[i % AHEAD] = drawn;
		}
		for (i = whole > AHEAD ? whole - AHEAD : 0; i < whole; i++)
			sum += *ahead[i % AHEAD];
		slopes[b] += sum;
	}
	return JRN_OK;
}

static jrn_status
interval(divergence *d)
{
	jrn_divergence_result *result = d->result;
	int64_t		longest = d->embedding.window > result->horizon ? d->embedding.window : result->horizon;
	const size_t block = (size_t) (longest > BLOCK_LEAST ? longest : BLOCK_LEAST);
	const size_t replicates = (size_t) d->options->replicates;
	double	   *before;
	double	   *slopes;

	if (replicates < REPLICATES_MIN || d->nv < 2 * block)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(d->env, replicates, sizeof(double), &slopes));
	JRN_TRY(jrn_alloc_zeroed(d->env, d->nv + 1, sizeof(double), &before));
	JRN_TRY(influence_before(d, before));
	JRN_TRY(replicate_slopes(d, before, block, slopes));
	JRN_TRY(jrn_sort_doubles(d->env, slopes, replicates));
	result->low = jrn_sorted_quantile(slopes, replicates, 0.025);
	result->high = jrn_sorted_quantile(slopes, replicates, 0.975);
	return JRN_OK;
}

/* ---- the call ---- */

static jrn_status
check_options(const jrn_divergence_options *options, bool curve_only)
{
	if (options->horizon != JRN_SERIES_DEFAULT && (options->horizon < 1 || options->horizon > JRN_SERIES_MAX_HORIZON))
		return JRN_DOMAIN;
	if (options->fit_from < 0 || options->fit_from >= JRN_SERIES_MAX_HORIZON)
		return JRN_DOMAIN;
	if (!curve_only && options->horizon != JRN_SERIES_DEFAULT && options->fit_from >= options->horizon)
		return JRN_DOMAIN;
	if (options->fit_to != JRN_SERIES_DEFAULT &&
		(options->fit_to <= options->fit_from || options->fit_to > JRN_SERIES_MAX_HORIZON ||
		 (options->horizon != JRN_SERIES_DEFAULT && options->fit_to > options->horizon)))
		return JRN_DOMAIN;
	if (options->neighbours < 1 || options->neighbours > JRN_KD_MAX_NEIGHBOURS ||
		!(options->radius >= 0.0) || isinf(options->radius) || options->replicates < 0)
		return JRN_DOMAIN;
	return JRN_OK;
}

static void
begin_result(jrn_divergence_result *result, const jrn_divergence_options *options)
{
	memset(result, 0, sizeof(*result));
	result->exponent = result->low = result->high = NAN;
	result->jump = result->noise_excess = result->saturation = NAN;
	result->fit_from = options->fit_from;
	result->fit_to = options->fit_to;
	result->status = JRN_SERIES_OK;
}

/* Horizon and number of vectors, or that the series is too short for them. */
static void
resolve_lengths(divergence *d)
{
	jrn_divergence_result *result = d->result;
	size_t		vectors = jrn_embedding_count(&d->embedding, d->series.n, 0);

	result->window = d->embedding.window;
	result->horizon = d->options->horizon;
	if (result->horizon == JRN_SERIES_DEFAULT)
		result->horizon = vectors / 10 < 20 ? (int64_t) (vectors / 10) : 20;
	d->nv = jrn_embedding_count(&d->embedding, d->series.n, (size_t) result->horizon);
	if (result->horizon < 1 || d->nv < 2 * (size_t) d->embedding.window + 2)
		result->status = JRN_SERIES_TOO_SHORT;
	else if (jrn_series_is_constant(&d->series))
		result->status = JRN_SERIES_CONSTANT;
}

/* The slope with its interval, where the curve allows one. */
static jrn_status
fit(divergence *d)
{
	jrn_divergence_result *result = d->result;
	int64_t		k;

	if (result->fit_to > result->horizon || result->fit_from >= result->horizon)
	{
		result->status = JRN_SERIES_TOO_SHORT;
		return JRN_OK;
	}
	JRN_TRY(saturation(d));
	if (result->fit_to == JRN_SERIES_DEFAULT)
		choose_fit(d);
	result->status = result->fit_to == JRN_SERIES_DEFAULT ? JRN_SERIES_NO_SCALING : JRN_SERIES_OK;
	for (k = result->fit_from; k <= result->fit_to; k++)
		if (isnan(result->curve[k]))
			result->status = JRN_SERIES_NO_SCALING;
	if (result->status != JRN_SERIES_OK)
		return JRN_OK;
	fit_slope(result);
	return interval(d);
}

jrn_status
jrn_divergence(const jrn_env *env, const double *x, size_t n, const jrn_divergence_options *options,
			   bool curve_only, jrn_divergence_result *result)
{
	divergence	d;
	int64_t		tied;

	memset(&d, 0, sizeof(d));
	d.env = env;
	d.options = options;
	d.result = result;
	d.embedding = options->embedding;
	begin_result(result, options);
	JRN_TRY(check_options(options, curve_only));
	JRN_TRY(jrn_series_init(env, x, n, &d.series));
	JRN_TRY(jrn_embedding_resolve(env, &d.series, &d.embedding));
	resolve_lengths(&d);
	if (result->status != JRN_SERIES_OK)
		return JRN_OK;
	JRN_TRY(find_neighbours(&d, &tied));
	JRN_TRY(make_curve(&d));
	if (result->n_pairs == 0)
		result->status = JRN_SERIES_NO_NEIGHBOURS;
	else if ((double) tied > TIED_ABOVE * (double) d.nv)
		result->status = JRN_SERIES_DISCRETE;
	if (curve_only || result->status != JRN_SERIES_OK)
		return JRN_OK;
	return fit(&d);
}
