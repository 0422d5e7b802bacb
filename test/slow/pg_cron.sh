#!/usr/bin/env bash
# pg_cron.sh: inside a throwaway cluster that has Debian's pg_cron preloaded
# (see dev/check-slow.sh).  It runs every minute here as it would every night:
# runs arrive by themselves, a failed one is recorded and the next still comes.
set -uo pipefail
cd "$(dirname "$0")/../.."
n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; fi; }
# the programs themselves, not the wrapper that looks for a cluster each time
PATH="/usr/lib/postgresql/$(psql -XAtd postgres -c 'SHOW server_version_num' | sed -E 's/[0-9]{4}$//')/bin:$PATH"
export PGDATABASE=postgres
tell() { psql -XAtqc 'SET client_min_messages = warning' -c '\set VERBOSITY verbose' -c "$1" 2>&1; }
until_true() { for _ in $(seq "$2"); do [ "$(tell "$1")" = t ] && return 0; sleep 1; done; return 1; }
psql -Xqc 'CREATE EXTENSION journey'
psql -Xq -v ON_ERROR_STOP=1 -f test/slow/validate_data.sql >/dev/null || exit 1
# the newest row was known a minute ago
tell "CREATE TABLE nightly.lost AS TABLE nightly.decided; DROP TRIGGER hold ON journey.validation_run;
	UPDATE nightly.decided SET decided_at = decided_at + d, matured_at = matured_at + d FROM (SELECT now() - interval '1 minute' - max(matured_at) AS d FROM nightly.decided) t;
	SELECT nightly.define('good'), nightly.define('bad', '{}', 'nightly.lost'), nightly.define('odd ''name'''); DROP TABLE nightly.lost" >/dev/null

said=$(tell "SELECT journey.schedule_validation('good', '* * * * *')")
grep -q '0A000.*pg_cron is not installed in this database' <<<"$said" && grep -q '^HINT:.*postgresql-N-cron.*shared_preload_libraries' <<<"$said"
point $? "without pg_cron an error says how to get it"
grep -q 0A000 <<<"$(tell "SELECT journey.unschedule_validation('good')")"; point $? "and so does taking it off"
psql -Xqc 'CREATE EXTENSION pg_cron'
grep -q '42704.*validation "none" does not exist' <<<"$(tell "SELECT journey.schedule_validation('none', '* * * * *')")"; point $? "an unknown name is refused"
grep -q '22004' <<<"$(tell "SELECT journey.schedule_validation('good', NULL)")"; point $? "no schedule is refused"
said=$(tell "SELECT journey.schedule_validation('good', 'whenever')")
grep -q 'ERROR:.*whenever' <<<"$said" && ! grep -q XX000 <<<"$said"; point $? "a schedule that is none is refused by pg_cron (${said%%$'\n'*})"
job=$(tell "SELECT journey.schedule_validation('good', '0 3 * * *')")
[ "$job" = "$(tell "SELECT journey.schedule_validation('good', '* * * * *')")" ] && [ "$(tell "SELECT schedule FROM cron.job WHERE jobname = 'journey.validate good'")" = '* * * * *' ]
point $? "scheduling again changes the schedule"
tell "SELECT journey.schedule_validation('bad', '* * * * *'), journey.schedule_validation('odd ''name''', '* * * * *')" >/dev/null

until_true "SELECT count(*) >= 1 FROM journey.validation_run WHERE name = 'good' AND status = 'done'" 75; point $? "the first run arrives"
tell "INSERT INTO nightly.decided SELECT 1000 + i, CASE WHEN nightly.u(i, 11) < 0.5 THEN 'call' ELSE 'none' END, nightly.u(i, 12) < 0.5, nightly.u(i, 13), 'new', now() - interval '40 seconds', now() - interval '1 second' FROM generate_series(1, 20) i" >/dev/null
until_true "SELECT count(*) >= 2 FROM journey.validation_run WHERE name = 'good' AND status = 'done'" 75; point $? "the next minute, with new rows, the second"
[ "$(tell "SELECT n_new FROM journey.validation_run WHERE name = 'good' ORDER BY run DESC LIMIT 1")" = 20 ]; point $? "it found the twenty new customers"
until_true "SELECT count(*) >= 2 AND bool_and(status = 'failed' AND error_code = '42P01' AND error ~ 'lost') FROM journey.validation_run WHERE name = 'bad'" 75
point $? "a validation that fails is recorded with its error, and its next run arrives all the same"
[ "$(tell "SELECT count(*) > 0 AND bool_and(status = 'done') FROM journey.validation_run WHERE name = 'odd ''name'''")" = t ]; point $? "a name with a quote is run"
[ "$(tell "SELECT bool_and(d.status = CASE j.jobname WHEN 'journey.validate bad' THEN 'failed' ELSE 'succeeded' END) AND count(*) >= 4 FROM cron.job_run_details d JOIN cron.job j USING (jobid) WHERE d.status IN ('failed', 'succeeded')")" = t ]
point $? "pg_cron's own log says the same"

[ "$(tell "SELECT journey.unschedule_validation('good'), journey.unschedule_validation('good')")" = 't|f' ]; point $? "its schedule ends, once"
grep -q 42704 <<<"$(tell "SELECT journey.unschedule_validation('none')")"; point $? "an unknown name has no schedule to end"
sleep 2	# a run of this minute ends
runs=$(tell "SELECT count(*) FROM cron.job_run_details WHERE command LIKE '%good%'")
since=$(tell "SELECT count(*) FROM journey.validation_run WHERE name = 'bad'")
tell "INSERT INTO nightly.decided SELECT 2000 + i, 'call', true, 0.5, 'new', now() - interval '40 seconds', now() - interval '1 second' FROM generate_series(1, 20) i" >/dev/null
until_true "SELECT count(*) > $since FROM journey.validation_run WHERE name = 'bad'" 75 && sleep 2 &&
	[ "$(tell "SELECT count(*) FROM cron.job_run_details WHERE command LIKE '%good%'")" = "$runs" ]
point $? "then only the others run"
[ "$(tell "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 0 ]; point $? "no lock is left behind"
echo "1..$n"
exit $bad
