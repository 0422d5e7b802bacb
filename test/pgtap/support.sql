-- support_metrics: cases by hand, minutes of open hours counted by the clock,
-- a help desk log against plain SQL, and every wrong argument by name.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SELECT plan(73);

\set roles '{"created": "created", "automatic_reply": ["auto"], "internal_note": "note", "agent_reply": ["mail", "call"], "customer_reply": "answer", "pending": "wait", "on_hold": "hold", "open": "work", "solved": "done"}'
CREATE TEMP TABLE log (customer_id bigint, ts timestamptz, touchpoint text, actor text);
INSERT INTO log VALUES
	(1, '2024-03-04 09:00', 'created', NULL), (1, '2024-03-04 09:00:05', 'auto', 'robot'),
	(1, '2024-03-04 09:20', 'note', 'cleo'), (1, '2024-03-04 10:00', 'mail', 'ann'),
	(1, '2024-03-04 10:00', 'wait', NULL), (1, '2024-03-04 11:40', 'answer', NULL),
	(1, '2024-03-04 11:40', 'work', NULL), (1, '2024-03-04 11:40', 'survey sent', NULL),
	(1, '2024-03-04 12:10', 'hold', NULL), (1, '2024-03-04 13:00', 'work', NULL),
	(1, '2024-03-04 13:20', 'call', 'bob'), (1, '2024-03-04 13:30', 'done', NULL),
	(1, '2024-03-05 13:30', 'work', NULL), (1, '2024-03-05 13:40', 'mail', 'ann'),
	(1, '2024-03-05 14:00', 'done', NULL), (1, '2024-03-09 00:00', 'done', NULL),
	-- never answered, waiting
	(2, '2024-03-04 09:00', 'created', NULL), (2, '2024-03-04 09:30', 'wait', NULL),
	-- nothing with a role
	(3, '2024-03-04 09:00', 'survey sent', 'ann'),
	-- no created: when it began is not known
	(4, '2024-03-04 09:00', 'mail', 'ann'), (4, '2024-03-04 10:00', 'work', NULL), (4, '2024-03-04 10:30', 'done', NULL),
	-- all in one instant, in no good order of names
	(5, '2024-03-04 09:00', 'done', NULL), (5, '2024-03-04 09:00', 'created', NULL), (5, '2024-03-04 09:00', 'call', NULL),
	-- one and two replies
	(6, '2024-03-04 09:00', 'created', NULL), (6, '2024-03-04 09:30', 'mail', 'ann'), (6, '2024-03-04 09:31', 'done', NULL),
	(7, '2024-03-04 09:00', 'created', NULL), (7, '2024-03-04 09:30', 'mail', 'ann'), (7, '2024-03-04 09:40', 'mail', 'ann'), (7, '2024-03-04 09:41', 'done', NULL),
	-- created twice, a reply before
	(8, '2024-03-04 08:00', 'mail', 'ann'), (8, '2024-03-04 09:00', 'created', NULL), (8, '2024-03-04 09:10', 'hold', NULL), (8, '2024-03-04 10:00', 'created', NULL), (8, '2024-03-04 11:00', 'mail', 'bob');
CREATE TEMP TABLE the_roles (roles jsonb);
INSERT INTO the_roles VALUES (:'roles');

CREATE FUNCTION pg_temp.figures(c bigint, as_of timestamptz DEFAULT NULL, source text DEFAULT 'log') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', coalesce(first_reply_seconds::text, '-'), coalesce(first_resolution_seconds::text, '-'),
		coalesce(full_resolution_seconds::text, '-'), '|', coalesce(requester_wait_seconds::text, '-'),
		coalesce(agent_wait_seconds::text, '-'), coalesce(on_hold_seconds::text, '-'), '|',
		reopens, coalesce(handoffs::text, '-'), touches, '|', resolutions, coalesce(touch_class, '-'), coalesce(case_status, '-'))
	FROM journey.support_metrics(source, (SELECT roles FROM the_roles), as_of => as_of) WHERE customer_id = c $$;

SELECT is(pg_temp.figures(1), '3600 16200 104400 | 12000 6000 3000 | 1 2 3 | 2 multi_touch solved',
	'a case with everything: no automatic reply, no note; solved again without a change in between does not count');
