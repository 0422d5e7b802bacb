-- Formulas, means for missing values, explain and predict_sql.
-- Golden numbers: test/oracles/formula.R (R 4.2.2: lm, glm, model.matrix).
BEGIN;
\ir lib/close.psql
SELECT plan(70);
CREATE TEMP TABLE t AS SELECT i AS id, (i * 37 % 101) / 10.0 AS a, ((i * 53 % 97) / 7.0)::float8 AS b,
	(ARRAY['x', 'y', 'z'])[1 + i % 3] AS plan, i % 2 = 0 AS vip, ((i * 71 % 89) + i % 3 * 5)::float8 AS y,
	i % 7 < 2 + (i * 37 % 101) / 40 AS hit, CASE WHEN i % 5 > 0 THEN i % 11 END AS n, 1 + i * 13 % 17 % 3 AS grade,
	now() AS ts FROM generate_series(1, 300) i;
CREATE FUNCTION pg_temp.terms(formula text) RETURNS text LANGUAGE sql AS
$$ SELECT array_to_string((journey.fit('t', 'y', NULL, formula => formula, missing => 'mean')).terms, ' ') $$;
CREATE FUNCTION pg_temp.encoding(formula text) RETURNS jsonb LANGUAGE sql AS
$$ SELECT (journey.fit('t', 'y', NULL, formula => formula)).encoding $$;

-- Names and order of terms.
SELECT is_empty($$SELECT f, pg_temp.terms(f) AS got, want FROM (VALUES
	('a', '(intercept) a'), ('1', '(intercept)'), ('b + a', '(intercept) b a'), ('b + a + b', '(intercept) b a'),
	('a:b', '(intercept) a:b'), ('a * b', '(intercept) a b a:b'), ('b : a + a', '(intercept) a b:a'),
	('a + a^2 + a^3', '(intercept) a a^2 a^3'), ('(a + b + n)^2 - b:n', '(intercept) a b n a:b a:n'),
	('plan * vip', '(intercept) plan=y plan=z vip=true plan=y:vip=true plan=z:vip=true'),
	('a + a:plan', '(intercept) a a:plan=y a:plan=z'), ('a:plan', '(intercept) a:plan=x a:plan=y a:plan=z'),
	('vip + a:vip', '(intercept) vip=true vip=false:a vip=true:a'),
	('plan:vip', '(intercept) plan=x:vip=false plan=y:vip=false plan=z:vip=false plan=x:vip=true plan=y:vip=true plan=z:vip=true'),
	('. - ts - id - n - hit - grade', '(intercept) a b plan=y plan=z vip=true'), ('"a" + a', '(intercept) a')) v (f, want)
	WHERE pg_temp.terms(f) IS DISTINCT FROM want$$, 'terms: names and order');
SELECT is(pg_temp.encoding('a + b') - 'formula', (journey.fit('t', 'y', NULL, '{a,b}')).encoding,
	'a sum of columns is encoded as features are');
SELECT is(pg_temp.encoding('a * plan') -> 'terms', '[[{"feature": 1}], [{"feature": 2}], [{"feature": 1}, {"feature": 2}]]',
	'terms in the encoding');
SELECT is(pg_temp.encoding('vip + a:vip + a^2:vip') -> 'terms',
	'[[{"feature": 1}], [{"full": true, "feature": 1}, {"feature": 2}], [{"full": true, "feature": 1}, {"power": 2, "feature": 2}]]',
	'powers and full levels in the encoding');
SELECT pg_temp.numbers_are($$SELECT (journey.fit('t', 'y', NULL, formula => 'a * b + a^2')).coefficients$$,
	(SELECT (journey.fit('SELECT y, a, b, a::float8 * a::float8 AS aa, a::float8 * b AS ab FROM t', 'y', NULL)).coefficients), 'products as columns of the source', 1e-12);
SELECT pg_temp.holds($$SELECT (SELECT journey.fit('SELECT * FROM t ORDER BY id', 'y', NULL, formula => 'a * plan + b^2'))::text
	= (SELECT journey.fit('SELECT * FROM t ORDER BY md5(id::text)', 'y', NULL, formula => 'a * plan + b^2'))::text$$, 'shuffled rows, the same bits');

