/*
 * recurrence.c
 *		Recurrence quantification (see recurrence.h).
 */
#include <math.h>
#include <string.h>

#include "recurrence.h"
#include "symbol_lines.h"

#include "../core/random.h"
#include "../core/sums.h"

/* Lengths and how often each was seen. */
typedef struct tally
{
	int64_t    *count;			/* most + 1 */
	size_t		most;
} tally;

typedef struct lines
{
	tally		diagonal;
	tally		vertical;
	tally		times;
	int64_t		black;			/* outside the Theiler window */
} lines;

static jrn_status
tally_init(const jrn_env *env, size_t most, tally *t)
{
	t->most = most;
	return jrn_alloc_zeroed(env, most + 1, sizeof(int64_t), &t->count);
}

/* Cells, lines, and their lengths from `least` on. */
static void
tally_sum(const tally *t, size_t least, double *lines_seen, double *cells, size_t *longest)
{
	size_t		length;

	*lines_seen = *cells = 0.0;
	*longest = 0;
	for (length = least; length <= t->most; length++)
		if (t->count[length] > 0)
		{
			*lines_seen += (double) t->count[length];
			*cells += (double) t->count[length] * (double) length;
			*longest = length;
		}
}

static double
tally_entropy(const tally *t, size_t least, double total)
{
	jrn_acc		sum = {0.0, 0.0};
	size_t		length;

	for (length = least; length <= t->most; length++)
		if (t->count[length] > 0)
			jrn_acc_add(&sum, (double) t->count[length] / total * log((double) t->count[length] / total));
	return fabs(jrn_acc_value(&sum));
}

static bool
is_near(size_t i, size_t j, int64_t theiler)
{
	const int64_t apart = (int64_t) i - (int64_t) j;

	return (apart < 0 ? -apart : apart) < theiler;
}

/* Vertical lines and recurrence times of one column. */
static void
read_column(const uint8_t *column, size_t rows, size_t j, int64_t theiler, lines *found)
{
	size_t		run = 0;
	size_t		last = 0;		/* length of the line before, 0: none */
	size_t		gap = 0;
	size_t		i;

	for (i = 0; i <= rows; i++)
		if (i < rows && column[i] && !is_near(i, j, theiler))
			run++;
		else
		{
			if (run > 0)
			{
				found->vertical.count[run]++;
				found->black += (int64_t) run;
				if (last > 0)
					found->times.count[gap + last / 2 + run / 2]++;
				last = run;
				gap = 0;
			}
			run = 0;
			gap++;
		}
}

/* Diagonal lines of all columns: how long the line through each row is, shifted from column to column. */
static void
read_diagonals(const uint8_t *column, size_t rows, size_t j, int64_t theiler, uint32_t *run, lines *found)
{
	size_t		i;

	/* run[i] belongs to the diagonal that entered the last column at row i - 1 */
	if (run[rows] > 0)
		found->diagonal.count[run[rows]]++;
	memmove(run + 1, run, rows * sizeof(uint32_t));
	run[0] = 0;
	for (i = 0; i < rows; i++)
		if (column[i] && !is_near(i, j, theiler))
			run[i]++;
		else if (run[i] > 0)
		{
			found->diagonal.count[run[i]]++;
			run[i] = 0;
		}
}

static void
line_figures(const lines *found, size_t least, jrn_recurrence_result *result)
{
	const double black = (double) found->black;
	double		seen;
	double		cells;
	size_t		longest;

	tally_sum(&found->diagonal, least, &seen, &cells, &longest);
	result->determinism = black > 0.0 ? cells / black : NAN;
	if (seen > 0.0)
	{
		result->mean_line = cells / seen;
		result->longest_line = (int64_t) longest;
		result->line_entropy = tally_entropy(&found->diagonal, least, seen);
		result->divergence = 1.0 / (double) longest;
	}
	tally_sum(&found->vertical, least, &seen, &cells, &longest);
	result->laminarity = black > 0.0 ? cells / black : NAN;
	if (seen > 0.0)
		result->trapping_time = cells / seen;
}

/* R-RQ-4 */
static void
time_figures(const tally *times, jrn_recurrence_result *result)
{
	double		seen;
	double		sum;
	size_t		longest;
	size_t		t;

	tally_sum(times, 0, &seen, &sum, &longest);
	if (seen == 0.0)
		return;
	result->mean_time = sum / seen;
	result->time_entropy = tally_entropy(times, 0, seen);
	for (t = 0; t <= times->most; t++)
		if (times->count[t] > result->most_frequent)
			result->most_frequent = times->count[t];
}

