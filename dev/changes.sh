#!/usr/bin/env bash
# make changes: what an upgrade script has to do.  Installs the newest release
# kept in test/releases (or FROM=0.1.0) and this tree, and prints what differs
# between their fingerprints: - as it was, + as it is.
source "$(dirname "$0")/lib.sh"
need_server xz-utils
from=${FROM:-$({ ls test/releases/journey--*.sql.xz 2>/dev/null || true; } | sed -E 's/.*journey--(.*)\.sql\.xz/\1/' | sort -V | tail -1)}
[ -n "$from" ] || { say "no release is kept in test/releases yet"; exit 1; }
build_and_stage
now=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" journey.control)
folder="$stage$("$pgc" --sharedir)/extension"
# a name of its own: the tree may still carry the version of the release
xz -dc "test/releases/journey--$from.sql.xz" >"$folder/journey--0.0.0.sql"
export from now scratch
in_cluster bash -c '
	set -e
	psql -Xqd postgres -c "CREATE DATABASE a" -c "CREATE DATABASE b"
	psql -Xqd a -v ON_ERROR_STOP=1 -c "CREATE EXTENSION journey VERSION \$\$0.0.0\$\$"
	psql -Xqd b -v ON_ERROR_STOP=1 -c "CREATE EXTENSION journey"
	for d in a b; do psql -XAtqd $d -f dev/fingerprint.sql | grep -v "^extension " >"$scratch/$d"; done' >&2
echo "from $from to $now:"
diff -U0 "$scratch/a" "$scratch/b" | grep -E '^[-+][^-+]' || echo "nothing"
