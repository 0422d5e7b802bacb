/*
 * share_model.c
 *		Chaos shares from out-of-fold forecasts (R-SHARE-8, R-SHARE-9 in
 *		share.h).
 */
#include <math.h>
#include <string.h>

#include "share_call.h"

#include "../core/hash.h"
#include "../core/random.h"

#define EVENTS_PER_TICK 65536

/* Next events from which advice comes; also the weight of the mean in it. */
#define NEXT_MIN 20.0

/* Sums over the visits of customers with an outcome. */
typedef struct visit_sums
{
	double		visits;
	double		leaving;		/* squared moves of the forecast to the next event */
	double		arriving;		/* moves of the forecast to this one */
} visit_sums;

/* Forecasts after one event that followed another. */
typedef struct next_sums
{
	double		n;
	double		forecast;
} next_sums;

typedef struct model_call
{
	jrn_share_call *call;
	jrn_forecasts forecasts;
	double	   *gains;			/* [n_events], in the place of the forecasts */
	double	   *reveals;		/* [n_customers] (y - q_L)^2; NaN: censored */
	double	   *totals;			/* [n_customers] (y - q_0)^2 */
	visit_sums *visits;			/* [k] */
	next_sums  *next;			/* [k + 1][k], the last row by first event */
	double		outcomes;		/* sum of the known ones */
	double	   *sums;			/* [row_count + 1][JRN_MAP_LANES], the total behind the rows */
} model_call;

/* The row that a gain belongs to (R-SHARE-8). */
static inline size_t
row_of_event(const jrn_map *map, jrn_credit credit, size_t e, size_t first)
{
	if (e == first)
		return 0;
	return 1 + (size_t) map->codes[credit == JRN_CREDIT_FORK ? e - 1 : e];
}

/* A journey's moves, then its gains in the place of its forecasts. */
static void
take_journey(model_call *way, size_t c)
{
	const jrn_map *map = way->call->map;
	const size_t k = (size_t) map->k;
	const size_t first = jrn_map_first(map, c);
	const double y = jrn_map_scaled(map, map->outcomes[c]);
	double		before = way->forecasts.base[c];
	size_t		e;

	way->outcomes += y;
	way->totals[c] = (y - before) * (y - before);
	for (e = first; e < map->ends[c]; e++)
	{
		const size_t label = map->codes[e];
		const double after = way->forecasts.after[e];
		const double move = after - before;
		next_sums  *next = way->next + (e == first ? k : map->codes[e - 1]) * k + label;

		way->visits[label].visits += 1.0;
		way->visits[label].arriving += move;
		if (e > first)
			way->visits[map->codes[e - 1]].leaving += move * move;
		next->n += 1.0;
		next->forecast += after;
		way->gains[e] = move * (2.0 * y - before - after);
		before = after;
	}
	way->reveals[c] = (y - before) * (y - before);
}

static jrn_status
take_journeys(model_call *way)
{
	const jrn_env *env = way->call->env;
	const jrn_map *map = way->call->map;
	const size_t k = (size_t) map->k;
	size_t		work = 0;
	size_t		c;

	way->gains = way->forecasts.after;
	JRN_TRY(jrn_alloc_array(env, map->n_customers, sizeof(double), &way->reveals));
	JRN_TRY(jrn_alloc_array(env, map->n_customers, sizeof(double), &way->totals));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(visit_sums), &way->visits));
	JRN_TRY(jrn_alloc_zeroed(env, (k + 1) * k, sizeof(next_sums), &way->next));
	for (c = 0; c < map->n_customers; c++)
	{
		way->reveals[c] = way->totals[c] = NAN;
		if (!isnan(map->outcomes[c]))
			take_journey(way, c);
		work += 16 + (size_t) map->ends[c] - jrn_map_first(map, c);
		if (work >= EVENTS_PER_TICK)
		{
			work = 0;
			JRN_TICK(env);
		}
	}
	return JRN_OK;
}

/*
 * Sums by row, and of all, under the weights of replicates first ... first +
 * JRN_MAP_LANES - 1, or with first 0 of every customer once in every lane.
 */
static jrn_status
sum_gains(model_call *way, uint64_t replicate)
{
	const jrn_map *map = way->call->map;
	const size_t rows = (size_t) way->call->result->row_count;
	uint64_t	streams[JRN_MAP_LANES];
	size_t		work = 0;
	size_t		c;
	int			lane;

	for (lane = 0; lane < JRN_MAP_LANES; lane++)
		streams[lane] = jrn_seed_derive(way->call->options->seed, "boot", replicate + (uint64_t) lane);
	memset(way->sums, 0, (rows + 1) * JRN_MAP_LANES * sizeof(double));
	for (c = 0; c < map->n_customers; c++)
	{
		const size_t first = jrn_map_first(map, c);
		double		weights[JRN_MAP_LANES];
		size_t		e;

		work += 16;
		if (isnan(way->totals[c]))
			continue;
		work += (size_t) map->ends[c] - first;
		for (lane = 0; lane < JRN_MAP_LANES; lane++)	/* R-MAP-4 */
			weights[lane] = replicate == 0 ? 1.0 : jrn_hash_poisson(jrn_hash_u64(map->hashes[c], streams[lane]));
		for (e = first; e < map->ends[c]; e++)
		{
			double	   *sum = way->sums + JRN_MAP_LANES * row_of_event(map, way->call->options->credit, e, first);

			for (lane = 0; lane < JRN_MAP_LANES; lane++)
				sum[lane] += weights[lane] * way->gains[e];
		}
		for (lane = 0; lane < JRN_MAP_LANES; lane++)
		{
			way->sums[(rows - 1) * JRN_MAP_LANES + (size_t) lane] += weights[lane] * way->reveals[c];
			way->sums[rows * JRN_MAP_LANES + (size_t) lane] += weights[lane] * way->totals[c];
		}
		if (work >= EVENTS_PER_TICK)
		{
			work = 0;
			JRN_TICK(way->call->env);
		}
	}
	return JRN_OK;
}

