/*
 * pg_ratio.c
 *		SQL binding of srm_test(): sample ratio test (ratio.h).
 *
 * R-PGR-1	observed is one-dimensional, without NULLs, not negative, and has at
 *			least two elements; expected has as many, finite and positive.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/float.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "ratio.h"

/* The counts, checked. */
static int64_t *
read_observed(ArrayType *array, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int64_t    *observed;
	int			i;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"observed\" must have one dimension, it has %d", ARR_NDIM(array))));
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls, count);
	if (*count < 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("array \"observed\" has %d element(s), at least 2 are needed", *count),
				 errhint("Pass the count of every strategy, in the order of the expected shares.")));
	observed = palloc_extended(sizeof(int64_t) * (Size) *count, MCXT_ALLOC_HUGE);
	for (i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("array \"observed\" must not contain nulls")));
		observed[i] = DatumGetInt64(elements[i]);
		if (observed[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"observed\" is " INT64_FORMAT ", a count cannot be negative",
							i + 1, (int64) observed[i])));
	}
	return observed;
}

static double *
read_expected(ArrayType *array, int count)
{
	int			given;
	double	   *expected = journey_array_doubles(array, "expected", &given);
	int			i;

	if (given != count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"expected\" has %d element(s), array \"observed\" has %d", given, count),
				 errhint("Pass one expected share per strategy, or NULL for equal shares.")));
	for (i = 0; i < count; i++)
		if (!(expected[i] > 0.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"expected\" is %s, an expected share must be positive",
							i + 1, float8out_internal(expected[i])),
					 errhint("Leave out strategies that nobody should get, or look at their count by itself.")));
	return expected;
}

static void
set_number(Datum *values, bool *nulls, int column, double value)
{
	nulls[column] = isnan(value);
	values[column] = Float8GetDatum(value);
}

/* srm_test(observed, expected) */
PG_FUNCTION_INFO_V1(journey_srm_test);
Datum
journey_srm_test(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	TupleDesc	desc;
	int64_t    *observed;
	double	   *expected = NULL;
	jrn_ratio	test;
	jrn_status	status;
	Datum		values[4];
	bool		nulls[4];
	int			count;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != 4)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("srm_test must return a row of 4 columns")));
	observed = read_observed(PG_GETARG_ARRAYTYPE_P(0), &count);
	if (!PG_ARGISNULL(1))
		expected = read_expected(PG_GETARG_ARRAYTYPE_P(1), count);
	status = jrn_ratio_test(&env, observed, expected, count, &test);
	if (status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("shares of array \"expected\" are too far apart: the smallest vanishes beside their sum")));
	journey_check(status, "sample ratio test");
	set_number(values, nulls, 0, test.statistic);
	values[1] = Int32GetDatum(test.df);
	nulls[1] = false;
	set_number(values, nulls, 2, test.p_value);
	set_number(values, nulls, 3, test.e_value);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
