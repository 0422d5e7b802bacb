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
status=0
objects=()
for f in $(core_sources); do
	gcc $strict -fsyntax-only "$f" || status=1
	o="$scratch/core/$(echo "$f" | tr / _).o"
	gcc $lenient -c "$f" -o "$o" || exit 1
	objects+=("$o")
done
gcc $lenient -Wall -Wextra -I"$scratch" -Itest/core test/core/*.c "${objects[@]}" -lm -o "$scratch/core/tests" || exit 1
[ $status = 0 ] || { echo "not ok 1 - core compiles under strict warnings"; echo "1..1"; exit 1; }
TAP_DATA="$root/test/data" "$scratch/core/tests" ${CORE_TESTS:-}
