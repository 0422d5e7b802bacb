-- Cross-validation against single fits: paths of penalties, repeats, folds.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
(50, 'cross_validate ridge, 10 folds x 100 lambdas / fit gaussian', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', penalty => 'ridge', lambdas => (SELECT array_agg(10 ^ (i / 20.0 - 4)) FROM generate_series(1, 100) i), k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$, 1.5, NULL),
(51, 'cross_validate lasso, 10 folds x 100 lambdas / fit gaussian', 'nested_cv',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', penalty => 'lasso', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$, 1.5, NULL),
(52, 'cross_validate gaussian, 10 folds x 5 repeats / 10 folds', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', k => 10, repeats => 5)$$,
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', k => 10, repeats => 1)$$, 1.2, NULL),
(53, 'cross_validate binomial, 10 folds / fit binomial', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', 'id', family => 'binomial', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', 'id', family => 'binomial')).status$$, 2.0, NULL),
(54, 'nested_cv lasso, 10 folds x 5 repeats x 100 lambdas / fit gaussian', 'nested_cv',
 $$SELECT count(*) FROM journey.nested_cv('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', penalty => 'lasso')$$,
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$, NULL, NULL);
