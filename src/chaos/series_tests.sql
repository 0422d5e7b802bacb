-- series_tests: does a series hold more than noise, and what kind of series is it?

CREATE FUNCTION journey.permutation_entropy(x float8[], dimension integer DEFAULT 3, delay integer DEFAULT 1)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_permutation_entropy'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.permutation_entropy(float8[], integer, integer) IS
'Entropy, in nats, of the order patterns of dimension (2 to 7) values that lie delay steps apart: from 0 (one pattern) to ln dimension! (all equally often); equal values keep their order in time. For a share of the possible divide by ln dimension!; for bits by ln 2. NULL with fewer than two patterns; below 5 times dimension! values it is biased down. Errors: 22023 for arguments, 22004 for a NULL or infinite element. Source: Bandt and Pompe 2002.';

CREATE FUNCTION journey.surrogate_test(
	x float8[],
	statistic text DEFAULT 'permutation_entropy',
	surrogates integer DEFAULT 99,
	seed bigint DEFAULT 0,
	OUT observed float8,
	OUT null_median float8,
	OUT p_value float8,
	OUT end_mismatch float8,
	OUT status text,
	OUT n_used bigint)
RETURNS record
AS 'MODULE_PATHNAME', 'journey_surrogate_test'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.surrogate_test(float8[], text, integer, bigint) IS
'Rank test of a series against surrogates that have the same values and nearly the same power spectrum: a small p_value says that it is not a linear Gaussian process seen through a monotone scale, and no more; varying variance, too, makes it small. statistic: "permutation_entropy" (dimension 4) or "prediction_error" (dimension 3, 4 neighbours); both are low where rules act, so p_value = (1 + surrogates not above the series)/(1 + surrogates), one-sided, never 0. The test runs on the n_used values whose ends match best (at most a tenth is left out); end_mismatch is what remains, above .01 distrust the test. observed, null_median: the statistic of the series and the median of the surrogates. status: ok, too_short (below 100), constant. 39 surrogates are the least for a test at .05, 999 for publication. Errors: 22023 for arguments, 22004 for a NULL or infinite element. Source: iterative amplitude adjusted Fourier transform, Schreiber and Schmitz 1996 and 2000; Theiler et al. 1992.';

CREATE FUNCTION journey.zero_one_test(
	x float8[],
	frequencies integer DEFAULT 100,
	OUT k_median float8,
	OUT k_low float8,
	OUT k_high float8,
	OUT status text)
RETURNS record
AS 'MODULE_PATHNAME', 'journey_zero_one_test'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.zero_one_test(float8[], integer) IS
'The 0-1 test: k_median near 0 for regular motion, near 1 for irregular motion AND FOR NOISE, which it cannot tell apart: read it only for a series that surrogate_test did not find to be linear noise. k_low, k_high: quartiles over a fixed grid of frequencies in (pi/5, 4 pi/5). A mean beyond 8 standard deviations is taken away first. status: ok, too_short (below 200 values), constant. Errors: 22023 for arguments, 22004 for a NULL or infinite element. Source: Gottwald and Melbourne 2009.';

CREATE FUNCTION journey.series_diagnosis(
	x float8[],
	season integer DEFAULT NULL,
	counts boolean DEFAULT false,
	surrogates integer DEFAULT 99,
	seed bigint DEFAULT 0,
	OUT verdict text,
	OUT exponent float8,
	OUT jump float8,
	OUT k_median float8,
	OUT p_value float8,
	OUT advice text,
	OUT exponent_low float8,
	OUT exponent_high float8,
	OUT noise_excess float8,
	OUT stable boolean,
	OUT p_permutation_entropy float8,
	OUT p_prediction_error float8,
	OUT end_mismatch float8,
	OUT unit_root_test text,
	OUT unit_root_statistic float8,
	OUT treatment text,
	OUT n_used bigint,
	OUT status text)
RETURNS record
AS 'MODULE_PATHNAME', 'journey_series_diagnosis'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.series_diagnosis(float8[], integer, boolean, integer, bigint) IS
'What kind of series is this? counts => true takes 2 sqrt(x + 3/8) first; season takes out the means of that many places (7 for days of the week); a unit root (augmented Dickey-Fuller at 5 %, named in unit_root_test) or a trend is taken out and told in treatment (none, detrend, difference); then surrogates decide, and only then the exponent is looked at. verdict: "insufficient" (fewer than 100 values, fewer than three seasons, nothing that varies), "nonstationary", "consistent with linear noise" (p_value > .05; exponent NULL), "nonlinear stochastic" (noise_excess > .5), "regular (periodic or quasi-periodic)" (k_median < .2), "low-dimensional deterministic divergence" (interval of the exponent above 0, k_median > .8, stable over dimensions 2 to 4), "inconclusive". p_value is the larger of p_permutation_entropy and p_prediction_error: both must find something. exponent: nats a step, with a resampling interval that leaves out errors of embedding and fit range; jump, noise_excess: how far neighbours part in the first step, and how much more than the exponent says: near 0 for a rule, large for noise. k_median: 0-1 test. advice: what it means, in words. status: why a figure is missing (too_short, constant, discrete_data, no_scaling_region). Thresholds are conservative: clean series of a few hundred values are recognised, a rule under 5 % of noise is called nonlinear stochastic. Errors: 22023 for arguments and negative counts, 22004 for a NULL or infinite element. Source: the order of Toker, Sommer and D''Esposito 2020.';

