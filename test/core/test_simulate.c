/*
 * test_simulate.c
 *		The simulated world: truth against an oracle, against summed paths and
 *		against long simulations; journeys by their rules.
 *
 * Provenance: figures marked "oracle" were printed by
 * test/oracles/simulate_truth.py (python 3.11, numpy 2.4), which shares
 * nothing with the C code; frozen journeys are those of the first version.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/core/lu.h"
#include "../../src/simulation/simulate.h"

#define MS INT64_C(1000)
#define DAY INT64_C(86400000000)

static jrn_sim_options
options_of(double sensitivity, double noise, double confounding, int drift_day)
{
	jrn_sim_options o;

	jrn_sim_defaults(&o);
	o.effects[0][0] = o.effects[0][1] = o.effects[0][2] = 0.0;
	o.effects[1][0] = o.effects[1][1] = o.effects[1][2] = 0.05;
	o.effects[2][0] = o.effects[2][1] = o.effects[2][2] = 0.02;
	o.sensitivity = sensitivity;
	o.noise = noise;
	o.confounding = confounding;
	o.drift_day = drift_day;
	return o;
}

static void
solve(const jrn_sim_options *o, jrn_sim_model *m, jrn_sim_truth *t)
{
	jrn_env		env = host_env();

	ok_int(jrn_sim_prepare(&env, o, m), JRN_OK, "options are accepted");
	ok_int(jrn_sim_truth_solve(&env, m, t), JRN_OK, "truth is solved");
}

static double
share_sum(const jrn_sim_truth *t)
{
	double		sum = t->first_touch_share;
	int			i;

	for (i = 0; i < t->labels; i++)
		sum += t->chaos_share[i];
	return sum;
}

static void
test_oracle(void)
{
	static const double shares[] = {
		0.034652199540890716, 0.027114114970879243, 0.1533908845561229,
		0.03657458045450444, 0.06684055966028749, 0.062172494626628744,
		0.06124584898689592, 0.0928050207327683, 0.016971912917449178,
		0.11836507948359155, 0.17463345226753263, 0.14156114652229837
	};
	static const double noisy[] = {
		0.018940777731957844, 0.012896498764996064, 0.09927765734265379,
		0.021684244771973633, 0.047057102432334054, 0.02740018912035918,
		0.03834827270285173, 0.07600170799306674, 0.020384841324822107,
		0.08853632483318888, 0.1238395849870984, 0.13142460177715048,
		0.29036618889874005
	};
	jrn_sim_options o = options_of(1, 0, 0, -1);
	jrn_sim_model m;
	jrn_sim_truth t;
	int			i;

	solve(&o, &m, &t);
	ok_close(t.outcome_rate, 0.5 + 0.07 / 3, 1e-13, "R-SIM-4 outcome rate");
	ok_close(t.first_touch_share, 0.01367270528015028, 1e-11, "R-SIM-8 first touch, oracle");
	ok_close(t.mean_events, 6.369001213175993, 1e-12, "mean events, oracle");
	for (i = 0; i < 12; i++)
		ok_close(t.chaos_share[i], shares[i], 1e-11, "R-SIM-8 share %d, oracle", i);
	ok_close(share_sum(&t), 1.0, 1e-13, "R-SIM-8 shares add up to 1");
	ok_close(t.first_touch_effect, t.first_touch_share, 1e-12, "no memory without noise");

	o = options_of(1, 0.25, 0.6, 50);
	solve(&o, &m, &t);
	ok_int(t.labels, 13, "noise adds a label");
	ok_close(t.outcome_rate, 0.49262222222222246, 1e-13, "drifted rate, oracle");
	ok_close(t.first_touch_share, 0.00384200731880647, 1e-11, "R-SIM-6 first touch, oracle");
	ok_close(t.first_touch_effect, 0.013635119624924886, 1e-11, "R-SIM-6 its effect, oracle");
	for (i = 0; i < 13; i++)
		ok_close(t.chaos_share[i], noisy[i], 1e-11, "R-SIM-6 share %d, oracle", i);
	ok_close(share_sum(&t), 1.0, 1e-13, "R-SIM-6 shares add up to 1");
	ok_close(t.effect[1], -0.05 / 3, 1e-13, "drift after a third turns the mean effect");
	ok_close(t.effect_before[1], 0.05, 1e-13, "effect before the drift");
	ok_close(t.effect_after[1], -0.05, 1e-13, "effect after the drift");
	ok_close(t.naive_value[0], 0.48123728813559324, 1e-13, "R-SIM-5 naive value, oracle");
	ok_close(t.naive_value[2], 0.5203333333333333, 1e-13, "R-SIM-5 naive value, oracle");
	ok_close(t.segment_rate[2], 0.5778888888888889, 1e-13, "segment rate, oracle");
	ok_close(t.share[0], 1.18 / 3, 1e-13, "R-SIM-5 share of the first strategy");
}

static void
test_independence(void)
{
	jrn_sim_options o = options_of(0, 0, 0, -1);
	jrn_sim_model m;
	jrn_sim_truth t;
	int			i;

	solve(&o, &m, &t);
	ok(t.first_touch_share >= 0.0 && t.first_touch_share < 1e-28,
	   "sensitivity 0: the first touch decides nothing");
	for (i = 0; i < 12; i++)
		ok_close(t.chaos_share[i], m.visits[i] * m.exit[i], 1e-12,
				 "sensitivity 0: share %d is the share of last touchpoints", i);
	o = options_of(1e6, 0, 0, -1);
	solve(&o, &m, &t);
	for (i = 0; i < 12; i++)
		ok(m.own[i] >= 0.0 && m.own[i] <= 1.0, "any sensitivity stays in [0, 1]: %d", i);
	ok_close(t.effect[1], 0.05, 1e-13, "R-SIM-4 at any sensitivity");
}

/* The same truth by summing over path lengths instead of solving. */
static void
test_summed_paths(void)
{
	jrn_sim_options o = options_of(2, 0, 0.5, -1);
	jrn_sim_model m;
	jrn_sim_truth t;
	double		now[JRN_SIM_MAX_TOUCHPOINTS],
				then[JRN_SIM_MAX_TOUCHPOINTS],
				visits[JRN_SIM_MAX_TOUCHPOINTS],
				last_own = 0.0;
	int			step,
				i,
				j;

	o.touchpoints = 40;
	for (i = 0; i < 40; i++)
		o.chosen[i] = i + 4;
	solve(&o, &m, &t);
	for (i = 0; i < 40; i++)
	{
		now[i] = m.first[i];
		visits[i] = 0.0;
	}
	for (step = 0; step < 2000; step++)
	{
		for (i = 0; i < 40; i++)
			then[i] = 0.0;
		for (i = 0; i < 40; i++)
		{
			visits[i] += now[i];
			last_own += now[i] * m.exit[i] * m.own[i];
			for (j = 0; j < 40; j++)
				then[j] += now[i] * m.next[i * 40 + j];
		}
		memcpy(now, then, sizeof(now));
	}
	for (i = 0; i < 40; i++)
		ok_close(t.visits[i], visits[i], 1e-12, "visits of %d by summing paths", i);
	ok_close(last_own, JRN_SIM_BASE, 1e-12, "the journey alone decides B on average");
	ok_close(share_sum(&t), 1.0, 1e-13, "shares add up to 1 with 40 touchpoints");
}

