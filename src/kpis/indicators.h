/*
 * indicators.h
 *		Indicators with their uncertainty: net promoter score, shares, means.
 *
 * Definitions (reference/journeys.md 8, api.md 3):
 *
 *		share	p = k/n, std_error sqrt(p(1-p)/n), interval of Wilson (1927)
 *		nps		100 (p - d), promoters 9 and 10, detractors 0 to 6, std_error
 *				100 sqrt((p + d - (p - d)^2) / n), normal interval
 *		mean	std_error s/sqrt(n), interval of t with n - 1 degrees of freedom
 *
 * Clustered, with residual sums r_g of the G clusters about the mean:
 * std_error sqrt(G/(G-1) sum r_g^2)/n and t with G - 1 degrees of freedom.
 *
 * R-KPI-1	Counts are whole numbers below 2^53, sums are double-doubles: a
 *			figure does not depend on how rows were split and merged but for
 *			the last bit, and an offset of 1e9 costs no digits.
 * R-KPI-2	A clustered share has Wilson's interval at the effective number of
 *			rows p(1-p)/std_error^2, at most n, with the t quantile in place of
 *			the normal one (Korn and Graubard 1998).  All hits or none: every
 *			cluster counts as one row.
 * R-KPI-3	What the data cannot carry is NaN: the error of a mean with one
 *			row, every clustered error with one cluster, and the interval of a
 *			mean or a score without variation, which says nothing about its
 *			uncertainty.  A share always has Wilson's interval.
 * R-KPI-4	The interval of a net promoter score ends at -100 and 100, beyond
 *			which there is none.
 */
#ifndef JRN_INDICATORS_H
#define JRN_INDICATORS_H

#include <stdbool.h>

#include "../core/dd.h"
#include "../core/env.h"

#define JRN_INDICATOR_LEVEL 0.95

typedef enum jrn_indicator_kind
{
	JRN_INDICATOR_NPS = 1,
	JRN_INDICATOR_CSAT,
	JRN_INDICATOR_RATE,
	JRN_INDICATOR_MEAN
} jrn_indicator_kind;

/* Sums of rows; all members are doubles, as states keep them. */
typedef struct jrn_indicator
{
	double		n;
	double		hits;			/* promoters, or rows that count */
	double		misses;			/* detractors; 0 for shares */
	jrn_dd		mean;			/* of JRN_INDICATOR_MEAN */
	jrn_dd		squares;		/* its sum of squared deviations */
} jrn_indicator;

typedef struct jrn_figure
{
	double		estimate;
	double		std_error;
	double		low;
	double		high;
} jrn_figure;

/* The value that a row brings: -1, 0, 1 for a net promoter score, 0 or 1 for a share. */
static inline double
jrn_promoter_code(double score)
{
	return score >= 9.0 ? 1.0 : score <= 6.0 ? -1.0 : 0.0;
}

extern void jrn_indicator_add(jrn_indicator *sums, jrn_indicator_kind kind, double value);
extern void jrn_indicator_merge(jrn_indicator *sums, const jrn_indicator *more);
extern jrn_figure jrn_indicator_figure(const jrn_indicator *sums, jrn_indicator_kind kind);

/* ---- clusters ---- */

/* Rows of one cluster, known by two 64-bit hashes of its name. */
typedef struct jrn_cluster_sum
{
	uint64_t	a;
	uint64_t	b;
	int64_t		n;
	jrn_dd		sum;
} jrn_cluster_sum;

typedef struct jrn_clusters
{
	const jrn_env *env;
	size_t		count;
	size_t		capacity;
	size_t		slot_count;		/* a power of two, or 0 */
	jrn_cluster_sum *list;
	uint32_t   *slots;			/* place in list + 1; 0: free */
} jrn_clusters;

/* Rows of a cluster at most: counts must be whole as doubles. */
#define JRN_CLUSTER_ROWS (INT64_C(1) << 53)

/*
 * Add rows to a cluster, which may be new.  At most 2^31 clusters of 2^53 rows
 * (JRN_LIMIT), each with a finite sum (JRN_NONFINITE).  O(1) amortised; 48
 * bytes a cluster.
 */
extern jrn_status jrn_clusters_add(jrn_clusters *clusters, const jrn_cluster_sum *rows);

/*
 * The figure of all rows; sorts a copy of the clusters, so that its bits do
 * not depend on their order.
 */
extern jrn_status jrn_clusters_figure(const jrn_env *env, const jrn_clusters *clusters,
									  jrn_indicator_kind kind, jrn_figure *figure, int64_t *n);

#endif							/* JRN_INDICATORS_H */
