/*
 * pg_rate.c
 *		autoc, qini, uplift_curve and qini_area over a source (rate.h,
 *		qini_area.h).
 *
 * R-PGR-1	The source is read once; its rows are held in memory, 16 bytes each
 *			(32 with a cluster), beyond journey.memory_limit if need be.
 *			Columns fold and std_error take 8 bytes each.
 * R-PGR-2	A NULL in a column that is read is an error (22004): a source is
 *			written for the call, so a row is never dropped silently.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/memutils.h"

#include "../metrics/pg_metrics.h"
#include "../pg/args.h"
#include "../pg/estimate.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "qini_area.h"
#include "rate.h"
#include "rate_folds.h"

#define MOST_DRAWS 100000
#define MOST_POINTS 100000

typedef struct rate_call
{
	const char *what;
	int32		draws;
	uint64		seed;
	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	journey_column priority_column;
	journey_column value_column;	/* score or outcome */
	journey_column treated_column;	/* of qini_area */
	journey_column cluster_column;
	journey_column fold_column; /* of the others */
	journey_column error_column;	/* where there is a fold */

	size_t		n;
	double	   *priority;
	double	   *value;
	double	   *side;			/* JRN_QINI_..., NULL without treated */
	jrn_cluster_print *prints;	/* NULL without cluster */
	double	   *fold;
	double	   *std_error;		/* of priority */
	bool		errors_known;	/* no NULL among them */
	double		wider;			/* factor of errors (rate_folds.h) */
	size_t		priority_capacity;
	size_t		value_capacity;
	size_t		side_capacity;
	size_t		print_capacity;
	size_t		fold_capacity;
	size_t		error_capacity;
} rate_call;

static double
read_side(const rate_call *call, const TupleTableSlot *slot)
{
	double		treated = journey_column_number_required(&call->treated_column, slot, call->from->rows);

	if (treated != 0.0 && treated != 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must be 0 or 1",
						call->treated_column.name, treated, call->from->rows)));
	return treated == 1.0 ? JRN_QINI_TREATED : JRN_QINI_CONTROL;
}

/* A NULL tells that errors are not known (learner x). */
static double
read_error(rate_call *call, const TupleTableSlot *slot)
{
	double		error;

	if (journey_column_is_null(&call->error_column, slot))
	{
		call->errors_known = false;
		return 0.0;
	}
	error = journey_column_number_required(&call->error_column, slot, call->from->rows);
	if (error < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must not be negative",
						call->error_column.name, error, call->from->rows)));
	return error;
}

static void
grow(rate_call *call, size_t *capacity, size_t size, void *array)
{
	journey_check(jrn_grow_array(&call->env, call->n, capacity, size, array), call->what);
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	rate_call  *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);

	grow(call, &call->priority_capacity, sizeof(double), &call->priority);
	call->priority[call->n] = journey_column_number_required(&call->priority_column, slot, call->from->rows);
	grow(call, &call->value_capacity, sizeof(double), &call->value);
	call->value[call->n] = journey_column_number_required(&call->value_column, slot, call->from->rows);
	if (call->treated_column.attribute != 0)
	{
		grow(call, &call->side_capacity, sizeof(double), &call->side);
		call->side[call->n] = read_side(call, slot);
	}
	if (call->fold_column.attribute != 0)
	{
		grow(call, &call->fold_capacity, sizeof(double), &call->fold);
		call->fold[call->n] = journey_column_number_required(&call->fold_column, slot, call->from->rows);
	}
	if (call->error_column.attribute != 0)
	{
		grow(call, &call->error_capacity, sizeof(double), &call->std_error);
		call->std_error[call->n] = read_error(call, slot);
	}
	if (call->cluster_column.attribute != 0)
	{
		journey_key key;

		journey_column_refuse_null(&call->cluster_column, slot, call->from->rows);
		journey_key_read(call->cluster_column.key_kind,
						 journey_column_datum(&call->cluster_column, slot), &key);
		grow(call, &call->print_capacity, sizeof(jrn_cluster_print), &call->prints);
		call->prints[call->n] = journey_metric_print(key.bytes, key.size);
	}
	call->n++;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

/* Arguments draws and seed begin at number first. */
static void
read_source(FunctionCallInfo fcinfo, int first, rate_call *call, const char *what,
			bool treated, jrn_ranks *ranks)
{
	char	   *text = journey_arg_cstring_required(fcinfo, 0, "source");
	jrn_metric_rows view;

	memset(call, 0, sizeof(*call));
	call->what = what;
	call->draws = journey_arg_int(fcinfo, first, "draws", 2, MOST_DRAWS);
	journey_arg_not_null(fcinfo, first + 1, "seed");
	call->seed = (uint64) PG_GETARG_INT64(first + 1);
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey rate", ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "journey rate row", ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	call->from = journey_source_open(text);
	call->priority_column = journey_source_column(call->from, "priority", JOURNEY_COLUMN_NUMBER, true);
	if (treated)
		call->treated_column = journey_source_column(call->from, "treated", JOURNEY_COLUMN_NUMBER, true);
	call->value_column = journey_source_column(call->from, treated ? "outcome" : "score", JOURNEY_COLUMN_NUMBER, true);
	call->cluster_column = journey_source_column(call->from, "cluster", JOURNEY_COLUMN_KEY, false);
	if (!treated)
		call->fold_column = journey_source_column(call->from, "fold", JOURNEY_COLUMN_NUMBER, false);
	if (call->fold_column.attribute != 0)
		call->error_column = journey_source_column(call->from, "std_error", JOURNEY_COLUMN_NUMBER, false);
	call->errors_known = call->error_column.attribute != 0;
	journey_source_run(call->from, read_row, call);
	journey_source_close(call->from);
	journey_progress_watch(call->context, what);
	call->wider = 1.0;
	if (call->fold_column.attribute != 0)
		journey_check(jrn_rate_by_fold(&call->env, call->n, call->priority, call->fold,
									   call->errors_known ? call->std_error : NULL, &call->wider), what);

	memset(&view, 0, sizeof(view));
	view.n = call->n;
	view.predicted = call->priority;
	view.observed = call->value;
	view.weight = call->side;
	view.prints = call->prints;
	journey_check(jrn_ranks_sort(&call->env, &view, ranks), what);
}

