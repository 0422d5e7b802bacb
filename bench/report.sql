-- Markdown table: what was measured against which bar.
SELECT '| work | plans | ours | theirs | measured | bar | verdict |' UNION ALL SELECT '|---|---|--:|--:|--:|--:|---|';
WITH m AS (
	SELECT id, mode, percentile_cont(0.5) WITHIN GROUP (ORDER BY ours) AS ours,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY theirs) AS theirs
	FROM bench.seconds WHERE pass > 0 GROUP BY id, mode)
SELECT format('| %s | %s | %s s | %s s | %s | %s | %s |', p.work, m.mode, round(m.ours::numeric, 3), round(m.theirs::numeric, 3),
	CASE WHEN p.bar IS NULL AND p.bar_seconds IS NULL AND m.theirs < 0.001 THEN '-'	-- nothing stands beside it
		WHEN p.bar_seconds IS NULL THEN round((m.ours / m.theirs)::numeric, CASE WHEN p.bar < 0.2 THEN 3 ELSE 2 END)::text
		ELSE round((m.ours - m.theirs)::numeric, 2) || ' s' END,
	COALESCE(p.bar::text, p.bar_seconds || ' s', '-'),
	CASE WHEN m.ours IS NULL OR m.theirs IS NULL THEN 'FAILED'
		WHEN p.same AND a.ours IS DISTINCT FROM a.theirs THEN format('OTHER ANSWER: %s, theirs %s', a.ours, a.theirs)
		WHEN p.bar IS NULL AND p.bar_seconds IS NULL THEN ''
		WHEN m.ours <= p.bar * m.theirs OR m.ours <= p.bar_seconds + m.theirs THEN 'met' ELSE 'MISSED' END ||
	CASE WHEN p.same AND a.ours = a.theirs THEN ', same answer' ELSE '' END)
FROM m JOIN bench.candidate p USING (id) LEFT JOIN bench.answer a USING (id, mode) ORDER BY m.mode DESC, id;
SELECT format('| %s | | %s MB | | %s | %s | %s |', work, round(bytes / 1048576.0, 1),
	CASE id WHEN 1 THEN round(bytes / :events::numeric, 1) ELSE round(bytes / 1048576.0, 1) END,
	CASE id WHEN 1 THEN round(bar / :events::numeric, 1) ELSE round(bar / 1048576.0, 1) END,
	CASE WHEN bytes <= bar THEN 'met' ELSE 'MISSED' END)
FROM bench.memory ORDER BY id;
SELECT format('| cross_validate binomial against %s separate refits, largest difference of a fold''s log loss | | | | %s | 1e-08 | %s |',
	folds, to_char(difference, '9.9EEEE'), CASE WHEN difference <= 1e-8 AND folds = 10 THEN 'met' ELSE 'MISSED' END)
FROM bench.exact;
SELECT format('| fit %s of ten times the rows at 256 MB against 8 GB, largest relative difference of a coefficient | | | | %s | 1e-10 | %s |',
	family, to_char(difference, '9.9EEEE'), CASE WHEN difference <= 1e-10 THEN 'met' ELSE 'MISSED' END)
FROM (SELECT family, max(abs(a - b) / greatest(abs(a), abs(b))) AS difference
	FROM bench.big s JOIN bench.big r USING (family), unnest((s.model).coefficients, (r.model).coefficients) u(a, b)
	WHERE s.memory = '256MB' AND r.memory = '8GB' GROUP BY family) d ORDER BY family DESC;
