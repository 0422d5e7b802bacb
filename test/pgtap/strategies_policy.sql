-- Policies: a test bed whose best policy is known, brute force on public data,
-- rules read without trust, values and their gate.
BEGIN;
\ir lib/close.psql
SELECT plan(68);
SET LOCAL jit = off;
CREATE FUNCTION pg_temp.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT journey.hash64(i, seed) / 18446744073709551616.0::float8 + 0.5 $$;

-- Everybody with 1 gives 3 more than with 0, with 2 12 (x2 - 1/2) more; the best policy is 2 where x2 > 3/4, else 1, and is worth 75.875 (reference/validation.md 9.7).
CREATE TEMP TABLE bed AS
SELECT i, i / 2 AS customer, x1, x2, x3, CASE WHEN x3 < 0.3 THEN 'north' WHEN x3 < 0.6 THEN 'south' ELSE 'it''s west' END AS region, x1 > 0.5 AS vip, a::text AS way,
	ARRAY[1, exp(x1 - 0.5), exp(x2 - 0.5)] AS w, 70 + 5 * x1 + CASE a WHEN 1 THEN 3 WHEN 2 THEN 12 * (x2 - 0.5) ELSE 0 END + 8 * sqrt(-2 * ln(pg_temp.u(i, 7))) * cos(2 * pi() * pg_temp.u(i, 8)) AS y
FROM (SELECT i, x1, x2, x3, CASE WHEN v * (1 + exp(x1 - 0.5) + exp(x2 - 0.5)) < 1 THEN 0 WHEN v * (1 + exp(x1 - 0.5) + exp(x2 - 0.5)) < 1 + exp(x1 - 0.5) THEN 1 ELSE 2 END AS a
	FROM (SELECT i, pg_temp.u(i, 1) AS x1, pg_temp.u(i, 2) AS x2, pg_temp.u(i, 3) AS x3, pg_temp.u(i, 6) AS v FROM generate_series(1::bigint, 16000) i OFFSET 0) f OFFSET 0) d;
-- what a policy is really worth
CREATE FUNCTION pg_temp.truth(p journey.policy) RETURNS float8 LANGUAGE sql AS $$
	SELECT avg(70 + 5 * x1 + CASE way WHEN '1' THEN 3 WHEN '2' THEN 12 * (x2 - 0.5) ELSE 0 END) FROM (SELECT x1, x2, journey.recommend(p, b) AS way FROM bed b) r $$;
CREATE TEMP TABLE best AS SELECT avg(70 + 5 * x1 + greatest(3, 12 * (x2 - 0.5))) AS value FROM bed;
CREATE TEMP TABLE policies AS
SELECT 'one question' AS name, journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2,x3}', repeats => 1, depth => 1) AS p
UNION ALL SELECT 'tree', journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2,region,vip}', repeats => 1)
UNION ALL SELECT 'linear', journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2,region,vip}', repeats => 1, class => 'linear')
UNION ALL SELECT 'plug_in', journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2,region,vip}', repeats => 1, class => 'plug_in');
SELECT pg_temp.holds($$SELECT (p).rule->>'feature' = 'x2' AND abs(((p).rule->>'below')::float8 - 0.75) < 0.1 AND (p).rule->'left' = '{"strategy": "1"}' AND (p).rule->'right' = '{"strategy": "2"}' FROM policies WHERE name = 'one question'$$, 'the cut is found');
SELECT pg_temp.holds($$SELECT bool_and((p).status = 'ok' AND (p).baseline = '1' AND abs((p).value - 75.875) < 3 * (p).value_se AND (p).difference > 0 AND (p).n = 16000 AND (p).n_keys = 8001 AND (p).strategies = '{0,1,2}') FROM policies$$, 'honest values are near the truth');
SELECT pg_temp.holds($$SELECT bool_and(abs((p).difference - (pg_temp.truth(p) - 75.5)) < 3 * (p).std_error AND abs((p).conf_high - (p).conf_low - 2 * 1.959963984540054 * (p).std_error) < 1e-9) FROM policies$$, 'so are differences to the best fixed strategy');
SELECT pg_temp.holds($$SELECT bool_and(value - pg_temp.truth(p) BETWEEN 0 AND 0.1) FROM policies, best$$, 'regret is small');
SELECT pg_temp.holds($$SELECT r[1] > r[3] AND r[3] < 0.05 AND r[2] < 0.5 FROM (SELECT array_agg(value - pg_temp.truth(journey.learn_policy(format('SELECT * FROM bed WHERE i <= %s', n), 'y', 'way', NULL, '{x1,x2,x3}', repeats => 1, depth => 1)) ORDER BY n) AS r
	FROM best, unnest('{500,2000,16000}'::int[]) n) q$$, 'regret shrinks with n');
