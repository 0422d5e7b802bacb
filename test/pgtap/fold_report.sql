-- fold_report: counts by SQL, chi-square, statuses, and the errors that name a culprit.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SELECT plan(35);

CREATE TABLE tickets AS
SELECT i, i % 150 AS customer_id, journey.fold(i % 150, 5) AS fold, i % 7 = 0 AS churned,
	CASE WHEN i % 11 = 0 THEN NULL ELSE (ARRAY['mail', 'phone', 'chät "x"'])[1 + i % 3] END AS channel,
	'2024-01-01Z'::timestamptz + make_interval(hours => i) AS decided_at
FROM generate_series(1, 900) i;
CREATE TEMP TABLE r AS SELECT * FROM journey.fold_report('tickets', 'customer_id', 'fold', '{churned,channel}');
SELECT results_eq('SELECT fold, n_rows, n_keys, share, first_decided_at, last_decided_at FROM r',
	'SELECT fold, count(*), count(DISTINCT customer_id), count(*) / 900.0::float8, min(decided_at), max(decided_at) FROM tickets GROUP BY 1 ORDER BY 1', 'rows, keys, shares, time span');
SELECT results_eq('SELECT fold, strata FROM r', $$SELECT f.fold, jsonb_build_object('churned', a, 'channel', b) FROM (SELECT DISTINCT fold FROM tickets) f
	JOIN (SELECT fold, jsonb_object_agg(churned::text, n) AS a FROM (SELECT fold, churned, count(*) AS n FROM tickets GROUP BY 1, 2) x GROUP BY 1) a USING (fold)
	JOIN (SELECT fold, jsonb_object_agg(coalesce(channel, '(null)'), n) AS b FROM (SELECT fold, channel, count(*) AS n FROM tickets GROUP BY 1, 2) x GROUP BY 1) b USING (fold) ORDER BY 1$$, 'counts of strata');
SELECT is((SELECT array_agg(DISTINCT status) FROM r), '{ok}', 'status ok');
SELECT is((SELECT array_agg(DISTINCT min_max_ratio) FROM r), (SELECT ARRAY[min(n_rows)::float8 / max(n_rows)] FROM r), 'smallest fold per largest');
SELECT is((SELECT count(DISTINCT p_values) FROM r), 1::bigint, 'p values are of the whole');
SELECT ok((SELECT bool_and(v::text::float8 BETWEEN 0 AND 1) AND count(*) = 6 FROM r, jsonb_each(p_values) c, jsonb_each(c.value) x(k, v) WHERE fold = 1), 'a p for every value of both columns');
-- scipy.stats.chi2_contingency([[10, 20, 30], [20, 20, 20]], correction=False): statistic 16/3, p 0.0694834512228015
SELECT is((SELECT array_agg(DISTINCT round((p_values -> 'late' ->> 'true')::numeric, 14)) FROM journey.fold_report(
	'SELECT f, late, row_number() OVER () AS key FROM (VALUES (1, true, 10), (2, true, 20), (3, true, 30), (1, false, 20), (2, false, 20), (3, false, 20)) v(f, late, n), generate_series(1, n)', 'key', 'f', '{late}')),
	ARRAY[0.06948345122280], 'chi-square as scipy gives it');
SELECT is((SELECT array_agg(r::text) FROM journey.fold_report('SELECT * FROM tickets ORDER BY md5(i::text)', 'customer_id', 'fold', '{churned,channel}') r), (SELECT array_agg(r::text) FROM r), 'the order of rows does not matter');
SELECT is((SELECT array_agg(n_keys ORDER BY fold) FROM journey.fold_report('tickets', NULL, 'fold')), (SELECT array_agg(n_rows ORDER BY fold) FROM r), 'without a key every row is its own');
SELECT is((SELECT array_agg(DISTINCT strata::text || p_values::text) FROM journey.fold_report('tickets', 'customer_id', 'fold', '{}')), '{"{}{}"}', 'no strata');
SELECT is((SELECT count(first_decided_at) FROM journey.fold_report('SELECT fold, customer_id FROM tickets', 'customer_id', 'fold')), 0::bigint, 'no decided_at, no time span');
SELECT is((SELECT array_agg(status ORDER BY fold) FROM journey.fold_report($$VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 1, 'c'), (4, 2, 'a'), (5, 2, 'b'), (6, 2, 'b'), (7, 3, 'c'), (8, 3, 'c'), (9, 3, 'c')$$, 'column1', 'column2', '{column3}')),
	'{ok,class_missing,one_class}', 'class_missing and one_class');
