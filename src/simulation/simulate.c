/*
 * simulate.c
 *		Options into a model: the chain, what it decides, who gets what
 *		(definitions and requirements in simulate.h).
 */
#include <math.h>

#include "../core/lu.h"
#include "simulate.h"

void
jrn_sim_defaults(jrn_sim_options *options)
{
	static const jrn_sim_options none;
	static const double effects[] = {0.05, 0.0, 0.02};	/* callback, none, tutorial */
	int			s,
				g,
				i;

	*options = none;
	options->days = 180;
	options->drift_day = -1;
	options->strategies = 3;
	for (s = 0; s < 3; s++)
		for (g = 0; g < JRN_SIM_SEGMENTS; g++)
			options->effects[s][g] = effects[s];
	options->sensitivity = 1.0;
	options->touchpoints = JRN_SIM_NAMED;
	for (i = 0; i < JRN_SIM_NAMED; i++)
		options->chosen[i] = i;
}

/* Segment lifts with mean 0 over customers. */
static void
centred_lifts(double *lift)
{
	double		mean = 0.0;
	int			g;

	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		mean += jrn_sim_segments[g].share * jrn_sim_segments[g].lift;
	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		lift[g] = jrn_sim_segments[g].lift - mean;
}

bool
jrn_sim_effect_outside(const jrn_sim_options *options, int32_t *strategy,
					   int32_t *segment, double *base, double *rate)
{
	double		lift[JRN_SIM_SEGMENTS];
	int			s,
				g,
				turn;

	centred_lifts(lift);
	for (s = 0; s < options->strategies; s++)
		for (g = 0; g < JRN_SIM_SEGMENTS; g++)
			for (turn = 0; turn <= (options->drift_day >= 0); turn++)
			{
				double		effect = options->effects[s][g];

				*strategy = s;
				*segment = g;
				*base = JRN_SIM_BASE + lift[g];
				*rate = *base + (turn == 0 ? effect : -effect);
				if (!(*rate >= 0.0 && *rate <= 1.0))
					return true;
			}
	return false;
}

static jrn_status
check_options(const jrn_sim_options *o)
{
	int32_t		s,
				g,
				i;
	double		base,
				rate;

	if (o->days < 1 || o->days > JRN_SIM_MAX_DAYS ||
		o->drift_day < -1 || o->drift_day > o->days ||
		o->strategies < 1 || o->strategies > JRN_SIM_MAX_STRATEGIES ||
		o->touchpoints < 2 || o->touchpoints > JRN_SIM_MAX_TOUCHPOINTS ||
		!(o->confounding >= 0.0 && o->confounding <= 1.0) ||
		!(o->noise >= 0.0 && o->noise <= 1.0) ||
		!(o->sensitivity >= 0.0 && o->sensitivity <= JRN_SIM_MAX_SENSITIVITY))
		return JRN_DOMAIN;
	for (i = 0; i < o->touchpoints; i++)
		if (o->chosen[i] < 0 || o->chosen[i] >= JRN_SIM_MAX_TOUCHPOINTS ||
			(i > 0 && o->chosen[i] <= o->chosen[i - 1]))
			return JRN_DOMAIN;
	return jrn_sim_effect_outside(o, &s, &g, &base, &rate) ? JRN_DOMAIN : JRN_OK;
}

/* Weights into probabilities that add up to total; all 0: equal ones. */
static void
normalise(double *weights, int32_t count, double total)
{
	double		sum = 0.0;
	int32_t		j;

	for (j = 0; j < count; j++)
		sum += weights[j];
	for (j = 0; j < count; j++)
		weights[j] = sum > 0.0 ? weights[j] * total / sum : total / count;
}

static void
running_sums(const double *p, int32_t count, double *sums)
{
	double		sum = 0.0;
	int32_t		j;

	for (j = 0; j < count; j++)
	{
		sum += p[j];
		sums[j] = sum;
	}
}

