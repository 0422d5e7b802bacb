/*
 * funnel.c
 *		Entry points of the funnel (see funnel.h).
 */
#include "parts.h"

static jrn_status
run(jrn_funnel_state *state)
{
	unsigned	mode = state->funnel->mode;

	if (state->funnel->steps < 1 || state->funnel->steps > JRN_FUNNEL_MAX_STEPS)
		return JRN_DOMAIN;
	state->best = 0;
	state->done = false;
	jrn_funnel_clear(state);
	if ((mode & JRN_FUNNEL_ANY_ORDER) != 0)
		return jrn_funnel_any_order(state);
	if ((mode & JRN_FUNNEL_ROW_BY_ROW) != 0)
		return jrn_funnel_walk(state);
	return jrn_funnel_groups(state);
}

jrn_status
jrn_funnel_level(const jrn_funnel *funnel, jrn_funnel_work *work, const jrn_funnel_row *rows,
				 size_t n, int *level)
{
	jrn_funnel_state state;

	state.funnel = funnel;
	state.work = work;
	state.rows = rows;
	state.n = n;
	state.wish = NULL;
	state.chain = NULL;
	state.paths = NULL;
	JRN_TRY(run(&state));
	*level = state.best;
	return JRN_OK;
}

jrn_status
jrn_funnel_run(const jrn_funnel *funnel, jrn_funnel_work *work, const jrn_funnel_row *rows,
			   size_t n, const jrn_funnel_wish *wish, jrn_funnel_chain *chain)
{
	jrn_funnel_state state;

	if (work->paths == NULL)
		JRN_TRY(jrn_alloc_array(work->env,
								(size_t) JRN_FUNNEL_SETS * JRN_FUNNEL_MAX_STEPS * JRN_FUNNEL_MAX_STEPS,
								sizeof(size_t), &work->paths));
	state.funnel = funnel;
	state.work = work;
	state.rows = rows;
	state.n = n;
	state.wish = wish;
	state.chain = chain;
	state.paths = work->paths;
	chain->completions = 0;
	chain->end = 0;
	JRN_TRY(run(&state));
	chain->level = state.best;
	return JRN_OK;
}
