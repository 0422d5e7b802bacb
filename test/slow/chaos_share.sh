# chaos_share.sh: sourced by run.sh.  Chaos shares where the truth is known: the
# store chain of the chaos reference (vector A of 4.8), journeys drawn from it by
# hash.  Every share of 1,000 customers lies within .06 of the truth, by the map
# and by model; 95 % intervals of 200 replicates, 400 customers by the map and
# 1,500 by model, cover as the reference says (.88 to 1 on average); tests at 5 % keep their size where nothing matters; a mood that lasts
# shows as memory gap and in the first touch by model.  And both end in time when
# they are cancelled (late() of timeout.sh).
late first_touch_effect "SELECT * FROM journey.first_touch_effect('bench.outcomes', 'outcome', 1000000)"
late first_touch_effect "SELECT * FROM journey.first_touch_effect('SELECT *, customer_id % 1000 / 7.0 AS y FROM (SELECT customer_id, ts, touchpoint FROM bench.events) e', 'y', 1000000)" 64MB numeric
# (a third of the journeys: removing the gigabytes of a temporary file takes the file system a fifth of a second each)
have first_touch_effect && late chaos_share "SELECT count(*) FROM journey.chaos_share('SELECT * FROM bench.outcomes WHERE customer_id % 3 = 0', 'outcome', 'model')" 64MB model
samples=$(scaled 100)
[ "$samples" -ge 40 ] || samples=40
[ "$samples" -le 100 ] || samples=100
if have first_touch_effect; then
	psql -Xq -v ON_ERROR_STOP=1 -v samples="$samples" <<'SQL'
CREATE FUNCTION public.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8;
CREATE FUNCTION public.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(public.u(i, seed) + 1e-18)) * cos(2 * pi() * public.u(i, seed + 1000));
-- Cumulated rows of the chain: ad, store, call, refund, loyal, churn.
CREATE TABLE public.chain (state integer, upto float8[]);
INSERT INTO public.chain VALUES (0, '{.6,.8,.95,1,1,1}'), (1, '{.10,.60,.80,.80,.95,1}'), (2, '{.10,.30,.60,.70,.95,1}'), (3, '{0,.20,.40,.70,.85,1}'), (4, '{0,.10,.30,.40,.60,1}');
CREATE FUNCTION public.next(s integer, x float8) RETURNS integer LANGUAGE sql STABLE AS $$
	SELECT 1 + count(*)::integer FROM public.chain, unnest(upto) t WHERE state = s AND t <= x $$;
-- Sample number s of n customers; a walk begins at state 0 and ends at 5 (loyal) or 6 (churn).
CREATE FUNCTION public.store(s bigint, n integer) RETURNS TABLE (customer_id bigint, ts timestamptz, touchpoint text, loyal boolean) LANGUAGE sql STABLE AS $$
	WITH RECURSIVE walk AS (
		SELECT s * 1000000 + c AS customer_id, 1 AS step, public.next(0, u(s * 1000000 + c, 1)) AS state FROM generate_series(1, n) c
		UNION ALL
		SELECT customer_id, step + 1, public.next(state, u(customer_id, step + 1)) FROM walk WHERE state < 5)
	SELECT customer_id, timestamptz '2024-01-01' + step * interval '1 hour', (ARRAY['ad', 'store', 'call', 'refund'])[state], last = 5
	FROM (SELECT *, max(state) OVER (PARTITION BY customer_id) AS last FROM walk) w WHERE state < 5 $$;
CREATE TABLE public.truth (method text, touchpoint text, share float8);
INSERT INTO public.truth VALUES
	('markov', '(first touch)', .016984), ('markov', 'ad', .142287), ('markov', 'store', .272402), ('markov', 'call', .295154), ('markov', 'refund', .273172),
	('model', '(first touch)', .016984), ('model', 'ad', .010901), ('model', 'store', .043060), ('model', 'call', .022051), ('model', 'refund', .012944), ('model', '(unresolved)', .894060);
CREATE TABLE public.answers AS
SELECT s AS sample, m.method, c.touchpoint, c.chaos_share, c.conf_low, c.conf_high
FROM generate_series(1, :samples) s, (VALUES ('markov'), ('model')) m(method),
	LATERAL journey.chaos_share(format('SELECT * FROM public.store(%s, %s)', s, CASE m.method WHEN 'markov' THEN 400 ELSE 1500 END), 'loyal', m.method, seed => s) c;
-- A model must learn what the truth knows: it leaves a little more unresolved.
CREATE TABLE public.large AS
SELECT m.method, c.touchpoint, c.chaos_share, t.share
FROM (VALUES ('markov'), ('model')) m(method), LATERAL journey.chaos_share('SELECT * FROM public.store(5000, 1000)', 'loyal', m.method, replicates => 0) c
	JOIN public.truth t USING (touchpoint) WHERE t.method = m.method;
-- Nothing matters: the outcome is a coin.
CREATE TABLE public.null_p AS
SELECT s AS sample, c.touchpoint, c.p_value, c.q_value, f.p_value AS first_p
FROM generate_series(1, :samples * 3) s, LATERAL (SELECT format('SELECT customer_id, ts, touchpoint, public.u(customer_id, 77) < 0.4 AS y FROM public.store(%s, 150)', s + 10000) AS source) x,
	LATERAL journey.chaos_share(source, 'y', replicates => 0) c, LATERAL journey.first_touch_effect(source, 'y', 199) f;
