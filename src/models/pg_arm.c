/*
 * pg_arm.c
 *		Reading the arm of a row (see pg_arm.h).
 */
#include "pg_arm.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"

static bool
is_whole(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

journey_column
journey_arm_column(journey_source *source, const char *name)
{
	Oid			type = InvalidOid;
	int			i;

	for (i = 0; i < source->desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(source->desc, i)->attname), name) == 0)
			type = getBaseType(TupleDescAttr(source->desc, i)->atttypid);
	if (is_whole(type) || type == BOOLOID)
		return journey_source_column(source, name, JOURNEY_COLUMN_NUMBER, true);
	if (OidIsValid(type) && !journey_type_is(type, JOURNEY_COLUMN_LABEL))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, which cannot name a strategy", name, format_type_be(type)),
				 errhint("Strategies are text, an enum, boolean or whole numbers; cast the column in the source query.")));
	return journey_source_column(source, name, JOURNEY_COLUMN_LABEL, true);
}

void
journey_arm_label(const journey_column *column, Datum value, char *digits,
				  const char **bytes, Size *size)
{
	if (column->type == BOOLOID)
	{
		*bytes = DatumGetBool(value) ? "true" : "false";
		*size = strlen(*bytes);
	}
	else if (is_whole(column->type))
	{
		pg_lltoa(column->type == INT8OID ? DatumGetInt64(value) :
				 column->type == INT4OID ? DatumGetInt32(value) : DatumGetInt16(value), digits);
		*bytes = digits;
		*size = strlen(digits);
	}
	else
		journey_column_label(column, value, bytes, size);
}
