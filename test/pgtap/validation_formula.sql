-- cross_validate() and its kin with a formula, and with rows that lack a value.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
\ir lib/close.psql
SELECT plan(12);

CREATE TABLE public.plans AS
SELECT c AS customer_id, 1 + c % 5 AS part, x, z, plan, round((x * x - z * x + (plan = 'b')::int * x + sin(c * 7.0)::float8)::numeric, 6)::float8 AS y,
	sin(c * 3.0) + x * z > 0.2 AS kept
FROM generate_series(1, 200) c, LATERAL (SELECT sin(c)::float8 AS x, cos(c * c)::float8 AS z, (ARRAY['a', 'b', 'c'])[1 + c % 3] AS plan) v;

-- By hand: fit on the other parts, predict this one.
CREATE TEMP TABLE by_hand AS
SELECT p AS fold, m.model FROM generate_series(1, 5) p,
	LATERAL (SELECT journey.fit(format('SELECT customer_id, y, x, z, plan FROM public.plans WHERE part <> %s', p), 'y', 'customer_id', formula => 'x * plan + x:z + x^2') AS model) m;
CREATE TEMP TABLE held_out AS
SELECT h.fold, sqrt(avg((s.y - s.predicted) ^ 2)) AS rmse
FROM by_hand h, LATERAL (SELECT w.y, journey.predict(h.model, w) AS predicted FROM public.plans w WHERE w.part = h.fold) s GROUP BY h.fold;
CREATE TEMP TABLE ours AS
SELECT * FROM journey.cross_validate('SELECT customer_id, part, y, x, z, plan FROM public.plans', 'y', 'customer_id', fold => 'part',
	metrics => '{rmse}', formula => 'x * plan + x:z + x^2');
SELECT is(count(*), 5::bigint, 'five folds') FROM ours WHERE fold IS NOT NULL;
SELECT is_empty($$SELECT o.fold, o.value, h.rmse FROM ours o JOIN held_out h USING (fold) WHERE abs(o.value / h.rmse - 1) > 1e-10$$,
	'a formula in every fold is the formula fitted by hand');
SELECT ok((SELECT value FROM ours WHERE fold IS NULL) < (SELECT value FROM journey.cross_validate('SELECT customer_id, part, y, x, z, plan FROM public.plans', 'y', 'customer_id',
	fold => 'part', metrics => '{rmse}') WHERE fold IS NULL), 'and predicts better than the columns alone, which the target was not made of');
SELECT is((SELECT max(abs(o.predicted - journey.predict(h.model, w))) < 1e-9 FROM journey.out_of_fold('SELECT customer_id, part, y, x, z, plan FROM public.plans', 'y', 'customer_id',
	fold => 'part', formula => 'x * plan + x:z + x^2') o JOIN public.plans w ON w.customer_id = o.key::bigint JOIN by_hand h ON h.fold = w.part), true,
	'out_of_fold predicts as the models by hand');
SELECT is((SELECT status FROM journey.nested_cv('public.plans', 'y', 'customer_id', penalty => 'ridge', lambdas => '{0.001, 1}', metrics => '{rmse}', repeats => 1,
	formula => 'x * plan')), 'ok', 'nested_cv takes a formula');
SELECT is((SELECT count(*) FROM journey.cross_validate('public.plans', 'kept', 'customer_id', family => 'binomial', metrics => '{auc}', repeats => 1,
	formula => 'x * z') WHERE fold IS NOT NULL AND status = 'ok'), 10::bigint, 'so does a logistic model');

-- Rows that lack a value.
CREATE TABLE public.gaps AS SELECT customer_id, part, y, CASE WHEN customer_id % 7 <> 0 THEN x END AS x, z FROM public.plans;
SELECT throws_ok($$SELECT * FROM journey.cross_validate('public.gaps', 'y', 'customer_id', fold => 'part')$$, '22004', NULL, 'a missing value is an error');
SELECT results_eq($$SELECT metric, fold, n_train, n_test, value FROM journey.cross_validate('public.gaps', 'y', 'customer_id', fold => 'part', missing => 'drop')$$,
	$$SELECT metric, fold, n_train, n_test, value FROM journey.cross_validate('SELECT * FROM public.gaps WHERE x IS NOT NULL', 'y', 'customer_id', fold => 'part')$$,
	'dropped rows are as if they had not been there');
SELECT throws_ok($$SELECT * FROM journey.cross_validate('public.gaps', 'y', 'customer_id', missing => 'mean')$$, '0A000',
	'missing => ''mean'' is not for cross-validation', 'the mean of all rows is refused');
SELECT throws_ok($$SELECT * FROM journey.cross_validate('public.gaps', 'y', 'customer_id', missing => 'guess')$$, '22023', NULL, 'an unknown word is refused');
SELECT throws_ok($$SELECT * FROM journey.cross_validate('public.plans', 'y', 'customer_id', formula => 'x +')$$, '42601', NULL, 'a formula that ends early is refused');
SELECT throws_ok($$SELECT * FROM journey.cross_validate('public.plans', 'y', 'customer_id', features => '{x}', formula => 'x')$$, '22023', NULL,
	'a formula beside features is refused');
SELECT * FROM finish();
ROLLBACK;
