/*
 * pg_leakage.c
 *		leakage_check: reading its source, and the order of its checks (see
 *		pg_leakage.h).
 */
#include "../pg/compat.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "pg_leakage.h"

/* R-TRAP-3: what is looked for by its name. */
const char *const leak_time_names[LEAK_TIMES] = {
	NULL,						/* the argument */
	"newest_event_at",			/* newest event that a feature of the row uses */
	"recorded_at",				/* when the last of them was written down */
	"matured_at",				/* end of the outcome window */
	"observed_until",			/* until when outcomes were watched */
	"strategy_at",				/* when the strategy was taken */
	"covariate_until"			/* end of the window of a CUPED covariate */
};

/* Further columns that are no features unless named. */
static const char *const other_names[] = {"strategy", "household"};

/* ---- columns ---- */

/* Type of a column, InvalidOid when there is none of this name. */
static Oid
type_of(const leak_call *call, const char *name)
{
	int			i;

	for (i = 0; i < call->from->desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(call->from->desc, i)->attname), name) == 0)
			return TupleDescAttr(call->from->desc, i)->atttypid;
	return InvalidOid;
}

static bool
is_name(const char *name, const char *other)
{
	return other != NULL && strcmp(name, other) == 0;
}

/* Arguments and columns with a meaning of their own are no features by default. */
static bool
is_reserved(const leak_call *call, const char *name)
{
	size_t		i;

	if (is_name(name, call->key_name) || is_name(name, call->fold_name) ||
		is_name(name, call->target_name) || is_name(name, call->decided_name))
		return true;
	for (i = 1; i < LEAK_TIMES; i++)
		if (is_name(name, leak_time_names[i]))
			return true;
	for (i = 0; i < lengthof(other_names); i++)
		if (is_name(name, other_names[i]))
			return true;
	return false;
}

static void
open_labels(leak_call *call, leak_labels *labels, const char *name, bool required)
{
	Oid			type = type_of(call, name);
	bool		boolean = OidIsValid(type) && journey_type_is(type, JOURNEY_COLUMN_BOOLEAN);

	labels->column = journey_source_column(call->from, name, boolean ? JOURNEY_COLUMN_BOOLEAN :
										   JOURNEY_COLUMN_KEY, required);
	if (labels->column.attribute > 0)
		journey_check(jrn_labels_begin(&labels->dictionary, &call->env), "leakage check");
}

static void
open_times(leak_call *call, leak_times *times, const char *name, bool required)
{
	times->column = journey_source_column(call->from, name, JOURNEY_COLUMN_TIME, required);
}

static void
open_feature(leak_call *call, leak_feature *feature, const char *name)
{
	Oid			type = type_of(call, name);
	char	   *dated = psprintf("%s_at", name);
	Oid			dated_type = type_of(call, dated);

	feature->name = name;
	feature->kind = !OidIsValid(type) ? JOURNEY_COLUMN_NUMBER :
		journey_type_is(type, JOURNEY_COLUMN_TIME) ? JOURNEY_COLUMN_TIME :
		journey_type_is(type, JOURNEY_COLUMN_LABEL) ? JOURNEY_COLUMN_LABEL : JOURNEY_COLUMN_NUMBER;
	if (feature->kind == JOURNEY_COLUMN_TIME)
		open_times(call, &feature->times, name, true);
	else if (feature->kind == JOURNEY_COLUMN_LABEL)
		open_labels(call, &feature->labels, name, true);
	else
		feature->column = journey_source_column(call->from, name, JOURNEY_COLUMN_NUMBER, true);
	if (OidIsValid(dated_type) && journey_type_is(dated_type, JOURNEY_COLUMN_TIME) &&
		!is_name(dated, call->decided_name))
		open_times(call, &feature->dated, dated, true);
}

