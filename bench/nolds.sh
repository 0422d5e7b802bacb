#!/usr/bin/env bash
# nolds beside lyapunov, fed from the database; prints a section for
# build/bench.md.  Runs inside a throwaway cluster, called by bench.sh.
# NOLDS_PYTHON names an interpreter that has nolds; else a private environment
# gets it.
set -euo pipefail
cd "$(dirname "$0")/.."
printf '\n## nolds\n\n'
left_out() { echo "Left out: $1."; exit 0; }
[ "$(psql -XAtc "SELECT bench.has('lyapunov') AND to_regclass('bench.series') IS NOT NULL")" = t ] || left_out 'lyapunov is not built yet, or its series was not made'
python=${NOLDS_PYTHON:-}
if [ -z "$python" ]; then
	command -v python3 >/dev/null || left_out 'python3 is not here'
	python3 -m venv "$SCRATCH/nolds" >"$SCRATCH/venv.log" 2>&1 || left_out 'python3-venv is not here'
	"$SCRATCH/nolds/bin/pip" install -q nolds >"$SCRATCH/pip.log" 2>&1 || left_out 'nolds could not be installed'
	python=$SCRATCH/nolds/bin/python
fi
"$python" bench/nolds.py "$PASSES" >"$SCRATCH/nolds.tsv" 2>"$SCRATCH/nolds.log" ||
	left_out "nolds failed: $(tail -1 "$SCRATCH/nolds.log")"
theirs() { awk -F'\t' -v what="$1" '$1 == what { print $2 }' "$SCRATCH/nolds.tsv"; }
# clock STATEMENT: the median of some passes after one to warm up, in seconds
clock() {
	local pass
	psql -XAtqc "$1" >/dev/null
	for pass in $(seq "$PASSES"); do
		psql -XAtq -c 'SELECT cardinality(x) FROM bench.series WHERE n = 4000' -c '\timing on' -c "$1" | awk '/^Time:/ { print $2 / 1000 }'
	done | sort -n | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }'
}
# the same slope as nolds': whole vectors, fitted from step 0
same="SELECT l.exponent FROM bench.series, journey.lyapunov(x, theiler => 10, horizon => 8, fit_from => 0, fit_to => 8, distance => 'vector', replicates => 0) l WHERE n = 4000"
full='SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 4000'
echo "The logistic map, 4,000 values, dimension 3; $(theirs versions); one process, one thread. Exponents: ours $(psql -XAtc "$same"), theirs $(theirs exponent)."
echo
echo '| work | journey, s | nolds, s | ratio | bar |'
echo '|---|---|---|---|---|'
row() { awk -v w="$1" -v a="$2" -v b="$3" -v bar="$4" 'BEGIN { printf "| %s | %.4f | %.3f | %.4f | %s |\n", w, a, b, a / b, bar }'; }
row 'lyapunov, the slope of nolds / lyap_r' "$(clock "$same")" "$(theirs lyap_r)" 0.01
row 'lyapunov with its interval / lyap_r' "$(clock "$full")" "$(theirs lyap_r)" 0.01