static Datum
estimate_datum(FunctionCallInfo fcinfo, const rate_call *call, const jrn_figure *figure, jrn_rate_status status)
{
	static const char *const reasons[] = {NULL, "too_few", "one_priority", "one_class"};
	journey_estimate value;

	value.estimate = figure->estimate;
	value.std_error = figure->std_error;
	value.conf_low = figure->low;
	value.conf_high = figure->high;
	value.n = (int64) call->n;
	value.method = status != JRN_RATE_OK ? reasons[status] :
		call->cluster_column.attribute != 0 ?
		(call->fold_column.attribute != 0 ? "half_sample_clustered_folds" : "half_sample_clustered") :
		(call->fold_column.attribute != 0 ? "half_sample_folds" : "half_sample");
	MemoryContextDelete(call->context);
	return journey_estimate_datum(fcinfo, &value);
}

static Datum
rate(FunctionCallInfo fcinfo, jrn_rate_kind kind, const char *what)
{
	rate_call	call;
	jrn_ranks	ranks;
	jrn_figure	figure;
	jrn_rate_status status;

	read_source(fcinfo, 1, &call, what, false, &ranks);
	journey_check(jrn_rate(&call.env, &ranks, kind, call.wider, call.draws, call.seed, &figure, &status), what);
	return estimate_datum(fcinfo, &call, &figure, status);
}

/* autoc(source, draws, seed) */
PG_FUNCTION_INFO_V1(journey_autoc);
Datum
journey_autoc(PG_FUNCTION_ARGS)
{
	return rate(fcinfo, JRN_RATE_AUTOC, "autoc");
}

/* qini(source, draws, seed) */
PG_FUNCTION_INFO_V1(journey_qini);
Datum
journey_qini(PG_FUNCTION_ARGS)
{
	return rate(fcinfo, JRN_RATE_QINI, "qini");
}

/* qini_area(source, draws, seed) */
PG_FUNCTION_INFO_V1(journey_qini_area);
Datum
journey_qini_area(PG_FUNCTION_ARGS)
{
	rate_call	call;
	jrn_ranks	ranks;
	jrn_figure	figure;
	jrn_rate_status status;

	read_source(fcinfo, 1, &call, "qini_area", true, &ranks);
	journey_check(jrn_qini_area(&call.env, &ranks, call.draws, call.seed, &figure, &status), call.what);
	return estimate_datum(fcinfo, &call, &figure, status);
}

static void
put_figure(journey_rows *rows, int column, const jrn_figure *figure)
{
	journey_rows_number(rows, column, figure->std_error);
	journey_rows_number(rows, column + 1, figure->low);
	journey_rows_number(rows, column + 2, figure->high);
}

/* uplift_curve(source, points, draws, seed) */
PG_FUNCTION_INFO_V1(journey_uplift_curve);
Datum
journey_uplift_curve(PG_FUNCTION_ARGS)
{
	rate_call	call;
	journey_rows rows;
	jrn_ranks	ranks;
	jrn_rate_point *curve;
	int32		points = journey_arg_int(fcinfo, 1, "points", 1, MOST_POINTS);
	int32		j;

	journey_rows_begin(&rows, fcinfo, 10, "uplift_curve");
	read_source(fcinfo, 2, &call, "uplift_curve", false, &ranks);
	if (call.n > 0)
	{
		journey_check(jrn_alloc_array(&call.env, (size_t) points, sizeof(jrn_rate_point), &curve), call.what);
		journey_check(jrn_rate_curve(&call.env, &ranks, (uint32) points, call.wider, call.draws, call.seed, curve), call.what);
	}
	for (j = 0; j < points && call.n > 0; j++)
	{
		CHECK_FOR_INTERRUPTS();
		journey_rows_number(&rows, 0, curve[j].fraction);
		journey_rows_bigint(&rows, 1, (int64) curve[j].n);
		journey_rows_number(&rows, 2, curve[j].gain.estimate);
		journey_rows_number(&rows, 3, curve[j].toc.estimate);
		put_figure(&rows, 4, &curve[j].gain);
		put_figure(&rows, 7, &curve[j].toc);
		journey_rows_put(&rows);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
