# strategies.sh: sourced by run.sh.  Coverage of values of strategies, of their
# differences and of learned policies where the truth is known (the confounded
# world of reference/validation.md 9.7): x uniform in five dimensions, strategy
# a, b or c with softmax(strength (0, x1 - 1/2, x2 - 1/2)), y = 70 + 5 x1 + 3 for
# b + 12 (x2 - 1/2) for c + N(0, 64).  The values are 72.5, 75.5 and 72.5; c is
# best where x2 > 3/4, b elsewhere, which is worth 75.875.  95 % intervals must
# cover in 92 to 98 % of 400 samples, wider by chance for fewer; those of the
# plain means must fail where strategies follow the customer, or the test would
# show nothing.
samples=$(scaled 400)
[ "$samples" -ge 100 ] || samples=100
[ "$samples" -le 400 ] || samples=400
holds() { [ "$(psql -XAtc "SELECT $1")" = t ]; point $? "$2"; }
if have compare_strategies; then
	psql -Xq -v ON_ERROR_STOP=1 -v samples="$samples" <<'SQL'
CREATE FUNCTION public.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8;
CREATE FUNCTION public.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(public.u(i, seed) + 1e-18)) * cos(2 * pi() * public.u(i, seed + 1000));
-- Sample number s: n rows, a customer has so many of them with one x, one
-- strategy and a half of the noise in common.  e: probability of the strategy.
CREATE FUNCTION public.world(s bigint, n integer, strength float8, rows_of_customer integer DEFAULT 1)
RETURNS TABLE (i bigint, customer bigint, x1 float8, x2 float8, x3 float8, x4 float8, x5 float8, a text, e float8, y float8) LANGUAGE sql STABLE AS $$
	SELECT i, k, x1, x2, x3, x4, x5, a, CASE a WHEN 'a' THEN 1 WHEN 'b' THEN wb ELSE wc END / total,
		70 + 5 * x1 + CASE a WHEN 'a' THEN 0 WHEN 'b' THEN 3 ELSE 12 * (x2 - 0.5) END
		+ CASE rows_of_customer WHEN 1 THEN 8 * z(i, 7) ELSE 8 * sqrt(0.5) * (z(k, 9) + z(i, 7)) END
	FROM generate_series(s * 100000, s * 100000 + n - 1) i, LATERAL (SELECT i / rows_of_customer AS k) c,
		LATERAL (SELECT u(k, 1) AS x1, u(k, 2) AS x2, u(k, 3) AS x3, u(k, 4) AS x4, u(k, 5) AS x5 OFFSET 0) x,
		LATERAL (SELECT exp(strength * (x1 - 0.5)) AS wb, exp(strength * (x2 - 0.5)) AS wc OFFSET 0) w,
		LATERAL (SELECT 1 + wb + wc AS total, u(k, 6) * (1 + wb + wc) AS drawn OFFSET 0) t,
		LATERAL (SELECT CASE WHEN drawn < 1 THEN 'a' WHEN drawn < 1 + wb THEN 'b' ELSE 'c' END AS a OFFSET 0) d $$;
CREATE TABLE public.truth (strategy text, value float8, difference float8);
INSERT INTO public.truth VALUES ('a', 72.5, NULL), ('b', 75.5, 3), ('c', 72.5, 0);
CREATE TABLE public.setting (what text, n integer, strength float8, rows_of_customer integer, key text, method text, propensity text, samples integer);
INSERT INTO public.setting VALUES
	('500 rows', 500, 1, 1, 'i', 'aipw', NULL, :samples), ('2000 rows', 2000, 1, 1, 'i', 'aipw', NULL, :samples),
	('2000 rows, strong', 2000, 4, 1, 'i', 'aipw', NULL, :samples), ('8000 rows, strong', 8000, 4, 1, 'i', 'aipw', NULL, (:samples + 1) / 2),
	('2000 rows, strong, logged', 2000, 4, 1, 'i', 'aipw', 'e', :samples), ('2000 rows, logged, weighted', 2000, 1, 1, 'i', 'ipw', 'e', :samples),
	('2000 rows, logged, self-normalised', 2000, 1, 1, 'i', 'snips', 'e', :samples),
	('plain means, strong', 2000, 4, 1, 'i', 'difference', NULL, 100),
	('400 customers of 5', 2000, 1, 5, 'customer', 'aipw', NULL, :samples), ('400 customers of 5, by row', 2000, 1, 5, NULL, 'aipw', NULL, 100);
