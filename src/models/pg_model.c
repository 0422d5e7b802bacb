/*
 * pg_model.c
 *		journey.model as a C struct, both ways (see pg_model.h).
 *
 * R-PGM-1	Fields are found by name, so attributes that a later release adds
 *			to the type are written as NULL and ignored when read.
 * R-PGM-2	A reader trusts nothing: kind, presence, shape, length and range of
 *			every field, and that terms, coefficients, covariance and encoding
 *			tell the same story.
 * R-PGM-3	NULL and NaN are the same statement ("there is none"); infinities
 *			are legal in coefficients only.
 */
#include "pg_model.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "pg_encoding.h"

/* More terms than any fit can hold (memory grows with their square). */
#define MAX_TERMS 100000

typedef enum model_field
{
	FIELD_FAMILY,
	FIELD_LINK,
	FIELD_PENALTY,
	FIELD_LAMBDA,
	FIELD_ALPHA,
	FIELD_TERMS,
	FIELD_COEFFICIENTS,
	FIELD_COVARIANCE,
	FIELD_DISPERSION,
	FIELD_N,
	FIELD_N_GROUPS,
	FIELD_DF_RESIDUAL,
	FIELD_DEVIANCE,
	FIELD_NULL_DEVIANCE,
	FIELD_LOG_LIKELIHOOD,
	FIELD_ITERATIONS,
	FIELD_CONVERGED,
	FIELD_STATUS,
	FIELD_ENCODING,
	FIELD_COUNT
} model_field;

static const struct
{
	const char *name;
	Oid			type;
}			fields[FIELD_COUNT] = {
	{"family", TEXTOID},
	{"link", TEXTOID},
	{"penalty", TEXTOID},
	{"lambda", FLOAT8OID},
	{"alpha", FLOAT8OID},
	{"terms", TEXTARRAYOID},
	{"coefficients", FLOAT8ARRAYOID},
	{"covariance", FLOAT8ARRAYOID},
	{"dispersion", FLOAT8OID},
	{"n", INT8OID},
	{"n_groups", INT8OID},
	{"df_residual", INT8OID},
	{"deviance", FLOAT8OID},
	{"null_deviance", FLOAT8OID},
	{"log_likelihood", FLOAT8OID},
	{"iterations", INT4OID},
	{"converged", BOOLOID},
	{"status", TEXTOID},
	{"encoding", JSONBOID}
};

/* By jrn_family. */
static const char *const family_names[JRN_FAMILIES] = {"gaussian", "binomial", "cox", "poisson",
"negative_binomial", "ordinal"};
static const char *const link_names[JRN_FAMILIES] = {"identity", "logit", "log", "log", "log", "logit"};

/* The fields in our order; what the type lacks is NULL. */
typedef struct model_row
{
	Datum		values[FIELD_COUNT];
	bool		nulls[FIELD_COUNT];
} model_row;

/* Place of a field in the type, -1 when it was dropped. */
static int
place_of(TupleDesc desc, model_field field)
{
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (attribute->attisdropped || strcmp(NameStr(attribute->attname), fields[field].name) != 0)
			continue;
		if (attribute->atttypid != fields[field].type)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("field \"%s\" of type journey.model is of type %s, it must be %s",
							fields[field].name, format_type_be(attribute->atttypid),
							format_type_be(fields[field].type))));
		return i;
	}
	return -1;
}

/* ---- writing ---- */

/* Shape of journey.model; the caller releases it. */
static TupleDesc
model_desc(void)
{
	Oid			schema = get_namespace_oid("journey", false);
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
									   CStringGetDatum("model"), ObjectIdGetDatum(schema));

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type journey.model does not exist"),
				 errhint("Create or update the extension journey.")));
	return lookup_rowtype_tupdesc(type, -1);
}

static void
set_text(model_row *row, model_field field, const char *text)
{
	row->values[field] = CStringGetTextDatum(text);
	row->nulls[field] = false;
}

static void
set_double(model_row *row, model_field field, double value)
{
	row->nulls[field] = isnan(value);
	if (!row->nulls[field])
		row->values[field] = Float8GetDatum(value);
}

