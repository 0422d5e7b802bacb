/*
 * tap.c
 *		TAP output and the failing host (see tap.h).
 */
#include "tap.h"

#include <stdarg.h>
#include <stdlib.h>

static int	tests_run;
static int	tests_failed;

static void
print_point(bool passed, const char *name, va_list args)
{
	tests_run++;
	if (!passed)
		tests_failed++;
	printf("%sok %d - ", passed ? "" : "not ", tests_run);
	vprintf(name, args);
	printf("\n");
}

void
ok(bool passed, const char *name,...)
{
	va_list		args;

	va_start(args, name);
	print_point(passed, name, args);
	va_end(args);
}

void
ok_close(double got, double want, double relative, const char *name,...)
{
	va_list		args;
	double		scale = fabs(want) > 1e-300 ? fabs(want) : 1.0;
	bool		passed = fabs(got - want) <= relative * scale;

	va_start(args, name);
	print_point(passed, name, args);
	va_end(args);
	if (!passed)
		printf("# got %.17g, wanted %.17g (relative %g)\n", got, want, relative);
}

void
ok_int(long long got, long long want, const char *name,...)
{
	va_list		args;

	va_start(args, name);
	print_point(got == want, name, args);
	va_end(args);
	if (got != want)
		printf("# got %lld, wanted %lld\n", got, want);
}

int			tap_finish(void);

int
tap_finish(void)
{
	printf("1..%d\n", tests_run);
	if (tests_failed > 0)
		printf("# %d of %d failed\n", tests_failed, tests_run);
	return tests_failed > 0 ? 1 : 0;
}

/* ---- host ---- */

typedef struct block
{
	struct block *next;
	struct block *prev;
	double		align;
} block;

static block blocks = {&blocks, &blocks, 0};
static long alloc_count;
static long tick_count;
static long fail_at;
static long cancel_at;

static void *
host_alloc(void *host, size_t size)
{
	block	   *b;

	(void) host;
	alloc_count++;
	if (alloc_count == fail_at || size > ((size_t) 1 << 40))
		return NULL;
	b = malloc(sizeof(block) + size);
	if (b == NULL)
		return NULL;
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
	b->next->prev = b->prev;
	b->prev->next = b->next;
	free(b);
}

static int
host_tick(void *host)
{
	(void) host;
	tick_count++;
	return cancel_at > 0 && tick_count >= cancel_at;
}

jrn_env
host_env(void)
{
	jrn_env		env = {NULL, host_alloc, host_release, host_tick};

	return env;
}

void
host_reset(void)
{
	while (blocks.next != &blocks)
		host_release(NULL, blocks.next + 1);
	alloc_count = tick_count = fail_at = cancel_at = 0;
}

void
host_fail_alloc_at(long k)
{
	alloc_count = 0;
	fail_at = k;
}

void
host_cancel_at(long k)
{
	tick_count = 0;
	cancel_at = k;
}

long
host_allocs(void)
{
	return alloc_count;
}

long
host_ticks(void)
{
	return tick_count;
}

static int
file_append(void *host, const void *bytes, size_t size)
{
	return fseek(host, 0, SEEK_END) != 0 || fwrite(bytes, 1, size, host) != size;
}

static int
file_read(void *host, uint64_t offset, void *bytes, size_t size)
{
	return fseek(host, (long) offset, SEEK_SET) != 0 || fread(bytes, 1, size, host) != size;
}

jrn_file
host_file(void)
{
	jrn_file	file = {tmpfile(), file_append, file_read};

	return file;
}

void
ok_survives(jrn_status (*call) (const jrn_env *env, void *arg), void *arg, const char *name)
{
	jrn_env		env = host_env();
	long		allocs,
				ticks,
				k;
	bool		passed;

	host_reset();
	passed = call(&env, arg) == JRN_OK;
	allocs = alloc_count;
	ticks = tick_count;
	for (k = 1; k <= allocs && passed; k += 1 + k / 64)
	{
		host_reset();
		host_fail_alloc_at(k);
		passed = call(&env, arg) == JRN_NO_MEMORY;
	}
	for (k = 1; k <= ticks && passed; k += 1 + k / 64)
	{
		host_reset();
		host_cancel_at(k);
		passed = call(&env, arg) == JRN_CANCELLED;
	}
	host_reset();
	ok(passed, "%s: %ld failing allocations and %ld cancelled ticks end with their status",
	   name, allocs, ticks);
}
