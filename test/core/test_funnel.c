/*
 * test_funnel.c
 *		Funnels against a search over all chains, the worked tables, named
 *		false results of other systems, and cost.
 *
 * The oracle follows the definitions of funnel.h row by row and knows no
 * slots: it tries every start and every choice.  JRN_FUNNEL_CASES sets the
 * random cases of each mode (default 8,000; 200,000 give 0 mismatches too).
 */
#include "tap.h"

#include <stdlib.h>

#include "../../src/core/random.h"
#include "../../src/funnels/funnel.h"

#define MOST_ROWS 9
#define TIMES 24

typedef struct small
{
	jrn_funnel_row rows[MOST_ROWS];
	uint64_t	pass[MOST_ROWS];
	int			n;
	int			steps;
	unsigned	mode;
	int64_t		deadlines[TIMES];
	bool		has_pass;
} small;

static uint64_t rng = 1;

static int
below(int n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (int) ((rng >> 11) % (uint64_t) n);
}

static int64_t
table_deadline(void *arg, int64_t start)
{
	return ((const small *) arg)->deadlines[start];
}

/* ---- the oracle: reusable, once, increase ---- */

static int
longest(const small *c, int level, int64_t last, int64_t deadline, unsigned used)
{
	int			best = level;
	int			i;

	if (level == c->steps)
		return level;
	for (i = 0; i < c->n; i++)
	{
		int64_t		ts = c->rows[i].ts;
		int			got;

		if ((c->rows[i].mask >> level & 1) == 0 || ts > deadline || ts < last)
			continue;
		if ((c->mode & JRN_FUNNEL_INCREASE) != 0 && ts <= last)
			continue;
		if ((c->mode & JRN_FUNNEL_ONCE) != 0 && (used >> i & 1) != 0)
			continue;
		got = longest(c, level + 1, ts, deadline, used | 1u << i);
		if (got > best)
			best = got;
	}
	return best;
}

/* ---- row by row: what the definitions say of one chain and one row ---- */

static int
walk_on(const small *c, int level, int64_t last, int64_t deadline, int at)
{
	uint64_t	mask,
				pass;
	unsigned	m = c->mode;
	bool		next,
				may;
	int			best = level,
				s,
				got;
	bool		stays = true;

	if (at == c->n || level == c->steps)
		return level;
	mask = c->rows[at].mask;
	pass = c->has_pass ? c->pass[at] : 0;
	if (mask == 0 && pass == 0 && (m & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_ORDER)) == 0)
		return walk_on(c, level, last, deadline, at + 1);
	next = (mask >> level & 1) != 0;
	may = next && c->rows[at].ts <= deadline &&
		((m & JRN_FUNNEL_INCREASE) == 0 || c->rows[at].ts > last);
	if ((m & JRN_FUNNEL_DEDUPLICATION) != 0)
		for (s = 2; s <= level; s++)
			if ((mask >> (s - 1) & 1) != 0)
				may = stays = false;
	if ((m & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_NO_SKIP)) != 0)
		stays = false;
	else if ((m & JRN_FUNNEL_ORDER) != 0)
	{
		bool		old = false;

		for (s = 1; s <= level; s++)
			if ((mask >> (s - 1) & 1) != 0)
				old = true;
		if (!(next && !may) && !old && !((m & JRN_FUNNEL_REENTRY) != 0 && mask != 0))
			stays = false;
	}
	if ((pass >> (level - 1) & 1) != 0)
		stays = true;
	if (may)
		best = walk_on(c, level + 1, c->rows[at].ts, deadline, at + 1);
	/*
	 * With DEDUPLICATION a chain must take a step it is offered.  With ORDER
	 * taking it is never worse (so both are tried), unless optional steps keep
	 * chains of some levels only.
	 */
	if (stays && !(may && ((m & JRN_FUNNEL_DEDUPLICATION) != 0 || c->has_pass) &&
				   (pass >> (level - 1) & 1) == 0))
	{
		got = walk_on(c, level, last, deadline, at + 1);
		if (got > best)
			best = got;
	}
	return best;
}

