#!/usr/bin/env bash
# ClickHouse beside us, on the same events by the same formula; prints a section
# for build/bench.md.  Runs inside a throwaway cluster, called by bench.sh.
# ClickHouse comes as the package chdb into a private environment of Python;
# CHDB_PYTHON names an interpreter that has it already.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/beside.sh
events=$(awk -v s="$ROWS_SCALE" 'BEGIN { printf "%d", 20000000 * s }')
users=$(awk -v s="$ROWS_SCALE" 'BEGIN { printf "%d", 1000000 * s }')
printf '\n## ClickHouse\n\n'
[ "$(psql -XAtc "SELECT bench.has('window_funnel') OR bench.has('funnel')")" = t ] || left_out 'no funnels are built yet'
python=${CHDB_PYTHON:-}
if [ -z "$python" ]; then
	command -v python3 >/dev/null || left_out 'python3 is not here'
	python3 -m venv "$SCRATCH/chdb" >"$SCRATCH/venv.log" 2>&1 || left_out 'python3-venv is not here'
	"$SCRATCH/chdb/bin/pip" install -q chdb >"$SCRATCH/pip.log" 2>&1 || left_out 'the package chdb could not be installed'
	python=$SCRATCH/chdb/bin/python
fi

echo "ClickHouse on $events events of $users users" >&2
"$python" bench/clickhouse.py "$events" "$users" "$PASSES" "$SCRATCH/clickhouse" >"$SCRATCH/clickhouse.tsv" 2>"$SCRATCH/clickhouse.log" ||
	left_out "chdb failed: $(tail -1 "$SCRATCH/clickhouse.log")"
rm -rf "$SCRATCH/clickhouse"
echo 'the same events in the server' >&2
psql -Xq -v events="$events" -v users="$users" -v passes="$PASSES" -f bench/clickhouse.sql
psql -Xqc 'CREATE TABLE bench.clickhouse (call text, kind text, threads text, seconds text, answer text)' \
	-c "\\copy bench.clickhouse FROM '$SCRATCH/clickhouse.tsv'"
echo "$events events of $users users, medians of $PASSES passes after one to warm up; $(psql -XAtc "SELECT kind FROM bench.clickhouse WHERE call = 'versions'");"
echo "PostgreSQL $(psql -XAtc 'SHOW server_version'), one process. Bars: twice ClickHouse on one thread over its table sorted by user"
echo 'and time; faster than it over its table in time order. "In order" is its optimize_aggregation_in_order.'
echo
psql -XAt -f bench/clickhouse_report.sql
