/*
 * contingency.h
 *		Groups of customers with their outcomes, and the test of a table of
 *		groups x yes/no outcome.
 *
 * Source and requirements R-FORK-1, R-FORK-3, R-FORK-4: forks.h.
 */
#ifndef JRN_CONTINGENCY_H
#define JRN_CONTINGENCY_H

#include "../core/env.h"

/* One group: customers, sum and sum of squares of their outcomes. */
typedef struct jrn_fork_cell
{
	double		n;
	double		sum;
	double		squares;
} jrn_fork_cell;

/* Total of count groups, how many are not empty, and the largest. O(count). */
extern jrn_fork_cell jrn_fork_total(const jrn_fork_cell *cells, size_t count,
									size_t *groups, size_t *largest);

/*
 * p-value of groups x outcome, outcomes 0 and 1; NaN when there is nothing to
 * test.  O(count), with permutations O(count * permutations).
 */
extern jrn_status jrn_contingency_test(const jrn_env *env, const jrn_fork_cell *cells,
									   size_t count, int32_t permutations, uint64_t stream,
									   double *p_value);

/*
 * The same outcomes and groups by permutations alone, of the sum of squares
 * between the groups: p = (1 + at least as large) / (1 + permutations).
 */
extern jrn_status jrn_contingency_squares(const jrn_env *env, const jrn_fork_cell *cells,
										  size_t count, int32_t permutations, uint64_t stream,
										  double *p_value);

/*
 * A draw of the hypergeometric distribution: successes among `draws` of
 * `total`, from one uniform in (0, 1).  O(standard deviation).
 */
extern int64_t jrn_hypergeometric(int64_t total, int64_t successes, int64_t draws, double uniform);

#endif							/* JRN_CONTINGENCY_H */
