/*
 * samples.h
 *		Whole numbers by group, for quantiles: gaps of every pair of
 *		touchpoints, durations of every path.
 *
 * R-SAM-1	Numbers go into the partitioned store and spill above the memory
 *			limit; the answer does not depend on it.  One group at a time is
 *			brought into memory.
 * R-SAM-2	With at most JRN_SAMPLES_NARROW groups every group has a partition
 *			of its own and a number takes 8 bytes; otherwise 16.
 */
#ifndef JRN_SAMPLES_H
#define JRN_SAMPLES_H

#include "../core/store.h"

#define JRN_SAMPLES_NARROW 4096

typedef struct jrn_samples
{
	const jrn_env *env;
	jrn_store	store;
	bool		narrow;
	uint64_t	count;
} jrn_samples;

/* most_groups: groups are numbers below it. */
extern jrn_status jrn_samples_begin(jrn_samples *samples, const jrn_env *env, const jrn_file *file,
									uint64_t most_groups, size_t memory_limit);

static inline jrn_status
jrn_samples_add(jrn_samples *samples, uint32_t group, int64_t value)
{
	void	   *room;
	int64_t    *record;

	if (samples->narrow)
	{
		JRN_TRY(jrn_store_reserve(&samples->store, (uint64_t) group << 52, 8, &room));
		*(int64_t *) room = value;
	}
	else
	{
		JRN_TRY(jrn_store_reserve(&samples->store, (uint64_t) group * UINT64_C(0x9E3779B97F4A7C15), 16, &room));
		record = room;
		record[0] = group;
		record[1] = value;
	}
	samples->count++;
	return JRN_OK;
}

/*
 * Visit every group that has numbers, once; the visitor may reorder them.  The
 * samples are given up on the way.
 */
typedef jrn_status (*jrn_samples_visitor) (void *arg, uint32_t group, int64_t *values, size_t n);
extern jrn_status jrn_samples_visit(jrn_samples *samples, jrn_samples_visitor visitor, void *arg);

#endif							/* JRN_SAMPLES_H */
