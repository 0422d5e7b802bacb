/*
 * test_lu.c
 *		LU factorisation: residuals, transposes, determinants, refusals.
 */
#include <math.h>

#include "../../src/core/lu.h"
#include "../../src/core/random.h"
#include "tap.h"

#define MAX_N 60

static double a[MAX_N * MAX_N];

static void
fill(size_t n, uint64_t stream)
{
	size_t		i;

	for (i = 0; i < n * n; i++)
		a[i] = jrn_random_normal(stream, i);
}

/* Largest |A x - b| (or |A' x - b|) over all rows. */
static double
residual(size_t n, const double *x, const double *b, bool transposed)
{
	double		worst = 0.0;
	size_t		i,
				j;

	for (i = 0; i < n; i++)
	{
		double		sum = -b[i];

		for (j = 0; j < n; j++)
			sum += (transposed ? a[j * n + i] : a[i * n + j]) * x[j];
		worst = fmax(worst, fabs(sum));
	}
	return worst;
}

static void
test_random_systems(void)
{
	jrn_env		env = host_env();
	double		worst = 0.0,
				worst_transposed = 0.0;
	bool		fine = true;
	size_t		n,
				i;

	for (n = 1; n <= MAX_N; n++)
	{
		double		b[MAX_N],
					x[MAX_N];
		jrn_lu		lu;

		fill(n, n);
		for (i = 0; i < n; i++)
			b[i] = x[i] = jrn_random_normal(1000 + n, i);
		fine = fine && jrn_lu_factor(&env, a, n, &lu) == JRN_OK;
		fine = fine && jrn_lu_solve(&env, &lu, x) == JRN_OK;
		worst = fmax(worst, residual(n, x, b, false));
		memcpy(x, b, sizeof(x));
		fine = fine && jrn_lu_solve_transposed(&env, &lu, x) == JRN_OK;
		worst_transposed = fmax(worst_transposed, residual(n, x, b, true));
	}
	ok(fine, "every random matrix is regular");
	ok(worst < 1e-11, "A x = b (residual %.2g)", worst);
	ok(worst_transposed < 1e-11, "A' x = b (residual %.2g)", worst_transposed);
	host_reset();
}

static void
test_small(void)
{
	static const double m[] = {0, 2, 1, 1, -2, -3, -1, 1, 2};
	static const double singular[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	static const double scaled[] = {1, 1e-200, 1, -1e-200};
	static const double bad[] = {1, 0, 0, NAN};
	static const double chain[] = {0.5, -0.5, 0, -0.25, 1, -0.5, 0, -0.5, 1};
	double		b[] = {-8, 0, 3};
	double		steps[] = {1, 1, 1};
	jrn_env		env = host_env();
	jrn_lu		lu;

	ok_int(jrn_lu_factor(&env, m, 3, &lu), JRN_OK, "a zero on the diagonal is pivoted away");
	ok_int(lu.sign, 1, "sign of the determinant 1");
	ok_close(lu.log_abs_det, 0.0, 1e-15, "its logarithm");
	ok_int(jrn_lu_solve(&env, &lu, b), JRN_OK, "solve");
	ok(fabs(b[0] + 4) < 1e-13 && fabs(b[1] + 5) < 1e-13 && fabs(b[2] - 2) < 1e-13,
	   "the solution is (-4, -5, 2)");
	ok_int(jrn_lu_factor(&env, singular, 3, &lu), JRN_SINGULAR, "R-LU-3 rank 2 of 3");
	ok_int(lu.sign, 0, "sign of a singular matrix");
	ok_int((long long) lu.singular_column, 2, "R-LU-3 its column");
	ok_int(jrn_lu_factor(&env, scaled, 2, &lu), JRN_OK, "R-LU-3 a tiny column is not singular");
	ok_int(lu.sign, -1, "its determinant is negative");
	ok_int(jrn_lu_factor(&env, bad, 2, &lu), JRN_NONFINITE, "R-LU-4");
	ok_int(jrn_lu_factor(&env, NULL, 0, &lu), JRN_OK, "no equations");
	ok_int(jrn_lu_factor(&env, m, (size_t) 1 << 33, &lu), JRN_LIMIT, "a wrapping size");
	ok_int(jrn_lu_factor(&env, chain, 3, &lu), JRN_OK, "an absorbing chain");
	ok_int(jrn_lu_solve(&env, &lu, steps), JRN_OK, "its expected steps");
	ok(fabs(steps[0] - 6) < 1e-13 && fabs(steps[1] - 4) < 1e-13 && fabs(steps[2] - 3) < 1e-13,
	   "expected steps 6, 4, 3");
	host_reset();
}

/* Reads a[], 60 x 60. */
static jrn_status
factor_and_solve(const jrn_env *env, void *arg)
{
	double		x[MAX_N];
	jrn_lu		lu;
	size_t		i;

	(void) arg;
	for (i = 0; i < MAX_N; i++)
		x[i] = (double) i;
	JRN_TRY(jrn_lu_factor(env, a, MAX_N, &lu));
	JRN_TRY(jrn_lu_solve(env, &lu, x));
	return jrn_lu_solve_transposed(env, &lu, x);
}

void		test_lu(void);

void
test_lu(void)
{
	test_random_systems();
	test_small();
	fill(MAX_N, 7);
	ok_survives(factor_and_solve, NULL, "LU");
}
