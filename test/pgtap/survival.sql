-- Kaplan-Meier and log-rank through SQL against R's survival
-- (test/oracles/survival.R).
BEGIN;
\ir lib/close.psql
SELECT plan(30);
CREATE TABLE small AS SELECT * FROM unnest('{1,2,2,3,4,4,5,6}'::float8[], '{t,f,t,t,t,t,f,t}'::boolean[], '{a,a,b,b,a,b,c,c}'::text[]) WITH ORDINALITY u(t, e, g, i);
SELECT pg_temp.numbers_are($$SELECT array_agg(survival ORDER BY "time") || array_agg(std_error ORDER BY "time") FROM journey.kaplan_meier('small', 't', 'e')$$,
	'{0.875,0.75,0.6,0.3,0.3,0,0.116926793337,0.153093108924,0.181659021246,0.175356779168,0.175356779168,NULL}', 'survival and error');
SELECT pg_temp.numbers_are($$SELECT array_agg(at_risk ORDER BY "time")::float8[] || array_agg(events ORDER BY "time")::float8[] FROM journey.kaplan_meier('small', 't', 'e')$$,
	'{8,7,5,4,2,1,1,1,1,2,0,1}', 'at risk and events; censored at t is still at risk');
SELECT pg_temp.numbers_are($$SELECT array_agg(conf_low ORDER BY "time") || array_agg(conf_high ORDER BY "time") FROM journey.kaplan_meier('small', 't', 'e')$$,
	'{0.673381936506,0.502701841294,0.3314646243433,0.0954057869002,0.0954057869002,NULL,1,1,1,0.943339004102,0.943339004102,NULL}', 'log interval is the default');
SELECT pg_temp.numbers_are($$SELECT array_agg(conf_low ORDER BY "time") || array_agg(conf_high ORDER BY "time") FROM journey.kaplan_meier('small', 't', 'e', interval_type => 'plain')$$,
	'{0.645827696232,0.449943020228,0.243954860891,0,0,NULL,1,1,0.956045139109,0.643692971613,0.643692971613,NULL}', 'plain interval');
SELECT pg_temp.numbers_are($$SELECT array_agg(conf_low ORDER BY "time") || array_agg(conf_high ORDER BY "time") FROM journey.kaplan_meier('small', 't', 'e', interval_type => 'log-log')$$,
	'{0.387000014032,0.3148071137055,0.195495866085,0.0442473079251,0.0442473079251,NULL,0.981392965879,0.930898317091,0.852254345762,0.628195793809,0.628195793809,NULL}', 'log-log interval');
SELECT pg_temp.numbers_are($$SELECT ARRAY[statistic, df, p_value] FROM journey.logrank('small', 't', 'e', 'g')$$, '{3.9480203529,2,0.1388987295}', 'log-rank, three groups');
SELECT is((SELECT string_agg(k::text, ';') FROM journey.kaplan_meier('SELECT * FROM small ORDER BY i DESC', 't', 'e', 'g') k),
	(SELECT string_agg(k::text, ';') FROM journey.kaplan_meier('SELECT * FROM small ORDER BY i', 't', 'e', 'g') k), 'order of rows');
