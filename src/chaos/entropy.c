/*
 * entropy.c
 *		Entropy from counts (see entropy.h).
 */
#include <math.h>

#include "entropy.h"

#include "../core/gamma.h"
#include "../core/sums.h"

typedef struct count_totals
{
	double		n;
	double		symbols;
	double		singletons;
} count_totals;

const char *
jrn_entropy_estimator_name(jrn_entropy_estimator estimator)
{
	static const char *const names[JRN_ENTROPY_ESTIMATORS] = {
		"plug_in", "miller_madow", "chao_shen", "grassberger"
	};

	return names[estimator];
}

static count_totals
totals_of(const int64_t *counts, size_t count)
{
	count_totals totals = {0.0, 0.0, 0.0};
	size_t		i;

	for (i = 0; i < count; i++)
		if (counts[i] > 0)
		{
			totals.n += (double) counts[i];
			totals.symbols += 1.0;
			totals.singletons += counts[i] == 1;
		}
	return totals;
}

/* R-ENT-4; counts above 2^53 lose their parity, which no longer matters there. */
static double
grassberger_g(int64_t n)
{
	return jrn_digamma((double) (n / 2) + 0.5) + JRN_LN_2;
}

/* ln N less the mean of the logarithms, or of what corrects them. */
static double
logarithmic(const int64_t *counts, size_t count, double n, bool corrected)
{
	jrn_acc		sum = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < count; i++)
		if (counts[i] > 0)
			jrn_acc_add(&sum, (double) counts[i] / n *
						(corrected ? log(n) - grassberger_g(counts[i]) : log(n / (double) counts[i])));
	return jrn_acc_value(&sum);
}

/* R-ENT-3 */
static double
chao_shen(const int64_t *counts, size_t count, count_totals totals)
{
	double		singletons = totals.singletons < totals.n ? totals.singletons : totals.n - 1.0;
	double		coverage = 1.0 - singletons / totals.n;
	jrn_acc		sum = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < count; i++)
		if (counts[i] > 0)
		{
			double		q = coverage * ((double) counts[i] / totals.n);

			/* the chance of meeting the symbol in N draws, without cancellation */
			jrn_acc_add(&sum, -q * log(q) / -expm1(totals.n * log1p(-q)));
		}
	return jrn_acc_value(&sum);
}

double
jrn_entropy_counts(const int64_t *counts, size_t count, jrn_entropy_estimator estimator)
{
	count_totals totals = totals_of(counts, count);

	if (!(totals.n > 0.0))
		return NAN;				/* R-ENT-5 */
	switch (estimator)
	{
		case JRN_ENTROPY_CHAO_SHEN:
			return chao_shen(counts, count, totals);
		case JRN_ENTROPY_GRASSBERGER:
			return logarithmic(counts, count, totals.n, true);
		case JRN_ENTROPY_MILLER_MADOW:
			return logarithmic(counts, count, totals.n, false) +
				(totals.symbols - 1.0) / (2.0 * totals.n);	/* R-ENT-2 */
		default:
			return logarithmic(counts, count, totals.n, false);
	}
}

static double
x_log2(double x)
{
	return x > 0.0 ? x * log2(x) : 0.0;
}

/* Falls from log2 N at P = 1/N to 0 at P = 1. */
static double
fano(double p, double symbols)
{
	return -x_log2(p) - x_log2(1.0 - p) + (1.0 - p) * log2(symbols - 1.0);
}

double
jrn_predictability_bound(double bits, double symbols)
{
	double		low = 1.0 / symbols;
	double		high = 1.0;
	int			step;

	if (isnan(bits) || !(symbols >= 1.0))
		return NAN;
	if (bits <= 0.0 || symbols < 2.0)
		return 1.0;
	if (bits >= log2(symbols))
		return low;
	for (step = 0; step < 64; step++)
	{
		double		middle = 0.5 * (low + high);

		if (fano(middle, symbols) > bits)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}
