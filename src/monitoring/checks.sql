-- monitoring: what has to hold before a run is believed, and the drift that
-- stands beside it as context.
--
-- R-CHECK-1	schema, volume, null_rate and freshness block; sample_ratio,
--				unequal missing outcomes and late eligibility make a comparison
--				invalid; drift decides nothing.
-- R-CHECK-2	A run is judged against earlier runs of the same version only,
--				and not against those that were blocked.
-- Definition: reference/validation.md 5.4, 5.5.

-- Columns whose type, collation or not-null differ from the definition.
CREATE FUNCTION journey.validation_schema_changes(defined jsonb, found jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT string_agg(format('"%s" was %s%s and is %s%s', b.c ->> 'name', a.c ->> 'type',
			CASE WHEN (a.c ->> 'not_null')::boolean THEN ' not null' ELSE '' END, b.c ->> 'type',
			CASE WHEN (b.c ->> 'not_null')::boolean THEN ' not null' ELSE '' END), '; ' ORDER BY b.place)
	FROM jsonb_array_elements(defined) a(c)
	JOIN jsonb_array_elements(found) WITH ORDINALITY b(c, place) ON b.c ->> 'name' = a.c ->> 'name'
	WHERE a.c <> b.c;
END;
COMMENT ON FUNCTION journey.validation_schema_changes(jsonb, jsonb) IS
'In words, which columns of a source differ in type, collation or not-null from what was defined; NULL when none does.';

-- Runs of the same version that ended before this one and were not blocked,
-- the newest first, with the days since the one before each.
CREATE FUNCTION journey.validation_earlier(this journey.validation_run)
RETURNS TABLE (run bigint, as_of timestamptz, n_rows bigint, n_matured bigint, days float8)
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 8
BEGIN ATOMIC
	SELECT r.run, r.as_of, r.n_rows, r.n_matured, extract(epoch FROM r.as_of - lag(r.as_of) OVER (ORDER BY r.run))::float8 / 86400
	FROM journey.validation_run r JOIN journey.validation_decision d ON d.run = r.run
	WHERE r.name = (this).name AND r.version = (this).version AND r.status = 'done' AND r.run < (this).run AND d.state <> 'BLOCKED'
	ORDER BY r.run DESC LIMIT 9;
END;
COMMENT ON FUNCTION journey.validation_earlier(journey.validation_run) IS
'The last nine finished runs before this one, of the same version and not blocked: what is usual is told from them.';

CREATE FUNCTION journey.validation_check_freshness(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	lag float8;
	pause float8;
	usual float8;
	allowed float8 := extract(epoch FROM (definition.options ->> 'max_age')::interval) / 3600;
BEGIN
	SELECT extract(epoch FROM this.as_of - max(t.at)) / 3600, extract(epoch FROM max(t.pause)) / 3600 INTO lag, pause
	FROM (SELECT r.journey_at AS at, r.journey_at - lag(r.journey_at) OVER (ORDER BY r.journey_at) AS pause
		FROM pg_temp.journey_validation_row r WHERE r.journey_fate <> 'immature') t;
	IF allowed IS NULL THEN
		usual := (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY c.statistic)
			FROM journey.validation_earlier(this) e JOIN journey.validation_check c ON c.run = e.run AND c.check_name = 'freshness');
		allowed := usual + greatest(3 * pause, 24);
	END IF;
	INSERT INTO journey.validation_check (run, check_name, status, statistic, threshold, detail)
	VALUES (this.run, 'freshness', CASE WHEN lag > allowed THEN 'failed' WHEN lag <= allowed THEN 'ok' ELSE 'not_tested' END, lag, allowed,
		CASE WHEN lag IS NULL THEN 'no column tells when an outcome was known: name it in the option matured_at'
			WHEN allowed IS NULL THEN format('the newest row is %s hours old; later runs are judged against that, or by the option max_age', round(lag::numeric, 1))
			ELSE format('the newest row is %s hours old, %s are allowed', round(lag::numeric, 1), round(allowed::numeric, 1)) END);
END $$;
COMMENT ON FUNCTION journey.validation_check_freshness(journey.validation, journey.validation_run) IS
'The check of freshness of a run, in hours: the age of the newest row at as_of against the option max_age, else against the median of earlier runs plus three times the longest pause in the data, a day at least. The first run has nothing to be judged against.';

CREATE FUNCTION journey.validation_check_volume(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
AS $$
DECLARE
	clock boolean := coalesce(definition.options ->> 'matured_at', definition.options ->> 'decided_at') IS NOT NULL;
	observed float8 := CASE WHEN clock THEN this.n_matured ELSE this.n_rows END;
	expected float8;
	runs bigint;
BEGIN
	-- rows since the last run against rows a day of earlier runs; without a clock, all rows
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t.amount), count(t.amount) INTO expected, runs
	FROM (SELECT CASE WHEN clock THEN e.n_matured / e.days ELSE e.n_rows END AS amount
		FROM journey.validation_earlier(this) e WHERE NOT clock OR e.days > 0) t;
	IF clock THEN
		expected := expected * extract(epoch FROM this.as_of - (SELECT max(e.as_of) FROM journey.validation_earlier(this) e)) / 86400;
	END IF;
	INSERT INTO journey.validation_check (run, check_name, status, statistic, threshold, detail)
	VALUES (this.run, 'volume',
		-- half or double, and more than chance among so few rows
		CASE WHEN runs < 3 OR observed IS NULL OR expected IS NULL THEN 'not_tested'
			WHEN (observed < 0.5 * expected OR observed > 2 * expected) AND abs(observed - expected) > 3.3 * sqrt(observed + expected) THEN 'failed'
			ELSE 'ok' END, observed / nullif(expected, 0), 0.5,
		CASE WHEN observed IS NULL THEN 'the first run has nothing to be compared with'
			ELSE format('%s rows%s%s', observed, CASE WHEN clock THEN ' matured since the last run' ELSE '' END,
				CASE WHEN runs < 3 THEN '; three earlier runs are needed to judge'
					ELSE format(', %s were to be expected; from half to double is accepted', round(expected::numeric, 1)) END) END);
END $$;
COMMENT ON FUNCTION journey.validation_check_volume(journey.validation, journey.validation_run) IS
'The check of volume of a run: rows that matured since the last run against the median per day of earlier runs (without a clock: all rows against their median). Fails outside half to double where that is more than chance; needs three earlier runs.';

CREATE FUNCTION journey.validation_check_nulls(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	since timestamptz := (SELECT max(e.as_of) FROM journey.validation_earlier(this) e);
	columns text := (SELECT string_agg(format('(%L, r.%1$I IS NULL)', c), ', ') FROM unnest(ARRAY[definition.outcome] || definition.features) c);
BEGIN
	EXECUTE format($sql$
		INSERT INTO journey.validation_check (run, check_name, subject, status, statistic, threshold, detail)
		SELECT $1, 'null_rate', t.name,
			-- 3.48 standard errors: p below 0.0005
			CASE WHEN t.z IS NULL THEN 'not_tested' WHEN t.z > 3.48 AND t.b - t.a >= 0.05 THEN 'failed' ELSE 'ok' END, coalesce(t.b, t.a), t.a + 0.05,
			CASE WHEN t.z IS NULL THEN pg_catalog.format('%%s %%%% without a value; nothing to compare with', round((100 * coalesce(t.b, t.a))::numeric, 2))
				ELSE pg_catalog.format('%%s %%%% without a value since the last run, %%s %%%% before', round((100 * t.b)::numeric, 2), round((100 * t.a)::numeric, 2)) END
		FROM (SELECT s.*, CASE WHEN s.a IS NULL OR s.b IS NULL THEN NULL WHEN s.a = s.b THEN 0
				ELSE (s.b - s.a) / sqrt(s.pooled * (1 - s.pooled) * (1 / s.n_a + 1 / s.n_b)) END AS z
			FROM (SELECT u.name, avg(u.absent::integer) FILTER (WHERE NOT r.journey_fresh)::float8 AS a,
					avg(u.absent::integer) FILTER (WHERE r.journey_fresh)::float8 AS b, avg(u.absent::integer)::float8 AS pooled,
					count(*) FILTER (WHERE NOT r.journey_fresh)::float8 AS n_a, count(*) FILTER (WHERE r.journey_fresh)::float8 AS n_b
				FROM (SELECT *, coalesce(journey_at >= $2, true) AS journey_fresh FROM pg_temp.journey_validation_row
					WHERE journey_fate IN ('used', 'no_outcome')) r, LATERAL (VALUES %s) u(name, absent)
				GROUP BY u.name) s) t$sql$, columns)
	USING this.run, since;
END $$;
COMMENT ON FUNCTION journey.validation_check_nulls(journey.validation, journey.validation_run) IS
'The check of null rates of a run, one row for the outcome and each feature (subject): rows since the last run against rows before. Fails at a rise of 5 points and 3.48 standard errors (p below 0.0005).';

-- How propensities are known: a column, the planned shares, or not at all.
CREATE FUNCTION journey.validation_propensity(definition journey.validation) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce((definition).options ->> 'propensity',
		CASE WHEN (definition).options ? 'planned' AND coalesce((definition).options ->> 'method', 'aipw') IN ('aipw', 'ipw', 'snips') THEN 'journey_planned' END);
END;
COMMENT ON FUNCTION journey.validation_propensity(journey.validation) IS
'The column that holds propensities for a validation: the one it names, that of planned shares, or NULL where they are estimated.';

-- The gates of the comparison, one row a check (and strategy).
CREATE FUNCTION journey.validation_check_assignment(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
SET timezone = 'UTC'
AS $$
DECLARE
	o jsonb := definition.options;
BEGIN
	INSERT INTO journey.validation_check (run, check_name, subject, status, statistic, threshold, p_value, detail)
	SELECT DISTINCT ON (c.check_name, c.subject) this.run, c.check_name, c.subject, c.status, c.statistic, c.threshold, c.p_value, c.detail
	FROM (SELECT k.check_name, CASE WHEN k.check_name LIKE 'sample\_ratio%' THEN '' ELSE k.strategy END AS subject,
			CASE WHEN k.status IN ('ok', 'not_tested') THEN k.status WHEN k.status = 'immature' THEN 'ok'
				WHEN k.status IN ('sample_ratio', 'unequal_missing', 'late_eligibility', 'no_overlap') THEN 'failed' ELSE 'warning' END AS status,
			k.statistic, k.threshold, k.p_value,
			CASE WHEN k.week IS NOT NULL THEN format('week of %s: ', (k.week AT TIME ZONE 'UTC')::date) ELSE '' END || k.detail
				|| CASE WHEN k.status IN ('ok', 'not_tested', 'immature') THEN '' ELSE format(' (%s)', k.status) END AS detail, k.strategy, k.week
		FROM journey.strategy_checks(source => 'SELECT * FROM pg_temp.journey_validation_row WHERE journey_fate <> ''before_window''',
			outcome => definition.outcome, strategy => definition.strategy, key => definition.key, features => definition.features,
			baseline => o ->> 'baseline', propensity => journey.validation_propensity(definition), method => coalesce(o ->> 'method', 'aipw'),
			k => coalesce((o ->> 'folds')::integer, 10), repeats => coalesce((o ->> 'repeats')::integer, 5), seed => this.seed, planned => o -> 'planned',
			decided_at => o ->> 'decided_at', matured_at => o ->> 'matured_at', eligible_at => o ->> 'eligible_at', as_of => CASE WHEN o ?| '{matured_at,decided_at}' THEN this.as_of END) k) c
	ORDER BY c.check_name, c.subject, CASE c.status WHEN 'failed' THEN 1 WHEN 'warning' THEN 2 WHEN 'ok' THEN 3 ELSE 4 END, c.p_value, c.week, c.strategy;
END $$;
COMMENT ON FUNCTION journey.validation_check_assignment(journey.validation, journey.validation_run) IS
'The gates of the comparison of a run, as journey.strategy_checks(): of several weeks or shares the worst.';

CREATE FUNCTION journey.validation_blocked(run bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT EXISTS (SELECT FROM journey.validation_check c WHERE c.run = validation_blocked.run AND c.status = 'failed'
		AND c.check_name IN ('schema', 'freshness', 'volume', 'null_rate'));
END;
COMMENT ON FUNCTION journey.validation_blocked(bigint) IS
'True when the checks of a run say that its data cannot be trusted.';

CREATE FUNCTION journey.validation_unfair(run bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT EXISTS (SELECT FROM journey.validation_check c WHERE c.run = validation_unfair.run AND c.status = 'failed'
		AND c.check_name IN ('sample_ratio', 'sample_ratio_analysed', 'sample_ratio_week', 'missing_outcome', 'late_eligibility'));
END;
COMMENT ON FUNCTION journey.validation_unfair(bigint) IS
'True when the checks of a run say that its comparison is not fair.';

CREATE FUNCTION journey.validation_checks(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	changes text := (SELECT journey.validation_schema_changes(definition.source_schema, s.source_schema) FROM pg_temp.journey_validation_schema s);
BEGIN
	INSERT INTO journey.validation_check (run, check_name, status, statistic, threshold, detail)
	VALUES (this.run, 'schema', CASE WHEN changes IS NULL THEN 'ok' ELSE 'failed' END, CASE WHEN changes IS NULL THEN 0 ELSE 1 END, 1,
		coalesce(changes || '; if that is meant, define the validation again', 'the columns are as defined'));
	PERFORM journey.validation_check_freshness(definition, this);
	PERFORM journey.validation_check_volume(definition, this);
	PERFORM journey.validation_check_nulls(definition, this);
	IF journey.validation_blocked(this.run) THEN
		INSERT INTO journey.validation_check (run, check_name, status, detail)
		SELECT this.run, c, 'not_tested', 'the data are blocked' FROM unnest(ARRAY['sample_ratio', 'overlap']) c;
	ELSE
		PERFORM journey.validation_check_assignment(definition, this);
	END IF;
END $$;
COMMENT ON FUNCTION journey.validation_checks(journey.validation, journey.validation_run) IS
'Writes all checks of a run: those of the data, and if they hold, those of the comparison.';

-- R-CHECK-1: context.
-- Outcomes of the champion in the order of maturity, in standard deviations:
-- moves up to a tenth pass; a false alarm comes once in millions of rows.
CREATE FUNCTION journey.validation_stream(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
SET timezone = 'UTC'
AS $$
DECLARE
	found journey.page_hinkley_alarm;
	champion text := definition.options ->> 'baseline';
	since timestamptz;
BEGIN
	IF coalesce(definition.options ->> 'matured_at', definition.options ->> 'decided_at') IS NULL THEN
		RETURN;
	END IF;
	IF champion IS NULL THEN
		EXECUTE format('SELECT min(r.%I::text COLLATE "C") FROM pg_temp.journey_validation_row r WHERE r.journey_fate = ''used''', definition.strategy) INTO champion;
	END IF;
	EXECUTE format('SELECT (a).* FROM (SELECT journey.page_hinkley((s.x - s.mean) / s.sd, 0.1, 50, ''both'' ORDER BY s.journey_at, s.journey_key COLLATE "C", s.x) AS a
		FROM (SELECT r.journey_at, r.journey_key, r.%1$I%2$s::float8 AS x, avg(r.%1$I%2$s::float8) OVER w AS mean, nullif(stddev_samp(r.%1$I%2$s::float8) OVER w, 0) AS sd
			FROM pg_temp.journey_validation_row r WHERE r.journey_fate = ''used'' AND r.%3$I::text = $1
			WINDOW w AS (ORDER BY r.journey_at, r.journey_key COLLATE "C", r.%1$I ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) s) t', definition.outcome, journey.validation_cast(definition), definition.strategy)
	INTO found USING champion;
	IF found.alarm THEN
		EXECUTE format('SELECT r.journey_at FROM pg_temp.journey_validation_row r WHERE r.journey_fate = ''used'' AND r.%I::text = $1
			ORDER BY r.journey_at, r.journey_key COLLATE "C", r.%I OFFSET $2 - 1 LIMIT 1', definition.strategy, definition.outcome) INTO since USING champion, found.alarm_at;
	END IF;
	INSERT INTO journey.validation_check (run, check_name, subject, status, statistic, threshold, detail)
	VALUES (this.run, 'page_hinkley', champion, CASE WHEN found.alarm THEN 'drift' WHEN found.alarm IS NULL THEN 'not_tested' ELSE 'ok' END, found.statistic, 50,
		CASE WHEN found.alarm THEN format('outcomes of the champion moved %s: alarm at row %s of %s, matured %s', found.direction, found.alarm_at, found.n, since)
			WHEN found.alarm IS NULL THEN 'outcomes of the champion have no spread' ELSE format('outcomes of the champion stand where they stood, %s rows', found.n) END);
END $$;
COMMENT ON FUNCTION journey.validation_stream(journey.validation, journey.validation_run) IS
'Page-Hinkley over the outcomes of the champion by maturity, in standard deviations with delta 0.1 and threshold 50: context that says when a level moved.';

CREATE FUNCTION journey.validation_drift(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
SET timezone = 'UTC'
AS $$
DECLARE
	used text := 'SELECT * FROM pg_temp.journey_validation_row WHERE journey_fate = ''used''';
	since timestamptz := (SELECT max(e.as_of) FROM journey.validation_earlier(this) e);
BEGIN
	PERFORM journey.validation_stream(definition, this);
	IF definition.features = '{}' THEN
		RETURN;
	END IF;
	IF NOT EXISTS (SELECT FROM journey.validation_reference r WHERE r.name = this.name AND r.version = this.version) THEN
		INSERT INTO journey.validation_reference (name, version, feature, bin, upper, label, n)
		SELECT this.name, this.version, b.feature, b.bin, b.upper, b.label, b.n FROM journey.reference_bins(used, definition.features) b;
		INSERT INTO journey.validation_check (run, check_name, subject, status, detail)
		SELECT this.run, 'drift', f, 'not_tested', 'the bins of this run are the reference for later ones' FROM unnest(definition.features) f;
		RETURN;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_temp.journey_validation_row r
		WHERE r.journey_fate = 'used' AND (since IS NULL OR r.journey_at IS NULL OR r.journey_at >= since)) THEN
		RETURN;
	END IF;
	INSERT INTO journey.validation_check (run, check_name, subject, status, statistic, threshold, p_value, detail)
	SELECT this.run, 'drift', d.feature, d.status, d.psi, d.null_mean + 0.01, d.q_value,
		concat_ws('; ', format('population stability index %s, %s to be expected by chance', round(d.psi::numeric, 4), round(d.null_mean::numeric, 4)), d.detail)
	FROM journey.drift_against(format('SELECT feature, bin, upper, label, n FROM journey.validation_reference WHERE name = %L AND version = %s', this.name, this.version),
		used || coalesce(format(' AND (journey_at IS NULL OR journey_at >= %L)', since), '')) d;
END $$;
COMMENT ON FUNCTION journey.validation_drift(journey.validation, journey.validation_run) IS
'Measures drift of the features of a run: rows since the last run against the bins that the first run of the version froze (journey.drift_against()); statistic is the population stability index, p_value is adjusted over the features.';