SELECT is((SELECT case_status_since FROM journey.support_metrics('log', :'roles') WHERE customer_id = 1), timestamptz '2024-03-05 14:00', 'solved since the change');
SELECT is(pg_temp.figures(1, '2024-03-04 13:30'), '3600 - - | 10200 6000 3000 | 0 2 2 | 0 - open', 'an event at as_of does not exist');
SELECT is(pg_temp.figures(1, '2024-03-05 13:35'), '3600 16200 16200 | 10500 6000 3000 | 1 2 2 | 1 - open', 'reopened: the open status runs until as_of');
SELECT is(pg_temp.figures(2), '- - - | 1800 0 0 | 0 0 0 | 0 - pending', 'the last status ends with the last event without as_of');
SELECT is(pg_temp.figures(2, '2024-03-04 12:00'), '- - - | 1800 9000 0 | 0 0 0 | 0 - pending', 'and at as_of with one');
SELECT is(pg_temp.figures(2, 'infinity'), pg_temp.figures(2), 'as_of infinity is no moment to run to');
SELECT is((SELECT count(*) FROM journey.support_metrics('log', :'roles', as_of => '-infinity')), 0::bigint, 'before all time there is no case');
SELECT is(pg_temp.figures(3), '- - - | - - - | 0 0 0 | 0 - -', 'no status known, nothing known');
SELECT is(pg_temp.figures(4), '- - - | 1800 0 0 | 0 1 1 | 1 one_touch solved', 'no created: NULL where it is needed');
SELECT is(pg_temp.figures(5), '0 0 0 | 0 0 0 | 0 - 1 | 1 one_touch solved', 'one instant: 0 seconds, whatever the order; an unknown agent is NULL');
SELECT is(pg_temp.figures(6), '1800 1860 1860 | 1860 0 0 | 0 1 1 | 1 one_touch solved', 'one touch');
SELECT is(pg_temp.figures(7), '1800 2460 2460 | 2460 0 0 | 0 1 2 | 1 two_touch solved', 'two touches of one agent');
SELECT is(pg_temp.figures(8), '7200 - - | 7200 0 6600 | 0 2 2 | 0 - on_hold', 'created a second time changes nothing; a reply before is a touch, not the first reply');
SELECT is((SELECT array_agg(customer_id ORDER BY customer_id) FROM journey.support_metrics('log', :'roles')), '{1,2,3,4,5,6,7,8}'::bigint[], 'a row per case');
SELECT is((SELECT count(handoffs) FROM journey.support_metrics('SELECT customer_id, ts, touchpoint FROM log', :'roles')), 0::bigint, 'without a column actor there are no handoffs');
SELECT is((SELECT array_agg(touches ORDER BY customer_id) FROM journey.support_metrics('SELECT customer_id, ts, touchpoint FROM log', :'roles')), '{3,0,0,1,1,1,2,2}'::bigint[], 'but touches');
SELECT is((SELECT count(*) FROM journey.support_metrics('SELECT * FROM log WHERE false', :'roles')), 0::bigint, 'no events, no rows');
SELECT is((SELECT count(business_first_reply_seconds) + count(business_on_hold_seconds) + count(business_full_resolution_seconds) FROM journey.support_metrics('log', :'roles')), 0::bigint, 'no calendar, no business figures');
SELECT is((SELECT array_agg(s::text ORDER BY customer_id) FROM journey.support_metrics('SELECT * FROM log ORDER BY ts DESC, touchpoint DESC', :'roles') s),
	(SELECT array_agg(s::text ORDER BY customer_id) FROM journey.support_metrics('SELECT * FROM log ORDER BY md5(ts::text || touchpoint)', :'roles') s), 'the order of rows does not matter');
