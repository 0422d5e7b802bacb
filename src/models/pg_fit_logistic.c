/*
 * pg_fit_logistic.c
 *		Aggregate fit_logistic: logistic regression on the rows of a group.
 *
 * A Newton fit needs all rows at every step, so the state keeps them: 8 (p +
 * 1) bytes a row, 8 more with a weight, in blocks of a store that doubles them
 * from 1 to 64 kB in the aggregate's context.  The final function hands the
 * rows to the same design and engine as fit() does, which put them into
 * canonical order: the result has the bits of fit() on the same rows, whatever
 * their order and however partial states were merged.
 *
 * Serialized form, big-endian:
 *
 *		uint16 magic | uint8 version | uint8 flags (1: weights) | uint32 p |
 *		uint64 rows | per row: float8 x [p], float8 y [, float8 weight]
 */
#include "pg_fit_arrays.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "../core/sizes.h"
#include "../core/store.h"
#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "fit.h"

#define LOGISTIC_MAGIC 0x4A4C
#define LOGISTIC_VERSION 1
#define LOGISTIC_WEIGHTED 1
#define LOGISTIC_HEADER_BYTES 16

/* Bytes of rows in a state: what one serialized value can carry. */
#define LOGISTIC_MAX_BYTES (MaxAllocSize - 1024)

typedef struct logistic_state
{
	jrn_env		env;			/* the context the state lies in */
	size_t		n;
	int			p;
	bool		weighted;
	jrn_store	rows;			/* x[p], y and perhaps weight, row by row */
} logistic_state;

/* Doubles of a row. */
static size_t
row_width(const logistic_state *state)
{
	return (size_t) state->p + 1 + (state->weighted ? 1 : 0);
}

static logistic_state *
new_state(MemoryContext context, int p, bool weighted)
{
	logistic_state *state = MemoryContextAllocZero(context, sizeof(logistic_state));

	state->env = journey_host_env(context);
	state->p = p;
	state->weighted = weighted;
	journey_check(jrn_store_begin(&state->rows, &state->env, NULL, 0, LOGISTIC_MAX_BYTES),
				  "fit_logistic");
	return state;
}

/* More rows must fit. */
static void
check_room(const logistic_state *state, size_t more)
{
	size_t		most = LOGISTIC_MAX_BYTES / (row_width(state) * sizeof(double));

	if (more > most - state->n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group of fit_logistic with %d features has more than %zu rows",
						state->p, most),
				 errhint("Use journey.fit() with family 'binomial', which keeps rows in temporary files.")));
}

/* Where the next row goes, which counts from now on. */
static double *
next_row(logistic_state *state)
{
	void	   *room;

	journey_check(jrn_store_reserve(&state->rows, 0, row_width(state) * sizeof(double), &room),
				  "fit_logistic");
	state->n++;
	return room;
}

PG_FUNCTION_INFO_V1(journey_fit_logistic_accum);
Datum
journey_fit_logistic_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	logistic_state *state = PG_ARGISNULL(0) ? NULL : (logistic_state *) PG_GETARG_POINTER(0);
	bool		weighted = PG_NARGS() > 3;
	journey_array_row row;
	double	   *out;

	if (!journey_array_row_read(fcinfo, true, &row))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = new_state(context, row.p, weighted);
	journey_array_check_length(row.p, state->p);
	if (state->weighted != weighted)
		journey_check(JRN_CORRUPT, "fit_logistic");
	check_room(state, 1);
	out = next_row(state);
	memcpy(out, row.x, (size_t) row.p * sizeof(double));
	out[row.p] = row.y;
	if (weighted)
		out[row.p + 1] = row.weight;
	PG_RETURN_POINTER(state);
}

