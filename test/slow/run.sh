#!/usr/bin/env bash
# Inside a throwaway cluster (see dev/check-slow.sh).  TAP on standard output.
set -uo pipefail
cd "$(dirname "$0")/../.."
n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; fi; }
scaled() { awk -v n="$1" -v s="$ROWS_SCALE" 'BEGIN { printf "%d", n * s }'; }
export PGDATABASE=slow
psql -Xqd postgres -c 'CREATE DATABASE slow'
psql -Xqc 'CREATE EXTENSION journey'
psql -Xq -v events="$(scaled 10000000)" -v customers="$(scaled 500000)" -v rows="$(scaled 1000000)" -f bench/data.sql || exit 1
have() { [ "$(psql -XAtc "SELECT count(*) FROM pg_proc WHERE pronamespace = 'journey'::regnamespace AND proname = '$1'")" != 0 ]; }

# Every call obeys statement_timeout within 200 ms, whenever it strikes.
psql -Xq <<'SQL'
CREATE TABLE bench.outcomes AS SELECT customer_id, ts, touchpoint, journey.fold(customer_id, 2) = 1 AS outcome FROM bench.events;
CREATE VIEW bench.short AS SELECT id, y, target, x1, x2, x3, x4, x5 FROM bench.wide;
SQL
columns='x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20'
# The statements give few rows, so that no time goes into reading them; about
# ten million rows each, because the server itself needs a while to remove the
# gigabytes that a larger result leaves in its temporary file.
late() {	# late NAME STATEMENT [LIMIT]: largest delay over timeouts spread over its run
	local name=$1 statement=$2 worst=0 struck=0 after delay
	have "$name" || return 0
	for after in 20 100 400 1000 2500 5000 9000; do
		delay=$(psql -XAtq -v ON_ERROR_STOP=0 2>/dev/null <<SQL
SET journey.memory_limit = '${3:-64MB}';
SELECT extract(epoch FROM clock_timestamp()) AS started \gset
SET statement_timeout = $after;
$statement \g /dev/null
\set struck :ERROR
SET statement_timeout = 0;
SELECT CASE WHEN :'struck'::boolean THEN round(1000 * (extract(epoch FROM clock_timestamp()) - :started) - $after) END;
SQL
		)
		delay=${delay%%.*}
		[ -z "$delay" ] || struck=$((struck + 1))
		[ "${delay:-0}" -gt "$worst" ] && worst=$delay
	done
	[ "$worst" -le 200 ]; point $? "$name ends within 200 ms of statement_timeout (worst of $struck: $worst ms)"
}
late customer_features "SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')"
late customer_features "SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')" 4GB
late lint_events "SELECT count(*) FROM journey.lint_events('SELECT customer_id, ts, touchpoint FROM bench.events')"
late path_agg "SELECT sum(cardinality(p)) FROM (SELECT journey.path_agg(touchpoint, ts) AS p FROM bench.events GROUP BY customer_id % 3) s"
late features_agg "SELECT max((f).n_events) FROM (SELECT journey.features_agg(touchpoint, ts) AS f FROM bench.events GROUP BY customer_id % 3) s"
late assign_folds "SELECT count(*) FROM journey.assign_folds('SELECT customer_id FROM bench.events', 'customer_id', 10)"
late fit "SELECT journey.fit('SELECT id, y, $columns FROM bench.wide', 'y', 'id')"
late fit "SELECT journey.fit('SELECT id, target, $columns FROM bench.wide', 'target', 'id', family => 'binomial')"
late fit_logistic "SELECT journey.fit_logistic(target, ARRAY[$columns]) FROM bench.wide"
late cross_validate "SELECT count(*) FROM journey.cross_validate('SELECT id, target, $columns FROM bench.wide', 'target', 'id', family => 'binomial')"
late out_of_fold "SELECT count(*) FROM journey.out_of_fold('SELECT id, target, $columns FROM bench.wide', 'target', 'id', family => 'binomial')"
late auc "SELECT journey.auc(x1, target) FROM bench.wide"
late auc_ci "SELECT journey.auc_ci(x1, target, (id % 1000)::text) FROM bench.wide"
late chaos_share "SELECT count(*) FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, outcome FROM bench.outcomes', 'outcome')"
late simulate_events "SELECT count(*) FROM journey.simulate_events(1500000)"

# The server lived on, and no temporary file was left behind.
[ "$(psql -XAtc 'SELECT 1')" = 1 ]; point $? "the server lives"
[ -z "$(psql -XAtc "SELECT name FROM pg_ls_tmpdir()")" ]; point $? "no temporary file is left behind"

# A dump restores: models and features in tables of the user come back.
psql -Xqd postgres -c 'CREATE DATABASE restored'
psql -Xq <<'SQL'
CREATE TABLE public.kept AS SELECT journey.fold(1, 10) AS f;
CREATE INDEX ON bench.wide (journey.fold(id, 10)) WHERE id < 1000;
DROP TABLE IF EXISTS bench.events, bench.outcomes;
DELETE FROM bench.wide WHERE id > 1000;
SQL
if have fit; then psql -Xqc "CREATE TABLE public.models AS SELECT journey.fit('SELECT y, x1, x2 FROM bench.wide', 'y', NULL) AS m"; fi
pg_dump slow | psql -Xqd restored -v ON_ERROR_STOP=1 >/dev/null; point $? "a dump restores"
# (newer minors begin a dump with a random key)
diff <(pg_dump slow | grep -v restrict) <(pg_dump restored | grep -v restrict) >/dev/null; point $? "and dumps the same again"
echo "1..$n"
exit $bad
