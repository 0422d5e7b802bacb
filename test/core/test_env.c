/*
 * test_env.c
 *		Zeroed memory: all of it, in pieces that can be cancelled between.
 */
#include "../../src/core/env.h"
#include "tap.h"

#define BYTES ((size_t) 40 << 20)	/* three pieces */

static jrn_status
zeroed(const jrn_env *env, void *arg)
{
	unsigned char *bytes;
	size_t		i;

	JRN_TRY(jrn_alloc_zeroed(env, BYTES, 1, &bytes));
	for (i = 0; i < BYTES; i++)
		if (bytes[i] != 0)
			break;
	*(size_t *) arg = i;
	jrn_release(env, bytes);
	return JRN_OK;
}

void		test_env(void);

void
test_env(void)
{
	size_t		clean = 0;

	ok_survives(zeroed, &clean, "zeroed memory of three pieces");
	ok(clean == BYTES, "all of it is zero: %zu of %zu bytes", clean, BYTES);
}
