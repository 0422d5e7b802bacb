-- monitoring: rows behind the pictures of a report, kept with the run so that
-- an old report shows what was known then.
--
-- R-EXHIBIT-1	Pictures decide nothing: one that cannot be made is a warning
--				among the checks, with the error in words, and the run goes on.
-- R-EXHIBIT-2	Events at or after as_of do not exist.

CREATE FUNCTION journey.validation_exhibit_calibration(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	used text := 'SELECT * FROM pg_temp.journey_validation_row WHERE journey_fate = ''used''';
BEGIN
	IF NOT definition.source_schema @> '[{"use": "number", "type": "boolean"}]' THEN
		EXECUTE format('SELECT CASE WHEN EXISTS (SELECT FROM pg_temp.journey_validation_row r WHERE r.journey_fate = ''used'' AND r.%I NOT IN (0, 1)) THEN NULL ELSE $1 END', definition.outcome)
		INTO used USING used;
		IF used IS NULL THEN
			RETURN;		-- calibration is of yes-or-no outcomes
		END IF;
	END IF;
	INSERT INTO journey.validation_chart (run, chart, place, series, x, y, low, high, n)
	SELECT this.run, 'calibration', c.bin, 'outcome model, out of fold', c.predicted, c.observed, c.conf_low, c.conf_high, c.n
	FROM journey.calibration(format('SELECT predicted, observed, key AS cluster FROM journey.out_of_fold(%L, %L, ''journey_key'', %L, ''binomial'', penalty => ''ridge'', lambda => 0.001, k => %s, repeats => 1, seed => %s)',
			used, definition.outcome, ARRAY[definition.strategy] || definition.features, coalesce(definition.options ->> 'folds', '10'), this.seed), 10, 'quantile') c
	WHERE c.n > 0;
END $$;
COMMENT ON FUNCTION journey.validation_exhibit_calibration(journey.validation, journey.validation_run) IS
'Calibration of the outcome model of a run, out of fold, in ten bins of equal size; yes-or-no outcomes only.';

-- The events before as_of, read once into pg_temp.journey_validation_event.
CREATE FUNCTION journey.validation_load_events(definition journey.validation, this journey.validation_run) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	source text := definition.options ->> 'events';
	columns jsonb := journey.validation_source_columns(source, definition.search_path);
	outcome text := (SELECT min(c ->> 'column_name') FROM jsonb_array_elements(columns) c WHERE c ->> 'column_name' = 'outcome');
	typed text := (SELECT string_agg(format('%I %s', c ->> 'column_name', c ->> 'type'), ', ' ORDER BY n) FROM jsonb_array_elements(columns) WITH ORDINALITY u(c, n)
		WHERE c ->> 'column_name' IN ('customer_id', 'ts', 'touchpoint', 'outcome'));
	fill text;
BEGIN
	PERFORM journey.validation_schema(source, '{customer_id,ts,touchpoint}', '{key,time,label}', definition.search_path);
	PERFORM journey.validation_forget('{journey_validation_event}');
	fill := format('CREATE TEMP TABLE journey_validation_event ON COMMIT PRESERVE ROWS AS
		SELECT t.customer_id, t.ts, t.touchpoint::pg_catalog.text AS touchpoint%s FROM journey.source_rows($1) AS t(%s) WHERE t.ts OPERATOR(pg_catalog.<) $2',
		CASE WHEN outcome IS NULL THEN '' ELSE ', t.outcome' END, typed);
	PERFORM set_config('search_path', definition.search_path, true);
	EXECUTE fill USING source, this.as_of;
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	RETURN outcome IS NOT NULL;
END $$;
COMMENT ON FUNCTION journey.validation_load_events(journey.validation, journey.validation_run) IS
'Reads the event source of a validation before as_of once into pg_temp.journey_validation_event; true when it has an outcome.';

-- The steps of the funnel: as asked, else the five touchpoints that most
-- customers reach, in the order of their usual place.
CREATE FUNCTION journey.validation_exhibit_funnel(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	steps text[] := (SELECT array_agg(s ORDER BY n) FROM jsonb_array_elements_text(definition.options -> 'funnel') WITH ORDINALITY u(s, n));
BEGIN
	steps := coalesce(steps, (SELECT array_agg(t.touchpoint ORDER BY t.place, t.touchpoint COLLATE "C") FROM (
		SELECT v.touchpoint, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.place) AS place FROM (
			SELECT e.customer_id, e.touchpoint, min(e.place) AS place FROM (
				SELECT r.customer_id, r.touchpoint, row_number() OVER (PARTITION BY r.customer_id ORDER BY r.ts, r.touchpoint COLLATE "C") AS place
				FROM pg_temp.journey_validation_event r) e
			GROUP BY 1, 2) v
		GROUP BY v.touchpoint ORDER BY count(*) DESC, v.touchpoint COLLATE "C" LIMIT 5) t));
	INSERT INTO journey.validation_chart (run, chart, place, label, y, n)
	SELECT this.run, 'funnel', f.step, f.name, f.reached::float8 / nullif(max(f.reached) FILTER (WHERE f.step = 1) OVER (), 0), f.reached
	FROM journey.funnel('SELECT customer_id, ts, touchpoint FROM pg_temp.journey_validation_event', steps, '36500 days') f;
END $$;
COMMENT ON FUNCTION journey.validation_exhibit_funnel(journey.validation, journey.validation_run) IS
'The funnel of a run: customers by step, as journey.funnel().';

CREATE FUNCTION journey.validation_exhibit_map(definition journey.validation, this journey.validation_run, has_outcome boolean) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO journey.validation_chart (run, chart, place, label, target, x, y, n)
	SELECT this.run, 'sankey', row_number() OVER (ORDER BY s.step, s.source COLLATE "C", s.target COLLATE "C"), s.source, s.target, s.step, s.value, s.value
	FROM journey.sankey('SELECT customer_id, ts, touchpoint FROM pg_temp.journey_validation_event') s;
	IF has_outcome THEN
		INSERT INTO journey.validation_chart (run, chart, place, series, label, y, low, high, n)
		SELECT this.run, 'chaos', row_number() OVER (ORDER BY c.chaos_share DESC NULLS LAST, c.touchpoint COLLATE "C"), c.status, c.touchpoint, c.chaos_share, c.conf_low, c.conf_high, c.visits
		FROM journey.chaos_share('SELECT customer_id, ts, touchpoint, outcome FROM pg_temp.journey_validation_event', 'outcome', seed => this.seed) c;
	END IF;
END $$;
COMMENT ON FUNCTION journey.validation_exhibit_map(journey.validation, journey.validation_run, boolean) IS
'The Sankey rows of a run, and where events carry an outcome its chaos shares.';

-- Where customers go next: those who began since the last run against those
-- who began before the first.  Both are followed for the same time after their
-- first event, or the cut of a window would pass for a change.
CREATE FUNCTION journey.validation_map_drift(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
SET timezone = 'UTC'
AS $$
DECLARE
	begun text := 'SELECT customer_id, ts, touchpoint FROM (SELECT *, min(ts) OVER (PARTITION BY customer_id) AS journey_start FROM pg_temp.journey_validation_event) e
		WHERE ts < journey_start + %L::interval AND journey_start >= %L AND journey_start < %L';
	first timestamptz := (SELECT min(r.as_of) FROM journey.validation_run r WHERE r.name = this.name AND r.version = this.version AND r.status = 'done' AND r.run < this.run);
	since timestamptz := (SELECT max(e.as_of) FROM journey.validation_earlier(this) e);
	oldest timestamptz := (SELECT min(e.ts) FROM pg_temp.journey_validation_event e);
	follow interval := least((first - oldest) / 3, '30 days');
	reference text := format(begun, follow, oldest, first - follow);
	recent text := format(begun, follow, since - follow, this.as_of - follow);
	enough boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (%s) AND EXISTS (%s)', reference, recent) INTO enough;
	IF enough AND follow > '0' THEN
		INSERT INTO journey.validation_check (run, check_name, subject, status, statistic, threshold, p_value, detail)
		SELECT this.run, 'map_drift', d.touchpoint, CASE WHEN d.q_value < 0.05 THEN 'drift' WHEN d.q_value IS NULL THEN 'not_tested' ELSE 'ok' END, d.statistic, 0.05, d.q_value,
			format('%s events of customers who began before %s, %s of those from %s on', d.reference, (first - follow)::date, d."current", (since - follow)::date)
		FROM journey.map_drift(reference, recent, 199, this.seed) d;
	END IF;
END $$;
COMMENT ON FUNCTION journey.validation_map_drift(journey.validation, journey.validation_run) IS
'Drift of the journey map of a run, as journey.map_drift(): customers who began since the last run against those who began before the first, followed for the same time; p_value is adjusted over the touchpoints.';

CREATE FUNCTION journey.validation_exhibits(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	exhibit text;
	has_outcome boolean;
BEGIN
	-- R-EXHIBIT-1
	FOREACH exhibit IN ARRAY ARRAY['calibration', 'events', 'funnel', 'map', 'map_drift'] LOOP
		CONTINUE WHEN exhibit <> 'calibration' AND NOT definition.options ? 'events';
		CONTINUE WHEN exhibit IN ('funnel', 'map', 'map_drift') AND has_outcome IS NULL;
		BEGIN
			IF exhibit = 'calibration' THEN
				PERFORM journey.validation_exhibit_calibration(definition, this);
			ELSIF exhibit = 'events' THEN
				has_outcome := journey.validation_load_events(definition, this);
			ELSIF exhibit = 'funnel' THEN
				PERFORM journey.validation_exhibit_funnel(definition, this);
			ELSIF exhibit = 'map_drift' THEN
				PERFORM journey.validation_map_drift(definition, this);
			ELSE
				PERFORM journey.validation_exhibit_map(definition, this, has_outcome);
			END IF;
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO journey.validation_check (run, check_name, subject, status, detail)
			VALUES (this.run, 'picture', exhibit, 'warning', format('%s (%s)', SQLERRM, SQLSTATE));
		END;
	END LOOP;
	PERFORM journey.validation_forget('{journey_validation_event}');
END $$;
COMMENT ON FUNCTION journey.validation_exhibits(journey.validation, journey.validation_run) IS
'Writes the rows behind the pictures of a run; one that cannot be made becomes a warning among the checks.';
