/*
 * pg_trees_value.h
 *		journey.trees as a C struct, both ways.
 *
 * The composite is plain data that anyone can build with ROW(...), so reading
 * one checks every field before a tree is walked.  Counted from 1 in SQL:
 * roots[t] is the place of the root of tree t in the arrays of nodes, of which
 * node i has split_features[i] (0: a leaf), thresholds[i], left_children[i]
 * (the right child is the next one), default_left[i], node_values[i], gains[i]
 * and covers[i].  The encoding is that of journey.model.
 */
#ifndef JOURNEY_PG_TREES_VALUE_H
#define JOURNEY_PG_TREES_VALUE_H

#include "../pg/compat.h"

#include "../models/pg_model.h"
#include "trees.h"

/* Datum of journey.trees; desc is that type's. */
extern Datum journey_trees_datum(TupleDesc desc, const jrn_trees *trees,
								 const journey_encoding *encoding);

/*
 * Read and check a journey.trees value into the current memory context: 22023
 * or 22004 naming the field that is wrong.
 */
extern void journey_trees_read(HeapTupleHeader tuple, jrn_trees *trees,
							   journey_encoding *encoding);

#endif							/* JOURNEY_PG_TREES_VALUE_H */
