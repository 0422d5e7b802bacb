/*
 * funnel.h
 *		How far a customer gets in an ordered list of steps within a window.
 *
 * A row is one event: its time and its mask, the set of steps it satisfies
 * (bit k - 1 for step k).  A chain is a list of rows for steps 1..k whose times
 * do not decrease and whose last time is not after the deadline of the first.
 * The level is the longest chain over all starts.
 *
 * Definition and proofs of exactness: reference/journeys.md 2.1 - 2.5.
 *
 * R-FUN-1	Of two chains at the same level the one with the later deadline can
 *			do everything the other can, so one slot per level is enough and
 *			one pass is exact.  Deadlines are compared, never starts: with
 *			months a later start may have an earlier deadline.
 * R-FUN-2	The deadline counts from step 1 and is inclusive.
 * R-FUN-3	Rows at the same instant (a tie group) may stand in any order,
 *			unless INCREASE denies ties; the row-by-row modes (ORDER,
 *			DEDUPLICATION, ADJACENT, NO_SKIP) take them in canonical order.
 * R-FUN-4	With ONCE a row serves one step of a chain: inside a tie group
 *			steps are given to distinct rows by matching.  The row-by-row
 *			modes and INCREASE do so by construction.
 * R-FUN-5	ORDER: from every start; a row of the next step advances a chain, a
 *			row of a step it has leaves it, any other row ends it.  With
 *			REENTRY rows of later steps alone leave it too.
 * R-FUN-6	DEDUPLICATION: from every start; a row of a step from the second on
 *			that a chain already has ends it.
 * R-FUN-7	ADJACENT: the rows of a chain follow each other directly; NO_SKIP:
 *			directly among the rows that match some step.
 * R-FUN-8	ANY_ORDER: the most steps given to distinct rows in one window that
 *			opens at a row matching a step.
 * R-FUN-9	A row that would advance a chain but for the deadline or INCREASE
 *			neither advances nor ends it (ORDER, DEDUPLICATION).
 * R-FUN-10	Optional steps may be left out: the predecessor of a step is the
 *			nearest reached one, walking back over optional steps only.  They
 *			do not count in the level.  Step 1 is never optional.
 * R-FUN-11	The chain reported is the first to get as far as any; its rows are
 *			its own, so times never run backwards.
 * R-FUN-12	Completions are chains that do not overlap: after one is complete,
 *			all chains begun so far are given up.
 * R-FUN-13	O(n K) in the plain and the row-by-row modes, whatever the ties.
 */
#ifndef JRN_FUNNEL_H
#define JRN_FUNNEL_H

#include <stdbool.h>

#include "../core/env.h"

#define JRN_FUNNEL_MAX_STEPS 64

typedef enum jrn_funnel_mode
{
	JRN_FUNNEL_ONCE = 1,
	JRN_FUNNEL_INCREASE = 2,
	JRN_FUNNEL_ORDER = 4,
	JRN_FUNNEL_REENTRY = 8,
	JRN_FUNNEL_DEDUPLICATION = 16,
	JRN_FUNNEL_ADJACENT = 32,
	JRN_FUNNEL_NO_SKIP = 64,
	JRN_FUNNEL_ANY_ORDER = 128
} jrn_funnel_mode;

/* A word of a mode argument and what it means. */
typedef struct jrn_funnel_word
{
	const char *word;
	unsigned	modes;
} jrn_funnel_word;

typedef struct jrn_funnel_row
{
	int64_t		ts;
	uint64_t	mask;
} jrn_funnel_row;

typedef struct jrn_funnel_spec
{
	int			steps;			/* 1 .. JRN_FUNNEL_MAX_STEPS */
	unsigned	modes;			/* of jrn_funnel_mode */
	uint64_t	optional;		/* steps that may be left out, never the first */
	int64_t		(*deadline) (void *arg, int64_t start);
	void	   *deadline_arg;
	bool		trace;			/* keep the rows of the chain reported */
} jrn_funnel_spec;

#define JRN_FUNNEL_NO_ROW UINT32_MAX

typedef struct jrn_funnel_result
{
	int			level;			/* required steps reached */
	int			last;			/* furthest step reached, 0: none */
	int64_t		completions;
	/* with trace and last > 0, valid until the next run: */
	const uint32_t *rows;		/* by step - 1; JRN_FUNNEL_NO_ROW where left out */
} jrn_funnel_result;

/* A chain that stands at some step. */
typedef struct jrn_funnel_slot
{
	int64_t		deadline;		/* JRN_FUNNEL_EMPTY: no chain */
	uint32_t   *rows;			/* steps wide; NULL without trace */
} jrn_funnel_slot;

