/*
 * funnel.h
 *		Ordered funnels over the rows of one customer: how far did the best
 *		chain of steps get, which rows did it match, how often was it completed.
 *
 * Definitions (reference/journeys.md 2.1 to 2.5).  A row has a time and a mask:
 * bit k - 1 is set when it satisfies step k, 1 <= k <= 64.  A chain r1 .. rk
 * has step i in the mask of ri, times that do not decrease, and no row after
 * the deadline of r1 (inclusive).  The level is the length of the longest
 * chain over all starts, 0 when no row matches step 1.
 *
 * R-FUN-1	Exact: no start is given up, whatever broke before it.  Of two chains
 *			at a level the one with the later deadline can do all the other can,
 *			so one slot a level is enough; deadlines are compared, never starts,
 *			because a month from a later start may end earlier.
 * R-FUN-2	Rows are in canonical order.  The order inside one instant matters to
 *			the modes that walk row by row, and to no other.
 * R-FUN-3	Time is linear in rows, and a row costs by the steps it satisfies;
 *			memory is one vector of rows a level, none where only levels are asked.
 * R-FUN-4	The chain reported is the first to reach the highest level: of the
 *			chains that reach it at that moment the one with the latest deadline.
 *
 * Modes, as flags that combine.  Without one a row may serve several steps
 * (the default of ClickHouse's windowFunnel).
 *
 *	ONCE		each row serves one step of a chain; inside one instant the
 *				order of rows is free.
 *	INCREASE	each step is later than the one before.
 *	ORDER		for a chain at level j: a row with step j + 1 advances it, one
 *				with a step <= j leaves it, any other row ends it.
 *	REENTRY		with ORDER: a row that satisfies only later steps leaves it too.
 *	DEDUPLICATION	a row with a step >= 2 that the chain has ends it.
 *	ADJACENT	a row that does not advance a chain ends it.
 *	NO_SKIP		the same, over the rows that satisfy a step.
 *	ANY_ORDER	the most steps matched to different rows inside one window that
 *				opens at a row matching a step; alone.
 *
 * ORDER, DEDUPLICATION, ADJACENT and NO_SKIP walk row by row and use each row
 * once; joined, a chain ends where one of them ends it.  With ORDER and with
 * DEDUPLICATION a row that would advance a chain but for the deadline or for
 * INCREASE neither advances nor ends it.
 */
#ifndef JRN_FUNNEL_H
#define JRN_FUNNEL_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_FUNNEL_MAX_STEPS 64

#define JRN_FUNNEL_ONCE				(1u << 0)
#define JRN_FUNNEL_INCREASE			(1u << 1)
#define JRN_FUNNEL_ORDER			(1u << 2)
#define JRN_FUNNEL_REENTRY			(1u << 3)
#define JRN_FUNNEL_DEDUPLICATION	(1u << 4)
#define JRN_FUNNEL_ADJACENT			(1u << 5)
#define JRN_FUNNEL_NO_SKIP			(1u << 6)
#define JRN_FUNNEL_ANY_ORDER		(1u << 7)
#define JRN_FUNNEL_ORDERED			(1u << 8)	/* the word only; no rule of its own */

/* The modes of the table functions, and of the aggregate. */
#define JRN_FUNNEL_TABLE_MODES \
	(JRN_FUNNEL_ORDERED | JRN_FUNNEL_INCREASE | JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY | \
	 JRN_FUNNEL_ADJACENT | JRN_FUNNEL_NO_SKIP | JRN_FUNNEL_ANY_ORDER)
#define JRN_FUNNEL_AGGREGATE_MODES \
	(JRN_FUNNEL_ONCE | JRN_FUNNEL_INCREASE | JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY | \
	 JRN_FUNNEL_DEDUPLICATION)
#define JRN_FUNNEL_ROW_BY_ROW \
	(JRN_FUNNEL_ORDER | JRN_FUNNEL_DEDUPLICATION | JRN_FUNNEL_ADJACENT | JRN_FUNNEL_NO_SKIP)

