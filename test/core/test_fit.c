/*
 * test_fit.c
 *		Designs, fits and cross-validation against brute force: normal
 *		equations and Newton in long double, refits without a fold, and the
 *		same rows in another order or spilled to a file.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/models/fit.h"
#include "../../src/validation/crossval.h"

#define ROWS 700
#define KEYS 90
#define FEATURES 3				/* two numbers and a label with 3 levels */
#define TERMS 5

static const char *const label_names[] = {"bee", "ant", "cat"};
static const bool is_label[FEATURES] = {false, false, true};

typedef struct data
{
	double		x[ROWS][FEATURES];	/* label: index into label_names */
	double		y[ROWS];
	double		level[ROWS];	/* 0/1 target */
	int64_t		key[ROWS];
	int			order[ROWS];	/* of appending */
	int			rows;
	bool		binomial;
	bool		has_key;
	size_t		limit;
	jrn_fit_request fit;
	jrn_cv_request cv;
	jrn_fold_method method;
	int			k;
	double		lambda;

	/* results */
	double		coefficients[TERMS];
	double		errors[TERMS];
	double		deviance;
	int			fold_of_row[ROWS];
	double		predicted[ROWS];
	double		overall[JRN_METRICS];
	int			emitted;
} data;

static double
draw(uint64_t i, uint64_t stream)
{
	return (double) (jrn_hash_u64(i, stream) >> 11) / 9007199254740992.0;
}

static void
make_data(data *d, int rows, bool binomial)
{
	int			i;

	memset(d, 0, sizeof(*d));
	d->rows = rows;
	d->binomial = binomial;
	d->limit = (size_t) 1 << 30;
	for (i = 0; i < rows; i++)
	{
		double		eta;

		d->key[i] = (int64_t) (jrn_hash_u64((uint64_t) i, 5) % KEYS);
		d->x[i][0] = draw((uint64_t) i, 1) * 4.0 - 2.0;
		d->x[i][1] = 1e6 + draw((uint64_t) i, 2);
		d->x[i][2] = (double) (i % 3);
		eta = 0.4 + d->x[i][0] - 0.8 * (d->x[i][1] - 1e6) + (i % 3 == 1 ? 0.7 : 0.0);
		d->y[i] = eta + draw((uint64_t) i, 3);
		d->level[i] = draw((uint64_t) i, 4) < 1.0 / (1.0 + exp(-eta)) ? 1.0 : 0.0;
		d->order[i] = i;
	}
	d->fit.family = d->cv.family = binomial ? JRN_BINOMIAL : JRN_GAUSSIAN;
	d->lambda = 0.0;
	d->cv.lambdas = &d->lambda;
	d->cv.lambda_count = 1;
	d->cv.repeats = 1;
	d->k = 5;
	d->method = JRN_FOLDS_NTILE;
}

/* Append the rows whose fold is not `skip` (0: all). */
static jrn_status
fill_design(jrn_design *design, const jrn_env *env, const jrn_file *rows, const jrn_file *tiles,
			const data *d, int skip)
{
	int			i;

	memset(design, 0, sizeof(*design));
	design->feature_count = FEATURES;
	design->is_label = is_label;
	design->has_key = d->has_key;
	design->has_number = true;
	design->keep_keys = ROWS;
	JRN_TRY(jrn_design_begin(design, env, rows, tiles, d->limit));
	for (i = 0; i < d->rows; i++)
	{
		int			r = d->order[i];
		double		features[FEATURES] = {d->x[r][0], d->x[r][1], 0};
		const char *name = label_names[(int) d->x[r][2]];
		uint32_t	code;
		jrn_row		row;

		if (skip > 0 && d->fold_of_row[r] == skip)
			continue;
		JRN_TRY(jrn_labels_intern(&design->labels[2], name, strlen(name), &code));
		features[2] = code;
		memset(&row, 0, sizeof(row));
		row.key = (const char *) &d->key[r];
		row.key_size = 8;
		row.number = r + 1;
		row.features = features;
		row.y = d->binomial ? d->level[r] : d->y[r];
		JRN_TRY(jrn_design_append(design, &row));
	}
	return JRN_OK;
}

static jrn_status
run_fit_without(const jrn_env *env, data *d, int skip)
{
	jrn_file	rows = host_file();
	jrn_file	tiles = host_file();
	jrn_design	design;
	jrn_model	model;
	jrn_status	status;
	int			j;

	status = fill_design(&design, env, &rows, &tiles, d, skip);
	if (status == JRN_OK)
		status = jrn_fit_design(env, &design, &d->fit, &model);
	fclose(rows.host);
	fclose(tiles.host);
	for (j = 0; status == JRN_OK && j < TERMS; j++)
	{
		d->coefficients[j] = model.coefficients[j];
		d->errors[j] = model.covariance != NULL ? sqrt(model.covariance[jrn_packed((size_t) j, (size_t) j)]) : NAN;
		d->deviance = model.deviance;
	}
	return status;
}

