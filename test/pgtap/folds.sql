-- Frozen folds through SQL: vectors, refusals, independence of the key's form.
BEGIN;
SELECT plan(21);

SELECT is((SELECT array_agg(journey.fold(i, 10) ORDER BY i) FROM generate_series(0, 9) i),
	ARRAY[3,7,10,6,2,6,7,1,10,7], 'k = 10, keys 0..9');
SELECT is((SELECT array_agg(journey.fold(i, 5) ORDER BY i) FROM generate_series(0, 9) i),
	ARRAY[2,4,5,3,1,3,4,1,5,4], 'k = 5, keys 0..9');
SELECT is(journey.fold(42::int, 10), journey.fold(42::bigint, 10), 'int4 = int8');
SELECT is(journey.fold(42::smallint, 10), journey.fold(42::bigint, 10), 'int2 = int8');
SELECT is(journey.fold('caf' || chr(233), 10), 7, 'text key in UTF-8');
SELECT is(journey.fold('00010203-0405-0607-0809-0a0b0c0d0e0f'::uuid, 10), 3, 'uuid key');
SELECT is(journey.fold('abc'::bytea, 10), 3, 'bytea key');
SELECT is((SELECT array_agg(journey.fold(k, 10, repeat => 2) ORDER BY o)
	FROM unnest(ARRAY[0,1,42,-1]::bigint[]) WITH ORDINALITY u(k, o)), ARRAY[1,1,10,4], 'repeat 2');
SELECT is(to_hex(journey.hash64(1::bigint, 42)), '9ed50fd59358d232', 'hash64 under a seed');
SELECT is((SELECT array_agg(journey.split(i, '{0.6,0.2,0.2}') ORDER BY i) FROM generate_series(0, 9) i),
	ARRAY[3,1,2,1,3,1,1,1,1,1], 'split');
SELECT is((SELECT array_agg(journey.bootstrap_weight(k, 2) ORDER BY o)
	FROM unnest(ARRAY[0,1,42,-1,2,3,4,5]::bigint[]) WITH ORDINALITY u(k, o)),
	ARRAY[1,0,2,0,1,2,1,1], 'bootstrap weights');
SELECT throws_ok($$SELECT journey.fold(NULL::bigint, 10)$$, '22004', NULL, 'NULL key is refused');
SELECT throws_ok($$SELECT journey.fold(1, 0)$$, '22023', NULL, 'k = 0 is refused');
SELECT throws_ok($$SELECT journey.fold(1, NULL)$$, '22004', NULL, 'NULL k is refused');
SELECT throws_ok($$SELECT journey.split(1, '{0.5,0.6}')$$, '22023', NULL, 'fractions above 1 are refused');
SELECT throws_ok($$SELECT journey.split(1, '{1.5,-0.5}')$$, '22023', NULL, 'a negative fraction is refused');
SELECT throws_ok($$SELECT journey.split(1, '{{0.5},{0.5}}')$$, '2202E', NULL, 'two dimensions are refused');
SELECT throws_ok($$SELECT journey.split(1, '{0.5,NaN}')$$, '22003', NULL, 'NaN is refused');

-- fractions that change from row to row: the same answer, and no memory kept
SELECT is((SELECT array_agg(journey.split(i, CASE i % 2 WHEN 0 THEN '{0.6,0.2,0.2}'::float8[] ELSE '{0.5,0.5}' END) ORDER BY i) FROM generate_series(0, 9) i),
	(SELECT array_agg(CASE i % 2 WHEN 0 THEN journey.split(i, '{0.6,0.2,0.2}') ELSE journey.split(i, '{0.5,0.5}') END ORDER BY i) FROM generate_series(0, 9) i), 'fractions of each row');
SELECT throws_ok($$SELECT journey.split(i, CASE i WHEN 3 THEN '{0.5,0.6}'::float8[] ELSE '{0.5,0.5}' END) FROM generate_series(1, 5) i$$, '22023', 'fractions add up to 1.1, they must add up to 1', 'fractions of a later row are checked too');
CREATE FUNCTION pg_temp.used() RETURNS numeric VOLATILE LANGUAGE sql AS 'SELECT sum(used_bytes) FROM pg_backend_memory_contexts';
SELECT cmp_ok((SELECT max(used) - min(used) FROM (SELECT CASE WHEN journey.split(i, ARRAY[i / 50001.0, 1 - i / 50001.0]::float8[]) > 0 AND i IN (1000, 50000) THEN pg_temp.used() END AS used
	FROM generate_series(1::bigint, 50000) i OFFSET 0) s), '<', 1000000::numeric, 'no memory is kept of earlier rows');

SELECT * FROM finish();
ROLLBACK;
