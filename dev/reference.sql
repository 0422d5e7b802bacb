-- doc/reference.md as text (see dev/reference.sh, which fills table room).
SELECT '# Reference

Every public call, made from the comments in the catalogue by `dev/reference.sh`. The same text is in `\df+ journey.*`.
All objects live in schema `journey`. Pages per topic are linked from the [README](../README.md).';

CREATE TEMP VIEW member AS
SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
WHERE e.extname = 'journey' AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e';
-- Shorter names of types, no casts on defaults.
CREATE FUNCTION pg_temp.plain(text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN regexp_replace(replace(replace(replace($1, 'double precision', 'float8'), 'timestamp with time zone', 'timestamptz'),
	'timestamp without time zone', 'timestamp'), '::[a-z0-9]+(\[\])?(?=,|$|\))', '', 'g');

CREATE TEMP VIEW public_call AS
SELECT p.proname::text AS name, p.oid,
	format('%s(%s)', p.proname, pg_temp.plain(pg_get_function_arguments(p.oid))) AS call,
	pg_temp.plain(CASE WHEN p.proargmodes::text LIKE '%t%' THEN
		(SELECT string_agg(p.proargnames[i] || ' ' || format_type(p.proallargtypes[i], NULL), ', ' ORDER BY i)
		 FROM generate_subscripts(p.proargmodes, 1) i WHERE p.proargmodes[i] IN ('t', 'o'))
		ELSE pg_get_function_result(p.oid) END) AS result,
	p.prokind, obj_description(p.oid, 'pg_proc') AS description
FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
WHERE NOT EXISTS (SELECT FROM pg_aggregate a WHERE p.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn));

WITH entry AS (
	SELECT COALESCE(r.place, 99) AS place, COALESCE(r.room, 'other') AS room, c.name, min(c.oid::bigint) AS first,
		string_agg('`' || c.call || '`', '<br>' ORDER BY c.oid::bigint) AS calls,
		string_agg(DISTINCT '`' || c.result || '`', '<br>') AS results,
		CASE c.prokind WHEN 'a' THEN 'Aggregate. ' ELSE '' END || c.description AS description
	FROM public_call c LEFT JOIN room r ON r.name = c.name
	GROUP BY 1, 2, 3, c.prokind, c.description),
type AS (
	SELECT COALESCE(r.place, 99) AS place, COALESCE(r.room, 'other') AS room, t.typname::text AS name, t.oid::bigint AS first,
		'type `' || t.typname || '`' AS calls,
		(SELECT '`' || string_agg(a.attname || ' ' || pg_temp.plain(format_type(a.atttypid, NULL)), ', ' ORDER BY a.attnum) || '`'
		 FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS results,
		obj_description(t.oid, 'pg_type') AS description
	FROM pg_type t JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid LEFT JOIN room r ON r.name = t.typname
	-- (newer servers count the row types of tables as members, too)
	WHERE t.typtype = 'c' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c'),
relation AS (
	SELECT COALESCE(r.place, 99) AS place, COALESCE(r.room, 'other') AS room, c.relname::text AS name, c.oid::bigint AS first,
		CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END || ' `' || c.relname || '`' AS calls,
		(SELECT '`' || string_agg(a.attname || ' ' || pg_temp.plain(format_type(a.atttypid, NULL)), ', ' ORDER BY a.attnum) || '`'
		 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS results,
		obj_description(c.oid, 'pg_class') AS description
	FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid LEFT JOIN room r ON r.name = c.relname
	WHERE c.relkind IN ('r', 'v', 'm')),
line AS (SELECT * FROM entry UNION ALL SELECT * FROM type UNION ALL SELECT * FROM relation)
SELECT E'\n## ' || room || E'\n\n| call | gives | what it is |\n|---|---|---|\n'
	|| string_agg(format('| %s | %s | %s |', replace(calls, '|', '\|'), replace(results, '|', '\|'),
		replace(replace(replace(description, '|', '\|'), E'\n', ' '), '*', '\*')), E'\n' ORDER BY first)
FROM line GROUP BY place, room ORDER BY place;

SELECT E'\n## settings\n\n| setting | default | what it is |\n|---|---|---|';
LOAD 'journey';
SELECT format('| `%s` | `%s` | %s %s |', name, boot_val, short_desc, extra_desc) FROM pg_settings WHERE name LIKE 'journey.%' ORDER BY name;
