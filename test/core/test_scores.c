/*
 * test_scores.c
 *		Scores of strategies against brute force: every fold refitted by dense
 *		Newton and Gaussian elimination; order of rows, kinds of folds, names of
 *		strategies; the ledger of rows.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/strategies/ledger.h"
#include "../../src/strategies/scores.h"

#define ROWS 900
#define KEYS 400
#define P 3
#define MOST_ARMS 4
#define FOLDS 4
#define MOST 16					/* parameters of the dense fit */

static const bool is_label[P] = {false, false, false};

typedef struct data
{
	/* what is asked */
	int			arms;
	jrn_propensity propensity;
	bool		reversed;
	bool		renamed;		/* strategies in the opposite order */
	jrn_fold_method method;
	int			repeats;
	int			rows;
	bool		rare;			/* the last strategy is taken by one key only */
	double		confounding;
	const int32_t *fold_of_row; /* COLUMN: folds from 0; NULL: from the key's hash */

	/* the rows, by number */
	double		x[ROWS][P];
	double		y[ROWS];
	double		p[ROWS];
	int			arm[ROWS];
	int			fold[ROWS];

	/* what came back, by number */
	double		mu[ROWS][MOST_ARMS];
	double		e[ROWS][MOST_ARMS];
	double		score[ROWS][MOST_ARMS];
	int64_t		passes;
	bool		not_converged;
} data;

static data one;
static data two;

static double
draw(int i, uint64_t stream)
{
	return (double) (jrn_hash_u64((uint64_t) i, stream) >> 11) / 9007199254740992.0 - 0.5;
}

static void
make_row(data *d, int r, int64_t *key)
{
	double		most = -INFINITY;
	int			a;

	*key = (int64_t) (jrn_hash_u64((uint64_t) r, 5) % KEYS);
	d->x[r][0] = draw(r, 1);
	d->x[r][1] = 1e4 + 30.0 * draw(r, 2);
	d->x[r][2] = draw(r, 1) + draw(r, 3);
	for (a = 0; a < d->arms; a++)
	{
		/* the largest of utilities with Gumbel noise: a multinomial logit */
		double		u = d->confounding * a * d->x[r][0] - log(-log(draw(r, 20 + (uint64_t) a) + 0.5));

		if (u > most)
			d->arm[r] = a;
		if (u > most)
			most = u;
	}
	if (d->rare && d->arm[r] == d->arms - 1)
		d->arm[r] = 0;
	if (d->rare && *key == 7)
		d->arm[r] = d->arms - 1;
	d->y[r] = 3.0 + d->x[r][0] + (double) d->arm[r] * 0.1 * (d->x[r][1] - 1e4) + draw(r, 9);
	d->p[r] = 0.2 + 0.3 * (draw(r, 11) + 0.5);
	d->fold[r] = d->fold_of_row != NULL ? d->fold_of_row[r] :
		jrn_hash_fold(jrn_hash_u64((uint64_t) *key, 77), FOLDS) - 1;
}

static jrn_status
fill(const jrn_env *env, jrn_design *design, data *d)
{
	static const char *const names[MOST_ARMS] = {"a", "b", "c", "d"};
	int			i;

	memset(design, 0, sizeof(*design));
	design->feature_count = P;
	design->is_label = is_label;
	design->has_key = design->has_arm = design->has_number = true;
	design->has_fold = d->method == JRN_FOLDS_COLUMN;
	design->carried_count = 1;
	design->keep_keys = KEYS;
	JRN_TRY(jrn_design_begin(design, env, NULL, NULL, (size_t) 1 << 30));
	for (i = 0; i < d->rows; i++)
	{
		int			r = d->reversed ? d->rows - 1 - i : i;
		int64_t		key;
		const char *name;
		jrn_row		row;

		make_row(d, r, &key);
		memset(&row, 0, sizeof(row));
		name = names[d->renamed ? d->arms - 1 - d->arm[r] : d->arm[r]];
		JRN_TRY(jrn_labels_intern(&design->arms, name, 1, &row.arm));
		row.key = (const char *) &key;
		row.key_size = 8;
		row.number = r + 1;
		row.features = d->x[r];
		row.y = d->y[r];
		row.fold = d->fold[r] + 1;
		row.carried = &d->p[r];
		JRN_TRY(jrn_design_append(design, &row));
	}
	return jrn_design_finish(design);
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	data	   *d = arg;
	jrn_design	design;
	jrn_plan	plan;
	jrn_plan_fault fault;
	jrn_file	file = host_file();
	jrn_score_request request = {d->arms, d->propensity, true, JRN_SCORE_LAMBDA, d->repeats};
	jrn_score_table table;
	size_t		i;
	int			a;

	JRN_TRY(fill(env, &design, d));
	JRN_TRY(jrn_plan_begin(&plan, env, &design, d->method, FOLDS, 3, &fault));
	JRN_TRY(jrn_score_table_make(env, &plan, &file, &request, true, &table));
	d->passes = table.models.most_passes;
	d->not_converged = table.models.not_converged;
	for (i = 0; i < table.n; i++)
	{
		int			r = (int) table.number[i] - 1;

		d->fold[r] = table.fold[i];
		if (table.x[i * P] != d->x[r][0] || table.y[i] != d->y[r])
			return JRN_CORRUPT;
		for (a = 0; a < d->arms; a++)
		{
			int			b = d->renamed ? d->arms - 1 - a : a;

			d->mu[r][a] = table.mu[i * (size_t) d->arms + (size_t) b];
			d->e[r][a] = table.propensity[i * (size_t) d->arms + (size_t) b];
			d->score[r][a] = table.score[i * (size_t) d->arms + (size_t) b];
		}
	}
	return JRN_OK;
}

