/*
 * chart_sankey.h
 *		Journeys as a Sankey diagram: a column per step, a node per touchpoint,
 *		bands as thick as the customers that go along them.
 *
 * R-SAN-1	A node belongs to the column of its step; a step number that its
 *			name begins with ("2. chat") is not repeated.  (end) stands in every
 *			column, for those whose journey ended there: no band crosses a
 *			column.
 * R-SAN-2	Nodes are at least a line of text apart, and one scale serves all
 *			columns.  A column with more nodes than fit gives the smallest ones
 *			to (other), and the picture says so.
 * R-SAN-3	Columns are at least as far apart as a short name needs; steps
 *			beyond that are left out, and the picture says so.
 * R-SAN-4	Columns are ordered by where the bands come from (one barycentre
 *			pass, ties by size, then bytes), (other) and (end) last.  The order
 *			of the links makes no difference.
 */
#ifndef JRN_CHART_SANKEY_H
#define JRN_CHART_SANKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "../core/env.h"

/* More links than this are refused (JRN_LIMIT). */
#define JRN_SANKEY_LINKS 200000

typedef struct jrn_sankey_link
{
	const char *source;
	const char *target;
	double		value;
	int			step;			/* column of the source, from 1 */
} jrn_sankey_link;

/* JRN_DOMAIN: a step below 1, a value outside 0 to 1e15, a missing label, a width outside svg.h's. */
extern jrn_status jrn_chart_sankey(const jrn_env *env, const jrn_sankey_link *links, size_t count,
								   double width, bool ascii, const char **bytes, size_t *size);

#endif							/* JRN_CHART_SANKEY_H */
