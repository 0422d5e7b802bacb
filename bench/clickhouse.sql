-- Our side of bench/clickhouse.py: the same events in time order, and sorted by
-- customer and time with an index that has all that is read.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE UNLOGGED TABLE bench.by_time AS
SELECT (journey.hash64(i, 0) & 9223372036854775807) % :users AS customer_id,
	timestamptz '2024-01-01 00:00:00+00' + i * interval '3 seconds' AS ts,
	(ARRAY['order placed', 'payment', 'shipped', 'delivered', 'help page', 'chat', 'email', 'phone call',
		'agent reply', 'return requested', 'refund', 'review'])[1 + (journey.hash64(i + 1000000000000, 0) & 9223372036854775807) % 12] AS touchpoint
FROM generate_series(1::bigint, :events) i;
SET maintenance_work_mem = '512MB';
SET work_mem = '512MB';
CREATE UNLOGGED TABLE bench.by_user AS SELECT * FROM bench.by_time ORDER BY customer_id, ts;
CREATE INDEX ON bench.by_user (customer_id, ts) INCLUDE (touchpoint);
VACUUM (ANALYZE, FREEZE) bench.by_time;
VACUUM (ANALYZE, FREEZE) bench.by_user;
RESET maintenance_work_mem;
RESET work_mem;

CREATE TABLE bench.beside (id integer, call text, ours text, source text, needs text, settings text, statement text, seconds float8, answer text);
\set table_funnel '$$SELECT string_agg(reached::text, '' '' ORDER BY step) FROM journey.funnel(''SELECT customer_id, ts, touchpoint FROM bench.%s'', ''{order placed,payment,shipped,delivered,review}'', interval ''60 days'')$$'
\set funnel '$$SELECT concat_ws('' '', count(*) FILTER (WHERE l >= 1), count(*) FILTER (WHERE l >= 2), count(*) FILTER (WHERE l >= 3), count(*) FILTER (WHERE l >= 4), count(*) FILTER (WHERE l >= 5)) FROM (SELECT journey.window_funnel(interval ''60 days'', ts, touchpoint = ''order placed'', touchpoint = ''payment'', touchpoint = ''shipped'', touchpoint = ''delivered'', touchpoint = ''review'') AS l FROM bench.%s GROUP BY customer_id) g$$'
\set sequence '$$SELECT count(*) FILTER (WHERE hit) FROM (SELECT journey.sequence_match(''(?1)(?t<=5184000)(?2)(?t<=5184000)(?3)'', ts, touchpoint = ''order placed'', touchpoint = ''payment'', touchpoint = ''shipped'') AS hit FROM bench.%s GROUP BY customer_id) g$$'
\set retention '$$SELECT concat_ws('' '', count(*) FILTER (WHERE r[1]), count(*) FILTER (WHERE r[2]), count(*) FILTER (WHERE r[3])) FROM (SELECT journey.retention(touchpoint = ''order placed'', touchpoint = ''return requested'', touchpoint = ''review'') AS r FROM bench.%s GROUP BY customer_id) g$$'
INSERT INTO bench.beside (id, call, ours, source, needs, settings, statement)
SELECT row_number() OVER (), call, ours, source, needs, settings, format(statement, source) FROM (VALUES
	('windowFunnel', 'funnel', 'by_user', 'funnel', '', :table_funnel),
	('windowFunnel', 'window_funnel', 'by_user', 'window_funnel', 'index', :funnel),
	('windowFunnel', 'funnel', 'by_time', 'funnel', '', :table_funnel),
	('windowFunnel', 'window_funnel', 'by_time', 'window_funnel', 'memory', :funnel),
	('sequenceMatch', 'sequence_match', 'by_user', 'sequence_match', 'index', :sequence),
	('sequenceMatch', 'sequence_match', 'by_time', 'sequence_match', 'memory', :sequence),
	('retention', 'retention', 'by_user', 'retention', 'index', :retention),
	('retention', 'retention', 'by_time', 'retention', 'memory', :retention)) v(call, ours, source, needs, settings, statement)
WHERE bench.has(needs);

CREATE PROCEDURE bench.beside(passes integer) LANGUAGE plpgsql AS $$
DECLARE b bench.beside; got record; taken float8[];
BEGIN
	FOR b IN SELECT * FROM bench.beside ORDER BY id LOOP
		CALL bench.settle(b.settings, 0);
		IF b.settings = 'memory' THEN SET work_mem = '1GB'; END IF;
		taken := '{}';
		FOR pass IN 0..passes LOOP
			got := bench.clock(b.statement);
			IF pass > 0 THEN taken := taken || got.seconds; END IF;
		END LOOP;
		UPDATE bench.beside SET answer = btrim(got.answer, '()"'),
			seconds = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(taken) t) WHERE id = b.id;
		COMMIT;
	END LOOP;
END $$;
CALL bench.beside(:passes);
