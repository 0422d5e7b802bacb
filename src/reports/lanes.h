/*
 * lanes.h
 *		Decisions of runs as lanes below a chart over time: a lane for every
 *		state that occurs, named in words, with a mark for every run.
 *
 * R-LAN-1	Those that call for action come first and are marked in their name;
 *			no meaning hangs on colour alone.
 * R-LAN-2	Marks are never thinned: an alarm is seen however many runs there
 *			are.  Equal marks are drawn once.
 */
#ifndef JRN_LANES_H
#define JRN_LANES_H

#include "axis.h"

/* Those of journey.validation_decision, and one for all others. */
#define JRN_LANES 7

typedef struct jrn_lanes
{
	bool		used[JRN_LANES];
} jrn_lanes;

/* A state that occurs; NULL is none. */
extern void jrn_lanes_note(jrn_lanes *lanes, const char *state);

/* A state that calls for action, in words; NULL: it does not. */
extern const char *jrn_lane_alarm(const char *state);

extern double jrn_lanes_label_width(const jrn_lanes *lanes);
extern double jrn_lanes_height(const jrn_lanes *lanes);

/* Lanes from y down between left and right, their names at the left. */
extern jrn_status jrn_lanes_draw(const jrn_env *env, jrn_svg *s, const jrn_lanes *lanes, const jrn_time_axis *time,
								 const int64_t *at, const char *const *state, size_t count,
								 double left, double right, double y);

#endif							/* JRN_LANES_H */
