/*
 * report.h
 *		How even folds are (pure core of fold_report).
 *
 * Definition: reference/validation.md 1.4.
 *
 * R-REPORT-1	A stratum's spread over k folds is tested by Pearson's chi-square
 *				of stratum against rest by fold, k - 1 degrees of freedom; NaN
 *				where the stratum is empty or everything, or a fold is empty.
 *				Sums run in the order of folds.
 * R-REPORT-2	Faults come in this order: fewer than two folds, more folds than
 *				keys, an empty fold, a key with more than 1/k of the rows, a
 *				value that occurs in one fold only, so that the training part of
 *				that fold lacks it.
 * R-REPORT-3	NULL is counted like a value, but it is no class: neither faults nor
 *				states ask for it.
 */
#ifndef JRN_REPORT_H
#define JRN_REPORT_H

#include <stdbool.h>

#include "../core/env.h"

typedef enum jrn_fold_fault
{
	JRN_FOLDS_FINE,
	JRN_FOLDS_ONE,				/* fewer than two folds */
	JRN_FOLDS_OUTNUMBER_KEYS,
	JRN_FOLDS_EMPTY,			/* fold */
	JRN_FOLDS_HEAVY_KEY,		/* key */
	JRN_FOLDS_LACK_CLASS		/* fold whose training part lacks value */
} jrn_fold_fault;

typedef enum jrn_fold_state
{
	JRN_FOLD_OK,
	JRN_FOLD_CLASS_MISSING,		/* no row of some value of a column */
	JRN_FOLD_ONE_CLASS			/* rows of one value of a column only */
} jrn_fold_state;

/* Values of all columns stand one after the other. */
typedef struct jrn_fold_counts
{
	int32_t		k;
	const int64_t *rows;		/* of fold f at f - 1 */
	size_t		columns;
	const size_t *values;		/* of column c: values[c] .. values[c + 1] - 1 */
	const bool *unknown;		/* of every value: it stands for NULL */
	const int64_t *counts;		/* of value v and fold f at v * k + f - 1 */
	size_t		keys;
	const int64_t *rows_of_key;
} jrn_fold_counts;

typedef struct jrn_fold_finding
{
	jrn_fold_fault fault;
	int32_t		fold;
	size_t		key;
	size_t		column;
	size_t		value;
} jrn_fold_finding;

/* R-REPORT-1 */
extern double jrn_fold_spread(int32_t k, const int64_t *rows, const int64_t *counts);

/* R-REPORT-2: the first fault; of several keys the heaviest, then the first. */
extern jrn_fold_finding jrn_fold_find_fault(const jrn_fold_counts *of);

extern jrn_fold_state jrn_fold_state_of(const jrn_fold_counts *of, int32_t fold);

/* Rows of the smallest fold per row of the largest. */
extern double jrn_fold_ratio(const jrn_fold_counts *of);

#endif							/* JRN_REPORT_H */
