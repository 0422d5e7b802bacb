/*
 * psi.h
 *		Population stability index of counts over the same cells in a reference
 *		and a current window, with what it is by chance (pure core).
 *
 * R-PSI-1	psi = sum (b - a) ln(b / a) over cells, a and b the shares of
 *			reference and current.  A count of 0 in one of the two is taken as
 *			1/2 before shares are formed; a cell that is empty in both is left
 *			out and not counted.
 * R-PSI-2	Without drift psi n m / (n + m) is near chi-square with cells - 1
 *			degrees of freedom, n and m the rows (reference/validation.md 5.5):
 *			null_mean = (cells - 1) (1/n + 1/m), p_value the upper tail.  With
 *			ten rows a cell the tail is heavier: p below 0.05 in 7 of 100.
 * R-PSI-3	No row on a side: no figure.  One cell that is not empty: psi and
 *			null_mean are 0 and there is no p.  No figure is NaN.
 */
#ifndef JRN_PSI_H
#define JRN_PSI_H

#include "../core/env.h"

typedef struct jrn_psi
{
	double		psi;
	double		null_mean;
	double		p_value;
	size_t		cells;			/* not empty in both */
} jrn_psi;

/* JRN_DOMAIN for a negative count.  O(count). */
extern jrn_status jrn_psi_of(const jrn_env *env, const int64_t *reference, const int64_t *current,
							 size_t count, jrn_psi *out);

#endif							/* JRN_PSI_H */
