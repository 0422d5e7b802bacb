#!/usr/bin/env bash
# scikit-learn and R beside us on logistic regression, fed from the database;
# prints a section for build/bench.md.  Runs inside a throwaway cluster, called by
# bench.sh.  SKLEARN_PYTHON names an interpreter that has scikit-learn and pandas;
# else a private environment gets them.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/beside.sh
printf '\n## scikit-learn and R\n\n'
[ "$(psql -XAtc "SELECT bench.has('cross_validate')")" = t ] || left_out 'cross_validate is not built yet'
python=${SKLEARN_PYTHON:-}
if [ -z "$python" ]; then
	command -v python3 >/dev/null || left_out 'python3 is not here'
	python3 -m venv "$SCRATCH/sklearn" >"$SCRATCH/venv.log" 2>&1 || left_out 'python3-venv is not here'
	"$SCRATCH/sklearn/bin/pip" install -q scikit-learn pandas >"$SCRATCH/pip.log" 2>&1 || left_out 'scikit-learn could not be installed'
	python=$SCRATCH/sklearn/bin/python
fi
mkdir -p "$SCRATCH/rows"
"$python" bench/logistic.py "$PASSES" "$SCRATCH/rows" >"$SCRATCH/sklearn.tsv" 2>"$SCRATCH/sklearn.log" ||
	left_out "scikit-learn failed: $(tail -1 "$SCRATCH/sklearn.log")"
theirs() { awk -F'\t' -v what="$1" '$1 == what { print $2 }' "$SCRATCH/sklearn.tsv"; }
features="$(seq -s, -f x%g 1 20)"
source="SELECT id, target, $features FROM bench.wide"
fit=$(clock "SELECT (journey.fit('SELECT target, $features FROM bench.wide', 'target', NULL, family => 'binomial')).status")
cv=$(clock "SELECT count(*) FROM journey.cross_validate('$source', 'target', 'id', family => 'binomial', k => 10, repeats => 1)")
echo "$(psql -XAtc 'SELECT count(*) FROM bench.wide') rows of 20 features; $(theirs versions); one process, one thread."
beside_head other
beside_row 'fit binomial / LogisticRegression without its transfer' "$fit" "$(theirs fit)" 1
beside_row 'fit binomial / LogisticRegression with its transfer' "$fit" "$(awk -v a="$(theirs fit)" -v b="$(theirs transfer)" 'BEGIN { print a + b }')" 0.2
beside_row '10 folds binomial / cross_val_score fed from the database' "$cv" "$(awk -v a="$(theirs cross_val_score)" -v b="$(theirs transfer)" 'BEGIN { print a + b }')" 0.0667
if command -v Rscript >/dev/null; then
	r=$(Rscript -e 'd <- as.matrix(read.csv(commandArgs(TRUE)[1])); x <- cbind(1, d[, -(1:2)]); cat(median(replicate(3, system.time(glm.fit(x, d[, 2], family = binomial()))[3])))' "$SCRATCH/rows/wide.csv" 2>"$SCRATCH/r.log") &&
		beside_row 'fit binomial / R glm.fit without its transfer' "$fit" "$r" 0.5
else
	echo
	echo 'Left out: R is not here.'
fi
rm -rf "$SCRATCH/rows"
