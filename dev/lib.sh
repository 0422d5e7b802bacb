# lib.sh: shared by the driver goals. Finds or installs what they need, builds
# into a staging folder and runs a command inside a throwaway cluster.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }

# The server version: PG=, else that of PG_CONFIG=, else the newest installed,
# else what the distribution offers.
pg_version() {
	if [ -n "${PG:-}" ]; then echo "$PG"; return; fi
	if [ -n "${PG_CONFIG:-}" ]; then "$PG_CONFIG" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/'; return; fi
	local found
	found=$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -1)
	if [ -n "$found" ]; then echo "$found"; return; fi
	apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# need PACKAGE... : install those that are missing.
need() {
	local missing=() p
	for p in "$@"; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
	done
	[ ${#missing[@]} -eq 0 ] && return 0
	if ! command -v apt-get >/dev/null; then
		say "Please install: ${missing[*]} (or what your system calls them)"
		exit 3
	fi
	say "installing: ${missing[*]}"
	as_root mkdir -p /etc/postgresql-common/createcluster.d
	echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.d/journey.conf >/dev/null
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$scratch/apt.log" 2>&1 ||
	{ as_root apt-get update >"$scratch/apt.log" 2>&1 &&
	  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >>"$scratch/apt.log" 2>&1; } ||
	{ tail -20 "$scratch/apt.log" >&2; say "could not install: ${missing[*]}"; exit 3; }
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/journey.XXXXXX")
chmod 755 "$scratch"
cleanup_hooks=()
cleanup() { local h; for h in "${cleanup_hooks[@]:-}"; do [ -n "$h" ] && eval "$h"; done; rm -rf "$scratch"; }
trap cleanup EXIT

need_server() {
	need make gcc libc6-dev ca-certificates postgresql-common
	if ! command -v apt-get >/dev/null; then :; elif [ -z "$(pg_version)" ]; then as_root apt-get update >/dev/null 2>&1 || true; fi
	V=$(pg_version)
	[ -n "$V" ] || { say "no PostgreSQL found; install postgresql and its server headers"; exit 3; }
	need "postgresql-$V" "postgresql-server-dev-$V" "$@"
	pgc="${PG_CONFIG:-/usr/lib/postgresql/$V/bin/pg_config}"
}

# Build a copy, so that objects lying in the tree are not picked up, and install into a stage that the throwaway server
# finds through extension_destdir and dynamic_library_path.
build_and_stage() {
	build="$scratch/build"
	stage="$scratch/stage"
	mkdir -p "$build" "$stage"
	tar -c --exclude='*.o' --exclude='*.so' --exclude='./journey--*.sql' Makefile journey.control src sql | tar -x -C "$build"
	make -s -C "$build" PG_CONFIG="$pgc" -j"$(nproc)" ${COPT:+COPT="$COPT"} >"$scratch/build.log" 2>&1 ||
		{ cat "$scratch/build.log" >&2; exit 1; }
	if grep -q 'warning:' "$scratch/build.log"; then grep 'warning:' "$scratch/build.log" >&2; build_warnings=1; else build_warnings=0; fi
	make -s -C "$build" PG_CONFIG="$pgc" DESTDIR="$stage" install >"$scratch/install.log" 2>&1 ||
		{ cat "$scratch/install.log" >&2; exit 1; }
	chmod -R a+rX "$scratch"
}

# in_cluster [-o NAME=VALUE ...] COMMAND... : run COMMAND against a fresh
# cluster that has the staged extension.
in_cluster() {
	local options=()
	while [ "${1:-}" = -o ]; do options+=(-o "$2"); shift 2; done
	local libdir pkglib
	pkglib=$("$pgc" --pkglibdir)
	pg_virtualenv -t -v "$V" \
		-o "extension_destdir=$stage" \
		-o "dynamic_library_path=$stage$pkglib:\$libdir" \
		-o "fsync=off" -o "max_wal_size=4GB" \
		"${options[@]}" "$@"
}
