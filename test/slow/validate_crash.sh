# validate_crash.sh: sourced by run.sh.  R-RUN-1: a run whose backend is killed
# before the commit of any step, and then called again, ends in the same rows
# under the same number as one that nobody disturbed; what is cancelled is
# recorded as failed and leaves no lock.
if have validate; then
psql -Xq -v ON_ERROR_STOP=1 -f test/slow/validate_data.sql; point $? "data for the runs"

ask() { psql -XAtqc "$1" 2>/dev/null; }
up() { for _ in $(seq 300); do [ "$(ask 'SELECT 1')" = 1 ] && return 0; sleep 0.1; done; return 1; }
call() { psql -XAtqc "SET client_min_messages = warning" -c "CALL journey.validate('$1'${2:+, '$2'})" 2>&1; }	# call NAME AS_OF
# held_call NAME AS_OF STEP STATUS [SETTING]: a call that stands before this step; sets pid, waits in the background
held_call() {
	ask "INSERT INTO nightly.hold VALUES ('$1', $3, '$4')" >/dev/null
	PGAPPNAME="held $1" psql -XAtq -c "SET client_min_messages = warning" -c "${5:-SELECT}" -c '\set VERBOSITY verbose' -c "CALL journey.validate('$1'${2:+, '$2'})" >"$held_out" 2>&1 &
	pid=
	for _ in $(seq 200); do
		pid=$(ask "SELECT pid FROM pg_stat_activity WHERE application_name = 'held $1' AND wait_event = 'PgSleep'")
		[ -n "$pid" ] && break
		sleep 0.05
	done
	[ -n "$pid" ]
}
released() { wait $! 2>/dev/null; up; ask "DELETE FROM nightly.hold" >/dev/null; }
held_out=$(mktemp)
week3='2024-01-22 00:00+00' week4='2024-01-29 00:00+00' week5='2024-02-05 00:00+00'
events='{"events": "nightly.event"}'

ask "SELECT nightly.define('calm', '$events')" >/dev/null
call calm "$week3"; call calm "$week4"; call calm "$week5"
calm=$(ask "SELECT nightly.digest('calm')")
[ "$(ask "SELECT string_agg(status || ' ' || step || ' ' || (n_new > 0), ', ' ORDER BY run) FROM journey.validation_run WHERE name = 'calm'")" = 'done 7 true, done 7 true, done 7 true' ]
point $? "three runs that nobody disturbs"
counts=$(ask "SELECT string_agg(kind, ' ' ORDER BY kind) FROM (SELECT DISTINCT split_part(w, ' ', 1) AS kind FROM nightly.written('calm') w) k")
[ "$counts" = 'chart check decision reference result row run sequence' ]; point $? "they wrote rows of every kind ($counts)"

for k in 0 1 2 3 4 5 6 7; do
	ask "SELECT nightly.define('k$k', '$events')" >/dev/null
	status=running
	[ $k = 7 ] && status=done
	good=0 seen='' numbers=''
	for week in "$week3" "$week4" "$week5"; do
		if [ "$week" = "$week4" ]; then call "k$k" "$week" >>"$held_out.err"; continue; fi
		held_call "k$k" "$week" $k $status || good=1
		kill -9 "${pid:-x}" || good=1
		released
		before=$(ask "SELECT run || ' ' || status || ' ' || step FROM journey.validation_run WHERE name = 'k$k' ORDER BY run DESC LIMIT 1")
		call "k$k" "$week" >>"$held_out.err"
		after=$(ask "SELECT run || ' ' || status || ' ' || step FROM journey.validation_run WHERE name = 'k$k' ORDER BY run DESC LIMIT 1")
		numbers="$numbers; $before -> $after"
		# killed before its first commit a run was never there
		if [ $k -gt 0 ]; then
			[ "$before" = "${after%% *} running $((k - 1))" ] || good=1
			seen=$(ask "SELECT count(*) FROM nightly.seen WHERE name = 'k$k' AND run = ${after%% *} AND status = 'abandoned'")
			[ "${seen:-0}" -ge 1 ] || good=1
		fi
		[ "${after#* }" = 'done 7' ] || good=1
	done
	point $good "killed before the commit of step $k: the run is left behind, marked abandoned, taken up under its number${numbers}"
	[ "$(ask "SELECT nightly.digest('k$k')")" = "$calm" ]; point $? "and all it wrote equals an undisturbed history"
	[ "$(ask "SELECT nightly.digest('k$k')")" = "$calm" ] || diff <(ask "SELECT nightly.written('calm')") <(ask "SELECT nightly.written('k$k')") | head -6 | cut -c1-300 | sed 's/^/# /'
