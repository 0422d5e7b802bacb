/*
 * pg_predictor_row.c
 *		Predictions of rows: columns found by name, levels and means of the
 *		model applied (see pg_predictor.h).
 */
#include "pg_predictor.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "pg_feature_columns.h"

double
journey_finite_link(double link)
{
	if (!isfinite(link))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("prediction is out of range")));
	return link;
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
		columns[i] = journey_feature_column(desc, &predictor->encoding.features[i], "the model needs");
		CHECK_FOR_INTERRUPTS();
	}
	if (predictor->encoding.offset != NULL)
	{
		journey_feature offset = {predictor->encoding.offset, JOURNEY_FEATURE_NUMBER, 0, NULL};

		columns[count] = journey_feature_column(desc, &offset, "the model needs");
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
	return journey_feature_number(column, required_value(predictor, column));
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

		sum = add_part(sum, journey_feature_number(column, required_value(predictor, column)), parts,
					   predictor->core.terms);
	}
	return journey_finite_link(sum);
}

double
journey_predict_response(const journey_predictor *predictor, double link)
{
	return journey_finite_link(jrn_predictor_response(&predictor->core, link));
}
