-- Cross-validation against ten separate refits: the largest difference of a
-- fold's log loss.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- (a table of its own: a subquery would be pulled up and fit again for every row)
CREATE TABLE bench.refit AS
	SELECT f AS fold, journey.fit(format('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide WHERE part <> %s', f),
		'target', 'id', family => 'binomial') AS model
	FROM generate_series(1, 10) f;
ANALYZE bench.refit;
CREATE TABLE bench.exact AS
WITH by_hand AS (
	SELECT r.fold, journey.log_loss(journey.predict(r.model, ARRAY[x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20]), w.target) AS value
	FROM bench.refit r JOIN bench.wide w ON w.part = r.fold GROUP BY r.fold)
SELECT max(abs(h.value - c.value)) AS difference, count(*) AS folds
FROM by_hand h JOIN journey.cross_validate('SELECT id, target, part, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide',
	'target', 'id', family => 'binomial', fold => 'part', metrics => '{log_loss}') c ON c.fold = h.fold;
