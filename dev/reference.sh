#!/usr/bin/env bash
# Writes doc/reference.md from the catalogue: every public call, its results
# and its COMMENT, in the order of the rooms.
#   bash dev/reference.sh		builds, asks a throwaway server, writes the page
#   bash dev/reference.sh print	asks the server of PGDATABASE, prints the page
set -euo pipefail
if [ "${1:-}" != print ]; then
	source "$(dirname "$0")/lib.sh"
	need_server
	build_and_stage
	mkdir -p doc
	in_cluster bash -c 'psql -Xqd postgres -c "CREATE DATABASE reference" && psql -Xqd reference -c "CREATE EXTENSION journey" &&
		PGDATABASE=reference bash dev/reference.sh print >"$0"' "$scratch/reference.md" >/dev/null 2>"$scratch/reference.log" ||
		{ grep -v LOG: "$scratch/reference.log" >&2; exit 1; }
	mv "$scratch/reference.md" doc/reference.md
	say "wrote doc/reference.md"
	exit
fi
cd "$(dirname "$0")/.."
rooms=$(sed -n 's/^[[:space:]]*\(src\/[a-z_/]*\.sql\).*/\1/p' Makefile)
place=0
{
	echo "CREATE TEMP TABLE room (place integer, room text, name text);"
	for file in $rooms; do
		place=$((place + 1))
		[ -e "$file" ] || continue
		sed -nE 's/^CREATE (FUNCTION|AGGREGATE|TYPE|TABLE|VIEW|PROCEDURE) journey\.([a-z0-9_]+).*/\2/p' <(awk -f src/customer_types.awk "$file") | sort -u |
			sed "s|.*|INSERT INTO room VALUES ($place, '$(basename "${file%.sql}")', '&');|"
	done
	cat dev/reference.sql
} | psql -XAtq -v ON_ERROR_STOP=1
