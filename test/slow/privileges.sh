# privileges.sh: sourced by run.sh.  A role without privileges but CREATE in two
# databases of its own installs the extension and validates, all
# by itself (what it can not do is in test/pgtap/privileges.sql).
if have validate; then
owner=journey_slow_plain
psql -Xqd postgres -c "CREATE ROLE $owner LOGIN" -c "CREATE DATABASE plain_a OWNER $owner" -c "CREATE DATABASE plain_b OWNER $owner"
dumped=$(mktemp); chmod 644 "$dumped"
# (as the role: SET ROLE at the begin of the session is enough for pg_dump too)
as_plain() { PGOPTIONS="-c role=$owner" "$@"; }
as_plain psql -Xqd plain_a -c 'CREATE EXTENSION journey'; point $? "a role that owns a database installs there"
as_plain psql -XAtqd plain_a >"$dumped" 2>&1 <<'SQL'
SET client_min_messages = warning;
CREATE SCHEMA own;
CREATE TABLE own.decisions AS
SELECT customer_id, strategy, outcome, min(ts) AS decided_at, min(ts) + interval '14 days' AS matured_at FROM journey.simulate_events(800, 9) GROUP BY 1, 2, 3;
SELECT journey.define_validation('own', 'own.decisions', 'outcome', 'strategy', 'customer_id', '{}', '{"decided_at": "decided_at", "matured_at": "matured_at", "repeats": 1}');
CALL journey.validate('own', '2024-05-01 UTC');
SELECT status FROM journey.validation_run;
SQL
grep -qx done "$dumped"; point $? "defines and runs a validation"
# validations of all roles share one sequence, which no plain role may set: a
# dump of them is the affair of a superuser, and fails loudly for others
! as_plain pg_dump --enable-row-security plain_a >/dev/null 2>"$dumped.err" && grep -q 'permission denied for sequence validation_run_number' "$dumped.err"; point $? "a dump of validations is refused by name to a plain role"
as_plain pg_dump -n own plain_a >"$dumped" 2>/dev/null; point $? "its own schema it dumps"
pg_dump plain_a 2>/dev/null | psql -Xqd plain_b -v ON_ERROR_STOP=1 >/dev/null 2>"$dumped.err"; point $? "a superuser dumps and restores everything"
head -3 "$dumped.err" | sed 's/^/# /'
count="SELECT (SELECT count(*) FROM journey.validation), (SELECT md5(string_agg(r::text, '' ORDER BY r::text)) FROM journey.validation_result r), (SELECT count(*) > 0 FROM journey.validation_decision)"
[ "$(as_plain psql -XAtd plain_a -c "$count")" = "$(as_plain psql -XAtd plain_b -c "$count")" ] && as_plain psql -XAtd plain_b -c "$count" | grep -q '^1|.*t$'; point $? "and the role finds its definitions, figures and decisions there"
rm -f "$dumped" "$dumped.err"
psql -Xqd postgres -c 'DROP DATABASE plain_a' -c 'DROP DATABASE plain_b' -c "DROP ROLE $owner"
fi
