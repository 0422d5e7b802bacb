/*
 * leakage.c
 *		Leaks in features and duplicates (see leakage.h).
 */
#include <math.h>
#include <string.h>

#include "../core/sort.h"
#include "leakage.h"

#define ROWS_A_TICK 65536

/* ---- ranks ---- */

typedef struct ranked
{
	double		x;
	double		y;
	size_t		number;
} ranked;

#define BY_X(ctx, a, b) \
	((a).x != (b).x ? (a).x < (b).x : (a).y != (b).y ? (a).y < (b).y : (a).number < (b).number)
JRN_SORT_DEFINE(sort_ranked, ranked, const void *, BY_X)

/* Rows with both numbers, in order of x, then y. */
static jrn_status
rank_rows(const jrn_env *env, const double *x, const double *y, size_t n, ranked **rows, size_t *used)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(ranked), rows));
	*used = 0;
	for (i = 0; i < n; i++)
	{
		if (i % ROWS_A_TICK == 0)
			JRN_TICK(env);
		if (isnan(x[i]) || isnan(y[i]))
			continue;
		(*rows)[*used].x = x[i];
		(*rows)[*used].y = y[i];
		(*rows)[*used].number = *used;
		(*used)++;
	}
	return sort_ranked(env, *rows, *used, NULL);
}

/* The end of the rows that share the x of the first. */
static size_t
end_of_tie(const ranked *rows, size_t n, size_t begin)
{
	size_t		end = begin + 1;

	while (end < n && rows[end].x == rows[begin].x)
		end++;
	return end;
}

jrn_status
jrn_leak_find_auc(const jrn_env *env, const double *x, const double *y, size_t n,
				  jrn_leak_auc *result)
{
	ranked	   *rows;
	size_t		used;
	size_t		begin;
	size_t		i;
	unsigned __int128 ranks = 0;	/* twice the sum of midranks of positives */
	unsigned __int128 least;

	memset(result, 0, sizeof(*result));
	JRN_TRY(rank_rows(env, x, y, n, &rows, &used));
	for (begin = 0; begin < used;)
	{
		size_t		end = end_of_tie(rows, used, begin);

		for (i = begin; i < end; i++)
			if (rows[i].y > 0.5)
			{
				ranks += begin + end + 1;
				result->positives++;
			}
		begin = end;
	}
	jrn_release(env, rows);
	result->negatives = used - result->positives;
	result->auc = NAN;
	if (result->positives == 0 || result->negatives == 0)
		return JRN_OK;
	least = (unsigned __int128) result->positives * (result->positives + 1);
	result->auc = (double) (ranks - least) /
		(2.0 * (double) result->positives * (double) result->negatives);
	return JRN_OK;
}

/* Twice the midranks of rows in order, by number. */
static jrn_status
midranks(const jrn_env *env, const ranked *rows, size_t n, int64_t *ranks)
{
	size_t		begin;
	size_t		i;

	for (begin = 0; begin < n;)
	{
		size_t		end = end_of_tie(rows, n, begin);

		for (i = begin; i < end; i++)
		{
			if (i % ROWS_A_TICK == 0)
				JRN_TICK(env);
			ranks[rows[i].number] = (int64_t) (begin + end + 1);
		}
		begin = end;
	}
	return JRN_OK;
}

jrn_status
jrn_leak_rank_correlation(const jrn_env *env, const double *x, const double *y, size_t n,
						  double *rho, size_t *used)
{
	ranked	   *rows;
	int64_t    *rank_x;
	int64_t    *rank_y;
	__int128	sums[3] = {0, 0, 0};	/* xy, xx, yy about the mean rank */
	size_t		i;

	*rho = NAN;
	JRN_TRY(rank_rows(env, x, y, n, &rows, used));
	JRN_TRY(jrn_alloc_array(env, *used, sizeof(int64_t), &rank_x));
	JRN_TRY(jrn_alloc_array(env, *used, sizeof(int64_t), &rank_y));
	JRN_TRY(midranks(env, rows, *used, rank_x));
	for (i = 0; i < *used; i++)
	{
		double		swap = rows[i].x;

		rows[i].x = rows[i].y;
		rows[i].y = swap;
	}
	JRN_TRY(sort_ranked(env, rows, *used, NULL));
	JRN_TRY(midranks(env, rows, *used, rank_y));
	for (i = 0; i < *used; i++)
	{
		int64_t		a = rank_x[i] - (int64_t) (*used + 1);
		int64_t		b = rank_y[i] - (int64_t) (*used + 1);

		sums[0] += (__int128) a * b;
		sums[1] += (__int128) a * a;
		sums[2] += (__int128) b * b;
	}
	if (sums[1] > 0 && sums[2] > 0)
		*rho = (double) sums[0] / (sqrt((double) sums[1]) * sqrt((double) sums[2]));
	jrn_release(env, rank_y);
	jrn_release(env, rank_x);
	jrn_release(env, rows);
	return JRN_OK;
}

