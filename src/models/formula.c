/*
 * formula.c
 *		The grammar of formulas, by recursive descent (see formula.h).
 */
#include <string.h>

#include "formula_parser.h"

/* Parentheses within parentheses. */
#define MAX_DEPTH 50

static jrn_status parse_sum(jrn_parser *p, jrn_term_set *set);

/* The exponent after `^`. */
static jrn_status
parse_exponent(jrn_parser *p, int *power)
{
	size_t		i;

	JRN_TRY(jrn_parser_next(p));
	if (p->now.kind != TOKEN_NUMBER)
		return p->now.kind == TOKEN_END ? jrn_parser_unexpected(p) : jrn_parser_fault(p, JRN_FORMULA_EXPONENT, p->now);
	*power = 0;
	for (i = 0; i < p->now.size && *power <= JRN_TERM_POWER; i++)
	{
		if (!jrn_is_digit(p->text[p->now.at + i]))
			return jrn_parser_fault(p, JRN_FORMULA_EXPONENT, p->now);
		*power = *power * 10 + (p->text[p->now.at + i] - '0');
	}
	if (*power < 1 || *power > JRN_TERM_POWER)
		return jrn_parser_fault(p, JRN_FORMULA_EXPONENT, p->now);
	return jrn_parser_next(p);
}

static jrn_status
parse_column(jrn_parser *p, jrn_term_set *set)
{
	jrn_token		at = p->now;
	int			power = 1;
	char	   *name;

	JRN_TRY(jrn_parser_name(p, at, &name));
	JRN_TRY(jrn_parser_next(p));
	if (jrn_parser_is(p, '('))
	{
		at.size = p->now.at + 1 - at.at;
		return jrn_parser_fault(p, JRN_FORMULA_CALL, at);
	}
	if (jrn_parser_is(p, '^'))
		JRN_TRY(parse_exponent(p, &power));
	return jrn_parser_column(p, set, name, power, at);
}

/* R-FML-2: cross a sum with itself. */
static jrn_status
raise_sum(jrn_parser *p, jrn_term_set *set, bool dot)
{
	jrn_term_set once = *set;
	jrn_token		at = p->now;
	int			power;

	if (!jrn_parser_is(p, '^'))
		return JRN_OK;
	if (set->count == 1 && !dot)
		return jrn_parser_fault(p, JRN_FORMULA_ONE_TERM_POWER, at);
	JRN_TRY(parse_exponent(p, &power));
	for (; power > 1; power--)
	{
		jrn_term_set product;

		JRN_TRY(jrn_parser_limited(p, jrn_set_cross(p->env, set, &once, &product), at));
		*set = product;
	}
	return JRN_OK;
}

static jrn_status
parse_atom(jrn_parser *p, jrn_term_set *set)
{
	jrn_token		at = p->now;
	int			i;

	if (at.kind == TOKEN_NAME)
		return parse_column(p, set);
	if (jrn_parser_is(p, '.'))
	{
		for (i = 0; i < p->other_count; i++)
			JRN_TRY(jrn_parser_column(p, set, p->others[i], 1, at));
		JRN_TRY(jrn_parser_next(p));
		return raise_sum(p, set, true);
	}
	if (!jrn_parser_is(p, '('))
		return jrn_parser_unexpected(p);
	if (++p->depth > MAX_DEPTH)
		return jrn_parser_fault(p, JRN_FORMULA_LIMIT, at);
	JRN_TRY(jrn_parser_next(p));
	JRN_TRY(parse_sum(p, set));
	if (p->now.kind == TOKEN_END)
		return jrn_parser_fault(p, JRN_FORMULA_OPEN_PARENTHESIS, at);
	if (!jrn_parser_is(p, ')'))
		return jrn_parser_unexpected(p);
	p->depth--;
	JRN_TRY(jrn_parser_next(p));
	return raise_sum(p, set, false);
}

