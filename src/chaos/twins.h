/*
 * twins.h
 *		Twin divergence: do customers whose journeys were the same up to one
 *		event become less alike afterwards, or more?
 *
 * Definition: a stratum holds the customers with the same first m events (and
 * the same value of a covariate).  Its two most frequent events number m + 1
 * make the groups A and B.  Step k is event m + 1 + k, and the divergence is
 *		E_k = sum over s of (p_s - q_s)^2
 * of the shares of the groups that are in state s at step k, without the part
 * that chance alone gives.
 *
 * Source: reference/chaos.md 5.1 and 5.3; ensemble-averaged pairwise distance
 * (Janosi and Tel 2024); the energy distance of Szekely and Rizzo for the 0/1
 * metric.  Requirements:
 *
 * R-TWIN-1	A journey that has ended stays: in its last touchpoint, or, where
 *			outcomes are given, in its outcome; numbers stay at the last one.
 *			Without outcomes a journey that ends with the very event that makes
 *			the difference goes to a state common to both groups: that event
 *			is no consequence of itself.
 * R-TWIN-2	A censored journey (outcome NaN) is followed as far as it is known
 *			and counts at no later step.
 * R-TWIN-3	E_k is unbiased: pairs of one customer with itself do not count;
 *			it may be negative.  Numbers: D_k^2 = (mean_A - mean_B)^2 -
 *			s_A^2 / n_A - s_B^2 / n_B.
 * R-TWIN-4	Strata are weighted by n_A n_B / (n_A + n_B) of the step; one with
 *			fewer than 2 customers on a side does not count at that step.
 * R-TWIN-5	Standard errors: 4 d'Vd + 2 tr V^2 with V the covariance of the
 *			difference d of shares or means; d'Vd less tr V^2, its bias, but
 *			at least 0, so the error is on the wide side where d is about 0.
 * R-TWIN-6	p-values: the labels A and B are dealt anew within strata; the
 *			statistic is the largest E_k of all steps, so that the p-value of
 *			a step holds for all of them together; (1 + as large) / (1 + B).
 * R-TWIN-7	Rate: least-squares slope of ln(E_k) / 2 over the longest run of
 *			steps with E_k above two standard errors (the first of equals), at
 *			least 3.  A run, because a far step that chance lifts over the
 *			bar would bend the slope.  Interval: 95 % percentiles of Poisson(1)
 *			bootstrap replicates of customers, over the same steps; none below
 *			20 usable replicates or when fewer than half are usable.
 * R-TWIN-8	Draws depend on seed, replicate and the canonical number or hash
 *			of the customer only.
 */
#ifndef JRN_TWINS_H
#define JRN_TWINS_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_TWINS_MAX_PREFIX 100
#define JRN_TWINS_MAX_HORIZON 1000
#define JRN_TWINS_MAX_STATES 1000000000
#define JRN_TWINS_FEW 50		/* below: low_n */

typedef enum jrn_twins_status
{
	JRN_TWINS_OK,
	JRN_TWINS_LOW_N,
	JRN_TWINS_TOO_FEW,			/* no stratum has 2 customers on both sides */
	JRN_TWINS_NO_FORK,			/* all customers of every stratum go the same way */
	JRN_TWINS_NO_DIVERGENCE,	/* nothing that chance would not give */
	JRN_TWINS_TOO_SHORT			/* divergence in fewer than 3 steps in a row */
} jrn_twins_status;

typedef struct jrn_twins_options
{
	int			prefix;
	int			horizon;		/* at least 1 */
	uint32_t	labels;			/* touchpoints are numbers below it */
	bool		numeric;		/* states are numbers instead of touchpoints */
	bool		has_outcome;	/* R-TWIN-1: outcomes are given */
	int32_t		permutations;
	int32_t		replicates;
	uint64_t	seed;
} jrn_twins_options;

/* Rows [begin, middle) are group A, [middle, end) group B. */
typedef struct jrn_twin_stratum
{
	size_t		begin;
	size_t		middle;
	size_t		end;
	size_t		cells;			/* where its cells begin; touchpoints only */
} jrn_twin_stratum;

