/*
 * report.c
 *		How even folds are (see report.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "report.h"

double
jrn_fold_spread(int32_t k, const int64_t *rows, const int64_t *counts)
{
	double		all = 0.0;
	double		of_stratum = 0.0;
	double		statistic = 0.0;
	int32_t		f;

	for (f = 0; f < k; f++)
	{
		if (rows[f] == 0)
			return NAN;
		all += (double) rows[f];
		of_stratum += (double) counts[f];
	}
	if (k < 2 || of_stratum == 0.0 || of_stratum == all)
		return NAN;
	for (f = 0; f < k; f++)
	{
		double		expected = (double) rows[f] * (of_stratum / all);
		double		off = (double) counts[f] - expected;

		statistic += off * off / expected + off * off / ((double) rows[f] - expected);
	}
	return jrn_chisq_upper(statistic, (double) (k - 1));
}

/* Folds in which a value occurs, and the last of them. */
static int32_t
folds_of_value(const jrn_fold_counts *of, size_t value, int32_t *last)
{
	int32_t		folds = 0;
	int32_t		f;

	for (f = 0; f < of->k; f++)
		if (of->counts[value * (size_t) of->k + (size_t) f] > 0)
		{
			folds++;
			*last = f + 1;
		}
	return folds;
}

static bool
find_lacking(const jrn_fold_counts *of, jrn_fold_finding *finding)
{
	size_t		v;

	for (finding->column = 0; finding->column < of->columns; finding->column++)
		for (v = of->values[finding->column]; v < of->values[finding->column + 1]; v++)
			if (!of->unknown[v] && folds_of_value(of, v, &finding->fold) == 1)
			{
				finding->value = v - of->values[finding->column];
				return true;
			}
	return false;
}

jrn_fold_finding
jrn_fold_find_fault(const jrn_fold_counts *of)
{
	jrn_fold_finding finding = {JRN_FOLDS_FINE, 0, 0, 0, 0};
	int64_t		all = 0;
	size_t		i;
	int32_t		f;

	if (of->k < 2)
		finding.fault = JRN_FOLDS_ONE;
	else if ((size_t) of->k > of->keys)
		finding.fault = JRN_FOLDS_OUTNUMBER_KEYS;
	if (finding.fault != JRN_FOLDS_FINE)
		return finding;
	for (f = 1; f <= of->k; f++)
	{
		if (of->rows[f - 1] == 0)
		{
			finding.fault = JRN_FOLDS_EMPTY;
			finding.fold = f;
			return finding;
		}
		all += of->rows[f - 1];
	}
	for (i = 1; i < of->keys; i++)
		if (of->rows_of_key[i] > of->rows_of_key[finding.key])
			finding.key = i;
	if ((__int128) of->rows_of_key[finding.key] * of->k > all)
		finding.fault = JRN_FOLDS_HEAVY_KEY;
	else if (find_lacking(of, &finding))
		finding.fault = JRN_FOLDS_LACK_CLASS;
	return finding;
}

jrn_fold_state
jrn_fold_state_of(const jrn_fold_counts *of, int32_t fold)
{
	jrn_fold_state state = JRN_FOLD_OK;
	size_t		c,
				v;

	for (c = 0; c < of->columns; c++)
	{
		size_t		all = 0;
		size_t		here = 0;

		for (v = of->values[c]; v < of->values[c + 1]; v++)
		{
			all += !of->unknown[v];
			here += !of->unknown[v] && of->counts[v * (size_t) of->k + (size_t) fold - 1] > 0;
		}
		if (here < 2 && all > 1)
			return JRN_FOLD_ONE_CLASS;
		if (here < all)
			state = JRN_FOLD_CLASS_MISSING;
	}
	return state;
}

double
jrn_fold_ratio(const jrn_fold_counts *of)
{
	int64_t		least = of->rows[0];
	int64_t		most = of->rows[0];
	int32_t		f;

	for (f = 1; f < of->k; f++)
	{
		least = of->rows[f] < least ? of->rows[f] : least;
		most = of->rows[f] > most ? of->rows[f] : most;
	}
	return (double) least / (double) most;
}
