#!/usr/bin/env bash
# DoubleML and EconML beside us on the values of three strategies, fed from the
# database; prints a section for build/bench.md.  Runs inside a throwaway
# cluster, called by bench.sh.  ECONML_PYTHON names an interpreter that has
# doubleml or econml; else a private environment gets doubleml.
set -euo pipefail
cd "$(dirname "$0")/.."
printf '\n## DoubleML and EconML\n\n'
left_out() { echo "Left out: $1."; exit 0; }
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
# clock STATEMENT: the median of some passes after one to warm up, in seconds
clock() {
	local pass
	psql -XAtqc "$1" >/dev/null
	for pass in $(seq "$PASSES"); do
		psql -XAtq -c 'SET max_parallel_workers_per_gather = 0' -c '\timing on' -c "$1" | awk '/^Time:/ { print $2 / 1000 }'
	done | sort -n | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }'
}
features="$(seq -s, -f x%g 1 20)"
call="journey.compare_strategies('SELECT y, strategy, $features FROM bench.decisions', 'y', 'strategy', NULL, '{$features}', k => 10, repeats => 1)"
ours=$(clock "SELECT count(value) FROM $call")
transfer=$(theirs transfer)
echo "$(psql -XAtc 'SELECT count(*) FROM bench.decisions') decisions of 3 strategies with 20 features, 10 folds, one repeat; $(theirs versions | paste -sd, | sed 's/,/, /'); one process, one thread."
echo "Values $(psql -XAtc "SELECT string_agg(round(value::numeric, 5) || ' (' || round(value_se::numeric, 5) || ')', ', ' ORDER BY strategy) FROM $call"); DoubleML $(theirs doubleml_values | sed 's/,/, /g') ($(theirs doubleml_errors | sed 's/,/, /g'))."
echo
echo '| work | journey, s | other, s | ratio | bar |'
echo '|---|---|---|---|---|'
row() { [ -z "$3" ] || awk -v w="$1" -v a="$2" -v b="$3" -v t="$4" -v bar="$5" 'BEGIN { printf "| %s | %.2f | %.2f | %.3f | %s |\n", w, a, b + t, a / (b + t), bar }'; }
row 'compare_strategies aipw / DoubleMLAPOS fed from the database' "$ours" "$(theirs doubleml)" "$transfer" 0.05
row 'compare_strategies aipw / EconML LinearDRLearner fed from the database' "$ours" "$(theirs econml)" "$transfer" -
