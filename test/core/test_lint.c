/*
 * test_lint.c
 *		Findings over journeys against a brute-force count over all rows.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/events/lint.h"

#define ROWS 3000
#define LABELS 9

typedef struct row
{
	int64_t		customer;
	int64_t		ts;
	uint32_t	label;			/* names ascend with the number */
	uint64_t	id;
} row;

static row	rows[ROWS];

typedef struct run
{
	int			count;
	bool		has_id;
	int			step;			/* order of arrival */
	jrn_lint	lint;
	uint64_t	median;
	uint64_t	least;
	uint64_t	heavy;
} run;

static void
canonical(int64_t value, char out[8])
{
	int			i;

	for (i = 0; i < 8; i++)
		out[i] = (char) (uint8_t) ((uint64_t) value >> (8 * i));
}

static jrn_status
lint_rows(const jrn_env *env, void *arg)
{
	run		   *r = arg;
	jrn_events	events;
	int			i;

	JRN_TRY(jrn_events_begin(&events, env, NULL, 0, r->has_id, 1 << 20));
	jrn_lint_begin(&r->lint, env, &events.labels, true);
	for (i = 0; i < r->count; i++)
	{
		const row  *from = &rows[(long) i * r->step % r->count];
		char		key[8];
		char		id[8];
		char		name[2] = "a";
		uint32_t	code;

		canonical(from->customer, key);
		canonical((int64_t) from->id, id);
		name[0] = (char) ('a' + (char) from->label);
		JRN_TRY(jrn_labels_intern(&events.labels, name, 1, &code));
		JRN_TRY(jrn_events_append(&events, key, 8, from->ts, code, NULL, id, 8));
	}
	JRN_TRY(jrn_events_visit(&events, jrn_lint_journey, &r->lint));
	return jrn_lint_heavy(&r->lint, &r->median, &r->least, &r->heavy);
}

static bool
finding_is(const jrn_lint_finding *finding, uint64_t count, bool any, int64_t customer)
{
	char		key[8];

	canonical(customer, key);
	return finding->count == count && any == (finding->key != NULL) &&
		(!any || (finding->key_size == 8 && memcmp(finding->key, key, 8) == 0));
}

/* Pairs of rows: O(n^2), nothing of the code under test. */
static void
check_pairs(const run *r, const char *name)
{
	uint64_t	tied = 0;
	uint64_t	unbroken = 0;
	uint64_t	identical = 0;
	uint64_t	reissued = 0;
	int64_t		first[3] = {INT64_MAX, INT64_MAX, INT64_MAX};
	int			i,
				j;

	for (i = 0; i < r->count; i++)
	{
		bool		is_tied = false;
		bool		is_unbroken = false;
		bool		again = false;
		bool		label_again = false;

		for (j = 0; j < r->count; j++)
		{
			bool		same_id = !r->has_id || rows[i].id == rows[j].id;
			bool		same_label = rows[i].label == rows[j].label;

			if (i == j || rows[i].customer != rows[j].customer || rows[i].ts != rows[j].ts)
				continue;
			is_tied = true;
			is_unbroken = is_unbroken || same_id;
			again = again || (j < i && same_id && same_label);
			label_again = label_again || (j < i && same_label);
		}
		tied += is_tied;
		unbroken += is_unbroken;
		identical += again;
		reissued += label_again;
		if (is_tied && rows[i].customer < first[0])
			first[0] = rows[i].customer;
		if (again && rows[i].customer < first[1])
			first[1] = rows[i].customer;
	}
	ok(finding_is(&r->lint.tied, tied, tied > 0, first[0]), "R-LINT-2 R-LINT-3 %s: tied", name);
	ok_int((long long) r->lint.tied_unbroken, (long long) unbroken, "R-LINT-3 %s: ids tied", name);
	ok(finding_is(&r->lint.identical, identical, identical > 0, first[1]),
	   "R-LINT-2 R-LINT-4 %s: identical", name);
	ok_int((long long) r->lint.reissued.count, (long long) (reissued - identical),
		   "R-LINT-4 %s: reissued", name);
}

static void
check_labels(const run *r, const char *name)
{
	uint32_t	label;
	uint32_t	rank = 0;
	bool		right = true;
	int			i;

	for (label = 0; label < LABELS; label++)
	{
		bool		seen = false;
		bool		rare = true;
		int64_t		who = 0;

		for (i = 0; i < r->count; i++)
		{
			if (rows[i].label != label)
				continue;
			if (seen && rows[i].customer != who)
				rare = false;
			who = rows[i].customer;
			seen = true;
		}
		if (seen)
			right = right && jrn_lint_is_rare(&r->lint, rank++) == rare;
	}
	ok(right, "R-LINT-6 %s: rare labels", name);
}

static void
run_and_check(run *r, const char *name)
{
	jrn_env		env = host_env();
	int64_t		first = INT64_MAX;
	int64_t		last = INT64_MIN;
	int			i;

	r->step = 1;
	ok_int(lint_rows(&env, r), JRN_OK, "%s runs", name);
	check_pairs(r, name);
	check_labels(r, name);
	for (i = 0; i < r->count; i++)
	{
		first = rows[i].ts < first ? rows[i].ts : first;
		last = rows[i].ts > last ? rows[i].ts : last;
	}
	ok(r->count == 0 || (r->lint.first_ts == first && r->lint.last_ts == last), "%s: time span", name);
	ok_int((long long) r->lint.events, r->count, "%s: events", name);
	host_reset();
}

