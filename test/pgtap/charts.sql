-- Charts: every one is an XML document that says what its rows say, whatever
-- the labels are; wrong arguments are refused by name; nothing to draw is said
-- in words.
BEGIN;
\ir lib/close.psql
SELECT plan(44);
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SET LOCAL jit = off;

CREATE TEMP TABLE events AS SELECT * FROM journey.simulate_events(1500, seed => 1);
CREATE TEMP TABLE decisions AS SELECT customer_id, strategy, outcome, segment FROM events GROUP BY 1, 2, 3, 4;
CREATE TEMP TABLE scored AS SELECT (1 + journey.fold(i, 97))::float8 / 100 AS predicted, journey.fold(i, 97) > journey.fold(i, 97, 5) AS observed, i / 3 AS cluster
FROM generate_series(1, 2000) i;

-- Labels that would break out, run over, or turn what stands beside them.
CREATE TEMP TABLE label (i integer GENERATED ALWAYS AS IDENTITY, name text);
INSERT INTO label (name) VALUES ('callback'), (''), (' '), ('</text></svg><script>alert(1)</script>'), ('"''&lt;]]>'), (E'a\x01\x02\x1b[31m\x7f'),
	(E'line\nbreak\ttab\r'), (U&'\05E9\05D9\05D7\05D4 123'), (U&'\202Eevil\2066'), (U&'\+01F468\200D\+01F469\200D\+01F467 family'),
	('e' || repeat(U&'\0301', 40)), (repeat('W', 200)), (repeat('a name of two hundred characters ', 7)), (repeat(U&'\FDFD', 4)), (U&'\FFFE\FFFF\FFFD'),
	(repeat('word ', 3000)), (NULL);

CREATE TEMP TABLE picture (name text, width integer, svg text);
INSERT INTO picture
SELECT v.name, w.width, v.svg FROM (VALUES (320), (360), (720), (1600), (4096)) w(width), LATERAL (
	SELECT 'svg_strategies', journey.svg_strategies('decisions', 'outcome', 'strategy', 'customer_id', '{segment}', 'none', repeats => 1, width => w.width)
	UNION ALL SELECT 'svg_calibration', journey.svg_calibration('scored', width => w.width)
	UNION ALL SELECT 'svg_calibration, 3 bins', journey.svg_calibration('SELECT predicted, observed FROM scored', 3, 'quantile', w.width)
	UNION ALL SELECT 'svg_roc', journey.svg_roc('scored', w.width)
	UNION ALL SELECT 'svg_retention', journey.svg_retention('events', 'order', 'delivery', '7 days', 9, width => w.width)
	UNION ALL SELECT 'svg_retention by hours', journey.svg_retention('SELECT * FROM events WHERE customer_id < 40', 'order', 'delivery', '12 hours', 4, width => w.width)
	UNION ALL SELECT 'draw_strategies, hostile', (SELECT journey.draw_strategies(array_agg(name), array_agg(name), array_agg(i::float8), array_agg(i - 10.0::float8), array_agg(i + 5.0::float8),
			array_agg(coalesce(name, 'ok')), array_agg(name), array_agg(i::bigint * 1000000000), array_agg('-Infinity'::float8), array_agg(NULL::float8), w.width) FROM label)
	UNION ALL SELECT 'draw_retention, hostile', (SELECT journey.draw_retention(array_agg(name ORDER BY i), array_agg(p ORDER BY i), array_agg(i::bigint ORDER BY i), array_agg(1::bigint ORDER BY i),
			array_agg(CASE WHEN i % 3 = 0 THEN 1.0 / i END ORDER BY i), width => w.width) FROM label, generate_series(0, 3) p)
	UNION ALL SELECT 'draw_history, hostile', (SELECT journey.draw_history(array_agg(timestamptz '2024-01-01' + i * interval '17 days'), array_agg(name), array_agg(CASE WHEN i % 4 > 0 THEN i / 10.0 END),
			array_agg(i / 10.0 - 1), array_agg(i / 10.0 + 100.0 / i), array_agg(name), -0.1, 0.1, w.width, repeat('</text>', 30)) FROM label)
	UNION ALL SELECT 'nothing: strategies', journey.draw_strategies(NULL, NULL, NULL, NULL, NULL, width => w.width)
	UNION ALL SELECT 'nothing: calibration', journey.svg_calibration('SELECT 0.5 AS predicted, true AS observed LIMIT 0', width => w.width)
	UNION ALL SELECT 'nothing: ROC', journey.svg_roc('SELECT 0.5 AS predicted, true AS observed LIMIT 0', w.width)
	UNION ALL SELECT 'nothing: ROC of one class', journey.svg_roc('SELECT 0.5 AS predicted, true AS observed', w.width)
	UNION ALL SELECT 'nothing: retention', journey.svg_retention('events', 'never happened', 'order', '7 days', 3, width => w.width)
	UNION ALL SELECT 'nothing: history', journey.draw_history('{}', '{}', '{}', '{}', '{}', width => w.width)) v(name, svg);

