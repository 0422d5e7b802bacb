/*
 * pg_levels.h
 *		Levels of an ordinal target: numbers as they are, enums by their place
 *		in the type.
 *
 * R-LEV-1	An enum value is the number of its place in the type, from 1, in the
 *			order of the type, which is not that of bytes or of creation.
 * R-LEV-2	Text has no order that a program could know and is refused.
 */
#ifndef JOURNEY_PG_LEVELS_H
#define JOURNEY_PG_LEVELS_H

#include "../pg/compat.h"

#include "../pg/source.h"
#include "model.h"
#include "pg_model.h"

typedef struct journey_enum_places
{
	Oid			type;
	int			count;
	Oid		   *values;			/* in the order of the type */
	char	  **labels;
} journey_enum_places;

/* The places of a target that is an enum; NULL: it is a number.  42804 for text. */
extern journey_enum_places *journey_enum_target(const journey_source *source, const char *name);

extern double journey_enum_place(const journey_enum_places *places, Datum value);

/* Levels of a fitted ordinal model, for its encoding; type as in journey_design. */
extern void journey_give_levels(const jrn_model *model, Oid type, journey_encoding *encoding);

#endif							/* JOURNEY_PG_LEVELS_H */