SELECT pg_temp.holds($$SELECT bool_and((SELECT count(*) FILTER (WHERE journey.recommend(p, b) = s.key) / 16000.0 FROM bed b) = s.value::float8) FROM policies, jsonb_each((p).shares) s$$, 'shares are those of the recommendations');

-- the same answer in SQL
CREATE FUNCTION pg_temp.apart(p journey.policy, source text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM %s b WHERE journey.recommend($1, b) IS DISTINCT FROM %s', source, journey.policy_sql(p)) INTO n USING p;
	RETURN n;
END $$;
SELECT pg_temp.holds($$SELECT bool_and(pg_temp.apart(p, 'bed') = 0) AND count(*) = 4 FROM policies$$, 'policy_sql gives what recommend gives');
SELECT pg_temp.holds($$SELECT bool_and((p).description ~ 'x2') AND string_agg((p).description, '') ~ 'x2 below 0\.\d+: "1" \(\d+\.\d % of decisions\)' AND string_agg((p).description, '') ~ 'the strategy with the largest of' FROM policies$$, 'descriptions');
SELECT pg_temp.holds($$SELECT bool_and((p).verdict ~ '^The (learned|plug-in) .* brings 7\d\.\d of y per decision, .* more than the best fixed strategy, "1" \(95 % interval .*; 16000 decisions of 8001 keys\)\.') FROM policies$$, 'verdicts');
SELECT pg_temp.holds($$SELECT a.p::text = b.p::text FROM policies a, (SELECT journey.learn_policy('SELECT * FROM bed ORDER BY x3 DESC', 'y', 'way', 'customer', '{x1,x2,region,vip}', repeats => 1) AS p) b WHERE name = 'tree'$$, 'the order of rows changes nothing');
SELECT pg_temp.holds($$SELECT bool_and(journey.recommend(p, b) IN ('0', '1', '2')) FROM policies, (SELECT region, vip, x1::float4, x2::numeric, x3::float8 FROM bed LIMIT 50) b$$, 'other types of number, and columns in another order');

-- costs and capacities
SELECT pg_temp.holds($$SELECT abs((c).value - ((p).value - 10)) < 1e-9 AND abs((c).difference - (p).difference) < 1e-9 AND (c).rule = (p).rule FROM policies, (SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2,region,vip}', repeats => 1, costs => '{"0": 10, "1": 10, "2": 10}') AS c) q WHERE name = 'tree'$$, 'a cost for everybody changes nothing but the value');
SELECT pg_temp.holds($$SELECT (p).shares->>'2' = '0' AND (p).status = 'ok' AND NOT (p).strategies = '{0,1}' FROM journey.learn_policy('SELECT * FROM bed WHERE i <= 4000', 'y', 'way', 'customer', '{x1,x2}', repeats => 1, depth => 1, costs => '{"2": 20}') p$$, 'nobody gets what costs too much');
SELECT pg_temp.holds(format($$SELECT (p->'shares'->>'2')::float8 BETWEEN 0.03 AND 0.1 AND (p->>'value')::float8 < 76.6 FROM (SELECT to_jsonb(journey.learn_policy('SELECT * FROM bed WHERE i <= 4000', 'y', 'way', 'customer', '{x1,x2}', k => 4, repeats => 1, depth => 1, class => %L, capacity => '{"2": 0.1}')) AS p) q$$, c), c || ': within its capacity') FROM unnest('{tree,linear,plug_in}'::text[]) c;
SELECT pg_temp.holds($$SELECT (p->'shares'->>'2')::float8 BETWEEN 0.05 AND 0.1 AND (p->'shares'->>'1')::float8 BETWEEN 0.3 AND 0.5 FROM (SELECT to_jsonb(journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2}', k => 4, repeats => 1, class => 'linear', capacity => '{"2": 0.1, "1": 0.5}')) AS p) q$$, 'two capacities');
SELECT pg_temp.holds($$SELECT pg_temp.apart(p, 'bed') = 0 AND ((p).shares->>'2')::float8 <= 0.1 FROM (SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1,x2,region}', k => 4, repeats => 1, class => 'plug_in', capacity => '{"2": 0.1}', costs => '{"1": 0.5}') AS p) q$$, 'costs and prices are in the rule');

-- more columns than a tree takes: sixteen of noise for every one that tells something
SELECT pg_temp.holds($$SELECT (p).rule->>'feature' = 'x2' AND (p).n = 3000 FROM (SELECT journey.learn_policy('SELECT y, way, customer, x2 * 3 AS x2, ''l'' || i % 30 AS l FROM bed WHERE i <= 3000', 'y', 'way', 'customer', '{l,x2}', k => 3, repeats => 1, depth => 1, costs => '{"1": -1}') AS p) q$$, 'thirty columns');

-- errors of the call
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer')$$, '{22023}', 'needs features', 'no features');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', class => 'forest')$$, '{22023}', 'forest', 'an unknown class');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', depth => 3)$$, '{22023,22003}', 'depth', 'too deep');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', class => 'plug_in', method => 'ipw')$$, '{22023}', 'outcome models', 'plug_in without models');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', costs => '{"fax": 1}')$$, '{22023}', '"fax".*does not occur', 'costs of a stranger');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', costs => '[1]')$$, '{22023}', 'object', 'costs that are no object');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', costs => '{"1": {"a": 1}}')$$, '{22023}', 'finite number', 'costs that are no numbers');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', capacity => '{"1": 0}')$$, '{22023}', 'capacity of strategy "1" is 0', 'a capacity of nothing');
SELECT pg_temp.refused($$SELECT journey.learn_policy('bed', 'y', 'way', 'customer', '{x1}', capacity => '{"0": 0.5, "1": 0.5, "2": 0.5}')$$, '{22023}', 'every strategy has a capacity', 'nothing for the rest');

