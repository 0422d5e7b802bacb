/*
 * test_features.c
 *		The row of one journey against definitions written out naively, and
 *		the calendar.
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/hash.h"
#include "../../src/features/features.h"
#include "../../src/features/lempel_ziv.h"

#define DAY INT64_C(86400000000)
#define HOUR INT64_C(3600000000)
#define LONGEST 40000

static jrn_event events[LONGEST];
static double values[LONGEST];
static jrn_features_work work;
static uint64_t counter;

static uint64_t
draw(uint64_t below)
{
	return jrn_hash_u64(counter++, 23) % below;
}

static int
compare_doubles(const void *x, const void *y)
{
	double		a = *(const double *) x,
				b = *(const double *) y;

	return (a > b) - (a < b);
}

static bool
close_to(double got, double want)
{
	return isnan(want) ? isnan(got) : fabs(got - want) <= 1e-11 * (1 + fabs(want));
}

/* Counts of events by looking back at every earlier one. */
static int
wrong_counts(const jrn_features *f, size_t n)
{
	int64_t		distinct = 0,
				transitions = 0,
				loops = 0,
				repeats = 0,
				pings = 0;
	int			wrong = 0;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		bool		before = false;

		for (j = 0; j < i; j++)
			before = before || events[j].label == events[i].label;
		distinct += !before;
		if (i > 0)
		{
			transitions += events[i].label != events[i - 1].label;
			loops += events[i].label == events[i - 1].label;
			repeats += before && events[i].label != events[i - 1].label;
		}
		if (i > 0 && i + 1 < n)
			pings += events[i + 1].label == events[i - 1].label &&
				events[i].label != events[i - 1].label;
	}
	for (i = 0; i < (size_t) f->n_touchpoints; i++)
	{
		uint32_t	count = 0;

		for (j = 0; j < n; j++)
			count += events[j].label == f->labels[i];
		wrong += count != f->counts[i] || count == 0 || (i > 0 && f->labels[i - 1] >= f->labels[i]);
	}
	return wrong + (f->n_events != (int64_t) n) + (f->n_touchpoints != distinct) +
		(f->n_transitions != transitions) + (f->n_self_loops != loops) +
		(f->n_repeats != repeats) + (f->n_ping_pongs != pings) +
		(f->first_label != events[0].label) + (f->last_label != events[n - 1].label);
}

static int
wrong_times(const jrn_features *f, size_t n)
{
	double		gaps[200],
				sum = 0,
				max = 0;
	size_t		m = n - 1,
				i;
	int			wrong = 0;

	wrong += f->duration_seconds != (double) (events[n - 1].ts - events[0].ts) / 1e6;
	wrong += f->first_at != events[0].ts || f->last_at != events[n - 1].ts;
	for (i = 0; i < m; i++)
	{
		gaps[i] = (double) (events[i + 1].ts - events[i].ts) / 1e6;
		sum += gaps[i];
		max = gaps[i] > max ? gaps[i] : max;
	}
	qsort(gaps, m, sizeof(double), compare_doubles);
	if (m == 0)
		return wrong + !isnan(f->mean_gap_seconds) + !isnan(f->median_gap_seconds) +
			!isnan(f->max_gap_seconds) + !isnan(f->burstiness) + (f->duration_seconds != 0);
	wrong += !close_to(f->mean_gap_seconds, sum / (double) m) + !close_to(f->max_gap_seconds, max);
	wrong += !close_to(f->median_gap_seconds,
					   m % 2 ? gaps[m / 2] : (gaps[m / 2 - 1] + gaps[m / 2]) / 2);
	return wrong;
}

static int
wrong_values(const jrn_features *f, size_t n)
{
	double		sum = 0,
				min = NAN,
				last = NAN;
	size_t		count = 0,
				i;

	for (i = 0; i < n; i++)
		if (!isnan(values[i]))
		{
			sum += values[i];
			min = count == 0 || values[i] < min ? values[i] : min;
			last = values[i];
			count++;
		}
	if (count == 0)
		return !isnan(f->value_sum) + !isnan(f->value_mean) + !isnan(f->value_min) +
			!isnan(f->value_last);
	return (f->value_sum != sum) + (f->value_mean != sum / (double) count) +
		(f->value_min != min) + (f->value_last != last);
}

