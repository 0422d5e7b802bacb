/*
 * test_conditions.c
 *		Rows of the aggregates over conditions: canonical order, merging, wire
 *		forms; the next node by the words of its definition.
 */
#include "tap.h"

#include "../../src/funnels/next_node.h"

#define MAX_ROWS 12

static uint64_t random_state = 7;

static uint32_t
pick(uint32_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) ((random_state >> 33) % n);
}

/* ---- lists ---- */

static jrn_moment given[MAX_ROWS];

static bool
same_rows(const jrn_moment *a, const jrn_moment *b, uint32_t n)
{
	uint32_t	i;

	for (i = 0; i < n; i++)
		if (a[i].ts != b[i].ts || a[i].mask != b[i].mask)
			return false;
	return true;
}

/* The order of 2.1 by counting the rows before each one. */
static void
slow_order(jrn_moment *out, uint32_t n)
{
	uint32_t	i,
				j;

	for (i = 0; i < n; i++)
	{
		uint32_t	place = 0;

		for (j = 0; j < n; j++)
		{
			int			low_i = given[i].mask == 0 ? -1 : __builtin_ctzll(given[i].mask);
			int			low_j = given[j].mask == 0 ? -1 : __builtin_ctzll(given[j].mask);
			bool		before = given[j].ts != given[i].ts ? given[j].ts < given[i].ts :
				low_j != low_i ? low_j < low_i :
				given[j].mask != given[i].mask ? given[j].mask < given[i].mask : j < i;

			place += before;
		}
		out[place] = given[i];
	}
}

static void
test_order(void)
{
	jrn_env		env = host_env();
	int			round,
				wrong = 0,
				sorted = 0;

	for (round = 0; round < 20000; round++)
	{
		jrn_condition_list parts[3];
		jrn_moments_work work = {NULL, 0};
		const jrn_moment *ordered;
		jrn_moment	want[MAX_ROWS];
		uint32_t	n = pick(MAX_ROWS + 1),
					i;

		for (i = 0; i < 3; i++)
			jrn_condition_list_init(&parts[i]);
		for (i = 0; i < n; i++)
		{
			given[i].ts = (int64_t) pick(4) - 2;
			given[i].mask = pick(3) == 0 ? UINT64_C(1) << 63 | pick(4) : pick(4);
			if (jrn_condition_list_add(&env, &parts[pick(2)], given[i].ts, given[i].mask) != JRN_OK)
				wrong++;
		}
		slow_order(want, n);
		if (jrn_condition_list_merge(&env, &parts[2], &parts[1]) != JRN_OK ||
			jrn_condition_list_merge(&env, &parts[2], &parts[0]) != JRN_OK ||
			jrn_condition_list_order(&env, &parts[2], &work, &ordered) != JRN_OK ||
			parts[2].count != n || !same_rows(ordered, want, n) ||
			parts[2].sorted != same_rows(parts[2].moments, want, n))
			wrong++;
		sorted += parts[2].sorted;
		host_reset();
	}
	ok_int(wrong, 0, "R-COND-1 lists merged in any way have one order");
	ok(sorted > 100 && sorted < 19900, "R-COND-2 some lists came in order, some did not");
}

static jrn_status
build_and_travel(const jrn_env *env, void *arg)
{
	jrn_condition_list list,
				other;
	jrn_condition_parameters parameters = {2, 3, 0, 1, 2, 3, "(?1)", 4};
	jrn_condition_parameters back;
	jrn_moments_work work = {NULL, 0};
	const jrn_moment *ordered;
	unsigned char *wire;
	size_t		size;
	uint32_t	i;

	(void) arg;
	jrn_condition_list_init(&list);
	for (i = 0; i < 100000; i++)
		JRN_TRY(jrn_condition_list_add(env, &list, (int64_t) (i * 7919 % 1000), i % 8));
	size = jrn_condition_wire_size(&parameters, &list);
	JRN_TRY(jrn_alloc_array(env, size, 1, &wire));
	JRN_TRY(jrn_condition_encode(env, &parameters, &list, wire));
	JRN_TRY(jrn_condition_decode(env, wire, size, &back, &other));
	JRN_TRY(jrn_condition_list_merge(env, &list, &other));
	return jrn_condition_list_order(env, &list, &work, &ordered);
}

