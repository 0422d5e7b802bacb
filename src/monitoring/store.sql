-- monitoring: what continuous validation keeps.  Definitions with versions,
-- runs, results in long form, checks, decisions; views of plain columns for BI.
--
-- R-STORE-1	Rows belong to the role that made the definition; row security
--				shows them to roles that have its rights, and to readers of
--				all data.  Identity is the role's OID, not its name.  A name
--				belongs to whom its versions belong: no other role adds one, nor
--				a run or a decision under it, which readers would take for its
--				owner's.
-- R-STORE-2	Definitions are never changed: a change is a new version, and
--				runs point at the version they used.
-- R-STORE-3	Everything is dumped and restored with its data.
-- Definition: reference/validation.md 5.2.

CREATE TABLE journey.validation (
	name text NOT NULL CHECK (name <> '' AND length(name) <= 200),
	version integer NOT NULL CHECK (version >= 1),
	source text NOT NULL,
	outcome text NOT NULL,
	strategy text NOT NULL,
	key text,
	features text[] NOT NULL,
	options jsonb NOT NULL,
	active boolean NOT NULL DEFAULT true,
	owner regrole NOT NULL,
	search_path text NOT NULL,
	source_schema jsonb NOT NULL,
	fingerprint text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX validation_one_active ON journey.validation (name) WHERE active;
COMMENT ON TABLE journey.validation IS
'Definitions of continuous validations, one row per name and version, written by journey.define_validation(). The version with active is the live one; a dropped name has none. owner: the role it belongs to; search_path: under which the source is read; source_schema: name, type and collation of the columns used; fingerprint: hash of all that makes a version.';

CREATE SEQUENCE journey.validation_run_number;
COMMENT ON SEQUENCE journey.validation_run_number IS 'Numbers of the runs in journey.validation_run.';

CREATE TABLE journey.validation_run (
	run bigint PRIMARY KEY DEFAULT nextval('journey.validation_run_number'),
	name text NOT NULL,
	version integer NOT NULL,
	status text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'abandoned')),
	step integer NOT NULL DEFAULT 0,
	steps integer NOT NULL,
	step_name text,
	percent float8 GENERATED ALWAYS AS (100.0 * step / steps) STORED,
	estimated_end timestamptz,
	as_of timestamptz NOT NULL,
	started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	finished_at timestamptz,
	confirmed_at timestamptz,
	n_rows bigint,
	n_keys bigint,
	n_matured bigint,
	n_new bigint,
	dropped jsonb,
	window_from timestamptz,
	window_to timestamptz,
	seed bigint NOT NULL,
	extension_version text NOT NULL,
	server_version text NOT NULL,
	schema_fingerprint text,
	query_fingerprint text,
	data_fingerprint text,
	error text,
	error_code text,
	backend integer NOT NULL DEFAULT pg_backend_pid(),
	FOREIGN KEY (name, version) REFERENCES journey.validation (name, version)
);
CREATE INDEX validation_run_name ON journey.validation_run (name, run);
COMMENT ON TABLE journey.validation_run IS
'Runs of journey.validate(), one row each. status: running, done, failed (error and error_code say why), abandoned (its session ended). step of steps, percent and estimated_end move while it runs. as_of: what was known then was used; window_from and window_to: first and last maturity of the rows used. n_rows: matured rows used, n_keys: their keys, n_matured: rows that matured since the last run that was not blocked (NULL in the first run of a version, or without a clock); n_new: customers new to the sequence; dropped: rows left out, by reason. confirmed_at: when a later call last found the same data and made no new run. Fingerprints: of the columns, of the definition and of the rows, see journey.data_fingerprint().';

