/*
 * pg_predictor.c
 *		Models made ready for many rows (see pg_predictor.h).
 */
#include "pg_predictor.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "../pg/host.h"

typedef struct predictor_cache
{
	int			used;
	int			next;			/* the one to give up when all are used */
	journey_predictor *last;
	journey_predictor *entries[JOURNEY_PREDICTORS];
} predictor_cache;

/* ---- from a model to a predictor ---- */

/* Levels with their sizes, as the core searches them. */
static jrn_level *
levels_of(const journey_feature *feature)
{
	jrn_level  *levels;
	int			i;

	if (feature->kind != JOURNEY_FEATURE_LABEL)
		return NULL;
	levels = palloc_extended((Size) feature->level_count * sizeof(jrn_level), MCXT_ALLOC_HUGE);
	for (i = 0; i < feature->level_count; i++)
	{
		levels[i].bytes = feature->levels[i];
		levels[i].size = strlen(feature->levels[i]);
	}
	return levels;
}

/* Parse and check a model in the current context, which becomes its own. */
static journey_predictor *
build(struct varlena *raw)
{
	journey_predictor *predictor = palloc0(sizeof(journey_predictor));
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_model	model;
	char	  **terms;
	jrn_status	status;
	int			i;

	journey_model_read(DatumGetHeapTupleHeader(PointerGetDatum(raw)), &model,
					   &predictor->encoding, &terms);
	status = jrn_predictor_init(&env, &model, &predictor->core);
	if (status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no finite coefficients to predict with, its status is \"%s\"",
						jrn_fit_status_name(model.status)),
				 errhint("Filter models by their status, or fit with a penalty.")));
	journey_check(status, "prediction");
	predictor->terms = terms;
	predictor->term_count = model.terms;
	predictor->first_term = model.terms - (predictor->core.terms - 1);
	predictor->levels = palloc_extended((Size) Max(predictor->encoding.feature_count, 1) *
										sizeof(jrn_level *), MCXT_ALLOC_HUGE);
	for (i = 0; i < predictor->encoding.feature_count; i++)
		predictor->levels[i] = levels_of(&predictor->encoding.features[i]);
	predictor->features = palloc_extended((Size) Max(predictor->encoding.feature_count, 1) *
										  sizeof(double), MCXT_ALLOC_HUGE);
	predictor->context = CurrentMemoryContext;
	predictor->raw_size = VARSIZE_ANY(raw);
	predictor->raw = palloc_extended(predictor->raw_size, MCXT_ALLOC_HUGE);
	memcpy(predictor->raw, raw, predictor->raw_size);
	return predictor;
}

/* Build in a context of its own that moves under parent once complete. */
static journey_predictor *
new_predictor(struct varlena *raw, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey predictor",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	journey_predictor *predictor = build(raw);

	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, parent);
	return predictor;
}

static bool
is_predictor_of(const journey_predictor *predictor, const struct varlena *raw, Size size)
{
	return predictor->raw_size == size && memcmp(predictor->raw, raw, size) == 0;
}

/*
 * Bytes that identify the model: as they lie in the tuple, detoasted only
 * where the pointer does not name a stored value (R-PPR-1).
 */
static struct varlena *
raw_model(FunctionCallInfo fcinfo, int number)
{
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(number);

	if (VARATT_IS_EXTERNAL(raw) && !VARATT_IS_EXTERNAL_ONDISK(raw))
		raw = (struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(number));
	return raw;
}

journey_predictor *
journey_predictor_of(FunctionCallInfo fcinfo, int number)
{
	predictor_cache *cache = fcinfo->flinfo->fn_extra;
	struct varlena *raw = raw_model(fcinfo, number);
	Size		size = VARSIZE_ANY(raw);
	journey_predictor *predictor;
	int			i;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(predictor_cache));
		fcinfo->flinfo->fn_extra = cache;
	}
	if (cache->last != NULL && is_predictor_of(cache->last, raw, size))
		return cache->last;
	for (i = 0; i < cache->used; i++)
		if (is_predictor_of(cache->entries[i], raw, size))
			return cache->last = cache->entries[i];
	predictor = new_predictor(raw, fcinfo->flinfo->fn_mcxt);
	if (cache->used < JOURNEY_PREDICTORS)
		i = cache->used++;
	else
	{
		i = cache->next;
		cache->next = (cache->next + 1) % JOURNEY_PREDICTORS;
		MemoryContextDelete(cache->entries[i]->context);
	}
	cache->entries[i] = predictor;
	return cache->last = predictor;
}

/* ---- arrays ---- */

