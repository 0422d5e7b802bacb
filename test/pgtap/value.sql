-- Customer value: rfm against plain SQL, fits against published numbers and
-- scipy (test/oracles/clv.py), scores against the model, and bad input.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(91);
\ir lib/close.psql

-- Purchases by hand: customer, moment, what, amount.
CREATE TABLE shop (customer_id bigint, ts timestamptz, touchpoint text, value numeric);
INSERT INTO shop VALUES
	(1, '2024-01-01 09:00', 'purchase', 10), (1, '2024-01-01 18:00', 'purchase', 5),
	(1, '2024-01-05 10:00', 'purchase', 20), (1, '2024-01-05 23:59', 'purchase', 4),
	(1, '2024-01-11 00:00', 'purchase', 6), (1, '2024-01-20 00:00', 'visit', NULL),
	(2, '2024-01-03 12:00', 'purchase', 7), (2, '2024-01-03 12:00', 'purchase', 7),
	(3, '2024-01-10 12:00', 'visit', 1),
	(4, '2024-01-07 23:30', 'purchase', -3), (4, '2024-01-08 00:30', 'purchase', -1);
CREATE FUNCTION pg_temp.rows_of(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE got text;
BEGIN
	EXECUTE 'SELECT string_agg(r::text, '' '' ORDER BY r::text) FROM ' || call || ' r' INTO got;
	RETURN got;
END $$;

SELECT is(pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 day', '2024-02-01')$$),
	'(1,2,10,31,15) (2,0,0,29,) (4,1,1,25,-1)', 'days: purchases of one day are one, the first day does not count as spend');
SELECT is(pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 day')$$),
	'(1,2,10,19,15) (2,0,0,17,) (4,1,1,13,-1)', 'without as_of the last event of the source is now');
SELECT is(pg_temp.rows_of($$journey.rfm('shop', 'purchase', '7 days', '2024-02-01')$$),
	'(1,1,1,4,6) (2,0,0,4,) (4,1,1,4,-1)', 'weeks begin on Monday');
SELECT is(pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 month', '2024-03-01')$$),
	'(1,0,0,2,) (2,0,0,2,) (4,0,0,2,)', 'calendar months');
SELECT is(pg_temp.rows_of($$journey.rfm('SELECT * FROM shop WHERE customer_id = 4', 'purchase', '1 hour', '2024-01-08 03:00')$$),
	'(4,1,1,4,-1)', 'hours');
SELECT is(pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 day', '2024-01-11')$$),
	'(1,1,4,10,24) (2,0,0,8,) (4,1,1,4,-1)', 'an event at as_of does not exist');
SELECT is(pg_temp.rows_of($$journey.rfm('SELECT customer_id, ts, touchpoint FROM shop', 'purchase', '1 day', '2024-02-01')$$),
	'(1,2,10,31,) (2,0,0,29,) (4,1,1,25,)', 'no column value, no monetary');
SELECT is(pg_temp.rows_of($$journey.rfm('SELECT * FROM shop ORDER BY value DESC, ts DESC', 'purchase', '1 day', '2024-02-01')$$),
	pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 day', '2024-02-01')$$), 'the order of rows does not matter');
SET LOCAL timezone = 'America/New_York';
SELECT is(pg_temp.rows_of($$journey.rfm('SELECT * FROM shop WHERE customer_id = 4', 'purchase', '1 day', '2024-02-01 12:00')$$),
	'(4,0,0,25,)', 'days are those of the session TimeZone');
SET LOCAL timezone = 'UTC';
SELECT is_empty($$SELECT * FROM journey.rfm('shop', 'no such purchase', '1 day')$$, 'nobody bought: no rows');
SELECT is_empty($$SELECT * FROM journey.rfm('SELECT * FROM shop WHERE false', 'purchase', '1 day')$$, 'no events: no rows');
SELECT is_empty($$SELECT * FROM journey.rfm('shop', 'purchase', '1 day', '2023-01-01')$$, 'as_of before everything: no rows');
SELECT is(pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 day', 'infinity')$$),
	pg_temp.rows_of($$journey.rfm('shop', 'purchase', '1 day')$$), 'as_of infinity is all events');
SELECT is((SELECT pg_typeof(customer_id)::text || ' ' || customer_id FROM journey.rfm('SELECT ''k''::text AS customer_id, ts, touchpoint, value FROM shop WHERE customer_id = 2', 'purchase', '1 day', customer_type => NULL::text)),
	'text k', 'text keys by customer_type');
SELECT throws_ok($$SELECT * FROM journey.rfm('shop', 'visit', '1 day')$$, '22004', 'column "value" is null in a "visit" of customer 1', 'a purchase without value');
SELECT throws_ok($$SELECT * FROM journey.rfm('shop', 'purchase', '0 days')$$, '22023', NULL, 'no period');
SELECT throws_ok($$SELECT * FROM journey.rfm('shop', 'purchase', '-1 day')$$, '22023', NULL, 'negative period');
SELECT throws_ok($$SELECT * FROM journey.rfm('shop', 'purchase', '1 day 02:00')$$, '22023', 'argument "period" is 1 day 02:00:00, it must be whole months, whole days, or a time', 'mixed period');
SELECT throws_ok($$SELECT * FROM journey.rfm('shop', NULL, '1 day')$$, '22004', NULL, 'NULL touchpoint');
SELECT throws_ok($$SELECT * FROM journey.rfm('shop', 'purchase', NULL)$$, '22004', NULL, 'NULL period');
SELECT throws_ok($$SELECT * FROM journey.rfm(NULL, 'purchase', '1 day')$$, '22004', NULL, 'NULL source');
SELECT throws_ok($$SELECT * FROM journey.rfm('SELECT ''k''::text AS customer_id, ts, touchpoint FROM shop', 'purchase', '1 day')$$, NULL, NULL, 'text keys want customer_type');

-- rfm against plain SQL on simulated purchases.
CREATE TABLE sim AS SELECT customer_id, ts, touchpoint, coalesce(value, 1) AS value FROM journey.simulate_events(500, seed => 3);
SELECT touchpoint AS often FROM sim GROUP BY touchpoint ORDER BY count(*) DESC, touchpoint LIMIT 1 \gset
CREATE TABLE by_hand AS
SELECT customer_id, count(*) - 1 AS frequency, max(day) - min(day) AS recency,
	(SELECT max(ts)::date FROM sim) - min(day) AS age, avg(total) FILTER (WHERE NOT is_first) AS monetary
FROM (SELECT customer_id, ts::date AS day, sum(value) AS total,
	ts::date = min(ts::date) OVER (PARTITION BY customer_id) AS is_first
	FROM sim WHERE touchpoint = :'often' GROUP BY customer_id, ts::date) d GROUP BY customer_id;
SELECT is((SELECT count(*) FROM by_hand h JOIN journey.rfm('sim', :'often', '1 day') r
	ON r.customer_id = h.customer_id AND r.frequency = h.frequency AND r.recency = h.recency AND r.age = h.age
	AND (r.monetary IS NULL AND h.monetary IS NULL OR abs(r.monetary - h.monetary) < 1e-9 * abs(h.monetary))),
	(SELECT count(*) FROM by_hand), 'rfm agrees with plain SQL');
SELECT ok((SELECT count(*) FROM by_hand WHERE frequency > 0) > 10, 'and there is something to agree on');

-- Bad customers. good has enough customers to fit.
CREATE TABLE good AS
SELECT c::bigint AS customer_id, (c % 4)::int AS frequency, CASE WHEN c % 4 = 0 THEN 0 ELSE (c * 7 % 60) + 1 END AS recency,
	70 + c % 13 AS age, CASE WHEN c % 4 > 0 THEN 5 + c * 37 % 101 END::float8 AS monetary
FROM generate_series(1, 400) c;
CREATE FUNCTION pg_temp.bad(row_of text, code text, pattern text, name text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE call text;
BEGIN
	RETURN NEXT pg_temp.refused(format('SELECT * FROM journey.clv_fit(%L)', 'SELECT frequency::float8, recency::float8, age::float8, monetary FROM good UNION ALL SELECT ' || row_of), ARRAY[code], pattern, 'clv_fit: ' || name);
	RETURN NEXT pg_temp.refused(format('SELECT * FROM journey.clv(%L, horizon => 10)', 'SELECT customer_id, frequency::float8, recency::float8, age::float8, monetary FROM good UNION ALL SELECT 999, ' || row_of), ARRAY[code], pattern, 'clv: ' || name);
END $$;
SELECT pg_temp.bad('2, 11, 10, 1', '22023', 'column "recency" is 11 in row 401 .*age, which is 10', 'recency above age');
SELECT pg_temp.bad('-1, 0, 10, 1', '22023', 'column "frequency" is -1 ', 'negative frequency');
SELECT pg_temp.bad('1.5, 3, 10, 1', '22023', 'column "frequency" is 1.5 .*whole', 'part of a purchase');
SELECT pg_temp.bad('2, 0, 10, 1', '22023', 'column "recency" is 0 .*frequency is 2', 'repeats at no later time');
SELECT pg_temp.bad('0, 3, 10, 1', '22023', 'column "recency" is 3 .*frequency is 0', 'time without repeats');
SELECT pg_temp.bad('0, 0, -1, 1', '22023', 'column "age" is -1 ', 'negative age');
SELECT pg_temp.bad('1, -2, 10, 1', '22023', 'column "recency" is -2 ', 'negative recency');
SELECT pg_temp.bad('NULL, 0, 10, 1', '22004', 'column "frequency" is null in row 401', 'NULL frequency');
SELECT pg_temp.bad('1, NULL, 10, 1', '22004', 'column "recency" is null', 'NULL recency');
SELECT pg_temp.bad('1, 2, NULL, 1', '22004', 'column "age" is null', 'NULL age');
SELECT pg_temp.bad('''NaN'', 0, 10, 1', '22003', 'column "frequency" is NaN', 'NaN frequency');
SELECT pg_temp.bad('1, 2, ''Infinity'', 1', '22003', 'column "age" is infinite', 'infinite age');
SELECT pg_temp.refused($$SELECT * FROM journey.spend_fit('SELECT 2 AS frequency, ''NaN''::float8 AS monetary')$$, '{22003}', 'column "monetary" is NaN', 'NaN money');
SELECT pg_temp.refused($$SELECT * FROM journey.clv_fit('SELECT frequency, age FROM good')$$, '{42703}', 'no column "recency"', 'a missing column');
SELECT pg_temp.refused($$SELECT * FROM journey.clv_fit('good', 'weibull')$$, '{22023}', 'argument "model" is "weibull"', 'unknown model');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good', 'nbd', horizon => 1)$$, '{22023}', 'argument "purchase_model" is "nbd"', 'unknown purchase model');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good', spend_model => 'mean', horizon => 1)$$, '{22023}', 'argument "spend_model" is "mean"', 'unknown spend model');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good')$$, '{22004}', 'horizon', 'no horizon');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good', horizon => -3)$$, '{22023}', 'argument "horizon" is -3', 'negative horizon');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good', horizon => 'NaN')$$, '{22023}', 'argument "horizon" is nan', 'NaN horizon');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good', horizon => 3, discount => -0.1)$$, '{22023}', 'argument "discount" is -0.1', 'negative discount');
SELECT pg_temp.refused($$SELECT * FROM journey.clv('good', horizon => 1e9, discount => 0.1)$$, '{54000}', 'argument "horizon" is 1e\+09', 'too many units');
SELECT pg_temp.refused($$SELECT * FROM journey.clv_fit('good', NULL)$$, '{22004}', 'model', 'NULL model');
SELECT pg_temp.refused($$SELECT * FROM journey.clv_fit(NULL)$$, '{22004}', 'source', 'NULL source');

-- Data without an answer.
CREATE FUNCTION pg_temp.fit_status(source text, model text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT status || ' ' || (estimate IS NULL AND std_error IS NULL AND log_likelihood IS NULL), ',') || ' ' || count(*)
	FROM journey.clv_fit(source, model) $$;
SELECT is(pg_temp.fit_status('SELECT * FROM good WHERE false', m), 'too_few true 4', m || ': no customers') FROM unnest('{bg_nbd,mbg_nbd,pareto_nbd}'::text[]) m;
SELECT is(pg_temp.fit_status('SELECT * FROM good LIMIT 5', 'bg_nbd'), 'too_few true 4', 'five customers');
SELECT is(pg_temp.fit_status('SELECT * FROM good WHERE frequency = 0', 'bg_nbd'), 'too_few true 4', 'nobody came back');
SELECT is(pg_temp.fit_status('SELECT 3 AS frequency, 20 AS recency, 30 AS age FROM generate_series(1, 100)', m), 'not_converged true 4', m || ': all customers alike') FROM unnest('{bg_nbd,mbg_nbd,pareto_nbd}'::text[]) m;
SELECT is((SELECT string_agg(DISTINCT format('%s %s %s', status, n, left_out), ',') FROM journey.spend_fit('SELECT * FROM good WHERE frequency = 0')),
	'too_few 0 100', 'nobody spent again');
SELECT is((SELECT string_agg(DISTINCT format('%s %s %s %s', status, n, left_out, estimate IS NULL), ',') FROM journey.spend_fit('SELECT 2 AS frequency, 30 AS monetary FROM generate_series(1, 50)')),
	'not_converged 50 0 t', 'all spend the same');
SELECT is((SELECT string_agg(DISTINCT format('%s %s', n, left_out), ',') FROM journey.spend_fit('SELECT frequency, monetary FROM good UNION ALL VALUES (2, 0), (3, -5), (1, NULL)')),
	'300 103', 'zero, negative and unknown spend are left out and counted');
SELECT is((SELECT count(*) FROM journey.clv('SELECT * FROM good LIMIT 5', horizon => 5) WHERE status = 'too_few' AND num_nulls(p_alive, expected_purchases, expected_value, clv) = 4),
	5::bigint, 'clv of too few customers: rows, no figures');
-- heavy tail: the mean of q <= 1 does not exist
-- spend c^(-1/0.7) of a uniform c, averaged over x exponential purchases
CREATE TABLE heavy AS SELECT c AS customer_id, 1 + c % 5 AS frequency,
	(SELECT avg(-ln(mod(c * (0.6180339887 + j * 0.4142135624) + 0.5, 1) + 1e-6)) FROM generate_series(1, 1 + c % 5) j)
	* (mod(c * 0.7320508076, 1) + 1e-6) ^ (-1 / 0.7) AS monetary FROM generate_series(1, 600) c;
SELECT is((SELECT string_agg(DISTINCT status || ' ' || (SELECT estimate <= 1 FROM journey.spend_fit('heavy') WHERE parameter = 'q'), ',') FROM journey.spend_fit('heavy')),
	'no_finite_mean true', 'q at most 1: said, with the estimates');

-- CDNOW and the simulated apparel retailer.
\if :shared_here
CREATE TABLE elog (masterid bigint, sampleid int, date text, cds int, sales float8);
\copy elog FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/cdnow/cdnowElog.csv' CSV HEADER
CREATE VIEW cd_events AS SELECT masterid AS customer_id, to_date(date, 'YYYYMMDD') AS ts, 'purchase' AS touchpoint, sales AS value FROM elog;
CREATE TABLE cdnow AS SELECT customer_id, frequency, recency / 7 AS recency, age / 7 AS age, monetary
	FROM journey.rfm('SELECT * FROM cd_events', 'purchase', '1 day', '1997-09-30 12:00');
CREATE TABLE rounded (customer_id int, frequency int, recency float8, age float8);
\copy rounded FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/cdnow/cdnow_customers_summary.csv' CSV HEADER
CREATE TABLE trans (id text, date date, price float8);
\copy trans FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/cdnow/apparelTrans.csv' CSV HEADER
CREATE TABLE apparel AS SELECT customer_id, frequency, recency / 7 AS recency, age / 7 AS age, monetary
	FROM journey.rfm('SELECT id AS customer_id, date AS ts, ''purchase'' AS touchpoint, price AS value FROM trans', 'purchase', '1 day', customer_type => NULL::text);
CREATE FUNCTION pg_temp.fit_is(call text, want float8[], name text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT pg_temp.numbers_are('SELECT array_agg(estimate ORDER BY o) FROM ' || call || ' WITH ORDINALITY f(parameter, estimate, std_error, log_likelihood, status, o) WHERE status = ''ok''',
		want, name, 1e-4) $$;
CREATE FUNCTION pg_temp.fit_of(call text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT array_agg(e ORDER BY o) FROM (SELECT estimate AS e, row_number() OVER () AS o FROM %1$s UNION ALL SELECT std_error, 10 + row_number() OVER () FROM %1$s UNION ALL (SELECT log_likelihood, 99 FROM %1$s LIMIT 1)) x', call) $$;
SELECT is((SELECT format('%s %s %s', count(*), sum(frequency), count(*) FILTER (WHERE frequency > 0)) FROM cdnow), '2357 2457 946', 'CDNOW: customers, repeat purchases, repeaters');
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.clv_fit('cdnow')$$), '{0.2425945,4.4136024,0.7929221,2.4259069,0.012557,0.378224,0.185735,0.705419,-9582.4292067}', 'CDNOW BG/NBD', 5e-5);
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.clv_fit('cdnow', 'mbg_nbd')$$), '{0.5248432,6.1830858,0.8913596,1.6140024,0.08326721,0.6956157,0.1547891,0.5374888,-9582.1357156}', 'CDNOW MBG/NBD', 5e-5);
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.clv_fit('cdnow', 'pareto_nbd')$$), '{0.553277,10.57768,0.6062398,11.66873,0.04762739,0.8427191,0.1872741,6.210863,-9594.9761789}', 'CDNOW Pareto/NBD', 5e-5);
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.spend_fit('cdnow')$$), '{6.249573,3.744225,15.443519,1.190051,0.2901328,4.159407,-4055.9176948}', 'CDNOW gamma-gamma', 5e-5);
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.clv_fit('rounded')$$), '{0.2425929,4.4135316,0.7928862,2.4257537,0.012557,0.378221,0.185719,0.705345,-9582.4255606}', 'CDNOW rounded BG/NBD', 5e-5);
SELECT pg_temp.numbers_are($$SELECT ARRAY[n, left_out, correlation] FROM journey.spend_fit('cdnow') LIMIT 1$$, '{946,1411,0.1138879194}', 'who takes part, and the correlation', 1e-9);
-- (a nested loop would launch parallel workers for every customer)
SET LOCAL enable_nestloop = off;
SELECT pg_temp.numbers_are($$SELECT ARRAY[min(p_alive), min(expected_purchases)] FROM journey.clv('SELECT *, NULL::float8 AS monetary FROM rounded', horizon => 39) JOIN rounded USING (customer_id)
	WHERE frequency = 2 AND recency = 30.43 AND age = 38.86 AND status = 'too_few' AND clv IS NULL$$, '{0.7266092,1.2259068}', 'P(alive) and E[Y(39)] of (2, 30.43, 38.86), without a spend model', 1e-4);
