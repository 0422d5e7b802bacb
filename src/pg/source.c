/*
 * source.c
 *		Reading a source query once through a DestReceiver (see source.h).
 */
#include "source.h"

#include <ctype.h>
#include <math.h>

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "tcop/cmdtag.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/regproc.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

#include "progress.h"

/* ---- from text to a plan ---- */

/* Behind a comment of slash and star, which may hold others; NULL: it stays open. */
static const char *
skip_comment(const char *p)
{
	int			depth = 0;

	do
	{
		if (p[0] == '/' && p[1] == '*')
			depth++;
		else if (p[0] == '*' && p[1] == '/')
			depth--;
		else if (*p == '\0')
			return NULL;
		else
		{
			p++;
			continue;
		}
		p += 2;
	} while (depth > 0);
	return p;
}

/* Skip white space and comments. */
static const char *
skip_blank(const char *p)
{
	for (;;)
	{
		while (isspace((unsigned char) *p))
			p++;
		if (p[0] == '-' && p[1] == '-')
			while (*p != '\0' && *p != '\n')
				p++;
		else if (p[0] == '/' && p[1] == '*')
		{
			const char *end = skip_comment(p);

			if (end == NULL)
				return p;
			p = end;
		}
		else
			return p;
	}
}

/* Does the text begin like a statement rather than a relation name? */
static bool
looks_like_query(const char *text)
{
	static const char *const words[] = {
		"select", "with", "values", "table", "insert", "update", "delete", "merge", "create",
		"drop", "alter", "truncate", "copy", "call", "do", "explain", "show", "set", "execute",
		"grant", "revoke", "begin", "commit", "vacuum", "analyze", "lock", "declare", "fetch",
		"refresh", "listen", "notify", "prepare", "deallocate", "reset", "discard", "cluster",
		"reindex", "comment"
	};
	const char *p = skip_blank(text);
	size_t		length = 0;
	size_t		i;

	if (*p == '(' || *p == ';')
		return true;
	while (isalpha((unsigned char) p[length]))
		length++;
	if (length == 0 || !(isspace((unsigned char) p[length]) || strchr("(/-*;'\"", p[length]) != NULL))
		return false;			/* also the end of the text: a lone word is a name */
	if (p[length] == '\0')
		return false;
	for (i = 0; i < lengthof(words); i++)
		if (strlen(words[i]) == length && pg_strncasecmp(p, words[i], length) == 0)
			return true;
	return false;
}

/* SELECT * over a relation that the caller's search path finds. */
static char *
query_of_relation(const char *text, Oid *relation)
{
	RangeVar   *name = makeRangeVarFromNameList(journey_name_list(text));
	Oid			oid = RangeVarGetRelid(name, NoLock, true);
	char		relkind;

	if (!OidIsValid(oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("source \"%s\" is not a relation", text),
				 errhint("Pass the name of a table or view, or one SELECT query.")));
	relkind = get_rel_relkind(oid);
	if (relkind != RELKIND_RELATION && relkind != RELKIND_VIEW &&
		relkind != RELKIND_MATVIEW && relkind != RELKIND_FOREIGN_TABLE &&
		relkind != RELKIND_PARTITIONED_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("source \"%s\" is not a table or view", text)));
	*relation = oid;
	return psprintf("SELECT * FROM %s",
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(oid)),
											   get_rel_name(oid)));
}

/* R-SRC-1 on a parsed plan; returns the shape of its result. */
static TupleDesc
check_plan(SPIPlanPtr plan, const char *text)
{
	List	   *sources = SPI_plan_get_plan_sources(plan);
	CachedPlanSource *first;
	Query	   *query;

	if (list_length(sources) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("source must be one query, it has %d statements", list_length(sources)),
				 errhint("Pass a relation name or one SELECT query.")));
	first = linitial(sources);
	query = list_length(first->query_list) == 1 ? linitial_node(Query, first->query_list) : NULL;
	if (query == NULL || query->commandType != CMD_SELECT || query->hasModifyingCTE ||
		query->rowMarks != NIL || query->utilityStmt != NULL || first->resultDesc == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("source must be a query that only reads, this is a %s statement%s",
						GetCommandTagName(first->commandTag),
						query != NULL && query->hasModifyingCTE ? " that modifies data" :
						query != NULL && query->rowMarks != NIL ? " that locks rows" : ""),
				 errhint("Pass a relation name or one SELECT, WITH, VALUES or TABLE query.")));
	return first->resultDesc;
}

