/*
 * pg_trees_predict.c
 *		SQL binding of fitted trees: predict, importance.
 *
 * R-PTP-1	A prediction depends on the arguments of its row only.  The parsed
 *			trees stay with the call site, keyed by all bytes of the value (a
 *			stored one: by its toast pointer), and the columns by the identity
 *			of the row type, which changes when the type is altered.
 * R-PTP-2	A NULL in a feature is a missing value and follows the default
 *			direction; NaN and infinities are errors.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "../models/pg_feature_columns.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "pg_trees_value.h"

PG_FUNCTION_INFO_V1(journey_trees_predict);
PG_FUNCTION_INFO_V1(journey_trees_importance);

/* How many trees a call site keeps ready: a join with one per fold alternates. */
#define READY_TREES 16

typedef struct ready_trees
{
	MemoryContext context;		/* of everything below */
	char	   *raw;			/* the value's bytes as they arrived */
	Size		raw_size;
	jrn_trees	trees;
	journey_encoding encoding;
	jrn_level **levels;			/* [features], NULL for those without */
	double	   *x;				/* [features] of the present row */

	/* the row type last seen */
	uint64		row_identity;	/* 0: none yet */
	Oid			row_type;
	int32		row_typmod;
	MemoryContext row_context;
	TupleDesc	row_desc;
	journey_column *columns;
	Datum	   *values;
	bool	   *nulls;
} ready_trees;

typedef struct ready_cache
{
	int			used;
	int			next;			/* the one to give up when all are used */
	int			last;
	ready_trees *entries[READY_TREES];
} ready_cache;

/* What a level that training has not met counts as. */
typedef enum new_level
{
	NEW_LEVEL_ERROR,
	NEW_LEVEL_REFERENCE,
	NEW_LEVEL_MISSING
} new_level;

/* ---- from a value to trees ---- */

/* Parse and check in the current context, which becomes the trees' own. */
static ready_trees *
build(struct varlena *raw)
{
	ready_trees *ready = palloc0(sizeof(ready_trees));
	int			i;

	journey_trees_read(DatumGetHeapTupleHeader(PointerGetDatum(raw)), &ready->trees, &ready->encoding);
	if (isnan(ready->trees.base))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("trees have no base to predict with, their status is \"%s\"",
						jrn_trees_status_name(ready->trees.status)),
				 errhint("Filter trees by their status.")));
	ready->levels = palloc0((Size) (ready->encoding.feature_count + 1) * sizeof(jrn_level *));
	for (i = 0; i < ready->encoding.feature_count; i++)
		ready->levels[i] = journey_feature_levels(&ready->encoding.features[i]);
	ready->x = palloc((Size) (ready->encoding.feature_count + 1) * sizeof(double));
	ready->context = CurrentMemoryContext;
	ready->raw_size = VARSIZE_ANY(raw);
	ready->raw = palloc_extended(ready->raw_size, MCXT_ALLOC_HUGE);
	memcpy(ready->raw, raw, ready->raw_size);
	return ready;
}

/* Build in a context of its own that moves under parent once complete. */
static ready_trees *
new_trees(struct varlena *raw, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey trees predictor",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	ready_trees *ready = build(raw);

	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, parent);
	return ready;
}

static bool
is_same(const ready_trees *ready, const struct varlena *raw)
{
	return ready->raw_size == VARSIZE_ANY(raw) && memcmp(ready->raw, raw, ready->raw_size) == 0;
}

static ready_trees *
ready_trees_of(FunctionCallInfo fcinfo)
{
	ready_cache *cache = fcinfo->flinfo->fn_extra;
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(0);
	ready_trees *ready;
	int			i;

	if (VARATT_IS_EXTERNAL(raw) && !VARATT_IS_EXTERNAL_ONDISK(raw))
		raw = (struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	if (cache == NULL)
		cache = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
																  sizeof(ready_cache));
	if (cache->used > 0 && is_same(cache->entries[cache->last], raw))
		return cache->entries[cache->last];
	for (i = 0; i < cache->used; i++)
		if (is_same(cache->entries[i], raw))
		{
			cache->last = i;
			return cache->entries[i];
		}
	ready = new_trees(raw, fcinfo->flinfo->fn_mcxt);
	if (cache->used < READY_TREES)
		i = cache->used++;
	else
	{
		i = cache->next;
		cache->next = (cache->next + 1) % READY_TREES;
		MemoryContextDelete(cache->entries[i]->context);
	}
	cache->last = i;
	return cache->entries[i] = ready;
}

/* ---- columns of a row ---- */

/* Match columns by name; once per row type. */
static void
map_columns(ready_trees *ready, Oid type, int32 typmod, uint64 identity)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey trees row type",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	TupleDesc	desc = lookup_rowtype_tupdesc(type, typmod);
	int			count = ready->encoding.feature_count;
	journey_column *columns = palloc_extended((Size) (count + 1) * sizeof(journey_column), MCXT_ALLOC_HUGE);
	int			i;

	for (i = 0; i < count; i++)
	{
		columns[i] = journey_feature_column(desc, &ready->encoding.features[i], "the trees need");
		CHECK_FOR_INTERRUPTS();
	}
	/* all columns are there: give up what was known of another row type */
	ready->row_identity = 0;
	if (ready->row_context != NULL)
		MemoryContextDelete(ready->row_context);
	MemoryContextSetParent(context, ready->context);
	ready->row_context = context;
	ready->columns = columns;
	ready->row_desc = CreateTupleDescCopy(desc);
	ready->values = palloc((Size) Max(desc->natts, 1) * sizeof(Datum));
	ready->nulls = palloc((Size) Max(desc->natts, 1) * sizeof(bool));
	ready->row_type = type;
	ready->row_typmod = typmod;
	ready->row_identity = identity;
	MemoryContextSwitchTo(old);
	ReleaseTupleDesc(desc);
}