static int
most_matched(const small *c, int64_t from, int64_t to, int at, uint64_t taken)
{
	int			best,
				s;

	if (at == c->n)
		return __builtin_popcountll(taken);
	best = most_matched(c, from, to, at + 1, taken);
	for (s = 0; s < c->steps; s++)
		if ((c->rows[at].mask >> s & 1) != 0 && (taken >> s & 1) == 0 &&
			c->rows[at].ts >= from && c->rows[at].ts <= to)
		{
			int			got = most_matched(c, from, to, at + 1, taken | (uint64_t) 1 << s);

			if (got > best)
				best = got;
		}
	return best;
}

static int
oracle(const small *c)
{
	int			best = 0,
				i;

	for (i = 0; i < c->n; i++)
	{
		int64_t		ts = c->rows[i].ts;
		int			got = 0;

		if ((c->mode & JRN_FUNNEL_ANY_ORDER) != 0)
		{
			if (c->rows[i].mask != 0)
				got = most_matched(c, ts, c->deadlines[ts], 0, 0);
		}
		else if ((c->rows[i].mask & 1) == 0)
			continue;
		else if ((c->mode & JRN_FUNNEL_ROW_BY_ROW) != 0)
			got = walk_on(c, 1, ts, c->deadlines[ts], i + 1);
		else
			got = longest(c, 1, ts, c->deadlines[ts], 1u << i);
		if (got > best)
			best = got;
	}
	return best;
}

/* ---- random cases ---- */

static void
sort_rows(small *c)
{
	int			i,
				j;

	for (i = 1; i < c->n; i++)
	{
		jrn_funnel_row row = c->rows[i];

		for (j = i; j > 0 && jrn_funnel_row_before(&row, &c->rows[j - 1]); j--)
			c->rows[j] = c->rows[j - 1];
		c->rows[j] = row;
	}
}

/* Masks that come from names: equal or disjoint. */
static uint64_t
named_mask(int steps, const int *name_of, int names)
{
	int			name = below(names + 1);
	uint64_t	mask = 0;
	int			s;

	for (s = 0; s < steps; s++)
		if (name_of[s] == name)
			mask |= (uint64_t) 1 << s;
	return mask;
}

static void
draw(small *c)
{
	int			name_of[8];
	int			names = 1 + below(4);
	bool		by_name = (c->mode & JRN_FUNNEL_ANY_ORDER) != 0 || below(3) == 0;
	int			kind = below(3);
	int			window = 1 + below(10);
	int			spread = 1 + below(TIMES - 12);
	int			i;

	c->steps = 1 + below(4);
	c->n = below((c->mode & JRN_FUNNEL_ROW_BY_ROW) != 0 ? MOST_ROWS + 1 : MOST_ROWS - 1);
	for (i = 0; i < c->steps; i++)
		name_of[i] = below(names);
	for (i = 0; i < TIMES; i++)
		c->deadlines[i] = i + (kind == 0 ? window : kind == 1 ? below(window + 3) : 1000);
	for (i = 0; i < c->n; i++)
	{
		c->rows[i].ts = below(spread);
		if (by_name)
			c->rows[i].mask = named_mask(c->steps, name_of, names);
		else
			c->rows[i].mask = below(2) ? (uint64_t) 1 << below(c->steps) : (uint64_t) below(1 << c->steps);
	}
	sort_rows(c);
	c->has_pass = (c->mode & JRN_FUNNEL_ROW_BY_ROW) != 0 && below(3) == 0;
	for (i = 0; i < c->n; i++)
		c->pass[i] = below(3) == 0 ? (uint64_t) below(1 << c->steps) : 0;
}

static void
spec_of(const small *c, jrn_funnel *funnel)
{
	funnel->steps = c->steps;
	funnel->mode = c->mode;
	funnel->deadline = table_deadline;
	funnel->deadline_arg = (void *) c;
}

