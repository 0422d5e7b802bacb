/*
 * test_path.c
 *		Penalty paths from moments: ridge against the linear equations, lasso
 *		and elastic net against the conditions of their optimum and a small
 *		case by hand, held-out errors against rows.
 */
#include "tap.h"

#include "../../src/core/cholesky.h"
#include "../../src/core/random.h"
#include "../../src/models/path.h"

#define ROWS 120
#define P 7						/* two of them dependent, one constant */
#define Q (P + 1)
#define STRENGTHS 9

static double z[ROWS][Q];

static const double lambdas[STRENGTHS] = {0.1, 3.0, 0.01, 0.0, 1e-3, 0.5, 1e-5, 20.0, 0.1};

typedef struct moment_sets
{
	jrn_moments *all;			/* all rows, the first 80, the others */
	jrn_moments *train;
	jrn_moments *test;
} moment_sets;

static void
make_rows(void)
{
	int			i,
				j;

	for (i = 0; i < ROWS; i++)
	{
		for (j = 0; j < P; j++)
			z[i][j] = jrn_random_normal((uint64_t) j, (uint64_t) i) * (1.0 + j) + 10.0 * j;
		z[i][2] += 0.8 * z[i][1];
		z[i][4] = 0.1;
		z[i][5] = z[i][0] - 2.0 * z[i][1];
		z[i][P] = 100.0 + 2.0 * z[i][0] - z[i][1] + 0.3 * z[i][3] + 0.05 * z[i][6] +
			jrn_random_normal(99, (uint64_t) i);
	}
}

/* By definition, in long double. */
static void
take_rows(int from, int to, jrn_moments *out)
{
	int			i,
				a,
				b;

	out->n = to - from;
	out->w = (double) out->n;
	for (a = 0; a < Q; a++)
	{
		long double sum = 0.0L;

		for (i = from; i < to; i++)
			sum += z[i][a];
		out->mean[a] = (double) (sum / (to - from));
	}
	for (a = 0; a < Q; a++)
		for (b = 0; b <= a; b++)
		{
			long double sum = 0.0L;

			for (i = from; i < to; i++)
				sum += ((long double) z[i][a] - out->mean[a]) * ((long double) z[i][b] - out->mean[b]);
			out->m[jrn_packed((size_t) a, (size_t) b)] = a == 4 || b == 4 ? 0.0 : (double) sum;
		}
}

static moment_sets
sets_of_rows(const jrn_env *env)
{
	moment_sets sets;

	make_rows();
	(void) jrn_moments_alloc(env, 1, Q, &sets.all);
	(void) jrn_moments_alloc(env, 1, Q, &sets.train);
	(void) jrn_moments_alloc(env, 1, Q, &sets.test);
	take_rows(0, ROWS, sets.all);
	take_rows(0, 80, sets.train);
	take_rows(80, ROWS, sets.test);
	return sets;
}

static double
co_moment(const jrn_moments *moments, size_t i, size_t j)
{
	return i >= j ? moments->m[jrn_packed(i, j)] : moments->m[jrn_packed(j, i)];
}

/*
 * The largest violation of the optimum's conditions on scaled columns,
 * relative to the standard deviation of y.
 */
static double
violation(const jrn_moments *train, const double *beta, double lambda, double alpha)
{
	double		sd_y = sqrt(co_moment(train, P, P) / train->w);
	double		worst = 0.0;
	size_t		i,
				j;

	for (j = 0; j < P; j++)
	{
		double		s = sqrt(co_moment(train, j, j) / train->w);
		double		slope = co_moment(train, j, P);
		double		b = beta[j] * s;
		double		miss;

		if (s == 0.0)
			continue;
		for (i = 0; i < P; i++)
			slope -= co_moment(train, i, j) * beta[i];
		slope = slope / train->w / s - lambda * (1.0 - alpha) * b;
		if (b != 0.0)
			miss = fabs(slope - (b > 0.0 ? lambda : -lambda) * alpha);
		else
			miss = fmax(0.0, fabs(slope) - lambda * alpha);
		worst = fmax(worst, miss / sd_y);
	}
	return worst;
}

