/*
 * drift.h
 *		Which rows of the journey map differ between two windows of time?
 *
 * R-DRI-1	G = 2 sum O ln(O/E) of the table window x next touchpoint, for every
 *			touchpoint that is left in both windows for at least two different
 *			next ones in all.  What comes after the last event is not counted: a
 *			window cuts journeys off.
 * R-DRI-2	p = (1 + at least as large)/(1 + permutations), the windows permuted
 *			over customers: a customer with events in one window keeps them
 *			together, one with events in both has the windows exchanged with
 *			probability 1/2.  A customer counts by the hash of the key.
 * R-DRI-3	q after Benjamini and Hochberg over the touchpoints with a test.
 * R-DRI-4	status: one_window (left in one window only), one_next (a single next
 *			touchpoint), too_few (never left, or a window without customers),
 *			low_n (below 50 customers in a window), ok.
 *
 * Source: reference/chaos.md 7.
 */
#ifndef JRN_DRIFT_H
#define JRN_DRIFT_H

#include "../maps/map.h"

typedef struct jrn_drift_window
{
	const jrn_map *map;			/* finished */
	const int32_t *label;		/* of each of its touchpoints, among all of both windows */
} jrn_drift_window;

typedef struct jrn_drift_row
{
	int64_t		reference;		/* transitions that leave the touchpoint */
	int64_t		current;
	double		statistic;		/* NaN: none */
	double		p;
	double		q;
	const char *status;
} jrn_drift_row;

/* rows[k].  O(permutations (transitions + pairs seen)). */
extern jrn_status jrn_map_drift(const jrn_env *env, const jrn_drift_window windows[2], int32_t k,
								int32_t permutations, uint64_t seed, jrn_drift_row *rows);

#endif							/* JRN_DRIFT_H */
