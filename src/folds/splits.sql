-- splits along time: forward chaining, purged k-fold

CREATE FUNCTION journey.rolling_origin(source text, key text, decided_at text, matured_at text,
	horizon interval, step interval, train_window interval DEFAULT NULL, gap interval DEFAULT '0',
	first_cut timestamptz DEFAULT NULL)
RETURNS TABLE (split integer, row_number bigint, key text, role text, reason text)
AS 'MODULE_PATHNAME', 'journey_rolling_origin'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 100000;
COMMENT ON FUNCTION journey.rolling_origin(text, text, text, text, interval, interval, interval, interval, timestamptz) IS
'Splits that train on the past and test on what comes next, one row per split and row of the source that plays a role in it. Split j has its cut at first_cut + (j - 1) step, as long as a decision follows. Role test: cut <= decided_at < cut + horizon. Role train: matured_at + gap <= cut, and decided_at >= cut - train_window if one is given. Other decisions before the cut are purged (reason not_matured: the outcome was not known at the cut) or embargoed (reason gap: known, but within the gap). key, decided_at and matured_at name columns; key NULL: rows have none, keys are not kept apart here because a model knows the past of its customers. first_cut NULL: first decision + horizon. A NULL matured_at is an outcome not known: it neither trains nor tests. row_number counts the rows of the source as they come: give it an ORDER BY; roles do not depend on the order. Intervals follow the calendar of the session TimeZone. Errors: NULL key or decided_at (22004), matured_at before decided_at (22000), horizon or step not positive, gap negative, a first cut after the last decision (22023), more than 10000 splits (54000). No rows give none. Definition: forward chaining on outcome windows.';

CREATE FUNCTION journey.purged_folds(source text, key text, decided_at text, matured_at text,
	k integer, embargo interval)
RETURNS TABLE (split integer, row_number bigint, key text, role text, reason text)
AS 'MODULE_PATHNAME', 'journey_purged_folds'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 100000;
COMMENT ON FUNCTION journey.purged_folds(text, text, text, text, integer, interval) IS
'k-fold cross-validation over blocks of time, one row per split and row of the source. Decisions in order of decided_at are cut into k blocks of equal size (those of one instant stay together); block j is role test in split j. Of the other rows, role purged has an outcome window [decided_at, matured_at] that meets the block''s, from its first decision to its last outcome (reason overlap), or a key that is tested (reason same_key); role embargoed is decided after the block''s last outcome, but not later than embargo after it; the rest is role train. A NULL matured_at is an outcome not known: purged in every split (reason not_matured), in no block. key NULL: rows are independent. embargo may be 0. row_number counts the rows of the source as they come: give it an ORDER BY; roles do not depend on the order. Errors: NULL key or decided_at (22004), matured_at before decided_at (22000), k below 2 or more than can be cut, a negative embargo (22023). No rows give none. Definition: purged k-fold with embargo after Lopez de Prado (2018), with whole keys.';
