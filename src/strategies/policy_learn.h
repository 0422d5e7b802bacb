/*
 * policy_learn.h
 *		A policy from a table of scores, with its honest value (pure core).
 *
 * Definitions: reference/validation.md 3.3 (Athey and Wager 2021).
 *
 * R-PLE-1	Every row is decided by a policy that was learned without its fold;
 *			the mean of the scores so chosen is the honest value.  The rule that
 *			is handed out is learned on all rows.
 * R-PLE-2	Costs are taken off scores and promises.  The yardstick is the fixed
 *			strategy with the largest mean score on all rows among those without
 *			a capacity; its cut of the difference is paired.
 * R-PLE-3	Classes: tree (policy_tree.h); linear, the largest regression of
 *			scores on x; plug_in, the largest predicted outcome mu (rows are
 *			decided by the mu of the table, which never saw their fold).
 * R-PLE-4	A tree uses at most JRN_POLICY_FEATURES columns of x: if there are
 *			more, those with the largest |t| of a regression of a difference of
 *			scores on the column.  They are chosen in every training set anew.
 * R-PLE-5	Strategies that are not offered take no part.
 */
#ifndef JRN_POLICY_LEARN_H
#define JRN_POLICY_LEARN_H

#include "policy_tree.h"
#include "policy_value.h"
#include "scores.h"

typedef enum jrn_policy_class
{
	JRN_POLICY_TREE,
	JRN_POLICY_LINEAR,
	JRN_POLICY_PLUG_IN
} jrn_policy_class;

typedef struct jrn_policy_task
{
	const jrn_score_table *table;	/* with x */
	jrn_policy_class class;
	int			depth;
	double		lambda;
	int			arms;			/* offered */
	const int  *arm_of;			/* [arms] in the table, rising */
	const double *costs;		/* [arms] */
	const double *capacity;		/* [arms], 1: none */
} jrn_policy_task;

typedef struct jrn_policy_learned
{
	/* arms are counted among those offered */
	int32_t    *honest;			/* [n] R-PLE-1 */
	int32_t    *final;			/* [n] by the rule */
	int			best;			/* the yardstick */

	/* tree */
	int			columns;		/* of x that the rule may use */
	size_t	   *column_of;		/* [columns] rising */
	jrn_policy_column *column;	/* [columns] */
	jrn_policy_tree tree;

	/* linear, plug_in */
	double	   *coefficients;	/* [arms][p + 1] */
	double	   *price;			/* [arms] */

	jrn_policy_report report;	/* best is the yardstick; overlap of the honest policy */
} jrn_policy_learned;

/* Scores of the strategies offered must be finite. */
extern jrn_status jrn_policy_learn_table(const jrn_env *env, const jrn_policy_task *task,
										 jrn_policy_learned *learned);

#endif							/* JRN_POLICY_LEARN_H */
