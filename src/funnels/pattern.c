/*
 * pattern.c
 *		Parser of sequence patterns (see pattern.h): text to a tree.
 *
 * Recursive descent, one function per rule of the grammar; the depth of
 * parentheses is capped, so no text can exhaust the stack.
 */
#include <string.h>

#include "pattern.h"

typedef struct parser
{
	const jrn_env *env;
	const char *text;
	size_t		size;
	size_t		at;
	int			depth;
	jrn_node   *nodes;
	size_t		count;
	size_t		capacity;
	jrn_pattern *out;
	jrn_pattern_error *error;
} parser;

static jrn_status parse_choice(parser *p, uint32_t *node);

static jrn_status
refuse_at(parser *p, size_t at, const char *message)
{
	p->error->message = message;
	p->error->at = at;
	return JRN_DOMAIN;
}

static void
skip_space(parser *p)
{
	while (p->at < p->size && strchr(" \t\n\r\f\v", p->text[p->at]) != NULL && p->text[p->at] != '\0')
		p->at++;
}

/* The next character after white space, 0 at the end. */
static char
peek(parser *p)
{
	skip_space(p);
	return p->at < p->size ? p->text[p->at] : '\0';
}

/* Take a word of punctuation when it stands next. */
static bool
take(parser *p, const char *word)
{
	size_t		length = strlen(word);

	skip_space(p);
	if (p->size - p->at < length || memcmp(p->text + p->at, word, length) != 0)
		return false;
	p->at += length;
	return true;
}

static jrn_status
new_node(parser *p, jrn_node_kind kind, size_t at, uint32_t *node)
{
	jrn_node   *fresh;

	JRN_TRY(jrn_grow_array(p->env, p->count, &p->capacity, sizeof(jrn_node), &p->nodes));
	*node = (uint32_t) p->count;
	fresh = &p->nodes[p->count++];
	memset(fresh, 0, sizeof(*fresh));
	fresh->kind = kind;
	fresh->at = at;
	fresh->first_child = fresh->last_child = fresh->sibling = JRN_NO_NODE;
	return JRN_OK;
}

static void
add_child(parser *p, uint32_t parent, uint32_t child)
{
	jrn_node   *node = &p->nodes[parent];

	if (node->last_child == JRN_NO_NODE)
		node->first_child = child;
	else
		p->nodes[node->last_child].sibling = child;
	node->last_child = child;
}

/* Digits up to limit. */
static jrn_status
parse_number(parser *p, int limit, const char *expected, const char *too_large, int *number)
{
	size_t		begin;

	skip_space(p);
	begin = p->at;
	for (*number = 0; p->at < p->size && p->text[p->at] >= '0' && p->text[p->at] <= '9'; p->at++)
	{
		*number = *number * 10 + (p->text[p->at] - '0');
		if (*number > limit)
			return refuse_at(p, begin, too_large);
	}
	return p->at > begin ? JRN_OK : refuse_at(p, begin, expected);
}

static jrn_status
close_parenthesis(parser *p)
{
	if (!take(p, ")"))
		return refuse_at(p, p->at, "a closing parenthesis is expected");
	return JRN_OK;
}

/* Operator and time of (?t ...) or (?w ...); low .. high are what is allowed. */
static jrn_status
parse_limit(parser *p, int64_t *low, int64_t *high)
{
	int64_t		time;
	bool		upper = false,
				lower = false,
				strict = false;
	size_t		begin;

	*low = 0;
	*high = INT64_MAX;
	if (take(p, "<="))
		upper = true;
	else if (take(p, ">="))
		lower = true;
	else if (take(p, "=="))
		upper = lower = true;
	else if (take(p, "<"))
		upper = strict = true;
	else if (take(p, ">"))
		lower = strict = true;
	else
		return refuse_at(p, p->at, "one of <=, <, >=, > and == is expected");
	skip_space(p);
	begin = p->at;
	JRN_TRY(jrn_pattern_time(p->text, p->size, &p->at, &time, p->error));
	if (upper && strict && time == 0)
		return refuse_at(p, begin, "no time is below 0");
	if (upper)
		*high = time - (strict ? 1 : 0);
	if (lower)
		*low = time + (strict ? 1 : 0);
	return close_parenthesis(p);
}

/* "(?" is taken: a condition or a time. */
static jrn_status
parse_special(parser *p, size_t begin, uint32_t *node)
{
	char		next = peek(p);

	if (next >= '0' && next <= '9')
	{
		int			number;

		JRN_TRY(new_node(p, JRN_NODE_ROW, begin, node));
		JRN_TRY(parse_number(p, JRN_MAX_CONDITIONS, "", "a condition number goes from 1 to 64", &number));
		if (number == 0)
			return refuse_at(p, begin, "a condition number goes from 1 to 64");
		p->nodes[*node].condition = number - 1;
		if (number > p->out->highest_condition)
		{
			p->out->highest_condition = number;
			p->out->highest_at = begin;
		}
		return close_parenthesis(p);
	}
	if (next == 't')
	{
		int64_t		low,
					high;

		p->at++;
		JRN_TRY(new_node(p, JRN_NODE_JOIN, begin, node));
		JRN_TRY(parse_limit(p, &low, &high));
		p->nodes[*node].join = JRN_JOIN_TIME;
		p->nodes[*node].low = low;
		p->nodes[*node].high = high;
		return JRN_OK;
	}
	if (next == 'w')
		return refuse_at(p, begin, "the limit of the whole chain must stand at the front");
	return refuse_at(p, p->at, "a condition number, t or w is expected after (?");
}

