/*
 * pg_design.c
 *		Reading the rows of a model (see pg_design.h).
 */
#include "pg_design.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/progress.h"
#include "pg_levels.h"

typedef struct design_reader
{
	const journey_design_request *request;
	journey_design *design;
	journey_source *source;
	journey_column target;
	journey_column key;
	journey_column weight;
	journey_column offset;
	journey_column fold;
	journey_column *features;
	bool	   *is_label;
	int			feature_count;
	double	   *values;			/* features of the current row */
	MemoryContext row_context;
	journey_enum_places *places;	/* of an enum target; else NULL */
} design_reader;

/* ---- columns ---- */

static bool
is_taken(const journey_design_request *request, const char *name)
{
	return strcmp(name, request->target) == 0 ||
		(request->key != NULL && strcmp(name, request->key) == 0) ||
		(request->weight != NULL && strcmp(name, request->weight) == 0) ||
		(request->offset != NULL && strcmp(name, request->offset) == 0) ||
		(request->fold != NULL && strcmp(name, request->fold) == 0) ||
		(request->event != NULL && strcmp(name, request->event) == 0);
}

static void
find_feature(design_reader *reader, const char *name)
{
	int			at = reader->feature_count;
	Oid			type = InvalidOid;
	int			i;

	for (i = 0; i < reader->source->desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(reader->source->desc, i)->attname), name) == 0)
			type = TupleDescAttr(reader->source->desc, i)->atttypid;
	for (i = 0; i < at; i++)
		if (strcmp(reader->features[i].name, name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("feature \"%s\" is listed twice", name)));
	if (strcmp(name, reader->request->target) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the target \"%s\" cannot be a feature", name)));
	if (OidIsValid(type) && !journey_type_is(type, JOURNEY_COLUMN_NUMBER) &&
		!journey_type_is(type, JOURNEY_COLUMN_LABEL))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" is of type %s, which cannot be a feature",
						name, format_type_be(type)),
				 errhint("Features are numbers, booleans, text or enums.  Name the features, or leave the column out of the source query.")));
	reader->is_label[at] = OidIsValid(type) && journey_type_is(type, JOURNEY_COLUMN_LABEL);
	reader->features[at] = journey_source_column(reader->source, name,
												 reader->is_label[at] ? JOURNEY_COLUMN_LABEL : JOURNEY_COLUMN_NUMBER,
												 true);
	reader->feature_count++;
}

static void
find_features(design_reader *reader)
{
	const journey_design_request *request = reader->request;
	TupleDesc	desc = reader->source->desc;
	int			most = request->features != NULL ? request->feature_count : desc->natts;
	int			i;

	reader->features = palloc0((Size) (most + 1) * sizeof(journey_column));
	reader->is_label = palloc0((Size) (most + 1) * sizeof(bool));
	if (request->features != NULL)
		for (i = 0; i < request->feature_count; i++)
			find_feature(reader, request->features[i]);
	else
		for (i = 0; i < desc->natts; i++)
			if (!is_taken(request, NameStr(TupleDescAttr(desc, i)->attname)))
				find_feature(reader, pstrdup(NameStr(TupleDescAttr(desc, i)->attname)));
	reader->values = palloc0((Size) (most + 1) * sizeof(double));
}

static void
find_columns(design_reader *reader)
{
	const journey_design_request *request = reader->request;
	journey_source *source = reader->source;

	reader->places = NULL;
	if (request->ordinal_target)
		reader->places = journey_enum_target(source, request->target);
	if (reader->places != NULL)
		reader->target = journey_source_column(source, request->target, JOURNEY_COLUMN_LABEL, true);
	else
		reader->target = journey_source_column(source, request->target, JOURNEY_COLUMN_NUMBER, true);
	if (request->key != NULL)
		reader->key = journey_source_column(source, request->key, JOURNEY_COLUMN_KEY, true);
	if (request->weight != NULL)
		reader->weight = journey_source_column(source, request->weight, JOURNEY_COLUMN_NUMBER, true);
	if (request->offset != NULL)
		reader->offset = journey_source_column(source, request->offset, JOURNEY_COLUMN_NUMBER, true);
	if (request->event != NULL)
		reader->offset = journey_source_column(source, request->event, JOURNEY_COLUMN_BOOLEAN, true);
	if (request->fold != NULL)
		reader->fold = journey_source_column(source, request->fold, JOURNEY_COLUMN_NUMBER, true);
	find_features(reader);
}

/* ---- one row ---- */

