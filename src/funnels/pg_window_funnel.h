/*
 * pg_window_funnel.h
 *		The mode argument of window_funnel, for the shared state.
 */
#ifndef JOURNEY_WINDOW_FUNNEL_H
#define JOURNEY_WINDOW_FUNNEL_H

#include "../pg/compat.h"

/* Modes of a text (JRN_FUNNEL_...); an unknown or impossible one is refused. */
extern uint8 journey_funnel_mode(const char *mode);

/* The modes of a state as a user would write them, palloc'd. */
extern char *journey_funnel_mode_text(uint8 mode);

/* Could journey_funnel_mode have given this? */
extern bool journey_funnel_mode_sound(uint8 mode);

/* Does this mode look at rows where no condition holds? */
extern bool journey_funnel_keeps_all(uint8 mode);

#endif							/* JOURNEY_WINDOW_FUNNEL_H */
