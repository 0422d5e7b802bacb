/*
 * share.c
 *		Chaos shares of a journey map, and what both methods share (see
 *		share.h).
 */
#include <math.h>
#include <string.h>

#include "share_call.h"

#include "../core/multiple.h"
#include "../maps/steering.h"

#define REPLICATES_MIN 20

/* A call by the map. */
typedef struct map_call
{
	jrn_share_call *call;
	jrn_chain	chain;
	jrn_solution solution;
	double	   *scratch;		/* k + 1 */
} map_call;

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

/* ---- common to both methods ---- */

/* Customers by whom a row is told, and those of them with an outcome. */
static void
reach_of_row(const jrn_map *map, int32_t i, int64_t *customers, int64_t *known, int64_t *visits)
{
	*customers = *visits = (int64_t) map->n_customers;
	*known = (int64_t) map->n_known;
	if (i > map->k)				/* what the outcome itself tells */
		*customers = *visits = *known;
	else if (i > 0)
	{
		*customers = map->customers[i - 1];
		*known = map->known[i - 1];
		*visits = map->visits[i - 1];
	}
}

void
jrn_share_begin_rows(jrn_share_call *call, jrn_share_status status)
{
	int32_t		i;

	for (i = 0; i < call->result->row_count; i++)
	{
		jrn_share_row *row = &call->result->rows[i];
		int64_t		known;

		reach_of_row(call->map, i, &row->customers, &known, &row->visits);
		row->share = row->low = row->high = NAN;
		row->leverage = row->mean_effect = row->gain = row->p = row->q = NAN;
		row->best = row->worst = -1;
		row->status = status;
	}
}

jrn_share_status
jrn_share_reason_for_nothing(const jrn_map *map)
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

static jrn_status
significance(jrn_share_call *call)
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
		if (call->figures[1 + i])
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

/* R-SHARE-7 */
static bool
find_memory_gap(jrn_share_call *call)
{
	jrn_share_result *result = call->result;

	result->omega_squared = jrn_omega_squared(call->forks.first, (size_t) call->map->k);
	result->memory_gap = result->omega_squared - result->rows[0].share;
	return result->memory_gap > JRN_SHARE_GAP && result->rows[0].p < JRN_SHARE_GAP_P;
}

jrn_share_status
jrn_share_quality(int64_t customers, int64_t known, bool gap)
{
	if (customers < JRN_SHARE_LOW_CUSTOMERS)
		return JRN_SHARE_LOW_N;
	if ((double) (customers - known) > JRN_SHARE_CENSORED_ABOVE * (double) customers)
		return JRN_SHARE_CENSORED;
	return gap ? JRN_SHARE_MEMORY_GAP : JRN_SHARE_OK;
}

jrn_status
jrn_share_judge(jrn_share_call *call)
{
	bool		gap;
	int32_t		i;

	JRN_TRY(significance(call));
	gap = find_memory_gap(call);
	for (i = 0; i < call->result->row_count; i++)
	{
		jrn_share_row *row = &call->result->rows[i];
		int64_t		customers,
					known,
					visits;

		/* censoring of the whole source concerns what the outcome tells, too */
		reach_of_row(call->map, i > call->map->k ? 0 : i, &customers, &known, &visits);
		row->status = call->figures[i] ? jrn_share_quality(customers, known, gap) : JRN_SHARE_NO_END;
	}
	return JRN_OK;
}

jrn_status
jrn_share_intervals(jrn_share_call *call, double *draws)
{
	const size_t stride = (size_t) call->options->replicates;
	const size_t usable = (size_t) call->result->usable;
	int32_t		i;

	if (usable < REPLICATES_MIN || 2 * usable < stride)
		return JRN_OK;
	for (i = 0; i < call->result->row_count; i++)
	{
		jrn_share_row *row = &call->result->rows[i];

		if (!call->figures[i])
			continue;
		JRN_TICK(call->env);
		JRN_TRY(jrn_sort_doubles(call->env, draws + (size_t) i * stride, usable));
		row->low = jrn_sorted_quantile(draws + (size_t) i * stride, usable, 0.025);
		row->high = jrn_sorted_quantile(draws + (size_t) i * stride, usable, 0.975);
	}
	return JRN_OK;
}

/* ---- by the map ---- */

