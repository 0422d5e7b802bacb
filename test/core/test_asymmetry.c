/*
 * test_asymmetry.c
 *		Fieller's set in all its cases, against its definition; asymmetry, forms
 *		and RESET of rows by formula against statsmodels.
 *
 * Provenance: vectors of the chaos reference (6), and
 * test/oracles/chaos_symbols.py (statsmodels).
 */
#include "tap.h"

#include "../../src/chaos/nonlinear.h"
#include "../../src/core/dist.h"
#include "../../src/core/random.h"

#define Z 1.959963984540054

/* ---- Fieller ---- */

/* Is r in the set that the test a - r b = 0 does not reject? */
static bool
in_set(double a, double b, double va, double vb, double vab, double r)
{
	double		d = a - r * b;

	return d * d <= Z * Z * (va - 2 * r * vab + r * r * vb);
}

static void
test_fieller(void)
{
	jrn_fieller f = jrn_fieller_interval(.9, .3, .01, .0025, .001, Z);

	ok(f.bounded, "R-ASY-1 bounded");
	ok_close(f.ratio, 3, 1e-15, "ratio");
	ok_close(f.low, 2.1432453406, 1e-10, "reference: low");
	ok_close(f.high, 4.4779142374, 1e-10, "reference: high");
	f = jrn_fieller_interval(.9e150, .3e150, .01e300, .0025e300, .001e300, Z);
	ok_close(f.high, 4.4779142374, 1e-10, "in a huge unit");
	f = jrn_fieller_interval(.9e-150, .3e-150, .01e-300, .0025e-300, .001e-300, Z);
	ok_close(f.high, 4.4779142374, 1e-10, "in a tiny unit");
	f = jrn_fieller_interval(-.9, -.3, .01, .0025, .001, Z);
	ok_close(f.low, 2.1432453406, 1e-10, "both signs turned: the same set");
	f = jrn_fieller_interval(-.9, .3, .01, .0025, -.001, Z);
	ok_close(f.low, -4.4779142374, 1e-10, "a negative ratio");
	f = jrn_fieller_interval(.9, .05, .01, .0025, 0, Z);
	ok(!f.bounded && isinf(f.high) && f.high > 0 && isfinite(f.low), "R-ASY-1 b may be 0: (%.3f, inf)", f.low);
	ok(in_set(.9, .05, .01, .0025, 0, f.low + 1e-6) && !in_set(.9, .05, .01, .0025, 0, f.low - 1e-6) &&
	   in_set(.9, .05, .01, .0025, 0, 1e9), "the end of the ray");
	f = jrn_fieller_interval(.9, -.05, .01, .0025, 0, Z);
	ok(!f.bounded && isinf(f.low) && f.low < 0 && isfinite(f.high) && f.ratio <= f.high, "R-ASY-1 the other ray: (-inf, %.3f)", f.high);
	f = jrn_fieller_interval(.1, .05, .01, .0025, 0, Z);
	ok(!f.bounded && isnan(f.low) && isnan(f.high) && f.ratio == 2, "R-ASY-1 neither is told from 0: no end");
	f = jrn_fieller_interval(.9, 0, .01, .0025, 0, Z);
	ok(!f.bounded && isnan(f.ratio) && isnan(f.low), "b is 0");
	f = jrn_fieller_interval(.9, 1, .01, .25, 0, 2.0);
	ok(!f.bounded && isinf(f.high) && isfinite(f.low), "A is 0 exactly");
	ok_close(f.low, (.81 - 4 * .01) / (2 * .9), 1e-14, "its root");
	f = jrn_fieller_interval(.9, .3, 0, 0, 0, Z);
	ok(f.bounded && fabs(f.low - 3) < 1e-7 && fabs(f.high - 3) < 1e-7, "no variance: a point");
	f = jrn_fieller_interval(0, .3, .01, .0025, 0, Z);
	ok(f.bounded && f.ratio == 0 && f.low < 0 && f.high > 0 && fabs(f.low + f.high) < 1e-14, "a is 0: around 0");
}

