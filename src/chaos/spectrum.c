/*
 * spectrum.c
 *		Eigenvalue moduli of a real matrix (see spectrum.h).
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "spectrum.h"

#include "../core/multiple.h"

/* QR steps per eigenvalue before giving up, and between unusual shifts. */
#define MAX_STEPS 90
#define UNUSUAL_STEPS 10

/* ---- strongly connected parts ---- */

typedef struct reach
{
	size_t		n;
	size_t		words;
	uint64_t   *bits;			/* row i: who can be reached from i */
} reach;

static bool
reach_get(const reach *r, size_t i, size_t j)
{
	return (r->bits[i * r->words + j / 64] >> (j % 64)) & 1;
}

/* Transitive closure (Warshall) by words of 64. */
static jrn_status
close_graph(const jrn_env *env, const double *matrix, size_t n, reach *r)
{
	size_t		i,
				j,
				w;

	r->n = n;
	r->words = n / 64 + 1;
	JRN_TRY(jrn_alloc_zeroed(env, n * r->words, sizeof(uint64_t), &r->bits));
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			if (matrix[i * n + j] != 0.0)
				r->bits[i * r->words + j / 64] |= UINT64_C(1) << (j % 64);
	for (j = 0; j < n; j++)
	{
		JRN_TICK(env);
		for (i = 0; i < n; i++)
			if (reach_get(r, i, j))
				for (w = 0; w < r->words; w++)
					r->bits[i * r->words + w] |= r->bits[j * r->words + w];
	}
	return JRN_OK;
}

/* The part of `first` among those not taken yet; gives its size. */
static size_t
take_part(const reach *r, size_t first, bool *taken, size_t *members)
{
	size_t		count = 0;
	size_t		j;

	members[count++] = first;
	taken[first] = true;
	for (j = first + 1; j < r->n; j++)
		if (!taken[j] && reach_get(r, first, j) && reach_get(r, j, first))
		{
			taken[j] = true;
			members[count++] = j;
		}
	return count;
}

/* ---- Hessenberg form ---- */

/*
 * The reflection I - beta u u' that turns x[count] into (-s, 0, ...), u with
 * first entry 1 in place of x; gives beta, 0 when x is that already.
 */
static double
reflector(double *x, size_t count)
{
	double		scale = 0.0;
	double		norm = 0.0;
	double		first;
	size_t		i;

	for (i = 1; i < count; i++)
		scale = fmax(scale, fabs(x[i]));
	if (scale == 0.0)
		return 0.0;
	scale = fmax(scale, fabs(x[0]));
	for (i = 0; i < count; i++)
		norm += (x[i] / scale) * (x[i] / scale);
	norm = scale * sqrt(norm);
	first = x[0] >= 0.0 ? x[0] + norm : x[0] - norm;
	for (i = 1; i < count; i++)
		x[i] /= first;
	norm = x[0] >= 0.0 ? norm : -norm;
	x[0] = 1.0;
	return first / norm;
}

/* Rows row .. row + count - 1, columns from .. until - 1, from the left. */
static void
reflect_rows(double *h, size_t n, const double *u, double beta, size_t row, size_t count,
			 size_t from, size_t until)
{
	size_t		i,
				j;

	for (j = from; j < until; j++)
	{
		double		sum = 0.0;

		for (i = 0; i < count; i++)
			sum += u[i] * h[(row + i) * n + j];
		for (i = 0; i < count; i++)
			h[(row + i) * n + j] -= beta * sum * u[i];
	}
}

/* Columns column .. column + count - 1, rows from .. until - 1, from the right. */
static void
reflect_columns(double *h, size_t n, const double *u, double beta, size_t column, size_t count,
				size_t from, size_t until)
{
	size_t		i,
				j;

	for (i = from; i < until; i++)
	{
		double	   *row = h + i * n + column;
		double		sum = 0.0;

		for (j = 0; j < count; j++)
			sum += row[j] * u[j];
		for (j = 0; j < count; j++)
			row[j] -= beta * sum * u[j];
	}
}

static jrn_status
to_hessenberg(const jrn_env *env, double *h, size_t n, double *u)
{
	size_t		k,
				i;

	for (k = 0; k + 2 < n; k++)
	{
		double		beta;

		JRN_TICK(env);
		for (i = k + 1; i < n; i++)
			u[i - k - 1] = h[i * n + k];
		beta = reflector(u, n - k - 1);
		if (beta == 0.0)
			continue;
		reflect_rows(h, n, u, beta, k + 1, n - k - 1, k, n);
		reflect_columns(h, n, u, beta, k + 1, n - k - 1, 0, n);
		for (i = k + 2; i < n; i++)
			h[i * n + k] = 0.0;
	}
	return JRN_OK;
}

/* ---- QR steps ---- */

/* Moduli of the eigenvalues of a 2 x 2 matrix. */
static void
moduli_of_two(double a, double b, double c, double d, double *moduli)
{
	double		half = 0.5 * (a - d);
	double		middle = 0.5 * (a + d);
	double		disc = half * half + b * c;

	if (disc >= 0.0)
	{
		double		root = sqrt(disc);
		double		large = middle >= 0.0 ? middle + root : middle - root;

		moduli[0] = fabs(large);
		moduli[1] = large != 0.0 ? fabs((a * d - b * c) / large) : 0.0;
	}
	else
		moduli[0] = moduli[1] = sqrt(middle * middle - disc);
}