SELECT is((SELECT array_agg(DISTINCT stratum) FROM journey.kaplan_meier('small', 't', 'e')), ARRAY[NULL::text], 'one curve: stratum NULL');
SELECT is((SELECT string_agg(stratum, ',' ) FROM journey.kaplan_meier('SELECT 1 AS t, true AS e, s FROM (VALUES (10), (9), (100)) v(s)', 't', 'e', 's')), '9,10,100', 'strata in the order of numbers');
SELECT is((SELECT string_agg(stratum, ',' ) FROM journey.kaplan_meier('SELECT 1 AS t, true AS e, s FROM (VALUES (1.0), (1.00)) v(s)', 't', 'e', 's')), '1', 'equal numbers are one stratum');
SET LOCAL extra_float_digits = -15;
SELECT is((SELECT string_agg(stratum, ',' ) FROM journey.kaplan_meier('SELECT 1 AS t, true AS e, s FROM (VALUES (0.1::float8), (0.12), (0.1 + 1e-15::float8)) v(s)', 't', 'e', 's')), '0.1,0.100000000000001,0.12', 'R-PSV-1 other numbers are other strata under any extra_float_digits');
SELECT is((SELECT df FROM journey.logrank('SELECT i AS t, true AS e, 0.5 + 0.1 * (i % 2) AS s FROM generate_series(1, 9) i', 't', 'e', 's')), 1, 'R-PSV-1 and so they are for the log-rank test');
RESET extra_float_digits;
SELECT is((SELECT format('%s %s %s %s', survival, std_error, conf_low, conf_high) FROM journey.kaplan_meier('SELECT 3 AS t, false AS e', 't', 'e')), '1 0  ', 'no event: no interval');
SELECT is((SELECT count(*) FROM journey.kaplan_meier('SELECT * FROM small WHERE false', 't', 'e')), 0::bigint, 'no rows');
SELECT is((SELECT l::text FROM journey.logrank('SELECT * FROM small WHERE false', 't', 'e', 'g') l), '(,0,)', 'log-rank of no rows');
SELECT is((SELECT l::text FROM journey.logrank('SELECT t, e, 1 AS g FROM small', 't', 'e', 'g') l), '(,0,)', 'log-rank of one group');
SELECT is((SELECT l::text FROM journey.logrank('SELECT t, false AS e, g FROM small', 't', 'e', 'g') l), '(,0,)', 'log-rank without events');
SELECT is((SELECT df FROM journey.logrank($q$SELECT t, e, g FROM small UNION ALL SELECT 0, false, 'gone'$q$, 't', 'e', 'g')), 2, 'R-LOG-1 a group that left before the first event does not count');
SELECT throws_ok($$SELECT * FROM journey.kaplan_meier('SELECT -2.5 AS t, true AS e', 't', 'e')$$, '22023', 'duration "t" is -2.5 in row 1 of the source, it must not be negative', 'negative');
SELECT throws_ok($$SELECT * FROM journey.kaplan_meier('SELECT interval ''1 day'' AS t, true AS e', 't', 'e')$$, '42804', 'column "t" is of type interval, it must be a number', 'interval');
SELECT throws_ok($$SELECT * FROM journey.kaplan_meier('SELECT 1 AS t, 1 AS e', 't', 'e')$$, '42804', 'column "e" is of type integer, it must be boolean', 'event not boolean');
SELECT throws_ok($$SELECT * FROM journey.kaplan_meier('SELECT 1 AS t, NULL::boolean AS e', 't', 'e')$$, '22004', 'column "e" is null in row 1 of the source', 'event null');
SELECT throws_ok($$SELECT * FROM journey.kaplan_meier('small', 'nope', 'e')$$, '42703', 'source has no column "nope"', 'no such column');
SELECT throws_ok($$SELECT * FROM journey.kaplan_meier('small', 't', 'e', interval_type => 'exact')$$, '22023', 'unrecognized interval_type "exact"', 'unknown interval');
SELECT throws_ok($$SELECT * FROM journey.logrank('small', 't', 'e', NULL)$$, '22004', 'argument "by" must not be null', 'log-rank wants groups');
\if :shared_here
\set csv :shared '/data/survival/lung.csv'
CREATE TABLE lung (inst int, time float8, status int, age float8, sex int, ecog float8, karno float8, pat float8, meal float8, loss float8);
CREATE FUNCTION pg_temp.load(path text, target text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('COPY %s FROM %L (FORMAT csv, HEADER)', target, path); END $$;
SELECT pg_temp.load(:'csv', 'lung') IS NULL AS loaded \gset
SELECT pg_temp.numbers_are($$SELECT ARRAY[survival, std_error, conf_low, conf_high] FROM journey.kaplan_meier('SELECT time, status = 2 AS dead FROM lung', 'time', 'dead') WHERE time <= 100 ORDER BY time DESC LIMIT 1$$,
	'{0.8639689676,0.02271023043,0.8205848921,0.9096467462}', 'lung at 100');
SELECT pg_temp.numbers_are($$SELECT ARRAY[survival, std_error, conf_low, conf_high] FROM journey.kaplan_meier('SELECT time, status = 2 AS dead FROM lung', 'time', 'dead', interval_type => 'log-log') WHERE time <= 365 ORDER BY time DESC LIMIT 1$$,
	'{0.4092416245,0.03582363817,0.3387142691,0.4783807676}', 'lung at 365, log-log');
SELECT is((SELECT array_agg(a) FROM (SELECT (SELECT at_risk FROM journey.kaplan_meier('SELECT time, status = 2 AS dead FROM lung', 'time', 'dead') WHERE time >= d ORDER BY time LIMIT 1) FROM unnest('{100,365}'::int[]) d) s(a)), '{196,65}'::bigint[], 'lung: at risk');
SELECT is((SELECT min(time) FROM journey.kaplan_meier('SELECT time, status = 2 AS dead FROM lung', 'time', 'dead') WHERE survival <= 0.5), 310::float8, 'lung: median');
SELECT pg_temp.numbers_are($$SELECT ARRAY[statistic, df, p_value] FROM journey.logrank('SELECT time, status = 2 AS dead, sex FROM lung', 'time', 'dead', 'sex')$$, '{10.3267419549,1,0.00131116452}', 'lung: log-rank by sex');
\else
SELECT skip('shared data absent', 5);
\endif
SELECT finish();
ROLLBACK;