/* Ends of the set against a scan of the test itself. */
static void
test_fieller_scan(void)
{
	int			i;
	int			kinds[3] = {0};

	for (i = 0; i < 400; i++)
	{
		double		a = jrn_random_normal(1, (uint64_t) i);
		double		b = jrn_random_normal(2, (uint64_t) i) * .5;
		double		va = jrn_random_uniform(3, (uint64_t) i) * .2;
		double		vb = jrn_random_uniform(4, (uint64_t) i) * .2;
		double		vab = (2 * jrn_random_uniform(5, (uint64_t) i) - 1) * .9 * sqrt(va * vb);
		jrn_fieller f = jrn_fieller_interval(a, b, va, vb, vab, Z);
		bool		right = in_set(a, b, va, vb, vab, f.ratio);

		if (isfinite(f.low))
			right = right && !in_set(a, b, va, vb, vab, f.low - 1e-6 * (1 + fabs(f.low))) &&
				in_set(a, b, va, vb, vab, f.low + 1e-6 * (1 + fabs(f.low)));
		if (isfinite(f.high))
			right = right && in_set(a, b, va, vb, vab, f.high - 1e-6 * (1 + fabs(f.high))) &&
				!in_set(a, b, va, vb, vab, f.high + 1e-6 * (1 + fabs(f.high)));
		if (isnan(f.low))
			right = right && in_set(a, b, va, vb, vab, 1e7) && in_set(a, b, va, vb, vab, -1e7) && in_set(a, b, va, vb, vab, 0);
		kinds[f.bounded ? 0 : isnan(f.low) ? 1 : 2]++;
		if (!right)
			ok(false, "set %d: a %g b %g va %g vb %g vab %g gives %g %g", i, a, b, va, vb, vab, f.low, f.high);
	}
	ok(kinds[0] > 50 && kinds[1] > 20 && kinds[2] > 20, "R-ASY-1 %d bounded, %d without ends, %d rays", kinds[0], kinds[1], kinds[2]);
}

/* ---- rows by formula ---- */

typedef struct formula
{
	jrn_family	family;
	bool		has_key;
	int			rows;
	double		(*outcome) (int i);
	bool		with_last;
} formula;

static double
pos_of(int i)
{
	return i * 7 % 5;
}

static double
neg_of(int i)
{
	return (i * i + 2 * i + i / 3) % 4;
}

static double
score_of(int i)
{
	return 3 + .3 * pos_of(i) - .9 * neg_of(i) + .2 * (i * 13 % 29) / 10.0 + ((i * i * 11 + i * 5) % 23 - 11) / 8.0;
}

static double
last_of(int i)
{
	return i * 5 % 3 == 0;
}

static double
curved_of(int i)
{
	return score_of(i) - .8 * pos_of(i) * neg_of(i) / 3 + .3 * last_of(i);
}

static double
yes_of(int i)
{
	return score_of(i) + (i * 17 % 11 - 5) / 2.0 > 3;
}

static double
constant_of(int i)
{
	(void) i;
	return 4;
}

static double
steep_of(int i)
{
	return neg_of(i) < 2 ? 1 : 0;
}

/* A finished design of the formula's rows, last to first when asked. */
static jrn_status
fill(const jrn_env *env, const formula *f, bool backwards, jrn_design *design)
{
	static const bool is_label[4] = {false, false, false, false};
	double		x[4];
	jrn_row		row;
	int			r;

	memset(design, 0, sizeof(*design));
	memset(&row, 0, sizeof(row));
	design->feature_count = f->with_last ? 4 : 3;
	design->is_label = is_label;
	design->has_key = f->has_key;
	design->keep_keys = INT64_MAX;
	JRN_TRY(jrn_design_begin(design, env, NULL, NULL, (size_t) 1 << 26));
	row.features = x;
	row.weight = 1.0;
	for (r = 0; r < f->rows; r++)
	{
		int			i = backwards ? f->rows - r : r + 1;
		int32_t		key = i % 60;

		x[0] = pos_of(i);
		x[1] = neg_of(i);
		x[2] = (i * 13 % 29) / 10.0;
		x[3] = last_of(i);
		row.y = f->outcome(i);
		row.key = (const char *) &key;
		row.key_size = sizeof(key);
		JRN_TRY(jrn_design_append(design, &row));
	}
	JRN_TRY(jrn_design_plan(design));
	return jrn_design_finish(design);
}

static const jrn_asymmetry_files no_files = {{NULL, NULL}, {NULL, NULL}, (size_t) 1 << 26};

static jrn_asymmetry
asymmetry_of(const formula *f, bool backwards)
{
	jrn_env		env = host_env();
	jrn_design	design;
	jrn_asymmetry a;

	ok(fill(&env, f, backwards, &design) == JRN_OK, "rows");
	ok(jrn_asymmetry_design(&env, &design, f->family, &no_files, &a) == JRN_OK, "asymmetry");
	return a;
}

