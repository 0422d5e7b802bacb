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

#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "../pg/progress.h"

typedef struct event_reader
{
	journey_events *events;
	journey_event_request *request;
	journey_source *source;
	journey_event_shape shape;
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

static inline Datum
required_datum(const journey_column *column, TupleTableSlot *slot, int64 row)
{
	if (journey_column_is_null(column, slot))
		null_column(column, row);
	return journey_column_datum(column, slot);
}

/* The eight bytes from the other end. */
static void
turn_bytes(const unsigned char *from, unsigned char *to)
{
	int			i;

	for (i = 0; i < 8; i++)
		to[7 - i] = from[i];
}

/* Integers: canonical bytes are little-endian; big-endian ones sort once the sign is turned. */
void
journey_event_id_read(const journey_event_shape *shape, Datum value, journey_key *key)
{
	unsigned char sorting[8];

	journey_key_read(shape->event_id.key_kind, value, key);
	if (!shape->id_is_integer)
		return;
	turn_bytes((const unsigned char *) key->bytes, sorting);
	sorting[0] ^= 0x80;
	memcpy(&key->integer, sorting, sizeof(sorting));
	key->bytes = (const char *) &key->integer;
}

char *
journey_event_id_text(const journey_event_shape *shape, const char *bytes, Size size)
{
	unsigned char sorting[8];
	unsigned char canonical[8];

	if (!shape->id_is_integer)
		return journey_key_text(shape->event_id.key_kind, bytes, size);
	memcpy(sorting, bytes, sizeof(sorting));
	sorting[0] ^= 0x80;
	turn_bytes(sorting, canonical);
	return journey_key_text(shape->event_id.key_kind, (const char *) canonical, sizeof(canonical));
}

static void
label_size_error(const event_reader *reader, Size size, Datum customer)
{
	journey_key key;
	char	   *name;

	journey_key_read(reader->shape.customer.key_kind, customer, &key);
	name = journey_key_text(reader->shape.customer.key_kind, key.bytes, key.size);
	ereport(ERROR,
			(errcode(size == 0 ? ERRCODE_INVALID_PARAMETER_VALUE : ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 size == 0 ?
			 errmsg("column \"touchpoint\" is empty for customer %s", name) :
			 errmsg("column \"touchpoint\" has %zu bytes for customer %s, the limit is %d", size,
					name, JOURNEY_MAX_LABEL_BYTES)));
}

static inline uint32
read_label(event_reader *reader, TupleTableSlot *slot, Datum customer, int64 row)
{
	const char *bytes;
	Size		size;
	uint32_t	code;
	jrn_status	status;

	journey_column_label(&reader->shape.touchpoint, required_datum(&reader->shape.touchpoint, slot, row),
						 &bytes, &size);
	if (unlikely(size == 0 || size > JOURNEY_MAX_LABEL_BYTES))
		label_size_error(reader, size, customer);
	status = jrn_labels_intern(&reader->events->core.labels, bytes, size, &code);
	if (unlikely(status != JRN_OK))
		journey_check(status, "reading touchpoints");
	return code;
}

/* The value of a wanted column as the store keeps it: a number, or a label's code. */
static double
read_column(event_reader *reader, const journey_event_column *wanted, int c,
			TupleTableSlot *slot, int64 row)
{
	jrn_labels *labels = reader->events->core.column_labels[c];
	const char *bytes;
	Size		size;
	uint32_t	code;

	if (!wanted->found || journey_column_is_null(&wanted->column, slot))
		return NAN;
	if (labels == NULL)
		return journey_column_number(&wanted->column,
									 journey_column_datum(&wanted->column, slot), row);
	journey_column_label(&wanted->column, journey_column_datum(&wanted->column, slot), &bytes, &size);
	if (size > JOURNEY_MAX_LABEL_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has %zu bytes in row " INT64_FORMAT " of the source, the limit is %d",
						wanted->name, size, row, JOURNEY_MAX_LABEL_BYTES)));
	journey_check(jrn_labels_intern(labels, bytes, size, &code), "reading labels");
	return (double) code;
}

static void
append_event(event_reader *reader, TupleTableSlot *slot, Datum customer, TimestampTz ts, int64 row)
{
	journey_events *events = reader->events;
	double		columns[JRN_EVENT_COLUMNS];
	journey_key key;
	journey_key id;
	uint32		label = read_label(reader, slot, customer, row);
	jrn_status	status;
	int			c;

	for (c = 0; c < events->core.column_count; c++)
		columns[c] = read_column(reader, &reader->request->columns[c], c, slot, row);
	id.bytes = NULL;
	id.size = 0;
	if (events->core.has_id)
		journey_event_id_read(&reader->shape,
							  required_datum(&reader->shape.event_id, slot, row), &id);
	if (events->core.integer_keys)
		status = jrn_events_append_integer(&events->core,
										   journey_key_integer(events->key_kind, customer), ts, label,
										   columns, id.bytes, id.size);
	else
	{
		journey_key_read(events->key_kind, customer, &key);
		status = jrn_events_append(&events->core, key.bytes, key.size, ts, label,
								   columns, id.bytes, id.size);
	}
	if (unlikely(status != JRN_OK))
		journey_check(status, "reading events");
	events->events++;
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	event_reader *reader = arg;
	int64		row = reader->source->rows;
	MemoryContext old = MemoryContextSwitchTo(reader->row_context);
	Datum		customer = required_datum(&reader->shape.customer, slot, row);
	TimestampTz ts = journey_column_time(&reader->shape.ts,
										 required_datum(&reader->shape.ts, slot, row), row);

	if (!reader->request->has_as_of || ts < reader->request->as_of)
		append_event(reader, slot, customer, ts, row);
	MemoryContextSwitchTo(old);
	if (!reader->row_context->isReset)
		MemoryContextReset(reader->row_context);	/* most rows allocate nothing */
}