/* The chain reported must be one by the definitions. */
static bool
chain_is_sound(const small *c, const jrn_funnel_chain *chain)
{
	unsigned	used = 0;
	int64_t		start,
				last;
	int			k;

	if (chain->level == 0)
		return true;
	start = last = c->rows[chain->row[0]].ts;
	for (k = 0; k < chain->level; k++)
	{
		const jrn_funnel_row *row = &c->rows[chain->row[k]];

		if (chain->row[k] >= (size_t) c->n || row->ts < last ||
			((c->mode & JRN_FUNNEL_ANY_ORDER) == 0 && row->ts > c->deadlines[start]))
			return false;
		if ((c->mode & JRN_FUNNEL_ANY_ORDER) == 0 && (row->mask >> k & 1) == 0)
			return false;
		if ((c->mode & JRN_FUNNEL_INCREASE) != 0 && k > 0 && row->ts == last)
			return false;
		if (c->mode != 0 && (used >> chain->row[k] & 1) != 0)
			return false;
		used |= 1u << chain->row[k];
		last = row->ts;
	}
	return true;
}

static bool
agrees(const small *c, const jrn_env *env)
{
	jrn_funnel	funnel;
	jrn_funnel_work work;
	jrn_funnel_chain chain;
	jrn_funnel_wish wish = {0};
	int			want = oracle(c),
				level = -1;

	spec_of(c, &funnel);
	jrn_funnel_work_init(&work, env);
	wish.pass = c->has_pass ? c->pass : NULL;
	if (jrn_funnel_run(&funnel, &work, c->rows, (size_t) c->n, &wish, &chain) != JRN_OK)
		return false;
	if (chain.level != want || !chain_is_sound(c, &chain) ||
		chain.completions != (want == c->steps ? 1 : 0))
		return false;
	wish.completions = true;
	if (jrn_funnel_run(&funnel, &work, c->rows, (size_t) c->n, &wish, &chain) != JRN_OK ||
		chain.level != want || (chain.completions > 0) != (want == c->steps) ||
		chain.completions * c->steps > c->n * (c->mode == 0 ? c->steps : 1))
		return false;
	if (c->has_pass)
		return true;
	return jrn_funnel_level(&funnel, &work, c->rows, (size_t) c->n, &level) == JRN_OK && level == want;
}

/* A case that went wrong, to be read. */
static void
show(const small *c)
{
	int			i;

	printf("# steps %d, oracle %d:", c->steps, oracle(c));
	for (i = 0; i < c->n; i++)
		printf(" %d{%x,%x} to %d", (int) c->rows[i].ts, (unsigned) c->rows[i].mask,
			   c->has_pass ? (unsigned) c->pass[i] : 0, (int) c->deadlines[c->rows[i].ts]);
	printf("\n");
}

static void
random_cases(unsigned mode, const char *name, int cases)
{
	jrn_env		env = host_env();
	int			wrong = 0,
				i;
	small		c;

	memset(&c, 0, sizeof(c));
	for (i = 0; i < cases; i++)
	{
		c.mode = mode;
		draw(&c);
		if (!agrees(&c, &env))
		{
			if (wrong++ == 0)
				show(&c);
		}
		host_reset();
	}
	ok_int(wrong, 0, "%s: %d random cases against all chains", name, cases);
}

static void
test_random(void)
{
	const char *wanted = getenv("JRN_FUNNEL_CASES");
	int			cases = wanted == NULL ? 8000 : atoi(wanted);
	unsigned	base[] = {JRN_FUNNEL_ORDER, JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY,
		JRN_FUNNEL_DEDUPLICATION, JRN_FUNNEL_ORDER | JRN_FUNNEL_DEDUPLICATION,
		JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY | JRN_FUNNEL_DEDUPLICATION,
		JRN_FUNNEL_ADJACENT, JRN_FUNNEL_NO_SKIP, JRN_FUNNEL_NO_SKIP | JRN_FUNNEL_DEDUPLICATION,
		JRN_FUNNEL_ADJACENT | JRN_FUNNEL_ORDER, JRN_FUNNEL_NO_SKIP | JRN_FUNNEL_ORDER};
	size_t		i;
	char		name[200];

	random_cases(0, "rows reusable", 2 * cases);
	random_cases(JRN_FUNNEL_INCREASE, "strict_increase", 2 * cases);
	random_cases(JRN_FUNNEL_ONCE, "strict_once", 2 * cases);
	random_cases(JRN_FUNNEL_ONCE | JRN_FUNNEL_INCREASE, "strict_once, strict_increase", cases);
	random_cases(JRN_FUNNEL_ANY_ORDER, "any_order", cases);
	for (i = 0; i < sizeof(base) / sizeof(base[0]); i++)
	{
		jrn_funnel_mode_words(base[i], name, sizeof(name));
		random_cases(base[i], name, cases);
		jrn_funnel_mode_words(base[i] | JRN_FUNNEL_INCREASE, name, sizeof(name));
		random_cases(base[i] | JRN_FUNNEL_INCREASE, name, cases / 2);
	}
}

