/*
 * pg_diagrams.c
 *		journey.to_mermaid and journey.to_dot: the heaviest transitions as text
 *		that draws itself.
 *
 * R-DIA-1	The top transitions by count, ties as in transitions; nodes in the
 *			order in which they are first named.
 * R-DIA-2	Labels are data: quotes, brackets, line ends, markup and anything
 *			else in a touchpoint cannot end a label.  Nodes have names of their
 *			own (n0, n1, ...).
 */
#include "pg_maps.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "../pg/args.h"

typedef void (*label_writer) (StringInfo out, const char *bytes, Size size);

static bool
is_word(const char *bytes, Size size, Size at)
{
	unsigned char c = at < size ? (unsigned char) bytes[at] : ' ';

	return c >= 128 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * Whether Mermaid shows a byte as it is.  It reads labels as Markdown too, so
 * "1. chat" would be a list: dots and the like stand as they are inside words
 * only.
 */
static bool
is_plain_for_mermaid(const char *bytes, Size size, Size at)
{
	if (is_word(bytes, size, at) || strchr(" (),'/:!?=", bytes[at]) != NULL)
		return true;
	return strchr("_-.", bytes[at]) != NULL && at > 0 &&
		is_word(bytes, size, at - 1) && is_word(bytes, size, at + 1);
}

/*
 * Mermaid: inside double quotes, with entities by number for what its grammar,
 * Markdown or HTML might read otherwise.
 */
static void
write_mermaid_label(StringInfo out, const char *bytes, Size size)
{
	Size		i;

	for (i = 0; i < size; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (c < ' ' || c == 127)
			appendStringInfoChar(out, ' ');
		else if (is_plain_for_mermaid(bytes, size, i))
			appendStringInfoChar(out, (char) c);
		else
			appendStringInfo(out, "#%d;", c);
	}
}

/* Graphviz: a quoted string knows \" and \\, and entities of HTML. */
static void
write_dot_label(StringInfo out, const char *bytes, Size size)
{
	Size		i;

	for (i = 0; i < size; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (c == '&')
			appendStringInfoString(out, "&amp;");
		else if (c == '"' || c == '\\')
			appendStringInfo(out, "\\%c", c);
		else
			appendStringInfoChar(out, c < ' ' || c == 127 ? ' ' : (char) c);
	}
}

typedef struct diagram
{
	journey_map_call call;
	jrn_transitions map;
	uint32_t   *order;
	size_t		count;			/* transitions drawn */
	int		   *node_of;		/* by label, (start), (end); -1: not yet named */
	int			nodes;
	StringInfoData out;
} diagram;

/* Write the node's declaration when it is named for the first time. */
static int
name_node(diagram *d, uint32 label, const char *format_before, const char *format_after, label_writer writer)
{
	const char *bytes;
	Size		size;

	if (d->node_of[label] >= 0)
		return d->node_of[label];
	d->node_of[label] = d->nodes++;
	journey_map_name(&d->call, label, &bytes, &size);
	appendStringInfo(&d->out, format_before, d->node_of[label]);
	writer(&d->out, bytes, size);
	appendStringInfoString(&d->out, format_after);
	return d->node_of[label];
}

static void
begin_diagram(diagram *d, FunctionCallInfo fcinfo)
{
	int			top = journey_arg_int(fcinfo, 1, "top", 1, 10000);
	journey_event_request request;
	size_t		i;

	memset(d, 0, sizeof(*d));
	memset(&request, 0, sizeof(request));
	initStringInfo(&d->out);
	journey_map_open(&d->call, fcinfo, &request, 2);
	journey_map_transitions(&d->call, &d->map);
	journey_check(jrn_transitions_by_count(&d->map, &d->order, &d->count), "ranking transitions");
	d->count = Min(d->count, (size_t) top);
	d->node_of = MemoryContextAllocExtended(d->call.context, sizeof(int) * ((Size) d->map.labels + 2),
											MCXT_ALLOC_HUGE);
	for (i = 0; i < (size_t) d->map.labels + 2; i++)
		d->node_of[i] = -1;
}

/* Share of the transitions that leave the source, in percent. */
static double
percent(const diagram *d, uint32_t number)
{
	return 100.0 * (double) d->map.list[number].count /
		(double) d->map.leaving[d->map.pairs.list[number].source];
}

PG_FUNCTION_INFO_V1(journey_to_mermaid);
Datum
journey_to_mermaid(PG_FUNCTION_ARGS)
{
	diagram		d;
	size_t		i;

	begin_diagram(&d, fcinfo);
	appendStringInfoString(&d.out, "flowchart LR\n");
	for (i = 0; i < d.count; i++)
	{
		jrn_pair	pair = d.map.pairs.list[d.order[i]];
		int			from = name_node(&d, pair.source, "  n%d[\"", "\"]\n", write_mermaid_label);
		int			to = name_node(&d, pair.target, "  n%d[\"", "\"]\n", write_mermaid_label);

		appendStringInfo(&d.out, "  n%d -->|\"" INT64_FORMAT " (%.0f %%)\"| n%d\n", from,
						 d.map.list[d.order[i]].count, percent(&d, d.order[i]), to);
	}
	journey_map_close(&d.call);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(d.out.data, d.out.len));
}

PG_FUNCTION_INFO_V1(journey_to_dot);
Datum
journey_to_dot(PG_FUNCTION_ARGS)
{
	diagram		d;
	size_t		i;

	begin_diagram(&d, fcinfo);
	appendStringInfoString(&d.out, "digraph journey {\n  rankdir=LR;\n  node [shape=box];\n");
	for (i = 0; i < d.count; i++)
	{
		jrn_pair	pair = d.map.pairs.list[d.order[i]];
		int			from = name_node(&d, pair.source, "  n%d [label=\"", "\"];\n", write_dot_label);
		int			to = name_node(&d, pair.target, "  n%d [label=\"", "\"];\n", write_dot_label);

		appendStringInfo(&d.out, "  n%d -> n%d [label=\"" INT64_FORMAT " (%.0f %%)\"];\n", from, to,
						 d.map.list[d.order[i]].count, percent(&d, d.order[i]));
	}
	appendStringInfoString(&d.out, "}\n");
	journey_map_close(&d.call);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(d.out.data, d.out.len));
}
