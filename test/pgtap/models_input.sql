-- What fit() refuses: each with its SQLSTATE and the name of what is wrong.
BEGIN;
\ir lib/close.psql
SELECT plan(70);
CREATE TEMP TABLE good AS SELECT i AS id, i % 7 AS x, (i * 3) % 11 AS z, i % 5 AS y, i % 2 = 0 AS b, 'l' || i % 3 AS l FROM generate_series(1, 50) i;

-- The source.
SELECT pg_temp.refused($$SELECT journey.fit('nowhere', 'y', NULL)$$, '{42P01}', 'nowhere', 'relation that does not exist');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT * FRM good', 'y', NULL)$$, '{42601}', '.', 'syntax error');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y FROM good; SELECT 1', 'y', NULL)$$, '{42601,0A000,22023}', 'quer|statement|command', 'two statements');
SELECT pg_temp.refused($$SELECT journey.fit('DELETE FROM good RETURNING *', 'y', NULL)$$, '{42601,0A000,22023,25006,42809}', 'DELETE|SELECT|quer', 'DELETE');
SELECT pg_temp.refused($$SELECT journey.fit('WITH d AS (DELETE FROM good RETURNING *) SELECT x, y FROM d', 'y', NULL)$$,
	'{42601,0A000,22023,25006}', 'DELETE|modif|read-only|SELECT', 'DELETE inside WITH');
SELECT pg_temp.refused($$SELECT journey.fit('INSERT INTO good VALUES (1) RETURNING *', 'y', NULL)$$, '{42601,0A000,22023,25006,42809}', 'INSERT|SELECT|quer', 'INSERT');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y FROM good FOR UPDATE', 'y', NULL)$$, '{42601,0A000,22023,25006}', '.', 'FOR UPDATE');
SELECT pg_temp.refused($$SELECT journey.fit('DROP TABLE good', 'y', NULL)$$, '{42601,0A000,22023,25006,42P01,42809}', '.', 'DROP');
SELECT pg_temp.refused($$SELECT journey.fit('', 'y', NULL)$$, '{42601,22023,42602,42P01,0A000}', '.', 'empty text');
SELECT pg_temp.refused($$SELECT journey.fit(NULL, 'y', NULL)$$, '{22004}', 'source', 'NULL source');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x / (x - 3) AS x, y FROM good', 'y', NULL)$$, '{22012}', 'zero', 'an error of the query comes through');
SELECT pg_temp.holds('SELECT count(*) = 50 FROM good', 'nothing was deleted or added');
SELECT pg_temp.holds($$SELECT (journey.fit('good', 'y', NULL, '{x,z}')).status = 'ok'$$, 'the session lives on');

-- Columns.
SELECT pg_temp.refused($$SELECT journey.fit('good', 'target', NULL)$$, '{42703}', 'target', 'missing target');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', 'household', '{x}')$$, '{42703}', 'household', 'missing key');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x,colour}')$$, '{42703}', 'colour', 'missing feature');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', weight => 'heft')$$, '{42703}', 'heft', 'missing weight');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', offset_column => 'start')$$, '{42703}', 'start', 'missing offset');
SELECT pg_temp.refused($$SELECT journey.fit('good', NULL, NULL)$$, '{22004}', 'target', 'NULL target name');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x,NULL}')$$, '{22004}', 'features', 'NULL among the features');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{{x},{z}}')$$, '{2202E}', 'features', 'features in two dimensions');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x,z,x}')$$, '{22023,42701}', 'x', 'a feature twice');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x,y}')$$, '{22023,42701}', 'y', 'the target among the features');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT now() AS t, y FROM good', 'y', NULL)$$, '{42804}', '\mt\M.*timestamp', 'a timestamp feature');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT ARRAY[x] AS xs, y FROM good', 'y', NULL)$$, '{42804}', 'xs', 'an array feature');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, to_jsonb(y) AS y FROM good', 'y', NULL)$$, '{42804}', '\my\M', 'a jsonb target');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, l FROM good', 'l', NULL)$$, '{42804}', '\ml\M', 'a text target, gaussian');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, l FROM good', 'l', NULL, family => 'binomial')$$, '{42804}', '\ml\M', 'a text target, binomial');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y FROM good', 'y', NULL, family => 'binomial')$$, '{42804,22023,22003}', '\my\M', 'a binomial target of 2');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, l FROM good', 'y', NULL, '{x}', weight => 'l')$$, '{42804}', '\ml\M', 'a text weight');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, x::float8 AS k FROM good', 'y', 'k', '{x}')$$, '{42804}', '\mk\M', 'a float8 key');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, now() AS k FROM good', 'y', 'k', '{x}')$$, '{42804}', '\mk\M', 'a timestamp key');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, x AS x, y FROM good', 'y', NULL)$$, '{42701,42702,22023}', '\mx\M', 'two columns of one name');

