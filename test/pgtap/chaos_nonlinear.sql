-- Asymmetry, forms and RESET through SQL: rows by formula against statsmodels
-- (test/oracles/chaos_symbols.py), simulated scales with a ceiling, refusals,
-- the same bits whatever the rows' order.
BEGIN;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(54);

CREATE TEMP TABLE a AS
SELECT r.*, score - .8 * pos * neg / 3.0 + .3 * last::integer AS curved, score + (i * 17 % 11 - 5) / 2.0 > 3 AS yes, floor(abs(score)) AS number
FROM (SELECT i, i % 60 AS customer, pos, neg, age, i * 5 % 3 = 0 AS last,
		3 + .3::float8 * pos - .9 * neg + .2 * age + ((i * i * 11 + i * 5) % 23 - 11) / 8.0 AS score
	FROM generate_series(1, 240) i, LATERAL (SELECT i * 7 % 5 AS pos, (i * i + 2 * i + i / 3) % 4 AS neg, (i * 13 % 29) / 10.0 AS age) x) r;

-- asymmetry
SELECT pg_temp.numbers_are($$SELECT ARRAY[beta_positive, beta_negative, ratio, conf_low, conf_high, share_at_bound, n] FROM journey.asymmetry('a', 'score', 'pos', 'neg', '{age}')$$,
	ARRAY[.314540217672, -.887434777763, 2.821371411044, 2.189909379939013, 3.8258833615878736, 1 / 240.0, 240], 'statsmodels: ratio and Fieller', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[contrast_p_value] FROM journey.asymmetry('a', 'score', 'pos', 'neg', '{age}')$$, '{5.22719635141e-19}', 'statsmodels: contrast', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[positive_after_negative, after_conf_low, after_conf_high] FROM journey.asymmetry('a', 'score', 'pos', 'neg', '{age}')$$,
	'{.296024417795,.199879535862,.392169299728}', 'statsmodels: positives after a negative', 1e-10);
SELECT pg_temp.numbers_are($$SELECT ARRAY[ratio, conf_low, conf_high, contrast_p_value] FROM journey.asymmetry('a', 'score', 'pos', 'neg', '{age}', key => 'customer')$$,
	'{2.821371411044,2.3213194296924264,3.5218959874346027,4.40686547366e-31}', 'clustered', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[ratio, conf_low, conf_high, contrast_p_value, share_at_bound] FROM journey.asymmetry('a', 'yes', 'pos', 'neg', '{age}', 'binomial')$$,
	'{2.586104503631,1.317312791645584,9.32498309535703,.00296793317395,NULL}', 'binomial', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[ratio, conf_low, conf_high, contrast_p_value] FROM journey.asymmetry('a', 'number', 'pos', 'neg', '{age}', 'poisson')$$,
	'{2.911893257351,1.863295512857724,5.484498827858215,5.06920386359e-07}', 'poisson', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[ratio, conf_low, conf_high] FROM journey.asymmetry('SELECT *, score - .29 * pos AS s FROM a', 's', 'pos', 'neg', '{age}')$$,
	'{36.16246561582,8.55415611887004,Infinity}', 'unbounded: a ray', 1e-8);
