-- window_funnel: the level of an ordered funnel, as an aggregate.

-- The state of window_funnel and of the sequence aggregates: rows and which
-- conditions held in them.

CREATE FUNCTION journey.conditions_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_conditions_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.conditions_combine(internal, internal) IS
'Combine of window_funnel, sequence_match, sequence_count and sequence_match_events: joins two lists of rows. Cannot be called directly.';

CREATE FUNCTION journey.conditions_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_conditions_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.conditions_serialize(internal) IS
'Sends the rows of window_funnel, sequence_match, sequence_count and sequence_match_events between parallel workers. Cannot be called directly.';

CREATE FUNCTION journey.conditions_deserialize(wire bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_conditions_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.conditions_deserialize(bytea, internal) IS
'Receives the rows of window_funnel, sequence_match, sequence_count and sequence_match_events, checked in full. Cannot be called directly.';

CREATE FUNCTION journey.window_funnel_final(state internal)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_window_funnel_final'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.window_funnel_final(internal) IS
'Final of window_funnel: the level reached. Stable because a window of days or months follows the session TimeZone. Cannot be called directly.';

CREATE FUNCTION journey.window_funnel_add(state internal, within interval, ts timestamptz, steps boolean[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_window_funnel_add_array'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.window_funnel_add(internal, interval, timestamptz, boolean[]) IS
'Transition of window_funnel: adds a row. Cannot be called directly.';

CREATE FUNCTION journey.window_funnel_add(state internal, within interval, mode text, ts timestamptz, steps boolean[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_window_funnel_add_mode_array'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.window_funnel_add(internal, interval, text, timestamptz, boolean[]) IS
'Transition of window_funnel: adds a row. Cannot be called directly.';

CREATE AGGREGATE journey.window_funnel(within interval, ts timestamptz, VARIADIC steps boolean[]) (
	SFUNC = journey.window_funnel_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.window_funnel_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.window_funnel(interval, timestamptz, VARIADIC boolean[]) IS
'Level an ordered funnel reached, 0 to the number of steps (1 to 64 conditions): the longest chain of rows in which step 1, 2, ... hold at times that do not fall and lie within the window of step 1, its end included, over all beginnings. As in ClickHouse one row may serve several steps, and steps may share an instant. The order of rows does not matter. 0 without rows. within: positive; days and months follow the session TimeZone. A NULL condition does not hold. Errors: a NULL or infinite ts, a NULL, zero or negative within, arguments that differ between the rows of a group.';

CREATE AGGREGATE journey.window_funnel(within interval, mode text, ts timestamptz, VARIADIC steps boolean[]) (
	SFUNC = journey.window_funnel_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.window_funnel_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.window_funnel(interval, text, timestamptz, VARIADIC boolean[]) IS
'window_funnel with modes, comma separated. strict_increase: every step at a later time than the one before. strict_once: a row serves one step of a chain. strict_order: no row of another step, or of none, between the steps of a chain; a step already reached may come again. allow_reentry (with strict_order): rows of later steps are passed over. strict_deduplication: a step from 2 on that comes again ends the chain. Every mode looks at chains from all beginnings. Unknown modes are an error that lists these. Otherwise as the form without mode.';

-- 2 to 8 steps: the executor hands the conditions over one by one.

-- each number of conditions
CREATE FUNCTION journey.window_funnel_add(state internal, within interval, ts timestamptz, @conditions step@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_window_funnel_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.window_funnel_add(internal, interval, timestamptz, @booleans@) IS
'Transition of window_funnel: adds a row. Cannot be called directly.';

CREATE FUNCTION journey.window_funnel_add(state internal, within interval, mode text, ts timestamptz, @conditions step@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_window_funnel_add_mode'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.window_funnel_add(internal, interval, text, timestamptz, @booleans@) IS
'Transition of window_funnel: adds a row. Cannot be called directly.';

CREATE AGGREGATE journey.window_funnel(within interval, ts timestamptz, @conditions step@) (
	SFUNC = journey.window_funnel_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.window_funnel_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.window_funnel(interval, timestamptz, @booleans@) IS
'As window_funnel with VARIADIC steps, for @n@ steps: the same answer without building an array per row.';

CREATE AGGREGATE journey.window_funnel(within interval, mode text, ts timestamptz, @conditions step@) (
	SFUNC = journey.window_funnel_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.window_funnel_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.window_funnel(interval, text, timestamptz, @booleans@) IS
'As window_funnel with mode and VARIADIC steps, for @n@ steps: the same answer without building an array per row.';
-- end
