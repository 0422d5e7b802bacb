/*
 * pg_fit_rows.c
 *		Aggregates fit_logistic and fit_poisson: models of the rows of a group.
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
 *		uint16 magic | uint8 version | uint8 flags (1: weights, 2: poisson) | uint32 p |
 *		uint64 rows | per row: float8 x [p], float8 y [, float8 weight]
 */
#include "pg_fit_arrays.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "../core/sizes.h"
#include "../core/store.h"
#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "fit.h"

#define ROWS_MAGIC 0x4A4C
#define ROWS_VERSION 1
#define ROWS_WEIGHTED 1
#define ROWS_COUNTS 2
#define ROWS_HEADER_BYTES 16

/* Bytes of rows in a state: what one serialized value can carry. */
#define ROWS_MAX_BYTES (MaxAllocSize - 1024)

typedef struct rows_state
{
	jrn_env		env;			/* the context the state lies in */
	size_t		n;
	int			p;
	bool		weighted;
	jrn_family	family;			/* binomial or poisson */
	jrn_store	rows;			/* x[p], y and perhaps weight, row by row */
} rows_state;

/* The aggregate, for messages. */
static const char *
name_of(const rows_state *state)
{
	return state->family == JRN_POISSON ? "fit_poisson" : "fit_logistic";
}

/* Doubles of a row. */
static size_t
row_width(const rows_state *state)
{
	return (size_t) state->p + 1 + (state->weighted ? 1 : 0);
}

static rows_state *
new_state(MemoryContext context, jrn_family family, int p, bool weighted)
{
	rows_state *state = MemoryContextAllocZero(context, sizeof(rows_state));

	state->env = journey_host_env(context);
	state->p = p;
	state->weighted = weighted;
	state->family = family;
	journey_check(jrn_store_begin(&state->rows, &state->env, NULL, 0, ROWS_MAX_BYTES),
				  name_of(state));
	return state;
}

/* More rows must fit. */
static void
check_room(const rows_state *state, size_t more)
{
	size_t		most = ROWS_MAX_BYTES / (row_width(state) * sizeof(double));

	if (more > most - state->n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group of %s with %d features has more than %zu rows",
						name_of(state), state->p, most),
				 errhint("Use journey.fit() with family '%s', which keeps rows in temporary files.",
						 state->family == JRN_POISSON ? "poisson" : "binomial")));
}

/* Where the next row goes, which counts from now on. */
static double *
next_row(rows_state *state)
{
	void	   *room;

	journey_check(jrn_store_reserve(&state->rows, 0, row_width(state) * sizeof(double), &room),
				  name_of(state));
	state->n++;
	return room;
}

/* R-ARR-5: counts are not negative. */
static void
check_count(double y)
{
	if (y < 0.0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"y\" is %s, it must be greater than or equal to zero",
						float8out_internal(y))));
}

static Datum
accumulate(FunctionCallInfo fcinfo, jrn_family family)
{
	MemoryContext context = journey_agg_context(fcinfo);
	rows_state *state = PG_ARGISNULL(0) ? NULL : (rows_state *) PG_GETARG_POINTER(0);
	bool		weighted = PG_NARGS() > 3;
	journey_array_row row;
	double	   *out;

	if (!journey_array_row_read(fcinfo, family == JRN_BINOMIAL, &row))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (family == JRN_POISSON)
		check_count(row.y);
	if (state == NULL)
		state = new_state(context, family, row.p, weighted);
	journey_array_check_length(row.p, state->p);
	if (state->weighted != weighted || state->family != family)
		journey_check(JRN_CORRUPT, name_of(state));
	check_room(state, 1);
	out = next_row(state);
	memcpy(out, row.x, (size_t) row.p * sizeof(double));
	out[row.p] = row.y;
	if (weighted)
		out[row.p + 1] = row.weight;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_fit_logistic_accum);
Datum
journey_fit_logistic_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, JRN_BINOMIAL);
}

PG_FUNCTION_INFO_V1(journey_fit_poisson_accum);
Datum
journey_fit_poisson_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, JRN_POISSON);
}

/* Copies of all rows of another state. */
static jrn_status
append_rows(rows_state *state, rows_state *other)
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
		JRN_TICK(&state->env);
		for (at = 0; at < size; at += width)
			memcpy(next_row(state), bytes + at, width);
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

/* State 2 is neither changed nor referred to. */
PG_FUNCTION_INFO_V1(journey_fit_rows_combine);
Datum
journey_fit_rows_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	rows_state *state = PG_ARGISNULL(0) ? NULL : (rows_state *) PG_GETARG_POINTER(0);
	rows_state *other = PG_ARGISNULL(1) ? NULL : (rows_state *) PG_GETARG_POINTER(1);

	JOURNEY_AGG_SKIP_NULL();
	if (state == NULL)
		state = new_state(context, other->family, other->p, other->weighted);
	journey_array_check_length(other->p, state->p);
	if (state->weighted != other->weighted || state->family != other->family)
		journey_check(JRN_CORRUPT, name_of(state));
	check_room(state, other->n);
	journey_check(append_rows(state, other), name_of(state));
	PG_RETURN_POINTER(state);
}

