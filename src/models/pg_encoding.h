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

/* The only layout so far; a later one must stay readable beside it. */
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

#endif							/* JOURNEY_PG_ENCODING_H */
