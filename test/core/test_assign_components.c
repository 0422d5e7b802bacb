/*
 * test_assign_components.c
 *		Connected components against labels spread until nothing changes.
 */
#include "tap.h"

#include "../../src/core/hash.h"
#include "../../src/folds/components.h"

#define IDS 60
#define LINKS 80

static uint64_t state = 1;
static uint32_t links[LINKS][2];
static size_t ids;
static size_t link_count;
static uint32_t ranks[IDS];
static uint32_t names[IDS];

static uint32_t
draw(uint64_t below)
{
	return (uint32_t) (jrn_hash_u64(state++, 3) % below);
}

static void
fill(void)
{
	size_t		i;

	ids = 1 + draw(IDS);
	link_count = draw(LINKS);
	for (i = 0; i < link_count; i++)
	{
		links[i][0] = draw(ids);
		links[i][1] = draw(ids);
	}
	for (i = 0; i < ids; i++)
		ranks[i] = (uint32_t) (ids - i) * 7919 % 104729;
}

static jrn_status
components(const jrn_env *env, void *arg)
{
	jrn_components of;
	size_t		i;

	(void) arg;
	jrn_components_begin(&of, env);
	for (i = 0; i < ids; i++)
		JRN_TRY(jrn_components_add(&of));
	for (i = 0; i < link_count; i++)
		jrn_components_link(&of, links[i][0], links[i][1]);
	return jrn_components_names(&of, ranks, names);
}

static bool
oracle_agrees(void)
{
	uint32_t	label[IDS];
	bool		changed = true;
	size_t		i;

	for (i = 0; i < ids; i++)
		label[i] = (uint32_t) i;
	while (changed)
		for (changed = false, i = 0; i < link_count; i++)
		{
			uint32_t   *a = &label[links[i][0]];
			uint32_t   *b = &label[links[i][1]];

			if (*a == *b)
				continue;
			if (ranks[*a] < ranks[*b])
				*b = *a;
			else
				*a = *b;
			changed = true;
		}
	return memcmp(label, names, ids * sizeof(uint32_t)) == 0;
}

void
test_assign_components(void)
{
	jrn_env		env = host_env();
	int			wrong = 0;
	int			c;

	for (c = 0; c < 400; c++)
	{
		fill();
		wrong += components(&env, NULL) != JRN_OK || !oracle_agrees();
	}
	ok_int(wrong, 0, "R-COMP-1, R-COMP-2: 400 graphs against spreading labels");
	host_reset();
	ok_survives(components, NULL, "components");
	host_reset();
}
