/*
 * rate.h
 *		How well a priority ranks customers by what a strategy does for them:
 *		the targeting operator characteristic and its two areas, AUTOC and Qini
 *		(pure core; Yadlowsky, Fleming, Shah, Brunskill and Wager 2025,
 *		"Evaluating treatment prioritization rules via rank-weighted average
 *		treatment effects"; reference/validation.md 2.1).
 *
 * Row i has a priority and a score, the doubly robust score of one strategy
 * less that of another (scores.h).  Rows are sorted by priority, highest
 * first; g(1), ..., g(n) are their scores in that order.
 *
 * R-RATE-1	Rows of equal priority all count with the average of their scores,
 *			so no order within a tie matters.
 * R-RATE-2	TOC(k/n) = (g(1) + ... + g(k))/k - (g(1) + ... + g(n))/n.
 * R-RATE-3	AUTOC = 1/n sum over k = 1..n of TOC(k/n);
 *			QINI = 1/n sum over k = 1..n of k/n TOC(k/n), as in R's grf.  Both
 *			are in units of the outcome per customer.
 * R-RATE-4	Errors by half-sample bootstrap of clusters (half_sample.h), in which
 *			ties are averaged anew; the interval is normal.
 * R-RATE-5	No rows, or one priority for all: no figure, and a reason.
 * R-RATE-6	The curve at fraction f = j/points has the n_f = ceil(f n) rows of
 *			highest priority, TOC(n_f/n), and gain = (g(1) + ... + g(n_f))/n, what
 *			the strategy brings per customer of all when those alone get it.
 * R-RATE-7	Scores are centred and scaled by a power of 2 first: neither a large
 *			mean nor large numbers cost digits or overflow.
 */
#ifndef JRN_RATE_H
#define JRN_RATE_H

#include "../metrics/metric_rows.h"

typedef enum jrn_rate_kind
{
	JRN_RATE_AUTOC,
	JRN_RATE_QINI
} jrn_rate_kind;

typedef enum jrn_rate_status
{
	JRN_RATE_OK,
	JRN_RATE_TOO_FEW,			/* no rows */
	JRN_RATE_ONE_PRIORITY,
	JRN_RATE_ONE_CLASS			/* qini_area.h: nobody, or everybody, was treated */
} jrn_rate_status;

/* True when rows differ in priority. */
extern bool jrn_ranks_differ(const jrn_ranks *ranks);

/*
 * An area with its error.  ranks: priority as score, the score as observed
 * (metric_rows.h).  Errors are multiplied by wider (rate_folds.h; else 1).
 * O(draws n).
 */
extern jrn_status jrn_rate(const jrn_env *env, const jrn_ranks *ranks, jrn_rate_kind kind, double wider,
						   int draws, uint64_t seed, jrn_figure *figure, jrn_rate_status *status);

typedef struct jrn_rate_point
{
	double		fraction;
	uint64_t	n;				/* rows of highest priority */
	jrn_figure	toc;
	jrn_figure	gain;
} jrn_rate_point;

/* The curve at 1/points, 2/points, ..., 1; n at least 1.  O(draws (n + points)). */
extern jrn_status jrn_rate_curve(const jrn_env *env, const jrn_ranks *ranks, uint32_t points,
								 double wider, int draws, uint64_t seed, jrn_rate_point *curve);

#endif							/* JRN_RATE_H */
