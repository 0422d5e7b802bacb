/*
 * twins_permute.c
 *		Labels dealt anew and customers drawn anew: p-values and intervals of
 *		twin divergence (see twins.h).
 *
 * A permutation walks once through the rows of a stratum and takes each into
 * the smaller group with probability places left / rows left (Fan, Muller and
 * Rezucha 1962): every choice of that size is equally likely, rows are read in
 * order, and nothing is carried from one permutation to the next.
 */
#include <math.h>
#include <string.h>

#include "../core/multiple.h"
#include "../core/random.h"
#include "twins.h"

#define WORK_PER_TICK 65536
#define LEAST_USABLE 20

/* Rounding that must not tell equal divergences apart; they are at most 4. */
#define SLACK 1e-12

/* Room of one pass. */
typedef struct pass
{
	const jrn_twins *twins;
	size_t		horizon;
	jrn_twin_sum *sums;			/* by step */
	uint32_t   *counts;			/* by cell, of the chosen */
	uint64_t   *weights;		/* by cell, two sides: sum of w; of w^2 */
	double	   *numbers;		/* by step, two sides: sums of w, w^2, wy, wy^2 */
	size_t		work;			/* since the last tick */
} pass;

static jrn_status
begin_pass(const jrn_twins *twins, pass *p)
{
	const jrn_env *env = twins->env;

	memset(p, 0, sizeof(*p));
	p->twins = twins;
	p->horizon = (size_t) twins->options.horizon;
	JRN_TRY(jrn_alloc_array(env, p->horizon, sizeof(jrn_twin_sum), &p->sums));
	JRN_TRY(jrn_alloc_array(env, twins->most_cells, sizeof(uint32_t), &p->counts));
	JRN_TRY(jrn_alloc_array(env, twins->most_cells, 4 * sizeof(uint64_t), &p->weights));
	return jrn_alloc_array(env, p->horizon, 8 * sizeof(double), &p->numbers);
}

static void
end_pass(pass *p)
{
	jrn_release(p->twins->env, p->sums);
	jrn_release(p->twins->env, p->counts);
	jrn_release(p->twins->env, p->weights);
	jrn_release(p->twins->env, p->numbers);
}

static jrn_status
worked(pass *p, size_t rows)
{
	p->work += rows * (p->horizon + 8);
	if (p->work < WORK_PER_TICK)
		return JRN_OK;
	p->work = 0;
	JRN_TICK(p->twins->env);
	return JRN_OK;
}

/* ---- permutations ---- */

typedef void (*take_row) (pass *p, size_t row);

static inline void
take_cells(pass *p, size_t row)
{
	const uint32_t *codes = p->twins->codes + row * p->horizon;
	size_t		k;

	for (k = 0; k < p->horizon; k++)
		p->counts[codes[k]]++;
}

static inline void
take_numbers(pass *p, size_t row)
{
	const double *restrict y = p->twins->numbers + row * p->horizon;
	const double *restrict known = p->twins->known + row * p->horizon;
	double	   *restrict weight = p->numbers;
	double	   *restrict sum = weight + p->horizon;
	double	   *restrict squares = sum + p->horizon;
	size_t		k;

	for (k = 0; k < p->horizon; k++)
	{
		weight[k] += known[k];
		sum[k] += y[k];
		squares[k] += y[k] * y[k];
	}
}

/* Rows of a stratum that this permutation puts into the smaller group. */
static inline jrn_status
choose(pass *p, const jrn_twin_stratum *s, uint64_t stream, take_row take)
{
	uint64_t	places = s->middle - s->begin < s->end - s->middle ? s->middle - s->begin : s->end - s->middle;
	uint64_t	left = s->end - s->begin;
	size_t		row;

	for (row = s->begin; places > 0; row++, left--)
	{
		uint64_t	draw = (uint64_t) (((unsigned __int128) jrn_random_u64(stream, row) * left) >> 64);

		if (draw < places)
		{
			places--;
			take(p, row);
		}
		if ((row - s->begin) % 4096 == 4095)
			JRN_TRY(worked(p, 4096));
	}
	return worked(p, (row - s->begin) % 4096);
}

