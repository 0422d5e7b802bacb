/*
 * pg_funnel.c
 *		journey.funnel: how many customers of an event source reach each step.
 *
 * R-FNL-1	A customer counts once, by the best chain over all starts; excluded
 *			customers (exclusion.c) count nowhere but in their own column.
 * R-FNL-2	A start is mature when its window ends at as_of or before.  With
 *			as_of only mature starts count, completed or not: a start that may
 *			still be completed is no failure, and to keep only the completed
 *			ones of its age would make rates too high.  Entrants without a
 *			mature start are immature.
 * R-FNL-3	The segment of a customer is that of the event matched to step 1.
 * R-FNL-4	Segments come in byte order, those without one as "(none)" before
 *			the block of all, whose segment is NULL.
 */
#include "pg_funnel.h"

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../core/dist.h"
#include "../pg/args.h"
#include "tally.h"

#define COLUMNS 18
#define BREAKDOWN 6				/* arguments */
#define AS_OF 7
#define LEVEL 0.95

typedef struct funnel_table
{
	funnel_call call;
	bool		breakdown;
	bool		mature_only;
	jrn_funnel_tally all;
	jrn_funnel_tally none;		/* segment is NULL */
	bool		has_none;
	jrn_funnel_tally **segments;	/* by rank; NULL: no entrant */
	size_t		segment_count;
} funnel_table;

/* The tally of the segment of the event that a chain begins with. */
static jrn_status
segment_of(funnel_table *table, const jrn_journey *journey, const jrn_funnel_chain *chain,
		   jrn_funnel_tally **tally)
{
	/* R-FNL-3 */
	double		rank = jrn_journey_column(journey, table->call.event_of[chain->row[0]], 0);

	if (isnan(rank))
	{
		table->has_none = true;
		*tally = &table->none;
		return JRN_OK;
	}
	if (table->segments == NULL)
	{
		table->segment_count = table->call.events->core.column_labels[0]->count;
		JRN_TRY(jrn_alloc_zeroed(&table->call.env, table->segment_count, sizeof(jrn_funnel_tally *),
								 &table->segments));
	}
	if (table->segments[(size_t) rank] == NULL)
		JRN_TRY(jrn_alloc_zeroed(&table->call.env, 1, sizeof(jrn_funnel_tally),
								 &table->segments[(size_t) rank]));
	*tally = table->segments[(size_t) rank];
	return JRN_OK;
}

/* What one customer is to the funnel. */
typedef struct customer_fate
{
	jrn_funnel_chain chain;
	bool		immature;
	bool		excluded;
} customer_fate;

static jrn_status
decide(funnel_table *table, customer_fate *fate)
{
	funnel_call *call = &table->call;

	fate->immature = false;
	fate->excluded = false;
	fate->chain.level = 0;
	if (!call->enters)
		return JRN_OK;
	JRN_TRY(funnel_best_chain(call, false, table->mature_only, &fate->chain, &fate->excluded));
	if (fate->chain.level > 0 || !table->mature_only)
		return JRN_OK;
	/* R-FNL-2 */
	fate->immature = true;
	return funnel_best_chain(call, false, false, &fate->chain, &fate->excluded);
}

static jrn_status
count_customer(const funnel_table *table, const customer_fate *fate, jrn_funnel_tally *tally)
{
	const funnel_call *call = &table->call;
	int64		at[JRN_FUNNEL_MAX_STEPS];
	int			k;

	if (fate->excluded)			/* R-FNL-1 */
		tally->excluded++;
	else if (fate->immature)
		tally->immature++;
	else
	{
		for (k = 0; k < fate->chain.level; k++)
			at[k] = call->rows[fate->chain.row[k]].ts;
		return jrn_funnel_tally_add(&call->env, tally, fate->chain.level, at,
									funnel_optional_steps(call, &fate->chain));
	}
	return JRN_OK;
}

static jrn_status
take_customer(void *arg, const jrn_journey *journey)
{
	funnel_table *table = arg;
	customer_fate fate;
	jrn_funnel_tally *tally;

	JRN_TRY(funnel_take_journey(&table->call, journey));
	JRN_TRY(decide(table, &fate));
	if (fate.chain.level == 0)
		return JRN_OK;
	JRN_TRY(count_customer(table, &fate, &table->all));
	if (!table->breakdown)
		return JRN_OK;
	JRN_TRY(segment_of(table, journey, &fate.chain, &tally));
	return count_customer(table, &fate, tally);
}

/* ---- rows ---- */

static double
rate(int64 part, int64 whole)
{
	return whole > 0 ? (double) part / (double) whole : NAN;
}

