/*
 * betting.h
 *		Confidence sequence of the mean of outcomes between two known limits, by
 *		betting: valid at any number of observations, large or small, at all
 *		looks together.
 *
 * Somebody who says "the mean is m" takes bets on every outcome y in [0, 1] at
 * fair odds.  We open twelve purses with an equal share of the stake, and each
 * bets a fixed part of what it holds that the next outcome is above m; twelve
 * more bet on below.  If m is right, nobody gets rich by that: the chance that
 * our purses ever come to 1/alpha times the stake is at most alpha.  The
 * sequence is every m against which we did not get rich.
 *
 *		K+(m) = mean over d of prod(1 + c_d/m (y_i - m))			bets on above
 *		K-(m) = mean over d of prod(1 - c_d/(1 - m) (y_i - m))		bets on below
 *		sequence = {m : max(K+(m), K-(m))/2 < 1/alpha},
 *		c_d = 0.98/2^d, d = 0 .. 11
 *
 * Source: Waudby-Smith and Ramdas, Estimating means of bounded random variables
 * by betting (Journal of the Royal Statistical Society B 86, 2024): hedged
 * capital, with their diversified bets on a geometric grid, which some purse of
 * suits whatever the variance and the number of observations (to 10^8 or so).
 *
 * R-BET-1	Bets are fixed before the first outcome, and products do not know an
 *			order: neither does the sequence.  Outcomes are sorted before they
 *			are multiplied, so equal inputs give equal bits.
 * R-BET-2	Every factor is at least 1 - c_0, so no purse is ever empty.
 * R-BET-3	K+ never rises with m, K- never falls: the sequence is an interval.
 *			An end is given on the outer side, within 2^-44 of the range.
 * R-BET-4	The logarithm of a purse is concave in its part and flat at 0 where
 *			the sample mean is m: against the sample mean no purse has won, so
 *			it always is in the sequence.
 * R-BET-5	It is the sequence as of now, not the intersection of all earlier
 *			ones: both are valid, this one can follow.
 * R-BET-6	Money is kept as a fraction and a power of two: no overflow.
 * R-BET-7	e-values: K+ for "the mean is at most m", K- for "at least", and
 *			max(K+, K-)/2 for "is m", which is below 1/alpha exactly when m is in
 *			the sequence.
 */
#ifndef JRN_BETTING_H
#define JRN_BETTING_H

#include "../core/env.h"

#define JRN_BET_PURSES 12

/* fraction * 2^power, R-BET-6 */
typedef struct jrn_purse
{
	double		fraction;
	double		power;			/* a whole number */
} jrn_purse;

/* Bets against one mean. */
typedef struct jrn_bets
{
	double		m;
	jrn_purse	above[JRN_BET_PURSES];
	jrn_purse	below[JRN_BET_PURSES];
} jrn_bets;

typedef enum jrn_bet_on
{
	JRN_BET_GREATER,
	JRN_BET_LESS,
	JRN_BET_TWO_SIDED
} jrn_bet_on;

typedef struct jrn_betting_result
{
	double		mean;
	double		std_error;		/* NaN below two observations */
	double		low;
	double		high;
} jrn_betting_result;

/* m in [0, 1] */
extern void jrn_bets_open(jrn_bets *bets, double m);

/* The next outcome, in [0, 1]. */
extern void jrn_bets_add(jrn_bets *bets, double y);

/* ln of the e-value, R-BET-7. */
extern double jrn_bets_log_e(const jrn_bets *bets, jrn_bet_on on);

/*
 * The sequence after y[n], each in [0, 1], n >= 1, alpha in (0, 1); JRN_DOMAIN
 * otherwise.  O(n log n) and some thirty passes.
 */
extern jrn_status jrn_betting_sequence(const jrn_env *env, const double *y, size_t n,
									   double alpha, jrn_betting_result *result);

#endif							/* JRN_BETTING_H */
