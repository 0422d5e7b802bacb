/*
 * pg_encoding.h
 *		The field "encoding" of journey.model: how columns became terms, as
 *		jsonb (shape: pg_model.h).
 */
#ifndef JOURNEY_PG_ENCODING_H
#define JOURNEY_PG_ENCODING_H

#include "../pg/compat.h"

#include "utils/jsonb.h"

#include "pg_model.h"

/*
 * The only layout so far; a later one must stay readable beside it.  The keys
 * for terms and means were added to it: a reader without them finds that the
 * terms do not agree, or refuses NULL, and never gives another number.
 */
#define JOURNEY_ENCODING_VERSION 1

/* The most levels an ordinal target may have: JRN_MAX_LEVELS of engine.h. */
#define JOURNEY_MAX_TARGET_LEVELS 100

/* jsonb of an encoding, palloc'd. */
extern Jsonb *journey_encoding_write(const journey_encoding *encoding, jrn_errors errors);

/*
 * Read and check an encoding into the current memory context: 22023 naming
 * the key that is wrong.  Keys this version does not know are ignored.
 */
extern void journey_encoding_read(Jsonb *json, journey_encoding *encoding, jrn_errors *errors);

/* Terms that an encoding gives, without an intercept, and their names. */
extern int64 journey_encoding_terms(const journey_encoding *encoding);
extern void journey_encoding_names(const journey_encoding *encoding, char **names);

#endif							/* JOURNEY_PG_ENCODING_H */