typedef struct jrn_twins
{
	const jrn_env *env;
	jrn_twins_options options;

	/* customers as they were added */
	size_t		n;
	size_t		capacity;
	struct jrn_twin_customer *customers;
	size_t		key_count;
	size_t		key_capacity;
	uint32_t   *keys;			/* prefix + 1 a customer */
	size_t		state_count;
	size_t		state_capacity;
	uint32_t   *states;			/* horizon a customer */
	size_t		value_count;
	size_t		value_capacity;
	double	   *values;

	/*
	 * After jrn_twins_finish: horizon entries a row.  Of touchpoints a cell of
	 * the stratum, cells of a step being [step_cells[k], step_cells[k + 1])
	 * and the first of them that of unknown states; of numbers the value less
	 * the mean of stratum and step, scaled into [-2, 2], and whether known.
	 */
	size_t		rows;
	uint64_t   *hashes;
	uint32_t   *codes;
	double	   *numbers;
	double	   *known;
	double		scale;			/* of numbers */
	size_t		n_strata;
	jrn_twin_stratum *strata;
	uint32_t   *step_cells;		/* horizon + 1 a stratum */
	uint32_t   *totals;			/* customers by cell, all strata */
	uint32_t	most_cells;		/* of a stratum */
	bool		forked;			/* some stratum has two continuations */
} jrn_twins;

typedef struct jrn_twin_step
{
	int64_t		n_a;
	int64_t		n_b;
	int64_t		strata;
	double		divergence;		/* NaN: no stratum counts */
	double		std_error;
	double		p;
} jrn_twin_step;

typedef struct jrn_twins_rate
{
	double		rate;			/* per step; NaN: none */
	double		low;
	double		high;
	double		p;				/* of the largest divergence */
	int			first;			/* steps of the fit, from 1; 0: none */
	int			last;
	int			usable;			/* replicates */
	jrn_twins_status status;
} jrn_twins_rate;

/* JRN_DOMAIN for options out of range. */
extern jrn_status jrn_twins_begin(jrn_twins *twins, const jrn_env *env, const jrn_twins_options *options);

/*
 * One customer, in canonical order: n events with their labels and, for
 * numbers, values (NaN: not known).  covariate: NaN is a value of its own.
 */
extern jrn_status jrn_twins_add(jrn_twins *twins, uint64_t hash, double covariate,
								const uint32_t *labels, const double *values, size_t n, double outcome);

/* Find strata and groups.  O(n log n * prefix + n * horizon). */
extern jrn_status jrn_twins_finish(jrn_twins *twins);

/* Divergence and standard error of every step; p is NaN.  O(n * horizon). */
extern jrn_status jrn_twins_divergence(const jrn_twins *twins, jrn_twin_step *steps);

/*
 * p-values of the steps and of the largest divergence (NaN without
 * permutations).  O(n * horizon * permutations).
 */
extern jrn_status jrn_twins_permute(const jrn_twins *twins, jrn_twin_step *steps, double *p);

/* After the two above.  O(n * horizon * replicates). */
extern jrn_status jrn_twins_fit(const jrn_twins *twins, const jrn_twin_step *steps, double p,
								jrn_twins_rate *rate);

/* What divergence itself has to say: ok, low_n, too_few, no_fork. */
extern jrn_twins_status jrn_twins_state(const jrn_twins *twins, const jrn_twin_step *step);

extern const char *jrn_twins_status_word(jrn_twins_status status);

/* ---- shared by the files of twins ---- */

/* One side of a stratum at one step. */
typedef struct jrn_twin_side
{
	double		weight;			/* customers, each with its weight w */
	double		squares;		/* sum of w^2 */
	double		pairs;			/* sum of w w' [same state], or of products of numbers,
								 * over pairs of different customers */
} jrn_twin_side;

/* Sums over strata of weight * E_k and of weight. */
typedef struct jrn_twin_sum
{
	double		weighted;
	double		weight;
} jrn_twin_sum;

/*
 * R-TWIN-3, R-TWIN-4: add a stratum; cross is the sum over pairs across the
 * sides.  False when it does not count.
 */
static inline bool
jrn_twin_add(jrn_twin_sum *sum, const jrn_twin_side *a, const jrn_twin_side *b, double cross)
{
	double		pairs_a = a->weight * a->weight - a->squares;
	double		pairs_b = b->weight * b->weight - b->squares;
	double		weight;

	if (!(pairs_a > 0.0 && pairs_b > 0.0))
		return false;
	weight = a->weight * b->weight / (a->weight + b->weight);
	sum->weighted += weight * (a->pairs / pairs_a + b->pairs / pairs_b - 2.0 * cross / (a->weight * b->weight));
	sum->weight += weight;
	return true;
}

static inline const uint32_t *
jrn_twin_cells(const jrn_twins *twins, size_t stratum)
{
	return twins->step_cells + stratum * ((size_t) twins->options.horizon + 1);
}

/* Least-squares slope of ln(e[k]) / 2 over steps first .. last with e > 0; NaN for fewer than 3. */
extern double jrn_twin_slope(const double *e, int first, int last);

/* 95 % interval of the slope (R-TWIN-7), and how many replicates gave one. */
extern jrn_status jrn_twins_bootstrap(const jrn_twins *twins, int first, int last,
									  double *low, double *high, int *usable);

#endif							/* JRN_TWINS_H */
