/*
 * share.c
 *		Chaos shares of a journey map (see share.h).
 */
#include <math.h>
#include <string.h>

#include "share.h"

#include "../core/multiple.h"
#include "../maps/steering.h"

#define LOW_N 50
#define CENSORED_ABOVE 0.2
#define GAP_ABOVE 0.05
#define GAP_P 0.05
#define REPLICATES_MIN 20

/* What the parts of one call share. */
typedef struct share_call
{
	const jrn_env *env;
	const jrn_map *map;
	const jrn_share_options *options;
	jrn_share_result *result;
	jrn_chain	chain;
	jrn_solution solution;
	jrn_forks	forks;
	double	   *scratch;		/* k + 1 */
} share_call;

const char *
jrn_share_status_word(jrn_share_status status)
{
	switch (status)
	{
		case JRN_SHARE_OK:
			return "ok";
		case JRN_SHARE_MEMORY_GAP:
			return "memory_gap";
		case JRN_SHARE_CENSORED:
			return "censored";
		case JRN_SHARE_LOW_N:
			return "low_n";
		case JRN_SHARE_NO_END:
			return "no_end";
		case JRN_SHARE_ONE_CLASS:
			return "one_class";
		case JRN_SHARE_TOO_FEW:
			return "too_few";
		case JRN_SHARE_NO_OUTCOME:
			return "no_outcome";
		case JRN_SHARE_SINGULAR:
			return "rare_ends";
	}
	return "ok";
}

/* The reach of every row, and no figures yet. */
static void
begin_rows(share_call *call, jrn_share_status status)
{
	const jrn_map *map = call->map;
	int32_t		i;

	for (i = 0; i <= map->k; i++)
	{
		jrn_share_row *row = &call->result->rows[i];

		row->customers = i == 0 ? (int64_t) map->n_customers : map->customers[i - 1];
		row->visits = i == 0 ? (int64_t) map->n_customers : map->visits[i - 1];
		row->share = row->low = row->high = NAN;
		row->leverage = row->mean_effect = row->gain = row->p = row->q = NAN;
		row->best = row->worst = -1;
		row->status = status;
	}
}

/* R-SHARE-6, the reasons that concern the whole source. */
static jrn_share_status
reason_for_nothing(const jrn_map *map)
{
	if (map->n_customers == 0)
		return JRN_SHARE_TOO_FEW;
	if (map->n_known == 0)
		return JRN_SHARE_NO_OUTCOME;
	if (map->n_known == 1)
		return JRN_SHARE_TOO_FEW;
	if (map->low == map->high)
		return JRN_SHARE_ONE_CLASS;
	return JRN_SHARE_OK;
}

static bool
has_figures(const share_call *call, int32_t row)
{
	return row == 0 || call->map->live[row - 1];
}

/* Everything that comes from the map as it is. */
static void
point_figures(share_call *call)
{
	const jrn_map *map = call->map;
	jrn_share_row *rows = call->result->rows;
	int32_t		i;

	jrn_chain_shares(&call->chain, &call->solution, call->options->credit, call->scratch);
	for (i = 0; i <= map->k; i++)
		if (has_figures(call, i))
			rows[i].share = call->scratch[i];
	jrn_chain_leverage(&call->chain, &call->solution, call->scratch);
	for (i = 0; i < map->k; i++)
		if (map->live[i])
			rows[1 + i].leverage = call->scratch[i];
	jrn_chain_effects(&call->chain, &call->solution, call->scratch);
	for (i = 0; i < map->k; i++)
		if (map->live[i])
		{
			rows[1 + i].mean_effect = call->scratch[i] * map->scale;
			rows[1 + i].gain = jrn_steering(map, &call->solution, map->next + (size_t) i * (size_t) map->k,
											call->solution.visits[i], &rows[1 + i].best, &rows[1 + i].worst);
		}
	rows[0].gain = jrn_steering(map, &call->solution, map->start, 1.0, &rows[0].best, &rows[0].worst);
	call->result->mean = map->centre + map->scale * call->solution.mean;
	call->result->variance = map->scale * map->scale * call->solution.variance;
}

static jrn_status
significance(share_call *call)
{
	const int32_t k = call->map->k;
	jrn_share_row *rows = call->result->rows;
	double	   *p;
	double	   *q;
	int32_t		i;

	JRN_TRY(jrn_forks_count(call->env, call->map, &call->forks));
	JRN_TRY(jrn_alloc_array(call->env, (size_t) k, sizeof(double), &p));
	JRN_TRY(jrn_alloc_array(call->env, (size_t) k, sizeof(double), &q));
	JRN_TRY(jrn_forks_test(call->env, &call->forks, JRN_FORK_FIRST_TOUCH,
						   call->options->permutations, call->options->seed, &rows[0].p));
	rows[0].q = rows[0].p;		/* R-SHARE-5 */
	for (i = 0; i < k; i++)
	{
		p[i] = NAN;
		if (call->map->live[i])
			JRN_TRY(jrn_forks_test(call->env, &call->forks, i, call->options->permutations,
								   call->options->seed, &p[i]));
	}
	JRN_TRY(jrn_false_discovery(call->env, p, (size_t) k, q));
	for (i = 0; i < k; i++)
	{
		rows[1 + i].p = p[i];
		rows[1 + i].q = q[i];
	}
	return JRN_OK;
}

