#!/usr/bin/env bash
# make coverage: lines reached by the tests: of the core by its own tests and
# of everything by the tests inside a server, taken together.  Prints the files
# below BAR percent, worst first, then the total; fails when that is below.
#   BAR=90		percent
#   ALL=yes		every file
#   PART=core	only the core by its own tests, without a server
source "$(dirname "$0")/lib.sh"
bar=${BAR:-90}
need_server postgresql-V-pgtap xz-utils

# reached SOURCES FOLDER: file, line and 0 or 1 of every line of the .c files
# that can run, from the data files in FOLDER; the compiler ran in SOURCES.
reached() {
	find "$2" -name '*.gcda' | while read -r data; do
		(cd "$1" && gcov -t -o "$(dirname "$data")" "$data" 2>/dev/null)
	done | awk -F: '$2 + 0 == 0 && $3 == "Source" { file = $4; sub(/.*src\//, "src/", file); if (file !~ /^src\/.*\.c$/) { file = "" }; next }
		{ count = $1; gsub(/ /, "", count) } file != "" && count != "-" && $2 + 0 > 0 { print file, $2 + 0, (count ~ /^[#=]/ ? 0 : 1) }'
}
# table TITLE FILE...: of such lines, those of several runs taken together; the
# total stays in $scratch/total
table() {
	local title=$1
	shift
	echo "$title: percent, lines, file"
	cat "$@" | awk -v bar="$bar" -v all="${ALL:-}" -v total="$scratch/total" '{ k = $1 " " $2; if (!(k in hit)) { lines[$1]++; hit[k] = 0 } if ($3 && !hit[k]) { got[$1]++; hit[k] = 1 } }
		END { for (f in lines) { p = 100 * got[f] / lines[f]; l += lines[f]; g += got[f]; if (all != "" || p < bar) { printf "%7.2f %6d  %s\n", p, lines[f], f } }
			printf "%.2f %d\n", l ? 100 * g / l : 0, l >total }' | sort -n
	read -r percent lines <"$scratch/total"
	printf '%7.2f %6d  total\n' "$percent" "$lines"
}
core="$scratch/core-coverage"
mkdir -p "$core"
for f in test/core/test_*.c; do n=$(basename "$f" .c); echo "CORE_TEST(${n#test_})"; done >"$scratch/tests.list"
export core
core_object() {
	mkdir -p "$core/$(dirname "$1")"
	gcc -std=gnu99 -O0 -g --coverage -Wno-psabi -ffp-contract=off -DJRN_NO_CLONES -D_GNU_SOURCE -c "$1" -o "$core/${1%.c}.o"
}
export -f core_object
find src -name '*.c' ! -name 'pg_*' ! -path 'src/pg/*' ! -path src/journey.c | sort >"$scratch/core.list"
xargs -P "$(nproc)" -I{} bash -c 'core_object {}' <"$scratch/core.list"
gcc -std=gnu99 -O0 -g -D_GNU_SOURCE -I"$scratch" -Itest/core test/core/*.c $(sed "s|^|$core/|; s|c\$|o|" "$scratch/core.list") --coverage -lm -o "$core/tests"
TAP_DATA="$root/test/data" "$core/tests" >/dev/null || true
reached "$root" "$core" >"$scratch/core.lines"
table "core by its own tests, files below $bar percent" "$scratch/core.lines"
[ "${PART:-}" != core ] || exit 0

COPT="--coverage -O0" build_and_stage
export JOURNEY_SHARED="${JOURNEY_SHARED:-$root/../shared}" BUILD_SQL="$build" SCRATCH="$scratch" PG_VERSION="$V" QUICK=1
chmod -R a+rwX "$build"
in_cluster bash dev/server-tests.sh >"$scratch/server.tap" 2>&1 || true
echo "$(grep -c '^ok ' "$scratch/server.tap" || true) tests passed in the server, $(grep -c '^not ok ' "$scratch/server.tap" || true) failed"
reached "$build" "$build" >"$scratch/server.lines"
table "everything by all tests, files below $bar percent" "$scratch/core.lines" "$scratch/server.lines"
awk -v bar="$bar" '{ exit !($1 >= bar) }' "$scratch/total" || { echo "below $bar percent"; exit 1; }
