-- What one customer's journey looks like, step by step.
SET timezone = 'Europe/Berlin';
SET datestyle = 'ISO, YMD';
SET extra_float_digits = -3;
CREATE TABLE support_events (customer_id bigint, ts timestamptz, touchpoint text, value numeric);
INSERT INTO support_events VALUES
	(7, '2024-03-30 10:00', 'order', 59.90),
	(7, '2024-04-02 16:20', 'delivery', NULL),
	(7, '2024-04-02 18:05', 'chat', NULL),
	(7, '2024-04-02 18:09', 'chat', NULL),
	(7, '2024-04-03 09:00', 'phone', NULL),
	(7, '2024-04-03 09:30', 'chat', NULL),
	(7, '2024-04-05 12:00', 'refund', -59.90),
	(8, '2024-03-30 23:30', 'order', 12.50),
	(8, '2024-03-31 00:30', 'order', 20.00),
	(9, '2024-04-01 08:00', 'visit', NULL);

-- The path, whatever the order of the rows.
SELECT customer_id, journey.path_agg(touchpoint, ts ORDER BY random()) AS path
FROM support_events GROUP BY customer_id ORDER BY customer_id;

-- Everything about one journey in one aggregate.
\x on
SELECT customer_id, (journey.features_agg(touchpoint, ts, value)).*
FROM support_events WHERE customer_id IN (7, 9) GROUP BY customer_id ORDER BY customer_id;
\x off

-- All customers of a source, as of a moment: what came later does not exist.
SELECT customer_id, n_events, last_touchpoint, active_days, seconds_since_last, value_sum
FROM journey.customer_features('support_events', as_of => '2024-04-03 00:00')
ORDER BY customer_id;

-- A fixed alphabet makes shape figures comparable between customers.
SELECT customer_id, round(entropy::numeric, 4) AS entropy, round(complexity::numeric, 4) AS complexity, round(volatility::numeric, 4) AS volatility
FROM journey.customer_features('SELECT customer_id, ts, touchpoint FROM support_events', alphabet_size => 6)
ORDER BY customer_id;

-- Keys of other types.
SELECT customer_id, n_events, touchpoints, counts
FROM journey.customer_features('SELECT ''c-'' || customer_id AS customer_id, ts, touchpoint FROM support_events', customer_type => NULL::text)
ORDER BY customer_id;

-- The same figures for any path or list of gaps.
SELECT journey.entropy('{a,b,a,c}') AS nats, journey.entropy('{a,b,a,c}', 4) AS share, journey.complexity('{a,b,a,c}', 4) AS complexity;
SELECT journey.turbulence('{a,a,b,b,c,c}') AS turbulence, journey.log2_subsequences('{a,b,c}') AS log2_subsequences,
	journey.volatility('{a,b,a}', 4) AS volatility, journey.lempel_ziv('{a,b,a,b,a,b}') AS lempel_ziv;
SELECT journey.edit_distance('{order,chat,refund}', '{order,delivery,refund,chat}') AS edits;
SELECT journey.burstiness('{5,5,5,5}') AS regular, journey.memory_coefficient('{10,20,30,40}') AS memory, journey.local_variation('{5,5,5,5}') AS variation,
	journey.burstiness('{5}') AS one_gap;

-- Nothing is dropped in silence.
SELECT journey.path_agg(NULL, now());
SELECT journey.features_agg('', now());
SELECT journey.features_agg('chat', 'infinity');
SELECT journey.features_agg('chat', now(), 'Infinity');
SELECT journey.entropy('{a,NULL}');
SELECT journey.entropy('{a,b,c}', 2);
SELECT journey.lempel_ziv('{{a,b},{c,d}}');
SELECT journey.burstiness('{1,-2}');
SELECT * FROM journey.customer_features('support_events', alphabet_size => 3);
SELECT * FROM journey.customer_features('SELECT ''x''::text AS customer_id, now() AS ts, ''a''::text AS touchpoint');
DROP TABLE support_events;
