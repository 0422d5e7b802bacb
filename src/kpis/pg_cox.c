/*
 * pg_cox.c
 *		journey.cox: a source query to a journey.model of family cox (cox.h).
 *
 * R-PGC-1	Durations and starts are finite numbers; a duration is 0 or more, a
 *			start lies below its duration.  Rows are held in memory.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../models/pg_design.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "cox.h"

typedef struct cox_call
{
	const char *duration;
	const char *start;			/* NULL: none; else the first feature */
	jrn_env		env;
	int			p;				/* columns of the design, start included */
	jrn_cox_rows rows;
	double	   *start_times;
	double	   *stop;
	double	   *event;
	size_t		x_capacity;
	size_t		start_capacity;
	size_t		stop_capacity;
	size_t		event_capacity;
} cox_call;

static void
check_times(const cox_call *call, double start, double stop)
{
	if (stop < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g, a duration must not be negative", call->duration, stop),
				 errhint("Filter such rows in the source query.")));
	if (call->start != NULL && !(start < stop))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g where column \"%s\" is %.15g, it must be below it",
						call->start, start, call->duration, stop),
				 errhint("A row counts from after its start to its end; filter empty ones in the source query.")));
}

/* Rows of one block, in canonical order. */
static jrn_status
take_tile(void *arg, const jrn_tile *tile)
{
	cox_call   *call = arg;
	int			skipped = call->start != NULL ? 1 : 0;
	int			p = call->rows.p;
	size_t		i;
	int			j;

	for (i = 0; i < tile->rows; i++)
	{
		double		start = skipped ? tile->x[i] : 0.0;

		check_times(call, start, tile->y[i]);
		JRN_TRY(jrn_grow_array(&call->env, call->rows.n, &call->x_capacity, (size_t) Max(p, 1) * sizeof(double), &call->rows.x));
		JRN_TRY(jrn_grow_array(&call->env, call->rows.n, &call->start_capacity, sizeof(double), &call->start_times));
		JRN_TRY(jrn_grow_array(&call->env, call->rows.n, &call->stop_capacity, sizeof(double), &call->stop));
		JRN_TRY(jrn_grow_array(&call->env, call->rows.n, &call->event_capacity, sizeof(double), &call->event));
		for (j = 0; j < p; j++)
			call->rows.x[call->rows.n * (size_t) p + (size_t) j] = tile->x[(size_t) (j + skipped) * tile->stride + i];
		call->start_times[call->rows.n] = start;
		call->stop[call->rows.n] = tile->y[i];
		call->event[call->rows.n] = tile->offset[i];
		call->rows.n++;
	}
	return JRN_OK;
}

/* The features, with the start in front of them. */
static void
read_features(FunctionCallInfo fcinfo, journey_design_request *request, const char *start)
{
	int			count;
	char	  **names;

	if (PG_ARGISNULL(3))
	{
		if (start != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"features\" must be given where start is")));
		return;
	}
	names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(3), "features", &count);
	request->features = palloc((Size) (count + 1) * sizeof(char *));
	if (start != NULL)
		request->features[request->feature_count++] = pstrdup(start);
	memcpy(request->features + request->feature_count, names, (Size) count * sizeof(char *));
	request->feature_count += count;
}

static bool
read_ties(FunctionCallInfo fcinfo)
{
	char	   *ties = journey_arg_cstring_required(fcinfo, 4, "ties");

	if (strcmp(ties, "breslow") == 0)
		return true;
	if (strcmp(ties, "efron") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"ties\" is \"%s\", it must be \"efron\" or \"breslow\"", ties)));
	return false;
}

static void
fit_rows(cox_call *call, journey_design *design, bool breslow, jrn_model *model)
{
	int			skipped = call->start != NULL ? 1 : 0;

	call->env = journey_host_env(design->context);
	call->rows.p = design->core.p - skipped;
	if (call->rows.p < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the source gives no term to fit"),
				 errhint("Name features of the source that are not constant text.")));
	journey_check(jrn_design_stream(&design->core, take_tile, call), "sorting rows");
	call->rows.start = skipped ? call->start_times : NULL;
	call->rows.stop = call->stop;
	call->rows.event = call->event;
	journey_progress_watch(design->context, "fitting a model");
	journey_check(jrn_cox_fit(&call->env, &call->rows, breslow, model), "fitting a model");
	if (skipped)
	{
		design->encoding.features++;
		design->encoding.feature_count--;
	}
}

/* cox(source, duration, event, features, ties, start) */
PG_FUNCTION_INFO_V1(journey_cox);
Datum
journey_cox(PG_FUNCTION_ARGS)
{
	MemoryContext result = CurrentMemoryContext;
	journey_design_request request;
	journey_design *design;
	cox_call	call;
	jrn_model	model;
	bool		breslow;
	Datum		datum;

	memset(&request, 0, sizeof(request));
	memset(&call, 0, sizeof(call));
	request.source = journey_arg_cstring_required(fcinfo, 0, "source");
	request.target = call.duration = journey_arg_cstring_required(fcinfo, 1, "duration");
	request.event = journey_arg_cstring_required(fcinfo, 2, "event");
	breslow = read_ties(fcinfo);
	call.start = journey_arg_cstring(fcinfo, 5);
	read_features(fcinfo, &request, call.start);
	design = journey_design_read(&request, CurrentMemoryContext);
	design->encoding.ties = breslow ? "breslow" : "efron";
	fit_rows(&call, design, breslow, &model);
	MemoryContextSwitchTo(result);
	datum = journey_model_datum(&model, &design->encoding);
	journey_design_close(design);
	PG_RETURN_DATUM(datum);
}
