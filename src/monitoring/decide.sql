-- monitoring: from sequences to a decision.
--
-- R-DECIDE-1	Order of tests: BLOCKED, INVALID, overlap, SWITCH, DEGRADED, KEEP;
--				what is left is INCONCLUSIVE.
-- R-DECIDE-2	All looks together err with probability alpha at most: half goes to
--				false wins of a challenger (shared by challengers), half to a
--				false fall of the champion (a quarter to its reference, a quarter
--				spent over the runs from which its fall is counted).
-- R-DECIDE-3	BLOCKED and INVALID come and go at once, and so does a state that
--				a sequence proves; the loss of proof takes two runs in a row.
-- R-DECIDE-4	Below 50 customers an asymptotic sequence says nothing, nor does it
--				of a yes-or-no outcome seen less than 20 times either way in a strategy.
-- Definition: reference/validation.md 5.4.

-- Number, mean and squared deviations over the runs of a version up to one,
-- from a run on: merged in the order of runs.
CREATE FUNCTION journey.validation_moments(this journey.validation_run, strategy text, since bigint DEFAULT 0,
	OUT n bigint, OUT mean float8, OUT m2 float8)
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT t.n::bigint, t.mean, (SELECT sum(s.m2 + s.n * (s.mean - t.mean) ^ 2 ORDER BY s.run)
			FROM journey.validation_sequence s JOIN journey.validation_run r ON r.run = s.run
			WHERE r.name = (this).name AND r.version = (this).version AND s.run BETWEEN validation_moments.since AND (this).run
				AND s.strategy = validation_moments.strategy)
	FROM (SELECT sum(s.n) AS n, sum(s.n * s.mean ORDER BY s.run) / sum(s.n)::float8 AS mean
		FROM journey.validation_sequence s JOIN journey.validation_run r ON r.run = s.run
		WHERE r.name = (this).name AND r.version = (this).version AND s.run BETWEEN validation_moments.since AND (this).run
			AND s.strategy = validation_moments.strategy) t;
END;
COMMENT ON FUNCTION journey.validation_moments(journey.validation_run, text, bigint) IS
'Number, mean and sum of squared deviations of a sequence over the runs of a version from run since up to this one.';

-- Where the sequence is to be narrowest, fixed by the first run.
CREATE FUNCTION journey.validation_planned_customers(definition journey.validation, this journey.validation_run) RETURNS bigint
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT coalesce(((definition).options ->> 'planned_customers')::bigint, greatest(1000, (SELECT s.n FROM journey.validation_sequence s
		JOIN journey.validation_run r ON r.run = s.run WHERE r.name = (this).name AND r.version = (this).version AND r.run <= (this).run
		ORDER BY s.run, s.n DESC LIMIT 1)));
END;
COMMENT ON FUNCTION journey.validation_planned_customers(journey.validation, journey.validation_run) IS
'The number of customers at which the sequences of a validation are narrowest: the option planned_customers, else the customers of the first run, at least 1000.';

-- How often the rarer of two outcomes was seen by strategy; no rows where there
-- are more than two.
CREATE FUNCTION journey.validation_rarer(definition journey.validation) RETURNS TABLE (strategy text, n bigint)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN QUERY EXECUTE format('
		WITH r AS (SELECT w.%1$I::text AS strategy, w.%2$I%3$s::float8 AS y FROM pg_temp.journey_validation_row w WHERE w.journey_fate = ''used''),
			ends AS (SELECT min(r.y) AS low, max(r.y) AS high FROM r)
		SELECT r.strategy, least(count(*) FILTER (WHERE r.y = e.low), count(*) FILTER (WHERE r.y = e.high)) FROM r, ends e
		WHERE NOT EXISTS (SELECT FROM r o WHERE o.y NOT IN (e.low, e.high)) GROUP BY r.strategy',
		definition.strategy, definition.outcome, journey.validation_cast(definition));
END $$;
COMMENT ON FUNCTION journey.validation_rarer(journey.validation) IS
'How often the rarer of two outcomes was seen by strategy among the rows of the session''s run; no rows for outcomes with more than two values.';