/* R-SHARE-9: where to go next from a row of next, in scaled units. */
static double
steer(const model_call *way, const next_sums *next, double mean, int32_t *best, int32_t *worst)
{
	double		highest = -INFINITY;
	double		lowest = INFINITY;
	int32_t		candidates = 0;
	int32_t		j;

	*best = *worst = -1;
	for (j = 0; j < way->call->map->k; j++)
	{
		double		shrunken = (next[j].forecast + NEXT_MIN * mean) / (next[j].n + NEXT_MIN);

		if (next[j].n < NEXT_MIN)
			continue;
		candidates++;
		if (shrunken > highest)
		{
			highest = shrunken;
			*best = j;
		}
		if (shrunken < lowest)
		{
			lowest = shrunken;
			*worst = j;
		}
	}
	if (candidates >= 2)
		return next[*best].forecast / next[*best].n - next[*worst].forecast / next[*worst].n;
	*best = *worst = -1;
	return NAN;
}

static void
point_figures(model_call *way)
{
	const jrn_map *map = way->call->map;
	const size_t k = (size_t) map->k;
	jrn_share_result *result = way->call->result;
	const double known = (double) map->n_known;
	const double mean = way->outcomes / known;
	const double *total = way->sums + (size_t) result->row_count * JRN_MAP_LANES;
	double		visits = 0.0;
	double		swings = 0.0;
	size_t		i;

	for (i = 0; i < (size_t) result->row_count; i++)
		if (way->call->figures[i])
			result->rows[i].share = way->sums[i * JRN_MAP_LANES] / *total;
	for (i = 0; i < k; i++)
	{
		visits += way->visits[i].visits;
		swings += sqrt(way->visits[i].leaving * way->visits[i].visits);
	}
	for (i = 0; i < k; i++)
	{
		jrn_share_row *row = &result->rows[1 + i];
		const visit_sums *at = &way->visits[i];

		if (!(at->visits > 0.0))
			continue;
		if (swings > 0.0)
			row->leverage = sqrt(at->leaving / at->visits) * visits / swings;
		row->mean_effect = at->arriving / at->visits * map->scale;
		row->gain = steer(way, way->next + i * k, mean, &row->best, &row->worst) *
			(at->visits / known) * map->scale / 100.0;
	}
	result->rows[0].gain = steer(way, way->next + k * k, mean, &result->rows[0].best,
								 &result->rows[0].worst) * map->scale / 100.0;
	result->mean = map->centre + map->scale * mean;
	result->variance = map->scale * map->scale * (*total / known);
}

static jrn_status
bootstrap(model_call *way)
{
	jrn_share_call *call = way->call;
	const int32_t replicates = call->options->replicates;
	const size_t rows = (size_t) call->result->row_count;
	double	   *draws;
	int32_t		done;
	size_t		i;

	if (replicates == 0)
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(call->env, rows * (size_t) replicates, sizeof(double), &draws));
	for (done = 0; done < replicates; done += JRN_MAP_LANES)
	{
		int			lane;

		JRN_TRY(sum_gains(way, (uint64_t) done + 1));
		for (lane = 0; lane < JRN_MAP_LANES && done + lane < replicates; lane++)
		{
			double		total = way->sums[rows * JRN_MAP_LANES + (size_t) lane];

			if (!(total > 0.0))
				continue;		/* an unusable draw */
			for (i = 0; i < rows; i++)
				draws[i * (size_t) replicates + (size_t) call->result->usable] =
					way->sums[i * JRN_MAP_LANES + (size_t) lane] / total;
			call->result->usable++;
		}
		if (call->options->progress != NULL)
			call->options->progress(call->options->progress_arg, done + lane, replicates);
	}
	return jrn_share_intervals(call, draws);
}

jrn_status
jrn_share_of_model(jrn_share_call *call)
{
	const jrn_map *map = call->map;
	model_call	way;
	jrn_status	status;
	int32_t		i;

	memset(&way, 0, sizeof(way));
	way.call = call;
	status = jrn_forecast(call->env, map, &call->options->forecast, &way.forecasts);
	if (status == JRN_TOO_FEW)
	{
		jrn_share_begin_rows(call, JRN_SHARE_TOO_FEW);
		return JRN_OK;
	}
	JRN_TRY(status);
	for (i = 0; i < call->result->row_count; i++)
		call->figures[i] = i == 0 || i > map->k || map->known[i - 1] > 0;
	JRN_TRY(jrn_alloc_array(call->env, ((size_t) call->result->row_count + 1) * JRN_MAP_LANES,
							sizeof(double), &way.sums));
	JRN_TRY(take_journeys(&way));
	JRN_TRY(sum_gains(&way, 0));
	if (!(way.sums[(size_t) call->result->row_count * JRN_MAP_LANES] > 0.0))
	{
		jrn_share_begin_rows(call, JRN_SHARE_ONE_CLASS);
		return JRN_OK;
	}
	point_figures(&way);
	JRN_TRY(jrn_share_judge(call));
	return bootstrap(&way);
}
