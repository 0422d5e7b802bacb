/*
 * pg_moments.c
 *		journey.moments, written and read (see pg_moments.h).
 */
#include "pg_moments.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "model.h"

/* Counts are whole doubles below this. */
#define MAX_ROWS INT64CONST(9007199254740992)

/* A correlation may be above 1 by rounding, not by more. */
#define CORRELATION_SLACK 1e-6

typedef enum moments_field
{
	FIELD_TERMS,
	FIELD_CELLS,
	FIELD_COUNTS,
	FIELD_WEIGHTS,
	FIELD_MEANS,
	FIELD_COMOMENTS,
	FIELD_COUNT
} moments_field;

static const struct
{
	const char *name;
	Oid			type;
	Oid			element;
}			fields[FIELD_COUNT] = {
	{"terms", TEXTARRAYOID, TEXTOID},
	{"cells", INT8ARRAYOID, INT8OID},
	{"counts", INT8ARRAYOID, INT8OID},
	{"weights", FLOAT8ARRAYOID, FLOAT8OID},
	{"means", FLOAT8ARRAYOID, FLOAT8OID},
	{"comoments", FLOAT8ARRAYOID, FLOAT8OID}
};

static size_t
triangle(size_t q)
{
	return q * (q + 1) / 2;
}

/* Place of a field in the type. */
static int
place_of(TupleDesc desc, moments_field field)
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
			 errmsg("type journey.moments has no field \"%s\" of type %s", fields[field].name,
					format_type_be(fields[field].type))));
	return -1;
}

/* ---- writing ---- */

bool
journey_moments_weighted(const jrn_moments *set)
{
	return set->w != (double) set->n;
}

double
journey_moments_weight(bool weighted, double n, double w)
{
	return weighted && w == n ? nextafter(w, HUGE_VAL) : w;
}

void
journey_moments_merge_sets(jrn_moments *into, const jrn_moments *from)
{
	bool		weighted = (into->n > 0 && journey_moments_weighted(into)) ||
		journey_moments_weighted(from);

	jrn_moments_merge(into, from);
	into->w = journey_moments_weight(weighted, (double) into->n, into->w);
}

static TupleDesc
moments_desc(void)
{
	Oid			schema = get_namespace_oid("journey", false);
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
									   CStringGetDatum("moments"), ObjectIdGetDatum(schema));

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type journey.moments does not exist"),
				 errhint("Create or update the extension journey.")));
	return lookup_rowtype_tupdesc(type, -1);
}

/* An array of one dimension of 8-byte values, to be filled. */
static ArrayType *
new_array(moments_field field, size_t count)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + count * sizeof(int64);
	ArrayType  *array;

	if (count > (MaxAllocSize - ARR_OVERHEAD_NONULLS(1)) / sizeof(int64))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("field \"%s\" of the moments would have %zu elements",
						fields[field].name, count),
				 errhint("Use fewer cells or fewer features.")));
	if (count == 0)
		return construct_empty_array(fields[field].element);
	array = palloc(size);
	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = fields[field].element;
	ARR_DIMS(array)[0] = (int) count;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

typedef struct placed_cell
{
	int64		id;
	int			place;
} placed_cell;

static int
by_id(const void *a, const void *b)
{
	int64		x = ((const placed_cell *) a)->id;
	int64		y = ((const placed_cell *) b)->id;

	return x < y ? -1 : x > y;
}

/* R-PMO-2 */
static void
put_in_order(journey_moments *moments)
{
	placed_cell *order = palloc_extended((Size) (moments->count + 1) * sizeof(placed_cell), MCXT_ALLOC_HUGE);
	jrn_moments *sets = palloc_extended((Size) (moments->count + 1) * sizeof(jrn_moments), MCXT_ALLOC_HUGE);
	int			i;

	for (i = 0; i < moments->count; i++)
	{
		order[i].id = moments->cells[i];
		order[i].place = i;
	}
	qsort(order, (size_t) moments->count, sizeof(placed_cell), by_id);
	for (i = 0; i < moments->count; i++)
	{
		moments->cells[i] = order[i].id;
		sets[i] = moments->sets[order[i].place];
	}
	moments->sets = sets;
	pfree(order);
}

