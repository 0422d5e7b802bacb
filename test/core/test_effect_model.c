/*
 * test_effect_model.c
 *		Effect models by folds against the definitions, fitted row by row with
 *		dense matrices in units of x.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/strategies/effect_model.h"

#define N 96
#define P 3
#define Q (P + 1)
#define ARMS 3
#define FOLDS 4

typedef struct data
{
	jrn_score_table table;
	int64_t		cluster[N];
	int32_t		fold[N];
	int32_t		arm[N];
	double		y[N];
	double		mu[N * ARMS];
	double		propensity[N * ARMS];
	double		score[N * ARMS];
	double		x[N * P];
	jrn_effect_space space;
	jrn_effect_request request;
	jrn_effect_model model;
} data;

static data d;

static void
fill(void)
{
	size_t		i,
				j;
	int			a;

	memset(&d, 0, sizeof(d));
	d.table.n = N;
	d.table.arms = ARMS;
	d.table.p = P;
	d.table.folds = FOLDS;
	d.table.cluster = d.cluster;
	d.table.fold = d.fold;
	d.table.arm = d.arm;
	d.table.y = d.y;
	d.table.mu = d.mu;
	d.table.propensity = d.propensity;
	d.table.score = d.score;
	d.table.x = d.x;
	for (i = 0; i < N; i++)
	{
		double		sum = 0.0;

		d.cluster[i] = (int64_t) i / 3;
		d.fold[i] = (int32_t) (i / 3 * 7 % FOLDS);	/* folds come in pieces */
		d.arm[i] = (int32_t) (jrn_random_u64(1, i) % ARMS);
		for (j = 0; j < P; j++)
			d.x[i * P + j] = (double) (j + 1) * (jrn_random_normal(2 + j, i) + 5.0 * (double) j);
		d.y[i] = d.x[i * P] * (double) d.arm[i] + jrn_random_normal(9, i);
		for (a = 0; a < ARMS; a++)
		{
			d.propensity[i * ARMS + (size_t) a] = 0.2 + jrn_random_uniform(20 + (uint64_t) a, i);
			sum += d.propensity[i * ARMS + (size_t) a];
			d.mu[i * ARMS + (size_t) a] = (double) a + jrn_random_normal(30 + (uint64_t) a, i);
		}
		for (a = 0; a < ARMS; a++)
			d.propensity[i * ARMS + (size_t) a] /= sum;
		for (a = 0; a < ARMS; a++)
			d.score[i * ARMS + (size_t) a] = d.mu[i * ARMS + (size_t) a] +
				(d.arm[i] == a ? (d.y[i] - d.mu[i * ARMS + (size_t) a]) / d.propensity[i * ARMS + (size_t) a] : 0.0);
	}
	d.request.arm = 2;
	d.request.baseline = 0;
	d.request.lambda = 0.05;
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	JRN_TRY(jrn_effect_space_make(env, &of->table, &of->space));
	return jrn_effect_fit(env, &of->table, &of->space, &of->request, &of->model);
}

/* ---- by definition ---- */

typedef struct naive
{
	double		weight[2][N];
	double		outcome[2][N];
	double		share[2][N];
	int			parts;
	double		theta[FOLDS + 1][2][Q];
	double		bread[FOLDS + 1][2][Q][Q];
	double		pull[FOLDS + 1][2][Q];
	double		covariance[FOLDS + 1][2 * Q][2 * Q];
} naive;

static naive v;

static double
basis(size_t i, size_t j)
{
	return j == 0 ? 1.0 : d.x[i * P + j - 1];
}

/* Inverse by Gauss and Jordan with pivots; b becomes the solution. */
static void
invert(double a[Q][Q], double inverse[Q][Q])
{
	size_t		i,
				j,
				k;

	for (i = 0; i < Q; i++)
		for (j = 0; j < Q; j++)
			inverse[i][j] = i == j ? 1.0 : 0.0;
	for (k = 0; k < Q; k++)
	{
		size_t		best = k;
		double		pivot;

		for (i = k; i < Q; i++)
			if (fabs(a[i][k]) > fabs(a[best][k]))
				best = i;
		for (j = 0; j < Q; j++)
		{
			double		t = a[k][j];

			a[k][j] = a[best][j];
			a[best][j] = t;
			t = inverse[k][j];
			inverse[k][j] = inverse[best][j];
			inverse[best][j] = t;
		}
		pivot = a[k][k];
		for (j = 0; j < Q; j++)
		{
			a[k][j] /= pivot;
			inverse[k][j] /= pivot;
		}
		for (i = 0; i < Q; i++)
		{
			double		factor = a[i][k];

			for (j = 0; j < Q && i != k; j++)
			{
				a[i][j] -= factor * a[k][j];
				inverse[i][j] -= factor * inverse[k][j];
			}
		}
	}
}

