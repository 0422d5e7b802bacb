/*
 * attribution.c
 *		Sharing conversions among touchpoints (see attribution.h).
 */
#include <math.h>
#include <string.h>

#include "../core/lu.h"
#include "../core/sizes.h"
#include "attribution.h"

#define EVENTS_A_TICK 65536

/* Methods that are counted path by path. */
#define COUNTED JRN_ATTRIBUTION_MARKOV

jrn_status
jrn_attribution_begin(jrn_attribution *a, const jrn_env *env, uint32_t k, uint32_t conversion, double half_life)
{
	memset(a, 0, sizeof(*a));
	if (!(half_life > 0.0))
		return JRN_DOMAIN;
	a->env = env;
	a->k = k;
	a->conversion = conversion;
	a->half_life = half_life;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) k * COUNTED, sizeof(jrn_credit_sum), &a->credit));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(uint64_t), &a->seen));
	if (k > JRN_ATTRIBUTION_MAX_STATES)
		return JRN_OK;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) k * k, sizeof(double), &a->next));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(double), &a->start));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(double), &a->converts));
	JRN_TRY(jrn_alloc_zeroed(env, k, sizeof(double), &a->leaves));
	return jrn_alloc_zeroed(env, k, sizeof(double), &a->removal);
}

static void
give(jrn_attribution *a, int method, uint32_t label, double share, double value)
{
	jrn_credit_sum *sum = &a->credit[(size_t) method * a->k + label];

	jrn_acc_add(&sum->conversions, share);
	jrn_acc_add(&sum->value, share * value);
}

/* Share of touch i of n (R-ATT-2). */
static double
position_share(size_t i, size_t n)
{
	if (n <= 2)
		return 1.0 / (double) n;
	return i == 0 || i == n - 1 ? 0.4 : 0.2 / (double) (n - 2);
}

/* Share the conversion among the touches before it. */
static jrn_status
share_out(jrn_attribution *a, const jrn_event *touches, size_t n, double value)
{
	double		weights = 0.0;
	size_t		distinct = 0;
	size_t		i;

	a->paths++;
	give(a, JRN_ATTRIBUTION_FIRST, touches[0].label, 1.0, value);
	give(a, JRN_ATTRIBUTION_LAST, touches[n - 1].label, 1.0, value);
	for (i = 0; i < n; i++)
	{
		/* ages from the last touch: only ratios count, and the newest has weight 1 */
		weights += exp2(-jrn_apart(touches[i].ts, touches[n - 1].ts) / a->half_life);
		if (a->seen[touches[i].label] != a->paths)
			distinct++;
		a->seen[touches[i].label] = a->paths;
	}
	a->paths++;					/* the second look at what was seen */
	for (i = 0; i < n; i++)
	{
		uint32_t	label = touches[i].label;

		if (i % EVENTS_A_TICK == EVENTS_A_TICK - 1)
			JRN_TICK(a->env);
		give(a, JRN_ATTRIBUTION_LINEAR, label, 1.0 / (double) n, value);
		give(a, JRN_ATTRIBUTION_POSITION, label, position_share(i, n), value);
		give(a, JRN_ATTRIBUTION_DECAY, label,
			 exp2(-jrn_apart(touches[i].ts, touches[n - 1].ts) / a->half_life) / weights, value);
		if (a->seen[label] != a->paths)
			give(a, JRN_ATTRIBUTION_SHAPLEY, label, 1.0 / (double) distinct, value);
		a->seen[label] = a->paths;
	}
	return JRN_OK;
}

/* The path in the chain. */
static jrn_status
count_path(jrn_attribution *a, const jrn_event *touches, size_t n, bool converted)
{
	size_t		i;

	if (a->next == NULL)
		return JRN_OK;
	if (n == 0)
	{
		a->direct_starts += 1.0;
		return JRN_OK;
	}
	a->start[touches[0].label] += 1.0;
	for (i = 0; i < n; i++)
	{
		if (i % EVENTS_A_TICK == EVENTS_A_TICK - 1)
			JRN_TICK(a->env);
		a->leaves[touches[i].label] += 1.0;
		if (i + 1 < n)
			a->next[(size_t) touches[i].label * a->k + touches[i + 1].label] += 1.0;
	}
	if (converted)
		a->converts[touches[n - 1].label] += 1.0;
	return JRN_OK;
}

