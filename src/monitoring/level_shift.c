/*
 * level_shift.c
 *		Shares of levels in two windows (requirements in level_shift.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/sort.h"
#include "../core/sums.h"
#include "level_shift.h"
#include "psi.h"

#define CELLS_A_TICK 16384

/* 2^53: sums of cells are far from wrapping, and doubles hold every count. */
#define MAX_COUNT INT64_C(9007199254740992)

typedef struct shift_cell
{
	int64_t		reference;
	int64_t		current;
} shift_cell;

/*
 * Rarest first.  Cells with equal counts are interchangeable, so the order is
 * as good as total.
 */
#define RARER(ctx, x, y) \
	((x).reference + (x).current < (y).reference + (y).current || \
	 ((x).reference + (x).current == (y).reference + (y).current && (x).reference < (y).reference))
JRN_SORT_DEFINE(sort_cells, shift_cell, int, RARER)

/* Cells that are not empty, and the rows of both sides. */
static jrn_status
take_cells(const jrn_env *env, const int64_t *reference, const int64_t *current, size_t count,
		   shift_cell *cells, size_t *used, double *rows)
{
	size_t		i;

	*used = 0;
	for (i = 0; i < count; i++)
	{
		if (i % CELLS_A_TICK == 0)
			JRN_TICK(env);
		if (reference[i] < 0 || current[i] < 0 || reference[i] > MAX_COUNT || current[i] > MAX_COUNT)
			return JRN_DOMAIN;
		if (reference[i] == 0 && current[i] == 0)
			continue;
		cells[*used].reference = reference[i];
		cells[(*used)++].current = current[i];
		rows[0] += (double) reference[i];
		rows[1] += (double) current[i];
	}
	return JRN_OK;
}

/* R-LSH-1 on sorted cells; the pool, if any, becomes the first of those left. */
static shift_cell *
pool_rare(shift_cell *cells, size_t *used, double share)
{
	shift_cell	pool = {0, 0};
	size_t		i = 0;

	/* the rarest are first, and a pool that is too small takes the next one */
	while (i < *used &&
		   ((double) (cells[i].reference + cells[i].current) * share < JRN_LEVEL_EXPECTED ||
			(i > 0 && (double) (pool.reference + pool.current) * share < JRN_LEVEL_EXPECTED)))
	{
		pool.reference += cells[i].reference;
		pool.current += cells[i++].current;
	}
	if (i == 0)
		return cells;
	cells[i - 1] = pool;
	*used -= i - 1;
	return cells + i - 1;
}

/* R-LSH-2, R-LSH-3 */
static jrn_status
compare_cells(const jrn_env *env, const shift_cell *cells, size_t used, const double *rows, jrn_level_shift *out)
{
	jrn_acc		statistic = {0.0, 0.0};
	jrn_acc		variation = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < used; i++)
	{
		double		gap = (double) cells[i].current / rows[1] - (double) cells[i].reference / rows[0];
		double		share = ((double) cells[i].reference + (double) cells[i].current) / (rows[0] + rows[1]);

		if (i % CELLS_A_TICK == 0)
			JRN_TICK(env);
		jrn_acc_add(&statistic, gap * gap / share);
		jrn_acc_add(&variation, fabs(gap));
	}
	out->statistic = jrn_acc_value(&statistic) / (1.0 / rows[0] + 1.0 / rows[1]);
	out->df = (double) (used - 1);
	out->p_value = jrn_chisq_upper(out->statistic, out->df);
	out->total_variation = 0.5 * jrn_acc_value(&variation);
	return JRN_OK;
}

/* R-LSH-4 */
static jrn_status
guard(const jrn_env *env, const shift_cell *cells, size_t used, jrn_level_shift *out)
{
	int64_t    *counts;
	jrn_psi		psi;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, used, 2 * sizeof(int64_t), &counts));
	for (i = 0; i < used; i++)
	{
		counts[i] = cells[i].reference;
		counts[used + i] = cells[i].current;
	}
	JRN_TRY(jrn_psi_of(env, counts, counts + used, used, &psi));
	jrn_release(env, counts);
	out->guarded_p = psi.p_value > out->p_value ? psi.p_value : out->p_value;
	return JRN_OK;
}

jrn_status
jrn_level_shift_test(const jrn_env *env, const int64_t *reference, const int64_t *current, size_t count,
					 jrn_level_shift *out)
{
	double		rows[2] = {0.0, 0.0};
	shift_cell *cells;
	shift_cell *kept;
	size_t		used;

	out->statistic = out->p_value = out->guarded_p = out->total_variation = NAN;
	out->df = 0.0;
	JRN_TRY(jrn_alloc_array(env, count, sizeof(shift_cell), &cells));
	JRN_TRY(take_cells(env, reference, current, count, cells, &used, rows));
	if (rows[0] > 0.0 && rows[1] > 0.0)
	{
		JRN_TRY(sort_cells(env, cells, used, 0));
		kept = pool_rare(cells, &used, fmin(rows[0], rows[1]) / (rows[0] + rows[1]));
		if (used > 1)
		{
			JRN_TRY(compare_cells(env, kept, used, rows, out));
			JRN_TRY(guard(env, kept, used, out));
		}
	}
	jrn_release(env, cells);
	return JRN_OK;
}