-- Refusals, with the place.
CREATE FUNCTION pg_temp.wrong(formula text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM journey.fit('t', 'y', NULL, formula => formula);
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is_empty($$SELECT f, pg_temp.wrong(f) AS got, want FROM (VALUES
	('', '42601 formula is empty, at character 1'), ('  ', '42601 formula is empty, at character 3'),
	('a +', '42601 syntax error in formula at character 4: unexpected end'),
	('a + * b', '42601 syntax error in formula at character 5: unexpected "*"'),
	('"é" + * b', '42601 syntax error in formula at character 7: unexpected "*"'),
	('a b', '42601 syntax error in formula at character 3: unexpected "b"'),
	('y ~ a', '42601 syntax error in formula at character 3: unexpected "~"'),
	('a + (b', '42601 syntax error in formula at character 5: a parenthesis is not closed'),
	('a + "b', '42601 syntax error in formula at character 5: a quoted name does not end'),
	('a + ""', '42601 syntax error in formula at character 5: a quoted name is empty'),
	('a + log(b)', '42601 syntax error in formula at character 5: a function call "log("'),
	('2 * a', '42601 syntax error in formula at character 1: unexpected number "2"'),
	('a^b', '42601 syntax error in formula at character 3: exponent "b"'),
	('a^11', '42601 syntax error in formula at character 3: exponent "11"'),
	('(a)^2', '42601 syntax error in formula at character 4: a power of one term in parentheses'),
	('a - 1', '0A000 formula takes the intercept away at character 5, which is not supported'),
	('0 + a', '0A000 formula takes the intercept away at character 1, which is not supported'),
	('a; DROP TABLE t', '42601 syntax error in formula at character 2: unexpected ";"'),
	('a + colour', '42703 source has no column "colour"'), ('A', '42703 source has no column "A"'),
	('a + y', '22023 the target "y" cannot be a feature'), ('a + ts', '42804 column "ts" is of type timestamp with time zone, which cannot be a feature'),
	('.', '42804 column "ts" is of type timestamp with time zone, which cannot be a feature'),
	('plan^2', '42804 formula takes a power of column "plan", which is of type text'),
	('a:vip^3', '42804 formula takes a power of column "vip", which is of type boolean')) v (f, want)
	WHERE pg_temp.wrong(f) IS DISTINCT FROM want$$, 'what is refused, and where');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{a}', formula => 'a')$$, '{22023}', 'features and formula', 'features and a formula');
SELECT pg_temp.refused(format($$SELECT journey.fit('t', 'y', NULL, formula => %L)$$, '(' || string_agg('v' || i, '+') || ')^3'),
	'{54000}', 'too large at character \d', 'too many terms') FROM generate_series(1, 60) i;
SELECT pg_temp.refused($$SELECT journey.fit('SELECT i % 7 AS y, i AS p, ''l'' || i AS l, ''m'' || i AS m FROM generate_series(1, 80) i', 'y', NULL, formula => 'l:m')$$,
	'{54000}', 'expand to more than 5000 columns', 'too many columns');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT i AS y, i * 1e160 AS a FROM generate_series(1, 9) i', 'y', NULL, formula => 'a^2')$$,
	'{22003}', 'term "a\^2" is out of range in row 1 of the source', 'a product that overflows');
SELECT pg_temp.holds($$SELECT (m).status = 'too_few' FROM journey.fit('SELECT * FROM t WHERE false', 'y', NULL, formula => 'a * plan + b^2') m$$, 'no rows');
SELECT pg_temp.holds($$SELECT (m).status = 'too_few' AND (m).n = 4 FROM journey.fit('SELECT * FROM t LIMIT 4', 'y', NULL, formula => '(a + b + n)^3', missing => 'mean') m$$, 'more terms than rows');
SELECT is((journey.fit('t', 'y', NULL, formula => NULL, features => '{a}')).terms, '{(intercept),a}', 'NULL formula is none');

