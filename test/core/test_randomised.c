/*
 * test_randomised.c
 *		Randomised comparisons against clubSandwich and brute force, on rows
 *		that the oracles (test/oracles/strategies_randomised.R and .py) make the
 *		same way; then order, aliases, too few rows and failures.
 */
#include "tap.h"

#include "../../src/strategies/cr2.h"
#include "../../src/strategies/randomised.h"
#include "golden_randomised.h"

#define MOST_COLUMNS 4

static const bool is_label[MOST_COLUMNS] = {false, false, false, false};

typedef struct rows
{
	const char *name;
	int			n;
	int			columns;
	int			arms;
	int			baseline;
	bool		no_key;
	bool		reversed;
	double		offset;			/* added to y and x1 */
	double		most_work;
	void		(*change) (int i, int *arm, double *x, double *y);
	jrn_randomised_method method;

	/* results, copied out of the arena */
	jrn_randomised_arm arm[8];
	double		covariance[64];
	double		theta[MOST_COLUMNS];
	bool		bounded;
} rows;

static double
draw(int64_t i, int64_t k)
{
	const int64_t m = 67108859;
	int64_t		a = (i * 48271 + k * 6962177) % m;
	int64_t		b = (a * a + k * 12345 + i) % m;

	return (double) ((b * b + a) % m) / (double) m - 0.5;
}

static int64_t
key_of(const char *name, int i)
{
	if (strcmp(name, "growing") == 0)
		return (int64_t) floor(sqrt((double) (i - 1)));
	if (strcmp(name, "pairs") == 0)
		return (i - 1) / 2;
	if (strcmp(name, "triples") == 0)
		return (i - 1) / 3;
	if (strcmp(name, "one") == 0)
		return 0;
	return i - 1;
}

static int
size_of(const char *name)
{
	return strcmp(name, "growing") == 0 ? 144 : strcmp(name, "pairs") == 0 ? 300 : strcmp(name, "triples") == 0 ? 90 : 200;
}

static jrn_status
append(jrn_design *design, const rows *d, int i)
{
	int64_t		key = key_of(d->name, i);
	int			arm = key % 2 == 0 ? (int) floor((draw(i, 1) + 0.5) * 3.0) : (int) (key % 3);
	double		x[MOST_COLUMNS] = {draw(i, 2) + 0.2 * draw(key + 1, 9), draw(i, 3) > 0.1 ? 1.0 : 0.0, 0.0, 0.0};
	double		y = 2.0 + arm * 0.3 + x[0] * (1.0 + arm) - x[1] + draw(key + 1, 4) + draw(i, 5);
	jrn_row		row;

	if (d->change != NULL)
		d->change(i, &arm, x, &y);
	x[0] += d->offset;
	memset(&row, 0, sizeof(row));
	row.key = (const char *) &key;
	row.key_size = sizeof(key);
	row.features = x;
	row.y = y + d->offset;
	row.arm = (uint32_t) arm;
	return jrn_design_append(design, &row);
}

static jrn_status
fill(const jrn_env *env, jrn_design *design, const rows *d)
{
	char		name[2] = "a";
	uint32_t	code;
	int			i;

	memset(design, 0, sizeof(*design));
	design->feature_count = d->columns;
	design->is_label = is_label;
	design->has_key = !d->no_key;
	design->has_arm = true;
	JRN_TRY(jrn_design_begin(design, env, NULL, NULL, (size_t) 1 << 30));
	for (i = 0; i < d->arms; i++, name[0]++)
		JRN_TRY(jrn_labels_find(&design->arms, name, 1, &code));
	for (i = 1; i <= d->n; i++)
		JRN_TRY(append(design, d, d->reversed ? d->n + 1 - i : i));
	return jrn_design_finish(design);
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	rows	   *d = arg;
	jrn_design	design;
	jrn_randomised_result result;
	size_t		arms = (size_t) d->arms;

	JRN_TRY(fill(env, &design, d));
	JRN_TRY(jrn_randomised_run_within(env, &design, d->arms, d->baseline, d->method, d->most_work, &result));
	memcpy(d->arm, result.arm, arms * sizeof(jrn_randomised_arm));
	memcpy(d->covariance, result.covariance, arms * arms * sizeof(double));
	if (result.theta != NULL)
		memcpy(d->theta, result.theta, (size_t) design.p * sizeof(double));
	d->bounded = result.bounded_df;
	return JRN_OK;
}

