/*
 * paired.h
 *		Is one of two models better?  Tests on differences that both models
 *		left on the same folds and the same rows (pure core).
 *
 * Definitions: reference/validation.md 4.  A difference is a minus b.
 *
 * R-PAIR-1	Corrected resampled t (Nadeau and Bengio 2003): with J fold
 *			differences of mean d and variance s^2, the variance of d is (1/J +
 *			n_test/n_train) s^2, with J - 1 degrees of freedom.  Folds share
 *			their training rows, so repeats add no information as 1/r.
 * R-PAIR-2	Bayesian correlated t (Corani and Benavoli 2015) with correlation
 *			n_test / (n_train + n_test): the posterior of the difference is a t
 *			with the same location, scale and degrees of freedom; its mass
 *			left of, within and right of [-region, region].
 * R-PAIR-3	Clustered z: the losses of a row are averaged over repeats, their
 *			differences summed by key; with n rows in G keys the error of the
 *			mean is sqrt(G/(G - 1) sum_c (D_c - n_c mean)^2)/n.
 * R-PAIR-4	No difference anywhere is no evidence: p = 1 and all the posterior
 *			lies within the region.  The same difference other than 0 in every
 *			fold has no spread to judge it by: p and posterior are NaN.
 */
#ifndef JRN_PAIRED_H
#define JRN_PAIRED_H

#include "../core/env.h"

typedef struct jrn_paired
{
	int			count;			/* fold differences */
	double		difference;		/* their mean; NaN without any */
	double		std_error;		/* corrected; NaN with fewer than two */
	double		df;
	double		t;
	double		p_value;
	double		conf_low;
	double		conf_high;
	double		left;			/* P(difference < -region) */
	double		within;
	double		right;
} jrn_paired;

/*
 * differences of count folds, test_over_train = n_test / n_train > 0, region
 * at least 0, level such as 0.95.  O(count).
 */
extern void jrn_paired_folds(const double *differences, int count, double test_over_train,
							 double region, double level, jrn_paired *out);

/*
 * Two-sided p of R-PAIR-3.  sums are differences of loss by cluster, rows the
 * rows of each; rows NULL: the sums are influences with mean 0, whose variance
 * is G/(G - 1) sum D_c^2, and difference is the estimate they belong to.  NaN
 * with fewer than two clusters.
 */
extern double jrn_paired_clusters(const double *sums, const int64_t *rows, int64_t clusters,
								  double difference);

#endif							/* JRN_PAIRED_H */