/* ---- the worked tables ---- */

static int64_t
wide(void *arg, int64_t start)
{
	return start + *(int64_t *) arg;
}

static int
level_of(const jrn_funnel_row *rows, size_t n, int steps, unsigned mode, int64_t window)
{
	jrn_env		env = host_env();
	jrn_funnel	funnel;
	jrn_funnel_work work;
	int			level = -1;

	funnel.steps = steps;
	funnel.mode = mode;
	funnel.deadline = wide;
	funnel.deadline_arg = &window;
	jrn_funnel_work_init(&work, &env);
	if (jrn_funnel_level(&funnel, &work, rows, n, &level) != JRN_OK)
		level = -2;
	host_reset();
	return level;
}

static void
test_paths(void)
{
	static const unsigned modes[] = {0, JRN_FUNNEL_ADJACENT, JRN_FUNNEL_ORDER,
		JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY, JRN_FUNNEL_DEDUPLICATION, JRN_FUNNEL_NO_SKIP,
	JRN_FUNNEL_ANY_ORDER};
	static const struct
	{
		const char *path;
		const char *levels;
	}			table[] =
	{
		{"ABC", "3333333"}, {"ABDC", "3222333"}, {"AABBDCC", "3222223"}, {"ABAC", "3233323"},
		{"ABBC", "3233223"}, {"AABC", "3333333"}, {"ACBC", "3113313"}, {"CABC", "3333333"},
		{"ABDCABC", "3333333"}, {"BAC", "1111113"},
		/* cases of ClickHouse's strict_order */
		{"ADBC", "3111333"}
	};
	size_t		t,
				m,
				i;

	for (t = 0; t < sizeof(table) / sizeof(table[0]); t++)
		for (m = 0; m < 7; m++)
		{
			jrn_funnel_row rows[10];
			size_t		n = strlen(table[t].path);

			for (i = 0; i < n; i++)
			{
				rows[i].ts = (int64_t) i;
				rows[i].mask = table[t].path[i] == 'D' ? 0 : (uint64_t) 1 << (table[t].path[i] - 'A');
			}
			ok_int(level_of(rows, n, 3, modes[m], 1000), table[t].levels[m] - '0',
				   "%s, column %d", table[t].path, (int) m + 1);
		}
}

#define ROWS(...) (const jrn_funnel_row[]) {__VA_ARGS__}
#define COUNT(...) (sizeof((jrn_funnel_row[]) {__VA_ARGS__}) / sizeof(jrn_funnel_row))

#define TIES(steps, reuse, once, deny, name, ...) \
	do { \
		ok_int(level_of(ROWS(__VA_ARGS__), COUNT(__VA_ARGS__), steps, 0, 1000), reuse, "%s: rows reusable", name); \
		ok_int(level_of(ROWS(__VA_ARGS__), COUNT(__VA_ARGS__), steps, JRN_FUNNEL_ONCE, 1000), once, "%s: each row once", name); \
		ok_int(level_of(ROWS(__VA_ARGS__), COUNT(__VA_ARGS__), steps, JRN_FUNNEL_INCREASE, 1000), deny, "%s: increasing", name); \
	} while (0)

#define WINDOW(want, name, ...) \
	ok_int(level_of(ROWS(__VA_ARGS__), COUNT(__VA_ARGS__), 3, 0, 10), want, "window of 10: %s", name)