/* Everything that comes from the map as it is. */
static void
point_figures(map_call *way)
{
	const jrn_map *map = way->call->map;
	const jrn_solution *solution = &way->solution;
	jrn_share_row *rows = way->call->result->rows;
	int32_t		i;

	jrn_chain_shares(&way->chain, solution, way->call->options->credit, way->scratch);
	for (i = 0; i <= map->k; i++)
		if (way->call->figures[i])
			rows[i].share = way->scratch[i];
	jrn_chain_leverage(&way->chain, solution, way->scratch);
	for (i = 0; i < map->k; i++)
		if (map->live[i])
			rows[1 + i].leverage = way->scratch[i];
	jrn_chain_effects(&way->chain, solution, way->scratch);
	for (i = 0; i < map->k; i++)
		if (map->live[i])
		{
			rows[1 + i].mean_effect = way->scratch[i] * map->scale;
			rows[1 + i].gain = jrn_steering(map, solution, map->next + (size_t) i * (size_t) map->k,
											solution->visits[i], &rows[1 + i].best, &rows[1 + i].worst);
		}
	rows[0].gain = jrn_steering(map, solution, map->start, 1.0, &rows[0].best, &rows[0].worst);
	way->call->result->mean = map->centre + map->scale * solution->mean;
	way->call->result->variance = map->scale * map->scale * solution->variance;
}

/* Shares of one lane into draws[row * replicates + usable]. */
static jrn_status
one_replicate(map_call *way, const jrn_map_counts *counts, int lane, double *draws)
{
	const jrn_share_call *call = way->call;
	const size_t stride = (size_t) call->options->replicates;
	jrn_status	status = jrn_map_lane_chain(call->map, counts, lane, &way->chain);
	int32_t		i;

	if (status == JRN_OK)
		status = jrn_chain_solve(call->env, &way->chain, &way->solution);
	if (status == JRN_TOO_FEW || status == JRN_SINGULAR)
		return JRN_OK;			/* an unusable draw */
	JRN_TRY(status);
	if (!(way->solution.variance > 0.0))
		return JRN_OK;
	jrn_chain_shares(&way->chain, &way->solution, call->options->credit, way->scratch);
	for (i = 0; i <= call->map->k; i++)
		draws[(size_t) i * stride + (size_t) call->result->usable] = way->scratch[i];
	call->result->usable++;
	return JRN_OK;
}

static jrn_status
bootstrap(map_call *way)
{
	jrn_share_call *call = way->call;
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
			JRN_TRY(one_replicate(way, &counts, lane, draws));
		}
		if (call->options->progress != NULL)
			call->options->progress(call->options->progress_arg, done + lane, replicates);
	}
	return jrn_share_intervals(call, draws);
}

jrn_status
jrn_share_of_map(jrn_share_call *call)
{
	const jrn_map *map = call->map;
	map_call	way;
	jrn_status	status;
	int32_t		i;

	memset(&way, 0, sizeof(way));
	way.call = call;
	call->figures[0] = true;
	for (i = 0; i < map->k; i++)
		call->figures[1 + i] = map->live[i];
	JRN_TRY(jrn_alloc_array(call->env, (size_t) map->k + 1, sizeof(double), &way.scratch));
	JRN_TRY(jrn_chain_init(call->env, map->k, &way.chain));
	JRN_TRY(jrn_solution_init(call->env, map->k, &way.solution));
	JRN_TRY(jrn_map_chain(map, &way.chain));
	status = jrn_chain_solve(call->env, &way.chain, &way.solution);
	if (status == JRN_SINGULAR)
	{
		jrn_share_begin_rows(call, JRN_SHARE_SINGULAR);
		return JRN_OK;
	}
	JRN_TRY(status);
	point_figures(&way);
	JRN_TRY(jrn_share_judge(call));
	return bootstrap(&way);
}

/* ---- the call ---- */

static jrn_status
begin_call(jrn_share_call *call, const jrn_env *env, const jrn_map *map,
		   const jrn_share_options *options, jrn_share_result *result)
{
	memset(call, 0, sizeof(*call));
	memset(result, 0, sizeof(*result));
	call->env = env;
	call->map = map;
	call->options = options;
	call->result = result;
	result->k = map->k;
	result->row_count = map->k + (options->method == JRN_SHARE_MODEL ? 2 : 1);
	result->mean = result->variance = NAN;
	result->omega_squared = result->memory_gap = NAN;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) result->row_count, sizeof(bool), &call->figures));
	return jrn_alloc_zeroed(env, (size_t) result->row_count, sizeof(jrn_share_row), &result->rows);
}

jrn_status
jrn_share(const jrn_env *env, const jrn_map *map, const jrn_share_options *options,
		  jrn_share_result *result)
{
	jrn_share_call call;
	jrn_share_status nothing = jrn_share_reason_for_nothing(map);

	if (options->replicates < 0 || options->permutations < 1)
		return JRN_DOMAIN;
	JRN_TRY(begin_call(&call, env, map, options, result));
	jrn_share_begin_rows(&call, nothing);
	if (nothing != JRN_SHARE_OK)
		return JRN_OK;
	return options->method == JRN_SHARE_MODEL ? jrn_share_of_model(&call) : jrn_share_of_map(&call);
}
