/*
 * jackknife.c
 *		Delete-group jackknife from moments (see jackknife.h).
 */
#include <math.h>

#include "jackknife.h"

/* The most memory that the merges from the back may take. */
#define MOST_BYTES ((size_t) 1 << 30)

/* Coefficients with the intercept first; NaN where a term is not in the fit. */
static jrn_status
coefficients(const jrn_env *env, const jrn_moments *rows, jrn_linear_fit *fit, double *theta)
{
	size_t		p = fit->p;
	size_t		j;

	for (j = 0; j <= p; j++)
		theta[j] = NAN;
	if (rows->n == 0)
		return JRN_OK;
	JRN_TRY(jrn_linear_solve(env, rows, 0.0, fit));
	theta[0] = rows->mean[p];
	for (j = 0; j < p; j++)
	{
		theta[0] -= fit->beta[j] * rows->mean[j];
		if (fit->kept[j])
			theta[j + 1] = fit->beta[j];
	}
	if (rows->n <= (int64_t) fit->rank)
		for (j = 0; j <= p; j++)
			theta[j] = NAN;		/* fewer rows than coefficients */
	return JRN_OK;
}

/* after[i] = merge of the cells from i on. */
static jrn_status
merge_from_back(const jrn_env *env, const jrn_moments *sets, size_t count, jrn_moments **after)
{
	size_t		q = sets[0].q;
	size_t		i;

	if ((count + 1) * (q + q * (q + 1) / 2) * sizeof(double) > MOST_BYTES)
		return JRN_LIMIT;
	JRN_TRY(jrn_moments_alloc(env, count + 1, q, after));
	for (i = count; i-- > 0;)
	{
		JRN_TICK(env);
		jrn_moments_merge(&(*after)[i], &sets[i]);
		jrn_moments_merge(&(*after)[i], &(*after)[i + 1]);
	}
	return JRN_OK;
}

/* R-JCK-1 for one term; theta is [count][q]. */
static double
spread(const double *theta, size_t count, size_t q, size_t term)
{
	double		mean = 0.0;
	double		square = 0.0;
	size_t		i;

	for (i = 0; i < count; i++)
		mean += theta[i * q + term] / (double) count;
	for (i = 0; i < count; i++)
	{
		double		d = theta[i * q + term] - mean;

		square += d * d;
	}
	return sqrt(((double) count - 1.0) / (double) count * square);	/* NaN stays NaN: R-JCK-3 */
}

jrn_status
jrn_jackknife(const jrn_env *env, const jrn_moments *sets, size_t count,
			  double *estimate, double *std_error)
{
	size_t		q = sets[0].q;
	jrn_moments *after;
	jrn_moments *before;
	jrn_moments *others;
	jrn_linear_fit fit;
	double	   *theta;
	size_t		i;

	JRN_TRY(merge_from_back(env, sets, count, &after));
	JRN_TRY(jrn_moments_alloc(env, 1, q, &before));
	JRN_TRY(jrn_moments_alloc(env, 1, q, &others));
	JRN_TRY(jrn_linear_alloc(env, q - 1, &fit));
	JRN_TRY(jrn_alloc_array(env, count, q * sizeof(double), &theta));
	JRN_TRY(coefficients(env, &after[0], &fit, estimate));
	for (i = 0; i < count; i++)
	{
		JRN_TICK(env);
		jrn_moments_clear(others);
		jrn_moments_merge(others, before);
		jrn_moments_merge(others, &after[i + 1]);	/* R-JCK-2 */
		JRN_TRY(coefficients(env, others, &fit, theta + i * q));
		jrn_moments_merge(before, &sets[i]);
	}
	for (i = 0; i < q; i++)
		std_error[i] = isnan(estimate[i]) || count < 2 ? NAN : spread(theta, count, q, i);
	return JRN_OK;
}
