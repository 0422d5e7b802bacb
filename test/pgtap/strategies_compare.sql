-- compare_strategies: figures against numbers of test/oracles/strategies_effects.py
-- and against the scores themselves, gates, statuses, sentences and refusals.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
\ir lib/close.psql
SELECT plan(68);
CREATE FUNCTION pg_temp.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8 $$;
-- Three strategies dealt 4 : 3 : 3 over three weeks; mail gains 0.3, call nothing.
CREATE TEMP TABLE d AS SELECT i, 'c' || i % 600 AS customer, pg_temp.u(i, 1) AS x, pg_temp.u(i, 2) AS z, s, e, '2026-01-05'::timestamptz + i * interval '10 minutes' AS t, pg_temp.u(i, 5) AS r,
	pg_temp.u(i, 1) + 2 * pg_temp.u(i, 4) + CASE s WHEN 'mail' THEN 0.3 ELSE 0 END AS y
	FROM generate_series(1, 3000) i, LATERAL (SELECT CASE WHEN pg_temp.u(i, 3) < 0.4 THEN 'mail' WHEN pg_temp.u(i, 3) < 0.7 THEN 'call' ELSE 'none' END AS s) a, LATERAL (SELECT CASE s WHEN 'mail' THEN 0.4 ELSE 0.3 END AS e) b;
