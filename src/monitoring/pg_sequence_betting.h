/*
 * pg_sequence_betting.h
 *		Arguments that betting_sequence and betting_e_value share.
 */
#ifndef JOURNEY_PG_SEQUENCE_BETTING_H
#define JOURNEY_PG_SEQUENCE_BETTING_H

#include "../pg/compat.h"

/*
 * low and high, arguments 2 and 3: not NULL, finite, low below high (checked
 * at the first row), the same in all rows (compared with what they hold).
 */
extern void journey_betting_limits(FunctionCallInfo fcinfo, bool first, double *low, double *high);

/* A finite value on [0, 1]; outside the limits it is refused by name. */
extern double journey_betting_scaled(const char *name, double x, double low, double high);

/* Refuse states whose arguments differ. */
extern void journey_betting_same(const char *name, double mine, double other);

#endif							/* JOURNEY_PG_SEQUENCE_BETTING_H */
