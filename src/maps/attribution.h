/*
 * attribution.h
 *		Which touchpoints the conversions are owed to, by seven methods.
 *
 * Definition: reference/journeys.md 6 and 7.
 *
 * R-ATT-1	Every conversion ends a path: the touches since the conversion before
 *			it, or since the beginning.  Touches after the last conversion are a
 *			path without conversion.  A conversion without a touch is direct: no
 *			touchpoint gets it.
 * R-ATT-2	first, last: the whole conversion to that touch.  linear: 1/n to each
 *			of n touches.  position: .4, .4 and .2 over the middle; two touches
 *			half each, one all.  decay: weights 2^-(age/half-life), age until the
 *			conversion.
 * R-ATT-3	markov: removal effects of the order-1 chain of all paths, those
 *			without conversion included.  With N = (I - Q)^-1, s the starts, r the
 *			conversions and P = s N r,
 *				RE_i = (s N)_i (N r)_i / (N_ii P),
 *			the chance that a converting walk visits i.  Conversions go by
 *			RE_i / sum RE.
 * R-ATT-4	shapley: the game v(S) = conversions of paths whose touchpoints all lie
 *			in S.  It is a sum of unanimity games, so its Shapley value (Shapley
 *			1953) gives every distinct touchpoint of a path an equal part of the
 *			path's conversion: exact for any number of touchpoints.
 * R-ATT-5	Under every method the touchpoints and the direct row add up to all
 *			conversions, and to all of their value.
 */
#ifndef JRN_ATTRIBUTION_H
#define JRN_ATTRIBUTION_H

#include <stdbool.h>

#include "../core/env.h"
#include "../core/sums.h"
#include "../events/journey.h"

typedef enum jrn_attribution_method
{
	JRN_ATTRIBUTION_FIRST,
	JRN_ATTRIBUTION_LAST,
	JRN_ATTRIBUTION_LINEAR,
	JRN_ATTRIBUTION_POSITION,
	JRN_ATTRIBUTION_DECAY,
	JRN_ATTRIBUTION_SHAPLEY,
	JRN_ATTRIBUTION_MARKOV,		/* not counted path by path */
	JRN_ATTRIBUTION_METHODS
} jrn_attribution_method;

/* Touchpoints the chain of markov may have. */
#define JRN_ATTRIBUTION_MAX_STATES 500

typedef struct jrn_credit_sum
{
	jrn_acc		conversions;
	jrn_acc		value;
} jrn_credit_sum;

typedef struct jrn_attribution
{
	const jrn_env *env;
	uint32_t	k;				/* labels, the conversion among them */
	uint32_t	conversion;		/* its label; k: it never occurs */
	double		half_life;		/* microseconds */
	jrn_credit_sum *credit;		/* method * k + label */
	jrn_credit_sum direct;
	jrn_credit_sum total;		/* direct ones included */
	uint64_t   *seen;			/* by label: path that last had it */
	uint64_t	paths;
	/* the chain, NULL above JRN_ATTRIBUTION_MAX_STATES */
	double	   *next;			/* k * k counts */
	double	   *start;			/* k */
	double	   *converts;		/* k: paths that end with a conversion there */
	double	   *leaves;			/* k: all transitions and ends */
	double		direct_starts;
	double	   *removal;		/* k, after finish; NaN: no figure */
} jrn_attribution;

extern jrn_status jrn_attribution_begin(jrn_attribution *attribution, const jrn_env *env, uint32_t k,
										uint32_t conversion, double half_life);

/* One journey; values by event, NULL: none. */
extern jrn_status jrn_attribution_add(jrn_attribution *attribution, const jrn_event *events, size_t n,
									  const double *values);

/* The chain's figures (R-ATT-3); O(k^3). */
extern jrn_status jrn_attribution_finish(jrn_attribution *attribution);

/* What a label gets by a method. */
extern void jrn_attribution_credit(const jrn_attribution *attribution, jrn_attribution_method method,
								   uint32_t label, double *conversions, double *value);

#endif							/* JRN_ATTRIBUTION_H */
