/*
 * lint.c
 *		Checks over journeys (see lint.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "lint.h"

void
jrn_lint_begin(jrn_lint *lint, const jrn_env *env, const jrn_labels *labels, bool integer_keys)
{
	memset(lint, 0, sizeof(*lint));
	lint->env = env;
	lint->labels = labels;
	lint->integer_keys = integer_keys;
}

/* R-LINT-2: canonical integers are little-endian two's complement. */
static bool
key_before(bool integer_keys, const char *a, size_t a_size, const char *b, size_t b_size)
{
	int			i;

	if (!integer_keys)
		return jrn_bytes_compare(a, a_size, b, b_size) < 0;
	for (i = 7; i >= 0; i--)
	{
		unsigned char sign = i == 7 ? 0x80 : 0;
		unsigned char x = (unsigned char) ((unsigned char) a[i] ^ sign);
		unsigned char y = (unsigned char) ((unsigned char) b[i] ^ sign);

		if (x != y)
			return x < y;
	}
	return false;
}

static jrn_status
keep_key(const jrn_env *env, jrn_lint_finding *finding, const char *key, size_t key_size)
{
	if (finding->key == NULL || key_size > finding->key_capacity)
	{
		jrn_release(env, finding->key);
		finding->key = NULL;
		JRN_TRY(jrn_alloc_array(env, key_size, 1, &finding->key));
		finding->key_capacity = key_size;
	}
	if (key_size > 0)
		memcpy(finding->key, key, key_size);
	finding->key_size = key_size;
	return JRN_OK;
}

jrn_status
jrn_lint_note(const jrn_env *env, bool integer_keys, jrn_lint_finding *finding, uint64_t count,
			  const char *key, size_t key_size, const int64_t *ts)
{
	finding->count += count;
	if (ts != NULL && (!finding->has_ts || *ts < finding->ts))
	{
		finding->has_ts = true;
		finding->ts = *ts;
	}
	if (key != NULL && (finding->key == NULL ||
						key_before(integer_keys, key, key_size, finding->key, finding->key_size)))
		return keep_key(env, finding, key, key_size);
	return JRN_OK;
}

/* ---- one journey ---- */

static jrn_status
note_customer(const jrn_lint *lint, jrn_lint_finding *finding, uint64_t count,
			  const jrn_journey *journey)
{
	return jrn_lint_note(lint->env, lint->integer_keys, finding, count,
						 journey->key_size > 0 ? journey->key : "", journey->key_size, NULL);
}

static bool
code_before(int unused, uint32_t a, uint32_t b)
{
	(void) unused;
	return a < b;
}

JRN_SORT_DEFINE(sort_codes, uint32_t, int, code_before)

static bool
same_id(const jrn_journey *journey, const jrn_event *a, const jrn_event *b)
{
	const jrn_event_id *x;
	const jrn_event_id *y;

	if (journey->ids == NULL)
		return true;
	x = &journey->ids[a->ref];
	y = &journey->ids[b->ref];
	return x->size == y->size && (x->size == 0 || memcmp(x->bytes, y->bytes, x->size) == 0);
}

/* Events beyond the first of each label among n of one instant, ids aside. */
static jrn_status
count_repeated_labels(jrn_lint *lint, const jrn_event *events, size_t n, uint64_t *repeated)
{
	size_t		i;

	if (n > lint->tie_capacity)
	{
		jrn_release(lint->env, lint->tie_labels);
		lint->tie_labels = NULL;
		JRN_TRY(jrn_alloc_array(lint->env, n * 2, sizeof(uint32_t), &lint->tie_labels));
		lint->tie_capacity = n * 2;
	}
	for (i = 0; i < n; i++)
		lint->tie_labels[i] = events[i].label;
	JRN_TRY(sort_codes(lint->env, lint->tie_labels, n, 0));
	for (i = 1; i < n; i++)
		*repeated += lint->tie_labels[i] == lint->tie_labels[i - 1];
	return JRN_OK;
}

/* R-LINT-3 and R-LINT-4 for the n events of one instant, ordered by id, label. */
static jrn_status
look_at_instant(jrn_lint *lint, const jrn_journey *journey, const jrn_event *events, size_t n)
{
	uint64_t	identical = 0;
	uint64_t	repeated = 0;
	size_t		i;
	size_t		run = 1;

	for (i = 1; i <= n; i++)
	{
		bool		same = i < n && same_id(journey, &events[i - 1], &events[i]);

		if (same && events[i - 1].label == events[i].label)
			identical++;
		if (same)
			run++;
		else
		{
			lint->tied_unbroken += run > 1 ? run : 0;
			run = 1;
		}
	}
	JRN_TRY(note_customer(lint, &lint->tied, n, journey));
	if (identical > 0)
		JRN_TRY(note_customer(lint, &lint->identical, identical, journey));
	if (journey->ids == NULL)
		return JRN_OK;
	JRN_TRY(count_repeated_labels(lint, events, n, &repeated));
	if (repeated > identical)
		return note_customer(lint, &lint->reissued, repeated - identical, journey);
	return JRN_OK;
}