CREATE TABLE journey.validation_result (
	run bigint NOT NULL REFERENCES journey.validation_run (run) ON DELETE CASCADE,
	metric text NOT NULL,
	strategy text NOT NULL,
	value float8,
	std_error float8,
	conf_low float8,
	conf_high float8,
	method text NOT NULL,
	n bigint,
	baseline text,
	p_value float8,
	q_value float8,
	e_value float8,
	status text,
	verdict text,
	PRIMARY KEY (run, metric, strategy)
);
COMMENT ON TABLE journey.validation_result IS
'Figures of runs in long form. metric: value and difference (cross-fitted on the window, as journey.compare_strategies() with the method named), sequence_value and sequence_difference (over customers scored once, by models frozen before them; the interval holds at all looks together), reference_value (of the first run of the version). For a difference strategy is the challenger, baseline the champion. e_value: evidence against no difference; it counts from 1 / alpha on, times the number of challengers.';

CREATE TABLE journey.validation_check (
	run bigint NOT NULL REFERENCES journey.validation_run (run) ON DELETE CASCADE,
	check_name text NOT NULL,
	status text NOT NULL,
	statistic float8,
	threshold float8,
	detail text,
	subject text NOT NULL DEFAULT '',
	p_value float8,
	PRIMARY KEY (run, check_name, subject)
);
COMMENT ON TABLE journey.validation_check IS
'What had to hold before the figures of a run were believed: freshness, volume, schema, null_rate; sample_ratio (assigned, analysed, by week), missing_outcome, late_eligibility, overlap and the other gates of journey.strategy_checks(); and, as context that decides nothing, drift, map_drift, page_hinkley and picture (one that could not be made). status: ok, failed, warning, drift, not_tested. subject: the strategy, feature or touchpoint it is about, else empty. threshold: where statistic (or for sample_ratio its p_value) fails.';

CREATE TABLE journey.validation_decision (
	name text NOT NULL,
	run bigint PRIMARY KEY REFERENCES journey.validation_run (run) ON DELETE CASCADE,
	state text NOT NULL CHECK (state IN ('BLOCKED', 'INVALID', 'INCONCLUSIVE', 'KEEP', 'SWITCH', 'DEGRADED')),
	previous_state text,
	reason text NOT NULL,
	decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	raw_state text NOT NULL,
	champion text,
	challenger text,
	acknowledged_by text,
	acknowledged_at timestamptz
);
COMMENT ON TABLE journey.validation_decision IS
'The decision of every finished run. state: BLOCKED (the data cannot be trusted), INVALID (the comparison is not fair), INCONCLUSIVE, KEEP (the champion is not worse), SWITCH (the challenger is better by more than the cost of switching), DEGRADED (the champion fell below what it was before). raw_state: what this run alone says; state follows it at once on evidence, else at the second run in a row. acknowledged_by and acknowledged_at are for people to fill.';

CREATE TABLE journey.validation_row (
	run bigint NOT NULL REFERENCES journey.validation_run (run) ON DELETE CASCADE,
	key text NOT NULL,
	strategy text NOT NULL,
	score float8,
	n integer NOT NULL,
	assigned integer,
	observed float8,
	PRIMARY KEY (run, key, strategy)
);
COMMENT ON TABLE journey.validation_row IS
'Out-of-sample scores: one row per customer and strategy, in the run that first saw the customer mature. key: hashed (journey.validation_key_hash()) unless the definition asks for keys in the clear; score: mean doubly robust score of its n rows, by models fitted on earlier customers only; assigned: how many of the rows got the strategy; observed: their mean outcome. Customers that only trained the first models have strategy (training) and no score. The difference of two strategies'' scores of a customer is an observation of the sequence. Removed by journey.purge_validation(); the sequence goes on from journey.validation_sequence.';

CREATE TABLE journey.validation_sequence (
	run bigint NOT NULL REFERENCES journey.validation_run (run) ON DELETE CASCADE,
	strategy text NOT NULL,
	n bigint NOT NULL,
	mean float8 NOT NULL,
	m2 float8 NOT NULL,
	PRIMARY KEY (run, strategy)
);
COMMENT ON TABLE journey.validation_sequence IS
'What the new customers of a run add to the sequences: number, mean and sum of squared deviations of the score of the champion (its own name) and of challenger minus champion (the name of the challenger).';

