/*
 * formula_parser.h
 *		The state of reading a formula (private to formula*.c): tokens, columns
 *		by number, and what is refused where.
 */
#ifndef JRN_FORMULA_PARSER_H
#define JRN_FORMULA_PARSER_H

#include "formula.h"
#include "term_set.h"

typedef enum jrn_token_kind
{
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_SIGN					/* one character: + - * : ^ ( ) . ~ or any other */
} jrn_token_kind;

typedef struct jrn_token
{
	jrn_token_kind kind;
	size_t		at;
	size_t		size;
} jrn_token;

/* A column and its power. */
typedef struct jrn_named_factor
{
	int			variable;
	int			power;
} jrn_named_factor;

typedef struct jrn_parser
{
	const jrn_env *env;
	const char *text;
	size_t		size;
	jrn_token	now;
	int			depth;
	char	   *const *others;
	int			other_count;
	jrn_formula *out;
	size_t		variable_capacity;
	uint32_t   *slots;			/* variable + 1 by hash of the name */
	size_t		slot_count;
	jrn_named_factor *factors;
	size_t		factor_count;
	size_t		factor_capacity;
	int		   *plain_factor;	/* [variable] the factor with power 1, -1 */
	size_t		plain_capacity;
} jrn_parser;

static inline bool
jrn_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Keep what is wrong and where; always JRN_DOMAIN. */
extern jrn_status jrn_parser_fault(jrn_parser *p, jrn_formula_fault kind, jrn_token at);

/* A limit inside a set becomes a fault here. */
extern jrn_status jrn_parser_limited(jrn_parser *p, jrn_status status, jrn_token at);

/* Tokens (formula_tokens.c). */
extern jrn_status jrn_parser_next(jrn_parser *p);
extern bool jrn_parser_is(const jrn_parser *p, char sign);
extern jrn_status jrn_parser_unexpected(jrn_parser *p);
extern jrn_status jrn_parser_name(jrn_parser *p, jrn_token at, char **name);

/* Columns and terms (formula_terms.c). */
extern jrn_status jrn_parser_column(jrn_parser *p, jrn_term_set *set, char *name, int power,
									jrn_token at);
extern jrn_status jrn_parser_terms(jrn_parser *p, const jrn_term_set *set);

#endif							/* JRN_FORMULA_PARSER_H */