journey_source *
journey_source_open(const char *text)
{
	journey_source *source;
	SPIPrepareOptions options;
	const char *query;
	Oid			relation = InvalidOid;

	if (*skip_blank(text) == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("source is empty"),
				 errhint("Pass a relation name or one SELECT query.")));
	query = looks_like_query(text) ? text : query_of_relation(text, &relation);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	source = palloc0(sizeof(journey_source));
	source->text = text;
	source->relation = relation;
	memset(&options, 0, sizeof(options));
	options.parseMode = RAW_PARSE_DEFAULT;
	options.cursorOptions = CURSOR_OPT_PARALLEL_OK;
	source->plan = SPI_prepare_extended(query, &options);
	if (source->plan == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("source cannot be prepared: %s", SPI_result_code_string(SPI_result))));
	source->desc = CreateTupleDescCopy(check_plan(source->plan, text));
	return source;
}

void
journey_source_close(journey_source *source)
{
	SPI_finish();
}

/* ---- columns ---- */

static bool
is_label_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type_is_enum(type);
}

static bool
is_number_type(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == FLOAT4OID ||
		type == FLOAT8OID || type == NUMERICOID || type == BOOLOID;
}

bool
journey_type_is(Oid type, journey_column_kind kind)
{
	journey_key_kind key_kind;

	type = getBaseType(type);
	switch (kind)
	{
		case JOURNEY_COLUMN_NUMBER:
			return is_number_type(type);
		case JOURNEY_COLUMN_BOOLEAN:
			return type == BOOLOID;
		case JOURNEY_COLUMN_TIME:
			return type == TIMESTAMPTZOID || type == TIMESTAMPOID || type == DATEOID;
		case JOURNEY_COLUMN_LABEL:
			return is_label_type(type);
		case JOURNEY_COLUMN_KEY:
			return journey_key_kind_of(type, &key_kind);
		case JOURNEY_COLUMN_JSONB:
			return type == JSONBOID;
	}
	return false;
}

static const char *
kind_words(journey_column_kind kind)
{
	switch (kind)
	{
		case JOURNEY_COLUMN_NUMBER:
			return "a number";
		case JOURNEY_COLUMN_BOOLEAN:
			return "boolean";
		case JOURNEY_COLUMN_TIME:
			return "timestamptz, timestamp or date";
		case JOURNEY_COLUMN_LABEL:
			return "text, varchar or an enum";
		case JOURNEY_COLUMN_KEY:
			return "bigint, integer, uuid or text";
		case JOURNEY_COLUMN_JSONB:
			return "jsonb";
	}
	return "?";
}

char *
journey_column_list(TupleDesc desc)
{
	StringInfoData list;
	int			i;

	initStringInfo(&list);
	for (i = 0; i < desc->natts && i < 40; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "",
						 NameStr(TupleDescAttr(desc, i)->attname));
	if (desc->natts > 40)
		appendStringInfo(&list, ", ... (%d in all)", desc->natts);
	return list.data;
}

int
journey_source_attribute(journey_source *source, const char *name, bool required)
{
	int			found = 0;
	int			i;

	for (i = 0; i < source->desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(source->desc, i);

		if (attribute->attisdropped || strcmp(NameStr(attribute->attname), name) != 0)
			continue;
		if (found != 0)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("source has more than one column \"%s\"", name)));
		found = i + 1;
	}
	if (found == 0 && required)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("source has no column \"%s\"", name),
				 errdetail("Its columns are: %s.", journey_column_list(source->desc)),
				 errhint("Rename a column in the source query: SELECT ... AS %s.", name)));
	if (found > source->needed)
		source->needed = found;
	return found;
}

journey_column
journey_source_column(journey_source *source, const char *name,
					  journey_column_kind kind, bool required)
{
	journey_column column;

	memset(&column, 0, sizeof(column));
	column.name = name;
	column.kind = kind;
	column.attribute = journey_source_attribute(source, name, required);
	if (column.attribute == 0)
		return column;
	column.type = getBaseType(TupleDescAttr(source->desc, column.attribute - 1)->atttypid);
	if (!journey_type_is(column.type, kind))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, it must be %s",
						name, format_type_be(TupleDescAttr(source->desc, column.attribute - 1)->atttypid),
						kind_words(kind)),
				 errhint("Cast the column in the source query.")));
	if (kind == JOURNEY_COLUMN_KEY)
		column.key_kind = journey_key_kind_required(column.type, name);
	return column;
}

double
journey_column_number(const journey_column *column, Datum value, int64 row)
{
	double		number;

	switch (column->type)
	{
		case FLOAT8OID:
			number = DatumGetFloat8(value);
			break;
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		case INT2OID:
			return DatumGetInt16(value);
		case BOOLOID:
			return DatumGetBool(value) ? 1.0 : 0.0;
		case FLOAT4OID:
			number = DatumGetFloat4(value);
			break;
		default:
			number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
			break;
	}
	if (!isfinite(number))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" is %s in row " INT64_FORMAT " of the source",
						column->name, isnan(number) ? "NaN" : "infinite", row),
				 errhint("Filter such rows or replace the value in the source query.")));
	return number;
}

