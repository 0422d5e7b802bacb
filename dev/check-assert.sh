#!/usr/bin/env bash
# make check-assert: hostile calls (test/slow/caller.sql) against a server with
# assertions and memory checks, first plain, then under valgrind.
#
# The server is the distribution's source package with --enable-cassert and
# -DUSE_VALGRIND, so that reads and writes beside a palloc'ed chunk are seen:
# valgrind over a stock server misses them.  Building takes some minutes;
# ASSERT_CACHE=FOLDER keeps source and build, and later runs begin at once.
#
# R-ASS-1	No assertion fails, no warning about memory is logged, no call ends
#			in an internal error.
# R-ASS-2	Under valgrind, with the server's own suppressions, no error has a
#			frame of ours.
#
# ROWS_SCALE=0.1 for a try-out, JOBS=2 to build by two.
source "$(dirname "$0")/lib.sh"
need_server
need valgrind dpkg-dev bzip2 xz-utils bison flex
cache="${ASSERT_CACHE:-$scratch/assert}"
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
chmod a+rx "$cache"
export ROWS_SCALE="${ROWS_SCALE:-1}"
server="$cache/server-$V"

# The source package, from the machine's own list of sources with deb in
# deb-src's place.  The newest version may be gone from a mirror already: then
# the next one serves as well.
fetch_source() {
	[ ! -e "$cache/source-$V/configure" ] || return 0
	local apt="$scratch/apt" f options version
	mkdir -p "$apt/parts" "$apt/lists/partial"
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
		[ ! -e "$f" ] || sed -E 's/^deb([[:space:]])/deb-src\1/; s/^(Types:).*/\1 deb-src/' "$f" >"$apt/parts/$(basename "$f")"
	done
	[ ! -e "$apt/parts/sources.list" ] || mv "$apt/parts/sources.list" "$apt/parts/machine.list"
	options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/parts"
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" -o APT::Sandbox::User="$(id -un)")
	say "fetching the source of postgresql-$V"
	apt-get "${options[@]}" update >"$scratch/source.log" 2>&1 || true
	for version in $(apt-cache "${options[@]}" showsrc "postgresql-$V" 2>/dev/null | sed -n 's/^Version: //p' | sort -Vru); do
		rm -rf "$apt/source"
		mkdir -p "$apt/source"
		(cd "$apt/source" && apt-get "${options[@]}" source "postgresql-$V=$version") >>"$scratch/source.log" 2>&1 || continue
		mv "$apt/source/postgresql-$V"*/ "$cache/source-$V" && return 0
	done
	tail -5 "$scratch/source.log" >&2
	say "no source package of postgresql-$V is to be had here"
	return 1
}

# Only what a server, psql and building an extension need.
build_server() {
	[ ! -e "$server/complete" ] || return 0
	fetch_source || return 1
	say "building a server with assertions (minutes)"
	(
		# (no errexit inside a condition)
		cd "$cache/source-$V" || exit 1
		[ -e config.status ] || ./configure -q --prefix="$server" --enable-cassert --enable-debug --without-readline --without-zlib --without-icu \
			CFLAGS="-O1 -fno-omit-frame-pointer -DUSE_VALGRIND" || exit 1
		make -s -j"${JOBS:-1}" -C src/backend generated-headers || exit 1
		for part in include common port timezone backend backend/utils/mb/conversion_procs backend/snowball interfaces/libpq fe_utils \
			bin/initdb bin/pg_ctl bin/psql bin/pg_config pl/plpgsql makefiles; do
			make -s -j"${JOBS:-1}" -C "src/$part" install || exit 1
		done
		make -s -C config install
	) >"$cache/build.log" 2>&1 || { tail -20 "$cache/build.log" >&2; return 1; }
	touch "$server/complete"
	chmod -R a+rX "$cache"
}

build_server || { printf '0 passed, 1 failed\n'; exit 1; }
pgc="$server/bin/pg_config"
build_and_stage
export PATH="$server/bin:$PATH" PGHOST="$scratch" PGPORT=$((20000 + (RANDOM * 32768 + RANDOM) % 12000)) PGUSER=postgres
data="$scratch/data"
mkdir "$data"
unprivileged() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	chown postgres "$data" "$scratch"
	unprivileged() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi
