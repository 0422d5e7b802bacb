-- monitoring: the rows of a run, read once into a table of the session.
--
-- pg_temp.journey_validation_row holds every row decided before as_of: the
-- columns the definition uses under their own names, and
--	journey_fate	used, immature, no_outcome, before_window
--	journey_key		the key as text; without a key, a number for the row
--	journey_at		maturity (else decision), NULL where no column tells
--	journey_planned	planned shares as propensities, where they are known
-- R-ROWS-1	One statement reads the source, so all steps see one snapshot.
-- R-ROWS-2	Nothing of it outlives the session.

CREATE FUNCTION journey.validation_planned(planned jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_object_agg(p.key, (p.value #>> '{}')::float8 / t.total ORDER BY p.key)
	FROM jsonb_each(planned) p, (SELECT sum((value #>> '{}')::float8 ORDER BY key COLLATE "C") AS total FROM jsonb_each(planned)) t;
END;
COMMENT ON FUNCTION journey.validation_planned(jsonb) IS
'Planned shares of strategies scaled to a sum of one.';

CREATE FUNCTION journey.validation_forget(tables text[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY tables LOOP
		IF to_regclass('pg_temp.' || name) IS NOT NULL THEN
			EXECUTE format('DROP TABLE pg_temp.%I', name);
		END IF;
	END LOOP;
END $$;
COMMENT ON FUNCTION journey.validation_forget(text[]) IS
'Drops these tables of the session where they are there.';

CREATE FUNCTION journey.validation_load(definition journey.validation, as_of timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
SET timezone = 'UTC'
SET intervalstyle = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $$
#variable_conflict use_variable
DECLARE
	o jsonb := definition.options;
	columns jsonb;
	typed text;
	mature text;
	fate text;
	fill text;
	uses text[];
	names text[];
BEGIN
	SELECT array_agg(u.column_name ORDER BY u.place), array_agg(u.use ORDER BY u.place) INTO names, uses
	FROM journey.validation_uses(definition.outcome, definition.strategy, definition.key, definition.features, o) u;
	-- types as they are now; the check of the schema compares them with the definition
	columns := journey.validation_schema(definition.source, names, uses, definition.search_path);
	typed := (SELECT string_agg(format('%I %s', c ->> 'name', c ->> 'type'), ', ' ORDER BY n) FROM jsonb_array_elements(columns) WITH ORDINALITY u(c, n));
	PERFORM journey.validation_forget('{journey_validation_row,journey_validation_schema}');
	mature := o ->> 'matured_at';
	fate := concat_ws(' ', 'CASE',
		CASE WHEN mature IS NOT NULL THEN format('WHEN t.%I IS NULL OR t.%1$I OPERATOR(pg_catalog.>=) $2 THEN ''immature''', mature) END,
		CASE WHEN o ? 'window' THEN format('WHEN t.%I OPERATOR(pg_catalog.<) ($2 OPERATOR(pg_catalog.-) $3::pg_catalog.interval) THEN ''before_window''', mature) END,
		format('WHEN t.%I IS NULL THEN ''no_outcome'' ELSE ''used'' END', definition.outcome));
	fill := format('INSERT INTO pg_temp.journey_validation_row SELECT t.*, %s, %s, %s, $4 FROM journey.source_rows($1) AS t(%s)%s',
		fate,
		CASE WHEN definition.key IS NULL THEN 'NULL' ELSE format('t.%I::pg_catalog.text', definition.key) END,
		coalesce('t.' || quote_ident(coalesce(mature, o ->> 'decided_at')), 'NULL'), typed,
		-- a row without a time of decision is kept, and refused by name later
		coalesce(' WHERE (t.' || quote_ident(o ->> 'decided_at') || ' OPERATOR(pg_catalog.<) $2) IS NOT FALSE', ''));
	PERFORM set_config('search_path', definition.search_path, true);
	EXECUTE pg_catalog.format('CREATE TEMP TABLE journey_validation_row (%s, journey_fate pg_catalog.text, journey_key pg_catalog.text, journey_at pg_catalog.timestamptz, journey_planned pg_catalog.jsonb) ON COMMIT PRESERVE ROWS', typed);
	EXECUTE fill USING definition.source, as_of, o ->> 'window', journey.validation_planned(o -> 'planned');
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	IF definition.key IS NULL THEN		-- a row is a customer: its content and its number among equals
		UPDATE pg_temp.journey_validation_row r SET journey_key = k.key
		FROM (SELECT x.ctid AS at, md5(x::text) || ':' || row_number() OVER (PARTITION BY x::text) AS key
			FROM pg_temp.journey_validation_row x) k
		WHERE r.ctid = k.at;
	END IF;
	ANALYZE pg_temp.journey_validation_row;
	CREATE TEMP TABLE journey_validation_schema ON COMMIT PRESERVE ROWS AS SELECT columns AS source_schema;
END $$;
COMMENT ON FUNCTION journey.validation_load(journey.validation, timestamptz) IS
'Reads the source of a validation once into pg_temp.journey_validation_row, with what becomes of each row (used, immature, no_outcome, before_window). Errors: those of the source and its columns.';

-- How a yes-or-no outcome becomes a number in SQL.
CREATE FUNCTION journey.validation_cast(definition journey.validation) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN (definition).source_schema @> '[{"use": "number", "type": "boolean"}]' THEN '::integer' ELSE '' END;
END;
COMMENT ON FUNCTION journey.validation_cast(journey.validation) IS
'The cast that the outcome of a validation needs to become a number: of a boolean to integer, else none.';
