#!/usr/bin/env bash
# Inside a throwaway cluster (see dev/check-slow.sh).  TAP on standard output.
set -uo pipefail
cd "$(dirname "$0")/../.."
n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; fi; }
scaled() { awk -v n="$1" -v s="$ROWS_SCALE" 'BEGIN { printf "%d", n * s }'; }
# files that bring their own data, when asked for by name
if [ -n "${SLOW_TESTS:-}" ]; then
	for t in $SLOW_TESTS; do . "test/slow/$t.sh"; done
	echo "1..$n"
	exit $bad
fi
export PGDATABASE=slow
psql -Xqd postgres -c 'CREATE DATABASE slow'
psql -Xqc 'CREATE EXTENSION journey'
psql -Xq -v events="$(scaled 10000000)" -v customers="$(scaled 500000)" -v rows="$(scaled 1000000)" -f bench/data.sql || exit 1
have() { [ "$(psql -XAtc "SELECT count(*) FROM pg_proc WHERE pronamespace = 'journey'::regnamespace AND proname = '$1'")" != 0 ]; }

. test/slow/timeout.sh
. test/slow/timeout_rest.sh
. test/slow/memory.sh
. test/slow/sessions.sh
. test/slow/privileges.sh
. test/slow/split_agg.sh
. test/slow/progress.sh
. test/slow/metrics.sh
. test/slow/strategies.sh
. test/slow/series.sh
. test/slow/chaos_share.sh
. test/slow/twins.sh
. test/slow/report.sh
. test/slow/sizes.sh
. test/slow/clients.sh
. test/slow/caller.sh

# The server lived on, and no temporary file was left behind.
[ "$(psql -XAtc 'SELECT 1')" = 1 ]; point $? "the server lives"
[ -z "$(psql -XAtc "SELECT name FROM pg_ls_tmpdir()")" ]; point $? "no temporary file is left behind"

# A dump restores: models and features in tables of the user come back.
psql -Xqd postgres -c 'CREATE DATABASE restored'
psql -Xq <<'SQL'
CREATE TABLE public.kept AS SELECT journey.fold(1, 10) AS f;
CREATE INDEX ON bench.wide (journey.fold(id, 10)) WHERE id < 1000;
DROP TABLE IF EXISTS bench.events, bench.outcomes, bench.long;
DELETE FROM bench.wide WHERE id > 1000;
SQL
if have fit; then psql -Xqc "CREATE TABLE public.models AS SELECT journey.fit('SELECT y, x1, x2 FROM bench.wide', 'y', NULL) AS m"; fi
pg_dump slow | psql -Xqd restored -v ON_ERROR_STOP=1 >/dev/null; point $? "a dump restores"
# (newer minors begin a dump with a random key)
diff <(pg_dump slow | grep -v restrict) <(pg_dump restored | grep -v restrict) >/dev/null; point $? "and dumps the same again"
# the programs themselves, not the wrapper that looks for a cluster each time
PATH="/usr/lib/postgresql/$(psql -XAtd postgres -c 'SHOW server_version_num' | sed -E 's/[0-9]{4}$//')/bin:$PATH"
. test/slow/lifecycle.sh
# (a crash empties the unlogged tables of the other parts)
. test/slow/validate_looks.sh
. test/slow/validate_dump.sh
. test/slow/validate_sessions.sh
. test/slow/validate_crash.sh
echo "1..$n"
exit $bad
