/*
 * test_quantiles.c
 *		Quantiles by selection against the sorted array, bit by bit.
 */
#include <stdlib.h>

#include "tap.h"

#include "../../src/core/quantiles.h"

#define LARGEST 200000

static int64_t values[LARGEST];
static int64_t sorted[LARGEST];

static uint64_t state;

static uint64_t
draw(uint64_t below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (state >> 33) % below;
}

static int
compare(const void *x, const void *y)
{
	int64_t		a = *(const int64_t *) x;
	int64_t		b = *(const int64_t *) y;

	return (a > b) - (a < b);
}

/* percentile_cont as its definition says, on the sorted array */
static double
by_definition(size_t n, double unit, double p)
{
	double		place = p * (double) (n - 1);
	size_t		below = (size_t) floor(place);
	size_t		above = (size_t) ceil(place);
	double		low = (double) sorted[below] / unit;

	return above == below ? low :
		low + (place - (double) below) * ((double) sorted[above] / unit - low);
}

/* Shapes that selection may stumble over. */
static void
fill(size_t n, int shape)
{
	size_t		i;

	for (i = 0; i < n; i++)
		switch (shape)
		{
			case 0:
				values[i] = (int64_t) draw(1000000000);
				break;
			case 1:
				values[i] = (int64_t) draw(3);
				break;
			case 2:
				values[i] = (int64_t) i;
				break;
			case 3:
				values[i] = (int64_t) (n - i);
				break;
			case 4:
				values[i] = (int64_t) (i < n / 2 ? i : n - i);
				break;
			case 5:
				values[i] = 7;
				break;
			default:
				values[i] = i % 2 == 0 ? INT64_MAX - (int64_t) i : -(int64_t) i;
		}
	memcpy(sorted, values, n * sizeof(int64_t));
	qsort(sorted, n, sizeof(int64_t), compare);
}

static bool
agrees(size_t n, int shape, const double *p, int count)
{
	jrn_env		env = host_env();
	double		got[8];
	jrn_status	status;
	int			q;

	fill(n, shape);
	status = jrn_quantiles(&env, values, n, 1e6, p, count, got);
	host_reset();
	if (status != JRN_OK)
		return false;
	for (q = 0; q < count; q++)
		if (got[q] != by_definition(n, 1e6, p[q]))
			return false;
	return true;
}

static jrn_status
large(const jrn_env *env, void *arg)
{
	const double half = 0.5;
	double		median;

	(void) arg;
	fill(20000, 0);
	return jrn_quantiles(env, values, 20000, 1.0, &half, 1, &median);
}

void
test_quantiles(void)
{
	const double usual[] = {0.5, 0.9, 0.95};
	const double close[] = {0.0, 0.1, 0.101, 0.102, 0.5, 0.5, 0.999, 1.0};
	const double wrong[] = {0.9, 0.5};
	const double outside = 1.5;
	jrn_env		env = host_env();
	double		out[2];
	size_t		n;
	int			shape;
	int			bad = 0;
	int			tried = 0;

	state = 1;
	for (n = 1; n <= 300; n++)
		for (shape = 0; shape < 7; shape++)
		{
			tried += 2;
			bad += !agrees(n, shape, usual, 3);
			bad += !agrees(n, shape, close, 8);
		}
	ok_int(bad, 0, "R-QUANT-1 %d small arrays of every shape, bit by bit", tried);
	for (shape = 0, bad = 0; shape < 7; shape++)
		bad += !agrees(LARGEST, shape, usual, 3) + !agrees(LARGEST - 1, shape, close, 8);
	ok_int(bad, 0, "R-QUANT-2 large arrays of every shape");
	values[0] = 3000001;
	ok(jrn_quantiles(&env, values, 1, 1e6, usual, 1, out) == JRN_OK && out[0] == 3.000001, "one value is every quantile");
	ok_int(jrn_quantiles(&env, values, 0, 1e6, usual, 1, out), JRN_DOMAIN, "of nothing there is none");
	ok_int(jrn_quantiles(&env, values, 1, 1e6, wrong, 2, out), JRN_DOMAIN, "probabilities must ascend");
	ok_int(jrn_quantiles(&env, values, 1, 1e6, &outside, 1, out), JRN_DOMAIN, "and lie in [0, 1]");
	ok_int(jrn_quantiles(&env, values, 1, 1e6, close, 9, out), JRN_DOMAIN, "at most eight at once");
	host_reset();
	ok_survives(large, NULL, "quantiles");
}