/* Columns that can be features: numbers, booleans and labels without a meaning here. */
static char **
default_features(leak_call *call, int *count)
{
	TupleDesc	desc = call->from->desc;
	char	  **names = palloc(sizeof(char *) * Max(desc->natts, 1));
	int			i;

	*count = 0;
	for (i = 0; i < desc->natts; i++)
	{
		char	   *name = NameStr(TupleDescAttr(desc, i)->attname);

		if (!is_reserved(call, name) &&
			(journey_type_is(TupleDescAttr(desc, i)->atttypid, JOURNEY_COLUMN_NUMBER) ||
			 journey_type_is(TupleDescAttr(desc, i)->atttypid, JOURNEY_COLUMN_LABEL)))
			names[(*count)++] = name;
	}
	return names;
}

static void
open_features(leak_call *call, FunctionCallInfo fcinfo)
{
	char	  **names;
	int			i;

	if (PG_ARGISNULL(5))
		names = default_features(call, &call->feature_count);
	else
		names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(5), "features", &call->feature_count);
	if (call->feature_count > LEAK_MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("argument \"features\" has %d columns, it may have at most %d",
						call->feature_count, LEAK_MAX_FEATURES)));
	call->features = palloc0(sizeof(leak_feature) * Max(call->feature_count, 1));
	for (i = 0; i < call->feature_count; i++)
	{
		if (is_name(names[i], call->target_name))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("column \"%s\" is the target and a feature", names[i])));
		open_feature(call, &call->features[i], names[i]);
	}
}

static void
open_columns(leak_call *call, FunctionCallInfo fcinfo)
{
	int			i;

	journey_row_keys_open(&call->keys, call->from, call->key_name, &call->env);
	if (call->fold_name != NULL)
		open_labels(call, &call->fold, call->fold_name, true);
	open_labels(call, &call->strategy, "strategy", false);
	open_labels(call, &call->household, "household", false);
	if (call->target_name != NULL)
		call->target_column = journey_source_column(call->from, call->target_name,
													JOURNEY_COLUMN_NUMBER, true);
	if (call->decided_name != NULL)
		open_times(call, &call->times[LEAK_DECIDED], call->decided_name, true);
	for (i = 1; i < LEAK_TIMES; i++)
		if (!is_name(leak_time_names[i], call->decided_name))
			open_times(call, &call->times[i], leak_time_names[i], false);
	open_features(call, fcinfo);
}

/* ---- rows ---- */

static const char *const reading = "reading the source of a leakage check";

static void
read_labels(leak_call *call, leak_labels *labels, const TupleTableSlot *slot)
{
	const journey_column *column = &labels->column;
	journey_key key;
	char		small[64];
	char	   *bytes = small;
	Size		size = 1;

	if (column->attribute == 0)
		return;
	small[0] = 0;
	if (!journey_column_is_null(column, slot))
	{
		if (column->kind == JOURNEY_COLUMN_BOOLEAN)
		{
			key.bytes = DatumGetBool(journey_column_datum(column, slot)) ? "t" : "f";
			key.size = 1;
		}
		else
			journey_key_read(column->key_kind, journey_column_datum(column, slot), &key);
		size = key.size + 1;
		if (size > sizeof(small))
			bytes = palloc(size);
		bytes[0] = 1;
		memcpy(bytes + 1, key.bytes, key.size);
	}
	journey_check(jrn_grow_array(&call->env, call->n, &labels->capacity, sizeof(uint32_t), &labels->codes), reading);
	journey_check(jrn_labels_intern(&labels->dictionary, bytes, size, &labels->codes[call->n]), reading);
}

static void
read_time(leak_call *call, leak_times *times, const TupleTableSlot *slot)
{
	if (times->column.attribute == 0)
		return;
	journey_check(jrn_grow_array(&call->env, call->n, &times->capacity, sizeof(int64), &times->values), reading);
	times->values[call->n] = journey_column_is_null(&times->column, slot) ? LEAK_NO_TIME :
		journey_column_time(&times->column, journey_column_datum(&times->column, slot), call->from->rows);
}

static void
read_number(leak_call *call, const journey_column *column, const TupleTableSlot *slot, double **numbers,
			size_t *capacity)
{
	if (column->attribute == 0)
		return;
	journey_check(jrn_grow_array(&call->env, call->n, capacity, sizeof(double), numbers), reading);
	(*numbers)[call->n] = journey_column_is_null(column, slot) ? NAN :
		journey_column_number(column, journey_column_datum(column, slot), call->from->rows);
}

