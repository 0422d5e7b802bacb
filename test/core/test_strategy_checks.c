/*
 * test_strategy_checks.c
 *		Checks on counts, and details of overlap, by plain arithmetic.
 */
#include "tap.h"

#include "../../src/strategies/checks.h"
#include "../../src/strategies/overlap_details.h"

static void
ratios(void)
{
	static const int64_t observed[] = {5300, 4700};
	static const double planned[] = {1.0, 1.0};
	jrn_env		env = host_env();
	jrn_check_test test;

	ok_int(jrn_check_ratio(&env, observed, planned, 2, 1.0, &test), JRN_OK, "runs");
	ok_close(test.statistic, 36.0, 1e-12, "R-CHK-1 statistic");
	ok_close(test.p_value, 1.97317529008e-09, 1e-10, "R-CHK-1 p");
	jrn_check_ratio(&env, observed, planned, 2, 9.0, &test);
	ok_close(test.p_value, 0.0455002638964, 1e-10, "R-CHK-1 keys of nine rows: two standard errors");
}

static void
shares(void)
{
	static const int64_t part[] = {30, 10, 0};
	static const int64_t whole[] = {100, 100, 0};
	static const int64_t none[] = {0, 0, 0};
	jrn_check_test test;

	jrn_check_shares(part, whole, 3, 1.0, &test);
	ok_close(test.statistic, 12.5, 1e-12, "R-CHK-3 statistic, a strategy without rows does not count");
	ok_close(test.p_value, erfc(sqrt(6.25)), 1e-12, "R-CHK-3 p");
	jrn_check_shares(none, whole, 3, 1.0, &test);
	ok(test.statistic == 0.0 && test.p_value == 1.0, "R-CHK-3 nothing is missing");
	jrn_check_shares(whole, whole, 3, 1.0, &test);
	ok(test.statistic == 0.0 && test.p_value == 1.0, "R-CHK-3 everything is missing");
	jrn_check_shares(none, none, 3, 1.0, &test);
	ok(isnan(test.statistic) && isnan(test.p_value), "R-CHK-3 no rows");
}

/* Week w of two strategies: counts, in the order of a settled ledger. */
static void
count(jrn_ledger_week *week, int64_t w, int arm, int64_t assigned)
{
	memset(week, 0, sizeof(*week));
	week->week = w;
	week->arm = arm;
	week->counts.assigned = assigned;
}

static jrn_status
weeks_of(const jrn_env *env, void *arg)
{
	static const double planned[] = {0.5, 0.5};
	jrn_ledger_week entry[7];
	jrn_ledger	ledger;
	jrn_check_week *weeks;
	size_t		n;

	memset(&ledger, 0, sizeof(ledger));
	ledger.arms = 2;
	ledger.weeks = entry;
	ledger.week_count = 7;
	count(&entry[0], -3, 0, 100);
	count(&entry[1], -3, 1, 100);
	count(&entry[2], 0, 1, 4);	/* nobody in strategy 0, and too few */
	count(&entry[3], 7, 0, 130);
	count(&entry[4], 7, 1, 70);
	count(&entry[5], 8, 0, 110);
	count(&entry[6], 8, 1, 90);
	JRN_TRY(jrn_check_weeks(env, &ledger, planned, 1.0, &weeks, &n));
	if (arg == NULL)
		return JRN_OK;
	ok_int((long long) n, 4, "R-CHK-2 four weeks");
	ok(weeks[0].week == -3 && weeks[1].week == 0 && weeks[1].n == 4 && weeks[1].assigned[0] == 0 && weeks[1].assigned[1] == 4 &&
	   weeks[3].n == 200, "R-CHK-2 counts");
	ok(isnan(weeks[1].test.p_value) && isnan(weeks[1].test.statistic), "R-CHK-2 too few rows expected");
	ok_close(weeks[2].test.statistic, 18.0, 1e-12, "R-CHK-2 statistic of a week");
	ok_close(weeks[2].test.p_value, 3.0 * erfc(3.0), 1e-12, "R-CHK-2 p of the worst of three weeks");
	ok_close(weeks[3].test.p_value, 1.5 * erfc(1.0), 1e-12, "R-CHK-2 and of the second");
	ok_close(weeks[0].test.p_value, 1.0, 1e-12, "R-CHK-2 and of the third");
	JRN_TRY(jrn_check_weeks(env, &ledger, NULL, 1.0, &weeks, &n));
	ok(n == 4 && isnan(weeks[2].test.p_value) && weeks[2].n == 200, "R-CHK-2 counts without a plan");
	ledger.week_count = 0;
	JRN_TRY(jrn_check_weeks(env, &ledger, planned, 1.0, &weeks, &n));
	ok_int((long long) n, 0, "R-CHK-2 no weeks");
	return JRN_OK;
}

