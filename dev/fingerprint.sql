-- fingerprint.sql: what extension journey is made of in this database, a line
-- per object and part, in an order of its own.  Two databases whose lines are
-- the same hold the same extension, however they came to it: installed at
-- once, upgraded, restored or carried over by pg_upgrade.
--
--		psql -XAtq -d DATABASE -f dev/fingerprint.sql
--
-- R-FP-1	Every member of the extension has a line, whatever its kind.
-- R-FP-2	All that an upgrade may get wrong is in it: of functions the
--			signature with names and defaults, the result, language, C symbol and
--			library or body, labels, strictness, cost, rows, support function,
--			settings; of aggregates all parts; of types all attributes; of
--			relations (composite types among them) columns, constraints, indexes,
--			policies, triggers, rules, options; owners, privileges, initial
--			privileges, comments, what is dumped as configuration.
-- R-FP-3	Nothing that differs between equal installations: no OID, no
--			position of a dropped column, no privilege that only repeats the
--			default.
--
-- A line is "kind name: attribute=value ...", so that diff names the object.
SET search_path = pg_catalog, pg_temp;
SET quote_all_identifiers = off;
SET jit = off;
-- (the planner takes the members for a handful)
SET enable_nestloop = off;

WITH ext AS (
	SELECT oid, extname, extowner, extnamespace, extrelocatable, extversion, extconfig, extcondition
	FROM pg_extension WHERE extname = 'journey'),
member AS (
	SELECT d.classid, d.objid FROM pg_depend d JOIN ext ON d.refobjid = ext.oid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	-- newer servers count the array and row types that come with a type or a
	-- relation as members, too; they are told by what they come with
	AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type t WHERE t.typarray = d.objid))
	AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.reltype = d.objid AND c.relkind <> 'c'))),
-- A privilege list in a fixed order; NULL means the default of its kind.
acl AS (
	SELECT 'pg_proc'::regclass AS classid, oid AS objid, proacl AS now, acldefault('f', proowner) AS def, proowner AS owner FROM pg_proc
	UNION ALL SELECT 'pg_class', oid, relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner), relowner FROM pg_class
	UNION ALL SELECT 'pg_type', oid, typacl, acldefault('T', typowner), typowner FROM pg_type
	UNION ALL SELECT 'pg_namespace', oid, nspacl, acldefault('n', nspowner), nspowner FROM pg_namespace),
rights AS (
	SELECT a.classid, a.objid,
		' owner=' || CASE WHEN a.owner = (SELECT extowner FROM ext) THEN 'of the extension' ELSE pg_get_userbyid(a.owner)::text END
		|| ' acl=' || (SELECT string_agg(i::text, ',' ORDER BY i::text COLLATE "C") FROM unnest(COALESCE(a.now, a.def)) i)
		|| ' initial=' || (SELECT string_agg(i::text, ',' ORDER BY i::text COLLATE "C")
			FROM unnest(COALESCE((SELECT p.initprivs FROM pg_init_privs p
				WHERE p.classoid = a.classid AND p.objoid = a.objid AND p.objsubid = 0), a.def)) i) AS line
	FROM acl a WHERE (a.classid, a.objid) IN (SELECT classid, objid FROM member)
	OR (a.classid = 'pg_class'::regclass AND a.objid IN (SELECT t.typrelid FROM pg_type t JOIN member m ON m.objid = t.oid AND m.classid = 'pg_type'::regclass))),
-- Relations: members, and those that stand behind composite types.
relation AS (
	SELECT c.*, c.oid::regclass::text AS name FROM pg_class c
	WHERE EXISTS (SELECT FROM member m WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid)
	OR (c.relkind = 'c' AND EXISTS (SELECT FROM member m JOIN pg_type t ON t.oid = m.objid
		WHERE m.classid = 'pg_type'::regclass AND t.typrelid = c.oid))),
