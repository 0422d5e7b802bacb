/*
 * simulate.h
 *		Journeys after a purchase with a truth that is computed, not estimated
 *		(pure core).
 *
 * Definition.  Touchpoints 1..K form an absorbing Markov chain: first touch
 * alpha, next touch P (row sums 1 - e_i), journey ends at i with probability
 * e_i.  Segment g has share w_g, strategy s is given with probability
 * a(s|g).  Neither moves the path.  With n = (I - P')^-1 alpha the expected
 * visits, l_i = n_i e_i the distribution of the last touchpoint:
 *
 *	own_i	= B + c (h_i - sum l h),  h_i = x_i / (1 + |x_i|),
 *			  x_i = sensitivity * pull_i; B = 1/2, c = 1/2, or less where
 *			  that is needed to keep every own_i in [0, 1]
 *	shift	= lift_g + f effect_sg;  sum w lift = 0;  f = 1, from the drift
 *			  day on -1
 *	Y0		~ Bernoulli(own_last): what the journey alone decides
 *	Y		= Y0, but a shift > 0 turns a 0 into a 1 with probability
 *			  shift / (1 - B), a shift < 0 a 1 into a 0 with -shift / B
 *
 * Because sum l own = B, the flip moves the rate of (g, s) from B to exactly
 * B + shift: effects are absolute changes of the outcome rate, whatever the
 * sensitivity.  And because the flip looks at nothing but Y0, path and outcome
 * of all customers together are again an order-1 chain, with
 * q_i = own_i + E[shift+] (1 - own_i) / (1 - B) - E[shift-] own_i / B at exit
 * from i; b = (I - P)^-1 (e q) and the shares of reference/chaos.md 4.3 follow.
 *
 * R-SIM-1	The journey of customer i is a function of (seed, i, options) alone;
 *			every draw is keyed by (seed, i, purpose, number), so the path does
 *			not change with strategies, confounding, drift or sensitivity.
 * R-SIM-2	One segment, strategy and outcome per customer.
 * R-SIM-3	Instants of a customer increase strictly, in whole milliseconds,
 *			and lie in the window of `days` days from 2024-01-01 UTC.
 * R-SIM-4	Effects are absolute: value of s = B + sum w_g f effect_sg.
 * R-SIM-5	a(s|g) = [1 + confounding z_g r_s] / S with z = -1, 0, 1 for new,
 *			returning, vip and r_s evenly spaced over [-1, 1]: the later
 *			strategies in byte order go to the better customers.
 * R-SIM-6	noise: each event is followed with this probability by a touchpoint
 *			"newsletter" that changes nothing.  The order-1 map of what is
 *			recorded then has memory_gap > 0; its truth comes from pooled flows.
 * R-SIM-7	Only + - * / and square roots: no libm rounding reaches an event.
 * R-SIM-8	The truth is solved from the same tables; shares add up to 1.
 */
#ifndef JRN_SIMULATE_H
#define JRN_SIMULATE_H

#include <stdbool.h>

#include "../core/env.h"
#include "world.h"

#define JRN_SIM_MAX_STRATEGIES 16
#define JRN_SIM_MAX_DAYS 36500
#define JRN_SIM_MAX_SENSITIVITY 1e6
#define JRN_SIM_BASE 0.5
#define JRN_SIM_AMPLITUDE 0.5

/* 2024-01-01 00:00 UTC in microseconds since 2000-01-01. */
#define JRN_SIM_EPOCH (INT64_C(8766) * INT64_C(86400000000))

/*
 * Touchpoints of a journey before it is ended by force.  Every exit is at
 * least 2 in 100 and most are far more likely: nobody gets there (below
 * 1e-30).  Twice as many events with noise.
 */
#define JRN_SIM_MAX_STEPS 4096

typedef struct jrn_sim_options
{
	int32_t		days;			/* 1 .. JRN_SIM_MAX_DAYS */
	int32_t		drift_day;		/* 0 .. days; -1: no drift */
	int32_t		strategies;		/* 1 .. JRN_SIM_MAX_STRATEGIES */
	double		effects[JRN_SIM_MAX_STRATEGIES][JRN_SIM_SEGMENTS];
	double		confounding;	/* 0 .. 1 */
	double		sensitivity;	/* >= 0 */
	double		noise;			/* 0 .. 1 */
	int32_t		touchpoints;	/* 2 .. JRN_SIM_MAX_TOUCHPOINTS */
	int32_t		chosen[JRN_SIM_MAX_TOUCHPOINTS];	/* catalogue numbers, rising */
} jrn_sim_options;

