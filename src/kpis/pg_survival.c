/*
 * pg_survival.c
 *		SQL binding of kaplan_meier() and logrank().
 *
 * Reads duration, event and stratum of every row once: 16 bytes a row in the
 * memory of the call.  Strata are told apart by their text (of numbers that of
 * the number, so that 1 and 1.0 are the same) and come in the order of the
 * numbers, or in byte order.
 *
 * R-PSV-1	The text of a number is the shortest that reads back as it, under any
 *			extra_float_digits: two numbers are never one stratum.
 */
#include "../pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "../events/labels.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "survival.h"

PG_FUNCTION_INFO_V1(journey_kaplan_meier);
PG_FUNCTION_INFO_V1(journey_logrank);

typedef struct survival_reader
{
	const char *what;
	journey_source *source;
	journey_column duration;
	journey_column event;
	journey_column by;			/* attribute 0: one stratum */
	jrn_env		env;
	MemoryContext row_context;
	jrn_labels	labels;			/* of strata */
	double	   *numbers;		/* by code, 0 for text */
	size_t		number_capacity;
	jrn_spell  *spells;
	size_t		n;
	size_t		capacity;
} survival_reader;

/* ---- one row ---- */

static void
refuse_null(const survival_reader *reader, const journey_column *column, TupleTableSlot *slot)
{
	if (journey_column_is_null(column, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						column->name, reader->source->rows),
				 errhint("Filter such rows in the source query.")));
}

static double
read_duration(const survival_reader *reader, TupleTableSlot *slot)
{
	double		duration;

	refuse_null(reader, &reader->duration, slot);
	duration = journey_column_number(&reader->duration, journey_column_datum(&reader->duration, slot),
									 reader->source->rows);
	if (duration < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("duration \"%s\" is %s in row " INT64_FORMAT " of the source, it must not be negative",
						reader->duration.name, float8out_internal(duration), reader->source->rows)));
	return duration + 0.0;
}

/* R-PSV-1 */
static const char *
shortest(double number)
{
	char	   *digits = palloc(DOUBLE_SHORTEST_DECIMAL_LEN);

	double_to_shortest_decimal_buf(number, digits);
	return digits;
}

/* Code of the row's stratum. */
static uint32_t
read_stratum(survival_reader *reader, TupleTableSlot *slot)
{
	const char *bytes;
	Size		size;
	Datum		value;
	double		number = 0.0;
	size_t		known = reader->labels.count;
	uint32_t	code;

	if (reader->by.attribute == 0)
		return 0;
	refuse_null(reader, &reader->by, slot);
	value = journey_column_datum(&reader->by, slot);
	if (reader->by.kind == JOURNEY_COLUMN_LABEL)
		journey_column_label(&reader->by, value, &bytes, &size);
	else
	{
		number = journey_column_number(&reader->by, value, reader->source->rows) + 0.0;
		if (reader->by.type == BOOLOID)
			bytes = DatumGetBool(value) ? "true" : "false";
		else if (reader->by.type == INT8OID)
			bytes = psprintf(INT64_FORMAT, DatumGetInt64(value));
		else
			bytes = shortest(number);
		size = strlen(bytes);
	}
	journey_check(jrn_labels_intern(&reader->labels, bytes, size, &code), reader->what);
	if (reader->labels.count > known)
	{
		journey_check(jrn_grow_array(&reader->env, known, &reader->number_capacity, sizeof(double),
									 &reader->numbers), reader->what);
		reader->numbers[code] = number;
	}
	return code;
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	survival_reader *reader = arg;
	MemoryContext old = MemoryContextSwitchTo(reader->row_context);
	jrn_spell	spell;

	spell.time = read_duration(reader, slot);
	refuse_null(reader, &reader->event, slot);
	spell.event = DatumGetBool(journey_column_datum(&reader->event, slot)) ? 1 : 0;
	spell.stratum = read_stratum(reader, slot);
	journey_check(jrn_grow_array(&reader->env, reader->n, &reader->capacity, sizeof(jrn_spell),
								 &reader->spells), reader->what);
	reader->spells[reader->n++] = spell;
	MemoryContextSwitchTo(old);
	MemoryContextReset(reader->row_context);
}

/* ---- all rows ---- */

static void
refuse_interval(const journey_source *source, const char *name)
{
	int			i;

	for (i = 0; i < source->desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(source->desc, i)->attname), name) == 0 &&
			getBaseType(TupleDescAttr(source->desc, i)->atttypid) == INTERVALOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" is of type interval, it must be a number", name),
					 errhint("Turn it into days: extract(epoch FROM %s) / 86400 AS %s.", name, name)));
}

/* The column of strata: a number, boolean or label. */
static journey_column
stratum_column(journey_source *source, const char *name)
{
	int			i;

	for (i = 0; i < source->desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(source->desc, i)->attname), name) == 0 &&
			journey_type_is(TupleDescAttr(source->desc, i)->atttypid, JOURNEY_COLUMN_NUMBER))
			return journey_source_column(source, name, JOURNEY_COLUMN_NUMBER, true);
	return journey_source_column(source, name, JOURNEY_COLUMN_LABEL, true);
}

typedef struct stratum_place
{
	double		number;
	uint32_t	rank;
	uint32_t	code;
} stratum_place;

static int
compare_places(const void *a, const void *b)
{
	const stratum_place *x = a;
	const stratum_place *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank ? 1 : 0;
}

