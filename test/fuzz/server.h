/*
 * server.h
 *		A server of a few functions, for the decoders of aggregate states that
 *		live in bindings (src/<room>/pg_x.c).
 *
 * They are called as an aggregate would call them; an error comes back as its
 * code.  What server.c does not define is left unresolved and must not be
 * reached.
 */
#ifndef FUZZ_SERVER_H
#define FUZZ_SERVER_H

#include "postgres.h"

#include "fmgr.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/*
 * Call a function of one or two arguments, NULL pointers being SQL NULL: 0, or
 * the code of the error it raised.
 */
extern int	server_call(PGFunction function, int arguments, void *first, void *second, void **result);

/* A value of type bytea. */
extern bytea *server_bytea(const unsigned char *bytes, size_t size);

/* Whether only the host can be the reason of an error. */
extern bool server_by_host(int code);

#endif							/* FUZZ_SERVER_H */
