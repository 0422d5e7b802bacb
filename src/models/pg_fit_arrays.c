/*
 * pg_fit_arrays.c
 *		Rows (y, x [, weight]) of the model aggregates (see pg_fit_arrays.h).
 */
#include "pg_fit_arrays.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/float.h"

#include "design.h"
#include "pg_model.h"

static void
refuse_null(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("argument \"%s\" must not be null", name),
			 errhint("Leave such rows out with FILTER (WHERE %s IS NOT NULL), or replace the value.", name)));
}

static double
finite_argument(FunctionCallInfo fcinfo, int number, const char *name)
{
	double		value;

	if (PG_ARGISNULL(number))
		refuse_null(name);
	value = PG_GETARG_FLOAT8(number);
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("argument \"%s\" is %s, it must be a finite number",
						name, float8out_internal(value))));
	return value;
}

/* 1-based place of the first NULL of a one-dimensional array; 0: none. */
static int
first_null(ArrayType *array, int count)
{
	const bits8 *bitmap = ARR_NULLBITMAP(array);
	int			i;

	if (bitmap == NULL)
		return 0;
	for (i = 0; i < count; i++)
		if ((bitmap[i / 8] & (1 << (i % 8))) == 0)
			return i + 1;
	return 0;
}

/* R-ARR-1, R-ARR-2 for the features; no copy is made. */
static const double *
finite_elements(ArrayType *array, int *count)
{
	const double *x;
	bool		finite = true;
	int			null;
	int			i;

	if (ARR_ELEMTYPE(array) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("array \"x\" must be of type double precision[]")));
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" must have one dimension, it has %d", ARR_NDIM(array))));
	*count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	if (*count > JRN_MAX_COLUMNS)	/* R-ARR-3 */
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array \"x\" has %d elements, the limit is %d", *count, JRN_MAX_COLUMNS)));
	null = first_null(array, *count);
	if (null > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("element %d of array \"x\" is null", null),
				 errhint("Leave such rows out with FILTER, or replace the value.")));
	x = (const double *) ARR_DATA_PTR(array);
	for (i = 0; i < *count; i++)
		finite &= isfinite(x[i]) != 0;
	for (i = 0; !finite && i < *count; i++)
		if (!isfinite(x[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("element %d of array \"x\" is %s, it must be a finite number",
							i + 1, float8out_internal(x[i]))));
	return x;
}

bool
journey_array_row_read_at(FunctionCallInfo fcinfo, int y, bool binary, journey_array_row *row)
{
	row->weight = PG_NARGS() > y + 2 ? finite_argument(fcinfo, y + 2, "weight") : 1.0;
	if (row->weight < 0.0)		/* R-ARR-4 */
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"weight\" is %s, it must be greater than or equal to zero",
						float8out_internal(row->weight))));
	if (row->weight == 0.0)
		return false;
	if (!binary)
		row->y = finite_argument(fcinfo, y, "y");
	else
	{
		if (PG_ARGISNULL(y))
			refuse_null("y");
		row->y = PG_GETARG_BOOL(y) ? 1.0 : 0.0;
	}
	if (PG_ARGISNULL(y + 1))
		refuse_null("x");
	row->x = finite_elements(PG_GETARG_ARRAYTYPE_P(y + 1), &row->p);
	return true;
}

bool
journey_array_row_read(FunctionCallInfo fcinfo, bool binary, journey_array_row *row)
{
	return journey_array_row_read_at(fcinfo, 1, binary, row);
}

void
journey_array_check_length(int got, int before)
{
	if (got != before)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" has %d elements in one row and %d in another",
						got, before),
				 errhint("All rows of a group need one value per feature, in the same order.")));
}

Datum
journey_array_model(const jrn_model *model)
{
	journey_encoding encoding;
	int			i;

	memset(&encoding, 0, sizeof(encoding));
	encoding.target = "y";
	encoding.feature_count = model->terms - 1;
	encoding.features = palloc0((Size) model->terms * sizeof(journey_feature));
	for (i = 0; i < encoding.feature_count; i++)
	{
		encoding.features[i].name = psprintf("x%d", i + 1);
		encoding.features[i].kind = JOURNEY_FEATURE_NUMBER;
	}
	return journey_model_datum(model, &encoding);
}