static void
say_all(jrn_learner learner)
{
	size_t		i;

	memset(&v, 0, sizeof(v));
	v.parts = learner == JRN_LEARNER_X ? 2 : 1;
	for (i = 0; i < N; i++)
	{
		const double *e = d.propensity + i * ARMS;
		const double *mu = d.mu + i * ARMS;
		double		e2 = e[2] / (e[2] + e[0]);
		double		a = d.arm[i] == 2 ? 1.0 : 0.0;

		v.share[0][i] = 1.0;
		if (learner == JRN_LEARNER_DR)
		{
			v.weight[0][i] = 1.0;
			v.outcome[0][i] = d.score[i * ARMS + 2] - d.score[i * ARMS];
		}
		else if (learner == JRN_LEARNER_R && d.arm[i] != 1)
		{
			v.weight[0][i] = (a - e2) * (a - e2);
			v.outcome[0][i] = (d.y[i] - e2 * mu[2] - (1.0 - e2) * mu[0]) / (a - e2);
		}
		else if (learner == JRN_LEARNER_X)
		{
			v.share[0][i] = 1.0 - e2;
			v.share[1][i] = e2;
			v.weight[0][i] = a;
			v.outcome[0][i] = d.y[i] - mu[0];
			v.weight[1][i] = d.arm[i] == 0 ? 1.0 : 0.0;
			v.outcome[1][i] = mu[2] - d.y[i];
		}
	}
}

static void
fit_by_hand(int fold, int part)
{
	double		a[Q][Q];
	double		b[Q];
	double		penalty[Q] = {0.0};
	double		total = 0.0;
	size_t		i,
				j,
				k;

	memset(a, 0, sizeof(a));
	memset(b, 0, sizeof(b));
	for (i = 0; i < N; i++)
		if (d.fold[i] != fold)
			total += v.weight[part][i];
	for (i = 0; i < N; i++)
		for (j = 0; j < Q && d.fold[i] != fold; j++)
		{
			for (k = 0; k < Q; k++)
				a[j][k] += v.weight[part][i] * basis(i, j) * basis(i, k) / total;
			b[j] += v.weight[part][i] * basis(i, j) * v.outcome[part][i] / total;
		}
	for (j = 1; j < Q; j++)
	{
		penalty[j] = d.request.lambda * (a[j][j] - a[0][j] * a[0][j]);
		a[j][j] += penalty[j];
	}
	invert(a, v.bread[fold][part]);
	for (j = 0; j < Q; j++)
		for (k = 0; k < Q; k++)
			v.theta[fold][part][j] += v.bread[fold][part][j][k] * b[k];
	for (j = 0; j < Q; j++)
		for (k = 0; k < Q; k++)
		{
			v.pull[fold][part][j] += v.bread[fold][part][j][k] * penalty[k] * v.theta[fold][part][k];
			v.bread[fold][part][j][k] /= total;
		}
}

static double
predict(int fold, int part, size_t i)
{
	double		sum = 0.0;
	size_t		j;

	for (j = 0; j < Q; j++)
		sum += v.theta[fold][part][j] * basis(i, j);
	return sum;
}

