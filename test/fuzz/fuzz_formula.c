/*
 * fuzz_formula.c
 *		Any text as a model formula.  What is accepted is written out term by
 *		term and read again: the terms must be the same.
 */
#include <stdio.h>

#include "../../src/models/formula.h"
#include "fuzz.h"

static char a_column[] = "a";
static char b_column[] = "B";
static char c_column[] = "say \"c\"";
static char *const others[] = {a_column, b_column, c_column};

typedef struct output
{
	char	   *bytes;
	size_t		used;
} output;

static void
put(output *out, char c)
{
	if (out->bytes != NULL)
		out->bytes[out->used] = c;
	out->used++;
}

static void
put_factor(output *out, const char *name, int power)
{
	put(out, '"');
	for (; *name != '\0'; name++)
	{
		if (*name == '"')
			put(out, '"');
		put(out, *name);
	}
	put(out, '"');
	put(out, '^');
	if (power == 10)
		put(out, '1');
	put(out, (char) ('0' + power % 10));
}

/* Its terms; counted only where out has no bytes. */
static void
put_formula(output *out, const jrn_formula *formula)
{
	int			i,
				j;

	put(out, '1');
	for (i = 0; i < formula->term_count; i++)
		for (j = 0; j < formula->terms[i].count; j++)
		{
			const jrn_factor *factor = &formula->terms[i].factor[j];

			put(out, j == 0 ? '+' : ':');
			put_factor(out, formula->variables[factor->feature], factor->power);
		}
}

static void
check_terms(const jrn_formula *formula)
{
	int			i,
				j,
				k;

	for (i = 0; i < formula->variable_count; i++)
		MUST(formula->variables[i][0] != '\0');
	for (i = 0; i < formula->term_count; i++)
	{
		const jrn_term *term = &formula->terms[i];

		MUST(term->count >= 1 && term->count <= JRN_TERM_FACTORS);
		MUST(i == 0 || term->count >= formula->terms[i - 1].count);	/* R-FML-5 */
		for (j = 0; j < term->count; j++)
		{
			MUST(term->factor[j].feature >= 0 && term->factor[j].feature < formula->variable_count);
			MUST(term->factor[j].power >= 1 && term->factor[j].power <= JRN_TERM_POWER);
			for (k = 0; k < j; k++)
				MUST(term->factor[k].feature != term->factor[j].feature);
		}
	}
}

/* Terms are the same as sets of named factors. */
static bool
same_term(const jrn_formula *a, const jrn_term *s, const jrn_formula *b, const jrn_term *t)
{
	int			i,
				j;

	if (s->count != t->count)
		return false;
	for (i = 0; i < s->count; i++)
	{
		for (j = 0; j < t->count; j++)
			if (s->factor[i].power == t->factor[j].power &&
				strcmp(a->variables[s->factor[i].feature], b->variables[t->factor[j].feature]) == 0)
				break;
		if (j == t->count)
			return false;
	}
	return true;
}

/* R-FML-7 where every second variable without powers has levels. */
static jrn_status
check_code(const jrn_env *env, jrn_formula *formula)
{
	bool	   *is_label;
	int			i,
				j;

	JRN_TRY(jrn_alloc_zeroed(env, (size_t) formula->variable_count, sizeof(bool), &is_label));
	for (i = 0; i < formula->variable_count; i += 2)
		is_label[i] = true;
	for (i = 0; i < formula->term_count; i++)
		for (j = 0; j < formula->terms[i].count; j++)
			if (formula->terms[i].factor[j].power > 1)
				is_label[formula->terms[i].factor[j].feature] = false;
	JRN_TRY(jrn_formula_code(env, formula, is_label));
	for (i = 0; i < formula->term_count; i++)
		for (j = 0; j < formula->terms[i].count; j++)
		{
			const jrn_factor *factor = &formula->terms[i].factor[j];

			MUST(factor->levels == is_label[factor->feature]);
			MUST(factor->levels || !factor->full);
		}
	return JRN_OK;
}

static jrn_status
accepted(const jrn_env *env, jrn_formula *formula)
{
	output		out = {NULL, 0};
	char	   *text;
	jrn_formula again;
	int			i;

	check_terms(formula);
	put_formula(&out, formula);
	JRN_TRY(jrn_alloc_array(env, out.used, 1, &text));
	out.bytes = text;
	out.used = 0;
	put_formula(&out, formula);
	JRN_TRY(jrn_formula_parse(env, text, out.used, NULL, 0, &again));
	MUST(again.term_count == formula->term_count);
	for (i = 0; i < again.term_count; i++)
		MUST(same_term(formula, &formula->terms[i], &again, &again.terms[i]));
	return check_code(env, formula);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	jrn_formula formula;
	jrn_status	status;

	if (size > 4096 || fuzz_text_size(bytes, size) < size)
		return 0;				/* a text of the server has no zero bytes */
	status = jrn_formula_parse(&env, (const char *) bytes, size, others, 3, &formula);
	if (status == JRN_OK)
	{
		MUST(formula.fault == JRN_FORMULA_RIGHT);
		status = accepted(&env, &formula);
		MUST(status == JRN_OK || fuzz_by_host(status));
	}
	else if (!fuzz_by_host(status))
	{
		MUST(status == JRN_DOMAIN && formula.fault != JRN_FORMULA_RIGHT);
		MUST(formula.fault_at <= size && formula.fault_size <= size - formula.fault_at);	/* R-FML-8 */
	}
	return fuzz_end();
}
