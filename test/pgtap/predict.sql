-- Models as rows: predictions by array and by row, terms, criteria, refusals.
-- Models are built by hand; numbers from test/oracles/predict.R (R 4.2.2).
BEGIN;
SELECT plan(129);

CREATE TYPE pg_temp.plan AS ENUM ('c', 'a', 'b', 'd');
CREATE TEMP TABLE models (name text PRIMARY KEY, m journey.model);
INSERT INTO models VALUES
('gaussian', ROW('gaussian', 'identity', 'none', 0, NULL,
	ARRAY['(intercept)', 'x', 'plan=b', 'plan=c', 'vip=true'],
	ARRAY[0.27384393063583462, 1.08991066736731490, 0.12178796636889160, -0.32408696794534853, 2.11559379926432101],
	ARRAY[0.04998657808328176716, -0.00399892624666254096, 0.00103868214199026978, -0.01806657750724326855,
		-0.00044143991034586267, 0.05207368001234344290, -0.02235114134295312915, -0.00189559490913224042,
		0.02304251414371539380, 0.05534552875961277346, -0.01556724860307918262, -0.00109061624908978264,
		-0.00941954867517425833, 0.01187343523562627186, 0.04067738938569395030],
	0.098830605810374145, 12, NULL, 7, 0.69181424067261887, 144.27, 0.092804286681042569, 1, true, 'ok',
	'{"version": 1, "target": "y", "errors": "model", "dropped": 0, "features": [{"name": "x", "type": "number"},
	  {"name": "plan", "type": "label", "levels": ["a", "b", "c"]}, {"name": "vip", "type": "boolean"}]}')::journey.model),
('binomial', ROW('binomial', 'logit', 'none', NULL, NULL, ARRAY['(intercept)', 'x', 'vip=true'],
	ARRAY[-1.54185205312107065, 0.52566872575912726, -1.25123677038074721],
	ARRAY[2.398522262988290965, -0.338655006704695449, 0.088329259027802948, -0.660739691494221071,
		-0.114599910106115019, 2.323181706068400576],
	1, 12, NULL, 9, 11.392571023363752, 16.300638383796617, -5.6962855116818751, 6, true, 'ok',
	'{"version": 1, "target": "z", "errors": "model", "dropped": 0, "features": [{"name": "x", "type": "number"},
	  {"name": "vip", "type": "boolean"}]}')::journey.model);

-- A variant of a model: fields of the patch replace those of the model.
CREATE FUNCTION pg_temp.variant(base text, patch jsonb) RETURNS journey.model LANGUAGE sql AS
$$ SELECT jsonb_populate_record(m, patch) FROM models WHERE name = base $$;
CREATE FUNCTION pg_temp.encoding(base text, patch jsonb) RETURNS journey.model LANGUAGE sql AS
$$ SELECT jsonb_populate_record(m, jsonb_build_object('encoding', (m).encoding || patch)) FROM models WHERE name = base $$;
CREATE FUNCTION pg_temp.g() RETURNS journey.model LANGUAGE sql AS
$$ SELECT m FROM models WHERE name = 'gaussian' $$;
CREATE FUNCTION pg_temp.b() RETURNS journey.model LANGUAGE sql AS
$$ SELECT m FROM models WHERE name = 'binomial' $$;
CREATE FUNCTION pg_temp.near(got float8, want float8, name text) RETURNS text LANGUAGE sql AS
$$ SELECT ok(abs(got - want) <= 1e-12 * greatest(abs(want), 1e-12), name || ' (' || got || ')') $$;

-- arrays
SELECT pg_temp.near(journey.predict(pg_temp.g(), '{2,0,0,1}'::float8[]), 4.5692590646347853, 'gaussian, array');
SELECT pg_temp.near(journey.predict(pg_temp.g(), ARRAY[-1.25, 0, 1, 0]), -1.4126313715186574, 'numeric array');
SELECT pg_temp.near(journey.predict(pg_temp.g(), ARRAY[100, 1, 0, 1]), 111.5022924330005196, 'integer array');
SELECT pg_temp.near(journey.predict(pg_temp.b(), ARRAY[2, 1]), 0.149090614346955697, 'probability');
SELECT pg_temp.near(journey.predict_link(pg_temp.b(), ARRAY[2, 1]), -1.7417513719835633, 'log odds');
SELECT is(journey.predict(pg_temp.b(), ARRAY[1e6, 0]), 1::float8, 'a certain event is 1, no overflow');
SELECT is(journey.predict(NULL::journey.model, ARRAY[1.0]), NULL, 'NULL model');
SELECT is(journey.predict(pg_temp.b(), NULL::float8[]), NULL, 'NULL array');
SELECT throws_ok($$SELECT journey.predict(pg_temp.b(), ARRAY[1.0])$$, '2202E',
	'array "x" has 1 elements, the model has 2 terms after the intercept', 'short array');
