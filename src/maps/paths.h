/*
 * paths.h
 *		The distinct paths of all journeys: how many customers took each, with
 *		what outcome and how long.
 *
 * Definition: reference/journeys.md 4 and 6.
 *
 * R-PATH-1	Paths are compared element by element, not by a hash alone.
 * R-PATH-2	Ranked by customers; ties in byte order, the shorter first.
 * R-PATH-3	Transforms: ALL keeps every event, EXPOSURE counts a run of the same
 *			touchpoint once, UNIQUE keeps first occurrences.
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

typedef struct jrn_path
{
	uint64_t	hash;
	const uint32_t *labels;
	size_t		length;
	int64_t		customers;
	int64_t		known;			/* with an outcome */
	double		outcome_sum;	/* added in canonical order of customers */
	double		median_seconds;
} jrn_path;

typedef struct jrn_paths
{
	const jrn_env *env;
	jrn_path_transform transform;
	jrn_path   *list;			/* by number, in order of appearance */
	size_t		count;
	size_t		capacity;
	uint32_t   *slots;			/* number + 1 */
	size_t		slot_count;
	uint32_t   *scratch;		/* the path at hand */
	size_t		scratch_capacity;
	uint64_t   *seen;			/* UNIQUE: customer that last had the label */
	uint64_t	customers;
	jrn_samples durations;		/* microseconds, by number of the path */
} jrn_paths;

extern jrn_status jrn_paths_begin(jrn_paths *paths, const jrn_env *env, const jrn_file *file,
								  uint32_t labels, jrn_path_transform transform, size_t memory_limit);

/* One journey; outcome NaN: censored, or none. */
extern jrn_status jrn_paths_add(jrn_paths *paths, const jrn_event *events, size_t n, double outcome);

/* Medians, and the numbers of the paths by rank; call once. */
extern jrn_status jrn_paths_finish(jrn_paths *paths, uint32_t **order);

#endif							/* JRN_PATHS_H */