jrn_status
jrn_leak_classes(const jrn_env *env, const double *target, size_t n, double *classes, int *values)
{
	ranked	   *rows;
	size_t		used;
	size_t		first_end;
	double		cut = 0.0;
	size_t		i;

	*values = 0;
	JRN_TRY(rank_rows(env, target, target, n, &rows, &used));
	if (used > 0)
	{
		first_end = end_of_tie(rows, used, 0);
		*values = first_end == used ? 1 : end_of_tie(rows, used, first_end) == used ? 2 : 3;
		cut = *values == 3 ? rows[(used - 1) / 2].x : rows[0].x;
		/* where most rows have the largest value, it stands against the rest */
		if (*values == 3 && cut == rows[used - 1].x)
			cut = nextafter(cut, -INFINITY);
	}
	for (i = 0; i < n; i++)
		classes[i] = isnan(target[i]) ? NAN : target[i] > cut;
	jrn_release(env, rows);
	return JRN_OK;
}

/* ---- features ---- */

typedef struct level_row
{
	uint32_t	level;
	uint32_t	fold;
	size_t		number;
} level_row;

#define BY_LEVEL(ctx, a, b) \
	((a).level != (b).level ? (a).level < (b).level : \
	 (a).fold != (b).fold ? (a).fold < (b).fold : (a).number < (b).number)
JRN_SORT_DEFINE(sort_levels, level_row, const void *, BY_LEVEL)

/* Rows and positives of one level, less those of a fold, give its score there. */
static jrn_status
score_level(const jrn_env *env, const level_row *rows, size_t n, const double *classes, double unseen, double *scores)
{
	double		positives = 0.0;
	size_t		begin,
				end,
				i;

	for (i = 0; i < n; i++)
	{
		if (i % ROWS_A_TICK == ROWS_A_TICK - 1)
			JRN_TICK(env);
		positives += classes[rows[i].number];
	}
	for (begin = 0; begin < n; begin = end)
	{
		double		own = 0.0;

		for (end = begin; end < n && rows[end].fold == rows[begin].fold; end++)
			own += classes[rows[end].number];
		for (i = begin; i < end; i++)
		{
			if (i % ROWS_A_TICK == ROWS_A_TICK - 1)
				JRN_TICK(env);
			scores[rows[i].number] = n == end - begin ? unseen :
				(positives - own) / (double) (n - (end - begin));
		}
	}
	return JRN_OK;
}

jrn_status
jrn_leak_level_scores(const jrn_env *env, const uint32_t *levels, const uint32_t *folds,
					  const double *classes, size_t n, double *scores)
{
	level_row  *rows;
	size_t		used = 0;
	double		positives = 0.0;
	size_t		begin,
				end,
				i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(level_row), &rows));
	for (i = 0; i < n; i++)
	{
		scores[i] = NAN;
		if (isnan(classes[i]))
			continue;
		positives += classes[i];
		rows[used].level = levels[i];
		rows[used].fold = folds[i];
		rows[used++].number = i;
	}
	JRN_TICK(env);
	JRN_TRY(sort_levels(env, rows, used, NULL));
	for (begin = 0; begin < used; begin = end)
	{
		for (end = begin; end < used && rows[end].level == rows[begin].level; end++)
			;
		JRN_TRY(score_level(env, rows + begin, end - begin, classes, positives / (double) used, scores));
	}
	jrn_release(env, rows);
	return JRN_OK;
}

