/*
 * paired.c
 *		Tests on paired differences (see paired.h).
 */
#include <math.h>
#include <string.h>

#include "../core/dist.h"
#include "paired.h"

/* R-PAIR-4 */
static void
without_spread(double region, jrn_paired *out)
{
	out->conf_low = out->conf_high = out->difference;
	if (out->difference != 0.0)
	{
		out->conf_low = out->conf_high = NAN;
		return;
	}
	out->t = 0.0;
	out->p_value = 1.0;
	out->left = out->right = 0.0;
	out->within = region >= 0.0 ? 1.0 : NAN;
}

void
jrn_paired_folds(const double *differences, int count, double test_over_train,
				 double region, double level, jrn_paired *out)
{
	double		mean = 0.0;
	double		square = 0.0;
	double		margin;
	int			i;

	memset(out, 0, sizeof(*out));
	out->count = count;
	out->df = count - 1.0;
	out->difference = out->std_error = out->t = out->p_value = NAN;
	out->conf_low = out->conf_high = out->left = out->within = out->right = NAN;
	if (count == 0)
		return;
	/* relative to the first, so that equal differences have no spread at all */
	for (i = 0; i < count; i++)
		mean += (differences[i] - differences[0]) / count;
	for (i = 0; i < count; i++)
		square += (differences[i] - differences[0] - mean) * (differences[i] - differences[0] - mean);
	out->difference = differences[0] + mean;
	if (count < 2 || !isfinite(square))
		return;
	out->std_error = sqrt((1.0 / count + test_over_train) * (square / out->df));
	if (out->std_error == 0.0)
	{
		without_spread(region, out);
		return;
	}
	out->t = out->difference / out->std_error;
	out->p_value = jrn_t_two_sided(out->t, out->df);
	margin = jrn_t_critical(level, out->df) * out->std_error;
	out->conf_low = out->difference - margin;
	out->conf_high = out->difference + margin;
	/* R-PAIR-2: each tail as a tail */
	out->left = jrn_t_cdf((-region - out->difference) / out->std_error, out->df);
	out->right = jrn_t_upper((region - out->difference) / out->std_error, out->df);
	out->within = 1.0 - out->left - out->right;
	if (out->within < 0.0)
		out->within = 0.0;
}

double
jrn_paired_clusters(const double *sums, const int64_t *rows, int64_t clusters, double difference)
{
	double		g = (double) clusters;
	double		n = 0.0;
	double		mean = 0.0;
	double		spread = 0.0;
	int64_t		c;

	if (clusters < 2)
		return NAN;
	if (rows != NULL)
	{
		for (c = 0; c < clusters; c++)
		{
			n += (double) rows[c];
			mean += sums[c];
		}
		mean /= n;
		difference = mean;
	}
	for (c = 0; c < clusters; c++)
	{
		double		d = sums[c] - (rows != NULL ? (double) rows[c] * mean : 0.0);

		spread += d * d;
	}
	spread = sqrt(g / (g - 1.0) * spread) / (rows != NULL ? n : 1.0);
	if (spread == 0.0)
		return difference == 0.0 ? 1.0 : NAN;
	return jrn_normal_two_sided(difference / spread);
}
