# series.sh: sourced by run.sh.  Error rates of the tests of series on fresh
# generators: what is noise never gets the verdict of a rule, clean maps do, and
# the p of a surrogate test is uniform where its null hypothesis holds.
# (50 seeds of 500 values each, 200 for the p: some two minutes)
psql -Xq <<'SQL'
CREATE FUNCTION public.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8;
CREATE FUNCTION public.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(public.u(i, seed) + 1e-18)) * cos(2 * pi() * public.u(i, seed + 1000000));
CREATE FUNCTION public.series(kind text, n integer, seed bigint) RETURNS float8[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE a float8[] := '{}'; x float8 := 0; v float8 := 1; y float8 := 0; e float8; m float8; k integer; p float8;
BEGIN
	IF kind LIKE 'logistic%' THEN x := 0.1 + 0.8 * public.u(1, seed); END IF;
	FOR i IN -99..n LOOP
		CASE
		WHEN kind = 'white' THEN x := public.z(i, seed);
		WHEN kind IN ('ar', 'exp ar') THEN x := 0.9 * x + public.z(i, seed);
		WHEN kind = 'walk' THEN x := x + public.z(i, seed);
		WHEN kind = 'threshold' THEN x := CASE WHEN x > 0 THEN -0.6 ELSE 0.5 END * x + public.z(i, seed);
		WHEN kind = 'garch' THEN
			v := 0.05 + 0.25 * x * x + 0.7 * v;
			x := sqrt(v) * public.z(i, seed);
		WHEN kind LIKE 'logistic%' THEN x := 4 * x * (1 - x);
		WHEN kind = 'henon' THEN
			e := 1 - 1.4 * x * x + y;
			y := 0.3 * x;
			x := e;
		WHEN kind = 'noisy sine' THEN x := sin(0.2 * i) + 0.1 * public.z(i, seed);
		WHEN kind LIKE 'counts%' THEN
			m := exp(-exp(3 + 0.4 * sin(2 * pi() * i / 7) + 0.3 * cos(4 * pi() * i / 7)));
			k := 0;
			p := public.u(1000 * i::bigint, seed);
			WHILE p > m LOOP
				k := k + 1;
				p := p * public.u(1000 * i::bigint + k, seed);
			END LOOP;
			x := k;
		END CASE;
		IF i > 0 THEN
			a[i] := CASE kind WHEN 'exp ar' THEN exp(0.5 * x) WHEN 'logistic + 20 %' THEN x + 0.2 * 0.3536 * public.z(i, seed) ELSE x END;
		END IF;
	END LOOP;
	RETURN a;
END $$;
CREATE TABLE public.verdicts AS
SELECT kind, seed, d.verdict, d.p_permutation_entropy AS pe, d.p_prediction_error AS npe
FROM unnest('{white,ar,exp ar,walk,threshold,garch,noisy sine,counts,counts as they are,logistic,henon,logistic + 20 %}'::text[]) kind,
	generate_series(1, 50) seed,
	journey.series_diagnosis(public.series(kind, 500, seed + 7000), CASE kind WHEN 'counts' THEN 7 END, kind = 'counts', 39) d;
CREATE TABLE public.uniform AS
SELECT seed, p.p_value AS pe, q.p_value AS npe
FROM generate_series(1, 200) seed, LATERAL (SELECT public.series('white', 256, seed + 90000) AS x OFFSET 0) s,
	journey.surrogate_test(x, surrogates => 39) p, journey.surrogate_test(x, 'prediction_error', 39) q;
CREATE TABLE public.warned AS
SELECT seed, indicator, p_value
FROM generate_series(1, 200) seed, journey.early_warning(public.series('ar', 200, seed + 50000), replicates => 99);
SQL
psql -XAtc "SELECT format('# %s: %s', kind, string_agg(format('%s %s', n, verdict), ', ' ORDER BY n DESC)) FROM (SELECT kind, verdict, count(*) AS n FROM public.verdicts GROUP BY 1, 2) s GROUP BY kind ORDER BY kind"
psql -XAtc "SELECT format('# white noise: p <= .05 in %s (permutation entropy) and %s (prediction error) of 200, mean p %s and %s', count(*) FILTER (WHERE pe <= .05), count(*) FILTER (WHERE npe <= .05), round(avg(pe)::numeric, 3), round(avg(npe)::numeric, 3)) FROM public.uniform"
psql -XAtc "SELECT format('# steady AR(.9): early warning with p <= .05 by %s in %s of 200', indicator, count(*) FILTER (WHERE p_value <= .05)) FROM public.warned GROUP BY indicator"
[ "$(psql -XAtc "SELECT count(*) FROM public.verdicts WHERE kind NOT IN ('logistic', 'henon') AND verdict LIKE 'low-dimensional%'")" = 0 ]; point $? "noise never gets the verdict of a rule (0 of 500)"
[ "$(psql -XAtc "SELECT bool_and(n >= 45) FROM (SELECT count(*) FILTER (WHERE verdict LIKE 'low-dimensional%') AS n FROM public.verdicts WHERE kind IN ('logistic', 'henon') GROUP BY kind) s")" = t ]; point $? "clean maps do (at least 45 of 50)"
[ "$(psql -XAtc "SELECT bool_and(n >= 45) FROM (SELECT count(*) FILTER (WHERE verdict = 'consistent with linear noise') AS n FROM public.verdicts WHERE kind IN ('white', 'ar', 'exp ar', 'walk', 'garch', 'counts') GROUP BY kind) s")" = t ]; point $? "linear noise and prepared counts are told as such (at least 45 of 50)"
[ "$(psql -XAtc "SELECT bool_and(n BETWEEN 4 AND 18) FROM (SELECT count(*) FILTER (WHERE pe <= .05) AS n FROM public.uniform UNION ALL SELECT count(*) FILTER (WHERE npe <= .05) FROM public.uniform) s")" = t ]; point $? "p of white noise: rejections between 2 and 9 %"
# Kolmogorov and Smirnov at 1 %: 1.63 / sqrt(200)
[ "$(psql -XAtc "SELECT bool_and(d < 0.115) FROM (SELECT max(abs(share - p)) AS d FROM (SELECT which, p, avg((x <= p + 1e-9)::int) AS share FROM (SELECT 'pe' AS which, pe AS x FROM public.uniform UNION ALL SELECT 'npe', npe FROM public.uniform) v, LATERAL (SELECT k / 40.0 AS p FROM generate_series(1, 40) k) g GROUP BY which, p) s GROUP BY which) t")" = t ]; point $? "and uniform"
[ "$(psql -XAtc "SELECT bool_and(n BETWEEN 3 AND 22) FROM (SELECT count(*) FILTER (WHERE p_value <= .05) AS n FROM public.warned GROUP BY indicator) s")" = t ]; point $? "early warning of steady series: false alarms between 1.5 and 11 %"

# long series obey the timeout
for call in 'surrogate_test(x)' "surrogate_test(x, 'prediction_error')" 'zero_one_test(x)' 'early_warning(x)' 'series_diagnosis(x)'; do
	ms=$(psql -XAtq 2>&1 <<SQL | sed -n 's/^Time: \([0-9]*\)[.].*/\1/p' | tail -1
CREATE TEMP TABLE long AS SELECT array_agg(public.u(i, 1) ORDER BY i) AS x FROM generate_series(1, 1000000) i;
SET statement_timeout = 300;
\timing on
SELECT journey.$call FROM long;
SQL
	)
	[ "$ms" -ge 300 ] && [ "$ms" -le 700 ]; point $? "$call on a million values stops at its timeout ($ms ms)"
done
psql -Xqc 'SET client_min_messages = warning' -c 'DROP FUNCTION public.u, public.z, public.series' -c 'DROP TABLE public.verdicts, public.uniform, public.warned'
