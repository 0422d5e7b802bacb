/*
 * surrogate.c
 *		Surrogates of a series and the part of it whose ends match (see
 *		surrogate.h).
 */
#include <math.h>
#include <string.h>

#include "surrogate.h"

#include "../core/random.h"

#define TICK_VALUES 65536

/* The radix sort takes digits of 8 bits from few values, of 11 from many. */
#define FEW_VALUES 1024
#define MAX_COUNTS (6 << 11)	/* and 8 << 8 is less */

/* The most values in a step of the range that are sorted by insertion. */
#define CROWDED 64

/* ---- matching ends ---- */

static double
mismatch_of(const double *y, size_t length, double variance)
{
	const double jump = y[0] - y[length - 1];
	const double slip = (y[1] - y[0]) - (y[length - 1] - y[length - 2]);

	return 0.5 * (jump * jump + slip * slip) / ((double) length * variance);
}

/* R-SUR-4.  Values are of moderate size (R-EMB-4). */
jrn_status
jrn_match_ends(const jrn_env *env, const double *x, size_t n, jrn_matched_part *part)
{
	const size_t tenth = n - n / 10;
	const size_t shortest = tenth < JRN_SURROGATE_MIN && n >= JRN_SURROGATE_MIN ? JRN_SURROGATE_MIN : tenth;
	double		variance;
	size_t		length;
	size_t		start;

	JRN_TRY(jrn_series_variance(env, x, n, 0, &variance));
	part->start = 0;
	part->length = jrn_fft_length_below(n);
	part->mismatch = INFINITY;
	for (length = part->length; length >= shortest && length >= 2; length = jrn_fft_length_below(length - 1))
		for (start = 0; start + length <= n; start++)
		{
			const double mismatch = mismatch_of(x + start, length, variance);

			if (start % TICK_VALUES == 0)
				JRN_TICK(env);
			if (mismatch < part->mismatch)
			{
				part->start = start;
				part->length = length;
				part->mismatch = mismatch;
			}
		}
	return JRN_OK;
}

/* ---- the order of a series ---- */

