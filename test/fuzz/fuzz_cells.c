/*
 * fuzz_cells.c
 *		Any numbers as the state of moments_by: what opens holds no surprise,
 *		and what passes the check can be searched, grown, added to and merged.
 *		Anyone can forge such a state, as it is an array of numbers
 *		(CREATE AGGREGATE with INITCOND).
 *
 * Input: doubles, 8 bytes each, big-endian; the last one is a row to add.
 */
#include "../../src/core/wire.h"
#include "../../src/models/cells.h"
#include "../../src/models/design.h"
#include "fuzz.h"

#define MOST 4096				/* doubles */

static jrn_status
grown(const jrn_env *env, jrn_cells *cells)
{
	size_t		size = jrn_cells_size(cells->q, 2 * cells->reserved, (size_t) 1 << 24);
	jrn_cells	wide;
	jrn_running a,
				b;
	double	   *flat;
	double	   *found;
	size_t		i;

	MUST(size > 0);
	JRN_TRY(jrn_alloc_zeroed(env, size, sizeof(double), &flat));
	jrn_cells_begin(flat, cells->q, 2 * cells->reserved, &wide);
	JRN_TRY(jrn_cells_move(env, cells, &wide));
	MUST(wide.used == cells->used);
	JRN_TRY(jrn_cells_check(env, &wide));
	for (i = 0; i < cells->used; i++)
	{
		JRN_TRY(jrn_cells_find(&wide, jrn_cells_id(cells, i), &found));
		MUST(found != NULL && wide.used == cells->used);
		jrn_running_open(found, wide.q, &a);
		jrn_running_open(jrn_cells_at(cells, i), cells->q, &b);
		MUST(memcmp(a.mean, b.mean, (jrn_running_size(cells->q) - JRN_RUNNING_TOTALS) * sizeof(double)) == 0);
		jrn_running_merge(&a, &b);
		jrn_running_close(&a, found);
		MUST(a.n == 2.0 * b.n);
	}
	JRN_TRY(jrn_cells_find(&wide, INT64_C(0x0123456789ABCDEF), &found));
	MUST(found != NULL);		/* twice the room */
	return JRN_OK;
}

static jrn_status
opened(const jrn_env *env, jrn_cells *cells, const double *row)
{
	int64_t		id;
	double	   *found;
	jrn_running running;
	double		z[JRN_MAX_COLUMNS + 1];
	size_t		i;
	bool		sound = jrn_cells_check(env, cells) == JRN_OK;

	MUST(cells->used <= cells->reserved);
	/* also where it is damaged: only a status, never a place outside */
	memcpy(&id, row, sizeof(id));
	for (i = 0; i < cells->used; i++)
		(void) jrn_cells_id(cells, i);
	if (jrn_cells_find(cells, id, &found) == JRN_OK && found != NULL)
	{
		MUST(found >= cells->cell && found + jrn_running_size(cells->q) <= cells->cell + cells->reserved * cells->each);
		jrn_running_open(found, cells->q, &running);
		for (i = 0; i < cells->q; i++)
			z[i] = isfinite(row[0]) ? row[0] : 1.0;
		jrn_running_add(&running, z, 1.0);
		jrn_running_close(&running, found);
	}
	/* a sum may overflow by the row: sound is what passes again */
	return sound && jrn_cells_check(env, cells) == JRN_OK ? grown(env, cells) : JRN_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	jrn_env		env = fuzz_begin();
	size_t		count = size / 8 > MOST ? MOST : size / 8;
	double	   *flat;
	double		row;
	jrn_cells	cells;
	jrn_status	status;
	size_t		i;

	if (count == 0)
		return 0;
	if (jrn_alloc_array(&env, count, sizeof(double), &flat) != JRN_OK)
		return fuzz_end();
	for (i = 0; i < count; i++)
	{
		uint64_t	bits = jrn_wire_get(bytes + 8 * i, 8);

		memcpy(&flat[i], &bits, sizeof(bits));
	}
	/* the last number is the row that is added */
	row = flat[count - 1];
	status = jrn_cells_open(flat, count - 1, &cells);
	if (status == JRN_OK)
		status = opened(&env, &cells, &row);
	else
		MUST(status == JRN_CORRUPT);
	MUST(status == JRN_OK || status == JRN_CORRUPT || fuzz_by_host(status));
	return fuzz_end();
}
