-- The report page and the charts of journeys through SQL: what a page says in
-- every state, that labels stay labels, who may see it, and every refusal.
-- What a browser sees of these pages: test/browser/check_report.py.
BEGIN;
\ir lib/close.psql
SELECT plan(87);
SET LOCAL jit = off;
\o /dev/null
\ir lib/report_data.psql
\o
CREATE TEMP TABLE page AS SELECT name, CASE WHEN run IS NULL THEN journey.report(name) ELSE journey.report(run) END AS html
FROM (SELECT 'returns-playbook' AS name, NULL::bigint AS run UNION ALL SELECT 'failing', NULL UNION ALL SELECT 'running', NULL
	UNION ALL SELECT 'hostile', run FROM hostile_run UNION ALL SELECT 'gone', run FROM journey.validation_run WHERE name = 'gone'
	UNION ALL SELECT 'state ' || s, NULL FROM unnest('{BLOCKED,INVALID,INCONCLUSIVE,KEEP,SWITCH,DEGRADED}'::text[]) s) p;

-- Every page: one document, nothing that runs or is fetched.
SELECT pg_temp.holds(format($$SELECT bool_and(html LIKE %L) FROM page$$, '<!doctype html>%</html>' || chr(10)), 'R-PAGE-1 every page is one document');
SELECT pg_temp.holds($$SELECT bool_and(html LIKE '%name="viewport"%' AND html LIKE '%default-src ''none''; style-src ''unsafe-inline''%' AND html LIKE '%prefers-color-scheme:dark%' AND html LIKE '%@media print%') FROM page$$, 'viewport, policy, dark, print');
SELECT pg_temp.holds($$SELECT bool_and(html !~* '<(script|img|iframe|object|embed|link|form|a|base)[ />]' AND html !~ '<[^>]* (on[a-z]+|src|href)=') FROM page$$, 'R-PAGE-2 no element that acts, no address');
SELECT pg_temp.holds($$SELECT bool_and(html !~ '<[^>]*(https?:|javascript:|url\()[^>]*>') FROM page WHERE name <> 'hostile'$$, 'nothing is fetched');
SELECT pg_temp.holds($$SELECT bool_and(html !~ E'[\\x01-\\x08\\x0b-\\x1f\\x7f]') FROM page$$, 'no control character');
SELECT pg_temp.holds($$SELECT bool_and(html !~ 'p = 0(\.0*)?([^0-9.]|$)') FROM page$$, 'no p = 0');
SELECT pg_temp.holds($$SELECT html LIKE '%p &lt; 0.001%' FROM page WHERE name = 'state INVALID'$$, 'but p < 0.001');
SELECT pg_temp.holds($$SELECT bool_and((SELECT count(*) FROM regexp_matches(html, '<h2>', 'g')) = 9 AND (SELECT count(*) FROM regexp_matches(html, '<h1>', 'g')) = 1) FROM page$$, 'every page has all nine sections');
SELECT pg_temp.holds($$SELECT bool_and(html !~ '</h2>\s*<h2>' AND html !~ '</h2>\s*</main>') FROM page$$, 'R-PAGE-4 no section is empty');
SELECT pg_temp.holds($$SELECT position('class="badge"' IN html) < position('How the strategies compare' IN html)
	AND position('How the strategies compare' IN html) < position('Can the figures be trusted' IN html)
	AND position('Can the figures be trusted' IN html) < position('Where customers drop out' IN html)
	AND position('Where customers drop out' IN html) < position('How customers move' IN html)
	AND position('How customers move' IN html) < position('Which moments decide' IN html)
	AND position('Which moments decide' IN html) < position('Are the forecasts honest' IN html)
	AND position('Are the forecasts honest' IN html) < position('<h2>History' IN html)
	AND position('<h2>History' IN html) < position('What changed since' IN html)
	AND position('What changed since' IN html) < position('How this was computed' IN html) FROM page WHERE name = 'returns-playbook'$$, 'R-PAGE-1 in order, the verdict first');

