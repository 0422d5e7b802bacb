#!/usr/bin/env bash
# make demo: from raw events to a validated answer on a throwaway server.
#   make demo				20,000 simulated customers with a known truth
#   make demo EVENTS=file.csv[.xz|.gz] MAP='customer_id=A,ts=B,touchpoint=C'
#					a log of your own; MAP names its columns (by header),
#					and may add event_id, value, outcome, strategy, segment
#   OUT=page.html			where the page goes (build/journey-demo.html)
#   CUSTOMERS=20000		how many customers are simulated
source "$(dirname "$0")/lib.sh"
EVENTS="${EVENTS:-}"
[ -z "$EVENTS" ] || [ -r "$EVENTS" ] || { say "cannot read \"$EVENTS\""; exit 2; }
case $EVENTS in *.xz) unpack=xz-utils ;; *) unpack= ;; esac
need_server $unpack
say "building journey"
build_and_stage
export EVENTS MAP="${MAP:-}" OUT="${OUT:-build/journey-demo.html}" CUSTOMERS="${CUSTOMERS:-20000}" SCRATCH="$scratch"
mkdir -p "$(dirname "$OUT")"
code=0
in_cluster bash demo/run.sh 2>"$scratch/demo.log" | grep --line-buffered -vE '^(Creating new PostgreSQL cluster|Dropping cluster) |^\*\*\* |LOG:  ' || code=$?
grep -vE 'LOG:  |STATEMENT:' "$scratch/demo.log" >&2 || true
exit $code
