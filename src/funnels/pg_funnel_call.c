/*
 * pg_funnel_call.c
 *		Arguments of the table funnels, and journeys as rows of the core (see
 *		pg_funnel.h).
 */
#include "pg_funnel.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "../pg/args.h"

/* A list of touchpoints: no nulls, no empty names. */
static char **
read_names(FunctionCallInfo fcinfo, int number, const char *name, int *count)
{
	char	  **names = journey_array_cstrings(PG_GETARG_ARRAYTYPE_P(number), name, count);
	int			i;

	for (i = 0; i < *count; i++)
		if (names[i][0] == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element %d of array \"%s\" is empty", i + 1, name),
					 errhint("Name a touchpoint.")));
	return names;
}

static void
read_steps(funnel_call *call, FunctionCallInfo fcinfo)
{
	journey_arg_not_null(fcinfo, FUNNEL_STEPS, "steps");
	call->names = read_names(fcinfo, FUNNEL_STEPS, "steps", &call->steps);
	if (call->steps == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("array \"steps\" must not be empty"),
				 errhint("List the touchpoints of the funnel, such as ARRAY['delivered', 'review'].")));
	if (call->steps > JRN_FUNNEL_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array \"steps\" has %d elements, the limit is %d", call->steps,
						JRN_FUNNEL_MAX_STEPS)));
}

static unsigned
read_mode(FunctionCallInfo fcinfo)
{
	char	   *text = journey_arg_cstring_required(fcinfo, FUNNEL_MODE, "mode");
	char		words[256];
	unsigned	mode;
	const char *word;
	size_t		size;

	jrn_funnel_mode_words(JRN_FUNNEL_TABLE_MODES, words, sizeof(words));
	switch (jrn_funnel_mode_parse(text, JRN_FUNNEL_TABLE_MODES, &mode, &word, &size))
	{
		case JRN_FUNNEL_MODE_OK:
			break;
		case JRN_FUNNEL_MODE_EMPTY:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"mode\" is \"%s\", it has an empty mode at position %d", text,
							(int) (word - text) + 1),
					 errhint("Modes are: %s; separate them by commas.", words)));
			break;
		case JRN_FUNNEL_MODE_UNKNOWN:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"mode\" has the unknown mode \"%.*s\"", (int) size, word),
					 errhint("Modes are: %s; separate them by commas.", words)));
			break;
		case JRN_FUNNEL_MODE_NEEDS_ORDER:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"mode\" is \"%s\", allow_reentry needs strict_order", text),
					 errhint("Use 'strict_order, allow_reentry'; mode 'ordered' lets customers come back anyway.")));
			break;
		case JRN_FUNNEL_MODE_ALONE:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"mode\" is \"%s\", any_order cannot be combined with other modes", text)));
			break;
	}
	return (mode & ~JRN_FUNNEL_ORDERED) | JRN_FUNNEL_ONCE;
}

static void
read_exclude(funnel_call *call, FunctionCallInfo fcinfo)
{
	int			i,
				s;

	if (PG_ARGISNULL(FUNNEL_EXCLUDE))
		return;
	call->exclude = read_names(fcinfo, FUNNEL_EXCLUDE, "exclude", &call->exclude_count);
	for (i = 0; i < call->exclude_count; i++)
		for (s = 0; s < call->steps; s++)
			if (strcmp(call->exclude[i], call->names[s]) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("touchpoint \"%s\" is both step %d and in array \"exclude\"",
								call->exclude[i], s + 1)));
}

static void
read_optional(funnel_call *call, FunctionCallInfo fcinfo)
{
	ArrayType  *array;
	Datum	   *elements;
	int			count,
				i;

	if (PG_ARGISNULL(FUNNEL_OPTIONAL))
		return;
	array = PG_GETARG_ARRAYTYPE_P(FUNNEL_OPTIONAL);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"optional\" must have one dimension, it has %d", ARR_NDIM(array))));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("array \"optional\" must not contain nulls")));
	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, NULL, &count);
	for (i = 0; i < count; i++)
	{
		int32		step = DatumGetInt32(elements[i]);

		if (step == 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("array \"optional\" has step 1, which a funnel begins with")));
		if (step < 1 || step > call->steps)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("array \"optional\" has step %d, the steps are 1 to %d", step, call->steps),
					 errhint("Optional steps are given by their place in \"steps\".")));
		call->optional |= UINT64CONST(1) << (step - 1);
	}
	if (call->optional != 0 && (call->funnel.mode & JRN_FUNNEL_ANY_ORDER) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("array \"optional\" cannot be given with mode any_order"),
				 errhint("Leave the optional steps out of \"steps\".")));
}

