/*
 * records.h
 *		How an event lies in the store: written by events.c, read by slice.c.
 *
 * Multiples of 8 bytes.  Where the keys are integers (jrn_events_integer_keys):
 *
 *	+-------+----------+--------------------+---------+-------------------+
 *	| key 8 | moment 8 | only wide ones:    | columns | id size 8, bytes  |
 *	|       |          | ts 8, label code 8 | 8 each  | padded            |
 *	+-------+----------+--------------------+---------+-------------------+
 *
 * and with other keys:
 *
 *	+------+--------------+------------+-----------+---------+------------------+
 *	| ts 8 | label code 4 | key size 4 | key bytes | columns | id size 8, bytes |
 *	|      |              |            | padded    | 8 each  | padded           |
 *	+------+--------------+------------+-----------+---------+------------------+
 *
 * The id only where the source has one.
 *
 * R-REC-1	A moment is the label's code in the low 14 bits and the time since
 *			ts_base in the 50 above: 17.8 years to both sides of the first
 *			event.  What does not fit has 14 ones there, and is wide.
 * R-REC-2	An integer key lies there as its canonical bytes, which are
 *			little-endian.
 */
#ifndef JRN_RECORDS_H
#define JRN_RECORDS_H

#include <string.h>

#include "../core/hash.h"
#include "events.h"

#define JRN_MOMENT_LABEL_BITS 14
#define JRN_MOMENT_WIDE (((uint64_t) 1 << JRN_MOMENT_LABEL_BITS) - 1)
#define JRN_MOMENT_TS_BITS (64 - JRN_MOMENT_LABEL_BITS)

typedef struct jrn_record
{
	const char *key;
	size_t		key_size;
	int64_t		ts;
	uint32_t	label;			/* code */
	const char *tail;			/* columns, then the id */
	const char *id;
	size_t		id_size;
	size_t		size;			/* of the whole record */
} jrn_record;

static inline size_t
jrn_padded(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

/* Between a value and its little-endian bytes. */
static inline uint64_t
jrn_little_endian(uint64_t value)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(value);
#else
	return value;
#endif
}

static inline uint64_t
jrn_record_word(const char *bytes)
{
	uint64_t	word;

	memcpy(&word, bytes, 8);
	return word;
}

/* The least a record of these events takes. */
static inline size_t
jrn_record_least(const jrn_events *events)
{
	return 16 + (size_t) events->column_count * sizeof(double) + (events->has_id ? 8 : 0);
}

/* Take a record apart; integer_keys is that of the events, a constant where it pays. */
static inline __attribute__((always_inline)) void
jrn_record_read(const jrn_events *events, bool integer_keys, const char *bytes, jrn_record *record)
{
	if (integer_keys)
	{
		uint64_t	moment = jrn_record_word(bytes + 8);

		record->key = bytes;
		record->key_size = 8;
		record->label = (uint32_t) (moment & JRN_MOMENT_WIDE);
		record->ts = (int64_t) (events->ts_base + (moment >> JRN_MOMENT_LABEL_BITS));
		record->tail = bytes + 16;
		if (__builtin_expect(record->label == JRN_MOMENT_WIDE, 0))
		{
			record->ts = (int64_t) jrn_record_word(bytes + 16);
			record->label = (uint32_t) jrn_record_word(bytes + 24);
			record->tail = bytes + 32;
		}
	}
	else
	{
		uint32_t	sizes[2];

		record->ts = (int64_t) jrn_record_word(bytes);
		memcpy(sizes, bytes + 8, 8);
		record->label = sizes[0];
		record->key = bytes + 16;
		record->key_size = sizes[1];
		record->tail = record->key + jrn_padded(sizes[1]);
	}
	record->size = (size_t) (record->tail - bytes) + (size_t) events->column_count * sizeof(double);
	record->id = NULL;
	record->id_size = 0;
	if (events->has_id)
	{
		record->id_size = (size_t) jrn_record_word(bytes + record->size);
		record->id = bytes + record->size + 8;
		record->size += 8 + jrn_padded(record->id_size);
	}
}

/* R-EVT-2; the same hash as at append. */
static inline __attribute__((always_inline)) uint64_t
jrn_record_hash(bool integer_keys, const jrn_record *record)
{
	if (integer_keys)
		return jrn_hash_u64(jrn_little_endian(jrn_record_word(record->key)), 0);
	return jrn_hash_bytes(record->key, record->key_size, 0);
}

#endif							/* JRN_RECORDS_H */
