-- dynamics: entropy, memory and healing of journeys as sequences of symbols.

CREATE FUNCTION journey.entropy_of(counts bigint[], estimator text DEFAULT 'grassberger')
RETURNS float8
AS 'MODULE_PATHNAME', 'journey_entropy_of'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION journey.entropy_of(bigint[], text) IS
'Entropy in bits of a distribution known by counts. estimator: "plug_in" (too small by about (S - 1)/(2n) nats with S symbols seen), "miller_madow" (adds that), "chao_shen" (corrects for symbols not seen), "grassberger" (2003 form with ln n; least biased for few counts). Zeros do not matter; no observation gives NULL. Below some 20 observations the standard deviation is .3 to 1 bit. Errors: 22004 for an element that is NULL, 22023 for a negative one or another estimator. Source: Miller 1955; Chao and Shen 2003; Grassberger 2003.';

CREATE FUNCTION journey.entropy_rate(
	source text,
	estimator text DEFAULT 'grassberger',
	OUT entropy_rate float8,
	OUT plug_in float8,
	OUT excess_entropy float8,
	OUT n bigint,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_entropy_rate'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.entropy_rate(text, text) IS
'Entropy of the next event given the present touchpoint, in bits, pooled over customers: transitions are counted, every row is corrected by the estimator (see entropy_of), rows are weighted by their transitions. source: event source (customer_id, ts, touchpoint). plug_in: the same without correction; excess_entropy: bits that the past tells about the future beyond one step, from entropies of up to 4 neighbouring events, the longest with touchpoints^length at most a fifth of the blocks, NULL where even 2 is too long; n: transitions. status: ok, sparse (no excess_entropy), low_n (below 50 customers), too_few (no transition). Limits: 500 touchpoints, 214 million events (54000). Source: reference/chaos.md 3.2; Crutchfield and Feldman 2003.';

CREATE FUNCTION journey.predictability(
	source text,
	k integer DEFAULT 10,
	seed bigint DEFAULT 0,
	OUT entropy_rate float8,
	OUT bound float8,
	OUT achieved float8,
	OUT majority float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_predictability'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.predictability(text, integer, bigint) IS
'How often the next event can be foretold from the present touchpoint: bound is a ceiling under this model (Fano''s inequality with the entropy rate in bits and the touchpoints that ever follow another), not a law of the customers; achieved is what the map of other customers did foretell, out of fold, and majority what always naming the most frequent event would. source: event source (customer_id, ts, touchpoint). k: folds of customers, never more than customers. status: ok, low_n (below 50 customers), too_few (no transition or one customer). Errors: 22023 for k below 2. Source: Song et al. 2010; Xu et al. 2019.';

CREATE FUNCTION journey.markov_order(
	source text,
	max_order integer DEFAULT 3,
	k integer DEFAULT 10,
	seed bigint DEFAULT 0,
	OUT memory integer,
	OUT parameters float8,
	OUT log_loss float8,
	OUT std_error float8,
	OUT aic float8,
	OUT bic float8,
	OUT chosen boolean,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_markov_order'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 4;
COMMENT ON FUNCTION journey.markov_order(text, integer, integer, bigint) IS
'How many of the last events the next one depends on: one row per memory 0 .. max_order (at most 10). log_loss: mean minus log probability of an event in nats, out of fold (k folds of customers), with its standard error over customers; chosen: the lowest memory whose log_loss is within one standard error of the best. All are judged on the same events, those with enough predecessors for the highest memory judged. parameters: touchpoints^memory (touchpoints - 1); aic, bic: in sample. source: event source (customer_id, ts, touchpoint). status: ok, low_n (below 50 customers), refused (parameters above a fifth of the transitions), too_few (fewer events with so many predecessors than parameters, or fewer than two customers); figures are NULL for the last two. Errors: 22023 for max_order or k out of range. Source: Singer et al. 2014.';

CREATE FUNCTION journey.damage(
	source text,
	OUT dobrushin float8,
	OUT second_eigenvalue float8,
	OUT half_life_steps float8,
	OUT expected_steps float8,
	OUT quasi_stationary_rate float8,
	OUT active_eigenvalue float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_damage'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.damage(text) IS
'Do differences between journeys heal? From the first-order map of a source (customer_id, ts, touchpoint), every journey ending where its events end. dobrushin: largest distance (total variation) between what follows two touchpoints; below 1 every difference shrinks at every step. quasi_stationary_rate and second_eigenvalue: largest and second largest eigenvalue modulus of the map over the touchpoints: share of journeys that go on per step in the long run, and the factor by which a difference shrinks per step. half_life_steps: ln 2 / -ln(second_eigenvalue). active_eigenvalue: second over first, the same among those who go on. expected_steps: mean events of a journey. status: ok, sparse (a touchpoint visited below 20 times makes dobrushin too large), low_n (below 50 customers), rare_ends, too_few. Limits: 500 touchpoints, 214 million events (54000). Source: Dobrushin 1956; reference/chaos.md 4.2.';

CREATE FUNCTION journey.redirect(
	source text,
	outcome text,
	touchpoint text,
	from_next text,
	to_next text,
	amount float8,
	OUT change float8,
	OUT derivative float8,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_redirect'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION journey.redirect(text, text, text, text, text, float8) IS
'What the mean outcome would gain if a share amount of the visits to a touchpoint went on to to_next instead of from_next: change is exact on the first-order map, derivative is its slope at 0 (per unit of amount). An upper bound where customers choose their way: redirected customers are assumed to fare as those who go there now. source: event source (customer_id, ts, touchpoint); outcome: its boolean or numeric column, the same in all rows of a customer, NULL: censored. "(end)" names the end of a journey. status: ok, low_n (below 50 customers with an outcome at the touchpoint), no_end, one_class, no_outcome, rare_ends, too_few. Errors: 22023 for a touchpoint that does not occur and for an amount above the share that goes to from_next. Source: reference/chaos.md 4.2.';

CREATE FUNCTION journey.map_drift(
	reference_source text,
	current_source text,
	permutations integer DEFAULT 999,
	seed bigint DEFAULT 0,
	OUT touchpoint text,
	OUT statistic float8,
	OUT p_value float8,
	OUT q_value float8,
	OUT reference bigint,
	OUT "current" bigint,
	OUT status text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'journey_map_drift'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 20;
COMMENT ON FUNCTION journey.map_drift(text, text, integer, bigint) IS
'Does what follows a touchpoint differ between two windows of time? One row per touchpoint of either event source (customer_id, ts, touchpoint). statistic: G of the table window by next touchpoint; p_value by permuting the windows over customers (a customer with events in both has them exchanged by a coin); q_value: Benjamini-Hochberg over touchpoints; reference, current: transitions counted. What comes after the last event is not compared, for a window cuts journeys off; customers are told apart by the hash of their key. status: ok, low_n (below 50 customers in a window), one_window (left in one window only), one_next (a single next touchpoint), too_few (never left). Both sources are held in memory whatever journey.memory_limit says: 6 bytes an event and 64 a customer. Errors: 22023 for permutations out of range, 54000 above 500 touchpoints or 214 million events in a source. Source: reference/chaos.md 7.';