static Datum
terms_datum(const journey_moments *moments)
{
	Datum	   *elements = palloc((Size) moments->q * sizeof(Datum));
	int			i;

	for (i = 0; i < moments->q; i++)
		elements[i] = CStringGetTextDatum(moments->terms[i]);
	return PointerGetDatum(construct_array(elements, moments->q, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Sums of sound parts may still leave the range of numbers. */
static void
check_range(const jrn_moments *set)
{
	double		sum = set->w;
	size_t		i;

	for (i = 0; i < set->q; i++)
		sum += fabs(set->mean[i]);
	for (i = 0; i < triangle(set->q); i++)
		sum += fabs(set->m[i]) * 0x1p-64;
	if (!isfinite(sum) || set->n >= MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("moments are out of range"),
				 errhint("Scale the columns so that their squares, summed over the rows, are finite.")));
}

Datum
journey_moments_datum(journey_moments *moments)
{
	size_t		q = (size_t) moments->q;
	size_t		count = (size_t) moments->count;
	ArrayType  *cells = new_array(FIELD_CELLS, count);
	ArrayType  *counts = new_array(FIELD_COUNTS, count);
	ArrayType  *weights = new_array(FIELD_WEIGHTS, count);
	ArrayType  *means = new_array(FIELD_MEANS, count * q);
	ArrayType  *comoments = new_array(FIELD_COMOMENTS, count * triangle(q));
	TupleDesc	desc = moments_desc();
	Datum	   *values = palloc0((Size) desc->natts * sizeof(Datum));
	bool	   *nulls = palloc((Size) desc->natts * sizeof(bool));
	Datum		by_field[FIELD_COUNT];
	HeapTuple	tuple;
	size_t		i;

	put_in_order(moments);
	for (i = 0; i < count; i++)
	{
		const jrn_moments *set = &moments->sets[i];

		check_range(set);
		((int64 *) ARR_DATA_PTR(cells))[i] = moments->cells[i];
		((int64 *) ARR_DATA_PTR(counts))[i] = set->n;
		((double *) ARR_DATA_PTR(weights))[i] = set->w;
		memcpy((double *) ARR_DATA_PTR(means) + i * q, set->mean, q * sizeof(double));
		memcpy((double *) ARR_DATA_PTR(comoments) + i * triangle(q), set->m,
			   triangle(q) * sizeof(double));
	}
	by_field[FIELD_TERMS] = terms_datum(moments);
	by_field[FIELD_CELLS] = PointerGetDatum(cells);
	by_field[FIELD_COUNTS] = PointerGetDatum(counts);
	by_field[FIELD_WEIGHTS] = PointerGetDatum(weights);
	by_field[FIELD_MEANS] = PointerGetDatum(means);
	by_field[FIELD_COMOMENTS] = PointerGetDatum(comoments);
	memset(nulls, true, (Size) desc->natts * sizeof(bool));
	for (i = 0; i < FIELD_COUNT; i++)
	{
		int			place = place_of(desc, (moments_field) i);

		values[place] = by_field[i];
		nulls[place] = false;
	}
	tuple = heap_form_tuple(desc, values, nulls);
	ReleaseTupleDesc(desc);
	return HeapTupleGetDatum(tuple);
}

/* ---- reading ---- */

static void
wrong_field(moments_field field, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("field \"%s\" of the moments must be %s", fields[field].name, wanted),
			 errhint("Use moments as moments_agg() returned them.")));
}

static void
wrong_element(moments_field field, int cell, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("field \"%s\" of the moments has %s in cell %d", fields[field].name, what, cell + 1),
			 errhint("Use moments as moments_agg() returned them.")));
}

/* The arrays of a composite, shapes checked. */
static void
get_arrays(HeapTupleHeader tuple, ArrayType **arrays)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(tuple),
											  HeapTupleHeaderGetTypMod(tuple));
	HeapTupleData data;
	int			i;

	data.t_len = HeapTupleHeaderGetDatumLength(tuple);
	ItemPointerSetInvalid(&data.t_self);
	data.t_tableOid = InvalidOid;
	data.t_data = tuple;
	for (i = 0; i < FIELD_COUNT; i++)
	{
		bool		null;
		Datum		value = heap_getattr(&data, place_of(desc, (moments_field) i) + 1, desc, &null);

		if (null)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("field \"%s\" of the moments must not be null", fields[i].name),
					 errhint("Use moments as moments_agg() returned them.")));
		arrays[i] = DatumGetArrayTypeP(value);
		if (ARR_NDIM(arrays[i]) > 1 || ARR_ELEMTYPE(arrays[i]) != fields[i].element)
			wrong_field((moments_field) i, "an array of one dimension");
		if (array_contains_nulls(arrays[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("field \"%s\" of the moments must not contain nulls", fields[i].name)));
	}
	ReleaseTupleDesc(desc);
}

static int
length_of(ArrayType *array)
{
	return ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
}