/* about half the customers have negative keys; ids 0 to 2 repeat often */
static void
random_rows(uint64_t seed, int count, int customers, int instants)
{
	int			i;

	for (i = 0; i < count; i++)
	{
		uint64_t	h = jrn_hash_u64((uint64_t) i, seed);

		rows[i].customer = (int64_t) (h % (uint64_t) customers) - customers / 2;
		rows[i].ts = (int64_t) (h >> 20) % instants;
		rows[i].label = (uint32_t) ((h >> 40) % (LABELS - 1));
		rows[i].id = (h >> 44) % 3;
	}
	if (count > 0)
		rows[count / 2].label = LABELS - 1; /* one customer only */
}

/* R-LINT-5 with customers 0 .. n - 1 of given sizes. */
static void
check_heavy(const int *sizes, int n, uint64_t median, uint64_t least, uint64_t heavy,
			const char *name)
{
	jrn_env		env = host_env();
	static jrn_event events[200];
	static jrn_labels labels;
	static jrn_lint lint;
	jrn_journey journey;
	uint64_t	got[3];
	int			c;
	char		key[8];

	memset(&journey, 0, sizeof(journey));
	labels.count = 1;
	jrn_lint_begin(&lint, &env, &labels, true);
	for (c = 0; c < 200; c++)
		events[c].ts = c;
	for (c = 0; c < n; c++)
	{
		canonical(c, key);
		journey.key = key;
		journey.key_size = 8;
		journey.events = events;
		journey.n = (size_t) sizes[c];
		if (jrn_lint_journey(&lint, &journey) != JRN_OK)
			break;
	}
	ok_int(jrn_lint_heavy(&lint, &got[0], &got[1], &got[2]), JRN_OK, "R-LINT-5 %s", name);
	ok(got[0] == median && got[1] == least && got[2] == heavy,
	   "R-LINT-5 %s: median %d, from %d events on, %d customers", name, (int) got[0], (int) got[1],
	   (int) got[2]);
	host_reset();
}

static void
test_heavy(void)
{
	static int	sizes[2000];
	int			i;

	for (i = 0; i < 2000; i++)
		sizes[i] = 1 + i % 9;
	check_heavy(sizes, 2000, 5, 101, 0, "an even crowd");
	sizes[7] = 150;
	sizes[8] = 150;
	sizes[9] = 120;
	check_heavy(sizes, 2000, 5, 120, 3, "three of 2,000: the 1,998th is the quantile");
	check_heavy(sizes, 1000, 5, 150, 2, "of 1,000 the quantile is the 999th");
	check_heavy(sizes, 8, 4, 150, 1, "of eight the largest, if it is beyond");
	sizes[0] = 14;
	sizes[1] = 14;
	sizes[2] = 190;
	check_heavy(sizes, 3, 14, 190, 1, "above 10 medians");
	sizes[0] = 15;
	sizes[1] = 19;
	check_heavy(sizes, 3, 19, 191, 0, "exactly 10 medians are not above them");
}

void
test_lint(void)
{
	static run	r;
	static run	other;
	jrn_env		env;
	jrn_lint_finding finding;
	int64_t		ts[3] = {5, -3, 4};
	int			i;

	memset(rows, 0, sizeof(rows));
	r.count = 0;
	run_and_check(&r, "no rows");
	random_rows(1, ROWS, 60, 40);
	r.count = ROWS;
	run_and_check(&r, "many ties, no ids");
	r.has_id = true;
	run_and_check(&r, "many ties, ids");
	random_rows(2, 500, 400, 1000000);
	r.count = 500;
	run_and_check(&r, "few ties, ids");
	r.has_id = false;
	run_and_check(&r, "few ties, no ids");

	/* the order of arrival does not matter */
	random_rows(3, 2999, 300, 50);
	env = host_env();
	r = other;
	r.count = other.count = 2999;
	r.has_id = other.has_id = true;
	r.step = 1;
	other.step = 1234;
	ok_int(lint_rows(&env, &r), JRN_OK, "in order");
	ok_int(lint_rows(&env, &other), JRN_OK, "shuffled");
	ok(r.lint.tied.count == other.lint.tied.count && r.lint.identical.count == other.lint.identical.count &&
	   r.lint.largest.count == other.lint.largest.count &&
	   memcmp(r.lint.largest.key, other.lint.largest.key, 8) == 0 &&
	   memcmp(r.lint.tied.key, other.lint.tied.key, 8) == 0, "R-LINT-2 order of arrival does not matter");
	host_reset();
	r.count = 300;
	r.step = 7;
	ok_survives(lint_rows, &r, "lint");
	host_reset();

	/* names: integers by value, others by bytes; the earliest time */
	env = host_env();
	memset(&finding, 0, sizeof(finding));
	for (i = 0; i < 3; i++)
	{
		char		key[8];

		canonical(i == 1 ? -7 : i, key);
		ok_int(jrn_lint_note(&env, true, &finding, 1, key, 8, &ts[i]), JRN_OK, "note %d", i);
	}
	ok(finding_is(&finding, 3, true, -7) && finding.ts == -3, "R-LINT-2 -7 before 0");
	memset(&finding, 0, sizeof(finding));
	ok_int(jrn_lint_note(&env, false, &finding, 1, "b", 1, NULL), JRN_OK, "note b");
	ok_int(jrn_lint_note(&env, false, &finding, 1, "a longer key", 12, NULL), JRN_OK, "note a...");
	ok_int(jrn_lint_note(&env, false, &finding, 1, NULL, 0, NULL), JRN_OK, "note nobody");
	ok(finding.count == 3 && finding.key_size == 12 && !finding.has_ts, "R-LINT-2 by bytes");
	host_reset();
	test_heavy();
}
