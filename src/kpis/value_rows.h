/*
 * value_rows.h
 *		Customers as sufficient statistics: equal (x, t, T) are one row with a
 *		weight.
 *
 * With day-grained data the fit does not grow with the customers
 * (reference/journeys.md 10.1).
 */
#ifndef JRN_VALUE_ROWS_H
#define JRN_VALUE_ROWS_H

#include "value_models.h"

typedef struct jrn_value_rows
{
	const jrn_env *env;
	jrn_value_row *list;
	size_t		count;
	size_t		capacity;
	uint32_t   *slots;			/* place in list + 1; 0: free */
	size_t		slot_count;
} jrn_value_rows;

extern jrn_status jrn_value_rows_begin(jrn_value_rows *rows, const jrn_env *env);

/* One customer; the numbers are finite. */
extern jrn_status jrn_value_rows_add(jrn_value_rows *rows, double x, double t, double age);

/* By x, then t, then age, so that sums have one order; nothing may be added afterwards. */
extern jrn_status jrn_value_rows_finish(jrn_value_rows *rows);

#endif							/* JRN_VALUE_ROWS_H */
