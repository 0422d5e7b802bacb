-- policies: a strategy for every customer, learned, read, deployed and valued.

CREATE TYPE journey.policy AS (
	class text,
	rule jsonb,
	description text,
	value float8,
	value_se float8,
	difference float8,
	std_error float8,
	conf_low float8,
	conf_high float8,
	status text,
	strategies text[],
	baseline text,
	n bigint,
	n_keys bigint,
	shares jsonb,
	verdict text
);
COMMENT ON TYPE journey.policy IS
'A rule that chooses a strategy, as plain data: class (tree, linear, plug_in), rule (jsonb with its version), description (the rule as text), the honest cross-fitted value per decision with its standard error (in units of the outcome, costs taken off), the paired difference to the best fixed strategy with standard error and 95 % interval, status (ok; weak_overlap: figures, but no decision; no_overlap and too_few: no rule, no figures; no_spread: the same difference everywhere, nothing to judge chance by), strategies in byte order, baseline (the best fixed strategy), n rows and n_keys keys, shares (of the rows by strategy under the rule), verdict (one sentence). journey.recommend() applies it to rows, journey.policy_sql() writes it as a SQL expression.';

CREATE FUNCTION journey.recommend(policy journey.policy, "row" record)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_recommend'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.recommend(journey.policy, record) IS
'The strategy that a policy gives to a row such as a table alias: its features are found by column name, other columns are ignored. A tree reads the columns on its path only. Errors: a NULL feature (22004), NaN or infinity (22003), a level that the policy has not seen (22023), a missing column (42703) or one of another type (42804), a policy without a rule or whose rule is not one (22023).';

CREATE FUNCTION journey.policy_sql(policy journey.policy)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_policy_sql'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.policy_sql(journey.policy) IS
'The policy as a SQL expression over columns with the names of its features: text to paste into a query, on any PostgreSQL server and without this extension. It gives the strategy of recommend(); where recommend() raises an error (NULL, NaN, an unseen level) it gives NULL. Names and strings are quoted, levels compare by their bytes.';

CREATE FUNCTION journey.policy_value(source text)
RETURNS TABLE (strategy text, baseline text, n bigint, n_keys bigint,
	value float8, value_se float8, value_low float8, value_high float8,
	difference float8, std_error float8, conf_low float8, conf_high float8,
	p_value float8, q_value float8, wins integer, repeats integer,
	ess float8, max_weight float8, overlap text, minimum_detectable float8,
	status text, verdict text)
AS 'MODULE_PATHNAME', 'journey_policy_value'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.policy_value(text) IS
'What a policy is worth per decision, one row in the columns of compare_strategies(). The source has a row for every decision and strategy, such as those of strategy_scores(): key (customer; NULL where decisions are independent, which needs row_number), strategy, score (doubly robust or inverse propensity weighted, in units of the outcome), chosen (true, or the probability with which the policy takes the strategy; they add up to 1 for every decision), and where there are such columns row_number (tells the decisions of a key apart), baseline_chosen (the same of a second policy), assigned (the strategy taken) and propensity (its probability then). value is the mean over decisions of chosen times score with a standard error clustered by key; difference is paired, to the second policy (baseline is "baseline") or to the best fixed strategy, which has the largest mean score of all. Intervals are 95 %, those of t below 100 keys. A policy that was learned on the same scores is valued too high: use the figures of learn_policy(). Overlap, with assigned and propensity: weights are the chosen probability of the strategy taken over its propensity, ess = (sum w)^2 / sum w^2; no_overlap (figures NULL) below 50, or where fewer than half of the choices were within reach; weak_overlap (no decision) below a tenth of the decisions, with a weight above 5 % of their sum, more than 1 % of propensities below 0.01 or more than a tenth of the choices out of reach. too_few: fewer than two keys. no_spread: the same difference for every key. wins and repeats are NULL. Errors: 22023 where probabilities do not add up (names the key), a propensity outside (0, 1]; 22004 for NULL in strategy or chosen, or a chosen strategy without score.';

CREATE FUNCTION journey.learn_policy(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, class text DEFAULT 'tree',
	depth integer DEFAULT 2, costs jsonb DEFAULT NULL, capacity jsonb DEFAULT NULL)
RETURNS journey.policy
AS 'MODULE_PATHNAME', 'journey_learn_policy'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.learn_policy(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text, integer, jsonb, jsonb) IS
'Learn which customer should get which strategy, from the scores of strategy_scores() with the same arguments. class: tree (the best of all trees of the given depth, 1 or 2, over columns cut at up to 63 quantiles; at most 20 columns, the strongest of each training set if there are more), linear (ridge regression of the scores per strategy, lambda 0.01 on scaled features, the largest wins) or plug_in (the largest predicted outcome; needs outcome models). value and difference are honest: every row is decided by a policy learned without its fold (that of the first repeat) and counts with its score (Athey and Wager 2021); the rule returned is learned on all rows. difference is paired, to the best fixed strategy on all rows (baseline of the result; the argument baseline has no influence); errors are clustered by key. costs: object strategy to cost per decision in units of the outcome, taken off all figures. capacity: object strategy to the largest share of decisions it may get, in (0, 1]; at least one strategy goes without. It holds in the rows of every training set: by prices taken off the rewards of a tree, found by bisection, or by a quantile cut of the promised advantage over the best other strategy. Strategies with fewer keys than folds or without overlap (see policy_value()) are not offered to the policy, which the verdict tells. status: ok; weak_overlap (figures, no decision); no_overlap, too_few (fewer than two strategies left, or past decisions do not resemble the policy: rule and figures NULL). Rows are held in memory whatever journey.memory_limit says, about 200 bytes each with two features and three strategies. Errors: those of strategy_scores(), no features, an unknown class, costs or capacity of a strategy that does not occur (22023).';
