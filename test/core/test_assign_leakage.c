/*
 * test_assign_leakage.c
 *		Detectors of leaks against their definitions, pair by pair.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/folds/leakage.h"

#define ROWS 60

static uint64_t state = 1;
static size_t n;
static double x[ROWS];
static double y[ROWS];
static double scores[ROWS];
static uint64_t prints[ROWS];
static uint32_t keys[ROWS];
static uint32_t folds[ROWS];
static int64_t decided[ROWS];
static int64_t matured[ROWS];

static int64_t
draw(int64_t below)
{
	return (int64_t) (jrn_hash_u64(state++, 5) % (uint64_t) below);
}

static void
fill(void)
{
	size_t		i;

	n = (size_t) draw(ROWS) + 1;
	for (i = 0; i < n; i++)
	{
		x[i] = draw(9) == 0 ? NAN : (double) draw(12);
		y[i] = draw(15) == 0 ? NAN : (double) draw(2);
		prints[i] = (uint64_t) draw(9);
		keys[i] = (uint32_t) draw(6);
		folds[i] = (uint32_t) draw(3);
		decided[i] = draw(40);
		matured[i] = draw(12) == 0 ? INT64_MAX : decided[i] + draw(12);
	}
}

/* AUC and Spearman's correlation over all pairs. */
static int
wrong_ranks(void)
{
	jrn_env		env = host_env();
	jrn_leak_auc found;
	double		rho;
	size_t		used;
	double		won = 0;
	double		pairs = 0;
	double		rank_x[ROWS];
	double		rank_y[ROWS];
	double		sxy = 0,
				sxx = 0,
				syy = 0;
	size_t		m = 0;
	size_t		i,
				j;
	int			wrong;

	for (i = 0; i < n; i++)
	{
		if (isnan(x[i]) || isnan(y[i]))
			continue;
		rank_x[m] = rank_y[m] = 0.5;
		for (j = 0; j < n; j++)
			if (!isnan(x[j]) && !isnan(y[j]))
			{
				rank_x[m] += x[j] < x[i] ? 1.0 : x[j] == x[i] ? 0.5 : 0.0;
				rank_y[m] += y[j] < y[i] ? 1.0 : y[j] == y[i] ? 0.5 : 0.0;
				if (y[i] > y[j])
				{
					won += x[i] > x[j] ? 1.0 : x[i] == x[j] ? 0.5 : 0.0;
					pairs++;
				}
			}
		m++;
	}
	for (i = 0; i < m; i++)
	{
		double		mean = ((double) m + 1.0) / 2.0;

		sxy += (rank_x[i] - mean) * (rank_y[i] - mean);
		sxx += (rank_x[i] - mean) * (rank_x[i] - mean);
		syy += (rank_y[i] - mean) * (rank_y[i] - mean);
	}
	wrong = jrn_leak_find_auc(&env, x, y, n, &found) != JRN_OK ||
		jrn_leak_rank_correlation(&env, x, y, n, &rho, &used) != JRN_OK || used != m;
	wrong += pairs > 0 ? found.auc != won / pairs : !isnan(found.auc);
	wrong += sxx > 0 && syy > 0 ? fabs(rho - sxy / sqrt(sxx * syy)) > 1e-12 : !isnan(rho);
	host_reset();
	return wrong;
}

static int
wrong_levels(void)
{
	jrn_env		env = host_env();
	double		all = 0,
				positive = 0;
	size_t		i,
				j;
	int			wrong = jrn_leak_level_scores(&env, keys, folds, y, n, scores) != JRN_OK;

	for (i = 0; i < n; i++)
		if (!isnan(y[i]))
		{
			all++;
			positive += y[i];
		}
	for (i = 0; i < n; i++)
	{
		double		seen = 0,
					ones = 0;

		for (j = 0; j < n; j++)
			if (keys[j] == keys[i] && folds[j] != folds[i] && !isnan(y[j]))
			{
				seen++;
				ones += y[j];
			}
		if (isnan(y[i]))
			wrong += !isnan(scores[i]);
		else
			wrong += scores[i] != (seen > 0 ? ones / seen : positive / all);
	}
	host_reset();
	return wrong;
}

