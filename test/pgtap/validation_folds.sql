-- assign_folds against the definition in reference/validation.md 1.3
-- (numbers of test/oracles/folds.py, its own hash).
BEGIN;
\ir lib/close.psql
SELECT plan(25);
CREATE TEMP TABLE weighted AS SELECT k FROM generate_series(0, 23) k, generate_series(0, k * 7 % 5);
CREATE TEMP TABLE words AS SELECT 'customer ' || k AS k, k AS o FROM generate_series(0, 19) k, generate_series(0, k % 3);

SELECT pg_temp.numbers_are($$SELECT array_agg(fold ORDER BY key) FROM journey.assign_folds('SELECT generate_series(0, 9) AS k', 'k', 5)$$,
	'{2,4,5,2,1,3,3,1,5,4}', 'ntile is the default, keys 0..9', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(fold ORDER BY key::int) FROM journey.assign_folds('weighted', 'k', 4, 'ntile')$$,
	'{1,3,4,2,1,2,3,1,4,4,1,2,3,1,2,2,4,3,1,4,4,1,2,2}', 'ntile weighs keys by rows', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(fold ORDER BY key::int) FROM journey.assign_folds('weighted', 'k', 4, 'ntile', repeats => 2) WHERE repeat = 2$$,
	'{1,1,3,2,3,1,4,3,3,3,2,1,2,2,2,1,1,4,2,1,1,4,4,2}', 'ntile, repeat 2', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(fold ORDER BY key::int) FROM journey.assign_folds('weighted', 'k', 4, 'ntile', seed => 7)$$,
	'{2,1,3,2,3,4,2,1,1,2,2,4,4,4,1,4,1,3,3,2,2,3,4,1}', 'ntile, seed 7', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(fold ORDER BY key::int) FROM journey.assign_folds('weighted', 'k', 4, 'ntile', repeats => 3, seed => 7) WHERE repeat = 3$$,
	'{1,4,2,4,1,3,3,3,1,3,2,3,1,4,1,4,4,2,4,3,2,4,2,1}', 'ntile, seed 7, repeat 3', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(fold ORDER BY key::int) FROM journey.assign_folds('weighted', 'k', 4, 'ntile', repeats => 2, seed => -1) WHERE repeat = 2$$,
	'{1,3,2,4,1,1,4,1,4,2,3,2,3,4,1,4,4,2,3,1,4,3,3,4}', 'ntile, a negative seed', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(f.fold ORDER BY o) FROM journey.assign_folds('words', 'k', 5) f, (SELECT DISTINCT k, o FROM words) w WHERE w.k = f.key$$,
	'{5,3,3,2,1,4,5,2,5,2,5,4,2,4,3,1,1,1,5,2}', 'ntile, text keys', 0);
SELECT pg_temp.numbers_are($$SELECT array_agg(f.fold ORDER BY o) FROM journey.assign_folds('words', 'k', 5, 'hash', repeats => 2, seed => 3) f, (SELECT DISTINCT k, o FROM words) w
	WHERE w.k = f.key AND repeat = 2$$, '{4,5,5,3,3,1,2,3,1,3,5,2,4,5,3,4,3,2,4,2}', 'hash, text keys, seed and repeat', 0);
SELECT pg_temp.holds($$SELECT bool_and(f.fold = journey.fold(f.key::bigint, 10, 5, f.repeat)) AND count(*) = 300
	FROM journey.assign_folds('SELECT generate_series(1, 100) AS k', 'k', 10, 'hash', repeats => 3, seed => 5) f$$, 'hash = fold()');
SELECT pg_temp.holds($$SELECT bool_and(f.n_rows = 1 + f.key::int * 7 % 5) AND count(*) = 24 AND count(DISTINCT key) = 24 FROM journey.assign_folds('weighted', 'k', 4) f$$,
	'n_rows are the rows of each key, every key once');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM (SELECT key, fold, n_rows FROM journey.assign_folds('weighted', 'k', 4)
	EXCEPT SELECT key, fold, n_rows FROM journey.assign_folds('SELECT k::bigint AS k FROM weighted ORDER BY k DESC', 'k', 4)) d$$, 'order and integer width do not matter');
SELECT pg_temp.holds($$SELECT max(n) - min(n) <= 1 AND count(*) = 7 FROM (SELECT fold, count(*) AS n FROM journey.assign_folds('SELECT generate_series(1, 1000) AS k', 'k', 7) GROUP BY fold) f$$,
	'ntile is even to one row');
SELECT pg_temp.holds($$SELECT count(*) <= 25 FROM journey.assign_folds('SELECT generate_series(1, 1000) AS k', 'k', 10) a
	JOIN journey.assign_folds('SELECT generate_series(1, 1100) AS k', 'k', 10) b USING (key) WHERE a.fold <> b.fold$$, 'ntile: at most 2.5 % of keys move when 10 % are added');
SELECT pg_temp.holds($$SELECT array_agg(DISTINCT fold) = '{1}' FROM journey.assign_folds('weighted', 'k', 1)$$, 'k = 1');
SELECT pg_temp.holds($$SELECT count(*) = 4 AND count(DISTINCT fold) = 4 FROM journey.assign_folds('SELECT generate_series(1, 4) AS k', 'k', 4)$$, 'as many folds as keys');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('SELECT generate_series(1, 4) AS k', 'k', 5)$$, '{22023,22000}', '(4.*5|5.*4)', 'more folds than keys: both numbers are named');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM journey.assign_folds('SELECT 1 AS k WHERE false', 'k', 1, 'hash')$$, 'no rows, no folds');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('SELECT nullif(k, 3) AS k FROM weighted', 'k', 4)$$, '{22004}', '\mk\M', 'NULL key');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('weighted', 'customer', 4)$$, '{42703}', 'customer', 'missing key column');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('weighted', NULL, 4)$$, '{22004}', 'key', 'NULL key name');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('SELECT k::float8 AS k FROM weighted', 'k', 4)$$, '{42804}', '\mk\M', 'float8 key');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('weighted', 'k', 0)$$, '{22023}', '\mk\M', 'k = 0');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('weighted', 'k', NULL)$$, '{22004}', '\mk\M', 'k NULL');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('weighted', 'k', 4, 'nutile')$$, '{22023}', 'nutile', 'method');
SELECT pg_temp.refused($$SELECT * FROM journey.assign_folds('weighted', 'k', 4, repeats => 0)$$, '{22023}', 'repeats', 'repeats = 0');
SELECT * FROM finish();
ROLLBACK;
