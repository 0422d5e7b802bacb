/*
 * pg_damage.c
 *		journey.damage and journey.redirect (damage.h).
 *
 * R-PDA-1	A touchpoint that does not occur is an error (22023); "(end)" names
 *			the end of a journey where no touchpoint has that name.
 */
#include "../pg/compat.h"

#include "utils/float.h"
#include "utils/memutils.h"

#include "../maps/pg_maps.h"
#include "../maps/pg_outcome_journeys.h"
#include "../pg/args.h"
#include "../pg/progress.h"
#include "damage.h"
#include "pg_symbol_map.h"

PG_FUNCTION_INFO_V1(journey_damage);
Datum
journey_damage(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	journey_symbol_map symbols;
	jrn_damage	damage;
	journey_rows rows;

	journey_rows_begin(&rows, fcinfo, 7, "damage");
	journey_symbol_map_read(&symbols, source, "damage of a map");
	journey_check(jrn_damage_map(&symbols.env, &symbols.map, &damage), "damage of a map");
	journey_rows_number(&rows, 0, damage.dobrushin);
	journey_rows_number(&rows, 1, damage.second);
	journey_rows_number(&rows, 2, damage.half_life);
	journey_rows_number(&rows, 3, damage.steps);
	journey_rows_number(&rows, 4, damage.rate);
	journey_rows_number(&rows, 5, damage.active);
	journey_rows_cstring(&rows, 6, damage.status);
	journey_rows_put(&rows);
	journey_symbol_map_close(&symbols);
	return (Datum) 0;
}

/* ---- redirect ---- */

typedef struct redirect_call
{
	const char *touchpoint;
	const char *from;
	const char *to;
	double		amount;
} redirect_call;

static double
read_amount(FunctionCallInfo fcinfo)
{
	double		amount;

	journey_arg_not_null(fcinfo, 5, "amount");
	amount = PG_GETARG_FLOAT8(5);
	if (!(amount >= 0.0 && amount <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"amount\" is %s, it must be between 0 and 1", float8out_internal(amount)),
				 errhint("It is a share of the visits to the touchpoint: 0.05 moves five of a hundred.")));
	return amount;
}

/* R-PDA-1 */
static int32
find_label(const journey_events *events, const char *name, const char *argument, bool may_end)
{
	size_t		count = journey_events_label_count(events);
	uint32		rank;

	for (rank = 0; rank < count; rank++)
	{
		const jrn_label *label = journey_events_label(events, rank);

		if (label->size == strlen(name) && memcmp(label->bytes, name, label->size) == 0)
			return (int32) rank;
	}
	if (may_end && strcmp(name, JOURNEY_MAP_END) == 0)
		return JRN_REDIRECT_END;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" is \"%s\", which is no touchpoint of the source", argument, name),
			 may_end ? errhint("The end of a journey is called \"%s\".", JOURNEY_MAP_END) : 0));
	return 0;
}

static void
solve(const redirect_call *call, journey_outcome_map *journeys, const jrn_env *env, jrn_redirect *redirect)
{
	int32		touchpoint = find_label(journeys->events, call->touchpoint, "touchpoint", false);
	int32		from = find_label(journeys->events, call->from, "from_next", true);
	int32		to = find_label(journeys->events, call->to, "to_next", true);
	jrn_status	status = jrn_redirect_map(env, &journeys->map, touchpoint, from, to, call->amount, redirect);

	if (status == JRN_LIMIT)	/* R-DAM-5 */
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"amount\" is %s, but only %.4f of the visits to \"%s\" go on to \"%s\"",
						float8out_internal(call->amount), redirect->share, call->touchpoint, call->from)));
	journey_check(status, "redirecting journeys");
}

PG_FUNCTION_INFO_V1(journey_redirect);
Datum
journey_redirect(PG_FUNCTION_ARGS)
{
	char	   *source = journey_arg_cstring_required(fcinfo, 0, "source");
	char	   *outcome = journey_arg_cstring_required(fcinfo, 1, "outcome");
	journey_outcome_map journeys;
	MemoryContext context;
	jrn_env		env;
	redirect_call call;
	jrn_redirect redirect;
	journey_rows rows;

	call.touchpoint = journey_arg_cstring_required(fcinfo, 2, "touchpoint");
	call.from = journey_arg_cstring_required(fcinfo, 3, "from_next");
	call.to = journey_arg_cstring_required(fcinfo, 4, "to_next");
	call.amount = read_amount(fcinfo);
	memset(&journeys, 0, sizeof(journeys));
	redirect.change = redirect.derivative = NAN;
	redirect.status = "too_few";
	journey_rows_begin(&rows, fcinfo, 3, "redirect");
	context = AllocSetContextCreate(CurrentMemoryContext, "journey redirect", ALLOCSET_DEFAULT_SIZES);
	env = journey_host_env(context);
	journey_outcome_map_read(&journeys, source, outcome, context, &env);
	journey_progress_watch(context, "redirecting journeys");
	if (journeys.map.n_customers > 0)
		solve(&call, &journeys, &env, &redirect);
	journey_rows_number(&rows, 0, redirect.change);
	journey_rows_number(&rows, 1, redirect.derivative);
	journey_rows_cstring(&rows, 2, redirect.status);
	journey_rows_put(&rows);
	journey_events_close(journeys.events);
	MemoryContextDelete(context);
	return (Datum) 0;
}
