/*
 * share.h
 *		The chaos share of every touchpoint: which part of the outcome's
 *		variance is decided there, how sure that is, and what goes with it.
 *
 * Source: reference/chaos.md 4.3, 4.6, 4.7; api.md section 9.  Requirements:
 *
 * R-SHARE-1	Row 0 is the first touch, row 1 + i touchpoint i; the shares that
 *				exist add up to 1 to 1e-12.
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
 */
#ifndef JRN_SHARE_H
#define JRN_SHARE_H

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
	jrn_credit	credit;
	int32_t		replicates;
	int32_t		permutations;
	uint64_t	seed;
	/* called now and then with the work done and to do; may be NULL */
	void		(*progress) (void *arg, int32_t done, int32_t total);
	void	   *progress_arg;
} jrn_share_options;

typedef struct jrn_share_result
{
	int32_t		k;
	jrn_share_row *rows;		/* 1 + k */
	double		mean;			/* outcome under the map */
	double		variance;
	double		omega_squared;
	double		memory_gap;
	int32_t		usable;			/* replicates */
} jrn_share_result;

/*
 * Chaos shares of a finished map.  O(events * replicates / 8) plus O(k^3 *
 * replicates).
 */
extern jrn_status jrn_share(const jrn_env *env, const jrn_map *map,
							const jrn_share_options *options, jrn_share_result *result);

/* The word for a status. */
extern const char *jrn_share_status_word(jrn_share_status status);

#endif							/* JRN_SHARE_H */
