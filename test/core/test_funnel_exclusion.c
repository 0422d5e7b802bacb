/*
 * test_funnel_exclusion.c
 *		Funnels with excluding rows against all chains, and the tally.
 *
 * The oracle finds every chain, drops those that an excluding instant cuts
 * (strictly between its first and last row), and calls one clean when it is
 * complete or no excluding row lies in (first row, deadline].
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/funnels/funnel.h"
#include "../../src/funnels/tally.h"

#define MOST_ROWS 8
#define TIMES 16

typedef struct small
{
	jrn_funnel_row rows[MOST_ROWS];
	bool		excluding[MOST_ROWS];
	int			n;
	int			steps;
	unsigned	mode;
	int64_t		deadlines[TIMES];
	int			best;			/* of chains that are not cut */
	int			clean;
} small;

static uint64_t rng = 88172645463325252u;

static int
below(int n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (int) ((rng >> 11) % (uint64_t) n);
}

static int64_t
table_deadline(void *arg, int64_t start)
{
	return ((const small *) arg)->deadlines[start];
}

/* A chain of a level from a row at start to one at last. */
static void
judge(small *c, int level, int64_t start, int64_t last)
{
	bool		clean = true;
	int			i;

	for (i = 0; i < c->n; i++)
	{
		int64_t		x = c->rows[i].ts;

		if (!c->excluding[i])
			continue;
		if (start < x && x < last)
			return;
		if (level < c->steps && start < x && x <= c->deadlines[start])
			clean = false;
	}
	if (level > c->best)
		c->best = level;
	if (clean && level > c->clean)
		c->clean = level;
}

/* Every chain of the modes that take an instant together. */
static void
all_chains(small *c, int level, int64_t start, int64_t last, unsigned used)
{
	int			i;

	judge(c, level, start, last);
	for (i = 0; level < c->steps && i < c->n; i++)
	{
		int64_t		ts = c->rows[i].ts;

		if ((c->rows[i].mask >> level & 1) == 0 || ts > c->deadlines[start] || ts < last ||
			((c->mode & JRN_FUNNEL_INCREASE) != 0 && ts == last) ||
			((c->mode & JRN_FUNNEL_ONCE) != 0 && (used >> i & 1) != 0))
			continue;
		all_chains(c, level + 1, start, ts, used | 1u << i);
	}
}

/* The chain from a row in the modes that walk. */
static void
walk_on(small *c, int level, int64_t start, int64_t last, int at)
{
	uint64_t	mask;

	judge(c, level, start, last);
	for (; at < c->n && level < c->steps; at++)
	{
		mask = c->rows[at].mask;
		if ((mask >> level & 1) != 0 && c->rows[at].ts <= c->deadlines[start])
		{
			walk_on(c, level + 1, start, c->rows[at].ts, at + 1);
			return;
		}
		if (mask == 0 && c->mode == JRN_FUNNEL_NO_SKIP)
			continue;
		if (c->mode == JRN_FUNNEL_ORDER &&
			((mask >> level & 1) != 0 || (mask & (((uint64_t) 1 << level) - 1)) != 0))
			continue;
		return;
	}
}

static void
oracle(small *c)
{
	int			i;

	c->best = c->clean = 0;
	for (i = 0; i < c->n; i++)
		if ((c->rows[i].mask & 1) != 0)
		{
			if ((c->mode & JRN_FUNNEL_ROW_BY_ROW) != 0)
				walk_on(c, 1, c->rows[i].ts, c->rows[i].ts, i + 1);
			else
				all_chains(c, 1, c->rows[i].ts, c->rows[i].ts, 1u << i);
		}
}

static void
draw(small *c)
{
	int			window = 1 + below(8);
	int			kind = below(3);
	int			spread = 2 + below(TIMES - 3);
	int			i,
				j;

	c->steps = 1 + below(3);
	c->n = below(MOST_ROWS + 1);
	for (i = 0; i < TIMES; i++)
		c->deadlines[i] = i + (kind == 0 ? window : kind == 1 ? below(window + 3) : 1000);
	for (i = 0; i < c->n; i++)
	{
		jrn_funnel_row row;
		bool		excluding = below(4) == 0;

		row.ts = below(spread);
		row.mask = excluding ? 0 : below(2) ? (uint64_t) 1 << below(c->steps) : (uint64_t) below(1 << c->steps);
		for (j = i; j > 0 && jrn_funnel_row_before(&row, &c->rows[j - 1]); j--)
		{
			c->rows[j] = c->rows[j - 1];
			c->excluding[j] = c->excluding[j - 1];
		}
		c->rows[j] = row;
		c->excluding[j] = excluding;
	}
}

