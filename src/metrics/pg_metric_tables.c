/*
 * pg_metric_tables.c
 *		roc, calibration, calibration_line, gains and auc_difference: tables
 *		over a source with predictions (metric_tables.h, metric_line.h,
 *		metric_auc.h).
 *
 * R-PGT-1	The source is read once; its rows are held in memory, 16 bytes each
 *			(24 for two scores, 16 more with a cluster), beyond
 *			journey.memory_limit if need be.
 * R-PGT-2	A NULL in a column that is read is an error (22004): a source is
 *			written for the call, so a row is never dropped silently.
 */
#include "pg_metrics.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/dist.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "metric_influence.h"
#include "metric_line.h"
#include "metric_tables.h"

#define MOST_BINS 1000000
#define SCORES 2

typedef struct table_call
{
	const char *what;
	bool		probability;	/* scores must lie in [0, 1] */
	int			scores;			/* 1 or 2 */

	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	journey_column score_columns[SCORES];
	journey_column observed_column;
	journey_column cluster_column;

	size_t		n;
	double	   *score[SCORES];
	double	   *observed;
	jrn_cluster_print *prints;	/* NULL without a cluster column */
	size_t		score_capacity[SCORES];
	size_t		observed_capacity;
	size_t		print_capacity;
} table_call;

static double
read_score(const table_call *call, int k, const TupleTableSlot *slot)
{
	double		score = journey_column_number_required(&call->score_columns[k], slot, call->from->rows);

	if (call->probability && (score < 0.0 || score > 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must be a probability between 0 and 1",
						call->score_columns[k].name, score, call->from->rows)));
	return score;
}

static double
read_observed(const table_call *call, const TupleTableSlot *slot)
{
	double		observed = journey_column_number_required(&call->observed_column, slot, call->from->rows);

	if (observed != 0.0 && observed != 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" is %.15g in row " INT64_FORMAT " of the source, it must be 0 or 1",
						call->observed_column.name, observed, call->from->rows)));
	return observed;
}

