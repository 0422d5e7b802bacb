/*
 * test_predict.c
 *		Predictions, level lookup, term figures and criteria of given models.
 *
 * Provenance: test/oracles/predict.R (R 4.2.2).
 */
#include "tap.h"

#include "../../src/core/dist.h"
#include "../../src/models/inference.h"
#include "../../src/models/predict.h"

static double gaussian_b[5] = {
	0.27384393063583462, 1.08991066736731490, 0.12178796636889160,
	-0.32408696794534853, 2.11559379926432101
};
static double gaussian_v[15] = {
	0.04998657808328176716, -0.00399892624666254096, 0.00103868214199026978,
	-0.01806657750724326855, -0.00044143991034586267, 0.05207368001234344290,
	-0.02235114134295312915, -0.00189559490913224042, 0.02304251414371539380,
	0.05534552875961277346, -0.01556724860307918262, -0.00109061624908978264,
	-0.00941954867517425833, 0.01187343523562627186, 0.04067738938569395030
};
static double binomial_b[3] = {-1.54185205312107065, 0.52566872575912726, -1.25123677038074721};
static double binomial_v[6] = {
	2.398522262988290965, -0.338655006704695449, 0.088329259027802948,
	-0.660739691494221071, -0.114599910106115019, 2.323181706068400576
};

static jrn_model
gaussian(void)
{
	jrn_model	model;

	memset(&model, 0, sizeof(model));
	model.family = JRN_GAUSSIAN;
	model.terms = 5;
	model.coefficients = gaussian_b;
	model.covariance = gaussian_v;
	model.dispersion = 0.098830605810374145;
	model.n = 12;
	model.n_groups = -1;
	model.df_residual = 7;
	model.deviance = 0.69181424067261887;
	model.null_deviance = 144.27000000000001;
	model.log_likelihood = 0.092804286681042569;
	model.converged = true;
	return model;
}

static jrn_model
binomial(void)
{
	jrn_model	model = gaussian();

	model.family = JRN_BINOMIAL;
	model.terms = 3;
	model.coefficients = binomial_b;
	model.covariance = binomial_v;
	model.df_residual = 9;
	model.deviance = 11.392571023363752;
	model.null_deviance = 16.300638383796617;
	model.log_likelihood = -5.6962855116818751;
	return model;
}

static void
test_links(void)
{
	jrn_env		env = host_env();
	jrn_model	model = gaussian();
	jrn_predictor predictor;
	static const double first[] = {2, 0, 0, 1};
	static const double second[] = {-1.25, 0, 1, 0};
	static const double third[] = {100, 1, 0, 1};

	ok_int(jrn_predictor_init(&env, &model, &predictor), JRN_OK, "predictor");
	ok_close(jrn_predict_link(&predictor, first), 4.5692590646347853, 1e-14, "R-PRE-1 first row");
	ok_close(jrn_predict_link(&predictor, second), -1.4126313715186574, 1e-14, "R-PRE-1 second row");
	ok_close(jrn_predict_link(&predictor, third), 111.5022924330005196, 1e-14, "R-PRE-1 third row");
	ok(jrn_predict_response(JRN_GAUSSIAN, 3.5) == 3.5, "identity link");
	ok(jrn_predict_response(JRN_BINOMIAL, 0.0) == 0.5, "logit of one half");
	ok_close(jrn_predict_response(JRN_BINOMIAL, -1.7417513719835633), 0.149090614346955697, 1e-14,
			 "inverse logit");
	ok_close(jrn_predict_response(JRN_BINOMIAL, -700.0), 9.8596765437597708e-305, 1e-13,
			 "R-PRE-4 lower tail keeps its digits");
	ok(jrn_predict_response(JRN_BINOMIAL, 800.0) == 1.0 &&
	   jrn_predict_response(JRN_BINOMIAL, -800.0) >= 0.0, "R-PRE-4 no overflow");
	host_reset();
}

static void
test_holes(void)
{
	jrn_env		env = host_env();
	jrn_model	model = gaussian();
	jrn_predictor predictor;
	double		b[5] = {1.0, NAN, 2.0, NAN, 3.0};
	static const double x[] = {1e300, 1, 1e300, 1};

	model.coefficients = b;
	ok_int(jrn_predictor_init(&env, &model, &predictor), JRN_OK, "R-PRE-2 aliased terms are no obstacle");
	ok(jrn_predict_link(&predictor, x) == 6.0, "R-PRE-2 aliased terms are left out");
	b[1] = -HUGE_VAL;
	ok_int(jrn_predictor_init(&env, &model, &predictor), JRN_DOMAIN, "R-PRE-3 infinite coefficient");
	b[1] = 0.0;
	b[0] = NAN;
	ok_int(jrn_predictor_init(&env, &model, &predictor), JRN_DOMAIN, "R-PRE-3 no intercept");
	host_reset();
}

static jrn_status
init_again(const jrn_env *env, void *arg)
{
	jrn_predictor predictor;

	return jrn_predictor_init(env, arg, &predictor);
}

