-- Chaos shares.  By the map: all bootstrap replicates against the counts alone.
-- By model: against the out-of-fold predictions of the same prefixes, which lie
-- ready as a table (making them is left to the other side).
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
(170, 'chaos_share by the map, 200 replicates / transitions', 'chaos_share',
 $$SELECT count(conf_low) FROM journey.chaos_share('bench.moments_of_truth', 'outcome')$$,
 $$SELECT count(*) FROM journey.transitions('SELECT customer_id, ts, touchpoint FROM bench.moments_of_truth')$$, 3.0, NULL),
(171, 'chaos_share by model, 10 folds, 200 replicates / out_of_fold on its prefixes', 'first_touch_effect',
 $$SELECT count(conf_low) FROM journey.chaos_share('bench.moments_of_truth', 'outcome', 'model')$$,
 $$SELECT count(predicted) FROM journey.out_of_fold('bench.prefixes', 'outcome', 'customer_id', '{opening,last,c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,place}', family => 'binomial', penalty => 'ridge', lambda => 0.00001, k => 10, repeats => 1)$$, 2.0, NULL),
(172, 'first_touch_effect, 999 permutations / transitions', 'first_touch_effect',
 $$SELECT count(p_value) FROM journey.first_touch_effect('bench.moments_of_truth', 'outcome')$$,
 $$SELECT count(*) FROM journey.transitions('SELECT customer_id, ts, touchpoint FROM bench.moments_of_truth')$$, 3.0, NULL);

SELECT bench.wants(170) OR bench.wants(171) OR bench.wants(172) AS wants \gset
\if :wants
-- A tenth of the events, ten a customer: 1 million of 100,000 at full size.
CREATE UNLOGGED TABLE bench.moments_of_truth AS
SELECT customer_id, ts, touchpoint, journey.fold(customer_id, 10, 5) <= 4 + 3 * (first_value(touchpoint) OVER w > 'm')::int AS outcome
FROM (SELECT (journey.hash64(i, 3) & 9223372036854775807) % (:events / 100) AS customer_id, ts, touchpoint
	FROM (SELECT row_number() OVER () AS i, ts, touchpoint FROM bench.events LIMIT :events / 10) e) c
WINDOW w AS (PARTITION BY customer_id ORDER BY ts);
VACUUM (ANALYZE, FREEZE) bench.moments_of_truth;
\endif
SELECT bench.wants(171) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.prefixes AS
SELECT customer_id, outcome, CASE WHEN t = 1 THEN touchpoint ELSE '' END AS opening, CASE WHEN t > 1 THEN touchpoint ELSE '' END AS last,
	CASE WHEN t > 1 THEN sqrt(c1) ELSE 0 END AS c1, CASE WHEN t > 1 THEN sqrt(c2) ELSE 0 END AS c2, CASE WHEN t > 1 THEN sqrt(c3) ELSE 0 END AS c3,
	CASE WHEN t > 1 THEN sqrt(c4) ELSE 0 END AS c4, CASE WHEN t > 1 THEN sqrt(c5) ELSE 0 END AS c5, CASE WHEN t > 1 THEN sqrt(c6) ELSE 0 END AS c6,
	CASE WHEN t > 1 THEN sqrt(c7) ELSE 0 END AS c7, CASE WHEN t > 1 THEN sqrt(c8) ELSE 0 END AS c8, CASE WHEN t > 1 THEN sqrt(c9) ELSE 0 END AS c9,
	CASE WHEN t > 1 THEN sqrt(c10) ELSE 0 END AS c10, CASE WHEN t > 1 THEN sqrt(c11) ELSE 0 END AS c11, CASE WHEN t > 1 THEN sqrt(c12) ELSE 0 END AS c12,
	sqrt(t - 1) AS place
FROM (SELECT *, row_number() OVER w AS t,
		count(*) FILTER (WHERE touchpoint = 'order placed') OVER w AS c1, count(*) FILTER (WHERE touchpoint = 'payment') OVER w AS c2,
		count(*) FILTER (WHERE touchpoint = 'shipped') OVER w AS c3, count(*) FILTER (WHERE touchpoint = 'delivered') OVER w AS c4,
		count(*) FILTER (WHERE touchpoint = 'help page') OVER w AS c5, count(*) FILTER (WHERE touchpoint = 'chat') OVER w AS c6,
		count(*) FILTER (WHERE touchpoint = 'email') OVER w AS c7, count(*) FILTER (WHERE touchpoint = 'phone call') OVER w AS c8,
		count(*) FILTER (WHERE touchpoint = 'agent reply') OVER w AS c9, count(*) FILTER (WHERE touchpoint = 'return requested') OVER w AS c10,
		count(*) FILTER (WHERE touchpoint = 'refund') OVER w AS c11, count(*) FILTER (WHERE touchpoint = 'review') OVER w AS c12
	FROM bench.moments_of_truth
	WINDOW w AS (PARTITION BY customer_id ORDER BY ts ROWS UNBOUNDED PRECEDING)) p;
VACUUM (ANALYZE, FREEZE) bench.prefixes;
\endif
