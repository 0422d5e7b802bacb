/*
 * sankey_layout.c
 *		Where the nodes and bands of a Sankey diagram go (see chart_sankey.h).
 *
 * Links become entries, one for each end; sorted entries give the nodes, and
 * sums in that order, so that the order of the links makes no difference.
 */
#include "sankey_layout.h"

#include <math.h>
#include <string.h>

#include "../core/sort.h"

/* Room of the picture, of a node with its label, and between two nodes. */
#define HEIGHT_LEAST 200.0
#define HEIGHT_MOST 420.0
#define SLOT_LEAST 18.0
#define GAP 5.0
#define HEIGHT_PER_NODE 30.0
#define NODES_MOST ((size_t) ((HEIGHT_MOST + GAP) / (SLOT_LEAST + GAP)))

/* Customers; sums stay finite. */
#define VALUE_MOST 1e15

/* Steps of a search for the scale. */
#define HALVINGS 60

/* Colours of touchpoints; the grey one is for all others. */
static const size_t colours[] = {0, 1, 2, 3, 4, 6, 7};

#define COLOURS (sizeof(colours) / sizeof(colours[0]))
#define GREY ((size_t) 5)

#define OTHER_LABEL "(other)"
#define END_LABEL "(end)"

/* One end of a link. */
typedef struct entry
{
	int			column;
	jrn_sankey_kind kind;
	const char *label;
	int			is_target;
	double		value;
	size_t		link;
} entry;

typedef struct arranging
{
	const jrn_env *env;
	const jrn_sankey_link *links;
	size_t		count;
	jrn_sankey_layout *layout;
	size_t	   *source_node;	/* by link */
	size_t	   *target_node;
	size_t		all_nodes;		/* with merged ones */
	double		scale;
} arranging;

#define ENTRY_LESS(ctx, x, y) entry_less(&(x), &(y))

static bool
entry_less(const entry *x, const entry *y)
{
	int			order;

	if (x->column != y->column)
		return x->column < y->column;
	if (x->kind != y->kind)
		return x->kind < y->kind;
	order = strcmp(x->label, y->label);
	if (order != 0)
		return order < 0;
	if (x->is_target != y->is_target)
		return x->is_target < y->is_target;
	if (x->value != y->value)
		return x->value < y->value;
	return x->link < y->link;
}

JRN_SORT_DEFINE(sort_entries, entry, void *, ENTRY_LESS)

/* R-SAN-1: "2. chat" in step 2 is "chat". */
static const char *
without_step(const char *label, int step)
{
	const char *at = label;
	int			number = 0;

	while (*at >= '0' && *at <= '9' && number < 100000)
		number = 10 * number + (*at++ - '0');
	return at > label && number == step && at[0] == '.' && at[1] == ' ' && at[2] != '\0' ? at + 2 : label;
}

static void
fill_entry(entry *e, const char *label, int column, int is_target, double value, size_t link)
{
	e->column = column;
	e->label = without_step(label, column + 1);
	e->kind = strcmp(e->label, END_LABEL) == 0 ? JRN_SANKEY_END :
		strcmp(e->label, OTHER_LABEL) == 0 ? JRN_SANKEY_OTHER : JRN_SANKEY_TOUCHPOINT;
	e->is_target = is_target;
	e->value = value;
	e->link = link;
}

static bool
is_drawn(const arranging *a, size_t link)
{
	return a->links[link].step < a->layout->columns && a->links[link].value > 0;
}

static jrn_status
collect_entries(arranging *a, entry **entries, size_t *count)
{
	size_t		i;

	*count = 0;
	JRN_TRY(jrn_alloc_array(a->env, 2 * a->count, sizeof(entry), entries));
	for (i = 0; i < a->count; i++)
	{
		const jrn_sankey_link *link = &a->links[i];

		if (!is_drawn(a, i))
			continue;
		fill_entry(*entries + (*count)++, link->source, link->step - 1, 0, link->value, i);
		fill_entry(*entries + (*count)++, link->target, link->step, 1, link->value, i);
	}
	return sort_entries(a->env, *entries, *count, NULL);
}

