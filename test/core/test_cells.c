/*
 * test_cells.c
 *		Moments by cell in a flat array: against sums by definition, in any
 *		order, grown and moved; damaged arrays are refused.
 */
#include "tap.h"

#include "../../src/core/random.h"
#include "../../src/models/cells.h"
#include "../../src/models/model.h"

#define Q 3
#define ROWS 3000
#define CELLS 37
#define RESERVED 64
#define MOST (JRN_CELLS_HEADER + RESERVED * (4 + JRN_RUNNING_TOTALS + 2 * Q + Q * (Q + 1) / 2))

static double z[ROWS][Q];
static double weight[ROWS];
static int64_t id_of_row[ROWS];

static const int64_t corner_ids[] = {0, -1, INT64_MAX, INT64_MIN, 4294967296, -4294967297};

static void
make_rows(void)
{
	int			i;

	for (i = 0; i < ROWS; i++)
	{
		int64_t		cell = i % CELLS;

		z[i][0] = jrn_random_normal(1, (uint64_t) i) + 1e3;
		z[i][1] = 0.1;
		z[i][2] = 1e9 + z[i][0] + jrn_random_normal(2, (uint64_t) i);
		weight[i] = 0.5 + i % 4;
		id_of_row[i] = cell < 6 ? corner_ids[cell] : cell * 1000003;
	}
}

/* Rows step, 2 step, ... modulo their number, from a cell of one upwards. */
static size_t
add_rows(double *flat, int step, jrn_cells *cells)
{
	static double spare[MOST];
	jrn_env		env = host_env();
	size_t		size = jrn_cells_size(Q, 1, MOST);
	int			n;

	memset(flat, 0, MOST * sizeof(double));
	jrn_cells_begin(flat, Q, 1, cells);
	for (n = 0; n < ROWS; n++)
	{
		int			i = (int) ((long) n * step % ROWS);
		jrn_running running;
		double		row[Q];
		double	   *at;

		(void) jrn_cells_open(flat, size, cells);
		(void) jrn_cells_find(cells, id_of_row[i], &at);
		if (at == NULL)
		{
			jrn_cells	larger;

			memset(spare, 0, sizeof(spare));
			jrn_cells_begin(spare, Q, 2 * cells->reserved, &larger);
			(void) jrn_cells_move(&env, cells, &larger);
			size = jrn_cells_size(Q, larger.reserved, MOST);
			memcpy(flat, spare, sizeof(spare));
			(void) jrn_cells_open(flat, size, cells);
			(void) jrn_cells_find(cells, id_of_row[i], &at);
		}
		jrn_running_open(at, Q, &running);
		memcpy(row, z[i], sizeof(row));
		jrn_running_add(&running, row, weight[i]);
		jrn_running_close(&running, at);
	}
	return size;
}

/* The largest relative deviation of any number from its definition. */
static double
deviation(const jrn_cells *cells)
{
	double		worst = 0.0;
	size_t		c;
	int			i,
				a,
				b;

	for (c = 0; c < cells->used; c++)
	{
		int64_t		id = jrn_cells_id(cells, c);
		long double w = 0.0L;
		long double mean[Q] = {0.0L};
		double		n = 0.0;
		jrn_running running;

		jrn_running_open(jrn_cells_at(cells, c), Q, &running);
		for (i = 0; i < ROWS; i++)
			if (id_of_row[i] == id)
			{
				n += 1.0;
				w += weight[i];
				for (a = 0; a < Q; a++)
					mean[a] += (long double) weight[i] * z[i][a];
			}
		worst = fmax(worst, fabs(running.n - n) + fabs(running.w / (double) w - 1.0));
		for (a = 0; a < Q; a++)
			worst = fmax(worst, fabs((double) (running.mean[a] + (long double) running.low[a]) /
									 (double) (mean[a] / w) - 1.0));
		for (a = 0; a < Q; a++)
			for (b = 0; b <= a; b++)
			{
				long double sum = 0.0L;

				for (i = 0; i < ROWS; i++)
					if (id_of_row[i] == id)
						sum += weight[i] * (z[i][a] - mean[a] / w) * (z[i][b] - mean[b] / w);
				if (a != 1 && b != 1)
					worst = fmax(worst, fabs(running.m[jrn_packed((size_t) a, (size_t) b)] / (double) sum - 1.0));
				else if (running.m[jrn_packed((size_t) a, (size_t) b)] != 0.0)
					worst = INFINITY;
			}
	}
	return worst;
}

