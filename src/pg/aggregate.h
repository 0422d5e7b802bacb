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

#endif							/* JOURNEY_AGGREGATE_H */
