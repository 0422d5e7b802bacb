/*
 * aggregate.h
 *		What every aggregate support function does first.
 */
#ifndef JOURNEY_AGGREGATE_H
#define JOURNEY_AGGREGATE_H

#include "compat.h"

/*
 * The memory context in which an aggregate's state must live.  A support
 * function that is called from SQL outside an aggregate is refused here, in
 * production too.
 */
extern MemoryContext journey_agg_context(FunctionCallInfo fcinfo);

/*
 * A NULL second argument, the state of no row or a row to skip, adds nothing:
 * returns the first one, which may be NULL as well.
 */
#define JOURNEY_AGG_SKIP_NULL() \
	do { \
		if (PG_ARGISNULL(1)) \
		{ \
			if (PG_ARGISNULL(0)) \
				PG_RETURN_NULL(); \
			return PG_GETARG_DATUM(0); \
		} \
	} while (0)

#endif							/* JOURNEY_AGGREGATE_H */