static double
finite_link(double link)
{
	if (!isfinite(link))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("prediction is out of range")));
	return link;
}

double
journey_predict_array(journey_predictor *predictor, ArrayType *x)
{
	int			wanted = predictor->core.terms - 1;
	int			count = ARR_NDIM(x) == 0 ? 0 : ARR_DIMS(x)[0];
	const double *values = (const double *) ARR_DATA_PTR(x);
	int			i;

	if (predictor->encoding.offset != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model was fitted with the offset \"%s\", which an array does not carry",
						predictor->encoding.offset),
				 errhint("Pass a row with that column instead.")));
	if (ARR_ELEMTYPE(x) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("array \"x\" must be of type double precision[]")));
	if (ARR_NDIM(x) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" must have one dimension, it has %d", ARR_NDIM(x))));
	if (count != wanted)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" has %d elements, the model has %d terms after the intercept",
						count, wanted)));
	if (array_contains_nulls(x))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("array \"x\" must not contain nulls")));
	for (i = 0; i < count; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("element %d of array \"x\" is not finite", i + 1)));
	return finite_link(jrn_predict_link(&predictor->core, values));
}

/* ---- rows ---- */

static const char *
kind_words(journey_feature_kind kind)
{
	switch (kind)
	{
		case JOURNEY_FEATURE_NUMBER:
			return "a number";
		case JOURNEY_FEATURE_LABEL:
			return "text, varchar or an enum";
		case JOURNEY_FEATURE_BOOLEAN:
			return "boolean";
	}
	return "?";
}

/* A boolean is no number here: the model knows which of the two it learnt. */
static bool
is_readable(Oid type, journey_feature_kind kind)
{
	switch (kind)
	{
		case JOURNEY_FEATURE_NUMBER:
			return type != BOOLOID && journey_type_is(type, JOURNEY_COLUMN_NUMBER);
		case JOURNEY_FEATURE_LABEL:
			return journey_type_is(type, JOURNEY_COLUMN_LABEL);
		case JOURNEY_FEATURE_BOOLEAN:
			return type == BOOLOID;
	}
	return false;
}

/* The one column of a row that has a feature's name. */
static journey_column
find_column(TupleDesc desc, const journey_feature *feature)
{
	journey_column column;
	int			i;

	memset(&column, 0, sizeof(column));
	column.name = feature->name;
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (attribute->attisdropped || strcmp(NameStr(attribute->attname), feature->name) != 0)
			continue;
		if (column.attribute != 0)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("row has more than one column \"%s\"", feature->name)));
		column.attribute = i + 1;
		column.type = getBaseType(attribute->atttypid);
	}
	if (column.attribute == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("row has no column \"%s\", which the model needs", feature->name),
				 errhint("Pass a row whose columns have the names of the model's features.")));
	if (!is_readable(column.type, feature->kind))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, it must be %s", feature->name,
						format_type_be(TupleDescAttr(desc, column.attribute - 1)->atttypid),
						kind_words(feature->kind))));
	return column;
}

/*
 * Places of the features in a row without NULLs: known while all columns
 * before have a fixed width.  NULL when the model wants more than a sum of
 * numbers.
 */
static journey_direct *
direct_columns(const journey_encoding *encoding, const journey_column *columns, TupleDesc desc)
{
	journey_direct *direct;
	uint32	   *offsets;
	uint32		offset = 0;
	int			known;
	int			i;

	if (encoding->terms != NULL || encoding->offset != NULL)
		return NULL;
	offsets = palloc((Size) (desc->natts + 1) * sizeof(uint32));
	for (known = 0; known < desc->natts && TupleDescAttr(desc, known)->attlen > 0; known++)
	{
		offset = (uint32) att_align_nominal(offset, TupleDescAttr(desc, known)->attalign);
		offsets[known] = offset;
		offset += (uint32) TupleDescAttr(desc, known)->attlen;
	}
	direct = palloc_extended((Size) Max(encoding->feature_count, 1) * sizeof(journey_direct), MCXT_ALLOC_HUGE);
	for (i = 0; i < encoding->feature_count; i++)
	{
		Oid			type = columns[i].type;

		if (columns[i].attribute > known ||
			(type != FLOAT8OID && type != INT4OID && type != INT8OID && type != INT2OID &&
			 type != FLOAT4OID && type != BOOLOID))
			return NULL;
		direct[i].offset = offsets[columns[i].attribute - 1];
		direct[i].type = type;
	}
	return direct;
}

