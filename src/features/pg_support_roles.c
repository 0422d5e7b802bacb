/*
 * pg_support_roles.c
 *		Reader of the argument roles of support_metrics.
 *
 * R-ROLE-1	A key that is no role, a value that is neither a touchpoint nor an
 *			array of them, and a touchpoint in two roles are errors naming them.
 * R-ROLE-2	A touchpoint that never occurs is fine; a role without touchpoints
 *			too, but not all of them.
 */
#include "pg_support_options.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#define MAX_VALUE_BYTES 100

static const char *const role_names[JRN_ROLE_COUNT] = {
	NULL, "created", "automatic_reply", "internal_note", "agent_reply", "customer_reply",
	"pending", "on_hold", "open", "solved"
};

#define ROLES_HINT \
	errhint("Roles are created, automatic_reply, internal_note, agent_reply, customer_reply, pending, on_hold, open and solved; each takes a touchpoint or an array of touchpoints.")

char *
journey_jsonb_value_text(const JsonbValue *value)
{
	char	   *text;
	int			length;

	switch (value->type)
	{
		case jbvNull:
			return "null";
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		case jbvNumeric:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			break;
		case jbvString:
			text = psprintf("\"%s\"", pnstrdup(value->val.string.val, value->val.string.len));
			break;
		default:
			text = JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
	}
	length = (int) strlen(text);
	if (length <= MAX_VALUE_BYTES)
		return text;
	return psprintf("%.*s...", pg_mbcliplen(text, length, MAX_VALUE_BYTES), text);
}

static jrn_role
role_of_key(const JsonbValue *key, const JsonbValue *value)
{
	int			role;

	for (role = JRN_ROLE_CREATED; role < JRN_ROLE_COUNT; role++)
		if ((int) strlen(role_names[role]) == key->val.string.len &&
			memcmp(role_names[role], key->val.string.val, key->val.string.len) == 0)
			return (jrn_role) role;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"roles\" has the unrecognized role %s with value %s",
					journey_jsonb_value_text(key), journey_jsonb_value_text(value)),
			 ROLES_HINT));
	return JRN_ROLE_NONE;
}

static void
add_touchpoint(journey_roles *roles, int *capacity, jrn_role role, const JsonbValue *value)
{
	journey_role_entry *entry;

	if (value->type != jbvString || value->val.string.len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("role \"%s\" of argument \"roles\" has the value %s, it must be a touchpoint or an array of touchpoints",
						role_names[role], journey_jsonb_value_text(value)),
				 ROLES_HINT));
	if (roles->count == *capacity)
	{
		*capacity *= 2;
		roles->entries = repalloc(roles->entries, *capacity * sizeof(journey_role_entry));
	}
	entry = &roles->entries[roles->count++];
	entry->touchpoint = pnstrdup(value->val.string.val, value->val.string.len);
	entry->size = value->val.string.len;
	entry->role = role;
}

static void
read_role(journey_roles *roles, int *capacity, jrn_role role, const JsonbValue *value)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	item;

	if (value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerIsScalar(value->val.binary.data))
	{
		add_touchpoint(roles, capacity, role, value);
		return;
	}
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
		if (token == WJB_ELEM)
			add_touchpoint(roles, capacity, role, &item);
}

static int
compare_entries(const void *a, const void *b)
{
	const journey_role_entry *x = a;
	const journey_role_entry *y = b;
	int			order = jrn_bytes_compare(x->touchpoint, x->size, y->touchpoint, y->size);

	return order != 0 ? order : (int) x->role - (int) y->role;
}

/* Sort, drop repetitions within a role, refuse two roles (R-ROLE-1). */
static void
put_in_order(journey_roles *roles)
{
	int			i,
				kept = 0;

	qsort(roles->entries, roles->count, sizeof(journey_role_entry), compare_entries);
	for (i = 0; i < roles->count; i++)
	{
		journey_role_entry *entry = &roles->entries[i];

		if (kept > 0 && strcmp(roles->entries[kept - 1].touchpoint, entry->touchpoint) == 0)
		{
			if (roles->entries[kept - 1].role != entry->role)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("touchpoint \"%s\" of argument \"roles\" has two roles, \"%s\" and \"%s\"",
								entry->touchpoint, role_names[roles->entries[kept - 1].role],
								role_names[entry->role]),
						 errhint("A touchpoint has one role.")));
			continue;
		}
		roles->entries[kept++] = *entry;
	}
	roles->count = kept;
}

void
journey_roles_read(Jsonb *json, journey_roles *roles)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	key,
				item;
	int			capacity = 16;

	roles->entries = palloc(capacity * sizeof(journey_role_entry));
	roles->count = 0;
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"roles\" is not a JSON object"),
				 ROLES_HINT));
	it = JsonbIteratorInit(&json->root);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = item;
		else if (token == WJB_VALUE)
			read_role(roles, &capacity, role_of_key(&key, &item), &item);
	}
	if (roles->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"roles\" names no touchpoint"),
				 ROLES_HINT));
	put_in_order(roles);
}

jrn_role
journey_roles_find(const journey_roles *roles, const char *touchpoint, Size size)
{
	int			low = 0,
				high = roles->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		const journey_role_entry *entry = &roles->entries[middle];
		int			order = jrn_bytes_compare(entry->touchpoint, entry->size, touchpoint, size);

		if (order == 0)
			return entry->role;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return JRN_ROLE_NONE;
}