CREATE FUNCTION pg_temp.parsed(svg text) RETURNS xml LANGUAGE plpgsql AS $$
BEGIN
	RETURN xmlparse(DOCUMENT svg);
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END $$;
CREATE FUNCTION pg_temp.texts(svg text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(replace(replace(replace(string_agg(array_to_string(xpath('.//text()', x), ''), ' | '), U&'\00A0', ' '), '&lt;', '<'), '&gt;', '>'), '&amp;', '&') FROM unnest(xpath('//*[local-name() = "text"]', pg_temp.parsed(svg))) x $$;
CREATE FUNCTION pg_temp.seen(svg text, pattern text, name text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.verdict(CASE WHEN pg_temp.texts(svg) ~ pattern THEN NULL ELSE 'texts: ' || coalesce(pg_temp.texts(svg), 'none') END, name) $$;

-- R-SVG-1, R-SVG-5
SELECT is_empty('SELECT name, width FROM picture WHERE pg_temp.parsed(svg) IS NULL', 'every picture is an XML document');
SELECT is_empty($$SELECT name, width FROM picture WHERE (xpath('/*[local-name() = "svg"]/@width', pg_temp.parsed(svg)))[1]::text::integer <> width$$, 'each has the width asked for');
SELECT is_empty($$SELECT name FROM picture WHERE xpath_exists('//*[local-name() = "script"] | //@*[starts-with(local-name(), "on")] | //@href | //@style | //*[local-name() = "image"]', pg_temp.parsed(svg))$$,
	'no script, no handler, nothing fetched, no inline style');
SELECT is_empty($$SELECT name FROM picture WHERE svg ~ 'url\(|https?:' AND svg !~ 'xmlns="http://www.w3.org/2000/svg"' OR (SELECT count(*) FROM regexp_matches(svg, 'http', 'g')) <> 1$$, 'one address: the namespace');
SELECT is_empty($$SELECT name, width FROM picture WHERE cardinality(xpath('/*/*[local-name() = "title" and @id] | /*/*[local-name() = "desc" and @id]', pg_temp.parsed(svg))) <> 2
	OR NOT xpath_exists('/*[@role = "img" and @aria-labelledby]', pg_temp.parsed(svg))$$, 'title and description for screen readers');
SELECT is((SELECT count(DISTINCT substring(svg FROM 'aria-labelledby="([^"]*)"')) FROM picture), (SELECT count(DISTINCT svg) FROM picture), 'R-SVG-5 ids differ where pictures do');
SELECT is_empty($$SELECT name FROM picture WHERE svg ~ 'NaN|[Ii]nfinity|="[^"]*(nan|inf)[^"]*"'$$, 'no number that is none');
SELECT is_empty($$SELECT name FROM picture WHERE svg !~ 'prefers-color-scheme:dark'$$, 'light and dark');
SELECT is_empty($$SELECT name FROM picture p, unnest(xpath('//*[local-name() = "text"]/@font-size', pg_temp.parsed(svg))) s WHERE s::text::float8 < 11$$, 'no letter below 11 pixels');
SELECT is_empty($$SELECT name, width FROM picture WHERE name LIKE 'nothing%' AND pg_temp.texts(svg) !~ '(No|Only|nobody)'$$, 'nothing to draw is said in words');
SELECT is_empty($$SELECT name FROM picture WHERE svg ~ E'[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]'$$, 'R-MKP-2 no control characters');
SELECT ok(bool_and(strpos(svg, U&'\202E') = 0 AND strpos(svg, U&'\2066') = 0), 'R-MKP-3 nothing turns the direction of the rest') FROM picture;
SELECT ok(svg ~ 'W…</text>' AND strpos(svg, '<title>' || repeat('W', 200) || '</title>') > 0, 'R-SVG-3 long labels end in an ellipsis and keep the whole as a tooltip')
FROM picture WHERE name = 'draw_strategies, hostile' AND width = 320;

-- What they say.
SELECT pg_temp.seen(svg, 'Baseline: none', 'the baseline is named') FROM picture WHERE name = 'svg_strategies' AND width = 720;
SELECT pg_temp.seen(svg, 'callback \| (above|below) the baseline \| [+−][0-9.]+ \[[−0-9.]+, [−0-9.]+\] \| n = [0-9]+', 'name, words, figures, n') FROM picture WHERE name = 'svg_strategies' AND width = 720;
SELECT pg_temp.seen(svg, replace(format('n = %s rows', to_char(2000, 'FM9,999')), '.', '\.'), 'rows of the calibration') FROM picture WHERE name = 'svg_calibration' AND width = 720;
SELECT pg_temp.seen(p.svg, format('mean distance from the diagonal %s %%', to_char(100 * c.e, 'FM990.0')), 'expected calibration error by its definition')
FROM picture p, (SELECT sum(n * abs(observed - predicted)) / sum(n) AS e FROM journey.calibration('scored')) c WHERE name = 'svg_calibration' AND width = 720;
SELECT pg_temp.seen(p.svg, format('%s, 95 %% interval %s to %s', to_char((a).estimate, 'FM0.000'), to_char((a).conf_low, 'FM0.000'), to_char((a).conf_high, 'FM0.000')), 'the area and its clustered interval are those of auc_ci')
FROM picture p, (SELECT journey.auc_ci(predicted, observed, cluster::text) AS a FROM scored) c WHERE name = 'svg_roc' AND width = 720;
SELECT is((SELECT count(*) FROM unnest(xpath('//*[local-name() = "rect"]/*[local-name() = "title"]', pg_temp.parsed(svg)))),
	(SELECT count(*) FROM journey.cohort_retention('events', 'order', 'delivery', '7 days', 9) WHERE period > 0), 'a cell per cohort and period')
FROM picture WHERE name = 'svg_retention' AND width = 720;
SELECT pg_temp.seen(svg, '2024-[0-9]{2}-[0-9]{2} 12:00 \|', 'cohorts of hours have a time') FROM picture WHERE name = 'svg_retention by hours' AND width = 720;
SET LOCAL timezone = 'Asia/Tokyo';
SELECT pg_temp.seen(journey.svg_retention('events', 'order', 'delivery', '1 month', 2), '2024-02-01', 'cohorts are named in the session time zone');
SET LOCAL timezone = 'UTC';
SELECT pg_temp.seen(journey.draw_history('{2024-01-01,2024-02-01,2024-03-01}', '{a,a,a}', '{0.1,NULL,0.2}', '{0,NULL,0.1}', '{0.2,NULL,0.3}', '{KEEP,BLOCKED,SWITCH}', -0.05, 0.05),
	'Last call for action: switch, 2024-03-01.*! blocked.*! switch.*keep', 'a lane per state, alarms first');
SELECT is(journey.draw_history('{2024-02-01,2024-01-01}', '{b,a}', '{2,1}', '{1,0}', '{3,2}', '{KEEP,SWITCH}'), journey.draw_history('{2024-01-01,2024-02-01}', '{a,b}', '{1,2}', '{0,1}', '{2,3}', '{SWITCH,KEEP}'),
	'the order of rows does not matter');
SELECT is(md5(a.svg), md5(b.svg), 'the same bytes again: ' || a.name) FROM picture a, LATERAL (SELECT journey.svg_strategies('decisions', 'outcome', 'strategy', 'customer_id', '{segment}', 'none', repeats => 1) AS svg) b
WHERE a.name = 'svg_strategies' AND a.width = 720;

-- What is stored: a definition with runs written by hand.
INSERT INTO journey.validation (name, version, source, outcome, strategy, features, options, owner, search_path, source_schema, fingerprint)
VALUES ('playbook & <more>', 1, 'decisions', 'outcome', 'strategy', '{}', '{"margin": 0.02}', current_user::regrole, 'public', '{}', 'f'),
	('fresh', 1, 'decisions', 'outcome', 'strategy', '{}', '{}', current_user::regrole, 'public', '{}', 'g');
WITH r AS (
	INSERT INTO journey.validation_run (name, version, status, steps, as_of, seed, extension_version, server_version)
	SELECT 'playbook & <more>', 1, CASE WHEN i = 7 THEN 'failed' ELSE 'done' END, 5, timestamptz '2024-01-07' + i * interval '7 days', 0, '0', '0' FROM generate_series(1, 20) i RETURNING run, as_of),
s AS (
	INSERT INTO journey.validation_result (run, metric, strategy, value, conf_low, conf_high, method, n, baseline)
	SELECT run, m, c, 0.03, 0.03 - 0.2 / sqrt(o), 0.03 + 0.2 / sqrt(o), 'x', 100, 'none' FROM (SELECT *, row_number() OVER (ORDER BY as_of) AS o FROM r) r, unnest('{callback,tutorial}'::text[]) c, unnest('{sequence_difference,difference}'::text[]) m)
INSERT INTO journey.validation_decision (name, run, state, reason, raw_state)
SELECT 'playbook & <more>', run, CASE WHEN as_of > '2024-05-01' THEN 'SWITCH' ELSE 'INCONCLUSIVE' END, 'x', 'KEEP' FROM r WHERE as_of <> timestamptz '2024-01-07' + 7 * interval '7 days';
SELECT pg_temp.seen(journey.svg_history('playbook & <more>'), 'Sequence difference over time: playbook & <more> \| Last call for action: switch, 2024-05-26.*callback.*tutorial.*! switch.*inconclusive', 'a control chart of stored runs');
SELECT is((SELECT count(*) FROM unnest(xpath('//*[local-name() = "circle"]', pg_temp.parsed(journey.svg_history('playbook & <more>', 1600))))), 38::bigint, 'a point per finished run and strategy');
SELECT pg_temp.seen(journey.svg_history('playbook & <more>', 320, 'difference'), 'Difference over time: playbook', 'another metric, narrow');
SELECT pg_temp.seen(journey.svg_history('fresh'), 'No finished run yet', 'no run yet');
SELECT pg_temp.refused($$SELECT journey.svg_history('nobody')$$, '{42704}', 'nobody', 'an unknown validation');
SELECT pg_temp.refused($$SELECT journey.svg_history(NULL)$$, '{22004}', 'name', 'no name');

-- What is refused.
SELECT pg_temp.refused(call, codes, pattern, call) FROM (VALUES
	('SELECT journey.svg_roc(''scored'', 319)', '{22023}'::text[], 'width.*319'),
	('SELECT journey.svg_roc(''scored'', 4097)', '{22023}', 'width.*4097'),
	('SELECT journey.svg_roc(''scored'', NULL)', '{22004}', 'width'),
	('SELECT journey.svg_roc(NULL)', '{22004}', 'source'),
	('SELECT journey.svg_roc(''SELECT 1 AS predicted'')', '{42703}', 'observed'),
	('SELECT journey.svg_roc(''SELECT 1 AS predicted, 2 AS observed'')', '{22023}', 'observed.*2'),
	('SELECT journey.svg_calibration(''scored'', 0)', '{22023}', 'bins'),
	('SELECT journey.svg_retention(''events'', ''order'', ''chat'', ''0 days'', 3)', '{22023}', 'period'),
	('SELECT journey.svg_strategies(''decisions'', ''outcome'', ''strategy'', ''customer_id'', baseline => ''nobody'')', '{22023}', 'nobody'),
	('SELECT journey.draw_roc(''{1,2}'', ''{1}'')', '{2202E}', 'fpr.*1.*2'),
	('SELECT journey.draw_roc(''{{1,2}}'', ''{1}'')', '{2202E}', 'tpr.*dimension'),
	('SELECT journey.draw_history(''{infinity}'', ''{a}'', ''{1}'', ''{1}'', ''{1}'')', '{22008}', 'at.*finite'),
	('SELECT journey.draw_history(''{NULL}'', ''{a}'', ''{1}'', ''{1}'', ''{1}'')', '{22004}', 'at'),
	('SELECT journey.draw_strategies(array_fill(''a''::text, ''{10001}''), NULL, NULL, NULL, NULL)', '{54000}', 'chart')) v(call, codes, pattern);
SELECT * FROM finish();
ROLLBACK;
