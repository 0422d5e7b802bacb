/*
 * score_table.c
 *		Scores of all rows as a table, averaged over repeats (see scores.h).
 *
 * Blocks of another repeat may come in another order (folds other than whole
 * buckets), so a row is found by its place among the rows of its cluster.
 */
#include <string.h>

#include "scores.h"

typedef struct table_filler
{
	const jrn_env *env;
	jrn_score_table *table;
	int64_t    *first_row;		/* [clusters] place of the first row of a cluster */
	int32_t    *seen;			/* [clusters] rows of the cluster in this repeat */
	int64_t		clusters;
	int			repeats;
	size_t	   *rows_of_repeat; /* [repeats] */
	bool		shared;			/* all repeats come in the order of the first */
	int			current;		/* repeat that seen belongs to */
} table_filler;

static void
first_values(table_filler *filler, const jrn_score_block *block, size_t r, size_t at)
{
	jrn_score_table *table = filler->table;
	const jrn_tile *tile = block->tile;
	size_t		j;

	if (filler->first_row[tile->cluster[r]] < 0)
		filler->first_row[tile->cluster[r]] = (int64_t) at;
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

	if (!filler->shared && block->repeat != filler->current)
	{
		memset(filler->seen, 0, (size_t) filler->clusters * sizeof(int32_t));
		filler->current = block->repeat;
	}
	for (r = 0; r < tile->rows; r++)
	{
		size_t		at = filler->rows_of_repeat[block->repeat]++;

		if (!filler->shared && block->repeat > 0)
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

jrn_status
jrn_score_table_make(const jrn_env *env, jrn_plan *plan, const jrn_file *file,
					 const jrn_score_request *request, bool with_x, jrn_score_table *table)
{
	table_filler filler;
	int64_t		i;

	memset(&filler, 0, sizeof(filler));
	filler.env = env;
	filler.table = table;
	filler.clusters = plan->design->clusters;
	filler.repeats = request->repeats;
	filler.shared = plan->method == JRN_FOLDS_BUCKETS;
	JRN_TRY(table_alloc(env, plan, request, with_x, table));
	JRN_TRY(jrn_alloc_array(env, (size_t) filler.clusters, sizeof(int64_t), &filler.first_row));
	for (i = 0; i < filler.clusters; i++)
		filler.first_row[i] = -1;
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) filler.clusters, sizeof(int32_t), &filler.seen));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) request->repeats, sizeof(size_t), &filler.rows_of_repeat));
	JRN_TRY(jrn_scores_run(env, plan, file, request, fill_block, &filler, &table->models));
	jrn_release(env, filler.first_row);
	jrn_release(env, filler.seen);
	jrn_release(env, filler.rows_of_repeat);
	return JRN_OK;
}
