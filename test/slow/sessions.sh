# sessions.sh: sourced by run.sh.  R-SESS-1: sixteen sessions that call everything
# at once, each in an order of its own, for two minutes (scaled), get the answers
# that one session gets alone, to the bit; with random cancels among them, no
# session ends, nothing is left behind, and the answers stay the same.
if have customer_features; then
mixed=$(mktemp -d)
seconds=$(scaled 120); [ "$seconds" -ge 15 ] || seconds=15
PATH="/usr/lib/postgresql/$(psql -XAtc 'SHOW server_version_num' | sed -E 's/[0-9]{4}$//')/bin:$PATH"
psql -Xq -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS kinds CASCADE;
\i test/pgtap/lib/readers.psql
\i test/pgtap/lib/readers_data.psql
ANALYZE kinds.plain;
CREATE TABLE kinds.question (id integer PRIMARY KEY, name text, call text, answer text);
INSERT INTO kinds.question SELECT row_number() OVER (ORDER BY name), name, replace(call, '@', 'kinds.plain') FROM reader_call;
-- aggregates over groups beside the readers, and an error, which is an answer too
INSERT INTO kinds.question SELECT 1000 + row_number() OVER (ORDER BY name), name, call FROM (VALUES
	('features_agg', 'SELECT array_agg(f ORDER BY customer_id)::text FROM (SELECT customer_id, journey.features_agg(touchpoint, ts) AS f FROM kinds.plain GROUP BY 1) s'),
	('window_funnel', 'SELECT array_agg(f ORDER BY customer_id)::text FROM (SELECT customer_id, journey.window_funnel(''7 days'', ts, touchpoint = ''a'', touchpoint = ''b'') AS f FROM kinds.plain GROUP BY 1) s'),
	('auc_ci', 'SELECT journey.auc_ci(p, outcome, customer_id::text)::text FROM kinds.plain'),
	('fit_linear', 'SELECT journey.fit_linear(y, ARRAY[x1, x2] ORDER BY i)::text FROM kinds.plain'),
	('simulate_events', 'SELECT md5(string_agg(e::text, '''')) FROM journey.simulate_events(200, seed => 5) e'),
	('an error', 'SELECT count(*)::text FROM journey.lint_events(''SELECT customer_id, ts FROM kinds.plain'')')) v(name, call);
CREATE FUNCTION kinds.ask(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
	EXECUTE call INTO answer;
	RETURN answer;
EXCEPTION
	WHEN query_canceled THEN RAISE;
	WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
UPDATE kinds.question SET answer = kinds.ask(call);
CREATE TABLE kinds.heard (session integer, id integer, good boolean, at timestamptz DEFAULT clock_timestamp());
SQL
[ "$(psql -XAtc 'SELECT count(*) > 85 AND bool_and(answer IS NOT NULL) FROM kinds.question')" = t ]; point $? "one session has an answer to every call"
# one session: calls in an order of its own, each in a transaction
for s in $(seq 16); do
	psql -XAtc "SELECT format('INSERT INTO kinds.heard (session, id, good) SELECT $s, id, kinds.ask(call) IS NOT DISTINCT FROM answer FROM kinds.question WHERE id = %s;', id) FROM kinds.question ORDER BY journey.hash64(id, $s)" >"$mixed/$s.sql"
done
sixteen() {	# sixteen SECONDS: all at once, round after round; the messages of each in a file
	local s until=$(($(date +%s) + $1)) each=()
	for s in $(seq 16); do
		( memory=$((1 << (s % 4))) # 1, 2, 4, 8 MB: the answer does not depend on it
		sed -i "1s/^/SET journey.memory_limit = '${memory}MB'; SET work_mem = '${memory}MB';\n/" "$mixed/$s.sql"
		: >"$mixed/$s.out"
		while :; do
			PGAPPNAME=journey_mixed timeout 600 psql -Xq -f "$mixed/$s.sql" >>"$mixed/$s.out" 2>&1 || { echo "ended $?" >>"$mixed/$s.out"; break; }
			[ "$(date +%s)" -lt "$until" ] || { echo "ended 0" >>"$mixed/$s.out"; break; }
		done ) &
		each+=($!)
	done
	wait "${each[@]}"
}
sixteen "$seconds"
[ "$(grep -h '^ended' "$mixed"/*.out | sort | uniq -c | tr -s ' ')" = ' 16 ended 0' ] && ! grep -qhE 'ERROR|FATAL|PANIC|server closed' "$mixed"/*.out; point $? "sixteen sessions come to their end"
wrong=$(psql -XAtc "SELECT string_agg(DISTINCT q.name, ' ') FROM kinds.heard h JOIN kinds.question q USING (id) WHERE NOT h.good")
[ -z "$wrong" ]; point $? "and get what one gets alone, to the bit ($(psql -XAtc 'SELECT count(*) FROM kinds.heard') answers in $seconds s)${wrong:+: $wrong}"
[ "$(psql -XAtc 'SELECT count(DISTINCT (session, id)) >= 16 * (SELECT count(*) FROM kinds.question) FROM kinds.heard')" = t ]; point $? "each of them to every call"
# the same, while somebody cancels them at random
psql -Xqc 'TRUNCATE kinds.heard'
sixteen $((seconds / 3 + 5)) &
running=$!
for _ in $(seq $((seconds / 3 * 5))); do
	psql -XAtqc "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'journey_mixed' AND state = 'active' AND random() < 0.2" >/dev/null
	sleep 0.2
done
wait $running
cancelled=$(cat "$mixed"/*.out | grep -c 'canceling statement due to user request')
[ "$(grep -h '^ended' "$mixed"/*.out | sort | uniq -c | tr -s ' ')" = ' 16 ended 0' ] && ! grep -h ERROR "$mixed"/*.out | grep -qv 'canceling statement'; point $? "cancelled at random ($cancelled times) no session ends"
[ "$(psql -XAtc 'SELECT count(*) > 100 AND bool_and(good) FROM kinds.heard')" = t ]; point $? "and the answers that were given are the same"
[ -z "$(psql -XAtc "SELECT name FROM pg_ls_tmpdir()")" ]; point $? "nothing is left behind"
psql -Xqc 'SET client_min_messages = warning' -c 'DROP SCHEMA kinds CASCADE'
rm -rf "$mixed"
fi
