/*
 * test_assign_report.c
 *		How even folds are: chi-square against scipy, faults in their order.
 */
#include "tap.h"

#include "../../src/folds/report.h"

static int64_t rows[3] = {6, 6, 6};
static int64_t counts[9] = {2, 2, 2, 4, 4, 0, 0, 0, 4};
static size_t values[3] = {0, 1, 3};
static bool unknown[3] = {false, false, false};
static int64_t rows_of_key[4] = {6, 5, 1, 6};

static jrn_fold_counts
example(void)
{
	jrn_fold_counts of = {3, rows, 2, values, unknown, counts, 4, rows_of_key};

	return of;
}

void
test_assign_report(void)
{
	int64_t		n[3] = {30, 40, 50};
	int64_t		late[3] = {10, 20, 30};
	int64_t		none[3] = {0, 0, 0};
	jrn_fold_counts of = example();
	jrn_fold_finding finding;

	ok_close(jrn_fold_spread(3, n, late), 0.0694834512228015, 1e-12, "R-REPORT-1 as scipy's chi2_contingency");
	ok(isnan(jrn_fold_spread(3, n, none)) && isnan(jrn_fold_spread(3, n, n)) &&
	   isnan(jrn_fold_spread(1, n, late)) && isnan(jrn_fold_spread(3, none, none)), "R-REPORT-1 nothing to test");
	finding = jrn_fold_find_fault(&of);
	ok(finding.fault == JRN_FOLDS_LACK_CLASS && finding.column == 1 && finding.value == 1 && finding.fold == 3,
	   "R-REPORT-2 a class in one fold only");
	ok(jrn_fold_state_of(&of, 1) == JRN_FOLD_ONE_CLASS && jrn_fold_state_of(&of, 3) == JRN_FOLD_ONE_CLASS,
	   "one class");
	unknown[2] = true;
	ok_int(jrn_fold_find_fault(&of).fault, JRN_FOLDS_FINE, "R-REPORT-3 NULL in one fold only");
	ok_int(jrn_fold_state_of(&of, 3), JRN_FOLD_CLASS_MISSING, "R-REPORT-3 NULL only: the one class is missing");
	ok_int(jrn_fold_state_of(&of, 1), JRN_FOLD_OK, "R-REPORT-3 no NULL is no loss");
	unknown[2] = false;
	counts[8] = 3;
	counts[7] = 1;
	counts[5] = 1;
	ok_int(jrn_fold_find_fault(&of).fault, JRN_FOLDS_FINE, "R-REPORT-2 every class in two folds");
	ok_int(jrn_fold_state_of(&of, 2), JRN_FOLD_OK, "both classes");
	ok_close(jrn_fold_ratio(&of), 1.0, 1e-15, "even");
	rows_of_key[3] = 7;
	finding = jrn_fold_find_fault(&of);
	ok(finding.fault == JRN_FOLDS_HEAVY_KEY && finding.key == 3, "R-REPORT-2 a key above 1/k");
	rows[1] = 0;
	finding = jrn_fold_find_fault(&of);
	ok(finding.fault == JRN_FOLDS_EMPTY && finding.fold == 2, "R-REPORT-2 an empty fold");
	ok_close(jrn_fold_ratio(&of), 0.0, 1e-15, "smallest per largest");
	of.keys = 2;
	ok_int(jrn_fold_find_fault(&of).fault, JRN_FOLDS_OUTNUMBER_KEYS, "R-REPORT-2 more folds than keys");
	of.k = 1;
	ok_int(jrn_fold_find_fault(&of).fault, JRN_FOLDS_ONE, "R-REPORT-2 one fold");
}