/* "{" is taken. */
static jrn_status
parse_repeat(parser *p, size_t begin, uint32_t child, uint32_t *node)
{
	static const char *const expected = "a number of repetitions is expected";
	static const char *const too_large = "at most 1000 repetitions can be asked for";
	int			least,
				most;

	JRN_TRY(parse_number(p, JRN_PATTERN_MAX_REPEAT, expected, too_large, &least));
	most = least;
	if (take(p, ","))
	{
		if (peek(p) == '}')
			most = -1;
		else
			JRN_TRY(parse_number(p, JRN_PATTERN_MAX_REPEAT, expected, too_large, &most));
	}
	if (!take(p, "}"))
		return refuse_at(p, p->at, "a closing brace is expected");
	if (most == 0 || (most > 0 && most < least))
		return refuse_at(p, begin, most == 0 ? "zero repetitions match nothing" :
						 "the largest number of repetitions is below the least");
	JRN_TRY(new_node(p, JRN_NODE_REPEAT, begin, node));
	p->nodes[*node].least = least;
	p->nodes[*node].most = most;
	add_child(p, *node, child);
	return JRN_OK;
}

/* A row, a group or a join. */
static jrn_status
parse_item(parser *p, uint32_t *node)
{
	size_t		begin;
	char		next = peek(p);

	begin = p->at;
	if (take(p, "(?"))
		return parse_special(p, begin, node);
	if (take(p, "("))
	{
		if (++p->depth > JRN_PATTERN_MAX_DEPTH)
			return refuse_at(p, begin, "parentheses are nested too deeply");
		JRN_TRY(parse_choice(p, node));
		p->depth--;
		return close_parenthesis(p);
	}
	if (take(p, "."))
	{
		bool		any = p->at < p->size && p->text[p->at] == '*';

		JRN_TRY(new_node(p, any ? JRN_NODE_JOIN : JRN_NODE_ROW, begin, node));
		if (any)
		{
			p->at++;
			p->nodes[*node].join = JRN_JOIN_ANY;
		}
		p->nodes[*node].condition = JRN_PATTERN_ANY;
		return JRN_OK;
	}
	if (next == '{')
		return refuse_at(p, begin, "a repetition needs a condition or a group before it");
	if (next == '*' || next == '+' || next == '?')
		return refuse_at(p, begin, "only .* may repeat this way: write {0,}, {1,} or {0,1}");
	return refuse_at(p, begin, "a condition such as (?1) is expected");
}

static jrn_status
parse_sequence(parser *p, uint32_t *node)
{
	char		next = peek(p);

	JRN_TRY(new_node(p, JRN_NODE_SEQUENCE, p->at, node));
	do
	{
		uint32_t	item;
		size_t		begin;

		JRN_TRY(parse_item(p, &item));
		skip_space(p);
		begin = p->at;
		if (p->nodes[item].kind != JRN_NODE_JOIN && take(p, "{"))
			JRN_TRY(parse_repeat(p, begin, item, &item));
		add_child(p, *node, item);
		next = peek(p);
	} while (p->at < p->size && next != '|' && next != ')');
	return JRN_OK;
}

static jrn_status
parse_choice(parser *p, uint32_t *node)
{
	JRN_TRY(new_node(p, JRN_NODE_CHOICE, p->at, node));
	do
	{
		uint32_t	sequence;

		JRN_TRY(parse_sequence(p, &sequence));
		add_child(p, *node, sequence);
	} while (take(p, "|"));
	return JRN_OK;
}

static jrn_status
parse_pattern(parser *p, uint32_t *root)
{
	int64_t		low;
	size_t		begin;

	(void) peek(p);
	if (p->at == p->size)
		return refuse_at(p, 0, "the pattern is empty");
	begin = p->at;
	p->out->chain_limit = INT64_MAX;
	if (take(p, "(?w"))
	{
		JRN_TRY(parse_limit(p, &low, &p->out->chain_limit));
		if (low > 0 || p->out->chain_limit == INT64_MAX)
			return refuse_at(p, begin, "the limit of the whole chain is written with <= or <");
	}
	JRN_TRY(parse_choice(p, root));
	if (peek(p) == ')')
		return refuse_at(p, p->at, "there is no opening parenthesis for this one");
	return JRN_OK;
}

jrn_status
jrn_pattern_compile(const jrn_env *env, const char *text, size_t size, jrn_pattern *out,
					jrn_pattern_error *error)
{
	parser		p;
	uint32_t	root;
	jrn_status	status;

	memset(&p, 0, sizeof(p));
	memset(out, 0, sizeof(*out));
	memset(error, 0, sizeof(*error));
	p.env = env;
	p.text = text;
	p.size = size;
	p.out = out;
	p.error = error;
	if (size > JRN_PATTERN_MAX_SIZE)
	{
		error->message = "the pattern is longer than 65536 bytes";
		return JRN_LIMIT;
	}
	status = parse_pattern(&p, &root);
	if (status == JRN_OK)
		status = jrn_pattern_graph(env, p.nodes, root, out, error);
	if (p.capacity > 0)
		jrn_release(env, p.nodes);
	return status;
}