/* Levels count the required steps. */
static void
number_levels(funnel_call *call)
{
	int			level = 0,
				s;

	for (s = 0; s < call->steps; s++)
	{
		if (!funnel_is_optional(call, s))
			level++;
		call->level_of[s] = level;
	}
	call->funnel.steps = level;
}

void
funnel_arguments(funnel_call *call, FunctionCallInfo fcinfo, int as_of, MemoryContext context)
{
	unsigned	mode;

	call->context = context;
	call->env = journey_host_env(context);
	jrn_funnel_work_init(&call->work, &call->env);
	read_steps(call, fcinfo);
	journey_arg_not_null(fcinfo, FUNNEL_WITHIN, "within");
	journey_deadlines_set(&call->window, PG_GETARG_INTERVAL_P(FUNNEL_WITHIN), "within");
	call->funnel.deadline = journey_deadlines_end;
	call->funnel.deadline_arg = &call->window;
	mode = call->funnel.mode = read_mode(fcinfo);
	read_exclude(call, fcinfo);
	read_optional(call, fcinfo);
	number_levels(call);
	/* rows that match nothing end chains in these modes only */
	call->wants_rows = (mode & (JRN_FUNNEL_ADJACENT | JRN_FUNNEL_ORDER)) != 0;
	call->request.has_as_of = !PG_ARGISNULL(as_of);
	if (call->request.has_as_of)
		call->request.as_of = PG_GETARG_TIMESTAMPTZ(as_of);
}

/* ---- touchpoints ---- */

static int
compare_name(const jrn_label *label, const char *name)
{
	size_t		size = strlen(name);
	int			order = memcmp(label->bytes, name, Min(label->size, size));

	if (order != 0)
		return order;
	return label->size < size ? -1 : label->size > size;
}