static void
set_int64(model_row *row, model_field field, int64 value)
{
	row->values[field] = Int64GetDatum(value);
	row->nulls[field] = false;
}

/* float8[] with NULL for NaN; O(count). */
static void
set_doubles(model_row *row, model_field field, const double *numbers, size_t count)
{
	Datum	   *elements;
	bool	   *nulls;
	int			length = (int) count;
	int			first = 1;
	size_t		i;

	if (count > MaxAllocSize / sizeof(Datum) - 100)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("field \"%s\" of the model would have %zu elements",
						fields[field].name, count),
				 errhint("Use fewer features or labels with fewer levels.")));
	elements = palloc_extended(count * sizeof(Datum), MCXT_ALLOC_HUGE);
	nulls = palloc_extended(count * sizeof(bool), MCXT_ALLOC_HUGE);
	for (i = 0; i < count; i++)
	{
		nulls[i] = isnan(numbers[i]);
		elements[i] = nulls[i] ? (Datum) 0 : Float8GetDatum(numbers[i]);
	}
	row->values[field] = PointerGetDatum(construct_md_array(elements, nulls, 1, &length, &first,
															FLOAT8OID, sizeof(float8),
															FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	row->nulls[field] = false;
}

/*
 * Names of the terms an encoding gives, the intercept or the thresholds first
 * unless the family has none; sets *count.
 */
static char **
term_names(const journey_encoding *encoding, jrn_family family, int64 *count)
{
	char	  **names;
	int64		first = family == JRN_COX ? 0 : family != JRN_ORDINAL ? 1 :
		Max(encoding->level_count - 1, 0);
	int64		total = first + journey_encoding_terms(encoding);
	int64		i;

	*count = total;
	if (total > MAX_TERMS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model has " INT64_FORMAT " terms, the limit is %d", total, MAX_TERMS)));
	names = palloc((Size) (total + 1) * sizeof(char *));
	for (i = 0; i < first; i++)
		names[i] = family != JRN_ORDINAL ? pstrdup("(intercept)") :
			psprintf("%s|%s", encoding->levels[i], encoding->levels[i + 1]);
	journey_encoding_names(encoding, names + first);
	return names;
}

static void
set_terms(model_row *row, const jrn_model *model, const journey_encoding *encoding)
{
	int64		count;
	char	  **names = term_names(encoding, model->family, &count);
	Datum	   *elements;
	int			i;

	if (count != model->terms)
		elog(ERROR, "model has %d terms, its encoding gives " INT64_FORMAT, model->terms, count);
	elements = palloc((Size) count * sizeof(Datum));
	for (i = 0; i < model->terms; i++)
		elements[i] = CStringGetTextDatum(names[i]);
	row->values[FIELD_TERMS] = PointerGetDatum(construct_array(elements, model->terms, TEXTOID,
															   -1, false, TYPALIGN_INT));
	row->nulls[FIELD_TERMS] = false;
}

static void
fill_row(model_row *row, const jrn_model *model, const journey_encoding *encoding)
{
	memset(row->nulls, true, sizeof(row->nulls));
	set_text(row, FIELD_FAMILY, family_names[model->family]);
	set_text(row, FIELD_LINK, link_names[model->family]);
	set_text(row, FIELD_PENALTY, jrn_penalty_name(model->penalty));
	set_double(row, FIELD_LAMBDA, model->lambda);
	if (model->penalty == JRN_PENALTY_ELASTIC_NET)
		set_double(row, FIELD_ALPHA, model->alpha);
	set_terms(row, model, encoding);
	set_doubles(row, FIELD_COEFFICIENTS, model->coefficients, (size_t) model->terms);
	if (model->covariance != NULL)
		set_doubles(row, FIELD_COVARIANCE, model->covariance,
					jrn_packed((size_t) model->terms, 0));
	set_double(row, FIELD_DISPERSION, model->dispersion);
	set_int64(row, FIELD_N, model->n);
	if (model->n_groups >= 0)
		set_int64(row, FIELD_N_GROUPS, model->n_groups);
	set_int64(row, FIELD_DF_RESIDUAL, model->df_residual);
	set_double(row, FIELD_DEVIANCE, model->deviance);
	set_double(row, FIELD_NULL_DEVIANCE, model->null_deviance);
	set_double(row, FIELD_LOG_LIKELIHOOD, model->log_likelihood);
	row->values[FIELD_ITERATIONS] = Int32GetDatum(model->iterations);
	row->nulls[FIELD_ITERATIONS] = false;
	row->values[FIELD_CONVERGED] = BoolGetDatum(model->converged);
	row->nulls[FIELD_CONVERGED] = false;
	set_text(row, FIELD_STATUS, jrn_fit_status_name(model->status));
	row->values[FIELD_ENCODING] = JsonbPGetDatum(journey_encoding_write(encoding, model->errors));
	row->nulls[FIELD_ENCODING] = false;
}

Datum
journey_model_datum(const jrn_model *model, const journey_encoding *encoding)
{
	TupleDesc	desc = model_desc();
	Datum	   *values = palloc0((Size) desc->natts * sizeof(Datum));
	bool	   *nulls = palloc((Size) desc->natts * sizeof(bool));
	model_row	row;
	HeapTuple	tuple;
	int			field;

	fill_row(&row, model, encoding);
	memset(nulls, true, (Size) desc->natts * sizeof(bool));
	for (field = 0; field < FIELD_COUNT; field++)
	{
		int			place = place_of(desc, (model_field) field);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("type journey.model has no field \"%s\"", fields[field].name)));
		values[place] = row.values[field];
		nulls[place] = row.nulls[field];
	}
	tuple = heap_form_tuple(desc, values, nulls);
	ReleaseTupleDesc(desc);
	return HeapTupleGetDatum(tuple);
}

