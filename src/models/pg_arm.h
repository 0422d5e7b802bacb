/*
 * pg_arm.h
 *		The column that tells which arm a row belongs to: a label, a boolean or
 *		a whole number, read as text.
 */
#ifndef JOURNEY_PG_ARM_H
#define JOURNEY_PG_ARM_H

#include "../pg/compat.h"

#include "../pg/source.h"

/* Room for the text of any whole number. */
#define JOURNEY_ARM_DIGITS 24

/* Find the column; 42804 for other types. */
extern journey_column journey_arm_column(journey_source *source, const char *name);

/*
 * The text of a value that is not null: in the tuple, or in digits.  Booleans
 * are "false" and "true".
 */
extern void journey_arm_label(const journey_column *column, Datum value, char *digits,
							  const char **bytes, Size *size);

#endif							/* JOURNEY_PG_ARM_H */