SELECT is((SELECT status FROM journey.asymmetry('SELECT *, score - .29 * pos AS s FROM a', 's', 'pos', 'neg', '{age}')), 'unbounded', 'and its status');
SELECT is((SELECT (conf_low, conf_high, status)::text FROM journey.asymmetry('SELECT *, ((i * 31) % 17)::float8 AS s FROM a', 's', 'pos', 'neg')), '(,,unbounded)', 'neither effect is there: no ends');
SELECT pg_temp.numbers_are($$SELECT ARRAY[share_at_bound] FROM journey.asymmetry('SELECT *, least(greatest(round(score), 1), 5) AS s FROM a', 's', 'pos', 'neg', '{age}')$$, '{.175}', 'share at the bound', 1e-14);
SELECT is((SELECT status FROM journey.asymmetry('SELECT *, least(score, 3.5) AS s FROM a', 's', 'pos', 'neg', '{age}')), 'ceiling', 'a ceiling');
SELECT is((SELECT status FROM journey.asymmetry('SELECT *, least(greatest(round(score), 2), 3) AS s FROM a', 's', 'pos', 'neg', '{age}', 'ordinal')), 'ok', 'ordinal has no ceiling');
SELECT pg_temp.holds($$SELECT a.beta_negative < a.beta_positive AND a.conf_low < a.ratio AND a.ratio < a.conf_high FROM journey.asymmetry('SELECT *, least(greatest(round(score), 1), 5) AS s FROM a', 's', 'pos', 'neg', '{age}', 'ordinal') a$$, 'ordinal: signs and interval');
SELECT pg_temp.holds($$SELECT f.coefficients[2] = a.beta_positive AND f.coefficients[3] = a.beta_negative FROM journey.asymmetry('a', 'yes', 'pos', 'neg', '{age}', 'binomial') a, journey.fit('a', 'yes', NULL, '{pos,neg,age}', 'binomial') f$$, 'the coefficients of fit()');
SELECT is((SELECT status FROM journey.asymmetry('a', 'score', 'neg', 'pos')), 'wrong_sign', 'roles exchanged');
SELECT is((SELECT (beta_positive, conf_low, status)::text FROM journey.asymmetry('SELECT *, 4 AS s FROM a', 's', 'pos', 'neg')), '(,,one_class)', 'one outcome');
SELECT is((SELECT status FROM journey.asymmetry('SELECT *, true AS s FROM a', 's', 'pos', 'neg', family => 'binomial')), 'one_class', 'one class');
SELECT is((SELECT (conf_low, contrast_p_value, status)::text FROM journey.asymmetry('SELECT *, neg < 2 AS s FROM a', 's', 'pos', 'neg', family => 'binomial')), '(,,separated)', 'separated');
SELECT is((SELECT (ratio, status)::text FROM journey.asymmetry('SELECT *, pos * 2 AS twice FROM a', 'score', 'pos', 'twice')), '(,rank_deficient)', 'one is twice the other');
SELECT is((SELECT (ratio, n, status)::text FROM journey.asymmetry('SELECT * FROM a WHERE false', 'score', 'pos', 'neg')), '(,0,too_few)', 'no rows');
SELECT is((SELECT status FROM journey.asymmetry('SELECT * FROM a WHERE i <= 3', 'score', 'pos', 'neg')), 'too_few', 'three rows');
SELECT is((SELECT status FROM journey.asymmetry('SELECT * FROM a WHERE i <= 30', 'score', 'pos', 'neg')), 'low_n', '30 rows');
SELECT is((SELECT (conf_low, status)::text FROM journey.asymmetry('SELECT *, 1 AS one FROM a', 'score', 'pos', 'neg', key => 'one')), '(,too_few)', 'one customer has no spread');
SELECT throws_ok($$SELECT journey.asymmetry('a', 'score', 'pos', 'pos')$$, '22023', 'arguments "positive" and "negative" both name column "pos"', 'one column in both roles');
SELECT throws_ok($$SELECT journey.asymmetry('SELECT *, ''x'' || pos AS p FROM a', 'score', 'p', 'neg')$$, '42804', 'column "p" holds text, a number or boolean is wanted', 'a text column');
SELECT throws_ok($$SELECT journey.asymmetry('SELECT *, nullif(neg, 2) AS m FROM a', 'score', 'pos', 'm')$$, '22004', NULL, 'NULL in a row');
SELECT throws_ok($$SELECT journey.asymmetry('SELECT *, ''Infinity''::float8 AS m FROM a', 'score', 'pos', 'm')$$, '22003', NULL, 'infinity');
SELECT throws_ok($$SELECT journey.asymmetry('a', 'score', 'pos', 'nix')$$, '42703', NULL, 'a missing column');
SELECT throws_ok($$SELECT journey.asymmetry('a', 'score', 'pos', 'neg', family => 'cauchy')$$, '22023', NULL, 'another family');
SELECT throws_ok($$SELECT journey.asymmetry('a', 'score', 'pos', 'neg', NULL)$$, '22004', NULL, 'NULL controls');
SELECT throws_ok($$SELECT journey.asymmetry(NULL, 'score', 'pos', 'neg')$$, '22004', NULL, 'no source');

