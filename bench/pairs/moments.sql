-- Moments by cell. The rival builds the same arrays and counts them: what is
-- above 1 is the arithmetic of the moments.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
(160, 'moments_agg, 20 features, 128 cells / count(ARRAY[x1, ..., x20])', 'moments_agg',
 $$SELECT cardinality((journey.moments_agg(id % 128, y, ARRAY[x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20])).counts) FROM bench.wide$$,
 $$SELECT count(ARRAY[x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20]) FROM bench.wide$$, 4.0, NULL),
(161, 'moments_agg and cross_validate_moments, 10 folds x 100 lambdas, lasso / fit gaussian', 'cross_validate_moments',
 $$SELECT count(*) FROM (SELECT journey.moments_agg(id % 128, y, ARRAY[x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20]) AS m FROM bench.wide) s, journey.cross_validate_moments(m, alpha => 1, repeats => 1)$$,
 $$SELECT (journey.fit('SELECT y, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20 FROM bench.wide', 'y', NULL)).status$$, 1.5, NULL);