-- Predictions.
CREATE TEMP TABLE m AS SELECT 'gaussian' AS family, journey.fit('t', 'y', NULL, formula => 'a * plan + a^2 + b:vip + plan:vip:b^2 + n', missing => 'mean') AS m
	UNION ALL SELECT 'plain', journey.fit('t', 'y', NULL, '{a,plan,vip,n}', missing => 'mean')
	UNION ALL SELECT 'binomial', journey.fit('t', 'hit', NULL, formula => 'a * plan + vip:b', family => 'binomial')
	UNION ALL SELECT 'offset', journey.fit('t', 'y', NULL, formula => 'a * vip', offset_column => 'b')
	UNION ALL SELECT 'cox', journey.cox('SELECT y, hit, a, plan, vip FROM t', 'y', 'hit')
	UNION ALL SELECT 'poisson', journey.fit('t', 'grade', NULL, formula => 'a * plan', family => 'poisson')
	UNION ALL SELECT 'ordinal', journey.fit('t', 'grade', NULL, formula => 'a * plan', family => 'ordinal')
	UNION ALL SELECT 'ridge', journey.fit('t', 'y', NULL, formula => '(a + b + plan)^2', penalty => 'ridge', lambda => 0.1);
SELECT pg_temp.holds($$SELECT count(*) = 300 AND bool_and(journey.predict(m, r) = journey.predict(m, ARRAY[r.a, r.b, (r.plan = 'y')::int, (r.plan = 'z')::int,
	r.a * r.b, r.a::float8 * (r.plan = 'y')::int, r.a::float8 * (r.plan = 'z')::int, r.b * (r.plan = 'y')::int, r.b * (r.plan = 'z')::int]::float8[]))
	FROM m, t r WHERE family = 'ridge'$$, 'row and array of the terms agree to the bit');
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[1.0]) FROM m WHERE family = 'ridge'$$, '{2202E}', 'has 1 elements, the model has 9 terms after the intercept', 'array of the wrong length');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM m, (SELECT 1 AS a, 2 AS b) r WHERE family = 'ridge'$$, '{42703}', 'row has no column "plan"', 'a column of an interaction is missing');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM m, (SELECT 1 AS a, 2 AS b, 'q' AS plan) r WHERE family = 'ridge'$$, '{22023}', 'level "q"', 'an unseen level in an interaction');
SELECT pg_temp.holds($$SELECT journey.predict(m, q, 'reference') = journey.predict(m, r) FROM m, (SELECT 1 AS a, 2 AS b, 'q' AS plan) q, (SELECT 1 AS a, 2 AS b, 'x' AS plan) r WHERE family = 'ridge'$$,
	'new_level => reference in interactions');

-- Rows of plain numbers are read in place: NULL, NaN, more columns, altered types.
CREATE TABLE pg_temp.narrow (x1 int, x2 float8, x3 boolean, x4 smallint, x5 bigint, x6 real);
INSERT INTO narrow SELECT i, i / 7.0, i % 2 = 0, i % 5, i * 3000000000, i / 3.0 FROM generate_series(1, 40) i;
CREATE TEMP TABLE line AS SELECT journey.fit('SELECT *, x1 * x2 + x4 AS y FROM narrow', 'y', NULL, '{x1,x2,x3,x4,x6}') AS m;
SELECT pg_temp.holds($$SELECT count(*) = 40 AND bool_and(journey.predict(m, r) = journey.predict(m, ARRAY[x1, x2, x3::int, x4, x6]::float8[])) FROM line, narrow r$$, 'numbers of every width, to the bit');
ALTER TABLE narrow ADD COLUMN x7 float8 DEFAULT 7;
ALTER TABLE narrow DROP COLUMN x5;
SELECT pg_temp.holds($$SELECT count(*) = 40 AND bool_and(journey.predict(m, r) = journey.predict(m, ARRAY[x1, x2, x3::int, x4, x6]::float8[])) FROM line, narrow r$$,
	'the same after the type was altered');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM line, (SELECT 1 AS x1, NULL::float8 AS x2, true AS x3, 2 AS x4, 3 AS x6) r$$, '{22004}', 'column "x2" must not be null', 'NULL among plain numbers');
