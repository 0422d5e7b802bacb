/*
 * pg_drift.c
 *		journey.map_drift (drift.h): one row per touchpoint of either source, in
 *		byte order.
 */
#include "../pg/compat.h"

#include "../pg/args.h"
#include "../pg/progress.h"
#include "drift.h"
#include "pg_symbol_map.h"

#define MAX_PERMUTATIONS 100000

/* Touchpoints of both sources. */
typedef struct joint_labels
{
	int32		k;
	int32	   *label[2];		/* of each source's touchpoints */
	const jrn_label **labels;	/* their bytes */
} joint_labels;

/* Merge two lists in byte order. */
static void
join_labels(const journey_symbol_map *sources, joint_labels *joint)
{
	uint32		count[2];
	uint32		at[2] = {0, 0};
	int			s;

	for (s = 0; s < 2; s++)
	{
		count[s] = (uint32) journey_events_label_count(sources[s].events);
		joint->label[s] = palloc(((Size) count[s] + 1) * sizeof(int32));
	}
	joint->labels = palloc(((Size) count[0] + count[1] + 1) * sizeof(jrn_label *));
	joint->k = 0;
	while (at[0] < count[0] || at[1] < count[1])
	{
		const jrn_label *a = at[0] < count[0] ? journey_events_label(sources[0].events, at[0]) : NULL;
		const jrn_label *b = at[1] < count[1] ? journey_events_label(sources[1].events, at[1]) : NULL;
		int			order = a == NULL ? 1 : b == NULL ? -1 :
			jrn_bytes_compare(a->bytes, a->size, b->bytes, b->size);

		joint->labels[joint->k] = order <= 0 ? a : b;
		if (order <= 0)
			joint->label[0][at[0]++] = joint->k;
		if (order >= 0)
			joint->label[1][at[1]++] = joint->k;
		joint->k++;
	}
}

static void
put_rows(journey_rows *rows, const joint_labels *joint, const jrn_drift_row *drift)
{
	int32		i;

	for (i = 0; i < joint->k; i++)
	{
		journey_rows_label(rows, 0, joint->labels[i]);
		journey_rows_number(rows, 1, drift[i].statistic);
		journey_rows_number(rows, 2, drift[i].p);
		journey_rows_number(rows, 3, drift[i].q);
		journey_rows_bigint(rows, 4, drift[i].reference);
		journey_rows_bigint(rows, 5, drift[i].current);
		journey_rows_cstring(rows, 6, drift[i].status);
		journey_rows_put(rows);
	}
}

PG_FUNCTION_INFO_V1(journey_map_drift);
Datum
journey_map_drift(PG_FUNCTION_ARGS)
{
	char	   *reference = journey_arg_cstring_required(fcinfo, 0, "reference_source");
	char	   *current = journey_arg_cstring_required(fcinfo, 1, "current_source");
	int32		permutations = journey_arg_int(fcinfo, 2, "permutations", 1, MAX_PERMUTATIONS);
	journey_symbol_map sources[2];
	jrn_drift_window windows[2];
	jrn_drift_row *drift;
	joint_labels joint;
	journey_rows rows;
	int			s;

	journey_arg_not_null(fcinfo, 3, "seed");
	journey_rows_begin(&rows, fcinfo, 7, "map_drift");
	journey_symbol_map_read(&sources[0], reference, "drift of a map");
	journey_symbol_map_read(&sources[1], current, "drift of a map");
	join_labels(sources, &joint);
	for (s = 0; s < 2; s++)
	{
		windows[s].map = &sources[s].map;
		windows[s].label = joint.label[s];
	}
	drift = palloc(((Size) joint.k + 1) * sizeof(jrn_drift_row));
	journey_check(jrn_map_drift(&sources[1].env, windows, joint.k, permutations,
								(uint64) PG_GETARG_INT64(3), drift), "drift of a map");
	put_rows(&rows, &joint, drift);
	journey_symbol_map_close(&sources[1]);
	journey_symbol_map_close(&sources[0]);
	return (Datum) 0;
}
