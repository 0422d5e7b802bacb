SELECT '| ClickHouse | its table | one thread | two threads | ours, one process | ratio to one thread | bar | verdict |' UNION ALL SELECT '|---|---|--:|--:|--:|--:|--:|---|';
WITH theirs AS (
	SELECT call, kind, CASE WHEN kind LIKE 'by user%' THEN 'by_user' ELSE 'by_time' END AS source,
		max(seconds::float8) FILTER (WHERE threads = '1') AS one, max(seconds::float8) FILTER (WHERE threads = '2') AS two, max(answer) AS answer
	FROM bench.clickhouse WHERE call <> 'versions' GROUP BY call, kind)
SELECT format('| %s | %s | %s s | %s s | %s over %s: %s s | %s | %s | %s, %s |', call, kind, round(one::numeric, 3), round(two::numeric, 3),
	b.ours, CASE WHEN b.settings = 'index' THEN 'an index' WHEN source = 'by_user' THEN 'a table sorted by customer and time' ELSE 'a table in time order' END,
	round(b.seconds::numeric, 3), round((b.seconds / one)::numeric, 2), CASE source WHEN 'by_user' THEN 2 ELSE 1 END,
	CASE WHEN b.seconds <= one * CASE source WHEN 'by_user' THEN 2 ELSE 1 END THEN 'met' WHEN b.seconds IS NULL THEN 'FAILED' ELSE 'MISSED' END,
	CASE WHEN b.answer = t.answer THEN 'same answer' ELSE format('OTHER ANSWER: %s, theirs %s', b.answer, t.answer) END)
FROM theirs t JOIN bench.beside b USING (call, source) ORDER BY b.id, kind;