static jrn_status
send_rows(StringInfo buffer, rows_state *state)
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
		JRN_TICK(&state->env);
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

PG_FUNCTION_INFO_V1(journey_fit_rows_serialize);
Datum
journey_fit_rows_serialize(PG_FUNCTION_ARGS)
{
	rows_state *state;
	StringInfoData buffer;

	(void) journey_agg_context(fcinfo);
	state = (rows_state *) PG_GETARG_POINTER(0);
	pq_begintypsend(&buffer);
	/* check_room() keeps the product below ROWS_MAX_BYTES */
	enlargeStringInfo(&buffer, (int) (ROWS_HEADER_BYTES +
									  state->n * row_width(state) * sizeof(double)));
	pq_sendint16(&buffer, ROWS_MAGIC);
	pq_sendbyte(&buffer, ROWS_VERSION);
	pq_sendbyte(&buffer, (state->weighted ? ROWS_WEIGHTED : 0) |
				(state->family == JRN_POISSON ? ROWS_COUNTS : 0));
	pq_sendint32(&buffer, (uint32) state->p);
	pq_sendint64(&buffer, state->n);
	journey_check(send_rows(&buffer, state), name_of(state));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* Read rows that are known to be there; every value is checked. */
static void
read_rows(StringInfo buffer, rows_state *state, size_t count)
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
				journey_check(JRN_CORRUPT, name_of(state));
		}
		if ((state->family == JRN_POISSON ? row[p] < 0.0 : row[p] != 0.0 && row[p] != 1.0) ||
			(state->weighted && !(row[p + 1] > 0.0)))
			journey_check(JRN_CORRUPT, name_of(state));
	}
}

PG_FUNCTION_INFO_V1(journey_fit_rows_deserialize);
Datum
journey_fit_rows_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	StringInfoData buffer;
	rows_state *state;
	int			flags;
	uint32		p;
	uint64		count;
	size_t		size;

	(void) journey_agg_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	if (buffer.len < ROWS_HEADER_BYTES || pq_getmsgint(&buffer, 2) != ROWS_MAGIC ||
		pq_getmsgbyte(&buffer) != ROWS_VERSION)
		journey_check(JRN_CORRUPT, "fit_logistic");
	flags = pq_getmsgbyte(&buffer);
	p = pq_getmsgint(&buffer, 4);
	count = (uint64) pq_getmsgint64(&buffer);
	if ((flags & ~(ROWS_WEIGHTED | ROWS_COUNTS)) != 0 || p > JRN_MAX_COLUMNS)
		journey_check(JRN_CORRUPT, "fit_logistic");
	state = new_state(CurrentMemoryContext, (flags & ROWS_COUNTS) != 0 ? JRN_POISSON : JRN_BINOMIAL, (int) p,
					  (flags & ROWS_WEIGHTED) != 0);
	if (!jrn_size_mul((size_t) count, row_width(state) * sizeof(double), &size) ||
		size != (size_t) (buffer.len - buffer.cursor))
		journey_check(JRN_CORRUPT, name_of(state));
	check_room(state, (size_t) count);
	read_rows(&buffer, state, (size_t) count);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

/* All rows into a design, as fit() without a key makes it. */
static jrn_status
fill_design(jrn_design *design, const jrn_env *env, rows_state *state,
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
fit_rows(const jrn_env *env, rows_state *state, const journey_tempfile *files,
		 jrn_model *model)
{
	jrn_design	design;
	jrn_fit_request request;

	memset(&design, 0, sizeof(design));
	memset(&request, 0, sizeof(request));
	request.family = state->family;
	request.errors = JRN_ERRORS_MODEL;
	JRN_TRY(fill_design(&design, env, state, files));
	return jrn_fit_design(env, &design, &request, model);
}

PG_FUNCTION_INFO_V1(journey_fit_rows_final);
Datum
journey_fit_rows_final(PG_FUNCTION_ARGS)
{
	MemoryContext scratch;
	rows_state *state;
	journey_tempfile files[2];	/* rows, blocks */
	jrn_model	model;
	jrn_env		env;
	Datum		datum;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (rows_state *) PG_GETARG_POINTER(0);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "journey fit rows",
									ALLOCSET_DEFAULT_SIZES);
	journey_tempfile_init(&files[0]);
	journey_tempfile_init(&files[1]);
	env = journey_host_env(scratch);
	journey_check(fit_rows(&env, state, files, &model), name_of(state));
	datum = journey_array_model(&model);
	journey_tempfile_close(&files[0]);
	journey_tempfile_close(&files[1]);
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(datum);
}