/* The data of an array that may have a bitmap without NULLs. */
static void *
data_of(ArrayType *array, moments_field field, size_t wanted)
{
	if ((size_t) length_of(array) != wanted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field \"%s\" of the moments has %d elements, terms and cells ask for %zu",
						fields[field].name, length_of(array), wanted),
				 errhint("Use moments as moments_agg() returned them.")));
	return ARR_DATA_PTR(array);
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static void
read_terms(ArrayType *array, journey_moments *moments)
{
	Datum	   *elements;
	char	  **sorted;
	int			count = length_of(array);
	int			i;

	if (count < 1)
		wrong_field(FIELD_TERMS, "the names of the features and, last, of the target");
	if (count > JRN_MAX_COLUMNS + 1)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("moments have %d terms, the limit is %d", count, JRN_MAX_COLUMNS + 1)));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	moments->q = count;
	moments->terms = palloc((Size) count * sizeof(char *));
	sorted = palloc((Size) count * sizeof(char *));
	for (i = 0; i < count; i++)
	{
		sorted[i] = moments->terms[i] = TextDatumGetCString(elements[i]);
		if (moments->terms[i][0] == '\0' || strcmp(moments->terms[i], "(intercept)") == 0)
			wrong_field(FIELD_TERMS, "names that are not empty, and none of them (intercept)");
	}
	qsort(sorted, (size_t) count, sizeof(char *), by_bytes);
	for (i = 1; i < count; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("field \"terms\" of the moments names \"%s\" twice", sorted[i])));
	pfree(sorted);
}

/* Cells in order are distinct when neighbours are. */
static void
check_cells_distinct(const journey_moments *moments)
{
	int			i;

	for (i = 1; i < moments->count; i++)
		if (moments->cells[i - 1] == moments->cells[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("field \"cells\" of the moments has cell " INT64_FORMAT " twice",
							moments->cells[i])));
}

/* R-PMO-1 for the numbers of one cell. */
static void
check_set(const jrn_moments *set, int cell, double *root)
{
	size_t		i,
				j;

	if (set->n < 1 || set->n >= MAX_ROWS)
		wrong_element(FIELD_COUNTS, cell, "a count that is not from 1 to 2^53");
	if (!(set->w > 0.0) || !isfinite(set->w))
		wrong_element(FIELD_WEIGHTS, cell, "a weight that is not positive and finite");
	for (i = 0; i < set->q; i++)
	{
		double		diagonal = set->m[jrn_packed(i, i)];

		if (!isfinite(set->mean[i]))
			wrong_element(FIELD_MEANS, cell, "a number that is not finite");
		if (!(diagonal >= 0.0) || !isfinite(diagonal))
			wrong_element(FIELD_COMOMENTS, cell, "a sum of squares that is negative or not finite");
		root[i] = sqrt(diagonal);
		for (j = 0; j < i; j++)
			if (!(fabs(set->m[jrn_packed(i, j)]) <=
				  root[i] * root[j] * (1.0 + CORRELATION_SLACK) + 1e-300))
				wrong_element(FIELD_COMOMENTS, cell, "a correlation above 1");
	}
}

void
journey_moments_read(HeapTupleHeader tuple, journey_moments *moments)
{
	ArrayType  *arrays[FIELD_COUNT];
	size_t		count;
	size_t		q;
	int64	   *counts;
	double	   *weights;
	double	   *means;
	double	   *comoments;
	double	   *root;
	size_t		i;

	get_arrays(tuple, arrays);
	read_terms(arrays[FIELD_TERMS], moments);
	q = (size_t) moments->q;
	moments->count = length_of(arrays[FIELD_CELLS]);
	count = (size_t) moments->count;
	moments->cells = palloc_extended((count + 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	memcpy(moments->cells, data_of(arrays[FIELD_CELLS], FIELD_CELLS, count), count * sizeof(int64));
	counts = data_of(arrays[FIELD_COUNTS], FIELD_COUNTS, count);
	weights = data_of(arrays[FIELD_WEIGHTS], FIELD_WEIGHTS, count);
	means = data_of(arrays[FIELD_MEANS], FIELD_MEANS, count * q);
	comoments = data_of(arrays[FIELD_COMOMENTS], FIELD_COMOMENTS, count * triangle(q));
	moments->sets = palloc_extended((count + 1) * sizeof(jrn_moments), MCXT_ALLOC_HUGE);
	root = palloc(q * sizeof(double));
	for (i = 0; i < count; i++)
	{
		jrn_moments *set = &moments->sets[i];

		if (i % 64 == 0)
			CHECK_FOR_INTERRUPTS();
		set->q = q;
		set->n = counts[i];
		set->w = weights[i];
		set->mean = means + i * q;
		set->m = comoments + i * triangle(q);
		check_set(set, (int) i, root);
	}
	pfree(root);
	put_in_order(moments);
	check_cells_distinct(moments);
}
