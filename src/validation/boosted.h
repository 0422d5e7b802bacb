/*
 * boosted.h
 *		Gradient-boosted trees as the model of every fold (pure core): the
 *		non-linear yardstick beside the linear models.
 *
 * R-BOO-1	The trees of a fold are grown on its training rows (trees/trees.h): 100
 *			of depth 6, learning rate 0.1, as fit_trees() does unasked.
 * R-BOO-2	Bins are cut once from the columns of all rows, without their
 *			target: thresholds in the features, nothing about the outcome.
 */
#ifndef JRN_BOOSTED_H
#define JRN_BOOSTED_H

#include "../trees/trees.h"
#include "foldfits.h"

typedef struct jrn_boosted
{
	const jrn_env *env;
	const jrn_plan *plan;
	jrn_engine *engine;
	jrn_trees_options options;
	jrn_tree_matrix matrix;		/* rows in the order of the plan's blocks */
	uint32_t   *cell_of_row;
	uint32_t   *rows;			/* scratch */
	double	   *link;			/* scratch: of the rows of one fold */
} jrn_boosted;

/* Bin the plan's current blocks.  Families gaussian, binomial and poisson; else JRN_DOMAIN. */
extern jrn_status jrn_boosted_begin(jrn_boosted *boosted, const jrn_env *env, const jrn_plan *plan,
									jrn_engine *engine);

/* Models of all folds: their status, and the link of every row by the model without it. */
extern jrn_status jrn_boosted_folds(jrn_boosted *boosted, jrn_fold_fit *fits, double *link);

/* After engine_z's place in a pass: mu, residual and loss of a block from its links. */
extern void jrn_boosted_predict(jrn_engine *engine, const jrn_tile *tile, const double *link);

#endif							/* JRN_BOOSTED_H */
