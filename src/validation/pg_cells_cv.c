/*
 * pg_cells_cv.c
 *		SQL binding of cross_validate_moments().
 */
#include "../pg/compat.h"

#include "utils/memutils.h"

#include "../models/pg_moments.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "cells_cv.h"
#include "pg_cv.h"

/* alpha NULL: least squares without lambdas, ridge with them. */
static void
read_penalty(FunctionCallInfo fcinfo, int lambdas, int alpha, journey_cv_call *call)
{
	double		share = PG_ARGISNULL(alpha) ? 0.0 : PG_GETARG_FLOAT8(alpha);

	if (!(share >= 0.0 && share <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("alpha is %g, it must be from 0 to 1", share),
				 errhint("It is the share of the absolute part: 0 is ridge, 1 is lasso.")));
	call->request.alpha = share;
	call->request.penalty = share == 1.0 ? JRN_PENALTY_LASSO : share > 0.0 ? JRN_PENALTY_ELASTIC_NET :
		PG_ARGISNULL(alpha) && PG_ARGISNULL(lambdas) ? JRN_PENALTY_NONE : JRN_PENALTY_RIDGE;
	journey_cv_lambdas(fcinfo, lambdas, call);
}

static void
run(const jrn_env *env, const journey_moments *moments, journey_cv_call *call)
{
	jrn_cell_list cells;

	if (call->k > moments->count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is %d, but the moments have only %d %s", call->k, moments->count,
						moments->count == 1 ? "cell" : "cells"),
				 errhint("Pass a smaller k, or moments of more cells.")));
	cells.count = (size_t) moments->count;
	cells.ids = moments->cells;
	cells.sets = moments->sets;
	journey_check(jrn_cross_validate_cells(env, &cells, call->k, call->seed, &call->request,
										   &call->result), "cross_validate_moments");
}

/* cross_validate_moments(m, lambdas, alpha, k, repeats, seed) */
PG_FUNCTION_INFO_V1(journey_cross_validate_moments);
Datum
journey_cross_validate_moments(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	static const jrn_metric metrics[] = {JRN_METRIC_RMSE, JRN_METRIC_R_SQUARED};
	journey_cv_call call;
	journey_moments moments;
	jrn_env		env;
	int			i;

	memset(&call, 0, sizeof(call));
	memset(&moments, 0, sizeof(moments));
	journey_init_materialized(fcinfo);
	call.request.family = JRN_GAUSSIAN;
	call.fold_method = "cells";
	read_penalty(fcinfo, 1, 2, &call);
	call.k = journey_arg_int(fcinfo, 3, "k", 2, JOURNEY_MAX_FOLDS);
	call.request.repeats = journey_arg_int(fcinfo, 4, "repeats", 1, JOURNEY_MAX_REPEATS);
	journey_arg_not_null(fcinfo, 5, "seed");
	call.seed = (uint64) PG_GETARG_INT64(5);
	if (!PG_ARGISNULL(0))
		journey_moments_read(PG_GETARG_HEAPTUPLEHEADER(0), &moments);
	env = journey_host_env(CurrentMemoryContext);
	if (moments.count > 0)
		run(&env, &moments, &call);
	for (i = 0; i < (int) lengthof(metrics); i++)
		if (moments.count > 0)
			journey_cv_put_metric(rsinfo, &call, metrics[i]);
		else
			journey_cv_put_empty(rsinfo, metrics[i]);
	return (Datum) 0;
}
