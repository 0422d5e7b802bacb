#!/usr/bin/env bash
# DoubleML and EconML beside us on the values of three strategies, fed from the
# database; prints a section for build/bench.md.  Runs inside a throwaway
# cluster, called by bench.sh.  ECONML_PYTHON names an interpreter that has
# doubleml or econml; else a private environment gets doubleml.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/beside.sh
printf '\n## DoubleML and EconML\n\n'
[ "$(psql -XAtc "SELECT bench.has('compare_strategies')")" = t ] || left_out 'compare_strategies is not built yet'
psql -Xqc 'SELECT 1 FROM bench.decisions LIMIT 1' >/dev/null 2>&1 || left_out 'bench.decisions was not made, add 60 to ONLY'
python=${ECONML_PYTHON:-}
if [ -z "$python" ]; then
	command -v python3 >/dev/null || left_out 'python3 is not here'
	python3 -m venv "$SCRATCH/econml" >"$SCRATCH/venv.log" 2>&1 || left_out 'python3-venv is not here'
	"$SCRATCH/econml/bin/pip" install -q doubleml >"$SCRATCH/pip.log" 2>&1 || left_out 'the package doubleml could not be installed'
	python=$SCRATCH/econml/bin/python
fi
mkdir -p "$SCRATCH/rows"
"$python" bench/strategies.py "$SCRATCH/rows" >"$SCRATCH/econml.tsv" 2>"$SCRATCH/econml.log" || left_out "it failed: $(tail -1 "$SCRATCH/econml.log")"
rm -rf "$SCRATCH/rows"
theirs() { awk -F'\t' -v what="$1" '$1 == what { print $2 }' "$SCRATCH/econml.tsv"; }
[ -n "$(theirs doubleml)$(theirs econml)" ] || left_out "neither is in $python"
features="$(seq -s, -f x%g 1 20)"
call="journey.compare_strategies('SELECT y, strategy, $features FROM bench.decisions', 'y', 'strategy', NULL, '{$features}', k => 10, repeats => 1)"
ours=$(clock "SELECT count(value) FROM $call")
transfer=$(theirs transfer)
echo "$(psql -XAtc 'SELECT count(*) FROM bench.decisions') decisions of 3 strategies with 20 features, 10 folds, one repeat; $(theirs versions | paste -sd, | sed 's/,/, /'); one process, one thread."
echo "Values $(psql -XAtc "SELECT string_agg(round(value::numeric, 5) || ' (' || round(value_se::numeric, 5) || ')', ', ' ORDER BY strategy) FROM $call"); DoubleML $(theirs doubleml_values | sed 's/,/, /g') ($(theirs doubleml_errors | sed 's/,/, /g'))."
# fed SECONDS: with the transfer
fed() { awk -v a="$1" -v b="$transfer" 'BEGIN { print a + b }'; }
beside_head other
[ -z "$(theirs doubleml)" ] || beside_row 'compare_strategies aipw / DoubleMLAPOS fed from the database' "$ours" "$(fed "$(theirs doubleml)")" 0.05
[ -z "$(theirs econml)" ] || beside_row 'compare_strategies aipw / EconML LinearDRLearner fed from the database' "$ours" "$(fed "$(theirs econml)")" -
