/*
 * early_warning.h
 *		Do variability or persistence of a series rise?  Rolling variance and
 *		lag-1 autocorrelation, their trend by Kendall's tau-b, and a p-value
 *		from series of the same persistence that do not change.
 *
 * Source: reference/chaos.md 7; Dakos et al. 2012.  Requirements:
 *
 * R-EW-1	First a Gaussian kernel smooth of the series is taken away: weights
 *			exp(-d^2 / (2 h^2)) for distances d up to 4 h, h = bandwidth times the
 *			length, divided by their sum at each place; bandwidth 0: nothing
 *			is taken away.
 * R-EW-2	In each window of consecutive values, less the window's mean:
 *			variance = sum y^2 / (w - 1); autocorrelation = sum y_t y_{t+1} / sum
 *			y^2.  A window without variance has no autocorrelation and is left
 *			out of its trend.
 * R-EW-3	tau = (concordant - discordant) / sqrt(pairs (pairs - ties)) of the
 *			indicator against time.
 * R-EW-4	p = (1 + replicates with a tau at least as large) / (1 + replicates),
 *			replicates being Gaussian AR(1) series whose coefficient is the
 *			lag-1 autocorrelation of the whole series after R-EW-1, through the
 *			same steps.  One-sided: rising.  The usual p of tau would be
 *			wrong: windows overlap.
 * R-EW-5	Draw t of replicate b is counter t under derive(seed, 'early
 *			warning', b).
 * R-EW-6	Fewer than 60 values, or a window above n - 2: too_short; all
 *			equal, or an indicator without a trend: constant.
 */
#ifndef JRN_EARLY_WARNING_H
#define JRN_EARLY_WARNING_H

#include "divergence.h"

#define JRN_WARNING_MIN 60
#define JRN_WARNING_MIN_WINDOW 3
#define JRN_WARNING_MAX_REPLICATES 100000

typedef enum jrn_warning_indicator
{
	JRN_WARNING_VARIANCE,
	JRN_WARNING_AUTOCORRELATION,
	JRN_WARNING_INDICATORS
} jrn_warning_indicator;

typedef struct jrn_warning_options
{
	int64_t		window;			/* JRN_SERIES_DEFAULT: n / 2 */
	double		bandwidth;		/* share of the length, 0 .. 1 */
	int32_t		replicates;		/* 0: no p */
	uint64_t	seed;
	/* called now and then with the work done and to do; may be NULL */
	void		(*progress) (void *arg, int32_t done, int32_t total);
	void	   *progress_arg;
} jrn_warning_options;

/* Figures that do not exist are NaN. */
typedef struct jrn_warning_result
{
	jrn_series_status status[JRN_WARNING_INDICATORS];
	double		tau[JRN_WARNING_INDICATORS];
	double		p[JRN_WARNING_INDICATORS];
	double		coefficient;	/* of the AR(1) replicates */
	size_t		windows;
	double	   *values[JRN_WARNING_INDICATORS];	/* of each window, scaled as R-EMB-4; NULL without figures */
} jrn_warning_result;

/* O(replicates n log n). */
extern jrn_status jrn_early_warning(const jrn_env *env, const double *x, size_t n,
									const jrn_warning_options *options, jrn_warning_result *result);

/*
 * Kendall's tau-b of values against their place; room has n elements, values
 * are sorted on return.  NaN when all are equal or fewer than two.
 */
extern jrn_status jrn_kendall_trend(const jrn_env *env, double *values, size_t n, double *room, double *tau);

#endif							/* JRN_EARLY_WARNING_H */
