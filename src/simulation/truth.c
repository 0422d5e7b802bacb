/*
 * truth.c
 *		The truth of a simulation, from its parameters (R-SIM-4, 6, 8 of
 *		simulate.h; shares by reference/chaos.md 4.3).
 *
 * Shares are computed as sums of squares around the mean,
 *	first	= sum alpha_i (b_i - p)^2 / (p (1 - p)),
 *	share_i	= n_i sum_j P_ij (b_j - b_i)^2 / (p (1 - p)), outcomes among the j,
 * which equals the form of 4.3 and has no cancellation: independence of the
 * journey gives a clean 0.
 */
#include <math.h>

#include "../core/lu.h"
#include "simulate.h"

/* The order-1 map of what is recorded: every matrix row-major, n x n. */
typedef struct recorded_map
{
	size_t		n;
	double	   *first;
	double	   *visits;
	double	   *next;
	double	   *loyal;			/* ends with the outcome */
	double	   *lost;			/* ends without it */
	double	   *rate;			/* b */
} recorded_map;

/* Share-weighted means over segment, strategy and drift of the two flips. */
static void
mean_flips(const jrn_sim_model *m, double *up, double *down)
{
	int			g,
				turn;
	int32_t		s;

	*up = *down = 0.0;
	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		for (s = 0; s < m->options.strategies; s++)
			for (turn = 0; turn < 2; turn++)
			{
				double		effect = m->options.effects[s][g];
				double		shift = m->lift[g] + (turn == 0 ? effect : -effect);
				double		weight = jrn_sim_segments[g].share * m->propensity[g][s] *
					(turn == 0 ? m->before : 1.0 - m->before);

				if (shift > 0.0)
					*up += weight * shift / (1.0 - JRN_SIM_BASE);
				else
					*down -= weight * shift / JRN_SIM_BASE;
			}
}

/* Values of strategies, segments, policies: no journey enters (R-SIM-4). */
static void
solve_values(const jrn_sim_model *m, jrn_sim_truth *t)
{
	double		factor = m->before - (1.0 - m->before);
	int			g;
	int32_t		s;

	t->policy_value = 0.0;
	for (s = 0; s < m->options.strategies; s++)
	{
		double		effect = 0.0,
					taken = 0.0;

		t->naive_value[s] = 0.0;
		for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		{
			double		share = jrn_sim_segments[g].share;

			t->segment_value[g][s] = JRN_SIM_BASE + m->lift[g] + factor * m->options.effects[s][g];
			effect += share * m->options.effects[s][g];
			taken += share * m->propensity[g][s];
			t->naive_value[s] += share * m->propensity[g][s] * t->segment_value[g][s];
		}
		t->share[s] = taken;
		t->naive_value[s] /= taken;
		t->effect[s] = factor * effect;
		t->effect_before[s] = effect;
		t->effect_after[s] = m->options.drift_day >= 0 ? -effect : effect;
	}
	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
	{
		double		best = t->segment_value[g][0];

		t->segment_rate[g] = 0.0;
		for (s = 0; s < m->options.strategies; s++)
		{
			best = fmax(best, t->segment_value[g][s]);
			t->segment_rate[g] += m->propensity[g][s] * t->segment_value[g][s];
		}
		t->policy_value += jrn_sim_segments[g].share * best;
	}
}

static jrn_status
create_map(const jrn_env *env, size_t n, recorded_map *map)
{
	map->n = n;
	JRN_TRY(jrn_alloc_zeroed(env, n * n, sizeof(double), &map->next));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &map->first));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &map->visits));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &map->loyal));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &map->lost));
	return jrn_alloc_zeroed(env, n, sizeof(double), &map->rate);
}

/*
 * Pool the flows of the true chain by recorded label.  With noise the label
 * after state i is the newsletter with probability noise, and from there the
 * journey goes on as from i: the newsletter's row is the visit-weighted mean
 * of all rows, which is where the recorded map forgets (R-SIM-6).
 */
static void
pool_flows(const jrn_sim_model *m, double noise, recorded_map *map)
{
	size_t		k = (size_t) m->size,
				i,
				j;
	double		up,
				down,
				all = 0.0;

	mean_flips(m, &up, &down);
	for (i = 0; i < k; i++)
		all += m->visits[i];
	for (i = 0; i < k; i++)
	{
		double		q = m->own[i] + up * (1.0 - m->own[i]) - down * m->own[i];
		double		weight = m->visits[i] / all;

		map->first[i] = m->first[i];
		map->visits[i] = m->visits[i];
		map->loyal[i] = (1.0 - noise) * m->exit[i] * q;
		map->lost[i] = (1.0 - noise) * m->exit[i] * (1.0 - q);
		for (j = 0; j < k; j++)
			map->next[i * map->n + j] = (1.0 - noise) * m->next[i * k + j];
		if (map->n == k)
			continue;
		map->next[i * map->n + k] = noise;
		map->loyal[k] += weight * m->exit[i] * q;
		map->lost[k] += weight * m->exit[i] * (1.0 - q);
		for (j = 0; j < k; j++)
			map->next[k * map->n + j] += weight * m->next[i * k + j];
	}
	if (map->n > k)
		map->visits[k] = noise * all;
}

