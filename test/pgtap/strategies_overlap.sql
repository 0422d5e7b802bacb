-- Data on which an effect cannot be had, or hardly: no call may answer
-- confidently and wrongly.  The truth of every set is known; "undecided" wants
-- a status other than ok for every challenger and a verdict without a
-- decision, "honest" wants that, or an answer within 3.3 standard errors.
BEGIN;
SET LOCAL client_min_messages = error;
SET LOCAL jit = off;
\ir lib/close.psql
SELECT plan(149);
CREATE FUNCTION pg_temp.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8 $$;
CREATE FUNCTION pg_temp.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT sqrt(-2 * ln(pg_temp.u(i, seed) + 1e-18)) * cos(2 * pi() * pg_temp.u(i, seed + 1000)) $$;
-- Uniforms u1 to u3, normals x, w (features) and e (noise).
CREATE TEMP TABLE base AS SELECT i, pg_temp.u(i, 1) AS u1, pg_temp.u(i, 2) AS u2, pg_temp.u(i, 3) AS u3, pg_temp.z(i, 11) AS x, pg_temp.z(i, 12) AS w, pg_temp.z(i, 13) AS e FROM generate_series(1, 4000) i;

CREATE FUNCTION pg_temp.judge(source text, more text, name text, truth float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE bad text; rows bigint;
BEGIN
	EXECUTE format('SELECT count(*), string_agg(format(''%%s: %%s [%%s, %%s] status %%s: %%s'', strategy, difference, conf_low, conf_high, status, verdict), E''\n'')
			FILTER (WHERE strategy <> baseline AND CASE WHEN status = ''ok'' THEN NOT coalesce(abs(difference - %1$L::float8) <= 3.3 * std_error, false)
				ELSE verdict ~ ''(beats|falls short of|changes)'' OR verdict !~ ''^No '' OR (status IN (''no_overlap'', ''too_few'') AND difference IS NOT NULL) END)
		FROM journey.compare_strategies(source => %2$L, outcome => ''y'', strategy => ''s'', key => ''i''%3$s)', truth, source, more) INTO rows, bad;
	RETURN pg_temp.verdict(CASE WHEN rows < 2 THEN 'hardly an answer' ELSE bad END, name);
EXCEPTION WHEN OTHERS THEN
	RETURN pg_temp.verdict(SQLSTATE || ': ' || SQLERRM, name);
END $$;
-- Undecided sets are kept: no other call may find them in order.
CREATE TEMP TABLE hopeless (source text, more text, name text);
CREATE FUNCTION pg_temp.undecided(source text, more text, name text) RETURNS text LANGUAGE sql AS $$
	INSERT INTO hopeless VALUES (source, more, name);
	SELECT pg_temp.judge(source, more, name, 'NaN') $$;
CREATE FUNCTION pg_temp.honest(source text, more text, truth float8, name text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.judge(source, more, name, truth) $$;
-- The methods with outcome models or logged propensities.
CREATE TEMP TABLE weighing AS SELECT * FROM unnest('{aipw,ipw,snips}'::text[]) m(method);
CREATE TEMP TABLE dealt AS SELECT * FROM unnest('{difference,lin,cuped,ipw,snips}'::text[]) m(method);

-- Features that determine the strategy.
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x > 0 THEN ''b'' ELSE ''a'' END AS s, 10 * x + e + (x > 0)::int AS y FROM base', ', features => ''{x,w}''', 'a number decides');
SELECT pg_temp.undecided('SELECT i, w, CASE WHEN x > 0 THEN ''b'' ELSE ''a'' END AS s, CASE WHEN x > 0 THEN ''old'' ELSE ''new'' END AS g, e + (x > 0)::int AS y FROM base', ', features => ''{g,w}''', 'a label decides');
SELECT pg_temp.undecided('SELECT i, w, CASE WHEN x > 0 THEN ''b'' ELSE ''a'' END AS s, x > 0 AS g, e + (x > 0)::int AS y FROM base', ', features => ''{g}''', 'a boolean decides');
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x + w > 0 THEN ''b'' ELSE ''a'' END AS s, 5 * x + 5 * w + e AS y FROM base', ', features => ''{x,w}''', 'a sum of two numbers decides');
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x > 1.5 THEN ''b'' ELSE ''a'' END AS s, 5 * x + e AS y FROM base', ', features => ''{x,w}''', 'a number decides, seldom for b');
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x > 0.5 THEN ''c'' WHEN x > -0.5 THEN ''b'' ELSE ''a'' END AS s, 5 * x + e AS y FROM base', ', features => ''{x,w}''', 'a number decides on three');
SELECT pg_temp.undecided('SELECT i, w, ''g'' || (10 * u2)::int AS g, CASE WHEN (10 * u2)::int % 2 = 0 THEN ''b'' ELSE ''a'' END AS s, 3 * ((10 * u2)::int % 2) + e AS y FROM base', ', features => ''{g,w}''', 'a label of eleven decides');
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x > 0 THEN ''b'' ELSE ''a'' END AS s, 10 * x + e > 0 AS y FROM base', ', features => ''{x,w}''', 'a number decides, a boolean outcome');
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x > 0 THEN ''b'' ELSE ''a'' END AS s, 10 * x + e AS y FROM base', format(', features => ''{x,w}'', estimand => %L', estimand), 'a number decides, estimand ' || estimand) FROM unnest('{treated,overlap}'::text[]) estimand;
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN abs(x) > 0.7 THEN ''b'' ELSE ''a'' END AS s, 3 * abs(x) + e AS y FROM base', ', features => ''{x,w}''', 'the size of a number decides');
SELECT pg_temp.undecided('SELECT i, x, w, CASE WHEN x * w > 0 THEN ''b'' ELSE ''a'' END AS s, 3 * sign(x * w) + e AS y FROM base', ', features => ''{x,w}''', 'two numbers of one sign decide');

