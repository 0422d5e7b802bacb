/*
 * pg_policy.c
 *		journey.policy as a composite, and recommend().
 *
 * R-PLC-1	Fields are found by name, so attributes that a later release adds to
 *			the type are ignored when read.
 * R-PLC-2	A recommendation depends on the arguments of its row only: what is
 *			kept with the call site is keyed by all bytes of the policy (a
 *			toasted one by its pointer, which names one stored value) and by
 *			the identity of the row type.
 * R-PLC-3	A tree reads the columns on its path only; a linear rule all of
 *			them.  NULL, NaN, infinity and levels that the policy has not seen
 *			are errors.
 */
#include "pg_policy.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#include "../models/pg_feature_columns.h"

PG_FUNCTION_INFO_V1(journey_recommend);

/* ---- the composite ---- */

typedef enum policy_field
{
	FIELD_CLASS, FIELD_RULE, FIELD_DESCRIPTION, FIELD_VALUE, FIELD_VALUE_SE, FIELD_DIFFERENCE,
	FIELD_STD_ERROR, FIELD_CONF_LOW, FIELD_CONF_HIGH, FIELD_STATUS, FIELD_STRATEGIES,
	FIELD_BASELINE, FIELD_N, FIELD_N_KEYS, FIELD_SHARES, FIELD_VERDICT, FIELD_COUNT
} policy_field;

static const struct
{
	const char *name;
	Oid			type;
}			fields[FIELD_COUNT] = {
	{"class", TEXTOID}, {"rule", JSONBOID}, {"description", TEXTOID}, {"value", FLOAT8OID},
	{"value_se", FLOAT8OID}, {"difference", FLOAT8OID}, {"std_error", FLOAT8OID},
	{"conf_low", FLOAT8OID}, {"conf_high", FLOAT8OID}, {"status", TEXTOID},
	{"strategies", TEXTARRAYOID}, {"baseline", TEXTOID}, {"n", INT8OID}, {"n_keys", INT8OID},
	{"shares", JSONBOID}, {"verdict", TEXTOID}
};

/* Place of a field in the type, -1 when it is not there. */
static int
place_of(TupleDesc desc, policy_field field)
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
					 errmsg("field \"%s\" of type journey.policy is of type %s, it must be %s", fields[field].name,
							format_type_be(attribute->atttypid), format_type_be(fields[field].type))));
		return i;
	}
	return -1;
}

