/*
 * lifecycle.h
 *		Customers per period: new, returning, resurrecting, dormant.
 *
 * Definition: reference/journeys.md section 4.  A customer with an event in a
 * period is present in it.
 *
 * R-LIF-1	new: present for the first time.  returning: present, and in the
 *			period before.  resurrecting: present, not in the period before, not
 *			new.  dormant: present in the period before, not in this one.
 * R-LIF-2	new + returning + resurrecting are the customers present; returning
 *			+ dormant are those present in the period before.
 */
#ifndef JRN_LIFECYCLE_H
#define JRN_LIFECYCLE_H

#include "../events/events.h"
#include "periods.h"
#include "ledger.h"

typedef enum jrn_life
{
	JRN_LIFE_NEW,
	JRN_LIFE_RETURNING,
	JRN_LIFE_RESURRECTING,
	JRN_LIFE_DORMANT,
	JRN_LIFE_COUNT
} jrn_life;

typedef struct jrn_lifecycle
{
	jrn_ledger	ledger;			/* by period number, JRN_LIFE_COUNT wide */
	int64_t	   *present;		/* periods of one customer */
	size_t		capacity;
	int64_t		first;			/* periods with anybody; once there is a journey */
	int64_t		last;
	bool		any;
} jrn_lifecycle;

extern jrn_status jrn_lifecycle_begin(jrn_lifecycle *life, const jrn_env *env);
extern jrn_status jrn_lifecycle_add(jrn_lifecycle *life, const jrn_period *period,
									const jrn_calendar *calendar, const jrn_journey *journey);

/* Customers of a status in a period between first and last. */
extern int64_t jrn_lifecycle_customers(const jrn_lifecycle *life, int64_t number, jrn_life status);

#endif							/* JRN_LIFECYCLE_H */