-- Features that nearly determine it.
SELECT pg_temp.honest(format('SELECT i, x, w, CASE WHEN u1 < 1 / (1 + exp(-%s * x)) THEN ''b'' ELSE ''a'' END AS s, 10 * x + e AS y FROM base', slope), ', features => ''{x,w}''', 0, 'a number nearly decides, slope ' || slope) FROM unnest('{1,2,3,4,6,8,12,30}'::int[]) slope;
SELECT pg_temp.honest(format('SELECT i, x, w, CASE WHEN u1 < 1 / (1 + exp(-%s * x)) THEN ''b'' ELSE ''a'' END AS s, 5 * x ^ 2 + 3 * x ^ 3 + e AS y FROM base', slope), ', features => ''{x,w}''', 0, 'outcomes that a line misses, slope ' || slope) FROM unnest('{1,2,3,4,6,8,12,30}'::int[]) slope;
SELECT pg_temp.undecided(format('SELECT i, w, g, s, 4 * (g = ''old'')::int + (s = ''b'')::int + e AS y FROM (SELECT *, CASE WHEN x > 0 THEN ''old'' ELSE ''new'' END AS g, CASE WHEN (x > 0) = (u1 < %s) THEN ''b'' ELSE ''a'' END AS s FROM base) q', share), ', features => ''{g,w}''', 'a label decides on ' || share || ' of the rows') FROM unnest('{0.97,0.99,0.999}'::float8[]) share;

-- A strategy given in one segment only.
SELECT pg_temp.undecided(format('SELECT i, w, g, s, 3 * (g = ''in'')::int + 2 * (s = ''b'')::int + e AS y FROM (SELECT *, CASE WHEN u2 < %1$s THEN ''in'' ELSE ''out'' END AS g, CASE WHEN u2 < %1$s AND u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s FROM base) q', share), ', features => ''{g,w}''', 'b only in a segment of ' || share) FROM unnest('{0.05,0.3,0.5,0.7,0.85,0.93}'::float8[]) share;
SELECT pg_temp.undecided('SELECT i, w, g, s, p, 3 * (g = ''in'')::int + 2 * (s = ''b'')::int + e AS y FROM (SELECT *, CASE WHEN u2 < 0.3 THEN 0.5 ELSE 1 END AS p, CASE WHEN u2 < 0.3 THEN ''in'' ELSE ''out'' END AS g, CASE WHEN u2 < 0.3 AND u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s FROM base) q',
	format(', propensity => ''p'', features => %L, method => %L', CASE method WHEN 'aipw' THEN '{g,w}' ELSE '{}' END, method), 'b only in a segment, logged, ' || method) FROM weighing;
SELECT pg_temp.undecided('SELECT i, w, x, s, -3 * abs(x) + e AS y FROM (SELECT *, CASE WHEN abs(x) < 0.4 AND u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s FROM base) q', ', features => ''{x,w}''', 'b only in the middle of a number');