/* One number of a sound form changed; does opening or checking see it? */
static bool
is_refused(const double *sound, size_t size, size_t place, double value)
{
	static double flat[MOST];
	jrn_env		env = host_env();
	jrn_cells	cells;

	memcpy(flat, sound, MOST * sizeof(double));
	flat[place] = value;
	return jrn_cells_open(flat, size, &cells) != JRN_OK || jrn_cells_check(&env, &cells) != JRN_OK;
}

static void
test_damage(const double *flat, size_t size, const jrn_cells *cells)
{
	size_t		first = (size_t) (cells->cell - cells->flat);
	size_t		taken = (size_t) (cells->slots - cells->flat);
	bool		all = true;
	size_t		i;

	ok_int((long long) jrn_cells_size(Q, RESERVED, MOST - 1), 0, "no room, no size");
	for (i = 0; i < 3; i++)
		all = all && is_refused(flat, size, i, -1.0) && is_refused(flat, size, i, 1e300) &&
			is_refused(flat, size, i, NAN) && is_refused(flat, size, i, 2.5);
	ok(all, "a damaged header is refused");
	ok(is_refused(flat, size, 2, 32.0) && is_refused(flat, size - 1, 0, Q), "another length is refused");
	while (flat[taken] == 0.0)
		taken++;
	ok(is_refused(flat, size, taken, 0.0) && is_refused(flat, size, taken, 1e9) &&
	   is_refused(flat, size, taken, NAN) && is_refused(flat, size, taken, 1.5), "a damaged slot is refused");
	ok(is_refused(flat, size, first, flat[first + cells->each]) ||
	   is_refused(flat, size, first + 1, flat[first + cells->each + 1]), "an id that is there twice is refused");
	ok(is_refused(flat, size, first, 0.5) && is_refused(flat, size, first + 1, -1.0) &&
	   is_refused(flat, size, first, 1e30), "an id that is none is refused");
	ok(is_refused(flat, size, first + 2, 0.0) && is_refused(flat, size, first + 3, -1.0) &&
	   is_refused(flat, size, first + 5, INFINITY), "a count, weight or mean that cannot be is refused");
}

void
test_cells(void)
{
	static double one[MOST];
	static double other[MOST];
	jrn_env		env = host_env();
	jrn_cells	cells;
	jrn_cells	shuffled;
	double		apart = 0.0;
	size_t		size;
	size_t		c,
				i;

	make_rows();
	size = add_rows(one, 1, &cells);
	ok_int((long long) cells.used, CELLS, "every cell once, the corners of bigint too");
	ok_int((long long) cells.reserved, RESERVED, "room has doubled");
	ok_int(jrn_cells_check(&env, &cells), JRN_OK, "a sound form is sound");
	ok(deviation(&cells) < 1e-12, "moments are those of the definition (%g)", deviation(&cells));
	(void) add_rows(other, 1009, &shuffled);
	for (c = 0; c < cells.used; c++)
	{
		double	   *at;

		(void) jrn_cells_find(&shuffled, jrn_cells_id(&cells, c), &at);
		/* n, w, log w, then means without their low parts, and co-moments */
		for (i = 0; i < jrn_running_size(Q); i++)
			if (i < JRN_RUNNING_TOTALS + Q || i >= JRN_RUNNING_TOTALS + 2 * Q)
				apart = fmax(apart, fabs(jrn_cells_at(&cells, c)[i] - at[i]) / fmax(fabs(at[i]), 1e-300));
	}
	ok(apart < 1e-12, "the order of rows changes the last digits only (%g)", apart);
	test_damage(one, size, &cells);
}
