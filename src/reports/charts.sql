-- charts: pictures of results as one self-contained <svg>.
--
-- svg_NAME(...) takes the arguments of the function it draws; draw_NAME(...)
-- takes the columns of its rows as arrays, so that stored rows can be drawn
-- too.  Every one ends with width, for which the picture is laid out anew.

CREATE FUNCTION journey.draw_strategies(
	strategy text[],
	baseline text[],
	difference float8[],
	conf_low float8[],
	conf_high float8[],
	status text[] DEFAULT NULL,
	verdict text[] DEFAULT NULL,
	n bigint[] DEFAULT NULL,
	simultaneous_low float8[] DEFAULT NULL,
	simultaneous_high float8[] DEFAULT NULL,
	width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_strategies'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_strategies(text[], text[], float8[], float8[], float8[], text[], text[], bigint[], float8[], float8[], integer) IS
'Forest plot of rows of compare_strategies() or stored ones, a column per argument, as one <svg>: difference to the baseline with its interval (thick; thin: the simultaneous one), n, and in words what the interval or the status says; verdict is shown under a pointer. A NULL array is a column of NULLs, NULL figures are said in words. width in pixels, 320 to 4096. Errors: 2202E arrays of different lengths, 22023 width, 54000 above 10000 rows.';

CREATE FUNCTION journey.svg_strategies(source text, outcome text, strategy text, key text,
	features text[] DEFAULT '{}', baseline text DEFAULT NULL, propensity text DEFAULT NULL,
	method text DEFAULT 'aipw', k integer DEFAULT 10, repeats integer DEFAULT 5,
	fold text DEFAULT NULL, seed bigint DEFAULT 0, estimand text DEFAULT 'average',
	clip float8 DEFAULT NULL, costs jsonb DEFAULT NULL, planned jsonb DEFAULT NULL,
	decided_at text DEFAULT NULL, matured_at text DEFAULT NULL, eligible_at text DEFAULT NULL,
	as_of timestamptz DEFAULT NULL, bounds float8[] DEFAULT NULL, width integer DEFAULT 720)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.draw_strategies(array_agg(c.strategy ORDER BY c.ordinality), array_agg(c.baseline ORDER BY c.ordinality),
		array_agg(c.difference ORDER BY c.ordinality), array_agg(c.conf_low ORDER BY c.ordinality), array_agg(c.conf_high ORDER BY c.ordinality),
		array_agg(c.status ORDER BY c.ordinality), array_agg(c.verdict ORDER BY c.ordinality), array_agg(c.n ORDER BY c.ordinality),
		array_agg(c.simultaneous_low ORDER BY c.ordinality), array_agg(c.simultaneous_high ORDER BY c.ordinality), svg_strategies.width)
	FROM journey.compare_strategies(svg_strategies.source, svg_strategies.outcome, svg_strategies.strategy, svg_strategies.key,
		svg_strategies.features, svg_strategies.baseline, svg_strategies.propensity, svg_strategies.method, svg_strategies.k,
		svg_strategies.repeats, svg_strategies.fold, svg_strategies.seed, svg_strategies.estimand, svg_strategies.clip,
		svg_strategies.costs, svg_strategies.planned, svg_strategies.decided_at, svg_strategies.matured_at,
		svg_strategies.eligible_at, svg_strategies.as_of, svg_strategies.bounds) WITH ORDINALITY c;
END;
COMMENT ON FUNCTION journey.svg_strategies(text, text, text, text, text[], text, text, text, integer, integer, text, bigint, text, float8, jsonb, jsonb, text, text, text, timestamptz, float8[], integer) IS
'Forest plot of compare_strategies() with the same arguments, drawn by draw_strategies() as one <svg>. width in pixels, 320 to 4096. Errors: as compare_strategies(); 22023 width.';

CREATE FUNCTION journey.draw_calibration(
	n bigint[],
	predicted float8[],
	observed float8[],
	conf_low float8[] DEFAULT NULL,
	conf_high float8[] DEFAULT NULL,
	width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_calibration'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_calibration(bigint[], float8[], float8[], float8[], float8[], integer) IS
'Reliability diagram of rows of calibration() or stored ones, a column per argument, as one <svg>: observed over predicted with intervals, the diagonal of perfect calibration, rows per bin, and the mean distance from the diagonal (expected calibration error). Rows without predicted or observed are left out. width in pixels, 320 to 4096. Errors: 2202E arrays of different lengths, 22023 width, 54000 above 100000 rows.';

CREATE FUNCTION journey.svg_calibration(source text, bins integer DEFAULT 10, method text DEFAULT 'equal_width', width integer DEFAULT 720)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.draw_calibration(array_agg(c.n ORDER BY c.bin), array_agg(c.predicted ORDER BY c.bin), array_agg(c.observed ORDER BY c.bin),
		array_agg(c.conf_low ORDER BY c.bin), array_agg(c.conf_high ORDER BY c.bin), svg_calibration.width)
	FROM journey.calibration(svg_calibration.source, svg_calibration.bins, svg_calibration.method) c;
END;
COMMENT ON FUNCTION journey.svg_calibration(text, integer, text, integer) IS
'Reliability diagram of calibration() with the same arguments, drawn by draw_calibration() as one <svg>. width in pixels, 320 to 4096. Errors: as calibration(); 22023 width.';

CREATE FUNCTION journey.draw_roc(
	tpr float8[],
	fpr float8[],
	conf_low float8 DEFAULT NULL,
	conf_high float8 DEFAULT NULL,
	width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_roc'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_roc(float8[], float8[], float8, float8, integer) IS
'ROC curve of rows of roc() or stored ones, a column per argument in order of falling thresholds, as one <svg> with the area under the curve and the diagonal of chance; conf_low and conf_high are the interval of the area, such as auc_ci() gives. width in pixels, 320 to 4096. Errors: 2202E arrays of different lengths, 22023 width.';

CREATE FUNCTION journey.svg_roc(source text, width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_svg_roc'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION journey.svg_roc(text, integer) IS
'ROC curve of roc() with the same source as one <svg>, with the area under the curve and its 95 % interval by DeLong (of clusters where the source has a column cluster: bigint, integer, uuid, text), as auc_ci() gives it. The source is read once and its rows are held in memory, 16 bytes each (32 with a cluster), whatever journey.memory_limit says. width in pixels, 320 to 4096. Errors: as roc(); 22023 width.';

CREATE FUNCTION journey.draw_retention(
	cohort text[],
	period integer[],
	cohort_size bigint[],
	retained bigint[],
	rate float8[],
	conf_low float8[] DEFAULT NULL,
	conf_high float8[] DEFAULT NULL,
	width integer DEFAULT 720)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_retention'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_retention(text[], integer[], bigint[], bigint[], float8[], float8[], float8[], integer) IS
'Heat map of rows of cohort_retention() or stored ones, a column per argument, the rows of a cohort together, as one <svg>: a row per cohort, a column per period, darker (in the dark: brighter) for a higher rate, the rate in percent where there is room, retained and interval under a pointer. A NULL rate is an outline: the period is not over. width in pixels, 320 to 4096. Errors: 2202E arrays of different lengths, 22023 width, 54000 above a million rows.';

CREATE FUNCTION journey.svg_retention(
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
	width integer DEFAULT 720)
RETURNS text
LANGUAGE sql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000
BEGIN ATOMIC
	SELECT journey.draw_retention(
		array_agg(to_char(c.cohort, CASE WHEN svg_retention.period < interval '1 day' THEN 'YYYY-MM-DD HH24:MI' ELSE 'YYYY-MM-DD' END) ORDER BY c.ordinality),
		array_agg(c.period ORDER BY c.ordinality), array_agg(c.cohort_size ORDER BY c.ordinality), array_agg(c.retained ORDER BY c.ordinality),
		array_agg(c.rate ORDER BY c.ordinality), array_agg(c.conf_low ORDER BY c.ordinality), array_agg(c.conf_high ORDER BY c.ordinality), svg_retention.width)
	FROM journey.cohort_retention(svg_retention.source, svg_retention.start_touchpoint, svg_retention.return_touchpoint, svg_retention.period,
		svg_retention.periods, svg_retention.basis, svg_retention.kind, svg_retention.as_of, svg_retention.recurring,
		svg_retention.brackets, svg_retention.min_events) WITH ORDINALITY c;
END;
COMMENT ON FUNCTION journey.svg_retention(text, text, text, interval, integer, text, text, timestamptz, boolean, integer[], integer, integer) IS
'Heat map of cohort_retention() with the same arguments, drawn by draw_retention() as one <svg>; cohorts are named by their start in the session TimeZone. width in pixels, 320 to 4096. Errors: as cohort_retention(); 22023 width.';

CREATE FUNCTION journey.draw_history(
	at timestamptz[],
	strategy text[],
	value float8[],
	conf_low float8[],
	conf_high float8[],
	state text[] DEFAULT NULL,
	threshold_low float8 DEFAULT NULL,
	threshold_high float8 DEFAULT NULL,
	width integer DEFAULT 720,
	title text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'journey_draw_history'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION journey.draw_history(timestamptz[], text[], float8[], float8[], float8[], text[], float8, float8, integer, text) IS
'Control chart of rows of journey.validation_history or others like them, a column per argument, in any order, as one <svg>: a panel per strategy with value and interval over time (UTC), the zero line and dashed limits at threshold_low and threshold_high; below, a lane for every state that occurs, with a mark per run. A NULL value interrupts the line. Intervals many times wider than the median one are cut at the edge of the panel. title: NULL for a general one. width in pixels, 320 to 4096. Errors: 2202E arrays of different lengths, 22004 NULL in at, 22008 infinite at, 22023 width, 54000 above 200000 rows or 500 strategies.';

CREATE FUNCTION journey.svg_history(name text, width integer DEFAULT 720, metric text DEFAULT 'sequence_difference')
RETURNS text
LANGUAGE plpgsql STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 10000
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	options jsonb := (journey.validation_live(svg_history.name)).options;
	margin float8 := (options ->> 'margin')::float8;
BEGIN
	RETURN journey.draw_history(array_agg(h.as_of ORDER BY h.run, h.strategy COLLATE "C"), array_agg(h.strategy ORDER BY h.run, h.strategy COLLATE "C"),
			array_agg(h.value ORDER BY h.run, h.strategy COLLATE "C"), array_agg(h.conf_low ORDER BY h.run, h.strategy COLLATE "C"),
			array_agg(h.conf_high ORDER BY h.run, h.strategy COLLATE "C"), array_agg(h.state ORDER BY h.run, h.strategy COLLATE "C"),
			CASE WHEN svg_history.metric LIKE '%difference' THEN -margin END, CASE WHEN svg_history.metric LIKE '%difference' THEN margin END,
			svg_history.width, upper(left(svg_history.metric, 1)) || replace(substr(svg_history.metric, 2), '_', ' ') || ' over time: ' || svg_history.name)
		FROM journey.validation_history h
		WHERE h.name = svg_history.name AND h.metric = svg_history.metric;
END $$;
COMMENT ON FUNCTION journey.svg_history(text, integer, text) IS
'Control chart of a validation over its finished runs, drawn by draw_history() as one <svg> from journey.validation_history: time is as_of, limits are the margin of the live definition around 0. metric: sequence_difference (which decides; its interval holds at all looks together), difference (cross-fitted on the window of each run), sequence_value or value. width in pixels, 320 to 4096. Errors: 42704 for a name that does not exist or was dropped; 22023 width.';