lines (line) AS (
	SELECT format('extension %s: version=%s schema=%s relocatable=%s requires=%s', extname, extversion, extnamespace::regnamespace, extrelocatable,
		(SELECT string_agg(r.extname, ',' ORDER BY r.extname) FROM pg_depend d JOIN pg_extension r ON r.oid = d.refobjid
			WHERE d.classid = 'pg_extension'::regclass AND d.objid = ext.oid AND d.refclassid = 'pg_extension'::regclass)) FROM ext
	UNION ALL
	SELECT format('dumped %s: filter=%s', extconfig[i]::regclass, extcondition[i]) FROM ext, generate_subscripts(extconfig, 1) i
	UNION ALL
	-- R-FP-1
	SELECT 'member ' || pg_describe_object(classid, objid, 0) FROM member
	UNION ALL
	-- what lies in the schema and is no member would not be dumped as a part
	SELECT 'stranger ' || pg_describe_object(s.classid, s.objid, 0) FROM (
		SELECT 'pg_proc'::regclass AS classid, oid AS objid FROM pg_proc WHERE pronamespace = 'journey'::regnamespace
		UNION ALL SELECT 'pg_class', oid FROM pg_class WHERE relnamespace = 'journey'::regnamespace AND relkind NOT IN ('i', 'c')
		UNION ALL SELECT 'pg_type', oid FROM pg_type WHERE typnamespace = 'journey'::regnamespace AND typrelid = 0 AND typelem = 0) s
	WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = s.classid AND m.objid = s.objid)
	UNION ALL
	SELECT format('schema %s:%s', n.nspname, r.line) FROM pg_namespace n
	JOIN member m ON m.classid = 'pg_namespace'::regclass AND m.objid = n.oid
	JOIN rights r ON r.classid = 'pg_namespace'::regclass AND r.objid = n.oid
	UNION ALL
	SELECT format('function %s: kind=%s arguments=(%s) result=%s language=%s volatile=%s strict=%s parallel=%s leakproof=%s definer=%s cost=%s rows=%s support=%s settings=%s library=%s symbol=%s body=%s%s',
		p.oid::regprocedure, p.prokind, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname,
		p.provolatile, p.proisstrict, p.proparallel, p.proleakproof, p.prosecdef, p.procost, p.prorows, p.prosupport, p.proconfig,
		p.probin, CASE WHEN l.lanname = 'c' THEN p.prosrc END,
		CASE WHEN l.lanname <> 'c' THEN md5(p.prosrc || COALESCE(pg_get_function_sqlbody(p.oid), '')) END, r.line)
	FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
	JOIN pg_language l ON l.oid = p.prolang
	JOIN rights r ON r.classid = 'pg_proc'::regclass AND r.objid = p.oid
	UNION ALL
	SELECT format('aggregate %s: kind=%s direct=%s transition=%s final=%s combine=%s serial=%s deserial=%s moving=%s inverse=%s moving_final=%s extra=%s/%s modify=%s/%s sort=%s state=%s/%s space=%s/%s initial=%s/%s',
		a.aggfnoid::regprocedure, a.aggkind, a.aggnumdirectargs, a.aggtransfn::regprocedure, a.aggfinalfn::regprocedure,
		a.aggcombinefn::regprocedure, a.aggserialfn::regprocedure, a.aggdeserialfn::regprocedure, a.aggmtransfn::regprocedure,
		a.aggminvtransfn::regprocedure, a.aggmfinalfn::regprocedure, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify,
		a.aggsortop::regoperator, a.aggtranstype::regtype, a.aggmtranstype::regtype, a.aggtransspace, a.aggmtransspace,
		a.agginitval, a.aggminitval)
	FROM pg_aggregate a JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = a.aggfnoid
	UNION ALL
	SELECT format('type %s: kind=%s category=%s/%s length=%s byval=%s align=%s storage=%s delimiter=%s notnull=%s base=%s default=%s element=%s collation=%s in=%s out=%s labels=%s checks=%s%s',
		format_type(t.oid, NULL), t.typtype, t.typcategory, t.typispreferred, t.typlen, t.typbyval, t.typalign, t.typstorage, t.typdelim,
		t.typnotnull, format_type(t.typbasetype, t.typtypmod), t.typdefault, format_type(t.typelem, NULL), t.typcollation::regcollation,
		t.typinput, t.typoutput, (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
		(SELECT string_agg(c.conname || ' ' || pg_get_constraintdef(c.oid), '; ' ORDER BY c.conname) FROM pg_constraint c WHERE c.contypid = t.oid), r.line)
	FROM pg_type t JOIN member m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
	JOIN rights r ON r.classid = 'pg_type'::regclass AND r.objid = t.oid
	UNION ALL
	SELECT format('relation %s: kind=%s persistence=%s method=%s options=%s row_security=%s forced=%s replica=%s tablespace=%s definition=%s sequence=%s%s',
		c.name, c.relkind, c.relpersistence, (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam), c.reloptions, c.relrowsecurity,
		c.relforcerowsecurity, c.relreplident, c.reltablespace, CASE WHEN c.relkind IN ('v', 'm') THEN md5(pg_get_viewdef(c.oid)) END,
		(SELECT format('%s from %s by %s within %s..%s cache %s cycle %s', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
			FROM pg_sequence s WHERE s.seqrelid = c.oid), r.line)
	FROM relation c JOIN rights r ON r.classid = 'pg_class'::regclass AND r.objid = c.oid
	UNION ALL
	SELECT format('column %s.%s: place=%s type=%s notnull=%s default=%s identity=%s generated=%s storage=%s compression=%s collation=%s statistics=%s options=%s acl=%s',
		c.name, a.attname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
		pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage, a.attcompression, a.attcollation::regcollation,
		NULLIF(a.attstattarget, -1),
		-- (newer minors keep a version of the column there, which no dump carries)
		(SELECT string_agg(o, ',' ORDER BY o) FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_%'), a.attacl)
	FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	WHERE c.relkind <> 'S'
	UNION ALL
	-- a NOT NULL constraint is told by its column (18 lists them here too)
	SELECT format('constraint %s on %s: %s valid=%s', k.conname, c.name, pg_get_constraintdef(k.oid), k.convalidated)
	FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype <> 'n'
	UNION ALL
	SELECT format('index %s: %s valid=%s clustered=%s replica=%s options=%s', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident,
		(SELECT x.reloptions FROM pg_class x WHERE x.oid = i.indexrelid))
	FROM relation c JOIN pg_index i ON i.indrelid = c.oid
	UNION ALL
	SELECT format('policy %s on %s: command=%s permissive=%s roles=%s using=%s check=%s', p.polname, c.name, p.polcmd, p.polpermissive,
		(SELECT string_agg(CASE WHEN o = 0 THEN 'public' ELSE pg_get_userbyid(o)::text END, ',' ORDER BY o) FROM unnest(p.polroles) o),
		pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
	FROM relation c JOIN pg_policy p ON p.polrelid = c.oid
	UNION ALL
	SELECT format('trigger %s on %s: %s enabled=%s', t.tgname, c.name, pg_get_triggerdef(t.oid), t.tgenabled)
	FROM relation c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
	UNION ALL
	SELECT format('rule %s on %s: %s enabled=%s', w.rulename, c.name, md5(pg_get_ruledef(w.oid)), w.ev_enabled)
	FROM relation c JOIN pg_rewrite w ON w.ev_class = c.oid WHERE w.rulename <> '_RETURN'
	UNION ALL
	SELECT format('statistics %s on %s: %s', s.stxname, c.name, pg_get_statisticsobjdef(s.oid))
	FROM relation c JOIN pg_statistic_ext s ON s.stxrelid = c.oid
	UNION ALL
	-- comments, of members and of what hangs on them
	SELECT format('comment of %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
	FROM pg_description d
	WHERE EXISTS (SELECT FROM member m WHERE m.classid = d.classoid AND m.objid = d.objoid)
	OR (d.classoid = 'pg_extension'::regclass AND d.objoid = (SELECT oid FROM ext))
	OR (d.classoid = 'pg_class'::regclass AND (d.objoid IN (SELECT oid FROM relation)
		OR d.objoid IN (SELECT i.indexrelid FROM pg_index i JOIN relation c ON c.oid = i.indrelid)))
	OR (d.classoid = 'pg_constraint'::regclass AND d.objoid IN (SELECT k.oid FROM pg_constraint k JOIN relation c ON c.oid = k.conrelid))
	OR (d.classoid = 'pg_policy'::regclass AND d.objoid IN (SELECT p.oid FROM pg_policy p JOIN relation c ON c.oid = p.polrelid))
	OR (d.classoid = 'pg_trigger'::regclass AND d.objoid IN (SELECT t.oid FROM pg_trigger t JOIN relation c ON c.oid = t.tgrelid))
)
SELECT translate(line, E'\n\t', '  ') FROM lines ORDER BY line COLLATE "C";
