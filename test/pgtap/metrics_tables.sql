-- roc, calibration, gains, auc_difference and fdr: vectors, identities, order
-- of rows, edges, refusals.
BEGIN;
SET LOCAL jit = off;
SET LOCAL client_min_messages = warning;
SELECT plan(42);

CREATE TABLE ten AS
SELECT i, p AS predicted, y AS observed FROM unnest('{.9,.9,.8,.5,.5,.5,.5,.3,.2,.1}'::float8[], '{1,0,1,1,0,0,1,0,1,0}'::float8[])
	WITH ORDINALITY u(p, y, i);
CREATE TABLE formula AS
SELECT i, p AS predicted, (((i * 104729) % 97) / 97.0::float8 + p > 0.9) AS observed, (i * 31) % 57 AS c, ((i * 37) % 50)::float8 AS other
FROM (SELECT i, ((i * 7919) % 101) / 128.0::float8 + 1 / 256.0::float8 AS p FROM generate_series(1, 400) i) s;

-- roc
SELECT is((SELECT string_agg(format('%s %s %s', threshold, tpr, fpr), '; ' ORDER BY threshold DESC) FROM journey.roc('ten')),
	'Infinity 0 0; 0.9 0.2 0.2; 0.8 0.4 0.2; 0.5 0.8 0.6; 0.3 0.8 0.8; 0.2 1 0.8; 0.1 1 1', 'R-TAB-1 roc of the ten rows');
SELECT is((SELECT format('%s %s %s', count(*), round(sum(area)::numeric, 13), sum(threshold) FILTER (WHERE threshold < 2))
	FROM (SELECT threshold, (fpr - lag(fpr) OVER w) * (tpr + lag(tpr) OVER w) / 2 AS area FROM journey.roc('formula') WINDOW w AS (ORDER BY threshold DESC)) s),
	'102 0.7630992893604 39.84765625', 'roc: points, area and thresholds of scikit-learn');
SELECT is((SELECT array_agg((threshold, tpr, fpr)::text) FROM journey.roc('SELECT predicted, 1 AS observed FROM ten')),
	'{"(Infinity,0,)","(0.9,0.2,)","(0.8,0.3,)","(0.5,0.7,)","(0.3,0.8,)","(0.2,0.9,)","(0.1,1,)"}', 'roc of one class: no fpr');
SELECT is_empty($$SELECT * FROM journey.roc('SELECT * FROM ten WHERE false')$$, 'roc of nothing');

-- calibration
SELECT is((SELECT string_agg(format('%s %s %s %s %s %s', bin, n, predicted, observed, round(conf_low::numeric, 6), round(conf_high::numeric, 6)), '; ') FROM journey.calibration('ten')),
	'2 1 0.1 0 0.000000 0.793451; 3 1 0.2 1 0.206549 1.000000; 4 1 0.3 0 0.000000 0.793451; 6 4 0.5 0.5 0.150039 0.849961; 9 1 0.8 1 0.206549 1.000000; 10 2 0.9 0.5 0.094531 0.905469',
	'R-TAB-3 R-TAB-4 calibration, equal width, Wilson');
SELECT is((SELECT round((sum(n * abs(observed - predicted)) / sum(n))::numeric, 14) FROM journey.calibration('ten')), 0.22, 'expected calibration error of the ten rows');
SELECT is((SELECT array_agg((bin, n)::text) FROM journey.calibration('SELECT i AS predicted, true AS observed FROM unnest(''{0,0.1,0.999,1}''::float8[]) i', 10)), '{"(1,1)","(2,1)","(10,2)"}', 'R-TAB-3 1 lies in the last bin');
SELECT is((SELECT array_agg((bin, n)::text) FROM journey.calibration('ten', 3, 'quantile')), '{"(1,3)","(2,4)","(3,3)"}', 'R-TAB-3 quantile: a tie is not parted');
SELECT is((SELECT array_agg((bin, n)::text) FROM journey.calibration('SELECT 0.5 AS predicted, observed FROM ten', 4, 'equal_mass')), '{"(3,10)"}', 'one value is one bin');
SELECT is((SELECT array_agg(n) FROM journey.calibration('SELECT predicted + i / 1e6 AS predicted, observed FROM formula', 8, method => 'quantile')), '{50,50,50,50,50,50,50,50}'::bigint[], 'quantile: equal mass');
SELECT ok((SELECT bool_and(a.conf_low = b.conf_low AND a.conf_high = b.conf_high) FROM journey.calibration('SELECT *, i AS cluster FROM formula', 4) a JOIN journey.calibration('formula', 4) b USING (bin)
	WHERE a.observed NOT IN (0, 1)) IS NOT NULL, 'clusters of one row come in as well');
