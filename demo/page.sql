-- One self-contained page from the tables of demo/path.sql: pictures as inline
-- SVG, written by plain SQL.  Positions across are percentages, so a picture
-- narrows with its window while its letters keep their size; the Sankey picture
-- scrolls sideways in a narrow one.

CREATE FUNCTION demo.esc(text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN replace(replace(replace(replace(replace($1, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
CREATE FUNCTION demo.short(label text, room integer) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN length(label) > room THEN left(label, room - 1) || '…' ELSE label END;
-- Where x lies between low and high, in percent.
CREATE FUNCTION demo.at(x float8, low float8, high float8) RETURNS text LANGUAGE sql IMMUTABLE
RETURN round((100 * (x - low) / NULLIF(high - low, 0))::numeric, 2) || '%';
CREATE FUNCTION demo.points(x float8) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN x > 0 THEN '+' WHEN x < 0 THEN '−' ELSE '' END || abs(round((100 * x)::numeric, 1));
-- Round steps for about four ticks between low and high.
CREATE FUNCTION demo.tick_step(span float8) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (SELECT min(m * power(10, floor(log(span)) - 1)) FROM unnest(ARRAY[1, 2, 5, 10, 20, 50, 100]::float8[]) m
	WHERE span / (m * power(10, floor(log(span)) - 1)) <= 5);

-- Sankey of the first five steps: the seven most frequent touchpoints, the
-- rest as (other); a journey that is over goes to (end) once.
CREATE TABLE demo.top AS
SELECT t AS name, (row_number() OVER (ORDER BY count(*) DESC, t COLLATE "C"))::integer AS place
FROM demo.paths, unnest(path[1:5]) t GROUP BY t ORDER BY 2 LIMIT 7;
CREATE TABLE demo.step AS
SELECT customer_id, step, CASE WHEN step > cardinality(path) THEN '(end)' ELSE COALESCE(t.name, '(other)') END AS name,
	CASE WHEN step > cardinality(path) THEN 9 ELSE COALESCE(t.place, 8) END AS place
FROM demo.paths CROSS JOIN generate_series(1, 5) step LEFT JOIN demo.top t ON t.name = path[step]
WHERE step <= cardinality(path) + 1;
-- 420 units of height in all, shared by customers, and 20 between nodes.
CREATE TABLE demo.node AS
SELECT *, COALESCE(sum(height + 20) OVER (PARTITION BY step ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) + 10 AS y
FROM (SELECT step, name, place, count(*) AS n, 420.0 * count(*) / (SELECT count(*) FROM demo.paths) AS height
	FROM demo.step GROUP BY step, name, place) n;
CREATE TABLE demo.link AS
SELECT l.*, a.y + COALESCE(sum(l.height) OVER (PARTITION BY l.step, l.place_a ORDER BY l.place_b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS y_a,
	b.y + COALESCE(sum(l.height) OVER (PARTITION BY l.step, l.place_b ORDER BY l.place_a ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS y_b
FROM (SELECT a.step, a.name AS source, b.name AS target, a.place AS place_a, b.place AS place_b, count(*) AS n,
		420.0 * count(*) / (SELECT count(*) FROM demo.paths) AS height
	FROM demo.step a JOIN demo.step b ON b.customer_id = a.customer_id AND b.step = a.step + 1
	GROUP BY 1, 2, 3, 4, 5) l
JOIN demo.node a ON a.step = l.step AND a.place = l.place_a
JOIN demo.node b ON b.step = l.step + 1 AND b.place = l.place_b;

CREATE TABLE demo.part (place integer, html text);
INSERT INTO demo.part
SELECT 10, format('<h1>Where journeys go, and what decides them</h1><p class="sub">%s</p><dl class="figures">%s</dl>', demo.esc(title),
	(SELECT string_agg(format('<div><dt>%s</dt><dd>%s</dd></div>', name, replace(to_char(value, 'FM999,999,999'), ',', ' ')), '' ORDER BY o)
	FROM demo.figures, LATERAL (VALUES (1, 'customers', customers), (2, 'events', events), (3, 'touchpoints', touchpoints), (4, 'path variants', variants)) v(o, name, value)))
FROM demo.run;

INSERT INTO demo.part
SELECT 20, '<section><h2>The first five steps</h2><p>Width is the share of customers. Each column is a step; journeys that are over flow into (end).</p>'
	|| '<div class="scroll"><div class="sankey">'
	|| format('<svg class="flow" viewBox="0 0 1000 %s" preserveAspectRatio="none" style="height:%spx" role="img" aria-label="Sankey picture of the first five steps">', h, h)
	|| (SELECT string_agg(format('<path class="c%s" d="M%s %s C%s %s %s %s %s %s L%s %s C%s %s %s %s %s %s Z"><title>%s → %s: %s</title></path>',
			place_a, x0, round(y_a, 2), x0 + 90, round(y_a, 2), x1 - 90, round(y_b, 2), x1, round(y_b, 2),
			x1, round(y_b + height, 2), x1 - 90, round(y_b + height, 2), x0 + 90, round(y_a + height, 2), x0, round(y_a + height, 2),
			demo.esc(source), demo.esc(target), n), E'\n' ORDER BY step, place_a, place_b)
		FROM (SELECT *, (step - 1) * 200 + 10 AS x0, step * 200 AS x1 FROM demo.link) l)
	|| (SELECT string_agg(format('<rect class="c%s n" x="%s" y="%s" width="10" height="%s"><title>%s: %s</title></rect>',
			place, (step - 1) * 200, round(y, 2), round(greatest(height, 1), 2), demo.esc(name), n), E'\n' ORDER BY step, place) FROM demo.node)
	|| '</svg>'
	|| format('<svg class="names" style="height:%spx" aria-hidden="true">', h)
	|| (SELECT string_agg(format('<text x="%s%%" y="%s" dx="3">%s</text>', (step - 1) * 20 + 1, round(y + height / 2 + 4, 1),
			demo.esc(demo.short(name, 18)) || format(' <tspan class="muted">%s%%</tspan>', CASE WHEN 200 * n < total THEN '&lt;1' ELSE round(100.0 * n / total)::text END)), E'\n' ORDER BY step, place) FROM demo.node, (SELECT count(*) AS total FROM demo.paths) p)
	|| '</svg></div></div></section>'
FROM (SELECT ceil(max(y + height) + 20)::integer AS h FROM demo.node) s;

-- Forest plot of the strategies.
CREATE TABLE demo.span AS
SELECT low - 0.06 * (high - low) AS low, high + 0.06 * (high - low) AS high, demo.tick_step(high - low) AS step FROM (
	SELECT least(0, min(least(estimate, conf_low, truth))) AS low, greatest(0.01, max(greatest(estimate, conf_high, truth))) AS high FROM demo.effect) s;
INSERT INTO demo.part
SELECT 30, '<section><h2>Which strategy works</h2><p>Difference of the outcome rate to “' || demo.esc(min(baseline)) || '”, in percentage points, with its 95&nbsp;% interval. '
	|| '“As observed” mixes the strategy with the customers who got it; “adjusted” compares at equal segment and equal first touchpoint, errors clustered by customer.'
	|| CASE WHEN count(truth) > 0 THEN ' The diamond is the truth that was simulated.' ELSE '' END || '</p><div class="rows">'
	|| string_agg(CASE WHEN kind = 'as observed' THEN format('<h3>%s</h3>', demo.esc(strategy)) ELSE '' END
		|| format('<div class="row"><span class="label">%s</span><svg class="strip" role="img" aria-label="%s, %s: %s points"><line class="zero" x1="%s" x2="%s" y1="0" y2="24"/>',
			kind, demo.esc(strategy), kind, demo.points(estimate), demo.at(0, s.low, s.high), demo.at(0, s.low, s.high))
		|| COALESCE(format('<line class="%s" x1="%s" x2="%s" y1="12" y2="12"/>', CASE kind WHEN 'adjusted' THEN 'strong' ELSE 'weak' END,
			demo.at(conf_low, s.low, s.high), demo.at(conf_high, s.low, s.high)), '')
		|| COALESCE(format('<circle class="%s" cx="%s" cy="12" r="5"/>', CASE kind WHEN 'adjusted' THEN 'strong' ELSE 'weak' END, demo.at(estimate, s.low, s.high)), '')
		|| COALESCE(format('<svg x="%s" y="12" overflow="visible"><path class="truth" d="M0 -8 L5 0 L0 8 L-5 0 Z"/></svg>', demo.at(truth, s.low, s.high)), '')
		|| format('</svg><span class="num">%s <span class="muted">[%s, %s]</span></span></div>', demo.points(estimate), COALESCE(demo.points(conf_low), '-'), COALESCE(demo.points(conf_high), '-')),
		E'\n' ORDER BY strategy, kind DESC)
	|| '<div class="row"><span class="label"></span><svg class="strip axis" aria-hidden="true">'
	|| (SELECT string_agg(format('<text x="%s" y="14" text-anchor="middle">%s</text>', demo.at(i * z.step, z.low, z.high), demo.points(i * z.step)), '')
		FROM demo.span z, generate_series(ceil(z.low / z.step)::integer, floor(z.high / z.step)::integer) i)
	|| '</svg><span class="num"></span></div></div></section>'
FROM demo.effect, demo.span s HAVING count(*) > 0;
INSERT INTO demo.part
SELECT 30, '<section><h2>Which strategy works</h2><p>Not asked: the log names no strategy or no outcome.</p></section>'
WHERE NOT EXISTS (SELECT FROM demo.effect);

-- Chaos shares: bars with intervals, the ten largest.
INSERT INTO demo.part
SELECT 40, '<section><h2>Where the outcome is decided</h2><p>How much of what separates good outcomes from bad ones is decided on leaving each touchpoint, with its 95&nbsp;% interval. '
	|| 'Behind each name: the next step that helps most.</p><div class="rows">'
	|| string_agg(format('<div class="row"><span class="label">%s%s</span><svg class="strip" role="img" aria-label="%s: %s percent"><rect class="bar" x="0" y="5" width="%s" height="14" rx="2"/>',
			demo.esc(demo.short(touchpoint, 28)), COALESCE(' <span class="muted">→ ' || demo.esc(demo.short(best_next, 24)) || '</span>', ''),
			demo.esc(touchpoint), round((100 * chaos_share)::numeric, 1), demo.at(greatest(chaos_share, 0), 0, top))
		|| COALESCE(format('<line class="whisker" x1="%s" x2="%s" y1="12" y2="12"/>', demo.at(greatest(conf_low, 0), 0, top), demo.at(conf_high, 0, top)), '')
		|| format('</svg><span class="num">%s&nbsp;%% <span class="muted">%s</span></span></div>', round((100 * chaos_share)::numeric, 1),
			COALESCE(format('[%s, %s]', round((100 * conf_low)::numeric, 1), round((100 * conf_high)::numeric, 1)), '')),
		E'\n' ORDER BY chaos_share DESC, touchpoint)
	|| '</div></section>'
FROM (SELECT *, max(greatest(chaos_share, conf_high, 0.01)) OVER () * 1.02 AS top FROM demo.chaos WHERE chaos_share IS NOT NULL
	ORDER BY chaos_share DESC, touchpoint LIMIT 10) c HAVING count(*) > 0;

INSERT INTO demo.part
SELECT 50, '<section><h2>How well the start foretells the end</h2><p>' || CASE WHEN r.has_outcome THEN 'Predicted: the outcome' ELSE
		format('Predicted: whether a case needs more than %s events', (SELECT middle FROM demo.middle)) END
	|| ', from the first two touchpoints and the time between them; measured on customers that the model had not seen.</p><table><thead><tr><th>measure</th><th>value</th><th>95&nbsp;% interval</th></tr></thead><tbody>'
	|| (SELECT string_agg(format('<tr><td>%s</td><td>%s</td><td>%s</td></tr>', demo.esc(metric), round(value::numeric, 3),
			COALESCE(format('%s to %s', round(conf_low::numeric, 3), round(conf_high::numeric, 3)), '-')), '' ORDER BY metric) FROM demo.quality)
	|| '</tbody></table></section>'
FROM demo.run r;

SELECT '<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>journey: ' || (SELECT demo.esc(title) FROM demo.run) || '</title>
<style>
:root { color-scheme: light dark; --bg: #fbfaf7; --card: #fff; --ink: #1d2430; --muted: #5d6675; --line: #d9dbe0; --accent: #0b6e75; --weak: #9aa2ae; --warm: #b8500f;
	--c1: #2f7f86; --c2: #c2763b; --c3: #5b6fb3; --c4: #a3568f; --c5: #7d8f3a; --c6: #3b8fc2; --c7: #b54a4a; --c8: #8a8f98; --c9: #c3c7cd; }
@media (prefers-color-scheme: dark) { :root { --bg: #14181d; --card: #1c2229; --ink: #e8eaed; --muted: #a2abb8; --line: #38414c; --accent: #5cc3cb; --weak: #6f7985; --warm: #f0a060;
	--c1: #4aa6ae; --c2: #d9955c; --c3: #8093d6; --c4: #c47cb0; --c5: #a2b55c; --c6: #62afe0; --c7: #d97272; --c8: #7a818c; --c9: #4a525d; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 }
h2 { font-size: 1.2rem; margin: 0 0 4px }
h3 { font-size: 1rem; margin: 12px 0 0 }
p { margin: 0 0 12px; max-width: 72ch }
.sub, .muted { color: var(--muted); fill: var(--muted) }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px; margin-top: 20px }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 16px 0 0 }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px }
.figures dt { color: var(--muted); font-size: .85rem } .figures dd { margin: 0; font-size: 1.4rem; font-weight: 600 }
.scroll { overflow-x: auto } .sankey { position: relative; min-width: 860px } .flow { display: block; width: 100% }
.names { position: absolute; left: 0; top: 0; width: 100%; pointer-events: none }
.names text { font-size: 12px; fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round }
.flow path { opacity: .35 } .flow path:hover { opacity: .7 }
' || (SELECT string_agg(format('.c%s { fill: var(--c%s) }', i, i), ' ') FROM generate_series(1, 9) i) || '
.row { display: grid; grid-template-columns: minmax(9em, 17em) 1fr 11em; gap: 0 12px; align-items: center; padding: 3px 0 }
.label { overflow-wrap: anywhere } .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.strip { width: 100%; height: 24px; overflow: visible } .axis text { font-size: 12px; fill: var(--muted) }
.zero { stroke: var(--line); stroke-width: 2 } line.strong { stroke: var(--accent); stroke-width: 3 } line.weak { stroke: var(--weak); stroke-width: 3 }
circle.strong { fill: var(--accent) } circle.weak { fill: var(--card); stroke: var(--weak); stroke-width: 2.5 } .truth { fill: none; stroke: var(--warm); stroke-width: 2 }
.bar { fill: var(--accent); opacity: .45 } .whisker { stroke: var(--ink); stroke-width: 2 }
table { border-collapse: collapse } th, td { text-align: left; padding: 4px 18px 4px 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums }
footer { color: var(--muted); font-size: .85rem; margin-top: 20px }
@media (max-width: 640px) { .row { grid-template-columns: 1fr auto } .row .strip { grid-row: 2; grid-column: 1 / 3 } section { padding: 14px 12px } }
</style></head><body><main>
' || string_agg(html, E'\n' ORDER BY place) || '
<footer>Made by plain SQL with the PostgreSQL extension journey ' || (SELECT extversion FROM pg_extension WHERE extname = 'journey') || '.</footer>
</main></body></html>' FROM demo.part;