CREATE TABLE public.answers AS
SELECT s.what, s.samples, sample, r.*
FROM public.setting s, generate_series(1, s.samples) sample,
	LATERAL (SELECT strategy, value, value_low, value_high, difference, conf_low, conf_high, simultaneous_low, simultaneous_high, status FROM journey.compare_strategies(
		source => format('SELECT * FROM public.world(%s, %s, %s, %s)', sample, s.n, s.strength, s.rows_of_customer), outcome => 'y', strategy => 'a', key => s.key,
		features => CASE WHEN s.method = 'aipw' THEN '{x1,x2,x3,x4,x5}' ELSE '{}' END::text[], propensity => s.propensity, method => s.method, k => 5, repeats => 1) OFFSET 0) r;
-- slack: what chance adds for fewer than 400 samples
CREATE VIEW public.covered AS
SELECT what, 0.03 * sqrt(400.0 / min(samples)) AS slack, min(samples) AS samples, strategy,
	avg((t.value BETWEEN value_low AND value_high)::int) AS of_value, avg((t.difference BETWEEN conf_low AND conf_high)::int) AS of_difference,
	avg(a.value) - min(t.value) AS bias, avg((value_low IS NOT NULL)::int) AS answered,
	avg((status = 'ok')::int) AS decided
FROM public.answers a JOIN public.truth t USING (strategy) GROUP BY what, strategy;
CREATE VIEW public.covered_together AS
SELECT what, 0.03 * sqrt(400.0 / min(samples)) AS slack, avg(together::int) AS share
FROM (SELECT what, sample, min(samples) AS samples, bool_and(t.difference BETWEEN simultaneous_low AND simultaneous_high) AS together
	FROM public.answers a JOIN public.truth t USING (strategy) WHERE t.difference IS NOT NULL GROUP BY what, sample) x GROUP BY what;
SQL
	psql -XAtc "SELECT format('# %s: values %s, differences %s, together %s, status ok %s', what, string_agg(round(of_value, 3)::text, ' ' ORDER BY strategy), string_agg(round(of_difference, 3)::text, ' ' ORDER BY strategy), round(min(share), 3), round(min(decided), 3)) FROM public.covered LEFT JOIN public.covered_together USING (what) GROUP BY what ORDER BY what"
	trusted="what NOT LIKE 'plain means%' AND what NOT LIKE '%by row'"
	holds "count(*) = 24 AND min(answered) > 0.99 FROM public.covered WHERE $trusted" "strategies: nearly every sample gets an answer"
	holds "min(decided) > 0.9 FROM public.covered WHERE $trusted AND what NOT LIKE '%strong%'" "strategies: the gates stay open where overlap is good"
	holds "count(*) = 24 AND bool_and(abs(of_value - 0.95) <= slack) FROM public.covered WHERE $trusted" "strategies: intervals of values cover as they say"
	holds "count(*) = 16 AND bool_and(abs(of_difference - 0.95) <= slack) FROM public.covered WHERE $trusted AND strategy <> 'a'" "strategies: intervals of differences cover as they say"
	holds "count(*) = 8 AND bool_and(abs(share - 0.95) <= slack) FROM public.covered_together WHERE $trusted" "strategies: simultaneous intervals cover all differences together"
	holds "max(of_value) < 0.5 FROM public.covered WHERE what = 'plain means, strong' AND strategy IN ('b', 'c')" "strategies: plain means miss where strategies follow the customer"
	holds "max(of_value) < 0.91 FROM public.covered WHERE what LIKE '%by row'" "strategies: intervals by row miss where rows of a customer are alike"
	psql -Xqc 'SET client_min_messages = warning' -c 'DROP VIEW public.covered, public.covered_together' -c 'DROP TABLE public.answers, public.setting'
	if have learn_policy && have recommend; then
		# The value of a learned policy is that of learning it without the fold, so
		# the truth of an interval is the mean over policies learned that way.
		psql -Xq -v ON_ERROR_STOP=1 -v samples="$(((samples + 7) / 8))" <<'SQL'