#define JRN_FUNNEL_EMPTY INT64_MIN

/* Scratch of the engines; prepared once, used for any number of customers. */
typedef struct jrn_funnel_work
{
	const jrn_env *env;
	jrn_funnel_spec spec;
	uint64_t	required;		/* bits of required steps */
	uint64_t	next[JRN_FUNNEL_MAX_STEPS + 1]; /* steps that may follow step k */
	jrn_funnel_slot slots[JRN_FUNNEL_MAX_STEPS + 1];	/* by step, 0 unused */
	jrn_funnel_slot fresh[JRN_FUNNEL_MAX_STEPS + 1];
	jrn_funnel_slot other[JRN_FUNNEL_MAX_STEPS + 1];
	int			top;			/* no slot above it is in use */
	uint32_t   *best;			/* rows of the chain reported */
	const uint8_t *may_start;	/* by row; NULL: every row of step 1 */
	int			last;			/* furthest step so far */
	int64_t		completions;
	struct jrn_funnel_tie *ties;	/* rows of a tie group for matching */
	size_t		tie_capacity;
	uint32_t   *queue;			/* ANY_ORDER: rows that open windows */
	size_t		queue_capacity;
	uint8_t    *starts;			/* jrn_funnel_run_excluding */
	size_t		starts_capacity;
} jrn_funnel_work;

/*
 * Modes of a comma-separated list ("strict_order, allow_reentry"); blanks
 * around words do not matter, an empty list is no mode.  JRN_DOMAIN with the
 * offending word in *word and *size when it is not among the words.
 */
extern jrn_status jrn_funnel_parse_modes(const char *text, const jrn_funnel_word *words, int count,
										 unsigned *modes, const char **word, size_t *size);

/* JRN_DOMAIN for a spec outside its limits. */
extern jrn_status jrn_funnel_prepare(const jrn_env *env, const jrn_funnel_spec *spec,
									 jrn_funnel_work *work);

/*
 * Level of one customer; rows in canonical order.  may_start: rows from which
 * a chain may begin, NULL for all.  n below UINT32_MAX with trace.
 */
extern jrn_status jrn_funnel_run(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n,
								 const uint8_t *may_start, jrn_funnel_result *result);

/*
 * The same where some rows exclude (see exclusion.c).  excluded: the best chain
 * was spoiled and no clean one gets as far.
 */
extern jrn_status jrn_funnel_run_excluding(jrn_funnel_work *work, const jrn_funnel_row *rows,
										   const uint8_t *excluding, size_t n,
										   const uint8_t *may_start,
										   jrn_funnel_result *result, bool *excluded);

/* ---- between the files of the engine ---- */

typedef struct jrn_funnel_tie
{
	uint64_t	mask;
	uint32_t	row;
} jrn_funnel_tie;

extern jrn_status jrn_funnel_groups(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n);
extern jrn_status jrn_funnel_row_by_row(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n);
extern jrn_status jrn_funnel_any_order(jrn_funnel_work *work, const jrn_funnel_row *rows, size_t n);

/*
 * Give one more step to distinct rows: of holds the step of each row or -1,
 * taken the row of each step.  False when it cannot be done.
 */
extern bool jrn_funnel_augment(const jrn_funnel_tie *ties, size_t n, int step,
							   int8_t *step_of, int32_t *row_of);

/* A chain got to step k: remember it if it is the furthest; count completions. */
extern void jrn_funnel_reached(jrn_funnel_work *work, int step, const uint32_t *rows);

static inline bool
jrn_funnel_may_start(const jrn_funnel_work *work, size_t row)
{
	return work->may_start == NULL || work->may_start[row];
}

static inline void
jrn_funnel_copy_rows(const jrn_funnel_work *work, uint32_t *to, const uint32_t *from)
{
	int			k;

	for (k = 0; k < work->spec.steps; k++)
		to[k] = from[k];
}

/* Let the chain in from, or a new one where from is NULL, stand at step k by row. */
static inline void
jrn_funnel_extend(const jrn_funnel_work *work, jrn_funnel_slot *to, const jrn_funnel_slot *from,
				  int64_t deadline, int step, size_t row)
{
	int			k;

	to->deadline = deadline;
	if (!work->spec.trace)
		return;
	if (from != NULL && from != to)
		jrn_funnel_copy_rows(work, to->rows, from->rows);
	else if (from == NULL)
		for (k = 0; k < work->spec.steps; k++)
			to->rows[k] = JRN_FUNNEL_NO_ROW;
	to->rows[step - 1] = (uint32_t) row;
}

#endif							/* JRN_FUNNEL_H */
