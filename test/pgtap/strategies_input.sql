-- What the calls on strategies refuse, each with its SQLSTATE and the name and
-- value of what is wrong; and what must not change an answer: order of rows,
-- memory, the type of the strategy, a signed zero.
BEGIN;
SET LOCAL client_min_messages = error;
SET LOCAL jit = off;
\ir lib/close.psql
SELECT plan(95);
CREATE FUNCTION pg_temp.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8 $$;
CREATE TEMP TABLE good AS
SELECT i, i % 150 AS c, 1 + (i % 150) % 4 AS f, s, x, z, 'l' || i % 3 AS l, x + z + CASE s WHEN 'a' THEN 0 WHEN 'b' THEN 1 ELSE 0.5 END + 3 * (pg_temp.u(i, 5) - 0.5) AS y,
	pg_temp.u(i, 6) < 0.5 AS yes, CASE s WHEN 'a' THEN 0.5 WHEN 'b' THEN 0.25 ELSE 0.25 END AS p, '{"a": 0.5, "b": 0.25, "c": 0.25}'::jsonb AS pj
FROM generate_series(1, 600) i, LATERAL (SELECT round((10 * pg_temp.u(i, 1))::numeric)::float8 AS x, pg_temp.u(i, 2) AS z,
	CASE WHEN pg_temp.u(i, 3) < 0.5 THEN 'a' WHEN pg_temp.u(i, 3) < 0.75 THEN 'b' ELSE 'c' END AS s OFFSET 0) v;

-- All calls that read decisions refuse alike.  A call that lacks one of the
-- arguments is passed over; strategy_scores and compare_strategies are not.
CREATE FUNCTION pg_temp.calls() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT DISTINCT proname::text FROM pg_proc WHERE pronamespace = 'journey'::regnamespace
		AND proname IN ('strategy_scores', 'compare_strategies', 'learn_policy', 'uplift', 'overlap_report') ORDER BY 1 $$;
