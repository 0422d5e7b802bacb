/*
 * matching.c
 *		Steps to distinct rows: one augmenting path of bipartite matching.
 *
 * Textbook algorithm (Hopcroft and Karp 1973, without their phases), with rows
 * that were looked at marked, so a path costs O(rows) and a few bit tests.
 */
#include "funnel.h"

#define MOST_TIES ((size_t) JRN_FUNNEL_MAX_STEPS * JRN_FUNNEL_MAX_STEPS)

bool
jrn_funnel_augment(const jrn_funnel_tie *ties, size_t n, int step, int8_t *step_of, int32_t *row_of)
{
	uint64_t	visited[JRN_FUNNEL_MAX_STEPS] = {0};
	int			queue[JRN_FUNNEL_MAX_STEPS];
	int			head = 0;
	int			tail = 0;
	int8_t		came_from[JRN_FUNNEL_MAX_STEPS];	/* the step that wants this step's row */

	if (n > MOST_TIES)
		n = MOST_TIES;
	came_from[step - 1] = -1;
	queue[tail++] = step - 1;
	while (head < tail)
	{
		int			wanting = queue[head++];
		size_t		i;

		for (i = 0; i < n; i++)
		{
			int			holder = step_of[i];

			if ((ties[i].mask >> wanting & 1) == 0 || (visited[i / 64] >> (i % 64) & 1) != 0)
				continue;
			visited[i / 64] |= UINT64_C(1) << (i % 64);
			if (holder >= 0)
			{
				/* its holder must find another row */
				came_from[holder] = (int8_t) wanting;
				queue[tail++] = holder;
				continue;
			}
			/* a free row: every step on the way takes the row found for it */
			for (;;)
			{
				int32_t		given_up = row_of[wanting];

				step_of[i] = (int8_t) wanting;
				row_of[wanting] = (int32_t) i;
				if (came_from[wanting] < 0)
					return true;
				i = (size_t) given_up;
				wanting = came_from[wanting];
			}
		}
	}
	return false;
}