unprivileged initdb -D "$data" -A trust -U postgres --locale=C.UTF-8 -E UTF8 >"$scratch/initdb.log" 2>&1 || { cat "$scratch/initdb.log" >&2; exit 1; }
cat >>"$data/postgresql.conf" <<CONF
port = $PGPORT
unix_socket_directories = '$scratch'
listen_addresses = ''
extension_destdir = '$stage'
dynamic_library_path = '$stage$("$pgc" --pkglibdir):\$libdir'
timezone = 'UTC'
fsync = off
autovacuum = off
CONF

# start LOG [COMMAND...]: the server, below COMMAND; stop: and wait.
start() {
	local log=$1
	shift
	unprivileged "$@" postgres -D "$data" >>"$log" 2>&1 &
	local tries=0
	until psql -Xqd postgres -c 'SELECT 1' >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { tail -20 "$log" >&2; return 1; }
		sleep 1
	done
}
stop() { unprivileged pg_ctl -s -m fast -w -t 300 -D "$data" stop; wait; }
cleanup_hooks+=('[ ! -e "$data/postmaster.pid" ] || unprivileged pg_ctl -s -m immediate -D "$data" stop')

n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=$((bad + 1)); fi; }
scaled() { awk -v n="$1" -v s="$ROWS_SCALE" 'BEGIN { printf "%d", n * s }'; }
set +e

# R-ASS-1: assertions, and checks of memory that need no valgrind.
start "$scratch/plain.log" || exit 1
[ "$(psql -XAtd postgres -c 'SHOW debug_assertions')" = on ]; point $? "the server has assertions"
CALLS=$(scaled 40000) CALL_TIMEOUT=1000 KEEP=1
. test/slow/caller.sh
stop

# R-ASS-2: a good call of every function and some hostile ones.
mkdir "$scratch/memory"
chmod 777 "$scratch/memory"
start "$scratch/valgrind.log" valgrind --quiet --trace-children=yes --leak-check=no --num-callers=30 --error-markers=JOURNEY-BEGIN,JOURNEY-END \
	--suppressions="$cache/source-$V/src/tools/valgrind.supp" --log-file="$scratch/memory/%p.log" || exit 1
# what it is to find it does find: one byte beside a chunk
cat >"$scratch/overrun.c" <<'C'
#include "postgres.h"
#include "fmgr.h"
PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(overrun_on_purpose);
Datum
overrun_on_purpose(PG_FUNCTION_ARGS)
{
	volatile char *chunk = palloc(40);

	PG_RETURN_BOOL(chunk[40] == 1);
}
C
gcc -fPIC -shared -g -I"$("$pgc" --includedir-server)" -o "$scratch/overrun.so" "$scratch/overrun.c"
psql -Xqd caller -c "CREATE FUNCTION overrun() RETURNS boolean AS '$scratch/overrun', 'overrun_on_purpose' LANGUAGE c" -c 'SELECT overrun()' >/dev/null
cat "$scratch"/memory/*.log | grep -q overrun_on_purpose; point $? "valgrind sees a read beside a chunk"
CALLS=$(scaled 1500) CALL_TIMEOUT=60000 READY=1 FROM=${GOOD_FROM:--600}
. test/slow/caller.sh
stop
# an error of ours has a frame of ours; others are counted and shown
cat "$scratch"/memory/*.log | awk '/JOURNEY-BEGIN/ { text = ""; inside = 1 } inside { text = text $0 "\n" } /JOURNEY-END/ { inside = 0; print (text ~ /journey_|jrn_|journey\.so/ ? "ours" : text ~ /overrun_on_purpose/ ? "wanted" : "theirs"); printf "%s", text }' >"$scratch/memory.txt"
[ "$(grep -c '^ours$' "$scratch/memory.txt")" = 0 ]; point $? "valgrind finds no error with a frame of ours"
echo "# valgrind: $(grep -c '^ours$' "$scratch/memory.txt") errors of ours, $(grep -c '^theirs$' "$scratch/memory.txt") of the server alone"
awk '/^(ours|theirs|wanted)$/ { show = $0 == "ours" } show' "$scratch/memory.txt" | head -120 | sed 's/^/# /'
[ "$n" -gt 10 ] || bad=$((bad + 1))
printf '%d passed, %d failed\n' $((n - bad)) "$bad"
[ "$bad" = 0 ]
