/*
 * model.h
 *		A fitted model as plain numbers (pure core); the composite type
 *		journey.model has the same fields.
 *
 * R-MOD-1	Terms are in the user's column order, "(intercept)" first; family
 *			cox has none, family ordinal has its thresholds there.
 * R-MOD-2	A term that the data cannot carry (aliased) has coefficient NaN,
 *			shown as NULL; a term that runs away under separation has
 *			coefficient +-infinity. Neither has a variance.
 * R-MOD-3	No covariance after a penalty and none without residual degrees
 *			of freedom.
 */
#ifndef JRN_MODEL_H
#define JRN_MODEL_H

#include <stdbool.h>

#include "../core/env.h"

typedef enum jrn_family
{
	JRN_GAUSSIAN,
	JRN_BINOMIAL,
	JRN_COX,					/* proportional hazards: no intercept, see kpis/cox.h */
	JRN_POISSON,
	JRN_NEGATIVE_BINOMIAL,		/* dispersion is the shape theta: variance mu + mu^2/theta */
	JRN_ORDINAL,				/* proportional odds: thresholds instead of an intercept */
	JRN_FAMILIES
} jrn_family;

/*
 * What is added to 1/(2w) deviance, with b on features scaled by 1/n standard
 * deviations and the intercept free: lambda (alpha |b|_1 + (1 - alpha)/2
 * |b|_2^2).  Ridge is alpha = 0, lasso alpha = 1.  Firth's penalty has no strength.
 */
typedef enum jrn_penalty
{
	JRN_PENALTY_NONE,
	JRN_PENALTY_RIDGE,
	JRN_PENALTY_LASSO,
	JRN_PENALTY_ELASTIC_NET,
	JRN_PENALTY_FIRTH,			/* half the log determinant of the information */
	JRN_PENALTIES
} jrn_penalty;

/* Outcome of a fit in one word; the names are those of the SQL column. */
typedef enum jrn_fit_status
{
	JRN_FIT_OK,
	JRN_FIT_RANK_DEFICIENT,		/* some terms are aliased, the rest is fine */
	JRN_FIT_SEPARATED,			/* the likelihood has no finite maximum */
	JRN_FIT_NOT_CONVERGED,
	JRN_FIT_ONE_CLASS,			/* a binary or ordinal target with one value, counts that are all 0 */
	JRN_FIT_TOO_FEW,			/* no residual degrees of freedom */
	JRN_FIT_NO_OVERDISPERSION,	/* negative binomial: the fit is Poisson's, its limit */
	JRN_FIT_STATUSES
} jrn_fit_status;

/* How standard errors were made. */
typedef enum jrn_errors
{
	JRN_ERRORS_MODEL,
	JRN_ERRORS_HC0,
	JRN_ERRORS_HC1,
	JRN_ERRORS_HC2,
	JRN_ERRORS_HC3,
	JRN_ERRORS_CLUSTER			/* CR1 */
} jrn_errors;

typedef struct jrn_model
{
	jrn_family	family;
	jrn_penalty penalty;
	double		lambda;			/* 0 without penalty */
	double		alpha;			/* share of the absolute part: 0 ridge, 1 lasso */
	int			terms;			/* with the intercept or the thresholds */
	int			thresholds;		/* of family ordinal, which come first; else 0 */
	double	   *levels;			/* [thresholds + 1] of its target, in order; or NULL */
	double	   *coefficients;	/* [terms], on the scale of the columns */
	double	   *covariance;		/* packed lower triangle by rows, or NULL */
	double		dispersion;		/* NaN: none */
	int64_t		n;
	int64_t		n_groups;		/* -1: rows are independent */
	int64_t		df_residual;
	double		deviance;
	double		null_deviance;
	double		log_likelihood;
	int			iterations;
	bool		converged;
	jrn_fit_status status;
	jrn_errors	errors;
} jrn_model;

/* Place of (i, j), i >= j, in a packed lower triangle. */
static inline size_t
jrn_packed(size_t i, size_t j)
{
	return i * (i + 1) / 2 + j;
}

extern const char *jrn_fit_status_name(jrn_fit_status status);

/* Can such a model predict what it was made for? */
static inline bool
jrn_fit_is_usable(jrn_fit_status status)
{
	return status == JRN_FIT_OK || status == JRN_FIT_RANK_DEFICIENT ||
		status == JRN_FIT_NO_OVERDISPERSION;
}

/* Whether estimates are shrunk: such a fit has no standard errors. */
static inline bool
jrn_is_shrunk(jrn_penalty penalty)
{
	return penalty != JRN_PENALTY_NONE && penalty != JRN_PENALTY_FIRTH;
}

extern const char *jrn_penalty_name(jrn_penalty penalty);
extern const char *jrn_errors_name(jrn_errors errors);

#endif							/* JRN_MODEL_H */
