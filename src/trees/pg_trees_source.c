/*
 * pg_trees_source.c
 *		Reading the rows of boosted trees (see pg_trees_source.h).
 */
#include "pg_trees_source.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../models/design.h"
#include "../pg/progress.h"

/* Rows that are transposed before they go into the store. */
#define RUN_ROWS 256

/* ---- columns ---- */

static Oid
type_of(const journey_trees_source *source, const char *name)
{
	TupleDesc	desc = source->source->desc;
	int			i;

	for (i = 0; i < desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return TupleDescAttr(desc, i)->atttypid;
	return InvalidOid;
}

static void
find_feature(journey_trees_source *source, const char *name)
{
	Oid			type = type_of(source, name);
	int			at = source->feature_count;
	int			j;

	for (j = 0; j < at; j++)
		if (strcmp(source->features[j].name, name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("feature \"%s\" is listed twice", name)));
	if (strcmp(name, source->target_name) == 0)
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
	source->is_label[at] = OidIsValid(type) && journey_type_is(type, JOURNEY_COLUMN_LABEL);
	source->features[at] = journey_source_column(source->source, name,
												 source->is_label[at] ? JOURNEY_COLUMN_LABEL : JOURNEY_COLUMN_NUMBER,
												 true);
	source->feature_count++;
}

static void
find_features(journey_trees_source *source)
{
	TupleDesc	desc = source->source->desc;
	int			most = source->wanted != NULL ? source->wanted_count : desc->natts;
	int			i;

	source->features = palloc0((Size) (most + 1) * sizeof(journey_column));
	source->is_label = palloc0((Size) (most + 1) * sizeof(bool));
	source->monotone = palloc0((Size) (most + 1) * sizeof(int));
	for (i = 0; i < most; i++)
	{
		const char *name = source->wanted != NULL ? source->wanted[i] :
			NameStr(TupleDescAttr(desc, i)->attname);

		if (source->wanted == NULL &&
			(strcmp(name, source->target_name) == 0 ||
			 (source->key_name != NULL && strcmp(name, source->key_name) == 0)))
			continue;
		find_feature(source, pstrdup(name));
	}
	if (source->feature_count > JRN_TREES_MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("fit_trees takes at most %d features, there are %d",
						JRN_TREES_MAX_FEATURES, source->feature_count)));
}

/* Columns of the store: features, target, unit. */
static size_t
store_columns(const journey_trees_source *source)
{
	return (size_t) source->feature_count + 2;
}

static void
begin_store(journey_trees_source *source)
{
	int			bits = 0;
	int			j;

	while (((size_t) 1 << bits) < store_columns(source))
		bits++;
	source->labels = palloc0((Size) (source->feature_count + 1) * sizeof(jrn_labels));
	for (j = 0; j < source->feature_count; j++)
		if (source->is_label[j])
			journey_check(jrn_labels_begin(&source->labels[j], &source->env), "reading rows");
	source->run = palloc(store_columns(source) * RUN_ROWS * sizeof(double));
	source->content = palloc((store_columns(source)) * sizeof(uint64));
	journey_tempfile_init(&source->file);
	journey_check(jrn_store_begin(&source->store, &source->env, &source->file.file, bits,
								  journey_memory_budget()), "reading rows");
}

void
journey_trees_source_open(journey_trees_source *source)
{
	MemoryContext old;

	source->context = AllocSetContextCreate(CurrentMemoryContext, "journey trees",
											ALLOCSET_DEFAULT_SIZES);
	source->row_context = AllocSetContextCreate(source->context, "journey trees row",
												ALLOCSET_SMALL_SIZES);
	source->env = journey_host_env(source->context);
	source->source = journey_source_open(source->text);
	old = MemoryContextSwitchTo(source->context);
	source->target = journey_source_column(source->source, source->target_name,
										   JOURNEY_COLUMN_NUMBER, true);
	if (source->key_name != NULL)
		source->key = journey_source_column(source->source, source->key_name, JOURNEY_COLUMN_KEY, true);
	find_features(source);
	begin_store(source);
	MemoryContextSwitchTo(old);
}

/* ---- one row ---- */

static void
refuse_null(const journey_trees_source *source, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source", name,
					source->source->rows),
			 errhint("Filter such rows in the source query.")));
}

