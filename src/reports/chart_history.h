/*
 * chart_history.h
 *		Control chart of a validation: the difference of every challenger over
 *		the runs, with its interval, and what was decided.
 *
 * R-HIS-1	A panel per strategy, all on one scale of values and of time; the
 *			zero line and both limits are always within sight.
 * R-HIS-2	Decisions stand in lanes below (lanes.h); the last one that called
 *			for action is named in the heading.
 * R-HIS-3	Intervals of first runs can be many times wider than the later
 *			ones; those that leave the panel are cut at its edge, and the
 *			heading says so.  Values are never cut.
 * R-HIS-4	Where a run has no figure line and band are interrupted.
 */
#ifndef JRN_CHART_HISTORY_H
#define JRN_CHART_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

/*
 * A row per run and strategy, in any order (those of the same strategy and
 * time stay as they are); NaN and NULL: not known.
 */
typedef struct jrn_history_rows
{
	size_t		count;
	const int64_t *at;			/* microseconds since 2000-01-01 UTC */
	const char *const *strategy;
	const double *value;
	const double *low;
	const double *high;
	const char *const *state;
	double		threshold_low;	/* NaN: none */
	double		threshold_high;
	const char *title;			/* NULL: "Difference over time" */
} jrn_history_rows;

/* JRN_LIMIT above 200,000 rows or 500 strategies. */
extern jrn_status jrn_chart_history(const jrn_env *env, const jrn_history_rows *rows, double width,
									bool ascii, const char **bytes, size_t *size);

#endif							/* JRN_CHART_HISTORY_H */
