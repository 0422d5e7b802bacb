/*
 * policy_linear.c
 *		Regressions and prices of policies (see policy_linear.h).
 */
#include "policy_linear.h"

#include <math.h>
#include <string.h>

#include "../core/multiple.h"
#include "../models/model.h"
#include "../models/moments.h"

#define SWEEPS 20

/* The most memory that moments of all folds may take. */
#define MOST_MOMENT_BYTES ((size_t) 1 << 30)

/* ---- regressions ---- */

typedef struct regression
{
	const jrn_env *env;
	const jrn_policy_rows *rows;
	size_t		q;				/* p columns, then the targets */
	double	   *origin;			/* [q] */
	double	   *block;			/* q columns of JRN_BLOCK_ROWS */
	jrn_moment_scratch scratch;
	jrn_moments *fold;			/* [folds] */
	jrn_moments *before;		/* [folds + 1] merges of the folds before */
	jrn_moments *after;			/* of those behind */
	jrn_moments *train;
	jrn_moments *one;			/* of x and one target */
	jrn_linear_fit fit;
	double	   *out;
} regression;

static jrn_status
begin(regression *run)
{
	const jrn_policy_rows *rows = run->rows;
	size_t		sets = 2 * (size_t) rows->folds + 4;
	size_t		i;

	run->q = rows->p + (size_t) rows->targets;
	if (sets * run->q * (run->q + 3) / 2 > MOST_MOMENT_BYTES / sizeof(double))
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_zeroed(run->env, run->q, sizeof(double), &run->origin));
	/* columns far from zero keep their digits */
	for (i = 0; i < rows->p; i++)
		run->origin[i] = rows->x[i];
	JRN_TRY(jrn_alloc_zeroed(run->env, run->q, JRN_BLOCK_ROWS * sizeof(double), &run->block));
	JRN_TRY(jrn_moments_scratch(run->env, run->q, &run->scratch));
	run->scratch.origin = run->origin;
	JRN_TRY(jrn_moments_alloc(run->env, (size_t) rows->folds, run->q, &run->fold));
	JRN_TRY(jrn_moments_alloc(run->env, (size_t) rows->folds + 1, run->q, &run->before));
	JRN_TRY(jrn_moments_alloc(run->env, 1, run->q, &run->after));
	JRN_TRY(jrn_moments_alloc(run->env, 1, run->q, &run->train));
	JRN_TRY(jrn_moments_alloc(run->env, 1, rows->p + 1, &run->one));
	return jrn_linear_alloc(run->env, rows->p, &run->fit);
}

/* Add the rows waiting in the block to a fold. */
static void
flush(regression *run, jrn_moments *into, size_t *waiting)
{
	jrn_tile	tile;

	if (*waiting == 0)
		return;
	memset(&tile, 0, sizeof(tile));
	tile.rows = *waiting;
	tile.stride = JRN_BLOCK_ROWS;
	tile.x = run->block;
	tile.y = run->block + (run->q - 1) * JRN_BLOCK_ROWS;
	jrn_moments_add_tile(into, &tile, &run->scratch);
	*waiting = 0;
}

static jrn_status
add_fold(regression *run, int fold, const size_t *order, size_t from, size_t to)
{
	const jrn_policy_rows *rows = run->rows;
	size_t		waiting = 0;
	size_t		i,
				j;

	for (i = from; i < to; i++)
	{
		const double *x = rows->x + order[i] * rows->p;
		const double *y = rows->target + order[i] * (size_t) rows->targets;

		for (j = 0; j < rows->p; j++)
			run->block[j * JRN_BLOCK_ROWS + waiting] = x[j];
		for (j = rows->p; j < run->q; j++)
			run->block[j * JRN_BLOCK_ROWS + waiting] = y[j - rows->p];
		if (++waiting == JRN_BLOCK_ROWS)
		{
			flush(run, &run->fold[fold], &waiting);
			JRN_TICK(run->env);
		}
	}
	flush(run, &run->fold[fold], &waiting);
	return JRN_OK;
}

/* Rows by fold, each in canonical order. */
static jrn_status
add_folds(regression *run)
{
	const jrn_policy_rows *rows = run->rows;
	size_t	   *first;
	size_t	   *order;
	size_t		i;
	int			f;

	JRN_TRY(jrn_alloc_zeroed(run->env, (size_t) rows->folds + 2, sizeof(size_t), &first));
	JRN_TRY(jrn_alloc_array(run->env, rows->n, sizeof(size_t), &order));
	for (i = 0; i < rows->n; i++)
		first[rows->fold[i] + 2]++;
	for (f = 2; f < rows->folds + 2; f++)
		first[f] += first[f - 1];
	for (i = 0; i < rows->n; i++)
		order[first[rows->fold[i] + 1]++] = i;
	/* dealing has moved the beginnings: first[f] is where fold f begins */
	for (f = 0; f < rows->folds; f++)
		JRN_TRY(add_fold(run, f, order, first[f], first[f + 1]));
	jrn_release(run->env, order);
	jrn_release(run->env, first);
	return JRN_OK;
}