SELECT is((SELECT (first_reply_seconds, reopens) FROM journey.support_metrics('SELECT ''c'' || customer_id AS customer_id, ts, touchpoint FROM log', :'roles', customer_type => NULL::text) WHERE customer_id = 'c1'), (3600::float8, 1::bigint), 'text keys');
SELECT is((SELECT customer_id FROM journey.support_metrics('SELECT md5(''1'')::uuid AS customer_id, ts, touchpoint FROM log WHERE customer_id = 1', :'roles', customer_type => NULL::uuid)), md5('1')::uuid, 'uuid keys');
SELECT is((SELECT reopens FROM journey.support_metrics('SELECT 1 AS customer_id, ts, touchpoint, event_id FROM (VALUES (timestamptz ''2024-01-01'', ''work'', 3), (''2024-01-01'', ''done'', 2), (''2024-01-01'', ''created'', 1)) v(ts, touchpoint, event_id)', :'roles')), 1::bigint, 'event_id orders events of one instant');
SELECT is((SELECT (solved.full_resolution_seconds, solved.resolutions) FROM journey.support_metrics('log', '{"created": "created", "solved": ["done", "survey sent", "done"]}') solved WHERE customer_id = 1), (9600::float8, 1::bigint), 'several touchpoints of a role, one named twice');
SELECT is((SELECT (on_hold_seconds, touches) FROM journey.support_metrics('log', '{"created": "created", "on_hold": "never seen", "agent_reply": []}') WHERE customer_id = 1), (0::float8, 0::bigint), 'touchpoints that never occur are fine');

-- R-SUP-6, business hours by hand: Rome, lunch, a holiday (Easter Monday), and the change of clocks on 31 March.
\set rome '{"timezone": "Europe/Rome", "hours": {"mon": ["09:00-13:00", "14:00-18:00"], "tue": "09:00-18:00", "Wednesday": ["09:00-18:00"], "fri": ["14:00-18:00", "09:00-13:00"]}, "holidays": ["2024-04-01"]}'
CREATE TEMP TABLE easter AS SELECT * FROM (VALUES
	(1::bigint, timestamptz '2024-03-29 17:00 Europe/Rome', 'created'), (1, '2024-04-02 11:00 Europe/Rome', 'mail'),
	(1, '2024-04-02 12:00 Europe/Rome', 'wait'), (1, '2024-04-03 12:00 Europe/Rome', 'work'), (1, '2024-04-03 13:00 Europe/Rome', 'hold'),
	(1, '2024-04-03 20:00 Europe/Rome', 'done')) v(customer_id, ts, touchpoint);
SELECT is((SELECT concat_ws(' ', business_first_reply_seconds / 3600, business_first_resolution_seconds / 3600, business_full_resolution_seconds / 3600,
	business_requester_wait_seconds / 3600, business_agent_wait_seconds / 3600, business_on_hold_seconds / 3600)
	FROM journey.support_metrics('easter', :'roles', :'rome')), '3 19 19 10 9 5', 'hours over Easter in Rome');
SELECT is((SELECT concat_ws(' ', first_reply_seconds / 3600, agent_wait_seconds / 3600) FROM journey.support_metrics('easter', :'roles', :'rome')), '89 24', 'calendar time stands beside them, a day of 23 hours in it');
SELECT is((SELECT business_requester_wait_seconds / 3600 FROM journey.support_metrics('SELECT * FROM easter LIMIT 1', :'roles', :'rome', '2024-04-02 10:30 Europe/Rome')), 2.5::float8, 'an open case runs in open hours until as_of');

-- The clock is the oracle: every five minutes, is the desk open?
CREATE TEMP TABLE span AS
SELECT row_number() OVER ()::bigint AS customer_id, zone, date_trunc('hour', change) - a * interval '35 minutes' AS from_ts,
	date_trunc('hour', change) + b * interval '25 minutes' AS until_ts
FROM (VALUES ('Europe/Rome', timestamptz '2024-03-31 01:00'), ('Europe/Rome', '2024-10-27 01:00'),
	('America/New_York', '2023-03-12 07:00'), ('America/New_York', '2023-11-05 06:00'),
	('Australia/Lord_Howe', '2024-04-06 15:00'), ('Australia/Lord_Howe', '2024-10-05 15:30'),
	('America/Sao_Paulo', '2018-02-18 02:00'), ('America/Sao_Paulo', '2018-11-04 03:00')) v(zone, change),
	(VALUES (0, 50), (3, 3), (60, 90), (200, 400), (2, 0)) w(a, b);
CREATE TEMP TABLE week AS SELECT * FROM (VALUES ('mon', '00:00', '24:00'), ('tue', '08:30', '12:15'), ('tue', '12:15', '13:00'), ('wed', '09:00', '17:00'),
	('thu', '09:00', '17:00'), ('fri', '22:00', '24:00'), ('sat', '00:00', '03:30'), ('sat', '23:30', '24:00'), ('sun', '00:30', '01:45'), ('sun', '02:15', '05:00')) v(day, opens, closes);
