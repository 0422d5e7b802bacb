/*
 * forks.c
 *		Next event against final outcome (see forks.h).
 */
#include <math.h>
#include <string.h>

#include "forks.h"

#include "../core/dist.h"
#include "../core/hash.h"
#include "../core/random.h"
#include "../core/sort.h"

#define WORK_PER_TICK 16384

/* Group size from which the F distribution serves. */
#define F_GROUP 30.0

static void
add_outcome(jrn_fork_cell *cell, double y)
{
	cell->n += 1.0;
	cell->sum += y;
	cell->squares += y * y;
}

/* Numeric outcomes are centred, so that sums of squares do not cancel. */
static double
centre_of(const jrn_map *map)
{
	double		sum = 0.0;
	size_t		c;

	if (map->binary || map->n_known == 0)
		return 0.0;
	for (c = 0; c < map->n_customers; c++)
		if (!isnan(map->outcomes[c]))
			sum += jrn_map_scaled(map, map->outcomes[c]);
	return sum / (double) map->n_known;
}

/* The cell number of the event after code, k for the end. */
static size_t
next_of(const jrn_map *map, const uint16_t *code, const uint16_t *last)
{
	return code == last ? (size_t) map->k : code[1];
}

jrn_status
jrn_forks_count(const jrn_env *env, const jrn_map *map, jrn_forks *forks)
{
	const size_t k = (size_t) map->k;
	uint32_t   *seen_by;
	size_t		work = 0;
	size_t		c;

	forks->map = map;
	forks->mean = centre_of(map);
	JRN_TRY(jrn_alloc_zeroed(env, k * (k + 1), sizeof(jrn_fork_cell), &forks->cells));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(jrn_fork_cell), &forks->first));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(uint32_t), &seen_by));
	for (c = 0; c < map->n_customers; c++)
	{
		const uint16_t *code = map->codes + jrn_map_first(map, c);
		const uint16_t *last = map->codes + map->ends[c] - 1;
		double		y;

		if (isnan(map->outcomes[c]))
			continue;
		y = jrn_map_scaled(map, map->outcomes[c]) - forks->mean;
		add_outcome(&forks->first[*code], y);
		work += (size_t) (last - code) + 1;
		for (; code <= last; code++)
			if (seen_by[*code] != (uint32_t) (c + 1))
			{
				seen_by[*code] = (uint32_t) (c + 1);
				add_outcome(&forks->cells[*code * (k + 1) + next_of(map, code, last)], y);
			}
		if (work >= WORK_PER_TICK)
		{
			work = 0;
			JRN_TICK(env);
		}
	}
	jrn_release(env, seen_by);
	return JRN_OK;
}

double
jrn_omega_squared(const jrn_fork_cell *cells, size_t count)
{
	size_t		groups;
	size_t		largest;
	size_t		i;
	jrn_fork_cell total = jrn_fork_total(cells, count, &groups, &largest);
	double		sst = total.squares - total.sum * (total.sum / total.n);
	double		ssb = -total.sum * (total.sum / total.n);
	double		msw;

	if (groups < 2 || !(total.n > (double) groups) || !(sst > 0.0))
		return NAN;
	for (i = 0; i < count; i++)
		if (cells[i].n > 0.0)
			ssb += cells[i].sum * (cells[i].sum / cells[i].n);
	msw = fmax(sst - ssb, 0.0) / (total.n - (double) groups);
	return (ssb - ((double) groups - 1.0) * msw) / (sst + msw);
}

/* ---- numeric outcomes ---- */

/* Outcomes of the customers a test counts, in canonical order. */
static jrn_status
collect_outcomes(const jrn_env *env, const jrn_forks *forks, int32_t touchpoint, double *values)
{
	const jrn_map *map = forks->map;
	size_t		count = 0;
	size_t		work = 0;
	size_t		c;

	for (c = 0; c < map->n_customers; c++)
	{
		const uint16_t *code = map->codes + jrn_map_first(map, c);
		const uint16_t *end = map->codes + map->ends[c];

		if (isnan(map->outcomes[c]))
			continue;
		work += (size_t) (end - code);
		if (touchpoint != JRN_FORK_FIRST_TOUCH)
			while (code < end && *code != touchpoint)
				code++;
		if (code < end)
			values[count++] = jrn_map_scaled(map, map->outcomes[c]) - forks->mean;
		if (work >= WORK_PER_TICK)
		{
			work = 0;
			JRN_TICK(env);
		}
	}
	return JRN_OK;
}

/*
 * Sum over groups of (sum)^2 / n after dealing the values anew.  The largest
 * group gets what the others leave: only they are drawn.
 */
