/*
 * pg_frozen_bins.h
 *		Stored bins of a reference (rows of reference_bins), read again.
 *
 * R-FBR-1	Rows come in any order.  Of each feature: bin 0 at most once, bins
 *			from 1 without gaps or doubles; uppers ascending, NULL in the last
 *			one only; or labels, each once.  n is a whole number from 0 to 2^53.
 *			Anything else is an error (22023) that names the feature.
 * R-FBR-2	Features are ordered by their names' bytes.
 */
#ifndef JOURNEY_FROZEN_BINS_H
#define JOURNEY_FROZEN_BINS_H

#include "pg_feature_window.h"

#define JOURNEY_OTHER_LABEL "(other)"

/* One feature's bins. */
typedef struct journey_frozen_feature
{
	const char *name;
	bool		numeric;
	int64		nulls;
	int			count;			/* bins from 1 */
	double	   *uppers;			/* numbers: count - 1 cuts */
	const char **labels;		/* levels: count labels */
	int			other;			/* levels: index of '(other)', or count */
	int64	   *n;				/* count + 1, the last one 0 */
} journey_frozen_feature;

/* Read and check; the features live in context. */
extern journey_frozen_feature *journey_frozen_bins_read(const char *query, const char *argument,
														MemoryContext context, int *count);

#endif							/* JOURNEY_FROZEN_BINS_H */
