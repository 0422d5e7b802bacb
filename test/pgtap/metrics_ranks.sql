-- Metrics of ranks: average precision, lift, weighted AUC, concordance, and
-- their intervals (numbers of test/oracles/metrics.py and metrics.R).
BEGIN;
SET LOCAL jit = off;
SET LOCAL client_min_messages = warning;
\ir lib/close.psql
SELECT plan(29);

CREATE TABLE ten AS
SELECT i, p, y FROM unnest('{.9,.9,.8,.5,.5,.5,.5,.3,.2,.1}'::float8[], '{1,0,1,1,0,0,1,0,1,0}'::float8[])
	WITH ORDINALITY u(p, y, i);
SELECT is(round(journey.average_precision(p, y)::numeric, 15), 0.573015873015873, 'R-RANK-1 average precision, not the trapezoid') FROM ten;
SELECT is(journey.average_precision(-p, y = 1), journey.average_precision(-p, y), 'boolean outcome') FROM ten;
SELECT is(journey.average_precision(0.3, y), 0.5::float8, 'a constant score gives the share of positives') FROM ten;
SELECT pg_temp.numbers_are($$SELECT array_agg(l ORDER BY f) FROM (SELECT f, journey.lift(p, y, f) AS l FROM unnest('{.9,.7,.7,.7,.4,.4,.1}'::float8[], '{1,0,1,1,0,1,0}'::float8[]) u(p, y), unnest('{.1,.3,.5,.7,.85,1}'::float8[]) f GROUP BY f) s$$,
	'{1.75,1.36111111111111,1.3125,1.225,1.16666666666667,1}', 'R-RANK-2 lift by all orders of the ties', 1e-14);
SELECT is(round(journey.lift(i, i > 93, 0.07)::numeric, 12), round(100 / 7.0, 12), 'R-RANK-2 7 % of 100 rows are 7 rows, not 8') FROM generate_series(1, 100) i;
SELECT is(journey.lift(i, i > 990, 0.0001), 100::float8, 'at least one row is taken') FROM generate_series(1, 1000) i;
SELECT is(journey.lift(p, y, 0.3, 7), 4 / 3.0::float8, 'equal weights, a whole number of rows') FROM ten;

CREATE TABLE formula AS
SELECT i, p, (((i * 104729) % 97) / 97.0::float8 + p > 0.9) AS y, ((i * 31) % 57)::text AS c, (1 + i % 3)::float8 AS w,
	((i * 37) % 50 + 1)::float8 AS t, (i * 13) % 10 < 6 AS e
FROM (SELECT i, ((i * 7919) % 101) / 128.0::float8 + 1 / 256.0::float8 AS p FROM generate_series(1, 400) i) s;
SELECT pg_temp.numbers_are('SELECT ARRAY[journey.average_precision(p, y), journey.average_precision(p, y, w), journey.auc(p, y, w)] FROM formula',
	'{0.741179226616833,0.735515324447562,0.761701236250852}', 'scikit-learn, without and with weights', 1e-14);
SELECT pg_temp.numbers_are('SELECT ARRAY[(a).estimate, (a).std_error, (b).estimate, (b).std_error, (c).estimate, (c).std_error] FROM (SELECT journey.concordance_ci(p, t, e) AS a, journey.concordance_ci(p, t, e::int, c) AS b, journey.concordance_ci(p, t, e, w, c) AS c FROM formula) s',
	'{0.495616007194,0.022065154915,0.4956160071942,0.0247880710899,0.4987493494939,0.0252803938657}', 'R-CON-1 R-CON-2 concordance by R: rows, clusters, weights', 1e-11);
SELECT is(journey.concordance(p, t, e), (journey.concordance_ci(p, t, e, c)).estimate, 'concordance agrees with concordance_ci') FROM formula;
SELECT ok((a).estimate = (b).estimate AND (a).std_error <> (b).std_error AND (a).method = 'jackknife' AND (b).method = 'jackknife_clustered'
	AND (b).conf_low BETWEEN 0.44 AND 0.45 AND (b).conf_high BETWEEN 0.54 AND 0.55, 'its interval') FROM (SELECT journey.concordance_ci(p, t, e) AS a, journey.concordance_ci(p, t, e, c) AS b FROM formula) s;
SELECT is(ARRAY[journey.concordance(r, t, e), journey.concordance(-r, t, e)], ARRAY[9 / 11.0::float8, 2 / 11.0::float8], 'of 11 comparable pairs, ties in time by hand')
FROM (VALUES (4, 1, 1), (3, 2, 1), (1, 2, 0), (2, 3, 1), (1.5, 4, 0), (3.5, 4, 0)) v(r, t, e);