static jrn_status
look_at_labels(jrn_lint *lint, const jrn_journey *journey)
{
	size_t		i;

	if (lint->last_customer == NULL)
	{
		/* every label is known once journeys are visited */
		JRN_TRY(jrn_alloc_zeroed(lint->env, lint->labels->count, sizeof(bool), &lint->shared));
		JRN_TRY(jrn_alloc_zeroed(lint->env, lint->labels->count, sizeof(uint64_t),
								 &lint->last_customer));
	}
	for (i = 0; i < journey->n; i++)
	{
		uint32_t	label = journey->events[i].label;

		if (lint->last_customer[label] == lint->customers)
			continue;
		if (lint->last_customer[label] != 0)
			lint->shared[label] = true;
		lint->last_customer[label] = lint->customers;
	}
	return JRN_OK;
}

static jrn_status
look_at_size(jrn_lint *lint, const jrn_journey *journey)
{
	uint64_t	n = journey->n;

	if (n == 1)
		lint->one_event++;
	if (n < JRN_LINT_TABLE)
		lint->by_events[n]++;
	else
	{
		JRN_TRY(jrn_grow_array(lint->env, lint->many_count, &lint->many_capacity,
							   sizeof(uint64_t), &lint->many));
		lint->many[lint->many_count++] = n;
	}
	if (n < lint->largest.count)
		return JRN_OK;
	if (n == lint->largest.count)
		return note_customer(lint, &lint->largest, 0, journey);
	lint->largest.count = n;
	return keep_key(lint->env, &lint->largest, journey->key, journey->key_size);
}

jrn_status
jrn_lint_journey(void *arg, const jrn_journey *journey)
{
	jrn_lint   *lint = arg;
	const jrn_event *events = journey->events;
	size_t		begin = 0;
	size_t		i;

	if (lint->events == 0 || events[0].ts < lint->first_ts)
		lint->first_ts = events[0].ts;
	if (lint->events == 0 || events[journey->n - 1].ts > lint->last_ts)
		lint->last_ts = events[journey->n - 1].ts;
	lint->customers++;
	lint->events += journey->n;
	for (i = 1; i <= journey->n; i++)
	{
		if (i % 65536 == 0)
			JRN_TICK(lint->env);
		if (i < journey->n && events[i].ts == events[begin].ts)
			continue;
		if (i - begin > 1)
			JRN_TRY(look_at_instant(lint, journey, events + begin, i - begin));
		begin = i;
	}
	JRN_TRY(look_at_labels(lint, journey));
	return look_at_size(lint, journey);
}

/* ---- events per customer ---- */

static bool
number_before(int unused, uint64_t a, uint64_t b)
{
	(void) unused;
	return a < b;
}

JRN_SORT_DEFINE(sort_numbers, uint64_t, int, number_before)

/* Events of the rank-th customer by number of events, ranks from 1. */
static uint64_t
events_at_rank(const jrn_lint *lint, uint64_t rank)
{
	uint64_t	below = 0;
	uint64_t	n;

	for (n = 0; n < JRN_LINT_TABLE; n++)
	{
		below += lint->by_events[n];
		if (below >= rank)
			return n;
	}
	return lint->many[rank - below - 1];
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

jrn_status
jrn_lint_heavy(jrn_lint *lint, uint64_t *median, uint64_t *least, uint64_t *heavy)
{
	uint64_t	all = lint->customers;
	uint64_t	n;
	size_t		i;

	*median = *least = *heavy = 0;
	if (all == 0)
		return JRN_OK;
	JRN_TRY(sort_numbers(lint->env, lint->many, lint->many_count, 0));
	/* R-LINT-5: ranks rounded up, in integers */
	*median = events_at_rank(lint, all / 2 + all % 2);
	*least = larger(events_at_rank(lint, all - all / 1000),
					larger(JRN_LINT_HEAVY_EVENTS, *median * JRN_LINT_HEAVY_MEDIANS) + 1);
	for (n = *least; n < JRN_LINT_TABLE; n++)
		*heavy += lint->by_events[n];
	for (i = 0; i < lint->many_count; i++)
		*heavy += lint->many[i] >= *least;
	return JRN_OK;
}
