/*
 * samples.c
 *		Numbers by group (see samples.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "samples.h"

#define NARROW_BITS 12
#define WIDE_BITS 8

typedef struct sample
{
	int64_t		group;
	int64_t		value;
} sample;

static bool
sample_before(int unused, sample x, sample y)
{
	(void) unused;
	return x.group < y.group;
}

JRN_SORT_DEFINE(sort_samples, sample, int, sample_before)

jrn_status
jrn_samples_begin(jrn_samples *samples, const jrn_env *env, const jrn_file *file,
				  uint64_t most_groups, size_t memory_limit)
{
	memset(samples, 0, sizeof(*samples));
	samples->env = env;
	samples->narrow = most_groups <= JRN_SAMPLES_NARROW;
	return jrn_store_begin(&samples->store, env, file, samples->narrow ? NARROW_BITS : WIDE_BITS,
						   memory_limit);
}

/* A partition's bytes in one piece; *held grows as needed. */
static jrn_status
load(jrn_samples *samples, size_t part, char **held, size_t *capacity, size_t bytes)
{
	jrn_store_cursor cursor;
	const char *piece;
	size_t		size;
	size_t		at = 0;

	if (bytes > *capacity)
	{
		jrn_release(samples->env, *held);
		*held = NULL;
		JRN_TRY(jrn_alloc_array(samples->env, bytes, 1, held));
		*capacity = bytes;
	}
	jrn_store_open(&samples->store, part, true, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_store_next(&cursor, &piece, &size));
		if (size == 0)
			break;
		memcpy(*held + at, piece, size);
		at += size;
	}
	jrn_store_close(&cursor);
	return JRN_OK;
}

/* A partition of several groups: brought together by a sort, then taken apart. */
static jrn_status
visit_wide(jrn_samples *samples, sample *records, size_t n, jrn_samples_visitor visitor, void *arg)
{
	int64_t    *values = (int64_t *) records;
	size_t		begin = 0;

	JRN_TRY(sort_samples(samples->env, records, n, 0));
	while (begin < n)
	{
		int64_t		group = records[begin].group;
		size_t		end = begin;

		/* values move to the front of their own group's records */
		for (; end < n && records[end].group == group; end++)
			values[2 * begin + (end - begin)] = records[end].value;
		JRN_TRY(visitor(arg, (uint32_t) group, values + 2 * begin, end - begin));
		begin = end;
	}
	return JRN_OK;
}

jrn_status
jrn_samples_visit(jrn_samples *samples, jrn_samples_visitor visitor, void *arg)
{
	size_t		parts = (size_t) 1 << (samples->narrow ? NARROW_BITS : WIDE_BITS);
	size_t		capacity = 0;
	size_t		part;
	char	   *held = NULL;

	for (part = 0; part < parts; part++)
	{
		size_t		bytes = jrn_store_part_bytes(&samples->store, part);

		if (bytes == 0)
			continue;
		JRN_TRY(load(samples, part, &held, &capacity, bytes));
		if (samples->narrow)
			JRN_TRY(visitor(arg, (uint32_t) part, (int64_t *) held, bytes / sizeof(int64_t)));
		else
			JRN_TRY(visit_wide(samples, (sample *) held, bytes / sizeof(sample), visitor, arg));
	}
	jrn_release(samples->env, held);
	jrn_store_end(&samples->store);
	return JRN_OK;
}
