/*
 * env.c
 *		Checked allocation on top of the host's allocator (see env.h).
 */
#include <string.h>

#include "env.h"
#include "sizes.h"

jrn_status
jrn_alloc_array(const jrn_env *env, size_t count, size_t size, void *out)
{
	size_t		bytes;
	void	   *pointer;

	if (!jrn_size_mul(count, size, &bytes))
		return JRN_LIMIT;
	pointer = env->alloc(env->host, bytes > 0 ? bytes : 1);
	if (pointer == NULL)
		return JRN_NO_MEMORY;
	memcpy(out, &pointer, sizeof(pointer));
	return JRN_OK;
}

/* Bytes set to zero between two looks at the wish to stop. */
#define ZERO_PIECE ((size_t) 16 << 20)

jrn_status
jrn_alloc_zeroed(const jrn_env *env, size_t count, size_t size, void *out)
{
	void	   *pointer;
	size_t		total;
	size_t		done;

	JRN_TRY(jrn_alloc_array(env, count, size, &pointer));
	total = count * size;
	/* the first touch of gigabytes takes seconds: cancel between pieces */
	for (done = 0; total - done > ZERO_PIECE; done += ZERO_PIECE)
	{
		memset((char *) pointer + done, 0, ZERO_PIECE);
		if (env->tick(env->host) != 0)
		{
			jrn_release(env, pointer);
			return JRN_CANCELLED;
		}
	}
	memset((char *) pointer + done, 0, total - done);
	memcpy(out, &pointer, sizeof(pointer));
	return JRN_OK;
}

void
jrn_release(const jrn_env *env, void *pointer)
{
	if (pointer != NULL)
		env->release(env->host, pointer);
}

jrn_status
jrn_grow_array(const jrn_env *env, size_t used, size_t *capacity,
			   size_t size, void *array)
{
	void	   *old;
	void	   *grown;
	size_t		wanted;

	if (used < *capacity)
		return JRN_OK;
	memcpy(&old, array, sizeof(old));
	wanted = 8;
	if (*capacity >= wanted && !jrn_size_mul(*capacity, 2, &wanted))
		return JRN_LIMIT;
	JRN_TRY(jrn_alloc_array(env, wanted, size, &grown));
	if (used > 0)
		memcpy(grown, old, used * size);
	if (*capacity > 0)
		jrn_release(env, old);
	memcpy(array, &grown, sizeof(grown));
	*capacity = wanted;
	return JRN_OK;
}
