/*
 * metric_cluster.c
 *		Dense numbers for clusters known by two 64-bit hashes (declared in
 *		metric_auc.h).
 *
 * The names themselves are not kept: two different names of n agree in both
 * hashes with a chance of about n^2/2^129, less than a memory error.
 */
#include "metric_auc.h"

#define ROWS_PER_TICK 65536
#define EMPTY UINT32_MAX

jrn_status
jrn_cluster_ids(const jrn_env *env, const jrn_cluster_print *prints, size_t n,
				uint32_t *ids, uint32_t *clusters)
{
	size_t		size = 16;
	size_t		mask;
	uint32_t   *slots;			/* a row of the cluster, by hash */
	size_t		i;

	*clusters = 0;
	if (n >= EMPTY)
		return JRN_LIMIT;
	while (size / 2 < n)
		size *= 2;
	mask = size - 1;
	JRN_TRY(jrn_alloc_array(env, size, sizeof(uint32_t), &slots));
	for (i = 0; i < size; i++)
		slots[i] = EMPTY;
	for (i = 0; i < n; i++)
	{
		size_t		slot = (size_t) prints[i].a & mask;

		if (i % ROWS_PER_TICK == 0)
			JRN_TICK(env);
		while (slots[slot] != EMPTY &&
			   (prints[slots[slot]].a != prints[i].a || prints[slots[slot]].b != prints[i].b))
			slot = (slot + 1) & mask;
		if (slots[slot] == EMPTY)
		{
			slots[slot] = (uint32_t) i;
			ids[i] = (*clusters)++;
		}
		else
			ids[i] = ids[slots[slot]];
	}
	jrn_release(env, slots);
	return JRN_OK;
}