/* The number at a place; the server aligns it (R-PPR-4). */
static inline double
direct_number(const char *data, const journey_direct *direct)
{
	const char *at = data + direct->offset;

	switch (direct->type)
	{
		case FLOAT8OID:
			return *(const float8 *) at;
		case INT4OID:
			return *(const int32 *) at;
		case INT8OID:
			return (double) *(const int64 *) at;
		case INT2OID:
			return *(const int16 *) at;
		case FLOAT4OID:
			return *(const float4 *) at;
		default:
			return *(const bool *) at ? 1.0 : 0.0;
	}
}

/* Match columns by name; O(features * columns), once per row type. */
static void
map_columns(journey_predictor *predictor, Oid type, int32 typmod, uint64 identity)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey row type",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	TupleDesc	desc = lookup_rowtype_tupdesc(type, typmod);
	int			count = predictor->encoding.feature_count;
	journey_column *columns = palloc_extended((Size) (count + 1) * sizeof(journey_column),
											  MCXT_ALLOC_HUGE);
	int			i;

	for (i = 0; i < count; i++)
	{
		columns[i] = find_column(desc, &predictor->encoding.features[i]);
		CHECK_FOR_INTERRUPTS();
	}
	if (predictor->encoding.offset != NULL)
	{
		journey_feature offset = {predictor->encoding.offset, JOURNEY_FEATURE_NUMBER, 0, NULL};

		columns[count] = find_column(desc, &offset);
	}
	/* all columns are there: give up what was known of another row type */
	predictor->row_identity = 0;
	if (predictor->row_context != NULL)
		MemoryContextDelete(predictor->row_context);
	MemoryContextSetParent(context, predictor->context);
	predictor->row_context = context;
	predictor->columns = columns;
	predictor->row_desc = CreateTupleDescCopy(desc);
	predictor->direct = direct_columns(&predictor->encoding, columns, desc);
	predictor->values = palloc((Size) Max(desc->natts, 1) * sizeof(Datum));
	predictor->nulls = palloc((Size) Max(desc->natts, 1) * sizeof(bool));
	predictor->row_type = type;
	predictor->row_typmod = typmod;
	predictor->row_identity = identity;
	MemoryContextSwitchTo(old);
	ReleaseTupleDesc(desc);
}

/*
 * Match columns when the row type is another one.  The cache entry of a named
 * type lives as long as the session and forgets its identifier when the type
 * is altered, so it answers without being looked up (R-PPR-1).
 */
static void
match_row(journey_predictor *predictor, HeapTupleHeader row)
{
	Oid			type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	uint64		identity;

	if (predictor->row_entry != NULL && predictor->row_type == type && predictor->row_typmod == typmod &&
		predictor->row_identity != 0 && predictor->row_entry->tupDesc_identifier == predictor->row_identity)
		return;
	identity = assign_record_type_identifier(type, typmod);
	if (predictor->row_identity == identity && predictor->row_type == type &&
		predictor->row_typmod == typmod)
		return;
	map_columns(predictor, type, typmod, identity);
	predictor->row_entry = type == RECORDOID ? NULL : lookup_type_cache(type, 0);
}

/* Deform a row into predictor->values. */
static void
read_row(journey_predictor *predictor, HeapTupleHeader row)
{
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, predictor->row_desc, predictor->values, predictor->nulls);
}

static double
number_of(const journey_column *column, Datum value)
{
	double		number;

	switch (column->type)
	{
		case FLOAT8OID:
			number = DatumGetFloat8(value);
			break;
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		case INT2OID:
			return DatumGetInt16(value);
		case FLOAT4OID:
			number = DatumGetFloat4(value);
			break;
		default:
			number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
			break;
	}
	if (!isfinite(number))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" is %s", column->name, isnan(number) ? "NaN" : "infinite")));
	return number;
}

/* Place of the row's level; 0, the reference, for an unseen one if allowed. */
static int
level_of(const journey_column *column, const journey_feature *feature,
		 const jrn_level *levels, Datum value, bool reference)
{
	const char *bytes;
	Size		size;
	int			level;

	journey_column_label(column, value, &bytes, &size);
	level = jrn_level_find(levels, feature->level_count, bytes, size);
	if (level < 0 && !reference)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" has the level \"%.*s\", which the model has not seen",
						column->name, pg_mbcliplen(bytes, (int) size, 200), bytes),
				 errhint("Pass new_level => 'reference' to treat such rows as level \"%s\".",
						 feature->levels[0])));
	return level < 0 ? 0 : level;
}

static Datum
required_value(const journey_predictor *predictor, const journey_column *column)
{
	if (predictor->nulls[column->attribute - 1])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" must not be null", column->name)));
	return predictor->values[column->attribute - 1];
}