static void
add_chosen_cells(pass *p, size_t stratum)
{
	const uint32_t *bounds = jrn_twin_cells(p->twins, stratum);
	const uint32_t *totals = p->twins->totals + p->twins->strata[stratum].cells;
	size_t		k;

	for (k = 0; k < p->horizon; k++)
	{
		uint64_t	n = 0;
		uint64_t	all = 0;
		uint64_t	squares = 0;	/* below 2^64: counts are below 2^32 */
		uint64_t	with = 0;
		uint64_t	all_squares = 0;
		jrn_twin_side a,
					b;
		uint32_t	c;

		for (c = bounds[k] + 1; c < bounds[k + 1]; c++)
		{
			uint64_t	x = p->counts[c];
			uint64_t	t = totals[c];

			n += x;
			all += t;
			squares += x * x;
			with += x * t;
			all_squares += t * t;
		}
		a.weight = a.squares = (double) n;
		b.weight = b.squares = (double) (all - n);
		a.pairs = (double) (squares - n);
		b.pairs = (double) (all_squares - 2 * with + squares - (all - n));
		jrn_twin_add(&p->sums[k], &a, &b, (double) (with - squares));
	}
}

static void
add_chosen_numbers(pass *p, const double *all)
{
	const size_t h = p->horizon;
	size_t		k;

	for (k = 0; k < h; k++)
	{
		double		sum = p->numbers[h + k];
		double		squares = p->numbers[2 * h + k];
		double		other = all[h + k] - sum;
		jrn_twin_side a,
					b;

		a.weight = a.squares = p->numbers[k];
		a.pairs = sum * sum - squares;
		b.weight = b.squares = all[k] - p->numbers[k];
		b.pairs = other * other - (all[2 * h + k] - squares);
		jrn_twin_add(&p->sums[k], &a, &b, sum * other);
	}
}

/* Sums of all rows of every stratum: known, value, squares by step. */
static jrn_status
sum_all(pass *p, double **all)
{
	const jrn_twins *twins = p->twins;
	size_t		s,
				row;

	JRN_TRY(jrn_alloc_array(twins->env, twins->n_strata, 3 * p->horizon * sizeof(double), all));
	for (s = 0; s < twins->n_strata; s++)
	{
		memset(p->numbers, 0, 3 * p->horizon * sizeof(double));
		for (row = twins->strata[s].begin; row < twins->strata[s].end; row++)
		{
			take_numbers(p, row);
			if (row % 4096 == 0)
				JRN_TRY(worked(p, 4096));
		}
		memcpy(*all + s * 3 * p->horizon, p->numbers, 3 * p->horizon * sizeof(double));
	}
	return JRN_OK;
}

/* One permutation of all strata. */
static jrn_status
permute(pass *p, uint64_t stream, const double *all)
{
	const jrn_twins *twins = p->twins;
	size_t		s;

	memset(p->sums, 0, p->horizon * sizeof(jrn_twin_sum));
	for (s = 0; s < twins->n_strata; s++)
		if (twins->options.numeric)
		{
			memset(p->numbers, 0, 3 * p->horizon * sizeof(double));
			JRN_TRY(choose(p, &twins->strata[s], stream, take_numbers));
			add_chosen_numbers(p, all + s * 3 * p->horizon);
		}
		else
		{
			memset(p->counts, 0, jrn_twin_cells(twins, s)[p->horizon] * sizeof(uint32_t));
			JRN_TRY(choose(p, &twins->strata[s], stream, take_cells));
			add_chosen_cells(p, s);
		}
	return JRN_OK;
}

