-- Methods difference, cuped and lin through SQL: published numbers of LaLonde and
-- Hillstrom, and errors clustered by key from clubSandwich
-- (test/oracles/strategies_randomised.R).
BEGIN;
\ir lib/close.psql
SELECT plan(22);
SET LOCAL jit = off;
SET LOCAL client_min_messages = error;

-- rows that the oracle makes the same way
CREATE FUNCTION pg_temp.draw(i bigint, k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT ((b * b + a) % 67108859)::float8 / 67108859 - 0.5 FROM (SELECT (i * 48271 + k * 6962177) % 67108859 AS a) s, LATERAL (SELECT (a * a + k * 12345 + i) % 67108859 AS b) t $$;
CREATE TEMP TABLE rows AS SELECT name, i, key, arm, x1, x2, 2 + arm * 0.3 + x1 * (1 + arm) - x2 + pg_temp.draw(key + 1, 4) + pg_temp.draw(i, 5) AS y FROM (SELECT name, i, key,
		CASE WHEN key % 2 = 0 THEN floor((pg_temp.draw(i, 1) + 0.5) * 3)::bigint ELSE key % 3 END AS arm, pg_temp.draw(i, 2) + 0.2 * pg_temp.draw(key + 1, 9) AS x1, CASE WHEN pg_temp.draw(i, 3) > 0.1 THEN 1 ELSE 0 END AS x2
	FROM (VALUES ('pairs', 300), ('growing', 144), ('triples', 90)) v(name, n), generate_series(1, n) i, LATERAL (SELECT CASE name WHEN 'pairs' THEN (i - 1) / 2 WHEN 'triples' THEN (i - 1) / 3 ELSE floor(sqrt(i - 1.0))::bigint END AS key) k) s;
CREATE FUNCTION pg_temp.compared(name text, method text) RETURNS text LANGUAGE sql AS $$ SELECT format('journey.compare_strategies(%L, ''y'', ''arm'', ''key'', %L, method => %L, k => 5)', format('SELECT * FROM rows WHERE name = %L', name), CASE method WHEN 'difference' THEN '{}' ELSE '{x1,x2}' END, method) $$;
-- estimate, error, interval and p of arms 1 and 2 against arm 0
SELECT pg_temp.numbers_are('SELECT array_agg(v ORDER BY strategy, o) FROM ' || pg_temp.compared(name, method) || ' c, unnest(ARRAY[difference, std_error, conf_low, conf_high, p_value]) WITH ORDINALITY u(v, o) WHERE strategy <> ''0''', want, name || ', ' || method || ': CR2 and Satterthwaite as clubSandwich', 1e-8) FROM (VALUES
	('pairs', 'difference', '{0.190297008759,0.108066713115,-0.0239826944503,0.404576711968,0.081166924872,0.549010829843,0.139472576506,0.272547654382,0.825474005304,0.00014688133708}'::float8[]),
	('pairs', 'cuped', '{0.281204382131,0.0750194525878,0.132452323591,0.429956440671,0.000291587802448,0.640575110671,0.0858105232861,0.470481101154,0.810669120189,2.2697105667e-11}'::float8[]),
	('pairs', 'lin', '{0.239918643337,0.0674757094707,0.106053160784,0.373784125889,0.000577206433095,0.639049461957,0.06562637684,0.508936613559,0.769162310355,2.21138388734e-16}'::float8[]),
	('growing', 'difference', '{0.0611888691368,0.202583758523,-0.431676511126,0.5540542494,0.772580808606,0.479988505303,0.0900997574831,0.257646461739,0.702330548867,0.00198424408532}'::float8[]),
	('growing', 'cuped', '{0.181871313025,0.152820793893,-0.189925909237,0.553668535286,0.277940889595,0.648785070924,0.140116726903,0.30301455758,0.994555584267,0.00390534994661}'::float8[]),
	('growing', 'lin', '{0.12132946514,0.116860457815,-0.161284863928,0.403943794209,0.337317626521,0.653344012915,0.118130297209,0.367036972308,0.939651053522,0.00128801007716}'::float8[]),
	('triples', 'difference', '{0.362770044227,0.217262800657,-0.0882580044926,0.813798092946,0.109385986014,0.514113892203,0.243698670502,0.005349223931,1.02287856048,0.0478578796856}'::float8[]),
	('triples', 'cuped', '{0.0472329214761,0.13920323473,-0.24174689074,0.336212733692,0.737649870593,0.452742665748,0.13831267887,0.163990150035,0.741495181461,0.00384935773447}'::float8[]),
	('triples', 'lin', '{0.0697512103517,0.151184026262,-0.251689124587,0.39119154529,0.650968071388,0.46104993531,0.128486727218,0.192123432294,0.729976438326,0.0019599840184}'::float8[])) g(name, method, want);
SELECT results_eq($$SELECT * FROM journey.compare_strategies('SELECT * FROM rows WHERE name = ''pairs'' ORDER BY y', 'y', 'arm', 'key', '{x1,x2}', method => 'lin')$$, $$SELECT * FROM journey.compare_strategies('SELECT * FROM rows WHERE name = ''pairs'' ORDER BY i DESC', 'y', 'arm', 'key', '{x1,x2}', method => 'lin')$$, 'order of rows changes nothing');
SELECT pg_temp.refused(format('SELECT * FROM journey.compare_strategies(''rows'', ''y'', ''arm'', NULL, method => %L)', m), '{22023}', m || '.*features', m || ' needs features') FROM (VALUES ('cuped'), ('lin')) v(m);
SELECT pg_temp.holds($$SELECT bool_and(status = 'too_few' AND std_error IS NULL AND conf_low IS NULL AND p_value IS NULL) FROM journey.compare_strategies('SELECT *, CASE WHEN arm = 1 THEN 0 ELSE key + 1 END AS house FROM rows WHERE name = ''pairs''', 'y', 'arm', 'house', method => 'difference', k => 2) WHERE strategy = '1'$$, 'a strategy with a single key has no error');
SELECT pg_temp.refused($$SELECT * FROM journey.compare_strategies('SELECT *, 0.2 + i % 3 / 10.0 AS e FROM rows WHERE name = ''pairs''', 'y', 'arm', 'key', '{x1,x2}', propensity => 'e', method => 'lin')$$, '{22023}', 'same propensity', 'uneven propensities are seen in every row');

-- flags that are true in half of the first rows: their distance from the middle is a constant, and its rounding no imbalance
CREATE TEMP TABLE flags AS SELECT i, i % 3 / 2 AS s, pg_temp.draw(i, 1000) AS y, (pg_temp.draw(i, 1) > 0)::int AS f1, (pg_temp.draw(i, 2) > 0)::int AS f2, (pg_temp.draw(i, 3) > 0)::int AS f3, (pg_temp.draw(i, 4) > 0)::int AS f4, (pg_temp.draw(i, 5) > 0)::int AS f5,
	(pg_temp.draw(i, 6) > 0)::int AS f6, (pg_temp.draw(i, 7) > 0)::int AS f7, (pg_temp.draw(i, 8) > 0)::int AS f8, (pg_temp.draw(i, 9) > 0)::int AS f9, (pg_temp.draw(i, 10) > 0)::int AS f10 FROM generate_series(1::bigint, 2000) i;
SELECT pg_temp.holds($$SELECT bool_and(status = 'ok' AND difference IS NOT NULL OR strategy = '0') FROM journey.compare_strategies('SELECT * FROM flags', 'y', 's', NULL, '{f1,f2,f3,f4,f5,f6,f7,f8,f9,f10}', method => 'lin')$$, 'flags with a share of one half');
-- published numbers (reference/validation.md 9.4 and 9.5)
\if :shared_here
\ir lib/data.psql
CREATE TEMP TABLE hillstrom (recency integer, history_segment text, history float8, mens integer, womens integer, zip_code text, newbie integer, channel text, segment text, visit integer, conversion integer, spend float8);
\copy hillstrom FROM PROGRAM 'xz -dc "$JOURNEY_TAP_SHARED"/data/hillstrom/hillstrom.csv.xz' CSV HEADER
SELECT pg_temp.numbers_are(format('SELECT ARRAY[difference, std_error] FROM journey.compare_strategies(''lalonde'', ''re78'', ''treat'', NULL, %L, method => %L) WHERE strategy = ''true''', f, m), w, 'LaLonde, ' || m, 1e-9) FROM (VALUES
	('{}', 'difference', '{1794.343085,670.9967297}'::float8[]), ('{re75}', 'cuped', '{1750.15159371,668.960417778}'), ('{age,educ,black,hisp,married,nodegr,re74,re75}', 'lin', '{1621.583624,694.7217164}')) v(f, m, w);
SELECT pg_temp.numbers_are($$SELECT array_agg(value ORDER BY strategy) FROM journey.compare_strategies('hillstrom', 'visit', 'segment', NULL, baseline => 'No E-Mail', method => 'difference')$$, '{.182756840,.106167277,.151400383}', 'Hillstrom, means', 3e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(difference ORDER BY strategy) || array_agg(std_error ORDER BY strategy) FROM journey.compare_strategies('hillstrom', 'visit', 'segment', NULL, baseline => 'No E-Mail', method => 'difference') WHERE strategy <> 'No E-Mail'$$, '{.0765895637,.0452331066,.00338588781,.00323446210}', 'Hillstrom, differences', 2e-9);
SELECT pg_temp.numbers_are($$SELECT ARRAY[difference, std_error] FROM journey.compare_strategies('hillstrom', 'visit', 'segment', NULL, baseline => 'Womens E-Mail', method => 'difference') WHERE strategy = 'Mens E-Mail'$$, '{.0313564571,.00360800084}', 'Hillstrom, another baseline', 2e-9);
SELECT pg_temp.numbers_are($$SELECT array_agg(difference ORDER BY strategy) || array_agg(std_error ORDER BY strategy) FROM journey.compare_strategies('hillstrom', 'visit', 'segment', NULL, '{recency,history,mens,womens,newbie,zip_code,channel}', 'No E-Mail', method => 'lin') WHERE strategy <> 'No E-Mail'$$, '{.0760595486,.045409633,.00333571396,.00318805758}', 'Hillstrom, lin', 3e-9);
\else
SELECT skip('shared data absent', 7);
\endif
SELECT * FROM finish();
ROLLBACK;
