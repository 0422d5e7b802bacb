/*
 * host.h
 *		The server as host of the pure core: memory contexts, interrupts,
 *		temporary files, and the one place where a status becomes an error.
 */
#ifndef JOURNEY_HOST_H
#define JOURNEY_HOST_H

#include "compat.h"
#include "nodes/memnodes.h"
#include "storage/fd.h"
#include "utils/resowner.h"

#include "../core/env.h"

/*
 * A core environment whose memory lies in context.  alloc() returns NULL
 * when the server refuses; tick() is non-zero once this query was cancelled.
 */
extern jrn_env journey_host_env(MemoryContext context);

/*
 * A temporary file of the server; it disappears at the end of the query, and
 * counts against temp_file_limit.  The core writes and reads whole blocks, so
 * there is no buffer in between.
 */
typedef struct journey_tempfile
{
	jrn_file	file;			/* what the core sees */
	File		handle;			/* -1 until the first append */
	ResourceOwner owner;
	uint64		size;
} journey_tempfile;

/* Prepare a file that is created at its first append. */
extern void journey_tempfile_init(journey_tempfile *temp);
extern void journey_tempfile_close(journey_tempfile *temp);

/*
 * Raise the error that belongs to a status, nothing for JRN_OK.  what names
 * the computation ("features of a journey"); it is put into the message.
 */
extern void journey_check(jrn_status status, const char *what);

/* Bytes a call may hold: journey.memory_limit, or maintenance_work_mem. */
extern size_t journey_memory_budget(void);

/* The setting journey.memory_limit. */
extern int	journey_memory_limit_kb;

#endif							/* JOURNEY_HOST_H */
