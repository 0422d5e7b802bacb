-- retention: sessions, cohorts that return, customers per period.

-- each customer_type
CREATE FUNCTION journey.sessions(
	source @source@,
	timeout interval DEFAULT '30 minutes'@customer_argument@,
	OUT customer_id @customer_type@,
	OUT session bigint,
	OUT started_at timestamptz,
	OUT ended_at timestamptz,
	OUT n_events bigint,
	OUT path text[]
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_sessions'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 50000;
COMMENT ON FUNCTION journey.sessions(@source@, interval@customer_signature@) IS
@comment@'Sessions of every customer of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id): number from 1, first and last ts, number of events, path. A gap longer than timeout starts a new session, one as long as it does not; a timeout of days or months follows the calendar of the session TimeZone. A timeout that is not positive is an error. Events at the same ts are ordered by event_id, then touchpoint. customer_id is a bigint; for other keys pass customer_type.';
-- end

CREATE FUNCTION journey.cohort_retention(
	source text,
	start_touchpoint text,
	return_touchpoint text,
	period interval,
	periods integer,
	basis text DEFAULT 'calendar',
	kind text DEFAULT 'on',
	as_of timestamptz DEFAULT NULL,
	recurring boolean DEFAULT false,
	brackets integer[] DEFAULT NULL,
	min_events integer DEFAULT 1,
	OUT cohort timestamptz,
	OUT period integer,
	OUT cohort_size bigint,
	OUT retained bigint,
	OUT rate float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT mature boolean
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_cohort_retention'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 200;
COMMENT ON FUNCTION journey.cohort_retention(text, text, text, interval, integer, text, text, timestamptz, boolean, integer[], integer) IS
'Of the customers whose first start_touchpoint of an event source falls into a calendar period (the cohort, given by its start), how many have a return_touchpoint in each of the periods 1 to periods after it; period 0 is the start itself. period is months, days (7 days: ISO weeks) or hours and less, in the session TimeZone; a mixture is an error. basis calendar: period i is the i-th calendar period after the cohort; rolling: start + i periods up to start + (i + 1) periods of each customer, months by the calendar. kind on: min_events returns in period i; on_or_after: in i or later; bracket: in the periods from one of brackets (first periods, ascending) up to the next, by default 1 to periods. recurring: a customer belongs to every cohort with a start. mature: the period has ended for every member at as_of, or without it at the last event of the source; else retained counts those so far and rate is NULL. Wilson intervals at 95 %. Cohorts without members have no row; a start that never occurs gives none. Events at or after as_of do not exist.';

CREATE FUNCTION journey.lifecycle(
	source text,
	period interval,
	as_of timestamptz DEFAULT NULL,
	OUT period timestamptz,
	OUT status text,
	OUT customers bigint,
	OUT mature boolean
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_lifecycle'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 200;
COMMENT ON FUNCTION journey.lifecycle(text, interval, timestamptz) IS
'Customers of an event source per calendar period and status: new (first event ever), returning (active in it and in the period before), resurrecting (active in it, not in the period before, not new), dormant (active in the period before, not in it). Four rows for every period from the first to the last with an event, also with 0 customers; period is its start in the session TimeZone. Periods are months, days (7 days: ISO weeks) or hours and less; a mixture is an error. mature: the period has ended at as_of, or without it at the last event of the source; in one that has not, dormant is too high. Events at or after as_of do not exist.';
