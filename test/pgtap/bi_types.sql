-- What a BI tool sees: the outermost columns of views, tables and functions that
-- give rows are of plain types, so that every client has a number, a text or a
-- timestamp in its hand and never a type of ours.
--
-- R-BI-1	Views have columns of plain types only.
-- R-BI-2	Functions that give rows (set-returning, or with several results)
--			have columns of plain types, except those named and argued below.
-- R-BI-3	Tables have columns of plain types, except those named below, none
--			of which a view shows.
-- R-BI-4	No column of ours takes a type of ours: composites are values (a
--			model, an estimate), taken apart by (value).field.
--
-- test/clients asks real clients for the same.
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT plan(9);

CREATE TEMP TABLE plain (type regtype) ON COMMIT DROP;
INSERT INTO plain VALUES ('bigint'), ('integer'), ('float8'), ('text'), ('boolean'), ('timestamptz');

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
WHERE e.extname = 'journey' AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e';
CREATE TEMP VIEW relation_column AS
SELECT c.relname::text AS relation, c.relkind, a.attname::text AS name, a.atttypid::regtype AS type
FROM member m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm');
CREATE TEMP VIEW function_column AS
SELECT DISTINCT p.proname::text AS function, u.name, u.type::regtype AS type
FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid,
	LATERAL unnest(p.proargmodes, p.proargnames, p.proallargtypes) u(mode, name, type)
WHERE p.prokind = 'f' AND u.mode IN ('o', 't', 'b');

-- R-BI-1
SELECT cmp_ok((SELECT count(DISTINCT relation) FROM relation_column WHERE relkind = 'v'), '>=', 3::bigint, 'R-BI-1 there are views');
SELECT is_empty($$SELECT relation, name, type FROM relation_column
	WHERE relkind IN ('v', 'm') AND type NOT IN (SELECT type FROM plain)$$, 'R-BI-1 views have plain columns');

-- R-BI-2
CREATE TEMP TABLE argued (function text, name text, type regtype, because text) ON COMMIT DROP;
INSERT INTO argued VALUES
('customer_features', 'touchpoints', 'text[]', 'as many touchpoints as the customer has; unnest(touchpoints, counts) makes rows of them'),
('customer_features', 'counts', 'integer[]', 'goes with touchpoints'),
('funnel_customers', 'step_at', 'timestamptz[]', 'as many as there are steps in the call; step_at[2] is one of them'),
('funnel_customers', 'seconds', 'float8[]', 'goes with step_at'),
('sessions', 'path', 'text[]', 'a path of any length; array_to_string(path, '' > '') shows it'),
('paths', 'path', 'text[]', 'as sessions'),
('patterns', 'pattern', 'text[]', 'as sessions'),
('recurring_patterns', 'pattern', 'text[]', 'as sessions'),
('fold_report', 'strata', 'jsonb', 'counts by the columns the caller names; jsonb_each() makes rows of them'),
('fold_report', 'p_values', 'jsonb', 'goes with strata'),
-- the same type as the caller's key, and only where asked for by customer_type
('customer_features', 'customer_id', 'uuid', 'a key of type uuid'),
('support_metrics', 'customer_id', 'uuid', 'a key of type uuid'),
('funnel_customers', 'customer_id', 'uuid', 'a key of type uuid'),
('sessions', 'customer_id', 'uuid', 'a key of type uuid'),
('rfm', 'customer_id', 'uuid', 'a key of type uuid'),
('clv', 'customer_id', 'uuid', 'a key of type uuid');
SELECT cmp_ok((SELECT count(DISTINCT function) FROM function_column), '>', 50::bigint, 'R-BI-2 there are functions with columns');
SELECT is_empty($$SELECT f.* FROM function_column f LEFT JOIN argued a USING (function, name, type)
	WHERE a.function IS NULL AND type NOT IN (SELECT type FROM plain)$$, 'R-BI-2 functions give plain columns, save those argued for');
SELECT is_empty($$SELECT function, name, type FROM argued EXCEPT SELECT function, name, type FROM function_column$$,
	'R-BI-2 nothing is argued for that is not there');
SELECT is_empty($$SELECT p.oid::regprocedure FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
	WHERE p.proretset AND p.proargmodes IS NULL AND p.prorettype NOT IN (SELECT type FROM plain)
	AND p.proname <> 'source_rows'$$,	-- its columns are those that the caller names
	'R-BI-2 a set of values is a set of plain values');

-- R-BI-3
CREATE TEMP TABLE argued_table (relation text, name text, type regtype, because text) ON COMMIT DROP;
INSERT INTO argued_table VALUES
('validation', 'features', 'text[]', 'the list of a definition'),
('validation', 'options', 'jsonb', 'the options of a definition'),
('validation', 'owner', 'regrole', 'whose it is; owner::text is the name'),
('validation', 'source_schema', 'jsonb', 'the columns at definition'),
('validation_run', 'dropped', 'jsonb', 'counts by reason');
SELECT is_empty($$SELECT r.* FROM relation_column r LEFT JOIN argued_table a USING (relation, name, type)
	WHERE r.relkind IN ('r', 'p') AND a.relation IS NULL AND type NOT IN (SELECT type FROM plain)$$,
	'R-BI-3 tables have plain columns, save those argued for');
SELECT is_empty($$SELECT relation, name, type FROM argued_table EXCEPT SELECT relation, name, type FROM relation_column$$,
	'R-BI-3 nothing is argued for that is not there');

-- R-BI-4
SELECT is_empty($$
	SELECT c.* FROM (SELECT relation, name, type FROM relation_column UNION ALL SELECT * FROM function_column) c
	JOIN pg_type t ON t.oid = c.type LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
	WHERE COALESCE(e.typtype, t.typtype) IN ('c', 'd', 'e', 'p') OR COALESCE(e.typnamespace, t.typnamespace) <> 'pg_catalog'::regnamespace$$,
	'R-BI-4 no column is of a type of ours');

SELECT * FROM finish();
ROLLBACK;