SELECT ok((SELECT bool_and(b.conf_high - b.conf_low > 1.2 * (a.conf_high - a.conf_low)) FROM journey.calibration('SELECT f.*, i AS cluster FROM formula f, generate_series(1, 2)', 4) b
	JOIN journey.calibration('SELECT f.* FROM formula f, generate_series(1, 2)', 4) a USING (bin)), 'R-TAB-4 every row twice in its cluster: wider by about the root of two');
SELECT ok((SELECT bool_and(abs(b.conf_high - a.conf_high) < 0.003) FROM journey.calibration('SELECT f.*, i AS cluster FROM formula f, generate_series(1, 2)', 4) b
	JOIN journey.calibration('formula', 4) a USING (bin)), 'and as wide as with every row once');
SELECT is((SELECT array_agg((conf_low IS NULL)::text || (conf_high IS NULL)) FROM journey.calibration('SELECT 0.3 AS predicted, observed, ''one'' AS cluster FROM ten')), '{truetrue}', 'R-TAB-4 one cluster: no interval');
SELECT is_empty($$SELECT * FROM journey.calibration('SELECT * FROM ten WHERE false')$$, 'calibration of nothing');

-- calibration_line (test/oracles/metrics.py)
CREATE FUNCTION pg_temp.line(source text) RETURNS text LANGUAGE sql AS $$SELECT string_agg(concat_ws(' ', round(estimate::numeric, 9), round(std_error::numeric, 9), method, status), '; ') FROM journey.calibration_line(source)$$;
SELECT is(pg_temp.line('formula'), '0.472755665 0.117485921 sandwich ok; 0.409815290 0.118947055 sandwich ok; 0.856301285 0.118833038 sandwich ok', 'R-LINE-1 R-LINE-2 R-LINE-3 by statsmodels');
SELECT is(pg_temp.line('SELECT *, c AS cluster FROM formula ORDER BY md5(i::text)'), '0.472755665 0.107514414 sandwich_clustered ok; 0.409815290 0.122562850 sandwich_clustered ok; 0.856301285 0.123472793 sandwich_clustered ok', 'R-LINE-3 clusters');
SELECT is((SELECT array_agg(pg_temp.line(q) ORDER BY o) FROM unnest(ARRAY['SELECT 0.25 AS predicted, i = 1 AS observed FROM ten', 'SELECT i / 11.0 AS predicted, i > 5 AS observed FROM ten', 'SELECT predicted, true AS observed FROM ten',
	'SELECT i / 10.0 AS predicted, observed FROM ten', 'SELECT * FROM ten WHERE false', 'SELECT *, 1 AS cluster FROM formula']) WITH ORDINALITY u(q, o)),
	ARRAY['-1.098612289 1.111111111 sandwich ok; sandwich constant; sandwich constant', '0.000000000 0.552770798 sandwich ok; sandwich separated; sandwich separated', 'sandwich one_class; sandwich one_class; sandwich one_class',
	'sandwich certain; sandwich certain; sandwich certain', 'sandwich too_few; sandwich too_few; sandwich too_few', '0.472755665 sandwich_clustered too_few; 0.409815290 sandwich_clustered too_few; 0.856301285 sandwich_clustered too_few'], 'R-LINE-4 what has no line');
SELECT ok((SELECT bool_and(abs(estimate) < 1e-9) AND count(*) = 2 FROM journey.calibration_line('SELECT 1e-300 AS predicted, i % 2 = 0 AS observed FROM ten UNION ALL SELECT 0.999999, i % 2 = 0 FROM ten') WHERE term <> 'in_the_large'), 'extreme logits without information: slope 0');

-- gains
SELECT is((SELECT array_agg(format('%s %s %s %s %s', fraction, n, events, captured, round(lift::numeric, 6))) FROM journey.gains('ten', 4)),
	'{"0.25 3 2 0.4 1.333333","0.5 5 3 0.6 1.200000","0.75 8 4 0.8 1.000000","1 10 5 1 1.000000"}', 'R-TAB-2 gains of the ten rows');
SELECT ok((SELECT bool_and(abs(g.lift - l.lift) < 1e-13 AND g.n = ceil(g.fraction * 400 - 1e-9)) AND count(*) = 10 FROM journey.gains('formula') g
	JOIN (SELECT f, journey.lift(predicted, observed, f) AS lift FROM formula, (SELECT i / 10.0::float8 AS f FROM generate_series(1, 10) i) x GROUP BY f) l ON l.f = g.fraction), 'gains agree with lift');
