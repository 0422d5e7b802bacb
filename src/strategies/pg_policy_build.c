/*
 * pg_policy_build.c
 *		From a learned policy to a rule with names (see pg_policy_build.h).
 *
 * R-PBU-1	A column of a label or a boolean is 0 or 1, so "not below the cut"
 *			means yes: there the branches change sides.
 */
#include "pg_policy_build.h"

/* The feature that gives a column of x, and which of its columns it is. */
static int
feature_of(const journey_encoding *encoding, size_t column, int *place)
{
	int			i;

	for (i = 0; i < encoding->feature_count; i++)
	{
		size_t		terms = (size_t) journey_feature_terms(&encoding->features[i]);

		if (column < terms)
			break;
		column -= terms;
	}
	*place = (int) column;
	return i;
}

/* Place of a feature in the rule, where it is added if new. */
static int
use_feature(journey_rule *rule, const journey_feature *feature)
{
	int			i;

	for (i = 0; i < rule->feature_count; i++)
		if (strcmp(rule->features[i].name, feature->name) == 0)
			return i;
	rule->features[rule->feature_count] = *feature;
	return rule->feature_count++;
}

/* A node of the tree and all below it; count[] are rows by node of the search. */
static int
build_node(const jrn_policy_learned *learned, const journey_encoding *encoding, journey_rule *rule,
		   int at, const double *count, double *share)
{
	const jrn_policy_node *from = &learned->tree.node[at];
	int			own = rule->node_count++;
	journey_rule_node *node = &rule->nodes[own];
	const journey_feature *feature;
	int			place;
	int			low,
				high;

	memset(node, 0, sizeof(*node));
	node->feature = -1;
	node->strategy = from->arm;
	share[own] = count[at];
	if (from->feature < 0)
		return own;
	feature = &encoding->features[feature_of(encoding, learned->column_of[from->feature], &place)];
	node->feature = use_feature(rule, feature);
	node->below = learned->column[from->feature].cuts[from->cut];
	node->level = place + 1;
	low = build_node(learned, encoding, rule, 2 * at + 1, count, share);
	high = build_node(learned, encoding, rule, 2 * at + 2, count, share);
	node->left = feature->kind == JOURNEY_FEATURE_NUMBER ? low : high;	/* R-PBU-1 */
	node->right = feature->kind == JOURNEY_FEATURE_NUMBER ? high : low;
	return own;
}

static void
build_tree(const jrn_policy_task *task, const jrn_policy_learned *learned, const journey_encoding *encoding,
		   journey_rule *rule, double **node_share)
{
	double		count[JRN_POLICY_NODES] = {0};
	size_t		n = task->table->n;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const jrn_policy_node *node = learned->tree.node;
		int			at = 0;

		while (node[at].feature >= 0)
			at = 2 * at + (learned->column[node[at].feature].bin[i] <= node[at].cut ? 1 : 2);
		count[at] += 1.0 / (double) n;
	}
	rule->nodes = palloc0(JRN_POLICY_NODES * sizeof(journey_rule_node));
	rule->features = palloc0(JRN_POLICY_NODES * sizeof(journey_feature));
	*node_share = palloc0(JRN_POLICY_NODES * sizeof(double));
	(void) build_node(learned, encoding, rule, 0, count, *node_share);
}

void
journey_policy_build(const jrn_policy_task *task, const jrn_policy_learned *learned,
					 const journey_encoding *encoding, char **names, journey_rule *rule,
					 double **node_share)
{
	memset(rule, 0, sizeof(*rule));
	*node_share = NULL;
	rule->class = (journey_policy_class) task->class;
	rule->strategy_count = task->arms;
	rule->strategies = (const char **) names;
	if (task->class == JRN_POLICY_TREE)
	{
		build_tree(task, learned, encoding, rule, node_share);
		return;
	}
	rule->feature_count = encoding->feature_count;
	rule->features = encoding->features;
	rule->terms = (int) task->table->p;
	rule->coefficients = learned->coefficients;
	rule->costs = unconstify(double *, task->costs);
	rule->prices = learned->price;
}
