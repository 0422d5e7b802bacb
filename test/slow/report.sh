# report.sh: sourced by run.sh.  Pages of journey.report() in Chromium, at the
# width of a desktop, of a phone and of paper, in light and in dark: nothing
# runs or is fetched, nothing overlaps, is cut off, too small or too faint.
# Labels of one page try to break out of it.  JOURNEY_SHOTS keeps screenshots.
browser=
for program in chromium chromium-browser google-chrome google-chrome-stable; do
	[ -n "$browser" ] || browser=$(command -v "$program" || true)
done
if ! have report || [ -z "$browser" ] || ! command -v python3 >/dev/null; then
	n=$((n + 1)); echo "ok $n - reports in a browser # SKIP there is no chromium or no python3"
else
	pages=$(mktemp -d)
	psql -Xqd postgres -c 'CREATE DATABASE pages'
	# one validation as it is run, the others as a run leaves them
	PGDATABASE=pages psql -Xq -v ON_ERROR_STOP=1 -v pages="$pages" >/dev/null <<'SQL'
\cd :pages
CREATE EXTENSION journey;
SET client_min_messages = warning;
CREATE TABLE public.events AS SELECT * FROM journey.simulate_events(3000, 7, '{"strategies": {"standard": 0, "call first": 0.12, "self service": -0.02}}');
CREATE TABLE public.cases AS SELECT customer_id, min(strategy) AS strategy, bool_or(outcome) AS resolved, count(*)::float8 AS contacts,
	min(ts) AS decided_at, min(ts) + interval '30 days' AS matured_at FROM public.events GROUP BY 1;
SELECT journey.define_validation('cases', 'public.cases', 'resolved', 'strategy', 'customer_id', '{contacts}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "baseline": "standard", "events": "SELECT * FROM public.events", "margin": 0.02, "max_age": "60 days"}');
CALL journey.validate('cases', '2024-03-15 UTC');
CALL journey.validate('cases', '2024-05-01 UTC');
CALL journey.validate('cases', '2024-07-01 UTC');
SQL
	point $? "a validation is run"
	PGDATABASE=pages psql -XqAt -v ON_ERROR_STOP=1 -v pages="$pages" -f test/pgtap/lib/report_data.psql \
		-c '\cd :pages' -c '\o cases.html' -c "SELECT journey.report('cases')" \
		-c '\o complete.html' -c "SELECT journey.report('returns-playbook')" \
		-c '\o hostile.html' -c 'SELECT journey.report(run) FROM hostile_run' \
		-c '\o failed.html' -c "SELECT journey.report('failing')" \
		-c '\o blocked.html' -c "SELECT journey.report('state BLOCKED')" \
		-c '\o degraded.html' -c "SELECT journey.report('state DEGRADED')" \
		-c '\o pictures.html' -c "SELECT '<!doctype html><html><head><meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src ''none''; style-src ''unsafe-inline''\"></head><body>'
			|| journey.svg_funnel('public.events', '{order,delivery,survey}', '30 days', breakdown => true, width => 320)
			|| journey.svg_sankey('public.events', 12, 40, 330) || journey.svg_chaos('public.events', 'outcome', 'model', replicates => 10, width => 340)
			|| (SELECT journey.svg_divergence(array_agg(sin(i * i)), width => 320) FROM generate_series(1, 300) i)" >/dev/null
	point $? "pages are written"
	while IFS= read -r line; do
		case $line in
			"ok - "*) point 0 "${line#ok - }" ;;
			"not ok - "*) point 1 "${line#not ok - }" ;;
			*) echo "$line" ;;
		esac
	done < <(python3 test/browser/check_report.py --browser "$browser" ${JOURNEY_SHOTS:+--shots "$JOURNEY_SHOTS"} \
		"$pages"/{cases,complete,hostile,failed,blocked,degraded,pictures}.html 2>&1; echo "# browser ended with $?" >"$pages/end")
	grep -q 'with 0$' "$pages/end"; point $? "the browser saw all pages"
	psql -Xqd postgres -c 'DROP DATABASE pages'
	rm -rf "$pages"
fi
