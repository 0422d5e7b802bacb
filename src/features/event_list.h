/*
 * event_list.h
 *		Events of one group as they arrive: the state of the aggregates
 *		path_agg and features_agg.
 *
 * R-LIST-1	Events are kept as they came; the order is made in a copy, when the
 *			answer is wanted: ts, then touchpoint by bytes, then value (NULL
 *			last).  Events equal in all three are the same, so the answer does
 *			not depend on the order of arrival or on how lists were merged.
 * R-LIST-2	A list carries values or not, from its first event on.
 * R-LIST-3	A value is finite, or NaN for SQL NULL; negative zero becomes zero.
 * R-LIST-4	The wire form is checked in full: whatever the bytes, decoding
 *			gives a valid list or JRN_CORRUPT.
 */
#ifndef JRN_EVENT_LIST_H
#define JRN_EVENT_LIST_H

#include "../events/journey.h"
#include "vocabulary.h"

/* All zero, but for has_values, is the empty list. */
typedef struct jrn_event_list
{
	jrn_vocabulary labels;
	jrn_event  *events;			/* label is a code of labels; ref unused */
	size_t		count;
	size_t		capacity;
	double	   *values;			/* NULL unless has_values */
	size_t		values_capacity;
	bool		has_values;
} jrn_event_list;

/* Reusable memory of the canonical copy. */
typedef struct jrn_order_work
{
	jrn_event  *events;
	size_t		events_capacity;
	double	   *values;
	size_t		values_capacity;
	uint32_t   *codes;
	size_t		codes_capacity;
	uint32_t   *ranks;
	size_t		ranks_capacity;
} jrn_order_work;

/* The canonical copy: labels are ranks; codes[rank] is the label's code. */
typedef struct jrn_ordered
{
	const jrn_event *events;
	const double *values;		/* in the order of events, or NULL */
	const uint32_t *codes;
	size_t		n;
} jrn_ordered;

extern jrn_status jrn_event_list_add(const jrn_env *env, jrn_event_list *list,
									 const char *bytes, size_t size,
									 int64_t ts, double value);

/* Append all events of another list, which is not changed. */
extern jrn_status jrn_event_list_merge(const jrn_env *env, jrn_event_list *list,
									   const jrn_event_list *other);

/* R-LIST-1.  O(n) when the events came in order, else O(n log n); the
 * list is not changed. */
extern jrn_status jrn_event_list_order(const jrn_env *env, const jrn_event_list *list,
									   jrn_order_work *work, jrn_ordered *out);

/* Wire form, see event_list_wire.c. */
extern size_t jrn_event_list_wire_size(const jrn_event_list *list);
extern jrn_status jrn_event_list_encode(const jrn_env *env, const jrn_event_list *list,
										unsigned char *wire);
extern jrn_status jrn_event_list_decode(const jrn_env *env, const unsigned char *wire,
										size_t size, jrn_event_list *out);

#endif							/* JRN_EVENT_LIST_H */