/* ---- reading ---- */

static void
wrong_field(model_field field, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("field \"%s\" of the model must be %s", fields[field].name, wanted),
			 errhint("Use the model as fit() returned it.")));
}

static void
require(const model_row *row, model_field field)
{
	if (row->nulls[field])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"%s\" of the model must not be null", fields[field].name),
				 errhint("Use the model as fit() returned it.")));
}

static char *
get_text(const model_row *row, model_field field)
{
	require(row, field);
	return TextDatumGetCString(row->values[field]);
}

/* A finite number, NaN for NULL. */
static double
get_double(const model_row *row, model_field field)
{
	double		value;

	if (row->nulls[field])
		return NAN;
	value = DatumGetFloat8(row->values[field]);
	if (!isfinite(value))
		wrong_field(field, "finite or null");
	return value;
}

static int64
get_count(const model_row *row, model_field field)
{
	int64		value;

	require(row, field);
	value = DatumGetInt64(row->values[field]);
	if (value < 0)
		wrong_field(field, "greater than or equal to zero");
	return value;
}

/* An array of one dimension; *count is its length. */
static ArrayType *
get_array(const model_row *row, model_field field, Oid element, int *count)
{
	ArrayType  *array;

	require(row, field);
	array = DatumGetArrayTypeP(row->values[field]);
	if (ARR_NDIM(array) > 1 || ARR_ELEMTYPE(array) != element)
		wrong_field(field, "an array of one dimension");
	*count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	return array;
}

static char **
get_terms(const model_row *row, bool without, int *count)
{
	ArrayType  *array = get_array(row, FIELD_TERMS, TEXTOID, count);
	Datum	   *elements;
	char	  **terms;
	int			i;

	if (*count < 1 && !without)
		wrong_field(FIELD_TERMS, "an array of names");
	if (*count > MAX_TERMS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model has %d terms, the limit is %d", *count, MAX_TERMS)));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("field \"terms\" of the model must not contain nulls")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, count);
	terms = palloc((Size) *count * sizeof(char *));
	for (i = 0; i < *count; i++)
		terms[i] = TextDatumGetCString(elements[i]);
	return terms;
}

