-- autoc, qini, uplift_curve and qini_area: golden numbers of
-- test/oracles/strategies_uplift.py (and of the code of R's grf), identities,
-- order of rows, edges, refusals.
BEGIN;
SET LOCAL jit = off;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(39);
CREATE TEMP TABLE f AS
SELECT i, p, p AS priority, p + i / 4096.0::float8 AS fine, ((i * 104729) % 97) / 97.0::float8 + p * p - 0.5 AS score, (i * 31) % 57 AS c,
	(i * 13) % 10 < 4 AS treated, floor(((i * 104729) % 97) / 40.0::float8) + CASE WHEN (i * 13) % 10 < 4 THEN p ELSE 0 END AS outcome
FROM (SELECT i, ((i * 7919) % 101) / 128.0::float8 AS p FROM generate_series(1, 400) i) s;

SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.autoc('f')).estimate, (journey.qini('f')).estimate, (journey.autoc('SELECT fine AS priority, score FROM f')).estimate, (journey.qini('SELECT fine AS priority, score FROM f')).estimate]$$,
	'{0.179132086381,0.0521135558807,0.176771971627,0.0516515670894}', 'R-RATE-3 autoc and qini with and without ties', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.autoc('f', 2000)).std_error, (journey.qini('f', 2000)).std_error, (journey.autoc('SELECT fine AS priority, score FROM f', 2000)).std_error]$$,
	'{0.0152071,0.004522124,0.01530039}', 'R-RATE-4 errors of rows', 0.06);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.autoc('SELECT *, c AS cluster FROM f', 2000)).std_error, (journey.qini('SELECT *, c AS cluster FROM f', 2000)).std_error, (journey.qini('SELECT fine AS priority, score, c AS cluster FROM f', 2000)).std_error]$$,
	'{0.01413981,0.004277983,0.004286058}', 'R-RATE-4 errors of clusters', 0.06);
SELECT pg_temp.holds($$SELECT abs(e.conf_high - e.estimate - 1.959963984540054 * e.std_error) < 1e-12 AND abs(e.conf_low - e.estimate + 1.959963984540054 * e.std_error) < 1e-12 AND e.n = 400 AND e.method = 'half_sample_clustered' FROM journey.qini('SELECT *, c AS cluster FROM f') e$$, 'the interval is normal');
SELECT pg_temp.text_is($$SELECT (journey.autoc('f')).method$$, 'half_sample', 'method without clusters');
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini_area('SELECT floor(p * 8) AS priority, treated, outcome FROM f')).estimate, (journey.qini_area('SELECT fine AS priority, treated, outcome FROM f')).estimate]$$,
	'{0.0280602247982,0.0282250035475}', 'R-QINI-2 area with and without ties', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini_area('SELECT floor(p * 8) AS priority, treated, outcome FROM f', 2000)).std_error, (journey.qini_area('SELECT fine AS priority, treated, outcome, c AS cluster FROM f', 2000)).std_error]$$,
	'{0.00964836202862,0.0109611071338}', 'R-QINI-3 errors of rows and clusters', 0.06);
SELECT pg_temp.numbers_are($$SELECT array_agg(gain ORDER BY fraction) || array_agg(toc ORDER BY fraction) FROM journey.uplift_curve('f', 4) WHERE fraction < 1$$,
	'{0.119301669721,0.175940411754,0.194999479313,0.279570516999,0.154244661626,0.0623631438685}', 'R-RATE-6 the curve', 1e-11);
SELECT pg_temp.holds($$SELECT abs(gain - (SELECT avg(score) FROM f)) < 1e-13 AND toc = 0 AND toc_se = 0 AND toc_low IS NULL AND n = 400 AND gain_low < gain AND abs(gain_se / (SELECT stddev_samp(score) / 20 FROM f) - 1) < 0.06 FROM journey.uplift_curve('f', 4, 2000) WHERE fraction = 1$$, 'R-RATE-6 all rows: the average effect and its error');
SELECT pg_temp.holds($$SELECT count(*) = 3 AND array_agg(n ORDER BY n) = '{4,7,10}'::bigint[] FROM journey.uplift_curve('SELECT * FROM f WHERE i <= 10', 3)$$, 'R-RATE-6 rows are rounded up');