static void
refuse_target(const journey_trees_source *source, double y, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("target \"%s\" is %g in row " INT64_FORMAT " of the source, it must %s",
					source->target_name, y, source->source->rows, wanted)));
}

static double
read_target(const journey_trees_source *source, TupleTableSlot *slot)
{
	double		y;

	if (journey_column_is_null(&source->target, slot))
		refuse_null(source, source->target_name);
	y = journey_column_number(&source->target, journey_column_datum(&source->target, slot),
							  source->source->rows) + 0.0;
	if (source->family == JRN_TREES_BINOMIAL && y != 0.0 && y != 1.0)
		refuse_target(source, y, "be boolean, 0 or 1");
	if (source->family == JRN_TREES_POISSON && y < 0.0)
		refuse_target(source, y, "not be negative");
	if (fabs(y) > JRN_TREES_MAX_TARGET)
		refuse_target(source, y, "lie between -1e140 and 1e140");
	return y;
}

/* A number, the code of a label, or NaN for a missing value. */
static double
read_feature(journey_trees_source *source, int j, TupleTableSlot *slot)
{
	const journey_column *column = &source->features[j];
	Datum		value = journey_column_datum(column, slot);
	const char *bytes;
	Size		size;
	uint32_t	code;

	if (journey_column_is_null(column, slot))
		return NAN;
	if (!source->is_label[j])
		return journey_column_number(column, value, source->source->rows) + 0.0;
	journey_column_label(column, value, &bytes, &size);
	journey_check(jrn_labels_intern(&source->labels[j], bytes, size, &code), "reading labels");
	if (code >= JRN_MAX_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" has more than %d distinct values", column->name, JRN_MAX_COLUMNS),
				 errhint("Group rare values in the source query, or leave the column out.")));
	return code;
}

/* R-PTS-3 for a row without a key: labels by their bytes, numbers by their bits. */
static uint64
content_hash(const journey_trees_source *source, const double *run)
{
	int			j;

	for (j = 0; j <= source->feature_count; j++)
	{
		double		value = run[(size_t) j * RUN_ROWS];

		if (isnan(value))
			source->content[j] = UINT64_MAX;
		else if (j < source->feature_count && source->is_label[j])
			source->content[j] = source->labels[j].list[(size_t) value].hash;
		else
			memcpy(&source->content[j], &value, sizeof(value));
	}
	return jrn_hash_bytes(source->content, (size_t) j * sizeof(uint64), source->seed);
}

static uint64
read_unit(const journey_trees_source *source, TupleTableSlot *slot, const double *run)
{
	journey_key key;

	if (source->key_name == NULL)
		return source->with_unit ? content_hash(source, run) : 0;
	if (journey_column_is_null(&source->key, slot))
		refuse_null(source, source->key_name);
	journey_key_read(source->key.key_kind, journey_column_datum(&source->key, slot), &key);
	return source->with_unit ? jrn_hash_bytes(key.bytes, key.size, source->seed) : 0;
}

/* Hand the run over to the store. */
static void
flush_run(journey_trees_source *source)
{
	size_t		columns = store_columns(source) - (source->with_unit ? 0 : 1);
	size_t		size = source->in_run * sizeof(double);
	size_t		c;

	for (c = 0; c < columns && size > 0; c++)
	{
		void	   *room;

		/* the partition is the column: its number in the top bits */
		journey_check(jrn_store_reserve(&source->store, (uint64) c << (64 - source->store.bits),
										size, &room), "reading rows");
		memcpy(room, source->run + c * RUN_ROWS, size);
	}
	source->in_run = 0;
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	journey_trees_source *source = arg;
	MemoryContext old = MemoryContextSwitchTo(source->row_context);
	double	   *run = source->run + source->in_run;
	uint64		unit;
	int			j;

	for (j = 0; j < source->feature_count; j++)
	{
		const journey_column *column = &source->features[j];

		/* the common case without a call */
		if (column->type == FLOAT8OID && !journey_column_is_null(column, slot))
		{
			double		value = DatumGetFloat8(journey_column_datum(column, slot));

			if (isfinite(value))
			{
				run[(size_t) j * RUN_ROWS] = value + 0.0;
				continue;
			}
		}
		run[(size_t) j * RUN_ROWS] = read_feature(source, j, slot);
	}
	run[(size_t) j * RUN_ROWS] = read_target(source, slot);
	unit = read_unit(source, slot, run);
	memcpy(&run[(size_t) (j + 1) * RUN_ROWS], &unit, sizeof(unit));
	if (++source->rows > JRN_TREES_MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("fit_trees takes at most %d rows", JRN_TREES_MAX_ROWS)));
	if (++source->in_run == RUN_ROWS)
		flush_run(source);
	MemoryContextSwitchTo(old);
	MemoryContextReset(source->row_context);
}