static void
sandwich_by_hand(int fold)
{
	size_t		m = (size_t) v.parts * Q;
	double		clusters = 0.0;
	size_t		c,
				i,
				j,
				k;
	int			part;

	for (c = 0; c < N / 3; c++)
	{
		double		g[2 * Q];
		double		h[2 * Q];
		bool		counts = false;

		memset(g, 0, sizeof(g));
		memset(h, 0, sizeof(h));
		for (i = 3 * c; i < 3 * c + 3 && d.fold[i] != fold; i++)
			for (part = 0; part < v.parts; part++)
				for (j = 0; j < Q; j++)
				{
					g[(size_t) part * Q + j] += v.weight[part][i] * basis(i, j) *
						(v.outcome[part][i] - predict(d.fold[i], part, i));
					counts = counts || v.weight[part][i] > 0.0;
				}
		clusters += counts;
		for (j = 0; j < m; j++)
			for (k = 0; k < Q; k++)
				h[j] += v.bread[fold][j / Q][j % Q][k] * g[j / Q * Q + k];
		for (j = 0; j < m; j++)
			for (k = 0; k < m; k++)
				v.covariance[fold][j][k] += h[j] * h[k];
	}
	for (j = 0; j < m; j++)
		for (k = 0; k < m; k++)
			v.covariance[fold][j][k] = v.covariance[fold][j][k] * clusters / (clusters - 1.0) +
				v.pull[fold][j / Q][j % Q] * v.pull[fold][k / Q][k % Q];
}

static double
error_by_hand(size_t i)
{
	size_t		m = (size_t) v.parts * Q;
	double		sum = 0.0;
	size_t		j,
				k;

	for (j = 0; j < m; j++)
		for (k = 0; k < m; k++)
			sum += v.share[j / Q][i] * basis(i, j % Q) * v.covariance[d.fold[i]][j][k] *
				v.share[k / Q][i] * basis(i, k % Q);
	return sqrt(sum);
}

/* R-EFM-9 */
static double
noise_by_hand(void)
{
	double		noise = 0.0;
	double		all = 0.0;
	int			fold;

	for (fold = 0; fold < FOLDS; fold++)
	{
		double		mean[Q] = {0.0};
		double		rows = 0.0;
		size_t		i,
					j,
					k;

		for (i = 0; i < N; i++)
			rows += d.fold[i] == fold;
		for (i = 0; i < N; i++)
			for (j = 0; j < Q && d.fold[i] == fold; j++)
				mean[j] += basis(i, j) / rows;
		for (i = 0; i < N; i++)
		{
			double		effect = 0.0;

			if (d.fold[i] != fold)
				continue;
			for (j = 0; j < Q; j++)
			{
				effect += v.theta[fold][0][j] * (basis(i, j) - mean[j]);
				for (k = 0; k < Q; k++)
					noise += (basis(i, j) - mean[j]) * v.covariance[fold][j][k] * (basis(i, k) - mean[k]);
			}
			all += effect * effect;
		}
	}
	return noise / all;
}

static void
learners(void)
{
	static const char *const names[] = {"dr", "r", "x"};
	jrn_env		env = host_env();
	int			learner;

	for (learner = 0; learner < JRN_LEARNERS; learner++)
	{
		double		worst = 0.0;
		double		worst_error = 0.0;
		size_t		i,
					j;
		int			fold,
					part;

		fill();
		d.request.learner = (jrn_learner) learner;
		ok_int(run(&env, &d), JRN_OK, "%s runs", names[learner]);
		ok(d.model.known, "%s has what it needs", names[learner]);
		say_all((jrn_learner) learner);
		for (fold = 0; fold <= FOLDS; fold++)
			for (part = 0; part < v.parts; part++)
				fit_by_hand(fold, part);
		for (fold = 0; fold <= FOLDS; fold++)
			sandwich_by_hand(fold);
		for (i = 0; i < N; i++)
		{
			double		effect = 0.0;

			for (part = 0; part < v.parts; part++)
				effect += v.share[part][i] * predict(d.fold[i], part, i);
			worst = fmax(worst, fabs(effect - d.model.effect[i]));
			if (v.parts == 1)
				worst_error = fmax(worst_error, fabs(error_by_hand(i) / d.model.std_error[i] - 1.0));
			else if (!isnan(d.model.std_error[i]))
				worst_error = INFINITY;
			if (d.model.score[i] != d.score[i * ARMS + 2] - d.score[i * ARMS])
				worst = INFINITY;
		}
		ok(worst < 1e-9, "R-EFM-1 to 5 %s: effects, off by %g", names[learner], worst);
		ok(worst_error < 1e-8, "R-EFM-6 to 8 %s: errors, off by %g", names[learner], worst_error);
		if (v.parts == 1)
			ok_close(d.model.noise, noise_by_hand(), 1e-8, "R-EFM-9 %s: noise", names[learner]);
		else
			ok(isnan(d.model.noise), "R-EFM-9 none for x");
		for (j = 0; j < Q && v.parts == 1; j++)
		{
			ok_close(d.model.coefficient[j], v.theta[FOLDS][0][j], 1e-9, "%s coefficient %d", names[learner], (int) j);
			ok_close(d.model.coefficient_se[j], sqrt(v.covariance[FOLDS][j][j]), 1e-8, "%s its error", names[learner]);
		}
	}
}

