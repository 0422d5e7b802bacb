# suite.sh: read by lib.sh.  A major of PostgreSQL that the distribution of
# this machine does not have is taken from the suite of Debian that has it:
# debootstrap puts that suite into a folder once (a minute or two), and the
# driver runs again inside it, by chroot.  Nothing of the machine is touched.
#
# R-SUITE-1	The mirror is the one of the machine's own apt; JOURNEY_MIRROR names
#			another.
# R-SUITE-2	The checkout and ../shared are seen read-only, bound in a mount
#			namespace of the run, so that nothing stays mounted.  (Copies would
#			do for them; but no server is run by pg_virtualenv without /proc.)
# R-SUITE-3	Where a suite cannot be had the reason is told: under CI the tests
#			of that major are skipped by name, else the driver fails.
#
# JOURNEY_SUITES	folder of the suites; ~/.cache/journey-suites unless said
# JOURNEY_SUITE		a suite by name, for a major that the table does not know;
#					JOURNEY_DEBOOTSTRAP: further options, as --keyring=FILE

suite_of() {	# suite_of MAJOR
	if [ -n "${JOURNEY_SUITE:-}" ]; then echo "$JOURNEY_SUITE"; return; fi
	case $1 in
		15) echo bookworm ;;
		17) echo trixie ;;
		18) echo forky ;;
		19) echo experimental ;;
		*) return 1 ;;
	esac
}

# Is this major here, or does apt have it?  Without apt, need() will say so.
major_at_hand() {	# major_at_hand MAJOR
	[ -z "${JOURNEY_IN_SUITE:-}${PG_CONFIG:-}" ] && command -v apt-get >/dev/null || return 0
	[ ! -x "/usr/lib/postgresql/$1/bin/pg_config" ] || return 0
	[ -n "$(apt-cache madison postgresql 2>/dev/null)" ] || apt_update || true
	[ -n "$(apt-cache madison "postgresql-server-dev-$1" 2>/dev/null)" ]
}

suite_mirror() {
	local release
	if [ -n "${JOURNEY_MIRROR:-}" ]; then echo "$JOURNEY_MIRROR"; return; fi
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		awk -v release="$release" '$1 == release { print $2; exit }'
}

# The settings by which apt reaches its mirror, for the suite's own apt.
suite_proxy() { apt-config dump 2>/dev/null | grep -iE '^Acquire::(http|https)::(Proxy|CaInfo|Verify-Peer)[^:]* "[^"]' || true; }

