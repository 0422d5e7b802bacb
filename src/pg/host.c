/*
 * host.c
 *		Memory, interrupts, temporary files and errors of the server for the
 *		core (see host.h).
 */
#include "host.h"

#include "utils/memutils.h"

#include "progress.h"

int			journey_memory_limit_kb = -1;

static void *
host_alloc(void *host, size_t size)
{
	return MemoryContextAllocExtended((MemoryContext) host, size,
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
host_release(void *host, void *pointer)
{
	pfree(pointer);
}

/*
 * Only a real request to end this query stops the core; other pending
 * interrupts wait for the caller's next CHECK_FOR_INTERRUPTS().  A tick is
 * also where a watched phase reports its progress.
 */
static int
host_tick(void *host)
{
	if (QueryCancelPending || ProcDiePending)
		return 1;
	journey_progress_tick(host);
	return 0;
}

jrn_env
journey_host_env(MemoryContext context)
{
	jrn_env		env;

	env.host = context;
	env.alloc = host_alloc;
	env.release = host_release;
	env.tick = host_tick;
	return env;
}

/*
 * The file belongs to the resource owner that was current at init, so that
 * it survives nested executors and goes with the query on error.
 */
static int
tempfile_append(void *host, const void *bytes, size_t size)
{
	journey_tempfile *temp = host;
	MemoryContext old = MemoryContextSwitchTo(temp->context);
	ResourceOwner old_owner = CurrentResourceOwner;

	CurrentResourceOwner = temp->owner;
	if (temp->buffile == NULL)
		temp->buffile = BufFileCreateTemp(false);
	else if (!temp->at_end &&
			 BufFileSeek(temp->buffile, 0, (off_t) temp->size, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not seek in temporary file of journey: %m")));
	temp->at_end = true;
#if PG_VERSION_NUM >= 160000
	BufFileWrite(temp->buffile, bytes, size);
#else
	BufFileWrite(temp->buffile, (void *) bytes, size);
#endif
	temp->size += size;
	CurrentResourceOwner = old_owner;
	MemoryContextSwitchTo(old);
	return 0;
}

static int
tempfile_read(void *host, uint64_t offset, void *bytes, size_t size)
{
	journey_tempfile *temp = host;
	size_t		got;

	if (temp->buffile == NULL || offset + size > temp->size)
		return 1;
	temp->at_end = false;
	if (BufFileSeek(temp->buffile, 0, (off_t) offset, SEEK_SET) != 0)
		return 1;
	got = BufFileRead(temp->buffile, bytes, size);
	return got == size ? 0 : 1;
}

void
journey_tempfile_init(journey_tempfile *temp, MemoryContext context)
{
	memset(temp, 0, sizeof(*temp));
	temp->file.host = temp;
	temp->file.append = tempfile_append;
	temp->file.read = tempfile_read;
	temp->owner = CurrentResourceOwner;
	temp->context = context;
}

void
journey_tempfile_close(journey_tempfile *temp)
{
	if (temp->buffile != NULL)
	{
		ResourceOwner old_owner = CurrentResourceOwner;

		CurrentResourceOwner = temp->owner;
		BufFileClose(temp->buffile);
		CurrentResourceOwner = old_owner;
	}
	temp->buffile = NULL;
}

size_t
journey_memory_budget(void)
{
	int			kilobytes = journey_memory_limit_kb < 0 ?
		maintenance_work_mem : journey_memory_limit_kb;

	return (size_t) kilobytes * 1024;
}

void
journey_check(jrn_status status, const char *what)
{
	switch (status)
	{
		case JRN_OK:
			return;
		case JRN_CANCELLED:
			CHECK_FOR_INTERRUPTS();
			ereport(ERROR,
					(errcode(ERRCODE_QUERY_CANCELED),
					 errmsg("canceling %s due to user request", what)));
			break;
		case JRN_NO_MEMORY:
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory in %s", what)));
			break;
		case JRN_LIMIT:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("%s exceeds a size limit", what)));
			break;
		case JRN_DOMAIN:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("an argument of %s is outside its domain", what)));
			break;
		case JRN_NONFINITE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s met a value that is not finite", what)));
			break;
		case JRN_TOO_FEW:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("too few rows for %s", what)));
			break;
		case JRN_SINGULAR:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("singular matrix in %s", what)));
			break;
		case JRN_NO_CONVERGENCE:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("%s did not converge", what)));
			break;
		case JRN_CORRUPT:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("damaged state in %s", what)));
			break;
		case JRN_IO:
			ereport(ERROR,
					(errcode(ERRCODE_IO_ERROR),
					 errmsg("could not use a temporary file for %s", what)));
			break;
	}
}
