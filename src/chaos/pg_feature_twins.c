/*
 * pg_feature_twins.c
 *		journey.feature_twins and journey.feature_twin_curve (feature_twins.h).
 *
 * R-PGFT-1	The source has customer_id, ts and value; values of a customer at
 *			the same time come in their own order, so nothing depends on the
 *			order of rows.
 * R-PGFT-2	A value that is NULL is refused: closing the gap would make
 *			neighbours of values that are none.
 */
#include "../pg/compat.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../core/sort.h"
#include "../events/labels.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "../pg/progress.h"
#include "../pg/rows.h"
#include "../pg/source.h"
#include "feature_twins.h"

#define MAX_SURROGATES 100000

typedef struct value_row
{
	uint32		customer;		/* code, then rank */
	int64		ts;
	double		value;
} value_row;

typedef struct twins_call
{
	MemoryContext context;
	MemoryContext row_context;
	jrn_env		env;
	journey_source *source;
	journey_column customer;
	journey_column ts;
	journey_column value;
	jrn_labels	keys;
	value_row  *rows;
	size_t		n;
	size_t		capacity;
	jrn_feature_twins core;
	double	   *curve;
	int64_t    *pairs;
	jrn_ft_result result;
} twins_call;

static bool
row_before(void *unused, value_row a, value_row b)
{
	(void) unused;
	if (a.customer != b.customer)
		return a.customer < b.customer;
	if (a.ts != b.ts)
		return a.ts < b.ts;
	return a.value < b.value;
}

JRN_SORT_DEFINE(sort_rows, value_row, void *, row_before)

static void
refuse_null(const twins_call *call, const journey_column *column, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("column \"%s\" is null in row " INT64_FORMAT " of the source", column->name, call->source->rows),
			 errhint("%s", hint)));
}

static void
read_row(void *arg, TupleTableSlot *slot)
{
	twins_call *call = arg;
	MemoryContext old = MemoryContextSwitchTo(call->row_context);
	const int64 number = call->source->rows;
	value_row	row;
	journey_key key;

	if (journey_column_is_null(&call->customer, slot))
		refuse_null(call, &call->customer, "Filter rows without a customer.");
	if (journey_column_is_null(&call->ts, slot))
		refuse_null(call, &call->ts, "Filter rows without a time.");
	if (journey_column_is_null(&call->value, slot))
		refuse_null(call, &call->value, "Fill the gap in the source query, or leave the customer out.");
	journey_key_read(call->customer.key_kind, journey_column_datum(&call->customer, slot), &key);
	journey_check(jrn_labels_intern(&call->keys, key.bytes, key.size, &row.customer), "feature twins");
	row.ts = journey_column_time(&call->ts, journey_column_datum(&call->ts, slot), number);
	row.value = journey_column_number(&call->value, journey_column_datum(&call->value, slot), number) + 0.0;
	journey_check(jrn_grow_array(&call->env, call->n, &call->capacity, sizeof(value_row), &call->rows), "feature twins");
	call->rows[call->n++] = row;
	MemoryContextSwitchTo(old);
	MemoryContextReset(call->row_context);
}

static void
read_source(twins_call *call, const char *text)
{
	journey_check(jrn_labels_begin(&call->keys, &call->env), "feature twins");
	call->source = journey_source_open(text);
	call->customer = journey_source_column(call->source, "customer_id", JOURNEY_COLUMN_KEY, true);
	call->ts = journey_source_column(call->source, "ts", JOURNEY_COLUMN_TIME, true);
	call->value = journey_source_column(call->source, "value", JOURNEY_COLUMN_NUMBER, true);
	journey_source_run(call->source, read_row, call);
	journey_source_close(call->source);
	journey_progress_watch(call->context, "feature twins");
}

/* R-PGFT-1: customers in byte order of their keys, values in time. */
static void
add_customers(twins_call *call)
{
	double	   *values;
	size_t		begin = 0;
	size_t		i;

	journey_check(jrn_labels_rank(&call->keys), "feature twins");
	for (i = 0; i < call->n; i++)
	{
		call->rows[i].customer = call->keys.rank_of_code[call->rows[i].customer];
		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
	}
	journey_check(sort_rows(&call->env, call->rows, call->n, NULL), "feature twins");
	journey_check(jrn_alloc_array(&call->env, call->n, sizeof(double), &values), "feature twins");
	for (i = 0; i < call->n; i++)
	{
		const jrn_label *key = &call->keys.list[call->keys.code_of_rank[call->rows[i].customer]];

		values[i] = call->rows[i].value;
		if (i + 1 < call->n && call->rows[i + 1].customer == call->rows[i].customer)
			continue;
		journey_check(jrn_feature_twins_add(&call->core, jrn_hash_bytes(key->bytes, key->size, 0), values + begin, i + 1 - begin),
					  "feature twins");
		begin = i + 1;
		CHECK_FOR_INTERRUPTS();
	}
}