/* Nodes of sorted entries; a node is worth the larger of what comes and goes. */
static jrn_status
make_nodes(arranging *a)
{
	jrn_sankey_layout *layout = a->layout;
	entry	   *entries;
	size_t		count;
	size_t		i = 0;

	JRN_TRY(collect_entries(a, &entries, &count));
	/* one more in each column, should (other) be wanted */
	JRN_TRY(jrn_alloc_zeroed(a->env, count + (size_t) layout->columns, sizeof(jrn_sankey_node), &layout->nodes));
	while (i < count)
	{
		jrn_sankey_node *node = &layout->nodes[layout->node_count];
		const entry *first = &entries[i];
		double		sums[2] = {0, 0};

		for (; i < count && entries[i].column == first->column && strcmp(entries[i].label, first->label) == 0; i++)
		{
			(entries[i].is_target ? a->target_node : a->source_node)[entries[i].link] = layout->node_count;
			sums[entries[i].is_target] += entries[i].value;
		}
		node->label = first->label;
		node->column = first->column;
		node->kind = first->kind;
		node->value = sums[0] > sums[1] ? sums[0] : sums[1];
		node->merged = layout->node_count++;
	}
	a->all_nodes = layout->node_count;
	jrn_release(a->env, entries);
	return JRN_OK;
}

/* ---- small nodes into (other) ---- */

#define BY_VALUE_LESS(nodes, x, y) by_value_less(nodes, x, y)

/* Touchpoints before (other) before (end), the larger first. */
static bool
by_value_less(const jrn_sankey_node *nodes, size_t x, size_t y)
{
	const jrn_sankey_node *a = &nodes[x];
	const jrn_sankey_node *b = &nodes[y];

	if (a->column != b->column)
		return a->column < b->column;
	if (a->kind != b->kind)
		return a->kind < b->kind;
	if (a->value != b->value)
		return a->value > b->value;
	return strcmp(a->label, b->label) < 0;
}

JRN_SORT_DEFINE(sort_by_value, size_t, const jrn_sankey_node *, BY_VALUE_LESS)

/* The nodes order[from .. to) are a column; those that do not fit go into its (other). */
static void
merge_column(arranging *a, const size_t *order, size_t from, size_t to)
{
	jrn_sankey_node *nodes = a->layout->nodes;
	size_t		other = (size_t) -1;
	size_t		special = 0;
	size_t		kept;
	size_t		i;

	if (to - from <= NODES_MOST)
		return;
	for (i = from; i < to; i++)
		if (nodes[order[i]].kind != JRN_SANKEY_TOUCHPOINT)
		{
			special++;
			if (nodes[order[i]].kind == JRN_SANKEY_OTHER)
				other = order[i];
		}
	if (other == (size_t) -1)
	{
		other = a->all_nodes++;
		special++;
		nodes[other].label = OTHER_LABEL;
		nodes[other].column = nodes[order[from]].column;
		nodes[other].kind = JRN_SANKEY_OTHER;
		nodes[other].merged = other;
	}
	kept = NODES_MOST - special;
	for (i = from + kept; i < to && nodes[order[i]].kind == JRN_SANKEY_TOUCHPOINT; i++)
	{
		nodes[order[i]].merged = other;
		nodes[other].value += nodes[order[i]].value;
		a->layout->merged = true;
	}
}

/* R-SAN-2 */
static jrn_status
merge_small(arranging *a)
{
	size_t		count = a->layout->node_count;
	size_t	   *order;
	size_t		from;
	size_t		to;

	JRN_TRY(jrn_alloc_array(a->env, count, sizeof(size_t), &order));
	for (from = 0; from < count; from++)
		order[from] = from;
	JRN_TRY(sort_by_value(a->env, order, count, a->layout->nodes));
	for (from = 0; from < count; from = to)
	{
		for (to = from; to < count && a->layout->nodes[order[to]].column == a->layout->nodes[order[from]].column;)
			to++;
		merge_column(a, order, from, to);
	}
	jrn_release(a->env, order);
	return JRN_OK;
}

