/*
 * test_attribution.c
 *		Attribution against fractions worked out by hand, the definition of the
 *		Shapley value over all coalitions, and the chain solved by elimination
 *		with a touchpoint taken out.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/maps/attribution.h"

#define K 6						/* touchpoints; the conversion is label K */
#define MOST 64

static jrn_event journey[MOST];
static double values[MOST];

static void
add(jrn_attribution *a, const char *path, double value)
{
	size_t		n = 0;

	for (; *path != '\0'; path++, n++)
	{
		journey[n].ts = (int64_t) n * 86400 * 1000000;
		journey[n].label = *path == '!' ? K : (uint32_t) (*path - 'A');
		journey[n].ref = 0;
		values[n] = value;
	}
	ok(jrn_attribution_add(a, journey, n, values) == JRN_OK, "added");
}

static double
conversions(const jrn_attribution *a, jrn_attribution_method method, uint32_t label)
{
	double		count,
				value;

	jrn_attribution_credit(a, method, label, &count, &value);
	return count;
}

/* reference/journeys.md 7: A>B (2,1), B (1,2), A>C (0,3), C>A>B (1,0). */
static void
golden(void)
{
	jrn_env		env = host_env();
	jrn_attribution a;
	double		count,
				value;

	ok(jrn_attribution_begin(&a, &env, K + 1, K, 7.0 * 86400e6) == JRN_OK, "begin");
	add(&a, "AB!", 10);
	add(&a, "AB!", 10);
	add(&a, "AB", 0);
	add(&a, "B!", 10);
	add(&a, "B", 0);
	add(&a, "B", 0);
	add(&a, "AC", 0);
	add(&a, "AC", 0);
	add(&a, "AC", 0);
	add(&a, "CAB!", 10);
	ok(jrn_attribution_finish(&a) == JRN_OK, "finish");
	ok_close(a.removal[0], 4.0 / 7, 1e-14, "R-ATT-3 removal effect of A");
	ok_close(a.removal[1], 1.0, 1e-14, "R-ATT-3 removal effect of B");
	ok_close(a.removal[2], 4.0 / 49, 1e-13, "R-ATT-3 removal effect of C");
	ok(isnan(a.removal[3]), "a touchpoint that never occurs has no removal effect");
	ok_close(conversions(&a, JRN_ATTRIBUTION_MARKOV, 0), 112.0 / 81, 1e-14, "A gets 112/81");
	ok_close(conversions(&a, JRN_ATTRIBUTION_MARKOV, 1), 196.0 / 81, 1e-14, "B gets 196/81");
	ok_close(conversions(&a, JRN_ATTRIBUTION_MARKOV, 2), 16.0 / 81, 1e-13, "C gets 16/81");
	jrn_attribution_credit(&a, JRN_ATTRIBUTION_MARKOV, 2, &count, &value);
	ok_close(value, 160.0 / 81, 1e-13, "values go the same way");
	ok_close(conversions(&a, JRN_ATTRIBUTION_LINEAR, 0), 2 * 0.5 + 1.0 / 3, 1e-15, "linear");
	ok_close(conversions(&a, JRN_ATTRIBUTION_POSITION, 0), 2 * 0.5 + 0.2, 1e-15, "position");
	ok_close(conversions(&a, JRN_ATTRIBUTION_DECAY, 0),
			 2 * exp2(-1.0 / 7) / (1 + exp2(-1.0 / 7)) +
			 exp2(-1.0 / 7) / (1 + exp2(-1.0 / 7) + exp2(-2.0 / 7)), 1e-14, "decay");
	host_reset();
}

