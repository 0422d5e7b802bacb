/*
 * betting.h
 *		Confidence sequence of the mean of outcomes between two known limits, by
 *		betting: valid at any number of observations, large or small, at all
 *		looks together.
 *
 * Somebody who says "the mean is m" takes bets on every outcome at fair odds.
 * We bet the share lambda of what we have that the next outcome y in [0, 1] is
 * above m (or below it), and fix lambda before we see y.  If m is right, nobody
 * gets rich by that: the chance that our capital ever comes to 1/alpha times
 * the stake is at most alpha.  The sequence is every m against which we did
 * not get rich.
 *
 *		K+(m) = prod(1 + min(lambda_i, c/m) (y_i - m))			bets on above
 *		K-(m) = prod(1 - min(lambda_i, c/(1 - m)) (y_i - m))	bets on below
 *		sequence = {m : max(K+(m), K-(m))/2 < 1/alpha},  c = 1/2
 *		lambda_i = sqrt(2 ln(2/alpha)/(v_{i-1} i ln(1 + i)))
 *		v_i = (1/4 + sum_{j <= i} (y_j - a_j)^2)/(i + 1),
 *		a_i = (1/2 + sum_{j <= i} y_j)/(i + 1)
 *
 * Source: Waudby-Smith and Ramdas, Estimating means of bounded random variables
 * by betting (Journal of the Royal Statistical Society B 86, 2024): the hedged
 * capital process with predictable plug-in bets.
 *
 * R-BET-1	lambda_i depends on y_1 .. y_{i-1} only, so the order of observations
 *			is part of the answer.
 * R-BET-2	Every factor is at least 1 - c, so capital stays above 0.
 * R-BET-3	lambda_i does not depend on m, so K+ never rises with m and K- never
 *			falls: the sequence is an interval, and each end is found by halving.
 *			An end is given on the outer side, within 2^-50 of the range.
 * R-BET-4	No m may be left when outcomes drift from one level to another; then
 *			there is no interval (NaN), and JRN_BET_NONE is said.
 * R-BET-5	It is the sequence as of now, not the intersection of all earlier
 *			ones: both are valid, this one can follow.
 * R-BET-6	Capital is kept as a fraction and a power of two: no logarithm, no
 *			overflow.
 * R-BET-7	e-values: K+ for "the mean is at most m", K- for "at least", and
 *			max(K+, K-)/2 for "is m", which is below 1/alpha exactly when m is in
 *			the sequence whose alpha the bets were tuned for.
 */
#ifndef JRN_BETTING_H
#define JRN_BETTING_H

#include <stdbool.h>

#include "../core/env.h"

/* Decides how much the next bet is. */
typedef struct jrn_bettor
{
	double		n;
	double		sum;			/* of y */
	double		squares;		/* of y - a */
	double		level;			/* 2 ln(2/alpha) */
} jrn_bettor;

/* fraction * 2^power, R-BET-6 */
typedef struct jrn_capital
{
	double		fraction;
	double		power;			/* a whole number */
} jrn_capital;

/* Bets against one mean. */
typedef struct jrn_bets
{
	jrn_bettor	bettor;
	double		m;
	jrn_capital above;
	jrn_capital below;
} jrn_bets;

typedef enum jrn_bet_on
{
	JRN_BET_GREATER,
	JRN_BET_LESS,
	JRN_BET_TWO_SIDED
} jrn_bet_on;

typedef enum jrn_bet_found
{
	JRN_BET_INTERVAL,
	JRN_BET_NONE				/* R-BET-4 */
} jrn_bet_found;

typedef struct jrn_betting_result
{
	double		mean;
	double		std_error;		/* NaN below two observations */
	double		low;
	double		high;
	jrn_bet_found found;
} jrn_betting_result;

/* m in [0, 1]; alpha in (0, 1), which the bets are tuned for. */
extern void jrn_bets_open(jrn_bets *bets, double m, double alpha);

/* The next outcome, in [0, 1]. */
extern void jrn_bets_add(jrn_bets *bets, double y);

/* ln of the e-value, R-BET-7. */
extern double jrn_bets_log_e(const jrn_bets *bets, jrn_bet_on on);

/*
 * The sequence after y[n], each in [0, 1], n >= 1, alpha in (0, 1); JRN_DOMAIN
 * otherwise.  O(100 n).
 */
extern jrn_status jrn_betting_sequence(const jrn_env *env, const double *y, size_t n,
									   double alpha, jrn_betting_result *result);

#endif							/* JRN_BETTING_H */
