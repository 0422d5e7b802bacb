-- monitoring: drift, calibrated: stability index, two windows, a window against
-- stored bins.

CREATE FUNCTION journey.psi(
	reference bigint[],
	current bigint[],
	OUT psi float8,
	OUT null_mean float8,
	OUT p_value float8)
AS 'MODULE_PATHNAME', 'journey_psi'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.psi(bigint[], bigint[]) IS
'Population stability index of counts over the same cells in a reference and a current window: psi = sum (b - a) ln(b / a) over shares a and b. A count of 0 in one window is taken as 1/2; a cell that is empty in both is left out. null_mean: what psi is on average without any drift, (cells - 1) (1/n + 1/m) with n and m rows; p_value: upper tail of chi-square with cells - 1 degrees of freedom at psi n m / (n + m), which needs about 50 rows a cell (with ten it is below 0.05 in 7 of 100). Judge psi less null_mean: fixed limits such as 0.1 and 0.2 mean nothing with few rows (100 against 100 in ten cells pass 0.1 in 83 of 100 without drift). Make cells once, from the reference: reference_bins(). A window without rows: NULL figures; one cell that is not empty: psi 0, p_value NULL. NULL argument: NULL. Errors: 22004 NULL elements, 2202E lengths or dimensions, 22023 a negative count, fewer than two cells. Source: reference/validation.md 5.5.';

CREATE FUNCTION journey.drift(
	reference_source text,
	current_source text,
	features text[] DEFAULT NULL)
RETURNS TABLE (
	feature text,
	statistic float8,
	p_value float8,
	q_value float8,
	effect float8,
	status text,
	kind text,
	psi float8,
	psi_null_mean float8,
	psi_p_value float8,
	n_reference bigint,
	n_current bigint,
	null_rate_reference float8,
	null_rate_current float8,
	detail text)
AS 'MODULE_PATHNAME', 'journey_drift'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.drift(text, text, text[]) IS
'Features of a current window against those of a reference window, one row each. features: columns of both sources, NULL or ''{}'' for all that both have: numbers (kind numeric), text, varchar, enums and booleans (categorical). Leave keys and dates out, they always move. Numeric: statistic is Kolmogorov and Smirnov''s gap between the distribution functions, p_value exact given the ties while n m is at most 4 million, Kolmogorov''s limit beyond; effect is the difference of means in standard deviations (root of the mean of both variances). Categorical: statistic is Pearson''s chi-square over levels, those expected less than 5 times in the smaller window pooled; effect is the total variation, the share of rows that would have to change their level. q_value: Benjamini and Hochberg over all features tested. status: drift when q_value < 0.05 and the effect matters, that is a gap or a total variation of 0.05, or a difference of 0.1 standard deviations; nulls when the rate of NULLs moved by 0.05 or more with p < 0.0005; new_levels when a level that the reference does not know has 0.01 or more of the rows, more than chance allows; too_few below ten values, or where every level is rare; constant; ok; of several the first of nulls, too_few, constant, drift, new_levels. psi, psi_null_mean, psi_p_value: psi() over tenths of the reference, or its twenty most frequent levels and the rest. n: values that are not NULL. detail: means, levels that are new or gone, rates of NULLs. Rows count as independent draws: pass one row per customer. Numbers need 8 bytes a value of memory. Errors: 42703 a column that a source lacks, 42804 a type that is no feature or differs between the sources, 42702 a name twice in a source, 22023 a feature named twice or no column in common, 22003 NaN or infinity, 22004 source or element NULL, 0A000, 42601 not one query that only reads. Source: reference/validation.md 5.5.';

CREATE FUNCTION journey.reference_bins(
	source text,
	features text[] DEFAULT NULL,
	bins integer DEFAULT 10)
RETURNS TABLE (
	feature text,
	bin integer,
	upper float8,
	label text,
	n bigint)
AS 'MODULE_PATHNAME', 'journey_reference_bins'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 100;
COMMENT ON FUNCTION journey.reference_bins(text, text[], integer) IS
'Bins of a reference window, to be stored once and compared with later windows by drift_against(), without the rows they came from. features as in drift(). bin 0 counts NULLs. Numbers: bins at quantiles of the reference, at most so many, equal bounds merged; a bin holds what is above the bound before and at most upper, which is NULL in the last one; what piles up at the largest value is a bin of its own, and a constant has three bins: below, at and above it. Levels: the twenty most frequent by label, the rest in (other), which also takes a level of that very name. Bins without rows are listed too. Errors: as drift(), 22023 bins not from 2 to 1000.';

CREATE FUNCTION journey.drift_against(
	reference_bins_query text,
	current_source text)
RETURNS TABLE (
	feature text,
	psi float8,
	null_mean float8,
	p_value float8,
	q_value float8,
	status text,
	kind text,
	n_reference bigint,
	n_current bigint,
	null_rate_reference float8,
	null_rate_current float8,
	detail text)
AS 'MODULE_PATHNAME', 'journey_drift_against'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.drift_against(text, text) IS
'A current window against stored bins of a reference, one row per feature in the order of names. reference_bins_query: a source with the columns of reference_bins(), in any order of rows. psi and null_mean: psi() over the bins as stored, NULLs left out. p_value: the larger p of psi and of Pearson''s chi-square over the same bins, those expected less than 5 times in the smaller window pooled, because each alone is too eager in one corner; q_value: Benjamini and Hochberg over features. status: drift when q_value < 0.05 and psi is 0.01 or more above null_mean, which is what a shift by 0.1 standard deviations makes; nulls, too_few, constant and new_levels (only where the reference had no more than twenty levels) as in drift(). The window is counted as it is read, nothing of it is kept in memory. Errors: 22023 bins that are not those of reference_bins(), or none; 42703 a column that a source lacks, 42804 another kind than in the reference, 22003 NaN or infinity, 22004 argument NULL, 0A000, 42601 not one query that only reads.';
