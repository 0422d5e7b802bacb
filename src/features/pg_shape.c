/*
 * pg_shape.c
 *		SQL binding of the scalars over a path (text[]) and over gaps
 *		(float8[]).
 *
 * R-SCALAR-1	An empty path or an array without gaps has no shape: NULL.
 *				edit_distance takes empty paths.
 * R-SCALAR-2	NULL elements, more than one dimension, empty or overlong
 *				touchpoints, gaps that are negative or not finite are errors
 *				that name the element.
 */
#include "../pg/compat.h"

#include <math.h>

#include "access/tupmacs.h"
#include "catalog/pg_type.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "edit_distance.h"
#include "vocabulary.h"
#include "lempel_ziv.h"
#include "rhythm.h"
#include "shape.h"

/* Dimensions and NULLs; returns the number of elements. */
static int
checked_elements(ArrayType *array, const char *name)
{
	const bits8 *bitmap = ARR_NULLBITMAP(array);
	int			count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	int			i;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" must have one dimension, it has %d",
						name, ARR_NDIM(array))));
	for (i = 0; bitmap != NULL && i < count; i++)
		if ((bitmap[i / 8] & (1 << (i % 8))) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("element %d of array \"%s\" is null", i + 1, name)));
	return count;
}

/* Codes of the elements of an array in a dictionary, by order of arrival. */
static uint32_t *
intern_path(const jrn_env *env, ArrayType *array, const char *name,
			jrn_vocabulary *labels, int count)
{
	uint32_t   *codes = palloc_extended((Size) Max(count, 1) * sizeof(uint32_t),
										MCXT_ALLOC_HUGE);
	char	   *element = ARR_DATA_PTR(array);
	int			i;

	for (i = 0; i < count; i++)
	{
		Size		size = VARSIZE_ANY_EXHDR(element);

		if (size == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"%s\" is an empty string", i + 1, name)));
		if (size > JRN_MAX_WORD_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("element %d of array \"%s\" is too long, it has %zu bytes",
							i + 1, name, size),
					 errdetail("A touchpoint has at most %zu bytes.", JRN_MAX_WORD_BYTES)));
		journey_check(jrn_vocabulary_intern(env, labels, VARDATA_ANY(element), size, &codes[i]),
					  "a path");
		element = att_addlength_pointer(element, -1, element);
		element = (char *) att_align_nominal(element, TYPALIGN_INT);
		if ((i & 0xfff) == 0xfff)
			CHECK_FOR_INTERRUPTS();
	}
	return codes;
}

/* The workspace, kept with the call site for its tables and buffers. */
static jrn_shape_work *
call_work(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
	{
		fcinfo->flinfo->fn_extra = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt,
													  sizeof(jrn_shape_work));
		jrn_shape_work_init(fcinfo->flinfo->fn_extra);
	}
	return fcinfo->flinfo->fn_extra;
}

/*
 * Tally argument 0, the path; false for an empty one.  Labels become ranks in
 * byte order, as everywhere (R-JRN-2), so that sums have the same bits here
 * and in features_agg.
 */
static bool
tally_argument(FunctionCallInfo fcinfo, jrn_env *env, jrn_shape_work *work, jrn_tally *tally)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	jrn_env		local = journey_host_env(CurrentMemoryContext);
	int			count = checked_elements(array, "path");
	jrn_vocabulary labels = {0};
	jrn_event  *events;
	uint32_t   *codes,
			   *order,
			   *ranks;
	int			i;

	if (count == 0)
		return false;
	codes = intern_path(&local, array, "path", &labels, count);
	order = palloc_extended(labels.count * sizeof(uint32_t), MCXT_ALLOC_HUGE);
	ranks = palloc_extended(labels.count * sizeof(uint32_t), MCXT_ALLOC_HUGE);
	journey_check(jrn_vocabulary_rank(&local, &labels, order, ranks), "a path");
	events = palloc_extended((Size) count * sizeof(jrn_event), MCXT_ALLOC_HUGE);
	for (i = 0; i < count; i++)
	{
		events[i].ts = 0;
		events[i].label = ranks[codes[i]];
		events[i].ref = 0;
	}
	*env = journey_host_env(fcinfo->flinfo->fn_mcxt);
	journey_check(jrn_tally_path(env, work, events, (size_t) count,
								 (uint32_t) labels.count, tally), "a path");
	return true;
}

/* Argument 1; 0 when it is NULL.  It must cover the touchpoints of the path. */
static int64
arg_alphabet_size(FunctionCallInfo fcinfo, const jrn_tally *tally)
{
	int32		size;

	if (PG_ARGISNULL(1))
		return 0;
	size = journey_arg_int(fcinfo, 1, "alphabet_size", 1, PG_INT32_MAX);
	if ((size_t) size < tally->distinct)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"alphabet_size\" is %d, but the path has %zu distinct touchpoints",
						size, tally->distinct)));
	return size;
}

PG_FUNCTION_INFO_V1(journey_entropy);
Datum
journey_entropy(PG_FUNCTION_ARGS)
{
	jrn_shape_work *work = call_work(fcinfo);
	jrn_env		env;
	jrn_tally	tally;
	double		out;

	if (PG_ARGISNULL(0) || !tally_argument(fcinfo, &env, work, &tally))
		PG_RETURN_NULL();
	journey_check(jrn_entropy(work, &tally, arg_alphabet_size(fcinfo, &tally), &out),
				  "entropy");
	PG_RETURN_FLOAT8(out);
}