CREATE FUNCTION pg_temp.alike(args text, codes text[], pattern text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE call text; state text; message text; more text; bad text := ''; tried integer := 0;
BEGIN
	FOR call IN SELECT pg_temp.calls() LOOP
		BEGIN
			EXECUTE format('SELECT * FROM journey.%I(%s)', call, args);
			bad := bad || call || E': no error\n';
		EXCEPTION WHEN undefined_function THEN
			IF call IN ('strategy_scores', 'compare_strategies') THEN bad := bad || call || ': ' || SQLERRM || E'\n'; END IF;
			CONTINUE;
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, more = PG_EXCEPTION_DETAIL;
			IF NOT (state = ANY (codes) AND message || ' ' || more ~* pattern AND message !~ '\.$' AND (message !~ '^[A-Z]' OR message ~ '^[A-Z]{2}')) THEN
				bad := bad || format(E'%s: got %s "%s" %s, want %s ~ %s\n', call, state, message, more, codes, pattern);
			END IF;
		END;
		tried := tried + 1;
	END LOOP;
	RETURN pg_temp.verdict(nullif(bad || CASE WHEN tried < 2 THEN 'hardly a call was tried' ELSE '' END, ''), name);
END $$;
-- The same for a change of the source of an otherwise good call.
CREATE FUNCTION pg_temp.alike_from(source text, more text, codes text[], pattern text, name text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.alike(format('source => %L, outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,z,l}''%s', source, more), codes, pattern, name) $$;

-- Logged propensities.
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN 0 ELSE p END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" is 0 for the strategy "[abc]".*row 17', 'probability 0 of what was done');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN 1.25 ELSE p END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" is 1\.25 in row 17', 'a probability above 1');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN -0.5 ELSE p END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" is -0\.5 in row 17', 'a negative probability');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''NaN'' ELSE p::float8 END AS q FROM good', ', propensity => ''q''', '{22003,22023}', '"q".*row 17', 'a probability NaN');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''Infinity'' ELSE p::float8 END AS q FROM good', ', propensity => ''q''', '{22003,22023}', '"q".*row 17', 'an infinite probability');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN NULL ELSE p END AS q FROM good', ', propensity => ''q''', '{22004}', '"q" is null in row 17', 'a probability NULL');
SELECT pg_temp.alike_from('SELECT *, l AS q FROM good', ', propensity => ''q''', '{42804}', '"?q"?', 'a probability of text');
SELECT pg_temp.alike_from('good', ', propensity => ''q''', '{42703}', '"q"', 'a probability that is not there');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''{"a": 0.5, "b": 0.25, "c": 0.35}'' ELSE pj END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" add up to 1\.1 in row 17', 'probabilities that add up to more than 1');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''{"a": 0.2, "b": 0.25, "c": 0.25}'' ELSE pj END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" add up to 0\.7 in row 17', 'probabilities that add up to less than 1');
SELECT pg_temp.alike_from('SELECT *, pj - s AS q FROM good', ', propensity => ''q''', '{22023}', '"q" in row 1 .*lacks the strategy "[abc]"', 'no probability of what was done');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN jsonb_build_object(s, 0, ''z'', 1) ELSE pj END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" is 0 for the strategy "[abc]".*row 17', 'probability 0 of what was done, among all');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''{"a": "half", "b": 0.25, "c": 0.25}'' ELSE pj END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" in row 17', 'a probability that is no number');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''{"a": 1.5, "b": -0.25, "c": -0.25}'' ELSE pj END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" in row 17', 'probabilities outside [0, 1] that add up');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN ''{"a": {"p": 0.5}, "b": 0.5, "c": 0.5}'' ELSE pj END AS q FROM good', ', propensity => ''q''', '{22023}', '"q" in row 17', 'a probability that is an object');
SELECT pg_temp.alike_from('SELECT *, ''[0.5, 0.25, 0.25]''::jsonb AS q FROM good', ', propensity => ''q''', '{22023}', '"q" in row 1', 'probabilities without names');
SELECT pg_temp.alike_from('SELECT *, ''0.5''::jsonb AS q FROM good', ', propensity => ''q''', '{22023}', '"q" in row 1', 'a jsonb number');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN NULL ELSE pj END AS q FROM good', ', propensity => ''q''', '{22004}', '"q" is null in row 17', 'probabilities NULL');

-- Strategies.
SELECT pg_temp.alike_from('good', ', baseline => ''d''', '{22023}', 'baseline "d" does not occur in column "s"', 'a baseline that does not occur');
SELECT pg_temp.alike_from('good', ', baseline => ''''', '{22023}', 'baseline "" does not occur', 'an empty baseline');
SELECT pg_temp.alike_from('SELECT * FROM good WHERE s = ''b''', '', '{22023}', '"s".*single strategy "b"', 'a single strategy');
SELECT pg_temp.alike_from('SELECT * FROM good WHERE false', '', '{22023,22000}', 'no rows', 'no rows');
SELECT pg_temp.alike_from('SELECT i, x, z, l, y, nullif(s, ''b'') AS s FROM good', '', '{22004}', '"s" is null in row', 'a strategy NULL');
SELECT pg_temp.alike_from('SELECT i, x, z, l, y, ''s'' || i % 65 AS s FROM good', '', '{54000}', '"s" has 65 strategies', 'more strategies than can be compared');
SELECT pg_temp.alike_from('SELECT i, x, z, l, y, now() AS s FROM good', '', '{42804}', '"?s"?.*timestamp', 'a strategy of another type');
SELECT pg_temp.alike_from('SELECT i, x, z, l, y, (i % 2)::float8 AS s FROM good', '', '{42804}', '"?s"?.*double', 'a strategy of floating numbers');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''way'', key => ''i'', features => ''{x}''', '{42703}', '"way"', 'a strategy that is not there');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,s}''', '{22023}', 'strategy "s" cannot be a feature', 'the strategy as a feature');
SELECT pg_temp.alike('source => ''good'', outcome => ''x'', strategy => ''x'', key => ''i''', '{22023}', '"x"', 'outcome and strategy are one');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => NULL, key => ''i''', '{22004}', 'strategy', 'strategy => NULL');
SELECT pg_temp.alike('source => ''good'', outcome => NULL, strategy => ''s'', key => ''i''', '{22004}', 'outcome', 'outcome => NULL');
SELECT pg_temp.alike('source => NULL, outcome => ''y'', strategy => ''s'', key => ''i''', '{22004}', 'source', 'source => NULL');

