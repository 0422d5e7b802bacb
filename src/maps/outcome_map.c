/*
 * outcome_map.c
 *		Expected outcomes by touchpoint (see outcome_map.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/multiple.h"
#include "outcome_map.h"
#include "steering.h"

#define LOW_N 50
#define REPLICATES_MIN 20
#define SMOOTHING 0.5
#define SAME 1e-12				/* replicates that differ by less do not vary */

typedef struct outcome_call
{
	const jrn_env *env;
	jrn_map    *map;
	jrn_chain	chain;
	jrn_solution solution;
	jrn_outcome_row *rows;
	double	   *draws;			/* replicates of each touchpoint */
	size_t		stride;
	size_t		usable;
} outcome_call;

static void
begin_rows(outcome_call *call, const char *status)
{
	int32_t		i;

	for (i = 0; i < call->map->k; i++)
	{
		jrn_outcome_row *row = &call->rows[i];

		row->expected = row->low = row->high = row->gain = NAN;
		row->best = row->worst = -1;
		row->status = status;
	}
}

static double
in_units(const outcome_call *call, double value)
{
	return call->map->centre + call->map->scale * value;
}

static void
point_figures(outcome_call *call)
{
	const jrn_map *map = call->map;
	int32_t		i;

	for (i = 0; i < map->k; i++)
	{
		jrn_outcome_row *row = &call->rows[i];

		if (!map->live[i])
		{
			row->status = "no_end";
			continue;
		}
		row->expected = in_units(call, call->solution.value[i]);
		row->status = map->known[i] < LOW_N ? "low_n" : "ok";
		row->gain = jrn_steering(map, &call->solution, map->next + (size_t) i * (size_t) map->k,
								 call->solution.visits[i], &row->best, &row->worst);
	}
}

static jrn_status
one_replicate(outcome_call *call, const jrn_map_counts *counts, int lane)
{
	jrn_status	status = jrn_map_lane_chain(call->map, counts, lane, &call->chain);
	int32_t		i;

	if (status == JRN_OK)
		status = jrn_chain_solve(call->env, &call->chain, &call->solution);
	if (status == JRN_TOO_FEW || status == JRN_SINGULAR)
		return JRN_OK;			/* an unusable draw */
	JRN_TRY(status);
	for (i = 0; i < call->map->k; i++)
		call->draws[(size_t) i * call->stride + call->usable] = in_units(call, call->solution.value[i]);
	call->usable++;
	return JRN_OK;
}

/* R-OMAP-2 */
static jrn_status
interval(outcome_call *call, int32_t i)
{
	const jrn_map *map = call->map;
	jrn_outcome_row *row = &call->rows[i];
	double	   *draws = call->draws + (size_t) i * call->stride;
	double		known = (double) map->known[i];

	if (!map->live[i])
		return JRN_OK;
	JRN_TICK(call->env);
	if (call->usable >= REPLICATES_MIN && 2 * call->usable >= call->stride)
	{
		JRN_TRY(jrn_sort_doubles(call->env, draws, call->usable));
		row->low = jrn_sorted_quantile(draws, call->usable, 0.025);
		row->high = jrn_sorted_quantile(draws, call->usable, 0.975);
	}
	if (map->known[i] >= LOW_N && !(row->high - row->low < SAME * map->scale))
		return JRN_OK;
	row->low = row->high = NAN;
	if (map->binary && map->low == 0.0 && map->high == 1.0 && known > 0.0)
		jrn_wilson(fmin(fmax(row->expected, 0.0), 1.0) * known, known, 0.95, &row->low, &row->high);
	return JRN_OK;
}

static jrn_status
bootstrap(outcome_call *call, int32_t replicates, uint64_t seed)
{
	jrn_map_counts counts;
	int32_t		done;
	int32_t		i;

	call->stride = (size_t) replicates;
	JRN_TRY(jrn_map_counts_init(call->env, call->map->k, &counts));
	JRN_TRY(jrn_alloc_array(call->env, (size_t) call->map->k * (call->stride + 1), sizeof(double), &call->draws));
	call->map->smoothing = SMOOTHING;
	for (done = 0; done < replicates; done += JRN_MAP_LANES)
	{
		int			lane;

		JRN_TRY(jrn_map_replicates(call->map, seed, (uint64_t) done + 1, &counts));
		for (lane = 0; lane < JRN_MAP_LANES && done + lane < replicates; lane++)
		{
			JRN_TICK(call->env);
			JRN_TRY(one_replicate(call, &counts, lane));
		}
	}
	for (i = 0; i < call->map->k; i++)
		JRN_TRY(interval(call, i));
	return JRN_OK;
}

jrn_status
jrn_outcome_map(const jrn_env *env, jrn_map *map, int32_t replicates, uint64_t seed,
				jrn_outcome_row **rows)
{
	outcome_call call;
	jrn_status	status;
	int32_t		i;

	if (replicates < 0)
		return JRN_DOMAIN;
	memset(&call, 0, sizeof(call));
	call.env = env;
	call.map = map;
	JRN_TRY(jrn_alloc_array(env, (size_t) map->k, sizeof(jrn_outcome_row), rows));
	call.rows = *rows;
	begin_rows(&call, map->n_known == 0 ? "no_outcome" : "one_class");
	if (map->n_known == 0)
		return JRN_OK;
	if (map->low == map->high)
	{
		for (i = 0; i < map->k; i++)
			call.rows[i].expected = map->live[i] ? map->low : NAN;
		return JRN_OK;
	}
	JRN_TRY(jrn_chain_init(env, map->k, &call.chain));
	JRN_TRY(jrn_solution_init(env, map->k, &call.solution));
	map->smoothing = 0.0;		/* R-OMAP-1 */
	JRN_TRY(jrn_map_chain(map, &call.chain));
	status = jrn_chain_solve(env, &call.chain, &call.solution);
	if (status == JRN_SINGULAR)
	{
		begin_rows(&call, "rare_ends");
		return JRN_OK;
	}
	JRN_TRY(status);
	point_figures(&call);
	return replicates == 0 ? JRN_OK : bootstrap(&call, replicates, seed);
}