static void
grow(table_call *call, size_t *capacity, size_t size, void *array)
{
	journey_check(jrn_grow_array(&call->env, call->n, capacity, size, array), call->what);
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	table_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	int			k;

	for (k = 0; k < call->scores; k++)
	{
		grow(call, &call->score_capacity[k], sizeof(double), &call->score[k]);
		call->score[k][call->n] = read_score(call, k, slot);
	}
	grow(call, &call->observed_capacity, sizeof(double), &call->observed);
	call->observed[call->n] = read_observed(call, slot);
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

/* Read the source; clusters where the call has a use for them. */
static void
read_source(FunctionCallInfo fcinfo, table_call *call, const char *what,
			const char *first, const char *second, bool clustered)
{
	char	   *text = journey_arg_cstring_required(fcinfo, 0, "source");

	call->what = what;
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey metric table",
										  ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "journey metric table row",
											  ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	call->from = journey_source_open(text);
	call->scores = second == NULL ? 1 : 2;
	call->score_columns[0] = journey_source_column(call->from, first, JOURNEY_COLUMN_NUMBER, true);
	if (second != NULL)
		call->score_columns[1] = journey_source_column(call->from, second, JOURNEY_COLUMN_NUMBER, true);
	call->observed_column = journey_source_column(call->from, "observed", JOURNEY_COLUMN_NUMBER, true);
	if (clustered)
		call->cluster_column = journey_source_column(call->from, "cluster", JOURNEY_COLUMN_KEY, false);
	journey_source_run(call->from, read_row, call);
	journey_source_close(call->from);
	journey_progress_watch(call->context, what);
}

static void
sort_rows(table_call *call, jrn_ranks *ranks)
{
	jrn_metric_rows view;

	memset(&view, 0, sizeof(view));
	view.n = call->n;
	view.predicted = call->score[0];
	view.observed = call->observed;
	view.prints = call->prints;
	journey_check(jrn_ranks_sort(&call->env, &view, ranks), call->what);
}

/* roc(source) */
PG_FUNCTION_INFO_V1(journey_roc);
Datum
journey_roc(PG_FUNCTION_ARGS)
{
	table_call	call;
	journey_rows rows;
	jrn_ranks	ranks;
	jrn_roc_point *points;
	size_t		count;
	size_t		i;

	memset(&call, 0, sizeof(call));
	read_source(fcinfo, &call, "roc", "predicted", NULL, false);
	sort_rows(&call, &ranks);
	journey_check(jrn_roc(&call.env, &ranks, &points, &count), call.what);
	journey_rows_begin(&rows, fcinfo, 3, call.what);
	for (i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		journey_rows_number(&rows, 0, points[i].threshold);
		journey_rows_number(&rows, 1, points[i].tpr);
		journey_rows_number(&rows, 2, points[i].fpr);
		journey_rows_put(&rows);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}

/* gains(source, bins) */
PG_FUNCTION_INFO_V1(journey_gains);
Datum
journey_gains(PG_FUNCTION_ARGS)
{
	table_call	call;
	journey_rows rows;
	jrn_ranks	ranks;
	jrn_gain   *gains;
	int32		bins = journey_arg_int(fcinfo, 1, "bins", 1, MOST_BINS);
	int32		i;

	memset(&call, 0, sizeof(call));
	read_source(fcinfo, &call, "gains", "predicted", NULL, false);
	sort_rows(&call, &ranks);
	journey_check(jrn_alloc_array(&call.env, (size_t) bins, sizeof(jrn_gain), &gains), call.what);
	journey_check(jrn_gains(&call.env, &ranks, (uint32) bins, gains), call.what);
	journey_rows_begin(&rows, fcinfo, 5, call.what);
	for (i = 0; i < bins && call.n > 0; i++)
	{
		CHECK_FOR_INTERRUPTS();
		journey_rows_number(&rows, 0, gains[i].fraction);
		journey_rows_bigint(&rows, 1, (int64) gains[i].n);
		journey_rows_number(&rows, 2, gains[i].events);
		journey_rows_number(&rows, 3, gains[i].captured);
		journey_rows_number(&rows, 4, gains[i].lift);
		journey_rows_put(&rows);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}

static bool
arg_equal_mass(FunctionCallInfo fcinfo, int number)
{
	char	   *method = journey_arg_cstring_required(fcinfo, number, "method");

	if (strcmp(method, "equal_width") == 0)
		return false;
	if (strcmp(method, "quantile") == 0 || strcmp(method, "equal_mass") == 0)
		return true;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized method \"%s\"", method),
			 errhint("Pass 'equal_width' or 'quantile'.")));
	return false;
}

