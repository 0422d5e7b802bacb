/*
 * host.c
 *		Memory, interrupts, temporary files and errors of the server for the
 *		core (see host.h).
 */
#include "host.h"

#include "commands/tablespace.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

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

/* The most bytes one call of the file layer takes. */
#define FILE_CHUNK ((size_t) 1 << 30)

static void
file_failed(const char *what)
{
	ereport(ERROR,
			(errcode_for_file_access(),
			 errmsg("could not %s temporary file of journey: %m", what)));
}

/*
 * The file belongs to the resource owner that was current at init, so that
 * it survives nested executors and goes with the query on error.
 */
static void
create_file(journey_tempfile *temp)
{
	ResourceOwner old_owner = CurrentResourceOwner;

	PrepareTempTablespaces();
	CurrentResourceOwner = temp->owner;
	temp->handle = OpenTemporaryFile(false);
	CurrentResourceOwner = old_owner;
}

static int
tempfile_append(void *host, const void *bytes, size_t size)
{
	journey_tempfile *temp = host;

	if (temp->handle < 0)
		create_file(temp);
	while (size > 0)
	{
		size_t		chunk = Min(size, FILE_CHUNK);
		int			written = (int) FileWrite(temp->handle, unconstify(char *, (const char *) bytes),
											  (int) chunk, (off_t) temp->size,
											  WAIT_EVENT_BUFFILE_WRITE);

		if (written <= 0)
			file_failed("write to");
		temp->size += (uint64) written;
		bytes = (const char *) bytes + written;
		size -= (size_t) written;
	}
	return 0;
}

static int
tempfile_read(void *host, uint64_t offset, void *bytes, size_t size)
{
	journey_tempfile *temp = host;

	if (temp->handle < 0 || offset > temp->size || size > temp->size - offset)
		return 1;
	while (size > 0)
	{
		size_t		chunk = Min(size, FILE_CHUNK);
		int			got = (int) FileRead(temp->handle, bytes, (int) chunk, (off_t) offset,
										 WAIT_EVENT_BUFFILE_READ);

		if (got <= 0)
			file_failed("read from");
		offset += (uint64) got;
		bytes = (char *) bytes + got;
		size -= (size_t) got;
	}
	return 0;
}

void
journey_tempfile_init(journey_tempfile *temp)
{
	memset(temp, 0, sizeof(*temp));
	temp->file.host = temp;
	temp->file.append = tempfile_append;
	temp->file.read = tempfile_read;
	temp->handle = -1;
	temp->owner = CurrentResourceOwner;
}

void
journey_tempfile_close(journey_tempfile *temp)
{
	if (temp->handle >= 0)
		FileClose(temp->handle);
	temp->handle = -1;
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
