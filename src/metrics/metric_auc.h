/*
 * metric_auc.h
 *		Area under the ROC curve with its variance.
 *
 * AUC = P(p+ > p-) + P(p+ = p-)/2 over all pairs of a positive and a negative
 * row (reference/validation.md 2.1).  Variance by placements: DeLong, DeLong
 * and Clarke-Pearson (Biometrics 44, 1988); when rows of a customer belong
 * together, Obuchowski (Biometrics 53, 1997), which gives DeLong's figure when
 * every row is a cluster of its own.
 *
 * R-AUC-1	A tie counts one half.
 * R-AUC-2	Pairs are counted in 128-bit integers and divided once: AUC lies in
 *			[0, 1], and its bits do not depend on the order of rows.
 * R-AUC-3	Sums of squares are exact integers too, so the same holds for the
 *			variance, clustered or not.
 * R-AUC-4	What the data cannot carry is NaN: AUC with one class only, the
 *			variance with fewer than two rows (clusters) in a class.
 * R-AUC-5	Fewer than 2^32 rows (JRN_LIMIT), so that no integer can overflow;
 *			observed must be 0 or 1 (JRN_DOMAIN), predicted finite
 *			(JRN_NONFINITE).
 */
#ifndef JRN_METRIC_AUC_H
#define JRN_METRIC_AUC_H

#include "../core/env.h"

typedef struct jrn_auc_result
{
	double		auc;
	double		variance;
	uint64_t	positives;
	uint64_t	negatives;
} jrn_auc_result;

/* Two 64-bit hashes of a cluster's name. */
typedef struct jrn_cluster_print
{
	uint64_t	a;
	uint64_t	b;
} jrn_cluster_print;

/*
 * Twice the placement of every row, in input order: of a positive, 2 * (negatives
 * below) + (negatives of equal score); of a negative, 2 * (positives above) +
 * (positives of equal score).  Their sums over either class are equal.
 * O(n); 40 bytes of scratch a row.
 */
extern jrn_status jrn_auc_placements(const jrn_env *env, const double *predicted,
									 const double *observed, size_t n,
									 uint64_t *placements,
									 uint64_t *positives, uint64_t *negatives);

extern jrn_status jrn_auc(const jrn_env *env, const double *predicted,
						  const double *observed, size_t n, double *auc);

/*
 * AUC and variance.  cluster_ids: NULL, or for each row a number below
 * clusters.
 */
extern jrn_status jrn_auc_delong(const jrn_env *env, const double *predicted,
								 const double *observed,
								 const uint32_t *cluster_ids, uint32_t clusters,
								 size_t n, jrn_auc_result *result);

/* AUC of a less that of b, two scores of the same rows, with its variance. */
typedef struct jrn_auc_comparison
{
	double		a;
	double		b;
	double		difference;
	double		variance;
	uint64_t	positives;
	uint64_t	negatives;
} jrn_auc_comparison;

extern jrn_status jrn_auc_difference(const jrn_env *env, const double *a, const double *b,
									 const double *observed, const uint32_t *cluster_ids,
									 uint32_t clusters, size_t n, jrn_auc_comparison *result);

/*
 * Interval at a level such as 0.95, on the logit scale, so that it stays inside
 * (0, 1).  NaN when AUC is 0 or 1 or the variance 0 or NaN: a sample without
 * variation says nothing about its uncertainty.
 */
extern void jrn_auc_interval(double auc, double variance, double level,
							 double *low, double *high);

/*
 * Number distinct prints from 0 in order of first appearance.  O(n), 8 to 16
 * bytes of scratch a row.
 */
extern jrn_status jrn_cluster_ids(const jrn_env *env, const jrn_cluster_print *prints,
								  size_t n, uint32_t *ids, uint32_t *clusters);

#endif							/* JRN_METRIC_AUC_H */
