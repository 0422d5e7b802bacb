-- Families beyond gaussian and binomial: what cannot be fitted, refusals,
-- fit_poisson, predictions, models built by hand.
BEGIN;
\ir lib/close.psql
SET LOCAL jit = off;
SELECT plan(61);

CREATE TEMP TABLE t AS SELECT i, (i * 37) % 11 AS y, (i * 17) % 23 AS x, CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END AS l,
	0.1 * (i % 5) AS o, i % 4 AS w, 1 + ((i * 37) % 11 > 3)::int + ((i * 37) % 11 > 7)::int AS level FROM generate_series(1, 200) i;

-- Status instead of numbers (R-GLM-4).
SELECT pg_temp.text_is($$SELECT string_agg(concat_ws(' ', f, m.status, m.n, array_remove(m.coefficients, NULL)), '; ' ORDER BY f)
	FROM unnest('{poisson,negative_binomial}'::text[]) f, journey.fit('SELECT 0 AS y, x FROM t', 'y', NULL, family => f) m$$,
	'negative_binomial one_class 200 {}; poisson one_class 200 {}', 'counts that are all 0');
SELECT pg_temp.text_is($$SELECT string_agg(m.status, ' ') FROM unnest('{ridge,lasso,elastic_net}'::text[]) p, journey.fit('SELECT 0 AS y, x FROM t', 'y', NULL, family => 'poisson', penalty => p, lambda => 1) m$$,
	'one_class one_class one_class', 'counts that are all 0, with penalties');
SELECT pg_temp.text_is($$SELECT string_agg(concat_ws(' ', f, k, m.status, m.n), '; ' ORDER BY f, k) FROM unnest('{poisson,negative_binomial,ordinal}'::text[]) f,
	generate_series(0, 2) k, journey.fit('SELECT y, x FROM t LIMIT ' || k, 'y', NULL, family => f) m$$,
	'negative_binomial 0 too_few 0; negative_binomial 1 too_few 1; negative_binomial 2 too_few 2; ordinal 0 too_few 0; ordinal 1 too_few 1; ordinal 2 separated 2; poisson 0 too_few 0; poisson 1 too_few 1; poisson 2 too_few 2',
	'no row, one row, two rows');
SELECT pg_temp.text_is($$SELECT concat_ws(' ', status, terms, coefficients) FROM journey.fit('SELECT 7 AS y, x FROM t', 'y', NULL, family => 'ordinal')$$,
	'one_class {x} {NULL}', 'one level has no threshold');
SELECT pg_temp.text_is($$SELECT concat_ws(' ', status, terms, coefficients) FROM journey.fit('SELECT 7 AS y', 'y', NULL, family => 'ordinal')$$,
	'too_few {} {}', 'one level and no feature');
SELECT pg_temp.holds($$SELECT count(*) = 0 FROM journey.coefficients(journey.fit('SELECT 7 AS y', 'y', NULL, family => 'ordinal'))$$, 'such a model can be read');
SELECT pg_temp.text_is($$SELECT concat_ws(' ', status, converged, coefficients[3]) FROM journey.fit('SELECT CASE WHEN l = ''b'' THEN 0 ELSE y END AS y, x, l FROM t', 'y', NULL, family => 'poisson')$$,
	'separated f -Infinity', 'a level without any count runs away');
SELECT pg_temp.numbers_are($$SELECT array_agg(estimate ORDER BY term) || array_agg(std_error ORDER BY term) FROM journey.coefficients(journey.fit('SELECT CASE WHEN l = ''b'' THEN 0 ELSE y END AS y, x, l FROM t', 'y', NULL, family => 'poisson')) WHERE term <> 'l=b'$$,
	(SELECT array_agg(estimate ORDER BY term) || array_agg(std_error ORDER BY term) FROM journey.coefficients(journey.fit('SELECT y, x, l FROM t WHERE l <> ''b''', 'y', NULL, family => 'poisson'))),
	'the finite terms are those of the other rows', 1e-5);
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT CASE WHEN l = ''b'' THEN 0 ELSE y END AS y, x, l FROM t', 'y', NULL, family => 'negative_binomial')$$,
	'separated', 'and of a negative binomial');
