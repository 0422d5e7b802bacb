-- cox: proportional hazards against R (test/oracles/cox.R), both treatments of
-- ties, rows with a start, separation, aliasing, and all refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT :{?shared} AS has_shared \gset
\setenv JOURNEY_TAP_SHARED :shared
\set here `test -e "$JOURNEY_TAP_SHARED"/data/survival/lung.csv && echo true || echo false`
SELECT plan(39);

CREATE FUNCTION pg_temp.coef(m journey.model) RETURNS text LANGUAGE sql AS $$
	SELECT '{' || string_agg(round(estimate::numeric, 9)::text, ',' ORDER BY o) || '}' FROM journey.coefficients(m) WITH ORDINALITY c(term, estimate, a, b, p, l, h, o) $$;
CREATE FUNCTION pg_temp.errors(m journey.model) RETURNS text LANGUAGE sql AS $$
	SELECT '{' || string_agg(round(std_error::numeric, 9)::text, ',' ORDER BY o) || '}' FROM journey.coefficients(m) WITH ORDINALITY c(term, e, std_error, b, p, l, h, o) $$;

\if :here
CREATE TEMP TABLE lung (inst text, time float8, status integer, age float8, sex integer, "ph.ecog" float8, "ph.karno" text, "pat.karno" text, "meal.cal" text, "wt.loss" text);
CREATE TEMP TABLE veteran (trt integer, celltype text, time float8, status integer, karno float8, diagtime float8, age float8, prior integer);
CREATE TEMP TABLE heart (start float8, stop float8, event integer, age float8, year float8, surgery integer, transplant integer, id integer);
CREATE TEMP TABLE rossi (week float8, arrest integer, fin integer, age float8, race integer, wexp integer, mar integer, paro integer, prio integer);
CREATE TEMP TABLE kidney (id integer, time float8, status integer, age float8, sex integer, disease text, frail float8);
\copy lung FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/lung.csv' CSV HEADER
\copy veteran FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/veteran.csv' CSV HEADER
\copy heart FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/heart.csv' CSV HEADER
\copy rossi FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/lifelines_rossi.csv' CSV HEADER
\copy kidney FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/kidney.csv' CSV HEADER
CREATE TEMP TABLE fits AS SELECT 'lung' AS name, ties, journey.cox('SELECT time, status = 2 AS dead, age, sex, "ph.ecog" FROM lung WHERE "ph.ecog" IS NOT NULL', 'time', 'dead', NULL, ties) AS m FROM unnest('{efron,breslow}'::text[]) ties
UNION ALL SELECT 'veteran', ties, journey.cox('SELECT time, status = 1 AS dead, karno, age, celltype FROM veteran', 'time', 'dead', '{karno,age,celltype}', ties) FROM unnest('{efron,breslow}'::text[]) ties
UNION ALL SELECT 'rossi', ties, journey.cox('SELECT week, arrest = 1 AS arrested, fin, age, race, wexp, mar, paro, prio FROM rossi', 'week', 'arrested', ties => ties) FROM unnest('{efron,breslow}'::text[]) ties
UNION ALL SELECT 'kidney', ties, journey.cox('SELECT time, status = 1 AS infected, age, sex FROM kidney', 'time', 'infected', ties => ties) FROM unnest('{efron,breslow}'::text[]) ties
UNION ALL SELECT 'heart', ties, journey.cox('SELECT *, event = 1 AS dead FROM heart', 'stop', 'dead', '{age,year,surgery,transplant}', ties, 'start') FROM unnest('{efron,breslow}'::text[]) ties;
SELECT is(pg_temp.coef(m), golden, name || ' ' || fits.ties || ': coefficients') FROM fits JOIN (VALUES
('lung', 'efron', '{0.011066765,-0.552612396,0.463728475}'), ('lung', 'breslow', '{0.011041136,-0.551889570,0.462947040}'),
('veteran', 'efron', '{-0.032015540,-0.006034042,-0.849992738,-0.447777592,-1.171906594}'), ('veteran', 'breslow', '{-0.031830986,-0.005898882,-0.842870334,-0.443523097,-1.164345769}'),
('rossi', 'efron', '{-0.379422167,-0.057437743,0.313899786,-0.149795697,-0.433703877,-0.084871083,0.091497079}'), ('rossi', 'breslow', '{-0.379021888,-0.057245925,0.314129765,-0.151114600,-0.432782573,-0.084982836,0.091111541}'),
('kidney', 'efron', '{0.002031883,-0.829313832}'), ('kidney', 'breslow', '{0.002181516,-0.820995315}'),
('heart', 'efron', '{0.027166641,-0.146346346,-0.637209890,-0.010250772}'), ('heart', 'breslow', '{0.027152081,-0.146115750,-0.635843476,-0.011895851}')) g(name, ties, golden) USING (name, ties);
SELECT is(pg_temp.errors(m), golden, name || ' ' || fits.ties || ': standard errors') FROM fits JOIN (VALUES
('lung', 'efron', '{0.009267411,0.167739054,0.113577266}'), ('veteran', 'efron', '{0.005404435,0.009053896,0.293909777,0.256060673,0.293738112}'),
('heart', 'efron', '{0.013714115,0.070467980,0.367225996,0.313754798}'), ('kidney', 'breslow', '{0.009224643,0.298719655}')) g(name, ties, golden) USING (name, ties);
SELECT is((SELECT ARRAY[round((m).log_likelihood::numeric, 7), round((m).null_deviance::numeric / -2, 7)] FROM fits WHERE name = 'lung' AND ties = 'efron'), ARRAY[-729.2301214, -744.4804558], 'lung: log-likelihoods');
SELECT is((SELECT ARRAY[round(aic::numeric, 6), round(bic::numeric, 6), n] FROM fits, journey.summary(m) WHERE name = 'lung' AND ties = 'efron'), ARRAY[1464.460243, 1473.759842, 227], 'lung: AIC, BIC over events, n');
SELECT is((SELECT array_agg(term) FROM fits, journey.coefficients(m) WHERE name = 'veteran' AND ties = 'efron'), '{karno,age,celltype=large,celltype=smallcell,celltype=squamous}'::text[], 'text is expanded against its first level');
\else
SELECT skip('the shared data are not here', 17);
\endif

