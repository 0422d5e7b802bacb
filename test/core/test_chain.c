/*
 * test_chain.c
 *		The absorbing chain and its variance decomposition: store vectors, and
 *		a brute-force walk over every journey of an acyclic chain.
 *
 * Provenance: reference vectors A and B of the chaos reference (4.8),
 * confirmed by test/oracles/chaos.py with numpy.
 */
#include "tap.h"

#include "../../src/maps/chain.h"

/* ad, store, call, refund */
static const double store_q[16] = {.10, .50, .20, .00, .10, .20, .30, .10,
.00, .20, .20, .30, .00, .10, .20, .10};
static const double store_loyal[4] = {.15, .25, .15, .20};
static const double store_churn[4] = {.05, .05, .15, .40};
static const double store_start[4] = {.6, .2, .15, .05};

static void
store_chain(const jrn_env *env, jrn_chain *chain)
{
	int			i;

	jrn_chain_init(env, 4, chain);
	memcpy(chain->q, store_q, sizeof(store_q));
	memcpy(chain->start, store_start, sizeof(store_start));
	for (i = 0; i < 4; i++)
	{
		chain->exit[i] = store_loyal[i] + store_churn[i];
		chain->reward[i] = store_loyal[i] / chain->exit[i];
		chain->spread[i] = chain->reward[i] * (1 - chain->reward[i]);
	}
}

static void
test_vector_a(void)
{
	static const double value[4] = {.6245614, .62631579, .49473684, .40175439};
	static const double visits[4] = {.77935223, 1.01417004, .87786775, .4608637};
	static const double swing[4] = {.04401939, .06476054, .08106464, .14291413};
	static const double shares[5] = {.016984382168146, .14228741, .27240176, .29515435, .27317209};
	jrn_env		env = host_env();
	jrn_chain	chain;
	jrn_solution s;
	double		got[5];
	double		leverage[4];
	double		effects[4];
	double		sum = 0;
	double		touches = 0;
	double		mean_leverage = 0;
	double		p;
	int			i;

	store_chain(&env, &chain);
	ok(jrn_solution_init(&env, 4, &s) == JRN_OK, "space for a solution");
	ok(jrn_chain_solve(&env, &chain, &s) == JRN_OK, "store vector A is solved");
	p = s.mean;
	ok_close(p, .594298245614035, 1e-14, "A: p");
	ok_close(s.variance, p * (1 - p), 1e-14, "R-CHAIN-1 A: parts add up to p (1 - p)");
	jrn_chain_shares(&chain, &s, JRN_CREDIT_FORK, got);
	for (i = 0; i < 4; i++)
	{
		ok_close(s.value[i], value[i], 2e-8, "A: value of touchpoint %d", i);
		ok_close(s.visits[i], visits[i], 2e-8, "A: visits of touchpoint %d", i);
		ok_close(s.swing[i], swing[i], 2e-7, "A: swing of touchpoint %d", i);
		touches += s.visits[i];
	}
	ok_close(touches, 3.1322537113, 1e-10, "A: expected touches");
	ok_close(got[0], shares[0], 1e-13, "A: first-touch share");
	for (i = 0; i < 5; i++)
	{
		ok_close(got[i], shares[i], 2e-8, "A: share %d", i);
		sum += got[i];
	}
	ok_close(sum, 1, 1e-12, "R-CHAIN-1 A: shares add up to 1");
	ok_close(s.visits[2] * (s.value[1] - s.value[3]), .1971352132, 1e-9, "A: redirect derivative");

	jrn_chain_shares(&chain, &s, JRN_CREDIT_ARRIVAL, got);
	for (sum = 0, i = 0; i < 5; i++)
		sum += got[i];
	ok_close(sum, 1, 1e-12, "R-CHAIN-3 A: arrival credit adds up to 1");
	ok_close(got[0], shares[0], 1e-13, "R-CHAIN-3 A: the same first touch");

	jrn_chain_leverage(&chain, &s, leverage);
	jrn_chain_effects(&chain, &s, effects);
	for (sum = 0, i = 0; i < 4; i++)
	{
		mean_leverage += s.visits[i] * leverage[i] / touches;
		sum += s.visits[i] * effects[i];
	}
	ok_close(mean_leverage, 1, 1e-14, "R-CHAIN-5 the average moment has leverage 1");
	ok_close(leverage[3] / leverage[0], sqrt(swing[3] / swing[0]), 1e-7, "R-CHAIN-5 leverage goes with the root of the swing");

	/* what arrivals do not change, the ends do */
	for (p = 0, i = 0; i < 4; i++)
		p += s.visits[i] * chain.exit[i] * (chain.reward[i] - s.value[i]);
	ok(fabs(sum + p) < 1e-14, "mean effects and the last reveal cancel");
}

/*
 * A numeric outcome on vector A: rewards of an arbitrary distribution per
 * exit; identities only, the brute force below has the numbers.
 */
