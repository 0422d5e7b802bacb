# validate_sessions.sh: sourced by run.sh.  R-RUN-3 and the rest of what two
# sessions can do to one another over a validation.
if have validate; then
notes=$(mktemp -d)
psql -Xq -v ON_ERROR_STOP=1 -f test/slow/validate_data.sql >/dev/null
tell() { psql -XAtqc 'SET client_min_messages = warning' -c "SET statement_timeout = '60s'" -c '\set VERBOSITY verbose' -c "$1" 2>&1; }
until_true() { for _ in $(seq 200); do [ "$(tell "$1")" = t ] && return 0; sleep 0.05; done; return 1; }
moment='2024-01-22 00:00+00'

# A run that stands at each step until the other session has looked.
cat >"$notes/gate.sql" <<'SQL'
CREATE TABLE nightly.gate (step integer);
CREATE FUNCTION nightly.gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.name = 'first' AND NEW.status IN ('running', 'done') THEN
		WHILE NOT EXISTS (SELECT FROM nightly.gate g WHERE g.step >= NEW.step) LOOP
			PERFORM pg_sleep(0.02);
		END LOOP;
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER gate BEFORE UPDATE ON journey.validation_run FOR EACH ROW EXECUTE FUNCTION nightly.gate();
SQL
tell "SELECT nightly.define('first'), nightly.define('second'), nightly.define('heard')" >/dev/null
psql -Xq -f "$notes/gate.sql"
tell "CALL journey.validate('first', '$moment')" >"$notes/first" 2>&1 &
first=$!
until_true "SELECT count(*) = 1 FROM journey.validation_run WHERE name = 'first' AND status = 'running'"; point $? "another session sees the run as it begins"
started=$(date +%s%N)
said=$(tell "CALL journey.validate('first', '$moment')")
ms=$((($(date +%s%N) - started) / 1000000))
grep -q '55P03.*validation "first" is already running' <<<"$said"; point $? "a second call is told that it is already running"
[ $ms -lt 1000 ]; point $? "at once ($ms ms)"
[ -z "$(tell "CALL journey.validate('second', '$moment')")" ] && [ "$(tell "SELECT status FROM journey.validation_run WHERE name = 'second'")" = done ]
point $? "another name runs beside it"
good=0 line=''
for k in 1 2 3 4 5 6; do
	tell "INSERT INTO nightly.gate VALUES ($k)" >/dev/null
	until_true "SELECT step = $k FROM journey.validation_run WHERE name = 'first'" || good=1
	look=$(tell "SELECT status, step, steps, step_name, round(percent), estimated_end > started_at AND estimated_end < clock_timestamp() + interval '1 hour' FROM journey.validation_run WHERE name = 'first'")
	line="$line; $look"
	next=$(echo x check drift compare sequence pictures decide | cut -d' ' -f$((k + 1)))
	[ "$look" = "running|$k|7|$next|$((100 * k / 7 + (100 * k % 7 * 2 >= 7 ? 1 : 0)))|t" ] || { good=1; echo "# $look"; }
	if [ $k = 3 ]; then
		grep -q 55P03 <<<"$(tell "CALL journey.validate('first', '$moment')")" || good=1
		# dropped, and defined anew, while it runs
		[ "$(tell "SELECT journey.drop_validation('first') IS NULL")" = f ] || good=1
		grep -q '42704.*validation "first" was dropped' <<<"$(tell "CALL journey.validate('first', '$moment')")" || { good=1; echo "# not dropped"; }
	fi
done
tell "INSERT INTO nightly.gate VALUES (7)" >/dev/null
point $good "it sees step, name of the step, percent and estimated end advance"
wait $first
[ ! -s "$notes/first" ] && [ "$(tell "SELECT status, step, estimated_end IS NULL FROM journey.validation_run WHERE name = 'first'")" = 'done|7|t' ]
point $? "a run whose validation is dropped meanwhile goes on to its end"
[ "$(tell "SELECT nightly.digest('first') = nightly.digest('second')")" = t ]; point $? "and gave what the undisturbed one gave"
grep -q '42704.*was dropped' <<<"$(tell "CALL journey.validate('first')")"; point $? "then it is run no more"
tell "SELECT nightly.define('first')" >/dev/null
tell 'DROP TRIGGER gate ON journey.validation_run' >/dev/null

# A new version while it runs: the run keeps the version it began with.
tell "INSERT INTO nightly.hold VALUES ('heard', 3, 'running')" >/dev/null
tell "CALL journey.validate('heard', '$moment')" >"$notes/heard" 2>&1 &
until_true "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE 'CALL journey.validate(''heard%'"
[ "$(tell "SELECT nightly.define('heard', '{\"alpha\": 0.01}')")" = 2 ]; point $? "a validation is changed while it runs"
tell "DELETE FROM nightly.hold" >/dev/null
tell "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
wait
tell "CALL journey.validate('heard', '$moment')" >/dev/null
[ "$(tell "SELECT string_agg(version || ' ' || status, ', ' ORDER BY run) FROM journey.validation_run WHERE name = 'heard'")" = '1 abandoned, 2 done' ]
point $? "a run left behind of an older version is not taken up again"

