/*
 * stratified.h
 *		Does a property go with a yes/no outcome within strata?  The exact
 *		conditional test of several 2 x 2 tables.
 *
 * In stratum s there are n customers, k of them with the outcome, m with the
 * property.  When the outcome is dealt at random within strata, the number with
 * both is a sum of independent hypergeometric variables (Mantel and Haenszel
 * 1959; Gart 1970).  Its distribution is their convolution, so nothing is
 * simulated and there is no seed.
 *
 * R-STRAT-1	p adds the probabilities of all sums that are no more likely than
 *			the one observed (as Fisher's test does it for one table).
 * R-STRAT-2	Where the convolution would take more than JRN_STRATIFIED_COST steps
 *			(many thousand customers, or p far below 1e-11 of thousands) p is
 *			twice the tail on the side of the observed sum by a saddlepoint
 *			approximation with continuity correction.  A normal tail would not
 *			do: of rare outcomes it is too small by many powers of ten.
 * R-STRAT-3	NaN when no stratum can tell anything: the sum has one value.
 */
#ifndef JRN_STRATIFIED_H
#define JRN_STRATIFIED_H

#include "../core/env.h"

#define JRN_STRATIFIED_COST 2000000.0

typedef struct jrn_stratum
{
	int64_t		n;				/* customers */
	int64_t		outcome;		/* with the outcome */
	int64_t		property;		/* with the property */
	int64_t		both;
} jrn_stratum;

/* p of the tables (R-STRAT-1), at least 1e-300. */
extern jrn_status jrn_stratified_test(const jrn_env *env, const jrn_stratum *strata, int count, double *p);

#endif							/* JRN_STRATIFIED_H */