-- a weighted row is as many rows of its cluster
SELECT ok(pg_temp.near((a).std_error, (b).std_error, 1e-12) AND pg_temp.near((a).estimate, (b).estimate, 1e-14), 'R-RANK-3 weighted AUC by repeated rows')
FROM (SELECT journey.auc_ci(p, y, w, c) AS a FROM formula) s, (SELECT journey.auc_ci(p, y, c) AS b FROM formula, generate_series(1, w::int)) r;
SELECT is((SELECT array_agg(round(x::numeric, 12)) FROM unnest(ARRAY[journey.auc(p, y, 1), journey.average_precision(p, y, 2), journey.lift(p, y, 0.25, 3), journey.concordance(p, t, e, 4)]) x),
	(SELECT array_agg(round(x::numeric, 12)) FROM unnest(ARRAY[journey.auc(p, y), journey.average_precision(p, y), journey.lift(p, y, 0.25), journey.concordance(p, t, e)]) x), 'equal weights change nothing') FROM formula;

-- the bootstrap: the right size, and the same bits every time
SELECT ok((l).estimate = journey.lift(p, y, 0.2) AND (l).conf_low < (l).estimate AND (l).estimate < (l).conf_high AND (l).conf_high <= 5 AND (l).method = 'bootstrap', 'lift_ci')
FROM formula, (SELECT journey.lift_ci(p, y, 0.2) AS l FROM formula) s GROUP BY l;
SELECT ok((a).estimate = journey.average_precision(p, y) AND abs((a).conf_high - 1 / (1 + exp(-ln((a).estimate / (1 - (a).estimate)) - 1.959963984540054 * (a).std_error / ((a).estimate * (1 - (a).estimate))))) < 1e-12,
	'average_precision_ci is symmetric in the logit') FROM formula, (SELECT journey.average_precision_ci(p, y) AS a FROM formula) s GROUP BY a;
SELECT ok((own).std_error BETWEEN 0.9 * (plain).std_error AND 1.1 * (plain).std_error, 'clusters of one row: another draw of the same error')
FROM (SELECT journey.average_precision_ci(p, y) AS plain, journey.average_precision_ci(p, y, i::text) AS own FROM formula) s;
SELECT ok((b).std_error / (a).std_error BETWEEN 1.35 AND 1.48, 'every row twice in its cluster: the error of half the rows')
FROM (SELECT journey.average_precision_ci(p, y) AS a FROM formula, generate_series(1, 2)) x, (SELECT journey.average_precision_ci(p, y, i::text) AS b FROM formula, generate_series(1, 2)) s;

CREATE TABLE many AS
SELECT i, ((i * 7919) % 1007) / 1024.0::float8 AS p, (i * 104729) % 97 < 40 AS y, 'c' || (i % 713) AS c, (i % 4)::float8 AS w FROM generate_series(1::bigint, 3000) i;
ANALYZE many;
CREATE TABLE shuffled AS SELECT * FROM many ORDER BY journey.hash64(i);
CREATE FUNCTION pg_temp.all_ranks(tab regclass) RETURNS text LANGUAGE plpgsql AS
$$DECLARE t text; BEGIN EXECUTE format('SELECT concat_ws(''|'', journey.average_precision(p, y), journey.auc(p, y, w), journey.auc_ci(p, y, w, c), journey.average_precision_ci(p, y, c), journey.lift_ci(p, y, 0.1), journey.concordance_ci(p, i, y, w, c)) FROM %s', tab) INTO t; RETURN t; END$$;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS SELECT pg_temp.all_ranks('many') AS r;
SELECT is(pg_temp.all_ranks('shuffled'), r, 'R-ROWS-1 shuffled rows, same bits') FROM serial;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT is(pg_temp.all_ranks('many'), r, 'R-ROWS-1 parallel plan, same bits') FROM serial;
SET LOCAL max_parallel_workers_per_gather = 0;

-- edges
SELECT is(ROW(journey.average_precision(p, y), journey.lift(p, y, 0.1), journey.concordance(p, i, y), journey.auc(p, y, 1)), ROW(NULL::float8, NULL::float8, NULL::float8, NULL::float8), 'no rows: NULL') FROM ten WHERE false;
SELECT is(ROW(journey.average_precision(p, 0), journey.lift(p, false, 0.1), journey.concordance(p, i, 0), journey.auc(p, 1, 1)), ROW(NULL::float8, NULL::float8, NULL::float8, NULL::float8), 'no positive, no event, one class: NULL') FROM ten;
SELECT is(ARRAY[journey.average_precision_ci(p, y), journey.lift_ci(p, y, 0.5, 'x'), journey.concordance_ci(p, i, false)],
	ARRAY[ROW(0.5, NULL, NULL, NULL, 3, 'bootstrap'), ROW(1.5, NULL, NULL, NULL, 3, 'bootstrap_clustered'), ROW(NULL, NULL, NULL, NULL, 3, 'jackknife')]::journey.estimate[],
	'R-RANK-5 R-CON-3 too little for an error') FROM (VALUES (1, 0.9, 0), (2, 0.9, 1), (3, 0.1, 0)) v(i, p, y);

