/*
 * pg_feature_window.h
 *		Features of a reference and a current window, read column by column.
 *
 * R-PFW-1	Numbers (any number type) are kept, 8 bytes a value, or counted into
 *			bins where there are any; levels (text, varchar, enum, boolean as
 *			true and false) are counted.  NULLs are counted apart.
 * R-PFW-2	A column that one source lacks, or that has another kind there, is
 *			an error that names column and source.  Where no features are named
 *			they are all usable columns that both sources have.
 * R-PFW-3	NaN and infinity are errors of the reader; its context names the
 *			argument that held the source.
 */
#ifndef JOURNEY_FEATURE_WINDOW_H
#define JOURNEY_FEATURE_WINDOW_H

#include "../pg/compat.h"

#include "utils/array.h"

#include "../events/labels.h"
#include "../pg/host.h"
#include "../pg/source.h"

/* Rows of a level in reference and current. */
typedef struct journey_level_rows
{
	int64		rows[2];
} journey_level_rows;

typedef struct journey_window_feature
{
	const char *name;
	bool		numeric;
	journey_column column[2];
	int64		nulls[2];
	/* numbers */
	double	   *values[2];
	size_t		count[2];
	size_t		capacity[2];
	const double *cuts;			/* with binned: values are counted, not kept */
	int			cut_count;
	int64	   *binned;			/* of the current side, cut_count + 1 */
	/* levels, by code */
	jrn_labels	labels;
	journey_level_rows *levels;
	size_t		level_count;
	size_t		level_capacity;
} journey_window_feature;

typedef struct journey_window
{
	const char *what;			/* the call, for errors */
	MemoryContext context;
	jrn_env		env;
	int64		rows[2];
	journey_window_feature *features;
	int			count;
} journey_window;

/* One side as it is read: which source, which argument gave it. */
typedef struct journey_window_side
{
	journey_source *source;
	const char *argument;		/* "reference_source" */
} journey_window_side;

/* The window may not move afterwards. */
extern void journey_window_begin(journey_window *window, const char *what);

/* Room for features, to be named by the caller. */
extern void journey_window_reserve(journey_window *window, int count);
extern void journey_window_add(journey_window *window, const char *name, bool numeric);

/*
 * Features by names, a text[] that may be NULL or empty for all, in one or two
 * open sources; finds their columns.
 */
extern void journey_window_choose(journey_window *window, ArrayType *names,
								  const journey_window_side *sides, int side_count);

/* Find the column of a feature that is already known. */
extern void journey_window_find(journey_window_feature *feature, const journey_window_side *side, int place);

/* Run a source into side 0 (reference) or 1 (current). */
extern void journey_window_read(journey_window *window, const journey_window_side *side, int place);

/* Code of a level, made when new. */
extern uint32 journey_window_level(journey_window *window, journey_window_feature *feature,
								   const char *bytes, Size size);

/* Values of a side that are not NULL. */
static inline int64
journey_window_values(const journey_window *window, const journey_window_feature *feature, int place)
{
	return window->rows[place] - feature->nulls[place];
}

/* The counts of one side by code, in the current context. */
extern int64_t *journey_window_counts(const journey_window_feature *feature, int place);

#endif							/* JOURNEY_FEATURE_WINDOW_H */
