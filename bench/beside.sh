# beside.sh: sourced by the scripts that measure another program beside us.

# left_out WHY: ends the section
left_out() { echo "Left out: $1."; exit 0; }

# clock STATEMENT: the median of PASSES passes after one to warm up, in seconds;
# each in a session of its own, behind the statements in `before`
before=('SET max_parallel_workers_per_gather = 0')
clock() {
	local pass settings=() statement
	for statement in "${before[@]}"; do settings+=(-c "$statement"); done
	psql -XAtqc "$1" >/dev/null
	for pass in $(seq "$PASSES"); do
		psql -XAtq "${settings[@]}" -c '\timing on' -c "$1" | awk '/^Time:/ { print $2 / 1000 }'
	done | sort -n | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }'
}

# the table: beside_head OTHER, then beside_row WORK OURS THEIRS BAR, in seconds; a bar of - is none
beside_head() { printf '\n| work | journey, s | %s, s | ratio | bar | verdict |\n|---|--:|--:|--:|--:|---|\n' "$1"; }
beside_row() {
	awk -v w="$1" -v a="$2" -v b="$3" -v bar="$4" 'BEGIN {
		printf "| %s | %.*f | %.*f | %.*f | %s | %s |\n", w, a < 0.1 ? 4 : 2, a, b < 0.1 ? 4 : 2, b, a / b < 0.1 ? 4 : 2, a / b, bar,
			bar == "-" ? (a > b ? "we lose" : "") : a / b <= bar ? "met" : "MISSED" }'
}