/* Bits of a double that sort as the double does. */
static uint64_t
sort_key(double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

typedef struct radix
{
	int			bits;
	int			count;
	uint64_t	mask;
} radix;

static radix
digits_for(size_t n)
{
	radix		d;

	d.bits = n < FEW_VALUES ? 8 : 11;
	d.count = (64 + d.bits - 1) / d.bits;
	d.mask = (UINT64_C(1) << d.bits) - 1;
	return d;
}

static inline size_t
digit_of(const radix *digits, uint64_t key, int d)
{
	return (size_t) (key >> (d * digits->bits) & digits->mask);
}

static void
count_digits(const radix *digits, const uint64_t *keys, size_t n, uint32_t *counts)
{
	size_t		i;
	int			d;

	memset(counts, 0, sizeof(uint32_t) * ((size_t) digits->count << digits->bits));
	for (i = 0; i < n; i++)
		for (d = 0; d < digits->count; d++)
			counts[((size_t) d << digits->bits) + digit_of(digits, keys[i], d)]++;
}

/* Counts to the place where each digit begins; false when all values share one digit. */
static bool
begin_places(const radix *digits, uint32_t *counts, size_t n)
{
	uint32_t	place = 0;
	size_t		v;

	for (v = 0; v <= digits->mask; v++)
	{
		const uint32_t count = counts[v];

		if (count == n)
			return false;
		counts[v] = place;
		place += count;
	}
	return true;
}

/* One pass: keys and positions by digit d into the other arrays, which become the first. */
static jrn_status
deal(const jrn_env *env, jrn_surrogates *s, const radix *digits, int d, uint32_t *place)
{
	uint64_t   *keys = s->keys;
	uint32_t   *order = s->order;
	size_t		i;

	for (i = 0; i < s->n; i++)
	{
		const uint32_t at = place[digit_of(digits, keys[i], d)]++;

		if (i % TICK_VALUES == 0)
			JRN_TICK(env);
		s->other_keys[at] = keys[i];
		s->other_order[at] = order[i];
	}
	s->keys = s->other_keys;
	s->other_keys = keys;
	s->order = s->other_order;
	s->other_order = order;
	return JRN_OK;
}

/* By a radix sort, stable and without comparisons. */
static jrn_status
order_by_radix(const jrn_env *env, jrn_surrogates *s)
{
	const radix digits = digits_for(s->n);
	uint32_t	counts[MAX_COUNTS];
	size_t		i;
	int			d;

	for (i = 0; i < s->n; i++)
	{
		s->keys[i] = sort_key(s->series[i]);
		s->order[i] = (uint32_t) i;
	}
	count_digits(&digits, s->keys, s->n, counts);
	for (d = 0; d < digits.count; d++)
	{
		uint32_t   *place = counts + ((size_t) d << digits.bits);

		if (begin_places(&digits, place, s->n))
			JRN_TRY(deal(env, s, &digits, d, place));
	}
	return JRN_OK;
}

/*
 * The place of each value in its range, in n steps, into s->other_order, and
 * where each step begins in the sorted values into s->begins.  False when a
 * step has more values than an insertion sort likes: outliers, ties.
 */
static bool
spread_evenly(jrn_surrogates *s)
{
	const size_t n = s->n;
	double		low = s->series[0];
	double		high = s->series[0];
	double		scale;
	uint32_t	place = 0;
	size_t		i;

	for (i = 1; i < n; i++)
	{
		low = s->series[i] < low ? s->series[i] : low;
		high = s->series[i] > high ? s->series[i] : high;
	}
	scale = ((double) n - 1.0) / (high - low);
	if (!(high > low) || !isfinite(scale))
		return false;
	memset(s->begins, 0, n * sizeof(uint32_t));
	for (i = 0; i < n; i++)
	{
		s->other_order[i] = (uint32_t) ((s->series[i] - low) * scale);
		s->begins[s->other_order[i]]++;
	}
	for (i = 0; i < n; i++)
	{
		const uint32_t count = s->begins[i];

		if (count > CROWDED)
			return false;
		s->begins[i] = place;
		place += count;
	}
	return true;
}

/* Insertion sort of s->order by s->room, which goes along; equal values stay as they are. */
static jrn_status
settle(const jrn_env *env, jrn_surrogates *s)
{
	size_t		i;
	size_t		j;

	for (i = 1; i < s->n; i++)
	{
		const double value = s->room[i];
		const uint32_t from = s->order[i];

		if (i % TICK_VALUES == 0)
			JRN_TICK(env);
		for (j = i; j > 0 && value < s->room[j - 1]; j--)
		{
			s->room[j] = s->room[j - 1];
			s->order[j] = s->order[j - 1];
		}
		s->room[j] = value;
		s->order[j] = from;
	}
	return JRN_OK;
}

/*
 * Positions of s->series by value into s->order, equal values by position.
 * Most series fall evenly enough into n steps of their range.
 */
static jrn_status
find_order(const jrn_env *env, jrn_surrogates *s)
{
	size_t		i;

	JRN_TICK(env);
	if (!spread_evenly(s))
		return order_by_radix(env, s);
	for (i = 0; i < s->n; i++)
	{
		const uint32_t at = s->begins[s->other_order[i]]++;

		if (i % TICK_VALUES == 0)
			JRN_TICK(env);
		s->room[at] = s->series[i];
		s->order[at] = (uint32_t) i;
	}
	return settle(env, s);
}

/* ---- surrogates ---- */

/* Values less their mean, by the largest size: spectra of any series are of one size. */
static void
centre(const double *x, size_t n, double *centred)
{
	const double mean = jrn_series_mean(x, n);
	double		largest = 0.0;
	size_t		i;

	for (i = 0; i < n; i++)
		largest = fmax(largest, fabs(x[i] - mean));
	for (i = 0; i < n; i++)
		centred[i] = largest > 0.0 ? (x[i] - mean) / largest : 0.0;
}

static jrn_status
surrogates_alloc(const jrn_env *env, size_t n, jrn_surrogates *s)
{
	const size_t half = jrn_fft_coefficients(n);

	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &s->sorted));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &s->centred));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &s->series));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &s->amplitude));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &s->re));
	JRN_TRY(jrn_alloc_array(env, half, sizeof(double), &s->im));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &s->order));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &s->other_order));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &s->last));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &s->begins));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &s->room));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint64_t), &s->keys));
	return jrn_alloc_array(env, n, sizeof(uint64_t), &s->other_keys);
}