-- identities
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini('SELECT priority, 3 * score + 7 AS score FROM f')).estimate, (journey.qini('SELECT priority, 3 * score + 7 AS score FROM f')).std_error]$$, (SELECT ARRAY[3 * e.estimate, 3 * e.std_error] FROM journey.qini('f') e), 'a constant effect adds nothing, a unit scales', 1e-11);
SELECT pg_temp.holds($$SELECT a = b FROM journey.autoc('SELECT * FROM f ORDER BY score') a, journey.autoc('SELECT exp(priority) AS priority, score FROM f ORDER BY i DESC') b$$, 'order of rows and scale of the priority change no bit');
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini('f')).estimate]$$, (SELECT ARRAY[sum(total / 400 - k * mean / 400) / 400] FROM (SELECT k, sum(s) OVER (ORDER BY k) AS total, avg(s) OVER () AS mean FROM (SELECT row_number() OVER (ORDER BY priority DESC, i) AS k, avg(score) OVER (PARTITION BY priority) AS s FROM f) a) b), 'qini in plain SQL', 1e-11);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.autoc('f')).estimate]$$, (SELECT ARRAY[avg(total / k - mean)] FROM (SELECT k, sum(s) OVER (ORDER BY k) AS total, avg(s) OVER () AS mean FROM (SELECT row_number() OVER (ORDER BY priority DESC, i) AS k, avg(score) OVER (PARTITION BY priority) AS s FROM f) a) b), 'autoc in plain SQL', 1e-11);
SELECT pg_temp.holds($$SELECT a.std_error <> b.std_error AND a.estimate = b.estimate FROM journey.autoc('f') a, journey.autoc('f', seed => 1) b$$, 'another seed, other draws');
SELECT pg_temp.holds($$SELECT abs(b.std_error / a.std_error - sqrt(2)) < 0.15 FROM journey.autoc('f') a, journey.autoc('SELECT f.*, i AS cluster FROM f, generate_series(1, 2)') c, journey.autoc('SELECT * FROM f WHERE i % 2 = 0') b$$, 'half the rows, an error greater by the root of two');
SELECT pg_temp.holds($$SELECT abs(c.std_error / a.std_error - 1) < 0.1 AND abs(c.estimate - a.estimate) < 0.002 FROM journey.autoc('f', 1000) a, journey.autoc('SELECT f.*, i AS cluster FROM f, generate_series(1, 2)', 1000) c$$, 'every row twice in its cluster: the same error');
SELECT pg_temp.holds($$SELECT a = b AND a.method = 'half_sample_clustered' FROM journey.qini('SELECT *, c::text AS cluster FROM f') a, journey.qini('SELECT *, (c::text)::varchar AS cluster FROM f') b$$, 'clusters may be text');
-- a priority that knows nothing: 0 within its error, as often as it should
SELECT pg_temp.holds($$SELECT sum((abs(e.estimate) > 1.96 * e.std_error)::int) BETWEEN 2 AND 18 FROM generate_series(1, 200) r, LATERAL (SELECT * FROM journey.qini(format('SELECT journey.hash64(i, 100 + %s) AS priority, journey.hash64(i, 5000 + %s) / 1e18 AS score FROM generate_series(1, 150) i', r, r), 100)) e$$, 'no heterogeneity: rejected in about 5 percent of 200');