SELECT is((SELECT array_agg(status ORDER BY fold) FROM journey.fold_report($$VALUES (1, 1, 'a'), (2, 2, 'a')$$, 'column1', 'column2', '{column3}')), '{ok,ok}', 'a column of one value has no class to miss');
SELECT is((SELECT array_agg(DISTINCT p_values ->> 'column3') FROM journey.fold_report($$VALUES (1, 1, 'a'), (2, 2, 'a')$$, 'column1', 'column2', '{column3}')), '{"{\"a\": null}"}', 'nor a p');
SELECT is((SELECT array_agg(fold) FROM journey.fold_report('SELECT customer_id, fold::smallint AS fold FROM tickets', 'customer_id', 'fold')), '{1,2,3,4,5}', 'smallint');
SELECT is_empty($$SELECT * FROM journey.fold_report('SELECT * FROM tickets WHERE false', 'customer_id', 'fold', '{channel}')$$, 'no rows, no report');
SELECT is((SELECT array_agg(n_keys ORDER BY f.fold) FROM journey.fold_report('SELECT t.i, t.customer_id, f.fold, t.churned FROM tickets t JOIN journey.assign_folds(''tickets'', ''customer_id'', 10, ''balanced'', ''{churned}'') f ON f.key = t.customer_id::text', 'customer_id', 'fold', '{churned}') f), array_fill(15::bigint, ARRAY[10]), 'the folds of assign_folds');

-- Errors.
CREATE FUNCTION pg_temp.report(source text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$ SELECT format('SELECT * FROM journey.fold_report(%L, ''key'', ''fold''%s)', source, more) $$;
SELECT throws_ok(pg_temp.report('SELECT v.* FROM (VALUES (''x'', 2), (''y'', 1), (''x'', 1)) v(key, fold)'), '22000', 'key "x" of column "key" lies in folds 1 and 2', 'a key in two folds');
SELECT throws_ok(pg_temp.report('SELECT i AS key, i % 3 + 1 AS fold FROM generate_series(1, 3) i UNION ALL SELECT 4, 5'), '22023', 'column "fold" has folds up to 5, but there are only 4 distinct keys', 'more folds than keys');
SELECT throws_ok(pg_temp.report('SELECT i AS key, CASE WHEN i % 3 = 2 THEN 4 ELSE i % 3 + 1 END AS fold FROM generate_series(1, 9) i'), '22000', 'fold 3 of 4 is empty', 'an empty fold');
SELECT throws_ok(pg_temp.report('SELECT i AS key, 1 AS fold FROM generate_series(1, 9) i'), '22023', 'column "fold" has one fold only, which leaves no rows to train on', 'one fold');
SELECT throws_ok(pg_temp.report('SELECT greatest(i, 4) AS key, 1 + greatest(i, 4) % 3 AS fold FROM generate_series(1, 9) i'), '22000', 'key "4" of column "key" holds 4 of 9 rows, more than 1/3', 'a heavy key is named');
SELECT lives_ok(pg_temp.report('SELECT greatest(i, 3) AS key, 1 + greatest(i, 3) % 3 AS fold FROM generate_series(1, 9) i'), 'exactly 1/k is allowed');
SELECT throws_ok(pg_temp.report('SELECT i AS key, 1 + i % 3 AS fold, i = 5 AS late FROM generate_series(1, 9) i', ', ''{late}'''), '22000', 'column "late" has "true" in fold 3 only, so the training part of that fold lacks it', 'a class in one fold only');
SELECT is((SELECT string_agg(status, ' ' ORDER BY fold) FROM journey.fold_report('SELECT i AS key, 1 + i % 3 AS fold, CASE WHEN i <> 5 THEN i > 5 END AS late FROM generate_series(1, 9) i', 'key', 'fold', '{late}')), 'ok ok ok', 'NULL is no class: it may be in one fold only');
SELECT throws_ok(pg_temp.report('SELECT 1 AS key, NULL::integer AS fold'), '22004', 'column "fold" is null in row 1 of the source', 'NULL fold');
SELECT throws_ok(pg_temp.report('SELECT NULL::integer AS key, 1 AS fold'), '22004', 'column "key" is null in row 1 of the source', 'NULL key');
SELECT throws_ok(pg_temp.report('SELECT 1 AS key, 0 AS fold'), '22003', 'column "fold" is 0 in row 1 of the source, folds are 1 to 10000', 'fold 0');
SELECT throws_ok(pg_temp.report('SELECT 1 AS key, 99999999999 AS fold'), '22003', NULL, 'a fold too large');
SELECT throws_ok(pg_temp.report('SELECT 1 AS key, ''a'' AS fold'), '42804', 'column "fold" of the source must be an integer to be a fold', 'a fold that is text');
SELECT throws_ok(pg_temp.report('SELECT 1 AS key, 1 AS fold', ', ''{nothing}'''), '42703', NULL, 'no such stratum');
SELECT throws_ok(pg_temp.report('SELECT 1 AS key, 1 AS fold, 0.5 AS half', ', ''{half}'''), '42804', NULL, 'a stratum that is a fraction');
SELECT throws_ok(pg_temp.report('SELECT i AS key, 1 + i % 3 AS fold, CASE WHEN i % 2 = 0 THEN ''(null)'' END AS late FROM generate_series(1, 12) i', ', ''{late}'''), '22023', 'column "late" has both NULL and the text "(null)"', 'NULL and its name');
SELECT throws_ok($$SELECT * FROM journey.fold_report('tickets', 'customer_id', NULL)$$, '22004', 'argument "fold" must not be null', 'fold NULL');
SELECT throws_ok($$SELECT * FROM journey.fold_report(NULL, 'customer_id', 'fold')$$, '22004', NULL, 'source NULL');

SELECT * FROM finish();
ROLLBACK;
