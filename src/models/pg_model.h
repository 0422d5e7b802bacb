/*
 * pg_model.h
 *		journey.model as a C struct, both ways.
 *
 * The composite is plain data that anyone can build with ROW(...), so reading
 * one checks every field: presence, shape, length, agreement of terms,
 * coefficients and encoding.
 *
 * Encoding (jsonb):
 *	{"version": 1, "target": "y", "errors": "cluster", "dropped": 0,
 *	 "features": [{"name": "x", "type": "number"},
 *				  {"name": "plan", "type": "label", "levels": ["a", "b"]},
 *				  {"name": "vip", "type": "boolean"}],
 *	 "offset": "exposure"}
 * A label feature with levels l1 < l2 < ... in byte order gives the terms
 * plan=l2, plan=l3, ...; a boolean feature gives the term vip=true. The terms
 * follow the features' order after "(intercept)".
 * A model may also have
 *	 "formula": "x * plan", "terms": [[{"feature": 1}],
 *	 [{"feature": 1, "power": 2}, {"feature": 2, "full": true}]]
 * with features counted from 1: the terms are the columns of these products
 * instead (terms.h), named factor:factor with factors x, x^2, plan=b; and
 *	 {"name": "x", "type": "number", "mean": 3.5, "filled": 12}
 * for a feature whose NULLs count as its mean.  The key offset is there for
 * models fitted with one; a prediction needs that column then.  Family ordinal
 * has "levels": ["low", "high"] and "level_numbers": [1, 2] of its target, which
 * give the terms low|high, ... in place of "(intercept)".
 */
#ifndef JOURNEY_PG_MODEL_H
#define JOURNEY_PG_MODEL_H

#include "../pg/compat.h"

#include "model.h"
#include "terms.h"

typedef enum journey_feature_kind
{
	JOURNEY_FEATURE_NUMBER,
	JOURNEY_FEATURE_LABEL,
	JOURNEY_FEATURE_BOOLEAN
} journey_feature_kind;

typedef struct journey_feature
{
	const char *name;
	journey_feature_kind kind;
	int			level_count;	/* LABEL only; at least 1 */
	const char **levels;		/* in byte order */
	bool		has_mean;		/* NUMBER only: NULL counts as mean */
	double		mean;
	int64		filled;			/* NULLs in the rows of the fit */
} journey_feature;

typedef struct journey_encoding
{
	const char *target;
	const char *offset;			/* column added on the link scale, or NULL */
	const char *ties;			/* of family cox, for the reader; or NULL */
	int64		dropped;		/* rows left out by missing => 'drop' */
	int			level_count;	/* family ordinal: levels of the target; else 0 */
	const char **levels;		/* their names, */
	double	   *level_numbers;	/* and what they count as; rising */
	int			feature_count;
	journey_feature *features;
	const char *formula;		/* for the reader, or NULL */
	int			term_count;
	jrn_term   *terms;			/* NULL: every feature is a term */
} journey_encoding;

/* Terms a feature gives: 1, or levels - 1, or 1. */
static inline int
journey_feature_terms(const journey_feature *feature)
{
	return feature->kind == JOURNEY_FEATURE_LABEL ? feature->level_count - 1 : 1;
}

/* Datum of journey.model; NaN coefficients and variances become NULL. */
extern Datum journey_model_datum(const jrn_model *model, const journey_encoding *encoding);

/*
 * Read and check a journey.model argument into the current memory context.
 * Raises 22023 or 22004 naming the field that is wrong.
 */
extern void journey_model_read(HeapTupleHeader tuple, jrn_model *model,
							   journey_encoding *encoding, char ***terms);

#endif							/* JOURNEY_PG_MODEL_H */
