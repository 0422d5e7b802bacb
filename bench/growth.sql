-- How time grows: statements on a base, ten and a hundred times of it; medians
-- of :passes passes after one to warm up, one process.  The exponent e is that
-- of seconds ~ size^e between the last two sizes: 1 is linear.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';
SET journey.memory_limit = '1GB';
CREATE UNLOGGED TABLE bench.events_1 AS SELECT * FROM bench.events WHERE customer_id % 100 = 0;
CREATE UNLOGGED TABLE bench.events_10 AS SELECT * FROM bench.events WHERE customer_id % 10 = 0;
CREATE UNLOGGED TABLE bench.wide_1 AS SELECT * FROM bench.wide WHERE id <= :rows / 100;
CREATE UNLOGGED TABLE bench.wide_10 AS SELECT * FROM bench.wide WHERE id <= :rows / 10;
CREATE VIEW bench.events_100 AS SELECT * FROM bench.events;
CREATE VIEW bench.wide_100 AS SELECT * FROM bench.wide;
ANALYZE bench.events_1, bench.events_10, bench.wide_1, bench.wide_10;
CREATE TABLE bench.growth (place integer, work text, of text, size float8, statement text, seconds float8);

-- rows and customers
INSERT INTO bench.growth (place, work, of, size, statement)
SELECT place, work, of, n, replace(replace(statement, 'EVENTS', 'bench.events_' || n), 'WIDE', 'bench.wide_' || n)
FROM unnest('{1,10,100}'::integer[]) AS n, (VALUES
	(1, 'customer_features', 'customers', $$SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM EVENTS')$$),
	(2, 'funnel of 5 steps', 'customers', $$SELECT sum(reached) FROM journey.funnel('SELECT customer_id, ts, touchpoint FROM EVENTS', '{order placed,payment,shipped,delivered,review}', interval '60 days')$$),
	(3, 'transitions', 'customers', $$SELECT sum(transitions) FROM journey.transitions('SELECT customer_id, ts, touchpoint FROM EVENTS')$$),
	(4, 'fit gaussian, 20 features, errors by key', 'rows', $$SELECT (journey.fit('SELECT id, y, FEATURES FROM WIDE', 'y', 'id')).status$$),
	(5, 'fit binomial, 20 features, errors by key', 'rows', $$SELECT (journey.fit('SELECT id, target, FEATURES FROM WIDE', 'target', 'id', family => 'binomial')).status$$),
	(6, 'cross_validate gaussian, 10 folds', 'rows', $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, FEATURES FROM WIDE', 'y', 'id')$$),
	(7, 'cross_validate binomial, 10 folds', 'rows', $$SELECT count(*) FROM journey.cross_validate('SELECT id, target, FEATURES FROM WIDE', 'target', 'id', family => 'binomial')$$)
) w(place, work, of, statement);
-- features and folds, on a tenth of the rows
INSERT INTO bench.growth (place, work, of, size, statement)
SELECT 8, 'fit gaussian, errors by key', 'features', n, replace($$SELECT (journey.fit('SELECT id, y, FEATURES FROM bench.wide_10', 'y', 'id')).status$$, 'FEATURES',
	(SELECT string_agg('x' || j, ', ') FROM generate_series(1, n) AS j)) FROM unnest('{5,10,20}'::integer[]) AS n;
INSERT INTO bench.growth (place, work, of, size, statement)
SELECT 9, 'cross_validate binomial', 'features', n, replace($$SELECT count(*) FROM journey.cross_validate('SELECT id, target, FEATURES FROM bench.wide_10', 'target', 'id', family => 'binomial')$$, 'FEATURES',
	(SELECT string_agg('x' || j, ', ') FROM generate_series(1, n) AS j)) FROM unnest('{5,10,20}'::integer[]) AS n;
INSERT INTO bench.growth (place, work, of, size, statement)
SELECT place, 'cross_validate ' || family, 'folds', n, format($$SELECT count(*) FROM journey.cross_validate('SELECT id, %s, FEATURES FROM bench.wide_10', %L, 'id', family => %L, k => %s)$$, target, target, family, n)
FROM unnest('{5,10,20}'::integer[]) AS n, (VALUES (10, 'gaussian', 'y'), (11, 'binomial', 'target')) f(place, family, target);
UPDATE bench.growth SET statement = replace(statement, 'FEATURES', (SELECT string_agg('x' || j, ', ') FROM generate_series(1, 20) AS j));

DO $$
DECLARE g record; times float8[]; t float8; passes integer := current_setting('bench.passes')::integer;
BEGIN
	FOR g IN SELECT ctid, statement FROM bench.growth ORDER BY place, size LOOP
		times := '{}';
		FOR pass IN 0..passes LOOP
			SELECT seconds INTO t FROM bench.clock(g.statement);
			IF pass > 0 THEN times := times || t; END IF;
		END LOOP;
		UPDATE bench.growth SET seconds = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s) FROM unnest(times) AS s) WHERE ctid = g.ctid;
	END LOOP;
END $$;

SELECT '| work | of | sizes | seconds | exponent |' UNION ALL SELECT '|---|---|--:|--:|--:|';
SELECT format('| %s | %s | %s | %s | %s |', work, of,
	string_agg(CASE of WHEN 'rows' THEN (size * :rows / 100)::bigint WHEN 'customers' THEN (size * :customers / 100)::bigint ELSE size::bigint END::text, ', ' ORDER BY size),
	string_agg(COALESCE(round(seconds::numeric, 3)::text, 'FAILED'), ', ' ORDER BY size),
	round((ln((array_agg(seconds ORDER BY size))[3] / (array_agg(seconds ORDER BY size))[2]) / ln((array_agg(size ORDER BY size))[3] / (array_agg(size ORDER BY size))[2]))::numeric, 2))
FROM bench.growth GROUP BY place, work, of ORDER BY place;
