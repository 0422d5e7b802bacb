/*
 * rhythm.c
 *		Burstiness, memory coefficient, local variation (see rhythm.h).
 *
 * Two passes: sums and extremes, then deviations from the means.  The means
 * of the two shifted series are summed on their own, because taking the last
 * gap off the total would cancel when that gap dominates.
 */
#include <math.h>
#include <stdbool.h>

#include "rhythm.h"

#define TICK_MASK 0x1fff

/* Beyond these, fourth powers leave the range of a double: change the unit. */
#define LARGE_GAP 1e60
#define SMALL_GAP 1e-60

typedef struct gap_sums
{
	double		first;			/* of all gaps but the last */
	double		last;			/* of all gaps but the first */
	double		max;
	size_t		changes;		/* neighbouring gaps that differ */
	double		local;			/* of ((g - g')/(g + g'))^2 */
	bool		zero_pair;
} gap_sums;

static inline double
pair_ratio(double a, double b)
{
	double		sum = a + b;

	if (isinf(sum))
		return (a / 2 - b / 2) / (a / 2 + b / 2);
	return (a - b) / sum;
}

static jrn_status
sum_gaps(const jrn_env *env, const double *gaps, size_t m, gap_sums *out)
{
	gap_sums	sums = {0};
	double		previous = gaps[0];
	size_t		i;

	if (!(previous >= 0.0))
		return isnan(previous) ? JRN_NONFINITE : JRN_DOMAIN;
	sums.max = previous;
	for (i = 1; i < m; i++)
	{
		double		gap = gaps[i];
		double		ratio = pair_ratio(previous, gap);

		if (!(gap >= 0.0))
			return isnan(gap) ? JRN_NONFINITE : JRN_DOMAIN;
		sums.max = gap > sums.max ? gap : sums.max;
		sums.changes += gap != previous;
		sums.zero_pair |= previous + gap == 0.0;
		sums.local += ratio * ratio;
		previous = gap;
		if ((i & TICK_MASK) == TICK_MASK)
			JRN_TICK(env);
	}
	if (isinf(sums.max))
		return JRN_NONFINITE;
	*out = sums;
	return JRN_OK;
}

/* A power of two that brings the gaps into range (R-RHYTHM-4). */
static double
unit_scale(double max)
{
	int			exponent;

	if (max <= LARGE_GAP && max >= SMALL_GAP)
		return 1.0;
	(void) frexp(max, &exponent);
	return ldexp(1.0, exponent < -1000 ? 1000 : -exponent);
}

static jrn_status
scaled_sums(const jrn_env *env, const double *gaps, size_t m, double scale, gap_sums *sums)
{
	size_t		i;

	sums->first = sums->last = 0.0;
	for (i = 0; i + 1 < m; i++)
	{
		sums->first += gaps[i] * scale;
		sums->last += gaps[i + 1] * scale;
		if ((i & TICK_MASK) == TICK_MASK)
			JRN_TICK(env);
	}
	return JRN_OK;
}

typedef struct gap_moments
{
	double		variance;
	double		first;			/* sums of squares and products, centred */
	double		last;
	double		product;
} gap_moments;

static jrn_status
centred_sums(const jrn_env *env, const double *gaps, size_t m, double scale, double mean,
			 const gap_sums *sums, gap_moments *out)
{
	double		first_mean = sums->first / (double) (m - 1);
	double		last_mean = sums->last / (double) (m - 1);
	double		all = 0.0,
				first = 0.0,
				last = 0.0,
				product = 0.0,
				gap = gaps[0] * scale;
	size_t		i;

	for (i = 0; i + 1 < m; i++)
	{
		double		next = gaps[i + 1] * scale;
		double		x = gap - first_mean;
		double		y = next - last_mean;

		all += (gap - mean) * (gap - mean);
		first += x * x;
		last += y * y;
		product += x * y;
		gap = next;
		if ((i & TICK_MASK) == TICK_MASK)
			JRN_TICK(env);
	}
	all += (gap - mean) * (gap - mean);
	out->variance = all / (double) m;
	out->first = first;
	out->last = last;
	out->product = product;
	return JRN_OK;
}

/* R-RHYTHM-1; r is in [0, sqrt(m-1)], so the denominator is above 0. */
static double
finite_burstiness(double r, size_t m)
{
	double		up = sqrt((double) m + 1.0);
	double		down = sqrt((double) m - 1.0);

	return (up * r - down) / ((up - 2.0) * r + down);
}

/* R-RHYTHM-2; the shifted series are constant when no neighbours differ. */
static double
correlation(const double *gaps, size_t m, const gap_sums *sums, const gap_moments *moments)
{
	size_t		in_first = sums->changes - (gaps[m - 2] != gaps[m - 1]);
	size_t		in_last = sums->changes - (gaps[0] != gaps[1]);
	double		r;

	if (in_first == 0 || in_last == 0 || !(moments->first > 0.0) || !(moments->last > 0.0))
		return NAN;
	r = moments->product / sqrt(moments->first * moments->last);
	return r > 1.0 ? 1.0 : r < -1.0 ? -1.0 : r;
}

jrn_status
jrn_rhythm_of(const jrn_env *env, const double *gaps, size_t m, jrn_rhythm *out)
{
	gap_sums	sums;
	gap_moments moments;
	double		scale,
				mean;

	out->burstiness = out->memory_coefficient = out->local_variation = out->max_gap = NAN;
	if (m == 0)
		return JRN_OK;
	JRN_TRY(sum_gaps(env, gaps, m, &sums));
	out->max_gap = sums.max;
	if (m < 2 || sums.max == 0.0)
		return JRN_OK;
	scale = unit_scale(sums.max);
	JRN_TRY(scaled_sums(env, gaps, m, scale, &sums));
	mean = (sums.first + gaps[m - 1] * scale) / (double) m;
	JRN_TRY(centred_sums(env, gaps, m, scale, mean, &sums, &moments));
	out->burstiness = sums.changes == 0 ? -1.0 :
		finite_burstiness(sqrt(moments.variance) / mean, m);
	if (m < 3)
		return JRN_OK;
	out->memory_coefficient = correlation(gaps, m, &sums, &moments);
	if (!sums.zero_pair)
		out->local_variation = 3.0 / (double) (m - 1) * sums.local;
	return JRN_OK;
}