SELECT pg_temp.numbers_are($$SELECT ARRAY[min(p_alive)] FROM journey.clv('SELECT *, NULL::float8 AS monetary FROM rounded', horizon => 39) JOIN rounded USING (customer_id)
	WHERE frequency = 1 AND recency = 1.71 AND age = 38.86$$, '{0.2122319}', 'P(alive) of (1, 1.71, 38.86)', 1e-4);
RESET enable_nestloop;
SELECT pg_temp.holds($$SELECT bool_and(p_alive = 1 AND abs(expected_value - 6.249573 * 15.443519 / 2.744225) < 1e-3) FROM journey.clv('cdnow', horizon => 39) JOIN cdnow USING (customer_id) WHERE frequency = 0$$, 'no repeat: alive by definition, and the mean spend');
SELECT pg_temp.holds($$SELECT bool_and(abs(clv - expected_purchases * expected_value) <= 1e-12 * clv) FROM journey.clv('cdnow', horizon => 39) WHERE status = 'ok'$$, 'without discount clv is purchases times spend');
SELECT pg_temp.holds($$SELECT count(*) = 2 AND bool_and(expected_value IS NULL AND clv IS NULL AND p_alive IS NOT NULL AND expected_purchases IS NOT NULL)
	FROM journey.clv('SELECT customer_id, frequency, recency, age, CASE WHEN customer_id <> 4 THEN monetary END AS monetary FROM cdnow UNION ALL VALUES (-1, 2, 10, 20, 0), (-2, 2, 10, 20, -7)', horizon => 39)
	WHERE customer_id < 0 AND status = 'no_spend'$$, 'repeat purchases without positive spend: no expected_value, no clv');
