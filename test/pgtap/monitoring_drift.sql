-- psi, drift, reference_bins, drift_against: numbers of test/oracles/drift.py
-- (scipy, R), alarms that are meant, and everything that makes no sense.
BEGIN;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(122);
SET LOCAL jit = off;

-- psi
SELECT pg_temp.numbers_are(format('SELECT ARRAY[psi, null_mean, p_value] FROM journey.psi(%L, %L)', r, c), w, 'R-PSI ' || n, 1e-10) FROM (VALUES
	('{100,100,100,100,100,100,100,100,100,100}', '{90,110,95,105,100,120,80,100,97,103}', '{0.0107964804387,0.018,0.798303463874}'::float8[], 'ten cells'),
	('{40,0,30,0,30}', '{20,10,0,0,30}', '{1.7153529779,0.08,6.99160479761e-14}', 'empty cells'),
	('{1000000000,2000000000}', '{2000000000,1000000000}', '{0.462098120373,6.66666666667e-10,0}', 'many rows'),
	('{0,7}', '{0,9}', '{0,0,NULL}', 'one cell'),
	('{0,0}', '{3,4}', '{NULL,NULL,NULL}', 'no rows'),
	('[0:1]={5,5}', '{5,5}', '{0,0.2,1}', 'another lower bound')) v(r, c, w, n);
SELECT pg_temp.holds($$SELECT psi IS NULL AND null_mean IS NULL AND p_value IS NULL FROM journey.psi(NULL, '{1,2}')$$, 'NULL: NULL');
SELECT pg_temp.refused(format('SELECT * FROM journey.psi(%L, %L)', r, c), codes, pattern, n) FROM (VALUES
	('{1,NULL}', '{1,2}', '{22004}'::text[], 'reference.*null', 'a NULL count'),
	('{1,2}', '{NULL,2}', '{22004}', 'current.*null', 'a NULL count of current'),
	('{1,2}', '{1,-2}', '{22023}', 'element 2.*current.*-2', 'a negative count'),
	('{1,2}', '{1,2,3}', '{2202E}', 'reference.*2.*current.*3', 'lengths differ'),
	('{{1,2}}', '{1,2}', '{2202E}', 'reference.*one dimension', 'two dimensions'),
	('{1}', '{1}', '{22023}', 'at least 2', 'one cell'),
	('{}', '{}', '{22023}', 'at least 2', 'no cell')) v(r, c, codes, pattern, n);

-- drift: the samples of the oracle
CREATE FUNCTION pg_temp.sample(n integer, step integer, modulus integer, divisor float8, shift float8) RETURNS SETOF float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT (i * step % modulus) / divisor + shift FROM generate_series(1, n) i $$;
CREATE FUNCTION pg_temp.two(n integer, m integer, divisor float8, shift float8, wrap text DEFAULT '%s', a integer DEFAULT 101, b integer DEFAULT 97) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT ARRAY[statistic, p_value, effect] FROM journey.drift(%L, %L)',
		format('SELECT %s AS x FROM pg_temp.sample(%s, 37, %s, %s, 0) s', format(wrap, 's'), n, a, divisor),
		format('SELECT %s AS x FROM pg_temp.sample(%s, 53, %s, %s, %s) s', format(wrap, 's'), m, b, divisor, shift)) $$;
SELECT pg_temp.numbers_are(q, w, 'R-TWO ' || n, 1e-9) FROM (VALUES
	(pg_temp.two(30, 25, 7, .3), '{0.126666666667,0.960500883325,-0.161467745051}'::float8[], 'close together'),
	(pg_temp.two(60, 80, 7, 3.1), '{0.220833333333,0.0617247722713,0.634748511952}', 'shifted'),
	(pg_temp.two(40, 50, 20, 1, 'floor(%s)'), '{0.175,0.198091606021,0.497119136372}', 'ties'),
	(pg_temp.two(40, 50, 20, 1, 'floor(%s)::integer'), '{0.175,0.198091606021,0.497119136372}', 'integers'),
	(pg_temp.two(40, 50, 20, 1, 'floor(%s)::numeric(9,2)'), '{0.175,0.198091606021,0.497119136372}', 'numeric'),
	(pg_temp.two(4001, 3001, 7, 20, '%s', 10007, 9973), '{0.0208926442165,0.442575591456,0.0585508398757}', 'the limit')) v(q, w, n);