SELECT pg_temp.refused($$SELECT journey.predict(m, r) FROM line, (SELECT 1 AS x1, 2 AS x2, true AS x3, 2 AS x4, '-Infinity'::float4 AS x6) r$$, '{22003}', 'column "x6" is infinite', 'infinity among plain numbers');
SELECT pg_temp.holds($$SELECT journey.predict(m, r) = journey.predict(m, s) FROM line, (SELECT 1 AS x1, 2::float8 AS x2, true AS x3, 2::smallint AS x4, 3::float4 AS x6) r,
	(SELECT 'text before' AS t, 3::numeric AS x6, 2::bigint AS x4, true AS x3, 2::numeric AS x2, 1::float8 AS x1) s$$, 'behind a text, as numeric');

-- explain
SELECT is_empty($$SELECT family, s, p FROM (SELECT family, (SELECT sum(contribution) FROM journey.explain(m, r)) AS s, journey.predict_link(m, r) AS p FROM m, t r WHERE r.id % 7 = 0) x
	WHERE s IS DISTINCT FROM p$$, 'contributions add up to the link, to the bit');
SELECT is((SELECT array_agg(term) FROM m, t r, journey.explain(m, r) WHERE family = 'offset' AND r.id = 4), '{(intercept),a,vip=true,a:vip=true,(offset)}', 'terms of an explanation');
SELECT is((SELECT array_agg(term) FROM m, t r, journey.explain(m, r) WHERE family = 'ordinal' AND r.id = 4), '{a,plan=y,plan=z,a:plan=y,a:plan=z}', 'thresholds are no contributions');
SELECT pg_temp.numbers_are($$SELECT array_agg(contribution) FROM m, (SELECT 2 AS a, 3 AS b, 'z' AS plan) r, journey.explain(m, r) WHERE family = 'ridge'$$,
	(SELECT ARRAY[c[1], c[2] * 2, c[3] * 3, 0, c[5], c[6] * 6, 0, c[8] * 2, 0, c[10] * 3] FROM (SELECT (m).coefficients AS c FROM m WHERE family = 'ridge') x), 'coefficient times value', 1e-14);
SELECT pg_temp.holds($$SELECT (SELECT sum(contribution) FROM journey.explain(m, q, 'reference')) = (SELECT sum(contribution) FROM journey.explain(m, r))
	FROM m, (SELECT 1 AS a, 2 AS b, 'q' AS plan) q, (SELECT 1 AS a, 2 AS b, 'x' AS plan) r WHERE family = 'ridge'$$, 'explain: new_level');
SELECT pg_temp.refused($$SELECT * FROM m, (SELECT 1 AS a, 2 AS b, 'q' AS plan) r, journey.explain(m, r) WHERE family = 'ridge'$$, '{22023}', 'level "q"', 'explain: an unseen level');
SELECT is_empty($$SELECT * FROM journey.explain(NULL, (SELECT r FROM t r LIMIT 1))$$, 'explain: NULL model');

-- predict_sql
CREATE FUNCTION pg_temp.by_sql(model journey.model, source text) RETURNS float8[] LANGUAGE plpgsql SET jit = off AS $$
DECLARE got float8[];
BEGIN
	EXECUTE format('SELECT array_agg(%s ORDER BY id) FROM %s', journey.predict_sql(model), source) INTO got;
	RETURN got;
END $$;
SELECT is_empty($$SELECT family, pg_temp.apart(pg_temp.by_sql(m, 't'), (SELECT array_agg(journey.predict(m, r) ORDER BY id) FROM t r), 1e-12, family) AS bad FROM m
	WHERE pg_temp.apart(pg_temp.by_sql(m, 't'), (SELECT array_agg(journey.predict(m, r) ORDER BY id) FROM t r), 1e-12, family) IS NOT NULL$$, 'predict_sql is predict, every family');
SELECT ok(bool_and(pg_temp.by_sql(m, 't') = (SELECT array_agg(journey.predict(m, r) ORDER BY id) FROM t r)), 'gaussian to the bit') FROM m WHERE family IN ('gaussian', 'plain', 'offset', 'ridge');
SELECT is((SELECT pg_temp.by_sql(m, $$(VALUES (1, 1.0, 2.0, 'q'), (2, NULL, 2.0, 'x'), (3, 1.0, NULL, 'y'), (4, 1.0, 2.0, NULL), (5, 1.0, 2.0, 'X')) v (id, a, b, plan)$$) FROM m WHERE family = 'ridge'),
	'{NULL,NULL,NULL,NULL,NULL}', 'a NULL or an unseen level gives NULL');
