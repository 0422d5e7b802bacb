/*
 * arm_moments.c
 *		Moments by strategy and cell (see arm_moments.h).
 */
#include <string.h>

#include "arm_moments.h"

/* Rows of one strategy in the current cell: p columns of x, then y. */
typedef struct arm_block
{
	double	   *columns;		/* q columns of JRN_BLOCK_ROWS */
	size_t		rows;
} arm_block;

typedef struct arm_collector
{
	int			arms;
	int			cells;
	int			cell;			/* of the rows collected; -1: none yet */
	size_t		q;
	arm_block  *blocks;			/* [arms] */
	jrn_moment_scratch scratch;
	jrn_moments *out;
} arm_collector;

/* Hand the rows of a strategy to their moments. */
static void
flush_arm(arm_collector *collector, int arm)
{
	arm_block  *block = &collector->blocks[arm];
	jrn_tile	tile;

	if (block->rows == 0)
		return;
	memset(&tile, 0, sizeof(tile));
	tile.rows = block->rows;
	tile.stride = JRN_BLOCK_ROWS;
	tile.x = block->columns;
	tile.y = block->columns + (collector->q - 1) * JRN_BLOCK_ROWS;
	jrn_moments_add_tile(&collector->out[(size_t) arm * (size_t) collector->cells + (size_t) collector->cell],
						 &tile, &collector->scratch);
	block->rows = 0;
}

static void
flush_all(arm_collector *collector)
{
	int			a;

	for (a = 0; a < collector->arms; a++)
		flush_arm(collector, a);
}

/* Deal the rows of a block to their strategies. */
static void
collect(arm_collector *collector, const jrn_tile *tile)
{
	double	   *place[JRN_BLOCK_ROWS];
	size_t		p = collector->q - 1;
	size_t		begin = 0;
	size_t		r,
				j;

	if (tile->cell != collector->cell)
	{
		flush_all(collector);
		collector->cell = tile->cell;
	}
	while (begin < tile->rows)
	{
		/* as many rows as fit before a strategy's block is full */
		for (r = begin; r < tile->rows; r++)
		{
			arm_block  *block = &collector->blocks[(int) tile->arm[r]];

			if (block->rows == JRN_BLOCK_ROWS)
				break;
			place[r] = block->columns + block->rows++;
		}
		for (j = 0; j < p; j++)
		{
			const double *x = tile->x + j * tile->stride;
			size_t		i;

			for (i = begin; i < r; i++)
				place[i][j * JRN_BLOCK_ROWS] = x[i];
		}
		for (j = begin; j < r; j++)
			place[j][p * JRN_BLOCK_ROWS] = tile->y[j];
		if (r < tile->rows)
			flush_arm(collector, (int) tile->arm[r]);
		begin = r;
	}
}

jrn_status
jrn_arm_moments(jrn_engine *engine, int arms, int cells, jrn_moments **out)
{
	size_t		q = engine->q;
	size_t		each = (q + q * (q + 1) / 2) * sizeof(double);
	arm_collector collector;
	jrn_tile_cursor cursor;
	jrn_tile	tile;
	int			a;

	if (each > JRN_ARM_MOMENT_BYTES / (size_t) arms / (size_t) cells)
		return JRN_LIMIT;
	collector.arms = arms;
	collector.cells = cells;
	collector.cell = -1;
	collector.q = q;
	JRN_TRY(jrn_alloc_zeroed(engine->env, (size_t) arms, sizeof(arm_block), &collector.blocks));
	for (a = 0; a < arms; a++)
		JRN_TRY(jrn_alloc_zeroed(engine->env, q * JRN_BLOCK_ROWS, sizeof(double),
								 &collector.blocks[a].columns));
	JRN_TRY(jrn_moments_scratch(engine->env, q, &collector.scratch));
	collector.scratch.origin = engine->origin;
	JRN_TRY(jrn_moments_alloc(engine->env, (size_t) arms * (size_t) cells, q, &collector.out));
	jrn_tiles_open(engine->design, engine->tiles, &cursor);
	for (;;)
	{
		JRN_TRY(jrn_tiles_next(&cursor, &tile));
		if (tile.rows == 0)
			break;
		collect(&collector, &tile);
	}
	jrn_tiles_close(&cursor);
	if (collector.cell >= 0)
		flush_all(&collector);
	for (a = 0; a < arms; a++)
		jrn_release(engine->env, collector.blocks[a].columns);
	jrn_release(engine->env, collector.blocks);
	*out = collector.out;
	return JRN_OK;
}
