-- leakage_check: a clean source passes, every trap that columns can show is planted and found.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SET LOCAL timezone = 'UTC';
SELECT plan(59);

-- 160 customers, seven decisions each, three weeks apart, outcomes known ten days later.
CREATE TABLE clean AS
SELECT i, c AS customer_id, journey.fold(c, 5) AS fold, t AS decided_at, t + interval '10 days' AS matured_at, '2025-01-01Z'::timestamptz AS observed_until,
	t - make_interval(mins => 1 + i % 50) AS newest_event_at, t - make_interval(mins => i % 50) AS recorded_at, t AS strategy_at,
	t - interval '1 day' AS covariate_until, t AS x_at, (ARRAY['call', 'mail'])[1 + (journey.hash64(i, 4) & 1)::integer] AS strategy,
	c / 2 * 2 AS household, x, y, (ARRAY['a', 'b', 'c', NULL])[1 + (journey.hash64(i, 8) & 3)::integer] AS channel,
	x * 3 + y + (journey.hash64(i, 10) & 1023) / 256.0::float8 AS value,
	CASE WHEN journey.hash64(i, 9) & 15 > 0 THEN x + (journey.hash64(i, 6) & 1023) / 256.0 > 3 END AS churned
FROM (SELECT i, i % 160 AS c, '2024-01-01Z'::timestamptz + make_interval(days => 21 * (i / 160), mins => (journey.hash64(i % 160, 2) & 8191)::integer) AS t,
	(journey.hash64(i, 3) & 1073741823) / 536870912.0::float8 AS x, (journey.hash64(i, 5) & 7)::integer AS y FROM generate_series(0, 1119) i) s;
UPDATE clean SET fold = journey.fold(household, 5);

-- The clean table with some columns replaced, and rows added.
CREATE FUNCTION pg_temp.planted(VARIADIC replaced text[]) RETURNS text LANGUAGE sql AS $$
	SELECT 'SELECT ' || string_agg(coalesce((SELECT r || ' AS ' || a.attname FROM unnest(replaced) WITH ORDINALITY u(r, o) WHERE o % 2 = 0 AND replaced[o - 1] = attname), 'c.' || attname), ', ' ORDER BY attnum) || ' FROM clean c'
	FROM pg_attribute a WHERE attrelid = 'clean'::regclass AND attnum > 0 AND NOT attisdropped $$;
-- Traps that are not passed; or the answer of one.
CREATE FUNCTION pg_temp.traps(source text, target text DEFAULT 'churned', features text[] DEFAULT '{x,y,channel}', fold text DEFAULT 'fold', key text DEFAULT 'customer_id', decided_at text DEFAULT 'decided_at') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(trap || ' ' || status, ', '), 'none') FROM journey.leakage_check(source, key, fold, target, decided_at, features) WHERE status IN ('leak', 'suspect') $$;
CREATE FUNCTION pg_temp.said(wanted text, source text, target text DEFAULT 'churned', features text[] DEFAULT '{x,y,channel}', fold text DEFAULT 'fold', key text DEFAULT 'customer_id') RETURNS text LANGUAGE sql AS $$
	SELECT status || ': ' || detail FROM journey.leakage_check(source, key, fold, target, 'decided_at', features) WHERE trap = wanted $$;

SELECT results_eq($$SELECT trap, check_name, status FROM journey.leakage_check('clean', 'customer_id', 'fold', 'churned', 'decided_at', '{x,y,channel}')$$,
	$$VALUES ('L1', 'future_events', 'ok'), ('L2', 'late_events', 'ok'), ('L3', 'key_across_folds', 'ok'), ('L4', 'duplicates_across_folds', 'ok'),
	('L5', 'preprocessing', 'ok'), ('L6', 'target_in_features', 'ok'), ('L7', 'overlapping_windows', 'ok'), ('L8', 'immature_outcomes', 'ok'),
	('L9', 'immortal_time', 'ok'), ('L10', 'response', 'ok'), ('L11', 'covariates_after_decision', 'ok'), ('L12', 'carry_over', 'ok'),
	('L13', 'best_of_many', 'not_checkable'), ('L14', 'cuped_window', 'ok'), ('L15', 'time_trend', 'ok'), ('L16', 'tuned_on_test', 'not_checkable')$$, 'a clean source passes');
SELECT is(pg_temp.traps('clean', 'value'), 'none', 'with a number as target');
SELECT is(pg_temp.traps('clean', features => '{x}'), 'none', 'with one feature');
SELECT is(pg_temp.traps('clean', features => '{y,channel}'), 'none', 'with features of few values');
SELECT is(pg_temp.traps('clean', features => NULL), 'none', 'with every feature by default');
SELECT is((SELECT string_agg(trap, ' ') FROM journey.leakage_check('SELECT customer_id, fold, churned, decided_at, x FROM clean', 'customer_id', 'fold', 'churned', 'decided_at') WHERE status = 'not_checkable'),
	'L1 L2 L7 L8 L9 L10 L11 L12 L13 L14 L16', 'without further columns: what cannot be seen is said');
