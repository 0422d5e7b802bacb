/*
 * chart_forest.h
 *		Forest plot: the difference of every strategy to the baseline with its
 *		interval.
 *
 * R-FOR-1	A strategy without a difference is not drawn; its status says in
 *			words why.
 * R-FOR-2	The thick line is the interval of one difference, the thin one that
 *			of all differences at once; the zero line is always within sight.
 * R-FOR-3	Nothing depends on colour alone: what an interval says stands beside
 *			it in words.
 */
#ifndef JRN_CHART_FOREST_H
#define JRN_CHART_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

/* Rows in the order in which they are drawn; NaN, NULL and n below 0: not known. */
typedef struct jrn_forest
{
	size_t		count;
	const char *const *strategy;
	const char *const *baseline;
	const int64_t *n;
	const double *difference;
	const double *low;
	const double *high;
	const double *all_low;
	const double *all_high;
	const char *const *status;
	const char *const *verdict;
} jrn_forest;

/* JRN_LIMIT above 10000 rows; JRN_DOMAIN for a width outside svg.h's. */
extern jrn_status jrn_chart_forest(const jrn_env *env, const jrn_forest *forest, double width, bool ascii,
								   const char **bytes, size_t *size);

/* A status of compare_strategies() in words a reader understands. */
extern const char *jrn_status_words(const char *status, char *out, size_t size);

#endif							/* JRN_CHART_FOREST_H */
