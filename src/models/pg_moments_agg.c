/*
 * pg_moments_agg.c
 *		Aggregate moments_agg: moments of (x, y) by cell.
 *
 * The state is a float8[] with the header of ../pg/state.h, whose rules
 * R-STATE-1 to R-STATE-3 hold here; after it comes the flat form of cells.h.
 *
 * A row updates its cell in place and the same pointer goes back, so it costs
 * O(p^2) arithmetic and no copy.  A cell more than there is room for doubles
 * the room: the larger copy is made in the row's context, and the executor
 * moves it to its own.
 */
#include "pg_fit_arrays.h"

#include <math.h>

#include "utils/float.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/host.h"
#include "../pg/state.h"
#include "cells.h"
#include "pg_moments.h"

#define STATE_BODY JOURNEY_STATE_HEADER

/* The most numbers that an array can have. */
#define STATE_MOST ((int) ((MaxAllocSize - ARR_OVERHEAD_NONULLS(1)) / sizeof(double)))

/* Deviations of a row of up to this many variables lie on the stack. */
#define SMALL_ROW 64

static const journey_state_kind moments_state = {
	"moments_agg",
	19779.0,					/* 0x4D43: "CM" */
	1.0,
	STATE_BODY + JRN_CELLS_HEADER,
	STATE_MOST
};

/* The cells of a state; false for the empty one.  R-STATE-1: O(1). */
static bool
open_state(ArrayType *array, jrn_cells *cells)
{
	int			count;
	double	   *numbers = journey_state_numbers(array, &moments_state, &count);

	if (numbers == NULL)
		return false;
	if (jrn_cells_open(numbers + STATE_BODY, (size_t) (count - STATE_BODY), cells) != JRN_OK)
		journey_state_refuse(&moments_state, "its length does not belong to its cells");
	return true;
}

/* R-STATE-1, every number. */
static void
check_state(jrn_cells *cells)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);

	switch (jrn_cells_check(&env, cells))
	{
		case JRN_OK:
			return;
		case JRN_CANCELLED:
			journey_check(JRN_CANCELLED, "moments_agg");
			break;
		case JRN_NONFINITE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("moments of moments_agg are out of range"),
					 errhint("Scale the columns so that their squares, summed over the rows, are finite.")));
			break;
		default:
			journey_state_refuse(&moments_state, "a cell, count, weight or variance cannot be");
	}
}

/* A state without cells. */
static ArrayType *
new_state(size_t q, size_t reserved, jrn_cells *cells)
{
	size_t		size = jrn_cells_size(q, reserved, (size_t) (STATE_MOST - STATE_BODY));
	ArrayType  *array;

	if (size == 0)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("moments of %zu cells with %zu features need more than 1 GB", reserved, q - 1),
				 errhint("Use fewer cells, or GROUP BY the cell and unite the moments with merge_moments.")));
	array = journey_state_new(&moments_state, (int) size + STATE_BODY);
	jrn_cells_begin((double *) ARR_DATA_PTR(array) + STATE_BODY, q, reserved, cells);
	return array;
}

/* The same cells with twice the room. */
static ArrayType *
larger_state(jrn_cells *cells)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_cells	larger;
	ArrayType  *array = new_state(cells->q, 2 * cells->reserved, &larger);

	check_state(cells);			/* or the move would mend what was damaged */
	journey_check(jrn_cells_move(&env, cells, &larger), "moments_agg");
	*cells = larger;
	return array;
}

/* Flat moments of a cell, which may be new; the state may be replaced. */
static double *
find_cell(ArrayType **array, jrn_cells *cells, int64 id)
{
	double	   *flat;

	if (jrn_cells_find(cells, id, &flat) != JRN_OK)
		journey_state_refuse(&moments_state, "its table of cells is damaged");
	if (flat != NULL)
		return flat;
	*array = larger_state(cells);
	if (jrn_cells_find(cells, id, &flat) != JRN_OK || flat == NULL)
		journey_state_refuse(&moments_state, "its table of cells is damaged");
	return flat;
}

static void
add_row(double *flat, const journey_array_row *row)
{
	size_t		q = (size_t) row->p + 1;
	jrn_running running;
	double		small[SMALL_ROW];
	double	   *z = q <= SMALL_ROW ? small : palloc(q * sizeof(double));

	jrn_running_open(flat, q, &running);
	if (running.n != 0.0)
		journey_state_check_rows(&moments_state, running.n);
	if (running.n != 0.0 ? !(running.w > 0.0) : running.w != 0.0)
		journey_state_refuse(&moments_state, "a sum of weights does not belong to its rows");
	memcpy(z, row->x, (size_t) row->p * sizeof(double));
	z[row->p] = row->y;
	jrn_running_add(&running, z, row->weight);
	if (!isfinite(running.w))
		float_overflow_error();
	jrn_running_close(&running, flat);
	if (z != small)
		pfree(z);
}

