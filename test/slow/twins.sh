# twins.sh: sourced by run.sh.  What twin divergence does where the truth is
# known: size of the test where the first event means nothing, the chain of the
# reference (3.6) from its states 1 and 3, whose exact divergence is .34 .0541
# .00815 .00119, and a mood that grows, stays or fades by a known factor.
samples=$(scaled 200)
[ "$samples" -ge 50 ] || samples=50
[ "$samples" -le 200 ] || samples=200
if have twin_divergence; then
	psql -Xq -v ON_ERROR_STOP=1 -v samples="$samples" <<'SQL'
CREATE FUNCTION public.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 0.5 + journey.hash64(i, seed) / 18446744073709551616.0::float8;
CREATE FUNCTION public.z(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(public.u(i, seed) + 1e-18)) * cos(2 * pi() * public.u(i, seed + 1000));
-- n journeys of the chain, 8 steps after state 1 or 3.
CREATE FUNCTION public.chain(s bigint, n integer) RETURNS TABLE (customer_id bigint, ts timestamptz, touchpoint text) LANGUAGE sql STABLE AS $$
	WITH RECURSIVE w AS (
		SELECT c::bigint AS c, 0 AS step, CASE c % 2 WHEN 0 THEN 1 ELSE 3 END AS state FROM generate_series(1, n) c
		UNION ALL
		SELECT c, step + 1, CASE state WHEN 1 THEN CASE WHEN d < .5 THEN 1 WHEN d < .8 THEN 2 WHEN d < .9 THEN 3 ELSE 4 END
			WHEN 2 THEN CASE WHEN d < .2 THEN 1 WHEN d < .6 THEN 2 WHEN d < .9 THEN 3 ELSE 4 END
			WHEN 3 THEN CASE WHEN d < .1 THEN 1 WHEN d < .3 THEN 2 WHEN d < .8 THEN 3 ELSE 4 END
			ELSE CASE WHEN d < .25 THEN 1 WHEN d < .5 THEN 2 WHEN d < .75 THEN 3 ELSE 4 END END
		FROM w, LATERAL (SELECT public.u(c * 16 + step, s) AS d OFFSET 0) x WHERE step < 8)
	SELECT c, timestamptz '2024-01-01' + step * interval '1 hour', 's' || state FROM w $$;
-- 2 to 9 events whose kind does not depend on the one before; two first events.
CREATE FUNCTION public.unmoved(s bigint, n integer) RETURNS TABLE (customer_id bigint, ts timestamptz, touchpoint text, value float8) LANGUAGE sql STABLE AS $$
	SELECT c, timestamptz '2024-01-01' + step * interval '1 hour', CASE step WHEN 0 THEN 'first' || c % 2 ELSE 'e' || floor(5 * power(u(c * 16 + step, s), 2)) END,
		z(c * 16 + step, s + 5000000)
	FROM generate_series(1::bigint, n) c, generate_series(0, 1 + floor(8 * u(c, s + 7000000))::integer) step $$;
-- A mood of +1 or -1 after the first event, times growth at each step, plus noise.
CREATE FUNCTION public.mood(s bigint, n integer, growth float8) RETURNS TABLE (customer_id bigint, ts timestamptz, touchpoint text, mood float8) LANGUAGE sql STABLE AS $$
	WITH RECURSIVE w AS (
		SELECT c::bigint AS c, 0 AS step, (c % 2 * 2 - 1)::float8 AS m FROM generate_series(1, n) c
		UNION ALL
		SELECT c, step + 1, growth * m + 0.5 * public.z(c * 16 + step, s) FROM w WHERE step < 5)
	SELECT c, timestamptz '2024-01-01' + step * interval '1 hour', CASE step WHEN 0 THEN CASE WHEN m > 0 THEN 'good' ELSE 'bad' END ELSE 'visit' END, m FROM w $$;
CREATE TABLE public.size AS
SELECT s, target, p_value, rate FROM generate_series(1, :samples) s, (VALUES ('touchpoint'), ('value')) t(target),
	LATERAL (SELECT * FROM journey.twin_divergence_rate(format('SELECT * FROM public.unmoved(%s, 200)', s), horizon => 6, target => target, permutations => 199, replicates => 0) OFFSET 0) r;
CREATE TABLE public.chain_steps AS SELECT s, d.* FROM generate_series(1, 5) s, LATERAL (SELECT * FROM journey.twin_divergence(format('SELECT * FROM public.chain(%s, 20000)', s), permutations => 199) OFFSET 0) d;
CREATE TABLE public.chain_rates AS SELECT s, d.* FROM generate_series(1, 5) s, LATERAL (SELECT * FROM journey.twin_divergence_rate(format('SELECT * FROM public.chain(%s, 20000)', s), permutations => 0) OFFSET 0) d;
CREATE TABLE public.mood_rates AS
SELECT s, growth, n, d.* FROM generate_series(1, (:samples + 3) / 4) s, (VALUES (1.4, 500), (1.0, 500), (0.7, 2000)) g(growth, n),
	LATERAL (SELECT * FROM journey.twin_divergence_rate(format('SELECT * FROM public.mood(%s, %s, %s)', s, n, growth), horizon => 4, target => 'mood', permutations => 0) OFFSET 0) d;