SELECT is((SELECT array_agg((n, events, captured, lift)::text) FROM journey.gains('SELECT predicted, false AS observed FROM ten', 2)), '{"(5,0,,)","(10,0,,)"}', 'gains without an event');
SELECT is_empty($$SELECT * FROM journey.gains('SELECT * FROM ten WHERE false')$$, 'gains of nothing');

-- auc_difference
SELECT ok(abs(d.difference - (journey.auc(predicted, observed) - journey.auc(other, observed))) < 1e-15 AND d.auc_a = journey.auc(predicted, observed) AND d.auc_b = journey.auc(other, observed)
	AND d.n = 400 AND d.method = 'delong' AND d.status = 'ok' AND abs(d.conf_high - d.difference - 1.959963984540054 * d.std_error) < 1e-14, 'auc_difference is one AUC less the other')
FROM formula, journey.auc_difference('SELECT predicted AS a, other AS b, observed FROM formula') d GROUP BY d.difference, d.auc_a, d.auc_b, d.n, d.method, d.status, d.conf_high, d.std_error;
SELECT ok(abs(d.std_error - (e.a).std_error) < 1e-15 AND d.difference = (e.a).estimate - 0.5, 'against a constant score: the error of one AUC')
FROM journey.auc_difference('SELECT predicted AS a, 1 AS b, observed FROM formula') d, (SELECT journey.auc_ci(predicted, observed) AS a FROM formula) e;
SELECT ok(abs(d.std_error - (e.a).std_error) < 1e-15 AND d.method = 'delong_clustered', 'the same with clusters')
FROM journey.auc_difference('SELECT predicted AS a, 1 AS b, observed, c::text AS cluster FROM formula') d, (SELECT journey.auc_ci(predicted, observed, c::text) AS a FROM formula) e;
SELECT ok(a.difference = -b.difference AND a.std_error = b.std_error AND a.p_value = b.p_value AND a.p_value BETWEEN 0 AND 1, 'roles exchanged')
FROM journey.auc_difference('SELECT predicted AS a, other AS b, observed, c AS cluster FROM formula') a, journey.auc_difference('SELECT predicted AS b, other AS a, observed, c AS cluster FROM formula') b;
SELECT is((SELECT d::text FROM journey.auc_difference('SELECT predicted AS a, 2 * predicted - 7 AS b, observed, i AS cluster FROM ten') d), '(0,0,0,0,1,0.62,0.62,10,delong_clustered,ok)', 'the same order: z = 0');
SELECT is((SELECT array_agg(d::text ORDER BY o) FROM unnest(ARRAY['SELECT 1 AS a, 2 AS b, true AS observed WHERE false', 'SELECT i AS a, i AS b, true AS observed FROM ten',
	'SELECT i AS a, -i AS b, i > 9 AS observed FROM ten', 'SELECT i AS a, -i AS b, i > 5 AS observed FROM ten', 'SELECT i AS a, predicted AS b, i > 5 AS observed, 1 AS cluster FROM ten']) WITH ORDINALITY u(q, o), journey.auc_difference(q) d),
	ARRAY['(,,,,,,,0,delong,too_few)', '(,,,,,,,10,delong,one_class)', '(1,,,,,1,0,10,delong,too_few)', '(1,0,,,,1,0,10,delong,no_variance)', '(0.92,,,,,1,0.08,10,delong_clustered,too_few)'], 'auc_difference that cannot be tested');

-- the order of rows
SELECT is((SELECT md5(string_agg(x, ',')) FROM (SELECT r::text FROM journey.roc('SELECT * FROM formula ORDER BY md5(i::text)') r UNION ALL SELECT c::text FROM journey.calibration('SELECT *, c AS cluster FROM formula ORDER BY md5(i::text)', 7, 'quantile') c
	UNION ALL SELECT g::text FROM journey.gains('SELECT * FROM formula ORDER BY md5(i::text)', 7) g UNION ALL SELECT d::text FROM journey.auc_difference('SELECT predicted AS a, other AS b, observed, c AS cluster FROM formula ORDER BY md5(i::text)') d) s(x)),
	(SELECT md5(string_agg(x, ',')) FROM (SELECT r::text FROM journey.roc('SELECT * FROM formula ORDER BY i DESC') r UNION ALL SELECT c::text FROM journey.calibration('SELECT *, c AS cluster FROM formula ORDER BY i DESC', 7, 'quantile') c
	UNION ALL SELECT g::text FROM journey.gains('SELECT * FROM formula ORDER BY i DESC', 7) g UNION ALL SELECT d::text FROM journey.auc_difference('SELECT predicted AS a, other AS b, observed, c AS cluster FROM formula ORDER BY i DESC') d) s(x)),
	'the order of rows does not matter');

