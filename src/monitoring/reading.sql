-- monitoring: what a source looks like, its rows, and their fingerprint.

CREATE FUNCTION journey.source_columns(
	source text)
RETURNS TABLE (
	place integer,
	column_name text,
	type text,
	collation_name text,
	not_null boolean)
AS 'MODULE_PATHNAME', 'journey_source_columns'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.source_columns(text) IS
'The columns a source gives, without running it. place: 1, 2, ...; type with its modifier, as varchar(20) or numeric(10,2), and collation_name (NULL where a type knows none) are named the same under every search_path: those of pg_catalog bare, others with their schema. not_null: the column comes straight from a column that its table declares NOT NULL; false for expressions and views, and for every column of a query with an outer join, a set operation or grouping sets. Errors: 22004 source NULL, 22023 empty, 42P01 no such relation, 42601 more than one statement, 0A000 a statement that does not only read.';

CREATE FUNCTION journey.source_rows(
	source text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_source_rows'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 100000;
COMMENT ON FUNCTION journey.source_rows(text) IS
'The rows of a source, for SELECT ... FROM journey.source_rows(source) AS t(customer_id bigint, ...): columns are taken by name, further ones are left out, values are copied unchanged. The query runs once, read-only, with the caller''s rights and search path; rows above work_mem wait in a temporary file. A type may be named by one that needs no conversion (varchar as text, a domain as its base type); a modifier must be that of the source. Errors: 42703 a column that the source does not have, 42804 another type, 42702 a name that it has twice, 42601 no column definition list or more than one statement, 0A000 a statement that does not only read, 22004 source NULL, 22023 empty, 42P01 no such relation.';

CREATE FUNCTION journey.fingerprint_add(state internal, row_value record)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fingerprint_add'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION journey.fingerprint_add(internal, record) IS
'Transition of data_fingerprint: adds a row. Cannot be called directly.';

CREATE FUNCTION journey.fingerprint_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fingerprint_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fingerprint_combine(internal, internal) IS
'Combine of data_fingerprint: adds two sums. Cannot be called directly.';

CREATE FUNCTION journey.fingerprint_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_fingerprint_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fingerprint_serialize(internal) IS
'Sends the sum of data_fingerprint between parallel workers. Cannot be called directly.';

CREATE FUNCTION journey.fingerprint_deserialize(wire bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_fingerprint_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fingerprint_deserialize(bytea, internal) IS
'Receives the sum of data_fingerprint, checked in full. Cannot be called directly.';

CREATE FUNCTION journey.fingerprint_final(state internal)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_fingerprint_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fingerprint_final(internal) IS
'Final of data_fingerprint: the sum as text. Cannot be called directly.';

CREATE AGGREGATE journey.data_fingerprint(row_value record) (
	SFUNC = journey.fingerprint_add,
	STYPE = internal,
	SSPACE = 2048,
	FINALFUNC = journey.fingerprint_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.fingerprint_combine,
	SERIALFUNC = journey.fingerprint_serialize,
	DESERIALFUNC = journey.fingerprint_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.data_fingerprint(record) IS
'Fingerprint of rows, as SELECT journey.data_fingerprint(t) FROM t: 32 hexadecimal digits, a colon and the number of rows; zeros and :0 without rows. The digits are the sum modulo 2^128 of a 128-bit hash a row (XXH64 under two seeds over the number of every column and the bytes of its type''s binary send function), so the order of rows, the plan, DateStyle, TimeZone, extra_float_digits and client_encoding do not matter, and equal rows do not cancel. Places of columns count, their names do not. In columns of type real and double precision -0 equals 0; numeric 1.0 and 1.00 differ, as do two texts of one json value. A NULL instead of a row counts as a row. It finds changes that happen, not changes that are meant to be hidden: XXH64 is no cryptographic hash. Errors: 0A000 a column whose type has no binary output function.';