/* b: (I - P) b = loyal */
static jrn_status
solve_rates(const jrn_env *env, recorded_map *map)
{
	size_t		n = map->n,
				i,
				j;
	double	   *matrix;
	jrn_lu		lu;

	JRN_TRY(jrn_alloc_array(env, n * n, sizeof(double), &matrix));
	for (i = 0; i < n; i++)
	{
		map->rate[i] = map->loyal[i];
		for (j = 0; j < n; j++)
			matrix[i * n + j] = (i == j ? 1.0 : 0.0) - map->next[i * n + j];
	}
	JRN_TRY(jrn_lu_factor(env, matrix, n, &lu));
	return jrn_lu_solve(env, &lu, map->rate);
}

/* Outcome rate and first-touch share of a map. */
static void
first_touch(const recorded_map *map, double *rate, double *share)
{
	double		p = 0.0,
				between = 0.0;
	size_t		i;

	for (i = 0; i < map->n; i++)
		p += map->first[i] * map->rate[i];
	for (i = 0; i < map->n; i++)
		between += map->first[i] * (map->rate[i] - p) * (map->rate[i] - p);
	*rate = p;
	*share = between / (p * (1.0 - p));
}

static double
chaos_share(const recorded_map *map, size_t i, double p)
{
	double		b = map->rate[i];
	double		v = map->loyal[i] * (1.0 - b) * (1.0 - b) + map->lost[i] * b * b;
	size_t		j;

	for (j = 0; j < map->n; j++)
		v += map->next[i * map->n + j] * (map->rate[j] - b) * (map->rate[j] - b);
	return map->visits[i] * v / (p * (1.0 - p));
}

static void
fill_labels(const jrn_sim_model *m, const recorded_map *map, jrn_sim_truth *t)
{
	size_t		i;

	t->labels = (int32_t) map->n;
	t->mean_events = 0.0;
	t->mean_score = (double) NAN;
	for (i = 0; i < map->n; i++)
	{
		t->label[i] = i < (size_t) m->size ? m->options.chosen[i] : JRN_SIM_NEWSLETTER;
		t->visits[i] = map->visits[i];
		t->rate_from[i] = map->rate[i];
		t->chaos_share[i] = chaos_share(map, i, t->outcome_rate);
		t->mean_events += map->visits[i];
	}
}

/*
 * Each survey's customer has the outcome with the true chain's b, whatever
 * went before; the score follows the outcome.
 */
static void
fill_score(const jrn_sim_model *m, const recorded_map *chain, jrn_sim_truth *t)
{
	double		mean[2] = {0.0, 0.0};
	int			k;
	size_t		i;

	for (k = 0; k < 5; k++)
	{
		mean[0] += (k + 1) * jrn_sim_score_shares[0][k];
		mean[1] += (k + 1) * jrn_sim_score_shares[1][k];
	}
	for (i = 0; i < chain->n; i++)
		if (m->options.chosen[i] == JRN_SIM_SURVEY)
			t->mean_score = chain->rate[i] * mean[1] + (1.0 - chain->rate[i]) * mean[0];
}

jrn_status
jrn_sim_truth_solve(const jrn_env *env, const jrn_sim_model *model, jrn_sim_truth *truth)
{
	recorded_map chain,
				map;
	double		noise = model->options.noise;

	JRN_TRY(create_map(env, (size_t) model->size, &chain));
	pool_flows(model, 0.0, &chain);
	JRN_TRY(solve_rates(env, &chain));
	first_touch(&chain, &truth->outcome_rate, &truth->first_touch_effect);
	JRN_TRY(create_map(env, (size_t) model->size + (noise > 0.0 ? 1 : 0), &map));
	pool_flows(model, noise, &map);
	JRN_TRY(solve_rates(env, &map));
	first_touch(&map, &truth->outcome_rate, &truth->first_touch_share);
	fill_labels(model, &map, truth);
	fill_score(model, &chain, truth);
	solve_values(model, truth);
	return JRN_OK;
}
