/*
 * stratified.c
 *		Exact stratified test (see stratified.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/gamma.h"
#include "stratified.h"

#define REACH 8.3				/* standard deviations that are looked at */
#define ALIKE 1e-7				/* relative: probabilities that count as equal */

static double
log_choose(double n, double k)
{
	return jrn_log_gamma(n + 1.0) - jrn_log_gamma(k + 1.0) - jrn_log_gamma(n - k + 1.0);
}

static int64_t
least(const jrn_stratum *s)
{
	int64_t		low = s->outcome + s->property - s->n;

	return low > 0 ? low : 0;
}

static int64_t
most(const jrn_stratum *s)
{
	return s->outcome < s->property ? s->outcome : s->property;
}

static double
mean_of(const jrn_stratum *s)
{
	return (double) s->outcome * (double) s->property / (double) s->n;
}

static double
variance_of(const jrn_stratum *s)
{
	double		n = (double) s->n;

	return s->n < 2 ? 0.0 : mean_of(s) * (n - (double) s->outcome) * (n - (double) s->property) / (n * (n - 1.0));
}

/* Probabilities of one stratum on a stretch of its values. */
typedef struct stretch
{
	int64_t		low;
	int64_t		count;
	double	   *p;
} stretch;

/* Values within REACH standard deviations, by the ratio of neighbours from the middle outwards. */
static jrn_status
probabilities(const jrn_env *env, const jrn_stratum *s, stretch *out)
{
	double		reach = REACH * sqrt(variance_of(s)) + 2.0;
	int64_t		low = (int64_t) floor(mean_of(s) - reach);
	int64_t		high = (int64_t) ceil(mean_of(s) + reach);
	double		n = (double) s->n;
	double		k = (double) s->outcome;
	double		m = (double) s->property;
	int64_t		middle;
	int64_t		i;

	low = low < least(s) ? least(s) : low;
	high = high > most(s) ? most(s) : high;
	out->low = low;
	out->count = high - low + 1;
	JRN_TRY(jrn_alloc_array(env, (size_t) out->count, sizeof(double), &out->p));
	middle = (int64_t) mean_of(s);
	middle = middle < low ? low : middle > high ? high : middle;
	out->p[middle - low] = exp(log_choose(k, (double) middle) + log_choose(n - k, m - (double) middle) - log_choose(n, m));
	for (i = middle; i < high; i++)
		out->p[i + 1 - low] = out->p[i - low] * (k - (double) i) * (m - (double) i) /
			(((double) i + 1.0) * (n - k - m + (double) i + 1.0));
	for (i = middle; i > low; i--)
		out->p[i - 1 - low] = out->p[i - low] * (double) i * (n - k - m + (double) i) /
			((k - (double) i + 1.0) * (m - (double) i + 1.0));
	return JRN_OK;
}

static jrn_status
convolve(const jrn_env *env, stretch *sum, const stretch *next)
{
	stretch		both;
	int64_t		i,
				j;

	both.low = sum->low + next->low;
	both.count = sum->count + next->count - 1;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) both.count, sizeof(double), &both.p));
	for (i = 0; i < sum->count; i++)
	{
		if (i % 64 == 0)
			JRN_TICK(env);
		for (j = 0; j < next->count; j++)
			both.p[i + j] += sum->p[i] * next->p[j];
	}
	jrn_release(env, sum->p);
	*sum = both;
	return JRN_OK;
}

/* R-STRAT-2 */
static double
normal_p(double observed, double mean, double variance)
{
	double		distance = fmax(fabs(observed - mean) - 0.5, 0.0);

	return jrn_normal_two_sided(distance / sqrt(variance));
}

jrn_status
jrn_stratified_test(const jrn_env *env, const jrn_stratum *strata, int count, double *p)
{
	double		mean = 0.0,
				variance = 0.0,
				cost = 0.0,
				width = 1.0,
				observed = 0.0,
				total = 0.0,
				here;
	stretch		sum = {0, 1, NULL};
	int64_t		i;
	int			s;

	for (s = 0; s < count; s++)
	{
		double		wide = 2.0 * REACH * sqrt(variance_of(&strata[s])) + 6.0;

		if (strata[s].n == 0)
			continue;
		mean += mean_of(&strata[s]);
		variance += variance_of(&strata[s]);
		observed += (double) strata[s].both;
		cost += width * wide;
		width += wide;
	}
	*p = NAN;
	if (!(variance > 0.0))
		return JRN_OK;			/* R-STRAT-3 */
	*p = normal_p(observed, mean, variance);
	if (cost > JRN_STRATIFIED_COST || fabs(observed - mean) > REACH * sqrt(variance))
		return JRN_OK;
	JRN_TRY(jrn_alloc_array(env, 1, sizeof(double), &sum.p));
	sum.p[0] = 1.0;
	for (s = 0; s < count; s++)
	{
		stretch		next;

		if (strata[s].n == 0)
			continue;
		JRN_TRY(probabilities(env, &strata[s], &next));
		JRN_TRY(convolve(env, &sum, &next));
		jrn_release(env, next.p);
	}
	/* R-STRAT-1 */
	i = (int64_t) observed - sum.low;
	if (i >= 0 && i < sum.count)
	{
		here = sum.p[i] * (1.0 + ALIKE);
		for (i = 0; i < sum.count; i++)
			if (sum.p[i] <= here)
				total += sum.p[i];
		*p = fmin(total, 1.0);
	}
	jrn_release(env, sum.p);
	return JRN_OK;
}

double
jrn_mantel_haenszel(const jrn_stratum *strata, int count)
{
	double		above = 0.0;
	double		below = 0.0;
	int			s;

	for (s = 0; s < count; s++)
	{
		double		n = (double) strata[s].n;
		double		a = (double) strata[s].both;
		double		b = (double) strata[s].property - a;
		double		c = (double) strata[s].outcome - a;

		if (n == 0.0)
			continue;
		above += a * (n - a - b - c) / n;
		below += b * c / n;
	}
	return below > 0.0 ? above / below : NAN;
}

double
jrn_odds_ratio(const jrn_stratum *strata, int count, double *low, double *high)
{
	double		a = 0.5,
				b = 0.5,
				c = 0.5,
				d = 0.5;
	double		odds,
				width;
	int			s;

	for (s = 0; s < count; s++)
	{
		const jrn_stratum *t = &strata[s];

		a += (double) t->both;
		b += (double) (t->property - t->both);
		c += (double) (t->outcome - t->both);
		d += (double) (t->n - t->property - t->outcome + t->both);
	}
	odds = log(a * d / (b * c));
	width = jrn_normal_critical(0.95) * sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d);
	*low = exp(odds - width);
	*high = exp(odds + width);
	return exp(odds);
}
