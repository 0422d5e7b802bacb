/*
 * rate_folds.c
 *		Ranks within folds (requirements in rate_folds.h).
 */
#include <math.h>

#include "../core/dd.h"
#include "../core/sums.h"
#include "../metrics/metric_sort.h"
#include "rate_folds.h"

#define ROWS_PER_TICK 65536

/* Rows by fold, then priority. */
static jrn_status
sort_rows(const jrn_env *env, size_t n, const double *priority, const double *fold, jrn_score *rows)
{
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows[i].key = jrn_score_key(priority[i]);
		rows[i].payload = i;
	}
	JRN_TRY(jrn_score_sort(env, rows, n));
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows[i].key = jrn_score_key(fold[rows[i].payload]);
	}
	return jrn_score_sort(env, rows, n);	/* stable */
}

/* Squared deviations of the rows of a fold from their mean. */
static jrn_status
add_spread(const jrn_env *env, const jrn_score *rows, size_t n, const double *priority, jrn_acc *spread)
{
	double		mean = 0.0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		mean += (priority[rows[i].payload] - mean) / (double) (i + 1);
	}
	for (i = 0; i < n; i++)
	{
		double		d = priority[rows[i].payload] - mean;

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(spread, d * d);
	}
	return JRN_OK;
}

/* R-RFO-1 for the rows of a fold, in order of priority */
static jrn_status
rank_fold(const jrn_env *env, const jrn_score *rows, size_t n, double *priority)
{
	size_t		first,
				end,
				i;

	for (first = 0; first < n; first = end)
	{
		double		level = priority[rows[first].payload];

		for (end = first; end < n && priority[rows[end].payload] == level; end++)
			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(env);
		for (i = first; i < end; i++)
			priority[rows[i].payload] = (double) (first + end) / (2.0 * (double) n);
	}
	return JRN_OK;
}

static jrn_status
sum_errors(const jrn_env *env, size_t n, const double *std_error, double *sum)
{
	jrn_dd		total = jrn_dd_from(0.0);
	size_t		i;

	for (i = 0; i < n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		total = jrn_dd_add(total, jrn_dd_product(std_error[i], std_error[i]));
	}
	*sum = total.hi;
	return JRN_OK;
}

jrn_status
jrn_rate_by_fold(const jrn_env *env, size_t n, double *priority, const double *fold,
				 const double *std_error, double *wider)
{
	jrn_acc		spread = {0.0, 0.0};
	jrn_score  *rows;
	double		errors = 0.0;
	size_t		first,
				end;

	*wider = sqrt(2.0);
	JRN_TRY(jrn_alloc_array(env, n, sizeof(jrn_score), &rows));
	JRN_TRY(sort_rows(env, n, priority, fold, rows));
	for (first = 0; first < n; first = end)
	{
		for (end = first; end < n && rows[end].key == rows[first].key; end++)
			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(env);
		if (std_error != NULL)
			JRN_TRY(add_spread(env, rows + first, end - first, priority, &spread));
		JRN_TRY(rank_fold(env, rows + first, end - first, priority));
	}
	if (std_error != NULL)
	{
		JRN_TRY(sum_errors(env, n, std_error, &errors));
		if (errors > 0.0)
			*wider = sqrt(1.0 + errors / jrn_acc_value(&spread));	/* R-RFO-2 */
		else
			*wider = 1.0;
	}
	jrn_release(env, rows);
	return JRN_OK;
}
