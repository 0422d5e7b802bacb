-- monitoring: every night by pg_cron, and what to remove when.
--
-- R-SCHED-1	A job is named after its validation, so scheduling again changes it.
-- R-SCHED-2	Without pg_cron nothing pretends to be scheduled.
-- R-SCHED-3	Runs, figures and decisions are kept for ever; what can be large
--				goes: scores of single customers and rows behind pictures.

-- Where pg_cron's functions are, or an error that says how to get it.
CREATE FUNCTION journey.validation_cron_schema() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
		RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'pg_cron is not installed in this database',
			HINT = 'Install the package postgresql-N-cron, add pg_cron to shared_preload_libraries, set cron.database_name to this database, restart, and CREATE EXTENSION pg_cron. Any other scheduler can run CALL journey.validate(name) as well.';
	END IF;
	RETURN (SELECT quote_ident(n.nspname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
		JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'pg_cron'
		WHERE p.proname = 'schedule' LIMIT 1);
END $$;
COMMENT ON FUNCTION journey.validation_cron_schema() IS
'The schema of pg_cron''s functions. Errors: 0A000 when pg_cron is not installed, with how to get it.';

CREATE FUNCTION journey.schedule_validation(name text, schedule text) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cron text := journey.validation_cron_schema();
	job bigint;
BEGIN
	PERFORM journey.validation_own(name);
	IF schedule IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'schedule must not be NULL',
			HINT = 'Write it as cron does: ''0 3 * * *'' is every night at three.';
	END IF;
	EXECUTE format('SELECT %s.schedule($1, $2, $3)', cron) INTO job
	USING 'journey.validate ' || name, schedule, format('CALL journey.validate(%L)', name);
	RETURN job;
END $$;
COMMENT ON FUNCTION journey.schedule_validation(text, text) IS
'Runs a validation by pg_cron on this schedule (cron''s syntax, as in ''0 3 * * *'') as the current role; gives the number of the job. Scheduling again changes the schedule. Errors: 0A000 without pg_cron, 42704 for an unknown name, those of pg_cron for a bad schedule.';

CREATE FUNCTION journey.unschedule_validation(name text) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	cron text := journey.validation_cron_schema();
	scheduled boolean;
	gone boolean;
BEGIN
	IF NOT EXISTS (SELECT FROM journey.validation v WHERE v.name = name) THEN
		PERFORM journey.validation_live(name);
	END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM %s.job WHERE jobname = $1 AND username = current_user)', cron) INTO scheduled USING 'journey.validate ' || name;
	IF NOT scheduled THEN
		RETURN false;
	END IF;
	EXECUTE format('SELECT %s.unschedule($1)', cron) INTO gone USING 'journey.validate ' || name;
	RETURN gone;
END $$;
COMMENT ON FUNCTION journey.unschedule_validation(text) IS
'Ends the schedule of a validation; false when it had none. Errors: 0A000 without pg_cron, 42704 for an unknown name.';

CREATE FUNCTION journey.purge_validation(older_than interval) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	removed bigint := 0;
	n bigint;
	before timestamptz;
BEGIN
	IF older_than IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'older_than must not be NULL';
	END IF;
	IF older_than < '0'::interval THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('older_than cannot be %s', older_than), HINT = 'It is an interval from zero on, as in ''90 days''.';
	END IF;
	BEGIN
		before := clock_timestamp() - older_than;
	EXCEPTION WHEN datetime_field_overflow THEN
		before := '-infinity';	-- before all time
	END;
	-- Scores that a live validation needs stay: bets are placed on them anew,
	-- and without a clock they alone tell which customers are known.
	DELETE FROM journey.validation_row s USING journey.validation_run r
	JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE s.run = r.run AND r.finished_at < before
		AND NOT (v.active AND (v.options ->> 'matured_at' IS NULL OR coalesce(v.options ->> 'sequence' = 'betting', false)));
	GET DIAGNOSTICS n = ROW_COUNT;
	removed := removed + n;
	-- the pictures of the last run of each name stay
	DELETE FROM journey.validation_chart c USING journey.validation_run r
	WHERE c.run = r.run AND r.finished_at < before
		AND EXISTS (SELECT FROM journey.validation_run o WHERE o.name = r.name AND o.status = 'done' AND o.run > r.run);
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN removed + n;
END $$;
COMMENT ON FUNCTION journey.purge_validation(interval) IS
'Removes what can be large of runs that finished longer ago: scores of single customers (not those that a live validation still needs) and rows behind pictures (not of the last run); gives the number of rows removed. Runs, figures, checks, sequences and decisions stay. Errors: 22023 for a negative interval, 22004 for NULL.';
