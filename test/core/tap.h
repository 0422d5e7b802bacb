/*
 * tap.h
 *		A TAP producer and a host for core unit tests.
 *
 * Each test file has one function `void test_<name>(void)`, listed in
 * main.c.  The host can refuse the k-th allocation and cancel at the k-th
 * tick, and counts both, so that tests can walk through every failure.
 */
#ifndef JRN_TAP_H
#define JRN_TAP_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../src/core/env.h"

/* One test point; the name may use printf formats. */
extern void ok(bool passed, const char *name, ...) __attribute__((format(printf, 2, 3)));

/* |got - want| <= relative * max(|want|, 1e-300), printed when it fails. */
extern void ok_close(double got, double want, double relative, const char *name, ...)
			__attribute__((format(printf, 4, 5)));
extern void ok_int(long long got, long long want, const char *name, ...)
			__attribute__((format(printf, 3, 4)));

/* The test host: everything allocated is freed by host_reset(). */
extern jrn_env host_env(void);
extern void host_reset(void);
extern void host_fail_alloc_at(long k);	/* k-th allocation from now; 0: never */
extern void host_cancel_at(long k);	/* k-th tick from now; 0: never */
extern long host_allocs(void);
extern long host_ticks(void);

/* A temporary file over tmpfile(). */
extern jrn_file host_file(void);

/*
 * Run a call that returns jrn_status under every failing allocation and every
 * cancelled tick: it must give JRN_NO_MEMORY or JRN_CANCELLED each time and
 * JRN_OK when left alone.
 */
extern void ok_survives(jrn_status (*call) (const jrn_env *env, void *arg), void *arg,
						const char *name);

#endif							/* JRN_TAP_H */
