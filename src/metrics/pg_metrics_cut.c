/*
 * pg_metrics_cut.c
 *		Aggregates of a confusion table: accuracy, precision, recall, f1,
 *		balanced_accuracy, mcc (metric_confusion.h).
 *
 * The state is a float8[] with the header of ../pg/state.h:
 *
 *		[1] [2] [3] header  [4] threshold  [5] n
 *		[6] to [13] sums of weights and their compensations: true negatives,
 *		false negatives, false positives, true positives
 */
#include "pg_metrics.h"

#include <math.h>

#include "utils/float.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "../pg/state.h"
#include "metric_confusion.h"

#define STATE_LENGTH 13
#define DEFAULT_THRESHOLD 0.5

static const journey_state_kind cut_state = {
	"a metric of a cut",
	17226.0,					/* 0x434A: "JC" */
	1.0,
	STATE_LENGTH,
	STATE_LENGTH
};

StaticAssertDecl(sizeof(jrn_confusion) == (STATE_LENGTH - JOURNEY_STATE_HEADER) * sizeof(double),
				 "jrn_confusion is the body of the state");

static double *
state_numbers(ArrayType *array)
{
	int			count;

	return journey_state_numbers(array, &cut_state, &count);
}

/* R-STATE-1, every number. */
static jrn_confusion
checked_confusion(const double *numbers)
{
	jrn_confusion confusion;
	double		weight = 0.0;
	int			i;

	for (i = JOURNEY_STATE_HEADER; i < STATE_LENGTH; i++)
		if (!isfinite(numbers[i]))
			journey_state_refuse(&cut_state, "a number is not finite");
	memcpy(&confusion, numbers + JOURNEY_STATE_HEADER, sizeof(confusion));
	journey_state_check_rows(&cut_state, confusion.n);
	for (i = 0; i < 4; i++)
	{
		if (confusion.cells[i].sum < 0.0 ||
			fabs(confusion.cells[i].compensation) > 1e-3 * confusion.cells[i].sum)
			journey_state_refuse(&cut_state, "its cells are wrong");
		weight += confusion.cells[i].sum;
	}
	if (!(weight > 0.0))
		journey_state_refuse(&cut_state, "its cells are wrong");
	return confusion;
}

static ArrayType *
new_state(const jrn_confusion *confusion)
{
	ArrayType  *array = journey_state_new(&cut_state, STATE_LENGTH);

	memcpy((double *) ARR_DATA_PTR(array) + JOURNEY_STATE_HEADER, confusion, sizeof(*confusion));
	return array;
}

/* Transition; R-PGM-1, R-PGM-2.  Arguments: state, predicted, observed, threshold, weight. */
static Datum
accumulate(FunctionCallInfo fcinfo, journey_observed kind, bool cut, bool weighted)
{
	ArrayType  *array;
	double	   *numbers;
	double		predicted,
				observed,
				weight = 1.0;
	jrn_confusion confusion;
	jrn_acc    *cell;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		journey_state_refuse(&cut_state, "it is null");
	array = PG_GETARG_ARRAYTYPE_P(0);
	numbers = state_numbers(array);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_ARRAYTYPE_P(array);
	memset(&confusion, 0, sizeof(confusion));
	if (numbers != NULL)
		memcpy(&confusion, numbers + JOURNEY_STATE_HEADER, sizeof(confusion));
	predicted = journey_metric_predicted(fcinfo, 1, "predicted value");
	observed = journey_metric_observed(fcinfo, 2, kind, "observed value");
	confusion.threshold = cut ?
		journey_metric_constant(fcinfo, 3, "threshold", numbers != NULL, confusion.threshold) :
		DEFAULT_THRESHOLD;
	if (weighted && !journey_metric_weight(fcinfo, 4, &weight))
		PG_RETURN_ARRAYTYPE_P(array);
	cell = &confusion.cells[jrn_confusion_cell(predicted, confusion.threshold, observed)];
	jrn_acc_add(cell, weight);
	if (!isfinite(cell->sum) || !isfinite(cell->compensation))
		float_overflow_error();
	confusion.n += 1.0;
	if (numbers == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state(&confusion));
	memcpy(numbers + JOURNEY_STATE_HEADER, &confusion, sizeof(confusion));
	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(journey_cut_combine);
Datum
journey_cut_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	double	   *mine;
	double	   *other;
	jrn_confusion confusion;
	jrn_confusion more;
	int			i;

	(void) journey_agg_context(fcinfo);
	first = PG_GETARG_ARRAYTYPE_P(0);
	second = PG_GETARG_ARRAYTYPE_P(1);
	mine = state_numbers(first);
	other = state_numbers(second);
	if (other == NULL)
		PG_RETURN_ARRAYTYPE_P(first);
	more = checked_confusion(other);
	if (mine == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state(&more));
	confusion = checked_confusion(mine);
	if (confusion.threshold != more.threshold)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold is %s and %s in different rows, it must be the same in all",
						float8out_internal(Min(confusion.threshold, more.threshold)),
						float8out_internal(Max(confusion.threshold, more.threshold)))));
	for (i = 0; i < 4; i++)
	{
		jrn_acc_merge(&confusion.cells[i], &more.cells[i]);
		if (!isfinite(confusion.cells[i].sum))
			float_overflow_error();
	}
	confusion.n += more.n;
	PG_RETURN_ARRAYTYPE_P(new_state(&confusion));
}

static Datum
finish(FunctionCallInfo fcinfo, jrn_cut_metric metric)
{
	double	   *numbers;
	jrn_confusion confusion;
	double		cells[4];
	double		value;
	int			i;

	(void) journey_agg_context(fcinfo);
	numbers = state_numbers(PG_GETARG_ARRAYTYPE_P(0));
	if (numbers == NULL)
		PG_RETURN_NULL();
	confusion = checked_confusion(numbers);
	for (i = 0; i < 4; i++)
		cells[i] = jrn_acc_value(&confusion.cells[i]);
	value = jrn_cut_value(metric, cells);
	if (isnan(value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

#define CUT_ACCUM(name, kind, cut, weighted) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return accumulate(fcinfo, kind, cut, weighted); }

#define CUT_FINAL(name, metric) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ return finish(fcinfo, metric); }

CUT_ACCUM(cut_accum_boolean, JOURNEY_OBSERVED_BOOL, false, false)
CUT_ACCUM(cut_accum_float8, JOURNEY_OBSERVED_CLASS, false, false)
CUT_ACCUM(cut_accum_boolean_at, JOURNEY_OBSERVED_BOOL, true, false)
CUT_ACCUM(cut_accum_float8_at, JOURNEY_OBSERVED_CLASS, true, false)
CUT_ACCUM(cut_accum_boolean_at_weight, JOURNEY_OBSERVED_BOOL, true, true)
CUT_ACCUM(cut_accum_float8_at_weight, JOURNEY_OBSERVED_CLASS, true, true)
CUT_FINAL(accuracy_final, JRN_CUT_ACCURACY)
CUT_FINAL(precision_final, JRN_CUT_PRECISION)
CUT_FINAL(recall_final, JRN_CUT_RECALL)
CUT_FINAL(f1_final, JRN_CUT_F1)
CUT_FINAL(balanced_accuracy_final, JRN_CUT_BALANCED)
CUT_FINAL(mcc_final, JRN_CUT_MCC)
