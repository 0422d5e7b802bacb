-- strategies: planning a comparison and checking that it was dealt as planned.

CREATE FUNCTION journey.srm_test(
	observed bigint[],
	expected float8[] DEFAULT NULL,
	OUT statistic float8,
	OUT df integer,
	OUT p_value float8,
	OUT e_value float8)
AS 'MODULE_PATHNAME', 'journey_srm_test'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.srm_test(bigint[], float8[]) IS
'Sample ratio test: were rows dealt to the strategies in the planned shares? observed: counts, at least two; expected: shares in the same order (any positive numbers, divided by their sum), NULL for equal shares. statistic: Pearson''s chi-square with df = strategies - 1, p_value its upper tail; below 0.0005 do not read any effect, something went wrong in dealing or logging. e_value: Bayes factor of a Dirichlet-multinomial with parameters strategies times share against the planned shares (Lindon and Malek 2022); it may be looked at after every row, and an e_value of 2000 ever seen is as strong as p = 0.0005; Infinity above the largest double. Counts should be customers, or whatever was dealt: rows of a customer who was dealt once are no independent draws. No rows: NULL figures. observed NULL: NULL. Errors: 22004 NULL elements, 2202E lengths or dimensions, 22023 negative counts, shares that are not positive, fewer than two, 22003 shares that are not finite or vanish beside the others.';

CREATE FUNCTION journey.required_customers(
	baseline float8,
	effect float8,
	power float8 DEFAULT 0.8,
	alpha float8 DEFAULT 0.05,
	cluster_size float8 DEFAULT 1,
	icc float8 DEFAULT 0)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_required_customers'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.required_customers(float8, float8, float8, float8, float8, float8) IS
'Customers per strategy that a comparison of two strategies needs, so that an absolute effect on a rate (0.02 = two points) is found with the given power by a two-sided test at level alpha. baseline: rate under the usual strategy, in (0, 1), as is baseline + effect. (z(1 - alpha/2) + z(power))^2 (p1 (1 - p1) + p2 (1 - p2)) / effect^2 rows, the error that method difference uses (not pooled), times 1 + (m - 1) icc, divided by m = cluster_size decisions per customer, rounded up; at least 2. This is the normal limit: where a few dozen customers are enough, add two. A customer''s decisions all follow one strategy; icc is the intraclass correlation of outcomes of a customer. Numeric outcomes: required_customers_mean(). Errors: 22023 for arguments out of range, 22003 when a bigint cannot count the customers.';

CREATE FUNCTION journey.required_customers_mean(
	sd float8,
	effect float8,
	power float8 DEFAULT 0.8,
	alpha float8 DEFAULT 0.05,
	cluster_size float8 DEFAULT 1,
	icc float8 DEFAULT 0)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_required_customers_mean'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.required_customers_mean(float8, float8, float8, float8, float8, float8) IS
'Customers per strategy that a comparison of the mean of a numeric outcome needs: as required_customers(), with sd the standard deviation of the outcome under either strategy and effect in the unit of the outcome; 2 (z(1 - alpha/2) + z(power))^2 sd^2 / effect^2 rows, times 1 + (m - 1) icc, divided by m = cluster_size, rounded up; at least 2. With covariates that explain a share r2 of the variance (methods cuped and lin) pass sd sqrt(1 - r2). Errors: 22023 for arguments out of range, 22003 when a bigint cannot count the customers.';