/* Number the strata in their order; code_of_place tells the way back. */
static uint32_t *
order_strata(survival_reader *reader)
{
	size_t		count = reader->labels.count;
	stratum_place *places = palloc_extended((count + 1) * sizeof(stratum_place), MCXT_ALLOC_HUGE);
	uint32_t   *place_of_code = palloc_extended((count + 1) * sizeof(uint32_t), MCXT_ALLOC_HUGE);
	uint32_t   *code_of_place = palloc_extended((count + 1) * sizeof(uint32_t), MCXT_ALLOC_HUGE);
	size_t		i;

	if (count == 0)
		return code_of_place;
	journey_check(jrn_labels_rank(&reader->labels), reader->what);
	for (i = 0; i < count; i++)
	{
		places[i].number = reader->numbers[i];
		places[i].rank = reader->labels.rank_of_code[i];
		places[i].code = (uint32_t) i;
	}
	qsort(places, count, sizeof(stratum_place), compare_places);
	for (i = 0; i < count; i++)
	{
		code_of_place[i] = places[i].code;
		place_of_code[places[i].code] = (uint32_t) i;
	}
	for (i = 0; i < reader->n; i++)
		reader->spells[i].stratum = place_of_code[reader->spells[i].stratum];
	return code_of_place;
}

/* Read the source; everything lies in context. */
static void
read_source(survival_reader *reader, MemoryContext context, const char *source,
			const char *duration, const char *event, const char *by)
{
	reader->env = journey_host_env(context);
	reader->row_context = AllocSetContextCreate(context, "journey row", ALLOCSET_SMALL_SIZES);
	journey_check(jrn_labels_begin(&reader->labels, &reader->env), reader->what);
	reader->source = journey_source_open(source);
	refuse_interval(reader->source, duration);
	reader->duration = journey_source_column(reader->source, duration, JOURNEY_COLUMN_NUMBER, true);
	reader->event = journey_source_column(reader->source, event, JOURNEY_COLUMN_BOOLEAN, true);
	if (by != NULL)
		reader->by = stratum_column(reader->source, by);
	journey_source_run(reader->source, read_row, reader);
	journey_source_close(reader->source);
}

static jrn_km_interval
interval_arg(FunctionCallInfo fcinfo, int number)
{
	char	   *word = journey_arg_cstring_required(fcinfo, number, "interval_type");

	if (strcmp(word, "plain") == 0)
		return JRN_KM_PLAIN;
	if (strcmp(word, "log") == 0)
		return JRN_KM_LOG;
	if (strcmp(word, "log-log") == 0 || strcmp(word, "log_log") == 0)
		return JRN_KM_LOG_LOG;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized interval_type \"%s\"", word),
			 errhint("Pass 'plain', 'log' or 'log-log'.")));
	return JRN_KM_LOG;
}

typedef struct km_writer
{
	journey_rows rows;
	const survival_reader *reader;
	const uint32_t *code_of_place;
} km_writer;

static jrn_status
write_row(void *arg, const jrn_km_row *row)
{
	km_writer  *writer = arg;

	if (writer->reader->by.attribute != 0)
	{
		const jrn_label *label = &writer->reader->labels.list[writer->code_of_place[row->stratum]];

		journey_rows_bytes(&writer->rows, 0, label->bytes, label->size);
	}
	journey_rows_number(&writer->rows, 1, row->time);
	journey_rows_bigint(&writer->rows, 2, row->at_risk);
	journey_rows_bigint(&writer->rows, 3, row->events);
	journey_rows_number(&writer->rows, 4, row->survival);
	journey_rows_number(&writer->rows, 5, row->std_error);
	journey_rows_number(&writer->rows, 6, row->low);
	journey_rows_number(&writer->rows, 7, row->high);
	journey_rows_put(&writer->rows);
	return JRN_OK;
}

/* kaplan_meier(source, duration, event, by, interval_type) */
Datum
journey_kaplan_meier(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *duration = journey_arg_cstring_required(fcinfo, 1, "duration");
	char	   *event = journey_arg_cstring_required(fcinfo, 2, "event");
	jrn_km_interval interval = interval_arg(fcinfo, 4);
	survival_reader reader;
	km_writer	writer;

	memset(&reader, 0, sizeof(reader));
	reader.what = "kaplan_meier";
	journey_rows_begin(&writer.rows, fcinfo, 8, "kaplan_meier");
	read_source(&reader, CurrentMemoryContext, source, duration, event,
				journey_arg_cstring(fcinfo, 3));
	writer.reader = &reader;
	writer.code_of_place = order_strata(&reader);
	journey_check(jrn_kaplan_meier(&reader.env, reader.spells, reader.n, interval,
								   write_row, &writer), "kaplan_meier");
	return (Datum) 0;
}

/* logrank(source, duration, event, by) */
Datum
journey_logrank(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *duration = journey_arg_cstring_required(fcinfo, 1, "duration");
	char	   *event = journey_arg_cstring_required(fcinfo, 2, "event");
	char	   *by = journey_arg_cstring_required(fcinfo, 3, "by");
	survival_reader reader;
	jrn_logrank_result result;
	journey_rows rows;

	memset(&reader, 0, sizeof(reader));
	reader.what = "logrank";
	journey_rows_begin(&rows, fcinfo, 3, "logrank");
	read_source(&reader, CurrentMemoryContext, source, duration, event, by);
	if (reader.labels.count > JRN_LOGRANK_GROUPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has %zu distinct values, a log-rank test takes at most %d groups",
						by, reader.labels.count, JRN_LOGRANK_GROUPS),
				 errhint("Group rare values in the source query.")));
	(void) order_strata(&reader);
	journey_check(jrn_logrank(&reader.env, reader.spells, reader.n,
							  (uint32_t) reader.labels.count, &result), "logrank");
	journey_rows_number(&rows, 0, result.statistic);
	journey_rows_integer(&rows, 1, result.df);
	journey_rows_number(&rows, 2, result.p_value);
	journey_rows_put(&rows);
	return (Datum) 0;
}
