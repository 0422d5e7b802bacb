/*
 * eigen.c
 *		Symmetric eigenproblem (see eigen.h).
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "eigen.h"

/* QL steps for one eigenvalue; two or three are usual. */
#define MOST_STEPS 60

/* Rows of n doubles worked on between two ticks: about a millisecond. */
#define TICK_WORK 262144

typedef struct eigen_work
{
	const jrn_env *env;
	size_t		n;
	double	   *a;				/* [n n] the matrix, then the reflections */
	double	   *z;				/* [n n] eigenvectors in the making, by rows */
	double	   *d;				/* [n] diagonal */
	double	   *e;				/* [n] e[i] couples i and i + 1 */
	double	   *beta;			/* [n] factors of the reflections */
	double	   *p;				/* [n] scratch */
	size_t		work;
} eigen_work;

static jrn_status
worked(eigen_work *w, size_t amount)
{
	w->work += amount;
	if (w->work < TICK_WORK)
		return JRN_OK;
	w->work = 0;
	JRN_TICK(w->env);
	return JRN_OK;
}

static double
dot(const double *a, const double *b, size_t n)
{
	double		s[4] = {0.0, 0.0, 0.0, 0.0};
	size_t		i;

	for (i = 0; i + 4 <= n; i += 4)
	{
		s[0] += a[i] * b[i];
		s[1] += a[i + 1] * b[i + 1];
		s[2] += a[i + 2] * b[i + 2];
		s[3] += a[i + 3] * b[i + 3];
	}
	for (; i < n; i++)
		s[0] += a[i] * b[i];
	return (s[0] + s[2]) + (s[1] + s[3]);
}

/* R-EIG-2: a full copy, largest magnitude 1; *scale is 0 for the zero matrix. */
static jrn_status
take_matrix(eigen_work *w, const double *packed, double *scale)
{
	size_t		n = w->n;
	size_t		i,
				j;

	*scale = 0.0;
	for (i = 0; i < n * (n + 1) / 2; i++)
	{
		if (!isfinite(packed[i]))
			return JRN_NONFINITE;
		if (fabs(packed[i]) > *scale)
			*scale = fabs(packed[i]);
	}
	for (i = 0; i < n && *scale > 0.0; i++)
		for (j = 0; j <= i; j++)
			w->a[i * n + j] = w->a[j * n + i] = packed[i * (i + 1) / 2 + j] / *scale;
	return JRN_OK;
}

/*
 * Reflect away what column k has below its subdiagonal.  The reflection is
 * 1 - beta v v' on the rows after k; v stays in row k of a.
 */
static jrn_status
reflect(eigen_work *w, size_t k)
{
	size_t		n = w->n;
	size_t		m = n - k - 1;
	double	   *v = w->a + k * n + k + 1;
	double		square = dot(v + 1, v + 1, m - 1);
	double		norm = sqrt(square + v[0] * v[0]);
	double		alpha = v[0] > 0.0 ? -norm : norm;
	double		half;
	size_t		i,
				j;

	w->beta[k] = 0.0;
	w->e[k] = v[0];
	if (square == 0.0)
		return JRN_OK;
	w->e[k] = alpha;
	v[0] -= alpha;
	w->beta[k] = 2.0 / (square + v[0] * v[0]);
	for (i = 0; i < m; i++)
		w->p[i] = w->beta[k] * dot(w->a + (k + 1 + i) * n + k + 1, v, m);
	half = 0.5 * w->beta[k] * dot(w->p, v, m);
	for (i = 0; i < m; i++)
		w->p[i] -= half * v[i];
	for (i = 0; i < m; i++)
	{
		double	   *row = w->a + (k + 1 + i) * n + k + 1;

		for (j = 0; j < m; j++)
			row[j] -= v[i] * w->p[j] + w->p[i] * v[j];
	}
	return worked(w, 3 * m * m);
}

/* a = Q T Q' with T in d, e; z becomes Q'. */
static jrn_status
tridiagonalise(eigen_work *w)
{
	size_t		n = w->n;
	size_t		i,
				j,
				k;

	for (k = 0; k + 2 < n; k++)
		JRN_TRY(reflect(w, k));
	if (n > 1)
		w->e[n - 2] = w->a[(n - 2) * n + n - 1];
	w->e[n - 1] = 0.0;
	memset(w->z, 0, n * n * sizeof(double));
	for (i = 0; i < n; i++)
	{
		w->d[i] = w->a[i * n + i];
		w->z[i * n + i] = 1.0;
	}
	for (k = n; k-- > 0;)
	{
		const double *v = w->a + k * n + k + 1;
		size_t		m = n - k - 1;

		if (k + 2 >= n || w->beta[k] == 0.0)
			continue;
		for (i = k + 1; i < n; i++)
		{
			double	   *row = w->z + i * n + k + 1;
			double		along = w->beta[k] * dot(row, v, m);

			for (j = 0; j < m; j++)
				row[j] -= along * v[j];
		}
		JRN_TRY(worked(w, 2 * m * m));
	}
	return JRN_OK;
}

