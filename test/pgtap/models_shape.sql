-- The design a model makes of columns, how it is named, stored and applied.
BEGIN;
\ir lib/close.psql
SELECT plan(43);
CREATE TYPE pg_temp.plan AS ENUM ('zeta', 'Basic', 'alpha');
CREATE TEMP TABLE shop AS
	SELECT i AS id, (i * 37) % 41 AS visits, (ARRAY['zeta', 'Basic', 'alpha'])[1 + i % 3]::pg_temp.plan AS plan,
		(ARRAY['é', 'z', 'B', 'a'])[1 + (i * 7) % 4] AS city, i % 5 = 0 AS vip, (i * 13) % 17 + i % 3 AS spend,
		(i * 11) % 19 + i % 4 > 10 AS bought, ((i * 29) % 31)::numeric(6, 2) / 4 AS age, 1 + i % 2 AS w
	FROM generate_series(1, 240) i;

-- Terms.
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT * FROM shop', 'spend', NULL, '{visits,plan,city,vip}')$$,
	'{(intercept),visits,plan=alpha,plan=zeta,city=a,city=z,city=é,vip=true}', 'levels in byte order, first left out, for enum, text and boolean');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT * FROM shop', 'spend', NULL, '{vip,visits}')$$, '{(intercept),vip=true,visits}', 'terms in the order given');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT spend, visits, vip, w, id FROM shop', 'spend', 'id', weight => 'w')$$,
	'{(intercept),visits,vip=true}', 'features NULL: all columns but target, key and weight');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT spend, visits, age, w AS o FROM shop', 'spend', NULL, offset_column => 'o')$$,
	'{(intercept),visits,age}', 'features NULL: not the offset');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT * FROM shop', 'spend', NULL, '{}')$$, '{(intercept)}', 'features {}: the intercept alone');
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT * FROM shop', 'spend', NULL, '{}')$$,
	(SELECT ARRAY[avg(spend)]::float8[] FROM shop), 'the intercept alone is the mean', 1e-13);
SELECT pg_temp.numbers_are($$SELECT ARRAY[c.estimate, c.std_error] FROM journey.coefficients(journey.fit('SELECT * FROM shop', 'spend', NULL, '{}')) c$$,
	(SELECT ARRAY[avg(spend), stddev_samp(spend) / sqrt(count(*))]::float8[] FROM shop), 'its error is that of a mean', 1e-12);
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT * FROM shop', 'spend', NULL, '{plan,vip}')$$,
	(SELECT m.coefficients FROM journey.fit('SELECT spend, (plan = ''alpha'')::int AS a, (plan = ''zeta'')::int AS z, vip::int AS v FROM shop', 'spend', NULL, '{a,z,v}') m),
	'expansion = indicators by hand', 1e-12);
SELECT pg_temp.holds($$SELECT (a).coefficients = (b).coefficients AND (a).covariance = (b).covariance FROM (SELECT
	journey.fit('shop', 'spend', NULL, '{visits,plan}') AS a, journey.fit('SELECT * FROM shop ORDER BY md5(id::text)', 'spend', NULL, '{visits,plan}') AS b) f$$,
	'shuffled rows: the same bits');
SELECT pg_temp.holds($$SELECT (a).coefficients = (b).coefficients AND (a).covariance = (b).covariance FROM (SELECT
	journey.fit('shop', 'bought', 'city', '{visits,plan}', 'binomial') AS a,
	journey.fit('SELECT * FROM shop ORDER BY md5(id::text)', 'bought', 'city', '{visits,plan}', 'binomial') AS b) f$$,
	'shuffled rows: the same bits, logistic and clustered');
SELECT pg_temp.holds($$SELECT (a).coefficients = (b).coefficients AND (a).covariance = (b).covariance FROM (SELECT
	journey.fit('shop', 'spend', 'id', '{visits}') AS a, journey.fit('SELECT *, id::bigint AS k FROM shop', 'spend', 'k', '{visits}') AS b) f$$,
	'the key as int4 and int8: the same bits');
SELECT pg_temp.holds($$SELECT count(DISTINCT m::text) = 1 FROM (SELECT journey.fit(s, 'spend', NULL, '{visits,age}') AS m FROM unnest(ARRAY['shop', 'TABLE shop',
	'SELECT * FROM shop', 'WITH s AS (SELECT * FROM shop) SELECT * FROM s', 'SELECT visits, age, spend FROM shop;']) s) f$$,
	'a relation, TABLE, SELECT, WITH, a final semicolon: one model');
