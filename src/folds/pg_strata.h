/*
 * pg_strata.h
 *		Strata of a source: the values of some of its columns.
 *
 * R-STRATA-1	Every distinct value of every column is a stratum; NULL is a value
 *				of its own.  Columns are text, enum, boolean, integer or uuid: a
 *				number with a fraction or a time has to be cut into classes first.
 * R-STRATA-2	Values are told apart and ordered by the bytes of their text, NULL
 *				first; columns come in the order given.
 * R-STRATA-3	For dealing, all values of a column count, the rarest first (of
 *				equally rare ones the first by R-STRATA-2); a column of one value
 *				says nothing and is left out.  So keys of one row each give folds
 *				whose rows and whose rows of every value of a column differ by at
 *				most one.
 */
#ifndef JOURNEY_PG_STRATA_H
#define JOURNEY_PG_STRATA_H

#include "../events/labels.h"
#include "../pg/args.h"
#include "../pg/source.h"

/* More columns, or more values in all, are refused by name. */
#define JOURNEY_MAX_STRATA_COLUMNS 32
#define JOURNEY_MAX_STRATA_VALUES 1000

typedef struct journey_strata
{
	int			columns;
	char	  **names;
	journey_column *column;
	jrn_labels *values;			/* of every column; a value's bytes begin with 1, NULL's with 0 */
	const jrn_env *env;
} journey_strata;

/* Names out of argument number; NULL and the empty array are no strata. */
extern void journey_strata_arg(FunctionCallInfo fcinfo, int number, journey_strata *strata);

/* Find the columns in a source; dictionaries live in the memory of env. */
extern void journey_strata_open(journey_strata *strata, journey_source *source,
								const jrn_env *env);

/* Codes of one row's values, one per column. */
extern void journey_strata_read(journey_strata *strata, const TupleTableSlot *slot,
								uint32_t *codes);

/* Rank the values; afterwards the name of value rank of a column, palloc'd. */
extern void journey_strata_rank(journey_strata *strata);
extern char *journey_strata_value(const journey_strata *strata, int column, uint32_t rank);

#endif							/* JOURNEY_PG_STRATA_H */
