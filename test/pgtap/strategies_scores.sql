-- strategy_scores: the rows behind every comparison of strategies.
BEGIN;
\ir lib/close.psql
SELECT plan(25);
CREATE FUNCTION pg_temp.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT journey.hash64(i, seed) / 18446744073709551616.0::float8 + 0.5 $$;
CREATE TYPE pg_temp.way AS ENUM ('none', 'call', 'mail');
CREATE TEMP TABLE decisions AS
SELECT i, i / 2 AS customer, x1, x2, CASE WHEN x1 > 0.5 THEN 'web' ELSE 'shop' END AS channel, 1 + i / 2 % 4 AS fold,
	(ARRAY['none', 'call', 'mail'])[1 + floor(3 * pg_temp.u(i, 3))::int] AS way, 0.25 + pg_temp.u(i, 4) / 2 AS p,
	3 + x1 + pg_temp.u(i, 5) AS y
FROM generate_series(1::bigint, 3000) i, LATERAL (SELECT pg_temp.u(i, 1) AS x1, pg_temp.u(i, 2) AS x2 OFFSET 0) f;

SELECT pg_temp.holds($$SELECT count(*) = 9000 AND count(DISTINCT row_number) = 3000 AND count(*) FILTER (WHERE assigned) = 3000 AND array_agg(DISTINCT strategy) = '{call,mail,none}'
	AND min(fold) = 1 AND max(fold) = 10 AND count(DISTINCT key) = 1501 FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', '{x1,x2,channel}')$$, 'a row for each row and strategy');
SELECT pg_temp.holds($$SELECT max(abs(s - 1)) < 1e-12 FROM (SELECT sum(propensity) AS s FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', '{x1,x2,channel}') GROUP BY row_number) r$$,
	'propensities add up to 1');
SELECT pg_temp.holds($$SELECT bool_and(abs(m - 3.5 - 0.5) < 0.05) FROM (SELECT avg(score) AS m FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', '{x1,x2,channel}') GROUP BY strategy) r$$,
	'means of scores are values');
SELECT pg_temp.holds($$SELECT count(DISTINCT (key, fold)) = count(DISTINCT key) FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', '{x1}')$$, 'a key is in one fold');

-- the same bits whatever the order of the source
CREATE TEMP TABLE kept AS SELECT customer AS key, i, s.strategy, propensity, score FROM journey.strategy_scores('SELECT * FROM decisions ORDER BY i', 'y', 'way', 'customer', '{x1,x2,channel}', repeats => 2) s JOIN decisions d ON d.i = s.row_number;
SELECT pg_temp.holds($$SELECT count(*) = 9000 AND bool_and(k.score = s.score AND k.propensity = s.propensity) FROM journey.strategy_scores('SELECT * FROM decisions ORDER BY i DESC', 'y', 'way', 'customer', '{x1,x2,channel}', repeats => 2) s
	JOIN kept k ON k.i = 3001 - s.row_number AND k.strategy = s.strategy$$, 'the order of rows changes no bit');
SELECT pg_temp.holds($$SELECT count(*) = 9000 AND max(abs(k.score - s.score)) < 1e-6 FROM journey.strategy_scores('SELECT *, CASE way WHEN ''none'' THEN 1 WHEN ''call'' THEN 3 ELSE 2 END AS number FROM decisions ORDER BY i', 'y', 'number', 'customer', '{x1,x2,channel}', repeats => 2) s
	JOIN kept k ON k.i = s.row_number AND k.strategy = (ARRAY['none', 'mail', 'call'])[s.strategy::int]$$, 'whole numbers name strategies too, and their order does not matter');
SELECT pg_temp.holds($$SELECT count(*) = 9000 AND bool_and(k.score = s.score) FROM journey.strategy_scores('SELECT *, way::pg_temp.way AS e FROM decisions ORDER BY i', 'y', 'e', 'customer', '{x1,x2,channel}', repeats => 2) s JOIN kept k ON k.i = s.row_number AND k.strategy = s.strategy$$,
	'so do enums');
SELECT pg_temp.holds($$SELECT array_agg(DISTINCT strategy) = '{false,true}' FROM journey.strategy_scores('SELECT *, way = ''call'' AS called FROM decisions', 'y', 'called', NULL, '{x1}')$$, 'and booleans');

-- what is logged is used
SELECT pg_temp.holds($$SELECT bool_and(abs(s.propensity - d.p) < 1e-15) FROM journey.strategy_scores('SELECT * FROM decisions ORDER BY i', 'y', 'way', 'customer', '{x1}', propensity => 'p') s JOIN decisions d ON d.i = s.row_number WHERE assigned$$, 'logged propensities are used as they are');
SELECT pg_temp.holds($$SELECT bool_and(propensity IS NULL) FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', '{x1}', propensity => 'p') WHERE NOT assigned$$, 'those of other strategies are not known');
SELECT pg_temp.holds($$SELECT bool_and(CASE WHEN assigned THEN abs(score - y / p) < 1e-9 ELSE score = 0 END) FROM journey.strategy_scores('SELECT * FROM decisions ORDER BY i', 'y', 'way', 'customer', method => 'ipw', propensity => 'p') s JOIN decisions d ON d.i = s.row_number$$, 'ipw weighs outcomes');
SELECT pg_temp.holds($$SELECT bool_and(abs(s.propensity - 0.4) < 1e-12) FROM journey.strategy_scores('SELECT *, jsonb_build_object(''none'', 0.4, ''call'', 0.4, ''mail'', 0.2) AS j FROM decisions WHERE way <> ''mail''', 'y', 'way', 'customer', propensity => 'j') s WHERE assigned$$, 'all of them may be given');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, jsonb_build_object(''none'', 0.4, ''call'', 0.4, ''mail'', 0.3) AS j FROM decisions', 'y', 'way', 'customer', propensity => 'j')$$, '{22023}', '"j" add up to 1.1 in row 1', 'they must add up to 1');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, jsonb_build_object(''none'', 0.5, ''call'', 0.5) AS j FROM decisions ORDER BY way = ''mail'' DESC', 'y', 'way', 'customer', propensity => 'j')$$, '{22023}', '"j" in row 1 .* lacks the strategy "mail"', 'and name the strategy taken');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, CASE WHEN i = 7 THEN 0 ELSE 0.5 END AS q FROM decisions ORDER BY i', 'y', 'way', 'customer', propensity => 'q')$$, '{22023}', '"q" is 0 .* row 7', 'nothing done had probability 0');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, 1.5 AS q FROM decisions', 'y', 'way', 'customer', propensity => 'q')$$, '{22023}', '"q" is 1.5 in row 1', 'or more than 1');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', '{way}')$$, '{22023}', '"way" cannot be a feature', 'the strategy is no feature');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('decisions', 'y', 'way', 'customer', baseline => 'fax')$$, '{22023}', '"fax" does not occur', 'a baseline must occur');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT * FROM decisions WHERE way = ''call''', 'y', 'way', 'customer')$$, '{22023}', 'single strategy "call"', 'one strategy is none');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, nullif(way, ''call'') AS w FROM decisions', 'y', 'w', 'customer')$$, '{22004}', '"w" is null in row', 'NULL is no strategy');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, NULL::float8 AS z FROM decisions', 'z', 'way', 'customer')$$, '{22023}', 'matured outcome "z"', 'some outcomes there must be');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, (''2024-01-01''::date + i::int) AS day FROM decisions', 'y', 'day', 'customer')$$, '{42804}', '"day" is of type date', 'times name no strategy');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT *, i % 3 + 1 AS f FROM decisions', 'y', 'way', 'customer', fold => 'f')$$, '{22023}', 'key .* into folds', 'a fold column must not split keys');
SELECT pg_temp.refused($$SELECT * FROM journey.strategy_scores('SELECT * FROM decisions LIMIT 5', 'y', 'way', NULL)$$, '{22023}', 'k is 10', 'fewer rows than folds');
SET client_min_messages = error;
SELECT pg_temp.holds($$SELECT count(*) = 2700 * 3 FROM journey.strategy_scores('SELECT *, CASE WHEN i % 10 > 0 THEN y END AS z FROM decisions', 'z', 'way', 'customer', '{x1}')$$, 'rows without an outcome have no scores');
SELECT * FROM finish();
ROLLBACK;