static void
begin_result(jrn_recurrence_result *result)
{
	memset(result, 0, sizeof(*result));
	result->rate = result->determinism = result->mean_line = result->line_entropy = NAN;
	result->divergence = result->laminarity = result->trapping_time = NAN;
	result->mean_time = result->time_entropy = NAN;
	result->p_determinism = result->p_laminarity = result->radius = NAN;
	result->longest_line = result->most_frequent = -1;
}

jrn_status
jrn_recurrence_matrix(const jrn_env *env, const uint8_t *cells, size_t rows, size_t columns,
					  int64_t theiler, int64_t line, jrn_recurrence_result *result)
{
	lines		found;
	uint32_t   *run;
	size_t		black = 0;
	size_t		i,
				j;

	begin_result(result);
	memset(&found, 0, sizeof(found));
	JRN_TRY(tally_init(env, rows, &found.diagonal));
	JRN_TRY(tally_init(env, rows, &found.vertical));
	JRN_TRY(tally_init(env, rows, &found.times));
	JRN_TRY(jrn_alloc_zeroed(env, rows + 1, sizeof(uint32_t), &run));
	for (j = 0; j < columns; j++)
	{
		const uint8_t *column = cells + j * rows;

		if (j % 64 == 0)
			JRN_TICK(env);
		for (i = 0; i < rows; i++)
			black += column[i] != 0;
		read_column(column, rows, j, theiler, &found);
		read_diagonals(column, rows, j, theiler, run, &found);
	}
	for (i = 0; i <= rows; i++)
		if (run[i] > 0)
			found.diagonal.count[run[i]]++;
	result->rate = rows * columns > 0 ? (double) black / ((double) rows * (double) columns) : NAN;
	line_figures(&found, (size_t) line, result);
	time_figures(&found.times, result);
	jrn_release(env, found.diagonal.count);
	jrn_release(env, found.vertical.count);
	jrn_release(env, found.times.count);
	jrn_release(env, run);
	return JRN_OK;
}

/* ---- shuffles ---- */

/* What is shuffled: the matrix, or symbols, for which counting does. */
typedef struct shuffled
{
	const uint8_t *cells;
	const uint32_t *symbols;	/* NULL: only the matrix is known */
	size_t		n;
	uint32_t   *order;
	uint8_t    *other_cells;
	jrn_symbol_lines *counting;
} shuffled;

static jrn_status
shuffled_init(const jrn_env *env, const uint8_t *cells, const uint32_t *symbols, size_t n, shuffled *s)
{
	s->cells = cells;
	s->symbols = symbols;
	s->n = n;
	s->other_cells = NULL;
	s->counting = NULL;
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &s->order));
	if (symbols != NULL)
		return jrn_symbol_lines_begin(env, symbols, n, &s->counting);
	return jrn_alloc_array(env, n * n, 1, &s->other_cells);
}

static void
draw_order(uint64_t stream, size_t n, uint32_t *order)
{
	size_t		i;

	for (i = 0; i < n; i++)
		order[i] = (uint32_t) i;
	for (i = 0; i + 1 < n; i++)
	{
		const size_t with = i + (size_t) jrn_random_below(stream, i, n - i);
		const uint32_t held = order[i];

		order[i] = order[with];
		order[with] = held;
	}
}

/* Rows and columns of the matrix in the order that was drawn. */
static jrn_status
reorder_cells(const jrn_env *env, const shuffled *s)
{
	size_t		i,
				j;

	for (j = 0; j < s->n; j++)
	{
		const uint8_t *column = s->cells + (size_t) s->order[j] * s->n;

		if (j % 64 == 0)
			JRN_TICK(env);
		for (i = 0; i < s->n; i++)
			s->other_cells[j * s->n + i] = column[s->order[i]];
	}
	return JRN_OK;
}

static jrn_status
shuffled_lines(const jrn_env *env, shuffled *s, uint64_t stream, const jrn_recurrence_options *options,
			   jrn_recurrence_result *drawn)
{
	draw_order(stream, s->n, s->order);
	if (s->symbols != NULL)
		return jrn_symbol_lines_count(env, s->counting, s->order, options->theiler, options->line,
									  &drawn->determinism, &drawn->laminarity);
	JRN_TRY(reorder_cells(env, s));
	return jrn_recurrence_matrix(env, s->other_cells, s->n, s->n, options->theiler, options->line, drawn);
}

/* R-RQ-5 */
static jrn_status
compare_shuffles(const jrn_env *env, const uint8_t *cells, const uint32_t *symbols, size_t n,
				 const jrn_recurrence_options *options, jrn_recurrence_result *result)
{
	jrn_recurrence_result drawn;
	shuffled	s;
	int32_t		lines_above = 0;
	int32_t		laminar_above = 0;
	int32_t		b;

	if (options->shuffles == 0 || isnan(result->determinism))
		return JRN_OK;
	JRN_TRY(shuffled_init(env, cells, symbols, n, &s));
	for (b = 1; b <= options->shuffles; b++)
	{
		JRN_TRY(shuffled_lines(env, &s, jrn_seed_derive(options->seed, "recurrence", (uint64_t) b), options, &drawn));
		lines_above += drawn.determinism >= result->determinism;
		laminar_above += drawn.laminarity >= result->laminarity;
	}
	result->p_determinism = (1.0 + lines_above) / (1.0 + options->shuffles);
	result->p_laminarity = (1.0 + laminar_above) / (1.0 + options->shuffles);
	return JRN_OK;
}

