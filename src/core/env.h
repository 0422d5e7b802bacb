/*
 * env.h
 *		What the pure core asks of its host, and how it reports back.
 *
 * The core knows neither PostgreSQL nor a process: memory, the wish to stop
 * and temporary files come from a host through these structs.  A core
 * function never jumps, prints, or touches a global; it returns a status and
 * gives results by pointer.  The server side turns a status into an error in
 * one place (src/pg/host.c); unit tests use the host in test/core/tap.c,
 * which can refuse the k-th allocation and cancel at the k-th tick.
 *
 * R-ENV-1	Memory is an arena: what a failed call allocated is reclaimed by
 *			the host, so error paths in the core simply return.
 * R-ENV-2	release() exists for large buffers whose early return keeps the
 *			peak low; nobody has to call it.
 * R-ENV-3	tick() is called at least about every millisecond of work; non-zero
 *			means "stop", and the core returns JRN_CANCELLED at once.
 */
#ifndef JRN_ENV_H
#define JRN_ENV_H

#include <stddef.h>
#include <stdint.h>

typedef enum jrn_status
{
	JRN_OK = 0,
	JRN_DOMAIN,					/* an argument is outside its domain */
	JRN_NONFINITE,				/* a NaN or an infinity where none may be */
	JRN_TOO_FEW,				/* too little data for the question */
	JRN_SINGULAR,				/* a matrix that had to be regular is not */
	JRN_NO_CONVERGENCE,			/* an iteration did not settle */
	JRN_LIMIT,					/* a documented cap was exceeded */
	JRN_CANCELLED,				/* tick() asked to stop */
	JRN_CORRUPT,				/* a stored or serialized value is damaged */
	JRN_NO_MEMORY,				/* alloc() refused */
	JRN_IO						/* a temporary file failed */
} jrn_status;

typedef struct jrn_env
{
	void	   *host;
	void	   *(*alloc) (void *host, size_t size);	/* NULL: refused */
	void		(*release) (void *host, void *pointer);
	int			(*tick) (void *host);	/* non-zero: stop */
} jrn_env;

/*
 * A temporary file that is written once at its end and read anywhere.  Both
 * functions return 0 on success.
 */
typedef struct jrn_file
{
	void	   *host;
	int			(*append) (void *host, const void *bytes, size_t size);
	int			(*read) (void *host, uint64_t offset, void *bytes, size_t size);
} jrn_file;

/* Propagate every status but JRN_OK to the caller. */
#define JRN_TRY(call) \
	do { \
		jrn_status	jrn_try_status_ = (call); \
		if (jrn_try_status_ != JRN_OK) \
			return jrn_try_status_; \
	} while (0)

/* Cancel point. */
#define JRN_TICK(env) \
	do { \
		if ((env)->tick((env)->host) != 0) \
			return JRN_CANCELLED; \
	} while (0)

/*
 * Allocate count * size bytes (uninitialised, or zeroed); *out is the array.
 * The product is checked: JRN_LIMIT when it wraps, JRN_NO_MEMORY when the
 * host refuses.  A count of 0 gives a valid pointer to nothing.
 * Large arrays are zeroed in pieces with cancel points between them
 * (JRN_CANCELLED).
 */
extern jrn_status jrn_alloc_array(const jrn_env *env, size_t count,
								  size_t size, void *out);
extern jrn_status jrn_alloc_zeroed(const jrn_env *env, size_t count,
								   size_t size, void *out);
extern void jrn_release(const jrn_env *env, void *pointer);

/*
 * Make room for one more element: grows *array from *capacity by doubling
 * (never below 8) when used == *capacity; the old array is released.
 */
extern jrn_status jrn_grow_array(const jrn_env *env, size_t used,
								 size_t *capacity, size_t size, void *array);

#endif							/* JRN_ENV_H */