/* Every level is found, everything else is not, against a linear search. */
static void
test_levels(void)
{
	static const jrn_level levels[] = {{"", 0}, {"a", 1}, {"aa", 2}, {"b", 1}, {"ba", 2}, {"\xc3\xa9", 2}};
	static const char *const probes[] = {"", "a", "aa", "aaa", "ab", "b", "ba", "bb", "\xc3", "\xc3\xa9", "z"};
	int			count;
	size_t		p;
	bool		agree = true;

	for (count = 0; count <= 6; count++)
		for (p = 0; p < sizeof(probes) / sizeof(probes[0]); p++)
		{
			int			want = -1;
			int			i;

			for (i = 0; i < count; i++)
				if (levels[i].size == strlen(probes[p]) &&
					memcmp(levels[i].bytes, probes[p], levels[i].size) == 0)
					want = i;
			if (jrn_level_find(levels, count, probes[p], strlen(probes[p])) != want)
				agree = false;
		}
	ok(agree, "levels as by linear search");
}

static void
check_term(const jrn_model *model, int term, double level, const double *want, const char *name)
{
	double		df = jrn_model_test_df(model);
	jrn_term_figures got = jrn_model_term(model, term, df, jrn_t_critical(level, df));

	ok_close(got.std_error, want[0], 1e-13, "%s: std_error", name);
	ok_close(got.statistic, want[1], 1e-13, "%s: statistic", name);
	ok_close(got.p_value, want[2], 1e-11, "%s: p_value", name);
	ok_close(got.conf_low, want[3], 1e-11, "%s: conf_low", name);
	ok_close(got.conf_high, want[4], 1e-11, "%s: conf_high", name);
}

static void
test_terms(void)
{
	static const double t7[] = {0.032228591995156562, 33.81812855898609627, 5.1225125645739016e-09,
	1.01370215714087863, 1.16611917759375117};
	static const double z[] = {0.29720238731847859, 1.76872309304779174, 0.076940096527344334,
	-0.056837249504414378, 1.1081747010226688};
	jrn_model	model = gaussian();
	jrn_term_figures figures;
	double		variance[3] = {0.0, 0.0, 0.0};
	double		b[2] = {2.0, HUGE_VAL};

	check_term(&model, 1, 0.95, t7, "R-INF-1 gaussian");
	model = binomial();
	check_term(&model, 1, 0.95, z, "R-INF-1 binomial");
	ok(isinf(jrn_model_test_df(&model)), "R-INF-1 binomial uses the normal");
	model.errors = JRN_ERRORS_HC3;
	ok(isinf(jrn_model_test_df(&model)), "R-INF-1 also with robust errors");
	model.errors = JRN_ERRORS_CLUSTER;
	model.n_groups = 6;
	ok(jrn_model_test_df(&model) == 5.0, "R-INF-1 clusters: groups - 1");
	model.n_groups = 1;
	ok(isnan(jrn_model_test_df(&model)), "R-INF-2 one group has no degrees of freedom");
	model.terms = 2;
	model.coefficients = b;
	model.covariance = variance;
	figures = jrn_model_term(&model, 0, 5.0, 2.5);
	ok(figures.std_error == 0.0 && figures.conf_low == 2.0 && isnan(figures.statistic) &&
	   isnan(figures.p_value), "R-INF-2 no test without a variance");
	figures = jrn_model_term(&model, 1, 5.0, 2.5);
	ok(isinf(figures.estimate) && isnan(figures.std_error) && isnan(figures.conf_high),
	   "R-INF-2 no figures of a runaway term");
	model.covariance = NULL;
	figures = jrn_model_term(&model, 0, 5.0, 2.5);
	ok(figures.estimate == 2.0 && isnan(figures.std_error) && isnan(figures.p_value),
	   "R-INF-2 no covariance, no figures");
}

static void
test_criteria(void)
{
	static const jrn_fit_status without[] = {JRN_FIT_SEPARATED, JRN_FIT_NOT_CONVERGED,
	JRN_FIT_ONE_CLASS, JRN_FIT_TOO_FEW};
	jrn_model	model = gaussian();
	jrn_model_figures figures = jrn_model_summary(&model);
	int			i;

	ok_close(figures.aic, 11.814391426637914861, 1e-14, "R-INF-3 aic as R");
	ok_close(figures.bic, 14.723831325365917877, 1e-14, "R-INF-3 bic as R");
	ok_close(figures.r_squared, 0.995204725579312277, 1e-14, "R-INF-4 r_squared as R");
	model.penalty = JRN_PENALTY_RIDGE;
	figures = jrn_model_summary(&model);
	ok(isnan(figures.aic) && isnan(figures.bic) && isnan(figures.r_squared), "R-INF-3 none after a penalty");
	model = binomial();
	figures = jrn_model_summary(&model);
	ok_close(figures.aic, 17.3925710233637503, 1e-14, "R-INF-3 binomial aic");
	ok_close(figures.bic, 18.8472909727277518, 1e-14, "R-INF-3 binomial bic");
	ok(isnan(figures.r_squared), "R-INF-4 binomial has no r_squared");
	for (i = 0; i < 4; i++)
	{
		model.status = without[i];
		figures = jrn_model_summary(&model);
		ok(isnan(figures.aic) && isnan(figures.bic), "R-INF-3 no criteria when %s",
		   jrn_fit_status_name(without[i]));
	}
}

void
test_predict(void)
{
	jrn_model	model = gaussian();

	test_links();
	test_holes();
	ok_survives(init_again, &model, "predictor under refused memory");
	test_levels();
	test_terms();
	test_criteria();
}
