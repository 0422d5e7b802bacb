/*
 * test_policy_value.c
 *		Values of policies by hand, faults in the data, the overlap gate, and
 *		order of rows.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/strategies/policy_value.h"

static jrn_choice
row(uint32_t key, int64_t number, uint32_t arm, double score, double chosen)
{
	jrn_choice	choice = {key, arm, number, score, chosen, 0.0, NAN, false};

	return choice;
}

static jrn_status
make(const jrn_policy_request *request, const jrn_choice *rows, size_t n, jrn_policy_report *report,
	 jrn_policy_fault_at *fault)
{
	jrn_env		env = host_env();
	jrn_choice	copy[64];
	jrn_status	status;

	memcpy(copy, rows, n * sizeof(jrn_choice));
	status = jrn_policy_report_make(&env, request, copy, n, report, fault);
	host_reset();
	return status;
}

/* Keys 0 (two decisions), 1, 2; strategies 0, 1. */
static void
by_hand(void)
{
	const jrn_choice rows[] = {row(0, 1, 0, 1, 1), row(0, 1, 1, 5, 0), row(0, 2, 0, 2, 0.5), row(0, 2, 1, 4, 0.5),
	row(1, 3, 0, 3, 0), row(1, 3, 1, 1, 1), row(2, 4, 0, 2, 0.25), row(2, 4, 1, 6, 0.75)};
	const double d[] = {1 + 3 - 9, 1 - 1, 5 - 6};
	const double v[] = {4, 1, 5};
	const double m[] = {2, 1, 1};
	jrn_policy_request request = {2, true, false, false};
	jrn_policy_report report,
				turned;
	jrn_policy_fault_at fault;
	jrn_choice	reversed[8];
	double		value = 10.0 / 4.0,
				difference = -6.0 / 4.0,
				square = 0.0,
				square_d = 0.0;
	int			i;

	for (i = 0; i < 3; i++)
	{
		square += (v[i] - m[i] * value) * (v[i] - m[i] * value);
		square_d += (d[i] - m[i] * difference) * (d[i] - m[i] * difference);
	}
	ok(make(&request, rows, 8, &report, &fault) == JRN_OK, "made");
	ok(report.decisions == 4 && report.clusters == 3 && report.best == 1, "decisions, clusters, best strategy");
	ok_close(report.value.estimate, value, 1e-14, "R-PVA-1 value");
	ok_close(report.value.std_error, sqrt(1.5 * square) / 4.0, 1e-14, "R-PVA-1 error");
	ok_close(report.difference.estimate, difference, 1e-14, "R-PVA-2 difference");
	ok_close(report.difference.std_error, sqrt(1.5 * square_d) / 4.0, 1e-14, "R-PVA-2 error");
	ok_close((report.value.high - report.value.estimate) / report.value.std_error, 4.302652729911275, 1e-9, "R-PVA-5 t with two degrees");
	for (i = 0; i < 8; i++)
		reversed[i] = rows[7 - i];
	ok(make(&request, reversed, 8, &turned, &fault) == JRN_OK && memcmp(&turned, &report, sizeof(report)) == 0, "R-PVA-6 order");
	request.has_number = false;
	for (i = 0; i < 8; i++)
		reversed[i].number = 0;
	ok(make(&request, reversed, 8, &turned, &fault) == JRN_OK && turned.value.estimate == report.value.estimate &&
	   turned.difference.std_error == report.difference.std_error && turned.decisions == 4,
	   "R-PVA-3 decisions of a key need no number");
}