/* Counts of a long simulation, in batches for standard errors. */
#define BATCHES 25
#define BATCH 4000

typedef struct tally
{
	double		sum;
	double		square;
} tally;

static void
add(tally *t, double x)
{
	t->sum += x;
	t->square += x * x;
}

static void
ok_truth(const tally *t, double truth, const char *name, int i)
{
	double		mean = t->sum / BATCHES;
	double		se = sqrt((t->square / BATCHES - mean * mean) / (BATCHES - 1));

	ok(fabs(mean - truth) <= 4.0 * se + 1e-12 && se < 0.02 + 0.2 * fabs(truth),
	   "%s %d: %.6f +- %.6f, truth %.6f", name, i, mean, se, truth);
}

/*
 * Shares by squared steps of the martingale b, credited to the touchpoint
 * left; b is one only where the record has no memory, so no noise here.
 */
static void
test_simulation(double sensitivity, double noise, double confounding, int drift_day)
{
	static jrn_sim_model m;
	static jrn_sim_truth t;
	jrn_sim_options o = options_of(sensitivity, noise, confounding, drift_day);
	jrn_env		env = host_env();
	jrn_sim_journey journey;
	tally		rate = {0}, events = {0}, score = {0};
	tally		value[3] = {{0}}, visits[13] = {{0}}, shares[13] = {{0}}, segment[3] = {{0}};
	int			batch,
				i,
				k;

	solve(&o, &m, &t);
	ok_int(jrn_sim_journey_create(&env, &journey), JRN_OK, "room for a journey");
	for (batch = 0; batch < BATCHES; batch++)
	{
		double		n[13] = {0}, won[13] = {0}, gain[13] = {0};
		double		taken[3] = {0}, good[3] = {0}, seen[3] = {0}, fine[3] = {0};
		double		all = 0, loyal = 0, scores = 0, surveys = 0;

		for (i = 0; i < BATCH; i++)
		{
			jrn_sim_journey_draw(&m, 7, (uint64_t) (1 + batch * BATCH + i), &journey);
			taken[journey.strategy]++;
			good[journey.strategy] += journey.outcome;
			seen[journey.segment]++;
			fine[journey.segment] += journey.outcome;
			loyal += journey.outcome;
			all += journey.n_events;
			for (k = 0; k < journey.n_events; k++)
			{
				int			label = journey.events[k].touchpoint;
				double		b,
							a;

				label = label == JRN_SIM_NEWSLETTER ? 12 : label;
				n[label]++;
				won[label] += journey.outcome;
				if (journey.events[k].score > 0)
				{
					scores += journey.events[k].score;
					surveys++;
				}
				/* squared step of the true martingale, credited to the fork */
				b = t.rate_from[label];
				a = journey.outcome;
				if (k + 1 < journey.n_events)
					a = t.rate_from[journey.events[k + 1].touchpoint == JRN_SIM_NEWSLETTER ?
									12 : journey.events[k + 1].touchpoint];
				gain[label] += (a - b) * (a - b);
			}
		}
		add(&rate, loyal / BATCH);
		add(&events, all / BATCH);
		add(&score, scores / surveys);
		for (i = 0; i < 3; i++)
		{
			add(&value[i], good[i] / taken[i]);
			add(&segment[i], fine[i] / seen[i]);
		}
		for (i = 0; i < t.labels; i++)
		{
			add(&visits[i], n[i] / BATCH);
			add(&shares[i], gain[i] / BATCH / (t.outcome_rate * (1 - t.outcome_rate)));
		}
	}
	ok_truth(&rate, t.outcome_rate, "outcome rate", 0);
	ok_truth(&events, t.mean_events, "events", 0);
	ok_truth(&score, t.mean_score, "score", 0);
	for (i = 0; i < 3; i++)
	{
		ok_truth(&value[i], t.naive_value[i], "mean of strategy", i);
		ok_truth(&segment[i], t.segment_rate[i], "rate of segment", i);
	}
	for (i = 0; i < t.labels; i++)
	{
		ok_truth(&visits[i], t.visits[i], "visits", i);
		ok_truth(&shares[i], t.chaos_share[i], "R-SIM-8 chaos share", i);
	}
}