/* Options made ready to draw from; states are 0 .. size - 1. */
typedef struct jrn_sim_model
{
	jrn_sim_options options;
	int32_t		size;
	int32_t		start_days;		/* journeys start on days 0 .. start_days - 1 */
	double		before;			/* share of customers who start before the drift */
	double		first[JRN_SIM_MAX_TOUCHPOINTS];
	double		first_to[JRN_SIM_MAX_TOUCHPOINTS];	/* running sums */
	double		exit[JRN_SIM_MAX_TOUCHPOINTS];
	double		own[JRN_SIM_MAX_TOUCHPOINTS];
	double		visits[JRN_SIM_MAX_TOUCHPOINTS];
	double		lift[JRN_SIM_SEGMENTS];
	double		propensity[JRN_SIM_SEGMENTS][JRN_SIM_MAX_STRATEGIES];
	double	   *next;			/* size x size */
	double	   *next_to;		/* running sums of its rows */
} jrn_sim_model;

typedef struct jrn_sim_event
{
	int64_t		ts;				/* microseconds since 2000-01-01 UTC */
	int32_t		touchpoint;		/* catalogue number */
	int32_t		channel;
	double		value;			/* money: order > 0, refund < 0, else 0 */
	int32_t		score;			/* 1 .. 5 of a survey, else 0 */
} jrn_sim_event;

typedef struct jrn_sim_journey
{
	int32_t		segment;
	int32_t		strategy;
	int32_t		start_day;
	bool		outcome;
	int32_t		n_events;
	jrn_sim_event *events;		/* room for 2 * JRN_SIM_MAX_STEPS */
} jrn_sim_journey;

/* What is true of an infinite number of customers. */
typedef struct jrn_sim_truth
{
	double		outcome_rate;
	double		first_touch_share;	/* of the order-1 map */
	double		first_touch_effect;	/* of the first touch itself */
	double		mean_events;
	double		mean_score;		/* NaN without surveys */
	double		policy_value;	/* best strategy per segment */
	double		effect[JRN_SIM_MAX_STRATEGIES];	/* value = B + effect */
	double		effect_before[JRN_SIM_MAX_STRATEGIES];	/* the drift */
	double		effect_after[JRN_SIM_MAX_STRATEGIES];
	double		share[JRN_SIM_MAX_STRATEGIES];
	double		naive_value[JRN_SIM_MAX_STRATEGIES];	/* mean of those who got it */
	double		segment_rate[JRN_SIM_SEGMENTS];
	double		segment_value[JRN_SIM_SEGMENTS][JRN_SIM_MAX_STRATEGIES];
	int32_t		labels;			/* size, one more with noise */
	int32_t		label[JRN_SIM_MAX_TOUCHPOINTS + 1];	/* catalogue numbers */
	double		visits[JRN_SIM_MAX_TOUCHPOINTS + 1];
	double		rate_from[JRN_SIM_MAX_TOUCHPOINTS + 1];
	double		chaos_share[JRN_SIM_MAX_TOUCHPOINTS + 1];
} jrn_sim_truth;

/* 180 days, effects 0, .02 and .05, sensitivity 1, 12 touchpoints. */
extern void jrn_sim_defaults(jrn_sim_options *options);

/*
 * The first cell (strategy, segment) whose outcome rate leaves [0, 1], before
 * or after the drift; base is the segment's rate without the effect.  False
 * when there is none.
 */
extern bool jrn_sim_effect_outside(const jrn_sim_options *options, int32_t *strategy,
								   int32_t *segment, double *base, double *rate);

/*
 * Make a model; JRN_DOMAIN when an option lies outside its range.  O(K^3).
 */
extern jrn_status jrn_sim_prepare(const jrn_env *env, const jrn_sim_options *options,
								  jrn_sim_model *model);

/* An empty journey with room for events. */
extern jrn_status jrn_sim_journey_create(const jrn_env *env, jrn_sim_journey *journey);

/* Journey of one customer under a seed.  O(events * K). */
extern void jrn_sim_journey_draw(const jrn_sim_model *model, uint64_t seed,
								 uint64_t customer, jrn_sim_journey *journey);

extern jrn_status jrn_sim_truth_solve(const jrn_env *env, const jrn_sim_model *model,
									  jrn_sim_truth *truth);

#endif							/* JRN_SIMULATE_H */
