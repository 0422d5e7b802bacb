-- Folds and leakage checks on public data: nothing is found where nothing was planted.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
\ir lib/close.psql
SELECT plan(6);
\if :shared_here
\ir lib/data.psql
CREATE FUNCTION pg_temp.traps(source text, target text, features text[]) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(trap || ' ' || detail, ', '), 'none') FROM journey.leakage_check(source, 'i', 'fold', target, NULL, features) WHERE status IN ('leak', 'suspect') $$;
SELECT is(pg_temp.traps('SELECT *, churn = ''Yes'' AS y, journey.fold(i, 10) AS fold FROM churn', 'y',
	'{female,senior_citizen,partner,tenure,multiple_lines,internet_service,contract,monthly_charges,total_charges,payment_method}'), 'none', 'telco churn is clean');
SELECT is(pg_temp.traps('SELECT *, journey.fold(i, 10) AS fold FROM lalonde', 're78', NULL), 'none', 'LaLonde is clean');
SELECT is(pg_temp.traps('SELECT *, journey.fold(i, 10) AS fold FROM lung', 'time', NULL), 'none', 'lung is clean');
SELECT matches(pg_temp.traps('SELECT *, journey.fold(i, 10) AS fold, churn = ''Yes'' AS y, CASE WHEN churn = ''Yes'' THEN ''final'' ELSE payment_method END AS invoice FROM churn', 'y', '{tenure,invoice}'), '^L6 feature invoice', 'an invoice that knows');
CREATE TABLE dealt AS SELECT c.i, c.churn, c.contract, f.fold FROM churn c
	JOIN journey.assign_folds('SELECT * FROM churn', 'i', 10, 'balanced', '{churn}') f ON f.key = c.i::text;
SELECT is((SELECT max(abs(n - a / 10.0)) <= 1 FROM (SELECT churn, fold, count(*) AS n FROM dealt GROUP BY 1, 2) x JOIN (SELECT churn, count(*) AS a FROM churn GROUP BY 1) y USING (churn)),
	true, 'both classes within one of their share');
SELECT is((SELECT array_agg(DISTINCT status) FROM journey.fold_report('dealt', 'i', 'fold', '{churn,contract}')), '{ok}', 'the report has nothing to say');
\else
SELECT skip('shared data absent', 6);
\endif
SELECT * FROM finish();
ROLLBACK;
