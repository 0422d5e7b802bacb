-- lint_events: every planted fault is found and counted, a clean source
-- passes, dirty rows never raise, and the order of rows does not matter.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(60);

-- A clean source: 100 customers, five events each, ids, prompt recording.
CREATE TABLE clean AS
SELECT c::bigint AS customer_id, timestamptz '2024-01-01' + i * interval '1 hour' + c * interval '1 minute' AS ts,
	chr(97 + (c + i) % 4) AS touchpoint, c * 10 + i AS event_id,
	timestamptz '2024-01-01' + i * interval '1 hour' + c * interval '1 minute' + interval '3 seconds' AS recorded_at
FROM generate_series(1, 100) c, generate_series(1, 5) i;

SELECT is_empty($$SELECT check_name FROM journey.lint_events('clean') WHERE status <> 'ok'$$, 'a clean source passes');
SELECT is((SELECT array_agg(check_name ORDER BY o) FROM journey.lint_events('clean') WITH ORDINALITY l(check_name, status, count, detail, o)),
	'{null_customer_id,null_ts,null_touchpoint,null_event_id,infinite_ts,empty_touchpoint,overlong_value,future_ts,duplicate_event_id,identical_events,tied_ts,ts_without_zone,heavy_customers,one_event_customers,rare_touchpoints,near_duplicate_touchpoints,late_events,events,customers,touchpoints,time_span,customer_index}'::text[],
	'the checks and their order');
SELECT is((SELECT array_agg(check_name || ' ' || status ORDER BY o) FROM journey.lint_events('SELECT * FROM clean WHERE false') WITH ORDINALITY l(check_name, status, count, detail, o) WHERE status <> 'ok'),
	'{events warning,customer_index not_checkable}'::text[], 'an empty source has the same rows and no event');
SELECT is((SELECT count(*) FROM journey.lint_events('SELECT * FROM clean WHERE false')), 22::bigint, 'as many rows for no events');
SELECT is((SELECT sum(count)::bigint FROM journey.lint_events('SELECT * FROM clean WHERE false')), 0::bigint, 'nothing to count there');
SELECT is((SELECT array_agg(check_name ORDER BY check_name) FROM journey.lint_events('SELECT customer_id, ts, touchpoint FROM clean') WHERE status = 'not_checkable'),
	'{customer_index,duplicate_event_id,late_events,null_event_id}'::text[], 'what cannot be checked without columns');
SELECT is((SELECT array_agg(check_name || ' ' || count ORDER BY check_name) FROM journey.lint_events('clean')
	WHERE check_name IN ('events', 'customers', 'touchpoints', 'time_span')),
	'{customers 100,events 500,time_span 0,touchpoints 4}'::text[], 'volumes');

-- Planted faults.
CREATE FUNCTION pg_temp.found(source text, wanted text) RETURNS text LANGUAGE sql AS $$
	SELECT status || ' ' || count || ': ' || detail FROM journey.lint_events(source) WHERE check_name = wanted $$;
CREATE TABLE dirty AS SELECT * FROM clean;
ALTER TABLE dirty ALTER event_id TYPE bigint;
INSERT INTO dirty (customer_id, ts, touchpoint, event_id, recorded_at) VALUES
	(NULL, '2020-01-01', 'a', 5000, '2020-01-01'), (NULL, '2020-02-01', 'a', 5001, NULL), (NULL, NULL, NULL, NULL, NULL),
	(7, NULL, 'a', 5002, NULL), (-5, NULL, 'b', 5003, NULL),
	(9, '2024-01-01', NULL, 5004, NULL),
	(3, '2024-01-02', 'a', NULL, NULL),
	(12, 'infinity', 'a', 5005, NULL), (11, '-infinity', 'a', 5006, NULL),
	(4, '2024-01-03', '', 5007, NULL), (4, '2024-01-04', '', 5008, NULL),
	(21, '2024-01-05', repeat('x', 2000000), 5009, NULL);
