/*
 * test_page_hinkley.c
 *		Page-Hinkley's alarm: river's alarms, and the definition written out.
 *
 * Provenance: test/oracles/sequences.py (river 0.26.1).
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/monitoring/page_hinkley.h"

#define ROWS 1000

static double x[ROWS];

/* LCG of the references, moved by step from row `from` on */
static void
fill(int from, double step)
{
	uint64_t	z = 42;
	int			i;

	for (i = 0; i < ROWS; i++)
	{
		z = (1103515245 * z + 12345) % ((uint64_t) 1 << 31);
		x[i] = (double) z / 2147483648.0 + (i >= from ? step : 0.0);
	}
}

/* Up to the alarm, as river, which begins anew after it. */
static jrn_page_hinkley
until_alarm(jrn_ph_direction direction, int64_t min_n, int rows)
{
	jrn_page_hinkley ph;
	int			i;

	jrn_page_hinkley_open(&ph, 0.1, 8.0, direction, min_n);
	for (i = 0; i < rows && ph.alarm_at == 0; i++)
		if (jrn_page_hinkley_add(&ph, x[i]) != JRN_OK)
			break;
	return ph;
}

static void
test_river(void)
{
	static const struct
	{
		int			from;
		double		step;
		jrn_ph_direction direction;
		int64_t		alarm_at;
		double		up;
		double		down;
	}			want[] = {
		{600, 0.4, JRN_PH_UP, 633, 8.37234957612, 0},
		{600, 0.4, JRN_PH_DOWN, 0, 78.5984331021, 0},
		{600, 0.4, JRN_PH_BOTH, 633, 8.37234957612, 0},
		{300, -0.3, JRN_PH_UP, 0, 0, 44.7035594901},
		{300, -0.3, JRN_PH_DOWN, 341, 0, 8.30884684669},
		{300, -0.3, JRN_PH_BOTH, 341, 0, 8.30884684669},
		{ROWS, 0, JRN_PH_BOTH, 0, 0.0731155663525, 0.300523933518},
	};
	jrn_page_hinkley ph;
	size_t		i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
	{
		fill(want[i].from, want[i].step);
		ph = until_alarm(want[i].direction, 30, ROWS);
		ok_int(ph.alarm_at, want[i].alarm_at, "river %zu: alarm", i);
		ok(fabs(ph.up - want[i].up) < 1e-9 && fabs(ph.down - want[i].down) < 1e-9, "river %zu: statistics %.12g, %.12g", i, ph.up, ph.down);
		ok(ph.alarm == (want[i].alarm_at == 0 ? JRN_PH_NONE : want[i].step > 0 ? JRN_PH_UP : JRN_PH_DOWN), "river %zu: direction", i);
	}
	for (i = 0; i < 105; i++)
		x[i] = i < 5 ? 0.0 : 9.0;
	ph = until_alarm(JRN_PH_BOTH, 30, 105);
	ok(ph.alarm_at == 30 && fabs(ph.up - 74.5244208914) < 1e-9, "R-PH-2 river waits for 30 rows");
	ph = until_alarm(JRN_PH_BOTH, 1, 105);
	ok(ph.alarm_at == 7 && fabs(ph.up - 13.7285714286) < 1e-9, "or not");
}

/* R-PH-1: sums, their lowest and highest points, at every row. */
static void
test_definition(void)
{
	jrn_page_hinkley ph;
	double		total = 0,
				up = 0,
				lowest = 0,
				down = 0,
				highest = 0;
	int64_t		alarm = 0;
	bool		same = true;
	int			i;

	fill(500, 0.5);
	jrn_page_hinkley_open(&ph, 0.05, 20.0, JRN_PH_BOTH, 10);
	for (i = 0; i < ROWS; i++)
	{
		double		mean = (total += x[i]) / (i + 1);

		up += x[i] - mean - 0.05;
		down += x[i] - mean + 0.05;
		lowest = fmin(lowest, up);
		highest = fmax(highest, down);
		if (alarm == 0 && i >= 9 && (up - lowest > 20.0 || highest - down > 20.0))
			alarm = i + 1;
		jrn_page_hinkley_add(&ph, x[i]);
		same = same && fabs(ph.up - (up - lowest)) < 1e-9 && fabs(ph.down - (highest - down)) < 1e-9;
	}
	ok(same, "R-PH-1 the statistics are those of the definition at every row");
	ok(alarm > 500 && ph.alarm_at == alarm, "and so is the alarm");
	ok(ph.n == ROWS && jrn_page_hinkley_statistic(&ph) == ph.up && ph.up > 100, "R-PH-3 the statistic goes on");
	ok_close(ph.mean, total / ROWS, 1e-12, "mean");
}

void
test_page_hinkley(void)
{
	jrn_page_hinkley ph;

	test_river();
	test_definition();
	jrn_page_hinkley_open(&ph, 0.0, 1.0, JRN_PH_BOTH, 1);
	ok(jrn_page_hinkley_add(&ph, 1.5e308) == JRN_OK && jrn_page_hinkley_add(&ph, -1.5e308) == JRN_NONFINITE, "R-PH-4 overflow");
}