SELECT throws_ok($$SELECT journey.predict(pg_temp.b(), '{}'::float8[])$$, '2202E', NULL, 'empty array');
SELECT throws_ok($$SELECT journey.predict(pg_temp.b(), '{{1,2}}'::float8[])$$, '2202E', NULL, 'two dimensions');
SELECT throws_ok($$SELECT journey.predict(pg_temp.b(), '{1,NULL}'::float8[])$$, '22004', NULL, 'NULL element');
SELECT throws_ok($$SELECT journey.predict(pg_temp.b(), '{1,NaN}'::float8[])$$, '22003',
	'element 2 of array "x" is not finite', 'NaN element');
SELECT throws_ok($$SELECT journey.predict(pg_temp.b(), '{-Infinity,0}'::float8[])$$, '22003', NULL, 'infinite element');
SELECT throws_ok($$SELECT journey.predict(pg_temp.g(), '{1.7e308,0,0,0}'::float8[])$$, '22003',
	'prediction is out of range', 'overflow of the linear predictor');
SELECT is(journey.predict(pg_temp.variant('gaussian', '{"terms": ["(intercept)"], "coefficients": [7], "covariance": null,
	"encoding": {"version": 1, "target": "y", "errors": "model", "features": []}}'), '{}'::float8[]), 7::float8, 'intercept only');

-- rows
SELECT pg_temp.near(journey.predict(pg_temp.g(), r), 4.5692590646347853, 'row')
FROM (SELECT 2.0::float8 AS x, 'a'::text AS plan, true AS vip) r;
SELECT pg_temp.near(journey.predict(pg_temp.g(), r), 111.5022924330005196, 'reordered, surplus columns, other types')
FROM (SELECT true AS vip, NULL::point AS nothing, 'b'::varchar AS plan, 100::int AS x, now() AS later) r;
SELECT is(journey.predict(pg_temp.g(), r), journey.predict(pg_temp.g(), ARRAY[3, 0, 1, 0]), 'enum label ' || r.x)
FROM (SELECT 'c'::pg_temp.plan AS plan, 3::smallint AS x, false AS vip) r;
SELECT is(journey.predict(pg_temp.g(), r), journey.predict(pg_temp.g(), ARRAY[2.5, 0, 0, 0]), 'numeric, float4, bigint')
FROM (SELECT 'a'::text AS plan, 2.5::numeric AS x, false AS vip) r;
SELECT is(journey.predict(pg_temp.g(), r), journey.predict(pg_temp.g(), ARRAY[2.5, 0, 0, 0]), 'float4')
FROM (SELECT 'a'::text AS plan, 2.5::float4 AS x, false AS vip) r;
SELECT is(journey.predict_link(pg_temp.b(), r), journey.predict_link(pg_temp.b(), ARRAY[12, 1]), 'bigint, link of a row')
FROM (SELECT 12::bigint AS x, true AS vip) r;
SELECT is(journey.predict(pg_temp.g(), NULL::record), NULL, 'NULL row');
SELECT is(journey.predict(NULL::journey.model, r), NULL, 'NULL model, row') FROM (SELECT 1 AS x) r;

CREATE FUNCTION pg_temp.row_error(columns text, code text, message text, name text) RETURNS text LANGUAGE sql AS
$$ SELECT throws_ok('SELECT journey.predict(pg_temp.g(), r) FROM (SELECT ' || columns || ') r', code, message, name) $$;
SELECT pg_temp.row_error($$1.0 AS x, true AS vip$$, '42703', 'row has no column "plan", which the model needs', 'missing column');
SELECT pg_temp.row_error($$1.0 AS x, 'a'::text AS plan, 1 AS vip$$, '42804', 'column "vip" is of type integer, it must be boolean', 'boolean wanted');
SELECT pg_temp.row_error($$true AS x, 'a'::text AS plan, true AS vip$$, '42804', 'column "x" is of type boolean, it must be a number', 'number wanted');
SELECT pg_temp.row_error($$1 AS x, 1 AS plan, true AS vip$$, '42804', 'column "plan" is of type integer, it must be text, varchar or an enum', 'label wanted');
SELECT pg_temp.row_error($$NULL::int AS x, 'a'::text AS plan, true AS vip$$, '22004', 'column "x" must not be null', 'NULL number');
SELECT pg_temp.row_error($$1 AS x, NULL::text AS plan, true AS vip$$, '22004', 'column "plan" must not be null', 'NULL label');
SELECT pg_temp.row_error($$1 AS x, 'a'::text AS plan, NULL::boolean AS vip$$, '22004', 'column "vip" must not be null', 'NULL boolean');
SELECT pg_temp.row_error($$'NaN'::float8 AS x, 'a'::text AS plan, true AS vip$$, '22003', 'column "x" is NaN', 'NaN');
SELECT pg_temp.row_error($$'NaN'::numeric AS x, 'a'::text AS plan, true AS vip$$, '22003', NULL, 'numeric NaN');
SELECT pg_temp.row_error($$'Infinity'::numeric AS x, 'a'::text AS plan, true AS vip$$, '22003', 'column "x" is infinite', 'numeric infinity');
SELECT pg_temp.row_error($$'1e400'::numeric AS x, 'a'::text AS plan, true AS vip$$, '22003', NULL, 'numeric beyond float8');
SELECT pg_temp.row_error($$1 AS x, 'z'::text AS plan, true AS vip$$, '22023', 'column "plan" has the level "z", which the model has not seen', 'unseen level');
SELECT pg_temp.row_error($$1 AS x, 'A'::text AS plan, true AS vip$$, '22023', NULL, 'levels are compared by bytes');
SELECT pg_temp.row_error($$1 AS x, 'd'::pg_temp.plan AS plan, true AS vip$$, '22023', 'column "plan" has the level "d", which the model has not seen', 'unseen enum label');
SELECT pg_temp.row_error($$1 AS x, 2 AS x, 'a'::text AS plan, true AS vip$$, '42702', 'row has more than one column "x"', 'ambiguous column');
SELECT throws_ok($$SELECT journey.predict(pg_temp.g(), ROW(1, 'a', true))$$, '42703', NULL, 'a bare ROW has no names');
SELECT is(journey.predict(pg_temp.g(), r, new_level => 'reference'), journey.predict(pg_temp.g(), ARRAY[1, 0, 0, 1]), 'unseen level as reference')
FROM (SELECT 1 AS x, 'z'::text AS plan, true AS vip) r;
SELECT is(journey.predict_link(pg_temp.g(), r, 'reference'), journey.predict(pg_temp.g(), ARRAY[1, 1, 0, 1]), 'a seen level stays itself')
FROM (SELECT 1 AS x, 'b'::text AS plan, true AS vip) r;
SELECT throws_ok($$SELECT journey.predict(pg_temp.g(), r, 'drop') FROM (SELECT 1 AS x, 'b'::text AS plan, true AS vip) r$$,
	'22023', 'argument "new_level" is "drop", it must be error or reference', 'other new_level');

-- holes and infinities
SELECT is(journey.predict(pg_temp.variant('binomial', '{"coefficients": [1, null, 2], "status": "rank_deficient"}'), ARRAY[55, 0]),
	1 / (1 + exp(-1::float8)), 'an aliased term is left out');
SELECT throws_ok($$SELECT journey.predict(pg_temp.variant('binomial', '{"coefficients": [1, "-Infinity", 2], "status": "separated"}'), ARRAY[1, 0])$$,
	'22023', 'model has no finite coefficients to predict with, its status is "separated"', 'separated');
SELECT throws_ok($$SELECT journey.predict(pg_temp.variant('binomial', '{"coefficients": [null, null, null], "covariance": null, "status": "too_few"}'), ARRAY[1, 0])$$,
	'22023', 'model has no finite coefficients to predict with, its status is "too_few"', 'too few rows');

-- several models and row types at one call site
CREATE TEMP TABLE rows AS SELECT i AS id, i / 7.0::float8 AS x, (ARRAY['a','b','c'])[1 + i % 3] AS plan, i % 2 = 0 AS vip
	FROM generate_series(1, 300) i;
CREATE TEMP TABLE many AS SELECT k, jsonb_populate_record(m, jsonb_build_object('coefficients', ARRAY[k, 1, 10, 100, 1000])) AS m
	FROM models, generate_series(1, 12) k WHERE name = 'gaussian';
SELECT is((SELECT count(*) FROM rows r, many WHERE journey.predict(m, r) IS DISTINCT FROM
	k + x + CASE plan WHEN 'b' THEN 10 WHEN 'c' THEN 100 ELSE 0 END + CASE WHEN vip THEN 1000 ELSE 0 END), 0::bigint,
	'more models than the cache holds, joined with rows');
SELECT is((SELECT count(*) FROM (SELECT r, m, k, x, plan, vip FROM rows r, many WHERE k < 7 ORDER BY id, k DESC OFFSET 0) s
	WHERE journey.predict(m, ARRAY[x, (plan = 'b')::int, (plan = 'c')::int, vip::int]) IS DISTINCT FROM journey.predict(m, r)), 0::bigint,
	'array and row give the same bits while models alternate');
CREATE TEMP TABLE wide AS SELECT k, jsonb_populate_record(m, jsonb_build_object('status', 'ok', 'terms', t, 'coefficients', c,
	'covariance', NULL, 'encoding', jsonb_build_object('version', 1, 'target', 'y', 'errors', 'model', 'features', f))) AS m
	FROM models, generate_series(1, 2) k, (SELECT array_agg(t ORDER BY i) t FROM (SELECT 0 AS i, '(intercept)' AS t UNION ALL
		SELECT i, 'f' || md5(i::text) FROM generate_series(1, 400) i) a) a,
	LATERAL (SELECT array_agg(CASE i WHEN 0 THEN k ELSE sin(i) END ORDER BY i) c FROM generate_series(0, 400) i) b,
	LATERAL (SELECT jsonb_agg(jsonb_build_object('name', 'f' || md5(i::text), 'type', 'number') ORDER BY i) f FROM generate_series(1, 400) i) d
	WHERE name = 'gaussian';
SELECT is((SELECT array_agg(journey.predict(m, array_fill(0::float8, ARRAY[400])) ORDER BY k, i) FROM wide, generate_series(1, 2) i),
	ARRAY[1, 1, 2, 2]::float8[], 'models that are stored out of line');
CREATE FUNCTION pg_temp.loop() RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE one journey.model; got float8[] := '{}'; i integer;
BEGIN
	FOR i IN 1..4 LOOP
		SELECT (m).* INTO one FROM many WHERE k = 1 + i % 3;
		got := got || journey.predict(one, '{0,0,0,0}'::float8[]);
		one.coefficients[1] := 50;
		got := got || journey.predict(one, '{0,0,0,0}'::float8[]);
	END LOOP;
	RETURN got;
END $$;
SELECT is(pg_temp.loop(), ARRAY[2, 50, 3, 50, 1, 50, 2, 50]::float8[], 'a PL/pgSQL variable that changes');
CREATE TEMP TABLE shape (x float8, plan text, vip boolean);
INSERT INTO shape VALUES (1, 'a', false);
CREATE FUNCTION pg_temp.altered() RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE got float8[] := '{}'; i integer; r record; one journey.model := pg_temp.g();
BEGIN
	FOR i IN 1..2 LOOP
		FOR r IN EXECUTE 'SELECT s FROM shape s' LOOP
			got := got || (journey.predict(one, r.s) - journey.predict(one, '{0,0,0,0}'::float8[]));
		END LOOP;
		ALTER TABLE shape DROP COLUMN x;
		ALTER TABLE shape ADD COLUMN x text;
		ALTER TABLE shape DROP COLUMN x;
		ALTER TABLE shape ADD COLUMN x integer DEFAULT 3;
		EXIT WHEN i = 2;
	END LOOP;
	RETURN got;
END $$;
SELECT is((SELECT array_agg(round(v::numeric, 6)) FROM unnest(pg_temp.altered()) v), ARRAY[1.089911, 3.269732]::numeric[], 'a table altered between rows');

-- terms
SELECT is((SELECT array_agg(term) FROM journey.coefficients(pg_temp.g())),
	ARRAY['(intercept)', 'x', 'plan=b', 'plan=c', 'vip=true'], 'terms in order');
CREATE TEMP TABLE want (model text, term text, se float8, t float8, p float8, low float8, high float8);
INSERT INTO want VALUES
	('gaussian', 'x', 0.032228591995156562, 33.81812855898609627, 5.1225125645739016e-09, 1.01370215714087863, 1.16611917759375117),
	('gaussian', 'plan=c', 0.235256304399292931, -1.37759100132460710, 2.1075944754098583e-01, -0.88037973066801090, 0.23220579477731385),
	('binomial', 'vip=true', 1.52419870950883585, -0.82091446645034294, 0.411694990277762074, -4.238611346300492855, 1.7361378055389984),
	('binomial', '(intercept)', 1.54871632747520649, -0.99556776523088231, 0.319460203407495258, -4.577280277241614570, 1.4935761709994737);
SELECT ok(abs(c.std_error / w.se - 1) < 1e-12 AND abs(c.statistic / w.t - 1) < 1e-12 AND abs(c.p_value / w.p - 1) < 1e-10
	AND abs(c.conf_low / w.low - 1) < 1e-10 AND abs(c.conf_high / w.high - 1) < 1e-10, 'figures of ' || w.model || ' ' || w.term)
FROM want w JOIN models ON name = w.model, LATERAL journey.coefficients(m) c WHERE c.term = w.term;
SELECT pg_temp.near((SELECT conf_low FROM journey.coefficients(pg_temp.b(), 0.9) WHERE term = 'x'), 0.036814301039691744, '90 % interval');
CREATE FUNCTION pg_temp.clustered() RETURNS journey.model LANGUAGE sql AS
$$ SELECT jsonb_populate_record(pg_temp.encoding('gaussian', '{"errors": "cluster"}'), '{"n_groups": 6, "covariance": [
	3.6774790322905475e-02, -4.3118378127693829e-04, 6.1975103327779969e-05, -3.5884866087444171e-02, -1.8038268702451498e-04,
	7.9298900707599887e-02, -4.3215058113968488e-02, 5.3250009083608875e-04, 6.0200677012810580e-02, 8.3969102685786931e-02,
	-1.1128697914492324e-02, -4.9268207626442320e-04, -2.4713839093576717e-02, -1.5815138220148191e-02, 6.3621669070172179e-02]}') $$;
SELECT pg_temp.near((SELECT p_value FROM journey.coefficients(pg_temp.clustered()) WHERE term = 'plan=c'),
	3.1422573456121972e-01, 'clustered errors: t with groups - 1');
SELECT pg_temp.near((SELECT conf_low FROM journey.coefficients(pg_temp.clustered()) WHERE term = 'plan=c'),
	-1.06897533253925325, 'clustered errors: interval');
SELECT is((SELECT p_value FROM journey.coefficients(jsonb_populate_record(pg_temp.clustered(), '{"n_groups": 1}')) LIMIT 1), NULL, 'one group: no test');
SELECT is((SELECT count(std_error) + count(p_value) + count(conf_low) FROM journey.coefficients(
	pg_temp.variant('gaussian', '{"penalty": "ridge", "lambda": 0.5, "covariance": null}'))), 0::bigint, 'ridge: no errors');
SELECT is((SELECT array_agg(c::text) FROM journey.coefficients(pg_temp.variant('binomial',
	'{"coefficients": [1, "Infinity", null], "covariance": [4, null, null, null, null, null], "status": "separated"}')) c
	WHERE term <> '(intercept)'), ARRAY['(x,Infinity,,,,,)', '(vip=true,,,,,,)'], 'separated and aliased terms');
SELECT is((SELECT count(*) FROM journey.coefficients(NULL)), 0::bigint, 'coefficients of NULL');
SELECT throws_ok($$SELECT journey.coefficients(pg_temp.g(), 1)$$, '22023', NULL, 'level 1 is refused');
SELECT throws_ok($$SELECT journey.coefficients(pg_temp.g(), 0)$$, '22023', NULL, 'level 0 is refused');
SELECT throws_ok($$SELECT journey.coefficients(pg_temp.g(), 'NaN')$$, '22023', NULL, 'level NaN is refused');

-- summary
SELECT is((SELECT ROW(n, n_groups, df_residual, deviance, null_deviance, log_likelihood, dispersion, iterations, converged, status)::text
	FROM journey.summary(pg_temp.g())), '(12,,7,0.6918142406726189,144.27,0.09280428668104257,0.09883060581037414,1,t,ok)', 'stored figures');
SELECT pg_temp.near((journey.summary(pg_temp.g())).aic, 11.814391426637914861, 'aic');
SELECT pg_temp.near((journey.summary(pg_temp.g())).bic, 14.723831325365917877, 'bic');
SELECT pg_temp.near((journey.summary(pg_temp.g())).r_squared, 0.995204725579312277, 'r_squared');
SELECT is((SELECT round(aic::numeric, 9)::text || ' ' || coalesce(r_squared::text, 'none') FROM journey.summary(pg_temp.b())),
	'17.392571023 none', 'binomial criteria');
SELECT is((SELECT coalesce(aic, bic, r_squared) FROM journey.summary(pg_temp.variant('gaussian', '{"penalty": "ridge", "lambda": 0.5, "covariance": null}'))),
	NULL, 'ridge: no criteria');
SELECT is((SELECT coalesce(aic, bic) FROM journey.summary(pg_temp.variant('binomial', '{"converged": false}'))), NULL, 'not converged: no criteria');

-- from fit() and back: the same figures as the models built by hand
CREATE TEMP TABLE twelve AS SELECT i, x, plan, vip, y, z = 1 AS z, (i + 1) / 2 AS g FROM unnest(
	'{0.5,1.5,2.25,3,3.5,4.75,5.5,6.25,7,8.5,9,9.75}'::float8[], '{a,b,c,a,b,c,a,b,c,a,b,c}'::text[],
	'{f,t,f,t,t,f,f,t,f,t,f,t}'::boolean[], '{1.1,3.9,2.6,5.2,6.6,5.1,6.3,9.4,7.2,11.8,10.1,12.9}'::float8[],
	'{0,0,1,0,1,0,1,0,1,1,1,1}'::integer[]) WITH ORDINALITY u(x, plan, vip, y, z, i);
INSERT INTO models SELECT 'fit', journey.fit('SELECT x, plan, vip, y FROM pg_temp.twelve', 'y', NULL);
INSERT INTO models SELECT 'fit by key', journey.fit('SELECT x, plan, vip, y, g FROM pg_temp.twelve', 'y', 'g');
INSERT INTO models SELECT 'fit binomial', journey.fit('SELECT x, vip, z FROM pg_temp.twelve', 'z', NULL, family => 'binomial');
INSERT INTO models SELECT 'fit ridge', journey.fit('SELECT x, plan, vip, y FROM pg_temp.twelve', 'y', NULL, penalty => 'ridge', lambda => 0.1);
INSERT INTO models SELECT 'fit separated', journey.fit('SELECT x, x > 4 AS z FROM pg_temp.twelve', 'z', NULL, family => 'binomial');
INSERT INTO models SELECT 'fit aliased', journey.fit('SELECT x, 2 * x AS twice, y FROM pg_temp.twelve', 'y', NULL);
SELECT pg_temp.near(journey.predict(m, r), 4.5692590646347853, 'a fitted model predicts')
FROM models, (SELECT 2 AS x, 'a'::text AS plan, true AS vip) r WHERE name = 'fit';
SELECT is((SELECT count(*) FROM models a, models b, LATERAL journey.coefficients(a.m) c, LATERAL journey.coefficients(b.m) d
	WHERE a.name = 'fit' AND b.name = 'gaussian' AND c.term = d.term AND abs(c.estimate / d.estimate - 1) < 1e-11
	AND abs(c.std_error / d.std_error - 1) < 1e-11 AND abs(c.p_value / d.p_value - 1) < 1e-9), 5::bigint, 'terms of a fitted model as R');
SELECT is((SELECT round(aic::numeric, 9) || ' ' || round(bic::numeric, 9) || ' ' || round(r_squared::numeric, 9) FROM models, journey.summary(m) WHERE name = 'fit'),
	'11.814391427 14.723831325 0.995204726', 'criteria of a fitted model as R');
SELECT ok(abs(p_value / 3.1422573456121972e-01 - 1) < 1e-9, 'clustered test of a fitted model as R')
FROM models, journey.coefficients(m) WHERE name = 'fit by key' AND term = 'plan=c';
SELECT ok(abs(aic / 17.3925710233637503 - 1) < 1e-9 AND status = 'ok', 'binomial criteria as R')
FROM models, journey.summary(m) WHERE name = 'fit binomial';
SELECT ok(bool_and(journey.predict(m, t) BETWEEN 0 AND 14), 'a ridge model predicts')
FROM models, twelve t WHERE name = 'fit ridge';
SELECT is((SELECT (summary).status || ' ' || count(*) FILTER (WHERE journey.predict(m, r) = journey.predict_link(m, ARRAY[r.x, 0]))
	FROM (SELECT m, journey.summary(m) FROM models WHERE name = 'fit aliased') f, (SELECT x, 2 * x AS twice FROM twelve) r GROUP BY summary),
	'rank_deficient 12', 'an aliased feature is left out');
SELECT throws_ok($$SELECT journey.predict(m, ARRAY[1.0]) FROM models WHERE name = 'fit separated'$$, '22023',
	'model has no finite coefficients to predict with, its status is "separated"', 'a separated fit does not predict');

-- hostile models: every refusal names what is wrong
CREATE TEMP TABLE hostile (id serial, patch jsonb, code text, names text);
INSERT INTO hostile (patch, code, names) VALUES
	('{"family": null}', '22004', 'field "family"'), ('{"family": "gamma"}', '22023', 'field "family"'),
	('{"link": "log"}', '22023', 'field "link"'), ('{"penalty": "bridge"}', '22023', 'field "penalty"'),
	('{"penalty": null}', '22004', 'field "penalty"'), ('{"lambda": -1}', '22023', 'field "lambda"'),
	('{"penalty": "ridge", "lambda": null, "covariance": null}', '22004', 'field "lambda"'),
	('{"penalty": "ridge", "lambda": 1}', '22023', 'field "covariance"'),
	('{"terms": null}', '22004', 'field "terms"'), ('{"terms": []}', '22023', 'field "terms"'),
	('{"terms": ["(intercept)", null, "vip=true"]}', '22004', 'field "terms"'),
	('{"terms": [["(intercept)"], ["x"], ["vip=true"]]}', '22023', 'field "terms"'),
	('{"terms": ["(intercept)", "x"]}', '22023', 'field "coefficients"'),
	('{"terms": ["(intercept)", "y", "vip=true"]}', '22023', 'term 2'),
	('{"terms": ["x", "x", "vip=true"]}', '22023', 'term 1'),
	('{"coefficients": null}', '22004', 'field "coefficients"'), ('{"coefficients": []}', '22023', 'field "coefficients"'),
	('{"coefficients": [1, 2]}', '22023', 'field "coefficients"'), ('{"coefficients": [1, 2, 3, 4]}', '22023', 'field "coefficients"'),
	('{"coefficients": [[1, 2, 3]]}', '22023', 'field "coefficients"'), ('{"coefficients": [1, "NaN", 3]}', '22023', 'element 2 of field "coefficients"'),
	('{"covariance": [1, 2]}', '22023', 'field "covariance"'), ('{"covariance": [1, 0, -1, 0, 0, 1]}', '22023', 'field "covariance"'),
	('{"covariance": [1, 0, "Infinity", 0, 0, 1]}', '22023', 'element 3 of field "covariance"'),
	('{"n": null}', '22004', 'field "n"'), ('{"n": -1}', '22023', 'field "n"'), ('{"n_groups": 99}', '22023', 'field "n_groups"'),
	('{"df_residual": null}', '22004', 'field "df_residual"'), ('{"df_residual": 99}', '22023', 'field "df_residual"'),
	('{"deviance": "NaN"}', '22023', 'field "deviance"'), ('{"dispersion": -1}', '22023', 'field "dispersion"'),
	('{"iterations": -1}', '22023', 'field "iterations"'), ('{"converged": null}', '22004', 'field "converged"'),
	('{"status": "fine"}', '22023', 'status "fine"'), ('{"status": null}', '22004', 'field "status"'),
	('{"encoding": [1, 2]}', '22023', 'field "encoding"'), ('{"encoding": "x"}', '22023', 'field "encoding"'),
	('{"encoding": {}}', '22023', 'key "version"');
SELECT throws_like(format('SELECT journey.predict(pg_temp.variant(%L, %L), ARRAY[1, 0])', 'binomial', patch),
	'%' || names || '%', 'refused: ' || patch::text) FROM hostile ORDER BY id;
CREATE FUNCTION pg_temp.state_of(model journey.model) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM journey.summary(model), journey.predict(model, '{1,0}'::float8[]);
	RETURN 'none';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
SELECT is((SELECT array_agg(patch) FROM hostile WHERE pg_temp.state_of(pg_temp.variant('binomial', patch)) <> code), NULL, 'each with its code');
SELECT is(pg_temp.state_of(jsonb_populate_record(pg_temp.b(), '{}')), 'none', 'the unharmed model passes');
SELECT is(pg_temp.state_of(ROW(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)::journey.model), '22004', 'a row of NULLs');
UPDATE models SET m.encoding = NULL WHERE name = 'binomial';
SELECT is(pg_temp.state_of(pg_temp.b()), '22004', 'encoding NULL');
UPDATE models SET m.encoding = '{"version": 1, "target": "z", "errors": "model", "future": [1], "features":
	[{"name": "x", "type": "number", "scale": 3}, {"name": "vip", "type": "boolean"}]}' WHERE name = 'binomial';
