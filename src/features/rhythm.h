/*
 * rhythm.h
 *		Rhythm of one journey: how regular the gaps between its events are.
 *
 * Definitions: reference/journeys.md 5.6.  m is the number of gaps, r the
 * population standard deviation of the gaps over their mean.
 *
 * R-RHYTHM-1	burstiness is the finite-size form of Kim and Jo (2016, Phys.
 *				Rev. E 94, 032311), (sqrt(m+1) r - sqrt(m-1)) /
 *				((sqrt(m+1) - 2) r + sqrt(m-1)): -1 for equal gaps, +1 when
 *				one gap holds everything.  NULL when m < 2 or the mean is 0.
 * R-RHYTHM-2	memory coefficient is the correlation of each gap with the next,
 *				both shifted series with their own mean and deviation.  NULL
 *				when m < 3 or one of the two is constant.
 * R-RHYTHM-3	local variation is 3/(m-1) sum ((g - g')/(g + g'))^2 over
 *				neighbouring gaps (Shinomoto et al. 2003).  NULL when m < 3 or
 *				a pair sums to 0.
 * R-RHYTHM-4	all three are free of units, and extreme units neither overflow
 *				nor vanish.
 */
#ifndef JRN_RHYTHM_H
#define JRN_RHYTHM_H

#include "../core/env.h"

/* NaN stands for SQL NULL. */
typedef struct jrn_rhythm
{
	double		burstiness;
	double		memory_coefficient;
	double		local_variation;
	double		max_gap;
} jrn_rhythm;

/* All gaps finite and at least 0 (JRN_NONFINITE, JRN_DOMAIN).  O(m). */
extern jrn_status jrn_rhythm_of(const jrn_env *env, const double *gaps, size_t m,
								jrn_rhythm *out);

#endif							/* JRN_RHYTHM_H */
