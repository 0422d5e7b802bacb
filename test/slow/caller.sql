-- Hostile calls: every SQL function and aggregate of the extension with NULL,
-- NaN, infinite, empty, huge and wrongly shaped arguments.  Call number i is a
-- function of i and :seed alone: SELECT caller.statement(i) shows it, SELECT
-- caller.call(i) does it again.  Run by caller.sh; also by dev/assert-server.sh.
--
-- R-CAL-1	No call ends in an internal error (XX000 and its like) or an
--			assertion, none ends the server.
-- R-CAL-2	Memory of the session does not grow with the number of calls.
-- R-CAL-3	Every function has succeeded at least once: the values drawn reach
--			past its first check.  At least half of its calls are hostile.
-- R-CAL-4	A transition, combine or final function whose state is a plain array
--			takes any state that a user's own aggregate can bring.
SET client_min_messages = warning;
\ir caller_data.sql
\ir caller_pools.sql

-- A validation with two runs, for report functions and those of a run's steps.
SELECT journey.define_validation('caller', 'caller.events', 'y', 'strategy', 'key', '{x1,touchpoint}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "planned": {"0": 1, "1": 1}, "repeats": 1, "folds": 2, "events": "caller.events", "funnel": ["order", "call"]}');
CALL journey.validate('caller', '2024-04-01');
CALL journey.validate('caller', '2024-06-01');
CREATE TABLE caller.definitions AS SELECT v FROM journey.validation v;
CREATE TABLE caller.runs AS SELECT v FROM journey.validation_run v;

-- ---- members ----

CREATE TABLE caller.member AS
SELECT row_number() OVER (ORDER BY p.proname, p.oid::regprocedure::text COLLATE "C") - 1 AS id, p.oid, p.proname::text AS name, p.prokind = 'a' AS aggregate, p.proretset AS setof,
	format('%I.%I', n.nspname, p.proname) AS called, p.pronargs, p.pronargdefaults, p.provariadic <> 0 AS variadic, p.proargnames, p.prorettype = 'record'::regtype AND p.proallargtypes IS NULL AS shapeless,
	p.oid::regprocedure::text AS signature, EXISTS (SELECT FROM pg_aggregate g WHERE p.oid IN (g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn)) AS support, p.proisstrict AS strict
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'journey' AND p.prokind IN ('f', 'a') AND NOT 'internal'::regtype = ANY (p.proargtypes) AND p.prorettype <> 'internal'::regtype;

-- ---- composite values, whole and broken ----

