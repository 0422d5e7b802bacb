-- uplift, uplift_calibration, uplift_groups and uplift_coefficients: golden
-- numbers of test/oracles/strategies_uplift.py, a known truth, identities,
-- gates, refusals; Hillstrom's e-mails.
BEGIN;
SET LOCAL jit = off;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(49);
CREATE TEMP TABLE f AS
SELECT i, (i - 1) / 3 AS who, (i - 1) / 3 % 4 + 1 AS f, (i * 7919 % 101) / 101.0::float8 AS x1, (i * 104729 % 97) / 97.0::float8 AS x2, (i * 31 % 2)::float8 AS x3,
	a::text AS a, (i * 7919 % 101) / 101.0::float8 + a * ((i * 104729 % 97) / 97.0::float8) + (i * 61 % 89) / 89.0::float8 + CASE WHEN a = 1 THEN (i * 31 % 2) / 4.0::float8 ELSE 0 END AS y,
	CASE a WHEN 0 THEN CASE i % 2 WHEN 0 THEN 0.25 ELSE 0.5 END WHEN 1 THEN 0.25 ELSE CASE i % 2 WHEN 0 THEN 0.5 ELSE 0.25 END END::float8 AS e
FROM (SELECT i, i * 37 % 11 % 3 AS a FROM generate_series(1, 360) i) s;
CREATE TEMP TABLE two AS SELECT row_number() OVER (ORDER BY i) AS r, i, who, f, x1, x2, x3, a, y, CASE WHEN (a = '0') = (i % 2 = 0) THEN 0.25 / 0.75 ELSE 0.5 / 0.75 END::float8 AS e FROM f WHERE a <> '1';