-- gates of learning
SELECT pg_temp.holds($$SELECT (p).status = 'too_few' AND (p).value IS NULL AND (p).rule IS NULL AND (p).description IS NULL AND (p).shares IS NULL AND (p).verdict ~ '^No answer' FROM (SELECT journey.learn_policy('SELECT *, CASE WHEN i <= 5 THEN ''a'' ELSE ''b'' END AS rare FROM bed WHERE i <= 400', 'y', 'rare', NULL, '{x1}') AS p) q$$, 'a strategy with fewer keys than folds is not offered');
SELECT pg_temp.holds($$SELECT (p).status = 'no_overlap' AND (p).value IS NULL AND (p).rule IS NULL FROM (SELECT journey.learn_policy('SELECT *, CASE WHEN i % 20 = 0 THEN ''a'' ELSE ''b'' END AS rare FROM bed WHERE i <= 800', 'y', 'rare', NULL, '{x1}') AS p) q$$, 'forty rows are no overlap');
SELECT pg_temp.holds($$SELECT (p).status IN ('weak_overlap', 'no_overlap') AND (p).verdict ~ '^No (answer|decision)' FROM (SELECT journey.learn_policy('SELECT *, (x2 > 0.5)::text AS split FROM bed WHERE i <= 4000', 'y', 'split', NULL, '{x1,x2}') AS p) q$$, 'features that determine the strategy leave no decision');
SELECT pg_temp.refused($$SELECT journey.recommend(p, b) FROM (SELECT journey.learn_policy('SELECT *, CASE WHEN i % 20 = 0 THEN ''a'' ELSE ''b'' END AS rare FROM bed WHERE i <= 800', 'y', 'rare', NULL, '{x1}') AS p) q, (SELECT 1.0 AS x1) b$$, '{22023}', 'no rule.*no_overlap', 'without a rule there is no recommendation');
SELECT pg_temp.holds($$SELECT (p).status = 'ok' AND (p).shares->>'2' = '0' AND (p).verdict ~ 'Left out: "2" \(too few keys\)\.$' FROM (SELECT journey.learn_policy('SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY way ORDER BY i) AS r FROM bed WHERE i <= 3000) t WHERE way <> ''2'' OR r <= 5', 'y', 'way', NULL, '{x1}', depth => 1, repeats => 1) AS p) q$$, 'the verdict names who was left out');

