/*
 * window_level.c
 *		See window_level.h.
 */
#include "window_level.h"

#define NO_CHAIN INT64_MIN		/* a deadline before every row */
#define TICK_ROWS 16384

static inline int64_t
deadline_from(const jrn_window *window, int64_t start)
{
	int64_t		end;

	if (window->length == 0)
		return window->deadline_of(window->arg, start);
	return __builtin_add_overflow(start, window->length, &end) ? INT64_MAX : end;
}

/*
 * Take step k (from 1) at ts: step 1 begins a chain, a later one extends that
 * of the level below, if its deadline still holds.
 */
static inline void
take_step(int64_t *deadlines, int k, int64_t ts, const jrn_window *window, int *level)
{
	int64_t		deadline = k == 1 ? deadline_from(window, ts) : deadlines[k - 1];

	if (deadline < ts || deadline <= deadlines[k])
		return;
	deadlines[k] = deadline;
	if (k > *level)
		*level = k;
}

jrn_status
jrn_window_level(const jrn_env *env, const jrn_moment *rows, uint32_t n, int n_steps,
				 bool increasing, const jrn_window *window, int *level)
{
	int64_t		deadlines[JRN_MAX_CONDITIONS + 1];
	uint32_t	i;
	int			k;

	*level = 0;
	for (k = 0; k <= n_steps; k++)
		deadlines[k] = NO_CHAIN;
	for (i = 0; i < n && *level < n_steps;)
	{
		int64_t		ts = rows[i].ts;
		uint64_t	steps = 0;

		for (; i < n && rows[i].ts == ts; i++)
		{
			steps |= rows[i].mask;
			if ((i & (TICK_ROWS - 1)) == TICK_ROWS - 1)
				JRN_TICK(env);
		}
		/* steps behind the next one cannot be reached by earlier instants */
		if (increasing)
		{
			if (*level < 63)
				steps &= ((uint64_t) 2 << *level) - 1;
			while (steps != 0)
			{
				k = 64 - __builtin_clzll(steps);
				steps &= ~((uint64_t) 1 << (k - 1));
				take_step(deadlines, k, ts, window, level);
			}
		}
		else
			while (steps != 0)
			{
				k = __builtin_ctzll(steps) + 1;
				if (k > *level + 1)
					break;
				steps &= steps - 1;
				take_step(deadlines, k, ts, window, level);
			}
	}
	return JRN_OK;
}