SELECT pg_temp.holds($$SELECT bool_and(b.clv < a.clv AND b.clv > a.clv / 1.01 ^ 39) FROM journey.clv('cdnow', horizon => 39) a JOIN journey.clv('cdnow', horizon => 39, discount => 0.01) b USING (customer_id)$$, 'a discount lowers clv, within its bounds');
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.clv_fit('apparel')$$), '{0.4447167,14.22365,0.6652804,3.284988,0.03111141,1.525216,0.1318391,0.9154769,-11969.4680654}', 'apparel BG/NBD', 5e-5);
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.clv_fit('apparel', 'pareto_nbd')$$), '{1.377051,47.30205,0.6745539,62.82807,0.1717482,5.857935,0.124336,20.4993,-11926.5073899}', 'apparel Pareto/NBD', 5e-5);
SELECT pg_temp.numbers_are(pg_temp.fit_of($$journey.spend_fit('apparel')$$), '{2.476281,9.760117,133.478,0.3392335,1.426838,35.19963,-1782.0310654}', 'apparel gamma-gamma', 5e-5);
SELECT is((SELECT array_agg(f::text) FROM journey.clv_fit('SELECT * FROM cdnow ORDER BY age, customer_id DESC') f), (SELECT array_agg(f::text) FROM journey.clv_fit('cdnow') f), 'the order of customers does not change a bit');
\else
SELECT skip('shared data absent', 17);
\endif

-- the ends of timestamptz lie further apart than a bigint can count microseconds
SELECT is((SELECT concat_ws(' ', frequency, recency::numeric, age::numeric) FROM journey.rfm('SELECT 1::bigint AS customer_id, t AS ts, p AS touchpoint FROM (VALUES (timestamptz ''4713-01-01 UTC BC'', ''a''), (''294276-12-31 UTC'', ''b''), (''294276-12-31 UTC'', ''c'')) v(t, p)', 'a', '1 microsecond')), '0 0 9435181449600000000', 'rfm over all of timestamptz');
SELECT * FROM finish();
ROLLBACK;