SELECT pg_temp.text_is($$SELECT status FROM journey.fit('SELECT 1 + (x > 7)::int + (x > 15)::int AS y, x FROM t', 'y', NULL, family => 'ordinal')$$,
	'separated', 'levels cut by a feature');
SELECT pg_temp.holds($$SELECT m.status = 'no_overdispersion' AND m.dispersion IS NULL AND m.converged AND m.coefficients = p.coefficients AND m.covariance = p.covariance
	AND m.log_likelihood = p.log_likelihood AND m.deviance = p.deviance AND s.aic = q.aic + 2
	FROM journey.fit('SELECT 5 + i % 2 AS y, x FROM t', 'y', NULL, family => 'negative_binomial') m, journey.summary(m) s,
	journey.fit('SELECT 5 + i % 2 AS y, x FROM t', 'y', NULL, family => 'poisson') p, journey.summary(p) q$$,
	'less spread than Poisson: the Poisson fit, theta NULL, and a status that says so');
SELECT pg_temp.text_is($$SELECT string_agg(concat_ws(' ', f, m.status, m.coefficients[cardinality(m.coefficients)] IS NULL), '; ' ORDER BY f)
	FROM unnest('{poisson,negative_binomial,ordinal}'::text[]) f, journey.fit('SELECT y * y AS y, x, 3 AS c FROM t', 'y', NULL, family => f) m$$,
	'negative_binomial rank_deficient t; ordinal rank_deficient t; poisson rank_deficient t', 'a constant column');
SELECT pg_temp.text_is($$SELECT concat_ws(' ', status, num_nonnulls(aic, bic), round(s.df_residual)) FROM journey.fit('SELECT y, x FROM t', 'y', NULL, family => 'poisson', penalty => 'lasso', lambda => 1000) m, LATERAL (SELECT (journey.summary(m)).aic, (journey.summary(m)).bic, (journey.summary(m)).df_residual) s$$,
	'ok 0 199', 'a large lambda leaves the intercept, and no criterion');

-- Identities.
SELECT pg_temp.holds($$SELECT pg_temp.near(o.coefficients[2], b.coefficients[2], 1e-10) AND pg_temp.near(o.coefficients[1], -b.coefficients[1], 1e-10)
	AND pg_temp.near(o.covariance[3], b.covariance[3], 1e-10) AND pg_temp.near(o.covariance[2], -b.covariance[2], 1e-9) AND pg_temp.near(o.deviance, b.deviance, 1e-12)
	AND pg_temp.near(o.null_deviance, b.null_deviance, 1e-12)
	FROM journey.fit('SELECT y > 3 AS y, x FROM t', 'y', NULL, family => 'ordinal') o, journey.fit('SELECT y > 3 AS y, x FROM t', 'y', NULL, family => 'binomial') b$$,
	'two levels are logistic regression with the threshold for the intercept');
CREATE TYPE pg_temp.grade AS ENUM ('low', 'middle', 'high');
SELECT pg_temp.text_is($$SELECT string_agg(concat_ws(' ', f, p, pg_temp.apart(z.coefficients, m.coefficients, 1e-6, 'b')), '; ' ORDER BY f, p)
	FROM unnest('{poisson,negative_binomial,ordinal}'::text[]) f, unnest('{lasso,ridge,elastic_net}'::text[]) p,
	journey.fit('SELECT y * y / 9 AS y, x, l FROM t', 'y', NULL, family => f, penalty => p, lambda => 0) z, journey.fit('SELECT y * y / 9 AS y, x, l FROM t', 'y', NULL, family => f) m
	WHERE pg_temp.apart(z.coefficients, m.coefficients, 1e-6, 'b') IS NOT NULL$$, NULL, 'lambda 0 is no penalty');
