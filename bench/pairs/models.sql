-- Fits, cross-validation and folds.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
(5, 'fit gaussian, 20 features / SELECT sum(x1), ..., sum(x20)', 'fit',
 $$SELECT (journey.fit('SELECT y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', NULL)).status$$,
 $$SELECT sum(x1), sum(x2), sum(x3), sum(x4), sum(x5), sum(x6), sum(x7), sum(x8), sum(x9), sum(x10), sum(x11), sum(x12), sum(x13), sum(x14), sum(x15), sum(x16), sum(x17), sum(x18), sum(x19), sum(x20) FROM bench.wide$$, 2.0, NULL),
(6, 'fit gaussian with errors clustered by key / SELECT sum(x1), ..., sum(x20)', 'fit',
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$,
 $$SELECT sum(x1), sum(x2), sum(x3), sum(x4), sum(x5), sum(x6), sum(x7), sum(x8), sum(x9), sum(x10), sum(x11), sum(x12), sum(x13), sum(x14), sum(x15), sum(x16), sum(x17), sum(x18), sum(x19), sum(x20) FROM bench.wide$$, NULL, NULL),
(7, 'cross_validate gaussian, 10 folds / fit', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', 'id')).status$$, 1.3, NULL),
(8, 'cross_validate binomial, 10 folds / fit', 'cross_validate',
 $$SELECT count(*) FROM journey.cross_validate('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', 'id', family => 'binomial', k => 10, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT id, target, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'target', 'id', family => 'binomial')).status$$, 2.5, NULL),
(9, 'fold(id, 10) / hashint8extended(id, 0)', 'fold',
 $$SELECT count(journey.fold(customer_id, 10)) FROM bench.events$$,
 $$SELECT count(hashint8extended(customer_id, 0)) FROM bench.events$$, 1.5, NULL);
