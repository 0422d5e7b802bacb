/*
 * pg_chart_roc.c
 *		svg_roc(source): the source of roc() read once, its curve drawn with the
 *		area and DeLong's interval.
 *
 * Rows are checked as roc() checks them and held in memory, 16 bytes each (32
 * with a cluster), whatever journey.memory_limit says.
 */
#include "pg_charts.h"

#include <math.h>

#include "utils/memutils.h"

#include "../metrics/metric_auc.h"
#include "../metrics/metric_tables.h"
#include "../metrics/pg_metrics.h"
#include "../pg/source.h"
#include "chart_roc.h"

typedef struct roc_call
{
	jrn_env		env;
	MemoryContext row_context;
	journey_source *from;
	journey_column predicted_column;
	journey_column observed_column;
	journey_column cluster_column;
	size_t		n;
	double	   *predicted;
	double	   *observed;
	jrn_cluster_print *prints;
	size_t		predicted_capacity;
	size_t		observed_capacity;
	size_t		print_capacity;
} roc_call;

static void
read_row(void *arg, TupleTableSlot *slot)
{
	roc_call   *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	double		observed = journey_column_number_required(&call->observed_column, slot, call->from->rows);

	if (observed != 0.0 && observed != 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must be 0 or 1",
						call->observed_column.name, observed, call->from->rows)));
	journey_check(jrn_grow_array(&call->env, call->n, &call->predicted_capacity, sizeof(double), &call->predicted), "svg_roc");
	journey_check(jrn_grow_array(&call->env, call->n, &call->observed_capacity, sizeof(double), &call->observed), "svg_roc");
	call->predicted[call->n] = journey_column_number_required(&call->predicted_column, slot, call->from->rows);
	call->observed[call->n] = observed;
	if (call->cluster_column.attribute != 0)
	{
		journey_key key;

		journey_column_refuse_null(&call->cluster_column, slot, call->from->rows);
		journey_key_read(call->cluster_column.key_kind, journey_column_datum(&call->cluster_column, slot), &key);
		journey_check(jrn_grow_array(&call->env, call->n, &call->print_capacity, sizeof(jrn_cluster_print), &call->prints), "svg_roc");
		call->prints[call->n] = journey_metric_print(key.bytes, key.size);
	}
	call->n++;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_source(roc_call *call, const char *text)
{
	call->from = journey_source_open(text);
	call->predicted_column = journey_source_column(call->from, "predicted", JOURNEY_COLUMN_NUMBER, true);
	call->observed_column = journey_source_column(call->from, "observed", JOURNEY_COLUMN_NUMBER, true);
	call->cluster_column = journey_source_column(call->from, "cluster", JOURNEY_COLUMN_KEY, false);
	journey_source_run(call->from, read_row, call);
	journey_source_close(call->from);
}

/* Points of the curve as columns. */
static jrn_status
find_points(roc_call *call, jrn_roc_rows *rows)
{
	jrn_metric_rows view;
	jrn_ranks	ranks;
	jrn_roc_point *points;
	double	   *tpr;
	double	   *fpr;
	size_t		i;

	memset(&view, 0, sizeof(view));
	view.n = call->n;
	view.predicted = call->predicted;
	view.observed = call->observed;
	JRN_TRY(jrn_ranks_sort(&call->env, &view, &ranks));
	JRN_TRY(jrn_roc(&call->env, &ranks, &points, &rows->count));
	JRN_TRY(jrn_alloc_array(&call->env, rows->count, sizeof(double), &tpr));
	JRN_TRY(jrn_alloc_array(&call->env, rows->count, sizeof(double), &fpr));
	for (i = 0; i < rows->count; i++)
	{
		tpr[i] = points[i].tpr;
		fpr[i] = points[i].fpr;
	}
	rows->tpr = tpr;
	rows->fpr = fpr;
	return JRN_OK;
}

static jrn_status
find_interval(roc_call *call, jrn_roc_rows *rows)
{
	jrn_auc_result result;
	uint32_t   *ids = NULL;
	uint32_t	clusters = 0;

	if (call->prints != NULL)
	{
		JRN_TRY(jrn_alloc_array(&call->env, call->n, sizeof(uint32_t), &ids));
		JRN_TRY(jrn_cluster_ids(&call->env, call->prints, call->n, ids, &clusters));
	}
	JRN_TRY(jrn_auc_delong(&call->env, call->predicted, call->observed, ids, clusters, call->n, &result));
	jrn_auc_interval(result.auc, result.variance, 0.95, &rows->area_low, &rows->area_high);
	return JRN_OK;
}

PG_FUNCTION_INFO_V1(journey_svg_roc);
Datum
journey_svg_roc(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	double		width = journey_chart_width(fcinfo, 1);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey ROC curve", ALLOCSET_DEFAULT_SIZES);
	roc_call	call;
	jrn_roc_rows rows;
	const char *bytes;
	size_t		size;
	Datum		result;

	memset(&call, 0, sizeof(call));
	memset(&rows, 0, sizeof(rows));
	call.env = journey_host_env(context);
	call.row_context = AllocSetContextCreate(context, "journey ROC curve row", ALLOCSET_SMALL_SIZES);
	read_source(&call, source);
	journey_check(find_points(&call, &rows), "the curve");
	rows.area_low = rows.area_high = NAN;
	if (call.n > 0)
		journey_check(find_interval(&call, &rows), "the area under the curve");
	result = journey_chart_result(jrn_chart_roc(&call.env, &rows, width, journey_chart_ascii(), &bytes, &size), &bytes, &size);
	MemoryContextDelete(context);
	return result;
}
