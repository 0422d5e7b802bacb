-- strategy_checks and overlap_report against plain SQL over the same rows, and
-- data that must not pass.
BEGIN;
\ir lib/close.psql
SELECT plan(55);
SET LOCAL jit = off;
SET LOCAL client_min_messages = error;

-- 4,000 rows over four weeks: shares 40, 30, 30; logged propensity e depends on x1.
CREATE TEMP TABLE rows AS SELECT *, CASE WHEN u < ea THEN 'a' WHEN u < ea + 0.3 THEN 'b' ELSE 'c' END AS strategy, CASE WHEN u < ea THEN ea WHEN u < ea + 0.3 THEN 0.3 ELSE 0.7 - ea END AS e
	FROM (SELECT i, i / 2 AS customer, journey.fold(i, 1000, 1) / 1000.0 AS u, x1, journey.fold(i, 1000, 3) / 1000.0 AS x2, 0.2 + 0.4 * x1 AS ea, x1 + journey.fold(i, 1000, 4) / 500.0 AS y,
		timestamptz '2024-01-01 00:00+00' + i % 28 * interval '1 day' + interval '30 minutes' AS decided FROM (SELECT i, journey.fold(i, 1000, 2) / 1000.0 AS x1 FROM generate_series(1, 4000) i) r) s;
CREATE TEMP TABLE seen AS SELECT i, customer, strategy, e, x1, x2, decided, decided + interval '10 days' AS matured,
	CASE WHEN i % 11 = 0 AND strategy = 'b' OR i % 23 = 0 THEN NULL ELSE y END AS y,
	CASE WHEN i % 50 = 0 THEN decided + interval '1 second' WHEN i % 7 = 0 THEN NULL ELSE decided END AS eligible FROM rows;
CREATE TEMP TABLE c AS SELECT * FROM journey.strategy_checks('seen', 'y', 'strategy', NULL, '{x1,x2}', propensity => 'e', planned => '{"a":4,"b":3,"c":3}', decided_at => 'decided', matured_at => 'matured', eligible_at => 'eligible', as_of => '2024-02-03');

-- sample ratio
SELECT pg_temp.numbers_are('SELECT array_agg(n ORDER BY strategy) FROM c WHERE check_name = ''sample_ratio''', (SELECT array_agg(n ORDER BY strategy) FROM (SELECT strategy, count(*)::float8 AS n FROM rows GROUP BY 1) s), 'all rows', 0);
CREATE FUNCTION pg_temp.ratio(n bigint[]) RETURNS float8[] LANGUAGE sql AS $$ SELECT ARRAY[t.statistic, t.p_value] FROM journey.srm_test(n, '{4,3,3}') t $$;
SELECT pg_temp.numbers_are('SELECT ARRAY[min(statistic), min(p_value), max(statistic), max(p_value)] FROM c WHERE check_name = ''sample_ratio''', t || t, 'its test, the same in every row', 1e-12) FROM (SELECT pg_temp.ratio(array_agg(n ORDER BY strategy)) AS t FROM (SELECT strategy, count(*) AS n FROM rows GROUP BY 1) s) s;
SELECT pg_temp.numbers_are('SELECT array_agg(expected ORDER BY strategy) FROM c WHERE check_name = ''sample_ratio''', '{1600,1200,1200}', 'what was planned');
SELECT pg_temp.numbers_are('SELECT ARRAY[min(statistic), min(p_value)] FROM c WHERE check_name = ''sample_ratio_analysed''', pg_temp.ratio(array_agg(n ORDER BY strategy)), 'analysed rows', 1e-12) FROM (SELECT strategy, count(*) AS n FROM seen WHERE y IS NOT NULL AND matured < '2024-02-03' GROUP BY 1) s;
CREATE TEMP TABLE weekly AS SELECT week, array_agg(n ORDER BY strategy) AS n FROM (SELECT date_trunc('week', decided, 'UTC') AS week, strategy, count(*) AS n FROM rows GROUP BY 1, 2) s GROUP BY 1;
SELECT pg_temp.numbers_are('SELECT array_agg(n ORDER BY week, strategy) FROM c WHERE check_name = ''sample_ratio_week''', (SELECT array_agg(v ORDER BY week, o) FROM weekly, unnest(n) WITH ORDINALITY u(v, o)), 'rows by week', 0);
SELECT pg_temp.holds($$SELECT array_agg(DISTINCT week) = (SELECT array_agg(week ORDER BY week) FROM weekly) FROM c WHERE check_name = 'sample_ratio_week'$$, 'weeks begin on Mondays, UTC');
SELECT pg_temp.numbers_are('SELECT array_agg(statistic ORDER BY week) || array_agg(p_value ORDER BY week) FROM c WHERE check_name = ''sample_ratio_week'' AND strategy = ''a''',
	(SELECT array_agg(s ORDER BY week) || journey.fdr(array_agg(p ORDER BY week)) FROM (SELECT week, (pg_temp.ratio(n))[1] AS s, (pg_temp.ratio(n))[2] AS p FROM weekly) w), 'tests by week, adjusted over weeks', 1e-12);
