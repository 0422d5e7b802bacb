/*
 * formula_tokens.c
 *		Tokens of a formula (see formula_parser.h).
 */
#include <string.h>

#include "formula_parser.h"

jrn_status
jrn_parser_fault(jrn_parser *p, jrn_formula_fault kind, jrn_token at)
{
	p->out->fault = kind;
	p->out->fault_at = at.at;
	p->out->fault_size = at.size;
	return JRN_DOMAIN;
}

jrn_status
jrn_parser_limited(jrn_parser *p, jrn_status status, jrn_token at)
{
	return status == JRN_LIMIT ? jrn_parser_fault(p, JRN_FORMULA_LIMIT, at) : status;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Letters, underscore, and every byte of a multibyte character. */
static bool
starts_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char) c >= 0x80;
}

static jrn_status
next_quoted(jrn_parser *p, size_t at)
{
	jrn_token		whole = {TOKEN_NAME, at, 1};
	size_t		i = at + 1;

	for (;;)
	{
		if (i >= p->size)
			return jrn_parser_fault(p, JRN_FORMULA_OPEN_QUOTE, whole);
		if (p->text[i] == '"' && !(i + 1 < p->size && p->text[i + 1] == '"'))
			break;
		i += p->text[i] == '"' ? 2 : 1;
	}
	whole.size = i + 1 - at;
	if (whole.size == 2)
		return jrn_parser_fault(p, JRN_FORMULA_NO_NAME, whole);
	p->now = whole;
	return JRN_OK;
}

jrn_status
jrn_parser_next(jrn_parser *p)
{
	size_t		at = p->now.at + p->now.size;
	size_t		end;

	while (at < p->size && is_blank(p->text[at]))
		at++;
	p->now.at = at;
	p->now.size = at < p->size ? 1 : 0;
	p->now.kind = at < p->size ? TOKEN_SIGN : TOKEN_END;
	if (at >= p->size)
		return JRN_OK;
	if (p->text[at] == '"')
		return next_quoted(p, at);
	end = at;
	if (starts_name(p->text[at]))
	{
		p->now.kind = TOKEN_NAME;
		while (end < p->size && (starts_name(p->text[end]) || jrn_is_digit(p->text[end]) || p->text[end] == '$'))
			end++;
		p->now.size = end - at;
	}
	else if (jrn_is_digit(p->text[at]))
	{
		p->now.kind = TOKEN_NUMBER;
		while (end < p->size && (jrn_is_digit(p->text[end]) || p->text[end] == '.' || starts_name(p->text[end])))
			end++;
		p->now.size = end - at;
	}
	return JRN_OK;
}

bool
jrn_parser_is(const jrn_parser *p, char sign)
{
	return p->now.kind == TOKEN_SIGN && p->text[p->now.at] == sign;
}

jrn_status
jrn_parser_unexpected(jrn_parser *p)
{
	return jrn_parser_fault(p, jrn_parser_is(p, '~') ? JRN_FORMULA_TILDE :
				 p->now.kind == TOKEN_NUMBER ? JRN_FORMULA_NUMBER : JRN_FORMULA_UNEXPECTED, p->now);
}

/* The name in a token, quotes taken off. */
jrn_status
jrn_parser_name(jrn_parser *p, jrn_token at, char **name)
{
	const char *bytes = p->text + at.at;
	size_t		size = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_array(p->env, at.size + 1, 1, name));
	if (bytes[0] != '"')
	{
		memcpy(*name, bytes, at.size);
		size = at.size;
	}
	else
		for (i = 1; i + 1 < at.size; i++)
		{
			(*name)[size++] = bytes[i];
			if (bytes[i] == '"')
				i++;			/* the second of a doubled quote */
		}
	(*name)[size] = '\0';
	return JRN_OK;
}
