/*
 * features.h
 *		Everything the row journey.journey_features says about one journey.
 *
 * Definitions: reference/journeys.md 5.1, 5.4, 5.5, 5.6; columns and their
 * order: design of the SQL surface, section 1.  n events, k touchpoints, d
 * spells (runs of the same touchpoint).
 *
 * R-FEAT-1	n_transitions = d - 1: changes of touchpoint, the q of complexity
 *			and volatility.  n_self_loops = n - d: the same touchpoint directly
 *			again.  n_repeats = d - k: an event whose touchpoint occurred
 *			before, but not directly before.  So n = 1 + n_transitions +
 *			n_self_loops, and n_transitions = k - 1 + n_repeats.
 *			n_ping_pongs: i with s(i+1) = s(i-1) and not = s(i).
 * R-FEAT-2	Durations and gaps are seconds; one event has duration 0 and no
 *			gap, so its gap figures are NULL.
 * R-FEAT-3	active_days counts calendar days with an event, in the calendar
 *			given (UTC without one), also where clocks go back over midnight.
 * R-FEAT-4	value_* look at events whose value is not NULL (NaN in values);
 *			all NULL when there is none.  value_sum adds in event order;
 *			value_last is the last non-NULL value, not the value of the last
 *			event.
 * R-FEAT-5	Nothing is allocated per journey: workspaces only grow.
 */
#ifndef JRN_FEATURES_H
#define JRN_FEATURES_H

#include "rhythm.h"
#include "shape.h"

/*
 * UTC offsets in microseconds, each valid from its start until the next one;
 * starts ascend and starts[0] is at or before every event.  n = 0 is UTC.
 */
typedef struct jrn_calendar
{
	const int64_t *starts;
	const int64_t *offsets;
	size_t		n;
} jrn_calendar;

typedef struct jrn_features_options
{
	uint32_t	n_labels;		/* labels are below this */
	int64_t		alphabet_size;	/* 0: none */
	bool		has_as_of;
	int64_t		as_of;			/* after the last event */
	const jrn_calendar *calendar;	/* NULL: UTC */
} jrn_features_options;

/* One row; NaN stands for SQL NULL.  The arrays belong to the workspace. */
typedef struct jrn_features
{
	int64_t		n_events;
	int64_t		n_touchpoints;
	uint32_t	first_label;
	uint32_t	last_label;
	int64_t		first_at;		/* microseconds since 2000-01-01 UTC */
	int64_t		last_at;
	double		duration_seconds;
	int64_t		active_days;
	int64_t		n_transitions;
	int64_t		n_self_loops;
	int64_t		n_repeats;
	int64_t		n_ping_pongs;
	double		entropy;
	double		complexity;
	double		turbulence;
	double		volatility;
	int64_t		lempel_ziv;
	double		mean_gap_seconds;
	double		median_gap_seconds;
	double		max_gap_seconds;
	double		burstiness;
	double		memory_coefficient;
	double		local_variation;
	double		seconds_since_last;
	double		value_sum;
	double		value_mean;
	double		value_min;
	double		value_last;
	const uint32_t *labels;		/* n_touchpoints labels, ascending */
	const uint32_t *counts;		/* events of each */
} jrn_features;

typedef struct jrn_features_work
{
	jrn_shape_work shape;
	double	   *gaps;
	size_t		gaps_capacity;
	double	   *scratch;
	size_t		scratch_capacity;
	size_t		segment;		/* of the calendar, where the last journey began */
} jrn_features_work;

extern void jrn_features_work_init(jrn_features_work *work);

/*
 * Features of one journey: 1 <= n <= JRN_MAX_JOURNEY_EVENTS events in
 * canonical order (R-JRN-1); values in the order of events, NULL for none.
 * JRN_DOMAIN: n = 0, or fewer letters in the alphabet than touchpoints.
 * JRN_NONFINITE: the sum of the values overflows.  O(n) up to a small
 * logarithm; about 50 ns an event.  Ticks every JRN_TICK_EVENTS events,
 * counted over journeys.
 */
extern jrn_status jrn_features_compute(const jrn_env *env, jrn_features_work *work,
									   const jrn_event *events, size_t n,
									   const double *values,
									   const jrn_features_options *options,
									   jrn_features *out);

#endif							/* JRN_FEATURES_H */
