/*
 * pg_charts_draw.c
 *		draw_strategies, draw_calibration, draw_roc, draw_retention and
 *		draw_history: columns of rows to pictures.
 */
#include "pg_charts.h"

#include "chart_calibration.h"
#include "chart_forest.h"
#include "chart_history.h"
#include "chart_retention.h"
#include "chart_roc.h"

PG_FUNCTION_INFO_V1(journey_draw_strategies);
Datum
journey_draw_strategies(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_forest	rows;
	int			count = -1;
	const char *bytes;
	size_t		size;

	rows.strategy = journey_chart_labels(fcinfo, 0, "strategy", &count);
	rows.baseline = journey_chart_labels(fcinfo, 1, "baseline", &count);
	rows.difference = journey_chart_numbers(fcinfo, 2, "difference", &count);
	rows.low = journey_chart_numbers(fcinfo, 3, "conf_low", &count);
	rows.high = journey_chart_numbers(fcinfo, 4, "conf_high", &count);
	rows.status = journey_chart_labels(fcinfo, 5, "status", &count);
	rows.verdict = journey_chart_labels(fcinfo, 6, "verdict", &count);
	rows.n = journey_chart_integers(fcinfo, 7, "n", &count, -1);
	rows.all_low = journey_chart_numbers(fcinfo, 8, "simultaneous_low", &count);
	rows.all_high = journey_chart_numbers(fcinfo, 9, "simultaneous_high", &count);
	rows.count = (size_t) count;
	return journey_chart_result(jrn_chart_forest(&env, &rows, journey_chart_width(fcinfo, 10), journey_chart_ascii(),
												 &bytes, &size), &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_calibration);
Datum
journey_draw_calibration(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_calibration_rows rows;
	int			count = -1;
	const char *bytes;
	size_t		size;

	rows.n = journey_chart_integers(fcinfo, 0, "n", &count, -1);
	rows.predicted = journey_chart_numbers(fcinfo, 1, "predicted", &count);
	rows.observed = journey_chart_numbers(fcinfo, 2, "observed", &count);
	rows.low = journey_chart_numbers(fcinfo, 3, "conf_low", &count);
	rows.high = journey_chart_numbers(fcinfo, 4, "conf_high", &count);
	rows.count = (size_t) count;
	return journey_chart_result(jrn_chart_calibration(&env, &rows, journey_chart_width(fcinfo, 5), journey_chart_ascii(),
													  &bytes, &size), &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_roc);
Datum
journey_draw_roc(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_roc_rows rows;
	int			count = -1;
	const char *bytes;
	size_t		size;

	rows.tpr = journey_chart_numbers(fcinfo, 0, "tpr", &count);
	rows.fpr = journey_chart_numbers(fcinfo, 1, "fpr", &count);
	rows.count = (size_t) count;
	return journey_chart_result(jrn_chart_roc(&env, &rows, journey_chart_width(fcinfo, 2), journey_chart_ascii(),
											  &bytes, &size), &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_retention);
Datum
journey_draw_retention(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_retention_rows rows;
	int			count = -1;
	const char *bytes;
	size_t		size;

	rows.cohort = journey_chart_labels(fcinfo, 0, "cohort", &count);
	rows.period = journey_chart_integers(fcinfo, 1, "period", &count, 0);
	rows.cohort_size = journey_chart_integers(fcinfo, 2, "cohort_size", &count, 0);
	rows.retained = journey_chart_integers(fcinfo, 3, "retained", &count, 0);
	rows.rate = journey_chart_numbers(fcinfo, 4, "rate", &count);
	rows.low = journey_chart_numbers(fcinfo, 5, "conf_low", &count);
	rows.high = journey_chart_numbers(fcinfo, 6, "conf_high", &count);
	rows.count = (size_t) count;
	return journey_chart_result(jrn_chart_retention(&env, &rows, journey_chart_width(fcinfo, 7), journey_chart_ascii(),
													&bytes, &size), &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_history);
Datum
journey_draw_history(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_history_rows rows;
	int			count = -1;
	const char *bytes;
	size_t		size;

	rows.at = journey_chart_times(fcinfo, 0, "at", &count);
	rows.strategy = journey_chart_labels(fcinfo, 1, "strategy", &count);
	rows.value = journey_chart_numbers(fcinfo, 2, "value", &count);
	rows.low = journey_chart_numbers(fcinfo, 3, "conf_low", &count);
	rows.high = journey_chart_numbers(fcinfo, 4, "conf_high", &count);
	rows.state = journey_chart_labels(fcinfo, 5, "state", &count);
	rows.threshold_low = journey_chart_number(fcinfo, 6);
	rows.threshold_high = journey_chart_number(fcinfo, 7);
	rows.title = journey_chart_text(fcinfo, 9);
	rows.count = (size_t) count;
	return journey_chart_result(jrn_chart_history(&env, &rows, journey_chart_width(fcinfo, 8), journey_chart_ascii(),
												  &bytes, &size), &bytes, &size);
}
