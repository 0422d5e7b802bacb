-- Compares what the clients reported (:folder holds one file a client).  One line
-- of TAP a rule and client; psql says what the server's types are.
\set QUIET on
\pset tuples_only on
\pset format unaligned
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
CREATE SCHEMA client_report;
SET LOCAL search_path = client_report;
\ir types.sql
CREATE TABLE report (client text DEFAULT current_setting('report.client'), query text, place integer, name text, client_type text, value_type text, value text);
\i :copy

CREATE TABLE server AS SELECT query, place, name, client_type AS type, value FROM report WHERE client = 'psql';
CREATE TABLE client AS SELECT DISTINCT client FROM report WHERE client <> 'psql';
CREATE TABLE plain (type text);
INSERT INTO plain VALUES ('bigint'), ('integer'), ('double precision'), ('text'), ('boolean'), ('timestamp with time zone');
CREATE FUNCTION tap(ok boolean, name text, VARIADIC offenders text[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
SELECT CASE WHEN ok THEN 'ok - ' ELSE 'not ok - ' END || name || CASE WHEN ok THEN '' ELSE COALESCE(E'\n# ' || array_to_string(offenders[1:10], E'\n# '), '') END $$;

SELECT tap(count(DISTINCT query) >= 35, 'psql knows the columns of all ' || count(DISTINCT query) || ' queries', count(*)::text) FROM server;
-- the views have something to show: each column a value, save those of errors
SELECT tap(count(*) = 0, 'psql: the views show values', VARIADIC COALESCE(array_agg(query || '.' || name), '{}'))
FROM server WHERE query IN ('validation_latest', 'validation_history', 'validation_alerts') AND value IS NULL
	AND name NOT IN ('last_error', 'confirmed_at');
SELECT tap(count(*) = 0, 'psql: the views are of numbers, texts, booleans and timestamps', VARIADIC COALESCE(array_agg(query || '.' || name || ' is ' || type), '{}'))
FROM server WHERE query IN ('validation_latest', 'validation_history', 'validation_alerts') AND type NOT IN (SELECT type FROM plain);
SELECT tap(count(*) = 0, 'psql: no type of ours in an outermost column', VARIADIC COALESCE(array_agg(query || '.' || name || ' is ' || type), '{}'))
FROM server WHERE type LIKE '%journey%' OR type LIKE '"%' OR type IN ('record', 'unknown');

SELECT tap(count(query) = 0, client || ' sees the columns that psql sees', VARIADIC COALESCE(array_agg(query || '.' || name), '{}'))
FROM client c LEFT JOIN LATERAL (
	(SELECT query, place, name FROM server EXCEPT SELECT query, place, name FROM report r WHERE r.client = c.client)
	UNION ALL (SELECT query, place, name FROM report r WHERE r.client = c.client EXCEPT SELECT query, place, name FROM server)) d ON true
GROUP BY client ORDER BY client;

CREATE TABLE pair AS
SELECT r.*, s.type, s.value AS psql_value FROM report r JOIN server s USING (query, place, name) WHERE r.client <> 'psql';
SELECT tap(count(query) = 0, client || ' sees the types that types.sql says',
	VARIADIC COALESCE(array_agg(DISTINCT type || ' as ' || client_type || ', ' || value_type || ' (' || query || '.' || name || ')'), '{}'))
FROM client c LEFT JOIN LATERAL (SELECT * FROM pair p WHERE p.client = c.client AND NOT EXISTS (SELECT FROM expected e
	WHERE e.client = p.client AND e.server_type = p.type AND e.client_type = p.client_type AND (e.value_type = p.value_type OR p.value_type IS NULL))) d USING (client)
GROUP BY client ORDER BY client;

-- Values: numbers to the last bit, timestamps to the millisecond (a Date of
-- JavaScript has no more).  NULL: not of a plain type.
CREATE FUNCTION same(type text, value text, psql_value text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF type IN ('bigint', 'integer', 'double precision') THEN RETURN value::float8 = psql_value::float8;
	ELSIF type = 'boolean' THEN RETURN value::boolean = psql_value::boolean;
	ELSIF type = 'timestamp with time zone' THEN RETURN abs(value::float8 - extract(epoch FROM psql_value::timestamptz)) < 0.00101;
	ELSIF type = 'text' THEN RETURN trim(value) = trim(psql_value);
	END IF;
	RETURN value IS NOT NULL;
END $$;
SELECT tap(count(query) = 0, client || ' sees the values that psql sees',
	VARIADIC COALESCE(array_agg(query || '.' || name || ': ' || COALESCE(value, 'NULL') || ', psql has ' || COALESCE(psql_value, 'NULL')), '{}'))
FROM client c LEFT JOIN LATERAL (SELECT * FROM pair p WHERE p.client = c.client
	AND ((value IS NULL) <> (psql_value IS NULL) OR NOT same(type, value, psql_value))) d USING (client)
GROUP BY client ORDER BY client;
SELECT tap(count(value) > 250, client || ' had values to show in ' || count(value) || ' of ' || count(*) || ' columns')
FROM pair GROUP BY client ORDER BY client;
SELECT DISTINCT '# ' || query || '.' || name || ' is ' || type FROM server WHERE type NOT IN (SELECT type FROM plain) ORDER BY 1;
ROLLBACK;
