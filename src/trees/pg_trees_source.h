/*
 * pg_trees_source.h
 *		From a source query to a matrix of bins.
 *
 * R-PTS-1	A feature may be NULL, which is a missing value; target and key may
 *			not.  NaN and infinities are errors everywhere.
 * R-PTS-2	Labels count by their place in byte order, as the levels of a model
 *			do; neighbours in that order can share a side of a split.
 * R-PTS-3	The unit of a row is its key, hashed as fold() hashes it, or without
 *			a key the row's content, so that equal rows stay together.
 * R-PTS-4	Rows wait in a store that spills above journey.memory_limit.  The
 *			matrix lies in memory whatever the limit: 2 bytes a cell, about 60 a
 *			row, and one column of 24 bytes a row while it is binned.
 */
#ifndef JOURNEY_PG_TREES_SOURCE_H
#define JOURNEY_PG_TREES_SOURCE_H

#include "../pg/compat.h"

#include "../core/store.h"
#include "../events/labels.h"
#include "../models/pg_model.h"
#include "../pg/host.h"
#include "../pg/source.h"
#include "trees.h"

typedef struct journey_trees_source
{
	/* what is asked */
	const char *text;
	const char *target_name;
	const char *key_name;		/* NULL: rows are independent */
	char	  **wanted;			/* NULL: every other column */
	int			wanted_count;
	uint64		seed;			/* of the units' hash */
	jrn_trees_family family;
	bool		with_unit;

	/* what is found */
	MemoryContext context;		/* of everything that goes with the call */
	jrn_env		env;
	journey_source *source;
	journey_column target;
	journey_column key;
	journey_column *features;
	bool	   *is_label;
	int		   *monotone;		/* for the caller to set before the rows are read */
	int			feature_count;

	/* rows on their way in */
	MemoryContext row_context;
	jrn_labels *labels;
	jrn_store	store;			/* one partition a column */
	journey_tempfile file;
	double	   *run;			/* up to 256 rows, column by column */
	uint64	   *content;		/* of a row without a key */
	size_t		in_run;
	size_t		rows;

	jrn_tree_matrix matrix;
} journey_trees_source;

/* Find the columns. */
extern void journey_trees_source_open(journey_trees_source *source);

/* Read all rows and bin them; the source query is closed afterwards. */
extern void journey_trees_source_read(journey_trees_source *source);

/* Features and levels, in source->context. */
extern void journey_trees_source_encoding(const journey_trees_source *source,
										  journey_encoding *encoding);

#endif							/* JOURNEY_PG_TREES_SOURCE_H */
