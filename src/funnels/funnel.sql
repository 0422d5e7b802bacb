-- funnels: how far customers get along a list of touchpoints.

CREATE FUNCTION journey.funnel(
	source text,
	steps text[],
	within interval,
	mode text DEFAULT 'ordered',
	exclude text[] DEFAULT NULL,
	optional integer[] DEFAULT NULL,
	breakdown boolean DEFAULT false,
	as_of timestamptz DEFAULT NULL,
	OUT segment text,
	OUT step integer,
	OUT name text,
	OUT entered bigint,
	OUT reached bigint,
	OUT step_rate float8,
	OUT total_rate float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT dropped bigint,
	OUT immature bigint,
	OUT median_seconds float8,
	OUT p25_seconds float8,
	OUT p75_seconds float8,
	OUT p90_seconds float8,
	OUT step_conf_low float8,
	OUT step_conf_high float8,
	OUT excluded bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_funnel'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION journey.funnel(text, text[], interval, text, text[], integer[], boolean, timestamptz) IS
'How many customers of an event source (customer_id, ts, touchpoint, optionally event_id, segment) reach each of 1 to 64 steps within a window that opens at step 1 and includes its end; months and days follow TimeZone. Each event serves one step; at one instant the order is free in modes ordered and any_order. mode: comma-separated ordered, strict_order (with allow_reentry), strict_increase, adjacent, no_skip; or any_order, whose row k counts customers with any k steps. exclude: touchpoints that spoil an incomplete chain inside its window; customers whose best chain is spoiled are counted in excluded only. optional: places in steps that levels do not count. breakdown: one block per segment of the event matched to step 1 and one with segment NULL for all. as_of: later events do not exist, only starts whose window has ended count, and entrants without one are immature. One row a step: entered: customers at the step before; reached: of those, at least this far; step_rate = reached / entered, total_rate = reached / reached of step 1; conf_low, conf_high: 95 % Wilson interval of total_rate, step_conf_low, step_conf_high of step_rate; dropped = entered - reached; quantiles of the seconds from step 1 to this step among those who reached it. An optional step has no dropped and no times. A step that never occurs has reached 0. Errors: 22023 and 22004 for arguments, 54000 above 64 steps.';

-- each customer_type
CREATE FUNCTION journey.funnel_customers(
	source @source@,
	steps text[],
	within interval,
	mode text DEFAULT 'ordered',
	exclude text[] DEFAULT NULL,
	optional integer[] DEFAULT NULL,
	as_of timestamptz DEFAULT NULL@customer_argument@,
	OUT customer_id @customer_type@,
	OUT level integer,
	OUT entered_at timestamptz,
	OUT step_at timestamptz[],
	OUT seconds float8[],
	OUT completions bigint,
	OUT excluded boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_funnel_customers'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10000;
COMMENT ON FUNCTION journey.funnel_customers(@source@, text[], interval, text, text[], integer[], timestamptz@customer_signature@) IS
@comment@'How far each customer of an event source got along the steps of a funnel; arguments as in journey.funnel. One row per customer, level 0 for those who never reached step 1. level: required steps reached by the best chain over all starts, as of as_of; entered_at and step_at: times of that chain (the first to reach this level, from its latest start), required steps only; seconds: the same from step 1; completions: chains through all steps that do not overlap; excluded: the best chain was spoiled by a touchpoint of exclude, level then says how far it got. customer_id is a bigint; for other keys pass customer_type.';
-- end
