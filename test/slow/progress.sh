# progress.sh: sourced by run.sh.  R-PROG-1, R-PROG-2: a long call reports at
# most once a second, a second after its begin, and only when asked to.
# (fewer rows, more repeats: the call must take seconds at every scale)
repeats=$(awk -v s="$ROWS_SCALE" 'BEGIN { r = int(0.5 / s); print (r < 3 ? 3 : (r > 200 ? 200 : r)) }')
notices() {	# notices on|off : the messages of a long call, then "ms N"
	psql -XAtq 2>&1 <<SQL
SET journey.progress = $1;
\timing on
SELECT count(*) FROM journey.cross_validate('bench.long', 'target', 'id', ARRAY['x1', 'x2', 'x3'], family => 'binomial', repeats => $repeats);
\timing off
SELECT count(*) FROM journey.lint_events('SELECT * FROM bench.events LIMIT 1000');
SQL
}
if have cross_validate; then
	out=$(notices on)
	ms=$(sed -n 's/^Time: \([0-9]*\)\..*/\1/p' <<<"$out")
	count=$(grep -c 'NOTICE:' <<<"$out")
	# a source that takes seconds whatever the machine (read to its end: a pipe
	# closed at the first notice would fail by its signal)
	reading=$(psql -XAtq -c 'SET journey.progress = on' -c "SELECT count(*) FROM journey.assign_folds('SELECT i AS id FROM generate_series(1, 4000) i WHERE pg_sleep(0.0008)::text IS NOT NULL', 'id', 2)" 2>&1)
	grep -q 'NOTICE:  reading the source: [0-9]* rows' <<<"$reading"; point $? "reading reports rows"
	grep -q 'NOTICE:  cross-validation: [0-9.]* s' <<<"$out"; point $? "cross-validation reports seconds"
	[ "$count" -ge 1 ] && [ "$count" -le $((ms / 1000)) ]; point $? "at most one notice a second ($count in $ms ms)"
	! sed '1,/^Time:/d' <<<"$out" | grep -q NOTICE; point $? "a short call says nothing"
	! notices off | grep -q NOTICE; point $? "nothing is said with journey.progress off"
	out=$(psql -XAtq 2>&1 <<'SQL'
SET journey.progress = on;
SET statement_timeout = 3000;
SELECT count(*) FROM journey.cross_validate('bench.long', 'target', 'id', ARRAY['x1', 'x2', 'x3'], family => 'binomial', repeats => 100);
SET statement_timeout = 0;
\echo cancelled
SELECT count(journey.fit('SELECT * FROM bench.long LIMIT 100000', 'y', NULL, ARRAY['x1', 'x2']));
SQL
	)
	! sed '1,/^cancelled/d' <<<"$out" | grep -q NOTICE; point $? "a cancelled call is not reported on later"
fi
