/*
 * pg_time_folds.c
 *		rolling_origin and purged_folds: splits along time (requirements:
 *		time_folds.h).
 *
 * The source is read once into a few bytes a row.  Intervals are added here by
 * the server's calendar; roles are the core's.  row_number counts the rows of
 * the source as they come.
 */
#include "../pg/compat.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "../pg/span.h"
#include "pg_row_keys.h"
#include "time_folds.h"

/* More splits are more likely a slip in the step than a wish. */
#define MAX_SPLITS 10000

typedef struct decisions_call
{
	char	   *source;
	char	   *key_name;
	char	   *decided_name;
	char	   *matured_name;

	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *from;
	journey_row_keys keys;
	journey_column decided_column;
	journey_column matured_column;
	jrn_decisions rows;
	int64	   *decided;
	int64	   *matured;
	uint32_t   *codes;
	size_t		decided_capacity;
	size_t		matured_capacity;
	size_t		codes_capacity;
	uint8_t    *roles;
} decisions_call;

/* ---- reading ---- */

static void
read_decision_arguments(FunctionCallInfo fcinfo, decisions_call *call)
{
	memset(call, 0, sizeof(*call));
	call->source = journey_arg_cstring_required(fcinfo, 0, "source");
	call->key_name = journey_arg_cstring(fcinfo, 1);
	call->decided_name = journey_arg_cstring_required(fcinfo, 2, "decided_at");
	call->matured_name = journey_arg_cstring_required(fcinfo, 3, "matured_at");
}

/* An interval that may be zero; false when it is. */
static bool
arg_span_or_zero(FunctionCallInfo fcinfo, int number, const char *name, journey_span *span)
{
	Interval   *interval;

	journey_arg_not_null(fcinfo, number, name);
	interval = PG_GETARG_INTERVAL_P(number);
	if (interval->month == 0 && interval->day == 0 && interval->time == 0)
		return false;
	if (interval->month < 0 || interval->day < 0 || interval->time < 0)
	{
		memset(span, 0, sizeof(*span));
		span->interval = *interval;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is %s, it must not be negative", name,
						journey_span_text(span)),
				 errhint("Write an interval such as '7 days', or '0' for none.")));
	}
	*span = journey_span_of(interval, name);
	return true;
}

static void
check_window(const decisions_call *call, int64 decided, int64 matured)
{
	if (matured < decided)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("column \"%s\" is before column \"%s\" in row " INT64_FORMAT " of the source: %s and %s",
						call->matured_name, call->decided_name, call->from->rows,
						pstrdup(timestamptz_to_str(matured)), pstrdup(timestamptz_to_str(decided))),
				 errhint("An outcome is known at the end of its window, which begins with the decision; write NULL where it is not known yet.")));
}