-- rules that somebody wrote
CREATE FUNCTION pg_temp.forged(class text, rule text) RETURNS journey.policy LANGUAGE sql AS $$ SELECT ROW(class, rule::jsonb, NULL, 1, 1, 1, 1, 1, 1, 'ok', '{a}', 'a', 1, 1, NULL, NULL)::journey.policy $$;
SELECT pg_temp.refused(format('SELECT journey.recommend(pg_temp.forged(%L, %L), b) FROM (SELECT 1.0 AS x, ''a''::text AS l) b', class, rule), '{22023}', pattern, 'forged: ' || pattern) FROM (VALUES
	('tree', '[]', 'JSON object'), ('tree', '{"class": "tree"}', '"version"'), ('tree', '{"version": 2, "class": "tree"}', 'version 2'),
	('tree', '{"version": 1, "class": "forest"}', '"class".*one of'), ('linear', '{"version": 1, "class": "tree", "strategy": "a"}', 'must be "tree"'),
	('tree', '{"version": 1, "class": "tree"}', '"strategy"'), ('tree', '{"version": 1, "class": "tree", "feature": "x", "kind": "number", "below": "1"}', '"below"'),
	('tree', '{"version": 1, "class": "tree", "feature": "x", "kind": "number", "below": 1e999}', '"below"'),
	('tree', '{"version": 1, "class": "tree", "feature": "x", "kind": "number", "below": 1, "left": {"strategy": "a"}, "right": 7}', '"right"'),
	('tree', '{"version": 1, "class": "tree", "feature": "l", "kind": "label", "levels": ["b", "a"], "is": "a", "left": {"strategy": "a"}, "right": {"strategy": "b"}}', 'byte order'),
	('tree', '{"version": 1, "class": "tree", "feature": "l", "kind": "label", "levels": ["a", "b"], "is": "c", "left": {"strategy": "a"}, "right": {"strategy": "b"}}', 'one of the levels'),
	('tree', '{"version": 1, "class": "tree", ' || repeat('"feature": "x", "kind": "number", "below": 1, "right": {"strategy": "a"}, "left": {', 40) || '"strategy": "b"' || repeat('}', 40) || '}', 'at most 8 questions deep'),
	('linear', '{"version": 1, "class": "linear", "features": [], "strategies": []}', 'at least one'),
	('linear', '{"version": 1, "class": "linear", "features": [{"name": "x", "kind": "number"}], "strategies": [{"strategy": "a", "intercept": 1, "coefficients": []}]}', '1 numbers')) v(class, rule, pattern);