/* Arguments 0 to 2 are source, dimension, horizon. */
static void
compute(twins_call *call, FunctionCallInfo fcinfo, int dimension, int horizon, int32 surrogates, uint64 seed)
{
	memset(call, 0, sizeof(*call));
	call->context = AllocSetContextCreate(CurrentMemoryContext, "journey feature twins", ALLOCSET_DEFAULT_SIZES);
	call->row_context = AllocSetContextCreate(call->context, "journey feature twins row", ALLOCSET_SMALL_SIZES);
	call->env = journey_host_env(call->context);
	journey_check(jrn_feature_twins_begin(&call->core, &call->env, dimension, horizon), "feature twins");
	read_source(call, journey_arg_cstring_required(fcinfo, 0, "source"));
	add_customers(call);
	journey_check(jrn_alloc_array(&call->env, (size_t) horizon + 1, sizeof(double), &call->curve), "feature twins");
	journey_check(jrn_alloc_array(&call->env, (size_t) horizon + 1, sizeof(int64_t), &call->pairs), "feature twins");
	journey_check(jrn_feature_twins_run(&call->core, surrogates, seed, call->curve, call->pairs, &call->result), "feature twins");
}

/* feature_twins(source, dimension, horizon, surrogates, seed) */
PG_FUNCTION_INFO_V1(journey_feature_twins);
Datum
journey_feature_twins(PG_FUNCTION_ARGS)
{
	int			dimension = journey_arg_int(fcinfo, 1, "dimension", 2, JRN_FT_MAX_DIMENSION);
	int			horizon = journey_arg_int(fcinfo, 2, "horizon", 3, JRN_FT_MAX_HORIZON);
	int32		surrogates = journey_arg_int(fcinfo, 3, "surrogates", 0, MAX_SURROGATES);
	const jrn_ft_result *result;
	journey_rows rows;
	twins_call	call;

	journey_arg_not_null(fcinfo, 4, "seed");
	journey_rows_begin(&rows, fcinfo, 11, "feature_twins");
	compute(&call, fcinfo, dimension, horizon, surrogates, (uint64) PG_GETARG_INT64(4));
	result = &call.result;
	journey_rows_number(&rows, 0, result->slope);
	journey_rows_number(&rows, 1, result->jump);
	journey_rows_number(&rows, 2, result->jump - result->slope);
	journey_rows_number(&rows, 3, result->near);
	journey_rows_number(&rows, 4, result->far);
	journey_rows_number(&rows, 5, result->error);
	journey_rows_number(&rows, 6, result->null_median);
	journey_rows_number(&rows, 7, result->p);
	journey_rows_bigint(&rows, 8, (int64) call.core.n);
	journey_rows_cstring(&rows, 9, jrn_ft_verdict(result));
	journey_rows_cstring(&rows, 10, jrn_ft_status_word(result->status));
	journey_rows_put(&rows);
	MemoryContextDelete(call.context);
	return (Datum) 0;
}

/* feature_twin_curve(source, dimension, horizon) */
PG_FUNCTION_INFO_V1(journey_feature_twin_curve);
Datum
journey_feature_twin_curve(PG_FUNCTION_ARGS)
{
	int			dimension = journey_arg_int(fcinfo, 1, "dimension", 2, JRN_FT_MAX_DIMENSION);
	int			horizon = journey_arg_int(fcinfo, 2, "horizon", 3, JRN_FT_MAX_HORIZON);
	journey_rows rows;
	twins_call	call;
	int			k;

	journey_rows_begin(&rows, fcinfo, 4, "feature_twin_curve");
	compute(&call, fcinfo, dimension, horizon, 0, 0);
	for (k = 0; k <= horizon; k++)
	{
		journey_rows_integer(&rows, 0, k);
		journey_rows_number(&rows, 1, call.curve[k]);
		journey_rows_bigint(&rows, 2, call.pairs[k]);
		journey_rows_cstring(&rows, 3, jrn_ft_status_word(call.result.status));
		journey_rows_put(&rows);
	}
	MemoryContextDelete(call.context);
	return (Datum) 0;
}
