/*
 * pg_policy.h
 *		journey.policy as C structs, both ways.
 *
 * The composite is plain data that anyone can build with ROW(...), so the
 * reader trusts nothing.  Its field rule is jsonb of one of two shapes:
 *	{"version": 1, "class": "tree", "feature": "x2", "kind": "number",
 *	 "below": 0.75, "left": {"strategy": "A"}, "right": {"feature": "plan",
 *	 "kind": "label", "levels": ["a", "b"], "is": "b", "left": ..., "right": ...}}
 * left is where the answer is yes; kind boolean has "is": true; a tree without
 * a question is {"version": 1, "class": "tree", "strategy": "A"}.  And
 *	{"version": 1, "class": "linear", "features": [{"name": "x", "kind":
 *	 "number"}, {"name": "plan", "kind": "label", "levels": ["a", "b"]}],
 *	 "terms": ["x", "plan=b"], "strategies": [{"strategy": "A", "intercept": 1,
 *	 "coefficients": [0.5, -1], "cost": 0.1, "price": 0.2}, ...]}
 * for class linear and plug_in: the strategy with the largest intercept - cost
 * - price + sum of coefficients times terms, the first of equal ones.  cost and
 * price may be left out; terms are for the reader and follow from features.
 *
 * R-RUL-1	What is written is read back equal.
 * R-RUL-2	The reader checks presence, kind and range of all that it uses: 22023
 *			names the key.  Trees are at most JOURNEY_RULE_DEPTH deep; a feature
 *			has one kind and one set of levels in all nodes.
 * R-RUL-3	Keys of later releases are ignored, another version is refused.
 */
#ifndef JOURNEY_PG_POLICY_H
#define JOURNEY_PG_POLICY_H

#include "../pg/compat.h"

#include "utils/jsonb.h"

#include "../models/pg_model.h"

#define JOURNEY_RULE_VERSION 1
#define JOURNEY_RULE_DEPTH 8
#define JOURNEY_RULE_NODES 511

typedef enum journey_policy_class
{
	JOURNEY_POLICY_TREE,
	JOURNEY_POLICY_LINEAR,
	JOURNEY_POLICY_PLUG_IN,
	JOURNEY_POLICY_CLASSES
} journey_policy_class;

extern const char *const journey_policy_class_names[JOURNEY_POLICY_CLASSES];

typedef struct journey_rule_node
{
	int			feature;		/* -1: a leaf */
	double		below;			/* of a number */
	int			level;			/* of a label; of a boolean 1 */
	int			left;			/* nodes; the answer is yes */
	int			right;
	int			strategy;		/* of a leaf */
} journey_rule_node;

typedef struct journey_rule
{
	journey_policy_class class;
	int			strategy_count;
	const char **strategies;
	int			feature_count;
	journey_feature *features;

	/* tree */
	int			node_count;
	journey_rule_node *nodes;	/* the root first */

	/* linear, plug_in */
	int			terms;			/* without the intercept */
	double	   *coefficients;	/* [strategies][terms + 1], the intercept first */
	double	   *costs;			/* [strategies] */
	double	   *prices;			/* [strategies] */
} journey_rule;

extern Jsonb *journey_rule_write(const journey_rule *rule);

/* Into the current memory context (R-RUL-2). */
extern void journey_rule_read(Jsonb *json, journey_rule *rule);

/* Names of the terms of a linear rule. */
extern char **journey_rule_terms(const journey_rule *rule);

/* The rule as a manager reads it; shares[strategies] of leaves by node or NULL. */
extern char *journey_rule_text(const journey_rule *rule, const double *node_share);

/* A number with at most six digits that count. */
extern char *journey_rule_number(double number);

/* The rule of an argument of type journey.policy. */
extern void journey_policy_read(HeapTupleHeader tuple, journey_rule *rule);

/* What learn_policy() returns; NaN is NULL. */
typedef struct journey_policy_value
{
	journey_policy_class class;
	const journey_rule *rule;	/* NULL: none */
	const char *description;	/* NULL: none */
	double		value;
	double		value_se;
	double		difference;
	double		std_error;
	double		conf_low;
	double		conf_high;
	const char *status;
	int			strategy_count;
	char	  **strategies;
	const char *baseline;		/* NULL: none */
	int64		n;
	int64		n_keys;
	const double *shares;		/* [strategies] or NULL */
	const char *verdict;
} journey_policy_value;

/* The composite; desc is that of journey.policy. */
extern Datum journey_policy_datum(TupleDesc desc, const journey_policy_value *value);

#endif							/* JOURNEY_PG_POLICY_H */