static int
wrong_pairs(void)
{
	jrn_env		env = host_env();
	double		pairs,
				across;
	double		all = 0,
				apart = 0;
	size_t		overlapped,
				i,
				j;
	size_t		open = 0;
	int			wrong = jrn_leak_pairs(&env, prints, folds, n, &pairs, &across) != JRN_OK ||
		jrn_leak_overlapped(&env, keys, folds, decided, matured, n, &overlapped) != JRN_OK;

	for (i = 0; i < n; i++)
	{
		bool		met = false;

		for (j = 0; j < n; j++)
		{
			if (j < i && prints[i] == prints[j])
			{
				all++;
				apart += folds[i] != folds[j];
			}
			/* of two that begin together, the one of the lower class counts as earlier */
			met = met || (keys[j] == keys[i] && folds[j] != folds[i] && matured[j] != INT64_MAX &&
						  (decided[j] < decided[i] || (decided[j] == decided[i] && folds[j] < folds[i])) &&
						  matured[j] >= decided[i]);
		}
		open += met && matured[i] != INT64_MAX;
	}
	host_reset();
	return wrong + (pairs != all) + (across != apart) + (overlapped != open);
}

/* Cut by time on purpose in every second case. */
static int
wrong_blocks(bool by_time, int *blocked)
{
	jrn_env		env = host_env();
	bool		blocks,
				expected = true;
	size_t		open,
				count = 0;
	size_t		i,
				j;
	int64_t		first[3] = {INT64_MAX, INT64_MAX, INT64_MAX};
	int64_t		last[3] = {INT64_MIN, INT64_MIN, INT64_MIN};
	int64_t		end[3] = {INT64_MIN, INT64_MIN, INT64_MIN};
	int			wrong;

	for (i = 0; i < n; i++)
		folds[i] = by_time ? (uint32_t) (decided[i] / 14) : folds[i];
	for (i = 0; i < n; i++)
	{
		first[folds[i]] = decided[i] < first[folds[i]] ? decided[i] : first[folds[i]];
		last[folds[i]] = decided[i] > last[folds[i]] ? decided[i] : last[folds[i]];
		if (matured[i] != INT64_MAX && matured[i] > end[folds[i]])
			end[folds[i]] = matured[i];
	}
	if (first[0] == INT64_MAX || first[1] == INT64_MAX || first[2] == INT64_MAX)
		return 0;
	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			expected = expected && (i == j || last[i] <= first[j] || last[j] <= first[i]);
	for (i = 0; i < n && expected; i++)
	{
		bool		met = false;

		for (j = 0; j < 3; j++)
			met = met || (j != folds[i] && matured[i] != INT64_MAX &&
						  ((first[j] > decided[i] && matured[i] >= first[j]) ||
						   (first[j] <= decided[i] && end[j] >= decided[i])));
		count += met;
	}
	wrong = jrn_leak_time_blocks(&env, folds, 3, decided, matured, n, &blocks, &open) != JRN_OK;
	*blocked += blocks;
	host_reset();
	return wrong + (blocks != expected) + (by_time && open != count);
}