CREATE TEMP TABLE clock AS
SELECT s.customer_id, count(*) FILTER (WHERE w.day IS NOT NULL) * 300 AS open_seconds
FROM span s CROSS JOIN LATERAL generate_series(s.from_ts, s.until_ts - interval '5 minutes', interval '5 minutes') moment
LEFT JOIN week w ON w.day = to_char(moment AT TIME ZONE s.zone, 'dy') AND to_char(moment AT TIME ZONE s.zone, 'HH24:MI') >= w.opens
	AND to_char(moment AT TIME ZONE s.zone, 'HH24:MI') < w.closes AND (moment AT TIME ZONE s.zone)::date <> '2024-04-03'
GROUP BY s.customer_id;
CREATE FUNCTION pg_temp.compare(zone_name text) RETURNS TABLE (customer_id bigint, got float8, want bigint) LANGUAGE sql AS $$
	SELECT m.customer_id, m.business_full_resolution_seconds, c.open_seconds
	FROM journey.support_metrics(format('SELECT customer_id, from_ts AS ts, ''created'' AS touchpoint FROM span WHERE zone = %1$L UNION ALL SELECT customer_id, until_ts, ''done'' FROM span WHERE zone = %1$L', zone_name),
		'{"created": "created", "solved": "done"}',
		jsonb_build_object('timezone', zone_name, 'holidays', '["2024-04-03"]'::jsonb, 'hours', (SELECT jsonb_object_agg(day, hours) FROM
			(SELECT day, jsonb_agg(opens || '-' || closes ORDER BY closes) AS hours FROM week GROUP BY day) d))) m
	JOIN clock c ON c.customer_id = m.customer_id $$;
SELECT is_empty(format('SELECT * FROM pg_temp.compare(%L) WHERE got IS DISTINCT FROM want', zone), 'open seconds by the clock: ' || zone)
FROM (VALUES ('Europe/Rome'), ('America/New_York'), ('Australia/Lord_Howe'), ('America/Sao_Paulo')) v(zone);
SELECT is((SELECT count(*) FROM (VALUES ('Europe/Rome'), ('America/New_York'), ('Australia/Lord_Howe'), ('America/Sao_Paulo')) v(zone), pg_temp.compare(zone) WHERE got > 0), 40::bigint, 'of which this many have some');
SELECT is((SELECT business_full_resolution_seconds FROM journey.support_metrics(
	'SELECT 1 AS customer_id, ts, touchpoint FROM (VALUES (timestamptz ''2024-10-26 22:00+00'', ''created''), (timestamptz ''2024-10-27 23:00+00'', ''done'')) v(ts, touchpoint)',
	'{"created": "created", "solved": "done"}', '{"timezone": "Europe/Rome", "hours": {"sunday": "00:00-24:00"}}')), 25 * 3600::float8, 'a Sunday of 25 hours');
SET LOCAL timezone = 'America/New_York';
SELECT is((SELECT business_full_resolution_seconds FROM journey.support_metrics(
	'SELECT 1 AS customer_id, ts, touchpoint FROM (VALUES (timestamptz ''2023-03-11 12:00+00'', ''created''), (timestamptz ''2023-03-13 12:00+00'', ''done'')) v(ts, touchpoint)',
	'{"created": "created", "solved": "done"}', '{"hours": {"sun": ["00:00-24:00"]}}')), 23 * 3600::float8, 'without a time zone the calendar is in the session''s');
SET LOCAL timezone = 'UTC';

