-- Patterns with time conditions on one customer, ten times the events: the
-- third condition never holds, so every beginning stays open to the end, which
-- makes a matcher that goes back and tries again quadratic or worse.
\set chain 'SELECT journey.sequence_match(%L, ts, i %% 3 = 0, i %% 5 = 1, false) FROM bench.%I'
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings, same, one_process)
SELECT 20 + n, format('sequence_match ''%s'', 10 times the events', pattern), 'sequence_match',
	format(:'chain', pattern, 'chain'), format(:'chain', pattern, 'chain_tenth'), 12, NULL, false, true
FROM (VALUES
	(0, '(?1)(?t>=100)(?2)(?t>=100)(?1)(?t<=100000)(?3)'),
	(1, '(?1).*(?2)(?t<=1000).*(?1)(?t>=10)(?2)(?t<=5000)(?3)'),
	(2, '(?1).*(?1)(?t>1).*(?1)(?t>1).*(?2)(?t>1).*(?3)')) p(n, pattern);

SELECT bench.wants(20) OR bench.wants(21) OR bench.wants(22) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.chain AS
SELECT i, timestamptz '2024-01-01 00:00:00+00' + i * interval '1 second' AS ts FROM generate_series(1::bigint, :events / 5) i;
CREATE UNLOGGED TABLE bench.chain_tenth AS SELECT * FROM bench.chain WHERE i <= :events / 50;
VACUUM (ANALYZE, FREEZE) bench.chain;
VACUUM (ANALYZE, FREEZE) bench.chain_tenth;
\endif
