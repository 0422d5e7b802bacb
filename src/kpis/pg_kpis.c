/*
 * pg_kpis.c
 *		Aggregates nps, csat, rate and mean_ci over independent rows.
 *
 * The state is a float8[] with the header of ../pg/state.h, where the rules
 * R-STATE-1 to R-STATE-3 are:
 *
 *		[1] [2] [3] header  [4] indicator  [5] satisfied_from
 *		[6] n  [7] promoters, or rows that count  [8] detractors
 *		[9] [10] mean, high and low part
 *		[11] [12] sum of squared deviations
 */
#include "pg_kpis.h"

#include <math.h>

#include "utils/float.h"

#include "../pg/aggregate.h"
#include "../pg/estimate.h"
#include "../pg/state.h"

#define STATE_KIND JOURNEY_STATE_HEADER
#define STATE_FROM (JOURNEY_STATE_HEADER + 1)
#define STATE_SUMS (JOURNEY_STATE_HEADER + 2)
#define STATE_LENGTH 12

static const journey_state_kind kpi_state = {
	"an indicator",
	19274.0,					/* 0x4B4A: "JK" */
	1.0,
	STATE_LENGTH,
	STATE_LENGTH
};

StaticAssertDecl(sizeof(jrn_indicator) == (STATE_LENGTH - STATE_SUMS) * sizeof(double),
				 "jrn_indicator is the body of the state");

/* ---- arguments ---- */

double
journey_kpi_finite(double value, const char *name)
{
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s is %s, it must be a finite number", name, float8out_internal(value))));
	return value;
}

/* A promoter score, 0 to 10 in whole steps. */
static double
promoter_score(double score)
{
	(void) journey_kpi_finite(score, "score");
	if (!(score >= 0.0 && score <= 10.0 && score == floor(score)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score is %s, it must be a whole number from 0 to 10",
						float8out_internal(score)),
				 errhint("A net promoter score is asked on a scale from 0 to 10; for other scales use journey.csat() or journey.mean_ci().")));
	return score;
}

bool
journey_kpi_row(FunctionCallInfo fcinfo, jrn_indicator_kind kind, double *value, double *from)
{
	*from = 0.0;
	if (kind == JRN_INDICATOR_CSAT)
	{
		if (PG_ARGISNULL(2))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("satisfied_from must not be null"),
					 errhint("Pass the lowest score that counts as satisfied, such as 4 on a scale from 1 to 5.")));
		*from = journey_kpi_finite(PG_GETARG_FLOAT8(2), "satisfied_from");
	}
	if (PG_ARGISNULL(1))
		return false;
	if (kind == JRN_INDICATOR_RATE)
		*value = PG_GETARG_BOOL(1) ? 1.0 : 0.0;
	else if (kind == JRN_INDICATOR_NPS)
		*value = jrn_promoter_code(promoter_score(PG_GETARG_FLOAT8(1)));
	else if (kind == JRN_INDICATOR_CSAT)
		*value = journey_kpi_finite(PG_GETARG_FLOAT8(1), "score") >= *from ? 1.0 : 0.0;
	else
		*value = journey_kpi_finite(PG_GETARG_FLOAT8(1), "value") + 0.0;
	return true;
}

void
journey_kpi_check_from(double before, double now)
{
	if (before != now)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("satisfied_from is %s in one row and %s in another, it must be the same in a group",
						float8out_internal(Min(before, now)), float8out_internal(Max(before, now))),
				 errhint("Group by what decides it, or use journey.rate(score >= satisfied_from).")));
}

Datum
journey_kpi_estimate(FunctionCallInfo fcinfo, const jrn_figure *figure, int64 n, const char *method)
{
	journey_estimate estimate;

	if (isinf(figure->estimate) || isinf(figure->std_error) || isinf(figure->low) || isinf(figure->high))
		float_overflow_error();
	estimate.estimate = figure->estimate;
	estimate.std_error = figure->std_error;
	estimate.conf_low = figure->low;
	estimate.conf_high = figure->high;
	estimate.n = n;
	estimate.method = method;
	return journey_estimate_datum(fcinfo, &estimate);
}

/* ---- states ---- */

/*
 * The numbers of a state, NULL for the empty one.  R-STATE-1: shape and header
 * only.  kind 0 accepts any.
 */
static double *
state_numbers(ArrayType *array, jrn_indicator_kind kind)
{
	int			count;
	double	   *numbers = journey_state_numbers(array, &kpi_state, &count);

	if (numbers == NULL)
		return NULL;
	if (numbers[STATE_KIND] != (double) JRN_INDICATOR_NPS &&
		numbers[STATE_KIND] != (double) JRN_INDICATOR_CSAT &&
		numbers[STATE_KIND] != (double) JRN_INDICATOR_RATE &&
		numbers[STATE_KIND] != (double) JRN_INDICATOR_MEAN)
		journey_state_refuse(&kpi_state, "its indicator is unknown");
	if (kind != 0 && numbers[STATE_KIND] != (double) kind)
		journey_state_refuse(&kpi_state, "it belongs to another indicator");
	return numbers;
}

