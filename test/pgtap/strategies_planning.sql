-- srm_test, required_customers: numbers of test/oracles/strategies_randomised.py
-- and every argument that makes no sense.
BEGIN;
\ir lib/close.psql
SELECT plan(38);
SET LOCAL jit = off;
SELECT pg_temp.numbers_are(format('SELECT ARRAY[statistic, df, p_value, e_value] FROM journey.srm_test(%L, %L)', o, e), w, n, 1e-9) FROM (VALUES
	('{21307,21387,21306}', NULL, '{0.20253125,2,0.903692957560,4.18111247971e-05}'::float8[], 'Hillstrom'),
	('{510,490}', NULL, '{0.4,1,0.527089256866,0.048362896602}', 'two strategies'),
	('{5300,4700}', '{0.5,0.5}', '{36,1,1.97317529008e-09,830313.505854}', 'a broken deal'),
	('{905,102,45}', '{90,5,5}', '{49.338191804,2,1.93351602662e-11,339600.056559}', 'unequal shares'),
	('{0,20,20}', NULL, '{20,2,4.53999297625e-05,102435.667774}', 'nobody got the first one')) v(o, e, w, n);
SELECT pg_temp.holds($$SELECT statistic IS NULL AND df = 2 AND p_value IS NULL AND e_value IS NULL FROM journey.srm_test('{0,0,0}')$$, 'no rows: no figures');
SELECT pg_temp.holds($$SELECT statistic IS NULL AND df IS NULL AND p_value IS NULL AND e_value IS NULL FROM journey.srm_test(NULL)$$, 'NULL: NULL');
SELECT pg_temp.holds($$SELECT p_value = 0 AND e_value = 'Infinity' FROM journey.srm_test('{9000000000000000000,0}')$$, 'beyond all doubt');
SELECT pg_temp.refused(format('SELECT * FROM journey.srm_test(%L, %L)', o, e), codes, pattern, n) FROM (VALUES
	('{1,NULL}', NULL, '{22004}'::text[], 'observed.*null', 'a NULL count'),
	('{1,2}', '{1,NULL}', '{22004}', 'expected.*null', 'a NULL share'),
	('{1,-2}', NULL, '{22023}', 'element 2.*observed.*-2', 'a negative count'),
	('{5}', NULL, '{22023}', 'observed.*at least 2', 'one strategy'),
	('{}', NULL, '{22023}', 'observed.*at least 2', 'no strategy'),
	('{{1,2},{3,4}}', NULL, '{2202E}', 'observed.*one dimension', 'two dimensions'),
	('{1,2}', '{{1,2}}', '{2202E}', 'expected.*one dimension', 'two dimensions of shares'),
	('{1,2}', '{1,2,3}', '{2202E}', 'expected.*3.*observed.*2', 'lengths differ'),
	('{1,2}', '{}', '{2202E}', 'expected.*0.*observed.*2', 'empty shares'),
	('{1,2}', '{1,0}', '{22023}', 'element 2.*expected', 'a share of 0'),
	('{1,2}', '{1,-1}', '{22023}', 'element 2.*expected', 'a negative share'),
	('{1,2}', '{1,NaN}', '{22003}', 'element 2.*expected.*finite', 'NaN'),
	('{1,2}', '{1,Infinity}', '{22003}', 'element 2.*expected.*finite', 'infinity'),
	('{1,2}', '{1,1e-310}', '{22003}', 'expected', 'a share that vanishes')) v(o, e, codes, pattern, n);
SELECT pg_temp.numbers_are($$SELECT ARRAY[journey.required_customers(.1, .02), journey.required_customers(.1, -.02), journey.required_customers(.7, .005, .9, .01),
	journey.required_customers(.1, .02, cluster_size => 5, icc => .2), journey.required_customers(.1, .02, cluster_size => 5, icc => 1)]$$, '{3839,3211,248769,1382,3839}', 'customers for a rate', 0);
SELECT pg_temp.numbers_are($$SELECT ARRAY[journey.required_customers_mean(5, 1), journey.required_customers_mean(5, -1, .9), journey.required_customers_mean(5, 1, cluster_size => 3, icc => .5),
	journey.required_customers_mean(5e200, 1e200), journey.required_customers_mean(1e-9, 1)]$$, '{393,526,262,393,2}', 'customers for a mean', 0);
SELECT is(journey.required_customers(NULL, 0.1), NULL, 'NULL: NULL');
SELECT pg_temp.refused('SELECT ' || call, codes, pattern, call) FROM (VALUES
	('journey.required_customers(0, .1)', '{22023}'::text[], 'baseline is 0'),
	('journey.required_customers(''NaN'', .1)', '{22023}', 'baseline is NaN'),
	('journey.required_customers(.5, .5)', '{22023}', 'baseline . effect is 1'),
	('journey.required_customers(.5, 0)', '{22023}', 'effect is 0'),
	('journey.required_customers(.5, .1, 1)', '{22023}', 'power is 1'),
	('journey.required_customers(.5, .1, .8, 0)', '{22023}', 'alpha is 0'),
	('journey.required_customers(.5, .1, cluster_size => .5)', '{22023}', 'cluster_size is 0.5'),
	('journey.required_customers(.5, .1, cluster_size => 2, icc => 1.5)', '{22023}', 'icc is 1.5'),
	('journey.required_customers(.5, 1e-12)', '{22003}', 'bigint'),
	('journey.required_customers_mean(0, 1)', '{22023}', 'sd is 0'),
	('journey.required_customers_mean(1, ''Infinity'')', '{22023}', 'effect is Infinity'),
	('journey.required_customers_mean(1e200, 1e-200)', '{22003}', 'bigint')) v(call, codes, pattern);
SELECT pg_temp.holds($$SELECT e_value > 1 / 0.0005 AND p_value < 0.0005 FROM journey.srm_test(ARRAY[5300, 4700])$$, 'whole numbers of any kind');
SELECT * FROM finish();
ROLLBACK;