# Who listens hears each change of state, as JSON.
{ echo "LISTEN journey_validation;"; sleep 6; echo "SELECT 1;"; } | psql -XAtq >"$notes/heard" 2>&1 &
listener=$!
until_true "SELECT count(*) = 1 FROM pg_stat_activity WHERE query = 'LISTEN journey_validation;'"
for day in 01-29 02-05 02-12 02-19 02-26; do tell "CALL journey.validate('second', '2024-$day 00:00+00')" >/dev/null; done
tell "ALTER TABLE nightly.decided ALTER customer_id SET NOT NULL" >/dev/null
tell "CALL journey.validate('second', '2024-03-04 00:00+00')" >/dev/null
wait $listener
sed -n 's/^Asynchronous notification "journey_validation" with payload "\(.*\)" received from server process with PID [0-9]*\.$/\1/p' "$notes/heard" >"$notes/payloads"
psql -XAtq >"$notes/compared" 2>&1 <<SQL
CREATE TEMP TABLE heard (place serial, payload jsonb);
\\copy heard (payload) FROM '$notes/payloads' WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')
SELECT count(*) > 0 AND (SELECT count(*) FROM heard) = count(*) AND bool_and(h.payload ->> 'name' = 'second' AND h.payload ->> 'state' = d.state
		AND h.payload ->> 'previous_state' IS NOT DISTINCT FROM d.previous_state AND h.payload ->> 'reason' = d.reason AND h.payload ? 'as_of') IS TRUE
FROM journey.validation_decision d LEFT JOIN heard h ON (h.payload ->> 'run')::bigint = d.run
WHERE d.name = 'second' AND d.state IS DISTINCT FROM d.previous_state AND d.previous_state IS NOT NULL;
SELECT string_agg(d.state, ' ' ORDER BY run) FROM journey.validation_decision d WHERE d.name = 'second';
SQL
[ "$(head -1 "$notes/compared")" = t ]; point $? "a session that listens hears every change of state, and nothing else ($(tail -1 "$notes/compared"))"

# Two sessions define at once, thirty times each.
race() { for i in $(seq 30); do echo "SELECT nightly.define('race$i', '$1');"; done | psql -XAtq 2>&1; }
race '{}' >"$notes/a" & race '{"alpha": 0.01}' >"$notes/b" & race '{}' >"$notes/c" & wait
! grep -h -v '^[123]$' "$notes"/[abc]; point $? "three sessions that define the same names at once meet no error"
[ "$(tell "SELECT count(*) = 30 AND bool_and(versions = newest AND active = 1 AND newest BETWEEN 2 AND 3) FROM (SELECT count(*) AS versions, max(version) AS newest, count(*) FILTER (WHERE active) AS active FROM journey.validation WHERE name ~ '^race' GROUP BY name) t")" = t ]
point $? "each has its versions without a gap, and one that is live"
same() { for i in $(seq 30); do echo "SELECT nightly.define('same$i');"; done | psql -XAtq 2>&1; }
same >"$notes/a" & same >"$notes/b" & same >"$notes/c" & wait
[ "$(sort "$notes"/[abc] | uniq -c | tr -s ' ')" = ' 90 1' ]; point $? "the same definition by three at once is one version"

# A call where nothing can be committed is refused before it locks.
said=$(psql -XAtq 2>&1 <<SQL
\\set VERBOSITY verbose
SET client_min_messages = warning;
BEGIN;
CALL journey.validate('second');
ROLLBACK;
CREATE FUNCTION nightly.wrapped() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN CALL journey.validate('second'); END \$\$;
SELECT nightly.wrapped();
SELECT 'locks ' || count(*) FROM pg_locks WHERE locktype = 'advisory';
DO \$\$ BEGIN CALL journey.validate('second', '2024-03-11 00:00+00'); END \$\$;
SELECT 'last ' || status FROM journey.validation_run WHERE name = 'second' ORDER BY run DESC LIMIT 1;
SQL
)
grep -q 'ERROR:  25001: journey.validate() cannot run inside a transaction block' <<<"$said"; point $? "in a transaction block it is refused"
grep -q 'ERROR:  2D000' <<<"$said" && grep -q '^locks 0' <<<"$said"; point $? "in a function too, without a lock left behind"
grep -q '^last done' <<<"$said"; point $? "in a DO block it works"
rm -rf "$notes"
fi
