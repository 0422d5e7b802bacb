/*
 * value_rows.c
 *		Collapsing equal customers (see value_rows.h).
 */
#include <stdbool.h>
#include <string.h>

#include "../core/hash.h"
#include "../core/sort.h"
#include "value_rows.h"

#define FIRST_SLOTS 4096
#define ROWS_A_TICK 8192

jrn_status
jrn_value_rows_begin(jrn_value_rows *rows, const jrn_env *env)
{
	memset(rows, 0, sizeof(*rows));
	rows->env = env;
	rows->slot_count = FIRST_SLOTS;
	return jrn_alloc_zeroed(env, rows->slot_count, sizeof(uint32_t), &rows->slots);
}

static uint64_t
row_hash(double x, double t, double age)
{
	double		numbers[3];

	numbers[0] = x;
	numbers[1] = t;
	numbers[2] = age;
	return jrn_hash_bytes((const char *) numbers, sizeof(numbers), 0);
}

static size_t
find_slot(const jrn_value_rows *rows, double x, double t, double age)
{
	size_t		mask = rows->slot_count - 1;
	size_t		slot = (size_t) row_hash(x, t, age) & mask;

	for (; rows->slots[slot] != 0; slot = (slot + 1) & mask)
	{
		const jrn_value_row *row = &rows->list[rows->slots[slot] - 1];

		if (row->x == x && row->t == t && row->age == age)
			break;
	}
	return slot;
}

static jrn_status
grow_slots(jrn_value_rows *rows)
{
	size_t		i;

	jrn_release(rows->env, rows->slots);
	rows->slot_count *= 2;
	JRN_TRY(jrn_alloc_zeroed(rows->env, rows->slot_count, sizeof(uint32_t), &rows->slots));
	for (i = 0; i < rows->count; i++)
	{
		if (i % ROWS_A_TICK == 0)
			JRN_TICK(rows->env);
		rows->slots[find_slot(rows, rows->list[i].x, rows->list[i].t, rows->list[i].age)] = (uint32_t) i + 1;
	}
	return JRN_OK;
}

jrn_status
jrn_value_rows_add(jrn_value_rows *rows, double x, double t, double age)
{
	size_t		slot;
	jrn_value_row *row;

	/* -0 and 0 are the same number but not the same bytes */
	x += 0.0;
	t += 0.0;
	age += 0.0;
	slot = find_slot(rows, x, t, age);
	if (rows->slots[slot] != 0)
	{
		rows->list[rows->slots[slot] - 1].weight += 1.0;
		return JRN_OK;
	}
	if (rows->count >= UINT32_MAX - 1)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(rows->env, rows->count, &rows->capacity, sizeof(jrn_value_row), &rows->list));
	row = &rows->list[rows->count++];
	row->x = x;
	row->t = t;
	row->age = age;
	row->weight = 1.0;
	rows->slots[slot] = (uint32_t) rows->count;
	return rows->count * 2 > rows->slot_count ? grow_slots(rows) : JRN_OK;
}

static bool
row_before(int unused, jrn_value_row a, jrn_value_row b)
{
	(void) unused;
	if (a.x != b.x)
		return a.x < b.x;
	if (a.t != b.t)
		return a.t < b.t;
	return a.age < b.age;
}

JRN_SORT_DEFINE(sort_rows, jrn_value_row, int, row_before)

jrn_status
jrn_value_rows_finish(jrn_value_rows *rows)
{
	jrn_release(rows->env, rows->slots);
	rows->slots = NULL;
	return sort_rows(rows->env, rows->list, rows->count, 0);
}