static jrn_status
run_fit(const jrn_env *env, void *arg)
{
	return run_fit_without(env, arg, 0);
}

static jrn_status
emit(void *arg, int lambda, int repeat, int fold, int64_t number, int64_t cluster,
	 double observed, double predicted)
{
	data	   *d = arg;

	(void) lambda;
	(void) cluster;
	(void) observed;
	if (repeat == 0)
	{
		d->fold_of_row[number - 1] = fold + 1;
		d->predicted[number - 1] = predicted;
	}
	d->emitted++;
	return JRN_OK;
}

static jrn_status
run_cv(const jrn_env *env, void *arg)
{
	data	   *d = arg;
	jrn_file	rows = host_file();
	jrn_file	tiles = host_file();
	jrn_file	routed = host_file();
	const jrn_metric *metrics;
	jrn_design	design;
	jrn_plan	plan;
	jrn_plan_fault fault;
	jrn_cv_result result;
	jrn_status	status;
	int			usual;
	int			m;

	d->emitted = 0;
	status = fill_design(&design, env, &rows, &tiles, d, 0);
	if (status == JRN_OK)
		status = jrn_design_finish(&design);
	if (status == JRN_OK)
		status = jrn_plan_begin(&plan, env, &design, d->method, d->k, 0, &fault);
	if (status == JRN_OK)
		status = jrn_cross_validate(env, &plan, &routed, &d->cv, &result, emit, d);
	for (m = 0; status == JRN_OK && m < jrn_metrics_of(d->cv.family, &metrics, &usual); m++)
	{
		jrn_cv_overall overall;

		jrn_cv_summarise(&d->cv, &result, 0, metrics[m], &overall);
		d->overall[metrics[m]] = overall.estimate;
	}
	fclose(rows.host);
	fclose(tiles.host);
	fclose(routed.host);
	return status;
}

/* Row of the full design: 1, x1, x2 - 1e6, is bee, is cat (ant is first). */
static void
terms_of(const data *d, int r, long double *t)
{
	t[0] = 1;
	t[1] = d->x[r][0];
	t[2] = (long double) d->x[r][1] - 1e6L;
	t[3] = d->x[r][2] == 0;
	t[4] = d->x[r][2] == 2;
}

static void
solve(long double a[TERMS][TERMS], long double *b)
{
	int			i,
				j,
				k;

	for (k = 0; k < TERMS; k++)
		for (i = k + 1; i < TERMS; i++)
		{
			long double f = a[i][k] / a[k][k];

			for (j = k; j < TERMS; j++)
				a[i][j] -= f * a[k][j];
			b[i] -= f * b[k];
		}
	for (i = TERMS - 1; i >= 0; i--)
	{
		for (j = i + 1; j < TERMS; j++)
			b[i] -= a[i][j] * b[j];
		b[i] /= a[i][i];
	}
}

/* Coefficients by brute force, with the second column less 1e6. */
static void
brute_force(const data *d, long double *beta)
{
	int			pass,
				i,
				j,
				r;

	memset(beta, 0, TERMS * sizeof(long double));
	for (pass = 0; pass < (d->binomial ? 30 : 1); pass++)
	{
		long double h[TERMS][TERMS] = {{0}};
		long double g[TERMS] = {0};

		for (r = 0; r < d->rows; r++)
		{
			long double t[TERMS];
			long double eta = 0,
						w = 1,
						residual;

			terms_of(d, r, t);
			for (i = 0; i < TERMS; i++)
				eta += beta[i] * t[i];
			residual = d->binomial ? d->level[r] - 1 / (1 + expl(-eta)) : d->y[r] - eta;
			if (d->binomial)
				w = expl(-eta) / ((1 + expl(-eta)) * (1 + expl(-eta)));
			for (i = 0; i < TERMS; i++)
			{
				g[i] += t[i] * residual;
				for (j = 0; j < TERMS; j++)
					h[i][j] += w * t[i] * t[j];
			}
		}
		solve(h, g);
		for (i = 0; i < TERMS; i++)
			beta[i] += g[i];
	}
}

static void
test_coefficients(const jrn_env *env, data *d, const char *name)
{
	long double beta[TERMS];
	int			j;

	brute_force(d, beta);
	ok(run_fit(env, d) == JRN_OK, "%s: fits", name);
	for (j = 1; j < TERMS; j++)
		ok_close(d->coefficients[j], (double) beta[j], 1e-9, "R-FIT-1 R-FIT-2 %s: coefficient %d", name, j);
	ok_close(d->coefficients[0], (double) (beta[0] - 1e6L * beta[2]), 1e-9, "%s: intercept", name);
}