static jrn_status
order(const jrn_env *env, void *arg)
{
	jrn_score_table t = {0};
	size_t		i;

	t.n = N;
	t.arms = 1;
	t.p = 1;
	t.folds = FOLDS;
	JRN_TRY(jrn_alloc_array(env, N, sizeof(int64_t), &t.cluster));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(int32_t), &t.fold));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(int32_t), &t.arm));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(double), &t.y));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(double), &t.mu));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(double), &t.propensity));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(double), &t.score));
	JRN_TRY(jrn_alloc_array(env, N, sizeof(double), &t.x));
	for (i = 0; i < N; i++)
	{
		t.cluster[i] = (int64_t) (i * 7 % 32);
		t.fold[i] = (int32_t) (t.cluster[i] % FOLDS);
		t.arm[i] = (int32_t) i;
		t.y[i] = t.mu[i] = t.propensity[i] = t.score[i] = t.x[i] = (double) i;
	}
	JRN_TRY(jrn_effect_order(env, &t));
	for (i = 0; i < N; i++)
	{
		bool	   *sorted = arg;

		*sorted = *sorted && (i == 0 || t.fold[i - 1] < t.fold[i] ||
							  (t.fold[i - 1] == t.fold[i] &&
							   (t.cluster[i - 1] < t.cluster[i] ||
								(t.cluster[i - 1] == t.cluster[i] && t.arm[i - 1] < t.arm[i])))) &&
			t.cluster[i] == (int64_t) t.arm[i] * 7 % 32 && t.fold[i] == (int32_t) (t.cluster[i] % FOLDS) &&
			t.y[i] == (double) t.arm[i] && t.mu[i] == t.y[i] && t.x[i] == t.y[i] && t.score[i] == t.y[i] &&
			t.propensity[i] == t.y[i];
	}
	return JRN_OK;
}

static void
edges(void)
{
	jrn_env		env = host_env();
	double		before;
	size_t		i;

	fill();
	for (i = 0; i < N; i++)
		d.x[i * P + 1] = 7.0;
	(void) run(&env, &d);
	ok(isnan(d.model.coefficient[2]) && isfinite(d.model.coefficient[3]) && isfinite(d.model.effect[0]), "R-EFM-4 a constant column has no slope");
	before = d.model.effect[0];
	/* constant but in the first row's fold: its model cannot use it */
	for (i = 0; i < N; i++)
		if (d.fold[i] == d.fold[0])
			d.x[i * P + 1] = 7.0 + (double) i;
	(void) run(&env, &d);
	ok(fabs(d.model.effect[0] - before) < 1e-10, "R-EFM-4 constant in the rows fitted: no slope");
	fill();
	for (i = 0; i < N; i++)
	{
		d.propensity[i * ARMS] = d.arm[i] == 0 ? 0.3 : NAN;
		d.propensity[i * ARMS + 2] = d.arm[i] == 2 ? 0.3 : NAN;
	}
	(void) run(&env, &d);
	ok(d.model.known, "dr needs the propensity of the strategy taken only");
	d.request.learner = JRN_LEARNER_R;
	(void) run(&env, &d);
	ok(!d.model.known && isnan(d.model.effect[5]) && isnan(d.model.score[5]), "r needs those of both");
	fill();
	d.score[3 * ARMS + 2] = NAN;
	(void) run(&env, &d);
	ok(!d.model.known, "a score is missing");
	fill();
	d.table.p = 0;
	(void) run(&env, &d);
	ok(d.model.known && isfinite(d.model.effect[0]) && d.model.std_error[0] > 0.0, "without columns the effect is a mean");
	d.table.p = JRN_EFFECT_COLUMNS + 1;
	ok_int(run(&env, &d), JRN_LIMIT, "too many columns");
}

void
test_effect_model(void)
{
	bool		sorted = true;

	learners();
	edges();
	ok_survives(order, &sorted, "order of rows");
	ok(sorted, "rows by fold, cluster and place, with all they hold");
	fill();
	d.request.learner = JRN_LEARNER_X;
	ok_survives(run, &d, "effect model");
}
