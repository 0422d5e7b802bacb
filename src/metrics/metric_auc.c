/*
 * metric_auc.c
 *		AUC and its variance in exact integers (requirements in metric_auc.h).
 *
 * With m positives, n negatives, doubled placements a_i of the positives and
 * b_j of the negatives, and T = sum a_i = sum b_j:
 *
 *		AUC = T/(2 m n)
 *		variance = S10/m + S01/n
 *		S10 = sum (a_i/(2n) - AUC)^2/(m - 1) = (m sum a_i^2 - T^2)/(4 n^2 m (m - 1))
 *
 * and S01 with the roles exchanged.  Clustered, with sums a_c, b_c and counts
 * m_c, n_c per cluster, x_c = m a_c - m_c T and y_c = n b_c - n_c T, of K
 * clusters with a positive, L with a negative and I in all:
 *
 *		variance = (K/(K - 1) sum x_c^2/m^2 + L/(L - 1) sum y_c^2/n^2
 *					+ 2 I/(I - 1) sum x_c y_c/(m n))/(2 m n)^2
 */
#include <math.h>
#include <stdbool.h>

#include "../core/dist.h"
#include "metric_auc.h"
#include "metric_sort.h"

typedef unsigned __int128 uint128;
typedef __int128 int128;

/* With m + n rows below 2^32, 2 m n is below 2^63. */
#define MAX_ROWS (UINT64_C(0xFFFFFFFF))
#define ROWS_PER_TICK 65536

/* Keys with payload 2 * row + class; R-AUC-5. */
static jrn_status
load_rows(const jrn_env *env, const double *predicted, const double *observed,
		  size_t n, jrn_score *rows, uint64_t *positives)
{
	size_t		i;

	*positives = 0;
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		if (!isfinite(predicted[i]))
			return JRN_NONFINITE;
		if (observed[i] != 0.0 && observed[i] != 1.0)
			return JRN_DOMAIN;
		rows[i].key = jrn_score_key(predicted[i]);
		rows[i].payload = 2 * (uint64_t) i + (observed[i] == 1.0);
		*positives += observed[i] == 1.0;
	}
	return JRN_OK;
}

/* R-AUC-1, group of equal scores by group. */
static jrn_status
place_rows(const jrn_env *env, const jrn_score *rows, size_t n, uint64_t positives,
		   uint64_t *placements)
{
	uint64_t	positives_below = 0;
	uint64_t	negatives_below = 0;
	size_t		first,
				end,
				i;

	for (first = 0; first < n; first = end)
	{
		uint64_t	tied[2] = {0, 0};

		for (end = first; end < n && rows[end].key == rows[first].key; end++)
		{
			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(env);
			tied[rows[end].payload & 1]++;
		}
		for (i = first; i < end; i++)
			placements[rows[i].payload >> 1] = (rows[i].payload & 1) != 0 ?
				2 * negatives_below + tied[0] :
				2 * (positives - positives_below - tied[1]) + tied[1];
		positives_below += tied[1];
		negatives_below += tied[0];
	}
	return JRN_OK;
}

jrn_status
jrn_auc_placements(const jrn_env *env, const double *predicted, const double *observed,
				   size_t n, uint64_t *placements, uint64_t *positives, uint64_t *negatives)
{
	jrn_score  *rows;

	if (n > MAX_ROWS)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(jrn_score), &rows));
	JRN_TRY(load_rows(env, predicted, observed, n, rows, positives));
	JRN_TRY(jrn_score_sort(env, rows, n));
	JRN_TRY(place_rows(env, rows, n, *positives, placements));
	jrn_release(env, rows);
	*negatives = n - *positives;
	return JRN_OK;
}

/* Count, sum and sum of squares of the placements of one class; R-AUC-3. */
typedef struct class_sums
{
	int128		sum;
	uint128		squares;
} class_sums;

static jrn_status
sum_placements(const jrn_env *env, const int64_t *placements, const double *observed,
			   size_t n, class_sums *sums)
{
	size_t		i;

	memset(sums, 0, 2 * sizeof(class_sums));
	for (i = 0; i < n; i++)
	{
		class_sums *mine = &sums[observed[i] == 1.0];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		mine->sum += placements[i];
		mine->squares += (uint128) ((int128) placements[i] * placements[i]);
	}
	return JRN_OK;
}

/*
 * Variance of the mean of count placements: (count * squares - sum^2) is exact,
 * because 2 m n < 2^63 bounds both products by 2^126.
 */