-- R-ROLE-1, R-ROLE-2: wrong roles.
CREATE FUNCTION pg_temp.refused(roles text, calendar text, message text, name text, code text DEFAULT '22023') RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT * FROM journey.support_metrics(''log'', %L, %L)', roles, calendar), code::char(5), message, name) $$;
SELECT pg_temp.refused(NULL, NULL, 'argument "roles" must not be null', 'NULL roles', '22004');
SELECT throws_ok('SELECT * FROM journey.support_metrics(NULL, ''{"created": "a"}'')', '22004', 'argument "source" must not be null', 'NULL source');
SELECT pg_temp.refused('[]', NULL, 'argument "roles" is not a JSON object', 'an array');
SELECT pg_temp.refused('"created"', NULL, 'argument "roles" is not a JSON object', 'a string');
SELECT pg_temp.refused('{}', NULL, 'argument "roles" names no touchpoint', 'no roles');
SELECT pg_temp.refused('{"created": []}', NULL, 'argument "roles" names no touchpoint', 'no touchpoints');
SELECT pg_temp.refused('{"creatd": "a"}', NULL, 'argument "roles" has the unrecognized role "creatd" with value "a"', 'a wrong role');
SELECT pg_temp.refused('{"open": 7}', NULL, 'role "open" of argument "roles" has the value 7, it must be a touchpoint or an array of touchpoints', 'a number');
SELECT pg_temp.refused('{"open": null}', NULL, 'role "open" of argument "roles" has the value null, it must be a touchpoint or an array of touchpoints', 'null');
SELECT pg_temp.refused('{"open": ["a", {"b": 1}]}', NULL, 'role "open" of argument "roles" has the value {"b": 1}, it must be a touchpoint or an array of touchpoints', 'an object inside');
SELECT pg_temp.refused('{"open": ""}', NULL, 'role "open" of argument "roles" has the value "", it must be a touchpoint or an array of touchpoints', 'an empty touchpoint');
SELECT pg_temp.refused('{"open": ["a", "b"], "solved": "b"}', NULL, 'touchpoint "b" of argument "roles" has two roles, "open" and "solved"', 'two roles');

-- R-BCAL-1 to R-BCAL-4: wrong calendars.
\set r '{"created": "created"}'
SELECT pg_temp.refused(:'r', '[]', 'argument "calendar" is not a JSON object', 'an array for a calendar');
SELECT pg_temp.refused(:'r', '{}', 'argument "calendar" has no open hours', 'an empty calendar');
SELECT pg_temp.refused(:'r', '{"hours": {"mon": []}}', 'argument "calendar" has no open hours', 'never open');
SELECT pg_temp.refused(:'r', '{"hour": {"mon": "09:00-17:00"}}', 'argument "calendar" has the unrecognized key "hour" with value {"mon": "09:00-17:00"}', 'a wrong key');
SELECT pg_temp.refused(:'r', '{"timezone": "Mars/Base", "hours": {"mon": "09:00-17:00"}}', 'key "timezone" of argument "calendar" has the value "Mars/Base", which is no time zone', 'no time zone');
SELECT pg_temp.refused(:'r', '{"timezone": 1}', 'key "timezone" of argument "calendar" has the value 1, it must be the name of a time zone', 'a number for a zone');
SELECT pg_temp.refused(:'r', '{"hours": ["09:00-17:00"]}', 'key "hours" of argument "calendar" has the value ["09:00-17:00"], it must be an object of weekdays with their intervals', 'hours without weekdays');
SELECT pg_temp.refused(:'r', '{"hours": {"mo": "09:00-17:00"}}', 'key "hours" of argument "calendar" has the unrecognized weekday "mo" with value "09:00-17:00"', 'no weekday');
SELECT pg_temp.refused(:'r', '{"hours": {"mon": "09:00-17:00", "monday": "09:00-17:00"}}', 'key "hours.monday" of argument "calendar" has the value "09:00-17:00", it must be given once for a weekday', 'a weekday twice');
SELECT pg_temp.refused(:'r', format('{"hours": {"mon": ["%s"]}}', bad), format('key "hours.mon" of argument "calendar" has the value "%s", it must be an interval HH:MM-HH:MM between 00:00 and 24:00', bad), 'no interval: ' || bad)
FROM (VALUES ('9-17'), ('09:00-24:01'), ('09:60-17:00'), ('09:00-17:00 ?'), ('')) v(bad);
SELECT pg_temp.refused(:'r', '{"hours": {"fri": ["22:00-06:00"]}}', 'key "hours.fri" of argument "calendar" has the interval "22:00-06:00", which ends at or before its start', 'over midnight');
SELECT pg_temp.refused(:'r', '{"hours": {"fri": ["14:00-18:00", "09:00-14:01"]}}', 'key "hours.fri" of argument "calendar" has the interval "09:00-14:01", which overlaps another of that weekday', 'an overlap');
SELECT pg_temp.refused(:'r', '{"hours": {"fri": ["14:00-18:00"]}, "holidays": ["2023-02-29"]}', 'key "holidays" of argument "calendar" has the value "2023-02-29", it must be a date YYYY-MM-DD', 'no date');
SELECT pg_temp.refused(:'r', '{"hours": {"fri": ["14:00-18:00"]}, "holidays": "2023-02-28"}', 'key "holidays" of argument "calendar" has the value "2023-02-28", it must be an array of dates YYYY-MM-DD', 'no array');
SELECT pg_temp.refused(:'r', jsonb_build_object('hours', jsonb_build_object('sat', (SELECT jsonb_agg(format('%s:00-%s:30', lpad(h::text, 2, '0'), lpad(h::text, 2, '0')) ORDER BY h) || '["23:30-23:45"]' FROM generate_series(0, 23) h)))::text,
	'key "hours.sat" of argument "calendar" has the value "23:30-23:45", it must be one of at most 24 intervals of a weekday', '25 intervals');
