/*
 * ledger.h
 *		Rows of counters under a number, such as a period.
 *
 * R-LED-1	Rows come out by ascending number, whatever the order of arrival.
 * R-LED-2	At most JRN_LEDGER_MAX counters in all (JRN_LIMIT).
 */
#ifndef JRN_LEDGER_H
#define JRN_LEDGER_H

#include "../core/env.h"

/* 80 MB of counters. */
#define JRN_LEDGER_MAX (10 * 1000 * 1000)

typedef struct jrn_ledger
{
	const jrn_env *env;
	size_t		width;			/* counters of a row */
	int64_t    *numbers;		/* by row */
	int64_t    *counters;		/* by row */
	size_t		rows;
	size_t		number_capacity;
	size_t		counter_capacity;	/* in rows */
	uint32_t   *slots;			/* row + 1; 0: free */
	size_t		slot_count;
} jrn_ledger;

extern jrn_status jrn_ledger_begin(jrn_ledger *ledger, const jrn_env *env, size_t width);

/* Counters of a number, new ones all 0; valid until the next call. */
extern jrn_status jrn_ledger_row(jrn_ledger *ledger, int64_t number, int64_t **counters);

/* Counters of a number, NULL when it has none. */
extern int64_t *jrn_ledger_find(const jrn_ledger *ledger, int64_t number);

/* The numbers, ascending; nothing may be added afterwards. */
extern jrn_status jrn_ledger_order(const jrn_ledger *ledger, int64_t **numbers);

#endif							/* JRN_LEDGER_H */