static rows
usual(const char *name, jrn_randomised_method method)
{
	rows		d;

	memset(&d, 0, sizeof(d));
	d.name = name;
	d.n = size_of(name);
	d.columns = 2;
	d.arms = 3;
	d.most_work = JRN_RANDOMISED_WORK;
	d.method = method;
	return d;
}

static void
go(rows *d)
{
	jrn_env		env = host_env();

	ok_int(run(&env, d), JRN_OK, "%s: runs", d->name);
	host_reset();
}

/* ---- against the oracles ---- */

static void
compare_golden(const golden_randomised *g)
{
	rows		d = usual(g->name, g->method);
	int			a,
				b;

	go(&d);
	for (a = 0; a < 3; a++)
	{
		const jrn_randomised_arm *arm = &d.arm[a];
		bool		told = arm->value_status == JRN_RANDOMISED_OK;

		ok_close(arm->value, g->value[a], 1e-10, "%s, method %d, value of %d", g->name, g->method, a);
		ok(told || (isnan(arm->value_se) && isnan(d.covariance[a * 4]) && strcmp(g->name, "growing") == 0 && a > 0),
		   "%s, method %d, status of %d", g->name, g->method, a);
		if (!told)
			continue;
		ok_close(arm->value_df, g->value_df[a], 1e-9, "R-RND-5 %s, method %d, df of the value of %d", g->name, g->method, a);
		ok_close(arm->value_se, sqrt(g->covariance[a][a]), 1e-10, "R-RND-6 %s, method %d, error of the value of %d", g->name, g->method, a);
		for (b = 0; b < a; b++)
			ok(isnan(d.covariance[a * 3 + b]) ||
			   (fabs(d.covariance[a * 3 + b] - g->covariance[a][b]) <= 1e-10 * fabs(g->covariance[a][a]) &&
				d.covariance[a * 3 + b] == d.covariance[b * 3 + a]),
			   "%s, method %d, covariance of %d and %d", g->name, g->method, a, b);
	}
	for (a = 1; a < 3; a++)
	{
		const jrn_randomised_arm *arm = &d.arm[a];

		ok_close(arm->difference, g->difference[a - 1][0], 1e-9, "%s, method %d, difference of %d", g->name, g->method, a);
		if (arm->difference_status == JRN_RANDOMISED_TOO_FEW)
		{
			ok(strcmp(g->name, "growing") == 0 && isnan(arm->difference_se) && isnan(arm->difference_df), "R-RND-4 too few keys");
			continue;
		}
		ok_close(arm->difference_se, g->difference[a - 1][1], 1e-9, "R-RND-4 %s, method %d, error of %d", g->name, g->method, a);
		ok_close(arm->difference_df, g->difference[a - 1][2], 1e-9, "R-RND-5 %s, method %d, df of %d", g->name, g->method, a);
	}
	ok(isnan(d.arm[0].difference) && d.arm[0].difference_status == d.arm[0].value_status, "no difference to itself");
}

static bool
same(const rows *a, const rows *b)
{
	return memcmp(a->arm, b->arm, sizeof(a->arm)) == 0 && memcmp(a->covariance, b->covariance, sizeof(a->covariance)) == 0;
}

static void
orders(void)
{
	static const char *const names[] = {"growing", "pairs", "single"};
	int			i,
				m;

	for (i = 0; i < 3; i++)
		for (m = 0; m < 3; m++)
		{
			rows		d = usual(names[i], (jrn_randomised_method) m);
			rows		e = d;

			go(&d);
			e.reversed = true;
			go(&e);
			ok(same(&d, &e), "R-RND-9 %s, method %d: the same bits in another order", names[i], m);
			e.reversed = false;
			e.baseline = 2;
			go(&e);
			ok_close(e.arm[0].difference, -d.arm[2].difference, 1e-9, "the other way round");
			ok(e.arm[0].difference_status == d.arm[2].difference_status &&
			   (isnan(e.arm[0].difference_se) || (fabs(e.arm[0].difference_se / d.arm[2].difference_se - 1.0) < 1e-9 &&
												   fabs(e.arm[0].difference_df / d.arm[2].difference_df - 1.0) < 1e-9)),
			   "its error is the same");
		}
}

