/*
 * cholesky.c
 *		Packed Cholesky with skipped columns (see cholesky.h).
 */
#include <math.h>
#include <string.h>

#include "cholesky.h"

/* Dot product in four fixed lanes. */
static double
row_dot(const double *a, const double *b, size_t n)
{
	double		s0 = 0,
				s1 = 0,
				s2 = 0,
				s3 = 0;
	size_t		i;

	for (i = 0; i + 4 <= n; i += 4)
	{
		s0 += a[i] * b[i];
		s1 += a[i + 1] * b[i + 1];
		s2 += a[i + 2] * b[i + 2];
		s3 += a[i + 3] * b[i + 3];
	}
	for (; i < n; i++)
		s0 += a[i] * b[i];
	return (s0 + s2) + (s1 + s3);
}

static double *
row_of(double *a, size_t i)
{
	return a + i * (i + 1) / 2;
}

static const double *
const_row_of(const double *a, size_t i)
{
	return a + i * (i + 1) / 2;
}

/*
 * Row by row: the entries of a skipped column are set to 0, so later dot
 * products pass over it without a test.
 */
jrn_status
jrn_cholesky(const jrn_env *env, double *a, size_t n, double tolerance,
			 bool *kept, size_t *rank)
{
	size_t		i,
				j;

	*rank = 0;
	for (i = 0; i < n; i++)
	{
		double	   *row = row_of(a, i);
		double		diagonal = row[i];
		double		pivot;

		if (i % 16 == 0)
			JRN_TICK(env);
		if (!kept[i] || !(diagonal > 0.0))
		{
			kept[i] = false;
			memset(row, 0, (i + 1) * sizeof(double));
			continue;
		}
		for (j = 0; j < i; j++)
		{
			const double *other = const_row_of(a, j);

			row[j] = kept[j] ? (row[j] - row_dot(row, other, j)) / other[j] : 0.0;
		}
		pivot = diagonal - row_dot(row, row, i);
		/* R-CHO-2; written so that NaN is skipped too */
		if (!(pivot > tolerance * diagonal))
		{
			kept[i] = false;
			memset(row, 0, (i + 1) * sizeof(double));
			continue;
		}
		row[i] = sqrt(pivot);
		(*rank)++;
	}
	return JRN_OK;
}

void
jrn_cholesky_solve(const double *l, size_t n, const bool *kept, double *b)
{
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		const double *row = const_row_of(l, i);

		b[i] = kept[i] ? (b[i] - row_dot(row, b, i)) / row[i] : 0.0;
	}
	for (i = n; i-- > 0;)
	{
		const double *row = const_row_of(l, i);

		if (!kept[i])
			continue;
		b[i] /= row[i];
		for (j = 0; j < i; j++)
			b[j] -= row[j] * b[i];
	}
}

jrn_status
jrn_cholesky_inverse(const jrn_env *env, const double *l, size_t n,
					 const bool *kept, double *inverse)
{
	double	   *column;
	size_t		i,
				j;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &column));
	for (j = 0; j < n; j++)
	{
		JRN_TICK(env);
		memset(column, 0, n * sizeof(double));
		if (kept[j])
		{
			column[j] = 1.0;
			jrn_cholesky_solve(l, n, kept, column);
		}
		for (i = j; i < n; i++)
			row_of(inverse, i)[j] = column[i];
	}
	jrn_release(env, column);
	return JRN_OK;
}