CREATE TABLE journey.validation_reference (
	name text NOT NULL,
	version integer NOT NULL,
	feature text NOT NULL,
	bin integer NOT NULL,
	upper float8,
	label text,
	n bigint NOT NULL,
	PRIMARY KEY (name, version, feature, bin),
	FOREIGN KEY (name, version) REFERENCES journey.validation (name, version)
);
COMMENT ON TABLE journey.validation_reference IS
'Bins of features frozen by the first run of a version, against which later runs measure drift: as journey.reference_bins() gives them.';

CREATE TABLE journey.validation_chart (
	run bigint NOT NULL REFERENCES journey.validation_run (run) ON DELETE CASCADE,
	chart text NOT NULL,
	place integer NOT NULL,
	series text,
	label text,
	target text,
	x float8,
	y float8,
	low float8,
	high float8,
	n bigint,
	PRIMARY KEY (run, chart, place)
);
COMMENT ON TABLE journey.validation_chart IS
'Rows behind the pictures of journey.report(). funnel: label is the step, n its customers, y their share of the first. sankey: from label to target in step x, y customers. chaos: label is the touchpoint, y its share between low and high, series its status. calibration: y observed between low and high where x was predicted, n rows.';

-- R-STORE-3
SELECT pg_catalog.pg_extension_config_dump('journey.validation', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_run', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_run_number', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_result', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_check', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_decision', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_row', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_sequence', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_reference', '');
SELECT pg_catalog.pg_extension_config_dump('journey.validation_chart', '');

-- R-STORE-1
ALTER TABLE journey.validation ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation FOR SELECT USING (pg_catalog.pg_has_role(owner, 'USAGE'));
CREATE POLICY own_deleted ON journey.validation FOR DELETE USING (pg_catalog.pg_has_role(owner, 'USAGE'));
CREATE POLICY own_added ON journey.validation FOR INSERT WITH CHECK (pg_catalog.pg_has_role(owner, 'USAGE')
	AND (version = 1 OR EXISTS (SELECT FROM journey.validation v
		WHERE v.name = validation.name AND v.version = validation.version - 1 AND pg_catalog.pg_has_role(v.owner, 'USAGE'))));
CREATE POLICY own_changed ON journey.validation FOR UPDATE USING (pg_catalog.pg_has_role(owner, 'USAGE')) WITH CHECK (pg_catalog.pg_has_role(owner, 'USAGE')
	AND (version = 1 OR EXISTS (SELECT FROM journey.validation v
		WHERE v.name = validation.name AND v.version = validation.version - 1 AND pg_catalog.pg_has_role(v.owner, 'USAGE'))));
