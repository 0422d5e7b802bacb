-- define_validation() and CALL validate(): figures, sequences, states, history.
-- A procedure that commits cannot run in a transaction, so neither does this
-- file; what it makes has names of its own and is removed at its end.
--
-- R-RUN-4	Same version, rows and window: no new run.
-- R-PREQ-2	Scores come from models of customers known before: brute force.
-- R-DECIDE-1	The order of states.
SET client_min_messages = warning;
SET search_path = public, pg_temp;
SELECT plan(54);

-- A world of yes-or-no outcomes: customer i matures in week i / 100, gets
-- "a" or "b" by a coin, and says yes with probability 0.3, by "b" 0.3 + effect.
CREATE SCHEMA validate_world;
CREATE FUNCTION validate_world.coin(i bigint, toss text) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (journey.hash64(toss || i) / 2.0 ^ 64 + 0.5)::float8;
CREATE FUNCTION validate_world.make(effect float8, n bigint) RETURNS TABLE (id bigint, strategy text, outcome boolean, decided_at timestamptz, matured_at timestamptz)
LANGUAGE sql IMMUTABLE ROWS 5000 BEGIN ATOMIC
	SELECT i, CASE WHEN validate_world.coin(i, 'arm') < 0.5 THEN 'a' ELSE 'b' END,
		validate_world.coin(i, 'yes') < 0.3 + CASE WHEN validate_world.coin(i, 'arm') < 0.5 THEN 0 ELSE effect END,
		'2024-01-01 UTC'::timestamptz + i * interval '1 week' / 100 - interval '3 days', '2024-01-01 UTC'::timestamptz + i * interval '1 week' / 100
	FROM generate_series(1, n) i;