static double
mean_variance(const class_sums *sums, uint64_t count, uint64_t other)
{
	double		c = (double) count;
	double		o = (double) other;
	uint128		spread = (uint128) count * sums->squares - (uint128) (sums->sum * sums->sum);

	return (double) spread / (4.0 * o * o) / (c * c * (c - 1.0));
}

/*
 * A sum of products of integers below 2^96, without overflow: each product is
 * taken apart at 64 and 128 bits.  Positive and negative products are kept
 * apart, and only the final value is rounded.
 */
typedef struct wide_sum
{
	uint128		limb[4];		/* times 2^0, 2^64, 2^64, 2^128 */
} wide_sum;

static void
wide_add(wide_sum *sums, int128 x, int128 y)
{
	wide_sum   *sum = &sums[(x < 0) != (y < 0)];
	uint128		u = (uint128) (x < 0 ? -x : x);
	uint128		v = (uint128) (y < 0 ? -y : y);
	uint128		low = (uint128) (uint64_t) u * (uint64_t) v;

	sum->limb[0] += (uint64_t) low;
	sum->limb[1] += low >> 64;
	sum->limb[2] += (u >> 64) * (uint64_t) v + (v >> 64) * (uint64_t) u;
	sum->limb[3] += (u >> 64) * (v >> 64);
}

static double
wide_value(const wide_sum *sums)
{
	double		value[2];
	int			s;

	for (s = 0; s < 2; s++)
		value[s] = (double) sums[s].limb[0] +
			((double) sums[s].limb[1] + (double) sums[s].limb[2]) * 0x1p64 +
			(double) sums[s].limb[3] * 0x1p128;
	return value[0] - value[1];
}

/*
 * Per cluster and class: rows and sum of doubled placements, at most 2 m n.  (No 128-bit integers in allocated memory: they would want an alignment
 * of 16 that the host does not promise.)
 */
typedef struct cluster_sums
{
	int64_t		rows[2];
	int64_t		sum[2];
} cluster_sums;

static jrn_status
sum_clusters(const jrn_env *env, const int64_t *placements, const double *observed,
			 const uint32_t *ids, uint32_t clusters, size_t n, cluster_sums *sums)
{
	size_t		i;

	for (i = 0; i < n; i++)
	{
		int			class = observed[i] == 1.0;

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		if (ids[i] >= clusters)
			return JRN_DOMAIN;
		sums[ids[i]].rows[class]++;
		sums[ids[i]].sum[class] += placements[i];
	}
	return JRN_OK;
}

/* k/(k - 1), the correction for k clusters. */
static double
few_clusters(uint64_t k)
{
	return (double) k / ((double) k - 1.0);
}

static jrn_status
clustered_variance(const jrn_env *env, const int64_t *placements, const double *observed,
				   const uint32_t *ids, uint32_t clusters, size_t n, uint64_t positives,
				   uint64_t negatives, int64_t total, double *variance)
{
	cluster_sums *sums;
	wide_sum	products[3][2];
	uint64_t	used[2] = {0, 0};
	uint64_t	all = 0;
	double		m = (double) positives;
	double		k = (double) negatives;
	double		spread;
	uint32_t	c;

	JRN_TRY(jrn_alloc_zeroed(env, clusters, sizeof(cluster_sums), &sums));
	JRN_TRY(sum_clusters(env, placements, observed, ids, clusters, n, sums));
	memset(products, 0, sizeof(products));
	for (c = 0; c < clusters; c++)
	{
		const cluster_sums *s = &sums[c];
		int128		x = (int128) positives * s->sum[1] - (int128) s->rows[1] * total;
		int128		y = (int128) negatives * s->sum[0] - (int128) s->rows[0] * total;

		if (c % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		used[1] += s->rows[1] > 0;
		used[0] += s->rows[0] > 0;
		all += s->rows[0] + s->rows[1] > 0;
		wide_add(products[0], x, x);
		wide_add(products[1], y, y);
		wide_add(products[2], x, y);
	}
	jrn_release(env, sums);
	if (used[0] < 2 || used[1] < 2)
		return JRN_OK;			/* R-AUC-4: the variance stays NaN */
	spread = few_clusters(used[1]) * wide_value(products[0]) / (m * m) +
		few_clusters(used[0]) * wide_value(products[1]) / (k * k) +
		2.0 * few_clusters(all) * wide_value(products[2]) / (m * k);
	*variance = spread / (4.0 * m * m * k * k);
	if (*variance < 0.0)
		*variance = 0.0;		/* the three corrections differ a little */
	return JRN_OK;
}

/*
 * Twice the sum over pairs, and the variance, of doubled placements or of
 * differences between those of two scores.
 */
static jrn_status
summarise(const jrn_env *env, const int64_t *placements, const double *observed,
		  const uint32_t *ids, uint32_t clusters, size_t n, uint64_t positives,
		  uint64_t negatives, int64_t *total, double *variance)
{
	class_sums	sums[2];

	JRN_TRY(sum_placements(env, placements, observed, n, sums));
	*total = (int64_t) sums[1].sum;
	if (ids != NULL)
		return clustered_variance(env, placements, observed, ids, clusters, n,
								  positives, negatives, *total, variance);
	if (positives > 1 && negatives > 1)
		*variance = mean_variance(&sums[1], positives, negatives) +
			mean_variance(&sums[0], negatives, positives);
	return JRN_OK;
}

static double
of_pairs(int64_t total, uint64_t positives, uint64_t negatives)
{
	return (double) total / (double) ((uint128) 2 * positives * negatives);	/* R-AUC-2 */
}

jrn_status
jrn_auc_delong(const jrn_env *env, const double *predicted, const double *observed,
			   const uint32_t *cluster_ids, uint32_t clusters, size_t n,
			   jrn_auc_result *result)
{
	uint64_t   *placements;
	int64_t		total;

	result->auc = result->variance = NAN;
	result->positives = result->negatives = 0;
	if (n > MAX_ROWS)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint64_t), &placements));
	JRN_TRY(jrn_auc_placements(env, predicted, observed, n, placements,
							   &result->positives, &result->negatives));
	if (result->positives == 0 || result->negatives == 0)
		return JRN_OK;			/* R-AUC-4 */
	JRN_TRY(summarise(env, (const int64_t *) placements, observed, cluster_ids, clusters, n,
					  result->positives, result->negatives, &total, &result->variance));
	result->auc = of_pairs(total, result->positives, result->negatives);
	jrn_release(env, placements);
	return JRN_OK;
}

