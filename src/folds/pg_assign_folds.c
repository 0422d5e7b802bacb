/*
 * pg_assign_folds.c
 *		assign_folds: folds over the keys of a source (requirements: assign.h).
 *
 * Only the key and the strata are read.  Rows of a key are counted in a
 * dictionary of the distinct keys, which with the strata's codes of every row
 * is all that is kept; then each repeat hashes the keys under its own seed,
 * deals them, and writes them in canonical order.
 */
#include "../pg/compat.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../events/labels.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/source.h"
#include "balanced.h"
#include "pg_row_keys.h"
#include "pg_strata.h"

/* hash and ntile are the core's; balanced is dealt by a rule of its own. */
typedef enum assign_method
{
	ASSIGN_HASH,
	ASSIGN_NTILE,
	ASSIGN_BALANCED
} assign_method;

typedef struct assign_call
{
	/* arguments */
	char	   *source;
	char	   *key_name;
	int32		k;
	int32		repeats;
	uint64		seed;
	assign_method method;
	journey_strata strata;

	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	journey_row_keys keys;
	int64	   *rows;			/* by code */
	size_t		rows_capacity;
	uint32_t   *cells;			/* with strata: code of the key, codes of the values */
	size_t		cell_count;
	size_t		cell_capacity;
} assign_call;

/* ---- arguments ---- */

static assign_method
arg_method(FunctionCallInfo fcinfo, int number)
{
	char	   *method = journey_arg_cstring_required(fcinfo, number, "method");

	if (strcmp(method, "hash") == 0)
		return ASSIGN_HASH;
	if (strcmp(method, "ntile") == 0)
		return ASSIGN_NTILE;
	if (strcmp(method, "balanced") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized method \"%s\"", method),
				 errhint("Pass 'hash', 'ntile' or 'balanced'.")));
	return ASSIGN_BALANCED;
}

static void
read_arguments(FunctionCallInfo fcinfo, assign_call *call)
{
	call->source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->key_name = journey_arg_cstring_required(fcinfo, 1, "key");
	call->k = journey_arg_int(fcinfo, 2, "k", 1, PG_INT32_MAX);
	call->method = arg_method(fcinfo, 3);
	journey_strata_arg(fcinfo, 4, &call->strata);
	if (call->strata.columns > 0 && call->method != ASSIGN_BALANCED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("strata need method \"balanced\", the method is \"%s\"",
						call->method == ASSIGN_HASH ? "hash" : "ntile"),
				 errhint("Pass method => 'balanced', or leave strata out.")));
	call->repeats = journey_arg_int(fcinfo, 5, "repeats", 1, JOURNEY_MAX_REPEATS);
	journey_arg_not_null(fcinfo, 6, "seed");
	call->seed = (uint64) PG_GETARG_INT64(6);
}

/* ---- keys and their rows ---- */

/* Which key and which strata a row counts for. */
static void
read_strata(assign_call *call, TupleTableSlot *slot, uint32_t code)
{
	uint32_t	codes[JOURNEY_MAX_STRATA_COLUMNS];
	int			i;

	journey_strata_read(&call->strata, slot, codes);
	for (i = -1; i < call->strata.columns; i++)
	{
		journey_check(jrn_grow_array(&call->env, call->cell_count, &call->cell_capacity,
									 sizeof(uint32_t), &call->cells), "reading strata");
		call->cells[call->cell_count++] = i < 0 ? code : codes[i];
	}
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	assign_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	size_t		known = call->keys.count;
	uint32_t	code = journey_row_keys_read(&call->keys, slot);

	if (code == known)
	{
		journey_check(jrn_grow_array(&call->env, known, &call->rows_capacity, sizeof(int64),
									 &call->rows), "reading keys");
		call->rows[code] = 0;
	}
	call->rows[code]++;
	if (call->strata.columns > 0)
		read_strata(call, slot, code);
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_keys(assign_call *call)
{
	call->from = journey_source_open(call->source);
	journey_row_keys_open(&call->keys, call->from, call->key_name, &call->env);
	journey_strata_open(&call->strata, call->from, &call->env);
	journey_source_run(call->from, read_row, call);
	journey_strata_rank(&call->strata);
	journey_source_close(call->from);
	if (call->keys.dictionary.count > 0 && (size_t) call->k > call->keys.dictionary.count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but column \"%s\" has only %zu distinct keys",
						call->k, call->key_name, call->keys.dictionary.count),
				 errhint("Every fold needs at least one key.")));
}

/* ---- folds ---- */

typedef struct assign_arrays
{
	jrn_fold_groups groups;
	jrn_balanced_groups balanced;
	uint64_t   *hashes;
	uint64_t   *turns;
	const char **keys;
	size_t	   *key_sizes;
	size_t	   *order;
	int32_t    *folds;
} assign_arrays;

