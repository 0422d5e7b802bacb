-- Strategies: three of them, chosen by features, on the wide table.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
(60, 'compare_strategies aipw, numeric outcome, 3 strategies, 10 folds / fit gaussian', 'compare_strategies',
 $$SELECT count(value) FROM journey.compare_strategies('SELECT id, y, strategy, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.decisions', 'y', 'strategy', 'id', '{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20}', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.decisions', 'y', 'id')).status$$, 4.0, NULL),
(61, 'compare_strategies aipw, boolean outcome, 3 strategies, 10 folds / cross_validate binomial, 10 folds', 'compare_strategies',
 $$SELECT count(value) FROM journey.compare_strategies('SELECT id, target, strategy, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.decisions', 'target', 'strategy', 'id', '{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20}', k => 10, repeats => 1)$$,
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.decisions', 'target', 'id', family => 'binomial', k => 10, repeats => 1)$$, 3.0, NULL),
(62, 'compare_strategies aipw, 5 repeats / 1 repeat', 'compare_strategies',
 $$SELECT count(value) FROM journey.compare_strategies('SELECT id, y, strategy, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.decisions', 'y', 'strategy', 'id', '{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20}', k => 10, repeats => 5)$$,
 $$SELECT count(value) FROM journey.compare_strategies('SELECT id, y, strategy, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.decisions', 'y', 'strategy', 'id', '{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20}', k => 10, repeats => 1)$$, 1.5, NULL),
(63, 'learn_policy tree of depth 2, a tenth of the rows, 10 features / strategy_scores of the same', 'learn_policy',
 $$SELECT (journey.learn_policy('SELECT id, y, strategy, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10 FROM bench.some_decisions', 'y', 'strategy', 'id', '{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10}', k => 10, repeats => 1, class => 'tree', depth => 2)).status$$,
 $$SELECT count(score) FROM journey.strategy_scores('SELECT id, y, strategy, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10 FROM bench.some_decisions', 'y', 'strategy', 'id', '{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10}', k => 10, repeats => 1)$$, 10.0, NULL);

SELECT bench.wants(60) OR bench.wants(61) OR bench.wants(62) OR bench.wants(63) AS wants \gset
\if :wants
-- Strategy b goes to rows with a large x1, c to those with a large x5.
CREATE UNLOGGED TABLE bench.decisions AS
SELECT id, y + CASE strategy WHEN 'b' THEN 0.1 WHEN 'c' THEN 0.5 * x3 ELSE 0 END AS y, target, strategy,
	x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20
FROM bench.wide, LATERAL (SELECT exp(x1) AS b, exp(x5 - 0.5 * x2) AS c OFFSET 0) e,
	LATERAL (SELECT (1 + bench.u(id, 98)) / 2 * (1 + b + c) AS drawn OFFSET 0) d,
	LATERAL (SELECT CASE WHEN drawn < 1 THEN 'a' WHEN drawn < 1 + b THEN 'b' ELSE 'c' END AS strategy OFFSET 0) t;
CREATE UNLOGGED TABLE bench.some_decisions AS SELECT * FROM bench.decisions WHERE id % 10 = 0;
VACUUM (ANALYZE, FREEZE) bench.decisions;
VACUUM (ANALYZE, FREEZE) bench.some_decisions;
\endif
