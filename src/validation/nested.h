/*
 * nested.h
 *		Nested cross-validation of squared loss from the moments of folds (pure
 *		core): what the penalty that looks best is worth on rows that did not
 *		help to choose it.
 *
 * R-NEST-1	For every outer fold f, lambda is chosen by the pooled inner error:
 *			models of all folds but f and g, tested on g, for every g.  The k(k -
 *			1)/2 training sets without two folds are merges of moments, and each
 *			serves twice.  Then the model of all folds but f under that lambda is
 *			tested on f.
 * R-NEST-2	Nothing is looked at but moments; errors as in R-CV-6.  Equal errors
 *			choose the larger lambda.
 * R-NEST-3	The corrected figure is pooled over outer folds, averaged over
 *			repeats; its error is the corrected resampled t of the outer folds.
 */
#ifndef JRN_NESTED_H
#define JRN_NESTED_H

#include "crossval.h"

/* Folds up to which pairs of them are worth their time. */
#define JRN_NESTED_FOLDS 20

typedef struct jrn_nested_figure
{
	double		naive;			/* of the lambda that is best on all rows */
	double		corrected;
	double		std_error;
	double		df;
} jrn_nested_figure;

typedef struct jrn_nested_result
{
	int			best;			/* place of the lambda, -1: none */
	jrn_nested_figure rmse;
	jrn_nested_figure r_squared;
	jrn_fit_status status;
	bool		lost;			/* errors too small for moments: take another way */
} jrn_nested_result;

/*
 * The plan is begun, with 3 to JRN_NESTED_FOLDS folds.  request->lambdas NULL
 * is filled in as by jrn_cross_validate.  O(repeats k^2 (k q^2 + path)).
 */
extern jrn_status jrn_nested_gaussian(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
									  jrn_cv_request *request, jrn_nested_result *result);

#endif							/* JRN_NESTED_H */
