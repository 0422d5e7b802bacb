#!/usr/bin/env bash
# Inside a throwaway cluster whose server preloads citus (see dev/check-slow.sh).
# R-NODE-1, R-NODE-2 of test/pgtap/citus_ready.sql with Citus itself, one node
# that is coordinator and worker: every aggregate that the rule calls split has
# worker_partial_agg in its plan, with gathering forbidden, and the answer of a
# local table to 1e-12; what is grouped by the column of distribution, and readers
# on colocated shards, give the same bits.
set -uo pipefail
cd "$(dirname "$0")/../.."
n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; fi; }
export PGDATABASE=many_nodes
psql -Xqd postgres -c 'CREATE DATABASE many_nodes'
psql -Xq -c 'CREATE EXTENSION citus' -c 'CREATE EXTENSION journey' || { echo "not ok 1 - citus and journey are created"; exit 1; }
psql -XAtqc "SELECT citus_set_coordinator_host('localhost', current_setting('port')::int), citus_set_node_property('localhost', current_setting('port')::int, 'shouldhaveshards', true)" >/dev/null
# the rows, the calls and the comparison of citus_ready.sql, up to its answers
out=$(mktemp)
{
	echo "CREATE EXTENSION IF NOT EXISTS pgtap;"
	sed -n '/^CREATE TEMP TABLE kind AS/,/^-- R-NODE-1/p' test/pgtap/citus_ready.sql
	sed -n '/^CREATE TEMP TABLE whole AS/,/^DO/p' test/pgtap/citus_ready.sql | sed '/^DO/d'
	sed -n '/^CREATE FUNCTION pg_temp.argument/,/^SELECT is_empty/p' test/pgtap/citus_ready.sql | sed '/^SELECT is_empty/d'
	sed -n '/^CREATE FUNCTION pg_temp.close/,/^END \$\$;/p' test/pgtap/citus_ready.sql
	cat <<'SQL'
CREATE TABLE spread AS SELECT * FROM whole;
SET client_min_messages = error;
SET citus.shard_count = 8;
SELECT create_distributed_table('spread', 'customer_id');
SET citus.coordinator_aggregation_strategy = 'disabled';
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; whole text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP whole := whole || line || E'\n'; END LOOP;
	RETURN whole;
EXCEPTION WHEN OTHERS THEN RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.answer(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE got jsonb;
BEGIN
	EXECUTE format('SELECT to_jsonb(a) FROM (%s) s(a)', query) INTO got;
	RETURN got;
EXCEPTION WHEN OTHERS THEN RETURN to_jsonb(SQLERRM);
END $$;
CREATE TEMP TABLE result AS SELECT signature, pg_temp.plan_of(format('SELECT journey.%I(%s) FROM spread', proname, arguments)) AS plan,
	pg_temp.answer(format('SELECT journey.%I(%s) FROM spread', proname, arguments)) AS many, pg_temp.answer(format('SELECT journey.%I(%s) FROM whole', proname, arguments)) AS one FROM call;
SELECT 'planned|' || coalesce(string_agg(signature, ' '), '') FROM result WHERE plan NOT LIKE '%worker_partial_agg%';
SELECT 'apart|' || coalesce(string_agg(signature || ': ' || many || ', not ' || one, ' '), '') FROM result WHERE NOT pg_temp.close(many, one);
SELECT 'tried|' || count(*) FROM result;
SELECT 'grouped|' || (SELECT md5(string_agg(f::text, '' ORDER BY customer_id)) = (SELECT md5(string_agg(f::text, '' ORDER BY customer_id)) FROM (SELECT customer_id, journey.features_agg(touchpoint, ts) AS f FROM whole GROUP BY 1) w)
	FROM (SELECT customer_id, journey.features_agg(touchpoint, ts) AS f FROM spread GROUP BY 1) s)::text;
CREATE TABLE features (customer_id integer, n_events bigint, entropy float8);
SELECT create_distributed_table('features', 'customer_id', colocate_with => 'spread');
SELECT 'placed|' || bool_and(success) FROM run_command_on_colocated_placements('spread', 'features',
	'INSERT INTO %2$s SELECT customer_id, n_events, entropy FROM journey.customer_features(''SELECT customer_id, ts, touchpoint FROM %1$s'')');
SELECT 'shards|' || (SELECT md5(string_agg(f::text, '' ORDER BY customer_id)) FROM features f) = 'shards|' || (SELECT md5(string_agg(ROW(customer_id::integer, n_events, entropy)::text, '' ORDER BY customer_id)) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM whole'));
SQL
} | psql -XAtq >"$out" 2>&1
[ "$(sed -n 's/^tried|//p' "$out")" -ge 60 ]; point $? "all aggregates that are split are tried ($(sed -n 's/^tried|//p' "$out"))"
[ "$(grep '^planned|' "$out")" = 'planned|' ]; point $? "each has worker_partial_agg in its plan $(sed -n 's/^planned|//p' "$out")"
[ "$(grep '^apart|' "$out")" = 'apart|' ]; point $? "each gives what a local table gives, to 1e-12 $(sed -n 's/^apart|//p' "$out" | cut -c1-500)"
grep -qx 'grouped|true' "$out"; point $? "grouped by the column of distribution features_agg gives the same bits"
grep -qx 'placed|true' "$out"; point $? "customer_features runs on every shard, into a colocated table"
grep -qx t "$out"; point $? "and gives what one node gives"
[ $bad = 0 ] || tail -5 "$out" | sed 's/^/# /'
rm -f "$out"
echo "1..$n"
exit $bad