/* False: the row has a NULL here and is to be left out. */
static bool
read_number(design_reader *reader, const journey_column *column, TupleTableSlot *slot,
			bool may_drop, double *value)
{
	int64		row = reader->source->rows;

	if (journey_column_is_null(column, slot))
	{
		if (may_drop && reader->request->drop_missing)
			return false;
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source", column->name, row),
				 may_drop ?
				 errhint("Filter such rows, replace the value in the source query, or pass missing => 'drop' to fit().") :
				 errhint("Filter such rows in the source query.")));
	}
	if (column == &reader->target && reader->places != NULL)
		*value = journey_enum_place(reader->places, journey_column_datum(column, slot));
	else
		*value = journey_column_number(column, journey_column_datum(column, slot), row);
	return true;
}

static double
read_label(design_reader *reader, int feature, TupleTableSlot *slot)
{
	const char *bytes;
	Size		size;
	uint32_t	code;

	journey_column_label(&reader->features[feature],
						 journey_column_datum(&reader->features[feature], slot), &bytes, &size);
	journey_check(jrn_labels_intern(&reader->design->core.labels[feature], bytes, size, &code),
				  "reading labels");
	if (code >= JRN_MAX_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has more than %d distinct values",
						reader->features[feature].name, JRN_MAX_COLUMNS),
				 errhint("Group rare values in the source query, or leave the column out.")));
	return code;
}

static bool
read_features(design_reader *reader, TupleTableSlot *slot)
{
	int			j;

	for (j = 0; j < reader->feature_count; j++)
	{
		const journey_column *column = &reader->features[j];

		/* the common case without a call */
		if (column->type == FLOAT8OID && !journey_column_is_null(column, slot))
		{
			double		value = DatumGetFloat8(journey_column_datum(column, slot));

			if (isfinite(value))
			{
				reader->values[j] = value;
				continue;
			}
		}
		if (reader->is_label[j] && !journey_column_is_null(&reader->features[j], slot))
			reader->values[j] = read_label(reader, j, slot);
		else if (!read_number(reader, &reader->features[j], slot, true, &reader->values[j]))
			return false;
	}
	return true;
}

static void
check_target(const design_reader *reader, double y)
{
	if (reader->request->binary_target && y != 0.0 && y != 1.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target \"%s\" is %g in row " INT64_FORMAT " of the source, it must be boolean, 0 or 1",
						reader->request->target, y, reader->source->rows)));
	if (reader->request->count_target && y < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target \"%s\" is %g in row " INT64_FORMAT " of the source, it must not be negative",
						reader->request->target, y, reader->source->rows)));
}

static void
check_fold(const design_reader *reader, double fold)
{
	if (!(fold >= 1.0 && fold <= JOURNEY_MAX_FOLDS && fold == floor(fold)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fold \"%s\" is %g in row " INT64_FORMAT " of the source, it must be a whole number from 1 to %d",
						reader->request->fold, fold, reader->source->rows, JOURNEY_MAX_FOLDS)));
}

/* False: the row does not count. */
static bool
read_weight(design_reader *reader, TupleTableSlot *slot, jrn_row *row)
{
	row->weight = 1.0;
	if (reader->request->weight == NULL)
		return true;
	(void) read_number(reader, &reader->weight, slot, false, &row->weight);
	if (row->weight < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight \"%s\" is %g in row " INT64_FORMAT " of the source, it must not be negative",
						reader->request->weight, row->weight, reader->source->rows)));
	return row->weight > 0.0;
}

