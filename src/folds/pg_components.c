/*
 * pg_components.c
 *		connected_components: households out of pairs of ids (requirements:
 *		components.h).
 *
 * Ids of both columns live in one space of their text, so a customer number
 * and an e-mail address may be linked.  Integers are ordered like every other
 * id, by the bytes of their text.
 */
#include "../pg/compat.h"

#include "utils/memutils.h"

#include "../events/labels.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "components.h"

typedef struct components_call
{
	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_column columns[2];	/* a, b */
	jrn_labels	ids;			/* UTF-8 text of every id */
	jrn_components components;
} components_call;

static uint32_t
intern_id(components_call *call, const journey_column *column, Datum value)
{
	size_t		known = call->ids.count;
	journey_key key;
	const char *bytes;
	Size		size;
	uint32_t	code;

	journey_key_read(column->key_kind, value, &key);
	bytes = key.bytes;
	size = key.size;
	if (column->key_kind != JOURNEY_KEY_TEXT && column->key_kind != JOURNEY_KEY_ENUM)
	{
		bytes = journey_key_text(column->key_kind, key.bytes, key.size);
		size = strlen(bytes);
	}
	journey_check(jrn_labels_intern(&call->ids, bytes, size, &code), "connected components");
	if (code == known)
		journey_check(jrn_components_add(&call->components), "connected components");
	return code;
}

static void
read_link(void *arg, TupleTableSlot *slot)
{
	components_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	uint32_t	code[2];
	int			found = 0;
	int			i;

	for (i = 0; i < 2; i++)
		if (!journey_column_is_null(&call->columns[i], slot))
			code[found++] = intern_id(call, &call->columns[i],
									  journey_column_datum(&call->columns[i], slot));
	if (found == 2)
		jrn_components_link(&call->components, code[0], code[1]);
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
put_components(components_call *call, const uint32_t *names, journey_rows *rows)
{
	size_t		r;
	int			c;

	for (r = 0; r < call->ids.count; r++)
	{
		uint32_t	id = call->ids.code_of_rank[r];
		uint32_t	shown[2] = {id, names[id]};
		MemoryContext old = MemoryContextSwitchTo(call->row_context);

		if (r % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		for (c = 0; c < 2; c++)
			journey_rows_cstring(rows, c, journey_key_text(JOURNEY_KEY_TEXT,
														   call->ids.list[shown[c]].bytes,
														   call->ids.list[shown[c]].size));
		journey_rows_put(rows);
		MemoryContextSwitchTo(old);
		MemoryContextReset(call->row_context);
	}
}

PG_FUNCTION_INFO_V1(journey_connected_components);
Datum
journey_connected_components(PG_FUNCTION_ARGS)
{
	char	   *text = journey_arg_cstring_required(fcinfo, 0, "source");
	components_call call;
	journey_source *source;
	journey_rows rows;
	uint32_t   *names;
	const char *what = "connected components";

	memset(&call, 0, sizeof(call));
	journey_rows_begin(&rows, fcinfo, 2, "connected_components");
	call.context = AllocSetContextCreate(CurrentMemoryContext, "connected components",
										 ALLOCSET_DEFAULT_SIZES);
	call.row_context = AllocSetContextCreate(call.context, "connected components row",
											 ALLOCSET_SMALL_SIZES);
	call.env = journey_host_env(call.context);
	source = journey_source_open(text);
	call.columns[0] = journey_source_column(source, "a", JOURNEY_COLUMN_KEY, true);
	call.columns[1] = journey_source_column(source, "b", JOURNEY_COLUMN_KEY, true);
	journey_check(jrn_labels_begin(&call.ids, &call.env), what);
	jrn_components_begin(&call.components, &call.env);
	journey_source_run(source, read_link, &call);
	journey_source_close(source);
	journey_check(jrn_labels_rank(&call.ids), what);
	journey_check(jrn_alloc_array(&call.env, call.ids.count, sizeof(uint32_t), &names), what);
	journey_check(jrn_components_names(&call.components, call.ids.rank_of_code, names), what);
	put_components(&call, names, &rows);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
