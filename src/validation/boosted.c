/*
 * boosted.c
 *		Boosted trees in every fold (see boosted.h).
 */
#include <math.h>
#include <string.h>

#include "boosted.h"

static jrn_status
family_of(jrn_family family, jrn_trees_family *out)
{
	switch (family)
	{
		case JRN_GAUSSIAN:
			*out = JRN_TREES_GAUSSIAN;
			return JRN_OK;
		case JRN_BINOMIAL:
			*out = JRN_TREES_BINOMIAL;
			return JRN_OK;
		case JRN_POISSON:
			*out = JRN_TREES_POISSON;
			return JRN_OK;
		default:
			return JRN_DOMAIN;
	}
}

/* Column of all rows, p for the target and the cells. */
static jrn_status
read_column(jrn_boosted *boosted, size_t column, double *values)
{
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	size_t		at = 0;
	size_t		r;

	jrn_tiles_open(boosted->plan->design, boosted->plan->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		for (r = 0; r < tile.rows; r++, at++)
		{
			if (column < boosted->engine->p)
			{
				values[at] = tile.x[column * tile.stride + r];
				continue;
			}
			values[at] = tile.y[r];
			boosted->cell_of_row[at] = (uint32_t) tile.cell;
		}
	}
	jrn_tiles_close(&cursor);
	return JRN_OK;
}

jrn_status
jrn_boosted_begin(jrn_boosted *boosted, const jrn_env *env, const jrn_plan *plan, jrn_engine *engine)
{
	size_t		n = (size_t) plan->design->n;
	double	   *values;
	size_t		j;

	memset(boosted, 0, sizeof(*boosted));
	boosted->env = env;
	boosted->plan = plan;
	boosted->engine = engine;
	JRN_TRY(family_of(engine->family, &boosted->options.family));
	boosted->options.rounds = 100;
	boosted->options.depth = 6;
	boosted->options.learning_rate = 0.1;
	if (plan->design->n > JRN_TREES_MAX_ROWS || engine->p > JRN_TREES_MAX_FEATURES)
		return JRN_LIMIT;
	JRN_TRY(jrn_tree_matrix_begin(&boosted->matrix, env, n, (int) engine->p, false));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &boosted->cell_of_row));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(uint32_t), &boosted->rows));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &boosted->link));
	JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &values));
	for (j = 0; j < engine->p; j++)
	{
		JRN_TRY(read_column(boosted, j, values));
		JRN_TRY(jrn_tree_bin_column(&boosted->matrix, env, (int) j, values));
	}
	jrn_release(env, values);
	return read_column(boosted, engine->p, boosted->matrix.y);
}

/* Numbers of the rows that are, or are not, in a fold. */
static size_t
rows_of_fold(jrn_boosted *boosted, int fold, bool inside)
{
	const jrn_plan *plan = boosted->plan;
	size_t		count = 0;
	size_t		i;

	for (i = 0; i < boosted->matrix.rows; i++)
		if ((plan->fold_of_cell[boosted->cell_of_row[i]] == fold) == inside)
			boosted->rows[count++] = (uint32_t) i;
	return count;
}

static jrn_fit_status
status_of(jrn_trees_status status)
{
	return status == JRN_TREES_ONE_CLASS ? JRN_FIT_ONE_CLASS :
		status == JRN_TREES_TOO_FEW ? JRN_FIT_TOO_FEW : JRN_FIT_OK;
}

jrn_status
jrn_boosted_folds(jrn_boosted *boosted, jrn_fold_fit *fits, double *link)
{
	jrn_trees	trees;
	size_t		count;
	size_t		i;
	int			f;

	for (i = 0; i < boosted->matrix.rows; i++)
		link[i] = 0.0;
	for (f = 0; f < boosted->plan->k; f++)
	{
		count = rows_of_fold(boosted, f, false);
		fits[f].status = JRN_FIT_TOO_FEW;
		if (count < 2)
			continue;
		JRN_TRY(jrn_trees_fit(boosted->env, &boosted->matrix, boosted->rows, count, &boosted->options, &trees));
		fits[f].status = status_of(trees.status);
		if (!jrn_fit_is_usable(fits[f].status))
			continue;
		count = rows_of_fold(boosted, f, true);
		JRN_TRY(jrn_trees_link_rows(boosted->env, &trees, &boosted->matrix, boosted->rows, count, boosted->link));
		for (i = 0; i < count; i++)
			link[boosted->rows[i]] = boosted->link[i];
		jrn_release(boosted->env, trees.nodes);
		jrn_release(boosted->env, trees.roots);
	}
	return JRN_OK;
}

void
jrn_boosted_predict(jrn_engine *engine, const jrn_tile *tile, const double *link)
{
	jrn_trees_family family = JRN_TREES_GAUSSIAN;
	size_t		r;

	(void) family_of(engine->family, &family);
	for (r = 0; r < tile->rows; r++)
	{
		engine->mu[r] = jrn_trees_response(family, link[r]);
		engine->residual[r] = tile->y[r] - engine->mu[r];
		engine->loss[r] = jrn_trees_loss_row(family, tile->y[r], link[r]);
	}
}
