-- A search path full of look-alikes changes nothing: neither functions,
-- operators and types of a hostile schema, nor a temporary table that bears
-- the name of a catalogue.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(69);

CREATE TABLE public.hostile_events (customer_id bigint, ts timestamptz, touchpoint text, outcome boolean);
INSERT INTO public.hostile_events
SELECT c, timestamptz '2024-01-01' + (c * 7 + i * i) * interval '1 hour', chr(97 + (c * i) % 4), c % 3 = 0
FROM generate_series(1, 60) c, generate_series(1, 5) i;

-- What is asked, by name: only calls that exist.
CREATE TEMP TABLE question (name text, statement text);
INSERT INTO question VALUES
('path_agg', 'SELECT journey.path_agg(touchpoint, ts)::pg_catalog.text FROM public.hostile_events'),
('entropy', 'SELECT journey.entropy(ARRAY[''a'', ''b'', ''a''])::pg_catalog.text'),
('fold', 'SELECT pg_catalog.array_agg(journey.fold(customer_id, 10))::pg_catalog.text FROM public.hostile_events'),
('customer_features', 'SELECT pg_catalog.array_agg(f ORDER BY customer_id)::pg_catalog.text FROM journey.customer_features(''public.hostile_events'') f'),
('lint_events', 'SELECT pg_catalog.array_agg(l)::pg_catalog.text FROM journey.lint_events(''public.hostile_events'') l'),
('lyapunov', 'SELECT journey.lyapunov(journey.series_agg(pg_catalog.sin(customer_id::pg_catalog.float8), ts), fit_to => 5)::pg_catalog.text FROM public.hostile_events'),
('false_neighbours', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.false_neighbours((SELECT journey.series_agg(pg_catalog.sin(customer_id::pg_catalog.float8), ts) FROM public.hostile_events)) f'),
('sample_entropy', 'SELECT journey.sample_entropy(journey.series_agg(pg_catalog.sin(customer_id::pg_catalog.float8), ts))::pg_catalog.text FROM public.hostile_events'),
('markov_order', 'SELECT pg_catalog.array_agg(m)::pg_catalog.text FROM journey.markov_order(''public.hostile_events'') m'),
('redirect', 'SELECT pg_catalog.array_agg(r)::pg_catalog.text FROM journey.redirect(''public.hostile_events'', ''outcome'', ''a'', ''b'', ''c'', 0) r'),
('map_drift', 'SELECT pg_catalog.array_agg(d)::pg_catalog.text FROM journey.map_drift(''public.hostile_events'', ''SELECT * FROM public.hostile_events'', 9) d'),
('nonlinearity', 'SELECT pg_catalog.array_agg(n)::pg_catalog.text FROM journey.nonlinearity(''SELECT customer_id::pg_catalog.float8 AS y, pg_catalog.length(touchpoint) AS p, customer_id OPERATOR(pg_catalog.%) 3 AS n FROM public.hostile_events'', ''y'', ''p'', ''n'') n'),
('chaos_share', 'SELECT pg_catalog.array_agg(c)::pg_catalog.text FROM (SELECT c::pg_catalog.text FROM journey.chaos_share(''public.hostile_events'', ''outcome'', replicates => 20) c UNION ALL SELECT c::pg_catalog.text FROM journey.chaos_share(''public.hostile_events'', ''outcome'', ''model'', replicates => 20) c UNION ALL SELECT c::pg_catalog.text FROM journey.first_touch_effect(''public.hostile_events'', ''outcome'') c) c'),
('twin_divergence', 'SELECT pg_catalog.array_agg(t)::pg_catalog.text FROM journey.twin_divergence(''public.hostile_events'', permutations => 20) t'),
('recurring_patterns', 'SELECT pg_catalog.array_agg(p)::pg_catalog.text FROM journey.recurring_patterns(''public.hostile_events'', 3, 20, 5) p'),
('feature_twins', 'SELECT pg_catalog.array_agg(t)::pg_catalog.text FROM journey.feature_twins(''SELECT customer_id, ts, pg_catalog.sin(pg_catalog.date_part(''''epoch'''', ts)) AS value FROM public.hostile_events'', 2, 3, 5) t'),
('funnel', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.funnel(''public.hostile_events'', ARRAY[''a'', ''b''], ''7 days'') f'),
('window_funnel', 'SELECT pg_catalog.max(l)::pg_catalog.text FROM (SELECT journey.window_funnel(''7 days'', ts, touchpoint OPERATOR(pg_catalog.=) ''a'', touchpoint OPERATOR(pg_catalog.=) ''b'') AS l FROM public.hostile_events GROUP BY customer_id) s'),
('cohort_retention', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.cohort_retention(''public.hostile_events'', ''a'', ''b'', ''1 day'', 3) f'),
('transitions', 'SELECT pg_catalog.array_agg(t)::pg_catalog.text FROM journey.transitions(''public.hostile_events'') t'),
('outcome_map', 'SELECT pg_catalog.array_agg(o)::pg_catalog.text FROM journey.outcome_map(''public.hostile_events'', ''outcome'', 20) o'),
('patterns', 'SELECT pg_catalog.array_agg(p)::pg_catalog.text FROM journey.patterns(''public.hostile_events'', ''outcome'', min_support => 5) p'),
('nps', 'SELECT journey.nps(customer_id OPERATOR(pg_catalog.%) 11)::pg_catalog.text FROM public.hostile_events'),
('rfm', 'SELECT pg_catalog.array_agg(r ORDER BY customer_id)::pg_catalog.text FROM journey.rfm(''public.hostile_events'', ''a'', ''1 day'') r'),
('fit_trees', 'SELECT journey.fit_trees(''SELECT customer_id::pg_catalog.float8 AS y, outcome, touchpoint FROM public.hostile_events'', ''y'', NULL, trees => 5)::pg_catalog.text'),
('fit', 'SELECT journey.fit(''SELECT customer_id::pg_catalog.float8 AS y, outcome, touchpoint FROM public.hostile_events'', ''y'', NULL)::pg_catalog.text'),
('moments_agg', 'SELECT journey.moments_agg(journey.fold(customer_id, 10), customer_id::pg_catalog.float8, ARRAY[pg_catalog.length(touchpoint)::pg_catalog.float8])::pg_catalog.text FROM public.hostile_events'),
('assign_folds', 'SELECT pg_catalog.array_agg(f ORDER BY key)::pg_catalog.text FROM journey.assign_folds(''public.hostile_events'', ''customer_id'', 5, ''balanced'', ''{outcome}'') f'),
('rolling_origin', 'SELECT pg_catalog.array_agg(f ORDER BY split, row_number)::pg_catalog.text FROM journey.rolling_origin(''SELECT customer_id, ts, ts OPERATOR(pg_catalog.+) interval ''''1 hour'''' AS done FROM public.hostile_events'', ''customer_id'', ''ts'', ''done'', ''7 days'', ''7 days'') f'),
('fold_report', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.fold_report(''SELECT customer_id, outcome, journey.fold(customer_id, 4) AS fold FROM public.hostile_events'', ''customer_id'', ''fold'', ''{outcome}'') f'),
('leakage_check', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.leakage_check(''SELECT customer_id, ts, outcome, journey.fold(customer_id, 4) AS fold, ts OPERATOR(pg_catalog.+) interval ''''1 hour'''' AS matured_at, timestamptz ''''2030-01-01'''' AS observed_until, pg_catalog.length(touchpoint) AS x FROM public.hostile_events'', ''customer_id'', ''fold'', ''outcome'', ''ts'', ''{x}'') f'),
('connected_components', 'SELECT pg_catalog.array_agg(f ORDER BY id)::pg_catalog.text FROM journey.connected_components(''SELECT customer_id AS a, customer_id OPERATOR(pg_catalog./) 2 AS b FROM public.hostile_events'') f'),
('calibration', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.calibration(''SELECT (customer_id OPERATOR(pg_catalog.%) 7)::pg_catalog.float8 OPERATOR(pg_catalog./) 7 AS predicted, outcome AS observed FROM public.hostile_events'') f'),
('cross_validate', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.cross_validate(''SELECT customer_id, outcome, touchpoint FROM public.hostile_events'', ''outcome'', ''customer_id'', family => ''binomial'', repeats => 1) f'),
('compare_models', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.compare_models(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, touchpoint, pg_catalog.length(touchpoint) AS n FROM public.hostile_events'', ''y'', ''customer_id'', ''{"a": {"features": ["touchpoint"]}, "b": {"features": ["n"]}}'', repeats => 1) f'),
('nested_cv', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.nested_cv(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, touchpoint FROM public.hostile_events'', ''y'', ''customer_id'', penalty => ''ridge'', repeats => 1) f'),
('compare_strategies', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.compare_strategies(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, customer_id OPERATOR(pg_catalog.%) 2 AS s, pg_catalog.length(touchpoint) AS n FROM public.hostile_events'', ''y'', ''s'', ''customer_id'', ''{n}'', repeats => 1, planned => ''{"0": 1, "1": 1}'') f'),
('srm_test', 'SELECT journey.srm_test(ARRAY[53, 47])::pg_catalog.text'),
('strategy_checks', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.strategy_checks(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, customer_id OPERATOR(pg_catalog.%) 2 AS s, ts, pg_catalog.length(touchpoint) AS n FROM public.hostile_events'', ''y'', ''s'', ''customer_id'', ''{n}'', planned => ''{"0": 1, "1": 1}'', decided_at => ''ts'') f'),
('overlap_report', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.overlap_report(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, customer_id OPERATOR(pg_catalog.%) 2 AS s, pg_catalog.length(touchpoint) AS n FROM public.hostile_events'', ''y'', ''s'', ''customer_id'', ''{n}'') f'),
('learn_policy', 'SELECT journey.learn_policy(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, customer_id OPERATOR(pg_catalog.%) 2 AS s, pg_catalog.length(touchpoint) AS n FROM public.hostile_events'', ''y'', ''s'', ''customer_id'', ''{n}'', repeats => 1)::pg_catalog.text'),
('policy_value', 'SELECT pg_catalog.array_agg(f)::pg_catalog.text FROM journey.policy_value(''SELECT key, row_number, strategy, score, strategy OPERATOR(pg_catalog.=) ''''1'''' AS chosen FROM journey.strategy_scores(''''SELECT customer_id, customer_id::pg_catalog.float8 AS y, customer_id OPERATOR(pg_catalog.%) 2 AS s FROM public.hostile_events'''', ''''y'''', ''''s'''', ''''customer_id'''')'') f'),
('predict_sql', 'SELECT journey.predict_sql(journey.fit(''SELECT customer_id::pg_catalog.float8 AS y, touchpoint FROM public.hostile_events'', ''y'', NULL))'),
('permutation_entropy', 'SELECT journey.permutation_entropy(pg_catalog.array_agg(customer_id::pg_catalog.float8 ORDER BY ts, customer_id))::pg_catalog.text FROM public.hostile_events'),
('series_diagnosis', 'SELECT journey.series_diagnosis(pg_catalog.array_agg(customer_id::pg_catalog.float8 ORDER BY ts, customer_id), surrogates => 19)::pg_catalog.text FROM public.hostile_events'),
('early_warning', 'SELECT pg_catalog.array_agg(w)::pg_catalog.text FROM (SELECT pg_catalog.array_agg(customer_id::pg_catalog.float8 ORDER BY ts, customer_id) AS x FROM public.hostile_events) s, journey.early_warning(x, replicates => 20) w'),
('recurrence', 'SELECT journey.recurrence(pg_catalog.array_agg(touchpoint ORDER BY ts, customer_id))::pg_catalog.text FROM public.hostile_events'),
('source_columns', 'SELECT pg_catalog.array_agg(s)::pg_catalog.text FROM journey.source_columns(''public.hostile_events'') s'),
('source_rows', 'SELECT pg_catalog.array_agg(s)::pg_catalog.text FROM journey.source_rows(''SELECT customer_id, touchpoint FROM public.hostile_events'') AS s(touchpoint pg_catalog.text, customer_id pg_catalog.int8)'),
('data_fingerprint', 'SELECT journey.data_fingerprint(e) FROM public.hostile_events e'),
('svg_strategies', 'SELECT journey.svg_strategies(''SELECT customer_id, customer_id::pg_catalog.float8 AS y, customer_id OPERATOR(pg_catalog.%) 2 AS s FROM public.hostile_events'', ''y'', ''s'', ''customer_id'', repeats => 1)'),
('svg_retention', 'SELECT journey.svg_retention(''public.hostile_events'', ''a'', ''b'', ''1 day'', 3)'),
('svg_roc', 'SELECT journey.svg_roc(''SELECT (customer_id OPERATOR(pg_catalog.%) 7) AS predicted, outcome AS observed FROM public.hostile_events'')'),
('svg_funnel', 'SELECT journey.svg_funnel(''public.hostile_events'', ''{a,b}'', ''30 days'')'),
('svg_sankey', 'SELECT journey.svg_sankey(''public.hostile_events'', 3, 2)'),
('svg_chaos', 'SELECT journey.svg_chaos(''public.hostile_events'', ''outcome'', replicates => 20)'),
('svg_divergence', 'SELECT journey.svg_divergence(pg_catalog.array_agg(customer_id::pg_catalog.float8 ORDER BY ts, customer_id), dimension => 2) FROM public.hostile_events'),
('confidence_sequence', 'SELECT journey.confidence_sequence(customer_id, 100)::pg_catalog.text FROM public.hostile_events'),
('confidence_sequence_bounds', 'SELECT journey.confidence_sequence_bounds(100, 0.1, 99, 100)::pg_catalog.text'),
('confidence_sequence_e_value', 'SELECT journey.confidence_sequence_e_value(100, 0.1, 99, 100)::pg_catalog.text'),
('betting_sequence', 'SELECT journey.betting_sequence(customer_id, 0, 100, 0.05 ORDER BY ts, customer_id)::pg_catalog.text FROM public.hostile_events'),
('betting_e_value', 'SELECT journey.betting_e_value(customer_id, 0, 100, 50, ''less'' ORDER BY ts, customer_id)::pg_catalog.text FROM public.hostile_events'),
('page_hinkley', 'SELECT journey.page_hinkley(customer_id, 0.5, 10, ''both'' ORDER BY ts, customer_id)::pg_catalog.text FROM public.hostile_events'),
('psi', 'SELECT journey.psi(ARRAY[53, 47], ARRAY[40, 60])::pg_catalog.text'),
('drift', 'SELECT pg_catalog.array_agg(d)::pg_catalog.text FROM journey.drift(''public.hostile_events'', ''SELECT customer_id OPERATOR(pg_catalog.+) 9 AS customer_id, touchpoint, outcome FROM public.hostile_events'') d'),
('reference_bins', 'SELECT pg_catalog.array_agg(b)::pg_catalog.text FROM journey.reference_bins(''public.hostile_events'') b'),
('drift_against', 'SELECT pg_catalog.array_agg(d)::pg_catalog.text FROM journey.drift_against(''SELECT * FROM journey.reference_bins(''''public.hostile_events'''')'', ''public.hostile_events'') d'),
('simulate_truth', 'SELECT pg_catalog.array_agg(t)::pg_catalog.text FROM journey.simulate_truth() t');
CREATE FUNCTION pg_temp.ask(which text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; question text;
BEGIN
	SELECT q.statement INTO question FROM pg_temp.question q
	WHERE q.name OPERATOR(pg_catalog.=) which AND EXISTS (SELECT FROM pg_catalog.pg_proc p
		WHERE p.pronamespace OPERATOR(pg_catalog.=) 'journey'::pg_catalog.regnamespace AND p.proname OPERATOR(pg_catalog.=) which::pg_catalog.name);
	IF question IS NULL THEN RETURN 'no such call'; END IF;
	EXECUTE question INTO answer;
	RETURN answer;
END $$;
CREATE TEMP TABLE before AS SELECT name, pg_temp.ask(name) AS answer FROM question;

SELECT is_empty('SELECT name FROM before WHERE answer IS NULL OR answer = ''no such call''', 'every question has an answer');

\ir lib/look_alikes.psql
CREATE TEMP TABLE pg_class (oid oid);
CREATE TEMP TABLE pg_type (oid oid);

SET LOCAL search_path = hostile, pg_temp, pg_catalog, public;
CREATE TEMP TABLE after AS SELECT b.name, pg_temp.ask(b.name) AS answer FROM pg_temp.before b;
SET LOCAL search_path = public;

SELECT is(a.answer, b.answer, b.name || ' under a hostile search path')
FROM question q JOIN before b USING (name) JOIN after a USING (name);
SELECT * FROM finish();
ROLLBACK;
