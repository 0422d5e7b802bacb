/*
 * leakage.h
 *		What rows, folds and times give away about leaks (pure core of
 *		leakage_check).
 *
 * Definition: the traps of reference/validation.md 1.5.  Every figure is made
 * of integers or of sums in sorted order, so it does not depend on the order
 * of rows.  A NaN in x or y leaves a row out.
 *
 * R-LEAK-1	AUC and rank correlation count ties by midranks, in integers.
 * R-LEAK-2	The score of a level is the share of positives among the rows of
 *			the level in other folds; of a level not seen there, the share in
 *			all rows.
 * R-LEAK-3	A feature is a target mean when for nine rows in ten its value is
 *			the mean of the target over all rows with that value, it has at
 *			least three values, and values repeat.
 * R-LEAK-4	A feature is standardised when its mean is 0 and its deviation 1 to
 *			six digits, and imputed when its most frequent value, not a whole
 *			number and met three times, is the mean of the ten or more others.
 * R-LEAK-5	A row is overlapped when a row of its key and of another class
 *			began earlier, or at the same time, and its window is still open.
 */
#ifndef JRN_LEAKAGE_H
#define JRN_LEAKAGE_H

#include <stdbool.h>

#include "../core/env.h"

typedef struct jrn_leak_auc
{
	double		auc;			/* NaN without both classes */
	uint64_t	positives;
	uint64_t	negatives;
} jrn_leak_auc;

/* R-LEAK-1; y is 0 or 1. */
extern jrn_status jrn_leak_find_auc(const jrn_env *env, const double *x, const double *y, size_t n,
									jrn_leak_auc *result);
extern jrn_status jrn_leak_rank_correlation(const jrn_env *env, const double *x, const double *y,
											size_t n, double *rho, size_t *used);

/*
 * Two classes of a target: its two values, or below and above its median.
 * classes is 0, 1 or NaN; *values tells how many it has, 3 standing for more.
 */
extern jrn_status jrn_leak_classes(const jrn_env *env, const double *target, size_t n,
								   double *classes, int *values);

/* R-LEAK-2 */
extern jrn_status jrn_leak_level_scores(const jrn_env *env, const uint32_t *levels,
										const uint32_t *folds, const double *classes, size_t n,
										double *scores);

/* R-LEAK-3 */
extern jrn_status jrn_leak_is_target_mean(const jrn_env *env, const double *x, const double *y,
										  size_t n, bool *is);

/* R-LEAK-4 */
extern jrn_status jrn_leak_is_preprocessed(const jrn_env *env, const double *x, size_t n,
										   bool *standardised, bool *imputed);

/* Pairs of rows with equal prints, and those of them in different folds. */
extern jrn_status jrn_leak_pairs(const jrn_env *env, const uint64_t *prints, const uint32_t *folds,
								 size_t n, double *pairs, double *across);

/* R-LEAK-5: how many rows; matured INT64_MAX is not known, such rows have no window. */
extern jrn_status jrn_leak_overlapped(const jrn_env *env, const uint32_t *keys,
									  const uint32_t *classes, const int64_t *decided,
									  const int64_t *matured, size_t n, size_t *overlapped);

/*
 * Are folds blocks of time, none beginning before another has ended?  If so,
 * *open counts the rows whose window meets the decisions and windows of
 * another fold.
 */
extern jrn_status jrn_leak_time_blocks(const jrn_env *env, const uint32_t *folds, size_t fold_count,
									   const int64_t *decided, const int64_t *matured, size_t n,
									   bool *blocks, size_t *open);

#endif							/* JRN_LEAKAGE_H */
