/*
 * pg_metric_rows.c
 *		The state of metrics that keep their rows: transition, combine, and the
 *		form in which it travels between processes.
 *
 * Serialized form, big-endian:
 *
 *		uint16 magic | uint8 version | uint8 holds | uint64 rows | float8 constant
 *		per row: float8 predicted, float8 observed [, float8 time]
 *		[, float8 weight] [, uint64 a, uint64 b]
 */
#include "pg_metrics.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "../core/hash.h"
#include "../core/sizes.h"
#include "../pg/aggregate.h"
#include "../pg/host.h"

#define ROWS_MAGIC 0x4A52
#define ROWS_VERSION 1
#define ROWS_HEADER_BYTES 20
#define ROWS_MAX ((size_t) PG_UINT32_MAX - 2)
#define ROWS_KNOWN (JOURNEY_ROWS_TIME | JOURNEY_ROWS_WEIGHT | JOURNEY_ROWS_CLUSTER | JOURNEY_ROWS_CONSTANT)

/* Rows between two looks at interrupts while a state travels. */
#define ROWS_PER_CHECK 16384

#define WHAT "a metric"

/* How a transition function reads its arguments. */
typedef struct row_form
{
	journey_domain domain;
	journey_observed observed;
	int			holds;
	const char *constant;		/* "threshold" or "fraction" */
} row_form;

static journey_metric_rows *
new_rows(MemoryContext context, int holds)
{
	journey_metric_rows *rows = MemoryContextAllocZero(context, sizeof(journey_metric_rows));

	rows->holds = holds;
	return rows;
}

/* Move count elements of *array into a new one of capacity elements. */
static void
move_array(const jrn_env *env, void *array, size_t count, size_t capacity, size_t size)
{
	void	   *old;
	void	   *grown;

	memcpy(&old, array, sizeof(old));
	journey_check(jrn_alloc_array(env, capacity, size, &grown), WHAT);
	if (count > 0)
		memcpy(grown, old, count * size);
	jrn_release(env, old);
	memcpy(array, &grown, sizeof(grown));
}

/* Make room for more rows, at least doubling. */
static void
reserve_rows(MemoryContext context, journey_metric_rows *rows, size_t more)
{
	jrn_env		env;
	size_t		wanted;

	if (likely(rows->capacity - rows->n >= more))
		return;
	if (more > ROWS_MAX - rows->n)
		journey_check(JRN_LIMIT, WHAT);
	env = journey_host_env(context);
	wanted = Max(Max(rows->n + more, 2 * rows->capacity), 8);
	move_array(&env, &rows->predicted, rows->n, wanted, sizeof(double));
	move_array(&env, &rows->observed, rows->n, wanted, sizeof(double));
	if (rows->holds & JOURNEY_ROWS_TIME)
		move_array(&env, &rows->time, rows->n, wanted, sizeof(double));
	if (rows->holds & JOURNEY_ROWS_WEIGHT)
		move_array(&env, &rows->weight, rows->n, wanted, sizeof(double));
	if (rows->holds & JOURNEY_ROWS_CLUSTER)
		move_array(&env, &rows->prints, rows->n, wanted, sizeof(jrn_cluster_print));
	rows->capacity = wanted;
}

jrn_cluster_print
journey_metric_print(const char *bytes, Size size)
{
	jrn_cluster_print print;

	print.a = jrn_hash_bytes(bytes, size, 0);
	print.b = jrn_hash_bytes(bytes, size, JRN_XXH_PRIME2);
	return print;
}

