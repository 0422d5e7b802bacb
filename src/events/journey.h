/*
 * journey.h
 *		One customer's journey as every room of the core sees it.
 *
 * R-JRN-1	Events are in canonical order: ts, then event id, then touchpoint;
 *			never the physical order of rows.
 * R-JRN-2	Labels are ranks of touchpoints in byte order, 0 .. labels - 1, so
 *			comparing codes compares labels.
 */
#ifndef JRN_JOURNEY_H
#define JRN_JOURNEY_H

#include <stddef.h>
#include <stdint.h>

/* The 16-byte record: time in microseconds since 2000-01-01 UTC. */
typedef struct jrn_event
{
	int64_t		ts;
	uint32_t	label;
	uint32_t	ref;			/* index of the event's optional columns */
} jrn_event;

#endif							/* JRN_JOURNEY_H */