/* float8[] of a given length, NaN for NULL (R-PGM-3). */
static double *
get_doubles(const model_row *row, model_field field, size_t wanted, bool infinite)
{
	int			count;
	ArrayType  *array = get_array(row, field, FLOAT8OID, &count);
	Datum	   *elements;
	bool	   *nulls;
	double	   *numbers;
	int			i;

	if ((size_t) count != wanted)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field \"%s\" of the model has %d elements, the terms ask for %zu",
						fields[field].name, count, wanted)));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, &nulls, &count);
	numbers = palloc_extended((Size) count * sizeof(double), MCXT_ALLOC_HUGE);
	for (i = 0; i < count; i++)
	{
		numbers[i] = nulls[i] ? NAN : DatumGetFloat8(elements[i]);
		if (!nulls[i] && (isnan(numbers[i]) || (!infinite && isinf(numbers[i]))))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of field \"%s\" of the model is not a finite number",
							i + 1, fields[field].name)));
	}
	pfree(elements);
	pfree(nulls);
	return numbers;
}

/* Family, link and penalty; they must go together. */
static void
read_kind(const model_row *row, jrn_model *model)
{
	char	   *family = get_text(row, FIELD_FAMILY);
	char	   *link = get_text(row, FIELD_LINK);
	char	   *penalty = get_text(row, FIELD_PENALTY);
	int			i;

	for (i = 0; i < JRN_FAMILIES; i++)
		if (strcmp(family, family_names[i]) == 0)
			break;
	if (i == JRN_FAMILIES)
		wrong_field(FIELD_FAMILY, "gaussian, binomial, cox, poisson, negative_binomial or ordinal");
	model->family = (jrn_family) i;
	if (strcmp(link, link_names[i]) != 0)
		wrong_field(FIELD_LINK, link_names[i]);
	for (i = 0; i < JRN_PENALTIES; i++)
		if (strcmp(penalty, jrn_penalty_name((jrn_penalty) i)) == 0)
			break;
	if (i == JRN_PENALTIES)
		wrong_field(FIELD_PENALTY, "none, ridge, lasso, elastic_net or firth");
	model->penalty = (jrn_penalty) i;
	if (model->penalty == JRN_PENALTY_FIRTH && model->family != JRN_BINOMIAL)
		wrong_field(FIELD_PENALTY, "firth for family binomial only");
	model->alpha = get_double(row, FIELD_ALPHA);
	if (model->penalty == JRN_PENALTY_ELASTIC_NET && !(model->alpha >= 0.0 && model->alpha <= 1.0))
		wrong_field(FIELD_ALPHA, "from 0 to 1");
	model->lambda = get_double(row, FIELD_LAMBDA);
	if (jrn_is_shrunk(model->penalty))
		require(row, FIELD_LAMBDA);
	else if (isnan(model->lambda))
		model->lambda = 0.0;
	if (model->lambda < 0.0)
		wrong_field(FIELD_LAMBDA, "greater than or equal to zero");
}

static jrn_fit_status
read_status(const model_row *row)
{
	char	   *name = get_text(row, FIELD_STATUS);
	int			i;

	for (i = JRN_FIT_OK; i < JRN_FIT_STATUSES; i++)
		if (strcmp(name, jrn_fit_status_name((jrn_fit_status) i)) == 0)
			return (jrn_fit_status) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized status \"%s\" of the model", name)));
	return JRN_FIT_OK;
}

static void
read_figures(const model_row *row, jrn_model *model)
{
	model->dispersion = get_double(row, FIELD_DISPERSION);
	if (model->dispersion < 0.0)
		wrong_field(FIELD_DISPERSION, "greater than or equal to zero");
	model->n = get_count(row, FIELD_N);
	model->n_groups = row->nulls[FIELD_N_GROUPS] ? -1 : get_count(row, FIELD_N_GROUPS);
	require(row, FIELD_DF_RESIDUAL);
	model->df_residual = DatumGetInt64(row->values[FIELD_DF_RESIDUAL]);
	if (model->n_groups > model->n)
		wrong_field(FIELD_N_GROUPS, "at most n");
	if (model->df_residual > model->n)
		wrong_field(FIELD_DF_RESIDUAL, "at most n");
	model->deviance = get_double(row, FIELD_DEVIANCE);
	model->null_deviance = get_double(row, FIELD_NULL_DEVIANCE);
	model->log_likelihood = get_double(row, FIELD_LOG_LIKELIHOOD);
	require(row, FIELD_ITERATIONS);
	model->iterations = DatumGetInt32(row->values[FIELD_ITERATIONS]);
	if (model->iterations < 0)
		wrong_field(FIELD_ITERATIONS, "greater than or equal to zero");
	require(row, FIELD_CONVERGED);
	model->converged = DatumGetBool(row->values[FIELD_CONVERGED]);
	model->status = read_status(row);
}

