/*
 * asymmetry.h
 *		How many positives offset one negative?  A ratio of two coefficients,
 *		the test of their contrast, and what speaks against both.
 *
 * A generalized linear model of the outcome on positive, negative and
 * controls; a = - coefficient of negative, b = coefficient of positive, v
 * their (co)variances, clustered by the key where there is one.
 *
 * R-ASY-1	ratio = a/b with Fieller's 95 % set {r : A r^2 + B r + C <= 0}, A =
 *			b^2 - z^2 v_b, B = -2 (a b - z^2 v_ab), C = a^2 - z^2 v_a, z of the
 *			normal distribution.  A > 0: between the two roots.  Otherwise b could
 *			be 0 and the set is unbounded: with B^2 > 4 A C the ray that holds
 *			the ratio, one end finite, the other infinite; else no end at all.
 *			Never a huge finite number in place of an infinite one.
 * R-ASY-2	contrast: one-sided p of b - a = 0 against a > b, Wald.  A ratio above
 *			1 is claimed from this test only.
 * R-ASY-3	share_at_bound: the larger of the shares of rows at the smallest and
 *			at the largest outcome; none for family binomial.  A symmetric effect
 *			on an outcome that is cut off there shows as a ratio above 1.
 * R-ASY-4	saturation: the same model with indicator(negative >= 1) and its
 *			product with positive; the effect of a positive where there is a
 *			negative, b + its interaction, with a 95 % Wald interval.
 * R-ASY-5	status, the first that holds: one_class (all outcomes are the same:
 *			no figures); that of the fit when a coefficient or variance is
 *			missing; unbounded; ceiling (share_at_bound above .2, not
 *			for ordinal); wrong_sign (b <= 0 or a <= 0: the ratio does not mean
 *			what its name says); low_n (below 50 customers); ok.
 *
 * Source: reference/chaos.md 6 (Fieller 1954).
 */
#ifndef JRN_ASYMMETRY_H
#define JRN_ASYMMETRY_H

#include "../models/fit.h"

typedef struct jrn_fieller
{
	double		ratio;			/* NaN: b is 0 */
	double		low;			/* NaN: none; may be infinite */
	double		high;
	bool		bounded;
} jrn_fieller;

typedef struct jrn_asymmetry
{
	double		beta_positive;	/* figures that do not exist are NaN */
	double		beta_negative;
	jrn_fieller fieller;
	double		p_value;
	double		share_at_bound;
	double		after;			/* R-ASY-4 */
	double		after_low;
	double		after_high;
	int64_t		n;
	const char *status;
} jrn_asymmetry;

/* Each of the two fits needs files of its own: a store begins at offset 0. */
typedef struct jrn_asymmetry_files
{
	const jrn_file *rows[2];	/* may be NULL */
	const jrn_file *tiles[2];
	size_t		limit;			/* bytes before the files are used */
} jrn_asymmetry_files;

/* R-ASY-1 */
extern jrn_fieller jrn_fieller_interval(double a, double b, double v_a, double v_b, double v_ab, double z);

/*
 * Columns 0 and 1 of the finished design are positive and negative; with a key
 * it remembers all of them.
 */
extern jrn_status jrn_asymmetry_design(const jrn_env *env, jrn_design *design, jrn_family family,
									   const jrn_asymmetry_files *files, jrn_asymmetry *result);

#endif							/* JRN_ASYMMETRY_H */
