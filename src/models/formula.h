/*
 * formula.h
 *		The right-hand side of a model formula: text to terms (pure core).
 *
 *	sum      [+ | -] product { (+ | -) product }
 *	product  interaction { * interaction }
 *	interaction  power { : power }
 *	power    column [^ n] | ( sum ) [^ n] | . [^ n]
 *
 * R-FML-1	`+` unites terms, `:` multiplies every term of one side with every
 *			term of the other, `a * b` is `a + b + a:b`, `-` takes terms away.
 *			The product of a term with itself is the term.
 * R-FML-2	`^ n` after a column is its n-th power, n from 1 to 10; after
 *			parentheses around a sum, or after `.`, it crosses the sum with
 *			itself, up to n factors in a term.  After parentheses around one
 *			term it could mean either, and is refused.
 * R-FML-3	`.` is every other column, in the order of the source.
 * R-FML-4	Names are taken as they are, letters and case; any other name
 *			stands in double quotes, a quote in it doubled.
 * R-FML-5	Terms are ordered by their number of columns, then by appearance,
 *			columns within a term by appearance; equal terms count once.  The
 *			same column with several powers in one term is one power, the sum.
 * R-FML-6	`1` and `- 0` ask for the intercept that is there anyway; `0` and
 *			`- 1` are refused.
 * R-FML-7	A feature with levels gets columns without its first level in a
 *			term when an earlier term holds all other factors of the term (a
 *			feature alone: the intercept does), else columns for all its
 *			levels.  This is R's rule, from Chambers and Hastie, Statistical
 *			Models in S, 1992, section 2.4.
 * R-FML-8	What is refused has a place in the text, in bytes from 0.
 */
#ifndef JRN_FORMULA_H
#define JRN_FORMULA_H

#include "../core/env.h"
#include "terms.h"

typedef enum jrn_formula_fault
{
	JRN_FORMULA_RIGHT,
	JRN_FORMULA_UNEXPECTED,		/* this token cannot stand here; size 0: the end */
	JRN_FORMULA_EMPTY,			/* nothing but blanks */
	JRN_FORMULA_OPEN_QUOTE,
	JRN_FORMULA_OPEN_PARENTHESIS,
	JRN_FORMULA_NO_NAME,		/* "" */
	JRN_FORMULA_CALL,			/* name( */
	JRN_FORMULA_TILDE,
	JRN_FORMULA_NUMBER,			/* a number that is no summand and no exponent */
	JRN_FORMULA_EXPONENT,		/* not a whole number from 1 to 10 */
	JRN_FORMULA_ONE_TERM_POWER, /* (a)^2 */
	JRN_FORMULA_NO_INTERCEPT,
	JRN_FORMULA_LIMIT			/* too many terms, factors, powers or parentheses */
} jrn_formula_fault;

typedef struct jrn_formula
{
	char	  **variables;		/* columns of the terms, by appearance */
	int			variable_count;
	jrn_term   *terms;			/* factor[].feature is a place in variables */
	int			term_count;
	jrn_formula_fault fault;
	size_t		fault_at;		/* byte from 0 */
	size_t		fault_size;		/* bytes of the token */
} jrn_formula;

/*
 * Parse size bytes.  others: the columns that `.` stands for.  JRN_DOMAIN with
 * a fault for text that is refused; for a right one all lies in env.
 */
extern jrn_status jrn_formula_parse(const jrn_env *env, const char *text, size_t size,
									char *const *others, int other_count, jrn_formula *formula);

/* R-FML-7: set levels and full of all factors; is_label[variable]. */
extern jrn_status jrn_formula_code(const jrn_env *env, jrn_formula *formula, const bool *is_label);

#endif							/* JRN_FORMULA_H */