/* ---- bands ---- */

#define BAND_LESS(ctx, x, y) \
	((x).from != (y).from ? (x).from < (y).from : (x).to != (y).to ? (x).to < (y).to : (x).value < (y).value)

JRN_SORT_DEFINE(sort_bands, jrn_sankey_band, void *, BAND_LESS)

static jrn_status
make_bands(arranging *a)
{
	jrn_sankey_layout *layout = a->layout;
	jrn_sankey_band *bands;
	size_t		count = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(a->env, a->count, sizeof(jrn_sankey_band), &bands));
	for (i = 0; i < a->count; i++)
		if (is_drawn(a, i))
		{
			bands[count].from = layout->nodes[a->source_node[i]].merged;
			bands[count].to = layout->nodes[a->target_node[i]].merged;
			bands[count++].value = a->links[i].value;
		}
	JRN_TRY(sort_bands(a->env, bands, count, NULL));
	for (i = 0; i < count; i++)
	{
		jrn_sankey_band *last = layout->band_count > 0 ? &bands[layout->band_count - 1] : NULL;

		if (last != NULL && last->from == bands[i].from && last->to == bands[i].to)
			last->value += bands[i].value;
		else
			bands[layout->band_count++] = bands[i];
	}
	layout->bands = bands;
	return JRN_OK;
}

/* ---- colours ---- */

#define LABEL_LESS(nodes, x, y) label_less(nodes, x, y)

static bool
label_less(const jrn_sankey_node *nodes, size_t x, size_t y)
{
	int			order = strcmp(nodes[x].label, nodes[y].label);

	return order != 0 ? order < 0 : nodes[x].column < nodes[y].column;
}

JRN_SORT_DEFINE(sort_by_label, size_t, const jrn_sankey_node *, LABEL_LESS)

/* Total of the nodes order[from ..] of one label; *to: behind them. */
static double
label_total(const jrn_sankey_node *nodes, const size_t *order, size_t count, size_t from, size_t *to)
{
	double		total = 0;

	for (*to = from; *to < count && strcmp(nodes[order[*to]].label, nodes[order[from]].label) == 0; (*to)++)
		total += nodes[order[*to]].value;
	return total;
}

/* A touchpoint has one colour in all columns; the largest ones get one. */
static jrn_status
choose_colours(arranging *a)
{
	jrn_sankey_node *nodes = a->layout->nodes;
	size_t	   *order;
	size_t		count = 0;
	size_t		i;
	size_t		next;

	JRN_TRY(jrn_alloc_array(a->env, a->all_nodes, sizeof(size_t), &order));
	for (i = 0; i < a->all_nodes; i++)
	{
		nodes[i].colour = GREY;
		if (nodes[i].kind == JRN_SANKEY_TOUCHPOINT && nodes[i].merged == i)
			order[count++] = i;
	}
	JRN_TRY(sort_by_label(a->env, order, count, nodes));
	for (next = 0; next < COLOURS; next++)
	{
		double		best = 0;
		size_t		at = count;
		size_t		to;

		for (i = 0; i < count; i = to)
		{
			double		total = label_total(nodes, order, count, i, &to);

			if (nodes[order[i]].colour == GREY && total > best)
			{
				best = total;
				at = i;
			}
		}
		if (at == count)
			break;
		label_total(nodes, order, count, at, &to);
		for (i = at; i < to; i++)
			nodes[order[i]].colour = colours[next];
	}
	jrn_release(a->env, order);
	return JRN_OK;
}

/* ---- places ---- */

/* Height that the fullest column takes at a scale. */
static double
height_at(const arranging *a, double scale)
{
	const jrn_sankey_node *nodes = a->layout->nodes;
	double		most = 0;
	int			column;

	for (column = 0; column < a->layout->columns; column++)
	{
		double		height = 0;
		size_t		i;

		for (i = 0; i < a->layout->node_count; i++)
			if (nodes[i].column == column)
				height += GAP + fmax(scale * nodes[i].value, SLOT_LEAST);
		most = fmax(most, height - GAP);
	}
	return most;
}

