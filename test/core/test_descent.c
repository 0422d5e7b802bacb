/*
 * test_descent.c
 *		Coordinate descent against enumeration: every pattern of signs is
 *		solved in closed form, the one with the lowest objective wins.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/models/descent.h"

#define N 5

typedef struct problem_data
{
	double		h[N * (N + 1) / 2];
	double		g[N];
	double		factor[N];
	jrn_descent problem;
	double		b[N];
	int			sweeps;
	bool		converged;
} problem_data;

static double
draw(int i, int stream)
{
	return (double) (jrn_hash_u64((uint64_t) i, (uint64_t) stream) >> 11) / 9007199254740992.0;
}

static double
h_at(const double *h, int i, int j)
{
	return i >= j ? h[i * (i + 1) / 2 + j] : h[j * (j + 1) / 2 + i];
}

/* H = X'X of 8 drawn rows, the last two columns nearly equal. */
static void
make(problem_data *d, int seed, double strength, double alpha)
{
	double		x[8][N];
	int			i,
				j,
				r;

	memset(d, 0, sizeof(*d));
	for (r = 0; r < 8; r++)
		for (j = 0; j < N; j++)
			x[r][j] = j == N - 1 ? x[r][N - 2] + 0.05 * (draw(r * N + j, seed) - 0.5) :
				draw(r * N + j, seed) * 4.0 - 2.0;
	for (i = 0; i < N; i++)
	{
		d->g[i] = 0.0;
		for (r = 0; r < 8; r++)
			d->g[i] += x[r][i] * (draw(r, seed + 1000) * 2.0 - 0.8);
		for (j = 0; j <= i; j++)
			for (r = 0; r < 8; r++)
				d->h[i * (i + 1) / 2 + j] += x[r][i] * x[r][j];
		d->factor[i] = i == 0 ? 0.0 : 1.0 + 0.25 * i;
	}
	d->problem.n = N;
	d->problem.h = d->h;
	d->problem.g = d->g;
	d->problem.factor = d->factor;
	d->problem.strength = strength;
	d->problem.alpha = alpha;
	d->problem.tolerance = 1e-13;
	d->problem.max_sweeps = 100000;
}

static double
objective(const problem_data *d, const double *b)
{
	double		sum = 0.0;
	int			i,
				j;

	for (i = 0; i < N; i++)
	{
		for (j = 0; j < N; j++)
			sum += 0.5 * b[i] * h_at(d->h, i, j) * b[j];
		sum += -d->g[i] * b[i] + d->problem.strength * d->factor[i] *
			(d->problem.alpha * fabs(b[i]) + (1.0 - d->problem.alpha) / 2.0 * b[i] * b[i]);
	}
	return sum;
}

/* Gauss on the coordinates with a sign; false when a sign comes out wrong. */
static bool
solve_pattern(const problem_data *d, const int *sign, double *b)
{
	double		a[N][N + 1];
	int			at[N];
	int			count = 0;
	int			i,
				j,
				k;

	memset(b, 0, N * sizeof(double));
	for (i = 0; i < N; i++)
		if (sign[i] != 0 || d->factor[i] == 0.0)
			at[count++] = i;
	for (i = 0; i < count; i++)
	{
		for (j = 0; j < count; j++)
			a[i][j] = h_at(d->h, at[i], at[j]);
		a[i][i] += d->problem.strength * (1.0 - d->problem.alpha) * d->factor[at[i]];
		a[i][count] = d->g[at[i]] - sign[at[i]] * d->problem.strength * d->problem.alpha * d->factor[at[i]];
	}
	for (k = 0; k < count; k++)
		for (i = 0; i < count; i++)
		{
			double		ratio = a[i][k] / a[k][k];

			if (i != k)
				for (j = k; j <= count; j++)
					a[i][j] -= ratio * a[k][j];
		}
	for (i = 0; i < count; i++)
	{
		b[at[i]] = a[i][count] / a[i][i];
		if (d->factor[at[i]] > 0.0 && b[at[i]] * sign[at[i]] <= 0.0)
			return false;
	}
	return true;
}

