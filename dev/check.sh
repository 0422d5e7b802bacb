#!/usr/bin/env bash
# make check: every fast tier, then one line "N passed, N failed, N skipped".
#   core		pure C under sanitizers (TAP)
#   lint		rules over the tree (TAP)
#   regress		stories in sql/ against expected/
#   pgtap		test/pgtap/*.sql in the same server
#   modes		regress and pgtap again in other server modes
source "$(dirname "$0")/lib.sh"
need_server postgresql-V-pgtap xz-utils
build_and_stage

passed=0 failed=0 skipped=0
tally() {	# tally NAME TAPFILE EXITCODE
	local p f s
	p=$(grep -cE '^[[:space:]]*ok [0-9]+' "$2" || true)
	f=$(grep -cE '^[[:space:]]*not ok [0-9]+' "$2" || true)
	s=$(grep -cE '^[[:space:]]*ok [0-9]+.*# SKIP' "$2" || true)
	if [ "$3" != 0 ] && [ "$f" = 0 ]; then f=1; fi
	passed=$((passed + p - s)) failed=$((failed + f)) skipped=$((skipped + s))
	printf '%-12s %5d passed %3d failed %3d skipped\n' "$1" $((p - s)) "$f" "$s"
	# every failure with what it printed
	[ "$f" = 0 ] || awk '/^[[:space:]]*ok /{show=0} /^[[:space:]]*not ok /{show=1; shown=0} show && shown++ < 15' "$2" | head -300
	[ "$3" = 0 ] || [ "$f" != 1 ] || tail -30 "$2"
	# skipped tests by file and reason, or by name where they have one
	{ grep -E '# SKIP' "$2" || true; } | sed -E 's/^[[:space:]]*ok [0-9]+ (- )?//; s/: ok [0-9]+ #/: #/' | sort | uniq -c | sort -rn | sed 's/^/    skipped/'
}
run_tap() {	# run_tap NAME COMMAND...
	local name=$1 code=0; shift
	"$@" >"$scratch/$name.tap" 2>&1 || code=$?
	tally "$name" "$scratch/$name.tap" $code
}

printf 'ok 1 - build\n' >"$scratch/build.tap"
[ "$build_warnings" = 0 ] || printf 'not ok 2 - build without warnings\n' >>"$scratch/build.tap"
tally build "$scratch/build.tap" 0
export JOURNEY_SO="$build/journey.so"
run_tap lint bash dev/lint.sh
# the core knows no server: once is enough for several majors
[ "${CORE:-yes}" = no ] || run_tap core bash dev/check-core.sh

export JOURNEY_SHARED="${JOURNEY_SHARED:-$root/../shared}"
export BUILD_SQL="$build" SCRATCH="$scratch" PG_VERSION="$V"
run_tap server in_cluster bash dev/server-tests.sh
# where the time went
grep -E '^# [0-9.]+ s(: | of jobs)' "$scratch/server.tap" | sed 's/^# /    /' || true

printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed = 0 ]
