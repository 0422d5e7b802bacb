-- Relations for hostile calls (caller.sql): one good relation that has every
-- column a function asks for, so that a drawn call can succeed, and others that
-- are wrong in one way each.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
CREATE SCHEMA caller;

CREATE TABLE caller.events AS
SELECT i AS row_number, i AS id, c AS customer_id, 'c' || c AS key, timestamptz '2024-01-01' + (c * 7 + (i / 20) * 31 + i % 5) * interval '1 hour' AS ts,
	(ARRAY['order', 'call', 'refund', 'review', 'call'])[1 + (i * i + c) % 5] AS touchpoint, c % 3 = 0 AS outcome,
	round((10 + 5 * sin(i) + c % 3)::numeric, 3)::float8 AS y, round((2 + sin(i * 0.7))::numeric, 3)::float8 AS value, (c + i / 20) % 2 AS strategy,
	1 + c % 4 AS fold, sin(i * 1.3) AS x1, cos(i * i) AS x2, i % 7 AS n, abs(sin(i * 2.1)) AS predicted, (i % 3 = 0) AS observed,
	abs(sin(i * 1.1)) AS a, abs(cos(i * 1.7)) AS b, 1 + i % 20 AS duration, i % 4 > 0 AS event, 0 AS start, 0.5 + i % 3 AS weight,
	timestamptz '2024-01-01' + i * interval '1 day' AS decided_at, timestamptz '2024-01-01' + (i + 3) * interval '1 day' AS matured_at,
	sin(i) AS priority, cos(i * 3) AS score, i % 2 = 0 AS treated, c AS cluster, i % 5 AS frequency, (i % 5) * 1.5 AS recency, 20 AS age, 5.5 + i % 3 AS monetary,
	'ticket ' || i / 3 AS case_id
FROM (SELECT i, i % 20 AS c FROM generate_series(1::bigint, 120) i) s;
ALTER TABLE caller.events ADD dropped integer, ADD late integer DEFAULT 7;
ALTER TABLE caller.events DROP dropped;

-- Wrong in one way each.
CREATE TABLE caller.empty (LIKE caller.events);
CREATE TABLE caller.one AS SELECT * FROM caller.events LIMIT 1;
CREATE TABLE caller.one_customer AS SELECT * FROM caller.events WHERE customer_id = 3;
CREATE TABLE caller.same_rows AS SELECT e.* FROM (SELECT * FROM caller.events LIMIT 1) e, generate_series(1, 60);
CREATE TABLE caller.huge AS SELECT * FROM caller.events;
UPDATE caller.huge SET y = 1e308 * sign(x1), value = -1.7e308, x1 = 1e300 * x1, x2 = 4.9e-324, duration = 2147483647, n = 9223372036854775807, score = 1e308, priority = -1e308,
	ts = timestamptz '294276-12-01' - id * interval '1 year', frequency = 9223372036854775807, recency = 1e12, age = 2147483647, monetary = 1e100, predicted = 1, a = 1e308, b = -1e308, weight = 1e300;
