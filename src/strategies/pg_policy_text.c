/*
 * pg_policy_text.c
 *		The rule of a policy as sentences (see pg_policy.h).
 */
#include "pg_policy.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"

/* Terms of a linear rule that are told; the rest is counted. */
#define MOST_TERMS 12

char *
journey_rule_number(double number)
{
	return psprintf("%.6g", number);
}

/* The question of a node, answered with yes or no. */
static void
put_answer(StringInfo text, const journey_rule *rule, const journey_rule_node *node, bool yes)
{
	const journey_feature *feature = &rule->features[node->feature];
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	switch (feature->kind)
	{
		case JOURNEY_FEATURE_NUMBER:
			double_to_shortest_decimal_buf(node->below, digits);
			appendStringInfo(text, yes ? "%s below %s" : "%s %s or more", feature->name, digits);
			break;
		case JOURNEY_FEATURE_LABEL:
			appendStringInfo(text, "%s is%s \"%s\"", feature->name, yes ? "" : " not", feature->levels[node->level]);
			break;
		case JOURNEY_FEATURE_BOOLEAN:
			appendStringInfo(text, "%s is %s", feature->name, yes ? "true" : "false");
			break;
	}
}

static void
put_node(StringInfo text, const journey_rule *rule, int at, const double *share, int depth)
{
	const journey_rule_node *node = &rule->nodes[at];
	int			side;

	if (node->feature < 0)
	{
		appendStringInfo(text, " \"%s\"", rule->strategies[node->strategy]);
		if (share != NULL)
			appendStringInfo(text, " (%.1f %% of decisions)", 100.0 * share[at]);
		return;
	}
	for (side = 0; side < 2; side++)
	{
		if (text->len > 0)
			appendStringInfoChar(text, '\n');
		appendStringInfoSpaces(text, 2 * depth);
		put_answer(text, rule, node, side == 0);
		appendStringInfoChar(text, ':');
		put_node(text, rule, side == 0 ? node->left : node->right, share, depth + 1);
	}
}

static void
put_strategy(StringInfo text, const journey_rule *rule, int s, char **terms)
{
	const double *own = rule->coefficients + (Size) s * (Size) (rule->terms + 1);
	int			told = 0;
	int			rest = 0;
	int			i;

	appendStringInfo(text, "\n  \"%s\": %s", rule->strategies[s],
					 journey_rule_number(own[0] - rule->costs[s] - rule->prices[s]));
	for (i = 0; i < rule->terms; i++)
	{
		if (own[i + 1] == 0.0)
			continue;
		if (told++ >= MOST_TERMS)
			rest++;
		else
			appendStringInfo(text, " %c %s %s", own[i + 1] < 0.0 ? '-' : '+',
							 journey_rule_number(fabs(own[i + 1])), terms[i]);
	}
	if (rest > 0)
		appendStringInfo(text, " and %d more terms", rest);
}

char *
journey_rule_text(const journey_rule *rule, const double *node_share)
{
	StringInfoData text;
	char	  **terms;
	int			s;

	initStringInfo(&text);
	if (rule->class == JOURNEY_POLICY_TREE && rule->nodes[0].feature < 0)
		appendStringInfo(&text, "always \"%s\"", rule->strategies[rule->nodes[0].strategy]);
	else if (rule->class == JOURNEY_POLICY_TREE)
		put_node(&text, rule, 0, node_share, 0);
	else
	{
		terms = journey_rule_terms(rule);
		appendStringInfoString(&text, "the strategy with the largest of");
		for (s = 0; s < rule->strategy_count; s++)
			put_strategy(&text, rule, s, terms);
	}
	return text.data;
}
