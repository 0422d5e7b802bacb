/*
 * pg_paths.c
 *		journey.paths (paths.h).
 *
 * R-PGP-1	outcome_rate: mean outcome of the customers of a path whose outcome is
 *			known; NULL without a column outcome, or where none is known.
 * R-PGP-2	cumulative_share adds up over all ranks, so a top cuts rows, not shares.
 */
#include "pg_maps.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "../events/pg_outcome.h"
#include "../pg/args.h"
#include "paths.h"

#define OUTCOME 0

typedef struct path_call
{
	journey_map_call map;
	jrn_paths	paths;
	journey_event_column outcome;
	Datum	   *names;			/* touchpoints as text, by label */
} path_call;

static jrn_path_transform
read_transform(const char *word)
{
	if (strcmp(word, "all") == 0)
		return JRN_PATH_ALL;
	if (strcmp(word, "exposure") == 0)
		return JRN_PATH_EXPOSURE;
	if (strcmp(word, "unique") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"transform\" is \"%s\", it must be \"all\", \"exposure\" or \"unique\"", word)));
	return JRN_PATH_UNIQUE;
}

static jrn_status
add_path(void *arg, const jrn_journey *journey)
{
	path_call  *call = arg;
	double		outcome;

	journey_map_check_span(call->map.events, journey);
	outcome = !call->outcome.found ? NAN :
		journey_outcome_read(call->map.events, &call->outcome, OUTCOME, journey);
	return jrn_paths_add(&call->paths, journey->events, journey->n, outcome);
}

/* Every touchpoint as text once, however many paths name it. */
static void
make_names(path_call *call)
{
	MemoryContext old = MemoryContextSwitchTo(call->map.context);
	size_t		count = journey_events_label_count(call->map.events);
	size_t		i;

	call->names = MemoryContextAllocExtended(call->map.context, sizeof(Datum) * (count + 1), MCXT_ALLOC_HUGE);
	for (i = 0; i < count; i++)
	{
		const jrn_label *label = journey_events_label(call->map.events, (uint32) i);

		call->names[i] = PointerGetDatum(cstring_to_text_with_len(label->bytes, (int) label->size));
	}
	MemoryContextSwitchTo(old);
}

/* The path as text[], in the row's context. */
static void
put_path(journey_rows *rows, int column, const path_call *call, const jrn_path *path)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);
	Datum	   *elements;
	size_t		i;

	if (path->length > JOURNEY_MAX_ARRAY_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a path has %zu touchpoints, the limit of an array is %d", path->length,
						JOURNEY_MAX_ARRAY_ELEMENTS),
				 errhint("Use transform => 'unique', or leave out customers with that many events.")));
	elements = MemoryContextAllocExtended(rows->context, sizeof(Datum) * path->length, MCXT_ALLOC_HUGE);
	for (i = 0; i < path->length; i++)
		elements[i] = call->names[path->labels[i]];
	journey_rows_datum(rows, column,
					   PointerGetDatum(construct_array(elements, (int) path->length, TEXTOID, -1, false, 'i')));
	MemoryContextSwitchTo(old);
}

static void
put_paths(journey_rows *rows, const path_call *call, const uint32_t *order, int64 top)
{
	double		all = (double) call->paths.customers;
	int64		so_far = 0;
	size_t		i;

	for (i = 0; i < call->paths.count && (int64) i < top; i++)
	{
		const jrn_path *path = &call->paths.list[order[i]];

		so_far += path->customers;
		journey_rows_bigint(rows, 0, (int64) i + 1);
		put_path(rows, 1, call, path);
		journey_rows_bigint(rows, 2, path->customers);
		journey_rows_number(rows, 3, (double) path->customers / all);
		journey_rows_number(rows, 4, (double) so_far / all);
		journey_rows_number(rows, 5, path->known > 0 ? path->outcome_sum / (double) path->known : NAN);
		journey_rows_number(rows, 6, path->median_seconds);
		journey_rows_put(rows);
	}
}

PG_FUNCTION_INFO_V1(journey_paths);
Datum
journey_paths(PG_FUNCTION_ARGS)
{
	jrn_path_transform transform = read_transform(journey_arg_cstring_required(fcinfo, 1, "transform"));
	int64		top = PG_ARGISNULL(2) ? PG_INT64_MAX : journey_arg_int(fcinfo, 2, "top", 1, PG_INT32_MAX);
	journey_event_request request;
	journey_rows rows;
	path_call	call;
	uint32_t   *order;

	journey_rows_begin(&rows, fcinfo, 7, "paths");
	memset(&request, 0, sizeof(request));
	request.column_count = 1;
	request.columns[OUTCOME].name = "outcome";
	journey_map_open(&call.map, fcinfo, &request, 0);
	call.outcome = request.columns[OUTCOME];
	journey_check(jrn_paths_begin(&call.paths, &call.map.env, &call.map.temp.file,
								  (uint32) journey_events_label_count(call.map.events), transform,
								  journey_memory_budget()), "grouping paths");
	journey_events_visit(call.map.events, add_path, &call, "grouping paths");
	journey_check(jrn_paths_finish(&call.paths, &order), "grouping paths");
	make_names(&call);
	put_paths(&rows, &call, order, top);
	journey_map_close(&call.map);
	return (Datum) 0;
}
