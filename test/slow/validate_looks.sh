# validate_looks.sh: sourced by run.sh.  R-DECIDE-2 by known truth, through the
# whole of journey.validate(): worlds of 52 weekly looks at yes-or-no outcomes
# dealt by a coin.  Without an effect at most alpha of the worlds ever raise an
# alarm; with one of 0.1 standard deviations it is found within the year; a
# champion that falls by 0.3 standard deviations is seen to fall.
if have validate; then
looks=$(mktemp -d)
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
CREATE SCHEMA looks;
CREATE FUNCTION looks.u(text) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (journey.hash64($1) >> 11 & 4503599627370495)::float8 / 4503599627370496;
-- weeks of n customers: "new" wins by effect over "old", both lose drop from week 26 of the looks on
CREATE FUNCTION looks.customers(world text, n integer, effect float8, fall float8)
RETURNS TABLE (id bigint, way text, yes boolean, decided_at timestamptz, matured_at timestamptz) LANGUAGE sql STABLE ROWS 10000 AS $$
SELECT i, w.way, looks.u(world || ' yes ' || i) < 0.4 + CASE w.way WHEN 'new' THEN effect ELSE 0 END - CASE WHEN i / n >= 30 THEN fall ELSE 0 END,
	t.at, t.at + interval '1 day'
FROM generate_series(0::bigint, n * 56 - 1) i,
	LATERAL (SELECT CASE WHEN looks.u(world || ' coin ' || i) < 0.5 THEN 'old' ELSE 'new' END AS way) w,
	LATERAL (SELECT '2024-01-01 00:00+00'::timestamptz + i * (interval '7 days' / n) AS at) t $$;
SQL
year() {	# year WORLD CUSTOMERS EFFECT FALL SEQUENCE : one world, defined and looked at
	psql -Xq <<SQL
SET client_min_messages = warning;
CREATE TABLE looks."$1" AS SELECT * FROM looks.customers('$1', $2, $3, $4);
ANALYZE looks."$1";
SELECT journey.define_validation('$1', 'looks."$1"', 'yes', 'way', 'id', '{}', '{"decided_at": "decided_at", "matured_at": "matured_at",
	"baseline": "old", "planned": {"old": 1, "new": 1}, "window": "28 days", "repeats": 1, "folds": 2, "sequence": "$5"}') \\g /dev/null
SELECT format('CALL journey.validate(%L, %L)', '$1', '2024-01-01 00:00+00'::timestamptz + week * interval '7 days') FROM generate_series(4, 55) week \\gexec
DROP TABLE looks."$1";
SQL
}
export -f year
worlds() {	# worlds KIND CUSTOMERS EFFECT FALL SEQUENCE COUNT
	seq "$6" | xargs -P 2 -I{} bash -c "year '$5 $1 {}' $2 $3 $4 $5" >"$looks/said" 2>&1
	head -3 "$looks/said" | sed 's/^/# /'
}
# found KIND SEQUENCE STATE : worlds that were ever in it, all worlds, median week of the first time
found() {
	psql -XAtqF ' ' -c "SELECT count(week), count(*), coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY week), 0) FROM (SELECT v.name, min(extract(epoch FROM r.as_of - '2024-01-22 00:00+00') / 604800) FILTER (WHERE d.state ~ '^($3)$') AS week
		FROM journey.validation v JOIN journey.validation_run r USING (name) LEFT JOIN journey.validation_decision d USING (run) WHERE v.name ~ '^$2 $1 [0-9]+$' GROUP BY v.name) t"
}
# enough K OF SHARE: a try-out of few worlds is judged with two standard errors of patience
enough() { awk -v k="$1" -v n="$2" -v p="$3" 'BEGIN { exit !(n > 0 && k >= p * n - (n < 20 ? 2 * sqrt(n * p * (1 - p)) : 0)) }'; }
floor() { awk -v n="$1" -v s="$ROWS_SCALE" 'BEGIN { m = int(n * s); print m < 4 ? 4 : m }'; }
for sequence in asymptotic betting; do
	worlds null 80 0 0 $sequence "$(floor 100)"
	read -r bad_worlds all _ <<<"$(found null $sequence 'SWITCH|DEGRADED')"
	awk -v k="$bad_worlds" -v n="$all" 'BEGIN { exit !(n > 0 && k <= n * 0.05 + 2 * sqrt(n * 0.05 * 0.95)) }'
	point $? "$sequence: without an effect $bad_worlds of $all worlds ever raise an alarm in 52 weekly looks"
	worlds effect 200 0.049 0 $sequence "$(floor 30)"
	read -r good_worlds all week <<<"$(found effect $sequence SWITCH)"
	enough "$good_worlds" "$all" 0.8
	point $? "$sequence: an effect of 0.1 standard deviations is found in $good_worlds of $all worlds (median: week ${week%%.*})"
	worlds fall 200 0 0.147 $sequence "$(floor 20)"
	read -r good_worlds all week <<<"$(found fall $sequence DEGRADED)"
	read -r early _ _ <<<"$(psql -XAtqF ' ' -c "SELECT count(*), 0, 0 FROM journey.validation_run r JOIN journey.validation_decision d USING (run) WHERE r.name ~ '^$sequence fall [0-9]+$' AND d.state = 'DEGRADED' AND r.as_of < '2024-07-29 00:00+00'")"
	enough "$good_worlds" "$all" 0.8
	point $? "$sequence: a champion that falls by 0.3 standard deviations at look 26 is DEGRADED in $good_worlds of $all worlds (median: week ${week%%.*}; before the fall: $early)"
done
psql -XAtqc "SELECT format('# %s looks, %s ms each in the median; states: %s', count(*), round(1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at))), (SELECT string_agg(state || ' ' || n, ', ' ORDER BY state) FROM (SELECT state, count(*) AS n FROM journey.validation_decision JOIN journey.validation_run r USING (run, name) WHERE name ~ '^(asymptotic|betting) ' GROUP BY 1) s)) FROM journey.validation_run WHERE name ~ '^(asymptotic|betting) '"
[ "$(psql -XAtqc "SELECT bool_and(status = 'done') FROM journey.validation_run WHERE name ~ '^(asymptotic|betting) '")" = t ]; point $? "every look was done"
rm -rf "$looks"
fi