SELECT pg_temp.holds($$SELECT bool_and(status = 'ok' AND threshold = 0.0005 AND (week IS NOT NULL) = (check_name = 'sample_ratio_week')) AND count(*) = 18 FROM c WHERE check_name LIKE 'sample%'$$, 'a fair deal passes');
-- outcomes and eligibility
SELECT pg_temp.numbers_are('SELECT array_agg(n ORDER BY strategy) FROM c WHERE check_name = ''missing_outcome''', (SELECT array_agg(n ORDER BY strategy) FROM (SELECT strategy, count(*) FILTER (WHERE y IS NULL AND matured < '2024-02-03')::float8 AS n FROM seen GROUP BY 1) s), 'missing outcomes of rows that are due', 0);
SELECT pg_temp.numbers_are('SELECT ARRAY[min(statistic)] || array_agg(expected ORDER BY strategy) FROM c WHERE check_name = ''missing_outcome''', (SELECT ARRAY[sum((m - n * s) ^ 2 / (n * s * (1 - s)))::float8] || array_agg((n * s)::float8 ORDER BY strategy)
	FROM (SELECT strategy, m, n, (sum(m) OVER () / sum(n) OVER ())::float8 AS s FROM (SELECT strategy, count(*) FILTER (WHERE y IS NULL) AS m, count(*) AS n FROM seen WHERE matured < '2024-02-03' GROUP BY 1) q) q), 'their test', 1e-12);
