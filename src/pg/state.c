/*
 * state.c
 *		Header and shape of float8[] states (see state.h).
 */
#include "state.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/memutils.h"

#define STATE_GUARD 0.30000000000000004

void
journey_state_refuse(const journey_state_kind *kind, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("aggregate state of %s is not valid: %s", kind->owner, why)));
}

double *
journey_state_numbers(ArrayType *array, const journey_state_kind *kind, int *count)
{
	double	   *numbers;

	*count = 0;
	if (ARR_ELEMTYPE(array) != FLOAT8OID)
		journey_state_refuse(kind, "its elements are not double precision");
	if (ARR_NDIM(array) == 0)
		return NULL;			/* R-STATE-3 */
	if (ARR_NDIM(array) != 1 || ARR_HASNULL(array) ||
		ARR_DIMS(array)[0] < kind->least || ARR_DIMS(array)[0] > kind->most ||
		VARSIZE(array) < ARR_OVERHEAD_NONULLS(1) + ARR_DIMS(array)[0] * sizeof(double))
		journey_state_refuse(kind, "its shape is wrong");
	numbers = (double *) ARR_DATA_PTR(array);
	if (numbers[0] != kind->magic || numbers[1] != kind->version)
		journey_state_refuse(kind, "its header is unknown");
	if (numbers[2] != STATE_GUARD)	/* R-STATE-2 */
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("aggregate state of %s was rounded on its way", kind->owner),
				 errhint("Set extra_float_digits to 1 or more on every node.")));
	*count = ARR_DIMS(array)[0];
	return numbers;
}

ArrayType *
journey_state_new(const journey_state_kind *kind, int count)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + (Size) count * sizeof(double);
	ArrayType  *array = palloc0(size);
	double	   *numbers;

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = count;
	ARR_LBOUND(array)[0] = 1;
	numbers = (double *) ARR_DATA_PTR(array);
	numbers[0] = kind->magic;
	numbers[1] = kind->version;
	numbers[2] = STATE_GUARD;
	return array;
}

void
journey_state_check_rows(const journey_state_kind *kind, double rows)
{
	if (!(rows >= 1.0 && rows < JOURNEY_STATE_MAX_ROWS && rows == floor(rows)))
		journey_state_refuse(kind, "its row count is not a positive whole number below 2^53");
}
