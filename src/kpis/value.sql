-- value: what a customer is worth after the purchase.

-- each customer_type
CREATE FUNCTION journey.rfm(
	source @source@,
	touchpoint text,
	period interval,
	as_of timestamptz DEFAULT NULL@customer_argument@,
	OUT customer_id @customer_type@,
	OUT frequency bigint,
	OUT recency float8,
	OUT age float8,
	OUT monetary float8
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_rfm'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10000;
COMMENT ON FUNCTION journey.rfm(@source@, text, interval, timestamptz@customer_signature@) IS
@comment@'Purchases of every customer of an event source (relation name or query with customer_id, ts, touchpoint, optionally value) who has one: frequency, distinct periods with the touchpoint less one; recency, periods from the first to the last; age, periods from the first to as_of, without as_of to the last event of the source; monetary, mean value of a repeat period (the first is left out), NULL without repeat or without a column value. Purchases of one period are one. Days are calendar days of the session TimeZone, weeks begin on Monday, months are calendar months; hours and less are counted from 2000-01-01 UTC. Events at or after as_of do not exist. A purchase whose value is NULL is an error that names the customer.';
-- end

CREATE FUNCTION journey.clv_fit(
	source text,
	model text DEFAULT 'bg_nbd',
	OUT parameter text,
	OUT estimate float8,
	OUT std_error float8,
	OUT log_likelihood float8,
	OUT status text,
	OUT n bigint
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_clv_fit'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 4;
COMMENT ON FUNCTION journey.clv_fit(text, text) IS
'Maximum likelihood fit of a purchase model to customers with columns frequency, recency, age (as journey.rfm gives them): bg_nbd (r, alpha, a, b; Fader, Hardie and Lee 2005), mbg_nbd (the same parameters; Batislam et al. 2007) or pareto_nbd (r, alpha, s, beta; Schmittlein et al. 1987). alpha and beta are in the unit of age. std_error from the observed information. n: customers. status: ok; too_few (fewer than 10 customers, no repeat purchase, or no time); not_converged (a parameter runs to its bound: the data do not carry the model), then with NULL estimates. Recency above age, a recency that does not go with frequency, a negative or broken frequency and NULLs are errors naming column, value and row.';

CREATE FUNCTION journey.spend_fit(
	source text,
	OUT parameter text,
	OUT estimate float8,
	OUT std_error float8,
	OUT log_likelihood float8,
	OUT status text,
	OUT n bigint,
	OUT left_out bigint,
	OUT correlation float8
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_spend_fit'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 3;
COMMENT ON FUNCTION journey.spend_fit(text) IS
'Maximum likelihood fit of the gamma-gamma model (p, q, v; Fader and Hardie 2013) to customers with columns frequency and monetary, the mean spend of their repeat purchases. Customers without repeat purchase and those whose spend is NULL, 0 or negative are left out and counted in left_out; n: those that took part. correlation of frequency and spend: the model takes them as independent, so it should be near 0. status: ok, too_few, not_converged (NULL estimates), or no_finite_mean (q at most 1: no expected spend exists).';

-- each customer_type
CREATE FUNCTION journey.clv(
	source @source@,
	purchase_model text DEFAULT 'bg_nbd',
	spend_model text DEFAULT 'gamma_gamma',
	horizon float8 DEFAULT NULL,
	discount float8 DEFAULT 0@customer_argument@,
	OUT customer_id @customer_type@,
	OUT p_alive float8,
	OUT expected_purchases float8,
	OUT expected_value float8,
	OUT clv float8,
	OUT status text
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_clv'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10000;
COMMENT ON FUNCTION journey.clv(@source@, text, text, float8, float8@customer_signature@) IS
@comment@'Value of every customer of a source with columns customer_id, frequency, recency, age, monetary (as journey.rfm gives them): fits purchase_model (bg_nbd, mbg_nbd, pareto_nbd) and gamma_gamma to all of them, then gives p_alive, the probability that the customer still buys; expected_purchases within horizon; expected_value of one purchase, in the unit of monetary; clv, expected_value times the purchases of the units 1, 2, .. of the horizon, each divided by (1 + discount)^unit. horizon (must be given) and discount are in the unit of age. status: ok; of the fits too_few, not_converged, no_finite_mean; no_spend for repeat purchases without positive spend: figures that cannot be given are NULL. BG/NBD says p_alive = 1 of everybody without repeat purchase.';
-- end
