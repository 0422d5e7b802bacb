#!/usr/bin/env bash
# Runs the queries of queries.sql through real clients against the database of
# PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, which has examples/shop.sql
# and validations, and compares names, types and values.  TAP without numbers;
# a client that cannot be had is skipped by name.
#	JDBC_JAR, NODE_PATH, PSYCOPG_PYTHON, ODBC_PYTHON name what is at hand;
#	else what apt, pip and npm give, in a folder that is removed.
set -uo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d "${TMPDIR:-/tmp}/clients.XXXXXX")
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
mkdir "$folder/report"
export TZ=UTC
say() { [ "$1" = 0 ] && echo "ok - $2" || echo "not ok - $2"; }
skip() { echo "# SKIP $1: $2"; }
# install PACKAGE...: as the other drivers do, where apt is at hand
install() { (. ../../dev/lib.sh; need "$@") >/dev/null 2>>"$folder/install.log"; }
report() {	# report CLIENT COMMAND...: its report, or its error
	local client=$1
	shift
	"$@" >"$folder/report/$client" 2>"$folder/error"; say $? "$client runs every query"
	[ ! -s "$folder/error" ] || head -3 "$folder/error" | sed 's/^/# /'
}
# call CLIENT COMMAND...: the same for a procedure that commits on its way, which
# a client must send outside a transaction
call() {
	"${@:2}" >/dev/null 2>"$folder/error"; say $? "$1 calls a procedure that commits"
	[ ! -s "$folder/error" ] || head -3 "$folder/error" | sed 's/^/# /'
}
# environment PYTHON PACKAGE...: the folder's own Python with packages
environment() { python3 -m venv "$1" && "$1/bin/pip" install -q --disable-pip-version-check "${@:2}"; }

calls=()
report psql bash query.sh queries.sql

jar=${JDBC_JAR:-}
if ! command -v java >/dev/null; then install default-jdk-headless; fi
if [ -z "$jar" ]; then
	[ -e /usr/share/java/postgresql.jar ] || install libpostgresql-jdbc-java
	[ ! -e /usr/share/java/postgresql.jar ] || jar=/usr/share/java/postgresql.jar
fi
if ! command -v java >/dev/null; then skip jdbc "no java here"
elif [ -z "$jar" ]; then skip jdbc "no driver here (package libpostgresql-jdbc-java, or JDBC_JAR)"
else
	report jdbc java -cp "$jar" Query.java queries.sql
	calls+=("call jdbc java -cp $jar Query.java")
fi

python=${PSYCOPG_PYTHON:-}
if [ -z "$python" ] && environment "$folder/python" 'psycopg[binary]' >>"$folder/install.log" 2>&1; then python=$folder/python/bin/python; fi
if [ -z "$python" ] && install python3-psycopg2; then python=/usr/bin/python3; fi
if [ -z "$python" ]; then skip psycopg "neither pip nor apt gives it"
else
	report psycopg "$python" query.py queries.sql
	calls+=("call psycopg $python query.py")
fi

if ! command -v npm >/dev/null && [ -z "${NODE_PATH:-}" ]; then install nodejs npm; fi
if ! command -v node >/dev/null; then skip node "no node here"
elif [ -n "${NODE_PATH:-}" ] || npm install --silent --no-audit --no-fund --prefix "$folder/node" pg >>"$folder/install.log" 2>&1; then
	export NODE_PATH=${NODE_PATH:-$folder/node/node_modules}
	report node node query.js queries.sql
	report 'node numbers' env NUMBERS=1 node query.js queries.sql
	calls+=('call node node query.js')
else skip node "npm does not give pg"; fi

driver=$(ls /usr/lib/*/odbc/psqlodbcw.so 2>/dev/null | head -1)
if [ -z "$driver" ] && install odbc-postgresql unixodbc; then driver=$(ls /usr/lib/*/odbc/psqlodbcw.so 2>/dev/null | head -1); fi
python=${ODBC_PYTHON:-}
if [ -z "$driver" ]; then skip odbc "no driver here (package odbc-postgresql)"
elif [ -n "$python" ] || { environment "$folder/odbc" pyodbc >>"$folder/install.log" 2>&1 && python=$folder/odbc/bin/python; } ||
	{ install python3-pyodbc && python=/usr/bin/python3; }; then
	login="Driver=$driver;Servername=$PGHOST;Port=$PGPORT;Database=$PGDATABASE;Username=$PGUSER;Password=${PGPASSWORD:-}"
	report odbc "$python" query.py queries.sql "$login"
	report 'odbc bits' "$python" query.py queries.sql "$login;BoolsAsChar=0"
	calls+=("call odbc $python query.py")
else skip odbc "neither pip nor apt gives pyodbc"; fi
# after all have read the same history
printf -- '-- name: validate\nCALL journey.validate($$callback$$)\n' >"$folder/call.sql"
for c in "${calls[@]}"; do
	case $c in *odbc*) $c "$folder/call.sql" "$login" ;; *) $c "$folder/call.sql" ;; esac
done
[ -z "${KEEP:-}" ] || cp -r "$folder" "$KEEP"
for file in "$folder"/report/*; do
	printf 'SELECT set_config('"'report.client', '%s'"', false) \\g /dev/null\n' "${file##*/}"
	echo "\\copy client_report.report (query, place, name, client_type, value_type, value) FROM '$file' (NULL '')"
done >"$folder/copy.sql"
psql -X -v ON_ERROR_STOP=1 -v copy="$folder/copy.sql" -f compare.sql || say 1 "the reports can be compared"