/* Copies of all rows of another state. */
static jrn_status
append_rows(logistic_state *state, logistic_state *other)
{
	size_t		width = row_width(state) * sizeof(double);
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;
	size_t		at;

	jrn_store_open(&other->rows, 0, false, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		for (at = 0; at < size; at += width)
			memcpy(next_row(state), bytes + at, width);
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

/* State 2 is neither changed nor referred to. */
PG_FUNCTION_INFO_V1(journey_fit_logistic_combine);
Datum
journey_fit_logistic_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	logistic_state *state = PG_ARGISNULL(0) ? NULL : (logistic_state *) PG_GETARG_POINTER(0);
	logistic_state *other = PG_ARGISNULL(1) ? NULL : (logistic_state *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = new_state(context, other->p, other->weighted);
	journey_array_check_length(other->p, state->p);
	if (state->weighted != other->weighted)
		journey_check(JRN_CORRUPT, "fit_logistic");
	check_room(state, other->n);
	journey_check(append_rows(state, other), "fit_logistic");
	PG_RETURN_POINTER(state);
}

static jrn_status
send_rows(StringInfo buffer, logistic_state *state)
{
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;
	size_t		at;

	jrn_store_open(&state->rows, 0, false, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		for (at = 0; at < size; at += sizeof(double))
		{
			double		value;

			memcpy(&value, bytes + at, sizeof(value));
			pq_sendfloat8(buffer, value);
		}
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

PG_FUNCTION_INFO_V1(journey_fit_logistic_serialize);
Datum
journey_fit_logistic_serialize(PG_FUNCTION_ARGS)
{
	logistic_state *state;
	StringInfoData buffer;

	(void) journey_agg_context(fcinfo);
	state = (logistic_state *) PG_GETARG_POINTER(0);
	pq_begintypsend(&buffer);
	/* check_room() keeps the product below LOGISTIC_MAX_BYTES */
	enlargeStringInfo(&buffer, (int) (LOGISTIC_HEADER_BYTES +
									  state->n * row_width(state) * sizeof(double)));
	pq_sendint16(&buffer, LOGISTIC_MAGIC);
	pq_sendbyte(&buffer, LOGISTIC_VERSION);
	pq_sendbyte(&buffer, state->weighted ? LOGISTIC_WEIGHTED : 0);
	pq_sendint32(&buffer, (uint32) state->p);
	pq_sendint64(&buffer, state->n);
	journey_check(send_rows(&buffer, state), "fit_logistic");
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* Read rows that are known to be there; every value is checked. */
static void
read_rows(StringInfo buffer, logistic_state *state, size_t count)
{
	size_t		width = row_width(state);
	size_t		p = (size_t) state->p;
	size_t		j;

	while (state->n < count)
	{
		double	   *row = next_row(state);

		if (state->n % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		for (j = 0; j < width; j++)
		{
			row[j] = pq_getmsgfloat8(buffer);
			if (!isfinite(row[j]))
				journey_check(JRN_CORRUPT, "fit_logistic");
		}
		if ((row[p] != 0.0 && row[p] != 1.0) || (state->weighted && !(row[p + 1] > 0.0)))
			journey_check(JRN_CORRUPT, "fit_logistic");
	}
}

PG_FUNCTION_INFO_V1(journey_fit_logistic_deserialize);
Datum
journey_fit_logistic_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	logistic_state *state;
	int			flags;
	uint32		p;
	uint64		count;
	size_t		size;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < LOGISTIC_HEADER_BYTES || pq_getmsgint(&buffer, 2) != LOGISTIC_MAGIC ||
		pq_getmsgbyte(&buffer) != LOGISTIC_VERSION)
		journey_check(JRN_CORRUPT, "fit_logistic");
	flags = pq_getmsgbyte(&buffer);
	p = pq_getmsgint(&buffer, 4);
	count = (uint64) pq_getmsgint64(&buffer);
	if ((flags & ~LOGISTIC_WEIGHTED) != 0 || p > JRN_MAX_COLUMNS)
		journey_check(JRN_CORRUPT, "fit_logistic");
	state = new_state(CurrentMemoryContext, (int) p, flags != 0);
	if (!jrn_size_mul((size_t) count, row_width(state) * sizeof(double), &size) ||
		size != (size_t) (buffer.len - buffer.cursor))
		journey_check(JRN_CORRUPT, "fit_logistic");
	check_room(state, (size_t) count);
	read_rows(&buffer, state, (size_t) count);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* All rows into a design, as fit() without a key makes it. */
static jrn_status
fill_design(jrn_design *design, const jrn_env *env, logistic_state *state,
			const journey_tempfile *files)
{
	size_t		width = row_width(state) * sizeof(double);
	bool	   *is_label;
	jrn_store_cursor cursor;
	const char *bytes;
	size_t		size;
	size_t		at;
	jrn_row		row;

	JRN_TRY(jrn_alloc_zeroed(env, (size_t) state->p, sizeof(bool), &is_label));
	design->feature_count = state->p;
	design->is_label = is_label;
	design->has_weight = state->weighted;
	JRN_TRY(jrn_design_begin(design, env, &files[0].file, &files[1].file, journey_memory_budget()));
	memset(&row, 0, sizeof(row));
	jrn_store_open(&state->rows, 0, false, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &bytes, &size));
		if (size == 0)
			break;
		for (at = 0; at < size; at += width)
		{
			row.number++;
			row.features = (const double *) (bytes + at);
			row.y = row.features[state->p];
			row.weight = state->weighted ? row.features[state->p + 1] : 1.0;
			JRN_TRY(jrn_design_append(design, &row));
		}
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

static jrn_status
fit_rows(const jrn_env *env, logistic_state *state, const journey_tempfile *files,
		 jrn_model *model)
{
	jrn_design	design;
	jrn_fit_request request;

	memset(&design, 0, sizeof(design));
	memset(&request, 0, sizeof(request));
	request.family = JRN_BINOMIAL;
	request.errors = JRN_ERRORS_MODEL;
	JRN_TRY(fill_design(&design, env, state, files));
	return jrn_fit_design(env, &design, &request, model);
}

PG_FUNCTION_INFO_V1(journey_fit_logistic_final);
Datum
journey_fit_logistic_final(PG_FUNCTION_ARGS)
{
	MemoryContext scratch;
	journey_tempfile files[2];	/* rows, blocks */
	jrn_model	model;
	jrn_env		env;
	Datum		datum;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey fit_logistic",
									ALLOCSET_DEFAULT_SIZES);
	journey_tempfile_init(&files[0]);
	journey_tempfile_init(&files[1]);
	env = journey_host_env(scratch);
	journey_check(fit_rows(&env, (logistic_state *) PG_GETARG_POINTER(0), files, &model),
				  "fit_logistic");
	datum = journey_array_model(&model);
	journey_tempfile_close(&files[0]);
	journey_tempfile_close(&files[1]);
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(datum);
}
