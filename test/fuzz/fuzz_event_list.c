/*
 * fuzz_event_list.c
 *		Any bytes as the travelling state of path_agg and features_agg: a valid
 *		list, which is written as the same bytes (but for NaN and negative zero
 *		among values, R-LIST-3), or JRN_CORRUPT.
 */
#include "../../src/features/event_list.h"
#include "../../src/features/shape.h"
#include "fuzz.h"

static jrn_status
encoded(const jrn_env *env, const jrn_event_list *list, size_t size, unsigned char **out)
{
	MUST(jrn_event_list_wire_size(list) == size);
	JRN_TRY(jrn_alloc_array(env, size, 1, out));
	return jrn_event_list_encode(env, list, *out);
}

static void
check_list(const jrn_event_list *list)
{
	size_t		i;

	MUST(list->count >= 1 && list->count <= JRN_MAX_JOURNEY_EVENTS);
	MUST(list->labels.count >= 1 && list->labels.count <= list->count);
	for (i = 0; i < list->count; i++)
	{
		MUST(list->events[i].label < list->labels.count);
		MUST(!list->has_values || !isinf(list->values[i]));
	}
}

static void
check_order(const jrn_ordered *ordered, const jrn_event_list *list)
{
	size_t		i;

	MUST(ordered->n == list->count);
	for (i = 1; i < ordered->n; i++)
	{
		const jrn_event *a = &ordered->events[i - 1];
		const jrn_event *b = &ordered->events[i];

		MUST(a->ts < b->ts || (a->ts == b->ts && a->label <= b->label));
		if (list->has_values && a->ts == b->ts && a->label == b->label)
			MUST(ordered->values[i - 1] <= ordered->values[i] || isnan(ordered->values[i]));
	}
}

static jrn_status
accepted(const jrn_env *env, const unsigned char *wire, size_t size, jrn_event_list *list)
{
	unsigned char *once,
			   *twice;
	jrn_event_list again,
				merged;
	jrn_order_work work;
	jrn_ordered ordered;

	check_list(list);
	JRN_TRY(encoded(env, list, size, &once));
	MUST(list->has_values || memcmp(once, wire, size) == 0);
	JRN_TRY(jrn_event_list_decode(env, once, size, &again));
	JRN_TRY(encoded(env, &again, size, &twice));
	MUST(memcmp(once, twice, size) == 0);
	memset(&work, 0, sizeof(work));
	JRN_TRY(jrn_event_list_order(env, list, &work, &ordered));
	check_order(&ordered, list);
	/* into an empty list: labels that no event has go with it */
	memset(&merged, 0, sizeof(merged));
	merged.has_values = list->has_values;
	JRN_TRY(jrn_event_list_merge(env, &merged, list));
	JRN_TRY(encoded(env, &merged, size, &twice));
	MUST(memcmp(once, twice, size) == 0);
	return JRN_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	jrn_event_list list;
	jrn_status	status = jrn_event_list_decode(&env, bytes, size, &list);

	if (status == JRN_OK)
	{
		status = accepted(&env, bytes, size, &list);
		MUST(status == JRN_OK || fuzz_by_host(status));
	}
	else
		MUST(status == JRN_CORRUPT || fuzz_by_host(status));	/* R-LIST-4 */
	return fuzz_end();
}
