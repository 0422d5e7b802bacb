-- Predictions of a stored model against the same model as SQL.
CREATE TABLE bench.fitted AS SELECT 'gaussian' AS family, NULL::text AS expression, NULL::text AS model LIMIT 0;
DO $$ BEGIN
	IF bench.has('predict_sql') THEN
		DROP TABLE bench.fitted;
		CREATE TABLE bench.fitted AS
		SELECT family, journey.predict_sql(model) AS expression, model FROM (
			SELECT 'gaussian' AS family, journey.fit('SELECT y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', NULL) AS model
			UNION ALL SELECT 'binomial', journey.fit('SELECT target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', NULL, family => 'binomial')) f;
	END IF;
END $$;
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings)
SELECT CASE family WHEN 'gaussian' THEN 70 ELSE 71 END, format('predict %s, 20 features / evaluating predict_sql', family), 'predict_sql',
	format('SELECT sum(journey.predict(model, w)) FROM bench.wide w, bench.fitted WHERE family = %L', family),
	format('SELECT sum(%s) FROM bench.wide', expression), 1.5, NULL
FROM bench.fitted;
-- The row form pays for the server's making of a record out of every row; an
-- array of the columns is made faster.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings)
SELECT 72, 'predict gaussian from ARRAY[x1, ..., x20] / evaluating predict_sql', 'predict_sql',
	'SELECT sum(journey.predict(model, ARRAY[x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20])) FROM bench.wide w, bench.fitted WHERE family = ''gaussian''',
	format('SELECT sum(%s) FROM bench.wide', expression), 1.5, NULL
FROM bench.fitted WHERE family = 'gaussian';