/* The entry of a name; NULL when no event has it. */
static funnel_label *
find_label(const funnel_call *call, const char *name)
{
	size_t		low = 0,
				high = journey_events_label_count(call->events);

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		int			order = compare_name(journey_events_label(call->events, (uint32) middle), name);

		if (order == 0)
			return &call->labels[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void
make_labels(funnel_call *call)
{
	size_t		count = journey_events_label_count(call->events);
	funnel_label *label;
	int			i;

	call->labels = MemoryContextAllocExtended(call->context, Max(count, 1) * sizeof(funnel_label),
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (i = 0; i < call->steps; i++)
	{
		uint64		level_bit = UINT64CONST(1) << (call->level_of[i] - 1);

		if ((label = find_label(call, call->names[i])) == NULL)
			continue;
		label->matters = true;
		if (funnel_is_optional(call, i))
		{
			label->optional |= UINT64CONST(1) << i;
			label->pass |= level_bit;
		}
		else
			label->mask |= level_bit;
	}
	for (i = 0; i < call->exclude_count; i++)
		if ((label = find_label(call, call->exclude[i])) != NULL)
			label->excludes = label->matters = true;
}

/* ---- one journey ---- */

static jrn_status
make_room(funnel_call *call, size_t need)
{
	size_t		wanted = Max(need, 2 * call->capacity);

	if (need <= call->capacity)
		return JRN_OK;
	wanted = Max(wanted, 64);
	if (call->capacity > 0)
	{
		jrn_release(&call->env, call->rows);
		jrn_release(&call->env, call->event_of);
		jrn_release(&call->env, call->pass);
		jrn_release(&call->env, call->row_optional);
		jrn_release(&call->env, call->excluding);
	}
	call->capacity = 0;
	JRN_TRY(jrn_alloc_array(&call->env, wanted, sizeof(jrn_funnel_row), &call->rows));
	JRN_TRY(jrn_alloc_array(&call->env, wanted, sizeof(uint32), &call->event_of));
	JRN_TRY(jrn_alloc_array(&call->env, call->optional != 0 ? wanted : 0, sizeof(uint64), &call->pass));
	JRN_TRY(jrn_alloc_array(&call->env, call->optional != 0 ? wanted : 0, sizeof(uint64), &call->row_optional));
	JRN_TRY(jrn_alloc_array(&call->env, call->exclude_count > 0 ? wanted : 0, sizeof(bool), &call->excluding));
	call->capacity = wanted;
	return JRN_OK;
}

jrn_status
funnel_take_journey(funnel_call *call, const jrn_journey *journey)
{
	uint64		begins = (call->funnel.mode & JRN_FUNNEL_ANY_ORDER) != 0 ? ~UINT64CONST(0) : 1;
	uint64		seen = 0;
	size_t		n = 0,
				i;

	if (call->labels == NULL)
		make_labels(call);		/* ranks exist from the first journey on */
	if (journey->n > PG_UINT32_MAX)
		return JRN_LIMIT;
	JRN_TRY(make_room(call, journey->n));
	call->has_excluding = false;
	for (i = 0; i < journey->n; i++)
	{
		const jrn_event *event = &journey->events[i];
		const funnel_label *label = &call->labels[event->label];

		if (i % 65536 == 65535)
			JRN_TICK(&call->env);
		if (!label->matters && !call->wants_rows)
			continue;
		call->rows[n].ts = event->ts;
		call->rows[n].mask = label->mask;
		call->event_of[n] = (uint32) i;
		seen |= label->mask;
		if (call->optional != 0)
		{
			call->pass[n] = label->pass;
			call->row_optional[n] = label->optional;
		}
		if (call->exclude_count > 0)
		{
			call->excluding[n] = label->excludes;
			call->has_excluding |= label->excludes;
		}
		n++;
	}
	call->n = n;
	call->enters = (seen & begins) != 0;
	return JRN_OK;
}

jrn_status
funnel_best_chain(funnel_call *call, bool completions, bool mature_only, jrn_funnel_chain *chain,
				  bool *excluded)
{
	jrn_funnel_wish wish;

	memset(&wish, 0, sizeof(wish));
	wish.pass = call->optional != 0 ? call->pass : NULL;
	wish.completions = completions;
	wish.limited = mature_only;
	wish.last_deadline = call->request.as_of;
	return jrn_funnel_run_excluding(&call->funnel, &call->work, call->rows,
									call->has_excluding ? call->excluding : NULL, call->n,
									&wish, chain, excluded);
}

static bool
in_chain(const jrn_funnel_chain *chain, size_t row)
{
	int			k;

	for (k = 0; k < chain->level; k++)
		if (chain->row[k] == row)
			return true;
	return false;
}

/*
 * Optional steps behind level k of the chain, in the order of the list: each
 * the first row behind the one before it.
 */
static uint64
optional_behind(const funnel_call *call, const jrn_funnel_chain *chain, int level, uint64 wanted)
{
	const jrn_funnel_row *rows = call->rows;
	bool		last = level == chain->level;
	size_t		i = chain->row[level - 1];
	int64		until = last ? call->funnel.deadline(call->funnel.deadline_arg, rows[chain->row[0]].ts) :
		rows[chain->row[level]].ts;
	uint64		found = 0;

	/* rows of the same instant may stand before the one that was matched */
	while (i > 0 && rows[i - 1].ts == rows[i].ts)
		i--;
	for (; i < call->n && rows[i].ts <= until && wanted != 0; i++)
	{
		uint64		match = call->row_optional[i] & wanted;
		uint64		next;

		if (call->has_excluding && call->excluding[i] && rows[i].ts > rows[chain->row[0]].ts)
			break;
		if (match == 0 || in_chain(chain, i))
			continue;
		next = match & (~match + 1);
		found |= next;
		wanted &= ~(next | (next - 1)); /* steps before it in the list are passed over */
	}
	return found;
}

uint64
funnel_optional_steps(const funnel_call *call, const jrn_funnel_chain *chain)
{
	uint64		found = 0;
	int			s,
				k;

	if (call->optional == 0)
		return 0;
	for (k = 1; k <= chain->level; k++)
	{
		uint64		wanted = 0;

		for (s = 0; s < call->steps; s++)
			if (funnel_is_optional(call, s) && call->level_of[s] == k)
				wanted |= UINT64CONST(1) << s;
		if (wanted != 0)
			found |= optional_behind(call, chain, k, wanted);
	}
	return found;
}