static void
test_shift_and_scale(void)
{
	jrn_env		env = host_env();
	jrn_chain	chain;
	jrn_solution s;
	double		base[5];
	double		moved[5];
	int			i;

	store_chain(&env, &chain);
	jrn_solution_init(&env, 4, &s);
	ok(jrn_chain_solve(&env, &chain, &s) == JRN_OK, "chain");
	jrn_chain_shares(&chain, &s, JRN_CREDIT_FORK, base);
	for (i = 0; i < 4; i++)
	{
		chain.reward[i] = 1e6 + 50 * chain.reward[i];
		chain.spread[i] *= 2500;
	}
	ok(jrn_chain_solve(&env, &chain, &s) == JRN_OK, "chain of another unit");
	jrn_chain_shares(&chain, &s, JRN_CREDIT_FORK, moved);
	for (i = 0; i < 5; i++)
		ok_close(moved[i], base[i], 1e-8, "share %d does not depend on origin and unit", i);
}

static void
test_vector_b(void)
{
	static const double q[9] = {0, .5, 0, 0, 0, 1, 0, 0, 0};
	jrn_env		env = host_env();
	jrn_chain	chain;
	jrn_solution s;
	double		got[4];
	int			i;

	jrn_chain_init(&env, 3, &chain);
	memcpy(chain.q, q, sizeof(q));
	chain.start[0] = 2.0 / 3;
	chain.start[1] = 1.0 / 3;
	chain.exit[0] = .5;
	chain.exit[2] = 1;
	chain.reward[2] = .5;
	chain.spread[2] = .25;
	jrn_solution_init(&env, 3, &s);
	ok(jrn_chain_solve(&env, &chain, &s) == JRN_OK, "vector B is solved");
	ok_close(s.value[0], .25, 1e-15, "B: value of C1");
	ok_close(s.value[1], .5, 1e-15, "B: value of C2");
	ok_close(s.value[2], .5, 1e-15, "B: value of C3");
	for (i = 0; i < 3; i++)
		ok_close(s.visits[i], 2.0 / 3, 1e-15, "B: visits of C%d", i + 1);
	ok_close(s.mean, 1.0 / 3, 1e-15, "B: p");
	jrn_chain_shares(&chain, &s, JRN_CREDIT_FORK, got);
	ok_close(got[0], 1.0 / 16, 1e-14, "B: first touch");
	ok_close(got[1], 3.0 / 16, 1e-14, "B: C1");
	ok(fabs(got[2]) < 1e-15, "B: nothing is decided at C2");
	ok_close(got[3], 3.0 / 4, 1e-14, "B: C3");
}

/* ---- brute force ---- */

#define BRUTE_K 5

/* Two possible outcomes at every end, so that spreads are not those of 0/1. */
typedef struct brute
{
	jrn_chain	chain;
	double		outcome[BRUTE_K][2];
	double		odds[BRUTE_K];	/* probability of the first outcome */
	double		fork[BRUTE_K];
	double		arrival[BRUTE_K];
	double		visits[BRUTE_K];
	double		effect[BRUTE_K];
	double		variance;
	double		first;
	double		mean;
} brute;

/* Expected outcome after touchpoint i: a plain recursion, no matrix. */
static double
expected(const brute *b, int i)
{
	double		sum = b->chain.exit[i] *
		(b->odds[i] * b->outcome[i][0] + (1 - b->odds[i]) * b->outcome[i][1]);
	int			j;

	for (j = i + 1; j < BRUTE_K; j++)
		sum += b->chain.q[i * BRUTE_K + j] * expected(b, j);
	return sum;
}

/* Every continuation of a journey that is at i with the given probability. */
static void
walk(brute *b, double probability, int i)
{
	double		here = expected(b, i);
	int			j;

	b->visits[i] += probability;
	for (j = i + 1; j < BRUTE_K; j++)
	{
		double		p = probability * b->chain.q[i * BRUTE_K + j];
		double		change = expected(b, j) - here;

		if (p == 0)
			continue;
		b->fork[i] += p * change * change;
		b->arrival[j] += p * change * change;
		b->effect[j] += p * change;
		walk(b, p, j);
	}
	for (j = 0; j < 2; j++)
	{
		double		p = probability * b->chain.exit[i] * (j == 0 ? b->odds[i] : 1 - b->odds[i]);
		double		change = b->outcome[i][j] - here;

		b->fork[i] += p * change * change;
		b->arrival[i] += p * change * change;
		b->variance += p * (b->outcome[i][j] - b->mean) * (b->outcome[i][j] - b->mean);
	}
}

