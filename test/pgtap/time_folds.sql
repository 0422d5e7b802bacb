-- rolling_origin and purged_folds: definitions by brute force, golden roles, calendar, refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SET LOCAL timezone = 'UTC';
SELECT plan(48);

CREATE TABLE decisions AS
SELECT i, journey.hash64(i, 1) % 120 AS customer_id, t AS decided_at,
	CASE WHEN i % 17 <> 3 THEN t + make_interval(hours => 1 + (journey.hash64(i, 2) & 1023)::integer % 400) END AS matured_at
FROM (SELECT i, '2024-01-01Z'::timestamptz + make_interval(hours => (journey.hash64(i, 3) & 65535)::integer % 4800) AS t FROM generate_series(1, 600) i) x;
CREATE FUNCTION pg_temp.source() RETURNS text LANGUAGE sql AS $$ SELECT 'SELECT * FROM decisions ORDER BY i' $$;

-- Forward chaining by its definition.
CREATE FUNCTION pg_temp.rolling_by_sql(horizon interval, step interval, train_window interval, gap interval, first_cut timestamptz)
RETURNS TABLE (split bigint, row_number bigint, key text, role text, reason text) LANGUAGE sql AS $$
	SELECT j, i, customer_id::text, role, reason FROM
		(SELECT j, coalesce(first_cut, (SELECT min(decided_at) + horizon FROM decisions)) + (j - 1) * step AS cut FROM generate_series(1, 200) j) c
	CROSS JOIN decisions CROSS JOIN LATERAL (SELECT
		CASE WHEN decided_at >= cut AND decided_at < cut + horizon THEN CASE WHEN matured_at IS NULL THEN 'purged' ELSE 'test' END
			WHEN decided_at < cut AND (train_window IS NULL OR decided_at >= cut - train_window) THEN
			CASE WHEN matured_at + gap <= cut THEN 'train' WHEN matured_at <= cut THEN 'embargoed' ELSE 'purged' END END AS role) r
	CROSS JOIN LATERAL (SELECT CASE role WHEN 'purged' THEN 'not_matured' WHEN 'embargoed' THEN 'gap' END AS reason) s
	WHERE cut <= (SELECT max(decided_at) FROM decisions) AND role IS NOT NULL $$;
