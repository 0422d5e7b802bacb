/*
 * event_list_wire.c
 *		Wire form of an event list (see event_list.h), sent between parallel
 *		workers of one query only.
 *
 *	 offset  bytes
 *		  0	 2		magic 0x4A4C ("JL")
 *		  2	 1		version, 1
 *		  3	 1		flags: 1 = events carry values
 *		  4	 4		number of labels, K
 *		  8	 8		number of events, N
 *		 16			K times: 4 bytes length, then the bytes of the label
 *					N times: 8 bytes ts, 4 bytes label code, and, with
 *					values, 8 bytes IEEE double (any NaN: SQL NULL)
 *
 * All integers are big-endian.
 */
#include <math.h>
#include <string.h>

#include "../core/wire.h"
#include "event_list.h"
#include "shape.h"

#define MAGIC 0x4A4C
#define VERSION 1
#define FLAG_VALUES 1
#define HEADER 16
#define SMALLEST_LABEL 5		/* length and one byte */

static size_t
event_size(bool has_values)
{
	return has_values ? 20 : 12;
}

size_t
jrn_event_list_wire_size(const jrn_event_list *list)
{
	return HEADER + 4 * list->labels.count + list->labels.used +
		event_size(list->has_values) * list->count;
}

/* wire has jrn_event_list_wire_size() bytes. */
jrn_status
jrn_event_list_encode(const jrn_env *env, const jrn_event_list *list, unsigned char *wire)
{
	uint32_t	code;
	size_t		i;

	wire = jrn_wire_put(wire, MAGIC, 2);
	wire = jrn_wire_put(wire, VERSION, 1);
	wire = jrn_wire_put(wire, list->has_values ? FLAG_VALUES : 0, 1);
	wire = jrn_wire_put(wire, list->labels.count, 4);
	wire = jrn_wire_put(wire, list->count, 8);
	for (code = 0; code < list->labels.count; code++)
	{
		size_t		size;
		const char *bytes = jrn_vocabulary_bytes(&list->labels, code, &size);

		wire = jrn_wire_put(wire, size, 4);
		memcpy(wire, bytes, size);
		wire += size;
	}
	for (i = 0; i < list->count; i++)
	{
		wire = jrn_wire_put(wire, (uint64_t) list->events[i].ts, 8);
		wire = jrn_wire_put(wire, list->events[i].label, 4);
		if (list->has_values)
		{
			uint64_t	bits;

			memcpy(&bits, &list->values[i], sizeof(bits));
			wire = jrn_wire_put(wire, bits, 8);
		}
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
	}
	return JRN_OK;
}

/* K labels, all different, none empty or too long; *wire moves behind them. */
static jrn_status
decode_labels(const jrn_env *env, const unsigned char **wire, const unsigned char *end,
			  uint64_t k, jrn_vocabulary *labels)
{
	uint64_t	i;

	for (i = 0; i < k; i++)
	{
		uint64_t	size;
		uint32_t	code;

		if (end - *wire < SMALLEST_LABEL)
			return JRN_CORRUPT;
		size = jrn_wire_get(*wire, 4);
		*wire += 4;
		if (size == 0 || size > JRN_MAX_WORD_BYTES || size > (uint64_t) (end - *wire))
			return JRN_CORRUPT;
		JRN_TRY(jrn_vocabulary_intern(env, labels, (const char *) *wire, (size_t) size, &code));
		if (code != i)
			return JRN_CORRUPT;
		*wire += size;
	}
	return JRN_OK;
}

static jrn_status
decode_events(const jrn_env *env, const unsigned char *wire, jrn_event_list *list, size_t n)
{
	size_t		i;

	JRN_TRY(jrn_alloc_array(env, n, sizeof(jrn_event), &list->events));
	list->capacity = n;
	if (list->has_values)
	{
		JRN_TRY(jrn_alloc_array(env, n, sizeof(double), &list->values));
		list->values_capacity = n;
	}
	for (i = 0; i < n; i++)
	{
		jrn_event  *event = &list->events[i];

		event->ts = (int64_t) jrn_wire_get(wire, 8);
		event->label = (uint32_t) jrn_wire_get(wire + 8, 4);
		event->ref = 0;
		if (event->label >= list->labels.count ||
			event->ts == INT64_MIN || event->ts == INT64_MAX)
			return JRN_CORRUPT;
		if (list->has_values)
		{
			uint64_t	bits = jrn_wire_get(wire + 12, 8);

			memcpy(&list->values[i], &bits, sizeof(bits));
			if (isinf(list->values[i]))
				return JRN_CORRUPT;
			list->values[i] = isnan(list->values[i]) ? (double) NAN : list->values[i] + 0.0;
		}
		wire += event_size(list->has_values);
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
	}
	list->count = n;
	return JRN_OK;
}

jrn_status
jrn_event_list_decode(const jrn_env *env, const unsigned char *wire, size_t size,
					  jrn_event_list *out)
{
	const unsigned char *end = wire + size;
	uint64_t	k,
				n;

	memset(out, 0, sizeof(*out));
	if (size < HEADER || jrn_wire_get(wire, 2) != MAGIC || wire[2] != VERSION ||
		(wire[3] & ~FLAG_VALUES) != 0)
		return JRN_CORRUPT;
	out->has_values = (wire[3] & FLAG_VALUES) != 0;
	k = jrn_wire_get(wire + 4, 4);
	n = jrn_wire_get(wire + 8, 8);
	wire += HEADER;
	if (n == 0 || n > JRN_MAX_JOURNEY_EVENTS || k == 0 || k > n)
		return JRN_CORRUPT;
	JRN_TRY(decode_labels(env, &wire, end, k, &out->labels));
	if ((uint64_t) (end - wire) != n * event_size(out->has_values))
		return JRN_CORRUPT;
	return decode_events(env, wire, out, (size_t) n);
}
