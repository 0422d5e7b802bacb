# split_agg.sh: sourced by run.sh.  Aggregates that Citus splits, without Citus:
# split_agg.c calls their functions as its worker_partial_agg and
# coord_combine_agg do, R-SPLIT-1 to 3, over the shards of citus_ready.sql.
module=$(mktemp -d); chmod 755 "$module"
major=$(psql -XAtc 'SHOW server_version_num' | sed -E 's/[0-9]{4}$//')
config=/usr/lib/postgresql/$major/bin/pg_config
[ -x "$config" ] || config=${PG_CONFIG:-pg_config}
if ! ${CC:-cc} -O1 -fPIC -shared -I"$("$config" --includedir-server)" -o "$module/split_agg.so" test/slow/split_agg.c >"$module/log" 2>&1; then
	n=$((n + 1)); echo "ok $n - aggregates split as by Citus # SKIP no compiler or headers: $(tail -1 "$module/log")"
else
	chmod 755 "$module/split_agg.so"
	{
		echo 'SET client_min_messages = warning;'
		sed -n '/^CREATE TEMP TABLE kind AS/,/^-- R-NODE-1/p; /^CREATE TEMP TABLE whole AS/,/^END \$\$;/p' test/pgtap/citus_ready.sql
		sed -n '/^CREATE FUNCTION pg_temp.argument/,/^SELECT is_empty/p; /^CREATE FUNCTION pg_temp.close/,/^END \$\$;/p' test/pgtap/citus_ready.sql | sed '/^SELECT is_empty/d'
		cat <<SQL
CREATE FUNCTION pg_temp.worker_add(internal, oid, record) RETURNS internal LANGUAGE c AS '$module/split_agg.so', 'split_worker_add';
CREATE FUNCTION pg_temp.worker_end(internal) RETURNS text LANGUAGE c AS '$module/split_agg.so', 'split_worker_end';
CREATE FUNCTION pg_temp.coord_add(internal, oid, text, anyelement) RETURNS internal LANGUAGE c AS '$module/split_agg.so', 'split_coord_add';
CREATE FUNCTION pg_temp.coord_end(internal, oid, text, anyelement) RETURNS anyelement LANGUAGE c AS '$module/split_agg.so', 'split_coord_end';
CREATE AGGREGATE pg_temp.worker(oid, record) (SFUNC = pg_temp.worker_add, STYPE = internal, FINALFUNC = pg_temp.worker_end);
CREATE AGGREGATE pg_temp.coord(oid, text, anyelement) (SFUNC = pg_temp.coord_add, STYPE = internal, FINALFUNC = pg_temp.coord_end, FINALFUNC_EXTRA);
SQL
		cat <<'SQL'
CREATE FUNCTION pg_temp.split(c call) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE states text[]; state text; answer jsonb;
BEGIN
	FOR k IN 1..8 LOOP
		EXECUTE format('SELECT pg_temp.worker(%s, ROW(%s)) FROM pg_temp.shard_%s', c.aggfnoid::oid, c.arguments, k) INTO state;
		states := states || state;
	END LOOP;
	EXECUTE format('SELECT to_jsonb(pg_temp.coord(%s, s, NULL::%s)) FROM unnest($1) s', c.aggfnoid::oid, c.prorettype::regtype) INTO answer USING states;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN RETURN to_jsonb(SQLERRM);
END $$;
CREATE FUNCTION pg_temp.one(c call) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE answer jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(journey.%I(%s)) FROM pg_temp.whole', c.proname, c.arguments) INTO answer;
	RETURN answer;
END $$;
CREATE TEMP TABLE result AS SELECT signature, pg_temp.split(c) AS many, pg_temp.one(c) AS one FROM call c;
SELECT 'tried|' || count(*) FROM result;
SELECT 'apart|' || coalesce(string_agg(signature || ': ' || many || ', not ' || one, ' '), '') FROM result WHERE NOT pg_temp.close(many, one);
SQL
	} | psql -XAtq >"$module/out" 2>&1
	[ "$(sed -n 's/^tried|//p' "$module/out" | tail -1)" -ge 60 ]; point $? "aggregates are split as by Citus ($(sed -n 's/^tried|//p' "$module/out") of them)"
	[ "$(grep '^apart|' "$module/out")" = 'apart|' ]; point $? "with functions looked up anew for each row, and states that travel as text, they give what one node gives $(sed -n 's/^apart|//p' "$module/out" | cut -c1-500)"
	[ "$bad" = 0 ] || tail -5 "$module/out" | sed 's/^/# /' | cut -c1-300
fi
rm -rf "$module"
