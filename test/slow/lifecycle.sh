# lifecycle.sh: sourced by run.sh.  The extension through its life: upgraded,
# dumped, carried over by pg_upgrade, dropped.  What it is made of is compared
# object by object by dev/fingerprint.sql.
#
# R-LIFE-1	The fingerprint sees every kind of difference that
#			lifecycle_mutations.tsv lists: name, statement, statement that undoes
#			it.  (A test of the test.)
# R-LIFE-2	From every released version (test/releases) and over every script
#			sql/journey--A--B.sql the upgrade leads to what a fresh installation
#			is, and the script names each object that changed.
# R-LIFE-3	A dump restores to the same extension, the same definitions, runs
#			and models.
# R-LIFE-4	pg_upgrade carries all of it over, and runs go on.
# R-LIFE-5	DROP EXTENSION leaves nothing, refuses where tables of the user
#			depend on a type, and the extension can be created again.
# R-LIFE-6	The script for 14 (src/before_15.awk) shows nobody the validations
#			of others.
#
# Needs STAGE (the folder that the throwaway server takes extensions from) and
# SCRATCH.
# the programs themselves, pg_config among them, not the wrappers
PATH="/usr/lib/postgresql/$(psql -XAtd postgres -c 'SHOW server_version_num' | sed -E 's/[0-9]{4}$//')/bin:$PATH"
life=$SCRATCH/life
mkdir -p "$life"
scripts=$STAGE$(pg_config --sharedir)/extension
version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" journey.control)
print() { psql -XAtqd "$1" -v ON_ERROR_STOP=1 -f dev/fingerprint.sql; }	# print DATABASE
new_database() { psql -Xqd postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" 2>/dev/null; }
# same TITLE A B: two files are the same; else the first lines that are not
same() {
	cmp -s "$2" "$3"; point $? "$1"
	diff "$2" "$3" | grep '^[<>]' | cut -c1-400 | head -"${4:-10}" | sed 's/^/# /'
}
# names of the objects on lines that differ, without schema and arguments
changed() { diff "$1" "$2" | sed -nE 's/^[<>] (function|aggregate|type|relation|index|column|schema|stranger function) ([^(: ]*).*/\2/p; s/^[<>] (constraint|policy|trigger|rule|statistics) ([^ ]*) .*/\2/p' | sed -E 's/"//g; s/^journey\.//' | sort -u; }

new_database life_fresh
psql -Xqd life_fresh -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION journey'
print life_fresh >"$life/fresh"
new_database life_again
psql -Xqd life_again -v ON_ERROR_STOP=1 -c 'CREATE TABLE shifts_oids (a serial PRIMARY KEY)' -c 'CREATE EXTENSION journey'
print life_again >"$life/again"
[ "$(wc -l <"$life/fresh")" -gt 1000 ]; point $? "R-LIFE-1 the fingerprint has a line for every object ($(wc -l <"$life/fresh"))"
same "R-LIFE-1 two installations have the same" "$life/fresh" "$life/again"

# R-LIFE-1: each difference alone, in a transaction that is taken back
list=test/slow/lifecycle_mutations.tsv
mkdir -p "$life/one"
k=0
while IFS=$'\t' read -r name make undo; do
	k=$((k + 1))
	printf 'BEGIN;\n%s;\n\\o %s\n\\i dev/fingerprint.sql\n\\o\nROLLBACK;\n' "$make" "$life/one/$k"
done <"$list" >"$life/mutations.sql"
psql -XAtqd life_again -f "$life/mutations.sql" 2>&1 | sed 's/^/# /'
k=0
while IFS=$'\t' read -r name make undo; do
	k=$((k + 1))
	[ -s "$life/one/$k" ] && ! cmp -s "$life/fresh" "$life/one/$k"; point $? "R-LIFE-1 seen: $name"
	rm -f "$life/one/$k"
done <"$list"

# R-LIFE-2, tried on a release that never was: 0.0.9 is this version with all
# differences made, and its upgrade script undoes them, last first.
cp "$scripts/journey--$version.sql" "$scripts/journey--0.0.9.sql"
cut -f2 "$list" | sed 's/$/;/' >>"$scripts/journey--0.0.9.sql"
cut -f3 "$list" | tac | sed 's/$/;/' >"$scripts/journey--0.0.9--$version.sql"
new_database life_old
psql -Xqd life_old -v ON_ERROR_STOP=1 -c "CREATE EXTENSION journey VERSION '0.0.9'"; point $? "R-LIFE-2 the version that never was is installed"
print life_old >"$life/old"
changed "$life/old" "$life/fresh" >"$life/changed"
[ "$(wc -l <"$life/changed")" -ge 20 ]; point $? "R-LIFE-2 and differs in $(wc -l <"$life/changed") objects"
psql -Xqd life_old -v ON_ERROR_STOP=1 -c 'ALTER EXTENSION journey UPDATE'; point $? "R-LIFE-2 its upgrade runs"
print life_old >"$life/upgraded"
same "R-LIFE-2 and leads to a fresh installation" "$life/fresh" "$life/upgraded" 40
# an upgrade script that forgets one line is caught
sed -i '1d' "$scripts/journey--0.0.9--$version.sql"
new_database life_old
psql -Xqd life_old -c "CREATE EXTENSION journey VERSION '0.0.9'" -c 'ALTER EXTENSION journey UPDATE'
print life_old >"$life/forgot"
! cmp -s "$life/fresh" "$life/forgot"; point $? "R-LIFE-2 an upgrade that forgets one difference is caught"
rm -f "$scripts"/journey--0.0.9*.sql

# R-LIFE-2, the real ones
for released in test/releases/journey--*.sql.xz; do
	[ -e "$released" ] || continue
	from=$(basename "$released" .sql.xz)
	from=${from#journey--}
	[ "$from" != "$version" ] || continue
	xz -dc "$released" >"$scripts/journey--$from.sql"
	new_database life_old
	psql -Xqd life_old -v ON_ERROR_STOP=1 -c "CREATE EXTENSION journey VERSION '$from'"; point $? "R-LIFE-2 release $from is installed"
	print life_old >"$life/old"
	psql -Xqd life_old -v ON_ERROR_STOP=1 -c 'ALTER EXTENSION journey UPDATE'; point $? "R-LIFE-2 upgrade from $from to $version runs"
	print life_old >"$life/upgraded"
	same "R-LIFE-2 upgrade from $from leads to a fresh installation" "$life/fresh" "$life/upgraded"
	missing=$(changed "$life/old" "$life/fresh" | while read -r name; do grep -qwF -- "${name##*.}" sql/journey--*--*.sql || echo "$name"; done)
	[ -z "$missing" ]; point $? "R-LIFE-2 the scripts name what changed"
	[ -z "$missing" ] || sed 's/^/# /' <<<"$missing"
	rm -f "$scripts/journey--$from.sql"
done
for script in sql/journey--*--*.sql; do
	[ -e "$script" ] || continue
	from=$(basename "$script" .sql)
	from=${from#journey--}
	[ -e "test/releases/journey--${from%%--*}.sql.xz" ]; point $? "R-LIFE-2 $script starts at a release kept in test/releases"
done

# R-LIFE-6
awk -f src/before_15.awk "$scripts/journey--$version.sql" >"$scripts/journey--0.0.14.sql"
! grep -q security_invoker "$scripts/journey--0.0.14.sql"; point $? "R-LIFE-6 the script for 14 has no security_invoker"
new_database life_old
psql -Xqd life_old -v ON_ERROR_STOP=1 -c "CREATE EXTENSION journey VERSION '0.0.14'"; point $? "R-LIFE-6 it installs"
[ "$(psql -XAtqd life_old -c "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'journey'::regnamespace AND NOT has_table_privilege('pg_monitor', oid, 'SELECT')")" = 'validation_alerts validation_history validation_latest' ]
point $? "R-LIFE-6 other roles cannot read the views"
print life_old | grep -vE '^(relation|rule) journey.validation_(latest|history|alerts)|^extension' >"$life/before_15"
grep -vE '^(relation|rule) journey.validation_(latest|history|alerts)|^extension' "$life/fresh" >"$life/rest"
same "R-LIFE-6 and all the rest is the same" "$life/rest" "$life/before_15"
rm -f "$scripts/journey--0.0.14.sql"

# R-LIFE-3.  What a user has: definitions, runs, models, columns of our types,
# indexes and views over our functions.
use_it() {	# use_it PSQL...
	"$@" -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION journey' -f test/slow/validate_data.sql -c 'DROP TRIGGER hold ON journey.validation_run' >/dev/null &&
	"$@" -v ON_ERROR_STOP=1 -f - >/dev/null <<'SQL'
SET client_min_messages = warning;
SELECT nightly.define('life', '{"events": "nightly.event"}');
CALL journey.validate('life', '2024-01-22 00:00+00');
CALL journey.validate('life', '2024-01-29 00:00+00');
CREATE TABLE public.models AS SELECT journey.fit('SELECT outcome, age, segment FROM nightly.decided', 'outcome', NULL) AS m;
CREATE TABLE public.features AS SELECT * FROM journey.customer_features('nightly.event');
CREATE TABLE public.figures (at date DEFAULT '2024-01-01', e journey.estimate);
INSERT INTO public.figures (e) SELECT journey.mean_ci(age) FROM nightly.decided;
CREATE INDEX decided_fold ON nightly.decided (journey.fold(customer_id, 10));
CREATE VIEW public.folds AS SELECT journey.fold(customer_id, 10) AS fold, journey.nps(floor(age * 10)) AS nps FROM nightly.decided GROUP BY 1;
SQL
}
new_database life_used
use_it psql -XAtqd life_used 2>"$life/used.log"
point $? "R-LIFE-3 a database in use"
grep -v NOTICE "$life/used.log" | sed 's/^/# /'
# digest PSQL...: a line per table, of its rows
digest() {
	local t
	for t in $("$@" -c "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'v') AND c.relnamespace::regnamespace::text IN ('public', 'journey', 'nightly') ORDER BY c.oid::regclass::text COLLATE \"C\""); do
		"$@" -c "SELECT '$t', count(*), md5(string_agg(x::text, chr(10) ORDER BY x::text COLLATE \"C\")) FROM $t x"
	done
}
digest psql -XAtqd life_used >"$life/used"
[ "$(grep -c '|0|' "$life/used")" -le 3 ]; point $? "R-LIFE-3 with rows in its tables"
new_database life_restored
pg_dump life_used | psql -Xqd life_restored -v ON_ERROR_STOP=1 >/dev/null; point $? "R-LIFE-3 it is dumped and restored"
print life_restored >"$life/restored.print"
same "R-LIFE-3 the same extension" "$life/fresh" "$life/restored.print"
digest psql -XAtqd life_restored >"$life/restored"
same "R-LIFE-3 the same definitions, runs and models" "$life/used" "$life/restored"

# R-LIFE-4: OLD_BINDIR and OLD_STAGE name another major (and an extension built
# for it) to come from.
new_bin=$(pg_config --bindir)
old_bin=${OLD_BINDIR:-$new_bin}
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd "$up" && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi; }
cluster() {	# cluster NAME BINDIR STAGE: initialised, with the staged extension
	local checksums=()
	! "$2/initdb" --help | grep -q -- --no-data-checksums || checksums=(--no-data-checksums)
	local lib=${2%/bin}/lib
	[ ! -x "$2/pg_config" ] || lib=$("$2/pg_config" --pkglibdir)
	as_postgres "$2/initdb" -D "$up/$1" -U postgres -A trust -E UTF8 --locale=C.UTF-8 "${checksums[@]}" >/dev/null
	local share=${2%/bin}
	share=/usr/share/postgresql/${share##*/}
	if grep -q '^#*extension_control_path' "$share/postgresql.conf.sample"; then printf "extension_control_path = '%s:\$system'\n" "$3$share"
	else printf "extension_destdir = '%s'\n" "$3"; fi >>"$up/$1/postgresql.conf"
	printf '%s\n' "dynamic_library_path = '$3$lib:\$libdir'" \
		"listen_addresses = ''" "unix_socket_directories = '$up'" 'fsync = off' "timezone = 'UTC'" >>"$up/$1/postgresql.conf"
}
up=$(mktemp -d "${TMPDIR:-/tmp}/up.XXXXXX")
[ "$(id -u)" != 0 ] || chown postgres "$up"
chmod 755 "$up"
{ cluster old "$old_bin" "${OLD_STAGE:-$STAGE}" && cluster new "$new_bin" "$STAGE"; } >"$life/clusters.log" 2>&1; point $? "R-LIFE-4 two clusters"
psql_up=(env PGHOST="$up" PGPORT=5999 PGUSER=postgres "$new_bin/psql" -XAtqd)
as_postgres "$old_bin/pg_ctl" -s -w -D "$up/old" -l "$up/old.log" -o '-p 5999' start >/dev/null 2>&1
"${psql_up[@]}" postgres -c 'CREATE DATABASE used'
use_it "${psql_up[@]}" used 2>"$life/old.log"; point $? "R-LIFE-4 the old one is in use ($("${psql_up[@]}" used -c 'SHOW server_version'))"
digest "${psql_up[@]}" used >"$life/old_used"
as_postgres "$old_bin/pg_ctl" -s -w -D "$up/old" -m fast stop
as_postgres env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGPASSWORD -u PGPASSFILE "$new_bin/pg_upgrade" -U postgres -b "$old_bin" -B "$new_bin" -d "$up/old" -D "$up/new" -s "$up" >"$life/upgrade.log" 2>&1
code=$?; point $code "R-LIFE-4 pg_upgrade runs"
[ $code = 0 ] || { tail -15 "$life/upgrade.log"; cat "$up"/new/pg_upgrade_output.d/*/loadable_libraries.txt 2>/dev/null; } | sed 's/^/# /'
as_postgres "$new_bin/pg_ctl" -s -w -D "$up/new" -l "$up/new.log" -o '-p 5999' start >/dev/null 2>&1
"${psql_up[@]}" used -v ON_ERROR_STOP=1 -f dev/fingerprint.sql >"$life/carried.print"
# pg_upgrade writes bodies that were parsed at creation as the server prints
# them; printed again they may differ in casts and brackets.  So the fresh ones
# go through the same once.
psql -Xqd life_fresh -v ON_ERROR_STOP=1 -c "DO \$\$DECLARE f regprocedure; BEGIN
	FOR f IN SELECT oid FROM pg_proc WHERE prosqlbody IS NOT NULL AND pronamespace = 'journey'::regnamespace ORDER BY oid LOOP
		EXECUTE pg_get_functiondef(f);
	END LOOP; END\$\$"
print life_fresh >"$life/printed_twice"
same "R-LIFE-4 the same extension" "$life/printed_twice" "$life/carried.print"
digest "${psql_up[@]}" used >"$life/carried"
same "R-LIFE-4 the same definitions, runs and models" "$life/old_used" "$life/carried"
for d in life_used carried; do
	run=(psql -XAtqd life_used)
	[ $d = life_used ] || run=("${psql_up[@]}" used)
	"${run[@]}" -c 'SET client_min_messages = warning' -c "CALL journey.validate('life', '2024-02-05 00:00+00')" -c "SELECT nightly.digest('life')" >"$life/$d.digest" 2>&1
done
same "R-LIFE-4 the next run goes on the same" "$life/life_used.digest" "$life/carried.digest"
as_postgres "$new_bin/pg_ctl" -s -w -D "$up/new" -m fast stop
rm -rf "$up"

# R-LIFE-5
said=$(psql -Xqd life_used -c 'DROP EXTENSION journey' 2>&1)
grep -q 'other objects depend on it' <<<"$said"; point $? "R-LIFE-5 DROP EXTENSION refuses where tables of the user depend on it"
for what in 'table models' 'table figures' 'index nightly.decided_fold' 'view folds'; do
	kind=${what% *} name=${what#* }
	[ "$kind" = index ] || [ "$kind" = view ] || kind="column [a-z]* of table"
	grep -qE "^(DETAIL:  )?$kind $name depends on" <<<"$said"; point $? "R-LIFE-5 and names ${what#* }"
done
psql -Xqd life_used -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' -c 'DROP EXTENSION journey CASCADE'; point $? "R-LIFE-5 with CASCADE it goes"
[ "$(psql -XAtqd life_used -c 'SELECT count(*) FROM public.figures')" = 1 ]; point $? "R-LIFE-5 and leaves the tables of the user, without the columns of its types"
psql -Xqd life_fresh -v ON_ERROR_STOP=1 -c 'DROP EXTENSION journey'; point $? "R-LIFE-5 DROP EXTENSION"
left=$(psql -XAtqd life_fresh -c "SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname LIKE '%journey%'
	UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE oid >= 16384 UNION ALL SELECT 'relation ' || relname FROM pg_class WHERE oid >= 16384 AND relnamespace <> 'pg_toast'::regnamespace
	UNION ALL SELECT 'type ' || typname FROM pg_type WHERE oid >= 16384 UNION ALL SELECT 'dependency ' || pg_describe_object(refclassid, refobjid, 0) FROM pg_depend WHERE objid >= 16384
	UNION ALL SELECT 'initial privileges' FROM pg_init_privs WHERE objoid >= 16384 UNION ALL SELECT 'comment' FROM pg_description WHERE objoid >= 16384")
[ -z "$left" ]; point $? "R-LIFE-5 leaves nothing"
[ -z "$left" ] || head -5 <<<"$left" | sed 's/^/# /'
psql -Xqd life_fresh -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION journey'
print life_fresh >"$life/anew"
same "R-LIFE-5 and it can be created again" "$life/fresh" "$life/anew"
for d in fresh again old used restored; do psql -Xqd postgres -c "DROP DATABASE IF EXISTS life_$d"; done
