/*
 * metric_concordance.c
 *		Concordance by Fenwick trees (requirements in metric_concordance.h).
 */
#include <math.h>

#include "../core/dist.h"
#include "../core/sort.h"
#include "../core/sums.h"
#include "metric_concordance.h"
#include "metric_influence.h"
#include "metric_sort.h"

#define ROWS_PER_TICK 4096
#define MAX_ROWS ((size_t) 1 << 26)

typedef struct subject
{
	double		time;
	double		weight;
	double		event;
	uint32_t	rank;			/* of the risk among the distinct ones, from 1 */
	uint32_t	row;
} subject;

typedef struct pair_walk
{
	const jrn_env *env;
	size_t		n;
	subject    *subjects;		/* by R-CON-4 */
	uint32_t	ranks;
	double	   *tree;			/* weights by rank */
	double	   *at;				/* weight of each rank */
	double		inside;			/* weight in the tree */
	double	   *score;			/* by subject: concordant + tied/2 */
	double	   *pairs;			/* by subject: comparable */
} pair_walk;

static inline int
subject_less(const jrn_metric_rows *rows, const subject *x, const subject *y)
{
	if (x->time != y->time)
		return x->time < y->time;
	if (x->event != y->event)
		return x->event > y->event;
	if (x->rank != y->rank)
		return x->rank < y->rank;
	if (x->weight != y->weight)
		return x->weight < y->weight;
	if (rows->prints == NULL)
		return 0;
	if (rows->prints[x->row].a != rows->prints[y->row].a)
		return rows->prints[x->row].a < rows->prints[y->row].a;
	return rows->prints[x->row].b < rows->prints[y->row].b;
}

#define SUBJECT_LESS(ctx, x, y) subject_less(ctx, &(x), &(y))
JRN_SORT_DEFINE(sort_subjects, subject, const jrn_metric_rows *, SUBJECT_LESS)

/* Subjects in the order of R-CON-4. */
static jrn_status
load_subjects(pair_walk *walk, const jrn_metric_rows *rows)
{
	jrn_score  *risks;
	size_t		i;

	JRN_TRY(jrn_alloc_array(walk->env, rows->n, sizeof(subject), &walk->subjects));
	JRN_TRY(jrn_alloc_array(walk->env, rows->n, sizeof(jrn_score), &risks));
	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(walk->env);
		risks[i].key = jrn_score_key(rows->predicted[i]);
		risks[i].payload = i;
	}
	JRN_TRY(jrn_score_sort(walk->env, risks, rows->n));
	for (i = 0; i < rows->n; i++)
	{
		size_t		row = (size_t) risks[i].payload;
		subject    *s = &walk->subjects[row];

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(walk->env);
		walk->ranks += i == 0 || risks[i].key != risks[i - 1].key;
		s->time = rows->time[row];
		s->weight = rows->weight == NULL ? 1.0 : rows->weight[row];
		s->event = rows->observed[row];
		s->rank = walk->ranks;
		s->row = (uint32_t) row;
	}
	jrn_release(walk->env, risks);
	return sort_subjects(walk->env, walk->subjects, rows->n, rows);
}

static void
insert(pair_walk *walk, const subject *s)
{
	uint32_t	k;

	for (k = s->rank; k <= walk->ranks; k += k & (0U - k))
		walk->tree[k] += s->weight;
	walk->at[s->rank] += s->weight;
	walk->inside += s->weight;
}

/* Weight in the tree of lower risk than a rank. */
static double
below(const pair_walk *walk, uint32_t rank)
{
	double		sum = 0.0;
	uint32_t	k;

	for (k = rank - 1; k > 0; k -= k & (0U - k))
		sum += walk->tree[k];
	return sum;
}

/*
 * Pair subject i with all in the tree: with later ones as the earlier of the
 * pair, or with earlier ones as the later.
 */
static void
pair(pair_walk *walk, size_t i, int is_earlier)
{
	const subject *s = &walk->subjects[i];
	double		lower = below(walk, s->rank);
	double		tied = walk->at[s->rank];

	walk->score[i] += (is_earlier ? lower : walk->inside - lower - tied) + 0.5 * tied;
	walk->pairs[i] += walk->inside;
}

static void
empty(pair_walk *walk)
{
	memset(walk->tree, 0, ((size_t) walk->ranks + 1) * sizeof(double));
	memset(walk->at, 0, ((size_t) walk->ranks + 1) * sizeof(double));
	walk->inside = 0.0;
}

/*
 * Events, latest first, against what comes later.  The order puts the events
 * of a time before its censored rows, so those are already in the tree; the
 * events of the time enter only after all of them were paired.
 */
static jrn_status
pair_events(pair_walk *walk)
{
	size_t		end,
				i,
				first;

	for (end = walk->n; end > 0; end = first)
	{
		const subject *last = &walk->subjects[end - 1];

		for (first = end; first > 0 && walk->subjects[first - 1].time == last->time &&
			 walk->subjects[first - 1].event == last->event; first--)
			if (first % ROWS_PER_TICK == 0)
				JRN_TICK(walk->env);
		for (i = first; i < end && last->event == 1.0; i++)
		{
			if (i % ROWS_PER_TICK == 0)
				JRN_TICK(walk->env);
			pair(walk, i, 1);
		}
		for (i = first; i < end; i++)
			insert(walk, &walk->subjects[i]);
	}
	return JRN_OK;
}