SELECT pg_temp.text_is($$SELECT string_agg(f, '; ') FROM unnest('{binomial,poisson,ordinal}'::text[]) f,
	journey.fit('SELECT (y > 3)::int AS y, x, l FROM t', 'y', NULL, NULL, f, 'ridge', 0.05) r, journey.fit('SELECT (y > 3)::int AS y, x, l FROM t', 'y', NULL, NULL, f, 'elastic_net', 0.05, 0) e
	WHERE r.coefficients <> e.coefficients$$, NULL, 'an elastic net with alpha 0 is ridge');
SELECT pg_temp.text_is($$SELECT string_agg(f, '; ') FROM unnest('{binomial,poisson,ordinal}'::text[]) f,
	journey.fit('SELECT (y > 3)::int AS y, x, l FROM t', 'y', NULL, NULL, f, 'lasso', 0.005) r, journey.fit('SELECT (y > 3)::int AS y, x, l FROM t', 'y', NULL, NULL, f, 'elastic_net', 0.005, 1) e
	WHERE r.coefficients <> e.coefficients$$, NULL, 'with alpha 1 it is the lasso');
SELECT pg_temp.holds($$SELECT r.coefficients[2] = r.coefficients[3] AND r.status = 'ok' FROM journey.fit('SELECT y, x, x AS again FROM t', 'y', NULL, NULL, 'poisson', 'ridge', 0.1) r$$,
	'R-GLM-3 ridge shares the effect between equal columns');
SELECT pg_temp.text_is($$SELECT string_agg(f, ' ' ORDER BY f) FROM unnest('{poisson,negative_binomial,ordinal}'::text[]) f, unnest('{none,lasso}'::text[]) p,
	journey.fit('SELECT y * y / 9 AS y, x, l, o, w + 1 AS w FROM t', 'y', NULL, '{x,l}', f, p, CASE p WHEN 'lasso' THEN 0.01 ELSE 0 END, 1, 'w', 'o') a,
	journey.fit('SELECT y * y / 9 AS y, x, l, o, w + 1 AS w FROM t ORDER BY (i * 7919) % 211', 'y', NULL, '{x,l}', f, p, CASE p WHEN 'lasso' THEN 0.01 ELSE 0 END, 1, 'w', 'o') b
	WHERE a IS DISTINCT FROM b$$, NULL, 'the same bits whatever the order of rows');
SELECT pg_temp.holds($$SELECT bool_and(a.coefficients = b.coefficients AND a.n = b.n AND a.n = 150) FROM unnest('{poisson,ordinal}'::text[]) f,
	journey.fit('SELECT y / 3 AS y, x, w FROM t', 'y', NULL, '{x}', f, weight => 'w') a, journey.fit('SELECT y / 3 AS y, x, w FROM t WHERE w > 0', 'y', NULL, '{x}', f, weight => 'w') b$$,
	'rows of weight 0 do not count');
SELECT pg_temp.holds($$SELECT pg_temp.apart(a.coefficients, b.coefficients, 1e-9, 'b') IS NULL FROM journey.fit('SELECT y, x, o FROM t', 'y', NULL, '{x}', 'poisson', offset_column => 'o') a,
	journey.fit('SELECT y, x, o - 30 AS o FROM t', 'y', NULL, '{x}', 'poisson', offset_column => 'o') m, LATERAL (SELECT ARRAY[m.coefficients[1] - 30, m.coefficients[2]] AS coefficients) b$$,
	'a constant in the offset moves the intercept, however large');
