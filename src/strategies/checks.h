/*
 * checks.h
 *		Were the rows of a comparison dealt, decided and measured as they
 *		should be?  Tests on counts by strategy and week (pure core).
 *
 * R-CHK-1	Sample ratio: chi-square of counts against planned shares (ratio.h).
 *			Where whole keys were dealt to strategies, counts of rows spread
 *			more: the statistic is divided by the design effect sum of squared
 *			sizes of keys over rows (Rao and Scott 1981).
 * R-CHK-2	By week, where every strategy expects at least JRN_CHECK_EXPECTED
 *			rows; p of the weeks tested are adjusted over them (Benjamini and
 *			Hochberg), so any week below the threshold is news.
 * R-CHK-3	Shares of rows with a property (outcome missing, not matured,
 *			eligible late) by strategy: chi-square of the 2 x J table, divided
 *			by the same design effect; 1 where no row or every row has it.
 */
#ifndef JRN_CHECKS_H
#define JRN_CHECKS_H

#include <stdbool.h>

#include "ledger.h"

/* Rows that the smallest strategy must expect for a test of a week. */
#define JRN_CHECK_EXPECTED 5.0

/* A p below this is no chance. */
#define JRN_CHECK_THRESHOLD 0.0005

typedef struct jrn_check_test
{
	double		statistic;		/* NaN: not tested, as is p */
	double		p_value;
} jrn_check_test;

/* Counts of a week and their test; p is adjusted over weeks. */
typedef struct jrn_check_week
{
	int64_t		week;
	int64_t		n;
	int64_t    *assigned;		/* [arms] */
	jrn_check_test test;
} jrn_check_week;

/* R-CHK-1; planned has a positive share for every strategy. */
extern jrn_status jrn_check_ratio(const jrn_env *env, const int64_t *observed, const double *planned,
								  int arms, double design_effect, jrn_check_test *test);

/* R-CHK-2; planned NULL: counts only. */
extern jrn_status jrn_check_weeks(const jrn_env *env, const jrn_ledger *ledger, const double *planned,
								  double design_effect, jrn_check_week **weeks, size_t *count);

/* R-CHK-3: part[a] of whole[a] rows. */
extern void jrn_check_shares(const int64_t *part, const int64_t *whole, int arms,
							 double design_effect, jrn_check_test *test);

#endif							/* JRN_CHECKS_H */
