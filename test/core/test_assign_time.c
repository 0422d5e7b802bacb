/*
 * test_assign_time.c
 *		Splits along time: brute force from the definitions on random decisions,
 *		order of arrival, ties, failures.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/folds/time_folds.h"

#define ROWS 400

typedef struct data
{
	jrn_decisions rows;
	int64_t		decided[ROWS];
	int64_t		matured[ROWS];
	int64_t		learned[ROWS];
	uint32_t	keys[ROWS];
	int32_t		blocks[ROWS];
	uint8_t		roles[ROWS];
	int32_t		k;
} data;

static data d;
static data other;
static uint64_t state = 1;

static int64_t
draw(int64_t below)
{
	return (int64_t) (jrn_hash_u64(state++, 5) % (uint64_t) below);
}

static void
fill(data *to, size_t n, int64_t span, int64_t window, int64_t gap)
{
	size_t		i;

	to->rows.n = n;
	to->rows.decided = to->decided;
	to->rows.matured = to->matured;
	to->rows.keys = to->keys;
	to->rows.key_count = 1 + n / 2;
	for (i = 0; i < n; i++)
	{
		to->decided[i] = draw(span);
		to->matured[i] = draw(10) == 0 ? JRN_NOT_MATURED : to->decided[i] + draw(window + 1);
		to->learned[i] = to->matured[i] == JRN_NOT_MATURED ? JRN_NOT_MATURED : to->matured[i] + gap;
		to->keys[i] = (uint32_t) draw((int64_t) to->rows.key_count);
	}
}

static void
test_rolling(void)
{
	jrn_env		env = host_env();
	int			wrong = 0;
	int			seen[8] = {0};
	int			c;

	for (c = 0; c < 500; c++)
	{
		int64_t		cut = draw(100);
		int64_t		end = cut + 1 + draw(40);
		int64_t		start = draw(2) == 0 ? INT64_MIN : cut - draw(60);
		size_t		i;

		fill(&d, (size_t) draw(40), 100, 20, draw(10));
		wrong += jrn_rolling_roles(&env, &d.rows, d.learned, start, cut, end, d.roles) != JRN_OK;
		for (i = 0; i < d.rows.n; i++)
		{
			bool		known = d.matured[i] != JRN_NOT_MATURED;
			bool		tested = d.decided[i] >= cut && d.decided[i] < end;
			bool		old = d.decided[i] < cut && d.decided[i] >= start;

			seen[d.roles[i]]++;
			wrong += (d.roles[i] == JRN_ROLE_TEST) != (tested && known);
			wrong += (d.roles[i] == JRN_ROLE_TRAIN) != (old && known && d.learned[i] <= cut);
			wrong += (d.roles[i] == JRN_ROLE_GAP) !=
				(old && known && d.learned[i] > cut && d.matured[i] <= cut);
			wrong += (d.roles[i] == JRN_ROLE_IMMATURE) !=
				((tested && !known) || (old && (!known || d.matured[i] > cut)));
			wrong += (d.roles[i] == JRN_ROLE_NONE) != (!tested && !old);
		}
	}
	ok_int(wrong, 0, "R-TIME-1, R-TIME-4: 500 cases by the definition");
	ok(seen[JRN_ROLE_TRAIN] > 0 && seen[JRN_ROLE_TEST] > 0 && seen[JRN_ROLE_GAP] > 0 &&
	   seen[JRN_ROLE_IMMATURE] > 0 && seen[JRN_ROLE_NONE] > 0, "every role occurs");
	host_reset();
}

/* The block of a row from the number of matured rows before its instant. */
static int32_t
block_by_count(const data *of, size_t row)
{
	int64_t		before = 0;
	int64_t		same = 0;
	int64_t		all = 0;
	size_t		i;
	int32_t		block = 1;

	for (i = 0; i < of->rows.n; i++)
		if (of->matured[i] != JRN_NOT_MATURED)
		{
			before += of->decided[i] < of->decided[row];
			same += of->decided[i] == of->decided[row];
			all++;
		}
	while (block < of->k && of->k * (2 * before + same) >= 2 * all * block)
		block++;
	return block;
}

static bool
meets(const data *of, int32_t block, size_t row, bool *same_key, int64_t *last)
{
	int64_t		first = INT64_MAX;
	size_t		i;

	*last = INT64_MIN;
	*same_key = false;
	for (i = 0; i < of->rows.n; i++)
		if (of->blocks[i] == block)
		{
			first = of->decided[i] < first ? of->decided[i] : first;
			*last = of->matured[i] > *last ? of->matured[i] : *last;
			*same_key = *same_key || of->keys[i] == of->keys[row];
		}
	return of->decided[row] <= *last && of->matured[row] >= first;
}