/* calibration(source, bins, method) */
PG_FUNCTION_INFO_V1(journey_calibration);
Datum
journey_calibration(PG_FUNCTION_ARGS)
{
	table_call	call;
	journey_rows rows;
	jrn_ranks	ranks;
	jrn_calibration_bin *table;
	int32		bins = journey_arg_int(fcinfo, 1, "bins", 1, MOST_BINS);
	bool		equal_mass = arg_equal_mass(fcinfo, 2);
	size_t		count;
	size_t		i;

	memset(&call, 0, sizeof(call));
	call.probability = true;
	read_source(fcinfo, &call, "calibration", "predicted", NULL, true);
	sort_rows(&call, &ranks);
	journey_check(jrn_alloc_array(&call.env, (size_t) bins, sizeof(jrn_calibration_bin), &table), call.what);
	journey_check(jrn_calibration(&call.env, &ranks, (uint32) bins, equal_mass, table, &count), call.what);
	journey_rows_begin(&rows, fcinfo, 6, call.what);
	for (i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		journey_rows_integer(&rows, 0, (int32) table[i].bin);
		journey_rows_bigint(&rows, 1, (int64) table[i].n);
		journey_rows_number(&rows, 2, table[i].predicted);
		journey_rows_number(&rows, 3, table[i].observed);
		journey_rows_number(&rows, 4, table[i].low);
		journey_rows_number(&rows, 5, table[i].high);
		journey_rows_put(&rows);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}

static void
put_term(journey_rows *rows, const table_call *call, const jrn_line *line, const char *term,
		 const jrn_figure *figure, jrn_line_status status)
{
	static const char *const words[] = {"ok", "too_few", "certain", "one_class", "constant", "separated"};

	journey_rows_cstring(rows, 0, term);
	journey_rows_number(rows, 1, figure->estimate);
	journey_rows_number(rows, 2, figure->std_error);
	journey_rows_number(rows, 3, figure->low);
	journey_rows_number(rows, 4, figure->high);
	journey_rows_bigint(rows, 5, (int64) call->n);
	journey_rows_bigint(rows, 6, (int64) line->certain);
	journey_rows_cstring(rows, 7, call->cluster_column.attribute != 0 ? "sandwich_clustered" : "sandwich");
	journey_rows_cstring(rows, 8, words[status]);
	journey_rows_put(rows);
}

/* calibration_line(source) */
PG_FUNCTION_INFO_V1(journey_calibration_line);
Datum
journey_calibration_line(PG_FUNCTION_ARGS)
{
	table_call	call;
	journey_rows rows;
	jrn_ranks	ranks;
	jrn_line	line;

	memset(&call, 0, sizeof(call));
	call.probability = true;
	read_source(fcinfo, &call, "calibration_line", "predicted", NULL, true);
	sort_rows(&call, &ranks);
	journey_check(jrn_calibration_line(&call.env, &ranks, &line), call.what);
	journey_rows_begin(&rows, fcinfo, 9, call.what);
	put_term(&rows, &call, &line, "in_the_large", &line.large, line.large_status);
	put_term(&rows, &call, &line, "intercept", &line.intercept, line.joint_status);
	put_term(&rows, &call, &line, "slope", &line.slope, line.joint_status);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}

static jrn_status
compare(table_call *call, jrn_auc_comparison *result)
{
	uint32_t   *ids = NULL;
	uint32_t	clusters = 0;

	if (call->prints != NULL)
	{
		JRN_TRY(jrn_alloc_array(&call->env, call->n, sizeof(uint32_t), &ids));
		JRN_TRY(jrn_cluster_ids(&call->env, call->prints, call->n, ids, &clusters));
	}
	return jrn_auc_difference(&call->env, call->score[0], call->score[1], call->observed,
							  ids, clusters, call->n, result);
}

static const char *
comparison_status(const table_call *call, const jrn_auc_comparison *result)
{
	if (call->n == 0)
		return "too_few";
	if (isnan(result->difference))
		return "one_class";
	if (isnan(result->variance))
		return "too_few";
	return result->variance == 0.0 && result->difference != 0.0 ? "no_variance" : "ok";
}

/* auc_difference(source) */
PG_FUNCTION_INFO_V1(journey_auc_difference);
Datum
journey_auc_difference(PG_FUNCTION_ARGS)
{
	table_call	call;
	journey_rows rows;
	jrn_auc_comparison result;
	double		error;

	memset(&call, 0, sizeof(call));
	read_source(fcinfo, &call, "auc_difference", "a", "b", true);
	journey_check(compare(&call, &result), call.what);
	journey_rows_begin(&rows, fcinfo, 10, call.what);
	error = sqrt(result.variance);
	journey_rows_number(&rows, 0, result.difference);
	journey_rows_number(&rows, 1, error);
	/* no variance: equal scores are z = 0, other ones have no test */
	if (error > 0.0 || result.difference == 0.0)
	{
		double		half = jrn_normal_critical(JRN_METRIC_LEVEL) * error;

		journey_rows_number(&rows, 2, result.difference - half);
		journey_rows_number(&rows, 3, result.difference + half);
		if (!isnan(error))
			journey_rows_number(&rows, 4, error > 0.0 ?
								jrn_normal_two_sided(result.difference / error) : 1.0);
	}
	journey_rows_number(&rows, 5, result.a);
	journey_rows_number(&rows, 6, result.b);
	journey_rows_bigint(&rows, 7, (int64) call.n);
	journey_rows_cstring(&rows, 8, call.cluster_column.attribute != 0 ? "delong_clustered" : "delong");
	journey_rows_cstring(&rows, 9, comparison_status(&call, &result));
	journey_rows_put(&rows);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
