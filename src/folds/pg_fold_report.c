/*
 * pg_fold_report.c
 *		fold_report: rows, keys and strata of folds that lie in a column
 *		(requirements: report.h).
 *
 * What would make a validation wrong is an error that names the culprit; what
 * makes a figure of one fold undefined is that fold's status.
 */
#include "../pg/compat.h"

#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "pg_row_keys.h"
#include "pg_strata.h"
#include "report.h"

typedef struct report_call
{
	char	   *source;
	char	   *key_name;
	char	   *fold_name;

	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	journey_row_keys keys;
	journey_column fold;
	journey_column decided;		/* column decided_at, where there is one */
	journey_strata strata;
	int32	   *fold_of_key;
	int64	   *rows_of_key;
	size_t		fold_capacity;
	size_t		rows_capacity;
	uint32_t   *cells;			/* per row: fold, codes of the strata's values */
	size_t		cell_count;
	size_t		cell_capacity;
	TimestampTz first[JOURNEY_MAX_FOLDS];
	TimestampTz last[JOURNEY_MAX_FOLDS];
	jrn_fold_counts counts;
	int64		n_rows;
	int64	   *rows;
	int64	   *keys_of_fold;
} report_call;

/* ---- reading ---- */

static int32
read_fold(report_call *call, const TupleTableSlot *slot)
{
	int64		fold;

	if (journey_column_is_null(&call->fold, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						call->fold_name, call->from->rows),
				 errhint("Filter rows that lie in no fold.")));
	fold = journey_key_integer(call->fold.key_kind, journey_column_datum(&call->fold, slot));
	if (fold < 1 || fold > JOURNEY_MAX_FOLDS)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("column \"%s\" is " INT64_FORMAT " in row " INT64_FORMAT " of the source, folds are 1 to %d",
						call->fold_name, fold, call->from->rows, JOURNEY_MAX_FOLDS),
				 errhint("Number folds from 1, for instance with dense_rank().")));
	return (int32) fold;
}

static void
count_key(report_call *call, uint32_t code, size_t known, int32 fold)
{
	if (code == known)
	{
		journey_check(jrn_grow_array(&call->env, known, &call->fold_capacity, sizeof(int32),
									 &call->fold_of_key), "reading folds");
		journey_check(jrn_grow_array(&call->env, known, &call->rows_capacity, sizeof(int64),
									 &call->rows_of_key), "reading folds");
		call->fold_of_key[code] = fold;
		call->rows_of_key[code] = 0;
	}
	if (call->fold_of_key[code] != fold)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("key %s of column \"%s\" lies in folds %d and %d",
						journey_row_keys_shown(&call->keys, code), call->key_name,
						Min(fold, call->fold_of_key[code]), Max(fold, call->fold_of_key[code])),
				 errdetail("A model would be tested on customers it was trained on."),
				 errhint("Assign folds to whole keys, with fold() or assign_folds().")));
	call->rows_of_key[code]++;
}