-- a symmetric effect on a scale that is cut off (reference 6.3)
CREATE TEMP TABLE scale AS
SELECT pos, neg, 3 + .4 * pos - .4 * neg + noise AS latent
FROM (SELECT floor(-2.5 * ln(((i * 7919) % 1009 + .5) / 1009.0::float8)) AS pos, floor(-.9 * ln(((i * 104729) % 997 + .5) / 997.0::float8)) AS neg,
	sqrt(-2 * ln(((i * 48271::bigint) % 65537 + .5) / 65537.0::float8)) * cos(6.283185307179586 * ((i * 69621::bigint * 31) % 65521) / 65521.0) AS noise
	FROM generate_series(1, 8000) i) x;
SELECT pg_temp.holds($$SELECT abs(ratio - 1) < .08 AND status = 'ok' AND contrast_p_value > .05 AND conf_low < 1 AND conf_high > 1 FROM journey.asymmetry('scale', 'latent', 'pos', 'neg')$$, 'the latent effect is symmetric');
SELECT pg_temp.holds($$SELECT ratio > 1.15 AND status = 'ceiling' AND share_at_bound > .2 FROM journey.asymmetry('SELECT *, least(greatest(round(latent::numeric), 1), 5) AS csat FROM scale', 'csat', 'pos', 'neg')$$, 'cut off at 5 it looks asymmetric, and says ceiling');
SELECT pg_temp.holds($$SELECT abs(ratio - 1) < .08 AND status = 'ok' FROM journey.asymmetry('SELECT *, least(greatest(round(latent::numeric), 1), 5) AS csat FROM scale', 'csat', 'pos', 'neg', family => 'ordinal')$$, 'ordinal sees through it');

-- forms
SELECT pg_temp.numbers_are($$SELECT array_agg(x ORDER BY o, p) FROM (SELECT row_number() OVER () AS o, * FROM journey.nonlinearity('a', 'curved', 'pos', 'neg', '{age}', key => 'customer', k => 60, order_columns => '{last}')) f,
		LATERAL unnest(ARRAY[deviance, std_error]) WITH ORDINALITY u(x, p) WHERE form <> 'boosting'$$,
	'{4.304046980602,0,3.199380706177,.283479736683,4.339416612424,.049160564536,4.313518384310,.050175552593,4.382703978185,.023069047272,4.228355982402,.109591112558}', 'every customer by the others: deviances and paired errors', 1e-9);
SELECT is((SELECT array_agg(form) FROM journey.nonlinearity('a', 'curved', 'pos', 'neg', '{age}', key => 'customer', order_columns => '{last}')),
	'{additive,interaction,threshold_1,threshold_2,threshold_3,order_aware,boosting}', 'forms, from simple to rich');
SELECT is((SELECT array_agg(form) FROM journey.nonlinearity('a', 'curved', 'pos', 'neg', '{age}', key => 'customer') WHERE chosen), '{interaction}', 'a product in the outcome is found');
SELECT is((SELECT array_agg(form) FROM journey.nonlinearity('a', 'score', 'pos', 'neg', '{age}') WHERE chosen), '{additive}', 'an additive outcome stays additive');
SELECT is((SELECT array_agg(form) FROM journey.nonlinearity('SELECT *, score - 3 * (neg >= 2)::integer AS s FROM a', 's', 'pos', 'neg', '{age}') WHERE chosen), '{threshold_2}', 'a threshold is found');
SELECT is((SELECT array_agg(form) FROM journey.nonlinearity('SELECT *, score - 2 * last::integer AS s FROM a', 's', 'pos', 'neg', '{age}', order_columns => '{last}') WHERE chosen), '{order_aware}', 'the last event is found');
SELECT pg_temp.numbers_are($$SELECT array_agg(deviance ORDER BY form) FROM journey.nonlinearity('a', 'yes', 'pos', 'neg', '{age}', 'binomial', 'customer', 60) WHERE form IN ('additive', 'interaction')$$,
	ARRAY[4.9998963522, 4.9998963522 + .0232965250], 'binomial', 1e-8);
