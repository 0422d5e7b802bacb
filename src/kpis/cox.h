/*
 * cox.h
 *		Proportional hazards: Cox's partial likelihood.
 *
 * Definition (reference/journeys.md 11; Cox 1972): at every event time with
 * events D, m of them, and risk set R the log-likelihood gains
 *		sum_D eta - sum_(l < m) ln( sum_R e^eta - (l/m) sum_D e^eta )
 * with eta = x'b (Efron 1977); Breslow 1974 leaves the term with l/m out.  A
 * row is at risk at t when start < t <= stop.
 *
 * R-COX-1	Newton from 0 with halved steps; columns are centred and scaled
 *			first.  O(n p^2) a step, rows sorted once, running sums.
 * R-COX-2	A column that depends on earlier ones at b = 0 is aliased: its
 *			coefficient is NaN.
 * R-COX-3	Where the likelihood has no finite maximum (a feature orders the
 *			events) a coefficient runs away while the likelihood stands still:
 *			status separated, that coefficient infinite, without variance.
 * R-COX-4	model: n rows, df_residual events less estimated terms, deviance
 *			-2 log-likelihood, null_deviance that of b = 0, no dispersion, no
 *			intercept.
 */
#ifndef JRN_COX_H
#define JRN_COX_H

#include "../models/model.h"

typedef struct jrn_cox_rows
{
	size_t		n;
	int			p;
	double	   *x;				/* row by row, p wide; is centred and scaled by the fit */
	const double *start;		/* NULL: all from before the first time */
	const double *stop;
	const double *event;		/* 1 or 0 */
} jrn_cox_rows;

/* Fit; breslow chooses the other treatment of ties. */
extern jrn_status jrn_cox_fit(const jrn_env *env, jrn_cox_rows *rows, bool breslow, jrn_model *model);

/*
 * Log partial likelihood at b (p coefficients of the rows as they are), with
 * gradient and packed information where not NULL.
 */
extern jrn_status jrn_cox_likelihood(const jrn_env *env, const jrn_cox_rows *rows, bool breslow,
									 const double *b, double *value, double *gradient, double *information);

#endif							/* JRN_COX_H */