done
[ ! -s "$held_out.err" ]; point $? "no call said anything"
head -5 "$held_out.err" | sed 's/^/# /'

# Killed again and again: at every step of one run, and while it is taken up.
ask "SELECT nightly.define('again', '$events')" >/dev/null
good=0
for k in 1 2 3 4 5 6; do
	held_call again "$week3" $k running || good=1
	kill -9 "${pid:-x}"; released
	held_call again "$week3" $((k - 1)) abandoned || good=1
	kill -9 "${pid:-x}"; released
	held_call again "$week3" $((k - 1)) running || good=1
	kill -9 "${pid:-x}"; released
done
call again "$week3"; call again "$week4"; call again "$week5"
point $good "killed eighteen times in one run"
[ "$(ask "SELECT nightly.digest('again')")" = "$calm" ]; point $? "and all it wrote equals an undisturbed history"

# pg_terminate_backend: as a crash, but the server stays up.
ask "SELECT nightly.define('ended', '$events')" >/dev/null
held_call ended "$week3" 4 running; good=$?
ask "SELECT pg_terminate_backend($pid)" >/dev/null; released
[ "$(ask "SELECT status || step FROM journey.validation_run WHERE name = 'ended'")" = running3 ] || good=1
call ended "$week3"; call ended "$week4"; call ended "$week5"
[ "$(ask "SELECT nightly.digest('ended')")" = "$calm" ] || good=1
point $good "terminated by an administrator and called again: the same rows"

# pg_cancel_backend and statement_timeout: failed, said, recorded; nothing locked.
for how in cancel timeout; do
	ask "SELECT nightly.define('$how', '$events')" >/dev/null
	call "$how" "$week3"
	good=0
	for k in 1 3 5 7; do
		status=running; [ $k = 7 ] && status=done
		if [ $how = cancel ]; then
			held_call $how "$week4" $k $status || good=1
			ask "SELECT pg_cancel_backend($pid)" >/dev/null
		else
			held_call $how "$week4" $k $status "SET statement_timeout = 2500" || good=1
		fi
		released
		grep -q '57014' "$held_out" || { good=1; sed 's/^/# /' "$held_out"; }
		last=$(ask "SELECT status || ' ' || error_code || ' ' || (error ~ 'cancel') || ' ' || (finished_at IS NOT NULL) FROM journey.validation_run WHERE name = '$how' ORDER BY run DESC LIMIT 1")
		[ "$last" = 'failed 57014 true true' ] || { good=1; echo "# $last"; }
		[ "$(ask "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 0 ] || good=1
		[ "$(ask "SELECT (SELECT count(*) FROM journey.validation_row t JOIN journey.validation_run r USING (run) WHERE r.status = 'failed') + (SELECT count(*) FROM journey.validation_decision t JOIN journey.validation_run r USING (run) WHERE r.status = 'failed')")" = 0 ] || good=1
	done
	point $good "$how at four steps: an error 57014, recorded as failed, no lock, nothing counted"
	call "$how" "$week4"; call "$how" "$week5"
	ask "DELETE FROM journey.validation_run WHERE name = '$how' AND status = 'failed'"
	[ "$(ask "SELECT nightly.digest('$how')")" = "$calm" ]; point $? "and then the history goes on as if nothing had been"
