/*
 * pg_strategies.h
 *		What the calls on strategies share: their arguments, and reading the
 *		source into a design whose rows carry the strategy taken.
 *
 * R-STR-1	Strategies are text, an enum, a boolean or whole numbers; they are
 *			numbered in byte order of their text.
 * R-STR-2	A row without an outcome, or whose outcome had not matured as of the
 *			moment asked for, is not analysed.  It is counted by strategy, and
 *			so are rows that became eligible after the decision.
 * R-STR-3	A logged propensity is a number in (0, 1], the probability of the
 *			strategy taken, or a jsonb object with the probabilities of all
 *			strategies, which add up to 1 within 1e-6.  0 for the strategy
 *			taken is an error of the data.
 */
#ifndef JOURNEY_PG_STRATEGIES_H
#define JOURNEY_PG_STRATEGIES_H

#include "../pg/compat.h"

#include "../models/pg_design.h"
#include "ledger.h"
#include "scores.h"

typedef enum journey_strategy_method
{
	JOURNEY_METHOD_DIFFERENCE,
	JOURNEY_METHOD_CUPED,
	JOURNEY_METHOD_LIN,
	JOURNEY_METHOD_AIPW,
	JOURNEY_METHOD_IPW,
	JOURNEY_METHOD_SNIPS,
	JOURNEY_METHODS
} journey_strategy_method;

typedef struct journey_strategy_call
{
	/* arguments 0 to 11 */
	journey_design_request design_request;	/* source, target = outcome, key, features, fold */
	const char *strategy;		/* column */
	const char *propensity;		/* column or NULL */
	const char *baseline;		/* as given, or NULL: the first in byte order */
	journey_strategy_method method;
	int			k;
	int			repeats;
	uint64		seed;

	/* optional, set before reading by calls that have such arguments; NULL: none */
	const char *decided_at;		/* column: time of the decision */
	const char *matured_at;		/* column: when the outcome is known */
	const char *eligible_at;	/* column: when the row became eligible */
	bool		has_as_of;
	TimestampTz as_of;
	bool		row_numbers;	/* carry the position in the source */
	bool		keep_keys;		/* remember all keys */

	/* after reading */
	journey_design *design;		/* analysed rows */
	jrn_env		env;
	jrn_plan	plan;
	journey_tempfile file;
	int			arms;			/* strategies seen in any row; one without analysed rows is small */
	char	  **names;			/* [arms] in byte order */
	int			baseline_arm;
	int64	   *rows_of_arm;	/* [arms] analysed */
	int64	   *keys_of_arm;	/* [arms] */
	double		key_effect;		/* sum of squared rows of keys over rows: what whole keys do to counts */
	jrn_ledger	ledger;			/* counts of all rows, by strategy and week (ledger.h) */
	jrn_score_request request;	/* arms, propensity, lambda, repeats are set */
} journey_strategy_call;

/* Read arguments 0 to 11; nothing else is touched. */
extern void journey_strategy_args(FunctionCallInfo fcinfo, journey_strategy_call *call);

/*
 * Read the source, check it and settle the folds.  Errors: no analysed row,
 * a single strategy, more than JRN_MAX_STRATEGIES, a baseline that does not
 * occur, k above the number of keys, bad propensities.  After it the calls
 * below, or jrn_scores_run(&call->env, &call->plan, &call->file.file,
 * &call->request, ...), can be made.
 */
extern void journey_strategy_read(journey_strategy_call *call);

/* jrn_score_table_make for the call. */
extern void journey_strategy_table(journey_strategy_call *call, bool with_x, jrn_score_table *table);

/* A strategy with fewer keys than folds gets no figures: status too_few. */
extern bool journey_strategy_is_small(const journey_strategy_call *call, int arm);

/*
 * Do strategies lack outcomes so unequally that what is known of them cannot
 * be compared (missing.h)?
 */
extern bool journey_strategy_missing_unequal(const journey_strategy_call *call);

/* A warning that tells how many rows were left out and why; for calls without such columns. */
extern void journey_strategy_warn(const journey_strategy_call *call);

extern void journey_strategy_end(journey_strategy_call *call);

#endif							/* JOURNEY_PG_STRATEGIES_H */
