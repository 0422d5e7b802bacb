#!/usr/bin/env bash
# DuckDB, statsmodels, lifelines, lifetimes and R's survival and sandwich beside
# us, on the same rows, one after the other; prints a section for build/bench.md.  Runs
# inside a throwaway cluster, called by bench.sh.  FRAMES_PYTHON names an
# interpreter that has the packages; else each gets an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
source bench/beside.sh
before+=("SET journey.memory_limit = '1GB'")
printf '\n## DuckDB, statsmodels, lifelines, lifetimes, R\n\n'
folder=$SCRATCH/frames
mkdir -p "$folder"
rows=''
theirs() { awk -F'\t' -v what="$2" '$1 == what { print $2 }' "$folder/$1.tsv"; }
row() {	# row WORK OURS THEIRS VERSION
	rows+=$(awk -v w="$1" -v a="$2" -v b="$3" -v v="$4" 'BEGIN { printf "| %s | %s | %.3f | %.3f | %.3f |%s", w, v, a, b, a / b, (a > b ? " we lose" : "") }')' |'$'\n'
}
# peer NAME PACKAGE...: its side; false, and its name printed, where it cannot be
peer() {
	local name=$1 python=${FRAMES_PYTHON:-}
	shift
	if [ -z "$python" ]; then
		command -v python3 >/dev/null || { echo "Left out: $name, python3 is not here."; echo; return 1; }
		{ python3 -m venv "$folder/$name" && "$folder/$name/bin/pip" install -q "$@"; } >"$folder/pip.log" 2>&1 ||
			{ echo "Left out: $name, $* could not be installed."; echo; return 1; }
		python=$folder/$name/bin/python
	fi
	echo "$name" >&2
	"$python" bench/frames.py "$PASSES" "$folder" "$name" >"$folder/$name.tsv" 2>"$folder/$name.log" ||
		{ echo "Left out: $name, $(tail -1 "$folder/$name.log" | cut -c1-120)."; echo; return 1; }
}
features=$(seq -s, -f x%g 1 20)
limit=$(awk -v s="$ROWS_SCALE" 'BEGIN { printf "%d", 200000 * s }')
psql -Xqc "CREATE UNLOGGED TABLE bench.lifetimes AS
	SELECT id, round((-ln((1.000001 + bench.u(id, 71)) / 2.000002) * 400 * exp(-0.5 * x1 + 0.3 * x2))::numeric, 1)::float8 + 0.1 AS duration,
		bench.u(id, 72) < 0.4 AS event, x1, x2, x3, x4, x5 FROM bench.wide WHERE id <= $limit" \
	-c "CREATE UNLOGGED TABLE IF NOT EXISTS bench.buyers (frequency integer, recency integer, age integer)" \
	-c "CREATE UNLOGGED TABLE bench.some_buyers AS SELECT * FROM bench.buyers LIMIT $limit" \
	-c 'ANALYZE bench.lifetimes' -c 'ANALYZE bench.some_buyers'
read -r -d '' cox <<'SQL' || true
SELECT (journey.cox('SELECT duration, event, x1, x2, x3, x4, x5 FROM bench.lifetimes', 'duration', 'event')).status
SQL
read -r -d '' kaplan <<'SQL' || true
SELECT count(*) FROM journey.kaplan_meier('SELECT duration, event FROM bench.lifetimes', 'duration', 'event')
SQL
gaussian="SELECT (journey.fit('SELECT id / 5 AS key, y, $features FROM bench.wide', 'y', 'key')).status"
binomial="SELECT (journey.fit('SELECT id / 5 AS key, target, $features FROM bench.wide', 'target', 'key', family => 'binomial')).status"
if peer duckdb duckdb; then
	v=$(theirs duckdb versions)
	ours=$(psql -XAtc 'SELECT ours FROM bench.candidate WHERE id = 14')
	row 'funnel of 5 steps / the same numbers by window functions' "$(clock "$ours")" "$(theirs duckdb funnel)" "$v"
	[ "$(psql -XAtc "$ours")" = "$(theirs duckdb 'funnel answer')" ] || echo "OTHER ANSWER of the funnel: $(psql -XAtc "$ours"), theirs $(theirs duckdb 'funnel answer')"
	row 'customer_features / counts, duration and entropy by GROUP BY' "$(clock "SELECT count(*) FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM bench.events')")" "$(theirs duckdb features)" "$v"
	row 'transitions / counts and medians by lead()' "$(clock "SELECT count(*) FROM journey.transitions('SELECT customer_id, ts, touchpoint FROM bench.events')")" "$(theirs duckdb transitions)" "$v"