static void
test_features(void)
{
	jrn_env		env = host_env();
	bool		yes,
				also;
	int			values;
	size_t		i;

	n = 30;
	for (i = 0; i < n; i++)
	{
		y[i] = (double) (i * i % 7);
		x[i] = (double) (i % 3);
	}
	ok(jrn_leak_classes(&env, y, n, scores, &values) == JRN_OK && values == 3, "a number has more than two values");
	ok(jrn_leak_is_target_mean(&env, x, y, n, &yes) == JRN_OK && !yes, "R-LEAK-3 a class is no mean");
	for (i = 0; i < n; i++)
		x[i] = ((double) (i % 3 == 0 ? 60 : i % 3 == 1 ? 50 : 40)) / 8.0;
	for (i = 0; i < n; i++)
		y[i] = x[i] + ((i / 3) % 2 ? 1.0 : -1.0);
	ok(jrn_leak_is_target_mean(&env, x, y, n, &yes) == JRN_OK && yes, "R-LEAK-3 a mean of its rows");
	ok(jrn_leak_is_preprocessed(&env, x, n, &yes, &also) == JRN_OK && !yes && !also, "R-LEAK-4 three values");
	for (i = 0; i < n; i++)
		x[i] = ((double) i - 14.5) / sqrt(899.0 / 12.0);
	ok(jrn_leak_is_preprocessed(&env, x, n, &yes, &also) == JRN_OK && yes && !also, "R-LEAK-4 scaled");
	for (i = 0; i < n; i++)
		x[i] = i < 27 ? (double) i + 0.25 : 13.25;
	ok(jrn_leak_is_preprocessed(&env, x, n, &yes, &also) == JRN_OK && !yes && also, "R-LEAK-4 imputed");
	for (i = 0; i < n; i++)
		y[i] = i < 20;
	ok(jrn_leak_classes(&env, y, n, scores, &values) == JRN_OK && values == 2 && scores[0] == 1.0 && scores[25] == 0.0, "two values");
	for (i = 0; i < n; i++)
		y[i] = i < 20 ? 9.0 : (double) i / 10.0;
	ok(jrn_leak_classes(&env, y, n, scores, &values) == JRN_OK && values == 3 && scores[0] == 1.0 && scores[25] == 0.0,
	   "most rows have the largest value");
	for (i = 0; i < n; i++)
		y[i] = 4.0;
	ok(jrn_leak_classes(&env, y, n, scores, &values) == JRN_OK && values == 1 && scores[0] == 0.0, "one value");
	ok(jrn_leak_classes(&env, y, 0, scores, &values) == JRN_OK && values == 0, "no rows");
	host_reset();
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	jrn_leak_auc found;
	double		a,
				b;
	bool		yes,
				also;
	int			values;
	size_t		count;

	(void) arg;
	JRN_TRY(jrn_leak_find_auc(env, x, y, n, &found));
	JRN_TRY(jrn_leak_rank_correlation(env, x, y, n, &a, &count));
	JRN_TRY(jrn_leak_classes(env, x, n, scores, &values));
	JRN_TRY(jrn_leak_level_scores(env, keys, folds, y, n, scores));
	JRN_TRY(jrn_leak_is_target_mean(env, x, y, n, &yes));
	JRN_TRY(jrn_leak_is_preprocessed(env, x, n, &yes, &also));
	JRN_TRY(jrn_leak_pairs(env, prints, folds, n, &a, &b));
	JRN_TRY(jrn_leak_overlapped(env, keys, folds, decided, matured, n, &count));
	return jrn_leak_time_blocks(env, folds, 3, decided, matured, n, &yes, &count);
}

void
test_assign_leakage(void)
{
	int			wrong[4] = {0, 0, 0, 0};
	int			blocked = 0;
	int			c;

	for (c = 0; c < 500; c++)
	{
		fill();
		wrong[0] += wrong_ranks();
		wrong[1] += wrong_levels();
		wrong[2] += wrong_pairs();
		wrong[3] += wrong_blocks(c % 2 == 0, &blocked);
	}
	ok_int(wrong[0], 0, "R-LEAK-1 AUC and rank correlation over all pairs, 500 cases");
	ok_int(wrong[1], 0, "R-LEAK-2 scores of levels");
	ok_int(wrong[2], 0, "R-LEAK-5 duplicates and overlapped rows");
	ok_int(wrong[3], 0, "blocks of time");
	ok(blocked > 100, "%d cases are cut by time", blocked);
	test_features();
	fill();
	ok_survives(everything, NULL, "detectors of leaks");
	host_reset();
}
