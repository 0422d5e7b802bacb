-- report: one run of a continuous validation as one page that needs nothing
-- else: no script, no font, no file, nothing fetched.
--
-- R-PAGE-1	The verdict comes first, in words; every figure below it has its
--			interval or its reason why not.
-- R-PAGE-2	Whatever comes from data is escaped by journey.report_text(),
--			journey.report_table() or the drawing functions.
-- R-PAGE-3	Only stored rows are read, with the caller's rights: a report can
--			be made again years later and says the same.
-- R-PAGE-4	A section without rows says why.

CREATE FUNCTION journey.report_text(value text, form text DEFAULT 'name')
RETURNS text
AS 'MODULE_PATHNAME', 'journey_report_text'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.report_text(text, text) IS
'A text as HTML: markup and quotes escaped, other characters than ASCII as references, control characters and bytes that are no text replaced by a sign. form: "name" is isolated from the direction of the text around it, and a dash for NULL; "plain" has no markup at all, for a title; "lines" keeps line ends, for preformatted text; "markup" is for pictures: markup stays, only other characters than ASCII become references. Error 22023 for another form. For journey.report().';

CREATE FUNCTION journey.report_number(value float8, kind text DEFAULT 'number', width float8 DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_report_number'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.report_number(float8, text, float8) IS
'A number as people read it. kind: "number" (four significant digits), "count" (whole, thousands set apart), "percent" (of a share, one digit), "signed" (number with its sign), "p" (a p-value: three digits, "< 0.001" below, never 0). width: of the interval a number or signed number belongs to, so that all have the same decimals. NULL for NULL. Error 22023 for another kind. For journey.report().';

CREATE FUNCTION journey.report_table(caption text, head text[], cells text[], kinds text)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_report_table'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.report_table(text, text[], text[], text) IS
'An HTML table that becomes a list of cards on a phone: caption (NULL: none), head (names of the columns), cells row by row (NULL: a dash) and kinds, one letter a column: h names the row, t is text, f a figure among texts, n a number, s a status with its colour, c code. Everything is escaped. NULL when there are no cells. Errors: 22023 for kinds or cells that do not fit head. For journey.report().';

CREATE FUNCTION journey.report_refuse(name text, run bigint)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_report_refuse'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 1;
COMMENT ON FUNCTION journey.report_refuse(text, bigint) IS
'Raises the error of journey.report(): without a run, 42704 that names a validation that does not exist or, with a run, 55000 for one that has none yet (0) or was dropped (its last run); name NULL: 42704 that names a run that does not exist.';

CREATE FUNCTION journey.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT ':root{color-scheme:light dark;--back:#ffffff;--ink:#1c2733;--soft:#53606e;--line:#d5dbe2;--card:#f6f8fa;--good:#116329;--bad:#a40e26;--warn:#7d4e00;--info:#0a4a9e}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:808px;padding:28px 24px 48px;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:28px;line-height:1.2;margin:0 0 6px}
h2{font-size:20px;line-height:1.3;margin:44px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
p{margin:0 0 12px}
.kicker{margin:0 0 4px;color:var(--soft);font-size:14px}
.soft{color:var(--soft)}
.small{font-size:14px}
.verdict{margin:20px 0 0;padding:20px;border:1px solid var(--line);border-left:8px solid var(--edge);border-radius:8px;background:var(--card)}
.verdict p:last-child{margin:0}
.badge{display:inline-block;margin:0 0 12px;padding:4px 14px;border-radius:6px;background:var(--edge);color:#fff;font-size:24px;font-weight:700;letter-spacing:.04em;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.lead{font-size:19px;line-height:1.4;font-weight:600}
.KEEP{--edge:#116329}.SWITCH{--edge:#0a4a9e}.INCONCLUSIVE{--edge:#57606a}.DEGRADED{--edge:#8a4600}.BLOCKED,.INVALID,.FAILED{--edge:#a40e26}.RUNNING{--edge:#57606a}
.error{margin:12px 0;padding:12px;border:1px solid var(--bad);border-radius:6px;color:var(--bad)}
.error code{white-space:pre-wrap}
ul{margin:0 0 20px;padding-left:20px}
li{margin:0 0 8px}
figure{margin:12px 0 20px}
figcaption{color:var(--soft);font-size:14px}
svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
table{border-collapse:collapse;width:100%;margin:8px 0 20px;font-size:15px}
caption{text-align:left;color:var(--soft);font-size:14px;padding:0 0 6px}
th,td{padding:7px 16px 7px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:14px;vertical-align:bottom}
th:last-child,td:last-child{padding-right:0}
th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}
td.n{white-space:nowrap}
td.t{min-width:6em}
table.two,table.three{table-layout:fixed}
table.two thead th:first-child{width:28%}
table.three thead th:first-child{width:42%}
thead th{overflow-wrap:normal}
tbody th{min-width:8em}
tbody th{font-weight:600}
.s{font-weight:600;white-space:nowrap}
.ok{color:var(--good)}.failed{color:var(--bad)}.warning,.drift{color:var(--warn)}.other{color:var(--soft)}
code,pre{font:13px/1.45 ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:8px 0 20px;padding:12px;background:var(--card);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap}
details{margin:8px 0 20px}
summary{cursor:pointer;color:var(--info)}
footer{margin-top:44px;padding-top:12px;border-top:1px solid var(--line);color:var(--soft);font-size:14px}
@media (prefers-color-scheme:dark){:root{--back:#12171d;--ink:#e8edf2;--soft:#a9b4c0;--line:#343e49;--card:#1a222b;--good:#56d364;--bad:#ff938a;--warn:#e3b341;--info:#79b8ff}}
@media screen and (max-width:799px){
body{padding:20px 16px 40px}
.wide{display:none}
.narrow{display:block;max-width:480px;margin:0 auto}
table.cards,table.cards tbody,table.cards tr,table.cards th,table.cards td,table.cards caption{display:block}
table.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.cards tr{padding:8px 0;border-bottom:1px solid var(--line)}
table.cards th,table.cards td,table.cards td.n{border:0;padding:2px 0;text-align:left;white-space:normal;min-width:0;width:auto}
table.cards td.none{display:none}
table.flow td,table.flow td.n{display:inline}
table.flow td.none{display:none}
table.flow td:not(:last-child)::after{content:" / ";color:var(--soft)}
table.two thead th:first-child{width:40%}
table.two{font-size:14px}
table.three{font-size:13px}
table.three thead th:first-child{width:32%}
table.three th,table.three td{min-width:0;padding-right:8px}
table.cards td::before{content:attr(data-label) ": ";color:var(--soft);font-weight:400}
}
@media print{:root{--back:#ffffff;--ink:#000000;--soft:#444444;--line:#bbbbbb;--card:#ffffff;--good:#116329;--bad:#a40e26;--warn:#7d4e00;--info:#0a4a9e}body{max-width:none;padding:0;font-size:14px}table{font-size:13px}details::details-content{content-visibility:visible;height:auto}h2{break-after:avoid}figure,tr,.verdict{break-inside:avoid}}';
END;
COMMENT ON FUNCTION journey.report_style() IS
'The style of journey.report(): light, dark and print, readable from 320 pixels on.';

CREATE FUNCTION journey.report_picture(wide text, narrow text, caption text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	-- what a picture says of its kind is known inside a page
	SELECT '<figure><div class="wide">' || replace(journey.report_text(wide, 'markup'), ' xmlns="http://www.w3.org/2000/svg"', '')
		|| '</div><div class="narrow">' || replace(journey.report_text(narrow, 'markup'), ' xmlns="http://www.w3.org/2000/svg"', '') || '</div>'
		|| coalesce('<figcaption>' || caption || '</figcaption>', '') || '</figure>'
	WHERE wide IS NOT NULL AND narrow IS NOT NULL;
END;
COMMENT ON FUNCTION journey.report_picture(text, text, text) IS
'A picture drawn for a wide and for a narrow window, of which the page shows one; caption is HTML, or NULL. NULL without a picture. For journey.report().';

CREATE FUNCTION journey.report_interval(low float8, high float8, kind text DEFAULT 'number') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT journey.report_number(low, kind, high - low) || ' to ' || journey.report_number(high, kind, high - low);
END;
COMMENT ON FUNCTION journey.report_interval(float8, float8, text) IS
'An interval in words, NULL when one end is. For journey.report().';

CREATE FUNCTION journey.report_figure(value float8, low float8, high float8, kind text DEFAULT 'number') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT journey.report_number(value, kind, high - low) || coalesce(' (' || journey.report_interval(low, high, kind) || ')', '');
END;
COMMENT ON FUNCTION journey.report_figure(float8, float8, float8, text) IS
'A figure with its interval in brackets, where there is one. For journey.report().';

CREATE FUNCTION journey.report_time(moment timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC';
END;
COMMENT ON FUNCTION journey.report_time(timestamptz) IS
'A moment to the minute, in UTC, so that a report reads the same everywhere. For journey.report().';

CREATE FUNCTION journey.report_advice(state text, champion text, challenger text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE state
	WHEN 'SWITCH' THEN '<p class="lead">Switch from ' || journey.report_text(champion) || ' to ' || journey.report_text(challenger) || '.</p><p>The new strategy is better, by more than switching costs, and the evidence holds however often it was looked at. Make it the usual one, then name it as the baseline of this validation, which watches that it stays good.</p>'
	WHEN 'KEEP' THEN '<p class="lead">Keep ' || journey.report_text(champion) || '.</p><p>No other strategy is better by as much as the margin. There is nothing to do.</p>'
	WHEN 'INCONCLUSIVE' THEN '<p class="lead">Not decided yet: stay with ' || coalesce(journey.report_text(champion), 'the usual strategy') || '.</p><p>The data so far fit a real difference as well as none. This is no failure: keep both strategies running and let more customers mature.</p>'
	WHEN 'DEGRADED' THEN '<p class="lead">' || journey.report_text(champion) || ' has become worse than it used to be.</p><p>It fell below its own earlier level by more than the margin. Look for what changed (product, staffing, kind of requests) before trusting older results.</p>'
	WHEN 'BLOCKED' THEN '<p class="lead">No decision: the data of this run cannot be trusted.</p><p>Something about the data itself changed, such as its columns, its volume or its age. Have the checks marked failed below looked at; until then the last decision stands.</p>'
	WHEN 'INVALID' THEN '<p class="lead">No decision: the comparison is not fair.</p><p>Customers were not dealt to the strategies as planned, outcomes are missing unequally, or customers were chosen after the fact. Do not act on the figures; have the checks marked failed below mended first.</p>'
	END;
END;
COMMENT ON FUNCTION journey.report_advice(text, text, text) IS
'What a state of a validation means and what to do, as HTML for those who run a support team. For journey.report().';

CREATE FUNCTION journey.report_why_not(run bigint, chart text) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 100
BEGIN ATOMIC
	SELECT '<p class="soft">' || CASE
		WHEN p.detail IS NOT NULL THEN 'Nothing to show: this picture could not be made: ' || journey.report_text(p.detail)
		WHEN r.status <> 'done' THEN 'Nothing to show: the run ended before this part.'
		WHEN d.state = 'BLOCKED' THEN 'Nothing to show: nothing is computed from data that cannot be trusted.'
		WHEN chart = 'calibration' THEN 'Nothing to show: forecasts are held against outcomes only when the outcome is yes or no and there are enough rows.'
		WHEN v.options ->> 'events' IS NULL THEN 'Nothing to show: the definition names no event source (option <code>events</code>).'
		WHEN chart = 'chaos' THEN 'Nothing to show: shares need a column <code>outcome</code> in the event source, and journeys before the run''s <code>as_of</code>.'
		ELSE 'Nothing to show: the event source had no journeys before the run''s <code>as_of</code>.' END || '</p>'
	FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	LEFT JOIN journey.validation_decision d ON d.run = r.run
	LEFT JOIN LATERAL (SELECT k.detail FROM journey.validation_check k WHERE k.run = r.run AND k.check_name = 'picture'
		AND k.subject IN (CASE chart WHEN 'sankey' THEN 'map' WHEN 'chaos' THEN 'map' ELSE chart END, CASE WHEN chart <> 'calibration' THEN 'events' END)
		ORDER BY k.subject LIMIT 1) p ON true
	WHERE r.run = report_why_not.run;
END;
COMMENT ON FUNCTION journey.report_why_not(bigint, text) IS
'Why a report has no picture of a kind: funnel, sankey, chaos or calibration. For journey.report().';

CREATE FUNCTION journey.report_verdict(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<section class="verdict ' || CASE WHEN r.status = 'done' THEN coalesce(d.state, 'RUNNING') WHEN r.status = 'failed' THEN 'FAILED' ELSE 'RUNNING' END
		|| '" aria-label="Verdict"><p class="badge">' || CASE WHEN r.status = 'done' THEN coalesce(d.state, 'NO DECISION') ELSE upper(r.status) END || '</p>'
		|| CASE r.status
			WHEN 'done' THEN coalesce(journey.report_advice(d.state, d.champion, d.challenger), '<p class="lead">This run made no decision.</p>')
				|| coalesce('<p>' || journey.report_text(d.reason) || '</p>', '')
			WHEN 'failed' THEN '<p class="lead">This run failed and gives no verdict.</p><div class="error" role="alert"><code>' || journey.report_text(coalesce(r.error, 'no message was kept'))
				|| '</code>' || coalesce(' (error ' || journey.report_text(r.error_code) || ')', '') || '</div>'
			WHEN 'abandoned' THEN '<p class="lead">The session that made this run ended before it was done.</p><p>The next call of <code>journey.validate</code> goes on where it stopped.</p>'
			ELSE '<p class="lead">This run is still going: step ' || r.step || ' of ' || r.steps || '.</p>' END
		|| CASE WHEN r.status <> 'done' THEN coalesce((
			SELECT '<p>The last verdict still stands: <strong>' || e.state || '</strong> of run ' || e.run || ', with data up to ' || journey.report_time(x.as_of) || '.</p>'
			FROM journey.validation_decision e JOIN journey.validation_run x ON x.run = e.run
			WHERE e.name = r.name AND e.run < r.run ORDER BY e.run DESC LIMIT 1), '<p>There is no earlier verdict.</p>') ELSE '' END
		|| '</section>'
	FROM journey.validation_run r LEFT JOIN journey.validation_decision d ON d.run = r.run
	WHERE r.run = report_verdict.run;
END;
COMMENT ON FUNCTION journey.report_verdict(bigint) IS
'The verdict of a run as HTML: state, what it means, what to do, the figure behind it; the error of a failed run. For journey.report().';

CREATE FUNCTION journey.report_strategies(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>How the strategies compare</h2>' || coalesce((
		SELECT journey.report_picture(
			journey.draw_strategies(a.strategy, a.baseline, a.value, a.low, a.high, a.status, a.verdict, a.n, width => 760),
			journey.draw_strategies(a.strategy, a.baseline, a.value, a.low, a.high, a.status, a.verdict, a.n, width => 328),
			'On the customers of the window. Right of the line: a higher outcome than ' || journey.report_text(a.champion) || '.')
		FROM (SELECT array_agg(s.strategy ORDER BY s.strategy COLLATE "C") AS strategy, array_agg(s.value ORDER BY s.strategy COLLATE "C") AS value,
				array_agg(s.conf_low ORDER BY s.strategy COLLATE "C") AS low, array_agg(s.conf_high ORDER BY s.strategy COLLATE "C") AS high,
				array_agg(s.status ORDER BY s.strategy COLLATE "C") AS status, array_agg(s.verdict ORDER BY s.strategy COLLATE "C") AS verdict,
				array_agg(s.n ORDER BY s.strategy COLLATE "C") AS n, array_agg(s.baseline ORDER BY s.strategy COLLATE "C") AS baseline, min(s.baseline COLLATE "C") AS champion
			FROM journey.validation_result s WHERE s.run = report_strategies.run AND s.metric = 'difference') a
		WHERE a.strategy IS NOT NULL), '')
	|| coalesce((
		SELECT journey.report_table('All figures of the window, cross-fitted, with intervals', '{Strategy,Rows,Mean outcome,Difference,p}', a.cells, 'hnnnn')
		FROM (SELECT array_agg(c.cell ORDER BY s.strategy COLLATE "C", c.place) AS cells
			FROM journey.validation_result s
			LEFT JOIN journey.validation_result d ON d.run = s.run AND d.metric = 'difference' AND d.strategy = s.strategy,
			LATERAL (VALUES (1, s.strategy), (2, journey.report_number(s.n::float8, 'count')), (3, journey.report_figure(s.value, s.conf_low, s.conf_high)),
				(4, CASE WHEN d.run IS NULL THEN 'compared with' ELSE journey.report_figure(d.value, d.conf_low, d.conf_high, 'signed') END), (5, journey.report_number(d.p_value, 'p'))) c(place, cell)
			WHERE s.run = report_strategies.run AND s.metric = 'value') a), '<p class="soft">Nothing to show: ' || CASE (SELECT d.state FROM journey.validation_decision d WHERE d.run = report_strategies.run) WHEN 'BLOCKED' THEN 'nothing is computed from data that cannot be trusted.</p>'
		ELSE 'the run ended before strategies were compared.</p>' END)
	|| coalesce('<ul>' || (
		SELECT string_agg('<li>' || journey.report_text(s.verdict) || '</li>', '' ORDER BY s.strategy COLLATE "C")
		FROM journey.validation_result s WHERE s.run = report_strategies.run AND s.metric = 'difference' AND s.verdict IS NOT NULL) || '</ul>', '')
	|| coalesce((
		SELECT '<p>What decides is counted more strictly: every customer once, scored by models that had not seen the customer, with intervals that hold at all looks together.' || CASE WHEN (SELECT d.state FROM journey.validation_decision d WHERE d.run = report_strategies.run) IN ('BLOCKED', 'INVALID')
			THEN ' This run added no customer to them.' ELSE '' END || '</p>'
			|| journey.report_table('Figures that decide', '{Strategy,Compared with,Customers,Difference and interval at all looks,Evidence (e-value)}', a.cells, 'htnnn')
		FROM (SELECT array_agg(c.cell ORDER BY s.strategy COLLATE "C", c.place) AS cells
			FROM journey.validation_result s,
			LATERAL (VALUES (1, s.strategy), (2, s.baseline), (3, journey.report_number(s.n::float8, 'count')), (4, journey.report_figure(s.value, s.conf_low, s.conf_high, 'signed')),
				(5, journey.report_number(s.e_value))) c(place, cell)
			WHERE s.run = report_strategies.run AND s.metric = 'sequence_difference') a
		WHERE a.cells IS NOT NULL), '');
END;
COMMENT ON FUNCTION journey.report_strategies(bigint) IS
'The strategies of a run as HTML: forest plot and tables. For journey.report().';

CREATE FUNCTION journey.report_check_table(run bigint, aside boolean) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT journey.report_table(NULL, '{Check,Status,Found,Limit,In words}', (
		SELECT array_agg(c.cell ORDER BY o.at, c.place)
		FROM (SELECT x.*, row_number() OVER (ORDER BY CASE x.status WHEN 'failed' THEN 1 WHEN 'warning' THEN 2 WHEN 'drift' THEN 3 WHEN 'ok' THEN 4 ELSE 5 END,
				x.check_name COLLATE "C", x.subject COLLATE "C") AS at
			FROM journey.validation_check x
			WHERE x.run = report_check_table.run AND (x.subject <> '' AND x.status NOT IN ('failed', 'warning', 'drift')) = aside) o,
		LATERAL (VALUES (1, replace(o.check_name, '_', ' ') || CASE WHEN o.subject = '' THEN '' ELSE ': ' || o.subject END), (2, replace(o.status, '_', ' ')),
			(3, journey.report_number(o.statistic) || coalesce(', p ' || CASE WHEN o.p_value BETWEEN 0.001 AND 0.999 THEN '= ' ELSE '' END || journey.report_number(o.p_value, 'p'), '')),
			(4, journey.report_number(o.threshold)), (5, o.detail)) c(place, cell)
		WHERE o.at <= 200), 'hsnnt')
	WHERE report_check_table.run IS NOT NULL;
END;
COMMENT ON FUNCTION journey.report_check_table(bigint, boolean) IS
'Checks of a run as an HTML table, failed ones first, at most 200. aside: those of single strategies, features or touchpoints that found nothing; otherwise all the others. NULL when there are none. For journey.report().';

CREATE FUNCTION journey.report_checks(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>Can the figures be trusted?</h2>' || CASE WHEN count(*) = 0 THEN '<p class="soft">Nothing to show: the run ended before the checks.</p>'
		ELSE '<p>' || CASE WHEN bool_or(k.status = 'failed') THEN count(*) FILTER (WHERE k.status = 'failed') || ' of ' || count(*) || ' checks failed.' ELSE 'No check failed.' END
			|| CASE WHEN bool_or(k.status IN ('warning', 'drift')) THEN ' ' || count(*) FILTER (WHERE k.status IN ('warning', 'drift')) || ' noticed something that decides nothing but may explain.' ELSE '' END || '</p>'
			|| coalesce(journey.report_check_table(report_checks.run, false), '')
			|| coalesce('<details><summary>' || count(*) FILTER (WHERE k.subject <> '' AND k.status NOT IN ('failed', 'warning', 'drift'))
				|| ' more, of single strategies, features and touchpoints, found nothing</summary>' || journey.report_check_table(report_checks.run, true) || '</details>', '') END
	FROM journey.validation_check k WHERE k.run = report_checks.run;
END;
COMMENT ON FUNCTION journey.report_checks(bigint) IS
'The checks of a run as HTML, failed ones first; those of single strategies, features and touchpoints that found nothing are folded away. For journey.report().';

CREATE FUNCTION journey.report_journeys(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>Where customers drop out</h2>' || coalesce((
		SELECT journey.report_picture(journey.draw_funnel(a.label, a.n, width => 760), journey.draw_funnel(a.label, a.n, width => 328),
			'Customers who reached each step, in order.')
		FROM (SELECT array_agg(c.label ORDER BY c.place) AS label, array_agg(c.n ORDER BY c.place) AS n
			FROM journey.validation_chart c WHERE c.run = report_journeys.run AND c.chart = 'funnel' AND c.label IS NOT NULL AND c.n >= 0) a
		WHERE a.label IS NOT NULL), journey.report_why_not(report_journeys.run, 'funnel'), '')
	|| '<h2>How customers move</h2>' || coalesce((
		SELECT journey.report_picture(journey.draw_sankey(a.x, a.label, a.target, a.y, width => 760), journey.draw_sankey(a.x, a.label, a.target, a.y, width => 328),
			'First steps of all journeys from left to right; a band is as thick as the number of customers that go along it.')
		FROM (SELECT array_agg(c.label ORDER BY c.place) AS label, array_agg(c.target ORDER BY c.place) AS target, array_agg(c.y ORDER BY c.place) AS y,
				array_agg(c.x::integer ORDER BY c.place) AS x
			FROM journey.validation_chart c WHERE c.run = report_journeys.run AND c.chart = 'sankey' AND c.label IS NOT NULL AND c.target IS NOT NULL AND c.y BETWEEN 0 AND 1e15 AND c.x BETWEEN 1 AND 99999) a
		WHERE a.label IS NOT NULL), journey.report_why_not(report_journeys.run, 'sankey'), '')
	|| '<h2>Which moments decide the outcome</h2>' || coalesce((
		SELECT journey.report_picture(journey.draw_chaos(a.label, a.y, a.low, a.high, a.series, width => 760), journey.draw_chaos(a.label, a.y, a.low, a.high, a.series, width => 328),
			'Share of the differences in outcome that is decided at each touchpoint, with its interval. It says where outcomes part, not what would change them.')
		FROM (SELECT array_agg(c.label ORDER BY c.place) AS label, array_agg(c.y ORDER BY c.place) AS y, array_agg(c.low ORDER BY c.place) AS low,
				array_agg(c.high ORDER BY c.place) AS high, array_agg(c.series ORDER BY c.place) AS series
			FROM journey.validation_chart c WHERE c.run = report_journeys.run AND c.chart = 'chaos' AND c.label IS NOT NULL) a
		WHERE a.label IS NOT NULL), journey.report_why_not(report_journeys.run, 'chaos'), '');
END;
COMMENT ON FUNCTION journey.report_journeys(bigint) IS
'Funnel, Sankey and chaos shares of a run as HTML. For journey.report().';

CREATE FUNCTION journey.report_calibration(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>Are the forecasts honest?</h2>' || coalesce((
		SELECT journey.report_picture(journey.draw_calibration(a.n, a.x, a.y, a.low, a.high, width => 760),
			journey.draw_calibration(a.n, a.x, a.y, a.low, a.high, width => 328),
			'Forecasts of the outcome, made without the customer, against what happened. On the line they are right on average.')
		FROM (SELECT array_agg(c.n ORDER BY c.place) AS n, array_agg(c.x ORDER BY c.place) AS x, array_agg(c.y ORDER BY c.place) AS y,
				array_agg(c.low ORDER BY c.place) AS low, array_agg(c.high ORDER BY c.place) AS high
			FROM journey.validation_chart c WHERE c.run = report_calibration.run AND c.chart = 'calibration') a
		WHERE a.x IS NOT NULL), journey.report_why_not(report_calibration.run, 'calibration'), '');
END;
COMMENT ON FUNCTION journey.report_calibration(bigint) IS
'Calibration of a run''s forecasts as HTML. For journey.report().';

CREATE FUNCTION journey.report_history(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>History</h2>' || coalesce((
		SELECT journey.report_picture(journey.draw_history(a.at, a.strategy, a.value, a.low, a.high, a.state, -b.margin, b.margin, 760, b.title),
			journey.draw_history(a.at, a.strategy, a.value, a.low, a.high, a.state, -b.margin, b.margin, 328, b.title),
			CASE WHEN a.shown < a.runs THEN 'The last ' || a.shown || ' of ' || a.runs || ' finished runs.' WHEN a.runs = 1 THEN 'The only finished run.' ELSE 'All ' || a.runs || ' finished runs.' END
				|| ' The interval of a run holds together with those of all other runs, so it may be looked at every time.')
		FROM (SELECT array_agg(h.as_of ORDER BY h.run, h.strategy COLLATE "C") AS at, array_agg(h.strategy ORDER BY h.run, h.strategy COLLATE "C") AS strategy,
				array_agg(h.value ORDER BY h.run, h.strategy COLLATE "C") AS value, array_agg(h.conf_low ORDER BY h.run, h.strategy COLLATE "C") AS low,
				array_agg(h.conf_high ORDER BY h.run, h.strategy COLLATE "C") AS high, array_agg(h.state ORDER BY h.run, h.strategy COLLATE "C") AS state,
				max(h.runs) AS runs, max(h.shown) AS shown
			FROM (SELECT x.run, x.as_of, coalesce(s.strategy, d.challenger, (
						SELECT min(m.strategy COLLATE "C") FROM journey.validation_result m WHERE m.run = r.run AND m.metric = 'sequence_difference')) AS strategy, s.value, s.conf_low, s.conf_high, d.state, x.runs, least(x.runs, 120) AS shown
				FROM (SELECT p.*, row_number() OVER (ORDER BY p.run DESC) AS age, count(*) OVER () AS runs
					FROM journey.validation_run p WHERE p.name = r.name AND p.run <= r.run AND p.status = 'done') x
				LEFT JOIN journey.validation_decision d ON d.run = x.run
				LEFT JOIN journey.validation_result s ON s.run = x.run AND s.metric = 'sequence_difference'
				WHERE x.age <= 120) h
			WHERE h.strategy IS NOT NULL) a,
			(SELECT nullif(v.options ->> 'margin', '')::float8 AS margin, 'Difference to the champion' AS title
			FROM journey.validation v WHERE v.name = r.name AND v.version = r.version) b
		WHERE a.at IS NOT NULL), '<p class="soft">Nothing to show: there is no finished run.</p>')
	|| coalesce((
		SELECT journey.report_table('The last runs', '{"Run, data up to",Verdict}', (
			SELECT array_agg(c.cell ORDER BY x.run DESC, c.place)
			FROM (SELECT p.*, (SELECT count(*) FROM journey.validation_check k WHERE k.run = p.run AND k.status = 'failed') AS failed
				FROM journey.validation_run p WHERE p.name = r.name AND p.run <= r.run ORDER BY p.run DESC LIMIT 12) x
			LEFT JOIN journey.validation_decision d ON d.run = x.run,
			LATERAL (VALUES (1, x.run || ', ' || to_char(x.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD')),
				(2, coalesce(d.state, x.status) || CASE x.failed WHEN 0 THEN '' WHEN 1 THEN ', 1 check failed' ELSE ', ' || x.failed || ' checks failed' END)) c(place, cell)), 'ht')), '')
	FROM journey.validation_run r WHERE r.run = report_history.run;
END;
COMMENT ON FUNCTION journey.report_history(bigint) IS
'All finished runs of a validation up to a run, as HTML. For journey.report().';

CREATE FUNCTION journey.report_changes(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>What changed since the last run</h2>' || coalesce((
		SELECT '<p>Against run ' || p.run || ', with data up to ' || journey.report_time(p.as_of) || '.</p>'
			|| coalesce(journey.report_table(NULL, '{What,Then,Now}', (
				SELECT array_agg(c.cell ORDER BY w.at, w.name COLLATE "C", c.place)
				FROM (
					SELECT 1 AS at, 'Verdict' AS name, e.state AS before, d.state AS after
					UNION ALL SELECT 2, 'Champion', e.champion, d.champion
					UNION ALL SELECT 3, 'Version of the definition', p.version::text, r.version::text
					UNION ALL SELECT 4, CASE s.metric WHEN 'value' THEN 'Mean outcome of ' ELSE 'Difference of ' END || s.strategy,
						journey.report_number(o.value, CASE s.metric WHEN 'value' THEN 'number' ELSE 'signed' END, s.conf_high - s.conf_low), journey.report_number(s.value, CASE s.metric WHEN 'value' THEN 'number' ELSE 'signed' END, s.conf_high - s.conf_low)
						FROM journey.validation_result s LEFT JOIN journey.validation_result o ON o.run = p.run AND o.metric = s.metric AND o.strategy = s.strategy
						WHERE s.run = r.run AND s.metric IN ('value', 'difference')
					UNION ALL SELECT 5, 'Rows', journey.report_number(p.n_rows::float8, 'count'), journey.report_number(r.n_rows::float8, 'count')
					UNION ALL SELECT 6, 'Customers', journey.report_number(p.n_keys::float8, 'count'), journey.report_number(r.n_keys::float8, 'count')
					UNION ALL SELECT 7, 'Window from', journey.report_time(p.window_from), journey.report_time(r.window_from)
					UNION ALL SELECT 8, 'Window to', journey.report_time(p.window_to), journey.report_time(r.window_to)
					UNION ALL SELECT 9, 'Check ' || replace(k.check_name, '_', ' ') || CASE WHEN k.subject = '' THEN '' ELSE ': ' || k.subject END, coalesce(replace(b.status, '_', ' '), 'not made'), replace(k.status, '_', ' ')
						FROM journey.validation_check k LEFT JOIN journey.validation_check b ON b.run = p.run AND b.check_name = k.check_name AND b.subject = k.subject
						WHERE k.run = r.run AND (k.status = 'failed') IS DISTINCT FROM (b.status = 'failed') AND (k.status = 'failed' OR b.status = 'failed')
					UNION ALL SELECT 10, 'Extension', p.extension_version, r.extension_version
					UNION ALL SELECT 11, 'Server', p.server_version, r.server_version) w,
				LATERAL (VALUES (1, w.name), (2, w.before), (3, w.after)) c(place, cell)
				WHERE w.before IS DISTINCT FROM w.after), 'hff'), '<p>Nothing.</p>')
		FROM journey.validation_run p LEFT JOIN journey.validation_decision e ON e.run = p.run
		WHERE p.name = r.name AND p.run < r.run AND p.status = 'done' ORDER BY p.run DESC LIMIT 1),
		'<p class="soft">Nothing to compare with: there is no earlier finished run.</p>')
	FROM journey.validation_run r LEFT JOIN journey.validation_decision d ON d.run = r.run
	WHERE r.run = report_changes.run;
END;
COMMENT ON FUNCTION journey.report_changes(bigint) IS
'What is different from the last finished run before a run, as HTML: verdict, figures, sizes, window, checks that failed or recovered, versions. For journey.report().';

CREATE FUNCTION journey.report_method(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000
BEGIN ATOMIC
	SELECT '<h2>How this was computed</h2>' || journey.report_table(NULL, '{What,Value}', (
			SELECT array_agg(c.cell ORDER BY w.at, c.place)
			FROM (VALUES
				(1, 'Validation', v.name || ', version ' || v.version || ', defined ' || journey.report_time(v.created_at)),
				(2, 'Run', r.run || ', ' || r.status || ', began ' || journey.report_time(r.started_at) || coalesce(', took ' || journey.report_number(extract(epoch FROM r.finished_at - r.started_at)::float8) || ' s', '')),
				(3, 'Outcome', v.outcome),
				(4, 'Strategy', v.strategy),
				(5, 'Key', coalesce(v.key, 'none: rows are independent')),
				(6, 'Features', coalesce(nullif(array_to_string(v.features, ', '), ''), 'none')),
				(7, 'Method', (SELECT string_agg(m.method, ', ' ORDER BY m.method COLLATE "C") FROM (SELECT DISTINCT s.method FROM journey.validation_result s WHERE s.run = r.run) m)),
				(8, 'Options', (SELECT string_agg(o.key || ' = ' || CASE jsonb_typeof(o.value) WHEN 'string' THEN o.value #>> '{}' ELSE o.value::text END, ', ' ORDER BY o.key COLLATE "C")
					FROM jsonb_each(v.options) o WHERE o.key <> 'events' AND o.value <> 'null')),
				(9, 'Known until (as_of)', journey.report_time(r.as_of)),
				(10, 'Window', journey.report_time(r.window_from) || ' to ' || journey.report_time(r.window_to)),
				(11, 'Rows used', journey.report_number(r.n_rows::float8, 'count') || coalesce(' rows of ' || journey.report_number(r.n_keys::float8, 'count') || ' customers', '')
					|| coalesce(', ' || journey.report_number(r.n_new::float8, 'count') || ' customers new to the sequence', '')),
				(12, 'Rows left out', coalesce((SELECT string_agg(replace(o.key, '_', ' ') || ': ' || (o.value #>> '{}'), ', ' ORDER BY o.key COLLATE "C")
					FROM jsonb_each(r.dropped) o WHERE o.value <> '0'), CASE WHEN r.dropped IS NULL THEN NULL ELSE 'none' END)),
				(13, 'Seed', r.seed::text),
				(14, 'Fingerprint of the data', r.data_fingerprint),
				(15, 'Fingerprint of the columns', r.schema_fingerprint),
				(16, 'Fingerprint of the definition', coalesce(r.query_fingerprint, v.fingerprint)),
				(17, 'Extension and server', 'journey ' || r.extension_version || ', PostgreSQL ' || r.server_version)) w(at, name, value),
			LATERAL (VALUES (1, w.name), (2, w.value)) c(place, cell)), 'ht')
		|| '<p class="small">The rows came from</p><pre><code>' || journey.report_text(v.source, 'lines') || '</code></pre>'
		|| coalesce('<p class="small">and the journeys from</p><pre><code>' || journey.report_text(v.options ->> 'events', 'lines') || '</code></pre>', '')
	FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = report_method.run;
END;
COMMENT ON FUNCTION journey.report_method(bigint) IS
'Definition, data, settings and versions behind a run, as HTML: what it takes to make it again. For journey.report().';

CREATE FUNCTION journey.report(run bigint)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT coalesce((
		SELECT '<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src ''none''; style-src ''unsafe-inline''"><meta name="color-scheme" content="light dark"><title>'
			|| journey.report_text(r.name || ', run ' || r.run, 'plain') || '</title><style>' || journey.report_style() || '</style></head>
<body><header><p class="kicker">Continuous validation</p><h1>' || journey.report_text(r.name) || '</h1><p class="soft">Run ' || r.run
			|| ', with data up to ' || journey.report_time(r.as_of) || '</p></header><main>
' || coalesce(journey.report_verdict(r.run), '')
			|| coalesce(journey.report_strategies(r.run), '')
			|| coalesce(journey.report_checks(r.run), '')
			|| coalesce(journey.report_journeys(r.run), '')
			|| coalesce(journey.report_calibration(r.run), '')
			|| coalesce(journey.report_history(r.run), '')
			|| coalesce(journey.report_changes(r.run), '')
			|| coalesce(journey.report_method(r.run), '')
			|| '</main>
<footer>Made by journey.report(' || r.run || ') from stored rows: the same call gives the same page.</footer></body></html>
'
		FROM journey.validation_run r WHERE r.run = report.run),
		journey.report_refuse(NULL, report.run)::text);
END;
COMMENT ON FUNCTION journey.report(bigint) IS
'One run of a continuous validation as one self-contained HTML page: verdict, strategies, checks, funnel, Sankey, chaos shares, calibration, history, what changed, and how it was computed. No script, nothing fetched; light, dark and print; readable from 320 pixels on. Made from stored rows only, with the caller''s rights: the same call gives the same page, for runs of dropped validations too. A failed run shows its error. Errors: 42704 for a run that does not exist or may not be seen, 22004 for NULL.';

CREATE FUNCTION journey.report(name text)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.report(coalesce(
		(SELECT r.run FROM journey.validation_run r
			WHERE r.name = report.name AND EXISTS (SELECT FROM journey.validation v WHERE v.name = report.name AND v.active)
			ORDER BY r.status IN ('done', 'failed') DESC, r.run DESC LIMIT 1),
		journey.report_refuse(report.name, (
			SELECT CASE WHEN bool_or(v.active) THEN 0 ELSE (SELECT max(r.run) FROM journey.validation_run r WHERE r.name = report.name) END
			FROM journey.validation v WHERE v.name = report.name))));
END;
COMMENT ON FUNCTION journey.report(text) IS
'The last run of a continuous validation that came to an end, as a page: see report(bigint). One that is still running is reported only when there is no other. Save it from psql: \t on, \a, then \o report.html. Errors: 42704 for a name that does not exist, may not be seen or was dropped (the hint tells its last run), 55000 when there is no run yet, 22004 for NULL.';
