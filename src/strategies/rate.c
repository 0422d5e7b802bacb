/*
 * rate.c
 *		TOC, AUTOC and Qini of doubly robust scores (requirements in rate.h).
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../core/dist.h"
#include "../core/sums.h"
#include "../metrics/metric_influence.h"
#include "half_sample.h"
#include "rate.h"

#define ROWS_PER_TICK 65536

/* Scores as R-RATE-7 wants them; true ones are unit (score + mean). */
typedef struct rate_rows
{
	const jrn_ranks *ranks;
	double	   *score;
	double		mean;
	double		unit;
	jrn_rate_kind kind;
	uint32_t	points;			/* of the curve */
} rate_rows;

/* What the rows before a place add up to: those that are chosen. */
typedef struct rate_walk
{
	const rate_rows *rows;
	const unsigned char *chosen;
	size_t		next;			/* the first row of the next tie */
	double		before;			/* rows and sum up to the tie */
	double		sum_before;
	double		count;			/* of the tie */
	double		sum;
} rate_walk;

static inline double
is_chosen(const rate_walk *walk, size_t i)
{
	return walk->chosen == NULL ? 1.0 : (double) walk->chosen[jrn_ranks_cluster(walk->rows->ranks, i)];
}

/* The next tie; more is false at the end. */
static jrn_status
next_tie(const jrn_env *env, rate_walk *walk, bool *more)
{
	const jrn_ranks *ranks = walk->rows->ranks;
	size_t		i = walk->next;
	double		in;

	walk->before += walk->count;
	walk->sum_before += walk->sum;
	walk->count = walk->sum = 0.0;
	*more = i < ranks->n;
	if (!*more)
		return JRN_OK;
	do
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		in = is_chosen(walk, i);
		walk->count += in;
		walk->sum += in * walk->rows->score[i];
		i++;
	} while (i < ranks->n && ranks->score[i] == ranks->score[i - 1]);
	walk->next = i;
	return JRN_OK;
}

/* Add, for every rank of a tie, the mean score up to it (R-RATE-1). */
static jrn_status
add_means(const jrn_env *env, const rate_walk *walk, double *total)
{
	double		average;
	uint64_t	j;

	/* without a branch that nobody can predict: one row, chosen or not */
	if (walk->count <= 1.0)
	{
		*total += walk->count * (walk->sum_before + walk->sum) / fmax(walk->before + walk->count, 1.0);
		return JRN_OK;
	}
	average = walk->sum / walk->count;
	for (j = 1; (double) j <= walk->count; j++)
	{
		if (j % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		*total += (walk->sum_before + (double) j * average) / (walk->before + (double) j);
	}
	return JRN_OK;
}

/* Sum over the ranks of a tie of the summed scores up to them. */
static double
tie_sums(const rate_walk *walk)
{
	return walk->count * walk->sum_before + walk->sum * (walk->count + 1.0) / 2.0;
}

/* R-RATE-3, in the unit of rows->score; without rows NaN. */
static jrn_status
area(const jrn_env *env, void *arg, const unsigned char *chosen, double *value)
{
	const rate_rows *rows = arg;
	rate_walk	walk = {rows, chosen, 0, 0.0, 0.0, 0.0, 0.0};
	double		total = 0.0;
	double		n,
				mean;
	bool		more;

	for (;;)
	{
		JRN_TRY(next_tie(env, &walk, &more));
		if (!more)
			break;
		if (rows->kind == JRN_RATE_AUTOC)
			JRN_TRY(add_means(env, &walk, &total));
		else
			total += tie_sums(&walk);
	}
	n = walk.before;
	mean = walk.sum_before / n;
	if (rows->kind == JRN_RATE_AUTOC)
		*value = total / n - mean;
	else
		*value = (total - mean * n * (n + 1.0) / 2.0) / (n * n);
	return JRN_OK;
}

/* ceil(j n / points), in integers */
static uint64_t
rows_at(uint64_t j, uint64_t n, uint64_t points)
{
	return (uint64_t) (((unsigned __int128) j * n + points - 1) / points);
}

static jrn_status
count_chosen(const jrn_env *env, const rate_rows *rows, const unsigned char *chosen, uint64_t *n)
{
	size_t		i;

	*n = 0;
	for (i = 0; i < rows->ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		*n += chosen == NULL ? 1 : chosen[jrn_ranks_cluster(rows->ranks, i)];
	}
	return JRN_OK;
}

/* Means of the scores at the points of the curve, then the sums over all n (R-RATE-6). */
static jrn_status
curve_values(const jrn_env *env, void *arg, const unsigned char *chosen, double *values)
{
	const rate_rows *rows = arg;
	rate_walk	walk = {rows, chosen, 0, 0.0, 0.0, 0.0, 0.0};
	uint64_t	n;
	uint32_t	j = 0;
	double		all;
	bool		more;

	JRN_TRY(count_chosen(env, rows, chosen, &n));
	for (;;)
	{
		JRN_TRY(next_tie(env, &walk, &more));
		if (!more)
			break;
		for (; j < rows->points && walk.count > 0.0; j++)
		{
			double		k = (double) rows_at((uint64_t) j + 1, n, rows->points);
			double		top;

			if (k > walk.before + walk.count)
				break;
			top = walk.sum_before + walk.sum * ((k - walk.before) / walk.count);
			values[j] = top / k;
			values[rows->points + j] = top / (double) n + rows->mean * (k / (double) n);
		}
	}
	all = walk.sum_before / walk.before;
	for (j = 0; j < rows->points; j++)
		values[j] = n == 0 ? NAN : values[j] - all;
	for (j = 0; j < rows->points && n == 0; j++)
		values[rows->points + j] = NAN;
	return JRN_OK;
}

/* R-RATE-7 */
static jrn_status
rows_begin(const jrn_env *env, const jrn_ranks *ranks, rate_rows *rows)
{
	double		largest = 0.0;
	int			exponent = 0;
	size_t		i;

	memset(rows, 0, sizeof(*rows));
	rows->ranks = ranks;
	JRN_TRY(jrn_alloc_array(env, ranks->n, sizeof(double), &rows->score));
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		largest = fmax(largest, fabs(ranks->observed[i]));
	}
	if (largest > 0.0)
		(void) frexp(largest, &exponent);
	rows->unit = ldexp(1.0, exponent < 1023 ? exponent : 1023);
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows->score[i] = ranks->observed[i] / rows->unit;
	}
	JRN_TICK(env);
	rows->mean = jrn_sum(rows->score, ranks->n) / (double) ranks->n;
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		rows->score[i] -= rows->mean;
	}
	return JRN_OK;
}