-- Sequences of bets, over the stored scores in the order of runs.
CREATE FUNCTION journey.validation_bets(definition journey.validation, this journey.validation_run, strategy text, champion text, alpha float8)
RETURNS TABLE (estimate float8, std_error float8, conf_low float8, conf_high float8, method text, e_value float8)
LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1
BEGIN ATOMIC
	WITH e AS MATERIALIZED (	-- once, not once a row
		SELECT (l.bounds[2] - l.bounds[1]) / 2 * (1 / (l.planned ->> validation_bets.strategy)::float8 + 1 / (l.planned ->> validation_bets.champion)::float8) AS far
		FROM (SELECT journey.validation_bounds(definition) AS bounds, journey.validation_planned((definition).options -> 'planned') AS planned OFFSET 0) l)
	SELECT (t.b).estimate, (t.b).std_error, (t.b).conf_low, (t.b).conf_high, (t.b).method, t.e_value
	FROM (SELECT journey.betting_sequence(d.x, -e.far, e.far, validation_bets.alpha) AS b, journey.betting_e_value(d.x, -e.far, e.far, 0, 'two.sided') AS e_value
	FROM (SELECT s.score - b.score AS x
		FROM journey.validation_run r
		JOIN journey.validation_row s ON s.run = r.run AND s.strategy = validation_bets.strategy
		JOIN journey.validation_row b ON b.run = s.run AND b.key = s.key AND b.strategy = validation_bets.champion
		WHERE r.name = (this).name AND r.version = (this).version AND r.run <= (this).run) d, e OFFSET 0) t;
END;
COMMENT ON FUNCTION journey.validation_bets(journey.validation, journey.validation_run, text, text, float8) IS
'The betting sequence of challenger minus champion over all customers scored so far, and the evidence against no difference.';

