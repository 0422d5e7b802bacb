/*
 * unit_root.h
 *		Does a series wander without a level?  The augmented Dickey-Fuller test.
 *
 * Least squares of x_t - x_{t-1} on a constant, a trend if wanted, x_{t-1} and
 * p earlier differences; the statistic is the t ratio of x_{t-1}.  Source: Said
 * and Dickey 1984; critical values of MacKinnon 2010, Queen's Economics
 * Department working paper 1227.
 *
 * R-UR-1	p is the number of 0 .. min(20, 12 (n/100)^(1/4)) with the least
 *			information criterion of Schwarz over the rows all of them have; the
 *			statistic then uses every row that p leaves.
 * R-UR-2	A unit root is rejected when the statistic is below the critical
 *			value of 5 % for that number of rows.
 * R-UR-3	A fit without error counts as one with a variance 1e-14 of that of
 *			the differences.  A level that is a linear function of constant
 *			and trend has the statistic minus infinity: there is nothing left
 *			that could wander.
 * R-UR-4	Fewer than 40 values: NaN.
 */
#ifndef JRN_UNIT_ROOT_H
#define JRN_UNIT_ROOT_H

#include "embedding.h"

#define JRN_UNIT_ROOT_MAX_LAGS 20

typedef struct jrn_unit_root_result
{
	double		statistic;
	double		critical;		/* at 5 % */
	double		trend;			/* t ratio of the trend; NaN without one */
	int			lags;
	bool		rejected;
} jrn_unit_root_result;

/* O(n lags^2).  Values of moderate size (R-EMB-4). */
extern jrn_status jrn_unit_root(const jrn_env *env, const double *x, size_t n, bool trend,
								jrn_unit_root_result *result);

/* The same with a given number of lags, at most 20. */
extern jrn_status jrn_unit_root_at(const jrn_env *env, const double *x, size_t n, bool trend, int lags,
								   jrn_unit_root_result *result);

#endif							/* JRN_UNIT_ROOT_H */