static void
read_decision(void *arg, TupleTableSlot *slot)
{
	decisions_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	size_t		n = call->rows.n;
	const char *what = "reading decisions";

	if (journey_column_is_null(&call->decided_column, slot))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source",
						call->decided_name, call->from->rows),
				 errhint("Filter rows without a decision.")));
	journey_check(jrn_grow_array(&call->env, n, &call->decided_capacity, sizeof(int64), &call->decided), what);
	journey_check(jrn_grow_array(&call->env, n, &call->matured_capacity, sizeof(int64), &call->matured), what);
	journey_check(jrn_grow_array(&call->env, n, &call->codes_capacity, sizeof(uint32_t), &call->codes), what);
	call->codes[n] = journey_row_keys_read(&call->keys, slot);
	call->decided[n] = journey_column_time(&call->decided_column,
										   journey_column_datum(&call->decided_column, slot),
										   call->from->rows);
	call->matured[n] = JRN_NOT_MATURED; /* R-TIME-4 */
	if (!journey_column_is_null(&call->matured_column, slot))
	{
		call->matured[n] = journey_column_time(&call->matured_column,
											   journey_column_datum(&call->matured_column, slot),
											   call->from->rows);
		check_window(call, call->decided[n], call->matured[n]);
	}
	call->rows.n++;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_decisions(decisions_call *call)
{
	call->context = AllocSetContextCreate(CurrentMemoryContext, "time folds",
										  ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "time folds row",
											  ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	call->from = journey_source_open(call->source);
	journey_row_keys_open(&call->keys, call->from, call->key_name, &call->env);
	call->decided_column = journey_source_column(call->from, call->decided_name,
												 JOURNEY_COLUMN_TIME, true);
	call->matured_column = journey_source_column(call->from, call->matured_name,
												 JOURNEY_COLUMN_TIME, true);
	journey_source_run(call->from, read_decision, call);
	journey_source_close(call->from);
	call->rows.decided = call->decided;
	call->rows.matured = call->matured;
	call->rows.keys = call->codes;
	call->rows.key_count = call->keys.count;
	journey_check(jrn_alloc_array(&call->env, call->rows.n, 1, &call->roles), "time folds");
}

/* ---- writing ---- */

static const char *const role_names[] = {
	NULL, "train", "test", "purged", "purged", "purged", "embargoed", "embargoed"
};

static const char *const role_reasons[] = {
	NULL, NULL, NULL, "not_matured", "overlap", "same_key", "gap", "embargo"
};

static void
put_split(decisions_call *call, journey_rows *rows, int32 split)
{
	size_t		i;

	for (i = 0; i < call->rows.n; i++)
	{
		uint8_t		role = call->roles[i];
		MemoryContext old;

		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		if (role == JRN_ROLE_NONE)
			continue;
		old = MemoryContextSwitchTo(call->row_context);
		journey_rows_integer(rows, 0, split);
		journey_rows_bigint(rows, 1, (int64) i + 1);
		journey_rows_cstring(rows, 2, journey_row_keys_text(&call->keys, call->codes[i]));
		journey_rows_cstring(rows, 3, role_names[role]);
		journey_rows_cstring(rows, 4, role_reasons[role]);
		journey_rows_put(rows);
		MemoryContextSwitchTo(old);
		MemoryContextReset(call->row_context);
	}
}

/* ---- forward chaining ---- */

typedef struct rolling_call
{
	decisions_call rows;
	journey_span horizon;
	journey_span step;
	journey_span window;
	bool		has_window;
	journey_span gap;
	bool		has_gap;
	bool		has_first_cut;
	TimestampTz first_cut;
	int64	   *learned;
} rolling_call;

static void
read_rolling_arguments(FunctionCallInfo fcinfo, rolling_call *call)
{
	memset(call, 0, sizeof(*call));
	read_decision_arguments(fcinfo, &call->rows);
	call->horizon = journey_arg_span(fcinfo, 4, "horizon");
	call->step = journey_arg_span(fcinfo, 5, "step");
	call->has_window = !PG_ARGISNULL(6);
	if (call->has_window)
		call->window = journey_arg_span(fcinfo, 6, "train_window");
	call->has_gap = arg_span_or_zero(fcinfo, 7, "gap", &call->gap);
	call->has_first_cut = !PG_ARGISNULL(8);
	if (!call->has_first_cut)
		return;
	call->first_cut = PG_GETARG_TIMESTAMPTZ(8);
	if (TIMESTAMP_NOT_FINITE(call->first_cut))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"first_cut\" is infinite"),
				 errhint("Pass a moment, or NULL for the first decision plus the horizon.")));
}

/* t1 + gap, by the calendar. */
static void
add_gap(rolling_call *call)
{
	size_t		i;

	call->learned = call->rows.matured;
	if (!call->has_gap)
		return;
	journey_check(jrn_alloc_array(&call->rows.env, call->rows.rows.n, sizeof(int64), &call->learned),
				  "time folds");
	for (i = 0; i < call->rows.rows.n; i++)
	{
		if (i % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		call->learned[i] = call->rows.matured[i] == JRN_NOT_MATURED ? JRN_NOT_MATURED :
			journey_span_end(&call->gap, call->rows.matured[i]);
	}
}

/* The first cut, and the last decision, behind which there is nothing to test. */
static void
place_cuts(rolling_call *call, int64 *last)
{
	int64		first = PG_INT64_MAX;
	size_t		i;

	*last = PG_INT64_MIN;
	for (i = 0; i < call->rows.rows.n; i++)
	{
		first = Min(first, call->rows.decided[i]);
		*last = Max(*last, call->rows.decided[i]);
	}
	if (!call->has_first_cut)
		call->first_cut = journey_span_end(&call->horizon, first);
	if (call->first_cut > *last)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the first cut, %s, is after the last decision, %s",
						pstrdup(timestamptz_to_str(call->first_cut)), pstrdup(timestamptz_to_str(*last))),
				 errhint("Pass an earlier first_cut; without one it is the first decision plus the horizon.")));
}

