/*
 * pg_funnel_customers.c
 *		journey.funnel_customers: how far each customer got, and when.
 *
 * R-FNC-1	One row for every customer of the source, level 0 for those who
 *			never reached step 1.
 * R-FNC-2	Times are those of the rows of one chain, the first to reach the
 *			highest level, so they never fall.
 * R-FNC-3	Completions are chains through all steps that do not overlap.
 */
#include "pg_funnel.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/sizes.h"
#include "../pg/args.h"

#define COLUMNS 7
#define AS_OF 6					/* argument */

typedef struct funnel_list
{
	funnel_call call;
	journey_rows rows;
} funnel_list;

static jrn_status
put_customer(void *arg, const jrn_journey *journey)
{
	funnel_list *list = arg;
	funnel_call *call = &list->call;
	journey_rows *rows = &list->rows;
	jrn_funnel_chain chain;
	int64		at[JRN_FUNNEL_MAX_STEPS];
	double		seconds[JRN_FUNNEL_MAX_STEPS];
	bool		excluded = false;
	int			k;

	JRN_TRY(funnel_take_journey(call, journey));
	chain.level = 0;			/* R-FNC-1 */
	chain.completions = 0;
	if (call->enters)
		JRN_TRY(funnel_best_chain(call, true, false, &chain, &excluded));
	for (k = 0; k < chain.level; k++)
	{
		at[k] = call->rows[chain.row[k]].ts;
		seconds[k] = jrn_apart(at[0], at[k]) / 1e6;
	}
	journey_rows_customer(rows, 0, call->events, journey);
	journey_rows_integer(rows, 1, chain.level);
	if (chain.level > 0)
		journey_rows_time(rows, 2, at[0]);
	journey_rows_time_array(rows, 3, at, chain.level);
	journey_rows_number_array(rows, 4, seconds, chain.level);
	journey_rows_bigint(rows, 5, chain.completions);
	journey_rows_boolean(rows, 6, excluded);
	journey_rows_put(rows);
	return JRN_OK;
}

PG_FUNCTION_INFO_V1(journey_funnel_customers);
Datum
journey_funnel_customers(PG_FUNCTION_ARGS)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey funnel customers",
												  ALLOCSET_DEFAULT_SIZES);
	funnel_list *list = MemoryContextAllocZero(context, sizeof(funnel_list));
	char	   *source = journey_arg_cstring_required(fcinfo, FUNNEL_SOURCE, "source");
	funnel_call *call = &list->call;

	funnel_arguments(call, fcinfo, AS_OF, context);
	journey_rows_begin(&list->rows, fcinfo, COLUMNS, "funnel_customers");
	call->events = journey_events_read(source, &call->request, context);
	journey_key_check_target(call->events->key_kind, journey_rows_type(&list->rows, 0));
	journey_events_visit(call->events, put_customer, list, "funnels of customers");
	journey_events_close(call->events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