-- Logged propensities that collapse, or are wrong.
CREATE FUNCTION pg_temp.logged(p text, really text, y text DEFAULT '10 + w + e') RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT i, w, s, CASE s WHEN ''b'' THEN p ELSE 1 - p END AS p, %s AS y FROM (SELECT *, %s AS p, CASE WHEN u1 < %s THEN ''b'' ELSE ''a'' END AS s FROM base) q', y, p, really) $$;
CREATE FUNCTION pg_temp.by_log(method text) RETURNS text LANGUAGE sql AS $$ SELECT format(', propensity => ''p'', features => %L, method => %L', CASE method WHEN 'aipw' THEN '{w}' ELSE '{}' END, method) $$;
SELECT pg_temp.undecided(pg_temp.logged('CASE WHEN u2 < 0.9 THEN 0.0015 ELSE 0.5 END', 'CASE WHEN u2 < 0.9 THEN 0.0015 ELSE 0.5 END'), pg_temp.by_log(method), 'a few weights carry everything, ' || method) FROM weighing;
SELECT pg_temp.undecided(pg_temp.logged(wrong::text, really::text), pg_temp.by_log(method), format('logged %s, really %s, %s', wrong, really, method)) FROM weighing, (VALUES (0.2, 0.5), (0.8, 0.5), (0.5, 0.2), (0.9, 0.5), (0.8, 0.2)) v(wrong, really);
SELECT pg_temp.honest(pg_temp.logged('0.45', '0.5'), pg_temp.by_log(method), 0, 'logged 0.45, really 0.5, ' || method) FROM weighing;
SELECT pg_temp.honest('SELECT i, w, s, CASE s WHEN ''a'' THEN 1 / 3.0 WHEN ''b'' THEN 1 / 6.0 ELSE 0.5 END AS p, 10 + w + e AS y FROM (SELECT *, CASE WHEN u1 < 1 / 3.0 THEN ''b'' WHEN u1 < 2 / 3.0 THEN ''c'' ELSE ''a'' END AS s FROM base) q', pg_temp.by_log(method), 0, 'two of three logged wrongly, ' || method) FROM weighing;
SELECT pg_temp.undecided(pg_temp.logged('CASE WHEN u1 < 0.5 THEN 1 ELSE 0 END', '0.5'), pg_temp.by_log(method), 'a rule logged as certain, ' || method) FROM weighing;
SELECT pg_temp.undecided(format('SELECT *, 1 AS p FROM (%s) l', 'SELECT i, w, CASE WHEN u1 < 0.4 THEN ''b'' WHEN u1 < 0.6 THEN ''c'' ELSE ''a'' END AS s, w + e AS y FROM base'), pg_temp.by_log(method), 'a rule on three logged as certain, ' || method) FROM weighing;
SELECT pg_temp.undecided('SELECT i, x, s, 0.5 AS p, 3 * x + e AS y FROM (SELECT *, CASE WHEN u1 < 1 / (1 + exp(-3 * x)) THEN ''b'' ELSE ''a'' END AS s FROM base) q', format(', propensity => ''p'', features => ''{x}'', method => %L', method), 'logged as random, but a feature tells, ' || method) FROM weighing;

-- Methods for random deals, where the features show that it was none.
SELECT pg_temp.undecided('SELECT i, x, w, s, 3 * x + x ^ 3 + e AS y FROM (SELECT *, CASE WHEN u1 < 1 / (1 + exp(-3 * x)) THEN ''b'' ELSE ''a'' END AS s FROM base) q', format(', features => ''{x,w}'', method => %L', method), 'no random deal, ' || method) FROM dealt;
SELECT pg_temp.honest('SELECT i, x, w, s, 3 * x + x ^ 3 + e AS y FROM (SELECT *, CASE WHEN u1 < 0.3 THEN ''b'' ELSE ''a'' END AS s FROM base) q', format(', features => ''{x,w}'', method => %L', method), 0, 'a random deal, ' || method) FROM dealt;

