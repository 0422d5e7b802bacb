/*
 * pg_row_keys.c
 *		Reading the key column of a source (see pg_row_keys.h).
 */
#include "../pg/compat.h"

#include "mb/pg_wchar.h"

#include "../pg/host.h"
#include "pg_row_keys.h"

/* Keys in messages are cut here. */
#define SHOWN_BYTES 80

void
journey_row_keys_open(journey_row_keys *keys, journey_source *source, const char *name,
					  const jrn_env *env)
{
	memset(keys, 0, sizeof(*keys));
	keys->source = source;
	keys->name = name;
	if (name == NULL)
		return;
	keys->column = journey_source_column(source, name, JOURNEY_COLUMN_KEY, true);
	journey_check(jrn_labels_begin(&keys->dictionary, env), "reading keys");
}

uint32_t
journey_row_keys_read(journey_row_keys *keys, const TupleTableSlot *slot)
{
	journey_key key;
	uint32_t	code;

	if (keys->name == NULL)		/* R-KEYS-2 */
	{
		if (keys->count == PG_UINT32_MAX)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the source has more than %u rows", PG_UINT32_MAX)));
		return (uint32_t) keys->count++;
	}
	if (journey_column_is_null(&keys->column, slot))	/* R-KEYS-1 */
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						keys->name, keys->source->rows),
				 errhint("Filter rows without a key, or give them a key of their own.")));
	journey_key_read(keys->column.key_kind, journey_column_datum(&keys->column, slot), &key);
	journey_check(jrn_labels_intern(&keys->dictionary, key.bytes, key.size, &code), "reading keys");
	keys->count = keys->dictionary.count;
	return code;
}

char *
journey_row_keys_text(const journey_row_keys *keys, uint32_t code)
{
	const jrn_label *label;

	if (keys->name == NULL)
		return NULL;
	label = &keys->dictionary.list[code];
	return journey_key_text(keys->column.key_kind, label->bytes, label->size);
}

char *
journey_row_keys_shown(const journey_row_keys *keys, uint32_t code)
{
	char	   *text;
	int			length;

	if (keys->name == NULL)
		return psprintf("row %u", code + 1);
	text = journey_row_keys_text(keys, code);
	length = (int) strlen(text);
	if (length > SHOWN_BYTES)
		return psprintf("\"%.*s...\"", pg_mbcliplen(text, length, SHOWN_BYTES), text);
	return psprintf("\"%s\"", text);
}