/* Local days by looking back, offsets by walking the table. */
static int
wrong_days(const jrn_features *f, size_t n, const jrn_calendar *calendar)
{
	int64_t		days[200];
	int64_t		distinct = 0;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		int64_t		local = events[i].ts;
		bool		before = false;

		for (j = calendar->n; j > 0; j--)
			if (calendar->starts[j - 1] <= events[i].ts)
			{
				local += calendar->offsets[j - 1];
				break;
			}
		days[i] = local / DAY - (local % DAY < 0);
		for (j = 0; j < i; j++)
			before = before || days[j] == days[i];
		distinct += !before;
	}
	return f->active_days != distinct;
}

static void
test_random(const jrn_env *env)
{
	/* changes forth and back, also across midnight and over a whole day */
	static const int64_t starts[] = {INT64_MIN, -30 * DAY, 0, 10 * DAY, 10 * DAY + 5 * HOUR,
	20 * DAY, 21 * DAY, 40 * DAY};
	static const int64_t offsets[] = {-5 * HOUR, HOUR, 2 * HOUR, 14 * HOUR, -10 * HOUR,
	0, -2 * HOUR, 30 * HOUR};
	jrn_calendar calendar = {starts, offsets, 8};
	jrn_features_options options = {40, 0, false, 0, &calendar};
	int			bad[5] = {0};
	int			round;

	for (round = 0; round < 4000; round++)
	{
		size_t		n = 1 + draw(round % 4 == 0 ? 150 : 12),
					i;
		int64_t		ts = (int64_t) draw(100 * DAY) - 50 * DAY;
		uint64_t	letters = 1 + draw(round % 7 == 0 ? 40 : 6);
		jrn_features f;

		for (i = 0; i < n; i++)
		{
			events[i].ts = ts;
			events[i].label = (uint32_t) draw(letters);
			values[i] = draw(3) == 0 ? NAN : (double) draw(1000) / 8 - 40;
			ts += draw(5) == 0 ? 0 : (int64_t) draw(round % 3 == 0 ? DAY * 2 : HOUR * 7);
		}
		options.has_as_of = round % 2 == 0;
		options.as_of = events[n - 1].ts + 5 * HOUR;
		if (jrn_features_compute(env, &work, events, n, round % 5 == 0 ? NULL : values,
								 &options, &f) != JRN_OK)
			bad[4]++;
		if (round % 5 == 0)
			for (i = 0; i < n; i++)
				values[i] = NAN;
		bad[0] += wrong_counts(&f, n);
		bad[1] += wrong_times(&f, n);
		bad[2] += wrong_values(&f, n);
		bad[3] += wrong_days(&f, n, &calendar);
		bad[4] += options.has_as_of ? f.seconds_since_last != 5 * 3600.0 :
			!isnan(f.seconds_since_last);
	}
	ok_int(bad[0], 0, "R-FEAT-1 counts of 4000 random journeys");
	ok_int(bad[1], 0, "R-FEAT-2 durations and gaps");
	ok_int(bad[2], 0, "R-FEAT-4 values");
	ok_int(bad[3], 0, "R-FEAT-3 active days under a hostile calendar");
	ok_int(bad[4], 0, "seconds since last");
}

