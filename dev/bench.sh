#!/usr/bin/env bash
# make bench: the bars of speed and memory as ratios in one run, on data made
# in the database.  Prints tables and writes build/bench.md; a whole run at full
# size, or one with WRITE=yes, writes doc/benchmarks.md.  Reports only.
#   ROWS_SCALE=0.01	a try-out on a hundredth of the rows
#   ONLY="5 memory"	only these pairs (numbers in bench/pairs), memory, big, exact, clickhouse, trees, sklearn, econml, nolds, frames, growth
#   CHDB_PYTHON=..., LIGHTGBM_PYTHON=..., SKLEARN_PYTHON=..., ECONML_PYTHON=..., NOLDS_PYTHON=..., FRAMES_PYTHON=...	a Python that has these packages, else they are fetched into an environment of their own
#   PASSES=5		timed passes of each pair, after one to warm up
source "$(dirname "$0")/lib.sh"
need_server
build_and_stage
mkdir -p build
export ROWS_SCALE="${ROWS_SCALE:-1}" PASSES="${PASSES:-5}" SCRATCH="$scratch" ONLY="${ONLY:-}"
in_cluster -o "shared_buffers=128MB" -o "autovacuum=off" bash bench/bench.sh
if [ -n "${WRITE:-}" ] || { [ "$ROWS_SCALE" = 1 ] && [ -z "$ONLY" ]; }; then
	cp build/bench.md doc/benchmarks.md
	say "wrote doc/benchmarks.md"
fi
