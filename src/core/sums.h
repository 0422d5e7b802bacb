/*
 * sums.h
 *		Sums whose bits do not depend on the machine, and a sum that hardly
 *		depends on the order.
 *
 * R-SUM-1	jrn_sum and jrn_dot add element i into lane i mod 8 and reduce the
 *			lanes as ((0+1)+(2+3))+((4+5)+(6+7)).  The bits are a function of
 *			the array alone: the compiler may use vectors of any width, but
 *			not another order (-ffp-contract=off keeps products rounded).
 * R-SUM-2	Adding zeros to the end of an array does not change its sum.
 * R-SUM-3	jrn_acc carries the rounding error of every addition (Neumaier
 *			1974, a form of Kahan's summation that is also right when the new
 *			term is the larger one).  The value of a sum of n terms in any
 *			order, merged from any partition, differs from the exact sum by
 *			about 2^-53 of itself plus n^2 2^-106 of the sum of magnitudes.
 * R-SUM-4	An overflow or an infinite term gives what plain addition gives,
 *			never NaN from the compensation alone.
 */
#ifndef JRN_SUMS_H
#define JRN_SUMS_H

#include <math.h>
#include <stddef.h>

#define JRN_SUM_LANES 8

typedef struct jrn_acc
{
	double		sum;
	double		compensation;
} jrn_acc;

static inline void
jrn_acc_add(jrn_acc *acc, double term)
{
	double		total = acc->sum + term;

	if (fabs(acc->sum) >= fabs(term))
		acc->compensation += (acc->sum - total) + term;
	else
		acc->compensation += (term - total) + acc->sum;
	acc->sum = total;
}

static inline double
jrn_acc_value(const jrn_acc *acc)
{
	return isfinite(acc->sum) ? acc->sum + acc->compensation : acc->sum;	/* R-SUM-4 */
}

static inline void
jrn_acc_merge(jrn_acc *acc, const jrn_acc *other)
{
	jrn_acc_add(acc, other->sum);
	acc->compensation += other->compensation;
}

/* Sum of n numbers and of n products; 0 for n = 0.  O(n). */
extern double jrn_sum(const double *x, size_t n);
extern double jrn_dot(const double *x, const double *y, size_t n);

#endif							/* JRN_SUMS_H */