/* Shares of one lane into draws[row * replicates + usable]. */
static jrn_status
one_replicate(share_call *call, const jrn_map_counts *counts, int lane, double *draws)
{
	const size_t stride = (size_t) call->options->replicates;
	jrn_status	status = jrn_map_lane_chain(call->map, counts, lane, &call->chain);
	int32_t		i;

	if (status == JRN_OK)
		status = jrn_chain_solve(call->env, &call->chain, &call->solution);
	if (status == JRN_TOO_FEW || status == JRN_SINGULAR)
		return JRN_OK;			/* an unusable draw */
	JRN_TRY(status);
	if (!(call->solution.variance > 0.0))
		return JRN_OK;
	jrn_chain_shares(&call->chain, &call->solution, call->options->credit, call->scratch);
	for (i = 0; i <= call->map->k; i++)
		draws[(size_t) i * stride + (size_t) call->result->usable] = call->scratch[i];
	call->result->usable++;
	return JRN_OK;
}

/* R-SHARE-2 */
static jrn_status
intervals(share_call *call, double *draws)
{
	const size_t stride = (size_t) call->options->replicates;
	const size_t usable = (size_t) call->result->usable;
	int32_t		i;

	if (usable < REPLICATES_MIN || 2 * usable < stride)
		return JRN_OK;
	for (i = 0; i <= call->map->k; i++)
	{
		jrn_share_row *row = &call->result->rows[i];

		if (!has_figures(call, i))
			continue;
		JRN_TICK(call->env);
		JRN_TRY(jrn_sort_doubles(call->env, draws + (size_t) i * stride, usable));
		row->low = jrn_sorted_quantile(draws + (size_t) i * stride, usable, 0.025);
		row->high = jrn_sorted_quantile(draws + (size_t) i * stride, usable, 0.975);
	}
	return JRN_OK;
}

static jrn_status
bootstrap(share_call *call)
{
	const int32_t replicates = call->options->replicates;
	jrn_map_counts counts;
	double	   *draws;
	int32_t		done;

	if (replicates == 0)
		return JRN_OK;
	JRN_TRY(jrn_map_counts_init(call->env, call->map->k, &counts));
	JRN_TRY(jrn_alloc_array(call->env, ((size_t) call->map->k + 1) * (size_t) replicates,
							sizeof(double), &draws));
	for (done = 0; done < replicates; done += JRN_MAP_LANES)
	{
		int			lane;

		JRN_TRY(jrn_map_replicates(call->map, call->options->seed, (uint64_t) done + 1, &counts));
		for (lane = 0; lane < JRN_MAP_LANES && done + lane < replicates; lane++)
		{
			JRN_TICK(call->env);
			JRN_TRY(one_replicate(call, &counts, lane, draws));
		}
		if (call->options->progress != NULL)
			call->options->progress(call->options->progress_arg, done + lane, replicates);
	}
	return intervals(call, draws);
}

/* R-SHARE-7 */
static bool
find_memory_gap(share_call *call)
{
	jrn_share_result *result = call->result;

	result->omega_squared = jrn_omega_squared(call->forks.first, (size_t) call->map->k);
	result->memory_gap = result->omega_squared - result->rows[0].share;
	return result->memory_gap > GAP_ABOVE && result->rows[0].p < GAP_P;
}

/* R-SHARE-6, the reasons that concern a row. */
static void
row_status(share_call *call, bool gap)
{
	const jrn_map *map = call->map;
	int32_t		i;

	for (i = 0; i <= map->k; i++)
	{
		jrn_share_row *row = &call->result->rows[i];
		double		known = i == 0 ? (double) map->n_known : (double) map->known[i - 1];

		if (!has_figures(call, i))
			row->status = JRN_SHARE_NO_END;
		else if (row->customers < LOW_N)
			row->status = JRN_SHARE_LOW_N;
		else if ((double) row->customers - known > CENSORED_ABOVE * (double) row->customers)
			row->status = JRN_SHARE_CENSORED;
		else
			row->status = gap ? JRN_SHARE_MEMORY_GAP : JRN_SHARE_OK;
	}
}

static jrn_status
begin_call(share_call *call, const jrn_env *env, const jrn_map *map,
		   const jrn_share_options *options, jrn_share_result *result)
{
	memset(call, 0, sizeof(*call));
	memset(result, 0, sizeof(*result));
	call->env = env;
	call->map = map;
	call->options = options;
	call->result = result;
	result->k = map->k;
	result->mean = result->variance = NAN;
	result->omega_squared = result->memory_gap = NAN;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) map->k + 1, sizeof(jrn_share_row), &result->rows));
	return jrn_alloc_array(env, (size_t) map->k + 1, sizeof(double), &call->scratch);
}

jrn_status
jrn_share(const jrn_env *env, const jrn_map *map, const jrn_share_options *options,
		  jrn_share_result *result)
{
	share_call	call;
	jrn_share_status nothing = reason_for_nothing(map);
	jrn_status	status;

	if (options->replicates < 0 || options->permutations < 1)
		return JRN_DOMAIN;
	JRN_TRY(begin_call(&call, env, map, options, result));
	begin_rows(&call, nothing);
	if (nothing != JRN_SHARE_OK)
		return JRN_OK;
	JRN_TRY(jrn_chain_init(env, map->k, &call.chain));
	JRN_TRY(jrn_solution_init(env, map->k, &call.solution));
	JRN_TRY(jrn_map_chain(map, &call.chain));
	status = jrn_chain_solve(env, &call.chain, &call.solution);
	if (status == JRN_SINGULAR)
	{
		begin_rows(&call, JRN_SHARE_SINGULAR);
		return JRN_OK;
	}
	JRN_TRY(status);
	point_figures(&call);
	JRN_TRY(significance(&call));
	row_status(&call, find_memory_gap(&call));
	return bootstrap(&call);
}
