#!/usr/bin/env bash
# The pure core, without a server: strict warnings, then its unit tests under
# the address and undefined-behaviour sanitizers. TAP on standard output.
# CORE_TESTS="hash store" runs only those.
source "$(dirname "$0")/lib.sh"
need make gcc libc6-dev

core_sources() { find src -name '*.c' ! -name 'pg_*' ! -path 'src/pg/*' ! -path src/journey.c | sort; }

for f in test/core/test_*.c; do n=$(basename "$f" .c); echo "CORE_TEST(${n#test_})"; done >"$scratch/tests.list"
strict="-std=gnu99 -O2 -ffp-contract=off -Wall -Wextra -Wshadow -Wvla -Wconversion -Wno-sign-conversion -Wno-psabi -Werror -D_GNU_SOURCE"
lenient="-std=gnu99 -O1 -g -ffp-contract=off -fsanitize=address,undefined -fno-sanitize-recover=undefined -DJRN_NO_CLONES -Wno-psabi -D_GNU_SOURCE"
mkdir -p "$scratch/core"
# each file on its own, as many at a time as there are processors
compile_one() {
	gcc $strict -fsyntax-only "$1" || touch "$scratch/core/refused"
	gcc $lenient -c "$1" -o "$scratch/core/$(echo "$1" | tr / _).o" || touch "$scratch/core/broken"
}
export -f compile_one
export strict lenient scratch
compile_test() {
	gcc $lenient -Wall -Wextra -I"$scratch" -Itest/core -c "$1" -o "$scratch/core/$(echo "$1" | tr / _).o" || touch "$scratch/core/broken"
}
export -f compile_test
{ core_sources | sed 's/^/compile_one /'; ls test/core/*.c | sed 's/^/compile_test /'; } | xargs -P "$(nproc)" -I{} bash -c '{}'
[ ! -e "$scratch/core/broken" ] || exit 1
gcc $lenient "$scratch"/core/*.o -lm -o "$scratch/core/tests" || exit 1
[ ! -e "$scratch/core/refused" ] || { echo "not ok 1 - core compiles under strict warnings"; echo "1..1"; exit 1; }
TAP_DATA="$root/test/data" "$scratch/core/tests" ${CORE_TESTS:-}