fi
if peer statsmodels statsmodels pandas; then
	v=$(theirs statsmodels versions)
	row 'fit gaussian / OLS, errors clustered by key' "$(clock "$gaussian")" "$(theirs statsmodels ols)" "$v"
	row 'fit binomial / GLM, errors clustered by key' "$(clock "$binomial")" "$(theirs statsmodels logit)" "$v"
fi
if peer lifelines lifelines; then
	v=$(theirs lifelines versions)
	row "cox of $limit rows, 5 features / CoxPHFitter" "$(clock "$cox")" "$(theirs lifelines cox)" "$v"
	row "kaplan_meier of $limit rows / KaplanMeierFitter" "$(clock "$kaplan")" "$(theirs lifelines kaplan_meier)" "$v"
fi
if [ "$(psql -XAtc 'SELECT count(*) FROM bench.some_buyers')" = 0 ]; then echo 'Left out: lifetimes, its customers were not made.'; echo
elif peer lifetimes lifetimes; then
	row "clv_fit bg_nbd of $limit customers / BetaGeoFitter" "$(clock "SELECT count(*) FROM journey.clv_fit('bench.some_buyers')")" "$(theirs lifetimes bg_nbd)" "$(theirs lifetimes versions)"
fi
if command -v Rscript >/dev/null; then
	psql -Xqc "\\copy (SELECT duration, event::int AS event, x1, x2, x3, x4, x5 FROM bench.lifetimes) TO '$folder/lifetimes.csv' CSV HEADER" \
		-c "\\copy (SELECT id / 5 AS key, y, $features FROM bench.wide) TO '$folder/wide.csv' CSV HEADER"
	for package in survival sandwich; do
		echo "R $package" >&2
		if Rscript bench/frames.R "$PASSES" "$folder" "$package" >"$folder/$package.tsv" 2>"$folder/R.log"; then
			v=$(theirs $package versions)
			if [ $package = survival ]; then
				row "cox of $limit rows, 5 features / coxph" "$(clock "$cox")" "$(theirs survival cox)" "$v"
				row "kaplan_meier of $limit rows / survfit" "$(clock "$kaplan")" "$(theirs survival kaplan_meier)" "$v"
			else row 'fit gaussian / lm and vcovCL, errors clustered by key' "$(clock "$gaussian")" "$(theirs sandwich ols)" "$v"; fi
		else echo "Left out: R package $package, $(tail -1 "$folder/R.log" | cut -c1-120)."; echo; fi
	done
else
	echo 'Left out: R is not here.'; echo
fi
for package in BTYD; do
	command -v Rscript >/dev/null && Rscript -e "if (!requireNamespace('$package', quietly = TRUE)) quit(status = 1)" 2>/dev/null || { echo "Not measured: R package $package is not here."; echo; }
done
echo "$(psql -XAtc 'SELECT count(*) FROM bench.events') events, $(psql -XAtc 'SELECT count(*) FROM bench.wide') rows of 20 features; medians of $PASSES passes after one to warm up, one process, one thread. Ours read the tables; theirs have the rows in memory."
echo
echo '| work: ours / theirs | theirs | ours, s | theirs, s | ratio | |'
echo '|---|---|--:|--:|--:|---|'
printf '%s' "$rows"
rm -rf "$folder"
