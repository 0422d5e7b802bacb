/*
 * damage.c
 *		Healing of differences and redirected exits (see damage.h).
 */
#include <math.h>
#include <string.h>

#include "damage.h"

#include "../core/lu.h"
#include "spectrum.h"

#define LOW_N 50
#define ROUGH_ROW 20
#define LN_2 0.69314718055994530942

/* Total variation between rows i and j, the end included. */
static double
row_distance(const jrn_chain *chain, size_t i, size_t j)
{
	const size_t k = (size_t) chain->k;
	double		sum = fabs(chain->exit[i] - chain->exit[j]);
	size_t		s;

	for (s = 0; s < k; s++)
		sum += fabs(chain->q[i * k + s] - chain->q[j * k + s]);
	return fmin(0.5 * sum, 1.0);
}

static jrn_status
dobrushin(const jrn_env *env, const jrn_chain *chain, double *largest)
{
	size_t		i,
				j;

	*largest = 0.0;
	for (i = 0; i < (size_t) chain->k; i++)
	{
		JRN_TICK(env);
		for (j = 0; j < i; j++)
			*largest = fmax(*largest, row_distance(chain, i, j));
	}
	return JRN_OK;
}

/* R-DAM-2 */
static jrn_status
rates(const jrn_env *env, const jrn_chain *chain, jrn_damage *damage)
{
	double	   *moduli;

	JRN_TRY(jrn_alloc_array(env, (size_t) chain->k, sizeof(double), &moduli));
	JRN_TRY(jrn_spectrum_moduli(env, chain->q, (size_t) chain->k, moduli));
	damage->rate = moduli[0];
	if (chain->k > 1)
	{
		damage->second = moduli[1];
		if (moduli[1] < 1.0)
			damage->half_life = moduli[1] > 0.0 ? LN_2 / -log(moduli[1]) : 0.0;
		if (moduli[0] > 0.0)
			damage->active = moduli[1] / moduli[0];
	}
	jrn_release(env, moduli);
	return JRN_OK;
}

jrn_status
jrn_damage_chain(const jrn_env *env, const jrn_chain *chain, jrn_damage *damage)
{
	jrn_solution solution;
	int32_t		i;

	damage->dobrushin = damage->second = damage->half_life = NAN;
	damage->steps = damage->rate = damage->active = NAN;
	damage->status = "too_few";
	if (chain->k == 0)
		return JRN_OK;
	damage->status = "ok";
	JRN_TRY(jrn_solution_init(env, chain->k, &solution));
	JRN_TRY(jrn_chain_solve(env, chain, &solution));
	damage->steps = 0.0;
	for (i = 0; i < chain->k; i++)
		damage->steps += solution.visits[i];	/* R-DAM-3 */
	JRN_TRY(dobrushin(env, chain, &damage->dobrushin));
	return rates(env, chain, damage);
}

static jrn_status
chain_of(const jrn_env *env, jrn_map *map, jrn_chain *chain)
{
	map->smoothing = 0.0;
	JRN_TRY(jrn_chain_init(env, map->k, chain));
	return jrn_map_chain(map, chain);
}

/* R-DAM-6 */
static const char *
damage_status(const jrn_map *map)
{
	int32_t		i;

	if (map->n_customers < LOW_N)
		return "low_n";
	for (i = 0; i < map->k; i++)
		if (map->visits[i] < ROUGH_ROW)
			return "sparse";
	return "ok";
}

jrn_status
jrn_damage_map(const jrn_env *env, jrn_map *map, jrn_damage *damage)
{
	jrn_chain	chain;
	jrn_status	status = chain_of(env, map, &chain);

	if (status == JRN_TOO_FEW)
	{
		memset(&chain, 0, sizeof(chain));
		return jrn_damage_chain(env, &chain, damage);
	}
	JRN_TRY(status);
	status = jrn_damage_chain(env, &chain, damage);
	if (status == JRN_SINGULAR)
	{
		damage->status = "rare_ends";
		return JRN_OK;
	}
	JRN_TRY(status);
	damage->status = damage_status(map);
	return JRN_OK;
}