static jrn_status
parse_interaction(jrn_parser *p, jrn_term_set *set)
{
	JRN_TRY(parse_atom(p, set));
	while (jrn_parser_is(p, ':'))
	{
		jrn_term_set right;
		jrn_term_set product;
		jrn_token		at = p->now;

		JRN_TRY(jrn_set_begin(p->env, &right));
		JRN_TRY(jrn_parser_next(p));
		JRN_TRY(parse_atom(p, &right));
		JRN_TRY(jrn_parser_limited(p, jrn_set_cross(p->env, set, &right, &product), at));
		*set = product;
	}
	return JRN_OK;
}

/* a * b: a + b + a:b */
static jrn_status
parse_product(jrn_parser *p, jrn_term_set *set)
{
	JRN_TRY(parse_interaction(p, set));
	while (jrn_parser_is(p, '*'))
	{
		jrn_term_set right;
		jrn_term_set product;
		jrn_token		at = p->now;

		JRN_TRY(jrn_set_begin(p->env, &right));
		JRN_TRY(jrn_parser_next(p));
		JRN_TRY(parse_interaction(p, &right));
		JRN_TRY(jrn_parser_limited(p, jrn_set_cross(p->env, set, &right, &product), at));
		JRN_TRY(jrn_parser_limited(p, jrn_set_unite(p->env, set, &right), at));
		JRN_TRY(jrn_parser_limited(p, jrn_set_unite(p->env, set, &product), at));
	}
	return JRN_OK;
}

/* R-FML-6 */
static jrn_status
parse_number(jrn_parser *p, bool minus)
{
	jrn_token		at = p->now;
	bool		one = at.size == 1 && p->text[at.at] == '1';
	bool		zero = at.size == 1 && p->text[at.at] == '0';

	if (p->depth > 0 || (!one && !zero))
		return jrn_parser_fault(p, JRN_FORMULA_NUMBER, at);
	JRN_TRY(jrn_parser_next(p));
	if (p->now.kind != TOKEN_END && !jrn_parser_is(p, '+') && !jrn_parser_is(p, '-'))
		return jrn_parser_fault(p, JRN_FORMULA_NUMBER, at);
	return one == minus ? jrn_parser_fault(p, JRN_FORMULA_NO_INTERCEPT, at) : JRN_OK;
}

static jrn_status
parse_sum(jrn_parser *p, jrn_term_set *set)
{
	bool		minus = jrn_parser_is(p, '-');

	if (minus || jrn_parser_is(p, '+'))
		JRN_TRY(jrn_parser_next(p));
	for (;;)
	{
		jrn_term_set more;
		jrn_token		at = p->now;

		if (at.kind == TOKEN_NUMBER)
			JRN_TRY(parse_number(p, minus));
		else
		{
			JRN_TRY(jrn_set_begin(p->env, &more));
			JRN_TRY(parse_product(p, &more));
			JRN_TRY(jrn_parser_limited(p, minus ? jrn_set_subtract(p->env, set, &more) :
							jrn_set_unite(p->env, set, &more), at));
		}
		minus = jrn_parser_is(p, '-');
		if (!minus && !jrn_parser_is(p, '+'))
			return JRN_OK;
		JRN_TRY(jrn_parser_next(p));
	}
}

jrn_status
jrn_formula_parse(const jrn_env *env, const char *text, size_t size,
				  char *const *others, int other_count, jrn_formula *formula)
{
	jrn_parser		p;
	jrn_term_set set;

	memset(&p, 0, sizeof(p));
	memset(formula, 0, sizeof(*formula));
	p.env = env;
	p.text = text;
	p.size = size;
	p.others = others;
	p.other_count = other_count;
	p.out = formula;
	JRN_TRY(jrn_parser_next(&p));
	if (p.now.kind == TOKEN_END)
		return jrn_parser_fault(&p, JRN_FORMULA_EMPTY, p.now);
	JRN_TRY(jrn_set_begin(env, &set));
	JRN_TRY(parse_sum(&p, &set));
	if (p.now.kind != TOKEN_END)
		return jrn_parser_unexpected(&p);
	return jrn_parser_terms(&p, &set);
}
