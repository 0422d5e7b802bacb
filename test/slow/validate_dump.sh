# validate_dump.sh: sourced by run.sh.  R-STORE-3: a history is dumped with its
# data, and goes on where it is restored as it would have where it was.
if have validate; then
at() { psql -XAtqd "$1" -c 'SET client_min_messages = warning' -c "$2" 2>&1; }	# at DATABASE STATEMENT
psql -Xqd postgres -c 'CREATE ROLE journey_dump_owner' -c 'CREATE DATABASE dump_a' -c 'CREATE DATABASE dump_b'
psql -Xqd dump_a -c 'CREATE EXTENSION journey'
psql -Xqd dump_a -v ON_ERROR_STOP=1 -f test/slow/validate_data.sql >/dev/null
at dump_a 'DROP TRIGGER hold ON journey.validation_run; GRANT USAGE ON SCHEMA nightly TO PUBLIC; GRANT SELECT ON nightly.decided TO PUBLIC' >/dev/null
at dump_a 'CREATE TABLE nightly.other AS TABLE nightly.decided' >/dev/null
at dump_a "SELECT nightly.define('kept', '{\"events\": \"nightly.event\"}'), nightly.define('odd ''\"\\ name', '{}', 'nightly.other'), nightly.define('gone'); SELECT journey.drop_validation('gone')" >/dev/null
psql -Xqd dump_a -c 'SET ROLE journey_dump_owner' -c "SELECT nightly.define('theirs')" -c "CALL journey.validate('theirs', '2024-01-22 00:00+00')" >/dev/null
for day in 01-22 01-29 02-05; do at dump_a "CALL journey.validate('kept', '2024-$day 00:00+00')"; done
at dump_a "CALL journey.validate('kept', '2020-01-01 00:00+00')" >/dev/null	# fails: it looks back
at dump_a "CALL journey.validate('odd ''\"\\ name', '2024-01-22 00:00+00')"
at dump_a 'ALTER TABLE nightly.other ALTER customer_id SET NOT NULL' >/dev/null	# which blocks
at dump_a "CALL journey.validate('odd ''\"\\ name', '2024-01-29 00:00+00')"
at dump_a "UPDATE journey.validation_decision SET acknowledged_by = 'me', acknowledged_at = '2024-03-01 00:00+00' WHERE run = 2"
pg_dump dump_a | psql -Xqd dump_b -v ON_ERROR_STOP=1 >/dev/null; point $? "a database with validations is dumped and restored"
tables="validation validation_run validation_result validation_check validation_decision validation_row validation_sequence validation_reference validation_chart validation_latest validation_history validation_alerts"
good=0
for t in $tables; do
	[ "$(at dump_a "SELECT count(*) > 0 FROM journey.$t")" = t ] || { good=1; echo "# $t is empty"; }
	[ "$(at dump_a "SELECT md5(string_agg(x::text, chr(10) ORDER BY x::text)) FROM journey.$t x")" = "$(at dump_b "SELECT md5(string_agg(x::text, chr(10) ORDER BY x::text)) FROM journey.$t x")" ] || { good=1; echo "# $t differs"; }
done
point $good "definitions, runs, figures, checks, decisions, scores, charts and views are the same there, to the bit"
[ "$(at dump_a 'SELECT last_value, is_called FROM journey.validation_run_number')" = "$(at dump_b 'SELECT last_value, is_called FROM journey.validation_run_number')" ]; point $? "and so is the next number"
last=$(at dump_b 'SELECT max(run) FROM journey.validation_run')
said=$(psql -XAtqd dump_b -c "CALL journey.validate('kept', '2024-02-05 00:00+00')" 2>&1)
grep -q 'NOTICE:.*nothing to do' <<<"$said" && [ "$(at dump_b 'SELECT max(run) FROM journey.validation_run')" = "$last" ]; point $? "the same data make no new run there"
for d in dump_a dump_b; do for day in 02-12 02-19; do at $d "CALL journey.validate('kept', '2024-$day 00:00+00')"; done; done
[ "$(at dump_b "SELECT min(run) > $last AND count(*) = 2 AND bool_and(n_new = 40) FROM journey.validation_run WHERE run > $last")" = t ]; point $? "new data make new runs, with new numbers"
[ "$(at dump_a "SELECT nightly.digest('kept')")" = "$(at dump_b "SELECT nightly.digest('kept')")" ]; point $? "the history goes on the same in both"
[ "$(at dump_b "SELECT nightly.define('kept', '{\"events\": \"nightly.event\"}')")" = 1 ]; point $? "the same definition is still the same version"
[ "$(at dump_b "SELECT nightly.define('gone')")" = 1 ]; point $? "a dropped one can be brought back"
[ "$(psql -XAtqd dump_b -c 'SET ROLE journey_dump_owner' -c 'SELECT string_agg(name, $$ $$) FROM journey.validation_latest' 2>&1)" = theirs ]; point $? "each role sees its own there too"
psql -Xqd dump_b -c 'SET ROLE journey_dump_owner' -c "CALL journey.validate('theirs', '2024-01-29 00:00+00')" && [ "$(at dump_b "SELECT string_agg(status, ' ') FROM journey.validation_run WHERE name = 'theirs'")" = 'done done' ]
point $? "and goes on with it"
psql -Xqd postgres -c 'DROP DATABASE dump_a' -c 'DROP DATABASE dump_b' -c 'DROP ROLE journey_dump_owner'
fi