/* The variance of a difference of means is that of the mean of differences. */
jrn_status
jrn_auc_difference(const jrn_env *env, const double *a, const double *b, const double *observed,
				   const uint32_t *cluster_ids, uint32_t clusters, size_t n,
				   jrn_auc_comparison *result)
{
	uint64_t   *of_a;
	uint64_t   *of_b;
	int64_t		total;
	size_t		i;

	result->a = result->b = result->difference = result->variance = NAN;
	result->positives = result->negatives = 0;
	if (n > MAX_ROWS)
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint64_t), &of_a));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint64_t), &of_b));
	JRN_TRY(jrn_auc_placements(env, a, observed, n, of_a, &result->positives, &result->negatives));
	JRN_TRY(jrn_auc_placements(env, b, observed, n, of_b, &result->positives, &result->negatives));
	if (result->positives == 0 || result->negatives == 0)
		return JRN_OK;			/* R-AUC-4 */
	JRN_TRY(summarise(env, (const int64_t *) of_b, observed, NULL, 0, n,
					  result->positives, result->negatives, &total, &result->variance));
	result->b = of_pairs(total, result->positives, result->negatives);
	JRN_TRY(summarise(env, (const int64_t *) of_a, observed, NULL, 0, n,
					  result->positives, result->negatives, &total, &result->variance));
	result->a = of_pairs(total, result->positives, result->negatives);
	result->variance = NAN;
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		of_a[i] -= of_b[i];		/* modulo 2^64: read as signed below */
	}
	JRN_TRY(summarise(env, (const int64_t *) of_a, observed, cluster_ids, clusters, n,
					  result->positives, result->negatives, &total, &result->variance));
	result->difference = of_pairs(total, result->positives, result->negatives);
	jrn_release(env, of_b);
	jrn_release(env, of_a);
	return JRN_OK;
}

jrn_status
jrn_auc(const jrn_env *env, const double *predicted, const double *observed,
		size_t n, double *auc)
{
	jrn_auc_result result;

	*auc = NAN;
	JRN_TRY(jrn_auc_delong(env, predicted, observed, NULL, 0, n, &result));
	*auc = result.auc;
	return JRN_OK;
}

void
jrn_auc_interval(double auc, double variance, double level, double *low, double *high)
{
	double		logit,
				half;

	*low = *high = NAN;
	if (!(auc > 0.0 && auc < 1.0) || !(variance > 0.0))
		return;
	logit = log(auc) - log1p(-auc);
	half = jrn_normal_critical(level) * sqrt(variance) / (auc * (1.0 - auc));
	*low = jrn_logistic(logit - half);
	*high = jrn_logistic(logit + half);
}
