-- Indicators through SQL: numbers of reference/journeys.md 8, of scipy
-- (test/oracles/kpis.py), edges, refusals, order of rows.
BEGIN;
\ir lib/close.psql
SELECT plan(41);
CREATE FUNCTION pg_temp.figures(e journey.estimate) RETURNS float8[] LANGUAGE sql AS $$ SELECT ARRAY[e.estimate, e.std_error, e.conf_low, e.conf_high, e.n] $$;
CREATE TABLE answers AS SELECT CASE WHEN i <= 70 THEN 9 + i % 2 WHEN i <= 90 THEN 7 + i % 2 ELSE i % 7 END AS score FROM generate_series(1, 100) i;
CREATE TABLE forty AS SELECT i, ((i * 7919) % 101) / 8.0::float8 AS v, ((i * 31) % 7)::text AS c,
	CASE WHEN (i * 7) % 11 >= 9 THEN 9 WHEN (i * 7) % 11 <= 6 THEN 6 ELSE 8 END AS score FROM generate_series(1, 40) i;

-- golden
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.nps(score)) FROM answers$$, '{60,6.633249581,46.9990697213,73.0009302787,100}', 'nps 70/20/10');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.rate(i <= 8)) FROM generate_series(1, 10) i$$, '{0.8,0.126491106407,0.490162472,0.943317849,10}', 'Wilson 8 of 10');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.rate(false)) FROM generate_series(1, 10) i$$, '{0,0,0,0.2775328,10}', 'Wilson 0 of 10');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.csat(CASE WHEN i <= 37 THEN 5 ELSE 2 END, 4)) FROM generate_series(1, 100) i$$, '{0.37,0.0482804308183,0.281823605,0.467794704,100}', 'csat is a Wilson share, 37 of 100');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(v)) FROM forty$$, '{6.271875,0.578197760494,5.102359639863,7.441390360137,40}', 'mean, t interval');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(v, c)) FROM forty$$, '{6.271875,0.230437608242,5.708014485443,6.835735514557,40}', 'mean, clustered');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.nps(score, c)) FROM forty$$, '{-42.5,9.93763102639,-66.816507130779,-18.183492869221,40}', 'nps, clustered');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.rate(v > 6, c)) FROM forty$$, '{0.5,0.019094065396,0.319586510650,0.680413489350,40}', 'rate, clustered: effective rows capped at n');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.csat(v, 6.125, c)) FROM forty$$, '{0.5,0.019094065396,0.319586510650,0.680413489350,40}', 'csat, clustered, is the rate');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.median_ci(i)) FROM generate_series(1, 100) i$$, '{50.5,NULL,40,61,100}', 'median of 100: ranks 40 and 61');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.median_ci(i)) FROM generate_series(1, 25) i$$, '{13,NULL,8,18,25}', 'median of 25: ranks 8 and 18');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.median_ci(i)) FROM generate_series(1, 6) i$$, '{3.5,NULL,1,6,6}', 'six values are enough');

