#!/usr/bin/env bash
# nolds beside lyapunov, fed from the database; prints a section for
# build/bench.md.  Runs inside a throwaway cluster, called by bench.sh.
# NOLDS_PYTHON names an interpreter that has nolds; else a private environment
# gets it.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/beside.sh
printf '\n## nolds\n\n'
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
# the same slope as nolds': whole vectors, fitted from step 0
same="SELECT l.exponent FROM bench.series, journey.lyapunov(x, theiler => 10, horizon => 8, fit_from => 0, fit_to => 8, distance => 'vector', replicates => 0) l WHERE n = 4000"
full='SELECT l.exponent FROM bench.series, journey.lyapunov(x) l WHERE n = 4000'
echo "The logistic map, 4,000 values, dimension 3; $(theirs versions); one process, one thread. Exponents: ours $(psql -XAtc "$same"), theirs $(theirs exponent)."
before=('SELECT cardinality(x) FROM bench.series WHERE n = 4000')
beside_head nolds
beside_row 'lyapunov, the slope of nolds / lyap_r' "$(clock "$same")" "$(theirs lyap_r)" 0.01
beside_row 'lyapunov with its interval / lyap_r' "$(clock "$full")" "$(theirs lyap_r)" 0.01