static void
test_edges(const jrn_env *env)
{
	jrn_features_options options = {2, 0, false, 0, NULL};
	jrn_features f;

	events[0].ts = INT64_C(-211813488000000000);
	events[1].ts = INT64_C(9223371331199999999);
	events[0].label = 0;
	events[1].label = 1;
	values[0] = values[1] = 1e308;
	ok(jrn_features_compute(env, &work, events, 2, NULL, &options, &f) == JRN_OK, "all of time");
	ok_close(f.duration_seconds, 9435184819199.999999, 1e-15, "no overflow of the duration");
	ok(f.active_days == 2 && f.max_gap_seconds == f.duration_seconds, "its gap and days");
	ok(jrn_features_compute(env, &work, events, 2, values, &options, &f) == JRN_NONFINITE,
	   "a sum of values that overflows is a status");
	options.alphabet_size = 1;
	ok(jrn_features_compute(env, &work, events, 2, NULL, &options, &f) == JRN_DOMAIN,
	   "an alphabet below the journey is a status");
	ok(jrn_features_compute(env, &work, events, 0, NULL, &options, &f) == JRN_DOMAIN,
	   "no events are a status");
	options.alphabet_size = 10;
	ok(jrn_features_compute(env, &work, events, 1, NULL, &options, &f) == JRN_OK &&
	   f.entropy == 0 && f.complexity == 0 && f.volatility == 0 && f.turbulence == 1 &&
	   f.lempel_ziv == 1 && f.active_days == 1 && f.n_transitions == 0,
	   "one event with an alphabet");
}

/* Long journeys take other paths: tables off, suffixes, ticks. */
static void
test_long(const jrn_env *env)
{
	jrn_features_options options = {500, 600, true, INT64_C(1) << 60, NULL};
	jrn_features f,
				again;
	jrn_features_work fresh;
	size_t		i;
	double		h = 0;

	for (i = 0; i < LONGEST; i++)
	{
		events[i].ts = (int64_t) i * HOUR + (int64_t) (jrn_hash_u64(i, 5) % (uint64_t) HOUR);
		events[i].label = (uint32_t) draw(1 + draw(500));
		values[i] = (double) (i % 10);
	}
	ok(jrn_features_compute(env, &work, events, LONGEST, values, &options, &f) == JRN_OK, "long");
	for (i = 0; i < (size_t) f.n_touchpoints; i++)
		h -= f.counts[i] / (double) LONGEST * log(f.counts[i] / (double) LONGEST);
	ok_close(f.entropy, h / log(600), 1e-13, "entropy of a long journey");
	ok_int(f.active_days, (LONGEST + 23) / 24, "days of a long journey");
	ok(f.value_mean == 4.5, "mean value of a long journey");
	jrn_features_work_init(&fresh);
	ok(jrn_features_compute(env, &fresh, events, LONGEST, values, &options, &again) == JRN_OK &&
	   again.turbulence == f.turbulence && again.lempel_ziv == f.lempel_ziv &&
	   again.memory_coefficient == f.memory_coefficient && again.entropy == f.entropy,
	   "a used workspace gives the same bits");
}

/* A cancelled tally must leave the workspace clean. */
static void
test_cancelled_workspace(const jrn_env *env)
{
	jrn_features_options options = {500, 0, false, 0, NULL};
	jrn_features f;
	int64_t		distinct;

	work.shape.since_tick = 0;
	ok(jrn_features_compute(env, &work, events, LONGEST, NULL, &options, &f) == JRN_OK, "before");
	distinct = f.n_touchpoints;
	host_cancel_at(3);
	ok(jrn_features_compute(env, &work, events, LONGEST, NULL, &options, &f) == JRN_CANCELLED,
	   "cancelled in the middle of a tally");
	host_cancel_at(0);
	ok(jrn_features_compute(env, &work, events, LONGEST, NULL, &options, &f) == JRN_OK &&
	   f.n_touchpoints == distinct, "the same workspace works again");
}

static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_features_work own;
	jrn_features_options options = {500, 0, false, 0, NULL};
	jrn_features f;

	(void) arg;
	jrn_features_work_init(&own);
	JRN_TRY(jrn_features_compute(env, &own, events, 50, NULL, &options, &f));
	return jrn_features_compute(env, &own, events, LONGEST, values, &options, &f);
}

void		test_features(void);

void
test_features(void)
{
	jrn_env		env = host_env();

	jrn_features_work_init(&work);
	test_random(&env);
	test_edges(&env);
	test_long(&env);
	test_cancelled_workspace(&env);
	ok_survives(survive, NULL, "features of long journeys");
}
