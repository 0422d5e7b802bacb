/*
 * pg_policy_rule.c
 *		The rule of a policy as jsonb, both ways (see pg_policy.h).
 */
#include "pg_policy.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "../models/design.h"
#include "scores.h"

const char *const journey_policy_class_names[JOURNEY_POLICY_CLASSES] = {"tree", "linear", "plug_in"};

static const char *const kind_names[] = {"number", "label", "boolean"};

/* ---- writing ---- */

static void
push_text(JsonbParseState **state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	(void) pushJsonbValue(state, token, &value);
}

static void
push_pair(JsonbParseState **state, const char *key, const char *text)
{
	push_text(state, WJB_KEY, key);
	push_text(state, WJB_VALUE, text);
}

static void
push_double(JsonbParseState **state, JsonbIteratorToken token, double number)
{
	JsonbValue	value;
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(number, digits);
	value.type = jbvNumeric;
	value.val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
															ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	(void) pushJsonbValue(state, token, &value);
}

static void
push_number(JsonbParseState **state, const char *key, double number)
{
	push_text(state, WJB_KEY, key);
	push_double(state, WJB_VALUE, number);
}

static void
push_levels(JsonbParseState **state, const journey_feature *feature)
{
	int			i;

	push_text(state, WJB_KEY, "levels");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < feature->level_count; i++)
		push_text(state, WJB_ELEM, feature->levels[i]);
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/* The keys of a node; its object is begun already, for the root has more of them. */
static void
push_node(JsonbParseState **state, const journey_rule *rule, int at)
{
	const journey_rule_node *node = &rule->nodes[at];
	const journey_feature *feature;
	JsonbValue	yes;

	if (node->feature < 0)
	{
		push_pair(state, "strategy", rule->strategies[node->strategy]);
		return;
	}
	feature = &rule->features[node->feature];
	push_pair(state, "feature", feature->name);
	push_pair(state, "kind", kind_names[feature->kind]);
	if (feature->kind == JOURNEY_FEATURE_NUMBER)
		push_number(state, "below", node->below);
	else if (feature->kind == JOURNEY_FEATURE_LABEL)
	{
		push_levels(state, feature);
		push_pair(state, "is", feature->levels[node->level]);
	}
	else
	{
		push_text(state, WJB_KEY, "is");
		yes.type = jbvBool;
		yes.val.boolean = true;
		(void) pushJsonbValue(state, WJB_VALUE, &yes);
	}
	push_text(state, WJB_KEY, "left");
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_node(state, rule, node->left);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
	push_text(state, WJB_KEY, "right");
	(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_node(state, rule, node->right);
	(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
push_features(JsonbParseState **state, const journey_rule *rule)
{
	char	  **terms = journey_rule_terms(rule);
	int			i;

	push_text(state, WJB_KEY, "features");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < rule->feature_count; i++)
	{
		(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_pair(state, "name", rule->features[i].name);
		push_pair(state, "kind", kind_names[rule->features[i].kind]);
		if (rule->features[i].kind == JOURNEY_FEATURE_LABEL)
			push_levels(state, &rule->features[i]);
		(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
	push_text(state, WJB_KEY, "terms");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (i = 0; i < rule->terms; i++)
		push_text(state, WJB_ELEM, terms[i]);
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
push_strategies(JsonbParseState **state, const journey_rule *rule)
{
	int			s,
				i;

	push_text(state, WJB_KEY, "strategies");
	(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (s = 0; s < rule->strategy_count; s++)
	{
		const double *own = rule->coefficients + (Size) s * (Size) (rule->terms + 1);

		(void) pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_pair(state, "strategy", rule->strategies[s]);
		push_number(state, "intercept", own[0]);
		if (rule->costs[s] != 0.0)
			push_number(state, "cost", rule->costs[s]);
		if (rule->prices[s] != 0.0)
			push_number(state, "price", rule->prices[s]);
		push_text(state, WJB_KEY, "coefficients");
		(void) pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		for (i = 0; i < rule->terms; i++)
			push_double(state, WJB_ELEM, own[i + 1]);
		(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
		(void) pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	(void) pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

Jsonb *
journey_rule_write(const journey_rule *rule)
{
	JsonbParseState *state = NULL;

	(void) pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_number(&state, "version", JOURNEY_RULE_VERSION);
	push_pair(&state, "class", journey_policy_class_names[rule->class]);
	if (rule->class == JOURNEY_POLICY_TREE)
		push_node(&state, rule, 0);
	else
	{
		push_features(&state, rule);
		push_strategies(&state, rule);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

char **
journey_rule_terms(const journey_rule *rule)
{
	char	  **terms = palloc((Size) (rule->terms + 1) * sizeof(char *));
	int			count = 0;
	int			i,
				l;

	for (i = 0; i < rule->feature_count; i++)
	{
		const journey_feature *feature = &rule->features[i];

		if (feature->kind == JOURNEY_FEATURE_LABEL)
			for (l = 1; l < feature->level_count; l++)
				terms[count++] = psprintf("%s=%s", feature->name, feature->levels[l]);
		else
			terms[count++] = feature->kind == JOURNEY_FEATURE_NUMBER ? pstrdup(feature->name) :
				psprintf("%s=true", feature->name);
	}
	return terms;
}

/* ---- reading ---- */

static void
wrong_key(const char *key, const char *wanted)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("key \"%s\" of the policy's rule must be %s", key, wanted),
			 errhint("Use the policy as learn_policy() returned it.")));
}

static JsonbValue *
value_of(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

/* A string that is not empty. */
static char *
text_of(JsonbContainer *object, const char *key)
{
	JsonbValue *value = value_of(object, key);

	if (value == NULL || value->type != jbvString || value->val.string.len == 0)
		wrong_key(key, "a string that is not empty");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static double
finite_of(const JsonbValue *value, const char *key)
{
	double		number = NAN;

	if (value != NULL && value->type == jbvNumeric)
		number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
													NumericGetDatum(value->val.numeric)));
	if (!isfinite(number))
		wrong_key(key, "a finite number");
	return number;
}

static JsonbContainer *
array_of(JsonbContainer *object, const char *key, int most)
{
	JsonbValue *value = value_of(object, key);

	if (value == NULL || value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
		wrong_key(key, "an array");
	if (JsonContainerSize(value->val.binary.data) > most)
		wrong_key(key, psprintf("an array of at most %d elements", most));
	return value->val.binary.data;
}

static JsonbContainer *
object_at(JsonbContainer *array, int i, const char *key)
{
	JsonbValue *value = getIthJsonbValueFromContainer(array, i);

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		wrong_key(key, "an array of objects");
	return value->val.binary.data;
}

/* Kind and levels; the name lies under another key by shape. */
static void
read_feature(JsonbContainer *object, const char *name_key, journey_feature *feature)
{
	char	   *kind;
	JsonbContainer *levels;
	int			i;

	memset(feature, 0, sizeof(*feature));
	feature->name = text_of(object, name_key);
	kind = text_of(object, "kind");
	for (i = 0; i < (int) lengthof(kind_names); i++)
		if (strcmp(kind, kind_names[i]) == 0)
			break;
	if (i == lengthof(kind_names))
		wrong_key("kind", "one of number, label, boolean");
	feature->kind = (journey_feature_kind) i;
	if (feature->kind != JOURNEY_FEATURE_LABEL)
		return;
	levels = array_of(object, "levels", JRN_MAX_COLUMNS + 1);
	feature->level_count = JsonContainerSize(levels);
	if (feature->level_count == 0)
		wrong_key("levels", "an array with at least one string");
	feature->levels = palloc((Size) feature->level_count * sizeof(char *));
	for (i = 0; i < feature->level_count; i++)
	{
		JsonbValue *level = getIthJsonbValueFromContainer(levels, i);

		if (level->type != jbvString)
			wrong_key("levels", "an array of strings");
		feature->levels[i] = pnstrdup(level->val.string.val, level->val.string.len);
		if (i > 0 && strcmp(feature->levels[i - 1], feature->levels[i]) >= 0)
			wrong_key("levels", "in increasing byte order without repeats");
		pfree(level);
	}
}

static bool
is_same_feature(const journey_feature *a, const journey_feature *b)
{
	int			i;

	if (a->kind != b->kind || a->level_count != b->level_count)
		return false;
	for (i = 0; i < a->level_count; i++)
		if (strcmp(a->levels[i], b->levels[i]) != 0)
			return false;
	return true;
}

/* Place of a node's feature among those of the rule, where it is added if new. */
static int
place_feature(journey_rule *rule, const journey_feature *feature)
{
	int			i;

	for (i = 0; i < rule->feature_count; i++)
		if (strcmp(rule->features[i].name, feature->name) == 0)
		{
			if (!is_same_feature(&rule->features[i], feature))
				wrong_key("levels", psprintf("the same, with the kind, in all nodes that ask for \"%s\"", feature->name));
			return i;
		}
	rule->features[rule->feature_count] = *feature;
	return rule->feature_count++;
}

static int
place_strategy(journey_rule *rule, const char *name)
{
	int			i;

	for (i = 0; i < rule->strategy_count; i++)
		if (strcmp(rule->strategies[i], name) == 0)
			return i;
	rule->strategies[rule->strategy_count] = name;
	return rule->strategy_count++;
}

static int	read_node(JsonbContainer *object, journey_rule *rule, int depth);

static int
read_child(JsonbContainer *object, const char *key, journey_rule *rule, int depth)
{
	JsonbValue *value = value_of(object, key);

	if (value == NULL || value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		wrong_key(key, "an object");
	return read_node(value->val.binary.data, rule, depth);
}

/* The question of a node. */
static void
read_question(JsonbContainer *object, const journey_feature *feature, journey_rule_node *node)
{
	JsonbValue *is;

	if (feature->kind == JOURNEY_FEATURE_NUMBER)
	{
		node->below = finite_of(value_of(object, "below"), "below");
		return;
	}
	if (feature->kind == JOURNEY_FEATURE_BOOLEAN)
	{
		is = value_of(object, "is");
		if (is == NULL || is->type != jbvBool || !is->val.boolean)
			wrong_key("is", "true for a boolean");
		node->level = 1;
		return;
	}
	is = value_of(object, "is");
	if (is == NULL || is->type != jbvString)
		wrong_key("is", "a string");
	for (node->level = 0; node->level < feature->level_count; node->level++)
		if (strlen(feature->levels[node->level]) == (size_t) is->val.string.len &&
			memcmp(feature->levels[node->level], is->val.string.val, (size_t) is->val.string.len) == 0)
			return;
	wrong_key("is", "one of the levels");
}

/* The depth limit bounds this recursion, and with it the nodes. */
static int
read_node(JsonbContainer *object, journey_rule *rule, int depth)
{
	int			at = rule->node_count++;
	journey_rule_node *node = &rule->nodes[at];
	journey_feature feature;

	CHECK_FOR_INTERRUPTS();
	node->feature = -1;
	if (value_of(object, "feature") == NULL)
	{
		node->strategy = place_strategy(rule, text_of(object, "strategy"));
		return at;
	}
	if (depth == JOURNEY_RULE_DEPTH)
		wrong_key("feature", psprintf("at most %d questions deep", JOURNEY_RULE_DEPTH));
	read_feature(object, "feature", &feature);
	node->feature = place_feature(rule, &feature);
	read_question(object, &feature, node);
	node->left = read_child(object, "left", rule, depth + 1);
	node->right = read_child(object, "right", rule, depth + 1);
	return at;
}

static void
read_features(JsonbContainer *root, journey_rule *rule)
{
	JsonbContainer *features = array_of(root, "features", JRN_MAX_COLUMNS);
	int			count = JsonContainerSize(features);
	int64		terms = 0;
	int			i;

	rule->features = palloc((Size) Max(count, 1) * sizeof(journey_feature));
	for (i = 0; i < count; i++)
	{
		read_feature(object_at(features, i, "features"), "name", &rule->features[i]);
		terms += journey_feature_terms(&rule->features[i]);
	}
	if (terms > JRN_MAX_COLUMNS)
		wrong_key("features", psprintf("of at most %d terms", JRN_MAX_COLUMNS));
	rule->feature_count = count;
	rule->terms = (int) terms;
}

static void
read_strategy(JsonbContainer *object, journey_rule *rule, int s)
{
	double	   *own = rule->coefficients + (Size) s * (Size) (rule->terms + 1);
	JsonbContainer *coefficients = array_of(object, "coefficients", JRN_MAX_COLUMNS);
	JsonbValue *value;
	int			i;

	rule->strategies[s] = text_of(object, "strategy");
	for (i = 0; i < s; i++)
		if (strcmp(rule->strategies[i], rule->strategies[s]) == 0)
			wrong_key("strategy", "another one in every element");
	own[0] = finite_of(value_of(object, "intercept"), "intercept");
	if (JsonContainerSize(coefficients) != rule->terms)
		wrong_key("coefficients", psprintf("an array of %d numbers, one for each term", rule->terms));
	for (i = 0; i < rule->terms; i++)
	{
		value = getIthJsonbValueFromContainer(coefficients, i);
		own[i + 1] = finite_of(value, "coefficients");
		pfree(value);
	}
	value = value_of(object, "cost");
	rule->costs[s] = value == NULL ? 0.0 : finite_of(value, "cost");
	value = value_of(object, "price");
	rule->prices[s] = value == NULL ? 0.0 : finite_of(value, "price");
}

static void
read_strategies(JsonbContainer *root, journey_rule *rule)
{
	JsonbContainer *strategies = array_of(root, "strategies", JRN_MAX_STRATEGIES);
	int			count = JsonContainerSize(strategies);
	int			s;

	if (count == 0)
		wrong_key("strategies", "an array with at least one object");
	rule->strategy_count = count;
	rule->strategies = palloc((Size) count * sizeof(char *));
	rule->coefficients = palloc((Size) count * (Size) (rule->terms + 1) * sizeof(double));
	rule->costs = palloc((Size) count * sizeof(double));
	rule->prices = palloc((Size) count * sizeof(double));
	for (s = 0; s < count; s++)
	{
		CHECK_FOR_INTERRUPTS();
		read_strategy(object_at(strategies, s, "strategies"), rule, s);
	}
}

void
journey_rule_read(Jsonb *json, journey_rule *rule)
{
	JsonbContainer *root = &json->root;
	char	   *class;
	double		version;
	int			i;

	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("field \"rule\" of the policy must be a JSON object"),
				 errhint("Use the policy as learn_policy() returned it.")));
	version = finite_of(value_of(root, "version"), "version");
	if (version != JOURNEY_RULE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the policy's rule has version %g, this release reads version %d", version, JOURNEY_RULE_VERSION)));
	memset(rule, 0, sizeof(*rule));
	class = text_of(root, "class");
	for (i = 0; i < JOURNEY_POLICY_CLASSES; i++)
		if (strcmp(class, journey_policy_class_names[i]) == 0)
			break;
	if (i == JOURNEY_POLICY_CLASSES)
		wrong_key("class", "one of tree, linear, plug_in");
	rule->class = (journey_policy_class) i;
	if (rule->class == JOURNEY_POLICY_TREE)
	{
		rule->nodes = palloc0(JOURNEY_RULE_NODES * sizeof(journey_rule_node));
		rule->features = palloc0(JOURNEY_RULE_NODES * sizeof(journey_feature));
		rule->strategies = palloc0(JOURNEY_RULE_NODES * sizeof(char *));
		(void) read_node(root, rule, 0);
	}
	else
	{
		read_features(root, rule);
		read_strategies(root, rule);
	}
}