static int
wrong_roles(const data *of, int32_t block, int64_t embargo)
{
	int			wrong = 0;
	size_t		i;

	for (i = 0; i < of->rows.n; i++)
	{
		bool		same_key;
		int64_t		last;
		bool		overlap = meets(of, block, i, &same_key, &last);
		jrn_role	want = JRN_ROLE_TRAIN;

		if (of->decided[i] > last && of->decided[i] <= last + embargo)
			want = JRN_ROLE_EMBARGO;
		if (same_key)
			want = JRN_ROLE_SAME_KEY;
		if (overlap)
			want = JRN_ROLE_OVERLAP;
		if (of->matured[i] == JRN_NOT_MATURED)
			want = JRN_ROLE_IMMATURE;
		else if (of->blocks[i] == block)
			want = JRN_ROLE_TEST;
		wrong += of->roles[i] != want;
	}
	return wrong;
}

static void
test_purged(void)
{
	jrn_env		env = host_env();
	int			wrong = 0;
	int			cut = 0;
	int			seen[8] = {0};
	int			c;

	for (c = 0; c < 300; c++)
	{
		int64_t		embargo = draw(30);
		size_t		i;
		bool		filled[8] = {false};
		jrn_status	status;

		fill(&d, (size_t) draw(40), c % 3 == 0 ? 9 : 1000, 20, 0);
		d.k = 2 + (int32_t) draw(5);
		status = jrn_time_blocks(&env, &d.rows, d.k, d.blocks);
		for (i = 0; i < d.rows.n; i++)
			if (d.matured[i] != JRN_NOT_MATURED)
				filled[block_by_count(&d, i)] = true;
		for (i = 1; i <= (size_t) d.k && filled[i]; i++)
			;
		wrong += status != (i > (size_t) d.k ? JRN_OK : JRN_TOO_FEW);
		if (status != JRN_OK)
			continue;
		cut++;
		for (i = 0; i < d.rows.n; i++)
			wrong += d.blocks[i] != (d.matured[i] == JRN_NOT_MATURED ? 0 : block_by_count(&d, i));
		for (i = 1; i <= (size_t) d.k; i++)
		{
			int64_t		first;
			int64_t		last;
			size_t		j;

			jrn_time_block_extent(&d.rows, d.blocks, (int32_t) i, &first, &last);
			wrong += jrn_purged_roles(&env, &d.rows, d.blocks, (int32_t) i, first, last,
									  last + embargo, d.roles) != JRN_OK;
			wrong += wrong_roles(&d, (int32_t) i, embargo);
			for (j = 0; j < d.rows.n; j++)
				seen[d.roles[j]]++;
		}
	}
	ok_int(wrong, 0, "R-TIME-2, R-TIME-3, R-TIME-4: 300 cases by the definition");
	ok(cut > 150 && cut < 300, "%d of them can be cut", cut);
	ok(seen[JRN_ROLE_TRAIN] > 0 && seen[JRN_ROLE_EMBARGO] > 0 && seen[JRN_ROLE_OVERLAP] > 0 &&
	   seen[JRN_ROLE_SAME_KEY] > 0 && seen[JRN_ROLE_IMMATURE] > 0, "every role occurs");
	host_reset();
}

static void
test_arrival(void)
{
	jrn_env		env = host_env();
	bool		same = true;
	size_t		i;
	int			split;

	fill(&d, 399, 50, 10, 0);
	other.rows = d.rows;
	other.rows.decided = other.decided;
	other.rows.matured = other.matured;
	other.rows.keys = other.keys;
	for (i = 0; i < 399; i++)
	{
		other.decided[i] = d.decided[i * 121 % 399];
		other.matured[i] = d.matured[i * 121 % 399];
		other.keys[i] = d.keys[i * 121 % 399];
	}
	for (split = 1; split <= 5; split++)
	{
		int64_t		first,
					last;

		same = same && jrn_time_blocks(&env, &d.rows, 5, d.blocks) == JRN_OK &&
			jrn_time_blocks(&env, &other.rows, 5, other.blocks) == JRN_OK;
		jrn_time_block_extent(&d.rows, d.blocks, split, &first, &last);
		same = same && jrn_purged_roles(&env, &d.rows, d.blocks, split, first, last, last, d.roles) == JRN_OK &&
			jrn_purged_roles(&env, &other.rows, other.blocks, split, first, last, last, other.roles) == JRN_OK;
		for (i = 0; i < 399; i++)
			same = same && other.roles[i] == d.roles[i * 121 % 399];
	}
	ok(same, "R-TIME-5 the order of rows does not matter");
	host_reset();
}

static jrn_status
everything(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	JRN_TRY(jrn_rolling_roles(env, &of->rows, of->learned, 5, 30, 50, of->roles));
	JRN_TRY(jrn_time_blocks(env, &of->rows, of->k, of->blocks));
	return jrn_purged_roles(env, &of->rows, of->blocks, 1, 10, 20, 25, of->roles);
}

void
test_assign_time(void)
{
	jrn_env		env = host_env();

	test_rolling();
	test_purged();
	test_arrival();
	fill(&d, 300, 500, 20, 3);
	d.k = 4;
	ok_survives(everything, &d, "splits along time");
	ok_int(jrn_time_blocks(&env, &d.rows, 0, d.blocks), JRN_DOMAIN, "k = 0");
	d.rows.n = 0;
	ok_int(jrn_time_blocks(&env, &d.rows, 2, d.blocks), JRN_TOO_FEW, "no rows");
	host_reset();
}