static void
brute_chain(const jrn_env *env, brute *b)
{
	static const double upper[BRUTE_K][BRUTE_K] = {
		{0, .3, .2, .1, .15}, {0, 0, .5, .1, 0}, {0, 0, 0, .25, .45}, {0, 0, 0, 0, .6}, {0, 0, 0, 0, 0}
	};
	static const double start[BRUTE_K] = {.5, .2, 0, .1, .2};
	int			i,
				j;

	memset(b, 0, sizeof(*b));
	jrn_chain_init(env, BRUTE_K, &b->chain);
	for (i = 0; i < BRUTE_K; i++)
	{
		double		rest = 1;

		for (j = 0; j < BRUTE_K; j++)
		{
			b->chain.q[i * BRUTE_K + j] = upper[i][j];
			rest -= upper[i][j];
		}
		b->chain.exit[i] = rest;
		b->chain.start[i] = start[i];
		b->outcome[i][0] = 3 + 2 * i - i * i;
		b->outcome[i][1] = -1 + 1.5 * i;
		b->odds[i] = .2 + .15 * i;
		b->chain.reward[i] = b->odds[i] * b->outcome[i][0] + (1 - b->odds[i]) * b->outcome[i][1];
		b->chain.spread[i] = b->odds[i] * (1 - b->odds[i]) *
			(b->outcome[i][0] - b->outcome[i][1]) * (b->outcome[i][0] - b->outcome[i][1]);
	}
}

static void
test_brute_force(void)
{
	jrn_env		env = host_env();
	brute		b;
	jrn_solution s;
	double		fork[BRUTE_K + 1];
	double		arrival[BRUTE_K + 1];
	double		effects[BRUTE_K];
	int			i;

	brute_chain(&env, &b);
	for (i = 0; i < BRUTE_K; i++)
		b.mean += b.chain.start[i] * expected(&b, i);
	for (i = 0; i < BRUTE_K; i++)
	{
		double		change = expected(&b, i) - b.mean;

		b.first += b.chain.start[i] * change * change;
		b.effect[i] += b.chain.start[i] * change;
		walk(&b, b.chain.start[i], i);
	}
	jrn_solution_init(&env, BRUTE_K, &s);
	ok(jrn_chain_solve(&env, &b.chain, &s) == JRN_OK, "acyclic chain is solved");
	ok_close(s.mean, b.mean, 1e-14, "mean of a numeric outcome");
	ok_close(s.variance, b.variance, 1e-13, "R-CHAIN-1 variance of a numeric outcome, over all journeys");
	jrn_chain_shares(&b.chain, &s, JRN_CREDIT_FORK, fork);
	jrn_chain_shares(&b.chain, &s, JRN_CREDIT_ARRIVAL, arrival);
	jrn_chain_effects(&b.chain, &s, effects);
	ok_close(fork[0], b.first / b.variance, 1e-13, "first touch, over all journeys");
	for (i = 0; i < BRUTE_K; i++)
	{
		ok_close(s.visits[i], b.visits[i], 1e-14, "visits %d", i);
		ok_close(fork[1 + i], b.fork[i] / b.variance, 1e-12, "R-CHAIN-2 fork credit %d", i);
		ok_close(arrival[1 + i], b.arrival[i] / b.variance, 1e-12, "R-CHAIN-3 arrival credit %d", i);
		ok(fabs(effects[i] - b.effect[i] / b.visits[i]) < 1e-13, "mean effect %d", i);
	}
}

static void
test_never_ending(void)
{
	static const double q[9] = {.5, .25, 0, 0, 0, 1, 0, 1, 0};
	jrn_env		env = host_env();
	jrn_chain	chain;
	jrn_solution s;
	bool		reaches[3];
	int32_t		stack[3];

	jrn_chain_init(&env, 3, &chain);
	memcpy(chain.q, q, sizeof(q));
	chain.start[0] = 1;
	chain.exit[0] = .25;
	chain.reward[0] = 1;
	jrn_solution_init(&env, 3, &s);
	jrn_chain_reaches(&chain, reaches, stack);
	ok(reaches[0] && !reaches[1] && !reaches[2], "R-CHAIN-4 a closed loop reaches no end");
	ok(jrn_chain_solve(&env, &chain, &s) == JRN_SINGULAR, "R-CHAIN-4 and is refused");
	ok(jrn_chain_init(&env, JRN_CHAIN_MAX_STATES + 1, &chain) == JRN_LIMIT, "limit of touchpoints");
	ok(jrn_chain_init(&env, -1, &chain) == JRN_DOMAIN, "negative number of touchpoints");
}

static jrn_status
solve_store(const jrn_env *env, void *arg)
{
	jrn_chain	chain;
	jrn_solution s;
	int			i;

	(void) arg;
	JRN_TRY(jrn_chain_init(env, 4, &chain));
	memcpy(chain.q, store_q, sizeof(store_q));
	memcpy(chain.start, store_start, sizeof(store_start));
	for (i = 0; i < 4; i++)
		chain.exit[i] = store_loyal[i] + store_churn[i];
	JRN_TRY(jrn_solution_init(env, 4, &s));
	return jrn_chain_solve(env, &chain, &s);
}

void
test_chain(void)
{
	test_vector_a();
	test_shift_and_scale();
	test_vector_b();
	test_brute_force();
	test_never_ending();
	ok_survives(solve_store, NULL, "solving a chain");
}