static void
refuse_null(const leak_call *call, const journey_column *column, const TupleTableSlot *slot)
{
	if (column->attribute > 0 && journey_column_is_null(column, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						column->name, call->from->rows),
				 errhint("Filter such rows in the source query.")));
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	leak_call  *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	int			i;

	refuse_null(call, &call->fold.column, slot);
	refuse_null(call, &call->times[LEAK_DECIDED].column, slot);
	journey_check(jrn_grow_array(&call->env, call->n, &call->codes_capacity, sizeof(uint32_t), &call->codes), reading);
	call->codes[call->n] = journey_row_keys_read(&call->keys, slot);
	read_labels(call, &call->fold, slot);
	read_labels(call, &call->strategy, slot);
	read_labels(call, &call->household, slot);
	read_number(call, &call->target_column, slot, &call->target, &call->target_capacity);
	for (i = 0; i < LEAK_TIMES; i++)
		read_time(call, &call->times[i], slot);
	for (i = 0; i < call->feature_count; i++)
	{
		leak_feature *feature = &call->features[i];

		read_number(call, &feature->column, slot, &feature->numbers, &feature->capacity);
		read_labels(call, &feature->labels, slot);
		read_time(call, &feature->times, slot);
		read_time(call, &feature->dated, slot);
	}
	call->n++;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

/* ---- the answer ---- */

void
leak_put(leak_call *call, const char *trap, const char *check_name, const char *status,
		 const char *detail,...)
{
	StringInfoData text;
	int			needed;

	initStringInfo(&text);
	for (;;)
	{
		va_list		args;

		va_start(args, detail);
		needed = appendStringInfoVA(&text, detail, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&text, needed);
	}
	journey_rows_cstring(call->rows, 0, check_name);
	journey_rows_cstring(call->rows, 1, status);
	journey_rows_cstring(call->rows, 2, text.data);
	journey_rows_cstring(call->rows, 3, trap);
	journey_rows_put(call->rows);
}

/* R-TRAP-1 */
static void
put_checks(leak_call *call)
{
	leak_check_future_events(call);
	leak_check_late_events(call);
	leak_check_keys(call);
	leak_check_duplicates(call);
	leak_check_preprocessing(call);
	leak_check_target(call);
	leak_check_overlap(call);
	leak_check_immature(call);
	leak_check_immortal_time(call);
	leak_check_response(call);
	leak_check_dated_after(call);
	leak_check_carry_over(call);
	leak_put(call, "L13", "best_of_many", "not_checkable",
			 "rows do not show how many models were tried: report the nested estimate beside the best one's own");
	leak_check_cuped(call);
	leak_check_trend(call);
	leak_put(call, "L16", "tuned_on_test", "not_checkable",
			 "rows do not show where thresholds and calibrators were fitted: fit them on training parts only");
}

PG_FUNCTION_INFO_V1(journey_leakage_check);
Datum
journey_leakage_check(PG_FUNCTION_ARGS)
{
	leak_call  *call = palloc0(sizeof(leak_call));
	journey_rows rows;

	call->source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->key_name = journey_arg_cstring(fcinfo, 1);
	call->fold_name = journey_arg_cstring(fcinfo, 2);
	call->target_name = journey_arg_cstring(fcinfo, 3);
	call->decided_name = journey_arg_cstring(fcinfo, 4);
	journey_rows_begin(&rows, fcinfo, 4, "leakage_check");
	call->rows = &rows;
	call->context = AllocSetContextCreate(CurrentMemoryContext, "leakage check", ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "leakage check row", ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	call->from = journey_source_open(call->source);
	open_columns(call, fcinfo);
	journey_source_run(call->from, read_row, call);
	if (call->n > 0)
		put_checks(call);
	journey_source_close(call->from);	/* what was read about columns lives until here */
	MemoryContextDelete(call->context);
	return (Datum) 0;
}