/* Splitting at conversions, direct ones, runs of the same touchpoint. */
static void
paths(void)
{
	jrn_env		env = host_env();
	jrn_attribution a;

	ok(jrn_attribution_begin(&a, &env, K + 1, K, 1.0) == JRN_OK, "begin");
	add(&a, "!AB!!C", 5);
	ok_close(jrn_acc_value(&a.total.conversions), 3, 0, "R-ATT-1 three conversions");
	ok_close(jrn_acc_value(&a.direct.conversions), 2, 0, "two of them direct");
	ok_close(jrn_acc_value(&a.direct.value), 10, 0, "with their value");
	ok_close(conversions(&a, JRN_ATTRIBUTION_FIRST, 0), 1, 0, "A is the first touch of the second");
	ok_close(conversions(&a, JRN_ATTRIBUTION_LAST, 1), 1, 0, "B the last");
	ok_close(conversions(&a, JRN_ATTRIBUTION_LAST, 2), 0, 0, "C came too late");
	ok(jrn_attribution_finish(&a) == JRN_OK, "finish");
	ok_close(conversions(&a, JRN_ATTRIBUTION_MARKOV, 0) + conversions(&a, JRN_ATTRIBUTION_MARKOV, 1), 1, 1e-15,
			 "R-ATT-5 markov shares what is not direct");
	host_reset();
	ok(jrn_attribution_begin(&a, &env, K + 1, K + 1, 1.0) == JRN_OK, "a conversion that never occurs");
	add(&a, "ABC", 5);
	ok(jrn_attribution_finish(&a) == JRN_OK, "finish");
	ok(isnan(a.removal[0]) && conversions(&a, JRN_ATTRIBUTION_MARKOV, 0) == 0.0, "gives nothing");
	host_reset();
	ok(jrn_attribution_begin(&a, &env, K + 1, K, 0.0) == JRN_DOMAIN, "a half-life of 0");
	host_reset();
}

/* ---- random journeys against brute force ---- */

typedef struct path
{
	int			n;
	int			label[MOST];
	bool		converted;
} path;

static path all[4000];
static int	all_count;

/* Conversion rate of the chain without touchpoint gone (-1: none), by iteration to the fixed point. */
static double
rate_without(int gone)
{
	double		next[K][K] = {{0}};
	double		start[K] = {0};
	double		wins[K] = {0};
	double		leaves[K] = {0};
	double		b[K] = {0};
	double		direct = 0;
	double		rate = 0;
	int			i,
				j,
				p,
				round;

	for (p = 0; p < all_count; p++)
	{
		if (all[p].n == 0)
		{
			direct += 1;
			continue;
		}
		start[all[p].label[0]] += 1;
		for (i = 0; i < all[p].n; i++)
		{
			leaves[all[p].label[i]] += 1;
			if (i + 1 < all[p].n)
				next[all[p].label[i]][all[p].label[i + 1]] += 1;
			else if (all[p].converted)
				wins[all[p].label[i]] += 1;
		}
	}
	for (round = 0; round < 3000; round++)
		for (i = 0; i < K; i++)
		{
			double		sum = wins[i];

			if (i == gone || leaves[i] == 0)
				continue;
			for (j = 0; j < K; j++)
				if (j != gone)
					sum += next[i][j] * b[j];
			b[i] = sum / leaves[i];
		}
	for (i = 0; i < K; i++)
		if (i != gone)
			rate += start[i] / all_count * b[i];
	return rate + direct / all_count;
}

/* v(S): conversions of paths within S. */
static double
coalition(unsigned set)
{
	double		v = 0;
	int			p,
				i;

	for (p = 0; p < all_count; p++)
	{
		bool		inside = all[p].converted && all[p].n > 0;

		for (i = 0; i < all[p].n; i++)
			inside = inside && (set >> all[p].label[i] & 1) != 0;
		v += inside;
	}
	return v;
}

static double
shapley_by_definition(int player)
{
	static const double factorial[] = {1, 1, 2, 6, 24, 120, 720};
	double		sum = 0;
	unsigned	set;

	for (set = 0; set < 1u << K; set++)
	{
		int			size = __builtin_popcount(set);

		if ((set >> player & 1) == 0)
			sum += factorial[size] * factorial[K - size - 1] / factorial[K] *
				(coalition(set | 1u << player) - coalition(set));
	}
	return sum;
}

