#!/usr/bin/env bash
# Runs every statement of examples/grafana/validation.json, with the macros and
# variables of Grafana written out as Grafana does, in the database of PGHOST and
# so on, and holds the data sets of examples/superset to the views.  TAP without
# numbers.
set -uo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d "${TMPDIR:-/tmp}/dashboard.XXXXXX")
trap 'rm -rf "$folder"' EXIT
say() { [ "$1" = 0 ] && echo "ok - $2" || echo "not ok - $2"; }
run() { psql -XAtq -v ON_ERROR_STOP=1 -v file=../../examples/grafana/validation.json "$@"; }

run -f dashboard.sql >"$folder/all" 2>"$folder/error"; say $? "the dashboard is read"
grep -E '^(ok|not ok|#)' "$folder/all"
sed 's/^/# /' "$folder/error"
n=$(grep -c '^statement' "$folder/all")
[ "$n" -ge 11 ]; say $? "it has statements ($n)"
# statement, title, format, base64 of the statement
while IFS=$'\t' read -r _ title format sql; do
	base64 -d <<<"$sql" >"$folder/one.sql"
	rows=$(run -F $'\t' -f "$folder/one.sql" 2>"$folder/error")
	say $? "\"$title\" runs"
	sed 's/^/# /' "$folder/error"
	[ -n "$rows" ]; say $? "\"$title\" has something to show"
	types=$({ cat "$folder/one.sql"; echo ' \gdesc'; } | run -F ' ' | cut -d' ' -f2- | sort -u | tr '\n' ',')
	case $format in
		# a series: its time, at most texts as labels, and numbers
		time_series) [[ $types =~ ^(bigint,)?(double\ precision,)?(integer,)?(text,)?timestamp\ with\ time\ zone,$ ]]; say $? "\"$title\" is a series ($types)"
			# one value a moment and label
			case $types in *text,*) key='1,2' ;; *) key=1 ;; esac
			[ -z "$(cut -f"$key" <<<"$rows" | sort | uniq -d)" ]; say $? "\"$title\" has one value a moment" ;;
		*) [[ $types =~ ^(bigint,)?(boolean,)?(double\ precision,)?(integer,)?(text,)?(timestamp\ with\ time\ zone,)?$ ]]; say $? "\"$title\" has plain columns" ;;
	esac
done < <(grep '^statement' "$folder/all")

# The data sets of examples/superset are the views: names, order and types.
for file in ../../examples/superset/datasets/shop/*.yaml; do
	view=$(basename "$file" .yaml)
	diff <(sed -nE 's/^- \{column_name: ([a-z_]+), type: ([A-Z ]+), is_dttm: (true|false).*/\1 \2 \3/p' "$file") \
		<(run -F ' ' -c "SELECT column_name, upper(data_type), data_type LIKE 'timestamp%' FROM information_schema.columns
			WHERE table_schema = 'journey' AND table_name = '$view' ORDER BY ordinal_position" | sed 's/ t$/ true/; s/ f$/ false/') >"$folder/error"
	say $? "the Superset data set $view has the columns of the view"
	sed 's/^/# /' "$folder/error"
done
