/*
 * test_crossval.c
 *		Two ways to the same cross-validation: squared errors from moments and
 *		from rows; scores by key; a design with fewer columns.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/validation/columns.h"
#include "../../src/validation/crossval.h"

#define ROWS 4000
#define KEYS 1500
#define FEATURES 4
#define LAMBDAS 6
#define FOLDS 7
#define REPEATS 2

static const bool is_label[FEATURES] = {false, false, false, false};
static const double lambdas[LAMBDAS] = {0.0, 0.01, 0.05, 0.2, 0.5, 1.0};

typedef struct data
{
	jrn_cv_request cv;
	double		noise;			/* of y */
	jrn_fold_method method;
	const int  *chosen;			/* features of the model; NULL: all */
	int			chosen_count;
	bool		reversed;

	/* results */
	bool		from_moments;
	int			k;
	jrn_cv_fold folds[LAMBDAS * REPEATS * FOLDS];
	double		pooled[LAMBDAS * REPEATS * JRN_METRICS];
	double		scores[LAMBDAS * KEYS];
	bool		want_scores;
	double		grid[100];
} data;

static data one;
static data two;

static double
draw(int i, uint64_t stream)
{
	return (double) (jrn_hash_u64((uint64_t) i, stream) >> 11) / 9007199254740992.0 - 0.5;
}

static jrn_status
fill(const jrn_env *env, jrn_design *design, const data *d)
{
	int			i;

	memset(design, 0, sizeof(*design));
	design->feature_count = FEATURES;
	design->is_label = is_label;
	design->has_key = true;
	design->keep_keys = KEYS;
	JRN_TRY(jrn_design_begin(design, env, NULL, NULL, (size_t) 1 << 30));
	for (i = 0; i < ROWS; i++)
	{
		int			r = d->reversed ? ROWS - 1 - i : i;
		int64_t		key = (int64_t) (jrn_hash_u64((uint64_t) r, 5) % KEYS);
		double		x[FEATURES] = {draw(r, 1), 1e6 + draw(r, 2), draw(r, 3), draw(r, 1) + 0.3 * draw(r, 4)};
		jrn_row		row;

		memset(&row, 0, sizeof(row));
		row.key = (const char *) &key;
		row.key_size = 8;
		row.features = x;
		row.y = 50.0 + x[0] - 0.5 * (x[1] - 1e6) + d->noise * draw(r, 6);
		JRN_TRY(jrn_design_append(design, &row));
	}
	return jrn_design_finish(design);
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	data	   *d = arg;
	jrn_cv_request request = d->cv;
	jrn_design	full,
				design;
	jrn_plan	plan;
	jrn_plan_fault fault;
	jrn_cv_result result;

	JRN_TRY(fill(env, &full, d));
	design = full;
	if (d->chosen != NULL)
		JRN_TRY(jrn_design_choose(&full, env, d->chosen, d->chosen_count, NULL, &design));
	JRN_TRY(jrn_plan_begin(&plan, env, &design, d->method, FOLDS, 3, &fault));
	memset(d->scores, 0, sizeof(d->scores));
	request.score_groups = KEYS;
	if (d->want_scores)
		request.scores[JRN_METRIC_RMSE] = d->scores;
	JRN_TRY(jrn_cross_validate(env, &plan, NULL, &request, &result, NULL, NULL));
	d->from_moments = result.from_moments;
	d->k = result.k;
	if (request.lambda_count > LAMBDAS)
	{
		memcpy(d->grid, request.lambdas, sizeof(d->grid));
		return JRN_OK;
	}
	memcpy(d->folds, result.folds, sizeof(jrn_cv_fold) * (size_t) (request.lambda_count * request.repeats * FOLDS));
	memcpy(d->pooled, result.pooled, sizeof(double) * (size_t) (request.lambda_count * request.repeats * JRN_METRICS));
	return JRN_OK;
}

