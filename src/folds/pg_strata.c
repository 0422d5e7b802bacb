/*
 * pg_strata.c
 *		Reading strata of a source (see pg_strata.h).
 */
#include "../pg/compat.h"

#include "utils/builtins.h"

#include "../pg/host.h"
#include "pg_strata.h"

void
journey_strata_arg(FunctionCallInfo fcinfo, int number, journey_strata *strata)
{
	int			i,
				j;

	memset(strata, 0, sizeof(*strata));
	if (PG_ARGISNULL(number))
		return;
	strata->names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), "strata", &strata->columns);
	if (strata->columns > JOURNEY_MAX_STRATA_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("argument \"strata\" has %d columns, it may have at most %d",
						strata->columns, JOURNEY_MAX_STRATA_COLUMNS)));
	for (i = 0; i < strata->columns; i++)
		for (j = 0; j < i; j++)
			if (strcmp(strata->names[i], strata->names[j]) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("argument \"strata\" names column \"%s\" twice", strata->names[i])));
}

/* R-STRATA-1: booleans and everything that could be a key but bytea. */
static journey_column
strata_column(journey_source *source, const char *name)
{
	int			i;

	for (i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(source->desc, i);

		if (strcmp(NameStr(attribute->attname), name) != 0)
			continue;
		if (journey_type_is(attribute->atttypid, JOURNEY_COLUMN_BOOLEAN))
			return journey_source_column(source, name, JOURNEY_COLUMN_BOOLEAN, true);
		if (journey_type_is(attribute->atttypid, JOURNEY_COLUMN_NUMBER) &&
			!journey_type_is(attribute->atttypid, JOURNEY_COLUMN_KEY))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of the source is of type %s, strata must be text, enum, boolean, integer or uuid",
							name, format_type_be(attribute->atttypid)),
					 errhint("Cut it into classes in the source query, for instance with width_bucket or ntile.")));
	}
	return journey_source_column(source, name, JOURNEY_COLUMN_KEY, true);
}

void
journey_strata_open(journey_strata *strata, journey_source *source, const jrn_env *env)
{
	MemoryContext old = MemoryContextSwitchTo((MemoryContext) env->host);
	int			i;

	strata->env = env;
	strata->column = palloc0(sizeof(journey_column) * Max(strata->columns, 1));
	strata->values = palloc0(sizeof(jrn_labels) * Max(strata->columns, 1));
	for (i = 0; i < strata->columns; i++)
	{
		strata->column[i] = strata_column(source, strata->names[i]);
		journey_check(jrn_labels_begin(&strata->values[i], env), "reading strata");
	}
	MemoryContextSwitchTo(old);
}

/* The value's text behind a 1; the buffer is the caller's when it is long enough. */
static char *
value_bytes(const journey_column *column, Datum value, char *buffer, Size room, Size *size)
{
	journey_key key;
	const char *text;
	char	   *bytes = buffer;

	if (column->kind == JOURNEY_COLUMN_BOOLEAN)
	{
		text = DatumGetBool(value) ? "true" : "false";
		*size = strlen(text);
	}
	else
	{
		journey_key_read(column->key_kind, value, &key);
		if (column->key_kind == JOURNEY_KEY_TEXT || column->key_kind == JOURNEY_KEY_ENUM)
		{
			text = key.bytes;
			*size = key.size;
		}
		else
		{
			text = journey_key_text(column->key_kind, key.bytes, key.size);
			*size = strlen(text);
		}
	}
	if (*size + 1 > room)
		bytes = palloc(*size + 1);
	bytes[0] = 1;
	memcpy(bytes + 1, text, *size);
	(*size)++;
	return bytes;
}

void
journey_strata_read(journey_strata *strata, const TupleTableSlot *slot, uint32_t *codes)
{
	char		buffer[256];
	int			i;

	for (i = 0; i < strata->columns; i++)
	{
		const journey_column *column = &strata->column[i];
		char	   *bytes = buffer;
		Size		size = 1;

		buffer[0] = 0;
		if (!journey_column_is_null(column, slot))
			bytes = value_bytes(column, journey_column_datum(column, slot), buffer, sizeof(buffer), &size);
		journey_check(jrn_labels_intern(&strata->values[i], bytes, size, &codes[i]), "reading strata");
		if (strata->values[i].count > JOURNEY_MAX_STRATA_VALUES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("column \"%s\" has more than %d distinct values, too many for strata",
							column->name, JOURNEY_MAX_STRATA_VALUES),
					 errhint("Merge rare values in the source query.")));
	}
}

void
journey_strata_rank(journey_strata *strata)
{
	size_t		all = 0;
	int			i;

	for (i = 0; i < strata->columns; i++)
	{
		all += strata->values[i].count;
		journey_check(jrn_labels_rank(&strata->values[i]), "ranking strata");
	}
	if (all > JOURNEY_MAX_STRATA_VALUES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("strata have %zu distinct values in all, they may have at most %d",
						all, JOURNEY_MAX_STRATA_VALUES),
				 errhint("Merge rare values in the source query, or name fewer columns.")));
}

char *
journey_strata_value(const journey_strata *strata, int column, uint32_t rank)
{
	const jrn_labels *values = &strata->values[column];
	const jrn_label *label = &values->list[values->code_of_rank[rank]];

	if (label->size == 1 && label->bytes[0] == 0)
		return NULL;
	return journey_key_text(JOURNEY_KEY_TEXT, label->bytes + 1, label->size - 1);
}
