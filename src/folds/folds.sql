-- folds: frozen hash, folds, splits and bootstrap weights of keys.

CREATE FUNCTION journey.hash64(key bigint, seed bigint DEFAULT 0)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_hash64_int8'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.hash64(bigint, bigint) IS
'XXH64 of the canonical bytes of a key under a seed, as signed bigint. Frozen: the same on every server, platform and integer width. A NULL key is an error. Definition: XXH64 over 8 little-endian bytes of an integer, 16 bytes of a uuid, UTF-8 of a text.';

CREATE FUNCTION journey.hash64(key uuid, seed bigint DEFAULT 0)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_hash64_uuid'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.hash64(uuid, bigint) IS
'XXH64 of the canonical bytes of a key under a seed, as signed bigint. Frozen: the same on every server, platform and integer width. A NULL key is an error. Definition: XXH64 over 8 little-endian bytes of an integer, 16 bytes of a uuid, UTF-8 of a text.';

CREATE FUNCTION journey.hash64(key text, seed bigint DEFAULT 0)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_hash64_text'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.hash64(text, bigint) IS
'XXH64 of the canonical bytes of a key under a seed, as signed bigint. Frozen: the same on every server, platform and integer width. A NULL key is an error. Definition: XXH64 over 8 little-endian bytes of an integer, 16 bytes of a uuid, UTF-8 of a text.';

CREATE FUNCTION journey.hash64(key bytea, seed bigint DEFAULT 0)
RETURNS bigint
AS 'MODULE_PATHNAME', 'journey_hash64_bytea'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.hash64(bytea, bigint) IS
'XXH64 of the canonical bytes of a key under a seed, as signed bigint. Frozen: the same on every server, platform and integer width. A NULL key is an error. Definition: XXH64 over 8 little-endian bytes of an integer, 16 bytes of a uuid, UTF-8 of a text.';

CREATE FUNCTION journey.fold(key bigint, k integer, seed bigint DEFAULT 0, repeat integer DEFAULT 1)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_fold_int8'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fold(bigint, integer, bigint, integer) IS
'Fold 1..k of a key: 1 + floor(hash64 * k / 2^64). Frozen and independent of other rows, so it can be indexed; k = 10 refines k = 5; repeat r > 1 is another map. A NULL key or k < 1 is an error.';

CREATE FUNCTION journey.fold(key uuid, k integer, seed bigint DEFAULT 0, repeat integer DEFAULT 1)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_fold_uuid'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fold(uuid, integer, bigint, integer) IS
'Fold 1..k of a key: 1 + floor(hash64 * k / 2^64). Frozen and independent of other rows, so it can be indexed; k = 10 refines k = 5; repeat r > 1 is another map. A NULL key or k < 1 is an error.';

CREATE FUNCTION journey.fold(key text, k integer, seed bigint DEFAULT 0, repeat integer DEFAULT 1)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_fold_text'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fold(text, integer, bigint, integer) IS
'Fold 1..k of a key: 1 + floor(hash64 * k / 2^64). Frozen and independent of other rows, so it can be indexed; k = 10 refines k = 5; repeat r > 1 is another map. A NULL key or k < 1 is an error.';

CREATE FUNCTION journey.fold(key bytea, k integer, seed bigint DEFAULT 0, repeat integer DEFAULT 1)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_fold_bytea'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.fold(bytea, integer, bigint, integer) IS
'Fold 1..k of a key: 1 + floor(hash64 * k / 2^64). Frozen and independent of other rows, so it can be indexed; k = 10 refines k = 5; repeat r > 1 is another map. A NULL key or k < 1 is an error.';

