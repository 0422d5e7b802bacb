-- Strategies on public data against brute force (test/oracles/strategies.py,
-- numpy 2.4.6, Python 3.11.7) with the fold column given, and against the
-- numbers of reference/validation.md 9.4 to 9.6.  Where propensities are known
-- all is in closed form and agrees to 1e-8; the logits stop where they are
-- exact to a small part of their errors, and agree to 1e-6.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
\ir lib/close.psql
SELECT plan(80);
\if :shared_here
\ir lib/strategies_data.psql
\set hillstrom '{recency,history,mens,womens,newbie,zip_code,channel}'
\set lalonde '{age,educ,black,hisp,married,nodegr,re74,re75}'
\set observational '{age,educ,race,married,nodegree,re74,re75}'

-- Scores: propensities and scores of single rows, then their means by strategy.
CREATE FUNCTION pg_temp.rows_are(call text, numbers bigint[], want float8[], name text, tol float8) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.numbers_are(format('SELECT array_agg(v ORDER BY row_number, what, strategy COLLATE "C") FROM (SELECT row_number, strategy, x.* FROM %s s,
		LATERAL (VALUES (1, propensity), (2, score)) x(what, v) WHERE row_number = ANY (%L)) q', call, numbers), want, name, tol) $$;
CREATE FUNCTION pg_temp.means_are(call text, want float8[], name text, tol float8) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.numbers_are(format('SELECT array_agg(v ORDER BY strategy COLLATE "C", what) FROM (SELECT strategy, x.* FROM (SELECT strategy, avg(score) AS m, stddev_samp(score) / sqrt(count(*)) AS s FROM %s q GROUP BY 1) g,
		LATERAL (VALUES (1, m), (2, s)) x(what, v)) q', call), want, name, tol) $$;
SELECT pg_temp.rows_are(format('journey.strategy_scores(source => ''hillstrom'', outcome => ''visit'', strategy => ''segment'', key => NULL, features => %L, fold => ''fold'')', :'hillstrom'), '{1,32000}',
	'{0.32788929372,0.336194663896,0.335916042384,0.142991880292,0.0812901009736,-0.180723244116,0.336308676668,0.330872600975,0.332818722357,0.196061547399,-0.237307247133,0.193977268838}', 'Hillstrom: scores of two customers', 1e-6);
SELECT pg_temp.rows_are(format('journey.strategy_scores(source => ''lalonde'', outcome => ''re78'', strategy => ''treat'', key => ''i'', features => %L, fold => ''fold'')', :'lalonde'), '{1,184,445}',
	'{0.608437082396,0.391562917604,3292.95739477,13086.6271158,0.404032510889,0.595967489111,4986.46366803,1431.30301817,0.446484610275,0.553515389725,-135.903227051,14420.7953726}', 'LaLonde: scores of three people', 1e-6);
SELECT pg_temp.rows_are(format('journey.strategy_scores(source => ''observational'', outcome => ''re78'', strategy => ''treat'', key => ''id'', features => %L, fold => ''fold'')', :'observational'), '{1,184,614}',
	'{0.429137047056,0.570862952944,3110.34415608,11455.8168539,0.541827691578,0.458172308422,13879.7782367,-326.691509478,0.885403917954,0.114596082046,1118.15623332,5223.1405034}', 'LaLonde, observational: scores of three people', 1e-6);
SELECT pg_temp.means_are(format('journey.strategy_scores(source => ''hillstrom'', outcome => ''spend'', strategy => ''segment'', key => ''i'', features => %L, fold => ''fold'')', :'hillstrom'), '{1.41864013317,0.121342443506,0.653311124868,0.0794218854755,1.07751483329,0.103541885917}', 'Hillstrom, spend: means of scores', 1e-7);
SELECT pg_temp.means_are(format('journey.strategy_scores(source => ''hillstrom'', outcome => ''conversion'', strategy => ''segment'', key => ''i'', features => %L, propensity => ''third'', fold => ''fold'')', :'hillstrom'), '{0.012496685508,0.00076069227964,0.00572898580002,0.000516071820307,0.0088422002316,0.000641420169097}', 'Hillstrom, conversion, logged: means of scores', 1e-8);
SELECT pg_temp.means_are('journey.strategy_scores(source => ''hillstrom'', outcome => ''visit'', strategy => ''segment'', key => NULL, method => ''ipw'', fold => ''fold'')', '{0.182762769561,0.0028383350826,0.106171944865,0.00219257795671,0.151415005075,0.00259275133066}', 'Hillstrom, constant shares, weighted only', 1e-8);

-- compare_strategies, by what it prints.
CREATE FUNCTION pg_temp.compared(call text, columns text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT array_agg(v ORDER BY strategy COLLATE "C", o) FROM (SELECT strategy, u.* FROM journey.compare_strategies(%s) r, LATERAL unnest(ARRAY[%s]::float8[]) WITH ORDINALITY u(v, o)) q', call, columns) $$;
CREATE FUNCTION pg_temp.compare_is(call text, value float8[], difference float8[], name text, tol float8, challengers text DEFAULT 'strategy <> baseline') RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN NEXT pg_temp.numbers_are(pg_temp.compared(call, 'value, value_se'), value, name || ': values', tol);
	RETURN NEXT pg_temp.numbers_are(replace(pg_temp.compared(call, 'difference, std_error'), ') q', ' WHERE ' || challengers || ') q'), difference, name || ': differences', tol);
END $$;
-- rows of the strategy, ess, largest weight, propensities below 0.01, mean weight, differences before and after
CREATE FUNCTION pg_temp.overlap_is(call text, want float8[], name text, tol float8) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.numbers_are(pg_temp.compared(call, 'n, ess, max_weight, share_extreme, weight_mean, max_smd_before, max_smd_after'),
		(SELECT array_agg(want[i] ORDER BY i) FROM generate_subscripts(want, 1) i WHERE (i - 1) % 9 NOT IN (3, 6)), name, tol) $$;
CREATE FUNCTION pg_temp.estimand_is(call text, estimand text, want float8[], name text, tol float8) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.numbers_are(replace(pg_temp.compared(call || format(', estimand => %L', estimand), 'difference, std_error'), ') q', ' WHERE strategy <> baseline) q'), want, name || ', ' || estimand, tol) $$;
-- the difference of the trimmed and of the overlap weighted sample, with the normal interval
CREATE FUNCTION pg_temp.beside_is(call text, ato float8[], trimmed float8[], name text, tol float8) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.numbers_are(replace(pg_temp.compared(call, 'overlap_difference, (overlap_high - overlap_low) / (2 * 1.959963984540054), trimmed_difference, (trimmed_high - trimmed_low) / (2 * 1.959963984540054), n_trimmed'), ') q', ' WHERE strategy <> baseline) q'),
		(SELECT array_agg(v ORDER BY a, o) FROM (SELECT a, o, ato[2 * a - 2 + o] AS v FROM generate_series(1, cardinality(ato) / 2) a, generate_series(1, 2) o
			UNION ALL SELECT a, 2 + o, trimmed[3 * a - 3 + o] FROM generate_series(1, cardinality(ato) / 2) a, generate_series(1, 3) o) x), name || ': beside', tol) $$;
\set by_visit 'source => ''hillstrom'', outcome => ''visit'', strategy => ''segment'', baseline => ''No E-Mail'', fold => ''fold'''
\set by_spend 'source => ''hillstrom'', outcome => ''spend'', strategy => ''segment'', baseline => ''No E-Mail'', fold => ''fold'''
\set by_conversion 'source => ''hillstrom'', outcome => ''conversion'', strategy => ''segment'', baseline => ''No E-Mail'', fold => ''fold'''
\set with_features ', features => ''{recency,history,mens,womens,newbie,zip_code,channel}'''
SELECT pg_temp.compare_is(:'by_visit' || :'with_features' || ', key => ''i''', '{0.182272244183,0.00261762589089,0.106181713753,0.00209151136087,0.151732983993,0.0024341357837}', '{0.0760905304305,0.00333438129004,0.04555127024,0.00319645063443}', 'Hillstrom, visit', 1e-6);
SELECT pg_temp.compare_is(:'by_visit' || :'with_features' || ', key => NULL, propensity => ''third''', '{0.182271697251,0.00261822299538,0.106214373207,0.00208734715622,0.151695918625,0.00243561596382}', '{0.0760573240437,0.00333226138389,0.0454815454181,0.00319485597285}', 'Hillstrom, visit, logged', 1e-8);
SELECT pg_temp.compare_is(:'by_spend' || :'with_features' || ', key => ''i''', '{1.41864013317,0.121342443506,0.653311124868,0.0794218854755,1.07751483329,0.103541885917}', '{0.765329008305,0.144995101997,0.424203708419,0.130489683065}', 'Hillstrom, spend', 1e-6);
SELECT pg_temp.compare_is(:'by_spend' || :'with_features' || ', key => ''household''', '{1.41864013317,0.121310649306,0.653311124868,0.0794033220508,1.07751483329,0.103472914216}', '{0.765329008305,0.145050039921,0.424203708419,0.130517729627}', 'Hillstrom, spend, by household', 1e-6);
SELECT pg_temp.compare_is(:'by_conversion' || :'with_features' || ', key => ''i'', propensity => ''third''', '{0.012496685508,0.00076069227964,0.00572898580002,0.000516071820307,0.0088422002316,0.000641420169097}', '{0.00676769970801,0.000918917303442,0.00311321443158,0.000823048316982}', 'Hillstrom, conversion, logged', 1e-8);
SELECT pg_temp.overlap_is(:'by_visit' || :'with_features' || ', key => ''i''', '{21307,21301.3340333,3.13136597967,4.89129001352e-05,0,1.00030039718,0.00559818954874,0.0117433567261,0.000613333619902,21306,21302.1071968,3.39980160738,5.31061765712e-05,0,1.0002960775,0.00559801309602,0.00469631899569,0.000262905293287,21387,21382.824047,3.17494117434,4.95912155667e-05,0,1.00034764791,0.00558244128508,0.00863073120283,0.000756591733286}', 'Hillstrom: overlap', 1e-6);
SELECT pg_temp.overlap_is(:'by_spend' || :'with_features' || ', key => ''household''', '{21307,21301.3340333,3.13136597967,4.89129001352e-05,0,1.00030039718,0.00561338593435,0.0117433567261,0.000613333619902,21306,21302.1071968,3.39980160738,5.31061765712e-05,0,1.0002960775,0.00558561217187,0.00469631899569,0.000262905293287,21387,21382.824047,3.17494117434,4.95912155667e-05,0,1.00034764791,0.00560900801743,0.00863073120283,0.000756591733286}', 'Hillstrom by household: overlap', 1e-6);
SELECT pg_temp.overlap_is(:'by_conversion' || :'with_features' || ', key => ''i'', propensity => ''third''', '{21307,21307,3,4.6932932839e-05,0,0.998765625,0.00558848611614,0.0117433567261,0.0117433567261,21306,21306,3,4.69351356425e-05,0,0.99871875,0.00558842042033,0.00469631899569,0.00469631899569,21387,21387,3,4.67573759761e-05,0,1.002515625,0.00559371939423,0.00863073120283,0.00863073120283}', 'Hillstrom, logged: overlap', 1e-8);
SELECT pg_temp.estimand_is(:'by_visit' || :'with_features' || ', key => ''i''', 'treated', '{0.0762069548015,0.00334319427483,0.0455709959406,0.00319415620843}', 'Hillstrom, visit', 1e-6);
SELECT pg_temp.estimand_is(:'by_visit' || :'with_features' || ', key => ''i''', 'overlap', '{0.0761279028931,0.0033361130514,0.0454911974228,0.00319143939016}', 'Hillstrom, visit', 1e-6);
SELECT pg_temp.estimand_is(:'by_spend' || :'with_features' || ', key => ''household''', 'treated', '{0.767360293232,0.145376411815,0.425309249618,0.130273018529}', 'Hillstrom, spend by household', 1e-6);
SELECT pg_temp.beside_is(:'by_spend' || :'with_features' || ', key => ''household''', '{0.766355778647,0.145188551205,0.423267024032,0.130255469128}', '{0.766391621531,0.145246751719,42613,0.423291190986,0.130318602398,42693}', 'Hillstrom, spend by household', 1e-6);
SELECT pg_temp.compare_is(:'by_visit' || ', key => NULL, propensity => ''third'', method => ''ipw''', '{0.18253125,0.00283472917705,0.10603125,0.00218966292585,0.15178125,0.00259901711301}', '{0.0765,0.00366539707334,0.04575,0.00347166316848}', 'Hillstrom, visit, ipw', 1e-8);
SELECT pg_temp.compare_is(:'by_visit' || ', key => NULL, propensity => ''third'', method => ''snips''', '{0.182756840475,0.00264759355235,0.106167276823,0.00211043753641,0.15140038341,0.00245098113412}', '{0.0765895636515,0.00338580835452,0.0452331065871,0.00323438635833}', 'Hillstrom, visit, snips', 1e-8);
SELECT pg_temp.compare_is(:'by_spend' || ', key => ''household'', propensity => ''third'', method => ''snips''', '{1.42261651101,0.121594359014,0.652789355111,0.0793658695522,1.07720157105,0.103272380218}', '{0.769827155895,0.145300833767,0.424412215937,0.130334088364}', 'Hillstrom, spend by household, snips', 1e-8);
SELECT pg_temp.compare_is(:'by_visit' || ', key => NULL, method => ''ipw''', '{0.182762769561,0.0028383350826,0.106171944865,0.00219257795671,0.151415005075,0.00259275133066}', '{0.0765908246959,0.00367014132172,0.0452430602098,0.00346873769659}', 'Hillstrom, visit, constant shares', 1e-8);

\set trained 'source => ''lalonde'', outcome => ''re78'', strategy => ''treat'', baseline => ''false'', features => ''{age,educ,black,hisp,married,nodegr,re74,re75}'', fold => ''fold'''
SELECT pg_temp.compare_is(:'trained' || ', key => ''i''', '{4550.18955553,342.937680015,6105.62406146,595.791173554}', '{1555.43450593,683.441515809}', 'LaLonde', 1e-6);
SELECT pg_temp.compare_is(:'trained' || ', key => ''pair''', '{4550.18955553,339.718809629,6105.62406146,579.538369401}', '{1555.43450593,660.245908339}', 'LaLonde in pairs', 1e-6);
SELECT pg_temp.overlap_is(:'trained' || ', key => ''pair''', '{260,251.365989279,2.89543739972,0.00643423770617,0,1.01124658357,0.057608767485,0.127239872442,0.0133506605212,185,175.487422209,5.00566150524,0.0110426885831,0,1.0186538772,0.0821186670033,0.303986439062,0.0196420067678}', 'LaLonde in pairs: overlap', 1e-6);
SELECT pg_temp.estimand_is(:'trained' || ', key => ''i''', 'treated', '{1804.90281158,675.139511145}', 'LaLonde', 1e-6);
SELECT pg_temp.estimand_is(:'trained' || ', key => ''pair''', 'overlap', '{1706.78146116,646.245388097}', 'LaLonde in pairs', 1e-6);
CREATE TEMP TABLE lalonde_logged AS SELECT l.*, (count(*) FILTER (WHERE o.treat = l.treat))::float8 / count(*) AS share FROM lalonde l JOIN lalonde o ON o.fold <> l.fold
	GROUP BY l.i, l.age, l.educ, l.black, l.hisp, l.married, l.nodegr, l.re74, l.re75, l.re78, l.u74, l.u75, l.treat, l.fold, l.pair;
SELECT pg_temp.compare_is(replace(:'trained', 'lalonde', 'lalonde_logged') || ', key => NULL, propensity => ''share''', '{4556.39180059,339.692379565,6169.53420424,587.747297134}', '{1613.14240365,674.911000643}', 'LaLonde, logged', 1e-8);
SELECT pg_temp.overlap_is(replace(:'trained', 'lalonde', 'lalonde_logged') || ', key => NULL, propensity => ''share''', '{260,260,1.71153846154,0.00384615384615,0,1,0.0400320384513,0.127239872442,0.127239872442,185,185,2.40540540541,0.00540540540541,0,1,0.0562612432288,0.303986439062,0.303986439062}', 'LaLonde, logged: overlap', 1e-8);
SELECT pg_temp.estimand_is(replace(:'trained', 'lalonde', 'lalonde_logged') || ', key => NULL, propensity => ''share''', 'treated', '{1790.51964994,666.917345937}', 'LaLonde, logged', 1e-8);
SELECT pg_temp.beside_is(replace(:'trained', 'lalonde', 'lalonde_logged') || ', key => NULL, propensity => ''share''', '{1664.30891701,671.147036628}', '{1613.14240365,674.911000643,445}', 'LaLonde, logged', 1e-8);

\set chosen 'source => ''observational'', outcome => ''re78'', strategy => ''treat'', baseline => ''0'', features => ''{age,educ,race,married,nodegree,re74,re75}'', fold => ''fold'''
SELECT pg_temp.compare_is(:'chosen' || ', key => ''id''', '{6420.93736795,349.542398988,7040.68885397,840.830115047}', '{619.751486017,895.063882816}', 'LaLonde, observational', 1e-6);
SELECT pg_temp.compare_is(:'chosen' || ', key => ''pair''', '{6420.93736795,384.367718614,7040.68885397,898.37413596}', '{619.751486017,947.904820091}', 'LaLonde, observational in pairs', 1e-6);
SELECT pg_temp.overlap_is(:'chosen' || ', key => ''id''', '{429,344.55047498,4.16188715586,0.00680338520476,0,0.996315457587,0.0355859788083,0.335922221804,0.0237512296969,185,73.8899980864,31.006035924,0.0588431328189,0,0.858187309623,0.093713063029,1.40573828716,0.319489575122}', 'LaLonde, observational: overlap', 1e-6);
SELECT pg_temp.estimand_is(:'chosen' || ', key => ''id''', 'treated', '{1229.40110134,787.711221559}', 'LaLonde, observational', 1e-6);
SELECT pg_temp.estimand_is(:'chosen' || ', key => ''id''', 'overlap', '{1265.14962412,737.677486307}', 'LaLonde, observational', 1e-6);
SELECT pg_temp.beside_is(:'chosen' || ', key => ''id''', '{1265.14962412,737.677486307}', '{1696.41155007,833.602150203,508}', 'LaLonde, observational', 1e-6);
SELECT pg_temp.holds(format('SELECT bool_and(status = ''ok'' AND overlap = ''ok'') AND count(*) = 3 AND bool_and(strategy = baseline OR verdict ~ ''^Strategy "(Mens|Womens) E-Mail" beats "No E-Mail" on '') FROM journey.compare_strategies(%s)', :'by_visit' || :'with_features' || ', key => ''i''' || how), 'Hillstrom: the gate is open, the e-mails win' || how)
FROM (VALUES (''), (', propensity => ''third'''), (', method => ''difference'''), (', method => ''lin'''), (', estimand => ''treated'''), (', estimand => ''overlap''')) v(how);
SELECT pg_temp.holds(format('SELECT bool_and(status = ''ok'') AND count(*) = 2 FROM journey.compare_strategies(%s)', :'trained' || ', key => ''i''' || how), 'LaLonde: the gate is open' || how) FROM (VALUES (''), (', method => ''difference'''), (', method => ''lin''')) v(how);
-- The experiment says 1794; the observational average says 620 of people who are not alike, and must not decide.
SELECT pg_temp.holds(format('SELECT bool_or(overlap <> ''ok'') AND bool_and(verdict !~* ''beats|is better'') FROM journey.compare_strategies(%s)', :'chosen' || ', key => ''id'''), 'LaLonde, observational: no decision on weak overlap');

\set shown 'source => ''bandit'', outcome => ''click'', strategy => ''item_id'', key => NULL, propensity => ''propensity'', fold => ''fold'''
SELECT pg_temp.numbers_are($$SELECT ARRAY[avg(v), stddev_samp(v) / sqrt(count(*))] FROM (SELECT avg(score) AS v FROM journey.strategy_scores(source => 'bandit', outcome => 'click', strategy => 'item_id', key => NULL, propensity => 'propensity', method => 'ipw', fold => 'fold') GROUP BY row_number) q$$,
	'{0.00300862632726,0.000773935462887}', 'Open Bandit: the uniform policy', 1e-8);
SELECT pg_temp.numbers_are('SELECT array_agg(v ORDER BY strategy COLLATE "C", o) FROM (SELECT strategy, u.* FROM (SELECT strategy, avg(score) AS m, stddev_samp(score) / sqrt(count(*)) AS s FROM journey.strategy_scores(source => ''bandit'', outcome => ''click'', strategy => ''item_id'', key => NULL, propensity => ''propensity'', method => ''ipw'', fold => ''fold'') q GROUP BY 1) g, LATERAL (VALUES (1, m), (2, s)) u(o, v) WHERE strategy IN (''0'', ''1'', ''18'', ''9'')) q',
	'{0.0106084214494,0.00735393479405,0,0,0,0,0.00103729059696,0.00103729059696}', 'Open Bandit: items', 1e-8);
SELECT pg_temp.numbers_are(replace(pg_temp.compared(:'shown' || ', method => ''snips''', 'n, ess, max_weight, weight_mean'), ') q', ' WHERE strategy IN (''0'', ''1'', ''18'', ''9'')) q'), (SELECT array_agg(w[i] ORDER BY i) FROM (SELECT '{1265,63.3870847952,985.221674877,0.0977441175369,0.00316205533597,1.00796006932,0.126207115275,116,38.2238988082,760.456273764,0.0876151443051,0.181034482759,0.867950717648,0.140125662609,54,33.0097382762,766.283524904,0.0766177784376,0.648148148148,1.00013801043,0.173797139958,311,43.7261352602,1098.9010989,0.114672103171,0.048231511254,0.958298547348,0.144610695804}'::float8[] AS w) g, generate_series(1, 28) i WHERE (i - 1) % 7 IN (0, 1, 2, 5)), 'Open Bandit: overlap of items', 1e-8);
SELECT pg_temp.holds(format('SELECT bool_and(CASE WHEN ess < 50 THEN status = ''no_overlap'' AND value IS NULL AND difference IS NULL ELSE status = ''weak_overlap'' END) AND count(*) = 34 AND count(*) FILTER (WHERE ess < 50) > 20 FROM journey.compare_strategies(%s)', :'shown' || ', method => ''snips'''), 'Open Bandit: an item shown in a few dozen effective rows has no value');

SELECT pg_temp.numbers_are($$SELECT ARRAY[value, value_se, ess, max_weight] FROM journey.policy_value('SELECT NULL::text AS key, row_number, strategy, score, 1 / 34.0::float8 AS chosen, assigned, propensity
	FROM journey.strategy_scores(source => ''bandit'', outcome => ''click'', strategy => ''item_id'', key => NULL, propensity => ''propensity'', method => ''ipw'', fold => ''fold'')')$$, '{0.00300862632726,0.000773935462887,655.709849587,178.25311943}', 'Open Bandit: policy_value of the uniform policy', 1e-8);
SELECT pg_temp.holds($$SELECT round(value::numeric, 8) = .00300863 AND round(value_se::numeric, 8) = .00077394 AND round(ess::numeric, 2) = 655.71 AND round(max_weight::numeric, 2) = 178.25 AND status = 'weak_overlap' AND overlap = 'weak_overlap' AND n = 10000
	FROM journey.policy_value('SELECT NULL::text AS key, row_number, strategy, score, 1 / 34.0::float8 AS chosen, assigned, propensity
	FROM journey.strategy_scores(source => ''bandit'', outcome => ''click'', strategy => ''item_id'', key => NULL, propensity => ''propensity'', method => ''ipw'')')$$, 'Open Bandit: the printed numbers, and weak overlap');

-- Printed numbers: within a twentieth of their standard error, whatever the folds.
CREATE FUNCTION pg_temp.within(query text, want float8[], error float8[], name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE got float8[];
BEGIN
	EXECUTE query INTO got;
	RETURN pg_temp.verdict((SELECT string_agg(format('got %s, want %s', g, w), E'\n') FROM unnest(got, want, error) u(g, w, e) WHERE NOT coalesce(abs(g - w) <= 0.05 * e, false)), name);
EXCEPTION WHEN OTHERS THEN
	RETURN pg_temp.verdict(SQLSTATE || ': ' || SQLERRM, name);
END $$;
SELECT pg_temp.within(pg_temp.compared(replace(:'by_visit', ', fold => ''fold''', '') || :'with_features' || ', key => ''i''' || how, 'value'), '{.1822555,.1062165,.1517076}', '{.0026182,.0020873,.0024356}', 'Hillstrom, printed values' || how)
FROM (VALUES (', fold => ''fold'''), (', propensity => ''third'', repeats => 1'), (', seed => 7')) v(how);
SELECT pg_temp.within(replace(pg_temp.compared(:'by_visit' || :'with_features' || ', key => ''i''', 'difference'), ') q', ' WHERE strategy <> baseline) q'), '{.0760390462,.0454910933}', '{.0033322388,.00319485158}', 'Hillstrom, printed differences');
SELECT pg_temp.within(replace(pg_temp.compared(replace(replace(:'by_visit', ', fold => ''fold''', ''), 'No E-Mail', 'Womens E-Mail') || :'with_features' || ', key => ''i''', 'difference'), ') q', ' WHERE strategy ~ ''^Mens'') q'), '{.0305479529}', '{.0035608214}', 'Hillstrom, printed difference of the two e-mails');
SELECT pg_temp.within(pg_temp.compared(replace(:'trained', 'lalonde', 'lalonde_logged') || ', key => NULL, propensity => ''share''', 'value'), '{4556.79742,6169.501883}', '{339.7492393,587.9585175}', 'LaLonde, printed values');
SELECT pg_temp.numbers_are('SELECT array_agg(v ORDER BY strategy COLLATE "C", o) FROM (SELECT strategy, u.* FROM journey.compare_strategies(source => ''hillstrom'', outcome => ''visit'', strategy => ''segment'', key => ''i'', baseline => ''No E-Mail'', method => ''difference'') r, LATERAL unnest(ARRAY[value, difference, std_error]) WITH ORDINALITY u(v, o)) q',
	'{.182756840475,.0765895636515,.00338588781,.106167276823,NULL,NULL,.15140038341,.0452331065871,.00323446210}', 'Hillstrom: Neyman', 1e-8);
SELECT pg_temp.numbers_are(format('SELECT array_agg(v ORDER BY strategy COLLATE "C", o) FROM (SELECT strategy, u.* FROM journey.compare_strategies(source => ''hillstrom'', outcome => ''visit'', strategy => ''segment'', key => ''i'', features => %L, baseline => ''No E-Mail'', method => ''lin'') r, LATERAL unnest(ARRAY[difference, std_error]) WITH ORDINALITY u(v, o) WHERE strategy <> baseline) q', :'hillstrom'),
	'{.0760595486,.00333571396,.045409633,.00318805758}', 'Hillstrom: Lin', 1e-8);
SELECT pg_temp.numbers_are(format('SELECT array_agg(v ORDER BY o) FROM (SELECT u.* FROM journey.compare_strategies(source => ''lalonde'', outcome => ''re78'', strategy => ''treat'', key => ''i'', features => %L, method => %L) r, LATERAL unnest(ARRAY[difference, std_error]) WITH ORDINALITY u(v, o) WHERE strategy = ''true'') q', f, m), want, 'LaLonde: ' || m, 1e-9)
FROM (VALUES ('{}', 'difference', '{1794.343085,670.9967297}'::float8[]), ('{age,educ,black,hisp,married,nodegr,re74,re75}', 'lin', '{1621.583624,694.7217164}'), ('{re75}', 'cuped', '{1750.15159371,668.960417778}')) v(f, m, want);
-- Repeats: the median, and the median of squared errors plus squared distances to it, over the maps of folds that out_of_fold shows.
CREATE TEMP TABLE maps AS SELECT key::bigint AS i, repeat, fold FROM journey.out_of_fold('SELECT *, re78::float8 AS y FROM lalonde', 'y', 'i', '{age}', k => 5, repeats => 3, seed => 11);
CREATE TEMP TABLE by_map AS SELECT repeat, r.* FROM generate_series(1, 3) repeat,
	LATERAL (SELECT value, value_se, difference, std_error FROM journey.compare_strategies(source => 'SELECT l.age, l.educ, l.black, l.hisp, l.married, l.nodegr, l.re74, l.re75, l.re78, l.treat, l.i, m.fold AS part FROM lalonde l JOIN maps m USING (i) WHERE m.repeat = ' || repeat,
		outcome => 're78', strategy => 'treat', key => 'i', features => '{age,educ,black,hisp,married,nodegr,re74,re75}', fold => 'part') WHERE strategy = 'true' OFFSET 0) r;
SELECT pg_temp.numbers_are('SELECT ARRAY[value, value_se, difference, std_error, wins] FROM journey.compare_strategies(source => ''lalonde'', outcome => ''re78'', strategy => ''treat'', key => ''i'', features => ''{age,educ,black,hisp,married,nodegr,re74,re75}'', k => 5, repeats => 3, seed => 11) WHERE strategy = ''true''',
	(WITH m AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS v, percentile_cont(0.5) WITHIN GROUP (ORDER BY difference) AS d FROM by_map)
	SELECT ARRAY[v, sqrt(percentile_cont(0.5) WITHIN GROUP (ORDER BY value_se ^ 2 + (value - v) ^ 2)), d, sqrt(percentile_cont(0.5) WITHIN GROUP (ORDER BY std_error ^ 2 + (difference - d) ^ 2)), count(*) FILTER (WHERE difference > 0)] FROM by_map, m GROUP BY v, d), 'LaLonde: the median over repeats', 1e-7);
-- Other maps of folds: in the range of forty random ones.
SELECT pg_temp.holds(format('SELECT bool_and(difference BETWEEN 1300 AND 1900 AND std_error BETWEEN 660 AND 720) AND count(*) = 1 FROM journey.compare_strategies(%s) WHERE strategy = ''true''', replace(replace(:'trained', 'lalonde', 'lalonde_logged'), ', fold => ''fold''', '') || ', key => ''i'', propensity => ''share'''), 'LaLonde: repeated folds within the range of random ones');
\else
SELECT skip('shared data absent', 80);
\endif
SELECT * FROM finish();
ROLLBACK;