/* Shares of decisions as an object by strategy. */
static Datum
shares_datum(const journey_policy_value *value)
{
	JsonbParseState *state = NULL;
	JsonbValue	item;
	int			i;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (i = 0; i < value->strategy_count; i++)
	{
		item.type = jbvString;
		item.val.string.val = value->strategies[i];
		item.val.string.len = strlen(value->strategies[i]);
		(void) pushJsonbValue(&state, WJB_KEY, &item);
		item.type = jbvNumeric;
		item.val.numeric = DatumGetNumeric(DirectFunctionCall1(float8_numeric, Float8GetDatum(value->shares[i])));
		(void) pushJsonbValue(&state, WJB_VALUE, &item);
	}
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

static void
fill_texts(const journey_policy_value *value, Datum *of, bool *has)
{
	const char *text[FIELD_COUNT] = {NULL};
	int			i;

	text[FIELD_CLASS] = journey_policy_class_names[value->class];
	text[FIELD_DESCRIPTION] = value->description;
	text[FIELD_STATUS] = value->status;
	text[FIELD_BASELINE] = value->baseline;
	text[FIELD_VERDICT] = value->verdict;
	for (i = 0; i < FIELD_COUNT; i++)
		if (text[i] != NULL)
		{
			of[i] = CStringGetTextDatum(text[i]);
			has[i] = true;
		}
}

static void
fill_numbers(const journey_policy_value *value, Datum *of, bool *has)
{
	const double numbers[] = {value->value, value->value_se, value->difference, value->std_error,
	value->conf_low, value->conf_high};
	int			i;

	for (i = 0; i < (int) lengthof(numbers); i++)
	{
		of[FIELD_VALUE + i] = Float8GetDatum(numbers[i]);
		has[FIELD_VALUE + i] = !isnan(numbers[i]);
	}
	of[FIELD_N] = Int64GetDatum(value->n);
	of[FIELD_N_KEYS] = Int64GetDatum(value->n_keys);
	has[FIELD_N] = has[FIELD_N_KEYS] = true;
}

Datum
journey_policy_datum(TupleDesc desc, const journey_policy_value *value)
{
	Datum		of[FIELD_COUNT] = {0};
	bool		has[FIELD_COUNT] = {0};
	Datum	   *names = palloc((Size) Max(value->strategy_count, 1) * sizeof(Datum));
	Datum	   *values = palloc0((Size) desc->natts * sizeof(Datum));
	bool	   *nulls = palloc((Size) desc->natts * sizeof(bool));
	int			i;

	fill_texts(value, of, has);
	fill_numbers(value, of, has);
	if (value->rule != NULL)
	{
		of[FIELD_RULE] = JsonbPGetDatum(journey_rule_write(value->rule));
		has[FIELD_RULE] = true;
	}
	for (i = 0; i < value->strategy_count; i++)
		names[i] = CStringGetTextDatum(value->strategies[i]);
	of[FIELD_STRATEGIES] = PointerGetDatum(construct_array(names, value->strategy_count, TEXTOID, -1, false, TYPALIGN_INT));
	has[FIELD_STRATEGIES] = true;
	if (value->shares != NULL)
	{
		of[FIELD_SHARES] = shares_datum(value);
		has[FIELD_SHARES] = true;
	}
	memset(nulls, true, (Size) desc->natts * sizeof(bool));
	for (i = 0; i < FIELD_COUNT; i++)
	{
		int			place = place_of(desc, (policy_field) i);

		if (place < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("type journey.policy has no field \"%s\"", fields[i].name)));
		values[place] = of[i];
		nulls[place] = !has[i];
	}
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

void
journey_policy_read(HeapTupleHeader header, journey_rule *rule)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	Datum	   *values = palloc((Size) desc->natts * sizeof(Datum));
	bool	   *nulls = palloc((Size) desc->natts * sizeof(bool));
	int			rule_place = place_of(desc, FIELD_RULE);
	int			class_place = place_of(desc, FIELD_CLASS);
	int			status_place = place_of(desc, FIELD_STATUS);
	HeapTupleData tuple;

	memset(&tuple, 0, sizeof(tuple));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	if (rule_place < 0 || nulls[rule_place])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("policy has no rule, its status is \"%s\"", status_place < 0 || nulls[status_place] ? "unknown" :
						TextDatumGetCString(values[status_place])),
				 errhint("Filter policies by their status.")));
	journey_rule_read(DatumGetJsonbP(values[rule_place]), rule);
	if (class_place < 0 || nulls[class_place] ||
		strcmp(TextDatumGetCString(values[class_place]), journey_policy_class_names[rule->class]) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field \"class\" of the policy must be \"%s\", as its rule says", journey_policy_class_names[rule->class]),
				 errhint("Use the policy as learn_policy() returned it.")));
}

/* ---- a policy made ready for many rows ---- */

typedef struct ready_policy
{
	MemoryContext context;		/* of everything below */
	char	   *raw;
	Size		raw_size;
	journey_rule rule;
	text	  **names;			/* [strategies] */
	jrn_level **levels;			/* [features], NULL for those without */
	double	   *promise;		/* [strategies] scratch */

	/* the row type last seen */
	MemoryContext row_context;
	uint64		row_identity;	/* 0: none yet */
	Oid			row_type;
	int32		row_typmod;
	TupleDesc	row_desc;
	journey_column *columns;	/* [features] */
	Datum	   *values;
	bool	   *nulls;
} ready_policy;

