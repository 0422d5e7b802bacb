-- A model fitted with an offset predicts with it, and never without a word.
BEGIN;
SELECT plan(9);

CREATE TEMP TABLE visits AS
SELECT i AS id, (i * 37 % 101) / 50.0 AS x, ln(1 + i % 9) AS exposure, 2 + 3 * ((i * 37 % 101) / 50.0) + ln(1 + i % 9) AS y,
	(i * 7919 % 199) < 40 + 15 * (i % 9) AS came
FROM generate_series(1, 400) i;
CREATE TEMP TABLE fitted AS
SELECT journey.fit('visits', 'y', NULL, '{x}', offset_column => 'exposure') AS g,
	journey.fit('visits', 'came', NULL, '{x}', 'binomial', offset_column => 'exposure') AS b;

SELECT is((SELECT (g).encoding ->> 'offset' FROM fitted), 'exposure', 'the model names its offset');
SELECT ok((SELECT max(abs(journey.predict(g, v) - v.y)) < 1e-9 FROM visits v, fitted), 'an exact relation is predicted exactly');
SELECT ok((SELECT abs(sum(journey.predict(b, v)) - count(*) FILTER (WHERE came)) < 1e-6 FROM visits v, fitted),
	'the mean prediction is the mean outcome, as the score equation says');
SELECT ok((SELECT bool_and(abs(journey.predict_link(b, v) - (l.beta[1] + l.beta[2] * v.x::float8 + v.exposure::float8)) < 1e-12)
	FROM visits v, fitted, LATERAL (SELECT (b).coefficients AS beta) l), 'the link is intercept + slope x + offset');
SELECT throws_ok($$SELECT journey.predict(g, ARRAY[1.0]::float8[]) FROM fitted$$, '22023', NULL, 'an array cannot carry the offset');
SELECT throws_ok($$SELECT journey.predict(g, v) FROM fitted, (SELECT x FROM visits) v$$, '42703',
	'row has no column "exposure", which the model needs', 'a row without the offset is refused');
SELECT throws_ok($$SELECT journey.predict(g, v) FROM fitted, (SELECT x, NULL::float8 AS exposure FROM visits) v$$, '22004', NULL, 'so is a NULL offset');
SELECT throws_ok($$SELECT journey.predict(g, v) FROM fitted, (SELECT x, 'a'::text AS exposure FROM visits) v$$, '42804', NULL, 'and one of the wrong type');
SELECT is((SELECT journey.predict(jsonb_populate_record(g, '{}'), v) FROM fitted, visits v WHERE id = 1),
	(SELECT journey.predict(g, v) FROM fitted, visits v WHERE id = 1), 'the offset survives a round trip through jsonb_populate_record');

SELECT * FROM finish();
ROLLBACK;