static void
test_wire(void)
{
	jrn_env		env = host_env();
	jrn_condition_list list,
				other;
	jrn_condition_parameters parameters = {1, 3, 5, 1, -2, INT64_MAX, "(?1)", 4};
	jrn_condition_parameters back;
	unsigned char wire[200],
				bad[200];
	size_t		size,
				i;
	int			accepted = 0,
				refused = 0;

	jrn_condition_list_init(&list);
	for (i = 0; i < 6; i++)
		if (jrn_condition_list_add(&env, &list, (int64_t) i * 1000 - 3000, i) != JRN_OK)
			ok(false, "a row");
	size = jrn_condition_wire_size(&parameters, &list);
	ok_int((long long) size, 32 + 4 + 6 * 16, "16 bytes a row");
	ok(jrn_condition_encode(&env, &parameters, &list, wire) == JRN_OK &&
	   jrn_condition_decode(&env, wire, size, &back, &other) == JRN_OK &&
	   back.kind == 1 && back.n_conditions == 3 && back.mode == 5 && back.months == 1 &&
	   back.days == -2 && back.microseconds == INT64_MAX && back.text_size == 4 &&
	   memcmp(back.text, "(?1)", 4) == 0 && other.count == 6 && other.sorted == list.sorted &&
	   same_rows(other.moments, list.moments, 6), "R-COND-4 there and back");
	for (i = 0; i < size; i++)
		refused += jrn_condition_decode(&env, wire, i, &back, &other) == JRN_CORRUPT;
	ok_int(refused, (long long) size, "R-COND-4 every truncated state is refused");
	memcpy(bad, wire, size);
	ok_int(jrn_condition_decode(&env, bad, size + 1, &back, &other), JRN_CORRUPT, "R-COND-4 so is a longer one");
	for (i = 0; i < 200000; i++)
	{
		jrn_status	status;

		memcpy(bad, wire, size);
		bad[pick((uint32_t) size)] = (unsigned char) pick(256);
		bad[pick((uint32_t) size)] ^= (unsigned char) (1u << pick(8));
		status = jrn_condition_decode(&env, bad, size, &back, &other);
		accepted += status == JRN_OK && other.count <= 6 && back.n_conditions >= 1 && back.n_conditions <= 64;
		refused += status == JRN_CORRUPT;
		if (i % 1000 == 0)
			host_reset();
	}
	ok_int(accepted + refused - (long long) size, 200000, "R-COND-4 damaged states are valid or refused");
	bad[0] = 0;
	ok(refused > 10000 && accepted > 10000, "both are common");
	host_reset();
}

/* ---- next node ---- */

typedef struct node
{
	int64_t		ts;
	uint64_t	mask;
	int			value;			/* -1: NULL, 0: "", else a letter */
	bool		is_base;
} node;

static bool
node_before(const node *a, const node *b)
{
	int			low_a = a->mask == 0 ? -1 : __builtin_ctzll(a->mask);
	int			low_b = b->mask == 0 ? -1 : __builtin_ctzll(b->mask);

	if (a->ts != b->ts)
		return a->ts < b->ts;
	if (low_a != low_b)
		return low_a < low_b;
	if (a->mask != b->mask)
		return a->mask < b->mask;
	if (a->value != b->value)
		return b->value < 0 || (a->value >= 0 && a->value < b->value);
	return a->is_base < b->is_base;
}

/* By the words of R-NODE-2 and R-NODE-3, over sorted nodes. */
static int
slow_next(const node *nodes, int n, int base, bool backward, int conditions)
{
	int			at = -1,
				i;

	if (n == 0)
		return -1;
	if (base == JRN_BASE_HEAD && nodes[0].is_base)
		at = 0;
	if (base == JRN_BASE_TAIL && nodes[n - 1].is_base)
		at = n - 1;
	for (i = 0; i < n; i++)
		if (nodes[i].is_base && (nodes[i].mask & 1) &&
			((base == JRN_BASE_FIRST_MATCH && at < 0) || base == JRN_BASE_LAST_MATCH))
			at = i;
	for (i = 0; at >= 0 && i < conditions; i++, at += backward ? -1 : 1)
		if (at >= n || (nodes[at].mask >> i & 1) == 0)
			return -1;
	return at < 0 || at >= n ? -1 : nodes[at].value;
}