-- A mood that lasts (reference, 9); mood after event i is a discounted sum of shocks.
CREATE TABLE public.mood AS
SELECT customer_id, timestamptz '2024-01-01' + i * interval '1 hour' AS ts,
	CASE WHEN i = 0 THEN f ELSE least(greatest(round((1.5 + 0.8 * mood + 1.2 * public.z(customer_id * 16 + i, 6))::numeric), 0), 3)::integer END::text AS touchpoint,
	public.u(customer_id, 9) < 1 / (1 + exp(-1.5 * last_value(mood) OVER (PARTITION BY customer_id ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))) AS y
FROM (SELECT c AS customer_id, i, f, sum(shock * 0.95 ^ (-i)) OVER (PARTITION BY c ORDER BY i) * 0.95 ^ i AS mood
	FROM generate_series(1::bigint, 4000) c, LATERAL (SELECT floor(4 * public.u(c, 1))::integer AS f, 3 + floor(6 * public.u(c, 2))::integer AS n OFFSET 0) h,
		generate_series(0, n) i, LATERAL (SELECT CASE WHEN i = 0 THEN 1.2 * (f - 1.5) / 1.5 + 0.5 * public.z(c, 3) ELSE 0.3 * public.z(c * 16 + i, 4) END AS shock OFFSET 0) k) m;
SQL
	chaos_holds() { [ "$(psql -XAtc "SELECT $1")" = t ]; point $? "$2"; }
	psql -XAtc "SELECT format('# %s: %s reads %s, truth %s, covered %s', method, touchpoint, round(avg(chaos_share)::numeric, 4), round(min(share)::numeric, 4), round(avg((share BETWEEN conf_low AND conf_high)::int), 3)) FROM public.answers JOIN public.truth USING (method, touchpoint) GROUP BY method, touchpoint ORDER BY 1"
	psql -XAtc "SELECT format('# nothing matters: p below .05 in %s, first touch in %s, some q below .05 in %s', round(avg((p_value < 0.05)::int) FILTER (WHERE touchpoint <> '(first touch)'), 3), round(avg((first_p <= 0.05)::int), 3), (SELECT round(avg(found::int), 3) FROM (SELECT bool_or(q_value < 0.05) AS found FROM public.null_p WHERE touchpoint <> '(first touch)' GROUP BY sample) s)) FROM public.null_p"
	chaos_holds "count(*) = 11 AND max(abs(chaos_share - share)) < 0.06 FROM public.large" "chaos shares of 1,000 customers lie within .06 of the truth"
	chaos_holds "count(*) = 10 AND bool_and(covered >= 0.8) AND avg(covered) BETWEEN 0.88 AND 0.99 FROM (SELECT avg((share BETWEEN conf_low AND conf_high)::int) AS covered FROM public.answers JOIN public.truth USING (method, touchpoint) WHERE touchpoint <> '(unresolved)' GROUP BY method, touchpoint) c" "chaos shares: intervals cover as the reference says"
	chaos_holds "avg(chaos_share) - min(share) BETWEEN 0 AND 0.03 FROM public.answers JOIN public.truth USING (method, touchpoint) WHERE touchpoint = '(unresolved)'" "a model of 1,500 customers leaves little more unresolved than must be"
	chaos_holds "avg((p_value < 0.05)::int) BETWEEN 0.02 AND 0.08 FROM public.null_p WHERE touchpoint <> '(first touch)'" "chaos shares: the test of a touchpoint keeps its size"
	chaos_holds "avg(found::int) <= 0.1 FROM (SELECT bool_or(q_value < 0.05) AS found FROM public.null_p WHERE touchpoint <> '(first touch)' GROUP BY sample) s" "chaos shares: q-values find nothing where nothing is"
	chaos_holds "avg((first_p <= 0.05)::int) BETWEEN 0.01 AND 0.1 FROM public.null_p WHERE touchpoint = 'ad'" "the effect of the first touch keeps the size of its test"
	psql -XAtc "SELECT format('# mood: omega squared %s, map %s, gap %s; by model %s', round(f.omega_squared::numeric, 3), round(f.markov_share::numeric, 3), round(f.memory_gap::numeric, 3), (SELECT round(chaos_share::numeric, 3) FROM journey.chaos_share('public.mood', 'y', 'model', replicates => 0) WHERE touchpoint = '(first touch)')) FROM journey.first_touch_effect('public.mood', 'y') f"
	chaos_holds "memory_gap > 0.08 AND status = 'memory_gap' FROM journey.first_touch_effect('public.mood', 'y')" "a mood that lasts shows as memory gap"
	chaos_holds "chaos_share BETWEEN 0.1 AND 0.2 FROM journey.chaos_share('public.mood', 'y', 'model', replicates => 0) WHERE touchpoint = '(first touch)'" "and as first touch by model"
	psql -Xqc 'SET client_min_messages = warning' -c 'DROP TABLE public.truth, public.answers, public.large, public.null_p, public.mood' -c 'DROP FUNCTION public.store, public.next, public.u, public.z' -c 'DROP TABLE public.chain'
fi
