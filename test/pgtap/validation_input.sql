-- What cross_validate and out_of_fold refuse, and what they answer when there
-- is too little.
BEGIN;
\ir lib/close.psql
SELECT plan(38);
CREATE TEMP TABLE good AS SELECT i AS id, i % 7 AS x, i % 5 + i % 3 AS y, i % 2 = 0 AS b, 1 + i % 4 AS f FROM generate_series(1, 60) i;
-- Either no such row or a clear refusal of the data.
CREATE FUNCTION pg_temp.gives_nothing(query text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
	EXECUTE 'SELECT count(*) FROM (' || query || ') q' INTO n;
	RETURN pg_temp.verdict(CASE WHEN n > 0 THEN n || ' rows' END, name);
EXCEPTION WHEN data_exception OR invalid_parameter_value THEN
	RETURN pg_temp.verdict(NULL, name);
WHEN OTHERS THEN
	RETURN pg_temp.verdict(SQLSTATE || ': ' || SQLERRM, name);
END $$;

SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', k => 61)$$, '{22023,22000}', '(60.*61|61.*60)', 'more folds than keys: both numbers are named');
SELECT pg_temp.refused($$SELECT * FROM journey.out_of_fold('good', 'y', 'id', '{x}', k => 61)$$, '{22023,22000}', '(60.*61|61.*60)', 'out_of_fold: more folds than keys');
SELECT pg_temp.holds($$SELECT count(DISTINCT fold) = 60 FROM journey.out_of_fold('good', 'y', 'id', '{x}', k => 60, repeats => 1)$$, 'as many folds as keys: leave one out');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', k => 1)$$, '{22023}', '\mk\M', 'k = 1');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', k => NULL)$$, '{22004}', '\mk\M', 'k NULL');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', repeats => 0)$$, '{22023}', 'repeats', 'repeats = 0');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', folds => 'bucket')$$, '{22023}', 'bucket', 'folds');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', metrics => '{rmse,rsme}')$$, '{22023}', 'rsme', 'metrics');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', metrics => '{auc}')$$, '{22023}', 'auc', 'a metric of another family');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', family => 'gausian')$$, '{22023}', 'gausian', 'family');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', penalty => 'ridge', lambdas => '{0.1,-1}')$$, '{22003,22023}', 'lambda', 'a negative penalty');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', penalty => 'ridge', lambdas => '{0.1,NULL}')$$, '{22004}', 'lambda', 'a NULL penalty');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', penalty => 'ridge', lambdas => '{0.1,NaN}')$$, '{22003}', 'lambda', 'a NaN penalty');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', penalty => 'ridge', lambdas => '{{0.1},{1}}')$$, '{2202E}', 'lambda', 'penalties in two dimensions');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', penalty => 'ridge', lambdas => '{}')$$, '{22023,2202E}', 'lambda', 'no penalty at all');

-- Fold column.
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'id', '{x}', fold => 'part')$$, '{42703}', 'part', 'missing fold column');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT *, nullif(f, 3) AS g FROM good', 'y', 'id', '{x}', fold => 'g')$$, '{22004}', '\mg\M', 'NULL fold');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT *, now() AS g FROM good', 'y', 'id', '{x}', fold => 'g')$$, '{42804}', '\mg\M', 'a fold column of another type');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT *, 1 AS g FROM good', 'y', 'id', '{x}', fold => 'g')$$, '{22023,22000}', '\mg\M|fold', 'one fold only');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT id % 30 AS c, x, y, f FROM good', 'y', 'c', '{x}', fold => 'f')$$, '{22023,22000}', 'fold', 'a fold column that tears a key');
SELECT pg_temp.holds($$SELECT count(DISTINCT fold) = 4 AND min(fold) = 10 FROM journey.out_of_fold('SELECT *, 10 * f AS g FROM good', 'y', 'id', '{x}', fold => 'g')$$, 'fold numbers need not start at 1');

-- Source, columns, values: as fit().
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'goal', 'id', '{x}')$$, '{42703}', 'goal', 'missing target');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('good', 'y', 'client', '{x}')$$, '{42703}', 'client', 'missing key');
SELECT pg_temp.refused($$SELECT * FROM journey.out_of_fold('good', 'y', 'id', '{colour}')$$, '{42703}', 'colour', 'missing feature');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT nullif(x, 3) AS x, y, id FROM good', 'y', 'id')$$, '{22004}', '\mx\M', 'NULL feature');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT x, y, nullif(id, 3) AS id FROM good', 'y', 'id')$$, '{22004}', '\mid\M', 'NULL key');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT CASE x WHEN 3 THEN ''NaN'' ELSE x::float8 END AS x, y, id FROM good', 'y', 'id')$$, '{22003}', '\mx\M', 'NaN feature');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT CASE x WHEN 3 THEN ''Infinity'' ELSE x::float8 END AS x, y, id FROM good', 'y', 'id')$$, '{22003}', '\mx\M', 'infinite feature');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT x, y, id FROM good; SELECT 1', 'y', 'id')$$, '{42601,0A000,22023}', 'quer|statement|command', 'two statements');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('DELETE FROM good RETURNING *', 'y', 'id')$$, '{42601,0A000,22023,25006,42809}', 'DELETE|SELECT|quer', 'DELETE');
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT x, y::text AS y, id FROM good', 'y', 'id')$$, '{42804}', '\my\M', 'a text target');
SELECT pg_temp.holds('SELECT count(*) = 60 FROM good', 'nothing was deleted');

-- Too little.
SELECT pg_temp.refused($$SELECT * FROM journey.cross_validate('SELECT 1 AS x, 2 AS y, 3 AS id', 'y', 'id')$$, '{22023,22000}', '1', 'one row, ten folds');
SELECT pg_temp.gives_nothing($$SELECT * FROM journey.cross_validate('SELECT 1 AS x, 2 AS y, 3 AS id WHERE false', 'y', 'id') WHERE value IS NOT NULL OR status = 'ok'$$, 'an empty source has no figure');
SELECT pg_temp.gives_nothing($$SELECT * FROM journey.cross_validate('SELECT id, x, true AS b FROM good', 'b', 'id', '{x}', 'binomial') WHERE status = 'ok' AND metric = 'auc'$$, 'one class has no AUC');
SELECT pg_temp.gives_nothing($$SELECT * FROM journey.out_of_fold('SELECT 1 AS x, 2 AS y, 3 AS id WHERE false', 'y', 'id')$$, 'out_of_fold of an empty source');
SELECT pg_temp.holds($$SELECT bool_and(status <> 'ok' OR value IS NOT NULL) AND count(*) > 0 FROM journey.cross_validate('SELECT id, x, y, id % 3 AS a, id % 11 AS c FROM good WHERE id <= 6', 'y', 'id', '{x,a,c}', k => 3, repeats => 1)$$,
	'as many training rows as terms: a value or a status');
SELECT pg_temp.holds($$SELECT bool_and(value IS NULL OR value NOT IN ('NaN', 'Infinity', '-Infinity')) AND bool_and(std_error IS NULL OR std_error <> 'NaN')
	FROM journey.cross_validate('SELECT id, x, 5 AS y FROM good', 'y', 'id', '{x}', k => 60, repeats => 1)$$, 'a constant target, one row a fold: no NaN');
SELECT * FROM finish();
ROLLBACK;
