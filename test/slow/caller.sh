# Hostile calls by the thousand (caller.sql).  Sourced by run.sh and by
# dev/assert-server.sh, with point and scaled.  CALLS and CALL_TIMEOUT (in ms)
# may be given; FROM=-600 begins with wholly good calls, one a function and
# number, READY=1 takes the database as an earlier run left it with KEEP=1.
# A failure is replayed by its number: load caller.sql with the
# same seed, SELECT statement FROM caller.statement(NUMBER), and run that.
caller_calls=${CALLS:-$(scaled 200000)} caller_folder=$(mktemp -d)
caller_sql() { psql -XAtq -d caller -v ON_ERROR_STOP=1 "$@"; }
caller_log=/proc/$(psql -XAtd postgres -c "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")/fd/2
[ -f "$caller_log" ] || caller_log=/dev/null
caller_said=$(wc -c <"$caller_log")
if [ -z "${READY:-}" ]; then
	psql -Xqd postgres -c 'CREATE DATABASE caller'
	caller_sql -c 'CREATE EXTENSION journey' >/dev/null
	caller_sql -v seed="${SEED:-0}" -f test/slow/caller.sql >/dev/null; point $? "hostile calls are set up"
else
	caller_sql -c 'TRUNCATE caller.outcome' -c 'DROP TABLE IF EXISTS caller.memory'
fi

# A session says each call before it makes it, so that of a session that dies
# the last batch is known; it is repeated call by call, and the next session
# goes on behind the call that did it.
caller_first=${FROM:-0} caller_from=${FROM:-0} caller_step=${STEP:-25} caller_deaths=0
while [ "$caller_from" -lt "$caller_calls" ]; do
	psql -XAtqe -d caller -v first="$caller_first" -v from="$caller_from" -v to="$caller_calls" -v step="$caller_step" -v timeout="${CALL_TIMEOUT:-250}" -v batch=$((4 * ${CALL_TIMEOUT:-250})) >"$caller_folder/said" 2>"$caller_folder/errors" <<'SQL'
SET client_min_messages = error;
SET synchronous_commit = off;
SET jit = off;
CREATE TEMP TABLE memory AS SELECT 0 AS moment, name, sum(used_bytes) AS bytes, count(*) AS n FROM pg_backend_memory_contexts GROUP BY name;
SET statement_timeout = :batch;
SELECT format('SELECT caller.calls(%s, %s)', i, least(:step, :to - i)) FROM generate_series(:from::bigint, least(:to, :from + 10000) - 1, :step) i \gexec
SET statement_timeout = 0;
INSERT INTO memory SELECT 1, name, sum(used_bytes), count(*) FROM pg_backend_memory_contexts GROUP BY name;
SET statement_timeout = :batch;
SELECT format('SELECT caller.calls(%s, %s)', i, least(:step, :to - i)) FROM generate_series(:from::bigint + 10000, :to - 1, :step) i \gexec
SET statement_timeout = :timeout;
SELECT format('SELECT caller.calls(%s, 1)', i) FROM generate_series(:first::bigint, :to - 1) g(i) WHERE NOT EXISTS (SELECT FROM caller.outcome o WHERE o.i = g.i) \gexec
SET statement_timeout = 0;
INSERT INTO memory SELECT 2, name, sum(used_bytes), count(*) FROM pg_backend_memory_contexts GROUP BY name;
CREATE TABLE caller.memory AS SELECT * FROM memory;
SQL
	[ $? = 0 ] && break
	caller_last=$(sed -n 's/.*caller\.calls(\(-\{0,1\}[0-9]*\),.*/\1/p' "$caller_folder/said" | tail -1)
	until psql -Xqd caller -c 'SELECT 1' >/dev/null 2>&1; do sleep 1; done
	caller_from=${caller_last:-$caller_calls}
	if [ "$caller_step" != 1 ]; then caller_step=1; continue; fi
	caller_deaths=$((caller_deaths + 1))
	echo "# the session ended in call ${caller_last:-none}: $(tail -1 "$caller_folder/errors")"
	[ -z "$caller_last" ] || caller_sql -c "INSERT INTO caller.outcome SELECT $caller_last, member, hostile, 'XX999', 'the session ended' FROM caller.statement($caller_last)" -c "SELECT statement FROM caller.statement($caller_last)" | sed 's/^/#   /' | cut -c1-1000
	[ -n "$caller_last" ] && [ "$caller_deaths" -lt 10 ] || break
	caller_from=$((caller_last + 1))
done
[ "$caller_deaths" = 0 ]; point $? "no call ends the session or the server"

# The procedure commits, so it has a session for each call.
for caller_call in "NULL" "''" "'no such'" "repeat('x', 100000)" "E'\\x01'" "'caller', 'infinity'" "'caller', '-infinity'" "'caller', '4713-01-01 BC'" "'caller', NULL, NULL" "'caller', '2024-06-01', true"; do
	echo "$caller_call: $(psql -XAtq -d caller -v VERBOSITY=sqlstate -c "CALL journey.validate($caller_call)" 2>&1)"
done >"$caller_folder/procedure"
! grep -E 'XX[0-9]{3}|P0004|connection|closed' "$caller_folder/procedure" | sed 's/^/# /' | grep .; point $? "hostile calls of the procedure end in proper errors"

caller_none() {	# caller_none NAME QUERY: what a query finds is wrong
	caller_sql -c "$2" >"$caller_folder/found"
	[ $? = 0 ] && [ ! -s "$caller_folder/found" ]; point $? "$1"
	head -30 "$caller_folder/found" | sed 's/^/# /' | cut -c1-600
}
caller_sql -c "SELECT format('# %s calls, %s hostile, %s succeed, %s cancelled, %s errors of %s kinds', count(*), count(*) FILTER (WHERE hostile), count(*) FILTER (WHERE code = 'OK000'),
	count(*) FILTER (WHERE code = '57014'), count(*) FILTER (WHERE code NOT IN ('OK000', '57014')), count(DISTINCT code)) FROM caller.outcome"
