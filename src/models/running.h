/*
 * running.h
 *		Moments of (x, y) kept row by row in one flat array of doubles, so that
 *		the whole of them can travel between processes and machines.
 *
 * R-RUN-1	A row z of weight w (Welford 1962, West 1979): with d = z - mean,
 *			m += d d' W w/(W + w) and mean += d w/(W + w).  A constant column
 *			has co-moments of exactly 0.
 * R-RUN-2	Means are pairs (high, low).  A plain double near 1e9 moves in steps
 *			of 1e-7; over many rows those steps add up to errors in m far above
 *			its own rounding, and different plans would differ in the eighth
 *			digit.
 * R-RUN-3	Merging a and b (Chan, Golub, LeVeque 1983): with d = mean_b -
 *			mean_a, m = m_a + m_b + d d' W_a W_b/W and mean = mean_a + d W_b/W.
 *
 * The order of rows and merges changes the last digits only.
 *
 * Flat form of q variables, y the last:
 *
 *		n | sum of w | sum of log w | means [q] | their low parts [q] |
 *		co-moments, packed lower triangle [q (q + 1) / 2]
 */
#ifndef JRN_RUNNING_H
#define JRN_RUNNING_H

#include "moments.h"

/* The totals before the arrays. */
#define JRN_RUNNING_TOTALS 3

typedef struct jrn_running
{
	size_t		q;
	double		n;				/* rows, a whole number */
	double		w;				/* sum of weights */
	double		log_w;			/* sum of their logarithms */
	double	   *mean;			/* [q] in the flat form */
	double	   *low;			/* [q] */
	double	   *m;				/* packed [q] */
} jrn_running;

/* Doubles of the flat form; q must be at most JRN_MAX_COLUMNS + 1. */
static inline size_t
jrn_running_size(size_t q)
{
	return JRN_RUNNING_TOTALS + 2 * q + q * (q + 1) / 2;
}

/* Take the flat form: totals are copied, the arrays stay where they are. */
extern void jrn_running_open(double *flat, size_t q, jrn_running *running);

/* Write the totals back. */
extern void jrn_running_close(const jrn_running *running, double *flat);

/* Add one row z[q] of weight w > 0; z becomes its deviations.  O(q^2). */
extern void jrn_running_add(jrn_running *running, double *z, double w);

/* into += from, which has the same q; either may be empty.  O(q^2). */
extern void jrn_running_merge(jrn_running *into, const jrn_running *from);

/*
 * Every number of a flat form that holds at least one row: JRN_NONFINITE for
 * a NaN or an infinity, JRN_CORRUPT for a count, weight or variance that
 * cannot be.  O(q^2).
 */
extern jrn_status jrn_running_check(const jrn_running *running);

/* The same moments for jrn_fit_moments; m is shared, not copied. */
extern jrn_status jrn_running_moments(const jrn_env *env, const jrn_running *running,
									  jrn_moments *out);

#endif							/* JRN_RUNNING_H */
