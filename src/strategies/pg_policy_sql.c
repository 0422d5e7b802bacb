/*
 * pg_policy_sql.c
 *		policy_sql(policy): a policy as a SQL expression over the columns.
 *
 * R-PLS-1	The expression needs no extension, only columns with the names of
 *			the policy's features, and gives the strategy that recommend()
 *			gives: linear rules add the same summands in the same order.
 * R-PLS-2	It never fails on a row: where recommend() raises an error, for NULL,
 *			an unseen level, NaN or a number without end, it gives NULL.
 * R-PLS-3	Names and strings are quoted; levels compare by their bytes.
 */
#include "pg_policy.h"

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"


PG_FUNCTION_INFO_V1(journey_policy_sql);

#define MAX_SQL_BYTES (64 * 1024 * 1024)

static void
put_number(StringInfo sql, double number)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(number, digits);
	appendStringInfo(sql, "'%s'::float8", digits);
	if (sql->len > MAX_SQL_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the expression of the policy is longer than %d bytes", MAX_SQL_BYTES),
				 errhint("Use fewer features, or columns with fewer levels.")));
	CHECK_FOR_INTERRUPTS();
}

/* The levels but one, as a list. */
static void
put_others(StringInfo sql, const journey_feature *feature, int level)
{
	int			told = 0;
	int			l;

	for (l = 0; l < feature->level_count; l++)
		if (l != level)
			appendStringInfo(sql, "%s%s", told++ > 0 ? ", " : "", quote_literal_cstr(feature->levels[l]));
}

/* ---- trees ---- */

/* A condition that is true for the answer, and not true for what recommend() refuses. */
static void
put_condition(StringInfo sql, const journey_rule *rule, const journey_rule_node *node, bool yes)
{
	const journey_feature *feature = &rule->features[node->feature];
	const char *name = quote_identifier(feature->name);

	switch (feature->kind)
	{
		case JOURNEY_FEATURE_NUMBER:
			appendStringInfo(sql, yes ? "%s::float8 > '-Infinity' AND %s::float8 < " :
							 "%s::float8 < 'Infinity' AND %s::float8 >= ", name, name);
			put_number(sql, node->below);
			break;
		case JOURNEY_FEATURE_LABEL:
			appendStringInfo(sql, "%s::text COLLATE \"C\" ", name);
			if (yes)
				appendStringInfo(sql, "= %s", quote_literal_cstr(feature->levels[node->level]));
			else
			{
				appendStringInfoString(sql, "IN (");
				put_others(sql, feature, node->level);
				appendStringInfoChar(sql, ')');
			}
			break;
		case JOURNEY_FEATURE_BOOLEAN:
			appendStringInfo(sql, yes ? "%s" : "NOT %s", name);
			break;
	}
}

static void
put_node(StringInfo sql, const journey_rule *rule, int at)
{
	const journey_rule_node *node = &rule->nodes[at];

	if (node->feature < 0)
	{
		appendStringInfoString(sql, quote_literal_cstr(rule->strategies[node->strategy]));
		return;
	}
	appendStringInfoString(sql, "CASE WHEN ");
	put_condition(sql, rule, node, true);
	appendStringInfoString(sql, " THEN ");
	put_node(sql, rule, node->left);
	/* a label with one level has no other one */
	if (rule->features[node->feature].kind != JOURNEY_FEATURE_LABEL ||
		rule->features[node->feature].level_count > 1)
	{
		appendStringInfoString(sql, " WHEN ");
		put_condition(sql, rule, node, false);
		appendStringInfoString(sql, " THEN ");
		put_node(sql, rule, node->right);
	}
	appendStringInfoString(sql, " END");
}

/* ---- linear rules ---- */

/* What a strategy promises for the row; NULL where a feature is NULL or unseen. */
static void
put_promise(StringInfo sql, const journey_rule *rule, int s)
{
	const double *own = rule->coefficients + (Size) s * (Size) (rule->terms + 1);
	int			at = 1;
	int			i,
				l;

	put_number(sql, own[0] - rule->costs[s] - rule->prices[s]);
	for (i = 0; i < rule->feature_count; i++)
	{
		const journey_feature *feature = &rule->features[i];
		const char *name = quote_identifier(feature->name);

		appendStringInfoString(sql, " + ");
		switch (feature->kind)
		{
			case JOURNEY_FEATURE_NUMBER:
				put_number(sql, own[at]);
				appendStringInfo(sql, " * %s::float8", name);
				break;
			case JOURNEY_FEATURE_BOOLEAN:
				appendStringInfo(sql, "CASE WHEN %s THEN ", name);
				put_number(sql, own[at]);
				appendStringInfo(sql, " WHEN NOT %s THEN 0 END", name);
				break;
			case JOURNEY_FEATURE_LABEL:
				appendStringInfo(sql, "CASE %s::text COLLATE \"C\"", name);
				for (l = 0; l < feature->level_count; l++)
				{
					appendStringInfo(sql, " WHEN %s THEN ", quote_literal_cstr(feature->levels[l]));
					put_number(sql, l == 0 ? 0.0 : own[at + l - 1]);
				}
				appendStringInfoString(sql, " END");
				break;
		}
		at += journey_feature_terms(feature);
	}
}

static void
put_linear(StringInfo sql, const journey_rule *rule)
{
	int			s,
				t;

	appendStringInfoString(sql, "(SELECT CASE WHEN (");
	for (s = 0; s < rule->strategy_count; s++)
		appendStringInfo(sql, "%sabs(promise.s%d) < 'Infinity'", s > 0 ? " AND " : "", s + 1);
	appendStringInfoString(sql, ") IS NOT TRUE THEN NULL");
	for (s = 0; s + 1 < rule->strategy_count; s++)
	{
		appendStringInfo(sql, " WHEN promise.s%d >= GREATEST(", s + 1);
		for (t = s + 1; t < rule->strategy_count; t++)
			appendStringInfo(sql, "%spromise.s%d", t > s + 1 ? ", " : "", t + 1);
		appendStringInfo(sql, ") THEN %s", quote_literal_cstr(rule->strategies[s]));
	}
	appendStringInfo(sql, " ELSE %s END FROM (SELECT ", quote_literal_cstr(rule->strategies[s]));
	for (s = 0; s < rule->strategy_count; s++)
	{
		if (s > 0)
			appendStringInfoString(sql, ", ");
		put_promise(sql, rule, s);
		appendStringInfo(sql, " AS s%d", s + 1);
	}
	appendStringInfoString(sql, " OFFSET 0) AS promise)");
}

/* policy_sql(policy) */
Datum
journey_policy_sql(PG_FUNCTION_ARGS)
{
	journey_rule rule;
	StringInfoData sql;

	journey_policy_read(PG_GETARG_HEAPTUPLEHEADER(0), &rule);
	initStringInfo(&sql);
	if (rule.class != JOURNEY_POLICY_TREE)
		put_linear(&sql, &rule);
	else if (rule.nodes[0].feature < 0)
		appendStringInfo(&sql, "%s::text", quote_literal_cstr(rule.strategies[rule.nodes[0].strategy]));
	else
		put_node(&sql, &rule, 0);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(sql.data, sql.len));
}