static void
test_ridge(const jrn_env *env, const moment_sets *sets)
{
	jrn_path	path;
	jrn_linear_fit fit;
	double		worst = 0.0;
	double		trace = 0.0;
	double	   *inverse;
	size_t		j;
	int			l;

	(void) jrn_path_alloc(env, P, STRENGTHS, &path);
	(void) jrn_linear_alloc(env, P, &fit);
	(void) jrn_alloc_array(env, P * Q / 2, sizeof(double), &inverse);
	ok_int(jrn_gaussian_path(env, sets->train, JRN_PENALTY_RIDGE, 0.7, lambdas, STRENGTHS, &path), JRN_OK,
		   "ridge path");
	for (l = 0; l < STRENGTHS; l++)
	{
		(void) jrn_linear_solve(env, sets->train, lambdas[l], &fit);
		for (j = 0; j < P; j++)
			worst = fmax(worst, fabs(path.beta[(size_t) l * P + j] - fit.beta[j]));
	}
	ok(worst < 1e-10, "ridge path = one solution after the other (%g)", worst);
	ok(path.kept[5] && !path.kept[4], "ridge: dependent columns share, constant ones are out");
	/* trace of C (C + lambda)^-1 = columns - lambda trace of (C + lambda)^-1 */
	(void) jrn_linear_solve(env, sets->train, lambdas[0], &fit);
	(void) jrn_cholesky_inverse(env, fit.factor, P, fit.kept, inverse);
	for (j = 0; j < P; j++)
		trace += fit.kept[j] ? 1.0 - lambdas[0] * inverse[jrn_packed(j, j)] : 0.0;
	ok_close(path.df[0], trace, 1e-12, "ridge: effective degrees of freedom are a trace");
	ok(path.df[7] < 0.3 && path.df[6] > 4.9 && path.df[3] == 5.0,
	   "ridge: effective degrees of freedom between 0 and the rank");
	ok_int(jrn_gaussian_path(env, sets->train, JRN_PENALTY_FIRTH, 0.0, lambdas, STRENGTHS, &path), JRN_DOMAIN,
		   "Firth has no path");
	ok_int(jrn_gaussian_path(env, sets->train, JRN_PENALTY_NONE, 0.0, lambdas, 2, &path), JRN_OK,
		   "no penalty");
	(void) jrn_linear_solve(env, sets->train, 0.0, &fit);
	ok(memcmp(path.beta, fit.beta, P * sizeof(double)) == 0 && path.df[1] == 5.0 && !path.kept[5],
	   "no penalty: least squares, the later of dependent columns out");
}

static void
test_descent_path(const jrn_env *env, const moment_sets *sets, double alpha, jrn_penalty penalty)
{
	jrn_path	path;
	jrn_path	alone;
	double		worst = 0.0;
	double		apart = 0.0;
	bool		all = true;
	size_t		j;
	int			l;

	(void) jrn_path_alloc(env, P, STRENGTHS, &path);
	(void) jrn_path_alloc(env, P, 1, &alone);
	ok_int(jrn_gaussian_path(env, sets->train, penalty, alpha, lambdas, STRENGTHS, &path), JRN_OK,
		   "path of alpha %g", alpha);
	for (l = 0; l < STRENGTHS; l++)
	{
		double	   *beta = path.beta + (size_t) l * P;

		worst = fmax(worst, violation(sets->train, beta, lambdas[l], alpha));
		all = all && path.converged[l];
		(void) jrn_gaussian_path(env, sets->train, penalty, alpha, lambdas + l, 1, &alone);
		/* the lasso's split between dependent columns is free; compare what they predict */
		for (j = 0; j < P && alpha < 1.0; j++)
			apart = fmax(apart, fabs(beta[j] - alone.beta[j]));
		apart = fmax(apart, fabs(jrn_moments_sse(sets->test, beta, sets->train, NULL) /
								 jrn_moments_sse(sets->test, alone.beta, sets->train, NULL) - 1.0));
		ok(path.df[l] == alone.df[0] || alpha == 1.0, "alpha %g: degrees of freedom of strength %g", alpha, lambdas[l]);
	}
	ok(all, "alpha %g: all have converged", alpha);
	ok(worst < 1e-12, "alpha %g: conditions of the optimum hold (%g)", alpha, worst);
	ok(apart < 1e-10, "alpha %g: a solution does not depend on its list (%g)", alpha, apart);
	ok(memcmp(path.beta, path.beta + 8 * P, P * sizeof(double)) == 0,
	   "alpha %g: equal strengths, equal solutions", alpha);
}

