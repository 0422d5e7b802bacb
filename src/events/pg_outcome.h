/*
 * pg_outcome.h
 *		The outcome of a customer: a column of the event source.
 *
 * R-OUT-1	An outcome is constant per customer; a customer with two of them, or
 *			with one in some rows and NULL in others, is an error naming it.
 * R-OUT-2	NULL in all rows: a censored journey, NaN.
 */
#ifndef JOURNEY_PG_OUTCOME_H
#define JOURNEY_PG_OUTCOME_H

#include "pg_events.h"

/* Outcome of a journey; c is the number of the requested column. */
extern double journey_outcome_read(const journey_events *events, const journey_event_column *column,
								   int c, const jrn_journey *journey);

#endif							/* JOURNEY_PG_OUTCOME_H */
