#!/usr/bin/env bash
# Runs the project examples/dbt as a scheduler would, in the database of PGHOST
# and so on.  TAP without numbers; skipped by name where dbt cannot be had.
#	DBT names a dbt that has dbt-postgres; else pip fetches one (dbt-core 1.12
#	fetches a parser from elsewhere while it is installed, hence an older one).
set -uo pipefail
cd "$(dirname "$0")/../../examples/dbt"
folder=$(mktemp -d "${TMPDIR:-/tmp}/dbt.XXXXXX")
trap 'rm -rf "$folder"' EXIT
say() { [ "$1" = 0 ] && echo "ok - $2" || { echo "not ok - $2"; tail -15 "$folder/log" | sed 's/^/# /'; }; }
ask() { psql -XAtqc "$1"; }
dbt=${DBT:-}
if [ -z "$dbt" ] && python3 -m venv "$folder/python" >"$folder/log" 2>&1 &&
	"$folder/python/bin/pip" install -q --disable-pip-version-check 'dbt-core<1.11' dbt-postgres >>"$folder/log" 2>&1; then dbt=$folder/python/bin/dbt; fi
[ -n "$dbt" ] || { echo "# SKIP dbt: neither DBT nor pip gives it"; exit 0; }
export PATH="$(dirname "$dbt"):$PATH" DBT_TARGET_PATH="$folder/target" DBT_LOG_PATH="$folder/logs" DBT_USE_COLORS=false DBT_SEND_ANONYMOUS_USAGE_STATS=false DBT_PROFILES_DIR="$PWD"

runs=$(ask "SELECT count(*) FROM journey.validation_run WHERE name = 'callback'")
bash scheduled.sh >"$folder/log" 2>&1; say $? "dbt: the scheduled run builds, validates and tests"
[ "$(ask "SELECT count(*) FROM journey.validation_run WHERE name = 'callback' AND status = 'done' AND finished_at IS NOT NULL")" -gt "$runs" ]
say $? "dbt: its validation has run"
[ "$(ask "SELECT count(*) > 100 AND bool_and(n_events > 0) FROM analytics.customer_features")" = t ]; say $? "dbt: customer features are there"
[ "$(ask "SELECT count(*) FROM analytics.strategies WHERE strategy = 'callback' AND difference > 0 AND status = 'ok'")" = 1 ]; say $? "dbt: so is the comparison of strategies"
[ "$(ask "SELECT count(*) FROM analytics.purchase_funnel")" = 3 ]; say $? "dbt: and the funnel"
[ "$(ask "SELECT sum(events) = (SELECT sum(n_events) FROM analytics.customer_features) FROM analytics.customer_touchpoints")" = t ]; say $? "dbt: touchpoints add up to events"
versions=$(ask "SELECT count(*) FROM journey.validation WHERE name = 'callback'")
dbt build --select stg_decisions >"$folder/log" 2>&1
[ "$(ask "SELECT count(*) FROM journey.validation WHERE name = 'callback'")" = "$versions" ]; say $? "dbt: building again adds no version"
! dbt run-operation validate --args '{name: nobody}' >"$folder/log" 2>&1 && grep -q nobody "$folder/log"; say $? "dbt: a validation that fails fails the operation"

# Data that cannot be trusted: the scheduler hears of it.
ask "UPDATE journey.validation SET active = true WHERE name = 'refund'"
! dbt build --select tag:validation >"$folder/log" 2>&1 && grep -qE 'FAIL [0-9]+ validations_can_be_trusted' "$folder/log"; say $? "dbt: a BLOCKED validation fails the run"