/* Keys of one row are rows without a key. */
static void
without_key(void)
{
	int			m;

	for (m = 0; m < 3; m++)
	{
		rows		d = usual("single", (jrn_randomised_method) m);
		rows		e = d;

		go(&d);
		e.no_key = true;
		go(&e);
		ok_close(e.arm[2].difference_se, d.arm[2].difference_se, 1e-12, "R-RND-4 no key: every row is one");
		ok_close(e.arm[2].difference_df, d.arm[2].difference_df, 1e-12, "R-RND-5 no key: every row is one");
		ok_close(e.arm[1].value_se, d.arm[1].value_se, 1e-12, "R-RND-6 no key: every row is one");
		ok_int(e.arm[1].keys, e.arm[1].n, "as many keys as rows");
	}
}

static void
far_from_zero(void)
{
	int			m;

	for (m = 0; m < 3; m++)
	{
		rows		d = usual("pairs", (jrn_randomised_method) m);
		rows		e = d;

		go(&d);
		e.offset = 1048576.0;
		go(&e);
		ok_close(e.arm[1].difference, d.arm[1].difference, 1e-8, "method %d: a million beside the spread, difference", m);
		ok_close(e.arm[1].difference_se, d.arm[1].difference_se, 1e-8, "method %d: a million beside the spread, error", m);
		ok_close(e.arm[1].value_se, d.arm[1].value_se, 1e-8, "method %d: a million beside the spread, error of a value", m);
	}
}

static void
bound(void)
{
	int			m;

	for (m = 0; m < 3; m++)
	{
		rows		d = usual("pairs", (jrn_randomised_method) m);
		rows		e = d;
		int			a;

		go(&d);
		e.most_work = 0.0;
		go(&e);
		ok(!d.bounded && e.bounded, "R-RND-5 a bound when work is dear");
		for (a = 1; a < 3; a++)
			ok(e.arm[a].difference_df <= d.arm[a].difference_df * (1.0 + 1e-12) && e.arm[a].difference_df > 0.3 * d.arm[a].difference_df &&
			   e.arm[a].value_df <= d.arm[a].value_df * (1.0 + 1e-12) && e.arm[a].difference_se == d.arm[a].difference_se,
			   "R-RND-5 it is below, by not too much (%g, %g)", e.arm[a].difference_df, d.arm[a].difference_df);
	}
}

/* ---- aliases and too few ---- */

static void
twice(int i, int *arm, double *x, double *y)
{
	(void) i, (void) arm, (void) x, (void) y;
	x[2] = 3.0 - 2.0 * x[0] + x[1];
	x[3] = 7.0;
}

static void
tells_arm(int i, int *arm, double *x, double *y)
{
	(void) i, (void) arm, (void) x, (void) y;
	x[2] = *arm == 1;
}

/* A column that varies under the baseline only. */
static void
rare_level(int i, int *arm, double *x, double *y)
{
	(void) i, (void) arm, (void) x, (void) y;
	x[2] = *arm == 0 && i % 5 == 0;
}

static void
aliases(void)
{
	rows		d = usual("pairs", JRN_RANDOMISED_LIN);
	rows		e = d;
	int			m;

	go(&d);
	e.columns = 4;
	e.change = twice;
	go(&e);
	ok(e.arm[1].difference_status == JRN_RANDOMISED_OK && e.arm[1].value_status == JRN_RANDOMISED_OK, "R-RND-7 a copy does no harm");
	ok_close(e.arm[1].difference_se, d.arm[1].difference_se, 1e-9, "R-RND-7 nor does it change anything");
	ok_close(e.arm[1].value_se, d.arm[1].value_se, 1e-9, "R-RND-7 nor in values");
	for (m = JRN_RANDOMISED_CUPED; m <= JRN_RANDOMISED_LIN; m++)
	{
		d = usual("pairs", (jrn_randomised_method) m);
		go(&d);
		e = d;
		e.columns = 3;
		e.change = tells_arm;
		go(&e);
		ok(e.arm[1].difference_status == JRN_RANDOMISED_RANK_DEFICIENT && e.arm[1].value_status == JRN_RANDOMISED_RANK_DEFICIENT &&
		   e.arm[2].difference_status == JRN_RANDOMISED_OK, "R-RND-7 a column that tells the strategy is reported");
		ok_close(e.arm[1].difference, d.arm[1].difference, 1e-9, "R-RND-7 and not adjusted for");
	}
	e.change = rare_level;
	go(&e);
	ok(e.arm[1].difference_status == JRN_RANDOMISED_RANK_DEFICIENT && e.arm[2].value_status == JRN_RANDOMISED_RANK_DEFICIENT &&
	   e.arm[0].value_status == JRN_RANDOMISED_OK && isfinite(e.arm[1].difference_se), "R-RND-7 a level that one strategy lacks");
}

