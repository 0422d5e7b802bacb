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
#include "pg_arm.h"
#include "pg_formula.h"
#include "pg_levels.h"

/* The most numbers a judge may make rows carry. */
#define JOURNEY_MAX_CARRIED 4

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
	journey_column arm;
	double		carried[JOURNEY_MAX_CARRIED];
	journey_column *features;
	bool	   *is_label;
	int			feature_count;
	jrn_formula formula;
	double	   *values;			/* features of the current row */
	MemoryContext row_context;
	journey_enum_places *places;	/* of an enum target; else NULL */
} design_reader;

/* ---- columns ---- */

static bool
is_taken(const journey_design_request *request, const char *name)
{
	int			i;

	for (i = 0; i < request->taken_count; i++)
		if (strcmp(name, request->taken[i]) == 0)
			return true;
	return strcmp(name, request->target) == 0 ||
		(request->arm != NULL && strcmp(name, request->arm) == 0) ||
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

/* Columns that are nothing else: features by default, and what "." means. */
static char **
other_columns(const design_reader *reader, int *count)
{
	TupleDesc	desc = reader->source->desc;
	char	  **names = palloc((Size) (desc->natts + 1) * sizeof(char *));
	int			i;

	*count = 0;
	for (i = 0; i < desc->natts; i++)
		if (!is_taken(reader->request, NameStr(TupleDescAttr(desc, i)->attname)))
			names[(*count)++] = pstrdup(NameStr(TupleDescAttr(desc, i)->attname));
	return names;
}

/* True when the terms are the features one by one. */
static bool
is_plain(const jrn_formula *formula)
{
	int			i;

	for (i = 0; i < formula->term_count; i++)
		if (formula->terms[i].count > 1 || formula->terms[i].factor[0].power > 1 ||
			formula->terms[i].factor[0].feature != i)
			return false;
	return formula->term_count == formula->variable_count;
}

/* The terms of the formula, once the features are known. */
static void
find_terms(design_reader *reader)
{
	jrn_design *core = &reader->design->core;
	Oid		   *types = palloc((Size) (reader->feature_count + 1) * sizeof(Oid));
	int			i;

	for (i = 0; i < reader->feature_count; i++)
		types[i] = reader->features[i].type;
	journey_formula_code(&reader->design->env, reader->request->formula, &reader->formula,
						 types, reader->is_label);
	if (is_plain(&reader->formula))
		return;
	core->terms = reader->formula.terms;
	core->term_count = reader->formula.term_count;
	core->has_products = true;
}

static void
find_features(design_reader *reader)
{
	const journey_design_request *request = reader->request;
	int			count = request->feature_count;
	char	  **names = request->features;
	int			i;

	if (request->formula != NULL && request->features != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("features and formula are both given"),
				 errhint("Name the columns in the formula, and leave features out.")));
	if (request->features == NULL)
		names = other_columns(reader, &count);
	if (request->formula != NULL)
	{
		journey_formula_read(&reader->design->env, request->formula, names, count, &reader->formula);
		names = reader->formula.variables;
		count = reader->formula.variable_count;
	}
	reader->features = palloc0((Size) (count + 1) * sizeof(journey_column));
	reader->is_label = palloc0((Size) (count + 1) * sizeof(bool));
	reader->values = palloc0((Size) (count + 1) * sizeof(double));
	for (i = 0; i < count; i++)
		find_feature(reader, names[i]);
	if (request->formula != NULL)
		find_terms(reader);
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
	if (request->arm != NULL)
		reader->arm = journey_arm_column(source, request->arm);
	if (request->judge != NULL)
		request->judge->open(request->judge->arg, source);
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
				 !may_drop || reader->request->fill_missing ?
				 errhint("Filter such rows in the source query.%s", may_drop && reader->request->fill_missing ?
						 "  The mean fills features that are numbers; give a text or boolean column a value with coalesce()." : "") :
				 errhint("Filter such rows, replace the value in the source query, or pass missing => 'drop' to fit().")));
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