-- Few rows, one customer, no spread.
SELECT pg_temp.honest('SELECT i, w, x, CASE WHEN i <= 3 THEN ''b'' WHEN i <= 15 THEN ''c'' WHEN i <= 55 THEN ''d'' ELSE ''a'' END AS s, w + e AS y FROM base', format(', features => ''{x,w}'', method => %L', method), 0, 'strategies of 3, 12 and 40 rows, ' || method) FROM (TABLE weighing UNION TABLE dealt) m ORDER BY method;
SELECT pg_temp.honest(format('SELECT CASE WHEN u2 < %1$s THEN 0 ELSE i END AS i, w, CASE WHEN u2 < %1$s OR u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, 5 * (u2 < %1$s)::int + w + e AS y FROM base', share), format(', features => ''{w}'', method => %L', method), 0, format('one customer has %s of the rows, %s', share, method)) FROM (TABLE weighing UNION TABLE dealt) m, unnest('{0.5,0.8}'::float8[]) share ORDER BY share, method;
SELECT pg_temp.holds(format('SELECT bool_and(abs(value - 7.25) < 0.5 AND coalesce(abs(difference) < 0.01, strategy = baseline) AND coalesce(p_value > 0.99, true) AND coalesce(value_se < 0.2, true) AND verdict !~ ''beats|falls'') AND count(*) = 2 FROM journey.compare_strategies(source => %L, outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x}'', method => %L)',
	'SELECT i, x, CASE WHEN u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, 7.25 AS y FROM base', method), 'a constant outcome, ' || method) FROM (TABLE weighing UNION TABLE dealt) m ORDER BY method;
-- 0 of 191 against 2 in 100: Fisher's exact test says 0.04, nobody may say 0.001.
SELECT pg_temp.holds(format('SELECT bool_and(strategy = baseline OR status <> ''ok'' OR p_value > 0.001) AND bool_and(status <> ''ok'' OR value_se IS NULL OR value_se > 0) FROM journey.compare_strategies(source => %L, outcome => ''y'', strategy => ''s'', key => ''i'', features => ''{x}'', method => %L)',
	'SELECT i, x, CASE WHEN u1 < 0.05 THEN ''b'' ELSE ''a'' END AS s, u1 > 0.05 AND u3 < 0.02 AS y FROM base', method), 'a strategy without any success is not known to the last digit, ' || method) FROM (TABLE weighing UNION TABLE dealt) m ORDER BY method;

-- Outcomes that are missing.
SELECT pg_temp.undecided('SELECT i, x, CASE WHEN u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, CASE WHEN u1 > 0.5 THEN e END AS y FROM base', format(', features => ''{x}'', method => %L', method), 'no outcome of one of two, ' || method) FROM (TABLE weighing UNION TABLE dealt) m ORDER BY method;
SELECT pg_temp.undecided('SELECT i, x, CASE WHEN u1 < 0.4 THEN ''b'' WHEN u1 < 0.5 THEN ''c'' ELSE ''a'' END AS s, CASE WHEN u1 < 0.4 OR u1 > 0.5 THEN e END AS y FROM base', format(', features => ''{x}'', method => %L', method), 'no outcome of one of three, ' || method) FROM (TABLE weighing UNION TABLE dealt) m ORDER BY method;
SELECT pg_temp.undecided('SELECT i, x, CASE WHEN u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, CASE WHEN u3 > CASE WHEN u1 < 0.5 THEN 0.2 ELSE 0.4 END THEN e END AS y FROM base', format(', features => ''{x}'', method => %L', method), 'more outcomes missing of one, ' || method) FROM (TABLE weighing UNION TABLE dealt) m ORDER BY method;
SELECT pg_temp.honest('SELECT i, x, CASE WHEN u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, CASE WHEN u3 > 0.2 THEN e END AS y FROM base', ', features => ''{x}''', 0, 'a fifth of the outcomes missing of both');

-- Many features for few rows; features that say nothing.
SELECT pg_temp.honest(format('SELECT i, CASE WHEN u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, e AS y, %s FROM base WHERE i BETWEEN %s AND %s', (SELECT string_agg(format('journey.hash64(i, %s) / 1e18 AS f%s', 100 + j, j), ', ') FROM generate_series(1, 40) j), 1 + 300 * sample, 300 + 300 * sample),
	format(', features => %L, repeats => 2', (SELECT array_agg('f' || j) FROM generate_series(1, 40) j)), 0, '40 features of 300 rows, sample ' || sample) FROM generate_series(0, 4) sample;