CREATE FUNCTION journey.early_warning(
	x float8[],
	"window" integer DEFAULT NULL,
	replicates integer DEFAULT 200,
	seed bigint DEFAULT 0,
	bandwidth float8 DEFAULT 0.1,
	OUT indicator text,
	OUT tau float8,
	OUT p_value float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_early_warning'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000 ROWS 2;
COMMENT ON FUNCTION journey.early_warning(float8[], integer, integer, bigint, float8) IS
'Do variability or persistence of a series rise, cause unknown? Two rows: "variance" and "autocorrelation" (lag 1) in rolling windows (window values; NULL: half the series) after a Gaussian smooth is taken out (bandwidth: its standard deviation as a share of the length; 0: none). tau: Kendall''s tau-b of the indicator against time. p_value: one-sided, against replicates of a steady AR(1) series of the same persistence through the same steps; the usual p of tau is wrong here (windows overlap) and is not given. Power is low: of series whose persistence grows from .2 to .97 over 120 steps about a quarter is seen by the variance, half by the autocorrelation. status: ok, too_short (below 60 values, or a window above n - 2), constant. No row for a NULL series. Errors: 22023 for arguments, 22004 for a NULL or infinite element. Source: Dakos et al. 2012; Boettiger and Hastings 2012 on false alarms.';

CREATE FUNCTION journey.recurrence(
	x float8[],
	dimension integer DEFAULT 1,
	delay integer DEFAULT 1,
	radius float8 DEFAULT NULL,
	theiler integer DEFAULT 1,
	line integer DEFAULT 2,
	OUT n bigint,
	OUT recurrence_rate float8,
	OUT determinism float8,
	OUT mean_line float8,
	OUT longest_line bigint,
	OUT line_entropy float8,
	OUT divergence float8,
	OUT laminarity float8,
	OUT trapping_time float8,
	OUT mean_recurrence_time float8,
	OUT recurrence_time_entropy float8,
	OUT most_frequent bigint,
	OUT radius_used float8,
	OUT status text)
RETURNS record
AS 'MODULE_PATHNAME', 'journey_recurrence_series'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.recurrence(float8[], integer, integer, float8, integer, integer) IS
'Recurrence quantification of a series: two of its n states (vectors of dimension values, delay apart) recur when no coordinate differs by more than radius (NULL: a fifth of the sample standard deviation). recurrence_rate: share of pairs that recur, every state with itself included. Leaving out pairs fewer than theiler steps apart (1: each with itself): determinism: share of recurrences on diagonal lines of at least line cells; mean_line, longest_line, line_entropy (nats) of such lines; divergence = 1/longest_line; laminarity, trapping_time: the same share and mean length of vertical lines; mean_recurrence_time, recurrence_time_entropy (nats), most_frequent: steps between returns, their entropy, and the count of the commonest. status: ok, too_short (below 30 states), constant. Limit: 5,000 states (54000). Errors: 22023 for arguments, 22004 for a NULL or infinite element. Source: Marwan et al. 2007.';

CREATE FUNCTION journey.recurrence(
	x text[],
	theiler integer DEFAULT 1,
	line integer DEFAULT 2,
	shuffles integer DEFAULT 99,
	seed bigint DEFAULT 0,
	OUT n bigint,
	OUT recurrence_rate float8,
	OUT determinism float8,
	OUT mean_line float8,
	OUT longest_line bigint,
	OUT line_entropy float8,
	OUT divergence float8,
	OUT laminarity float8,
	OUT trapping_time float8,
	OUT mean_recurrence_time float8,
	OUT recurrence_time_entropy float8,
	OUT most_frequent bigint,
	OUT p_determinism float8,
	OUT p_laminarity float8,
	OUT status text)
RETURNS record
AS 'MODULE_PATHNAME', 'journey_recurrence_symbols'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.recurrence(text[], integer, integer, integer, bigint) IS
'Recurrence quantification of a sequence of symbols, such as the touchpoints of one long journey: two places recur when their symbols are equal, so recurrence_rate is the sum of squared shares of the symbols and says nothing of their order. What does is p_determinism and p_laminarity: the share of shuffles of the same sequence whose determinism (laminarity) is at least as large, (1 + those)/(1 + shuffles); NULL with shuffles => 0. Other columns as for a series. status: ok, too_short (below 30 symbols). Limit: 5,000 symbols (54000). Errors: 22023 for arguments, 22004 for a NULL element. Source: Marwan et al. 2007.';
