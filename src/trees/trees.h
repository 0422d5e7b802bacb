/*
 * trees.h
 *		Gradient-boosted regression trees over binned columns (pure core).
 *
 * Definition (Friedman 2001; second-order form of Chen and Guestrin 2016;
 * histograms as in Ke et al. 2017): the link of a row is base + the sum over
 * trees of the value of the leaf that it falls into.  Each round takes first
 * and second derivatives g and h of minus the log likelihood of every row at
 * its present link and grows one tree, level by level up to a depth, by the
 * split of largest gain
 *
 *		gain = S(left) + S(right) - S(node),	S = -(2 G r + H r^2),
 *		r = -G / H within bounds,				G, H sums of g and h
 *
 * which is G^2 / H where no bound holds.  A leaf has the value
 * learning_rate * step(r), see R-TREE-6.
 *
 * R-TREE-1	Same data, same bits: whatever the order of rows, the plan, the
 *			memory limit or the processor.  Derivatives are rounded once to
 *			integers (28 bits of the largest one of the round) and every sum
 *			over rows is a sum of integers, which has no order.  Cut points come
 *			from all values, not from a sample.  exp and log are our own.
 * R-TREE-2	A split needs JRN_TREES_MIN_ROWS rows and a sum of h of
 *			JRN_TREES_MIN_HESSIAN on either side, and a gain above rounding.
 *			No penalty on leaf values.
 * R-TREE-3	Ties go to the earlier feature, then to the lower threshold, then
 *			to missing values on the right.
 * R-TREE-4	A missing value goes where the gain is larger; where a node met
 *			none in training, to the child with more rows (left when equal).
 * R-TREE-5	Monotone: a split on such a feature needs r(left) <= r(right) (or
 *			>=), and its children keep r on their sides of the middle of both.
 *			Every path through the tree then respects the order.
 * R-TREE-6	No step beyond what the quadratic model can promise: binomial r
 *			is kept in [-4, 4]; poisson r is kept below 4 and a positive one
 *			gives log(1 + r), the exact optimum of the leaf.  gaussian r is the
 *			optimum already.
 * R-TREE-7	Early stopping holds out whole units: those whose fold of 5 is 1.
 *			The rounds that gave the smallest held-out loss are kept.
 * R-TREE-8	A column has at most 255 cut bins: one per distinct value where
 *			they suffice, else bins of about equal numbers of rows.  A
 *			threshold lies in the middle between two values; x <= threshold
 *			goes left.
 */
#ifndef JRN_TREES_H
#define JRN_TREES_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_TREES_BINS 255
#define JRN_TREES_MIN_ROWS 20
#define JRN_TREES_MIN_HESSIAN 1e-3
#define JRN_TREES_HOLDOUT 5

/* Caps, so that every size and the stored form stay in hand. */
#define JRN_TREES_MAX_FEATURES 4000
#define JRN_TREES_MAX_DEPTH 16
#define JRN_TREES_MAX_ROUNDS 10000
#define JRN_TREES_MAX_NODES 8000000
#define JRN_TREES_MAX_ROWS 2000000000
#define JRN_TREES_MAX_TARGET 1e140

typedef enum jrn_trees_family
{
	JRN_TREES_GAUSSIAN,			/* identity */
	JRN_TREES_BINOMIAL,			/* logit; y is 0 or 1 */
	JRN_TREES_POISSON			/* log; y is not negative */
} jrn_trees_family;

typedef enum jrn_trees_status
{
	JRN_TREES_OK,
	JRN_TREES_EARLY_STOPPED,	/* the held-out loss stopped falling */
	JRN_TREES_NO_SPLIT,			/* nothing to split (further): fewer trees */
	JRN_TREES_NO_HOLDOUT,		/* early stopping asked, but one part is empty */
	JRN_TREES_ONE_CLASS,		/* the mean has no finite link: no prediction */
	JRN_TREES_TOO_FEW			/* no rows: no prediction */
} jrn_trees_status;

#define JRN_TREES_STATUSES 6

/* A column after binning. */
typedef struct jrn_tree_column
{
	double	   *thresholds;		/* [bins]: upper end of each bin, the last infinite */
	int			bins;			/* of values; missing ones have bin `bins` */
	uint8_t    *bin;			/* by row */
	bool		has_missing;
	int			monotone;		/* 1, -1, or 0 */
} jrn_tree_column;

