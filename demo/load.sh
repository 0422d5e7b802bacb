#!/usr/bin/env bash
# Loads any CSV with a header line: all columns as text into demo.staging,
# then the mapped ones, cast, into demo.events.
set -euo pipefail
unpacked() {
	case $EVENTS in
		*.xz) xz -dc "$EVENTS" ;;
		*.gz) gzip -dc "$EVENTS" ;;
		*) cat "$EVENTS" ;;
	esac
}
fail() { echo "$*" >&2; exit 2; }

header=$({ unpacked 2>/dev/null || true; } | sed -e '1s/^\xef\xbb\xbf//' -e 's/\r$//' -e 1q)
[ -n "$header" ] || fail "\"$EVENTS\" is empty or cannot be unpacked"
# The separator is the candidate that is most frequent in the header.
separator=$(printf '%s' "$header" | awk '{ best = ","; n = gsub(/,/, ","); s = gsub(/;/, ";"); t = gsub(/\t/, "\t");
	if (s > n) { best = ";"; n = s } if (t > n) best = "\t"; print best }')
mapfile -t columns < <(printf '%s\n' "$header" | awk -v sep="$separator" '{
	n = length($0); field = ""; quoted = 0
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		if (quoted) {
			if (c != "\"") field = field c
			else if (substr($0, i + 1, 1) == "\"") { field = field c; i++ }
			else quoted = 0
		}
		else if (c == "\"") quoted = 1
		else if (c == sep) { print field; field = "" }
		else field = field c
	}
	print field }')

# MAP: name=column pairs; a piece that starts with no known name belongs to
# the column name before it, which then had a comma in it.
declare -A map=()
last=
IFS=, read -ra pieces <<<"$MAP"
for piece in "${pieces[@]}"; do
	if [[ $piece =~ ^\ *(customer_id|ts|touchpoint|event_id|value|outcome|strategy|segment)=(.*)$ ]]; then
		last=${BASH_REMATCH[1]} map[$last]=${BASH_REMATCH[2]}
	elif [ -n "$last" ]; then map[$last]+=",$piece"
	elif [ -n "$piece" ]; then fail "MAP has \"$piece\"; expected name=column with name one of customer_id, ts, touchpoint, event_id, value, outcome, strategy, segment"; fi
done
has_column() { local c; for c in "${columns[@]}"; do [ "$c" = "$1" ] && return 0; done; return 1; }
for name in customer_id ts touchpoint event_id value outcome strategy segment; do
	[ -n "${map[$name]:-}" ] || { has_column "$name" && map[$name]=$name; } || true
done
for name in customer_id ts touchpoint; do
	[ -n "${map[$name]:-}" ] || fail "MAP does not say which column is $name; \"$EVENTS\" has the columns: $(printf '"%s" ' "${columns[@]}")"
done
for name in "${!map[@]}"; do
	has_column "${map[$name]}" || fail "MAP names the column \"${map[$name]}\" for $name; \"$EVENTS\" has the columns: $(printf '"%s" ' "${columns[@]}")"
done

ident() { printf '"%s"' "${1//\"/\"\"}"; }
list= definition=
for i in "${!columns[@]}"; do
	name=${columns[$i]:-column $((i + 1))}
	list+="${list:+, }$(ident "$name")"
	definition+=", $(ident "$name") text"
done
mapped() { if [ -n "${map[$1]:-}" ]; then printf '%s' "$(ident "${map[$1]}")::$2"; else printf 'NULL::%s' "$2"; fi; }
psql -Xq -v ON_ERROR_STOP=1 -c "CREATE TABLE demo.staging (\"(row)\" bigint GENERATED ALWAYS AS IDENTITY$definition)"
[ "$separator" = '\t' ] && separator=$'\t'
unpacked | psql -Xq -v ON_ERROR_STOP=1 -c "COPY demo.staging ($list) FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER E'$separator')"
psql -Xq -v ON_ERROR_STOP=1 <<SQL
CREATE TABLE demo.events AS
SELECT $(mapped customer_id text) AS customer_id,
	$(if [ -n "${map[event_id]:-}" ]; then echo "dense_rank() OVER (ORDER BY $(ident "${map[event_id]}"))"; else echo '"(row)"'; fi) AS event_id,
	$(mapped ts timestamptz) AS ts, $(mapped touchpoint text) AS touchpoint, $(mapped value float8) AS value,
	$(mapped strategy text) AS strategy, $(mapped outcome boolean) AS outcome, $(mapped segment text) AS segment
FROM demo.staging;
DROP TABLE demo.staging;
ANALYZE demo.events;
CREATE TABLE demo.truth (quantity text, name text, value float8);
SQL