SELECT is((SELECT pg_temp.by_sql(m, $$(VALUES (1, 1.0, 'x', NULL::boolean, 3), (2, 'NaN', 'x', true, 3)) v (id, a, plan, vip, n)$$) FROM m WHERE family = 'plain'), '{NULL,NaN}', 'NULL boolean, NaN');
SELECT pg_temp.numbers_are($$SELECT pg_temp.by_sql(m, '(SELECT 1 AS id, NULL::int AS a, ''y'' AS plan, true AS vip, NULL::int AS n) s') FROM m WHERE family = 'plain'$$,
	(SELECT ARRAY[journey.predict(m, r)] FROM m, (SELECT (SELECT avg(a) FROM t) AS a, 'y' AS plan, true AS vip, (SELECT avg(n) FROM t) AS n) r WHERE family = 'plain'), 'NULL counts as the mean', 1e-12);
CREATE FUNCTION pg_temp.line(family text, intercept float8, slope float8) RETURNS journey.model LANGUAGE sql AS $$
	SELECT jsonb_populate_record(NULL::journey.model, to_jsonb(m) || jsonb_build_object('terms', '{(intercept),x}'::text[], 'coefficients', ARRAY[intercept, slope], 'covariance', NULL,
		'encoding', '{"version": 1, "target": "y", "errors": "model", "features": [{"name": "x", "type": "number"}]}'::jsonb)) FROM m WHERE m.family = $1 $$;
SELECT is(pg_temp.by_sql(pg_temp.line('binomial', 0, 1), $$unnest('{-1e308,-800,-709.5,800,1e308}'::float8[]) WITH ORDINALITY u (x, id)$$), '{0,0,0,1,1}', 'probabilities beyond the range of exp()');
SELECT pg_temp.numbers_are($$SELECT pg_temp.by_sql(pg_temp.line('binomial', 0, 1), 'unnest(''{-708,-300,-40,-1e-9,0,40}''::float8[]) WITH ORDINALITY u (x, id)')$$,
	(SELECT array_agg(journey.predict(pg_temp.line('binomial', 0, 1), ARRAY[x]) ORDER BY o) FROM unnest('{-708,-300,-40,-1e-9,0,40}'::float8[]) WITH ORDINALITY u (x, o)), 'both tails keep their digits', 1e-12);
SELECT is(pg_temp.by_sql(pg_temp.line('poisson', 0, 1), $$unnest('{-1e308,-800,0}'::float8[]) WITH ORDINALITY u (x, id)$$), '{0,0,1}', 'counts near zero');
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.line('poisson', 0, 1), '{1000}'::float8[])$$, '{22003}', 'prediction is out of range', 'a count beyond float8');
CREATE TEMP TABLE odd AS SELECT i AS id, i % 7 AS "a""b", (ARRAY['it''s', 'back\slash', 'Ünïcödé ☃', '%s', ''])[1 + i % 5] AS "x; DROP TABLE t", i % 3 = 0 AS "select", i * 31 % 13 AS y, i AS x, i AS link FROM generate_series(1, 90) i;
SELECT is_empty($$SELECT f FROM (VALUES ('"a""b" * "x; DROP TABLE t" + "select"'), ('"a""b" + "x; DROP TABLE t":"select"'), ('x + link')) v (f), LATERAL (SELECT journey.fit('odd', 'y', NULL, formula => f) AS m OFFSET 0) s
	WHERE pg_temp.by_sql(m, 'odd') IS DISTINCT FROM (SELECT array_agg(journey.predict(m, r) ORDER BY id) FROM odd r)$$, 'hostile names and levels');
SELECT is_empty($$SELECT f FROM (VALUES ('"a""b" * "x; DROP TABLE t" + "select"'), ('x + link')) v (f), LATERAL (SELECT journey.fit('odd', 'select', NULL, formula => replace(f, '+ "select"', ''), family => 'binomial') AS m OFFSET 0) s
	WHERE pg_temp.apart(pg_temp.by_sql(m, 'odd'), (SELECT array_agg(journey.predict(m, r) ORDER BY id) FROM odd r), 1e-12, f) IS NOT NULL$$, 'hostile names in a probability');