void
journey_event_shape_find(journey_source *source, journey_event_shape *shape)
{
	shape->customer = journey_source_column(source, "customer_id", JOURNEY_COLUMN_KEY, true);
	shape->ts = journey_source_column(source, "ts", JOURNEY_COLUMN_TIME, true);
	shape->touchpoint = journey_source_column(source, "touchpoint", JOURNEY_COLUMN_LABEL, true);
	shape->event_id = journey_source_column(source, "event_id", JOURNEY_COLUMN_KEY, false);
	shape->has_id = shape->event_id.attribute != 0;
	shape->id_is_integer = shape->has_id &&
		(shape->event_id.key_kind == JOURNEY_KEY_INT2 ||
		 shape->event_id.key_kind == JOURNEY_KEY_INT4 ||
		 shape->event_id.key_kind == JOURNEY_KEY_INT8);
}

static bool
column_is_text(const journey_source *source, const char *name)
{
	int			i;

	for (i = 0; i < source->desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(source->desc, i)->attname), name) == 0)
			return journey_type_is(getBaseType(TupleDescAttr(source->desc, i)->atttypid), JOURNEY_COLUMN_LABEL);
	return false;
}

static void
find_columns(event_reader *reader)
{
	journey_event_request *request = reader->request;
	journey_source *source = reader->source;
	int			c;

	journey_event_shape_find(source, &reader->shape);
	for (c = 0; c < request->column_count; c++)
	{
		journey_event_column *wanted = &request->columns[c];

		if (wanted->by_type)
			wanted->is_label = column_is_text(source, wanted->name);
		wanted->column = journey_source_column(source, wanted->name,
											   wanted->is_label ? JOURNEY_COLUMN_LABEL : JOURNEY_COLUMN_NUMBER,
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
	int			c;

	events->context = own;
	events->env = journey_host_env(own);
	journey_tempfile_init(&events->temp);
	memset(&reader, 0, sizeof(reader));
	reader.events = events;
	reader.request = request;
	reader.source = journey_source_open(source_text);
	find_columns(&reader);
	events->key_kind = reader.shape.customer.key_kind;
	reader.row_context = AllocSetContextCreate(own, "journey row", ALLOCSET_SMALL_SIZES);
	journey_check(jrn_events_begin(&events->core, &events->env, &events->temp.file,
								   request->column_count, reader.shape.has_id,
								   journey_memory_budget()), "reading events");
	if (journey_key_is_integer(events->key_kind))
		jrn_events_integer_keys(&events->core);
	for (c = 0; c < request->column_count; c++)
		if (request->columns[c].is_label)
			journey_check(jrn_events_label_column(&events->core, c), "reading events");
	journey_source_run(reader.source, read_row, &reader);
	events->rows = reader.source->rows;
	journey_source_close(reader.source);
	return events;
}

/* Journeys between two looks at the clock. */
#define JOURNEYS_A_STEP 1024

/* A visitor that reports how many events it has passed on. */
typedef struct counting_visitor
{
	jrn_journey_visitor visitor;
	void	   *arg;
	journey_progress progress;
	uint64		journeys;
	int64		done;			/* events */
	int64		total;
} counting_visitor;

static jrn_status
count_journey(void *arg, const jrn_journey *journey)
{
	counting_visitor *counting = arg;

	counting->done += (int64) journey->n;
	if (++counting->journeys % JOURNEYS_A_STEP == 0)
		journey_progress_step(&counting->progress, counting->done, counting->total);
	return counting->visitor(counting->arg, journey);
}

void
journey_visit(jrn_events *events, jrn_journey_visitor visitor, void *arg, const char *what)
{
	counting_visitor counting;

	memset(&counting, 0, sizeof(counting));
	journey_progress_begin(&counting.progress, what, "events");
	if (!counting.progress.on)
	{
		journey_check(jrn_events_visit(events, visitor, arg), what);
		return;
	}
	counting.visitor = visitor;
	counting.arg = arg;
	counting.total = (int64) events->count;
	journey_check(jrn_events_visit(events, count_journey, &counting), what);
}

void
journey_events_visit(journey_events *events, jrn_journey_visitor visitor, void *arg,
					 const char *what)
{
	journey_visit(&events->core, visitor, arg, what);
}

void
journey_events_close(journey_events *events)
{
	journey_tempfile_close(&events->temp);
	MemoryContextDelete(events->context);
}

ArrayType *
journey_events_label_array(const journey_events *events, const uint32_t *ranks, int count)
{
	Datum	   *elements = palloc((Size) (count + 1) * sizeof(Datum));
	int			i;

	for (i = 0; i < count; i++)
	{
		const jrn_label *label = journey_events_label(events, ranks[i]);

		elements[i] = PointerGetDatum(cstring_to_text_with_len(label->bytes, (int) label->size));
	}
	return construct_array(elements, count, TEXTOID, -1, false, 'i');
}