static void
begin(data *d, jrn_penalty penalty, double alpha, jrn_cv_route route)
{
	static const bool squared[JRN_METRICS] = {[JRN_METRIC_RMSE] = true, [JRN_METRIC_R_SQUARED] = true};

	memset(d, 0, sizeof(*d));
	d->cv.family = JRN_GAUSSIAN;
	d->cv.penalty = penalty;
	d->cv.alpha = alpha;
	d->cv.lambdas = lambdas;
	d->cv.lambda_count = LAMBDAS;
	d->cv.repeats = REPEATS;
	d->cv.wanted = squared;
	d->cv.route = route;
	d->noise = 1.0;
	d->method = JRN_FOLDS_BUCKETS;
}

static double
apart(const data *a, const data *b)
{
	double		worst = 0.0;
	int			i;

	for (i = 0; i < LAMBDAS * REPEATS * FOLDS; i++)
	{
		worst = fmax(worst, fabs(a->folds[i].value[JRN_METRIC_RMSE] / b->folds[i].value[JRN_METRIC_RMSE] - 1.0));
		worst = fmax(worst, fabs(a->folds[i].value[JRN_METRIC_R_SQUARED] - b->folds[i].value[JRN_METRIC_R_SQUARED]));
		if (a->folds[i].n_test != b->folds[i].n_test || a->folds[i].status != b->folds[i].status)
			worst = HUGE_VAL;
	}
	for (i = 0; i < LAMBDAS * REPEATS; i++)
		worst = fmax(worst, fabs(a->pooled[i * JRN_METRICS + JRN_METRIC_RMSE] / b->pooled[i * JRN_METRICS + JRN_METRIC_RMSE] - 1.0));
	return worst;
}

static void
routes(void)
{
	static const struct
	{
		jrn_penalty penalty;
		double		alpha;
		const char *name;
	}			cases[] = {{JRN_PENALTY_RIDGE, 0.0, "ridge"}, {JRN_PENALTY_LASSO, 1.0, "lasso"}, {JRN_PENALTY_ELASTIC_NET, 0.4, "elastic net"}};
	jrn_env		env = host_env();
	double		ratio = 0.0;
	size_t		c;
	int			i;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
	{
		begin(&one, cases[c].penalty, cases[c].alpha, JRN_CV_ROWS);
		begin(&two, cases[c].penalty, cases[c].alpha, JRN_CV_MOMENTS);
		ok(run(&env, &one) == JRN_OK && run(&env, &two) == JRN_OK && !one.from_moments && two.from_moments,
		   "%s: both ways run", cases[c].name);
		ok(apart(&one, &two) < 1e-10, "R-CV-6 %s: moments and rows agree to %g", cases[c].name, apart(&one, &two));
	}
	/* buckets are coarser clusters: the same size on average */
	for (i = 0; i < LAMBDAS * REPEATS * FOLDS; i++)
		ratio += two.folds[i].std_error[JRN_METRIC_RMSE] / one.folds[i].std_error[JRN_METRIC_RMSE] / (LAMBDAS * REPEATS * FOLDS);
	ok(ratio > 0.7 && ratio < 1.3, "R-CV-6 errors by bucket are those by key on average: %g", ratio);
	ok(two.folds[0].df > 10.0 && one.folds[0].df == 0.0, "R-CV-6 with the degrees of freedom of their buckets");
	begin(&two, JRN_PENALTY_RIDGE, 0.0, JRN_CV_AUTO);
	ok(run(&env, &two) == JRN_OK && !two.from_moments, "few rows are looked at themselves");
	begin(&two, JRN_PENALTY_RIDGE, 0.0, JRN_CV_MOMENTS);
	two.method = JRN_FOLDS_NTILE;
	ok(run(&env, &two) == JRN_OK && !two.from_moments, "folds that are no buckets have no errors from moments");
	host_reset();
}

