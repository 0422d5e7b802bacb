/*
 * pg_journey_charts.c
 *		journey.draw_funnel, draw_sankey, draw_chaos and draw_divergence: rows,
 *		an array per column, to a picture.
 */
#include "pg_charts.h"

#include <math.h>

#include "chart_chaos.h"
#include "chart_divergence.h"
#include "chart_funnel.h"
#include "chart_sankey.h"

static void
refuse_null_label(const char *label, const char *name, int at)
{
	if (label == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("element %d of array \"%s\" is null", at + 1, name)));
}

static void *
array_of(int count, Size size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, (Size) Max(count, 1) * size, MCXT_ALLOC_HUGE);
}

PG_FUNCTION_INFO_V1(journey_draw_funnel);
Datum
journey_draw_funnel(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	int			count = -1;
	const char *const *names = journey_chart_labels(fcinfo, 0, "name", &count);
	int64	   *reached = journey_chart_integers(fcinfo, 1, "reached", &count, -1);
	int64	   *entered = journey_chart_integers(fcinfo, 2, "entered", &count, -1);
	const char *const *segments = journey_chart_labels(fcinfo, 3, "segment", &count);
	double		width = journey_chart_width(fcinfo, 4);
	jrn_funnel_bar *bars = array_of(count, sizeof(*bars));
	const char *bytes = NULL;
	size_t		size = 0;
	jrn_status	status;
	int			i;

	for (i = 0; i < count; i++)
	{
		refuse_null_label(names[i], "name", i);
		if (reached[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"reached\" must be a count, 0 or more", i + 1)));
		bars[i].name = names[i];
		bars[i].segment = segments[i];
		bars[i].reached = reached[i];
		bars[i].entered = entered[i];
	}
	status = jrn_chart_funnel(&env, bars, (size_t) count, width, journey_chart_ascii(), &bytes, &size);
	return journey_chart_result(status, &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_sankey);
Datum
journey_draw_sankey(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	int			count = -1;
	int64	   *steps = journey_chart_integers(fcinfo, 0, "step", &count, 0);
	const char *const *sources = journey_chart_labels(fcinfo, 1, "source", &count);
	const char *const *targets = journey_chart_labels(fcinfo, 2, "target", &count);
	double	   *values = journey_chart_numbers(fcinfo, 3, "value", &count);
	double		width = journey_chart_width(fcinfo, 4);
	jrn_sankey_link *links = array_of(count, sizeof(*links));
	const char *bytes = NULL;
	size_t		size = 0;
	jrn_status	status;
	int			i;

	for (i = 0; i < count; i++)
	{
		refuse_null_label(sources[i], "source", i);
		refuse_null_label(targets[i], "target", i);
		if (!(values[i] >= 0 && values[i] <= 1e15))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"value\" must be from 0 to 1e15", i + 1)));
		if (steps[i] < 1 || steps[i] >= 100000)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"step\" must be from 1 to 99999", i + 1)));
		links[i].source = sources[i];
		links[i].target = targets[i];
		links[i].value = values[i];
		links[i].step = (int) steps[i];
	}
	status = jrn_chart_sankey(&env, links, (size_t) count, width, journey_chart_ascii(), &bytes, &size);
	return journey_chart_result(status, &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_chaos);
Datum
journey_draw_chaos(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	int			count = -1;
	const char *const *touchpoints = journey_chart_labels(fcinfo, 0, "touchpoint", &count);
	double	   *shares = journey_chart_numbers(fcinfo, 1, "chaos_share", &count);
	double	   *lows = journey_chart_numbers(fcinfo, 2, "conf_low", &count);
	double	   *highs = journey_chart_numbers(fcinfo, 3, "conf_high", &count);
	const char *const *statuses = journey_chart_labels(fcinfo, 4, "status", &count);
	double		width = journey_chart_width(fcinfo, 5);
	jrn_chaos_bar *bars = array_of(count, sizeof(*bars));
	const char *bytes = NULL;
	size_t		size = 0;
	jrn_status	status;
	int			i;

	for (i = 0; i < count; i++)
	{
		refuse_null_label(touchpoints[i], "touchpoint", i);
		bars[i].touchpoint = touchpoints[i];
		bars[i].share = shares[i];
		bars[i].low = lows[i];
		bars[i].high = highs[i];
		bars[i].status = statuses[i];
	}
	status = jrn_chart_chaos(&env, bars, (size_t) count, width, journey_chart_ascii(), &bytes, &size);
	return journey_chart_result(status, &bytes, &size);
}

PG_FUNCTION_INFO_V1(journey_draw_divergence);
Datum
journey_draw_divergence(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	int			count = -1;
	int64	   *steps = journey_chart_integers(fcinfo, 0, "step", &count, 0);
	double	   *distances = journey_chart_numbers(fcinfo, 1, "mean_log_distance", &count);
	int64	   *pairs = journey_chart_integers(fcinfo, 2, "n_pairs", &count, -1);
	double		width = journey_chart_width(fcinfo, 7);
	jrn_divergence_point *points = array_of(count, sizeof(*points));
	jrn_divergence_fit fit;
	const char *bytes = NULL;
	size_t		size = 0;
	jrn_status	status;
	int			i;

	fit.slope = journey_chart_number(fcinfo, 3);
	fit.from = PG_ARGISNULL(4) ? 0 : PG_GETARG_INT32(4);
	fit.to = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
	fit.status = journey_chart_text(fcinfo, 6);
	for (i = 0; i < count; i++)
	{
		if (i > 0 && steps[i] <= steps[i - 1])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"step\" must be above the one before it", i + 1)));
		points[i].step = steps[i];
		points[i].distance = distances[i];
		points[i].pairs = pairs[i];
	}
	status = jrn_chart_divergence(&env, points, (size_t) count, &fit, width, journey_chart_ascii(), &bytes, &size);
	return journey_chart_result(status, &bytes, &size);
}