/* ---- brute force ---- */

/* Solve a dense system in place; b becomes the solution. */
static void
solve(double a[MOST][MOST], double *b, int n)
{
	int			i,
				j,
				k;

	for (i = 0; i < n; i++)
	{
		int			best = i;

		for (j = i + 1; j < n; j++)
			if (fabs(a[j][i]) > fabs(a[best][i]))
				best = j;
		for (k = 0; k < n; k++)
		{
			double		swap = a[i][k];

			a[i][k] = a[best][k];
			a[best][k] = swap;
		}
		{
			double		swap = b[i];

			b[i] = b[best];
			b[best] = swap;
		}
		for (j = 0; j < n; j++)
		{
			double		factor = a[j][i] / a[i][i];

			if (j == i)
				continue;
			for (k = i; k < n; k++)
				a[j][k] -= factor * a[i][k];
			b[j] -= factor * b[i];
		}
	}
	for (i = 0; i < n; i++)
		b[i] /= a[i][i];
}

/* Scaled features of a row by the training rows of a fold (arm -1: of all strategies). */
static void
scale_rows(const data *d, int fold, int arm, double z[ROWS][P + 1])
{
	int			r,
				j;

	for (j = 0; j < P; j++)
	{
		double		n = 0.0,
					mean = 0.0,
					var = 0.0;

		for (r = 0; r < d->rows; r++)
			if (d->fold[r] != fold && (arm < 0 || d->arm[r] == arm))
			{
				n++;
				mean += d->x[r][j];
			}
		mean /= n;
		for (r = 0; r < d->rows; r++)
			if (d->fold[r] != fold && (arm < 0 || d->arm[r] == arm))
				var += (d->x[r][j] - mean) * (d->x[r][j] - mean) / n;
		for (r = 0; r < d->rows; r++)
			z[r][j + 1] = (d->x[r][j] - mean) / sqrt(var);
	}
	for (r = 0; r < d->rows; r++)
		z[r][0] = 1.0;
}

/* Ridge of one strategy on the training rows; mean of every row. */
static void
brute_mu(const data *d, int fold, int arm, double *mu)
{
	static double z[ROWS][P + 1];
	double		a[MOST][MOST] = {{0}};
	double		b[MOST] = {0};
	double		n = 0.0;
	int			r,
				i,
				j;

	scale_rows(d, fold, arm, z);
	for (r = 0; r < d->rows; r++)
	{
		if (d->fold[r] == fold || d->arm[r] != arm)
			continue;
		n++;
		for (i = 0; i <= P; i++)
		{
			b[i] += z[r][i] * d->y[r];
			for (j = 0; j <= P; j++)
				a[i][j] += z[r][i] * z[r][j];
		}
	}
	for (i = 1; i <= P; i++)
		a[i][i] += n * JRN_SCORE_LAMBDA;
	solve(a, b, P + 1);
	for (r = 0; r < d->rows; r++)
		for (mu[r] = 0.0, i = 0; i <= P; i++)
			mu[r] += z[r][i] * b[i];
}

/*
 * Symmetric softmax (two strategies: the binary logit), by Newton's method on
 * all slopes and the intercepts but the first.
 */
