/*
 * lifecycle.c
 *		Customers per period (see lifecycle.h).
 */
#include <string.h>

#include "../core/sort.h"
#include "lifecycle.h"

#define TICK_EVENTS 4096

static bool
number_before(int unused, int64_t a, int64_t b)
{
	(void) unused;
	return a < b;
}

JRN_SORT_DEFINE(sort_periods, int64_t, int, number_before)

jrn_status
jrn_lifecycle_begin(jrn_lifecycle *life, const jrn_env *env)
{
	memset(life, 0, sizeof(*life));
	return jrn_ledger_begin(&life->ledger, env, JRN_LIFE_COUNT);
}

/*
 * Periods of a journey, ascending, each once.  A clock that goes back over
 * midnight can show the same date twice, so the numbers may have to be sorted.
 */
static jrn_status
find_present(jrn_lifecycle *life, const jrn_period *period, const jrn_calendar *calendar,
			 const jrn_journey *journey, size_t *count)
{
	const jrn_env *env = life->ledger.env;
	bool		sorted = true;
	size_t		n = 0,
				kept = 0,
				i;

	for (i = 0; i < journey->n; i++)
	{
		int64_t		number = jrn_period_number(period, calendar, journey->events[i].ts);

		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(env);
		if (n > 0 && life->present[n - 1] == number)
			continue;
		JRN_TRY(jrn_grow_array(env, n, &life->capacity, sizeof(int64_t), &life->present));
		sorted = sorted && (n == 0 || life->present[n - 1] < number);
		life->present[n++] = number;
	}
	if (!sorted)
		JRN_TRY(sort_periods(env, life->present, n, 0));
	for (i = 0; i < n; i++)
		if (kept == 0 || life->present[kept - 1] != life->present[i])
			life->present[kept++] = life->present[i];
	*count = kept;
	return JRN_OK;
}

static jrn_status
count_one(jrn_lifecycle *life, int64_t number, jrn_life status)
{
	int64_t    *counters;

	JRN_TRY(jrn_ledger_row(&life->ledger, number, &counters));
	counters[status]++;
	return JRN_OK;
}

jrn_status
jrn_lifecycle_add(jrn_lifecycle *life, const jrn_period *period, const jrn_calendar *calendar,
				  const jrn_journey *journey)
{
	size_t		n,
				i;

	JRN_TRY(find_present(life, period, calendar, journey, &n));
	for (i = 0; i < n; i++)
	{
		bool		back = i > 0 && life->present[i - 1] + 1 == life->present[i];

		if (i % TICK_EVENTS == TICK_EVENTS - 1)
			JRN_TICK(life->ledger.env);
		if (i > 0 && !back)
			JRN_TRY(count_one(life, life->present[i - 1] + 1, JRN_LIFE_DORMANT));
		JRN_TRY(count_one(life, life->present[i],
						  i == 0 ? JRN_LIFE_NEW : back ? JRN_LIFE_RETURNING : JRN_LIFE_RESURRECTING));
	}
	JRN_TRY(count_one(life, life->present[n - 1] + 1, JRN_LIFE_DORMANT));
	if (!life->any || life->present[0] < life->first)
		life->first = life->present[0];
	if (!life->any || life->present[n - 1] > life->last)
		life->last = life->present[n - 1];
	life->any = true;
	return JRN_OK;
}

int64_t
jrn_lifecycle_customers(const jrn_lifecycle *life, int64_t number, jrn_life status)
{
	const int64_t *counters = jrn_ledger_find(&life->ledger, number);

	return counters == NULL ? 0 : counters[status];
}