jrn_status
jrn_surrogates_init(const jrn_env *env, const double *x, size_t n, jrn_surrogates *s)
{
	size_t		i;

	memset(s, 0, sizeof(*s));
	s->n = n;
	s->x = x;
	JRN_TRY(jrn_fft_init(env, n, &s->fft));
	JRN_TRY(surrogates_alloc(env, n, s));
	centre(x, n, s->series);
	JRN_TRY(jrn_fft_forward(env, &s->fft, s->series, s->re, s->im));
	for (i = 0; i < jrn_fft_coefficients(n); i++)
		s->amplitude[i] = sqrt(s->re[i] * s->re[i] + s->im[i] * s->im[i]);
	JRN_TRY(find_order(env, s));
	for (i = 0; i < n; i++)
	{
		s->sorted[i] = x[s->order[i]];
		s->centred[i] = s->series[s->order[i]];
	}
	return JRN_OK;
}

/* A random permutation into s->last: place i of the sorted values goes to last[i] (R-SUR-3). */
static jrn_status
permute(const jrn_env *env, jrn_surrogates *s, uint64_t stream)
{
	size_t		i;

	for (i = 0; i < s->n; i++)
		s->last[i] = (uint32_t) i;
	for (i = 0; i + 1 < s->n; i++)
	{
		const size_t with = i + (size_t) jrn_random_below(stream, i, s->n - i);
		const uint32_t held = s->last[i];

		if (i % TICK_VALUES == 0)
			JRN_TICK(env);
		s->last[i] = s->last[with];
		s->last[with] = held;
	}
	return JRN_OK;
}

/* Phases of the present series with the amplitudes of the observed one. */
static jrn_status
impose_spectrum(const jrn_env *env, jrn_surrogates *s)
{
	const size_t half = jrn_fft_coefficients(s->n);
	size_t		k;

	JRN_TRY(jrn_fft_forward(env, &s->fft, s->series, s->re, s->im));
	for (k = 0; k < half; k++)
	{
		const double size = sqrt(s->re[k] * s->re[k] + s->im[k] * s->im[k]);
		const double by = size > 0.0 ? s->amplitude[k] / size : 0.0;

		s->re[k] = size > 0.0 ? s->re[k] * by : s->amplitude[k];
		s->im[k] *= by;
	}
	return jrn_fft_inverse(env, &s->fft, s->re, s->im, s->series);
}

/* R-SUR-1.  s->last is the order the values stand in. */
jrn_status
jrn_surrogates_draw(const jrn_env *env, jrn_surrogates *s, uint64_t seed, uint64_t b,
					double *out, int *steps)
{
	size_t		i;
	int			step;

	JRN_TRY(permute(env, s, jrn_seed_derive(seed, "surrogate", b)));
	for (step = 0; step < JRN_SURROGATE_STEPS; step++)
	{
		uint32_t   *order;

		for (i = 0; i < s->n; i++)
			s->series[s->last[i]] = s->centred[i];
		JRN_TRY(impose_spectrum(env, s));
		JRN_TRY(find_order(env, s));
		if (memcmp(s->order, s->last, s->n * sizeof(uint32_t)) == 0)
			break;
		order = s->last;
		s->last = s->order;
		s->order = order;
	}
	for (i = 0; i < s->n; i++)
		out[s->last[i]] = s->sorted[i];	/* R-SUR-2 */
	if (steps != NULL)
		*steps = step;
	return JRN_OK;
}