SELECT is((SELECT count(DISTINCT status || chosen) FROM journey.nonlinearity('a', 'number', 'pos', 'neg', family => 'poisson') WHERE form <> 'order_aware'), 2::bigint, 'poisson: one chosen, all ok');
SELECT is((SELECT array_agg(DISTINCT status || coalesce(deviance::text, '') || chosen) FROM journey.nonlinearity('SELECT * FROM a WHERE customer < 9', 'score', 'pos', 'neg', key => 'customer')), '{too_fewfalse}', 'nine customers');
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.nonlinearity('SELECT *, 1 AS s FROM a', 's', 'pos', 'neg')), '{one_class}', 'one outcome');
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.nonlinearity('SELECT * FROM a WHERE false', 'score', 'pos', 'neg')), '{too_few}', 'no rows');
SELECT throws_ok($$SELECT journey.nonlinearity('a', 'score', 'pos', 'neg', family => 'ordinal')$$, '0A000', NULL, 'another family');
SELECT throws_ok($$SELECT journey.nonlinearity('a', 'score', 'pos', 'neg', k => 1)$$, '22023', NULL, 'one fold');

-- RESET
SELECT pg_temp.numbers_are($$SELECT ARRAY[statistic, df1, df2, p_value] FROM journey.reset_test('SELECT x, 1 + 2 * x + .05 * x * x + e AS y FROM unnest(''{.3,-.2,.1,-.4,.5,-.1,.2,-.3,.4,-.5,.1,.2,-.2,.3,-.1,-.3,.4,.1,-.4,.2}''::float8[]) WITH ORDINALITY u(e, x)', 'y')$$,
	'{206.799719098,2,16,3.70211771084085e-12}', 'reference vector', 1e-9);
SELECT pg_temp.numbers_are($$SELECT ARRAY[statistic, df1, df2, p_value] FROM journey.reset_test('a', 'curved', '{pos,neg,age}')$$, '{.35122700598281786,2,234,.7041943627901982}', 'statsmodels: F', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[statistic, df1, df2, p_value] FROM journey.reset_test('a', 'yes', '{pos,neg,age}', 'binomial')$$, '{.127390417566,2,NULL,.9382909387899467}', 'statsmodels: likelihood ratio', 1e-7);
SELECT is((SELECT string_agg(status || coalesce(p_value::text, ''), ' ' ORDER BY o) FROM unnest(ARRAY['SELECT last AS x, score AS y FROM a', 'SELECT 1 AS x, score AS y FROM a', 'SELECT pos AS x, 3 + 2 * pos AS y FROM a', 'SELECT pos AS x, score AS y FROM a WHERE i <= 4', 'SELECT pos AS x, score AS y FROM a WHERE false']) WITH ORDINALITY q(s, o), journey.reset_test(s, 'y')),
	'rank_deficient constant perfect_fit too_few too_few', 'no figure, but a reason');
SELECT throws_ok($$SELECT journey.reset_test('a', 'score', '{pos}', 'ordinal')$$, '0A000', NULL, 'another family for RESET');

-- the same bits
CREATE TEMP VIEW answers AS
SELECT 1 AS q, e::text AS a FROM journey.asymmetry('a', 'score', 'pos', 'neg', '{age}', key => 'customer') e UNION ALL SELECT 2, e::text FROM journey.nonlinearity('a', 'score', 'pos', 'neg', '{age}', key => 'customer', order_columns => '{last}') e
UNION ALL SELECT 3, e::text FROM journey.reset_test('a', 'score', '{pos,neg,age}') e UNION ALL SELECT 4, e::text FROM journey.asymmetry('a', 'yes', 'pos', 'neg', '{age}', 'binomial') e;
CREATE TEMP TABLE before AS SELECT * FROM answers;
CREATE TEMP TABLE shuffled AS SELECT * FROM a ORDER BY journey.hash64(i, 7);
ALTER TABLE a RENAME TO kept;
ALTER TABLE shuffled RENAME TO a;
SELECT bag_eq('SELECT * FROM answers', 'SELECT * FROM before', 'shuffled rows: the same bits');
SET LOCAL journey.memory_limit = '1MB';
SELECT bag_eq('SELECT * FROM answers', 'SELECT * FROM before', 'little memory: the same bits');
RESET journey.memory_limit;
SELECT * FROM finish();
ROLLBACK;
