-- outcome_map and attribution: exact against fractions and against the same
-- chain solved in SQL, invariant to the order of rows, honest where data are few.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(48);

-- ---- attribution: reference/journeys.md 7 ----
CREATE TABLE p AS
WITH x(path, conv, n) AS (VALUES ('{A,B}'::text[], true, 2), ('{A,B}', false, 1), ('{B}', true, 1), ('{B}', false, 2), ('{A,C}', false, 3), ('{C,A,B}', true, 1)),
c AS (SELECT row_number() OVER () AS id, path || CASE WHEN conv THEN '{buy}'::text[] ELSE '{}' END AS path FROM x, generate_series(1, n))
SELECT id AS customer_id, timestamptz '2024-01-01' + o * interval '1 day' AS ts, t AS touchpoint, CASE WHEN t = 'buy' THEN 10.0 END AS value
FROM c, unnest(path) WITH ORDINALITY u(t, o);
CREATE FUNCTION pg_temp.credit(source text, wanted text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(touchpoint || ' ' || round(conversions::numeric, 9), ', ' ORDER BY o)
	FROM journey.attribution(source, 'buy', ARRAY[wanted]) WITH ORDINALITY a(touchpoint, method, removal_effect, conversions, value, o) $$;
SELECT is(pg_temp.credit('p', 'first'), 'A 2.000000000, B 1.000000000, C 1.000000000', 'first');
SELECT is(pg_temp.credit('p', 'last'), 'A 0.000000000, B 4.000000000, C 0.000000000', 'last');
SELECT is(pg_temp.credit('p', 'linear'), 'A 1.333333333, B 2.333333333, C 0.333333333', 'linear');
SELECT is(pg_temp.credit('p', 'position'), 'A 1.200000000, B 2.400000000, C 0.400000000', 'position: 0.4 + 0.2 + 0.4');
SELECT is(pg_temp.credit('p', 'shapley'), 'A 1.333333333, B 2.333333333, C 0.333333333', 'shapley');
SELECT is(pg_temp.credit('p', 'markov'), format('A %s, B %s, C %s', round(112 / 81.0, 9), round(196 / 81.0, 9), round(16 / 81.0, 9)), 'markov: 112/81, 196/81, 16/81');
SELECT is((SELECT array_agg(round(removal_effect::numeric, 12) ORDER BY touchpoint) FROM journey.attribution('p', 'buy', '{markov}')),
	ARRAY[round(4 / 7.0, 12), 1.000000000000, round(4 / 49.0, 12)], 'removal effects 4/7, 1, 4/49');
SELECT is((SELECT count(*) FROM journey.attribution('p', 'buy') WHERE method <> 'markov' AND removal_effect IS NOT NULL), 0::bigint, 'only markov has removal effects');
SELECT is((SELECT array_agg(DISTINCT round(s::numeric, 9)) FROM (SELECT sum(value) AS s FROM journey.attribution('p', 'buy') GROUP BY method) x),
	ARRAY[40.000000000], 'every method shares out all value');
SELECT is((SELECT array_agg(DISTINCT method ORDER BY method) FROM journey.attribution('p', 'buy')),
	'{decay,first,last,linear,markov,position,shapley}'::text[], 'all methods by default');
SELECT is((SELECT array_agg(method ORDER BY o) FROM journey.attribution('p', 'buy', '{last,first,last}') WITH ORDINALITY a(t, method, r, c, v, o) WHERE t = 'A'),
	'{last,first}'::text[], 'methods in the order asked for, each once');
SELECT is((SELECT round(conversions::numeric, 12) FROM journey.attribution('p', 'buy', '{decay}', '1 day') WHERE touchpoint = 'A'),
	round((2 * (0.5 / 1.5) + 0.5 / 1.75)::numeric, 12), 'decay with a half-life of a day: a day earlier counts half');
SELECT results_eq($$SELECT * FROM journey.attribution('p', 'buy')$$,
	$$SELECT * FROM journey.attribution('SELECT * FROM p ORDER BY md5(customer_id::text || touchpoint)', 'buy')$$, 'the order of rows does not matter');
SELECT is((SELECT count(value) FROM journey.attribution('SELECT customer_id, ts, touchpoint FROM p', 'buy')), 0::bigint, 'no value without the column');

-- Several conversions, direct ones, touches after the last.
CREATE TABLE several AS SELECT 1 AS customer_id, timestamptz '2024-01-01' + o * interval '1 hour' AS ts, t AS touchpoint, 5 AS value
FROM unnest('{buy,A,B,buy,buy,C}'::text[]) WITH ORDINALITY u(t, o);
SELECT is(pg_temp.credit('several', 'first'), 'A 1.000000000, B 0.000000000, C 0.000000000, (direct) 2.000000000', 'a path ends with its conversion, direct ones are told apart');
SELECT is((SELECT round(sum(conversions)::numeric, 9) FROM journey.attribution('several', 'buy', '{markov}')), 3.000000000, 'markov adds up with them');
SELECT is((SELECT array_agg(conversions ORDER BY touchpoint) FROM journey.attribution('p', 'nothing', '{linear}')), '{0,0,0,0}'::float8[], 'a conversion that never occurs gives 0');
SELECT is((SELECT count(removal_effect) FROM journey.attribution('p', 'nothing', '{markov}')), 0::bigint, 'and no removal effect');
SELECT is_empty($$SELECT * FROM journey.attribution('SELECT * FROM p WHERE false', 'buy')$$, 'no events, no rows');
SELECT throws_ok($$SELECT * FROM journey.attribution('p', 'buy', '{first,best}')$$, '22023', 'argument "method" has the element "best"', 'unknown method');
SELECT throws_ok($$SELECT * FROM journey.attribution('p', 'buy', '{}')$$, '22023', 'argument "method" is empty', 'no method');
SELECT throws_ok($$SELECT * FROM journey.attribution('p', NULL)$$, '22004', 'argument "conversion" must not be null', 'no conversion');
SELECT throws_ok($$SELECT * FROM journey.attribution('p', 'buy', half_life => '-1 day')$$, '22023', 'argument "half_life" is -1 days, it must be greater than zero', 'negative half-life');
SELECT throws_ok($$SELECT * FROM journey.attribution('SELECT customer_id, ts, touchpoint, NULL::float8 AS value FROM p', 'buy')$$,
	'22004', NULL, 'a conversion of unknown value');
SELECT throws_ok($$SELECT * FROM journey.attribution('SELECT 1 AS customer_id, now() AS ts, ''(direct)'' AS touchpoint', 'buy')$$,
	'22023', 'column "touchpoint" has the value "(direct)", which attribution uses for conversions without a touch', 'a reserved name');
SELECT throws_ok($$SELECT * FROM journey.attribution('SELECT 1 AS customer_id, now() AS ts, i::text AS touchpoint FROM generate_series(1, 501) i', 'buy')$$,
	'54000', 'source has 501 touchpoints, the limit of method "markov" is 500', 'too many touchpoints for the chain');
SELECT is((SELECT count(*) FROM journey.attribution('SELECT 1 AS customer_id, now() AS ts, i::text AS touchpoint FROM generate_series(1, 501) i', 'buy', '{linear}')),
	501::bigint, 'but not for the rules');

-- ---- outcome_map ----
CREATE TABLE e AS SELECT * FROM journey.simulate_events(1500, seed => 5);
-- The same chain by iteration in SQL: value of a touchpoint = share that ends well there + shares that go on.
-- (jit off: 400 updates would be compiled one by one)
CREATE FUNCTION pg_temp.value_by_iteration() RETURNS TABLE (touchpoint text, b float8) LANGUAGE plpgsql SET jit = off AS $$
BEGIN
	CREATE TEMP TABLE step ON COMMIT DROP AS
	SELECT s AS source, t AS target, sum(n) AS n, sum(good) AS good, sum(sum(n)) OVER (PARTITION BY s) AS total FROM (
		SELECT e.touchpoint AS s, lead(e.touchpoint) OVER w AS t, 1 AS n, CASE WHEN lead(e.touchpoint) OVER w IS NULL THEN outcome::int ELSE 0 END AS good
		FROM e WINDOW w AS (PARTITION BY customer_id ORDER BY ts, e.touchpoint)) x GROUP BY s, t;
	CREATE TEMP TABLE worth ON COMMIT DROP AS SELECT DISTINCT source AS t, 0::float8 AS b FROM step;
	FOR i IN 1..400 LOOP
		UPDATE worth w SET b = n.b FROM (SELECT s.source, sum(CASE WHEN s.target IS NULL THEN s.good ELSE s.n * v.b END) / min(s.total) AS b
			FROM step s LEFT JOIN worth v ON v.t = s.target GROUP BY s.source) n WHERE n.source = w.t;
	END LOOP;
	RETURN QUERY SELECT w.t, w.b FROM worth w;
END $$;
CREATE TEMP TABLE expected AS SELECT * FROM pg_temp.value_by_iteration();
SELECT is((SELECT count(*) FROM journey.outcome_map('e', 'outcome') o JOIN expected x USING (touchpoint) WHERE abs(o.probability - x.b) < 1e-9),
	(SELECT count(*) FROM expected), 'R-OMAP-1 probabilities are those of the chain, solved by iteration');
SELECT is((SELECT round(sum(f.n * o.probability)::numeric / 1500, 9) FROM journey.outcome_map('e', 'outcome') o
	JOIN (SELECT touchpoint, count(*) AS n FROM (SELECT DISTINCT ON (customer_id) touchpoint FROM e ORDER BY customer_id, ts, touchpoint) y GROUP BY 1) f USING (touchpoint)),
	(SELECT round(avg(outcome::int), 9) FROM (SELECT DISTINCT customer_id, outcome FROM e) z), 'R-OMAP-1 over first touches it is the observed rate');
SELECT results_eq($$SELECT touchpoint, visits, customers FROM journey.outcome_map('e', 'outcome')$$,
	$$SELECT touchpoint, count(*), count(DISTINCT customer_id) FROM e GROUP BY touchpoint ORDER BY touchpoint COLLATE "C"$$, 'visits and customers, in byte order');
SELECT ok((SELECT bool_and(conf_low < probability AND probability < conf_high AND conf_high - conf_low < 0.3) FROM journey.outcome_map('e', 'outcome') WHERE status = 'ok'),
	'intervals hold their estimates');
SELECT results_eq($$SELECT * FROM journey.outcome_map('e', 'outcome')$$, $$SELECT * FROM journey.outcome_map('SELECT * FROM e ORDER BY md5(ts::text)', 'outcome')$$, 'the order of rows does not matter');
SELECT is_empty($$SELECT o.touchpoint FROM journey.outcome_map('e', 'outcome') o JOIN journey.chaos_share('e', 'outcome', replicates => 0) c USING (touchpoint)
	WHERE o.best_next IS DISTINCT FROM c.best_next OR o.worst_next IS DISTINCT FROM c.worst_next OR abs(o.gain_per_point / c.gain_per_point - 1) > 0.02$$,
	'the steering of chaos_share, but for its smoothing');
SELECT is((SELECT count(*) FROM journey.outcome_map('e', 'outcome', seed => 1) a JOIN journey.outcome_map('e', 'outcome', seed => 2) b USING (touchpoint)
	WHERE a.probability = b.probability AND a.conf_low <> b.conf_low), 12::bigint, 'the seed moves intervals only');
SELECT ok((SELECT bool_and(conf_low IS NULL OR status = 'low_n') FROM journey.outcome_map('e', 'outcome', replicates => 0)), 'no replicates, no intervals');

-- Few customers: Wilson, not a point.
CREATE TABLE few AS SELECT c AS customer_id, timestamptz '2024-01-01' + i * interval '1 hour' AS ts, (ARRAY['a', 'b'])[i] AS touchpoint, c <= 8 AS outcome
FROM generate_series(1, 10) c, generate_series(1, 2) i;
SELECT is((SELECT ARRAY[round(probability::numeric, 9), round(conf_low::numeric, 9), round(conf_high::numeric, 9)] FROM journey.outcome_map('few', 'outcome') WHERE touchpoint = 'b'),
	ARRAY[0.800000000, 0.490162472, 0.943317849], 'R-OMAP-2 Wilson at 8 of 10');
SELECT is((SELECT array_agg(status) FROM journey.outcome_map('few', 'outcome')), '{low_n,low_n}'::text[], 'R-OMAP-3 low_n');
SELECT is((SELECT round(conf_high::numeric, 9) FROM journey.outcome_map('SELECT customer_id, ts, CASE WHEN customer_id > 90 THEN ''x'' ELSE ''y'' END AS touchpoint, customer_id <= 50 AS outcome FROM (SELECT c AS customer_id, now() AS ts FROM generate_series(1, 100) c) q', 'outcome') WHERE touchpoint = 'x'),
	0.277532800, 'R-OMAP-2 0 of 10 is not 0 for sure');
SELECT is((SELECT array_agg(ARRAY[probability::text, conf_low::text, status] ORDER BY touchpoint) FROM journey.outcome_map('SELECT customer_id, ts, touchpoint, true AS outcome FROM few', 'outcome')),
	ARRAY[ARRAY['1', NULL, 'one_class'], ARRAY['1', NULL, 'one_class']], 'a constant outcome has no interval');
SELECT is((SELECT array_agg(ARRAY[probability::text, status] ORDER BY touchpoint) FROM journey.outcome_map('SELECT customer_id, ts, touchpoint, NULL::boolean AS outcome FROM few', 'outcome')),
	ARRAY[ARRAY[NULL, 'no_outcome'], ARRAY[NULL, 'no_outcome']], 'all censored');
SELECT is((SELECT round(probability::numeric, 9) FROM journey.outcome_map('SELECT customer_id, ts, touchpoint, customer_id * 1.5 AS outcome FROM few', 'outcome') WHERE touchpoint = 'a'),
	8.250000000, 'a numeric outcome gives its mean');
SELECT is((SELECT status FROM journey.outcome_map('SELECT customer_id, ts, touchpoint, outcome FROM few UNION ALL SELECT 99, now(), ''lost'', NULL', 'outcome') WHERE touchpoint = 'lost'),
	'no_end', 'R-OMAP-3 no way to an outcome');
SELECT is_empty($$SELECT * FROM journey.outcome_map('SELECT * FROM few WHERE false', 'outcome')$$, 'no events, no rows');
SELECT throws_ok($$SELECT * FROM journey.outcome_map('few', 'happy')$$, '42703', NULL, 'a missing outcome column');
SELECT throws_ok($$SELECT * FROM journey.outcome_map('SELECT customer_id, ts, touchpoint, touchpoint = ''a'' AS outcome FROM few', 'outcome')$$,
	'22000', NULL, 'contradicting outcomes of one customer');
SELECT throws_ok($$SELECT * FROM journey.outcome_map('few', 'outcome', -1)$$, '22023', NULL, 'negative replicates');
SELECT throws_ok($$SELECT * FROM journey.outcome_map('SELECT customer_id, ts, touchpoint, ''NaN''::float8 AS outcome FROM few', 'outcome')$$, '22003', NULL, 'NaN');

-- the ends of timestamptz lie further apart than a bigint can count microseconds
SELECT is((SELECT string_agg(touchpoint || ' ' || conversions, ', ' ORDER BY touchpoint) FROM journey.attribution('SELECT 1::bigint AS customer_id, t AS ts, p AS touchpoint FROM (VALUES (timestamptz ''4713-01-01 UTC BC'', ''a''), (''294276-12-31 UTC'', ''b''), (''294276-12-31 UTC'', ''c'')) v(t, p)', 'c') WHERE method = 'decay'), 'a 0, b 1', 'decay over all of timestamptz');
SELECT * FROM finish();
ROLLBACK;
