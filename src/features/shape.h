/*
 * shape.h
 *		Shape of one path: which touchpoints, in what order, how mixed.
 *
 * Definitions: reference/journeys.md 5.4 and 5.5 (entropy, complexity,
 * turbulence after Elzinga and Liefbroer as TraMineR 2.2 computes it,
 * volatility), with n events, k distinct touchpoints, d spells (runs of the
 * same touchpoint) and q = d - 1 changes of touchpoint.
 *
 * R-SHAPE-1	entropy = -sum p ln p over shares of events, in nats; divided by
 *				ln(a) when an alphabet size a is given; a = 1 gives 0.
 * R-SHAPE-2	complexity = sqrt(q/(n-1) * entropy/ln a); n = 1 or a = 1 gives 0.
 * R-SHAPE-3	volatility = (k-1)/(a-1)/2 + q/(n-1)/2; a = 1 gives 0.
 * R-SHAPE-4	without an alphabet size, complexity and volatility take a = k.
 * R-SHAPE-5	phi = number of distinct subsequences of the spells' touchpoints,
 *				the empty one included; only log2 phi is kept and no length
 *				overflows.
 * R-SHAPE-6	turbulence = log2(phi (s2max + 1)/(s2 + 1)), s2 the population
 *				variance of the spell lengths, s2max = (d-1)(1 - n/d)^2.
 * R-SHAPE-7	sums run over touchpoints in label order (byte order), so that
 *				the bits do not depend on where a touchpoint appears.
 */
#ifndef JRN_SHAPE_H
#define JRN_SHAPE_H

#include <stdbool.h>

#include "../core/env.h"
#include "../events/journey.h"

/* The longest journey: counts per touchpoint are 32-bit integers in SQL. */
#define JRN_MAX_JOURNEY_EVENTS ((size_t) INT32_MAX)

/* Journeys up to this length take their logarithms from tables. */
#define JRN_LOG_TABLE 256

/* A journey counts toward the next tick by its events (R-ENV-3). */
#define JRN_TICK_EVENTS 8192

/* What counting a path gives; arrays belong to the workspace. */
typedef struct jrn_tally
{
	size_t		n;				/* events */
	size_t		distinct;		/* k */
	size_t		spells;			/* d */
	size_t		ping_pongs;		/* i with s(i+1) = s(i-1) <> s(i) */
	uint64_t	sum_squares;	/* of the spell lengths */
	const uint32_t *codes;		/* per event: 0 .. k-1 by first appearance */
	const uint32_t *labels;		/* the k labels, ascending */
	const uint32_t *counts;		/* events of each, same order */
} jrn_tally;

/*
 * Reusable memory.  Initialise with jrn_shape_work_init(); everything grows
 * on demand and is owned by the host of the env that was passed.
 */
typedef struct jrn_shape_work
{
	uint32_t   *slots;			/* label -> code + 1; all 0 between calls */
	size_t		slots_capacity;
	uint32_t   *codes;
	size_t		codes_capacity;
	uint64_t   *touched;		/* label << 32 | count, by first appearance */
	size_t		touched_capacity;
	uint64_t   *sorted;			/* the same by label; scratch of its sort */
	size_t		sorted_capacity;
	uint32_t   *labels;
	size_t		labels_capacity;
	uint32_t   *counts;
	size_t		counts_capacity;
	double	   *phi;			/* per code: phi before its last spell */
	size_t		phi_capacity;
	uint32_t   *epochs;			/* per code: scale of that phi */
	size_t		epochs_capacity;
	uint64_t   *masks;			/* per code: positions, for Lempel-Ziv */
	size_t		masks_capacity;
	size_t		since_tick;		/* events since the last tick */
	double		ln[JRN_LOG_TABLE + 1];	/* ln c */
	double		c_ln_c[JRN_LOG_TABLE + 1];	/* c ln c */
} jrn_shape_work;

extern void jrn_shape_work_init(jrn_shape_work *work);

/* Count events toward the next cancel point. */
static inline jrn_status
jrn_shape_tick(const jrn_env *env, jrn_shape_work *work, size_t events)
{
	work->since_tick += events;
	if (work->since_tick >= JRN_TICK_EVENTS)
	{
		work->since_tick = 0;
		JRN_TICK(env);
	}
	return JRN_OK;
}

/*
 * Count a path of 1 <= n <= JRN_MAX_JOURNEY_EVENTS events whose labels are
 * all below n_labels.  O(n + k).  JRN_LIMIT above the cap,
 * JRN_DOMAIN for n = 0.
 */
extern jrn_status jrn_tally_path(const jrn_env *env, jrn_shape_work *work,
								 const jrn_event *events, size_t n,
								 uint32_t n_labels, jrn_tally *out);

/*
 * The figures.  alphabet_size 0: none given; otherwise it must be at least
 * tally->distinct (JRN_DOMAIN).
 */
extern jrn_status jrn_entropy(const jrn_shape_work *work, const jrn_tally *tally,
							  int64_t alphabet_size, double *out);
extern jrn_status jrn_complexity(const jrn_shape_work *work, const jrn_tally *tally,
								 int64_t alphabet_size, double *out);
extern jrn_status jrn_volatility(const jrn_tally *tally, int64_t alphabet_size, double *out);
extern jrn_status jrn_log2_subsequences(const jrn_env *env, jrn_shape_work *work,
										const jrn_tally *tally, double *out);

/* Turbulence from log2 phi; O(1). */
extern double jrn_turbulence(const jrn_tally *tally, double log2_phi);

#endif							/* JRN_SHAPE_H */
