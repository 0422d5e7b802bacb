/*
 * loss.h
 *		Derivatives, losses and sums of the boosting families.
 *
 * R-LOSS-1	Every sum over rows is a sum of integers: numbers are rounded to
 *			52 bits of the largest one and added in 128 bits.
 * R-LOSS-2	exp and log are our own: the C library's differ in their last bits
 *			from machine to machine.
 */
#ifndef JRN_TREES_LOSS_H
#define JRN_TREES_LOSS_H

#include "trees.h"

extern double jrn_trees_exp(double x);
extern double jrn_trees_log(double x);	/* x > 0 and finite */

/* First and second derivative of minus the log likelihood at a link. */
extern void jrn_trees_derivatives(jrn_trees_family family, double y, double link,
								  double *g, double *h);

/* Mean of y over rows, and the smallest and largest of them. */
extern jrn_status jrn_trees_mean(const jrn_env *env, const double *y, const uint32_t *rows,
								 size_t count, double *mean, double *least, double *most);

/* Mean loss over rows, link by row; count is at least 1. */
extern jrn_status jrn_trees_mean_loss(const jrn_env *env, jrn_trees_family family,
									  const double *y, const double *link,
									  const uint32_t *rows, size_t count, double *loss);

/* The link of a mean; false when it is not finite. */
extern bool jrn_trees_link_of_mean(jrn_trees_family family, double mean, double *link);

#endif							/* JRN_TREES_LOSS_H */
