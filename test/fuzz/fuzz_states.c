/*
 * fuzz_states.c
 *		Any bytes as the travelling state of every aggregate with a deserialize
 *		function: a state that is written as the same bytes, also after it was
 *		merged into an empty one, or an error with a code of its own.
 *
 * Input: a byte that picks the decoder, then the state.
 *
 * Links: test/fuzz/server.c src/pg/aggregate.c src/pg/host.c
 * Links: src/chaos/pg_series_agg.c src/monitoring/pg_sequence_betting.c
 * Links: src/monitoring/pg_fingerprint.c src/metrics/pg_metric_rows.c
 * Links: src/kpis/pg_kpis_cluster.c src/kpis/pg_kpis.c src/kpis/pg_median.c
 * Links: src/models/pg_fit_rows.c src/models/pg_fit_arrays.c
 * Links: src/funnels/pg_retention.c src/funnels/pg_conditions.c
 * Links: src/funnels/pg_window_funnel.c src/funnels/pg_next_node.c
 * Links: src/features/pg_features.c
 */
#include "server.h"

#include "fuzz.h"

#define AGGREGATES(_) \
	_(series, false) \
	_(betting_sequence, false) \
	_(fingerprint, false) \
	_(metric_rows, false) \
	_(kpi_cluster, true)		/* equal clusters become one */ \
	_(median_ci, false) \
	_(fit_rows, false) \
	_(retention, false) \
	_(conditions, false) \
	_(next_node, false) \
	_(events, true)				/* NaN and negative zero are made plain */

#define DECLARE(name, normalises) \
	extern Datum journey_##name##_serialize(PG_FUNCTION_ARGS); \
	extern Datum journey_##name##_deserialize(PG_FUNCTION_ARGS); \
	extern Datum journey_##name##_combine(PG_FUNCTION_ARGS);
#define ROW(name, normalises) \
	{journey_##name##_deserialize, journey_##name##_serialize, journey_##name##_combine, normalises},

AGGREGATES(DECLARE)

static const struct
{
	PGFunction	deserialize;
	PGFunction	serialize;
	PGFunction	combine;
	bool		normalises;		/* the bytes may differ once */
}			decoders[] = {AGGREGATES(ROW)};

#define DECODERS (sizeof(decoders) / sizeof(decoders[0]))

static bool
same(const bytea *a, const bytea *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(VARDATA(a), VARDATA(b), VARSIZE(a) - VARHDRSZ) == 0;
}

/* 0, or a code that only the host can cause. */
static int
accepted(size_t which, bytea *wire, void *state)
{
	void	   *written;
	void	   *merged;
	void	   *state_again;
	int			code;

	if ((code = server_call(decoders[which].serialize, 1, state, NULL, &written)) != 0)
		return code;
	MUST(decoders[which].normalises || same(written, wire));
	wire = written;
	if ((code = server_call(decoders[which].deserialize, 2, wire, NULL, &state_again)) != 0 ||
		(code = server_call(decoders[which].serialize, 1, state_again, NULL, &written)) != 0)
		return code;
	MUST(same(written, wire));
	if ((code = server_call(decoders[which].combine, 2, NULL, state, &merged)) != 0 ||
		(code = server_call(decoders[which].serialize, 1, merged, NULL, &written)) != 0)
		return code;
	MUST(same(written, wire));
	/* and once more: twice the rows, or an error that a user could cause */
	code = server_call(decoders[which].combine, 2, merged, state_again, &merged);
	if (code == 0)
		code = server_call(decoders[which].serialize, 1, merged, NULL, &written);
	return server_by_host(code) ? code : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	bytea	   *wire;
	void	   *state;
	int			code;
	size_t		which;

	(void) fuzz_begin();
	if (size == 0)
		return 0;
	which = bytes[0] % DECODERS;
	wire = server_bytea(bytes + 1, size - 1);
	if (wire == NULL)
		return fuzz_end();
	code = server_call(decoders[which].deserialize, 2, wire, NULL, &state);
	if (code == 0)
	{
		code = accepted(which, wire, state);
		MUST(code == 0 || server_by_host(code));
	}
	else
		MUST(server_by_host(code) || code == ERRCODE_DATA_CORRUPTED ||
			 code == ERRCODE_INVALID_BINARY_REPRESENTATION || code == ERRCODE_PROGRAM_LIMIT_EXCEEDED);
	return fuzz_end();
}