-- States.
SELECT pg_temp.holds(format($$SELECT html LIKE %L AND html ~ %L FROM page WHERE name = %L$$, '%<p class="badge">' || s || '</p>%', w, 'state ' || s), s || ' is explained') FROM (VALUES
	('BLOCKED', 'the data of this run cannot be trusted'),
	('INVALID', 'the comparison is not fair'),
	('INCONCLUSIVE', 'Not decided yet: stay with <bdi>standard</bdi>'),
	('KEEP', 'Keep <bdi>standard</bdi>'),
	('SWITCH', 'Switch from <bdi>standard</bdi> to <bdi>call first</bdi>'),
	('DEGRADED', '<bdi>standard</bdi> has become worse')) v(s, w);
SELECT pg_temp.holds($$SELECT html ~ '1 of 9 checks failed' AND html ~ 'freshness</bdi></th><td role="cell" class="s failed"' FROM page WHERE name = 'state BLOCKED'$$, 'a failed check stands first');
SELECT pg_temp.holds($$SELECT html ~ 'run ended before' IS NOT TRUE AND html ~ 'names no event source' FROM page WHERE name = 'state KEEP'$$, 'R-PAGE-4 no event source');
SELECT pg_temp.holds($$SELECT html ~ '<p class="badge">FAILED' AND html ~ 'role="alert"><code><bdi>column &quot;resolved&quot; of relation' AND html ~ 'error <bdi>42703</bdi>' AND html ~ 'last verdict still stands: <strong>KEEP</strong> of run' FROM page WHERE name = 'failing'$$, 'a failed run shows its error and the last verdict');
SELECT pg_temp.holds($$SELECT html ~ '<p class="badge">RUNNING' AND html ~ 'step 2 of 6' AND html ~ 'There is no earlier verdict' AND html ~ 'ended before strategies were compared' AND html ~ 'ended before the checks' FROM page WHERE name = 'running'$$, 'a run under way');
SELECT pg_temp.holds($$SELECT html ~ '<p class="badge">KEEP' FROM page WHERE name = 'gone'$$, 'runs of a dropped validation have their page');

-- Figures of the complete page.
SELECT pg_temp.holds(format($$SELECT html LIKE %L FROM page WHERE name = 'returns-playbook'$$, '%' || w || '%'), n) FROM (VALUES
	('&quot;call first&quot; beats &quot;standard&quot; by 0.04377 (0.003683 to 0.08386 over all looks', 'the reason in words'),
	('+0.044 (+0.004 to +0.084)', 'the figure that decides, with its interval'),
	('<li><bdi>Strategy &quot;self service&quot; cannot be told from &quot;standard&quot;; effects under 3.4 points would be missed.</bdi></li>', 'verdicts of the comparison'),
	('0.659 (0.635 to 0.683)', 'a mean with its interval'),
	('&minus;0.012 (&minus;0.035 to +0.012)', 'a difference with its interval'),
	('customers were dealt 2,010 to 1,985 to 2,031', 'a check in words'),
	('immature: 117, null outcome: 3', 'rows left out, by reason'),
	('6,430 rows of 5,250 customers, 250 customers new to the sequence', 'sizes'),
	('alpha = 0.05, folds = 10, margin = 0.02', 'options'),
	('SELECT customer_id, strategy, resolved, tenure' || chr(10) || 'FROM shop.returns', 'the source, line by line'),
	('Against run %, with data up to 2026-04-06 03:00 UTC', 'against the run before'),
	('<bdi>KEEP</bdi></td><td role="cell" data-label="Now"><bdi>SWITCH</bdi>', 'what changed'),
	('All 14 finished runs.', 'history'),
	('BLOCKED, 1 check failed', 'runs with failed checks')) v(w, n);
