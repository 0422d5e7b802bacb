/*
 * components.c
 *		Connected components by union and find (see components.h).
 */
#include <string.h>

#include "components.h"

#define NOBODY UINT32_MAX

void
jrn_components_begin(jrn_components *components, const jrn_env *env)
{
	memset(components, 0, sizeof(*components));
	components->env = env;
}

jrn_status
jrn_components_add(jrn_components *components)
{
	size_t		n = components->count;

	if (n >= NOBODY)
		return JRN_LIMIT;
	JRN_TRY(jrn_grow_array(components->env, n, &components->parent_capacity, sizeof(uint32_t),
						   &components->parent));
	JRN_TRY(jrn_grow_array(components->env, n, &components->size_capacity, sizeof(uint32_t),
						   &components->size));
	components->parent[n] = (uint32_t) n;
	components->size[n] = 1;
	components->count++;
	return JRN_OK;
}

static uint32_t
root_of(jrn_components *components, uint32_t id)
{
	uint32_t   *parent = components->parent;

	while (parent[id] != id)
	{
		parent[id] = parent[parent[id]];
		id = parent[id];
	}
	return id;
}

void
jrn_components_link(jrn_components *components, uint32_t a, uint32_t b)
{
	a = root_of(components, a);
	b = root_of(components, b);
	if (a == b)
		return;
	if (components->size[a] < components->size[b])
	{
		uint32_t	swap = a;

		a = b;
		b = swap;
	}
	components->parent[b] = a;
	components->size[a] += components->size[b];
}

jrn_status
jrn_components_names(jrn_components *components, const uint32_t *rank, uint32_t *names)
{
	uint32_t   *least;			/* by root */
	size_t		i;

	JRN_TRY(jrn_alloc_array(components->env, components->count, sizeof(uint32_t), &least));
	memset(least, 0xff, components->count * sizeof(uint32_t));
	for (i = 0; i < components->count; i++)
	{
		uint32_t	root = root_of(components, (uint32_t) i);

		if (i % 16384 == 0)
			JRN_TICK(components->env);
		if (least[root] == NOBODY || rank[i] < rank[least[root]])
			least[root] = (uint32_t) i;
	}
	for (i = 0; i < components->count; i++)
		names[i] = least[root_of(components, (uint32_t) i)];
	jrn_release(components->env, least);
	return JRN_OK;
}