SELECT is((SELECT string_agg(DISTINCT status, ' ') FROM journey.leakage_check('clean', NULL, NULL, NULL, NULL, '{}')), 'not_checkable', 'without arguments nothing is checkable');
SELECT is((SELECT md5(string_agg(l::text, ';')) FROM journey.leakage_check('SELECT * FROM clean ORDER BY md5(i::text)', 'customer_id', 'fold', 'churned', 'decided_at') l),
	(SELECT md5(string_agg(l::text, ';')) FROM journey.leakage_check('SELECT * FROM clean ORDER BY i', 'customer_id', 'fold', 'churned', 'decided_at') l), 'the order of rows does not matter');

-- L1, L2, L9, L11, L14: times after the decision.
SELECT is(pg_temp.traps(pg_temp.planted('newest_event_at', 'CASE WHEN i = 7 THEN decided_at ELSE newest_event_at END')), 'L1 leak', 'L1 an event at the decision');
SELECT is(pg_temp.said('L1', pg_temp.planted('newest_event_at', 'CASE WHEN i < 3 THEN decided_at + i * interval ''25 hours'' ELSE newest_event_at END')),
	'leak: newest_event_at is at or after the decision in 3 of 1120 rows, by up to 2 days 02:00:00: compute features as_of decided_at', 'L1 in words');
SELECT is(pg_temp.traps('SELECT *, CASE WHEN i = 9 THEN decided_at + interval ''1 second'' END AS closed_at FROM clean', features => '{x,closed_at}'), 'L1 leak, L11 leak', 'L1, L11 a feature that is a later time');
SELECT is(pg_temp.traps('SELECT *, decided_at AS opened_at FROM clean', features => '{x,opened_at}'), 'none', 'the time of the decision itself is known then');
SELECT is(pg_temp.traps(pg_temp.planted('recorded_at', 'decided_at + CASE WHEN i = 1 THEN interval ''1 hour'' ELSE ''0'' END')), 'L2 leak', 'L2 written down later');
SELECT is(pg_temp.said('L2', pg_temp.planted('recorded_at', 'NULL::timestamptz')), 'not_checkable: column recorded_at is null in every row', 'L2 a column of NULLs');
SELECT is(pg_temp.traps(pg_temp.planted('strategy_at', 'decided_at + CASE WHEN strategy = ''call'' THEN interval ''1 day'' ELSE ''0'' END')), 'L9 leak', 'L9 calls exist only for what lasted a day');
SELECT is(pg_temp.traps(pg_temp.planted('x_at', 'decided_at + CASE WHEN i = 5 THEN interval ''1 day'' ELSE ''0'' END')), 'L11 leak', 'L11 a feature measured later');
SELECT is(pg_temp.traps(pg_temp.planted('covariate_until', 'decided_at + interval ''1 hour''')), 'L14 leak', 'L14 the covariate was touched');

-- L3, L4: the same customer, the same row.
SELECT is(pg_temp.traps(pg_temp.planted('fold', 'journey.fold(i, 5)', 'household', 'customer_id')), 'L3 leak', 'L3 folds of rows');
SELECT matches(pg_temp.said('L3', pg_temp.planted('fold', 'CASE WHEN i = 800 THEN fold % 5 + 1 ELSE fold END')), '^leak: 1 of 160 keys lie in more than one fold', 'L3 a single row');
SELECT matches(pg_temp.said('L3', pg_temp.planted('fold', 'journey.fold(customer_id, 5)')), '^leak: [0-9]+ households lie in more than one fold', 'L3 households');
SELECT is(pg_temp.traps(pg_temp.planted('household', 'NULL::integer')), 'none', 'L3 no household is not one household');
SELECT is(pg_temp.said('L3', 'clean', key => NULL), 'not_checkable: needs key, by which rows belong together', 'L3 no key');
SELECT is(pg_temp.traps(pg_temp.planted('i', 'i') || ' UNION ALL ' || pg_temp.planted('customer_id', 'customer_id + 1000', 'household', 'household + 1000', 'fold', 'fold % 5 + 1') || ' WHERE i % 40 = 3'), 'L4 leak', 'L4 merged accounts');
SELECT matches(pg_temp.said('L4', pg_temp.planted('i', 'i') || ' UNION ALL ' || pg_temp.planted('customer_id', '1000', 'household', '1000', 'fold', 'fold % 5 + 1') || ' WHERE i = 1'), '^leak: 1 pairs of rows in different folds agree in features, target and time', 'L4 one row twice');
SELECT matches(pg_temp.said('L4', pg_temp.planted('i', 'i') || ' UNION ALL ' || pg_temp.planted('customer_id', 'customer_id + 1000', 'household', 'household + 1000', 'fold', 'fold % 5 + 1', 'decided_at', 'decided_at + interval ''3 hours''') || ' WHERE i % 40 = 3'), '^leak: 28 pairs of rows in different folds agree in features and target,', 'L4 at other times');
SELECT is(pg_temp.said('L4', pg_temp.planted('i', 'i') || ' UNION ALL ' || pg_temp.planted('customer_id', 'customer_id + 1000', 'household', 'household + 1000') || ' WHERE i % 40 = 3') ~ '^ok', true, 'L4 not within a fold');
SELECT matches(pg_temp.said('L4', 'clean', fold => NULL), '^not_checkable', 'L4 no folds');