static void
test_ties(void)
{
	TIES(3, 2, 2, 2, "A@1 A@2 B@2 (ClickHouse strict_increase says 1)", {1, 1}, {2, 1}, {2, 2});
	TIES(3, 3, 3, 3, "A@0 B@1 B@2 C@2 (ClickHouse strict_increase says 2)", {0, 1}, {1, 2}, {2, 2}, {2, 4});
	TIES(4, 4, 4, 4, "ClickHouse 52844 (says 2)", {1, 1}, {2, 2}, {2, 4}, {2, 8}, {3, 2}, {3, 4}, {3, 8},
		 {4, 2}, {4, 4}, {4, 8});
	TIES(3, 2, 2, 1, "R-FUN-2 order inside an instant is free", {5, 2}, {5, 1});
	TIES(3, 2, 1, 1, "one row, two steps", {5, 3});
	TIES(3, 2, 2, 1, "two rows, two steps each", {5, 3}, {5, 3});
	TIES(3, 3, 2, 2, "a row for steps 2 and 3", {1, 1}, {5, 6});
	TIES(3, 3, 3, 2, "a greedy choice would say 2", {1, 1}, {5, 6}, {5, 2});
	WINDOW(2, "inclusive", {0, 1}, {10, 2});
	WINDOW(1, "one too late", {0, 1}, {11, 2});
	WINDOW(3, "later start", {0, 1}, {3, 1}, {9, 2}, {12, 4});
	WINDOW(2, "step 3 too late for its own start", {0, 1}, {9, 2}, {10, 1}, {12, 4});
	WINDOW(3, "third start", {0, 1}, {6, 2}, {8, 1}, {11, 4}, {17, 2}, {18, 4});
	ok_int(level_of(NULL, 0, 3, 0, 10), 0, "no row");
}

/* A later start with an earlier end: the earlier one must not be given up. */
static void
test_months(void)
{
	small		c;
	jrn_env		env = host_env();
	jrn_funnel	funnel;
	jrn_funnel_work work;
	jrn_funnel_chain chain;

	memset(&c, 0, sizeof(c));
	c.steps = 2;
	c.n = 3;
	c.rows[0].ts = 1;
	c.rows[1].ts = 2;
	c.rows[2].ts = 9;
	c.rows[0].mask = c.rows[1].mask = 1;
	c.rows[2].mask = 2;
	c.deadlines[1] = 10;
	c.deadlines[2] = 8;
	spec_of(&c, &funnel);
	jrn_funnel_work_init(&work, &env);
	ok(jrn_funnel_run(&funnel, &work, c.rows, 3, NULL, &chain) == JRN_OK && chain.level == 2 &&
	   chain.row[0] == 0 && chain.row[1] == 2, "R-FUN-1 month windows: deadlines are compared, not starts");
	host_reset();
}

/* Rows of the chain are its own: the first to complete, never a negative time. */
static void
test_chain(void)
{
	static const jrn_funnel_row rows[] = {{0, 1}, {2, 1}, {3, 2}, {4, 1}, {5, 4}, {6, 2}, {7, 4}};
	int64_t		window = 100;
	jrn_env		env = host_env();
	jrn_funnel	funnel = {3, JRN_FUNNEL_ONCE, wide, NULL};
	jrn_funnel_work work;
	jrn_funnel_chain chain;
	jrn_funnel_wish wish = {0};

	funnel.deadline_arg = &window;
	jrn_funnel_work_init(&work, &env);
	ok(jrn_funnel_run(&funnel, &work, rows, 7, &wish, &chain) == JRN_OK && chain.level == 3 &&
	   chain.row[0] == 1 && chain.row[1] == 2 && chain.row[2] == 4, "R-FUN-4 the first chain to complete, from its latest start");
	wish.completions = true;
	ok(jrn_funnel_run(&funnel, &work, rows, 7, &wish, &chain) == JRN_OK && chain.completions == 1,
	   "a start inside a completion does not count again");
	wish.limited = true;
	wish.last_deadline = 101;
	ok(jrn_funnel_run(&funnel, &work, rows, 7, &wish, &chain) == JRN_OK && chain.level == 3 && chain.row[0] == 0,
	   "only starts whose deadline is at most the limit");
	host_reset();
}

/* ---- words ---- */