/* The packed triangle; variances are not negative, and no penalty has one. */
static void
read_covariance(const model_row *row, jrn_model *model)
{
	int			i;

	model->covariance = NULL;
	if (row->nulls[FIELD_COVARIANCE])
		return;
	if (jrn_is_shrunk(model->penalty))
		wrong_field(FIELD_COVARIANCE, "null after a penalty");
	model->covariance = get_doubles(row, FIELD_COVARIANCE,
									jrn_packed((size_t) model->terms, 0), false);
	for (i = 0; i < model->terms; i++)
		if (model->covariance[jrn_packed((size_t) i, (size_t) i)] < 0.0)
			wrong_field(FIELD_COVARIANCE, "free of negative variances");
}

/* Terms and encoding tell the same story (R-PGM-2). */
static void
check_terms(char **terms, int term_count, jrn_family family, const journey_encoding *encoding)
{
	int64		count;
	char	  **names = term_names(encoding, family, &count);
	int			i;

	if (count != term_count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has %d terms, its encoding gives " INT64_FORMAT,
						term_count, count)));
	for (i = 0; i < term_count; i++)
	{
		if (strcmp(terms[i], names[i]) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("term %d of the model is \"%s\", its encoding gives \"%s\"",
							i + 1, terms[i], names[i])));
		pfree(names[i]);
	}
	pfree(names);
}

/* Thresholds rise, as far as they are finite. */
static void
check_thresholds(const jrn_model *model)
{
	int			i;

	for (i = 1; i < model->thresholds; i++)
		if (model->coefficients[i] < model->coefficients[i - 1])
			wrong_field(FIELD_COEFFICIENTS, "free of falling thresholds");
}

/* Split a tuple into our fields. */
static void
deform(HeapTupleHeader header, model_row *row)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											  HeapTupleHeaderGetTypMod(header));
	Datum	   *values = palloc((Size) desc->natts * sizeof(Datum));
	bool	   *nulls = palloc((Size) desc->natts * sizeof(bool));
	HeapTupleData tuple;
	int			field;

	memset(&tuple, 0, sizeof(tuple));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	for (field = 0; field < FIELD_COUNT; field++)
	{
		int			place = place_of(desc, (model_field) field);

		row->nulls[field] = place < 0 || nulls[place];
		row->values[field] = row->nulls[field] ? (Datum) 0 : values[place];
	}
	ReleaseTupleDesc(desc);
}

void
journey_model_read(HeapTupleHeader tuple, jrn_model *model,
				   journey_encoding *encoding, char ***terms)
{
	model_row	row;

	deform(tuple, &row);
	memset(model, 0, sizeof(*model));
	read_kind(&row, model);
	read_figures(&row, model);
	/* an ordinal target with one value and no feature has no term at all */
	*terms = get_terms(&row, model->family == JRN_ORDINAL, &model->terms);
	model->coefficients = get_doubles(&row, FIELD_COEFFICIENTS, (size_t) model->terms, true);
	read_covariance(&row, model);
	require(&row, FIELD_ENCODING);
	journey_encoding_read(DatumGetJsonbP(row.values[FIELD_ENCODING]), encoding, &model->errors);
	if ((model->family == JRN_ORDINAL) != (encoding->level_count > 0) && model->n > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key \"levels\" of the model's encoding belongs to family ordinal"),
				 errhint("Use the model as fit() returned it.")));
	model->thresholds = model->family == JRN_ORDINAL ? Max(encoding->level_count - 1, 0) : 0;
	model->levels = encoding->level_numbers;
	check_terms(*terms, model->terms, model->family, encoding);
	check_thresholds(model);
	if (model->errors == JRN_ERRORS_CLUSTER && model->n_groups < 0)
		wrong_field(FIELD_N_GROUPS, "given with clustered errors");
}