jrn_status
jrn_attribution_add(jrn_attribution *a, const jrn_event *events, size_t n, const double *values)
{
	size_t		begin = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		double		value;

		if (events[i].label != a->conversion)
			continue;
		value = values == NULL ? 0.0 : values[i];
		if (!isfinite(value))
			return JRN_NONFINITE;
		jrn_acc_add(&a->total.conversions, 1.0);
		jrn_acc_add(&a->total.value, value);
		JRN_TRY(count_path(a, events + begin, i - begin, true));
		if (i > begin)
			JRN_TRY(share_out(a, events + begin, i - begin, value));
		else
		{
			jrn_acc_add(&a->direct.conversions, 1.0);
			jrn_acc_add(&a->direct.value, value);
		}
		begin = i + 1;
	}
	return begin < n ? count_path(a, events + begin, n - begin, false) : JRN_OK;
}

/* I - Q over labels that were touched; the others are rows of the identity. */
static jrn_status
factor_chain(const jrn_attribution *a, jrn_lu *lu)
{
	size_t		k = a->k;
	double	   *m;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(a->env, k * k, sizeof(double), &m));
	for (i = 0; i < k; i++)
	{
		JRN_TICK(a->env);
		for (j = 0; j < k; j++)
			m[i * k + j] = (i == j ? 1.0 : 0.0) - (a->leaves[i] > 0.0 ? a->next[i * k + j] / a->leaves[i] : 0.0);
	}
	JRN_TRY(jrn_lu_factor(a->env, m, k, lu));
	jrn_release(a->env, m);
	return JRN_OK;
}

/* R-ATT-3 */
jrn_status
jrn_attribution_finish(jrn_attribution *a)
{
	size_t		k = a->k;
	double		starts = a->direct_starts;
	double		p;
	double	   *visits;			/* s N */
	double	   *value;			/* N r */
	double	   *unit;
	jrn_lu		lu;
	size_t		i;

	if (a->next == NULL || k == 0)
		return JRN_OK;
	for (i = 0; i < k; i++)
	{
		a->removal[i] = NAN;
		starts += a->start[i];
	}
	if (!(jrn_acc_value(&a->total.conversions) > 0.0))
		return JRN_OK;
	JRN_TRY(factor_chain(a, &lu));
	JRN_TRY(jrn_alloc_array(a->env, k, sizeof(double), &visits));
	JRN_TRY(jrn_alloc_array(a->env, k, sizeof(double), &value));
	JRN_TRY(jrn_alloc_array(a->env, k, sizeof(double), &unit));
	for (i = 0; i < k; i++)
	{
		visits[i] = a->start[i] / starts;
		value[i] = a->leaves[i] > 0.0 ? a->converts[i] / a->leaves[i] : 0.0;
	}
	JRN_TRY(jrn_lu_solve_transposed(a->env, &lu, visits));
	JRN_TRY(jrn_lu_solve(a->env, &lu, value));
	p = a->direct_starts / starts;
	for (i = 0; i < k; i++)
		p += a->start[i] / starts * value[i];
	for (i = 0; i < k; i++)
	{
		JRN_TICK(a->env);
		if (a->leaves[i] == 0.0)
			continue;
		memset(unit, 0, k * sizeof(double));
		unit[i] = 1.0;
		JRN_TRY(jrn_lu_solve(a->env, &lu, unit));
		/* a chance; rounding may leave [0, 1] by the last digit */
		a->removal[i] = fmin(fmax(visits[i] * value[i] / (unit[i] * p), 0.0), 1.0);
	}
	return JRN_OK;
}

static void
markov_credit(const jrn_attribution *a, uint32_t label, double *conversions, double *value)
{
	double		sum = 0.0;
	uint32_t	i;

	*conversions = *value = 0.0;
	if (a->removal == NULL || isnan(a->removal[label]))
		return;
	for (i = 0; i < a->k; i++)
		if (!isnan(a->removal[i]))
			sum += a->removal[i];
	if (!(sum > 0.0))
		return;					/* every conversion is direct */
	*conversions = a->removal[label] / sum *
		(jrn_acc_value(&a->total.conversions) - jrn_acc_value(&a->direct.conversions));
	*value = a->removal[label] / sum * (jrn_acc_value(&a->total.value) - jrn_acc_value(&a->direct.value));
}

void
jrn_attribution_credit(const jrn_attribution *a, jrn_attribution_method method, uint32_t label,
					   double *conversions, double *value)
{
	const jrn_credit_sum *sum;

	if (method == JRN_ATTRIBUTION_MARKOV)
	{
		markov_credit(a, label, conversions, value);
		return;
	}
	sum = &a->credit[(size_t) method * a->k + label];
	*conversions = jrn_acc_value(&sum->conversions);
	*value = jrn_acc_value(&sum->value);
}