-- Values.
SELECT pg_temp.refused($$SELECT journey.fit('SELECT nullif(x, 3) AS x, y FROM good', 'y', NULL)$$, '{22004}', '\mx\M', 'NULL feature');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT nullif(l, ''l1'') AS l, y FROM good', 'y', NULL)$$, '{22004}', '\ml\M', 'NULL label');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT nullif(b, true) AS b, y FROM good', 'y', NULL)$$, '{22004}', '\mb\M', 'NULL boolean');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, nullif(y, 3) AS y FROM good', 'y', NULL)$$, '{22004}', '\my\M', 'NULL target');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, nullif(id, 3) AS k FROM good', 'y', 'k', '{x}')$$, '{22004}', '\mk\M', 'NULL key');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, nullif(id, 3) AS k FROM good', 'y', 'k', '{x}', missing => 'drop')$$,
	'{22004}', '\mk\M', 'NULL key is not a missing feature');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, nullif(id, 3) AS w FROM good', 'y', NULL, '{x}', weight => 'w')$$, '{22004}', '\mw\M', 'NULL weight');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT CASE x WHEN 3 THEN ''NaN'' ELSE x::float8 END AS x, y FROM good', 'y', NULL)$$, '{22003}', '\mx\M', 'NaN feature');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT CASE x WHEN 3 THEN ''NaN'' ELSE x::numeric END AS x, y FROM good', 'y', NULL)$$, '{22003}', '\mx\M', 'NaN in numeric');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT CASE x WHEN 3 THEN ''-Infinity'' ELSE x::float8 END AS x, y FROM good', 'y', NULL, missing => 'drop')$$,
	'{22003}', '\mx\M', 'an infinite feature, drop or not');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, CASE y WHEN 3 THEN ''Infinity'' ELSE y::float8 END AS y FROM good', 'y', NULL)$$, '{22003}', '\my\M', 'infinite target');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, ''NaN''::float8 AS w FROM good', 'y', NULL, '{x}', weight => 'w')$$, '{22003}', '\mw\M', 'NaN weight');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, 2 - x AS w FROM good', 'y', NULL, '{x}', weight => 'w')$$, '{22003,22023}', '\mw\M', 'negative weight');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, ''Infinity''::float8 AS o FROM good', 'y', NULL, '{x}', offset_column => 'o')$$, '{22003}', '\mo\M', 'infinite offset');
SELECT pg_temp.holds($$SELECT m.n = 43 AND m.status = 'ok' FROM journey.fit('SELECT nullif(x, 3) AS x, y FROM good', 'y', NULL, missing => 'drop') m$$,
	'missing => drop leaves the other rows');
SELECT pg_temp.holds($$SELECT m.status = 'too_few' FROM journey.fit('SELECT NULL::int AS x, y FROM good', 'y', NULL, missing => 'drop') m$$,
	'missing => drop may leave nothing');
SELECT pg_temp.holds($$SELECT m.status = 'too_few' FROM journey.fit('SELECT x, y, 0 AS w FROM good', 'y', NULL, '{x}', weight => 'w') m$$, 'all weights zero');