static void
read_row(ready_trees *ready, HeapTupleHeader row)
{
	Oid			type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	uint64		identity = assign_record_type_identifier(type, typmod);
	HeapTupleData tuple;

	if (ready->row_identity != identity || ready->row_type != type || ready->row_typmod != typmod)
		map_columns(ready, type, typmod, identity);
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, ready->row_desc, ready->values, ready->nulls);
}

/* ---- values ---- */

/* Place of a level; NaN where an unseen one counts as missing. */
static double
level_of(const journey_column *column, const journey_feature *feature, const jrn_level *levels,
		 Datum value, new_level unseen)
{
	const char *bytes;
	Size		size;
	int			level;

	journey_column_label(column, value, &bytes, &size);
	level = jrn_level_find(levels, feature->level_count, bytes, size);
	if (level >= 0)
		return level;
	if (unseen == NEW_LEVEL_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" has the level \"%.*s\", which the trees have not seen",
						column->name, pg_mbcliplen(bytes, (int) size, 200), bytes),
				 errhint("Pass new_level => 'missing' to treat it as NULL, or 'reference' to treat it as level \"%s\".",
						 feature->levels[0])));
	return unseen == NEW_LEVEL_REFERENCE ? 0.0 : NAN;
}

static new_level
arg_new_level(FunctionCallInfo fcinfo, int number)
{
	text	   *word = PG_GETARG_TEXT_PP(number);
	const char *bytes = VARDATA_ANY(word);
	Size		size = VARSIZE_ANY_EXHDR(word);

	if (size == 5 && memcmp(bytes, "error", 5) == 0)
		return NEW_LEVEL_ERROR;
	if (size == 9 && memcmp(bytes, "reference", 9) == 0)
		return NEW_LEVEL_REFERENCE;
	if (size == 7 && memcmp(bytes, "missing", 7) == 0)
		return NEW_LEVEL_MISSING;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"new_level\" is \"%s\", it must be error, missing or reference",
					text_to_cstring(word))));
	return NEW_LEVEL_ERROR;
}

Datum
journey_trees_predict(PG_FUNCTION_ARGS)
{
	ready_trees *ready = ready_trees_of(fcinfo);
	new_level	unseen = arg_new_level(fcinfo, 2);
	double		mean;
	int			j;

	read_row(ready, PG_GETARG_HEAPTUPLEHEADER(1));
	for (j = 0; j < ready->encoding.feature_count; j++)
	{
		const journey_feature *feature = &ready->encoding.features[j];
		const journey_column *column = &ready->columns[j];
		Datum		value = ready->values[column->attribute - 1];

		ready->x[j] = ready->nulls[column->attribute - 1] ? NAN :
			feature->kind == JOURNEY_FEATURE_LABEL ?
			level_of(column, feature, ready->levels[j], value, unseen) : journey_feature_number(column, value);
	}
	mean = jrn_trees_response(ready->trees.family, jrn_trees_link(&ready->trees, ready->x));
	if (!isfinite(mean))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("prediction is out of range")));
	PG_RETURN_FLOAT8(mean);
}

/* ---- importance ---- */

typedef struct ranked
{
	double		gain;
	int64		splits;
	int			feature;
} ranked;

/* By falling gain, then by place. */
static int
compare_ranked(const void *a, const void *b)
{
	const ranked *x = a;
	const ranked *y = b;

	if (x->gain != y->gain)
		return x->gain > y->gain ? -1 : 1;
	return x->feature < y->feature ? -1 : 1;
}

Datum
journey_trees_importance(PG_FUNCTION_ARGS)
{
	jrn_trees	trees;
	journey_encoding encoding;
	journey_rows rows;
	double	   *gain;
	int64_t    *splits;
	ranked	   *order;
	int			j;

	journey_trees_read(PG_GETARG_HEAPTUPLEHEADER(0), &trees, &encoding);
	journey_rows_begin(&rows, fcinfo, 3, "importance");
	gain = palloc((Size) (encoding.feature_count + 1) * sizeof(double));
	splits = palloc((Size) (encoding.feature_count + 1) * sizeof(int64_t));
	order = palloc((Size) (encoding.feature_count + 1) * sizeof(ranked));
	jrn_trees_importance(&trees, encoding.feature_count, gain, splits);
	for (j = 0; j < encoding.feature_count; j++)
	{
		order[j].gain = gain[j];
		order[j].splits = splits[j];
		order[j].feature = j;
	}
	qsort(order, (size_t) encoding.feature_count, sizeof(ranked), compare_ranked);
	for (j = 0; j < encoding.feature_count; j++)
	{
		journey_rows_cstring(&rows, 0, encoding.features[order[j].feature].name);
		journey_rows_number(&rows, 1, order[j].gain);
		journey_rows_bigint(&rows, 2, order[j].splits);
		journey_rows_put(&rows);
	}
	return (Datum) 0;
}