jrn_status
jrn_twins_permute(const jrn_twins *twins, jrn_twin_step *steps, double *p_value)
{
	const double unit = twins->options.numeric ? twins->scale * twins->scale : 1.0;
	const int	horizon = twins->options.horizon;
	double	   *all = NULL;
	int32_t    *count;
	int32_t		least = INT32_MAX;
	pass		p;
	int32_t		b;
	int			k;

	*p_value = NAN;
	if (twins->options.permutations <= 0 || twins->n_strata == 0)
		return JRN_OK;
	JRN_TRY(begin_pass(twins, &p));
	JRN_TRY(jrn_alloc_zeroed(twins->env, p.horizon, sizeof(int32_t), &count));
	if (twins->options.numeric)
		JRN_TRY(sum_all(&p, &all));
	for (b = 0; b < twins->options.permutations; b++)
	{
		double		largest = -INFINITY;

		JRN_TRY(permute(&p, jrn_seed_derive(twins->options.seed, "twins", (uint64_t) b), all));
		for (k = 0; k < horizon; k++)
			if (p.sums[k].weight > 0.0)
				largest = fmax(largest, p.sums[k].weighted / p.sums[k].weight);
		for (k = 0; k < horizon; k++)
			count[k] += largest >= steps[k].divergence / unit - SLACK;
	}
	for (k = 0; k < horizon; k++)
		if (!isnan(steps[k].divergence))
		{
			steps[k].p = (1.0 + count[k]) / (1.0 + twins->options.permutations);
			least = count[k] < least ? count[k] : least;
		}
	if (least < INT32_MAX)
		*p_value = (1.0 + least) / (1.0 + twins->options.permutations);
	if (all != NULL)
		jrn_release(twins->env, all);
	jrn_release(twins->env, count);
	end_pass(&p);
	return JRN_OK;
}

/* ---- bootstrap ---- */

/* Rows [begin, end) into one side, 0 or 1, with the weights of a replicate. */
static jrn_status
weigh_side(pass *p, size_t begin, size_t end, uint64_t stream, int side)
{
	const jrn_twins *twins = p->twins;
	uint64_t   *sums = p->weights + (size_t) side * 2 * twins->most_cells;
	uint64_t   *squares = sums + twins->most_cells;
	double	   *numbers = p->numbers + (size_t) side * 4 * p->horizon;
	size_t		row,
				k;

	for (row = begin; row < end; row++)
	{
		uint64_t	w = (uint64_t) jrn_hash_poisson(jrn_hash_u64(twins->hashes[row], stream));

		if (row % 1024 == 1023)
			JRN_TRY(worked(p, 1024));
		for (k = 0; w > 0 && k < p->horizon; k++)
			if (twins->options.numeric)
			{
				double		known = twins->known[row * p->horizon + k] * (double) w;
				double		y = twins->numbers[row * p->horizon + k];

				numbers[4 * k] += known;
				numbers[4 * k + 1] += known * (double) w;
				numbers[4 * k + 2] += y * (double) w;
				numbers[4 * k + 3] += y * y * (double) w;
			}
			else
			{
				uint32_t	cell = twins->codes[row * p->horizon + k];

				sums[cell] += w;
				squares[cell] += w * w;
			}
	}
	return worked(p, (end - begin) % 1024);
}

static void
add_weighted_cells(pass *p, size_t stratum)
{
	const uint32_t *bounds = jrn_twin_cells(p->twins, stratum);
	const size_t most = p->twins->most_cells;
	size_t		k;

	for (k = 0; k < p->horizon; k++)
	{
		jrn_twin_side side[2] = {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}};
		double		cross = 0.0;
		uint32_t	c;
		int			i;

		for (c = bounds[k] + 1; c < bounds[k + 1]; c++)
		{
			for (i = 0; i < 2; i++)
			{
				double		w = (double) p->weights[(size_t) i * 2 * most + c];
				double		squares = (double) p->weights[((size_t) i * 2 + 1) * most + c];

				side[i].weight += w;
				side[i].squares += squares;
				side[i].pairs += w * w - squares;
			}
			cross += (double) p->weights[c] * (double) p->weights[2 * most + c];
		}
		jrn_twin_add(&p->sums[k], &side[0], &side[1], cross);
	}
}

