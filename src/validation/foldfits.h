/*
 * foldfits.h
 *		The models of all folds of one repeat under one lambda (R-CV-1 to
 *		R-CV-3 of crossval.h).
 */
#ifndef JRN_FOLDFITS_H
#define JRN_FOLDFITS_H

#include "../models/engine.h"
#include "../models/glm_part.h"
#include "../models/path.h"
#include "crossval.h"
#include "plan.h"

/* Model of one fold, in the engine's coordinates. */
typedef struct jrn_fold_fit
{
	double	   *theta;			/* [m] */
	jrn_fit_status status;
	int64_t		n_train;
	double		train_mean_y;	/* relative to the engine's origin of y */
} jrn_fold_fit;

/* What the folds of a repeat have in common. */
typedef struct jrn_fold_fits
{
	jrn_engine *engine;
	jrn_plan   *plan;
	jrn_moments *by_cell;		/* [cells] */
	jrn_moments *by_fold;		/* [k] scratch: moments of a fold's own rows */
	jrn_moments *train;			/* scratch: merge of the others */
	jrn_linear_fit linear;		/* scratch */
	jrn_path	path;			/* gaussian: of one training set */
	int			path_room;		/* strengths it has room for */

	jrn_glm_fit glm;			/* not gaussian: of one fold by itself */

	/* binomial: the fit on all rows under the current lambda */
	jrn_newton	full;
	jrn_pass   *pass_by_cell;	/* [cells] */
	double	   *penalty;		/* [q] */
	bool		full_ready;
} jrn_fold_fits;

/* Room for the fits of a plan; by_cell are the moments of the plan's cells. */
extern jrn_status jrn_fold_fits_begin(jrn_fold_fits *fits, jrn_engine *engine, jrn_plan *plan,
									  jrn_moments *by_cell);

/* Moments by fold of the plan's current map; before the calls below. */
extern void jrn_fold_fits_moments(jrn_fold_fits *fits);

/* Moments of the training rows of a fold, into train. */
extern void jrn_fold_fits_train(jrn_fold_fits *fits, int fold);

/*
 * Gaussian: solve the training set of a fold for count lambdas of the request
 * from first on (into path; train holds its moments), then write the model of
 * the l-th of them, in the engine's coordinates.
 */
extern jrn_status jrn_fold_fits_path(jrn_fold_fits *fits, int fold, const jrn_cv_request *request,
									 int first, int count);
extern void jrn_fold_fits_take(const jrn_fold_fits *fits, const jrn_cv_request *request, int lambda,
							   int l, jrn_fold_fit *out);

/* Not gaussian: fill out[k]; theta arrays are allocated by the caller. */
extern jrn_status jrn_fold_fits_run(jrn_fold_fits *fits, const jrn_fit_request *request,
									jrn_fold_fit *out);

/* One fold by itself (glm_part.h). */
extern jrn_status jrn_fold_fits_alone(jrn_fold_fits *fits, int fold, const jrn_fit_request *request,
									  jrn_fold_fit *out);

/* Whether all folds are fitted together (chords.c): logistic, at most ridge. */
static inline bool
jrn_fold_fits_chord(const jrn_fit_request *request)
{
	return request->family == JRN_BINOMIAL &&
		(request->penalty == JRN_PENALTY_NONE || request->penalty == JRN_PENALTY_RIDGE);
}

/* For those: fit all rows once per lambda, before the folds; then the folds. */
extern jrn_status jrn_fold_fits_full(jrn_fold_fits *fits, const jrn_fit_request *request);
extern jrn_status jrn_chord_folds(jrn_fold_fits *fits, const jrn_fit_request *request,
								  jrn_fold_fit *out);

#endif							/* JRN_FOLDFITS_H */
