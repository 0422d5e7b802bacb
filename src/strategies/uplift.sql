-- uplift: who benefits from a strategy, and how well a priority finds them.

CREATE FUNCTION journey.autoc(source text, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_autoc'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.autoc(text, integer, bigint) IS
'Area under the targeting operator characteristic (AUTOC, a rank-weighted average treatment effect; Yadlowsky and others 2025): how much more the customers of high priority gain from a strategy than the average customer. The source has the columns priority (a number, highest first), score (the doubly robust score of the strategy less that of the baseline, as uplift() gives it, or a difference of strategy_scores()) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text); one strategy only. With the mean score of the k rows of highest priority less the mean of all, TOC(k/n), the estimate is 1/n sum over k = 1..n of TOC(k/n), in units of the outcome per customer; 0 for a priority that knows nothing, negative for one that ranks the wrong way round. Rows of equal priority all count with the average of their scores. It rewards a priority that finds a few customers of large effect; qini() one that ranks all. The priority must not have been learned from the scores of the same rows: take out-of-fold effects, as uplift() gives, with two more columns. fold (a number): priorities come from one model a fold, so rows are ranked within their fold; raw priorities of several models pooled without it rank worse than chance where there is nothing to find. std_error (of the priority; read only with fold): errors are multiplied by the root of 1 + the sum of its squares over the sum of squared deviations of the priority from the mean of its fold, and by the root of 2 without it or where it is null, because models that share training rows are not independent. Standard error: half-sample bootstrap over rows or clusters with draws draws that are functions of seed; 95 % interval by the normal distribution; method half_sample, half_sample_clustered, half_sample_folds or half_sample_clustered_folds. NULL estimate with the reason as method: too_few (no rows), one_priority (all equal); NULL error with fewer than two rows or clusters. The source is read once and its rows are held in memory, 16 bytes each (16 more with a cluster, 8 with a fold and with a std_error), whatever journey.memory_limit says; the order of rows has no influence. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 argument, negative std_error.';

CREATE FUNCTION journey.qini(source text, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_qini'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.qini(text, integer, bigint) IS
'Qini coefficient of a priority over doubly robust scores (a rank-weighted average treatment effect; Yadlowsky and others 2025): columns priority, score and, where they are needed, cluster, fold and std_error, as autoc() reads them; one strategy only. With TOC(k/n), the mean score of the k rows of highest priority less the mean of all, the estimate is 1/n sum over k = 1..n of k/n TOC(k/n), in units of the outcome per customer: the area between the curve of what is gained by treating the first k and the straight line of treating as many by chance. Nothing is normalised. Rows of equal priority all count with the average of their scores. Standard error, interval, method, NULLs, memory and errors as autoc(). For a randomised comparison without scores: qini_area(); the points of the curve: uplift_curve().';

CREATE FUNCTION journey.uplift_curve(source text, points integer DEFAULT 20, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS TABLE (fraction float8, n bigint, gain float8, toc float8,
	gain_se float8, gain_low float8, gain_high float8,
	toc_se float8, toc_low float8, toc_high float8)
AS 'MODULE_PATHNAME', 'journey_uplift_curve'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.uplift_curve(text, integer, integer, bigint) IS
'Points of the curves behind qini() and autoc(), from the same columns priority, score [, cluster, fold, std_error]: at each fraction j/points the number n of rows of highest priority, ceil(fraction rows); gain, the sum of their scores over all rows, which is what the strategy brings per customer of all when only those n get it; toc, the mean of their scores less the mean of all. At fraction 1 gain is the average effect and toc 0. A row of a tie counts with the average of the tie. Errors and pointwise 95 % intervals: half-sample bootstrap as in autoc(); NULL interval where the error is 0. No rows: an empty table. Memory and errors as autoc().';

CREATE FUNCTION journey.qini_area(source text, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_qini_area'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.qini_area(text, integer, bigint) IS
'Qini area of a randomised comparison from outcomes alone (Radcliffe 2007): columns priority (a number, highest first), treated (boolean, or 0 and 1), outcome (any number or boolean) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text). With counts N_T, N_C and outcome sums Y_T, Y_C of treated and other rows among the first k of N, the curve is (Y_T - Y_C N_T/N_C)/N at the last row of every tie (N_T/N_C counts as 0 where N_C = 0), straight in between; the estimate is the integral of the curve over k/N less half its end value, in units of the outcome per customer, not normalised. Treatment must be random with one probability for all; otherwise take qini() over doubly robust scores. Standard error: half-sample bootstrap over rows or clusters, as autoc(); method half_sample or half_sample_clustered. NULL estimate with the reason as method: too_few (no rows), one_priority, one_class (all or none treated). Memory as autoc(), 8 bytes more a row. Errors: as autoc(), and 22023 treated neither 0 nor 1.';

CREATE FUNCTION journey.uplift(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, learner text DEFAULT 'dr')
RETURNS TABLE (key text, row_number bigint, fold integer, strategy text, baseline text,
	effect float8, std_error float8, conf_low float8, conf_high float8, score float8, status text)
AS 'MODULE_PATHNAME', 'journey_uplift'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10000;
COMMENT ON FUNCTION journey.uplift(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text) IS
'What a strategy does for a customer rather than on average: one row per row of the source and strategy other than the baseline, in units of the outcome. effect comes from a linear model of the effect on the features, fitted without the fold of the row; std_error and the 95 % interval are those of this linear projection at the row''s features (delta method, clustered sandwich with residuals out of fold), not of what will happen to the customer; the square of what the ridge pulls is in them. score is the doubly robust score of the strategy less that of the baseline, also out of fold: its mean over any group chosen by features is the effect there, one by one it is mostly noise. learner dr (Kennedy 2023): the scores regressed on the features; r (Nie and Wager 2021): residual outcomes on residual assignment, over the rows of the two strategies; x (Kunzel and others 2019): two models mixed by the propensity, method aipw only, without std_error and interval, because the uncertainty of the outcome models is not in them. All by ridge, lambda 0.01 on scaled features. Other arguments, scores and propensities as strategy_scores(); baseline NULL is the first strategy in byte order; fold is that of the first repeat, row_number counts rows as the source delivers them. status: ok; weak_overlap or not_converged (figures, but no decision should rest on them); too_few (fewer keys than folds) and no_overlap have NULL figures. Judge effects by uplift_calibration(), uplift_groups() and qini(''SELECT effect AS priority, std_error, score, key AS cluster, fold FROM journey.uplift(...)''), one strategy at a time. Rows are held in memory: 8 bytes for each column of the features and 24 for each strategy. Errors: as strategy_scores(), and 22023 for no feature or an unknown learner, 54000 for more than 1000 columns, 0A000 for learner r or x with logged propensities of more than two strategies.';

CREATE FUNCTION journey.uplift_calibration(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, learner text DEFAULT 'dr')
RETURNS TABLE (strategy text, baseline text, term text, estimate float8, std_error float8,
	conf_low float8, conf_high float8, p_value float8, n bigint, n_keys bigint, status text)
AS 'MODULE_PATHNAME', 'journey_uplift_calibration'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 2;
COMMENT ON FUNCTION journey.uplift_calibration(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text) IS
'Whether the effects of uplift() with the same arguments hold: for each strategy a regression of the doubly robust score on the effect predicted out of fold, less its mean in the fold. Two rows: mean_effect, the average effect in units of the outcome, with a two-sided p; heterogeneity, the slope, 1 where predicted differences between customers are right, below 1 where they are exaggerated, and above 0 where they are real, with a one-sided p (of a slope at least this large were there nothing to find). Standard errors clustered by key, C/(C - 1); that of heterogeneity counts that models of different folds share training rows: its variance is multiplied by 1 + noise, the share of the spread of predicted effects that is estimation error (without it, nothing would be taken for something too often; Wager 2024). 95 % intervals by the normal distribution, with fewer than 100 keys in one of the two strategies by t with one less than those. status: ok, weak_overlap, not_converged; constant where predicted effects do not differ; no_error for the heterogeneity of learner x, whose noise is not known; too_few and no_overlap have NULL figures. Arguments and errors as uplift().';

CREATE FUNCTION journey.uplift_groups(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, learner text DEFAULT 'dr', groups integer DEFAULT 5)
RETURNS TABLE (strategy text, baseline text, "group" integer, n bigint, n_keys bigint, predicted float8,
	effect float8, std_error float8, conf_low float8, conf_high float8,
	simultaneous_low float8, simultaneous_high float8, status text)
AS 'MODULE_PATHNAME', 'journey_uplift_groups'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.uplift_groups(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text, integer) IS
'Effects by groups of predicted effect: rows are dealt to groups of about equal size within their fold by the effect of uplift() with the same arguments, which was predicted without them; equal predictions are never parted. Group 1 is predicted to gain least. predicted is the mean prediction, effect the mean doubly robust score, both in units of the outcome, std_error clustered by key, its variance multiplied by 1 + noise as in uplift_calibration(), at most by 2. conf_low and conf_high hold for one group, 95 % normal, or t with one less than the keys of the smaller side where the group has fewer than 100 of one strategy; simultaneous_low and simultaneous_high hold for all groups of the strategy at once (max-t, draws that are functions of seed). Rows of a key may fall into several groups; the covariance counts them. status: ok, weak_overlap, not_converged; too_few for a group with fewer than two keys of either strategy; a strategy without figures has one row with its status (too_few, no_overlap) and a NULL group. Arguments and errors as uplift(); groups from 2 to 100.';

CREATE FUNCTION journey.uplift_coefficients(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, learner text DEFAULT 'dr')
RETURNS TABLE (strategy text, baseline text, term text, estimate float8, std_error float8,
	statistic float8, p_value float8, conf_low float8, conf_high float8, status text)
AS 'MODULE_PATHNAME', 'journey_uplift_coefficients'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10;
COMMENT ON FUNCTION journey.uplift_coefficients(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text) IS
'The effect model of uplift() with the same arguments, fitted to all rows, in units of the outcome per unit of the feature: for each strategy the intercept, then what a feature adds to the effect; text, enum and boolean features against their first level, terms named as in fit(). Errors are the clustered sandwich with residuals out of fold, and the square of what the ridge (lambda 0.01 on scaled features) pulls, about one percent of an uncorrelated slope. A feature is a description of who gains, not a cause. status: as uplift(); constant for a column that does not vary (NULL figures). Errors: as uplift(), and 0A000 for learner x.';