-- levels: counts of the oracle as rows
CREATE FUNCTION pg_temp.levels(counts integer[], cast_to text DEFAULT 'text') RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT chr(96 + l::integer)::%s AS x FROM unnest(%L::integer[]) WITH ORDINALITY u(n, l), generate_series(1, n)', cast_to, counts) $$;
CREATE TYPE public.drift_letter AS ENUM ('h', 'g', 'f', 'e', 'd', 'c', 'b', 'a');
SELECT pg_temp.numbers_are(format('SELECT ARRAY[statistic, p_value, effect] FROM journey.drift(%L, %L)', pg_temp.levels(r, t), pg_temp.levels(c, t)), w, 'R-LSH ' || n, 1e-9) FROM (VALUES
	('{60,30,10}'::integer[], '{45,40,15}'::integer[], 'text', '{4.57142857143,0.101701392304,0.15}'::float8[], 'frequent levels'),
	('{500,300,3,2,1,0,4,100}', '{420,360,1,2,0,5,3,110}', 'text', '{12.8904684059,0.00487956170355,0.0833018258101}', 'rare levels'),
	('{500,300,3,2,1,0,4,100}', '{420,360,1,2,0,5,3,110}', 'public.drift_letter', '{12.8904684059,0.00487956170355,0.0833018258101}', 'an enum'),
	('{500,300,1,12,0}', '{480,320,0,8,1}', 'varchar(3)', '{1.77074368689,0.412560736749,0.0265463717678}', 'a pool that grows'),
	('{5000,4000,900,100}', '{60,30,6,4}', 'text', '{4.45767416314,0.107653549667,0.1}', 'unequal windows')) v(r, c, t, w, n);

-- a reference and windows that differ from it in known ways
CREATE TABLE public.drift_reference AS
SELECT i AS id, (i * 617 % 1000) / 100.0::float8 AS amount, (i * 37 % 7) AS visits, (ARRAY['web', 'web', 'shop', 'phone'])[1 + i % 4] AS channel,
	i % 3 = 0 AS member, CASE WHEN i % 50 = 0 THEN NULL ELSE (i * 7 % 13)::numeric END AS score, 1 AS one, timestamptz '2024-01-01' AS at
FROM generate_series(1, 1000) i;
CREATE FUNCTION pg_temp.status(current text, features text DEFAULT 'NULL') RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT string_agg(feature || '' '' || status, '', '' ORDER BY feature) FROM journey.drift(''public.drift_reference'', %L, %s)', current, features) $$;
SELECT pg_temp.text_is(pg_temp.status('public.drift_reference'),
	'amount ok, channel ok, id ok, member ok, one constant, score ok, visits ok', 'all common columns; a window is like itself');
SELECT pg_temp.text_is(pg_temp.status('public.drift_reference', '''{}'''),
	'amount ok, channel ok, id ok, member ok, one constant, score ok, visits ok', 'an empty list of features is all of them');
SELECT is((SELECT string_agg(feature, ',') FROM journey.drift('public.drift_reference', 'SELECT * FROM public.drift_reference', '{visits,amount}')), 'visits,amount', 'features in the order that was asked');
SELECT pg_temp.text_is(pg_temp.status(c), w, n) FROM (VALUES
	('SELECT amount + 0.9 AS amount, visits FROM public.drift_reference', 'amount drift, visits ok', '0.3 standard deviations of a thousand rows'),
	('SELECT amount * 1.5 - 2.5 AS amount FROM public.drift_reference', 'amount drift', 'the spread alone'),
	('SELECT member OR id % 5 = 0 AS member FROM public.drift_reference', 'member drift', 'a rate'),
	('SELECT CASE WHEN id % 100 = 0 THEN ''app'' ELSE channel END AS channel FROM public.drift_reference', 'channel ok', 'ten rows of a new level can be chance'),
	('SELECT CASE WHEN id % 40 = 0 THEN ''app'' ELSE channel END AS channel FROM public.drift_reference', 'channel new_levels', 'twenty-five of a thousand cannot'),
	('SELECT CASE WHEN id % 5 = 0 THEN ''app'' ELSE channel END AS channel FROM public.drift_reference', 'channel drift', 'a fifth is drift'),
	('SELECT CASE WHEN id % 8 = 0 THEN NULL ELSE score END AS score FROM public.drift_reference', 'score nulls', 'NULLs'),
	('SELECT NULL::numeric AS score FROM public.drift_reference', 'score nulls', 'NULLs only'),
	('SELECT 2 AS one FROM public.drift_reference', 'one drift', 'another constant'),
	('SELECT amount, channel FROM public.drift_reference LIMIT 9', 'amount too_few, channel too_few', 'nine rows'),
	('SELECT amount, member FROM public.drift_reference WHERE false', 'amount too_few, member too_few', 'no rows'),
	('SELECT id::text || ''x'' AS channel FROM public.drift_reference WHERE id < 100', 'channel drift', 'all levels new')) v(c, w, n);
