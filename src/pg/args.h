/*
 * args.h
 *		Readers of SQL arguments: one checked path for every kind, so that a
 *		wrong argument is refused in the same words everywhere.
 *
 * Every reader names the argument in its error.  Those for arrays refuse more
 * than one dimension, NULL elements and numbers that are not finite, and give
 * a plain C array allocated in the current memory context.
 */
#ifndef JOURNEY_ARGS_H
#define JOURNEY_ARGS_H

#include "compat.h"

#include "utils/array.h"

/* Caps that keep every product of sizes far from wrapping. */
#define JOURNEY_MAX_FOLDS 10000
#define JOURNEY_MAX_REPEATS 1000
#define JOURNEY_MAX_ARRAY_ELEMENTS (100 * 1000 * 1000)

/* The argument must not be NULL. */
extern void journey_arg_not_null(FunctionCallInfo fcinfo, int number, const char *name);

/* An integer in [low, high]; NULL is refused. */
extern int32 journey_arg_int(FunctionCallInfo fcinfo, int number,
							 const char *name, int32 low, int32 high);

/* A C string, NULL for SQL NULL. */
extern char *journey_arg_cstring(FunctionCallInfo fcinfo, int number);

/* A C string; NULL is refused. */
extern char *journey_arg_cstring_required(FunctionCallInfo fcinfo, int number, const char *name);

/* float8[]: finite elements; *count is the length (0 for an empty array). */
extern double *journey_array_doubles(ArrayType *array, const char *name, int *count);

/* text[] as C strings. */
extern char **journey_array_cstrings(ArrayType *array, const char *name, int *count);

#endif							/* JOURNEY_ARGS_H */
