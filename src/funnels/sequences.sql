-- Sequences: patterns over the rows of a group, the next node, retention.

CREATE FUNCTION journey.sequence_add(state internal, pattern text, ts timestamptz, conditions boolean[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_sequence_add_array'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.sequence_add(internal, text, timestamptz, boolean[]) IS
'Transition of the sequence aggregates: adds a row. Cannot be called directly.';

CREATE FUNCTION journey.sequence_match_final(state internal)
RETURNS boolean
AS 'MODULE_PATHNAME', 'journey_sequence_match_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.sequence_match_final(internal) IS
'Final of sequence_match: whether a match exists. Cannot be called directly.';

CREATE FUNCTION journey.sequence_count_final(state internal)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_sequence_count_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.sequence_count_final(internal) IS
'Final of sequence_count: the number of matches. Cannot be called directly.';

CREATE FUNCTION journey.sequence_match_events_final(state internal)
RETURNS timestamptz[]
AS 'MODULE_PATHNAME', 'journey_sequence_match_events_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.sequence_match_events_final(internal) IS
'Final of sequence_match_events: the times of a match. Cannot be called directly.';

CREATE AGGREGATE journey.sequence_match(pattern text, ts timestamptz, VARIADIC conditions boolean[]) (
	SFUNC = journey.sequence_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.sequence_match_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_match(text, timestamptz, VARIADIC boolean[]) IS
'Whether the rows of a group contain the pattern. False without rows. Pattern: (?N) a row where condition N holds; . any row; .* any rows in between; (?t<=v) time to the next row of the chain, also <, >=, >, ==; (?1){2,3}, {2}, {2,}; ((?2)|(?3)); (?w<=v) at the front for the whole chain. v is seconds, or written out as 2 minutes. Neighbours without .* or (?t) follow each other directly among the rows where some condition holds. Rows are ordered by ts, then the lowest condition that holds, then the others; the order of arrival does not matter. Time grows linearly with rows, without a cap. A NULL condition does not hold. Errors: a pattern that cannot be read (42601, with the position), a condition it names that was not given, a NULL or infinite ts, arguments that differ between the rows of a group.';

CREATE AGGREGATE journey.sequence_count(pattern text, ts timestamptz, VARIADIC conditions boolean[]) (
	SFUNC = journey.sequence_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.sequence_count_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_count(text, timestamptz, VARIADIC boolean[]) IS
'How often the rows of a group contain the pattern: matches that do not overlap, the one that ends first, then on behind its last row. 0 without rows. The pattern and the errors are those of sequence_match.';

CREATE AGGREGATE journey.sequence_match_events(pattern text, ts timestamptz, VARIADIC conditions boolean[]) (
	SFUNC = journey.sequence_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.sequence_match_events_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_match_events(text, timestamptz, VARIADIC boolean[]) IS
'Times of the rows that match a (?N) in the match that ends first; of those the one that begins last; of those every row as early as possible. NULL where nothing matches. The pattern and the errors are those of sequence_match.';

-- each number of conditions
CREATE FUNCTION journey.sequence_add(state internal, pattern text, ts timestamptz, @conditions condition@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_sequence_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.sequence_add(internal, text, timestamptz, @booleans@) IS
'Transition of the sequence aggregates: adds a row. Cannot be called directly.';

CREATE AGGREGATE journey.sequence_match(pattern text, ts timestamptz, @conditions condition@) (
	SFUNC = journey.sequence_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.sequence_match_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_match(text, timestamptz, @booleans@) IS
'As sequence_match with VARIADIC conditions, for @n@ conditions: the same answer without building an array per row.';

CREATE AGGREGATE journey.sequence_count(pattern text, ts timestamptz, @conditions condition@) (
	SFUNC = journey.sequence_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.sequence_count_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_count(text, timestamptz, @booleans@) IS
'As sequence_count with VARIADIC conditions, for @n@ conditions: the same answer without building an array per row.';

CREATE AGGREGATE journey.sequence_match_events(pattern text, ts timestamptz, @conditions condition@) (
	SFUNC = journey.sequence_add,
	STYPE = internal,
	SSPACE = 256,
	FINALFUNC = journey.sequence_match_events_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.conditions_combine,
	SERIALFUNC = journey.conditions_serialize,
	DESERIALFUNC = journey.conditions_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_match_events(text, timestamptz, @booleans@) IS
'As sequence_match_events with VARIADIC conditions, for @n@ conditions: the same answer without building an array per row.';
-- end

CREATE FUNCTION journey.next_node_add(state internal, direction text, base text, ts timestamptz, value text, base_condition boolean, conditions boolean[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_next_node_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION journey.next_node_add(internal, text, text, timestamptz, text, boolean, boolean[]) IS
'Transition of sequence_next_node: adds a row. Cannot be called directly.';

CREATE FUNCTION journey.next_node_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_next_node_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.next_node_combine(internal, internal) IS
'Combine of sequence_next_node: joins two lists of rows. Cannot be called directly.';

CREATE FUNCTION journey.next_node_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_next_node_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.next_node_serialize(internal) IS
'Sends the rows of sequence_next_node between parallel workers. Cannot be called directly.';

CREATE FUNCTION journey.next_node_deserialize(wire bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_next_node_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.next_node_deserialize(bytea, internal) IS
'Receives the rows of sequence_next_node, checked in full. Cannot be called directly.';

CREATE FUNCTION journey.next_node_final(state internal)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_next_node_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.next_node_final(internal) IS
'Final of sequence_next_node: the value of the neighbour. Cannot be called directly.';

CREATE AGGREGATE journey.sequence_next_node(direction text, base text, ts timestamptz, value text, base_condition boolean, VARIADIC conditions boolean[]) (
	SFUNC = journey.next_node_add,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.next_node_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.next_node_combine,
	SERIALFUNC = journey.next_node_serialize,
	DESERIALFUNC = journey.next_node_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.sequence_next_node(text, text, timestamptz, text, boolean, VARIADIC boolean[]) IS
'Value of the row next to a chain of neighbouring rows: condition 1 holds in the base row, condition 2 in the row after it (direction forward) or before it (backward), and so on; the answer is the value of the row after those, NULL where the chain does not hold or ends the group. base: head or tail (the first or last row, if base_condition holds there), first_match or last_match (the first or last row where base_condition and condition 1 hold). All rows count, ordered by ts, lowest condition, conditions, bytes of value. Errors: an unknown direction or base, forward from tail and backward from head, a NULL or infinite ts, arguments that differ between the rows of a group.';

CREATE FUNCTION journey.retention_add(state internal, conditions boolean[])
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_retention_add_array'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.retention_add(internal, boolean[]) IS
'Transition of retention: adds a row. Cannot be called directly.';

CREATE FUNCTION journey.retention_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_retention_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.retention_combine(internal, internal) IS
'Combine of retention: joins two states. Cannot be called directly.';

CREATE FUNCTION journey.retention_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_retention_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.retention_serialize(internal) IS
'Sends the state of retention between parallel workers. Cannot be called directly.';

CREATE FUNCTION journey.retention_deserialize(wire bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_retention_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.retention_deserialize(bytea, internal) IS
'Receives the state of retention, checked in full. Cannot be called directly.';

CREATE FUNCTION journey.retention_final(state internal)
RETURNS boolean[]
AS 'MODULE_PATHNAME', 'journey_retention_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.retention_final(internal) IS
'Final of retention: which conditions held. Cannot be called directly.';

CREATE AGGREGATE journey.retention(VARIADIC conditions boolean[]) (
	SFUNC = journey.retention_add,
	STYPE = internal,
	SSPACE = 32,
	FINALFUNC = journey.retention_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.retention_combine,
	SERIALFUNC = journey.retention_serialize,
	DESERIALFUNC = journey.retention_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.retention(VARIADIC boolean[]) IS
'As ClickHouse: element 1 says whether condition 1 held in some row, element i whether conditions 1 and i both held in some row. Time plays no part: a return before the start counts too; use cohort_retention for analysis. 1 to 64 conditions, a NULL one does not hold. NULL without rows.';

-- each number of conditions
CREATE FUNCTION journey.retention_add(state internal, @conditions condition@)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_retention_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.retention_add(internal, @booleans@) IS
'Transition of retention: adds a row. Cannot be called directly.';

CREATE AGGREGATE journey.retention(@conditions condition@) (
	SFUNC = journey.retention_add,
	STYPE = internal,
	SSPACE = 32,
	FINALFUNC = journey.retention_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.retention_combine,
	SERIALFUNC = journey.retention_serialize,
	DESERIALFUNC = journey.retention_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.retention(@booleans@) IS
'As retention with VARIADIC conditions, for @n@ conditions: the same answer without building an array per row.';
-- end