static void
test_golden_asymmetry(void)
{
	formula		f = {JRN_GAUSSIAN, false, 240, score_of, false};
	jrn_asymmetry a = asymmetry_of(&f, false);
	jrn_asymmetry b = asymmetry_of(&f, true);

	ok_close(a.beta_positive, .314540217672, 1e-11, "statsmodels: positive");
	ok_close(a.beta_negative, -.887434777763, 1e-11, "statsmodels: negative");
	ok_close(a.fieller.low, 2.189909379939013, 1e-11, "statsmodels: low");
	ok_close(a.fieller.high, 3.8258833615878736, 1e-11, "statsmodels: high");
	ok_close(a.p_value, 5.22719635141e-19, 1e-9, "R-ASY-2 statsmodels: contrast");
	ok_close(a.after, .296024417795, 1e-10, "R-ASY-4 statsmodels: after a negative");
	ok_close(a.after_low, .199879535862, 1e-10, "its interval");
	ok_close(a.after_high, .392169299728, 1e-10, "its interval");
	ok_close(a.share_at_bound, 1.0 / 240, 1e-14, "R-ASY-3 one row at a bound");
	ok(strcmp(a.status, "ok") == 0, "ok");
	ok(a.fieller.low == b.fieller.low && a.p_value == b.p_value && a.after_high == b.after_high, "the same bits in another order");
	f.has_key = true;
	a = asymmetry_of(&f, false);
	ok_close(a.fieller.low, 2.3213194296924264, 1e-11, "clustered: low");
	ok_close(a.fieller.high, 3.5218959874346027, 1e-11, "clustered: high");
	ok_close(a.p_value, 4.40686547366e-31, 1e-9, "clustered: contrast");
	f.has_key = false;
	f.family = JRN_BINOMIAL;
	f.outcome = yes_of;
	a = asymmetry_of(&f, false);
	ok_close(a.fieller.low, 1.317312791645584, 1e-9, "binomial: low");
	ok_close(a.fieller.high, 9.32498309535703, 1e-9, "binomial: high");
	ok_close(a.p_value, .00296793317395, 1e-9, "binomial: contrast");
	ok(isnan(a.share_at_bound), "R-ASY-3 a yes/no outcome is always at a bound");
}

static double
sign_of(int i)
{
	return -score_of(i);
}

static double
top_of(int i)
{
	return fmin(score_of(i), 3);
}

static void
test_statuses(void)
{
	formula		f = {JRN_GAUSSIAN, false, 240, constant_of, false};
	jrn_asymmetry a = asymmetry_of(&f, false);

	ok(strcmp(a.status, "one_class") == 0 && isnan(a.beta_positive) && isnan(a.share_at_bound), "R-ASY-5 constant outcome");
	f.outcome = sign_of;
	ok(strcmp(asymmetry_of(&f, false).status, "wrong_sign") == 0, "R-ASY-5 the other way round");
	f.outcome = top_of;
	a = asymmetry_of(&f, false);
	ok(strcmp(a.status, "ceiling") == 0 && a.share_at_bound > .2, "R-ASY-5 %.2f of the rows at the top", a.share_at_bound);
	f.outcome = score_of;
	f.rows = 30;
	ok(strcmp(asymmetry_of(&f, false).status, "low_n") == 0, "R-ASY-5 30 rows");
	f.rows = 3;
	a = asymmetry_of(&f, false);
	ok(strcmp(a.status, "too_few") == 0 && isnan(a.fieller.low), "three rows");
	f.rows = 0;
	ok(strcmp(asymmetry_of(&f, false).status, "too_few") == 0, "no rows");
	f.rows = 240;
	f.family = JRN_BINOMIAL;
	f.outcome = steep_of;
	a = asymmetry_of(&f, false);
	ok(strcmp(a.status, "separated") == 0 && isnan(a.p_value), "separated");
}

/* ---- forms and RESET ---- */

static void
forms_of(const formula *f, int plain, int k, jrn_form_row *rows)
{
	jrn_env		env = host_env();
	jrn_forms_request request = {f->family, plain, k, 0, NULL, NULL, {NULL}, {NULL}, (size_t) 1 << 26};
	jrn_design	design;

	ok(fill(&env, f, false, &design) == JRN_OK, "rows");
	ok(jrn_compare_forms(&env, &design, &request, rows) == JRN_OK, "forms");
}