SELECT lives_ok($$SELECT * FROM journey.support_metrics('log', '{"created": "created"}', '{"hours": {"Sat": ["9:00 - 12:30"]}, "holidays": ["2024-01-01", "2024-01-01"]}')$$, 'blanks, one digit of hours, a holiday named twice are fine');
SELECT throws_ok($$SELECT * FROM journey.support_metrics('SELECT 1 AS customer_id, ts, ''created'' AS touchpoint FROM (VALUES (timestamptz ''2000-01-01''), (''200000-01-01'')) v(ts)', '{"created": "created"}', '{"hours": {"mon": "09:00-17:00"}}')$$,
	'54000', 'the open hours from 2000-01-01 00:00:00+00 to 200000-01-01 00:00:00+00 are more than 4194304 intervals', 'a range without an end');

-- The help desk log: numbers of test/oracles/support.py, and the statuses again in plain SQL.
\set csv :shared '/data/helpdesk/helpdesk.csv.xz'
\setenv HELPDESK :csv
\set there `[ -r "$HELPDESK" ] && command -v xz >/dev/null && echo true || echo false`
CREATE TEMP TABLE helpdesk (event_id integer GENERATED ALWAYS AS IDENTITY, customer_id text, touchpoint text, ts timestamptz, actor text, s text, c text, p text, rs text, s2 text, sl text, st text, ss text, w text);
\if :there
\copy helpdesk (customer_id, touchpoint, ts, actor, s, c, p, rs, s2, sl, st, ss, w) FROM PROGRAM 'xz -dc "$HELPDESK"' (FORMAT csv, HEADER)
\endif
\set desk_roles '{"created": ["Assign seriousness", "Insert ticket"], "agent_reply": "Take in charge ticket", "pending": "Wait", "on_hold": ["Require upgrade", "Create SW anomaly"], "open": ["Schedule intervention", "Resolve SW anomaly"], "solved": "Resolve ticket"}'
CREATE TEMP TABLE desk AS SELECT * FROM journey.support_metrics('helpdesk', :'desk_roles',
	'{"timezone": "Europe/Rome", "hours": {"mon": ["09:00-13:00", "14:00-18:00"], "tue": ["09:00-13:00", "14:00-18:00"], "wed": ["09:00-13:00", "14:00-18:00"], "thu": ["09:00-13:00", "14:00-18:00"], "fri": "09:00-17:00", "sat": ["00:00-01:30", "23:30-24:00"]},
	"holidays": ["2010-01-01", "2010-04-25", "2010-05-01", "2010-08-15", "2010-12-25", "2010-12-26", "2011-01-01", "2011-04-25", "2011-05-01", "2011-08-15", "2011-12-25", "2011-12-26", "2012-01-01", "2012-04-25", "2012-05-01", "2012-08-15", "2012-12-25", "2012-12-26", "2013-01-01", "2013-04-25", "2013-05-01", "2013-08-15", "2013-12-25", "2013-12-26", "2014-01-01", "2014-04-25", "2014-05-01", "2014-08-15", "2014-12-25", "2014-12-26"]}',
	customer_type => NULL::text);
SELECT CASE WHEN :'there' THEN is((SELECT ARRAY[sum(first_reply_seconds), sum(first_resolution_seconds), sum(full_resolution_seconds),
	sum(requester_wait_seconds), sum(agent_wait_seconds), sum(on_hold_seconds)]::bigint[] FROM desk),
	'{1505460211,4302038146,4376822264,3162619578,1265283047,209172757}'::bigint[], 'help desk log: seconds') ELSE skip('no help desk log', 1) END;