/* alpha, P and e over the chosen touchpoints. */
static void
fill_chain(jrn_sim_model *m)
{
	const int32_t *chosen = m->options.chosen;
	int32_t		i,
				j;

	for (i = 0; i < m->size; i++)
	{
		jrn_sim_touchpoint t = jrn_sim_touchpoint_get(chosen[i]);
		double	   *row = m->next + (size_t) i * (size_t) m->size;

		m->first[i] = t.first;
		m->exit[i] = t.exit;
		for (j = 0; j < m->size; j++)
			row[j] = jrn_sim_follow_weight(chosen[i], chosen[j]);
		normalise(row, m->size, 1.0 - t.exit);
		running_sums(row, m->size, m->next_to + (size_t) i * (size_t) m->size);
	}
	normalise(m->first, m->size, 1.0);
	running_sums(m->first, m->size, m->first_to);
}

/* Expected visits: (I - P') n = alpha. */
static jrn_status
solve_visits(const jrn_env *env, jrn_sim_model *m)
{
	size_t		size = (size_t) m->size,
				i,
				j;
	double	   *matrix;
	jrn_lu		lu;

	JRN_TRY(jrn_alloc_array(env, size * size, sizeof(double), &matrix));
	for (i = 0; i < size; i++)
	{
		m->visits[i] = m->first[i];
		for (j = 0; j < size; j++)
			matrix[i * size + j] = (i == j ? 1.0 : 0.0) - m->next[i * size + j];
	}
	JRN_TRY(jrn_lu_factor(env, matrix, size, &lu));
	return jrn_lu_solve_transposed(env, &lu, m->visits);
}

/*
 * own_i: the pulls, saturated, centred on the last touchpoints so that their
 * mean is the base, and shrunk together where one would leave [0, 1].
 */
static void
fill_own(jrn_sim_model *m)
{
	double		mean = 0.0,
				most = 1.0;
	int32_t		i;

	for (i = 0; i < m->size; i++)
	{
		double		x = m->options.sensitivity *
			jrn_sim_touchpoint_get(m->options.chosen[i]).pull;

		m->own[i] = JRN_SIM_AMPLITUDE * x / (1.0 + fabs(x));
		mean += m->visits[i] * m->exit[i] * m->own[i];
	}
	for (i = 0; i < m->size; i++)
	{
		double		room;

		m->own[i] -= mean;
		room = m->own[i] > 0.0 ? 1.0 - JRN_SIM_BASE : JRN_SIM_BASE;
		most = fmax(most, fabs(m->own[i]) / room);
	}
	for (i = 0; i < m->size; i++)
		m->own[i] = JRN_SIM_BASE + m->own[i] / most;
}

/* R-SIM-5 */
static void
fill_propensities(jrn_sim_model *m)
{
	int32_t		count = m->options.strategies,
				s;
	int			g;

	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		for (s = 0; s < count; s++)
		{
			double		rank = count > 1 ? 2.0 * s / (count - 1) - 1.0 : 0.0;

			m->propensity[g][s] =
				(1.0 + m->options.confounding * jrn_sim_segments[g].leaning * rank) / count;
		}
}

jrn_status
jrn_sim_prepare(const jrn_env *env, const jrn_sim_options *options, jrn_sim_model *model)
{
	size_t		cells;
	int32_t		room;

	JRN_TRY(check_options(options));
	model->options = *options;
	model->size = options->touchpoints;
	/* the last journeys get up to 30 days to run their course */
	room = options->days / 2 < 30 ? options->days / 2 : 30;
	model->start_days = options->days - room;
	model->before = 1.0;
	if (options->drift_day >= 0 && options->drift_day < model->start_days)
		model->before = (double) options->drift_day / model->start_days;
	cells = (size_t) model->size * (size_t) model->size;
	JRN_TRY(jrn_alloc_array(env, cells, sizeof(double), &model->next));
	JRN_TRY(jrn_alloc_array(env, cells, sizeof(double), &model->next_to));
	fill_chain(model);
	JRN_TRY(solve_visits(env, model));
	fill_own(model);
	centred_lifts(model->lift);
	fill_propensities(model);
	return JRN_OK;
}