CREATE TABLE caller.not_finite AS SELECT * FROM caller.events;
UPDATE caller.not_finite SET y = 'NaN', value = '-Infinity', x1 = 'Infinity', x2 = 'NaN', predicted = 'NaN', score = 'Infinity', priority = 'NaN', a = 'NaN', monetary = 'NaN', recency = 'Infinity', weight = 'NaN' WHERE id = 97;
CREATE TABLE caller.endless AS SELECT * FROM caller.events;
UPDATE caller.endless SET ts = CASE id % 3 WHEN 0 THEN timestamptz 'infinity' WHEN 1 THEN '-infinity' ELSE '4713-01-01 BC' END, decided_at = 'infinity', matured_at = '-infinity';
CREATE TABLE caller.negative AS SELECT * FROM caller.events;
UPDATE caller.negative SET y = -y, duration = -duration, weight = -weight, fold = -fold, n = -n, frequency = -frequency, age = -age, monetary = -monetary, predicted = -predicted, cluster = -cluster, strategy = -strategy;
CREATE TABLE caller.words AS SELECT * FROM caller.events;
UPDATE caller.words SET touchpoint = (ARRAY['', E'a\nb\tc', E'\\', '%s%n', '"', '''', U&'\05E9\0644\202E', repeat('x', 10000), E'\x01\x7f', '</svg><script>', U&'\+01F469\200D\+01F467', 'NULL'])[1 + id % 12], key = repeat(U&'\00e9', 3000) || id;
CREATE TABLE caller.shapes AS SELECT id::text AS customer_id, ts::text AS ts, ARRAY[touchpoint] AS touchpoint, to_jsonb(outcome) AS outcome, y::text AS y, ARRAY[y, NULL] AS value, int8range(strategy, NULL) AS strategy,
	ts AS x1, '(1,2)'::point AS x2, predicted::numeric ^ 40 AS predicted, 'x' || id AS observed, key::bytea AS key, fold::numeric AS fold, duration * interval '1 month' AS duration, event::int AS event,
	decided_at::date AS decided_at, matured_at::timestamp AS matured_at, score::numeric::money AS score, id::oid AS cluster, 'NaN'::numeric AS weight, md5(key)::uuid AS row_number, a::real AS a, b::numeric AS b FROM caller.events;
-- every value NULL in half of the rows
CREATE TABLE caller.nulls (LIKE caller.events);
INSERT INTO caller.nulls SELECT e.* FROM caller.events e WHERE id % 2 = 0;
INSERT INTO caller.nulls (id) SELECT NULL FROM generate_series(1, 60);
CREATE TABLE caller.other AS SELECT * FROM caller.events;
UPDATE caller.other SET y = y + 1, touchpoint = 'other' WHERE id % 3 = 0;
-- keys of each type
SELECT format('CREATE TABLE caller.keys_%1$s AS SELECT * FROM caller.events', t), format('ALTER TABLE caller.keys_%1$s ALTER customer_id TYPE %1$s USING %2$s', t, CASE t WHEN 'uuid' THEN 'md5(customer_id::text)::uuid' ELSE 'customer_id::' || t END)
FROM unnest('{integer,bigint,text,uuid}'::text[]) t \gexec
CREATE VIEW caller.view AS SELECT * FROM caller.events WHERE id > 10;
CREATE MATERIALIZED VIEW caller.stored AS SELECT * FROM caller.events;
CREATE TABLE caller.part (LIKE caller.events) PARTITION BY HASH (id);
CREATE TABLE caller.part_0 PARTITION OF caller.part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE caller.part_1 PARTITION OF caller.part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO caller.part SELECT * FROM caller.events;
CREATE TABLE caller.guarded AS SELECT * FROM caller.events;
ALTER TABLE caller.guarded ENABLE ROW LEVEL SECURITY;
CREATE TABLE caller."odd "" name;" AS SELECT * FROM caller.events;
CREATE TABLE caller.no_columns ();
INSERT INTO caller.no_columns SELECT FROM generate_series(1, 5);
SELECT format('CREATE TABLE caller.wide AS SELECT customer_id, ts, touchpoint, y, %s FROM caller.events', string_agg('x1 + ' || i || ' AS w' || i, ', ')) FROM generate_series(1, 900) i \gexec
CREATE SEQUENCE caller.counter;
CREATE DOMAIN caller.probability AS float8 CHECK (VALUE BETWEEN 0 AND 1);
CREATE TYPE caller.colour AS ENUM ('red', 'green', '');
CREATE TABLE caller.types AS SELECT e.id AS customer_id, ts, (enum_range(NULL::caller.colour))[1 + id % 3] AS touchpoint, predicted::caller.probability, observed, y, outcome, strategy::caller.probability AS strategy, key FROM caller.events e;
CREATE FUNCTION caller.fails_at(n bigint, at bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	IF n = at THEN RAISE EXCEPTION 'the source fails at row %', n USING ERRCODE = 'P0042'; END IF;
	RETURN n;
END $$;
-- Functions of ours inside the source of another one.
CREATE FUNCTION caller.asks_again(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	IF n % 50 = 0 THEN PERFORM count(*) FROM journey.transitions('caller.events'); END IF;
	IF n % 70 = 0 THEN PERFORM journey.fit('caller.events', 'y', NULL, '{x1}'); END IF;
	RETURN n;
END $$;
-- An error inside a source, caught: whatever ran it must live on.
CREATE FUNCTION caller.catches(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	IF n % 50 = 0 THEN PERFORM journey.fit('SELECT * FROM caller.not_finite', 'y', NULL); END IF;
	RETURN n;
EXCEPTION WHEN OTHERS THEN RETURN -n;
END $$;

-- Models of every kind, and a validation with two runs.
CREATE TABLE caller.models AS
SELECT journey.fit('caller.events', 'y', NULL, '{x1,x2}') AS v
UNION ALL SELECT journey.fit('caller.events', 'y', 'customer_id', '{x1,touchpoint,outcome}')
UNION ALL SELECT journey.fit('caller.events', 'outcome', NULL, '{x1,x2,touchpoint}', family => 'binomial', penalty => 'ridge', lambda => 0.1)
UNION ALL SELECT journey.fit('caller.events', 'n', NULL, '{x1,x2}', family => 'poisson')
UNION ALL SELECT journey.fit('caller.events', 'y', NULL, formula => 'x1 + x1^2 + touchpoint * outcome')
UNION ALL SELECT journey.cox('caller.events', 'duration', 'event', '{x1,touchpoint}');
CREATE TABLE caller.trees AS
SELECT journey.fit_trees('caller.events', 'y', NULL, '{x1,x2}', trees => 3) AS v
UNION ALL SELECT journey.fit_trees('caller.events', 'outcome', 'customer_id', '{x1,touchpoint}', family => 'binomial', trees => 2, depth => 2);
CREATE TABLE caller.moments AS SELECT journey.moments_agg(fold, y, ARRAY[x1, x2, n]) AS v FROM caller.events
UNION ALL SELECT journey.moments_agg(fold, y, ARRAY[x1], weight) FROM caller.events;
CREATE TABLE caller.policies AS
SELECT journey.learn_policy('caller.events', 'y', 'strategy', 'key', '{x1,n}', class => c, repeats => 1) AS v FROM unnest('{tree,linear}'::text[]) c;
