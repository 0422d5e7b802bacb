/*
 * lanes.c
 *		Decisions below a chart over time (see lanes.h).
 */
#include "lanes.h"

#include <math.h>
#include <string.h>

#include "../core/sort.h"

#define HEIGHT 17.0

/* What names of alarms begin with. */
#define MARK "! "

typedef struct state_facts
{
	const char *state;
	const char *lane;			/* name of its lane */
	const char *fill;
	bool		alarm;
} state_facts;

/* Lanes from the top; what is none of these has the last one. */
static const state_facts states[JRN_LANES] = {
	{"BLOCKED", MARK "blocked", "jr-fbad", true},
	{"INVALID", MARK "invalid", "jr-fbad", true},
	{"DEGRADED", MARK "degraded", "jr-fbad", true},
	{"SWITCH", MARK "switch", "jr-f0", true},
	{"KEEP", "keep", "jr-fgood", false},
	{"INCONCLUSIVE", "inconclusive", "jr-fquiet", false},
	{NULL, "other", "jr-fquiet", false}
};


typedef struct mark
{
	size_t		lane;
	int64_t		at;
} mark;

#define MARK_LESS(ctx, x, y) ((x).lane != (y).lane ? (x).lane < (y).lane : (x).at < (y).at)
JRN_SORT_DEFINE(sort_marks, mark, int, MARK_LESS)

static size_t
lane_of(const char *state)
{
	size_t		i;

	for (i = 0; i + 1 < JRN_LANES; i++)
		if (strcmp(state, states[i].state) == 0)
			return i;
	return JRN_LANES - 1;
}

void
jrn_lanes_note(jrn_lanes *lanes, const char *state)
{
	if (state != NULL)
		lanes->used[lane_of(state)] = true;
}

const char *
jrn_lane_alarm(const char *state)
{
	if (state == NULL || !states[lane_of(state)].alarm)
		return NULL;
	return states[lane_of(state)].lane + strlen(MARK);
}

double
jrn_lanes_label_width(const jrn_lanes *lanes)
{
	double		widest = 0;
	size_t		i;

	for (i = 0; i < JRN_LANES; i++)
		if (lanes->used[i])
			widest = fmax(widest, jrn_svg_text_width(JRN_FONT_TICK, states[i].lane, strlen(states[i].lane)));
	return widest;
}

double
jrn_lanes_height(const jrn_lanes *lanes)
{
	double		height = 0;
	size_t		i;

	for (i = 0; i < JRN_LANES; i++)
		height += lanes->used[i] ? HEIGHT : 0;
	return height;
}

/* R-LAN-2 */
static jrn_status
draw_marks(const jrn_env *env, jrn_svg *s, const jrn_time_axis *time, const double tops[JRN_LANES],
		   const int64_t *at, const char *const *state, size_t count)
{
	mark	   *marks;
	size_t		n = 0;
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, count, sizeof(mark), &marks));
	for (i = 0; i < count; i++)
		if (state[i] != NULL)
		{
			marks[n].lane = lane_of(state[i]);
			marks[n++].at = at[i];
		}
	JRN_TRY(sort_marks(env, marks, n, 0));
	for (i = 0; i < n && s->body.status == JRN_OK; i++)
	{
		const state_facts *facts = &states[marks[i].lane];
		double		half = facts->alarm ? 2 : 1.5;

		if (i == 0 || marks[i - 1].at != marks[i].at || marks[i - 1].lane != marks[i].lane)
			jrn_svg_rect(s, jrn_time_at(time, marks[i].at) - half, tops[marks[i].lane] + 3, 2 * half, HEIGHT - 6, facts->fill);
	}
	jrn_release(env, marks);
	return JRN_OK;
}

jrn_status
jrn_lanes_draw(const jrn_env *env, jrn_svg *s, const jrn_lanes *lanes, const jrn_time_axis *time, const int64_t *at,
			   const char *const *state, size_t count, double left, double right, double y)
{
	double		tops[JRN_LANES];
	size_t		i;

	for (i = 0; i < JRN_LANES; i++)
	{
		tops[i] = y;
		if (!lanes->used[i])
			continue;
		jrn_svg_words(s, left - 6, jrn_svg_baseline(JRN_FONT_TICK, y + HEIGHT / 2), JRN_END, JRN_FONT_TICK, states[i].lane, 0);
		jrn_svg_line(s, left, y + HEIGHT / 2, right, y + HEIGHT / 2, "jr-grid");
		y += HEIGHT;
	}
	return draw_marks(env, s, time, tops, at, state, count);
}
