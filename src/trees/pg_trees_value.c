/*
 * pg_trees_value.c
 *		journey.trees as a C struct, both ways (see pg_trees_value.h).
 *
 * R-PTV-1	Fields are found by name, so attributes that a later release adds
 *			to the type are ignored when read.
 * R-PTV-2	A reader trusts nothing: presence, shape, length and range of every
 *			field, and that children follow their parents inside their tree,
 *			so that no walk can leave the arrays or run in a circle.
 */
#include "pg_trees_value.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "../models/pg_encoding.h"

typedef enum trees_field
{
	FIELD_FAMILY,
	FIELD_FEATURES,
	FIELD_BASE,
	FIELD_ROOTS,
	FIELD_SPLIT_FEATURES,
	FIELD_THRESHOLDS,
	FIELD_LEFT_CHILDREN,
	FIELD_DEFAULT_LEFT,
	FIELD_NODE_VALUES,
	FIELD_GAINS,
	FIELD_COVERS,
	FIELD_N,
	FIELD_N_HOLDOUT,
	FIELD_LOSS,
	FIELD_HOLDOUT_LOSS,
	FIELD_ITERATIONS,
	FIELD_STATUS,
	FIELD_ENCODING,
	FIELD_COUNT
} trees_field;

static const struct
{
	const char *name;
	Oid			type;
}			fields[FIELD_COUNT] = {
	{"family", TEXTOID},
	{"features", TEXTARRAYOID},
	{"base", FLOAT8OID},
	{"roots", INT4ARRAYOID},
	{"split_features", INT4ARRAYOID},
	{"thresholds", FLOAT8ARRAYOID},
	{"left_children", INT4ARRAYOID},
	{"default_left", BOOLARRAYOID},
	{"node_values", FLOAT8ARRAYOID},
	{"gains", FLOAT8ARRAYOID},
	{"covers", INT8ARRAYOID},
	{"n", INT8OID},
	{"n_holdout", INT8OID},
	{"loss", FLOAT8OID},
	{"holdout_loss", FLOAT8OID},
	{"iterations", INT4OID},
	{"status", TEXTOID},
	{"encoding", JSONBOID}
};

typedef struct trees_row
{
	Datum		values[FIELD_COUNT];
	bool		nulls[FIELD_COUNT];
} trees_row;

/* Place of a field in the type. */
static int
place_of(TupleDesc desc, trees_field field)
{
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), fields[field].name) == 0 &&
			attribute->atttypid == fields[field].type)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("type journey.trees has no field \"%s\" of type %s", fields[field].name,
					format_type_be(fields[field].type)),
			 errhint("Create the extension journey anew.")));
	return -1;
}

/* ---- writing ---- */