SELECT pg_temp.holds($$SELECT pg_temp.near(a.coefficients[2], b.coefficients[2], 1e-9) AND pg_temp.near(a.deviance, b.deviance, 1e-12)
	FROM journey.fit('SELECT y, x FROM t', 'y', NULL, NULL, 'poisson') a, journey.fit('SELECT y, 1e9 + x AS x FROM t', 'y', NULL, NULL, 'poisson') b$$,
	'a feature far from zero loses no digits');
SELECT pg_temp.holds($$SELECT m.status = 'ok' AND pg_temp.near(m.coefficients[2], 1, 1e-12) AND abs(m.coefficients[1]) < 1e-11 AND m.deviance < 1e-15
	FROM journey.fit('SELECT exp(x) AS y, x FROM t', 'y', NULL, NULL, 'poisson') m$$, 'a perfect fit over ten orders of magnitude');
SELECT pg_temp.holds($$SELECT pg_temp.near(m.log_likelihood, (SELECT sum(y * ln(mu) - mu - ln(g)) FROM (VALUES (0.5, 0.886226925452758), (1.5, 1.32934038817914), (2.5, 3.32335097044784)) v(y, g), (SELECT 1.5 AS mu) q), 1e-12)
	FROM journey.fit('VALUES (0.5), (1.5), (2.5)', 'column1', NULL, NULL, 'poisson') m$$, 'y need not be whole: y! is Gamma(y + 1)');

-- Ordinal targets.
SELECT pg_temp.text_is($$SELECT concat_ws(' ', e.terms, e.coefficients = m.coefficients, e.encoding -> 'levels', e.encoding -> 'level_numbers', pg_temp.near(journey.predict(e, t), journey.predict(m, t), 1e-15))
	FROM t, journey.fit('SELECT (ARRAY[''low'', ''middle'', ''high''])[level]::pg_temp.grade AS level, x FROM t', 'level', NULL, NULL, 'ordinal') e,
	journey.fit('SELECT level, x FROM t', 'level', NULL, NULL, 'ordinal') m WHERE i = 5$$,
	'{low|middle,middle|high,x} t ["low", "middle", "high"] [1, 2, 3] t', 'an enum has the order of its type, and its places count');
SELECT pg_temp.text_is($$SELECT terms::text FROM journey.fit('SELECT (ARRAY[0.5, -2, 10])[level] AS level, x FROM t', 'level', NULL, NULL, 'ordinal')$$,
	'{-2|0.5,0.5|10,x}', 'numbers are ordered as numbers');
SELECT pg_temp.numbers_are($$SELECT ARRAY[journey.predict(m, ARRAY[4]), journey.predict_link(m, ARRAY[4])] FROM journey.fit('SELECT level, x FROM t', 'level', NULL, NULL, 'ordinal') m$$,
	(SELECT ARRAY[1 + 1 / (1 + exp(c[1] - 4 * c[3])) + 1 / (1 + exp(c[2] - 4 * c[3])), 4 * c[3]] FROM journey.fit('SELECT level, x FROM t', 'level', NULL, NULL, 'ordinal') m(a, b, d, e, f, g, c)),
	'R-PRE-5 the response is the mean level, the link has no threshold', 1e-13);
SELECT pg_temp.refused($$SELECT journey.fit('SELECT l AS y, x FROM t', 'y', NULL, family => 'ordinal')$$, '{42804}', 'target "y" of family "ordinal" is of type text, which has no order', 'text has no order');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT i AS y, x FROM t', 'y', NULL, family => 'ordinal')$$, '{54000}', 'target "y" has more than 100 different values', 'too many levels');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT level, x FROM t', 'level', NULL, family => 'ordinal', errors => 'hc3')$$, '{0A000}', 'hc3.*ordinal', 'no leverages');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT nullif(level, 1) AS level, x FROM t', 'level', NULL, family => 'ordinal')$$, '{22004}', 'column "level" is null in row', 'NULL level');

