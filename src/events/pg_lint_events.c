/*
 * pg_lint_events.c
 *		lint_events: reads an event source that may be dirty, once, and counts
 *		what is wrong with it (requirements: lint.h).
 *
 * Rows that are usable as events go into journeys as in every other function,
 * so memory is bounded the same way; their ids go into a second store in
 * which the id takes the place of the customer.  Both share the budget.
 */
#include "../pg/compat.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/xact.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "../pg/args.h"
#include "pg_lint.h"

static void
note(journey_lint *lint, jrn_lint_finding *finding, const journey_key *customer,
	 const TimestampTz *ts)
{
	journey_check(jrn_lint_note(&lint->env, lint->core.integer_keys, finding, 1,
								customer == NULL ? NULL : customer->bytes,
								customer == NULL ? 0 : customer->size, ts), "linting events");
}

/* A value of more than 1 MB, told without unpacking it. */
static bool
is_overlong(const journey_column *column, Datum value)
{
	if (column->kind == JOURNEY_COLUMN_KEY ? column->key_kind != JOURNEY_KEY_TEXT &&
		column->key_kind != JOURNEY_KEY_BYTEA : !(column->type == TEXTOID || column->type == VARCHAROID))
		return false;
	return toast_raw_datum_size(value) - VARHDRSZ > JOURNEY_MAX_KEY_BYTES;
}

typedef struct lint_row
{
	journey_key key;
	const journey_key *customer;	/* NULL: unusable */
	TimestampTz time;
	const TimestampTz *ts;		/* NULL: unusable */
	const char *label;
	Size		label_size;
	journey_key id;
	bool		usable;
} lint_row;

/* What every fault of a row has in common. */
static void
fault(journey_lint *lint, lint_row *row, journey_lint_fault which)
{
	note(lint, &lint->faults[which], row->customer, row->ts);
	row->usable = false;
}

static void
overlong(journey_lint *lint, lint_row *row, int column)
{
	lint->overlong_column[column] = true;
	fault(lint, row, LINT_OVERLONG);
}

/*
 * Customer and time of a row.  Their faults are noted after both are read, so
 * that a finding can name whichever of them is there.
 */
static void
read_who_and_when(journey_lint *lint, TupleTableSlot *slot, lint_row *row)
{
	const journey_column *customer = &lint->shape.customer;
	bool		customer_null = journey_column_is_null(customer, slot);
	bool		customer_long = !customer_null && is_overlong(customer, journey_column_datum(customer, slot));
	bool		ts_null = journey_column_is_null(&lint->shape.ts, slot);

	if (!customer_null && !customer_long)
	{
		journey_key_read(customer->key_kind, journey_column_datum(customer, slot), &row->key);
		row->customer = &row->key;
	}
	if (!ts_null && journey_column_time_finite(&lint->shape.ts,
											   journey_column_datum(&lint->shape.ts, slot), &row->time))
		row->ts = &row->time;
	if (customer_null)
		fault(lint, row, LINT_NULL_CUSTOMER);
	if (customer_long)
		overlong(lint, row, 0);
	if (row->ts == NULL)
		fault(lint, row, ts_null ? LINT_NULL_TS : LINT_INFINITE_TS);
}

static void
read_what(journey_lint *lint, TupleTableSlot *slot, lint_row *row)
{
	const journey_column *touchpoint = &lint->shape.touchpoint;

	if (journey_column_is_null(touchpoint, slot))
	{
		fault(lint, row, LINT_NULL_TOUCHPOINT);
		return;
	}
	if (is_overlong(touchpoint, journey_column_datum(touchpoint, slot)))
	{
		overlong(lint, row, 1);
		return;
	}
	journey_column_label(touchpoint, journey_column_datum(touchpoint, slot), &row->label,
						 &row->label_size);
	if (row->label_size == 0)
		fault(lint, row, LINT_EMPTY_TOUCHPOINT);
}

static void
read_id(journey_lint *lint, TupleTableSlot *slot, lint_row *row)
{
	const journey_column *id = &lint->shape.event_id;

	if (journey_column_is_null(id, slot))
		fault(lint, row, LINT_NULL_ID);
	else if (is_overlong(id, journey_column_datum(id, slot)))
		overlong(lint, row, 2);
	else
		journey_event_id_read(&lint->shape, journey_column_datum(id, slot), &row->id);
}

/* recorded_at of a usable row: at least ts, at most a day after it. */
static void
look_at_recording(journey_lint *lint, TupleTableSlot *slot, const lint_row *row)
{
	TimestampTz recorded;
	uint64		delay;
	bool		finite;

	if (journey_column_is_null(&lint->recorded_at, slot))
	{
		lint->unrecorded++;
		return;
	}
	/* infinities compare as times do: before or after every other */
	finite = journey_column_time_finite(&lint->recorded_at,
										journey_column_datum(&lint->recorded_at, slot), &recorded);
	if (recorded < row->time)
	{
		lint->late_early++;
		note(lint, &lint->late, row->customer, row->ts);
		return;
	}
	delay = (uint64) recorded - (uint64) row->time;
	if (finite)
		lint->largest_delay = Max(lint->largest_delay, delay);
	if (delay > LINT_LATE_USECS)
		note(lint, &lint->late, row->customer, row->ts);
}

