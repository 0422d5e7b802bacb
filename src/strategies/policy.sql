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
'A rule that chooses a strategy, as plain data: class (tree, linear, plug_in), rule (jsonb with its version), description (the rule as text), the honest cross-fitted value per decision with its standard error (in units of the outcome, costs taken off), the paired difference to the best fixed strategy with standard error and 95 % interval, status (ok; weak_overlap: figures, but no decision; no_overlap and too_few: no rule, no figures), strategies in byte order, baseline (the best fixed strategy), n rows and n_keys keys, shares (of the rows by strategy under the rule), verdict (one sentence). journey.recommend() applies it to rows, journey.policy_sql() writes it as a SQL expression.';

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
