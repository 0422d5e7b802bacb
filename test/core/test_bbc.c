/*
 * test_bbc.c
 *		The best of many configurations: noise gains nothing, a true winner keeps
 *		what it has (reference/validation.md, L13).
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/validation/bbc.h"

#define CONFIGURATIONS 20
#define GROUPS 500
#define TRIALS 60

typedef struct data
{
	double		sums[CONFIGURATIONS * GROUPS];
	double		sizes[GROUPS];
	double		base[CONFIGURATIONS];
	jrn_bbc_request request;
	int			best;
	double		naive;
	double		corrected;
} data;

static data d;

/* Hits with probability 0.8: standard error 0.0179 each; configuration 3 hits more. */
static void
fill(uint64_t trial, double more)
{
	int			c,
				g;

	memset(&d, 0, sizeof(d));
	for (g = 0; g < GROUPS; g++)
		d.sizes[g] = 1.0;
	for (c = 0; c < CONFIGURATIONS; c++)
		for (g = 0; g < GROUPS; g++)
			d.sums[c * GROUPS + g] = jrn_random_uniform(jrn_seed_derive(trial, "hit", (uint64_t) c), (uint64_t) g) <
				0.8 + (c == 3 ? more : 0.0) ? 1.0 : 0.0;
	d.request.configurations = CONFIGURATIONS;
	d.request.groups = GROUPS;
	d.request.sums = d.sums;
	d.request.sizes = d.sizes;
	d.request.base = d.base;
	d.request.grows = true;
	d.request.seed = trial;
}

static jrn_status
run(const jrn_env *env, void *arg)
{
	data	   *of = arg;

	return jrn_bbc(env, &of->request, &of->best, &of->naive, &of->corrected);
}

static void
noise(void)
{
	jrn_env		env = host_env();
	double		naive = 0.0;
	double		corrected = 0.0;
	int			t;

	for (t = 0; t < TRIALS; t++)
	{
		fill((uint64_t) t, 0.0);
		(void) run(&env, &d);
		naive += (d.naive - 0.8) / TRIALS;
		corrected += (d.corrected - 0.8) / TRIALS;
	}
	/* the largest of 20 normals is 1.867 standard errors above their mean */
	ok(fabs(naive - 0.0334) < 0.003, "R-BBC-1 noise: the best of 20 seems to gain %.4f", naive);
	ok(fabs(corrected) < 0.004, "R-BBC-1 noise: corrected it gains %.4f", corrected);
}

static void
others(void)
{
	jrn_env		env = host_env();
	double		once;
	int			c;

	fill(1, 0.15);
	(void) run(&env, &d);
	ok(d.best == 3 && fabs(d.corrected - d.naive) < 0.002, "a clear winner keeps its figure: %.4f of %.4f", d.corrected, d.naive);
	once = d.corrected;
	(void) run(&env, &d);
	ok(d.corrected == once, "R-BBC-3 same seed, same figure");
	d.request.configurations = 1;
	(void) run(&env, &d);
	ok(d.best == 0 && d.corrected == d.naive, "R-BBC-4 one configuration needs no correction");
	fill(1, 0.0);
	for (c = 1; c < CONFIGURATIONS; c++)
		memcpy(d.sums + c * GROUPS, d.sums, sizeof(double) * GROUPS);
	(void) run(&env, &d);
	ok(d.best == CONFIGURATIONS - 1 && d.corrected == d.naive, "R-BBC-1 equal configurations: the last, and no correction");
	fill(2, 0.0);
	ok_survives(run, &d, "bbc");
}

void
test_bbc(void)
{
	noise();
	others();
}
