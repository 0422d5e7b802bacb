/*
 * pg_metrics.h
 *		Readers of the arguments that the metrics share, and the rows that
 *		metrics of ranks and intervals keep.
 *
 * R-PGM-1	Rows with a NULL predicted or observed (or time) are left out before
 *			anything else is looked at, as built-in aggregates do.
 * R-PGM-2	Of the other rows weight, threshold, fraction and cluster must not be
 *			NULL (22004); a row of weight 0 is left out; threshold and fraction
 *			must be the same in every row (22023).
 */
#ifndef JOURNEY_PG_METRICS_H
#define JOURNEY_PG_METRICS_H

#include "../pg/compat.h"

#include "metric_rows.h"

/* How the observed value is declared. */
typedef enum journey_observed
{
	JOURNEY_OBSERVED_BOOL,
	JOURNEY_OBSERVED_CLASS,		/* float8 that must be 0 or 1 */
	JOURNEY_OBSERVED_NUMBER		/* any finite float8 */
} journey_observed;

/* What the pair of them must be. */
typedef enum journey_domain
{
	JOURNEY_DOMAIN_SCORE,		/* any finite score */
	JOURNEY_DOMAIN_PROBABILITY, /* predicted within [0, 1] */
	JOURNEY_DOMAIN_RATE			/* predicted above 0, observed not below */
} journey_domain;

/* A number from outside, checked; name says whose. */
extern double journey_metric_finite(double value, const char *name);
extern void journey_metric_check(journey_domain domain, double predicted, double observed);

/* Argument number, not NULL, checked: finite, and of a class 0 or 1. */
extern double journey_metric_predicted(FunctionCallInfo fcinfo, int number, const char *name);
extern double journey_metric_observed(FunctionCallInfo fcinfo, int number, journey_observed kind,
									  const char *name);

/* R-PGM-2: false for a weight of 0. */
extern bool journey_metric_weight(FunctionCallInfo fcinfo, int number, double *weight);

/* A threshold or fraction: not NULL, finite, and the same in every row. */
extern double journey_metric_constant(FunctionCallInfo fcinfo, int number, const char *name,
									  bool has_rows, double before);

/* What a row-keeping state holds besides predicted and observed. */
#define JOURNEY_ROWS_TIME 1
#define JOURNEY_ROWS_WEIGHT 2
#define JOURNEY_ROWS_CLUSTER 4
#define JOURNEY_ROWS_CONSTANT 8

/*
 * The state of metrics that keep rows: 8 bytes a row for each number and 16
 * for a cluster, in the aggregate's context.
 */
typedef struct journey_metric_rows
{
	size_t		n;
	size_t		capacity;
	int			holds;			/* JOURNEY_ROWS_... */
	double		constant;		/* threshold or fraction */
	double	   *predicted;
	double	   *observed;
	double	   *time;
	double	   *weight;
	jrn_cluster_print *prints;
} journey_metric_rows;

/* Argument 0 of a final function, checked; NULL for no rows. */
extern const journey_metric_rows *journey_metric_state(FunctionCallInfo fcinfo);

/* As the core wants them. */
extern jrn_metric_rows journey_metric_view(const journey_metric_rows *rows);

/* Two hashes of a cluster's name; see metric_cluster.c. */
extern jrn_cluster_print journey_metric_print(const char *bytes, Size size);

#endif							/* JOURNEY_PG_METRICS_H */
