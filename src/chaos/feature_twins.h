/*
 * feature_twins.h
 *		Twins in numbers: customers whose first values are nearly the same.
 *		Do they part as a rule of deterministic growth would make them, or at
 *		once, as noise does?
 *
 * The first m values of a customer are a point; the twin is the customer at
 * the nearest other point.  S(k) is the mean of ln |y_(m+k) - y'_(m+k)|.
 *
 * Source: reference/chaos.md 5.2 (Rosenstein, Collins and De Luca 1993 across
 * customers).  Requirements:
 *
 * R-FT-1	Customers with fewer than m + horizon values take no part; of the
 *			others the first m + horizon count.
 * R-FT-2	Twins at distance 0 are none (their logarithm says nothing), ties go
 *			to the first customer in canonical order; differences of 0 are
 *			skipped in S.
 * R-FT-3	slope: least squares of S on k = 1, 2, 3; jump: S(1) - S(0), large
 *			for noise; the same slope for the nearest and the farthest third
 *			of the twins.
 * R-FT-4	p: one-sided, the mean squared error of predicting y_(m+1) by the
 *			twin's against surrogates: one AR(2) with intercept for all
 *			customers, fitted by least squares; a customer keeps the first two
 *			values and gets residuals drawn from all customers.  Where the past
 *			is collinear an AR(1) is fitted.
 * R-FT-5	Draws depend on seed, surrogate, customer's hash and step only.
 */
#ifndef JRN_FEATURE_TWINS_H
#define JRN_FEATURE_TWINS_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_FT_MAX_DIMENSION 20
#define JRN_FT_MAX_HORIZON 1000
#define JRN_FT_LEAST 10			/* customers: below, too_few */
#define JRN_FT_WANTED 300		/* below, low_n */

typedef enum jrn_ft_status
{
	JRN_FT_OK,
	JRN_FT_LOW_N,
	JRN_FT_TOO_FEW,
	JRN_FT_TOO_SHORT,			/* nobody has m + horizon values */
	JRN_FT_CONSTANT,
	JRN_FT_DISCRETE				/* more than a tenth have a twin at distance 0 */
} jrn_ft_status;

typedef struct jrn_feature_twins
{
	const jrn_env *env;
	int			dimension;		/* m, at least 2 */
	int			horizon;		/* at least 3 */

	size_t		customers;		/* all of them */
	size_t		n;				/* that take part */
	size_t		capacity;
	uint64_t   *hashes;
	size_t		value_count;
	size_t		value_capacity;
	double	   *values;			/* m + horizon a customer; scaled by the run */
	double		scale;
} jrn_feature_twins;

/* Figures that do not exist are NaN. */
typedef struct jrn_ft_result
{
	double		slope;
	double		jump;
	double		near;			/* slope of the nearest third */
	double		far;
	double		error;			/* root mean square, in units of the values */
	double		null_median;	/* of the surrogates */
	double		p;
	jrn_ft_status status;
} jrn_ft_result;

extern jrn_status jrn_feature_twins_begin(jrn_feature_twins *twins, const jrn_env *env, int dimension, int horizon);

/* One customer, in canonical order; values must be finite. */
extern jrn_status jrn_feature_twins_add(jrn_feature_twins *twins, uint64_t hash, const double *values, size_t n);

/*
 * curve and pairs have horizon + 1 elements: S(k), and the twins it is the
 * mean of.  Call once.  O((1 + surrogates) n log n).
 */
extern jrn_status jrn_feature_twins_run(jrn_feature_twins *twins, int32_t surrogates, uint64_t seed,
										double *curve, int64_t *pairs, jrn_ft_result *result);

extern const char *jrn_ft_status_word(jrn_ft_status status);

/* What may be said; NULL without a slope or a p-value. */
extern const char *jrn_ft_verdict(const jrn_ft_result *result);

#endif							/* JRN_FEATURE_TWINS_H */
