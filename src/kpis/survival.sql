-- survival: time to an event while some customers are still waiting.

CREATE FUNCTION journey.kaplan_meier(source text, duration text, event text,
	by text DEFAULT NULL, interval_type text DEFAULT 'log')
RETURNS TABLE (stratum text, "time" float8, at_risk bigint, events bigint,
	survival float8, std_error float8, conf_low float8, conf_high float8)
AS 'MODULE_PATHNAME', 'journey_kaplan_meier'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 200;
COMMENT ON FUNCTION journey.kaplan_meier(text, text, text, text, text) IS
'Kaplan-Meier curves of a relation or query, read once: the share without the event after each time. duration: a number, not negative, in any unit; event: boolean, false for rows that are still waiting (censored at their duration); by: column of strata (text, enum, boolean or number), NULL for one curve with stratum NULL. One row per stratum and distinct time, censored ones included, so at_risk at any t is that of the first row with time >= t and survival that of the last with time <= t. std_error by Greenwood; 95 % interval of interval_type plain, log (default) or log-log, plain and log cut at 0 and 1. Before the first event the interval is NULL, once survival is 0 std_error is too. Strata come in the order of their numbers or bytes. No rows: no rows. Keeps 16 bytes a row. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 negative duration or unknown interval_type. Sources: Kaplan and Meier 1958; Greenwood 1926.';

CREATE FUNCTION journey.logrank(source text, duration text, event text, by text)
RETURNS TABLE (statistic float8, df integer, p_value float8)
AS 'MODULE_PATHNAME', 'journey_logrank'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION journey.logrank(text, text, text, text) IS
'Log-rank test that the groups of column by have the same survival, one row: chi-square statistic with df degrees of freedom and its p-value. Arguments as of kaplan_meier; at most 1000 groups (54000). Groups without a row at risk at any event do not count; df is the number of the others less one. statistic and p_value are NULL, and df 0, where no two groups can be compared: one group, no events. Errors: 42703 missing column, 42804 wrong type, 22004 null, 22003 not finite, 22023 negative duration. Sources: Mantel 1966; Peto and Peto 1972.';
