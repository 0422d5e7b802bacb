/*
 * first_touch.c
 *		The effect of the first event (see first_touch.h).
 */
#include <math.h>
#include <string.h>

#include "first_touch.h"
#include "share_call.h"

/* R-FT-3; NaN where the map cannot be solved. */
static jrn_status
markov_share(const jrn_env *env, const jrn_map *map, double *share)
{
	jrn_chain	chain;
	jrn_solution solution;
	jrn_status	status;

	*share = NAN;
	JRN_TRY(jrn_chain_init(env, map->k, &chain));
	JRN_TRY(jrn_solution_init(env, map->k, &solution));
	JRN_TRY(jrn_map_chain(map, &chain));
	status = jrn_chain_solve(env, &chain, &solution);
	if (status == JRN_SINGULAR)
		return JRN_OK;
	JRN_TRY(status);
	if (solution.variance > 0.0)
		*share = solution.first / solution.variance;
	return JRN_OK;
}

/* R-FT-4, the reasons that leave no effect; NULL: there is one. */
static const char *
reason_for_nothing(const jrn_map *map, const jrn_first_touch *effect)
{
	jrn_share_status reason = jrn_share_reason_for_nothing(map);

	if (reason != JRN_SHARE_OK)
		return jrn_share_status_word(reason);
	if (effect->categories < 2)
		return "one_category";
	return isnan(effect->omega_squared) ? jrn_share_status_word(JRN_SHARE_TOO_FEW) : NULL;
}

jrn_status
jrn_first_touch_effect(const jrn_env *env, const jrn_map *map, int32_t permutations, uint64_t seed,
					   jrn_first_touch *effect)
{
	jrn_forks	forks;
	size_t		i;

	if (permutations < 1)
		return JRN_DOMAIN;
	memset(effect, 0, sizeof(*effect));
	effect->omega_squared = effect->markov_share = effect->memory_gap = effect->p = NAN;
	effect->n = (int64_t) map->n_known;
	JRN_TRY(jrn_forks_count(env, map, &forks));
	for (i = 0; i < (size_t) map->k; i++)
		effect->categories += forks.first[i].n > 0.0;
	if (effect->categories > 1)
		effect->omega_squared = jrn_omega_squared(forks.first, (size_t) map->k);
	effect->status = reason_for_nothing(map, effect);
	if (effect->status != NULL)
	{
		effect->omega_squared = NAN;
		return JRN_OK;
	}
	JRN_TRY(jrn_forks_permute(env, &forks, permutations, seed, &effect->p));
	JRN_TRY(markov_share(env, map, &effect->markov_share));
	effect->memory_gap = effect->omega_squared - effect->markov_share;
	effect->status = jrn_share_status_word(isnan(effect->markov_share) ? JRN_SHARE_SINGULAR :
										   jrn_share_quality((int64_t) map->n_customers, (int64_t) map->n_known,
															 effect->memory_gap > JRN_SHARE_GAP &&
															 effect->p < JRN_SHARE_GAP_P));
	return JRN_OK;
}
