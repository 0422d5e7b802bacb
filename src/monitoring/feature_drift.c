/*
 * feature_drift.c
 *		Alarms over features (requirements in feature_drift.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/multiple.h"
#include "feature_drift.h"

double
jrn_proportions_p(int64_t hits1, int64_t n1, int64_t hits2, int64_t n2)
{
	double		hits = (double) hits1 + (double) hits2;
	double		n = (double) n1 + (double) n2;
	double		gap;

	if (n1 == 0 || n2 == 0 || hits == 0.0 || hits == n)
		return 1.0;
	gap = fabs((double) hits1 / (double) n1 - (double) hits2 / (double) n2);
	gap -= 0.5 * (1.0 / (double) n1 + 1.0 / (double) n2);	/* Yates */
	if (gap <= 0.0)
		return 1.0;
	return jrn_normal_two_sided(gap / sqrt(hits / n * (1.0 - hits / n) * (1.0 / (double) n1 + 1.0 / (double) n2)));
}

bool
jrn_level_is_new(int64_t level_rows, int64_t reference_values, int64_t current_values)
{
	double		current = (double) current_values;

	return (double) level_rows >= JRN_DRIFT_NEW * current &&
		(double) level_rows * log(current / (current + (double) reference_values)) < log(JRN_DRIFT_SURE);
}

bool
jrn_feature_has_values(const jrn_feature_drift *feature)
{
	return feature->rows[0] - feature->nulls[0] >= JRN_DRIFT_LEAST &&
		feature->rows[1] - feature->nulls[1] >= JRN_DRIFT_LEAST;
}

/* R-FDR-3 */
static bool
nulls_moved(const jrn_feature_drift *feature)
{
	double		gap;

	if (feature->rows[0] == 0 || feature->rows[1] == 0)
		return false;
	gap = (double) feature->nulls[1] / (double) feature->rows[1] -
		(double) feature->nulls[0] / (double) feature->rows[0];
	return fabs(gap) >= JRN_DRIFT_NULLS &&
		jrn_proportions_p(feature->nulls[0], feature->rows[0],
						  feature->nulls[1], feature->rows[1]) < JRN_DRIFT_SURE;
}

/* R-FDR-6 */
static const char *
status_of(const jrn_feature_drift *feature)
{
	if (feature->nulls_moved)
		return "nulls";
	if (!jrn_feature_has_values(feature))
		return "too_few";
	if (feature->constant)
		return "constant";
	if (isnan(feature->p))
		return "too_few";
	if (feature->q < JRN_DRIFT_Q && feature->matters)
		return "drift";
	return feature->new_level ? "new_levels" : "ok";
}

jrn_status
jrn_feature_verdicts(const jrn_env *env, jrn_feature_drift *features, size_t count)
{
	double	   *p;
	double	   *q;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(double), &p));
	JRN_TRY(jrn_alloc_array(env, count, sizeof(double), &q));
	for (i = 0; i < count; i++)
	{
		if (features[i].constant || !jrn_feature_has_values(&features[i]))
			features[i].p = NAN;
		p[i] = features[i].p;
	}
	JRN_TRY(jrn_false_discovery(env, p, count, q));
	for (i = 0; i < count; i++)
	{
		features[i].q = q[i];
		features[i].nulls_moved = nulls_moved(&features[i]);
		features[i].status = status_of(&features[i]);
	}
	return JRN_OK;
}
