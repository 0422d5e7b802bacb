/*
 * condition_list_wire.c
 *		Wire form of a condition list and its parameters (see
 *		condition_list.h), sent between parallel workers of one query only.
 *
 *	 offset  bytes
 *		  0	 2		magic 0x4A43 ("JC")
 *		  2	 1		version, 1
 *		  3	 1		kind
 *		  4	 1		number of conditions, 1 .. 64
 *		  5	 1		mode
 *		  6	 1		1 = the rows are in canonical order, 0 = they need not be
 *		  7	 1		zero
 *		  8	 8		microseconds, 4 days, 4 months of the interval
 *		 24	 4		length of the text, L
 *		 28	 4		number of rows, N
 *		 32	 L		text
 *					N times: 8 bytes ts, 8 bytes mask
 *
 * All integers are big-endian.
 */
#include <string.h>

#include "../core/wire.h"
#include "condition_list.h"

#define MAGIC 0x4A43
#define VERSION 1
#define HEADER 32
#define ROW 16
#define TICK_ROWS 16384

size_t
jrn_condition_wire_size(const jrn_condition_parameters *parameters, const jrn_condition_list *list)
{
	return HEADER + parameters->text_size + (size_t) ROW * list->count;
}

/* wire has jrn_condition_wire_size() bytes. */
jrn_status
jrn_condition_encode(const jrn_env *env, const jrn_condition_parameters *parameters,
					 const jrn_condition_list *list, unsigned char *wire)
{
	uint32_t	i;

	wire = jrn_wire_put(wire, MAGIC, 2);
	wire = jrn_wire_put(wire, VERSION, 1);
	wire = jrn_wire_put(wire, parameters->kind, 1);
	wire = jrn_wire_put(wire, parameters->n_conditions, 1);
	wire = jrn_wire_put(wire, parameters->mode, 1);
	wire = jrn_wire_put(wire, list->sorted ? 1 : 0, 1);
	wire = jrn_wire_put(wire, 0, 1);
	wire = jrn_wire_put(wire, (uint64_t) parameters->microseconds, 8);
	wire = jrn_wire_put(wire, (uint32_t) parameters->days, 4);
	wire = jrn_wire_put(wire, (uint32_t) parameters->months, 4);
	wire = jrn_wire_put(wire, parameters->text_size, 4);
	wire = jrn_wire_put(wire, list->count, 4);
	if (parameters->text_size > 0)
		memcpy(wire, parameters->text, parameters->text_size);
	wire += parameters->text_size;
	for (i = 0; i < list->count; i++)
	{
		wire = jrn_wire_put(wire, (uint64_t) list->moments[i].ts, 8);
		wire = jrn_wire_put(wire, list->moments[i].mask, 8);
		if ((i & (TICK_ROWS - 1)) == TICK_ROWS - 1)
			JRN_TICK(env);
	}
	return JRN_OK;
}

static jrn_status
decode_rows(const jrn_env *env, const unsigned char *wire, uint32_t n, uint64_t allowed,
			bool sorted, jrn_condition_list *list)
{
	uint32_t	i;

	jrn_condition_list_init(list);
	if (n > list->capacity)
		JRN_TRY(jrn_condition_list_grow(env, list, n));
	for (i = 0; i < n; i++, wire += ROW)
	{
		int64_t		ts = (int64_t) jrn_wire_get(wire, 8);
		uint64_t	mask = jrn_wire_get(wire + 8, 8);

		if (ts == INT64_MIN || ts == INT64_MAX || (mask & ~allowed) != 0)
			return JRN_CORRUPT;
		JRN_TRY(jrn_condition_list_add(env, list, ts, mask));
		if ((i & (TICK_ROWS - 1)) == TICK_ROWS - 1)
			JRN_TICK(env);
	}
	return list->sorted == sorted ? JRN_OK : JRN_CORRUPT;
}

jrn_status
jrn_condition_decode(const jrn_env *env, const unsigned char *wire, size_t size,
					 jrn_condition_parameters *parameters, jrn_condition_list *list)
{
	uint64_t	n;

	if (size < HEADER || jrn_wire_get(wire, 2) != MAGIC || wire[2] != VERSION || wire[6] > 1 || wire[7] != 0)
		return JRN_CORRUPT;
	parameters->kind = wire[3];
	parameters->n_conditions = wire[4];
	parameters->mode = wire[5];
	parameters->microseconds = (int64_t) jrn_wire_get(wire + 8, 8);
	parameters->days = (int32_t) jrn_wire_get(wire + 16, 4);
	parameters->months = (int32_t) jrn_wire_get(wire + 20, 4);
	parameters->text_size = (size_t) jrn_wire_get(wire + 24, 4);
	n = jrn_wire_get(wire + 28, 4);
	if (parameters->kind == 0 || parameters->n_conditions == 0 ||
		parameters->n_conditions > JRN_MAX_CONDITIONS || n > JRN_MAX_MOMENTS ||
		parameters->text_size > size - HEADER ||
		size - HEADER - parameters->text_size != n * ROW)
		return JRN_CORRUPT;
	parameters->text = (const char *) wire + HEADER;
	return decode_rows(env, wire + HEADER + parameters->text_size, (uint32_t) n,
					   UINT64_MAX >> (JRN_MAX_CONDITIONS - parameters->n_conditions),
					   wire[6] == 1, list);
}
