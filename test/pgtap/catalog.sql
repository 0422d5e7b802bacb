-- The catalogue of the installed extension keeps the house rules: comments,
-- labels, privileges, refusal of direct calls, and the names of the contract.
--
-- R-CAT-1	Every object lies in schema journey and has a comment.
-- R-CAT-2	Functions reading a source are STABLE, never PARALLEL SAFE, cost above
--			1, and set-returning ones have their own row estimate.
-- R-CAT-3	No SECURITY DEFINER, no leakproof function, EXECUTE open to all, no
--			function body that follows the caller's search path.
-- R-CAT-4	Aggregates: final functions READ_ONLY, parallel safe, honest state
--			size, support functions that refuse direct calls.
-- R-CAT-5	Names, types and defaults of arguments, and names of result columns,
--			begin as the contract says (they may grow at the end).
BEGIN;
SET LOCAL client_min_messages = warning;
-- hundreds of small statements over the catalogue, none of them ours
SET LOCAL jit = off;
SELECT plan(28);

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
WHERE e.extname = 'journey' AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
-- newer servers make a member of the array type that comes with a type, too
AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type t WHERE t.typarray = d.objid));

CREATE TEMP VIEW fn AS
SELECT p.*, p.oid::regprocedure::text AS signature,
	EXISTS (SELECT FROM pg_aggregate a WHERE p.oid IN
		(a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
		 a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)) AS support
FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;

CREATE TEMP VIEW agg AS
SELECT a.*, f.signature, f.proparallel FROM pg_aggregate a JOIN fn f ON f.oid = a.aggfnoid;

-- Input arguments "name type DEFAULT value", result columns by name.
CREATE TEMP VIEW call AS
SELECT f.oid, f.proname, f.signature, f.prokind, f.prosrc, f.support,
	COALESCE((SELECT array_agg(COALESCE(f.proargnames[i], '') || ' '
			|| replace(replace(format_type(f.proargtypes[i - 1], NULL), 'double precision', 'float8'),
				'timestamp with time zone', 'timestamptz')
			|| COALESCE(' DEFAULT ' || regexp_replace(pg_get_function_arg_default(f.oid, i), '::[a-z0-9 ]+(\[\])?$', ''), '')
			ORDER BY i)
		FROM generate_series(1, f.pronargs) i), '{}') AS arguments,
	COALESCE((SELECT array_agg(f.proargnames[i] ORDER BY i)
			FROM generate_subscripts(f.proargmodes, 1) i WHERE f.proargmodes[i] IN ('t', 'o')),
		(SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_type t
			JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
			WHERE t.oid = f.prorettype AND t.typtype = 'c'),
		ARRAY[replace(format_type(f.prorettype, NULL), 'double precision', 'float8')]::name[])::text[] AS results
FROM fn f;

-- R-CAT-1
SELECT cmp_ok((SELECT count(*) FROM fn), '>', 0::bigint, 'R-CAT-1 the extension has functions');
SELECT is_empty($$SELECT signature FROM fn WHERE COALESCE(length(obj_description(oid, 'pg_proc')), 0) < 20$$,
	'R-CAT-1 every function and aggregate has a comment');
SELECT is_empty($$SELECT t.typname FROM pg_type t JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
	WHERE COALESCE(length(obj_description(t.oid, 'pg_type')), 0) < 20
	AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')$$,
	'R-CAT-1 every type has a comment');
SELECT is_empty($$SELECT c.relname FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
	WHERE COALESCE(length(obj_description(c.oid, 'pg_class')), 0) < 20$$, 'R-CAT-1 every relation has a comment');
SELECT isnt(obj_description('journey'::regnamespace, 'pg_namespace'), NULL, 'R-CAT-1 the schema has a comment');
SELECT is_empty($$SELECT pg_describe_object(classid, objid, 0) FROM member WHERE
	(classid = 'pg_proc'::regclass AND NOT EXISTS (SELECT FROM pg_proc WHERE oid = objid AND pronamespace = 'journey'::regnamespace))
	OR (classid = 'pg_type'::regclass AND NOT EXISTS (SELECT FROM pg_type WHERE oid = objid AND typnamespace = 'journey'::regnamespace))
	OR (classid = 'pg_class'::regclass AND NOT EXISTS (SELECT FROM pg_class WHERE oid = objid AND relnamespace = 'journey'::regnamespace))
	OR classid NOT IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_class'::regclass, 'pg_namespace'::regclass)$$,
	'R-CAT-1 nothing lies outside schema journey');
SELECT is_empty($$SELECT t.typname FROM pg_type t JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
	WHERE t.typtype = 'b' AND t.typelem = 0$$, 'R-CAT-1 values are composites and arrays, no base type of our own');
SELECT is(ARRAY[has_schema_privilege('public', 'journey', 'USAGE'), has_schema_privilege('public', 'journey', 'CREATE')],
	ARRAY[true, false], 'R-CAT-1 everyone may use the schema, nobody else may add to it');