SELECT is((SELECT status FROM journey.drift('SELECT id::text AS id FROM public.drift_reference', 'SELECT (id + 5000)::text AS id FROM public.drift_reference')), 'too_few', 'keys have no level to compare');
SELECT is((SELECT detail FROM journey.drift('public.drift_reference', 'SELECT CASE WHEN id % 5 = 0 THEN ''app'' WHEN id % 7 = 0 THEN repeat(chr(228), 70) ELSE nullif(channel, ''phone'') END AS channel FROM public.drift_reference')),
	'new: "app" (200 rows), "' || repeat(chr(228), 30) || '..." (114 rows); gone: "phone" (250 rows); null in 17.1 % of the rows, 0 % in the reference', 'what is new, gone or NULL is named');
SELECT is((SELECT detail FROM journey.drift('SELECT ''a'' AS l FROM generate_series(1, 100)', 'SELECT CASE WHEN g < 9 THEN chr(96 + g) ELSE ''a'' END AS l FROM generate_series(1, 100) g')),
	'new: "b" (1 row), "c" (1 row), "d" (1 row), "e" (1 row), "f" (1 row), ... (7 in all)', 'five levels are named');
SELECT is((SELECT detail FROM journey.drift('public.drift_reference', 'SELECT amount + 0.9 AS amount FROM public.drift_reference')), 'mean 5.895, 4.995 in the reference', 'means');
SELECT pg_temp.holds($$SELECT q_value < 0.05 AND status = 'ok' AND detail = 'not by chance, but too small to matter' AND effect < 0.03
	FROM journey.drift('SELECT i / 1e5::float8 AS x FROM generate_series(1, 100000) i', 'SELECT i / 1e5::float8 + 0.008 AS x FROM generate_series(1, 100000) i')$$,
	'R-FDR-2 0.03 standard deviations of a hundred thousand rows are no alarm');
SELECT pg_temp.holds($$SELECT n_reference = 980 AND n_current = 0 AND null_rate_reference = 0.02 AND null_rate_current = 1 AND statistic IS NULL AND p_value IS NULL AND q_value IS NULL AND effect IS NULL AND psi IS NULL AND kind = 'numeric'
	FROM journey.drift('public.drift_reference', 'SELECT NULL::integer AS score FROM public.drift_reference')$$, 'n and rates of NULL; no figure without values');
SELECT pg_temp.holds($$SELECT null_rate_current IS NULL AND n_current = 0 FROM journey.drift('public.drift_reference', 'SELECT amount FROM public.drift_reference WHERE false')$$, 'no rows, no rate');
SELECT pg_temp.holds($$SELECT statistic = 1 AND effect IS NULL AND psi > 5 FROM journey.drift('public.drift_reference', 'SELECT 2 AS one FROM public.drift_reference')$$, 'two constants: no spread to measure by');
SELECT pg_temp.holds($$SELECT d.psi = p.psi AND d.psi_null_mean = p.null_mean AND d.psi_p_value = p.p_value
	FROM journey.drift('public.drift_reference', 'SELECT amount + 0.9 AS amount FROM public.drift_reference') d,
	journey.psi(array_fill(100, '{10}')::bigint[], ARRAY(SELECT count(a) FROM generate_series(1, 10) b LEFT JOIN (SELECT amount + 0.9 AS a FROM public.drift_reference) c
		ON CASE WHEN a <= 0.99 THEN 1 WHEN a <= 1.99 THEN 2 WHEN a <= 2.99 THEN 3 WHEN a <= 3.99 THEN 4 WHEN a <= 4.99 THEN 5 WHEN a <= 5.99 THEN 6 WHEN a <= 6.99 THEN 7 WHEN a <= 7.99 THEN 8 WHEN a <= 8.99 THEN 9 ELSE 10 END = b GROUP BY b ORDER BY b)) p$$, 'R-PFD-2 psi is over tenths of the reference');