static void
read_time(report_call *call, const TupleTableSlot *slot, int32 fold)
{
	TimestampTz time;

	if (call->decided.attribute == 0 || journey_column_is_null(&call->decided, slot))
		return;
	time = journey_column_time(&call->decided, journey_column_datum(&call->decided, slot),
							   call->from->rows);
	call->first[fold - 1] = Min(call->first[fold - 1], time);
	call->last[fold - 1] = Max(call->last[fold - 1], time);
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	report_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	uint32_t	codes[JOURNEY_MAX_STRATA_COLUMNS];
	size_t		known = call->keys.count;
	uint32_t	code = journey_row_keys_read(&call->keys, slot);
	int32		fold = read_fold(call, slot);
	int			i;

	count_key(call, code, known, fold);
	read_time(call, slot, fold);
	journey_strata_read(&call->strata, slot, codes);
	for (i = -1; i < call->strata.columns; i++)
	{
		journey_check(jrn_grow_array(&call->env, call->cell_count, &call->cell_capacity,
									 sizeof(uint32_t), &call->cells), "reading folds");
		call->cells[call->cell_count++] = i < 0 ? (uint32_t) fold : codes[i];
	}
	call->counts.k = Max(call->counts.k, fold);
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_folds(report_call *call)
{
	int			f;

	for (f = 0; f < JOURNEY_MAX_FOLDS; f++)
	{
		call->first[f] = PG_INT64_MAX;
		call->last[f] = PG_INT64_MIN;
	}
	call->from = journey_source_open(call->source);
	journey_row_keys_open(&call->keys, call->from, call->key_name, &call->env);
	call->fold = journey_source_column(call->from, call->fold_name, JOURNEY_COLUMN_KEY, true);
	if (!journey_key_is_integer(call->fold.key_kind))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of the source must be an integer to be a fold", call->fold_name)));
	call->decided = journey_source_column(call->from, "decided_at", JOURNEY_COLUMN_TIME, false);
	journey_strata_open(&call->strata, call->from, &call->env);
	journey_source_run(call->from, read_row, call);
	journey_strata_rank(&call->strata);
	call->n_rows = call->from->rows;
	journey_source_close(call->from);
}

/* ---- counting ---- */

static void
count_folds(report_call *call)
{
	jrn_fold_counts *counts = &call->counts;
	size_t		k = (size_t) counts->k;
	size_t		width = 1 + (size_t) call->strata.columns;
	size_t	   *values = palloc(sizeof(size_t) * width);
	bool	   *unknown;
	int64	   *of_value;
	size_t		i,
				c;

	counts->columns = (size_t) call->strata.columns;
	values[0] = 0;
	for (c = 0; c < counts->columns; c++)
		values[c + 1] = values[c] + call->strata.values[c].count;
	unknown = palloc0(sizeof(bool) * (values[counts->columns] + 1));
	for (c = 0; c < counts->columns; c++)	/* NULL comes first */
		unknown[values[c]] = journey_strata_value(&call->strata, (int) c, 0) == NULL;
	journey_check(jrn_alloc_zeroed(&call->env, k, sizeof(int64), &call->rows), "counting folds");
	journey_check(jrn_alloc_zeroed(&call->env, k, sizeof(int64), &call->keys_of_fold), "counting folds");
	journey_check(jrn_alloc_zeroed(&call->env, k * (values[counts->columns] + 1), sizeof(int64), &of_value),
				  "counting folds");
	for (i = 0; i < call->cell_count; i += width)
	{
		size_t		f = call->cells[i] - 1;

		if (i % (width * 65536) == 0)
			CHECK_FOR_INTERRUPTS();
		call->rows[f]++;
		for (c = 0; c < counts->columns; c++)
			of_value[(values[c] + call->strata.values[c].rank_of_code[call->cells[i + 1 + c]]) * k + f]++;
	}
	for (i = 0; i < call->keys.count; i++)
		call->keys_of_fold[call->fold_of_key[i] - 1]++;
	counts->rows = call->rows;
	counts->values = values;
	counts->unknown = unknown;
	counts->counts = of_value;
	counts->keys = call->keys.count;
	counts->rows_of_key = call->rows_of_key;
}

/* ---- faults ---- */

static char *
value_shown(const report_call *call, size_t column, size_t value)
{
	char	   *text = journey_strata_value(&call->strata, (int) column, (uint32_t) value);

	return text == NULL ? pstrdup("NULL") : psprintf("\"%s\"", text);
}

static void
refuse_faults(const report_call *call)
{
	const jrn_fold_counts *counts = &call->counts;
	jrn_fold_finding finding = jrn_fold_find_fault(counts);

	switch (finding.fault)
	{
		case JRN_FOLDS_FINE:
			return;
		case JRN_FOLDS_ONE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("column \"%s\" has one fold only, which leaves no rows to train on", call->fold_name)));
			break;
		case JRN_FOLDS_OUTNUMBER_KEYS:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("column \"%s\" has folds up to %d, but there are only %zu distinct keys",
							call->fold_name, counts->k, counts->keys),
					 errhint("Every fold needs at least one key; number folds from 1 without gaps.")));
			break;
		case JRN_FOLDS_EMPTY:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("fold %d of %d is empty", finding.fold, counts->k),
					 errhint("Deal with method 'ntile' or 'balanced', or number folds without gaps.")));
			break;
		case JRN_FOLDS_HEAVY_KEY:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("key %s of column \"%s\" holds " INT64_FORMAT " of " INT64_FORMAT " rows, more than 1/%d",
							journey_row_keys_shown(&call->keys, (uint32_t) finding.key), call->key_name,
							counts->rows_of_key[finding.key], call->n_rows, counts->k),
					 errhint("No fold can hold it without being larger than the others: take fewer folds, or split or leave out the key.")));
			break;
		case JRN_FOLDS_LACK_CLASS:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("column \"%s\" has %s in fold %d only, so the training part of that fold lacks it",
							call->strata.names[finding.column],
							value_shown(call, finding.column, finding.value), finding.fold),
					 errhint("Deal with method 'balanced' and this column in strata, or merge rare values.")));
			break;
	}
}