/* ---- columns to bins ---- */

/* One column of the store, in order of arrival; its memory is given back. */
static jrn_status
load_column(journey_trees_source *source, size_t column, void *out)
{
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;
	size_t		done = 0;

	jrn_store_open(&source->store, column, true, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		memcpy((char *) out + done, bytes, size);
		done += size;
		JRN_TICK(&source->env);
	}
	jrn_store_close(&cursor);
	return done == source->rows * sizeof(double) ? JRN_OK : JRN_CORRUPT;
}

static jrn_status
bin_feature(journey_trees_source *source, int j, double *values)
{
	size_t		i;

	JRN_TRY(load_column(source, (size_t) j, values));
	if (source->is_label[j])
	{
		JRN_TRY(jrn_labels_rank(&source->labels[j]));
		for (i = 0; i < source->rows; i++)
		{
			if (!isnan(values[i]))
				values[i] = source->labels[j].rank_of_code[(size_t) values[i]];
			if (i % 65536 == 65535)
				JRN_TICK(&source->env);
		}
	}
	JRN_TRY(jrn_tree_bin_column(&source->matrix, &source->env, j, values));
	source->matrix.columns[j].monotone = source->monotone[j];
	return JRN_OK;
}

static jrn_status
make_matrix(journey_trees_source *source)
{
	double	   *values;
	int			j;

	JRN_TRY(jrn_tree_matrix_begin(&source->matrix, &source->env, source->rows,
								  source->feature_count, source->with_unit));
	JRN_TRY(jrn_alloc_array(&source->env, source->rows, sizeof(double), &values));
	for (j = 0; j < source->feature_count; j++)
		JRN_TRY(bin_feature(source, j, values));
	jrn_release(&source->env, values);
	JRN_TRY(load_column(source, (size_t) j, source->matrix.y));
	return source->with_unit ? load_column(source, (size_t) j + 1, source->matrix.unit) : JRN_OK;
}

void
journey_trees_source_read(journey_trees_source *source)
{
	journey_source_run(source->source, read_row, source);
	flush_run(source);
	journey_source_close(source->source);
	journey_progress_watch(source->context, "binning columns");
	journey_check(make_matrix(source), "binning columns");
	journey_tempfile_close(&source->file);
}

void
journey_trees_source_encoding(const journey_trees_source *source, journey_encoding *encoding)
{
	MemoryContext old = MemoryContextSwitchTo(source->context);
	int			j;
	int			l;

	memset(encoding, 0, sizeof(*encoding));
	encoding->target = source->target_name;
	encoding->feature_count = source->feature_count;
	encoding->features = palloc0((Size) (source->feature_count + 1) * sizeof(journey_feature));
	for (j = 0; j < source->feature_count; j++)
	{
		journey_feature *feature = &encoding->features[j];
		const jrn_labels *labels = &source->labels[j];

		feature->name = source->features[j].name;
		feature->kind = source->is_label[j] ? JOURNEY_FEATURE_LABEL :
			source->features[j].type == BOOLOID ? JOURNEY_FEATURE_BOOLEAN : JOURNEY_FEATURE_NUMBER;
		if (!source->is_label[j])
			continue;
		/* a column without a value has the empty text as its only level */
		feature->level_count = (int) Max(labels->count, 1);
		feature->levels = palloc0((Size) feature->level_count * sizeof(char *));
		feature->levels[0] = "";
		for (l = 0; l < (int) labels->count; l++)
			feature->levels[l] = labels->list[labels->code_of_rank[l]].bytes;
	}
	MemoryContextSwitchTo(old);
}
