/*
 * nonlinear.h
 *		Is the sum of positives and negatives enough, or does the outcome need
 *		another form?  Forms compared on rows that they have not seen, and
 *		Ramsey's test of the form of any linear model.
 *
 * Forms, from simple to rich; every one has positive, negative and controls:
 *
 *		additive		nothing else
 *		interaction		positive x negative
 *		threshold_c		indicator(negative >= c), c = 1, 2, 3
 *		order_aware		columns that know the order of the events
 *		boosting		trees over all columns (validation/boosted.h)
 *
 * R-NLI-1	All forms see the same rows in the same folds; folds keep customers
 *			whole.  Never more folds than customers.
 * R-NLI-2	deviance: out of fold, per customer: squared error (gaussian), minus
 *			twice the log likelihood (binomial), Poisson deviance.
 * R-NLI-3	difference: deviance less that of the additive form; std_error paired
 *			over customers, sqrt(G/(G - 1) sum (d_c - mean)^2)/G.
 * R-NLI-4	chosen: the simplest form whose deviance exceeds that of the best by
 *			at most one standard error of their paired difference.
 * R-NLI-5	status: of the first fold that has no model, then no figures;
 *			no_columns for order_aware without such columns; too_few below 10
 *			customers, one_class; ok.
 * R-NLI-6	reset: with eta the linear predictor, standardised, eta^2 and eta^3 as
 *			further columns.  gaussian: F(added, n - k - added) of the residual
 *			sums of squares, k columns with the intercept; other families
 *			likelihood ratio against chi-square.  added is 2, or what the data
 *			can carry of them.
 *
 * Source: reference/chaos.md 6 (Ramsey 1969; Breiman et al. 1984 for the rule
 * of one standard error).
 */
#ifndef JRN_NONLINEAR_H
#define JRN_NONLINEAR_H

#include "../validation/crossval.h"
#include "asymmetry.h"

typedef enum jrn_form
{
	JRN_FORM_ADDITIVE,
	JRN_FORM_INTERACTION,
	JRN_FORM_THRESHOLD_1,
	JRN_FORM_THRESHOLD_2,
	JRN_FORM_THRESHOLD_3,
	JRN_FORM_ORDER_AWARE,
	JRN_FORM_BOOSTING,
	JRN_FORMS
} jrn_form;

extern const char *jrn_form_name(jrn_form form);

typedef struct jrn_form_row
{
	double		deviance;		/* NaN: none */
	double		difference;
	double		std_error;
	bool		chosen;
	const char *status;
} jrn_form_row;

typedef struct jrn_forms_request
{
	jrn_family	family;			/* gaussian, binomial or poisson */
	int			plain_columns;	/* positive, negative and controls; the rest know the order */
	int			k;
	uint64_t	seed;
	const jrn_file *rows;		/* may be NULL */
	const jrn_file *tiles;
	const jrn_file *chosen[JRN_FORMS];	/* each form has its own: a store begins at offset 0 */
	const jrn_file *routed[JRN_FORMS];
	size_t		limit;			/* bytes before the files are used */
} jrn_forms_request;

typedef struct jrn_reset
{
	double		statistic;
	double		df1;
	double		df2;			/* NaN: chi-square */
	double		p_value;
	const char *status;
} jrn_reset;

/*
 * rows[JRN_FORMS].  base is finished, its columns 0 and 1 positive and
 * negative; with a key it keeps all of them.
 */
extern jrn_status jrn_compare_forms(const jrn_env *env, jrn_design *base,
									const jrn_forms_request *request, jrn_form_row *rows);

/* R-NLI-6; base is finished. */
extern jrn_status jrn_reset_test(const jrn_env *env, jrn_design *base, jrn_family family,
								 const jrn_asymmetry_files *files, jrn_reset *reset);

#endif							/* JRN_NONLINEAR_H */