-- fdr: reference/validation.md 9.3, statsmodels and R
CREATE FUNCTION pg_temp.rounded(p float8[]) RETURNS numeric[] LANGUAGE sql AS $$SELECT array_agg(round(x::numeric, 12) ORDER BY o) FROM unnest(p) WITH ORDINALITY u(x, o)$$;
CREATE TABLE ps AS SELECT '{.001,.008,.039,.041,.042,.06,.074,.205,.212,.216}'::float8[] AS p;
SELECT is(pg_temp.rounded(journey.fdr(p)), '{0.01,0.04,0.084,0.084,0.084,0.1,0.105714285714,0.216,0.216,0.216}'::numeric[], 'R-MUL-1 bh') FROM ps;
SELECT is(pg_temp.rounded(journey.fdr(p, 'by')), '{0.029289682540,0.117158730159,0.246033333333,0.246033333333,0.246033333333,0.292896825397,0.309633786848,0.632657142857,0.632657142857,0.632657142857}'::numeric[], 'R-MUL-1 by') FROM ps;
SELECT is(pg_temp.rounded(journey.fdr(p, 'holm')), '{0.01,0.072,0.312,0.312,0.312,0.312,0.312,0.615,0.615,0.615}'::numeric[], 'R-MUL-3 holm') FROM ps;
SELECT is(pg_temp.rounded(journey.fdr(p, 'hochberg')), '{0.01,0.072,0.216,0.216,0.216,0.216,0.216,0.216,0.216,0.216}'::numeric[], 'R-MUL-3 hochberg') FROM ps;
SELECT is(pg_temp.rounded(journey.fdr(p, method => 'bonferroni')), '{0.01,0.08,0.39,0.41,0.42,0.6,0.74,1,1,1}'::numeric[], 'R-MUL-3 bonferroni') FROM ps;
SELECT is(journey.fdr('{0.02,NULL,0.01,NULL,1}'), '{0.03,NULL,0.03,NULL,1}'::float8[], 'R-PGF-1 NULL is no test');
SELECT is(ARRAY[journey.fdr(NULL)::text, journey.fdr('{}')::text, journey.fdr('{NULL}')::text, journey.fdr('{0}')::text], '{NULL,"{}","{NULL}","{0}"}', 'NULL, empty, no test, 0');

-- refusals
CREATE FUNCTION pg_temp.refusal(call text) RETURNS text LANGUAGE plpgsql AS
$$BEGIN EXECUTE 'SELECT ' || call; RETURN 'accepted'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END$$;
SELECT is(pg_temp.refusal(call), want, call) FROM (VALUES
	($$journey.calibration('SELECT 1.5 AS predicted, 1 AS observed')$$, '22023 column "predicted" is 1.5 in row 1 of the source, it must be a probability between 0 and 1'),
	($$journey.gains('SELECT 1 AS predicted, 2 AS observed')$$, '22023 column "observed" is 2 in row 1 of the source, it must be 0 or 1'),
	($$journey.calibration('ten', 10, 'kmeans')$$, '22023 unrecognized method "kmeans"'),
	($$journey.fdr('{0.1,1.5}')$$, '22023 element 2 of argument "p" is 1.5, it must be between 0 and 1')) v(call, want);
SELECT is((SELECT array_agg(left(pg_temp.refusal(call), 5) ORDER BY o) FROM unnest(ARRAY[$$journey.roc(NULL)$$, $$journey.roc('SELECT 1 AS predicted')$$, $$journey.roc('SELECT ''a'' AS predicted, true AS observed')$$,
	$$journey.roc('SELECT 1 AS predicted, NULL::boolean AS observed')$$, $$journey.gains('SELECT NULL::float8 AS predicted, true AS observed')$$, $$journey.roc('SELECT ''NaN''::float8 AS predicted, true AS observed')$$,
	$$journey.gains('ten', 0)$$, $$journey.gains('ten', NULL)$$, $$journey.calibration('ten', 10, NULL)$$, $$journey.auc_difference('ten')$$, $$journey.auc_difference('SELECT 1 AS a, 1 AS b, true AS observed, NULL::text AS cluster')$$,
	$$journey.auc_difference('SELECT 1 AS a, 1 AS b, true AS observed, 1.5 AS cluster')$$, $$journey.fdr('{NaN}')$$, $$journey.fdr('{0.1}', NULL)$$, $$journey.fdr('{0.1}', 'sidak')$$, $$journey.fdr('{{0.1},{0.2}}')$$, $$journey.fdr(NULL, 'sidak')$$]) WITH ORDINALITY u(call, o)),
	'{22004,42703,42804,22004,22004,22003,22023,22004,22004,42703,22004,42804,22023,22004,22023,2202E,22023}'::text[], 'other refusals');
SELECT * FROM finish();
ROLLBACK;
