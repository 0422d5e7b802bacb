-- A history of continuous validations written by hand, so that clients and
-- dashboards meet every state a run can be in: seven weeks of "newsletter"
-- (INCONCLUSIVE, KEEP, SWITCH, DEGRADED), one that failed, one that runs, one
-- that was abandoned, and "refund" whose data is BLOCKED.
INSERT INTO journey.validation (name, version, source, outcome, strategy, key, features, options, owner, search_path, source_schema, fingerprint)
SELECT name, 1, 'SELECT customer_id, segment, strategy, outcome, decided_at, matured_at FROM shop.decisions', 'outcome', 'strategy', 'customer_id',
	'{segment}', '{"decided_at": "decided_at", "matured_at": "matured_at", "baseline": "none"}',
	current_user::regrole, '"$user", public', '[]', md5(name)
FROM (VALUES ('newsletter'), ('refund')) v(name);

INSERT INTO journey.validation_run (run, name, version, status, step, steps, step_name, estimated_end, as_of, started_at, finished_at,
	n_rows, n_keys, n_new, dropped, window_from, window_to, seed, extension_version, server_version, data_fingerprint, error, error_code)
SELECT 1000 + i, name, 1, status, CASE status WHEN 'done' THEN 8 ELSE 3 END, 8, CASE status WHEN 'running' THEN 'scores' END,
	CASE status WHEN 'running' THEN now() + interval '1 minute' END,
	as_of, as_of + interval '1 hour', CASE WHEN status IN ('done', 'failed') THEN as_of + interval '62 minutes' END,
	1000 + 200 * i, 1000 + 200 * i, 200, '{"immature": 536, "outcome_null": 0}', as_of - interval '180 days', as_of, 7,
	'1.0', '15', md5(i::text), CASE status WHEN 'failed' THEN 'column "segment" does not exist' END, CASE status WHEN 'failed' THEN '42703' END
FROM (VALUES
	(1, 'newsletter', 'done'), (2, 'newsletter', 'done'), (3, 'newsletter', 'done'), (4, 'newsletter', 'done'), (5, 'newsletter', 'done'),
	(6, 'newsletter', 'done'), (7, 'newsletter', 'done'), (8, 'newsletter', 'failed'), (9, 'newsletter', 'abandoned'), (10, 'newsletter', 'running'),
	(11, 'refund', 'done')) v(i, name, status),
	LATERAL (SELECT date_trunc('day', now()) - interval '77 days' + i * interval '7 days' AS as_of) d;

INSERT INTO journey.validation_result (run, metric, strategy, value, std_error, conf_low, conf_high, method, n, baseline, p_value, q_value, e_value, status, verdict)
SELECT r.run, m.metric, m.strategy, v, se, v - 2 * se, v + 2 * se, m.method, r.n_keys, m.baseline,
	CASE WHEN m.baseline IS NOT NULL THEN 0.04 END, CASE WHEN m.baseline IS NOT NULL THEN 0.05 END,
	CASE WHEN m.metric = 'sequence_difference' THEN 3.5 * (r.run - 1000) END, 'ok',
	CASE WHEN m.metric = 'difference' THEN 'callback is better than none' END
FROM journey.validation_run r,
	(VALUES ('value', 'none', 'aipw', NULL, 0.50), ('value', 'callback', 'aipw', NULL, 0.60), ('difference', 'callback', 'aipw', 'none', 0.10),
		('sequence_value', 'none', 'confidence_sequence', NULL, 0.50), ('sequence_difference', 'callback', 'confidence_sequence', 'none', 0.09),
		('reference_value', 'none', 'aipw', NULL, 0.51)) m(metric, strategy, method, baseline, base),
	LATERAL (SELECT m.base + 0.01 * sin(r.run) AS v, 0.5 / sqrt(r.n_keys) AS se) f
WHERE r.status = 'done' AND r.run BETWEEN 1001 AND 1007;

INSERT INTO journey.validation_check (run, check_name, status, statistic, threshold, detail, subject, p_value)
SELECT r.run, c.check_name, CASE WHEN r.name = 'refund' AND c.check_name = 'freshness' THEN 'failed' ELSE c.status END, c.statistic, c.threshold, c.detail, c.subject, c.p_value
FROM journey.validation_run r,
	(VALUES ('sample_ratio', 'ok', 1.2, 0.0005::float8, 'shares as planned', '', 0.27::float8), ('overlap', 'ok', 0.02, 0.05, NULL, 'callback', NULL),
		('freshness', 'ok', 86400, 604800, 'last outcome 1 day old', '', NULL), ('volume', 'ok', 1, 0.5, NULL, '', NULL),
		('drift', 'drift', 0.21, 0.2, NULL, 'segment', 0.001)) c(check_name, status, statistic, threshold, detail, subject, p_value)
WHERE r.status = 'done' AND r.run > 1000;

INSERT INTO journey.validation_decision (name, run, state, previous_state, reason, decided_at, raw_state, champion, challenger, acknowledged_by, acknowledged_at)
SELECT r.name, r.run, s.state, s.previous, s.reason, r.finished_at, s.state, 'none', 'callback',
	CASE WHEN s.state = 'SWITCH' THEN 'anna' END, CASE WHEN s.state = 'SWITCH' THEN r.finished_at + interval '1 hour' END
FROM (VALUES (1001, 'INCONCLUSIVE', NULL, 'the interval holds zero'), (1002, 'INCONCLUSIVE', 'INCONCLUSIVE', 'the interval holds zero'),
	(1003, 'KEEP', 'INCONCLUSIVE', 'the champion is not worse'), (1004, 'KEEP', 'KEEP', 'the champion is not worse'),
	(1005, 'SWITCH', 'KEEP', 'callback is better by more than the cost of switching'), (1006, 'SWITCH', 'SWITCH', 'callback is better by more than the cost of switching'),
	(1007, 'DEGRADED', 'SWITCH', 'the champion fell below its reference'),
	(1011, 'BLOCKED', NULL, 'the last outcome is 12 days old')) s(run, state, previous, reason)
JOIN journey.validation_run r ON r.run = s.run;

INSERT INTO journey.validation_chart (run, chart, place, series, label, target, x, y, low, high, n)
VALUES (1007, 'funnel', 1, NULL, 'order', NULL, 1, 1, NULL, NULL, 2785), (1007, 'funnel', 2, NULL, 'delivery', NULL, 2, 0.76, NULL, NULL, 2105),
	(1007, 'chaos', 1, 'ok', 'call', NULL, NULL, 0.07, 0.06, 0.08, 1134), (1007, 'sankey', 1, NULL, '1. order', '2. delivery', 1, 1500, NULL, NULL, NULL);