SELECT ok(journey.predict_sql(m) !~ 'journey', 'the expression calls nothing of the extension') FROM m WHERE family = 'binomial';
SELECT pg_temp.refused($$SELECT journey.predict_sql(journey.fit('SELECT y, 1 AS a FROM t LIMIT 0', 'y', NULL))$$, '{22023}', 'no finite coefficients', 'a model that cannot predict');
SELECT is(journey.predict_sql(NULL), NULL, 'predict_sql: NULL');
SELECT lives_ok((SELECT format('CREATE TEMP TABLE scored (a float8, b float8, plan text, score float8 GENERATED ALWAYS AS (%s) STORED)', journey.predict_sql(m)) FROM m WHERE family = 'ridge'),
	'a gaussian expression can be a generated column');

-- Means.
CREATE FUNCTION pg_temp.wrong_model(encoding jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM journey.predict_link(jsonb_populate_record(m.m, jsonb_build_object('encoding', encoding)), r) FROM m, t r WHERE family = 'plain' LIMIT 1;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is((journey.fit('t', 'y', NULL, '{a,n,vip}', missing => 'mean')).encoding -> 'features' -> 1,
	(SELECT jsonb_build_object('name', 'n', 'type', 'number', 'mean', avg(n)::float8, 'filled', count(*) FILTER (WHERE n IS NULL)) FROM t), 'mean and count in the encoding');
SELECT pg_temp.numbers_are($$SELECT (journey.fit('t', 'y', NULL, '{n}', missing => 'mean')).coefficients$$, (SELECT (journey.fit('SELECT y, coalesce(n, (SELECT avg(n)::float8 FROM t)) AS n FROM t', 'y', NULL)).coefficients), 'as filled in the source', 1e-12);
SELECT pg_temp.holds($$SELECT (SELECT journey.fit('SELECT * FROM t ORDER BY id', 'y', NULL, '{n,a}', missing => 'mean'))::text
	= (SELECT journey.fit('SELECT * FROM t ORDER BY md5(id::text)', 'y', NULL, '{n,a}', missing => 'mean'))::text$$, 'shuffled rows, the same mean');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y, nullif(plan, ''x'') AS plan FROM t', 'y', NULL, missing => 'mean')$$, '{22004}', 'column "plan" is null in row 3', 'a label has no mean');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y, nullif(vip, true) AS vip FROM t', 'y', NULL, missing => 'mean')$$, '{22004}', 'column "vip" is null in row 2', 'a boolean has no mean');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT nullif(id, 5) AS y, a FROM t', 'y', NULL, missing => 'mean')$$, '{22004}', 'column "y" is null in row 5', 'a target is never filled');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y, a, nullif(id, 5) AS o FROM t', 'y', NULL, '{a}', offset_column => 'o', missing => 'mean')$$, '{22004}', 'column "o" is null in row 5', 'an offset is never filled');
SELECT pg_temp.holds($$SELECT (m).status = 'rank_deficient' AND (m).coefficients[3] IS NULL FROM journey.fit('SELECT y, a, NULL::int AS nothing FROM t', 'y', NULL, missing => 'mean') m$$, 'a column of NULLs is aliased');
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.fit('SELECT y, n, CASE WHEN n > 5 THEN 0 ELSE 1 + id % 3 END AS w FROM t', 'y', NULL, '{n}', weight => 'w', missing => 'mean')).encoding #>> '{features,0,mean}']::float8[]$$,
	(SELECT ARRAY[sum(n * (1 + id % 3))::float8 / sum(1 + id % 3)]::float8[] FROM t WHERE n <= 5), 'the mean counts weights', 1e-14);
