/*
 * components.h
 *		Connected components of a graph of ids (pure core of
 *		connected_components): households as ids linked by rows.
 *
 * R-COMP-1	Two ids are in one component when a chain of links joins them.
 * R-COMP-2	A component is named by its smallest id by rank; ranks follow the
 *			order that the caller gives ids, so the answer does not depend on
 *			the order of links.
 * R-COMP-3	Union by size with path halving: O(links * inverse Ackermann).
 */
#ifndef JRN_COMPONENTS_H
#define JRN_COMPONENTS_H

#include "../core/env.h"

typedef struct jrn_components
{
	const jrn_env *env;
	uint32_t   *parent;
	uint32_t   *size;
	size_t		count;			/* ids 0 .. count - 1 */
	size_t		parent_capacity;
	size_t		size_capacity;
} jrn_components;

extern void jrn_components_begin(jrn_components *components, const jrn_env *env);

/* Add id number count, alone. */
extern jrn_status jrn_components_add(jrn_components *components);

/* Join the components of two ids. */
extern void jrn_components_link(jrn_components *components, uint32_t a, uint32_t b);

/* R-COMP-2: for every id the id of least rank in its component. */
extern jrn_status jrn_components_names(jrn_components *components, const uint32_t *rank,
									   uint32_t *names);

#endif							/* JRN_COMPONENTS_H */
