#!/usr/bin/env bash
# What a scheduler runs, say each night: build, validate, then ask whether the
# validation can be trusted.  Fails, and so makes itself heard, when it cannot.
#	17 3 * * *	cd examples/dbt && bash scheduled.sh
set -euo pipefail
cd "$(dirname "$0")"
export DBT_PROFILES_DIR="${DBT_PROFILES_DIR:-$PWD}" DBT_SEND_ANONYMOUS_USAGE_STATS=false
dbt build --exclude tag:validation
dbt run-operation validate
dbt build --select tag:validation