SELECT pg_temp.holds($$SELECT count(*) = 4 FROM (VALUES ('{"mean": "3"}'), ('{"mean": null}'), ('{"mean": 1, "filled": -1}'), ('{"mean": 1, "type": "boolean"}')) v (patch),
	LATERAL (SELECT pg_temp.wrong_model(jsonb_set((m).encoding, '{features,3}', (m).encoding #> '{features,3}' || patch::jsonb)) AS e FROM m WHERE family = 'plain') x WHERE e ~ '^22023 (key "(mean|filled)"|term)'$$, 'means of the wrong shape');
SELECT is_empty($$SELECT patch, e FROM (VALUES ('[[]]'), ('[{}]'), ('[[1]]'), ('[[{"feature": 0}]]'), ('[[{"feature": 99}]]'), ('[[{"feature": 2}, {"feature": 1}]]'), ('[[{"feature": 1}, {"feature": 1}]]'),
	('[[{"feature": 1, "power": 0}]]'), ('[[{"feature": 1, "power": 11}]]'), ('[[{"feature": 2, "power": 2}]]'), ('[[{"feature": 1, "full": true}]]'), ('[[{"feature": 2, "full": 1}]]'),
	('[[{"feature": 1}]]'), ('{}'), ('"a"'), ('[[{"feature": 1, "power": 1.5}]]')) v (patch),
	LATERAL (SELECT pg_temp.wrong_model((m).encoding || jsonb_build_object('terms', patch::jsonb)) AS e FROM m WHERE family = 'plain') x WHERE e !~ '^22023 '$$, 'terms of the wrong shape');

\if :shared_here
\ir lib/data.psql
SET LOCAL jit = off;
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, formula => 'treat * (age + re74) + age^2')$$, '{1412.31528292,-488.0369169,206.144071636,0.0907755306454,-3.26802163962,85.0402047441,0.0295026475732}',
	'{3841.97763459,2371.53634179,264.596691207,0.0719561577712,4.3219855324,89.0700252361,0.122504086549}', 'LaLonde: treatment by age and income, age squared');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, formula => '(treat + educ + black)^3 - treat:educ:black')$$, '{4893.80160981,-5060.89561543,185.509489813,-2129.81074058,542.920933672,1471.06470374,-53.4165101075}',
	'{4272.99273878,3937.84284348,429.518940374,4647.99294815,352.214509483,1727.27391707,461.11689806}', 'LaLonde: all pairs');
SELECT pg_temp.terms_are($$journey.fit('lalonde', 're78', NULL, formula => 'educ + educ^2 + educ^3 + educ^2:black')$$, '{4533.85310856,318.257010903,-83.7432553707,6.99150517077,-17.4475666929}',
	'{11283.9005138,3879.96654202,429.274745931,15.2923327717,7.56579428437}', 'LaLonde: a cubic and a square by group');
SELECT pg_temp.terms_are($$journey.fit('churn', 'monthly_charges', NULL, formula => 'contract * internet_service + tenure')$$, '{47.3972620171,6.73649391004,12.456133523,35.757233295,-28.6248038797,0.179387690506,-0.457289290994,-2.73241759343,-9.99863223927,-18.1844406684}',
	'{0.317266105197,0.554921474968,0.597700731196,0.373961177052,0.542777251524,0.00724134967037,0.72587576109,0.747514634275,0.880906915149,0.794934619527}', 'churn: product of labels');
SELECT pg_temp.terms_are($$journey.fit('churn', 'monthly_charges', NULL, formula => 'contract + contract:tenure + partner:tenure')$$, '{56.5200914943,-25.5021103678,-39.7671566124,0.533766296009,0.792347542616,0.755431477131,0.0279203690658}',
	'{0.629479177484,1.84214639227,2.27023301764,0.0272515974172,0.0399537306738,0.040026705962,0.0176139085182}', 'churn: a slope per level');
SELECT pg_temp.terms_are($$journey.fit('churn', 'monthly_charges', NULL, formula => 'internet_service:partner')$$, '{21.4558265583,32.5269348144,67.0247359417,-0.729367167402,41.0655347431,73.2737857412,NULL}',
	'{0.453644477463,0.571841569469,0.548375306757,0.631291273977,0.579502955232,0.554359399808,NULL}', 'churn: cells, the last one aliased');
