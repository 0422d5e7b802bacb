#!/usr/bin/env bash
# make fuzz: every parser and decoder under libFuzzer with the address and
# undefined-behaviour sanitizers, as many targets at a time as there are
# processors. TAP on standard output, ended by a line
# "N passed, N failed, N skipped".
#
#	FUZZ="pattern formula"	only these targets
#	FUZZ_SECONDS=30		how long each runs
#	FUZZ_KEEP=1		put what was found worth keeping into the corpus, minimised
#	FUZZ_MOST=64		files a corpus keeps
#	FUZZ_BUILD=folder	where objects are kept from run to run
#	CLANG=clang-19		another compiler with libFuzzer
#
# An input that fails is left as fuzz-<target>-crash-... in the working folder;
# moved into test/fuzz/corpus/<target>/ it is replayed by make check for ever.
source "$(dirname "$0")/lib.sh"
source dev/fuzz-build.sh

# clang with libFuzzer; here, or from apt.
runs() { echo 'int LLVMFuzzerTestOneInput(const unsigned char *b, unsigned long n); int LLVMFuzzerTestOneInput(const unsigned char *b, unsigned long n) { return (int) (n * 0); }' >"$scratch/try.c" &&
	"$1" -fsanitize=fuzzer,address,undefined "$scratch/try.c" -o "$scratch/try" 2>/dev/null; }
find_clang() { for fuzz_cc in ${CLANG:-clang $(ls /usr/bin/clang-[0-9]* 2>/dev/null | sort -V)}; do runs "$fuzz_cc" && return 0; done; return 1; }
if ! find_clang; then
	if command -v apt-get >/dev/null; then
		# a library package goes with its compiler's version
		v=$(ls /usr/bin/clang-[0-9]* 2>/dev/null | sort -V | sed -n '$s/.*-//p')
		(if [ -n "$v" ]; then need "libclang-rt-$v-dev"; else need clang libclang-rt-dev; fi) || true
	fi
	find_clang || [ "${CI:-}" != true ] || { echo "ok 1 - fuzz # SKIP no clang with libFuzzer"; echo "1..1"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
	find_clang || { say "make fuzz wants clang with libFuzzer (packages clang and libclang-rt-dev)"; exit 3; }
fi

fuzz_out=${FUZZ_BUILD:-$scratch/fuzz}
fuzz_server_headers=$(fuzz_headers)
fuzz_flags="-std=gnu99 -O1 -g1 -ffp-contract=off -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -DJRN_NO_CLONES -D_GNU_SOURCE -Wno-psabi"
mkdir -p "$fuzz_out"
names=${FUZZ:-$(fuzz_names)}
sources=(test/fuzz/fuzz.c)
for name in $names; do
	if [ -n "$(fuzz_links "$name")" ] && [ -z "$fuzz_server_headers" ]; then continue; fi
	sources+=("test/fuzz/fuzz_$name.c" $(fuzz_links "$name"))
done
fuzz_objects "${sources[@]}" || exit 1
fuzz_closure
rm -f "$fuzz_out/core.a"
ar rcs "$fuzz_out/core.a" $(ls "$fuzz_out"/src_*.o | grep -vE '/src_(pg_|[a-z]+_pg_)')

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
# One target, from linking to its line of TAP.
fuzz_target() {
	local name=$1 log=$scratch/$1.log corpus=test/fuzz/corpus/$1 found=$scratch/found-$1 kept=$scratch/kept-$1 options=() f
	if [ ! -e "$fuzz_out/test_fuzz_fuzz_$name.c.o" ]; then echo "ok - fuzz: $name # SKIP no server headers"; return; fi
	fuzz_program "$name" - -fsanitize=fuzzer,address,undefined >"$log" 2>&1 ||
		{ echo "not ok - fuzz: $name builds"; tail -20 "$log" | sed 's/^/# /'; return; }
	[ ! -e "test/fuzz/$name.dict" ] || options+=("-dict=test/fuzz/$name.dict")
	mkdir -p "$found" "$kept" "$corpus"
	if ! "$fuzz_out/fuzz_$name" -seed=1 -max_total_time="${FUZZ_SECONDS:-30}" -timeout=10 -rss_limit_mb=1024 -max_len=4096 \
		-artifact_prefix="fuzz-$name-" "${options[@]}" "$found" "$corpus" >"$log" 2>&1
	then
		echo "not ok - fuzz: $name"
		grep -vE '^#[0-9]+[[:space:]]|^INFO|^NOTE| in fuzzer::' "$log" | cut -c1-400 | tail -40 | sed 's/^/# /'
		return
	fi
	echo "ok - fuzz: $name, $(sed -n 's/^Done \([0-9]*\) runs in.*/\1 inputs/p' "$log"), $(sed -n 's/.* cov: \([0-9]*\) ft: .*/\1 edges/p' "$log" | tail -1)"
	[ -n "${FUZZ_KEEP:-}" ] || return 0
	# the fewest files that reach all of it, shortest first, up to a number
	"$fuzz_out/fuzz_$name" -merge=1 "$kept" "$corpus" "$found" >/dev/null 2>&1
	ls -Sr "$kept" | while read -r f; do
		[ "$(fuzz_corpus "$name" | wc -l)" -lt "${FUZZ_MOST:-64}" ] || break
		for g in "$corpus"/*; do cmp -s "$kept/$f" "$g" && continue 2; done
		cp "$kept/$f" "$corpus/$f"
	done
}
export -f fuzz_target fuzz_program fuzz_links fuzz_corpus
export scratch fuzz_out fuzz_cc
# as many at a time as there are processors
printf '%s\n' $names | xargs -P "$(nproc)" -I{} bash -c 'fuzz_target {} >"$scratch/{}.tap"'
for name in $names; do cat "$scratch/$name.tap"; done | awk '
	/^ok / { sub(/^ok/, "ok " ++n); if (/# SKIP/) skipped++; else passed++ }
	/^not ok / { sub(/^not ok/, "not ok " ++n); failed++ }
	{ print }
	END { print "1.." n; printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }'