CREATE FUNCTION journey.split(key bigint, fractions float8[], seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_split_int8'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.split(bigint, float8[], bigint) IS
'Part 1..n of a key for a split into fractions that add up to 1, e.g. {0.6,0.2,0.2}. Independent of fold(). A NULL key is an error.';

CREATE FUNCTION journey.split(key uuid, fractions float8[], seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_split_uuid'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.split(uuid, float8[], bigint) IS
'Part 1..n of a key for a split into fractions that add up to 1, e.g. {0.6,0.2,0.2}. Independent of fold(). A NULL key is an error.';

CREATE FUNCTION journey.split(key text, fractions float8[], seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_split_text'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.split(text, float8[], bigint) IS
'Part 1..n of a key for a split into fractions that add up to 1, e.g. {0.6,0.2,0.2}. Independent of fold(). A NULL key is an error.';

CREATE FUNCTION journey.split(key bytea, fractions float8[], seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_split_bytea'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.split(bytea, float8[], bigint) IS
'Part 1..n of a key for a split into fractions that add up to 1, e.g. {0.6,0.2,0.2}. Independent of fold(). A NULL key is an error.';

CREATE FUNCTION journey.bootstrap_weight(key bigint, replicate integer, seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_bootstrap_weight_int8'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.bootstrap_weight(bigint, integer, bigint) IS
'Poisson(1) weight of a key in bootstrap replicate 1, 2, ...: multiply rows by it to resample whole customers in one pass. A NULL key is an error.';

CREATE FUNCTION journey.bootstrap_weight(key uuid, replicate integer, seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_bootstrap_weight_uuid'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.bootstrap_weight(uuid, integer, bigint) IS
'Poisson(1) weight of a key in bootstrap replicate 1, 2, ...: multiply rows by it to resample whole customers in one pass. A NULL key is an error.';

CREATE FUNCTION journey.bootstrap_weight(key text, replicate integer, seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_bootstrap_weight_text'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.bootstrap_weight(text, integer, bigint) IS
'Poisson(1) weight of a key in bootstrap replicate 1, 2, ...: multiply rows by it to resample whole customers in one pass. A NULL key is an error.';

CREATE FUNCTION journey.bootstrap_weight(key bytea, replicate integer, seed bigint DEFAULT 0)
RETURNS integer
AS 'MODULE_PATHNAME', 'journey_bootstrap_weight_bytea'
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION journey.bootstrap_weight(bytea, integer, bigint) IS
'Poisson(1) weight of a key in bootstrap replicate 1, 2, ...: multiply rows by it to resample whole customers in one pass. A NULL key is an error.';

CREATE FUNCTION journey.assign_folds(source text, key text, k integer, method text DEFAULT 'ntile',
	strata text[] DEFAULT NULL, repeats integer DEFAULT 1, seed bigint DEFAULT 0)
RETURNS TABLE (key text, repeat integer, fold integer, n_rows bigint)
AS 'MODULE_PATHNAME', 'journey_assign_folds'
LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL RESTRICTED COST 100000 ROWS 10000;
COMMENT ON FUNCTION journey.assign_folds(text, text, integer, text, text[], integer, bigint) IS
'Folds 1..k of the keys of a source (relation name or one query), one row per key and repeat, by repeat and hash; key is the key as text, n_rows its rows. Method hash: fold(key, k, seed, repeat), the same whatever other keys there are, equal in expectation only. Method ntile: keys in the order of their hash, cut where rows reach j/k of all: folds differ by at most the rows of the largest key from rows/k, and few keys move when keys are added. Method balanced: large keys first, each into the fold where the squares of the folds'' shares of rows and of every stratum grow least: even rows and even strata, no fold empty; compared in integers, equal folds in an order drawn from the seed. strata names columns (text, enum, boolean, integer, uuid); each distinct value of each is a stratum, NULL is a value. Keys of one row each: a fold is within one row of its share, in all and of every value of one column. Repeats (1 to 1000) are independent maps. Distinct keys, and with strata a few bytes a row, are held in memory. Errors: a NULL key (22004), k above the number of keys, strata without balanced (22023), a stratum of another type (42804), more than 1000 values (54000). No rows give no folds. Definition: keys by (XXH64 under the seed of the repeat, canonical bytes); ntile: fold = 1 + floor(k (2 rows before + own rows) / (2 all rows)) in integers.';