/* All rows, earliest first, against the events that come before them. */
static jrn_status
pair_followers(pair_walk *walk)
{
	size_t		end,
				i,
				first;

	empty(walk);
	for (first = 0; first < walk->n; first = end)
	{
		const subject *lead = &walk->subjects[first];

		for (end = first; end < walk->n && walk->subjects[end].time == lead->time &&
			 walk->subjects[end].event == lead->event; end++)
		{
			if (end % ROWS_PER_TICK == 0)
				JRN_TICK(walk->env);
			pair(walk, end, 0);
		}
		for (i = first; i < end && lead->event == 1.0; i++)
			insert(walk, &walk->subjects[i]);
	}
	return JRN_OK;
}

/* R-CON-2 */
static jrn_status
jackknife(const pair_walk *walk, const jrn_metric_rows *rows, double total, jrn_figure *figure)
{
	jrn_cluster_print *prints;
	uint32_t   *ids;
	uint32_t	clusters = (uint32_t) walk->n;
	double	   *sums;
	jrn_acc		square = {0.0, 0.0};
	size_t		i;

	JRN_TRY(jrn_alloc_array(walk->env, walk->n, sizeof(uint32_t), &ids));
	JRN_TRY(jrn_alloc_zeroed(walk->env, walk->n, sizeof(double), &sums));
	if (rows->prints != NULL)
	{
		JRN_TRY(jrn_alloc_array(walk->env, walk->n, sizeof(jrn_cluster_print), &prints));
		for (i = 0; i < walk->n; i++)
		{
			if (i % ROWS_PER_TICK == 0)
				JRN_TICK(walk->env);
			prints[i] = rows->prints[walk->subjects[i].row];
		}
		JRN_TRY(jrn_cluster_ids(walk->env, prints, walk->n, ids, &clusters));
		jrn_release(walk->env, prints);
	}
	for (i = 0; i < walk->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(walk->env);
		sums[rows->prints == NULL ? i : ids[i]] += walk->subjects[i].weight *
			(walk->score[i] - figure->estimate * walk->pairs[i]) / total;
	}
	for (i = 0; i < clusters; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(walk->env);
		jrn_acc_add(&square, sums[i] * sums[i]);
	}
	if (clusters > 1)
	{
		figure->std_error = sqrt(jrn_acc_value(&square));
		jrn_figure_interval(figure, JRN_SCALE_LOGIT,
							jrn_t_critical(JRN_METRIC_LEVEL, (double) clusters - 1.0));
	}
	jrn_release(walk->env, sums);
	jrn_release(walk->env, ids);
	return JRN_OK;
}

static jrn_status
summarise(const pair_walk *walk, const jrn_metric_rows *rows, jrn_figure *figure)
{
	jrn_acc		score = {0.0, 0.0};
	jrn_acc		pairs = {0.0, 0.0};
	size_t		i;

	for (i = 0; i < walk->n; i++)
	{
		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(walk->env);
		jrn_acc_add(&score, walk->subjects[i].weight * walk->score[i]);
		jrn_acc_add(&pairs, walk->subjects[i].weight * walk->pairs[i]);
	}
	/* both count every pair twice */
	if (!(jrn_acc_value(&pairs) > 0.0))
		return JRN_OK;			/* R-CON-3 */
	figure->estimate = jrn_acc_value(&score) / jrn_acc_value(&pairs);
	return jackknife(walk, rows, 0.5 * jrn_acc_value(&pairs), figure);
}

jrn_status
jrn_concordance(const jrn_env *env, const jrn_metric_rows *rows, jrn_figure *figure)
{
	pair_walk	walk = {0};

	figure->estimate = figure->std_error = figure->low = figure->high = NAN;
	if (rows->n > MAX_ROWS)
		return JRN_LIMIT;
	walk.env = env;
	walk.n = rows->n;
	JRN_TRY(load_subjects(&walk, rows));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) walk.ranks + 1, sizeof(double), &walk.tree));
	JRN_TRY(jrn_alloc_zeroed(env, (size_t) walk.ranks + 1, sizeof(double), &walk.at));
	JRN_TRY(jrn_alloc_zeroed(env, rows->n, sizeof(double), &walk.score));
	JRN_TRY(jrn_alloc_zeroed(env, rows->n, sizeof(double), &walk.pairs));
	JRN_TRY(pair_events(&walk));
	JRN_TRY(pair_followers(&walk));
	JRN_TRY(summarise(&walk, rows, figure));
	jrn_release(env, walk.pairs);
	jrn_release(env, walk.score);
	jrn_release(env, walk.at);
	jrn_release(env, walk.tree);
	jrn_release(env, walk.subjects);
	return JRN_OK;
}
