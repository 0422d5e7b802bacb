/*
 * aggregate.c
 *		Guard of aggregate support functions (see aggregate.h).
 */
#include "aggregate.h"

#include "utils/lsyscache.h"

MemoryContext
journey_agg_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (AggCheckCallContext(fcinfo, &context) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("function \"%s\" serves an aggregate and cannot be called directly",
						fcinfo->flinfo == NULL ? "?" :
						get_func_name(fcinfo->flinfo->fn_oid))));
	return context;
}
