/*
 * chart_funnel.h
 *		A funnel as bars: customers at each step, and what share of the first
 *		step and of the step before they are.
 *
 * R-FUN-1	A bar is as long as its customers; behind it, pale, stands what the
 *			step before had, so the difference is who left.
 * R-FUN-2	Figures stand in columns of their own, or above the bars where the
 *			picture is narrow; nothing depends on the length of a name.
 * R-FUN-3	Segments are drawn one below the other on one scale of shares, at
 *			most JRN_FUNNEL_SEGMENTS of them; the rest is counted.
 */
#ifndef JRN_CHART_FUNNEL_H
#define JRN_CHART_FUNNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/env.h"

#define JRN_FUNNEL_SEGMENTS 12

/* More rows than this are refused (JRN_LIMIT). */
#define JRN_FUNNEL_ROWS 10000

typedef struct jrn_funnel_bar
{
	const char *segment;		/* NULL: all customers */
	const char *name;
	int64_t		reached;
	int64_t		entered;		/* customers of the step before; below 0: the last row's */
} jrn_funnel_bar;

/*
 * Draw rows in the order given; a new segment begins where the segment
 * changes.  JRN_DOMAIN for a width outside svg.h's or a negative count.
 */
extern jrn_status jrn_chart_funnel(const jrn_env *env, const jrn_funnel_bar *bars, size_t count,
								   double width, bool ascii, const char **bytes, size_t *size);

#endif							/* JRN_CHART_FUNNEL_H */