static jrn_status
permuted_squares(const jrn_env *env, const jrn_fork_cell *cells, size_t count, size_t largest,
				 jrn_fork_cell total, double *values, uint64_t stream, double *squares)
{
	const size_t n = (size_t) total.n;
	double		rest = total.sum;
	size_t		at = 0;
	size_t		i;

	*squares = 0.0;
	for (i = 0; i < count; i++)
	{
		size_t		until = i == largest ? at : at + (size_t) cells[i].n;
		double		sum = 0.0;

		if (until == at)
			continue;
		for (; at < until; at++)
		{
			size_t		pick = at + (size_t) jrn_random_below(stream, at, n - at);
			double		value = values[pick];

			values[pick] = values[at];
			values[at] = value;
			sum += value;
			if (at % WORK_PER_TICK == 0)
				JRN_TICK(env);
		}
		rest -= sum;
		*squares += sum * (sum / cells[i].n);
	}
	*squares += rest * (rest / cells[largest].n);
	return JRN_OK;
}

/* Permutations whose between-group sum of squares (and the mean's) reaches ssb. */
static jrn_status
permute_numeric(const jrn_env *env, const jrn_forks *forks, int32_t touchpoint,
				const jrn_fork_cell *cells, size_t count, jrn_fork_cell total, size_t largest,
				double ssb, int32_t permutations, uint64_t stream, double *p_value)
{
	double	   *values;
	int32_t		as_large = 0;
	int32_t		r;

	JRN_TRY(jrn_alloc_array(env, (size_t) total.n, sizeof(double), &values));
	JRN_TRY(collect_outcomes(env, forks, touchpoint, values));
	for (r = 0; r < permutations; r++)
	{
		double		squares;

		JRN_TRY(permuted_squares(env, cells, count, largest, total, values,
								 jrn_seed_derive(stream, "permutation", (uint64_t) r), &squares));
		as_large += squares >= ssb - 1e-9 * ssb;
	}
	jrn_release(env, values);
	*p_value = (1.0 + as_large) / (1.0 + permutations);
	return JRN_OK;
}

static jrn_status
test_numeric(const jrn_env *env, const jrn_forks *forks, int32_t touchpoint,
			 const jrn_fork_cell *cells, size_t count, jrn_fork_cell total, size_t groups,
			 size_t largest, int32_t permutations, uint64_t stream, double *p_value)
{
	double		ssb = 0.0;
	double		sst = total.squares - total.sum * (total.sum / total.n);
	double		smallest = INFINITY;
	size_t		i;

	if (!(sst > 1e-14 * total.squares))
		return JRN_OK;			/* R-FORK-3 */
	for (i = 0; i < count; i++)
		if (cells[i].n > 0.0)
		{
			ssb += cells[i].sum * (cells[i].sum / cells[i].n);
			smallest = fmin(smallest, cells[i].n);
		}
	if (smallest >= F_GROUP)
	{
		double		between = fmax(ssb - total.sum * (total.sum / total.n), 0.0);
		double		df1 = (double) groups - 1.0;
		double		df2 = total.n - (double) groups;

		*p_value = jrn_f_upper(between / df1 / (fmax(sst - between, 0.0) / df2), df1, df2);
		return JRN_OK;
	}
	return permute_numeric(env, forks, touchpoint, cells, count, total, largest, ssb, permutations,
						   stream, p_value);
}

jrn_status
jrn_forks_test(const jrn_env *env, const jrn_forks *forks, int32_t touchpoint,
			   int32_t permutations, uint64_t seed, double *p_value)
{
	const size_t k = (size_t) forks->map->k;
	const bool	first = touchpoint == JRN_FORK_FIRST_TOUCH;
	const jrn_fork_cell *cells = first ? forks->first : forks->cells + (size_t) touchpoint * (k + 1);
	const size_t count = first ? k : k + 1;
	const uint64_t stream = jrn_seed_derive(seed, "fork", (uint64_t) (touchpoint + 1));
	size_t		groups;
	size_t		largest;
	jrn_fork_cell total = jrn_fork_total(cells, count, &groups, &largest);

	*p_value = NAN;
	if (groups < 2)
		return JRN_OK;			/* R-FORK-3 */
	if (forks->map->binary)
		return jrn_contingency_test(env, cells, count, permutations, stream, p_value);
	return test_numeric(env, forks, touchpoint, cells, count, total, groups, largest,
						permutations, stream, p_value);
}

jrn_status
jrn_forks_permute(const jrn_env *env, const jrn_forks *forks, int32_t permutations, uint64_t seed,
				  double *p_value)
{
	const size_t k = (size_t) forks->map->k;
	const jrn_fork_cell *cells = forks->first;
	const uint64_t stream = jrn_seed_derive(seed, "first touch", 0);
	size_t		groups;
	size_t		largest;
	jrn_fork_cell total = jrn_fork_total(cells, k, &groups, &largest);
	double		ssb = 0.0;
	size_t		i;

	*p_value = NAN;
	if (groups < 2)
		return JRN_OK;			/* R-FORK-3 */
	if (forks->map->binary)
		return jrn_contingency_squares(env, cells, k, permutations, stream, p_value);
	for (i = 0; i < k; i++)
		if (cells[i].n > 0.0)
			ssb += cells[i].sum * (cells[i].sum / cells[i].n);
	return permute_numeric(env, forks, JRN_FORK_FIRST_TOUCH, cells, k, total, largest, ssb,
						   permutations, stream, p_value);
}