-- refusals
CREATE FUNCTION pg_temp.refusal(call text) RETURNS text LANGUAGE plpgsql AS
$$BEGIN EXECUTE 'SELECT ' || call || ' FROM (VALUES (0.5::float8, 1::float8, 0.25::float8), (0.25, 0, 0.75)) v(p, y, z)'; RETURN 'accepted'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END$$;
SELECT is((SELECT string_agg(pg_temp.refusal(call), E'\n' ORDER BY o) FROM unnest(ARRAY['journey.lift(p, y, z)', 'journey.lift(p, y, 0)', 'journey.lift_ci(p, y, 1.5)', 'journey.lift(p, y, NULL)',
	'journey.concordance(p, z, z)', 'journey.concordance(''NaN'', z, y)', 'journey.concordance(p, ''Infinity'', y)', 'journey.auc(p, y, -1)', 'journey.auc_ci(p, y, 1, NULL)', 'journey.average_precision(p, 2)']) WITH ORDINALITY u(call, o)),
	'22023 fraction is 0.25 and 0.75 in different rows, it must be the same in all
22023 fraction is 0, it must be above 0 and at most 1
22023 fraction is 1.5, it must be above 0 and at most 1
22004 fraction must not be null
22023 event is 0.25, it must be 0 or 1
22003 risk is NaN, it must be a finite number
22003 time is Infinity, it must be a finite number
22023 weight is -1, it must not be negative
22004 cluster must not be null
22023 observed value is 2, it must be 0 or 1', 'refusals');
SELECT is((journey.auc_ci(p, y, 0, NULL)), NULL, 'nothing is asked of a row of weight 0') FROM ten;

-- public data
\if :shared_here
CREATE TEMP TABLE kidney (id integer, "time" float8, status integer, age float8, sex integer, disease text, frail float8);
\copy kidney FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/survival/kidney.csv' CSV HEADER
CREATE TEMP TABLE wa (i serial, churn text, female text, senior text, partner text, dependents text, tenure float8, s1 text, s2 text, s3 text, s4 text, s5 text, s6 text, s7 text, s8 text, s9 text, contract text, p1 text, p2 text, monthly_charges float8, total text);
\copy wa (churn, female, senior, partner, dependents, tenure, s1, s2, s3, s4, s5, s6, s7, s8, s9, contract, p1, p2, monthly_charges, total) FROM PROGRAM 'cat "$JOURNEY_TAP_SHARED"/data/telco_churn/wa_churn.csv' CSV HEADER
CREATE TEMP TABLE heldout AS SELECT observed::int AS y, predicted AS p FROM journey.out_of_fold('SELECT *, churn = ''Yes'' AS churned, (i - 1) % 10 + 1 AS f FROM wa', 'churned', NULL, '{tenure,monthly_charges,contract}', 'binomial', fold => 'f');
SELECT pg_temp.numbers_are('SELECT ARRAY[(c).estimate, (c).std_error, (d).std_error] FROM (SELECT journey.concordance_ci(age, time, status) AS c, journey.concordance_ci(age, time, status, id::text) AS d FROM kidney) s',
	'{0.50253807107,0.043939082563,0.0504260846969}', 'concordance of age with the kidney data', 1e-10);
SELECT pg_temp.numbers_are('SELECT ARRAY[(a).estimate, (a).std_error, journey.log_loss(p, y), journey.brier(p, y), journey.average_precision(p, y)] FROM heldout, (SELECT journey.auc_ci(p, y) AS a FROM heldout) s GROUP BY a',
	'{0.82627991586,0.0052075696866,0.43714138935,0.14372111195,0.61062362908}', 'telco churn, out of fold', 1e-9);
SELECT pg_temp.numbers_are('SELECT array_agg(CASE WHEN term = ''intercept'' THEN 1 + estimate ELSE estimate END ORDER BY term) FROM journey.calibration_line(''SELECT p AS predicted, y AS observed FROM heldout'')',
	'{0.00041297327817,0.9971896823624,0.99458616353}', 'telco churn, calibration line', 1e-6);
SELECT ok((a).std_error BETWEEN 0.008 AND 0.016 AND (a).conf_low < 0.61062362908 AND (a).conf_high > 0.61062362908, 'telco churn, average_precision_ci') FROM (SELECT journey.average_precision_ci(p, y) AS a FROM heldout) s;
\else
SELECT skip('the shared data are not here', 4);
\endif
SELECT * FROM finish();
ROLLBACK;
