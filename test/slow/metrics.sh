# metrics.sh: sourced by run.sh.  Coverage of the clustered intervals: samples
# of 80 customers with 1 to 9 rows each, whose outcome shares an effect of the
# customer that the prediction does not know.  The truth is the figure of a
# sample a thousand times as large.  Clustered 95 % intervals must cover it in
# 91.5 to 98 % of the samples (noise: 1.1 points); those that take the rows as
# independent must fail where the effect matters, or the test would show nothing.
samples=400
psql -Xq -v samples=$samples <<'SQL'
CREATE FUNCTION public.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8;
CREATE FUNCTION public.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(public.u(i, seed) + 1e-18)) * cos(2 * pi() * public.u(i, seed + 1000));
CREATE FUNCTION public.sample_rows(from_customer bigint, to_customer bigint)
RETURNS TABLE (customer bigint, p float8, y boolean, guess float8, amount float8, lasted float8, event boolean) LANGUAGE sql STABLE AS $$
	SELECT c, 1 / (1 + exp(-known)), u(i, 5) < 1 / (1 + exp(-known - hidden)), 10 + known, 10 + known + hidden + z(i, 7),
		least(-ln(u(i, 9)) * exp(-known - hidden), 2), -ln(u(i, 9)) * exp(-known - hidden) < 2
	FROM generate_series(from_customer, to_customer) c, LATERAL (SELECT 1.2 * z(c, 3) AS hidden, z(c, 1) AS shared OFFSET 0) h,
		generate_series(1, 1 + (u(c, 11) * 9)::integer % 9) r, LATERAL (SELECT c * 16 + r AS i) n,
		LATERAL (SELECT 0.8 * shared + 0.6 * z(i, 13) AS known OFFSET 0) k $$;
CREATE TABLE public.truth AS
SELECT journey.auc(p, y) AS auc, journey.average_precision(p, y) AS average_precision, journey.brier(p, y) AS brier, journey.log_loss(p, y) AS log_loss,
	journey.f1(p, y) AS f1, journey.mcc(p, y) AS mcc, journey.rmse(guess, amount) AS rmse, journey.r_squared(guess, amount) AS r_squared,
	journey.lift(p, y, 0.3) AS lift, journey.concordance(guess, lasted, event) AS concordance
FROM public.sample_rows(1000000, 1080000);
CREATE TABLE public.coverage AS
SELECT metric, avg((clustered && truth)::int) AS clustered, avg((by_row && truth)::int) AS by_row
FROM (SELECT m.metric, numrange((m.c).conf_low::numeric, (m.c).conf_high::numeric) AS clustered, numrange((m.r).conf_low::numeric, (m.r).conf_high::numeric) AS by_row,
		numrange(((to_jsonb(t) ->> m.metric)::numeric), ((to_jsonb(t) ->> m.metric)::numeric), '[]') AS truth
	FROM generate_series(1, :samples) s, public.truth t, LATERAL (
		SELECT journey.auc_ci(p, y, customer::text) AS a, journey.auc_ci(p, y) AS a1, journey.average_precision_ci(p, y, customer::text) AS b, journey.average_precision_ci(p, y) AS b1,
			journey.brier_ci(p, y, customer::text) AS d, journey.brier_ci(p, y) AS d1, journey.log_loss_ci(p, y, customer::text) AS e, journey.log_loss_ci(p, y) AS e1,
			journey.f1_ci(p, y, customer::text) AS f, journey.f1_ci(p, y) AS f1, journey.mcc_ci(p, y, customer::text) AS g, journey.mcc_ci(p, y) AS g1,
			journey.rmse_ci(guess, amount, customer::text) AS h, journey.rmse_ci(guess, amount) AS h1, journey.r_squared_ci(guess, amount, customer::text) AS k, journey.r_squared_ci(guess, amount) AS k1,
			journey.lift_ci(p, y, 0.3, customer::text) AS l, journey.lift_ci(p, y, 0.3) AS l1,
			journey.concordance_ci(guess, lasted, event, customer::text) AS n, journey.concordance_ci(guess, lasted, event) AS n1
		FROM public.sample_rows(s * 80, s * 80 + 79)) x,
	LATERAL (VALUES ('auc', a, a1), ('average_precision', b, b1), ('brier', d, d1), ('log_loss', e, e1), ('f1', f, x.f1), ('mcc', g, g1), ('rmse', h, h1),
		('r_squared', k, k1), ('lift', l, l1), ('concordance', n, n1)) m(metric, c, r)) s
GROUP BY metric;
SQL
psql -XAtc "SELECT format('# %s: %s of the clustered intervals cover, %s of those by row', metric, round(clustered, 3), round(by_row, 3)) FROM public.coverage ORDER BY 1"
[ "$(psql -XAtc "SELECT count(*) FROM public.coverage WHERE clustered BETWEEN 0.915 AND 0.98")" = 10 ]; point $? "clustered intervals of ten metrics cover as they say"
[ "$(psql -XAtc "SELECT bool_and(by_row < 0.91) FROM public.coverage WHERE metric IN ('brier', 'log_loss', 'rmse')")" = t ]; point $? "intervals by row do not where rows of a customer are alike"
psql -Xqc 'SET client_min_messages = warning' -c 'DROP FUNCTION public.u, public.z, public.sample_rows' -c 'DROP TABLE public.truth, public.coverage'