static void
one_of_two(int i, int *arm, double *x, double *y)
{
	(void) i, (void) arm, (void) x, (void) y;
	*arm = i == 7 ? 1 : 0;
}

/* A level that a single row of strategy 1 has, and some of the others. */
static void
lone(int i, int *arm, double *x, double *y)
{
	(void) y;
	*arm = i % 2;
	x[2] = i == 7 || (i % 2 == 0 && i % 50 == 0) ? 1.0 : 0.0;
}

/* The same, but the others have it often: that row stands for many. */
static void
lone_for_many(int i, int *arm, double *x, double *y)
{
	(void) y;
	*arm = i % 2;
	x[2] = i == 7 || (i % 2 == 0 && i % 4 == 0) ? 1.0 : 0.0;
}

static void
few_of_one(int i, int *arm, double *x, double *y)
{
	(void) i, (void) arm, (void) x, (void) y;
	*arm = i % 60 == 7 ? 1 : 0;
}

static void
flat(int i, int *arm, double *x, double *y)
{
	(void) i, (void) arm, (void) x, (void) y;
	*y = *arm;
}

static void
too_few(void)
{
	int			m;

	for (m = 0; m < 3; m++)
	{
		rows		d = usual("single", (jrn_randomised_method) m);

		d.change = one_of_two;
		go(&d);
		ok(d.arm[1].n == 1 && isfinite(d.arm[1].value) && isnan(d.arm[1].value_se) && d.arm[1].value_status == JRN_RANDOMISED_TOO_FEW &&
		   isfinite(d.arm[1].difference) && isnan(d.arm[1].difference_se) && d.arm[1].difference_status == JRN_RANDOMISED_TOO_FEW &&
		   d.arm[0].value_status == JRN_RANDOMISED_OK, "R-RND-4 one row has no error");
		ok(d.arm[2].n == 0 && isnan(d.arm[2].value) && isnan(d.arm[2].difference) && d.arm[2].difference_status == JRN_RANDOMISED_TOO_FEW &&
		   isnan(d.covariance[8]) && isfinite(d.covariance[0]), "no row, no figure");
		d.baseline = 2;
		go(&d);
		ok(isnan(d.arm[0].difference) && d.arm[0].difference_status == JRN_RANDOMISED_TOO_FEW && isfinite(d.arm[0].value_se),
		   "a baseline without rows");
		d = usual("one", (jrn_randomised_method) m);
		go(&d);
		ok(d.arm[0].keys == 1 && isnan(d.arm[0].value_se) && isnan(d.arm[1].difference_se) &&
		   d.arm[1].difference_status == JRN_RANDOMISED_TOO_FEW, "R-RND-4 one key has no error");
		d = usual("single", (jrn_randomised_method) m);
		d.change = flat;
		go(&d);
		ok(fabs(d.arm[1].difference - 1.0) < 1e-12 && d.arm[1].difference_se < 1e-12 && d.arm[1].difference_status == JRN_RANDOMISED_OK,
		   "nothing varies: no error to speak of");
	}
	{
		rows		d = usual("single", JRN_RANDOMISED_LIN);

		d.columns = 3;
		d.change = lone;
		go(&d);
		ok(d.arm[1].difference_status == JRN_RANDOMISED_OK && isfinite(d.arm[1].difference_se) &&
		   fabs(d.arm[1].value_se * d.arm[1].value_se / d.covariance[4] - 1.0) < 1e-12, "R-RND-4 a lone row: its part is added");
		d.change = lone_for_many;
		go(&d);
		ok(d.arm[1].difference_status == JRN_RANDOMISED_TOO_FEW && isnan(d.arm[1].difference_se), "R-RND-4 a lone row for many");
		d.columns = 2;
		d.change = few_of_one;	/* four rows, three coefficients */
		go(&d);
		ok(d.arm[1].n == 4 && (d.arm[1].difference_status == JRN_RANDOMISED_TOO_FEW || d.arm[1].difference_df < 3.0),
		   "R-RND-5 few rows beyond the coefficients: few degrees of freedom");
	}
}