/* An array of count elements that of() gives; the elements are passed by value. */
static Datum
array_of(const jrn_trees *trees, int count, Oid type, Datum (*of) (const jrn_trees *, int))
{
	Datum	   *elements = palloc_extended((Size) Max(count, 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
	int16		length;
	bool		by_value;
	char		align;
	ArrayType  *array;
	int			i;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	for (i = 0; i < count; i++)
		elements[i] = of(trees, i);
	array = construct_array(elements, count, type, length, by_value, align);
	pfree(elements);
	return PointerGetDatum(array);
}

static Datum
root_of(const jrn_trees *trees, int i)
{
	return Int32GetDatum(trees->roots[i] + 1);
}

static Datum
feature_of(const jrn_trees *trees, int i)
{
	return Int32GetDatum(trees->nodes[i].feature + 1);
}

static Datum
threshold_of(const jrn_trees *trees, int i)
{
	return Float8GetDatum(trees->nodes[i].threshold);
}

static Datum
left_of(const jrn_trees *trees, int i)
{
	return Int32GetDatum(trees->nodes[i].feature < 0 ? 0 : trees->nodes[i].left + 1);
}

static Datum
default_of(const jrn_trees *trees, int i)
{
	return BoolGetDatum(trees->nodes[i].missing_left);
}

static Datum
value_of(const jrn_trees *trees, int i)
{
	return Float8GetDatum(trees->nodes[i].value);
}

static Datum
gain_of(const jrn_trees *trees, int i)
{
	return Float8GetDatum(trees->nodes[i].gain);
}

static Datum
cover_of(const jrn_trees *trees, int i)
{
	return Int64GetDatum(trees->nodes[i].rows);
}

static void
set_number(trees_row *row, trees_field field, double value)
{
	row->nulls[field] = isnan(value);
	row->values[field] = row->nulls[field] ? (Datum) 0 : Float8GetDatum(value);
}

static Datum
names_of(const journey_encoding *encoding)
{
	Datum	   *names = palloc((Size) Max(encoding->feature_count, 1) * sizeof(Datum));
	int			j;

	for (j = 0; j < encoding->feature_count; j++)
		names[j] = CStringGetTextDatum(encoding->features[j].name);
	return PointerGetDatum(construct_array(names, encoding->feature_count, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

Datum
journey_trees_datum(TupleDesc desc, const jrn_trees *trees, const journey_encoding *encoding)
{
	int			nodes = trees->roots[trees->trees];
	Datum	   *values = palloc0((Size) desc->natts * sizeof(Datum));
	bool	   *nulls = palloc((Size) desc->natts * sizeof(bool));
	trees_row	row;
	int			field;

	memset(&row, 0, sizeof(row));
	row.values[FIELD_FAMILY] = CStringGetTextDatum(jrn_trees_family_name(trees->family));
	row.values[FIELD_FEATURES] = names_of(encoding);
	set_number(&row, FIELD_BASE, trees->base);
	row.values[FIELD_ROOTS] = array_of(trees, trees->trees, INT4OID, root_of);
	row.values[FIELD_SPLIT_FEATURES] = array_of(trees, nodes, INT4OID, feature_of);
	row.values[FIELD_THRESHOLDS] = array_of(trees, nodes, FLOAT8OID, threshold_of);
	row.values[FIELD_LEFT_CHILDREN] = array_of(trees, nodes, INT4OID, left_of);
	row.values[FIELD_DEFAULT_LEFT] = array_of(trees, nodes, BOOLOID, default_of);
	row.values[FIELD_NODE_VALUES] = array_of(trees, nodes, FLOAT8OID, value_of);
	row.values[FIELD_GAINS] = array_of(trees, nodes, FLOAT8OID, gain_of);
	row.values[FIELD_COVERS] = array_of(trees, nodes, INT8OID, cover_of);
	row.values[FIELD_N] = Int64GetDatum(trees->n);
	row.values[FIELD_N_HOLDOUT] = Int64GetDatum(trees->n_holdout);
	set_number(&row, FIELD_LOSS, trees->loss);
	set_number(&row, FIELD_HOLDOUT_LOSS, trees->holdout_loss);
	row.values[FIELD_ITERATIONS] = Int32GetDatum(trees->trees);
	row.values[FIELD_STATUS] = CStringGetTextDatum(jrn_trees_status_name(trees->status));
	row.values[FIELD_ENCODING] = JsonbPGetDatum(journey_encoding_write(encoding, JRN_ERRORS_MODEL));
	memset(nulls, true, (Size) desc->natts * sizeof(bool));
	for (field = 0; field < FIELD_COUNT; field++)
	{
		int			place = place_of(desc, (trees_field) field);

		values[place] = row.values[field];
		nulls[place] = row.nulls[field];
	}
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/* ---- reading ---- */

static void
wrong_field(trees_field field, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("field \"%s\" of the trees must be %s", fields[field].name, wanted),
			 errhint("Use the trees as fit_trees() returned them.")));
}

static Datum
required(const trees_row *row, trees_field field)
{
	if (row->nulls[field])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"%s\" of the trees must not be null", fields[field].name),
				 errhint("Use the trees as fit_trees() returned them.")));
	return row->values[field];
}

/* Elements of a plain array; *count must be its length unless it is -1. */
static const void *
elements_of(const trees_row *row, trees_field field, int *count)
{
	ArrayType  *array = DatumGetArrayTypeP(required(row, field));
	int			length = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		wrong_field(field, "an array of one dimension without nulls");
	if (*count >= 0 && length != *count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field \"%s\" of the trees has %d elements, it must have %d",
						fields[field].name, length, *count),
				 errhint("Use the trees as fit_trees() returned them.")));
	*count = length;
	return ARR_DATA_PTR(array);
}

static int
word_of(const trees_row *row, trees_field field, const char *(*name) (int), int count)
{
	char	   *word = TextDatumGetCString(required(row, field));
	int			i;

	for (i = 0; i < count; i++)
		if (strcmp(word, name(i)) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized %s \"%s\" of the trees", fields[field].name, word)));
	return 0;
}

static const char *
family_name(int family)
{
	return jrn_trees_family_name((jrn_trees_family) family);
}

static const char *
status_name(int status)
{
	return jrn_trees_status_name((jrn_trees_status) status);
}