SELECT is(pg_temp.found('dirty', 'null_customer_id'), 'error 3: 3 of 512 rows; the earliest is at 2020-01-01 00:00:00+00', 'null_customer_id');
SELECT is(pg_temp.found('dirty', 'null_ts'), 'error 3: 3 of 512 rows; the first such customer is -5', 'null_ts names the smallest customer');
SELECT is(pg_temp.found('dirty', 'null_touchpoint'), 'error 2: 2 of 512 rows; the first such customer is 9', 'null_touchpoint');
SELECT is(pg_temp.found('dirty', 'null_event_id'), 'error 2: 2 of 512 rows; the first such customer is 3', 'null_event_id');
SELECT is(pg_temp.found('dirty', 'infinite_ts'), 'error 2: 2 of 512 rows; the first such customer is 11', 'infinite_ts');
SELECT is(pg_temp.found('dirty', 'empty_touchpoint'), 'error 2: 2 of 512 rows; the first such customer is 4', 'empty_touchpoint');
SELECT is(pg_temp.found('dirty', 'overlong_value'), 'error 1: 1 value of more than 1048576 bytes in touchpoint; the first such customer is 21', 'overlong touchpoint');
SELECT is(pg_temp.found('dirty', 'events'), 'ok 500: of 512 rows', 'faulty rows are left out of the events');
SELECT is_empty($$SELECT check_name, status, count FROM journey.lint_events('dirty') WHERE status <> 'error'
	EXCEPT SELECT check_name, status, count FROM journey.lint_events('clean')$$, 'and out of every other check');
SELECT ok(pg_temp.found('SELECT repeat(''k'', 2000000) AS customer_id, ts, touchpoint FROM clean LIMIT 1', 'overlong_value')
	LIKE 'error 1:% in customer_id; the earliest is at 2024-01-01%', 'overlong key');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint, repeat(''k'', 2000000) AS event_id FROM clean WHERE customer_id < 3', 'overlong_value'),
	'error 10: 10 values of more than 1048576 bytes in event_id; the first such customer is 1', 'overlong event_id');
SELECT is(pg_temp.found('SELECT 1 AS customer_id, ''a''::text AS touchpoint, date ''5874897-12-31'' AS ts', 'infinite_ts'),
	'error 1: 1 of 1 rows; the first such customer is 1', 'a date beyond timestamptz');

SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM clean UNION ALL SELECT c, statement_timestamp() + c * interval ''1 day'', ''a'' FROM generate_series(2, 4) c', 'future_ts'),
	'warning 3: 3 events after the time of this statement; the first such customer is 2', 'future_ts');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint, event_id - 30 * (event_id / 500) AS event_id FROM clean', 'duplicate_event_id'),
	'warning ' || d.ids || ': ' || d.ids || ' ids occur more than once, ' || d.surplus || ' events too many; the first such id is ' || d.first, 'duplicate_event_id')
FROM (SELECT count(*) AS ids, sum(n - 1) AS surplus, min(id) AS first FROM
	(SELECT event_id - 30 * (event_id / 500) AS id, count(*) AS n FROM clean GROUP BY 1) x WHERE n > 1) d;
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint, -event_id AS event_id FROM clean UNION ALL SELECT 1, ''2024-05-01'', ''a'', -14', 'duplicate_event_id'),
	'warning 1: 1 id occurs more than once, 1 event too many; the first such id is -14', 'a negative id by name');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM clean UNION ALL SELECT customer_id, ts, touchpoint FROM clean WHERE customer_id IN (30, 8)', 'identical_events'),
	'warning 10: 10 events repeat another one''s customer, time and touchpoint; the first such customer is 8', 'identical_events');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint, event_id FROM clean UNION ALL SELECT customer_id, ts, touchpoint, event_id FROM clean WHERE customer_id = 8', 'identical_events'),
	'warning 5: 5 events repeat another one''s customer, time, touchpoint and event_id; the first such customer is 8', 'identical with ids');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint, event_id FROM clean UNION ALL SELECT customer_id, ts, touchpoint, event_id + 100000 FROM clean WHERE customer_id = 8', 'identical_events'),
	'ok 0: no two events share customer, time, touchpoint and event_id; 5 more differ in event_id only', 'loaded again under new ids');
