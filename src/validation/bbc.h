/*
 * bbc.h
 *		What the best of many configurations is worth: bootstrap bias-corrected
 *		cross-validation (Tsamardinos, Greasidou and Borboudakis 2018; pure
 *		core).
 *
 * R-BBC-1	A draw takes groups with replacement, chooses the configuration that
 *			is best on them, and scores it on the groups it did not take.  What
 *			that is below the score of the overall best on the same groups, on
 *			average over draws, is taken from the naive figure.  Nothing is
 *			fitted again.
 * R-BBC-2	A configuration's figure under weights w of the groups is base + sum
 *			w S / sum w n.  For mean losses base is 0, S the sum of losses and n
 *			the rows of a group; for an estimate with influences S, base is the
 *			estimate and n = 1/groups.
 * R-BBC-3	Draws are counter-based (core/random.h): same seed, same figure.
 * R-BBC-4	A single configuration needs no correction.
 */
#ifndef JRN_BBC_H
#define JRN_BBC_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_BBC_DRAWS 200

typedef struct jrn_bbc_request
{
	int			configurations;	/* at least 1 */
	int64_t		groups;			/* at least 2 */
	const double *sums;			/* [configuration][group] S */
	const double *sizes;		/* [group] n, positive */
	const double *base;			/* [configuration] */
	bool		grows;			/* larger is better */
	uint64_t	seed;
} jrn_bbc_request;

/*
 * best: the configuration that is best on all groups, the last of equals;
 * naive its figure there.  O(draws configurations groups).
 */
extern jrn_status jrn_bbc(const jrn_env *env, const jrn_bbc_request *request,
						  int *best, double *naive, double *corrected);

#endif							/* JRN_BBC_H */
