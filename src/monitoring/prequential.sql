-- monitoring: customers scored once, by models that were fitted before them.
--
-- R-PREQ-1	A customer enters the sequence once, when an outcome of theirs first
--			matures in a run whose data are trusted and whose comparison is fair.
-- R-PREQ-2	Their score comes from models fitted on customers known before.  The
--			first run deals its customers by maturity into five parts: the first
--			only trains, each later one is scored by all before it.
--			Who has trained is known from then on and never scored.
-- R-PREQ-3	What is added up per run are number, mean and squared deviations, so
--			the sequence goes on when the scores are gone.
-- R-PREQ-4	sequence "betting": scores are bounded, (y - c) / share + c for the
--			strategy taken and c for the others, c the middle of the bounds.
-- Definition: reference/validation.md 5.3.

-- A key that tells nothing to those who do not know the customers already.
CREATE FUNCTION journey.validation_key_hash(key text, salt text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT left(encode(sha256(convert_to(salt || chr(10) || key, 'UTF8')), 'hex'), 32);
END;
COMMENT ON FUNCTION journey.validation_key_hash(text, text) IS
'The first 128 bits of SHA-256 over salt and key, in hexadecimal digits: how keys stand in journey.validation_row (the salt is the fingerprint of the definition).';

-- The customers of a run by part: 0 known before, 1 only trains, later ones are scored.
CREATE FUNCTION journey.validation_deal(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	clear boolean := definition.options ->> 'keys' = 'clear';
	-- what matured before a run whose scores were removed is known
	purged timestamptz := (SELECT max(r.as_of) FROM journey.validation_run r
		WHERE r.name = this.name AND r.version = this.version AND r.status = 'done' AND r.n_new > 0
			AND NOT EXISTS (SELECT FROM journey.validation_row s WHERE s.run = r.run));
	first boolean := NOT EXISTS (SELECT FROM journey.validation_sequence s JOIN journey.validation_run r ON r.run = s.run
		WHERE r.name = this.name AND r.version = this.version AND r.run < this.run);
BEGIN
	PERFORM journey.validation_forget('{journey_validation_key}');
	EXECUTE format('
		CREATE TEMP TABLE journey_validation_key ON COMMIT PRESERVE ROWS AS
		SELECT k.journey_key, k.mark, k.observed,
			CASE WHEN k.at < $1 OR s.key IS NOT NULL THEN 0
				WHEN $2 THEN ntile(5) OVER (ORDER BY k.at, journey.hash64(k.journey_key, $3), k.journey_key COLLATE "C")
				ELSE 2 END AS part
		FROM (SELECT r.journey_key, CASE WHEN $4 THEN r.journey_key ELSE journey.validation_key_hash(r.journey_key, $5) END AS mark,
				min(r.journey_at) AS at, avg(r.%1$I%2$s::float8 ORDER BY r.%1$I) AS observed
			FROM pg_temp.journey_validation_row r WHERE r.journey_fate = ''used'' GROUP BY r.journey_key) k
		LEFT JOIN (SELECT DISTINCT s.key FROM journey.validation_row s JOIN journey.validation_run r ON r.run = s.run
			WHERE r.name = $6 AND r.version = $7 AND r.run < $8) s ON s.key = k.mark', definition.outcome, journey.validation_cast(definition))
	USING purged, first, this.seed, clear, definition.fingerprint, this.name, this.version, this.run;
	ANALYZE pg_temp.journey_validation_key;
END $$;
COMMENT ON FUNCTION journey.validation_deal(journey.validation, journey.validation_run) IS
'Deals the customers of a run into pg_temp.journey_validation_key: part 0 is known, part 1 trains, parts from 2 on are to be scored in that order.';

-- R-PREQ-2: scores of one part, by models of all parts before it.
CREATE FUNCTION journey.validation_score_part(definition journey.validation, this journey.validation_run, part integer) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	method text := coalesce(definition.options ->> 'method', 'aipw');
	arms integer;
	fewest bigint;
BEGIN
	EXECUTE format('SELECT count(*), min(c.n) FROM (SELECT count(*) FILTER (WHERE k.part < $1) AS n
		FROM pg_temp.journey_validation_row r JOIN pg_temp.journey_validation_key k USING (journey_key)
		WHERE r.journey_fate = ''used'' AND k.part <= $1 GROUP BY r.%I) c', definition.strategy) INTO arms, fewest USING part;
	IF arms < 2 OR fewest < 20 THEN		-- too little to learn from: they wait for the next run
		RETURN;
	END IF;
	-- Three folds: the part itself is the second, those before it are the
	-- first and third, so that the models of the second saw exactly them.
	EXECUTE format('
		INSERT INTO journey.validation_row (run, key, strategy, score, n, assigned, observed)
		SELECT $1, k.mark, s.strategy, avg(s.score ORDER BY s.row_number), count(*), count(*) FILTER (WHERE s.assigned), k.observed
		FROM journey.strategy_scores(source => %L, outcome => $2, strategy => $3, key => ''journey_key'', features => $4, baseline => $5,
			propensity => $6, method => $7, k => 3, repeats => 1, fold => ''journey_fold'', seed => $8) s
		JOIN pg_temp.journey_validation_key k ON k.journey_key = s.key
		WHERE s.fold = 2 GROUP BY k.mark, k.observed, s.strategy',
		format('SELECT r.*, CASE WHEN k.part = %s THEN 2 WHEN journey.fold(r.journey_key, 2, %s) = 1 THEN 1 ELSE 3 END AS journey_fold
			FROM pg_temp.journey_validation_row r JOIN pg_temp.journey_validation_key k USING (journey_key)
			WHERE r.journey_fate = ''used'' AND k.part <= %1$s ORDER BY r.journey_key COLLATE "C", r.journey_at', part, this.seed))
	USING this.run, definition.outcome, definition.strategy, definition.features, definition.options ->> 'baseline',
		journey.validation_propensity(definition), CASE WHEN method IN ('cuped', 'lin', 'difference') THEN 'aipw' ELSE method END, this.seed;
END $$;
COMMENT ON FUNCTION journey.validation_score_part(journey.validation, journey.validation_run, integer) IS
'Scores the customers of one part by models fitted on the parts before it. Nothing is scored before every strategy has 20 earlier rows.';

-- R-PREQ-4
CREATE FUNCTION journey.validation_bounds(definition journey.validation) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN (definition).options ? 'bounds' THEN ARRAY[((definition).options #>> '{bounds,0}')::float8, ((definition).options #>> '{bounds,1}')::float8]
		WHEN (definition).source_schema @> '[{"use": "number", "type": "boolean"}]' THEN ARRAY[0, 1]::float8[] END;
END;
COMMENT ON FUNCTION journey.validation_bounds(journey.validation) IS
'The lowest and highest outcome possible: the option bounds, else 0 and 1 of a boolean outcome, else NULL.';

CREATE FUNCTION journey.validation_score_bounded(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	middle float8 := (journey.validation_bounds(definition))[1] / 2 + (journey.validation_bounds(definition))[2] / 2;
BEGIN
	EXECUTE format('
		INSERT INTO journey.validation_row (run, key, strategy, score, n, assigned, observed)
		SELECT $1, k.mark, s.strategy,
			avg($2 + CASE WHEN r.%1$I::text = s.strategy THEN (r.%2$I%3$s::float8 - $2) / s.share ELSE 0 END ORDER BY r.journey_at, r.%2$I, r.%1$I::text COLLATE "C"),
			count(*), count(*) FILTER (WHERE r.%1$I::text = s.strategy), k.observed
		FROM pg_temp.journey_validation_row r JOIN pg_temp.journey_validation_key k USING (journey_key),
			LATERAL (SELECT p.key AS strategy, (p.value #>> ''{}'')::float8 AS share FROM jsonb_each(r.journey_planned) p) s
		WHERE r.journey_fate = ''used'' AND k.part > 0 GROUP BY k.mark, k.observed, s.strategy', definition.strategy, definition.outcome, journey.validation_cast(definition))
	USING this.run, middle;
END $$;
COMMENT ON FUNCTION journey.validation_score_bounded(journey.validation, journey.validation_run) IS
'Bounded scores of the new customers of a run by the planned shares, for sequences of bets.';

CREATE FUNCTION journey.validation_champion(definition journey.validation, run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT coalesce((definition).options ->> 'baseline', (SELECT min(r.strategy COLLATE "C") FROM journey.validation_row r WHERE r.run = validation_champion.run AND r.score IS NOT NULL),
		(SELECT min(r.strategy COLLATE "C") FROM journey.validation_result r WHERE r.run = validation_champion.run AND r.metric = 'value'));
END;
COMMENT ON FUNCTION journey.validation_champion(journey.validation, bigint) IS
'The strategy that the others are compared with: the option baseline, else the first in byte order.';

-- All of it; gives the number of new customers.
CREATE FUNCTION journey.validation_prequential(definition journey.validation, this journey.validation_run) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	champion text;
	part integer;
BEGIN
	PERFORM journey.validation_deal(definition, this);
	IF definition.options ->> 'sequence' = 'betting' THEN
		PERFORM journey.validation_score_bounded(definition, this);
	ELSE
		FOR part IN SELECT DISTINCT k.part FROM pg_temp.journey_validation_key k WHERE k.part >= 2 ORDER BY 1 LOOP
			PERFORM journey.validation_score_part(definition, this, part);
		END LOOP;
	END IF;
	INSERT INTO journey.validation_row (run, key, strategy, n, observed)
	SELECT this.run, k.mark, '(training)', count(*), k.observed
	FROM pg_temp.journey_validation_key k JOIN pg_temp.journey_validation_row r USING (journey_key)
	WHERE r.journey_fate = 'used' AND k.part BETWEEN 1 AND (SELECT max(x.part) - 1 FROM journey.validation_row s JOIN pg_temp.journey_validation_key x ON x.mark = s.key WHERE s.run = this.run)
		AND NOT EXISTS (SELECT FROM journey.validation_row s WHERE s.run = this.run AND s.key = k.mark)
	GROUP BY k.mark, k.observed;
	champion := journey.validation_champion(definition, this.run);
	INSERT INTO journey.validation_sequence (run, strategy, n, mean, m2)
	SELECT this.run, d.strategy, count(*), avg(d.x ORDER BY d.key COLLATE "C"), regr_sxx(d.x, d.x ORDER BY d.key COLLATE "C")
	FROM (SELECT s.strategy, s.key, s.score - CASE WHEN s.strategy = champion THEN 0 ELSE max(s.score) FILTER (WHERE s.strategy = champion) OVER (PARTITION BY s.key) END AS x
		FROM journey.validation_row s WHERE s.run = this.run AND s.score IS NOT NULL) d
	GROUP BY d.strategy;
	RETURN (SELECT coalesce(max(s.n), 0) FROM journey.validation_sequence s WHERE s.run = this.run);
END $$;
COMMENT ON FUNCTION journey.validation_prequential(journey.validation, journey.validation_run) IS
'Scores the customers that are new in a run and adds what they contribute to the sequences; gives their number.';