SELECT is(pg_temp.state_of(pg_temp.b()), 'none', 'keys of later releases are ignored');
CREATE TEMP TABLE wrong (patch jsonb);
INSERT INTO wrong VALUES ('{"version": 2}'), ('{"version": 1.5}'), ('{"version": "1"}'), ('{"version": 1e300}'), ('{"target": 3}'), ('{"target": null}'),
	('{"errors": "hc9"}'), ('{"errors": "cluster"}'), ('{"dropped": -1}'), ('{"dropped": "many"}'), ('{"features": {}}'), ('{"features": "x"}'),
	('{"features": []}'), ('{"features": [1, 2]}'), ('{"features": [[], []]}'), ('{"features": [{"name": "x"}, {"name": "vip", "type": "boolean"}]}'),
	('{"features": [{"name": "x", "type": "date"}, {"name": "vip", "type": "boolean"}]}'),
	('{"features": [{"type": "number"}, {"name": "vip", "type": "boolean"}]}'),
	('{"features": [{"name": "vip", "type": "boolean"}, {"name": "x", "type": "number"}]}'),
	('{"features": [{"name": "x", "type": "label"}]}'), ('{"features": [{"name": "x", "type": "label", "levels": []}]}'),
	('{"features": [{"name": "x", "type": "label", "levels": "ab"}]}'), ('{"features": [{"name": "x", "type": "label", "levels": [1, 2, 3]}]}'),
	('{"features": [{"name": "x", "type": "label", "levels": ["b", "a", "c"]}]}'),
	('{"features": [{"name": "x", "type": "label", "levels": ["a", "a", "c"]}]}'),
	('{"features": [{"name": "x", "type": "label", "levels": [["a"], "b", "c"]}]}');