static void
brute_e(const data *d, int fold, double e[ROWS][MOST_ARMS])
{
	static double z[ROWS][P + 1];
	int			first = d->arms == 2 ? 1 : 0;	/* strategy with slopes */
	double		theta[MOST_ARMS][P + 1] = {{0}};
	int			step,
				r,
				i,
				j,
				k,
				l;

	scale_rows(d, fold, -1, z);
	for (step = 0; step < 30; step++)
	{
		double		a[MOST][MOST] = {{0}};
		double		b[MOST] = {0};
		int			place[MOST_ARMS][P + 1];
		int			n = 0;
		double		rows = 0.0;

		for (k = 0; k < d->arms; k++)
			for (i = 0; i <= P; i++)
				place[k][i] = (i == 0 && k == 0) || k < first ? -1 : n++;
		for (r = 0; r < d->rows; r++)
		{
			double		sum = 0.0;

			for (k = 0; k < d->arms; k++)
			{
				double		eta = 0.0;

				for (i = 0; i <= P; i++)
					eta += theta[k][i] * z[r][i];
				sum += e[r][k] = exp(eta);
			}
			for (k = 0; k < d->arms; k++)
				e[r][k] /= sum;
			if (d->fold[r] == fold)
				continue;
			rows++;
			for (k = 0; k < d->arms; k++)
				for (i = 0; i <= P; i++)
				{
					if (place[k][i] < 0)
						continue;
					b[place[k][i]] += z[r][i] * ((d->arm[r] == k) - e[r][k]);
					for (l = 0; l < d->arms; l++)
						for (j = 0; j <= P; j++)
							if (place[l][j] >= 0)
								a[place[k][i]][place[l][j]] += z[r][i] * z[r][j] * e[r][k] *
									((k == l) - e[r][l]);
				}
		}
		for (k = 0; k < d->arms; k++)
			for (i = 1; i <= P; i++)
				if (place[k][i] >= 0)
				{
					a[place[k][i]][place[k][i]] += rows * JRN_SCORE_LAMBDA;
					b[place[k][i]] -= rows * JRN_SCORE_LAMBDA * theta[k][i];
				}
		solve(a, b, n);
		for (k = 0; k < d->arms; k++)
			for (i = 0; i <= P; i++)
				if (place[k][i] >= 0)
					theta[k][i] += b[place[k][i]];
	}
}

/* Largest distances of what came back to brute force. */
static void
against_brute(const data *d, const char *name)
{
	static double e[ROWS][MOST_ARMS];
	static double mu[ROWS];
	double		worst_mu = 0.0,
				worst_e = 0.0,
				worst_score = 0.0;
	int			f,
				a,
				r;

	for (f = 0; f < FOLDS; f++)
	{
		brute_e(d, f, e);
		for (a = 0; a < d->arms; a++)
		{
			brute_mu(d, f, a, mu);
			for (r = 0; r < d->rows; r++)
			{
				double		taken = d->propensity == JRN_PROPENSITY_ESTIMATED ? e[r][a] : d->e[r][a];
				double		score = mu[r] + (d->arm[r] == a ? (d->y[r] - mu[r]) / taken : 0.0);

				if (d->fold[r] != f)
					continue;
				worst_mu = fmax(worst_mu, fabs(mu[r] - d->mu[r][a]));
				worst_e = fmax(worst_e, fabs(e[r][a] - d->e[r][a]));
				worst_score = fmax(worst_score, fabs(score - d->score[r][a]));
			}
		}
	}
	ok(worst_mu < 1e-9, "%s: predicted outcomes agree with brute force (%g)", name, worst_mu);
	if (d->propensity == JRN_PROPENSITY_ESTIMATED)
		ok(worst_e < 1e-8, "%s: propensities agree with brute force (%g)", name, worst_e);
	ok(worst_score < 1e-6, "%s: scores agree with brute force (%g)", name, worst_score);
}

static void
reset(data *d, int arms)
{
	memset(d, 0, sizeof(*d));
	d->arms = arms;
	d->propensity = JRN_PROPENSITY_ESTIMATED;
	d->method = JRN_FOLDS_COLUMN;
	d->repeats = 1;
	d->rows = ROWS;
	d->confounding = 1.5;
}

static void
run_ok(data *d, const char *name)
{
	jrn_env		env = host_env();

	ok_int(run(&env, d), JRN_OK, "%s runs", name);
	host_reset();
}

static bool
same_scores(const data *a, const data *b, double slack)
{
	int			r,
				k;

	for (r = 0; r < a->rows; r++)
		for (k = 0; k < a->arms; k++)
			if (!(fabs(a->score[r][k] - b->score[r][k]) <= slack) ||
				!(fabs(a->e[r][k] - b->e[r][k]) <= slack))
				return false;
	return true;
}

/* ---- the ledger ---- */

