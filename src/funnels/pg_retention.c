/*
 * pg_retention.c
 *		The aggregate retention.
 *
 * Definition: reference/journeys.md, 4 (ClickHouse's retention).
 *
 * R-RET-1	r[1] = condition 1 held in some row; r[i] = it did, and condition i
 *			held in some row.  Time plays no part: condition i may have held
 *			before condition 1.
 * R-RET-2	NULL is not held.  No rows give NULL, since then nobody knows how
 *			many conditions there are.
 */
#include "pg_conditions.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "../pg/aggregate.h"

#define WIRE_SIZE 9				/* number of conditions, then the mask, big-endian */

typedef struct retention_state
{
	uint64		held;			/* conditions that held in some row */
	int			n;
} retention_state;

static Datum
add_row(FunctionCallInfo fcinfo, MemoryContext context, journey_row_conditions row)
{
	retention_state *state;

	if (PG_ARGISNULL(0))
	{
		state = MemoryContextAllocZero(context, sizeof(retention_state));
		state->n = row.n;
	}
	else
		state = (retention_state *) PG_GETARG_POINTER(0);
	if (state->n != row.n)
		journey_refuse_count("conditions", state->n, row.n);
	state->held |= row.mask;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_retention_add);
Datum
journey_retention_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, journey_arg_conditions(fcinfo, 1));
}

PG_FUNCTION_INFO_V1(journey_retention_add_array);
Datum
journey_retention_add_array(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);

	return add_row(fcinfo, context, journey_array_conditions(fcinfo, 1, "conditions"));
}

PG_FUNCTION_INFO_V1(journey_retention_combine);
Datum
journey_retention_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	retention_state *state = PG_ARGISNULL(0) ? NULL : (retention_state *) PG_GETARG_POINTER(0);
	const retention_state *other;

	JOURNEY_AGG_SKIP_NULL();
	other = (const retention_state *) PG_GETARG_POINTER(1);
	if (state == NULL)
	{
		state = MemoryContextAlloc(context, sizeof(retention_state));
		*state = *other;
		PG_RETURN_POINTER(state);
	}
	if (state->n != other->n)
		journey_refuse_count("conditions", state->n, other->n);
	state->held |= other->held;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_retention_serialize);
Datum
journey_retention_serialize(PG_FUNCTION_ARGS)
{
	const retention_state *state;
	bytea	   *wire;
	uint8	   *place;
	int			i;

	(void) journey_agg_context(fcinfo);
	state = (const retention_state *) PG_GETARG_POINTER(0);
	wire = palloc(VARHDRSZ + WIRE_SIZE);
	SET_VARSIZE(wire, VARHDRSZ + WIRE_SIZE);
	place = (uint8 *) VARDATA(wire);
	place[0] = (uint8) state->n;
	for (i = 0; i < 8; i++)
		place[1 + i] = (uint8) (state->held >> (56 - 8 * i));
	PG_RETURN_BYTEA_P(wire);
}

PG_FUNCTION_INFO_V1(journey_retention_deserialize);
Datum
journey_retention_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *wire;
	const uint8 *place;
	retention_state *state;
	int			i;

	(void) journey_agg_context(fcinfo);
	wire = PG_GETARG_BYTEA_PP(0);
	place = (const uint8 *) VARDATA_ANY(wire);
	state = palloc0(sizeof(retention_state));
	if (VARSIZE_ANY_EXHDR(wire) == WIRE_SIZE)
	{
		state->n = place[0];
		for (i = 0; i < 8; i++)
			state->held = state->held << 8 | place[1 + i];
	}
	if (state->n < 1 || state->n > JRN_MAX_CONDITIONS ||
		(state->held & ~(PG_UINT64_MAX >> (JRN_MAX_CONDITIONS - state->n))) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of an aggregate over conditions")));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(journey_retention_final);
Datum
journey_retention_final(PG_FUNCTION_ARGS)
{
	const retention_state *state;
	Datum		held[JRN_MAX_CONDITIONS];
	int			i;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const retention_state *) PG_GETARG_POINTER(0);
	for (i = 0; i < state->n; i++)
		held[i] = BoolGetDatum((state->held & 1) != 0 && (state->held >> i & 1) != 0);
	PG_RETURN_ARRAYTYPE_P(construct_array(held, state->n, BOOLOID, 1, true, TYPALIGN_CHAR));
}