/*
 * Pairs such that the divergence is that of half squared distances between
 * different customers, which no shift of the numbers changes.
 */
static jrn_twin_side
weighted_side(const double *sums)
{
	jrn_twin_side side = {sums[0], sums[1], sums[2] * sums[2] - sums[3] * sums[1] / sums[0]};

	return side;
}

static void
add_weighted_numbers(pass *p)
{
	size_t		k;

	for (k = 0; k < p->horizon; k++)
	{
		const double *a = p->numbers + 4 * k;
		const double *b = p->numbers + 4 * (p->horizon + k);
		jrn_twin_side side_a = weighted_side(a);
		jrn_twin_side side_b = weighted_side(b);

		jrn_twin_add(&p->sums[k], &side_a, &side_b, a[2] * b[2]);
	}
}

static jrn_status
replicate(pass *p, uint64_t stream)
{
	const jrn_twins *twins = p->twins;
	size_t		s;
	int			side;

	memset(p->sums, 0, p->horizon * sizeof(jrn_twin_sum));
	for (s = 0; s < twins->n_strata; s++)
	{
		const jrn_twin_stratum *stratum = &twins->strata[s];

		if (twins->options.numeric)
			memset(p->numbers, 0, 8 * p->horizon * sizeof(double));
		else
			for (side = 0; side < 4; side++)
				memset(p->weights + (size_t) side * twins->most_cells, 0,
					   jrn_twin_cells(twins, s)[p->horizon] * sizeof(uint64_t));
		JRN_TRY(weigh_side(p, stratum->begin, stratum->middle, stream, 0));
		JRN_TRY(weigh_side(p, stratum->middle, stratum->end, stream, 1));
		if (twins->options.numeric)
			add_weighted_numbers(p);
		else
			add_weighted_cells(p, s);
	}
	return JRN_OK;
}

jrn_status
jrn_twins_bootstrap(const jrn_twins *twins, int first, int last, double *low, double *high, int *usable)
{
	const int32_t replicates = twins->options.replicates;
	double	   *slopes;
	double	   *e;
	pass		p;
	int32_t		r;
	size_t		k;

	*low = *high = NAN;
	*usable = 0;
	if (replicates <= 0)
		return JRN_OK;
	JRN_TRY(begin_pass(twins, &p));
	JRN_TRY(jrn_alloc_array(twins->env, (size_t) replicates, sizeof(double), &slopes));
	JRN_TRY(jrn_alloc_array(twins->env, p.horizon, sizeof(double), &e));
	for (r = 0; r < replicates; r++)
	{
		double		slope;

		JRN_TRY(replicate(&p, jrn_seed_derive(twins->options.seed, "boot", 1 + (uint64_t) r)));
		for (k = 0; k < p.horizon; k++)
			e[k] = p.sums[k].weight > 0.0 ? p.sums[k].weighted / p.sums[k].weight : NAN;
		slope = jrn_twin_slope(e, first, last);
		if (!isnan(slope))
			slopes[(*usable)++] = slope;
	}
	if (*usable >= LEAST_USABLE && *usable >= (replicates + 1) / 2)
	{
		JRN_TRY(jrn_sort_doubles(twins->env, slopes, (size_t) *usable));
		*low = jrn_sorted_quantile(slopes, (size_t) *usable, 0.025);
		*high = jrn_sorted_quantile(slopes, (size_t) *usable, 0.975);
	}
	jrn_release(twins->env, slopes);
	jrn_release(twins->env, e);
	end_pass(&p);
	return JRN_OK;
}