static void
test_words(void)
{
	unsigned	mode;
	const char *word;
	size_t		size;
	const char *text = " strict_order ,allow_reentry";

	ok(jrn_funnel_mode_parse(text, JRN_FUNNEL_AGGREGATE_MODES, &mode, &word, &size) == JRN_FUNNEL_MODE_OK &&
	   mode == (JRN_FUNNEL_ORDER | JRN_FUNNEL_REENTRY), "two words with blanks");
	text = "strict_order,strict";
	ok(jrn_funnel_mode_parse(text, JRN_FUNNEL_AGGREGATE_MODES, &mode, &word, &size) == JRN_FUNNEL_MODE_UNKNOWN &&
	   word == text + 13 && size == 6, "an unknown word and where it stands");
	ok(jrn_funnel_mode_parse("adjacent", JRN_FUNNEL_AGGREGATE_MODES, &mode, &word, &size) == JRN_FUNNEL_MODE_UNKNOWN,
	   "a word of the other call");
	ok(jrn_funnel_mode_parse("", JRN_FUNNEL_TABLE_MODES, &mode, &word, &size) == JRN_FUNNEL_MODE_EMPTY, "empty");
	ok(jrn_funnel_mode_parse("adjacent,", JRN_FUNNEL_TABLE_MODES, &mode, &word, &size) == JRN_FUNNEL_MODE_EMPTY,
	   "a comma at the end");
	ok(jrn_funnel_mode_parse("allow_reentry", JRN_FUNNEL_TABLE_MODES, &mode, &word, &size) ==
	   JRN_FUNNEL_MODE_NEEDS_ORDER, "allow_reentry alone");
	ok(jrn_funnel_mode_parse("any_order, adjacent", JRN_FUNNEL_TABLE_MODES, &mode, &word, &size) ==
	   JRN_FUNNEL_MODE_ALONE, "any_order with another");
}

/* ---- cost: a million rows, the worst kinds ---- */

typedef struct big
{
	const jrn_funnel_row *rows;
	size_t		n;
	jrn_funnel	funnel;
	int64_t		window;
} big;

static jrn_status
run_big(const jrn_env *env, void *arg)
{
	const big  *b = arg;
	jrn_funnel_work work;
	jrn_funnel_chain chain;

	jrn_funnel_work_init(&work, env);
	return jrn_funnel_run(&b->funnel, &work, b->rows, b->n, NULL, &chain);
}

static void
test_cost(void)
{
	static const unsigned modes[] = {0, JRN_FUNNEL_ONCE, JRN_FUNNEL_INCREASE, JRN_FUNNEL_ADJACENT,
	JRN_FUNNEL_ORDER | JRN_FUNNEL_INCREASE, JRN_FUNNEL_DEDUPLICATION, JRN_FUNNEL_ANY_ORDER};
	static const char *kinds[] = {"step 1 only", "one instant", "every step"};
	size_t		n = 200000,
				i,
				m;
	int			kind;
	jrn_funnel_row *rows = malloc(n * sizeof(jrn_funnel_row));
	big			b;

	b.rows = rows;
	b.n = n;
	b.window = 1000;
	b.funnel.deadline = wide;
	b.funnel.deadline_arg = &b.window;
	b.funnel.steps = 8;
	for (kind = 0; kind < 3; kind++)
	{
		for (i = 0; i < n; i++)
		{
			rows[i].ts = kind == 1 ? 7 : (int64_t) i;
			rows[i].mask = kind == 0 ? 1 : 0x7f;	/* the last step never comes */
		}
		for (m = 0; m < 7; m++)
		{
			jrn_env		env = host_env();
			long		before = host_ticks();

			b.funnel.mode = modes[m];
			ok(run_big(&env, &b) == JRN_OK && host_ticks() - before >= 150,
			   "R-FUN-3 200,000 rows, %s, mode %u: looks at interrupts on the way", kinds[kind], modes[m]);
			host_reset();
		}
	}
	b.n = 3000;
	for (m = 0; m < 7; m++)
	{
		b.funnel.mode = modes[m];
		ok_survives(run_big, &b, "failures in every mode");
	}
	free(rows);
}

void
test_funnel(void)
{
	test_paths();
	test_ties();
	test_months();
	test_chain();
	test_words();
	test_random();
	test_cost();
}