static void
read_nodes(const trees_row *row, jrn_trees *trees, int *count)
{
	const int32 *split_features = elements_of(row, FIELD_SPLIT_FEATURES, count);
	const float8 *thresholds = elements_of(row, FIELD_THRESHOLDS, count);
	const int32 *left_children = elements_of(row, FIELD_LEFT_CHILDREN, count);
	const bool *default_left = elements_of(row, FIELD_DEFAULT_LEFT, count);
	const float8 *values = elements_of(row, FIELD_NODE_VALUES, count);
	const float8 *gains = elements_of(row, FIELD_GAINS, count);
	const int64 *covers = elements_of(row, FIELD_COVERS, count);
	int			i;

	trees->nodes = palloc_extended((Size) Max(*count, 1) * sizeof(jrn_tree_node), MCXT_ALLOC_HUGE);
	memset(trees->nodes, 0, (Size) Max(*count, 1) * sizeof(jrn_tree_node));
	for (i = 0; i < *count; i++)
	{
		jrn_tree_node *node = &trees->nodes[i];

		if (split_features[i] < 0)
			wrong_field(FIELD_SPLIT_FEATURES, "places of features, or 0");
		node->feature = split_features[i] - 1;
		node->threshold = thresholds[i];
		/* 0 and below become -1, which the check of the structure refuses */
		node->left = left_children[i] < 1 ? -1 : left_children[i] - 1;
		node->missing_left = default_left[i];
		node->value = values[i];
		node->gain = gains[i];
		node->rows = covers[i];
	}
}

static void
read_roots(const trees_row *row, jrn_trees *trees, int nodes)
{
	int			count = -1;
	const int32 *roots = elements_of(row, FIELD_ROOTS, &count);
	int			i;

	trees->trees = count;
	trees->roots = palloc_extended((Size) (count + 1) * sizeof(int32), MCXT_ALLOC_HUGE);
	for (i = 0; i < count; i++)
		trees->roots[i] = roots[i] < 1 ? -1 : roots[i] - 1;
	trees->roots[count] = nodes;
}

/* The field features must tell what the encoding tells. */
static void
check_names(const trees_row *row, const journey_encoding *encoding)
{
	ArrayType  *array = DatumGetArrayTypeP(required(row, FIELD_FEATURES));
	Datum	   *names;
	bool	   *nulls;
	int			count;
	int			j;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
	if (count != encoding->feature_count)
		wrong_field(FIELD_FEATURES, "the features of its encoding");
	for (j = 0; j < count; j++)
		if (nulls[j] || strcmp(TextDatumGetCString(names[j]), encoding->features[j].name) != 0)
			wrong_field(FIELD_FEATURES, "the features of its encoding");
}

static void
fill_row(HeapTupleHeader tuple, trees_row *row)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(tuple),
											  HeapTupleHeaderGetTypMod(tuple));
	Datum	   *values = palloc((Size) Max(desc->natts, 1) * sizeof(Datum));
	bool	   *nulls = palloc((Size) Max(desc->natts, 1) * sizeof(bool));
	HeapTupleData data;
	int			field;

	data.t_len = HeapTupleHeaderGetDatumLength(tuple);
	ItemPointerSetInvalid(&data.t_self);
	data.t_tableOid = InvalidOid;
	data.t_data = tuple;
	heap_deform_tuple(&data, desc, values, nulls);
	for (field = 0; field < FIELD_COUNT; field++)
	{
		int			place = place_of(desc, (trees_field) field);

		row->values[field] = values[place];
		row->nulls[field] = nulls[place];
	}
	ReleaseTupleDesc(desc);
}

void
journey_trees_read(HeapTupleHeader tuple, jrn_trees *trees, journey_encoding *encoding)
{
	trees_row	row;
	jrn_errors	errors;
	int			nodes = -1;

	memset(trees, 0, sizeof(*trees));
	fill_row(tuple, &row);
	trees->family = (jrn_trees_family) word_of(&row, FIELD_FAMILY, family_name, JRN_TREES_POISSON + 1);
	trees->status = (jrn_trees_status) word_of(&row, FIELD_STATUS, status_name, JRN_TREES_STATUSES);
	trees->base = row.nulls[FIELD_BASE] ? NAN : DatumGetFloat8(row.values[FIELD_BASE]);
	trees->n = DatumGetInt64(required(&row, FIELD_N));
	journey_encoding_read(DatumGetJsonbP(required(&row, FIELD_ENCODING)), encoding, &errors);
	check_names(&row, encoding);
	read_nodes(&row, trees, &nodes);
	read_roots(&row, trees, nodes);
	if (DatumGetInt32(required(&row, FIELD_ITERATIONS)) != trees->trees)
		wrong_field(FIELD_ITERATIONS, "the number of roots");
	if ((trees->trees == 0 && nodes != 0) || (trees->trees > 0 && trees->roots[0] != 0) ||
		!jrn_trees_is_sound(trees, (size_t) nodes, encoding->feature_count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the nodes of the trees are damaged"),
				 errdetail("Roots must ascend, children must follow their parents within their tree, features must exist and numbers be finite."),
				 errhint("Use the trees as fit_trees() returned them.")));
}