# suite_make FOLDER SUITE MAJOR: made beside its place and moved there when it
# is whole.  On failure suite_why says why.
suite_make() {
	local folder=$1 suite=$2 major=$3 mirror base script proxy packages
	mirror=$(suite_mirror)
	if [ -z "$mirror" ]; then suite_why="no mirror found in apt's sources (JOURNEY_MIRROR names one)"; return 1; fi
	if ! (need debootstrap); then suite_why="debootstrap could not be installed"; return 1; fi
	packages=postgresql-$major,postgresql-server-dev-$major,postgresql-$major-pgtap
	base=$suite script=()
	[ "$suite" != experimental ] || base=sid
	# a suite younger than debootstrap is made as the newest that it knows
	[ -e "/usr/share/debootstrap/scripts/$base" ] || script=(/usr/share/debootstrap/scripts/sid)
	proxy=$(suite_proxy | sed -nE 's/^Acquire::https?::Proxy "(.*)";$/\1/Ip' | head -1)
	say "making the suite $suite in $folder for PostgreSQL $major"
	as_root rm -rf "$folder" "$folder.part"
	# shellcheck disable=SC2086 (further options are words)
	if ! as_root env ${proxy:+http_proxy="$proxy" https_proxy="$proxy"} debootstrap --variant=minbase ${JOURNEY_DEBOOTSTRAP:-} \
		--include="gcc,make,libc6-dev,xz-utils,ca-certificates,postgresql-common$([ "$base" != "$suite" ] || echo ",$packages")" \
		"$base" "$folder.part" "$mirror" "${script[@]}" >"$scratch/suite.log" 2>&1; then
		suite_why="debootstrap $base: $(grep -E '^(E|W):' "$scratch/suite.log" | tail -1)"
		[ "${suite_why##*: }" != "" ] || suite_why="debootstrap $base: $(tail -1 "$scratch/suite.log")"
		as_root rm -rf "$folder.part"
		return 1
	fi
	suite_proxy | as_root tee "$folder.part/etc/apt/apt.conf.d/90machine" >/dev/null
	as_root mkdir -p "$folder.part/etc/postgresql-common/createcluster.d"
	if [ "$base" != "$suite" ]; then
		echo "deb $mirror $suite main" | as_root tee -a "$folder.part/etc/apt/sources.list" >/dev/null
		if ! as_root chroot "$folder.part" sh -c "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
			--no-install-recommends -t $suite ${packages//,/ }" >"$scratch/suite.log" 2>&1; then
			suite_why="$suite: $(grep '^E:' "$scratch/suite.log" | tail -1)"
			as_root rm -rf "$folder.part"
			return 1
		fi
	fi
	as_root chroot "$folder.part" apt-get clean
	as_root mv "$folder.part" "$folder"
}

# The run inside: the checkout and the shared data, read-only, and the machine's
# /proc and /dev, in a mount namespace that ends with the run.
suite_inside='
set -e
folder=$1 tree=$2 shared=$3
shift 3
inside=$(mktemp -d "$folder/srv/run.XXXXXX")
chmod 755 "$inside"
mkdir "$inside/tree" "$inside/shared"
mount --bind "$tree" "$inside/tree"
mount -o remount,bind,ro "$inside/tree"
if [ -d "$shared" ]; then mount --bind "$shared" "$inside/shared"; mount -o remount,bind,ro "$inside/shared"; fi
mount --bind /proc "$folder/proc"
mount --rbind /dev "$folder/dev"
code=0
chroot "$folder" env "$@" TMPDIR=/tmp JOURNEY_SHARED="${inside#"$folder"}/shared" bash "${inside#"$folder"}/tree/dev/$SCRIPT" || code=$?
umount "$inside/tree"
! mountpoint -q "$inside/shared" || umount "$inside/shared"
rmdir "$inside/tree" "$inside/shared" "$inside"
exit $code'

# in_suite MAJOR: runs the driver again in the suite of that major and ends
# with its code.  Does not return.
in_suite() {
	local major=$1 suite folder lock code=0 name
	local -a pass=() enter=(unshare --mount --propagation private)
	suite_why=
	if ! suite=$(suite_of "$major"); then suite_why="no suite of Debian is known to have it (JOURNEY_SUITE names one)"
	elif ! as_root "${enter[@]}" chroot / true 2>/dev/null; then suite_why="mounts and chroot are not allowed here, or no root"
	else
		folder=${JOURNEY_SUITES:-${XDG_CACHE_HOME:-${HOME:-${TMPDIR:-/tmp}}/.cache}/journey-suites}
		mkdir -p "$folder"
		folder=$(cd "$folder" && pwd)/$suite-$major
		exec {lock}>"$folder.lock"
		flock "$lock"
		[ -x "$folder/usr/lib/postgresql/$major/bin/pg_config" ] || suite_make "$folder" "$suite" "$major" || true
		flock -u "$lock"
		exec {lock}>&-
	fi
	if [ -n "$suite_why" ]; then
		say "PostgreSQL $major is not to be had here: $suite_why"
		[ -n "${CI:-}" ] || exit 3
		printf '    skipped PostgreSQL %s: %s\n0 passed, 0 failed, 1 skipped\n' "$major" "$suite_why"
		exit 0
	fi
	for name in CI QUICK REGRESS PGTAP CORE CORE_TESTS ROWS_SCALE SLOW_TESTS OLD_BINDIR OLD_STAGE FUZZ_SECONDS ONLY COPT http_proxy https_proxy; do
		[ -z "${!name+x}" ] || pass+=("$name=${!name}")
	done
	say "PostgreSQL $major in $folder"
	as_root env SCRIPT="$(basename "$0")" "${enter[@]}" bash -c "$suite_inside" suite "$folder" "$root" "${JOURNEY_SHARED:-$root/../shared}" \
		-u PG_CONFIG -u JOURNEY_SUITES HOME=/root LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		JOURNEY_IN_SUITE="$suite" PG="$major" "${pass[@]}" || code=$?
	exit $code
}
