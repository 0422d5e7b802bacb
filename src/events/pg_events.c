/*
 * pg_events.c
 *		Reading an event source (see pg_events.h).
 *
 * The receiver's callback does per row: key bytes, time, label code, wanted
 * columns, one append.  Everything that needs memory beyond the row goes to
 * the call's own context.
 */
#include "pg_events.h"

#include <math.h>

#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

typedef struct event_reader
{
	journey_events *events;
	journey_event_request *request;
	journey_source *source;
	journey_column customer;
	journey_column ts;
	journey_column touchpoint;
	journey_column event_id;
	bool		id_is_integer;
	MemoryContext row_context;	/* detoasted and converted values */
} event_reader;

static void
null_column(const journey_column *column, int64 row)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
					column->name, row),
			 errhint("Filter such rows in the source query.")));
}

static Datum
required_datum(const journey_column *column, TupleTableSlot *slot, int64 row)
{
	if (journey_column_is_null(column, slot))
		null_column(column, row);
	return journey_column_datum(column, slot);
}

/* Bytes whose order is the order of the ids. */
static void
read_event_id(event_reader *reader, TupleTableSlot *slot, int64 row, journey_key *key)
{
	journey_key_read(reader->event_id.key_kind, required_datum(&reader->event_id, slot, row), key);
	if (reader->id_is_integer)
	{
		uint64		ordered;

		memcpy(&ordered, key->bytes, sizeof(ordered));
#ifdef WORDS_BIGENDIAN
		ordered = pg_bswap64(ordered);	/* canonical bytes are little-endian */
#endif
		ordered ^= UINT64CONST(1) << 63;
		ordered = pg_hton64(ordered);
		key->integer = (int64) ordered;
		key->bytes = (const char *) &key->integer;
		key->size = sizeof(ordered);
	}
}

static uint32
read_label(event_reader *reader, TupleTableSlot *slot, const journey_key *customer, int64 row)
{
	const char *bytes;
	Size		size;
	uint32_t	code;

	journey_column_label(&reader->touchpoint, required_datum(&reader->touchpoint, slot, row),
						 &bytes, &size);
	if (size == 0 || size > JOURNEY_MAX_LABEL_BYTES)
		ereport(ERROR,
				(errcode(size == 0 ? ERRCODE_INVALID_PARAMETER_VALUE : ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 size == 0 ?
				 errmsg("column \"touchpoint\" is empty for customer %s",
						journey_key_text(reader->events->key_kind, customer->bytes, customer->size)) :
				 errmsg("column \"touchpoint\" has %zu bytes for customer %s, the limit is %d", size,
						journey_key_text(reader->events->key_kind, customer->bytes, customer->size),
						JOURNEY_MAX_LABEL_BYTES)));
	journey_check(jrn_labels_intern(&reader->events->core.labels, bytes, size, &code),
				  "reading touchpoints");
	return code;
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	event_reader *reader = arg;
	journey_events *events = reader->events;
	int64		row = reader->source->rows;
	MemoryContext old = MemoryContextSwitchTo(reader->row_context);
	double		columns[JRN_EVENT_COLUMNS];
	journey_key customer;
	journey_key id;
	TimestampTz ts;
	uint32		label;
	int			c;

	journey_key_read(reader->customer.key_kind,
					 required_datum(&reader->customer, slot, row), &customer);
	ts = journey_column_time(&reader->ts, required_datum(&reader->ts, slot, row), row);
	if (!reader->request->has_as_of || ts < reader->request->as_of)
	{
		label = read_label(reader, slot, &customer, row);
		for (c = 0; c < events->core.column_count; c++)
		{
			const journey_event_column *wanted = &reader->request->columns[c];

			columns[c] = !wanted->found || journey_column_is_null(&wanted->column, slot) ? NAN :
				journey_column_number(&wanted->column,
									  journey_column_datum(&wanted->column, slot), row);
		}
		id.bytes = NULL;
		id.size = 0;
		if (events->core.has_id)
			read_event_id(reader, slot, row, &id);
		journey_check(jrn_events_append(&events->core, customer.bytes, customer.size, ts, label,
										columns, id.bytes, id.size), "reading events");
		events->events++;
	}
	MemoryContextSwitchTo(old);
	/* most rows allocate nothing; a reset of an untouched context is cheap */
	MemoryContextReset(reader->row_context);
}

static void
find_columns(event_reader *reader)
{
	journey_event_request *request = reader->request;
	journey_source *source = reader->source;
	int			c;

	reader->customer = journey_source_column(source, "customer_id", JOURNEY_COLUMN_KEY, true);
	reader->ts = journey_source_column(source, "ts", JOURNEY_COLUMN_TIME, true);
	reader->touchpoint = journey_source_column(source, "touchpoint", JOURNEY_COLUMN_LABEL, true);
	reader->event_id = journey_source_column(source, "event_id", JOURNEY_COLUMN_KEY, false);
	reader->id_is_integer = reader->event_id.attribute != 0 &&
		(reader->event_id.key_kind == JOURNEY_KEY_INT2 ||
		 reader->event_id.key_kind == JOURNEY_KEY_INT4 ||
		 reader->event_id.key_kind == JOURNEY_KEY_INT8);
	for (c = 0; c < request->column_count; c++)
	{
		journey_event_column *wanted = &request->columns[c];

		wanted->column = journey_source_column(source, wanted->name, JOURNEY_COLUMN_NUMBER,
											   wanted->required);
		wanted->found = wanted->column.attribute != 0;
		wanted->is_boolean = wanted->found && wanted->column.type == BOOLOID;
	}
}

journey_events *
journey_events_read(const char *source_text, journey_event_request *request,
					MemoryContext context)
{
	MemoryContext own = AllocSetContextCreate(context, "journey events", ALLOCSET_DEFAULT_SIZES);
	journey_events *events = MemoryContextAllocZero(own, sizeof(journey_events));
	event_reader reader;

	events->context = own;
	events->env = journey_host_env(own);
	journey_tempfile_init(&events->temp, own);
	memset(&reader, 0, sizeof(reader));
	reader.events = events;
	reader.request = request;
	reader.source = journey_source_open(source_text);
	find_columns(&reader);
	events->key_kind = reader.customer.key_kind;
	reader.row_context = AllocSetContextCreate(own, "journey row", ALLOCSET_SMALL_SIZES);
	journey_check(jrn_events_begin(&events->core, &events->env, &events->temp.file,
								   request->column_count, reader.event_id.attribute != 0,
								   journey_memory_budget()), "reading events");
	journey_source_run(reader.source, read_row, &reader);
	events->rows = reader.source->rows;
	journey_source_close(reader.source);
	return events;
}

void
journey_events_visit(journey_events *events, jrn_journey_visitor visitor, void *arg,
					 const char *what)
{
	journey_check(jrn_events_visit(&events->core, visitor, arg), what);
}

void
journey_events_close(journey_events *events)
{
	journey_tempfile_close(&events->temp);
	MemoryContextDelete(events->context);
}