SELECT pg_temp.holds($$SELECT (SELECT count(*) FROM regexp_matches(html, '<svg ', 'g')) = 12 AND (SELECT count(*) FROM regexp_matches(html, 'viewBox="0 0 760 ', 'g')) = 6 AND (SELECT count(*) FROM regexp_matches(html, 'viewBox="0 0 328 ', 'g')) = 6 FROM page WHERE name = 'returns-playbook'$$, 'six pictures, for a wide and a narrow window');
SELECT pg_temp.holds($$SELECT count(*) = count(DISTINCT id[1]) FROM page, regexp_matches(html, ' id="([^"]*)"', 'g') id WHERE name = 'returns-playbook'$$, 'no id twice');
SELECT pg_temp.holds($$SELECT html = journey.report((SELECT max(run) FROM journey.validation_run WHERE name = 'returns-playbook')) FROM page WHERE name = 'returns-playbook'$$, 'R-PAGE-3 the same call gives the same page');
SELECT pg_temp.holds($$SELECT journey.report(min(run)) ~ 'there is no earlier finished run' AND journey.report(min(run)) ~ 'The only finished run' FROM journey.validation_run WHERE name = 'returns-playbook'$$, 'R-PAGE-3 an old run knows nothing of later ones');
DO $$ BEGIN SET LOCAL timezone = 'Asia/Kolkata'; SET LOCAL datestyle = 'German'; SET LOCAL extra_float_digits = -5; END $$;
SELECT pg_temp.holds($$SELECT html = journey.report('returns-playbook') FROM page WHERE name = 'returns-playbook'$$, 'R-PAGE-3 settings of the session make no difference');
DO $$ BEGIN SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1; END $$;
INSERT INTO journey.validation_run (name, version, status, steps, as_of, seed, extension_version, server_version) VALUES ('returns-playbook', 1, 'running', 6, '2026-05-01', 0, '0', '0');
SELECT pg_temp.holds($$SELECT html = journey.report('returns-playbook') FROM page WHERE name = 'returns-playbook'$$, 'a run under way does not hide the last one');

-- Labels that try to break out.
SELECT pg_temp.holds($$SELECT html LIKE '%<h1><bdi>&lt;script&gt;window.pwned=1;alert(1)&lt;/script&gt;</bdi></h1>%' AND html LIKE '%<title>&lt;script&gt;%' FROM page WHERE name = 'hostile'$$, 'R-PAGE-2 a name');
SELECT pg_temp.holds($$SELECT (SELECT count(*) FROM regexp_matches(html, '<title>', 'g')) = (SELECT count(*) FROM regexp_matches(html, '</title>', 'g')) - (SELECT count(*) FROM regexp_matches(html, '<title id', 'g'))
	AND (SELECT count(*) FROM regexp_matches(html, '<style>', 'g')) = (SELECT count(*) FROM regexp_matches(html, '</style>', 'g')) AND (SELECT count(*) FROM regexp_matches(html, '<pre>', 'g')) = 2 FROM page WHERE name = 'hostile'$$, 'R-PAGE-2 no label ends an element');
SELECT pg_temp.holds($$SELECT bool_and(octet_length(html) = length(html)) FROM page$$, 'pages are ASCII, whatever encoding they go through');

-- Who may see it.
CREATE ROLE journey_report_stranger; CREATE ROLE journey_report_owner;
UPDATE journey.validation SET owner = 'journey_report_owner'::regrole WHERE name = 'state KEEP';
SET LOCAL ROLE journey_report_stranger;
SELECT pg_temp.refused($$SELECT journey.report('returns-playbook')$$, '{42704}', 'validation "returns-playbook" does not exist', 'a stranger does not learn that it exists');
SELECT pg_temp.refused($$SELECT journey.report(1)$$, '{42704}', 'run 1 does not exist', 'nor of its runs');
SET LOCAL ROLE journey_report_owner;
SELECT pg_temp.holds($$SELECT journey.report('state KEEP') ~ '<p class="badge">KEEP'$$, 'its owner sees it');
SELECT pg_temp.refused($$SELECT journey.report('state SWITCH')$$, '{42704}', 'does not exist', 'and no other');
RESET ROLE;