static void
make_arrays(assign_call *call, assign_arrays *arrays)
{
	size_t		n = call->keys.dictionary.count;
	size_t		i;

	arrays->hashes = MemoryContextAllocHuge(call->context, n * sizeof(uint64_t));
	arrays->keys = MemoryContextAllocHuge(call->context, n * sizeof(char *));
	arrays->key_sizes = MemoryContextAllocHuge(call->context, n * sizeof(size_t));
	arrays->order = MemoryContextAllocHuge(call->context, n * sizeof(size_t));
	arrays->folds = MemoryContextAllocHuge(call->context, n * sizeof(int32_t));
	for (i = 0; i < n; i++)
	{
		arrays->keys[i] = call->keys.dictionary.list[i].bytes;
		arrays->key_sizes[i] = call->keys.dictionary.list[i].size;
	}
	arrays->groups.n = n;
	arrays->groups.hashes = arrays->hashes;
	arrays->groups.keys = arrays->keys;
	arrays->groups.key_sizes = arrays->key_sizes;
	arrays->groups.rows = call->rows;
}

/* R-STRATA-3: the stratum of every value of a column, or -1. */
static void
choose_strata(assign_call *call, int column, int *stratum_of_code, size_t *strata)
{
	const jrn_labels *values = &call->strata.values[column];
	size_t		width = 1 + (size_t) call->strata.columns;
	int64	   *rows = palloc0(sizeof(int64) * (values->count + 1));
	size_t		i,
				r;

	for (i = 0; i < call->cell_count; i += width)
		rows[call->cells[i + 1 + column]]++;
	for (i = 0; i < values->count; i++)
	{
		size_t		rarer = 0;

		for (r = 0; r < values->count; r++)
			rarer += rows[r] < rows[i] ||
				(rows[r] == rows[i] && values->rank_of_code[r] < values->rank_of_code[i]);
		stratum_of_code[i] = values->count < 2 ? -1 : (int) (*strata + rarer);
	}
	if (values->count >= 2)
		*strata += values->count;
}

/* Rows per key and stratum. */
static void
count_strata(assign_call *call, assign_arrays *arrays)
{
	int			columns = call->strata.columns;
	size_t		width = 1 + (size_t) columns;
	int		  **stratum_of_code = palloc(sizeof(int *) * Max(columns, 1));
	int64	   *counts;
	size_t		i;
	int			c;

	for (c = 0; c < columns; c++)
	{
		stratum_of_code[c] = palloc(sizeof(int) * (call->strata.values[c].count + 1));
		choose_strata(call, c, stratum_of_code[c], &arrays->balanced.strata);
	}
	journey_check(jrn_alloc_zeroed(&call->env, arrays->groups.n,
								   sizeof(int64) * (arrays->balanced.strata + 1), &counts),
				  "counting strata");
	for (i = 0; arrays->balanced.strata > 0 && i < call->cell_count; i += width)
	{
		if (i % (width * 65536) == 0)
			CHECK_FOR_INTERRUPTS();
		for (c = 0; c < columns; c++)
		{
			int			stratum = stratum_of_code[c][call->cells[i + 1 + c]];

			if (stratum >= 0)
				counts[call->cells[i] * arrays->balanced.strata + stratum]++;
		}
	}
	arrays->balanced.counts = counts;
}

static void
make_balanced(assign_call *call, assign_arrays *arrays)
{
	arrays->turns = MemoryContextAllocHuge(call->context, arrays->groups.n * sizeof(uint64_t));
	arrays->balanced.strata = 0;
	count_strata(call, arrays);
	arrays->balanced.groups = arrays->groups;
	arrays->balanced.turns = arrays->turns;
}

static void
deal_repeat(assign_call *call, assign_arrays *arrays, int32 repeat)
{
	const char *what = "assigning folds";
	jrn_deal_method method = call->method == ASSIGN_NTILE ? JRN_DEAL_NTILE : JRN_DEAL_HASH;

	journey_check(jrn_folds_hash(&call->env, arrays->groups.n, arrays->keys, arrays->key_sizes,
								 call->seed, repeat, arrays->hashes), what);
	/* also the order in which rows are given, whatever the method */
	journey_check(jrn_folds_assign(&call->env, method, call->k, &arrays->groups,
								   arrays->order, arrays->folds), what);
	if (call->method != ASSIGN_BALANCED)
		return;
	journey_check(jrn_folds_hash(&call->env, arrays->groups.n, arrays->keys, arrays->key_sizes,
								 jrn_seed_of_rotation(call->seed, repeat), 1, arrays->turns), what);
	journey_check(jrn_assign_balanced(&call->env, call->k, repeat, &arrays->balanced,
									  arrays->folds), what);
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

		values[0] = CStringGetTextDatum(journey_row_keys_text(&call->keys, (uint32_t) number));
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
	if (call.method == ASSIGN_BALANCED)
		make_balanced(&call, &arrays);
	for (repeat = 1; repeat <= call.repeats; repeat++)
	{
		deal_repeat(&call, &arrays, repeat);
		put_repeat(&call, &arrays, repeat, (ReturnSetInfo *) fcinfo->resultinfo);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
