/*
 * pg_transitions.c
 *		journey.transitions and journey.bottlenecks (transitions.h).
 *
 * R-PGT-1	transitions: by source in byte order with (start) first, then target
 *			in byte order with (end) last.  Intervals are Wilson's at 95 %.
 * R-PGT-2	bottlenecks: by total waiting, the longest first; share is that of
 *			all waiting, NULL when nobody waited.
 */
#include "pg_maps.h"

#include "../core/dist.h"

static void
put_names(journey_rows *rows, const journey_map_call *call, jrn_pair pair)
{
	const char *bytes;
	Size		size;

	journey_map_name(call, pair.source, &bytes, &size);
	journey_rows_bytes(rows, 0, bytes, size);
	journey_map_name(call, pair.target, &bytes, &size);
	journey_rows_bytes(rows, 1, bytes, size);
}

PG_FUNCTION_INFO_V1(journey_transitions);
Datum
journey_transitions(PG_FUNCTION_ARGS)
{
	journey_event_request request;
	journey_map_call call;
	journey_rows rows;
	jrn_transitions map;
	size_t		i;

	journey_rows_begin(&rows, fcinfo, 10, "transitions");
	memset(&request, 0, sizeof(request));
	request.has_as_of = !PG_ARGISNULL(1);
	if (request.has_as_of)
		request.as_of = PG_GETARG_TIMESTAMPTZ(1);
	journey_map_open(&call, fcinfo, &request, 2);
	journey_map_transitions(&call, &map);
	for (i = 0; i < map.used; i++)
	{
		uint32_t	number = map.order[i];
		jrn_pair	pair = map.pairs.list[number];
		const jrn_transition *figures = &map.list[number];
		double		leaving = (double) map.leaving[pair.source];
		double		low,
					high;

		jrn_wilson((double) figures->count, leaving, 0.95, &low, &high);
		put_names(&rows, &call, pair);
		journey_rows_bigint(&rows, 2, figures->count);
		journey_rows_bigint(&rows, 3, figures->customers);
		journey_rows_number(&rows, 4, (double) figures->count / leaving);
		journey_rows_number(&rows, 5, low);
		journey_rows_number(&rows, 6, high);
		journey_rows_number(&rows, 7, figures->median_seconds);
		journey_rows_number(&rows, 8, figures->p90_seconds);
		journey_rows_number(&rows, 9, figures->total_seconds);
		journey_rows_put(&rows);
	}
	journey_map_close(&call);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(journey_bottlenecks);
Datum
journey_bottlenecks(PG_FUNCTION_ARGS)
{
	journey_event_request request;
	journey_map_call call;
	journey_rows rows;
	jrn_transitions map;
	uint32_t   *order;
	double		waiting = 0.0;
	size_t		count;
	size_t		i;

	journey_rows_begin(&rows, fcinfo, 9, "bottlenecks");
	memset(&request, 0, sizeof(request));
	journey_map_open(&call, fcinfo, &request, 2);
	journey_map_transitions(&call, &map);
	journey_check(jrn_transitions_by_wait(&map, &order, &count), "ranking waits");
	for (i = 0; i < count; i++)
		waiting += map.list[order[i]].total_seconds;
	for (i = 0; i < count; i++)
	{
		const jrn_transition *figures = &map.list[order[i]];

		put_names(&rows, &call, map.pairs.list[order[i]]);
		journey_rows_bigint(&rows, 2, figures->count);
		journey_rows_number(&rows, 3, figures->total_seconds);
		journey_rows_number(&rows, 4, waiting > 0.0 ? figures->total_seconds / waiting : NAN);
		journey_rows_number(&rows, 5, figures->median_seconds);
		journey_rows_number(&rows, 6, figures->p90_seconds);
		journey_rows_number(&rows, 7, figures->p95_seconds);
		journey_rows_bigint(&rows, 8, (int64) i + 1);
		journey_rows_put(&rows);
	}
	journey_map_close(&call);
	return (Datum) 0;
}