/* The largest scale at which every column fits. */
static void
choose_scale(arranging *a)
{
	jrn_sankey_layout *layout = a->layout;
	double		largest = 0;
	double		low = 0;
	double		high;
	size_t		fullest = 0;
	size_t		i;
	int			step;

	for (i = 0; i < layout->node_count; i++)
	{
		size_t		j = i;

		while (j < layout->node_count && layout->nodes[j].column == layout->nodes[i].column)
			j++;
		fullest = j - i > fullest ? j - i : fullest;
		largest = fmax(largest, layout->nodes[i].value);
	}
	layout->height = fmin(HEIGHT_MOST, fmax(HEIGHT_LEAST, HEIGHT_PER_NODE * (double) fullest));
	high = largest > 0 ? layout->height / largest : 0;
	for (step = 0; step < HALVINGS; step++)
	{
		double		middle = (low + high) / 2;

		if (height_at(a, middle) <= layout->height)
			low = middle;
		else
			high = middle;
	}
	a->scale = low;
}

#define PLACE_LESS(ctx, x, y) place_less(&(x), &(y))

static bool
place_less(const jrn_sankey_node *x, const jrn_sankey_node *y)
{
	if (x->kind != y->kind)
		return x->kind < y->kind;
	if (x->centre != y->centre)
		return x->centre < y->centre;
	if (x->value != y->value)
		return x->value > y->value;
	return strcmp(x->label, y->label) < 0;
}

JRN_SORT_DEFINE(sort_places, jrn_sankey_node, void *, PLACE_LESS)

/* Nodes without merged ones, by column; bands follow them. */
static jrn_status
drop_merged(arranging *a)
{
	jrn_sankey_layout *layout = a->layout;
	size_t	   *moved;
	jrn_sankey_node *kept;
	size_t		count = 0;
	size_t		i;
	int			column;

	JRN_TRY(jrn_alloc_zeroed(a->env, a->all_nodes, sizeof(size_t), &moved));
	JRN_TRY(jrn_alloc_zeroed(a->env, a->all_nodes, sizeof(jrn_sankey_node), &kept));
	for (column = 0; column < layout->columns; column++)
		for (i = 0; i < a->all_nodes; i++)
			if (layout->nodes[i].column == column && layout->nodes[i].merged == i)
			{
				moved[i] = count;
				kept[count] = layout->nodes[i];
				kept[count].merged = count;
				count++;
			}
	for (i = 0; i < layout->band_count; i++)
	{
		layout->bands[i].from = moved[layout->bands[i].from];
		layout->bands[i].to = moved[layout->bands[i].to];
	}
	layout->nodes = kept;
	layout->node_count = count;
	return JRN_OK;
}

/* Mean centre of the sources of the bands into a node. */
static double
centre_of_sources(const jrn_sankey_layout *layout, const jrn_sankey_node *nodes, size_t node)
{
	double		weighted = 0;
	double		weight = 0;
	size_t		i;

	for (i = 0; i < layout->band_count; i++)
		if (layout->bands[i].to == node)
		{
			weighted += layout->bands[i].value * nodes[layout->bands[i].from].centre;
			weight += layout->bands[i].value;
		}
	return weight > 0 ? weighted / weight : 0;
}

