/*
 * pg_sessions.c
 *		journey.sessions: event source to sessions of customers (sessions.h).
 */
#include "../pg/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../events/pg_events.h"
#include "../pg/args.h"
#include "../pg/span.h"
#include "sessions.h"

#define COLUMNS 6

/* What the server can hold in one array. */
#define MAX_PATH_EVENTS ((size_t) (MaxAllocSize / sizeof(Datum)))

typedef struct sessions_call
{
	journey_events *events;
	journey_rows rows;
	MemoryContext context;
	jrn_env		env;
	journey_span timeout;
	text	  **texts;			/* by label, made once ranks exist */
	Datum	   *path;
	size_t		path_capacity;
} sessions_call;

static void
make_texts(sessions_call *call)
{
	size_t		count = journey_events_label_count(call->events);
	uint32_t	rank;

	call->texts = MemoryContextAllocExtended(call->context, Max(count, 1) * sizeof(text *),
											 MCXT_ALLOC_HUGE);
	for (rank = 0; rank < count; rank++)
	{
		const jrn_label *label = journey_events_label(call->events, rank);
		text	   *made = MemoryContextAlloc(call->context, VARHDRSZ + label->size);

		SET_VARSIZE(made, VARHDRSZ + label->size);
		memcpy(VARDATA(made), label->bytes, label->size);
		call->texts[rank] = made;
	}
}

/* A path that the server cannot hold is refused by name. */
static void
check_path(const sessions_call *call, const jrn_journey *journey, const jrn_event *events, size_t n)
{
	Size		bytes = 0;
	size_t		i;

	for (i = 0; i < n && bytes < MaxAllocSize / 2; i++)
		bytes += INTALIGN(VARSIZE(call->texts[events[i].label]));
	if (i < n || n > MAX_PATH_EVENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a session of customer %s has %zu events, which is too long a path",
						journey_key_text(call->events->key_kind, journey->key, journey->key_size), n),
				 errhint("Use a shorter \"timeout\", or filter this customer in the source query.")));
}

static void
put_path(sessions_call *call, const jrn_event *events, size_t n)
{
	MemoryContext old;
	size_t		i;

	if (n > call->path_capacity)
	{
		if (call->path != NULL)
			pfree(call->path);
		call->path_capacity = Max(2 * n, 64);
		call->path = MemoryContextAllocExtended(call->context, call->path_capacity * sizeof(Datum),
												MCXT_ALLOC_HUGE);
	}
	for (i = 0; i < n; i++)
		call->path[i] = PointerGetDatum(call->texts[events[i].label]);
	old = MemoryContextSwitchTo(call->rows.context);
	journey_rows_datum(&call->rows, 5,
					   PointerGetDatum(construct_array(call->path, (int) n, TEXTOID, -1, false, 'i')));
	MemoryContextSwitchTo(old);
}

static jrn_status
put_sessions(void *arg, const jrn_journey *journey)
{
	sessions_call *call = arg;
	journey_rows *rows = &call->rows;
	int64		session = 0;
	size_t		at,
				length;

	if (call->texts == NULL)
		make_texts(call);
	for (at = 0; at < journey->n; at += length)
	{
		const jrn_event *events = journey->events + at;

		JRN_TRY(jrn_session_length(&call->env, events, journey->n - at, journey_span_deadline,
								   &call->timeout, &length));
		check_path(call, journey, events, length);
		if (++session % 1024 == 0)
			JRN_TICK(&call->env);
		journey_rows_key(rows, 0, call->events->key_kind, journey->key, journey->key_size);
		journey_rows_bigint(rows, 1, session);
		journey_rows_time(rows, 2, events[0].ts);
		journey_rows_time(rows, 3, events[length - 1].ts);
		journey_rows_bigint(rows, 4, (int64) length);
		put_path(call, events, length);
		journey_rows_put(rows);
	}
	return JRN_OK;
}

PG_FUNCTION_INFO_V1(journey_sessions);
Datum
journey_sessions(PG_FUNCTION_ARGS)
{
	sessions_call call;
	journey_event_request request;
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");

	memset(&call, 0, sizeof(call));
	memset(&request, 0, sizeof(request));
	call.timeout = journey_arg_span(fcinfo, 1, "timeout");
	journey_rows_begin(&call.rows, fcinfo, COLUMNS, "sessions");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "journey sessions",
										 ALLOCSET_DEFAULT_SIZES);
	call.env = journey_host_env(call.context);
	call.events = journey_events_read(source, &request, call.context);
	journey_key_check_target(call.events->key_kind, journey_rows_type(&call.rows, 0));
	journey_events_visit(call.events, put_sessions, &call, "sessions");
	journey_events_close(call.events);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
