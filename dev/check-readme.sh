#!/usr/bin/env bash
# make check-readme: the path of a new user, taken literally from README.md in a
# bare Debian of its own: its commands (blocks sh of "Install", then "Two
# commands") by a user with sudo, in a clone, and its statements through psql.
# TAP on stdout.  Needs root for debootstrap, and a network that has Debian.
#   SUITE=bookworm		which Debian, by default that of this machine
#   MIRROR=http://...	where it comes from, by default where apt gets it
#   COMMANDS=check		of "Two commands" this one, by default both forms of demo; check takes minutes
#   ROOT=folder		keeps the bare system there for the next time
source "$(dirname "$0")/lib.sh"
set +e
[ "$(id -u)" = 0 ] || { say "debootstrap needs root"; exit 2; }
need debootstrap git xz-utils
suite=${SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE) $(CODENAME)' 2>/dev/null | awk -v s="$suite" '$2 == s { print $1; exit }')}
rootfs=${ROOT:-$scratch/root}
n=0 bad=0
point() { n=$((n + 1)); if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; bad=1; [ ! -s "${3:-}" ] || tail -25 "$3" | sed 's/^/# /'; fi; }

say "a bare Debian ($suite)"
if [ ! -x "$rootfs/usr/bin/apt-get" ]; then
	debootstrap --variant=minbase "$suite" "$rootfs" ${mirror:+"$mirror"} >"$scratch/debootstrap.log" 2>&1 ||
		{ tail -5 "$scratch/debootstrap.log" >&2; exit 1; }
fi
# What the README takes for granted: a user with sudo, git and make.
# Answers to apt are yes.
mkdir -p "$rootfs/etc/apt/apt.conf.d"
printf 'APT::Get::Assume-Yes "true";\n' >"$rootfs/etc/apt/apt.conf.d/90yes"
[ ! -e /etc/resolv.conf ] || cp -L /etc/resolv.conf "$rootfs/etc/resolv.conf"
printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$rootfs/etc/hosts"
# inside COMMAND...: in processes and mounts of its own, which end with it
inside() {
	unshare --mount --pid --fork --kill-child --propagation private bash -c '
		root=$1; shift
		mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/dev/shm" 2>/dev/null || { mkdir -p "$root/dev/shm"; mount -t tmpfs tmpfs "$root/dev/shm"; }
		exec chroot "$root" env -i LC_ALL=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"' - "$rootfs" "$@"
}
inside bash -c 'apt-get update && apt-get install --no-install-recommends sudo git make &&
	{ id newcomer >/dev/null 2>&1 || useradd -m -s /bin/bash newcomer; } && echo "newcomer ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/newcomer' >"$scratch/base.log" 2>&1
code=$?
# of a system that was kept: a server without data
inside bash -c 'for v in $(ls /etc/postgresql 2>/dev/null); do pg_dropcluster --stop "$v" main && pg_createcluster "$v" main; done' >>"$scratch/base.log" 2>&1
point $code "a bare system with sudo, git and make" "$scratch/base.log"

rm -rf "$rootfs/home/newcomer/journey"
git clone -q --no-hardlinks "file://$root" "$rootfs/home/newcomer/journey" 2>"$scratch/clone.log"
point $? "a clone" "$scratch/clone.log"
inside chown -R newcomer /home/newcomer/journey

# The commands of a section.  Those of Install run in one shell that ends at the
# first failure; the last one is psql, and gets the statements of the page.
section() { sed -n "/^## $1\$/,/^## /p" README.md >"$scratch/section.md"; awk -v step=shell -f dev/pages.awk "$scratch/section.md" "$scratch/section.md"; }
section Install >"$scratch/install.sh"
{
	echo 'set -ex'
	# a bare system has no init, which starts the server that a package sets up
	sed '$d' "$scratch/install.sh" | sed '/^sudo apt-get install /a sudo service postgresql start'
	echo 'touch ~/installed'
	echo "$(tail -1 "$scratch/install.sh" | sed 's/psql/psql -Xq -v ON_ERROR_STOP=1 -P footer=off -P pager=off/') <~/statements.sql >~/printed"
} >"$rootfs/home/newcomer/install.sh"
awk -v step=script -f dev/pages.awk README.md README.md >"$rootfs/home/newcomer/statements.sql"
rm -f "$rootfs/home/newcomer/installed"; : >"$rootfs/home/newcomer/printed"; chmod 666 "$rootfs/home/newcomer/printed"
say "install"
code=0
inside su newcomer -c 'cd ~/journey && bash ~/install.sh' >"$scratch/install.log" 2>&1 || code=$?
[ -e "$rootfs/home/newcomer/installed" ]; point $? "the commands of Install" "$scratch/install.log"
point $code "the statements" "$scratch/install.log"
awk -v step=compare -v page=README.md -f dev/pages.awk README.md "$rootfs/home/newcomer/printed" README.md >"$scratch/compare.tap"
code=0
grep -q '^not ok' "$scratch/compare.tap" && code=1
point $code "and what they print" "$scratch/compare.tap"

while read -r command; do
	[ -n "$command" ] || continue
	case $command in "make demo"*) chosen=${COMMANDS:-demo} ;; *) chosen=${COMMANDS:-none} ;; esac
	case $command in "make ${chosen#make }"*) ;; *) echo "ok $((n += 1)) - $command # SKIP COMMANDS does not name it"; continue ;; esac
	say "$command"
	# a log of one's own, with the columns that the README takes for an example
	if [ ! -e "$rootfs/home/newcomer/journey/tickets.csv.xz" ]; then
		awk 'BEGIN { print "case,time,activity"; for (i = 0; i < 6000; i++) printf "%d,2024-%02d-%02d %02d:00:00+00,%s\n", i / 6, 1 + i % 6, 1 + i * 7 % 28, i * 5 % 24, substr("ordershippaiddelayreturnclosed", 5 * (i * 11 % 6) + 1, 5) }' |
			xz >"$rootfs/home/newcomer/journey/tickets.csv.xz"
	fi
	inside su newcomer -c "cd ~/journey && $command" </dev/null >"$scratch/command.log" 2>&1
	point $? "$command" "$scratch/command.log"
	tail -3 "$scratch/command.log" | sed 's/^/# /'
done < <(section 'Two commands')
echo "1..$n"
exit $bad
