/*
 * psi.c
 *		Population stability index (requirements in psi.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/sums.h"
#include "psi.h"

#define CELLS_A_TICK 16384

/* A count as it enters a share (R-PSI-1). */
static double
count_or_half(int64_t count)
{
	return count == 0 ? 0.5 : (double) count;
}

/* Sums of the two sides, as counted and with halves. */
typedef struct psi_totals
{
	double		rows[2];
	double		shares[2];
} psi_totals;

static jrn_status
add_up(const jrn_env *env, const int64_t *reference, const int64_t *current, size_t count,
	   psi_totals *totals, size_t *cells)
{
	size_t		i;

	for (i = 0; i < count; i++)
	{
		if (i % CELLS_A_TICK == 0)
			JRN_TICK(env);
		if (reference[i] < 0 || current[i] < 0)
			return JRN_DOMAIN;
		if (reference[i] == 0 && current[i] == 0)
			continue;
		(*cells)++;
		totals->rows[0] += (double) reference[i];
		totals->rows[1] += (double) current[i];
		totals->shares[0] += count_or_half(reference[i]);
		totals->shares[1] += count_or_half(current[i]);
	}
	return JRN_OK;
}

jrn_status
jrn_psi_of(const jrn_env *env, const int64_t *reference, const int64_t *current, size_t count, jrn_psi *out)
{
	psi_totals	totals = {{0.0, 0.0}, {0.0, 0.0}};
	jrn_acc		sum = {0.0, 0.0};
	double		scale;
	size_t		i;

	out->psi = out->null_mean = out->p_value = NAN;
	out->cells = 0;
	JRN_TRY(add_up(env, reference, current, count, &totals, &out->cells));
	if (totals.rows[0] == 0.0 || totals.rows[1] == 0.0)
		return JRN_OK;			/* R-PSI-3 */
	for (i = 0; i < count; i++)
	{
		double		a = count_or_half(reference[i]) / totals.shares[0];
		double		b = count_or_half(current[i]) / totals.shares[1];

		if (i % CELLS_A_TICK == 0)
			JRN_TICK(env);
		if (reference[i] > 0 || current[i] > 0)
			jrn_acc_add(&sum, (b - a) * log(b / a));
	}
	scale = 1.0 / totals.rows[0] + 1.0 / totals.rows[1];
	out->psi = jrn_acc_value(&sum);
	out->null_mean = (double) (out->cells - 1) * scale;
	if (out->cells > 1)
		out->p_value = jrn_chisq_upper(out->psi / scale, (double) (out->cells - 1));
	return JRN_OK;
}
