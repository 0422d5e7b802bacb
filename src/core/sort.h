/*
 * sort.h
 *		A sort written out for one element type: introsort without recursion
 *		into the larger half, without allocation, with a total order given by
 *		the caller.
 *
 * The C library's qsort may allocate behind our back and calls its comparison
 * through a pointer; this one does neither.  The order must be total (break
 * every tie that matters), because the sort is not stable.  A sort takes
 * O(n log n) comparisons at worst: after 2 log2(n) bad splits a range is
 * finished by heapsort.
 *
 * JRN_SORT_DEFINE(name, type, context_type, LESS) defines
 *		static jrn_status name(const jrn_env *env, type *a, size_t n, context_type ctx)
 * where LESS(ctx, x, y) is true when x sorts before y, x and y being lvalues
 * of the type.  The environment's tick is called once per 65,536 elements
 * split.
 */
#ifndef JRN_SORT_H
#define JRN_SORT_H

#include "env.h"

#define JRN_SORT_SMALL 16

#define JRN_SORT_DEFINE(name, type, context_type, LESS) \
static void \
name##_insertion(type *a, size_t n, context_type ctx) \
{ \
	size_t		i; \
	size_t		j; \
	(void) ctx; \
	for (i = 1; i < n; i++) \
	{ \
		type		moving = a[i]; \
		for (j = i; j > 0 && LESS(ctx, moving, a[j - 1]); j--) \
			a[j] = a[j - 1]; \
		a[j] = moving; \
	} \
} \
static void \
name##_sift(type *a, size_t root, size_t n, context_type ctx) \
{ \
	type		moving = a[root]; \
	(void) ctx; \
	for (;;) \
	{ \
		size_t		child = 2 * root + 1; \
		if (child >= n) \
			break; \
		if (child + 1 < n && LESS(ctx, a[child], a[child + 1])) \
			child++; \
		if (!LESS(ctx, moving, a[child])) \
			break; \
		a[root] = a[child]; \
		root = child; \
	} \
	a[root] = moving; \
} \
static void \
name##_heapsort(type *a, size_t n, context_type ctx) \
{ \
	size_t		i; \
	for (i = n / 2; i-- > 0;) \
		name##_sift(a, i, n, ctx); \
	for (i = n; i-- > 1;) \
	{ \
		type		last = a[i]; \
		a[i] = a[0]; \
		a[0] = last; \
		name##_sift(a, 0, i, ctx); \
	} \
} \
/* Hoare partition about the median of three; returns the split. */ \
static size_t \
name##_split(type *a, size_t n, context_type ctx) \
{ \
	size_t		i = 0; \
	size_t		j = n - 1; \
	size_t		middle = n / 2; \
	type		pivot; \
	(void) ctx; \
	if (LESS(ctx, a[middle], a[0])) \
	{ type t = a[middle]; a[middle] = a[0]; a[0] = t; } \
	if (LESS(ctx, a[j], a[middle])) \
	{ type t = a[j]; a[j] = a[middle]; a[middle] = t; } \
	if (LESS(ctx, a[middle], a[0])) \
	{ type t = a[middle]; a[middle] = a[0]; a[0] = t; } \
	pivot = a[middle]; \
	for (;;) \
	{ \
		while (LESS(ctx, a[i], pivot)) \
			i++; \
		while (LESS(ctx, pivot, a[j])) \
			j--; \
		if (i >= j) \
			return j + 1; \
		{ type t = a[i]; a[i] = a[j]; a[j] = t; } \
		i++; \
		j--; \
	} \
} \
static jrn_status \
name(const jrn_env *env, type *a, size_t n, context_type ctx) \
{ \
	struct { type *a; size_t n; int depth; } todo[64]; \
	int			top = 0; \
	int			depth = 0; \
	size_t		s; \
	for (s = n; s > 1; s >>= 1) \
		depth += 2; \
	for (;;) \
	{ \
		if (n <= JRN_SORT_SMALL) \
			name##_insertion(a, n, ctx); \
		else if (depth == 0) \
			name##_heapsort(a, n, ctx); \
		else \
		{ \
			size_t		split = name##_split(a, n, ctx); \
			if (n > 65536) \
				JRN_TICK(env); \
			depth--; \
			if (split >= n - split) \
			{ \
				todo[top].a = a; todo[top].n = split; \
				a += split; n -= split; \
			} \
			else \
			{ \
				todo[top].a = a + split; todo[top].n = n - split; \
				n = split; \
			} \
			todo[top++].depth = depth; \
			continue; \
		} \
		if (top == 0) \
			return JRN_OK; \
		top--; \
		a = todo[top].a; n = todo[top].n; depth = todo[top].depth; \
	} \
}

#endif							/* JRN_SORT_H */
