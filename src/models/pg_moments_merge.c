/*
 * pg_moments_merge.c
 *		Aggregate merge_moments: moments of several parts united.
 *
 * Cells with the same id are merged, others stand side by side.  The state is
 * the server's own (internal): what comes in is small already, so partial
 * aggregation would gain nothing.
 *
 * R-PMM-1	Moments of other terms, or of the same in another order, are
 *			refused, naming the first difference.
 */
#include "../pg/compat.h"

#include "utils/memutils.h"

#include "../core/hash.h"
#include "../pg/aggregate.h"
#include "pg_moments.h"

typedef struct merge_state
{
	journey_moments moments;
	int			reserved;		/* cells there is room for, a power of 2 */
	int		   *slots;			/* [2 reserved] 0, or 1 + place of a cell */
} merge_state;

static int *
slot_of(const merge_state *state, int64 id)
{
	uint64		mask = 2 * (uint64) state->reserved - 1;
	uint64		slot = jrn_hash_u64((uint64) id, 0) & mask;

	while (state->slots[slot] != 0 && state->moments.cells[state->slots[slot] - 1] != id)
		slot = (slot + 1) & mask;
	return &state->slots[slot];
}

static void
reserve(merge_state *state, int reserved)
{
	journey_moments *moments = &state->moments;
	int64	   *cells = palloc_extended((Size) reserved * sizeof(int64), MCXT_ALLOC_HUGE);
	jrn_moments *sets = palloc_extended((Size) reserved * sizeof(jrn_moments), MCXT_ALLOC_HUGE);
	int			i;

	if (moments->count > 0)
	{
		memcpy(cells, moments->cells, (Size) moments->count * sizeof(int64));
		memcpy(sets, moments->sets, (Size) moments->count * sizeof(jrn_moments));
		pfree(moments->cells);
		pfree(moments->sets);
		pfree(state->slots);
	}
	moments->cells = cells;
	moments->sets = sets;
	state->reserved = reserved;
	state->slots = palloc_extended(2 * (Size) reserved * sizeof(int), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (i = 0; i < moments->count; i++)
		*slot_of(state, cells[i]) = i + 1;
}

/* R-PMM-1 */
static void
check_terms(const journey_moments *have, const journey_moments *got)
{
	int			i;

	if (have->q != got->q)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("moments of %d terms and of %d terms cannot be merged", have->q, got->q),
				 errhint("All moments need the same features in the same order, and the same target.")));
	for (i = 0; i < have->q; i++)
		if (strcmp(have->terms[i], got->terms[i]) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("term %d is \"%s\" in some moments and \"%s\" in others",
							i + 1, have->terms[i], got->terms[i]),
					 errhint("All moments need the same features in the same order, and the same target.")));
}

/* Cells are copied into the current context: the arrays of a row do not last. */
static void
add_cell(merge_state *state, int64 id, const jrn_moments *set)
{
	journey_moments *moments = &state->moments;
	Size		numbers = (set->q + set->q * (set->q + 1) / 2) * sizeof(double);
	int		   *slot = slot_of(state, id);
	jrn_moments *copy;

	if (*slot != 0)
	{
		journey_moments_merge_sets(&moments->sets[*slot - 1], set);
		return;
	}
	if (moments->count == state->reserved)
	{
		if (state->reserved > PG_INT32_MAX / 4)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("moments have more than %d cells", state->reserved)));
		reserve(state, 2 * state->reserved);
		slot = slot_of(state, id);
	}
	moments->cells[moments->count] = id;
	copy = &moments->sets[moments->count];
	*copy = *set;
	copy->mean = palloc(numbers);
	copy->m = copy->mean + set->q;
	memcpy(copy->mean, set->mean, set->q * sizeof(double));
	memcpy(copy->m, set->m, numbers - set->q * sizeof(double));
	*slot = ++moments->count;
}

static merge_state *
new_state(const journey_moments *moments)
{
	merge_state *state = palloc0(sizeof(merge_state));
	int			i;

	state->moments.q = moments->q;
	state->moments.terms = palloc((Size) moments->q * sizeof(char *));
	for (i = 0; i < moments->q; i++)
		state->moments.terms[i] = pstrdup(moments->terms[i]);
	reserve(state, 8);
	return state;
}

PG_FUNCTION_INFO_V1(journey_merge_moments_accum);
Datum
journey_merge_moments_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	merge_state *state = PG_ARGISNULL(0) ? NULL : (merge_state *) PG_GETARG_POINTER(0);
	journey_moments moments;
	MemoryContext row;
	int			i;

	JOURNEY_AGG_SKIP_NULL();
	journey_moments_read(PG_GETARG_HEAPTUPLEHEADER(1), &moments);
	row = MemoryContextSwitchTo(context);
	if (state == NULL)
		state = new_state(&moments);
	check_terms(&state->moments, &moments);
	for (i = 0; i < moments.count; i++)
		add_cell(state, moments.cells[i], &moments.sets[i]);
	MemoryContextSwitchTo(row);
	PG_RETURN_POINTER(state);
}

/* The state stays as it is: its lists are copied before they are put in order. */
PG_FUNCTION_INFO_V1(journey_merge_moments_final);
Datum
journey_merge_moments_final(PG_FUNCTION_ARGS)
{
	merge_state *state;
	journey_moments moments;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (merge_state *) PG_GETARG_POINTER(0);
	moments = state->moments;
	moments.cells = palloc_extended((Size) (moments.count + 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	memcpy(moments.cells, state->moments.cells, (Size) moments.count * sizeof(int64));
	PG_RETURN_DATUM(journey_moments_datum(&moments));
}
