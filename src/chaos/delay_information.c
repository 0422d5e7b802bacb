/*
 * delay_information.c
 *		Average mutual information of a series with itself (see
 *		delay_information.h).
 */
#include <math.h>
#include <string.h>

#include "delay_information.h"

#include "../core/sums.h"

#define LEAST_PAIRS 50

/* Pairs between two looks at the clock. */
#define TICK_PAIRS 65536

/* R-AMI-1: the bin of every value. */
static jrn_status
bin_values(const jrn_env *env, const jrn_series *series, int bins, uint8_t **binned)
{
	double		low = series->x[0];
	double		high = series->x[0];
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, series->n, sizeof(uint8_t), binned));
	for (i = 1; i < series->n; i++)
	{
		low = series->x[i] < low ? series->x[i] : low;
		high = series->x[i] > high ? series->x[i] : high;
	}
	for (i = 0; i < series->n; i++)
	{
		const int	bin = (int) ((series->x[i] - low) / (high - low) * (double) bins);

		(*binned)[i] = (uint8_t) (bin < bins ? bin : bins - 1);
	}
	return JRN_OK;
}

/*
 * Information of a joint table: (sum n_ab ln n_ab - sum n_a ln n_a - sum n_b
 * ln n_b) / N + ln N.
 */
static double
table_information(const int64_t *table, int bins, int64_t pairs)
{
	jrn_acc		sum = {0.0, 0.0};
	int			a,
				b;

	for (a = 0; a < bins; a++)
	{
		int64_t		row = 0;
		int64_t		column = 0;

		for (b = 0; b < bins; b++)
		{
			const int64_t cell = table[a * bins + b];

			row += cell;
			column += table[b * bins + a];
			if (cell > 0)
				jrn_acc_add(&sum, (double) cell * log((double) cell));
		}
		if (row > 0)
			jrn_acc_add(&sum, -(double) row * log((double) row));
		if (column > 0)
			jrn_acc_add(&sum, -(double) column * log((double) column));
	}
	return jrn_acc_value(&sum) / (double) pairs + log((double) pairs);
}

static jrn_status
one_lag(const jrn_env *env, const uint8_t *binned, size_t n, size_t lag, int bins, int64_t *table,
		jrn_delay_information_row *row)
{
	const size_t pairs = n - lag;
	size_t		i;

	memset(table, 0, sizeof(int64_t) * (size_t) bins * (size_t) bins);
	for (i = 0; i < pairs; i++)
	{
		if (i % TICK_PAIRS == 0)
			JRN_TICK(env);
		table[binned[i] * bins + binned[i + lag]]++;
	}
	row->information = table_information(table, bins, (int64_t) pairs);
	if (row->information < 0.0)
		row->information = 0.0;	/* it is not negative but by rounding */
	row->corrected = row->information - (double) (bins - 1) * (bins - 1) / (2.0 * (double) pairs);
	return JRN_OK;
}

jrn_status
jrn_delay_information(const jrn_env *env, const double *x, size_t n, int max_lag, int bins,
					  jrn_delay_information_row *rows)
{
	jrn_series	series;
	uint8_t    *binned = NULL;
	int64_t    *table;
	bool		constant;
	int			lag;

	if (max_lag < 1 || max_lag > JRN_DELAY_MAX_LAG || bins < 2 || bins > JRN_DELAY_MAX_BINS)
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	constant = jrn_series_is_constant(&series);
	JRN_TRY(jrn_alloc_array(env, (size_t) bins, sizeof(int64_t) * (size_t) bins, &table));
	if (!constant)
		JRN_TRY(bin_values(env, &series, bins, &binned));
	for (lag = 1; lag <= max_lag; lag++)
	{
		jrn_delay_information_row *row = &rows[lag - 1];

		row->information = row->corrected = NAN;
		row->status = JRN_SERIES_OK;
		if (n < LEAST_PAIRS + (size_t) lag)
			row->status = JRN_SERIES_TOO_SHORT;
		else if (constant)
			row->status = JRN_SERIES_CONSTANT;
		else
			JRN_TRY(one_lag(env, binned, n, (size_t) lag, bins, table, row));
	}
	return JRN_OK;
}