/* R-SIM-6: the order-1 map counted from noisy journeys has the shares told. */
static void
test_noisy_map(void)
{
	static jrn_sim_model m;
	static jrn_sim_truth t;
	static double flow[13][15],
				matrix[13 * 13];
	jrn_sim_options o = options_of(3, 0.5, 0, -1);
	jrn_env		env = host_env();
	jrn_sim_journey journey;
	jrn_lu		lu;
	double		b[15] = {0},
				p = 0,
				n[13] = {0},
				first[13] = {0};
	const int	customers = 100000;
	int			i,
				j,
				k;

	solve(&o, &m, &t);
	jrn_sim_journey_create(&env, &journey);
	for (i = 1; i <= customers; i++)
	{
		int			label = -1;

		jrn_sim_journey_draw(&m, 3, (uint64_t) i, &journey);
		for (k = 0; k < journey.n_events; k++)
		{
			int			to = journey.events[k].touchpoint;

			to = to == JRN_SIM_NEWSLETTER ? 12 : to;
			if (k == 0)
				first[to]++;
			else
				flow[label][to]++;
			n[to]++;
			label = to;
		}
		flow[label][journey.outcome ? 13 : 14]++;
	}
	b[13] = 1.0;
	for (i = 0; i < 13; i++)
	{
		for (j = 0; j < 13; j++)
			matrix[i * 13 + j] = (i == j) - flow[i][j] / n[i];
		b[i] = flow[i][13] / n[i];
	}
	ok_int(jrn_lu_factor(&env, matrix, 13, &lu), JRN_OK, "counted map is regular");
	jrn_lu_solve(&env, &lu, b);
	for (i = 0; i < 13; i++)
		p += first[i] / customers * b[i];
	for (i = 0; i < 13; i++)
	{
		double		v = 0.0;

		for (j = 0; j < 15; j++)
			v += flow[i][j] / n[i] * (b[j] - b[i]) * (b[j] - b[i]);
		v *= n[i] / customers / (p * (1 - p));
		ok(fabs(v - t.chaos_share[i]) < 0.003 + 0.02 * t.chaos_share[i],
		   "R-SIM-6 counted share %d: %.5f, truth %.5f", i, v, t.chaos_share[i]);
	}
	ok(t.first_touch_effect > 2.0 * t.first_touch_share, "noise makes a memory gap");
}

