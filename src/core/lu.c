/*
 * lu.c
 *		LU factorisation with partial pivoting (requirements in lu.h).
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "lu.h"
#include "sizes.h"
#include "sums.h"

/* Multiplications between two ticks: about a quarter of a millisecond. */
#define WORK_PER_TICK 250000

/* Largest magnitude of each column; R-LU-4. */
static jrn_status
column_scales(const jrn_env *env, const double *a, size_t n, double *scale)
{
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		if (i % 64 == 0)
			JRN_TICK(env);
		for (j = 0; j < n; j++)
		{
			double		value = fabs(a[i * n + j]);

			if (!isfinite(value))
				return JRN_NONFINITE;
			if (value > scale[j])
				scale[j] = value;
		}
	}
	return JRN_OK;
}

/* R-LU-2: the row of the pivot of column k. */
static size_t
find_pivot(const double *a, size_t n, size_t k)
{
	size_t		best = k;
	size_t		i;

	for (i = k + 1; i < n; i++)
		if (fabs(a[i * n + k]) > fabs(a[best * n + k]))
			best = i;
	return best;
}

static void
swap_rows(double *a, size_t n, size_t i, size_t k)
{
	size_t		j;

	for (j = 0; j < n; j++)
	{
		double		value = a[i * n + j];

		a[i * n + j] = a[k * n + j];
		a[k * n + j] = value;
	}
}

/* row -= factor * pivot_row over count elements. */
static void
subtract_row(double *row, const double *pivot_row, double factor, size_t count)
{
	size_t		j;

	for (j = 0; j < count; j++)
		row[j] -= factor * pivot_row[j];
}

/* Clear column k below the pivot, keeping the factors there. */
static jrn_status
eliminate(const jrn_env *env, double *a, size_t n, size_t k, size_t *work)
{
	const double *pivot_row = a + k * n + k;
	size_t		i;

	for (i = k + 1; i < n; i++)
	{
		double	   *row = a + i * n + k;

		*work += n - k;
		if (*work >= WORK_PER_TICK)
		{
			*work = 0;
			JRN_TICK(env);
		}
		if (row[0] == 0.0)
			continue;
		row[0] /= pivot_row[0];
		subtract_row(row + 1, pivot_row + 1, row[0], n - k - 1);
	}
	return JRN_OK;
}

jrn_status
jrn_lu_factor(const jrn_env *env, const double *matrix, size_t n, jrn_lu *lu)
{
	double	   *scale;
	size_t		cells;
	size_t		work = 0;
	size_t		k;

	memset(lu, 0, sizeof(*lu));
	lu->n = n;
	if (!jrn_size_mul(n, n, &cells))
		return JRN_LIMIT;
	if (n == 0)
	{
		lu->sign = 1;			/* the empty product */
		return JRN_OK;
	}
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &scale));
	JRN_TRY(column_scales(env, matrix, n, scale));
	JRN_TRY(jrn_alloc_array(env, cells, sizeof(double), &lu->factors));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(size_t), &lu->pivots));
	memcpy(lu->factors, matrix, cells * sizeof(double));
	lu->sign = 1;
	for (k = 0; k < n; k++)
	{
		size_t		best = find_pivot(lu->factors, n, k);
		double		pivot = lu->factors[best * n + k];

		/* R-LU-3; written so that a NaN from overflow is caught too */
		if (!(fabs(pivot) > (double) n * DBL_EPSILON * scale[k]) || isinf(pivot))
		{
			lu->sign = 0;
			lu->log_abs_det = -INFINITY;
			lu->singular_column = k;
			return isfinite(pivot) ? JRN_SINGULAR : JRN_NONFINITE;
		}
		lu->pivots[k] = best;
		if (best != k)
		{
			swap_rows(lu->factors, n, best, k);
			lu->sign = -lu->sign;
		}
		if (pivot < 0.0)
			lu->sign = -lu->sign;
		lu->log_abs_det += log(fabs(pivot));
		JRN_TRY(eliminate(env, lu->factors, n, k, &work));
	}
	jrn_release(env, scale);
	return JRN_OK;
}

static void
swap_elements(double *b, size_t i, size_t k)
{
	double		value = b[i];

	b[i] = b[k];
	b[k] = value;
}

/* P A = L U, so A x = b is L (U x) = P b. */
jrn_status
jrn_lu_solve(const jrn_env *env, const jrn_lu *lu, double *b)
{
	size_t		n = lu->n;
	size_t		i;

	for (i = 0; i < n; i++)
		swap_elements(b, i, lu->pivots[i]);
	for (i = 0; i < n; i++)
	{
		if (i % 64 == 0)
			JRN_TICK(env);
		b[i] -= jrn_dot(lu->factors + i * n, b, i);
	}
	for (i = n; i-- > 0;)
	{
		const double *row = lu->factors + i * n;

		if (i % 64 == 0)
			JRN_TICK(env);
		b[i] = (b[i] - jrn_dot(row + i + 1, b + i + 1, n - i - 1)) / row[i];
	}
	return JRN_OK;
}

/* A' = U' L' P: rows of the factors are columns here, so they are subtracted. */
jrn_status
jrn_lu_solve_transposed(const jrn_env *env, const jrn_lu *lu, double *b)
{
	size_t		n = lu->n;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const double *row = lu->factors + i * n;

		if (i % 64 == 0)
			JRN_TICK(env);
		b[i] /= row[i];
		subtract_row(b + i + 1, row + i + 1, b[i], n - i - 1);
	}
	for (i = n; i-- > 0;)
	{
		if (i % 64 == 0)
			JRN_TICK(env);
		subtract_row(b, lu->factors + i * n, b[i], i);
	}
	for (i = n; i-- > 0;)
		swap_elements(b, i, lu->pivots[i]);
	return JRN_OK;
}
