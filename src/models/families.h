/*
 * families.h
 *		Families behind the engine (private to the models): one switch, so that
 *		passes, robust errors and cross-validation do not ask for the family.
 *
 *		family				link	loss of a row				score		curvature
 *		gaussian			id		(y - mu)^2					y - mu		1
 *		binomial			logit	-log P(y)					y - mu		mu (1 - mu)
 *		poisson				log		2 (y ln(y/mu) - y + mu)		y - mu		mu
 *		negative_binomial	log		its unit deviance			(y - mu) s	mu s, s = shape/(mu + shape)
 *							(observed curvature: mu s (y + shape)/(mu + shape))
 *		ordinal				logit	-log P(y)					ordinal.c
 *
 * Definitions: McCullagh and Nelder, Generalized Linear Models, 1989.
 */
#ifndef JRN_FAMILIES_H
#define JRN_FAMILIES_H

#include "engine.h"

/* eta = offset + z'theta of the rows in z. */
extern void jrn_family_eta(jrn_engine *engine, const jrn_tile *tile, const double *theta);

/* Levels of the target; sets engine->levels and m. */
extern jrn_status jrn_ordinal_begin(jrn_engine *engine);
extern void jrn_ordinal_predict(jrn_engine *engine, const jrn_tile *tile, const double *theta,
								bool want_loss);
extern void jrn_ordinal_pass(jrn_engine *engine, const jrn_tile *tile, const double *theta,
							 jrn_pass *pass);

/* Weighted scores of the rows in z: m columns of JRN_BLOCK_ROWS, one per parameter. */
extern void jrn_ordinal_scores(jrn_engine *engine, const jrn_tile *tile, const double *theta,
							   double *columns);

#endif							/* JRN_FAMILIES_H */