static uint32
read_arm(design_reader *reader, TupleTableSlot *slot)
{
	const char *bytes;
	Size		size;
	uint32_t	code;
	char		digits[JOURNEY_ARM_DIGITS];

	if (journey_column_is_null(&reader->arm, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("strategy \"%s\" is null in row " INT64_FORMAT " of the source",
						reader->request->arm, reader->source->rows),
				 errhint("Filter such rows, or name doing nothing with coalesce(), if that is what it means.")));
	journey_arm_label(&reader->arm, journey_column_datum(&reader->arm, slot), digits, &bytes, &size);
	journey_check(jrn_labels_intern(&reader->design->core.arms, bytes, size, &code), "reading strategies");
	if (code >= JRN_MAX_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has more than %d distinct values", reader->request->arm, JRN_MAX_COLUMNS),
				 errhint("Group rare values in the source query.")));
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
		if (reader->request->fill_missing && !reader->is_label[j] && column->type != BOOLOID &&
			journey_column_is_null(column, slot))
		{
			reader->values[j] = NAN;
			continue;
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

/* The factors of a term, as in a formula. */
static const char *
term_words(const design_reader *reader, const jrn_term *term)
{
	StringInfoData words;
	int			i;

	initStringInfo(&words);
	for (i = 0; i < term->count; i++)
	{
		appendStringInfo(&words, "%s%s", i > 0 ? ":" : "", reader->features[term->factor[i].feature].name);
		if (term->factor[i].power > 1)
			appendStringInfo(&words, "^%d", term->factor[i].power);
	}
	return words.data;
}

static void
append_row(design_reader *reader, const jrn_row *row)
{
	jrn_design *core = &reader->design->core;
	jrn_status	status = jrn_design_append(core, row);

	if (status == JRN_NONFINITE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("term \"%s\" is out of range in row " INT64_FORMAT " of the source",
						term_words(reader, &core->terms[core->term_at_fault]), reader->source->rows),
				 errhint("Scale the columns in the source query.")));
	journey_check(status, "reading rows");
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
	if (request->arm != NULL)
		row.arm = read_arm(reader, slot);
	if (request->judge != NULL &&
		!request->judge->keep(request->judge->arg, slot, row.number, row.arm,
							  request->arm != NULL ? &reader->design->core.arms.list[row.arm] : NULL,
							  reader->carried))
	{
		MemoryContextSwitchTo(old);
		MemoryContextReset(reader->row_context);
		return;
	}
	row.carried = reader->carried;
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
			append_row(reader, &row);
		}
		else
			reader->design->encoding.dropped++;
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(reader->row_context);
}

/* ---- all rows ---- */

static void
give_levels(const jrn_labels *labels, journey_feature *feature)
{
	int			l;

	feature->level_count = (int) labels->count;
	feature->levels = palloc((Size) (labels->count + 1) * sizeof(char *));
	for (l = 0; l < feature->level_count; l++)
		feature->levels[l] = pstrdup(labels->list[labels->code_of_rank[l]].bytes);
}

/* The terms of a formula; place: features as the encoding counts them, -1: not there. */
static void
give_terms(const design_reader *reader, journey_encoding *encoding, const int *place)
{
	const jrn_design *core = &reader->design->core;
	int			i,
				j;

	encoding->formula = pstrdup(reader->request->formula);
	if (core->terms == NULL)
		return;
	encoding->terms = palloc((Size) (core->term_count + 1) * sizeof(jrn_term));
	for (i = 0; i < core->term_count; i++)
	{
		jrn_term   *term = &encoding->terms[encoding->term_count];

		*term = core->terms[i];
		for (j = 0; j < term->count && place[term->factor[j].feature] >= 0; j++)
			term->factor[j].feature = place[term->factor[j].feature];
		encoding->term_count += j == term->count;
	}
}

/* Names, levels and means of the features, for the model. */
static void
give_encoding(design_reader *reader, MemoryContext context)
{
	journey_encoding *encoding = &reader->design->encoding;
	const jrn_design *core = &reader->design->core;
	int		   *place = palloc((Size) (reader->feature_count + 1) * sizeof(int));
	MemoryContext old = MemoryContextSwitchTo(context);
	int			j;

	encoding->target = pstrdup(reader->request->target);
	encoding->offset = reader->request->offset != NULL ? pstrdup(reader->request->offset) : NULL;
	encoding->features = palloc0((Size) (reader->feature_count + 1) * sizeof(journey_feature));
	for (j = 0; j < reader->feature_count; j++)
	{
		journey_feature *feature = &encoding->features[encoding->feature_count];

		/* without rows a label column has no levels, hence no terms */
		place[j] = -1;
		if (reader->is_label[j] && core->labels[j].count == 0)
			continue;
		place[j] = encoding->feature_count++;
		feature->name = pstrdup(reader->features[j].name);
		feature->kind = reader->is_label[j] ? JOURNEY_FEATURE_LABEL :
			reader->features[j].type == BOOLOID ? JOURNEY_FEATURE_BOOLEAN : JOURNEY_FEATURE_NUMBER;
		if (reader->is_label[j])
			give_levels(&core->labels[j], feature);
		feature->has_mean = core->fill_missing && feature->kind == JOURNEY_FEATURE_NUMBER;
		if (feature->has_mean)
		{
			feature->mean = core->means[j];
			feature->filled = core->filled[j];
		}
	}
	if (reader->request->formula != NULL)
		give_terms(reader, encoding, place);
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
	design->core.has_arm = request->arm != NULL;
	design->core.carried_count = request->judge != NULL ? request->judge->carried_count : 0;
	design->core.has_key = request->key != NULL;
	design->core.has_number = request->row_numbers;
	design->core.keep_keys = request->keep_keys;
	design->core.fill_missing = request->fill_missing;
	journey_check(jrn_design_begin(&design->core, &design->env, &design->row_file.file,
								   &design->tile_file.file,
								   request->memory_limit > 0 ? request->memory_limit : journey_memory_budget()),
				  "reading rows");
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
