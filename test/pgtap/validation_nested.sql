-- nested_cv against the same done step by step with cross_validate, and noise
-- that must stay at chance.
BEGIN;
\ir lib/close.psql
SELECT plan(20);
SET LOCAL jit = off;
CREATE TEMP TABLE visits AS SELECT i AS id, c AS customer, 1 + c % 5 AS f, x1, x2, x3, x4, x1 - 0.5 * x2 + 1.5 * e AS y, x1 + 2 * e > 0.3 AS back
	FROM (SELECT i, i % 60 AS c, journey.fold(i, 1000, 1) / 500.0 - 1 AS x1, journey.fold(i, 1000, 2) / 500.0 - 1 AS x2, journey.fold(i, 1000, 3) / 500.0 - 1 AS x3, journey.fold(i, 1000, 4) / 500.0 - 1 AS x4, journey.fold(i, 1000, 5) / 500.0 - 1 AS e FROM generate_series(1, 150) i) s;

-- Step by step: inside every fold the lambda is chosen by the other folds alone.
CREATE FUNCTION pg_temp.by_hand(pen text, grid float8[], met text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE j integer; chosen float8; sse float8 := 0; n float8 := 0; base float8 := 0; r record;
BEGIN
	FOR j IN 1..5 LOOP
		SELECT lambda INTO chosen FROM journey.cross_validate(format('SELECT *, f - (f > %s)::int AS g FROM visits WHERE f <> %s', j, j), 'y', 'customer', '{x1,x2,x3,x4}', penalty => pen, lambdas => grid, fold => 'g', metrics => '{rmse}') WHERE is_best;
		SELECT c.n_test, c.value INTO r FROM journey.cross_validate('visits', 'y', 'customer', '{x1,x2,x3,x4}', penalty => pen, lambdas => ARRAY[chosen], fold => 'f', metrics => '{rmse}') c WHERE c.fold = j;
		sse := sse + r.n_test * r.value ^ 2;
		n := n + r.n_test;
		base := base + (SELECT sum((y - m) ^ 2) FROM visits, (SELECT avg(y) AS m FROM visits WHERE f <> j) a WHERE f = j);
	END LOOP;
	RETURN CASE met WHEN 'rmse' THEN sqrt(sse / n) ELSE 1 - sse / base END;
END $$;
CREATE TEMP TABLE grid AS SELECT '{0.001,0.01,0.05,0.1,0.2,0.4,0.8,1.6}'::float8[] AS g;
SELECT pg_temp.numbers_are(format('SELECT array_agg(corrected ORDER BY metric) FROM journey.nested_cv(''visits'', ''y'', ''customer'', ''{x1,x2,x3,x4}'', penalty => %L, lambdas => %L, fold => ''f'', metrics => ''{rmse,r_squared}'')', p, g),
	ARRAY[pg_temp.by_hand(p, g, 'r_squared'), pg_temp.by_hand(p, g, 'rmse')], p || ': nested folds step by step', 1e-9) FROM grid, (VALUES ('ridge'), ('lasso')) v(p);
CREATE TEMP TABLE n AS SELECT * FROM journey.nested_cv('visits', 'y', 'customer', '{x1,x2,x3,x4}', penalty => 'lasso', k => 4, repeats => 3);
CREATE TEMP TABLE c AS SELECT * FROM journey.cross_validate('visits', 'y', 'customer', '{x1,x2,x3,x4}', penalty => 'lasso', k => 4, repeats => 3) WHERE is_best;
SELECT pg_temp.numbers_are('SELECT array_agg(naive ORDER BY metric) || array_agg(lambda ORDER BY metric) FROM n', (SELECT array_agg(value ORDER BY metric) || array_agg(lambda ORDER BY metric) FROM c), 'naive is what cross_validate marks as best', 1e-9);
SELECT pg_temp.holds($$SELECT bool_and(method = 'nested' AND n_keys = 60 AND status = 'ok' AND conf_low < corrected AND corrected < conf_high AND abs(optimism - CASE metric WHEN 'rmse' THEN corrected - naive ELSE naive - corrected END) < 1e-12) AND count(*) = 2 FROM n$$, 'nested: columns');
SELECT pg_temp.holds($$SELECT bool_and(method = 'bootstrap' AND n_keys = 60 AND status = 'ok' AND conf_low < corrected AND corrected < conf_high) AND string_agg(metric, ',') = 'log_loss,brier,auc' FROM journey.nested_cv('visits', 'back', 'customer', '{x1,x2,x3}', 'binomial', 'ridge')$$, 'bootstrap: columns');
SELECT pg_temp.numbers_are($$SELECT array_agg(naive ORDER BY metric) || array_agg(lambda ORDER BY metric) || array_agg(std_error ORDER BY metric) FROM journey.nested_cv('visits', 'back', 'customer', '{x1,x2,x3}', 'binomial', 'ridge')$$,
	(SELECT array_agg(value ORDER BY metric) || array_agg(lambda ORDER BY metric) || array_agg(std_error ORDER BY metric) FROM journey.cross_validate('visits', 'back', 'customer', '{x1,x2,x3}', 'binomial', 'ridge') WHERE is_best), 'bootstrap: naive is what cross_validate marks as best', 1e-12);
SELECT results_eq($$SELECT * FROM journey.nested_cv('SELECT * FROM visits ORDER BY x2, id', 'back', 'customer', '{x1,x2,x3}', 'binomial', 'ridge', metrics => '{auc,accuracy}')$$, $$SELECT * FROM journey.nested_cv('visits', 'back', 'customer', '{x1,x2,x3}', 'binomial', 'ridge', metrics => '{auc,accuracy}')$$, 'order of rows changes nothing');
SELECT pg_temp.holds($$SELECT bool_and(corrected = naive AND optimism = 0) AND count(*) = 6 FROM (SELECT * FROM journey.nested_cv('visits', 'back', 'customer', '{x1}', 'binomial') UNION ALL SELECT * FROM journey.nested_cv('visits', 'y', 'customer', '{x1}')) q WHERE metric <> 'x'$$, 'nothing to choose: nothing to correct');
SELECT pg_temp.holds($$SELECT bool_and(corrected IS NULL AND lambda IS NULL AND status = 'too_few' AND n_keys = 0) AND count(*) = 3 FROM journey.nested_cv('SELECT * FROM visits WHERE false', 'y', 'customer', '{x1}', penalty => 'ridge')$$, 'no rows');
SELECT pg_temp.holds($$SELECT bool_and(corrected IS NULL AND naive IS NULL AND status = 'too_few') FROM journey.nested_cv('SELECT * FROM visits WHERE id <= 5', 'y', 'id', '{x1,x2,x3,x4}', k => 3, metrics => '{rmse}')$$, 'more terms than rows');
SELECT pg_temp.holds($$SELECT bool_and(corrected IS NULL AND status = 'separated') FROM journey.nested_cv('SELECT *, back::int + x1 / 9 AS leak FROM visits', 'back', 'customer', '{leak}', 'binomial')$$, 'a model that cannot be had');
SELECT pg_temp.refused($$SELECT * FROM journey.nested_cv('visits', 'back', 'customer', '{x1}', 'binomial', metrics => '{average_precision}')$$, '{0A000}', 'average_precision', 'average precision');
SELECT pg_temp.refused($$SELECT * FROM journey.nested_cv('visits', 'y', 'customer', '{x1}', penalty => 'ridge', lambdas => '{-1}')$$, '{22023}', 'lambdas', 'negative lambda');
SELECT pg_temp.refused($$SELECT * FROM journey.nested_cv('visits', 'y', 'customer', '{x1}', k => 61)$$, '{22023}', '61.*60', 'more folds than keys');

-- Noise: 60 features without any relation to the outcome, 240 rows of 120 customers.
CREATE TEMP TABLE noise AS SELECT i, i % 120 AS customer, journey.hash64(i, 1000) / 1e18 AS y, journey.hash64(i, 1001) > 0 AS b, n.* FROM generate_series(1, 240) i,
	LATERAL (SELECT max(v) FILTER (WHERE j = 1) AS n1, max(v) FILTER (WHERE j = 2) AS n2, max(v) FILTER (WHERE j = 3) AS n3, max(v) FILTER (WHERE j = 4) AS n4, max(v) FILTER (WHERE j = 5) AS n5, max(v) FILTER (WHERE j = 6) AS n6,
		max(v) FILTER (WHERE j = 7) AS n7, max(v) FILTER (WHERE j = 8) AS n8, max(v) FILTER (WHERE j = 9) AS n9, max(v) FILTER (WHERE j = 10) AS n10, max(v) FILTER (WHERE j = 11) AS n11, max(v) FILTER (WHERE j = 12) AS n12,
		max(v) FILTER (WHERE j = 13) AS n13, max(v) FILTER (WHERE j = 14) AS n14, max(v) FILTER (WHERE j = 15) AS n15, max(v) FILTER (WHERE j = 16) AS n16, max(v) FILTER (WHERE j = 17) AS n17, max(v) FILTER (WHERE j = 18) AS n18,
		max(v) FILTER (WHERE j = 19) AS n19, max(v) FILTER (WHERE j = 20) AS n20, chr(97 + (abs(journey.hash64(i, 77)) % 20)::int) AS l FROM (SELECT j, journey.hash64(i, j) / 1e18 AS v FROM generate_series(1, 20) j) h) n;
SELECT pg_temp.holds($$SELECT s.r_squared > 0.1 AND c.value < 0 FROM journey.fit('noise', 'y', 'customer', '{n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11,n12,n13,n14,n15,n16,n17,n18,n19,n20,l}') m, journey.summary(m) s,
	journey.cross_validate('noise', 'y', 'customer', '{n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11,n12,n13,n14,n15,n16,n17,n18,n19,n20,l}', metrics => '{r_squared}') c WHERE c.fold IS NULL$$, 'noise: explains its own rows, and no others');
SELECT pg_temp.holds($$SELECT abs(value - 0.5) < 3 * std_error AND abs(value - 0.5) < 0.08 FROM journey.cross_validate('noise', 'b', 'customer', '{n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11,n12,n13,n14,n15,n16,n17,n18,n19,n20,l}', 'binomial', 'ridge', '{0.1}', metrics => '{auc}') WHERE fold IS NULL$$, 'noise: AUC at chance');
SELECT pg_temp.holds($$SELECT corrected < 2 * std_error AND corrected < naive FROM journey.nested_cv('noise', 'y', 'customer', '{n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11,n12,n13,n14,n15,n16,n17,n18,n19,n20,l}', penalty => 'lasso', metrics => '{r_squared}', k => 5, repeats => 1)$$, 'noise: the best of a path explains nothing');
SELECT pg_temp.holds($$SELECT optimism >= 0 AND abs(corrected - 0.5) < 0.1 FROM journey.nested_cv('noise', 'b', 'customer', '{n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11,n12,n13,n14,n15,n16,n17,n18,n19,n20,l}', 'binomial', 'ridge', metrics => '{auc}')$$, 'noise: the best AUC of a path is corrected downwards');
-- Weekly means leak: a feature that is the customer's own outcome helps only where customers are torn.
SELECT pg_temp.holds($$SELECT k.value < 0.05 AND r.value > 0.3 FROM journey.cross_validate('SELECT *, journey.hash64(customer, 5) / 1e18 + y / 20 AS z, ''c'' || customer AS who FROM noise', 'z', 'customer', '{who}', penalty => 'ridge', lambdas => '{0.1}', metrics => '{r_squared}') k,
	journey.cross_validate('SELECT *, journey.hash64(customer, 5) / 1e18 + y / 20 AS z, ''c'' || customer AS who FROM noise', 'z', NULL, '{who}', penalty => 'ridge', lambdas => '{0.1}', metrics => '{r_squared}') r WHERE k.fold IS NULL AND r.fold IS NULL$$, 'who the customer is explains nothing about other customers');
-- A feature that is constant in one training part only.
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE status = 'rank_deficient' AND fold = 2 AND value IS NOT NULL) = 1 AND count(*) FILTER (WHERE status = 'ok') = 4 AND count(*) = 5 FROM journey.cross_validate('SELECT *, CASE WHEN f = 2 THEN x1 ELSE 0 END AS only2 FROM visits', 'y', 'customer', '{x2,only2}', fold => 'f', metrics => '{rmse}') WHERE fold IS NOT NULL$$, 'constant in one training part: the fit goes on without it');
SELECT * FROM finish();
ROLLBACK;