SELECT results_eq($$SELECT * FROM journey.rolling_origin(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', '14 days', '7 days')$$,
	$$SELECT split::integer, row_number, key, role, reason FROM pg_temp.rolling_by_sql('14 days', '7 days', NULL, '0', NULL) ORDER BY 1, 2$$, 'rolling by definition, in order of split and row');
SELECT results_eq($$SELECT * FROM journey.rolling_origin(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', '1 month', '1 month', '2 months', '5 days', '2024-01-31Z')$$,
	$$SELECT split::integer, row_number, key, role, reason FROM pg_temp.rolling_by_sql('1 month', '1 month', '2 months', '5 days', '2024-01-31Z') ORDER BY 1, 2$$,
	'months follow the calendar, cuts are whole steps from the first; window and gap');
SELECT results_eq($$SELECT * FROM journey.rolling_origin(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', '36 hours', '20 hours', '40 hours', '3 hours', '2024-04-01Z')$$,
	$$SELECT split::integer, row_number, key, role, reason FROM pg_temp.rolling_by_sql('36 hours', '20 hours', '40 hours', '3 hours', '2024-04-01Z') ORDER BY 1, 2$$, 'hours');
SELECT is_empty($$SELECT * FROM journey.rolling_origin(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', '14 days', '7 days') r
	JOIN decisions ON i = row_number WHERE role = 'train' AND matured_at > '2024-01-15Z'::timestamptz + (split - 1) * '7 days'::interval + '1 day'::interval
	OR role IN ('train', 'test') AND matured_at IS NULL$$, 'nothing is learned before it is known');

-- Purged k-fold by its definition.
CREATE FUNCTION pg_temp.purged_by_sql(k integer, embargo interval, keyed boolean)
RETURNS TABLE (split integer, row_number bigint, role text, reason text) LANGUAGE sql AS $$
	WITH block AS (SELECT *, 1 + (k * (rank() OVER (ORDER BY decided_at) - 1 + (rank() OVER (ORDER BY decided_at) - 1)
			+ count(*) OVER (PARTITION BY decided_at)) / (2 * count(*) OVER ()))::integer AS b FROM decisions WHERE matured_at IS NOT NULL),
	test AS (SELECT b, min(decided_at) AS first, max(matured_at) AS last, array_agg(customer_id) AS keys FROM block GROUP BY b)
	SELECT test.b, i, CASE reason WHEN 'test' THEN 'test' WHEN 'train' THEN 'train' WHEN 'embargo' THEN 'embargoed' ELSE 'purged' END, nullif(nullif(reason, 'test'), 'train')
	FROM test CROSS JOIN (SELECT i, customer_id, decided_at, matured_at, block.b FROM decisions d LEFT JOIN block USING (i, customer_id, decided_at, matured_at)) d
	CROSS JOIN LATERAL (SELECT CASE WHEN matured_at IS NULL THEN 'not_matured' WHEN d.b = test.b THEN 'test'
		WHEN decided_at <= last AND matured_at >= first THEN 'overlap' WHEN keyed AND customer_id = ANY (keys) THEN 'same_key'
		WHEN decided_at > last AND decided_at <= last + embargo THEN 'embargo' ELSE 'train' END AS reason) r $$;
CREATE TEMP TABLE p AS SELECT * FROM journey.purged_folds(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', 5, '5 days');
SELECT results_eq('SELECT split, row_number, role, reason FROM p ORDER BY 1, 2',
	$$SELECT * FROM pg_temp.purged_by_sql(5, '5 days', true) ORDER BY 1, 2$$, 'purged by definition');
SELECT results_eq($$SELECT split, row_number, role, reason FROM journey.purged_folds(pg_temp.source(), NULL, 'decided_at', 'matured_at', 7, '1 month')$$,
	$$SELECT * FROM pg_temp.purged_by_sql(7, '1 month', false) ORDER BY 1, 2$$, 'rows without a key, a month of embargo');
SELECT results_eq($$SELECT split, row_number, role, reason FROM journey.purged_folds(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', 2, '0')$$,
	$$SELECT * FROM pg_temp.purged_by_sql(2, '0', true) ORDER BY 1, 2$$, 'no embargo');
SELECT is((SELECT array_agg(DISTINCT n) FROM (SELECT count(*) FILTER (WHERE role = 'test') AS n FROM p GROUP BY row_number) x), '{0,1}'::bigint[], 'a row is tested once, or never if it has not matured');
SELECT is((SELECT count(*) FROM p), 3000::bigint, 'every row has a role in every split');
SELECT is_empty($$SELECT split, key FROM p WHERE role = 'test' INTERSECT SELECT split, key FROM p WHERE role = 'train'$$, 'no key on both sides');
SELECT ok((SELECT max(n) - min(n) <= 4 FROM (SELECT count(*) AS n FROM p WHERE role = 'test' GROUP BY split) x), 'blocks of equal size, up to the decisions of one hour');
SELECT set_eq('SELECT DISTINCT role, reason FROM p', $$VALUES ('train', NULL), ('test', NULL), ('purged', 'overlap'), ('purged', 'same_key'), ('purged', 'not_matured'), ('embargoed', 'embargo')$$, 'all reasons occur');

-- Golden roles (test/oracles/folds.py).
CREATE TABLE thirty AS SELECT i, i * 7 % 12 AS key, '2024-01-01Z'::timestamptz + make_interval(days => i * 37 % 101) AS t0,
	CASE WHEN i % 11 <> 5 THEN '2024-01-01Z'::timestamptz + make_interval(days => i * 37 % 101 + i * 13 % 9) END AS t1 FROM generate_series(0, 29) i;
CREATE FUNCTION pg_temp.letters(source text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE answer text[];
BEGIN
	EXECUTE format($q$SELECT array_agg(s ORDER BY split) FROM (SELECT split, string_agg(coalesce(letter, '.'), '' ORDER BY i) AS s
		FROM generate_series(1, 30) i CROSS JOIN (SELECT DISTINCT split FROM %1$s) x LEFT JOIN
		(SELECT split, row_number AS i, CASE coalesce(reason, role) WHEN 'train' THEN 'T' WHEN 'test' THEN 'e' WHEN 'not_matured' THEN 'm' WHEN 'overlap' THEN 'o'
			WHEN 'same_key' THEN 'k' WHEN 'gap' THEN 'g' WHEN 'embargo' THEN 'b' END AS letter FROM %1$s) r USING (split, i) GROUP BY split) y$q$, source) INTO answer;
	RETURN answer;
END $$;
SELECT is(pg_temp.letters($$journey.rolling_origin('SELECT * FROM thirty ORDER BY i', 'key', 't0', 't1', '20 days', '15 days')$$),
	'{Te.T..e..e.T..T..e..e.T..T..e.,Te.Te.T..T.Te.Te.T..m.Te.Te.T.,TT.Tm.Te.TeTT.Te.Te.T.TT.Te.Te,TTeTTmTT.TeTTeTT.TT.TeTTeTT.Tm,TTmTTmTTeTTTTmTTmTTeTTTTeTTmTT,TTTTTmTTmTTTTTTTmTTeTTTTTTTmTT}', 'rolling.plain');
SELECT is(pg_temp.letters($$journey.rolling_origin('SELECT * FROM thirty ORDER BY i', 'key', 't0', 't1', '20 days', '15 days', '30 days', '4 days')$$),
	'{Te.T..e..e.T..T..e..e.T..g..e.,.e.Te.T..T..e.Te.T..m.Te.Te.T.,.T..m.Te.Te.T..e.Te.T..T..e.Te,.Te.Tm.T..e.Te.T..T..e.Te.T..m,..m..m.Te.T..m.Tm.Te.T..e.Tm.T,..T..m..m.T..T..m..e.T..T..m..}', 'rolling.window.gap');
SELECT is(pg_temp.letters($$journey.purged_folds('SELECT * FROM thirty ORDER BY i', 'key', 't0', 't1', 4, '5 days')$$),
	'{ekkeTmeTTbkekkekmokTTTekkekmoT,keTTkmoTkeTTekTTmeTTekTokkTmek,TTkkemkeTTokoTkemkekToTeTTemke,kkeTTmTkekeTkekTmTTekekTekkmTo}', 'purged.4');

-- The order of rows decides row_number, never the role.
SELECT set_eq($$SELECT split, d.i, role, reason FROM journey.purged_folds('SELECT * FROM decisions ORDER BY md5(i::text)', 'customer_id', 'decided_at', 'matured_at', 5, '5 days')
	JOIN (SELECT i, row_number() OVER (ORDER BY md5(i::text)) FROM decisions) d USING (row_number)$$, 'SELECT split, row_number::integer, role, reason FROM p', 'purged: shuffled rows');
SELECT set_eq($$SELECT split, d.i, role FROM journey.rolling_origin('SELECT * FROM decisions ORDER BY md5(i::text)', 'customer_id', 'decided_at', 'matured_at', '10 days', '9 days')
	JOIN (SELECT i, row_number() OVER (ORDER BY md5(i::text)) FROM decisions) d USING (row_number)$$,
	$$SELECT split, row_number::integer, role FROM journey.rolling_origin(pg_temp.source(), 'customer_id', 'decided_at', 'matured_at', '10 days', '9 days')$$, 'rolling: shuffled rows');

-- Columns of other types, small sources.
SELECT is((SELECT array_agg(role ORDER BY split, row_number) FROM journey.rolling_origin($$VALUES ('a', '2024-01-01'::date, '2024-01-03'::timestamp), ('b', '2024-01-02', '2024-01-04'), ('a', '2024-01-05', '2024-01-06')$$,
	'column1', 'column2', 'column3', '2 days', '2 days')), '{train,purged,train,train,test}'::text[], 'dates, a cut at the moment of maturity trains, an end is open');
SELECT is((SELECT array_agg(key) FROM journey.purged_folds($$VALUES ('2024-01-01'::date, '2024-01-01'::date), ('2024-01-02', '2024-01-02')$$, NULL, 'column1', 'column2', 2, '0')), '{NULL,NULL,NULL,NULL}'::text[], 'no key: NULL');
SELECT is((SELECT array_agg(role ORDER BY split, row_number) FROM journey.purged_folds($$VALUES ('2024-01-01'::date, '2024-01-01'::date), ('2024-01-02', '2024-01-02')$$, NULL, 'column1', 'column2', 2, '1 day')), '{test,embargoed,train,test}'::text[], 'an embargo holds at its end');
SELECT is((SELECT array_agg(role ORDER BY split, row_number) FROM journey.purged_folds($$VALUES (7, '2024-01-01'::date, '2024-01-01'::date), (8, '2024-01-02', '2024-01-02'), (7, '2024-01-03', '2024-01-03'), (9, '2024-01-04', '2024-01-04')$$, 'column1', 'column2', 'column3', 2, '0')), '{test,test,purged,train,purged,train,test,test}'::text[], 'a tested key is purged');
SELECT is((SELECT array_agg(role ORDER BY split, row_number) FROM journey.purged_folds($$VALUES ('2024-01-01'::date, '2024-01-02'::date), ('2024-01-02', '2024-01-03')$$, NULL, 'column1', 'column2', 2, '0')), '{test,purged,purged,test}'::text[], 'windows that touch overlap');
SELECT is_empty($$SELECT * FROM journey.rolling_origin('SELECT * FROM decisions WHERE false', 'customer_id', 'decided_at', 'matured_at', '14 days', '7 days')$$, 'rolling: no rows');
SELECT is_empty($$SELECT * FROM journey.purged_folds('SELECT * FROM decisions WHERE false', 'customer_id', 'decided_at', 'matured_at', 5, '0')$$, 'purged: no rows');
SELECT is((SELECT count(*) FROM journey.rolling_origin(pg_temp.source(), NULL, 'decided_at', 'matured_at', '300000 years', '200000 years', '250000 years', '290000 years', '2024-04-01Z') WHERE role = 'train'), 0::bigint, 'very long intervals');

-- Refusals.
CREATE FUNCTION pg_temp.rolling(horizon text DEFAULT '''7 days''', step text DEFAULT '''7 days''', more text DEFAULT '', source text DEFAULT 'decisions', key text DEFAULT '''customer_id''', decided text DEFAULT '''decided_at''', matured text DEFAULT '''matured_at''') RETURNS text LANGUAGE sql AS
$$ SELECT format('SELECT * FROM journey.rolling_origin(%L, %s, %s, %s, %s, %s%s)', source, key, decided, matured, horizon, step, more) $$;
SELECT throws_ok(pg_temp.rolling('''0'''), '22023', 'argument "horizon" is 00:00:00, it must be greater than zero', 'horizon zero');
SELECT throws_ok(pg_temp.rolling('''-7 days'''), '22023', NULL, 'horizon negative');
SELECT throws_ok(pg_temp.rolling('NULL'), '22004', NULL, 'horizon NULL');
SELECT throws_ok(pg_temp.rolling(step => '''0 days'''), '22023', 'argument "step" is 00:00:00, it must be greater than zero', 'step zero');
SELECT throws_ok(pg_temp.rolling(step => '''1 second'''), '54000', 'step 00:00:01 gives more than 10000 splits', 'a slip in the step');
SELECT throws_ok(pg_temp.rolling(more => ', train_window => ''-1 day'''), '22023', NULL, 'window negative');
SELECT throws_ok(pg_temp.rolling(more => ', gap => ''-1 day'''), '22023', 'argument "gap" is -1 days, it must not be negative', 'gap negative');
SELECT throws_ok(pg_temp.rolling(more => ', gap => NULL'), '22004', 'argument "gap" must not be null', 'gap NULL');
SELECT throws_ok(pg_temp.rolling(more => ', first_cut => ''infinity'''), '22023', 'argument "first_cut" is infinite', 'first cut infinite');
SELECT throws_ok(pg_temp.rolling(more => ', first_cut => ''2030-01-01Z'''), '22023', 'the first cut, 2030-01-01 00:00:00+00, is after the last decision, ' || (SELECT max(decided_at)::text FROM decisions), 'first cut after the data');
SELECT throws_ok(pg_temp.rolling('''2 years'''), '22023', NULL, 'data shorter than the horizon');
SELECT throws_ok(pg_temp.rolling(key => '''nobody'''), '42703', NULL, 'no such key');
SELECT throws_ok(pg_temp.rolling(decided => '''i'''), '42804', NULL, 'a time that is a number');
SELECT throws_ok(pg_temp.rolling(matured => 'NULL'), '22004', 'argument "matured_at" must not be null', 'no outcome window');
SELECT throws_ok(pg_temp.rolling(source => 'SELECT 1 AS customer_id, NULL::timestamptz AS decided_at, now() AS matured_at'), '22004', 'column "decided_at" is null in row 1 of the source', 'NULL decision');
SELECT throws_ok(pg_temp.rolling(source => 'SELECT NULL::bigint AS customer_id, now() AS decided_at, now() AS matured_at'), '22004', 'column "customer_id" is null in row 1 of the source', 'NULL key');
SELECT throws_ok(pg_temp.rolling(source => 'SELECT 1 AS customer_id, ''infinity''::timestamptz AS decided_at, now() AS matured_at'), '22008', NULL, 'infinite decision');
SELECT throws_ok(pg_temp.rolling(source => 'VALUES (1, ''2024-01-01Z''::timestamptz, ''2024-01-02Z''::timestamptz), (1, ''2024-01-03Z'', ''2024-01-02Z'')', key => '''column1''', decided => '''column2''', matured => '''column3'''), '22000',
	'column "column3" is before column "column2" in row 2 of the source: 2024-01-02 00:00:00+00 and 2024-01-03 00:00:00+00', 'an outcome before its decision names the row');
SELECT throws_ok($$SELECT * FROM journey.purged_folds('decisions', 'customer_id', 'decided_at', 'matured_at', 1, '0')$$, '22023', 'argument "k" is 1, it must be between 2 and 10000', 'k = 1');
SELECT throws_ok($$SELECT * FROM journey.purged_folds('SELECT * FROM decisions WHERE i IN (1, 2, 3)', 'customer_id', 'decided_at', 'matured_at', 3, '0')$$, '22023',
	'k is 3, but 2 rows with a known outcome cannot be cut into as many time blocks', 'k above the rows that have matured');
SELECT throws_ok($$SELECT * FROM journey.purged_folds('SELECT 1 AS customer_id, d AS decided_at, d AS matured_at FROM (SELECT ''2024-01-01Z''::timestamptz AS d FROM generate_series(1, 9)) x', 'customer_id', 'decided_at', 'matured_at', 2, '0')$$, '22023', NULL, 'one instant cannot be cut');
SELECT throws_ok($$SELECT * FROM journey.purged_folds('decisions', 'customer_id', 'decided_at', 'matured_at', 5, '-1 hour')$$, '22023', 'argument "embargo" is -01:00:00, it must not be negative', 'embargo negative');
SELECT throws_ok($$SELECT * FROM journey.purged_folds('decisions', 'customer_id', 'decided_at', 'matured_at', 5, NULL)$$, '22004', 'argument "embargo" must not be null', 'embargo NULL');

SELECT * FROM finish();
ROLLBACK;