static void
test_next_node(void)
{
	jrn_env		env = host_env();
	int			round,
				wrong = 0,
				found = 0;

	for (round = 0; round < 60000; round++)
	{
		node		nodes[8],
					moving;
		jrn_node_list parts[2],
					list;
		jrn_node_work work = {NULL, 0};
		unsigned char wire[400];
		int			n = (int) pick(9),
					i,
					j,
					want;
		uint32_t	value;
		char		letter;

		memset(parts, 0, sizeof(parts));
		parts[0].n_conditions = (uint8_t) (1 + pick(3));
		parts[0].base = (uint8_t) pick(4);
		parts[0].backward = pick(2) == 0;
		parts[1] = parts[0];
		for (i = 0; i < n; i++)
		{
			nodes[i].ts = pick(5);
			nodes[i].mask = pick(4) == 0 ? (1u << parts[0].n_conditions) - 1 : pick(1u << parts[0].n_conditions);
			nodes[i].value = (int) pick(4) - 1;
			nodes[i].is_base = pick(4) > 0;
			letter = (char) ('a' + nodes[i].value);
			if (jrn_node_list_add(&env, &parts[pick(2)], nodes[i].ts, nodes[i].mask, nodes[i].is_base,
								  nodes[i].value < 0 ? NULL : &letter, nodes[i].value > 0) != JRN_OK)
				wrong++;
		}
		for (i = 1; i < n; i++)
		{
			moving = nodes[i];
			for (j = i; j > 0 && node_before(&moving, &nodes[j - 1]); j--)
				nodes[j] = nodes[j - 1];
			nodes[j] = moving;
		}
		want = slow_next(nodes, n, parts[0].base, parts[0].backward, parts[0].n_conditions);
		if (jrn_node_list_merge(&env, &parts[0], &parts[1]) != JRN_OK)
			wrong++;
		list = parts[0];
		if (n > 0 && (jrn_node_encode(&env, &parts[0], wire) != JRN_OK ||
					  jrn_node_decode(&env, wire, jrn_node_wire_size(&parts[0]), &list) != JRN_OK))
			wrong++;
		if (jrn_node_list_next(&env, &list, &work, &value) != JRN_OK)
			wrong++;
		else if (want < 0 ? value != JRN_NODE_NULL : want == 0 ? value != JRN_NODE_EMPTY :
				 value >= JRN_NODE_EMPTY || list.values.bytes[list.values.words[value].offset] != 'a' + want)
			wrong++;
		found += want >= 0;
		host_reset();
	}
	ok_int(wrong, 0, "R-NODE-1 to 4: 60,000 random groups, merged and sent, by the words of the definition");
	ok(found > 5000 && found < 55000, "both answers are common (%d found)", found);
}

static void
test_node_wire(void)
{
	jrn_env		env = host_env();
	jrn_node_list list,
				other;
	unsigned char wire[300],
				bad[300];
	size_t		size,
				i;
	int			refused = 0,
				accepted = 0;

	memset(&list, 0, sizeof(list));
	list.n_conditions = 3;
	list.base = JRN_BASE_FIRST_MATCH;
	for (i = 0; i < 5; i++)
		if (jrn_node_list_add(&env, &list, (int64_t) i, i, i % 2 == 0, i == 3 ? NULL : "abcde", i % 4) != JRN_OK)
			ok(false, "a row");
	size = jrn_node_wire_size(&list);
	ok(jrn_node_encode(&env, &list, wire) == JRN_OK &&
	   jrn_node_decode(&env, wire, size, &other) == JRN_OK && other.count == 5 &&
	   other.values.count == list.values.count, "R-NODE-4 there and back");
	for (i = 0; i < size; i++)
		refused += jrn_node_decode(&env, wire, i, &other) == JRN_CORRUPT;
	ok_int(refused, (long long) size, "R-NODE-4 every truncated state is refused");
	for (i = 0; i < 200000; i++)
	{
		jrn_status	status;

		memcpy(bad, wire, size);
		bad[pick((uint32_t) size)] = (unsigned char) pick(256);
		status = jrn_node_decode(&env, bad, size, &other);
		accepted += status == JRN_OK && other.count == 5;
		refused += status == JRN_CORRUPT;
		if (i % 1000 == 0)
			host_reset();
	}
	ok_int(accepted + refused - (long long) size, 200000, "R-NODE-4 damaged states are valid or refused");
	host_reset();
}

static jrn_status
travel_nodes(const jrn_env *env, void *arg)
{
	jrn_node_list list,
				other;
	jrn_node_work work = {NULL, 0};
	unsigned char *wire;
	uint32_t	value;
	size_t		i;

	(void) arg;
	memset(&list, 0, sizeof(list));
	list.n_conditions = 1;
	for (i = 0; i < 30000; i++)
	{
		char		letter = (char) ('a' + i % 23);

		JRN_TRY(jrn_node_list_add(env, &list, (int64_t) (i * 7919 % 1000), i % 2, true, &letter, 1));
	}
	JRN_TRY(jrn_alloc_array(env, jrn_node_wire_size(&list), 1, &wire));
	JRN_TRY(jrn_node_encode(env, &list, wire));
	JRN_TRY(jrn_node_decode(env, wire, jrn_node_wire_size(&list), &other));
	JRN_TRY(jrn_node_list_merge(env, &list, &other));
	return jrn_node_list_next(env, &list, &work, &value);
}

void
test_conditions(void)
{
	test_order();
	test_wire();
	test_next_node();
	test_node_wire();
	ok_survives(build_and_travel, NULL, "rows of conditions");
	ok_survives(travel_nodes, NULL, "rows of the next node");
	host_reset();
}
