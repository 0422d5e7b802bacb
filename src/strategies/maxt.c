/*
 * maxt.c
 *		Critical values by draws (see maxt.h).
 */
#include "maxt.h"

#include <math.h>

#include "../core/dist.h"
#include "../core/eigen.h"
#include "../core/multiple.h"
#include "../core/random.h"

/* A variance below this part of those it is made of is rounding. */
#define NO_VARIANCE 1e-20

typedef struct pair
{
	int			a;				/* places among the usable */
	int			b;
	double		inverse;		/* of the standard error */
	bool		against_baseline;
} pair;

typedef struct draws
{
	const jrn_env *env;
	int			count;			/* usable strategies */
	double	   *factor;			/* [count count] by rows; values are factor g */
	double	   *g;
	double	   *z;
	pair	   *pairs;
	int			pair_count;
	int			baseline_count;
	double		df;
	uint64_t	normals;
	uint64_t	gammas;
	double	   *largest;		/* [JRN_MAXT_DRAWS] over all pairs */
	double	   *largest_baseline;
} draws;

/* Usable rows of the covariance, and a factor of them by eigenvectors. */
static jrn_status
factorise(draws *d, const double *covariance, int arms, const int *arm_of)
{
	size_t		n = (size_t) d->count;
	double	   *packed;
	double	   *values;
	double	   *vectors;
	size_t		i;
	size_t		j;

	JRN_TRY(jrn_alloc_array(d->env, n * (n + 1) / 2, sizeof(double), &packed));
	JRN_TRY(jrn_alloc_array(d->env, n, sizeof(double), &values));
	JRN_TRY(jrn_alloc_array(d->env, n * n, sizeof(double), &vectors));
	for (i = 0; i < n; i++)
		for (j = 0; j <= i; j++)
			packed[i * (i + 1) / 2 + j] = covariance[arm_of[i] * arms + arm_of[j]];
	JRN_TRY(jrn_eigen(d->env, packed, n, values, vectors));
	JRN_TRY(jrn_alloc_array(d->env, n * n, sizeof(double), &d->factor));
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			d->factor[i * n + j] = vectors[j * n + i] * sqrt(fmax(values[j], 0.0));
	return JRN_OK;
}

static jrn_status
list_pairs(draws *d, const double *covariance, int arms, const int *arm_of, int baseline)
{
	int			i;
	int			j;

	JRN_TRY(jrn_alloc_array(d->env, (size_t) d->count * (size_t) d->count, sizeof(pair), &d->pairs));
	for (i = 0; i < d->count; i++)
		for (j = 0; j < i; j++)
		{
			int			a = arm_of[i];
			int			b = arm_of[j];
			double		size = covariance[a * arms + a] + covariance[b * arms + b];
			double		variance = size - 2.0 * covariance[a * arms + b];
			pair	   *p = &d->pairs[d->pair_count];

			if (!(variance > NO_VARIANCE * size) || !isfinite(variance))
				continue;		/* R-MAX-4 */
			p->a = i;
			p->b = j;
			p->inverse = 1.0 / sqrt(variance);
			p->against_baseline = a == baseline || b == baseline;
			d->baseline_count += p->against_baseline;
			d->pair_count++;
		}
	return JRN_OK;
}

/* R-MAX-1, R-MAX-2 */
static void
draw(draws *d, uint64_t number)
{
	size_t		n = (size_t) d->count;
	double		scale = 1.0;
	double		largest = 0.0;
	double		largest_baseline = 0.0;
	size_t		i;
	size_t		j;
	int			k;

	for (i = 0; i < n; i++)
		d->g[i] = jrn_random_normal(d->normals, number * n + i);
	for (i = 0; i < n; i++)
	{
		d->z[i] = 0.0;
		for (j = 0; j < n; j++)
			d->z[i] += d->factor[i * n + j] * d->g[j];
	}
	if (isfinite(d->df))
		scale = sqrt(0.5 * d->df / jrn_random_gamma(d->gammas, number, 0.5 * d->df));
	for (k = 0; k < d->pair_count; k++)
	{
		const pair *p = &d->pairs[k];
		double		t = fabs(d->z[p->a] - d->z[p->b]) * p->inverse * scale;

		largest = t > largest ? t : largest;
		if (p->against_baseline && t > largest_baseline)
			largest_baseline = t;
	}
	d->largest[number] = largest;
	d->largest_baseline[number] = largest_baseline;
}

static jrn_status
critical(draws *d, double *largest, int differences, double level, double *out)
{
	*out = NAN;
	if (differences == 0)
		return JRN_OK;
	if (differences == 1)		/* R-MAX-3 */
	{
		*out = jrn_t_critical(level, d->df);
		return JRN_OK;
	}
	JRN_TRY(jrn_sort_doubles(d->env, largest, JRN_MAXT_DRAWS));
	/* draws are not exact; the largest of many is never below one of them */
	*out = fmax(jrn_sorted_quantile(largest, JRN_MAXT_DRAWS, level), jrn_t_critical(level, d->df));
	return JRN_OK;
}

jrn_status
jrn_maxt_critical(const jrn_env *env, const double *covariance, int arms, const bool *usable,
				  int baseline, double df, uint64_t seed, double level, jrn_maxt *out)
{
	draws		d = {0};
	int		   *arm_of;
	uint64_t	i;
	int			a;

	d.env = env;
	d.df = df;
	d.normals = jrn_seed_derive(seed, "maxt", 0);
	d.gammas = jrn_seed_derive(seed, "maxt", 1);
	JRN_TRY(jrn_alloc_array(env, (size_t) arms, sizeof(int), &arm_of));
	for (a = 0; a < arms; a++)
		if (usable[a])
			arm_of[d.count++] = a;
	JRN_TRY(list_pairs(&d, covariance, arms, arm_of, baseline));
	if (d.pair_count > 1)
	{
		JRN_TRY(factorise(&d, covariance, arms, arm_of));
		JRN_TRY(jrn_alloc_array(env, (size_t) d.count, sizeof(double), &d.g));
		JRN_TRY(jrn_alloc_array(env, (size_t) d.count, sizeof(double), &d.z));
		JRN_TRY(jrn_alloc_array(env, JRN_MAXT_DRAWS, sizeof(double), &d.largest));
		JRN_TRY(jrn_alloc_array(env, JRN_MAXT_DRAWS, sizeof(double), &d.largest_baseline));
		for (i = 0; i < JRN_MAXT_DRAWS; i++)
		{
			if (i % 64 == 0)
				JRN_TICK(env);
			draw(&d, i);
		}
	}
	JRN_TRY(critical(&d, d.largest, d.pair_count, level, &out->all_pairs));
	return critical(&d, d.largest_baseline, d.baseline_count, level, &out->against_baseline);
}
