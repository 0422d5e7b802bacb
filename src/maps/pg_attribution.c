/*
 * pg_attribution.c
 *		journey.attribution (attribution.h): rows by method in the order asked
 *		for, then touchpoint in byte order, (direct) last.
 */
#include "../pg/compat.h"

#include "utils/array.h"
#include "utils/memutils.h"

#include "../events/pg_events.h"
#include "../pg/args.h"
#include "../pg/span.h"
#include "attribution.h"

#define VALUE 0
#define DIRECT "(direct)"

static const char *const method_words[JRN_ATTRIBUTION_METHODS] = {
	"first", "last", "linear", "position", "decay", "shapley", "markov"
};

typedef struct attribution_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;
	const char *conversion;
	double		half_life;
	bool		has_value;
	bool		wants_markov;
	bool		ready;
	jrn_attribution core;
	double	   *values;
	size_t		capacity;
} attribution_call;

static int
method_of(const char *word)
{
	int			m;

	for (m = 0; m < JRN_ATTRIBUTION_METHODS; m++)
		if (strcmp(word, method_words[m]) == 0)
			return m;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"method\" has the element \"%s\"", word),
			 errhint("Methods are first, last, linear, position, decay, markov and shapley.")));
	return 0;
}

/* The methods asked for, each once. */
static int
read_methods(FunctionCallInfo fcinfo, int *methods)
{
	bool		taken[JRN_ATTRIBUTION_METHODS] = {false};
	char	  **words;
	int			count = 0;
	int			n;
	int			i;

	journey_arg_not_null(fcinfo, 2, "method");
	words = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(2), "method", &n);
	for (i = 0; i < n; i++)
	{
		int			m = method_of(words[i]);

		if (!taken[m])
			methods[count++] = m;
		taken[m] = true;
	}
	if (count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"method\" is empty"),
				 errhint("Methods are first, last, linear, position, decay, markov and shapley.")));
	return count;
}

static bool
label_is(const jrn_label *label, const char *name)
{
	return label->size == strlen(name) && memcmp(label->bytes, name, label->size) == 0;
}

/* Labels are known once the first journey, or none, is there. */
static void
begin(attribution_call *call)
{
	size_t		count = journey_events_label_count(call->events);
	uint32		conversion = (uint32) count;
	uint32		rank;

	call->ready = true;
	if (call->wants_markov && count > JRN_ATTRIBUTION_MAX_STATES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source has %zu touchpoints, the limit of method \"markov\" is %d", count,
						JRN_ATTRIBUTION_MAX_STATES),
				 errhint("Group rare touchpoints in the source query, or leave the method out.")));
	for (rank = 0; rank < count; rank++)
	{
		const jrn_label *label = journey_events_label(call->events, rank);

		if (label_is(label, call->conversion))
			conversion = rank;
		else if (label_is(label, DIRECT))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("column \"touchpoint\" has the value \"%s\", which attribution uses for conversions without a touch", DIRECT),
					 errhint("Rename the touchpoint in the source query.")));
	}
	journey_check(jrn_attribution_begin(&call->core, &call->env, (uint32) count, conversion, call->half_life),
				  "attribution");
}

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	attribution_call *call = arg;
	jrn_status	status;
	size_t		i;

	if (!call->ready)
		begin(call);
	if (call->has_value)
	{
		if (journey->n > call->capacity)
		{
			jrn_release(&call->env, call->values);
			call->capacity = 2 * journey->n;
			JRN_TRY(jrn_alloc_array(&call->env, call->capacity, sizeof(double), &call->values));
		}
		for (i = 0; i < journey->n; i++)
			call->values[i] = jrn_journey_column(journey, i, VALUE);
	}
	status = jrn_attribution_add(&call->core, journey->events, journey->n, call->has_value ? call->values : NULL);
	if (status == JRN_NONFINITE)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"value\" is null in a \"%s\" of customer %s", call->conversion,
						journey_customer_text(call->events, journey)),
				 errhint("Replace it by 0 in the source query where a conversion has no value, or leave the column out.")));
	return status;
}

static void
put_row(const attribution_call *call, journey_rows *rows, int method, double removal,
		double conversions, double value)
{
	journey_rows_cstring(rows, 1, method_words[method]);
	journey_rows_number(rows, 2, removal);
	journey_rows_number(rows, 3, conversions);
	journey_rows_number(rows, 4, call->has_value ? value : NAN);
	journey_rows_put(rows);
}

static void
put_method(const attribution_call *call, journey_rows *rows, int method)
{
	const jrn_attribution *core = &call->core;
	uint32		label;

	for (label = 0; label < core->k; label++)
	{
		double		conversions,
					value;

		if (label == core->conversion)
			continue;
		jrn_attribution_credit(core, method, label, &conversions, &value);
		journey_rows_label(rows, 0, journey_events_label(call->events, label));
		put_row(call, rows, method, method == JRN_ATTRIBUTION_MARKOV ? core->removal[label] : NAN,
				conversions, value);
	}
	if (!(jrn_acc_value(&core->direct.conversions) > 0.0))
		return;
	journey_rows_cstring(rows, 0, DIRECT);
	put_row(call, rows, method, NAN, jrn_acc_value(&core->direct.conversions),
			jrn_acc_value(&core->direct.value));
}

/* Half-lives of months and days are taken at their usual length. */
static double
read_half_life(FunctionCallInfo fcinfo)
{
	journey_span span = journey_arg_span(fcinfo, 3, "half_life");

	return (double) span.interval.time + (double) span.interval.day * (double) USECS_PER_DAY +
		(double) span.interval.month * (DAYS_PER_YEAR / MONTHS_PER_YEAR) * (double) USECS_PER_DAY;
}

PG_FUNCTION_INFO_V1(journey_attribution);
Datum
journey_attribution(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	int			methods[JRN_ATTRIBUTION_METHODS];
	journey_event_request request;
	attribution_call call;
	journey_rows rows;
	int			count;
	int			i;

	memset(&call, 0, sizeof(call));
	call.conversion = journey_arg_cstring_required(fcinfo, 1, "conversion");
	count = read_methods(fcinfo, methods);
	call.half_life = read_half_life(fcinfo);
	for (i = 0; i < count; i++)
		call.wants_markov |= methods[i] == JRN_ATTRIBUTION_MARKOV;
	journey_rows_begin(&rows, fcinfo, 5, "attribution");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "journey attribution", ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	memset(&request, 0, sizeof(request));
	request.column_count = 1;
	request.columns[VALUE].name = "value";
	call.events = journey_events_read(source, &request, call.context);
	call.has_value = request.columns[VALUE].found;
	journey_events_visit(call.events, add_journey, &call, "attribution");
	if (call.ready)
	{
		journey_check(jrn_attribution_finish(&call.core), "removal effects");
		for (i = 0; i < count; i++)
			put_method(&call, &rows, methods[i]);
	}
	journey_events_close(call.events);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
