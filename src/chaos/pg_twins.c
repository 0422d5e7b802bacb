/*
 * pg_twins.c
 *		journey.twin_divergence and journey.twin_divergence_rate (twins.h).
 *
 * R-PGTW-1	The covariate of a customer is the value in the first event: what
 *			was known before the journey went on.
 * R-PGTW-2	direction is read off the interval: heals below 0, grows above it,
 *			persists when it holds 0.  A half-life is given where it heals.
 */
#include "../pg/compat.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../events/pg_outcome.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "twins.h"

#define MAX_DRAWS 100000

typedef struct twins_call
{
	MemoryContext context;
	jrn_env		env;
	journey_events *events;
	journey_event_column columns[3];
	int			target;			/* numbers of the columns; -1: none */
	int			outcome;
	int			strata;
	bool		ready;
	jrn_twins_options options;
	jrn_twins	core;
	uint32	   *labels;
	double	   *values;
	size_t		capacity;
} twins_call;

static void
make_room(twins_call *call, size_t n)
{
	if (n <= call->capacity)
		return;
	call->capacity = 2 * n;
	if (call->labels != NULL)
	{
		jrn_release(&call->env, call->labels);
		jrn_release(&call->env, call->values);
	}
	journey_check(jrn_alloc_array(&call->env, call->capacity, sizeof(uint32), &call->labels), "reading journeys");
	journey_check(jrn_alloc_array(&call->env, call->capacity, sizeof(double), &call->values), "reading journeys");
}

static jrn_status
begin_core(twins_call *call)
{
	call->ready = true;
	call->options.labels = (uint32) journey_events_label_count(call->events);
	return jrn_twins_begin(&call->core, &call->env, &call->options);
}

static jrn_status
add_journey(void *arg, const jrn_journey *journey)
{
	twins_call *call = arg;
	double		outcome = NAN;
	double		covariate = NAN;
	size_t		i;

	if (!call->ready)
		JRN_TRY(begin_core(call));
	if (call->outcome >= 0)
		outcome = journey_outcome_read(call->events, &call->columns[call->outcome], call->outcome, journey);
	if (call->strata >= 0)
		covariate = jrn_journey_column(journey, 0, call->strata);	/* R-PGTW-1 */
	make_room(call, journey->n);
	for (i = 0; i < journey->n; i++)
	{
		call->labels[i] = journey->events[i].label;
		if (call->target >= 0)
			call->values[i] = jrn_journey_column(journey, i, call->target);
	}
	return jrn_twins_add(&call->core, journey->hash, covariate, call->labels, call->values, journey->n, outcome);
}

static int
want_column(journey_event_request *request, const char *name, bool by_type)
{
	journey_event_column *column = &request->columns[request->column_count];

	if (name == NULL)
		return -1;
	column->name = name;
	column->required = true;
	column->by_type = by_type;
	return request->column_count++;
}

/* source, prefix_length, horizon, target, permutations, replicates, seed, outcome, strata */
static void
read_options(twins_call *call, FunctionCallInfo fcinfo)
{
	call->options.prefix = journey_arg_int(fcinfo, 1, "prefix_length", 0, JRN_TWINS_MAX_PREFIX);
	call->options.horizon = journey_arg_int(fcinfo, 2, "horizon", 1, JRN_TWINS_MAX_HORIZON);
	call->options.permutations = journey_arg_int(fcinfo, 4, "permutations", 0, MAX_DRAWS);
	call->options.replicates = journey_arg_int(fcinfo, 5, "replicates", 0, MAX_DRAWS);
	journey_arg_not_null(fcinfo, 6, "seed");
	call->options.seed = (uint64) PG_GETARG_INT64(6);
}

static void
read_twins(twins_call *call, FunctionCallInfo fcinfo)
{
	const char *source = journey_arg_cstring_required(fcinfo, 0, "source");
	const char *target = journey_arg_cstring_required(fcinfo, 3, "target");
	const char *outcome = journey_arg_cstring(fcinfo, 7);
	journey_event_request request;

	memset(&request, 0, sizeof(request));
	call->options.numeric = strcmp(target, "touchpoint") != 0;
	call->options.has_outcome = outcome != NULL;
	call->target = want_column(&request, call->options.numeric ? target : NULL, false);
	call->outcome = want_column(&request, outcome, false);
	call->strata = want_column(&request, journey_arg_cstring(fcinfo, 8), true);
	call->events = journey_events_read(source, &request, call->context);
	memcpy(call->columns, request.columns, sizeof(call->columns));
	journey_events_visit(call->events, add_journey, call, "reading journeys");
	if (!call->ready)
		journey_check(begin_core(call), "twin divergence");
}