SELECT pg_temp.terms_are($$journey.fit('churn', 'monthly_charges', NULL, formula => 'tenure + tenure:contract + contract:partner:internet_service')$$, '{15.5800845908,0.216691672347,-0.106545171307,-0.0903071586134,31.075055846,40.3367647976,44.2858203516,31.5473164883,42.2068126999,48.5952447188,66.2840491445,77.5744284901,81.2373303795,67.5159456831,77.3950840728,80.5778460484,3.25121679425,2.11538502371,0.131264048574,1.73511894693,1.83752437548,NULL}',
	'{0.907365217408,0.0100997950072,0.0190342565927,0.0181041515778,0.984550295842,1.25915222536,0.931251388052,1.06553368311,1.28788272845,0.715575894656,0.966958140994,1.40402223173,1.09644812887,1.01648690636,1.37809116695,0.807867201487,1.05038152439,1.25782945282,0.865004676141,1.27103645916,1.30127388287,NULL}', 'churn: three labels without their margins');
SELECT pg_temp.terms_are($$journey.fit($q$SELECT *, churn = 'Yes' AS gone FROM churn$q$, 'gone', NULL, formula => 'contract * tenure + tenure^2 + internet_service:monthly_charges', family => 'binomial')$$, '{0.262047042561,-1.3216110759,-2.73231382821,-0.0671181744527,0.000514876439716,0.0119446534151,0.0144468274137,-0.00555124489229,0.0109829963245,-0.0650714244056}',
	'{0.189048890312,0.239871846507,0.582774590469,0.00605593371709,0.000101077528136,0.00555379860593,0.00987344325735,0.00377353758023,0.00231595373959,0.0108050867771}', 'churn: logistic regression');
SELECT pg_temp.terms_are($$journey.fit('lung', 'time', NULL, '{age,meal.cal,wt.loss}', missing => 'mean')$$, '{371.938910179,-1.57132996952,0.0309964279292,0.267513829815}',
	'{113.889333768,1.57908190781,0.0401519176915,1.10578895937}', 'lung: means for missing values');
SELECT pg_temp.terms_are($$journey.fit('SELECT *, 0.5 + i % 3 AS w FROM lung', 'time', NULL, formula => '"meal.cal" * "wt.loss" + "wt.loss"^2', weight => 'w', missing => 'mean')$$, '{240.554154486,0.073980942739,0.710584862871,0.0226779915435,-0.00183660224479}',
	'{67.1006345989,0.0655131650862,3.05911043143,0.0496310859759,0.00279246471065}', 'lung: weighted means in products');
SELECT pg_temp.numbers_are($$SELECT array_agg((f ->> k)::float8 ORDER BY k DESC, o) FROM jsonb_array_elements((journey.fit('lung', 'time', NULL, '{age,meal.cal,wt.loss}', missing => 'mean')).encoding -> 'features')
	WITH ORDINALITY e (f, o), unnest('{mean,filled}'::text[]) k WHERE o > 1$$, '{928.779005525,9.83177570093,47,14}', 'lung: means and counts');
CREATE TEMP TABLE fits AS SELECT 'gaussian' AS family, journey.fit('churn', 'monthly_charges', NULL, formula => 'contract:partner:internet_service + tenure:contract') AS m
	UNION ALL SELECT 'binomial', journey.fit('SELECT *, churn = ''Yes'' AS gone FROM churn', 'gone', NULL, formula => 'contract * tenure + tenure^2 + internet_service:monthly_charges', family => 'binomial');
CREATE TEMP TABLE found AS SELECT family, (SELECT array_agg(journey.predict(m, r) ORDER BY r.i) FROM churn r) AS p,
	pg_temp.by_sql(m, '(SELECT *, i AS id FROM churn) s') AS q FROM fits;
SELECT ok(p = q AND cardinality(p) = 7043, 'churn: predict_sql on 7,043 rows, to the bit') FROM found WHERE family = 'gaussian';
SELECT ok(count(*) = 7043 AND bool_and(abs(x - y) <= 1e-12 * x), 'churn: probabilities by SQL') FROM found, unnest(p, q) u (x, y) WHERE family = 'binomial';
\else
SELECT skip('shared data absent', 13);
\endif

SELECT * FROM finish();
ROLLBACK;
