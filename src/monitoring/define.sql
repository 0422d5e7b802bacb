-- monitoring: define a validation, change it, drop it.
--
-- R-DEFINE-1	The same definition again adds no version; anything else,
--				a changed type of a column used included, adds one.
-- R-DEFINE-2	What can be known to be wrong is refused at once: option,
--				column, type, second statement.
-- R-DEFINE-3	The source is read later under the search path of the caller of
--				today, with the rights of the caller of then.

CREATE FUNCTION journey.validation_options(options jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- what an option is, and how it reads
	kinds CONSTANT jsonb := '{"decided_at": "column", "matured_at": "column", "eligible_at": "column", "propensity": "column",
		"baseline": "text", "events": "text", "method": "text", "keys": "text", "sequence": "text",
		"repeats": "integer", "folds": "integer", "seed": "integer", "planned_customers": "integer",
		"alpha": "number", "margin": "number", "switching_cost": "number",
		"window": "interval", "max_age": "interval", "planned": "shares", "funnel": "names", "bounds": "numbers"}';
	o record;
	kind text;
	good boolean;
	number numeric;
BEGIN
	IF jsonb_typeof(options) <> 'object' THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('options must be a JSON object, not %s', jsonb_typeof(options)),
			HINT = 'Write options as in ''{"matured_at": "known_at", "planned": {"none": 1, "callback": 1}}''.';
	END IF;
	FOR o IN SELECT key, value, value #>> '{}' AS said, jsonb_typeof(value) AS type FROM jsonb_each(options) ORDER BY key COLLATE "C" LOOP
		kind := kinds ->> o.key;
		IF kind IS NULL THEN
			RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('unknown option "%s"', o.key),
				HINT = 'Options are ' || (SELECT string_agg(k, ', ' ORDER BY k COLLATE "C") FROM jsonb_object_keys(kinds) k) || '.';
		END IF;
		CONTINUE WHEN o.type = 'null';
		good := CASE kind
			WHEN 'column' THEN o.type = 'string' AND o.said <> ''
			WHEN 'text' THEN o.type = 'string' AND o.said <> ''
			WHEN 'integer' THEN o.type = 'number'
			WHEN 'number' THEN o.type = 'number'
			WHEN 'interval' THEN o.type = 'string'
			WHEN 'shares' THEN o.type = 'object'
			ELSE o.type = 'array' END;
		IF good AND kind = 'interval' THEN
			BEGIN
				good := o.said::interval > '0'::interval;
			EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow OR interval_field_overflow THEN
				good := false;
			END;
		ELSIF good AND kind IN ('integer', 'number') THEN
			number := o.said::numeric;
			good := CASE o.key
				WHEN 'repeats' THEN number BETWEEN 1 AND 100
				WHEN 'folds' THEN number BETWEEN 2 AND 100
				WHEN 'planned_customers' THEN number BETWEEN 10 AND 1e12
				WHEN 'seed' THEN number BETWEEN -9223372036854775808 AND 9223372036854775807
				WHEN 'alpha' THEN number BETWEEN 1e-9 AND 0.5
				ELSE number = 0 OR number BETWEEN 1e-300 AND 1e300 END AND (kind = 'number' OR number = trunc(number));
		ELSIF good AND o.key = 'planned' THEN
			good := (SELECT count(*) BETWEEN 2 AND 1000 AND bool_and(jsonb_typeof(value) = 'number' AND (value #>> '{}')::numeric BETWEEN 1e-300 AND 1e300) FROM jsonb_each(o.value));
		ELSIF good AND o.key = 'funnel' THEN
			good := jsonb_array_length(o.value) BETWEEN 2 AND 64
				AND NOT EXISTS (SELECT FROM jsonb_array_elements(o.value) e WHERE jsonb_typeof(e) <> 'string');
		ELSIF good AND o.key = 'bounds' THEN
			good := jsonb_array_length(o.value) = 2
				AND NOT EXISTS (SELECT FROM jsonb_array_elements(o.value) e WHERE jsonb_typeof(e) <> 'number'
					OR abs((e #>> '{}')::numeric) NOT BETWEEN 1e-300 AND 1e300 AND (e #>> '{}')::numeric <> 0)
				AND (o.value ->> 0)::numeric < (o.value ->> 1)::numeric;
		ELSIF good THEN
			good := CASE o.key
				WHEN 'keys' THEN o.said IN ('hashed', 'clear')
				WHEN 'sequence' THEN o.said IN ('asymptotic', 'betting')
				WHEN 'method' THEN o.said IN ('difference', 'cuped', 'lin', 'ipw', 'snips', 'aipw')
				ELSE true END;
		END IF;
		IF good IS NOT TRUE THEN
			RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('option "%s" cannot be %s', o.key, left(o.value::text, 200)),
				HINT = CASE o.key
					WHEN 'repeats' THEN 'It is a whole number from 1 to 100.'
					WHEN 'folds' THEN 'It is a whole number from 2 to 100.'
					WHEN 'planned_customers' THEN 'It is a whole number from 10 on: where the sequence is to be narrowest.'
					WHEN 'seed' THEN 'It is a whole number.'
					WHEN 'alpha' THEN 'It is a number above 0 and at most 0.5.'
					WHEN 'planned' THEN 'It is an object of strategies and their planned shares, as in {"none": 1, "callback": 1}.'
					WHEN 'funnel' THEN 'It is an array of 2 to 64 touchpoints.'
					WHEN 'bounds' THEN 'It is the lowest and the highest outcome possible, as in [0, 10].'
					WHEN 'keys' THEN 'It is "hashed" or "clear".'
					WHEN 'sequence' THEN 'It is "asymptotic" or "betting".'
					WHEN 'method' THEN 'It is one of difference, cuped, lin, ipw, snips, aipw.'
					ELSE CASE kind
						WHEN 'column' THEN 'It is the name of a column of the source.'
						WHEN 'interval' THEN 'It is an interval above zero, as in "180 days".'
						WHEN 'number' THEN 'It is a number from 0 on, in units of the outcome.'
						ELSE 'It is a text.' END END;
		END IF;
	END LOOP;
	IF options ->> 'window' IS NOT NULL AND options ->> 'matured_at' IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'option "window" needs "matured_at"',
			HINT = 'The window is counted back from the moment of the run, over the column that tells when an outcome is known.';
	END IF;
	IF options ->> 'sequence' = 'betting' AND options ->> 'planned' IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'sequence "betting" needs "planned"',
			HINT = 'Bets are bounded only where the chance of every strategy is known: pass the planned shares.';
	END IF;
	RETURN jsonb_strip_nulls(options);
END $$;
COMMENT ON FUNCTION journey.validation_options(jsonb) IS
'Checks the options of journey.define_validation() and returns them without nulls. Errors: 22023 naming the option and what it may be.';

CREATE FUNCTION journey.validation_check_source(source text, columns text[], uses text[]) RETURNS boolean
AS 'MODULE_PATHNAME', 'journey_validation_check_source'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION journey.validation_check_source(text, text[], text[]) IS
'True when the source is one read-only query (or a relation) and has these columns in types fit for their uses: number, time, label, key, strategy, feature or propensity, one per column. Nothing is read. Errors: 42703 for a column that is not there, 42804 for one of another type, 42601 for a second statement.';

CREATE FUNCTION journey.validation_in_transaction_block() RETURNS boolean
AS 'MODULE_PATHNAME', 'journey_validation_in_transaction_block'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION journey.validation_in_transaction_block() IS
'True inside BEGIN and COMMIT, where a procedure cannot commit.';

-- The columns a validation uses, with what for: the outcome first.
CREATE FUNCTION journey.validation_uses(outcome text, strategy text, key text, features text[], options jsonb)
RETURNS TABLE (place bigint, column_name text, use text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	SELECT min(c.place), c.column_name, (array_agg(c.use ORDER BY c.place))[1]
	FROM (SELECT row_number() OVER (), u.column_name, u.use FROM (
		SELECT outcome, 'number'
		UNION ALL SELECT strategy, 'strategy'
		UNION ALL SELECT key, 'key'
		UNION ALL SELECT f, 'feature' FROM unnest(features) f
		UNION ALL SELECT options ->> o, CASE o WHEN 'propensity' THEN o ELSE 'time' END
			FROM unnest(ARRAY['decided_at', 'matured_at', 'eligible_at', 'propensity']) o) u(column_name, use)) c(place, column_name, use)
	WHERE c.column_name IS NOT NULL
	GROUP BY c.column_name;
END;
COMMENT ON FUNCTION journey.validation_uses(text, text, text, text[], jsonb) IS
'The columns of a source that a validation reads, each once, and what for: number (the outcome), strategy, key, feature, time or propensity.';

-- Nothing but this call is resolved under a path that is not ours.
CREATE FUNCTION journey.validation_source_columns(source text, path text) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found jsonb;
BEGIN
	PERFORM set_config('search_path', path, true);
	found := (SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(c)) FROM journey.source_columns(source) c);
	RETURN found;
END $$;
COMMENT ON FUNCTION journey.validation_source_columns(text, text) IS
'The columns of a source read under this search path, as journey.source_columns() in a JSON array.';

CREATE FUNCTION journey.validation_schema(source text, columns text[], uses text[], path text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found jsonb := journey.validation_source_columns(source, path);
BEGIN
	-- R-DEFINE-3
	PERFORM set_config('search_path', path, true);
	PERFORM journey.validation_check_source(source, columns, uses);
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	RETURN (SELECT jsonb_agg(jsonb_build_object('name', w.name, 'use', w.use, 'type', c ->> 'type', 'collation', c ->> 'collation_name',
			'not_null', c -> 'not_null') ORDER BY w.place)
		FROM unnest(columns, uses) WITH ORDINALITY w(name, use, place)
		JOIN jsonb_array_elements(found) c ON c ->> 'column_name' = w.name);
END $$;
COMMENT ON FUNCTION journey.validation_schema(text, text[], text[], text) IS
'Name, use, type, collation and not-null of these columns of a source, read under this search path. Errors: as journey.validation_check_source().';

-- Everything that makes a version, in one order.
CREATE FUNCTION journey.validation_fingerprint(source text, outcome text, strategy text, key text, features text[], options jsonb,
	path text, source_schema jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT encode(sha256(convert_to(jsonb_build_array(source, outcome, strategy, key, features, options, path, source_schema)::text, 'UTF8')), 'hex');
END;
COMMENT ON FUNCTION journey.validation_fingerprint(text, text, text, text, text[], jsonb, text, jsonb) IS
'SHA-256 of all that makes a version of a validation, in hexadecimal digits.';

CREATE FUNCTION journey.validation_define(name text, source text, outcome text, strategy text, key text, features text[],
	options jsonb, path text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 1000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	live journey.validation;
	newest integer;
	mark text;
	columns jsonb;
	me regrole := (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user);
	missing text := (SELECT n FROM unnest(ARRAY['name', 'source', 'outcome', 'strategy', 'features', 'options'],
		ARRAY[name, source, outcome, strategy, features::text, options::text]) u(n, v) WHERE v IS NULL LIMIT 1);
	doubled text := (SELECT f FROM unnest(features) f GROUP BY f HAVING count(*) > 1 LIMIT 1);
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = format('%s must not be NULL', missing);
	END IF;
	IF name = '' OR length(name) > 200 THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('the name of a validation cannot have %s characters', length(name)), HINT = 'Give it 1 to 200.';
	END IF;
	IF array_position(features, NULL) IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'features must not hold a NULL';
	END IF;
	IF doubled IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('feature "%s" is named twice', doubled);
	END IF;
	-- a column has one part to play
	doubled := (SELECT format('column "%s" is both %s and %s', a.c, a.part, b.part)
		FROM (VALUES (1, 'outcome', outcome), (2, 'strategy', strategy), (3, 'key', key)) a(o, part, c)
		JOIN (VALUES (2, 'strategy', strategy), (3, 'key', key)) b(o, part, c) ON b.c = a.c AND b.o > a.o LIMIT 1);
	doubled := coalesce(doubled, (SELECT format('column "%s" is both %s and a feature', a.c, a.part)
		FROM (VALUES ('outcome', outcome), ('strategy', strategy)) a(part, c) WHERE a.c = ANY (features) LIMIT 1));
	IF doubled IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = doubled,
			HINT = 'Features are what was known before the strategy was chosen.';
	END IF;
	options := journey.validation_options(options);
	columns := (SELECT journey.validation_schema(source, array_agg(u.column_name ORDER BY u.place), array_agg(u.use ORDER BY u.place), path)
		FROM journey.validation_uses(outcome, strategy, key, features, options) u);
	IF options ? 'events' THEN
		PERFORM journey.validation_schema(options ->> 'events', '{customer_id,ts,touchpoint}', '{key,time,label}', path);
	END IF;
	mark := journey.validation_fingerprint(source, outcome, strategy, key, features, options, path, columns);
	PERFORM pg_advisory_xact_lock(journey.hash64('journey.define:' || name));
	newest := (SELECT max(v.version) FROM journey.validation v WHERE v.name = name);
	SELECT * INTO live FROM journey.validation v WHERE v.name = name AND v.version = newest;
	IF NOT pg_has_role(live.owner, 'USAGE') THEN		-- readers of all data see it
		RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('validation "%s" belongs to another role', name),
			HINT = 'Choose another name, or ask its owner for membership.';
	END IF;
	me := coalesce(live.owner, me);		-- a member who changes it does not take it away
	IF live.fingerprint = mark THEN		-- R-DEFINE-1
		UPDATE journey.validation v SET active = true WHERE v.name = name AND v.version = newest AND NOT v.active;
		RETURN newest;
	END IF;
	UPDATE journey.validation v SET active = false WHERE v.name = name AND v.active;
	BEGIN
		INSERT INTO journey.validation (name, version, source, outcome, strategy, key, features, options, owner, search_path, source_schema, fingerprint)
		VALUES (name, coalesce(newest, 0) + 1, source, outcome, strategy, key, features, options, me, path, columns, mark);
	EXCEPTION WHEN unique_violation THEN
		RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('validation "%s" belongs to another role', name),
			HINT = 'Choose another name, or ask its owner for membership.';
	END;
	RETURN coalesce(newest, 0) + 1;
END $$;
COMMENT ON FUNCTION journey.validation_define(text, text, text, text, text, text[], jsonb, text) IS
'journey.define_validation() with the search path under which the source is to be read.';

CREATE FUNCTION journey.define_validation(name text, source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS integer
LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 1000
BEGIN ATOMIC
	SELECT journey.validation_define(name, source, outcome, strategy, key, features, options, current_setting('search_path'));
END;
COMMENT ON FUNCTION journey.define_validation(text, text, text, text, text, text[], jsonb) IS
'Defines a validation that journey.validate() repeats, and gives its version: the same definition again adds none, a changed one (or a changed type of a column used) adds one and starts a new sequence. source: one row per decision, with the outcome (number or boolean), the strategy taken, the key of the customer (NULL: rows are independent) and features known before the decision; it is kept as text and read at each run with the rights of the caller of the run, under today''s search path. Options (JSON object): decided_at, matured_at, eligible_at (columns with times: rows decided at or after the moment of a run do not exist for it, rows whose outcome is not known before it are immature); propensity (column, as journey.compare_strategies()); planned (object of shares by strategy: checks the ratio, and is the propensity where no column is); baseline (the champion; default: first in byte order); method, repeats, folds, seed (as journey.compare_strategies(): aipw, 5, 10, 0); window (interval of maturity that the comparison looks at; default all); alpha (error over all looks together, default 0.05); margin (how much worse or lower is still no loss, default 0) and switching_cost (what a challenger must win at least, default 0), both in units of the outcome; planned_customers (where the sequence is to be narrowest; default the larger of 1000 and the customers of the first run); sequence (asymptotic; betting: valid for any number of customers, for a yes-or-no outcome or one with bounds, and needs planned); bounds (lowest and highest outcome); max_age (interval: older newest rows are stale; default: by the lag of earlier runs); keys (hashed or clear in journey.validation_row); events (an event source for the report), funnel (array of touchpoints for its funnel). Errors: 22023 for an unknown option or a bad value, 42703 and 42804 for a column, 42601 for a second statement, 42710 for the name of another role, 22004 for NULL.';

CREATE FUNCTION journey.validation_live(name text) RETURNS journey.validation
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	live journey.validation;
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'name must not be NULL';
	END IF;
	SELECT * INTO live FROM journey.validation v WHERE v.name = name AND v.active;
	IF FOUND THEN
		RETURN live;
	END IF;
	IF EXISTS (SELECT FROM journey.validation v WHERE v.name = name) THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('validation "%s" was dropped', name),
			HINT = 'journey.define_validation() with the same arguments brings it back; its history is kept.';
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('validation "%s" does not exist', name),
		DETAIL = coalesce((SELECT 'Defined are: ' || string_agg(v.name, ', ' ORDER BY v.name COLLATE "C") || '.'
			FROM (SELECT v.name FROM journey.validation v WHERE v.active ORDER BY v.name COLLATE "C" LIMIT 20) v),
			'None is defined that this role may see.'),
		HINT = 'Define it by journey.define_validation(), or act as the role that did.';
END $$;
COMMENT ON FUNCTION journey.validation_live(text) IS
'The live definition of this name. Errors: 42704 naming it when there is none, it was dropped, or it belongs to another role.';

CREATE FUNCTION journey.validation_own(name text) RETURNS journey.validation
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	live journey.validation := journey.validation_live(name);
BEGIN
	IF NOT pg_has_role(live.owner, 'USAGE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format('validation "%s" belongs to role %s', name, live.owner),
			HINT = 'Who may read all data sees it; running, scheduling and dropping are for its owner.';
	END IF;
	RETURN live;
END $$;
COMMENT ON FUNCTION journey.validation_own(text) IS
'The live definition of this name, for those with the rights of its owner. Errors: 42704 as journey.validation_live(), 42501 for who may only read it.';

CREATE FUNCTION journey.drop_validation(name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM journey.validation_own(name);
	UPDATE journey.validation v SET active = false WHERE v.name = name AND v.active;
END $$;
COMMENT ON FUNCTION journey.drop_validation(text) IS
'Ends a validation: it is run no more. Its definitions, runs and decisions stay; defining it again goes on with them. Errors: 42704 for an unknown or dropped name.';