SELECT pg_temp.holds($$SELECT (a).coefficients = (b).coefficients FROM (SELECT journey.fit('shop', 'spend', NULL, '{visits,age}') AS a,
	journey.fit('SELECT spend::bigint AS spend, visits::numeric AS visits, age::float8 AS age FROM shop', 'spend', NULL, '{visits,age}') AS b) f$$,
	'integer, bigint, numeric, float8: the same bits');
SELECT pg_temp.holds($$SELECT n_groups = 4 FROM journey.summary(journey.fit('shop', 'spend', 'city', '{visits}'))$$,
	'n_groups counts keys');

-- Prediction.
CREATE TEMP TABLE models AS SELECT * FROM (VALUES
	('numbers', journey.fit('shop', 'spend', NULL, '{visits,age}')),
	('labels', journey.fit('shop', 'spend', NULL, '{visits,plan,city,vip}')),
	('bought', journey.fit('shop', 'bought', NULL, '{visits,city}', 'binomial'))) v(name, m);
SELECT pg_temp.holds($$SELECT bool_and(journey.predict(m, s) = journey.predict(m, ARRAY[s.visits, s.age]::float8[])) FROM shop s, models WHERE name = 'numbers'$$,
	'by record = by array');
SELECT pg_temp.holds($$SELECT bool_and(pg_temp.near(journey.predict(m, s), (m).coefficients[1] + (m).coefficients[2] * s.visits + (m).coefficients[3] * s.age::float8, 1e-13))
	FROM shop s, models WHERE name = 'numbers'$$, 'prediction = sum of terms');
SELECT pg_temp.numbers_are($$SELECT ARRAY[sum((spend - journey.predict(m, s)) ^ 2)] FROM shop s, models WHERE name = 'labels'$$,
	(SELECT ARRAY[(m).deviance] FROM models WHERE name = 'labels'), 'predictions of labels give the deviance', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[-2 * sum(ln(CASE WHEN bought THEN p ELSE 1 - p END))] FROM (SELECT bought, journey.predict(m, s) AS p FROM shop s, models WHERE name = 'bought') d$$,
	(SELECT ARRAY[(m).deviance] FROM models WHERE name = 'bought'), 'probabilities give the deviance', 1e-11);
SELECT pg_temp.holds($$SELECT bool_and(pg_temp.near(journey.predict(m, s), 1 / (1 + exp(-journey.predict_link(m, s))), 1e-13)) FROM shop s, models WHERE name = 'bought'$$,
	'predict_link is the log odds');
SELECT pg_temp.holds($$SELECT bool_and(journey.predict(m, s) = journey.predict_link(m, s)) FROM shop s, models WHERE name = 'numbers'$$,
	'predict_link = predict for gaussian');
SELECT pg_temp.holds($$SELECT journey.predict_link(m, ARRAY[3, 1]::float8[]) = journey.predict(m, ARRAY[3, 1]::float8[]) FROM models WHERE name = 'numbers'$$,
	'predict_link by array');
SELECT pg_temp.holds($$SELECT bool_and(journey.predict(m, s) = journey.predict(m, r)) FROM shop s, LATERAL (SELECT s.vip, s.city, 'extra' AS other, s.plan::text AS plan, s.visits::float8 AS visits) r, models
	WHERE name = 'labels'$$, 'columns by name: order, surplus and type do not matter');
SELECT pg_temp.holds($$SELECT journey.predict(m, r, new_level => 'reference') = journey.predict(m, q) FROM models,
	(SELECT 3 AS visits, 'alpha' AS plan, 'Rome' AS city, true AS vip) r, (SELECT 3 AS visits, 'alpha' AS plan, 'B' AS city, true AS vip) q WHERE name = 'labels'$$,
	'new_level reference');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM models, (SELECT 3 AS visits, 'alpha' AS plan, 'Rome' AS city, true AS vip) r WHERE name = 'labels'$$,
	'{22000,22003,22023,22P02}', 'Rome', 'a level never seen is refused by name');
