/*
 * pg_verdict.c
 *		The sentence of a comparison (see pg_verdict.h).
 */
#include "pg_verdict.h"

#include <math.h>

#include "lib/stringinfo.h"

#include "../core/dist.h"

#define CLEAR_Q 0.05
#define EQUIVALENT 0.95
#define POWER 0.80
#define LEVEL 0.95

/* Shares and ranks are told in points of a hundred, the rest as they are. */
static bool
in_points(jrn_metric metric)
{
	return metric == JRN_METRIC_ACCURACY || metric == JRN_METRIC_R_SQUARED ||
		jrn_metric_is_rank(metric);
}

static const char *
spoken(jrn_metric metric)
{
	switch (metric)
	{
		case JRN_METRIC_RMSE:
			return "error (rmse)";
		case JRN_METRIC_MAE:
			return "error (mae)";
		case JRN_METRIC_R_SQUARED:
			return "explained variance (r_squared)";
		case JRN_METRIC_LOG_LOSS:
			return "log loss";
		case JRN_METRIC_BRIER:
			return "Brier score";
		case JRN_METRIC_AUC:
			return "AUC";
		case JRN_METRIC_AVERAGE_PRECISION:
			return "average precision";
		case JRN_METRIC_ACCURACY:
			return "accuracy";
		case JRN_METRIC_POISSON_DEVIANCE:
			return "Poisson deviance";
		default:
			return jrn_metric_name(metric);
	}
}

char *
journey_spoken_number(double value)
{
	double		size = fabs(value);
	int			decimals;

	if (size == 0.0)
		return pstrdup("0");
	if (size >= 1e9 || size < 1e-6)
		return psprintf("%.2e", value);
	decimals = 2 - (int) floor(log10(size));
	return psprintf("%.*f", decimals < 0 ? 0 : decimals, value);
}

static char *
amount(jrn_metric metric, double value)
{
	return journey_spoken_number(in_points(metric) ? 100.0 * value : value);
}

static const char *
unit(jrn_metric metric)
{
	return in_points(metric) ? " points" : "";
}

char *
journey_spoken_probability(const char *name, double p)
{
	return p < 0.001 ? psprintf("%s < 0.001", name) : psprintf("%s = %.3f", name, p);
}

/* Never certain. */
static char *
likely_words(double p)
{
	return p > 0.99 ? pstrdup("with a probability above 0.99") : psprintf("with probability %.2f", p);
}

/* An interval of a difference; swapped: seen from b. */
static char *
interval(const journey_verdict *v, bool swapped)
{
	double		low = swapped ? -v->test->conf_high : v->test->conf_low;
	double		high = swapped ? -v->test->conf_low : v->test->conf_high;

	return psprintf("95 %% interval %s to %s", amount(v->metric, low), amount(v->metric, high));
}

static char *
units(const journey_verdict *v)
{
	if (v->key == NULL)
		return psprintf(INT64_FORMAT " rows", v->n_keys);
	return psprintf(INT64_FORMAT " values of %s", v->n_keys, v->key);
}

/* R-VER-3 */
static char *
refused(const journey_verdict *v)
{
	if (strcmp(v->status, "too_few") == 0)
		return psprintf("No answer: %s are too few to compare \"%s\" and \"%s\". Collect more, or use fewer folds.",
						units(v), v->a, v->b);
	if (strcmp(v->status, "one_class") == 0)
		return psprintf("No answer: a fold holds one outcome only, so \"%s\" and \"%s\" cannot be compared on it. Use fewer folds, or folds => 'balanced' with the target among the strata.",
						v->a, v->b);
	if (strcmp(v->status, "no_spread") == 0)
		return psprintf("No answer: \"%s\" and \"%s\" differ by the same amount in every fold, which leaves nothing to judge chance by.",
						v->a, v->b);
	return psprintf("No answer: a model of \"%s\" or \"%s\" could not be fitted on some training part (%s). Try penalty => 'ridge'.",
					v->a, v->b, v->status);
}

/* R-VER-2 */
static char *
not_clear(const journey_verdict *v)
{
	StringInfoData text;
	bool		b_ahead = (v->test->difference > 0.0) != jrn_metric_grows(v->metric);
	double		missed = v->test->std_error *
		(jrn_t_critical(LEVEL, v->test->df) + jrn_normal_quantile(POWER));

	initStringInfo(&text);
	if (v->test->difference == 0.0 && v->test->std_error == 0.0)
	{
		appendStringInfo(&text, "\"%s\" and \"%s\" predict equally well: their %s is the same in every fold (%s). Keep the simpler model.",
						 v->a, v->b, spoken(v->metric), units(v));
		return text.data;
	}
	appendStringInfo(&text, "\"%s\" and \"%s\" cannot be told apart: the %s of \"%s\" is %s by %s%s (%s; %s; %s).",
					 v->a, v->b, spoken(v->metric), b_ahead ? v->b : v->a,
					 jrn_metric_grows(v->metric) ? "higher" : "lower",
					 amount(v->metric, fabs(v->test->difference)), unit(v->metric),
					 interval(v, b_ahead != !jrn_metric_grows(v->metric)),
					 journey_spoken_probability("q", v->q_value), units(v));
	if (v->test->within >= EQUIVALENT)
		appendStringInfo(&text, " They are equivalent for practical purposes: %s they differ by less than %s%s.",
						 likely_words(v->test->within), amount(v->metric, v->region), unit(v->metric));
	else
		appendStringInfo(&text, " Differences under %s%s would be missed.",
						 amount(v->metric, missed), unit(v->metric));
	appendStringInfoString(&text, " Keep the simpler model.");
	return text.data;
}

/* R-VER-1 */
static char *
clear(const journey_verdict *v)
{
	StringInfoData text;
	bool		grows = jrn_metric_grows(v->metric);
	bool		b_better = (v->test->difference > 0.0) != grows;

	initStringInfo(&text);
	appendStringInfo(&text, "\"%s\" predicts better than \"%s\": its %s is %s by %s%s (%s; %s; %s).",
					 b_better ? v->b : v->a, b_better ? v->a : v->b, spoken(v->metric),
					 grows ? "higher" : "lower", amount(v->metric, fabs(v->test->difference)),
					 unit(v->metric), interval(v, b_better != !grows), journey_spoken_probability("q", v->q_value), units(v));
	appendStringInfo(&text, " It was better in %d of %d repeat%s.", b_better ? v->losses : v->wins,
					 v->repeats, v->repeats == 1 ? "" : "s");
	if (v->test->within >= EQUIVALENT)
		appendStringInfo(&text, " The difference is real but small: %s it is under %s%s.",
						 likely_words(v->test->within), amount(v->metric, v->region), unit(v->metric));
	return text.data;
}

char *
journey_verdict_text(const journey_verdict *verdict)
{
	if (isnan(verdict->test->p_value))
		return refused(verdict);
	return verdict->q_value < CLEAR_Q ? clear(verdict) : not_clear(verdict);
}
