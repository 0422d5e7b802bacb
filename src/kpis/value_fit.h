/*
 * value_fit.h
 *		Maximum likelihood for the customer value models.
 *
 * R-VFIT-1	Newton with a damped, positive definite curvature in the logarithms
 *			of the parameters; every accepted step raises the log-likelihood.
 * R-VFIT-2	Time is scaled so that the longest age is 10 (spend: to a mean of 1)
 *			and logarithms are kept within 15; a parameter at that bound means
 *			the data do not carry it: not converged, no estimates.
 * R-VFIT-3	Standard errors: inverse of the observed information at the maximum,
 *			carried to the parameters by their derivative.
 * R-VFIT-4	A sample of many rows gives the start only; the maximum is that of
 *			all rows.
 */
#ifndef JRN_VALUE_FIT_H
#define JRN_VALUE_FIT_H

#include <stdbool.h>

#include "value_models.h"

#define JRN_VALUE_BOUND 15.0

/* Fewer customers cannot carry three or four parameters. */
#define JRN_VALUE_MIN_CUSTOMERS 10.0

typedef struct jrn_value_fit
{
	bool		converged;
	double		parameters[JRN_VALUE_MAX_PARAMETERS];	/* in the units of the rows */
	double		std_errors[JRN_VALUE_MAX_PARAMETERS];
	double		log_likelihood;
	int			iterations;
} jrn_value_fit;

/*
 * Fit; rows sorted by x.  start: logarithms of the scaled parameters, NULL for
 * the default and, where that fails, a few others.  JRN_TOO_FEW when the rows
 * cannot carry a fit (fewer than 10 customers, no repeat purchase, no time).
 */
extern jrn_status jrn_value_fit_rows(const jrn_env *env, jrn_value_model model,
									 const jrn_value_row *rows, size_t n,
									 const double *start, jrn_value_fit *fit);

#endif							/* JRN_VALUE_FIT_H */
