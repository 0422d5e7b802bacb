-- Frozen folds through SQL: vectors, refusals, independence of the key's form.
BEGIN;
SELECT plan(18);

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

SELECT * FROM finish();
ROLLBACK;
