/*
 * formula_terms.c
 *		Columns and terms of a formula (see formula.h).
 */
#include <string.h>

#include "../core/hash.h"
#include "formula_parser.h"

/* Columns with their powers; they are numbered in 16 bits. */
#define MAX_FACTORS 20000

/* ---- columns ---- */

/* Twice the slots of the table of names. */
static jrn_status
widen_names(jrn_parser *p)
{
	int			i;

	jrn_release(p->env, p->slots);
	p->slot_count = p->slot_count == 0 ? 64 : p->slot_count * 2;
	JRN_TRY(jrn_alloc_zeroed(p->env, p->slot_count, sizeof(uint32_t), &p->slots));
	for (i = 0; i < p->out->variable_count; i++)
	{
		const char *name = p->out->variables[i];
		size_t		slot = (size_t) jrn_hash_bytes(name, strlen(name), 0) & (p->slot_count - 1);

		while (p->slots[slot] != 0)
			slot = (slot + 1) & (p->slot_count - 1);
		p->slots[slot] = (uint32_t) i + 1;
	}
	return JRN_OK;
}

/* Number of a column, new ones at the end.  The name is kept, not copied. */
static jrn_status
variable_of(jrn_parser *p, char *name, int *variable)
{
	jrn_formula *out = p->out;
	size_t		slot;
	size_t		count = (size_t) out->variable_count;

	if (count * 2 >= p->slot_count)
		JRN_TRY(widen_names(p));
	slot = (size_t) jrn_hash_bytes(name, strlen(name), 0) & (p->slot_count - 1);
	for (; p->slots[slot] != 0; slot = (slot + 1) & (p->slot_count - 1))
	{
		*variable = (int) p->slots[slot] - 1;
		if (strcmp(out->variables[*variable], name) == 0)
			return JRN_OK;
	}
	JRN_TRY(jrn_grow_array(p->env, count, &p->variable_capacity, sizeof(char *), &out->variables));
	JRN_TRY(jrn_grow_array(p->env, count, &p->plain_capacity, sizeof(int), &p->plain_factor));
	out->variables[count] = name;
	p->plain_factor[count] = -1;
	p->slots[slot] = (uint32_t) count + 1;
	*variable = out->variable_count++;
	return JRN_OK;
}

/* Add the term of one column with a power to a set. */
jrn_status
jrn_parser_column(jrn_parser *p, jrn_term_set *set, char *name, int power, jrn_token at)
{
	jrn_piece	piece;
	int			variable;
	size_t		i;

	JRN_TRY(variable_of(p, name, &variable));
	i = power == 1 && p->plain_factor[variable] >= 0 ? (size_t) p->plain_factor[variable] : 0;
	while (i < p->factor_count && (p->factors[i].variable != variable || p->factors[i].power != power))
		i = power == 1 ? p->factor_count : i + 1;
	if (i == p->factor_count)
	{
		if (i >= MAX_FACTORS)
			return jrn_parser_fault(p, JRN_FORMULA_LIMIT, at);
		JRN_TRY(jrn_grow_array(p->env, i, &p->factor_capacity, sizeof(jrn_named_factor), &p->factors));
		p->factors[i].variable = variable;
		p->factors[i].power = power;
		p->factor_count++;
		if (power == 1)
			p->plain_factor[variable] = (int) i;
	}
	memset(&piece, 0, sizeof(piece));
	piece.count = 1;
	piece.factor[0] = (uint16_t) i;
	return jrn_parser_limited(p, jrn_set_add(p->env, set, &piece), at);
}

/* ---- from sets to terms ---- */

/* R-FML-5: factors by column, several powers of a column as one. */
static jrn_status
give_term(jrn_parser *p, const jrn_piece *piece, jrn_term *term)
{
	int			i,
				j;

	memset(term, 0, sizeof(*term));
	for (i = 0; i < (int) piece->count; i++)
	{
		jrn_named_factor factor = p->factors[piece->factor[i]];

		for (j = 0; j < term->count && term->factor[j].feature < factor.variable;)
			j++;
		if (j == term->count || term->factor[j].feature != factor.variable)
		{
			memmove(&term->factor[j + 1], &term->factor[j],
					(size_t) (term->count - j) * sizeof(jrn_factor));
			memset(&term->factor[j], 0, sizeof(jrn_factor));
			term->factor[j].feature = factor.variable;
			term->count++;
		}
		term->factor[j].power += factor.power;
		if (term->factor[j].power > JRN_TERM_POWER)
			return JRN_LIMIT;
	}
	return JRN_OK;
}

