/*
 * pg_psi.c
 *		SQL binding of psi() (psi.h).
 *
 * R-PPS-1	Both arrays are one-dimensional, equally long, of at least two
 *			counts, without NULLs, and no count is negative.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "../pg/host.h"
#include "psi.h"

/* The counts of an argument, checked but for their number. */
static int64_t *
read_counts(ArrayType *array, const char *name, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int64_t    *counts;
	int			i;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" must have one dimension, it has %d", name, ARR_NDIM(array))));
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, count);
	counts = palloc_extended(sizeof(int64_t) * (Size) Max(*count, 1), MCXT_ALLOC_HUGE);
	for (i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("array \"%s\" must not contain nulls", name),
					 errhint("A cell without rows has the count 0.")));
		counts[i] = DatumGetInt64(elements[i]);
		if (counts[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"%s\" is " INT64_FORMAT ", a count cannot be negative",
							i + 1, name, (int64) counts[i])));
	}
	return counts;
}

static void
set_number(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = isnan(value);
	values[column] = Float8GetDatum(value);
}

/* psi(reference, current) */
PG_FUNCTION_INFO_V1(journey_psi);
Datum
journey_psi(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	TupleDesc	desc;
	int64_t    *reference;
	int64_t    *current;
	jrn_psi		psi;
	Datum		values[3];
	bool		nulls[3];
	int			count[2];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != 3)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("psi must return a row of 3 columns")));
	reference = read_counts(PG_GETARG_ARRAYTYPE_P(0), "reference", &count[0]);
	current = read_counts(PG_GETARG_ARRAYTYPE_P(1), "current", &count[1]);
	if (count[0] != count[1])
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"reference\" has %d element(s), array \"current\" has %d", count[0], count[1]),
				 errhint("Count both windows in the same cells.")));
	if (count[0] < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("array \"reference\" has %d element(s), at least 2 are needed", count[0])));
	journey_check(jrn_psi_of(&env, reference, current, (size_t) count[0], &psi), "psi");
	set_number(values, nulls, 0, psi.psi);
	set_number(values, nulls, 1, psi.null_mean);
	set_number(values, nulls, 2, psi.p_value);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