-- A small vector for everywhere, with ties: R 4.2.2 coxph gives the same.
CREATE TABLE v AS SELECT * FROM (VALUES (1, true, 1.0), (2, true, 0.0), (2, true, 3.0), (3, false, 2.0), (4, true, 1.5), (4, false, 0.5), (5, true, 2.5), (6, true, 0.2)) x(t, e, x);
-- partial likelihood by hand at the estimate: no slope, and lower on both sides
CREATE FUNCTION pg_temp.by_hand(b float8) RETURNS float8 LANGUAGE sql AS $$
	SELECT sum(b * x) - sum(ln(r - l * d / m)) FROM (
		SELECT v.x, (SELECT sum(exp(b * w.x)) FROM v w WHERE w.t >= v.t) AS r, (SELECT sum(exp(b * w.x)) FROM v w WHERE w.t = v.t AND w.e) AS d,
			row_number() OVER (PARTITION BY t ORDER BY x) - 1 AS l, count(*) OVER (PARTITION BY t) AS m FROM v WHERE e) q $$;
CREATE TABLE fitted AS SELECT journey.cox('v', 't', 'e') AS m;
SELECT is((SELECT round((m).log_likelihood::numeric, 10) FROM fitted), (SELECT round(pg_temp.by_hand((m).coefficients[1])::numeric, 10) FROM fitted), 'the likelihood by hand');
SELECT ok((SELECT (m).log_likelihood > pg_temp.by_hand((m).coefficients[1] + 1e-4) AND (m).log_likelihood > pg_temp.by_hand((m).coefficients[1] - 1e-4) FROM fitted), 'is the largest around');
SELECT is((SELECT ARRAY[(m).family, (m).link, (m).status, (m).encoding ->> 'ties', (m).terms[1]] FROM fitted), '{cox,log,ok,efron,x}'::text[], 'family, link, status, ties, terms');
SELECT is((SELECT ARRAY[(m).n, (m).df_residual] FROM fitted), '{8,5}'::bigint[], 'rows, and events less terms');
SELECT is((SELECT c.estimate FROM fitted, journey.coefficients(m) c), (SELECT (m).coefficients[1] FROM fitted), 'coefficients reads it');
SELECT is((SELECT round(journey.predict(m, ARRAY[2.0])::numeric, 12) FROM fitted), (SELECT round(exp(2 * (m).coefficients[1])::numeric, 12) FROM fitted), 'predict is the relative hazard');
SELECT is((SELECT round(journey.predict_link(m, q)::numeric, 12) FROM fitted, (SELECT 2.0 AS x) q), (SELECT round((2 * (m).coefficients[1])::numeric, 12) FROM fitted), 'by row too, before the exponential');
SELECT is(journey.cox('v', 't', 'e')::text, journey.cox('SELECT * FROM v ORDER BY x DESC', 't', 'e')::text, 'the order of rows does not matter');
SELECT is((SELECT (journey.cox('SELECT t, e, x, NULL::float8 AS unused FROM v', 't', 'e', '{x}')).coefficients), (SELECT (m).coefficients FROM fitted), 'only the features that are named');
SELECT is(round(((journey.cox('SELECT t, e, x, 0 AS begin FROM v', 't', 'e', '{x}', start => 'begin')).coefficients[1])::numeric, 13), (SELECT round(((m).coefficients[1])::numeric, 13) FROM fitted), 'a start before all times changes nothing');