-- Outcomes, features, keys.
SELECT pg_temp.alike('source => ''good'', outcome => ''goal'', strategy => ''s'', key => ''i'', features => ''{x}''', '{42703}', '"goal"', 'an outcome that is not there');
SELECT pg_temp.alike('source => ''good'', outcome => ''l'', strategy => ''s'', key => ''i'', features => ''{x}''', '{42804}', '"?l"?.*text', 'an outcome of text');
SELECT pg_temp.alike_from('SELECT i, s, x, z, l, CASE i WHEN 17 THEN ''NaN'' ELSE y END AS y FROM good', '', '{22003}', '"y".*row 17', 'an outcome NaN');
SELECT pg_temp.alike_from('SELECT i, s, x, z, l, CASE i WHEN 17 THEN ''-Infinity'' ELSE y END AS y FROM good', '', '{22003}', '"y".*row 17', 'an infinite outcome');
SELECT pg_temp.alike_from('SELECT i, s, x, z, l, CASE i WHEN 17 THEN ''NaN'' ELSE y::numeric END AS y FROM good', '', '{22003}', '"y".*row 17', 'an outcome NaN in numeric');
SELECT pg_temp.alike_from('SELECT i, s, x, z, l, NULL::float8 AS y FROM good', '', '{22023,22000}', 'outcome "y"', 'no outcome at all');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,colour}''', '{42703}', '"colour"', 'a feature that is not there');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,x}''', '{22023,42701}', '"x"', 'a feature twice');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,y}''', '{22023,42701}', '"y"', 'the outcome as a feature');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,p}'', propensity => ''p''', '{22023,42701}', '"p"', 'the propensity as a feature');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,NULL}''', '{22004}', 'features', 'NULL among the features');
SELECT pg_temp.alike_from('SELECT i, s, z, l, y, CASE i WHEN 17 THEN NULL ELSE x END AS x FROM good', '', '{22004}', '"x" is null in row 17', 'a feature NULL');
SELECT pg_temp.alike_from('SELECT i, s, x, z, y, CASE i WHEN 17 THEN NULL ELSE l END AS l FROM good', '', '{22004}', '"l" is null in row 17', 'a label NULL');
SELECT pg_temp.alike_from('SELECT i, s, z, l, y, CASE i WHEN 17 THEN ''NaN'' ELSE x END AS x FROM good', '', '{22003}', '"x".*row 17', 'a feature NaN');
SELECT pg_temp.alike_from('SELECT i, s, z, l, y, CASE i WHEN 17 THEN ''Infinity'' ELSE x END AS x FROM good', '', '{22003}', '"x".*row 17', 'an infinite feature');
SELECT pg_temp.alike_from('SELECT s, x, z, l, y, CASE i WHEN 17 THEN NULL ELSE i END AS i FROM good', '', '{22004}', '"i" is null in row 17', 'a key NULL');
SELECT pg_temp.alike_from('SELECT s, x, z, l, y, i::float8 AS i FROM good', '', '{42804}', '"?i"?.*double', 'a key of floating numbers');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''client'', features => ''{x}''', '{42703}', '"client"', 'a key that is not there');

-- Folds and numbers.
SELECT pg_temp.alike_from('good', ', k => 601', '{22023}', '601.*600', 'more folds than keys');
SELECT pg_temp.alike('source => ''good'', outcome => ''y'', strategy => ''s'', key => ''c'', features => ''{x}'', k => 151', '{22023}', '151.*150 keys', 'more folds than customers');
SELECT pg_temp.alike_from('good', ', k => 1', '{22023}', '\mk\M.*1', 'one fold');
SELECT pg_temp.alike_from('good', ', k => NULL', '{22004}', '\mk\M', 'k NULL');
SELECT pg_temp.alike_from('good', ', repeats => 0', '{22023}', 'repeats.*0', 'no repeat');
SELECT pg_temp.alike_from('good', ', repeats => NULL', '{22004}', 'repeats', 'repeats NULL');
SELECT pg_temp.alike_from('good', ', repeats => 100000', '{22023}', 'repeats.*100000', 'too many repeats');
SELECT pg_temp.alike_from('good', ', seed => NULL', '{22004}', 'seed', 'seed NULL');
SELECT pg_temp.alike_from('good', ', method => ''aiwp''', '{22023}', 'method.*aiwp|aiwp.*method', 'a method misspelt');
SELECT pg_temp.alike_from('good', ', method => NULL', '{22004}', 'method', 'method NULL');
SELECT pg_temp.alike_from('good', ', fold => ''part''', '{42703}', '"part"', 'a fold column that is not there');
SELECT pg_temp.alike_from('SELECT *, CASE i WHEN 17 THEN NULL ELSE f END AS g FROM good', ', fold => ''g''', '{22004}', '"g" is null in row 17', 'a fold NULL');
SELECT pg_temp.alike_from('SELECT *, 1 AS g FROM good', ', fold => ''g''', '{22023}', '"g" holds one fold', 'a fold column of one fold');
SELECT pg_temp.alike('source => ''SELECT *, 1 + i % 7 AS g FROM good'', outcome => ''y'', strategy => ''s'', key => ''c'', features => ''{x}'', fold => ''g''', '{22023}', '"g" puts key [0-9]+ into folds', 'a fold column that tears customers apart');