static void
put_rate(journey_rows *rows, int64 part, int64 whole, int column, int low_column)
{
	double		low,
				high;

	journey_rows_number(rows, column, rate(part, whole));
	if (whole == 0)
		return;
	jrn_wilson((double) part, (double) whole, LEVEL, &low, &high);
	journey_rows_number(rows, low_column, low);
	journey_rows_number(rows, low_column + 1, high);
}

static void
put_times(funnel_call *call, journey_rows *rows, jrn_funnel_tally *tally, int level)
{
	journey_check(jrn_funnel_tally_sort(&call->env, tally, level), "times of a funnel");
	journey_rows_number(rows, 11, jrn_funnel_tally_quantile(tally, level, 0.5));
	journey_rows_number(rows, 12, jrn_funnel_tally_quantile(tally, level, 0.25));
	journey_rows_number(rows, 13, jrn_funnel_tally_quantile(tally, level, 0.75));
	journey_rows_number(rows, 14, jrn_funnel_tally_quantile(tally, level, 0.9));
}

static void
put_step(funnel_call *call, journey_rows *rows, jrn_funnel_tally *tally, int step)
{
	bool		optional = funnel_is_optional(call, step);
	int			level = call->level_of[step];
	int64		entrants = jrn_funnel_tally_reached(tally, 1);
	int64		entered = optional ? jrn_funnel_tally_reached(tally, level) :
		jrn_funnel_tally_reached(tally, Max(level - 1, 1));
	int64		reached = optional ? tally->optional[step] : jrn_funnel_tally_reached(tally, level);

	journey_rows_integer(rows, 1, step + 1);
	if ((call->funnel.mode & JRN_FUNNEL_ANY_ORDER) != 0)
		journey_rows_cstring(rows, 2, psprintf("any %d of %d", step + 1, call->steps));
	else
		journey_rows_cstring(rows, 2, call->names[step]);
	journey_rows_bigint(rows, 3, entered);
	journey_rows_bigint(rows, 4, reached);
	put_rate(rows, reached, entered, 5, 15);
	put_rate(rows, reached, entrants, 6, 7);
	if (!optional)
	{
		journey_rows_bigint(rows, 9, entered - reached);
		put_times(call, rows, tally, level);
	}
	journey_rows_bigint(rows, 10, tally->immature);
	journey_rows_bigint(rows, 17, tally->excluded);
	journey_rows_put(rows);
}

static void
put_segment(funnel_table *table, journey_rows *rows, jrn_funnel_tally *tally, const char *bytes,
			Size size)
{
	int			step;

	for (step = 0; step < table->call.steps; step++)
	{
		if (bytes != NULL)
			journey_rows_bytes(rows, 0, bytes, size);
		put_step(&table->call, rows, tally, step);
	}
}

static void
put_table(funnel_table *table, journey_rows *rows)
{
	size_t		s;

	for (s = 0; table->segments != NULL && s < table->segment_count; s++)
		if (table->segments[s] != NULL)
		{
			const jrn_label *label = journey_events_column_label(table->call.events, 0, (double) s);

			CHECK_FOR_INTERRUPTS();
			put_segment(table, rows, table->segments[s], label->bytes, label->size);
		}
	if (table->has_none)		/* R-FNL-4 */
		put_segment(table, rows, &table->none, "(none)", strlen("(none)"));
	put_segment(table, rows, &table->all, NULL, 0);
}

PG_FUNCTION_INFO_V1(journey_funnel);
Datum
journey_funnel(PG_FUNCTION_ARGS)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey funnel",
												  ALLOCSET_DEFAULT_SIZES);
	funnel_table *table = MemoryContextAllocZero(context, sizeof(funnel_table));
	char	   *source = journey_arg_cstring_required(fcinfo, FUNNEL_SOURCE, "source");
	funnel_call *call = &table->call;
	journey_rows rows;

	funnel_arguments(call, fcinfo, AS_OF, context);
	journey_arg_not_null(fcinfo, BREAKDOWN, "breakdown");
	table->breakdown = PG_GETARG_BOOL(BREAKDOWN);
	table->mature_only = call->request.has_as_of && !TIMESTAMP_NOT_FINITE(call->request.as_of);
	if (table->breakdown)
	{
		call->request.column_count = 1;
		call->request.columns[0].name = "segment";
		call->request.columns[0].required = true;
		call->request.columns[0].is_label = true;
	}
	journey_rows_begin(&rows, fcinfo, COLUMNS, "funnel");
	call->events = journey_events_read(source, &call->request, context);
	journey_events_visit(call->events, take_customer, table, "a funnel");
	put_table(table, &rows);
	journey_events_close(call->events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
