/*
 * funnel.c
 *		Preparing and running funnels (see funnel.h); the engines are in
 *		groups.c, row_by_row.c and any_order.c.
 */
#include <string.h>

#include "../core/sizes.h"
#include "funnel.h"

#define ROW_BY_ROW (JRN_FUNNEL_ORDER | JRN_FUNNEL_DEDUPLICATION | \
					JRN_FUNNEL_ADJACENT | JRN_FUNNEL_NO_SKIP)

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

jrn_status
jrn_funnel_parse_modes(const char *text, const jrn_funnel_word *words, int count,
					   unsigned *modes, const char **word, size_t *size)
{
	*modes = 0;
	for (;;)
	{
		const char *end;
		int			i;

		while (is_blank(*text))
			text++;
		for (end = text; *end != '\0' && *end != ','; end++)
			;
		*word = text;
		*size = (size_t) (end - text);
		while (*size > 0 && is_blank(text[*size - 1]))
			(*size)--;
		for (i = 0; i < count; i++)
			if (strlen(words[i].word) == *size && memcmp(words[i].word, *word, *size) == 0)
				break;
		if (i < count)
			*modes |= words[i].modes;
		else if (*size > 0 || *end == ',' || *modes != 0)
			return JRN_DOMAIN;
		if (*end == '\0')
			return JRN_OK;
		text = end + 1;
	}
}

/* Steps that may directly follow step k: up to the next required one. */
static uint64_t
next_steps(const jrn_funnel_spec *spec, int k)
{
	uint64_t	next = 0;

	while (k < spec->steps)
	{
		next |= UINT64_C(1) << k;
		if ((spec->optional >> k & 1) == 0)
			break;
		k++;
	}
	return next;
}

jrn_status
jrn_funnel_prepare(const jrn_env *env, const jrn_funnel_spec *spec, jrn_funnel_work *work)
{
	uint64_t	all;
	uint32_t   *rows = NULL;
	size_t		width;
	int			k;

	if (spec->steps < 1 || spec->steps > JRN_FUNNEL_MAX_STEPS)
		return JRN_DOMAIN;
	all = spec->steps == 64 ? UINT64_MAX : (UINT64_C(1) << spec->steps) - 1;
	if ((spec->optional & 1) != 0 || (spec->optional & ~all) != 0)
		return JRN_DOMAIN;
	if ((spec->modes & JRN_FUNNEL_REENTRY) != 0 && (spec->modes & JRN_FUNNEL_ORDER) == 0)
		return JRN_DOMAIN;
	if ((spec->modes & JRN_FUNNEL_ANY_ORDER) != 0 &&
		((spec->modes & ~(unsigned) (JRN_FUNNEL_ANY_ORDER | JRN_FUNNEL_ONCE)) != 0 || spec->optional != 0))
		return JRN_DOMAIN;
	memset(work, 0, sizeof(*work));
	work->env = env;
	work->spec = *spec;
	work->required = all & ~spec->optional;
	for (k = 0; k <= spec->steps; k++)
		work->next[k] = next_steps(spec, k);
	if (spec->trace)
	{
		width = (size_t) spec->steps;
		JRN_TRY(jrn_alloc_array(env, (3 * (width + 1) + 1) * width, sizeof(uint32_t), &rows));
		work->best = rows;
		for (k = 0; k <= spec->steps; k++)
		{
			work->slots[k].rows = rows += width;
			work->fresh[k].rows = rows += width;
			work->other[k].rows = rows += width;
		}
	}
	return JRN_OK;
}

void
jrn_funnel_reached(jrn_funnel_work *work, int step, const uint32_t *rows)
{
	/* R-FUN-11: the first to get there */
	if (step <= work->last)
		return;
	work->last = step;
	if (work->spec.trace)
		jrn_funnel_copy_rows(work, work->best, rows);
}

static int
required_among(const jrn_funnel_work *work, int last)
{
	int			level = 0;
	int			k;

	if ((work->spec.modes & JRN_FUNNEL_ANY_ORDER) != 0)
		return last;
	for (k = 0; k < last; k++)
		level += (int) (work->required >> k & 1);
	return level;
}

jrn_status
jrn_funnel_run(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n,
			   const uint8_t *may_start, jrn_funnel_result *result)
{
	unsigned	modes = work->spec.modes;
	int			k;

	if (n >= UINT32_MAX)
		return JRN_LIMIT;
	work->may_start = may_start;
	work->last = 0;
	work->completions = 0;
	work->top = 0;
	for (k = 0; k <= work->spec.steps; k++)
		work->slots[k].deadline = work->other[k].deadline = JRN_FUNNEL_EMPTY;
	if ((modes & JRN_FUNNEL_ANY_ORDER) != 0)
		JRN_TRY(jrn_funnel_any_order(work, rows, n));
	else if ((modes & ROW_BY_ROW) != 0)
		JRN_TRY(jrn_funnel_row_by_row(work, rows, n));
	else
		JRN_TRY(jrn_funnel_groups(work, rows, n));
	result->last = work->last;
	result->level = required_among(work, work->last);
	result->completions = work->completions;
	result->rows = work->best;
	return JRN_OK;
}