/* Everything both functions need; steps has horizon elements. */
static jrn_twin_step *
compute(twins_call *call, FunctionCallInfo fcinfo, double *p)
{
	jrn_twin_step *steps;

	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey twins", ALLOCSET_DEFAULT_SIZES);
	call->env = journey_host_env(call->context);
	read_twins(call, fcinfo);
	journey_progress_watch(call->context, "twin divergence");
	journey_check(jrn_twins_finish(&call->core), "twin divergence");
	journey_check(jrn_alloc_array(&call->env, (size_t) call->options.horizon, sizeof(jrn_twin_step), &steps),
				  "twin divergence");
	journey_check(jrn_twins_divergence(&call->core, steps), "twin divergence");
	journey_check(jrn_twins_permute(&call->core, steps, p), "twin divergence");
	return steps;
}

static void
finish(twins_call *call)
{
	journey_events_close(call->events);
	MemoryContextDelete(call->context);
}

static void
refuse_infinite(double figure)
{
	if (isinf(figure))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the squared difference of the target is out of range"),
				 errhint("Give the target in a larger unit.")));
}

PG_FUNCTION_INFO_V1(journey_twin_divergence);
Datum
journey_twin_divergence(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	twins_call	call;
	jrn_twin_step *steps;
	double		p;
	int			k;

	memset(&call, 0, sizeof(call));
	read_options(&call, fcinfo);
	journey_rows_begin(&rows, fcinfo, 8, "twin_divergence");
	steps = compute(&call, fcinfo, &p);
	for (k = 0; k < call.options.horizon; k++)
	{
		refuse_infinite(steps[k].divergence);
		journey_rows_integer(&rows, 0, k + 1);
		journey_rows_bigint(&rows, 1, steps[k].n_a);
		journey_rows_bigint(&rows, 2, steps[k].n_b);
		journey_rows_number(&rows, 3, steps[k].divergence);
		journey_rows_number(&rows, 4, steps[k].std_error);
		journey_rows_number(&rows, 5, steps[k].p);
		journey_rows_bigint(&rows, 6, steps[k].strata);
		journey_rows_cstring(&rows, 7, jrn_twins_status_word(jrn_twins_state(&call.core, &steps[k])));
		journey_rows_put(&rows);
	}
	finish(&call);
	return (Datum) 0;
}

/* R-PGTW-2 */
static const char *
direction_of(const jrn_twins_rate *rate)
{
	if (isnan(rate->low))
		return NULL;
	if (rate->high < 0.0)
		return "heals";
	return rate->low > 0.0 ? "grows" : "persists";
}

PG_FUNCTION_INFO_V1(journey_twin_divergence_rate);
Datum
journey_twin_divergence_rate(PG_FUNCTION_ARGS)
{
	journey_rows rows;
	twins_call	call;
	jrn_twin_step *steps;
	jrn_twins_rate rate;
	const char *direction;
	double		p;

	memset(&call, 0, sizeof(call));
	read_options(&call, fcinfo);
	journey_rows_begin(&rows, fcinfo, 9, "twin_divergence_rate");
	steps = compute(&call, fcinfo, &p);
	journey_check(jrn_twins_fit(&call.core, steps, p, &rate), "twin divergence");
	direction = direction_of(&rate);
	journey_rows_number(&rows, 0, rate.rate);
	journey_rows_number(&rows, 1, rate.low);
	journey_rows_number(&rows, 2, rate.high);
	journey_rows_number(&rows, 3, rate.high < 0.0 ? log(2.0) / -rate.rate : NAN);
	journey_rows_cstring(&rows, 4, direction);
	journey_rows_number(&rows, 5, rate.p);
	journey_rows_cstring(&rows, 6, jrn_twins_status_word(rate.status));
	if (rate.first > 0)
	{
		journey_rows_integer(&rows, 7, rate.first);
		journey_rows_integer(&rows, 8, rate.last);
	}
	journey_rows_put(&rows);
	finish(&call);
	return (Datum) 0;
}
