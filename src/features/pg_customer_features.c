/*
 * pg_customer_features.c
 *		customer_features: one row of features per customer of an event
 *		source.
 *
 * R-CUST-1	The same figures as features_agg over the same events, bit for bit
 *			where the source has no event_id; with one, events at the same
 *			moment are ordered by it first.
 * R-CUST-2	Events at or after as_of do not exist; a customer who has none
 *			before it has no row.
 * R-CUST-3	A journey with more touchpoints than alphabet_size is an error that
 *			names the customer.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../events/pg_events.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "pg_calendar.h"
#include "pg_features_row.h"
#include "reserve.h"

typedef struct feature_rows
{
	journey_events *events;
	ReturnSetInfo *result;
	Oid			customer_type;
	MemoryContext context;
	MemoryContext row_context;	/* one row's customer_id */
	jrn_env		env;
	jrn_features_options options;
	jrn_features_work work;
	journey_features_writer writer;
	journey_calendar calendar;
	const text **texts;			/* by label */
	double	   *values;			/* of one journey, in order */
	size_t		values_capacity;
	bool		has_values;
} feature_rows;

/* Touchpoints as texts with four-byte headers, made once. */
static void
make_texts(feature_rows *rows)
{
	size_t		count = journey_events_label_count(rows->events);
	uint32_t	rank;

	rows->texts = MemoryContextAllocExtended(rows->context, Max(count, 1) * sizeof(text *),
											 MCXT_ALLOC_HUGE);
	for (rank = 0; rank < count; rank++)
	{
		const jrn_label *label = journey_events_label(rows->events, rank);
		text	   *made = MemoryContextAlloc(rows->context, VARHDRSZ + label->size);

		SET_VARSIZE(made, VARHDRSZ + label->size);
		memcpy(VARDATA(made), label->bytes, label->size);
		rows->texts[rank] = made;
	}
	rows->options.n_labels = (uint32_t) count;
}

static bool
value_before(double a, double b)
{
	return a < b || (!isnan(a) && isnan(b));
}

/*
 * Values in the order of events.  Where touchpoint and moment are equal and
 * no event_id decides, values ascend with NULLs last, as in features_agg.
 */
static jrn_status
order_values(feature_rows *rows, const jrn_journey *journey)
{
	bool		has_id = rows->events->core.has_id;
	double	   *values;
	size_t		i,
				j;

	JRN_TRY(jrn_reserve(&rows->env, journey->n, &rows->values_capacity, sizeof(double),
						&rows->values));
	values = rows->values;
	for (i = 0; i < journey->n; i++)
	{
		const jrn_event *events = journey->events;
		double		value = jrn_journey_column(journey, i, 0) + 0.0;

		for (j = i; !has_id && j > 0 && events[j - 1].ts == events[i].ts &&
			 events[j - 1].label == events[i].label && value_before(value, values[j - 1]); j--)
			values[j] = values[j - 1];
		values[j] = value;
	}
	return JRN_OK;
}

static char *
customer_name(const feature_rows *rows, const jrn_journey *journey)
{
	return journey_key_text(rows->events->key_kind, journey->key, journey->key_size);
}

/* What a status means here, with the customer's name where it helps. */
static void
explain_status(const feature_rows *rows, const jrn_journey *journey, jrn_status status)
{
	if (status == JRN_DOMAIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("customer %s has more distinct touchpoints than alphabet_size, which is " INT64_FORMAT,
						customer_name(rows, journey), rows->options.alphabet_size)));
	if (status == JRN_NONFINITE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the sum of column \"value\" is out of range for customer %s",
						customer_name(rows, journey))));
}

static jrn_status
put_row(void *arg, const jrn_journey *journey)
{
	feature_rows *rows = arg;
	jrn_features features;
	jrn_status	status;
	Datum		values[1 + JOURNEY_FEATURES_COLUMNS];
	bool		isnull[1 + JOURNEY_FEATURES_COLUMNS];
	MemoryContext old;

	if (rows->texts == NULL)
		make_texts(rows);		/* ranks exist from the first visit on */
	if (rows->has_values)
		JRN_TRY(order_values(rows, journey));
	rows->options.calendar = journey_calendar_cover(&rows->calendar, journey->events[0].ts,
													journey->events[journey->n - 1].ts);
	status = jrn_features_compute(&rows->env, &rows->work, journey->events, journey->n,
								  rows->has_values ? rows->values : NULL,
								  &rows->options, &features);
	if (status != JRN_OK)
	{
		explain_status(rows, journey, status);
		return status;
	}
	journey_features_row(&rows->writer, &features, rows->texts, values + 1, isnull + 1);
	MemoryContextReset(rows->row_context);
	old = MemoryContextSwitchTo(rows->row_context);
	values[0] = journey_key_datum(rows->events->key_kind, journey->key, journey->key_size,
								  rows->customer_type);
	isnull[0] = false;
	tuplestore_putvalues(rows->result->setResult, rows->result->setDesc, values, isnull);
	MemoryContextSwitchTo(old);
	return JRN_OK;
}

/* Column "value" is read where the source has it. */
static void
read_source(FunctionCallInfo fcinfo, feature_rows *rows)
{
	journey_event_request request;
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");

	memset(&request, 0, sizeof(request));
	request.has_as_of = !PG_ARGISNULL(1);
	if (request.has_as_of)
		request.as_of = PG_GETARG_TIMESTAMPTZ(1);
	request.column_count = 1;
	request.columns[0].name = "value";
	rows->events = journey_events_read(source, &request, rows->context);
	rows->has_values = request.columns[0].found;
	rows->options.has_as_of = request.has_as_of && !TIMESTAMP_NOT_FINITE(request.as_of);
	rows->options.as_of = request.as_of;
	journey_key_check_target(rows->events->key_kind, rows->customer_type);
}

PG_FUNCTION_INFO_V1(journey_customer_features);
Datum
journey_customer_features(PG_FUNCTION_ARGS)
{
	feature_rows *rows;
	MemoryContext context;

	journey_init_materialized(fcinfo);
	context = AllocSetContextCreate(CurrentMemoryContext, "customer features",
									ALLOCSET_DEFAULT_SIZES);
	rows = MemoryContextAllocZero(context, sizeof(feature_rows));
	rows->context = context;
	rows->row_context = AllocSetContextCreate(context, "customer features row",
											  ALLOCSET_SMALL_SIZES);
	rows->env = journey_host_env(context);
	rows->result = (ReturnSetInfo *) fcinfo->resultinfo;
	rows->options.alphabet_size = PG_ARGISNULL(2) ? 0 :
		journey_arg_int(fcinfo, 2, "alphabet_size", 1, PG_INT32_MAX);
	if (rows->result->setDesc->natts != 1 + JOURNEY_FEATURES_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the result of customer_features must have %d columns",
						1 + JOURNEY_FEATURES_COLUMNS)));
	rows->customer_type = TupleDescAttr(rows->result->setDesc, 0)->atttypid;
	jrn_features_work_init(&rows->work);
	journey_features_writer_init(&rows->writer, context);
	journey_calendar_init(&rows->calendar, context);
	read_source(fcinfo, rows);
	journey_events_visit(rows->events, put_row, rows, "features of journeys");
	journey_events_close(rows->events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
