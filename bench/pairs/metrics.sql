-- Metrics of ranks against one sort of the same rows, which is the least that
-- any exact rank metric takes.
INSERT INTO bench.candidate (id, work, needs, ours, theirs, bar, settings) VALUES
(40, 'auc_ci / SELECT ... ORDER BY score', 'auc_ci',
 $$SELECT journey.auc_ci(score, target) FROM bench.scores$$,
 $$SELECT max(score), count(target) FROM (SELECT score, target FROM bench.scores ORDER BY score OFFSET 0) s$$, 2.0, 'roomy'),
(41, 'auc_ci of clusters / SELECT ... ORDER BY score', 'auc_ci',
 $$SELECT journey.auc_ci(score, target, customer) FROM bench.scores$$,
 $$SELECT max(score), count(target) FROM (SELECT score, target, customer FROM bench.scores ORDER BY score OFFSET 0) s$$, NULL, 'roomy'),
(42, 'average_precision / SELECT ... ORDER BY score', 'average_precision',
 $$SELECT journey.average_precision(score, target) FROM bench.scores$$,
 $$SELECT max(score), count(target) FROM (SELECT score, target FROM bench.scores ORDER BY score OFFSET 0) s$$, NULL, 'roomy'),
(43, 'concordance_ci / SELECT ... ORDER BY score', 'concordance_ci',
 $$SELECT journey.concordance_ci(score, id, target) FROM bench.scores$$,
 $$SELECT max(score), count(target) FROM (SELECT score, target, id FROM bench.scores ORDER BY score OFFSET 0) s$$, NULL, 'roomy'),
(44, 'log_loss / SELECT avg(score)', 'log_loss',
 $$SELECT journey.log_loss(score, target) FROM bench.scores$$,
 $$SELECT avg(score), count(target) FROM bench.scores$$, NULL, NULL);

SELECT bench.wants(40) OR bench.wants(41) OR bench.wants(42) OR bench.wants(43) OR bench.wants(44) AS wants \gset
\if :wants
CREATE UNLOGGED TABLE bench.scores AS
SELECT id, (id / 4)::text AS customer, target, 1 / (1 + exp(0.5 - x1 + 0.5 * x5 - 0.25 * x6)) AS score FROM bench.wide;
VACUUM (ANALYZE, FREEZE) bench.scores;
\endif
