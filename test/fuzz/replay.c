/*
 * replay.c
 *		The files named on the command line through a fuzz target, without
 *		libFuzzer: as they are, with each of the first allocations failing
 *		once, and with each of the first ticks cancelling once.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define FAILURES 40				/* of each kind, for a file */

static void
feed(const uint8_t *bytes, size_t size)
{
	long		most;
	long		k;

	fuzz_refuse(0, 0);
	(void) LLVMFuzzerTestOneInput(bytes, size);
	most = fuzz_allocations();
	for (k = 1; k <= most && k <= FAILURES; k++)
	{
		fuzz_refuse(k, 0);
		(void) LLVMFuzzerTestOneInput(bytes, size);
	}
	fuzz_refuse(0, 0);
	(void) LLVMFuzzerTestOneInput(bytes, size);
	most = fuzz_ticks();
	for (k = 1; k <= most && k <= FAILURES; k++)
	{
		fuzz_refuse(0, k);
		(void) LLVMFuzzerTestOneInput(bytes, size);
	}
}

int
main(int argc, char **argv)
{
	int			i;

	for (i = 1; i < argc; i++)
	{
		FILE	   *file = fopen(argv[i], "rb");
		uint8_t    *bytes;
		long		size;

		/* flushed before the file is fed, so that a crash names it */
		printf("# %s\n", argv[i]);
		fflush(stdout);
		if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
			return 2;
		rewind(file);
		/* of its very size: a byte read behind it is seen */
		bytes = malloc((size_t) size);
		if ((bytes == NULL && size > 0) || fread(bytes, 1, (size_t) size, file) != (size_t) size)
			return 2;
		(void) fclose(file);
		feed(bytes, (size_t) size);
		free(bytes);
	}
	return 0;
}