static void
lost_digits(void)
{
	jrn_env		env = host_env();

	begin(&one, JRN_PENALTY_RIDGE, 0.0, JRN_CV_MOMENTS);
	one.noise = 1e-7;
	ok(run(&env, &one) == JRN_OK && !one.from_moments, "R-CV-6 errors below the digits of moments come from the rows");
	/* uniform noise of width 1e-7 */
	ok(fabs(one.folds[0].value[JRN_METRIC_RMSE] / (1e-7 / sqrt(12.0)) - 1.0) < 0.1, "and are those of the noise: %g",
	   one.folds[0].value[JRN_METRIC_RMSE]);
	host_reset();
}

static void
scores(void)
{
	jrn_env		env = host_env();
	double		sum = 0.0;
	double		pooled = 0.0;
	int			i;

	begin(&one, JRN_PENALTY_RIDGE, 0.0, JRN_CV_MOMENTS);
	one.want_scores = true;
	ok(run(&env, &one) == JRN_OK && !one.from_moments, "scores by key need the rows");
	for (i = 0; i < KEYS; i++)
		sum += one.scores[3 * KEYS + i];
	for (i = 0; i < REPEATS; i++)
		pooled += one.pooled[(3 * REPEATS + i) * JRN_METRICS + JRN_METRIC_RMSE] * one.pooled[(3 * REPEATS + i) * JRN_METRICS + JRN_METRIC_RMSE] / REPEATS;
	ok_close(sum / ROWS, pooled, 1e-12, "scores of all keys add up to the pooled loss");
	two = one;
	two.reversed = true;
	ok(run(&env, &two) == JRN_OK && memcmp(one.scores, two.scores, sizeof(one.scores)) == 0 &&
	   memcmp(one.pooled, two.pooled, sizeof(one.pooled)) == 0, "rows in reverse order: the same bits");
	host_reset();
}

static void
fewer_columns(void)
{
	static const int swapped[] = {3, 1, 0, 2};
	static const int some[] = {1, 0};
	jrn_env		env = host_env();

	begin(&one, JRN_PENALTY_RIDGE, 0.0, JRN_CV_ROWS);
	begin(&two, JRN_PENALTY_RIDGE, 0.0, JRN_CV_ROWS);
	two.chosen = swapped;
	two.chosen_count = 4;
	ok(run(&env, &one) == JRN_OK && run(&env, &two) == JRN_OK && apart(&one, &two) < 1e-10,
	   "R-COL-2 all columns in another order: the same figures");
	two.chosen = some;
	two.chosen_count = 2;
	ok(run(&env, &two) == JRN_OK && apart(&one, &two) > 1e-6 && two.folds[0].n_test == one.folds[0].n_test &&
	   fabs(two.folds[0].value[JRN_METRIC_RMSE] - sqrt(1.0 / 12.0)) < 0.02, "R-COL-1 the two columns that matter: noise is left");
	two.method = JRN_FOLDS_NTILE;
	ok(run(&env, &two) == JRN_OK && fabs(two.folds[0].value[JRN_METRIC_RMSE] - sqrt(1.0 / 12.0)) < 0.02,
	   "R-COL-1 also when blocks are dealt anew");
	two.chosen_count = 0;
	ok(run(&env, &two) == JRN_OK && fabs(two.folds[0].value[JRN_METRIC_R_SQUARED]) < 0.01, "no column: the mean");
	two.cv.repeats = 1;
	two.cv.lambda_count = 1;
	ok_survives(run, &two, "columns");
	host_reset();
}

static void
grid(void)
{
	jrn_env		env = host_env();

	begin(&one, JRN_PENALTY_LASSO, 1.0, JRN_CV_MOMENTS);
	one.cv.lambdas = NULL;
	one.cv.lambda_count = 100;
	ok(run(&env, &one) == JRN_OK && one.from_moments, "a path without a list");
	ok_close(one.grid[0] / one.grid[99], 1e4, 1e-9, "falls by four decades");
	one.cv.repeats = 1;
	one.cv.lambdas = lambdas;
	one.cv.lambda_count = 1;
	ok_survives(run, &one, "errors from moments");
	host_reset();
}

void
test_crossval(void)
{
	routes();
	lost_digits();
	scores();
	fewer_columns();
	grid();
}
