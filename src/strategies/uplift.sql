-- uplift: who benefits from a strategy, and how well a priority finds them.

CREATE FUNCTION journey.autoc(source text, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_autoc'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.autoc(text, integer, bigint) IS
'Area under the targeting operator characteristic (AUTOC, a rank-weighted average treatment effect; Yadlowsky and others 2025): how much more the customers of high priority gain from a strategy than the average customer. The source has the columns priority (a number, highest first), score (the doubly robust score of the strategy less that of the baseline, as uplift() gives it, or a difference of strategy_scores()) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text); one strategy only. With the mean score of the k rows of highest priority less the mean of all, TOC(k/n), the estimate is 1/n sum over k = 1..n of TOC(k/n), in units of the outcome per customer; 0 for a priority that knows nothing, negative for one that ranks the wrong way round. Rows of equal priority all count with the average of their scores. It rewards a priority that finds a few customers of large effect; qini() one that ranks all. The priority must not have been learned from the scores of the same rows: take out-of-fold effects, as uplift() gives. Standard error: half-sample bootstrap over rows or clusters with draws draws that are functions of seed; 95 % interval by the normal distribution; method half_sample or half_sample_clustered. NULL estimate with the reason as method: too_few (no rows), one_priority (all equal); NULL error with fewer than two rows or clusters. The source is read once and its rows are held in memory, 16 bytes each (32 with a cluster), whatever journey.memory_limit says; the order of rows has no influence. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 argument.';

CREATE FUNCTION journey.qini(source text, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_qini'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.qini(text, integer, bigint) IS
'Qini coefficient of a priority over doubly robust scores (a rank-weighted average treatment effect; Yadlowsky and others 2025): columns priority, score and, where rows of a customer belong together, cluster, as autoc() reads them; one strategy only. With TOC(k/n), the mean score of the k rows of highest priority less the mean of all, the estimate is 1/n sum over k = 1..n of k/n TOC(k/n), in units of the outcome per customer: the area between the curve of what is gained by treating the first k and the straight line of treating as many by chance. Nothing is normalised. Rows of equal priority all count with the average of their scores. Standard error, interval, method, NULLs, memory and errors as autoc(). For a randomised comparison without scores: qini_area(); the points of the curve: uplift_curve().';

CREATE FUNCTION journey.uplift_curve(source text, points integer DEFAULT 20, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS TABLE (fraction float8, n bigint, gain float8, toc float8,
	gain_se float8, gain_low float8, gain_high float8,
	toc_se float8, toc_low float8, toc_high float8)
AS 'MODULE_PATHNAME', 'journey_uplift_curve'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.uplift_curve(text, integer, integer, bigint) IS
'Points of the curves behind qini() and autoc(), from the same columns priority, score [, cluster]: at each fraction j/points the number n of rows of highest priority, ceil(fraction rows); gain, the sum of their scores over all rows, which is what the strategy brings per customer of all when only those n get it; toc, the mean of their scores less the mean of all. At fraction 1 gain is the average effect and toc 0. A row of a tie counts with the average of the tie. Errors and pointwise 95 % intervals: half-sample bootstrap as in autoc(); NULL interval where the error is 0. No rows: an empty table. Memory and errors as autoc().';

CREATE FUNCTION journey.qini_area(source text, draws integer DEFAULT 200, seed bigint DEFAULT 0)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_qini_area'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.qini_area(text, integer, bigint) IS
'Qini area of a randomised comparison from outcomes alone (Radcliffe 2007): columns priority (a number, highest first), treated (boolean, or 0 and 1), outcome (any number or boolean) and, where rows of a customer belong together, cluster (bigint, integer, uuid, text). With counts N_T, N_C and outcome sums Y_T, Y_C of treated and other rows among the first k of N, the curve is (Y_T - Y_C N_T/N_C)/N at the last row of every tie (N_T/N_C counts as 0 where N_C = 0), straight in between; the estimate is the integral of the curve over k/N less half its end value, in units of the outcome per customer, not normalised. Treatment must be random with one probability for all; otherwise take qini() over doubly robust scores. Standard error: half-sample bootstrap over rows or clusters, as autoc(); method half_sample or half_sample_clustered. NULL estimate with the reason as method: too_few (no rows), one_priority, one_class (all or none treated). Memory as autoc(), 8 bytes more a row. Errors: as autoc(), and 22023 treated neither 0 nor 1.';
