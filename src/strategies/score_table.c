/*
 * score_table.c
 *		Scores of all rows as a table, averaged over repeats (see scores.h).
 *
 * Blocks of folds other than whole buckets come in an order of their own, so a
 * row is put at its place among the rows of its cluster.
 */
#include <string.h>

#include "scores.h"

typedef struct table_filler
{
	jrn_score_table *table;
	int			repeats;
	int64_t		clusters;
	int64_t    *first_row;		/* [clusters] place of the first row of a cluster */
	int32_t    *seen;			/* [clusters] rows of the cluster in this repeat */
	int			current;		/* the repeat that seen belongs to */
	size_t	   *rows_of_repeat; /* [repeats]; all repeats come in canonical order where first_row is NULL */
} table_filler;

static void
first_values(table_filler *filler, const jrn_score_block *block, size_t r, size_t at)
{
	jrn_score_table *table = filler->table;
	const jrn_tile *tile = block->tile;
	size_t		j;

	if (table->number != NULL)
		table->number[at] = tile->number[r];
	table->cluster[at] = tile->cluster[r];
	table->fold[at] = block->fold;
	table->arm[at] = (int32_t) tile->arm[r];
	table->y[at] = tile->y[r];
	for (j = 0; table->x != NULL && j < table->p; j++)
		table->x[at * table->p + j] = tile->x[j * tile->stride + r];
}

static jrn_status
fill_block(void *arg, const jrn_score_block *block)
{
	table_filler *filler = arg;
	jrn_score_table *table = filler->table;
	const jrn_tile *tile = block->tile;
	size_t		arms = (size_t) block->arms;
	size_t		r,
				a;

	if (filler->first_row != NULL && block->repeat != filler->current)
	{
		memset(filler->seen, 0, (size_t) filler->clusters * sizeof(int32_t));
		filler->current = block->repeat;
	}
	for (r = 0; r < tile->rows; r++)
	{
		size_t		at = filler->rows_of_repeat[block->repeat]++;

		if (filler->first_row != NULL)
			at = (size_t) (filler->first_row[tile->cluster[r]] + filler->seen[tile->cluster[r]]++);
		if (block->repeat == 0)
			first_values(filler, block, r, at);
		for (a = 0; a < arms; a++)
		{
			table->mu[at * arms + a] += block->mu[a * block->stride + r] / filler->repeats;
			table->propensity[at * arms + a] += block->propensity[a * block->stride + r] / filler->repeats;
			table->score[at * arms + a] += block->score[a * block->stride + r] / filler->repeats;
		}
	}
	return JRN_OK;
}

static jrn_status
table_alloc(const jrn_env *env, const jrn_plan *plan, const jrn_score_request *request, bool with_x,
			jrn_score_table *table)
{
	size_t		n = (size_t) plan->design->n;
	size_t		arms = (size_t) request->arms;

	memset(table, 0, sizeof(*table));
	table->n = n;
	table->arms = request->arms;
	table->p = (size_t) plan->design->p;
	table->folds = plan->k;
	if (plan->design->has_number)
		JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int64_t), &table->number));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int64_t), &table->cluster));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int32_t), &table->fold));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(int32_t), &table->arm));
	JRN_TRY(jrn_alloc_zeroed(env, n, sizeof(double), &table->y));
	JRN_TRY(jrn_alloc_zeroed(env, n, arms * sizeof(double), &table->mu));
	JRN_TRY(jrn_alloc_zeroed(env, n, arms * sizeof(double), &table->propensity));
	JRN_TRY(jrn_alloc_zeroed(env, n, arms * sizeof(double), &table->score));
	if (with_x)
		JRN_TRY(jrn_alloc_zeroed(env, n, table->p * sizeof(double), &table->x));
	return JRN_OK;
}

/* Blocks of folds come in turn; the places of clusters are known from their rows. */
static jrn_status
place_clusters(const jrn_env *env, const jrn_plan *plan, table_filler *filler)
{
	int64_t		at = 0;
	int64_t		i;

	JRN_TRY(jrn_alloc_array(env, (size_t) filler->clusters, sizeof(int64_t), &filler->first_row));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) filler->clusters, sizeof(int32_t), &filler->seen));
	for (i = 0; i < filler->clusters; i++)
	{
		filler->first_row[i] = at;
		at += plan->rows_of_cluster[i];
	}
	return JRN_OK;
}

jrn_status
jrn_score_table_make(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
					 const jrn_score_request *request, bool with_x, jrn_score_table *table)
{
	table_filler filler;

	memset(&filler, 0, sizeof(filler));
	filler.table = table;
	filler.clusters = plan->design->clusters;
	filler.repeats = request->repeats;
	JRN_TRY(table_alloc(env, plan, request, with_x, table));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) request->repeats, sizeof(size_t), &filler.rows_of_repeat));
	if (plan->method != JRN_FOLDS_BUCKETS)
		JRN_TRY(place_clusters(env, plan, &filler));
	JRN_TRY(jrn_scores_run(env, plan, file, request, fill_block, &filler, &table->models));
	jrn_release(env, filler.rows_of_repeat);
	if (filler.first_row != NULL)
	{
		jrn_release(env, filler.first_row);
		jrn_release(env, filler.seen);
	}
	return JRN_OK;
}
