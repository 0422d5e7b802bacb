/*
 * pg_feature_columns.c
 *		Features in a row to predict (see pg_feature_columns.h).
 */
#include "pg_feature_columns.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

jrn_level *
journey_feature_levels(const journey_feature *feature)
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

journey_column
journey_feature_column(TupleDesc desc, const journey_feature *feature, const char *who)
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
				 errmsg("row has no column \"%s\", which %s", feature->name, who),
				 errhint("Pass a row whose columns have the names of the features.")));
	if (!is_readable(column.type, feature->kind))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, it must be %s", feature->name,
						format_type_be(TupleDescAttr(desc, column.attribute - 1)->atttypid),
						kind_words(feature->kind))));
	return column;
}

double
journey_feature_number(const journey_column *column, Datum value)
{
	double		number;

	switch (column->type)
	{
		case BOOLOID:
			return DatumGetBool(value) ? 1.0 : 0.0;
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
