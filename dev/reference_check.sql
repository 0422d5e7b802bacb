-- What of the catalogue has no entry in doc/reference.md, or an empty one: a
-- row each (see dev/server-tests.sh).
\set page `cat doc/reference.md`
WITH page AS (
	SELECT regexp_split_to_array(line, ' \| ') AS cells
	FROM regexp_split_to_table(:'page', E'\n') AS line WHERE line LIKE '| %'),
member AS (
	SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
	WHERE e.extname = 'journey' AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'),
object AS (
	SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, p.proname AS name,
		'`' || p.proname || '(' AS entry, obj_description(p.oid, 'pg_proc') AS description
	FROM member m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
	WHERE NOT EXISTS (SELECT FROM pg_aggregate a WHERE p.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn))
	UNION ALL
	SELECT 'type', t.typname, 'type `' || t.typname || '`', obj_description(t.oid, 'pg_type')
	FROM member m JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
	WHERE t.typtype = 'c' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c'
	UNION ALL
	SELECT 'relation', c.relname, ' `' || c.relname || '`', obj_description(c.oid, 'pg_class')
	FROM member m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid AND c.relkind <> 'S')
SELECT DISTINCT format('%s %s: %s', kind, name, CASE WHEN length(trim(description)) > 10 THEN 'no entry in doc/reference.md' ELSE 'its comment says nothing' END)
FROM object o
WHERE length(trim(COALESCE(o.description, ''))) <= 10
	OR NOT EXISTS (SELECT FROM page WHERE position(o.entry IN cells[1]) > 0
		AND length(trim(BOTH '| ' FROM cells[array_upper(cells, 1)])) > 10)
ORDER BY 1;