static void
brute(const problem_data *d, double *best)
{
	double		lowest = HUGE_VAL;
	int			pattern;

	for (pattern = 0; pattern < 81; pattern++)	/* signs of coordinates 1 to 4 */
	{
		int			sign[N] = {0, pattern % 3 - 1, pattern / 3 % 3 - 1, pattern / 9 % 3 - 1, pattern / 27 - 1};
		double		b[N];

		if (solve_pattern(d, sign, b) && objective(d, b) < lowest)
		{
			lowest = objective(d, b);
			memcpy(best, b, sizeof(b));
		}
	}
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	problem_data *d = arg;
	jrn_descent_scratch scratch;

	memset(d->b, 0, sizeof(d->b));
	JRN_TRY(jrn_descent_alloc(env, N, &scratch));
	return jrn_descent_run(env, &d->problem, &scratch, d->b, &d->sweeps, &d->converged);
}

static void
against_enumeration(void)
{
	static const double strengths[] = {0.0, 0.1, 1.0, 3.0, 20.0};
	static const double alphas[] = {1.0, 0.5, 0.0};
	bool		near = true;
	bool		all_converged = true;
	int			zeros = 0;
	int			seed;
	size_t		s,
				a;
	int			j;

	for (seed = 1; seed <= 20; seed++)
		for (s = 0; s < 5; s++)
			for (a = 0; a < 3; a++)
			{
				jrn_env		env = host_env();
				problem_data d;
				double		best[N] = {0};

				make(&d, seed, strengths[s], alphas[a]);
				brute(&d, best);
				(void) run(&env, &d);
				all_converged = all_converged && d.converged;
				for (j = 0; j < N; j++)
				{
					near = near && fabs(d.b[j] - best[j]) <= 1e-8 * (1.0 + fabs(best[j]));
					zeros += best[j] == 0.0;
					near = near && ((d.b[j] == 0.0) == (best[j] == 0.0));
				}
				host_reset();
			}
	ok(near, "R-CD-2: 300 problems have the minimum that enumeration of signs finds, zeros exact");
	ok(all_converged, "all of them say so");
	ok(zeros > 300, "many of these coordinates are exactly 0 (%d)", zeros);
}

static void
limits(void)
{
	jrn_env		env = host_env();
	problem_data d;
	bool		kept[N] = {true, true, false, true, true};
	double		r[N];
	double		strength;
	int			j;

	make(&d, 3, 0.0, 1.0);
	d.factor[0] = 1.0;
	for (j = 0; j < N; j++)
		r[j] = d.g[j];
	strength = jrn_descent_max_strength(&d.problem, r);
	d.problem.strength = strength * 1.0000001;
	ok(run(&env, &d) == JRN_OK && d.b[0] == 0.0 && d.b[1] == 0.0 && d.b[2] == 0.0 && d.b[3] == 0.0 && d.b[4] == 0.0,
	   "at the largest strength every coordinate is 0");
	d.problem.strength = strength * 0.999;
	ok(run(&env, &d) == JRN_OK && (d.b[0] != 0.0 || d.b[1] != 0.0 || d.b[2] != 0.0 || d.b[3] != 0.0 || d.b[4] != 0.0),
	   "just below it one is not");
	make(&d, 4, 0.2, 0.9);
	d.problem.kept = kept;
	ok(run(&env, &d) == JRN_OK && d.converged && d.b[2] == 0.0, "a coordinate that is not kept stays at 0");
	make(&d, 5, 0.01, 1.0);
	d.problem.tolerance = 0.0;
	d.problem.max_sweeps = 3;
	ok(run(&env, &d) == JRN_OK && !d.converged, "too few sweeps are no minimum, and it says so");
	make(&d, 6, 0.3, 0.7);
	ok_survives(run, &d, "coordinate descent");
	host_reset();
}

void
test_descent(void)
{
	against_enumeration();
	limits();
}