static jrn_status
keep_ledger(const jrn_env *env, void *arg)
{
	jrn_ledger	ledger;
	uint32_t	rank[3] = {2, 0, 1};
	int			i;

	(void) arg;
	JRN_TRY(jrn_strategy_ledger_begin(&ledger, env));
	for (i = 0; i < 3000; i++)
		JRN_TRY(jrn_strategy_ledger_add(&ledger, (uint32_t) (i % 3), true, (i * 7 % 100) - 50,
										i % 10 == 0 ? JRN_FATE_MISSING : i % 10 == 1 ? JRN_FATE_IMMATURE :
										JRN_FATE_ANALYSED, i % 50 == 0));
	JRN_TRY(jrn_strategy_ledger_settle(&ledger, rank, 3));
	ok_int(ledger.of_arm[2].assigned, 1000, "rows of code 0 are those of rank 2");
	ok_int(ledger.of_arm[2].missing + ledger.of_arm[0].missing + ledger.of_arm[1].missing, 300, "missing outcomes are counted");
	ok_int(ledger.of_arm[0].immature + ledger.of_arm[1].immature + ledger.of_arm[2].immature, 300, "immature ones as well");
	ok_int(ledger.of_arm[0].late + ledger.of_arm[1].late + ledger.of_arm[2].late, 60, "and those eligible too late");
	ok_int((long long) ledger.week_count, 300, "a hundred weeks of three strategies");
	for (i = 0; i < 300; i++)
		if (ledger.weeks[i].week != i / 3 - 50 || ledger.weeks[i].arm != i % 3 || ledger.weeks[i].counts.assigned != 10)
			break;
	ok_int(i, 300, "weeks are in order, with their rows");
	return JRN_OK;
}

void
test_scores(void)
{
	static int32_t folds[ROWS];
	jrn_env		env = host_env();
	int			r;

	reset(&one, 3);
	run_ok(&one, "three strategies");
	against_brute(&one, "three strategies");

	two = one;
	two.reversed = true;
	run_ok(&two, "rows in reverse");
	ok(memcmp(one.score, two.score, sizeof(one.score)) == 0, "the order of rows changes no bit");
	two = one;
	two.renamed = true;
	run_ok(&two, "renamed strategies");
	ok(same_scores(&one, &two, 1e-7), "no strategy is a reference");

	reset(&one, 4);
	one.confounding = 4.0;
	run_ok(&one, "strong confounding");
	against_brute(&one, "strong confounding");
	reset(&one, 2);
	run_ok(&one, "two strategies");
	against_brute(&one, "two strategies");
	one.propensity = JRN_PROPENSITY_LOGGED;
	run_ok(&one, "logged propensities");
	against_brute(&one, "logged propensities");
	ok(one.e[5][one.arm[5]] == one.p[5] && one.e[5][1 - one.arm[5]] == 1.0 - one.p[5],
	   "of two strategies the other has the rest of what is logged");
	reset(&one, 3);
	one.propensity = JRN_PROPENSITY_LOGGED;
	run_ok(&one, "three logged ones");
	ok(isnan(one.e[5][(one.arm[5] + 1) % 3]), "of three the others are not known");
	one.propensity = JRN_PROPENSITY_CONSTANT;
	run_ok(&one, "constant propensities");
	against_brute(&one, "constant propensities");
	ok_close(one.e[5][0] + one.e[5][1] + one.e[5][2], 1.0, 1e-12, "they are shares");

	/* whole buckets are the folds of a column that names them */
	reset(&one, 3);
	one.method = JRN_FOLDS_BUCKETS;
	run_ok(&one, "buckets");
	against_brute(&one, "buckets");
	for (r = 0; r < ROWS; r++)
		folds[r] = one.fold[r];
	two = one;
	two.method = JRN_FOLDS_COLUMN;
	two.fold_of_row = folds;
	run_ok(&two, "the same folds as a column");
	ok(same_scores(&one, &two, 1e-7), "the route makes no difference");

	/* repeats are averaged row by row, on both routes */
	reset(&one, 3);
	one.method = JRN_FOLDS_BUCKETS;
	one.repeats = 3;
	run_ok(&one, "three repeats of buckets");
	reset(&two, 3);
	two.method = JRN_FOLDS_NTILE;
	two.repeats = 3;
	run_ok(&two, "three repeats of ntile");
	ok(same_scores(&one, &two, 2.0) && !same_scores(&one, &two, 1e-9), "other folds give other scores, but near");
	one.repeats = 1;
	run_ok(&one, "one repeat");
	ok(!one.not_converged, "fits converge");

	reset(&one, 3);
	one.rare = true;
	run_ok(&one, "a strategy of one key");
	for (r = 0; r < ROWS && !(one.arm[r] == 2); r++)
		;
	ok(isnan(one.mu[r][2]) && isnan(one.score[r][2]), "it has no model for its own key");
	ok(!isnan(one.score[r][0]), "the others have");

	reset(&one, 3);
	one.rows = 150;
	ok_survives(run, &one, "scores of a column of folds");
	one.method = JRN_FOLDS_BUCKETS;
	one.repeats = 2;
	ok_survives(run, &one, "scores of buckets");
	ok_int(keep_ledger(&env, NULL), JRN_OK, "the ledger");
	host_reset();
}