void
journey_column_refuse_null(const journey_column *column, const TupleTableSlot *slot, int64 row)
{
	if (journey_column_is_null(column, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source", column->name, row),
				 errhint("Filter such rows in the source query.")));
}

double
journey_column_number_required(const journey_column *column, const TupleTableSlot *slot, int64 row)
{
	journey_column_refuse_null(column, slot, row);
	return journey_column_number(column, journey_column_datum(column, slot), row);
}

TimestampTz
journey_column_time_checked(const journey_column *column, Datum value, int64 row)
{
	TimestampTz time;

	if (column->type == TIMESTAMPTZOID)
		time = DatumGetTimestampTz(value);
	else if (column->type == TIMESTAMPOID)
		time = DatumGetTimestampTz(DirectFunctionCall1(timestamp_timestamptz, value));
	else
		time = DatumGetTimestampTz(DirectFunctionCall1(date_timestamptz, value));
	if (TIMESTAMP_NOT_FINITE(time))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" is infinite in row " INT64_FORMAT " of the source",
						column->name, row),
				 errhint("Filter such rows in the source query.")));
	return time;
}

bool
journey_column_time_finite(const journey_column *column, Datum value, TimestampTz *time)
{
	int			overflow = 0;

	if (column->type == TIMESTAMPTZOID)
		*time = DatumGetTimestampTz(value);
	else if (column->type == TIMESTAMPOID)
		*time = timestamp2timestamptz_opt_overflow(DatumGetTimestamp(value), &overflow);
	else
		*time = date2timestamptz_opt_overflow(DatumGetDateADT(value), &overflow);
	if (overflow > 0)
		TIMESTAMP_NOEND(*time);
	else if (overflow < 0)
		TIMESTAMP_NOBEGIN(*time);
	return !TIMESTAMP_NOT_FINITE(*time);
}

void
journey_column_label_fetch(const journey_column *column, Datum value, const char **bytes, Size *size)
{
	if (column->type == TEXTOID || column->type == VARCHAROID)
	{
		struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

		*bytes = VARDATA_ANY(packed);
		*size = VARSIZE_ANY_EXHDR(packed);
	}
	else
	{
		HeapTuple	tuple = SearchSysCache1(ENUMOID, value);

		if (!HeapTupleIsValid(tuple))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid internal value for enum: %u", DatumGetObjectId(value))));
		*bytes = pstrdup(NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel));
		*size = strlen(*bytes);
		ReleaseSysCache(tuple);
	}
}

/* ---- the receiver ---- */

/* The clock is looked at every so many rows, few enough for slow sources. */
#define ROWS_A_STEP 1024

typedef struct source_receiver
{
	DestReceiver pub;
	journey_source *source;
	journey_source_row row;
	void	   *arg;
	journey_progress progress;
} source_receiver;

static void
receiver_startup(DestReceiver *self, int operation, TupleDesc desc)
{
}

static bool
receiver_receive(TupleTableSlot *slot, DestReceiver *self)
{
	source_receiver *receiver = (source_receiver *) self;

	if ((++receiver->source->rows & (ROWS_A_STEP - 1)) == 0)
		journey_progress_step(&receiver->progress, receiver->source->rows, 0);
	slot_getsomeattrs(slot, receiver->source->needed);
	receiver->row(receiver->arg, slot);
	return true;
}

static void
receiver_nothing(DestReceiver *self)
{
}

void
journey_source_run(journey_source *source, journey_source_row row, void *arg)
{
	source_receiver receiver;
	SPIExecuteOptions options;
	int			code;

	memset(&receiver, 0, sizeof(receiver));
	receiver.pub.receiveSlot = receiver_receive;
	receiver.pub.rStartup = receiver_startup;
	receiver.pub.rShutdown = receiver_nothing;
	receiver.pub.rDestroy = receiver_nothing;
	receiver.pub.mydest = DestNone;
	receiver.source = source;
	receiver.row = row;
	receiver.arg = arg;
	journey_progress_begin(&receiver.progress, "reading the source", "rows");
	memset(&options, 0, sizeof(options));
	options.read_only = true;
	options.dest = &receiver.pub;
	code = SPI_execute_plan_extended(source->plan, &options);
	if (code < 0)
		elog(ERROR, "could not run source: %s", SPI_result_code_string(code));
}
