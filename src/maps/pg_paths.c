/*
 * pg_paths.c
 *		journey.paths (paths.h).
 *
 * R-PGP-1	outcome_rate: mean outcome of the customers of a path whose outcome is
 *			known; NULL without a column outcome, or where none is known.
 * R-PGP-2	cumulative_share adds up over all ranks, so a top cuts rows, not shares.
 * R-PGP-3	Paths are ranked by the server's sort, which keeps the first top of
 *			them, or goes to temporary files above work_mem.
 */
#include "pg_maps.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

#include "../events/pg_outcome.h"
#include "../pg/args.h"
#include "paths.h"

#define OUTCOME 0

typedef struct path_call
{
	journey_map_call map;
	jrn_paths	paths;
	journey_tempfile records;	/* of paths beyond the table */
	journey_event_column outcome;
	Datum	   *names;			/* touchpoints as text, by label */
	Tuplesortstate *ranks;		/* paths, packed as bytea */
	bytea	   *packed;			/* the one at hand */
	Size		capacity;		/* of it */
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

/* ---- ranks (R-PGP-3) ---- */

static void
begin_ranks(path_call *call, int64 top)
{
	MemoryContext old = MemoryContextSwitchTo(call->map.context);
	Oid			less = lookup_type_cache(BYTEAOID, TYPECACHE_LT_OPR)->lt_opr;

	call->ranks = tuplesort_begin_datum(BYTEAOID, less, InvalidOid, false, work_mem, NULL,
										TUPLESORT_ALLOWBOUNDED);
	if (top <= PG_INT32_MAX)
		tuplesort_set_bound(call->ranks, top);
	MemoryContextSwitchTo(old);
}

static jrn_status
rank_path(void *arg, const jrn_path *path)
{
	path_call  *call = arg;
	Size		size = jrn_path_packed_size(&call->paths, path) + VARHDRSZ;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a path has %zu touchpoints, more than can be ranked", jrn_path_length(&call->paths, path)),
				 errhint("Use transform => 'unique', or leave out customers with that many events.")));
	if (size > call->capacity)
	{
		if (call->packed != NULL)
			pfree(call->packed);
		call->packed = MemoryContextAlloc(call->map.context, size);
		call->capacity = size;
	}
	SET_VARSIZE(call->packed, size);
	jrn_path_pack(&call->paths, path, (unsigned char *) VARDATA(call->packed));
	tuplesort_putdatum(call->ranks, PointerGetDatum(call->packed), false);
	return JRN_OK;
}

/* ---- rows ---- */

/* The path as text[], in the row's context. */
static void
put_path(journey_rows *rows, int column, const path_call *call, const jrn_path *path)
{
	MemoryContext old = MemoryContextSwitchTo(rows->context);
	size_t		length = jrn_path_length(&call->paths, path);
	Datum	   *elements;
	size_t		i;

	if (length > JOURNEY_MAX_ARRAY_ELEMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a path has %zu touchpoints, the limit of an array is %d", length,
						JOURNEY_MAX_ARRAY_ELEMENTS),
				 errhint("Use transform => 'unique', or leave out customers with that many events.")));
	elements = MemoryContextAllocExtended(rows->context, sizeof(Datum) * length, MCXT_ALLOC_HUGE);
	for (i = 0; i < length; i++)
		elements[i] = call->names[jrn_path_label(&call->paths, path, i)];
	journey_rows_datum(rows, column,
					   PointerGetDatum(construct_array(elements, (int) length, TEXTOID, -1, false, 'i')));
	MemoryContextSwitchTo(old);
}

static void
put_ranked(journey_rows *rows, const path_call *call, const bytea *packed, int64 rank, int64 *so_far)
{
	double		all = (double) call->paths.customers;
	jrn_path	path;

	jrn_path_unpack(&call->paths, (const unsigned char *) VARDATA(packed), VARSIZE(packed) - VARHDRSZ, &path);
	*so_far += path.customers;
	journey_rows_bigint(rows, 0, rank);
	put_path(rows, 1, call, &path);
	journey_rows_bigint(rows, 2, path.customers);
	journey_rows_number(rows, 3, (double) path.customers / all);
	journey_rows_number(rows, 4, (double) *so_far / all);
	journey_rows_number(rows, 5, path.known > 0 ? path.outcome_sum / (double) path.known : NAN);
	journey_rows_number(rows, 6, path.median_seconds);
	journey_rows_put(rows);
}

static void
put_paths(journey_rows *rows, const path_call *call, int64 top)
{
	int64		so_far = 0;
	int64		rank;

	tuplesort_performsort(call->ranks);
	for (rank = 1; rank <= top; rank++)
	{
		Datum		packed;
		bool		is_null;

		CHECK_FOR_INTERRUPTS();
		if (!journey_sorted_datum(call->ranks, &packed, &is_null))
			break;
		put_ranked(rows, call, (const bytea *) DatumGetPointer(packed), rank, &so_far);
		pfree(DatumGetPointer(packed));
	}
	tuplesort_end(call->ranks);
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

	memset(&call, 0, sizeof(call));
	journey_rows_begin(&rows, fcinfo, 7, "paths");
	memset(&request, 0, sizeof(request));
	request.column_count = 1;
	request.columns[OUTCOME].name = "outcome";
	journey_map_open(&call.map, fcinfo, &request, 0);
	call.outcome = request.columns[OUTCOME];
	journey_tempfile_init(&call.records);
	journey_check(jrn_paths_begin(&call.paths, &call.map.env, &call.map.temp.file, &call.records.file,
								  (uint32) journey_events_label_count(call.map.events), transform,
								  journey_memory_budget()), "grouping paths");
	journey_events_visit(call.map.events, add_path, &call, "grouping paths");
	begin_ranks(&call, top);
	journey_check(jrn_paths_visit(&call.paths, rank_path, &call), "grouping paths");
	make_names(&call);
	put_paths(&rows, &call, top);
	journey_tempfile_close(&call.records);
	journey_map_close(&call.map);
	return (Datum) 0;
}