SELECT is((SELECT ARRAY[(m).status, (m).coefficients::text, (m).covariance::text] FROM (SELECT journey.cox('SELECT i AS t, true AS e, -i AS x FROM generate_series(1, 20) i', 't', 'e') AS m) q),
	'{separated,"{Infinity}","{NULL}"}'::text[], 'a feature that orders the events is separated, not huge');
SELECT is((SELECT ARRAY[(m).status, ((m).coefficients[2])::text] FROM (SELECT journey.cox('SELECT t, e, x, 2 * x AS twice FROM v', 't', 'e') AS m) q), ARRAY['rank_deficient', NULL], 'an aliased column');
SELECT is((SELECT ARRAY[(m).status, ((m).coefficients[1])::text] FROM (SELECT journey.cox('SELECT t, false AS e, x FROM v', 't', 'e') AS m) q), ARRAY['too_few', NULL], 'no event');
SELECT is((SELECT (m).status FROM (SELECT journey.cox('SELECT * FROM v WHERE false', 't', 'e') AS m) q), 'too_few', 'no row');

SELECT throws_ok($$SELECT journey.cox('SELECT -t AS t, e, x FROM v', 't', 'e')$$, '22023', NULL, 'a negative duration');
SELECT throws_ok($$SELECT journey.cox('SELECT t, t AS begin, e, x FROM v', 't', 'e', '{x}', start => 'begin')$$, '22023', NULL, 'a start that is not below');
SELECT throws_ok($$SELECT journey.cox('SELECT t, e::int AS e, x FROM v', 't', 'e')$$, '42804', 'column "e" is of type integer, it must be boolean', 'an event that is not boolean');
SELECT throws_ok($$SELECT journey.cox('v', 't', 'died')$$, '42703', NULL, 'a missing event');
SELECT throws_ok($$SELECT journey.cox('v', 't', 'e', '{x}', 'exact')$$, '22023', 'argument "ties" is "exact", it must be "efron" or "breslow"', 'unknown ties');
SELECT throws_ok($$SELECT journey.cox('SELECT t, NULL::boolean AS e, x FROM v', 't', 'e')$$, '22004', NULL, 'an event that is not known');
SELECT throws_ok($$SELECT journey.cox('SELECT t, e, ''NaN''::float8 AS x FROM v', 't', 'e')$$, '22003', NULL, 'NaN');
SELECT throws_ok($$SELECT journey.cox('SELECT t * interval ''1 day'' AS t, e, x FROM v', 't', 'e')$$, '42804', NULL, 'an interval as duration');

SELECT * FROM finish();
ROLLBACK;
