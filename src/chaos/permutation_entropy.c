/*
 * permutation_entropy.c
 *		Entropy of order patterns (see permutation_entropy.h).
 */
#include <math.h>
#include <string.h>

#include "permutation_entropy.h"

#include "../core/multiple.h"
#include "../core/sums.h"

static int
patterns_of(int dimension)
{
	int			patterns = 1;
	int			i;

	for (i = 2; i <= dimension; i++)
		patterns *= i;
	return patterns;
}

/*
 * Lehmer code: for each element, how many later ones are smaller, in mixed
 * radix.  A later equal one is not smaller (R-PE-1).
 */
static int
pattern(const double *x, int dimension, size_t delay)
{
	int			code = 0;
	int			a,
				b;

	for (a = 0; a < dimension - 1; a++)
	{
		const double first = x[(size_t) a * delay];
		int			smaller = 0;

		for (b = a + 1; b < dimension; b++)
			smaller += x[(size_t) b * delay] < first;
		code = code * (dimension - a) + smaller;
	}
	return code;
}

jrn_status
jrn_order_patterns(const jrn_env *env, const double *x, size_t n, int dimension, size_t delay,
				   int64_t *counts)
{
	size_t		span;
	size_t		i;

	if (dimension < JRN_PE_MIN_DIMENSION || dimension > JRN_PE_MAX_DIMENSION || delay < 1)
		return JRN_DOMAIN;
	memset(counts, 0, (size_t) patterns_of(dimension) * sizeof(int64_t));
	if (delay > n)
		return JRN_OK;
	span = (size_t) (dimension - 1) * delay;
	for (i = 0; i + span < n; i++)
	{
		if (i % 16384 == 0)
			JRN_TICK(env);
		counts[pattern(x + i, dimension, delay)]++;
	}
	return JRN_OK;
}

jrn_status
jrn_permutation_entropy(const jrn_env *env, const double *x, size_t n, int dimension, size_t delay,
						double *entropy)
{
	int64_t		counts[JRN_PE_PATTERNS];
	double		seen[JRN_PE_PATTERNS];
	jrn_acc		sum = {0.0, 0.0};
	double		total = 0.0;
	size_t		kinds = 0;
	size_t		i;

	*entropy = NAN;
	JRN_TRY(jrn_order_patterns(env, x, n, dimension, delay, counts));
	for (i = 0; i < (size_t) patterns_of(dimension); i++)
		if (counts[i] > 0)
		{
			seen[kinds++] = (double) counts[i];
			total += (double) counts[i];
		}
	if (total < 2.0)
		return JRN_OK;			/* R-PE-3 */
	JRN_TRY(jrn_sort_doubles(env, seen, kinds));
	for (i = 0; i < kinds; i++)
		jrn_acc_add(&sum, seen[i] * log(seen[i] / total));
	*entropy = fabs(jrn_acc_value(&sum) / total);	/* 0 of one pattern, not -0 */
	return JRN_OK;
}