static void
test_forms(void)
{
	static const double deviance[6] = {4.304046980602, 3.199380706177, 4.339416612424, 4.313518384310, 4.382703978185, 4.228355982402};
	static const double error[6] = {0, .283479736683, .049160564536, .050175552593, .023069047272, .109591112558};
	formula		f = {JRN_GAUSSIAN, true, 240, curved_of, true};
	jrn_form_row rows[JRN_FORMS];
	int			i;

	forms_of(&f, 3, 60, rows);
	for (i = 0; i < 6; i++)
	{
		ok_close(rows[i].deviance, deviance[i], 1e-10, "R-NLI-2 leave one customer out: %s", jrn_form_name(i));
		ok(fabs(rows[i].difference - (deviance[i] - deviance[0])) < 1e-10, "R-NLI-3 difference");
		ok(fabs(rows[i].std_error - error[i]) < 1e-10, "R-NLI-3 paired error");
	}
	for (i = 0; i < JRN_FORMS; i++)
		ok(rows[i].chosen == (i == JRN_FORM_INTERACTION), "R-NLI-4 the product is there");
	ok(isfinite(rows[JRN_FORM_BOOSTING].deviance), "trees too");
	f.with_last = false;
	f.outcome = score_of;
	forms_of(&f, 3, 10, rows);
	ok(rows[JRN_FORM_ADDITIVE].chosen, "R-NLI-4 an additive outcome");
	ok(strcmp(rows[JRN_FORM_ORDER_AWARE].status, "no_columns") == 0, "R-NLI-5 nothing knows the order");
	f.family = JRN_BINOMIAL;
	f.outcome = yes_of;
	forms_of(&f, 3, 60, rows);
	ok_close(rows[0].deviance, 4.9998963522, 1e-8, "binomial deviance per customer");
	ok_close(rows[1].difference, .0232965250, 1e-7, "its difference");
	ok_close(rows[1].std_error, .0064888073, 1e-7, "its error");
	f.outcome = constant_of;
	f.family = JRN_GAUSSIAN;
	forms_of(&f, 3, 10, rows);
	ok(strcmp(rows[0].status, "one_class") == 0 && isnan(rows[0].deviance) && !rows[0].chosen, "R-NLI-5 one outcome");
	f.rows = 8;
	forms_of(&f, 3, 10, rows);
	ok(strcmp(rows[0].status, "too_few") == 0, "R-NLI-5 eight customers");
}

static jrn_reset
reset_of(const formula *f)
{
	jrn_env		env = host_env();
	jrn_design	design;
	jrn_reset	r;

	ok(fill(&env, f, false, &design) == JRN_OK, "rows");
	ok(jrn_reset_test(&env, &design, f->family, &no_files, &r) == JRN_OK, "reset");
	return r;
}

static void
test_reset(void)
{
	formula		f = {JRN_GAUSSIAN, false, 240, curved_of, false};
	jrn_reset	r = reset_of(&f);

	ok_close(r.statistic, .35122700598281788, 1e-9, "R-NLI-6 statsmodels: F");
	ok_close(r.p_value, .7041943627901982, 1e-9, "R-NLI-6 statsmodels: p");
	ok(r.df1 == 2 && r.df2 == 234, "degrees of freedom");
	f.family = JRN_BINOMIAL;
	f.outcome = yes_of;
	r = reset_of(&f);
	ok_close(r.statistic, .127390417566, 1e-8, "R-NLI-6 statsmodels: likelihood ratio");
	ok(r.df1 == 2 && isnan(r.df2), "chi-square");
	f.family = JRN_GAUSSIAN;
	f.outcome = constant_of;
	r = reset_of(&f);
	ok(isnan(r.p_value) && strcmp(r.status, "ok") != 0, "a constant: %s", r.status);
	f.outcome = score_of;
	f.rows = 5;
	r = reset_of(&f);
	ok(isnan(r.p_value) && strcmp(r.status, "ok") != 0, "five rows: %s", r.status);
}