/* R-STATE-1, every number. */
static jrn_indicator
checked_sums(const double *numbers)
{
	jrn_indicator sums;
	bool		is_mean = numbers[STATE_KIND] == (double) JRN_INDICATOR_MEAN;
	int			i;

	for (i = STATE_FROM; i < STATE_LENGTH; i++)
		if (!isfinite(numbers[i]))
			journey_state_refuse(&kpi_state, "a number is not finite");
	memcpy(&sums, numbers + STATE_SUMS, sizeof(sums));
	journey_state_check_rows(&kpi_state, sums.n);
	if (sums.hits < 0.0 || sums.misses < 0.0 || sums.hits + sums.misses > sums.n ||
		sums.hits != floor(sums.hits) || sums.misses != floor(sums.misses) ||
		(is_mean && sums.hits != 0.0) ||
		(sums.misses != 0.0 && numbers[STATE_KIND] != (double) JRN_INDICATOR_NPS))
		journey_state_refuse(&kpi_state, "its counts are wrong");
	if (sums.squares.hi < 0.0 ||
		(!is_mean && (sums.squares.hi != 0.0 || sums.squares.lo != 0.0 ||
					  sums.mean.hi != 0.0 || sums.mean.lo != 0.0)))
		journey_state_refuse(&kpi_state, "its moments are wrong");
	return sums;
}

/* A new state in the current context; the executor moves it to its own. */
static ArrayType *
new_state(double kind, double from, const jrn_indicator *sums)
{
	ArrayType  *array = journey_state_new(&kpi_state, STATE_LENGTH);
	double	   *numbers = (double *) ARR_DATA_PTR(array);

	numbers[STATE_KIND] = kind;
	numbers[STATE_FROM] = from;
	memcpy(numbers + STATE_SUMS, sums, sizeof(*sums));
	return array;
}

static void
check_overflow(const jrn_indicator *sums)
{
	if (!isfinite(sums->squares.hi) || !isfinite(sums->mean.hi))
		float_overflow_error();
}

/* The state argument; its initial value is an empty array, never NULL. */
static ArrayType *
state_argument(FunctionCallInfo fcinfo, int number)
{
	if (PG_ARGISNULL(number))
		journey_state_refuse(&kpi_state, "it is null");
	return PG_GETARG_ARRAYTYPE_P(number);
}

/* Transition.  A state is updated in place; the same pointer goes back. */
static Datum
accumulate(FunctionCallInfo fcinfo, jrn_indicator_kind kind)
{
	ArrayType  *array;
	double	   *numbers;
	double		value,
				from;
	jrn_indicator sums;

	(void) journey_agg_context(fcinfo);
	array = state_argument(fcinfo, 0);
	if (!journey_kpi_row(fcinfo, kind, &value, &from))
		PG_RETURN_ARRAYTYPE_P(array);
	numbers = state_numbers(array, kind);
	if (numbers == NULL)
		memset(&sums, 0, sizeof(sums));
	else
	{
		journey_kpi_check_from(numbers[STATE_FROM], from);
		memcpy(&sums, numbers + STATE_SUMS, sizeof(sums));
	}
	jrn_indicator_add(&sums, kind, value);
	if (kind == JRN_INDICATOR_MEAN)
		check_overflow(&sums);
	if (numbers == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state((double) kind, from, &sums));
	memcpy(numbers + STATE_SUMS, &sums, sizeof(sums));
	PG_RETURN_ARRAYTYPE_P(array);
}

PG_FUNCTION_INFO_V1(journey_kpi_combine);
Datum
journey_kpi_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	double	   *mine;
	double	   *other;
	jrn_indicator sums;
	jrn_indicator more;

	(void) journey_agg_context(fcinfo);
	first = state_argument(fcinfo, 0);
	second = state_argument(fcinfo, 1);
	mine = state_numbers(first, 0);
	other = state_numbers(second, 0);
	if (other == NULL)
		PG_RETURN_ARRAYTYPE_P(first);
	more = checked_sums(other);
	if (mine == NULL)
		PG_RETURN_ARRAYTYPE_P(new_state(other[STATE_KIND], other[STATE_FROM], &more));
	if (mine[STATE_KIND] != other[STATE_KIND])
		journey_state_refuse(&kpi_state, "it belongs to another indicator");
	journey_kpi_check_from(mine[STATE_FROM], other[STATE_FROM]);
	sums = checked_sums(mine);
	jrn_indicator_merge(&sums, &more);
	check_overflow(&sums);
	PG_RETURN_ARRAYTYPE_P(new_state(mine[STATE_KIND], mine[STATE_FROM], &sums));
}

/* Final: NULL without rows. */
static Datum
finish(FunctionCallInfo fcinfo, jrn_indicator_kind kind, const char *method)
{
	double	   *numbers;
	jrn_indicator sums;
	jrn_figure	figure;

	(void) journey_agg_context(fcinfo);
	numbers = state_numbers(state_argument(fcinfo, 0), kind);
	if (numbers == NULL)
		PG_RETURN_NULL();
	sums = checked_sums(numbers);
	figure = jrn_indicator_figure(&sums, kind);
	PG_RETURN_DATUM(journey_kpi_estimate(fcinfo, &figure, (int64) sums.n, method));
}

#define KPI(name, kind, method) \
PG_FUNCTION_INFO_V1(journey_##name##_accum); \
Datum journey_##name##_accum(PG_FUNCTION_ARGS) \
{ return accumulate(fcinfo, kind); } \
PG_FUNCTION_INFO_V1(journey_##name##_final); \
Datum journey_##name##_final(PG_FUNCTION_ARGS) \
{ return finish(fcinfo, kind, method); }

KPI(nps, JRN_INDICATOR_NPS, "normal")
KPI(csat, JRN_INDICATOR_CSAT, "wilson")
KPI(rate, JRN_INDICATOR_RATE, "wilson")
KPI(mean_ci, JRN_INDICATOR_MEAN, "t")