static void
second_policy(void)
{
	jrn_choice	rows[] = {row(JRN_POLICY_NO_KEY, 1, 0, 1, 1), row(JRN_POLICY_NO_KEY, 1, 1, 5, 0),
		row(JRN_POLICY_NO_KEY, 2, 0, 2, 0), row(JRN_POLICY_NO_KEY, 2, 1, NAN, 0), row(JRN_POLICY_NO_KEY, 2, 2, 4, 1)};
	jrn_policy_request request = {3, true, true, false};
	jrn_policy_report report;
	jrn_policy_fault_at fault;

	rows[1].base = 1.0;
	rows[2].base = 1.0;
	ok(make(&request, rows, 5, &report, &fault) == JRN_OK && report.clusters == 2 && report.best == -1, "rows without keys");
	ok_close(report.difference.estimate, -1.0, 1e-14, "R-PVA-2 against a second policy");
	rows[2].base = 0.0;
	rows[3].base = 1.0;
	ok(make(&request, rows, 5, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_NO_SCORE && fault.arm == 1, "chosen without a score");
	request.has_base = false;
	ok(make(&request, rows, 5, &report, &fault) == JRN_OK && report.best == 0, "R-PVA-2 a fixed strategy has scores everywhere");
	rows[2].score = NAN;
	ok(make(&request, rows, 5, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_NO_FIXED, "R-PVA-2 no fixed strategy");
	request.has_number = false;
	{
		const jrn_choice torn[] = {row(1, 0, 0, 1, 1), row(2, 0, 0, 1, 0), row(2, 0, 0, 2, 0), row(2, 0, 1, 2, 1)};

		ok(make(&request, torn, 4, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_NO_FIXED,
		   "R-PVA-2 a strategy too often in one key and missing in another");
	}
	request.has_number = true;
	ok(make(&request, rows, 0, &report, &fault) == JRN_OK && report.decisions == 0 && isnan(report.value.estimate) && isnan(report.p_value), "no rows");
	ok(make(&request, rows, 2, &report, &fault) == JRN_OK && report.value.estimate == 1.0 && isnan(report.value.std_error), "one cluster has no error");
}

static void
faults(void)
{
	jrn_choice	rows[] = {row(4, 1, 0, 1, 0.5), row(4, 1, 1, 5, 0.4), row(7, 2, 0, 1, 1)};
	jrn_policy_request request = {2, true, false, false};
	jrn_policy_report report;
	jrn_policy_fault_at fault;

	ok(make(&request, rows, 3, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_SUM && fault.key == 4 && fault.amount == 0.9, "R-PVA-3 sum");
	rows[1].chosen = 0.5;
	rows[0].base = 1.0;
	request.has_base = true;
	ok(make(&request, rows, 3, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_BASE_SUM && fault.key == 7, "R-PVA-3 sum of the second");
	request.has_base = false;
	rows[1].arm = 0;
	ok(make(&request, rows, 3, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_TWICE, "a strategy twice");
	rows[1].arm = 1;
	rows[0].assigned = true;
	rows[0].propensity = 0.5;
	request.has_overlap = true;
	ok(make(&request, rows, 3, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_TAKEN && fault.key == 7, "no strategy was taken");
	request.has_number = false;
	rows[1].chosen = 0.0;
	rows[0].chosen = 0.0;
	ok(make(&request, rows, 3, &report, &fault) == JRN_DOMAIN && fault.fault == JRN_POLICY_SUM && fault.key == 4 && fault.amount == 0.0, "a key without a decision");
}

/* n decisions, propensity e for the strategy taken; every `every`-th follows the policy. */
static jrn_policy_overlap
gate(size_t n, double e, size_t every, double rare, size_t rare_rows, double *ess)
{
	static jrn_choice rows[20000];
	jrn_env		env = host_env();
	jrn_policy_request request = {2, true, false, true};
	jrn_policy_report report;
	jrn_policy_fault_at fault;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		bool		follows = i % every == 0;

		rows[2 * i] = row(JRN_POLICY_NO_KEY, (int64_t) i, 0, 1, 1);
		rows[2 * i + 1] = row(JRN_POLICY_NO_KEY, (int64_t) i, 1, 0, 0);
		rows[2 * i + !follows].assigned = true;
		rows[2 * i + !follows].propensity = i < rare_rows ? rare : follows ? e : 1 - e;
	}
	ok(jrn_policy_report_make(&env, &request, rows, 2 * n, &report, &fault) == JRN_OK, "gate made");
	*ess = report.ess;
	host_reset();
	return report.overlap;
}

static void
overlap(void)
{
	double		ess;

	ok(gate(1000, 0.5, 2, 0, 0, &ess) == JRN_POLICY_OVERLAP_OK && ess == 500.0, "R-PVA-4 half follow");
	ok(gate(1000, 0.05, 20, 0, 0, &ess) == JRN_POLICY_OVERLAP_WEAK || ess <= 50.0, "R-PVA-4 one of twenty");
	ok(gate(980, 0.05, 20, 0, 0, &ess) == JRN_POLICY_OVERLAP_NONE && ess == 49.0, "R-PVA-4 ess below 50");
	ok(gate(10000, 0.05, 20, 0, 0, &ess) == JRN_POLICY_OVERLAP_WEAK, "R-PVA-4 ess below a tenth");
	ok(gate(10000, 0.5, 2, 0.009, 101, &ess) == JRN_POLICY_OVERLAP_WEAK, "R-PVA-4 more than 1 %% rare");
	ok(gate(1000, 0.5, 2, 0.02, 1, &ess) == JRN_POLICY_OVERLAP_OK, "R-PVA-4 a weight of 50 of 1050");
	ok(gate(1000, 0.5, 2, 0.0125, 1, &ess) == JRN_POLICY_OVERLAP_WEAK, "R-PVA-4 a weight of 80 of 1080");
	ok(gate(10000, 0.9, 4, 0, 0, &ess) == JRN_POLICY_OVERLAP_NONE, "R-PVA-4 fewer than half could have followed");
	ok(gate(10000, 0.6, 2, 0, 0, &ess) == JRN_POLICY_OVERLAP_WEAK, "R-PVA-4 a sixth could not");
}

static void
tests(void)
{
	static const double same[] = {2, 4, 2};
	static const double m[] = {1, 2, 1};
	static const double large[] = {2e300, 5e300, 3e300};
	static const double little[] = {2, 5, 3};
	jrn_policy_figure small;
	jrn_policy_figure figure = {0.2, 0.1, 0, 0};
	double		p,
				least;

	jrn_policy_test(&figure, 5000, &p, &least);
	ok_close(p, 0.04550026389635842, 1e-10, "R-PVA-5 p");
	ok_close(least, 0.1 * (1.959963984540054 + 0.8416212335729143), 1e-10, "R-PVA-5 detectable");
	jrn_policy_mean(same, m, 3, &figure);
	jrn_policy_test(&figure, 3, &p, &least);
	ok(figure.estimate == 2.0 && figure.std_error == 0.0 && isnan(p), "the same everywhere: no test");
	jrn_policy_mean(little, m, 3, &small);
	jrn_policy_mean(large, m, 3, &figure);
	ok_close(figure.std_error, 1e300 * small.std_error, 1e-14, "squares stay in range");
	figure.estimate = figure.std_error = 0.0;
	jrn_policy_test(&figure, 3, &p, &least);
	ok(p == 1.0, "no difference anywhere: p = 1");
}

static jrn_status
whole_call(const jrn_env *env, void *arg)
{
	static jrn_choice rows[9000];
	jrn_policy_request request = {3, true, false, false};
	jrn_policy_report report;
	jrn_policy_fault_at fault;
	size_t		i;

	(void) arg;
	for (i = 0; i < 9000; i++)
		rows[i] = row((uint32_t) (jrn_hash_u64(i / 3, 1) % 700), (int64_t) i / 3, (uint32_t) (i % 3), (double) i, i % 3 == 1);
	return jrn_policy_report_make(env, &request, rows, 9000, &report, &fault);
}

void
test_policy_value(void)
{
	by_hand();
	second_policy();
	faults();
	overlap();
	tests();
	ok_survives(whole_call, NULL, "value of a policy");
}
