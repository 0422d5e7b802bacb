#!/usr/bin/env bash
# Runs the queries of a file through psql: the types by \gdesc, and the first
# value that is neither NULL nor empty as psql shows it.  Output as Query.java.
#	bash query.sh queries.sql
set -euo pipefail
folder=$(mktemp -d "${TMPDIR:-/tmp}/psql.XXXXXX")
trap 'rm -rf "$folder"' EXIT
awk -v folder="$folder" '/^-- name: /{ file = sprintf("%s/%03d", folder, ++n); print substr($0, 10) >file; next }
	n { print >(file ".sql") }' "$1"
for query in "$folder"/???; do
	{ cat "$query.sql"; echo '\gdesc'; } | psql -XAtq -v ON_ERROR_STOP=1 -F $'\t' >"$query.types"
	psql -XAtq -v ON_ERROR_STOP=1 -F $'\037' -R $'\036' -f "$query.sql" |
		awk 'BEGIN { RS = "\036"; FS = "\037" } { for (i = 1; i <= NF; i++) if (first[i] == "") { first[i] = $i; gsub(/[\t\n\\]/, " ", first[i]) } if (NF > n) n = NF }
			END { for (i = 1; i <= n; i++) { v = first[i]; if (i == n) sub(/ $/, "", v); print v } }' >"$query.values"
	awk -F '\t' -v OFS='\t' -v name="$(cat "$query")" 'NR == FNR { value[NR] = $0; next }
		{ print name, FNR, $1, $2, value[FNR] == "" ? "" : "text", value[FNR] }' <(cat "$query.values"; echo) "$query.types"
done