-- values_<type>: the good values first, then each with one field replaced, by
-- everything hostile of the type of the field and by what keeps an array's
-- length or changes it by one.
CREATE FUNCTION caller.break(type regtype, source text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	made text := 'caller.values_' || replace(type::text, 'journey.', '');
	f record; e text; fields text; n bigint;
BEGIN
	EXECUTE format('CREATE TABLE %s (id serial, v %s)', made, type);
	EXECUTE format('INSERT INTO %s (v) SELECT v FROM %s', made, source);
	SELECT count(*) FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid WHERE t.oid = type INTO n;
	FOR f IN SELECT a.attname, a.attnum, format_type(a.atttypid, NULL) AS type, a.atttypid FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid WHERE t.oid = type AND a.attnum > 0 AND NOT attisdropped ORDER BY a.attnum LOOP
		FOR e IN SELECT format('(%s)::%s', p.expr, f.type) FROM caller.pool p WHERE p.type = f.type AND NOT p.good AND length(p.expr) < 400
			AND (f.type NOT IN ('text', 'text[]') OR hashtext(p.expr || f.attname) % 4 = 0)
			UNION ALL SELECT format(x, quote_ident(f.attname)) FROM unnest(CASE WHEN f.type ~ '\[\]$' THEN ARRAY['((v).%1$s)[2:]', '((v).%1$s) || ((v).%1$s)', 'array_append((v).%1$s, NULL)', 'array_append((v).%1$s, ((v).%1$s)[1])', 'array_fill(((v).%1$s)[1], ARRAY[cardinality((v).%1$s)])',
				'array_fill(((v).%1$s)[1], ARRAY[cardinality((v).%1$s)], ARRAY[0])', '(SELECT array_agg(x ORDER BY i DESC) FROM unnest((v).%1$s) WITH ORDINALITY u(x, i))', 'array_fill(((v).%1$s)[1], ARRAY[cardinality((v).%1$s), 1])'] END) x
			UNION ALL SELECT format('array_fill((%2$s)::%3$s, ARRAY[cardinality((v).%1$s)])', quote_ident(f.attname), p.expr, left(f.type, -2)) FROM caller.pool p WHERE p.type || '[]' = f.type AND NOT p.good AND length(p.expr) < 60
			UNION ALL SELECT format('(%2$s)::%3$s || ((v).%1$s)[2:]', quote_ident(f.attname), p.expr, left(f.type, -2)) FROM caller.pool p WHERE p.type || '[]' = f.type AND NOT p.good AND length(p.expr) < 60
			UNION ALL SELECT format(x, quote_ident(f.attname)) FROM unnest(CASE WHEN f.type = 'jsonb' THEN ARRAY['(v).%1$s - 0', '(v).%1$s || ''[]''', 'replace((v).%1$s::text, ''1'', ''-1'')::jsonb', 'replace((v).%1$s::text, ''0'', ''99999999'')::jsonb', 'replace((v).%1$s::text, ''['', ''[[],'')::jsonb', 'replace((v).%1$s::text, ''{'', ''{"":null,'')::jsonb', 'replace((v).%1$s::text, ''"'', ''"x'')::jsonb'] END) x
		LOOP
			SELECT string_agg(CASE a.attname WHEN f.attname THEN e ELSE format('(v).%I', a.attname) END, ', ' ORDER BY a.attnum)
			INTO fields FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid WHERE t.oid = type AND a.attnum > 0 AND NOT attisdropped;
			BEGIN
				EXECUTE format('INSERT INTO %s (v) SELECT ROW(%s)::%s FROM %s s', made, fields, type, source);
			EXCEPTION WHEN OTHERS THEN NULL;	-- no such value: array_fill with NULL, an element that an array cannot have
			END;
		END LOOP;
	END LOOP;
	EXECUTE format('INSERT INTO %s (v) VALUES (NULL)', made);
	EXECUTE format('SELECT count(*) FROM %s', source) INTO n;
	EXECUTE format('INSERT INTO caller.pool SELECT %L, false, '''', format(''(SELECT v FROM %s WHERE id = %%s)'', id) FROM %s WHERE id > %s', type, made, made, n);
	EXECUTE format('INSERT INTO caller.pool SELECT '''', true, %L, format(''(SELECT v FROM %s WHERE id = %%s)'', id) FROM %s WHERE id <= %s', type, made, made, n);
	RETURN n;
END $$;
SELECT caller.break('journey.model', 'caller.models'), caller.break('journey.trees', 'caller.trees'), caller.break('journey.moments', 'caller.moments'), caller.break('journey.policy', 'caller.policies'),
	caller.break('journey.validation', 'caller.definitions'), caller.break('journey.validation_run', 'caller.runs');

-- ---- aggregates of a user with our functions and states of his own ----

-- The state of an aggregate, whole and broken, in caller.states; then a final
-- or combine function runs over such states, a transition function begins with
-- one.  All have float8[] as state.
CREATE TABLE caller.states (id serial, v float8[]);
CREATE FUNCTION caller.take(float8[], float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE RETURN $2;
CREATE FUNCTION caller.rogues() RETURNS void LANGUAGE plpgsql AS $$
DECLARE a record; n integer := 0; arguments text;
BEGIN
	FOR a IN SELECT DISTINCT ON (g.aggtransfn::regprocedure::text COLLATE "C", g.aggfinalfn::regprocedure::text COLLATE "C") g.*, p.proargtypes, p.pronargs FROM pg_aggregate g JOIN pg_proc p ON p.oid = g.aggtransfn
		WHERE g.aggfnoid IN (SELECT oid FROM caller.member) AND g.aggtranstype = 'float8[]'::regtype
		ORDER BY g.aggtransfn::regprocedure::text COLLATE "C", g.aggfinalfn::regprocedure::text COLLATE "C", g.aggfnoid::regprocedure::text COLLATE "C" LOOP
		n := n + 1;
		SELECT string_agg(t::regtype::text, ', ' ORDER BY i) INTO arguments FROM unnest(a.proargtypes) WITH ORDINALITY u(t, i) WHERE i > 1;
		EXECUTE format('CREATE AGGREGATE caller.state_%s(%s) (SFUNC = %s, STYPE = float8[]%s)', n, arguments, a.aggtransfn::regproc, ', INITCOND = ' || quote_literal(a.agginitval));
		EXECUTE format('CREATE AGGREGATE caller.final_%s(float8[]) (SFUNC = caller.take, STYPE = float8[], FINALFUNC = %s)', n, a.aggfinalfn::regproc);
		IF a.aggcombinefn <> 0 THEN
			EXECUTE format('CREATE AGGREGATE caller.combine_%s(float8[]) (SFUNC = %s, STYPE = float8[], FINALFUNC = %s)', n, a.aggcombinefn, a.aggfinalfn);
		END IF;
		-- the state after good rows, to be broken below
		BEGIN
			EXECUTE format('INSERT INTO caller.states (v) SELECT caller.state_%s(%s) FROM caller.events', n,
				(SELECT string_agg(CASE WHEN t = 'float8'::regtype AND i = 2 THEN 'predicted' WHEN t = 'float8'::regtype AND i = 3 THEN 'a' WHEN t = 'boolean'::regtype THEN 'observed' WHEN t = 'float8[]'::regtype THEN 'ARRAY[x1, x2]' WHEN t = 'bigint'::regtype THEN 'fold'
					WHEN t = 'text'::regtype THEN '''less''' WHEN i = 4 THEN '0.5' WHEN i = 5 THEN '0.5' ELSE '1' END, ', ' ORDER BY i) FROM unnest(a.proargtypes) WITH ORDINALITY u(t, i) WHERE i > 1));
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
END $$;
SELECT caller.rogues();
-- Each with one element replaced, cut, doubled, and shapes of no state at all.
INSERT INTO caller.states (v) SELECT v[:i - 1] || x || v[i + 1:] FROM (SELECT DISTINCT v FROM caller.states WHERE cardinality(v) < 60) s, LATERAL generate_series(1, least(cardinality(v), 12)) i, unnest('{0,-1,1,2.5,NaN,Infinity,1e308,9007199254740993,4294967296,1e19}'::float8[]) x WHERE hashfloat8(x + i) % 2 = 0 ORDER BY v, i, x;
INSERT INTO caller.states (v) SELECT v[:i] FROM (SELECT DISTINCT v FROM caller.states WHERE id < 60) s, LATERAL generate_series(0, least(cardinality(v), 9)) i ORDER BY v, i;
INSERT INTO caller.states (v) SELECT u FROM (SELECT DISTINCT v FROM caller.states WHERE id < 60) s, LATERAL (VALUES (v || v), (v || NULL::float8), (v[2:]), (array_fill(v[1], ARRAY[2, 2])), (array_fill(v[2], ARRAY[cardinality(v)], ARRAY[5]))) x(u) ORDER BY v, u;
DO $$
DECLARE e text;
BEGIN
	FOR e IN SELECT expr FROM caller.pool WHERE type = 'double precision[]' ORDER BY expr COLLATE "C" LOOP EXECUTE format('INSERT INTO caller.states (v) VALUES ((%s)::float8[])', e); END LOOP;
END $$;
-- a transition cannot take its state from a row, so each has some as INITCOND
DO $$
DECLARE a record; n integer := 0; s record;
BEGIN
	FOR a IN SELECT p.proname, pg_get_function_arguments(p.oid) AS arguments, g.aggtransfn, g.aggfinalfn FROM pg_proc p JOIN pg_aggregate g ON g.aggfnoid = p.oid WHERE p.pronamespace = 'caller'::regnamespace AND p.proname ~ '^state_' ORDER BY p.proname COLLATE "C" LOOP
		FOR s IN SELECT v FROM caller.states WHERE v IS NOT NULL AND cardinality(v) < 100 AND hashint4(id + hashtext(a.proname)) % 300 = 0 ORDER BY id LOOP
			n := n + 1;
			EXECUTE format('CREATE AGGREGATE caller.begin_%s(%s) (SFUNC = %s, STYPE = float8[], INITCOND = %L)', n, a.arguments, a.aggtransfn, s.v);
		END LOOP;
	END LOOP;
END $$;

INSERT INTO caller.member
SELECT (SELECT max(id) FROM caller.member) + row_number() OVER (ORDER BY proname, oid::regprocedure::text COLLATE "C"), oid, proname, true, false, oid::regproc::text, pronargs, 0, false, NULL, false, oid::regprocedure::text, false, false
FROM pg_proc WHERE pronamespace = 'caller'::regnamespace AND prokind = 'a' AND proname ~ '^(final|combine|begin)_';

-- ---- arguments ----

-- The pools of an argument: good by function and name, by name, by type.
CREATE INDEX ON caller.pool (name) WHERE good;
CREATE INDEX ON caller.pool (type) WHERE NOT good;
CREATE TABLE caller.argument AS
SELECT m.id, i AS place, COALESCE(m.proargnames[i], '') AS name, t.type, m.variadic AND i = m.pronargs AS variadic, i > m.pronargs - m.pronargdefaults AS has_default,
	COALESCE((SELECT array_agg(expr ORDER BY expr COLLATE "C") FROM caller.pool p WHERE p.good AND p.name = m.name || '.' || m.proargnames[i] AND t.type NOT IN ('bytea', 'uuid')),
		(SELECT array_agg(expr ORDER BY expr COLLATE "C") FROM caller.pool p WHERE p.good AND p.name = m.proargnames[i] AND t.type !~ '^journey\.' AND NOT (t.type ~ '\[\]$' AND p.expr !~ '^(NULL|''\{|ARRAY)') AND NOT (t.type !~ '\[\]$|json' AND p.expr ~ '^''\{')
			AND NOT (t.type IN ('integer', 'bigint', 'double precision') AND p.expr ~ '^''') AND NOT (t.type IN ('interval', 'text') AND p.expr ~ '^-?[0-9]')
			AND NOT (t.type IN ('interval', 'boolean', 'record') AND p.expr ~ '^''[a-z]') AND t.type NOT IN ('boolean', 'boolean[]', 'character', 'bytea', 'uuid')),
		(SELECT array_agg(expr ORDER BY expr COLLATE "C") FROM caller.pool p WHERE p.good AND p.name = t.type), ARRAY['NULL']) AS good,
	(SELECT array_agg(expr ORDER BY expr COLLATE "C") FROM caller.pool p WHERE NOT p.good AND (p.type = t.type OR t.type IN ('text', 'character') AND m.proargnames[i] ~ '^(source|reference_source|current_source|reference_bins_query)$' AND p.type = 'source')) AS bad
FROM caller.member m JOIN pg_proc p ON p.oid = m.oid, generate_series(1, m.pronargs) i, LATERAL (SELECT format_type(p.proargtypes[i - 1], NULL) AS type) t
WHERE m.called !~ '^caller';
INSERT INTO caller.argument
SELECT m.id, i, '', format_type(p.proargtypes[i - 1], NULL), false, false, COALESCE((SELECT array_agg(expr ORDER BY expr COLLATE "C") FROM caller.pool x WHERE x.good AND x.name = format_type(p.proargtypes[i - 1], NULL)), ARRAY['NULL']), CASE WHEN m.name ~ '^begin' THEN (SELECT array_agg(expr ORDER BY expr COLLATE "C") FROM caller.pool x WHERE NOT x.good AND x.type = format_type(p.proargtypes[i - 1], NULL)) ELSE '{s.v}' END
FROM caller.member m JOIN pg_proc p ON p.oid = m.oid, generate_series(1, m.pronargs) i WHERE m.called ~ '^caller';
-- customers whose keys are of the type that is asked for
UPDATE caller.argument a SET good = ARRAY[format('''caller.keys_%s''', t.type)] FROM caller.argument t WHERE a.id = t.id AND a.name = 'source' AND t.name = 'customer_type';
CREATE INDEX ON caller.argument (id, place);
CREATE UNIQUE INDEX ON caller.member (id);

-- ---- rows for aggregates ----

-- Columns good_<n>, bad_<n>, late_<n> by number of the type: all good, all
-- hostile, or hostile in one row of eighty.
CREATE TABLE caller.cell_type AS SELECT row_number() OVER (ORDER BY type) AS n, type FROM (SELECT DISTINCT a.type FROM caller.argument a JOIN caller.member m USING (id) WHERE m.aggregate AND m.called !~ '^caller' AND a.type NOT IN ('record')) t;
CREATE FUNCTION caller.value_of(type text, good boolean, i integer) RETURNS text LANGUAGE sql AS $$
	SELECT format('(%s)::%s', CASE WHEN $2 THEN CASE $1 WHEN 'double precision' THEN (0.05 + (i * 7 % 19) * 0.05)::text WHEN 'integer' THEN (i % 5)::text WHEN 'bigint' THEN (i % 5)::text WHEN 'boolean' THEN (i % 3 = 0)::text WHEN 'text' THEN quote_literal(chr(97 + i % 4))
			WHEN 'timestamp with time zone' THEN format('timestamptz ''2024-01-01'' + %s * interval ''1 hour''', i * 7 % 30) WHEN 'double precision[]' THEN format('''{%s,%s}''', sin(i), cos(i * i)) WHEN 'boolean[]' THEN format('''{%s,%s}''', i % 2 = 0, i % 3 = 0) WHEN 'interval' THEN '''7 days''' ELSE g[1 + i % cardinality(g)] END
		ELSE b[1 + i % cardinality(b)] END, $1)
	FROM (SELECT array_agg(expr ORDER BY expr COLLATE "C") FILTER (WHERE p.good AND p.name = $1) AS g, array_agg(expr ORDER BY expr COLLATE "C") FILTER (WHERE NOT p.good AND p.type = $1) AS b FROM caller.pool p) x $$;
DO $$
DECLARE columns text; exprs text; i integer;
BEGIN
	SELECT string_agg(format('%s_%s %s', w, n, type), ', ' ORDER BY n, w) INTO columns FROM caller.cell_type, unnest('{good,bad,late}'::text[]) w;
	EXECUTE format('CREATE TABLE caller.cells (id integer, g integer, %s)', columns);
	FOR i IN 1..80 LOOP
		SELECT string_agg(caller.value_of(type, w = 'good' OR w = 'late' AND i <> 53, CASE w WHEN 'late' THEN CASE i WHEN 53 THEN n::integer * 5 ELSE i END ELSE i END), ', ' ORDER BY n, w) INTO exprs FROM caller.cell_type, unnest('{good,bad,late}'::text[]) w;
		EXECUTE format('INSERT INTO caller.cells SELECT %s, %s, %s', i, i % 7, exprs);
	END LOOP;
	CREATE TABLE caller.cells_part (LIKE caller.cells) PARTITION BY LIST (g);
	FOR i IN 0..6 LOOP EXECUTE format('CREATE TABLE caller.cells_part_%s PARTITION OF caller.cells_part FOR VALUES IN (%s)', i, i); END LOOP;
	INSERT INTO caller.cells_part SELECT * FROM caller.cells;
END $$;
ANALYZE;

-- ---- calls ----

CREATE FUNCTION caller.draw(i bigint, slot integer, n integer) RETURNS integer LANGUAGE sql IMMUTABLE
	RETURN (((hashint8extended(i, slot) % n) + n) % n)::integer;
CREATE TABLE caller.setting AS
SELECT count(*) FILTER (WHERE called !~ '^caller') AS ours, count(*) FILTER (WHERE called ~ '^caller') AS rogues, :seed::bigint AS seed FROM caller.member;

-- How good a call is meant to be: of eight calls, three wholly good, three with
-- about one hostile argument, two with any.
CREATE FUNCTION caller.statement(i bigint, OUT member bigint, OUT hostile boolean, OUT statement text, OUT before text) LANGUAGE plpgsql AS $$
DECLARE
	m caller.member; a caller.argument; r bigint; slot integer := 0; arguments text[] := '{}'; one text; level integer; target integer; bad boolean; typed text; named boolean; place integer;
	rows text; around text;
BEGIN
	-- calls below 0 are wholly good ones of ours; else one call of eight is a user's own aggregate, the others are ours in turn
	SELECT CASE WHEN i < 0 THEN -i % g.ours WHEN i % 8 = 7 THEN g.ours + i / 8 % g.rogues ELSE (i - i / 8) % g.ours END, hashint8extended(i, g.seed) INTO member, r FROM caller.setting g;
	SELECT * INTO m FROM caller.member x WHERE x.id = member;
	level := CASE WHEN i < 0 THEN 0 ELSE hashint8extended(r, 1) & 7 END;
	hostile := false;
	target := CASE WHEN m.pronargs > 0 THEN 1 + caller.draw(r, 2, m.pronargs) END;
	named := NOT m.aggregate AND NOT m.variadic AND '' <> ALL (COALESCE(m.proargnames[:m.pronargs], '{""}'));
	FOR a IN SELECT * FROM caller.argument x WHERE x.id = m.id ORDER BY x.place LOOP
		slot := slot + 1;
		bad := CASE WHEN level < 3 THEN false WHEN level < 6 THEN a.place = target OR caller.draw(r, 100 + slot, 12) = 0 ELSE caller.draw(r, 100 + slot, 5) < 2 END;
		CONTINUE WHEN named AND a.has_default AND NOT bad AND caller.draw(r, 200 + slot, 3) > 0 AND a.good IS NOT NULL AND NOT (m.name = 'clv' AND a.name = 'horizon') AND a.name NOT IN ('customer_type', 'repeats', 'replicates', 'permutations', 'k', 'surrogates', 'draws', 'trees');
		hostile := hostile OR bad;
		one := CASE WHEN m.called ~ '^caller\.(final|combine)' THEN 's.v' WHEN bad THEN a.bad[1 + caller.draw(r, 300 + slot, cardinality(a.bad))] ELSE a.good[1 + caller.draw(r, 300 + slot, cardinality(a.good))] END;
		typed := CASE a.type WHEN 'character' THEN 'bpchar' ELSE a.type END;
		IF m.aggregate AND m.called !~ '^caller' AND a.type <> 'record' AND NOT (a.name ~ '^(threshold|fraction|alpha|planned|low|high|null_value|alternative|pattern|within|mode|direction|base|delta|min_n|satisfied_from)$' AND caller.draw(r, 400 + slot, 8) > 0) THEN
			SELECT format('c.%s_%s', CASE WHEN NOT bad THEN 'good' WHEN caller.draw(r, 500 + slot, 2) = 0 THEN 'bad' ELSE 'late' END, t.n) INTO one FROM caller.cell_type t WHERE t.type = a.type;
		END IF;
		IF m.aggregate AND NOT bad AND m.called !~ '^caller' AND a.type = 'double precision' AND a.name IN ('observed', 'event', 'score') THEN
			one := CASE a.name WHEN 'score' THEN '(c.id % 11)::float8' ELSE '(c.id % 2)::float8' END;
		ELSIF one ~ '^c\.(good|bad|late)_' THEN
			NULL;
		ELSIF a.type = 'record' THEN
			one := CASE WHEN m.aggregate THEN (ARRAY['c', 'ROW(c.id, NULL)', 'ROW(c.bad_1)', 'ROW()', 'NULL::caller.cells'])[1 + caller.draw(r, 300 + slot, 5)] ELSE one END;
		ELSIF one <> 's.v' THEN
			one := format('(%s)::%s', one, typed);
		END IF;
		arguments := arguments || (CASE WHEN named THEN quote_ident(a.name) || ' => ' WHEN a.variadic THEN 'VARIADIC ' ELSE '' END || one);
	END LOOP;
	-- a step of a run stands on those before it
	IF (i < 0 OR caller.draw(r, 30, 4) = 0) AND m.name ~ '^validation_' AND 'this' = ANY (m.proargnames) THEN
		before := 'SELECT journey.validation_clear(run) FROM journey.validation_run; SELECT journey.validation_load(v, ''2024-06-01'') FROM caller.definitions'
			|| CASE WHEN m.name ~ 'map|funnel|exhibit' THEN '; SELECT journey.validation_load_events(d.v, r.v) FROM caller.definitions d, caller.runs r LIMIT 1' ELSE '' END
			|| CASE WHEN m.name ~ 'score|stream' THEN '; SELECT journey.validation_deal(d.v, r.v) FROM caller.definitions d, caller.runs r' ELSE '' END;
	END IF;
	IF m.called ~ '^caller' THEN
		hostile := true;
		rows := CASE WHEN m.name ~ '^begin' THEN 'generate_series(1, 3) s(id)' ELSE format('(SELECT * FROM caller.states WHERE id IN (%s, %s, %s)) s', caller.draw(r, 3, 1500), caller.draw(r, 4, 1500), caller.draw(r, 5, 1500)) END;
		one := CASE caller.draw(r, 6, 3) WHEN 0 THEN 'OVER (ORDER BY s.id)' ELSE '' END;
		statement := format('SELECT count(*), sum(length(x::text)) FROM (SELECT %s(%s) %s AS x FROM %s OFFSET 0) q', m.called, array_to_string(arguments, ', '), one, rows);
	ELSIF m.aggregate THEN
		place := caller.draw(r, 6, 12);
		rows := (ARRAY['caller.cells', 'caller.cells', 'caller.cells', 'caller.cells_part', '(SELECT * FROM caller.cells WHERE id < 20)', '(SELECT * FROM caller.cells LIMIT 1)', '(SELECT * FROM caller.cells WHERE false)', '(SELECT c.* FROM caller.cells c, generate_series(1, 12))'])[1 + caller.draw(r, 7, 8)];
		one := format('%s(%s%s%s)', m.called, CASE WHEN place = 1 AND NOT m.variadic THEN 'DISTINCT ' ELSE '' END, array_to_string(arguments, ', '), CASE place WHEN 2 THEN ' ORDER BY c.id DESC' WHEN 3 THEN ' ORDER BY c.g' ELSE '' END);
		around := CASE place WHEN 4 THEN 'FILTER (WHERE c.id % 3 = 0)' WHEN 5 THEN 'FILTER (WHERE c.id < 0)' WHEN 6 THEN 'OVER (ORDER BY c.id ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING)' WHEN 7 THEN 'OVER (PARTITION BY c.g ORDER BY c.id)' WHEN 8 THEN 'OVER ()' ELSE '' END;
		statement := format('SELECT count(*), sum(length(x::text)) FROM (SELECT %s %s AS x FROM %s c %s) q', one, around, rows, CASE place WHEN 9 THEN 'GROUP BY c.g' WHEN 10 THEN 'GROUP BY GROUPING SETS ((c.g), (c.id), ())' ELSE '' END);
	ELSIF m.shapeless THEN
		statement := format('SELECT count(*), sum(length(x::text)) FROM %s(%s) AS x(%s)', m.called, array_to_string(arguments, ', '),
			(ARRAY['customer_id bigint, ts timestamptz', 'y float8', 'x1 float8, x1 float8', 'no_such text', 'touchpoint integer', 'customer_id bigint, touchpoint text, y float8', 'touchpoint varchar(2)', 'ts text, key record'])[1 + caller.draw(r, 8, 8)]);
	ELSIF m.setof AND caller.draw(r, 8, 5) > 0 THEN
		statement := format('SELECT count(*), sum(length(x::text)) FROM %s(%s) x', m.called, array_to_string(arguments, ', '));
	ELSIF m.setof THEN
		statement := format('SELECT length((%s(%s))::text) LIMIT %s', m.called, array_to_string(arguments, ', '), caller.draw(r, 9, 4));
	ELSE
		statement := format('SELECT length(%s(%s)::text)', m.called, array_to_string(arguments, ', '));
	END IF;
END $$;

CREATE TABLE caller.outcome (i bigint, member bigint, hostile boolean, code text, message text, ms float8);

-- All is undone after the call, so that none depends on those before it.  Gives
-- the code; notes it, unless the call was cancelled and not alone.
CREATE FUNCTION caller.call(i bigint, alone boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE s record; code text; message text; began timestamptz := clock_timestamp();
BEGIN
	SELECT * INTO s FROM caller.statement(i);
	BEGIN
		-- plans as for many workers, mostly done by the session itself
		IF caller.draw(i, 20, 4) = 0 THEN
			PERFORM set_config(v.n, v.v, true) FROM (VALUES ('max_parallel_workers', CASE WHEN caller.draw(i, 21, 40) = 0 THEN '2' ELSE '0' END), ('parallel_setup_cost', '0'), ('parallel_tuple_cost', '0'), ('min_parallel_table_scan_size', '0'), ('enable_partitionwise_aggregate', 'on')) v(n, v);
		ELSIF caller.draw(i, 22, 8) = 0 THEN
			PERFORM set_config('work_mem', '64kB', true), set_config('journey.memory_limit', '1MB', true);
		END IF;
		IF s.before IS NOT NULL THEN
			EXECUTE s.before;
		END IF;
		EXECUTE s.statement;
		RAISE SQLSTATE 'OK000';
	EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
		GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	END;
	PERFORM pg_advisory_unlock_all();
	IF alone OR code <> '57014' THEN
		INSERT INTO caller.outcome VALUES (i, s.member, s.hostile, code, CASE WHEN code <> 'OK000' THEN left(message, 200) END, 1000 * extract(epoch FROM clock_timestamp() - began));
	END IF;
	RETURN code;
END $$;

-- A timeout falls once on a statement: it ends the batch, and what is left of
-- it is called alone afterwards.
CREATE FUNCTION caller.calls(first bigint, n bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN first..first + n - 1 LOOP
		EXIT WHEN caller.call(i, n = 1) = '57014';
	END LOOP;
END $$;
