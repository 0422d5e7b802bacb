/*
 * cells_cv.h
 *		k-fold cross-validation of squared loss from moments by cell alone
 *		(pure core): rows are never seen.
 *
 * R-CCV-1	Cells are dealt to folds as whole buckets are (R-PLAN-2), by the
 *			hash of their ids, so a fold's rows are as even as cells allow.
 * R-CCV-2	A training set is the merge of the other folds' moments, by merges
 *			from the front and from the back: about 3 k merges for all folds,
 *			never a difference.
 * R-CCV-3	Held-out squared errors of a cell come from its moments (R-CV-6),
 *			divided by weights.  Where rounding alone explains them they are 0;
 *			below about 1e-8 of the target's spread they have few digits.
 * R-CCV-4	A fold's standard error counts cells: for a mean with weights W in G
 *			cells, sqrt(G/(G-1) sum_c (S_c - W_c mean)^2)/W.  Overall figures
 *			are those of R-CV-4 and R-CV-5.
 */
#ifndef JRN_CELLS_CV_H
#define JRN_CELLS_CV_H

#include "crossval.h"

typedef struct jrn_cell_list
{
	size_t		count;
	const int64_t *ids;			/* [count], rising */
	const jrn_moments *sets;	/* [count], none without rows */
} jrn_cell_list;

/*
 * Run; the request is gaussian, its lambdas may be NULL for a grid.  k is from
 * 2 to the number of cells.
 */
extern jrn_status jrn_cross_validate_cells(const jrn_env *env, const jrn_cell_list *cells, int k,
										   uint64_t seed, jrn_cv_request *request,
										   jrn_cv_result *result);

#endif							/* JRN_CELLS_CV_H */