SELECT pg_temp.honest('SELECT i, x, CASE WHEN u1 < 0.5 THEN ''b'' ELSE ''a'' END AS s, w + e AS y, 1 AS one, ''same'' AS label, 2 * x AS twice FROM base', ', features => ''{x,one,label,twice}''', 0, 'constant and repeated features');
SELECT pg_temp.honest('SELECT i, 1e9 + x AS x, 1e-9 * w AS w, CASE WHEN u1 < 1 / (1 + exp(-x)) THEN ''b'' ELSE ''a'' END AS s, 1e6 + x + e AS y FROM base', ', features => ''{x,w}''', 0, 'large offsets and small scales');

-- Random deals keep the gate open, also with skewed numbers, rare flags and labels of many levels.
CREATE TEMP TABLE deals AS SELECT s, i, CASE WHEN d < 0.5 THEN 'a' WHEN d < 0.8 THEN 'b' ELSE 'c' END AS way, CASE WHEN d < 0.5 THEN 0.5 WHEN d < 0.8 THEN 0.3 ELSE 0.2 END AS p,
	x + pg_temp.z(i, 23) AS y, x, exp(pg_temp.z(i, 24)) AS money, pg_temp.u(i, 25) < 0.5 AS flag, pg_temp.u(i, 26) < 0.01 AS rare, 'l' || floor(3 * pg_temp.u(i, 27)) AS l, 'm' || floor(30 * pg_temp.u(i, 28) ^ 2) AS many, floor(-2 * ln(pg_temp.u(i, 29) + 1e-18)) AS visits
FROM generate_series(1, 30) s, LATERAL generate_series(s * 10000::bigint, s * 10000 + 999) i, LATERAL (SELECT pg_temp.u(i, 21) AS d, pg_temp.z(i, 22) AS x OFFSET 0) v;
SELECT pg_temp.text_is(format('SELECT CASE WHEN avg((status = ''ok'')::int) >= 0.9 THEN ''open'' ELSE string_agg(DISTINCT status || '': '' || verdict, E''\n'') FILTER (WHERE status <> ''ok'') END FROM generate_series(1, 30) s,
	LATERAL (SELECT status, verdict FROM journey.compare_strategies(source => ''SELECT * FROM deals WHERE s = '' || s, outcome => ''y'', strategy => ''way'', key => ''i'', k => 5, repeats => 1%s) OFFSET 0) r', more), 'open', 'the gate stays open on random deals' || more)
FROM (VALUES (', method => ''difference'', features => ''{x,money,flag,rare,l,many,visits}'''), (', method => ''ipw'', features => ''{x,money,flag,rare,l,many,visits}'', propensity => ''p'''), (', features => ''{x,money,flag,rare,l,many,visits}'', propensity => ''p'''),
	(', features => ''{x,money,flag,l,visits}'''), (', method => ''lin'', features => ''{x,money,flag,l,visits}'''), (', method => ''cuped'', features => ''{x}''')) v(more);

-- The other calls on sets that compare_strategies must not decide: no status
-- ok (a third strategy without outcomes does not hinder the other two).
CREATE FUNCTION pg_temp.none_in_order(call text, ok text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE h hopeless; bad text := ''; found text; tried integer := 0;
BEGIN
	IF NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'journey'::regnamespace AND proname = call) THEN
		RETURN skip(call || ' is not built', 1);
	END IF;
	FOR h IN SELECT * FROM hopeless WHERE name !~ 'one of three' LOOP
		BEGIN
			EXECUTE format('SELECT string_agg(DISTINCT (r).status, '', '') FROM journey.%I(source => %L, outcome => ''y'', strategy => ''s'', key => ''i''%s) r WHERE %s', call, h.source, h.more, ok) INTO found;
			IF found IS NOT NULL THEN bad := bad || h.name || ': ' || found || E'\n'; END IF;
			tried := tried + 1;
		EXCEPTION WHEN undefined_function OR invalid_parameter_value OR feature_not_supported THEN NULL;	-- no such argument, no features
		WHEN OTHERS THEN bad := bad || h.name || ': ' || SQLSTATE || ' ' || SQLERRM || E'\n';
		END;
	END LOOP;
	RETURN pg_temp.verdict(nullif(bad || CASE WHEN tried < 20 THEN 'hardly one was tried' ELSE '' END, ''), call || ' finds none of them in order');
END $$;
SELECT pg_temp.none_in_order('learn_policy', '(r).status = ''ok''');
SELECT pg_temp.none_in_order('uplift_calibration', '(r).status = ''ok''');
SELECT pg_temp.none_in_order('uplift', '(r).status = ''ok''');
SELECT * FROM finish();
ROLLBACK;
