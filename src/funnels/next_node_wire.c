/*
 * next_node_wire.c
 *		Wire form of the state of sequence_next_node (see next_node.h), sent
 *		between parallel workers of one query only.
 *
 *	 offset  bytes
 *		  0	 2		magic 0x4A4E ("JN")
 *		  2	 1		version, 1
 *		  3	 1		number of conditions, 1 .. 64
 *		  4	 1		base, 0 .. 3
 *		  5	 1		1 = backward
 *		  6	 2		zero
 *		  8	 4		number of different values, K
 *		 12	 4		number of rows, N
 *		 16			K times: 4 bytes length, then the bytes of the value
 *					N times: 8 bytes ts, 8 bytes mask, 4 bytes code of the
 *					value, 1 byte: 1 = the base condition holds
 *
 * All integers are big-endian.
 */
#include <string.h>

#include "../core/wire.h"
#include "next_node.h"

#define MAGIC 0x4A4E
#define VERSION 1
#define HEADER 16
#define ROW 21
#define TICK_ROWS 8192

size_t
jrn_node_wire_size(const jrn_node_list *list)
{
	return HEADER + 4 * list->values.count + list->values.used + ROW * list->count;
}

/* wire has jrn_node_wire_size() bytes. */
jrn_status
jrn_node_encode(const jrn_env *env, const jrn_node_list *list, unsigned char *wire)
{
	uint32_t	code;
	size_t		i;

	wire = jrn_wire_put(wire, MAGIC, 2);
	wire = jrn_wire_put(wire, VERSION, 1);
	wire = jrn_wire_put(wire, list->n_conditions, 1);
	wire = jrn_wire_put(wire, list->base, 1);
	wire = jrn_wire_put(wire, list->backward ? 1 : 0, 1);
	wire = jrn_wire_put(wire, 0, 2);
	wire = jrn_wire_put(wire, list->values.count, 4);
	wire = jrn_wire_put(wire, list->count, 4);
	for (code = 0; code < list->values.count; code++)
	{
		size_t		size;
		const char *bytes = jrn_vocabulary_bytes(&list->values, code, &size);

		wire = jrn_wire_put(wire, size, 4);
		memcpy(wire, bytes, size);
		wire += size;
	}
	for (i = 0; i < list->count; i++)
	{
		wire = jrn_wire_put(wire, (uint64_t) list->rows[i].ts, 8);
		wire = jrn_wire_put(wire, list->rows[i].mask, 8);
		wire = jrn_wire_put(wire, list->rows[i].value, 4);
		wire = jrn_wire_put(wire, list->rows[i].is_base, 1);
		if ((i & (TICK_ROWS - 1)) == TICK_ROWS - 1)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* K values, all different, none empty or too long; *wire moves behind them. */
static jrn_status
decode_values(const jrn_env *env, const unsigned char **wire, const unsigned char *end,
			  uint64_t k, jrn_vocabulary *values)
{
	uint64_t	i;

	for (i = 0; i < k; i++)
	{
		uint64_t	size;
		uint32_t	code;

		if (end - *wire < 4)
			return JRN_CORRUPT;
		size = jrn_wire_get(*wire, 4);
		*wire += 4;
		if (size == 0 || size > JRN_MAX_WORD_BYTES || size > (uint64_t) (end - *wire))
			return JRN_CORRUPT;
		JRN_TRY(jrn_vocabulary_intern(env, values, (const char *) *wire, (size_t) size, &code));
		if (code != i)
			return JRN_CORRUPT;
		*wire += size;
	}
	return JRN_OK;
}

static jrn_status
decode_row(const jrn_env *env, const unsigned char *wire, jrn_node_list *list)
{
	int64_t		ts = (int64_t) jrn_wire_get(wire, 8);
	uint64_t	mask = jrn_wire_get(wire + 8, 8);
	uint32_t	value = (uint32_t) jrn_wire_get(wire + 16, 4);
	const char *bytes = NULL;
	size_t		size = 0;

	if (ts == INT64_MIN || ts == INT64_MAX || wire[20] > 1 ||
		(mask & ~(UINT64_MAX >> (JRN_MAX_CONDITIONS - list->n_conditions))) != 0 ||
		(value < JRN_NODE_EMPTY && value >= list->values.count))
		return JRN_CORRUPT;
	if (value == JRN_NODE_EMPTY)
		bytes = "";
	else if (value != JRN_NODE_NULL)
		bytes = jrn_vocabulary_bytes(&list->values, value, &size);
	return jrn_node_list_add(env, list, ts, mask, wire[20] == 1, bytes, size);
}

jrn_status
jrn_node_decode(const jrn_env *env, const unsigned char *wire, size_t size, jrn_node_list *out)
{
	const unsigned char *end = wire + size;
	uint64_t	k,
				n,
				i;

	memset(out, 0, sizeof(*out));
	if (size < HEADER || jrn_wire_get(wire, 2) != MAGIC || wire[2] != VERSION || wire[5] > 1 ||
		jrn_wire_get(wire + 6, 2) != 0)
		return JRN_CORRUPT;
	out->n_conditions = wire[3];
	out->base = wire[4];
	out->backward = wire[5] == 1;
	k = jrn_wire_get(wire + 8, 4);
	n = jrn_wire_get(wire + 12, 4);
	wire += HEADER;
	if (out->n_conditions == 0 || out->n_conditions > JRN_MAX_CONDITIONS ||
		out->base > JRN_BASE_LAST_MATCH || n == 0 || n > JRN_MAX_MOMENTS || k > n)
		return JRN_CORRUPT;
	JRN_TRY(decode_values(env, &wire, end, k, &out->values));
	if ((uint64_t) (end - wire) != n * ROW)
		return JRN_CORRUPT;
	for (i = 0; i < n; i++, wire += ROW)
	{
		JRN_TRY(decode_row(env, wire, out));
		if ((i & (TICK_ROWS - 1)) == TICK_ROWS - 1)
			JRN_TICK(env);
	}
	return JRN_OK;
}