-- what the data cannot carry
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.median_ci(i)) FROM generate_series(1, 5) i$$, '{3,NULL,NULL,NULL,5}', 'five values are not');
SELECT is((journey.median_ci(i)).method, 'order_statistics_too_few', 'and the method says so') FROM generate_series(1, 5) i;
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(7))$$, '{7,NULL,NULL,NULL,1}', 'one row has no error');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(7.1)) FROM generate_series(1, 9)$$, '{7.1,0,NULL,NULL,9}', 'equal values have no interval');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.nps(10)) FROM generate_series(1, 9)$$, '{100,0,NULL,NULL,9}', 'promoters only: no interval');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.nps(9 * (i % 2))) FROM generate_series(1, 2) i$$, '{0,70.7106781187,-100,100,2}', 'an nps interval ends at -100 and 100');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(v, 'one')) FROM forty$$, '{6.271875,NULL,NULL,NULL,40}', 'one cluster: no error');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.rate(v > 6, 'one')) FROM forty$$, '{0.5,NULL,NULL,NULL,40}', 'one cluster: no Wilson interval either');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.rate(false, (i % 10)::text)) FROM generate_series(1, 1000) i$$, '{0,0,0,0.33850862266,1000}', 'no hits: a cluster counts as one row');
SELECT ok(journey.nps(NULL::int) IS NULL AND journey.rate(NULL) IS NULL AND journey.mean_ci(NULL::float8, NULL) IS NULL AND journey.median_ci(NULL) IS NULL, 'no rows: NULL');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(x)) FROM (VALUES (1), (NULL), (3)) r(x)$$, '{2,1,-10.7062047362,14.7062047362,2}', 'NULLs are left out');
SELECT pg_temp.numbers_are($$SELECT pg_temp.figures(journey.mean_ci(1e9 + v)) FROM forty$$, '{1000000006.271875,0.578197760494,1000000005.102359639863,1000000007.441390360137,40}', 'an offset of 1e9 costs no digits', 1e-12);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.mean_ci(1e9 + v)).std_error, (journey.mean_ci(1e9 + v, c)).std_error] FROM forty$$, '{0.578197760494,0.230437608242}', 'nor of the errors');
SELECT is((SELECT (journey.mean_ci(v)).method || ' ' || (journey.mean_ci(v, c)).method || ' ' || (journey.rate(true)).method || ' ' || (journey.rate(true, c)).method || ' ' || (journey.nps(score)).method || ' ' || (journey.nps(score, c)).method FROM forty),
	't t_clustered wilson wilson_clustered normal t_clustered', 'methods');

-- order
SELECT is((SELECT journey.mean_ci(v, c)::text FROM (SELECT * FROM forty ORDER BY v DESC, i) s), (SELECT journey.mean_ci(v, c)::text FROM (SELECT * FROM forty ORDER BY i) s), 'order of rows, clustered');
SELECT is((SELECT journey.mean_ci(v)::text FROM (SELECT * FROM forty ORDER BY v DESC, i) s), (SELECT journey.mean_ci(v)::text FROM (SELECT * FROM forty ORDER BY i) s), 'order of rows');
SELECT is((SELECT journey.median_ci(v)::text FROM (SELECT * FROM forty ORDER BY v DESC, i) s), (SELECT journey.median_ci(v)::text FROM (SELECT * FROM forty ORDER BY i) s), 'order of rows, median');

-- refusals
SELECT throws_ok('SELECT journey.nps(11)', '22023', 'score is 11, it must be a whole number from 0 to 10', 'score above 10');
SELECT throws_ok('SELECT journey.nps(-1)', '22023', 'score is -1, it must be a whole number from 0 to 10', 'score below 0');
SELECT throws_ok('SELECT journey.nps(9.5)', '22023', 'score is 9.5, it must be a whole number from 0 to 10', 'score between');
SELECT throws_ok($$SELECT journey.nps('NaN'::float8)$$, '22003', 'score is NaN, it must be a finite number', 'NaN score');
SELECT throws_ok($$SELECT journey.mean_ci('Infinity'::float8, 'a')$$, '22003', 'value is Infinity, it must be a finite number', 'infinite value');
SELECT throws_ok('SELECT journey.csat(3, i) FROM generate_series(1, 2) i', '22023', 'satisfied_from is 1 in one row and 2 in another, it must be the same in a group', 'two thresholds');
SELECT throws_ok('SELECT journey.csat(3, NULL)', '22004', 'satisfied_from must not be null', 'no threshold');
SELECT throws_ok('SELECT journey.rate(true, NULL)', '22004', 'cluster must not be null', 'no cluster');
SELECT throws_ok('SELECT journey.mean_ci(x) FROM (VALUES (1e200), (-1e200)) r(x)', '22003', NULL, 'overflow');
SELECT throws_ok($$SELECT journey.nps_accum('{}', 3)$$, '42809', NULL, 'direct call');
CREATE AGGREGATE pg_temp.forged(float8) (SFUNC = journey.nps_accum, STYPE = float8[], INITCOND = '{1,2,3}', FINALFUNC = journey.nps_final);
SELECT throws_ok('SELECT pg_temp.forged(3)', '22023', 'aggregate state of an indicator is not valid: its shape is wrong', 'forged state');
SELECT lives_ok('SELECT journey.nps(8), journey.csat(8::numeric, 4.5), journey.mean_ci(3::smallint), journey.median_ci(2.5)', 'integers and numerics are cast');
SELECT finish();
ROLLBACK;
