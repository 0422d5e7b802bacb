/*
 * symbols.h
 *		Journeys as sequences of symbols: entropy per step, what of it the past
 *		explains, and how often the next event can be foretold.
 *
 * Everything is pooled over customers; a journey of 5 to 50 events says next to
 * nothing about its own entropy.  A transition is a pair of neighbouring
 * events; what comes after the last event is not known here.
 *
 * R-SYM-1	entropy rate: sum over touchpoints i of (transitions that leave i /
 *			transitions) times the entropy of what follows, each row by the
 *			chosen estimator (entropy.h), in bits.
 * R-SYM-2	excess entropy: with H(L) the entropy of L neighbouring events and h =
 *			H(L) - H(L - 1), E = H(L) - L h, at the largest L up to 4 with
 *			touchpoints^L <= (blocks of L events)/5.  None where even 2 is too
 *			long.
 * R-SYM-3	predictability: bound from the entropy rate and the number of
 *			touchpoints that ever follow another (R-ENT-6).  Achieved: share of
 *			transitions whose target is the most frequent follower of the source
 *			among customers of other folds; a source not met there, and the
 *			baseline, take the most frequent target.  Ties to the first label.
 * R-SYM-4	Folds: customers in the order of a hash under the seed, dealt in
 *			equal numbers; never more folds than customers.
 * R-SYM-5	status, the first that holds: too_few (no transition; for folds fewer
 *			than 2 customers), low_n (fewer than 50 customers), sparse (no excess
 *			entropy), ok.
 *
 * Source: reference/chaos.md 3.2, 3.3, 7 (Song et al. 2010; Crutchfield and
 * Feldman 2003).
 */
#ifndef JRN_SYMBOLS_H
#define JRN_SYMBOLS_H

#include "../maps/map.h"
#include "entropy.h"

/* Customers below which a figure is given with a warning. */
#define JRN_SYMBOLS_LOW_N 50

#define JRN_SYMBOLS_BLOCK 4

typedef struct jrn_entropy_rate
{
	int64_t		n;				/* transitions */
	double		rate;			/* bits; NaN: none */
	double		plug_in;
	double		excess;
	const char *status;
} jrn_entropy_rate;

typedef struct jrn_predictability
{
	double		rate;			/* by Grassberger */
	double		bound;
	double		achieved;
	double		majority;
	const char *status;
} jrn_predictability;

/* Entropy in bits of blocks of length 1 to JRN_SYMBOLS_BLOCK, at least k^length cells.  O(events). */
extern jrn_status jrn_block_entropy(const jrn_env *env, const jrn_map *map, int length,
									jrn_entropy_estimator estimator, double *bits);

/* A finished map.  O(events + k^2). */
extern jrn_status jrn_symbols_entropy(const jrn_env *env, const jrn_map *map,
									  jrn_entropy_estimator estimator, jrn_entropy_rate *result);
extern jrn_status jrn_symbols_predict(const jrn_env *env, const jrn_map *map, int32_t k,
									  uint64_t seed, jrn_predictability *result);

/* R-SYM-4: fold[n_customers] from 0; *k comes back as the number of folds.  O(n log n). */
extern jrn_status jrn_symbols_folds(const jrn_env *env, const jrn_map *map, uint64_t seed,
									int32_t *k, int32_t *fold);

#endif							/* JRN_SYMBOLS_H */
