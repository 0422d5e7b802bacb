-- monitoring: one run, step by step, each step a transaction.
--
-- R-RUN-1	What a step writes and that it was done are committed together, so
--			killed at any moment and called again a run ends in the same rows.
-- R-RUN-2	A step never asks the clock: as_of is fixed when the run begins.
-- R-RUN-3	One session at a time per name; another is told at once.
-- R-RUN-4	Same version, rows and window: no new run.
-- R-RUN-5	A failed step leaves the run failed, with its error, and raises it.
-- R-RUN-6	Whose definition it is runs it: what a definition reads is not run
--			with the rights of a superuser who did not write it.

CREATE FUNCTION journey.validation_steps() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['read', 'check', 'drift', 'compare', 'sequence', 'pictures', 'decide'];
COMMENT ON FUNCTION journey.validation_steps() IS
'The steps of a run in their order.';

CREATE FUNCTION journey.validation_lock_key(name text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN journey.hash64(('journey.validate:'::text OPERATOR(pg_catalog.||) name), 0);
COMMENT ON FUNCTION journey.validation_lock_key(text) IS
'The advisory lock that a session holds while it runs the validation of this name.';

CREATE FUNCTION journey.validation_lock(lock_key bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- a call cancelled between two steps has left its lock to the session
	WHILE EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.objsubid = 1
			AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
			AND (l.classid::bigint << 32 | l.objid::bigint) = lock_key) LOOP
		PERFORM pg_advisory_unlock(lock_key);
	END LOOP;
	RETURN pg_try_advisory_lock(lock_key);
END $$;
COMMENT ON FUNCTION journey.validation_lock(bigint) IS
'Takes the lock of a validation for the session, once, whatever an earlier call left behind; false when another session has it.';

-- Everything a run has written but itself.
CREATE FUNCTION journey.validation_clear(run bigint, keep_checks boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	DELETE FROM journey.validation_reference f USING journey.validation_run r
	WHERE r.run = run AND f.name = r.name AND f.version = r.version
		AND NOT EXISTS (SELECT FROM journey.validation_run o WHERE o.name = r.name AND o.version = r.version AND o.status = 'done');
	DELETE FROM journey.validation_result t WHERE t.run = run;
	DELETE FROM journey.validation_check t WHERE t.run = run AND NOT keep_checks;
	DELETE FROM journey.validation_decision t WHERE t.run = run;
	DELETE FROM journey.validation_row t WHERE t.run = run;
	DELETE FROM journey.validation_sequence t WHERE t.run = run;
	DELETE FROM journey.validation_chart t WHERE t.run = run;
END $$;
COMMENT ON FUNCTION journey.validation_clear(bigint, boolean) IS
'Removes what a run has written, so that it can begin anew; of a failed run the checks stay.';

-- A run whose session ended, if there is one: marked abandoned.
CREATE FUNCTION journey.validation_abandon(name text, OUT run bigint, OUT as_of timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	UPDATE journey.validation_run r SET status = 'abandoned', finished_at = clock_timestamp(), estimated_end = NULL
	WHERE r.name = name AND r.status = 'running';
	SELECT r.run, r.as_of INTO run, as_of FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.name = name AND r.status = 'abandoned' AND v.active
		AND r.run = (SELECT max(o.run) FROM journey.validation_run o WHERE o.name = name);
END $$;
COMMENT ON FUNCTION journey.validation_abandon(text) IS
'Marks the runs of a name as abandoned whose session ended (the caller holds the lock), and gives the last one if it can be resumed.';

-- The run to work on: the one left behind when it is for the same moment, or a new one.
CREATE FUNCTION journey.validation_begin(name text, as_of timestamptz, left_run bigint, left_as_of timestamptz, OUT run bigint, OUT resumed boolean)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	live journey.validation := journey.validation_live(name);
	mark text;
BEGIN
	resumed := left_run IS NOT NULL AND (as_of IS NULL OR as_of = left_as_of);
	IF resumed THEN
		UPDATE journey.validation_run r SET status = 'running', finished_at = NULL, backend = pg_backend_pid() WHERE r.run = left_run;
		run := left_run;
		RETURN;
	END IF;
	PERFORM journey.validation_clear(left_run, true);		-- a run that is not resumed counts nobody
	INSERT INTO journey.validation_run AS r (name, version, status, steps, as_of, seed, extension_version, server_version, query_fingerprint)
	VALUES (name, live.version, 'running', cardinality(journey.validation_steps()), coalesce(as_of, clock_timestamp()), coalesce((live.options ->> 'seed')::bigint, 0),
		(SELECT e.extversion FROM pg_extension e WHERE e.extname = 'journey'), current_setting('server_version'), live.fingerprint)
	RETURNING r.run INTO run;
END $$;
COMMENT ON FUNCTION journey.validation_begin(text, timestamptz, bigint, timestamptz) IS
'Begins a run, or takes up again the one that was left behind when it is for the same moment or no moment is asked for.';

-- Step 1: the rows, counted and fingerprinted; false when a run has them already.
CREATE FUNCTION journey.validation_read(definition journey.validation, this journey.validation_run, force boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rows_mark text := (SELECT journey.data_fingerprint(r) FROM pg_temp.journey_validation_row r);
	last journey.validation_run;
	same bigint;
	lag interval := (definition.options ->> 'max_age')::interval;
	newest timestamptz;
BEGIN
	UPDATE journey.validation_run r SET n_rows = t.n_rows, n_keys = t.n_keys, dropped = t.dropped, window_from = t.low, window_to = t.high, data_fingerprint = rows_mark,
		n_matured = t.n_matured,
		schema_fingerprint = (SELECT encode(sha256(convert_to(s.source_schema::text, 'UTF8')), 'hex') FROM pg_temp.journey_validation_schema s)
	FROM (SELECT count(*) FILTER (WHERE w.journey_fate = 'used') AS n_rows, count(DISTINCT w.journey_key) FILTER (WHERE w.journey_fate = 'used') AS n_keys,
			jsonb_build_object('immature', count(*) FILTER (WHERE w.journey_fate = 'immature'), 'no_outcome', count(*) FILTER (WHERE w.journey_fate = 'no_outcome'),
				'before_window', count(*) FILTER (WHERE w.journey_fate = 'before_window')) AS dropped,
			min(w.journey_at) FILTER (WHERE w.journey_fate = 'used') AS low, max(w.journey_at) FILTER (WHERE w.journey_fate = 'used') AS high,
			count(*) FILTER (WHERE w.journey_fate IN ('used', 'no_outcome') AND w.journey_at >= p.as_of) AS n_matured
		FROM (SELECT max(e.as_of) AS as_of FROM journey.validation_earlier(this) e) p
			LEFT JOIN pg_temp.journey_validation_row w ON true GROUP BY p.as_of) t
	WHERE r.run = this.run;
	UPDATE journey.validation_run r SET n_matured = NULL
	WHERE r.run = this.run AND (r.window_to IS NULL OR NOT EXISTS (SELECT FROM journey.validation_earlier(this)));
	SELECT r.* INTO last FROM journey.validation_run r WHERE r.name = this.name AND r.version = this.version AND r.status = 'done' ORDER BY r.run DESC LIMIT 1;
	newest := (SELECT max(w.journey_at) FROM pg_temp.journey_validation_row w WHERE w.journey_fate <> 'immature');
	IF NOT force THEN		-- R-RUN-4; but data that grew stale meanwhile are news
		same := CASE WHEN last.data_fingerprint = rows_mark
				AND (this.as_of - newest > lag) IS NOT DISTINCT FROM (last.as_of - newest > lag)
				AND (lag IS NOT NULL OR NOT journey.validation_stale(definition, this, newest) OR journey.validation_blocked(last.run)) THEN last.run
			ELSE (SELECT max(r.run) FROM journey.validation_run r WHERE r.name = this.name AND r.version = this.version AND r.status = 'done'
				AND r.as_of = this.as_of AND r.data_fingerprint = rows_mark) END;
		IF same IS NOT NULL THEN
			RAISE NOTICE USING MESSAGE = format('validation "%s": run %s has the same definition, window and data; nothing to do', this.name, same);
			UPDATE journey.validation_run r SET confirmed_at = clock_timestamp() WHERE r.run = same;
			PERFORM journey.validation_clear(this.run);
			DELETE FROM journey.validation_run r WHERE r.run = this.run;
			RETURN false;
		END IF;
	END IF;
	IF this.as_of < last.as_of THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('as_of %s lies before that of run %s, %s', this.as_of, last.run, last.as_of),
			DETAIL = 'A history that looks back would count customers twice.',
			HINT = 'Runs go forward in time; compare older data by journey.compare_strategies(), or define another validation.';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_temp.journey_validation_row w WHERE w.journey_fate = 'used') THEN
		RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('validation "%s" has no matured row before %s', this.name, this.as_of),
			DETAIL = (SELECT format('%s rows: %s immature, %s without an outcome, %s before the window.', count(*), count(*) FILTER (WHERE w.journey_fate = 'immature'),
				count(*) FILTER (WHERE w.journey_fate = 'no_outcome'), count(*) FILTER (WHERE w.journey_fate = 'before_window')) FROM pg_temp.journey_validation_row w),
			HINT = 'Wait until outcomes are known, or look at the columns that matured_at and the outcome name.';
	END IF;
	RETURN true;
END $$;
COMMENT ON FUNCTION journey.validation_read(journey.validation, journey.validation_run, boolean) IS
'Counts and fingerprints the rows of a run; false, and the run is gone, when an earlier run has the same rows. Errors: 22023 when as_of goes back, P0002 when no row has matured.';

CREATE FUNCTION journey.validation_stale(definition journey.validation, this journey.validation_run, newest timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
	SELECT coalesce(extract(epoch FROM (this).as_of - newest) / 3600 > (SELECT c.threshold FROM journey.validation_check c JOIN journey.validation_run r ON r.run = c.run
		WHERE r.name = (this).name AND r.version = (this).version AND r.status = 'done' AND c.check_name = 'freshness' ORDER BY r.run DESC LIMIT 1), false);
END;
COMMENT ON FUNCTION journey.validation_stale(journey.validation, journey.validation_run, timestamptz) IS
'True when the newest row is older than the last run of the version allowed.';

-- The comparison on the window, as compare_strategies() gives it.
CREATE FUNCTION journey.validation_compare(definition journey.validation, this journey.validation_run) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	o jsonb := definition.options;
BEGIN
	INSERT INTO journey.validation_result (run, metric, strategy, value, std_error, conf_low, conf_high, method, n, baseline, p_value, q_value, status, verdict)
	SELECT this.run, m.metric, c.strategy, m.value, m.std_error, m.conf_low, m.conf_high, c.method, c.n,
		CASE m.metric WHEN 'difference' THEN c.baseline END, CASE m.metric WHEN 'difference' THEN c.p_value END, CASE m.metric WHEN 'difference' THEN c.q_value END, c.status, c.verdict
	FROM journey.compare_strategies(source => 'SELECT * FROM pg_temp.journey_validation_row WHERE journey_fate <> ''before_window''',
			outcome => definition.outcome, strategy => definition.strategy, key => definition.key, features => definition.features,
			baseline => o ->> 'baseline', propensity => journey.validation_propensity(definition), method => coalesce(o ->> 'method', 'aipw'),
			k => coalesce((o ->> 'folds')::integer, 10), repeats => coalesce((o ->> 'repeats')::integer, 5), seed => this.seed, planned => o -> 'planned',
			decided_at => o ->> 'decided_at', matured_at => o ->> 'matured_at', eligible_at => o ->> 'eligible_at', as_of => CASE WHEN o ?| '{matured_at,decided_at}' THEN this.as_of END) c,
		LATERAL (VALUES ('value', c.value, c.value_se, c.value_low, c.value_high), ('difference', c.difference, c.std_error, c.conf_low, c.conf_high))
			m(metric, value, std_error, conf_low, conf_high)
	WHERE m.metric = 'value' OR c.strategy <> c.baseline;
END $$;
COMMENT ON FUNCTION journey.validation_compare(journey.validation, journey.validation_run) IS
'Writes value and difference of every strategy on the window of a run, as journey.compare_strategies().';

-- R-RUN-6, wherever the source of a stored definition is about to be run.
CREATE FUNCTION journey.validation_guard(definition journey.validation) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT pg_has_role(definition.owner, 'USAGE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format('validation "%s" belongs to role %s', definition.name, definition.owner);
	END IF;
	IF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = current_user AND r.rolsuper)
		AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = definition.owner AND r.rolsuper) THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = format('validation "%s" belongs to role %s and would run with the rights of a superuser', definition.name, definition.owner),
			HINT = format('SET ROLE %s first.', definition.owner);
	END IF;
END $$;
COMMENT ON FUNCTION journey.validation_guard(journey.validation) IS
'Refuses (42501) to run a definition with the rights of a superuser who is not its owner, or for who has not the rights of its owner.';

-- The next step of a run: true while there are more.
CREATE FUNCTION journey.validation_step(run bigint, force boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE COST 100000
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
	this journey.validation_run := (SELECT r FROM journey.validation_run r WHERE r.run = run);
	definition journey.validation := (SELECT v FROM journey.validation v WHERE v.name = this.name AND v.version = this.version);
	loaded boolean := coalesce((SELECT s.value = run::text FROM (SELECT current_setting('journey_validation.loaded', true) AS value) s), false)
		AND to_regclass('pg_temp.journey_validation_row') IS NOT NULL;
	step text;
	trusted boolean;
BEGIN
	PERFORM journey.validation_guard(definition);
	IF NOT loaded THEN		-- the first step, or another session had begun
		PERFORM journey.validation_load(definition, this.as_of);
		PERFORM set_config('journey_validation.loaded', run::text, false);
		IF this.step > 0 AND this.data_fingerprint IS DISTINCT FROM (SELECT journey.data_fingerprint(r) FROM pg_temp.journey_validation_row r) THEN
			PERFORM journey.validation_clear(run);		-- the rows changed meanwhile: begin anew with what there is
			this.step := 0;
		END IF;
	END IF;
	step := (journey.validation_steps())[this.step + 1];
	trusted := NOT journey.validation_blocked(run);
	IF step = 'read' THEN
		IF NOT journey.validation_read(definition, this, force) THEN
			RETURN false;
		END IF;
	ELSIF step = 'check' THEN
		PERFORM journey.validation_checks(definition, this);
	ELSIF step = 'drift' AND trusted THEN
		PERFORM journey.validation_drift(definition, this);
	ELSIF step = 'compare' AND trusted THEN
		PERFORM journey.validation_compare(definition, this);
	ELSIF step = 'sequence' AND trusted AND NOT journey.validation_unfair(run) THEN
		UPDATE journey.validation_run r SET n_new = journey.validation_prequential(definition, this) WHERE r.run = run;
	ELSIF step = 'pictures' AND trusted THEN
		PERFORM journey.validation_exhibits(definition, this);
	ELSIF step = 'decide' THEN
		PERFORM journey.validation_decide(definition, this);
	END IF;
	UPDATE journey.validation_run r SET step = this.step + 1, step_name = (journey.validation_steps())[this.step + 2],
		status = CASE WHEN this.step + 1 = r.steps THEN 'done' ELSE 'running' END,
		finished_at = CASE WHEN this.step + 1 = r.steps THEN clock_timestamp() END,
		estimated_end = CASE WHEN this.step + 1 < r.steps THEN clock_timestamp() + (clock_timestamp() - r.started_at) / (this.step + 1) * (r.steps - this.step - 1) END,
		n_new = CASE WHEN this.step + 1 = r.steps THEN coalesce(r.n_new, 0) ELSE r.n_new END
	WHERE r.run = run;
	IF this.step + 1 = this.steps THEN
		PERFORM journey.validation_forget('{journey_validation_row,journey_validation_key,journey_validation_schema}');
		PERFORM set_config('journey_validation.loaded', '', false);
		RETURN false;
	END IF;
	RETURN true;
END $$;
COMMENT ON FUNCTION journey.validation_step(bigint, boolean) IS
'Does the next step of a run and notes that it was done; false after the last. In a session that has not read the rows they are read again; if they changed meanwhile, the run begins anew.';

CREATE FUNCTION journey.validation_fail(run bigint, code text, message text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM journey.validation_clear(run, true);
	UPDATE journey.validation_run r SET status = 'failed', error = message, error_code = code, finished_at = clock_timestamp(), estimated_end = NULL WHERE r.run = run;
	PERFORM journey.validation_forget('{journey_validation_row,journey_validation_key,journey_validation_schema,journey_validation_event}');
	PERFORM set_config('journey_validation.loaded', '', false);
END $$;
COMMENT ON FUNCTION journey.validation_fail(bigint, text, text) IS
'Marks a run as failed, with its error.';

-- An error as it was; what it does not say is left out.
CREATE FUNCTION journey.validation_raise(code text, message text, detail text, hint text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF detail <> '' AND hint <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail, HINT = hint;
	ELSIF detail <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail;
	ELSIF hint <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, HINT = hint;
	END IF;
	RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
END $$;
COMMENT ON FUNCTION journey.validation_raise(text, text, text, text) IS
'Raises an error with this SQLSTATE, message, detail and hint, the latter two where they are not empty.';

-- What must hold before anything is done.
CREATE FUNCTION journey.validation_admit(name text, as_of timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	live journey.validation := journey.validation_own(name);
BEGIN
	IF journey.validation_in_transaction_block() THEN
		RAISE EXCEPTION USING ERRCODE = 'active_sql_transaction', MESSAGE = 'journey.validate() cannot run inside a transaction block',
			HINT = 'It commits step by step. Call it outside BEGIN, with autocommit on.';
	END IF;
	PERFORM journey.validation_guard(live);
	IF NOT isfinite(as_of) OR as_of > clock_timestamp() THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('as_of %s lies in the future', as_of),
			HINT = 'A run can only know what is known now.';
	END IF;
	RETURN journey.validation_lock_key(name);
END $$;
COMMENT ON FUNCTION journey.validation_admit(text, timestamptz) IS
'The lock key of a validation, once its name, the caller and the moment are fit to run. Errors: 42704 unknown name, 25001 in a transaction block, 42501 a superuser for a role that is none, 22023 a moment in the future.';

-- A committing procedure cannot fix its search path by a clause; it is set
-- inside, anew after each commit, and every name below is qualified.
CREATE PROCEDURE journey.validate(name text, as_of timestamptz DEFAULT NULL, force boolean DEFAULT false)
LANGUAGE plpgsql
AS $$
DECLARE
	lock_key bigint;
	left_run bigint;
	left_as_of timestamptz;
	current_run bigint;
	resumed boolean;
	more boolean;
	failed boolean := false;
	code text;
	message text;
	detail text;
	hint text;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	lock_key := journey.validation_admit(name, as_of);
	COMMIT;		-- where that is not allowed, as in a function, it fails before the lock is taken
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	IF NOT journey.validation_lock(lock_key) THEN		-- R-RUN-3
		RAISE EXCEPTION USING ERRCODE = 'lock_not_available', MESSAGE = pg_catalog.format('validation "%s" is already running', name),
			HINT = 'Its progress stands in journey.validation_run.';
	END IF;
	LOOP
		BEGIN
			SELECT a.run, a.as_of INTO left_run, left_as_of FROM journey.validation_abandon(name) a;
		EXCEPTION WHEN query_canceled OR OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			failed := true;
		END;
		EXIT WHEN failed;
		COMMIT;
		PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
		BEGIN
			SELECT b.run, b.resumed INTO current_run, resumed FROM journey.validation_begin(name, as_of, left_run, left_as_of) b;
		EXCEPTION WHEN query_canceled OR OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			failed := true;
		END;
		EXIT WHEN failed;
		COMMIT;
		more := true;
		WHILE more LOOP
			PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
			BEGIN
				more := journey.validation_step(current_run, force);		-- R-RUN-1
			EXCEPTION WHEN query_canceled OR OTHERS THEN
				GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
				failed := true;
			END;
			EXIT WHEN failed;
			COMMIT;
		END LOOP;
		-- a run taken up again for its own moment is followed by one for now
		EXIT WHEN failed OR NOT resumed OR as_of IS NOT NULL;
	END LOOP;
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	IF failed AND current_run IS NOT NULL THEN		-- R-RUN-5
		BEGIN
			PERFORM journey.validation_fail(current_run, code, message);
		EXCEPTION WHEN query_canceled OR OTHERS THEN
			NULL;		-- the next call finds the run left behind; the first error is the one to tell
		END;
		COMMIT;
	END IF;
	PERFORM pg_catalog.pg_advisory_unlock(lock_key);
	IF failed THEN
		PERFORM journey.validation_raise(code, message, detail, hint);
	END IF;
END $$;
COMMENT ON PROCEDURE journey.validate(text, timestamptz, boolean) IS
'Runs a validation: reads the source once, checks the data and the assignment, compares strategies on the window, scores the customers that are new, and decides. Commits after each step, so that journey.validation_run shows how far it is; must not be called inside a transaction block. as_of: the moment whose knowledge is used (NULL: now). The same definition, window and data make no new run (NOTICE) unless force. A run whose session ended is marked abandoned and taken up again where it stood. A failed run is recorded with its error, which is raised. A change of the decision notifies channel journey_validation. Errors: 42704 unknown or dropped name, 55P03 already running, 22023 as_of in the future or before the last run, P0002 no matured row, 42501 no right on the source, or a superuser for the definition of a role that is none; errors of the source and its columns.';