SELECT is(pg_temp.found('SELECT customer_id, date_trunc(''day'', ts) AS ts, touchpoint FROM clean', 'tied_ts'),
	'warning 500: 100.0 % of the events share an instant with another of their customer; without event_id the touchpoint decides their order; the first such customer is 1', 'ties without ids');
SELECT is(pg_temp.found('SELECT customer_id, date_trunc(''day'', ts) AS ts, touchpoint, event_id FROM clean', 'tied_ts'),
	'ok 500: 100.0 % of the events share an instant with another of their customer; event_id decides their order; the first such customer is 1', 'ties that ids break');
SELECT is(pg_temp.found('SELECT customer_id, date_trunc(''day'', ts) AS ts, touchpoint, event_id / 2 AS event_id FROM clean', 'tied_ts'),
	'warning 500: 100.0 % of the events share an instant with another of their customer; '
	|| (SELECT sum(n) FROM (SELECT count(*) AS n FROM clean GROUP BY customer_id, event_id / 2) x WHERE n > 1)
	|| ' of them share event_id too, so the touchpoint decides their order; the first such customer is 1', 'ties that ids do not break');
SELECT is(pg_temp.found('SELECT customer_id, ts::timestamp AS ts, touchpoint FROM clean', 'ts_without_zone'),
	'warning 500: ts is of type timestamp without time zone: read as local time in the time zone of the session, UTC', 'timestamp without zone');
SELECT is(pg_temp.found('SELECT customer_id, ts::date AS ts, touchpoint FROM clean', 'ts_without_zone'),
	'warning 500: ts is of type date: read as midnight in the time zone of the session, UTC', 'date');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM clean UNION ALL SELECT 4242, timestamptz ''2024-01-01'' + i * interval ''1 second'', ''a'' FROM generate_series(1, 5000) i', 'heavy_customers'),
	'warning 1: 1 customer has 5000 events or more, perhaps machines; the median is 5 events, the largest customer is 4242 with 5000', 'heavy_customers, beyond the table');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM clean UNION ALL SELECT 4242, timestamptz ''2024-01-01'' + i * interval ''1 second'', ''a'' FROM generate_series(1, 100) i', 'heavy_customers'),
	'ok 0: the median is 5 events, the largest customer is 4242 with 100', '100 events are not yet heavy');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM clean UNION ALL SELECT c, ''2024-01-01'', ''a'' FROM generate_series(1001, 1101) c', 'one_event_customers'),
	'warning 101: 50.2 % of the customers have a single event: is customer_id the customer, or a visit?', 'one_event_customers');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM clean UNION ALL SELECT 5, timestamptz ''2024-02-01'' + i * interval ''1 day'', ''rare '' || i FROM generate_series(1, 7) i', 'rare_touchpoints'),
	'warning 7: only one customer has seen "rare 1", "rare 2", "rare 3", "rare 4", "rare 5" and 2 more', 'rare_touchpoints');
SELECT is(pg_temp.found('SELECT customer_id, ts, CASE touchpoint WHEN ''a'' THEN ''Phone call'' WHEN ''b'' THEN '' phone  CALL '' WHEN ''c'' THEN ''c'' ELSE ''C'' END AS touchpoint FROM clean', 'near_duplicate_touchpoints'),
	'warning 4: equal but for case and blanks: " phone  CALL " = "Phone call"; "C" = "c"', 'near_duplicate_touchpoints');
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint, CASE customer_id WHEN 17 THEN ts + interval ''25 hours'' WHEN 4 THEN ts - interval ''1 second'' WHEN 5 THEN NULL WHEN 6 THEN ''infinity'' WHEN 30 THEN ts + interval ''24 hours'' ELSE recorded_at END AS recorded_at FROM clean', 'late_events'),
	'warning 15: 10 recorded more than a day after ts, 5 before it; the longest delay is 25.0 hours; the first such customer is 4; recorded_at is null in 5 events', 'late_events');
