/*
 * split.c
 *		The best split of a node by its histogram (R-TREE-2 to R-TREE-5).
 */
#include "grow.h"

#include <math.h>

/* A gain below this share of the scores it is the difference of is rounding. */
#define LEAST_RELATIVE_GAIN 1e-9

static double
real_g(const jrn_tree_sums *sums)
{
	return (double) sums->g * (1.0 / ((int64_t) 1 << JRN_TREES_DERIVATIVE_BITS));
}

static double
real_h(const jrn_tree_round *round, const jrn_tree_sums *sums)
{
	return (double) sums->h * round->h_unit;
}

double
jrn_tree_r(const jrn_tree_round *round, const jrn_tree_stats *stats)
{
	double		r = -real_g(&stats->sums) / real_h(round, &stats->sums);

	return r < stats->low ? stats->low : r > stats->high ? stats->high : r;
}

static double
score_at(const jrn_tree_round *round, const jrn_tree_sums *sums, double r)
{
	return -(2.0 * real_g(sums) + real_h(round, sums) * r) * r;
}

double
jrn_tree_score(const jrn_tree_round *round, const jrn_tree_stats *stats)
{
	return score_at(round, &stats->sums, jrn_tree_r(round, stats));
}

static bool
is_large_enough(const jrn_tree_round *round, const jrn_tree_sums *sums)
{
	return sums->n >= JRN_TREES_MIN_ROWS && real_h(round, sums) >= JRN_TREES_MIN_HESSIAN;
}

static jrn_tree_sums
difference(const jrn_tree_sums *a, const jrn_tree_sums *b)
{
	jrn_tree_sums d;

	d.g = a->g - b->g;
	d.h = a->h - b->h;
	d.n = a->n - b->n;
	return d;
}

static void
add(jrn_tree_sums *to, const jrn_tree_sums *more)
{
	to->g += more->g;
	to->h += more->h;
	to->n += more->n;
}

/* R-TREE-5: bounds of both children. */
static void
tighten(int monotone, double left_r, double right_r, jrn_tree_split *split)
{
	double		between = left_r + (right_r - left_r) / 2;

	if (monotone > 0)
	{
		split->left.high = between;
		split->right.low = between;
	}
	else if (monotone < 0)
	{
		split->left.low = between;
		split->right.high = between;
	}
}

/* What a search knows besides the candidate. */
typedef struct search
{
	const jrn_tree_round *round;
	const jrn_tree_stats *node;
	double		node_score;
	int			feature;
	int			monotone;
	jrn_tree_split *best;
} search;

static void
try_split(const search *s, const jrn_tree_sums *left_sums, int bin, bool missing_left)
{
	jrn_tree_stats left = *s->node;
	jrn_tree_stats right = *s->node;
	double		left_r;
	double		right_r;
	double		left_score;
	double		right_score;
	double		gain;

	left.sums = *left_sums;
	right.sums = difference(&s->node->sums, left_sums);
	if (!is_large_enough(s->round, &left.sums) || !is_large_enough(s->round, &right.sums))
		return;
	left_r = jrn_tree_r(s->round, &left);
	right_r = jrn_tree_r(s->round, &right);
	if ((s->monotone > 0 && left_r > right_r) || (s->monotone < 0 && left_r < right_r))
		return;
	left_score = score_at(s->round, &left.sums, left_r);
	right_score = score_at(s->round, &right.sums, right_r);
	gain = left_score + right_score - s->node_score;
	if (!(gain > s->best->gain) ||
		gain <= LEAST_RELATIVE_GAIN * (fabs(left_score) + fabs(right_score)))
		return;					/* R-TREE-3: the first of equals stays */
	s->best->gain = gain;
	s->best->feature = s->feature;
	s->best->bin = bin;
	s->best->missing_left = missing_left;
	s->best->left = left;
	s->best->right = right;
	tighten(s->monotone, left_r, right_r, s->best);
}

static void
search_feature(const search *s, const jrn_tree_column *column, const jrn_tree_sums *bins)
{
	jrn_tree_sums left = {0, 0, 0};
	const jrn_tree_sums *missing = column->has_missing ? &bins[column->bins] : NULL;
	int			b;

	if (missing != NULL && missing->n == 0)
		missing = NULL;
	for (b = 0; b < column->bins; b++)
	{
		if (bins[b].n == 0)
			continue;			/* the same children as one bin earlier */
		add(&left, &bins[b]);
		if (left.n == s->node->sums.n)
			break;				/* nothing is left for the right */
		try_split(s, &left, b, false);
		if (missing != NULL)
		{
			jrn_tree_sums with_missing = left;

			add(&with_missing, missing);
			try_split(s, &with_missing, b, true);
		}
	}
}

/* Without missing values here, a later one follows the crowd: R-TREE-4. */
static void
settle_missing(const jrn_tree_round *round, const jrn_tree_sums *histogram, jrn_tree_split *best)
{
	const jrn_tree_column *column = &round->matrix->columns[best->feature];

	if (!column->has_missing || histogram[round->offset[best->feature] + (size_t) column->bins].n == 0)
		best->missing_left = best->left.sums.n >= best->right.sums.n;
}

jrn_status
jrn_tree_best_split(const jrn_tree_round *round, const jrn_tree_sums *histogram,
					const jrn_tree_stats *node, jrn_tree_split *best)
{
	search		s;
	int			j;

	best->gain = 0.0;
	best->feature = -1;
	s.round = round;
	s.node = node;
	s.node_score = jrn_tree_score(round, node);
	s.best = best;
	for (j = 0; j < round->matrix->features; j++)
	{
		s.feature = j;
		s.monotone = round->matrix->columns[j].monotone;
		search_feature(&s, &round->matrix->columns[j], histogram + round->offset[j]);
		if (j % 64 == 0)
			JRN_TICK(round->env);
	}
	if (best->feature >= 0)
		settle_missing(round, histogram, best);
	return JRN_OK;
}