-- R-CAT-2
-- Continuous validation keeps tables: what writes them, and the parts it is
-- made of, are named here.
CREATE TEMP VIEW part AS SELECT * FROM fn WHERE NOT support AND (proname LIKE 'validation\_%'
	OR proname LIKE 'report\_%');
CREATE TEMP VIEW writer AS SELECT * FROM fn WHERE prokind = 'f' AND (oid IN (SELECT oid FROM part)
	OR proname = 'report'	-- and what reads them
	OR proname IN ('define_validation', 'drop_validation', 'schedule_validation', 'unschedule_validation', 'purge_validation'));
-- svg_history reads what runs have stored
CREATE TEMP VIEW reader AS SELECT * FROM fn WHERE prokind = 'f' AND (proargnames[1] IN ('source', 'reference_source') OR proname = 'svg_history')
	AND oid NOT IN (SELECT oid FROM part WHERE provolatile IN ('i', 'v'));	-- what sets the path is volatile
SELECT is_empty($$SELECT signature, provolatile FROM reader WHERE provolatile <> 's'$$, 'R-CAT-2 source readers are STABLE');
SELECT is_empty($$SELECT signature, proparallel FROM reader WHERE proparallel NOT IN ('r', 'u')$$,
	'R-CAT-2 source readers are PARALLEL RESTRICTED or UNSAFE');
SELECT is_empty($$SELECT signature, procost FROM reader WHERE procost <= 1$$, 'R-CAT-2 source readers cost more than 1');
SELECT is_empty($$SELECT signature, prorows FROM fn WHERE proretset AND prorows = 1000$$,
	'R-CAT-2 set-returning functions carry their own row estimate');
SELECT is_empty($$SELECT signature FROM writer WHERE (provolatile = 'v') <> (proparallel = 'u')$$,
	'R-CAT-2 what writes is VOLATILE and PARALLEL UNSAFE');
SELECT is_empty($$SELECT signature FROM fn WHERE prokind = 'f' AND NOT support AND oid NOT IN (SELECT oid FROM reader)
	AND oid NOT IN (SELECT oid FROM writer) AND (provolatile = 'v' OR proparallel = 'u')$$,
	'R-CAT-2 the others are not volatile, and allow parallel plans');
SELECT is_empty($$SELECT signature FROM fn WHERE prokind = 'f' AND NOT support AND NOT proretset
	AND oid NOT IN (SELECT oid FROM reader) AND oid NOT IN (SELECT oid FROM writer) AND 'record'::regtype::oid <> ALL (proargtypes::oid[])
	AND (provolatile <> 'i' OR proparallel <> 's')$$, 'R-CAT-2 pure scalars are IMMUTABLE PARALLEL SAFE');

-- R-CAT-3
SELECT is_empty($$SELECT signature FROM fn WHERE prosecdef OR proleakproof$$, 'R-CAT-3 no SECURITY DEFINER, no LEAKPROOF');
SELECT is_empty($$SELECT signature FROM fn WHERE NOT has_function_privilege('public', oid, 'EXECUTE')$$,
	'R-CAT-3 everyone may execute');
