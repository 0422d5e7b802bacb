-- Simulation, and the sequences that a nightly run adds to.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, bar_seconds, settings, one_process) VALUES
(210, 'simulate_events, a million events', 'simulate_events',
 format($$SELECT count(*) FROM journey.simulate_events(%s)$$, (:events * 0.0158)::integer),
 $$SELECT 1$$, NULL, 5, NULL, true),
(211, 'confidence_sequence / avg and stddev_samp', 'confidence_sequence',
 $$SELECT (journey.confidence_sequence(x1, 100000)).conf_low FROM bench.wide$$,
 $$SELECT avg(x1), stddev_samp(x1) FROM bench.wide$$, NULL, NULL, NULL, false),
(212, 'betting_sequence / confidence_sequence', 'betting_sequence',
 $$SELECT (journey.betting_sequence(x, 0, 1)).conf_low FROM (SELECT 1 / (1 + exp(-x1)) AS x FROM bench.wide OFFSET 0) w$$,
 $$SELECT (journey.confidence_sequence(x, 100000)).conf_low FROM (SELECT 1 / (1 + exp(-x1)) AS x FROM bench.wide OFFSET 0) w$$, NULL, NULL, NULL, true);