PG_FUNCTION_INFO_V1(journey_rolling_origin);
Datum
journey_rolling_origin(PG_FUNCTION_ARGS)
{
	rolling_call call;
	journey_rows rows;
	int64		last;
	int32		split;

	read_rolling_arguments(fcinfo, &call);
	journey_rows_begin(&rows, fcinfo, 5, "rolling_origin");
	read_decisions(&call.rows);
	if (call.rows.rows.n == 0)
		return (Datum) 0;
	add_gap(&call);
	place_cuts(&call, &last);
	for (split = 1;; split++)
	{
		TimestampTz cut = journey_span_slow(&call.step, call.first_cut, split - 1);
		TimestampTz start = PG_INT64_MIN;

		if (cut > last)
			break;
		if (split > MAX_SPLITS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("step %s gives more than %d splits", journey_span_text(&call.step), MAX_SPLITS),
					 errhint("Pass a longer step, or a later first_cut.")));
		if (call.has_window)
			start = journey_span_slow(&call.window, cut, -1);
		journey_check(jrn_rolling_roles(&call.rows.env, &call.rows.rows, call.learned, start, cut,
										journey_span_end(&call.horizon, cut), call.rows.roles),
					  "time folds");
		put_split(&call.rows, &rows, split);
	}
	MemoryContextDelete(call.rows.context);
	return (Datum) 0;
}

/* ---- blocks ---- */

static void
cut_blocks(decisions_call *call, int32 k, int32_t *blocks)
{
	jrn_status	status = jrn_time_blocks(&call->env, &call->rows, k, blocks);
	size_t		matured = 0;
	size_t		i;

	if (status != JRN_TOO_FEW)
	{
		journey_check(status, "time folds");
		return;
	}
	for (i = 0; i < call->rows.n; i++)
		matured += call->matured[i] != JRN_NOT_MATURED;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("k is %d, but %zu rows with a known outcome cannot be cut into as many time blocks",
					k, matured),
			 errdetail("Decisions of one instant stay together."),
			 errhint("Pass a smaller k.")));
}

PG_FUNCTION_INFO_V1(journey_purged_folds);
Datum
journey_purged_folds(PG_FUNCTION_ARGS)
{
	decisions_call call;
	journey_rows rows;
	journey_span embargo;
	bool		has_embargo;
	int32_t    *blocks;
	int32		k;
	int32		block;

	read_decision_arguments(fcinfo, &call);
	k = journey_arg_int(fcinfo, 4, "k", 2, JOURNEY_MAX_FOLDS);
	has_embargo = arg_span_or_zero(fcinfo, 5, "embargo", &embargo);
	journey_rows_begin(&rows, fcinfo, 5, "purged_folds");
	read_decisions(&call);
	if (call.rows.n == 0)
		return (Datum) 0;
	journey_check(jrn_alloc_array(&call.env, call.rows.n, sizeof(int32_t), &blocks), "time folds");
	cut_blocks(&call, k, blocks);
	for (block = 1; block <= k; block++)
	{
		int64		first;
		int64		last;

		jrn_time_block_extent(&call.rows, blocks, block, &first, &last);
		journey_check(jrn_purged_roles(&call.env, &call.rows, blocks, block, first, last,
									   has_embargo ? journey_span_end(&embargo, last) : last,
									   call.roles), "time folds");
		put_split(&call, &rows, block);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
