/*
 * ledger.h
 *		Counts of rows by strategy and week: assigned, analysed, and left out
 *		by reason (pure core).
 */
#ifndef JRN_LEDGER_H
#define JRN_LEDGER_H

#include <stdbool.h>

#include "../core/env.h"

typedef struct jrn_ledger_counts
{
	int64_t		assigned;		/* all rows */
	int64_t		missing;		/* matured, but without an outcome */
	int64_t		immature;		/* the outcome was not due yet */
	int64_t		late;			/* eligible only after the decision; analysed nevertheless */
} jrn_ledger_counts;

typedef struct jrn_ledger_week
{
	int64_t		week;			/* whole weeks from 2000-01-03 (a Monday) UTC, rounded down */
	int32_t		arm;
	jrn_ledger_counts counts;
} jrn_ledger_week;

typedef struct jrn_ledger
{
	const jrn_env *env;
	int			arms;			/* strategies seen, by code in order of appearance until settled */
	jrn_ledger_counts *of_arm;	/* [arms] */
	size_t		arm_capacity;
	jrn_ledger_week *weeks;		/* sorted by week, then arm, once settled; empty without decided_at */
	size_t		week_count;
	size_t		week_capacity;
	size_t	   *slots;			/* open addressing: place + 1 */
	size_t		slot_count;
} jrn_ledger;

typedef enum jrn_ledger_fate
{
	JRN_FATE_ANALYSED,
	JRN_FATE_MISSING,
	JRN_FATE_IMMATURE
} jrn_ledger_fate;

extern jrn_status jrn_strategy_ledger_begin(jrn_ledger *ledger, const jrn_env *env);

/* One row; has_week false: no decision time. */
extern jrn_status jrn_strategy_ledger_add(jrn_ledger *ledger, uint32_t code, bool has_week, int64_t week,
								 jrn_ledger_fate fate, bool late);

/* Renumber arms: code c becomes rank_of_code[c]; then of_arm and weeks are in order. */
extern jrn_status jrn_strategy_ledger_settle(jrn_ledger *ledger, const uint32_t *rank_of_code, int arms);

#endif							/* JRN_LEDGER_H */
