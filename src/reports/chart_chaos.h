/*
 * chart_chaos.h
 *		Chaos shares as bars with intervals: where the differences in outcome
 *		are decided.
 *
 * R-CHA-1	The first touch comes first, then touchpoints by share, the largest
 *			at the top, then what stays unresolved; the two that are no moments
 *			have a grey bar and are named in the legend.
 * R-CHA-2	At most JRN_CHAOS_BARS touchpoints; the rest is counted, with the
 *			sum of its shares.
 * R-CHA-3	A share that cannot be given has its status in place of a bar.
 *			Negative shares go to the left of zero.
 */
#ifndef JRN_CHART_CHAOS_H
#define JRN_CHART_CHAOS_H

#include <stdbool.h>
#include <stddef.h>

#include "../core/env.h"

#define JRN_CHAOS_BARS 15

/* More rows than this are refused (JRN_LIMIT). */
#define JRN_CHAOS_ROWS 10000

typedef struct jrn_chaos_bar
{
	const char *touchpoint;
	double		share;			/* NaN: cannot be given */
	double		low;			/* NaN: no interval */
	double		high;
	const char *status;			/* NULL: ok */
} jrn_chaos_bar;

/* JRN_DOMAIN for a width outside svg.h's or a missing touchpoint. */
extern jrn_status jrn_chart_chaos(const jrn_env *env, const jrn_chaos_bar *bars, size_t count,
								  double width, bool ascii, const char **bytes, size_t *size);

#endif							/* JRN_CHART_CHAOS_H */
