-- Validations of examples/shop.sql that have really run, a week apart.
SELECT journey.define_validation('callback',
	'SELECT customer_id, segment, strategy, outcome, decided_at, matured_at FROM shop.decisions',
	'outcome', 'strategy', 'customer_id', '{segment}',
	'{"decided_at": "decided_at", "matured_at": "matured_at", "baseline": "none", "repeats": 2, "events": "SELECT customer_id, ts, touchpoint FROM shop.events"}');
SELECT format('CALL journey.validate(%L, as_of => %L)', 'callback', date_trunc('day', now()) - i * interval '7 days')
FROM generate_series(3, 0, -1) i ORDER BY i DESC \gexec