done
# a session that lives on after a cancelled call keeps nothing from others
ask "INSERT INTO nightly.hold VALUES ('cancel', 2, 'running')" >/dev/null
[ "$(psql -XAtq 2>/dev/null <<'SQL'
SET statement_timeout = 1500;
CALL journey.validate('cancel', '2024-02-12 00:00+00');
SET statement_timeout = 0;
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory';
SELECT count(*) FROM pg_class WHERE relname ~ '^journey_validation' AND relpersistence = 't' AND pg_table_is_visible(oid);
DELETE FROM nightly.hold;
CALL journey.validate('cancel', '2024-02-12 00:00+00');
SELECT status FROM journey.validation_run WHERE name = 'cancel' ORDER BY run DESC LIMIT 1;
SQL
)" = $'0\n0\ndone' ]; point $? "a session goes on after a timeout, without lock and tables of it"

# Rows that change between the crash and the next call: begun anew, as if it had only seen the new ones.
ask "CREATE TABLE nightly.other AS TABLE nightly.decided; CREATE TABLE nightly.fresh AS TABLE nightly.decided;
	UPDATE nightly.fresh SET outcome = NOT outcome WHERE customer_id IN (3, 50, 77)" >/dev/null
for k in 1 3 5 6 7; do
	ask "DELETE FROM journey.validation_reference WHERE name ~ '^(moved|still)'; DELETE FROM journey.validation_run WHERE name ~ '^(moved|still)'" >/dev/null
	ask "DROP TABLE nightly.other; CREATE TABLE nightly.other AS TABLE nightly.decided; SELECT nightly.define('moved$k', '{}', 'nightly.other')" >/dev/null
	status=running; [ $k = 7 ] && status=done
	held_call moved$k "$week3" $k $status; good=$?
	kill -9 "${pid:-x}"; released
	ask "UPDATE nightly.other SET outcome = NOT outcome WHERE customer_id IN (3, 50, 77)" >/dev/null
	call moved$k "$week3"
	was=$(ask "SELECT nightly.digest('moved$k')")
	# the same name, so that everything is the same but the way
	ask "DELETE FROM journey.validation_reference WHERE name = 'moved$k'; DELETE FROM journey.validation_run WHERE name = 'moved$k'" >/dev/null
	call moved$k "$week3"
	[ "$was" = "$(ask "SELECT nightly.digest('moved$k')")" ] || good=1
	point $good "rows changed after a crash before step $k: begun anew with what there is"
done

# Another moment than that of the run left behind: it counts nobody.
ask "SELECT nightly.define('apart', '$events')" >/dev/null
call apart "$week3"
held_call apart '2024-01-25 00:00+00' 6 running; good=$?
kill -9 "${pid:-x}"; released
call apart "$week4"; call apart "$week5"
[ "$(ask "SELECT string_agg(status, ' ' ORDER BY run) FROM journey.validation_run WHERE name = 'apart'")" = 'done abandoned done done' ] || good=1
ask "DELETE FROM journey.validation_run WHERE name = 'apart' AND status = 'abandoned'"
[ "$(ask "SELECT nightly.digest('apart')")" = "$calm" ] || good=1
point $good "a run left behind for another moment stays abandoned and counts nobody"

# Without a moment it is now: the run left behind is ended for its own moment,
# with what was known then, and another follows for now.
ask "CREATE TABLE nightly.live AS TABLE nightly.decided;
	UPDATE nightly.live SET decided_at = decided_at + d, matured_at = matured_at + d FROM (SELECT now() - interval '1 hour' - max(matured_at) AS d FROM nightly.live) t;
	SELECT nightly.define('live', '{}', 'nightly.live')" >/dev/null
held_call live '' 4 running; good=$?
kill -9 "${pid:-x}"; released
ask "INSERT INTO nightly.live SELECT 1000 + i, CASE WHEN nightly.u(i, 11) < 0.5 THEN 'call' ELSE 'none' END, true, 0.5, 'new', now() - interval '50 minutes', clock_timestamp() FROM generate_series(1, 20) i" >/dev/null
sleep 0.1
call live ''
[ "$(ask "SELECT string_agg(status || ' ' || n_new, ', ' ORDER BY run) FROM journey.validation_run WHERE name = 'live'")" = 'done 384, done 20' ] || good=1
point $good "a run left behind ends for its own moment, and one for now follows"
rm -f "$held_out" "$held_out.err"
fi
