/*
 * estimate.c
 *		Builder of journey.estimate (see estimate.h).
 */
#include "estimate.h"

#include <math.h>

#include "access/htup_details.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#define FIELDS 6

/*
 * The row type is found through the result type of the function, because an
 * executor that is not the server's own may leave the call without its
 * expression.  Attributes that a later version adds are NULL.
 */
Datum
journey_estimate_datum(FunctionCallInfo fcinfo, const journey_estimate *value)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(get_func_rettype(fcinfo->flinfo->fn_oid), -1);
	Datum	   *values = palloc0(sizeof(Datum) * Max(desc->natts, FIELDS));
	bool	   *nulls = palloc(sizeof(bool) * Max(desc->natts, FIELDS));
	double		numbers[4];
	HeapTuple	tuple;
	int			i;

	if (desc->natts < FIELDS)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("type journey.estimate has %d attributes, at least %d are expected",
						desc->natts, FIELDS)));
	memset(nulls, true, sizeof(bool) * desc->natts);
	numbers[0] = value->estimate;
	numbers[1] = value->std_error;
	numbers[2] = value->conf_low;
	numbers[3] = value->conf_high;
	for (i = 0; i < 4; i++)
	{
		nulls[i] = isnan(numbers[i]);
		if (!nulls[i])
			values[i] = Float8GetDatum(numbers[i]);
	}
	nulls[4] = false;
	values[4] = Int64GetDatum(value->n);
	nulls[5] = value->method == NULL;
	if (!nulls[5])
		values[5] = CStringGetTextDatum(value->method);
	tuple = heap_form_tuple(desc, values, nulls);
	ReleaseTupleDesc(desc);
	return HeapTupleGetDatum(tuple);
}
