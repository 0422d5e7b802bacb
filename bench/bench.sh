#!/usr/bin/env bash
# Runs inside a throwaway cluster (see dev/bench.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
scaled() { awk -v n="$1" -v s="$ROWS_SCALE" 'BEGIN { printf "%d", n * s }'; }
events=$(scaled 10000000) customers=$(scaled 500000) rows=$(scaled 1000000)
export PGDATABASE=bench
psql -Xqd postgres -c 'CREATE DATABASE bench'
psql -Xqc 'CREATE EXTENSION journey'
echo "making $events events of $customers customers and $rows rows of 20 features" >&2
psql -Xq -v events="$events" -v customers="$customers" -v rows="$rows" -f bench/data.sql
psql -Xq -v events="$events" -v rows="$rows" -v passes="$PASSES" -v only="${ONLY:-}" -f bench/run.sql
have() { [ "$(psql -XAtc "SELECT bench.has('$1')")" = t ]; }

# peak SETTINGS STATEMENT: bytes of memory of its own that a fresh backend
# takes for the statement: the largest RssAnon seen (every 10 ms) less the one
# before it began.  Shared buffers and mapped files are not anonymous memory.
peak() {
	local pid base=0 top=0 now
	PGAPPNAME=bench_peak psql -Xqc "$1" -c "SELECT count(*) FROM journey.customer_features('SELECT * FROM bench.events LIMIT 10')" \
		-c 'SELECT pg_sleep(0.5)' -c "$2" >/dev/null &
	local client=$!
	for _ in $(seq 100); do
		pid=$(psql -XAtc "SELECT pid FROM pg_stat_activity WHERE application_name = 'bench_peak' AND query LIKE '%pg_sleep(0.5)%'")
		[ -n "$pid" ] && break
		sleep 0.01
	done
	while now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		[ "$base" = 0 ] && base=$now
		[ "$now" -gt "$top" ] && top=$now
		sleep 0.01
	done
	wait $client
	echo $(((top - base) * 1024))
}
psql -Xqc 'CREATE TABLE bench.memory (id integer, work text, bytes bigint, bar bigint)'
if have customer_features && [[ " ${ONLY:-memory} " == *" memory "* ]]; then
	call="SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')"
	bytes=$(peak "SET journey.memory_limit = '4GB'" "$call")
	psql -Xqc "INSERT INTO bench.memory VALUES (1, 'peak memory of customer_features, all in memory, bytes an event', $bytes, 40::bigint * $events)"
	bytes=$(peak "SET journey.memory_limit = '64MB'" "$call")
	psql -Xqc "INSERT INTO bench.memory VALUES (2, 'peak memory of customer_features, spilling at 64 MB, MB', $bytes, (64 + 64) * 1048576)"
fi
# Ten million rows of 20 features within 256 MB, errors clustered by key so
# that the rows themselves must be kept; the same coefficients as in memory.
psql -Xqc 'CREATE TABLE bench.big (memory text, family text, model journey.model)'
if have fit && [[ " ${ONLY:-big} " == *" big "* ]]; then
	features=$(seq -s ', ' -f 'x%g' 20)
	for family in gaussian binomial; do
		target=$([ $family = gaussian ] && echo y || echo target)
		rows10="SELECT w.id + 10000000 * copy AS id, $target, $features FROM bench.wide w, generate_series(0::bigint, 9) copy"
		for memory in 256MB 8GB; do
			bytes=$(peak "SET journey.memory_limit = '$memory'" \
				"INSERT INTO bench.big SELECT '$memory', '$family', journey.fit('$rows10', '$target', 'id', family => '$family')")
			[ $memory = 8GB ] || psql -Xqc "INSERT INTO bench.memory VALUES ($([ $family = gaussian ] && echo 3 || echo 4),
				'peak memory of fit $family, $((10 * rows)) rows of 20 features at 256 MB, MB', $bytes, 400::bigint * 1048576)"
		done
	done
fi
if have cross_validate && have log_loss && [[ " ${ONLY:-exact} " == *" exact "* ]]; then psql -Xq -f bench/exact.sql || true; fi
psql -Xqc 'SET client_min_messages = warning' -c 'CREATE TABLE IF NOT EXISTS bench.exact (difference float8, folds bigint)'

{
	echo "# Benchmarks"
	echo
	echo "Written by \`make bench\`, which makes the data from a seed and takes medians: statements inside the server in alternation, other programs one after"
	echo "the other with ours on the same rows. Run it to have the page of your machine. Every comparison that was measured stands here: a verdict \`MISSED\`, or a ratio above 1, is a place where we lose."
	echo
	echo "$events events of $customers customers in time order, $rows rows of 20 features; medians of $PASSES passes after one to warm up;"
	echo "PostgreSQL $(psql -XAtc 'SHOW server_version'), $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -1), $(nproc) processors."
	echo
	psql -XAt -v events="$events" -f bench/report.sql
	if [[ " ${ONLY:-clickhouse} " == *" clickhouse "* ]]; then bash bench/clickhouse.sh; fi
	if [[ " ${ONLY:-trees} " == *" trees "* ]]; then bash bench/trees.sh; fi
	if [[ " ${ONLY:-sklearn} " == *" sklearn "* ]]; then bash bench/logistic.sh; fi
	if [[ " ${ONLY:-econml} " == *" econml "* ]]; then bash bench/strategies.sh; fi
	if [[ " ${ONLY:-nolds} " == *" nolds "* ]]; then bash bench/nolds.sh; fi
	if [[ " ${ONLY:-frames} " == *" frames "* ]]; then bash bench/frames.sh; fi
	if [[ " ${ONLY:-growth} " == *" growth "* ]]; then
		printf '\n## Growth\n\nThe same calls on a base, ten and a hundred times of it, or with more features and folds on a tenth of the rows; medians of %s passes,\n' "$PASSES"
		printf 'one process. Exponent e: seconds grow as size^e between the last two sizes; 1 is linear.\n\n'
		PGOPTIONS="-c bench.passes=$PASSES" psql -XAtq -v rows="$rows" -v customers="$customers" -f bench/growth.sql
	fi
} | tee build/bench.md
