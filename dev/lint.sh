#!/usr/bin/env bash
# Rules over the tree that no compiler checks. TAP on standard output.
cd "$(dirname "$0")/.."
n=0 bad=0
check() {	# check NAME OFFENDERS
	n=$((n + 1))
	if [ -z "$2" ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; printf '%s\n' "$2" | sed 's/^/# /'; bad=1; fi
}
core=$(find src -name '*.c' ! -name 'pg_*' ! -path 'src/pg/*' ! -path src/journey.c)
check "no server header in the pure core" "$(grep -nE '#include "(postgres|fmgr|funcapi|utils/|catalog/|executor/|nodes/|storage/|pg/|\.\./pg/)' $core)"
check "no unchecked allocator or string call" "$(grep -rnE '\b(malloc|calloc|realloc|strcpy|sprintf|strcat|gets|palloc_array)\(' src)"
check "no // comments" "$(grep -rnE '(^|[^:"])//' src --include=*.c --include=*.h | grep -v 'http')"
check "conditionals on the server's version are in src/pg/compat.h" "$(grep -rn 'PG_VERSION_NUM' src --include=*.[ch] | grep -v '^src/pg/compat.h')"
check "no file above 26 kB" "$(find src test -name '*.[ch]' -size +26k)"
check "versions agree" "$(v=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" journey.control)
	[ -e META.json ] && ! grep -q "\"version\": *\"$v\"" META.json && echo "META.json is not $v"
	[ -e CHANGELOG.md ] && ! grep -q "$v" CHANGELOG.md && echo "CHANGELOG.md lacks $v")"
check "every expected file has a story and the reverse" "$(for e in expected/*.out; do [ -e "$e" ] && [ ! -e "sql/$(basename "${e%.out}").sql" ] && echo "$e"; done
	for s in sql/*.sql; do case $s in *--*) ;; *) [ -e "$s" ] && [ ! -e "expected/$(basename "${s%.sql}").out" ] && echo "$s";; esac; done)"
check "SQL bodies are qualified (SET search_path or BEGIN ATOMIC)" "$(grep -lE 'LANGUAGE (sql|plpgsql)' src/*/*.sql 2>/dev/null | while read -r f; do
	awk -v f="$f" 'BEGIN{RS="CREATE "} /LANGUAGE (sql|plpgsql)/ && !/BEGIN ATOMIC/ && !/SET search_path/ && !/^PROCEDURE .*set_config\(.search_path/ && !/\nRETURN / {split($0, l, "\n"); print f ": " l[1]}' "$f"; done)"
check "no machine path or registry host" "$(grep -rnE '(^|[^A-Za-z0-9_.$-])/(work|root|opt)/[A-Za-z0-9_.-]+|deb\.debian|pypi\.org|registry\.npm' src sql doc dev README.md Makefile test 2>/dev/null | grep -v 'dev/lint.sh')"
if [ -n "${JOURNEY_SO:-}" ]; then
	check "the module exports only what src/journey.map says" "$(nm -D --defined-only "$JOURNEY_SO" | awk '{print $3}' | grep -vE '^(journey_|pg_finfo_journey_|Pg_magic_func$|_PG_init$)')"
	declared=$(cat src/*.sql src/*/*.sql | awk -f src/customer_types.awk | grep MODULE_PATHNAME)
	check "every exported function is declared in SQL" "$(nm -D --defined-only "$JOURNEY_SO" | sed -n 's/.* pg_finfo_//p' | while read -r f; do grep -q "'$f'" <<<"$declared" || echo "$f"; done)"
fi
check "shell scripts parse" "$(for f in dev/*.sh test/slow/*.sh .ci/run; do bash -n "$f" 2>&1; done)"
check "no unfinished mark" "$(grep -rnwE 'TODO|FIXME|XXX|HACK' src sql test doc dev README.md Makefile demo bench 2>/dev/null | grep -v '^dev/lint.sh')"
check "every room of the house has a page" "$([ ! -d doc ] || for f in doc/*.md; do grep -q "$(basename "$f")" README.md CONTRIBUTING.md || echo "$f is not linked from README.md or CONTRIBUTING.md"; done)"
check "links between pages lead somewhere" "$(grep -oE '\]\([A-Za-z0-9_./-]+(#[a-z0-9-]+)?\)' README.md CONTRIBUTING.md doc/*.md 2>/dev/null | sed -E 's/:\]\(/ /; s/\)$//; s/#.*//' | while read -r page link; do
	[ -z "$link" ] || [ -e "$(dirname "$page")/$link" ] || echo "$page: $link"; done)"
echo "1..$n"
exit $bad