-- the effect of every row
SELECT pg_temp.numbers_are($$SELECT array_agg(effect ORDER BY row_number) || array_agg(std_error ORDER BY row_number) FROM journey.uplift('SELECT * FROM f ORDER BY i', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f') WHERE strategy = '2' AND row_number IN (1, 2, 100, 359)$$,
	'{1.40097853753,0.869576264089,0.0550954235862,0.569325278317,0.0750044001648,0.0750046214578,0.097279032657,0.0682223077628}', 'R-EFM-1 dr: effects and errors', 1e-9);
SELECT pg_temp.numbers_are(format($$SELECT array_agg(effect ORDER BY row_number) || CASE WHEN %1$L <> 'x' THEN array_agg(std_error ORDER BY row_number) WHEN count(std_error) = 0 THEN '{}' END FROM journey.uplift('SELECT * FROM two ORDER BY r', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', learner => %1$L) WHERE row_number IN (1, 2, 61, 229)$$, l), g, 'R-EFM-1 to 3, two strategies: ' || l, 1e-9)
FROM (VALUES ('dr', '{0.876961025614,1.63588046183,1.28267610647,0.550644693999,0.097315072905,0.0978614419398,0.0792732108855,0.0763536898302}'::float8[]),
	('r', '{0.859098095949,1.59717011497,1.29818911194,0.553874644601,0.0709541662173,0.0730440027687,0.0670095699763,0.0695214702478}'),
	('x', '{0.845736201319,1.53030664159,1.33270843913,0.619503470612}')) v(l, g);
SELECT pg_temp.numbers_are($$SELECT array_agg(estimate) || array_agg(std_error) FROM journey.uplift_coefficients('f', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f') WHERE strategy = '2'$$,
	'{-0.325770702056,0.394949378874,2.24056879743,0.040612160965,0.0894252373302,0.123447379423,0.133113759563,0.0671208847878}', 'dr: coefficients and errors', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(estimate) || array_agg(std_error) FROM journey.uplift_coefficients('two', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', learner => 'r')$$,
	'{-0.33340104381,0.396692934597,2.24628688136,0.0452472660858,0.0935290342516,0.114456660817,0.132668261504,0.0646594132634}', 'r: coefficients and errors', 1e-9);
SELECT pg_temp.text_is($$SELECT string_agg(strategy || ' ' || term, ', ') FROM journey.uplift_coefficients('SELECT *, CASE WHEN x3 = 1 THEN ''one'' ELSE ''none'' END AS l FROM f', 'y', 'a', 'who', '{x1,l}', propensity => 'e', fold => 'f')$$,
	'1 (intercept), 1 x1, 1 l=one, 2 (intercept), 2 x1, 2 l=one', 'terms are named as in fit()');
-- do they hold
SELECT pg_temp.numbers_are($$SELECT array_agg(v ORDER BY term DESC, k) FROM journey.uplift_calibration('f', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f'), unnest(ARRAY[estimate, std_error, conf_high, p_value]) WITH ORDINALITY u(v, k) WHERE strategy = '2'$$,
	'{0.998893518603,0.0434208775608,1.08537369113,5.5782069985e-36,0.981561373219,0.0580451395406,1.09716828776,8.92610529057e-28}', 'R-EGR-1 to 4 dr: calibration', 1e-8);
SELECT pg_temp.numbers_are($$SELECT array_agg(v ORDER BY term DESC, k) FROM journey.uplift_calibration('two', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', learner => 'r'), unnest(ARRAY[estimate, std_error, conf_high, p_value]) WITH ORDINALITY u(v, k)$$,
	'{0.997372017735,0.0585616277186,1.11400760764,1.16174985036e-27,0.977833172096,0.0692504446776,1.11575738597,3.02350147455e-23}', 'r: calibration', 1e-8);
SELECT pg_temp.numbers_are($$SELECT array_agg(n::float8) || array_agg(predicted) || array_agg(effect) || array_agg(std_error) FROM journey.uplift_groups('f', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', groups => 4) WHERE strategy = '2'$$,
	'{88,92,88,92,0.141265554119,0.709121386753,1.27255776409,1.8367219499,0.157004715313,0.805711678211,1.13671494852,1.86553110744,0.0677979335829,0.0851450451908,0.0879843025644,0.0845570802594}', 'R-EGR-5 and 6 dr: groups', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(n::float8) || array_agg(predicted) || array_agg(effect) || array_agg(std_error) FROM journey.uplift_groups('two', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', groups => 4, learner => 'x')$$,
	'{56,58,56,59,0.185619611223,0.731455978808,1.25009736074,1.79109543211,0.167963958596,0.7515989404,1.20148549228,1.83247939438,0.113789554477,0.141921814705,0.147278520582,0.145150503939}', 'x: groups', 1e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg((simultaneous_high - effect) / std_error) || array_agg((effect - simultaneous_low) / std_error) FROM journey.uplift_groups('f', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', groups => 4) WHERE strategy = '2'$$,
	array_fill(2.6857850642, ARRAY[8]), 'R-EGR-6 the critical value of all groups at once', 0.02);
SELECT pg_temp.numbers_are($$SELECT array_agg((conf_high - effect) / std_error) FROM journey.uplift_groups('f', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', groups => 4) WHERE strategy = '2'$$,
	'{2.06389856162803,2.06865761041905,2.06389856162803,2.06389856162803}', 'R-EGR-4 t by the keys of the smaller side', 1e-9);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini('SELECT effect AS priority, score FROM journey.uplift(''f'', ''y'', ''a'', ''who'', ''{x1,x2,x3}'', propensity => ''e'', fold => ''f'') WHERE strategy = ''2''')).estimate, (journey.autoc('SELECT effect AS priority, score FROM journey.uplift(''f'', ''y'', ''a'', ''who'', ''{x1,x2,x3}'', propensity => ''e'', fold => ''f'') WHERE strategy = ''2''')).estimate]$$,
	'{0.186030158753,0.57308274425}', 'qini and autoc of uplift', 1e-9);

SELECT pg_temp.holds($$SELECT estimate IS NOT NULL AND num_nonnulls(std_error, conf_low, conf_high, p_value) = 0 AND status = 'no_error' FROM journey.uplift_calibration('two', 'y', 'a', 'who', '{x1,x2,x3}', propensity => 'e', fold => 'f', learner => 'x') WHERE term = 'heterogeneity'$$, 'x: a slope without an error');

-- identities
SELECT pg_temp.holds($$SELECT count(*) = 720 AND count(DISTINCT row_number) = 360 AND bool_and(fold BETWEEN 1 AND 4 AND baseline = '0' AND conf_low < effect AND effect < conf_high) AND array_agg(DISTINCT strategy) = '{1,2}' FROM journey.uplift('f', 'y', 'a', 'who', '{x1,x2}', propensity => 'e', fold => 'f')$$, 'one row per row and strategy but the baseline');
SELECT pg_temp.holds($$SELECT max(abs(u.score - (a.score - b.score))) < 1e-14 AND count(*) = 360 FROM journey.uplift('SELECT * FROM f ORDER BY i', 'y', 'a', 'who', '{x1,x2}', repeats => 3, k => 4) u JOIN journey.strategy_scores('SELECT * FROM f ORDER BY i', 'y', 'a', 'who', '{x1,x2}', repeats => 3, k => 4) a USING (row_number, fold, key) JOIN journey.strategy_scores('SELECT * FROM f ORDER BY i', 'y', 'a', 'who', '{x1,x2}', repeats => 3, k => 4) b USING (row_number, fold, key)
	WHERE u.strategy = '2' AND a.strategy = '2' AND b.strategy = '0'$$, 'score is the difference of strategy_scores');
SELECT pg_temp.holds($$SELECT max(abs(a.effect + b.effect)) < 1e-9 AND max(abs(a.std_error - b.std_error)) < 1e-9 FROM journey.uplift('SELECT * FROM f ORDER BY i', 'y', 'a', 'who', '{x1,x2}', '0', k => 4) a JOIN journey.uplift('SELECT * FROM f ORDER BY i', 'y', 'a', 'who', '{x1,x2}', '2', k => 4) b USING (row_number) WHERE a.strategy = '2' AND b.strategy = '0'$$, 'baseline and strategy exchanged: the sign');
SELECT results_eq($$SELECT key, strategy, effect, std_error, score FROM journey.uplift('SELECT *, i AS k FROM f ORDER BY x2, i', 'y', 'a', 'k', '{x1,x2}', k => 4) ORDER BY 1, 2$$, $$SELECT key, strategy, effect, std_error, score FROM journey.uplift('SELECT *, i AS k FROM f ORDER BY i DESC', 'y', 'a', 'k', '{x1,x2}', k => 4) ORDER BY 1, 2$$, 'order of rows changes no bit');
SELECT pg_temp.numbers_are($$SELECT array_agg(estimate ORDER BY strategy) || array_agg(std_error ORDER BY strategy) FROM journey.uplift_calibration('SELECT *, 1000000 + 10 * y AS z, x1 * 1e6 - 3e8 AS w FROM f', 'z', 'a', 'who', '{w,x2}', k => 4) WHERE term = 'mean_effect'$$, (SELECT array_agg(10 * estimate ORDER BY strategy) || array_agg(10 * std_error ORDER BY strategy) FROM journey.uplift_calibration('f', 'y', 'a', 'who', '{x1,x2}', k => 4) WHERE term = 'mean_effect'), 'units of outcome and features', 1e-6);
SELECT pg_temp.holds($$SELECT bool_and(key IS NULL) AND count(*) = 720 FROM journey.uplift('f', 'y', 'a', NULL, '{x1}', k => 3)$$, 'rows that are independent have no key');
SELECT pg_temp.holds($$SELECT sum(n) = 360 AND count(*) = 3 AND bool_and(n = n_keys) FROM journey.uplift_groups('f', 'y', 'a', NULL, '{x1}', k => 3, groups => 3) WHERE strategy = '1'$$, 'groups share out all rows');
SELECT pg_temp.holds($$SELECT count(*) = 2 AND sum(n) = 360 FROM journey.uplift_groups('f', 'y', 'a', NULL, '{x3}', k => 3, groups => 10) WHERE strategy = '1'$$, 'R-EGR-5 equal predictions stay together');
SELECT pg_temp.holds($$SELECT bool_and(status = 'constant' AND (estimate IS NULL) = (std_error IS NULL)) AND count(*) FILTER (WHERE estimate IS NULL) = 2 FROM journey.uplift_coefficients('SELECT *, 7 AS c FROM f', 'y', 'a', 'who', '{x1,c}', k => 4) WHERE term = 'c'$$, 'R-EFM-4 a constant column');
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE term = 'heterogeneity' AND status = 'constant' AND estimate IS NULL) = 2 AND count(*) FILTER (WHERE term = 'mean_effect' AND status = 'ok' AND estimate > 0) = 2 FROM journey.uplift_calibration('SELECT *, 7 AS c FROM f', 'y', 'a', 'who', '{c}', k => 4)$$, 'nothing tells customers apart');

-- a known truth: the effect of 2 is 12 (x2 - 1/2), that of 1 is 3
CREATE TEMP TABLE bed AS
SELECT i, u1 AS x1, u2 AS x2, u3 AS x3, a, 70 + 5 * u1 + CASE a WHEN 0 THEN 0 WHEN 1 THEN 3 ELSE 12 * (u2 - 0.5) END + 8 * sqrt(-2 * ln(u7)) * cos(2 * pi() * u8) AS y
FROM (SELECT *, CASE WHEN u6 * (1 + exp(u1 - 0.5) + exp(u2 - 0.5)) < 1 THEN 0 WHEN u6 * (1 + exp(u1 - 0.5) + exp(u2 - 0.5)) < 1 + exp(u1 - 0.5) THEN 1 ELSE 2 END AS a
	FROM (SELECT i, journey.hash64(i, 1) / 2 ^ 64 + 0.5 AS u1, journey.hash64(i, 2) / 2 ^ 64 + 0.5 AS u2, journey.hash64(i, 3) / 2 ^ 64 + 0.5 AS u3, journey.hash64(i, 6) / 2 ^ 64 + 0.5 AS u6, journey.hash64(i, 7) / 2 ^ 64 + 0.5 AS u7, journey.hash64(i, 8) / 2 ^ 64 + 0.5 AS u8 FROM generate_series(1, 3000) i) q) w;
SELECT pg_temp.holds(format($$SELECT abs(estimate - 12) < 2.6 * std_error AND std_error BETWEEN 0.8 AND 1.8 AND status = 'ok' FROM journey.uplift_coefficients('bed', 'y', 'a', 'i', '{x1,x2,x3}', learner => %L) WHERE strategy = '2' AND term = 'x2'$$, l), 'known truth: slope of 12 by ' || l) FROM unnest('{dr,r}'::text[]) l;
SELECT pg_temp.holds(format($$SELECT coalesce(avg((abs(u.effect - 12 * (b.x2 - 0.5)) < 1.96 * u.std_error)::int), 1) > 0.85 AND corr(u.effect, b.x2) > 0.95 FROM journey.uplift('bed', 'y', 'a', 'i', '{x1,x2,x3}', learner => %L) u JOIN bed b ON b.i = u.key::int WHERE strategy = '2'$$, l), 'known truth: effects of rows by ' || l) FROM unnest('{dr,r,x}'::text[]) l;
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE strategy = '2' AND p_value < 1e-6 AND conf_low < 1 AND conf_high > 1) = 1 AND count(*) FILTER (WHERE strategy = '1' AND p_value > 0.01 AND conf_low < 0) = 1 FROM journey.uplift_calibration('bed', 'y', 'a', 'i', '{x1,x2,x3}') WHERE term = 'heterogeneity'$$, 'heterogeneity where there is some, none where there is none');
SELECT pg_temp.holds($$SELECT bool_and(simultaneous_low < predicted AND predicted < simultaneous_high) AND min(effect) < -2 AND max(effect) > 2 AND bool_and(simultaneous_low < conf_low AND conf_high < simultaneous_high) FROM journey.uplift_groups('bed', 'y', 'a', 'i', '{x1,x2,x3}') WHERE strategy = '2'$$, 'groups of effect');

-- blocks of rows of several folds come in turn and may tear a key apart
CREATE TEMP TABLE torn AS SELECT i, i / 7 AS who, i / 7 % 5 + 1 AS f, journey.hash64(i, 3) / 1e18 AS x1, (journey.hash64(i, 4) > 0)::int AS a, journey.hash64(i / 7, 5) / 1e18 AS y FROM generate_series(0, 6999) i;
SELECT pg_temp.numbers_are($$SELECT ARRAY[c.std_error, c.n_keys] || array_agg(g.n_keys::float8 ORDER BY g."group") FROM journey.uplift_calibration('torn', 'y', 'a', 'who', '{x1}', fold => 'f') c, journey.uplift_groups('torn', 'y', 'a', 'who', '{x1}', fold => 'f', groups => 2) g WHERE c.term = 'mean_effect' GROUP BY c.std_error, c.n_keys$$,
	(SELECT ARRAY[sqrt(count(*) / (count(*) - 1.0) * sum(d ^ 2)) / 7000, 1000] || (SELECT array_agg(k ORDER BY g) FROM (SELECT g, count(DISTINCT key)::float8 AS k FROM (SELECT key, 1 + floor((2 * rank() OVER w - 1) / (2.0 * count(*) OVER (PARTITION BY fold)) * 2) AS g FROM journey.uplift('torn', 'y', 'a', 'who', '{x1}', fold => 'f') WINDOW w AS (PARTITION BY fold ORDER BY effect)) q GROUP BY g) q)
	FROM (SELECT sum(score - m) AS d FROM (SELECT key, score, avg(score) OVER () AS m FROM journey.uplift('torn', 'y', 'a', 'who', '{x1}', fold => 'f')) u GROUP BY key) s), 'keys that blocks tear apart are whole', 1e-9);

-- nothing to find: 60 times, five features that say nothing about the effect
CREATE TEMP TABLE nothing AS SELECT s, c.estimate / c.std_error AS z, c.p_value, abs(q.estimate) > 1.96 * q.std_error AS found, q.method
FROM generate_series(1, 60) s, LATERAL (SELECT format('SELECT i, (journey.hash64(i, %s) > 0) AS a, i %% 10 + 1 AS f, 0.5 AS e, journey.hash64(i, %s) / 1e18 AS x1, journey.hash64(i, %s) / 1e18 AS x2, journey.hash64(i, %s) / 1e18 AS x3, journey.hash64(i, %s) / 1e18 AS y FROM generate_series(1, 400) i', 1000 + s, 2000 + s, 3000 + s, 4000 + s, 5000 + s) AS source) t,
	LATERAL journey.uplift_calibration(source, 'y', 'a', 'i', '{x1,x2,x3}', propensity => 'e', fold => 'f') c, LATERAL journey.qini(format('SELECT effect AS priority, std_error, score, fold FROM journey.uplift(%L, ''y'', ''a'', ''i'', ''{x1,x2,x3}'', propensity => ''e'', fold => ''f'')', source)) q WHERE c.term = 'heterogeneity';
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE abs(z) > 1.96) <= 7 AND count(*) FILTER (WHERE p_value < 0.05) <= 8 FROM nothing$$, 'R-EGR-3 nothing to find: calibration finds it rarely');
SELECT pg_temp.holds($$SELECT count(*) FILTER (WHERE found) <= 7 AND min(method) = 'half_sample_folds' FROM nothing$$, 'R-RFO-2 nothing to find: qini within folds finds it rarely');

-- gates
SELECT pg_temp.holds($$SELECT bool_and(effect IS NULL AND std_error IS NULL AND conf_low IS NULL AND score IS NULL AND status = 'no_overlap') AND count(*) = 360 FROM journey.uplift('SELECT *, CASE WHEN x1 > 0.5 THEN ''b'' ELSE ''a'' END AS s FROM f', 'y', 's', NULL, '{x1,x2}', k => 4)$$, 'R-UPL-2 features that determine the strategy: no figures');
SELECT pg_temp.holds($$SELECT count(*) = 1 AND bool_and("group" IS NULL AND effect IS NULL AND status = 'no_overlap') FROM journey.uplift_groups('SELECT *, CASE WHEN x1 > 0.5 THEN ''b'' ELSE ''a'' END AS s FROM f', 'y', 's', NULL, '{x1,x2}', k => 4)$$, 'R-UPL-2 one row tells why there are no groups');
SELECT pg_temp.holds($$SELECT bool_and(CASE strategy WHEN 'rare' THEN status = 'too_few' AND estimate IS NULL AND p_value IS NULL ELSE status <> 'too_few' END) AND count(*) = 6 FROM journey.uplift_calibration('SELECT *, CASE WHEN i IN (7, 50) THEN ''rare'' ELSE a END AS s FROM f', 'y', 's', 'who', '{x1,x2}', k => 4)$$, 'R-UPL-1 a strategy with fewer keys than folds');
SELECT pg_temp.holds($$SELECT bool_and(status = 'too_few' AND effect IS NULL) FROM journey.uplift('SELECT *, CASE WHEN i IN (7, 50) THEN ''0'' ELSE ''1'' END AS s FROM f', 'y', 's', 'who', '{x1,x2}', k => 4)$$, 'R-UPL-1 such a baseline');

-- refusals
SELECT pg_temp.refused($$SELECT * FROM journey.uplift('f', 'y', 'a', 'who')$$, '{22023}', 'feature', 'no features');
SELECT pg_temp.refused($$SELECT * FROM journey.uplift('f', 'y', 'a', 'who', '{x1}', learner => 's')$$, '{22023}', 'learner', 'unknown learner');
SELECT pg_temp.refused($$SELECT * FROM journey.uplift('f', 'y', 'a', 'who', '{x1}', propensity => 'e', learner => 'r')$$, '{0A000}', 'propensities', 'r without the propensities of others');
SELECT pg_temp.refused($$SELECT * FROM journey.uplift('two', 'y', 'a', 'who', '{x1}', method => 'ipw', learner => 'x')$$, '{22023}', 'outcome models', 'x without outcome models');
SELECT pg_temp.refused($$SELECT * FROM journey.uplift_coefficients('two', 'y', 'a', 'who', '{x1}', learner => 'x')$$, '{0A000}', 'coefficients', 'coefficients of x');
SELECT pg_temp.refused($$SELECT * FROM journey.uplift_groups('two', 'y', 'a', 'who', '{x1}', groups => 1)$$, '{22023}', 'groups', 'one group');

-- Hillstrom: both e-mails against none, visits, e = 1/3
\set csv :shared '/data/hillstrom/hillstrom.csv.xz'
\setenv HILLSTROM :csv
\set there `[ -r "$HILLSTROM" ] && command -v xz >/dev/null && echo true || echo false`
\if :there
CREATE TEMP TABLE hill (i bigint GENERATED ALWAYS AS IDENTITY, recency integer, history_segment text, history float8, mens integer, womens integer, zip_code text, newbie integer, channel text, segment text, visit integer, conversion integer, spend float8);
\copy hill (recency, history_segment, history, mens, womens, zip_code, newbie, channel, segment, visit, conversion, spend) FROM PROGRAM 'xz -dc "$HILLSTROM"' (FORMAT csv, HEADER)
CREATE TEMP VIEW h AS SELECT *, (i - 1) % 5 + 1 AS f, 1 / 3.0::float8 AS e FROM hill;
SELECT pg_temp.numbers_are($$SELECT array_agg(estimate) || array_agg(std_error) FROM journey.uplift_coefficients('h', 'visit', 'segment', 'i', '{recency,history,mens,womens,newbie,zip_code,channel}', 'No E-Mail', 'e', fold => 'f') WHERE strategy = 'Mens E-Mail'$$,
	'{0.0123892020912,-0.00113374278414,-1.36078176687e-06,0.0613617129418,0.0629164643386,-0.00366210561001,-0.000464696333674,0.00534910534962,0.00224265320168,0.00239323056725,0.0220884060998,0.000974628853468,1.64716683328e-05,0.0143252032816,0.0143685557819,0.00662513334469,0.0104694535426,0.0106042998997,0.0117249371613,0.0118859851355}', 'Hillstrom: coefficients of the men''s e-mail', 1e-8);
SELECT pg_temp.numbers_are($$SELECT array_agg(v ORDER BY strategy, term DESC, k) FROM journey.uplift_calibration('h', 'visit', 'segment', 'i', '{recency,history,mens,womens,newbie,zip_code,channel}', 'No E-Mail', 'e', fold => 'f'), unnest(ARRAY[estimate, std_error, conf_high]) WITH ORDINALITY u(v, k)$$,
	'{0.0760573240437,0.00333226138389,0.0825884363432,0.778883085343,0.228676536258,1.22708086052,0.0454815454181,0.00319485597285,0.0517433480607,0.95015275655,0.103327786198,1.1526714961}', 'Hillstrom: calibration', 1e-8);
SELECT pg_temp.numbers_are($$SELECT array_agg(effect) || array_agg(std_error) FROM journey.uplift_groups('h', 'visit', 'segment', 'i', '{recency,history,mens,womens,newbie,zip_code,channel}', 'No E-Mail', 'e', fold => 'f') WHERE strategy = 'Womens E-Mail'$$,
	'{0.00879738160961,0.0144108068374,0.05175070535,0.0784225483413,0.0740295073153,0.00788396671959,0.00640689091967,0.00809463292021,0.00817343247242,0.00696449812628}', 'Hillstrom: groups of the women''s e-mail', 1e-8);
SELECT pg_temp.numbers_are($$SELECT ARRAY[(journey.qini('SELECT effect AS priority, score FROM journey.uplift(''h'', ''visit'', ''segment'', ''i'', ''{recency,history,mens,womens,newbie,zip_code,channel}'', ''No E-Mail'', ''e'', fold => ''f'') WHERE strategy = ''Womens E-Mail''', 2)).estimate]$$, '{0.00773703193305}', 'Hillstrom: qini of the women''s e-mail', 1e-8);
\else
SELECT skip('no shared data', 4);
\endif
SELECT * FROM finish();
ROLLBACK;
