-- Documents and states that anyone can write, changed one place at a time: what
-- comes of it is an answer, or an error with a code of its own (never XX000),
-- whatever is changed into what.  The decoders of bytes are fuzzed beside
-- (test/fuzz); these are read from jsonb, composite values and float8[] states.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;	-- thousands of short statements
SET LOCAL statement_timeout = 0;
SELECT plan(58);

-- ---- what is changed into what ----

CREATE FUNCTION pg_temp.paths(document jsonb) RETURNS TABLE (path text[]) LANGUAGE sql AS $$
	WITH RECURSIVE place(path, value) AS (
		SELECT '{}'::text[], document
		UNION ALL
		SELECT p.path || c.key, c.value
		FROM place p, LATERAL (
			SELECT e.key, e.value FROM jsonb_each(CASE jsonb_typeof(p.value) WHEN 'object' THEN p.value ELSE '{}' END) e
			UNION ALL
			SELECT (a.place - 1)::text, a.value FROM jsonb_array_elements(CASE jsonb_typeof(p.value) WHEN 'array' THEN p.value ELSE '[]' END) WITH ORDINALITY a(value, place)) c)
	SELECT place.path FROM place WHERE place.path <> '{}' ORDER BY place.path COLLATE "C" $$;

-- Mutant k: one place gets a hostile value, or what stands elsewhere, or goes.
CREATE FUNCTION pg_temp.mutant(document jsonb, paths text[], k int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	hostile CONSTANT jsonb[] := ARRAY['null', 'true', '""', '"x"', '"NaN"', '-1', '0', '0.5', '2', '1e308', '-1e308', '1e-320', '2147483648',
		'9223372036854775807', '1e400', '-0.0', '[]', '{}', '[null]', '[[1, 2], [3]]', '{"": {"": 0}}', to_jsonb(repeat('ä', 5000))];
	at text[] := paths[1 + (k * 7919) % cardinality(paths)]::text[];
	elsewhere text[] := paths[1 + (k * 104729 + 17) % cardinality(paths)]::text[];
BEGIN
	RETURN CASE k % 6
		WHEN 0 THEN document #- at
		WHEN 1 THEN jsonb_set(document, at, document #> elsewhere)
		WHEN 2 THEN jsonb_insert(document, at || '0'::text, hostile[1 + k / 6 % cardinality(hostile)])
		ELSE jsonb_set(document, at, hostile[1 + k / 6 * 3 % cardinality(hostile) + k % 3]) END;
EXCEPTION WHEN OTHERS THEN
	RETURN document #- at;		-- an element that cannot stand there
END $$;

CREATE FUNCTION pg_temp.outcome(statement text, document jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement USING document;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- ---- documents ----

CREATE TEMP TABLE rows AS SELECT i AS customer_id, i % 7 + 0.25 AS x, (i * 5) % 11 AS n, chr(97 + i % 3) AS label, i % 2 = 0 AS flag,
	((i * 7919) % 101)::float8 AS y, i % 2 AS s, timestamptz '2024-01-01' + i * interval '1 hour' AS ts FROM generate_series(1, 120) i;
CREATE TEMP TABLE cases AS SELECT c AS customer_id, timestamptz '2024-01-01' + c * interval '1 day' + i * interval '1 hour' AS ts,
	(ARRAY['created', 'auto', 'mail', 'answer', 'wait', 'work', 'done'])[1 + (i * c) % 7] AS touchpoint FROM generate_series(1, 5) c, generate_series(1, 7) i;

CREATE TEMP TABLE document (name text, mutants int, statement text, document jsonb);
INSERT INTO document VALUES
('model', 700, 'SELECT journey.predict(m, r), journey.predict_link(m, r, ''reference''), journey.predict_sql(m), (SELECT count(*) FROM journey.coefficients(m)), (SELECT count(*) FROM journey.explain(m, r)) FROM jsonb_populate_record(NULL::journey.model, $1) m, (SELECT * FROM rows LIMIT 2) r',
	to_jsonb(journey.fit('SELECT * FROM rows', 'y', NULL, formula => 'x^2 + n:label + flag'))),
('model_of_arrays', 200, 'SELECT journey.predict(m, ARRAY[1, 2]::float8[]) FROM jsonb_populate_record(NULL::journey.model, $1) m',
	(SELECT to_jsonb(journey.fit_linear(y, ARRAY[x, n])) FROM rows)),
('trees', 500, 'SELECT journey.predict(m, r), (SELECT count(*) FROM journey.importance(m)) FROM jsonb_populate_record(NULL::journey.trees, $1) m, (SELECT * FROM rows LIMIT 2) r',
	to_jsonb(journey.fit_trees('SELECT x, n, label, flag, y FROM rows', 'y', NULL, trees => 2))),
('moments', 300, 'SELECT (journey.fit_moments(m)).status, (SELECT count(*) FROM journey.jackknife_moments(m)) FROM jsonb_populate_record(NULL::journey.moments, $1) m',
	(SELECT to_jsonb(journey.moments_agg(customer_id % 3, y, ARRAY[x, n])) FROM rows)),
('policy', 400, 'SELECT journey.recommend(p, r), journey.policy_sql(p) FROM jsonb_populate_record(NULL::journey.policy, $1) p, (SELECT * FROM rows LIMIT 2) r',
	to_jsonb(journey.learn_policy('SELECT customer_id, y, s, x, n FROM rows', 'y', 's', 'customer_id', '{x,n}', repeats => 1))),
('roles', 150, 'SELECT count(*) FROM journey.support_metrics(''SELECT * FROM cases'', $1)',
	'{"created": "created", "automatic_reply": ["auto"], "agent_reply": ["mail", "call"], "customer_reply": "answer", "pending": "wait", "open": "work", "solved": "done"}'),
('calendar', 200, 'SELECT count(*) FROM journey.support_metrics(''SELECT * FROM cases'', ''{"created": "created", "agent_reply": "mail"}'', $1)',
	'{"timezone": "Europe/Rome", "hours": {"mon": ["09:00-13:00", "14:00-18:00"], "sat": "09:00-12:00"}, "holidays": ["2024-12-25", "2024-01-01"]}'),
('models', 60, 'SELECT count(*) FROM journey.compare_models(''SELECT customer_id, x, n, y FROM rows'', ''y'', ''customer_id'', $1, repeats => 1, k => 3)',
	'{"a": {"features": ["x", "n"], "penalty": "ridge", "lambda": 0.5}, "b": {}}'),
('costs', 40, 'SELECT count(*) FROM journey.compare_strategies(''SELECT * FROM rows'', ''y'', ''s'', ''customer_id'', ''{x}'', repeats => 1, costs => $1)',
	'{"0": 1, "1": 2.5}'),
('planned', 40, 'SELECT count(*) FROM journey.strategy_checks(''SELECT * FROM rows'', ''y'', ''s'', ''customer_id'', planned => $1)',
	'{"0": 1, "1": 2.5}'),
('capacity', 40, 'SELECT journey.learn_policy(''SELECT customer_id, y, s, x, n FROM rows'', ''y'', ''s'', ''customer_id'', ''{x,n}'', repeats => 1, capacity => $1)',
	'{"0": 1, "1": 0.4}'),
('monotone', 40, 'SELECT journey.fit_trees(''SELECT x, n, y FROM rows'', ''y'', NULL, trees => 2, monotone => $1)',
	'{"x": 1, "n": -1}'),
('validation_options', 200, 'SELECT journey.validation_options($1)',
	'{"repeats": 3, "seed": 1, "alpha": 0.05, "planned": {"a": 1, "b": 1}, "method": "aipw", "folds": 5}');

CREATE TEMP TABLE fate AS
SELECT d.name, k, pg_temp.outcome(d.statement, pg_temp.mutant(d.document, p.paths, k)) AS outcome
FROM document d, LATERAL (SELECT array_agg(path::text) AS paths FROM pg_temp.paths(d.document)) p, generate_series(1, d.mutants) k;

SELECT is(pg_temp.outcome(statement, document), 'ok', name || ': unchanged it is read') FROM document WHERE name <> 'validation_options';
SELECT is((SELECT string_agg(DISTINCT outcome, E'\n') FROM fate f WHERE f.name = d.name AND outcome ~ '^(XX|57|58|53)|cache lookup'), NULL,
	d.name || ': no mutant is an internal error') FROM document d;
SELECT ok((SELECT count(*) FILTER (WHERE outcome <> 'ok') >= 10 FROM fate f WHERE f.name = d.name), d.name || ': mutants are told from documents')
FROM document d WHERE name <> 'moments';

-- ---- states of numbers ----

-- Anyone may build an aggregate over the support functions; its states are
-- arrays, and its rows can be states.
CREATE AGGREGATE pg_temp.nps_state(float8) (SFUNC = journey.nps_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.nps_merged(float8[]) (SFUNC = journey.kpi_combine, STYPE = float8[], FINALFUNC = journey.nps_final, INITCOND = '{}');
CREATE AGGREGATE pg_temp.mean_ci_state(float8) (SFUNC = journey.mean_ci_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.mean_ci_merged(float8[]) (SFUNC = journey.kpi_combine, STYPE = float8[], FINALFUNC = journey.mean_ci_final, INITCOND = '{}');
CREATE AGGREGATE pg_temp.fit_linear_state(float8, float8[]) (SFUNC = journey.fit_linear_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.fit_linear_merged(float8[]) (SFUNC = journey.fit_linear_combine, STYPE = float8[], FINALFUNC = journey.fit_linear_final, INITCOND = '{}');
CREATE AGGREGATE pg_temp.moments_state(bigint, float8, float8[]) (SFUNC = journey.moments_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.moments_merged(float8[]) (SFUNC = journey.moments_combine, STYPE = float8[], FINALFUNC = journey.moments_final, INITCOND = '{}');
CREATE AGGREGATE pg_temp.rmse_state(float8, float8) (SFUNC = journey.rmse_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.rmse_merged(float8[]) (SFUNC = journey.loss_combine, STYPE = float8[], FINALFUNC = journey.rmse_final, INITCOND = '{}');
CREATE AGGREGATE pg_temp.confidence_state(float8, bigint) (SFUNC = journey.confidence_sequence_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.confidence_merged(float8[]) (SFUNC = journey.confidence_sequence_combine, STYPE = float8[], FINALFUNC = journey.confidence_sequence_final, INITCOND = '{}');
CREATE AGGREGATE pg_temp.evidence_state(float8, float8, float8, float8, text) (SFUNC = journey.betting_e_value_accum, STYPE = float8[], INITCOND = '{}');
CREATE AGGREGATE pg_temp.evidence_merged(float8[]) (SFUNC = journey.betting_e_value_combine, STYPE = float8[], FINALFUNC = journey.betting_e_value_final, INITCOND = '{}');

CREATE TEMP TABLE state (name text, state float8[]);
INSERT INTO state
SELECT 'nps', pg_temp.nps_state(n) FROM rows UNION ALL
SELECT 'mean_ci', pg_temp.mean_ci_state(x) FROM rows UNION ALL
SELECT 'fit_linear', pg_temp.fit_linear_state(y, ARRAY[x, n]) FROM rows UNION ALL
SELECT 'moments', pg_temp.moments_state(customer_id % 3, y, ARRAY[x, n]) FROM rows UNION ALL
SELECT 'rmse', pg_temp.rmse_state(x, y) FROM rows UNION ALL
SELECT 'confidence', pg_temp.confidence_state(x, 100) FROM rows UNION ALL
SELECT 'evidence', pg_temp.evidence_state(x, 0, 10, 5, 'less') FROM rows;

CREATE FUNCTION pg_temp.state_outcome(aggregate text, a float8[], b float8[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
	EXECUTE format('SELECT pg_temp.%I(s)::text FROM unnest(ARRAY[$1, $2]) t(text), LATERAL (SELECT t.text::float8[]) u(s)', aggregate || '_merged')
	INTO answer USING a::text, b::text;
	RETURN 'ok ' || coalesce(answer, '');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- every place of a state gets every hostile number, and every length is tried
CREATE TEMP TABLE state_fate AS
SELECT s.name, pg_temp.state_outcome(s.name, f.forged, s.state) AS outcome
FROM state s, LATERAL (
	SELECT s.state[:i - 1] || v || s.state[i + 1:] FROM generate_series(1, cardinality(s.state)) i,
		unnest('{NaN,Infinity,-Infinity,-1,0,0.5,1,3,1e308,-1e308,1e-320,4503599627370497,9007199254740992,1.8e19}'::float8[]) v
	UNION ALL SELECT s.state[:i] FROM generate_series(0, cardinality(s.state) - 1) i
	UNION ALL SELECT s.state || array_fill(0::float8, ARRAY[i]) FROM generate_series(1, 9) i) f(forged);
SELECT is((SELECT string_agg(DISTINCT outcome, E'\n') FROM state_fate f WHERE f.name = s.name AND outcome !~ '^(ok|22023|22003|54000) ?'), NULL,
	s.name || ': a forged state gives an answer or an error about itself') FROM state s;
SELECT matches(pg_temp.state_outcome(name, state, state), '^ok .', name || ': states that are none merge') FROM state;
SELECT ok((SELECT count(*) FILTER (WHERE outcome !~ '^ok') > count(*) / 4 FROM state_fate f WHERE f.name = s.name), s.name || ': many are told') FROM state s;
SELECT * FROM finish();
ROLLBACK;
