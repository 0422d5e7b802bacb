/*
 * split_agg.c
 *		What Citus does with an aggregate that it splits over shards, for
 *		servers without Citus (test/slow/split_agg.sh): worker() and coord() are
 *		built as its worker_partial_agg and coord_combine_agg are.
 *
 * R-SPLIT-1	The transition and the combine function are looked up anew for
 *				every row: fn_extra never survives, fn_expr is NULL.
 * R-SPLIT-2	They see the aggregate context of another aggregate than their
 *				own; a state returned by another pointer is copied into it.
 * R-SPLIT-3	The state travels as text, through the type's output and input
 *				function.  Strict functions are treated as the executor does.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

PG_MODULE_MAGIC;

typedef struct box
{
	Oid			agg;
	Oid			transfn;
	Oid			combinefn;
	Oid			finalfn;
	Oid			type;			/* of the state */
	int16		length;
	bool		byval;
	Datum		value;
	bool		null;
	bool		set;			/* whether value has been set at all */
} box;

PGDLLEXPORT PG_FUNCTION_INFO_V1(split_worker_add);
PGDLLEXPORT PG_FUNCTION_INFO_V1(split_worker_end);
PGDLLEXPORT PG_FUNCTION_INFO_V1(split_coord_add);
PGDLLEXPORT PG_FUNCTION_INFO_V1(split_coord_end);

static box *
new_box(MemoryContext context, Oid agg)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(agg));
	Form_pg_aggregate form;
	box		   *b = palloc0(sizeof(box));
	Datum		initial;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR, (errmsg("no aggregate %u", agg)));
	form = (Form_pg_aggregate) GETSTRUCT(tuple);
	b->agg = agg;
	b->transfn = form->aggtransfn;
	b->combinefn = form->aggcombinefn;
	b->finalfn = form->aggfinalfn;
	b->type = form->aggtranstype;
	get_typlenbyval(b->type, &b->length, &b->byval);
	initial = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &b->null);
	b->set = !b->null;
	if (!b->null)
	{
		Oid			input;
		Oid			param;

		getTypeInputInfo(b->type, &input, &param);
		b->value = OidInputFunctionCall(input, TextDatumGetCString(initial), param, -1);
	}
	ReleaseSysCache(tuple);
	MemoryContextSwitchTo(old);
	return b;
}

static box *
box_of(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR, (errmsg("called directly")));
	return PG_ARGISNULL(0) ? new_box(context, PG_GETARG_OID(1)) : (box *) PG_GETARG_POINTER(0);
}

/* R-SPLIT-2 */
static void
keep(FunctionCallInfo fcinfo, box *b, Datum value, bool null)
{
	MemoryContext context;
	MemoryContext old;

	AggCheckCallContext(fcinfo, &context);
	if (!null && !b->byval && (b->null || DatumGetPointer(value) != DatumGetPointer(b->value)))
	{
		old = MemoryContextSwitchTo(context);
		value = datumCopy(value, b->byval, b->length);
		MemoryContextSwitchTo(old);
		if (!b->null)
			pfree(DatumGetPointer(b->value));
	}
	b->value = value;
	b->null = null;
	b->set = true;
}

/* R-SPLIT-1: calls function(state, arguments) by a fresh FmgrInfo. */
static void
step(FunctionCallInfo fcinfo, box *b, Oid function, int n, const NullableDatum *arguments)
{
	LOCAL_FCINFO(inner, FUNC_MAX_ARGS);
	FmgrInfo	info;
	Datum		result;
	int			i;

	fmgr_info(function, &info);
	if (info.fn_strict)
	{
		for (i = 0; i < n; i++)
			if (arguments[i].isnull)
				return;
		if (!b->set)
		{
			/* the first row is the state */
			keep(fcinfo, b, arguments[0].value, false);
			return;
		}
		if (b->null)
			return;
	}
	InitFunctionCallInfoData(*inner, &info, n + 1, fcinfo->fncollation, fcinfo->context, fcinfo->resultinfo);
	inner->args[0].value = b->value;
	inner->args[0].isnull = b->null;
	for (i = 0; i < n; i++)
		inner->args[i + 1] = arguments[i];
	result = FunctionCallInvoke(inner);
	keep(fcinfo, b, result, inner->isnull);
}

/* split_worker_add(internal, oid, record): the arguments travel as a row. */
Datum
split_worker_add(PG_FUNCTION_ARGS)
{
	box		   *b = box_of(fcinfo);
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(2);
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	NullableDatum arguments[FUNC_MAX_ARGS];
	Oid		   *types;
	int			n;
	int			i;

	(void) get_func_signature(b->agg, &types, &n);
	if (n != desc->natts)
		ereport(ERROR, (errmsg("%d arguments, not %d", desc->natts, n)));
	for (i = 0; i < n; i++)
	{
		if (TupleDescAttr(desc, i)->atttypid != types[i])
			ereport(ERROR, (errmsg("argument %d has another type", i + 1)));
		arguments[i].value = GetAttributeByNum(row, i + 1, &arguments[i].isnull);
	}
	ReleaseTupleDesc(desc);
	step(fcinfo, b, b->transfn, n, arguments);
	PG_RETURN_POINTER(b);
}

/* R-SPLIT-3 */
Datum
split_worker_end(PG_FUNCTION_ARGS)
{
	box		   *b = PG_ARGISNULL(0) ? NULL : (box *) PG_GETARG_POINTER(0);
	Oid			output;
	bool		varlena;

	if (b == NULL || b->null)
		PG_RETURN_NULL();
	getTypeOutputInfo(b->type, &output, &varlena);
	PG_RETURN_TEXT_P(cstring_to_text(OidOutputFunctionCall(output, b->value)));
}

/* split_coord_add(internal, oid, text, anyelement): the state of one shard. */
Datum
split_coord_add(PG_FUNCTION_ARGS)
{
	box		   *b = box_of(fcinfo);
	NullableDatum state;
	Oid			input;
	Oid			param;

	state.value = 0;
	state.isnull = PG_ARGISNULL(2);
	if (!state.isnull)
	{
		getTypeInputInfo(b->type, &input, &param);
		state.value = OidInputFunctionCall(input, text_to_cstring(PG_GETARG_TEXT_PP(2)), param, -1);
	}
	step(fcinfo, b, b->combinefn, 1, &state);
	PG_RETURN_POINTER(b);
}

/* split_coord_end(internal, oid, text, anyelement) */
Datum
split_coord_end(PG_FUNCTION_ARGS)
{
	box		   *b = PG_ARGISNULL(0) ? NULL : (box *) PG_GETARG_POINTER(0);
	LOCAL_FCINFO(inner, 1);
	FmgrInfo	info;
	Datum		result;

	if (b == NULL)
		PG_RETURN_NULL();
	fmgr_info(b->finalfn, &info);
	if (info.fn_strict && b->null)
		PG_RETURN_NULL();
	InitFunctionCallInfoData(*inner, &info, 1, fcinfo->fncollation, fcinfo->context, fcinfo->resultinfo);
	inner->args[0].value = b->value;
	inner->args[0].isnull = b->null;
	result = FunctionCallInvoke(inner);
	if (inner->isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}
