#!/usr/bin/env bash
# The pure core, without a server: strict warnings, then its unit tests under
# the address and undefined-behaviour sanitizers, then the corpora of the fuzz
# targets. TAP on standard output.
# CORE_TESTS="hash store" runs only those; "fuzz" stands for the corpora.
source "$(dirname "$0")/lib.sh"
source dev/fuzz-build.sh
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
# files of the fuzz targets, into a folder of their own
fuzz_cc=gcc fuzz_flags=$lenient fuzz_out=$scratch/fuzz fuzz_server_headers=$(fuzz_headers)
mkdir -p "$fuzz_out"
export fuzz_cc fuzz_flags fuzz_out fuzz_server_headers
fuzz_sources() {
	local name
	for name in $(fuzz_names); do [ -z "$fuzz_server_headers" ] && [ -n "$(fuzz_links "$name")" ] || { echo "test/fuzz/fuzz_$name.c"; fuzz_links "$name" | tr ' ' '\n'; }; done
	echo test/fuzz/fuzz.c
	echo test/fuzz/replay.c
}
compile_fuzz() { fuzz_object "$1" || touch "$scratch/core/broken"; }
# each file of a corpus, as it is and under every early failure of the host;
# the last file named is the one that failed
replay() {
	local files log=$scratch/core/fuzz_$1.tap
	files=$(fuzz_corpus "$1")
	if [ ! -e "$fuzz_out/test_fuzz_fuzz_$1.c.o" ]; then echo "ok 1 - fuzz replay: $1 # SKIP no server headers" >"$log"
	elif fuzz_program "$1" test/fuzz/replay.c -fsanitize=address,undefined >"$log.run" 2>&1 && "$fuzz_out/fuzz_$1" $files >>"$log.run" 2>&1
	then echo "ok 1 - fuzz replay: $1 ($(echo "$files" | grep -c .) files)" >"$log"
	else { echo "not ok 1 - fuzz replay: $1"; grep -v '^# ' "$log.run" | head -40 | sed 's/^/# /'; grep '^# test' "$log.run" | tail -1; } >"$log"; touch "$scratch/core/failed"; fi
	echo 1..1 >>"$log"
}
export -f compile_fuzz replay fuzz_program fuzz_links fuzz_corpus
{ core_sources | sed 's/^/compile_core /'; ls test/core/*.c | sed 's/^/compile_test /'; fuzz_sources | sort -u | sed 's/^/compile_fuzz /'; } | xargs -P "$(nproc)" -I{} bash -c '{}'
cat "$scratch"/core/*.log >&2
[ ! -e "$scratch/core/broken" ] || exit 1
gcc $lenient "$scratch"/core/*.o -lm -o "$scratch/core/tests" || exit 1
if grep -q 'warning:' "$scratch"/core/src_*.log; then echo "not ok 1 - core compiles under strict warnings"; echo "1..1"; exit 1; fi

export TAP_DATA="$root/test/data"
tests=${CORE_TESTS:-$(sed 's/CORE_TEST(\(.*\))/\1/' "$scratch/tests.list") fuzz}
replays=
case " $(echo $tests) " in *" fuzz "*)
	replays=$(fuzz_names)
	tests=$(printf '%s\n' $tests | grep -vx fuzz || true)
	ar rcs "$fuzz_out/core.a" "$scratch"/core/src_*.o ;;
esac
{ [ -z "$tests" ] || printf 'run_test %s\n' $tests; [ -z "$replays" ] || printf 'replay %s\n' $replays; } | xargs -P "$(nproc)" -I{} bash -c '{}'
tests="$tests $([ -z "$replays" ] || printf 'fuzz_%s ' $replays)"
for t in $tests; do
	cat "$scratch/core/$t.tap"
	grep -q '^1\.\.[0-9]' "$scratch/core/$t.tap" || { echo; echo "not ok 0 - $t: ran to its end"; touch "$scratch/core/failed"; }
done | awk '
	/^ok [0-9]+ / { sub(/^ok [0-9]+/, "ok " ++n) }
	/^not ok [0-9]+ / { sub(/^not ok [0-9]+/, "not ok " ++n) }
	!/^1\.\.[0-9]+$/ { print }
	END { print "1.." n }'
[ ! -e "$scratch/core/failed" ]
