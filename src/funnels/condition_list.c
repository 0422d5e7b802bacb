/*
 * condition_list.c
 *		Collecting rows of conditions and putting them into canonical order
 *		(see condition_list.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "condition_list.h"

/* Room for more rows: at least double, so that n rows cost O(n). */
jrn_status
jrn_condition_list_grow(const jrn_env *env, jrn_condition_list *list, uint32_t more)
{
	size_t		need = (size_t) list->count + more;
	size_t		wanted = list->capacity < 16 ? 16 : (size_t) list->capacity * 2;
	jrn_moment *grown;

	if (need > JRN_MAX_MOMENTS)
		return JRN_LIMIT;
	if (wanted < need)
		wanted = need;
	if (wanted > JRN_MAX_MOMENTS)
		wanted = JRN_MAX_MOMENTS;
	JRN_TRY(jrn_alloc_array(env, wanted, sizeof(jrn_moment), &grown));
	memcpy(grown, list->moments, list->count * sizeof(jrn_moment));
	if (list->moments != list->first)
		jrn_release(env, list->moments);
	list->moments = grown;
	list->capacity = (uint32_t) wanted;
	return JRN_OK;
}

jrn_status
jrn_condition_list_merge(const jrn_env *env, jrn_condition_list *list,
						 const jrn_condition_list *other)
{
	if (other->count == 0)
		return JRN_OK;
	if (other->count > list->capacity - list->count)
		JRN_TRY(jrn_condition_list_grow(env, list, other->count));
	if (!other->sorted ||
		(list->count > 0 && jrn_moment_before(&other->moments[0], &list->moments[list->count - 1])))
		list->sorted = false;
	memcpy(list->moments + list->count, other->moments, other->count * sizeof(jrn_moment));
	list->count += other->count;
	return JRN_OK;
}

#define MOMENT_BEFORE(ctx, a, b) jrn_moment_before(&(a), &(b))
JRN_SORT_DEFINE(sort_moments, jrn_moment, int, MOMENT_BEFORE)

jrn_status
jrn_condition_list_order(const jrn_env *env, const jrn_condition_list *list,
						 jrn_moments_work *work, const jrn_moment **out)
{
	*out = list->moments;
	if (list->sorted)			/* R-COND-2 */
		return JRN_OK;
	if (list->count > work->capacity)
	{
		size_t		wanted = list->count < 64 ? 64 : list->count;
		jrn_moment *fresh;

		if (wanted < 2 * work->capacity)
			wanted = 2 * work->capacity;
		JRN_TRY(jrn_alloc_array(env, wanted, sizeof(jrn_moment), &fresh));
		if (work->capacity > 0)
			jrn_release(env, work->moments);
		work->moments = fresh;
		work->capacity = wanted;
	}
	memcpy(work->moments, list->moments, list->count * sizeof(jrn_moment));
	*out = work->moments;
	return sort_moments(env, work->moments, list->count, 0);
}
