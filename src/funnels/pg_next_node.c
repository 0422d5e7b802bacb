/*
 * pg_next_node.c
 *		The aggregate sequence_next_node (see next_node.h).
 *
 * Its state keeps every row with its value: a neighbour may be a row where no
 * condition holds.
 */
#include "pg_conditions.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "../pg/aggregate.h"
#include "../pg/args.h"
#include "../pg/host.h"
#include "next_node.h"

static const char *const base_names[] = {"head", "tail", "first_match", "last_match"};

/* Does a text argument hold exactly this word? */
static bool
text_is(const text *argument, const char *word)
{
	return VARSIZE_ANY_EXHDR(argument) == strlen(word) &&
		memcmp(VARDATA_ANY(argument), word, strlen(word)) == 0;
}

static bool
read_direction(FunctionCallInfo fcinfo)
{
	const text *direction;

	journey_arg_not_null(fcinfo, 1, "direction");
	direction = PG_GETARG_TEXT_PP(1);
	if (!text_is(direction, "forward") && !text_is(direction, "backward"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"direction\" is \"%s\", it must be forward or backward",
						text_to_cstring(direction))));
	return text_is(direction, "backward");
}

static uint8
read_base(FunctionCallInfo fcinfo)
{
	const text *base;
	int			i;

	journey_arg_not_null(fcinfo, 2, "base");
	base = PG_GETARG_TEXT_PP(2);
	for (i = JRN_BASE_HEAD; i <= JRN_BASE_LAST_MATCH; i++)
		if (text_is(base, base_names[i]))
			return (uint8) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"base\" is \"%s\", it must be head, tail, first_match or last_match",
					text_to_cstring(base))));
	return 0;
}

/* The first row has none before it, the last none after. */
static inline bool
has_no_row(bool backward, uint8 base)
{
	return base == (backward ? JRN_BASE_HEAD : JRN_BASE_TAIL);
}

static jrn_node_list *
new_list(MemoryContext context, bool backward, uint8 base, int n)
{
	jrn_node_list *list;

	if (has_no_row(backward, base))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("base \"%s\" has no row %s it", base_names[base],
						backward ? "before" : "after"),
				 errhint("Take head or a match with forward, tail or a match with backward.")));
	list = MemoryContextAllocZero(context, sizeof(jrn_node_list));
	list->backward = backward;
	list->base = base;
	list->n_conditions = (uint8) n;
	return list;
}

static void
check_alike(const jrn_node_list *list, bool backward, uint8 base, int n)
{
	if (list->backward != backward)
		journey_refuse_change("direction", list->backward ? "backward" : "forward",
							  backward ? "backward" : "forward");
	if (list->base != base)
		journey_refuse_change("base", base_names[list->base], base_names[base]);
	if (list->n_conditions != n)
		journey_refuse_count("conditions", list->n_conditions, n);
}

PG_FUNCTION_INFO_V1(journey_next_node_add);
Datum
journey_next_node_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	jrn_env		env = journey_host_env(context);
	bool		backward = read_direction(fcinfo);
	uint8		base = read_base(fcinfo);
	TimestampTz ts = journey_arg_moment(fcinfo, 3);
	bool		is_base = !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
	journey_row_conditions row = journey_array_conditions(fcinfo, 6, "conditions");
	const text *value = PG_ARGISNULL(4) ? NULL : PG_GETARG_TEXT_PP(4);
	jrn_node_list *list;

	if (PG_ARGISNULL(0))
		list = new_list(context, backward, base, row.n);
	else
		list = (jrn_node_list *) PG_GETARG_POINTER(0);
	check_alike(list, backward, base, row.n);
	if (value != NULL && VARSIZE_ANY_EXHDR(value) > JRN_MAX_WORD_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("value of %zu bytes is too long", (size_t) VARSIZE_ANY_EXHDR(value)),
				 errdetail("A value has at most %zu bytes.", JRN_MAX_WORD_BYTES)));
	journey_check(jrn_node_list_add(&env, list, ts, row.mask, is_base,
									value == NULL ? NULL : VARDATA_ANY(value),
									value == NULL ? 0 : VARSIZE_ANY_EXHDR(value)),
				  "the rows of a group");
	PG_RETURN_POINTER(list);
}

PG_FUNCTION_INFO_V1(journey_next_node_combine);
Datum
journey_next_node_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = journey_agg_context(fcinfo);
	jrn_env		env = journey_host_env(context);
	jrn_node_list *list = PG_ARGISNULL(0) ? NULL : (jrn_node_list *) PG_GETARG_POINTER(0);
	const jrn_node_list *other;

	JOURNEY_AGG_SKIP_NULL();
	other = (const jrn_node_list *) PG_GETARG_POINTER(1);
	if (list == NULL)
		list = new_list(context, other->backward, other->base, other->n_conditions);
	check_alike(list, other->backward, other->base, other->n_conditions);
	journey_check(jrn_node_list_merge(&env, list, other), "the rows of a group");
	PG_RETURN_POINTER(list);
}

PG_FUNCTION_INFO_V1(journey_next_node_serialize);
Datum
journey_next_node_serialize(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	const jrn_node_list *list;
	Size		size;
	bytea	   *wire;

	(void) journey_agg_context(fcinfo);
	list = (const jrn_node_list *) PG_GETARG_POINTER(0);
	size = jrn_node_wire_size(list) + VARHDRSZ;
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group of %zu events is too large to be sent between parallel workers",
						list->count),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	wire = palloc(size);
	SET_VARSIZE(wire, size);
	journey_check(jrn_node_encode(&env, list, (unsigned char *) VARDATA(wire)),
				  "the rows of a group");
	PG_RETURN_BYTEA_P(wire);
}

/* The list lives in the current context: combine copies what it keeps. */
PG_FUNCTION_INFO_V1(journey_next_node_deserialize);
Datum
journey_next_node_deserialize(PG_FUNCTION_ARGS)
{
	jrn_env		env = journey_host_env(CurrentMemoryContext);
	jrn_node_list *list;
	bytea	   *wire;
	jrn_status	status;

	(void) journey_agg_context(fcinfo);
	wire = PG_GETARG_BYTEA_PP(0);
	list = palloc0(sizeof(jrn_node_list));
	status = jrn_node_decode(&env, (const unsigned char *) VARDATA_ANY(wire),
							 VARSIZE_ANY_EXHDR(wire), list);
	if (status == JRN_CORRUPT || (status == JRN_OK && has_no_row(list->backward, list->base)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of an aggregate over conditions")));
	journey_check(status, "the rows of a group");
	PG_RETURN_POINTER(list);
}

PG_FUNCTION_INFO_V1(journey_next_node_final);
Datum
journey_next_node_final(PG_FUNCTION_ARGS)
{
	const jrn_node_list *list;
	jrn_node_work *work = fcinfo->flinfo->fn_extra;
	jrn_env		env;
	uint32		value;
	const char *bytes = "";
	size_t		size = 0;

	(void) journey_agg_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	list = (const jrn_node_list *) PG_GETARG_POINTER(0);
	if (work == NULL)
		work = fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(jrn_node_work));
	env = journey_host_env(fcinfo->flinfo->fn_mcxt);
	journey_check(jrn_node_list_next(&env, list, work, &value), "the next node");
	if (value == JRN_NODE_NULL)
		PG_RETURN_NULL();
	if (value != JRN_NODE_EMPTY)
		bytes = jrn_vocabulary_bytes(&list->values, value, &size);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(bytes, (int) size));
}
