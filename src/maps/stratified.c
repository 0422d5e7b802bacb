/*
 * stratified.c
 *		Exact stratified test (see stratified.h).
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/gamma.h"
#include "stratified.h"

#define ALIKE 1e-7				/* relative: probabilities that count as equal */
#define CUT 1e-20				/* probabilities of a stratum that are left out at first */
#define DEEP_CUT 1e-150		/* of the second attempt; no product of two leaves the normal numbers */
#define DIGITS 1e8				/* how much likelier than what is left out the observed sum must be */
#define FAR 60.0				/* squared standard deviations: beyond, the first attempt is hopeless */
#define SMALLEST 1e-300			/* of a reported p: 0 would claim too much */
#define MIDDLE 0.05				/* standard deviations around the mean where the tail formula is 0/0 */
#define SOLVE_STEPS 200

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

/* P(x + 1)/P(x) of a stratum. */
static double
growth(const jrn_stratum *s, int64_t x)
{
	return (double) (s->outcome - x) * (double) (s->property - x) /
		((double) (x + 1) * (double) (s->n - s->outcome - s->property + x + 1));
}

/* The likeliest value when every step up is worth the factor tilt as well. */
static int64_t
peak(const jrn_stratum *s, double tilt)
{
	int64_t		low = least(s);
	int64_t		high = most(s);

	while (low < high)
	{
		int64_t		middle = low + (high - low) / 2;

		if (growth(s, middle) * tilt >= 1.0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static double
log_probability(const jrn_stratum *s, int64_t x)
{
	double		n = (double) s->n;
	double		k = (double) s->outcome;
	double		m = (double) s->property;

	return log_choose(k, (double) x) + log_choose(n - k, m - (double) x) - log_choose(n, m);
}

/* Probabilities of one stratum on a stretch of its values. */
typedef struct stretch
{
	int64_t		low;
	int64_t		count;
	double	   *p;
} stretch;

/*
 * Values of probability cut or more, by the ratio of neighbours from the peak
 * outwards: only products of positive numbers, so small ones keep their digits.
 */
static jrn_status
probabilities(const jrn_env *env, const jrn_stratum *s, double cut, stretch *out)
{
	int64_t		middle = peak(s, 1.0);
	double		top = exp(log_probability(s, middle));
	double		p;
	int64_t		low,
				high,
				i;

	for (high = middle, p = top; high < most(s) && (p *= growth(s, high)) >= cut; high++)
		;
	for (low = middle, p = top; low > least(s) && (p /= growth(s, low - 1)) >= cut; low--)
		;
	out->low = low;
	out->count = high - low + 1;
	JRN_TRY(jrn_alloc_array(env, (size_t) out->count, sizeof(double), &out->p));
	out->p[middle - low] = top;
	for (i = middle; i < high; i++)
		out->p[i + 1 - low] = out->p[i - low] * growth(s, i);
	for (i = middle; i > low; i--)
		out->p[i - 1 - low] = out->p[i - low] / growth(s, i - 1);
	return JRN_OK;
}

/* The sum with one stratum more, without values of probability below cut at its ends. */
static jrn_status
convolve(const jrn_env *env, double cut, stretch *sum, const stretch *next)
{
	stretch		both;
	int64_t		begin = 0;
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
	while (both.count > 1 && both.p[both.count - 1] < cut)
		both.count--;
	while (begin + 1 < both.count && both.p[begin] < cut)
		begin++;
	both.low += begin;
	both.count -= begin;
	memmove(both.p, both.p + begin, (size_t) both.count * sizeof(double));
	jrn_release(env, sum->p);
	*sum = both;
	return JRN_OK;
}

/* What the tables say together. */
typedef struct stratified
{
	const jrn_env *env;
	const jrn_stratum *strata;
	int			count;
	int64_t		observed;
	double		mean;
	double		variance;
} stratified;

/* Probabilities of all sums; false in *done where that takes too long. */
static jrn_status
distribution(const stratified *test, double cut, stretch *sum, bool *done)
{
	double		cost = 0.0;
	int			s;

	*done = true;
	sum->low = 0;
	sum->count = 1;
	JRN_TRY(jrn_alloc_array(test->env, 1, sizeof(double), &sum->p));
	sum->p[0] = 1.0;
	for (s = 0; s < test->count && *done; s++)
	{
		stretch		next;

		if (test->strata[s].n == 0)
			continue;
		JRN_TICK(test->env);
		JRN_TRY(probabilities(test->env, &test->strata[s], cut, &next));
		cost += (double) sum->count * (double) next.count;
		*done = cost <= JRN_STRATIFIED_COST;
		if (*done)
			JRN_TRY(convolve(test->env, cut, sum, &next));
		jrn_release(test->env, next.p);
	}
	return JRN_OK;
}

/* R-STRAT-1: NaN where the values of probability cut or more do not decide it. */
static jrn_status
exact(const stratified *test, double cut, double *p)
{
	stretch		sum;
	double		total = 0.0;
	int64_t		at,
				i;
	bool		done;

	*p = NAN;
	JRN_TRY(distribution(test, cut, &sum, &done));
	at = test->observed - sum.low;
	if (done && at >= 0 && at < sum.count && sum.p[at] > cut * DIGITS)
	{
		double		here = sum.p[at] * (1.0 + ALIKE);

		for (i = 0; i < sum.count; i++)
			if (sum.p[i] <= here)
				total += sum.p[i];
		*p = fmin(total, 1.0);
	}
	jrn_release(test->env, sum.p);
	return JRN_OK;
}

/* ---- R-STRAT-2 ---- */

/* Logarithm of E exp(theta X) and its first two derivatives. */
typedef struct cumulants
{
	double		k;
	double		slope;
	double		curve;
} cumulants;

static jrn_status
cumulants_at(const stratified *test, double theta, cumulants *out)
{
	double		tilt = exp(theta);
	int			s;

	out->k = out->slope = out->curve = 0.0;
	for (s = 0; s < test->count; s++)
	{
		const jrn_stratum *t = &test->strata[s];
		int64_t		middle;
		int64_t		i;
		double		sum = 1.0,
					first = 0.0,
					second = 0.0,
					w;

		if (t->n == 0)
			continue;
		JRN_TICK(test->env);
		middle = peak(t, tilt);
		for (i = middle, w = 1.0; i < most(t) && (w *= growth(t, i) * tilt) >= CUT; i++)
		{
			double		away = (double) (i + 1 - middle);

			sum += w;
			first += w * away;
			second += w * away * away;
		}
		for (i = middle, w = 1.0; i > least(t) && (w /= growth(t, i - 1) * tilt) >= CUT; i--)
		{
			double		away = (double) (i - 1 - middle);

			sum += w;
			first += w * away;
			second += w * away * away;
		}
		out->k += log_probability(t, middle) + theta * (double) middle + log(sum);
		out->slope += (double) middle + first / sum;
		out->curve += second / sum - first / sum * (first / sum);
	}
	return JRN_OK;
}

/* theta at which the tilted mean is x: Newton, kept between bounds. */
static jrn_status
solve_tilt(const stratified *test, double x, double *theta, cumulants *at)
{
	double		low = -700.0;
	double		high = 700.0;
	int			step;

	*theta = 0.0;
	for (step = 0; step < SOLVE_STEPS; step++)
	{
		double		next;

		JRN_TRY(cumulants_at(test, *theta, at));
		if (fabs(at->slope - x) <= 1e-9 * (1.0 + sqrt(at->curve)))
			break;
		*(at->slope < x ? &low : &high) = *theta;
		next = *theta + (x - at->slope) / at->curve;
		*theta = next > low && next < high ? next : low + (high - low) / 2.0;
	}
	return JRN_OK;
}

/*
 * Twice the chance of a sum at least as far out on its side (Lugannani and Rice
 * 1980, for whole numbers Daniels 1987).
 */
static jrn_status
saddlepoint(const stratified *test, double *p)
{
	double		side = (double) test->observed > test->mean ? 1.0 : -1.0;
	double		x = (double) test->observed - side * 0.5;
	double		theta,
				w,
				u,
				density;
	cumulants	at;

	if (fabs(x - test->mean) < MIDDLE * sqrt(test->variance) || side * (x - test->mean) <= 0.0)
	{
		*p = jrn_normal_two_sided(fmax(side * (x - test->mean), 0.0) / sqrt(test->variance));
		return JRN_OK;
	}
	JRN_TRY(solve_tilt(test, x, &theta, &at));
	w = sqrt(2.0 * fmax(theta * x - at.k, 0.0));
	u = 2.0 * sinh(fabs(theta) / 2.0) * sqrt(at.curve);
	density = exp(-w * w / 2.0) * 0.3989422804014327;
	*p = fmin(2.0 * (jrn_normal_upper(w) + density * (1.0 / u - 1.0 / w)), 1.0);
	return JRN_OK;
}

static void
add_up(stratified *test)
{
	int			s;

	test->mean = test->variance = 0.0;
	test->observed = 0;
	for (s = 0; s < test->count; s++)
	{
		if (test->strata[s].n == 0)
			continue;
		test->mean += mean_of(&test->strata[s]);
		test->variance += variance_of(&test->strata[s]);
		test->observed += test->strata[s].both;
	}
}

jrn_status
jrn_stratified_test(const jrn_env *env, const jrn_stratum *strata, int count, double *p)
{
	stratified	test = {env, strata, count, 0, 0.0, 0.0};
	double		distance;

	add_up(&test);
	*p = NAN;
	if (!(test.variance > 0.0))
		return JRN_OK;			/* R-STRAT-3 */
	distance = ((double) test.observed - test.mean) / sqrt(test.variance);
	if (distance * distance < FAR)
		JRN_TRY(exact(&test, CUT, p));
	if (isnan(*p))
		JRN_TRY(exact(&test, DEEP_CUT, p));	/* an unusual sum is made of unusual parts */
	if (isnan(*p))
		JRN_TRY(saddlepoint(&test, p));
	*p = fmax(*p, SMALLEST);
	return JRN_OK;
}
