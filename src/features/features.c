/*
 * features.c
 *		One journey to one row (see features.h).
 */
#include <math.h>
#include <string.h>

#include "features.h"
#include "lempel_ziv.h"
#include "reserve.h"
#include "selection.h"

#define MICROSECONDS_A_DAY UINT64_C(86400000000)

/* Whole days that make every timestamp of the server positive. */
#define DAY_BIAS (UINT64_C(2500000) * MICROSECONDS_A_DAY)

void
jrn_features_work_init(jrn_features_work *work)
{
	memset(work, 0, sizeof(*work));
	jrn_shape_work_init(&work->shape);
}

/* b - a in seconds for a <= b; the difference may exceed 63 bits. */
static inline double
seconds_between(int64_t a, int64_t b)
{
	return (double) ((uint64_t) b - (uint64_t) a) / 1e6;
}

/* The segment of the calendar that holds ts, searched from a guess. */
static size_t
find_segment(const jrn_calendar *calendar, int64_t ts, size_t guess)
{
	size_t		low = 0,
				high = calendar->n;

	if (guess < calendar->n && calendar->starts[guess] <= ts &&
		(guess + 1 == calendar->n || ts < calendar->starts[guess + 1]))
		return guess;
	while (high - low > 1)
	{
		size_t		middle = low + (high - low) / 2;

		if (calendar->starts[middle] <= ts)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * Distinct local days.  Times ascend, but local days may step back where an
 * offset shrinks; they never do by more than two days, so a bit set of the
 * latest 64 days tells whether a day has been counted (R-FEAT-3).
 */
static jrn_status
count_days(const jrn_env *env, jrn_features_work *work, const jrn_event *events,
		   size_t n, const jrn_calendar *calendar, int64_t *out)
{
	bool		utc = calendar == NULL || calendar->n == 0;
	size_t		segment = utc ? 0 : find_segment(calendar, events[0].ts, work->segment);
	uint64_t	offset = utc ? DAY_BIAS : DAY_BIAS + (uint64_t) calendar->offsets[segment];
	bool		bounded = !utc && segment + 1 < calendar->n;
	int64_t		until = bounded ? calendar->starts[segment + 1] : 0;
	uint64_t	latest = ((uint64_t) events[0].ts + offset) / MICROSECONDS_A_DAY;
	uint64_t	seen = 1;
	int64_t		days = 1;
	size_t		i;

	work->segment = segment;
	for (i = 1; i < n; i++)
	{
		uint64_t	day;

		if (bounded && events[i].ts >= until)
		{
			segment = find_segment(calendar, events[i].ts, segment + 1);
			offset = DAY_BIAS + (uint64_t) calendar->offsets[segment];
			bounded = segment + 1 < calendar->n;
			until = bounded ? calendar->starts[segment + 1] : 0;
		}
		day = ((uint64_t) events[i].ts + offset) / MICROSECONDS_A_DAY;
		if (day > latest)
		{
			seen = day - latest < 64 ? seen << (day - latest) | 1 : 1;
			latest = day;
			days++;
		}
		else if (latest - day < 64 && !(seen >> (latest - day) & 1))
		{
			seen |= UINT64_C(1) << (latest - day);
			days++;
		}
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
	}
	*out = days;
	return JRN_OK;
}

/* Gaps in seconds; a journey within 292,000 years has signed differences. */
static jrn_status
fill_gaps(const jrn_env *env, double *gaps, const jrn_event *events, size_t n)
{
	uint64_t	span = (uint64_t) events[n - 1].ts - (uint64_t) events[0].ts;
	size_t		i;

	for (i = 0; i + 1 < n; i++)
	{
		if (span <= INT64_MAX)
			gaps[i] = (double) (events[i + 1].ts - events[i].ts) / 1e6;
		else
			gaps[i] = seconds_between(events[i].ts, events[i + 1].ts);
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
	}
	return JRN_OK;
}

static jrn_status
compute_gaps(const jrn_env *env, jrn_features_work *work, const jrn_event *events,
			 size_t n, jrn_features *out)
{
	size_t		m = n - 1;
	jrn_rhythm	rhythm;

	out->duration_seconds = seconds_between(events[0].ts, events[m].ts);
	out->mean_gap_seconds = out->median_gap_seconds = out->max_gap_seconds = NAN;
	out->burstiness = out->memory_coefficient = out->local_variation = NAN;
	if (m == 0)
		return JRN_OK;			/* R-FEAT-2 */
	JRN_TRY(jrn_reserve(env, m, &work->gaps_capacity, sizeof(double), &work->gaps));
	JRN_TRY(jrn_reserve(env, m, &work->scratch_capacity, sizeof(double), &work->scratch));
	JRN_TRY(fill_gaps(env, work->gaps, events, n));
	JRN_TRY(jrn_rhythm_of(env, work->gaps, m, &rhythm));
	memcpy(work->scratch, work->gaps, m * sizeof(double));
	JRN_TRY(jrn_median_of(env, work->scratch, m, &out->median_gap_seconds));
	out->mean_gap_seconds = out->duration_seconds / (double) m;
	out->max_gap_seconds = rhythm.max_gap;
	out->burstiness = rhythm.burstiness;
	out->memory_coefficient = rhythm.memory_coefficient;
	out->local_variation = rhythm.local_variation;
	return JRN_OK;
}

/* R-FEAT-4; NaN values are SQL NULLs. */
static jrn_status
compute_values(const jrn_env *env, const double *values, size_t n, jrn_features *out)
{
	double		sum = 0.0,
				min = INFINITY,
				last = NAN;
	size_t		count = 0,
				i;

	out->value_sum = out->value_mean = out->value_min = out->value_last = NAN;
	if (values == NULL)
		return JRN_OK;
	for (i = 0; i < n; i++)
	{
		if (!isnan(values[i]))
		{
			sum += values[i];
			min = values[i] < min ? values[i] : min;
			last = values[i];
			count++;
		}
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
	}
	if (count == 0)
		return JRN_OK;
	if (!isfinite(sum))
		return JRN_NONFINITE;
	out->value_sum = sum;
	out->value_mean = sum / (double) count;
	out->value_min = min;
	out->value_last = last;
	return JRN_OK;
}

/* Counts and shape figures. */
static jrn_status
compute_shape(const jrn_env *env, jrn_features_work *work, const jrn_event *events,
			  size_t n, const jrn_features_options *options, jrn_features *out)
{
	jrn_shape_work *shape = &work->shape;
	int64_t		a = options->alphabet_size;
	jrn_tally	tally;
	double		log2_phi;

	JRN_TRY(jrn_tally_path(env, shape, events, n, options->n_labels, &tally));
	out->n_events = (int64_t) n;
	out->n_touchpoints = (int64_t) tally.distinct;
	out->n_transitions = (int64_t) (tally.spells - 1);
	out->n_self_loops = (int64_t) (n - tally.spells);
	out->n_repeats = (int64_t) (tally.spells - tally.distinct);
	out->n_ping_pongs = (int64_t) tally.ping_pongs;
	out->labels = tally.labels;
	out->counts = tally.counts;
	JRN_TRY(jrn_entropy(shape, &tally, a, &out->entropy));
	JRN_TRY(jrn_complexity(shape, &tally, a, &out->complexity));
	JRN_TRY(jrn_volatility(&tally, a, &out->volatility));
	JRN_TRY(jrn_log2_subsequences(env, shape, &tally, &log2_phi));
	out->turbulence = jrn_turbulence(&tally, log2_phi);
	return jrn_lempel_ziv(env, shape, &tally, &out->lempel_ziv);
}

jrn_status
jrn_features_compute(const jrn_env *env, jrn_features_work *work,
					 const jrn_event *events, size_t n, const double *values,
					 const jrn_features_options *options, jrn_features *out)
{
	JRN_TRY(jrn_shape_tick(env, &work->shape, n));
	JRN_TRY(compute_shape(env, work, events, n, options, out));
	out->first_label = events[0].label;
	out->last_label = events[n - 1].label;
	out->first_at = events[0].ts;
	out->last_at = events[n - 1].ts;
	JRN_TRY(count_days(env, work, events, n, options->calendar, &out->active_days));
	JRN_TRY(compute_gaps(env, work, events, n, out));
	out->seconds_since_last = options->has_as_of ?
		seconds_between(out->last_at, options->as_of) : NAN;
	return compute_values(env, values, n, out);
}
