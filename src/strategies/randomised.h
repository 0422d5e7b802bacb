/*
 * randomised.h
 *		Values and differences of strategies in a randomised comparison: means,
 *		means adjusted by a covariate (CUPED), and Lin's regression, with errors
 *		clustered by key (pure core).
 *
 * Row i has outcome y_i, took strategy a_i of 0..J-1 and has covariates x_i.
 *
 * R-RND-1	difference: value V_a = mean of y over the rows of a; differences
 *			V_a - V_baseline.  Standard errors are Neyman's, s_a^2/n_a +
 *			s_b^2/n_b, which is HC2 of the regression on the strategy.
 * R-RND-2	cuped: the same of y - theta'(x - xbar), theta the slope of y on x
 *			from deviations within strategies, one for all of them, xbar the
 *			mean of all rows (Deng and others 2013).
 * R-RND-3	lin: y on the strategies, centred covariates and their products
 *			(Lin 2013), that is, one regression per strategy.  A value is read
 *			off at the mean covariates of all rows, a difference at those of
 *			the two strategies compared.
 * R-RND-4	Errors are CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton
 *			2018), scores of a key's rows multiplied by (I - H_cc)^(-1/2) and
 *			added up before they are squared; for keys of one row that is HC2.
 *			Directions in which I - H_cc is 0 (below 1e-8) have no residual:
 *			what they carry of the variance under equal errors (a row that is
 *			the only one with a level, say) is added in proportion, and where it
 *			is more than a tenth, there is no error to be had: too_few.
 * R-RND-5	Degrees of freedom by Satterthwaite under equal, independent errors
 *			of rows, (sum P_cc)^2 / sum P_cd^2, from matrices of the size of
 *			the covariates: P_cd = - z_c'z_d between keys.  Where that would be
 *			too much work (JRN_RANDOMISED_WORK), a lower bound is given.
 * R-RND-6	Errors of values also carry that xbar is a sample mean; errors of
 *			differences do not, following Lin (the strategies are compared on
 *			the rows at hand).
 * R-RND-7	Columns that depend on others among the rows of a strategy are not
 *			adjusted for there.  Where that matters (other strategies have
 *			another mean of it) the status is rank_deficient.
 * R-RND-8	arms (columns + 1)^2 may not exceed JRN_RANDOMISED_ROOM: JRN_LIMIT.
 * R-RND-9	All figures are sums in canonical order of rows (design.h).
 */
#ifndef JRN_RANDOMISED_H
#define JRN_RANDOMISED_H

#include "../models/design.h"

/* Multiplications for exact degrees of freedom above which a bound is given. */
#define JRN_RANDOMISED_WORK 4e9

/* Numbers that moments of all strategies may take: 512 MB. */
#define JRN_RANDOMISED_ROOM ((size_t) 1 << 26)

typedef enum jrn_randomised_method
{
	JRN_RANDOMISED_DIFFERENCE,
	JRN_RANDOMISED_CUPED,
	JRN_RANDOMISED_LIN
} jrn_randomised_method;

typedef enum jrn_randomised_status
{
	JRN_RANDOMISED_OK,
	JRN_RANDOMISED_RANK_DEFICIENT,	/* figures are there; see R-RND-7 */
	JRN_RANDOMISED_TOO_FEW		/* no standard error, or (without rows) no figure */
} jrn_randomised_status;

/* "ok", "rank_deficient", "too_few" */
extern const char *jrn_randomised_status_name(jrn_randomised_status status);

/* What is known of one strategy; what cannot be had is NaN. */
typedef struct jrn_randomised_arm
{
	int64_t		n;
	int64_t		keys;
	double		value;
	double		value_se;
	double		value_df;
	jrn_randomised_status value_status;
	double		difference;		/* value less that of the baseline; NaN for itself */
	double		difference_se;
	double		difference_df;
	jrn_randomised_status difference_status;
} jrn_randomised_arm;

typedef struct jrn_randomised_result
{
	int			arms;
	int			baseline;
	jrn_randomised_arm *arm;	/* [arms] */
	double	   *covariance;		/* [arms arms] of the values; NaN where one has no error.
								 * For correlations of differences (max-t): the differences'
								 * own errors are those of arm. */
	double	   *theta;			/* [p] of cuped, 0 for dependent columns; NULL otherwise */
	bool		bounded_df;		/* degrees of freedom are lower bounds (R-RND-5) */
} jrn_randomised_result;

/*
 * The design is finished and its rows carry an arm below arms.  cuped and lin
 * need a column (JRN_DOMAIN).  Result arrays come from env.
 */
extern jrn_status jrn_randomised_run(const jrn_env *env, const jrn_design *design, int arms,
									 int baseline, jrn_randomised_method method,
									 jrn_randomised_result *result);

/* The same with another limit of work for exact degrees of freedom. */
extern jrn_status jrn_randomised_run_within(const jrn_env *env, const jrn_design *design, int arms,
											int baseline, jrn_randomised_method method,
											double most_work, jrn_randomised_result *result);

#endif							/* JRN_RANDOMISED_H */