/* ---- overlap ---- */

#define ROWS 250

static const bool is_label[2] = {false, false};

/* Propensity of strategy 0 in row i: it falls with x. */
static double
e_of(int i)
{
	return 0.02 + 0.9 * (double) (i * 37 % ROWS) / ROWS;
}

static jrn_status
look_at(const jrn_env *env, void *arg)
{
	int64_t		rows_of_arm[2] = {0, 0};
	jrn_overlap_report report[2];
	jrn_overlap_details details[2];
	jrn_overlap_look look;
	jrn_design	design;
	uint32_t	code;
	int			i;

	memset(&design, 0, sizeof(design));
	design.feature_count = 2;
	design.is_label = is_label;
	design.has_arm = true;
	design.carried_count = 1;
	JRN_TRY(jrn_design_begin(&design, env, NULL, NULL, (size_t) 1 << 30));
	JRN_TRY(jrn_labels_find(&design.arms, "a", 1, &code));
	JRN_TRY(jrn_labels_find(&design.arms, "b", 1, &code));
	for (i = 0; i < ROWS; i++)
	{
		double		e = e_of(i);
		int			arm = (double) (i * 53 % ROWS) / ROWS < e ? 0 : 1;
		double		carried = arm == 0 ? e : 1.0 - e;
		double		x[2] = {(double) (i % 3), 10.0 * e + i % 2};
		jrn_row		row;

		memset(&row, 0, sizeof(row));
		row.features = x;
		row.y = i;
		row.arm = (uint32_t) arm;
		row.carried = &carried;
		rows_of_arm[arm]++;
		JRN_TRY(jrn_design_append(&design, &row));
	}
	JRN_TRY(jrn_design_finish(&design));
	JRN_TRY(jrn_overlap_look_begin(&look, env, 2, 1, (size_t) design.p, JRN_PROPENSITY_LOGGED, false, rows_of_arm, true));
	JRN_TRY(jrn_overlap_look_rows(&look, &design));
	JRN_TRY(jrn_overlap_look_end(&look, report, details));
	if (arg == NULL)
		return JRN_OK;
	/* 37 is prime to 250, so the propensities are 0.02 + 0.9 i / 250 in some order */
	ok_close(details[0].p05, 0.02 + 0.9 * 0.05 * 249.0 / 250.0, 1e-12, "R-OVD-1 a quantile");
	ok_close(details[0].median, 0.02 + 0.9 * 0.5 * 249.0 / 250.0, 1e-12, "R-OVD-1 the median");
	ok_close(details[1].median, 0.98 - 0.9 * 0.5 * 249.0 / 250.0, 1e-12, "R-OVD-1 the other strategy is known too");
	ok_close(details[0].share_below_005, 9.0 / 250.0, 1e-12, "R-OVD-1 a share");
	ok_int(details[0].worst_column, 1, "R-OVD-3 the column that moves the propensity");
	{
		double		sum = 0.0;
		double		heavy[3] = {0.0, 0.0, 0.0};
		int			n = 0;

		for (i = 0; i < ROWS; i++)
			if ((double) (i * 53 % ROWS) / ROWS < e_of(i))
			{
				double		w = 1.0 / e_of(i);
				int			j;

				sum += w;
				n++;
				for (j = 0; j < 3; j++)
					if (w > heavy[j])
					{
						double		swap = heavy[j];

						heavy[j] = w;
						w = swap;
					}
			}
		ok(n > 100 && n <= 200, "two rows are the heaviest hundredth");
		ok_close(details[0].top1_share, (heavy[0] + heavy[1]) / sum, 1e-12, "R-OVD-2 their share");
		ok_close(report[0].max_weight, heavy[0], 1e-12, "the largest weight");
	}
	return JRN_OK;
}

void
test_strategy_checks(void)
{
	jrn_env		env = host_env();
	bool		say = true;

	ratios();
	shares();
	ok_int(weeks_of(&env, &say), JRN_OK, "weeks run");
	ok_int(look_at(&env, &say), JRN_OK, "overlap runs");
	host_reset();
	ok_survives(weeks_of, NULL, "weeks survive failures");
	ok_survives(look_at, NULL, "overlap survives failures");
}
