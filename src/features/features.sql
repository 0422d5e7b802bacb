-- features: what one journey looks like.

-- Scalars over a path.

CREATE FUNCTION journey.entropy(path text[], alphabet_size integer DEFAULT NULL)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_entropy'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.entropy(text[], integer) IS
'Entropy of the touchpoints of a path, -sum p ln p over shares of events: nats, 0 or more. With alphabet_size it is divided by its logarithm: 0..1 (alphabet_size 1 gives 0). NULL for a NULL or empty path. An alphabet_size below the number of distinct touchpoints is an error.';

CREATE FUNCTION journey.complexity(path text[], alphabet_size integer DEFAULT NULL)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_complexity'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.complexity(text[], integer) IS
'Complexity index of a path, 0..1: sqrt(share of neighbours that differ * entropy / ln alphabet_size) (Gabadinho et al. 2010, as TraMineR). alphabet_size NULL takes the path''s own number of distinct touchpoints. One event gives 0, a NULL or empty path NULL.';

CREATE FUNCTION journey.turbulence(path text[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_turbulence'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.turbulence(text[]) IS
'Turbulence of a path, 1 or more: log2 of the number of distinct subsequences of its spells times (s2max + 1)/(s2 + 1), s2 the variance of the spell lengths (Elzinga and Liefbroer 2007, as TraMineR type 1, not normalised). NULL for an empty path.';

CREATE FUNCTION journey.volatility(path text[], alphabet_size integer DEFAULT NULL)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_volatility'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.volatility(text[], integer) IS
'Volatility of a path, 0..1: half (distinct touchpoints - 1)/(alphabet_size - 1) plus half the share of neighbours that differ. alphabet_size NULL takes the path''s own number of distinct touchpoints; 1 gives 0. NULL for a NULL or empty path.';

CREATE FUNCTION journey.log2_subsequences(path text[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_log2_subsequences'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.log2_subsequences(text[]) IS
'Base-2 logarithm of the number of distinct subsequences, the empty one included, of a path whose runs of the same touchpoint count once. Bits; no length overflows. NULL for an empty path.';

CREATE FUNCTION journey.lempel_ziv(path text[])
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_lempel_ziv'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.lempel_ziv(text[]) IS
'Lempel-Ziv complexity of a path: number of phrases of its exhaustive history (Lempel and Ziv 1976; a phrase may overlap its source, the last incomplete phrase counts). It grows with the length: compare paths of equal length only. NULL for an empty path.';

CREATE FUNCTION journey.edit_distance(a text[], b text[])
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_edit_distance'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.edit_distance(text[], text[]) IS
'Levenshtein distance of two paths: least number of touchpoints to insert, delete or replace. Time grows with the product of the lengths, which is capped at 1e10 after removing the common beginning and end (error 54000). An empty path is at the distance of the other''s length.';

-- Scalars over gaps.

CREATE FUNCTION journey.burstiness(gaps float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_burstiness'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.burstiness(float8[]) IS
'Finite-size burstiness of the gaps between events, -1..1 (Kim and Jo 2016): -1 equal gaps, 1 one gap holds everything; gaps in any unit. NULL below two gaps or when all are 0. A negative gap is an error.';

CREATE FUNCTION journey.memory_coefficient(gaps float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_memory_coefficient'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.memory_coefficient(float8[]) IS
'Correlation of each gap with the next, -1..1 (Goh and Barabasi 2008): above 0 short gaps follow short ones; gaps in any unit. NULL below three gaps or when the gaps without the first, or without the last, are all equal. A negative gap is an error.';

CREATE FUNCTION journey.local_variation(gaps float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_local_variation'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.local_variation(float8[]) IS
'Local variation of the gaps, 0..3 (Shinomoto et al. 2003): 0 for equal gaps, about 1 for random moments; gaps in any unit. NULL below three gaps or when two neighbouring gaps are both 0. A negative gap is an error.';

-- One journey as a row.

CREATE TYPE journey.journey_features AS (
	n_events bigint,
	n_touchpoints bigint,
	first_touchpoint text,
	last_touchpoint text,
	first_at timestamptz,
	last_at timestamptz,
	duration_seconds float8,
	active_days bigint,
	n_transitions bigint,
	n_self_loops bigint,
	n_repeats bigint,
	n_ping_pongs bigint,
	entropy float8,
	complexity float8,
	turbulence float8,
	volatility float8,
	lempel_ziv integer,
	mean_gap_seconds float8,
	median_gap_seconds float8,
	max_gap_seconds float8,
	burstiness float8,
	memory_coefficient float8,
	local_variation float8,
	seconds_since_last float8,
	value_sum float8,
	value_mean float8,
	value_min float8,
	value_last float8,
	touchpoints text[],
	counts integer[]
);
COMMENT ON TYPE journey.journey_features IS
'What one journey looks like: volume, times, shape, loops, rhythm, value, and events per touchpoint. n_events = 1 + n_transitions (changes of touchpoint) + n_self_loops (same touchpoint directly again); n_repeats: touchpoint occurred before, not directly. active_days: calendar days of the session TimeZone. Durations and gaps in seconds, entropy in nats, burstiness in its finite-size form. NULL where a figure cannot be given: gap figures of a single event, value figures without values.';
COMMENT ON COLUMN journey.journey_features.n_events IS 'Events of the journey.';
COMMENT ON COLUMN journey.journey_features.n_touchpoints IS 'Distinct touchpoints.';
COMMENT ON COLUMN journey.journey_features.duration_seconds IS 'Seconds from the first to the last event.';
COMMENT ON COLUMN journey.journey_features.active_days IS 'Calendar days of the session TimeZone with an event.';
COMMENT ON COLUMN journey.journey_features.n_transitions IS 'Neighbouring events with different touchpoints.';
COMMENT ON COLUMN journey.journey_features.n_self_loops IS 'Neighbouring events with the same touchpoint.';
COMMENT ON COLUMN journey.journey_features.n_repeats IS 'Events whose touchpoint occurred before, but not directly before.';
COMMENT ON COLUMN journey.journey_features.n_ping_pongs IS 'Events that return to the touchpoint before the previous one, over another one.';
COMMENT ON COLUMN journey.journey_features.seconds_since_last IS 'Seconds from the last event to as_of; NULL without as_of.';
COMMENT ON COLUMN journey.journey_features.value_last IS 'The last value that is not NULL.';
COMMENT ON COLUMN journey.journey_features.touchpoints IS 'Distinct touchpoints in byte order.';
COMMENT ON COLUMN journey.journey_features.counts IS 'Events of each of touchpoints, in the same order.';

-- Aggregates: the state is the list of events, the order is made at the end.

CREATE FUNCTION journey.events_add(state internal, touchpoint text, ts timestamptz)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_events_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.events_add(internal, text, timestamptz) IS
'Transition of path_agg and features_agg: adds an event. Cannot be called directly.';

CREATE FUNCTION journey.events_add(state internal, touchpoint text, ts timestamptz, value float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_events_add_value'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.events_add(internal, text, timestamptz, float8) IS
'Transition of features_agg with values: adds an event. Cannot be called directly.';

CREATE FUNCTION journey.events_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_events_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.events_combine(internal, internal) IS
'Combine of path_agg and features_agg: joins two lists of events. Cannot be called directly.';

CREATE FUNCTION journey.events_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_events_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.events_serialize(internal) IS
'Sends the events of path_agg and features_agg between parallel workers. Cannot be called directly.';

CREATE FUNCTION journey.events_deserialize(wire bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_events_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.events_deserialize(bytea, internal) IS
'Receives the events of path_agg and features_agg, checked in full. Cannot be called directly.';

CREATE FUNCTION journey.path_agg_final(state internal)
RETURNS text[]
AS 'MODULE_PATHNAME', 'journey_path_agg_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.path_agg_final(internal) IS
'Final of path_agg: touchpoints in order. Cannot be called directly.';

CREATE FUNCTION journey.features_agg_final(state internal)
RETURNS journey.journey_features
AS 'MODULE_PATHNAME', 'journey_features_agg_final'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.features_agg_final(internal) IS
'Final of features_agg: the row of features. Stable because active_days follows the session TimeZone. Cannot be called directly.';

CREATE AGGREGATE journey.path_agg(touchpoint text, ts timestamptz) (
	SFUNC = journey.events_add,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.path_agg_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.events_combine,
	SERIALFUNC = journey.events_serialize,
	DESERIALFUNC = journey.events_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.path_agg(text, timestamptz) IS
'Path of a journey: touchpoints ordered by ts, then by the bytes of the touchpoint; the order of rows does not matter. NULL without rows. A NULL touchpoint or ts, an infinite ts, an empty touchpoint or one above 1 MB is an error.';

CREATE AGGREGATE journey.features_agg(touchpoint text, ts timestamptz) (
	SFUNC = journey.events_add,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.features_agg_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.events_combine,
	SERIALFUNC = journey.events_serialize,
	DESERIALFUNC = journey.events_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.features_agg(text, timestamptz) IS
'Features of a journey as journey.journey_features, the same bits whatever the order of rows or the plan. complexity and volatility take the journey''s own number of touchpoints as alphabet. NULL without rows. A NULL touchpoint or ts, an infinite ts, an empty touchpoint or one above 1 MB is an error..';

CREATE AGGREGATE journey.features_agg(touchpoint text, ts timestamptz, value float8) (
	SFUNC = journey.events_add,
	STYPE = internal,
	SSPACE = 1280,
	FINALFUNC = journey.features_agg_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.events_combine,
	SERIALFUNC = journey.events_serialize,
	DESERIALFUNC = journey.events_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.features_agg(text, timestamptz, float8) IS
'Features of a journey with value_sum, value_mean, value_min and value_last over the values that are not NULL; events at the same ts with the same touchpoint are ordered by value. A NaN or infinite value is an error.';

-- All customers of a source.

-- each customer_type
CREATE FUNCTION journey.customer_features(
	source @source@,
	as_of timestamptz DEFAULT NULL,
	alphabet_size integer DEFAULT NULL@customer_argument@,
	OUT customer_id @customer_type@,
	OUT n_events bigint,
	OUT n_touchpoints bigint,
	OUT first_touchpoint text,
	OUT last_touchpoint text,
	OUT first_at timestamptz,
	OUT last_at timestamptz,
	OUT duration_seconds float8,
	OUT active_days bigint,
	OUT n_transitions bigint,
	OUT n_self_loops bigint,
	OUT n_repeats bigint,
	OUT n_ping_pongs bigint,
	OUT entropy float8,
	OUT complexity float8,
	OUT turbulence float8,
	OUT volatility float8,
	OUT lempel_ziv integer,
	OUT mean_gap_seconds float8,
	OUT median_gap_seconds float8,
	OUT max_gap_seconds float8,
	OUT burstiness float8,
	OUT memory_coefficient float8,
	OUT local_variation float8,
	OUT seconds_since_last float8,
	OUT value_sum float8,
	OUT value_mean float8,
	OUT value_min float8,
	OUT value_last float8,
	OUT touchpoints text[],
	OUT counts integer[]
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_customer_features'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10000;
COMMENT ON FUNCTION journey.customer_features(@source@, timestamptz, integer@customer_signature@) IS
@comment@'Features of every customer of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id and value): customer_id and the columns of journey.journey_features. One pass; events at the same ts are ordered by event_id, then touchpoint. Events at or after as_of do not exist; with it seconds_since_last is given. alphabet_size divides entropy and fixes complexity and volatility; a customer with more touchpoints is an error. customer_id is a bigint; for other keys pass customer_type. Durations in seconds.';
-- end
