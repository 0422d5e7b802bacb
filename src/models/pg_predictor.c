/*
 * pg_predictor.c
 *		Models made ready for many rows (see pg_predictor.h).
 */
#include "pg_predictor.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/host.h"
#include "pg_feature_columns.h"

typedef struct predictor_cache
{
	int			used;
	int			next;			/* the one to give up when all are used */
	journey_predictor *last;
	journey_predictor *entries[JOURNEY_PREDICTORS];
} predictor_cache;

/* ---- from a model to a predictor ---- */

/* Parse and check a model in the current context, which becomes its own. */
static journey_predictor *
build(struct varlena *raw)
{
	journey_predictor *predictor = palloc0(sizeof(journey_predictor));
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_model	model;
	char	  **terms;
	jrn_status	status;
	int			i;

	journey_model_read(DatumGetHeapTupleHeader(PointerGetDatum(raw)), &model,
					   &predictor->encoding, &terms);
	status = jrn_predictor_init(&env, &model, &predictor->core);
	if (status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no finite coefficients to predict with, its status is \"%s\"",
						jrn_fit_status_name(model.status)),
				 errhint("Filter models by their status, or fit with a penalty.")));
	journey_check(status, "prediction");
	predictor->terms = terms;
	predictor->term_count = model.terms;
	predictor->first_term = model.terms - (predictor->core.terms - 1);
	predictor->levels = palloc_extended((Size) Max(predictor->encoding.feature_count, 1) *
										sizeof(jrn_level *), MCXT_ALLOC_HUGE);
	for (i = 0; i < predictor->encoding.feature_count; i++)
		predictor->levels[i] = journey_feature_levels(&predictor->encoding.features[i]);
	predictor->features = palloc_extended((Size) Max(predictor->encoding.feature_count, 1) *
										  sizeof(double), MCXT_ALLOC_HUGE);
	predictor->context = CurrentMemoryContext;
	predictor->raw_size = VARSIZE_ANY(raw);
	predictor->raw = palloc_extended(predictor->raw_size, MCXT_ALLOC_HUGE);
	memcpy(predictor->raw, raw, predictor->raw_size);
	return predictor;
}

/* Build in a context of its own that moves under parent once complete. */
static journey_predictor *
new_predictor(struct varlena *raw, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey predictor",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	journey_predictor *predictor = build(raw);

	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, parent);
	return predictor;
}

static bool
is_predictor_of(const journey_predictor *predictor, const struct varlena *raw, Size size)
{
	return predictor->raw_size == size && memcmp(predictor->raw, raw, size) == 0;
}

/*
 * Bytes that identify the model: as they lie in the tuple, detoasted only
 * where the pointer does not name a stored value (R-PPR-1).
 */
static struct varlena *
raw_model(FunctionCallInfo fcinfo, int number)
{
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(number);

	if (VARATT_IS_EXTERNAL(raw) && !VARATT_IS_EXTERNAL_ONDISK(raw))
		raw = (struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(number));
	return raw;
}

journey_predictor *
journey_predictor_of(FunctionCallInfo fcinfo, int number)
{
	predictor_cache *cache = fcinfo->flinfo->fn_extra;
	struct varlena *raw = raw_model(fcinfo, number);
	Size		size = VARSIZE_ANY(raw);
	journey_predictor *predictor;
	int			i;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(predictor_cache));
		fcinfo->flinfo->fn_extra = cache;
	}
	if (cache->last != NULL && is_predictor_of(cache->last, raw, size))
		return cache->last;
	for (i = 0; i < cache->used; i++)
		if (is_predictor_of(cache->entries[i], raw, size))
			return cache->last = cache->entries[i];
	predictor = new_predictor(raw, fcinfo->flinfo->fn_mcxt);
	if (cache->used < JOURNEY_PREDICTORS)
		i = cache->used++;
	else
	{
		i = cache->next;
		cache->next = (cache->next + 1) % JOURNEY_PREDICTORS;
		MemoryContextDelete(cache->entries[i]->context);
	}
	cache->entries[i] = predictor;
	return cache->last = predictor;
}

/* ---- arrays ---- */

double
journey_predict_array(journey_predictor *predictor, ArrayType *x)
{
	int			wanted = predictor->core.terms - 1;
	int			count = ARR_NDIM(x) == 0 ? 0 : ARR_DIMS(x)[0];
	const double *values = (const double *) ARR_DATA_PTR(x);
	int			i;

	if (predictor->encoding.offset != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model was fitted with the offset \"%s\", which an array does not carry",
						predictor->encoding.offset),
				 errhint("Pass a row with that column instead.")));
	if (ARR_ELEMTYPE(x) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("array \"x\" must be of type double precision[]")));
	if (ARR_NDIM(x) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" must have one dimension, it has %d", ARR_NDIM(x))));
	if (count != wanted)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"x\" has %d elements, the model has %d terms after the intercept",
						count, wanted)));
	if (array_contains_nulls(x))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("array \"x\" must not contain nulls")));
	for (i = 0; i < count; i++)
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("element %d of array \"x\" is not finite", i + 1)));
	return journey_finite_link(jrn_predict_link(&predictor->core, values));
}