/* The regression of one target from the moments of a training set. */
static jrn_status
solve(regression *run, const jrn_moments *train, int target, double lambda, double *coefficients)
{
	size_t		p = run->rows->p;
	size_t		at = p + (size_t) target;
	jrn_moments *one = run->one;
	size_t		j;

	one->n = train->n;
	one->w = train->w;
	memcpy(one->mean, train->mean, p * sizeof(double));
	one->mean[p] = train->mean[at];
	memcpy(one->m, train->m, jrn_packed(p, 0) * sizeof(double));
	memcpy(one->m + jrn_packed(p, 0), train->m + jrn_packed(at, 0), p * sizeof(double));
	one->m[jrn_packed(p, p)] = train->m[jrn_packed(at, at)];
	memset(coefficients, 0, (p + 1) * sizeof(double));
	if (one->n == 0)
		return JRN_OK;
	JRN_TRY(jrn_linear_solve(run->env, one, lambda, &run->fit));
	coefficients[0] = one->mean[p];
	for (j = 0; j < p; j++)
	{
		coefficients[j + 1] = run->fit.beta[j];
		coefficients[0] -= run->fit.beta[j] * (one->mean[j] + run->origin[j]);
	}
	return JRN_OK;
}

static jrn_status
solve_set(regression *run, const jrn_moments *train, size_t set, double lambda)
{
	int			targets = run->rows->targets;
	int			t;

	for (t = 0; t < targets; t++)
		JRN_TRY(solve(run, train, t, lambda,
					  run->out + (set * (size_t) targets + (size_t) t) * (run->rows->p + 1)));
	JRN_TICK(run->env);
	return JRN_OK;
}

jrn_status
jrn_policy_regress(const jrn_env *env, const jrn_policy_rows *rows, double lambda, int only_all,
				   double **coefficients)
{
	size_t		sets = only_all ? 1 : (size_t) rows->folds + 1;
	regression	run;
	int			f;

	memset(&run, 0, sizeof(run));
	run.env = env;
	run.rows = rows;
	JRN_TRY(jrn_alloc_zeroed(env, sets * (size_t) rows->targets, (rows->p + 1) * sizeof(double), coefficients));
	run.out = *coefficients;
	if (rows->n == 0)
		return JRN_OK;
	JRN_TRY(begin(&run));
	JRN_TRY(add_folds(&run));
	for (f = 0; f < rows->folds; f++)
	{
		jrn_moments_merge(&run.before[f + 1], &run.before[f]);
		jrn_moments_merge(&run.before[f + 1], &run.fold[f]);
	}
	JRN_TRY(solve_set(&run, &run.before[rows->folds], sets - 1, lambda));
	for (f = rows->folds - 1; f >= 0 && !only_all; f--)
	{
		jrn_moments_clear(run.train);
		jrn_moments_merge(run.train, &run.before[f]);
		jrn_moments_merge(run.train, run.after);
		JRN_TRY(solve_set(&run, run.train, (size_t) f, lambda));
		jrn_moments_merge(run.after, &run.fold[f]);
	}
	return JRN_OK;
}

/* ---- choices ---- */

int
jrn_policy_best(const double *promise, const double *price, int arms)
{
	int			best = 0;
	int			a;

	for (a = 1; a < arms; a++)
		if (promise[a] - price[a] > promise[best] - price[best])
			best = a;
	return best;
}

typedef struct price_run
{
	const jrn_env *env;
	const double *promise;
	size_t		n;
	int			arms;
	const double *capacity;
	double	   *price;
	double	   *advantage;		/* [n] */
	size_t	   *given;			/* [arms] */
	double		scale;			/* largest promise */
} price_run;

static jrn_status
count_given(price_run *run)
{
	size_t		i;

	memset(run->given, 0, (size_t) run->arms * sizeof(size_t));
	for (i = 0; i < run->n; i++)
	{
		run->given[jrn_policy_best(run->promise + i * (size_t) run->arms, run->price, run->arms)]++;
		if (i % 16384 == 0)
			JRN_TICK(run->env);
	}
	return JRN_OK;
}

static bool
is_over(const price_run *run, int arm)
{
	return run->capacity[arm] < 1.0 && (double) run->given[arm] > run->capacity[arm] * (double) run->n;
}

/* Rows that there is room for with the marked strategies. */
static size_t
room_of(const price_run *run, const bool *marked)
{
	double		capacity = 0.0;
	int			a;

	for (a = 0; a < run->arms; a++)
		if (marked[a])
			capacity += run->capacity[a];
	return capacity < 1.0 ? (size_t) (capacity * (double) run->n) : run->n;
}

