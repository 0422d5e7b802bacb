/*
 * pg_propensity.h
 *		Logged propensities (R-STR-3 of pg_strategies.h).
 */
#ifndef JOURNEY_PG_PROPENSITY_H
#define JOURNEY_PG_PROPENSITY_H

#include "../pg/compat.h"

#include "../events/labels.h"
#include "../pg/source.h"

/* How far the probabilities of all strategies may be from adding up to 1. */
#define JOURNEY_PROPENSITY_SLACK 1e-6

typedef struct journey_propensity
{
	journey_column column;
	bool		all;			/* jsonb with the probabilities of all strategies */
} journey_propensity;

extern void journey_propensity_open(journey_propensity *propensity, journey_source *source,
									const char *name);

/* The probability of the strategy that a row took. */
extern double journey_propensity_of(const journey_propensity *propensity, TupleTableSlot *slot,
									int64 row, const jrn_label *taken);

#endif							/* JOURNEY_PG_PROPENSITY_H */