static ready_policy *
build(struct varlena *raw, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey policy", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	ready_policy *ready = palloc0(sizeof(ready_policy));
	int			i;

	ready->context = context;
	journey_policy_read(DatumGetHeapTupleHeader(PointerGetDatum(raw)), &ready->rule);
	ready->names = palloc((Size) ready->rule.strategy_count * sizeof(text *));
	for (i = 0; i < ready->rule.strategy_count; i++)
		ready->names[i] = cstring_to_text(ready->rule.strategies[i]);
	ready->levels = palloc((Size) Max(ready->rule.feature_count, 1) * sizeof(jrn_level *));
	for (i = 0; i < ready->rule.feature_count; i++)
		ready->levels[i] = journey_feature_levels(&ready->rule.features[i]);
	ready->promise = palloc((Size) ready->rule.strategy_count * sizeof(double));
	ready->raw_size = VARSIZE_ANY(raw);
	ready->raw = palloc(ready->raw_size);
	memcpy(ready->raw, raw, ready->raw_size);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, parent);
	return ready;
}

/* The policy of argument 0 (R-PLC-2). */
static ready_policy *
policy_of(FunctionCallInfo fcinfo)
{
	ready_policy *ready = fcinfo->flinfo->fn_extra;
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(0);
	ready_policy *fresh;
	Size		size;

	if (VARATT_IS_EXTERNAL(raw) && !VARATT_IS_EXTERNAL_ONDISK(raw))
		raw = (struct varlena *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	size = VARSIZE_ANY(raw);
	if (ready != NULL && ready->raw_size == size && memcmp(ready->raw, raw, size) == 0)
		return ready;
	fresh = build(raw, fcinfo->flinfo->fn_mcxt);
	fcinfo->flinfo->fn_extra = fresh;
	if (ready != NULL)
		MemoryContextDelete(ready->context);
	return fresh;
}

/* Match columns when the row type is another one, and take the row apart. */
static void
read_row(ready_policy *ready, HeapTupleHeader row)
{
	Oid			type = HeapTupleHeaderGetTypeId(row);
	int32		typmod = HeapTupleHeaderGetTypMod(row);
	uint64		identity = assign_record_type_identifier(type, typmod);
	HeapTupleData tuple;

	if (ready->row_identity != identity || ready->row_type != type || ready->row_typmod != typmod)
	{
		TupleDesc	desc = lookup_rowtype_tupdesc(type, typmod);
		MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "journey policy row", ALLOCSET_SMALL_SIZES);
		MemoryContext old = MemoryContextSwitchTo(context);
		journey_column *columns = palloc((Size) Max(ready->rule.feature_count, 1) * sizeof(journey_column));
		int			i;

		for (i = 0; i < ready->rule.feature_count; i++)
			columns[i] = journey_feature_column(desc, &ready->rule.features[i], "the policy needs");
		ready->row_identity = 0;
		if (ready->row_context != NULL)
			MemoryContextDelete(ready->row_context);
		MemoryContextSetParent(context, ready->context);
		ready->row_context = context;
		ready->columns = columns;
		ready->row_desc = CreateTupleDescCopy(desc);
		ready->values = palloc((Size) Max(desc->natts, 1) * sizeof(Datum));
		ready->nulls = palloc((Size) Max(desc->natts, 1) * sizeof(bool));
		MemoryContextSwitchTo(old);
		ReleaseTupleDesc(desc);
		ready->row_type = type;
		ready->row_typmod = typmod;
		ready->row_identity = identity;
	}
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, ready->row_desc, ready->values, ready->nulls);
}

/* ---- features of the row ---- */

static Datum
value_of(const ready_policy *ready, int feature)
{
	const journey_column *column = &ready->columns[feature];

	if (ready->nulls[column->attribute - 1])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" must not be null, the policy asks for it", column->name),
				 errhint("Filter such rows, or decide for them by coalesce() in the query.")));
	return ready->values[column->attribute - 1];
}

