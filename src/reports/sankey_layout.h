/*
 * sankey_layout.h
 *		Where the nodes and bands of a Sankey diagram go (see chart_sankey.h).
 */
#ifndef JRN_SANKEY_LAYOUT_H
#define JRN_SANKEY_LAYOUT_H

#include <stdbool.h>

#include "chart_sankey.h"

typedef enum jrn_sankey_kind
{
	JRN_SANKEY_TOUCHPOINT,
	JRN_SANKEY_OTHER,
	JRN_SANKEY_END
} jrn_sankey_kind;

typedef struct jrn_sankey_node
{
	const char *label;			/* without the number of its step */
	int			column;			/* from 0 */
	jrn_sankey_kind kind;
	double		value;
	size_t		merged;			/* into this node; itself when not */
	size_t		colour;			/* series */
	double		centre;			/* of its bands' sources, then its own, down */
	double		slot;			/* room that it has */
	double		top;			/* of the node itself */
	double		height;
} jrn_sankey_node;

typedef struct jrn_sankey_band
{
	size_t		from;
	size_t		to;
	double		value;
	double		thickness;
	double		from_y;			/* upper edge at both ends */
	double		to_y;
} jrn_sankey_band;

typedef struct jrn_sankey_layout
{
	int			steps;			/* columns that the links speak of */
	int			columns;		/* and that are drawn */
	bool		merged;			/* some touchpoints went into (other) */
	double		height;
	jrn_sankey_node *nodes;		/* by column, in order of drawing; merged ones at the end */
	size_t		node_count;		/* without merged ones */
	jrn_sankey_band *bands;
	size_t		band_count;
} jrn_sankey_layout;

/* most_columns: how many have room side by side, at least 2. */
extern jrn_status jrn_sankey_arrange(const jrn_env *env, const jrn_sankey_link *links, size_t count,
									 int most_columns, jrn_sankey_layout *layout);

#endif							/* JRN_SANKEY_LAYOUT_H */