PG_FUNCTION_INFO_V1(journey_complexity);
Datum
journey_complexity(PG_FUNCTION_ARGS)
{
	jrn_shape_work *work = call_work(fcinfo);
	jrn_env		env;
	jrn_tally	tally;
	double		out;

	if (PG_ARGISNULL(0) || !tally_argument(fcinfo, &env, work, &tally))
		PG_RETURN_NULL();
	journey_check(jrn_complexity(work, &tally, arg_alphabet_size(fcinfo, &tally), &out),
				  "complexity");
	PG_RETURN_FLOAT8(out);
}

PG_FUNCTION_INFO_V1(journey_volatility);
Datum
journey_volatility(PG_FUNCTION_ARGS)
{
	jrn_shape_work *work = call_work(fcinfo);
	jrn_env		env;
	jrn_tally	tally;
	double		out;

	if (PG_ARGISNULL(0) || !tally_argument(fcinfo, &env, work, &tally))
		PG_RETURN_NULL();
	journey_check(jrn_volatility(&tally, arg_alphabet_size(fcinfo, &tally), &out),
				  "volatility");
	PG_RETURN_FLOAT8(out);
}

PG_FUNCTION_INFO_V1(journey_log2_subsequences);
Datum
journey_log2_subsequences(PG_FUNCTION_ARGS)
{
	jrn_shape_work *work = call_work(fcinfo);
	jrn_env		env;
	jrn_tally	tally;
	double		out;

	if (!tally_argument(fcinfo, &env, work, &tally))
		PG_RETURN_NULL();
	journey_check(jrn_log2_subsequences(&env, work, &tally, &out), "subsequences");
	PG_RETURN_FLOAT8(out);
}

PG_FUNCTION_INFO_V1(journey_turbulence);
Datum
journey_turbulence(PG_FUNCTION_ARGS)
{
	jrn_shape_work *work = call_work(fcinfo);
	jrn_env		env;
	jrn_tally	tally;
	double		log2_phi;

	if (!tally_argument(fcinfo, &env, work, &tally))
		PG_RETURN_NULL();
	journey_check(jrn_log2_subsequences(&env, work, &tally, &log2_phi), "turbulence");
	PG_RETURN_FLOAT8(jrn_turbulence(&tally, log2_phi));
}

PG_FUNCTION_INFO_V1(journey_lempel_ziv);
Datum
journey_lempel_ziv(PG_FUNCTION_ARGS)
{
	jrn_shape_work *work = call_work(fcinfo);
	jrn_env		env;
	jrn_tally	tally;
	int64		out;

	if (!tally_argument(fcinfo, &env, work, &tally))
		PG_RETURN_NULL();
	journey_check(jrn_lempel_ziv(&env, work, &tally, &out), "lempel_ziv");
	PG_RETURN_INT32((int32) out);
}

PG_FUNCTION_INFO_V1(journey_edit_distance);
Datum
journey_edit_distance(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	ArrayType  *a = PG_GETARG_ARRAYTYPE_P(0);
	ArrayType  *b = PG_GETARG_ARRAYTYPE_P(1);
	int			n = checked_elements(a, "a");
	int			m = checked_elements(b, "b");
	jrn_vocabulary labels = {0};
	uint32_t   *codes_a = intern_path(&env, a, "a", &labels, n);
	uint32_t   *codes_b = intern_path(&env, b, "b", &labels, m);
	jrn_status	status;
	int64		out;

	status = jrn_edit_distance(&env, codes_a, (size_t) n, codes_b, (size_t) m, &out);
	if (status == JRN_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("paths of %d and %d events are too long for an edit distance", n, m),
				 errdetail("The product of the lengths between common beginning and end must not exceed %llu.",
						   (unsigned long long) JRN_EDIT_CELLS),
				 errhint("Compare shorter parts of the paths, or samples of them.")));
	journey_check(status, "edit_distance");
	PG_RETURN_INT32((int32) out);
}

/* ---- gaps ---- */

/* Rhythm of argument 0; all figures NaN when there are too few gaps. */
static jrn_rhythm
rhythm_argument(FunctionCallInfo fcinfo)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_rhythm	rhythm;
	double	   *gaps;
	int			count,
				i;

	(void) checked_elements(array, "gaps");
	gaps = journey_array_doubles(array, "gaps", &count);
	for (i = 0; i < count; i++)
		if (gaps[i] < 0.0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"gaps\" is %g, it must be greater than or equal to zero",
							i + 1, gaps[i])));
	journey_check(jrn_rhythm_of(&env, gaps, (size_t) count, &rhythm), "rhythm");
	return rhythm;
}

#define RETURN_FIGURE(figure) \
	do { \
		double		figure_ = (figure); \
		if (isnan(figure_)) \
			PG_RETURN_NULL(); \
		PG_RETURN_FLOAT8(figure_); \
	} while (0)

PG_FUNCTION_INFO_V1(journey_burstiness);
Datum
journey_burstiness(PG_FUNCTION_ARGS)
{
	RETURN_FIGURE(rhythm_argument(fcinfo).burstiness);
}

PG_FUNCTION_INFO_V1(journey_memory_coefficient);
Datum
journey_memory_coefficient(PG_FUNCTION_ARGS)
{
	RETURN_FIGURE(rhythm_argument(fcinfo).memory_coefficient);
}

PG_FUNCTION_INFO_V1(journey_local_variation);
Datum
journey_local_variation(PG_FUNCTION_ARGS)
{
	RETURN_FIGURE(rhythm_argument(fcinfo).local_variation);
}
