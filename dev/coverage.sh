#!/usr/bin/env bash
# make coverage: lines reached by the tests, of the core by its own tests and
# of everything by the tests inside a server.  Prints a table, worst first.
source "$(dirname "$0")/lib.sh"
need_server postgresql-V-pgtap xz-utils
COPT="--coverage -O0" build_and_stage

# Lines of each file that ran, from the data files that lie under $1.
summary() {	# summary TITLE FOLDER
	local title=$1 folder=$2
	(cd "$folder" && find . -name '*.gcda' | while read -r data; do
		gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null
	done) | awk -v title="$title" '
		/^File / { file = $2; gsub(/\x27/, "", file) }
		/^Lines executed:/ && file ~ /src\/.*\.c$/ { sub(/.*src\//, "src/", file); split($0, a, /[:% ]+/); if (!(file in part)) { part[file] = a[3]; lines[file] = $NF } file = "" }
		END { for (f in part) { printf "%7.2f %6d  %s\n", part[f], lines[f], f; hit += part[f] * lines[f] / 100; all += lines[f] }
			printf "%7.2f %6d  %s\n", all ? 100 * hit / all : 0, all, title }' | sort -n
}
core="$scratch/core-coverage"
mkdir -p "$core"
objects=()
for f in $(find src -name '*.c' ! -name 'pg_*' ! -path 'src/pg/*' ! -path src/journey.c | sort); do
	mkdir -p "$core/$(dirname "$f")"
	gcc -std=gnu99 -O0 -g --coverage -ffp-contract=off -DJRN_NO_CLONES -D_GNU_SOURCE -c "$f" -o "$core/${f%.c}.o"
	objects+=("$core/${f%.c}.o")
done
for f in test/core/test_*.c; do n=$(basename "$f" .c); echo "CORE_TEST(${n#test_})"; done >"$scratch/tests.list"
gcc -std=gnu99 -O0 -g -D_GNU_SOURCE -I"$scratch" -Itest/core test/core/*.c "${objects[@]}" --coverage -lm -o "$core/tests"
TAP_DATA="$root/test/data" "$core/tests" >/dev/null || true
echo "Core by its own tests (percent, lines, file):"
summary "core" "$core"

export JOURNEY_SHARED="${JOURNEY_SHARED:-$root/../shared}" BUILD_SQL="$build" SCRATCH="$scratch" PG_VERSION="$V" QUICK=1
chmod -R a+rwX "$build"
in_cluster bash dev/server-tests.sh >"$scratch/server.tap" 2>&1 || true
echo "Everything by the tests inside a server (percent, lines, file):"
summary "everything" "$build"