/* NULL is shown as (null): a text of that name beside it would hide it. */
static void
refuse_null_twin(const report_call *call)
{
	int			c;
	uint32_t	v;

	for (c = 0; c < call->strata.columns; c++)
	{
		if (call->strata.values[c].count == 0 || journey_strata_value(&call->strata, c, 0) != NULL)
			continue;
		for (v = 1; v < call->strata.values[c].count; v++)
			if (strcmp(journey_strata_value(&call->strata, c, v), "(null)") == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("column \"%s\" has both NULL and the text \"(null)\"", call->strata.names[c]),
						 errhint("Give one of them another name in the source query.")));
	}
}

/* ---- the report ---- */

/* {"column": {"value": figure}}, NULL as (null). */
static Datum
strata_json(const report_call *call, int32 fold)
{
	const jrn_fold_counts *counts = &call->counts;
	StringInfoData json;
	size_t		c,
				v;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (c = 0; c < counts->columns; c++)
	{
		if (c > 0)
			appendStringInfoString(&json, ", ");
		escape_json(&json, call->strata.names[c]);
		appendStringInfoString(&json, ": {");
		for (v = counts->values[c]; v < counts->values[c + 1]; v++)
		{
			char	   *name = journey_strata_value(&call->strata, (int) c, (uint32_t) (v - counts->values[c]));
			const int64 *of_value = counts->counts + v * (size_t) counts->k;

			if (v > counts->values[c])
				appendStringInfoString(&json, ", ");
			escape_json(&json, name == NULL ? "(null)" : name);
			appendStringInfoString(&json, ": ");
			if (fold > 0)
				appendStringInfo(&json, INT64_FORMAT, of_value[fold - 1]);
			else
			{
				double		p = jrn_fold_spread(counts->k, counts->rows, of_value);

				appendStringInfoString(&json, isnan(p) ? "null" : psprintf("%.17g", p));
			}
		}
		appendStringInfoChar(&json, '}');
	}
	appendStringInfoChar(&json, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}

static const char *const state_names[] = {"ok", "class_missing", "one_class"};

static void
put_report(report_call *call, journey_rows *rows)
{
	Datum		p_values = strata_json(call, 0);
	double		ratio = jrn_fold_ratio(&call->counts);
	int32		fold;

	for (fold = 1; fold <= call->counts.k; fold++)
	{
		MemoryContext old = MemoryContextSwitchTo(call->row_context);

		CHECK_FOR_INTERRUPTS();
		journey_rows_integer(rows, 0, fold);
		journey_rows_bigint(rows, 1, call->rows[fold - 1]);
		journey_rows_bigint(rows, 2, call->keys_of_fold[fold - 1]);
		journey_rows_datum(rows, 3, strata_json(call, fold));
		journey_rows_number(rows, 4, (double) call->rows[fold - 1] / (double) call->n_rows);
		journey_rows_cstring(rows, 5, state_names[jrn_fold_state_of(&call->counts, fold)]);
		if (call->first[fold - 1] <= call->last[fold - 1])
		{
			journey_rows_time(rows, 6, call->first[fold - 1]);
			journey_rows_time(rows, 7, call->last[fold - 1]);
		}
		journey_rows_number(rows, 8, ratio);
		journey_rows_datum(rows, 9, p_values);
		journey_rows_put(rows);
		MemoryContextSwitchTo(old);
		MemoryContextReset(call->row_context);
	}
}

PG_FUNCTION_INFO_V1(journey_fold_report);
Datum
journey_fold_report(PG_FUNCTION_ARGS)
{
	report_call *call = palloc0(sizeof(report_call));
	journey_rows rows;

	call->source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->key_name = journey_arg_cstring(fcinfo, 1);
	call->fold_name = journey_arg_cstring_required(fcinfo, 2, "fold");
	journey_strata_arg(fcinfo, 3, &call->strata);
	journey_rows_begin(&rows, fcinfo, 10, "fold_report");
	call->context = AllocSetContextCreate(CurrentMemoryContext, "fold report", ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "fold report row", ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	read_folds(call);
	if (call->keys.count == 0)
		return (Datum) 0;
	count_folds(call);
	refuse_faults(call);
	refuse_null_twin(call);
	put_report(call, &rows);
	MemoryContextDelete(call->context);
	return (Datum) 0;
}