caller_sql -c "SELECT '#   ' || string_agg(code || ' ' || n, ', ' ORDER BY n DESC) FROM (SELECT code, count(*) AS n FROM caller.outcome GROUP BY 1) s"
tail -c +$((caller_said + 1)) "$caller_log" | grep -aE 'PANIC|TRAP:|terminated by signal|problem in alloc|write past|cache lookup failed|AddressSanitizer|runtime error' >"$caller_folder/log"
[ ! -s "$caller_folder/log" ]; point $? "the log of the server has no crash, assertion or broken memory"
head -20 "$caller_folder/log" | sed 's/^/# /'
caller_none "all but a few calls were counted" "SELECT 'missing', $caller_calls - ($caller_first) - count(*) FROM caller.outcome HAVING count(*) < ($caller_calls - ($caller_first)) * 0.999"
caller_none "no internal error, no assertion, no broken page" "SELECT o.i, m.signature, o.code, o.message FROM caller.outcome o JOIN caller.member m ON m.id = o.member WHERE o.code ~ '^(XX|P0004|58|F0)' OR o.message ~ 'cache lookup failed|unrecognized node|could not find|invalid memory alloc' ORDER BY i"
caller_none "support functions called directly refuse" "SELECT m.signature, min(o.i), o.code, count(*) FROM caller.outcome o JOIN caller.member m ON m.id = o.member WHERE m.support AND o.code <> '42809' AND NOT (m.strict AND o.code = 'OK000') GROUP BY 1, 3"
# (some need pg_cron or no transaction around them, two always raise)
caller_none "every function succeeds in some call" "SELECT m.signature FROM caller.member m JOIN caller.outcome o ON o.member = m.id WHERE m.called !~ '^caller' AND NOT m.support AND m.name NOT IN ('schedule_validation', 'unschedule_validation', 'validation_cron_schema', 'validation_admit', 'report_refuse', 'validation_raise') GROUP BY m.id, 1 HAVING count(*) > 20 AND count(*) FILTER (WHERE o.code = 'OK000') = 0"
if [ "$caller_calls" -ge 100000 ]; then
	caller_none "every function has fifty hostile calls" "SELECT m.signature, count(*) FILTER (WHERE o.hostile) FROM caller.member m LEFT JOIN caller.outcome o ON o.member = m.id WHERE m.called !~ '^caller' AND m.pronargs > 0 GROUP BY m.id, 1 HAVING count(*) FILTER (WHERE o.hostile) < 50"
fi
# Memory of the session in use after 10,000 calls and after all.  The catalogue
# cache of the server is apart: it never forgets a temporary table, and a run of
# a validation makes some, rolled back here.  So it is looked at over calls that
# make none, three times the same.
if [ "$caller_deaths" = 0 ] && [ "$caller_calls" -gt 10000 ]; then
	caller_sql -c "SELECT format('# memory of the session: %s at the start, %s after 10,000 calls, %s at the end', sum(bytes) FILTER (WHERE moment = 0), sum(bytes) FILTER (WHERE moment = 1), sum(bytes) FILTER (WHERE moment = 2)) FROM caller.memory"
	caller_none "memory does not grow with calls" "WITH m AS (SELECT * FROM caller.memory WHERE name NOT IN ('CacheMemoryContext', 'LocalBufferContext', 'index info', 'relation rules'))
		SELECT name, a.bytes, b.bytes, a.n, b.n FROM (SELECT * FROM m WHERE moment = 1) a FULL JOIN (SELECT * FROM m WHERE moment = 2) b USING (name)
		WHERE (SELECT sum(CASE moment WHEN 2 THEN bytes ELSE -bytes END) FROM m WHERE moment > 0) > 4194304 ORDER BY COALESCE(b.bytes, 0) - COALESCE(a.bytes, 0) DESC LIMIT 10"
	caller_sql >"$caller_folder/found" 2>/dev/null <<'SQL'
SET client_min_messages = error;
SET jit = off;
CREATE TEMP TABLE again AS SELECT o.i FROM caller.outcome o JOIN caller.member m ON m.id = o.member WHERE m.name !~ '^(validation|report|define)' AND o.code <> '57014' AND o.ms < 20 ORDER BY o.i LIMIT 3000;
CREATE TEMP TABLE moments (turn integer, name text, bytes bigint);
\o /dev/null
SELECT caller.call(i, false) FROM again;
SELECT caller.call(i, false) FROM again;
INSERT INTO moments SELECT 1, name, sum(used_bytes) FROM pg_backend_memory_contexts GROUP BY 2;
SELECT caller.call(i, false) FROM again;
INSERT INTO moments SELECT 2, name, sum(used_bytes) FROM pg_backend_memory_contexts GROUP BY 2;
\o
SELECT name, max(bytes) FILTER (WHERE turn = 1), max(bytes) FILTER (WHERE turn = 2) FROM moments GROUP BY name HAVING sum(CASE turn WHEN 2 THEN bytes ELSE -bytes END) > 65536;
SQL
	[ $? = 0 ] && [ ! -s "$caller_folder/found" ]; point $? "the same calls again take no more memory, caches included"
	sed 's/^/# /' "$caller_folder/found"
fi
[ -n "${KEEP:-}" ] || psql -Xqd postgres -c 'DROP DATABASE caller'
rm -rf "$caller_folder"
