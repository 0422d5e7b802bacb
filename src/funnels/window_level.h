/*
 * window_level.h
 *		Level of an ordered funnel in which one row may serve several steps.
 *
 * Definition: reference/journeys.md, 2.2 and 2.3.
 *
 * R-LEVEL-1	Of two chains at the same level the one whose deadline is later
 *				can do all that the other can, so a level needs one number.
 * R-LEVEL-2	Rows of one instant act together: their conditions are united,
 *				and steps are looked at from the first to the last, so that one
 *				instant may serve several, or, with increasing times, from the
 *				last to the first, so that each step builds on earlier instants.
 */
#ifndef JRN_WINDOW_LEVEL_H
#define JRN_WINDOW_LEVEL_H

#include "condition_list.h"

/* End of the window that begins at start, inclusive. */
typedef int64_t (*jrn_deadline_of) (void *arg, int64_t start);

typedef struct jrn_window
{
	int64_t		length;			/* microseconds, or 0: ask deadline_of */
	jrn_deadline_of deadline_of;
	void	   *arg;
} jrn_window;

/*
 * The level, 0 .. n_steps (1 .. 64).  rows are in canonical order.  O(n) plus
 * one operation per condition that holds.
 */
extern jrn_status jrn_window_level(const jrn_env *env, const jrn_moment *rows, uint32_t n,
								   int n_steps, bool increasing, const jrn_window *window,
								   int *level);

#endif							/* JRN_WINDOW_LEVEL_H */