-- Refusals.
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y - 1 AS y, x FROM t ORDER BY i', 'y', NULL, family => 'poisson')$$, '{22023}', 'target "y" is -1 in row 11 of the source, it must not be negative', 'negative count');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y - 1 AS y, x FROM t ORDER BY i', 'y', NULL, family => 'negative_binomial')$$, '{22023}', 'target "y" is -1 in row 11', 'negative count, negative binomial');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT CASE WHEN i = 3 THEN float8 ''NaN'' ELSE y END AS y, x FROM t ORDER BY i', 'y', NULL, family => 'poisson')$$, '{22003}', '"y".*NaN.*row 3|"y" is NaN', 'NaN');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y, x, NULL::float8 AS o FROM t', 'y', NULL, '{x}', 'poisson', offset_column => 'o')$$, '{22004}', 'column "o" is null in row 1', 'offset NULL');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y, x, -w AS w FROM t WHERE w > 0 ORDER BY i', 'y', NULL, '{x}', 'poisson', weight => 'w')$$, '{22023}', 'weight "w" is -1 in row 1', 'negative weight');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{x}', 'gamma')$$, '{22023}', 'unrecognized family "gamma"', 'unknown family');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{x}', 'poisson', 'bridge')$$, '{22023}', 'unrecognized penalty "bridge"', 'unknown penalty');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{x}', 'poisson', 'lasso', -1)$$, '{22023}', 'lambda is -1', 'negative lambda');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{x}', 'poisson', 'none', 1)$$, '{22023}', 'lambda is 1, but there is no penalty', 'lambda without a penalty');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{x}', 'poisson', 'elastic_net', 1, 1.5)$$, '{22023}', 'alpha is 1.5, it must be from 0 to 1', 'alpha above 1');
SELECT pg_temp.refused($$SELECT journey.fit('t', 'y', NULL, '{x}', 'poisson', 'firth')$$, '{0A000}', 'firth', 'Firth is for binomial');
SELECT pg_temp.refused($$SELECT journey.fit('SELECT y > 3 AS y, x FROM t', 'y', NULL, '{x}', 'binomial', 'firth', 1)$$, '{22023}', 'lambda is 1, but.*firth', 'Firth has no strength');

-- Firth.
SELECT pg_temp.numbers_are($$SELECT coefficients || ARRAY[sqrt(covariance[1])] FROM journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, NULL, 'binomial', 'firth')$$,
	'{-5.338572631293,0.9706495693261,3.322712278074}', 'Firth on complete separation, maximised in 40 digits', 1e-10);
SELECT pg_temp.text_is($$SELECT concat_ws(' ', status, converged, penalty, lambda, alpha) FROM journey.fit('SELECT x, x > 5 AS y FROM generate_series(1, 10) x', 'y', NULL, NULL, 'binomial', 'firth')$$,
	'ok t firth 0', 'Firth has a status and no strength');
SELECT pg_temp.numbers_are($$SELECT coefficients FROM journey.fit('SELECT true AS y FROM generate_series(1, 3)', 'y', NULL, NULL, 'binomial', 'firth')$$,
	'{NULL}', 'one class is one class for Firth too');

-- fit_poisson.
SELECT pg_temp.holds($$SELECT (a.m).coefficients = f.coefficients AND (a.m).covariance = f.covariance AND (a.m).log_likelihood = f.log_likelihood AND (a.m).terms = '{(intercept),x1,x2}'
	FROM (SELECT journey.fit_poisson(y, ARRAY[x, o]) AS m FROM t) a, journey.fit('SELECT y, x, o FROM t', 'y', NULL, NULL, 'poisson') f$$, 'fit_poisson has the bits of fit()');
SELECT pg_temp.holds($$SELECT (a.m).coefficients = f.coefficients AND (a.m).n = 150 FROM (SELECT journey.fit_poisson(y, ARRAY[x], w) AS m FROM t) a,
	journey.fit('SELECT y, x, w FROM t', 'y', NULL, '{x}', 'poisson', weight => 'w') f$$, 'with weights too');