static void
reverse(data *d)
{
	int			i;

	for (i = 0; i < d->rows; i++)
		d->order[i] = d->rows - 1 - i;
}

/* Same bits from another order of rows and from blocks in a file. */
static void
test_invariance(const jrn_env *env, data *d, const char *name)
{
	double		coefficients[TERMS];
	double		errors[TERMS];
	double		overall[JRN_METRICS];

	ok(run_fit(env, d) == JRN_OK && run_cv(env, d) == JRN_OK, "%s: runs", name);
	memcpy(coefficients, d->coefficients, sizeof(coefficients));
	memcpy(errors, d->errors, sizeof(errors));
	memcpy(overall, d->overall, sizeof(overall));
	reverse(d);
	d->limit = 4096;
	ok(run_fit(env, d) == JRN_OK && run_cv(env, d) == JRN_OK, "%s: runs reversed and spilled", name);
	ok(memcmp(coefficients, d->coefficients, sizeof(coefficients)) == 0 &&
	   memcmp(errors, d->errors, sizeof(errors)) == 0,
	   "R-DES-1 %s: the fit has the same bits reversed and spilled", name);
	ok(memcmp(overall, d->overall, sizeof(overall)) == 0,
	   "R-DES-1 %s: so has the cross-validation", name);
	ok_int(d->emitted, d->rows * d->cv.repeats, "%s: every row is held out once a repeat", name);
}

/* Every held-out prediction equals that of a refit without the fold. */
static void
test_refits(const jrn_env *env, data *d, const char *name)
{
	double		worst = 0.0;
	bool		torn = false;
	int			fold,
				r,
				s;

	ok(run_cv(env, d) == JRN_OK, "%s: runs", name);
	for (r = 0; r < d->rows; r++)
		for (s = 0; s < r && d->has_key; s++)
			torn = torn || (d->key[r] == d->key[s] && d->fold_of_row[r] != d->fold_of_row[s]);
	ok(!torn, "R-PLAN-1 %s: no key is in two folds", name);
	for (fold = 1; fold <= d->k; fold++)
	{
		if (run_fit_without(env, d, fold) != JRN_OK)
			worst = HUGE_VAL;
		for (r = 0; r < d->rows; r++)
		{
			double		eta = d->coefficients[0] + d->coefficients[1] * d->x[r][0] +
				d->coefficients[2] * d->x[r][1] + (d->x[r][2] == 0 ? d->coefficients[3] : 0) +
				(d->x[r][2] == 2 ? d->coefficients[4] : 0);

			if (d->fold_of_row[r] != fold)
				continue;
			if (d->binomial)
				eta = 1.0 / (1.0 + exp(-eta));
			worst = fmax(worst, fabs(eta - d->predicted[r]));
		}
	}
	ok(worst < 1e-8, "R-CV-1 R-CV-3 %s: predictions as from refits, worst difference %g", name, worst);
}

void		test_fit(void);

void
test_fit(void)
{
	static data d;
	jrn_env		env = host_env();
	int			binomial,
				has_key;

	for (binomial = 0; binomial < 2; binomial++)
	{
		const char *family = binomial ? "binomial" : "gaussian";

		make_data(&d, ROWS, binomial != 0);
		test_coefficients(&env, &d, family);
		d.has_key = true;
		d.fit.errors = JRN_ERRORS_CLUSTER;
		test_coefficients(&env, &d, family);
		host_reset();
		for (has_key = 0; has_key < 2; has_key++)
		{
			make_data(&d, ROWS, binomial != 0);
			d.has_key = has_key != 0;
			d.cv.repeats = 2;
			test_invariance(&env, &d, family);
			host_reset();
			make_data(&d, ROWS, binomial != 0);
			d.has_key = has_key != 0;
			test_refits(&env, &d, family);
			d.method = JRN_FOLDS_BUCKETS;
			test_refits(&env, &d, family);
			d.fit.penalty = d.cv.penalty = JRN_PENALTY_RIDGE;
			d.fit.lambda = d.lambda = 0.1;
			test_refits(&env, &d, family);
			host_reset();
		}
		make_data(&d, 40, binomial != 0);
		d.has_key = true;
		d.fit.errors = JRN_ERRORS_CLUSTER;
		ok_survives(run_fit, &d, binomial ? "binomial fit" : "gaussian fit");
		d.k = 2;
		ok_survives(run_cv, &d, binomial ? "binomial validation" : "gaussian validation");
	}
}
