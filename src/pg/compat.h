/*
 * compat.h
 *		Every difference between PostgreSQL 14 and 18 that we meet, each with
 *		the version that will let its lines go.
 */
#ifndef JOURNEY_COMPAT_H
#define JOURNEY_COMPAT_H

#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/tuplestore.h"

#if PG_VERSION_NUM < 140000
#error "journey needs PostgreSQL 14 or later"
#endif

/* 16 moved the varlena macros out of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 15 reserves the prefix of an extension's settings; goes with 14. */
#if PG_VERSION_NUM < 150000
#define MarkGUCPrefixReserved(prefix) EmitWarningsOnPlaceholders(prefix)
#endif

/* 15 tells it in utils/array.h; goes with 14. */
#if PG_VERSION_NUM < 150000
#define MaxArraySize ((Size) (MaxAllocSize / sizeof(Datum)))
#endif

/* 16 gives names a place for soft errors; goes with 15.  (utils/regproc.h) */
#if PG_VERSION_NUM >= 160000
#define journey_name_list(text) stringToQualifiedNameList((text), NULL)
#else
#define journey_name_list(text) stringToQualifiedNameList(text)
#endif

/* 15 wants to know of a bound beforehand; goes with 14, which has false there. */
#if PG_VERSION_NUM < 150000
#define TUPLESORT_ALLOWBOUNDED false
#endif

/* 16 asks whether to copy; goes with 15.  A copy in the caller's context.  (utils/tuplesort.h) */
#if PG_VERSION_NUM >= 160000
#define journey_sorted_datum(sort, value, null) tuplesort_getdatum((sort), true, true, (value), (null), NULL)
#else
#define journey_sorted_datum(sort, value, null) tuplesort_getdatum((sort), true, (value), (null), NULL)
#endif

/*
 * Prepare a materialized set-returning function: rsinfo->setResult and
 * rsinfo->setDesc are ready afterwards.  15 brings it with the server, under
 * another name in its first minors; goes with 14.
 */
#if PG_VERSION_NUM >= 150000
#define journey_init_materialized(fcinfo) InitMaterializedSRF((fcinfo), 0)
#else
static inline void
journey_init_materialized(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;
	TupleDesc	desc;

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo) ||
		(rsinfo->allowedModes & SFRM_Materialize) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	rsinfo->returnMode = SFRM_Materialize;
	rsinfo->setResult = tuplestore_begin_heap((rsinfo->allowedModes & SFRM_Materialize_Random) != 0,
											  false, work_mem);
	rsinfo->setDesc = desc;
	MemoryContextSwitchTo(old);
}
#endif

#endif							/* JOURNEY_COMPAT_H */