-- L5, L6: features.
SELECT is(pg_temp.traps(pg_temp.planted('x', '(x - avg(x) OVER ()) / stddev_samp(x) OVER ()')), 'L5 leak', 'L5 scaled with all rows');
SELECT matches(pg_temp.said('L5', pg_temp.planted('x', '(x - avg(x) OVER ()) / stddev_pop(x) OVER ()')), '^leak: feature x has mean 0 and deviation 1', 'L5 in words');
SELECT is(pg_temp.traps(pg_temp.planted('x', 'CASE WHEN i % 9 = 0 THEN avg(x) FILTER (WHERE i % 9 > 0) OVER () ELSE x END')), 'L5 leak', 'L5 imputed with all rows');
SELECT is(pg_temp.traps('SELECT *, 2 * (journey.hash64(i, 12) & 1) - 1 AS sign FROM clean', features => '{sign,x}'), 'none', 'L5 a coded boolean is not scaled');
SELECT is(pg_temp.traps(pg_temp.planted('x', 'CASE WHEN churned THEN 2 + x ELSE x / 2 END')), 'L6 leak', 'L6 a feature made of the target');
SELECT is(pg_temp.traps(pg_temp.planted('x', 'CASE WHEN churned THEN -x ELSE x END')), 'L6 leak', 'L6 downwards');
SELECT is(pg_temp.traps('SELECT *, CASE WHEN churned THEN ''closed: left'' WHEN i % 3 = 0 THEN ''open'' ELSE ''waiting'' END AS state FROM clean', features => '{x,state}'), 'L6 leak', 'L6 a label');
SELECT is(pg_temp.traps('SELECT *, ''ticket '' || i AS ticket FROM clean', features => '{x,ticket}'), 'none', 'L6 a label of its own in every row knows nothing');
SELECT is(pg_temp.traps(pg_temp.planted('x', 'CASE WHEN churned THEN x END')), 'L6 leak', 'L6 filled in for those who left');
SELECT is(pg_temp.traps('SELECT *, avg(churned::integer) OVER (PARTITION BY i % 37) AS agent_rate FROM clean WHERE churned IS NOT NULL', features => '{x,agent_rate}'), 'L6 leak', 'L6 the mean of the target over the agent''s rows');
SELECT is(pg_temp.traps('SELECT *, avg(value) OVER (PARTITION BY i % 37) AS agent_value FROM clean', 'value', '{x,agent_value}'), 'L6 leak', 'L6 the same of a number');
SELECT is(pg_temp.traps('SELECT *, value ^ 3 + x / 100 AS revenue FROM clean', 'value', '{x,revenue}'), 'L6 leak', 'L6 a number made of the target');
SELECT is(pg_temp.traps('SELECT *, churned AS left FROM clean', features => '{x,left}'), 'L6 leak', 'L6 the target under another name');
SELECT matches(pg_temp.said('L6', 'SELECT * FROM clean WHERE NOT churned OR i = 1'), '^not_checkable: needs 5 rows of both classes', 'L6 one class');

