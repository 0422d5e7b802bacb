/*
 * journey.c
 *		Module entry: the magic block and the two settings.
 *
 * Settings hold a budget and verbosity only; nothing that changes a result is
 * a setting (see doc/internals.md).
 */
#include "pg/compat.h"
#include "pg/host.h"
#include "pg/progress.h"

#include <limits.h>

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	DefineCustomIntVariable("journey.memory_limit",
							"Memory a call of journey may use before it spills to temporary files.",
							"-1 means maintenance_work_mem. The answer does not depend on it.",
							&journey_memory_limit_kb,
							-1, -1, INT_MAX / 2,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("journey.progress",
							 "Report the progress of calls longer than a second as NOTICE.",
							 NULL,
							 &journey_progress_on,
							 false,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("journey");
}