static bool
same_term(const jrn_term *a, const jrn_term *b)
{
	int			i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->factor[i].feature != b->factor[i].feature || a->factor[i].power != b->factor[i].power)
			return false;
	return true;
}

/* Whether a term holds all factors of another. */
static bool
holds_term(const jrn_term *term, const jrn_term *part)
{
	int			i = 0;
	int			j;

	for (j = 0; j < part->count; j++)
	{
		while (i < term->count && term->factor[i].feature < part->factor[j].feature)
			i++;
		if (i == term->count || term->factor[i].feature != part->factor[j].feature ||
			term->factor[i].power != part->factor[j].power)
			return false;
	}
	return true;
}

static bool
has_power(const jrn_term *term)
{
	int			i;

	for (i = 0; i < term->count; i++)
		if (term->factor[i].power > 1)
			return true;
	return false;
}

/* Whether a term is among the first count of the formula. */
static bool
has_term(const jrn_formula *formula, int count, const jrn_term *term)
{
	int			i;

	for (i = 0; i < count; i++)
		if (same_term(&formula->terms[i], term))
			return true;
	return false;
}

/* Columns that no term has are forgotten, the rest renumbered. */
static jrn_status
drop_unused(jrn_parser *p)
{
	jrn_formula *out = p->out;
	int		   *place;
	int			used = 0;
	int			i,
				j;

	JRN_TRY(jrn_alloc_zeroed(p->env, (size_t) out->variable_count, sizeof(int), &place));
	for (i = 0; i < out->term_count; i++)
		for (j = 0; j < out->terms[i].count; j++)
			place[out->terms[i].factor[j].feature] = 1;
	for (i = 0; i < out->variable_count; i++)
		if (place[i] != 0)
		{
			out->variables[used] = out->variables[i];
			place[i] = used++;
		}
	out->variable_count = used;
	for (i = 0; i < out->term_count; i++)
		for (j = 0; j < out->terms[i].count; j++)
			out->terms[i].factor[j].feature = place[out->terms[i].factor[j].feature];
	return JRN_OK;
}

jrn_status
jrn_parser_terms(jrn_parser *p, const jrn_term_set *set)
{
	jrn_formula *out = p->out;
	jrn_token		whole = {TOKEN_END, 0, p->size};
	int			degree;
	size_t		i;

	JRN_TRY(jrn_alloc_array(p->env, set->count, sizeof(jrn_term), &out->terms));
	for (degree = 1; degree <= JRN_TERM_FACTORS; degree++)
		for (i = 0; i < set->count; i++)
		{
			jrn_term	term;

			JRN_TRY(jrn_parser_limited(p, give_term(p, &set->list[i], &term), whole));
			if (i % 256 == 255)
				JRN_TICK(p->env);
			if (term.count != degree)
				continue;
			/* only powers can meet an equal term: a:a^2 and a^3 */
			if (!has_power(&term) || !has_term(out, out->term_count, &term))
				out->terms[out->term_count++] = term;
		}
	return drop_unused(p);
}

/* R-FML-7: whether one of the first count terms holds all of a margin. */
static bool
has_margin(const jrn_formula *formula, int count, const jrn_term *margin)
{
	int			i;

	for (i = 0; i < count; i++)
		if (holds_term(&formula->terms[i], margin))
			return true;
	return false;
}

jrn_status
jrn_formula_code(const jrn_env *env, jrn_formula *formula, const bool *is_label)
{
	int			i,
				j;

	for (i = 0; i < formula->term_count; i++)
	{
		jrn_term   *term = &formula->terms[i];

		for (j = 0; j < term->count; j++)
		{
			jrn_factor *factor = &term->factor[j];
			jrn_term	margin = *term;

			factor->columns = 1;
			factor->levels = is_label[factor->feature];
			if (!factor->levels || term->count == 1)
				continue;
			margin.count--;
			memmove(&margin.factor[j], &margin.factor[j + 1],
					(size_t) (margin.count - j) * sizeof(jrn_factor));
			factor->full = !has_margin(formula, i, &margin);
		}
		JRN_TICK(env);
	}
	return JRN_OK;
}