END;
CREATE TABLE validate_world.big AS SELECT * FROM validate_world.make(0.25, 3000);
CREATE TABLE validate_world.null_effect AS SELECT * FROM validate_world.make(0, 3000);
CREATE FUNCTION validate_world.options(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN '{"decided_at": "decided_at", "matured_at": "matured_at", "planned": {"a": 1, "b": 1}}'::jsonb || more;

-- definitions
SELECT is(journey.define_validation('w big', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options()), 1, 'the first version is 1');
SELECT is(journey.define_validation('w big', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options()), 1, 'R-DEFINE-1 the same again adds none');
SELECT is(journey.define_validation('w two', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options('{"margin": 0.1}')), 1, 'another name begins at 1');
SELECT is(journey.define_validation('w two', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options('{"margin": 0.2}')), 2, 'a changed option adds one');
SELECT lives_ok($$SELECT journey.drop_validation('w two')$$, 'a validation is dropped');
SELECT throws_ok($$CALL journey.validate('w two')$$, '42704', 'validation "w two" was dropped', 'and runs no more');
SELECT is(journey.define_validation('w two', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options('{"margin": 0.2}')), 2, 'defined again it goes on');
SELECT results_eq($$SELECT version, active FROM journey.validation WHERE name = 'w two' ORDER BY 1$$, $$VALUES (1, false), (2, true)$$, 'one version is live');
-- numbers that no double holds are refused here, not at every run
SELECT throws_matching(format('SELECT journey.define_validation(''w five'', ''validate_world.big'', ''outcome'', ''strategy'', ''id'', ''{}'', validate_world.options(%L))', o), 'option "[a-z_]+" cannot be', 'R-DEFINE-1 refused: ' || left(o, 40))
FROM unnest(ARRAY['{"planned": {"a": 1, "b": 1e400}}', '{"planned": {"a": 1, "b": 1e-400}}', '{"bounds": [0, 1e400]}', '{"bounds": [-1e-400, 1]}', '{"margin": 1e-400}']) o;

SELECT is(journey.validation_say('NaN') || journey.validation_say('-Infinity') || journey.validation_say(12345.6), 'NaN-Infinity12346', 'figures that are no numbers are said too');

-- runs
CALL journey.validate('w big', '2024-03-11 UTC');
CALL journey.validate('w big', '2024-03-18 UTC');
CALL journey.validate('w big', '2024-03-18 UTC');
SELECT results_eq($$SELECT status, step, steps, percent, n_rows, n_keys, n_matured, n_new, (dropped ->> 'immature')::integer, error FROM journey.validation_run WHERE name = 'w big' ORDER BY run$$,
	$$VALUES ('done', 7, 7, 100::float8, 999::bigint, 999::bigint, NULL::bigint, 799::bigint, 43, NULL::text), ('done', 7, 7, 100, 1099, 1099, 100, 100, 43, NULL)$$,
	'R-RUN-4 two runs of three calls, with their rows');
SELECT isnt((SELECT confirmed_at FROM journey.validation_run WHERE name = 'w big' ORDER BY run DESC LIMIT 1), NULL, 'the third call left a trace');
SELECT results_eq($$SELECT r.strategy, r.metric, r.value, r.std_error, r.conf_low, r.conf_high, r.n FROM journey.validation_result r JOIN journey.validation_run USING (run)
		WHERE name = 'w big' AND as_of = '2024-03-18 UTC' AND metric IN ('value', 'difference') ORDER BY 2 DESC, 1$$,
	$$SELECT c.strategy, m.* FROM journey.compare_strategies('SELECT *, ''{"a": 0.5, "b": 0.5}''::jsonb AS p FROM validate_world.big', 'outcome', 'strategy', 'id', propensity => 'p',
			planned => '{"a": 1, "b": 1}', decided_at => 'decided_at', matured_at => 'matured_at', as_of => '2024-03-18 UTC') c,
		LATERAL (VALUES ('value', c.value, c.value_se, c.value_low, c.value_high, c.n), ('difference', c.difference, c.std_error, c.conf_low, c.conf_high, c.n)) m
		WHERE c.strategy = 'b' OR m.column1 = 'value' ORDER BY 2 DESC, 1$$, 'value and difference are those of compare_strategies()');

-- R-PREQ-2 by brute force: without features the models are the means of the
-- customers known before, up to their ridge
CREATE TEMP TABLE brute AS
WITH dealt AS (SELECT *, ntile(5) OVER (ORDER BY matured_at, id) AS part FROM validate_world.big WHERE matured_at < '2024-03-11 UTC'
	UNION ALL SELECT *, 6 FROM validate_world.big WHERE matured_at >= '2024-03-11 UTC' AND matured_at < '2024-03-18 UTC'),
mean AS (SELECT p.part, s.strategy, avg(d.outcome::integer) AS m FROM generate_series(2, 6) p(part), (VALUES ('a'), ('b')) s(strategy), dealt d
	WHERE d.part < p.part AND d.strategy = s.strategy GROUP BY 1, 2)
SELECT d.part, d.id, m.strategy, m.m + CASE WHEN d.strategy = m.strategy THEN 2 * (d.outcome::integer - m.m) ELSE 0 END AS score
FROM dealt d JOIN mean m USING (part);
SELECT results_eq($$SELECT count(*)::integer, count(DISTINCT key)::integer FROM journey.validation_row JOIN journey.validation_run USING (run) WHERE name = 'w big' AND score IS NOT NULL$$,
	$$SELECT count(*)::integer, count(DISTINCT id)::integer FROM brute$$, 'R-PREQ-1 every customer is scored once for each strategy');
SELECT ok((SELECT abs(r.value - b.d) < 1e-9 FROM journey.validation_result r JOIN journey.validation_run USING (run),
	(SELECT avg(CASE strategy WHEN 'b' THEN score ELSE -score END) * 2 AS d FROM brute) b
	WHERE name = 'w big' AND as_of = '2024-03-18 UTC' AND metric = 'sequence_difference'), 'R-PREQ-2 the sequence is that of brute force');
SELECT ok((SELECT r.n = 899 AND abs(r.conf_high - (r.value + e.half_width)) < 1e-12 FROM journey.validation_result r JOIN journey.validation_run USING (run),
	(SELECT count(*) AS n, avg(x) AS mean, regr_sxx(x, x) AS m2 FROM (SELECT sum(CASE strategy WHEN 'b' THEN score ELSE -score END) AS x FROM brute GROUP BY id) d) d,
	LATERAL journey.confidence_sequence_bounds(d.n, d.mean, d.m2, 1000, 0.05) e
	WHERE name = 'w big' AND as_of = '2024-03-18 UTC' AND metric = 'sequence_difference'), 'and so is its interval');
SELECT is((SELECT count(*)::integer FROM journey.validation_row WHERE key !~ '^[0-9a-f]{32}$' AND run IN (SELECT run FROM journey.validation_run WHERE name = 'w big')), 0, 'keys are hashed');

-- decisions
SELECT results_eq($$SELECT state, champion, challenger FROM journey.validation_latest WHERE name = 'w big'$$, $$VALUES ('SWITCH', 'a', 'b')$$, 'a strong effect is found: SWITCH');
SELECT matches((SELECT reason FROM journey.validation_latest WHERE name = 'w big'), '^"b" beats "a" by 0\.\d+ \(0\.\d+ to 0\.\d+ over all looks, 899 customers\)\.$', 'with its reason in words');
SELECT results_eq($$SELECT state, previous_state FROM journey.validation_alerts WHERE name = 'w big'$$, $$VALUES ('SWITCH', NULL)$$, 'one alert, though two runs say so');
SELECT is(journey.define_validation('w cost', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options('{"switching_cost": 0.5}')), 1, 'a validation is defined');
CALL journey.validate('w cost', '2024-03-18 UTC');
SELECT is((SELECT state FROM journey.validation_latest WHERE name = 'w cost'), 'INCONCLUSIVE', 'not when switching costs more');
SELECT is(journey.define_validation('w keep', 'validate_world.null_effect', 'outcome', 'strategy', 'id', '{}', validate_world.options('{"margin": 0.15}')), 1, 'a validation is defined');
CALL journey.validate('w keep', '2024-07-01 UTC');
SELECT is((SELECT state FROM journey.validation_latest WHERE name = 'w keep'), 'KEEP', 'no effect, and a margin: KEEP');
SELECT is(journey.define_validation('w ratio', 'SELECT * FROM validate_world.big WHERE strategy = ''a'' OR id % 2 = 0', 'outcome', 'strategy', 'id', '{}', validate_world.options()), 1, 'a validation is defined');
CALL journey.validate('w ratio', '2024-07-01 UTC');
SELECT results_eq($$SELECT d.state, r.n_new, (SELECT count(*) FROM journey.validation_result x WHERE x.run = r.run AND metric LIKE 'sequence%') FROM journey.validation_decision d JOIN journey.validation_run r USING (run) WHERE r.name = 'w ratio'$$,
	$$VALUES ('INVALID', 0::bigint, 0::bigint)$$, 'a broken ratio: INVALID, and nobody enters the sequence');
SELECT is((SELECT c.status FROM journey.validation_check c JOIN journey.validation_run USING (run) WHERE name = 'w ratio' AND check_name = 'sample_ratio'), 'failed', 'the check says so');

-- bets
SELECT is(journey.define_validation('w bets', 'validate_world.big', 'outcome', 'strategy', 'id', '{}', validate_world.options('{"sequence": "betting", "keys": "clear"}')), 1, 'a validation is defined');
CALL journey.validate('w bets', '2024-03-11 UTC');
CALL journey.validate('w bets', '2024-03-18 UTC');
SELECT results_eq($$SELECT r.method, r.n, round(r.value::numeric, 9), d.state FROM journey.validation_result r JOIN journey.validation_run USING (run) JOIN journey.validation_decision d USING (run)
		WHERE validation_run.name = 'w bets' AND as_of = '2024-03-18 UTC' AND metric = 'sequence_difference'$$,
	$$SELECT 'betting_sequence', count(*), round(avg(CASE strategy WHEN 'b' THEN 1 ELSE -1 END * 2 * (outcome::integer - 0.5)), 9), 'SWITCH' FROM validate_world.big WHERE matured_at < '2024-03-18 UTC'$$,
	'R-PREQ-4 bets on bounded scores, by brute force');
SELECT is((SELECT count(*)::integer FROM journey.validation_row s JOIN journey.validation_run r USING (run) JOIN validate_world.big b ON b.id::text = s.key WHERE r.name = 'w bets' AND s.strategy = 'a' AND s.observed = b.outcome::integer), 1099, 'keys in the clear where asked for');

-- blocked
CREATE TABLE validate_world.moving AS SELECT id, strategy, outcome::integer AS outcome, decided_at, matured_at FROM validate_world.big;
SELECT is(journey.define_validation('w moving', 'validate_world.moving', 'outcome', 'strategy', 'id', '{}', validate_world.options()), 1, 'a validation is defined');
CALL journey.validate('w moving', '2024-03-11 UTC');
ALTER TABLE validate_world.moving ALTER outcome TYPE float8;
CALL journey.validate('w moving', '2024-03-18 UTC');
SELECT results_eq($$SELECT state, previous_state, reason FROM journey.validation_latest WHERE name = 'w moving'$$,
	$$VALUES ('BLOCKED', 'SWITCH', 'The data cannot be trusted: schema ("outcome" was integer and is double precision; if that is meant, define the validation again).')$$, 'a changed type blocks, by name');
SELECT is(journey.define_validation('w moving', 'validate_world.moving', 'outcome', 'strategy', 'id', '{}', validate_world.options()), 2, 'the same definition over changed columns is a new version');
CALL journey.validate('w moving', '2024-03-18 UTC');
SELECT is((SELECT state FROM journey.validation_latest WHERE name = 'w moving'), 'SWITCH', 'and runs');
CALL journey.validate('w moving', '2024-03-25 UTC');
CALL journey.validate('w moving', '2024-04-01 UTC');
CALL journey.validate('w moving', '2024-04-08 UTC');
CALL journey.validate('w moving', '2024-04-15 UTC');
DELETE FROM validate_world.moving WHERE matured_at >= '2024-04-15 UTC' AND id % 5 <> 0;
CALL journey.validate('w moving', '2024-04-22 UTC');
SELECT results_eq($$SELECT d.state, c.status, c.statistic, r.n_new FROM journey.validation_decision d JOIN journey.validation_run r USING (run) JOIN journey.validation_check c USING (run)
	WHERE r.name = 'w moving' AND check_name = 'volume' ORDER BY r.run DESC LIMIT 1$$, $$VALUES ('BLOCKED', 'failed', 0.2::float8, 0::bigint)$$, 'a fifth of the usual rows blocks');
UPDATE validate_world.moving SET outcome = NULL WHERE matured_at >= '2024-04-22 UTC' AND id % 3 = 0;
INSERT INTO validate_world.moving SELECT id, strategy, CASE WHEN id % 3 <> 0 THEN outcome::integer END, decided_at, matured_at FROM validate_world.big WHERE matured_at >= '2024-04-15 UTC' AND id % 5 <> 0;
CALL journey.validate('w moving', '2024-04-29 UTC');
SELECT results_eq($$SELECT subject, status FROM journey.validation_check WHERE check_name = 'null_rate' AND run = (SELECT last_run FROM journey.validation_latest WHERE name = 'w moving')$$,
	$$VALUES ('outcome', 'failed')$$, 'a jump of the null rate is seen');
UPDATE validate_world.moving m SET outcome = b.outcome::integer FROM validate_world.big b WHERE b.id = m.id;
CALL journey.validate('w moving', '2024-04-29 12:00 UTC');
SELECT results_eq($$SELECT state, previous_state FROM journey.validation_latest WHERE name = 'w moving'$$, $$VALUES ('SWITCH', 'BLOCKED')$$, 'data made good go on');

-- degraded: "a" falls from 0.3 to 0.1 in week 20
CREATE TABLE validate_world.fall AS SELECT id, strategy, outcome AND (matured_at < '2024-05-20 UTC' OR id % 3 = 0) AS outcome, decided_at, matured_at FROM validate_world.null_effect;
SELECT is(journey.define_validation('w fall', 'validate_world.fall', 'outcome', 'strategy', 'id', '{}', validate_world.options()), 1, 'a validation is defined');
CALL journey.validate('w fall', '2024-05-20 UTC');
CALL journey.validate('w fall', '2024-06-10 UTC');
CALL journey.validate('w fall', '2024-07-01 UTC');
CALL journey.validate('w fall', '2024-07-22 UTC');
SELECT results_eq($$SELECT state FROM journey.validation_decision WHERE name = 'w fall' ORDER BY run$$, $$VALUES ('INCONCLUSIVE'), ('DEGRADED'), ('DEGRADED'), ('DEGRADED')$$, 'a champion that falls is DEGRADED');
SELECT matches((SELECT reason FROM journey.validation_latest WHERE name = 'w fall'), '^"a" fell below its own reference: at most 0\.\d+ since run \d+ \(\d+ customers\), at least 0\.\d+ before\.$', 'with the run since when');

SELECT matches((SELECT c.detail FROM journey.validation_check c WHERE check_name = 'page_hinkley' AND c.status = 'drift' AND run = (SELECT run FROM journey.validation_latest WHERE name = 'w fall')),
	'^outcomes of the champion moved down: alarm at row \d+ of 1\d+, matured 2024-0[56]-', 'and Page-Hinkley says when');
SELECT is_empty($$SELECT DISTINCT r.name FROM journey.validation_check c JOIN journey.validation_run r USING (run) WHERE check_name = 'page_hinkley' AND c.status = 'drift' AND r.name <> 'w fall'$$, 'and is quiet elsewhere');

-- without a clock, without a key
SELECT is(journey.define_validation('w still', 'SELECT outcome, strategy FROM validate_world.big', 'outcome', 'strategy', NULL, '{}', '{"planned": {"a": 1, "b": 1}}'), 1, 'a validation is defined');
CALL journey.validate('w still');
CALL journey.validate('w still');
CALL journey.validate('w still', force => true);
SELECT results_eq($$SELECT n_rows, n_new FROM journey.validation_run WHERE name = 'w still' ORDER BY run$$, $$VALUES (3000::bigint, 2400::bigint), (3000, 0)$$, 'rows without key and clock enter once, even when forced');

-- views and history
SELECT results_eq($$SELECT count(DISTINCT run)::integer FROM journey.validation_history WHERE name = 'w moving' AND metric = 'difference'$$, $$VALUES (7)$$, 'history holds every run that was not blocked');
SELECT cmp_ok((SELECT count(*)::integer FROM journey.validation_latest WHERE name LIKE 'w %'), '=', 9, 'one row a live definition');
SELECT is(journey.purge_validation('178000000 years'), 0::bigint, 'nothing is older than time');
SELECT cmp_ok((SELECT journey.purge_validation('0 seconds')), '>', 1000::bigint, 'scores are removed');
SELECT results_eq($$SELECT r.name, count(*) > 0 FROM journey.validation_row s JOIN journey.validation_run r USING (run) GROUP BY 1 ORDER BY 1$$, $$VALUES ('w bets', true), ('w still', true)$$, 'but not those still needed');
CALL journey.validate('w big', '2024-03-25 UTC');
SELECT results_eq($$SELECT n_new, (SELECT n FROM journey.validation_result x WHERE x.run = r.run AND metric = 'sequence_difference') FROM journey.validation_run r WHERE name = 'w big' ORDER BY run DESC LIMIT 1$$,
	$$VALUES (100::bigint, 999::bigint)$$, 'and the sequence goes on without them');
SELECT * FROM finish();

DELETE FROM journey.validation_run WHERE name LIKE 'w %';
DELETE FROM journey.validation_reference WHERE name LIKE 'w %';
DELETE FROM journey.validation WHERE name LIKE 'w %';
DROP SCHEMA validate_world CASCADE;