-- priorities of several models
SELECT pg_temp.numbers_are($$SELECT ARRAY[e.estimate, e.std_error] FROM journey.autoc('SELECT priority + 10 * c AS priority, score, c % 2 AS fold FROM f') e$$, (SELECT ARRAY[e.estimate, sqrt(2) * e.std_error] FROM journey.autoc('SELECT (2 * rank() OVER w - 2 + count(*) OVER (PARTITION BY c % 2, priority + 10 * c)) / (2 * count(*) OVER (PARTITION BY c % 2))::float8 AS priority, score FROM f WINDOW w AS (PARTITION BY c % 2 ORDER BY priority + 10 * c)') e), 'R-RFO-1 ranks within folds', 1e-12);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini('SELECT priority, 0.5 AS std_error, score, i % 2 AS fold FROM f')).std_error / (journey.qini('SELECT priority, 0 AS std_error, score, i % 2 AS fold FROM f')).std_error]$$, (SELECT ARRAY[sqrt(1 + 100 / sum((priority - m) ^ 2))] FROM (SELECT priority, avg(priority) OVER (PARTITION BY i % 2) AS m FROM f) s), 'R-RFO-2 errors of priorities', 1e-12);
SELECT pg_temp.holds($$SELECT a = b AND a = c AND a.method = 'half_sample_folds' FROM journey.qini('SELECT priority, score, i % 2 AS fold FROM f') a, journey.qini('SELECT priority, score, i % 2 AS fold, CASE WHEN i > 9 THEN 0.5 END AS std_error FROM f') b, journey.qini('SELECT priority + 7 * (i % 2) AS priority, score, i % 2 AS fold FROM f ORDER BY score') c$$, 'R-RFO-2 a null error: not known; the level of a fold is nothing');
SELECT pg_temp.holds($$SELECT abs(a.gain_se / b.gain_se - 1) < 0.25 AND a.toc_se = 0 FROM journey.uplift_curve('SELECT *, i % 2 AS fold FROM f', 4) a, journey.uplift_curve('f', 4) b WHERE a.fraction = 1 AND b.fraction = 1$$, 'the error of all rows is that of the average effect');
SELECT pg_temp.refused($$SELECT journey.qini('SELECT priority, score, 1 AS fold, -1 AS std_error FROM f')$$, '{22023}', 'std_error.*-1', 'a negative error');

-- edges
SELECT is((SELECT q::text FROM journey.autoc('SELECT * FROM f WHERE false') q), '(,,,,0,too_few)', 'R-RATE-5 no rows');
SELECT is((SELECT q::text FROM journey.qini('SELECT 1 AS priority, score FROM f') q), '(,,,,400,one_priority)', 'R-RATE-5 one priority');
SELECT is((SELECT q::text FROM journey.qini('SELECT 1 AS priority, 2 AS score') q), '(,,,,1,one_priority)', 'R-RATE-5 one row');
SELECT is((SELECT q::text FROM journey.qini('SELECT priority, score, 1 AS cluster FROM (VALUES (2, 3.0), (1, 1.0)) v(priority, score)') q), '(0.25,,,,2,half_sample_clustered)', 'R-HALF-3 one cluster: no error');
SELECT is_empty($$SELECT * FROM journey.uplift_curve('SELECT * FROM f WHERE false')$$, 'no rows, no curve');
SELECT is((SELECT q::text FROM journey.qini_area('SELECT priority, true AS treated, outcome FROM f') q), '(,,,,400,one_class)', 'R-QINI-4 all treated');
SELECT is((SELECT array_agg(q::text) FROM journey.qini_area('SELECT priority, 0 AS treated, outcome FROM f WHERE false') q), '{"(,,,,0,too_few)"}', 'R-QINI-4 no rows');
SELECT pg_temp.holds($$SELECT a = b FROM journey.qini_area('SELECT priority, treated::int AS treated, outcome FROM f') a, journey.qini_area('f') b$$, 'treated as 0 and 1');
SELECT pg_temp.refused($$SELECT journey.qini('SELECT priority, NULL::float8 AS score FROM f')$$, '{22004}', 'score.*row 1', 'null score');
SELECT pg_temp.refused($$SELECT journey.autoc('SELECT CASE WHEN i = 3 THEN ''NaN'' ELSE priority END AS priority, score FROM f')$$, '{22003}', 'priority', 'NaN priority');
SELECT pg_temp.refused($$SELECT journey.autoc('SELECT score FROM f')$$, '{42703}', 'priority', 'no priority');
SELECT pg_temp.refused($$SELECT journey.qini('f', 1)$$, '{22023}', 'draws', 'one draw');
SELECT pg_temp.refused($$SELECT journey.uplift_curve('f', 0)$$, '{22023}', 'points', 'no points');
SELECT pg_temp.refused($$SELECT journey.qini_area('SELECT priority, 2 AS treated, outcome FROM f')$$, '{22023}', 'treated.*2', 'treated neither 0 nor 1');
SELECT pg_temp.refused($$SELECT journey.qini(NULL)$$, '{22004}', 'source', 'null source');
SELECT * FROM finish();
ROLLBACK;
