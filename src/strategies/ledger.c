/*
 * ledger.c
 *		Counting rows by strategy and week (see ledger.h).
 */
#include <string.h>

#include "../core/hash.h"
#include "../core/sizes.h"
#include "../core/sort.h"
#include "ledger.h"

jrn_status
jrn_strategy_ledger_begin(jrn_ledger *ledger, const jrn_env *env)
{
	memset(ledger, 0, sizeof(*ledger));
	ledger->env = env;
	ledger->slot_count = 64;
	return jrn_alloc_zeroed(env, ledger->slot_count, sizeof(size_t), &ledger->slots);
}

static size_t
slot_of(const jrn_ledger *ledger, int64_t week, int32_t arm)
{
	return (size_t) jrn_hash_u64((uint64_t) week, (uint64_t) arm) & (ledger->slot_count - 1);
}

static jrn_status
more_slots(jrn_ledger *ledger)
{
	size_t		i;

	jrn_release(ledger->env, ledger->slots);
	ledger->slot_count *= 2;
	JRN_TRY(jrn_alloc_zeroed(ledger->env, ledger->slot_count, sizeof(size_t), &ledger->slots));
	for (i = 0; i < ledger->week_count; i++)
	{
		size_t		slot = slot_of(ledger, ledger->weeks[i].week, ledger->weeks[i].arm);

		while (ledger->slots[slot] != 0)
			slot = (slot + 1) & (ledger->slot_count - 1);
		ledger->slots[slot] = i + 1;
	}
	return JRN_OK;
}

static jrn_status
find_week(jrn_ledger *ledger, int64_t week, int32_t arm, jrn_ledger_counts **counts)
{
	size_t		slot = slot_of(ledger, week, arm);
	jrn_ledger_week *entry;

	for (; ledger->slots[slot] != 0; slot = (slot + 1) & (ledger->slot_count - 1))
	{
		entry = &ledger->weeks[ledger->slots[slot] - 1];
		if (entry->week == week && entry->arm == arm)
		{
			*counts = &entry->counts;
			return JRN_OK;
		}
	}
	JRN_TRY(jrn_grow_array(ledger->env, ledger->week_count, &ledger->week_capacity,
						   sizeof(jrn_ledger_week), &ledger->weeks));
	entry = &ledger->weeks[ledger->week_count++];
	memset(entry, 0, sizeof(*entry));
	entry->week = week;
	entry->arm = arm;
	ledger->slots[slot] = ledger->week_count;
	if (ledger->week_count * 2 > ledger->slot_count)
		JRN_TRY(more_slots(ledger));
	*counts = &ledger->weeks[ledger->week_count - 1].counts;
	return JRN_OK;
}

static void
count_row(jrn_ledger_counts *counts, jrn_ledger_fate fate, bool late)
{
	counts->assigned++;
	counts->missing += fate == JRN_FATE_MISSING;
	counts->immature += fate == JRN_FATE_IMMATURE;
	counts->late += late;
}

jrn_status
jrn_strategy_ledger_add(jrn_ledger *ledger, uint32_t code, bool has_week, int64_t week,
			   jrn_ledger_fate fate, bool late)
{
	while (ledger->arms <= (int) code)
	{
		JRN_TRY(jrn_grow_array(ledger->env, (size_t) ledger->arms, &ledger->arm_capacity,
							   sizeof(jrn_ledger_counts), &ledger->of_arm));
		memset(&ledger->of_arm[ledger->arms++], 0, sizeof(jrn_ledger_counts));
	}
	count_row(&ledger->of_arm[code], fate, late);
	if (has_week)
	{
		jrn_ledger_counts *counts;

		JRN_TRY(find_week(ledger, week, (int32_t) code, &counts));
		count_row(counts, fate, late);
	}
	return JRN_OK;
}

#define WEEK_BEFORE(ctx, x, y) ((x).week != (y).week ? (x).week < (y).week : (x).arm < (y).arm)
JRN_SORT_DEFINE(sort_weeks, jrn_ledger_week, const void *, WEEK_BEFORE)

jrn_status
jrn_strategy_ledger_settle(jrn_ledger *ledger, const uint32_t *rank_of_code, int arms)
{
	jrn_ledger_counts *ranked;
	size_t		i;
	int			a;

	JRN_TRY(jrn_alloc_zeroed(ledger->env, (size_t) arms, sizeof(jrn_ledger_counts), &ranked));
	for (a = 0; a < ledger->arms; a++)
		ranked[rank_of_code[a]] = ledger->of_arm[a];
	for (i = 0; i < ledger->week_count; i++)
		ledger->weeks[i].arm = (int32_t) rank_of_code[ledger->weeks[i].arm];
	ledger->of_arm = ranked;
	ledger->arms = arms;
	return sort_weeks(ledger->env, ledger->weeks, ledger->week_count, NULL);
}