/* ---- matrices of states ---- */

static jrn_status
check_options(const jrn_recurrence_options *options)
{
	if (options->theiler < 0 || options->line < 1 || options->shuffles < 0 ||
		options->shuffles > JRN_RECURRENCE_MAX_SHUFFLES)
		return JRN_DOMAIN;
	return JRN_OK;
}

static jrn_status
figures(const jrn_env *env, const uint8_t *cells, const uint32_t *symbols, size_t n, double radius,
		const jrn_recurrence_options *options, jrn_recurrence_result *result)
{
	JRN_TRY(jrn_recurrence_matrix(env, cells, n, n, options->theiler, options->line, result));
	result->n = (int64_t) n;
	result->radius = radius;
	return compare_shuffles(env, cells, symbols, n, options, result);
}

static jrn_status
close_cells(const jrn_env *env, const jrn_series *series, const jrn_recurrence_options *options,
			size_t n, double radius, uint8_t *cells)
{
	size_t		i,
				j;
	int			c;

	for (j = 0; j < n; j++)
	{
		if (j % 64 == 0)
			JRN_TICK(env);
		memset(cells + j * n, 1, n);
		for (c = 0; c < options->dimension; c++)
		{
			const double *x = series->x + (size_t) c * (size_t) options->delay;

			for (i = 0; i < n; i++)
				cells[j * n + i] &= fabs(x[i] - x[j]) <= radius;
		}
	}
	return JRN_OK;
}

jrn_status
jrn_recurrence_series(const jrn_env *env, const double *x, size_t n,
					  const jrn_recurrence_options *options, jrn_recurrence_result *result)
{
	const jrn_embedding embedding = {options->dimension, options->delay, 0};
	jrn_series	series;
	double		radius = options->radius;
	int			exponent;
	uint8_t    *cells;
	size_t		count;

	begin_result(result);
	JRN_TRY(check_options(options));
	if (options->dimension < 1 || options->dimension > JRN_SERIES_MAX_DIMENSION || options->delay < 1 ||
		options->delay > JRN_SERIES_MAX_DELAY || !(isnan(radius) || (radius >= 0.0 && isfinite(radius))))
		return JRN_DOMAIN;
	JRN_TRY(jrn_series_init(env, x, n, &series));
	count = jrn_embedding_count(&embedding, n, 0);
	result->n = (int64_t) count;
	if (count > JRN_RECURRENCE_MAX)
		return JRN_LIMIT;
	if (count < JRN_RECURRENCE_MIN)
	{
		result->status = JRN_SERIES_TOO_SHORT;
		return JRN_OK;
	}
	if (jrn_series_is_constant(&series))
	{
		result->status = JRN_SERIES_CONSTANT;
		return JRN_OK;
	}
	exponent = (int) lrint(series.log_scale / 0.69314718055994530942);
	if (isnan(radius))
	{
		JRN_TRY(jrn_series_variance(env, series.x, n, 1, &radius));
		radius = 0.2 * sqrt(radius);
	}
	else
		radius = ldexp(radius, -exponent);
	JRN_TRY(jrn_alloc_array(env, count * count, 1, &cells));
	JRN_TRY(close_cells(env, &series, options, count, radius, cells));
	return figures(env, cells, NULL, count, ldexp(radius, exponent), options, result);
}

jrn_status
jrn_recurrence_symbols(const jrn_env *env, const uint32_t *symbols, size_t n,
					   const jrn_recurrence_options *options, jrn_recurrence_result *result)
{
	uint8_t    *cells;
	size_t		i,
				j;

	begin_result(result);
	JRN_TRY(check_options(options));
	result->n = (int64_t) n;
	if (n > JRN_RECURRENCE_MAX)
		return JRN_LIMIT;
	if (n < JRN_RECURRENCE_MIN)
	{
		result->status = JRN_SERIES_TOO_SHORT;
		return JRN_OK;
	}
	JRN_TRY(jrn_alloc_array(env, n * n, 1, &cells));
	for (j = 0; j < n; j++)
	{
		if (j % 64 == 0)
			JRN_TICK(env);
		for (i = 0; i < n; i++)
			cells[j * n + i] = symbols[i] == symbols[j];
	}
	return figures(env, cells, symbols, n, NAN, options, result);
}