/* Order and places of the nodes from .. to, a column; moved[] follows. */
static jrn_status
place_column(arranging *a, size_t from, size_t to)
{
	jrn_sankey_layout *layout = a->layout;
	double		y = 0;
	size_t		i;
	size_t		j;

	for (i = from; i < to; i++)
	{
		layout->nodes[i].merged = i;
		layout->nodes[i].centre = centre_of_sources(layout, layout->nodes, i);
	}
	JRN_TRY(sort_places(a->env, layout->nodes + from, to - from, NULL));
	for (i = 0; i < layout->band_count; i++)
	{
		jrn_sankey_band *band = &layout->bands[i];
		size_t		new_from = band->from;
		size_t		new_to = band->to;

		for (j = from; j < to; j++)
		{
			if (layout->nodes[j].merged == band->from)
				new_from = j;
			if (layout->nodes[j].merged == band->to)
				new_to = j;
		}
		band->from = new_from;
		band->to = new_to;
	}
	for (i = from; i < to; i++)
	{
		jrn_sankey_node *node = &layout->nodes[i];

		node->merged = i;
		node->height = fmax(a->scale * node->value, 1.5);
		node->slot = fmax(a->scale * node->value, SLOT_LEAST);
		node->top = y + (node->slot - node->height) / 2;
		node->centre = y + node->slot / 2;
		y += node->slot + GAP;
	}
	return JRN_OK;
}

#define BAND_PLACE_LESS(ctx, x, y) ((x).from != (y).from ? (x).from < (y).from : (x).to < (y).to)

JRN_SORT_DEFINE(sort_band_places, jrn_sankey_band, void *, BAND_PLACE_LESS)

/* Bands leave and reach a node in the order of the nodes at their other ends. */
static jrn_status
place_bands(arranging *a)
{
	jrn_sankey_layout *layout = a->layout;
	double	   *left;
	double	   *reached;
	size_t		i;

	JRN_TRY(sort_band_places(a->env, layout->bands, layout->band_count, NULL));
	JRN_TRY(jrn_alloc_zeroed(a->env, layout->node_count, sizeof(double), &left));
	JRN_TRY(jrn_alloc_zeroed(a->env, layout->node_count, sizeof(double), &reached));
	for (i = 0; i < layout->band_count; i++)
	{
		jrn_sankey_band *band = &layout->bands[i];

		band->thickness = a->scale * band->value;
		band->from_y = layout->nodes[band->from].top + left[band->from];
		band->to_y = layout->nodes[band->to].top + reached[band->to];
		left[band->from] += band->thickness;
		reached[band->to] += band->thickness;
	}
	return JRN_OK;
}

static jrn_status
check_links(arranging *a, int most_columns)
{
	size_t		i;

	if (a->count > JRN_SANKEY_LINKS)
		return JRN_LIMIT;
	for (i = 0; i < a->count; i++)
	{
		if (!(a->links[i].value >= 0 && a->links[i].value <= VALUE_MOST) || a->links[i].step < 1 ||
			a->links[i].step >= 100000 || a->links[i].source == NULL || a->links[i].target == NULL)
			return JRN_DOMAIN;
		if (a->links[i].value > 0 && a->links[i].step >= a->layout->steps)
			a->layout->steps = a->links[i].step + 1;
	}
	a->layout->columns = a->layout->steps < most_columns ? a->layout->steps : most_columns;
	return JRN_OK;
}

jrn_status
jrn_sankey_arrange(const jrn_env *env, const jrn_sankey_link *links, size_t count, int most_columns,
				   jrn_sankey_layout *layout)
{
	arranging	a;
	size_t		from;
	size_t		to;

	memset(layout, 0, sizeof(*layout));
	memset(&a, 0, sizeof(a));
	a.env = env;
	a.links = links;
	a.count = count;
	a.layout = layout;
	JRN_TRY(check_links(&a, most_columns));
	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(size_t), &a.source_node));
	JRN_TRY(jrn_alloc_zeroed(env, count, sizeof(size_t), &a.target_node));
	JRN_TRY(make_nodes(&a));
	JRN_TRY(merge_small(&a));
	JRN_TRY(make_bands(&a));
	JRN_TRY(choose_colours(&a));
	JRN_TRY(drop_merged(&a));
	choose_scale(&a);
	for (from = 0; from < layout->node_count; from = to)
	{
		JRN_TICK(env);
		for (to = from; to < layout->node_count && layout->nodes[to].column == layout->nodes[from].column;)
			to++;
		JRN_TRY(place_column(&a, from, to));
	}
	return place_bands(&a);
}