SELECT is(pg_temp.found('clean', 'late_events'), 'ok 0: 0 recorded more than a day after ts, 0 before it; the longest delay is 0.0 hours', 'prompt recording');
SELECT is(pg_temp.found('clean', 'time_span'), 'ok 0: whole days from 2024-01-01 01:01:00+00 to 2024-01-01 06:40:00+00', 'time_span');

-- Advice about an index.
SELECT is(pg_temp.found('clean', 'customer_index'),
	'ok 0: reading all events needs no index; for queries of single customers: CREATE INDEX ON public.clean (customer_id, ts) INCLUDE (touchpoint)', 'index advice');
CREATE INDEX clean_other ON clean (ts, customer_id);
CREATE INDEX clean_part ON clean (customer_id, ts) WHERE customer_id > 5;
SELECT ok(pg_temp.found('clean', 'customer_index') LIKE 'ok 0: %', 'other and partial indexes do not serve');
CREATE INDEX clean_customer ON clean (customer_id, ts, touchpoint);
SELECT is(pg_temp.found('public.clean', 'customer_index'), 'ok 1: index "clean_customer" begins with customer_id, ts', 'index found');
CREATE VIEW clean_view AS SELECT * FROM clean;
SELECT is(pg_temp.found('clean_view', 'customer_index'), 'not_checkable 0: the source is not a table', 'a view has no index');

-- Kinds of keys, optional columns, the order of rows.
SELECT is_empty($$SELECT check_name, status, count FROM journey.lint_events('SELECT customer_id::integer, ts, touchpoint, event_id::text, recorded_at FROM clean') WHERE check_name <> 'customer_index'
	EXCEPT SELECT check_name, status, count FROM journey.lint_events('clean')$$, 'integer keys, text ids');
SELECT is_empty($$SELECT check_name, status, count FROM journey.lint_events('SELECT md5(customer_id::text)::uuid AS customer_id, ts, touchpoint, md5(event_id::text)::uuid AS event_id, recorded_at FROM clean') WHERE check_name <> 'customer_index'
	EXCEPT SELECT check_name, status, count FROM journey.lint_events('clean')$$, 'uuid keys and ids');
SELECT is_empty($$SELECT check_name, status, count FROM journey.lint_events('SELECT ''c'' || customer_id AS customer_id, ts, touchpoint, event_id, recorded_at FROM clean') WHERE check_name <> 'customer_index'
	EXCEPT SELECT check_name, status, count FROM journey.lint_events('clean')$$, 'text keys');
SELECT ok(pg_temp.found('SELECT ''c'' || customer_id AS customer_id, NULL::timestamptz AS ts, touchpoint FROM clean', 'null_ts')
	LIKE '%the first such customer is c1', 'a text key by name');
SELECT is(pg_temp.found('SELECT NULL::text AS touchpoint, 1 AS customer_id, now() AS ts UNION ALL SELECT NULL, 2, now()', 'null_touchpoint'),
	'error 2: 2 of 2 rows; the first such customer is 1', 'only faulty rows');
SELECT is(pg_temp.found('SELECT ''''::text AS customer_id, now() AS ts, ''a''::text AS touchpoint UNION ALL SELECT '''', now(), ''a''', 'identical_events'),
	'warning 1: 1 event repeats another one''s customer, time and touchpoint; the first such customer is ', 'an empty text is a key');
SELECT is(pg_temp.found('SELECT repeat(''é'', 50) AS customer_id, NULL::date AS ts, ''a''::text AS touchpoint', 'null_ts'),
	'error 1: 1 of 1 rows; the first such customer is ' || repeat('é', 30) || '...', 'long names are cut at a character');
