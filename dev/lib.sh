# lib.sh: shared by the driver goals. Finds or installs what they need, builds
# into a staging folder and runs a command inside a throwaway cluster.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }
source "$root/dev/suite.sh"

# The server version: PG=, else that of PG_CONFIG=, else the newest installed,
# else what the distribution offers.
pg_version() {
	if [ -n "${PG:-}" ]; then echo "$PG"; return; fi
	if [ -n "${PG_CONFIG:-}" ]; then "$PG_CONFIG" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/'; return; fi
	local found
	found=$({ ls /usr/lib/postgresql 2>/dev/null || true; } | sort -n | tail -1)
	if [ -n "$found" ]; then echo "$found"; return; fi
	# apt-cache fails where no package list was fetched yet
	{ apt-cache depends postgresql 2>/dev/null || true; } | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif ! command -v sudo >/dev/null; then say "to install packages, run this as root or install sudo"; return 1
	elif [ -t 0 ]; then sudo "$@"
	else sudo -n "$@"; fi
}

# present PACKAGE: is it here?  Without dpkg, by what it brings.
present() {
	if command -v dpkg-query >/dev/null; then
		dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
		return
	fi
	case $1 in
		libc6-dev) [ -e /usr/include/stdio.h ] ;;
		xz-utils) command -v xz >/dev/null ;;
		ca-certificates) true ;;
		postgresql-common) command -v pg_virtualenv >/dev/null ;;
		postgresql-server-dev-*) [ -e "$("${PG_CONFIG:-pg_config}" --pgxs 2>/dev/null)" ] ;;
		postgresql-*-pgtap) [ -e "$("${PG_CONFIG:-pg_config}" --sharedir 2>/dev/null)/extension/pgtap.control" ] ;;
		postgresql-*) command -v "${PG_CONFIG:-pg_config}" >/dev/null ;;
		*) command -v "$1" >/dev/null ;;
	esac
}

# need PACKAGE... : install those that are missing.  No main cluster is
# created on the way, and package lists are fetched only if they lack one.
need() {
	local missing=() p
	for p in "$@"; do present "$p" || missing+=("$p"); done
	[ ${#missing[@]} -eq 0 ] && return 0
	if ! command -v apt-get >/dev/null; then
		say "apt-get is not here, so please install: ${missing[*]} (or what your system calls them)"
		exit 3
	fi
	say "installing: ${missing[*]}"
	as_root mkdir -p /etc/postgresql-common/createcluster.d || exit 3
	echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.d/journey.conf >/dev/null
	apt_install "${missing[@]}" || { apt_update && apt_install "${missing[@]}"; } ||
	{ tail -20 "$scratch/apt.log" >&2; say "could not install: ${missing[*]}"; exit 3; }
}
apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
		install -y --no-install-recommends "$@" >"$scratch/apt.log" 2>&1
}
apt_update() { as_root apt-get -o DPkg::Lock::Timeout=300 update >>"$scratch/apt.log" 2>&1; }

scratch=$(mktemp -d "${TMPDIR:-/tmp}/journey.XXXXXX")
chmod 755 "$scratch"
cleanup_hooks=()
cleanup() { local h; for h in "${cleanup_hooks[@]:-}"; do [ -n "$h" ] && eval "$h"; done; rm -rf "$scratch"; }
trap cleanup EXIT

# need_server [PACKAGE...]: compiler, server and the further packages, in
# which V stands for the server version.  Sets V and pgc (its pg_config).  A
# version that this machine cannot install: the driver runs in a suite that
# has it instead (suite.sh), and this does not return.
need_server() {
	V=$(pg_version)
	if [ -z "$V" ] && command -v apt-get >/dev/null; then
		say "fetching the package lists"
		apt_update || true
		V=$(pg_version)
	fi
	[ -z "$V" ] || major_at_hand "$V" || in_suite "$V"
	need make gcc libc6-dev postgresql-common "postgresql-${V:-V}" "postgresql-server-dev-${V:-V}" "${@//-V-/-${V:-V}-}"
	pgc="${PG_CONFIG:-/usr/lib/postgresql/$V/bin/pg_config}"
}

# Build a copy, so that objects lying in the tree are not picked up, and
# install into a stage that the throwaway server finds through
# extension_control_path (18 on; before it Debian's extension_destdir) and
# dynamic_library_path.
build_and_stage() {
	build="$scratch/build"
	stage="$scratch/stage"
	mkdir -p "$build" "$stage"
	cp -R Makefile journey.control src "$build"
	[ ! -d sql ] || cp -R sql "$build"
	find "$build" \( -name '*.o' -o -name '*.so' \) -delete
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
	local pkglib share where
	pkglib=$("$pgc" --pkglibdir)
	share=$("$pgc" --sharedir)
	where="extension_destdir=$stage"
	! grep -q '^#*extension_control_path' "$share/postgresql.conf.sample" || where="extension_control_path=$stage$share:\$system"
	# UTF-8 and byte order, whatever the locale of the shell is; a port drawn
	# by lot, because two runs at once would both take the first free one.
	local port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
	while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
	LC_ALL=C.UTF-8 pg_virtualenv -t -v "$V" -c "--locale=C.UTF-8 --encoding=UTF8 --port=$port" \
		-o "$where" \
		-o "dynamic_library_path=$stage$pkglib:\$libdir" \
		-o "fsync=off" -o "max_wal_size=4GB" \
		"${options[@]}" "$@"
}