/*
 * Move the prices of marked strategies together to where their rows just find
 * room; rising: never down.  *moved is the largest change so far.
 */
static jrn_status
move_prices(price_run *run, const bool *marked, bool rising, double *moved)
{
	size_t		room = room_of(run, marked);
	double		step;
	size_t		i;
	int			a;

	for (i = 0; i < run->n; i++)
	{
		const double *promise = run->promise + i * (size_t) run->arms;
		double		own = -INFINITY;
		double		other = -INFINITY;

		for (a = 0; a < run->arms; a++)
		{
			double	   *side = marked[a] ? &own : &other;

			if (promise[a] - run->price[a] > *side)
				*side = promise[a] - run->price[a];
		}
		run->advantage[i] = own - other;
		if (i % 16384 == 0)
			JRN_TICK(run->env);
	}
	if (room == run->n || !(run->advantage[0] > -INFINITY))
		return JRN_OK;
	JRN_TRY(jrn_sort_doubles(run->env, run->advantage, run->n));
	/* just above the first row that has no room, so that rows like it have none either */
	step = run->advantage[run->n - 1 - room] + 1e-9 * run->scale;
	for (a = 0; a < run->arms; a++)
		if (marked[a])
		{
			double		price = run->price[a] + step > 0.0 ? run->price[a] + step : 0.0;

			if (rising && step < 0.0)
				continue;
			if (fabs(price - run->price[a]) > *moved)
				*moved = fabs(price - run->price[a]);
			run->price[a] = price;
		}
	return count_given(run);
}

/* Strategies with a capacity that are not given up. */
static bool
is_priced(const price_run *run, int arm)
{
	return run->capacity[arm] < 1.0 && run->price[arm] < 3.0 * run->scale;
}

/* One round: all that have a price or need one together, then one by one. */
static jrn_status
sweep_prices(price_run *run, bool *marked, bool rising, double *moved)
{
	int			count = 0;
	int			a;

	*moved = 0.0;
	for (a = 0; a < run->arms; a++)
	{
		marked[a] = is_priced(run, a) && (run->price[a] > 0.0 || is_over(run, a));
		count += marked[a];
	}
	if (count > 1 && !rising)
		JRN_TRY(move_prices(run, marked, false, moved));
	memset(marked, 0, (size_t) run->arms * sizeof(bool));
	for (a = 0; a < run->arms; a++)
		if (is_priced(run, a) && (is_over(run, a) || (!rising && run->price[a] > 0.0)))
		{
			marked[a] = true;
			JRN_TRY(move_prices(run, marked, rising, moved));
			marked[a] = false;
		}
	return JRN_OK;
}

static bool
any_over(const price_run *run)
{
	int			a;

	for (a = 0; a < run->arms; a++)
		if (is_over(run, a))
			return true;
	return false;
}

/* The strategy with the smallest capacity is given to nobody, the others begin anew; false: none is left. */
static bool
give_up_one(price_run *run)
{
	int			least = -1;
	int			a;

	for (a = 0; a < run->arms; a++)
		if (is_priced(run, a) && (least < 0 || run->capacity[a] < run->capacity[least]))
			least = a;
	for (a = 0; a < run->arms && least >= 0; a++)
		if (is_priced(run, a))
			run->price[a] = a == least ? 4.0 * run->scale : 0.0;
	return least >= 0;
}

jrn_status
jrn_policy_prices(const jrn_env *env, const double *promise, size_t n, int arms,
				  const double *capacity, double *price)
{
	price_run	run = {env, promise, n, arms, capacity, price, NULL, NULL, 0.0};
	bool	   *marked;
	int			sweep,
				a;
	size_t		i;

	memset(price, 0, (size_t) arms * sizeof(double));
	for (a = 0; a < arms && capacity[a] < 1.0; a++)
		;
	if (a == arms)
		return JRN_DOMAIN;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &run.advantage));
	JRN_TRY(jrn_alloc_array(env, (size_t) arms, sizeof(size_t), &run.given));
	JRN_TRY(jrn_alloc_array(env, (size_t) arms, sizeof(bool), &marked));
	for (i = 0; i < n * (size_t) arms; i++)
		if (fabs(promise[i]) > run.scale)
			run.scale = fabs(promise[i]);
	if (run.scale == 0.0)
		run.scale = 1.0;
	do
	{
		double		moved = INFINITY;

		JRN_TRY(count_given(&run));
		for (sweep = 0; sweep < SWEEPS && moved > 1e-6 * run.scale; sweep++)
			JRN_TRY(sweep_prices(&run, marked, false, &moved));
		for (sweep = 0; sweep < SWEEPS && any_over(&run); sweep++)
			JRN_TRY(sweep_prices(&run, marked, true, &moved));
	} while (any_over(&run) && give_up_one(&run));
	jrn_release(env, run.advantage);
	jrn_release(env, run.given);
	jrn_release(env, marked);
	return JRN_OK;
}