static void
look_at_row(journey_lint *lint, TupleTableSlot *slot)
{
	lint_row	row;
	uint32_t	code;

	memset(&row, 0, sizeof(row));
	row.usable = true;
	read_who_and_when(lint, slot, &row);
	read_what(lint, slot, &row);
	if (lint->shape.has_id)
		read_id(lint, slot, &row);
	if (!row.usable)
		return;					/* R-LINT-1 */
	if (row.time > lint->now)
		note(lint, &lint->future, row.customer, row.ts);
	if (lint->recorded_at.attribute != 0)
		look_at_recording(lint, slot, &row);
	journey_check(jrn_labels_intern(&lint->events.labels, row.label, row.label_size, &code),
				  "reading touchpoints");
	journey_check(jrn_events_append(&lint->events, row.key.bytes, row.key.size, row.time, code,
									NULL, row.id.bytes, row.id.size), "reading events");
	if (lint->shape.has_id)
		journey_check(jrn_events_append(&lint->ids, row.id.bytes, row.id.size, row.time, 0,
										NULL, NULL, 0), "reading event ids");
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	journey_lint *lint = arg;
	MemoryContext old = MemoryContextSwitchTo(lint->row_context);

	look_at_row(lint, slot);
	MemoryContextSwitchTo(old);
	MemoryContextReset(lint->row_context);
}

static void
begin_stores(journey_lint *lint)
{
	size_t		budget = journey_memory_budget();
	uint32_t	code;

	if (lint->shape.has_id)
	{
		budget /= 2;
		journey_check(jrn_events_begin(&lint->ids, &lint->env, &lint->ids_temp.file, 0, false,
									   budget), "reading event ids");
		/* the store wants a label; all ids have the same */
		journey_check(jrn_labels_intern(&lint->ids.labels, "id", 2, &code), "reading event ids");
	}
	journey_check(jrn_events_begin(&lint->events, &lint->env, &lint->temp.file, 0,
								   lint->shape.has_id, budget), "reading events");
}

static void
read_source(journey_lint *lint, const char *text)
{
	journey_source *source = journey_source_open(text);
	journey_key_kind kind;

	journey_event_shape_find(source, &lint->shape);
	lint->recorded_at = journey_source_column(source, "recorded_at", JOURNEY_COLUMN_TIME, false);
	lint->relation = source->relation;
	kind = lint->shape.customer.key_kind;
	jrn_lint_begin(&lint->core, &lint->env, &lint->events.labels,
				   kind == JOURNEY_KEY_INT2 || kind == JOURNEY_KEY_INT4 || kind == JOURNEY_KEY_INT8);
	begin_stores(lint);
	journey_source_run(source, read_row, lint);
	lint->rows = source->rows;
	journey_source_close(source);
}

/* A "journey" of the second store: all events of one id. */
static jrn_status
look_at_id(void *arg, const jrn_journey *journey)
{
	journey_lint *lint = arg;

	if (journey->n == 1)
		return JRN_OK;
	lint->surplus_events += journey->n - 1;
	return jrn_lint_note(&lint->env, false, &lint->repeated_ids, 1,
						 journey->key_size > 0 ? journey->key : "", journey->key_size, NULL);
}

char *
journey_lint_index(Oid oid)
{
	AttrNumber	first = get_attnum(oid, "customer_id");
	AttrNumber	second = get_attnum(oid, "ts");
	Relation	relation = relation_open(oid, AccessShareLock);
	List	   *indexes = RelationGetIndexList(relation);
	char	   *name = NULL;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
		Form_pg_index index;

		if (!HeapTupleIsValid(tuple))
			continue;
		index = (Form_pg_index) GETSTRUCT(tuple);
		if (name == NULL && index->indisvalid && index->indnkeyatts >= 2 &&
			index->indkey.values[0] == first && index->indkey.values[1] == second &&
			heap_attisnull(tuple, Anum_pg_index_indpred, NULL))
			name = get_rel_name(index->indexrelid);
		ReleaseSysCache(tuple);
	}
	list_free(indexes);
	relation_close(relation, AccessShareLock);
	return name;
}

PG_FUNCTION_INFO_V1(journey_lint_events);
Datum
journey_lint_events(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	MemoryContext context;
	journey_lint *lint;

	journey_init_materialized(fcinfo);
	context = AllocSetContextCreate(CurrentMemoryContext, "lint events", ALLOCSET_DEFAULT_SIZES);
	lint = MemoryContextAllocZero(context, sizeof(journey_lint));
	lint->context = context;
	lint->row_context = AllocSetContextCreate(context, "lint events row", ALLOCSET_SMALL_SIZES);
	lint->env = journey_host_env(context);
	lint->now = GetCurrentStatementStartTimestamp();
	journey_tempfile_init(&lint->temp);
	journey_tempfile_init(&lint->ids_temp);
	read_source(lint, source);
	journey_visit(&lint->events, jrn_lint_journey, &lint->core, "linting events");
	journey_tempfile_close(&lint->temp);
	if (lint->shape.has_id)
		journey_visit(&lint->ids, look_at_id, lint, "linting event ids");
	journey_tempfile_close(&lint->ids_temp);
	journey_lint_write(lint, (ReturnSetInfo *) fcinfo->resultinfo);
	MemoryContextDelete(context);
	return (Datum) 0;
}
