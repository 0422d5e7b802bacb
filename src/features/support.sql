-- support: service figures of cases.

-- each customer_type
CREATE FUNCTION journey.support_metrics(
	source @source@,
	roles jsonb,
	calendar jsonb DEFAULT NULL,
	as_of timestamptz DEFAULT NULL@customer_argument@,
	OUT customer_id @customer_type@,
	OUT first_reply_seconds float8,
	OUT first_resolution_seconds float8,
	OUT full_resolution_seconds float8,
	OUT requester_wait_seconds float8,
	OUT agent_wait_seconds float8,
	OUT on_hold_seconds float8,
	OUT reopens bigint,
	OUT handoffs bigint,
	OUT touches bigint,
	OUT business_first_reply_seconds float8,
	OUT business_first_resolution_seconds float8,
	OUT business_full_resolution_seconds float8,
	OUT business_requester_wait_seconds float8,
	OUT business_agent_wait_seconds float8,
	OUT business_on_hold_seconds float8,
	OUT resolutions bigint,
	OUT touch_class text,
	OUT case_status text,
	OUT case_status_since timestamptz
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_support_metrics'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 10000;
COMMENT ON FUNCTION journey.support_metrics(@source@, jsonb, jsonb, timestamptz@customer_signature@) IS
@comment@'Service figures of every case of an event source (relation name or query with customer_id, here the case, ts, touchpoint, optionally event_id and actor), durations in seconds. roles maps created, automatic_reply, internal_note, agent_reply, customer_reply, pending, on_hold, open and solved to a touchpoint or an array of touchpoints; an unrecognized role or a touchpoint in two roles is an error. The status of a case is set by created (new), open, pending, on_hold and solved only; a status set again is no change. first_reply: first agent_reply minus the first created. first and full resolution: first and last change to solved minus created. requester_wait: time in new, open and on_hold; agent_wait: in pending; the last status runs until as_of, without it to the last event. reopens: changes from solved to open. handoffs: distinct actors of agent replies (one agent is 1). touches: agent replies. business_: the same durations in open hours of calendar, {"timezone": "Europe/Rome", "hours": {"mon": ["09:00-13:00", "14:00-18:00"]}, "holidays": ["2024-12-25"]}; NULL without one. resolutions: changes to solved; touch_class: one_touch, two_touch or multi_touch of a solved case; case_status and since when. NULL where a case has no such event. Events at or after as_of do not exist. customer_id is a bigint; for other keys pass customer_type.';
-- end