-- The source.
SELECT pg_temp.alike_from('nowhere', '', '{42P01}', 'nowhere', 'a table that is not there');
SELECT pg_temp.alike_from('SELECT * FRM good', '', '{42601}', '.', 'a syntax error');
SELECT pg_temp.alike_from('DELETE FROM good RETURNING *', '', '{42601,0A000,22023,25006,42809}', 'DELETE|SELECT|quer', 'DELETE');
SELECT pg_temp.alike_from('WITH d AS (DELETE FROM good RETURNING *) SELECT * FROM d', '', '{42601,0A000,22023,25006}', 'DELETE|modif|read-only|SELECT', 'DELETE inside WITH');
SELECT pg_temp.alike_from('SELECT * FROM good; SELECT 1', '', '{42601,0A000,22023}', 'quer|statement|command', 'two statements');
SELECT pg_temp.alike_from('SELECT i, s, z, l, y, 1 / (i - 17) AS x FROM good', '', '{22012}', 'zero', 'an error of the query comes through');
SELECT pg_temp.holds('SELECT count(*) = 600 FROM good', 'nothing was deleted');

-- Arguments of compare_strategies alone.
CREATE FUNCTION pg_temp.compare_refused(more text, codes text[], pattern text, name text, source text DEFAULT 'good') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.refused(format('SELECT * FROM journey.compare_strategies(source => %L, outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x,z}''%s)', source, more), codes, pattern, name) $$;
SELECT pg_temp.compare_refused(', costs => ''{"d": 1}''', '{22023}', '"?d"?', 'the cost of an unknown strategy');
SELECT pg_temp.compare_refused(', costs => ''{"b": "much"}''', '{22023}', 'cost.*"?b"?|"?b"?.*cost', 'a cost that is no number');
SELECT pg_temp.compare_refused(', costs => ''[1, 2]''', '{22023}', 'costs', 'costs without names');
SELECT pg_temp.compare_refused(', planned => ''{"a": 0.5, "b": 0.25, "d": 0.25}''', '{22023}', '"?d"?', 'the planned share of an unknown strategy');
SELECT pg_temp.compare_refused(', planned => ''{"a": 0.5, "b": 0.5, "c": 0}''', '{22023}', 'planned.*"?c"?|"?c"?.*planned|share', 'a planned share of 0');
SELECT pg_temp.compare_refused(', estimand => ''everybody''', '{22023}', 'estimand.*everybody|everybody.*estimand', 'an unknown estimand');
SELECT pg_temp.compare_refused(', estimand => ''treated'', propensity => ''p''', '{0A000}', '.', 'the treated, without their other propensities');
SELECT pg_temp.compare_refused(', clip => 0.5', '{22023}', 'clip.*0\.5', 'a clip below 1');
SELECT pg_temp.compare_refused(', clip => ''NaN''', '{22003,22023}', 'clip', 'a clip NaN');
SELECT pg_temp.compare_refused(', bounds => ''{1,0}''', '{22023}', 'bounds', 'bounds the wrong way round');
SELECT pg_temp.compare_refused(', bounds => ''{0,1}''', '{22023}', '"y".*row|bounds', 'an outcome outside its bounds');

-- What must not change an answer.
CREATE FUNCTION pg_temp.answer(call text, source text, more text, strategy text DEFAULT 's') RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; args text := format('source => %L, outcome => ''y'', strategy => %L, key => ''c'', features => ''{x,z,l}''%s', source, strategy, more);
BEGIN
	EXECUTE CASE call WHEN 'compare_strategies' THEN format('SELECT string_agg(r::text, E''\n'' ORDER BY r::text) FROM journey.compare_strategies(%s) r', args)
		WHEN 'strategy_scores' THEN format('SELECT md5(string_agg(r, E''\n'' ORDER BY r)) FROM (SELECT concat_ws('' '', key, fold, strategy, assigned, propensity, score) AS r FROM journey.strategy_scores(%s)) q', args)
		ELSE format('SELECT md5(string_agg(r, E''\n'' ORDER BY r)) FROM (SELECT (to_jsonb(r) - ''row_number'')::text AS r FROM journey.%I(%s) r) q', call, args) END INTO answer;
	RETURN coalesce(answer, 'nothing');
