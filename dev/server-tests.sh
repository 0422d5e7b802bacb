#!/usr/bin/env bash
# Runs inside a throwaway cluster (see lib.sh): pg_regress over sql/ and pgTAP
# over test/pgtap in three server modes, two of them at a time, each in
# databases of its own. TAP on stdout.
# REGRESS="a b" or PGTAP="x y" (file names without .sql) run a part only.
set -uo pipefail
cd "$(dirname "$0")/.."
SCRATCH=${SCRATCH:-$(mktemp -d)}
PG_VERSION=${PG_VERSION:-$(psql -AtXc 'show server_version_num' -d postgres | sed -E 's/0000$|[0-9]{4}$//')}
regress_bin=/usr/lib/postgresql/$PG_VERSION/lib/pgxs/src/test/regress/pg_regress
n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; fi; }

stories=${REGRESS-$(ls sql/*.sql 2>/dev/null | grep -v -- -- | xargs -r -n1 basename | sed 's/\.sql$//')}
taps=${PGTAP-$(ls test/pgtap/*.sql | xargs -r -n1 basename | sed 's/\.sql$//')}

regress() {	# regress LABEL
	local out="$SCRATCH/regress-$1" t
	[ -n "$stories" ] || return 0
	mkdir -p "$out"
	"$regress_bin" --use-existing --dbname="$regress_db" --inputdir=. --outputdir="$out" \
		--bindir="/usr/lib/postgresql/$PG_VERSION/bin" $stories >"$out/log" 2>&1
	for t in $stories; do
		grep -qE "^(test |ok [0-9]+ +[-+] )$t +(\.\.\. +ok|[0-9]+ ms)" "$out/log"; point $? "regress $1: $t"
	done
	if [ -s "$out/regression.diffs" ]; then sed 's/^/# /' "$out/regression.diffs" | head -120; fi
	cp "$out"/results/*.out "$SCRATCH/" 2>/dev/null
	return 0
}

pgtap() {	# pgtap LABEL
	local t file out
	for t in $taps; do
		file=test/pgtap/$t.sql out="$SCRATCH/pgtap-$1-$t.out"
		psql -XAtq -v ON_ERROR_STOP=1 -v shared="${JOURNEY_SHARED:-../shared}" -v mode="$1" -d "$tap_db" -f "$file" >"$out" 2>&1
		local code=$? ran plan
		# pgTAP numbers from 1 in each file: renumber
		while IFS= read -r line; do
			case $line in
				"ok "*) n=$((n + 1)); echo "ok $n - $1 $t: ${line#ok * - }" ;;
				"not ok "*) n=$((n + 1)); bad=1; echo "not ok $n - $1 $t: ${line#not ok * - }" ;;
				1..*) ;;
				*) echo "# $line" ;;
			esac
		done <"$out"
		plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$out" | tail -1)
		ran=$(grep -cE '^(not )?ok ' "$out")
		if [ $code != 0 ] || [ "${plan:-x}" != "$ran" ]; then point 1 "$1 $t: ran to its end (exit $code, plan ${plan:-none}, ran $ran)"; fi
	done
}

database() {	# database NAME
	psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" >/dev/null 2>&1
}
setting() { psql -Xq -d postgres -c "ALTER DATABASE $regress_db SET $1" -c "ALTER DATABASE $tap_db SET $1" >/dev/null; }
fresh() {	# fresh MODE: its databases
	regress_db=journey_regress_$1 tap_db=journey_tap_$1
	database $regress_db
	database $tap_db
	psql -Xq -d $tap_db -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION journey' >/dev/null || exit 1
	psql -Xq -d $regress_db -c 'CREATE EXTENSION journey' >/dev/null || exit 1
	setting "timezone = 'UTC'"; setting "datestyle = 'ISO, YMD'"; setting "extra_float_digits = 1"
}

# Statements in the pages work: every block marked sql is run, a database a
# page; a comment "<!-- sql ... -->" prepares what the page takes for granted.
pages() {
	local page
	for page in README.md doc/*.md; do
		[ -e "$page" ] && grep -q '^```sql' "$page" || continue
		database journey_page
		awk '/^```sql/ || /^<!-- sql$/ { on = 1; next } /^```/ || /^-->/ { on = 0; print "" } on' "$page" >"$SCRATCH/page.sql"
		psql -Xq -d journey_page -c 'CREATE EXTENSION journey' >/dev/null
		{ grep -v 'CREATE EXTENSION journey' "$SCRATCH/page.sql"; } | psql -Xq -v ON_ERROR_STOP=1 -d journey_page >"$SCRATCH/page.out" 2>&1
		local code=$?
		point $code "the statements of $page run"
		[ $code = 0 ] || tail -5 "$SCRATCH/page.out" | sed 's/^/# /'
	done
	PGDATABASE=$regress_db bash dev/reference.sh print >"$SCRATCH/reference.md" 2>&1
	diff "$SCRATCH/reference.md" doc/reference.md >"$SCRATCH/reference.diff"; point $? "doc/reference.md is what dev/reference.sh writes"
	head -10 "$SCRATCH/reference.diff" | cut -c1-200 | sed 's/^/# /'
}

mode_plain() {
	fresh plain
	regress plain; pgtap plain
	[ -n "${REGRESS+x}${PGTAP+x}" ] || pages
}
mode_parallel() {
	local force=force_parallel_mode
	[ "$PG_VERSION" -ge 16 ] && force=debug_parallel_query
	fresh parallel
	setting "$force = regress"; setting "parallel_setup_cost = 0"; setting "parallel_tuple_cost = 0"; setting "min_parallel_table_scan_size = 0"
	regress parallel; pgtap parallel
}
mode_small() {
	fresh small
	setting "jit = on"; setting "jit_above_cost = 0"; setting "jit_inline_above_cost = 0"; setting "jit_optimize_above_cost = 0"
	setting "work_mem = '64kB'"; setting "journey.memory_limit = '1MB'"; setting "enable_hashagg = off"
	regress small; pgtap small
}
# Each mode counts from 1; a file tells whether it came to its end.
run_mode() {
	"mode_$1"
	echo "end $bad"
}
modes=plain
[ -n "${QUICK:-}" ] || modes="small plain parallel"
# the longest one beside the two others
{ run_mode plain >"$SCRATCH/mode-plain.tap"; [ -n "${QUICK:-}" ] || run_mode parallel >"$SCRATCH/mode-parallel.tap"; } &
[ -n "${QUICK:-}" ] || run_mode small >"$SCRATCH/mode-small.tap"
wait
for m in $modes; do
	if [ "$(tail -1 "$SCRATCH/mode-$m.tap" | cut -c1-4)" != "end " ]; then echo "not ok 1 - $m: ran to its end" >>"$SCRATCH/mode-$m.tap"; bad=1; fi
	[ "$(tail -1 "$SCRATCH/mode-$m.tap")" = "end 0" ] || bad=1
done
for m in $modes; do cat "$SCRATCH/mode-$m.tap"; done | awk '
	/^ok [0-9]+ / { sub(/^ok [0-9]+/, "ok " ++n) }
	/^not ok [0-9]+ / { sub(/^not ok [0-9]+/, "not ok " ++n) }
	!/^end [01]$/ { print }
	END { print "1.." n }'
exit $bad