/*
 * Bins twice: by column for dealing rows to nodes, and by row for histograms,
 * eight to a word, feature j in bits 8 (j mod 8) of word j / 8.
 */
typedef struct jrn_tree_matrix
{
	size_t		rows;
	int			features;
	size_t		words;			/* of a row */
	jrn_tree_column *columns;
	uint64_t   *bins;			/* [rows * words] */
	double	   *y;
	uint64_t   *unit;			/* hash of a row's unit; NULL: no early stopping */
} jrn_tree_matrix;

typedef struct jrn_trees_options
{
	jrn_trees_family family;
	int			rounds;
	int			depth;
	double		learning_rate;
	int			early_stopping; /* rounds without improvement; 0: none */
} jrn_trees_options;

typedef struct jrn_tree_node
{
	double		threshold;
	double		value;			/* of the node as if it were a leaf */
	double		gain;			/* 0 for a leaf */
	int64_t		rows;			/* of training */
	int32_t		feature;		/* -1: leaf */
	int32_t		left;			/* the right child is left + 1 */
	int32_t		bin;			/* last bin that goes left, for binned rows */
	bool		missing_left;
} jrn_tree_node;

/* Node i of tree t has roots[t] <= i < roots[t + 1]; children follow parents. */
typedef struct jrn_trees
{
	jrn_trees_family family;
	jrn_trees_status status;
	double		base;			/* NaN: no prediction */
	int			trees;
	int32_t    *roots;			/* [trees + 1] */
	jrn_tree_node *nodes;
	int64_t		n;				/* rows trained on */
	int64_t		n_holdout;
	double		loss;			/* mean over rows, see jrn_trees_loss_row() */
	double		holdout_loss;	/* NaN without early stopping */
} jrn_trees;

/* ---- binning ---- */

/*
 * A matrix for rows rows; y and unit (with_unit) are to be filled by the
 * caller, columns by jrn_tree_bin_column().
 */
extern jrn_status jrn_tree_matrix_begin(jrn_tree_matrix *matrix, const jrn_env *env,
										size_t rows, int features, bool with_unit);

/*
 * Bin one column; NaN is missing, all else finite, and values is used as
 * scratch.  O(rows).
 */
extern jrn_status jrn_tree_bin_column(jrn_tree_matrix *matrix, const jrn_env *env,
									  int feature, double *values);

/* ---- fitting ---- */

/*
 * Boost on the given rows of a matrix (all of them when rows is NULL); the
 * result is allocated from env.  Other rows can be predicted with
 * jrn_trees_link_rows(), which is what a cross-validation needs; bins are made
 * from all rows of the matrix, without their target.
 */
extern jrn_status jrn_trees_fit(const jrn_env *env, const jrn_tree_matrix *matrix,
								const uint32_t *rows, size_t count,
								const jrn_trees_options *options, jrn_trees *out);

/* link[i] of the i-th of the given rows of the matrix that the trees were fitted on. */
extern jrn_status jrn_trees_link_rows(const jrn_env *env, const jrn_trees *trees,
									  const jrn_tree_matrix *matrix, const uint32_t *rows,
									  size_t count, double *link);

/* ---- prediction ---- */

/* Link of a row of finite values, NaN for missing ones. */
extern double jrn_trees_link(const jrn_trees *trees, const double *x);

/* The mean that belongs to a link. */
extern double jrn_trees_response(jrn_trees_family family, double link);

/*
 * Loss of a row: gaussian (y - link)^2; binomial minus the log likelihood;
 * poisson the unit deviance 2 (y log(y / mu) - (y - mu)).
 */
extern double jrn_trees_loss_row(jrn_trees_family family, double y, double link);

/*
 * Is the structure sound: roots in order, children behind their parents and
 * within their tree, features in range, numbers finite?  Whatever passes can
 * be walked without harm.
 */
extern bool jrn_trees_is_sound(const jrn_trees *trees, size_t node_count, int features);

/* Share of the gain and number of splits of each feature; both have `features` elements. */
extern void jrn_trees_importance(const jrn_trees *trees, int features, double *gain,
								 int64_t *splits);

extern const char *jrn_trees_status_name(jrn_trees_status status);
extern const char *jrn_trees_family_name(jrn_trees_family family);

#endif							/* JRN_TREES_H */
