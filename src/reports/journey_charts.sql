-- journey charts: funnel, Sankey, chaos shares and divergence as pictures.
--
-- svg_x is called with the arguments of x and a width; draw_x draws rows that
-- are at hand already, an array per column, such as those of a stored run.

CREATE FUNCTION journey.draw_funnel(name text[], reached bigint[], entered bigint[] DEFAULT NULL, segment text[] DEFAULT NULL, width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_funnel'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_funnel(text[], bigint[], bigint[], text[], integer) IS
'A funnel as one <svg>: a bar per step with its customers (reached), their share of the first step and of the step before. name, reached, entered, segment: columns of journey.funnel(), an array each, in the order of the steps; entered NULL: the row before; segment NULL: one block, otherwise a block for each run of equal segments, at most 12. width from 320 to 4096 pixels. No rows give a picture that says so. Labels are escaped and shortened to their room, with the full text as a tooltip. Errors: 2202E for arrays of different lengths, 22004 for a name that is NULL, 22023 for a negative count or another width, 54000 above 10,000 rows.';

CREATE FUNCTION journey.draw_sankey(step integer[], source text[], target text[], value float8[], width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_sankey'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_sankey(integer[], text[], text[], float8[], integer) IS
'Journeys as a Sankey diagram in one <svg>: a column per step, bands as thick as their value. step, source, target, value: columns of journey.sankey(), an array each, in any order; a number of the step in front of a name is not drawn, (end) stands in every column. Where there is no room for all columns the first ones are drawn, small touchpoints of a crowded column go into (other), and the picture says both. width from 320 to 4096 pixels. Errors: 2202E for arrays of different lengths, 22004 for a NULL name, 22023 for a value outside 0 to 1e15, a step below 1 or another width, 54000 above 200,000 links.';

CREATE FUNCTION journey.draw_chaos(touchpoint text[], chaos_share float8[], conf_low float8[], conf_high float8[], status text[] DEFAULT NULL, width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_chaos'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_chaos(text[], float8[], float8[], float8[], text[], integer) IS
'Chaos shares as bars with intervals in one <svg>, the largest at the top, (first touch) and (unresolved) in grey. The columns of journey.chaos_share(), an array each, in any order; a NULL share shows its status instead. At most 15 touchpoints, the rest is counted in words. width from 320 to 4096 pixels. Errors: 2202E for arrays of different lengths, 22004 for a NULL touchpoint, 22023 for another width, 54000 above 10,000 rows.';

CREATE FUNCTION journey.draw_divergence(step integer[], mean_log_distance float8[], n_pairs bigint[] DEFAULT NULL, slope float8 DEFAULT NULL, fit_from integer DEFAULT NULL, fit_to integer DEFAULT NULL, status text DEFAULT NULL, width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_divergence'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_divergence(integer[], float8[], bigint[], float8, integer, integer, text, integer) IS
'The divergence curve of a series in one <svg>, with the line of a fit. step, mean_log_distance, n_pairs: columns of journey.divergence_curve(), an array each, in order of the steps; slope, fit_from, fit_to, status: exponent and the rest of journey.lyapunov(), NULL: no line. width from 320 to 4096 pixels. Errors: 2202E for arrays of different lengths, 22023 for steps out of order or another width, 54000 above 100,000 steps.';

CREATE FUNCTION journey.svg_funnel(
	source text,
	steps text[],
	within interval,
	mode text DEFAULT 'ordered',
	exclude text[] DEFAULT NULL,
	optional integer[] DEFAULT NULL,
	breakdown boolean DEFAULT false,
	as_of timestamptz DEFAULT NULL,
	width integer DEFAULT 720)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.draw_funnel(array_agg(f.name ORDER BY f.at), array_agg(f.reached ORDER BY f.at), array_agg(f.entered ORDER BY f.at),
		CASE WHEN svg_funnel.breakdown THEN array_agg(f.segment ORDER BY f.at) END, svg_funnel.width)
	FROM journey.funnel(svg_funnel.source, svg_funnel.steps, svg_funnel.within, svg_funnel.mode, svg_funnel.exclude, svg_funnel.optional,
			svg_funnel.breakdown, svg_funnel.as_of)
		WITH ORDINALITY f(segment, step, name, entered, reached, step_rate, total_rate, conf_low, conf_high, dropped, immature,
			median_seconds, p25_seconds, p75_seconds, p90_seconds, step_conf_low, step_conf_high, excluded, at);
END;
COMMENT ON FUNCTION journey.svg_funnel(text, text[], interval, text, text[], integer[], boolean, timestamptz, integer) IS
'journey.funnel() as a picture: its arguments, then width in pixels (320 to 4096). One self-contained <svg> without script, light and dark, labels escaped and never overlapping. Errors as funnel(). See draw_funnel().';

CREATE FUNCTION journey.svg_sankey(
	source text,
	max_steps integer DEFAULT 5,
	top integer DEFAULT 8,
	width integer DEFAULT 720)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.draw_sankey(array_agg(s.step ORDER BY s.at), array_agg(s.source ORDER BY s.at), array_agg(s.target ORDER BY s.at),
		array_agg(s.value::float8 ORDER BY s.at), svg_sankey.width)
	FROM journey.sankey(svg_sankey.source, svg_sankey.max_steps, svg_sankey.top) WITH ORDINALITY s(source, target, value, step, at);
END;
COMMENT ON FUNCTION journey.svg_sankey(text, integer, integer, integer) IS
'journey.sankey() as a picture: its arguments, then width in pixels (320 to 4096). One self-contained <svg> without script, light and dark, labels escaped and never overlapping. Errors as sankey(). See draw_sankey().';

CREATE FUNCTION journey.svg_chaos(
	source text,
	outcome text,
	method text DEFAULT 'markov',
	credit text DEFAULT 'fork',
	k integer DEFAULT 10,
	replicates integer DEFAULT 200,
	seed bigint DEFAULT 0,
	width integer DEFAULT 720)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.draw_chaos(array_agg(c.touchpoint ORDER BY c.at), array_agg(c.chaos_share ORDER BY c.at), array_agg(c.conf_low ORDER BY c.at),
		array_agg(c.conf_high ORDER BY c.at), array_agg(c.status ORDER BY c.at), svg_chaos.width)
	FROM journey.chaos_share(svg_chaos.source, svg_chaos.outcome, svg_chaos.method, svg_chaos.credit, svg_chaos.k, svg_chaos.replicates, svg_chaos.seed)
		WITH ORDINALITY c(touchpoint, customers, visits, chaos_share, conf_low, conf_high, leverage_index, mean_effect, best_next, worst_next,
			gain_per_point, p_value, q_value, status, at);
END;
COMMENT ON FUNCTION journey.svg_chaos(text, text, text, text, integer, integer, bigint, integer) IS
'journey.chaos_share() as a picture: its arguments, then width in pixels (320 to 4096). One self-contained <svg> without script, light and dark, labels escaped and never overlapping. Errors as chaos_share(). See draw_chaos().';

CREATE FUNCTION journey.svg_divergence(
	x float8[],
	dimension integer DEFAULT 3,
	delay integer DEFAULT 1,
	theiler integer DEFAULT NULL,
	horizon integer DEFAULT NULL,
	distance text DEFAULT 'last',
	neighbours integer DEFAULT 1,
	radius float8 DEFAULT NULL,
	width integer DEFAULT 720)
RETURNS text
LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 200000
BEGIN ATOMIC
	SELECT journey.draw_divergence(c.step, c.distance, c.pairs, l.exponent, l.fit_from, l.fit_to, coalesce(l.status, c.status), svg_divergence.width)
	FROM (SELECT array_agg(d.step ORDER BY d.step) FILTER (WHERE d.step IS NOT NULL) AS step, array_agg(d.mean_log_distance ORDER BY d.step) FILTER (WHERE d.step IS NOT NULL) AS distance,
			array_agg(d.n_pairs ORDER BY d.step) FILTER (WHERE d.step IS NOT NULL) AS pairs, min(d.status COLLATE "C") AS status, max(d.step) AS last,
			CASE svg_divergence.distance WHEN 'vector' THEN (svg_divergence.dimension - 1) * svg_divergence.delay + 1 ELSE 1 END AS fit_from
		FROM journey.divergence_curve(svg_divergence.x, svg_divergence.dimension, svg_divergence.delay, svg_divergence.theiler, svg_divergence.horizon,
			svg_divergence.distance, svg_divergence.neighbours, svg_divergence.radius) d) c,
		/* a curve that ends before a fit could begin has no line */
		journey.lyapunov(CASE WHEN c.last > c.fit_from THEN svg_divergence.x END, svg_divergence.dimension, svg_divergence.delay, svg_divergence.theiler,
			svg_divergence.horizon, CASE WHEN c.last > c.fit_from THEN c.fit_from ELSE 1 END, NULL, svg_divergence.distance, 0, svg_divergence.neighbours,
			svg_divergence.radius, 0) l;
END;
COMMENT ON FUNCTION journey.svg_divergence(float8[], integer, integer, integer, integer, text, integer, float8, integer) IS
'journey.divergence_curve() as a picture: its arguments, then width in pixels (320 to 4096), with the line that journey.lyapunov() fits with the same arguments. One self-contained <svg> without script, light and dark. A series that is too short, or NULL, gives a picture that says so. Errors as divergence_curve(). See draw_divergence().';
