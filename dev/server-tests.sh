#!/usr/bin/env bash
# Runs inside a throwaway cluster (see lib.sh): pg_regress over sql/, then
# pgTAP over test/pgtap, then both again in other server modes. TAP on stdout.
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
	"$regress_bin" --use-existing --dbname=journey_regress --inputdir=. --outputdir="$out" \
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
		psql -XAtq -v ON_ERROR_STOP=1 -v shared="${JOURNEY_SHARED:-../shared}" -v mode="$1" -d journey_tap -f "$file" >"$out" 2>&1
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
setting() { psql -Xq -d postgres -c "ALTER DATABASE journey_regress SET $1" -c "ALTER DATABASE journey_tap SET $1" >/dev/null; }
fresh() {
	database journey_regress
	database journey_tap
	psql -Xq -d journey_tap -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION journey' >/dev/null || exit 1
	psql -Xq -d journey_regress -c 'CREATE EXTENSION journey' >/dev/null || exit 1
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
	PGDATABASE=journey_regress bash dev/reference.sh print >"$SCRATCH/reference.md" 2>&1
	diff "$SCRATCH/reference.md" doc/reference.md >"$SCRATCH/reference.diff"; point $? "doc/reference.md is what dev/reference.sh writes"
	head -10 "$SCRATCH/reference.diff" | cut -c1-200 | sed 's/^/# /'
}

fresh
regress plain
pgtap plain
[ -n "${REGRESS+x}${PGTAP+x}" ] || pages
if [ -z "${QUICK:-}" ]; then
	fresh
	force=force_parallel_mode
	[ "$PG_VERSION" -ge 16 ] && force=debug_parallel_query
	setting "$force = regress"; setting "parallel_setup_cost = 0"; setting "parallel_tuple_cost = 0"; setting "min_parallel_table_scan_size = 0"
	regress parallel; pgtap parallel
	fresh
	setting "jit = on"; setting "jit_above_cost = 0"; setting "jit_inline_above_cost = 0"; setting "jit_optimize_above_cost = 0"
	setting "work_mem = '64kB'"; setting "journey.memory_limit = '1MB'"; setting "enable_hashagg = off"
	regress small; pgtap small
fi
echo "1..$n"
exit $bad
