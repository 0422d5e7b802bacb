/*
 * embedding.h
 *		Series as points: delay vectors, and the defaults that go with them.
 *
 * Vector i of a series is (x_i, x_{i+delay}, ..., x_{i+(dimension-1) delay});
 * its newest coordinate is the last one.  Source: reference/chaos.md 2.3, 2.4;
 * Takens 1981, Theiler 1986.
 *
 * R-EMB-1	Theiler window by default: max(delay (dimension - 1), first zero of
 *			the autocorrelation), at most n/10.  The first zero is the first lag
 *			from 1 at which the sum of products of demeaned values is 0 or
 *			less; none within n/10 counts as n/10.
 * R-EMB-2	Horizon by default: min(20, (n - (dimension - 1) delay) / 10).
 * R-EMB-3	The first zero is found by direct sums at small lags and by a Fourier
 *			transform beyond, which only proposes lags: the decision is always
 *			by the direct sum, so it has the same bits either way.
 * R-EMB-4	A series whose largest value is not within 2^-400 and 2^400 is
 *			multiplied by a power of two, so that squares of differences exist.
 *			Differences below 2^-500 of the largest value count as none.
 */
#ifndef JRN_EMBEDDING_H
#define JRN_EMBEDDING_H

#include <stdbool.h>

#include "../core/kdtree.h"

/* Caps of arguments; more than this would say nothing. */
#define JRN_SERIES_MAX_DIMENSION 20
#define JRN_SERIES_MAX_DELAY 1000000
#define JRN_SERIES_MAX_HORIZON 100000
#define JRN_SERIES_DEFAULT (-1)	/* "choose": an argument that was not given */

typedef struct jrn_series
{
	const double *x;			/* scaled (R-EMB-4), finite */
	size_t		n;
	double		log_scale;		/* add to the logarithm of a distance */
} jrn_series;

typedef struct jrn_embedding
{
	int			dimension;		/* 1..20 */
	int64_t		delay;			/* at least 1 */
	int64_t		window;			/* Theiler; JRN_SERIES_DEFAULT: R-EMB-1 */
} jrn_embedding;

/* Check that values are finite (JRN_NONFINITE) and scale them if need be. */
extern jrn_status jrn_series_init(const jrn_env *env, const double *x, size_t n, jrn_series *series);

/* All values are the same, or there are none. */
extern bool jrn_series_is_constant(const jrn_series *series);

/* Mean, and variance around it divided by n - ddof, of part of a series. */
extern double jrn_series_mean(const double *x, size_t n);
extern jrn_status jrn_series_variance(const jrn_env *env, const double *x, size_t n, int ddof, double *variance);

/* R-EMB-1: the first zero of the autocorrelation up to most; most when there is none. */
extern jrn_status jrn_first_zero(const jrn_env *env, const jrn_series *series, size_t most, size_t *lag);

/* Vectors that have `ahead` values behind their newest one; 0 when none. */
extern size_t jrn_embedding_count(const jrn_embedding *embedding, size_t n, size_t ahead);

/* Fill in the default window; JRN_DOMAIN for what is out of range. */
extern jrn_status jrn_embedding_resolve(const jrn_env *env, const jrn_series *series, jrn_embedding *embedding);

/* The points of a tree over the first count vectors. */
extern jrn_kd_points jrn_embedding_points(const jrn_embedding *embedding, const jrn_series *series, size_t count);

#endif							/* JRN_EMBEDDING_H */
