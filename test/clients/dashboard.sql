-- The statements of a Grafana dashboard (:file), one a line in base64, and rules
-- over its panels as TAP.
\set content `cat :file`
\pset fieldsep '\t'
CREATE TEMP TABLE dashboard AS SELECT :'content'::jsonb AS d;
CREATE TEMP VIEW panel AS SELECT value AS p FROM dashboard, jsonb_array_elements(d -> 'panels');
CREATE TEMP VIEW statement AS
SELECT p ->> 'title' AS title, t ->> 'format' AS format, t ->> 'rawSql' AS sql, p FROM panel, jsonb_array_elements(p -> 'targets') t
UNION ALL SELECT 'annotation ' || (a ->> 'name'), a #>> '{target,format}', a #>> '{target,rawSql}', NULL
FROM dashboard, jsonb_array_elements(d #> '{annotations,list}') a WHERE a -> 'target' ? 'rawSql'
UNION ALL SELECT 'variable ' || (v ->> 'name'), 'table', v ->> 'query', NULL
FROM dashboard, jsonb_array_elements(d #> '{templating,list}') v WHERE v ->> 'type' = 'query';
-- $__timeFilter(x) as Grafana writes it, for the range of the dashboard
CREATE TEMP VIEW written AS
SELECT title, format, p, replace(replace(
	regexp_replace(sql, '\$__timeFilter\(([a-z_.]+)\)', format('\1 BETWEEN %L AND %L', now() - interval '180 days', now()), 'g'),
	'${validation:sqlstring}', (SELECT string_agg(quote_literal(name), ',') FROM journey.validation_latest)),
	-- a panel that is repeated has one value
	'${challenger:sqlstring}', (SELECT quote_literal(min(name || ': ' || strategy)) FROM journey.validation_history WHERE metric = 'sequence_difference')) AS sql
FROM statement;

SELECT CASE WHEN count(DISTINCT p -> 'id') = count(*) THEN 'ok' ELSE 'not ok' END || ' - every panel has an id of its own' FROM panel;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'not ok' END || ' - nothing of Grafana is left in the statements' || COALESCE(E'\n# ' || string_agg(sql, ' '), '')
FROM written WHERE sql ~ '\$';
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'not ok' END || ' - no two panels overlap' || COALESCE(E'\n# ' || string_agg((a.p ->> 'title') || ' and ' || (b.p ->> 'title'), ', '), '')
FROM panel a JOIN panel b ON (a.p ->> 'id')::integer < (b.p ->> 'id')::integer,
	LATERAL (SELECT a.p -> 'gridPos' AS g, b.p -> 'gridPos' AS h) s
WHERE int4range((g ->> 'x')::integer, (g ->> 'x')::integer + (g ->> 'w')::integer) && int4range((h ->> 'x')::integer, (h ->> 'x')::integer + (h ->> 'w')::integer)
AND int4range((g ->> 'y')::integer, (g ->> 'y')::integer + (g ->> 'h')::integer) && int4range((h ->> 'y')::integer, (h ->> 'y')::integer + (h ->> 'h')::integer);
-- what is coloured or formatted by name is a column of the statement
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'not ok' END || ' - overrides name columns' || COALESCE(E'\n# ' || string_agg(title || ': ' || name, ', '), '')
FROM (SELECT title, o #>> '{matcher,options}' AS name, sql FROM written, jsonb_array_elements(p #> '{fieldConfig,overrides}') o) s
WHERE sql !~ ('\m' || name || '\M');
-- every state that may come has a colour
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'not ok' END || ' - every state has a colour' || COALESCE(E'\n# ' || string_agg(title || ': ' || missing, ', '), '')
FROM (SELECT p ->> 'title' AS title, m #> '{options}' AS colours FROM panel, jsonb_path_query(p, '$.**.mappings[*]') m WHERE m -> 'options' ? 'KEEP'
	UNION ALL SELECT p ->> 'title', o #> '{value,0,options}' FROM panel, jsonb_path_query(p, '$.**.properties[*] ? (@.id == "mappings")') o WHERE o #> '{value,0,options}' ? 'KEEP') s,
	LATERAL (SELECT string_agg(state, ' ') AS missing FROM (SELECT (regexp_matches(pg_get_constraintdef(oid), '''([A-Z]+)''', 'g'))[1] AS state
		FROM pg_constraint WHERE conrelid = 'journey.validation_decision'::regclass AND contype = 'c') c WHERE NOT colours ? state) l
WHERE missing IS NOT NULL;
SELECT 'statement', title, format, translate(encode(convert_to(sql, 'UTF8'), 'base64'), E'\n', '') FROM written;
