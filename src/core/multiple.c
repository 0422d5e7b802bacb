/*
 * multiple.c
 *		False discovery rates and order statistics (see multiple.h).
 */
#include <math.h>
#include <stdbool.h>

#include "multiple.h"
#include "sort.h"

#define NUMBER_LESS(ctx, x, y) ((x) < (y))
JRN_SORT_DEFINE(sort_numbers, double, const void *, NUMBER_LESS)

jrn_status
jrn_sort_doubles(const jrn_env *env, double *a, size_t n)
{
	return sort_numbers(env, a, n, NULL);
}

double
jrn_sorted_quantile(const double *sorted, size_t n, double p)
{
	double		at = p * (double) (n - 1);
	size_t		below = (size_t) at;

	if (below + 1 >= n)
		return sorted[n - 1];
	return sorted[below] + (at - (double) below) * (sorted[below + 1] - sorted[below]);
}

typedef struct ranked
{
	double		p;
	size_t		index;
} ranked;

#define RANKED_LESS(ctx, x, y) ((x).p < (y).p || ((x).p == (y).p && (x).index < (y).index))
JRN_SORT_DEFINE(sort_ranked, ranked, const void *, RANKED_LESS)

/* The tests in ascending order of p; R-MUL-2. */
static jrn_status
rank_tests(const jrn_env *env, const double *p, size_t n, double *q, ranked **order, size_t *count)
{
	size_t		i;

	*count = 0;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(ranked), order));
	for (i = 0; i < n; i++)
	{
		q[i] = NAN;
		if (isnan(p[i]))
			continue;			/* R-MUL-2 */
		(*order)[*count].p = p[i];
		(*order)[(*count)++].index = i;
	}
	return sort_ranked(env, *order, *count, NULL);
}

static jrn_status
adjust(const jrn_env *env, const double *p, size_t n, bool dependent, double *q)
{
	ranked	   *order;
	double		running = 1.0;
	double		factor = dependent ? 0.0 : 1.0;
	size_t		count;
	size_t		i;

	JRN_TRY(rank_tests(env, p, n, q, &order, &count));
	for (i = count; dependent && i > 0; i--)
		factor += 1.0 / (double) i;
	for (i = count; i-- > 0;)
	{
		running = fmin(running, order[i].p * (double) count / (double) (i + 1) * factor);
		q[order[i].index] = running;
	}
	jrn_release(env, order);
	return JRN_OK;
}

jrn_status
jrn_false_discovery(const jrn_env *env, const double *p, size_t n, double *q)
{
	return adjust(env, p, n, false, q);
}

jrn_status
jrn_false_discovery_dependent(const jrn_env *env, const double *p, size_t n, double *q)
{
	return adjust(env, p, n, true, q);
}

/* R-MUL-3 */
jrn_status
jrn_family_wise_error(const jrn_env *env, const double *p, size_t n, jrn_family_wise method, double *q)
{
	ranked	   *order;
	double		running = method == JRN_HOCHBERG ? 1.0 : 0.0;
	size_t		count;
	size_t		i;

	JRN_TRY(rank_tests(env, p, n, q, &order, &count));
	for (i = 0; i < count; i++)
	{
		size_t		k = method == JRN_HOCHBERG ? count - 1 - i : i;
		double		factor = (double) (method == JRN_BONFERRONI ? count : count - k);
		double		own = fmin(1.0, factor * order[k].p);

		running = method == JRN_BONFERRONI ? own :
			method == JRN_HOLM ? fmax(running, own) : fmin(running, own);
		q[order[k].index] = running;
	}
	jrn_release(env, order);
	return JRN_OK;
}
