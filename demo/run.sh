#!/usr/bin/env bash
# Runs inside a throwaway cluster (see dev/demo.sh): loads events, runs the
# path of demo/path.sql and writes the page.
set -euo pipefail
cd "$(dirname "$0")/.."
started=$SECONDS
export PGDATABASE=demo PGOPTIONS='-c client_min_messages=warning -c timezone=UTC -c search_path=demo,public'
psql -Xqd postgres -c 'CREATE DATABASE demo'
psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION journey' -c 'CREATE SCHEMA demo'
run() { psql -Xq -v ON_ERROR_STOP=1 -P pager=off -P border=1 -P footer=off -P null='-' "$@"; }

if [ -n "$EVENTS" ]; then
	bash demo/load.sh
	run -v simulated=0 -v title="$(basename "$EVENTS")" -f demo/path.sql
else
	run -v customers="$CUSTOMERS" -f demo/simulate.sql
	run -v simulated=1 -v title="$CUSTOMERS simulated customers" -f demo/path.sql
fi
run -At -f demo/page.sql >"$OUT"
echo
echo "The page with the pictures lies in $OUT ($((SECONDS - started)) s on the throwaway server, which is gone now)."
