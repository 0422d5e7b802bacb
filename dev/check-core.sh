#!/usr/bin/env bash
# The pure core, without a server: strict warnings, then its unit tests under
# the address and undefined-behaviour sanitizers. TAP on standard output.
# CORE_TESTS="hash store" runs only those.
source "$(dirname "$0")/lib.sh"
need make gcc libc6-dev

core_sources() { find src -name '*.c' ! -name 'pg_*' ! -path 'src/pg/*' ! -path src/journey.c | sort; }

for f in test/core/test_*.c; do n=$(basename "$f" .c); echo "CORE_TEST(${n#test_})"; done >"$scratch/tests.list"
strict="-Wall -Wextra -Wshadow -Wvla -Wconversion -Wno-sign-conversion -Wno-maybe-uninitialized"
lenient="-std=gnu99 -O1 -g1 -ffp-contract=off -fsanitize=address,undefined -fno-sanitize-recover=undefined -DJRN_NO_CLONES -Wno-psabi -D_GNU_SOURCE"
mkdir -p "$scratch/core"
# each file on its own, as many at a time as there are processors; what the
# compiler warns of lies beside the object
compile() {	# compile FILE FLAGS...
	local object
	object=$scratch/core/$(echo "$1" | tr / _)
	gcc $lenient "${@:2}" -c "$1" -o "$object.o" 2>"$object.log" || touch "$scratch/core/broken"
}
compile_core() { compile "$1" $strict; }
compile_test() { compile "$1" -Wall -Wextra -I"$scratch" -Itest/core; }
# one test in a process of its own, so that all processors have work; a file
# that does not end with a plan tells of a crash
run_test() { "$scratch/core/tests" "$1" >"$scratch/core/$1.tap" 2>&1 || touch "$scratch/core/failed"; }
export -f compile compile_core compile_test run_test
export strict lenient scratch
{ core_sources | sed 's/^/compile_core /'; ls test/core/*.c | sed 's/^/compile_test /'; } | xargs -P "$(nproc)" -I{} bash -c '{}'
cat "$scratch"/core/*.log >&2
[ ! -e "$scratch/core/broken" ] || exit 1
gcc $lenient "$scratch"/core/*.o -lm -o "$scratch/core/tests" || exit 1
if grep -q 'warning:' "$scratch"/core/src_*.log; then echo "not ok 1 - core compiles under strict warnings"; echo "1..1"; exit 1; fi

export TAP_DATA="$root/test/data"
tests=${CORE_TESTS:-$(sed 's/CORE_TEST(\(.*\))/\1/' "$scratch/tests.list")}
printf '%s\n' $tests | xargs -P "$(nproc)" -I{} bash -c 'run_test {}'
for t in $tests; do
	cat "$scratch/core/$t.tap"
	grep -q '^1\.\.[0-9]' "$scratch/core/$t.tap" || { echo; echo "not ok 0 - $t: ran to its end"; touch "$scratch/core/failed"; }
done | awk '
	/^ok [0-9]+ / { sub(/^ok [0-9]+/, "ok " ++n) }
	/^not ok [0-9]+ / { sub(/^not ok [0-9]+/, "not ok " ++n) }
	!/^1\.\.[0-9]+$/ { print }
	END { print "1.." n }'
[ ! -e "$scratch/core/failed" ]