/* Place of the row's level. */
static int
level_of(const ready_policy *ready, int feature)
{
	const journey_column *column = &ready->columns[feature];
	const char *bytes;
	Size		size;
	int			level;

	journey_column_label(column, value_of(ready, feature), &bytes, &size);
	level = jrn_level_find(ready->levels[feature], ready->rule.features[feature].level_count, bytes, size);
	if (level < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" has the level \"%.*s\", which the policy has not seen", column->name,
						pg_mbcliplen(bytes, (int) size, 200), bytes),
				 errhint("Learn the policy anew, or map the level to a known one in the query.")));
	return level;
}

static int
walk_tree(const ready_policy *ready)
{
	const journey_rule *rule = &ready->rule;
	const journey_rule_node *node = &rule->nodes[0];

	while (node->feature >= 0)
	{
		bool		yes;

		switch (rule->features[node->feature].kind)
		{
			case JOURNEY_FEATURE_NUMBER:
				yes = journey_feature_number(&ready->columns[node->feature], value_of(ready, node->feature)) < node->below;
				break;
			case JOURNEY_FEATURE_LABEL:
				yes = level_of(ready, node->feature) == node->level;
				break;
			default:
				yes = DatumGetBool(value_of(ready, node->feature));
				break;
		}
		node = &rule->nodes[yes ? node->left : node->right];
	}
	return node->strategy;
}

/* The summands of all strategies, feature by feature, in the order of policy_sql(). */
static void
add_feature(ready_policy *ready, int feature, int at)
{
	const journey_rule *rule = &ready->rule;
	const double *own = rule->coefficients + at;
	Size		step = (Size) (rule->terms + 1);
	double		number = 1.0;
	int			place = 0;
	int			s;

	switch (rule->features[feature].kind)
	{
		case JOURNEY_FEATURE_NUMBER:
			number = journey_feature_number(&ready->columns[feature], value_of(ready, feature));
			break;
		case JOURNEY_FEATURE_LABEL:
			place = level_of(ready, feature) - 1;
			break;
		case JOURNEY_FEATURE_BOOLEAN:
			place = DatumGetBool(value_of(ready, feature)) ? 0 : -1;
			break;
	}
	if (place >= 0)
		for (s = 0; s < rule->strategy_count; s++)
			ready->promise[s] += own[(Size) s * step + (Size) place] * number;
}

static int
largest_promise(ready_policy *ready)
{
	const journey_rule *rule = &ready->rule;
	int			best = 0;
	int			at = 1;
	int			i,
				s;

	for (s = 0; s < rule->strategy_count; s++)
		ready->promise[s] = rule->coefficients[(Size) s * (Size) (rule->terms + 1)] - rule->costs[s] - rule->prices[s];
	for (i = 0; i < rule->feature_count; i++)
	{
		add_feature(ready, i, at);
		at += journey_feature_terms(&rule->features[i]);
	}
	for (s = 0; s < rule->strategy_count; s++)
	{
		if (!isfinite(ready->promise[s]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the promise of strategy \"%s\" is out of range", rule->strategies[s])));
		if (ready->promise[s] > ready->promise[best])
			best = s;
	}
	return best;
}

/* recommend(policy, row record) */
Datum
journey_recommend(PG_FUNCTION_ARGS)
{
	ready_policy *ready = policy_of(fcinfo);
	const text *name;

	read_row(ready, PG_GETARG_HEAPTUPLEHEADER(1));
	name = ready->names[ready->rule.class == JOURNEY_POLICY_TREE ? walk_tree(ready) : largest_promise(ready)];
	PG_RETURN_TEXT_P(cstring_to_text_with_len(VARDATA(name), (int) (VARSIZE(name) - VARHDRSZ)));
}
