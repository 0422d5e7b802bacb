#!/usr/bin/env bash
# bash dev/headers.sh FOLDER: does the code compile against the server headers
# in this folder?  For majors whose server is not at hand: the headers are in
# postgresql-server-dev-N of any distribution (dpkg-deb -x PACKAGE FOLDER, then
# FOLDER/usr/include/postgresql/N/server).  Nothing is linked or run.
set -uo pipefail
cd "$(dirname "$0")/.."
headers=${1:?folder of server headers}
[ -e "$headers/pg_config.h" ] || { echo "no pg_config.h in $headers" >&2; exit 2; }
flags="-fsyntax-only -std=gnu99 -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -Wdeclaration-after-statement -Werror=vla"
out=$(find src -name '*.c' \( -name 'pg_*' -o -path 'src/pg/*' -o -path src/journey.c \) | sort |
	xargs -P "$(nproc)" -n 4 gcc $flags -Isrc -I"$headers" 2>&1)
[ -z "$out" ] || printf '%s\n' "$out"
count=$(find src -name '*.c' \( -name 'pg_*' -o -path 'src/pg/*' -o -path src/journey.c \) | wc -l)
version=$(sed -n 's/^#define PG_VERSION "\(.*\)"/\1/p' "$headers"/pg_config*.h | head -1)
if grep -qE 'error|warning' <<<"$out"; then echo "not clean against $version"; exit 1; fi
echo "$count files compile against $version without a warning"
