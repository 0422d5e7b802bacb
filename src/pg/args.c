/*
 * args.c
 *		Readers of SQL arguments (see args.h).
 */
#include "args.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

void
journey_arg_not_null(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
}

int32
journey_arg_int(FunctionCallInfo fcinfo, int number, const char *name,
				int32 low, int32 high)
{
	int32		value;

	journey_arg_not_null(fcinfo, number, name);
	value = PG_GETARG_INT32(number);
	if (value < low || value > high)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %d, it must be between %d and %d",
						name, value, low, high)));
	return value;
}

char *
journey_arg_cstring(FunctionCallInfo fcinfo, int number)
{
	if (PG_ARGISNULL(number))
		return NULL;
	return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

char *
journey_arg_cstring_required(FunctionCallInfo fcinfo, int number, const char *name)
{
	journey_arg_not_null(fcinfo, number, name);
	return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

/* The shape every array argument must have. */
static int
checked_length(ArrayType *array, const char *name)
{
	int			count;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" must have one dimension, it has %d",
						name, ARR_NDIM(array))));
	count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	if (count > JOURNEY_MAX_ARRAY_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array \"%s\" has %d elements, the limit is %d",
						name, count, JOURNEY_MAX_ARRAY_ELEMENTS)));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("array \"%s\" must not contain nulls", name)));
	return count;
}

double *
journey_array_doubles(ArrayType *array, const char *name, int *count)
{
	double	   *values;
	int			i;

	if (ARR_ELEMTYPE(array) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("array \"%s\" must be of type double precision[]", name)));
	*count = checked_length(array, name);
	values = palloc_extended((Size) (*count > 0 ? *count : 1) * sizeof(double),
							 MCXT_ALLOC_HUGE);
	if (*count > 0)
		memcpy(values, ARR_DATA_PTR(array), (Size) *count * sizeof(double));
	for (i = 0; i < *count; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("element %d of array \"%s\" is not finite", i + 1, name)));
	return values;
}

char **
journey_array_cstrings(ArrayType *array, const char *name, int *count)
{
	Datum	   *elements;
	char	  **strings;
	int			i;

	if (ARR_ELEMTYPE(array) != TEXTOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("array \"%s\" must be of type text[]", name)));
	*count = checked_length(array, name);
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, count);
	strings = palloc_extended((Size) (*count > 0 ? *count : 1) * sizeof(char *),
							  MCXT_ALLOC_HUGE);
	for (i = 0; i < *count; i++)
		strings[i] = TextDatumGetCString(elements[i]);
	return strings;
}