SELECT pg_temp.text_is($$SELECT string_agg(concat_ws(' ', l, (m).n, (m).family, (m).status), '; ' ORDER BY l) FROM (SELECT l, journey.fit_poisson(CASE l WHEN 'b' THEN 0 ELSE y END, ARRAY[x]) AS m FROM t GROUP BY l) g$$,
	'a 66 poisson ok; b 67 poisson one_class; c 67 poisson ok', 'one model per group, and a group that cannot be fitted is a row');
SELECT pg_temp.holds($$SELECT journey.fit_poisson(y, ARRAY[x]) IS NULL AND journey.fit_poisson(y, ARRAY[x], 0) IS NULL FROM t WHERE false$$, 'no rows: NULL');
SELECT pg_temp.refused($$SELECT journey.fit_poisson(-0.5, ARRAY[1.0])$$, '{22023}', 'argument "y" is -0.5, it must be greater than or equal to zero', 'negative y');
SELECT pg_temp.refused($$SELECT journey.fit_poisson(NULL, ARRAY[1.0])$$, '{22004}', 'argument "y" must not be null', 'NULL y');
SELECT pg_temp.refused($$SELECT journey.fit_poisson('Infinity', ARRAY[1.0])$$, '{22003}', 'argument "y" is Infinity', 'infinite y');

-- Predictions.
SELECT pg_temp.numbers_are($$SELECT ARRAY[journey.predict(m, ARRAY[3]) / exp(m.coefficients[1] + 3 * m.coefficients[2]), journey.predict_link(m, t) / (m.coefficients[1] + t.x * m.coefficients[2])]
	FROM t, journey.fit('SELECT y, x FROM t', 'y', NULL, NULL, 'poisson') m WHERE i = 7$$, '{1,1}', 'Poisson: exp of the link', 1e-14);
SELECT pg_temp.refused($$SELECT journey.predict(m, ARRAY[1e6]) FROM journey.fit('SELECT y, x FROM t', 'y', NULL, NULL, 'poisson') m$$, '{22003}', 'prediction is out of range', 'a mean beyond every number');

-- Models built by hand are checked (R-PGM-2).
CREATE TEMP TABLE good AS SELECT m FROM journey.fit('SELECT level, x FROM t', 'level', NULL, NULL, 'ordinal') m;
CREATE FUNCTION pg_temp.with(field text, value text) RETURNS journey.model LANGUAGE plpgsql AS $$
DECLARE m journey.model;
BEGIN
	SELECT * FROM jsonb_populate_record((SELECT good.m FROM good), jsonb_build_object(field, CASE WHEN field = 'encoding' THEN value::jsonb ELSE to_jsonb(value) END)) INTO m;
	RETURN m;
END $$;
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.with('coefficients', '{2,1,0.5}'), ARRAY[1])$$, '{22023}', 'field "coefficients" of the model must be free of falling thresholds', 'falling thresholds');
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.with('family', 'poisson'), ARRAY[1])$$, '{22023}', 'field "link"|levels', 'levels of another family');
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.with('encoding', (SELECT (m).encoding - 'levels' FROM good)::text), ARRAY[1])$$, '{22023}', 'levels', 'no levels');
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.with('encoding', (SELECT jsonb_set((m).encoding, '{level_numbers}', '[1,3,2]') FROM good)::text), ARRAY[1])$$, '{22023}', 'level_numbers.*rising', 'levels out of order');
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.with('encoding', (SELECT jsonb_set((m).encoding, '{level_numbers}', '[1,2]') FROM good)::text), ARRAY[1])$$, '{22023}', 'level_numbers.*as long as', 'numbers of other levels');
SELECT pg_temp.refused($$SELECT journey.predict(pg_temp.with('penalty', 'firth'), ARRAY[1])$$, '{22023}', 'firth for family binomial only', 'Firth of another family');
SELECT * FROM finish();
ROLLBACK;