SELECT is((SELECT array_agg(patch) FROM wrong WHERE pg_temp.state_of(pg_temp.encoding('binomial', patch)) <> '22023'), NULL, 'encodings of the wrong shape');
SELECT is(pg_temp.state_of(jsonb_populate_record(pg_temp.b(), jsonb_build_object('terms', array_fill('x'::text, ARRAY[200000])))), '54000', 'too many terms');
SELECT is(pg_temp.state_of(jsonb_populate_record(pg_temp.b(), jsonb_build_object('covariance', array_fill(1, ARRAY[1000000])))), '22023', 'a huge covariance');
SELECT is(pg_temp.state_of(pg_temp.encoding('binomial', jsonb_build_object('features', jsonb_build_array(jsonb_build_object('name', 'x', 'type', 'label',
	'levels', (SELECT jsonb_agg(lpad(i::text, 7, '0') ORDER BY i) FROM generate_series(1, 120000) i)))))), '54000', 'too many levels');

-- labels of the objects, speed
SELECT is((SELECT string_agg(DISTINCT concat(proname, ' ', provolatile, proparallel, proisstrict), ', ' ORDER BY concat(proname, ' ', provolatile, proparallel, proisstrict)) FROM pg_proc
	WHERE pronamespace = 'journey'::regnamespace AND proname IN ('predict', 'predict_link', 'coefficients', 'summary')),
	'coefficients ist, predict ist, predict sst, predict_link ist, predict_link sst, summary ist', 'volatility, parallel, strict');
CREATE FUNCTION pg_temp.clock(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE since timestamptz := clock_timestamp(); ignored float8;
BEGIN
	EXECUTE query INTO ignored;
	RETURN round(extract(epoch FROM clock_timestamp() - since)::numeric * 10000) || ' ns a row';
END $$;
CREATE TEMP TABLE hundred AS SELECT i AS id, i / 7.0::float8 AS x, (ARRAY['a','b','c'])[1 + i % 3] AS plan, i % 2 = 0 AS vip,
	ARRAY[i, 0, 1, 0]::float8[] AS a FROM generate_series(1, 100000) i;
SELECT diag('sum of x: ' || pg_temp.clock('SELECT sum(x) FROM hundred'));
SELECT diag('array: ' || pg_temp.clock($$SELECT sum(journey.predict(m, a)) FROM hundred, models WHERE name = 'gaussian'$$));
SELECT diag('row: ' || pg_temp.clock($$SELECT sum(journey.predict(m, h)) FROM hundred h, models WHERE name = 'gaussian'$$));

SELECT * FROM finish();
ROLLBACK;