SELECT is_empty($$SELECT signature FROM fn JOIN pg_language l ON l.oid = prolang
	WHERE l.lanname IN ('sql', 'plpgsql') AND prosqlbody IS NULL
	AND NOT COALESCE('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)
	-- a procedure that commits cannot have one by a clause
	AND NOT (prokind = 'p' AND prosrc LIKE '%set_config(''search_path'', ''pg_catalog, pg_temp'', true)%')$$,
	'R-CAT-3 bodies in SQL are BEGIN ATOMIC or have a fixed search_path');
SELECT is_empty($$SELECT signature, prosrc FROM fn JOIN pg_language l ON l.oid = prolang
	WHERE l.lanname = 'c' AND (prosrc NOT LIKE 'journey\_%' OR probin <> 'journey')$$,
	'R-CAT-3 C functions come from our module under our prefix');

-- R-CAT-4
SELECT is_empty($$SELECT signature FROM agg WHERE aggfinalmodify <> 'r' OR aggmfinalmodify <> 'r'$$,
	'R-CAT-4 final functions are READ_ONLY');
SELECT is_empty($$SELECT signature FROM agg WHERE proparallel <> 's'$$, 'R-CAT-4 aggregates are PARALLEL SAFE');
SELECT is_empty($$SELECT signature FROM agg WHERE aggtranstype = 'internal'::regtype AND
	(aggtransspace = 0 OR (aggcombinefn <> 0 AND (aggserialfn = 0 OR aggdeserialfn = 0)))$$,
	'R-CAT-4 internal states have an honest size and travel between workers');

-- No value of type internal can be written in SQL, so the C function of a
-- support function is declared again with bytea in that place, not strict, and
-- called: with every argument NULL, and with values.  It must refuse before it
-- looks at any of them.
CREATE FUNCTION pg_temp.as_value(t oid) RETURNS text LANGUAGE sql
RETURN CASE WHEN t::regtype::text IN ('internal', 'bytea') THEN '''\x00010203'''
	WHEN t = 'boolean[]'::regtype THEN '''{t,f}'''
	WHEN t::regtype::text LIKE '%[]' THEN '''{1,2,3}'''
	WHEN t = 'timestamptz'::regtype THEN '''2020-01-01'''
	WHEN t = 'boolean'::regtype THEN 'true'
	WHEN t::regtype::text LIKE 'any%' OR t IN ('text'::regtype, 'float8'::regtype, 'bigint'::regtype, 'integer'::regtype) THEN '''1'''
	ELSE 'NULL' END;
CREATE FUNCTION pg_temp.direct_call(f regprocedure) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	p pg_proc := (SELECT pg_proc FROM pg_proc WHERE oid = f);
	types text; returns text; pass integer; arguments text;
BEGIN
	SELECT string_agg(CASE WHEN t::regtype::text = 'internal' THEN 'bytea' WHEN t::regtype::text LIKE 'any%' THEN 'text'
		ELSE t::regtype::text END, ', ' ORDER BY o) INTO types FROM unnest(p.proargtypes) WITH ORDINALITY u(t, o);
	returns := CASE WHEN p.prorettype::regtype::text = 'internal' THEN 'bytea' ELSE p.prorettype::regtype::text END;
	EXECUTE format('CREATE FUNCTION pg_temp.direct(%s) RETURNS %s LANGUAGE c AS %L, %L', types, returns, p.probin, p.prosrc);
	FOR pass IN 1..2 LOOP
		SELECT string_agg(CASE pass WHEN 1 THEN 'NULL' ELSE pg_temp.as_value(t) END, ', ' ORDER BY o)
		INTO arguments FROM unnest(p.proargtypes) WITH ORDINALITY u(t, o);
		BEGIN
			EXECUTE format('SELECT pg_temp.direct(%s)', arguments);
			RETURN NEXT f || ' accepted (' || arguments || ')';
		EXCEPTION
			WHEN wrong_object_type THEN NULL;
			WHEN OTHERS THEN RETURN NEXT f || ': ' || SQLSTATE || ' ' || SQLERRM;
		END;
	END LOOP;
	EXECUTE format('DROP FUNCTION pg_temp.direct(%s)', types);
END $$;
SELECT is_empty($$SELECT pg_temp.direct_call(oid::regprocedure) FROM fn WHERE support AND probin IS NOT NULL$$,
	'R-CAT-4 support functions refuse direct calls with 42809');

-- R-CAT-5
SELECT is_empty($$SELECT signature, arguments FROM call WHERE NOT support AND EXISTS (SELECT FROM unnest(arguments) a WHERE a LIKE ' %')$$,
	'R-CAT-5 every argument of a public call has a name');

CREATE TEMP TABLE contract (name text, arguments text[], results text[]);
\ir catalog_contract.psql
\ir contract_funnels.psql
\ir contract_sequences.psql
\ir contract_retention.psql
\ir contract_support.psql
\ir contract_maps.psql
\ir contract_outcomes.psql
\ir contract_patterns.psql
\ir contract_kpis.psql
\ir contract_folds.psql
\ir contract_moments.psql
\ir contract_cox.psql
\ir contract_formula.psql
\ir contract_glm.psql
\ir contract_value.psql
\ir contract_metrics.psql
\ir contract_trees.psql
\ir contract_validation.psql
\ir contract_chaos_neighbours.psql
\ir contract_chaos_symbols.psql
\ir contract_strategies.psql
\ir contract_strategies_compare.psql
\ir contract_strategies_planning.psql
\ir contract_strategies_checks.psql
\ir contract_strategies_policy.psql
\ir contract_strategies_uplift.psql
\ir contract_chaos_surrogates.psql
\ir contract_chaos_share.psql
\ir contract_chaos_twins.psql
\ir contract_monitoring.psql
\ir contract_monitoring_reading.psql
\ir contract_reports_charts.psql
\ir contract_monitoring_sequences.psql
\ir contract_reports_page.psql
\ir contract_monitoring_drift.psql
SELECT is_empty($$SELECT c.name, c.arguments, call.arguments AS found FROM contract c
	JOIN call ON call.proname = c.name
	WHERE NOT EXISTS (SELECT FROM call x WHERE x.proname = c.name AND x.arguments[1:cardinality(c.arguments)] = c.arguments)$$,
	'R-CAT-5 argument names, types and defaults');
SELECT is_empty($$SELECT c.name, c.results, call.results AS found FROM contract c
	JOIN call ON call.proname = c.name AND call.arguments[1:cardinality(c.arguments)] = c.arguments
	WHERE c.results IS NOT NULL AND call.results[1:cardinality(c.results)] IS DISTINCT FROM c.results$$,
	'R-CAT-5 names of result columns');
SELECT is_empty($$SELECT DISTINCT name FROM contract WHERE name NOT IN (SELECT proname FROM call)$$,
	'R-CAT-5 every call of the contract exists');
SELECT is_empty($$SELECT DISTINCT proname FROM call WHERE NOT support AND proname NOT IN (SELECT name FROM contract)
	AND oid NOT IN (SELECT oid FROM part)$$,
	'R-CAT-5 no public call outside the contract');

SELECT * FROM finish();
ROLLBACK;
