-- journey: install script, joined from the parts beside the C code in the
-- order the Makefile lists.
\echo Use "CREATE EXTENSION journey" to load this file. \quit

SET LOCAL search_path TO pg_catalog, pg_temp;

CREATE SCHEMA journey;
GRANT USAGE ON SCHEMA journey TO PUBLIC;
COMMENT ON SCHEMA journey IS 'Customer journeys: features, folds, models, validation, chaos sensitivity';

CREATE TYPE journey.estimate AS (
	estimate float8,
	std_error float8,
	conf_low float8,
	conf_high float8,
	n bigint,
	method text
);
COMMENT ON TYPE journey.estimate IS
'A figure with its uncertainty: estimate, its standard error, the 95 % interval, the number of rows and the name of the method. Fields that the data cannot carry are NULL.';
