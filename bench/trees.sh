#!/usr/bin/env bash
# LightGBM beside fit_trees, on the same rows, in turn; prints a section for
# build/bench.md.  Runs inside a throwaway cluster, called by bench.sh.
# LIGHTGBM_PYTHON names a Python that has lightgbm; else it comes by pip.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/beside.sh
printf '\n## Boosted trees\n\n'
[ "$(psql -XAtc "SELECT bench.has('fit_trees')")" = t ] || left_out 'fit_trees is not built yet'
python=${LIGHTGBM_PYTHON:-}
if [ -z "$python" ]; then
	command -v python3 >/dev/null || left_out 'python3 is not here'
	python3 -m venv "$SCRATCH/lightgbm" >"$SCRATCH/venv.log" 2>&1 || left_out 'python3-venv is not here'
	"$SCRATCH/lightgbm/bin/pip" install -q lightgbm >"$SCRATCH/pip.log" 2>&1 || left_out 'the package lightgbm could not be installed'
	python=$SCRATCH/lightgbm/bin/python
fi
psql -Xqc 'CREATE UNLOGGED TABLE bench.trees AS
	SELECT x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20,
		3 * x1 * x2 + sin(5 * x3) + CASE WHEN x4 > 0 THEN x5 ELSE 0 END + y AS y, target::integer AS target FROM bench.wide'
psql -Xqc 'VACUUM ANALYZE bench.trees' -c "\\copy bench.trees TO '$SCRATCH/trees.csv' CSV"
rows=$(psql -XAtc 'SELECT count(*) FROM bench.trees')
echo "fit_trees and LightGBM on $rows rows" >&2
for pass in $(seq "$PASSES"); do
	for family in gaussian binomial; do
		target=$([ $family = gaussian ] && echo y || echo target)
		psql -XAtq -v target="$target" -v family="$family" -f bench/trees.sql
		"$python" bench/trees.py "$SCRATCH/trees.csv" "$family" 2>"$SCRATCH/trees.log" || left_out "lightgbm failed: $(tail -1 "$SCRATCH/trees.log")"
	done
done >"$SCRATCH/trees.tsv"
rm -f "$SCRATCH/trees.csv"
psql -Xqc 'CREATE TABLE bench.trees_seconds (who text, family text, seconds float8, loss float8)' \
	-c "\\copy bench.trees_seconds FROM '$SCRATCH/trees.tsv'"
echo "$rows rows of 20 features, 100 trees of depth 6, medians of $PASSES passes in turn. fit_trees reads the table; LightGBM has it in memory,"
echo 'one thread, dataset and training. Bar: twice its time.'
echo
echo '| family | fit_trees, s | LightGBM, s | ratio | bar | verdict | loss of both in training |'
echo '|---|---|---|---|---|---|---|'
psql -XAtc "SELECT format('| %s | %s | %s | %s | 2.00 | %s | %s, %s |', family, round(o::numeric, 2), round(l::numeric, 2), round((o / l)::numeric, 2), CASE WHEN o <= 2 * l THEN 'met' ELSE 'MISSED' END, ol, ll)
	FROM (SELECT family, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE who = 'fit_trees') AS o,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE who <> 'fit_trees') AS l,
		min(loss) FILTER (WHERE who = 'fit_trees') AS ol, min(loss) FILTER (WHERE who <> 'fit_trees') AS ll
		FROM bench.trees_seconds GROUP BY 1) x ORDER BY family"
