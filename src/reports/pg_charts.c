/*
 * pg_charts.c
 *		Shared parts of the bindings of charts (see pg_charts.h).
 */
#include "pg_charts.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

bool
journey_chart_ascii(void)
{
	return GetDatabaseEncoding() != PG_UTF8;
}

double
journey_chart_width(FunctionCallInfo fcinfo, int number)
{
	return journey_arg_int(fcinfo, number, "width", 320, 4096);
}

static const char *
to_utf8(Datum value)
{
	char	   *string = TextDatumGetCString(value);

	return pg_server_to_any(string, (int) strlen(string), PG_UTF8);
}

static void *
array_of(int count, Size size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, (Size) Max(count, 1) * size, MCXT_ALLOC_HUGE);
}

/* The elements of an array argument, whose number is as it must be. */
static void
open_array(FunctionCallInfo fcinfo, int number, const char *name, int *count, Datum **values, bool **nulls)
{
	ArrayType  *array;
	int			found;
	int16		length;
	bool		by_value;
	char		align;

	*values = NULL;
	*nulls = NULL;
	if (PG_ARGISNULL(number))
	{
		/* a column of NULLs */
		*count = Max(*count, 0);
		*nulls = array_of(*count, sizeof(bool));
		memset(*nulls, true, *count);
		return;
	}
	array = PG_GETARG_ARRAYTYPE_P(number);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" must have one dimension, it has %d", name, ARR_NDIM(array))));
	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, values, nulls, &found);
	if (*count >= 0 && found != *count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" has %d elements, the one before it has %d", name, found, *count),
				 errhint("The arrays are the columns of the same rows.")));
	*count = found;
}

const char *const *
journey_chart_labels(FunctionCallInfo fcinfo, int number, const char *name, int *count)
{
	Datum	   *values;
	bool	   *nulls;
	const char **labels;
	int			i;

	open_array(fcinfo, number, name, count, &values, &nulls);
	labels = array_of(*count, sizeof(char *));
	for (i = 0; i < *count; i++)
		labels[i] = nulls[i] ? NULL : to_utf8(values[i]);
	return labels;
}

double *
journey_chart_numbers(FunctionCallInfo fcinfo, int number, const char *name, int *count)
{
	Datum	   *values;
	bool	   *nulls;
	double	   *numbers;
	int			i;

	open_array(fcinfo, number, name, count, &values, &nulls);
	numbers = array_of(*count, sizeof(double));
	for (i = 0; i < *count; i++)
	{
		numbers[i] = nulls[i] ? NAN : DatumGetFloat8(values[i]);
		if (!isfinite(numbers[i]))
			numbers[i] = NAN;
	}
	return numbers;
}

int64 *
journey_chart_integers(FunctionCallInfo fcinfo, int number, const char *name, int *count, int64 instead)
{
	bool		small = !PG_ARGISNULL(number) &&
		ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(number)) == INT4OID;
	Datum	   *values;
	bool	   *nulls;
	int64	   *numbers;
	int			i;

	open_array(fcinfo, number, name, count, &values, &nulls);
	numbers = array_of(*count, sizeof(int64));
	for (i = 0; i < *count; i++)
		numbers[i] = nulls[i] ? instead : (small ? DatumGetInt32(values[i]) : DatumGetInt64(values[i]));
	return numbers;
}

bool *
journey_chart_booleans(FunctionCallInfo fcinfo, int number, const char *name, int *count)
{
	Datum	   *values;
	bool	   *nulls;
	bool	   *answers;
	int			i;

	open_array(fcinfo, number, name, count, &values, &nulls);
	answers = array_of(*count, sizeof(bool));
	for (i = 0; i < *count; i++)
		answers[i] = !nulls[i] && DatumGetBool(values[i]);
	return answers;
}

int64 *
journey_chart_times(FunctionCallInfo fcinfo, int number, const char *name, int *count)
{
	Datum	   *values;
	bool	   *nulls;
	int64	   *times;
	int			i;

	open_array(fcinfo, number, name, count, &values, &nulls);
	times = array_of(*count, sizeof(int64));
	for (i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("array \"%s\" must not contain nulls", name)));
		times[i] = DatumGetTimestampTz(values[i]);
		if (TIMESTAMP_NOT_FINITE(times[i]))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
					 errmsg("element %d of array \"%s\" is not finite", i + 1, name)));
	}
	return times;
}

const char *
journey_chart_text(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? NULL : to_utf8(PG_GETARG_DATUM(number));
}

double
journey_chart_number(FunctionCallInfo fcinfo, int number)
{
	double		value = PG_ARGISNULL(number) ? NAN : PG_GETARG_FLOAT8(number);

	return isfinite(value) ? value : NAN;
}

Datum
journey_chart_result(jrn_status status, const char *const *bytes, const size_t *size)
{
	journey_check(status, "drawing a chart");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(*bytes, (int) *size));
}