static void
make_figure(double estimate, double std_error, double unit, jrn_figure *figure)
{
	figure->estimate = unit * estimate;
	figure->std_error = unit * std_error;
	jrn_figure_interval(figure, JRN_SCALE_PLAIN, jrn_normal_critical(JRN_METRIC_LEVEL));
}

bool
jrn_ranks_differ(const jrn_ranks *ranks)
{
	return ranks->n > 0 && ranks->score[0] != ranks->score[ranks->n - 1];
}

jrn_status
jrn_rate(const jrn_env *env, const jrn_ranks *ranks, jrn_rate_kind kind, double wider, int draws,
		 uint64_t seed, jrn_figure *figure, jrn_rate_status *status)
{
	rate_rows	rows;
	double		estimate,
				std_error;

	figure->estimate = figure->std_error = figure->low = figure->high = NAN;
	*status = ranks->n == 0 ? JRN_RATE_TOO_FEW : jrn_ranks_differ(ranks) ? JRN_RATE_OK : JRN_RATE_ONE_PRIORITY;
	if (*status != JRN_RATE_OK)
		return JRN_OK;			/* R-RATE-5 */
	JRN_TRY(rows_begin(env, ranks, &rows));
	rows.kind = kind;
	JRN_TRY(area(env, &rows, NULL, &estimate));
	JRN_TRY(jrn_half_sample(env, ranks->clusters, draws, seed, area, &rows, 1, &std_error));
	make_figure(estimate, wider * std_error, rows.unit, figure);
	jrn_release(env, rows.score);
	return JRN_OK;
}

jrn_status
jrn_rate_curve(const jrn_env *env, const jrn_ranks *ranks, uint32_t points, double wider, int draws,
			   uint64_t seed, jrn_rate_point *curve)
{
	rate_rows	rows;
	double	   *values;
	double	   *errors;
	uint32_t	j;

	JRN_TRY(rows_begin(env, ranks, &rows));
	rows.points = points;
	JRN_TRY(jrn_alloc_array(env, points, 2 * sizeof(double), &values));
	JRN_TRY(jrn_alloc_array(env, points, 2 * sizeof(double), &errors));
	JRN_TRY(curve_values(env, &rows, NULL, values));
	JRN_TRY(jrn_half_sample(env, ranks->clusters, draws, seed, curve_values, &rows,
							2 * (size_t) points, errors));
	for (j = 0; j < points; j++)
	{
		curve[j].fraction = ((double) j + 1.0) / (double) points;
		curve[j].n = rows_at((uint64_t) j + 1, ranks->n, points);
		/* who is in does not matter where all are */
		make_figure(values[j], (j + 1 < points ? wider : 1.0) * errors[j], rows.unit, &curve[j].toc);
		make_figure(values[points + j], (j + 1 < points ? wider : 1.0) * errors[points + j], rows.unit,
					&curve[j].gain);
	}
	jrn_release(env, errors);
	jrn_release(env, values);
	jrn_release(env, rows.score);
	return JRN_OK;
}