CREATE TABLE mixed AS SELECT * FROM dirty UNION ALL
	SELECT customer_id, date_trunc('hour', ts), upper(touchpoint), event_id / 3, ts + interval '2 days' FROM clean;
SELECT is((SELECT array_agg(l::text) FROM journey.lint_events('SELECT * FROM mixed ORDER BY md5(mixed::text)') l),
	(SELECT array_agg(l::text) FROM journey.lint_events('SELECT * FROM mixed ORDER BY customer_id DESC, ts DESC, touchpoint') l),
	'the order of rows changes no byte');
SET LOCAL journey.memory_limit = '64kB';
CREATE TABLE large AS SELECT c AS customer_id, timestamptz '2024-01-01' + (c * i % 977) * interval '1 hour' AS ts, 't' || i % 7 AS touchpoint, c * i AS event_id
FROM generate_series(1, 2000) c, generate_series(1, 10) i;
CREATE TEMP TABLE spilled AS SELECT l::text FROM journey.lint_events('large') l;
RESET journey.memory_limit;
SELECT is((SELECT array_agg(l::text) FROM journey.lint_events('large') l), (SELECT array_agg(l::text) FROM spilled), 'spilling changes no byte');
SELECT is(pg_temp.found('large', 'duplicate_event_id') LIKE 'warning ' || count(*) || ':%', true, 'ids counted by GROUP BY')
FROM (SELECT event_id FROM large GROUP BY 1 HAVING count(*) > 1) x;
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM large', 'tied_ts') LIKE 'warning ' || sum(n) || ':%', true, 'ties counted by GROUP BY')
FROM (SELECT count(*) AS n FROM large GROUP BY customer_id, ts HAVING count(*) > 1) x;
SELECT is(pg_temp.found('SELECT customer_id, ts, touchpoint FROM large', 'identical_events') LIKE 'warning ' || sum(n - 1) || ':%', true, 'identical events counted by GROUP BY')
FROM (SELECT count(*) AS n FROM large GROUP BY customer_id, ts, touchpoint HAVING count(*) > 1) x;

-- What is still an error.
SELECT throws_ok($$SELECT * FROM journey.lint_events('SELECT customer_id, ts FROM clean')$$, '42703', 'source has no column "touchpoint"', 'a missing column');
SELECT throws_ok($$SELECT * FROM journey.lint_events('SELECT customer_id, ts::text, touchpoint FROM clean')$$, '42804', NULL, 'a wrong type');
SELECT throws_ok($$SELECT * FROM journey.lint_events('SELECT customer_id::float8, ts, touchpoint FROM clean')$$, '42804', NULL, 'a key that is none');
SELECT throws_ok($$SELECT * FROM journey.lint_events(NULL)$$, '22004', NULL, 'NULL source');
SELECT throws_ok($$SELECT * FROM journey.lint_events('no_such_relation')$$, '42P01', NULL, 'no such relation');

-- The help desk log: 4,580 cases, 21,348 events, 14 activities.
\set csv :shared '/data/helpdesk/helpdesk.csv.xz'
\setenv HELPDESK :csv
\set there `[ -r "$HELPDESK" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TABLE helpdesk (customer_id text, touchpoint text, ts timestamptz, r text, s text, c text, p text, rs text, s2 text, sl text, st text, ss text, w text);
\if :there
\copy helpdesk FROM PROGRAM 'xz -dc "$HELPDESK"' (FORMAT csv, HEADER)
\endif
SELECT CASE WHEN :'there' THEN is((SELECT array_agg(check_name || ' ' || count ORDER BY check_name) FROM journey.lint_events('helpdesk')
	WHERE check_name IN ('events', 'customers', 'touchpoints')),
	'{customers 4580,events 21348,touchpoints 14}'::text[], 'help desk log: counts')
	ELSE skip('no help desk log', 1) END;

SELECT * FROM finish();
ROLLBACK;
