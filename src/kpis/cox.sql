-- cox: proportional hazards.

CREATE FUNCTION journey.cox(
	source text,
	duration text,
	event text,
	features text[] DEFAULT NULL,
	ties text DEFAULT 'efron',
	start text DEFAULT NULL
)
RETURNS journey.model
AS 'MODULE_PATHNAME', 'journey_cox'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.cox(text, text, text, text[], text, text) IS
'Proportional hazards model (Cox 1972) of a source: duration, a number from 0; event, a boolean column, false where the customer was still there (censored). features: columns to use, NULL for every other column; text, enum and boolean columns are expanded against their first level in byte order. ties: efron (Efron 1977) or breslow (Breslow 1974), kept in the encoding. start: column of the time from which a row is at risk, for rows (start, duration]. The model has family cox, link log and no intercept; coefficients are log hazard ratios, errors from the observed information, which takes rows as independent; n counts rows, df_residual events less terms, deviance is -2 log partial likelihood. status separated: a feature orders the events, its coefficient is infinite. predict gives the hazard relative to all features at 0. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 a negative duration, a start not below its duration, argument.';
