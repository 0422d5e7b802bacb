/*
 * test_recurring.c
 *		Recurring patterns: customers counted by looking everywhere, means of
 *		shuffles against all orders of every journey, a planted sequence, no
 *		discovery where order is by chance.
 */
#include "tap.h"

#include "../../src/chaos/recurring.h"
#include "../../src/core/random.h"

#define MOST 300
#define LONGEST 6
#define LABELS 4

typedef struct world
{
	int			n;
	uint64_t	hash[MOST];
	jrn_event	events[MOST][LONGEST];
	size_t		length[MOST];
	bool		held[MOST];
} world;

static world w;

static void
make_world(int n, uint64_t stream, bool planted)
{
	int			c;
	size_t		i;

	memset(&w, 0, sizeof(w));
	w.n = n;
	for (c = 0; c < n; c++)
	{
		uint64_t	own = jrn_random_u64(stream, (uint64_t) c);

		w.hash[c] = own;
		w.length[c] = 1 + jrn_random_below(own, 92, LONGEST);
		w.held[c] = jrn_random_below(own, 93, 4) == 0;
		for (i = 0; i < w.length[c]; i++)
			w.events[c][i].label = (uint32_t) jrn_random_below(own, i, LABELS);
		if (planted && w.length[c] > 3 && c % 3 == 0)
			for (i = 0; i < 3; i++)
				w.events[c][i].label = (uint32_t) i;
	}
}

static jrn_status
run(const jrn_env *env, jrn_recurring *r, int64_t support, int32_t permutations, uint64_t seed)
{
	int			c;

	JRN_TRY(jrn_recurring_begin(r, env, LABELS, 3, 1 << 20));
	for (c = 0; c < w.n; c++)
		JRN_TRY(jrn_recurring_add(r, w.hash[c], w.events[c], w.length[c], w.held[c]));
	return jrn_recurring_find(r, support, permutations, seed);
}

static bool
has(const jrn_recurring_pattern *p, const uint32_t *labels, size_t n)
{
	size_t		i,
				j;

	for (i = 0; i < n; i++)
		for (j = i + 1; j < n && !p->adjacent; j++)
			if (labels[i] == p->labels[0] && labels[j] == p->labels[1])
				return true;
	for (i = 0; p->adjacent && i + (size_t) p->length <= n; i++)
		if (memcmp(labels + i, p->labels, (size_t) p->length * sizeof(uint32_t)) == 0)
			return true;
	return false;
}

/* Orders of labels[at ...] that have the pattern, and all of them. */
static void
all_orders(const jrn_recurring_pattern *p, uint32_t *labels, size_t at, size_t n, double *with, double *all)
{
	size_t		i;

	if (at == n)
	{
		*with += has(p, labels, n);
		*all += 1.0;
		return;
	}
	for (i = at; i < n; i++)
	{
		uint32_t	t = labels[at];

		labels[at] = labels[i];
		labels[i] = t;
		all_orders(p, labels, at + 1, n, with, all);
		labels[i] = labels[at];
		labels[at] = t;
	}
}

static void
test_counts(void)
{
	jrn_env		env = host_env();
	jrn_recurring r;
	size_t		i;
	int			runs = 0;
	bool		found = false;

	make_world(90, 3, true);
	ok(run(&env, &r, 4, 3000, 0) == JRN_OK && r.count > 20, "%d patterns", (int) r.count);
	for (i = 0; i < r.count; i++)
	{
		const jrn_recurring_pattern *p = &r.list[i];
		int64_t		customers = 0,
					n = 0;
		double		mean = 0.0;
		int			c;
		size_t		e;

		runs += p->adjacent;
		for (c = 0; c < w.n; c++)
		{
			uint32_t	labels[LONGEST];
			double		with = 0.0,
						all = 0.0;

			if (w.held[c])
				continue;
			for (e = 0; e < w.length[c]; e++)
				labels[e] = w.events[c][e].label;
			n++;
			customers += has(p, labels, w.length[c]);
			all_orders(p, labels, 0, w.length[c], &with, &all);
			mean += with / all;
		}
		ok(p->customers == customers, "R-REC-1 customers of pattern %d", (int) i);
		/* noise: sd of a count of 67 at most 3, of its mean over 3000 shuffles .06 */
		ok(fabs((double) customers / p->lift - mean) < 0.25, "R-REC-2 mean of shuffles %.3f, of all orders %.3f",
		   (double) customers / p->lift, mean);
		ok(fabs(p->odds_ratio / (((double) customers + .5) / ((double) (n - customers) + .5) * ((double) n - (double) customers / p->lift + .5) /
								 ((double) customers / p->lift + .5)) - 1.0) < 1e-12, "R-REC-2 odds ratio");
		ok(p->low < p->odds_ratio && p->odds_ratio < p->high && p->p <= p->q && p->q <= p->q_dependent, "R-REC-3 interval, q");
		ok(i == 0 || r.list[i - 1].p < p->p || (r.list[i - 1].p == p->p && r.list[i - 1].lift >= p->lift), "order");
	}
	ok(runs > 8 && runs < (int) r.count, "runs and pairs");
	for (i = 0; i < r.count; i++)
		if (r.list[i].length == 3 && r.list[i].labels[0] == 0 && r.list[i].labels[1] == 1 && r.list[i].labels[2] == 2)
			found = r.list[i].p < 0.001 && r.list[i].q < 0.01 && r.list[i].held_p < 0.05 && r.list[i].low > 2.0;
	ok(found, "the planted run is found and confirmed");
}

/* Order by chance: p-values are not small more often than they say. */
static void
test_size(void)
{
	int			small = 0,
				all = 0,
				s;
	size_t		i;

	for (s = 0; s < 40; s++)
	{
		jrn_env		env = host_env();
		jrn_recurring r;

		make_world(80, 1000 + (uint64_t) s, false);
		if (run(&env, &r, 10, 99, (uint64_t) s) != JRN_OK)
			ok(false, "sample");
		for (i = 0; i < r.count; i++)
		{
			small += r.list[i].held_p <= 0.05;
			all++;
		}
		host_reset();
	}
	ok(all > 500 && small < 0.07 * all, "R-REC-4 held-out p at most .05 in %d of %d", small, all);
}

static void
test_edges(void)
{
	jrn_env		env = host_env();
	jrn_recurring r;

	w.n = 0;
	ok(run(&env, &r, 0, 9, 0) == JRN_OK && r.count == 0, "nobody");
	make_world(15, 4, false);
	ok(run(&env, &r, 0, 9, 0) == JRN_OK && r.count == 0, "R-REC-1 20 customers at least");
	ok(run(&env, &r, 1, 0, 0) == JRN_DOMAIN, "no shuffles");
	ok(jrn_recurring_begin(&r, &env, 4, 1, 1 << 20) == JRN_DOMAIN && jrn_recurring_begin(&r, &env, 4, 11, 1 << 20) == JRN_DOMAIN, "lengths");
}

static jrn_status
whole(const jrn_env *env, void *arg)
{
	jrn_recurring r;

	(void) arg;
	return run(env, &r, 3, 200, 0);
}

void
test_recurring(void)
{
	test_counts();
	test_size();
	test_edges();
	make_world(60, 9, true);
	ok_survives(whole, NULL, "recurring patterns");
}