SELECT pg_temp.holds($$SELECT bool_and(status = 'unequal_missing' AND p_value < 0.0005) AND max(detail) FILTER (WHERE strategy = 'b') ~ '^1[0-9.]+ % of [0-9]+ rows that are due have no outcome' FROM c WHERE check_name = 'missing_outcome'$$, 'b lost more outcomes than the others');
SELECT pg_temp.numbers_are('SELECT array_agg(n ORDER BY strategy) FROM c WHERE check_name = ''immature_outcome'' AND status = ''immature''', (SELECT array_agg(n ORDER BY strategy) FROM (SELECT strategy, count(*) FILTER (WHERE matured >= '2024-02-03')::float8 AS n FROM seen GROUP BY 1) s), 'immature outcomes', 0);
SELECT pg_temp.numbers_are('SELECT array_agg(n ORDER BY strategy) || min(statistic) || min(threshold) FROM c WHERE check_name = ''late_eligibility'' AND status = ''late_eligibility''', (SELECT array_agg(n ORDER BY strategy) || '{0.02,0.01}' FROM (SELECT strategy, count(*) FILTER (WHERE i % 50 = 0)::float8 AS n FROM seen GROUP BY 1) s), 'eligible after the decision', 1e-12);
-- overlap
CREATE TEMP TABLE o AS SELECT * FROM journey.overlap_report('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, '{x1,x2}', propensity => 'e');
CREATE TEMP TABLE w AS SELECT *, 1 / e AS w FROM seen WHERE y IS NOT NULL;
SELECT pg_temp.numbers_are(format('SELECT array_agg(%s ORDER BY strategy) FROM o', f), v, f, 1e-9) FROM (SELECT array_agg(n ORDER BY strategy) AS n, array_agg(ess ORDER BY strategy) AS ess, array_agg(ess / n ORDER BY strategy) AS share, array_agg(s / (SELECT count(*) FROM w) ORDER BY strategy) AS mean, array_agg(m ORDER BY strategy) AS m, array_agg(m / s ORDER BY strategy) AS ms,
		array_agg(low ORDER BY strategy) AS low, array_agg(p05 ORDER BY strategy) AS p05, array_agg(med ORDER BY strategy) AS med, array_agg(b ORDER BY strategy) AS b, array_agg(top ORDER BY strategy) AS top
	FROM (SELECT strategy, count(*)::float8 AS n, (sum(w) ^ 2 / sum(w ^ 2))::float8 AS ess, sum(w)::float8 AS s, max(w)::float8 AS m, min(e)::float8 AS low, percentile_cont(0.05) WITHIN GROUP (ORDER BY e) AS p05, percentile_cont(0.5) WITHIN GROUP (ORDER BY e) AS med,
		(count(*) FILTER (WHERE e < 0.05) / count(*)::float8) AS b, (sum(w) FILTER (WHERE r <= ceil(0.01 * total)) / sum(w))::float8 AS top FROM (SELECT *, row_number() OVER (PARTITION BY strategy ORDER BY w DESC) AS r, count(*) OVER (PARTITION BY strategy) AS total FROM w) w GROUP BY 1) s) s,
	LATERAL (VALUES ('n', n), ('ess', ess), ('ess_share', share), ('weight_mean', mean), ('max_weight', m), ('max_weight_share', ms), ('propensity_min', low), ('propensity_p05', p05), ('propensity_median', med), ('share_below_005', b), ('top1_share', top)) f(f, v);
CREATE TEMP TABLE smd AS SELECT s.strategy, f, abs(s.m - b.m) / sqrt((s.v + b.v) / 2) AS before, abs(s.wm - b.wm) / sqrt((s.v + b.v) / 2) AS after
	FROM (SELECT strategy, f, avg(x) AS m, sum(w * x) / sum(w) AS wm, var_samp(x) AS v FROM w, LATERAL (VALUES ('x1', x1), ('x2', x2)) l(f, x) GROUP BY 1, 2) s JOIN (SELECT f, avg(x) AS m, sum(w * x) / sum(w) AS wm, var_samp(x) AS v FROM w, LATERAL (VALUES ('x1', x1), ('x2', x2)) l(f, x) WHERE strategy = 'a' GROUP BY 1) b USING (f) WHERE s.strategy <> 'a';
SELECT pg_temp.numbers_are('SELECT array_agg(max_smd_before ORDER BY strategy) || array_agg(max_smd_after ORDER BY strategy) FROM o WHERE strategy <> ''a''', (SELECT array_agg(b ORDER BY strategy) || array_agg(a ORDER BY strategy) FROM (SELECT strategy, max(before)::float8 AS b, max(after)::float8 AS a FROM smd GROUP BY 1) s), 'standardised differences', 1e-9);
SELECT pg_temp.holds($$SELECT array_agg(worst_feature ORDER BY strategy) = (SELECT array_agg(f ORDER BY strategy) FROM (SELECT DISTINCT ON (strategy) strategy, f FROM smd ORDER BY strategy, after DESC) s) FROM o WHERE strategy <> 'a'$$, 'the worst feature');
SELECT pg_temp.holds($$SELECT bool_and(status = 'ok' AND n_keys = n AND max_smd_before > 0.1 OR strategy = 'a' AND status = 'ok') FROM o$$, 'good propensities balance');
SELECT pg_temp.holds($$SELECT bool_and(c.statistic = o.ess AND c.threshold = 50 AND c.status = 'ok') AND count(*) = 3 FROM journey.strategy_checks('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, '{x1,x2}', propensity => 'e') c JOIN o USING (strategy) WHERE check_name = 'overlap'$$, 'checks show the same overlap');
SELECT pg_temp.holds($$SELECT bool_and(c.statistic = o.max_smd_after AND c.detail ~ o.worst_feature) AND count(*) = 3 FROM journey.strategy_checks('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, '{x1,x2}', propensity => 'e') c JOIN o USING (strategy) WHERE check_name = 'balance'$$, 'and balance');
-- estimated propensities are those of the scores
SELECT pg_temp.numbers_are($$SELECT array_agg(propensity_median ORDER BY strategy) || array_agg(propensity_min ORDER BY strategy) || array_agg(ess ORDER BY strategy) FROM journey.overlap_report('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', 'customer', '{x1,x2}', repeats => 1)$$,
	(SELECT array_agg(med ORDER BY strategy) || array_agg(low ORDER BY strategy) || array_agg(ess ORDER BY strategy) FROM (SELECT strategy, percentile_cont(0.5) WITHIN GROUP (ORDER BY propensity) AS med, min(propensity) AS low, sum(1 / propensity) FILTER (WHERE assigned) ^ 2 / sum(1 / propensity ^ 2) FILTER (WHERE assigned) AS ess
		FROM journey.strategy_scores('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', 'customer', '{x1,x2}', repeats => 1) GROUP BY 1) s), 'estimated propensities are those of strategy_scores', 1e-12);
SELECT pg_temp.holds($$SELECT bool_and(ess = n AND abs(weight_mean - 1) < 1e-12 AND propensity_min = propensity_median AND status = 'ok' AND worst_feature IS NULL) FROM journey.overlap_report('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, method => 'difference')$$, 'constant shares');
SELECT pg_temp.holds($$SELECT bool_and(status = 'weak_overlap' AND worst_feature = 'x1' AND abs(max_smd_after - max_smd_before) < 1e-12) FROM journey.overlap_report('SELECT * FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, '{x2,x1}', method => 'difference') WHERE strategy <> 'a'$$, 'constant shares of what was not dealt at random');
-- what must not pass
SELECT pg_temp.holds($$SELECT bool_and(status = 'sample_ratio' AND p_value < 0.0005 AND detail ~ 'do not read effects') FROM journey.strategy_checks('seen', 'y', 'strategy', NULL, planned => '{"a":1,"b":1,"c":1}') WHERE check_name LIKE 'sample%'$$, 'a broken deal');
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE status = 'sample_ratio') = 3 AND bool_and(status = 'ok' OR week = '2024-01-15 00:00+00') AND count(*) = 12
	FROM journey.strategy_checks('SELECT * FROM seen WHERE NOT (i % 4 = 0 AND strategy = ''a'' AND decided >= ''2024-01-15 00:00+00'' AND decided < ''2024-01-22 00:00+00'') ', 'y', 'strategy', NULL, planned => '{"a":4,"b":3,"c":3}', decided_at => 'decided') WHERE check_name = 'sample_ratio_week'$$, 'one broken week is found');
SELECT pg_temp.holds($$SELECT bool_and(status = 'too_few' AND p_value IS NULL) AND count(*) = 84 FROM journey.strategy_checks('SELECT *, ''2024-01-01''::timestamptz + i % 28 * interval ''30 weeks'' AS long FROM seen WHERE i < 400', 'y', 'strategy', NULL, planned => '{"a":4,"b":3,"c":3}', decided_at => 'long') WHERE check_name = 'sample_ratio_week'$$, 'weeks with too few rows are not tested');
SELECT pg_temp.holds($$SELECT bool_and(status = 'not_tested' AND statistic IS NULL AND p_value IS NULL) AND count(*) = 12 FROM journey.strategy_checks('seen', 'y', 'strategy', NULL) WHERE check_name IN ('sample_ratio', 'sample_ratio_analysed', 'immature_outcome', 'late_eligibility')$$, 'what was not asked for is not tested');
SELECT pg_temp.holds($$SELECT max(status) FILTER (WHERE strategy = 'c') = 'too_few' AND max(status) FILTER (WHERE strategy = 'a') = 'ok' FROM journey.strategy_checks('SELECT * FROM seen WHERE strategy <> ''c'' OR i < 20', 'y', 'strategy', NULL) WHERE check_name = 'keys'$$, 'fewer rows than folds');
SELECT pg_temp.holds($$SELECT bool_and(status = 'no_overlap') FROM journey.overlap_report('SELECT *, (strategy = ''a'')::int + x2 / 100 AS tell FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, '{tell}') WHERE strategy = 'a'$$, 'a feature that determines the strategy');
SELECT pg_temp.holds($$SELECT bool_and(status = 'weak_overlap' AND detail ~ '5 %') FROM journey.strategy_checks('SELECT *, CASE WHEN i = 17 THEN 0.004 ELSE e END AS e2 FROM seen WHERE y IS NOT NULL', 'y', 'strategy', NULL, propensity => 'e2') WHERE check_name = 'overlap' AND strategy = (SELECT strategy FROM seen WHERE i = 17)$$, 'one heavy row');
-- whole customers are dealt: counts of rows spread more
CREATE TEMP TABLE houses AS SELECT r.i, r.customer, CASE WHEN journey.fold(customer, 1000, 8) < 500 THEN 'a' ELSE 'b' END AS strategy, r.y, r.x1 FROM (SELECT *, i / 20 AS house FROM rows) r;
SELECT pg_temp.numbers_are($$SELECT ARRAY[min(statistic)] FROM journey.strategy_checks('houses', 'y', 'strategy', 'customer', planned => '{"a":1,"b":1}') WHERE check_name = 'sample_ratio'$$,
	(SELECT ARRAY[(journey.srm_test(ARRAY[count(*) FILTER (WHERE strategy = 'a'), count(*) FILTER (WHERE strategy = 'b')])).statistic / (SELECT (sum(n ^ 2) / sum(n))::float8 FROM (SELECT count(*) AS n FROM houses GROUP BY customer) s)] FROM houses), 'keys dealt as a whole: the design effect', 1e-12);
SELECT pg_temp.holds($$SELECT bool_and(status = 'unequal_missing') FILTER (WHERE check_name = 'missing_outcome') AND max(status) FILTER (WHERE check_name = 'keys' AND strategy = '1') = 'too_few' AND bool_and(statistic = 0) FILTER (WHERE check_name = 'overlap' AND strategy = '1')
	FROM journey.strategy_checks('SELECT i, i % 2 AS s, CASE WHEN i % 2 = 0 THEN i END AS y FROM generate_series(1, 100) i', 'y', 's', NULL, '{i}')$$, 'a strategy without any outcome');
SELECT pg_temp.holds($$SELECT array_agg(status ORDER BY strategy) = '{no_overlap,too_few}' OR array_agg(status ORDER BY strategy) = '{ok,too_few}' FROM journey.overlap_report('SELECT i, i % 2 AS s, CASE WHEN i % 2 = 0 THEN i END AS y FROM generate_series(1, 100) i', 'y', 's', NULL, '{i}')$$, 'nor is there a report of it');
SELECT pg_temp.holds($$SELECT count(*) = 4 AND count(DISTINCT week) = 2 FROM journey.strategy_checks('SELECT i, i % 2 AS s, i AS y, CASE WHEN i < 50 THEN ''4714-11-24 00:00+00 BC''::timestamptz ELSE ''294276-12-31 00:00+00''::timestamptz END AS d FROM generate_series(1, 100) i', 'y', 's', NULL, decided_at => 'd') WHERE check_name = 'sample_ratio_week'$$, 'the ends of time');
-- nothing depends on order or seed where it should not
SELECT results_eq($$SELECT * FROM journey.strategy_checks('SELECT * FROM seen ORDER BY x2, i', 'y', 'strategy', 'customer', '{x1,x2}', planned => '{"a":4,"b":3,"c":3}', decided_at => 'decided')$$, $$SELECT * FROM journey.strategy_checks('SELECT * FROM seen ORDER BY i DESC', 'y', 'strategy', 'customer', '{x1,x2}', planned => '{"a":4,"b":3,"c":3}', decided_at => 'decided')$$, 'order of rows changes nothing');
SELECT results_eq($$SELECT * FROM journey.overlap_report('SELECT * FROM seen WHERE y IS NOT NULL ORDER BY x2, i', 'y', 'strategy', 'customer', '{x1,x2}')$$, $$SELECT * FROM journey.overlap_report('SELECT * FROM seen WHERE y IS NOT NULL ORDER BY i DESC', 'y', 'strategy', 'customer', '{x1,x2}')$$, 'nor in the report');
-- bad arguments
SELECT pg_temp.refused('SELECT * FROM journey.strategy_checks(''seen'', ''y'', ''strategy'', NULL, ' || a || ')', '{22023}', p, n) FROM (VALUES
	('planned => ''{"a":1,"b":1}''', 'planned.*"c"', 'a strategy without a share'),
	('planned => ''{"a":1,"b":1,"c":1,"d":1}''', 'planned.*"d".*strategy', 'a share of nobody'),
	('planned => ''{"a":1,"b":0,"c":1}''', 'planned share.*"b" is 0', 'a share of 0'),
	('planned => ''{"a":1,"b":"x","c":1}''', 'planned share.*"b".*number', 'a share that is no number'),
	('planned => ''{"a":1,"b":[1],"c":1}''', 'planned share.*"b".*number', 'a list of shares'),
	('planned => ''{"a":1,"b":1e400,"c":1}''', 'planned share.*"b"', 'a share beyond all numbers'),
	('planned => ''[1,2]''', 'planned.*object', 'a list'),
	('eligible_at => ''eligible''', 'decided_at', 'eligible_at without decided_at'),
	('as_of => ''2024-01-20''', 'as_of', 'as_of without times'),
	('baseline => ''z''', 'baseline "z"', 'a baseline that does not occur')) v(a, p, n);
SELECT * FROM finish();
ROLLBACK;
