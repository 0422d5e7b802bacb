-- Our side of the comparison with LightGBM (bench/trees.sh): the same table,
-- read, binned and boosted in one statement.  :target, :family
SET max_parallel_workers_per_gather = 0;
SELECT extract(epoch FROM clock_timestamp()) AS began \gset
SELECT (t).loss AS loss FROM (SELECT journey.fit_trees('SELECT * FROM bench.trees', :'target', NULL,
	'{x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15,x16,x17,x18,x19,x20}', :'family') AS t OFFSET 0) f \gset
SELECT 'fit_trees' || E'\t' || :'family' || E'\t' || round((extract(epoch FROM clock_timestamp()) - :began)::numeric, 2) || E'\t' || round(:loss::numeric, 5);