-- Weights and offsets at the door.
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, CASE id WHEN 17 THEN -0.5 ELSE 1 END AS w FROM good', 'y', NULL, '{x}', weight => 'w')$$,
	'{22023}', 'weight "w" is -0.5 in row 17 of the source, it must not be negative', 'a negative weight names its row');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, CASE id WHEN 17 THEN -0.5 ELSE 0 END AS w FROM good', 'y', NULL, '{x}', weight => 'w')$$,
	'{22023}', 'row 17', 'a negative weight among zeros');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, nullif(id, 3) AS w FROM good', 'y', NULL, '{x}', weight => 'w', missing => 'drop')$$,
	'{22004}', 'column "w" is null in row 3', 'a NULL weight is not a missing feature');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, nullif(id, 3) AS w FROM good', 'y', NULL, '{x}', weight => 'w', missing => 'mean')$$,
	'{22004}', 'column "w" is null in row 3', 'a NULL weight has no mean');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, ''Infinity''::float8 AS w FROM good', 'y', NULL, '{x}', weight => 'w')$$, '{22003}', '\mw\M.*row 1', 'an infinite weight');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT x, y, nullif(id, 3) AS o FROM good', 'y', NULL, '{x}', offset_column => 'o')$$, '{22004}', 'column "o" is null in row 3', 'NULL offset');
SELECT pg_temp.holds($$SELECT m.n = 49 FROM journey.fit('SELECT x, y, nullif(id, 3) AS o FROM good', 'y', NULL, '{x}', offset_column => 'o', missing => 'drop') m$$, 'drop leaves a NULL offset out');
SELECT pg_temp.holds($$SELECT a::text = b::text AND a.n = 43 FROM journey.fit('SELECT CASE WHEN x = 3 THEN 1e6 ELSE x END AS x, y, CASE WHEN x = 3 THEN 0 ELSE 2 END AS w FROM good', 'y', NULL, '{x}', weight => 'w') a,
	journey.fit('SELECT x::numeric, y, 2 AS w FROM good WHERE x <> 3', 'y', NULL, '{x}', weight => 'w') b$$, 'rows of weight 0 are not there');
SELECT pg_temp.holds($$SELECT m.encoding #>> '{features,0,filled}' = '0' AND m.status = 'ok' FROM journey.fit('SELECT nullif(x, 3) AS x, y, CASE WHEN x = 3 THEN 0 ELSE 2 END AS w FROM good', 'y', NULL, '{x}', weight => 'w', missing => 'mean') m$$,
	'rows of weight 0 are not filled either');
SELECT pg_temp.holds($$SELECT count(*) = 2 AND bool_and(CASE f WHEN 'gaussian' THEN (m).status = 'too_few' ELSE (m).status IN ('too_few', 'separated') END) FROM unnest('{gaussian,binomial}'::text[]) f,
	LATERAL (SELECT journey.fit('SELECT b::int AS y, x, z, l FROM good ORDER BY id LIMIT 3', 'y', NULL, family => f) AS m OFFSET 0) s$$, 'more terms than rows');

-- Arguments.
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', 'gausian')$$, '{22023}', 'gausian', 'family');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', NULL)$$, '{22004}', 'family', 'NULL family');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', penalty => 'rdige')$$, '{22023}', 'rdige', 'penalty');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', penalty => 'ridge', lambda => -1)$$, '{22023,22003}', 'lambda', 'negative lambda');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', penalty => 'ridge', lambda => 'NaN')$$, '{22023,22003}', 'lambda', 'lambda NaN');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', errors => 'hc9')$$, '{22023}', 'hc9', 'errors');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, '{x}', missing => 'guess')$$, '{22023}', 'guess', 'missing');
SELECT pg_temp.refused($$SELECT journey.fit((SELECT 'SELECT 1 AS y, ' || string_agg('1 AS c' || i, ', ') FROM generate_series(1, 2000) i), 'y', NULL)$$,
	'{54011,54000}', '.', '2,000 columns in a query');
SELECT pg_temp.refused($$SELECT journey.fit('good', 'y', NULL, (SELECT array_agg('c' || i) FROM generate_series(1, 2000) i))$$,
	'{42703,54000,22023}', '.', '2,000 features that do not exist');
SELECT pg_temp.holds($$SELECT m.status IN ('too_few', 'rank_deficient') FROM journey.fit((SELECT 'SELECT i AS y, '
	|| string_agg(format('(i * %s) %% 101 AS c%s', i, i), ', ') || ' FROM generate_series(1, 20) i' FROM generate_series(1, 1500) i), 'y', NULL) m$$,
	'1,500 features of 20 rows: a status');
SELECT * FROM finish();
ROLLBACK;
