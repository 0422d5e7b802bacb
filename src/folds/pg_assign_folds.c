/*
 * pg_assign_folds.c
 *		assign_folds: folds over the keys of a source (requirements: assign.h).
 *
 * Only the key column is read.  Rows of a key are counted in a dictionary of
 * the distinct keys, which is all that is kept; then each repeat hashes the
 * keys under its own seed, deals them, and writes them in canonical order.
 */
#include "../pg/compat.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../events/labels.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/source.h"
#include "assign.h"

typedef struct assign_call
{
	/* arguments */
	char	   *source;
	char	   *key_name;
	int32		k;
	int32		repeats;
	uint64		seed;
	jrn_deal_method method;

	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	journey_column key;
	jrn_labels	dictionary;
	int64	   *rows;			/* by code */
	size_t		rows_capacity;
} assign_call;

/* ---- arguments ---- */

static jrn_deal_method
arg_method(FunctionCallInfo fcinfo, int number)
{
	char	   *method = journey_arg_cstring_required(fcinfo, number, "method");

	if (strcmp(method, "hash") == 0)
		return JRN_DEAL_HASH;
	if (strcmp(method, "ntile") == 0)
		return JRN_DEAL_NTILE;
	if (strcmp(method, "balanced") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("method \"balanced\" is not supported"),
				 errhint("Pass 'hash' or 'ntile'.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized method \"%s\"", method),
			 errhint("Pass 'hash' or 'ntile'.")));
	return JRN_DEAL_HASH;
}

static void
read_arguments(FunctionCallInfo fcinfo, assign_call *call)
{
	ArrayType  *strata = PG_ARGISNULL(4) ? NULL : PG_GETARG_ARRAYTYPE_P(4);

	call->source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->key_name = journey_arg_cstring_required(fcinfo, 1, "key");
	call->k = journey_arg_int(fcinfo, 2, "k", 1, PG_INT32_MAX);
	call->method = arg_method(fcinfo, 3);
	if (strata != NULL && ArrayGetNItems(ARR_NDIM(strata), ARR_DIMS(strata)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("strata need method \"balanced\", the method is \"%s\"",
						call->method == JRN_DEAL_HASH ? "hash" : "ntile"),
				 errhint("Leave strata out.")));
	call->repeats = journey_arg_int(fcinfo, 5, "repeats", 1, JOURNEY_MAX_REPEATS);
	journey_arg_not_null(fcinfo, 6, "seed");
	call->seed = (uint64) PG_GETARG_INT64(6);
}

/* ---- keys and their rows ---- */

static void
read_row(void *arg, TupleTableSlot *slot)
{
	assign_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	size_t		known = call->dictionary.count;
	journey_key key;
	uint32_t	code;

	if (journey_column_is_null(&call->key, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						call->key_name, call->from->rows),
				 errhint("Filter rows without a key, or give them a key of their own.")));
	journey_key_read(call->key.key_kind, journey_column_datum(&call->key, slot), &key);
	journey_check(jrn_labels_intern(&call->dictionary, key.bytes, key.size, &code), "reading keys");
	if (code == known)
	{
		journey_check(jrn_grow_array(&call->env, known, &call->rows_capacity, sizeof(int64),
									 &call->rows), "reading keys");
		call->rows[code] = 0;
	}
	call->rows[code]++;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_keys(assign_call *call)
{
	call->from = journey_source_open(call->source);
	call->key = journey_source_column(call->from, call->key_name, JOURNEY_COLUMN_KEY, true);
	journey_check(jrn_labels_begin(&call->dictionary, &call->env), "reading keys");
	journey_source_run(call->from, read_row, call);
	journey_source_close(call->from);
	if (call->dictionary.count > 0 && (size_t) call->k > call->dictionary.count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but column \"%s\" has only %zu distinct keys",
						call->k, call->key_name, call->dictionary.count),
				 errhint("Every fold needs at least one key.")));
}

/* ---- folds ---- */

typedef struct assign_arrays
{
	jrn_fold_groups groups;
	uint64_t   *hashes;
	const char **keys;
	size_t	   *key_sizes;
	size_t	   *order;
	int32_t    *folds;
} assign_arrays;

static void
make_arrays(assign_call *call, assign_arrays *arrays)
{
	size_t		n = call->dictionary.count;
	size_t		i;

	arrays->hashes = MemoryContextAllocHuge(call->context, n * sizeof(uint64_t));
	arrays->keys = MemoryContextAllocHuge(call->context, n * sizeof(char *));
	arrays->key_sizes = MemoryContextAllocHuge(call->context, n * sizeof(size_t));
	arrays->order = MemoryContextAllocHuge(call->context, n * sizeof(size_t));
	arrays->folds = MemoryContextAllocHuge(call->context, n * sizeof(int32_t));
	for (i = 0; i < n; i++)
	{
		arrays->keys[i] = call->dictionary.list[i].bytes;
		arrays->key_sizes[i] = call->dictionary.list[i].size;
	}
	arrays->groups.n = n;
	arrays->groups.hashes = arrays->hashes;
	arrays->groups.keys = arrays->keys;
	arrays->groups.key_sizes = arrays->key_sizes;
	arrays->groups.rows = call->rows;
}

static void
put_repeat(assign_call *call, const assign_arrays *arrays, int32 repeat, ReturnSetInfo *result)
{
	Datum		values[4];
	bool		isnull[4] = {false, false, false, false};
	size_t		i;

	values[1] = Int32GetDatum(repeat);
	for (i = 0; i < arrays->groups.n; i++)
	{
		size_t		number = arrays->order[i];
		MemoryContext old = MemoryContextSwitchTo(call->row_context);

		values[0] = CStringGetTextDatum(journey_key_text(call->key.key_kind, arrays->keys[number],
														 arrays->key_sizes[number]));
		values[2] = Int32GetDatum(arrays->folds[number]);
		values[3] = Int64GetDatum(call->rows[number]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, isnull);
		MemoryContextSwitchTo(old);
		MemoryContextReset(call->row_context);
		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

PG_FUNCTION_INFO_V1(journey_assign_folds);
Datum
journey_assign_folds(PG_FUNCTION_ARGS)
{
	assign_call call;
	assign_arrays arrays;
	int32		repeat;

	memset(&call, 0, sizeof(call));
	read_arguments(fcinfo, &call);
	journey_init_materialized(fcinfo);
	call.context = AllocSetContextCreate(CurrentMemoryContext, "assign folds",
										 ALLOCSET_DEFAULT_SIZES);
	call.row_context = AllocSetContextCreate(call.context, "assign folds row",
											 ALLOCSET_SMALL_SIZES);
	call.env = journey_host_env(call.context);
	read_keys(&call);
	make_arrays(&call, &arrays);
	for (repeat = 1; repeat <= call.repeats; repeat++)
	{
		journey_check(jrn_folds_hash(&call.env, arrays.groups.n, arrays.keys, arrays.key_sizes,
									 call.seed, repeat, arrays.hashes), "assigning folds");
		journey_check(jrn_folds_assign(&call.env, call.method, call.k, &arrays.groups,
									   arrays.order, arrays.folds), "assigning folds");
		put_repeat(&call, &arrays, repeat, (ReturnSetInfo *) fcinfo->resultinfo);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
