/*
 * pg_fdr.c
 *		journey.fdr: p-values of many tests to values that may be compared with
 *		one level (R-MUL-1 to R-MUL-3 of ../core/multiple.h).
 *
 * R-PGF-1	A NULL element is no test: it does not count and stays NULL.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "../core/multiple.h"
#include "../pg/args.h"
#include "../pg/host.h"

/* The elements, NaN for NULL. */
static double *
read_p(ArrayType *array, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	double	   *p;
	int			i;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("argument \"p\" has %d dimensions, it must have one", ARR_NDIM(array))));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, &nulls, count);
	p = palloc(sizeof(double) * Max(*count, 1));
	for (i = 0; i < *count; i++)
	{
		p[i] = nulls[i] ? NAN : DatumGetFloat8(elements[i]);
		if (!nulls[i] && !(p[i] >= 0.0 && p[i] <= 1.0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of argument \"p\" is %s, it must be between 0 and 1",
							i + 1, float8out_internal(p[i]))));
	}
	return p;
}

static jrn_status
adjust(const char *method, const jrn_env *env, const double *p, size_t n, double *q)
{
	if (strcmp(method, "bh") == 0)
		return jrn_false_discovery(env, p, n, q);
	if (strcmp(method, "by") == 0)
		return jrn_false_discovery_dependent(env, p, n, q);
	if (strcmp(method, "holm") == 0)
		return jrn_family_wise_error(env, p, n, JRN_HOLM, q);
	if (strcmp(method, "hochberg") == 0)
		return jrn_family_wise_error(env, p, n, JRN_HOCHBERG, q);
	if (strcmp(method, "bonferroni") == 0)
		return jrn_family_wise_error(env, p, n, JRN_BONFERRONI, q);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized method \"%s\"", method),
			 errhint("Pass 'bh', 'by', 'holm', 'hochberg' or 'bonferroni'.")));
	return JRN_DOMAIN;
}

/* fdr(p, method) */
PG_FUNCTION_INFO_V1(journey_fdr);
Datum
journey_fdr(PG_FUNCTION_ARGS)
{
	char	   *method = journey_arg_cstring_required(fcinfo, 1, "method");
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	double	   *p;
	double	   *q;
	Datum	   *elements;
	bool	   *nulls;
	int			lower = 1;
	int			count;
	int			i;

	if (PG_ARGISNULL(0))
	{
		(void) adjust(method, &env, NULL, 0, NULL);
		PG_RETURN_NULL();
	}
	p = read_p(PG_GETARG_ARRAYTYPE_P(0), &count);
	q = palloc(sizeof(double) * Max(count, 1));
	journey_check(adjust(method, &env, p, (size_t) count, q), "adjusted p-values");
	if (count == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
	elements = palloc(sizeof(Datum) * count);
	nulls = palloc(sizeof(bool) * count);
	for (i = 0; i < count; i++)
	{
		nulls[i] = isnan(q[i]);
		elements[i] = Float8GetDatum(q[i]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elements, nulls, 1, &count, &lower, FLOAT8OID,
											 sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
