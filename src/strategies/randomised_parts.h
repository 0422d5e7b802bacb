/*
 * randomised_parts.h
 *		What the files of randomised.h share.
 *
 * Within a strategy the regressors are whitened: u_1 = 1/sqrt(n), the others
 * L^-1 (x - mean), so that sum u u' = I.  The regression on strategies and
 * their products with x falls apart into one per strategy, and so does the
 * hat matrix of a key.  A contrast is a vector omega in these coordinates: the
 * weight of row i in a fitted value is t_i = omega'u_i.  With A = (I - H)^-1/2
 * of the rows of a key under one strategy,
 *		score		(A t)'residual, whose squares add up to the variance
 *		zeta		U'A t; P_cd = - zeta_c'zeta_d between keys
 *		P_cc		t't, without directions that have no residual.
 */
#ifndef JRN_RANDOMISED_PARTS_H
#define JRN_RANDOMISED_PARTS_H

#include "../models/moments.h"
#include "cr2.h"
#include "randomised.h"

/* Rows of a key that are kept one by one before their cross-products are. */
#define JRN_RND_ROWS 64

/* Sums of one contrast over keys. */
typedef struct jrn_rnd_sums
{
	double		variance;		/* squared scores */
	double		own;			/* P_cc */
	double		own_squared;	/* P_cc^2 */
	double		inner;			/* zeta'zeta */
	double		inner_squared;
} jrn_rnd_sums;

/* Contrast 0 is the arm's value; the others are its share in a difference. */
typedef struct jrn_rnd_contrast
{
	int			pair;			/* arm compared with the baseline; -1: own value */
	double	   *omega;			/* [r] */
	double	   *z;				/* packed [r]: sum of zeta zeta'; NULL: not wanted */
} jrn_rnd_contrast;

typedef struct jrn_rnd_arm
{
	jrn_moments *moments;		/* of its rows, relative to the origin */
	jrn_linear_fit fit;			/* of y on x among them */
	int64_t		n;
	int64_t		keys;
	size_t		r;				/* regressors kept, with the intercept; 0 without rows */
	size_t	   *column;			/* [r - 1] their columns */
	double		mean_y;
	double	   *shift;			/* [r - 1] mean less mean of all rows */
	double	   *scale;			/* [r - 1] 1 / (standard deviation sqrt(n)) */
	double	   *lower;			/* packed [r - 1]: minus the factor of their
								 * correlations, 1 / its diagonal */
	double	   *gamma;			/* [r] minus the coefficients in whitened coordinates,
								 * without the mean of y */
	double	   *slope;			/* [p] of x, for the mean of covariates; NULL: none */
	int			contrasts;
	jrn_rnd_contrast *contrast;
	double	   *cross;			/* [r r of baseline]: sum of zeta zeta' with the baseline's */
	double		value;			/* relative to the origin, as is the next */
	double		difference;		/* to the baseline */
	bool		aliased;		/* R-RND-7 for the value */
	bool		pair_aliased;	/* and for the difference */
	jrn_rnd_sums own;			/* of the value */
	jrn_rnd_sums pair;			/* of the difference to the baseline */

	/* the key at hand */
	bool		touched;
	size_t		rows;
	double	   *u;				/* [JRN_RND_ROWS r] rows */
	double	   *residual;		/* [JRN_RND_ROWS] */
	bool		dense;			/* rows were folded into c and e */
	double	   *c;				/* packed [r]: sum of u u' */
	double	   *e;				/* [r]: sum of u residual */
	double	   *zeta;			/* [contrasts r] */
	double	   *score;			/* [contrasts] */
	double	   *own_part;		/* [contrasts] P_cc */
} jrn_rnd_arm;

typedef struct jrn_rnd
{
	const jrn_env *env;
	const jrn_design *design;
	jrn_randomised_method method;
	int			arms;
	int			baseline;
	size_t		p;				/* columns that are looked at */
	size_t		most_r;
	double		most_work;
	bool		exact_df;
	double	   *origin;			/* [p + 1] the first row */
	double	   *center;			/* [p] mean of all rows, relative to the origin */
	double	   *spread;			/* [p] standard deviation of all rows */
	double		n;
	jrn_rnd_arm *arm;			/* [arms] */
	double	   *covariance;		/* [arms arms] */
	double	   *theta;			/* [p] of cuped */
	jrn_linear_fit pooled;		/* of cuped */
	jrn_moments *within;		/* of cuped: pooled co-moments within arms */

	/* one block */
	double	   *x;				/* p columns of JRN_BLOCK_ROWS, less center */
	double	   *y;				/* less origin; of cuped less theta'(x - mean) */
	double	   *lift;			/* arms columns: slope'(x - mean of all) / n */
	double	   *influence;		/* arms columns: what single rows add to the values */
	double	   *packed;			/* packed [arms]: sums of their products */
	bool	   *single;			/* rows that are a key of their own */
	double	   *row_u;			/* [JRN_BLOCK_ROWS most_r] the others in whitened coordinates */
	double	   *row_residual;	/* [JRN_BLOCK_ROWS] */
	uint16_t   *place;			/* rows of one arm */
	double	   *u;				/* r columns of those rows */
	double	   *weighted;
	double	   *leverage;
	double	   *residual;
	double	   *t;

	/* the key at hand */
	bool		open;
	int64_t		cluster;
	double	   *total;			/* [arms] its sum of lift */
	jrn_cr2		cr2;
	double	   *hat;			/* packed [JRN_RND_ROWS] */
	double	   *v;				/* [contrasts max(r, JRN_RND_ROWS)] and two more of it */
	double	   *out;
	double	   *kept;
} jrn_rnd;

/* Arrays that depend on arms and columns only. */
extern jrn_status jrn_rnd_alloc(jrn_rnd *w);

/* After moments: regressions, contrasts, estimates, and arrays for keys. */
extern jrn_status jrn_rnd_prepare(jrn_rnd *w);

/* The second pass: residuals of all rows. */
extern jrn_status jrn_rnd_rows(jrn_rnd *w);

/* A row of the key at hand, in whitened coordinates of its arm. */
extern jrn_status jrn_rnd_push(jrn_rnd *w, jrn_rnd_arm *arm, const double *u, double residual);

/* The key is complete: its scores are added up. */
extern jrn_status jrn_rnd_close(jrn_rnd *w);

#endif							/* JRN_RANDOMISED_PARTS_H */