-- L7, L8, L12: windows.
SELECT is(pg_temp.traps(pg_temp.planted('fold', '1 + i / 160 % 2', 'matured_at', 'decided_at + interval ''30 days''', 'household', 'NULL::integer')), 'L3 leak, L7 leak, L12 leak', 'L7 windows of one customer in two folds');
SELECT is(pg_temp.traps(pg_temp.planted('fold', '1 + i / 480', 'customer_id', 'i', 'household', 'NULL::integer')), 'none', 'L7 blocks of time, windows apart');
SELECT matches(pg_temp.said('L7', pg_temp.planted('fold', '1 + i / 480', 'customer_id', 'i', 'matured_at', 'decided_at + interval ''60 days''')), '^leak: folds are blocks of time, and the outcome windows of [0-9]+ of 1120 rows reach', 'L7 blocks of time, windows across');
SELECT matches(pg_temp.said('L7', 'clean', key => NULL), '^not_checkable: needs key', 'L7 no key');
SELECT is(pg_temp.traps(pg_temp.planted('observed_until', '''2024-04-01Z''::timestamptz')), 'L8 leak', 'L8 outcomes before their window has ended');
SELECT is(pg_temp.traps(pg_temp.planted('matured_at', 'CASE WHEN i > 100 THEN matured_at END')), 'L8 leak', 'L8 outcomes of windows without an end');
SELECT is(pg_temp.traps('SELECT i, customer_id, fold, churned, x, decided_at, CASE WHEN i = 4 THEN now() + interval ''1 day'' ELSE matured_at END AS matured_at FROM clean', features => '{x}'), 'L8 leak', 'L8 a window that ends tomorrow');
SELECT is(pg_temp.said('L8', pg_temp.planted('matured_at', 'CASE WHEN churned IS NOT NULL THEN matured_at END')), 'ok: every outcome that is given has matured; ' || (SELECT format('%s of 1120 rows (%s %%) have none', n, round(100.0 * n / 1120, 1)) FROM (SELECT count(*) AS n FROM clean WHERE churned IS NULL) x), 'L8 the share without outcome is told');
SELECT is(pg_temp.traps(pg_temp.planted('matured_at', 'decided_at + interval ''25 days''')), 'L12 leak', 'L12 the next strategy within the window');
SELECT is(pg_temp.traps(pg_temp.planted('matured_at', 'decided_at + interval ''25 days''', 'strategy', '''call'' || customer_id')), 'none', 'L12 the same strategy is no carry-over');

SELECT matches(pg_temp.said('L7', pg_temp.planted('matured_at', 'NULL::timestamptz', 'churned', 'NULL::boolean')), '^not_checkable: needs rows whose matured_at', 'L7 no window at all');
SELECT is(pg_temp.traps('SELECT *, 7 AS y_at FROM clean', features => '{x,y}'), 'none', 'a column <feature>_at that is no time is left alone');

-- L10, L15.
SELECT is(pg_temp.traps(pg_temp.planted('churned', 'CASE WHEN strategy = ''mail'' AND journey.hash64(i, 11) & 3 = 0 THEN NULL ELSE churned END')), 'L10 suspect', 'L10 answers depend on the strategy');
SELECT is(pg_temp.traps(pg_temp.planted('churned', 'x + i / 300.0 > 2.5')), 'L15 suspect', 'L15 a trend under folds across time');
SELECT is(pg_temp.traps(pg_temp.planted('churned', 'x + i / 300.0 > 2.5', 'fold', '1 + i / 480', 'customer_id', 'i', 'household', 'NULL::integer')), 'none', 'L15 folds follow time');

-- Refusals.
CREATE FUNCTION pg_temp.state_of(query text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE query; RETURN 'accepted'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $$;
SELECT throws_ok($$SELECT * FROM journey.leakage_check('SELECT 1 AS customer_id, NULL::integer AS fold', 'customer_id', 'fold', NULL, NULL)$$, '22004', 'column "fold" is null in row 1 of the source', 'NULL fold');
SELECT throws_ok($$SELECT * FROM journey.leakage_check('clean', 'customer_id', 'fold', 'churned', 'decided_at', '{x,churned}')$$, '22023', 'column "churned" is the target and a feature', 'the target as a feature');
SELECT is((SELECT string_agg(x, ' ') FROM (VALUES ('source', $q$NULL, 'customer_id', 'fold', 'churned', 'decided_at'$q$), ('key', $q$'clean', 'nobody', 'fold', 'churned', 'decided_at'$q$), ('target', $q$'clean', 'customer_id', 'fold', 'strategy', 'decided_at'$q$),
	('time', $q$'clean', 'customer_id', 'fold', 'churned', 'x'$q$), ('feature', $q$'clean', 'customer_id', 'fold', 'churned', 'decided_at', '{nothing}'$q$), ('nan', $q$'SELECT ''NaN''::float8 AS x, 1 AS k', 'k', NULL, NULL, NULL$q$)) v(name, arguments),
	LATERAL (SELECT name || ' ' || pg_temp.state_of('SELECT * FROM journey.leakage_check(' || arguments || ')') AS x) y), 'source 22004 key 42703 target 42804 time 42804 feature 42703 nan 22003', 'wrong arguments and numbers');

SELECT * FROM finish();
ROLLBACK;
