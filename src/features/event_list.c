/*
 * event_list.c
 *		Collecting events and putting them into canonical order (see
 *		event_list.h).
 */
#include <math.h>
#include <string.h>

#include "../core/sort.h"
#include "event_list.h"
#include "reserve.h"
#include "shape.h"

static jrn_status
append_event(const jrn_env *env, jrn_event_list *list, int64_t ts, uint32_t code, double value)
{
	jrn_event  *event;

	if (list->count >= JRN_MAX_JOURNEY_EVENTS)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(env, list->count, &list->capacity, sizeof(jrn_event),
						   &list->events));
	if (list->has_values)
	{
		JRN_TRY(jrn_grow_array(env, list->count, &list->values_capacity,
							   sizeof(double), &list->values));
		list->values[list->count] = value + 0.0;	/* R-LIST-3 */
	}
	event = &list->events[list->count++];
	event->ts = ts;
	event->label = code;
	event->ref = 0;
	return JRN_OK;
}

jrn_status
jrn_event_list_add(const jrn_env *env, jrn_event_list *list, const char *bytes,
				   size_t size, int64_t ts, double value)
{
	uint32_t	code;

	JRN_TRY(jrn_vocabulary_intern(env, &list->labels, bytes, size, &code));
	return append_event(env, list, ts, code, value);
}

jrn_status
jrn_event_list_merge(const jrn_env *env, jrn_event_list *list, const jrn_event_list *other)
{
	uint32_t   *codes;
	uint32_t	code;
	size_t		i;

	if (list->count > 0 && list->has_values != other->has_values)
		return JRN_CORRUPT;		/* R-LIST-2 */
	list->has_values = other->has_values;
	JRN_TRY(jrn_alloc_array(env, other->labels.count, sizeof(uint32_t), &codes));
	for (code = 0; code < other->labels.count; code++)
	{
		size_t		size;
		const char *bytes = jrn_vocabulary_bytes(&other->labels, code, &size);

		JRN_TRY(jrn_vocabulary_intern(env, &list->labels, bytes, size, &codes[code]));
	}
	for (i = 0; i < other->count; i++)
	{
		const jrn_event *event = &other->events[i];

		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
		JRN_TRY(append_event(env, list, event->ts, codes[event->label],
							 other->has_values ? other->values[i] : NAN));
	}
	jrn_release(env, codes);
	return JRN_OK;
}

/* a before b by value, NaN last; equal values are not before each other. */
static inline bool
value_before(double a, double b)
{
	return a < b || (!isnan(a) && isnan(b));
}

/* R-LIST-1; ref points into values, which may be NULL. */
static inline bool
event_before(const double *values, jrn_event a, jrn_event b)
{
	if (a.ts != b.ts)
		return a.ts < b.ts;
	if (a.label != b.label)
		return a.label < b.label;
	return values != NULL && value_before(values[a.ref], values[b.ref]);
}

JRN_SORT_DEFINE(sort_events, jrn_event, const double *, event_before)

/* The copy with ranks for labels; *sorted says whether it is in order. */
static jrn_status
copy_ranked(const jrn_env *env, const jrn_event_list *list, jrn_order_work *work, bool *sorted)
{
	const double *values = list->has_values ? list->values : NULL;
	size_t		i;

	*sorted = true;
	for (i = 0; i < list->count; i++)
	{
		jrn_event  *event = &work->events[i];

		event->ts = list->events[i].ts;
		event->label = work->ranks[list->events[i].label];
		event->ref = (uint32_t) i;
		if (i > 0 && event_before(values, event[0], event[-1]))
			*sorted = false;
		if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
			JRN_TICK(env);
	}
	return JRN_OK;
}

jrn_status
jrn_event_list_order(const jrn_env *env, const jrn_event_list *list,
					 jrn_order_work *work, jrn_ordered *out)
{
	size_t		k = list->labels.count,
				n = list->count,
				i;
	bool		sorted;

	JRN_TRY(jrn_reserve(env, k, &work->codes_capacity, sizeof(uint32_t), &work->codes));
	JRN_TRY(jrn_reserve(env, k, &work->ranks_capacity, sizeof(uint32_t), &work->ranks));
	JRN_TRY(jrn_reserve(env, n, &work->events_capacity, sizeof(jrn_event), &work->events));
	JRN_TRY(jrn_vocabulary_rank(env, &list->labels, work->codes, work->ranks));
	JRN_TRY(copy_ranked(env, list, work, &sorted));
	if (!sorted)
		JRN_TRY(sort_events(env, work->events, n, list->has_values ? list->values : NULL));
	out->values = NULL;
	if (list->has_values)
	{
		JRN_TRY(jrn_reserve(env, n, &work->values_capacity, sizeof(double), &work->values));
		for (i = 0; i < n; i++)
		{
			work->values[i] = list->values[work->events[i].ref];
			if ((i & (JRN_TICK_EVENTS - 1)) == JRN_TICK_EVENTS - 1)
				JRN_TICK(env);
		}
		out->values = work->values;
	}
	out->events = work->events;
	out->codes = work->codes;
	out->n = n;
	return JRN_OK;
}