jrn_status
jrn_leak_is_target_mean(const jrn_env *env, const double *x, const double *y, size_t n, bool *is)
{
	ranked	   *rows;
	size_t		used;
	size_t		matching = 0;
	size_t		values = 0;
	size_t		begin,
				end,
				i;

	JRN_TRY(rank_rows(env, x, y, n, &rows, &used));
	for (begin = 0; begin < used; begin = end)
	{
		double		sum = 0.0;
		double		mean;

		end = end_of_tie(rows, used, begin);
		for (i = begin; i < end; i++)
			sum += rows[i].y;
		mean = sum / (double) (end - begin);
		if (fabs(mean - rows[begin].x) <= 1e-9 * fmax(1.0, fabs(mean)))
			matching += end - begin;
		values++;
	}
	*is = values >= 3 && 2 * values <= used && 10.0 * (double) matching >= 9.0 * (double) used;
	jrn_release(env, rows);
	return JRN_OK;
}

jrn_status
jrn_leak_is_preprocessed(const jrn_env *env, const double *x, size_t n, bool *standardised,
						 bool *imputed)
{
	ranked	   *rows;
	size_t		used;
	size_t		values = 0;
	size_t		mode_begin = 0;
	size_t		mode_end = 0;
	double		sum = 0.0;
	double		squares = 0.0;
	double		others = 0.0;
	double		mean;
	size_t		begin,
				end,
				i;

	JRN_TRY(rank_rows(env, x, x, n, &rows, &used));
	for (begin = 0; begin < used; begin = end)
	{
		end = end_of_tie(rows, used, begin);
		values++;
		if (end - begin > mode_end - mode_begin)
		{
			mode_begin = begin;
			mode_end = end;
		}
		sum += rows[begin].x * (double) (end - begin);
	}
	mean = sum / (double) used;
	for (i = 0; i < used; i++)
	{
		squares += (rows[i].x - mean) * (rows[i].x - mean);
		if (i < mode_begin || i >= mode_end)
			others += rows[i].x;
	}
	*standardised = values > 2 && fabs(mean) <= 1e-6 &&
		(fabs(sqrt(squares / (double) used) - 1.0) <= 1e-6 ||
		 fabs(sqrt(squares / (double) (used - 1)) - 1.0) <= 1e-6);
	*imputed = false;
	if (mode_end - mode_begin >= 3 && used - (mode_end - mode_begin) >= 10 &&
		rows[mode_begin].x != floor(rows[mode_begin].x))
	{
		others /= (double) (used - (mode_end - mode_begin));
		*imputed = fabs(others - rows[mode_begin].x) <= 1e-9 * fabs(others);
	}
	jrn_release(env, rows);
	return JRN_OK;
}

/* ---- duplicates ---- */

typedef struct printed
{
	uint64_t	print;
	uint32_t	fold;
} printed;

#define BY_PRINT(ctx, a, b) ((a).print != (b).print ? (a).print < (b).print : (a).fold < (b).fold)
JRN_SORT_DEFINE(sort_prints, printed, const void *, BY_PRINT)

static double
pairs_of(size_t n)
{
	return 0.5 * (double) n * ((double) n - 1.0);
}

jrn_status
jrn_leak_pairs(const jrn_env *env, const uint64_t *prints, const uint32_t *folds, size_t n,
			   double *pairs, double *across)
{
	printed    *rows;
	size_t		begin,
				end,
				fold,
				i;

	*pairs = *across = 0.0;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(printed), &rows));
	for (i = 0; i < n; i++)
	{
		rows[i].print = prints[i];
		rows[i].fold = folds[i];
	}
	JRN_TICK(env);
	JRN_TRY(sort_prints(env, rows, n, NULL));
	for (begin = 0; begin < n; begin = end)
	{
		double		within = 0.0;

		for (end = begin; end < n && rows[end].print == rows[begin].print; end = i)
		{
			fold = end;
			for (i = end; i < n && rows[i].print == rows[begin].print && rows[i].fold == rows[fold].fold; i++)
				;
			within += pairs_of(i - fold);
		}
		*pairs += pairs_of(end - begin);
		*across += pairs_of(end - begin) - within;
	}
	jrn_release(env, rows);
	return JRN_OK;
}
