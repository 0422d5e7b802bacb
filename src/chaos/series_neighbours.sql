-- series, by their neighbours: divergence, false neighbours, prediction error,
-- sample entropy, delay information; and the aggregate that makes a series.

CREATE FUNCTION journey.series_add(state internal, value float8, ts timestamptz)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_series_add'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.series_add(internal, float8, timestamptz) IS
'Transition of series_agg: adds a value. Cannot be called directly.';

CREATE FUNCTION journey.series_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_series_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.series_combine(internal, internal) IS
'Combine of series_agg: joins two lists of values. Cannot be called directly.';

CREATE FUNCTION journey.series_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_series_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.series_serialize(internal) IS
'Sends the values of series_agg between parallel workers. Cannot be called directly.';

CREATE FUNCTION journey.series_deserialize(wire bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_series_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.series_deserialize(bytea, internal) IS
'Receives the values of series_agg, checked in full. Cannot be called directly.';

CREATE FUNCTION journey.series_agg_final(state internal)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_series_agg_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.series_agg_final(internal) IS
'Final of series_agg: values in the order of time. Cannot be called directly.';

CREATE AGGREGATE journey.series_agg(value float8, ts timestamptz) (
	SFUNC = journey.series_add,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.series_agg_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.series_combine,
	SERIALFUNC = journey.series_serialize,
	DESERIALFUNC = journey.series_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.series_agg(float8, timestamptz) IS
'A series: values ordered by ts, then by value, as float8[]; the order of rows does not matter. NULL without rows. Times are taken as evenly spaced: fill gaps first. Errors: 22004 for a NULL value or one that is not finite (the message names its ts) and for a NULL ts, 22008 for an infinite ts, 54000 above 100 million values.';

CREATE FUNCTION journey.lyapunov(
	x float8[],
	dimension integer DEFAULT 3,
	delay integer DEFAULT 1,
	theiler integer DEFAULT NULL,
	horizon integer DEFAULT NULL,
	fit_from integer DEFAULT 1,
	fit_to integer DEFAULT NULL,
	distance text DEFAULT 'last',
	seed bigint DEFAULT 0,
	neighbours integer DEFAULT 1,
	radius float8 DEFAULT NULL,
	replicates integer DEFAULT 200,
	OUT exponent float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT jump float8,
	OUT noise_excess float8,
	OUT fit_from integer,
	OUT fit_to integer,
	OUT n_pairs bigint,
	OUT status text,
	OUT theiler integer,
	OUT horizon integer)
RETURNS record
AS 'MODULE_PATHNAME', 'journey_lyapunov'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.lyapunov(float8[], integer, integer, integer, integer, integer, integer, text, bigint, integer, float8, integer) IS
'Divergence rate of neighbours in a series, in nats a step: the slope of divergence_curve over fit_from .. fit_to. A positive slope alone is no evidence of a rule: noise gives one too when fitted from step 0; read noise_excess and a surrogate test beside it. x: values at even steps; delay vectors of dimension values, delay steps apart; theiler: neighbours must be more than this many steps away (NULL: the larger of delay (dimension - 1) and the first zero of the autocorrelation, at most n/10); horizon: steps followed (NULL: 20, at most a tenth of the vectors); fit_to NULL: the last step below 80 % of the way to saturation, at least 4 points; distance: "last" (newest coordinate) or "vector" (then fit from (dimension - 1) delay + 1); neighbours: so many nearest ones; radius: instead, the mean distance of all neighbours within it. jump: S(1) - S(0); noise_excess: jump - exponent, near 0 where a rule acts. conf_low, conf_high: 95 % moving-block resampling interval, without errors of embedding and fit range. theiler and horizon in the result: what was used. status: ok, too_short, constant, discrete_data (above 10 % of points have an equal one elsewhere), no_neighbours, no_scaling_region. NULL for NULL. Errors: 22004 for an element that is NULL or not finite, 22023 for arguments. Source: Rosenstein, Collins and De Luca 1993; Kantz 1994; Theiler 1986.';

CREATE FUNCTION journey.divergence_curve(
	x float8[],
	dimension integer DEFAULT 3,
	delay integer DEFAULT 1,
	theiler integer DEFAULT NULL,
	horizon integer DEFAULT NULL,
	distance text DEFAULT 'last',
	neighbours integer DEFAULT 1,
	radius float8 DEFAULT NULL,
	OUT step integer,
	OUT mean_log_distance float8,
	OUT n_pairs bigint,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_divergence_curve'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000 ROWS 21;
COMMENT ON FUNCTION journey.divergence_curve(float8[], integer, integer, integer, integer, text, integer, float8) IS
'Mean logarithm of the distance between neighbours of a series after 0, 1, ... horizon steps: the curve behind lyapunov, whose slope means nothing without it. Arguments as in lyapunov. mean_log_distance: nats, zero distances left out; n_pairs: pairs used. status: ok, too_short and constant (one row without figures), no_neighbours, discrete_data. No row for NULL. Errors: 22004 for an element that is NULL or not finite, 22023 for arguments. Source: Rosenstein, Collins and De Luca 1993.';

CREATE FUNCTION journey.false_neighbours(
	x float8[],
	max_dimension integer DEFAULT 6,
	delay integer DEFAULT 1,
	theiler integer DEFAULT NULL,
	OUT dimension integer,
	OUT fraction float8,
	OUT n_used bigint,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_false_neighbours'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000 ROWS 6;
COMMENT ON FUNCTION journey.false_neighbours(float8[], integer, integer, integer) IS
'Share of nearest neighbours in a series that are neighbours only because too few coordinates are looked at, by dimension 1 .. max_dimension. Take the smallest dimension below .01 (.05 for fewer than 2,000 values). A neighbour at distance d is false when the next coordinate differs by more than 15 d, or takes the distance above 2 standard deviations. theiler: NULL as in lyapunov. status: ok, too_short (below 100 values), constant, no_neighbours, no_finite_embedding (no dimension up to 6 comes below .1: treat the series as noise). No row for NULL. Errors: 22004 for an element that is NULL or not finite, 22023 for arguments. Source: Kennel, Brown and Abarbanel 1992.';

CREATE FUNCTION journey.prediction_error(
	x float8[],
	dimension integer DEFAULT 3,
	neighbours integer DEFAULT 4,
	horizon integer DEFAULT 1,
	theiler integer DEFAULT NULL)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_prediction_error'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.prediction_error(float8[], integer, integer, integer, integer) IS
'Error of predicting a series by what followed its most similar stretches: root mean squared error over the standard deviation of what is predicted; 1 is what their mean scores, 0 is perfect. Stretches of dimension values, the mean of neighbours nearest ones, horizon steps ahead; theiler: NULL as in lyapunov. NULL for NULL, below 100 values, when a stretch may have too few others outside the theiler window, and for constant series. Errors: 22004 for an element that is NULL or not finite, 22023 for arguments. Source: Sugihara and May 1990.';

CREATE FUNCTION journey.sample_entropy(
	x float8[],
	dimension integer DEFAULT 2,
	tolerance float8 DEFAULT NULL)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_sample_entropy'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION journey.sample_entropy(float8[], integer, float8) IS
'Irregularity of a series, in nats: -ln of the share of pairs of stretches of dimension values, all closer than tolerance, whose next values are closer too. tolerance NULL: 0.2 sample standard deviations; otherwise in units of x, strictly below. Wants 200 values or more. NULL for NULL, below dimension + 2 values, for constant series, and when nothing matches. Errors: 22004 for an element that is NULL or not finite, 22023 for arguments. Source: Richman and Moorman 2000.';

CREATE FUNCTION journey.delay_information(
	x float8[],
	max_lag integer DEFAULT 20,
	bins integer DEFAULT 16,
	OUT lag integer,
	OUT information float8,
	OUT corrected float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_delay_information'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10000 ROWS 20;
COMMENT ON FUNCTION journey.delay_information(float8[], integer, integer) IS
'What a value of a series tells about the value lag steps later: average mutual information over bins of equal width, in nats, for lags 1 .. max_lag. The first minimum is a candidate for the delay of slow series. corrected: less the plug-in bias (bins - 1)^2 / (2 pairs), so it can be below 0. status: ok, too_short (fewer than 50 pairs), constant. No row for NULL. Errors: 22004 for an element that is NULL or not finite, 22023 for arguments. Source: Fraser and Swinney 1986.';
