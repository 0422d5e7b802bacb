/*
 * policy_value.h
 *		What a policy is worth per decision, from scores of all strategies (pure
 *		core).
 *
 * Definitions: reference/validation.md 3.3.  A decision i has a score for every
 * strategy a and the probability pi_i(a) with which the policy takes it.
 *
 * R-PVA-1	V = mean over decisions of sum over a of pi_i(a) score_i(a); standard
 *			error over clusters sqrt(C/(C - 1) sum of (S_c - m_c V)^2)/n, S_c the
 *			sum and m_c the decisions of cluster c.
 * R-PVA-2	The difference is that of paired terms: to a second policy, or to the
 *			fixed strategy with the largest mean score (the first of equal ones
 *			in byte order), which must have a score in every decision and, where
 *			overlap is known, an ess of at least 50 by its own weights 1/e.
 * R-PVA-3	Probabilities of a decision add up to 1 within 1e-6.  Where decisions
 *			of a key cannot be told apart those of the key add up to a whole
 *			number, its decisions; sums over them are the same.
 * R-PVA-4	Overlap: w = pi(a taken)/e over the decisions; ess = (sum w)^2 / sum
 *			w^2.  none: ess below 50, or the mean of w, 1 where the policy could
 *			have been followed, below 0.5 by three standard errors.  weak: ess
 *			below a tenth of the decisions, one weight above 5 % of their sum,
 *			more than 1 % of decisions with e below 0.01, or mean w below 0.9 by
 *			three standard errors.  The best fixed strategy is weak by its ess
 *			next to its rows, one weight and small propensities.
 * R-PVA-5	Below 100 clusters intervals and tests are those of t with C - 1
 *			degrees of freedom.  The smallest effect that would have been seen
 *			has a power of 80 % at a level of 5 %.
 * R-PVA-6	Rows are sorted by key, decision and strategy: no result depends on
 *			the order they came in.
 */
#ifndef JRN_POLICY_VALUE_H
#define JRN_POLICY_VALUE_H

#include <stdbool.h>

#include "../core/env.h"
#include "../core/sums.h"

#define JRN_POLICY_LEVEL 0.95

/* The key of a row without one. */
#define JRN_POLICY_NO_KEY UINT32_MAX

/* One row: a decision and a strategy. */
typedef struct jrn_choice
{
	uint32_t	key;			/* rank, or JRN_POLICY_NO_KEY */
	uint32_t	arm;			/* rank */
	int64_t		number;			/* of the decision; 0 where decisions have none */
	double		score;			/* NaN: none */
	double		chosen;			/* probability */
	double		base;			/* probability under the second policy */
	double		propensity;		/* of a strategy taken; NaN: none */
	bool		assigned;
} jrn_choice;

typedef struct jrn_policy_request
{
	int			arms;
	bool		has_number;
	bool		has_base;
	bool		has_overlap;	/* assigned and propensity are there */
} jrn_policy_request;

typedef enum jrn_policy_fault
{
	JRN_POLICY_FINE,
	JRN_POLICY_SUM,				/* chosen does not add up; amount tells */
	JRN_POLICY_BASE_SUM,		/* nor does the second policy */
	JRN_POLICY_TWICE,			/* a strategy comes twice in a decision */
	JRN_POLICY_NO_SCORE,		/* a strategy that is chosen has none */
	JRN_POLICY_TAKEN,			/* decisions and strategies taken do not agree in number; amount tells */
	JRN_POLICY_NO_FIXED			/* no strategy has a score in every decision */
} jrn_policy_fault;

typedef struct jrn_policy_fault_at
{
	jrn_policy_fault fault;
	uint32_t	key;
	int64_t		number;
	uint32_t	arm;
	double		amount;
} jrn_policy_fault_at;

typedef struct jrn_policy_figure
{
	double		estimate;
	double		std_error;		/* NaN: none */
	double		low;
	double		high;
} jrn_policy_figure;

typedef enum jrn_policy_overlap
{
	JRN_POLICY_OVERLAP_UNKNOWN,
	JRN_POLICY_OVERLAP_OK,
	JRN_POLICY_OVERLAP_WEAK,
	JRN_POLICY_OVERLAP_NONE
} jrn_policy_overlap;

typedef struct jrn_policy_report
{
	int64_t		decisions;
	int64_t		clusters;
	jrn_policy_figure value;
	int			best;			/* fixed strategy; -1: a second policy, or none can be had */
	bool		best_weak;		/* its own overlap is weak */
	jrn_policy_figure difference;
	double		p_value;		/* NaN: none */
	double		minimum_detectable;
	double		ess;
	double		max_weight;
	double		weight_mean;
	double		weight_mean_se;
	double		extreme;		/* share of decisions with a propensity below 0.01 */
	jrn_policy_overlap overlap;
} jrn_policy_report;

/* Weights of decisions; a decision that was not followed has the weight 0. */
typedef struct jrn_policy_weights
{
	double		n;
	jrn_acc		sum;
	jrn_acc		squares;
	double		largest;
	double		rare;			/* decisions with a propensity below 0.01 */
} jrn_policy_weights;

extern void jrn_policy_weight_add(jrn_policy_weights *weights, double w, double propensity);
extern double jrn_policy_ess(const jrn_policy_weights *weights);

/* R-PVA-4; mean is that of weights over all decisions, or NULL. */
extern jrn_policy_overlap jrn_policy_overlap_of(const jrn_policy_weights *weights, const jrn_policy_figure *mean);

/* Mean of n cluster sums of m[c] terms each, R-PVA-1; without an error below two clusters. */
extern void jrn_policy_mean(const double *sum, const double *m, int64_t clusters, jrn_policy_figure *figure);

/* Two-sided p and the smallest effect that would have been seen. */
extern void jrn_policy_test(const jrn_policy_figure *figure, int64_t clusters, double *p_value,
							double *minimum_detectable);

/* Sorts the rows.  JRN_DOMAIN with a fault in the data. */
extern jrn_status jrn_policy_report_make(const jrn_env *env, const jrn_policy_request *request,
										 jrn_choice *rows, size_t n, jrn_policy_report *report,
										 jrn_policy_fault_at *fault);

#endif							/* JRN_POLICY_VALUE_H */
