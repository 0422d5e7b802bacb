/*
 * exclusion.c
 *		Funnels in which some rows spoil chains.
 *
 * Definition (reference/journeys.md 2.5): an excluding row spoils every chain
 * that began before it, is not complete, and whose window holds it; a spoiled
 * chain cannot be extended, and counts only to say how far the best chain got.
 * If the best chain is spoiled and no clean chain gets as far, the customer is
 * excluded.
 *
 * R-EXC-1	The order inside one instant is free, so a chain that begins or ends
 *			at the instant of an excluding row is not cut by it.
 * R-EXC-2	A chain stands between two neighbouring excluding instants x1 and x2,
 *			both included.  It is clean when it is complete, or when its window
 *			ends before x2.
 * R-EXC-3	So each stretch from x1 to x2 is run twice at most: with all starts,
 *			which tells how far any chain got, and with the starts whose window
 *			ends before x2.  The time stays linear.
 */
#include "parts.h"

typedef struct stretch
{
	const jrn_funnel *funnel;
	jrn_funnel_work *work;
	const jrn_funnel_row *rows;	/* of the customer */
	const jrn_funnel_wish *wish;
	size_t		first;
	size_t		last;			/* behind its last row */
} stretch;

/* A run over a stretch; rows of the chain count from the customer's first. */
static jrn_status
run_stretch(const stretch *of, const jrn_funnel_wish *wish, jrn_funnel_chain *chain)
{
	jrn_funnel_wish local = *wish;
	int			k;

	if (wish->pass != NULL)
		local.pass = wish->pass + of->first;
	JRN_TRY(jrn_funnel_run(of->funnel, of->work, of->rows + of->first, of->last - of->first, &local, chain));
	for (k = 0; k < chain->level; k++)
		chain->row[k] += of->first;
	chain->end += of->first;
	return JRN_OK;
}

/* The stretch again, with the starts whose window ends before the excluding instant. */
static jrn_status
run_clean(const stretch *of, int64_t instant, jrn_funnel_chain *chain)
{
	jrn_funnel_wish wish = *of->wish;

	wish.completions = false;	/* R-EXC-2 */
	if (!wish.limited || wish.last_deadline >= instant)
		wish.last_deadline = instant - 1;
	wish.limited = true;
	return run_stretch(of, &wish, chain);
}

/*
 * End of the stretch from first: behind the instant of the next excluding row
 * that is later than the last excluding instant.
 */
static size_t
stretch_end(const jrn_funnel_row *rows, const bool *excluding, size_t n, size_t first,
			const int64_t *instant, bool *spoils)
{
	size_t		i = first;

	while (i < n && !(excluding[i] && (instant == NULL || rows[i].ts > *instant)))
		i++;
	*spoils = i < n;
	if (i < n)
	{
		int64_t		next = rows[i].ts;

		while (i < n && rows[i].ts == next)
			i++;
	}
	return i;
}

/* First row of the instant of the row before behind. */
static size_t
instant_begin(const jrn_funnel_row *rows, size_t behind)
{
	size_t		i = behind - 1;

	while (i > 0 && rows[i - 1].ts == rows[behind - 1].ts)
		i--;
	return i;
}

typedef struct verdict
{
	jrn_funnel_chain *clean;	/* best so far; level 0: none */
	jrn_funnel_chain spoiled;	/* best of all, clean or not */
	int64_t		completions;
} verdict;

static jrn_status
judge_stretch(const stretch *of, bool spoils, verdict *so_far, jrn_funnel_chain *chain)
{
	JRN_TRY(run_stretch(of, of->wish, chain));
	so_far->completions += chain->completions;
	if (chain->level > so_far->spoiled.level)
		so_far->spoiled = *chain;
	if (spoils && chain->level < of->funnel->steps && chain->level > so_far->clean->level)
		JRN_TRY(run_clean(of, of->rows[of->last - 1].ts, chain));
	else if (spoils && chain->level < of->funnel->steps)
		return JRN_OK;
	if (chain->level > so_far->clean->level)
		*so_far->clean = *chain;
	return JRN_OK;
}

jrn_status
jrn_funnel_run_excluding(const jrn_funnel *funnel, jrn_funnel_work *work, const jrn_funnel_row *rows,
						 const bool *excluding, size_t n, const jrn_funnel_wish *wish,
						 jrn_funnel_chain *chain, bool *excluded)
{
	stretch		of = {funnel, work, rows, wish, 0, 0};
	jrn_funnel_chain latest;
	verdict		so_far;
	int64_t		instant = 0;
	bool		has_instant = false;
	bool		spoils = true;

	*excluded = false;
	if (excluding == NULL)
		return jrn_funnel_run(funnel, work, rows, n, wish, chain);
	so_far.clean = chain;
	so_far.completions = 0;
	chain->level = so_far.spoiled.level = 0;
	while (spoils)
	{
		of.last = stretch_end(rows, excluding, n, of.first, has_instant ? &instant : NULL, &spoils);
		JRN_TRY(judge_stretch(&of, spoils, &so_far, &latest));
		if (!spoils || (chain->level == funnel->steps && !wish->completions))
			break;
		instant = rows[of.last - 1].ts;
		has_instant = true;
		/* R-EXC-1: the instant counts to the next stretch too, unless a completion used it up */
		of.first = latest.completions > 0 && rows[latest.end].ts == instant ?
			of.last : instant_begin(rows, of.last);
	}
	*excluded = so_far.spoiled.level > chain->level;
	if (*excluded)
		*chain = so_far.spoiled;
	chain->completions = so_far.completions;
	return JRN_OK;
}
