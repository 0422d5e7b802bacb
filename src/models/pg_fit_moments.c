/*
 * pg_fit_moments.c
 *		SQL binding of fit_moments(): the least squares, ridge, lasso or elastic
 *		net model of all cells of some moments.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "fit.h"
#include "pg_model.h"
#include "pg_moments.h"
#include "pg_options.h"

/* All cells in one. */
static jrn_status
merge_cells(const jrn_env *env, const journey_moments *moments, jrn_moments **total)
{
	int			i;

	JRN_TRY(jrn_moments_alloc(env, 1, (size_t) moments->q, total));
	for (i = 0; i < moments->count; i++)
	{
		JRN_TICK(env);
		journey_moments_merge_sets(*total, &moments->sets[i]);
	}
	return JRN_OK;
}

static jrn_status
fit_cells(const jrn_env *env, const journey_moments *moments, jrn_moment_source *source,
		  jrn_model *model)
{
	jrn_moments *total;
	double		trust;

	JRN_TRY(merge_cells(env, moments, &total));
	source->moments = total;
	if (total->n > 0 && journey_moments_weighted(total))
		source->log_weights = NAN;	/* R-PMO-3 */
	return jrn_fit_moments(env, source, model, &trust);
}

static Datum
model_datum(const jrn_model *model, const journey_moments *moments)
{
	journey_encoding encoding;
	int			i;

	memset(&encoding, 0, sizeof(encoding));
	encoding.target = moments->terms[moments->q - 1];
	encoding.feature_count = moments->q - 1;
	encoding.features = palloc0((Size) moments->q * sizeof(journey_feature));
	for (i = 0; i < encoding.feature_count; i++)
	{
		encoding.features[i].name = moments->terms[i];
		encoding.features[i].kind = JOURNEY_FEATURE_NUMBER;
	}
	return journey_model_datum(model, &encoding);
}

/* fit_moments(m, penalty, lambda, alpha) */
PG_FUNCTION_INFO_V1(journey_fit_moments);
Datum
journey_fit_moments(PG_FUNCTION_ARGS)
{
	MemoryContext result = CurrentMemoryContext;
	MemoryContext scratch;
	journey_moments moments;
	jrn_moment_source source;
	jrn_model	model;
	jrn_env		env;
	Datum		datum;

	memset(&source, 0, sizeof(source));
	source.penalty = journey_penalty_arg(fcinfo, 1);
	journey_penalty_check(JRN_GAUSSIAN, source.penalty);
	source.lambda = journey_lambda_arg(fcinfo, 2, source.penalty);
	source.alpha = journey_alpha_arg(fcinfo, 3, source.penalty);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	scratch = AllocSetContextCreate(result, "journey fit_moments", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(scratch);
	journey_moments_read(PG_GETARG_HEAPTUPLEHEADER(0), &moments);
	env = journey_host_env(scratch);
	journey_check(fit_cells(&env, &moments, &source, &model), "fit_moments");
	MemoryContextSwitchTo(result);
	datum = model_datum(&model, &moments);
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(datum);
}
