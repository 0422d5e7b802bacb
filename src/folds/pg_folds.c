/*
 * pg_folds.c
 *		SQL binding of the scalar fold functions: hash64, fold, split,
 *		bootstrap_weight over bigint, uuid, text and bytea keys.
 *
 * One reader per key type; the work is in src/core/hash.c.  The functions are
 * not STRICT, because a STRICT function would turn a NULL key into a NULL
 * fold without a word.
 */
#include "../pg/compat.h"

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#include "../core/hash.h"
#include "../pg/args.h"
#include "../pg/keys.h"

/* Hash of the key in argument 0 under a derived or plain seed. */
static uint64
hash_of_key(FunctionCallInfo fcinfo, journey_key_kind kind, uint64 seed)
{
	journey_key key;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("key must not be null"),
				 errhint("Filter rows without a key, or give them a key of their own.")));
	if (kind == JOURNEY_KEY_INT8)
		return jrn_hash_u64((uint64) PG_GETARG_INT64(0), seed);
	journey_key_read(kind, PG_GETARG_DATUM(0), &key);
	return jrn_hash_bytes(key.bytes, key.size, seed);
}

static uint64
arg_seed(FunctionCallInfo fcinfo, int number)
{
	journey_arg_not_null(fcinfo, number, "seed");
	return (uint64) PG_GETARG_INT64(number);
}

static Datum
hash64_of(FunctionCallInfo fcinfo, journey_key_kind kind)
{
	PG_RETURN_INT64((int64) hash_of_key(fcinfo, kind, arg_seed(fcinfo, 1)));
}

/* fold(key, k, seed, repeat) */
static Datum
fold_of(FunctionCallInfo fcinfo, journey_key_kind kind)
{
	int32		k = journey_arg_int(fcinfo, 1, "k", 1, PG_INT32_MAX);
	uint64		seed = arg_seed(fcinfo, 2);
	int32		repeat = journey_arg_int(fcinfo, 3, "repeat", 1, PG_INT32_MAX);

	if (repeat > 1)
		seed = jrn_seed_of_repeat(seed, repeat);
	PG_RETURN_INT32(jrn_hash_fold(hash_of_key(fcinfo, kind, seed), k));
}

/*
 * Fractions of a split: positive, adding up to 1 within 1e-9.  The last are
 * kept with the call site, in a context of their own that goes when others
 * come: fractions may differ from row to row.
 */
typedef struct split_parts
{
	MemoryContext context;
	ArrayType  *source;			/* copy of the argument they came from */
	double	   *fractions;
	int			count;
} split_parts;

static void
check_fractions(const split_parts *parts)
{
	double		sum = 0.0;
	int			i;

	for (i = 0; i < parts->count; i++)
	{
		if (parts->fractions[i] <= 0.0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("fraction %d is %g, it must be greater than 0",
							i + 1, parts->fractions[i])));
		sum += parts->fractions[i];
	}
	if (parts->count == 0 || sum < 1.0 - 1e-9 || sum > 1.0 + 1e-9)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fractions add up to %g, they must add up to 1", sum)));
}

/* Read in a context of their own that moves under parent once complete. */
static split_parts *
new_split_parts(ArrayType *array, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey split",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	split_parts *parts = palloc(sizeof(split_parts));

	parts->context = context;
	parts->fractions = journey_array_doubles(array, "fractions", &parts->count);
	check_fractions(parts);
	parts->source = palloc(VARSIZE(array));
	memcpy(parts->source, array, VARSIZE(array));
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, parent);
	return parts;
}

static split_parts *
arg_split_parts(FunctionCallInfo fcinfo)
{
	split_parts *parts = fcinfo->flinfo->fn_extra;
	split_parts *fresh;
	ArrayType  *array;

	journey_arg_not_null(fcinfo, 1, "fractions");
	array = PG_GETARG_ARRAYTYPE_P(1);
	if (parts != NULL && VARSIZE(parts->source) == VARSIZE(array) &&
		memcmp(parts->source, array, VARSIZE(array)) == 0)
		return parts;
	fresh = new_split_parts(array, fcinfo->flinfo->fn_mcxt);
	fcinfo->flinfo->fn_extra = fresh;
	if (parts != NULL)
		MemoryContextDelete(parts->context);
	return fresh;
}

/* split(key, fractions, seed) */
static Datum
split_of(FunctionCallInfo fcinfo, journey_key_kind kind)
{
	split_parts *parts = arg_split_parts(fcinfo);
	uint64		seed = jrn_seed_derive(arg_seed(fcinfo, 2), "split", 0);

	PG_RETURN_INT32(jrn_hash_part(hash_of_key(fcinfo, kind, seed),
								  parts->fractions, parts->count));
}

/* bootstrap_weight(key, replicate, seed) */
static Datum
bootstrap_weight_of(FunctionCallInfo fcinfo, journey_key_kind kind)
{
	int32		replicate = journey_arg_int(fcinfo, 1, "replicate", 1, PG_INT32_MAX);
	uint64		seed = jrn_seed_derive(arg_seed(fcinfo, 2), "boot", (uint64) replicate);

	PG_RETURN_INT32(jrn_hash_poisson(hash_of_key(fcinfo, kind, seed)));
}

/* One C entry per function and key type. */
#define KEY_FUNCTIONS(suffix, kind) \
PG_FUNCTION_INFO_V1(journey_hash64_##suffix); \
Datum journey_hash64_##suffix(PG_FUNCTION_ARGS) \
{ return hash64_of(fcinfo, kind); } \
PG_FUNCTION_INFO_V1(journey_fold_##suffix); \
Datum journey_fold_##suffix(PG_FUNCTION_ARGS) \
{ return fold_of(fcinfo, kind); } \
PG_FUNCTION_INFO_V1(journey_split_##suffix); \
Datum journey_split_##suffix(PG_FUNCTION_ARGS) \
{ return split_of(fcinfo, kind); } \
PG_FUNCTION_INFO_V1(journey_bootstrap_weight_##suffix); \
Datum journey_bootstrap_weight_##suffix(PG_FUNCTION_ARGS) \
{ return bootstrap_weight_of(fcinfo, kind); }

KEY_FUNCTIONS(int8, JOURNEY_KEY_INT8)
KEY_FUNCTIONS(uuid, JOURNEY_KEY_UUID)
KEY_FUNCTIONS(text, JOURNEY_KEY_TEXT)
KEY_FUNCTIONS(bytea, JOURNEY_KEY_BYTEA)