static bool
agrees(small *c, const jrn_env *env)
{
	jrn_funnel	funnel;
	jrn_funnel_work work;
	jrn_funnel_chain chain;
	jrn_funnel_wish wish = {0};
	bool		excluded,
				again;
	int			level;

	oracle(c);
	funnel.steps = c->steps;
	funnel.mode = c->mode;
	funnel.deadline = table_deadline;
	funnel.deadline_arg = c;
	jrn_funnel_work_init(&work, env);
	if (jrn_funnel_run_excluding(&funnel, &work, c->rows, c->excluding, (size_t) c->n, &wish, &chain, &excluded) != JRN_OK)
		return false;
	level = chain.level;
	if (excluded != (c->best > c->clean) || level != (excluded ? c->best : c->clean))
		return false;
	if (level > 0 && (chain.row[level - 1] >= (size_t) c->n ||
					  c->rows[chain.row[level - 1]].ts > c->deadlines[c->rows[chain.row[0]].ts] ||
					  (c->rows[chain.row[0]].mask & 1) == 0))
		return false;
	wish.completions = true;
	if (jrn_funnel_run_excluding(&funnel, &work, c->rows, c->excluding, (size_t) c->n, &wish, &chain, &again) != JRN_OK)
		return false;
	return again == excluded && chain.level == level && (chain.completions > 0) == (level == c->steps) &&
		(c->mode == 0 || chain.completions * c->steps <= c->n);
}

static void
test_random(void)
{
	static const unsigned modes[] = {0, JRN_FUNNEL_ONCE, JRN_FUNNEL_INCREASE, JRN_FUNNEL_ORDER,
	JRN_FUNNEL_ADJACENT, JRN_FUNNEL_NO_SKIP};
	const char *wanted = getenv("JRN_FUNNEL_CASES");
	int			cases = wanted == NULL ? 8000 : atoi(wanted);
	jrn_env		env = host_env();
	size_t		m;
	small		c;

	memset(&c, 0, sizeof(c));
	for (m = 0; m < sizeof(modes) / sizeof(modes[0]); m++)
	{
		int			wrong = 0,
					excluded = 0,
					i;

		c.mode = modes[m];
		for (i = 0; i < cases; i++)
		{
			draw(&c);
			if (!agrees(&c, &env))
				wrong++;
			excluded += c.best > c.clean;
			host_reset();
		}
		ok_int(wrong, 0, "R-EXC-2 exclusions, mode %u: %d random cases against all chains", modes[m], cases);
		ok(excluded > cases / 50 && excluded < cases, "exclusions, mode %u: %d excluded", modes[m], excluded);
	}
}

static void
test_tally(void)
{
	jrn_env		env = host_env();
	jrn_funnel_tally tally;
	int64_t		at[3] = {1000000, 3000000, 0};
	int			i;
	bool		fine = true;

	memset(&tally, 0, sizeof(tally));
	for (i = 4; i > 0; i--)
	{
		at[2] = 3000000 + (int64_t) i * 10000000;
		fine = fine && jrn_funnel_tally_add(&env, &tally, i > 1 ? 3 : 2, at, i == 3 ? 2 : 0) == JRN_OK;
	}
	ok(fine && jrn_funnel_tally_add(&env, &tally, 1, at, 0) == JRN_OK && jrn_funnel_tally_sort(&env, &tally, 3) == JRN_OK,
	   "five customers");
	ok_int(jrn_funnel_tally_reached(&tally, 1), 5, "reached step 1");
	ok_int(jrn_funnel_tally_reached(&tally, 2), 4, "R-TAL-1 reached step 2");
	ok_int(jrn_funnel_tally_reached(&tally, 3), 3, "reached step 3");
	ok_int(tally.optional[1], 1, "one optional step");
	ok_close(jrn_funnel_tally_quantile(&tally, 3, 0.5), 32, 1e-15, "R-TAL-2 median of 22, 32, 42");
	ok_close(jrn_funnel_tally_quantile(&tally, 3, 0.25), 27, 1e-15, "lower quartile");
	ok_close(jrn_funnel_tally_quantile(&tally, 3, 0.9), 40, 1e-15, "nine tenths");
	ok(isnan(jrn_funnel_tally_quantile(&tally, 4, 0.5)), "nobody: no quantile");
	host_reset();
}

static jrn_status
excluding_run(const jrn_env *env, void *arg)
{
	static const jrn_funnel_row rows[] = {{0, 1}, {1, 0}, {2, 1}, {3, 3}, {3, 3}, {5, 0}};
	static const bool excluding[] = {false, true, false, false, false, true};
	jrn_funnel	funnel = {3, JRN_FUNNEL_ONCE, table_deadline, arg};
	jrn_funnel_work work;
	jrn_funnel_chain chain;
	jrn_funnel_wish wish = {0};
	bool		excluded;

	jrn_funnel_work_init(&work, env);
	return jrn_funnel_run_excluding(&funnel, &work, rows, excluding, 6, &wish, &chain, &excluded);
}

void
test_funnel_exclusion(void)
{
	small		c;

	test_random();
	test_tally();
	memset(&c, 0, sizeof(c));
	ok_survives(excluding_run, &c, "exclusions");
}
