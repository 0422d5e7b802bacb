/*
 * metric_rows.h
 *		Rows of predictions in one order, whatever order they came in.
 *
 * R-ROWS-1	Rows are sorted by score, descending, then by outcome, weight and
 *			cluster; rows that agree in all of these are interchangeable.  So
 *			every sum over the sorted rows has the same bits for every order of
 *			the input and every plan.
 * R-ROWS-2	Clusters are numbered by their first row in that order, so sums over
 *			clusters have the same bits too.
 * R-ROWS-3	At most 2^32 - 2 rows (JRN_LIMIT).
 */
#ifndef JRN_METRIC_ROWS_H
#define JRN_METRIC_ROWS_H

#include "metric_auc.h"

/* Rows as they come; the arrays that are not used are NULL. */
typedef struct jrn_metric_rows
{
	size_t		n;
	const double *predicted;
	const double *observed;
	const double *time;			/* survival times (metric_concordance.h) */
	const double *weight;		/* above 0 */
	const jrn_cluster_print *prints;
} jrn_metric_rows;

/* Rows by R-ROWS-1. */
typedef struct jrn_ranks
{
	size_t		n;
	double	   *score;
	double	   *observed;
	double	   *weight;			/* NULL: every row counts once */
	uint32_t   *cluster;		/* NULL: every row by itself */
	uint32_t	clusters;		/* n where cluster is NULL */
	uint64_t   *cluster_hash;	/* by cluster; NULL where cluster is */
} jrn_ranks;

static inline double
jrn_ranks_weight(const jrn_ranks *ranks, size_t i)
{
	return ranks->weight == NULL ? 1.0 : ranks->weight[i];
}

static inline size_t
jrn_ranks_cluster(const jrn_ranks *ranks, size_t i)
{
	return ranks->cluster == NULL ? i : ranks->cluster[i];
}

/* O(n), and O(k log k) for a tie of k rows; 32 bytes of scratch a row. */
extern jrn_status jrn_ranks_sort(const jrn_env *env, const jrn_metric_rows *rows, jrn_ranks *ranks);

/* A figure with its uncertainty; NaN is what the data cannot carry. */
typedef struct jrn_figure
{
	double		estimate;
	double		std_error;
	double		low;
	double		high;
} jrn_figure;

/* On which scale the interval is symmetric. */
typedef enum jrn_scale
{
	JRN_SCALE_PLAIN,
	JRN_SCALE_LOGIT,			/* of a figure in (0, 1) */
	JRN_SCALE_ATANH				/* of a figure in (-1, 1) */
} jrn_scale;

/*
 * The interval of critical standard errors.  NaN without a standard error,
 * with one of 0 (a sample without variation says nothing about its
 * uncertainty), and at the ends of a scale.
 */
extern void jrn_figure_interval(jrn_figure *figure, jrn_scale scale, double critical);

#endif							/* JRN_METRIC_ROWS_H */
