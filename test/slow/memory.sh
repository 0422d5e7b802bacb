# memory.sh: sourced by run.sh.  Ten million events and a million rows of twenty
# features go through journey.memory_limit = 64MB: the anonymous memory of the
# backend (polled every 10 ms) grows by no more than that, work_mem for what the
# server itself sorts, and a margin for its caches; afterwards it is given back.
# What needs all rows at once says so with 54000 and a hint, and takes no more.
limit=$(scaled 64); [ "$limit" -ge 4 ] || limit=4	# smaller data, smaller limit
peak64() {	# peak64 STATEMENT : "SQLSTATE KILOBYTES"
	local pid base=0 top=0 now client code
	code=$(mktemp)
	PGAPPNAME=journey_peak psql -XAtq -c "SET journey.memory_limit = '${limit}MB'" -c "SELECT count(*) FROM journey.customer_features('SELECT * FROM bench.events LIMIT 10')" \
		-c 'SELECT pg_sleep(0.5)' -c '\set VERBOSITY sqlstate' -c "$1" >"$code" 2>&1 &
	client=$!
	for _ in $(seq 200); do
		pid=$(psql -XAtc "SELECT pid FROM pg_stat_activity WHERE application_name = 'journey_peak' AND query LIKE '%pg_sleep(0.5)%'")
		[ -n "$pid" ] && break
		sleep 0.01
	done
	while now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		[ "$base" = 0 ] && base=$now
		[ "$now" -gt "$top" ] && top=$now
		sleep 0.01
	done
	wait $client
	echo "$(sed -n 's/.*ERROR:  \([0-9A-Z]\{5\}\).*/\1/p' "$code" | tail -1) $((top - base))"
	rm -f "$code"
}
within() {	# within NAME STATEMENT
	local code kb
	have "$1" || return 0
	if ! [ -r /proc/self/status ]; then n=$((n + 1)); echo "ok $n - memory of $1 # SKIP no /proc here"; return 0; fi
	read -r code kb <<<"$(peak64 "$2" | sed 's/^ /00000 /')"
	[ "$code" = 00000 ] || [ "$code" = 54000 ]; point $? "$1 with journey.memory_limit = ${limit}MB ends well or by name ($code)"
	# the limit, 4 MB of work_mem a sort, and a margin for plans, caches and malloc
	[ "${kb:-999999}" -le $(((limit + 36) * 1024)) ]; point $? "$1 with journey.memory_limit = ${limit}MB takes at most $((limit + 36)) MB ($((kb / 1024)) MB)"
}
columns='x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20'
events="SELECT customer_id, ts, touchpoint FROM bench.events"
within customer_features "SELECT count(*) FROM journey.customer_features('$events')"
within funnel "SELECT count(*) FROM journey.funnel('$events', ARRAY['order placed', 'shipped', 'chat'], '7 days')"
within transitions "SELECT count(*) FROM journey.transitions('$events')"
within paths "SELECT count(*) FROM journey.paths('$events', top => 10)"
within paths "SELECT count(*) FROM journey.paths('$events')"
judged="SELECT customer_id, ts, touchpoint, customer_id % 2 = 1 AS outcome FROM bench.events"
within patterns "SELECT count(*) FROM journey.patterns('$judged', 'outcome', max_gap => 2)"
within outcome_map "SELECT count(*) FROM journey.outcome_map('$judged', 'outcome')"
within attribution "SELECT count(*) FROM journey.attribution('$events', 'refund')"
within sessions "SELECT count(*) FROM journey.sessions('$events', '30 days')"
within cohort_retention "SELECT count(*) FROM journey.cohort_retention('$events', 'order placed', 'chat', '1 day', 30)"
within lifecycle "SELECT count(*) FROM journey.lifecycle('$events', '1 day')"
within support_metrics "SELECT count(*) FROM journey.support_metrics('$events', '{\"created\": \"order placed\", \"agent_reply\": \"agent reply\", \"solved\": \"refund\"}')"
within rfm "SELECT count(*) FROM journey.rfm('$events', 'order placed', '1 day')"
within entropy_rate "SELECT count(*) FROM journey.entropy_rate('$events')"
within assign_folds "SELECT count(*) FROM journey.assign_folds('SELECT customer_id FROM bench.events', 'customer_id', 10)"
within lint_events "SELECT count(*) FROM journey.lint_events('$events')"
within fit "SELECT count(journey.fit('SELECT id, y, $columns FROM bench.wide', 'y', 'id'))"
within fit "SELECT count(journey.fit('SELECT id, target, $columns FROM bench.wide', 'target', 'id', family => 'binomial'))"
within cross_validate "SELECT count(*) FROM journey.cross_validate('SELECT id, target, $columns FROM bench.wide', 'target', 'id', family => 'binomial', repeats => 1)"
within out_of_fold "SELECT count(*) FROM journey.out_of_fold('SELECT id, target, $columns FROM bench.wide', 'target', 'id', family => 'binomial')"
within fit_trees "SELECT count(journey.fit_trees('SELECT id, y, $columns FROM bench.wide', 'y', 'id', trees => 5))"
within compare_models "SELECT count(*) FROM journey.compare_models('SELECT id, target, $columns FROM bench.wide', 'target', 'id', '{\"a\": {\"features\": [\"x1\", \"x2\"]}, \"b\": {}}', family => 'binomial')"
dealt="SELECT id, y, x1, x2, x3, CASE WHEN journey.fold(id, 3) = 1 THEN ''a'' WHEN x1 > 0 THEN ''b'' ELSE ''c'' END AS way FROM bench.wide"
within compare_strategies "SELECT count(*) FROM journey.compare_strategies('$dealt', 'y', 'way', 'id', '{x2,x3}')"
within overlap_report "SELECT count(*) FROM journey.overlap_report('$dealt', 'y', 'way', 'id', '{x2,x3}')"
within reset_test "SELECT count(*) FROM journey.reset_test('SELECT y, x1, x2, x3 FROM bench.wide', 'y')"
within asymmetry "SELECT count(*) FROM journey.asymmetry('SELECT y, round(3 + 2 * x1) AS good, round(3 + 2 * x2) AS bad FROM bench.wide', 'y', 'good', 'bad')"