/* One column: b = S(r, lambda alpha) / (1 + lambda (1 - alpha)). */
static void
test_by_hand(const jrn_env *env)
{
	jrn_moments *m;
	jrn_path	path;
	double		lambda = 0.5;
	double		grid[3];

	(void) jrn_moments_alloc(env, 1, 2, &m);
	m->n = 4;
	m->w = 4.0;
	m->m[0] = 16.0;				/* s = 2 */
	m->m[1] = -24.0;			/* r = -3 */
	m->m[2] = 100.0;
	(void) jrn_path_alloc(env, 1, 3, &path);
	(void) jrn_gaussian_path(env, m, JRN_PENALTY_ELASTIC_NET, 0.4, &lambda, 1, &path);
	ok_close(path.beta[0], -(3.0 - 0.2) / 1.3 / 2.0, 1e-15, "one column, elastic net");
	(void) jrn_gaussian_path(env, m, JRN_PENALTY_LASSO, 0.4, &lambda, 1, &path);
	ok_close(path.beta[0], -1.25, 1e-15, "one column, lasso");
	lambda = 3.0;
	(void) jrn_gaussian_path(env, m, JRN_PENALTY_LASSO, 1.0, &lambda, 1, &path);
	ok(path.beta[0] == 0.0 && path.df[0] == 0.0, "at the largest correlation all is 0");
	jrn_lambda_grid(m, 0.5, 3, grid);
	ok_close(grid[0], 6.0, 1e-15, "the grid begins at max |r| / alpha");
	ok_close(grid[1], 6e-2, 1e-13, "falls evenly");
	ok_close(grid[2], 6e-4, 1e-13, "to 1e-4 of it");
	jrn_lambda_grid(m, 0.0, 3, grid);
	ok_close(grid[0], 3000.0, 1e-15, "ridge takes alpha 0.001");
	m->n = 0;
	m->w = 0.0;
	(void) jrn_gaussian_path(env, m, JRN_PENALTY_LASSO, 1.0, &lambda, 1, &path);
	ok(path.beta[0] == 0.0 && !path.converged[0], "no rows: no slopes, not converged");
	jrn_lambda_grid(m, 1.0, 3, grid);
	ok(grid[0] == 1.0, "no rows: a grid all the same");
}

/* R-PATH-5 against the rows. */
static void
test_held_out(const jrn_env *env, const moment_sets *sets)
{
	jrn_path	path;
	double		lambda = 0.05;
	double		sse = 0.0;
	double		null = 0.0;
	double		got;
	bool		lost;
	size_t		j;
	int			i;

	(void) jrn_path_alloc(env, P, 1, &path);
	(void) jrn_gaussian_path(env, sets->train, JRN_PENALTY_LASSO, 1.0, &lambda, 1, &path);
	for (i = 80; i < ROWS; i++)
	{
		double		e = z[i][P] - sets->train->mean[P];

		null += e * e;
		for (j = 0; j < P; j++)
			e -= path.beta[j] * (z[i][j] - sets->train->mean[j]);
		sse += e * e;
	}
	got = jrn_moments_sse(sets->test, path.beta, sets->train, &lost);
	ok_close(got, sse, 1e-11, "held-out error = sum over rows");
	ok(!lost, "with its digits");
	ok_close(jrn_moments_null_sse(sets->test, sets->train), null, 1e-12, "and that of the training mean");
	/* y a column: what is left is rounding */
	for (i = 0; i < P; i++)
	{
		path.beta[i] = i == 3 ? 1.0 : 0.0;
		sets->test->m[jrn_packed(P, (size_t) i)] = co_moment(sets->test, 3, (size_t) i);
	}
	sets->test->m[jrn_packed(P, P)] = co_moment(sets->test, 3, 3);
	sets->test->mean[P] = sets->test->mean[3];
	sets->train->mean[P] = sets->train->mean[3];
	(void) jrn_moments_sse(sets->test, path.beta, sets->train, &lost);
	ok(lost, "a perfect fit has no digits left");
}

