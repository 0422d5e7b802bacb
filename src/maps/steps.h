/*
 * steps.h
 *		Where customers are at each position of their journey, and the links
 *		between neighbouring positions.
 *
 * Definition: reference/journeys.md 6 (step matrix, Sankey).
 *
 * R-STEP-1	Every customer is somewhere at every step: at a touchpoint, or in
 *			(end) once the journey is over.  A step's customers add up to all.
 * R-STEP-2	A link leads from step s to step s + 1 or to (end), so the links have
 *			no cycle.  From the last step there are links to (end) only.
 * R-STEP-3	With a top, the touchpoints of a step beyond its top most frequent
 *			ones are one node, (other); ties are broken by byte order.
 */
#ifndef JRN_STEPS_H
#define JRN_STEPS_H

#include <stdbool.h>

#include "../events/journey.h"
#include "pairs.h"

#define JRN_STEPS_MAX 1000

typedef struct jrn_steps
{
	const jrn_env *env;
	uint32_t	labels;			/* (end) is labels, (other) labels + 1 */
	int			steps;
	uint64_t	customers;
	jrn_pairs	places;			/* (step - 1, label) */
	int64_t    *place_count;
	size_t		place_used;
	size_t		place_capacity;
	jrn_pairs	links;			/* (place at step s, label at step s + 1 or (end)) */
	int64_t    *link_count;
	size_t		link_used;
	size_t		link_capacity;
} jrn_steps;

/* One row of a table: a place or a link. */
typedef struct jrn_step_row
{
	int			step;			/* from 1 */
	uint32_t	source;			/* label, or (other) */
	uint32_t	target;			/* links only: label, (other) or (end) */
	int64_t		customers;
} jrn_step_row;

/* with_links: count links too. */
extern jrn_status jrn_steps_begin(jrn_steps *steps, const jrn_env *env, uint32_t labels, int max_steps);
extern jrn_status jrn_steps_add(jrn_steps *steps, const jrn_event *events, size_t n, bool with_links);

/* Places by step, then label, (end) last; rows without customers are left out. */
extern jrn_status jrn_steps_places(jrn_steps *steps, jrn_step_row **rows, size_t *count);

/* Links by step, source, target, with (other) and (end) last. */
extern jrn_status jrn_steps_links(jrn_steps *steps, int top, jrn_step_row **rows, size_t *count);

#endif							/* JRN_STEPS_H */
