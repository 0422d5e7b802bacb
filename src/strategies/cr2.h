/*
 * cr2.h
 *		Multiplying by (I - M)^(-1/2) for the part M of a hat matrix that
 *		belongs to one key (pure core).
 *
 * R-CR2-1	M is symmetric with eigenvalues in [0, 1].  While its trace is at
 *			most 0.1 the power series of (1 - x)^(-1/2) is summed until its
 *			terms vanish; the traces of all keys add up to the rank, so no more
 *			than ten keys per column need the eigendecomposition.
 * R-CR2-2	Directions with 1 - lambda below JRN_CR2_NONE have no residual: they
 *			get the factor 0 (the convention of clubSandwich).
 */
#ifndef JRN_CR2_H
#define JRN_CR2_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_CR2_NONE 1e-8

typedef struct jrn_cr2
{
	const jrn_env *env;
	size_t		room;			/* size that scratch has room for */
	double	   *values;
	double	   *vectors;
	double	   *power;
	double	   *next;
} jrn_cr2;

/* Scratch for matrices up to most rows; larger ones are refused (JRN_DOMAIN). */
extern jrn_status jrn_cr2_begin(jrn_cr2 *cr2, const jrn_env *env, size_t most);

/*
 * For each of count vectors of n doubles: out = (I - M)^(-1/2) v, and kept =
 * the part of v in directions that have a residual.  packed: lower triangle
 * of M by rows.  O(n^2) per vector, or O(n^3).
 */
extern jrn_status jrn_cr2_apply(jrn_cr2 *cr2, const double *packed, size_t n, const double *v,
								int count, double *out, double *kept);

/* The same for one row: the factor of a leverage, 0 where there is no residual. */
extern double jrn_cr2_factor(double leverage);

#endif							/* JRN_CR2_H */
