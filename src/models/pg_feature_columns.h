/*
 * pg_feature_columns.h
 *		Features in a row to predict: found by name, read as numbers.  What
 *		models and trees have in common.
 */
#ifndef JOURNEY_PG_FEATURE_COLUMNS_H
#define JOURNEY_PG_FEATURE_COLUMNS_H

#include "../pg/compat.h"
#include "access/tupdesc.h"

#include "../pg/source.h"
#include "pg_model.h"
#include "predict.h"

/* Levels with their sizes, as the core searches them; NULL for other kinds. */
extern jrn_level *journey_feature_levels(const journey_feature *feature);

/*
 * The one column of a row that has a feature's name; 42703 without one (who
 * says "the model needs" or the like), 42702 with several, 42804 with a type
 * that the feature cannot be read from.
 */
extern journey_column journey_feature_column(TupleDesc desc, const journey_feature *feature, const char *who);

/* A value of such a column as a number; 22003 when it is not finite. */
extern double journey_feature_number(const journey_column *column, Datum value);

#endif							/* JOURNEY_PG_FEATURE_COLUMNS_H */