static uint64_t
journey_hash(const jrn_sim_journey *journey)
{
	uint64_t	hash = (uint64_t) (journey->segment + 8 * journey->strategy + 64 * journey->outcome);
	int			k;

	for (k = 0; k < journey->n_events; k++)
	{
		const jrn_sim_event *e = &journey->events[k];

		hash = jrn_hash_u64((uint64_t) e->ts, hash);
		hash = jrn_hash_u64((uint64_t) (e->touchpoint + 256 * e->channel + 65536 * e->score), hash);
		hash = jrn_hash_u64((uint64_t) (int64_t) (e->value * 100.0 + (e->value < 0 ? -0.5 : 0.5)), hash);
	}
	return hash;
}

static void
test_frozen(void)
{
	static const struct
	{
		uint64_t	seed;
		uint64_t	customer;
		uint64_t	plain;
		uint64_t	noisy;
	}			cases[] = {
		{0, 1, UINT64_C(0x81D16F87908C07B1), UINT64_C(0x73D829B6EB502730)},
		{0, 2, UINT64_C(0x18BF8D38C6677C79), UINT64_C(0x0B892979B21D8E71)},
		{42, 1, UINT64_C(0xC3DDD1D8A4A5F100), UINT64_C(0xC3DDD1D8A4A5F100)},
		{UINT64_MAX, 1000000, UINT64_C(0x94B27601A1046535), UINT64_C(0x628FC5380E01735D)},
	};
	static jrn_sim_model plain,
				noisy;
	jrn_sim_options o = options_of(1, 0, 0, -1);
	jrn_env		env = host_env();
	jrn_sim_journey journey;
	size_t		i;

	jrn_sim_prepare(&env, &o, &plain);
	o = options_of(2, 0.25, 0.6, 50);
	jrn_sim_prepare(&env, &o, &noisy);
	jrn_sim_journey_create(&env, &journey);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint64_t	a,
					b;

		jrn_sim_journey_draw(&plain, cases[i].seed, cases[i].customer, &journey);
		a = journey_hash(&journey);
		jrn_sim_journey_draw(&noisy, cases[i].seed, cases[i].customer, &journey);
		b = journey_hash(&journey);
		ok(a == cases[i].plain && b == cases[i].noisy,
		   "R-SIM-1 frozen: {%lluu, %lluu, 0x%016llX, 0x%016llX}",
		   (unsigned long long) cases[i].seed, (unsigned long long) cases[i].customer,
		   (unsigned long long) a, (unsigned long long) b);
	}
}

/* Window, strict order, signs, scores; and the path under other options. */
static void
test_rules(int32_t days, double noise)
{
	static jrn_sim_model m,
				other;
	jrn_sim_options o = options_of(1, noise, 0, -1);
	jrn_env		env = host_env();
	jrn_sim_journey a,
				b;
	bool		inside = true,
				rising = true,
				valued = true,
				same = true;
	int			i,
				k;

	o.days = days;
	jrn_sim_prepare(&env, &o, &m);
	o.sensitivity = 3;
	o.confounding = 0.5;
	o.strategies = 1;
	o.drift_day = 0;
	jrn_sim_prepare(&env, &o, &other);
	jrn_sim_journey_create(&env, &a);
	jrn_sim_journey_create(&env, &b);
	for (i = 1; i <= 20000; i++)
	{
		jrn_sim_journey_draw(&m, 1, (uint64_t) i, &a);
		jrn_sim_journey_draw(&other, 1, (uint64_t) i, &b);
		same = same && a.n_events == b.n_events && a.segment == b.segment;
		for (k = 0; k < a.n_events; k++)
		{
			const jrn_sim_event *e = &a.events[k];

			inside = inside && e->ts >= JRN_SIM_EPOCH && e->ts < JRN_SIM_EPOCH + days * DAY &&
				e->ts % MS == 0;
			rising = rising && (k == 0 || e->ts > e[-1].ts);
			valued = valued && (e->value > 0) == (e->touchpoint == JRN_SIM_ORDER) &&
				(e->value < 0) == (e->touchpoint == JRN_SIM_REFUND) &&
				(e->score > 0) == (e->touchpoint == JRN_SIM_SURVEY) && e->score <= 5;
			same = same && k < b.n_events && e->ts == b.events[k].ts &&
				e->touchpoint == b.events[k].touchpoint && e->value == b.events[k].value;
		}
	}
	ok(inside, "R-SIM-3 %d days: inside the window, whole milliseconds", days);
	ok(rising, "R-SIM-3 %d days: instants increase", days);
	ok(valued, "values and scores where they belong");
	ok(same, "R-SIM-1 the path does not depend on what is done to the outcome");
}

