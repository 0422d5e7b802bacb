/*
 * share.h
 *		The chaos share of every touchpoint: which part of the outcome's
 *		variance is decided there, how sure that is, and what goes with it.
 *
 * Source: reference/chaos.md 4.3, 4.6, 4.7; api.md section 9.  Requirements:
 *
 * R-SHARE-1	Row 0 is the first touch, row 1 + i touchpoint i, and by method
 *				model one more what only the outcome tells; the shares that exist
 *				add up to 1 to 1e-12.
 * R-SHARE-2	Intervals: 95 % percentiles (linear between order statistics)
 *				of customer-bootstrap replicates with Poisson(1) weights.  None
 *				below 20 usable replicates or when fewer than half are usable.
 * R-SHARE-3	best and worst next and gain per point: R-STEER-1 and R-STEER-2
 *				(maps/steering.h); for the first touch over first touchpoints.
 * R-SHARE-4	the first touch has 1 visit per customer.
 * R-SHARE-5	q-values run over touchpoints; the first touch is one test of its
 *				own, its q is its p.
 * R-SHARE-6	status, the first that holds: no_outcome (no customer has one),
 *				too_few (one has), one_class (all the same), no_end (R-MAP-3);
 *				then, with figures: low_n below 50 customers, censored above
 *				20 % of the touchpoint's customers, memory_gap, ok.
 * R-SHARE-7	memory_gap: omega squared of the outcome by first touchpoint
 *				exceeds the first-touch share by more than .05 and its p-value
 *				is below .05: the past matters beyond the present touchpoint,
 *				and the shares of a first-order map understate early events.
 * R-SHARE-8	Method model (reference 4.4): with q_0 the mean outcome of the
 *				other folds, q_t the forecast after t events (forecasts.h) and
 *				q_(L+1) = y, the gains (y - q_t)^2 - (y - q_(t+1))^2 telescope
 *				to (y - q_0)^2.  The first is the first touch's, those between
 *				the touchpoint's that is left (fork) or reached (arrival), the
 *				last is the row of its own.  Shares are sums of gains over the
 *				sum of (y - q_0)^2: a model that over-fits has negative ones,
 *				which are shown.
 * R-SHARE-9	By model, leverage is the root mean square move of the forecast on
 *				leaving (0 at the end) over its mean by visits; mean_effect the
 *				mean move on arrival; best and worst next the next events, seen
 *				at least 20 times, after which the forecasts, shrunken towards
 *				the mean outcome with the weight of 20, are highest and lowest
 *				on average.  All over customers with an outcome; a touchpoint
 *				without one has no figures (no_end).
 */
#ifndef JRN_SHARE_H
#define JRN_SHARE_H

#include "forecasts.h"
#include "forks.h"

typedef enum jrn_share_status
{
	JRN_SHARE_OK,
	JRN_SHARE_MEMORY_GAP,
	JRN_SHARE_CENSORED,
	JRN_SHARE_LOW_N,
	JRN_SHARE_NO_END,
	JRN_SHARE_ONE_CLASS,
	JRN_SHARE_TOO_FEW,
	JRN_SHARE_NO_OUTCOME,
	JRN_SHARE_SINGULAR			/* ends are too rare to be solved for */
} jrn_share_status;

typedef enum jrn_share_method
{
	JRN_SHARE_MARKOV,
	JRN_SHARE_MODEL
} jrn_share_method;

/* Figures that do not exist are NaN, touchpoints that do not -1. */
typedef struct jrn_share_row
{
	int64_t		customers;
	int64_t		visits;
	double		share;
	double		low;
	double		high;
	double		leverage;
	double		mean_effect;	/* in units of the outcome */
	int32_t		best;
	int32_t		worst;
	double		gain;			/* in units of the outcome */
	double		p;
	double		q;
	jrn_share_status status;
} jrn_share_row;

typedef struct jrn_share_options
{
	jrn_share_method method;
	jrn_credit	credit;
	int32_t		replicates;
	int32_t		permutations;
	uint64_t	seed;
	jrn_forecast_options forecast;	/* by model */
	/* called now and then with the work done and to do; may be NULL */
	void		(*progress) (void *arg, int32_t done, int32_t total);
	void	   *progress_arg;
} jrn_share_options;

typedef struct jrn_share_result
{
	int32_t		k;
	int32_t		row_count;		/* 1 + k, by model 2 + k */
	jrn_share_row *rows;
	double		mean;			/* outcome under the map; by model of the customers */
	double		variance;		/* by model the mean of (y - q_0)^2 */
	double		omega_squared;
	double		memory_gap;
	int32_t		usable;			/* replicates */
} jrn_share_result;

/*
 * Chaos shares of a finished map.  O(events * replicates / 8), plus O(k^3 *
 * replicates) of the map or the forecasts of the model.
 */
extern jrn_status jrn_share(const jrn_env *env, const jrn_map *map,
							const jrn_share_options *options, jrn_share_result *result);

/* The word for a status. */
extern const char *jrn_share_status_word(jrn_share_status status);

#endif							/* JRN_SHARE_H */