/* A number of the row, or the mean that stands for NULL (R-PPR-3). */
static double
number_or_mean(const journey_predictor *predictor, const journey_column *column,
			   const journey_feature *feature)
{
	if (feature->has_mean && predictor->nulls[column->attribute - 1])
		return feature->mean;
	return number_of(column, required_value(predictor, column));
}

/* Add a summand, and show it to whoever asks. */
static inline double
add_part(double sum, double part, double *parts, int64 at)
{
	if (parts != NULL)
		parts[at] = part;
	return sum + part;
}

/* Features that are terms, one by one. */
static double
add_features(journey_predictor *predictor, bool reference, double sum, double *parts)
{
	const double *weights = predictor->core.weights;
	int64		at = 1;
	int			i;

	for (i = 0; i < predictor->encoding.feature_count; i++)
	{
		const journey_feature *feature = &predictor->encoding.features[i];
		const journey_column *column = &predictor->columns[i];

		if (feature->kind == JOURNEY_FEATURE_NUMBER)
			sum = add_part(sum, weights[at] * number_or_mean(predictor, column, feature), parts, at);
		else if (feature->kind == JOURNEY_FEATURE_BOOLEAN)
			sum = add_part(sum, DatumGetBool(required_value(predictor, column)) ? weights[at] : 0.0, parts, at);
		else
		{
			int			level = level_of(column, feature, predictor->levels[i],
										 required_value(predictor, column), reference);

			if (level > 0)
				sum = add_part(sum, weights[at + level - 1], parts, at + level - 1);
		}
		at += journey_feature_terms(feature);
	}
	return sum;
}

/* Terms of a formula: first the features, then their products. */
static double
add_terms(journey_predictor *predictor, bool reference, double sum, double *parts)
{
	const journey_encoding *encoding = &predictor->encoding;
	double		value;
	int64		at = 1;
	int			i;

	for (i = 0; i < encoding->feature_count; i++)
	{
		const journey_feature *feature = &encoding->features[i];
		const journey_column *column = &predictor->columns[i];

		if (feature->kind == JOURNEY_FEATURE_NUMBER)
			predictor->features[i] = number_or_mean(predictor, column, feature);
		else if (feature->kind == JOURNEY_FEATURE_BOOLEAN)
			predictor->features[i] = DatumGetBool(required_value(predictor, column)) ? 1.0 : 0.0;
		else
			predictor->features[i] = level_of(column, feature, predictor->levels[i],
											  required_value(predictor, column), reference);
	}
	for (i = 0; i < encoding->term_count; i++)
	{
		int			place = jrn_term_at(&encoding->terms[i], predictor->features, &value);

		if (place >= 0)
			sum = add_part(sum, predictor->core.weights[at + place] * value, parts, at + place);
		at += (int64) jrn_term_columns(&encoding->terms[i]);
	}
	return sum;
}

/* The link of a row without NULLs; not finite when a number is not. */
static double
direct_sum(const journey_predictor *predictor, const char *data)
{
	const double *weights = predictor->core.weights;
	const journey_direct *direct = predictor->direct;
	double		sum = weights[0];
	int			count = predictor->encoding.feature_count;
	int			i;

	for (i = 0; i < count; i++)
		sum += weights[i + 1] * direct_number(data, &direct[i]);
	return sum;
}

double
journey_predict_row(journey_predictor *predictor, HeapTupleHeader row, bool reference, double *parts)
{
	const journey_encoding *encoding = &predictor->encoding;
	double		sum = add_part(0.0, predictor->core.weights[0], parts, 0);

	match_row(predictor, row);
	if (predictor->direct != NULL && parts == NULL && (row->t_infomask & HEAP_HASNULL) == 0 &&
		HeapTupleHeaderGetNatts(row) == predictor->row_desc->natts)
	{
		sum = direct_sum(predictor, (const char *) row + row->t_hoff);
		if (likely(isfinite(sum)))
			return sum;
		sum = predictor->core.weights[0];
	}
	read_row(predictor, row);
	sum = encoding->terms != NULL ? add_terms(predictor, reference, sum, parts) :
		add_features(predictor, reference, sum, parts);
	if (encoding->offset != NULL)
	{
		const journey_column *column = &predictor->columns[encoding->feature_count];

		sum = add_part(sum, number_of(column, required_value(predictor, column)), parts,
					   predictor->core.terms);
	}
	return finite_link(sum);
}

double
journey_predict_response(const journey_predictor *predictor, double link)
{
	return finite_link(jrn_predictor_response(&predictor->core, link));
}