/* Last row of the bottom block that has come apart: the row where it begins. */
static size_t
split_at(double *h, size_t n, size_t high, double norm)
{
	size_t		low;

	for (low = high; low > 0; low--)
	{
		double		near = fabs(h[(low - 1) * n + low - 1]) + fabs(h[low * n + low]);

		if (near == 0.0)
			near = norm;
		if (fabs(h[low * n + low - 1]) <= DBL_EPSILON * near)
		{
			h[low * n + low - 1] = 0.0;
			break;
		}
	}
	return low;
}

/* One double-shift step on rows low .. high, at least three of them. */
static void
francis_step(double *h, size_t n, size_t low, size_t high, double trace, double det)
{
	double		u[3];
	size_t		k;

	u[0] = h[low * n + low] * h[low * n + low] + h[low * n + low + 1] * h[(low + 1) * n + low] -
		trace * h[low * n + low] + det;
	u[1] = h[(low + 1) * n + low] * (h[low * n + low] + h[(low + 1) * n + low + 1] - trace);
	u[2] = h[(low + 1) * n + low] * h[(low + 2) * n + low + 1];
	for (k = low; k < high; k++)
	{
		const size_t count = k + 2 <= high ? 3 : 2;
		const size_t from = k > low ? k - 1 : low;
		const size_t until = k + 4 <= high + 1 ? k + 4 : high + 1;
		double		beta = reflector(u, count);

		if (beta != 0.0)
		{
			reflect_rows(h, n, u, beta, k, count, from, high + 1);
			reflect_columns(h, n, u, beta, k, count, low, until);
		}
		if (k > low)
			h[(k + 1) * n + k - 1] = 0.0;
		if (k > low && count == 3)
			h[(k + 2) * n + k - 1] = 0.0;
		u[0] = h[(k + 1) * n + k];
		u[1] = k + 2 <= high ? h[(k + 2) * n + k] : 0.0;
		u[2] = k + 3 <= high ? h[(k + 3) * n + k] : 0.0;
	}
}

static jrn_status
hessenberg_moduli(const jrn_env *env, double *h, size_t n, double *moduli)
{
	double		norm = 0.0;
	size_t		left = n;		/* eigenvalues still to be found */
	int			steps = 0;
	size_t		i;

	for (i = 0; i < n * n; i++)
		norm = fmax(norm, fabs(h[i]));
	while (left > 0)
	{
		const size_t high = left - 1;
		const size_t low = split_at(h, n, high, norm);

		JRN_TICK(env);
		if (low == high)
		{
			moduli[high] = fabs(h[high * n + high]);
			left -= 1;
			steps = 0;
		}
		else if (low + 1 == high)
		{
			moduli_of_two(h[low * n + low], h[low * n + high], h[high * n + low],
						  h[high * n + high], moduli + low);
			left -= 2;
			steps = 0;
		}
		else
		{
			double		a = h[(high - 1) * n + high - 1];
			double		b = h[(high - 1) * n + high];
			double		c = h[high * n + high - 1];
			double		d = h[high * n + high];

			if (++steps > MAX_STEPS)
				return JRN_NO_CONVERGENCE;
			if (steps % UNUSUAL_STEPS == 0)
			{
				double		s = fabs(c) + fabs(h[(high - 1) * n + high - 2]);

				francis_step(h, n, low, high, 1.5 * s, s * s);
			}
			else
				francis_step(h, n, low, high, a + d, a * d - b * c);
		}
	}
	return JRN_OK;
}

static jrn_status
part_moduli(const jrn_env *env, const double *matrix, size_t n, const size_t *members,
			size_t count, double *moduli)
{
	double	   *h;
	double	   *u;
	size_t		i,
				j;

	if (count == 1)
	{
		moduli[0] = fabs(matrix[members[0] * n + members[0]]);
		return JRN_OK;
	}
	JRN_TRY(jrn_alloc_array(env, count * count, sizeof(double), &h));
	JRN_TRY(jrn_alloc_array(env, count, sizeof(double), &u));
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			h[i * count + j] = matrix[members[i] * n + members[j]];
	JRN_TRY(to_hessenberg(env, h, count, u));
	JRN_TRY(hessenberg_moduli(env, h, count, moduli));
	jrn_release(env, h);
	jrn_release(env, u);
	return JRN_OK;
}

jrn_status
jrn_spectrum_moduli(const jrn_env *env, const double *matrix, size_t n, double *moduli)
{
	reach		graph;
	bool	   *taken;
	size_t	   *members;
	size_t		done = 0;
	size_t		i;

	for (i = 0; i < n * n; i++)
		if (!isfinite(matrix[i]))
			return JRN_NONFINITE;	/* R-SPE-2 */
	JRN_TRY(close_graph(env, matrix, n, &graph));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(bool), &taken));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(size_t), &members));
	for (i = 0; i < n; i++)
		if (!taken[i])
		{
			size_t		count = take_part(&graph, i, taken, members);

			JRN_TRY(part_moduli(env, matrix, n, members, count, moduli + done));
			done += count;
		}
	jrn_release(env, graph.bits);
	jrn_release(env, taken);
	jrn_release(env, members);
	JRN_TRY(jrn_sort_doubles(env, moduli, n));
	for (i = 0; i < n / 2; i++)	/* R-SPE-1 */
	{
		double		swap = moduli[i];

		moduli[i] = moduli[n - 1 - i];
		moduli[n - 1 - i] = swap;
	}
	return JRN_OK;
}