SQL
	psql -XAtc "SELECT format('# twins, no effect, %s: rejected at 5 %% in %s, a rate in %s of %s', target, avg((p_value <= 0.05)::int)::numeric(4,3), count(rate), count(*)) FROM public.size GROUP BY target"
	psql -XAtc "SELECT format('# twins of the chain: rates %s', string_agg(round(rate::numeric, 3)::text, ' ' ORDER BY s)) FROM public.chain_rates"
	psql -XAtc "SELECT format('# twins, mood times %s: rate %s (sd %s), covered %s', growth, avg(rate)::numeric(6,4), stddev(rate)::numeric(6,4), avg((ln(growth) BETWEEN conf_low AND conf_high)::int)::numeric(4,3)) FROM public.mood_rates GROUP BY growth ORDER BY growth"
	# 2 to 8 % of 200, wider by chance for fewer
	slack="0.03 * sqrt(200.0 / $samples)"
	holds() { [ "$(psql -XAtc "SELECT $1")" = t ]; point $? "$2"; }
	holds "bool_and(abs(share - 0.05) <= $slack) AND count(*) = 2 FROM (SELECT avg((p_value <= 0.05)::int) AS share FROM public.size GROUP BY target) x" "twins: size of the test where nothing matters"
	holds "bool_and(rate BETWEEN -1.25 AND -0.75 AND conf_low < -0.75) AND count(*) = 5 FROM public.chain_rates" "twins: the chain heals at its rate"
	holds "bool_and(abs(divergence - exact) < 4.5 * std_error) AND count(*) = 20 FROM public.chain_steps JOIN (VALUES (1, .34), (2, .0541), (3, .00814925), (4, .00119365)) e(step, exact) USING (step)" "twins: divergence of the chain is the exact one"
	holds "bool_and(p_value <= CASE step WHEN 4 THEN 0.05 ELSE 0.005 END) AND count(*) = 20 FROM public.chain_steps WHERE step <= 4" "twins: four steps of the chain are told apart"
	holds "bool_and(abs(mean - ln(growth)) < 4 * off + 0.01) AND count(*) = 3 FROM (SELECT growth, avg(rate) AS mean, stddev(rate) / sqrt(count(*)) AS off FROM public.mood_rates GROUP BY growth) x" "twins: rates of moods"
	holds "bool_and(covered >= 0.95 - 0.08 * sqrt(200.0 / $samples)) FROM (SELECT avg((ln(growth) BETWEEN conf_low AND conf_high)::int) AS covered FROM public.mood_rates GROUP BY growth) x" "twins: intervals of rates of moods cover"
	holds "bool_and(direction = CASE growth WHEN 1.4 THEN 'grows' WHEN 0.7 THEN 'heals' ELSE direction END) FROM public.mood_rates" "twins: directions of moods"
	if have recurring_patterns; then
		psql -Xq -v ON_ERROR_STOP=1 -v samples="$(((samples + 3) / 4))" <<'SQL'
CREATE TABLE public.recurring AS SELECT s, p.* FROM generate_series(1, :samples) s,
	LATERAL (SELECT * FROM journey.recurring_patterns(format('SELECT * FROM journey.simulate_events(400, seed => %s)', s), 2, 99) OFFSET 0) p;
CREATE TABLE public.by_chance AS SELECT * FROM journey.recurring_patterns('SELECT * FROM public.unmoved(7, 5000) WHERE touchpoint LIKE ''e%''', 3, 199);
SQL
		# the mean over samples stands for the truth; patterns of all samples only
		covered="(SELECT avg((mean BETWEEN ln(conf_low) AND ln(conf_high))::int) AS share FROM (SELECT *, avg(ln(odds_ratio)) OVER w AS mean, count(*) OVER w AS n FROM public.recurring WINDOW w AS (PARTITION BY pattern, max_gap)) x WHERE n = (SELECT max(s) FROM public.recurring)) y"
		psql -XAtc "SELECT format('# recurring patterns: intervals cover in %s; without order %s of %s found', round(share, 3), (SELECT count(*) FROM public.by_chance WHERE q_value < 0.05), (SELECT count(*) FROM public.by_chance)) FROM $covered"
		holds "share BETWEEN 0.92 AND 0.98 FROM $covered" "recurring patterns: intervals cover as they say"
		holds "count(*) FILTER (WHERE q_value < 0.05) <= 0.02 * count(*) AND count(*) > 50 FROM public.by_chance" "recurring patterns: nothing is found where order is by chance"
		psql -Xqc 'DROP TABLE public.recurring, public.by_chance'
	fi
	psql -Xqc 'SET client_min_messages = warning' -c 'DROP TABLE public.size, public.chain_steps, public.chain_rates, public.mood_rates' -c 'DROP FUNCTION public.unmoved, public.chain, public.mood, public.z, public.u'
fi
