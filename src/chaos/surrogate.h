/*
 * surrogate.h
 *		Does a series hold more than a linear Gaussian process seen through a
 *		monotone scale?  A rank test against series that keep its values and,
 *		as nearly as those allow, its power spectrum.
 *
 * Iterative amplitude adjusted Fourier transform (Schreiber and Schmitz 1996,
 * 2000; Theiler et al. 1992).  Source: reference/chaos.md 2.7.
 *
 * R-SUR-1	A surrogate begins as a random permutation of the series; in turn it
 *			is given the amplitudes of the series' spectrum and its own phases, and
 *			the sorted values of the series in the order of its own; it is
 *			done when the order stays or after JRN_SURROGATE_STEPS turns.
 * R-SUR-2	What is returned is always an exact permutation of the series.
 * R-SUR-3	Permutation b is drawn by counters under derive(seed, 'surrogate',
 *			b): without replacement, and independent of the other surrogates.
 * R-SUR-4	First the part is chosen whose ends match best: of all lengths N
 *			without a prime factor above 5 from n - n/10 to n (never below 100
 *			where n is not), and all starts,
 *			the least (jump + slip) / 2, jump = (y_0 - y_{N-1})^2 / (N v), slip =
 *			((y_1 - y_0) - (y_{N-1} - y_{N-2}))^2 / (N v), v the population
 *			variance of the series; ties go to the longer, then earlier part.
 *			The mismatch that remains is reported.
 * R-SUR-5	p = (1 + surrogates with a statistic at most that of the series) /
 *			(1 + surrogates): one-sided, never 0.  Statistics within 1e-12 of
 *			each other count as equal.
 * R-SUR-6	Statistics: permutation entropy of dimension 4, and the error of
 *			prediction by 4 neighbours in dimension 3.  Both are small where
 *			rules act that no linear process has.
 * R-SUR-7	Fewer than 100 values: too_short; all equal: constant; a statistic
 *			that does not exist for the series: no_match.
 *
 * A small p says "not linear and Gaussian": varying variance does that, too.
 */
#ifndef JRN_SURROGATE_H
#define JRN_SURROGATE_H

#include "divergence.h"

#include "../core/fft.h"

#define JRN_SURROGATE_MIN 100
#define JRN_SURROGATE_STEPS 50
#define JRN_SURROGATE_MAX 100000
#define JRN_SURROGATE_PE_DIMENSION 4

typedef enum jrn_surrogate_statistic
{
	JRN_STATISTIC_ENTROPY,
	JRN_STATISTIC_PREDICTION,
	JRN_STATISTICS
} jrn_surrogate_statistic;

/* The part of a series whose ends match (R-SUR-4). */
typedef struct jrn_matched_part
{
	size_t		start;
	size_t		length;
	double		mismatch;
} jrn_matched_part;

extern jrn_status jrn_match_ends(const jrn_env *env, const double *x, size_t n, jrn_matched_part *part);

/* What all surrogates of one series share. */
typedef struct jrn_surrogates
{
	size_t		n;
	const double *x;
	double	   *sorted;			/* values of the series */
	double	   *centred;		/* the same less their mean, by their largest size */
	double	   *amplitude;
	jrn_fft		fft;
	double	   *series;
	double	   *re;
	double	   *im;
	uint32_t   *order;			/* positions by value, of this turn and the last */
	uint32_t   *last;
	uint32_t   *other_order;	/* room of the sort */
	uint32_t   *begins;
	double	   *room;
	uint64_t   *keys;
	uint64_t   *other_keys;
} jrn_surrogates;

/* A series of smooth length, not constant.  x must outlive s. */
extern jrn_status jrn_surrogates_init(const jrn_env *env, const double *x, size_t n, jrn_surrogates *s);

/* Surrogate b into out[n]; *steps (or NULL) counts the turns. O(n log n) each. */
extern jrn_status jrn_surrogates_draw(const jrn_env *env, jrn_surrogates *s, uint64_t seed, uint64_t b,
									  double *out, int *steps);

typedef struct jrn_surrogate_options
{
	bool		wanted[JRN_STATISTICS];
	int32_t		surrogates;		/* 1 .. JRN_SURROGATE_MAX */
	uint64_t	seed;
	/* called now and then with the work done and to do; may be NULL */
	void		(*progress) (void *arg, int32_t done, int32_t total);
	void	   *progress_arg;
} jrn_surrogate_options;

/* Figures that do not exist, or were not wanted, are NaN. */
typedef struct jrn_surrogate_result
{
	jrn_series_status status;
	jrn_matched_part part;
	double		observed[JRN_STATISTICS];
	double		null_median[JRN_STATISTICS];
	double		p[JRN_STATISTICS];
} jrn_surrogate_result;

extern jrn_status jrn_surrogate_test(const jrn_env *env, const double *x, size_t n,
									 const jrn_surrogate_options *options, jrn_surrogate_result *result);

#endif							/* JRN_SURROGATE_H */
