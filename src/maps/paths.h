/*
 * paths.h
 *		The distinct paths of all journeys: how many customers took each, with
 *		what outcome and how long.
 *
 * Definition: reference/journeys.md 4 and 6.
 *
 * A path is kept as codes of 1, 2 or 4 bytes, as few as the touchpoints
 * allow, the highest byte first: then bytes compare as paths do.  Paths are
 * counted in a table until that holds its share of the memory.  From there on
 * the paths in it are counted as before, while journeys of other paths become
 * records in the spilling store, kept apart by hash; a partition of those is
 * sorted and counted on its own.  Frequent paths come early, so the records
 * are those of rare ones.
 *
 * R-PATH-1	Paths are compared element by element, not by a hash alone.
 * R-PATH-2	Ranked by customers; ties in byte order, the shorter first.
 * R-PATH-3	Transforms: ALL keeps every event, EXPOSURE counts a run of the same
 *			touchpoint once, UNIQUE keeps first occurrences.
 * R-PATH-4	Table, durations and records hold about 5/16 of the memory limit
 *			together, and a partition of records more while it is counted.  A
 *			path is counted in one of the two places only, its customers in the
 *			order in which they came: figures do not depend on the limit.
 */
#ifndef JRN_PATHS_H
#define JRN_PATHS_H

#include "../events/journey.h"
#include "samples.h"

typedef enum jrn_path_transform
{
	JRN_PATH_ALL,
	JRN_PATH_EXPOSURE,
	JRN_PATH_UNIQUE
} jrn_path_transform;

/* What a visitor sees of a path; valid during the call only. */
typedef struct jrn_path
{
	const unsigned char *codes;
	size_t		size;			/* bytes of codes */
	int64_t		customers;
	int64_t		known;			/* with an outcome */
	double		outcome_sum;	/* added in canonical order of customers */
	double		median_seconds;
} jrn_path;

/* A path in the table; its codes follow. */
typedef struct jrn_path_entry
{
	uint64_t	hash;
	size_t		size;
	int64_t		customers;
	int64_t		known;
	double		outcome_sum;
} jrn_path_entry;

typedef jrn_status (*jrn_path_visitor) (void *arg, const jrn_path *path);

typedef struct jrn_paths
{
	const jrn_env *env;
	jrn_path_transform transform;
	size_t		width;			/* bytes of a code */
	size_t		table_limit;
	jrn_store	arena;			/* entries, which stay where they are */
	jrn_path_entry **list;		/* by number, in order of appearance */
	size_t		count;
	size_t		capacity;
	uint32_t   *slots;			/* number + 1 */
	size_t		slot_count;
	unsigned char *scratch;		/* the path at hand */
	size_t		scratch_capacity;
	uint64_t   *seen;			/* UNIQUE: customer that last had the label */
	uint64_t	customers;
	jrn_samples durations;		/* microseconds, by number of the path */
	jrn_store	records;		/* journeys of paths beyond the table */
	jrn_path_visitor visitor;
	void	   *visitor_arg;
} jrn_paths;

/*
 * Two files, because a store is alone in its own; both NULL: all in memory.
 * labels: codes of events are below it.
 */
extern jrn_status jrn_paths_begin(jrn_paths *paths, const jrn_env *env, const jrn_file *durations,
								  const jrn_file *records, uint32_t labels,
								  jrn_path_transform transform, size_t memory_limit);

/* One journey; outcome NaN: censored, or none. */
extern jrn_status jrn_paths_add(jrn_paths *paths, const jrn_event *events, size_t n, double outcome);

/* Visit every path, in no order that means anything, and give the memory back; call once. */
extern jrn_status jrn_paths_visit(jrn_paths *paths, jrn_path_visitor visitor, void *arg);

/* Elements of a path, and the label of one of them. */
static inline size_t
jrn_path_length(const jrn_paths *paths, const jrn_path *path)
{
	return path->size / paths->width;
}

static inline uint32_t
jrn_path_label(const jrn_paths *paths, const jrn_path *path, size_t i)
{
	const unsigned char *code = path->codes + i * paths->width;
	uint32_t	value = 0;
	size_t		b;

	for (b = 0; b < paths->width; b++)
		value = value << 8 | code[b];
	return value - 1;
}

/*
 * A path as bytes that, compared as such, rank it (R-PATH-2), and that hold
 * all there is to know about it: for a sort that need not know more.  packed
 * has room for jrn_path_packed_size bytes; unpacking points into them.
 */
extern size_t jrn_path_packed_size(const jrn_paths *paths, const jrn_path *path);
extern void jrn_path_pack(const jrn_paths *paths, const jrn_path *path, unsigned char *packed);
extern void jrn_path_unpack(const jrn_paths *paths, const unsigned char *packed, size_t size,
							jrn_path *path);

#endif							/* JRN_PATHS_H */