-- sequence_value, sequence_difference and reference_value of a run.
CREATE FUNCTION journey.validation_sequences(definition journey.validation, this journey.validation_run, champion text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	alpha float8 := coalesce((definition.options ->> 'alpha')::float8, 0.05);
	bets boolean := coalesce(definition.options ->> 'sequence' = 'betting', false);
	planned bigint := journey.validation_planned_customers(definition, this);
	arms integer := (SELECT count(DISTINCT s.strategy) - 1 FROM journey.validation_sequence s JOIN journey.validation_run r ON r.run = s.run
		WHERE r.name = this.name AND r.version = this.version AND r.run <= this.run);
BEGIN
	INSERT INTO journey.validation_result (run, metric, strategy, baseline, value, std_error, conf_low, conf_high, method, n, e_value, status)
	SELECT this.run, CASE WHEN s.strategy = champion THEN 'sequence_value' ELSE 'sequence_difference' END, s.strategy,
		CASE WHEN s.strategy <> champion THEN champion END, m.mean, sqrt(m.m2 / nullif(m.n - 1, 0) / m.n),
		CASE WHEN m.n >= 50 THEN b.conf_low END, CASE WHEN m.n >= 50 THEN b.conf_high END, 'confidence_sequence', m.n,
		CASE WHEN m.n >= 50 AND s.strategy <> champion THEN journey.confidence_sequence_e_value(m.n, m.mean, m.m2, planned, 0, alpha / arms) END,
		CASE WHEN m.n >= 50 THEN 'ok' ELSE 'too_few' END		-- R-DECIDE-4
	FROM (SELECT DISTINCT s.strategy FROM journey.validation_sequence s JOIN journey.validation_run r ON r.run = s.run
			WHERE r.name = this.name AND r.version = this.version AND r.run <= this.run) s,
		LATERAL journey.validation_moments(this, s.strategy) m
		LEFT JOIN LATERAL journey.confidence_sequence_bounds(m.n, m.mean, m.m2, planned, CASE WHEN s.strategy = champion THEN alpha ELSE alpha / arms END) b ON true;
	UPDATE journey.validation_result x SET conf_low = NULL, conf_high = NULL, e_value = NULL, status = 'too_few'
	WHERE x.run = this.run AND x.metric LIKE 'sequence%' AND EXISTS (SELECT FROM journey.validation_rarer(definition) f WHERE f.strategy IN (x.strategy, champion) AND f.n < 20);
	IF bets THEN
		UPDATE journey.validation_result x SET value = b.estimate, std_error = b.std_error, conf_low = b.conf_low, conf_high = b.conf_high, method = b.method, e_value = b.e_value,
			status = 'ok'
		FROM (SELECT r.strategy, b.* FROM journey.validation_result r, LATERAL journey.validation_bets(definition, this, r.strategy, champion, alpha / arms) b
			WHERE r.run = this.run AND r.metric = 'sequence_difference') b
		WHERE x.run = this.run AND x.metric = 'sequence_difference' AND x.strategy = b.strategy;
	END IF;
	INSERT INTO journey.validation_result (run, metric, strategy, value, std_error, conf_low, conf_high, method, n, status)
	SELECT this.run, 'reference_value', champion, s.mean, sqrt(s.m2 / nullif(s.n - 1, 0) / s.n), b.conf_low, b.conf_high, 'confidence_sequence', s.n,
		CASE WHEN s.n >= 50 THEN 'ok' ELSE 'too_few' END
	FROM (SELECT q.* FROM journey.validation_sequence q JOIN journey.validation_run r ON r.run = q.run
			WHERE r.name = this.name AND r.version = this.version AND r.run <= this.run AND q.strategy = champion ORDER BY q.run LIMIT 1) s
		-- R-DECIDE-2: one side of alpha / 2 is a quarter of alpha
		LEFT JOIN LATERAL journey.confidence_sequence_bounds(s.n, s.mean, s.m2, greatest(s.n, 10), alpha / 2) b ON s.n >= 50;
END $$;
COMMENT ON FUNCTION journey.validation_sequences(journey.validation, journey.validation_run, text) IS
'Writes the sequences of a run as they stand: the value of the champion, the difference of each challenger to it, and the reference of the champion.';

-- The run since which the champion lies lowest below what it was before, as
-- proven.  One sequence holds for all beginnings of the history, so the highest
-- of its lower ends before a run may be compared with what came since; the
-- first run alone would take three times as long to tell a fall.  Customers of
-- the first runs may agree by luck: deviations are at least those of all runs.
CREATE FUNCTION journey.validation_fall(definition journey.validation, this journey.validation_run, champion text,
	OUT since bigint, OUT n bigint, OUT upper float8, OUT reference float8)
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	WITH s AS (
		SELECT q.run, row_number() OVER (ORDER BY q.run) AS place, q.n, q.mean, q.m2, first_value(q.mean) OVER (ORDER BY q.run) AS middle,
			greatest(10, first_value(q.n) OVER (ORDER BY q.run)) AS first_n, sum(q.m2) OVER () / sum(q.n) OVER ()::float8 AS spread
		FROM journey.validation_sequence q JOIN journey.validation_run r ON r.run = q.run
		WHERE r.name = (this).name AND r.version = (this).version AND r.run <= (this).run AND q.strategy = champion),
	t AS (
		SELECT s.run, s.place, s.middle, s.first_n, s.spread, sum(s.n) OVER before AS n_before, sum(s.n) OVER after AS n_after,
			sum(s.n * (s.mean - s.middle)) OVER before AS sum_before, sum(s.n * (s.mean - s.middle)) OVER after AS sum_after,
			sum(s.m2 + s.n * (s.mean - s.middle) ^ 2) OVER before AS m2_before, sum(s.m2 + s.n * (s.mean - s.middle) ^ 2) OVER after AS m2_after
		FROM s WINDOW before AS (ORDER BY s.run ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
			after AS (ORDER BY s.run ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)),
	w AS (
		SELECT t.run, t.n_after, u.conf_high, max(l.conf_low) OVER (ORDER BY t.run) AS reference
		FROM t,
			-- one side of alpha / 2 is a quarter of alpha
			LATERAL journey.confidence_sequence_bounds(t.n_before::bigint, t.middle + t.sum_before / t.n_before::float8,
				greatest(t.m2_before - t.sum_before ^ 2 / t.n_before::float8, t.n_before * t.spread), t.first_n,
				coalesce(((definition).options ->> 'alpha')::float8, 0.05) / 2) l,
			-- 6 / (pi j)^2 adds up to one over all starts j
			LATERAL journey.confidence_sequence_bounds(t.n_after::bigint, t.middle + t.sum_after / t.n_after::float8,
				greatest(t.m2_after - t.sum_after ^ 2 / t.n_after::float8, t.n_after * t.spread), journey.validation_planned_customers(definition, this),
				coalesce(((definition).options ->> 'alpha')::float8, 0.05) / 2 * 6 / (pi() * (t.place - 1)) ^ 2) u
		WHERE t.place > 1 AND t.n_before >= 50 AND t.n_after >= 50)		-- R-DECIDE-4
	SELECT w.run, w.n_after, w.conf_high, w.reference FROM w ORDER BY w.conf_high - w.reference, w.run LIMIT 1;
END;
COMMENT ON FUNCTION journey.validation_fall(journey.validation, journey.validation_run, text) IS
'The strongest evidence that the champion fell: the run since which its value is counted, the upper end of that sequence, and the highest lower end of its value over the runs before.';

-- What this run alone says.
CREATE FUNCTION journey.validation_verdict(definition journey.validation, this journey.validation_run, champion text,
	OUT state text, OUT challenger text, OUT reason text)
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cost float8 := coalesce((definition.options ->> 'switching_cost')::float8, 0);
	margin float8 := coalesce((definition.options ->> 'margin')::float8, 0);
	weak text := (SELECT string_agg(format('"%s"', c.subject), ', ' ORDER BY c.subject COLLATE "C") FROM journey.validation_check c
		WHERE c.run = this.run AND c.check_name IN ('overlap', 'keys') AND c.status IN ('failed', 'warning'));
	best journey.validation_result;
	fall record;
BEGIN
	SELECT r.* INTO best FROM journey.validation_result r WHERE r.run = this.run AND r.metric = 'sequence_difference' AND r.value IS NOT NULL
		AND NOT EXISTS (SELECT FROM journey.validation_check c WHERE c.run = this.run AND c.subject = r.strategy AND c.check_name IN ('overlap', 'keys') AND c.status IN ('failed', 'warning'))
	ORDER BY r.conf_low DESC NULLS LAST, r.value DESC, r.strategy COLLATE "C" LIMIT 1;
	challenger := best.strategy;
	IF journey.validation_blocked(this.run) THEN
		state := 'BLOCKED';
		reason := 'The data cannot be trusted: ' || (SELECT string_agg(c.check_name || CASE c.subject WHEN '' THEN '' ELSE ' of "' || c.subject || '"' END || ' (' || c.detail || ')', '; ' ORDER BY c.check_name, c.subject)
			FROM journey.validation_check c WHERE c.run = this.run AND c.status = 'failed' AND c.check_name IN ('schema', 'freshness', 'volume', 'null_rate')) || '.';
		RETURN;
	END IF;
	IF journey.validation_unfair(this.run) THEN
		state := 'INVALID';
		reason := 'The comparison is not fair: ' || (SELECT string_agg(c.check_name || CASE c.subject WHEN '' THEN '' ELSE ' of "' || c.subject || '"' END || ' (' || c.detail || ')', '; ' ORDER BY c.check_name, c.subject)
			FROM journey.validation_check c WHERE c.run = this.run AND c.status = 'failed'
				AND c.check_name IN ('sample_ratio', 'sample_ratio_analysed', 'sample_ratio_week', 'missing_outcome', 'late_eligibility')) || '.';
		RETURN;
	END IF;
	state := 'INCONCLUSIVE';
	IF best IS NULL OR EXISTS (SELECT FROM journey.validation_check c WHERE c.run = this.run AND c.subject = champion AND c.check_name IN ('overlap', 'keys') AND c.status IN ('failed', 'warning')) THEN
		reason := CASE WHEN weak IS NOT NULL THEN format('Past decisions hardly tell about %s.', weak)
			ELSE 'No customer has been scored by earlier models yet.' END;
	ELSIF best.conf_low > cost THEN
		state := 'SWITCH';
		reason := format('"%s" beats "%s" by %s (%s to %s over all looks, %s customers)%s.', challenger, champion,
			journey.validation_say(best.value), journey.validation_say(best.conf_low), journey.validation_say(best.conf_high), best.n, CASE WHEN cost > 0 THEN format(', more than the cost of switching, %s', journey.validation_say(cost)) ELSE '' END);
	ELSE
		SELECT * INTO fall FROM journey.validation_fall(definition, this, champion);
		IF fall.upper < fall.reference - margin THEN
			state := 'DEGRADED';
			reason := format('"%s" fell below its own reference: at most %s since run %s (%s customers), at least %s before.', champion,
				journey.validation_say(fall.upper), fall.since, fall.n, journey.validation_say(fall.reference));
		ELSIF NOT EXISTS (SELECT FROM journey.validation_result r WHERE r.run = this.run AND r.metric = 'sequence_difference' AND (r.conf_high < margin) IS NOT TRUE) THEN
			state := 'KEEP';
			reason := format('No strategy beats "%s" by %s or more: the best, "%s", differs by %s (%s to %s over all looks, %s customers).', champion,
				journey.validation_say(margin), challenger, journey.validation_say(best.value), journey.validation_say(best.conf_low), journey.validation_say(best.conf_high), best.n);
		ELSE
			reason := CASE WHEN best.conf_low IS NULL THEN format('%s customers have been scored by earlier models: too few customers, or too few of the rarer outcome, to tell.', best.n)
				ELSE format('The best challenger "%s" differs from "%s" by %s (%s to %s over all looks, %s customers): that decides nothing.', challenger, champion,
					journey.validation_say(best.value), journey.validation_say(best.conf_low), journey.validation_say(best.conf_high), best.n) END
				|| CASE WHEN weak IS NULL THEN '' ELSE format(' Past decisions hardly tell about %s.', weak) END;
		END IF;
	END IF;
END $$;
COMMENT ON FUNCTION journey.validation_verdict(journey.validation, journey.validation_run, text) IS
'The state that a run alone speaks for, the challenger it is about, and the reason in words.';

-- A figure in words: four digits that count.
CREATE FUNCTION journey.validation_say(x float8) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN x = 0 THEN '0' WHEN x IN ('NaN', 'Infinity', '-Infinity') THEN x::text ELSE trim_scale(round(x::numeric, greatest(0, least(12, 3 - floor(log(abs(x)))::integer))))::text END;
END;
COMMENT ON FUNCTION journey.validation_say(float8) IS
'A figure as it stands in a sentence: rounded to four significant digits.';

-- R-DECIDE-3: the state of the run, a row, and a notice to who listens.
CREATE FUNCTION journey.validation_decide(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	champion text := journey.validation_champion(definition, this.run);
	before journey.validation_decision;
	verdict record;
	state text;
	note text;
BEGIN
	IF champion IS NULL THEN
		champion := (SELECT d.champion FROM journey.validation_decision d WHERE d.name = this.name AND d.run < this.run ORDER BY d.run DESC LIMIT 1);
	END IF;
	PERFORM journey.validation_sequences(definition, this, champion);
	SELECT * INTO verdict FROM journey.validation_verdict(definition, this, champion);
	SELECT d.* INTO before FROM journey.validation_decision d WHERE d.name = this.name AND d.run < this.run ORDER BY d.run DESC LIMIT 1;
	state := verdict.state;
	IF state = 'INCONCLUSIVE' AND before.state IN ('KEEP', 'SWITCH', 'DEGRADED') AND before.raw_state = before.state
		AND EXISTS (SELECT FROM journey.validation_run r WHERE r.run = before.run AND r.version = this.version) THEN
		state := before.state;
	END IF;
	INSERT INTO journey.validation_decision (name, run, state, previous_state, reason, raw_state, champion, challenger)
	VALUES (this.name, this.run, state, before.state,
		CASE WHEN state <> verdict.state THEN format('Stays %s until a second run in a row does not prove it. ', state) ELSE '' END || verdict.reason,
		verdict.state, champion, verdict.challenger);
	IF state IS DISTINCT FROM before.state THEN
		note := json_build_object('name', this.name, 'run', this.run, 'state', state, 'previous_state', before.state,
			'champion', left(champion, 200), 'challenger', left(verdict.challenger, 200), 'as_of', this.as_of, 'reason', left(verdict.reason, 1000))::text;
		IF octet_length(note) >= 8000 THEN		-- more than a notice can carry: the rest stands in the table
			note := json_build_object('name', this.name, 'run', this.run, 'state', state, 'previous_state', before.state)::text;
		END IF;
		PERFORM pg_notify('journey_validation', note);
	END IF;
END $$;
COMMENT ON FUNCTION journey.validation_decide(journey.validation, journey.validation_run) IS
'Writes the sequences and the decision of a run, and notifies channel journey_validation (JSON: name, run, state, previous_state, champion, challenger, as_of, reason) when the state changes.';
