/*
 * fuzz.c
 *		The host of fuzz targets (see fuzz.h).
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct block
{
	struct block *next;
	struct block *prev;
	size_t		size;
	size_t		padding;		/* keeps what follows aligned to 16 */
} block;

static block blocks = {&blocks, &blocks, 0, 0};
static size_t used;
static long allocations;
static long ticks;
static long refuse_at;
static long cancel_at;

static void *
host_alloc(void *host, size_t size)
{
	block	   *b;

	(void) host;
	if (++allocations == refuse_at || size > FUZZ_MEMORY - used)
		return NULL;
	b = malloc(sizeof(block) + size);
	if (b == NULL)
		return NULL;
	/* whoever reads what he did not write shall not find zeros */
	memset(b + 1, 0xA5, size < 65536 ? size : 65536);
	b->size = size;
	used += size;
	b->next = blocks.next;
	b->prev = &blocks;
	b->next->prev = b;
	blocks.next = b;
	return b + 1;
}

static void
host_release(void *host, void *pointer)
{
	block	   *b = (block *) pointer - 1;

	(void) host;
	used -= b->size;
	b->next->prev = b->prev;
	b->prev->next = b->next;
	free(b);
}

static int
host_tick(void *host)
{
	(void) host;
	ticks++;
	return ticks > FUZZ_TICKS || (cancel_at > 0 && ticks >= cancel_at);
}

jrn_env
fuzz_host(void)
{
	jrn_env		env = {NULL, host_alloc, host_release, host_tick};

	return env;
}

jrn_env
fuzz_begin(void)
{
	(void) fuzz_end();
	allocations = ticks = 0;
	return fuzz_host();
}

size_t
fuzz_size(const void *pointer)
{
	return ((const block *) pointer - 1)->size;
}

int
fuzz_end(void)
{
	while (blocks.next != &blocks)
		host_release(NULL, blocks.next + 1);
	return 0;
}

void
fuzz_refuse(long allocation, long tick)
{
	refuse_at = allocation;
	cancel_at = tick;
}

long
fuzz_allocations(void)
{
	return allocations;
}

long
fuzz_ticks(void)
{
	return ticks;
}

void
fuzz_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: this must hold: %s\n", file, line, condition);
	abort();
}