static jrn_cluster_print
read_cluster(FunctionCallInfo fcinfo, int number)
{
	text	   *name;

	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("cluster must not be null"),
				 errhint("Filter rows without a cluster, or give them a cluster of their own.")));
	name = PG_GETARG_TEXT_PP(number);
	return journey_metric_print(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/*
 * Transition: state, predicted, [time,] observed [, threshold or fraction]
 * [, weight] [, cluster].  R-PGM-1, R-PGM-2.
 */
static Datum
accumulate(FunctionCallInfo fcinfo, const row_form *form)
{
	MemoryContext context = journey_agg_context(fcinfo);
	journey_metric_rows *rows = PG_ARGISNULL(0) ? NULL : (journey_metric_rows *) PG_GETARG_POINTER(0);
	bool		timed = (form->holds & JOURNEY_ROWS_TIME) != 0;
	int			next = timed ? 4 : 3;
	double		predicted,
				observed,
				constant = 0.0,
				weight = 1.0;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || (timed && PG_ARGISNULL(3)))
	{
		if (rows == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(rows);
	}
	predicted = journey_metric_predicted(fcinfo, 1, timed ? "risk" : "predicted value");
	observed = journey_metric_observed(fcinfo, next - 1, form->observed, timed ? "event" : "observed value");
	journey_metric_check(form->domain, predicted, observed);
	if (form->holds & JOURNEY_ROWS_CONSTANT)
		constant = journey_metric_constant(fcinfo, next++, form->constant,
										   rows != NULL && rows->n > 0, rows == NULL ? 0.0 : rows->constant);
	if ((form->holds & JOURNEY_ROWS_WEIGHT) && !journey_metric_weight(fcinfo, next++, &weight))
	{
		if (rows == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(rows);
	}
	if (rows == NULL)
		rows = new_rows(context, form->holds);
	reserve_rows(context, rows, 1);
	rows->constant = constant;
	rows->predicted[rows->n] = predicted;
	rows->observed[rows->n] = observed;
	if (timed)
		rows->time[rows->n] = journey_metric_finite(PG_GETARG_FLOAT8(2), "time");
	if (form->holds & JOURNEY_ROWS_WEIGHT)
		rows->weight[rows->n] = weight;
	if (form->holds & JOURNEY_ROWS_CLUSTER)
		rows->prints[rows->n] = read_cluster(fcinfo, next);
	rows->n++;
	PG_RETURN_POINTER(rows);
}

#define ROWS_ACCUM(name, domain, observed, holds, constant) \
PG_FUNCTION_INFO_V1(journey_##name); \
Datum journey_##name(PG_FUNCTION_ARGS) \
{ \
	static const row_form form = {domain, observed, holds, constant}; \
	return accumulate(fcinfo, &form); \
}

#define W JOURNEY_ROWS_WEIGHT
#define C JOURNEY_ROWS_CLUSTER
#define K JOURNEY_ROWS_CONSTANT
#define T JOURNEY_ROWS_TIME

/* A class observed as boolean or as 0 and 1: two functions each. */
#define CLASS_ACCUM(name, domain, holds, constant) \
	ROWS_ACCUM(name##_boolean, domain, JOURNEY_OBSERVED_BOOL, holds, constant) \
	ROWS_ACCUM(name##_float8, domain, JOURNEY_OBSERVED_CLASS, holds, constant)

CLASS_ACCUM(score_rows, JOURNEY_DOMAIN_SCORE, 0, NULL)
CLASS_ACCUM(score_rows_weight, JOURNEY_DOMAIN_SCORE, W, NULL)
CLASS_ACCUM(score_rows_cluster, JOURNEY_DOMAIN_SCORE, C, NULL)
CLASS_ACCUM(score_rows_weight_cluster, JOURNEY_DOMAIN_SCORE, W | C, NULL)
CLASS_ACCUM(cut_rows, JOURNEY_DOMAIN_SCORE, K, "threshold")
CLASS_ACCUM(cut_rows_cluster, JOURNEY_DOMAIN_SCORE, K | C, "threshold")
CLASS_ACCUM(cut_rows_weight_cluster, JOURNEY_DOMAIN_SCORE, K | W | C, "threshold")
CLASS_ACCUM(lift_rows, JOURNEY_DOMAIN_SCORE, K, "fraction")
CLASS_ACCUM(lift_rows_weight, JOURNEY_DOMAIN_SCORE, K | W, "fraction")
CLASS_ACCUM(lift_rows_cluster, JOURNEY_DOMAIN_SCORE, K | C, "fraction")
CLASS_ACCUM(lift_rows_weight_cluster, JOURNEY_DOMAIN_SCORE, K | W | C, "fraction")
CLASS_ACCUM(probability_rows, JOURNEY_DOMAIN_PROBABILITY, 0, NULL)
CLASS_ACCUM(probability_rows_cluster, JOURNEY_DOMAIN_PROBABILITY, C, NULL)
CLASS_ACCUM(probability_rows_weight_cluster, JOURNEY_DOMAIN_PROBABILITY, W | C, NULL)
CLASS_ACCUM(survival_rows, JOURNEY_DOMAIN_SCORE, T, NULL)
CLASS_ACCUM(survival_rows_weight, JOURNEY_DOMAIN_SCORE, T | W, NULL)
CLASS_ACCUM(survival_rows_cluster, JOURNEY_DOMAIN_SCORE, T | C, NULL)
CLASS_ACCUM(survival_rows_weight_cluster, JOURNEY_DOMAIN_SCORE, T | W | C, NULL)
ROWS_ACCUM(number_rows, JOURNEY_DOMAIN_SCORE, JOURNEY_OBSERVED_NUMBER, 0, NULL)
ROWS_ACCUM(number_rows_cluster, JOURNEY_DOMAIN_SCORE, JOURNEY_OBSERVED_NUMBER, C, NULL)
ROWS_ACCUM(number_rows_weight_cluster, JOURNEY_DOMAIN_SCORE, JOURNEY_OBSERVED_NUMBER, W | C, NULL)
ROWS_ACCUM(rate_rows, JOURNEY_DOMAIN_RATE, JOURNEY_OBSERVED_NUMBER, 0, NULL)
ROWS_ACCUM(rate_rows_cluster, JOURNEY_DOMAIN_RATE, JOURNEY_OBSERVED_NUMBER, C, NULL)
ROWS_ACCUM(rate_rows_weight_cluster, JOURNEY_DOMAIN_RATE, JOURNEY_OBSERVED_NUMBER, W | C, NULL)

/* Append the rows of state 2, which is neither changed nor referred to. */
PG_FUNCTION_INFO_V1(journey_metric_rows_combine);
Datum
journey_metric_rows_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	journey_metric_rows *rows = PG_ARGISNULL(0) ? NULL : (journey_metric_rows *) PG_GETARG_POINTER(0);
	const journey_metric_rows *other = PG_ARGISNULL(1) ? NULL : (journey_metric_rows *) PG_GETARG_POINTER(1);
	size_t		n;

	JOURNEY_AGG_SKIP_NULL();
	if (rows == NULL)
	{
		rows = new_rows(context, other->holds);
		rows->constant = other->constant;
	}
	if (rows->holds != other->holds)
		journey_check(JRN_CORRUPT, WHAT);
	if (rows->constant != other->constant)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("threshold or fraction is %s and %s in different rows, it must be the same in all",
						float8out_internal(Min(rows->constant, other->constant)),
						float8out_internal(Max(rows->constant, other->constant)))));
	reserve_rows(context, rows, other->n);
	n = other->n;
	if (n > 0)
	{
		memcpy(rows->predicted + rows->n, other->predicted, n * sizeof(double));
		memcpy(rows->observed + rows->n, other->observed, n * sizeof(double));
		if (rows->holds & JOURNEY_ROWS_TIME)
			memcpy(rows->time + rows->n, other->time, n * sizeof(double));
		if (rows->holds & JOURNEY_ROWS_WEIGHT)
			memcpy(rows->weight + rows->n, other->weight, n * sizeof(double));
		if (rows->holds & JOURNEY_ROWS_CLUSTER)
			memcpy(rows->prints + rows->n, other->prints, n * sizeof(jrn_cluster_print));
	}
	rows->n += n;
	PG_RETURN_POINTER(rows);
}

static size_t
row_bytes(int holds)
{
	return 2 * sizeof(double) + ((holds & JOURNEY_ROWS_TIME) ? sizeof(double) : 0) +
		((holds & JOURNEY_ROWS_WEIGHT) ? sizeof(double) : 0) +
		((holds & JOURNEY_ROWS_CLUSTER) ? 2 * sizeof(uint64) : 0);
}

PG_FUNCTION_INFO_V1(journey_metric_rows_serialize);
Datum
journey_metric_rows_serialize(PG_FUNCTION_ARGS)
{
	const journey_metric_rows *rows;
	StringInfoData buffer;
	size_t		i;

	(void) journey_agg_context(fcinfo);
	rows = (const journey_metric_rows *) PG_GETARG_POINTER(0);
	if (rows->n > (MaxAllocSize - 1024) / row_bytes(rows->holds))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("partial state of a metric with %zu rows is too large to pass between processes",
						rows->n),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	pq_begintypsend(&buffer);
	enlargeStringInfo(&buffer, (int) (ROWS_HEADER_BYTES + rows->n * row_bytes(rows->holds)));
	pq_sendint16(&buffer, ROWS_MAGIC);
	pq_sendbyte(&buffer, ROWS_VERSION);
	pq_sendbyte(&buffer, rows->holds);
	pq_sendint64(&buffer, rows->n);
	pq_sendfloat8(&buffer, rows->constant);
	for (i = 0; i < rows->n; i++)
	{
		if (i % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		pq_sendfloat8(&buffer, rows->predicted[i]);
		pq_sendfloat8(&buffer, rows->observed[i]);
		if (rows->holds & JOURNEY_ROWS_TIME)
			pq_sendfloat8(&buffer, rows->time[i]);
		if (rows->holds & JOURNEY_ROWS_WEIGHT)
			pq_sendfloat8(&buffer, rows->weight[i]);
		if (rows->holds & JOURNEY_ROWS_CLUSTER)
		{
			pq_sendint64(&buffer, rows->prints[i].a);
			pq_sendint64(&buffer, rows->prints[i].b);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static double
read_number(StringInfo buffer)
{
	double		value = pq_getmsgfloat8(buffer);

	if (!isfinite(value))
		journey_check(JRN_CORRUPT, WHAT);
	return value;
}

/* Read rows that are known to be there; every value is checked. */
static void
read_rows(StringInfo buffer, journey_metric_rows *rows, size_t count)
{
	for (; rows->n < count; rows->n++)
	{
		if (rows->n % ROWS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		rows->predicted[rows->n] = read_number(buffer);
		rows->observed[rows->n] = read_number(buffer);
		if (rows->holds & JOURNEY_ROWS_TIME)
			rows->time[rows->n] = read_number(buffer);
		if (rows->holds & JOURNEY_ROWS_WEIGHT)
		{
			rows->weight[rows->n] = read_number(buffer);
			if (!(rows->weight[rows->n] > 0.0))
				journey_check(JRN_CORRUPT, WHAT);
		}
		if (rows->holds & JOURNEY_ROWS_CLUSTER)
		{
			rows->prints[rows->n].a = (uint64) pq_getmsgint64(buffer);
			rows->prints[rows->n].b = (uint64) pq_getmsgint64(buffer);
		}
	}
}

PG_FUNCTION_INFO_V1(journey_metric_rows_deserialize);
Datum
journey_metric_rows_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	journey_metric_rows *rows;
	int			holds;
	uint64		count;
	size_t		size;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < ROWS_HEADER_BYTES ||
		pq_getmsgint(&buffer, 2) != ROWS_MAGIC || pq_getmsgbyte(&buffer) != ROWS_VERSION)
		journey_check(JRN_CORRUPT, WHAT);
	holds = pq_getmsgbyte(&buffer);
	count = (uint64) pq_getmsgint64(&buffer);
	if ((holds & ~ROWS_KNOWN) != 0 || count > ROWS_MAX)
		journey_check(JRN_CORRUPT, WHAT);
	rows = new_rows(CurrentMemoryContext, holds);
	rows->constant = read_number(&buffer);
	if (!jrn_size_mul((size_t) count, row_bytes(holds), &size) ||
		size != (size_t) (buffer.len - buffer.cursor))
		journey_check(JRN_CORRUPT, WHAT);
	reserve_rows(CurrentMemoryContext, rows, (size_t) count);
	read_rows(&buffer, rows, (size_t) count);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(rows);
}

const journey_metric_rows *
journey_metric_state(FunctionCallInfo fcinfo)
{
	(void) journey_agg_context(fcinfo);
	return PG_ARGISNULL(0) ? NULL : (const journey_metric_rows *) PG_GETARG_POINTER(0);
}

jrn_metric_rows
journey_metric_view(const journey_metric_rows *rows)
{
	jrn_metric_rows view;

	view.n = rows->n;
	view.predicted = rows->predicted;
	view.observed = rows->observed;
	view.time = rows->time;
	view.weight = rows->weight;
	view.prints = rows->prints;
	return view;
}
