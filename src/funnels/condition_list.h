/*
 * condition_list.h
 *		Rows of one group as the aggregates over conditions keep them: when,
 *		and which conditions held.
 *
 * Definition: reference/journeys.md, 2.1.  The state of window_funnel,
 * sequence_match, sequence_count and sequence_match_events.
 *
 * R-COND-1	Canonical order: ts, then the lowest condition that holds (rows
 *			where none holds first), then the mask.  Rows equal in both are the
 *			same, so neither the order of arrival nor the way in which lists
 *			were merged can change an answer.
 * R-COND-2	A list knows whether it arrived in that order; then nothing is
 *			sorted or copied.
 * R-COND-3	16 bytes a row, the first few inside the list itself, doubling
 *			afterwards.
 * R-COND-4	The wire form is checked in full: whatever the bytes, decoding
 *			gives a valid list and valid parameters, or JRN_CORRUPT.
 */
#ifndef JRN_CONDITION_LIST_H
#define JRN_CONDITION_LIST_H

#include <stdbool.h>

#include "../core/env.h"
#include "funnel.h"

#define JRN_MAX_CONDITIONS 64
#define JRN_MAX_MOMENTS ((uint32_t) 1 << 31)
#define JRN_FIRST_MOMENTS 4

/* One row, as the funnels see it: bit i - 1 of the mask says that condition i holds. */
typedef jrn_funnel_row jrn_moment;

/* Begin with jrn_condition_list_init(); must not be moved afterwards. */
typedef struct jrn_condition_list
{
	jrn_moment *moments;		/* first[], or grown */
	uint32_t	count;
	uint32_t	capacity;
	bool		sorted;			/* R-COND-2 */
	jrn_moment	first[JRN_FIRST_MOMENTS];
} jrn_condition_list;

/* What travels with a list: the constant arguments of the aggregate. */
typedef struct jrn_condition_parameters
{
	uint8_t		kind;			/* which aggregate's state, from 1 */
	uint8_t		n_conditions;	/* 1 .. JRN_MAX_CONDITIONS */
	uint8_t		mode;
	int32_t		months;			/* an interval */
	int32_t		days;
	int64_t		microseconds;
	const char *text;			/* a pattern; not terminated */
	size_t		text_size;
} jrn_condition_parameters;

/* Reusable memory of the canonical copy. */
typedef struct jrn_moments_work
{
	jrn_moment *moments;
	size_t		capacity;
} jrn_moments_work;

static inline void
jrn_condition_list_init(jrn_condition_list *list)
{
	list->moments = list->first;
	list->count = 0;
	list->capacity = JRN_FIRST_MOMENTS;
	list->sorted = true;
}

/* R-COND-1: strictly before. */
static inline bool
jrn_moment_before(const jrn_moment *a, const jrn_moment *b)
{
	return jrn_funnel_row_before(a, b);
}

extern jrn_status jrn_condition_list_grow(const jrn_env *env, jrn_condition_list *list,
										  uint32_t more);

static inline jrn_status
jrn_condition_list_add(const jrn_env *env, jrn_condition_list *list, int64_t ts, uint64_t mask)
{
	jrn_moment *moment;

	if (list->count == list->capacity)
		JRN_TRY(jrn_condition_list_grow(env, list, 1));
	moment = &list->moments[list->count];
	moment->ts = ts;
	moment->mask = mask;
	if (list->count++ > 0 && (ts < moment[-1].ts ||
							  (ts == moment[-1].ts && jrn_moment_before(moment, moment - 1))))
		list->sorted = false;
	return JRN_OK;
}

/* Append all rows of another list, which is not changed. */
extern jrn_status jrn_condition_list_merge(const jrn_env *env, jrn_condition_list *list,
										   const jrn_condition_list *other);

/* The rows in canonical order: the list's own, or a sorted copy in work. */
extern jrn_status jrn_condition_list_order(const jrn_env *env, const jrn_condition_list *list,
										   jrn_moments_work *work, const jrn_moment **out);

/* Wire form, see condition_list_wire.c. */
extern size_t jrn_condition_wire_size(const jrn_condition_parameters *parameters,
									  const jrn_condition_list *list);
extern jrn_status jrn_condition_encode(const jrn_env *env,
									   const jrn_condition_parameters *parameters,
									   const jrn_condition_list *list, unsigned char *wire);

/* parameters->text points into wire. */
extern jrn_status jrn_condition_decode(const jrn_env *env, const unsigned char *wire, size_t size,
									   jrn_condition_parameters *parameters,
									   jrn_condition_list *list);

#endif							/* JRN_CONDITION_LIST_H */
