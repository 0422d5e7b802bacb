-- maps: what all journeys look like together.

CREATE FUNCTION journey.transitions(
	source text,
	as_of timestamptz DEFAULT NULL,
	OUT source text,
	OUT target text,
	OUT transitions bigint,
	OUT customers bigint,
	OUT probability float8,
	OUT conf_low float8,
	OUT conf_high float8,
	OUT median_seconds float8,
	OUT p90_seconds float8,
	OUT total_seconds float8
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_transitions'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 200;
COMMENT ON FUNCTION journey.transitions(text, timestamptz) IS
'How often one touchpoint directly follows another in an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id). Every journey also goes once from (start) to its first touchpoint and once from its last one to (end). transitions counts events, customers each customer once; probability is the share of all transitions that leave the source, those to (end) included, with Wilson''s 95 % interval, which takes transitions as independent: it is too narrow where few customers give many of them. Seconds between the two events: exact percentile_cont; NULL for (start) and (end). Events at or after as_of do not exist. Rows by source, (start) first, then target, (end) last, in byte order. At most 4,194,304 different pairs (54000). A touchpoint named (start) or (end) is an error (22023).';

CREATE FUNCTION journey.bottlenecks(
	source text,
	OUT source text,
	OUT target text,
	OUT transitions bigint,
	OUT total_seconds float8,
	OUT share float8,
	OUT median_seconds float8,
	OUT p90_seconds float8,
	OUT p95_seconds float8,
	OUT rank bigint
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_bottlenecks'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 200;
COMMENT ON FUNCTION journey.bottlenecks(text) IS
'Where the time of all journeys goes: the transitions of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id) by the total of their seconds, the longest first; a touchpoint that directly follows itself counts too. share is that of the seconds of all transitions, NULL when all are 0. Quantiles as percentile_cont. Ties in rank by source, then target, in byte order.';

CREATE FUNCTION journey.step_matrix(
	source text,
	max_steps integer DEFAULT 10,
	OUT step integer,
	OUT touchpoint text,
	OUT customers bigint,
	OUT share float8
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_step_matrix'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION journey.step_matrix(text, integer) IS
'Where the customers of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id) are at each step: at the touchpoint of their step-th event, or in (end) when their journey is over. The shares of a step, of all customers, add up to 1. max_steps from 1 to 1000. Rows by step, then touchpoint in byte order, (end) last; touchpoints without customers at a step have no row. A touchpoint named (end) is an error.';

CREATE FUNCTION journey.sankey(
	source text,
	max_steps integer DEFAULT 5,
	top integer DEFAULT 8,
	OUT source text,
	OUT target text,
	OUT value bigint,
	OUT step integer
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_sankey'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION journey.sankey(text, integer, integer) IS
'Links of a Sankey diagram of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id): customers that go from a node of step to one of step + 1, or to (end). Nodes carry their step in their name (1. order placed), so there is no cycle; touchpoints of a step beyond its top most frequent ones are (other), ties in byte order. What flows into a node of a step below max_steps flows out of it; from max_steps there are links to (end) only. max_steps from 1 to 1000, top from 1. A touchpoint named (start), (end) or (other) is an error.';

CREATE FUNCTION journey.paths(
	source text,
	transform text DEFAULT 'all',
	top integer DEFAULT NULL,
	OUT rank bigint,
	OUT path text[],
	OUT customers bigint,
	OUT share float8,
	OUT cumulative_share float8,
	OUT outcome_rate float8,
	OUT median_seconds float8
)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_paths'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000 ROWS 1500;
COMMENT ON FUNCTION journey.paths(text, text, integer) IS
'Distinct paths of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id), by customers, ties in byte order. transform: all keeps every event, exposure counts a run of the same touchpoint once, unique keeps first occurrences. share is that of all customers. outcome_rate: mean of the optional column outcome (boolean or number, constant per customer) over the customers of the path where it is not NULL. median_seconds: from the first to the last event. top cuts the rows, NULL gives all.';

CREATE FUNCTION journey.to_mermaid(
	source text,
	top integer DEFAULT 30
)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_to_mermaid'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION journey.to_mermaid(text, integer) IS
'The top transitions by count of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id) as a Mermaid flowchart: edges show the count and its share of what leaves the source. Labels are escaped, whatever they contain. (start) and (end) are nodes; touchpoints of these names are an error. top from 1 to 10000.';

CREATE FUNCTION journey.to_dot(
	source text,
	top integer DEFAULT 30
)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_to_dot'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION journey.to_dot(text, integer) IS
'The top transitions by count of an event source (relation name or query with customer_id, ts, touchpoint, optionally event_id) as a Graphviz digraph: edges show the count and its share of what leaves the source. Labels are escaped, whatever they contain. (start) and (end) are nodes; touchpoints of these names are an error. top from 1 to 10000.';