static void
against_brute_force(uint64_t stream)
{
	jrn_env		env = host_env();
	jrn_attribution a;
	uint64_t	draw = 0;
	double		conversions_in_all = 0;
	double		sums[JRN_ATTRIBUTION_METHODS] = {0};
	double		worst_removal = 0,
				worst_shapley = 0,
				rate;
	int			c,
				i,
				m;

	all_count = 0;
	ok(jrn_attribution_begin(&a, &env, K + 1, K, 86400e6) == JRN_OK, "begin");
	for (c = 0; c < 150; c++)
	{
		int			n = (int) jrn_random_below(stream, draw++, 9) + 1;
		path	   *p = &all[all_count];

		p->n = 0;
		for (i = 0; i < n; i++)
		{
			journey[i].ts = i * INT64_C(3600000000);
			journey[i].label = (uint32_t) jrn_random_below(stream, draw++, K + 2);
			if (journey[i].label > K)
				journey[i].label = 0;
			values[i] = 1;
			if (journey[i].label == K)
			{
				conversions_in_all += 1;
				p->converted = true;
				p = &all[++all_count];
				p->n = 0;
			}
			else
				p->label[p->n++] = (int) journey[i].label;
		}
		p->converted = false;
		if (p->n > 0)
			all_count++;
		ok(jrn_attribution_add(&a, journey, (size_t) n, values) == JRN_OK, "journey");
	}
	ok(jrn_attribution_finish(&a) == JRN_OK, "finish");
	rate = rate_without(-1);
	ok_close(rate, conversions_in_all / all_count, 1e-12, "P is the observed rate");
	for (i = 0; i < K; i++)
	{
		worst_removal = fmax(worst_removal, fabs(a.removal[i] - (1 - rate_without(i) / rate)));
		worst_shapley = fmax(worst_shapley, fabs(conversions(&a, JRN_ATTRIBUTION_SHAPLEY, (uint32_t) i) - shapley_by_definition(i)));
		for (m = 0; m < JRN_ATTRIBUTION_METHODS; m++)
			sums[m] += conversions(&a, (jrn_attribution_method) m, (uint32_t) i);
	}
	ok(worst_removal < 1e-12, "R-ATT-3 removal effects equal the chain without the touchpoint (%g)", worst_removal);
	ok(worst_shapley < 1e-10, "R-ATT-4 Shapley values equal their definition (%g)", worst_shapley);
	for (m = 0; m < JRN_ATTRIBUTION_METHODS; m++)
		ok_close(sums[m] + jrn_acc_value(&a.direct.conversions), conversions_in_all, 1e-13, "R-ATT-5 method %d adds up", m);
	host_reset();
}

/* Staying a while at a touchpoint changes no removal effect. */
static void
self_loops(void)
{
	jrn_env		env = host_env();
	jrn_attribution a;
	double		plain[3];
	int			i;

	ok(jrn_attribution_begin(&a, &env, K + 1, K, 1.0) == JRN_OK, "begin");
	add(&a, "AB!", 1);
	add(&a, "ACB", 1);
	add(&a, "CA!", 1);
	ok(jrn_attribution_finish(&a) == JRN_OK, "finish");
	for (i = 0; i < 3; i++)
		plain[i] = a.removal[i];
	host_reset();
	ok(jrn_attribution_begin(&a, &env, K + 1, K, 1.0) == JRN_OK, "begin");
	add(&a, "AAAAB!", 1);
	add(&a, "ACCCB", 1);
	add(&a, "CA!", 1);
	ok(jrn_attribution_finish(&a) == JRN_OK, "finish");
	for (i = 0; i < 3; i++)
		ok_close(a.removal[i], plain[i], 1e-13, "self-loops change nothing at %d", i);
	host_reset();
}

static jrn_status
survives(const jrn_env *env, void *arg)
{
	jrn_attribution a;

	(void) arg;
	JRN_TRY(jrn_attribution_begin(&a, env, K + 1, K, 1.0));
	JRN_TRY(jrn_attribution_add(&a, journey, 5, values));
	return jrn_attribution_finish(&a);
}

void
test_attribution(void)
{
	uint64_t	seed;

	golden();
	paths();
	for (seed = 1; seed <= 5; seed++)
		against_brute_force(jrn_seed_derive(7, "attribution", seed));
	self_loops();
	ok_survives(survives, NULL, "attribution");
}