CREATE TABLE public.grid AS SELECT u(g, 91) AS x1, u(g, 92) AS x2, u(g, 93) AS x3, u(g, 94) AS x4, u(g, 95) AS x5 FROM generate_series(1, 500) g;
CREATE FUNCTION public.worth(p journey.policy) RETURNS float8 LANGUAGE sql STABLE AS $$
	SELECT avg(CASE journey.recommend(p, g) WHEN 'a' THEN 0 WHEN 'b' THEN 3 ELSE 12 * (x2 - 0.5) END) FROM public.grid g $$;
CREATE FUNCTION public.learned(s bigint, n integer, class text, condition text, k integer) RETURNS journey.policy LANGUAGE sql STABLE AS $$
	SELECT journey.learn_policy(source => format('SELECT *, journey.fold(i, %s) AS fold FROM public.world(%s, %s, 1) WHERE %s', k, s, n, condition), outcome => 'y', strategy => 'a', key => 'i',
		features => '{x1,x2,x3,x4,x5}', fold => 'fold', class => class) $$;
CREATE TABLE public.policies AS
SELECT n, class, sample, (p).value - 72.5 AS value, (p).value_se, (p).difference, (p).std_error, public.worth(p) AS worth, best,
	CASE WHEN n < 8000 THEN (SELECT avg(public.worth(public.learned(sample, n, class, format('journey.fold(i, 5) <> %s', f), 5))) FROM generate_series(1, 5) f) END AS worth_of_folds
FROM (VALUES (500, 'tree', :samples), (2000, 'tree', :samples), (8000, 'tree', :samples / 2), (500, 'plug_in', :samples), (2000, 'plug_in', :samples), (2000, 'linear', :samples / 2)) v(n, class, samples),
	LATERAL generate_series(1, samples) sample, LATERAL (SELECT public.learned(sample, n, class, 'true', 5) AS p OFFSET 0) l,
	(SELECT avg(greatest(3, 12 * (x2 - 0.5))) AS best, 3 AS fixed FROM public.grid) b;
CREATE VIEW public.learning AS
SELECT n, class, count(*) AS samples, avg(best - worth) AS regret, avg(value - worth_of_folds) AS off, stddev(value - worth_of_folds) / sqrt(count(*)) AS off_error,
	avg((abs(value - worth_of_folds) <= 1.96 * value_se)::int) AS of_value, avg((abs(difference - worth_of_folds + 3) <= 1.96 * std_error)::int) AS of_difference
FROM public.policies GROUP BY n, class;
SQL
		psql -XAtc "SELECT format('# policies, %s of %s rows: lost to the best %s, own value off by %s, intervals of value %s and of difference %s', class, n, round(regret::numeric, 3), round(off::numeric, 3), round(of_value, 3), round(of_difference, 3)) FROM public.learning ORDER BY class, n"
		holds "bool_and(regret > -0.01) AND count(*) = 6 AND max(regret) FILTER (WHERE n = 8000) < 0.1 FROM public.learning" "policies: the best is nearly found"
		holds "bool_and(less) FROM (SELECT regret < coalesce(lag(regret) OVER (PARTITION BY class ORDER BY n), 9) AS less FROM public.learning) x" "policies: what is lost shrinks with the rows"
		holds "count(*) = 5 AND bool_and(abs(off) <= 3.3 * off_error + 0.02) FROM public.learning WHERE n < 8000" "policies: their own value is honest"
		holds "count(*) = 5 AND min(of_value) >= 0.95 - 0.06 * sqrt(100.0 / min(samples)) AND min(of_difference) >= 0.95 - 0.06 * sqrt(100.0 / min(samples)) FROM public.learning WHERE n < 8000" "policies: intervals of value and gain cover"
		psql -Xqc 'SET client_min_messages = warning' -c 'DROP VIEW public.learning' -c 'DROP TABLE public.policies' -c 'DROP FUNCTION public.learned, public.worth' -c 'DROP TABLE public.grid'
	fi
	psql -Xqc 'SET client_min_messages = warning' -c 'DROP FUNCTION public.world, public.u, public.z' -c 'DROP TABLE public.truth'
fi