static void
read_key(design_reader *reader, TupleTableSlot *slot, journey_key *key)
{
	if (journey_column_is_null(&reader->key, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("key \"%s\" is null in row " INT64_FORMAT " of the source",
						reader->request->key, reader->source->rows),
				 errhint("Filter rows without a key, or give them a key of their own.")));
	journey_key_read(reader->key.key_kind, journey_column_datum(&reader->key, slot), key);
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	design_reader *reader = arg;
	const journey_design_request *request = reader->request;
	MemoryContext old = MemoryContextSwitchTo(reader->row_context);
	journey_key key;
	jrn_row		row;

	memset(&row, 0, sizeof(row));
	key.bytes = NULL;
	key.size = 0;
	row.number = reader->source->rows;
	if (request->key != NULL)
		read_key(reader, slot, &key);
	if (read_weight(reader, slot, &row))
	{
		if (read_number(reader, &reader->target, slot, true, &row.y) &&
			((request->offset == NULL && request->event == NULL) ||
			 read_number(reader, &reader->offset, slot, true, &row.offset)) &&
			read_features(reader, slot))
		{
			check_target(reader, row.y);
			if (request->fold != NULL)
			{
				(void) read_number(reader, &reader->fold, slot, false, &row.fold);
				check_fold(reader, row.fold);
			}
			row.key = key.bytes;
			row.key_size = key.size;
			row.features = reader->values;
			journey_check(jrn_design_append(&reader->design->core, &row), "reading rows");
		}
		else
			reader->design->encoding.dropped++;
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(reader->row_context);
}

/* ---- all rows ---- */

/* Names and levels of the features, for the model. */
static void
give_encoding(design_reader *reader, MemoryContext context)
{
	journey_encoding *encoding = &reader->design->encoding;
	MemoryContext old = MemoryContextSwitchTo(context);
	int			j,
				l;

	encoding->target = pstrdup(reader->request->target);
	encoding->offset = reader->request->offset != NULL ? pstrdup(reader->request->offset) : NULL;
	encoding->features = palloc0((Size) (reader->feature_count + 1) * sizeof(journey_feature));
	for (j = 0; j < reader->feature_count; j++)
	{
		journey_feature *feature = &encoding->features[encoding->feature_count];
		const jrn_labels *labels = &reader->design->core.labels[j];

		/* without rows a label column has no levels, hence no terms */
		if (reader->is_label[j] && labels->count == 0)
			continue;
		encoding->feature_count++;
		feature->name = pstrdup(reader->features[j].name);
		feature->kind = reader->is_label[j] ? JOURNEY_FEATURE_LABEL :
			reader->features[j].type == BOOLOID ? JOURNEY_FEATURE_BOOLEAN : JOURNEY_FEATURE_NUMBER;
		if (!reader->is_label[j])
			continue;
		feature->level_count = (int) labels->count;
		feature->levels = palloc((Size) (labels->count + 1) * sizeof(char *));
		for (l = 0; l < feature->level_count; l++)
			feature->levels[l] = pstrdup(labels->list[labels->code_of_rank[l]].bytes);
	}
	MemoryContextSwitchTo(old);
}

journey_design *
journey_design_read(const journey_design_request *request, MemoryContext context)
{
	MemoryContext own = AllocSetContextCreate(context, "journey design", ALLOCSET_DEFAULT_SIZES);
	journey_design *design = MemoryContextAllocZero(own, sizeof(journey_design));
	design_reader reader;
	jrn_status	status;

	memset(&reader, 0, sizeof(reader));
	design->context = own;
	design->env = journey_host_env(own);
	journey_tempfile_init(&design->row_file);
	journey_tempfile_init(&design->tile_file);
	reader.request = request;
	reader.design = design;
	reader.source = journey_source_open(request->source);
	find_columns(&reader);
	reader.row_context = AllocSetContextCreate(own, "journey row", ALLOCSET_SMALL_SIZES);
	design->key_kind = reader.key.key_kind;
	design->target_enum = reader.places != NULL ? reader.places->type : InvalidOid;
	design->core.feature_count = reader.feature_count;
	design->core.is_label = MemoryContextAlloc(own, (Size) (reader.feature_count + 1) * sizeof(bool));
	memcpy(unconstify(bool *, design->core.is_label), reader.is_label,
		   (Size) reader.feature_count * sizeof(bool));
	design->core.has_weight = request->weight != NULL;
	design->core.has_offset = request->offset != NULL || request->event != NULL;
	design->core.has_fold = request->fold != NULL;
	design->core.has_key = request->key != NULL;
	design->core.has_number = request->row_numbers;
	design->core.keep_keys = request->keep_keys;
	journey_check(jrn_design_begin(&design->core, &design->env, &design->row_file.file,
								   &design->tile_file.file, journey_memory_budget()), "reading rows");
	journey_source_run(reader.source, read_row, &reader);
	journey_progress_watch(own, "sorting rows");
	status = jrn_design_plan(&design->core);
	if (status == JRN_LIMIT && design->core.p > JRN_MAX_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the features expand to more than %d columns", JRN_MAX_COLUMNS),
				 errhint("Group rare values of text columns in the source query.")));
	journey_check(status, "reading rows");
	if (request->finish)
	{
		journey_check(jrn_design_finish(&design->core), "sorting rows");
		journey_tempfile_close(&design->row_file);
	}
	give_encoding(&reader, context);
	journey_source_close(reader.source);
	return design;
}

void
journey_design_close(journey_design *design)
{
	journey_tempfile_close(&design->row_file);
	journey_tempfile_close(&design->tile_file);
	MemoryContextDelete(design->context);
}