CREATE FUNCTION pg_temp.compare(source text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT format('journey.compare_strategies(source => %L, outcome => ''y'', strategy => ''s'', key => ''customer'', features => ''{x,z}'', baseline => ''none''%s)', source, more) $$;
-- One column by strategy, as text.
CREATE FUNCTION pg_temp.tells(call text, what text, want text, name text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.text_is(format('SELECT string_agg((%s)::text, '' | '' ORDER BY strategy COLLATE "C") FROM %s', what, call), want, name) $$;
CREATE FUNCTION pg_temp.judged(call text, status text, pattern text, name text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.holds(format('SELECT bool_and(status = %L AND verdict ~ %L AND verdict !~ ''beats|falls short|= 0\.000'') AND count(*) > 0 FROM %s WHERE strategy <> baseline', status, pattern, call), name) $$;

-- Values are means of scores; differences are paired; errors clustered.
CREATE TEMP TABLE c AS SELECT * FROM journey.compare_strategies('d', 'y', 's', 'customer', '{x,z}', 'none', 'e', fold => NULL, repeats => 1);
CREATE TEMP TABLE s AS SELECT * FROM journey.strategy_scores('d', 'y', 's', 'customer', '{x,z}', propensity => 'e', repeats => 1);
CREATE FUNCTION pg_temp.clustered(query text) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE out float8[];
BEGIN
	EXECUTE format('SELECT ARRAY[max(m), sqrt(max(k)::float8 / (max(k) - 1) * sum((g - c * m) ^ 2)) / max(n)] FROM (SELECT key, sum(v) AS g, count(*) AS c, (sum(sum(v)) OVER ()) / sum(count(*)) OVER () AS m, sum(count(*)) OVER () AS n, count(*) OVER () AS k FROM (%s) q GROUP BY key) w', query) INTO out;
	RETURN out;
END $$;
SELECT pg_temp.numbers_are(format('SELECT ARRAY[value, value_se] FROM c WHERE strategy = %L', st), pg_temp.clustered(format('SELECT key, score AS v FROM s WHERE strategy = %L', st)), st || ': the mean of the scores') FROM unnest('{call,mail,none}'::text[]) st;
SELECT pg_temp.numbers_are(format('SELECT ARRAY[difference, std_error] FROM c WHERE strategy = %L', st), pg_temp.clustered(format('SELECT a.key, a.score - b.score AS v FROM s a JOIN s b USING (row_number) WHERE a.strategy = %L AND b.strategy = ''none''', st)), st || ': paired differences') FROM unnest('{call,mail}'::text[]) st;
SELECT pg_temp.holds($$SELECT bool_and(abs(conf_low - (difference - 1.959963984540054 * std_error)) < 1e-12 AND abs(minimum_detectable - 2.8015852180555 * std_error) < 1e-9
	AND simultaneous_low < conf_low AND simultaneous_high > conf_high AND simultaneous_high - simultaneous_low < 1.2 * (conf_high - conf_low)) AND count(*) = 2 FROM c WHERE difference IS NOT NULL$$, 'intervals');
SELECT pg_temp.holds($$SELECT bool_and(q_value = least(1, CASE strategy WHEN 'mail' THEN 2 * p_value ELSE p_value END)) AND count(*) = 2 FROM c WHERE q_value IS NOT NULL$$, 'q over two differences');
SELECT pg_temp.tells('c', 'in_best_set', 'false | true | false', 'the best set');
SELECT pg_temp.tells('c', 'concat_ws('','', baseline, n, n_keys, repeats, overlap, status, estimand, method)', (SELECT string_agg(concat_ws(',', 'none', n, k, 1, 'ok', 'ok', 'average', 'aipw'), ' | ' ORDER BY s) FROM (SELECT s, count(*) AS n, count(DISTINCT customer) AS k FROM d GROUP BY s) q), 'counts');
SELECT pg_temp.holds($$SELECT n.verdict = 'Baseline: the other strategies are compared with "none".' AND m.verdict ~ '^Strategy "mail" beats "none" on "y" by 0\.[23]\d+ \(95 % interval 0\.\d+ to 0\.\d+; q < 0\.001; 600 distinct customer\)\. Overlap fine \(smallest propensity 30\.0 %\)\.$'
	AND f.verdict ~ '^Strategy "call" changes "y" by [-+]0\.\d+ against "none" \(95 % interval -0\.\d+ to 0\.\d+; q = 0\.\d+; 600 distinct customer\)\. This cannot be told from zero; effects under 0\.\d+ would be missed\. Keep the simpler strategy\.' FROM c n, c m, c f WHERE n.strategy = 'none' AND m.strategy = 'mail' AND f.strategy = 'call'$$, 'sentences');
SELECT pg_temp.holds(format('SELECT bool_and(verdict ~ ''rate of "y".*points'' AND abs(difference) < 1) FROM %s WHERE strategy <> baseline', pg_temp.compare('SELECT i, customer, x, z, s, y > 1.5 AS y FROM d')), 'a rate is told in points');
SELECT pg_temp.holds(format('SELECT bool_and(verdict ~ ''^Strategy "(call|none)" falls short of "mail" .* It was worse in 5 of 5 repeats\. .*features explain who got which strategy\.$'') FROM journey.compare_strategies(%L, ''y'', ''s'', ''customer'', ''{x}'', ''mail'') WHERE strategy <> baseline', 'd'), 'the baseline is better');
SELECT results_eq(format('SELECT * FROM %s', pg_temp.compare('SELECT * FROM d ORDER BY r', ', repeats => 3, bounds => ''{0,4}''')), format('SELECT * FROM %s', pg_temp.compare('SELECT * FROM d ORDER BY x DESC', ', repeats => 3, bounds => ''{0,4}''')), 'order of rows changes nothing');

-- Costs, clipping, estimands.
SELECT pg_temp.holds(format('SELECT bool_and(abs(a.difference - b.difference - CASE strategy WHEN ''mail'' THEN 0.15 ELSE -0.05 END) < 1e-12 AND abs(a.value - b.value - b.cost) < 1e-12 AND abs(a.std_error - b.std_error) < 1e-12 AND b.verdict ~ ''net of cost'') AND count(*) = 2 FROM %s a JOIN %s b USING (strategy) WHERE a.difference IS NOT NULL', pg_temp.compare('d'), pg_temp.compare('d', ', costs => ''{"mail": 0.2, "none": 0.05}''')), 'costs are taken off');
SELECT pg_temp.numbers_are(format('SELECT array_agg(v ORDER BY strategy, o) FROM (SELECT strategy, u.* FROM %s, LATERAL unnest(ARRAY[value, clipped, clip_bias]) WITH ORDINALITY u(v, o)) q', pg_temp.compare('SELECT *, e + (x - 0.5) / 5 AS q FROM d', ', propensity => ''q'', method => ''ipw'', clip => 3')),
	(SELECT array_agg(v ORDER BY s, o) FROM (SELECT s, u.* FROM (SELECT s, sum(y * least(3, 1 / q)) / 3000 AS v, count(*) FILTER (WHERE 1 / q > 3) AS n, abs(sum((1 / q - least(3, 1 / q)) * (y - m))) / 3000 AS b FROM (SELECT *, e + (x - 0.5) / 5 AS q FROM d) d, LATERAL (SELECT avg(y) AS m FROM d x WHERE x.s = d.s) a GROUP BY s) w, LATERAL unnest(ARRAY[v, n, b]) WITH ORDINALITY u(v, o)) q), 'a clip cuts weights and counts them', 1e-6);
SELECT pg_temp.tells(pg_temp.compare('d', ', estimand => ''treated'''), 'concat_ws('','', value IS NULL, in_best_set IS NULL, estimand, abs(difference - CASE strategy WHEN ''mail'' THEN 0.3 ELSE 0 END) < 4 * std_error)', 't,t,treated,t | t,t,treated,t | t,t,treated', 'treated has no values');
SELECT pg_temp.holds(format('SELECT bool_and(abs(a.difference - b.overlap_difference) < 1e-12 AND abs(a.conf_low - b.overlap_low) < 1e-12) AND count(*) = 2 FROM %s a JOIN %s b USING (strategy) WHERE a.difference IS NOT NULL', pg_temp.compare('d', ', estimand => ''overlap'''), pg_temp.compare('d')), 'overlap as estimand is what stands beside');
SELECT pg_temp.holds(format('SELECT bool_and(repeats = 1) FROM %s', pg_temp.compare('d', ', propensity => ''e'', method => ''snips''')), 'nothing is fitted: one repeat');

-- Sample ratio, missing outcomes, time.
SELECT pg_temp.holds(format('SELECT bool_and(abs(a.srm_p_value - b.p_value) < 1e-12 AND a.status = ''ok'' AND (verdict ~ ''Assignment check passed \(p = 0\.\d+\), overlap fine'' OR strategy = baseline)) FROM %s a, journey.srm_test((SELECT array_agg(n ORDER BY s) FROM (SELECT s, count(*) AS n FROM d GROUP BY s) g), ''{0.3,0.4,0.3}'') b', pg_temp.compare('d', ', planned => ''{"mail": 4, "call": 3, "none": 3}''')), 'sample ratio as planned');
SELECT pg_temp.judged(pg_temp.compare('d', ', planned => ''{"mail": 1, "call": 1, "none": 1}'''), 'sample_ratio', '^No decision: rows were not dealt .* \(p < 0\.001\)', 'sample ratio off');
SELECT pg_temp.holds(format('SELECT bool_and(difference IS NOT NULL AND std_error > 0) FROM %s WHERE strategy <> baseline', pg_temp.compare('d', ', planned => ''{"mail": 1, "call": 1, "none": 1}''')), 'sample ratio off: figures are there');
SELECT pg_temp.judged(pg_temp.compare('SELECT i, customer, x, z, y, t, CASE WHEN t < ''2026-01-12'' AND s = ''mail'' AND r < 0.3 THEN ''none'' WHEN t >= ''2026-01-12'' AND s = ''none'' AND r < 0.13 THEN ''mail'' ELSE s END AS s FROM d', ', planned => ''{"mail": 4, "call": 3, "none": 3}'', decided_at => ''t'''), 'sample_ratio', '.', 'right overall, but not by week');
SELECT pg_temp.holds(format('SELECT bool_and(srm_p_value > 0.0005 AND status = ''ok'') FROM %s', 'journey.compare_strategies(''SELECT c || ''''-'''' || j AS i, c, s, y FROM (SELECT c, CASE WHEN pg_temp.u(c, 7) < 0.5 THEN ''''a'''' ELSE ''''b'''' END AS s FROM generate_series(1, 300) c) q, generate_series(1, 100) j, LATERAL (SELECT pg_temp.u(c * 100 + j, 8) AS y) w'', ''y'', ''s'', ''c'', method => ''difference'', planned => ''{"a": 1, "b": 1}'')'), 'customers were dealt, so rows may be off');
SELECT pg_temp.judged(pg_temp.compare('SELECT i, customer, x, z, s, CASE WHEN s <> ''mail'' OR r > 0.2 THEN y END AS y FROM d', ', bounds => ''{0,4}'''), 'unequal_missing', '^No decision: strategies lack outcomes unequally \(.* % of "(call|mail)", 0 % of "none"; p < 0\.001\)', 'outcomes missing unequally');
SELECT pg_temp.numbers_are(format('SELECT ARRAY[max(worst_low) - max(difference), max(worst_high) - max(difference), max(n_missing)] FROM %s WHERE strategy = ''mail''', pg_temp.compare('SELECT i, customer, x, z, s, CASE WHEN s <> ''mail'' OR r > 0.2 THEN y END AS y FROM d', ', bounds => ''{0,4}''')),
	(SELECT ARRAY[-m * value, m * (4 - value), gone] FROM (SELECT count(*) FILTER (WHERE r <= 0.2)::float8 / count(*) AS m, count(*) FILTER (WHERE r <= 0.2) AS gone FROM d WHERE s = 'mail') q, journey.compare_strategies('SELECT i, customer, x, z, s, CASE WHEN s <> ''mail'' OR r > 0.2 THEN y END AS y FROM d', 'y', 's', 'customer', '{x,z}', 'none') WHERE strategy = 'mail'), 'worst-case bounds of Manski', 1e-6);
SELECT pg_temp.holds(format('SELECT sum(n_missing) = (SELECT count(*) FROM d WHERE r < 0.03) AND sum(n + n_missing) = 3000 AND bool_and(status = ''ok'') AND bool_or(verdict ~ ''Outcomes are missing for \d.* %% of "mail" and \d.* %% of "none"\.'') FROM %s', pg_temp.compare('SELECT i, customer, x, z, s, CASE WHEN r >= 0.03 THEN y END AS y FROM d')), 'outcomes missing alike are told');
SELECT pg_temp.holds(format('SELECT sum(n_immature) = (SELECT count(*) FROM d WHERE t + interval ''10 days'' >= ''2026-01-20'') AND sum(n + n_immature) = 3000 AND bool_or(verdict ~ ''\d+ rows have no mature outcome yet\.'') FROM %s', pg_temp.compare('SELECT *, t + interval ''10 days'' AS m FROM d', ', matured_at => ''m'', as_of => ''2026-01-20''')), 'immature rows are counted');
SELECT pg_temp.holds(format('SELECT sum(n) = (SELECT count(*) FROM d WHERE t < ''2026-01-20'') FROM %s', pg_temp.compare('d', ', decided_at => ''t'', as_of => ''2026-01-20''')), 'decisions after as_of do not exist');
SELECT pg_temp.judged(pg_temp.compare('SELECT *, CASE WHEN r < 0.05 THEN t + interval ''1 second'' ELSE t END AS el FROM d', ', decided_at => ''t'', eligible_at => ''el'''), 'late_eligibility', '^No decision: \d+ of 3000 rows became eligible only after the decision', 'eligible after the decision');
SELECT pg_temp.holds(format('SELECT bool_and(status = ''ok'' AND (verdict ~ ''rows became eligible only after'' OR strategy = baseline)) FROM %s', pg_temp.compare('SELECT *, CASE WHEN r < 0.005 THEN t + interval ''1 second'' ELSE t END AS el FROM d', ', decided_at => ''t'', eligible_at => ''el''')), 'a few of them are told');

-- Overlap.
SELECT pg_temp.judged('journey.compare_strategies(''SELECT i, x, y, x > 0.5 AS s FROM d'', ''y'', ''s'', ''i'', ''{x}'')', 'no_overlap', '^No answer', 'a feature decides');
SELECT pg_temp.judged('journey.compare_strategies(''SELECT i, x, y, abs(x - 0.5) > 0.25 AS s FROM d'', ''y'', ''s'', ''i'', ''{x}'')', 'no_overlap', '^No answer.*distributed differently', 'the distance of a feature from its middle decides');
SELECT pg_temp.judged('journey.compare_strategies(''SELECT i, x, y, s = ''''mail'''' AS s, s AS f FROM d'', ''y'', ''s'', ''i'', ''{f}'')', 'no_overlap', '^No answer on "true": a feature determines the strategy', 'a label decides');
SELECT pg_temp.judged('journey.compare_strategies(''SELECT i, x, y, u < 1 / (1 + exp(-2 * (x - 0.5))) AS s FROM d, LATERAL (SELECT pg_temp.u(i, 9) AS u) q'', ''y'', ''s'', ''i'', ''{x}'', method => ''difference'')', 'weak_overlap', '^No decision: strategies were not dealt at random \(for "true" a feature differs by .* standard deviations\)\. Use method => ''aipw''', 'not dealt at random');
SELECT pg_temp.holds('SELECT bool_and(status = ''ok'' AND overlap = ''ok'' AND max_smd_before > 0.5 AND max_smd_after < 0.1 AND overlap_low < overlap_difference AND n_trimmed > 2000) FROM journey.compare_strategies(''SELECT i, x, y, u < 1 / (1 + exp(-4 * (x - 0.5))) AS s FROM d, LATERAL (SELECT pg_temp.u(i, 9) AS u) q'', ''y'', ''s'', ''i'', ''{x}'') WHERE strategy <> baseline', 'weights balance it');
SELECT pg_temp.judged(pg_temp.compare('SELECT i, customer, x, z, s, y, CASE WHEN i % 2 = 0 THEN 0.4 ELSE 0.35 END AS e FROM d', ', propensity => ''e'', method => ''snips'''), 'weak_overlap', '^No decision: past decisions hardly tell about "[a-z]+" \(.*propensities are wrong', 'logged propensities that are wrong');
SELECT pg_temp.judged('journey.compare_strategies(''SELECT CASE WHEN i < 900 THEN 0 ELSE i END AS i, s = ''''mail'''' OR i < 900 AS s, x + y AS y FROM d'', ''y'', ''s'', ''i'', method => ''snips'')', 'weak_overlap', 'one value of i carries \d.* % of the weight', 'one customer has most of the weight');

-- Too few, no spread.
SELECT pg_temp.tells('journey.compare_strategies(''SELECT i, x, y, CASE WHEN i < 6 THEN ''''rare'''' ELSE s END AS s FROM d'', ''y'', ''s'', ''i'', ''{x}'', ''call'')', 'concat_ws('','', status, value IS NULL, difference IS NULL, n < 10)', (SELECT string_agg(concat_ws(',', CASE s WHEN 'rare' THEN 'too_few' ELSE 'ok' END, s = 'rare', s IN ('rare', 'call'), s = 'rare'), ' | ' ORDER BY s COLLATE "C") FROM unnest('{call,mail,none,rare}'::text[]) s), 'fewer rows than folds: no figures');
SELECT pg_temp.judged('journey.compare_strategies(''SELECT i, x, y, CASE WHEN i < 6 THEN ''''rare'''' ELSE s END AS s FROM d'', ''y'', ''s'', ''i'', ''{x}'', ''rare'')', 'too_few', '^No answer: 5 distinct i are too few for "rare"\.', 'a small baseline');
SELECT pg_temp.judged('journey.compare_strategies(''SELECT i, x, s, 7.25 AS y FROM d'', ''y'', ''s'', ''i'', ''{x}'')', 'no_spread', '^No answer: all outcomes of "[a-z]+" are the same', 'a constant outcome');
SELECT pg_temp.judged(format('journey.compare_strategies(''SELECT i, x, s, s = ''''none'''' AND r < 0.1 AS y FROM d'', ''y'', ''s'', ''i'', ''{x}'', ''none'', method => %L)', m), 'no_spread', '^No answer: all outcomes of "(call|mail)" are the same', 'a strategy without any success, ' || m) FROM unnest('{aipw,ipw,snips,difference}'::text[]) m;
SELECT pg_temp.holds('SELECT bool_and(value = 0 AND value_se IS NULL AND value_low IS NULL AND std_error IS NULL AND p_value IS NULL) FROM journey.compare_strategies(''SELECT i, x, s, s = ''''none'''' AND r < 0.1 AS y FROM d'', ''y'', ''s'', ''i'', ''{x}'', ''none'', method => ''ipw'') WHERE strategy <> baseline', 'its value is not known to the last digit');
SELECT pg_temp.holds('SELECT bool_and(status = ''ok'' AND abs((conf_high - conf_low) / std_error / 2 - 2.0930240544) < 1e-9) FROM journey.compare_strategies(''SELECT i % 20 AS shop, s, y FROM d WHERE s <> ''''call'''''', ''y'', ''s'', ''shop'', k => 5, propensity => NULL) WHERE strategy <> baseline', 'twenty shops: t with 19 degrees of freedom');

-- Refusals of its own arguments.
SELECT pg_temp.refused(format('SELECT * FROM %s', pg_temp.compare('d', more)), codes, pattern, name) FROM (VALUES
	(', costs => ''{"fax": 1}''', '{22023}'::text[], 'costs names the strategy "fax"', 'cost of an unknown strategy'),
	(', costs => ''{"mail": true}''', '{22023}', 'costs of strategy "mail"', 'a cost that is no number'),
	(', costs => ''[1]''', '{22023}', 'costs must be an object', 'costs without names'),
	(', planned => ''{"mail": 1, "call": 1}''', '{22023}', 'planned has no share for the strategy "none"', 'a planned share is missing'),
	(', planned => ''{"mail": 1, "call": 1, "none": 0}''', '{22023}', 'planned share of strategy "none" is 0', 'a planned share of 0'),
	(', estimand => ''mean''', '{22023}', 'estimand', 'an unknown estimand'),
	(', estimand => ''treated'', method => ''lin''', '{0A000}', 'estimand treated', 'treated of a randomised comparison'),
	(', estimand => ''treated'', propensity => ''e''', '{0A000}', 'propensities of strategies not taken, which column "e"', 'treated of three with logged propensities'),
	(', clip => 0.5', '{22023}', 'clip is 0\.5', 'a clip below 1'),
	(', clip => 10, method => ''difference''', '{0A000}', 'clip', 'a clip without weights'),
	(', bounds => ''{0,2}''', '{22023}', 'outcome "y" has the value [23]\.\d+, outside bounds 0 to 2', 'an outcome outside bounds'),
	(', bounds => ''{4,0}''', '{22023}', 'bounds', 'bounds upside down'),
	(', bounds => ''{0}''', '{22023}', 'bounds', 'one bound'),
	(', eligible_at => ''t''', '{22023}', 'eligible_at needs decided_at', 'eligible_at alone'),
	(', as_of => ''2026-01-20''', '{22023}', 'as_of needs', 'as_of alone'),
	(', method => ''difference'', propensity => ''r''', '{22023}', 'method difference needs the same propensity', 'means under uneven propensities')) v(more, codes, pattern, name);

\if :shared_here
\ir lib/data.psql
-- Numbers of test/oracles/strategies_effects.py.
CREATE TEMP TABLE l AS SELECT CASE WHEN i % 445 = 0 THEN 5 ELSE (i - 1) % 5 + 1 END AS f, 1 + (i - 1) % 150 AS g, 1 + (i - 1) % 150 % 5 AS gf, * FROM lalonde;
CREATE FUNCTION pg_temp.l(f text, g text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT format('journey.compare_strategies(''l'', ''re78'', ''treat'', %L, ''{age,educ,black,hisp,married,nodegr,re74,re75}'', fold => %L%s)', g, f, more) $$;
SELECT pg_temp.numbers_are('SELECT ARRAY[difference, std_error, overlap_difference, overlap_low, trimmed_difference, trimmed_high, n_trimmed, ess, max_smd_before, max_smd_after] FROM ' || pg_temp.l('f', NULL) || ' WHERE difference IS NOT NULL',
	'{1555.43450593,683.441515809,1706.78146116,401.800020271,1555.43450593,2894.95526245,445,175.487422209,0.303986439062,0.0196420067678}', 'LaLonde', 5e-6);
SELECT pg_temp.numbers_are('SELECT ARRAY[difference, std_error, overlap_high, trimmed_low] FROM ' || pg_temp.l('gf', 'g') || ' WHERE difference IS NOT NULL', '{1555.43450593,726.790053202,3101.28988774,130.952177331}', 'LaLonde by key', 5e-6);
SELECT pg_temp.numbers_are('SELECT ARRAY[difference, std_error, ess] FROM ' || pg_temp.l('f', NULL, ', estimand => ''treated''') || ' WHERE difference IS NOT NULL', '{1804.90281158,675.139511145,185}', 'LaLonde, treated', 5e-6);
CREATE TEMP TABLE bandit (n integer, at text, item integer, place integer, click integer, e float8);
\copy bandit FROM PROGRAM 'xz -dc "$JOURNEY_TAP_SHARED"/data/open_bandit/bts_men.csv.xz | cut -d, -f1-6' CSV HEADER
SELECT pg_temp.numbers_are('SELECT ARRAY[n, ess, max_weight, weight_mean, value, value_se] FROM journey.compare_strategies(''bandit'', ''click'', ''item'', NULL, propensity => ''e'', method => ''ipw'') WHERE strategy = ''13''', '{2026,1101.78339885,85.2878464819,0.939337070792,0.00637209816426,0.00170940314806}', 'Open Bandit, item 13, ipw', 1e-9);
SELECT pg_temp.numbers_are('SELECT ARRAY[value, value_se, clipped, clip_bias] FROM journey.compare_strategies(''bandit'', ''click'', ''item'', NULL, propensity => ''e'', method => ''snips'', clip => 10) WHERE strategy = ''13''', '{0.00727819070839,0.00194750877002,59,0.000504096922224}', 'Open Bandit, item 13, snips, clipped', 1e-9);
SELECT pg_temp.holds('SELECT bool_and(CASE strategy WHEN ''14'' THEN overlap = ''weak_overlap'' AND value IS NOT NULL WHEN ''20'' THEN overlap = ''no_overlap'' AND value IS NULL ELSE true END) AND bool_and(verdict !~ ''beats|falls'' OR status = ''ok'') AND count(*) = 34 FROM journey.compare_strategies(''bandit'', ''click'', ''item'', NULL, propensity => ''e'', method => ''ipw'')', 'Open Bandit: rare items have no overlap');
\else
SELECT skip('shared data absent', 6);
\endif
SELECT * FROM finish();
ROLLBACK;
