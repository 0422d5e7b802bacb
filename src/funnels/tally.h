/*
 * tally.h
 *		From the levels of customers to the rows of a funnel.
 *
 * R-TAL-1	reached(k) is the number of customers with level >= k, so it never
 *			rises from step to step; level is the exact histogram behind it.
 * R-TAL-2	Times to convert are those of the customers who reached the step,
 *			from step 1, and their quantiles are interpolated as the server's
 *			percentile_cont does.
 */
#ifndef JRN_FUNNEL_TALLY_H
#define JRN_FUNNEL_TALLY_H

#include "funnel.h"

/* Seconds from step 1 to a step, of those who reached it. */
typedef struct jrn_funnel_times
{
	double	   *seconds;
	size_t		n;
	size_t		capacity;
} jrn_funnel_times;

typedef struct jrn_funnel_tally
{
	int64_t		level[JRN_FUNNEL_MAX_STEPS + 1];
	int64_t		optional[JRN_FUNNEL_MAX_STEPS]; /* by listed step */
	int64_t		immature;
	int64_t		excluded;
	jrn_funnel_times times[JRN_FUNNEL_MAX_STEPS];	/* by level - 1 */
} jrn_funnel_tally;

/*
 * A customer: level, microseconds of the steps reached, and the optional steps
 * (bits) between them.
 */
extern jrn_status jrn_funnel_tally_add(const jrn_env *env, jrn_funnel_tally *tally, int level,
									   const int64_t *at, uint64_t optional);

extern int64_t jrn_funnel_tally_reached(const jrn_funnel_tally *tally, int level);

/* Sort the times of a level; quantiles are asked after it. */
extern jrn_status jrn_funnel_tally_sort(const jrn_env *env, jrn_funnel_tally *tally, int level);

/* NaN where nobody reached the level. */
extern double jrn_funnel_tally_quantile(const jrn_funnel_tally *tally, int level, double fraction);

#endif							/* JRN_FUNNEL_TALLY_H */