/* (state, cell, y, x [, weight]) */
PG_FUNCTION_INFO_V1(journey_moments_accum);
Datum
journey_moments_accum(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	journey_array_row row;
	jrn_cells	cells;

	(void) journey_agg_context(fcinfo);
	array = PG_ARGISNULL(0) ? NULL : PG_GETARG_ARRAYTYPE_P(0);
	if (array != NULL && !open_state(array, &cells))
		array = NULL;			/* R-STATE-3 */
	if (!journey_array_row_read_at(fcinfo, 2, false, &row))
	{
		if (array == NULL)
			PG_RETURN_NULL();
		PG_RETURN_ARRAYTYPE_P(array);
	}
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"cell\" must not be null"),
				 errhint("Leave such rows out with FILTER (WHERE cell IS NOT NULL), or give them a cell of their own.")));
	if (array == NULL)
		array = new_state((size_t) row.p + 1, 1, &cells);
	else
		journey_array_check_length(row.p, (int) cells.q - 1);
	add_row(find_cell(&array, &cells, PG_GETARG_INT64(1)), &row);
	PG_RETURN_ARRAYTYPE_P(array);
}

/* Strict: neither state is NULL.  State 1 is the executor's and changes. */
PG_FUNCTION_INFO_V1(journey_moments_combine);
Datum
journey_moments_combine(PG_FUNCTION_ARGS)
{
	ArrayType  *first;
	ArrayType  *second;
	jrn_cells	into;
	jrn_cells	from;
	size_t		place;

	(void) journey_agg_context(fcinfo);
	first = PG_GETARG_ARRAYTYPE_P(0);
	second = PG_GETARG_ARRAYTYPE_P(1);
	if (!open_state(second, &from))
		PG_RETURN_ARRAYTYPE_P(first);
	check_state(&from);
	if (!open_state(first, &into))
		first = new_state(from.q, from.reserved, &into);
	else
	{
		check_state(&into);
		journey_array_check_length((int) from.q - 1, (int) into.q - 1);
	}
	for (place = 0; place < from.used; place++)
	{
		double	   *flat = find_cell(&first, &into, jrn_cells_id(&from, place));
		jrn_running total;
		jrn_running part;

		CHECK_FOR_INTERRUPTS();
		jrn_running_open(flat, into.q, &total);
		jrn_running_open(jrn_cells_at(&from, place), into.q, &part);
		jrn_running_merge(&total, &part);
		jrn_running_close(&total, flat);
	}
	PG_RETURN_ARRAYTYPE_P(first);
}

/* Cells of a state as sets; arrays are shared, means are new. */
static void
take_cells(const jrn_cells *cells, const jrn_env *env, journey_moments *moments)
{
	size_t		i;

	moments->count = (int) cells->used;
	moments->cells = palloc_extended((cells->used + 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	moments->sets = palloc_extended((cells->used + 1) * sizeof(jrn_moments), MCXT_ALLOC_HUGE);
	for (i = 0; i < cells->used; i++)
	{
		jrn_moments *set = &moments->sets[i];
		jrn_running running;

		jrn_running_open(jrn_cells_at(cells, i), cells->q, &running);
		journey_check(jrn_running_moments(env, &running, set), "moments_agg");
		set->w = journey_moments_weight(running.log_w != 0.0, running.n, set->w);	/* R-PMO-3 */
		moments->cells[i] = jrn_cells_id(cells, i);
	}
}

PG_FUNCTION_INFO_V1(journey_moments_final);
Datum
journey_moments_final(PG_FUNCTION_ARGS)
{
	MemoryContext result = CurrentMemoryContext;
	MemoryContext scratch;
	jrn_cells	cells;
	journey_moments moments;
	jrn_env		env;
	Datum		datum;
	int			i;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0) || !open_state(PG_GETARG_ARRAYTYPE_P(0), &cells))
		PG_RETURN_NULL();
	check_state(&cells);
	scratch = AllocSetContextCreate(result, "journey moments_agg", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(scratch);
	env = journey_host_env(scratch);
	moments.q = (int) cells.q;
	moments.terms = palloc((Size) moments.q * sizeof(char *));
	for (i = 0; i + 1 < moments.q; i++)
		moments.terms[i] = psprintf("x%d", i + 1);
	moments.terms[i] = "y";
	take_cells(&cells, &env, &moments);
	MemoryContextSwitchTo(result);
	datum = journey_moments_datum(&moments);
	MemoryContextDelete(scratch);
	PG_RETURN_DATUM(datum);
}
