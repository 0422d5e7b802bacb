/*
 * pg_strategy_scores.c
 *		SQL binding of strategy_scores(): a row for every row of the source and
 *		strategy.
 */
#include "pg_strategies.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(journey_strategy_scores);

enum
{
	SCORE_KEY, SCORE_ROW_NUMBER, SCORE_FOLD, SCORE_STRATEGY, SCORE_ASSIGNED, SCORE_PROPENSITY,
	SCORE_SCORE, SCORE_COLUMNS
};

/* Numbers of a row and strategy; NaN is NULL. */
static void
set_number(Datum *values, bool *nulls, int column, double number)
{
	values[column] = Float8GetDatum(number);
	nulls[column] = isnan(number);
}

static void
put_row(ReturnSetInfo *rsinfo, const journey_strategy_call *call, const jrn_score_table *table,
		Datum *names, size_t i, Datum key)
{
	Datum		values[SCORE_COLUMNS] = {0};
	bool		nulls[SCORE_COLUMNS] = {0};
	int			a;

	values[SCORE_KEY] = key;
	nulls[SCORE_KEY] = call->design_request.key == NULL;
	values[SCORE_ROW_NUMBER] = Int64GetDatum(table->number[i]);
	values[SCORE_FOLD] = Int32GetDatum(table->fold[i] + 1);
	for (a = 0; a < call->arms; a++)
	{
		values[SCORE_STRATEGY] = names[a];
		values[SCORE_ASSIGNED] = BoolGetDatum(table->arm[i] == a);
		set_number(values, nulls, SCORE_PROPENSITY, table->propensity[i * (size_t) table->arms + (size_t) a]);
		set_number(values, nulls, SCORE_SCORE, table->score[i * (size_t) table->arms + (size_t) a]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

static void
put_rows(ReturnSetInfo *rsinfo, const journey_strategy_call *call, const jrn_score_table *table)
{
	const jrn_design *core = &call->design->core;
	MemoryContext key_context = AllocSetContextCreate(CurrentMemoryContext, "journey key",
													  ALLOCSET_SMALL_SIZES);
	Datum	   *names = palloc((Size) call->arms * sizeof(Datum));
	Datum		key = (Datum) 0;
	int64		last = -1;
	size_t		i;
	int			a;

	for (a = 0; a < call->arms; a++)
		names[a] = CStringGetTextDatum(call->names[a]);
	for (i = 0; i < table->n; i++)
	{
		int64		cluster = table->cluster[i];

		if (i % 256 == 0)
			CHECK_FOR_INTERRUPTS();
		if (call->design_request.key != NULL && cluster != last)
		{
			MemoryContext old;

			MemoryContextReset(key_context);
			old = MemoryContextSwitchTo(key_context);
			key = CStringGetTextDatum(journey_key_text(call->design->key_kind, core->cluster_key[cluster],
													   core->cluster_key_size[cluster]));
			MemoryContextSwitchTo(old);
			last = cluster;
		}
		put_row(rsinfo, call, table, names, i, key);
	}
	MemoryContextDelete(key_context);
}

/* strategy_scores(the arguments that the calls share) */
Datum
journey_strategy_scores(PG_FUNCTION_ARGS)
{
	journey_strategy_call call;
	jrn_score_table table;

	journey_init_materialized(fcinfo);
	journey_strategy_args(fcinfo, &call);
	call.row_numbers = true;
	call.keep_keys = true;
	journey_strategy_read(&call);
	journey_strategy_warn(&call);
	journey_strategy_table(&call, false, &table);
	put_rows((ReturnSetInfo *) fcinfo->resultinfo, &call, &table);
	journey_strategy_end(&call);
	return (Datum) 0;
}
