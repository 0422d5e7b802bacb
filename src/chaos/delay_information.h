/*
 * delay_information.h
 *		What a value of a series tells about the value some steps later.
 *
 * Source: Fraser and Swinney 1986; reference/chaos.md 2.4.
 *
 * R-AMI-1	Bins of equal width over [min, max], the top edge into the last one;
 *			the joint table of (x_i, x_{i+lag}), its marginals from itself; the
 *			plug-in mutual information in nats.
 * R-AMI-2	corrected takes off the bias (bins - 1)^2 / (2 pairs), so it can be
 *			below 0.
 * R-AMI-3	NaN below 50 pairs (too_short) and for constant series.
 */
#ifndef JRN_DELAY_INFORMATION_H
#define JRN_DELAY_INFORMATION_H

#include "divergence.h"

#define JRN_DELAY_MAX_BINS 256
#define JRN_DELAY_MAX_LAG 100000

typedef struct jrn_delay_information_row
{
	double		information;
	double		corrected;
	jrn_series_status status;
} jrn_delay_information_row;

/* Rows of lags 1 .. max_lag; bins in 2..256.  O(n max_lag). */
extern jrn_status jrn_delay_information(const jrn_env *env, const double *x, size_t n, int max_lag, int bins,
										jrn_delay_information_row *rows);

#endif							/* JRN_DELAY_INFORMATION_H */