/* More columns than rows, all correlated. */
static void
test_wide(const jrn_env *env)
{
	enum {N = 20, WIDE = 40};
	jrn_moments *m;
	jrn_path	path;
	double		grid[JRN_GRID_STRENGTHS];
	double		x[N][WIDE + 1];
	double		worst = 0.0;
	bool		all = true;
	bool		rows_bound = true;
	size_t		i,
				j,
				k;
	int			l;

	(void) jrn_moments_alloc(env, 1, WIDE + 1, &m);
	m->n = N;
	m->w = N;
	for (i = 0; i < N; i++)
		for (j = 0; j <= WIDE; j++)
			x[i][j] = jrn_random_normal(500 + j, i) + 0.5 * jrn_random_normal(999, i);
	for (j = 0; j <= WIDE; j++)
	{
		double		sum = 0.0;

		for (i = 0; i < N; i++)
			sum += x[i][j] / N;
		for (i = 0; i < N; i++)
			x[i][j] -= sum;
	}
	for (j = 0; j <= WIDE; j++)
		for (k = 0; k <= j; k++)
			for (i = 0; i < N; i++)
				m->m[jrn_packed(j, k)] += x[i][j] * x[i][k];
	jrn_lambda_grid(m, 1.0, JRN_GRID_STRENGTHS, grid);
	ok_close(grid[99] / grid[0], 1e-2, 1e-13, "fewer rows than columns: the grid ends at 1e-2");
	(void) jrn_path_alloc(env, WIDE, JRN_GRID_STRENGTHS, &path);
	ok_int(jrn_gaussian_path(env, m, JRN_PENALTY_LASSO, 1.0, grid, JRN_GRID_STRENGTHS, &path), JRN_OK, "wide lasso");
	for (l = 0; l < JRN_GRID_STRENGTHS; l++)
	{
		const double *beta = path.beta + (size_t) l * WIDE;

		all = all && path.converged[l];
		rows_bound = rows_bound && path.df[l] <= N - 1;
		for (j = 0; j < WIDE; j++)
		{
			double		s = sqrt(m->m[jrn_packed(j, j)] / N);
			double		slope = m->m[jrn_packed(WIDE, j)];

			for (k = 0; k < WIDE; k++)
				slope -= co_moment(m, j, k) * beta[k];
			slope /= N * s;
			worst = fmax(worst, beta[j] != 0.0 ? fabs(fabs(slope) - grid[l]) : fabs(slope) - grid[l]);
		}
	}
	ok(all && worst < 1e-12, "wide lasso: conditions of the optimum hold (%g)", worst);
	ok(rows_bound, "wide lasso: at most rows - 1 slopes");
	ok(path.df[0] == 0.0 && path.df[1] == 1.0, "the first slope enters below the first strength");
}

/* The host forgets its memory between attempts, so the moments are made anew. */
static jrn_status
survive(const jrn_env *env, void *arg)
{
	jrn_moments *train;
	jrn_path	path;

	(void) arg;
	JRN_TRY(jrn_moments_alloc(env, 1, Q, &train));
	take_rows(0, 80, train);
	JRN_TRY(jrn_path_alloc(env, P, STRENGTHS, &path));
	JRN_TRY(jrn_gaussian_path(env, train, JRN_PENALTY_RIDGE, 0.0, lambdas, STRENGTHS, &path));
	return jrn_gaussian_path(env, train, JRN_PENALTY_ELASTIC_NET, 0.5, lambdas, 3, &path);
}

void
test_path(void)
{
	jrn_env		env = host_env();
	moment_sets sets = sets_of_rows(&env);

	test_ridge(&env, &sets);
	test_descent_path(&env, &sets, 1.0, JRN_PENALTY_LASSO);
	test_descent_path(&env, &sets, 0.5, JRN_PENALTY_ELASTIC_NET);
	test_descent_path(&env, &sets, 0.01, JRN_PENALTY_ELASTIC_NET);
	test_by_hand(&env);
	test_held_out(&env, &sets);
	test_wide(&env);
	ok_survives(survive, NULL, "path");
}