SELECT pg_temp.refused($$SELECT journey.predict(m, r, 'nearest') FROM models, (SELECT 3 AS visits, 'alpha' AS plan, 'a' AS city, true AS vip) r WHERE name = 'labels'$$,
	'{22023}', 'nearest', 'another policy is refused');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM models, (SELECT 'alpha' AS plan, 'a' AS city, true AS vip) r WHERE name = 'labels'$$,
	'{42703}', 'visits', 'a missing column is refused by name');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM models, (SELECT now() AS visits, 2.0 AS age) r WHERE name = 'numbers'$$,
	'{42804}', 'visits', 'a column of another type is refused by name');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM models, (SELECT 'NaN'::float8 AS visits, 2.0 AS age) r WHERE name = 'numbers'$$,
	'{22003}', 'visits', 'NaN is refused by name');
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[1]::float8[]) FROM models WHERE name = 'numbers'$$, '{2202E,22023}', '(1.*2|2.*1)', 'an array too short');
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[1, 2, 3]::float8[]) FROM models WHERE name = 'numbers'$$, '{2202E,22023}', '(3.*2|2.*3)', 'an array too long');
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[[1, 2]]::float8[]) FROM models WHERE name = 'numbers'$$, '{2202E}', 'dimension', 'an array of two dimensions');
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[1, NULL]::float8[]) FROM models WHERE name = 'numbers'$$, '{22004}', 'NULL', 'an array with NULL');
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[1, 'Infinity']::float8[]) FROM models WHERE name = 'numbers'$$, '{22003}', 'finite', 'an array with infinity');
SELECT pg_temp.refused($$SELECT * FROM journey.coefficients((SELECT m FROM models WHERE name = 'numbers'), 1.5)$$, '{22023}', 'level', 'level 1.5');
SELECT pg_temp.refused($$SELECT * FROM journey.coefficients((SELECT m FROM models WHERE name = 'numbers'), 'NaN')$$, '{22003,22023}', 'level', 'level NaN');

-- The model is a value: stored, copied through text, built by hand.
SELECT pg_temp.holds($$SELECT bool_and(journey.predict(m::text::journey.model, s) = journey.predict(m, s)) FROM shop s, models WHERE name = 'labels'$$,
	'a model through text and back predicts the same');
SELECT pg_temp.refused($$SELECT journey.predict(jsonb_populate_record(m, '{"coefficients": [1]}'), ARRAY[1, 2]::float8[]) FROM models WHERE name = 'numbers'$$,
	'{22004,22023,2202E}', 'coefficients', 'a damaged model is refused by field');
SELECT pg_temp.refused($$SELECT journey.predict(jsonb_populate_record(NULL::journey.model, '{}'), ARRAY[1, 2]::float8[])$$,
	'{22004,22023}', '.', 'an empty model is refused');
SELECT pg_temp.holds($$SELECT count(*) = 1 FROM journey.summary((SELECT m FROM models WHERE name = 'bought'))$$, 'summary is one row');
SELECT pg_temp.holds($$SELECT provolatile = 'i' AND proparallel = 's' FROM pg_proc WHERE oid = 'journey.predict(journey.model, float8[])'::regprocedure$$,
	'predict is immutable and parallel safe');
-- Above journey.memory_limit the rows spill; the answer does not change.
CREATE TEMP TABLE long AS SELECT i, i % 997 AS k, (i * 7919::bigint % 10007) / 64.0::float8 AS a, (i * 104729::bigint % 9973) / 64.0::float8 AS b,
	chr(97 + i % 5) AS l, (i * 15485863::bigint % 1009) / 8.0::float8 + i % 13 AS y, (i * 32452843::bigint % 1013) > 500 + i % 13 AS z FROM generate_series(1, 60000) i;
SET LOCAL journey.memory_limit = '1GB';
CREATE TEMP TABLE whole AS SELECT f, journey.fit('long', t, 'k', '{a,b,l}', f)::text AS m FROM (VALUES ('gaussian', 'y'), ('binomial', 'z')) v(f, t);
SET LOCAL journey.memory_limit = '1MB';
SELECT pg_temp.holds($$SELECT m = journey.fit('long', 'y', 'k', '{a,b,l}')::text FROM whole WHERE f = 'gaussian'$$, 'spilled rows: the same bits');
SELECT pg_temp.holds($$SELECT m = journey.fit('long', 'z', 'k', '{a,b,l}', 'binomial')::text FROM whole WHERE f = 'binomial'$$, 'spilled rows: the same bits, logistic');
SET LOCAL transaction_read_only = on;
SELECT pg_temp.holds($$SELECT status = 'ok' FROM journey.fit('shop', 'spend', NULL, '{visits}')$$, 'fit works in a read-only transaction');
SELECT * FROM finish();
ROLLBACK;
