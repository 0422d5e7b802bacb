#!/usr/bin/env bash
# pages.sh [write] PAGE...: runs the statements of pages in the database
# PGDATABASE, made anew for each, and compares what is printed below them with
# what psql prints; TAP on stdout.  "write" puts what psql printed into the
# page: leave an empty block ``` under the statements and run it.  dev/pages.awk
# holds the rules.  "others PAGE..." asks for the tests of commands.  Runs inside a server that has the extension; to write:
#   bash -c '. dev/lib.sh; need_server; build_and_stage; in_cluster bash dev/pages.sh write doc/models.md'
set -uo pipefail
cd "$(dirname "$0")/.."
write=
if [ "${1:-}" = write ]; then write=yes; shift; fi
# others PAGE...: commands other than psql, which runs below, and blocks in other languages stand in test/pages.txt
# with the test that runs them.
if [ "${1:-}" = others ]; then
	shift
	missing=$(for page in "$@"; do awk -v step=others -v page="$page" -f dev/pages.awk "$page" "$page"; done | grep -v ' | psql ' | while IFS= read -r line; do
		test=$(awk -v line="$line" 'index($0, line " | ") == 1 { print substr($0, length(line) + 4); exit }' test/pages.txt)
		[ -n "$test" ] && [ -e "$test" ] || echo "# $line"
	done)
	[ -z "$missing" ] || echo "$missing"
	[ -z "$missing" ]; code=$?
	echo "$([ $code = 0 ] || echo 'not ')ok 0 - every command of the pages names the test that runs it"
	exit $code
fi
export PGDATABASE=${PGDATABASE:-journey_page} PGOPTIONS='-c timezone=UTC -c datestyle=ISO,YMD -c extra_float_digits=1 -c client_min_messages=warning'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for page in "$@"; do
	script=$folder/$(basename "$page") out=$folder/out
	awk -v step=script -f dev/pages.awk "$page" "$page" >"$script"
	psql -Xqd postgres -c "DROP DATABASE IF EXISTS $PGDATABASE" -c "CREATE DATABASE $PGDATABASE" >/dev/null 2>&1
	grep -q '^CREATE EXTENSION journey;' "$script" || psql -Xqc 'CREATE EXTENSION journey' >/dev/null
	psql -Xq -v ON_ERROR_STOP=1 -P pager=off -P footer=off -f "$script" >"$out" 2>"$folder/errors"
	code=$?
	if [ -n "$write" ]; then
		[ $code = 0 ] || { cat "$folder/errors"; exit 1; }
		awk -v step=write -f dev/pages.awk "$page" "$out" "$page" >"$folder/new" && cat "$folder/new" >"$page"
		continue
	fi
	if [ $code = 0 ]; then echo "ok 0 - the statements of $page run"
	else echo "not ok 0 - the statements of $page run"; tail -5 "$folder/errors" | sed "s|$folder/||; s/^/# /"; fi
	# what the page does with psql in a shell, in an empty folder
	awk -v step=shell -f dev/pages.awk "$page" "$page" | grep '^psql ' >"$folder/commands"
	if [ -s "$folder/commands" ]; then
		mkdir -p "$folder/shell"
		(cd "$folder/shell" && bash -e ../commands >../log 2>&1 && for f in *; do [ -s "$f" ] || exit 1; done)
		echo "$([ $? = 0 ] || echo 'not ')ok 0 - the commands of $page run"
		rm -rf "$folder/shell"
	fi
	awk -v step=compare -v page="$page" -f dev/pages.awk "$page" "$out" "$page"
done
