# timeout.sh: sourced by run.sh.  Every function that reads many rows obeys
# statement_timeout within 200 ms, whenever it strikes, and leaves nothing
# behind: the session goes on, without temporary files and with its memory.
# Prints how late each was; "-" for those that were ready earlier.
psql -Xq -v rows="$(scaled 10000000)" <<'SQL'
CREATE UNLOGGED TABLE bench.outcomes AS SELECT customer_id, ts, touchpoint, journey.fold(customer_id, 2) = 1 AS outcome FROM bench.events;
CREATE UNLOGGED TABLE bench.long AS
SELECT i / 4 AS id, x1 + x2 / 2 + bench.u(i, 4) AS y, bench.u(i, 5) < tanh(x1 - x2 / 2) AS target, x1, x2, x3
FROM generate_series(1::bigint, :rows) i, LATERAL (SELECT bench.u(i, 1) AS x1, bench.u(i, 2) AS x2, bench.u(i, 3) AS x3 OFFSET 0) f;
VACUUM (ANALYZE, FREEZE) bench.outcomes;
VACUUM (ANALYZE, FREEZE) bench.long;
SQL

try() {	# try TIMEOUT STATEMENT LIMIT : prints "SQLSTATE MILLISECONDS CONTEXTS GROWTH FILES"
	psql -XAtq -F ' ' 2>/dev/null <<SQL
SET journey.memory_limit = '$3';
SELECT sum(total_bytes) AS before FROM pg_backend_memory_contexts \gset
SET statement_timeout = $1;
\timing on
$2;
\timing off
\set code :SQLSTATE
SET statement_timeout = 0;
SELECT 'after', :'code', count(*) FILTER (WHERE name ~ '^(journey|customer features|lint events)'),
	sum(total_bytes) - :before, (SELECT count(*) FROM pg_ls_tmpdir()) FROM pg_backend_memory_contexts;
SQL
}
late() {	# late NAME STATEMENT [LIMIT [WORD]]
	local name=$1 statement=$2 limit=${3:-64MB} worst=0 line='' after out ms code contexts growth files over left=''
	have "$name" || return 0
	for after in ${AFTERS:-20 300 1000 3000 9000}; do
		out=$(try "$after" "$statement" "$limit")
		ms=$(sed -n 's/^Time: \([0-9]*\)\..*/\1/p' <<<"$out" | tail -1)
		read -r _ code contexts growth files <<<"$(grep '^after ' <<<"$out")"
		over=-
		case ${code:-gone} in
			57014) over=$((ms - after)) ;;
			00000) ;;
			*) left="$left error:$code" ;;
		esac
		[ "${contexts:-0}" = 0 ] || left="$left contexts:$contexts"
		[ "${growth:-0}" -lt 4000000 ] || left="$left bytes:$growth"
		[ "${files:-0}" = 0 ] || left="$left files:$files"
		[ "$over" = - ] || [ "$over" -le "$worst" ] || worst=$over
		line="$line $(printf '%6s' "$over")"
	done
	printf '# %-28s %s ms late\n' "$name${4:+ ($4)}" "$line"
	[ "$worst" -le 200 ]; point $? "$name${4:+ ($4)} ends within 200 ms of statement_timeout (worst: $worst ms)"
	[ -z "$left" ]; point $? "$name${4:+ ($4)} leaves a session as it was$left"
}
# About ten million rows a result: the server itself needs a while to remove the
# gigabytes that a larger one leaves in its temporary file.
events="SELECT customer_id, ts, touchpoint FROM bench.events"
late lint_events "SELECT count(*) FROM journey.lint_events('$events')"
late customer_features "SELECT count(*) FROM journey.customer_features('$events')"
late customer_features "SELECT count(*) FROM journey.customer_features('$events')" 4GB 'in memory'
late customer_features "SELECT count(*) FROM journey.customer_features('SELECT 1 AS customer_id, ts, touchpoint FROM bench.events')" 4GB 'one customer'
late features_agg "SELECT max((f).n_events) FROM (SELECT journey.features_agg(touchpoint, ts) AS f FROM bench.events GROUP BY customer_id % 3) s"
late path_agg "SELECT sum(cardinality(p)) FROM (SELECT journey.path_agg(touchpoint, ts) AS p FROM bench.events GROUP BY customer_id % 3) s"
late assign_folds "SELECT count(*) FROM journey.assign_folds('SELECT customer_id FROM bench.events', 'customer_id', 10)"
late fit "SELECT count(journey.fit('bench.long', 'y', 'id', ARRAY['x1', 'x2', 'x3']))" 64MB gaussian
late fit "SELECT count(journey.fit('bench.long', 'target', 'id', ARRAY['x1', 'x2', 'x3'], family => 'binomial'))" 64MB binomial
late fit "SELECT count(journey.fit('bench.long', 'target', NULL, ARRAY['x1', 'x2', 'x3'], family => 'binomial'))" 4GB 'in memory'
late fit_logistic "SELECT journey.fit_logistic(target, ARRAY[x1, x2, x3]) IS NULL FROM bench.long"
late moments_agg "SELECT cardinality((journey.moments_agg(id % 500000, y, ARRAY[x1, x2, x3])).cells) FROM bench.long"
late cross_validate_moments "SELECT count(*) FROM (SELECT journey.moments_agg(id % 2000, y, ARRAY[x1, x2, x3]) AS m FROM bench.long) s, journey.cross_validate_moments(m, alpha => 1, k => 100, repeats => 200)"
late cross_validate "SELECT count(*) FROM journey.cross_validate('bench.long', 'target', 'id', ARRAY['x1', 'x2', 'x3'], family => 'binomial')"
late cross_validate "SELECT count(*) FROM journey.cross_validate('bench.wide', 'target', 'id', ARRAY['x1', 'x2', 'x3', 'x4', 'x5', 'x6'], family => 'binomial', folds => 'ntile', repeats => 5)" 4GB 'in memory'
late out_of_fold "SELECT count(*) FROM journey.out_of_fold('bench.long', 'target', 'id', ARRAY['x1', 'x2', 'x3'], family => 'binomial')"
late auc "SELECT journey.auc(x1, target) FROM bench.long"
late auc_ci "SELECT journey.auc_ci(x1, target) FROM bench.long"
late auc_ci "SELECT journey.auc_ci(x1, target, id::text) FROM bench.long" 64MB clustered
late chaos_share "SELECT count(*) FROM journey.chaos_share('bench.outcomes', 'outcome')"
late simulate_events "SELECT count(*) FROM journey.simulate_events(1500000)"
columns='x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20'
wide="SELECT id, target, $columns FROM bench.wide"
late fit "SELECT count(journey.fit('SELECT id, y, $columns FROM bench.wide', 'y', 'id'))" 64MB 'gaussian, 20 features'
late fit "SELECT count(journey.fit('$wide', 'target', 'id', family => 'binomial'))" 64MB 'binomial, 20 features'
late cross_validate "SELECT count(*) FROM journey.cross_validate('$wide', 'target', 'id', family => 'binomial')" 64MB '20 features'
late fit_trees "SELECT count(journey.fit_trees('$wide', 'target', 'id', family => 'binomial', early_stopping => 5))" 64MB '20 features'
late out_of_fold "SELECT count(*) FROM journey.out_of_fold('$wide', 'target', 'id', family => 'binomial')" 64MB '20 features'
late funnel "SELECT count(*) FROM journey.funnel('$events', ARRAY['order placed', 'shipped', 'delivered', 'chat', 'refund'], '7 days')"
late funnel "SELECT count(*) FROM journey.funnel('SELECT 1 AS customer_id, ts, touchpoint FROM bench.events', ARRAY['order placed', 'shipped', 'delivered', 'chat', 'refund'], '7 days', 'any_order')" 4GB 'one customer, any order'
late funnel_customers "SELECT count(*) FROM journey.funnel_customers('$events', ARRAY['order placed', 'shipped', 'delivered'], '7 days')"
late window_funnel "SELECT sum(l) FROM (SELECT journey.window_funnel('7 days', ts, touchpoint = 'order placed', touchpoint = 'shipped', touchpoint = 'chat') AS l FROM bench.events GROUP BY customer_id % 3) s"
late sequence_count "SELECT sum(c) FROM (SELECT journey.sequence_count('(?1).*(?t<=86400)(?2)', ts, touchpoint = 'order placed', touchpoint = 'chat') AS c FROM bench.events GROUP BY customer_id % 3) s"
late transitions "SELECT count(*) FROM journey.transitions('$events')"
late transitions "SELECT count(*) FROM journey.transitions('SELECT 1 AS customer_id, ts, ''same'' AS touchpoint FROM bench.events')" 4GB 'one pair'
late sankey "SELECT count(*) FROM journey.sankey('$events')"
late paths "SELECT count(*) FROM journey.paths('$events', top => 10)"
late outcome_map "SELECT count(*) FROM journey.outcome_map('bench.outcomes', 'outcome')"
late attribution "SELECT count(*) FROM journey.attribution('$events', 'refund')"
late patterns "SELECT count(*) FROM journey.patterns('bench.outcomes', 'outcome', max_gap => 2)"
late sessions "SELECT count(*) FROM journey.sessions('$events', '30 days')"
late cohort_retention "SELECT count(*) FROM journey.cohort_retention('$events', 'order placed', 'chat', '1 day', 30)"
late lifecycle "SELECT count(*) FROM journey.lifecycle('$events', '1 day')"
late support_metrics "SELECT count(*) FROM journey.support_metrics('$events', '{\"created\": \"order placed\", \"agent_reply\": \"agent reply\", \"solved\": \"refund\"}')"
late rfm "SELECT count(*) FROM journey.rfm('$events', 'order placed', '1 day')"
late nps "SELECT journey.nps(floor(5 + 5 * x1), id::text) FROM bench.long" 64MB clustered
late kaplan_meier "SELECT count(*) FROM journey.kaplan_meier('SELECT abs(x1) AS t, target AS e FROM bench.long', 't', 'e')"
late cox "SELECT count(journey.cox('SELECT abs(x1) AS t, target AS e, x2, x3 FROM bench.long', 't', 'e'))" 4GB
late fit "SELECT count(journey.fit('SELECT id, floor(abs(y)) AS n, x1, x2, x3 FROM bench.long', 'n', 'id', family => 'poisson'))" 64MB poisson
late fit "SELECT count(journey.fit('SELECT id, floor(abs(y)) AS n, x1, x2, x3 FROM bench.long', 'n', 'id', family => 'negative_binomial'))" 64MB 'negative binomial'
late fit "SELECT count(journey.fit('SELECT id, floor(abs(y)) AS n, x1, x2, x3 FROM bench.long', 'n', 'id', family => 'ordinal'))" 64MB ordinal
late fit "SELECT count(journey.fit('bench.long', 'target', 'id', ARRAY['x1', 'x2', 'x3'], family => 'binomial', penalty => 'firth'))" 64MB Firth
late fit "SELECT count(journey.fit('$wide', 'target', 'id', family => 'binomial', penalty => 'lasso', lambda => 0.01))" 64MB 'binomial, lasso'
late fit_trees "SELECT count(journey.fit_trees('SELECT id, y, $columns FROM bench.wide', 'y', 'id'))" 4GB
late rolling_origin "SELECT count(*) FROM journey.rolling_origin('SELECT customer_id, ts, ts + interval ''1 day'' AS done FROM bench.events WHERE customer_id % 30 = 0', 'customer_id', 'ts', 'done', '5 days', '5 days')" 4GB
late purged_folds "SELECT count(*) FROM journey.purged_folds('SELECT customer_id, ts, ts + interval ''1 day'' AS done FROM bench.events WHERE customer_id % 10 = 0', 'customer_id', 'ts', 'done', 5, '1 day')" 4GB
late fold_report "SELECT count(*) FROM journey.fold_report('SELECT customer_id, journey.fold(customer_id, 10) AS fold FROM bench.events WHERE customer_id % 3 = 0', 'customer_id', 'fold')" 4GB
late leakage_check "SELECT count(*) FROM journey.leakage_check('SELECT id, journey.fold(id, 10) AS fold, target, x1, x2, x3, now() AS decided_at FROM bench.long WHERE id % 3 = 0', 'id', 'fold', 'target', 'decided_at', '{x1,x2,x3}')" 4GB
late connected_components "SELECT count(*) FROM journey.connected_components('SELECT id AS a, id / 2 AS b FROM bench.long WHERE id % 3 = 0')" 4GB
late roc "SELECT count(*) FROM journey.roc('SELECT x1 AS predicted, target AS observed FROM bench.long WHERE id % 3 = 0')" 4GB
late gains "SELECT count(*) FROM journey.gains('SELECT x1 AS predicted, target AS observed FROM bench.long')" 4GB
late auc_difference "SELECT count(*) FROM journey.auc_difference('SELECT x1 AS a, x2 AS b, target AS observed, id AS cluster FROM bench.long')" 4GB
late average_precision_ci "SELECT journey.average_precision_ci(x1, target) FROM bench.long" 4GB
late concordance_ci "SELECT journey.concordance_ci(x1, abs(x2), target) FROM bench.long" 4GB
late betting_sequence "SELECT journey.betting_sequence(x1, -1, 1) FROM bench.long" 4GB
late compare_models "SELECT count(*) FROM journey.compare_models('$wide', 'target', 'id', '{\"a\": {\"features\": [\"x1\", \"x2\"]}, \"b\": {}}', family => 'binomial')"
late nested_cv "SELECT count(*) FROM journey.nested_cv('SELECT id, y, $columns FROM bench.wide', 'y', 'id', penalty => 'lasso')"
dealt="SELECT id, y, x1, x2, x3, CASE WHEN journey.fold(id, 3) = 1 THEN ''a'' WHEN x1 > 0 THEN ''b'' ELSE ''c'' END AS way FROM bench.long"
late compare_strategies "SELECT count(*) FROM journey.compare_strategies('$dealt', 'y', 'way', 'id', '{x2,x3}')"
late compare_strategies "SELECT count(*) FROM journey.compare_strategies('$dealt', 'y', 'way', 'id', '{x2,x3}', method => 'lin')" 64MB lin
late strategy_scores "SELECT count(*) FROM journey.strategy_scores('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late learn_policy "SELECT count(*) FROM journey.learn_policy('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late uplift_groups "SELECT count(*) FROM journey.uplift_groups('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late overlap_report "SELECT count(*) FROM journey.overlap_report('$dealt WHERE id % 3 = 0', 'y', 'way', 'id', '{x2,x3}')" 4GB
late strategy_checks "SELECT count(*) FROM journey.strategy_checks('$dealt', 'y', 'way', 'id', '{x2,x3}')"
late policy_value "SELECT count(*) FROM journey.policy_value('SELECT row_number, id AS key, way AS strategy, y AS score, (x1 > 0) = (way = ''b'') AS chosen FROM (SELECT row_number() OVER () AS row_number, id, y, x1 FROM bench.long WHERE id % 3 = 0) r, (VALUES (''b''), (''c'')) v(way)')" 4GB
late qini "SELECT count(*) FROM journey.qini('SELECT x1 AS priority, y AS score, id AS cluster FROM bench.long WHERE id % 3 = 0')" 4GB
late qini_area "SELECT count(*) FROM journey.qini_area('SELECT x1 AS priority, target AS treated, y AS outcome FROM bench.long WHERE id % 3 = 0')" 4GB
