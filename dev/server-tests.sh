#!/usr/bin/env bash
# Runs inside a throwaway cluster (see lib.sh): pg_regress over sql/, pgTAP over
# test/pgtap in three server modes, and the statements of the pages.  Every
# (mode, file) is a job; two run at a time, each slot in databases of its own.
# TAP on stdout, in the order of modes and files, with the slowest jobs named.
# REGRESS="a b", PGTAP="x y" (file names without .sql) or PAGES="doc/models.md"
# run a part only.
set -uo pipefail
cd "$(dirname "$0")/.."
export SCRATCH=${SCRATCH:-$(mktemp -d)}
export PG_VERSION=${PG_VERSION:-$(psql -AtXc 'show server_version_num' -d postgres | sed -E 's/0000$|[0-9]{4}$//')}
# the programs themselves, not the wrapper that looks for a cluster each time
[ ! -x "/usr/lib/postgresql/$PG_VERSION/bin/psql" ] || export PATH="/usr/lib/postgresql/$PG_VERSION/bin:$PATH"
regress_bin=/usr/lib/postgresql/$PG_VERSION/lib/pgxs/src/test/regress/pg_regress
SLOTS=2

stories=${REGRESS-$(ls sql/*.sql 2>/dev/null | grep -v -- -- | xargs -r -n1 basename | sed 's/\.sql$//')}
taps=${PGTAP-$(ls test/pgtap/*.sql | xargs -r -n1 basename | sed 's/\.sql$//')}
point() { if [ "$1" = 0 ]; then echo "ok 0 - $2"; else echo "not ok 0 - $2"; fi; }

database() {	# database NAME
	psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" >/dev/null 2>&1
}
setting() { psql -Xq -d postgres -c "ALTER DATABASE $1 SET $2" >/dev/null; }
# Mode small compiles every expression, but without the optimiser, which takes
# ten times as long and sees nothing of ours: jit.sql does it with the optimiser.
settings_of() {	# settings_of MODE, one a line
	local force=force_parallel_mode
	[ "$PG_VERSION" -ge 16 ] && force=debug_parallel_query
	printf '%s\n' "timezone = 'UTC'" "datestyle = 'ISO, YMD'" "extra_float_digits = 1"
	case $1 in
		parallel) printf '%s\n' "$force = regress" "parallel_setup_cost = 0" "parallel_tuple_cost = 0" "min_parallel_table_scan_size = 0" ;;
		small) printf '%s\n' "jit = on" "jit_above_cost = 0" "jit_inline_above_cost = -1" "jit_optimize_above_cost = -1" \
			"work_mem = '64kB'" "journey.memory_limit = '1MB'" "enable_hashagg = off" ;;
	esac
}
fresh() {	# fresh NAME MODE [EXTENSION...]
	local name=$1 mode=$2 extension line
	shift 2
	database "$name"
	for extension in "$@" journey; do psql -Xq -d "$name" -c "CREATE EXTENSION $extension" >/dev/null || return 1; done
	settings_of "$mode" | while IFS= read -r line; do setting "$name" "$line"; done
}

regress() {	# regress MODE: all stories
	local out="$SCRATCH/regress-$1" t
	mkdir -p "$out"
	fresh "journey_regress_$1" "$1" || return 1
	"$regress_bin" --use-existing --dbname="journey_regress_$1" --inputdir=. --outputdir="$out" \
		--bindir="/usr/lib/postgresql/$PG_VERSION/bin" $stories >"$out/log" 2>&1
	for t in $stories; do
		grep -qE "^(test |ok [0-9]+ +[-+] )$t +(\.\.\. +ok|[0-9]+ ms)" "$out/log"; point $? "regress $1: $t"
	done
	if [ -s "$out/regression.diffs" ]; then sed 's/^/# /' "$out/regression.diffs" | head -120; fi
	cp "$out"/results/*.out "$SCRATCH/" 2>/dev/null
	return 0
}

pgtap() {	# pgtap MODE FILE: in the database of this slot, made on first use
	local mode=$1 t=$2 db="journey_tap_$1_$SLOT" out="$SCRATCH/pgtap-$1-$2.out" code ran plan line
	if [ ! -e "$SCRATCH/made-$db" ]; then fresh "$db" "$mode" pgtap || return 1; touch "$SCRATCH/made-$db"; fi
	psql -XAtq -v ON_ERROR_STOP=1 -v shared="${JOURNEY_SHARED:-../shared}" -v mode="$mode" -d "$db" \
		-f "test/pgtap/$t.sql" >"$out" 2>&1
	code=$?
	while IFS= read -r line; do
		case $line in
			"ok "*) echo "ok 0 - $mode $t: ${line#ok * - }" ;;
			"not ok "*) echo "not ok 0 - $mode $t: ${line#not ok * - }" ;;
			1..*) ;;
			*) echo "# $line" ;;
		esac
	done <"$out"
	plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$out" | tail -1)
	ran=$(grep -cE '^(not )?ok ' "$out")
	if [ $code != 0 ] || [ "${plan:-x}" != "$ran" ]; then point 1 "$mode $t: ran to its end (exit $code, plan ${plan:-none}, ran $ran)"; fi
}

# Statements in a page work, and what is printed below them is what psql prints.
page() { PGDATABASE=journey_page_$SLOT bash dev/pages.sh "$1"; }
# Commands and other languages in the pages name the test that runs them; the
# reference is the catalogue, whole.
pages() {
	bash dev/pages.sh others README.md CONTRIBUTING.md doc/*.md
	database journey_page
	psql -Xq -d journey_page -c 'CREATE EXTENSION journey' >/dev/null
	PGDATABASE=journey_page bash dev/reference.sh print >"$SCRATCH/reference.md" 2>&1
	diff "$SCRATCH/reference.md" doc/reference.md >"$SCRATCH/reference.diff"; point $? "doc/reference.md is what dev/reference.sh writes"
	head -10 "$SCRATCH/reference.diff" | cut -c1-200 | sed 's/^/# /'
	psql -XAtq -v ON_ERROR_STOP=1 -d journey_page -f dev/reference_check.sql >"$SCRATCH/reference.missing" 2>&1 && [ ! -s "$SCRATCH/reference.missing" ]
	point $? "doc/reference.md has something to say of every object"
	head -10 "$SCRATCH/reference.missing" | sed 's/^/# /'
}

# job NUMBER WORDS...: one job, its TAP and its seconds in files of its own; a
# last line "end" tells that it came to its end.
job() {
	local number=$1 started ended
	shift
	started=$(date +%s%N)
	{ "$@" && echo end; } >"$SCRATCH/job-$number.tap" 2>&1
	ended=$(date +%s%N)
	echo "$(((ended - started) / 1000000)) $*" >"$SCRATCH/job-$number.ms"
}
if [ "${1:-}" = job ]; then shift; job "$@"; exit 0; fi

modes="plain parallel small"
[ -z "${QUICK:-}" ] || modes=plain

jobs() {
	local m t
	for m in $modes; do
		[ -z "$stories" ] || echo "regress $m"
		for t in $taps; do echo "pgtap $m $t"; done
	done
	if [ -n "${PAGES+x}" ]; then for t in $PAGES; do echo "page $t"; done
	elif [ -z "${REGRESS+x}${PGTAP+x}" ]; then
		for t in README.md doc/*.md; do [ "$t" = doc/reference.md ] || echo "page $t"; done
		echo pages
	fi
}
jobs | awk '{ print NR, $0 }' >"$SCRATCH/jobs"
# the long ones first: the mode small, whole groups, then the rest
awk '{ print ($3 == "small" || NF == 2 ? 0 : $3 == "parallel" ? 1 : 2), $0 }' "$SCRATCH/jobs" | sort -sn -k1,1 | cut -d' ' -f2- |
	REGRESS="$stories" PGTAP="$taps" xargs -P $SLOTS --process-slot-var=SLOT -L 1 bash dev/server-tests.sh job
while read -r number name; do
	if [ "$(tail -n 1 "$SCRATCH/job-$number.tap" 2>/dev/null)" = end ]; then sed '$d' "$SCRATCH/job-$number.tap"
	else cat "$SCRATCH/job-$number.tap"; echo "not ok 0 - $name: ran to its end"; fi
done <"$SCRATCH/jobs" | awk '
	/^ok [0-9]+ / { sub(/^ok [0-9]+/, "ok " ++n) }
	/^not ok [0-9]+ / { sub(/^not ok [0-9]+/, "not ok " ++n); bad = 1 }
	{ print }
	END { print "1.." n; exit bad }'
code=$?
cat "$SCRATCH"/job-*.ms | sort -rn | awk '{ total += $1 } NR <= 12 { printf "# %.1f s: %s\n", $1 / 1000, substr($0, index($0, " ") + 1) } END { printf "# %.0f s of jobs in all\n", total / 1000 }'
exit $code