/* Rotate rows i and i + 1 of z. */
static void
rotate(eigen_work *w, size_t i, double c, double s)
{
	double	   *upper = w->z + i * w->n;
	double	   *lower = upper + w->n;
	size_t		k;

	for (k = 0; k < w->n; k++)
	{
		double		u = upper[k];
		double		l = lower[k];

		lower[k] = s * u + c * l;
		upper[k] = c * u - s * l;
	}
}

/* sqrt(a^2 + b^2) of numbers far from the limits of doubles. */
static double
length(double a, double b)
{
	return sqrt(a * a + b * b);
}

/* One implicit QL step on the block from first to last. */
static jrn_status
ql_step(eigen_work *w, size_t first, size_t last)
{
	double	   *d = w->d;
	double	   *e = w->e;
	double		g = (d[first + 1] - d[first]) / (2.0 * e[first]);
	double		r = length(g, 1.0);
	double		s = 1.0;
	double		c = 1.0;
	double		moved = 0.0;
	size_t		i;

	g = d[last] - d[first] + e[first] / (g + (g >= 0.0 ? r : -r));
	for (i = last; i-- > first;)
	{
		double		f = s * e[i];
		double		b = c * e[i];

		r = length(f, g);
		e[i + 1] = r;
		if (r == 0.0)			/* the block falls apart here */
		{
			d[i + 1] -= moved;
			e[last] = 0.0;
			return worked(w, 4 * w->n * (last - i));
		}
		s = f / r;
		c = g / r;
		g = d[i + 1] - moved;
		r = (d[i] - g) * s + 2.0 * c * b;
		moved = s * r;
		d[i + 1] = g + moved;
		g = c * r - b;
		rotate(w, i, c, s);
	}
	d[first] -= moved;
	e[first] = g;
	e[last] = 0.0;
	return worked(w, 4 * w->n * (last - first));
}

static jrn_status
diagonalise(eigen_work *w)
{
	double		norm = 0.0;
	size_t		first,
				last;
	int			step;

	for (first = 0; first < w->n; first++)
	{
		if (fabs(w->d[first]) + fabs(w->e[first]) > norm)
			norm = fabs(w->d[first]) + fabs(w->e[first]);
		for (step = 0;; step++)
		{
			for (last = first; last + 1 < w->n; last++)
				if (fabs(w->e[last]) <= DBL_EPSILON * norm)
					break;
			if (last == first)
				break;
			if (step == MOST_STEPS)
				return JRN_NO_CONVERGENCE;
			JRN_TRY(ql_step(w, first, last));
		}
	}
	return JRN_OK;
}

/* R-EIG-1: largest first. */
static void
order(eigen_work *w)
{
	size_t		n = w->n;
	size_t		i,
				j;

	for (i = 0; i + 1 < n; i++)
	{
		size_t		largest = i;
		double		value;

		for (j = i + 1; j < n; j++)
			if (w->d[j] > w->d[largest])
				largest = j;
		if (largest == i)
			continue;
		value = w->d[i];
		w->d[i] = w->d[largest];
		w->d[largest] = value;
		memcpy(w->p, w->z + i * n, n * sizeof(double));
		memcpy(w->z + i * n, w->z + largest * n, n * sizeof(double));
		memcpy(w->z + largest * n, w->p, n * sizeof(double));
	}
}

jrn_status
jrn_eigen(const jrn_env *env, const double *packed, size_t n, double *values, double *vectors)
{
	eigen_work	w;
	double		scale;
	size_t		i;

	memset(&w, 0, sizeof(w));
	w.env = env;
	w.n = n;
	w.z = vectors;
	w.d = values;
	if (n == 0)
		return JRN_OK;
	JRN_TRY(jrn_alloc_zeroed(env, n, n * sizeof(double), &w.a));
	JRN_TRY(jrn_alloc_zeroed(env, n, 3 * sizeof(double), &w.e));
	w.beta = w.e + n;
	w.p = w.beta + n;
	JRN_TRY(take_matrix(&w, packed, &scale));
	JRN_TRY(tridiagonalise(&w));
	JRN_TRY(diagonalise(&w));
	order(&w);
	for (i = 0; i < n; i++)
		values[i] *= scale;
	jrn_release(env, w.a);
	jrn_release(env, w.e);
	return JRN_OK;
}
