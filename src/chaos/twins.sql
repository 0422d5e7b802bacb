-- twins: what a single event changes in the journeys after it.

CREATE FUNCTION journey.twin_divergence(
	source text,
	prefix_length integer DEFAULT 0,
	horizon integer DEFAULT 8,
	target text DEFAULT 'touchpoint',
	permutations integer DEFAULT 999,
	replicates integer DEFAULT 200,
	seed bigint DEFAULT 0,
	outcome text DEFAULT NULL,
	strata text DEFAULT NULL,
	OUT step integer,
	OUT n_a bigint,
	OUT n_b bigint,
	OUT divergence float8,
	OUT std_error float8,
	OUT p_value float8,
	OUT strata_used bigint,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_twin_divergence'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 8;
COMMENT ON FUNCTION journey.twin_divergence(text, integer, integer, text, integer, integer, bigint, text, text) IS
'How far the journeys of twins are apart, step by step: customers whose first prefix_length (0 to 100) events are the same, in two groups by the next event (its two most frequent values per stratum, in n_a and n_b customers). divergence at step k (1 to horizon, at most 1000): sum over touchpoints of (share in A - share in B)^2 at the k-th event after the one that differs, without what chance alone gives, so it may be negative; for another target, the name of a numeric column of the events, the squared difference of the means. Strata are weighted by n_a n_b/(n_a + n_b); those with fewer than 2 customers on a side do not count (strata_used). An ended journey stays in its last touchpoint or value, or with outcome (a boolean or numeric column, constant per customer) in its outcome; where that is NULL the journey is censored and counts as far as it is known. strata: a column whose value in the first event twins have in common, too. std_error: analytic. p_value: labels permuted within strata, against the largest divergence of all steps, so it holds for all steps together; NULL with permutations => 0. replicates is for twin_divergence_rate. status: ok, low_n (below 50 customers), too_few (no stratum has 2 and 2), no_fork (all go the same way). Twins are not randomised: this is association unless the event that differs was. Errors: 22023 for arguments, 22000 for a customer with two outcomes, 22003 for a squared difference beyond float8.';

CREATE FUNCTION journey.twin_divergence_rate(
	source text,
	prefix_length integer DEFAULT 0,
	horizon integer DEFAULT 8,
	target text DEFAULT 'touchpoint',
	permutations integer DEFAULT 999,
	replicates integer DEFAULT 200,
	seed bigint DEFAULT 0,
	outcome text DEFAULT NULL,
	strata text DEFAULT NULL,
	OUT rate float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT half_life float8,
	OUT direction text,
	OUT p_value float8,
	OUT status text,
	OUT first_step integer,
	OUT last_step integer)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_twin_divergence_rate'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.twin_divergence_rate(text, integer, integer, text, integer, integer, bigint, text, text) IS
'Does the difference between twins heal or grow? Arguments as twin_divergence. rate: least-squares slope of ln(divergence)/2 per step over the longest run of steps (first_step to last_step, at least 3) with a divergence above 2 standard errors; conf_low, conf_high: 95 % percentiles of bootstrap replicates of customers. direction: heals (interval below 0), grows (above 0), persists (holds 0); half_life, in steps, is ln 2/|rate| where it heals. p_value: of the largest divergence, by permutation within strata. status: ok, low_n (below 50 customers), no_divergence (nothing that chance would not give), too_short (divergence in fewer than 3 steps in a row), too_few, no_fork. Growth is amplification on the scale of the target, or a hidden difference that shows late: figures cannot tell which. Errors as twin_divergence.';

CREATE FUNCTION journey.recurring_patterns(
	source text,
	max_length integer DEFAULT 4,
	permutations integer DEFAULT 999,
	min_support integer DEFAULT NULL,
	holdout float8 DEFAULT 0.3,
	seed bigint DEFAULT 0,
	OUT pattern text[],
	OUT customers bigint,
	OUT lift float8,
	OUT odds_ratio float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT p_value float8,
	OUT q_value float8,
	OUT heldout_odds_ratio float8,
	OUT heldout_p_value float8,
	OUT q_value_by float8,
	OUT max_gap integer,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_recurring_patterns'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 500;
COMMENT ON FUNCTION journey.recurring_patterns(text, integer, integer, integer, float8, bigint) IS
'Which sequences of touchpoints more customers have than the mere mixture of their touchpoints explains: tested against journeys whose events are shuffled within each customer. Patterns are runs of 2 to max_length (at most 10) neighbouring touchpoints (max_gap 1) and pairs of different ones in this order at any distance (max_gap NULL) of at least min_support customers (NULL: 20 or one percent, whichever is more) among those not held out. lift: customers over their mean in the shuffles; odds_ratio of having the pattern, journeys against shuffles, with 1/2 added to each cell and a 95 % jackknife interval over 20 groups of customers. p_value: one-sided, (1 + shuffles with as many customers)/(1 + permutations); q_value by Benjamini and Hochberg, q_value_by by Benjamini and Yekutieli, over all patterns. holdout: share of customers kept apart by hash, for which heldout_odds_ratio and heldout_p_value are computed afresh: believe those, the largest of many is too large. Do not compare patterns of different length by customers. Whether a pattern goes with an outcome is what patterns tells. status: ok, low_n (below 50 customers), never_by_chance (no shuffle had it; lift NULL). Rows by p_value, then lift. Journeys are held in memory, 1, 2 or 4 bytes an event (as few as the touchpoints allow) and 32 a customer, whatever journey.memory_limit says. Errors: 22023 for arguments, 54000 above 100,000 patterns.';

CREATE FUNCTION journey.feature_twins(
	source text,
	dimension integer DEFAULT 2,
	horizon integer DEFAULT 6,
	surrogates integer DEFAULT 99,
	seed bigint DEFAULT 0,
	OUT slope float8,
	OUT jump float8,
	OUT noise_excess float8,
	OUT slope_near float8,
	OUT slope_far float8,
	OUT prediction_error float8,
	OUT null_median float8,
	OUT p_value float8,
	OUT n bigint,
	OUT verdict text,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_feature_twins'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.feature_twins(text, integer, integer, integer, bigint) IS
'Do customers whose first values nearly agree part as a deterministic rule would make them, or as noise does? source: one row per measurement, customer_id, ts, value (a number, never NULL). A customer''s first dimension (2 to 20) values are a point, the twin is the customer at the nearest other point; customers with fewer than dimension + horizon values (horizon at least 3) are left out, n is the number of the others. slope: of the mean log distance over steps 1 to 3, in nats per step; jump: its rise from step 0 to 1; noise_excess: jump - slope, about 0 for a deterministic rule, far above for noise; slope_near, slope_far: slope for the nearest and the farthest third of the twins. prediction_error: root mean square error of predicting the next value by the twin''s; null_median and p_value (one-sided, low) from surrogates of one AR(2) for all customers with resampled residuals. verdict: consistent with linear noise (p above .05), nonlinear stochastic (noise_excess .5 or more), deterministic divergence (both slopes within 30 %), inconclusive. Observation noise of a few percent already hides a deterministic rule; customer data rarely pass. feature_twin_curve gives the curve. status: ok, low_n (below 300 customers), too_few (below 10), too_short (nobody has enough values), constant, discrete_data (more than a tenth have a twin at distance 0). The values that take part are held in memory whatever journey.memory_limit says: about 24 bytes each, with surrogates drawn. Errors: 22004 for a NULL, 22003 for a number that is not finite, 22023 for arguments.';

CREATE FUNCTION journey.feature_twin_curve(
	source text,
	dimension integer DEFAULT 2,
	horizon integer DEFAULT 6,
	OUT step integer,
	OUT mean_log_distance float8,
	OUT n_pairs bigint,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_feature_twin_curve'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 7;
COMMENT ON FUNCTION journey.feature_twin_curve(text, integer, integer) IS
'The curve behind feature_twins: mean of ln |difference of twins| (nats) at steps 0 to horizon after the point, over n_pairs twins whose difference is not 0. Arguments and status as feature_twins. A straight rise from step 1 on is exponential parting; a jump from step 0 to 1 and nothing after it is noise.';
