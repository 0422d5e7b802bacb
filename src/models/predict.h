/*
 * predict.h
 *		Predictions of a fitted model (pure core).
 *
 * R-PRE-1	The linear predictor is the intercept plus coefficient times value,
 *			added in term order, so that the array form and the record form
 *			give the same bits.
 * R-PRE-2	Aliased terms (NaN) are left out.
 * R-PRE-3	A model with an infinite coefficient, or without an intercept,
 *			cannot predict.
 * R-PRE-4	The inverse logit is computed from the side of the smaller tail: no
 *			overflow, full relative precision in both tails.
 * R-PRE-5	Of an ordinal model the link is x'b without a threshold, and the
 *			response is the mean of the levels' numbers under their
 *			probabilities.
 */
#ifndef JRN_PREDICT_H
#define JRN_PREDICT_H

#include "model.h"

typedef struct jrn_predictor
{
	jrn_family	family;
	int			terms;			/* with the intercept */
	double	   *weights;		/* [terms], 0 for aliased ones */
	int			thresholds;		/* ordinal: P(y <= level k) = logistic(threshold k - link) */
	double	   *threshold;		/* [thresholds] */
	double	   *levels;			/* [thresholds + 1] */
} jrn_predictor;

/*
 * Prepare a predictor; the model may go afterwards.  JRN_DOMAIN by R-PRE-3.
 * O(terms).
 */
extern jrn_status jrn_predictor_init(const jrn_env *env, const jrn_model *model,
									 jrn_predictor *predictor);

/* Linear predictor of terms - 1 finite values; may overflow to infinity. */
extern double jrn_predict_link(const jrn_predictor *predictor, const double *x);

/* From the link scale to that of the response: not for family ordinal. */
extern double jrn_predict_response(jrn_family family, double link);

/* The same for every family (R-PRE-5). */
extern double jrn_predictor_response(const jrn_predictor *predictor, double link);

/* A level of a label; levels are searched in byte order, shorter first. */
typedef struct jrn_level
{
	const char *bytes;
	size_t		size;
} jrn_level;

/* Place of a level among count sorted ones, -1: not there.  O(log count). */
extern int	jrn_level_find(const jrn_level *levels, int count, const char *bytes, size_t size);

#endif							/* JRN_PREDICT_H */
