/*
 * divergence.h
 *		How fast neighbours of a series part: the curve of mean log distances
 *		and its slope, the largest exponent of divergence.
 *
 * Source: reference/chaos.md 2.3 to 2.6; Rosenstein, Collins and De Luca 1993;
 * Kantz 1994 for the mean within a radius.
 *
 * With nv = n - (dimension - 1) delay - horizon vectors that can be followed,
 * nb(i) the nearest vector outside the Theiler window at a distance above 0:
 *
 * R-DIV-1	d_i(k) is the distance after k steps between the newest coordinates
 *			("last") or between the vectors ("vector"); S(k) the mean of
 *			ln d_i(k) over i, zeros skipped; N(k) the number used.  With k
 *			neighbours each pair counts.  With a radius, the distances to all
 *			neighbours within it are averaged before the logarithm, one value
 *			for each i.
 * R-DIV-2	The exponent is the least squares slope of S(k) on k over fit_from ..
 *			fit_to, in nats a step.
 * R-DIV-3	fit_to by default: the last k with S(k) <= S(fit_from) + .8 (S_sat -
 *			S(fit_from)), S_sat the mean log distance of 4,096 random pairs
 *			outside the window; at least 4 points, else no_scaling_region.
 * R-DIV-4	jump = S(1) - S(0); noise_excess = jump - exponent: near 0 where a
 *			rule acts, far above it where noise does.
 * R-DIV-5	Interval: moving blocks of max(window, horizon, 25) reference points
 *			with their curves, 95 % percentiles of the slopes of the replicates
 *			over the same fit.  It leaves out errors of the embedding and of the
 *			fit range.  None below two blocks or 20 replicates.
 * R-DIV-6	Status, the first that holds: too_short (nv < 2 window + 2, or a
 *			horizon below 1), constant, no_neighbours, discrete_data (above 10 %
 *			of reference points have an equal one outside the window),
 *			no_scaling_region, ok.
 */
#ifndef JRN_DIVERGENCE_H
#define JRN_DIVERGENCE_H

#include "embedding.h"

#define JRN_DIVERGENCE_REPLICATES 200

typedef enum jrn_series_status
{
	JRN_SERIES_OK,
	JRN_SERIES_TOO_SHORT,
	JRN_SERIES_CONSTANT,
	JRN_SERIES_NO_NEIGHBOURS,
	JRN_SERIES_DISCRETE,
	JRN_SERIES_NO_SCALING,
	JRN_SERIES_NO_EMBEDDING,	/* of false_neighbours.h */
	JRN_SERIES_NO_MATCH			/* of sample_entropy.h */
} jrn_series_status;

typedef enum jrn_divergence_distance
{
	JRN_DISTANCE_LAST,
	JRN_DISTANCE_VECTOR
} jrn_divergence_distance;

typedef struct jrn_divergence_options
{
	jrn_embedding embedding;
	int64_t		horizon;		/* JRN_SERIES_DEFAULT: R-EMB-2 */
	int64_t		fit_from;
	int64_t		fit_to;			/* JRN_SERIES_DEFAULT: R-DIV-3 */
	jrn_divergence_distance distance;
	int			neighbours;		/* at least 1 */
	double		radius;			/* 0: nearest neighbours; else R-DIV-1 */
	int32_t		replicates;		/* 0: no interval */
	uint64_t	seed;
} jrn_divergence_options;

/* Figures that do not exist are NaN, steps that do not -1. */
typedef struct jrn_divergence_result
{
	jrn_series_status status;
	double		exponent;
	double		low;
	double		high;
	double		jump;
	double		noise_excess;
	double		saturation;		/* S_sat */
	int64_t		fit_from;
	int64_t		fit_to;
	int64_t		n_pairs;		/* followed pairs of a point and a neighbour */
	int64_t		window;
	int64_t		horizon;
	double	   *curve;			/* S(0..horizon); NULL when too short or constant */
	int64_t    *used;			/* N(0..horizon) */
} jrn_divergence_result;

/* The defaults of chaos.md 2.4. */
extern jrn_divergence_options jrn_divergence_defaults(void);

/* The curve and, unless curve_only, the slope with its interval. */
extern jrn_status jrn_divergence(const jrn_env *env, const double *x, size_t n, const jrn_divergence_options *options,
								 bool curve_only, jrn_divergence_result *result);

/* The word for a status. */
extern const char *jrn_series_status_word(jrn_series_status status);

#endif							/* JRN_DIVERGENCE_H */