SELECT CASE WHEN :'there' THEN is((SELECT ARRAY[sum(business_first_reply_seconds), sum(business_first_resolution_seconds), sum(business_full_resolution_seconds),
	sum(business_requester_wait_seconds), sum(business_agent_wait_seconds), sum(business_on_hold_seconds)]::bigint[] FROM desk),
	'{367961746,1062075212,1080575416,780984614,311953266,51835451}'::bigint[], 'help desk log: seconds in open hours') ELSE skip('no help desk log', 1) END;
SELECT CASE WHEN :'there' THEN is((SELECT ARRAY[count(first_reply_seconds), count(first_resolution_seconds), sum(reopens), sum(handoffs), sum(touches), sum(resolutions)]::bigint[] FROM desk),
	'{4210,4491,0,4591,5060,4635}'::bigint[], 'help desk log: counts') ELSE skip('no help desk log', 1) END;

CREATE TEMP TABLE status AS
WITH event AS (
	SELECT customer_id, ts, event_id, CASE touchpoint WHEN 'Assign seriousness' THEN 'new' WHEN 'Wait' THEN 'pending' WHEN 'Take in charge ticket' THEN 'open'
		WHEN 'Create SW anomaly' THEN 'on_hold' WHEN 'Resolve ticket' THEN 'solved' WHEN 'Closed' THEN 'solved' END AS status,
		min(ts) FILTER (WHERE touchpoint = 'Assign seriousness') OVER (PARTITION BY customer_id) AS created
	FROM helpdesk WHERE ts < '2013-06-01'),
known AS (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS n FROM event WHERE status IS NOT NULL AND (created IS NULL OR ts >= created)),
change AS (SELECT *, lag(status) OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS was FROM known WHERE status <> 'new' OR n = 1)
SELECT customer_id, created, ts, status, was, lead(ts, 1, '2013-06-01') OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS until
FROM change WHERE status IS DISTINCT FROM was;
CREATE TEMP TABLE by_hand AS
SELECT customer_id, extract(epoch FROM min(ts) FILTER (WHERE status = 'solved') - min(created))::float8 AS first_resolution_seconds,
	extract(epoch FROM max(ts) FILTER (WHERE status = 'solved') - min(created))::float8 AS full_resolution_seconds,
	coalesce(sum(extract(epoch FROM until - ts)) FILTER (WHERE status IN ('new', 'open', 'on_hold')), 0)::float8 AS requester_wait_seconds,
	coalesce(sum(extract(epoch FROM until - ts)) FILTER (WHERE status = 'pending'), 0)::float8 AS agent_wait_seconds,
	coalesce(sum(extract(epoch FROM until - ts)) FILTER (WHERE status = 'on_hold'), 0)::float8 AS on_hold_seconds,
	count(*) FILTER (WHERE status = 'open' AND was = 'solved') AS reopens, count(*) FILTER (WHERE status = 'solved') AS resolutions
FROM status GROUP BY customer_id;
CREATE TEMP TABLE ours AS SELECT customer_id, first_resolution_seconds, full_resolution_seconds, requester_wait_seconds, agent_wait_seconds, on_hold_seconds, reopens, resolutions
FROM journey.support_metrics('SELECT customer_id, ts, touchpoint, event_id FROM helpdesk ORDER BY event_id * 7919 % 21348',
	'{"created": "Assign seriousness", "open": "Take in charge ticket", "pending": "Wait", "on_hold": "Create SW anomaly", "solved": ["Resolve ticket", "Closed"]}', as_of => '2013-06-01', customer_type => NULL::text);
SELECT CASE WHEN :'there' THEN is_empty('(TABLE by_hand EXCEPT TABLE ours) UNION ALL (SELECT * FROM ours WHERE requester_wait_seconds IS NOT NULL EXCEPT TABLE by_hand)',
	'help desk log: statuses in plain SQL, as of a moment') ELSE skip('no help desk log', 1) END;
SELECT CASE WHEN :'there' THEN ok((SELECT sum(reopens) FROM ours) > 100 AND (SELECT count(*) FROM by_hand) > 2000, 'in which cases are reopened') ELSE skip('no help desk log', 1) END;

SELECT * FROM finish();
ROLLBACK;
