# fuzz-build.sh: how a fuzz target becomes a program; sourced by fuzz.sh (with
# libFuzzer) and check-core.sh (with a driver that replays files).
#
# A target is test/fuzz/fuzz_<name>.c.  Sources beyond the pure core that it
# needs are named in its head, on lines " * Links: FILE...".

fuzz_names() { ls test/fuzz/fuzz_*.c | sed 's|.*/fuzz_\(.*\)\.c$|\1|'; }
fuzz_links() { sed -n 's/^ \* Links: //p' "test/fuzz/fuzz_$1.c"; }
fuzz_corpus() { find "test/fuzz/corpus/$1" -type f 2>/dev/null | sort; }

# Where the server's headers are; empty without them.
fuzz_headers() {
	local config folder
	config=${PG_CONFIG:-/usr/lib/postgresql/$(pg_version)/bin/pg_config}
	folder=$("$config" --includedir-server 2>/dev/null) || return 0
	[ ! -e "$folder/postgres.h" ] || echo "$folder"
}

# fuzz_object FILE: compile one file into $fuzz_out unless a newer object is
# there (of headers that changed nothing is known).
fuzz_object() {
	local object=$fuzz_out/${1//\//_}.o headers=
	[ "$object" -nt "$1" ] && return 0
	case $1 in */pg_*|src/pg/*|test/fuzz/server.c|test/fuzz/fuzz_states.c) headers="-isystem $fuzz_server_headers" ;; esac
	$fuzz_cc $fuzz_flags $headers -c "$1" -o "$object"
}
export -f fuzz_object

# fuzz_objects FILE...: several at a time.
fuzz_objects() {
	export fuzz_cc fuzz_flags fuzz_out fuzz_server_headers
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -c 'fuzz_object {}'
}

# fuzz_closure: compile whatever of the core the objects of $fuzz_out want.
# A definition begins its line with the name, as in all of this tree.
fuzz_closure() {
	local core wanted files f
	core=$(find src -name '*.c' ! -name 'pg_*' ! -path 'src/pg/*' ! -path src/journey.c)
	files=$(for f in $core; do [ ! -e "$fuzz_out/${f//\//_}.o" ] || echo "$f"; done)
	[ -z "$files" ] || fuzz_objects $files
	while true; do
		wanted=$(nm "$fuzz_out"/*.o | awk '$1 == "U" && $2 ~ /^jrn_/ {want[$2]} $2 ~ /^[TDRB]$/ {have[$3]} END {for (s in want) if (!(s in have)) print s}')
		[ -n "$wanted" ] || return 0
		files=$(grep -lE "^($(echo $wanted | tr ' ' '|'))\(" $core || true)
		[ -n "$files" ] || return 0
		fuzz_objects $files
	done
}

# fuzz_program NAME DRIVER FLAGS...: link a target, with the object of a driver
# or without (-).  The archive $fuzz_out/core.a has the core.  Of bindings only
# the decoders are called; what else they want of the server ends the program.
fuzz_program() {
	local name=$1 driver=$2 objects=() f stubs=$fuzz_out/stubs_$1
	shift 2
	objects=("$fuzz_out/test_fuzz_fuzz_$name.c.o" "$fuzz_out/test_fuzz_fuzz.c.o")
	[ "$driver" = - ] || objects+=("$fuzz_out/${driver//\//_}.o")
	for f in $(fuzz_links "$name"); do objects+=("$fuzz_out/${f//\//_}.o"); done
	if [ -n "$(fuzz_links "$name")" ]; then
		{ LC_ALL=C $fuzz_cc "$@" "${objects[@]}" "$fuzz_out/core.a" -lm -o "$fuzz_out/fuzz_$name" 2>&1 || true; } |
			sed -n "s/.*undefined reference to .\([A-Za-z0-9_]*\)'.*/\1/p" | sort -u |
			awk '{ printf "void %s(void); void %s(void) { __builtin_trap(); }\n", $1, $1 }' >"$stubs.c"
		$fuzz_cc -fno-builtin -w -c "$stubs.c" -o "$stubs.o"
		objects+=("$stubs.o")
	fi
	$fuzz_cc "$@" "${objects[@]}" "$fuzz_out/core.a" -lm -o "$fuzz_out/fuzz_$name"
}
