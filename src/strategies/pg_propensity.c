/*
 * pg_propensity.c
 *		Reading logged propensities (see pg_propensity.h).
 */
#include "pg_propensity.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

void
journey_propensity_open(journey_propensity *propensity, journey_source *source, const char *name)
{
	int			i;

	memset(propensity, 0, sizeof(*propensity));
	for (i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(source->desc, i);

		if (strcmp(NameStr(attribute->attname), name) == 0 && getBaseType(attribute->atttypid) == JSONBOID)
			propensity->all = true;
	}
	propensity->column = journey_source_column(source, name, propensity->all ? JOURNEY_COLUMN_JSONB :
											   JOURNEY_COLUMN_NUMBER, true);
}

static double
checked(const journey_propensity *propensity, double p, int64 row, const char *strategy)
{
	if (p == 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("propensity \"%s\" is 0 for the strategy \"%s\" that was taken in row " INT64_FORMAT " of the source",
						propensity->column.name, strategy, row),
				 errdetail("What was done cannot have had probability 0: the log is wrong."),
				 errhint("Log the probability at the moment of the decision, or filter such rows and say so.")));
	if (!(p > 0.0 && p <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("propensity \"%s\" is %g in row " INT64_FORMAT " of the source, it must be above 0 and at most 1",
						propensity->column.name, p, row)));
	return p;
}

/* The number of a member; NaN where it is none. */
static double
member_number(const JsonbValue *value)
{
	return value->type == jbvNumeric ?
		DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric))) : NAN;
}

static double
of_object(const journey_propensity *propensity, Jsonb *json, int64 row, const jrn_label *taken)
{
	JsonbIterator *iterator;
	JsonbValue	value;
	JsonbIteratorToken token;
	double		sum = 0.0;
	double		own = -1.0;
	bool		is_own = false;

	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("propensity \"%s\" in row " INT64_FORMAT " of the source is no object",
						propensity->column.name, row),
				 errhint("Pass {\"strategy\": probability, ...} or the probability of the strategy taken.")));
	iterator = JsonbIteratorInit(&json->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		double		p;

		if (token == WJB_KEY)
			is_own = value.val.string.len == (int) taken->size &&
				memcmp(value.val.string.val, taken->bytes, taken->size) == 0;
		if (token != WJB_VALUE)
			continue;
		p = member_number(&value);
		if (!(p >= 0.0 && p <= 1.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("propensity \"%s\" in row " INT64_FORMAT " of the source has a member that is no probability",
							propensity->column.name, row)));
		sum += p;
		if (is_own)
			own = p;
	}
	if (own < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("propensity \"%s\" in row " INT64_FORMAT " of the source lacks the strategy \"%s\" that was taken",
						propensity->column.name, row, taken->bytes)));
	if (fabs(sum - 1.0) > JOURNEY_PROPENSITY_SLACK)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("propensities \"%s\" add up to %.9g in row " INT64_FORMAT " of the source, they must add up to 1",
						propensity->column.name, sum, row)));
	return own;
}

double
journey_propensity_of(const journey_propensity *propensity, TupleTableSlot *slot, int64 row,
					  const jrn_label *taken)
{
	const journey_column *column = &propensity->column;
	Datum		value;

	if (journey_column_is_null(column, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("propensity \"%s\" is null in row " INT64_FORMAT " of the source", column->name, row),
				 errhint("Filter such rows, or leave propensity out to have it estimated.")));
	value = journey_column_datum(column, slot);
	return checked(propensity, propensity->all ? of_object(propensity, DatumGetJsonbP(value), row, taken) :
				   journey_column_number(column, value, row), row, taken->bytes);
}
