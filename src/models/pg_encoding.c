/*
 * pg_encoding.c
 *		The encoding of a model as jsonb, both ways (see pg_encoding.h).
 *
 * R-ENC-1	What is written is read back equal.
 * R-ENC-2	The reader checks the kind of every value it uses, because anyone
 *			can write a jsonb: version, counts, names, feature types, and that
 *			levels are there and strictly increase in byte order (prediction
 *			searches them by halving).
 * R-ENC-3	Keys of later releases are ignored; another version is refused.
 * R-ENC-4	Terms refer to features that are there, in increasing order within
 *			a term; powers belong to numbers, "full" to features with levels.
 */
#include "pg_encoding.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

static const char *const kind_names[] = {"number", "label", "boolean"};

/* ---- writing ---- */

static void
push_text(JsonbParseState **state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	(void) pushJsonbValue(state, token, &value);
}

static void
push_integer(JsonbParseState **state, const char *key, int64 number)
{
	JsonbValue	value;

	push_text(state, WJB_KEY, key);
	value.type = jbvNumeric;
	value.val.numeric = int64_to_numeric(number);
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_pair(JsonbParseState **state, const char *key, const char *text)
{
	push_text(state, WJB_KEY, key);
	push_text(state, WJB_VALUE, text);
}

static void
push_number(JsonbParseState **state, const char *key, double number)
{
	JsonbValue	value;
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	push_text(state, WJB_KEY, key);
	double_to_shortest_decimal_buf(number, digits);
	value.type = jbvNumeric;
	value.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
															ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	(void) pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_factor(JsonbParseState **state, const jrn_factor *factor)
{
	JsonbValue	value;

	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_integer(state, "feature", factor->feature + 1);
	if (factor->power > 1)
		push_integer(state, "power", factor->power);
	if (factor->full)
	{
		push_text(state, WJB_KEY, "full");
		value.type = jbvBool;
		value.val.boolean = true;
		(void) pushJsonbValue(state, WJB_VALUE, &value);
	}
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
push_terms(JsonbParseState **state, const journey_encoding *encoding)
{
	int			i,
				j;

	push_text(state, WJB_KEY, "terms");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < encoding->term_count; i++)
	{
		(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		for (j = 0; j < encoding->terms[i].count; j++)
			push_factor(state, &encoding->terms[i].factor[j]);
		(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
push_feature(JsonbParseState **state, const journey_feature *feature)
{
	int			i;

	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_pair(state, "name", feature->name);
	push_pair(state, "type", kind_names[feature->kind]);
	if (feature->kind == JOURNEY_FEATURE_LABEL)
	{
		push_text(state, WJB_KEY, "levels");
		(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		for (i = 0; i < feature->level_count; i++)
			push_text(state, WJB_ELEM, feature->levels[i]);
		(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	if (feature->has_mean)
	{
		push_number(state, "mean", feature->mean);
		push_integer(state, "filled", feature->filled);
	}
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
push_target_levels(JsonbParseState **state, const journey_encoding *encoding)
{
	JsonbValue	value;
	int			i;

	push_text(state, WJB_KEY, "levels");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < encoding->level_count; i++)
		push_text(state, WJB_ELEM, encoding->levels[i]);
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	push_text(state, WJB_KEY, "level_numbers");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < encoding->level_count; i++)
	{
		value.type = jbvNumeric;
		value.val.numeric = DatumGetNumeric(DirectFunctionCall1(float8_numeric,
																Float8GetDatum(encoding->level_numbers[i])));
		(void) pushJsonbValue(state, WJB_ELEM, &value);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

Jsonb *
journey_encoding_write(const journey_encoding *encoding, jrn_errors errors)
{
	JsonbParseState *state = NULL;
	int			i;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_integer(&state, "version", JOURNEY_ENCODING_VERSION);
	push_pair(&state, "target", encoding->target);
	push_pair(&state, "errors", jrn_errors_name(errors));
	push_integer(&state, "dropped", encoding->dropped);
	if (encoding->offset != NULL)
		push_pair(&state, "offset", encoding->offset);
	if (encoding->ties != NULL)
		push_pair(&state, "ties", encoding->ties);
	if (encoding->formula != NULL)
		push_pair(&state, "formula", encoding->formula);
	if (encoding->level_count > 0)
		push_target_levels(&state, encoding);
	push_text(&state, WJB_KEY, "features");
	(void) pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < encoding->feature_count; i++)
		push_feature(&state, &encoding->features[i]);
	(void) pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	if (encoding->terms != NULL)
		push_terms(&state, encoding);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* ---- reading ---- */

static void
wrong_key(const char *key, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("key \"%s\" of the model's encoding must be %s", key, wanted),
			 errhint("Use the model as fit() returned it.")));
}

/* The value of a key of an object, NULL when it is not there. */
static JsonbValue *
value_of(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

static char *
text_of(JsonbContainer *object, const char *key)
{
	JsonbValue *value = value_of(object, key);

	if (value == NULL || value->type != jbvString)
		wrong_key(key, "a string");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* A whole number in [0, 2^53]; missing is the given default, or an error. */
static int64
count_of(JsonbContainer *object, const char *key, int64 missing)
{
	JsonbValue *value = value_of(object, key);
	double		number = -1.0;

	if (value == NULL && missing >= 0)
		return missing;
	if (value != NULL && value->type == jbvNumeric)
		number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
													NumericGetDatum(value->val.numeric)));
	if (!(number >= 0.0 && number <= 9007199254740992.0 && number == floor(number)))
		wrong_key(key, "a whole number greater than or equal to zero");
	return (int64) number;
}

static JsonbContainer *
array_of(JsonbContainer *object, const char *key)
{
	JsonbValue *value = value_of(object, key);

	if (value == NULL || value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
		wrong_key(key, "an array");
	return value->val.binary.data;
}

/* R-ENC-2: at least one level, all strings, strictly increasing bytes. */
static void
read_levels(JsonbContainer *object, journey_feature *feature)
{
	JsonbContainer *array = array_of(object, "levels");
	int			i;

	feature->level_count = JsonContainerSize(array);
	if (feature->level_count == 0)
		wrong_key("levels", "an array with at least one string");
	feature->levels = palloc_extended((Size) feature->level_count * sizeof(char *),
									  MCXT_ALLOC_HUGE);
	for (i = 0; i < feature->level_count; i++)
	{
		JsonbValue *level = getIthJsonbValueFromContainer(array, i);

		if (level->type != jbvString)
			wrong_key("levels", "an array of strings");
		feature->levels[i] = pnstrdup(level->val.string.val, level->val.string.len);
		if (i > 0 && strcmp(feature->levels[i - 1], feature->levels[i]) >= 0)
			wrong_key("levels", "in increasing byte order without repeats");
		pfree(level);
		CHECK_FOR_INTERRUPTS();
	}
}

/* A feature's mean, if its NULLs have one. */
static void
read_mean(JsonbContainer *object, journey_feature *feature)
{
	JsonbValue *value = value_of(object, "mean");

	if (value == NULL)
		return;
	feature->mean = value->type != jbvNumeric ? NAN :
		DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
										   NumericGetDatum(value->val.numeric)));
	if (!isfinite(feature->mean) || feature->kind != JOURNEY_FEATURE_NUMBER)
		wrong_key("mean", "a finite number, of a feature that is one");
	feature->has_mean = true;
	feature->filled = count_of(object, "filled", 0);
}

static void
read_feature(JsonbContainer *object, journey_feature *feature)
{
	char	   *type = text_of(object, "type");
	int			kind;

	for (kind = 0; kind < (int) lengthof(kind_names); kind++)
		if (strcmp(type, kind_names[kind]) == 0)
			break;
	if (kind == lengthof(kind_names))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized feature type \"%s\" in the model's encoding", type),
				 errhint("Feature types are number, label and boolean.")));
	memset(feature, 0, sizeof(*feature));
	feature->name = text_of(object, "name");
	feature->kind = (journey_feature_kind) kind;
	if (feature->kind == JOURNEY_FEATURE_LABEL)
		read_levels(object, feature);
	read_mean(object, feature);
}

/* R-ENC-4; last: the feature of the factor before. */
static void
read_factor(JsonbContainer *object, const journey_encoding *encoding, int last, jrn_factor *factor)
{
	JsonbValue *full = value_of(object, "full");
	int64		feature = count_of(object, "feature", -1);
	int64		power = count_of(object, "power", 1);
	const journey_feature *of;

	if (feature < 1 || feature > encoding->feature_count || feature - 1 <= last)
		wrong_key("feature", "the number of a feature, increasing within a term");
	of = &encoding->features[feature - 1];
	if (power < 1 || power > (of->kind == JOURNEY_FEATURE_NUMBER ? JRN_TERM_POWER : 1))
		wrong_key("power", "a power from 1 to 10, of a feature that is a number");
	if (full != NULL && (full->type != jbvBool || of->kind == JOURNEY_FEATURE_NUMBER))
		wrong_key("full", "true or false, of a feature with levels");
	factor->feature = (int) feature - 1;
	factor->power = (int) power;
	factor->full = full != NULL && full->val.boolean;
	factor->levels = of->kind == JOURNEY_FEATURE_LABEL || factor->full;
	factor->columns = !factor->levels ? 1 :
		(of->kind == JOURNEY_FEATURE_LABEL ? of->level_count : 2) - (factor->full ? 0 : 1);
}

static void
read_terms(JsonbContainer *root, journey_encoding *encoding)
{
	JsonbContainer *terms = array_of(root, "terms");
	int			i,
				j;

	encoding->term_count = JsonContainerSize(terms);
	encoding->terms = palloc_extended((Size) Max(encoding->term_count, 1) * sizeof(jrn_term),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (i = 0; i < encoding->term_count; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(terms, i);
		jrn_term   *term = &encoding->terms[i];
		JsonbContainer *factors;

		if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
			wrong_key("terms", "an array of arrays");
		factors = value->val.binary.data;
		term->count = JsonContainerSize(factors);
		if (term->count < 1 || term->count > JRN_TERM_FACTORS)
			wrong_key("terms", "an array of terms with 1 to 16 factors");
		for (j = 0; j < term->count; j++)
		{
			JsonbValue *factor = getIthJsonbValueFromContainer(factors, j);

			if (factor->type != jbvBinary || !JsonContainerIsObject(factor->val.binary.data))
				wrong_key("terms", "an array of arrays of objects");
			read_factor(factor->val.binary.data, encoding, j > 0 ? term->factor[j - 1].feature : -1,
						&term->factor[j]);
		}
		pfree(value);
		CHECK_FOR_INTERRUPTS();
	}
}

static jrn_errors
read_errors(JsonbContainer *root)
{
	char	   *name = text_of(root, "errors");
	int			i;

	for (i = JRN_ERRORS_MODEL; i <= JRN_ERRORS_CLUSTER; i++)
		if (strcmp(name, jrn_errors_name((jrn_errors) i)) == 0)
			return (jrn_errors) i;
	wrong_key("errors", "one of model, hc0, hc1, hc2, hc3, cluster");
	return JRN_ERRORS_MODEL;
}

/* Names and rising numbers of the levels of an ordinal target. */
static void
read_target_levels(JsonbContainer *root, journey_encoding *encoding)
{
	JsonbContainer *names = array_of(root, "levels");
	JsonbContainer *numbers = array_of(root, "level_numbers");
	int			i;

	encoding->level_count = JsonContainerSize(names);
	if (encoding->level_count == 0 || encoding->level_count > JOURNEY_MAX_TARGET_LEVELS)
		wrong_key("levels", "an array of 1 to 100 strings");
	if (JsonContainerSize(numbers) != encoding->level_count)
		wrong_key("level_numbers", "as long as levels");
	encoding->levels = palloc((Size) encoding->level_count * sizeof(char *));
	encoding->level_numbers = palloc((Size) encoding->level_count * sizeof(double));
	for (i = 0; i < encoding->level_count; i++)
	{
		JsonbValue *name = getIthJsonbValueFromContainer(names, i);
		JsonbValue *number = getIthJsonbValueFromContainer(numbers, i);

		if (name->type != jbvString)
			wrong_key("levels", "an array of 1 to 100 strings");
		encoding->levels[i] = pnstrdup(name->val.string.val, name->val.string.len);
		if (number->type != jbvNumeric)
			wrong_key("level_numbers", "an array of numbers");
		encoding->level_numbers[i] = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
																		NumericGetDatum(number->val.numeric)));
		if (!isfinite(encoding->level_numbers[i]) ||
			(i > 0 && !(encoding->level_numbers[i] > encoding->level_numbers[i - 1])))
			wrong_key("level_numbers", "finite and rising");
	}
}

void
journey_encoding_read(Jsonb *json, journey_encoding *encoding, jrn_errors *errors)
{
	JsonbContainer *root = &json->root;
	JsonbContainer *features;
	int64		version;
	int			i;

	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field \"encoding\" of the model must be a JSON object")));
	version = count_of(root, "version", -1);
	if (version != JOURNEY_ENCODING_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model's encoding has version " INT64_FORMAT ", this release reads version %d",
						version, JOURNEY_ENCODING_VERSION)));
	memset(encoding, 0, sizeof(*encoding));
	encoding->target = text_of(root, "target");
	if (value_of(root, "offset") != NULL)
		encoding->offset = text_of(root, "offset");
	encoding->dropped = count_of(root, "dropped", 0);
	if (value_of(root, "formula") != NULL)
		encoding->formula = text_of(root, "formula");
	*errors = read_errors(root);
	if (value_of(root, "levels") != NULL)
		read_target_levels(root, encoding);
	features = array_of(root, "features");
	encoding->feature_count = JsonContainerSize(features);
	encoding->features = palloc_extended((Size) Max(encoding->feature_count, 1) *
										 sizeof(journey_feature), MCXT_ALLOC_HUGE);
	for (i = 0; i < encoding->feature_count; i++)
	{
		JsonbValue *feature = getIthJsonbValueFromContainer(features, i);

		if (feature->type != jbvBinary || !JsonContainerIsObject(feature->val.binary.data))
			wrong_key("features", "an array of objects");
		read_feature(feature->val.binary.data, &encoding->features[i]);
		CHECK_FOR_INTERRUPTS();
	}
	if (value_of(root, "terms") != NULL)
		read_terms(root, encoding);
}
