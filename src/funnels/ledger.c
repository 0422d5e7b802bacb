/*
 * ledger.c
 *		Rows of counters under a number (see ledger.h).
 */
#include <stdbool.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "ledger.h"

static bool
number_before(int unused, int64_t a, int64_t b)
{
	(void) unused;
	return a < b;
}

JRN_SORT_DEFINE(sort_numbers, int64_t, int, number_before)

jrn_status
jrn_ledger_begin(jrn_ledger *ledger, const jrn_env *env, size_t width)
{
	memset(ledger, 0, sizeof(*ledger));
	ledger->env = env;
	ledger->width = width;
	ledger->slot_count = 64;
	return jrn_alloc_zeroed(env, ledger->slot_count, sizeof(uint32_t), &ledger->slots);
}

/* The slot of a number, or the free one where it belongs. */
static size_t
find_slot(const jrn_ledger *ledger, int64_t number)
{
	size_t		mask = ledger->slot_count - 1;
	size_t		slot = (size_t) jrn_hash_u64((uint64_t) number, 0) & mask;

	while (ledger->slots[slot] != 0 && ledger->numbers[ledger->slots[slot] - 1] != number)
		slot = (slot + 1) & mask;
	return slot;
}

static jrn_status
grow_slots(jrn_ledger *ledger)
{
	size_t		row;

	jrn_release(ledger->env, ledger->slots);
	JRN_TRY(jrn_alloc_zeroed(ledger->env, ledger->slot_count * 2, sizeof(uint32_t), &ledger->slots));
	ledger->slot_count *= 2;
	for (row = 0; row < ledger->rows; row++)
		ledger->slots[find_slot(ledger, ledger->numbers[row])] = (uint32_t) row + 1;
	return JRN_OK;
}

jrn_status
jrn_ledger_row(jrn_ledger *ledger, int64_t number, int64_t **counters)
{
	size_t		slot = find_slot(ledger, number);
	size_t		row;

	if (ledger->slots[slot] == 0)
	{
		if ((ledger->rows + 1) * ledger->width > JRN_LEDGER_MAX)
			return JRN_LIMIT;	/* R-LED-2 */
		JRN_TRY(jrn_grow_array(ledger->env, ledger->rows, &ledger->number_capacity,
							   sizeof(int64_t), &ledger->numbers));
		JRN_TRY(jrn_grow_array(ledger->env, ledger->rows, &ledger->counter_capacity,
							   sizeof(int64_t) * ledger->width, &ledger->counters));
		row = ledger->rows++;
		ledger->numbers[row] = number;
		memset(ledger->counters + row * ledger->width, 0, sizeof(int64_t) * ledger->width);
		ledger->slots[slot] = (uint32_t) row + 1;
		if (ledger->rows * 2 > ledger->slot_count)
			JRN_TRY(grow_slots(ledger));
	}
	else
		row = ledger->slots[slot] - 1;
	*counters = ledger->counters + row * ledger->width;
	return JRN_OK;
}

int64_t *
jrn_ledger_find(const jrn_ledger *ledger, int64_t number)
{
	size_t		slot = find_slot(ledger, number);

	return ledger->slots[slot] == 0 ? NULL :
		ledger->counters + (ledger->slots[slot] - 1) * ledger->width;
}

jrn_status
jrn_ledger_order(const jrn_ledger *ledger, int64_t **numbers)
{
	JRN_TRY(jrn_alloc_array(ledger->env, ledger->rows, sizeof(int64_t), numbers));
	if (ledger->rows > 0)
		memcpy(*numbers, ledger->numbers, ledger->rows * sizeof(int64_t));
	return sort_numbers(ledger->env, *numbers, ledger->rows, 0);
}