/* Before the drift day the world is the plain one, from it on the turned one. */
static void
test_drift(void)
{
	static jrn_sim_model drifting,
				plain,
				turned;
	jrn_sim_options o = options_of(1, 0, 0, 77);
	jrn_env		env = host_env();
	jrn_sim_journey a,
				b;
	int			wrong = 0,
				on_the_day = 0,
				differ = 0,
				s,
				g,
				i;

	for (g = 0; g < JRN_SIM_SEGMENTS; g++)
		o.effects[1][g] = 0.4;
	jrn_sim_prepare(&env, &o, &drifting);
	o.drift_day = -1;
	jrn_sim_prepare(&env, &o, &plain);
	for (s = 0; s < o.strategies; s++)
		for (g = 0; g < JRN_SIM_SEGMENTS; g++)
			o.effects[s][g] = -o.effects[s][g];
	jrn_sim_prepare(&env, &o, &turned);
	jrn_sim_journey_create(&env, &a);
	jrn_sim_journey_create(&env, &b);
	for (i = 1; i <= 30000; i++)
	{
		bool		late;

		jrn_sim_journey_draw(&drifting, 9, (uint64_t) i, &a);
		late = a.events[0].ts >= JRN_SIM_EPOCH + 77 * DAY;
		on_the_day += a.start_day == 77;
		jrn_sim_journey_draw(late ? &turned : &plain, 9, (uint64_t) i, &b);
		wrong += a.outcome != b.outcome;
		jrn_sim_journey_draw(late ? &plain : &turned, 9, (uint64_t) i, &b);
		differ += a.outcome != b.outcome;
	}
	ok_int(wrong, 0, "effects turn round on the day of the drift");
	ok(on_the_day > 100 && differ > 1000, "and that can be seen");
}

static jrn_status
all_of_it(const jrn_env *env, void *arg)
{
	static jrn_sim_model m;
	jrn_sim_truth t;
	jrn_sim_journey journey;

	JRN_TRY(jrn_sim_prepare(env, arg, &m));
	JRN_TRY(jrn_sim_journey_create(env, &journey));
	jrn_sim_journey_draw(&m, 0, 1, &journey);
	return jrn_sim_truth_solve(env, &m, &t);
}

static void
refused(jrn_sim_options o, const char *name)
{
	static jrn_sim_model m;
	jrn_env		env = host_env();

	ok_int(jrn_sim_prepare(&env, &o, &m), JRN_DOMAIN, "refused: %s", name);
}

static void
test_refusals(void)
{
	jrn_sim_options o = options_of(1, 0.25, 0.5, 50);

	ok_survives(all_of_it, &o, "simulation");
#define REFUSED(change) o = options_of(1, 0, 0, -1); o.change; refused(o, #change)
	REFUSED(days = 0);
	REFUSED(days = JRN_SIM_MAX_DAYS + 1);
	REFUSED(drift_day = 181);
	REFUSED(strategies = 0);
	REFUSED(strategies = JRN_SIM_MAX_STRATEGIES + 1);
	REFUSED(confounding = -0.1);
	REFUSED(confounding = NAN);
	REFUSED(noise = 1.1);
	REFUSED(sensitivity = -1);
	REFUSED(sensitivity = INFINITY);
	REFUSED(touchpoints = 1);
	REFUSED(chosen[1] = 0);
	REFUSED(effects[1][2] = 0.42);
	REFUSED(effects[1][0] = -0.45);
	REFUSED(effects[1][0] = NAN);
#undef REFUSED
	o = options_of(1, 0, 0, -1);
	o.effects[1][0] = 0.5;
	ok_int(all_of_it((jrn_env[]) {host_env()}, &o), JRN_OK, "an effect that just fits");
	o.drift_day = 10;
	refused(o, "the same effect turned round by a drift");
}

void		test_simulate(void);

void
test_simulate(void)
{
	test_oracle();
	test_independence();
	test_summed_paths();
	test_simulation(1, 0, 0, -1);
	test_simulation(3, 0, 0.8, 60);
	test_noisy_map();
	test_frozen();
	test_drift();
	test_rules(180, 0);
	test_rules(1, 1);
	test_rules(7, 0.3);
	test_refusals();
}
