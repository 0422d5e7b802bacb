/*
 * qini_area.c
 *		Qini area of observed outcomes (requirements in qini_area.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../metrics/metric_influence.h"
#include "half_sample.h"
#include "qini_area.h"

#define ROWS_PER_TICK 65536

typedef struct qini_rows
{
	const jrn_ranks *ranks;
	double		unit;			/* a power of 2 near the largest outcome */
} qini_rows;

/* One side of the comparison, up to a rank. */
typedef struct qini_side
{
	double		n;
	double		sum;
} qini_side;

/* R-QINI-1, times N */
static double
height(const qini_side *treated, const qini_side *control)
{
	return control->n > 0.0 ? treated->sum - control->sum * (treated->n / control->n) : treated->sum;
}

/* R-QINI-2 in the unit of rows */
static jrn_status
area(const jrn_env *env, void *arg, const unsigned char *chosen, double *value)
{
	const qini_rows *rows = arg;
	const jrn_ranks *ranks = rows->ranks;
	qini_side	sides[2] = {{0.0, 0.0}, {0.0, 0.0}};
	double		reached = 0.0;
	double		last = 0.0;
	double		total = 0.0;
	double		n;
	size_t		i;

	for (i = 0; i < ranks->n; i++)
	{
		double		in = chosen == NULL ? 1.0 : (double) chosen[jrn_ranks_cluster(ranks, i)];
		qini_side  *side = &sides[ranks->weight[i] == JRN_QINI_TREATED];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		side->n += in;
		side->sum += in * (ranks->observed[i] / rows->unit);
		if (i + 1 == ranks->n || ranks->score[i + 1] != ranks->score[i])
		{
			double		next = height(&sides[1], &sides[0]);

			n = sides[0].n + sides[1].n;
			total += (n - reached) * (last + next) / 2.0;
			reached = n;
			last = next;
		}
	}
	n = sides[0].n + sides[1].n;
	*value = sides[0].n > 0.0 && sides[1].n > 0.0 ? (total / n - last / 2.0) / n : NAN;	/* R-QINI-3 */
	return JRN_OK;
}

/* The unit, and how many are treated. */
static jrn_status
look_over(const jrn_env *env, const jrn_ranks *ranks, qini_rows *rows, size_t *treated)
{
	double		largest = 0.0;
	int			exponent = 0;
	size_t		i;

	*treated = 0;
	for (i = 0; i < ranks->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		*treated += ranks->weight[i] == JRN_QINI_TREATED;
		largest = fmax(largest, fabs(ranks->observed[i]));
	}
	if (largest > 0.0)
		(void) frexp(largest, &exponent);
	rows->unit = ldexp(1.0, exponent < 1023 ? exponent : 1023);
	return JRN_OK;
}

jrn_status
jrn_qini_area(const jrn_env *env, const jrn_ranks *ranks, int draws, uint64_t seed,
			  jrn_figure *figure, jrn_rate_status *status)
{
	qini_rows	rows;
	size_t		treated;
	double		estimate,
				std_error;

	figure->estimate = figure->std_error = figure->low = figure->high = NAN;
	rows.ranks = ranks;
	JRN_TRY(look_over(env, ranks, &rows, &treated));
	*status = ranks->n == 0 ? JRN_RATE_TOO_FEW :
		treated == 0 || treated == ranks->n ? JRN_RATE_ONE_CLASS :
		jrn_ranks_differ(ranks) ? JRN_RATE_OK : JRN_RATE_ONE_PRIORITY;
	if (*status != JRN_RATE_OK)
		return JRN_OK;			/* R-QINI-4 */
	JRN_TRY(area(env, &rows, NULL, &estimate));
	JRN_TRY(jrn_half_sample(env, ranks->clusters, draws, seed, area, &rows, 1, &std_error));
	figure->estimate = rows.unit * estimate;
	figure->std_error = rows.unit * std_error;
	jrn_figure_interval(figure, JRN_SCALE_PLAIN, jrn_normal_critical(JRN_METRIC_LEVEL));
	return JRN_OK;
}