-- Refusals.
SELECT pg_temp.refused(call, codes, pattern, call) FROM (VALUES
	('SELECT journey.report(''nope'')', '{42704}'::text[], 'validation "nope" does not exist'),
	('SELECT journey.report(-1)', '{42704}', 'validation run -1 does not exist'),
	('SELECT journey.report(''gone'')', '{42704}', 'validation "gone" was dropped'),
	('SELECT journey.report(''new'')', '{55000}', 'validation "new" has no run yet'),
	('SELECT journey.report(NULL::text)', '{22004}', 'not null'),
	('SELECT journey.report(NULL::bigint)', '{22004}', 'not null'),
	('SELECT journey.report_number(1, ''roman'')', '{22023}', 'roman'),
	('SELECT journey.report_number(1, NULL)', '{22004}', 'kind'),
	('SELECT journey.report_text(''x'', ''loud'')', '{22023}', 'loud'),
	('SELECT journey.report_table(NULL, ''{a,b}'', ''{1,2,3}'', ''tt'')', '{22023}', '3 cells do not fit 2 columns'),
	('SELECT journey.report_table(NULL, ''{a}'', ''{1}'', ''x'')', '{22023}', 'kinds "x"'),
	('SELECT journey.report_table(NULL, NULL, ''{1}'', '''')', '{22023}', '0 columns'),
	('SELECT journey.draw_funnel(''{a}'', ''{1,2}'')', '{2202E}', 'reached'),
	('SELECT journey.draw_funnel(''{a}'', ''{-1}'')', '{22023}', 'element 1.*reached'),
	('SELECT journey.draw_funnel(''{NULL}'', ''{1}'')', '{22004}', 'element 1.*name.*null'),
	('SELECT journey.draw_funnel(''{a}'', ''{1}'', width => 319)', '{22023}', 'width.*319'),
	('SELECT journey.draw_sankey(''{0}'', ''{a}'', ''{b}'', ''{1}'')', '{22023}', 'element 1.*step'),
	('SELECT journey.draw_sankey(''{1}'', ''{a}'', ''{b}'', ''{-1}'')', '{22023}', 'element 1.*value'),
	('SELECT journey.draw_sankey(''{1}'', ''{a}'', ''{b}'', ''{NaN}'')', '{22023}', 'element 1.*value'),
	('SELECT journey.draw_sankey(''{1}'', ''{a}'', ''{NULL}'', ''{1}'')', '{22004}', 'element 1.*target.*null'),
	('SELECT journey.draw_chaos(''{NULL}'', ''{1}'', ''{1}'', ''{1}'')', '{22004}', 'touchpoint'),
	('SELECT journey.draw_chaos(''{a}'', ''{{1},{2}}'', ''{1}'', ''{1}'')', '{2202E}', 'chaos_share.*dimension'),
	('SELECT journey.draw_divergence(''{2,1}'', ''{1,1}'')', '{22023}', 'element 2.*step'),
	('SELECT journey.draw_funnel(array_fill(''a''::text, ARRAY[10001]), array_fill(1::bigint, ARRAY[10001]))', '{54000}', 'limit'),
	('SELECT journey.draw_chaos(array_fill(''(first touch)''::text, ARRAY[10001]), array_fill(1::float8, ARRAY[10001]), array_fill(1::float8, ARRAY[10001]), array_fill(1::float8, ARRAY[10001]))', '{54000}', 'limit'),
	('SELECT journey.draw_sankey(array_fill(1, ARRAY[200001]), array_fill(''a''::text, ARRAY[200001]), array_fill(''a''::text, ARRAY[200001]), array_fill(1::float8, ARRAY[200001]))', '{54000}', 'limit'),
	('SELECT journey.draw_divergence((SELECT array_agg(i) FROM generate_series(1, 100001) i), array_fill(1::float8, ARRAY[100001]))', '{54000}', 'limit'),
	('SELECT journey.svg_funnel(NULL, ''{a}'', ''1 day'')', '{22004}', 'source'),
	('SELECT journey.svg_sankey(''SELECT 1'')', '{42703}', 'customer_id')) v(call, codes, pattern);

-- Pictures of functions are pictures of their rows.
CREATE TEMP TABLE some_events AS SELECT * FROM journey.simulate_events(400);
SELECT pg_temp.holds($$SELECT journey.svg_funnel('some_events', '{order,delivery,survey}', '30 days', width => 500) = journey.draw_funnel(array_agg(name ORDER BY step), array_agg(reached ORDER BY step), width => 500)
	FROM journey.funnel('some_events', '{order,delivery,survey}', '30 days')$$, 'svg_funnel draws funnel()');
SELECT pg_temp.holds($$SELECT journey.svg_funnel('some_events', '{order,delivery}', '30 days', breakdown => true) ~ 'all customers'$$, 'with a block per segment');
SELECT pg_temp.holds($$SELECT journey.svg_sankey('some_events', 4, 5) = journey.draw_sankey(array_agg(step ORDER BY value), array_agg(source ORDER BY value), array_agg(target ORDER BY value), array_agg(value::float8 ORDER BY value))
	FROM journey.sankey('some_events', 4, 5)$$, 'svg_sankey draws sankey(), in whatever order');
SELECT pg_temp.holds($$SELECT journey.svg_chaos('some_events', 'outcome', replicates => 20, width => 320) = journey.draw_chaos(array_agg(touchpoint ORDER BY visits), array_agg(chaos_share ORDER BY visits), array_agg(conf_low ORDER BY visits), array_agg(conf_high ORDER BY visits), array_agg(status ORDER BY visits), 320)
	FROM journey.chaos_share('some_events', 'outcome', replicates => 20)$$, 'svg_chaos draws chaos_share(), in whatever order');
SELECT pg_temp.holds($$WITH x AS (SELECT array_agg(sin(i * i)) AS x FROM generate_series(1, 400) i)
	SELECT journey.svg_divergence(x) = journey.draw_divergence((SELECT array_agg(step ORDER BY step) FROM journey.divergence_curve(x)), (SELECT array_agg(mean_log_distance ORDER BY step) FROM journey.divergence_curve(x)),
		(SELECT array_agg(n_pairs ORDER BY step) FROM journey.divergence_curve(x)), l.exponent, l.fit_from, l.fit_to, l.status) FROM x, journey.lyapunov(x) l$$, 'svg_divergence draws divergence_curve() with the fit of lyapunov()');
SELECT pg_temp.holds($$SELECT journey.svg_divergence('{1,2,3}') ~ 'too_short' AND journey.svg_divergence(NULL) ~ 'no curve' AND journey.draw_funnel(NULL, NULL) ~ 'no steps' AND journey.draw_sankey('{}', '{}', '{}', '{}') ~ 'no journeys' AND journey.draw_chaos(NULL, NULL, NULL, NULL) ~ 'no shares'$$, 'a picture without rows says so');
SELECT pg_temp.holds($$SELECT journey.svg_sankey('SELECT * FROM some_events WHERE false') ~ 'no journeys'$$, 'no events');
SELECT pg_temp.text_is($$SELECT journey.report_table('c', '{a,b}', '{<,NULL}', 'ht')$$,
	'<table class="two" role="table"><caption>c</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">a</th><th role="columnheader" scope="col">b</th></tr></thead><tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row"><bdi>&lt;</bdi></th><td role="cell" class="none" data-label="b">&ndash;</td></tr>' || chr(10) || '</tbody></table>', 'a table');
SELECT pg_temp.text_is($$SELECT concat_ws('|', journey.report_text(U&'\00e9<&"''' || chr(10) || 'x'), journey.report_text(NULL), journey.report_text('a' || chr(10) || '<', 'lines'), journey.report_text('<', 'plain'), '[' || journey.report_text(NULL, 'plain') || ']')$$,
	'<bdi>&#233;&lt;&amp;&quot;&#39; x</bdi>|&ndash;|a' || chr(10) || '&lt;|&lt;|[]', 'text');
SELECT pg_temp.text_is($$SELECT concat_ws('|', journey.report_number(1234.5), journey.report_number(0.00004, 'p'), journey.report_number(0.12345, 'signed', 0.05), journey.report_number(NULL), journey.report_interval(-0.1, 0.25), journey.report_figure(1, NULL, NULL))$$,
	'1,234|< 0.001|+0.123|-0.10 to 0.25|1', 'numbers');
SELECT * FROM finish();
ROLLBACK;
