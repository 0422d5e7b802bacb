/*
 * pg_formula.c
 *		Formulas in the server (see pg_formula.h).
 */
#include "pg_formula.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "../pg/host.h"

static const char *const grammar_hint =
"A formula is columns joined by +, -, :, * and ^, with parentheses, and \".\" for every other column.  Names with other signs than letters, digits, _ and $ stand in double quotes.";

/* What is wrong, in words; %s is the token. */
static const char *
fault_words(jrn_formula_fault fault)
{
	switch (fault)
	{
		case JRN_FORMULA_UNEXPECTED:
			return "unexpected \"%s\"";
		case JRN_FORMULA_OPEN_QUOTE:
			return "a quoted name does not end";
		case JRN_FORMULA_OPEN_PARENTHESIS:
			return "a parenthesis is not closed";
		case JRN_FORMULA_NO_NAME:
			return "a quoted name is empty";
		case JRN_FORMULA_CALL:
			return "a function call \"%s\"";
		case JRN_FORMULA_TILDE:
			return "unexpected \"~\"";
		case JRN_FORMULA_NUMBER:
			return "unexpected number \"%s\"";
		case JRN_FORMULA_EXPONENT:
			return "exponent \"%s\"";
		case JRN_FORMULA_ONE_TERM_POWER:
			return "a power of one term in parentheses";
		default:
			return "unexpected end";
	}
}

static const char *
fault_hint(jrn_formula_fault fault)
{
	switch (fault)
	{
		case JRN_FORMULA_CALL:
			return "Compute functions of columns in the source query; a power is written a^2, without I().";
		case JRN_FORMULA_TILDE:
			return "Pass the right-hand side only: the target is an argument of its own.";
		case JRN_FORMULA_NUMBER:
			return "Numbers are exponents, or the summand 1 for the intercept, which is there anyway; scale columns in the source query.";
		case JRN_FORMULA_EXPONENT:
			return "An exponent is a whole number from 1 to 10.";
		case JRN_FORMULA_ONE_TERM_POWER:
			return "Write a^2 for the square of a column, (a + b)^2 for all interactions of two.";
		default:
			return grammar_hint;
	}
}

/* The place as a number of characters from 1. */
static int
character_of(const char *text, size_t byte)
{
	return pg_mbstrlen_with_len(text, (int) byte) + 1;
}

static void
refuse(const char *text, const jrn_formula *formula)
{
	int			at = character_of(text, formula->fault_at);
	int			size = pg_mbcliplen(text + formula->fault_at, (int) formula->fault_size, 60);
	char	   *piece = pnstrdup(text + formula->fault_at, size);
	StringInfoData words;

	if (formula->fault == JRN_FORMULA_LIMIT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("formula grows too large at character %d", at),
				 errdetail("A formula may have 5000 terms of up to 16 columns, powers up to 10, and 50 parentheses within each other."),
				 internalerrquery(text), internalerrposition(at)));
	if (formula->fault == JRN_FORMULA_NO_INTERCEPT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("formula takes the intercept away at character %d, which is not supported", at),
				 errhint("Every model has an intercept; leave the number out."),
				 internalerrquery(text), internalerrposition(at)));
	if (formula->fault == JRN_FORMULA_EMPTY)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("formula is empty, at character %d", at),
				 errhint("Pass 1 for a model of the intercept alone.")));
	initStringInfo(&words);
	if (formula->fault == JRN_FORMULA_UNEXPECTED && formula->fault_size == 0)
		appendStringInfoString(&words, "unexpected end");
	else
	{
		const char *format = fault_words(formula->fault);
		const char *hole = strstr(format, "%s");

		if (hole == NULL)
			appendStringInfoString(&words, format);
		else
		{
			appendBinaryStringInfo(&words, format, (int) (hole - format));
			appendStringInfo(&words, "%s%s", piece, hole + 2);
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("syntax error in formula at character %d: %s", at, words.data),
			 errhint("%s", fault_hint(formula->fault)),
			 internalerrquery(text), internalerrposition(at)));
}

void
journey_formula_read(const jrn_env *env, const char *text, char *const *others, int other_count,
					 jrn_formula *formula)
{
	jrn_status	status = jrn_formula_parse(env, text, strlen(text), others, other_count, formula);

	if (status == JRN_DOMAIN)
		refuse(text, formula);
	journey_check(status, "formula");
}

void
journey_formula_code(const jrn_env *env, const char *text, jrn_formula *formula,
					 const Oid *types, const bool *is_label)
{
	bool	   *has_levels = palloc((Size) (formula->variable_count + 1) * sizeof(bool));
	int			i,
				j;

	for (i = 0; i < formula->variable_count; i++)
		has_levels[i] = is_label[i] || types[i] == BOOLOID;
	journey_check(jrn_formula_code(env, formula, has_levels), "formula");
	for (i = 0; i < formula->term_count; i++)
		for (j = 0; j < formula->terms[i].count; j++)
		{
			jrn_factor *factor = &formula->terms[i].factor[j];

			if (!factor->levels)
				continue;
			if (factor->power > 1)
				ereport(ERROR,
						(errcode(ERRCODE_DATATYPE_MISMATCH),
						 errmsg("formula takes a power of column \"%s\", which is of type %s",
								formula->variables[factor->feature], format_type_be(types[factor->feature])),
						 errhint("Only numbers have powers."),
						 internalerrquery(text)));
			/* without its first level a boolean is the number 0 or 1 */
			factor->levels = factor->full || is_label[factor->feature];
		}
}
