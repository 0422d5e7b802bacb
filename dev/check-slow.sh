#!/usr/bin/env bash
# make check-slow: what takes minutes or gigabytes: cancelling on ten million
# rows, memory, dump and restore, validations that are killed or run by pg_cron,
# sixteen sessions at once (test/slow/*.sh).  ROWS_SCALE=0.1 for a try-out;
# SLOW_TESTS="lifecycle" runs these files alone, without the ten million rows.
source "$(dirname "$0")/lib.sh"
need_server
# a browser for test/slow/report.sh, where one is to be had
[ -n "${SLOW_TESTS:-}" ] || (need chromium python3) || say "no chromium: reports are not looked at"
build_and_stage
export ROWS_SCALE="${ROWS_SCALE:-1}" STAGE="$stage" SCRATCH="$scratch"
code=0
in_cluster bash test/slow/run.sh >"$scratch/slow.tap" 2>"$scratch/slow.log" || code=$?
# a server of its own, with pg_cron where it can be had
if [ -n "${SLOW_TESTS:-}" ]; then :
elif (need "postgresql-$V-cron") 2>>"$scratch/slow.log"; then
	in_cluster -o shared_preload_libraries=pg_cron -o cron.database_name=postgres -o cron.use_background_workers=on \
		bash test/slow/pg_cron.sh >>"$scratch/slow.tap" 2>>"$scratch/slow.log" || code=$?
else
	echo "ok 0 - pg_cron # SKIP postgresql-$V-cron cannot be had" >>"$scratch/slow.tap"
fi
# and one with Citus, which no Debian has: where its packages stand already
if [ -n "${SLOW_TESTS:-}" ]; then :
elif [ -e "$("$pgc" --sharedir)/extension/citus.control" ]; then
	(need "postgresql-$V-pgtap") 2>>"$scratch/slow.log" || true
	in_cluster -o shared_preload_libraries=citus bash test/slow/citus.sh >>"$scratch/slow.tap" 2>>"$scratch/slow.log" || code=$?
else
	echo "ok 0 - citus # SKIP citus is not installed for PostgreSQL $V; test/pgtap/citus_ready.sql does without it what it does" >>"$scratch/slow.tap"
fi
grep -E '^(ok|not ok|#)' "$scratch/slow.tap" || true
passed=$(grep -c '^ok ' "$scratch/slow.tap" || true)
failed=$(grep -c '^not ok ' "$scratch/slow.tap" || true)
if [ $code != 0 ] && [ "$failed" = 0 ]; then failed=1; grep -v LOG: "$scratch/slow.log" | tail -20; fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