static void
refusals(void)
{
	jrn_env		env = host_env();
	rows		d = usual("pairs", JRN_RANDOMISED_LIN);

	d.columns = 0;
	ok_int(run(&env, &d), JRN_DOMAIN, "lin needs a column");
	d.method = JRN_RANDOMISED_CUPED;
	ok_int(run(&env, &d), JRN_DOMAIN, "cuped needs a column");
	d.method = JRN_RANDOMISED_DIFFERENCE;
	ok_int(run(&env, &d), JRN_OK, "difference does not");
	d.baseline = 3;
	ok_int(run(&env, &d), JRN_DOMAIN, "a baseline beyond the strategies");
	ok(strcmp(jrn_randomised_status_name(JRN_RANDOMISED_TOO_FEW), "too_few") == 0, "names of statuses");
	host_reset();
}

/* ---- the inverse square root ---- */

static void
roots(void)
{
	jrn_env		env = host_env();
	static const double unit[] = {1.0, 0.0, 1.0, 0.0, 0.0, 0.25};
	static const double small[] = {0.05, 0.02, 0.04};
	static const double v[] = {1.0, 2.0, 3.0};
	double		out[3],
				twice_out[3],
				kept[3];
	jrn_cr2		cr2;

	ok_int(jrn_cr2_begin(&cr2, &env, 3), JRN_OK, "begins");
	ok_int(jrn_cr2_apply(&cr2, unit, 3, v, 1, out, kept), JRN_OK, "applies");
	ok(fabs(out[0]) < 1e-14 && fabs(out[1]) < 1e-14 && fabs(kept[0]) < 1e-14 && fabs(kept[2] - 3.0) < 1e-14, "R-CR2-2 no residual, no factor");
	ok_close(out[2], 3.0 / sqrt(0.75), 1e-14, "R-CR2-1 by eigenvectors");
	jrn_cr2_apply(&cr2, small, 2, v, 1, out, kept);
	jrn_cr2_apply(&cr2, small, 2, out, 1, twice_out, kept);
	/* (I - M) A A v = v */
	ok_close(0.95 * twice_out[0] - 0.02 * twice_out[1], 1.0, 1e-14, "R-CR2-1 the series, first");
	ok_close(-0.02 * twice_out[0] + 0.96 * twice_out[1], 2.0, 1e-14, "R-CR2-1 the series, second");
	jrn_cr2_apply(&cr2, unit, 1, v, 1, out, kept);
	ok(out[0] == 0.0 && kept[0] == 0.0 && jrn_cr2_factor(1.0) == 0.0, "R-CR2-2 one row");
	ok_int(jrn_cr2_apply(&cr2, unit, 4, v, 1, out, kept), JRN_DOMAIN, "larger than its room");
	host_reset();
}

void
test_randomised(void)
{
	rows		d = usual("triples", JRN_RANDOMISED_LIN);
	size_t		i;

	for (i = 0; i < sizeof(golden) / sizeof(golden[0]); i++)
		compare_golden(&golden[i]);
	orders();
	without_key();
	far_from_zero();
	bound();
	aliases();
	too_few();
	refusals();
	roots();
	d.n = 30;
	ok_survives(run, &d, "lin survives failures");
	d.method = JRN_RANDOMISED_CUPED;
	ok_survives(run, &d, "cuped survives failures");
	d = usual("growing", JRN_RANDOMISED_LIN);
	d.n = 60;
	ok_survives(run, &d, "large keys survive failures");
}