/* N e_i, the expected visits to i from everywhere. */
static jrn_status
visits_to(const jrn_env *env, const jrn_chain *chain, int32_t i, double *visits)
{
	const size_t k = (size_t) chain->k;
	double	   *matrix;
	jrn_lu		lu;
	size_t		r,
				c;

	JRN_TRY(jrn_alloc_array(env, k * k, sizeof(double), &matrix));
	for (r = 0; r < k; r++)
	{
		for (c = 0; c < k; c++)
			matrix[r * k + c] = (r == c ? 1.0 : 0.0) - chain->q[r * k + c];
		visits[r] = r == (size_t) i ? 1.0 : 0.0;
	}
	JRN_TRY(jrn_lu_factor(env, matrix, k, &lu));
	JRN_TRY(jrn_lu_solve(env, &lu, visits));
	jrn_release(env, lu.factors);
	jrn_release(env, lu.pivots);
	jrn_release(env, matrix);
	return JRN_OK;
}

jrn_status
jrn_redirect_chain(const jrn_env *env, const jrn_chain *chain, int32_t touchpoint, int32_t from,
				   int32_t to, double amount, jrn_redirect *redirect)
{
	const size_t row = (size_t) touchpoint * (size_t) chain->k;
	jrn_solution solution;
	double	   *back;
	double		gain;
	double		returns;

	redirect->share = from == JRN_REDIRECT_END ? chain->exit[touchpoint] : chain->q[row + (size_t) from];
	redirect->change = redirect->derivative = NAN;
	redirect->status = "ok";
	if (!(amount >= 0.0))
		return JRN_DOMAIN;
	if (amount > redirect->share + 1e-12)
		return JRN_LIMIT;		/* R-DAM-5 */
	JRN_TRY(jrn_solution_init(env, chain->k, &solution));
	JRN_TRY(jrn_chain_solve(env, chain, &solution));
	JRN_TRY(jrn_alloc_array(env, (size_t) chain->k, sizeof(double), &back));
	JRN_TRY(visits_to(env, chain, touchpoint, back));
	gain = (to == JRN_REDIRECT_END ? chain->reward[touchpoint] : solution.value[to]) -
		(from == JRN_REDIRECT_END ? chain->reward[touchpoint] : solution.value[from]);
	returns = (to == JRN_REDIRECT_END ? 0.0 : back[to]) - (from == JRN_REDIRECT_END ? 0.0 : back[from]);
	redirect->derivative = solution.visits[touchpoint] * gain;
	redirect->change = amount * redirect->derivative / (1.0 - amount * returns);
	if (!isfinite(redirect->change) || 1.0 - amount * returns <= 0.0)
	{
		/* nobody could leave any more */
		redirect->change = NAN;
		redirect->status = "no_end";
	}
	return JRN_OK;
}

/* Why a map has no answer; NULL when it has one. */
static const char *
reason(const jrn_map *map, int32_t touchpoint, int32_t from, int32_t to)
{
	if (map->n_known == 0)
		return "no_outcome";
	if (map->low == map->high)
		return "one_class";
	if (!map->live[touchpoint] || (from >= 0 && !map->live[from]) || (to >= 0 && !map->live[to]))
		return "no_end";
	if ((from == JRN_REDIRECT_END || to == JRN_REDIRECT_END) && !(map->exits[3 * touchpoint] > 0.0))
		return "no_end";		/* no journey ends here: nobody knows how */
	return NULL;
}

jrn_status
jrn_redirect_map(const jrn_env *env, jrn_map *map, int32_t touchpoint, int32_t from, int32_t to,
				 double amount, jrn_redirect *redirect)
{
	jrn_chain	chain;
	jrn_status	status;

	redirect->share = redirect->change = redirect->derivative = NAN;
	redirect->status = reason(map, touchpoint, from, to);
	if (redirect->status != NULL)
		return JRN_OK;
	JRN_TRY(chain_of(env, map, &chain));
	status = jrn_redirect_chain(env, &chain, touchpoint, from, to, amount, redirect);
	if (status == JRN_SINGULAR)
	{
		redirect->change = redirect->derivative = NAN;
		redirect->status = "rare_ends";
		return JRN_OK;
	}
	JRN_TRY(status);
	redirect->change *= map->scale;
	redirect->derivative *= map->scale;
	if (strcmp(redirect->status, "ok") == 0 && map->known[touchpoint] < LOW_N)
		redirect->status = "low_n";
	return JRN_OK;
}