/* Everything through files: the same bits. */
static void
test_spilled(void)
{
	static jrn_file files[2 + 2 * JRN_FORMS];
	formula		f = {JRN_BINOMIAL, true, 240, yes_of, true};
	jrn_env		env = host_env();
	jrn_design	design;
	jrn_forms_request request = {JRN_BINOMIAL, 3, 7, 0, NULL, NULL, {NULL}, {NULL}, (size_t) 1 << 26};
	jrn_asymmetry_files fit_files;
	jrn_form_row plain[JRN_FORMS];
	jrn_form_row spilled[JRN_FORMS];
	jrn_asymmetry a,
				b;
	jrn_reset	r,
				t;
	int			i;

	for (i = 0; i < 2 + 2 * JRN_FORMS; i++)
		files[i] = host_file();
	for (i = 0; i < 2; i++)
	{
		fit_files.rows[i] = &files[2 * i];
		fit_files.tiles[i] = &files[2 * i + 1];
	}
	fit_files.limit = 1000;
	ok(fill(&env, &f, false, &design) == JRN_OK, "rows");
	ok(jrn_asymmetry_design(&env, &design, JRN_BINOMIAL, &no_files, &a) == JRN_OK &&
	   jrn_asymmetry_design(&env, &design, JRN_BINOMIAL, &fit_files, &b) == JRN_OK, "asymmetry with and without files");
	ok(a.fieller.low == b.fieller.low && a.p_value == b.p_value && a.after_low == b.after_low, "the same bits");
	for (i = 0; i < 4; i++)
		files[i] = host_file();
	ok(jrn_reset_test(&env, &design, JRN_BINOMIAL, &no_files, &r) == JRN_OK &&
	   jrn_reset_test(&env, &design, JRN_BINOMIAL, &fit_files, &t) == JRN_OK, "RESET with and without files");
	ok(r.statistic == t.statistic, "the same bits");
	ok(jrn_compare_forms(&env, &design, &request, plain) == JRN_OK, "forms without files");
	for (i = 0; i < 4; i++)
		files[i] = host_file();
	request.rows = &files[0];
	request.tiles = &files[1];
	request.limit = 1000;
	for (i = 0; i < JRN_FORMS; i++)
	{
		request.chosen[i] = &files[2 + 2 * i];
		request.routed[i] = &files[3 + 2 * i];
	}
	design.memory_limit = 1000;
	ok(jrn_compare_forms(&env, &design, &request, spilled) == JRN_OK, "forms with files");
	for (i = 0; i < JRN_FORMS; i++)
		ok(plain[i].deviance == spilled[i].deviance && plain[i].chosen == spilled[i].chosen, "the same bits: %s", jrn_form_name(i));
}

/* Size of RESET and of the contrast under a true model, coverage of the ratio. */
static uint64_t round_of_rows;

static double
drawn_of(int i)
{
	return 2 + .5 * pos_of(i) - .5 * neg_of(i) + jrn_random_normal(round_of_rows, (uint64_t) i);
}

static void
test_size(void)
{
	formula		f = {JRN_GAUSSIAN, false, 150, drawn_of, false};
	int			reset = 0;
	int			contrast = 0;
	int			covered = 0;
	int			r;

	for (r = 0; r < 200; r++)
	{
		jrn_env		env = host_env();
		jrn_design	design;
		jrn_asymmetry a;
		jrn_reset	t;

		round_of_rows = 9000 + (uint64_t) r;
		if (fill(&env, &f, false, &design) != JRN_OK ||
			jrn_reset_test(&env, &design, JRN_GAUSSIAN, &no_files, &t) != JRN_OK ||
			jrn_asymmetry_design(&env, &design, JRN_GAUSSIAN, &no_files, &a) != JRN_OK)
			break;
		reset += t.p_value <= .05;
		contrast += a.p_value <= .05;
		covered += a.fieller.low <= 1 && a.fieller.high >= 1;
		host_reset();
	}
	ok_int(r, 200, "200 rounds");
	ok(reset >= 3 && reset <= 18, "RESET rejects %d of 200 right forms", reset);
	ok(contrast >= 3 && contrast <= 18, "R-ASY-2 the contrast rejects %d of 200 symmetric effects", contrast);
	ok(covered >= 182 && covered <= 197, "R-ASY-1 the interval holds the ratio in %d of 200", covered);
}

static jrn_status
all_of_it(const jrn_env *env, void *arg)
{
	formula		f = {JRN_BINOMIAL, true, 60, yes_of, true};
	jrn_forms_request request = {JRN_BINOMIAL, 3, 3, 0, NULL, NULL, {NULL}, {NULL}, (size_t) 1 << 26};
	jrn_form_row rows[JRN_FORMS];
	jrn_design	design;
	jrn_asymmetry a;
	jrn_reset	r;

	(void) arg;
	JRN_TRY(fill(env, &f, false, &design));
	JRN_TRY(jrn_asymmetry_design(env, &design, JRN_BINOMIAL, &no_files, &a));
	JRN_TRY(jrn_reset_test(env, &design, JRN_BINOMIAL, &no_files, &r));
	return jrn_compare_forms(env, &design, &request, rows);
}

void
test_asymmetry(void)
{
	test_fieller();
	test_fieller_scan();
	test_golden_asymmetry();
	test_statuses();
	test_forms();
	test_reset();
	test_spilled();
	test_size();
	ok_survives(all_of_it, NULL, "asymmetry, RESET and forms");
}