CREATE POLICY readers ON journey.validation FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_run ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_run USING (EXISTS (SELECT FROM journey.validation v
	WHERE v.name = validation_run.name AND v.version = validation_run.version AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
-- numbers to come are nobody's: one taken beforehand would end the run of another
CREATE POLICY numbered ON journey.validation_run AS RESTRICTIVE FOR INSERT WITH CHECK
	(run <= pg_catalog.pg_sequence_last_value('journey.validation_run_number'::pg_catalog.regclass));
CREATE POLICY renumbered ON journey.validation_run AS RESTRICTIVE FOR UPDATE WITH CHECK
	(run <= pg_catalog.pg_sequence_last_value('journey.validation_run_number'::pg_catalog.regclass));
CREATE POLICY readers ON journey.validation_run FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_reference ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_reference USING (EXISTS (SELECT FROM journey.validation v
	WHERE v.name = validation_reference.name AND v.version = validation_reference.version AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
CREATE POLICY readers ON journey.validation_reference FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_result ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_result USING (EXISTS (SELECT FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = validation_result.run AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
CREATE POLICY readers ON journey.validation_result FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_check USING (EXISTS (SELECT FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = validation_check.run AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
CREATE POLICY readers ON journey.validation_check FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_decision USING (EXISTS (SELECT FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = validation_decision.run AND r.name = validation_decision.name AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
CREATE POLICY readers ON journey.validation_decision FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_row USING (EXISTS (SELECT FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = validation_row.run AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
ALTER TABLE journey.validation_sequence ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_sequence USING (EXISTS (SELECT FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = validation_sequence.run AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
CREATE POLICY readers ON journey.validation_sequence FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));
ALTER TABLE journey.validation_chart ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON journey.validation_chart USING (EXISTS (SELECT FROM journey.validation_run r JOIN journey.validation v ON v.name = r.name AND v.version = r.version
	WHERE r.run = validation_chart.run AND pg_catalog.pg_has_role(v.owner, 'USAGE')));
CREATE POLICY readers ON journey.validation_chart FOR SELECT USING (pg_catalog.pg_has_role('pg_read_all_data', 'USAGE'));

GRANT SELECT, INSERT, UPDATE, DELETE ON journey.validation, journey.validation_run, journey.validation_result,
	journey.validation_check, journey.validation_decision, journey.validation_row, journey.validation_sequence,
	journey.validation_reference, journey.validation_chart TO PUBLIC;
GRANT USAGE ON SEQUENCE journey.validation_run_number TO PUBLIC;

CREATE VIEW journey.validation_latest WITH (security_invoker = true) AS
SELECT v.name, r.run, d.state, d.previous_state, d.reason, d.decided_at, d.champion, d.challenger,
	s.value AS difference, s.conf_low, s.conf_high, s.method, s.n AS n_customers,
	r.version, r.as_of, r.started_at, r.finished_at, r.confirmed_at, r.n_rows, r.n_keys, r.n_new,
	l.run AS last_run, l.status AS last_status, l.error AS last_error
FROM journey.validation v
LEFT JOIN LATERAL (SELECT * FROM journey.validation_run x WHERE x.name = v.name AND x.status = 'done' ORDER BY x.run DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT * FROM journey.validation_run x WHERE x.name = v.name ORDER BY x.run DESC LIMIT 1) l ON true
LEFT JOIN journey.validation_decision d ON d.run = r.run
LEFT JOIN journey.validation_result s ON s.run = r.run AND s.metric = 'sequence_difference' AND s.strategy = d.challenger
WHERE v.active;
COMMENT ON VIEW journey.validation_latest IS
'Where each live validation stands: one row per live definition with its last finished run, the decision, and the difference of the challenger to the champion over all customers scored so far. last_run, last_status and last_error are of the last run whatever became of it. NULLs before the first run.';

CREATE VIEW journey.validation_history WITH (security_invoker = true) AS
SELECT r.name, r.run, r.version, r.as_of, r.finished_at, s.metric, s.strategy, s.baseline, s.value, s.std_error,
	s.conf_low, s.conf_high, s.method, s.n, s.p_value, s.q_value, s.e_value, s.status, d.state, d.previous_state
FROM journey.validation_run r
JOIN journey.validation_result s ON s.run = r.run
LEFT JOIN journey.validation_decision d ON d.run = r.run
WHERE r.status = 'done';
COMMENT ON VIEW journey.validation_history IS
'Every figure of every finished run in long form, with the time and the decision of the run: filter by name, metric and strategy, and chart value, conf_low and conf_high over as_of.';

CREATE VIEW journey.validation_alerts WITH (security_invoker = true) AS
SELECT d.name, d.run, d.state, d.previous_state, d.reason, d.decided_at, r.as_of, r.version, d.champion, d.challenger,
	d.acknowledged_by, d.acknowledged_at
FROM journey.validation_decision d
JOIN journey.validation_run r ON r.run = d.run
WHERE d.state IN ('BLOCKED', 'INVALID', 'SWITCH', 'DEGRADED') AND d.state IS DISTINCT FROM d.previous_state;
COMMENT ON VIEW journey.validation_alerts IS
'Changes of state that ask for action: a run whose state became BLOCKED, INVALID, SWITCH or DEGRADED.';

GRANT SELECT ON journey.validation_latest, journey.validation_history, journey.validation_alerts TO PUBLIC;