SELECT pg_temp.holds(format($$SELECT s = E'CASE WHEN "a b"::float8 > ''-Infinity'' AND "a b"::float8 < ''1.5''::float8 THEN E''it''''s \\\\ x'' WHEN "a b"::float8 < ''Infinity'' AND "a b"::float8 >= ''1.5''::float8 THEN ''b'' END' FROM (SELECT journey.policy_sql(pg_temp.forged('tree', %L)) AS s) q$$,
	'{"version": 1, "class": "tree", "feature": "a b", "kind": "number", "below": 1.5, "left": {"strategy": "it''s \\ x"}, "right": {"strategy": "b"}}'), 'names and strings are quoted');
SELECT pg_temp.refused($$SELECT journey.recommend(p, b) FROM policies, (SELECT NULL::float8 AS x1, 0.5 AS x2, 'north' AS region, true AS vip) b WHERE name = 'linear'$$, '{22004}', '"x1"', 'NULL is refused');
SELECT pg_temp.refused($$SELECT journey.recommend(p, b) FROM policies, (SELECT 0.5 AS x1, 0.5 AS x2, 'east' AS region, true AS vip) b WHERE name = 'linear'$$, '{22023}', '"region" has the level "east"', 'an unseen level is refused');
SELECT pg_temp.refused($$SELECT journey.recommend(p, b) FROM policies, (SELECT 0.5 AS x1, 'NaN'::float8 AS x2, 'north' AS region, true AS vip) b WHERE name = 'linear'$$, '{22003}', '"x2" is NaN', 'NaN is refused');
SELECT pg_temp.refused($$SELECT journey.recommend(p, b) FROM policies, (SELECT 0.5 AS x1, 'north' AS region, true AS vip) b WHERE name = 'linear'$$, '{42703}', '"x2"', 'a missing column is refused');
SELECT pg_temp.holds($$SELECT journey.recommend(p, b) IS NOT NULL FROM policies, (SELECT NULL::float8 AS x1, 0.5::float8 AS x2, NULL::float8 AS x3) b WHERE name = 'one question'$$, 'a tree asks for what is on its path');

-- values
CREATE TEMP TABLE scored AS SELECT s.*, journey.recommend(p, b) = s.strategy AS chosen FROM policies, journey.strategy_scores('SELECT * FROM bed ORDER BY i', 'y', 'way', 'customer', '{x1,x2,x3}', repeats => 1) s JOIN bed b ON b.i = s.row_number WHERE name = 'one question';
SELECT pg_temp.numbers_are($$SELECT ARRAY[value, value_se, difference, std_error] FROM journey.policy_value('scored')$$, (SELECT ARRAY[(v).estimate, (v).std_error, (d).estimate, (d).std_error] FROM (SELECT journey.mean_ci(s, key) AS v, journey.mean_ci(s - f, key) AS d
	FROM (SELECT key, row_number, sum(score) FILTER (WHERE chosen) AS s, sum(score) FILTER (WHERE strategy = '1') AS f FROM scored GROUP BY 1, 2) r) m), 'values and errors are those of means', 1e-10);
SELECT pg_temp.holds($$SELECT strategy = 'policy' AND baseline = '1' AND n = 16000 AND n_keys = 8001 AND overlap = 'ok' AND status = 'ok' AND ess > 4000 AND q_value = p_value AND abs(minimum_detectable - 2.801585218 * std_error) < 1e-8 AND wins IS NULL AND repeats IS NULL FROM journey.policy_value('scored')$$, 'the columns of a comparison');
SELECT pg_temp.holds($$SELECT a.value = b.value AND a.value_se = b.value_se AND a.difference = b.difference FROM journey.policy_value('SELECT key, strategy, score, chosen FROM scored ORDER BY score') a, journey.policy_value('SELECT key, row_number, strategy, score, chosen::int AS chosen FROM scored') b$$, 'a key needs no row numbers, and no order');
SELECT pg_temp.holds($$SELECT baseline = 'baseline' AND abs(difference - (a - b)) < 1e-9 FROM journey.policy_value('SELECT *, (strategy = ''0'')::int / 1.0 AS baseline_chosen FROM scored') v, (SELECT sum(score) FILTER (WHERE chosen) / 16000 AS a, sum(score) FILTER (WHERE strategy = '0') / 16000 AS b FROM scored) s$$, 'against a second policy');
SELECT pg_temp.refused($$SELECT * FROM journey.policy_value('SELECT key, row_number, strategy, score, CASE WHEN row_number = 7 THEN 0.25 ELSE chosen::int END AS chosen FROM scored')$$, '{22023}', '"chosen" adds up to 0.75 for key 3, row_number 7', 'probabilities add up to 1');
SELECT pg_temp.refused($$SELECT * FROM journey.policy_value('SELECT NULL::text AS key, strategy, score, chosen FROM scored')$$, '{22004}', '"key" is null in row 1', 'no key, no row number');
SELECT pg_temp.refused($$SELECT * FROM journey.policy_value('SELECT key, row_number, strategy, score, chosen, assigned, 0.0 AS propensity FROM scored')$$, '{22023}', '"propensity" is 0', 'nothing done had probability 0');
SELECT pg_temp.refused($$SELECT * FROM journey.policy_value('SELECT key, strategy, score, 1.5 AS chosen FROM scored')$$, '{22023}', '"chosen" is 1.5', 'chosen is a probability');
SELECT pg_temp.refused($$SELECT * FROM journey.policy_value('SELECT key, strategy, score, chosen, assigned FROM scored')$$, '{22023}', 'not "propensity"', 'assigned comes with propensity');
SELECT pg_temp.holds($$SELECT n = 0 AND value IS NULL AND status = 'too_few' FROM journey.policy_value('SELECT * FROM scored WHERE false')$$, 'no rows');

-- public data; golden numbers of test/oracles/strategies_policy.py and reference/validation.md 9.6
\if :shared_here
CREATE TEMP TABLE lalonde (i bigint GENERATED ALWAYS AS IDENTITY, age integer, educ integer, black integer, hisp integer, married integer, nodegr integer, re74 float8, re75 float8, re78 float8, u74 integer, u75 integer, treat boolean);
\copy lalonde (age, educ, black, hisp, married, nodegr, re74, re75, re78, u74, u75, treat) FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/lalonde/nsw_dw_matching.csv' CSV HEADER
SELECT pg_temp.numbers_are(format($$SELECT ARRAY[(p).value, (p).value_se, (p).difference, (p).std_error] FROM (SELECT journey.learn_policy('SELECT *, (i - 1) %% 5 + 1 AS f, CASE WHEN treat THEN 0.4 ELSE 0.6 END AS e FROM lalonde', 're78', 'treat', NULL, '{age,educ,married,nodegr}', propensity => 'e', method => 'ipw', fold => 'f', class => %L, depth => %s) AS p) q$$, c, d), w, 'LaLonde, ' || c || ' ' || d) FROM (VALUES
	('tree', 1, '{6554.18840637,695.121055802,-44.6424531835,236.905348708}'::float8[]), ('tree', 2, '{6866.85793071,693.010892625,268.027071161,444.117146375}'), ('linear', 1, '{6934.9356236,694.053924527,336.104764045,326.482392897}')) v(c, d, w);
CREATE TEMP TABLE lines (l text);
\copy lines FROM PROGRAM 'xz -dc "$JOURNEY_TAP_SHARED"/data/open_bandit/bts_men.csv.xz | tail -n +2 | cut -d, -f1-6'
CREATE TEMP TABLE bandit AS SELECT split_part(l, ',', 1)::bigint AS i, split_part(l, ',', 3) AS item, split_part(l, ',', 5)::integer AS click, split_part(l, ',', 6)::float8 AS e FROM lines;
SELECT pg_temp.numbers_are($$SELECT ARRAY[value, value_se, ess, max_weight] FROM journey.policy_value('SELECT NULL::text AS key, i AS row_number, a::text AS strategy, CASE WHEN item = a::text THEN click / e ELSE 0 END AS score, 1.0 / 34 AS chosen, item = a::text AS assigned, CASE WHEN item = a::text THEN e END AS propensity FROM bandit, generate_series(0, 33) a') WHERE status = 'weak_overlap' AND verdict ~ '^No decision'$$,
	'{0.00300862632726,0.000773935462887,655.709849587,178.25311943}', 'Open Bandit, the uniform policy');
CREATE TEMP TABLE hillstrom (recency integer, history_segment text, history float8, mens integer, womens integer, zip_code text, newbie integer, channel text, segment text, visit integer, conversion integer, spend float8);
\copy hillstrom FROM PROGRAM 'xz -dc "$JOURNEY_TAP_SHARED"/data/hillstrom/hillstrom.csv.xz' CSV HEADER
SELECT pg_temp.holds($$SELECT (p).status = 'ok' AND (p).baseline = 'Mens E-Mail' AND abs((p).value - 0.1823) < 0.01 AND (p).value_se < 0.004 AND (p).conf_low < 0.005 AND pg_temp.apart(p, 'hillstrom') = 0 FROM (SELECT journey.learn_policy('hillstrom', 'visit', 'segment', NULL, '{recency,history,mens,womens,newbie,zip_code,channel}', repeats => 1) AS p) q$$, 'Hillstrom');
\else
SELECT skip('no shared data', 5);
\endif
SELECT * FROM finish();
ROLLBACK;