typedef enum jrn_funnel_mode_fault
{
	JRN_FUNNEL_MODE_OK = 0,
	JRN_FUNNEL_MODE_UNKNOWN,	/* word is not one of allowed */
	JRN_FUNNEL_MODE_EMPTY,		/* nothing between two commas */
	JRN_FUNNEL_MODE_NEEDS_ORDER,	/* allow_reentry without strict_order */
	JRN_FUNNEL_MODE_ALONE		/* any_order with a mode about order */
} jrn_funnel_mode_fault;

/*
 * Modes of a comma-separated list, blanks around words ignored; only those in
 * allowed are known.  On a fault *word and *size are the word at fault, inside
 * text.
 */
extern jrn_funnel_mode_fault jrn_funnel_mode_parse(const char *text, unsigned allowed,
												   unsigned *mode, const char **word,
												   size_t *size);

/* The words of some modes, for a hint: "strict_order, strict_increase". */
extern void jrn_funnel_mode_words(unsigned modes, char *out, size_t size);

typedef struct jrn_funnel_row
{
	int64_t		ts;
	uint64_t	mask;
} jrn_funnel_row;

/*
 * Canonical order where there is no event id: time, lowest step (rows that
 * match nothing first), mask.  For qsort-like sorts.
 */
static inline bool
jrn_funnel_row_before(const jrn_funnel_row *a, const jrn_funnel_row *b)
{
	uint64_t	low_a = a->mask & (~a->mask + 1),
				low_b = b->mask & (~b->mask + 1);

	if (a->ts != b->ts)
		return a->ts < b->ts;
	if (low_a != low_b)
		return low_a < low_b;
	return a->mask < b->mask;
}

/* The last moment of a window that starts at start; never before start. */
typedef int64_t (*jrn_deadline) (void *arg, int64_t start);

typedef struct jrn_funnel
{
	int			steps;			/* 1 .. 64; masks have no higher bit */
	unsigned	mode;
	jrn_deadline deadline;
	void	   *deadline_arg;
} jrn_funnel;

/* Scratch that may serve many customers; begins as {env}, freed by the host. */
typedef struct jrn_funnel_work
{
	const jrn_env *env;
	size_t	   *paths;			/* vectors of chains, once chains are asked for */
	struct jrn_funnel_match *match; /* once a tie needs a matching */
} jrn_funnel_work;

static inline void
jrn_funnel_work_init(jrn_funnel_work *work, const jrn_env *env)
{
	work->env = env;
	work->paths = NULL;
	work->match = NULL;
}

/* The level alone: nothing is allocated but for ties of ONCE. */
extern jrn_status jrn_funnel_level(const jrn_funnel *funnel, jrn_funnel_work *work,
								   const jrn_funnel_row *rows, size_t n, int *level);

/* What else may be asked of a run; zeros ask for nothing. */
typedef struct jrn_funnel_wish
{
	/*
	 * Bit k - 1 of pass[i]: row i is an optional step behind step k, so it does
	 * not end a chain at level k.  NULL: no optional steps.
	 */
	const uint64_t *pass;
	bool		completions;	/* count them all; else stop at the first */
	bool		limited;		/* only starts whose deadline is <= last_deadline */
	int64_t		last_deadline;
} jrn_funnel_wish;

typedef struct jrn_funnel_chain
{
	int			level;
	int64_t		completions;	/* that do not overlap; 0 or 1 unless wished */
	size_t		end;			/* last row of the last completion, if any */
	size_t		row[JRN_FUNNEL_MAX_STEPS];	/* matched rows; in order of time */
} jrn_funnel_chain;

extern jrn_status jrn_funnel_run(const jrn_funnel *funnel, jrn_funnel_work *work,
								 const jrn_funnel_row *rows, size_t n,
								 const jrn_funnel_wish *wish, jrn_funnel_chain *chain);

/*
 * The same where some rows exclude (exclusion.c); excluding may be NULL.
 * *excluded: the best chain was spoiled and no clean one gets as far; chain is
 * then the spoiled one.
 */
extern jrn_status jrn_funnel_run_excluding(const jrn_funnel *funnel, jrn_funnel_work *work,
										   const jrn_funnel_row *rows, const bool *excluding,
										   size_t n, const jrn_funnel_wish *wish,
										   jrn_funnel_chain *chain, bool *excluded);

#endif							/* JRN_FUNNEL_H */
