/*
 * pg_policy_verdict.c
 *		The sentence on a policy (see pg_policy_verdict.h).
 */
#include "pg_policy_verdict.h"

#include <math.h>

#include "lib/stringinfo.h"

#define CLEAR_P 0.05

char *
journey_policy_rounded(double value)
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
units(const journey_policy_verdict *v)
{
	if (v->independent)
		return psprintf(INT64_FORMAT " decisions", v->n);
	return psprintf(INT64_FORMAT " decisions of " INT64_FORMAT " keys", v->n, v->n_keys);
}

static char *
interval(const jrn_policy_figure *figure, bool mirrored)
{
	return psprintf("95 %% interval %s to %s", journey_policy_rounded(mirrored ? -figure->high : figure->low),
					journey_policy_rounded(mirrored ? -figure->low : figure->high));
}

static char *
probability(double p)
{
	return p < 0.001 ? pstrdup("p < 0.001") : psprintf("p = %.3f", p);
}

static const char *
per_decision(const journey_policy_verdict *v)
{
	return v->unit == NULL ? "per decision" : psprintf("of %s per decision", v->unit);
}

/* R-PVE-3 */
static char *
refused(const journey_policy_verdict *v)
{
	if (strcmp(v->status, "too_few") == 0)
		return psprintf("No answer: %s are too few to judge %s. Collect more.", units(v), v->policy);
	return psprintf("No answer: %s (%s). Try %s on a random part of the customers first.", v->why, units(v), v->policy);
}

/* R-PVE-2 */
static char *
weak(const journey_policy_verdict *v)
{
	double		difference = v->difference.estimate;
	char	   *more;

	if (isnan(difference))
		more = psprintf(" (%s)", units(v));
	else
		more = psprintf(", %s %s than %s (%s; %s)", journey_policy_rounded(fabs(difference)),
						difference < 0.0 ? "less" : "more", v->yardstick, interval(&v->difference, difference < 0.0), units(v));
	return psprintf("No decision: %s. As far as the data go, %s brings %s %s%s. Try it on a random part of the customers first.",
					v->why, v->policy, journey_policy_rounded(v->value.estimate), per_decision(v), more);
}

/* R-PVE-1 */
static char *
answered(const journey_policy_verdict *v)
{
	double		difference = v->difference.estimate;

	if (v->difference.std_error == 0.0 && difference == 0.0)
		return psprintf("%s brings %s %s, exactly as much as %s (%s). Keep %s.", v->policy,
						journey_policy_rounded(v->value.estimate), per_decision(v), v->yardstick, units(v), v->simpler);
	if (strcmp(v->status, "no_spread") == 0)
		return psprintf("No answer: %s differs from %s by the same amount in all of %s, which leaves nothing to judge chance by.",
						v->policy, v->yardstick, units(v));
	if (v->p_value >= CLEAR_P)
		return psprintf("%s brings %s %s, %s %s than %s (%s; %s; %s). This cannot be told from zero; effects under %s would be missed. Keep %s.",
						v->policy, journey_policy_rounded(v->value.estimate), per_decision(v),
						journey_policy_rounded(fabs(difference)), difference < 0.0 ? "less" : "more", v->yardstick,
						interval(&v->difference, difference < 0.0), probability(v->p_value), units(v),
						journey_policy_rounded(v->minimum_detectable), v->simpler);
	return psprintf("%s brings %s %s, %s %s than %s (%s; %s; %s). %s %s.",
					v->policy, journey_policy_rounded(v->value.estimate), per_decision(v),
					journey_policy_rounded(fabs(difference)), difference < 0.0 ? "less" : "more", v->yardstick,
					interval(&v->difference, difference < 0.0), probability(v->p_value), units(v),
					difference < 0.0 ? "Keep" : "Use", difference < 0.0 ? v->simpler : v->policy);
}

char *
journey_policy_verdict_text(const journey_policy_verdict *v)
{
	char	   *text;

	if (strcmp(v->status, "ok") == 0 || strcmp(v->status, "no_spread") == 0)
		text = answered(v);
	else if (strcmp(v->status, "weak_overlap") == 0 || strcmp(v->status, "unequal_missing") == 0)
		text = weak(v);
	else
		text = refused(v);
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char) (text[0] - 'a' + 'A');
	return v->caveat == NULL ? text : psprintf("%s %s", text, v->caveat);
}