-- neither order of rows, nor workers
SELECT is((SELECT string_agg(d::text, ' ') FROM journey.drift('SELECT * FROM public.drift_reference ORDER BY md5(id::text)', 'SELECT amount * 1.01 AS amount, score, channel, member FROM public.drift_reference ORDER BY id DESC') d),
	(SELECT string_agg(d::text, ' ') FROM journey.drift('public.drift_reference', 'SELECT amount * 1.01 AS amount, score, channel, member FROM public.drift_reference') d), 'the order of rows does not matter');
SELECT is((SELECT string_agg(psi::text, ' ') FROM journey.drift('SELECT CASE WHEN i % 2 = 0 THEN ''-0''::float8 ELSE 0 END AS x FROM generate_series(1, 100) i', 'SELECT i % 3 AS x FROM generate_series(1, 100) i')),
	(SELECT string_agg(psi::text, ' ') FROM journey.drift('SELECT 0 AS x FROM generate_series(1, 100) i', 'SELECT i % 3 AS x FROM generate_series(1, 100) i')), '-0 is 0');
SELECT pg_temp.refused('SELECT * FROM journey.drift(' || call || ')', codes, pattern, n) FROM (VALUES
	('''public.drift_reference'', ''public.drift_reference'', ''{nix}''', '{42703}'::text[], 'reference_source has no column "nix".*id, amount', 'a column that is not there'),
	('''public.drift_reference'', ''SELECT id FROM public.drift_reference'', ''{amount}''', '{42703}', 'current_source has no column "amount".*id', 'a column that the window lacks'),
	('''public.drift_reference'', ''SELECT channel AS amount FROM public.drift_reference'', ''{amount}''', '{42804}', 'column "amount" of current_source is of type text.*number', 'another kind'),
	('''public.drift_reference'', ''SELECT channel AS amount FROM public.drift_reference''', '{42804}', 'column "amount" of current_source', 'another kind, not named'),
	('''public.drift_reference'', ''SELECT id AS member FROM public.drift_reference''', '{42804}', 'column "member" of current_source is of type integer.*boolean', 'a number for a boolean'),
	('''public.drift_reference'', ''public.drift_reference'', ''{at}''', '{42804}', 'column "at" of reference_source is of type timestamp', 'a time'),
	('''public.drift_reference'', ''SELECT at FROM public.drift_reference''', '{22023}', 'share no column', 'nothing in common'),
	('''public.drift_reference'', ''public.drift_reference'', ''{amount,amount}''', '{22023}', '"amount" twice', 'a feature twice'),
	('''public.drift_reference'', ''public.drift_reference'', ''{amount,NULL}''', '{22004}', 'features', 'a NULL feature'),
	('''public.drift_reference'', ''SELECT 1 AS one, 2 AS one''', '{42702}', 'more than one column "one"', 'a column twice'),
	('''public.drift_reference'', ''SELECT ''''NaN''''::float8 AS amount''', '{22003}', '"amount" is NaN in row 1', 'NaN'),
	('''SELECT ''''-Infinity''''::float4 AS amount'', ''public.drift_reference''', '{22003}', '"amount" is infinite in row 1', 'infinity'),
	('NULL, ''public.drift_reference''', '{22004}', 'reference_source', 'no reference'),
	('''public.drift_reference'', NULL', '{22004}', 'current_source', 'no window'),
	('''public.drift_reference'', ''SELECT 1; SELECT 2''', '{42601}', '2 statements', 'two statements'),
	('''DELETE FROM public.drift_reference'', ''public.drift_reference''', '{0A000}', 'DELETE', 'not a query')) v(call, codes, pattern, n);

-- reference_bins
CREATE TEMP TABLE stored AS SELECT * FROM journey.reference_bins('public.drift_reference');
SELECT is((SELECT string_agg(concat_ws(':', bin, upper, label, n), ' ' ORDER BY bin) FROM stored WHERE feature = f), w, 'R-PFB ' || f) FROM (VALUES
	('amount', '0:0 1:0.99:100 2:1.99:100 3:2.99:100 4:3.99:100 5:4.99:100 6:5.99:100 7:6.99:100 8:7.99:100 9:8.99:100 10:100'),
	('channel', '0:0 1:web:500 2:phone:250 3:shop:250 4:(other):0'),
	('member', '0:0 1:false:667 2:true:333 3:(other):0'),
	('score', '0:20 1:1:151 2:2:76 3:3:76 4:5:152 5:6:75 6:7:75 7:9:150 8:10:75 9:11:75 10:75'),
	('one', '0:0 1:0.9999999999999999:0 2:1:1000 3:0')) v(f, w);
SELECT is((SELECT string_agg(DISTINCT feature, ',') FROM stored), 'amount,channel,id,member,one,score,visits', 'every column that can be a feature');
SELECT is((SELECT string_agg(concat_ws(':', feature, bin, upper, label, n), ' ') FROM journey.reference_bins('SELECT amount, chr(96 + id % 26) AS l FROM public.drift_reference', '{l,amount}', 2) WHERE bin = 0 OR bin > 20 OR feature = 'amount'),
	'l:0:0 l:21:(other):228 amount:0:0 amount:1:4.99:500 amount:2:500', 'twenty levels and the rest; how many bins');
SELECT is((SELECT string_agg(concat_ws(':', bin, label, n), ' ') FROM journey.reference_bins('SELECT CASE WHEN id % 2 = 0 THEN ''(other)'' ELSE channel END AS l FROM public.drift_reference')),
	'0:0 1:phone:250 2:web:250 3:(other):500', 'R-PFB-1 a level of the name (other)');
SELECT is((SELECT string_agg(concat_ws(':', feature, bin, n), ' ') FROM journey.reference_bins('SELECT NULL::float8 AS x, NULL::text AS l FROM generate_series(1, 5)')), 'x:0:5 x:1:0 l:0:5 l:1:0', 'NULLs only');
SELECT pg_temp.refused('SELECT * FROM journey.reference_bins(' || call || ')', codes, pattern, n) FROM (VALUES
	('NULL', '{22004}'::text[], 'source', 'no source'),
	('''public.drift_reference'', NULL, 1', '{22023}', 'bins', 'one bin'),
	('''public.drift_reference'', NULL, 1001', '{22023}', 'bins', 'too many bins'),
	('''public.drift_reference'', NULL, NULL', '{22004}', 'bins', 'NULL bins'),
	('''public.drift_reference'', ''{nix}''', '{42703}', 'source has no column "nix"', 'no such column'),
	('''SELECT now() AS t''', '{22023}', 'source has no column that can be a feature', 'nothing to bin')) v(call, codes, pattern, n);

-- drift_against
CREATE FUNCTION pg_temp.against(current text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT string_agg(feature || '' '' || status, '', '') FROM journey.drift_against(''SELECT * FROM pg_temp.stored WHERE feature <> ''''id'''''', %L)', current) $$;
SELECT pg_temp.text_is(pg_temp.against('public.drift_reference'), 'amount ok, channel ok, member ok, one constant, score ok, visits ok', 'a window is like itself');
SELECT pg_temp.text_is(pg_temp.against('SELECT id, amount + 0.9 AS amount, visits, CASE WHEN id % 40 = 0 THEN ''app'' ELSE channel END AS channel, member OR id % 5 = 0 AS member, CASE WHEN id % 8 = 0 THEN NULL ELSE score END AS score, 2 AS one FROM public.drift_reference'),
	'amount drift, channel drift, member drift, one drift, score nulls, visits ok', 'what moved is found');
SELECT pg_temp.text_is(pg_temp.against('SELECT *, '''' AS more FROM public.drift_reference LIMIT 9'), 'amount too_few, channel too_few, member too_few, one too_few, score too_few, visits too_few', 'nine rows');
SELECT is((SELECT string_agg(concat_ws(' ', feature, n_reference, n_current, null_rate_reference, null_rate_current, detail), ', ') FROM journey.drift_against('SELECT * FROM pg_temp.stored WHERE feature IN (''score'', ''channel'')',
	'SELECT CASE WHEN id % 8 = 0 THEN NULL ELSE score END AS score, CASE WHEN id % 100 = 0 THEN ''app'' ELSE channel END AS channel FROM public.drift_reference')),
	'channel 1000 1000 0 0 new: "app" (10 rows), score 980 860 0.02 0.14 null in 14 % of the rows, 2 % in the reference', 'n, rates and what is new');
SELECT pg_temp.holds($$SELECT a.psi = p.psi AND a.null_mean = p.null_mean AND a.p_value >= p.p_value
	FROM journey.drift_against('SELECT * FROM pg_temp.stored WHERE feature = ''amount''', 'SELECT amount + 0.9 AS amount FROM public.drift_reference') a,
	journey.drift('public.drift_reference', 'SELECT amount + 0.9 AS amount FROM public.drift_reference') d,
	LATERAL (SELECT d.psi, d.psi_null_mean AS null_mean, d.psi_p_value AS p_value) p$$, 'R-PDA-2 psi is that of drift()');
SELECT is((SELECT string_agg(a::text, ' ') FROM journey.drift_against('SELECT n, label, upper, bin::bigint AS bin, feature::varchar AS feature, 1 AS version FROM pg_temp.stored ORDER BY md5(feature || bin)', 'public.drift_reference') a),
	(SELECT string_agg(a::text, ' ') FROM journey.drift_against('SELECT * FROM pg_temp.stored', 'SELECT * FROM public.drift_reference ORDER BY amount') a), 'R-FBR-1 rows in any order');
SELECT is((SELECT status FROM journey.drift_against('SELECT ''l'' AS feature, 1 AS bin, NULL::float8 AS upper, ''a'' AS label, 100 AS n', 'SELECT CASE WHEN g > 20 THEN ''a'' ELSE ''b'' END AS l FROM generate_series(1, 100) g')), 'drift', 'R-PDA-3 a place for other levels where none was stored');
SELECT pg_temp.refused(format('SELECT * FROM journey.drift_against(%L, ''SELECT 1 AS x, ''''a''''::text AS l'')', 'SELECT v.* FROM (VALUES ' || b || ') v(feature, bin, upper, label, n)'), codes, pattern, n) FROM (VALUES
	('(''x'', 1, 1::float8, NULL::text, 5), (''x'', 3, NULL, NULL, 5)', '{22023}'::text[], '"x": bin 2 is missing', 'a gap'),
	('(''x'', 1, 1::float8, NULL::text, 5), (''x'', 1, NULL, NULL, 5)', '{22023}', '"x": bin 1 is there twice', 'a bin twice'),
	('(''x'', 1, 1::float8, NULL::text, 5), (''x'', 2, 1, NULL, 5), (''x'', 3, NULL, NULL, 5)', '{22023}', '"x": upper of bin 2 is not above', 'uppers that do not rise'),
	('(''x'', 1, NULL::float8, NULL::text, 5), (''x'', 2, NULL, NULL, 5)', '{22023}', '"x": upper of bin 1 is null', 'no upper'),
	('(''x'', 1, 2::float8, NULL::text, 5)', '{22023}', '"x": upper of bin 1 is not null in the last', 'no end'),
	('(''x'', 1, 2::float8, NULL::text, 5), (''x'', 2, NULL, ''a'', 5)', '{22023}', '"x": bin 2 has to have either', 'numbers and labels'),
	('(''l'', 1, NULL::float8, ''a'', 5), (''l'', 2, NULL, ''a'', 5)', '{22023}', '"l": label "a" is there twice', 'a label twice'),
	('(''x'', 0, NULL::float8, NULL::text, 5)', '{22023}', '"x": there is no bin from 1', 'NULLs only'),
	('(''x'', 0, 1::float8, NULL::text, 5), (''x'', 1, NULL, NULL, 5)', '{22023}', '"x": bin 0 counts nulls', 'bin 0 with a bound'),
	('(''x'', -1, NULL::float8, NULL::text, 5)', '{22023}', '"x": bin is -1', 'a negative bin'),
	('(''x'', 1, NULL::float8, NULL::text, -5)', '{22023}', '"x": n of bin 1 is -5', 'a negative count'),
	('(''x'', 1, NULL::float8, NULL::text, NULL::bigint)', '{22004}', '"n" is null', 'a NULL count'),
	('(NULL::text, 1, NULL::float8, NULL::text, 5)', '{22004}', '"feature" is null', 'a NULL feature'),
	('(''x'', 1, ''NaN''::float8, NULL::text, 5)', '{22003}', '"upper" is NaN', 'NaN'),
	('(''l'', 1, NULL::float8, NULL::text, 5)', '{42804}', '"l" of current_source is of type text.*number', 'another kind'),
	('(''z'', 1, NULL::float8, NULL::text, 5)', '{42703}', 'current_source has no column "z"', 'a feature that the window lacks')) v(b, codes, pattern, n);
SELECT pg_temp.refused('SELECT * FROM journey.drift_against(' || call || ')', codes, pattern, n) FROM (VALUES
	('''SELECT * FROM pg_temp.stored WHERE false'', ''public.drift_reference''', '{22023}'::text[], 'reference_bins_query has no rows', 'no bins'),
	('''SELECT feature, bin FROM pg_temp.stored'', ''public.drift_reference''', '{42703}', '"upper"', 'not bins'),
	('NULL, ''public.drift_reference''', '{22004}', 'reference_bins_query', 'NULL bins'),
	('''pg_temp.stored'', NULL', '{22004}', 'current_source', 'no window')) v(call, codes, pattern, n);
-- public data: LaLonde's experiment (exact, with ties), Hillstrom's mails (limit) and newcomers
\if :shared_here
\ir lib/strategies_data.psql
CREATE FUNCTION pg_temp.real(reference text, current text, feature text) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT ARRAY[statistic, p_value, effect] FROM journey.drift(%L, %L, %L)', reference, current, ARRAY[feature]) $$;
SELECT pg_temp.numbers_are(pg_temp.real('SELECT * FROM lalonde WHERE NOT treat', 'SELECT * FROM lalonde WHERE treat', f), w, 'LaLonde, ' || f, 1e-9) FROM (VALUES
	('age', '{0.0651767151767,0.525609952338,0.107277121466}'::float8[]),
	('educ', '{0.126507276507,0.0141857206366,0.141219820798}'),
	('re75', '{0.107484407484,0.0523547193263,0.0838632541655}')) v(f, w);
SELECT pg_temp.numbers_are(pg_temp.real('SELECT * FROM hillstrom WHERE segment = ''No E-Mail''', 'SELECT * FROM hillstrom WHERE segment = ''Mens E-Mail''', f), w, 'Hillstrom by mail, ' || f, 1e-9) FROM (VALUES
	('recency', '{0.00753925601922,0.580047333824,0.00683153245426}'::float8[]),
	('history', '{0.00749717806545,0.587265269613,0.00761286832154}'),
	('channel', '{1.29560293113,0.523194774972,0.00547050626431}'),
	('zip_code', '{2.52445682091,0.283022632666,0.00584088565638}')) v(f, w);
SELECT pg_temp.numbers_are(pg_temp.real('SELECT * FROM hillstrom WHERE newbie = 0', 'SELECT * FROM hillstrom WHERE newbie = 1', f), w, 'Hillstrom by newcomers, ' || f, 1e-8) FROM (VALUES
	('recency', '{0.0513255705928,4.91576979684e-37,-0.104356450023}'::float8[]),
	('history', '{0.251306620209,0,0.458853906514}'),
	('channel', '{312.221186736,1.59232140621e-68,0.0453468870245}'),
	('zip_code', '{1.43892310677,0.487014416637,0.00337611524133}')) v(f, w);
SELECT is((SELECT string_agg(feature || ' ' || status, ', ') FROM journey.drift('SELECT * FROM hillstrom WHERE segment = ''No E-Mail''', 'SELECT * FROM hillstrom WHERE segment = ''Mens E-Mail''', '{recency,history,mens,womens,newbie,channel,zip_code}')),
	'recency ok, history ok, mens ok, womens ok, newbie ok, channel ok, zip_code ok', 'mails were dealt by lot: no drift');
SELECT is((SELECT string_agg(feature || ' ' || status || coalesce(' ' || detail, ''), ', ') FROM journey.drift('SELECT * FROM hillstrom WHERE newbie = 0', 'SELECT * FROM hillstrom WHERE newbie = 1', '{recency,history,channel,zip_code}')),
	'recency drift mean 5.58179, 5.94733 in the reference, history drift mean 299.023, 184.633 in the reference, channel ok not by chance, but too small to matter, zip_code ok', 'newcomers are other customers');
\else
SELECT skip('the shared data are not here', 13);
\endif
SELECT * FROM finish();
ROLLBACK;
