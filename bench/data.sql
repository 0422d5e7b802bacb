-- The data of the bench, made in the database by seed: events in time order,
-- and a wide table of features.  Sizes come in as :events, :customers, :rows.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE SCHEMA bench;

-- The i-th event happens in the i-th time slot, so times are distinct and the
-- table lies in time order; customer and touchpoint are drawn by hash.
CREATE UNLOGGED TABLE bench.events AS
SELECT (journey.hash64(i, 1) & 9223372036854775807) % :customers AS customer_id,
	timestamptz '2024-01-01 00:00:00+00' + i * interval '3 seconds' AS ts,
	(ARRAY['order placed', 'payment', 'shipped', 'delivered', 'help page', 'chat', 'email', 'phone call',
		'agent reply', 'return requested', 'refund', 'review'])[1 + (journey.hash64(i, 2) & 9223372036854775807) % 12] AS touchpoint
FROM generate_series(1::bigint, :events) i;

-- Uniform features on (-1, 1), a linear and a logistic target.
CREATE FUNCTION bench.u(i bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN journey.hash64(i, seed) / 9223372036854775808.0::float8;
CREATE UNLOGGED TABLE bench.wide AS
SELECT i AS id, journey.fold(i, 10) AS part,
	x1 + 0.5 * x2 - 0.25 * x3 + 0.1 * x4 + noise AS y,
	bench.u(i, 99) < tanh((-0.5 + x1 - 0.5 * x5 + 0.25 * x6) / 2) AS target,
	x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20
FROM generate_series(1::bigint, :rows) i,
LATERAL (SELECT bench.u(i, 1) AS x1, bench.u(i, 2) AS x2, bench.u(i, 3) AS x3, bench.u(i, 4) AS x4, bench.u(i, 5) AS x5,
	bench.u(i, 6) AS x6, bench.u(i, 7) AS x7, bench.u(i, 8) AS x8, bench.u(i, 9) AS x9, bench.u(i, 10) AS x10,
	bench.u(i, 11) AS x11, bench.u(i, 12) AS x12, bench.u(i, 13) AS x13, bench.u(i, 14) AS x14, bench.u(i, 15) AS x15,
	bench.u(i, 16) AS x16, bench.u(i, 17) AS x17, bench.u(i, 18) AS x18, bench.u(i, 19) AS x19, bench.u(i, 20) AS x20,
	bench.u(i, 21) + bench.u(i, 22) + bench.u(i, 23) AS noise OFFSET 0) f;
VACUUM (ANALYZE, FREEZE) bench.events;
VACUUM (ANALYZE, FREEZE) bench.wide;
