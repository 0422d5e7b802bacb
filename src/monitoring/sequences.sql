-- monitoring: figures that may be looked at every week.  Confidence sequences of
-- a mean, evidence against a mean, and an alarm for streams.

CREATE FUNCTION journey.confidence_sequence_accum(float8[], float8, bigint)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_confidence_sequence_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.confidence_sequence_accum(float8[], float8, bigint) IS
'Support function of the aggregate confidence_sequence; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.confidence_sequence_accum(float8[], float8, bigint, float8)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_confidence_sequence_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.confidence_sequence_accum(float8[], float8, bigint, float8) IS
'Support function of the aggregate confidence_sequence; an error (42809) when called directly. Adds one row to the state.';

CREATE FUNCTION journey.confidence_sequence_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_confidence_sequence_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.confidence_sequence_combine(float8[], float8[]) IS
'Support function of the aggregate confidence_sequence; an error (42809) when called directly. Merges two states; 22023 when one is damaged, was rounded, or has another plan.';

CREATE FUNCTION journey.confidence_sequence_final(float8[])
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_confidence_sequence_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.confidence_sequence_final(float8[]) IS
'Support function of the aggregate confidence_sequence; an error (42809) when called directly. Interval of a state.';

CREATE AGGREGATE journey.confidence_sequence(x float8, planned bigint) (
	SFUNC = journey.confidence_sequence_accum,
	STYPE = float8[],
	SSPACE = 120,
	FINALFUNC = journey.confidence_sequence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.confidence_sequence_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.confidence_sequence(float8, bigint) IS
'Mean of x with an interval that holds at all looks together: look as often as you like, stop when you like. x: one number a customer (an outcome, or challenger minus champion), customers independent of each other. planned: the number of customers at which the answer is wanted, fixed before the first look; there the interval is narrowest beside one for a single look (about 1.6 times as wide), and it holds before and after. The chance that the mean is ever outside is 0.05. estimate is the mean, std_error sd/sqrt(n), conf_low and conf_high the sequence; method confidence_sequence, or too_few (one row) and no_spread (all x equal) without an interval: a constant series says nothing about its mean. It is asymptotic: let a hundred customers mature before the first look, more where outcomes are rare or very skewed; betting_sequence() needs no such care for outcomes between known limits. The order of rows changes no more than the last digits. Rows with a NULL x are left out; no rows: NULL. Errors: 22003 for NaN, an infinity or an overflow, 22004 for a NULL plan, 22023 for a plan out of range or not the same in all rows. The state is a float8[] (combinable, pushed down by Citus); plans agree to a relative 1e-12. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024).';

CREATE AGGREGATE journey.confidence_sequence(x float8, planned bigint, alpha float8) (
	SFUNC = journey.confidence_sequence_accum,
	STYPE = float8[],
	SSPACE = 120,
	FINALFUNC = journey.confidence_sequence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.confidence_sequence_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.confidence_sequence(float8, bigint, float8) IS
'Mean of x with an interval that holds at all looks together: look as often as you like, stop when you like. x: one number a customer (an outcome, or challenger minus champion), customers independent of each other. planned: the number of customers at which the answer is wanted, fixed before the first look; there the interval is narrowest beside one for a single look (about 1.6 times as wide), and it holds before and after. alpha: the chance that the mean is ever outside, fixed too, above 0 and at most 0.5. estimate is the mean, std_error sd/sqrt(n), conf_low and conf_high the sequence; method confidence_sequence, or too_few (one row) and no_spread (all x equal) without an interval: a constant series says nothing about its mean. It is asymptotic: let a hundred customers mature before the first look, more where outcomes are rare or very skewed; betting_sequence() needs no such care for outcomes between known limits. The order of rows changes no more than the last digits. Rows with a NULL x are left out; no rows: NULL. Errors: 22003 for NaN, an infinity or an overflow, 22004 for a NULL plan, 22023 for a plan out of range or not the same in all rows. The state is a float8[] (combinable, pushed down by Citus); plans agree to a relative 1e-12. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024).';

CREATE FUNCTION journey.confidence_sequence_bounds(
	n bigint,
	mean float8,
	m2 float8,
	planned bigint,
	alpha float8 DEFAULT 0.05,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT half_width float8)
AS 'MODULE_PATHNAME', 'journey_confidence_sequence_bounds'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.confidence_sequence_bounds(bigint, float8, float8, bigint, float8) IS
'The interval of confidence_sequence() from moments that were kept: n observations, their mean, and m2 = sum of (x - mean)^2, which is var_pop(x) * count(x). planned and alpha as there. NULL figures for n below 2 or m2 = 0. Errors: 22003 for numbers that are not finite, 22023 for a negative n or m2 and for a plan out of range.';

CREATE FUNCTION journey.confidence_sequence_e_value(
	n bigint,
	mean float8,
	m2 float8,
	planned bigint,
	null_value float8 DEFAULT 0,
	alpha float8 DEFAULT 0.05)
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_confidence_sequence_e_value'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.confidence_sequence_e_value(bigint, float8, float8, bigint, float8, float8) IS
'Evidence against "the mean is null_value", to go with confidence_sequence_bounds(): a normal mixture, at least 1/alpha exactly when null_value is not inside the sequence of the same plan. e-values of several strategies can be averaged, and used after any number of looks. Above 1e300 it is given as 1e300: a smaller e-value is always valid. NULL for n below 2 or m2 = 0. Errors as there. Robbins (1970); Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024).';

CREATE FUNCTION journey.betting_sequence_accum(internal, float8, float8, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_betting_sequence_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.betting_sequence_accum(internal, float8, float8, float8) IS
'Support function of the aggregate betting_sequence; an error (42809) when called directly. Keeps one outcome.';

CREATE FUNCTION journey.betting_sequence_accum(internal, float8, float8, float8, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_betting_sequence_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.betting_sequence_accum(internal, float8, float8, float8, float8) IS
'Support function of the aggregate betting_sequence; an error (42809) when called directly. Keeps one outcome.';

CREATE FUNCTION journey.betting_sequence_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_betting_sequence_combine'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.betting_sequence_combine(internal, internal) IS
'Support function of the aggregate betting_sequence; an error (42809) when called directly. Joins the outcomes of two states; 22023 when their arguments differ.';

CREATE FUNCTION journey.betting_sequence_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'journey_betting_sequence_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.betting_sequence_serialize(internal) IS
'Support function of the aggregate betting_sequence; an error (42809) when called directly. Sends a state between parallel workers.';

CREATE FUNCTION journey.betting_sequence_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_betting_sequence_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.betting_sequence_deserialize(bytea, internal) IS
'Support function of the aggregate betting_sequence; an error (42809) when called directly. Receives a state, checked in full.';

CREATE FUNCTION journey.betting_sequence_final(internal)
RETURNS journey.estimate
AS 'MODULE_PATHNAME', 'journey_betting_sequence_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION journey.betting_sequence_final(internal) IS
'Support function of the aggregate betting_sequence; an error (42809) when called directly. Interval of the outcomes kept.';

CREATE AGGREGATE journey.betting_sequence(x float8, low float8, high float8) (
	SFUNC = journey.betting_sequence_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.betting_sequence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.betting_sequence_combine,
	SERIALFUNC = journey.betting_sequence_serialize,
	DESERIALFUNC = journey.betting_sequence_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.betting_sequence(float8, float8, float8) IS
'Mean of outcomes that lie between low and high, with an interval that holds at all looks together and at any number of rows, however rare or skewed outcomes are (confidence_sequence() needs many). low and high: least and greatest value an outcome can have, known beforehand. The chance that the mean is ever outside is 0.05. estimate is the mean, std_error sd/sqrt(n), conf_low and conf_high the sequence, which always holds estimate; method betting_sequence. Neither the order of rows nor the plan matters, to the last bit: no ORDER BY is needed. A sequence over time looks again at all rows so far. Rows with a NULL x are left out; no rows: NULL. It keeps 8 bytes a row. Errors: 22003 for NaN or an infinity, 22004 for a NULL limit or alpha, 22023 for an x outside the limits (named) and for limits or alpha out of range or not the same in all rows, 54000 above 100 million rows. Waudby-Smith and Ramdas (2024), hedged capital with diversified bets.';

CREATE AGGREGATE journey.betting_sequence(x float8, low float8, high float8, alpha float8) (
	SFUNC = journey.betting_sequence_accum,
	STYPE = internal,
	SSPACE = 1024,
	FINALFUNC = journey.betting_sequence_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.betting_sequence_combine,
	SERIALFUNC = journey.betting_sequence_serialize,
	DESERIALFUNC = journey.betting_sequence_deserialize,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.betting_sequence(float8, float8, float8, float8) IS
'Mean of outcomes that lie between low and high, with an interval that holds at all looks together and at any number of rows, however rare or skewed outcomes are (confidence_sequence() needs many). low and high: least and greatest value an outcome can have, known beforehand. alpha: the chance that the mean is ever outside, between 0 and 1. estimate is the mean, std_error sd/sqrt(n), conf_low and conf_high the sequence, which always holds estimate; method betting_sequence. Neither the order of rows nor the plan matters, to the last bit: no ORDER BY is needed. A sequence over time looks again at all rows so far. Rows with a NULL x are left out; no rows: NULL. It keeps 8 bytes a row. Errors: 22003 for NaN or an infinity, 22004 for a NULL limit or alpha, 22023 for an x outside the limits (named) and for limits or alpha out of range or not the same in all rows, 54000 above 100 million rows. Waudby-Smith and Ramdas (2024), hedged capital with diversified bets.';

CREATE FUNCTION journey.betting_e_value_accum(float8[], float8, float8, float8, float8, text)
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_betting_e_value_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.betting_e_value_accum(float8[], float8, float8, float8, float8, text) IS
'Support function of the aggregate betting_e_value; an error (42809) when called directly. Settles the bets on one outcome.';

CREATE FUNCTION journey.betting_e_value_combine(float8[], float8[])
RETURNS float8[]
AS 'MODULE_PATHNAME', 'journey_betting_e_value_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.betting_e_value_combine(float8[], float8[]) IS
'Support function of the aggregate betting_e_value; an error (42809) when called directly. Multiplies the purses of two states; 22023 when one is damaged, was rounded, or asks another question.';

CREATE FUNCTION journey.betting_e_value_final(float8[])
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_betting_e_value_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.betting_e_value_final(float8[]) IS
'Support function of the aggregate betting_e_value; an error (42809) when called directly. What the purses hold.';

CREATE AGGREGATE journey.betting_e_value(x float8, low float8, high float8, null_value float8, alternative text) (
	SFUNC = journey.betting_e_value_accum,
	STYPE = float8[],
	SSPACE = 512,
	FINALFUNC = journey.betting_e_value_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = journey.betting_e_value_combine,
	INITCOND = '{}',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.betting_e_value(float8, float8, float8, float8, text) IS
'Evidence against one mean of outcomes between low and high: what 1 became by fair bets if the mean were null_value. alternative: greater (against "the mean is at most null_value"), less (at least), two.sided. The chance that it ever reaches 1/a when the mean is as supposed is at most a, at all looks together and at any number of rows: 20 is as strong as p = 0.05 on a single look. two.sided is below 1/alpha exactly when null_value lies in betting_sequence() with that alpha. The order of rows changes rounding only, and so does the plan (a relative 1e-9); the state is a float8[] (combinable, pushed down by Citus). Above 1e300 it is given as 1e300. Rows with a NULL x are left out; no rows: NULL. Errors: 22003 for NaN or an infinity, 22004 for a NULL argument, 22023 for an x or a null_value outside the limits, limits out of range, another alternative, and for arguments that are not the same in all rows. Waudby-Smith and Ramdas (2024).';

CREATE TYPE journey.page_hinkley_alarm AS (
	alarm boolean,
	alarm_at bigint,
	statistic float8,
	mean float8,
	n bigint,
	direction text
);
COMMENT ON TYPE journey.page_hinkley_alarm IS
'Result of page_hinkley(): whether the level of a stream moved; number of the row (from 1) at which it was first noticed; the statistic at the last row; mean and number of the rows; direction of the first alarm, up or down.';

CREATE FUNCTION journey.page_hinkley_accum(internal, float8, float8, float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_page_hinkley_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.page_hinkley_accum(internal, float8, float8, float8) IS
'Support function of the aggregate page_hinkley; an error (42809) when called directly. Adds one value.';

CREATE FUNCTION journey.page_hinkley_accum(internal, float8, float8, float8, text)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_page_hinkley_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.page_hinkley_accum(internal, float8, float8, float8, text) IS
'Support function of the aggregate page_hinkley; an error (42809) when called directly. Adds one value.';

CREATE FUNCTION journey.page_hinkley_accum(internal, float8, float8, float8, text, bigint)
RETURNS internal
AS 'MODULE_PATHNAME', 'journey_page_hinkley_accum'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.page_hinkley_accum(internal, float8, float8, float8, text, bigint) IS
'Support function of the aggregate page_hinkley; an error (42809) when called directly. Adds one value.';

CREATE FUNCTION journey.page_hinkley_final(internal)
RETURNS journey.page_hinkley_alarm
AS 'MODULE_PATHNAME', 'journey_page_hinkley_final'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.page_hinkley_final(internal) IS
'Support function of the aggregate page_hinkley; an error (42809) when called directly. The alarm.';

CREATE AGGREGATE journey.page_hinkley(x float8, delta float8, threshold float8) (
	SFUNC = journey.page_hinkley_accum,
	STYPE = internal,
	SSPACE = 128,
	FINALFUNC = journey.page_hinkley_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.page_hinkley(float8, float8, float8) IS
'Has the level of a stream moved (response time, queue length)? Page-Hinkley: with the running mean a, alarm at the first row where the sum of x - a - delta stands more than threshold above its lowest point so far (up), or the sum of x - a + delta more than threshold below its highest (down). delta: moves of this size are let pass, 0 or more, in the unit of x; half a standard deviation is usual. threshold: above 0, in the unit of x times rows; larger means fewer and later alarms: try it on a quiet stretch. Both directions are watched; no alarm before 30 rows. Order matters: write page_hinkley(x, 5, 200 ORDER BY ts, id). The first alarm is kept and the statistic is not set back: start anew after it with FILTER or WHERE. This is no test with a known error rate. Rows with a NULL x are left out and not counted; no rows: NULL. Errors: 22003 for NaN, an infinity or an overflow, 22004 for a NULL argument, 22023 for one out of range or not the same in all rows. Page (1954), Hinkley (1971); as PageHinkley of river with alpha = 1.';

CREATE AGGREGATE journey.page_hinkley(x float8, delta float8, threshold float8, direction text) (
	SFUNC = journey.page_hinkley_accum,
	STYPE = internal,
	SSPACE = 128,
	FINALFUNC = journey.page_hinkley_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.page_hinkley(float8, float8, float8, text) IS
'Has the level of a stream moved (response time, queue length)? Page-Hinkley: with the running mean a, alarm at the first row where the sum of x - a - delta stands more than threshold above its lowest point so far (up), or the sum of x - a + delta more than threshold below its highest (down). delta: moves of this size are let pass, 0 or more, in the unit of x; half a standard deviation is usual. threshold: above 0, in the unit of x times rows; larger means fewer and later alarms: try it on a quiet stretch. direction: up, down or both; no alarm before 30 rows. Order matters: write page_hinkley(x, 5, 200 ORDER BY ts, id). The first alarm is kept and the statistic is not set back: start anew after it with FILTER or WHERE. This is no test with a known error rate. Rows with a NULL x are left out and not counted; no rows: NULL. Errors: 22003 for NaN, an infinity or an overflow, 22004 for a NULL argument, 22023 for one out of range or not the same in all rows. Page (1954), Hinkley (1971); as PageHinkley of river with alpha = 1.';

CREATE AGGREGATE journey.page_hinkley(x float8, delta float8, threshold float8, direction text, min_n bigint) (
	SFUNC = journey.page_hinkley_accum,
	STYPE = internal,
	SSPACE = 128,
	FINALFUNC = journey.page_hinkley_final,
	FINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE journey.page_hinkley(float8, float8, float8, text, bigint) IS
'Has the level of a stream moved (response time, queue length)? Page-Hinkley: with the running mean a, alarm at the first row where the sum of x - a - delta stands more than threshold above its lowest point so far (up), or the sum of x - a + delta more than threshold below its highest (down). delta: moves of this size are let pass, 0 or more, in the unit of x; half a standard deviation is usual. threshold: above 0, in the unit of x times rows; larger means fewer and later alarms: try it on a quiet stretch. direction: up, down or both; min_n: no alarm before that many rows. Order matters: write page_hinkley(x, 5, 200 ORDER BY ts, id). The first alarm is kept and the statistic is not set back: start anew after it with FILTER or WHERE. This is no test with a known error rate. Rows with a NULL x are left out and not counted; no rows: NULL. Errors: 22003 for NaN, an infinity or an overflow, 22004 for a NULL argument, 22023 for one out of range or not the same in all rows. Page (1954), Hinkley (1971); as PageHinkley of river with alpha = 1.';
