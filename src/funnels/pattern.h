/*
 * pattern.h
 *		The pattern language of sequence_match and its relatives, from text to
 *		a graph that can be walked row by row.
 *
 * Definition: reference/journeys.md, 3.1.
 *
 *		pattern		= [ "(?w" ("<=" | "<") time ")" ] choice
 *		choice		= sequence { "|" sequence }
 *		sequence	= { row [ repeat ] | join }
 *		row			= "(?" number ")" | "." | "(" choice ")"
 *		repeat		= "{" n "}" | "{" n "," "}" | "{" n "," m "}"
 *		join		= ".*" | "(?t" ("<=" | "<" | ">=" | ">" | "==") time ")"
 *		time		= seconds | { amount unit } | hours ":" minutes [ ":" seconds ]
 *
 * White space may stand between any two of these.
 *
 * R-PAT-1	A match is a chain of rows, each later in canonical order than the
 *			one before.  Neighbours of a chain follow each other directly,
 *			unless a join stands between them: ".*" lets any rows lie between,
 *			and so does a time condition, which limits the time between the two.
 *			Joins next to each other hold together.
 * R-PAT-2	A match begins and ends anywhere: a leading or a trailing ".*"
 *			changes nothing.  A time condition needs a row on both sides.
 * R-PAT-3	A pattern that a chain of no rows would match is refused.
 * R-PAT-4	Time has one length: seconds, or units up to weeks, a day being 24
 *			hours.  Months and years have none and are refused.
 * R-PAT-5	Every refusal says what is wrong and at which byte.
 *
 * The graph is the pattern's position automaton: one position per row of the
 * pattern, repetitions written out, and edges that carry the join.
 */
#ifndef JRN_PATTERN_H
#define JRN_PATTERN_H

#include <stdbool.h>

#include "condition_list.h"

#define JRN_PATTERN_ANY (-1)	/* condition of "." */
#define JRN_PATTERN_MAX_SIZE 65536	/* bytes of the text */
#define JRN_PATTERN_MAX_REPEAT 1000
#define JRN_PATTERN_MAX_POSITIONS 4096
#define JRN_PATTERN_MAX_EDGES 65536
#define JRN_PATTERN_MAX_DEPTH 100

typedef enum jrn_join_kind
{
	JRN_JOIN_NEXT,				/* the row directly before */
	JRN_JOIN_ANY,				/* any row before */
	JRN_JOIN_TIME				/* any row before by low .. high microseconds */
} jrn_join_kind;

typedef struct jrn_pattern_edge
{
	uint32_t	from;			/* positions */
	uint32_t	to;
	jrn_join_kind kind;
	int64_t		low;			/* of JRN_JOIN_TIME, both inclusive, from 0 */
	int64_t		high;			/* INT64_MAX: no upper limit */
} jrn_pattern_edge;

typedef struct jrn_pattern_position
{
	int			condition;		/* 0 .. 63, or JRN_PATTERN_ANY */
	bool		first;			/* a chain may begin here */
	bool		last;			/* a chain may end here */
	uint32_t	in_begin;		/* edges[in_begin .. in_end) lead here */
	uint32_t	in_end;
	uint32_t	out_begin;		/* out[out_begin .. out_end) lead away */
	uint32_t	out_end;
} jrn_pattern_position;

typedef struct jrn_pattern
{
	uint32_t	n_positions;
	uint32_t	n_edges;
	jrn_pattern_position *positions;
	jrn_pattern_edge *edges;	/* by (to, from) */
	uint32_t   *out;			/* numbers of edges, by (from, to) */
	int64_t		chain_limit;	/* of (?w): INT64_MAX without */
	int			highest_condition;	/* the largest N of (?N), 0 without */
	size_t		highest_at;		/* byte at which it stands */
} jrn_pattern;

/* Why a pattern was refused; message is a constant. */
typedef struct jrn_pattern_error
{
	const char *message;
	size_t		at;				/* byte, from 0 */
} jrn_pattern_error;

/*
 * JRN_DOMAIN, with *error filled, for a text that is not a pattern, JRN_LIMIT,
 * with *error filled, for one whose graph is too large.
 */
extern jrn_status jrn_pattern_compile(const jrn_env *env, const char *text, size_t size,
									  jrn_pattern *out, jrn_pattern_error *error);

/* ---- between the parser (pattern.c) and the graph (pattern_graph.c) ---- */

typedef enum jrn_node_kind
{
	JRN_NODE_ROW,				/* condition */
	JRN_NODE_JOIN,				/* join, low, high */
	JRN_NODE_SEQUENCE,			/* children in order */
	JRN_NODE_CHOICE,			/* one of the children */
	JRN_NODE_REPEAT				/* the child, least to most times */
} jrn_node_kind;

#define JRN_NO_NODE UINT32_MAX

typedef struct jrn_node
{
	jrn_node_kind kind;
	size_t		at;				/* byte of the text */
	int			condition;
	jrn_join_kind join;
	int64_t		low;
	int64_t		high;
	int			least;
	int			most;			/* -1: without limit */
	uint32_t	first_child;
	uint32_t	last_child;
	uint32_t	sibling;
} jrn_node;

extern jrn_status jrn_pattern_graph(const jrn_env *env, const jrn_node *nodes, uint32_t root,
									jrn_pattern *out, jrn_pattern_error *error);

/* A time of the pattern: *at moves behind it.  See pattern_time.c. */
extern jrn_status jrn_pattern_time(const char *text, size_t size, size_t *at,
								   int64_t *microseconds, jrn_pattern_error *error);

#endif							/* JRN_PATTERN_H */
