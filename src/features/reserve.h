/*
 * reserve.h
 *		Room in a reusable buffer whose old content is not needed.
 *
 * Workspaces of this room are grown to the longest journey met and never
 * shrunk, so that a million short journeys cost no allocation.
 */
#ifndef JRN_RESERVE_H
#define JRN_RESERVE_H

#include <string.h>

#include "../core/env.h"

/*
 * Make *array hold at least need elements; at least doubles, never below 64.
 * The content is lost when it grows.  array is the address of a pointer.
 */
static inline jrn_status
jrn_reserve(const jrn_env *env, size_t need, size_t *capacity, size_t size, void *array)
{
	size_t		wanted = *capacity < 32 ? 64 : *capacity;
	void	   *fresh;

	if (need <= *capacity)
		return JRN_OK;
	if (*capacity >= 32 && *capacity <= SIZE_MAX / 2)
		wanted = *capacity * 2;
	if (wanted < need)
		wanted = need;
	JRN_TRY(jrn_alloc_array(env, wanted, size, &fresh));
	if (*capacity > 0)
	{
		void	   *old;

		memcpy(&old, array, sizeof(old));
		jrn_release(env, old);
	}
	memcpy(array, &fresh, sizeof(fresh));
	*capacity = wanted;
	return JRN_OK;
}

#endif							/* JRN_RESERVE_H */