END $$;
CREATE FUNCTION pg_temp.same_answers(source text, other text, more text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE call text; one text; two text; bad text := '';
BEGIN
	FOR call IN SELECT pg_temp.calls() LOOP
		BEGIN
			one := pg_temp.answer(call, source, more);
			two := pg_temp.answer(call, other, more);
			IF one <> two THEN bad := bad || format(E'%s: %s\nand %s\n', call, one, two); END IF;
		EXCEPTION WHEN undefined_function THEN
			IF call IN ('strategy_scores', 'compare_strategies') THEN bad := bad || call || ': ' || SQLERRM || E'\n'; END IF;
		WHEN OTHERS THEN
			bad := bad || format(E'%s: %s %s\n', call, SQLSTATE, SQLERRM);
		END;
	END LOOP;
	RETURN pg_temp.verdict(nullif(bad, ''), name);
END $$;
SELECT pg_temp.same_answers('SELECT * FROM good ORDER BY i', 'SELECT * FROM good ORDER BY journey.hash64(i, 9)', '', 'order of rows');
SELECT pg_temp.same_answers('SELECT * FROM good ORDER BY i', 'SELECT * FROM good ORDER BY z', ', propensity => ''p'', repeats => 2', 'order of rows, logged');
SELECT pg_temp.same_answers('SELECT * FROM good ORDER BY i', 'SELECT * FROM good ORDER BY z', ', fold => ''f''', 'order of rows, a fold column');
SELECT pg_temp.same_answers('good', 'SELECT i, c, f, s, CASE WHEN x = 0 THEN ''-0'' ELSE x END AS x, z, l, y, yes, p, pj FROM good', '', 'a signed zero in a feature');
SELECT pg_temp.same_answers('SELECT i, c, f, s, x, z, l, round(y::numeric)::float8 AS y, p FROM good', 'SELECT i, c, f, s, x, z, l, CASE WHEN round(y::numeric) = 0 THEN ''-0''::float8 ELSE round(y::numeric) END AS y, p FROM good', '', 'a signed zero in the outcome');
SELECT pg_temp.same_answers('SELECT c, x, z, l, y, s FROM good', 'SELECT c, x, z, l, y, s::varchar(10) AS s FROM good', '', 'strategies of varchar');
SELECT pg_temp.same_answers('SELECT c, x, z, l, y, (s = ''a'')::text AS s FROM good', 'SELECT c, x, z, l, y, s = ''a'' AS s FROM good', '', 'strategies true and false');
SELECT pg_temp.same_answers('SELECT c, x, z, l, y, (ascii(s) - 90)::text AS s FROM good', 'SELECT c, x, z, l, y, (ascii(s) - 90)::smallint AS s FROM good', '', 'strategies of whole numbers');
CREATE TYPE pg_temp.way AS ENUM ('c', 'a', 'b');
SELECT pg_temp.same_answers('SELECT c, x, z, l, y, s FROM good', 'SELECT c, x, z, l, y, s::pg_temp.way AS s FROM good', '', 'strategies of an enum, in byte order of their names');
SELECT pg_temp.same_answers('SELECT c, x, z, l, y, s FROM good', 'SELECT c::bigint AS c, x::numeric AS x, z, l, y, s FROM good', '', 'numbers of another type');
CREATE TEMP TABLE many AS SELECT i, i / 3 AS c, CASE WHEN pg_temp.u(i, 3) < 0.4 THEN 'a' WHEN pg_temp.u(i, 3) < 0.7 THEN 'b' ELSE 'c' END AS s, pg_temp.u(i, 1) AS x, pg_temp.u(i, 2) AS z, 'l' || i % 7 AS l, pg_temp.u(i, 4) + pg_temp.u(i, 1) AS y FROM generate_series(1, 40000) i;
CREATE TEMP TABLE roomy AS SELECT call, pg_temp.answer(call, 'many', ', repeats => 2') AS answer FROM (VALUES ('compare_strategies'), ('strategy_scores')) v(call);
SET LOCAL journey.memory_limit = '1MB';
SELECT is(pg_temp.answer(call, 'SELECT * FROM many ORDER BY journey.hash64(i)', ', repeats => 2'), answer, call || ': the same bits with little memory and in another order') FROM roomy ORDER BY call;
RESET journey.memory_limit;

-- Rows without an outcome are told of, not dropped in silence.
SELECT pg_temp.holds($$SELECT bool_and(n_missing = (SELECT count(*) FROM good g WHERE g.s = r.strategy AND g.i % 50 = 0) AND n + n_missing = (SELECT count(*) FROM good g WHERE g.s = r.strategy)) AND count(*) = 3
	FROM journey.compare_strategies(source => 'SELECT i, s, x, z, CASE WHEN i % 50 = 0 THEN NULL ELSE y END AS y FROM good', outcome => 'y', strategy => 's', key => 'i', features => '{x,z}') r$$, 'missing outcomes are counted');
SELECT * FROM finish();
ROLLBACK;
